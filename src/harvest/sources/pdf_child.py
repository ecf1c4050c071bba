"""A PDF from stdin, its text in layout as JSON on stdout. Run as a process of its own, so that a hostile file ends
nothing but itself; it imports nothing of ours, so that it starts at once.

Characters become lines by where they stand, as `pdftotext -layout` does: columns keep their distance, a form feed
begins every page but the first. Limits of time and memory are the kernel's, where it has them.
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as c

PAGES, CHARACTERS = 100, 600_000  # of a document; far above any CV
SECONDS, MEMORY = 4, 1 << 30
_SPACE, _COLUMN, _PARAGRAPH = 0.13, 1.6, 1.3  # gaps in ems, ems and line distances
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x2010: "-"}  # how the library writes a hyphen at a line's end
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


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
    pages: list[tuple[list[list[Glyph]], list[tuple[float, str]]]] = []
    total, left = len(document), CHARACTERS
    for number in range(min(total, PAGES)):
        page = document[number]
        glyphs = list(_glyphs(page, left))
        left -= len(glyphs)
        pages.append((_rows(glyphs), list(_links(page))))
        page.close()
        if left <= 0:
            break
    lines: list[str] = []
    links: list[tuple[int, str]] = []
    margin = min((row[0].left for rows, _ in pages for row in rows), default=0)  # a list may go on over a page
    for number, (rows, targets) in enumerate(pages):
        start = len(lines)
        own = _layout(rows, margin)
        lines += [("\f" if number and not place else "") + text for place, (text, _) in enumerate(own)]
        for y, target in targets:
            row = next((place for place, (_, box) in enumerate(own) if box and box[0] - 1 <= y <= box[1] + 1), None)
            if row is not None:
                links.append((start + row + 1, target))
    read = len(pages)
    return {"text": "\n".join(lines), "links": links, "pages": total, "read": read}


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


def _layout(rows: list[list[Glyph]], margin: float) -> list[tuple[str, tuple[float, float] | None]]:
    """Each line's text and the heights it spans; an empty line where paragraphs part."""
    if not rows:
        return [("", None)]
    width = median(glyph.right - glyph.left for row in rows for glyph in row) or 1
    steps = [_base(above) - _base(below) for above, below in pairwise(rows)]
    usual = median(steps) if steps else 0
    told: list[tuple[str, tuple[float, float] | None]] = []
    for place, row in enumerate(rows):
        if place and steps[place - 1] > _PARAGRAPH * usual:
            told.append(("", None))
        told.append((_line(row, margin, width), (min(g.bottom for g in row), max(g.top for g in row))))
    return told


def _base(row: list[Glyph]) -> float:
    return max(row, key=lambda glyph: glyph.height).bottom


def _line(row: list[Glyph], margin: float, width: float) -> str:
    text = " " * min(round((row[0].left - margin) / width), 200) + row[0].text
    for before, glyph in pairwise(row):
        gap, em = glyph.left - before.right, max(before.height, glyph.height) / 1.2
        if gap > _COLUMN * em:
            text = text.ljust(max(min(round((glyph.left - margin) / width), 300), len(text) + 3))
        elif gap > _SPACE * em:
            text += " "
        text += glyph.text
    return text


def _links(page: pypdfium2.PdfPage) -> Iterator[tuple[float, str]]:
    """How high on a page a link's middle is, and its address."""
    place, link = ctypes.c_int(0), c.FPDF_LINK()
    while c.FPDFLink_Enumerate(page, place, link):
        action, box = c.FPDFLink_GetAction(link), c.FS_RECTF()
        size = c.FPDFAction_GetURIPath(page.pdf, action, None, 0) if action else 0
        if 1 < size < 2000 and c.FPDFLink_GetAnnotRect(link, box):
            held = ctypes.create_string_buffer(size)
            c.FPDFAction_GetURIPath(page.pdf, action, held, size)
            yield (box.top + box.bottom) / 2, held.value.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
