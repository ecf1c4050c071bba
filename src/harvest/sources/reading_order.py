"""The order in which a page's text is read: columns one after the other, everything else from top to bottom.

A page is cut along white rectangles, as in Nagy and Seth's X-Y cut (ICPR 1984) with Breuel's whitespace (DAS 2002) in
place of whole-page profiles: a gutter ends where a line crosses it. White also parts the columns of a table, as dates
from entries; those rows share their baselines, while columns are set each at its own pace. A wrong cut costs more than
a missing one, so in doubt there is none. Imports nothing of ours: a process of its own reads PDFs with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_GAP, _GUTTER = 0.6, 0.8  # ems: what parts two pieces of one line, and the least that parts two columns
_LINES = 5  # of a column, at the least
_LOOSE = 0.35  # of what would be rows: begin on no line of the other column; by chance 0.6, in tables below 0.1
_TABLE = 0.7  # of the strips between white lines are rows in a table; in columns up to 0.6
_APART = 1.6  # ems from line to line, where a paragraph begins
_EQUAL = 0.8  # columns so equally wide are one text; else the narrow one stands aside
_MOST = 1000  # pieces of a page; text has one or two hundred
_FAR = 1e6
_FILLED = 0.7  # of a column's width, by half of its lines, when they are text


@dataclass(slots=True)
class Glyph:
    """One character and the box it fills, in points from the lower left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Of its line, not of its ink."""
        return self.top - self.bottom


@dataclass(slots=True)
class Piece:
    """Characters of one line that follow each other closely."""

    glyphs: list[Glyph]
    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Block:
    """Characters that are read together, on one page. `column`: text stands beside it; `aside`: a narrow one."""

    page: int
    glyphs: list[Glyph]
    left: float  # where its lines begin
    column: bool = False
    aside: bool = False


def in_order(pages: Sequence[Sequence[Glyph]]) -> list[Block]:
    """The blocks of a document. Narrow columns of all pages come first, below what stands above the first of them."""
    ems = [median(glyph.height for glyph in glyphs) / 1.2 if glyphs else 0 for glyphs in pages]
    pieces = [list(_pieces(glyphs, em)) for glyphs, em in zip(pages, ems, strict=True)]
    known: dict[int, int] = {}
    for _ in range(2):  # a gutter that was sure on one page is known on the others
        blocks = [block for number, own in enumerate(pieces) for block in _cut(number, own, ems[number], known)]
        if not known:
            break
    first = next((place for place, block in enumerate(blocks) if block.aside), 0)
    return blocks[:first] + sorted(blocks[first:], key=lambda block: not block.aside)


def _pieces(glyphs: Sequence[Glyph], em: float) -> Iterator[Piece]:
    held: list[Glyph] = []
    for glyph in glyphs:
        last = held[-1] if held else glyph
        if abs(last.bottom - glyph.bottom) > 0.5 or not -em < glyph.left - last.right < _GAP * em:
            if held:
                yield _piece(held)
            held = []
        held.append(glyph)
    if held:
        yield _piece(held)


def _piece(glyphs: list[Glyph]) -> Piece:
    left, right = min(one.left for one in glyphs), max(one.right for one in glyphs)
    return Piece(glyphs, left, min(one.bottom for one in glyphs), right, max(one.top for one in glyphs))


def _cut(page: int, pieces: list[Piece], em: float, known: dict[int, int]) -> Iterator[Block]:
    """What stands above two columns, the two, and what stands below; or all of it as one block.

    `known`: where right columns begin, and which column is the narrow one: 0, 1, or -1 for neither.
    """
    found = max(_gutters(pieces, em, known), default=None) if len(pieces) < _MOST else None
    if not found:
        if pieces:
            yield _block(page, pieces, min(piece.left for piece in pieces))
        return
    _, place, low, high = found
    low = _foot(_sides(pieces, -place, low, high), low, em)
    yield from _cut(page, [piece for piece in pieces if _middle(piece) > high], em, known)
    sides = _sides(pieces, -place, low, high)
    if -place not in known:
        known[-place] = _narrow(sides)
    narrow = known[-place]
    for number in (0, 1) if narrow < 1 else (1, 0):
        if sides[number]:
            left = -place if number else min(piece.left for piece in sides[0])
            yield replace(_block(page, sides[number], left), column=True, aside=number == narrow)
    yield from _cut(page, [piece for piece in pieces if _middle(piece) < low], em, known)


def _foot(sides: Sequence[Sequence[Piece]], low: float, em: float) -> float:
    """Where two columns end: above a heading of what stands below both."""
    left, right = (_lines(side, em) for side in sides)
    rest = [line for line in left if right and line.top < right[-1].bottom]
    if low == -_FAR or not 0 < len(rest) < min(3, len(left)):
        return low
    return rest[0].top if left[-len(rest) - 1].bottom - rest[0].bottom > _APART * em else low


def _block(page: int, pieces: Sequence[Piece], left: float) -> Block:
    return Block(page, [glyph for piece in pieces for glyph in piece.glyphs], left)


def _narrow(sides: Sequence[Sequence[Piece]]) -> int:
    widths = [max(one.right for one in side) - min(one.left for one in side) for side in sides]
    return widths.index(min(widths)) if min(widths) < _EQUAL * max(widths) else -1


def _gutters(pieces: Sequence[Piece], em: float, known: Mapping[int, int]) -> Iterator[tuple[int, int, float, float]]:
    """Gutters between columns: lines beside, less where the right column begins, lower and upper end."""
    for edge in {*known, *(round(piece.left) for piece in pieces)}:
        across = [one for one in pieces if one.left < edge - 1 and one.right > edge - _GUTTER * em]
        across.sort(key=lambda one: -one.top)
        ends = [(_FAR, _FAR), *((one.bottom, one.top) for one in across), (-_FAR, -_FAR)]
        lowest = _FAR
        for (bottom, _), (_, top) in pairwise(ends):
            lowest = min(lowest, bottom)
            if lowest - top > 2 * em:
                left, right = (_lines(side, em) for side in _sides(pieces, edge, top, lowest))
                goes_on = edge in known and (known[edge] < 0 or not _is_table(left, right, em))
                if goes_on and _go_on(left, right, edge + 3 * em, bool(across)):
                    yield len(left) + len(right), -edge, top, lowest
                elif _are_columns(left, right, em):
                    yield len(left) + len(right), -round(min(one.left for one in right)), top, lowest


def _go_on(left: Sequence[Piece], right: Sequence[Piece], begins: float, other: bool) -> bool:
    """Whether the columns of another page go on here; one of them may have ended, when there is no other text."""
    return len(right) > 1 and min(one.left for one in right) < begins and (bool(left) or not other)


def _middle(piece: Piece) -> float:
    return (piece.bottom + piece.top) / 2


def _sides(pieces: Sequence[Piece], edge: float, low: float, high: float) -> tuple[list[Piece], list[Piece]]:
    """What stands left of an edge and what right of it, between two heights."""
    band = [piece for piece in pieces if low <= _middle(piece) <= high]
    return [one for one in band if one.left < edge - 1], [one for one in band if one.left >= edge - 1]


def _lines(side: Sequence[Piece], em: float) -> list[Piece]:
    """One piece for each line, from top to bottom: the widest, stretched over the others."""
    lines: list[list[Piece]] = []
    for piece in sorted(side, key=lambda one: -one.bottom):
        if lines and lines[-1][0].bottom - piece.bottom < 0.35 * em:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    told = []
    for line in lines:
        widest = max(line, key=lambda one: one.right - one.left)
        left, right = min(one.left for one in line), max(one.right for one in line)
        told.append(Piece([], left, widest.bottom, right, widest.top))
    return told


def _are_columns(left: list[Piece], right: list[Piece], em: float) -> bool:
    """Whether two sides are texts of their own, not the cells of rows."""
    short, long = sorted((left, right), key=len)
    if len(short) < _LINES:
        return False
    loose = list(_loose(short, long, em))
    apart = sum(loose) >= max(3, _LOOSE * len(loose)) and not _is_table(left, right, em)
    return apart or _are_prose(left, right)


def _is_table(left: list[Piece], right: list[Piece], em: float) -> bool:
    rows = list(_rows(left, right, em))
    return len(rows) > 2 and sum(rows) > _TABLE * len(rows)


def _rows(left: list[Piece], right: list[Piece], em: float) -> Iterator[bool]:
    """Of each strip that white runs above and below, across both sides: whether it holds two cells of one row."""
    sides = [(line, 0) for line in left] + [(line, 1) for line in right]
    strip: list[tuple[Piece, int]] = []
    for line, side in [*sorted(sides, key=lambda one: -one[0].bottom), (Piece([], 0, -_FAR, 0, -_FAR), 0)]:
        if strip and line.bottom + 0.95 * em < min(above.bottom for above, _ in strip) + 0.25 * em:
            ends = [[(one.top, one.bottom) for one, own in strip if own == number] for number in (0, 1)]
            if all(ends):
                (one, foot), (other, base) = ((max(own)[0], min(own)[1]) for own in ends)
                yield min(abs(one - other), abs(one + foot - other - base) / 2) < 0.2 * em
            strip = []
        strip.append((line, side))


def _loose(short: list[Piece], long: list[Piece], em: float) -> Iterator[bool]:
    """Of each line that would begin a row beside the other side's lines: whether it stands on none of them.

    A hint in the margin goes on over two further lines at the most, and as a heading it may be larger than the first
    line of the paragraph beside it; no row begins where a full line goes on. What stands between lines tells nothing.
    """
    full = 0.9 * max(one.right for one in long) + 0.1 * min(one.left for one in long)
    follows = [(above.bottom - one.bottom > _APART * em, above.right > full) for above, one in pairwise(long)]
    rows = list(zip(long, [(True, False), *follows], strict=True))
    since = 0
    for place, line in enumerate(short):
        since = 0 if not place or short[place - 1].bottom - line.bottom > _APART * em else since + 1
        near, goes_on = min((abs(line.bottom - row.bottom), wrapped and not apart) for row, (apart, wrapped) in rows)
        if (not since or since > 2) and near < 0.8 * em:
            begins = not since and any(apart and abs(line.bottom - row.bottom) < 0.5 * em for row, (apart, _) in rows)
            yield ((goes_on and not since) or near > 0.15 * em) and not begins


def _are_prose(left: list[Piece], right: list[Piece]) -> bool:
    """Whether both sides are about equally wide and mostly filled, as text is when it is set in two columns."""
    widths = [max(one.right for one in side) - min(one.left for one in side) for side in (left, right)]
    filled = [median(one.right - one.left for one in side) for side in (left, right)]
    return min(widths) > _EQUAL * max(widths) and all(
        inner > _FILLED * outer for inner, outer in zip(filled, widths, strict=True)
    )
