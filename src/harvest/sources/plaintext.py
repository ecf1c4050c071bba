"""Reads the entries of a publication section of a text, cut in the way by which most can be read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from harvest.sources.authors import as_authors, leading_authors
from harvest.sources.cutting import GUESSED, MARGIN_YEAR, MARKED, WAYS, groups
from harvest.sources.labels import LINK_BUTTON, unlabelled
from harvest.sources.listing import BULLET, NUMBER, Entry, read_entry
from harvest.sources.page import Line
from harvest.sources.text import fold, join_lines, unmarked
from harvest.sources.venue import looks_like_venue

Item = tuple[Entry | None, Sequence[Line]]  # None: not understood
_YEARS = re.compile(r"\s*((?:19|20)\d\d)(?:\s*[–-]\s*\d*)?\s{2,}(?=\S)")
_COLUMN = re.compile(r"\S\s{3,}(\S(?:.{0,58}\S)?)\s*$")
_MARGINAL = re.compile(r"\s{20,}\d{1,3}\s*")
# "RSS 2025", "Phys. Rev. D"
_SHORT_VENUE = re.compile(
    r"[A-Z][\w.&’'/-]{1,20}(?: [\w.&’'/-]{1,20}){0,3},? (?:19|20)\d\d|(?:[A-Z][a-z]{1,9}\. ){1,4}(?:[A-Z][a-z]{0,9}\.?)"
)
_STRONG = re.compile(r"\*\*([^*\n]{8,300})\*\*")
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_LARGEST = 15  # lines of an entry
_FOOTER = re.compile(r"[\s\f]*(?:page\s+)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,3})?\s*", re.IGNORECASE)


def text_items(body: Sequence[Line], words: frozenset[str], *, alone: bool = False) -> list[Item]:
    """The entries among the lines of one section, in order; `words` are the document's. `alone` as for an entry."""
    body, beside = _rows_as_items(body), _has_column(body)
    best: list[Item] = []
    for begins in WAYS:
        items = [_read(item, words, alone, beside) for item in groups(body, begins)]
        if begins in MARKED and len(items) > 1 and _worth(items) >= 0:
            return items  # numbers and bullets are the author's own word
        least = _read_well(best) if 3 * _read_well(best) >= 2 * len(best) else 1  # of what a guess reads more
        if begins not in GUESSED or (_read_well(items) > max(1, least) and _worth(items) > 0):
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


def _has_column(body: Sequence[Line]) -> bool:
    """Whether venues and years stand in a column at the right, where some are venues by their place alone."""
    pieces = [column[1] for line in body if (column := _COLUMN.search(line.text))]
    return len(pieces) > 2 and 2 * sum(map(_is_beside, pieces)) >= len(pieces)


def _is_beside(piece: str) -> bool:
    return looks_like_venue(piece) or bool(_SHORT_VENUE.fullmatch(piece))


def _worth(items: Sequence[Item]) -> int:
    """Entries less the rest."""
    return 2 * _read_well(items) - len(items)


def _read_well(items: Sequence[Item]) -> int:
    return sum(bool(entry) and not _several(own) and not own[0].text.lstrip()[:1].islower() for entry, own in items)


def _several(own: Sequence[Line]) -> bool:
    """What fills half a page, or opens a quoted title twice, is more than one entry."""
    said = [line.text.strip() for line in own if line.text.strip()]
    return len(said) > _LARGEST or sum(text.startswith("“") for text in said) > 1


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Without page numbers, and without the headers and footers that stand at the edges of several pages."""
    breaks = [place for place, line in enumerate(lines) if "\f" in line.text]
    ends = [*(place - 1 for place in breaks), len(lines) - 1] if breaks else []
    found = [*(_edge(lines, place, -1) for place in ends), *(_edge(lines, place, 1) for place in breaks)]
    edges = [edge for edge in found if edge is not None]
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


def _read(item: Sequence[Line], words: frozenset[str], alone: bool, column: bool) -> Item:
    """An entry from its lines: with its authors on lines of their own, else as running text."""
    parts, beside = _paragraphs(item, column)
    marked = [fold(unmarked(phrase)) for line in item for phrase in _STRONG.findall(line.text)]
    apart = _told_apart([text for part in parts for text in part], words)
    running = [join_lines(part, words) for part in parts]
    found = read_entry([*apart, *beside], marked, lenient=True) if apart else None
    run = read_entry([*running, *beside], marked, alone=alone)
    best = run if not found or (run and _reads_better(run, found)) else found
    untold = [piece for piece in beside if column and best and piece not in best.tail]
    return (replace(best, tail=", ".join(filter(None, [*untold, best.tail]))) if best and untold else best), item


def _reads_better(run: Entry, apart: Entry) -> bool:
    """Lines that end inside a name leave a part of it at the title, or the last names without what follows."""
    if run.title == apart.title:
        return not re.search(r"[^\W\d_]", apart.tail) and looks_like_venue(run.tail)
    own, other = apart.authors.names, run.authors.names
    cut = " " not in own[0] or other[-len(own) :] == own
    return apart.title.startswith(run.title) and cut and len("".join(other)) > len("".join(own))


def _paragraphs(item: Sequence[Line], aside: bool) -> tuple[list[list[str]], list[str]]:
    """The lines of each paragraph or inner bullet, and the years and venues that stand in a column of their own."""
    beside: list[str] = []
    parts: list[list[str]] = []
    fresh = True
    for line in item:
        text = BULLET.sub("", unmarked(LINK_BUTTON.sub(" ", line.text.replace("\f", ""))), count=1)
        year, column = (_YEARS if parts else MARGIN_YEAR).match(text) or _YEARS.match(text), _COLUMN.search(text)
        if column and not unlabelled(column[1]):
            text = text[: column.start() + 1]
        elif column and (aside or _is_beside(column[1])):
            beside.append(column[1])
            text = text[: column.start() + 1]
        if year:
            beside.append(year[1])
            text = text[year.end() :]
        if text.strip():
            parted = bool(parts) and parts[-1][-1].rstrip().endswith("-")  # a word, over a page
            parts += [[]] if (fresh and not parted) or BULLET.match(line.text) else []
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
        if as_authors(join_lines(texts[: end + 1], words)) and re.search(r",| and ", texts[end]):
            continue  # the list is wrapped
        listed = NUMBER.sub("", join_lines(texts[:end], words), count=1)
        goes_on = listed.endswith((",", " and", "&", "-")) or texts[end].strip().startswith(("and ", "& "))
        if goes_on or not as_authors(listed) or " " not in listed.strip():
            continue
        venue = next((place for place in range(end + 1, len(texts)) if looks_like_venue(texts[place].strip())), None)
        title = join_lines(texts[end:venue], words)
        go_on = any(len(who.names) > 1 for who, _ in leading_authors(title))  # a list that is wrapped inside a name
        if venue and not go_on and not re.search(r"\.[”\"]?\s+\S", title) and (", " in listed or not as_authors(title)):
            return [(number[0] if number else "") + title, listed, join_lines(texts[venue:], words)]
    return []
