"""References of a document to its own numbered items: "Works [1]~[5] have been published", held against the items."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Protocol, TypeVar

_REFERENCES = r"\[\d{1,3}\](?:\s*(?:[~–—-]|,|;|and|&)?\s*\[\d{1,3}\]){0,60}"
CLAIM = re.compile(
    rf"(?P<numbers>{_REFERENCES})\s+(?:have|has|are|were|is|was)(?:\s+been)?\s+(?:all\s+)?"
    r"(?P<what>published|preprinted|accepted|in preparation)",
    re.IGNORECASE,
)
_ONE = re.compile(r"\[(\d{1,3})\]\s*([~–—-])?")
LONG, _LINES = 1000, 300  # characters of a line, such lines: more is no list of a person


class Item(Protocol):
    """What is read of an item of a list: a record as well as an entry of an audit."""

    @property
    def item(self) -> str | None:
        """Its number in the document."""

    @property
    def stage(self) -> str | None:
        """How far it says that it has come."""

    @property
    def arxiv_id(self) -> str | None:
        """Its arXiv id, when it names one."""

    @property
    def doi(self) -> str | None:
        """Its DOI, when it names one."""

    @property
    def comment(self) -> str | None:
        """All it says after authors and title."""


Kind = TypeVar("Kind", bound=Item)


def numbers_of(references: str) -> list[int]:
    """ "[1]~[3], [5]" is 1, 2, 3, 5."""
    found: list[int] = []
    upto = False
    for one in _ONE.finditer(references):
        number = int(one[1])
        found += range(found[-1] + 1, number + 1) if upto and found else [number]
        upto = bool(one[2])
    return found


def numbered(items: Iterable[Kind]) -> dict[int, Kind]:
    """The items that have a number, by it."""
    return {int(one.item): one for one in items if one.item and one.item.isdigit()}


def referring(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines that name an item by its number, within what is worth reading."""
    return islice(((number, text[:LONG]) for number, text in lines if "[" in text), _LINES)


def is_public(item: Item, stage: str | None = None) -> bool:
    """Whether an item says that it was published or preprinted: by its stage or by an identifier."""
    return bool(item.arxiv_id or item.doi) or (stage or item.stage) not in ("in_preparation", "submitted", None)


def contradictions(lines: Iterable[tuple[int, str]], items: Mapping[int, Kind]) -> Iterator[tuple[Kind, str]]:
    """Items that say something else than a summary line that counts them, each with a sentence; each item once."""
    told: set[int] = set()
    for line, text in referring(lines):
        for claim in CLAIM.finditer(text):
            what = claim["what"].lower()
            for number in numbers_of(claim["numbers"]):
                item = items.get(number)
                if item and number not in told and _contradicts(item, what):
                    told.add(number)
                    sentence = f"line {line} says “{_plain(text)}”, but item [{number}] says “{_plain(item.comment)}”"
                    yield item, sentence


def _plain(text: str | None) -> str:
    """Words without the marks of a list and of emphasis."""
    return " ".join(re.sub(r"[*_]{2}", "", text or "").lstrip(" \t-•*#").split())


def _contradicts(item: Item, what: str) -> bool:
    if what == "in preparation":
        return item.stage not in ("in_preparation", None)
    return item.stage is not None and not is_public(item)
