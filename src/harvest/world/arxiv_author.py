"""arXiv's feeds of single authors: https://info.arxiv.org/help/author_identifiers.html. Newest first, no pages."""

import re
from collections.abc import Mapping
from datetime import datetime

from harvest.world.arxiv import ATOM, note
from harvest.world.catalogue import who
from harvest.world.record import Reply, World
from harvest.world.templates import fill


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/a/ORCID.atom of the people who made a list; 400 for everybody else."""
    found = re.fullmatch(r"/a/([\dX-]{19})\.atom", path)
    person = who("orcid", found and found[1])
    if not person:
        return Reply.html(400, "<html><body><h1>400 Bad Request</h1></body></html>")
    world, id = World(as_of), person["orcid"]
    shown = [(work, newest) for work in world.works_of(person["id"]) if (newest := world.current(work))]
    shown.sort(key=lambda pair: pair[0].versions[0].at, reverse=True)
    entries = [(work, version, note(work, as_of)) for work, version in shown]
    feed = fill("arxiv_author.xml", name=person["name"], id=id, orcid=id, as_of=as_of, entries=entries)
    return Reply(200, ATOM, feed.encode())
