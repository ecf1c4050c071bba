"""Cuts a publication section of a text into entries: numbered, bulleted, in paragraphs, or by hanging indent."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from harvest.sources.authors import as_authors, leading_authors
from harvest.sources.listing import NUMBER, Entry, read_entry
from harvest.sources.page import Line
from harvest.sources.text import fold, join_lines, unmarked, words_of
from harvest.sources.venue import looks_like_venue

Item = tuple[Entry | None, Sequence[Line]]  # None: not understood
_BULLET = re.compile(r"\s*[-*•–▪◦‣·●○+]\s+")
_COLUMN = re.compile(r"\s*((?:19|20)\d\d)(?:\s*[–-]\s*\d*)?\s{2,}(?=\S)|\s{3,}((?:19|20)\d\d)\s*$")
_STRONG = re.compile(r"\*\*([^*\n]{8,300})\*\*")
_FOOTER = re.compile(r"[\s\f]*(?:page\s+)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,3})?\s*", re.IGNORECASE)


def text_items(body: Sequence[Line], lines: Sequence[Line]) -> Iterator[Item]:
    """The entries among the lines of one section, in order; `lines` are those of the whole document."""
    words = words_of(lines)
    best: list[Item] = []
    for begins in (_numbered, _bulleted, _after_blank, _outdented):
        items = [_read(item, words) for item in _groups(body, begins(body))]
        if sum(entry is not None for entry, _ in items) > sum(entry is not None for entry, _ in best):
            best = items
    yield from best


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Without page numbers, and without the headers and footers that stand at several page breaks."""
    breaks = [place for place, line in enumerate(lines) if "\f" in line.text]
    edges = [edge for place in breaks for edge in (_edge(lines, place - 1, -1), _edge(lines, place, 1)) if edge is not None]
    bare = [re.sub(r"\d+", "#", fold(lines[edge].text)) for edge in edges]
    gone = {edge for edge, text in zip(edges, bare, strict=True) if bare.count(text) > 1 or _FOOTER.fullmatch(lines[edge].text)}
    return [line for place, line in enumerate(lines) if place not in gone]


def _edge(lines: Sequence[Line], place: int, step: int) -> int | None:
    while 0 <= place < len(lines):
        if lines[place].text.strip():
            return place
        place += step
    return None


def _indent(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip(" \f\t"))


def _outermost(places: Sequence[int], body: Sequence[Line], slack: int) -> list[int]:
    least = min((_indent(body[place]) for place in places), default=0)
    return [place for place in places if _indent(body[place]) <= least + slack]


def _numbered(body: Sequence[Line]) -> list[int]:
    """Right-aligned numbers stand two columns apart; a wrapped line that begins with a number is further in."""
    found = [place for place, line in enumerate(body) if NUMBER.match(_BULLET.sub("", unmarked(line.text), count=1))]
    return _outermost(found, body, 2)


def _bulleted(body: Sequence[Line]) -> list[int]:
    return _outermost([place for place, line in enumerate(body) if _BULLET.match(line.text)], body, 0)


def _after_blank(body: Sequence[Line]) -> list[int]:
    said = [place for place, line in enumerate(body) if line.text.strip()]
    return [place for place in said if place == 0 or not body[place - 1].text.strip()]


def _outdented(body: Sequence[Line]) -> list[int]:
    return _outermost([place for place, line in enumerate(body) if line.text.strip()], body, 0)


def _groups(body: Sequence[Line], starts: Sequence[int]) -> Iterator[list[Line]]:
    for start, end in pairwise([*starts, len(body)]):
        item, said = list(body[start : start + 1]), body[start].text.rstrip()
        for before, line in pairwise(body[start:end]):
            apart = bool(line.text.strip()) and not before.text.strip()
            if apart and said.endswith((".", ")", "]")) and not _continues(line):
                break  # another paragraph, when the entry was complete
            item, said = [*item, line], line.text.rstrip() or said
        while not item[-1].text.strip():
            item.pop()
        yield item


def _continues(line: Line) -> bool:
    """Venues stand in a paragraph or a bullet of their own below the item they belong to."""
    return bool(_BULLET.match(line.text)) or looks_like_venue(unmarked(line.text))


def _read(item: Sequence[Line], words: frozenset[str]) -> Item:
    """An entry from its lines: with its authors on lines of their own, else as running text."""
    parts, years = _paragraphs(item)
    marked = [fold(unmarked(phrase)) for line in item for phrase in _STRONG.findall(line.text)]
    apart = _told_apart([text for part in parts for text in part], words)
    running = [join_lines(part, words) for part in parts]
    return (read_entry([*apart, *years], marked) if apart else None) or read_entry([*running, *years], marked), item


def _paragraphs(item: Sequence[Line]) -> tuple[list[list[str]], list[str]]:
    """The lines of each paragraph or inner bullet, and the years that stand in a column of their own."""
    years: list[str] = []
    parts: list[list[str]] = []
    fresh = True
    for line in item:
        text = _BULLET.sub("", unmarked(line.text.replace("\f", "")), count=1)
        column = _COLUMN.search(text)
        if column:
            years.append(column[1] or column[2])
            text = text[: column.start()] + " " + text[column.end() :]
        if text.strip():
            parts += [[]] if fresh or _BULLET.match(line.text) else []
            parts[-1].append(text)
        fresh = not text.strip()
    return parts, years


def _told_apart(texts: Sequence[str], words: frozenset[str]) -> list[str]:
    """[title, authors, rest] when the authors fill lines of their own below a title; else []."""
    begins = leading_authors(NUMBER.sub("", texts[0], count=1)) if texts else []
    if not 1 < len(texts) <= 40 or (begins and (len(begins[0][0].names) > 1 or begins[0][0].truncated)):
        return []
    spans = [(start, end) for start in range(1, len(texts)) for end in range(start + 1, min(start + 4, len(texts)) + 1)]
    lists = [(len(who.names), start - end, start) for start, end in spans if (who := as_authors(join_lines(texts[start:end], words)))]
    if not lists or max(lists)[0] < 2:
        return []
    start, end = max(lists)[2], max(lists)[2] - max(lists)[1]
    return [join_lines(texts[:start], words), join_lines(texts[start:end], words), join_lines(texts[end:], words)]
