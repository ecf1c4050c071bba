"""DataCite's API: https://support.datacite.org/docs/api. arXiv's papers by their DOIs, 10.48550/arXiv.ID."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from harvest.world.arxiv import note
from harvest.world.catalogue import Work
from harvest.world.record import Reply, World

LAG = timedelta(days=1)  # from arXiv to here: modelled
_KEPT = "10.48550/arxiv."
_JSON = "application/vnd.api+json; charset=utf-8"


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/dois/DOI, and /dois?ids=…,…&page[size]=: those that there are; JSON:API errors for all else."""
    world = World(as_of)
    known = {f"{_KEPT}{work.arxiv_id}".lower(): work for work in world.works if world.current(work, late=LAG)}
    one = known.get(path.removeprefix("/dois/").lower())
    if one:
        return Reply.json(200, {"data": _doi(world, one)}, _JSON)
    if path != "/dois":
        problem = {"status": "404", "title": "The resource you are looking for doesn't exist."}
        return Reply.json(404, {"errors": [problem]}, _JSON)
    asked = dict.fromkeys(params.get("ids", "").lower().split(","))
    found = [_doi(world, known[doi]) for doi in asked if doi in known]
    size = min(int(params.get("page[size]", "25")), 1000)
    # As the service does it: the next page, when there is one, is named without the ids.
    links = {"self": "/dois"} | (
        {"next": f"/dois?page%5Bnumber%5D=2&page%5Bsize%5D={size}"} if size < len(found) else {}
    )
    meta = {"total": len(found), "totalPages": -(-len(found) // size), "page": 1}
    return Reply.json(200, {"data": found[:size], "meta": meta, "links": links}, _JSON)


def _doi(world: World, work: Work) -> dict[str, Any]:
    doi, versions, said = f"{_KEPT}{work.arxiv_id}".lower(), world.versions(work, late=LAG), note(work, world.as_of)
    last = versions[-1]
    described = [("Abstract", last.abstract), ("Other", last.comment)]
    sent = [(kind, one) for one in versions for kind in ("Submitted", "Updated")]
    published = {"relationType": "IsVersionOf", "relatedIdentifierType": "DOI", "relatedIdentifier": said.get("doi")}
    return {
        "id": doi,
        "type": "dois",
        "attributes": {
            "doi": doi,
            "identifiers": [{"identifier": work.arxiv_id, "identifierType": "arXiv"}],
            "creators": [_creator(name) for name in last.authors],
            "titles": [{"title": last.title}],
            "publisher": "arXiv",
            "publicationYear": versions[0].at.year,
            "subjects": [{"subject": f"{one} ({one})", "subjectScheme": "arXiv"} for one in work.categories],
            "dates": [
                {"date": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "dateType": kind, "dateInformation": f"v{one.number}"}
                for kind, one in sent
            ],
            "types": {"resourceType": "Article", "resourceTypeGeneral": "Preprint"},
            "relatedIdentifiers": [published] if said.get("doi") else [],
            "version": str(last.number),
            "descriptions": [{"descriptionType": kind, "description": text} for kind, text in described if text],
            "url": f"https://arxiv.org/abs/{work.arxiv_id}",
            "citationCount": 0,
        },
    }


def _creator(name: str) -> dict[str, Any]:
    given, _, family = name.rpartition(" ")
    person = {"nameType": "Personal", "givenName": given, "familyName": family, "nameIdentifiers": []}
    return {"name": f"{family}, {given}" if given else family} | (person if given else {"familyName": family})
