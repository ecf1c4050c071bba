"""OpenAlex's API: https://developers.openalex.org, CC0. Counts of citations, and where a work appeared.

One OpenAlex work often holds preprint and publication in one, as locations; at times a twin holds one of them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id, parse_doi, parse_openalex_id, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Reading, Record, Remark, Stage
from harvest.sources.source import Known
from harvest.sources.text import fold, unreadable

_PAGE = 100  # the most it gives since 2026
_VENUES = ("journal", "conference", "book series", "ebook platform")  # types of source that publish
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # JSON may carry what no database takes
_WORDS = 20_000  # of an abstract; more is no abstract

Plain = Mapping[str, Any]


class OpenAlex:
    """Citations, h-index, and works with their locations."""

    name = "openalex"
    pause = timedelta(seconds=0.1)  # far below its limit of 100 requests a second

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The author and the first page of works of everybody whose OpenAlex id is known."""
        for person in people:
            if id := person.openalex_id:
                yield Query(path=f"/authors/{id}", person_id=person.id, purpose="author")
                params = (("filter", f"author.id:{id}"), ("per-page", str(_PAGE)), ("cursor", "*"))
                yield Query(path="/works", params=params, person_id=person.id, purpose="works")

    def read(self, answer: Answer) -> Contents:
        """An author, a work, or a list of works or authors. Raises UnreadableAnswer for anything else."""
        said = _json(answer)
        if isinstance(said.get("results"), list) and isinstance(said.get("meta"), dict):
            return _list(answer, said["meta"], said["results"])
        kind = _kind(said)
        if kind == "A":
            return Contents(readings=tuple(_numbers(said)), remarks=tuple(_author(answer, said)))
        if kind == "W":
            return _works([said])
        words = said.get("message") or said.get("error")
        raise unreadable(answer, f"OpenAlex says: {_text(words)[:200]}" if words else "no work, author or list in it")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: further pages are named by the pages."""
        yield from ()


def _json(answer: Answer) -> Plain:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError) as problem:
        raise unreadable(answer, "this is no whole JSON: OpenAlex's answer was cut or is something else") from problem
    if not isinstance(said, dict):
        raise unreadable(answer, "this is JSON, but nothing of OpenAlex's")
    return said


def _list(answer: Answer, meta: Plain, found: Sequence[Any]) -> Contents:
    total = meta.get("count")
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise unreadable(answer, "a list that does not say how long it is: not believed")
    works = _works([one for one in found if _kind(one) == "W"])
    others = [_candidate(one) for one in found if _kind(one) == "A"]
    others += [Remark(kind="not_understood", explanation="an entry without an id") for one in found if not _kind(one)]
    return Contents(
        records=works.records,
        readings=works.readings,
        remarks=(*works.remarks, *others),
        total=total,
        next=_further(answer, meta.get("next_cursor")) if found else (),
    )


def _works(works: Iterable[Plain]) -> Contents:
    records: list[Record] = []
    readings: list[Reading] = []
    remarks: list[Remark] = []
    for work in works:
        record = _record(work)
        if not record.title:
            remarks.append(Remark(kind="not_understood", explanation=f"{record.key} has no title"))
            continue
        records.append(record)
        readings += _readings(work, {"citations": "cited_by_count"}, record.key)
    return Contents(records=tuple(records), readings=tuple(readings), remarks=tuple(remarks))


def _record(work: Plain) -> Record:
    key = parse_openalex_id(str(work.get("id"))) or ""
    places = [place for place in [work.get("primary_location"), *_items(work, "locations")] if isinstance(place, dict)]
    stage, venue = _appearance(work, places)
    people = [one for one in _items(work, "authorships") if _text(_inside(one, "author").get("display_name"))]
    links = [work.get("doi"), _inside(work, "ids").get("doi"), *(place.get("landing_page_url") for place in places)]
    addresses = [link for link in links if isinstance(link, str)]
    arxiv = next((found[0] for link in addresses if (found := parse_arxiv_id(link))), None)
    year = work.get("publication_year")
    return Record(
        source=OpenAlex.name, key=key, openalex_id=key,
        title=_text(work.get("title") or work.get("display_name")),
        authors=tuple(_text(one["author"]["display_name"]) for one in people),
        author_keys=tuple(parse_openalex_id(str(one["author"].get("id"))) or "" for one in people),
        roles=_roles(people),
        truncated=work.get("is_authors_truncated") is True,
        stage=stage, venue=venue, year=year if isinstance(year, int) and 1000 <= year <= 9999 else None,
        published_on=_day(work.get("publication_date")), arxiv_id=arxiv,
        doi=next((doi for link in addresses if "doi.org" in link and (doi := parse_doi(link))), None),
        url=next(iter(addresses), None), abstract=_abstract(work.get("abstract_inverted_index")),
        comment="retracted" if work.get("is_retracted") is True else None,
    )  # fmt: skip


def _appearance(work: Plain, places: Sequence[Plain]) -> tuple[Stage | None, str | None]:
    """The best that the locations say. A copy of a proceedings paper in a repository is no publication."""
    retracted = work.get("is_retracted") is True
    for wanted, stage in (("publishedVersion", Stage.PUBLISHED), ("acceptedVersion", Stage.ACCEPTED)):
        for place in places:
            source = _inside(place, "source")
            if place.get("version") == wanted and source.get("type") in _VENUES:
                return Stage.WITHDRAWN if retracted else stage, _text(source.get("display_name")) or None
    sources = [_inside(place, "source") for place in places]
    shelf = next((one for one in sources if one.get("type") == "repository"), None)
    if shelf or work.get("type") == "preprint":
        return Stage.WITHDRAWN if retracted else Stage.PREPRINT, _text((shelf or {}).get("display_name")) or None
    return Stage.WITHDRAWN if retracted else None, next((_text(one.get("display_name")) for one in sources), "") or None


def _roles(people: Sequence[Plain]) -> tuple[str, ...]:
    roles = tuple("corresponding" if one.get("is_corresponding") is True else "" for one in people)
    return roles if any(roles) else ()


def _numbers(author: Plain) -> Iterator[Reading]:
    yield from _readings(author, {"citations": "cited_by_count", "papers": "works_count"})
    yield from _readings(_inside(author, "summary_stats"), {"h_index": "h_index", "i10_index": "i10_index"})


def _readings(said: Plain, metrics: Mapping[str, str], key: str | None = None) -> Iterator[Reading]:
    """Numbers only: null is no zero."""
    for metric, field in metrics.items():
        value = said.get(field)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
            yield Reading(source=OpenAlex.name, metric=metric, value=float(value), key=key)


def _author(answer: Answer, author: Plain) -> Iterator[Remark]:
    """What is said about the person besides numbers; that two profiles became one is said by the id."""
    asked = re.search(r"/authors/(A\d{1,15})\b", answer.url)
    id = parse_openalex_id(str(author.get("id")))
    if asked and asked[1] != id:
        yield Remark(kind="moved", explanation=f"OpenAlex has {asked[1]} as {id} now: put that in people.toml")
    if orcid := parse_orcid(str(author.get("orcid"))):
        yield Remark(kind="orcid", explanation=orcid)
    for name in _items(author, "display_name_alternatives"):
        yield Remark(kind="alias", explanation=_text(name))
    for place in _items(author, "last_known_institutions"):
        if isinstance(place, dict) and place.get("display_name"):
            yield Remark(kind="affiliation", explanation=_text(place["display_name"]))


def _candidate(author: Plain) -> Remark:
    """One of several authors found: a person to choose, never to be chosen by itself."""
    id = parse_openalex_id(str(author.get("id")))
    orcid = parse_orcid(str(author.get("orcid"))) or "no ORCID"
    return Remark(kind="candidate", explanation=f"{_text(author.get('display_name'))}: {id}, {orcid}")


def _further(answer: Answer, cursor: object) -> tuple[Query, ...]:
    split = urlsplit(answer.url)
    params = dict(parse_qsl(split.query, keep_blank_values=True))
    if not (isinstance(cursor, str) and cursor and "cursor" in params and cursor != params["cursor"]):
        return ()
    asked = tuple((params | {"cursor": cursor}).items())
    return (Query(path="/works", params=asked, person_id=answer.person_id, purpose="next page"),)


def _abstract(index: object) -> str | None:
    """The words of an inverted index, each at its places."""
    if not isinstance(index, dict):
        return None
    places = [
        (place, word) for word, at in index.items() if isinstance(at, list) for place in at if isinstance(place, int)
    ]
    return _text(" ".join(word for _, word in sorted(places)[:_WORDS])) or None


def _kind(said: object) -> str:
    """ "W" for a work, "A" for an author, "" for neither."""
    return (parse_openalex_id(str(said.get("id"))) or "")[:1] if isinstance(said, dict) else ""


def _inside(said: object, name: str) -> Plain:
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def _items(said: Plain, name: str) -> list[Any]:
    found = said.get(name)
    return found if isinstance(found, list) else []


def _text(said: object) -> str:
    return fold(_CONTROL.sub(" ", said)) if isinstance(said, str) else ""


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
