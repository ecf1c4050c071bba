"""A file that a person fetched by hand does as well as an answer: it answers the question that it fits.

So a service that blocks programs (DBLP has stood behind a bot check since September 2026) stays a source. A service's
whole dump answers all the questions that it has an answer for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import structlog

from harvest.acquire.blocked import blocked
from harvest.acquire.channel import public
from harvest.acquire.failed import Reply
from harvest.acquire.fetch import Service
from harvest.acquire.packed import Packed
from harvest.errors import InputProblem
from harvest.model import Answer, Person, Query
from harvest.settings import Settings

log = structlog.get_logger()


@runtime_checkable
class Dumping(Protocol):
    """A service that also gives everything it has in one file."""

    def is_dump(self, head: bytes) -> bool:
        """Whether a file that begins so is that file."""
        ...

    def from_dump(self, file: Packed, queries: Sequence[Query]) -> tuple[Mapping[Query, bytes], str]:
        """The answers in it, as the service would give them, and the day of its newest change ("" for none)."""
        ...


class _Given(NamedTuple):
    """What a file answers, and what it says of itself."""

    bodies: Mapping[Query, bytes]
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


def answers_by_hand(
    settings: Settings,
    service: Service,
    queries: Sequence[Query],
    path: Path,
    *,
    people: Sequence[Person] = (),
    whose: str = "",
    captured_at: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Answer, ...]:
    """The file at `path` as the answer to that one of the queries which it fits, or, a dump, to all it can answer.

    Captured when the file says. `whose` is a person's id or the purpose of a query, where the file alone does not
    tell; `people` are those asked about or not; `tell` is told how far a long file is read. Raises InputProblem for a
    file that cannot be read, is a bot check saved by mistake, or fits no query or several.
    """
    asked = [one for one in queries if whose in ("", one.person_id, one.purpose)]
    if not asked:
        about = f" about {whose!r}" if whose else ""
        choice = _choice(service, queries, people)
        raise InputProblem(f"{service.name} has no question{about} that {path} could answer: {choice}")
    file = Packed(path, tell)
    moment = captured_at or file.changed()
    if isinstance(service, Dumping) and service.is_dump(file.head()):
        given = _dumped(service, asked, file, moment)
        _tell_missing(service, [one for one in asked if one not in given.bodies], path, () if whose else people)
    else:
        body = _whole(file, settings.max_answer_bytes)
        if reason := blocked(Reply(url="", status=200, headers={}, body=body), pages=getattr(service, "pages", False)):
            raise InputProblem(f"{path} is not what was wanted: {reason}")
        query = _fitting(asked, body, whose)
        if query is None:
            raise InputProblem(
                f"{path} does not tell which question to {service.name} it answers: write"
                f" --from-file {service.name}:PERSON={path}; {_choice(service, queries, people)}"
            )
        given = _Given({query: body}, f"from the file {path.name}, fetched by hand")
    return tuple(
        Answer(
            source=service.name,
            url=public(settings, service.name, settings.base_urls(service.name), query),
            body=body,
            received_at=moment,
            headers=(("content-location", f"file:{path.name}"), *given.headers),
            person_id=query.person_id,
            reason=given.reason,
            own=getattr(service, "own", False),
        )
        for query, body in given.bodies.items()
    )


def _dumped(service: Dumping, asked: Sequence[Query], file: Packed, moment: datetime) -> _Given:
    """All that a dump answers. Raises InputProblem when that is nothing, or newer than it can be."""
    bodies, newest = service.from_dump(file, asked)
    if not bodies:
        names = ", ".join(one.path for one in asked)
        raise InputProblem(f"{file.path} knows none of {names}: it is a part of the dump, or older than they are")
    if newest > (moment + timedelta(days=1)).date().isoformat():  # its days are those of its keepers
        day = f"{moment:%Y-%m-%d}"
        raise InputProblem(f"{file.path} has changes of {newest} and was not fetched on {day}: mend --captured-at")
    said = f", its newest change of {newest}" if newest else ""
    headers = (("dump-sha256", file.sha256), ("dump-newest-change", newest))
    return _Given(bodies, f"from the dump {file.path.name}, fetched by hand{said}", headers)


def _tell_missing(service: Service, missing: Sequence[Query], path: Path, people: Sequence[Person]) -> None:
    """Who is not in a dump: they are asked for as ever."""
    for query in missing:
        log.warning("not in the dump", file=path.name, person=query.person_id, question=query.path)
    for person in _unbound(service, people):
        log.warning("not in the dump", file=path.name, person=person, reason=_unbound_because(service))


def _whole(file: Packed, most: int) -> bytes:
    """All bytes of a file that is no dump."""
    body = b""
    for block in file.blocks():
        body += block
        if len(body) > most:
            raise InputProblem(f"{file.path} is larger than {most:,} bytes (max_answer_bytes)")
    if not body.strip():
        raise InputProblem(f"{file.path} is empty: fetch it again")
    return body


def _choice(service: Service, queries: Sequence[Query], people: Sequence[Person]) -> str:
    """Who or what could be meant, and who not and why."""
    known = dict.fromkeys(said for one in queries if (said := one.person_id or one.purpose))
    unbound = ", ".join(_unbound(service, people))
    could = f"known are {', '.join(known)}" if known else "it asks about nobody in people.toml"
    return could + (f"; not {unbound}, for {_unbound_because(service)}" if unbound else "")


def _unbound(service: Service, people: Sequence[Person]) -> list[str]:
    """The ids of those whom the service is not asked about, for want of the identifier that it asks by."""
    by = getattr(service, "asks_by", "")
    return [person.id for person in people if by and not getattr(person, by)]


def _unbound_because(service: Service) -> str:
    return f"people.toml gives no {getattr(service, 'asks_by', '')} of theirs"


def _fitting(queries: Sequence[Query], body: bytes, whose: str) -> Query | None:
    """The query whose own name stands first in the file; or the only one there is, when the user says so."""
    if len(queries) == 1 and (whose or not queries[0].person_id):
        return queries[0]
    places = {query: place for query in queries if (place := _place(query, body)) >= 0}
    first = [query for query, place in places.items() if place == min(places.values())]
    return first[0] if len(first) == 1 else None


def _place(query: Query, body: bytes) -> int:
    """Where the file names what is asked for: the identifier at the end of the path, or a parameter; -1 if nowhere."""
    path = query.path.partition("://")[2] or query.path.split("/", 2)[-1]
    names = [path.rsplit(".", 1)[0] if path.endswith((".xml", ".json")) else path]
    names += [value.rpartition(":")[2] for _, value in query.params if ":" in value]
    places = [body.find(name.encode()) for name in names if len(name) > 3]
    return min((place for place in places if place >= 0), default=-1)
