"""Crossref's API (https://api.crossref.org/swagger-ui/index.html): works as their publishers deposited them; free.

Titles and abstracts come with JATS and MathML in them. A preprint's record names the publication
(`is-preprint-of`), the publication's own mostly does not name the preprint; arXiv's DOIs are not here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id, parse_doi, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
from harvest.sources.bibtex import BibTeX
from harvest.sources.dblp_search import stage_of
from harvest.sources.json_answer import (
    Plain,
    contents,
    count,
    documents,
    if_any,
    inside,
    items,
    objects,
    person_name,
    strings,
    text,
    words,
)
from harvest.sources.refusal import BIBTEX, apology, refused
from harvest.sources.source import Known, next_page
from harvest.sources.text import text_of, unreadable

# Deposit dates run years off: they are the last resort.
_DATES = ("published-print", "published-online", "issued", "published", "posted", "created")
_GONE = ("retraction", "withdrawal", "removal", "retracted-article")
_APPEARED = (
    "journal-article", "proceedings-article", "book-chapter", "book", "monograph", "edited-book", "reference-book",
    "reference-entry", "book-section", "book-part", "book-series", "proceedings", "dissertation", "report",
)  # fmt: skip
_NOBODY = ("", "&NA;")  # the second is how some publishers deposit "no author"
_AT_ONCE = 40  # DOIs in one question: keeps its address well under 4,000 characters


class Crossref:
    """Works by DOI, and lists of works."""

    name = "crossref"
    pause = timedelta(seconds=1)  # it bears more, of callers who say whom to write to
    every = 30

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The DOIs that somebody gives for a work which no index has, many at once; what it lacks it leaves out."""
        asked = {doi for url in known.lately for doi in _asked(url)}
        dois = sorted(doi for doi in known.unconfirmed_dois - asked if "," not in doi)  # a comma would end the DOI
        for start in range(0, len(dois), _AT_ONCE):
            some = dois[start : start + _AT_ONCE]
            params = (("filter", ",".join(f"doi:{doi}" for doi in some)), ("rows", str(len(some))))
            yield Query(path="/works", params=params, purpose="unconfirmed DOIs")

    def read(self, answer: Answer) -> Contents:
        """One record per work. Raises UnreadableAnswer for errors, "not found" among them, and for anything else."""
        start = answer.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if BIBTEX.match(start):
            return BibTeX().read(answer)  # a work in the form that some ask for
        if not start.startswith((b"{", b"[")):
            head = text_of(answer)[:300]
            raise (
                apology(answer, "Crossref", head)
                if len(answer.body) < 300 and "<" not in head
                else refused(answer, "this is no whole JSON: Crossref's answer was cut or is something else")
            )
        said = documents(answer, "Crossref")
        works = said[0] if len(said) == 1 and isinstance(said[0], list) else said
        works = [inside(one, "message") or one for one in works] if len(said) > 1 else works
        if any(map(_is_work, works)):
            return _all(works)
        return _message(answer, inside({"": said[0]}, ""))

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: each question has one page."""
        yield from ()


def _asked(url: str) -> list[str]:
    """The DOIs that an address asks for."""
    filters = dict(parse_qsl(urlsplit(url).query)).get("filter", "")
    return [one.removeprefix("doi:") for one in filters.split(",") if one.startswith("doi:")]


def _message(answer: Answer, said: Plain) -> Contents:
    message, kind = said.get("message"), text(said.get("message-type"))
    if said.get("status") in ("failed", "error") or isinstance(message, list):
        first = next(iter(objects(said, "message")), inside(said, "message"))
        told, kind = text(first.get("message") or first.get("description")), text(first.get("type"))
        raise apology(answer, "Crossref", f"{told} ({kind})" if kind else told)
    if not isinstance(message, dict) or said.get("status") != "ok":
        raise refused(answer, "this is JSON, but no work and no list of Crossref's")
    if "DOI" in message and "agency" in message:
        explanation = f"{text(message['DOI'])} is registered with {text(inside(message, 'agency').get('label'))}"
        return Contents(remarks=(Remark(kind="agency", explanation=explanation),))
    if kind == "work-list" or (not kind and isinstance(message.get("items"), list)):
        return _list(answer, message)
    if "DOI" in message:
        return _works([message])
    return Contents(remarks=(Remark(kind="about", explanation=f"about a {kind or 'thing'}: it speaks of no work"),))


def _list(answer: Answer, message: Plain) -> Contents:
    total = count(message.get("total-results"))
    if total is None:
        raise unreadable(answer, "a list that does not say how long it is: not believed")
    found = items(message, "items")
    further = next_page(answer, "/works", "cursor", message.get("next-cursor")) if found else ()
    return replace(_all(found), total=total, next=further)


def _is_work(one: object) -> bool:
    return isinstance(one, dict) and "DOI" in one


def _all(found: Sequence[Any]) -> Contents:
    """The works of a list; what is none is remarked."""
    said = _works(filter(_is_work, found))
    others = (one for one in found if not _is_work(one))
    lost = (Remark(kind="not_understood", explanation="an entry without a DOI") for _ in others)
    return replace(said, remarks=(*said.remarks, *lost))


def _works(works: Iterable[Plain]) -> Contents:
    return contents(works, _record, {"citations": "is-referenced-by-count"}, _remarks)


def _record(work: Plain) -> Record:
    doi = parse_doi(text(work.get("DOI"))) or ""
    people, role = (objects(work, "author"), "") if objects(work, "author") else (objects(work, "editor"), "editor")
    named = [
        (name, parse_orcid(text(one.get("ORCID"))) or "") for one in people if (name := person_name(one)) not in _NOBODY
    ]
    title, venue = next(strings(work.get("title")), ""), _venue(work)
    moment, year = _when(work, _DATES)
    held = next((when for when in (_when(inside(work, "event"), ("start",))[1],) if when), None)
    kept = _relations(work, ("has-preprint", "is-same-as", "has-version", "is-version-of"))
    return Record(
        source=Crossref.name, key=doi, doi=doi or None, title=title,
        authors=tuple(name for name, _ in named), author_keys=if_any(key for _, key in named),
        roles=if_any(role for _ in named), stage=_stage(work, title, venue), venue=venue or None,
        venue_year=held, year=year, published_on=moment, url=text(work.get("URL")) or None,
        arxiv_id=next((found[0] for one in kept if "arxiv" in one.lower() and (found := parse_arxiv_id(one))), None),
        abstract=words(work.get("abstract")) or None, categories=tuple(strings(items(work, "subject"))),
    )  # fmt: skip


def _stage(work: Plain, title: str, venue: str) -> Stage | None:
    changed = [text(one.get("type")).lower() for one in objects(work, "updated-by")]
    if any(one in _GONE for one in changed) or title.upper().startswith(
        ("RETRACTED:", "RETRACTED ARTICLE", "WITHDRAWN:")
    ):
        return Stage.WITHDRAWN
    kind = text(work.get("type"))
    if kind == "posted-content":
        return Stage.PREPRINT
    if kind == "proceedings-article":
        return stage_of("inproceedings", "", venue)
    return Stage.PUBLISHED if kind in _APPEARED else None


def _venue(work: Plain) -> str:
    """Where it appeared: journal or proceedings, else the event, else the keeper of preprints or theses."""
    institution = inside(work, "institution") or next(iter(objects(work, "institution")), {})
    places = (
        next(strings(work.get("container-title")), ""),
        words(inside(work, "event").get("name")),
        words(institution.get("name")),
        words(work.get("publisher"))
        if text(work.get("type")) in ("book", "monograph", "dissertation", "report")
        else "",
    )
    return next(filter(None, places), "")


def _when(said: Plain, names: Sequence[str]) -> tuple[date | None, int | None]:
    """The day, when one is said, and the year of the first of these dates that has one."""
    for name in names:
        parts: Any = next(iter(items(inside(said, name), "date-parts")), None)
        if not (isinstance(parts, list) and parts and all(count(part) is not None for part in parts[:3])):
            continue
        if 1000 <= parts[0] <= 9999:
            try:
                return date(*parts[:3]) if len(parts) > 2 else None, parts[0]
            except (ValueError, OverflowError):
                return None, parts[0]
    return None, None


def _relations(work: Plain, kinds: Sequence[str]) -> list[str]:
    return [text(one.get("id")) for kind in kinds for one in objects(inside(work, "relation"), kind)]


def _remarks(work: Plain, key: str) -> Iterator[Remark]:
    """What no field of a record holds."""
    others = [*list(strings(work.get("title")))[1:], *strings(items(work, "original-title"))]
    for title in others:
        yield Remark(kind="further_title", explanation=f"{key}: {title}")
    for title in strings(items(work, "subtitle")):
        yield Remark(kind="subtitle", explanation=f"{key}: {title}")
    for other in _relations(work, ("is-preprint-of",)):
        yield Remark(kind="published_as", explanation=f"{key} is a preprint of {other}")
    for one in [*objects(work, "update-to"), *objects(work, "updated-by")]:
        yield Remark(kind="update", explanation=f"{key}: {text(one.get('type'))}, {text(one.get('DOI'))}")
