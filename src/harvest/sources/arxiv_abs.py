"""arXiv's pages of single papers (/abs/ID, /abs/IDvK) and lists of papers (/list/…, /a/….html), and `.abs` files.

The page of a version shows that version's own title, comments and abstract, and the history of all versions; an
`.abs` file is the same as arXiv keeps it. Pages are for the few papers whose earlier titles are needed:
https://info.arxiv.org/help/robots.html forbids more.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from lxml import etree
from lxml import html as lxml_html

from harvest.identifiers import parse_arxiv_id
from harvest.model import Answer, Contents, Record, Remark
from harvest.sources.arxiv_paper import MORE_AUTHORS, mail_day, names_in, paper
from harvest.sources.refusal import apology, refused
from harvest.sources.text import fold, text_of, unreadable
from harvest.sources.xml_answer import words

if TYPE_CHECKING:
    Element = etree._Element

Moments = dict[int, tuple[date | None, bool]]  # version → its day, whether it is withdrawn

_MOMENT = r"([A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [A-Z]{3,4})"
_VERSION = re.compile(rf"\[v(\d{{1,4}})\] {_MOMENT}(?: \([^(),]{{0,40}}(,I)?[^()]{{0,20}}\))?(?: (\(withdrawn\)))?")
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")  # of "Machine Learning (cs.LG)"
_LABEL = re.compile(r"^(?:Title|Authors?|Abstract|Comments|Journal-ref|Subjects|Related DOI): ?")
_FILE = re.compile(r"\A\s*-{10,}\n\\\\\n(.*?)\n\\\\\n(.*?)(\n\\\\|\Z)", re.DOTALL)
_DATE = re.compile(r"Date(?: \(revised v(\d{1,4})\))?")
_FIELD = re.compile(r"^([A-Z][\w()/ -]{1,30}): ?(.*(?:\n[ \t]+.*)*)", re.MULTILINE)


class ArxivAbs:
    """One page, one file or one list."""

    name = "arxiv_abs"

    def read(self, answer: Answer) -> Contents:
        """One record per paper; versions are remarked. Raises UnreadableAnswer for errors, "not found" among them."""
        body = text_of(answer)
        file = _FILE.match(body)
        if file:
            return _file(answer, *file.groups())
        page = _page(answer, body)
        if page.find(".//meta[@name='citation_arxiv_id']") is not None or _said(page, "arxividv"):
            return _paper(answer, page)
        lists = page.findall(".//dl[@id='articles']")
        if lists:
            return _list(answer, page, lists)
        heading = words(page.find(".//h1"))
        if re.search(r"not found|not recognized|unknown|error", heading[:300], re.IGNORECASE):
            raise apology(answer, "arXiv", heading)
        raise refused(answer, "this is neither a page of a paper nor a list of papers of arXiv's")


def _page(answer: Answer, body: str) -> "Element":
    """A page, whole. HTML readers mend what is cut, so its end is looked for."""
    if "<" not in body:
        raise refused(answer, "this is neither a page nor an .abs file of arXiv's")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = lxml_html.document_fromstring(body.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as problem:
        raise unreadable(answer, "the page cannot be read as HTML: fetch it again") from problem
    if not re.search(r"</html>\s*(?:<!--[^<>]{0,300}-->\s*)?\Z", body[-2000:], re.IGNORECASE):
        raise refused(answer, "this is no whole page: arXiv's answer was cut or is something else")
    return page


def _paper(answer: Answer, page: "Element") -> Contents:
    own = parse_arxiv_id(_said(page, "arxividv").partition("arXiv:")[2].split(" ")[0])
    id = own or parse_arxiv_id(_meta(page, "citation_arxiv_id"))
    title = _meta(page, "citation_title") or _said(page, "title")
    if not (id and title):
        raise unreadable(answer, "a page of a paper without an arXiv id or a title")
    told = _VERSION.findall(_said(page, "submission-history"))
    moments = {int(number): (mail_day(moment), bool(mark or gone)) for number, moment, mark, gone in told}
    version, rows = id[1] or max(moments, default=None), _rows(page)
    return _contents(
        moments, *paper(
            id=id[0], version=version, title=title, authors=_authors(page, "authors"),
            abstract=_meta(page, "citation_abstract") or _said(page, "abstract"),
            comment=rows.get("comments", ""), reference=rows.get("journal reference", ""),
            doi=_meta(page, "citation_doi") or rows.get("related doi", ""),
            categories=_CODE.findall(rows.get("subjects", "")), **_dated(moments, version),
        ),
    )  # fmt: skip


def _file(answer: Answer, head: str, abstract: str, end: str) -> Contents:
    """An `.abs` file; who sent it, and from which address, is left out."""
    fields = dict(_FIELD.findall(head))
    id = parse_arxiv_id(next(iter(re.findall(r"^(?:arXiv|Paper): ?(\S{1,40})", head, re.MULTILINE)), ""))
    title = fold(fields.get("Title", ""))
    if not (id and title and end):
        raise unreadable(answer, "an .abs file without an arXiv id, a title or an end: it was cut")
    dates = {int(found[1] or 1): said for name, said in fields.items() if (found := _DATE.fullmatch(name))}
    moments = {number: (mail_day(said.partition("  (")[0]), ",I)" in said) for number, said in dates.items()}
    version = max(moments, default=None)
    return _contents(
        moments, *paper(
            id=id[0], version=version, title=title,
            authors=names_in(fields.get("Authors") or fields.get("Author") or ""),
            comment=fold(fields.get("Comments", "")), abstract=fold(abstract),
            reference=fold(fields.get("Journal-ref", "")), doi=fields.get("DOI", ""),
            categories=fields.get("Categories", "").split(), **_dated(moments, version),
        ),
    )  # fmt: skip


def _list(answer: Answer, page: "Element", lists: "list[Element]") -> Contents:
    """A list of papers; one that says that there are no updates is empty."""
    records, remarks = [], []
    for listed in lists:
        for term in listed.findall("dt"):
            found = next((one for link in term.iter("a") if (one := parse_arxiv_id(_address(link)))), None)
            about = term.getnext()
            if found is None or about is None or not _said(about, "list-title"):
                raise unreadable(answer, "a list with an entry without an arXiv id or a title")
            record, said = paper(
                id=found[0], version=found[1], title=_said(about, "list-title"),
                authors=_authors(about, "list-authors"), comment=_said(about, "list-comments"),
                abstract=words(about.find(".//p[@class='mathjax']")), reference=_said(about, "list-journal-ref"),
                doi=_said(about, "list-doi"), categories=_CODE.findall(_said(about, "list-subjects")),
            )  # fmt: skip
            records.append(record)
            remarks += said
    total = re.search(r"Total of (\d{1,9}) entries", words(page.find(".//body"))[:5000])
    return Contents(records=tuple(records), remarks=tuple(remarks), total=int(total[1]) if total else None)


def _contents(moments: Moments, record: Record, remarks: list[Remark]) -> Contents:
    for number, (day, gone) in moments.items():
        explanation = f"{record.arxiv_id}v{number} of {day}{', withdrawn' if gone else ''}"
        remarks.append(Remark(kind="version", explanation=explanation))
    return Contents(records=(record,), remarks=tuple(remarks))


class _Dated(TypedDict):
    day: date | None
    first: date | None
    withdrawn: bool


def _dated(moments: Moments, version: int | None) -> _Dated:
    day, gone = moments.get(version or 0, (None, False))
    return {"day": day, "first": moments.get(1, (None, False))[0], "withdrawn": gone}


def _authors(page: "Element", kind: str) -> list[str]:
    """The names as shown, which are links; else those of the page's head, family name first."""
    box = next(iter(_classed(page, kind)), None)
    shown = [words(link) for link in box.iter("a")] if box is not None else []
    if not shown:
        named = _metas(page, "citation_author")
        shown = [fold(" ".join(reversed(name.split(",", 1)))) for name in named] or names_in(_said(page, kind))
    cut = MORE_AUTHORS.search(words(box)[-200:]) if box is not None else None
    return [name for name in shown if name] + (["et al."] if cut else [])


def _rows(page: "Element") -> dict[str, str]:
    """The table of a paper by its labels, in small letters: its classes do not tell a journal from a report number."""
    rows = ((words(row.find("td")), row.find("td[2]")) for row in page.iter("tr"))
    return {label.rstrip(": ").lower(): _cell(cell) for label, cell in rows if cell is not None}


def _cell(cell: "Element") -> str:
    """What the authors wrote: the page says "this https URL" instead of an address."""
    text = words(cell)
    for link in cell.iter("a"):
        shown = words(link)
        if shown.startswith("this "):
            text = text.replace(shown, fold(link.get("href", "")), 1)
    return text


def _address(link: "Element") -> str:
    return (link.get("href") or "").strip().removeprefix("/abs/")


def _meta(page: "Element", name: str) -> str:
    return next(iter(_metas(page, name)), "")


def _metas(page: "Element", name: str) -> list[str]:
    return [fold(one.get("content", "")) for one in page.iter("meta") if one.get("name") == name]


def _classed(page: "Element", kind: str) -> "list[Element]":
    return [one for one in page.iter() if kind in one.get("class", "").split()]


def _said(page: "Element", kind: str) -> str:
    """What the first element of this class says, without its label."""
    return _LABEL.sub("", words(next(iter(_classed(page, kind)), None)))
