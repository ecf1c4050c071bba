"""A file that a person fetched by hand does as well as an answer: it answers the question that it fits.

So a service that blocks programs (DBLP has stood behind a bot check since September 2026) stays a source.
"""

import gzip
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from harvest.acquire.blocked import blocked
from harvest.acquire.channel import public
from harvest.acquire.failed import Reply
from harvest.acquire.fetch import Service
from harvest.errors import InputProblem
from harvest.model import Answer, Query
from harvest.settings import Settings

_GZIP = b"\x1f\x8b"


def answer_by_hand(
    settings: Settings,
    service: Service,
    queries: Sequence[Query],
    path: Path,
    *,
    whose: str = "",
    captured_at: datetime | None = None,
) -> Answer:
    """The file at `path` as the answer to that one of the queries which it fits; captured when the file says.

    `whose` is a person's id or the purpose of a query, where the file alone does not tell. Raises InputProblem for a
    file that cannot be read, is a bot check saved by mistake, or fits no query or several.
    """
    body, changed = _read(path, settings.max_answer_bytes)
    page = Reply(url="", status=200, headers={}, body=body)
    if reason := blocked(page, pages=getattr(service, "pages", False)):
        raise InputProblem(f"{path} is not what was wanted: {reason}")
    query = _fitting(service, [one for one in queries if whose in ("", one.person_id, one.purpose)], path, body, whose)
    return Answer(
        source=service.name,
        url=public(settings, service.name, settings.base_urls(service.name), query),
        body=body,
        received_at=captured_at or changed,
        headers=(("content-location", f"file:{path.name}"),),
        person_id=query.person_id,
        reason=f"from the file {path.name}, fetched by hand",
        own=getattr(service, "own", False),
    )


def _read(path: Path, most: int) -> tuple[bytes, datetime]:
    """The bytes of a file, unpacked, and when it was written."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        with gzip.open(path) if packed else path.open("rb") as file:
            body = file.read(most + 1)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, EOFError, zlib.error) as problem:
        raise InputProblem(f"{path} cannot be read: {getattr(problem, 'strerror', None) or problem}") from problem
    if not body.strip():
        raise InputProblem(f"{path} is empty: fetch it again")
    if len(body) > most:
        raise InputProblem(f"{path} is larger than {most:,} bytes (max_answer_bytes)")
    return body, changed


def _fitting(service: Service, queries: Sequence[Query], path: Path, body: bytes, whose: str) -> Query:
    """The query whose own name stands first in the file; or the only one there is, when the user says so."""
    if len(queries) == 1 and (whose or not queries[0].person_id):
        return queries[0]
    places = {query: place for query in queries if (place := _place(query, body)) >= 0}
    first = [query for query, place in places.items() if place == min(places.values())]
    if len(first) == 1:
        return first[0]
    known = ", ".join(dict.fromkeys(said for one in queries for said in (one.person_id, one.purpose) if said)) or "none"
    raise InputProblem(
        f"{path} does not tell which question to {service.name} it answers: write"
        f" --from-file {service.name}:PERSON={path}; known are {known}"
    )


def _place(query: Query, body: bytes) -> int:
    """Where the file names what is asked for: the identifier at the end of the path, or a parameter; -1 if nowhere."""
    path = query.path.partition("://")[2] or query.path.split("/", 2)[-1]
    names = [path.rsplit(".", 1)[0] if path.endswith((".xml", ".json")) else path]
    names += [value.rpartition(":")[2] for _, value in query.params if ":" in value]
    places = [body.find(name.encode()) for name in names if len(name) > 3]
    return min((place for place in places if place >= 0), default=-1)
