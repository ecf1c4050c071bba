"""Cuts a page's publication section into entries, by the shape of its blocks.

A list of two or more names is an anchor. The smallest block around it that holds a whole entry shows what
an entry looks like on this page; all blocks of that shape are entries, also those whose authors are hard
to recognise. Where no block holds an entry (title, authors and venue are neighbours), entries are cut
from the run of lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from harvest.sources.authors import as_authors, leading_authors
from harvest.sources.labels import unlabelled
from harvest.sources.listing import BULLET, NUMBER, Entry, names_the_others, read_entry
from harvest.sources.page import Block, Line
from harvest.sources.venue import looks_like_venue, tells_venue

Item = tuple[Entry | None, Sequence[Line]]  # None: not understood
_ITEMS = frozenset(("li", "tr", "article"))  # what lists are made of: an entry ends there
_LARGEST = 20  # lines of one entry, with buttons and a note


def page_items(bodies: Sequence[Sequence[Line]], lines: Sequence[Line], *, alone: bool = False) -> list[list[Item]]:
    """The entries of each section, in order; `lines` are those of the whole page. `alone` as for an entry."""
    blocks = _Blocks([line for body in bodies for line in body], lines, alone)
    return [
        _body_items([(number, list(own)) for number, own in groupby(body, key=blocks.entry_of)], alone)
        for body in bodies
    ]


def _body_items(runs: Sequence[tuple[int, list[Line]]], alone: bool) -> list[Item]:
    """The entries of one section; a row of links right below an entry is its own."""
    items: list[Item] = []
    for number, own in runs:
        taken = 0
        if items and _goes_on(items[-1], own[0], alone):
            items[-1], taken = _parsed([*items[-1][1], own[0]], alone), 1
        links = [] if number or not items else list(takewhile(_is_button_row, own[taken:]))
        if links:
            items[-1] = (items[-1][0], [*items[-1][1], *links])
        rest = own[taken + len(links) :]
        items += [_parsed(rest, alone)] if number and rest else _cut(rest, alone)
    return items


def _goes_on(item: Item, line: Line, alone: bool) -> bool:
    """Whether a block after an entry that tells no venue is what it misses: a line of its own that tells one."""
    entry, above = item
    if not tells_venue(line.text) or read_entry([line.text], line.marked):
        return False
    return not entry.tail if entry else alone and bool(_parsed([*above, line], alone)[0])


class _Blocks:
    """The blocks around the lines of all sections, and which of them are entries."""

    def __init__(self, body: Sequence[Line], lines: Sequence[Line], alone: bool) -> None:
        self.alone = alone
        everywhere = Counter(block.number for line in lines for block in line.within)
        self.inside: defaultdict[int, list[Line]] = defaultdict(list)
        self.anchors: Counter[int] = Counter()
        anchored = [body[place] for place in _anchors(body)]
        lonely = [] if anchored else [line for line in body if as_authors(line.text) or (alone and _unnamed(line))]
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
            if found and ((found.tag in _ITEMS and block.tag not in _ITEMS) or _lonely(own[own.index(line) + 1 :])):
                break
            entry, _ = _parsed(own, self.alone)
            tells = entry is not None and looks_like_venue(entry.tail)
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


def _unnamed(line: Line) -> bool:
    """Whether an item of a list is a work of an owner who goes without saying: title and venue, and no name."""
    entry = read_entry([line.text], line.marked, alone=True) if line.within and line.within[-1].tag == "li" else None
    return entry is not None and not entry.authors.names


def _anchors(lines: Sequence[Line]) -> list[int]:
    """The lines that name authors; above "with Ada Byron" a title may read like names."""
    joint = [names_the_others(line.text) for line in lines[1:]] + [False]
    return [place for place, line in enumerate(lines) if not joint[place] and _is_anchor(line)]


def _is_anchor(line: Line) -> bool:
    text = unlabelled(line.text, line.marked)
    who = as_authors(text)
    if not who:
        if names_the_others(text) or _names_then_venue(text):
            return True
        entry = read_entry([line.text], line.marked)
        who = entry.authors if entry else None
        if entry and entry.joint:
            return True
    return who is not None and (len(who.names) > 1 or who.truncated)


def _names_then_venue(text: str) -> bool:
    """ "Ada Byron, Bo Li, ICML 2023": the title stands above."""
    ways = ((who, text[end:].lstrip(" ,.;")) for who, end in leading_authors(text))
    return any(len(who.names) > 1 and told and looks_like_venue(told) for who, told in ways)


def _parsed(own: Sequence[Line], alone: bool = False) -> Item:
    named = next((place for place, line in enumerate(own) if as_authors(line.text)), 0)  # a short title is linked above
    buttons = {place for place, line in enumerate(own) if _is_button_row(line) and (place > named or not line.marked)}
    seen = [line for place, line in enumerate(own) if not place or place not in buttons]
    return read_entry(
        [line.text for line in seen], [phrase for line in seen for phrase in line.marked], lenient=True, alone=alone
    ), own


def _is_button_row(line: Line) -> bool:
    short = line.linked and not line.level and all(len(phrase) < 25 for phrase in line.marked)
    return short and not as_authors(line.text) and not looks_like_venue(line.text)


def _cut(own: Sequence[Line], alone: bool) -> Iterator[Item]:
    """Entries whose parts are neighbours: each begins at its title, which stands on one side of the authors in all."""
    anchors = _anchors(own)
    lonely = _lonely(own) if alone else []
    if not anchors and not lonely:
        return
    single = [_is_whole(own[place], own[place + 1 : place + 2]) for place in anchors]
    if all(single) and not lonely:  # a line each: so are those with one author
        entries = [_parsed([line], alone) for line in own]
        yield from ((entry, lines) for entry, lines in entries if entry)
        return
    first = next(iter(anchors), 0)
    before = own[first - 1].text if first else ""
    titled = read_entry([own[first].text], own[first].marked)
    back = 1 if before and not titled and not looks_like_venue(before) else 0
    whole = {max(place - back, 0): told for place, told in zip(anchors, single, strict=True)}
    whole = {place: whole.get(place, False) for place in sorted({*whole, *lonely})}
    starts = list(whole)
    typed = [place for place, line in enumerate(own) if BULLET.match(line.text) or NUMBER.match(line.text)]
    if len(typed) >= max(2, len(anchors)):  # bullets and numbers are the author's own word
        starts, whole = typed, {}
    for start, end in pairwise([*starts, len(own)]):
        yield _parsed(own[start : start + 1] if whole.get(start) else own[start:end], alone)


def _lonely(own: Sequence[Line]) -> list[int]:
    """The lines that are the title of a work of the owner's alone, whose venue stands below."""
    told = [read_entry([line.text, below.text], line.marked, alone=True) for line, below in pairwise(own)]
    return [place for place, entry in enumerate(told) if entry and entry.joint and not entry.authors.names]


def _is_whole(line: Line, below: Sequence[Line]) -> bool:
    """Whether a line is all of an entry: it tells the venue, or the line below tells none."""
    entry = read_entry([line.text], line.marked)
    return entry is not None and (bool(entry.tail) or not any(tells_venue(one.text) for one in below))
