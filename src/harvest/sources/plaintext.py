"""Cuts a publication section of a text into entries: numbered, bulleted, in paragraphs, or by hanging indent."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from harvest.sources.authors import as_authors, leading_authors
from harvest.sources.listing import BULLET, NUMBER, Entry, read_entry
from harvest.sources.page import Line
from harvest.sources.text import fold, join_lines, unmarked
from harvest.sources.venue import looks_like_venue

Item = tuple[Entry | None, Sequence[Line]]  # None: not understood
_YEARS = re.compile(r"\s*((?:19|20)\d\d)(?:\s*[–-]\s*\d*)?\s{2,}(?=\S)")
_COLUMN = re.compile(r"\S\s{3,}(\S(?:.{0,58}\S)?)\s*$")
_MARGINAL = re.compile(r"\s{20,}\d{1,3}\s*")
_STRONG = re.compile(r"\*\*([^*\n]{8,300})\*\*")
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_FOOTER = re.compile(r"[\s\f]*(?:page\s+)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,3})?\s*", re.IGNORECASE)


def text_items(body: Sequence[Line], words: frozenset[str], *, alone: bool = False) -> list[Item]:
    """The entries among the lines of one section, in order; `words` are the document's. `alone` as for an entry."""
    body = _rows_as_items(body)
    best: list[Item] = []
    for begins in _WAYS:
        items = [_read(item, words, alone) for item in _groups(body, begins(body))]
        if begins in _MARKED and len(items) > 1 and _worth(items) >= 0:
            return items  # numbers and bullets are the author's own word
        best = max(best, items, key=_worth)
    return best


def _rows_as_items(body: Sequence[Line]) -> list[Line]:
    """The rows of a table as bulleted items, a line per cell, the year last; head and rule go."""
    rules = {place for place, line in enumerate(body) if _RULE.fullmatch(line.text)}
    told = []
    for place, line in enumerate(body):
        if not line.text.strip().startswith("|"):
            told.append(line)
        elif not rules & {place, place + 1}:
            cells = [cell.strip() for cell in line.text.strip().strip("|").split("|") if cell.strip()]
            cells.sort(key=lambda cell: bool(re.fullmatch(r"(?:19|20)\d\d", cell)))
            told += [replace(line, text=("  " if number else "- ") + cell) for number, cell in enumerate(cells)]
    return told


def _worth(items: Sequence[Item]) -> int:
    return sum(1 if entry else -1 for entry, _ in items)


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Without page numbers, and without the headers and footers that stand at several page breaks."""
    breaks = [place for place, line in enumerate(lines) if "\f" in line.text]
    edges = [
        edge for place in breaks for edge in (_edge(lines, place - 1, -1), _edge(lines, place, 1)) if edge is not None
    ]
    bare = [re.sub(r"\d+", "#", fold(lines[edge].text)) for edge in edges]
    gone = {place for place, line in enumerate(lines) if _MARGINAL.fullmatch(line.text)} | {
        edge
        for edge, text in zip(edges, bare, strict=True)
        if bare.count(text) > 1 or _FOOTER.fullmatch(lines[edge].text)
    }
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
    found = [place for place, line in enumerate(body) if NUMBER.match(BULLET.sub("", unmarked(line.text), count=1))]
    return _outermost(found, body, 2)


def _bulleted(body: Sequence[Line]) -> list[int]:
    return _outermost([place for place, line in enumerate(body) if BULLET.match(line.text)], body, 0)


def _after_blank(body: Sequence[Line]) -> list[int]:
    said = [place for place, line in enumerate(body) if line.text.strip()]
    return [place for place in said if place == 0 or not body[place - 1].text.strip()]


def _outdented(body: Sequence[Line]) -> list[int]:
    return _outermost([place for place, line in enumerate(body) if line.text.strip()], body, 0)


_MARKED = (_numbered, _bulleted)
_WAYS = (*_MARKED, _after_blank, _outdented)  # of several that read as much, the first is right


def _groups(body: Sequence[Line], starts: Sequence[int]) -> Iterator[list[Line]]:
    for start, end in pairwise([*starts, len(body)]):
        item, said = list(body[start : start + 1]), body[start].text.rstrip()
        for before, line in pairwise(body[start:end]):
            apart = bool(line.text.strip()) and not before.text.strip()
            over_page = "\f" in before.text + line.text or line.number > before.number + 1
            if apart and not _continues(line) and (said.endswith((".", ")", "]")) or not over_page):
                break  # another paragraph
            item, said = [*item, line], line.text.rstrip() or said
        while not item[-1].text.strip():
            item.pop()
        yield item


def _continues(line: Line) -> bool:
    """Venues stand in a paragraph or a bullet of their own below the item they belong to."""
    return bool(BULLET.match(line.text)) or looks_like_venue(unmarked(line.text))


def _read(item: Sequence[Line], words: frozenset[str], alone: bool) -> Item:
    """An entry from its lines: with its authors on lines of their own, else as running text."""
    parts, beside = _paragraphs(item)
    marked = [fold(unmarked(phrase)) for line in item for phrase in _STRONG.findall(line.text)]
    apart = _told_apart([text for part in parts for text in part], words)
    running = [join_lines(part, words) for part in parts]
    found = read_entry([*apart, *beside], marked, lenient=True) if apart else None
    return found or read_entry([*running, *beside], marked, alone=alone), item


def _paragraphs(item: Sequence[Line]) -> tuple[list[list[str]], list[str]]:
    """The lines of each paragraph or inner bullet, and the years and venues that stand in a column of their own."""
    beside: list[str] = []
    parts: list[list[str]] = []
    fresh = True
    for line in item:
        text = BULLET.sub("", unmarked(line.text.replace("\f", "")), count=1)
        year, column = _YEARS.match(text), _COLUMN.search(text)
        if column and looks_like_venue(column[1]):
            beside.append(column[1])
            text = text[: column.start() + 1]
        if year:
            beside.append(year[1])
            text = text[year.end() :]
        if text.strip():
            parts += [[]] if fresh or BULLET.match(line.text) else []
            parts[-1].append(text)
        fresh = not text.strip()
    return parts, beside


def _told_apart(texts: Sequence[str], words: frozenset[str]) -> list[str]:
    """[title, authors, rest] when title and authors fill lines of their own, in either order; else []."""
    above = _authors_above(texts, words)
    if above:
        return above
    first = NUMBER.sub("", texts[0], count=1) if texts else ""
    begins = any(
        len(who.names) > 1 or who.truncated or first[:end].endswith(".") for who, end in leading_authors(first)
    )
    if begins or not 1 < len(texts) <= 40:
        return []
    found = []
    for start in range(1, len(texts)):
        for end in range(start + 1, min(start + 4, len(texts)) + 1):
            rest = join_lines(texts[end:], words)
            alone = end == start + 1 and looks_like_venue(rest)
            who = as_authors(join_lines(texts[start:end], words), lenient=alone)
            if who and (len(who.names) > 1 or alone):
                found.append(
                    (
                        sum(" " in name for name in who.names),
                        start - end,
                        [join_lines(texts[:start], words), join_lines(texts[start:end], words), rest],
                    )
                )
    return max(found)[2] if found else []


def _authors_above(texts: Sequence[str], words: frozenset[str]) -> list[str]:
    """[title, authors, rest] when whole lines hold first the authors, then the title, then the venue; else []."""
    number = NUMBER.match(texts[0]) if texts else None
    for end in range(1, min(4, len(texts) - 1)):
        listed = NUMBER.sub("", join_lines(texts[:end], words), count=1)
        if listed.endswith((",", " and", "&")) or not as_authors(listed) or " " not in listed.strip():
            continue
        venue = next((place for place in range(end + 1, len(texts)) if looks_like_venue(texts[place].strip())), None)
        title = join_lines(texts[end:venue], words)
        go_on = any(len(who.names) > 1 for who, _ in leading_authors(title))  # a list that is wrapped inside a name
        if venue and not go_on and not re.search(r"\.[”\"]?\s+\S", title) and (", " in listed or not as_authors(title)):
            return [(number[0] if number else "") + title, listed, join_lines(texts[venue:], words)]
    return []
