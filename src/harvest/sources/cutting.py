"""Where the entries of a list may begin: at numbers, bullets, years, white space, indents, or by what the lines say.

A way takes the lines of a section and tells the places of the first lines of entries.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from harvest.sources.authors import as_authors, leading_authors
from harvest.sources.listing import BULLET, NUMBER
from harvest.sources.page import Line
from harvest.sources.text import unmarked
from harvest.sources.venue import looks_like_venue

MARGIN_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\s*[–-]\s*\d*)?\s+(?=[A-Z\[(“\"])")  # a year before the entry it dates
_INITIAL_LAST = re.compile(r"(?:^|[\s.-])[A-Z]\.$")
_FULL = 0.9  # of the widest line: characters are not equally wide


def _indent(line: Line) -> int:
    text = line.text.replace("\f", "")  # the first line of a page stands no further in than the others
    return len(text) - len(text.lstrip())


def _outermost(places: Sequence[int], body: Sequence[Line], slack: int) -> list[int]:
    least = min((_indent(body[place]) for place in places), default=0)
    return [place for place in places if _indent(body[place]) <= least + slack]


def _numbered(body: Sequence[Line]) -> list[int]:
    """Right-aligned numbers stand two columns apart; a wrapped line that begins with a number is further in."""
    bare = [BULLET.sub("", unmarked(line.text), count=1) for line in body]
    found = [place for place, text in enumerate(bare) if NUMBER.match(text)]
    years = [(place, MARGIN_YEAR.match(text), text) for place, text in enumerate(bare)]
    dated = [place for place, year, text in years if year and NUMBER.match(text[year.end() :])]
    return sorted({*_outermost(found, body, 2), *dated})


def _bulleted(body: Sequence[Line]) -> list[int]:
    """Those furthest out on their page: a page without a picture beside the text may begin further left."""
    pages: list[list[int]] = [[]]
    for place, line in enumerate(body):
        if "\f" in line.text or (place and line.number > body[place - 1].number + 1):
            pages.append([])
        if BULLET.match(line.text):
            pages[-1].append(place)
    return [place for own in pages for place in _outermost(own, body, 0)]


def _dated(body: Sequence[Line]) -> list[int]:
    """A wrapped line that begins with a year is no entry; in such a list the first line begins with one."""
    found = [place for place, line in enumerate(body) if MARGIN_YEAR.match(unmarked(line.text))]
    first = next((place for place, line in enumerate(body) if line.text.strip()), None)
    return _outermost(found, body, 0) if first in found else []


def _after_blank(body: Sequence[Line]) -> list[int]:
    said = [place for place, line in enumerate(body) if line.text.strip()]
    return [place for place in said if place == 0 or not body[place - 1].text.strip()]


def _outdented(body: Sequence[Line]) -> list[int]:
    return _outermost([place for place, line in enumerate(body) if line.text.strip()], body, 0)


def _after_short(body: Sequence[Line]) -> list[int]:
    """Lines whose first word had room on the line above."""
    return _pairs(body, _has_room)


def _by_names(body: Sequence[Line]) -> list[int]:
    """Lines that begin with a list of names, or with a quoted title, where the line above may end an entry."""
    return _pairs(body, lambda above, below, width: _ends(above, below, width) and _begins_entry(below))


def _after_venue(body: Sequence[Line]) -> list[int]:
    """Lines below one that tells the venue, as the last line of an entry does."""
    return _pairs(body, lambda above, below, width: _is_venue(above) and not (_is_venue(below) or below[0] == "("))


def _after_names(body: Sequence[Line]) -> list[int]:
    """Lines below the names, where these end an entry."""
    return _pairs(body, lambda above, below, _: bool(as_authors(above)) and not as_authors(below))


def _pairs(body: Sequence[Line], parts: Callable[[str, str, int], bool]) -> list[int]:
    """The first line with words, and all that `parts` tells from the one above: (above, line, width of the text)."""
    said = [(place, unmarked(line.text).replace("\f", "").rstrip()) for place, line in enumerate(body)]
    said = [(place, text) for place, text in said if text.strip()]
    width = max((len(text) for _, text in said), default=0)
    return [place for place, _ in said[:1]] + [
        place for (_, above), (place, below) in pairwise(said) if parts(above, below.strip(), width)
    ]


def _has_room(above: str, below: str, width: int) -> bool:
    return len(above) + len(below.split(maxsplit=1)[0]) < _FULL * width


def _ends(above: str, below: str, width: int) -> bool:
    """A full line that ends inside a list of names or a title goes on below."""
    closed = above.endswith((".", ")", "]", "?")) and not _INITIAL_LAST.search(above)
    return closed or above[-1].isdigit() or _has_room(above, below, width)


def _begins_entry(text: str) -> bool:
    ways = leading_authors(text)
    return text.startswith(("“", '"', "„", "[")) or any(
        len(who.names) > 1
        or who.truncated
        or (" " in who.names[0] and (text[:end].endswith(".") or text[end:].lstrip(" ,").startswith(("“", '"'))))
        for who, end in ways
    )


def _is_venue(text: str) -> bool:
    return looks_like_venue(text.strip()) and not as_authors(text)


Way = Callable[[Sequence[Line]], list[int]]
MARKED = (_numbered, _bulleted, _dated)
GUESSED = (_by_names, _after_venue, _after_names, _after_short)
_TOLD = (_after_venue, _after_names)  # white space within an entry parts nothing
# Of several that read as much, the first is right.
WAYS = (*MARKED, _after_blank, _outdented, *GUESSED)


def groups(body: Sequence[Line], begins: Way) -> Iterator[list[Line]]:
    """The lines of each entry, when entries begin where `begins` says; what stands before the first belongs to none."""
    starts, whole = begins(body), begins in _TOLD
    for start, end in pairwise([*starts, len(body)]):
        item, said, turned = list(body[start : start + 1]), start, False
        for place in range(start + 1, end):
            line, above = body[place], body[said]
            apart = bool(line.text.strip()) and place > said + 1
            turned = turned or "\f" in above.text + line.text or line.number > body[place - 1].number + 1
            ended = above.text.rstrip().endswith((".", ")", "]")) or not turned
            if apart and not whole and not _continues(line) and ended:
                break  # another paragraph
            item.append(line)
            if line.text.strip():
                said, turned = place, False
        while not item[-1].text.strip():
            item.pop()
        yield item


def _continues(line: Line) -> bool:
    """Venues stand in a paragraph or a bullet of their own below the item they belong to."""
    return bool(BULLET.match(line.text)) or looks_like_venue(unmarked(line.text))
