"""Semantic Scholar's API (https://api.semanticscholar.org/api-docs/graph): papers, authors, counts of citations.

One paper there is often preprint and publication in one, with the venue of the one and the year of the other, so a
venue alone proves nothing. Authors are clustered by machine: they split and merge. Whoever shows its numbers in
public names it, with a link: https://www.semanticscholar.org/product/api/license.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from harvest.identifiers import parse_arxiv_id, parse_dblp_key, parse_doi, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
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
    strings,
    text,
    words,
    year,
)
from harvest.sources.refusal import apology, refused
from harvest.sources.source import Known, next_page
from harvest.sources.text import unreadable

_NAME = "Semantic Scholar"
_WRAPPED = ("citedPaper", "citingPaper", "paper")  # in lists of references, citations and snippets
_SHELVES = re.compile(r"arxiv|biorxiv|medrxiv|chemrxiv|\bssrn\b|research square|preprints?\b|\bcorr\b", re.IGNORECASE)
_PREPRINT_DOI = re.compile(r"10\.(?:48550|1101|2139|21203|20944|31234|26434|36227|31219|31222|31223)/", re.IGNORECASE)
_CURATED = re.compile(r"(?:conf|journals)/(?!corr/)")
_NUMBERS = {"h_index": "hIndex", "citations": "citationCount", "papers": "paperCount"}
_ABOUT = ("name", "affiliations", "homepage", "externalIds", "paperCount", "citationCount", "hIndex")
_OF_PAPERS = ("title", "externalIds", "venue", "journal", "year", "publicationDate", "citationCount", "authors", "url")


class SemanticScholar:
    """A paper, an author with or without papers, and lists of either, in any of its forms."""

    name = "semantic_scholar"
    pause = timedelta(seconds=1)  # of a key, over all endpoints
    every = 7

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """One question for the numbers and the papers of everybody whose author id is known.

        Its list of many authors would be one answer, and an answer's numbers are those of one person.
        """
        fields = ",".join((*_ABOUT, *(f"papers.{name}" for name in _OF_PAPERS)))
        for person in people:
            if id := dict(person.more).get(self.name):
                path = f"/graph/v1/author/{id}"
                yield Query(path=path, params=(("fields", fields),), person_id=person.id, purpose="author and papers")

    def read(self, answer: Answer) -> Contents:
        """One record per paper. Raises UnreadableAnswer for errors, "not found" among them, and for anything else."""
        said = documents(answer, _NAME)
        if len(said) > 1:
            return _listed(answer, said, None)
        only = _unwrapped(said[0])
        if isinstance(only, list) and only:
            return _listed(answer, only, None)
        if not isinstance(only, dict):
            raise refused(answer, "this is JSON, but nothing of Semantic Scholar's")
        for name in ("data", "recommendedPapers", "matches"):
            if isinstance(only.get(name), list):
                return _listed(answer, only[name], only)
        if _kind(only):
            return _single(answer, only)
        if only.get("total") == 0 and "error" not in only:
            return Contents(total=0)  # an empty search has no "data"
        told = text(only.get("error")) or text(only.get("message"))
        if told:
            raise apology(answer, _NAME, told)
        raise refused(answer, "this is JSON, but no paper, author or list of Semantic Scholar's")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: an author comes with all papers."""
        yield from ()


def _single(answer: Answer, said: Plain) -> Contents:
    if _kind(said) == "paper":
        return _papers([said])
    papers = _papers(objects(said, "papers"))
    return replace(
        papers, readings=(*readings(SemanticScholar.name, said, _NUMBERS), *papers.readings),
        remarks=(*_about(answer, said), *papers.remarks),
        total=count(said.get("paperCount")) if "papers." in unquote(answer.url) else None,
    )  # fmt: skip


def _listed(answer: Answer, found: list[Any], around: Plain | None) -> Contents:
    """A list of papers, authors or references; a null stands in the place of something unknown."""
    entries = [_unwrapped(one) for one in found]
    kinds = [_kind(one) for one in entries]
    if found and not any(kinds) and any(one is not None for one in entries):
        raise unreadable(answer, "a list without a paper or an author in it: not one of the answers that are read")
    papers = _papers(one for one, kind in zip(entries, kinds, strict=True) if kind == "paper")
    remarks = list(papers.remarks)
    for place, (one, kind) in enumerate(zip(entries, kinds, strict=True), 1):
        if one is None:
            remarks.append(Remark(kind="missing", explanation=f"entry {place} of those asked for is not known"))
        elif kind == "author":
            remarks.append(_candidate(one))
        elif not kind:
            remarks.append(Remark(kind="not_understood", explanation=f"entry {place} is no paper and no author"))
    total, further = (count(around.get("total")), _further(answer, around)) if around else (None, ())
    return replace(papers, remarks=tuple(remarks), total=total, next=further if found else ())


def _unwrapped(said: Any) -> Any:
    return next((said[name] for name in _WRAPPED if name in said), said) if isinstance(said, dict) else said


def _kind(said: object) -> str:
    """ "paper", "author" or "" for neither."""
    if not isinstance(said, dict):
        return ""
    if "paperId" in said or "corpusId" in said:
        return "paper"
    return "author" if "authorId" in said else ""


def _further(answer: Answer, around: Plain) -> tuple[Query, ...]:
    """The next page, by its offset or by a token."""
    path, token, offset = urlsplit(answer.url).path, text(around.get("token")), count(around.get("next"))
    name, value = ("token", token) if token else ("offset", str(offset or ""))
    return next_page(answer, path if path.startswith("/") else f"/{path}", name, value)


def _papers(papers: Iterable[Plain]) -> Contents:
    metrics = {"citations": "citationCount", "influential_citations": "influentialCitationCount"}
    return contents(papers, _record, metrics)


def _key(paper: Plain, title: str) -> str:
    """Its own id; a cited paper may have none, and is named by its title."""
    corpus = paper.get("corpusId")  # in some of the forms a text
    number = corpus if isinstance(corpus, str) and corpus.isascii() and corpus.isdecimal() else count(corpus)
    return text(paper.get("paperId")) or (f"CorpusId:{number}" if number else title.casefold()[:200])


def _author(one: object) -> tuple[str, str]:
    """A name and an id; in snippets there are names only."""
    return (words(one.get("name")), text(one.get("authorId"))) if isinstance(one, dict) else (words(one), "")


def _record(paper: Plain) -> Record:
    title = words(paper.get("title"))
    old = {"ArXiv": paper.get("arxivId"), "DOI": paper.get("doi")}  # until 2021
    ids = {name: text(value) for name, value in {**old, **inside(paper, "externalIds")}.items()}
    named = [(name, key) for name, key in map(_author, items(paper, "authors")) if name]
    venue = (
        words(paper.get("venue"))
        or words(inside(paper, "publicationVenue").get("name"))
        or words(inside(paper, "journal").get("name"))
    )
    arxiv = parse_arxiv_id(ids.get("ArXiv", "")) or parse_arxiv_id(ids.get("DOI", ""))
    dblp = parse_dblp_key(ids.get("DBLP", ""))
    return Record(
        source=SemanticScholar.name, key=_key(paper, title), title=title, authors=tuple(name for name, _ in named),
        author_keys=if_any(key for _, key in named), stage=_stage(ids, dblp or "", venue), venue=venue or None,
        year=year(paper.get("year")), published_on=day(paper.get("publicationDate")),
        arxiv_id=arxiv[0] if arxiv else None, doi=parse_doi(ids.get("DOI", "")), dblp_key=dblp,
        url=text(paper.get("url")) or None, abstract=words(paper.get("abstract")) or None,
        categories=tuple(strings(items(paper, "fieldsOfStudy"))),
    )  # fmt: skip


def _stage(ids: dict[str, str], dblp: str, venue: str) -> Stage | None:
    """Published only where an identifier of the publication stands beside the venue."""
    doi = ids.get("DOI", "")
    if venue and _SHELVES.search(venue):
        return Stage.PREPRINT
    if _CURATED.match(dblp) or (venue and doi and not _PREPRINT_DOI.match(doi)):
        return Stage.PUBLISHED
    return Stage.PREPRINT if not venue and (ids.get("ArXiv") or _PREPRINT_DOI.match(doi)) else None


def _about(answer: Answer, author: Plain) -> Iterator[Remark]:
    """What is said about the person besides numbers; that two authors became one is said by the id."""
    asked, id = re.search(r"/author/(\d{1,12})(?!\d)", answer.url), text(author.get("authorId"))
    if asked and id and asked[1] != id:
        explanation = f"Semantic Scholar has {asked[1]} as {id} now: put that in people.toml"
        yield Remark(kind="moved", explanation=explanation)
    ids = inside(author, "externalIds")
    orcid = parse_orcid(text(ids.get("ORCID")))
    told = [("name", strings(author.get("name"))), ("orcid", [orcid or ""]),
            ("alias", strings(items(author, "aliases"))), ("alias", strings(ids.get("DBLP"))),
            ("affiliation", strings(items(author, "affiliations"))),
            ("link", strings(author.get("homepage")))]  # fmt: skip
    for kind, said in told:
        for one in filter(None, said):
            yield Remark(kind=kind, explanation=one)


def _candidate(author: Plain) -> Remark:
    """One of several authors: a person to choose, never to be chosen by itself."""
    told = {
        "h-index": author.get("hIndex"),
        "papers": author.get("paperCount"),
        "citations": author.get("citationCount"),
    }
    numbers = "".join(f", {name} {value}" for name, value in told.items() if count(value) is not None)
    return Remark(kind="candidate", explanation=f"{words(author.get('name'))}: {text(author.get('authorId'))}{numbers}")
