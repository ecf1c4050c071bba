"""arXiv's query API: https://info.arxiv.org/help/api/user-manual.html.

Read by strict lxml. feedparser, which reads feeds of all kinds, accepts a page cut in half, an HTML apology and an
empty body without complaint, and loses all affiliations but the last; here a page is whole and arXiv's, or refused.
Both dialects are read: that of 2007-2025 and that of 2026 (https, no `scheme`, other order, one line per title).

One entry is one record, stage PREPRINT (or WITHDRAWN), dated by the version it is about. What the authors say of its
publication — `journal_ref`, or a comment such as "Accepted at ICML 2024" — is a claim: it stands in `venue` and
`venue_year` beside that stage, and the comment stays as written, so that `acceptance` can read it again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from harvest.identifiers import parse_arxiv_id, parse_doi
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
from harvest.sources.claims import acceptance, is_withdrawn, journal
from harvest.sources.source import Known
from harvest.sources.text import fold, unreadable

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_COUNTS = "{http://a9.com/-/spec/opensearch/1.1/}"
_PAGE, _LAST = 200, 30_000  # entries a page; entries in all that the API gives for one question
_NAMES, _IDS = 25, 50  # in one question: keeps its address well under 2,000 characters
_HISTORY = 100  # versions of one paper that are asked for, newest first; nobody is known to have more
_MORE_AUTHORS = re.compile(r"\(?\d+ (?:additional|more|other) authors? not shown\)?", re.IGNORECASE)


class Arxiv:
    """Papers by author name, their versions, and papers that other sources name."""

    name = "arxiv"
    pause = timedelta(seconds=3)  # https://info.arxiv.org/help/api/tou.html: one request every three seconds
    hosts = ("export.arxiv.org", "arxiv.org")

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """Everything under any spelling of the people's names, newest change first."""
        names = dict.fromkeys(_as_printed(name) for person in people for name in person.names)
        for some in _batches([name for name in names if name], _NAMES):
            yield Query(
                path="/api/query",
                params=(
                    ("search_query", " OR ".join(f'au:"{name}"' for name in some)),
                    ("start", "0"), ("max_results", str(_PAGE)),
                    ("sortBy", "lastUpdatedDate"), ("sortOrder", "descending"),
                ),
                person_id=people[0].id if len(people) == 1 else None,
                purpose="author search",
            )  # fmt: skip

    def read(self, answer: Answer) -> Contents:
        """One record per entry; raises UnreadableAnswer for anything but a whole feed of arXiv's, also its errors."""
        feed = _feed(answer)
        total, start, per_page = (_count(answer, feed, name) for name in ("totalResults", "startIndex", "itemsPerPage"))
        asked = dict(parse_qsl(urlsplit(answer.url).query)).get("max_results", "")
        entries = feed.findall(f"{_ATOM}entry")
        if len(entries) > (int(asked) if asked.isdecimal() else per_page):
            raise unreadable(answer, f"{len(entries)} entries came where {asked or per_page} were asked")
        records, remarks = [], []
        for entry in entries:
            record, said = _record(answer, entry)
            records.append(record)
            remarks.extend(said)
        further = _further(answer, start + len(entries), total) if entries else ()
        return Contents(records=tuple(records), remarks=tuple(remarks), total=total, next=further)

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Earlier versions never seen, and papers that others name and no search covers. Nothing when none answered."""
        if all(one.total is None for one in contents):
            return
        newest: dict[str, int] = {}
        pairs = [(one.arxiv_id, one.arxiv_version or 0) for each in contents for one in each.records if one.arxiv_id]
        for id, number in [*pairs, *known.arxiv_versions]:
            newest[id] = max(number, newest.get(id, 0))
        seen = known.arxiv_versions | set(pairs)
        missing = [
            f"{id}v{number}"
            for id, last in sorted(newest.items())
            for number in range(max(1, last - _HISTORY), last)
            if (id, number) not in seen
        ]
        named = sorted(id for id in known.arxiv_ids - {id for id, _ in pairs} if parse_arxiv_id(id) == (id, None))
        yield from _by_id(named, "named by others")
        yield from _by_id(missing, "versions")


def _as_printed(name: str) -> str:
    """The name as papers print it: "Lovelace, Ada" is the same question as "Ada Lovelace"."""
    family, comma, given = name.replace('"', " ").partition(",")
    return fold(f"{given} {family}" if comma else family)


def _by_id(ids: Sequence[str], purpose: str) -> Iterator[Query]:
    for some in _batches(ids, _IDS):  # without max_results, arXiv gives the first ten only
        params = (("id_list", ",".join(some)), ("start", "0"), ("max_results", str(len(some))))
        yield Query(path="/api/query", params=params, purpose=purpose)


def _batches(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _feed(answer: Answer) -> "etree._Element":
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        feed = etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise unreadable(answer, "this is no whole XML: arXiv's answer was cut or is something else") from problem
    if feed.getroottree().docinfo.internalDTD is not None:
        raise unreadable(answer, "an XML document with a document type of its own: arXiv sends none")
    if feed.tag != f"{_ATOM}feed":
        raise unreadable(answer, "this is XML, but not an Atom feed of arXiv's")
    for entry in feed.findall(f"{_ATOM}entry"):  # the title alone is no sign: a paper may be called "Error"
        if "/api/errors" in _text(entry, f"{_ATOM}id"):
            raise unreadable(answer, f"arXiv says: {_text(entry, f'{_ATOM}summary') or 'an error'}")
    return feed


def _count(answer: Answer, feed: "etree._Element", name: str) -> int:
    text = _text(feed, f"{_COUNTS}{name}")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise unreadable(answer, f"a feed without {name}: not an answer of arXiv's query API")
    return int(text)


def _record(answer: Answer, entry: "etree._Element") -> tuple[Record, list[Remark]]:
    address, title = _text(entry, f"{_ATOM}id"), _text(entry, f"{_ATOM}title")
    links = [link.get("href", "") for link in entry.findall(f"{_ATOM}link")]
    parsed = parse_arxiv_id(address)
    if not (parsed and title):
        raise unreadable(answer, f"an entry without an arXiv id or a title ({address[:100]!r})")
    id, version = parsed  # before 2008 entries had no version of their own: their links have
    version = version or max((found[1] or 0 for link in links if (found := parse_arxiv_id(link))), default=0) or None
    authors, remarks = _authors(entry)
    comment, abstract = _text(entry, f"{_ARXIV}comment") or None, _text(entry, f"{_ATOM}summary") or None
    reference = _text(entry, f"{_ARXIV}journal_ref")
    claim = journal(reference) or ((accepted := acceptance(comment)) and accepted[1:]) or (None, None)
    dois = [doi for element in entry.findall(f"{_ARXIV}doi") for doi in _dois(element)]
    day, first = _day(answer, entry, "updated"), _day(answer, entry, "published")
    key = f"{id}v{version}" if version else id
    remarks += [Remark(kind="further_doi", explanation=f"{key} has another DOI: {doi}") for doi in dois[1:]]
    if reference and not journal(reference):
        remarks.append(Remark(kind="journal_ref", explanation=f"{key}: {reference}"))
    record = Record(
        source=Arxiv.name, key=key, title=title, authors=tuple(authors), arxiv_id=id, arxiv_version=version,
        stage=Stage.WITHDRAWN if is_withdrawn(comment, abstract) else Stage.PREPRINT,
        venue=claim[0], venue_year=claim[1], year=first.year, published_on=day, first_on=first,
        doi=dois[0] if dois else None, comment=comment, abstract=abstract, categories=_categories(entry),
        url=f"https://arxiv.org/abs/{key}",
    )  # fmt: skip
    cut = [name for name in authors if _MORE_AUTHORS.fullmatch(name)]
    if cut:
        record = replace(record, authors=tuple(name for name in authors if name not in cut), truncated=True)
    return record, remarks


def _authors(entry: "etree._Element") -> tuple[list[str], list[Remark]]:
    """Names in order. An affiliation is no author and has no field: it is remarked."""
    names, remarks = [], []
    for author in entry.findall(f"{_ATOM}author"):
        name = _text(author, f"{_ATOM}name")
        if name.casefold() != "and" and any(
            letter.isalnum() for letter in name
        ):  # lists are split at ":" and "and" too
            names.append(name)
        for element in author.findall(f"{_ARXIV}affiliation"):
            if said := _words(element):
                remarks.append(Remark(kind="affiliation", explanation=f"{name}: {said}"))
    return names, remarks


def _categories(entry: "etree._Element") -> tuple[str, ...]:
    """The primary one first."""
    primary = entry.findall(f"{_ARXIV}primary_category")
    terms = [element.get("term", "") for element in [*primary, *entry.findall(f"{_ATOM}category")]]
    return tuple(dict.fromkeys(term for term in terms if term))


def _dois(element: "etree._Element") -> Iterator[str]:
    """One field may hold two, with a space between."""
    for word in _words(element).split():
        if doi := parse_doi(word):
            yield doi


def _day(answer: Answer, entry: "etree._Element", name: str) -> date:
    text = _text(entry, f"{_ATOM}{name}")
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as problem:
        raise unreadable(answer, f"an entry whose {name!r} is no date ({text[:40]!r})") from problem


def _text(element: "etree._Element", name: str) -> str:
    found = element.find(name)
    return "" if found is None else _words(found)


def _words(element: "etree._Element") -> str:
    return fold("".join(str(piece) for piece in element.itertext()))


def _further(answer: Answer, start: int, total: int) -> tuple[Query, ...]:
    """The next page: from the number really received, for pages may be short."""
    if not answer.url or start >= min(total, _LAST):
        return ()
    params = dict(parse_qsl(urlsplit(answer.url).query, keep_blank_values=True))
    if "max_results" not in params:
        return ()
    asked = tuple((params | {"start": str(start)}).items())
    return (Query(path="/api/query", params=asked, person_id=answer.person_id, purpose="next page"),)
