"""What the model knows, read once from data/*.toml: works with their versions and appearances, people, homepages."""

import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an arXiv submission."""

    number: int
    at: datetime
    title: str
    authors: tuple[str, ...]
    abstract: str
    comment: str | None = None
    modelled: tuple[str, ...] = ()  # fields that are plausible, not verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One appearance in proceedings, in a journal or at a workshop."""

    kind: str  # conference, journal, workshop
    venue: str  # as DBLP prints it
    name: str  # in full
    year: int
    at: datetime  # when the proceedings were public
    title: str
    authors: tuple[str, ...]
    abstract: str
    in_dblp: datetime | None = None  # when its DBLP record showed; None: DBLP has none
    dblp_key: str = ""
    volume: str | None = None
    pages: str | None = None
    doi: str | None = None
    url: str | None = None
    modelled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One work with everything public about it, past and future."""

    key: str
    source: str  # the public pages that its facts come from
    people: tuple[str, ...] = ()  # ids of the modelled people who wrote it
    openalex_id: str
    openalex_twin: str | None = None  # a second OpenAlex work that holds the published form apart
    arxiv_id: str | None = None
    categories: tuple[str, ...] = ()
    corr_key: str | None = None  # DBLP key of the preprint where the present rule does not give it; "" for none
    citations: tuple[tuple[datetime, int], ...] = ()
    arxiv_note: Mapping[str, Any] = field(default_factory=dict)
    feed: Mapping[str, Any] = field(default_factory=dict)
    versions: tuple[Version, ...]
    appearances: tuple[Appearance, ...]
    modelled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody whose name stands on a work, as each service knows them."""

    name: str
    dblp_name: str
    dblp_pid: str
    openalex_id: str


def moment(value: date) -> datetime:
    """The moment itself, or noon UTC of a day whose hour is not known."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(12), UTC)


@cache
def read(name: str) -> dict[str, Any]:
    """One data file as plain values, such as "people.toml"."""
    return tomllib.loads((files("harvest.world") / "data" / name).read_text(encoding="utf-8"))


@cache
def works() -> tuple[Work, ...]:
    """All works of the model, whatever the day."""
    return tuple(_work(raw) for raw in read("works.toml")["work"])


@cache
def people() -> Mapping[str, Mapping[str, Any]]:
    """The modelled people by id, homonyms included, as people.toml has them."""
    return {person["id"]: person for person in read("people.toml")["person"]}


def who(field: str, value: object) -> Mapping[str, Any] | None:
    """Whose an identifier is; None when it is nobody's."""
    return next((person for person in people().values() if value and person.get(field) == value), None)


@cache
def _coauthors() -> Mapping[str, Mapping[str, Any]]:
    return {name: entry for entry in read("people.toml")["coauthor"] for name in entry["names"]}


@cache
def author(name: str, belongs_to: tuple[str, ...] = ()) -> Author:
    """Who a printed name is on a work that belongs to the given people; ids of co-authors follow a rule."""
    for person in (people()[id] for id in belongs_to):
        if person["name"] == name:
            return Author(
                name=name,
                dblp_name=person["dblp_name"],
                dblp_pid=person["dblp_pid"],
                openalex_id=person["openalex_id"],
            )
    known = _coauthors().get(name, {})
    dblp_name = known.get("dblp_name", name)
    number = zlib.crc32(dblp_name.encode())
    suffix = f"-{int(dblp_name[-4:])}" if dblp_name[-4:].isdigit() else ""
    pid = known.get("dblp_pid", f"9{number % 89 + 10}/{number // 89 % 90000 + 10000}{suffix}")
    return Author(name=name, dblp_name=dblp_name, dblp_pid=pid, openalex_id=f"A59{number % 10**8:08d}")


def _work(raw: Mapping[str, Any]) -> Work:
    versions = tuple(_versions(raw.get("version", ())))
    fields = {key: value for key, value in raw.items() if key not in ("version", "appearance")}
    citations = tuple((moment(day), count) for day, count in raw["citations"])
    appearances = tuple(_appearances(raw.get("appearance", ()), versions))
    return Work(**_tuples(fields, citations=citations, versions=versions, appearances=appearances))


def _versions(raw: Sequence[Mapping[str, Any]]) -> Iterator[Version]:
    """A version says only what it changes."""
    fields: dict[str, Any] = {}
    for entry in raw:
        fields = {**fields, "modelled": (), **entry}
        yield Version(**_tuples({key: fields[key] for key in fields if key != "date"}, at=moment(fields["date"])))


def _appearances(raw: Sequence[Mapping[str, Any]], versions: Sequence[Version]) -> Iterator[Appearance]:
    for entry in raw:
        newest = {name: getattr(versions[-1], name) for name in ("title", "authors", "abstract")} if versions else {}
        fields = newest | {key: entry[key] for key in entry if key not in ("date", "in_dblp")}
        in_dblp = moment(entry["in_dblp"]) if "in_dblp" in entry else None
        yield Appearance(**_tuples(fields, at=moment(entry["date"]), in_dblp=in_dblp))


def _tuples(fields: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()} | more
