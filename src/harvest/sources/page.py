"""A page as lines: what a reader would see, with the links, the emphasis and the blocks around each line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|hr|legend|li|main|menu|nav|ol|p|pre|section|summary|t(?:able|body|d|foot|h|head|r)|ul"
)
_CLOSED_BREAK = re.compile(r"</br\s*>", re.IGNORECASE)
_UNSEEN = re.compile(r"head|script|style|noscript|template|svg|math|iframe|select|video|audio|canvas|object")
_SHOWN_AS_BLOCK = re.compile(r"display:\s*(?:block|flex|grid|list-item|table)\b", re.IGNORECASE)
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_NEAR = 16  # blocks kept per line: pages can nest hundreds, entries do not


class Block(NamedTuple):
    """An element of a page that starts a line of its own."""

    number: int  # counted from the top of the page, so that two blocks of one kind differ
    tag: str
    kind: str  # its class attribute
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a document, as a reader sees it."""

    number: int  # 1-based; in a page, the line of its source
    text: str  # of a text verbatim; of a page with spaces folded
    links: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()  # links that a PDF or Word file lays behind its words, where no reader of it sees them
    marked: tuple[str, ...] = ()  # linked or emphasised pieces
    linked: bool = False  # nothing but links
    within: tuple[Block, ...] = ()  # the nearest blocks around it, outermost first
    level: int = 0  # of a heading; 0 for none


def page_lines(text: str) -> list[Line]:
    """The lines of an HTML document in reading order, without the empty ones. Raises lxml's errors."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    text = _CLOSED_BREAK.sub("<br>", text)  # as browsers do
    root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    lines: list[Line] = []
    for line in _Walk().through(root):
        if line.text:
            lines.append(line)
        elif lines and _beside(lines[-1], line):  # a link around an icon
            lines[-1] = replace(lines[-1], links=lines[-1].links + line.links)
    return lines


def _beside(line: Line, icons: Line) -> bool:
    """Whether the icons stand in a block around the line, or in a list after it."""
    around = {block.number for block in line.within}
    near = (block for block in icons.within[-3:] if block.tag not in ("body", "main", "section", "tbody"))
    return any(block.number in around for block in near)


def _is_block(element: "etree._Element", tag: str) -> bool:
    """Whether an element starts a line of its own, by what it is or by its own style."""
    shown = tag not in ("a", "br", "img") and _SHOWN_AS_BLOCK.search(str(element.get("style") or ""))
    return bool(shown or _BLOCK.fullmatch(tag))


class _Walk:
    """One pass through a page; a line ends where a block begins or ends, and at every `<br>`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.count = self.unseen = self.anchors = 0
        self.began: list[int] = []  # for every open inline element, its first piece of this line
        self.clear()

    def clear(self) -> None:
        """A new line begins."""
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.plain = False  # some letters are outside links
        self.number = self.level = 0
        self.began = [0] * len(self.began)

    def through(self, root: "etree._Element") -> Iterator[Line]:
        """The lines of everything under one element."""
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            starts = event == "start"
            if _UNSEEN.fullmatch(tag):
                self.unseen += 1 if starts else -1
            elif not self.unseen and (_is_block(element, tag) or tag == "br"):
                yield from self.line()
                self.block(starts, element, tag)
            elif not self.unseen:
                self.inline(starts, element, tag)
            if not self.unseen:
                self.say((element.text if starts else element.tail) or "", element)
        yield from self.line()

    def line(self) -> Iterator[Line]:
        """The line that has just ended, if it says anything or links somewhere."""
        text = " ".join("".join(self.pieces).split())
        if text or (self.links and self.blocks):
            level = next((_LEVELS[block.tag] for block in self.blocks if block.tag in _LEVELS), self.level)
            yield Line(
                number=self.number, text=text, links=tuple(self.links), marked=tuple(filter(None, self.marked)),
                linked=not self.plain, within=tuple(self.blocks[-_NEAR:]), level=level,
            )  # fmt: skip
        self.clear()

    def block(self, starts: bool, element: "etree._Element", tag: str) -> None:
        """A block begins or ends; a `<br>` is none."""
        if _is_block(element, tag) and starts:
            self.count += 1
            self.blocks.append(Block(self.count, tag, str(element.get("class") or ""), len(self.blocks)))
        elif _is_block(element, tag):
            self.blocks.pop()

    def inline(self, starts: bool, element: "etree._Element", tag: str) -> None:
        """A link or an emphasis begins or ends. One that runs over a line's end is marked in both lines."""
        if starts:
            self.began.append(len(self.pieces))
            self.level = self.level or 2 * ("head" in tag)  # a page's own <heading>
            if tag == "a" and element.get("href"):
                self.links.append(str(element.get("href")).strip())
        else:
            self.marked.append(" ".join("".join(self.pieces[self.began.pop() :]).split()))
        self.anchors += (tag == "a") * (1 if starts else -1)

    def say(self, text: str, element: "etree._Element") -> None:
        """Words are added to the line."""
        if text.strip():
            line = element.sourceline
            self.number = self.number or (line if isinstance(line, int) else 1)
            self.plain = self.plain or (not self.anchors and any(map(str.isalnum, text)))
        self.pieces.append(text)
