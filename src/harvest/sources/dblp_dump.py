"""DBLP's whole dump (https://dblp.org/xml/, CC0), gigabytes long: from it, the page of each person asked for.

In the dump a person is a name, with a number where several bear it; who bears which names the homepages say, which
stand anywhere. So it is read three times: for the homepages of the persons, for the records of their names, and for
the pids of those who wrote with them, which the service's own pages give too. One reading checks that all of it is
XML; only what stands near a name that is looked for is made into elements.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from html.entities import name2codepoint
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple, Protocol
from xml.parsers import expat

from lxml import etree

from harvest.errors import InputProblem
from harvest.sources.dblp_record import KINDS

_START = re.compile(
    rb"[\s\xef\xbb\xbf]*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--(?:[^-]|-(?!-)){0,2000}-->\s*){0,5}"
    rb"(?:<!DOCTYPE dblp\b[^<>\[]{0,300}(\[)?|<dblp[\s>])"
)
_ROOT = re.compile(rb"[^\0]{0,20000}?<dblp(?:\s[^<>]{0,300})?>")  # and all before it
_CODING = re.compile(rb"[\s\xef\xbb\xbf]*<\?xml[^<>]{0,100}\sencoding=[\"']([\w-]{1,20})[\"']")
_CODINGS = ("iso-8859-1", "us-ascii", "utf-8")
_END = re.compile(rb"</(?:%s|www)>" % "|".join(sorted(KINDS)).encode())
_HOMEPAGE = re.compile(rb"<www\s(?:[^<>]{0,300}\s)?key=[\"']homepages/([^\"'<>]{1,100})[\"']")
_NAME = re.compile(r"<(?:author|editor)\b([^<>]{0,300})>([^<>]{1,300})<")
_PID = re.compile(r"\spid=[\"']([^\"']{1,100})[\"']")
_DAY = re.compile(rb"mdate=[\"'](\d{4}-\d\d-\d\d)[\"']")
_LONGEST = 10_000_000  # bytes without the end of a record: none is so long, and it would only fill the memory
_TAIL = 50_000  # bytes in which nearly always a record ends
_MOVES = 5  # from pid to pid, until a person is found
# Letters by their names, which its document type declares: those of HTML, spelled as numbers. That type is never read,
# and whatever else is named stays the words that it is, so that nothing expands.
_LETTER = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,30});")
_LETTERS = {name.encode(): b"&#%d;" % number for name, number in name2codepoint.items()}


class File(Protocol):
    """A file that can be read several times, block by block, already unpacked."""

    path: Path

    def head(self) -> bytes:
        """Its first block."""
        ...

    def blocks(self) -> Iterator[bytes]:
        """All of it; raises InputProblem when it is damaged or breaks off."""
        ...


class Pages(NamedTuple):
    """What a dump says of some persons."""

    pages: Mapping[str, bytes]  # by pid, the XML that the service would give; who is not known there is not here
    newest: str  # the day of the newest change in the dump, such as "2026-11-01"; "" when it says none


class _Home(NamedTuple):
    """What a person's homepage says, or that there is none."""

    pid: str
    person: "etree._Element"  # as the service's pages have it; without children when there is none


class _Taken(NamedTuple):
    """What persons wrote, as the dump has it."""

    works: Mapping[str, Mapping[tuple[str, str], bytes]]  # by pid, then by year and key
    names: set[str]  # of all who signed any of them
    newest: str


def is_dump(head: bytes) -> bool:
    """Whether a file that begins so is DBLP's dump, or a part of one."""
    return bool(_START.match(head))


def pages_in(file: File, pids: Collection[str]) -> Pages:
    """The page of each person whose pid the dump knows; raises InputProblem when it is cut, or no whole XML."""
    return _Dump(file).pages(pids)


class _Dump:
    """One dump, read anew by everything that looks for something in it."""

    def __init__(self, file: File) -> None:
        self._file = file
        head = file.head()
        start, coding, root = _START.match(head), _CODING.match(head), _ROOT.match(head)
        self._coding = coding[1].decode().lower() if coding else "utf-8"
        if start and start[1]:
            raise self._refused("it declares a document type of its own")
        if self._coding not in _CODINGS:
            raise self._refused(f"it is in {self._coding}")
        if not root:
            raise self._refused("it does not begin as XML does")
        self._root = root.end()

    def pages(self, pids: Collection[str]) -> Pages:
        """In three readings, or two when everybody has a pid already; one more for each move of a person."""
        homes = self._homes(pids)
        named = {name: home.pid for home in homes.values() for name in _unbound(home.person)}
        taken = self._taken({home.pid for home in homes.values()}, named)
        known = {**self._pids(taken.names - named.keys()), **named}
        there = {asked: home for asked, home in homes.items() if len(home.person) or taken.works[home.pid]}
        return Pages({asked: _page(home, taken.works[home.pid], known) for asked, home in there.items()}, taken.newest)

    def _homes(self, pids: Collection[str]) -> dict[str, _Home]:
        """For each pid asked for, the person's homepage, followed to where they have moved."""
        now, found, looked = {pid: pid for pid in pids}, dict[str, "etree._Element"](), set[str]()
        for _ in range(_MOVES):
            wanted = set(now.values()) - looked
            for block in self._blocks() if wanted else ():
                records = [record for pid, record in _homepages(block, self._coding) if pid in wanted]
                found |= {home.get("key", "")[10:]: home for home in self._elements(b"".join(records))}
            looked |= wanted
            now = {asked: _moved(found.get(pid)) or pid for asked, pid in now.items()}
        return {asked: _Home(pid, _person(pid, found.get(pid))) for asked, pid in now.items()}

    def _taken(self, pids: Collection[str], named: Mapping[str, str]) -> _Taken:
        """The records of these persons."""
        wanted, newest, names = {*pids, *named}, b"", set[str]()
        works: dict[str, dict[tuple[str, str], bytes]] = {pid: {} for pid in pids}
        for block in self._checked():
            newest = max([newest, *_DAY.findall(block)])
            for work in self._elements(self._near(block, wanted)):
                whose = {one.get("pid") or named.get(one.text or "") for one in work.iterchildren("author", "editor")}
                if work.tag in KINDS and (theirs := works.keys() & whose):
                    names |= set(_unbound(work))
                    record = etree.tostring(work, encoding="ascii", with_tail=False)
                    for pid in theirs:
                        works[pid][work.findtext("year", ""), work.get("key", "")] = record
        return _Taken(works, names, newest.decode())

    def _near(self, block: bytes, wanted: Collection[str]) -> bytes:
        """The records that some of these names or pids have signed."""
        if not self._signed(block, wanted):
            return b""
        ends = [0, *(found.end() for found in _END.finditer(block))]
        return b"".join(block[one:end] for one, end in pairwise(ends) if self._signed(block[one:end], wanted))

    def _signed(self, records: bytes, wanted: Collection[str]) -> bool:
        """Whether any of these names or pids is among those who signed them."""
        return any(
            name in wanted or (marks and (pid := _PID.search(marks)) and pid[1] in wanted)
            for marks, name in self._signatures(records)
        )

    def _signatures(self, records: bytes) -> Iterator[tuple[str, str]]:
        """The attributes and the name of everybody who signed them."""
        for marks, name in _NAME.findall(records.decode(self._coding, "replace")):
            yield marks, unescape(name) if "&" in name else name

    def _pids(self, names: Collection[str]) -> dict[str, str]:
        """The pid of everybody who bears one of these names."""
        found: dict[str, str] = {}
        for block in self._blocks() if names else ():
            for pid, record in _homepages(block, self._coding):
                found |= {name: pid for _, name in self._signatures(record) if name in names}
        return found

    def _checked(self) -> Iterator[bytes]:
        """All blocks, checked to be one whole XML document. No entity is expanded and no address opened."""
        parser = expat.ParserCreate()
        try:
            for block in self._blocks():
                parser.Parse(block, False)
                yield block
            parser.Parse(b"", True)
        except expat.ExpatError as problem:
            raise self._refused(f"it is no whole XML: {problem}") from problem

    def _blocks(self) -> Iterator[bytes]:
        """The file anew, parted where records end; the first block is what precedes them, the last what follows."""
        blocks = self._file.blocks()
        rest = next(blocks, b"")
        yield rest[: self._root]
        rest = rest[self._root :]
        for block in chain((b"",), blocks):
            text = rest + block
            ends = [found.end() for found in _END.finditer(text, max(0, len(text) - _TAIL))]
            end = ends[-1] if ends else max((found.end() for found in _END.finditer(text)), default=0)
            rest = text[end:]
            if len(rest) > _LONGEST:
                raise self._refused(f"no record ends in {len(rest):,} bytes of it")
            if end:
                yield text[:end]
        yield rest

    def _elements(self, records: bytes) -> Iterator["etree._Element"]:
        """Whole records as elements. Raises InputProblem when they are none."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                                 remove_pis=True, collect_ids=False)  # fmt: skip
        start = b'<?xml version="1.0" encoding="%s"?><dblp>' % self._coding.encode()
        try:
            yield from etree.fromstring(start + _LETTER.sub(_number, records) + b"</dblp>", parser)
        except etree.XMLSyntaxError as problem:
            raise self._refused(f"it is no whole XML: {problem.msg}") from problem

    def _refused(self, reason: str) -> InputProblem:
        again = "fetch it again, and compare it with the checksum beside it (.md5)"
        return InputProblem(f"{self._file.path} is no whole dump of DBLP's, for {reason}: {again}")


def _homepages(block: bytes, coding: str) -> Iterator[tuple[str, bytes]]:
    """The pid and the bytes of every homepage in a block."""
    for found in _HOMEPAGE.finditer(block):
        yield found[1].decode(coding, "replace"), block[found.start() : block.find(b"</www>", found.end()) + 6]


def _number(found: "re.Match[bytes]") -> bytes:
    return _LETTERS.get(found[1]) or b"&amp;%s;" % found[1]


def _unbound(record: "etree._Element") -> Iterator[str]:
    """The names of those to whom the dump itself gives no pid."""
    return (one.text for one in record.iterchildren("author", "editor") if one.text and not one.get("pid"))


def _moved(home: "etree._Element | None") -> str:
    """The pid under which a person is found now, as their homepage refers to it; "" when it is this."""
    target = "" if home is None else home.findtext("crossref", "").strip()
    return target.removeprefix("homepages/") if target.startswith("homepages/") else ""


def _person(pid: str, home: "etree._Element | None") -> "etree._Element":
    person = etree.Element("person", key=f"homepages/{pid}")
    if home is not None:
        person.attrib.update({name: home.get(name, "") for name in ("mdate", "publtype") if home.get(name)})
        person.extend([child for child in home if child.tag not in ("title", "crossref")])
    return person


def _page(home: _Home, works: Mapping[tuple[str, str], bytes], known: Mapping[str, str]) -> bytes:
    """A person's page: newest records first, everybody with their pid."""
    records = b"".join(b"\n<r>%s</r>" % works[place] for place in sorted(works, reverse=True))
    page = etree.fromstring(b"<dblpperson>%s</dblpperson>" % (etree.tostring(home.person, encoding="ascii") + records))
    page.attrib.update({"name": home.person.findtext("author", ""), "pid": home.pid, "n": str(len(works))})
    for one in page.iter("author", "editor"):
        if not one.get("pid") and (pid := known.get(one.text or "")):
            one.set("pid", pid)
    return b'<?xml version="1.0"?>\n' + etree.tostring(page, encoding="ascii")
