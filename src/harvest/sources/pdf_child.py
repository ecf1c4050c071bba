"""A PDF from stdin, its text in layout as JSON on stdout. Run as a process of its own, so that a hostile file ends
nothing but itself; of ours it imports one file that imports nothing, so that it starts at once.

Within a column of the page, characters become lines by where they stand, as `pdftotext -layout` does: the columns of a
table keep their distance, a form feed begins every page but the first. Limits of time and memory are the kernel's,
where it has them.
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import median, multimode
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as c

if TYPE_CHECKING:
    from harvest.sources.reading_order import Block, Glyph, in_order
else:
    sys.path.append(str(Path(__file__).parent))  # last, so that no name in this folder hides another's
    from reading_order import Block, Glyph, in_order

Box = tuple[float, float, float, float]  # left, bottom, right, top; in points from the lower left
PAGES, CHARACTERS = 100, 600_000  # of a document; far above any CV
SECONDS, MEMORY = 4, 1 << 30
_SPACE, _COLUMN, _PARAGRAPH = 0.13, 1.6, 1.3  # gaps in ems, ems and line distances
_WIDE, _WIDER = 0.6, 2.2  # ems and usual gaps of a line: columns may stand this close
_INDENT = 40  # points, at the most: columns stand further apart
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x2010: "-"}  # how the library writes a hyphen at a line's end
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


def main() -> None:
    """Text, links by line, pages left out; or a sentence about what is wrong."""
    _limit()
    try:
        with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
            told = _read(document)
    except pypdfium2.PdfiumError as problem:
        told = {"problem": str(problem)}
    json.dump(told, sys.stdout)


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(document: pypdfium2.PdfDocument) -> dict[str, object]:
    pages: list[list[Glyph]] = []
    targets: list[list[tuple[float, float, str]]] = []
    total, left = len(document), CHARACTERS
    for number in range(min(total, PAGES)):
        page = document[number]
        pages.append(list(_glyphs(page, left)))
        targets.append(list(_links(page)))
        left -= len(pages[-1])
        page.close()
        if left <= 0:
            break
    lines: list[tuple[int, str, Box | None]] = []
    blocks = in_order(pages)
    for place, block in enumerate(blocks):
        own = _layout(_rows(block.glyphs), _margin(block, blocks))
        if place and block.page != blocks[place - 1].page:
            own[0] = ("\f" + own[0][0], own[0][1])
        elif place:
            lines.append((block.page, "", None))
        lines += [(block.page, text, box) for text, box in own]
    placed: dict[int, list[tuple[int, Box]]] = {number: [] for number in range(len(pages))}
    for place, (number, _, box) in enumerate(lines, 1):
        if box:
            placed[number].append((place, box))
    links = [(_behind(x, y, placed[number]), link) for number, own in enumerate(targets) for x, y, link in own]
    text = "\n".join(text for _, text, _ in lines)
    return {"text": text, "links": [one for one in links if one[0]], "pages": total, "read": len(pages)}


def _margin(block: Block, blocks: list[Block]) -> float:
    """Where lines begin that are not indented: the same on every page, since a list may go on over one."""
    alike = [other.left for other in blocks]
    columns = any(other.column for other in blocks)
    return min(left for left in alike if not columns or abs(left - block.left) < _INDENT)


def _behind(x: float, y: float, lines: list[tuple[int, Box]]) -> int:
    """The line that a link lies behind, 0 for none; the nearest of those as high, since it may lie behind a picture."""
    high = [(max(box[0] - x, x - box[2], 0), place) for place, box in lines if box[1] - 1 <= y <= box[3] + 1]
    return min(high, default=(0, 0))[1]


def _glyphs(page: pypdfium2.PdfPage, most: int) -> Iterator[Glyph]:
    """The characters of a page as the file orders them, without the spaces that the library guesses."""
    text = page.get_textpage()
    box = c.FS_RECTF()
    for place in range(min(text.count_chars(), most)):
        code = c.FPDFText_GetUnicode(text, place)
        sign = _HYPHENS.get(code) or chr(code)
        if (sign.isspace() or not sign.isprintable()) or not c.FPDFText_GetLooseCharBox(text, place, box):
            continue
        if box.right > box.left and box.top > box.bottom:
            yield Glyph(_LIGATURES.get(sign, sign), box.left, box.bottom, box.right, box.top)


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters that stand in one line, lines from top to bottom, characters from left to right."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if last and abs(last.bottom - glyph.bottom) < 0.5 and abs(last.top - glyph.top) < 0.5:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    rows: list[tuple[float, float, list[Glyph]]] = []
    for run in sorted(runs, key=lambda one: -one[0].height):
        bottom, top = run[0].bottom, run[0].top
        found = next(
            (place for place, (low, high, _) in enumerate(rows)
             if min(high, top) - max(low, bottom) > 0.5 * (top - bottom)),
            None,
        )  # fmt: skip
        if found is None:
            rows.append((bottom, top, list(run)))
        else:
            rows[found][2].extend(run)
    rows.sort(key=lambda row: -row[1])
    return [sorted(row, key=lambda glyph: glyph.left) for _, _, row in rows]


def _layout(rows: list[list[Glyph]], margin: float) -> list[tuple[str, Box | None]]:
    """Each line's text and box; an empty line where paragraphs part."""
    width = median(glyph.right - glyph.left for row in rows for glyph in row) or 1
    steps = [_base(above) - _base(below) for above, below in pairwise(rows)]
    usual = min(median(steps), *multimode(round(step) for step in steps)) if steps else 0
    told: list[tuple[str, Box | None]] = []
    for place, row in enumerate(rows):
        if place and steps[place - 1] > _PARAGRAPH * usual:
            told.append(("", None))
        ends = min(g.bottom for g in row), max(g.right for g in row), max(g.top for g in row)
        told.append((_line(row, margin, width), (row[0].left, *ends)))
    return told


def _base(row: list[Glyph]) -> float:
    return max(row, key=lambda glyph: glyph.height).bottom


def _line(row: list[Glyph], margin: float, width: float) -> str:
    text = " " * min(round((row[0].left - margin) / width), 200) + row[0].text
    gaps = [
        (glyph, glyph.left - before.right, max(before.height, glyph.height) / 1.2) for before, glyph in pairwise(row)
    ]
    spaces = [gap for _, gap, em in gaps if gap > _SPACE * em]
    several = len(spaces) > 3
    usual = median(spaces) if several else max(spaces, default=0)
    stretched = several and max(spaces) < 1.3 * min(spaces)  # a line that was too short for its column
    for glyph, gap, em in gaps:
        if gap > min(_COLUMN * em, max(_WIDE * em, _WIDER * usual)) and not stretched:
            text = text.ljust(max(min(round((glyph.left - margin) / width), 300), len(text) + 3))
        elif gap > _SPACE * em:
            text += " "
        text += glyph.text
    return text


def _links(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, str]]:
    """Where on a page a link's middle is, and its address."""
    place, link = ctypes.c_int(0), c.FPDF_LINK()
    while c.FPDFLink_Enumerate(page, place, link):
        action, box = c.FPDFLink_GetAction(link), c.FS_RECTF()
        size = c.FPDFAction_GetURIPath(page.pdf, action, None, 0) if action else 0
        if 1 < size < 2000 and c.FPDFLink_GetAnnotRect(link, box):
            held = ctypes.create_string_buffer(size)
            c.FPDFAction_GetURIPath(page.pdf, action, held, size)
            yield (box.left + box.right) / 2, (box.top + box.bottom) / 2, held.value.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
