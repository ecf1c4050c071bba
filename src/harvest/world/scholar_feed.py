"""Scholar Feed's author page. Stripped of its tags it has labels glued to values: "h-index18", "70.8LGMar 11Code"."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from harvest.world.catalogue import Version, Work, moment, people
from harvest.world.record import Reply, World
from harvest.world.templates import fill

LAG = timedelta(days=1)  # from arXiv to the page: modelled
FRESH = timedelta(days=90)  # how long a row shows its predicted impact: modelled
_UNREAD = {"citations": 0, "h_index": 0, "novelty": 0, "ai_score": 0}


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/author/<integer>: header numbers, then one row per paper in the page's own order."""
    found = re.fullmatch(r"/author/(\d{1,9})", path)
    for person in people().values():
        if found and person.get("scholar_feed", {}).get("id") == int(found[1]):
            return Reply.html(200, _page(person, World(as_of)))
    return Reply.html(404, "<!doctype html><title>Not found</title><h1>Author not found</h1>")


def _page(person: Mapping[str, Any], world: World) -> str:
    """The newest reading of the header, and the rows that exist by now."""
    feed = person["scholar_feed"]
    works = {work.arxiv_id: work for work in world.works}
    rows = [row for id in feed["rows"] if id in works and (row := _row(works[id], world))]
    readings = [one for one in feed["readings"] if moment(one["since"]) <= world.as_of]
    now = readings[-1] if readings and rows else _UNREAD
    papers = now.get("papers", len(rows))
    return fill("scholar_feed.html", name=person["name"], primary=feed["primary"], now=now, papers=papers, rows=rows)


def _row(work: Work, world: World) -> dict[str, Any] | None:
    """What the page shows of a work, None while it has not read it."""
    read = [one for one in world.versions(work, late=LAG) if one.number <= work.feed.get("newest", one.number)]
    if not read:
        return None
    first = work.versions[0].at
    return {
        "arxiv_id": work.arxiv_id,
        "impact": work.feed.get("impact") if world.as_of - first <= FRESH else None,
        "category": work.categories[0].split(".", 1)[-1].upper(),
        "date": _day(first.date(), world.as_of.date()),
        "code": work.feed.get("code"),
        "known": read[-1],
        "authors": _authors(read[-1], work.feed.get("tag")),
    }


def _day(day: date, today: date) -> str:
    """ "Mar 11" in the year of the page, "Jul 1, 2023" before it."""
    return f"{day:%b} {day.day}" + ("" if day.year == today.year else f", {day.year}")


def _authors(version: Version, tag: str | None) -> str:
    names = [name for name in version.authors if any(letter.isalpha() for letter in name)]
    shown = ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")
    return f"{shown} · {tag}" if tag else shown
