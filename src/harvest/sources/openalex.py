"""OpenAlex's API: https://developers.openalex.org, CC0. Counts of citations, and where a work appeared.

One OpenAlex work often holds preprint and publication in one, as locations; at times a twin holds one of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id, parse_doi, parse_openalex_id, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Reading, Record, Remark, Stage
from harvest.sources.json_answer import (
    Plain,
    contents,
    count,
    day,
    documents,
    if_any,
    inside,
    items,
    objects,
    readings,
    text,
    words,
    year,
)
from harvest.sources.refusal import apology, refused
from harvest.sources.source import Known, next_page
from harvest.sources.text import unreadable

_PAGE = 100  # the most it gives since 2026
_VENUES = ("journal", "conference", "book series", "ebook platform", "publisher")  # types of source that publish
# Crossref's kinds, as types of source.
_KINDS = {"journal-article": "journal", "proceedings-article": "conference", "book-chapter": "book series"}
_WORDS = 20_000  # of an abstract; more is no abstract


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
        told = documents(answer, "OpenAlex")
        said = told[0]
        lines = told if len(told) > 1 else said if isinstance(said, list) else []  # of a dump, or a bare list
        if any(map(_kind, lines)):
            return _works([one for one in lines if _kind(one) == "W"])
        if not isinstance(said, dict):
            raise refused(answer, "this is JSON, but nothing of OpenAlex's")
        if isinstance(said.get("results"), list) and isinstance(said.get("meta"), dict):
            return _list(answer, said["meta"], said["results"])
        kind = _kind(said)
        if kind == "A":
            return Contents(readings=tuple(_numbers(said)), remarks=tuple(_author(answer, said)))
        if kind == "W":
            return _works([said])
        if told_wrong := text(said.get("message")) or text(said.get("error")):
            raise apology(answer, "OpenAlex", told_wrong)
        raise refused(answer, "no work, author or list of OpenAlex's in it")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: further pages are named by the pages."""
        yield from ()


def onward(answer: Answer, pages: Sequence[Contents], known: Known) -> tuple[Query, ...]:
    """The next page, unless all that the list counts has come; `pages` are those so far, the newest last.

    The cursor of the last page is never null. A count is not believed against a page that is full.
    """
    last, most = pages[-1], dict(parse_qsl(urlsplit(answer.url).query)).get("per-page", "")
    came = len({record.key for page in pages for record in page.records})
    full = not most.isdecimal() or len(last.records) >= int(most)
    return last.next if full or not last.total or came < last.total else ()


def _list(answer: Answer, meta: Plain, found: Sequence[Any]) -> Contents:
    total = count(meta.get("count"))
    if total is None:
        raise unreadable(answer, "a list that does not say how long it is: not believed")
    if found and not any(map(_kind, found)):
        raise unreadable(answer, "a list without a work or an author in it: not one of the answers that are read")
    works = _works(one for one in found if _kind(one) == "W")
    others = [_candidate(one) for one in found if _kind(one) == "A"]
    others += [Remark(kind="not_understood", explanation="an entry without an id") for one in found if not _kind(one)]
    further = next_page(answer, "/works", "cursor", meta.get("next_cursor")) if found else ()
    return replace(works, remarks=(*works.remarks, *others), total=total, next=further)


def _works(works: Iterable[Plain]) -> Contents:
    return contents(works, _record, {"citations": "cited_by_count"})


def _record(work: Plain) -> Record:
    key = parse_openalex_id(str(work.get("id"))) or ""
    places = [place for place in [work.get("primary_location"), *items(work, "locations")] if isinstance(place, dict)]
    for old in (inside(work, "host_venue"), *objects(work, "alternate_host_venues")):  # until 2023
        places.append({"source": old, "version": old.get("version"), "landing_page_url": old.get("url")})
    stage, venue = _appearance(work, places)
    people = [(name, one) for one in objects(work, "authorships") if (name := _name(one))]
    links = [work.get("doi"), inside(work, "ids").get("doi"), *(place.get("landing_page_url") for place in places)]
    addresses = [link for link in links if isinstance(link, str)]
    arxiv = next((found[0] for link in addresses if (found := parse_arxiv_id(link))), None)
    return Record(
        source=OpenAlex.name, key=key, openalex_id=key,
        title=words(work.get("title")) or words(work.get("display_name")),
        authors=tuple(name for name, _ in people),
        author_keys=tuple(parse_openalex_id(str(inside(one, "author").get("id"))) or "" for _, one in people),
        roles=if_any("corresponding" if one.get("is_corresponding") is True else "" for _, one in people),
        truncated=work.get("is_authors_truncated") is True,
        stage=stage, venue=venue, year=year(work.get("publication_year")),
        published_on=day(work.get("publication_date")), arxiv_id=arxiv,
        doi=next((doi for link in addresses if "doi.org" in link and (doi := parse_doi(link))), None),
        url=next(iter(addresses), None), abstract=_abstract(work.get("abstract_inverted_index")),
        comment="retracted" if work.get("is_retracted") is True else None,
    )  # fmt: skip


def _name(authorship: Plain) -> str:
    """Of the person that OpenAlex found, else as the paper has it."""
    return words(inside(authorship, "author").get("display_name")) or words(authorship.get("raw_author_name"))


def _source(place: Plain) -> Plain:
    """What holds a copy. Since November 2025 most proceedings are named in the depositor's words only."""
    unknown = {"display_name": words(place.get("raw_source_name")), "type": _KINDS.get(text(place.get("raw_type")))}
    return inside(place, "source") or unknown


def _appearance(work: Plain, places: Sequence[Plain]) -> tuple[Stage | None, str | None]:
    """The best that the locations say. A copy of a proceedings paper in a repository is no publication."""
    retracted = work.get("is_retracted") is True
    for wanted, stage in (("publishedVersion", Stage.PUBLISHED), ("acceptedVersion", Stage.ACCEPTED)):
        for place in places:
            source = _source(place)
            if place.get("version") == wanted and source.get("type") in _VENUES:
                return Stage.WITHDRAWN if retracted else stage, text(source.get("display_name")) or None
    sources = [_source(place) for place in places]
    shelf = next((one for one in sources if one.get("type") == "repository"), None)
    if shelf or work.get("type") == "preprint":
        return Stage.WITHDRAWN if retracted else Stage.PREPRINT, text((shelf or {}).get("display_name")) or None
    return Stage.WITHDRAWN if retracted else None, next(
        filter(None, (text(one.get("display_name")) for one in sources)), None
    )


def _numbers(author: Plain) -> Iterator[Reading]:
    yield from readings(OpenAlex.name, author, {"citations": "cited_by_count", "papers": "works_count"})
    yield from readings(
        OpenAlex.name, inside(author, "summary_stats"), {"h_index": "h_index", "i10_index": "i10_index"}
    )


def _author(answer: Answer, author: Plain) -> Iterator[Remark]:
    """What is said about the person besides numbers; that two profiles became one is said by the id."""
    asked = re.search(r"/authors/(A\d{1,15})\b", answer.url)
    id = parse_openalex_id(str(author.get("id")))
    if asked and asked[1] != id:
        yield Remark(kind="moved", explanation=f"OpenAlex has {asked[1]} as {id} now: put that in people.toml")
    if orcid := parse_orcid(str(author.get("orcid"))):
        yield Remark(kind="orcid", explanation=orcid)
    for name in items(author, "display_name_alternatives"):
        yield Remark(kind="alias", explanation=text(name))
    for place in [*objects(author, "last_known_institutions"), inside(author, "last_known_institution")]:
        if name := text(place.get("display_name")):
            yield Remark(kind="affiliation", explanation=name)


def _candidate(author: Plain) -> Remark:
    """One of several authors found: a person to choose, never to be chosen by itself."""
    id = parse_openalex_id(str(author.get("id")))
    orcid = parse_orcid(str(author.get("orcid"))) or "no ORCID"
    return Remark(kind="candidate", explanation=f"{text(author.get('display_name'))}: {id}, {orcid}")


def _abstract(index: object) -> str | None:
    """The words of an inverted index, each at its places."""
    if not isinstance(index, dict):
        return None
    places = [
        (place, word) for word, at in index.items() if isinstance(at, list) for place in at if isinstance(place, int)
    ]
    return words(" ".join(word for _, word in sorted(places)[:_WORDS])) or None


def _kind(said: object) -> str:
    """ "W" for a work, "A" for an author, "" for neither."""
    return (parse_openalex_id(str(said.get("id"))) or "")[:1] if isinstance(said, dict) else ""
