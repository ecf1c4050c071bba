"""References in the text of a document that lead astray: to no item, or to another one than is meant."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from harvest.reconcile.audit.nouns import Entry, Finding, Lines
from harvest.references import CLAIM, numbered, numbers_of, referring

_CLUSTER = re.compile(r"(?:<b>|\*\*)?((?:\[\d{1,3}\]\s*)+)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset((
    "with", "from", "that", "this", "which", "when", "their", "they", "have", "been", "also", "more", "most", "some",
    "such", "into", "over", "through", "under", "using", "used", "work", "works", "paper", "papers", "model", "models",
    "learning", "method", "methods", "theory", "algorithm", "algorithms", "toward", "towards", "neural", "network",
    "networks", "training", "deep", "based", "analysis", "study", "problem", "problems", "data",
))  # fmt: skip
_SEVERAL = 100  # rows of references on a line: more is no CV
_MOST = 3  # a longer row of references is a topic's list, not a phrase's


def cross_references(lines: Lines, entries: Sequence[Entry]) -> Iterator[Finding]:
    """References to items that do not exist, and phrases whose words stand in another item's title."""
    items = numbered(entries)
    inside = {place for one in entries for place in range(one.line or 0, (one.line or 0) + one.quote.count("\n") + 1)}
    references = [
        (number, text, found)
        for number, text in referring(lines)
        if number not in inside
        for found in islice(_CLUSTER.finditer(text), _SEVERAL)
    ]
    summaries = {number for number, text in referring(lines) if CLAIM.search(text)}
    known = [one for _, _, found in references for one in numbers_of(found[1]) if one in items]
    every = [one for _, _, found in references for one in numbers_of(found[1])]
    if not items or len(known) * 2 < len(every):
        return  # the numbers mean something else here
    titles = {number: _words(one.title) for number, one in items.items()}
    rare = {word for word, many in Counter(word for words in titles.values() for word in words).items() if many < 3}
    for number, text, found in references:
        cited = numbers_of(found[1])
        yield from _missing(number, text, [one for one in cited if one not in items])
        if len(cited) <= _MOST and number not in summaries:
            phrase = _words(_phrase(text, found.start()))
            for one in cited:
                if one in titles and not phrase & titles[one]:
                    yield from _astray(number, text, one, phrase & rare, titles, cited)


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
