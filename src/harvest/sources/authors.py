"""Lists of authors as people write them: marks, "et al.", affiliation numbers, other scripts in brackets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_ROLE = re.compile(r"[*†‡§¶♯✉⋆∗★✝^+#]")
_ROLES_ONLY = re.compile(r"(?:[*†‡§¶♯✉⋆∗★✝^+#\s.]|(?<!\d)\d{1,2}(?!\d))+")  # or the number of an affiliation
_BRACKETS = re.compile(r"\s*[(（][^()（）]{0,80}[)）]")
_DIGITS = re.compile(r"(?<=[^\W\d_])\s?[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2}(?:\s?,?\s?[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})*(?![\w-])")  # "Lovelace1,2"
_HOMONYM = re.compile(r"\s(0\d{3})$")  # DBLP's number
_ET_AL = re.compile(
    r"[,\s]{0,3}(?:\bet\.?\s?al\b\.?|\band (?:\d{1,4} )?others\b\.?|(?:\band )?\b\d{1,4} more authors?\b|\.\.\.|…|等)",
    re.IGNORECASE,
)
_ELIDED = re.compile(r",\s*(?:\.\.\.|…)(?=\s*(?:,|and\b|&))")  # "Ada Byron, ..., and Bo Li"
_UPPER = "[A-ZÀ-ÖØ-ÞĀ-Ž]"  # with accents too: "Ł. Byron"
_LONGEST = 300  # characters of a name with its marks and affiliation: far above any
_AND = r"(?:and|&|und|et(?!\.?\s?al\b)|y)"
_APART = re.compile(rf"\s*[,;，、；ⓡⓇ]\s*(?:{_AND}\s+)?|\s+{_AND}\s+")
_INITIALS = re.compile(rf"(?:{_UPPER}\.?[\s-]?){{1,4}}")
_LETTERS_ONLY = re.compile(rf"(?:{_UPPER}\.-?)*{_UPPER}\.?")
_INITIALLED = re.compile(rf"\b{_UPPER}\.")
_GLUED = re.compile(rf"\b({_UPPER}\.)(?={_UPPER}[^\W\d_A-Z])")  # "F.Zhu"
_INITIAL = re.compile(rf"(?:{_UPPER}\.-?)+|[A-Z]{{2,3}}\.|(?:[JS]r|St|Md|Mohd|Th|Ph|Chr)\.")
_ACRONYM = re.compile(r"[A-Z]{3,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CAPITAL = re.compile(r"[^\W\d_a-zà-öø-ÿ][^\W\d_]*(?:[.'’‑-][^\W\d_]*)*")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,6}")
_ENDS = re.compile(r"[\n:(\[“\"]")  # what no name contains
# What dates the entry stands behind the last name: "Bo Li (2018). Title", "Bo Li (in press)".
_DATED = re.compile(
    r"\s*[(\[](?:(?:19|20)\d\d|in p|to appear|forthcoming|under|accepted|submitted|n\.d)", re.IGNORECASE
)
_STOP = re.compile(r"[.:]\s|\s[(\[“\"]|\n")
_SHORTENED = re.compile(r"(?!Md|Th|St|Ph|Chr|Mohd)[A-Z][a-z]{1,9}\. [A-Z][A-Za-z]{0,9}\.")  # "Adv. Comput. Math."
_AROUND = re.compile(r"\w\s*[(（](?![A-Z][a-z]+[)）])[^()（）]*[)）][\s*†‡]*[^\W\d_]{2}")  # "Bo Li (2018) Title"
_PARTICLE = re.compile(r"af|al|am|bin|im|zum|zur|d[aeiou]|da[ls]|del|della|de[nr]|dos|el|ibn|l[ae]|te[nr]|v[ao]n|y|zu")
_AFTER_GIVEN = re.compile(r"v[ao]n|de[rn]?|d[aiu]")  # "Beethoven, Ludwig van"
# Words of titles, venues and addresses that stand with a capital, and in hardly any name.
# And those that open a title: names may hold them further on, "Kim To".
_OPENING = frozenset(("to", "in", "on", "the", "how", "home"))
_NO_NAME = frozenset(
    """
    about abstract academy accepted access accurate acm acoustic action active adaptation adaptive advanced
    advances adversarial against aggregation algebra algorithm algorithms alignment allocation american among
    analysis analyzing annals annotation annual answering application applications applied approach approximate
    approximation architecture archive archives arithmetic articles artificial arxiv assessment assistant
    association attack attacks attention audio augmentation automata automated automatic automation autonomous
    award based bayesian behavior better between beyond binary biological biology biometrika book books bounds
    building bulletin causal challenges channel chapter chemistry china chinese classification climate clinical
    cloud clustering code coding cognition cognitive collaborative combinatorica combinatorics combining
    communication communications comparison completion complex complexity compression computation computational
    computer computing conditional conference consistency constrained constraints construction content context
    contextual continuous contrastive control convergence convex convolutional corpora corpus crc data database
    databases dataset decision decomposition deep demo dense department dependency depth descent design detecting
    detection development dialogue differential diffusion digital disambiguation discourse discovery discrete
    discriminative dissertation distance distillation distributed distribution distributions domain dynamic
    dynamics ecology econometrica econometrics economic economics economy editor education effect effective
    effects efficient embedding embeddings emotion empirical encyclopedia end-to-end energy engineer engineering
    enhanced enhancement enhancing entity environment environmental environments equations ergonomics error
    estimating estimation european evaluating evaluation event exploiting exploration exploring extended
    extraction factorization fast feature features federated feedback few-shot filtering finance finding
    fine-grained fine-tuning finite flow for forecasting forthcoming framework from frontiers function functional
    functions fusion games gaussian general generalization generalized generating generation generative genetics
    geography geometric geometry geophysical global gradient graph graphics graphs handbook health heterogeneous
    hierarchical history human hybrid iclr icml identification identifying ieee ijcai image images impact
    implementation implicit improved improving incremental inference influence informatics information institute
    intelligence interaction interactive intern international internet into invited iterative its jmlr joint
    journal kernel knowledge lab label laboratory language languages large large-scale latent learning lecture
    letters leveraging lexical linear linguistic linguistics localization logic machine magazine management
    mapping marketing matching materials mathematical mathematics matrix maximization maximum mechanics mechanism
    media medical medicine member memory method methods metric mining mobile model modeling modelling models
    motion multi-agent multi-task multi-view multilingual multimodal multiple named natural nature network
    networks neural neurips neuroscience news nips noise noisy nonlinear nonparametric notes novel numerical
    object of online optimal optimization oral our paper papers parallel parsing partial path patterns pdf
    performance personalized perspective philosophy physical physics planning point policy pose poster practical
    pre-training predicting prediction predictive preprint preprints pretraining privacy private probabilistic
    probability problem problems proc proceedings process processes processing professo programming programs
    project prompting properties psychology publications quality quantum quarterly queries query question random
    ranking rate real-time reasoning recognition recommendation reconstruction recurrent reduction regression
    regularization reinforcement relation relations report representation representations research resolution
    resource resources results retrieval review reviewer robot robotics robust robustness routing sampling
    scalable scaling scene scheduling scholar school science sciences search secure security segmentation
    selection self-supervised semantic semantics semi-supervised sense sensing sensor sentence sentiment
    separation sequence sequential series set sets shared sharing siam signal similarity simple simulation slides
    social society sociology software solving source space sparse spatial speaker spectral speech spoken spotlight
    statistical statistics stochastic strategies streaming structural structure structured structures student
    studies study submitted summarization supervised support survey symposium syntactic synthesis system systems
    talk tasks teaching technical techniques technology temporal tensor testing text their theory thesis through
    time topology towards tracking traffic training transactions transfer transformer transformers translation
    trees twitter uncertainty under understanding unified universal university unsupervised use user users using
    variable variational vector verification via video videos virtual vision visual volume web website weighted
    what when where which why wireless with without word words workshop your zero-shot
    """.split()  # noqa: SIM905 (a list would fill four pages)
)


@dataclass(frozen=True, slots=True)
class Authors:
    """A list of names in order; `roles` and `numbers` stand beside them, "" for none."""

    names: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    truncated: bool = False


@lru_cache(maxsize=20_000)  # the same lines are asked about many times over, in one page and in the next capture
def as_authors(text: str, *, lenient: bool = False) -> Authors | None:
    """The authors, when a text is a list of names and nothing else.

    Most names must have two parts, unless the list is cut ("Lovelace et al."); `lenient` drops that, for
    places where the layout says that authors stand.
    """
    text, elided = _whole(text)
    shortened = _ET_AL.search(text)
    if len(text) > 20_000 or (shortened and _BRACKETS.sub("", text[shortened.end() :]).strip(" .,;:")):
        return None
    listed = text[: shortened.start()] if shortened else text
    people = listed.strip(" ;").split(";")
    if len(people) > 1 and all(person.count(",") == 1 for person in people):  # "Lovelace, Ada; Babbage, C."
        listed = ", ".join(" ".join(reversed(person.split(","))) for person in people)
    return _authors([listed[start:end] for start, end in _spans(listed)], elided or bool(shortened), lenient)


def leading_authors(text: str) -> list[tuple[Authors, int]]:
    """The lists of authors a text can begin with, each with where it ends; the longest first.

    "Ada E. Byron, Grace E. On …": a full stop after one letter may end an initial or the list.
    """
    text, elided = _whole(text[:8000])
    good, ends = list[str](), [0]
    for start, end in _spans(text):
        token = text[start:end]
        shortened = _ET_AL.search(token)
        if not shortened and not _ENDS.search(_BRACKETS.sub("", token)) and _continues(good, token):
            good.append(token)
            ends.append(end)
            continue
        found = [
            (_authors([*good, token[:stop]], elided, False, paired=True), start + stop)
            for stop in _stops(token)
            if not (good and " " in good[0] and _SHORTENED.match(token))
        ]
        if shortened:
            last = [token[: shortened.start()]] if token[: shortened.start()].strip() else []
            found = [(_authors([*good, *last], True, False), start + shortened.end())]
        break
    else:
        found = []
    whole = bool(good) and " " in good[0]  # then a last word by itself is no name: "Ada Byron, Automatica, 2005"
    counts = [
        count
        for count in range(len(good), 0, -1)
        if not whole or count == 1 or " " in _GLUED.sub(r"\1 ", good[count - 1].strip())
    ]
    found += [(_authors(good[:count], elided, False), ends[count]) for count in counts[:4]]
    return [(who, stop) for who, stop in found if who]


def _whole(text: str) -> tuple[str, bool]:
    """A text of the same length without the dots between two names, and whether there were any."""
    told = _ELIDED.sub(lambda found: " " * len(found[0]), text)
    return told, told != text


def _continues(good: list[str], token: str) -> bool:
    return bool(_name(token) or _ROLES_ONLY.fullmatch(token) or _initials(good, token))


def _stops(token: str) -> list[int]:
    """Where a list may end inside a piece, the last place first; at a colon only after a whole name."""
    dated = _DATED.search(token[:_LONGEST])
    token = token[: dated.start()] if dated else token
    stops = [stop.start() + (stop[0][0] == ".") for stop in reversed(list(_STOP.finditer(token[:_LONGEST])))]
    whole = [len(token)] if len(token) < _LONGEST and "\n" not in token else []
    return [*whole, *(stop for stop in stops if token[stop] != ":" or " " in token[:stop].strip())]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the pieces between commas and "and" begin and end, in order, without the empty ones."""
    cuts = [(0, 0), *((found.start(), found.end()) for found in _APART.finditer(text)), (len(text), len(text))]
    pieces = [(left[1], right[0]) for left, right in pairwise(cuts)]
    return [(start, end) for start, end in pieces if text[start:end].strip()]


def _authors(tokens: Iterable[str], truncated: bool, lenient: bool, paired: bool = False) -> Authors | None:
    """`paired`: the list may be "Lovelace, Ada, Babbage, Charles", family names first."""
    people: list[tuple[str, str, str]] = []
    for token in tokens:
        person = _name(token)
        if people and not person and _ROLES_ONLY.fullmatch(token):
            name, role, number = people[-1]  # "Ada Lovelace*, †": the mark belongs to the name before
            people[-1] = (name, role + "".join(_ROLE.findall(token)), number)
        elif people and _initials([name for name, _, _ in people], token):
            people[-1] = (f"{token.strip()} {people[-1][0]}", people[-1][1], people[-1][2])
        elif person and (lenient or not _ACRONYM.fullmatch(person[0])):
            people.append(person)
        else:
            return None
    if _first_is_turned([name for name, _, _ in people]):
        (family, left, number), (given, right, _), *others = people
        people = [(f"{given} {family}", left + right, number), *others]
    full = sum(" " in name or bool(_HAN.fullmatch(name)) for name, _, _ in people)
    if paired and len(people) % 2 == 0 and full * 2 <= len(people):
        pairs = zip(people[::2], people[1::2], strict=True)
        people = [(f"{given} {family}", left + right, number) for (family, left, _), (given, right, number) in pairs]
    elif not people or not (lenient or truncated or full * 2 > len(people)):
        return None
    names, roles, numbers = zip(*people, strict=True)
    return Authors(names, roles, numbers, truncated)


def _first_is_turned(names: list[str]) -> bool:
    """ "Lovelace, Ada, Charles Babbage, and Mary Somerville": only the first is sorted by."""
    given = len(names) > 2 and re.fullmatch(r"\S+(?: [A-Z]\.?)*(?: v[ao]n| de[rn]?| d[aiu])*", names[1])
    return bool(given) and " " not in names[0] and all(" " in name for name in names[2:])


def _initials(before: list[str], token: str) -> bool:
    """Whether a token is the given names of the family name before it, as in "Lovelace, A. K., Ben Amor, H."."""
    family = before[-1].split() if before else []
    given = bool(_INITIALS.fullmatch(token.strip())) and "." in token
    return given and 0 < len(family) < 4 and not _INITIALLED.search(before[-1])


def _name(token: str) -> tuple[str, str, str] | None:
    """Name, marks and homonym number of one person; None when the token is no name."""
    bare = _GLUED.sub(r"\1 ", _ROLE.sub("", _BRACKETS.sub(" ", token)).strip())
    numbered = _HOMONYM.search(bare)
    if _YEAR.search(bare) or _AROUND.search(token):
        return None
    bare = _DIGITS.sub("", bare[: numbered.start()] if numbered else bare).strip(" .:")
    words = bare.split()
    if "." in token and all(map(_LETTERS_ONLY.fullmatch, words)):
        return None  # given names, of which the family name stands before
    if (
        bare.endswith("-")
        or not 1 <= len(words) <= 6
        or words[0].casefold() in _OPENING
        or not _NO_NAME.isdisjoint(map(str.casefold, words))
    ):
        return None
    if any(word.endswith(".") and not _INITIAL.fullmatch(word) for word in words) or "In" in words[1:-1]:
        return None
    whole = not _PARTICLE.fullmatch(words[-1]) or (len(words) > 1 and _AFTER_GIVEN.fullmatch(words[-1]))
    if not whole or not all(_CAPITAL.fullmatch(word) or _PARTICLE.fullmatch(word) for word in words):
        return None
    return " ".join(words), "".join(dict.fromkeys(_ROLE.findall(token))), numbered[1] if numbered else ""
