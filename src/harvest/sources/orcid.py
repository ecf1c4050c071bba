"""ORCID's public API (https://info.orcid.org/documentation/api-tutorials), records as XML or JSON; self-asserted, CC0.

A bridge between identifiers. Works are grouped by their identifiers; every summary is one record, for each is one
source's word. E-mail addresses are never read.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from lxml import etree

from harvest.identifiers import parse_arxiv_id, parse_doi, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
from harvest.sources.json_answer import documents
from harvest.sources.json_answer import text as json_text
from harvest.sources.refusal import apology, refused
from harvest.sources.source import Known
from harvest.sources.xml_answer import all_said, children, local, said, words, xml_of

if TYPE_CHECKING:
    Element = etree._Element

_DEEP = 30  # a record nests less than half of this
_TAG = re.compile(r"[a-z][a-z-]{0,40}")
_ROOTS = ("record", "person", "search", "expanded-search", "activities-summary", "works", "work", "bulk")
_STAGES = {
    "preprint": Stage.PREPRINT, "working-paper": Stage.PREPRINT, "journal-article": Stage.PUBLISHED,
    "conference-paper": Stage.PUBLISHED, "conference-proceedings": Stage.PUBLISHED, "book": Stage.PUBLISHED,
    "book-chapter": Stage.PUBLISHED, "edited-book": Stage.PUBLISHED, "dissertation-thesis": Stage.PUBLISHED,
    "dissertation": Stage.PUBLISHED, "report": Stage.PUBLISHED,
}  # fmt: skip


class Orcid:
    """A person's record, or parts of it, or the answer to a search for persons."""

    name = "orcid"
    pause = timedelta(seconds=0.5)  # its public API bears far more: https://info.orcid.org/ufaqs
    every = 7

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The whole record of everybody whose ORCID is known."""
        for person in people:
            if person.orcid:
                yield Query(path=f"/v3.0/{person.orcid}/record", person_id=person.id, purpose="record")

    def read(self, answer: Answer) -> Contents:
        """One record per work; the person is remarked. Raises UnreadableAnswer for errors and for anything else."""
        root = _root(answer)
        code = said(root, "response-code")
        if local(root) == "error" or code:
            gone = "not found: " if code == "404" else ""
            raise apology(answer, "ORCID", f"{gone}{said(root, 'developer-message') or said(root, 'user-message')}")
        if local(root) not in _ROOTS:
            raise refused(answer, "this is neither a person, a list of works, nor a search of ORCID's")
        if "search" in local(root):
            return _search(root)
        own = _own(answer, root)
        works = [one for one in root.iter() if local(one) in ("work-summary", "work") and said(one, "title")]
        nameless = [one for one in root.iter() if local(one) == "work-summary" and not said(one, "title")]
        lost = [Remark(kind="not_understood", explanation="a work without a title") for _ in nameless]
        return Contents(records=tuple(_record(own, one) for one in works), remarks=(*_person(own, root), *lost))

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: a record is whole."""
        yield from ()


def _root(answer: Answer) -> "Element":
    """The root of either form; JSON has the names of the XML, and becomes the same tree."""
    if not answer.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return xml_of(answer, "ORCID")
    told = documents(answer, "ORCID")[0]
    if not isinstance(told, dict):
        raise refused(answer, "this is JSON, but nothing of ORCID's")
    shapes = {"person": "record", "activities-summary": "record", "num-found": "search", "group": "works",
              "name": "person", "put-code": "work", "journal-title": "work", "expanded-result": "search",
              "bulk": "bulk", "error-code": "error"}  # fmt: skip
    root = etree.Element(next((root for name, root in shapes.items() if name in told), "other"))
    _grow(root, told, _DEEP)
    return root


def _grow(element: "Element", told: Any, deep: int) -> None:
    """Objects are children, lists are repeated children, {"value": …} and plain values are text."""
    if isinstance(told, dict) and deep:
        if "value" in told and not isinstance(told["value"], dict | list):
            element.text = json_text(str(told["value"] or ""))
        for name, value in told.items():
            if not _TAG.fullmatch(name) or value is None or name in ("email", "value"):
                continue
            if name in ("put-code", "path", "num-found"):
                element.set(name, json_text(str(value)))
            for one in value if isinstance(value, list) else [value]:
                _grow(etree.SubElement(element, name), one, deep - 1)
    elif isinstance(told, str | int | float):
        element.text = json_text(str(told))


def _own(answer: Answer, root: "Element") -> str:
    """Whose record this is."""
    box = next((one for one in root.iter() if local(one) == "orcid-identifier"), None)
    told = (said(box, "path"), root.get("path", ""), answer.url)
    return next((found for one in told if (found := parse_orcid(one))), "")


def _search(root: "Element") -> Contents:
    """Persons found: candidates to choose from, never to be chosen by themselves."""
    remarks = []
    for result in (one for one in root if local(one) in ("result", "expanded-result")):
        box = next(children(result, "orcid-identifier"), None)
        orcid = parse_orcid(said(box, "path") or said(result, "orcid-id")) or "no ORCID"
        name = " ".join(filter(None, (said(result, "given-names"), said(result, "family-names"))))
        remarks.append(Remark(kind="candidate", explanation=f"{name}: {orcid}" if name else orcid))
    total = root.get("num-found", "") or said(root, "num-found")
    known = total.isascii() and total.isdecimal() and len(total) < 10
    return Contents(remarks=tuple(remarks), total=int(total) if known else None)


def _record(own: str, work: "Element") -> Record:
    box = next(children(work, "title"), None)
    title = said(box, "title") or words(box)
    ids = [one for boxes in children(work, "external-ids") for one in children(boxes, "external-id")]
    mine = [one for one in ids if said(one, "external-id-relationship").lower() in ("self", "")]
    told = [
        (said(one, "external-id-type").lower(), said(one, "external-id-value"), said(one, "external-id-url"))
        for one in mine
    ]
    arxiv = next((found for kind, value, url in told for one in (value, url)
                  if (kind == "arxiv" or "arxiv" in one.lower()) and (found := parse_arxiv_id(one))), None)  # fmt: skip
    day, year = _when(next(children(work, "publication-date"), None))
    owner = own or parse_orcid(work.get("path", "")) or ""  # a list of works alone names nobody
    key = f"{owner}/{work.get('put-code') or said(work, 'put-code')}".strip("/")
    names = [
        said(one, "credit-name") for boxes in children(work, "contributors") for one in children(boxes, "contributor")
    ]
    return Record(
        source=Orcid.name, key=key or title.casefold()[:200], title=title, authors=tuple(filter(None, names)),
        stage=_STAGES.get(said(work, "type").lower().replace("_", "-")), venue=said(work, "journal-title") or None,
        year=year, published_on=day, arxiv_id=arxiv[0] if arxiv else None, arxiv_version=arxiv[1] if arxiv else None,
        doi=next((doi for kind, value, _ in told if kind == "doi" and (doi := parse_doi(value))), None),
        url=said(work, "url") or None, abstract=said(work, "short-description") or None,
    )  # fmt: skip


def _when(box: "Element | None") -> tuple[date | None, int | None]:
    parts = [said(box, name) for name in ("year", "month", "day")]
    if not re.fullmatch(r"[12]\d{3}", parts[0]):
        return None, None
    try:
        return date.fromisoformat("-".join(parts)), int(parts[0])
    except ValueError:
        return None, int(parts[0])


def _person(own: str, root: "Element") -> Iterator[Remark]:
    """Names, places, links and other identifiers of the person."""
    if own:
        yield Remark(kind="orcid", explanation=own)
    for box in root.iter():
        kind = local(box)
        if kind == "name" and said(box, "given-names"):
            yield Remark(kind="name", explanation=_printed(box))
        elif kind == "other-name" and said(box, "content"):
            yield Remark(kind="alias", explanation=said(box, "content"))
        elif kind == "researcher-url" and said(box, "url"):
            yield Remark(kind="link", explanation=said(box, "url"))
        elif kind == "external-identifier" and said(box, "external-id-value"):
            yield Remark(
                kind="identifier", explanation=f"{said(box, 'external-id-type')}: {said(box, 'external-id-value')}"
            )
        elif kind in ("employment-summary", "education-summary"):
            for name in all_said(next(children(box, "organization"), None), "name"):
                yield Remark(kind="affiliation", explanation=name)


def _printed(box: "Element") -> str:
    """Given names before the family name, as people print them."""
    return " ".join(filter(None, (said(box, "given-names"), said(box, "family-name"))))
