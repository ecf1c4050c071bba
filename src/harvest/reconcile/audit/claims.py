"""What the text of a document says about its own items: summary lines, and references that lead astray."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from harvest.reconcile.audit.nouns import Entry, Finding

Lines = Sequence[tuple[int, str]]

_REFERENCES = r"\[\d{1,3}\](?:\s*(?:[~–—-]|,|;|and|&)?\s*\[\d{1,3}\]){0,60}"
CLAIM = re.compile(
    rf"(?P<numbers>{_REFERENCES})\s+(?:have|has|are|were|is|was)(?:\s+been)?\s+(?:all\s+)?"
    r"(?P<what>published|preprinted|accepted|in preparation)",
    re.IGNORECASE,
)
_CLUSTER = re.compile(r"(?:<b>|\*\*)?((?:\[\d{1,3}\]\s*)+)")
_ONE = re.compile(r"\[(\d{1,3})\]\s*([~–—-])?")
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    [
        "with",
        "from",
        "that",
        "this",
        "which",
        "when",
        "their",
        "they",
        "have",
        "been",
        "also",
        "more",
        "most",
        "some",
        "such",
        "into",
        "over",
        "through",
        "under",
        "using",
        "used",
        "work",
        "works",
        "paper",
        "papers",
        "model",
        "models",
        "learning",
        "method",
        "methods",
        "theory",
        "algorithm",
        "algorithms",
        "toward",
        "towards",
        "neural",
        "network",
        "networks",
        "training",
        "deep",
        "based",
        "analysis",
        "study",
        "problem",
        "problems",
        "data",
    ]
)
_SEVERAL, LONG, _LINES = 100, 1000, 300  # rows of references on a line, its characters, such lines: more is no CV
_MOST = 3  # a longer row of references is a topic's list, not a phrase's


def numbers_of(references: str) -> list[int]:
    """ "[1]~[3], [5]" is 1, 2, 3, 5."""
    found: list[int] = []
    upto = False
    for one in _ONE.finditer(references):
        number = int(one[1])
        found += range(found[-1] + 1, number + 1) if upto and found else [number]
        upto = bool(one[2])
    return found


def is_public(entry: Entry, stage: str | None = None) -> bool:
    """Whether an item says that it was published or preprinted: by its stage or by an identifier."""
    said = stage or entry.stage
    return bool(entry.arxiv_id or entry.doi) or said not in ("in_preparation", "submitted", None)


def claims(lines: Lines, entries: Sequence[Entry], told: Collection[int | None]) -> Iterator[Finding]:
    """Summary lines that contradict the items they count. Lines of items that were `told` already are passed over."""
    numbered = _numbered(entries)
    for number, text in _referring(lines):
        for claim in CLAIM.finditer(text):
            public = "prep" not in claim["what"].lower() or "preprint" in claim["what"].lower()
            for one in numbers_of(claim["numbers"]):
                entry = numbered.get(one)
                if entry and entry.line not in told and _contradicts(entry, public):
                    yield Finding(
                        kind="self_contradiction", severity="error", line=entry.line, quote=entry.quote,
                        explanation=f"line {number} says that [{one}] is {claim['what'].lower()}, but the item itself"
                        f" says {entry.comment or 'nothing of it'!r}",
                    )  # fmt: skip


def _contradicts(entry: Entry, public: bool) -> bool:
    return not is_public(entry) if public else entry.stage not in ("in_preparation", None)


def cross_references(lines: Lines, entries: Sequence[Entry]) -> Iterator[Finding]:
    """References to items that do not exist, and phrases whose words stand in another item's title."""
    numbered = _numbered(entries)
    inside = {place for one in entries for place in range(one.line or 0, (one.line or 0) + one.quote.count("\n") + 1)}
    references = [
        (number, text, found)
        for number, text in _referring(lines)
        if number not in inside
        for found in islice(_CLUSTER.finditer(text), _SEVERAL)
    ]
    summaries = {number for number, text in _referring(lines) if CLAIM.search(text)}
    known = [one for _, _, found in references for one in numbers_of(found[1]) if one in numbered]
    every = [one for _, _, found in references for one in numbers_of(found[1])]
    if not numbered or len(known) * 2 < len(every):
        return  # the numbers mean something else here
    titles = {number: _words(one.title) for number, one in numbered.items()}
    rare = {word for word, many in Counter(word for words in titles.values() for word in words).items() if many < 3}
    for number, text, found in references:
        cited = numbers_of(found[1])
        yield from _missing(number, text, [one for one in cited if one not in numbered])
        if len(cited) <= _MOST and number not in summaries:
            phrase = _words(_phrase(text, found.start()))
            for one in cited:
                if one in titles and not phrase & titles[one]:
                    yield from _astray(number, text, one, phrase & rare, titles, cited)


def _referring(lines: Lines) -> Iterator[tuple[int, str]]:
    """The lines that name an item by its number, within what is worth reading."""
    return islice(((number, text[:LONG]) for number, text in lines if "[" in text), _LINES)


def _missing(line: int, text: str, numbers: Sequence[int]) -> Iterator[Finding]:
    for one in numbers:
        yield Finding(
            kind="cross_reference", severity="warning", line=line, quote=text.strip()[:500],
            explanation=f"it names [{one}], and no item has this number",
        )  # fmt: skip


def _astray(
    line: int, text: str, cited: int, phrase: set[str], titles: dict[int, set[str]], beside: Sequence[int]
) -> Iterator[Finding]:
    better = {number: len(phrase & words) for number, words in titles.items() if number not in beside}
    best = max(better, key=lambda number: better[number], default=0)
    if best and better[best] >= 2 and list(better.values()).count(better[best]) == 1:
        yield Finding(
            kind="cross_reference", severity="question", line=line, quote=text.strip()[:500],
            explanation=f"it names [{cited}], whose title shares no word with the phrase; [{best}] shares"
            f" {better[best]} rare ones and may be meant. Only the author can tell",
        )  # fmt: skip


def _phrase(text: str, end: int) -> str:
    """The clause in front of a reference."""
    return re.split(r"[;.?!\]]|\(i+\)", text[max(0, end - 300) : end])[-1]


def _words(text: str) -> set[str]:
    """The telling words, without their endings: "Transformers" is "transfor"."""
    return {word[:8].rstrip("s") for word in _WORD.findall(text.casefold()) if word not in _COMMON}


def _numbered(entries: Sequence[Entry]) -> dict[int, Entry]:
    return {int(one.item): one for one in entries if one.item and one.item.isdigit()}
