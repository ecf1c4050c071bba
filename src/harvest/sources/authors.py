"""Lists of authors as people write them: marks, "et al.", affiliation numbers, other scripts in brackets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
_APART = re.compile(r"\s*[,;，、；]\s*(?:(?:and|&)\s+)?|\s+(?:and|&)\s+")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}")
_INITIAL = re.compile(r"(?:[A-Z]\.-?)+|[JS]r\.|St\.")
_CAPITAL = re.compile(r"[^\W\d_a-zà-öø-ÿ][^\W\d_]*(?:[.'’‑-][^\W\d_]*)*")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,6}")
_ENDS = re.compile(r"[\n:(\[“\"]")  # what no name contains
_STOP = re.compile(r"[.:]\s|\s[(\[“\"]|\n")
_PARTICLE = re.compile(r"af|al|bin|d[aeiou]|da[ls]|del|della|de[nr]|dos|el|ibn|l[ae]|te[nr]|v[ao]n|y|zu")
# Words of titles, venues and addresses that stand with a capital, and in hardly any name.
_NO_NAME = re.compile(
    r"abstract|academy|accepted|acm|adaptive|algorithm|algorithms|analysis|annals|annual|approach"
    r"|approximation|artificial|arxiv|assistant|association|attention|award|beyond|bounds|china|code"
    r"|computational|computer|computing|conference|convergence|data|deep|demo|department|descent|diffusion"
    r"|distribution|dynamics|editor|efficient|engineer|fast|for|from|generalization|gradient|graph|home|how"
    r"|ieee|in|inference|institute|intelligence|intern|international|invited|ijcai|iclr|icml|jmlr|journal"
    r"|kernel|lab|laboratory|language|large|learning|letters|linear|machine|mathematical|mathematics|matrix"
    r"|mechanics|member|method|methods|model|modeling|models|network|networks|neural|neurips|nips|nonlinear|of"
    r"|on|optimal|optimization|oral|paper|pdf|physical|poster|preprint|probability|proceedings|professor"
    r"|project|proc|quantum|random|regression|report|representation|research|review|reviewer|robust|sampling"
    r"|scholar|school|science|sciences|slides|society|software|spotlight|statistics|stochastic|student"
    r"|submitted|symposium|systems|talk|teaching|technical|the|theory|thesis|to|towards|training|transactions"
    r"|transformer|transformers|under|university|using|via|video|vision|volume|website|when|why|with|workshop",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Authors:
    """A list of names in order; `roles` and `numbers` stand beside them, "" for none."""

    names: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    truncated: bool = False


def as_authors(text: str, *, lenient: bool = False) -> Authors | None:
    """The authors, when a text is a list of names and nothing else.

    Most names must have two parts, unless the list is cut ("Lovelace et al."); `lenient` drops that, for
    places where the layout says that authors stand.
    """
    shortened = _ET_AL.search(text)
    if len(text) > 20_000 or (shortened and _BRACKETS.sub("", text[shortened.end() :]).strip(" .,;:")):
        return None
    listed = text[: shortened.start()] if shortened else text
    return _authors([listed[start:end] for start, end in _spans(listed)], bool(shortened), lenient)


def leading_authors(text: str) -> list[tuple[Authors, int]]:
    """The lists of authors a text can begin with, each with where it ends; the longest first.

    "Ada E. Byron, Grace E. On …": a full stop after one letter may end an initial or the list.
    """
    text, good, ends = text[:8000], list[str](), [0]
    for start, end in _spans(text):
        token = text[start:end]
        shortened = _ET_AL.search(token)
        if not shortened and not _ENDS.search(_BRACKETS.sub("", token)) and _continues(good, token):
            good.append(token)
            ends.append(end)
            continue
        found = [(_authors([*good, token[:stop]], False, False), start + stop) for stop in _stops(token)]
        if shortened:
            last = [token[: shortened.start()]] if token[: shortened.start()].strip() else []
            found = [(_authors([*good, *last], True, False), start + shortened.end())]
        break
    else:
        found = []
    found += [(_authors(good[:count], False, False), ends[count]) for count in (len(good), len(good) - 1) if count > 0]
    return [(who, stop) for who, stop in found if who]


def _continues(good: list[str], token: str) -> bool:
    return bool(_name(token) or _ROLES_ONLY.fullmatch(token) or _initials(good, token))


def _stops(token: str) -> list[int]:
    """Where a list may end inside a piece, the last place first; at a colon only after a whole name."""
    stops = [stop.start() + (stop[0][0] == ".") for stop in reversed(list(_STOP.finditer(token)))]
    return [len(token), *(stop for stop in stops if token[stop] != ":" or " " in token[:stop].strip())]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the pieces between commas and "and" begin and end, in order, without the empty ones."""
    cuts = [(0, 0), *((found.start(), found.end()) for found in _APART.finditer(text)), (len(text), len(text))]
    pieces = [(left[1], right[0]) for left, right in pairwise(cuts)]
    return [(start, end) for start, end in pieces if text[start:end].strip()]


def _authors(tokens: Iterable[str], truncated: bool, lenient: bool) -> Authors | None:
    people: list[tuple[str, str, str]] = []
    for token in tokens:
        person = _name(token)
        if people and not person and _ROLES_ONLY.fullmatch(token):
            name, role, number = people[-1]  # "Ada Lovelace*, †": the mark belongs to the name before
            people[-1] = (name, role + "".join(_ROLE.findall(token)), number)
        elif people and _initials([name for name, _, _ in people], token):
            people[-1] = (f"{token.strip()} {people[-1][0]}", people[-1][1], people[-1][2])
        elif person:
            people.append(person)
        else:
            return None
    full = sum(" " in name or bool(_HAN.fullmatch(name)) for name, _, _ in people)
    if not people or not (lenient or truncated or full * 2 > len(people)):
        return None
    names, roles, numbers = zip(*people, strict=True)
    return Authors(names, roles, numbers, truncated)


def _initials(before: list[str], token: str) -> bool:
    """Whether a token is the given names of the family name before it, as in "Lovelace, A. K."."""
    family = before[-1].split() if before else []
    return len(family) == 1 and bool(_INITIALS.fullmatch(token.strip())) and "." in token


def _name(token: str) -> tuple[str, str, str] | None:
    """Name, marks and homonym number of one person; None when the token is no name."""
    bare = _ROLE.sub("", _BRACKETS.sub(" ", token)).strip()
    numbered = _HOMONYM.search(bare)
    bare = _DIGITS.sub("", bare[: numbered.start()] if numbered else bare).strip(" .:")
    words = bare.split()
    if not 1 <= len(words) <= 6 or any(map(_NO_NAME.fullmatch, words)):
        return None
    if any(word.endswith(".") and not _INITIAL.fullmatch(word) for word in words):
        return None
    if not all(_CAPITAL.fullmatch(word) or _PARTICLE.fullmatch(word) for word in words) or _PARTICLE.fullmatch(
        words[-1]
    ):
        return None
    return " ".join(words), "".join(dict.fromkeys(_ROLE.findall(token))), numbered[1] if numbered else ""
