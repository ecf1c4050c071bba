"""Cuts a page's publication section into entries, by the shape of its blocks.

A list of two or more names is an anchor. The smallest block around it that holds a whole entry shows what
an entry looks like on this page; all blocks of that shape are entries, also those whose authors are hard
to recognise. Where no block holds an entry (title, authors and venue are neighbours), entries are cut
from the run of lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from harvest.sources.authors import as_authors
from harvest.sources.listing import Entry, read_entry
from harvest.sources.page import Block, Line
from harvest.sources.venue import looks_like_venue

Item = tuple[Entry | None, Sequence[Line]]  # None: not understood
_ITEMS = frozenset(("li", "tr", "article"))  # what lists are made of: an entry ends there
_LARGEST = 20  # lines of one entry, with buttons and a note


def page_items(bodies: Sequence[Sequence[Line]], lines: Sequence[Line], *, alone: bool = False) -> list[list[Item]]:
    """The entries of each section, in order; `lines` are those of the whole page. `alone` as for an entry."""
    blocks = _Blocks([line for body in bodies for line in body], lines)
    found = []
    for body in bodies:
        runs = [(number, list(own)) for number, own in groupby(body, key=blocks.entry_of)]
        found.append([item for number, own in runs for item in ([_parsed(own, alone)] if number else _cut(own, alone))])
    return found


class _Blocks:
    """The blocks around the lines of all sections, and which of them are entries."""

    def __init__(self, body: Sequence[Line], lines: Sequence[Line]) -> None:
        everywhere = Counter(block.number for line in lines for block in line.within)
        self.inside: defaultdict[int, list[Line]] = defaultdict(list)
        self.anchors: Counter[int] = Counter()
        anchored = [line for line in body if _is_anchor(line)]
        lonely = [] if anchored else [line for line in body if as_authors(line.text)]
        for line in body:
            for block in line.within:
                self.inside[block.number].append(line)
        for line in anchored or lonely:
            self.anchors.update(block.number for block in line.within)
        self.whole = {number for number, own in self.inside.items() if len(own) == everywhere[number]}
        found = [self.entry_around(line) for line in anchored or lonely]
        self.entries = {block for block, told in found if block and (told or anchored)}
        self.shapes = {block[1:] for block in self.entries}

    def entry_around(self, line: Line) -> tuple[Block | None, bool]:
        """The smallest block that holds the entry of this anchor and no other, or a larger one that tells the venue;

        and whether it does tell it.
        """
        found, told = None, False
        for block in reversed(line.within):
            own = self.inside[block.number]
            if self.anchors[block.number] != 1 or block.number not in self.whole or (found and len(own) > _LARGEST):
                break
            entry, _ = _parsed(own)
            tells = bool(entry) and looks_like_venue(entry.tail) if entry else False
            if entry and (not found or (tells and not told) or (block.tag in _ITEMS and found.tag not in _ITEMS)):
                found, told = block, tells
        return found, told

    def entry_of(self, line: Line) -> int:
        """The number of the entry block a line belongs to; 0 for none."""
        for block in line.within:
            alike = block[1:] in self.shapes and not self.anchors[block.number] and block.number in self.whole
            if alike or block in self.entries:
                return block.number
        return 0


def _is_anchor(line: Line) -> bool:
    who = as_authors(line.text)
    if not who:
        entry = read_entry([line.text], line.marked)
        who = entry.authors if entry else None
        if entry and entry.joint:
            return True
    return bool(who) and (len(who.names) > 1 or who.truncated) if who else False


def _parsed(own: Sequence[Line], alone: bool = False) -> Item:
    seen = [line for place, line in enumerate(own) if not (place and _is_button_row(line))]
    return read_entry(
        [line.text for line in seen], [phrase for line in seen for phrase in line.marked], lenient=True, alone=alone
    ), own


def _is_button_row(line: Line) -> bool:
    return line.linked and all(len(phrase) < 25 for phrase in line.marked) and not as_authors(line.text)


def _cut(own: Sequence[Line], alone: bool) -> Iterator[Item]:
    """Entries whose parts are neighbours: each begins at its title, which stands on one side of the authors in all."""
    anchors = [place for place, line in enumerate(own) if _is_anchor(line)]
    if not anchors:
        return
    single = [read_entry([own[place].text], own[place].marked) is not None for place in anchors]
    if all(single):  # a line each: so are those with one author
        entries = [_parsed([line], alone) for line in own]
        yield from ((entry, lines) for entry, lines in entries if entry)
        return
    before = own[anchors[0] - 1].text if anchors[0] else ""
    back = 1 if before and not single[0] and not looks_like_venue(before) else 0
    starts = [max(place - back, 0) for place in anchors]
    for (start, end), whole in zip(pairwise([*starts, len(own)]), single, strict=True):
        yield _parsed(own[start : start + 1] if whole else own[start:end], alone)
