"""Crossref's API: https://api.crossref.org/swagger-ui/index.html. Works by DOI; arXiv's own DOIs are not here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from harvest.world.catalogue import Appearance
from harvest.world.record import Reply, World

LAG = timedelta(days=3)  # from the day something appears to the deposit: modelled
_KINDS = {"conference": "proceedings-article", "workshop": "proceedings-article", "journal": "journal-article"}


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/works/DOI, and /works?filter=doi:…,doi:…&rows=: those that there are; 404 in plain text for all else."""
    known = _works(World(as_of))
    one = known.get(path.removeprefix("/works/").lower())
    if one:
        return _said("work", one)
    if path != "/works":
        return Reply(404, "text/plain", b"Resource not found.")
    asked = [each.removeprefix("doi:").lower() for each in params.get("filter", "").split(",") if each[:4] == "doi:"]
    found = [known[doi] for doi in dict.fromkeys(asked) if doi in known]
    rows = int(params.get("rows", "20"))
    page = {"facets": {}, "total-results": len(found), "items": found[:rows], "items-per-page": rows}
    return _said("work-list", page | {"query": {"start-index": 0, "search-terms": None}})


def _said(kind: str, message: Mapping[str, Any]) -> Reply:
    said = {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}
    return Reply.json(200, said)


def _works(world: World) -> dict[str, dict[str, Any]]:
    """DOI in small letters → its deposit."""
    return {
        one.doi.lower(): _work(one, world.citations(work))
        for work in world.works
        for one in world.appearances(work, late=LAG)
        if one.doi
    }


def _work(one: Appearance, citations: int) -> dict[str, Any]:
    day = {"date-parts": [[one.at.year, one.at.month, one.at.day]]}
    return {
        "DOI": one.doi,
        "type": _KINDS[one.kind],
        "title": [one.title],
        "subtitle": [],
        "container-title": [one.name],
        "author": [
            {"given": given, "family": family, "sequence": "additional", "affiliation": []}
            for given, _, family in (name.rpartition(" ") for name in one.authors)
        ],
        "published-online": day,
        "issued": day,
        "is-referenced-by-count": citations,
        "URL": f"https://doi.org/{one.doi}",
        "relation": {},
    }
