"""Headings that stand in the left margin of a text, beside the lines they announce, put above them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from harvest.sources.page import Line

_SLACK = 2  # characters are not equally wide, and bullets stand further out
_SIDE = re.compile(r"([A-Z](?:[^\d\n]{0,26}[^\d\s])?)\s{2,}(\S.*)")


def unfolded(lines: Sequence[Line], announces: Callable[[str], bool]) -> list[Line]:
    """The lines with every such heading on a line of its own; those of other texts as they are.

    `announces` tells whether words are a heading. A heading may be wrapped: "SELECTED" above "PUBLICATIONS".
    """
    beside = [found for line in lines if (found := _SIDE.fullmatch(line.text)) and announces(found[1])]
    columns = Counter(found.start(2) for found in beside)
    column, often = columns.most_common(1)[0] if columns else (0, 0)
    column = min((one for one in columns if column - _SLACK <= one), default=0)
    said = [line.text for line in lines if line.text.strip()]
    fits = sum(not text[: column - 1].strip() or bool(_margin(text, column)) for text in said)
    if often < 2 or column < 8 or fits < 0.7 * len(said):
        return list(lines)
    told: list[Line] = []
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and end - place < 4 and _margin(lines[end].text, column):
            end += 1
        heading = " ".join(_margin(line.text, column) for line in lines[place:end])
        if end > place and announces(heading):
            told.append(replace(lines[place], text=f"## {heading}", links=(), behind=()))
            told += [replace(line, text=" " * column + line.text[column:].lstrip()) for line in lines[place:end]]
            place = end
        else:
            told.append(lines[place])
            place += 1
    return told


def _margin(text: str, column: int) -> str:
    """The words left of the column, when nothing but space parts them from it; "" for none."""
    left = text[: column - 2].rstrip()
    clear = left[:1].isupper() and not text[len(left) : column].strip() and not re.search(r"\d", left)
    return left if clear else ""
