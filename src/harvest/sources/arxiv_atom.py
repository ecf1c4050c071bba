"""arXiv's Atom feeds, read by strict lxml.

feedparser, which reads feeds of all kinds, accepts a page cut in half, an HTML apology and an empty body without
complaint, and loses all affiliations but the last; here a page is whole and arXiv's, or refused.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id
from harvest.model import Answer, Contents, Query, Record, Remark
from harvest.sources.arxiv_paper import is_name, paper
from harvest.sources.refusal import apology, refused
from harvest.sources.source import next_page
from harvest.sources.text import fold, unreadable
from harvest.sources.xml_answer import words, xml_of

if TYPE_CHECKING:
    from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
COUNTS = "{http://a9.com/-/spec/opensearch/1.1/}"
_LAST = 30_000  # entries in all that the API gives for one question


def read_feed(answer: Answer, feed: "etree._Element") -> Contents:
    """One record per entry of an answer, read as `feed`; raises UnreadableAnswer where a part of it is missing."""
    entries = feed.findall(f"{ATOM}entry")
    total, start, per_page = (_count(answer, feed, name) for name in ("totalResults", "startIndex", "itemsPerPage"))
    asked = dict(parse_qsl(urlsplit(answer.url).query)).get("max_results", "")
    if len(entries) > (int(asked) if asked.isdecimal() else per_page):
        raise unreadable(answer, f"{len(entries)} entries came where {asked or per_page} were asked")
    records, remarks = [], []
    for entry in entries:
        record, told = _record(answer, entry)
        records.append(record)
        remarks.extend(told)
    if len(entries) == total:
        remarks += _missing(answer, feed, records)
    further = _further(answer, start + len(entries), total) if entries else ()
    return Contents(records=tuple(records), remarks=tuple(remarks), total=total, next=further)


def whole_feed(answer: Answer) -> "etree._Element":
    """A feed of arXiv's, whole; raises UnreadableAnswer for anything else, also for its errors."""
    feed = xml_of(answer, "arXiv")
    if feed.tag != f"{ATOM}feed":
        raise refused(answer, "this is XML, but not an Atom feed of arXiv's")
    for entry in feed.findall(f"{ATOM}entry"):  # the title alone is no sign: a paper may be called "Error"
        if "/api/errors" in text_in(entry, f"{ATOM}id"):
            raise apology(answer, "arXiv", text_in(entry, f"{ATOM}summary"))
    return feed


def _count(answer: Answer, feed: "etree._Element", name: str) -> int:
    said = text_in(feed, f"{COUNTS}{name}")
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise unreadable(answer, f"a feed without {name}: not an answer of arXiv's query API")
    return int(said)


def _record(answer: Answer, entry: "etree._Element") -> tuple[Record, list[Remark]]:
    address, title = text_in(entry, f"{ATOM}id"), text_in(entry, f"{ATOM}title")
    parsed = parse_arxiv_id(address)
    if not (parsed and title):
        raise unreadable(answer, f"an entry without an arXiv id or a title ({address[:100]!r})")
    links = [link.get("href", "") for link in entry.findall(f"{ATOM}link")]
    id, version = parsed  # before 2008, entries have no version of their own: their links have
    version = version or version_linked(links)
    authors, places = _authors(entry)
    record, remarks = paper(
        id=id, version=version, title=title,
        authors=authors,
        comment=text_in(entry, f"{_ARXIV}comment"), abstract=text_in(entry, f"{ATOM}summary"),
        reference=text_in(entry, f"{_ARXIV}journal_ref"),
        doi=" ".join(words(element) for element in entry.findall(f"{_ARXIV}doi")),
        categories=_categories(entry),
        day=moment(answer, "updated", text_in(entry, f"{ATOM}updated")),
        first=moment(answer, "published", text_in(entry, f"{ATOM}published")),
    )  # fmt: skip
    return record, [*places, *remarks]


def _authors(entry: "etree._Element") -> tuple[list[str], list[Remark]]:
    """Names in order. An affiliation is no author and has no field: it is remarked."""
    names, remarks = [], []
    for author in entry.findall(f"{ATOM}author"):
        name = text_in(author, f"{ATOM}name")
        if is_name(name):
            names.append(name)
        for element in author.findall(f"{_ARXIV}affiliation"):
            if said := words(element):
                remarks.append(Remark(kind="affiliation", explanation=f"{name}: {said}"))
    return names, remarks


def version_linked(links: Iterable[str]) -> int | None:
    """The version that the links to the text lead to."""
    found = (parse_arxiv_id(re.sub(r"^https?://[^/]{1,99}/(?:pdf|abs|html)/", "", link[:300])) for link in links)
    return max((one[1] or 0 for one in found if one), default=0) or None


def _categories(entry: "etree._Element") -> list[str]:
    """The primary one first."""
    primary = entry.findall(f"{_ARXIV}primary_category")
    return [element.get("term", "") for element in [*primary, *entry.findall(f"{ATOM}category")]]


def moment(answer: Answer, name: str, said: str) -> date:
    """The day of a moment, in UTC."""
    try:
        moment = datetime.fromisoformat(said)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as problem:
        raise unreadable(answer, f"an entry whose {name!r} is no date ({said[:40]!r})") from problem


def text_in(element: "etree._Element", name: str) -> str:
    found = element.find(name)
    if found is None:
        return ""
    return fold(found.text or "") if not len(found) else words(found)


def _missing(answer: Answer, feed: "etree._Element", records: list[Record]) -> Iterator[Remark]:
    """Papers asked for by id that are left out of a whole answer, in silence: arXiv does not know them."""
    address = (
        answer.url
        if "id_list=" in answer.url
        else next((link.get("href", "") for link in feed.findall(f"{ATOM}link")), "")
    )
    asked = dict(parse_qsl(urlsplit(address[:50_000]).query)).get("id_list", "")
    came = {form for one in records for form in (one.arxiv_id, f"{one.arxiv_id}v{one.arxiv_version}")}
    for id in filter(None, (word.strip() for word in asked.split(",")[:3000])):
        if id not in came:
            yield Remark(kind="missing", explanation=f"{id[:60]} was asked for and is not in the answer")


def _further(answer: Answer, start: int, total: int) -> tuple[Query, ...]:
    """The next page: from the number really received, for pages may be short."""
    if start >= min(total, _LAST) or "max_results=" not in answer.url:
        return ()
    return next_page(answer, "/api/query", "start", str(start))
