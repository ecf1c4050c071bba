"""Names of people: read in any usual order and compared with care.

A name is a weak witness. Two spellings may be one person's ("compatible") without being known to be; only
a contradiction ("different") says much. Names in two scripts say nothing about each other ("unknown").
Family names stand last unless a comma or a lone letter says otherwise, as in DBLP and arXiv.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Agreement = Literal["same", "compatible", "different", "unknown"]

# Letters that Unicode does not decompose, and the ligatures that databases of names write out.
LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe",
}  # fmt: skip
_PARTICLES = frozenset((
    "da", "de", "del", "della", "den", "der", "des", "di", "dos", "du", "la", "ter", "van", "vande", "vander", "von",
    "zu", "zum", "zur", "al", "el", "bin", "ibn", "ben", "le", "lo", "dal", "dalla", "das", "af", "av",
    "mc", "mac",
))  # fmt: skip
_TITLES = frozenset(("dr", "prof", "professor", "phd", "md", "mr", "mrs", "ms", "dphil", "msc", "esq"))
# Short forms of given names that do not begin like the full one, in common English and European use.
_NICKNAMES = (
    "robert bob bobby rob bert",
    "william bill billy will liam",
    "michael mike mick",
    "thomas tom tommy",
    "richard dick rick rich ricky",
    "james jim jimmy jamie",
    "john jack johnny jon",
    "edward ted ed eddie ned",
    "katherine catherine katharine kathryn kate katie kathy cathy kitty",
    "elizabeth elisabeth liz beth betty lisa eliza",
    "alexander aleksandr alexandr alex sasha sandy alec",
    "anthony tony",
    "margaret peggy meg maggie greta",
    "charles chuck charlie",
    "henry harry hank",
    "joseph joe josef",
    "david dave davey",
    "daniel dan danny",
    "stephen steven steve",
    "andrew andy drew",
    "christopher chris kit",
    "matthew matt",
    "nicholas nick nicolas",
    "lawrence laurence larry",
    "ronald ron ronnie",
    "donald don donnie",
    "kenneth ken kenny",
    "gerald jerry gerry",
    "patricia pat patty trish",
    "susan sue susie suzanne",
    "deborah debra debbie deb",
    "barbara barb babs",
    "samuel sam",
    "benjamin ben",
    "peter pete",
    "philip phil phillip",
    "gregory greg",
    "jeffrey geoffrey jeff geoff",
    "timothy tim",
    "theodore theo ted",
    "francis frank francisco paco",
    "jose pepe",
    "vladimir vova volodya",
    "mikhail misha",
    "dmitry dmitri dima",
    "evgeny evgenii yevgeny eugene zhenya",
    "sergey sergei serge",
    "yuri yury iouri",
    "rebecca becky",
    "jennifer jenny jen",
    "victoria vicky",
    "abigail abby",
    "johannes hans",
)
_SUFFIXES = frozenset(("jr", "sr", "junior", "senior", "ii", "iii", "iv"))
# The compound family names of Chinese that are still common; any other family name is one character.
_COMPOUND = frozenset(("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木", "东方"))
_HANGUL = frozenset(("남궁", "황보", "제갈", "선우", "독고", "사공", "서문"))  # Korean family names of two syllables
_NOTE = re.compile(r"\([^()]*\)|[*†‡§¶]|['’ʼ`]")
# One syllable of Chinese as pinyin writes it: "wei" and "weinan" are two given names, unlike "chris".
_SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ui|ao|ou|iu|ie|ia|ue|ve|uo|ua|an|en|in|un|er|a|o|e|i|u|v)"
)
_CHINESE = re.compile(rf"{_SYLLABLE}")
_INITIALS = re.compile(r"\b[B-DF-HJ-NP-TV-Z]{2,3}$|(?<=, )[A-Z]{2,3}$")  # "Serre JP", "Li, XM"
_ARTICLE = re.compile(r"\b(al|el)-")  # Arabic: the one particle that is tied with a hyphen
_NUMBER = re.compile(r"\s+(\d{4})$")
_APART = re.compile(r"[^\w]+|_")
_NOBODY: frozenset[int] = frozenset()
_CALLED = {
    name: frozenset(place for place, group in enumerate(_NICKNAMES) if name in group.split())
    for name in " ".join(_NICKNAMES).split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name in plain small letters, as parts."""

    family: str  # all its words, "van gool"; "" when nothing could be read
    given: tuple[str, ...] = ()  # in order, "j", "paul"; hyphens part them
    suffix: str = ""  # "jr", "iii"
    number: str = ""  # DBLP's homonym number, "0003"

    @property
    def initials(self) -> str:
        """The first letters of the given names, in order."""
        return "".join(word[0] for word in self.given)


def fold(text: str) -> str:
    """Small letters without accents: "Müller" is "muller", "Łukasz" is "lukasz"."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(LETTERS.get(letter, letter) for letter in bare)


def person_key(name: str) -> str:
    """Family name and first initial, small: "Weijie J. Su" and "W. Su" share one."""
    family, comma, given = name.partition(",")
    words = fold(f"{given} {family}" if comma else name).split()
    return f"{words[-1]} {words[0][0]}" if words else ""


def parse(name: str) -> Name:
    """Reads "First Last", "Last, First", "Last F", with particles, suffix and homonym number."""
    found = _NUMBER.search(name.strip())
    text = name.strip()[: found.start()] if found else name.strip()
    if not text.isupper():
        text = _INITIALS.sub(_apart, text)
    pieces = [_words(_NOTE.sub("", piece)) for piece in _composed(fold(text)).split(",")]
    pieces = [kept for words in pieces if (kept := [word for word in words if word not in _TITLES])] or pieces[:1]
    if len(pieces) > 1 and len(pieces[0]) == 1 and pieces[0][0] in _SUFFIXES:
        pieces = [*pieces[1:], pieces[0]]
    suffix = next((words[0] for words in pieces[1:] if len(words) == 1 and words[0] in _SUFFIXES), "")
    pieces = [words for place, words in enumerate(pieces) if words and not (place and words == [suffix])]
    if pieces and len(pieces[0]) + len(pieces) > 2 and pieces[0][-1] in _SUFFIXES and len(pieces[0]) > 1:
        suffix, pieces[0] = pieces[0][-1], pieces[0][:-1]
    family, given = _split(pieces, _PARTICLES.intersection(_ARTICLE.sub(r"\1 ", fold(text)).split()))
    return Name(family=family, given=given, suffix=suffix, number=found[1] if found else "")


def _apart(letters: re.Match[str]) -> str:
    return letters[0] if letters[0].lower() in _SUFFIXES | _TITLES else " ".join(letters[0])


def _composed(text: str) -> str:
    """Hangul, which folding takes apart into letters, as syllables again."""
    return unicodedata.normalize("NFC", text)


def compatible(left: str | Name, right: str | Name) -> Agreement:
    """Whether two names can be one person's, in either order of family and given name."""
    one, two = (parse(name) if isinstance(name, str) else name for name in (left, right))
    if not one.family or not two.family or _script(one.family) != _script(two.family):
        return "unknown"
    if (one.suffix and two.suffix and one.suffix != two.suffix) or (
        one.number and two.number and one.number != two.number
    ):
        return "different"
    if _turned(one, two) or _turned(two, one):
        return "same"
    told = [_agree(one, other) for other in _readings(two)] + [_agree(other, two) for other in _readings(one)]
    told += ["compatible"] if _dropped(one, two) or _dropped(two, one) else []
    return next((verdict for verdict in ("same", "compatible", "unknown") if verdict in told), "different")


def _words(text: str) -> list[str]:
    return [word for word in _APART.split(text) if word]


def _split(pieces: list[list[str]], particles: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    if not pieces:
        return "", ()
    if len(pieces) > 1:
        late = next((place for place, word in enumerate(pieces[1]) if place and word in particles), len(pieces[1]))
        behind = pieces[1][late:] if particles.issuperset(pieces[1][late:]) else []
        return " ".join(behind + pieces[0]), tuple(pieces[1][: len(pieces[1]) - len(behind)])
    words = pieces[0]
    if len(words) == 1 and _script(words[0]) in ("han", "HANGUL"):
        cut = 2 if words[0][:2] in _COMPOUND | _HANGUL and len(words[0]) > 2 else 1
        return words[0][:cut], (words[0][cut:],) if words[0][cut:] else ()
    if len(words) > 1 and all(len(word) == 1 for word in words[1:]) and len(words[0]) > 1 and len(words) > 2:
        return words[0], tuple(words[1:])  # "schapire r e"
    start = len(words) - 1
    while start > 1 and words[start - 1] in particles:  # not the "di" of "Zhao-Di"
        start -= 1
    return " ".join(words[start:]), tuple(words[:start])


def _script(text: str) -> str:
    letter = next((letter for letter in text if letter.isalpha()), "a")
    return "han" if "㐀" <= letter <= "鿿" else unicodedata.name(letter, "LATIN").split()[0]


def _readings(name: Name) -> list[Name]:
    """The name as read, and with family and given name the other way round."""
    if not name.given:
        return [name]
    first = Name(family=name.given[0], given=(*name.given[1:], *name.family.split()), suffix=name.suffix)
    if len(name.given) > 2:
        return [name, first]
    return [name, first, Name(family="".join(name.given), given=tuple(name.family.split()), suffix=name.suffix)]


def _turned(one: Name, two: Name) -> bool:
    """Whether two has the family name first and the same three or more words: "An Van Nguyen", "Nguyen Van An"."""
    left, right = ([*name.given, *name.family.split()] for name in (one, two))
    return len(left) > 2 and left[-1] == right[0] and sorted(left[:-1]) == sorted(right[1:]) and len(left[-1]) > 1


def _dropped(one: Name, two: Name) -> bool:
    """Whether two lacks the second family name of one, as in Spanish: "José García Márquez" signs "José García".

    Not where the last word that they share is a syllable of Chinese or a usual given name: then it may be a middle one.
    """
    left, right = ([*name.given, *name.family.split()] for name in (one, two))
    first, last = right[0], right[-1]
    plain = len(first) > 1 and len(last) > 2 and last not in _CALLED
    return len(right) > 1 and left[:-1] == right and plain and not _chinese(last) and not _chinese(left[-1])


def _agree(one: Name, two: Name) -> Agreement:
    if not _families_meet(one, two):
        return "different"
    if not one.given or not two.given:
        return "unknown"
    if _written_out("".join(one.given)) == _written_out("".join(two.given)):
        return "same"
    if _chinese(one.family) and _syllables_differ(one.given, two.given):
        return "different"
    return "compatible" if _given_agree(one.given, two.given) else "different"


def _chinese(word: str) -> bool:
    return _CHINESE.fullmatch(word) is not None


def _syllables_differ(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether one given name is the other and one syllable more, both written out."""
    short, long = sorted(("".join(one), "".join(two)), key=len)
    return len(short) > 2 and long.startswith(short) and _chinese(short) and _chinese(long[len(short) :])


def _families_meet(one: Name, two: Name) -> bool:
    """Equal without particles, in one word ("Le Cun"), or by the last word ("García Márquez" may sign "Márquez")."""
    if one.family.replace(" ", "") == two.family.replace(" ", "") or _family(one) == _family(two):
        return True
    return _written_out(one.family.split()[-1]) == _written_out(two.family.split()[-1])


def _family(name: Name) -> str:
    return _written_out("".join(word for word in name.family.split() if word not in _PARTICLES) or name.family)


def _written_out(word: str) -> str:
    """ "juergen" as "jurgen", "aake" as "ake", "lv" as "lu". No umlauts in short words: Xue and Xu are two families."""
    plain = {"lv": "lu", "nv": "nu"}.get(word, word.replace("aa", "a"))
    return re.sub(r"([aou])e", r"\1", plain) if len(plain) > 4 else plain


def _given_agree(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """ "j" or "jo" may be "john"; a middle name may be missing; "Xiao-Yu" may be "Xiaoyu" or "X."."""
    if len(one) > len(two):
        one, two = two, one
    # "H. Vincent" may call himself "Vincent"
    called = len(one[0]) > 2 and len(two) > 1 and len(two[0]) == 1 and one == two[1:]
    if called:
        return True
    if not _may_be(one[0], two[0]) and not _may_be("".join(one), "".join(two)):
        return False
    middle_one, middle_two = one[1:], two[1:]
    if not middle_one or not middle_two:
        return True
    return all(_may_be(left, right) for left, right in zip(middle_one, middle_two, strict=False))


def _may_be(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    begins = (len(short) == 1 or len(short) >= 3) and long.startswith(short)
    return short == long or begins or bool(_CALLED.get(one, _NOBODY) & _CALLED.get(two, _NOBODY))
