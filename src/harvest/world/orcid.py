"""ORCID's public API: https://info.orcid.org/documentation/api-tutorials. The record of a person, as XML."""

import re
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from harvest.world.catalogue import Work, who
from harvest.world.record import Reply, World
from harvest.world.templates import fill

LAG = timedelta(days=30)  # from a paper's day to the day its author enters it: modelled
_KINDS = {"conference": "conference-paper", "workshop": "conference-paper", "journal": "journal-article"}


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/v3.0/ORCID/record: 404 in XML for all else, the search for persons included."""
    found = re.fullmatch(r"/v3\.0/([\dX-]{19})/record", path)
    person = who("orcid", found and found[1])
    if not person:
        return Reply(404, "application/xml;charset=UTF-8", fill("orcid_error.xml", path=path).encode())
    world = World(as_of)
    given, _, family = person["name"].rpartition(" ")
    works = [work for work in world.works_of(person["id"]) if _known(world, work)]
    entries = [(zlib.crc32(work.key.encode()) % 10**8, _entry(world, work)) for work in works]
    text = fill("orcid.xml", orcid=person["orcid"], given=given, family=family, person=person, works=entries)
    return Reply(200, "application/vnd.orcid+xml; qs=5;charset=UTF-8", text.encode())


def _known(world: World, work: Work) -> bool:
    return bool(world.current(work, late=LAG) or world.appeared(work, late=LAG))


def _entry(world: World, work: Work) -> dict[str, object]:
    """One work as its author entered it: what has appeared, else the preprint."""
    version, published = world.current(work, late=LAG), world.appeared(work, late=LAG)
    shown = published or version
    ids = [("arxiv", work.arxiv_id, f"https://arxiv.org/abs/{work.arxiv_id}")] if version else []
    if published and published.doi:
        ids.insert(0, ("doi", published.doi, f"https://doi.org/{published.doi}"))
    return {
        "shown": shown,
        "kind": _KINDS[published.kind] if published else "preprint",
        "venue": published.name if published else "arXiv",
        "ids": ids,
    }
