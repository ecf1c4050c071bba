"""The homepages of the people we follow, in two common styles: a jemdoc list and a table with a row per paper."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from harvest.world.catalogue import moment, people, read
from harvest.world.catalogue import works as all_works
from harvest.world.record import Reply, World
from harvest.world.templates import fill

_NO_PAPER = "https://arxiv.org/abs/"  # such links stand on real pages while a paper is not out


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/<host>/<path>: the page as its owner had it on that day."""
    host, _, rest = path.lstrip("/").partition("/")
    for page in read("homepages.toml")["page"]:
        if page["host"] == host and f"/{rest}" in page["paths"]:
            owner = people()[page["person"]]["name"]
            entries = list(_entries(page, owner, World(as_of)))
            html = fill(f"homepage_{page['layout']}.html", owner=owner, about=page["about"], entries=entries)
            return Reply.html(200, html)
    return Reply.html(404, "<html><head><title>404</title></head><body>There is no such page here.</body></html>")


def _entries(page: Mapping[str, Any], owner: str, world: World) -> Iterator[dict[str, Any]]:
    """What the page says about each listed work now, oldest first; a state says only what it changes."""
    works = {work.key: work for work in all_works()}
    for entry in page["entry"]:
        said: dict[str, Any] = {}
        for state in entry["states"]:
            if moment(state["since"]) <= world.as_of:
                said |= state
        if said:
            work = works[entry["work"]]
            newest = world.current(work)
            names = said.get("authors") or (newest or (work.versions or work.appearances)[0]).authors
            link = f"https://arxiv.org/abs/{work.arxiv_id}" if newest else entry.get("link", _NO_PAPER)
            yield said | {"link": link, "names": _names(said, names, entry.get("marks", {}), owner)}


def _names(
    said: Mapping[str, Any], names: tuple[str, ...], marks: Mapping[str, str], owner: str
) -> list[dict[str, Any]]:
    """Each author with their mark; or the one line that stands for them all."""
    if "byline" in said:
        return [{"text": said["byline"], "own": False}]
    return [{"text": name + marks.get(name, ""), "own": name == owner} for name in names]
