"""arXiv's query API in its present Atom dialect: https://info.arxiv.org/help/api/user-manual.html."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from harvest.world.catalogue import Version, Work, moment
from harvest.world.record import Reply, World
from harvest.world.templates import fill

ATOM = "application/atom+xml; charset=utf-8"
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?")
_AUTHOR = re.compile(r'au:(?:"([^"]*)"|([^\s()]+))')


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/api/query with search_query (au: terms joined by OR), id_list, start, max_results, sortBy, sortOrder."""
    if path.rstrip("/") != "/api/query":
        return Reply.html(404, "<html><body>404 Not Found</body></html>")
    try:
        start, count = _number(params, "start", 0), _number(params, "max_results", 10)
        found = _found(World(as_of), params)
    except ValueError as problem:
        return Reply(400, ATOM, error_feed(str(problem), as_of))
    return Reply(200, ATOM, _feed(params, found, start, count, as_of))


def error_feed(problem: str, as_of: datetime) -> bytes:
    """A feed whose single entry is the error."""
    return fill("arxiv_error.xml", problem=problem, as_of=as_of).encode()


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name) or str(default)
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(f"{name} must be an integer")
    if int(text) > 30000:
        raise ValueError(f"{name} must not exceed 30000")
    return int(text)


def _found(world: World, params: Mapping[str, str]) -> list[tuple[Work, Version]]:
    """Both parameters together filter; an id of a list that is not known is silently left out."""
    wanted = [_parsed(id.strip()) for id in params.get("id_list", "").split(",") if id.strip()]
    found = _by_id(world, wanted) if wanted else _all(world)
    if params.get("search_query") or not wanted:
        names = [quoted or bare for quoted, bare in _AUTHOR.findall(params.get("search_query", ""))]
        found = [pair for pair in found if any(_written_by(name, pair[1]) for name in names)]
    order = params.get("sortBy") or ("" if wanted else "submittedDate")
    if not order:
        return found
    newest_first = params.get("sortOrder", "descending") != "ascending"
    return sorted(found, key=lambda pair: _day(pair, order), reverse=newest_first)


def _day(pair: tuple[Work, Version], order: str) -> datetime:
    return pair[1].at if order == "lastUpdatedDate" else pair[0].versions[0].at


def _parsed(text: str) -> tuple[str, int | None]:
    found = _ID.fullmatch(text)
    if not found:
        raise ValueError(f"incorrect id format for {text}")
    return found[1], int(found[2]) if found[2] else None


def _by_id(world: World, wanted: Sequence[tuple[str, int | None]]) -> list[tuple[Work, Version]]:
    works = {work.arxiv_id: work for work in world.works}
    asked = [(works[id], number) for id, number in wanted if id in works]
    picked = [(work, [v for v in world.versions(work) if number in (None, v.number)]) for work, number in asked]
    return [(work, versions[-1]) for work, versions in picked if versions]


def _all(world: World) -> list[tuple[Work, Version]]:
    return [(work, newest) for work in world.works if (newest := world.current(work))]


def _written_by(name: str, version: Version) -> bool:
    """The words of the name stand side by side in one author's name, as the phrase search has it."""
    phrase = f" {' '.join(name.lower().split())} "
    return any(phrase in f" {author.lower()} " for author in version.authors)


def _feed(
    params: Mapping[str, str], found: Sequence[tuple[Work, Version]], start: int, count: int, as_of: datetime
) -> bytes:
    query, ids = params.get("search_query", ""), params.get("id_list", "")
    asked = f"search_query={query}&id_list={ids}&start={start}&max_results={count}"
    digest = base64.b64encode(hashlib.blake2b(asked.encode(), digest_size=20).digest()).decode().rstrip("=")
    return fill(
        "arxiv.xml",
        digest=digest,
        asked=asked,
        again=urlencode({"search_query": query, "start": start, "max_results": count, "id_list": ids}),
        as_of=as_of,
        start=start,
        count=count,
        total=len(found),
        entries=[(work, version, note(work, as_of)) for work, version in found[start : start + count]],
    ).encode()


def note(work: Work, as_of: datetime) -> Mapping[str, str]:
    """The journal reference and DOI, from the day they were added on."""
    known = work.arxiv_note and moment(work.arxiv_note["since"]) <= as_of
    return work.arxiv_note if known else {}
