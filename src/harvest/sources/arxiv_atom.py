"""arXiv's Atom feeds, read by strict lxml: answers to questions, and the feeds of single authors.

feedparser, which reads feeds of all kinds, accepts a page cut in half, an HTML apology and an empty body without
complaint, and loses all affiliations but the last; here a page is whole and arXiv's, or refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id
from harvest.model import Answer, Contents, Query, Record, Remark
from harvest.sources.arxiv_paper import is_name, names_in, paper
from harvest.sources.json_answer import inside, objects, text
from harvest.sources.refusal import apology, refused
from harvest.sources.text import fold, unreadable
from harvest.sources.xml_answer import words, xml_of

if TYPE_CHECKING:
    from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_COUNTS = "{http://a9.com/-/spec/opensearch/1.1/}"
_LAST = 30_000  # entries in all that the API gives for one question
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")  # of "Machine Learning (cs.LG)"


def read_feed(answer: Answer) -> Contents:
    """One record per entry; raises UnreadableAnswer for anything but a whole feed of arXiv's, also its errors."""
    feed = _feed(answer)
    entries = feed.findall(f"{_ATOM}entry")
    mine = _author_feed(feed)
    if mine:
        total, start, asked = len(entries), 0, ""
    else:
        total, start, per_page = (_count(answer, feed, name) for name in ("totalResults", "startIndex", "itemsPerPage"))
        asked = dict(parse_qsl(urlsplit(answer.url).query)).get("max_results", "")
        if len(entries) > (int(asked) if asked.isdecimal() else per_page):
            raise unreadable(answer, f"{len(entries)} entries came where {asked or per_page} were asked")
    records, remarks = [], []
    for entry in entries:
        record, said = _record(answer, entry, joined=mine.endswith(".atom2"))
        records.append(record)
        remarks.extend(said)
    if len(entries) == total and not mine:
        remarks += _missing(answer, feed, records)
    further = _further(answer, start + len(entries), total) if entries and not mine else ()
    return Contents(records=tuple(records), remarks=tuple(remarks), total=total, next=further)


def read_author_json(answer: Answer, feed: Mapping[str, Any]) -> Contents:
    """The feed of one author as JSON: the same entries, with all authors in one text."""
    if not isinstance(feed.get("entries"), list):
        raise refused(answer, "this is JSON, but no author's feed of arXiv's")
    records, remarks = [], []
    for entry in objects(feed, "entries"):
        parsed, title = parse_arxiv_id(text(entry.get("id"))), text(entry.get("title"))
        if not (parsed and title):
            raise unreadable(answer, f"an entry without an arXiv id or a title ({text(entry.get('id'))[:100]!r})")
        version = parsed[1] or _linked(map(text, inside(entry, "formats").values()))
        record, said = paper(
            id=parsed[0], version=version, title=title, authors=names_in(text(entry.get("authors"))),
            comment=text(entry.get("comment")), abstract=text(entry.get("summary")),
            reference=text(entry.get("journal_ref")), doi=text(entry.get("doi")),
            categories=_CODE.findall(f"{text(entry.get('subject'))} {text(entry.get('categories'))}"),
            day=_moment(answer, "updated", text(entry.get("updated"))),
            first=_moment(answer, "published", text(entry.get("published"))),
        )  # fmt: skip
        records.append(record)
        remarks += said
    return Contents(records=tuple(records), remarks=tuple(remarks), total=len(records))


def _feed(answer: Answer) -> "etree._Element":
    feed = xml_of(answer, "arXiv")
    if feed.tag != f"{_ATOM}feed":
        raise refused(answer, "this is XML, but not an Atom feed of arXiv's")
    for entry in feed.findall(f"{_ATOM}entry"):  # the title alone is no sign: a paper may be called "Error"
        if "/api/errors" in _text(entry, f"{_ATOM}id"):
            raise apology(answer, "arXiv", _text(entry, f"{_ATOM}summary"))
    return feed


def _author_feed(feed: "etree._Element") -> str:
    """Its own address, when this is the feed of one author, which has no counts; "" when it is an answer."""
    links = [link.get("href", "") for link in feed.findall(f"{_ATOM}link")]
    own = next((link for link in links if re.search(r"/a/[^/?#]{1,100}\.atom2?$", link)), "")
    return own if not any(child.tag.startswith(_COUNTS) for child in feed) else ""


def _count(answer: Answer, feed: "etree._Element", name: str) -> int:
    said = _text(feed, f"{_COUNTS}{name}")
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise unreadable(answer, f"a feed without {name}: not an answer of arXiv's query API")
    return int(said)


def _record(answer: Answer, entry: "etree._Element", *, joined: bool) -> tuple[Record, list[Remark]]:
    address, title = _text(entry, f"{_ATOM}id"), _text(entry, f"{_ATOM}title")
    parsed = parse_arxiv_id(address)
    if not (parsed and title):
        raise unreadable(answer, f"an entry without an arXiv id or a title ({address[:100]!r})")
    links = [link.get("href", "") for link in entry.findall(f"{_ATOM}link")]
    id, version = parsed  # before 2008, and in authors' feeds, entries have no version of their own: their links have
    version = version or _linked(links)
    authors, places = _authors(entry)
    record, remarks = paper(
        id=id, version=version, title=title,
        authors=names_in(", ".join(authors)) if joined else authors,
        comment=_text(entry, f"{_ARXIV}comment"), abstract=_text(entry, f"{_ATOM}summary"),
        reference=_text(entry, f"{_ARXIV}journal_ref"),
        doi=" ".join(words(element) for element in entry.findall(f"{_ARXIV}doi")),
        categories=_categories(entry),
        day=_moment(answer, "updated", _text(entry, f"{_ATOM}updated")),
        first=_moment(answer, "published", _text(entry, f"{_ATOM}published")),
    )  # fmt: skip
    return record, [*places, *remarks]


def _authors(entry: "etree._Element") -> tuple[list[str], list[Remark]]:
    """Names in order. An affiliation is no author and has no field: it is remarked."""
    names, remarks = [], []
    for author in entry.findall(f"{_ATOM}author"):
        name = _text(author, f"{_ATOM}name")
        if is_name(name):
            names.append(name)
        for element in author.findall(f"{_ARXIV}affiliation"):
            if said := words(element):
                remarks.append(Remark(kind="affiliation", explanation=f"{name}: {said}"))
    return names, remarks


def _linked(links: Iterable[str]) -> int | None:
    """The version that the links to the text lead to."""
    found = (parse_arxiv_id(re.sub(r"^https?://[^/]{1,99}/(?:pdf|abs|html)/", "", link[:300])) for link in links)
    return max((one[1] or 0 for one in found if one), default=0) or None


def _categories(entry: "etree._Element") -> list[str]:
    """The primary one first."""
    primary = entry.findall(f"{_ARXIV}primary_category")
    return [element.get("term", "") for element in [*primary, *entry.findall(f"{_ATOM}category")]]


def _moment(answer: Answer, name: str, said: str) -> date:
    """The day of a moment, in UTC."""
    try:
        moment = datetime.fromisoformat(said)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as problem:
        raise unreadable(answer, f"an entry whose {name!r} is no date ({said[:40]!r})") from problem


def _text(element: "etree._Element", name: str) -> str:
    found = element.find(name)
    if found is None:
        return ""
    return fold(found.text or "") if not len(found) else words(found)


def _missing(answer: Answer, feed: "etree._Element", records: list[Record]) -> Iterator[Remark]:
    """Papers asked for by id that are left out of a whole answer, in silence: arXiv does not know them."""
    address = (
        answer.url
        if "id_list=" in answer.url
        else next((link.get("href", "") for link in feed.findall(f"{_ATOM}link")), "")
    )
    asked = dict(parse_qsl(urlsplit(address[:50_000]).query)).get("id_list", "")
    came = {form for one in records for form in (one.arxiv_id, f"{one.arxiv_id}v{one.arxiv_version}")}
    for id in filter(None, (word.strip() for word in asked.split(",")[:3000])):
        if id not in came:
            yield Remark(kind="missing", explanation=f"{id[:60]} was asked for and is not in the answer")


def _further(answer: Answer, start: int, total: int) -> tuple[Query, ...]:
    """The next page: from the number really received, for pages may be short."""
    if not answer.url or start >= min(total, _LAST):
        return ()
    params = dict(parse_qsl(urlsplit(answer.url).query, keep_blank_values=True))
    if "max_results" not in params:
        return ()
    asked = tuple((params | {"start": str(start)}).items())
    return (Query(path="/api/query", params=asked, person_id=answer.person_id, purpose="next page"),)
