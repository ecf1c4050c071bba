"""The text of a Word document: a line per paragraph, an empty one between; headings, lists and links are kept.

Word keeps the numbers of a list apart from its text; they are counted here.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from harvest.sources.pdf import Converted

_LARGEST = 20_000_000  # bytes of one part, unpacked: the text of a book has one million
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MAIN = "word/document.xml"
_HEADING = re.compile(r"(?:heading|title|überschrift|titre|标题)\D{0,3}(\d)?", re.IGNORECASE)


@lru_cache(maxsize=4)  # to recognise a document is to read it once already
def docx_text(body: bytes) -> Converted:
    """Text and links of a .docx; raises ValueError with a sentence when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if _MAIN not in packed.namelist():
                raise ValueError("this is a packed file, but no Word document: give the document itself")
            root = _part(packed, _MAIN)
            links = _targets(packed)
            listed = _numbered_lists(packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
    ) as it:
        raise ValueError("this Word document is damaged or cut off: save it again, or give its text") from it
    lines: list[str] = []
    found: list[tuple[int, str]] = []
    for text, targets in _paragraphs(root, links, listed):
        for place, line in enumerate(text.split("\n")):
            lines.append(line)
            found += [(len(lines), target) for target in targets if not place]
        lines.append("")
    if not any(line.strip() for line in lines):
        raise ValueError("this Word document holds no text: is it the right one?")
    return Converted("\n".join(lines), tuple(found))


def _part(packed: zipfile.ZipFile, name: str) -> "etree._Element":
    with packed.open(name) as part:
        held = part.read(_LARGEST + 1)
    if len(held) > _LARGEST:
        raise ValueError("this Word document unpacks to more than any document of one person: give its text")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(held, parser=parser)


def _targets(packed: zipfile.ZipFile) -> dict[str, str]:
    """Address of each link by its id."""
    name = "word/_rels/document.xml.rels"
    if name not in packed.namelist():
        return {}
    outside = (one for one in _part(packed, name) if one.get("TargetMode") == "External")
    return {str(one.get("Id")): str(one.get("Target")) for one in outside}


def _numbered_lists(packed: zipfile.ZipFile) -> set[str]:
    """The lists that count; the others have bullets."""
    name = "word/numbering.xml"
    if name not in packed.namelist():
        return set()
    root = _part(packed, name)
    counted = {
        kind.get(f"{_W}abstractNumId")
        for kind in root.iter(f"{_W}abstractNum")
        if (form := kind.find(f"{_W}lvl/{_W}numFmt")) is not None and form.get(f"{_W}val") == "decimal"
    }
    lists = ((one, one.find(f"{_W}abstractNumId")) for one in root.iter(f"{_W}num"))
    return {str(one.get(f"{_W}numId")) for one, kind in lists if kind is not None and kind.get(f"{_W}val") in counted}


def _paragraphs(root: "etree._Element", links: dict[str, str], counted: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Each paragraph with what it links to. A row of a table is one paragraph, its cells between bars."""
    numbers: Counter[str] = Counter()
    inside = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=(f"{_W}tr", f"{_W}p")):
        if element.tag == f"{_W}tr":
            inside += 1 if event == "start" else -1
            if event == "end" and not inside:
                cells = [" ".join(_said(cell).split()) for cell in element.iter(f"{_W}tc")]
                yield f"| {' | '.join(filter(None, cells))} |", _linked(element, links)
        elif event == "end" and not inside:
            yield _lead(element, numbers, counted) + _said(element).strip("\n"), _linked(element, links)


def _said(element: "etree._Element") -> str:
    pieces = []
    for piece in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        name = etree.QName(piece).localname
        pieces.append({"t": piece.text or "", "tab": "    ", "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(pieces)


def _linked(element: "etree._Element", links: dict[str, str]) -> list[str]:
    ids = (str(link.get(f"{_R}id")) for link in element.iter(f"{_W}hyperlink"))
    return [links[one] for one in ids if one in links]


def _lead(paragraph: "etree._Element", numbers: Counter[str], counted: set[str]) -> str:
    """The hashes of a heading, the number or bullet of a list, else nothing."""
    if not _said(paragraph).strip():
        return ""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    heading = _HEADING.match(str(style.get(f"{_W}val"))) if style is not None else None
    if heading:
        return "#" * int(heading[1] or 1) + " "
    kind = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if kind is None:
        return ""
    number = str(kind.get(f"{_W}val"))
    numbers[number] += 1
    return f"{numbers[number]}. " if number in counted else "• "
