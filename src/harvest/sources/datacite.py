"""DataCite's API (https://support.datacite.org/docs/api): every arXiv paper has a DOI there, 10.48550/arXiv.ID; CC0.

It has the dates of all versions, the published DOI when the authors gave it, and the comment; no titles of earlier
versions.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id, parse_doi, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
from harvest.sources.claims import acceptance, is_withdrawn
from harvest.sources.json_answer import (
    Plain,
    contents,
    count,
    day,
    documents,
    if_any,
    inside,
    objects,
    person_name,
    strings,
    text,
    words,
    year,
)
from harvest.sources.refusal import apology, refused
from harvest.sources.source import Known
from harvest.sources.text import unreadable

_KEPT = "10.48550/arxiv."
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)$")  # of "Machine Learning (cs.LG)"
_APPEARED = ("journalarticle", "conferencepaper", "book", "bookchapter", "dissertation", "report", "thesis",
             "proceedings")  # fmt: skip
_RESOLVER = re.compile(r"^https?://(?:dx\.)?doi\.org/")
# Its codes for what nobody knows: https://datacite-metadata-schema.readthedocs.io, "standard values for unknown".
_NOTHING = re.compile(r"\(:[a-z]{2,5}\)", re.IGNORECASE)
_AT_ONCE = 50  # DOIs in one question: keeps its address well under 2,000 characters
_MOST = 1_000  # papers in one run, the newest: it stands in for arXiv, it is no second arXiv
_PAGE = 1_000  # the most it gives: a full page would name a next one, and that without the ids


class DataCite:
    """Records of DOIs: single, in lists, or one a line."""

    name = "datacite"
    pause = timedelta(seconds=0.5)  # 1,000 requests in five minutes, of callers who say whom to write to
    every = 1

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The papers of ours that arXiv is known to have, many at once, the newest first; some have none here yet."""
        ids = sorted(known.our_arxiv_ids, key=_age)[:_MOST]
        for start in range(0, len(ids), _AT_ONCE):
            dois = ",".join(f"{_KEPT}{id.lower()}" for id in ids[start : start + _AT_ONCE])
            params = (("ids", dois), ("page[size]", str(_PAGE)), ("disable-facets", "true"))
            yield Query(path="/dois", params=params, purpose="known papers of arXiv's")

    def read(self, answer: Answer) -> Contents:
        """One record per DOI. Raises UnreadableAnswer for errors, "not found" among them, and for anything else."""
        said = documents(answer, "DataCite")
        if len(said) == 1:
            return _one(answer, said[0])
        return _records([one for each in said for one in _data(each)])

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: each question has one page."""
        yield from ()


def _age(id: str) -> tuple[bool, int, str]:
    """Sorts the newest first: "2401.01234" before "hep-th/9901001"; the year of the old ones does not matter."""
    old = "/" in id
    return old, 0 if old else -int(id.replace(".", "").ljust(9, "0")), id


def _one(answer: Answer, said: object) -> Contents:
    if isinstance(said, dict) and objects(said, "errors"):
        first = objects(said, "errors")[0]
        raise apology(answer, "DataCite", f"{text(first.get('title'))} ({text(first.get('status'))})")
    found = _data(said)
    listed = isinstance(said, dict) and isinstance(said.get("data"), list)
    if not found and not listed:
        raise refused(answer, "this is JSON, but no DOI and no list of DataCite's")
    total = count(inside(said, "meta").get("total")) if listed else None
    if listed and not found and total != 0:
        raise unreadable(answer, "an empty list that does not say that it is empty: not believed")
    further = _further(answer, text(inside(said, "links").get("next"))) if found else ()
    return replace(_records(found), total=total, next=further)


def _data(said: object) -> list[Plain]:
    """What an answer says of DOIs: those of a list, the one of a single answer, or the bare one."""
    if not isinstance(said, dict):
        return []
    one = said.get("data", said)
    return [
        told for each in (one if isinstance(one, list) else [one]) if isinstance(each, dict) and (told := _about(each))
    ]


def _about(one: Plain) -> Plain:
    """The attributes with their DOI; empty when this is none."""
    attributes = inside(one, "attributes") or (one if "creators" in one and "titles" in one else {})
    doi = text(attributes.get("doi") or one.get("id")).lower()
    return {**attributes, "doi": _RESOLVER.sub("", doi)} if attributes else {}


def _further(answer: Answer, link: str) -> tuple[Query, ...]:
    params = tuple(parse_qsl(urlsplit(link[:4000]).query, keep_blank_values=True))
    if not params or params == tuple(parse_qsl(urlsplit(answer.url).query, keep_blank_values=True)):
        return ()
    return (Query(path="/dois", params=params, person_id=answer.person_id, purpose="next page"),)


def _records(found: Iterable[Plain]) -> Contents:
    return contents(found, _record, {"citations": "citationCount"}, _remarks)


def _record(said: Plain) -> Record:
    key = said["doi"]
    arxiv = parse_arxiv_id(key) if key.startswith(_KEPT) else None
    id = arxiv[0] if arxiv else None
    people = [(person_name(one), _orcid(one)) for one in objects(said, "creators") or objects(said, "author")]
    named = [(name, orcid) for name, orcid in people if name and not _NOTHING.fullmatch(name)]
    version = text(str(said.get("version") or "")).removeprefix("v")
    number = int(version) if id and version.isascii() and version.isdecimal() and len(version) < 5 else None
    comment, abstract = (next(_described(said, kind), "") for kind in ("Other", "Abstract"))
    claim = (acceptance(comment) or (None, None, None))[1:] if id else (None, None)
    published = _published(said) if id else [key]
    first, moment = _dates(said, number)
    return Record(
        source=DataCite.name, key=key, title=next(_titles(said), ""), authors=tuple(name for name, _ in named),
        author_keys=if_any(orcid for _, orcid in named), truncated=any(name.lower() == "(:etal)" for name, _ in people),
        stage=_stage(said, bool(id), comment, abstract),
        venue=claim[0] if id else _venue(said), venue_year=claim[1],
        year=year(said.get("publicationYear")) or year(said.get("published")) or (first.year if first else None),
        published_on=moment, first_on=first, arxiv_id=id, arxiv_version=number,
        doi=next(iter(published), None), url=text(said.get("url")) or f"https://doi.org/{key}",
        abstract=abstract or None, comment=comment or None, categories=_categories(said),
    )  # fmt: skip


def _stage(said: Plain, arxiv: bool, comment: str, abstract: str) -> Stage | None:
    if arxiv:
        return Stage.WITHDRAWN if is_withdrawn(comment, abstract) else Stage.PREPRINT
    types = inside(said, "types")
    told = [types.get("resourceTypeGeneral"), types.get("resourceType"), said.get("resource-type-subtype")]
    kinds = [re.sub(r"[\s-]", "", text(one)).lower() for one in told]
    if "preprint" in kinds:
        return Stage.PREPRINT
    return Stage.PUBLISHED if any(kind in _APPEARED for kind in kinds) else None


def _venue(said: Plain) -> str | None:
    publisher = said.get("publisher")
    places = (
        inside(said, "container").get("title"), said.get("container-title"),
        publisher.get("name") if isinstance(publisher, dict) else publisher,
    )  # fmt: skip
    return next((place for place in map(words, places) if place and not _NOTHING.fullmatch(place)), None)


def _titles(said: Plain) -> Iterator[str]:
    """The title first; translations and subtitles follow."""
    titles = sorted(objects(said, "titles"), key=lambda one: bool(one.get("titleType")))
    yield from filter(None, (words(one.get("title")) for one in titles))
    yield from strings(said.get("title"))


def _orcid(person: Plain) -> str:
    told = (text(one.get("nameIdentifier")) for one in objects(person, "nameIdentifiers"))
    return next((found for one in told if (found := parse_orcid(one))), "")


def _described(said: Plain, kind: str) -> Iterator[str]:
    told = (one.get("description") for one in objects(said, "descriptions") if one.get("descriptionType") == kind)
    yield from filter(None, (" ".join(strings(one)) for one in told))
    if kind == "Abstract":
        yield from strings(said.get("description"))


def _published(said: Plain) -> list[str]:
    """DOIs of the publication, when the authors gave them to arXiv."""
    told = [one for one in objects(said, "relatedIdentifiers") if one.get("relationType") == "IsVersionOf"]
    return [doi for one in told if (doi := parse_doi(text(one.get("relatedIdentifier"))))]


def _dates(said: Plain, version: int | None) -> tuple[date | None, date | None]:
    """First submission, and the day of this version; of other things, the day they were issued."""
    sent = {
        text(one.get("dateInformation")): day(one.get("date"))
        for one in objects(said, "dates")
        if one.get("dateType") == "Submitted"
    }
    issued = (day(one.get("date")) for one in objects(said, "dates") if one.get("dateType") in ("Issued", "Available"))
    return sent.get("v1"), sent.get(f"v{version}") or (None if version else next(filter(None, issued), None))


def _categories(said: Plain) -> tuple[str, ...]:
    told = [text(one.get("subject")) for one in objects(said, "subjects") if one.get("subjectScheme") == "arXiv"]
    return tuple(found[1] for one in told if (found := _CODE.search(one)))


def _remarks(said: Plain, key: str) -> Iterator[Remark]:
    for title in list(_titles(said))[1:]:
        yield Remark(kind="further_title", explanation=f"{key}: {title}")
    if key.startswith(_KEPT):
        for doi in _published(said)[1:]:
            yield Remark(kind="further_doi", explanation=f"{key} has another DOI: {doi}")
