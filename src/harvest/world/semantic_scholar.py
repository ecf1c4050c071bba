"""Semantic Scholar's API: https://api.semanticscholar.org/api-docs/graph. One author, with papers when asked for."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from harvest.world.catalogue import Work, who
from harvest.world.record import Reply, World, authors

LAG = timedelta(days=14)  # from a paper's day to its record: modelled
_PATH = "/graph/v1/author/"
_ABOUT = frozenset((
    "authorId", "externalIds", "url", "name", "affiliations", "homepage", "paperCount", "citationCount", "hIndex",
    "papers",
))  # fmt: skip
_OF_PAPERS = frozenset((
    "paperId", "corpusId", "externalIds", "url", "title", "abstract", "venue", "publicationVenue", "year", "journal",
    "publicationDate", "citationCount", "authors",
))  # fmt: skip


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/graph/v1/author/ID?fields=…, fields of papers as "papers.…"; JSON errors for all else."""
    id = path.removeprefix(_PATH)
    person = who("semantic_scholar_id", id) if path.startswith(_PATH) else None
    if not person:
        return Reply.json(404, {"error": f"Author with id {id} not found"})
    asked = params.get("fields", "name").split(",")
    inner = {name.removeprefix("papers.") for name in asked if name.startswith("papers.")}
    own = {name.partition(".")[0] for name in asked}
    if unknown := sorted((own - _ABOUT) | (inner - _OF_PAPERS)):
        return Reply.json(400, {"error": f"Unrecognized or unsupported fields: [{', '.join(unknown)}]"})
    author = _author(World(as_of), person)
    said = {name: author[name] for name in author if name in own | {"authorId"}}
    if "papers" in said:
        wanted = inner | {"paperId", "title"}
        said["papers"] = [{name: one[name] for name in one if name in wanted} for one in said["papers"]]
    return Reply.json(200, said)


def _author(world: World, person: Mapping[str, Any]) -> dict[str, Any]:
    """The author with all papers, the newest first."""
    papers = [paper for work in world.works_of(person["id"]) if (paper := _paper(world, work))]
    papers.sort(key=lambda one: (one["publicationDate"], one["paperId"]), reverse=True)
    counts = sorted((one["citationCount"] for one in papers), reverse=True)
    id = person["semantic_scholar_id"]
    return {
        "authorId": id,
        "externalIds": {"DBLP": [person["dblp_name"]]},
        "url": f"https://www.semanticscholar.org/author/{id}",
        "name": person["name"],
        "affiliations": [],
        "homepage": None,
        "paperCount": len(papers),
        "citationCount": sum(counts),
        "hIndex": sum(count > rank for rank, count in enumerate(counts)),
        "papers": papers,
    }


def _paper(world: World, work: Work) -> dict[str, Any] | None:
    """Preprint and publication in one: the venue of the one, the day of the other; None before either is known."""
    version, published = world.current(work, late=LAG), world.appeared(work, late=LAG)
    shown = published or version
    if not shown:
        return None
    day = work.versions[0].at if version else shown.at
    id = hashlib.sha256(work.key.encode()).hexdigest()[:40]
    listed = published and published.in_dblp and published.in_dblp <= world.as_of
    ids = {
        "ArXiv": work.arxiv_id if version else None,
        "DBLP": published.dblp_key if published and listed else None,
        "DOI": (published and published.doi) or (version and f"10.48550/arXiv.{work.arxiv_id}"),
    }
    return {
        "paperId": id,
        "corpusId": int(id[:7], 16),
        "externalIds": {name: value for name, value in ids.items() if value},
        "url": f"https://www.semanticscholar.org/paper/{id}",
        "title": shown.title,
        "abstract": shown.abstract,
        "venue": published.name if published else "arXiv.org",
        "publicationVenue": None,
        "year": published.year if published else day.year,
        "journal": {"name": published.name if published else "ArXiv"},
        "publicationDate": f"{day:%Y-%m-%d}",
        "citationCount": world.citations(work),
        "authors": [
            {"authorId": one.openalex_id.removeprefix("A"), "name": one.name} for one in authors(work, shown.authors)
        ],
    }
