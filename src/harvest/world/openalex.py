"""OpenAlex's API: https://developers.openalex.org. One author, or the works of one author with cursor paging."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from harvest.world.catalogue import Appearance, Version, Work, people, who
from harvest.world.record import Reply, World, authors

LAG = timedelta(days=10)  # from a paper's day to its OpenAlex record: modelled
_BASE = "https://openalex.org/"
_ARXIV = {"id": f"{_BASE}S4306400194", "display_name": "arXiv (Cornell University)", "type": "repository"}
_NOT_FOUND = "<!doctype html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/authors/A…, /authors?search=, /works?filter=author.id:A…&per-page=&cursor=&select=; all else is 404 in HTML.

    The id of an author who was merged into another is sent on.
    """
    id = path.removeprefix("/authors/")
    if moved := who("openalex_id_before", id):
        return Reply.html(301, "")._replace(location=f"/authors/{moved['openalex_id']}")
    try:
        lists = {"/works": _listing, "/authors": _search}
        content = lists[path](World(as_of), params) if path in lists else _author(World(as_of), who("openalex_id", id))
    except ValueError as problem:  # binascii.Error of a cursor included
        return Reply.json(400, {"error": "Invalid query parameters error.", "message": str(problem)})
    return Reply.json(200, content) if content else Reply.html(404, _NOT_FOUND)


def _listing(world: World, params: Mapping[str, str]) -> dict[str, Any]:
    found = re.fullmatch(r"(?:authorships\.)?author\.id:(?:https://openalex\.org/)?(A\d+)", params.get("filter", ""))
    if not found:
        raise ValueError(f"{params.get('filter', '')!r} is not a valid filter")
    per_page = int(params.get("per-page", params.get("per_page", "25")))
    if not 1 <= per_page <= 100:
        raise ValueError("per-page parameter must be between 1 and 100")
    person, cursor = who("openalex_id", found[1]), params.get("cursor", "*")
    every = list(chain.from_iterable(_records(world, work) for work in world.works_of(person["id"]))) if person else []
    every.sort(key=lambda one: (one["publication_date"], one["id"]), reverse=True)
    start = 0 if cursor == "*" else int(base64.urlsafe_b64decode(cursor))
    results = every[start : start + per_page]
    if wanted := params.get("select"):
        results = [{key: one[key] for key in wanted.split(",") if key in one} for one in results]
    meta: dict[str, Any] = {"count": len(every), "db_response_time_ms": 12, "page": 1, "per_page": per_page}
    if "cursor" in params:  # the cursor of a page with results is never null: one more, empty page follows
        after = base64.urlsafe_b64encode(str(start + per_page).encode()).decode()
        meta |= {"page": None, "next_cursor": after if results else None}
    return {"meta": meta | {"groups_count": None}, "results": results, "group_by": []}


def _search(world: World, params: Mapping[str, str]) -> dict[str, Any]:
    """The authors whose names have all the words."""
    words = set(params.get("search", "").lower().split())
    found = [person for person in people().values() if words <= set(person["name"].lower().split())]
    authors = [_author(world, person) for person in found if "affiliation" in person]
    return {"meta": {"count": len(authors), "page": 1, "per_page": 25}, "results": authors}


def _author(world: World, person: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not person:
        return None
    works = [work for work in world.works_of(person["id"]) if _records(world, work)]
    counts = sorted((world.citations(work) for work in works), reverse=True)
    id = _BASE + person["openalex_id"]
    return {
        "id": id,
        "orcid": None,
        "display_name": person["name"],
        "display_name_alternatives": [person["name"]],
        "works_count": len(works),
        "cited_by_count": sum(counts),
        "summary_stats": {
            "2yr_mean_citedness": 0.0,
            "h_index": sum(count > rank for rank, count in enumerate(counts)),
            "i10_index": sum(count >= 10 for count in counts),
        },
        "ids": {"openalex": id},
        "last_known_institutions": [{"id": None, "display_name": person["affiliation"], "type": "education"}],
        "works_api_url": f"https://api.openalex.org/works?filter=author.id:{person['openalex_id']}",
        "updated_date": f"{world.as_of:%Y-%m-%dT%H:%M:%S}",
        "created_date": "2023-07-21",
    }


def _records(world: World, work: Work) -> list[dict[str, Any]]:
    """Mostly one OpenAlex work holds both forms; a twin keeps the published one apart."""
    version = world.current(work, late=LAG)
    published = [one for one in world.appearances(work, late=LAG) if one.kind != "workshop"]
    if version and published and work.openalex_twin:
        preprint = _work(world, work, version, None)
        return [preprint, _work(world, work, None, published[-1]) | _identity(work.openalex_twin, None, 0)]
    newest = next(reversed(published), None)
    return [_work(world, work, version, newest)] if version or newest else []


def _work(world: World, work: Work, version: Version | None, published: Appearance | None) -> dict[str, Any]:
    """The published form wins the title, authors and year; the first appearance gives the date."""
    shown = published or version or work.versions[0]
    days = [published.at] if published else []
    days += [work.versions[0].at] if version else []
    doi = published.doi if published else None
    if version and not doi:
        doi = f"10.48550/arxiv.{work.arxiv_id}"
    locations = [_proceedings(published)] if published else []
    locations += [_preprint(work)] if version else []
    return _identity(work.openalex_id, doi, world.citations(work)) | {
        "title": shown.title,
        "display_name": shown.title,
        "publication_year": published.year if published else min(days).year,
        "publication_date": f"{min(days):%Y-%m-%d}",
        "language": "en",
        "type": "article" if published else "preprint",
        "primary_location": locations[0],
        "locations_count": len(locations),
        "locations": locations,
        "authorships": _authorships(work, shown.authors),
        "is_authors_truncated": False,
        "is_retracted": False,
        "abstract_inverted_index": _inverted(shown.abstract),
        "updated_date": f"{world.as_of:%Y-%m-%dT%H:%M:%S}",
    }


def _identity(id: str, doi: str | None, citations: int) -> dict[str, Any]:
    address = f"https://doi.org/{doi}" if doi else None
    ids = {"openalex": _BASE + id} | ({"doi": address} if address else {})
    return {"id": _BASE + id, "doi": address, "ids": ids, "cited_by_count": citations}


def _authorships(work: Work, names: Sequence[str]) -> list[dict[str, Any]]:
    last = len(names) - 1
    return [
        {
            "author_position": "first" if place == 0 else "last" if place == last else "middle",
            "author": {"id": _BASE + one.openalex_id, "display_name": one.name, "orcid": None},
            "institutions": [],
            "raw_author_name": one.name,
        }
        for place, one in enumerate(authors(work, names))
    ]


def _preprint(work: Work) -> dict[str, Any]:
    return _location(f"http://arxiv.org/abs/{work.arxiv_id}", _ARXIV, "submittedVersion", published=False)


def _proceedings(one: Appearance) -> dict[str, Any]:
    source = {"id": None, "display_name": one.name, "type": one.kind}
    return _location((one.doi and f"https://doi.org/{one.doi}") or one.url, source, "publishedVersion", published=True)


def _location(url: str | None, source: Mapping[str, Any], version: str, *, published: bool) -> dict[str, Any]:
    return {
        "is_oa": True,
        "landing_page_url": url,
        "source": source,
        "version": version,
        "is_accepted": published,
        "is_published": published,
    }


def _inverted(text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(text.split()):
        places.setdefault(word, []).append(place)
    return places
