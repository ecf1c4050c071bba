"""What humans write down: ``people.toml`` (whom to follow, their documents) and ``decisions.toml``."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvest.errors import InputProblem
from harvest.identifiers import parse_openalex_id, parse_orcid, parse_pid
from harvest.model import Decision, Document, Person

_STRICT = ConfigDict(extra="forbid", frozen=True)
_File = TypeVar("_File", bound=BaseModel)


class _DocumentEntry(BaseModel):
    model_config = _STRICT
    file: str
    kind: str
    captured_at: datetime
    own: bool = False


class _PersonEntry(BaseModel):
    model_config = _STRICT
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None
    dblp_pid: str | None = None
    openalex_id: str | None = None
    scholar_feed_id: str | None = None
    homepages: tuple[str, ...] = ()
    email: str | None = None
    google_scholar_id: str | None = None
    openreview_ids: tuple[str, ...] = ()
    github: str | None = None
    documents: tuple[_DocumentEntry, ...] = ()


class _PeopleFile(BaseModel):
    model_config = _STRICT
    person: tuple[_PersonEntry, ...] = Field(min_length=1)


class _DecisionEntry(BaseModel):
    model_config = _STRICT
    verdict: Literal["same", "different", "theirs", "not_theirs"]
    left: str | None = None
    right: str | None = None
    person: str | None = None
    work: str | None = None
    reason: str = ""


class _DecisionsFile(BaseModel):
    model_config = _STRICT
    decision: tuple[_DecisionEntry, ...] = ()


def read_people(path: Path) -> tuple[tuple[Person, ...], tuple[Document, ...]]:
    """The people and their documents; raises InputProblem that names the line or entry to mend."""
    entries = _validated(_PeopleFile, path)
    people = tuple(_person(entry, path) for entry in entries.person)
    ids = [person.id for person in people]
    if doubled := {one for one in ids if ids.count(one) > 1}:
        raise InputProblem(f"{path}: the id {min(doubled)!r} is given twice: every person needs their own")
    return people, tuple(
        _document(document, entry.id, path) for entry in entries.person for document in entry.documents
    )


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """What humans decided, in the file's order; no file means nothing is decided yet."""
    if not path.exists():
        return ()
    return tuple(_decision(entry, path) for entry in _validated(_DecisionsFile, path).decision)


def _person(entry: _PersonEntry, path: Path) -> Person:
    for name, value, parse in (
        ("orcid", entry.orcid, parse_orcid),
        ("dblp_pid", entry.dblp_pid, parse_pid),
        ("openalex_id", entry.openalex_id, parse_openalex_id),
    ):
        if value and not parse(value):
            raise InputProblem(f"{path}: {name} {value!r} of {entry.id} is not such an identifier: check it")
    more = [("google_scholar", entry.google_scholar_id), ("github", entry.github)]
    more += [("openreview", profile) for profile in entry.openreview_ids]
    given = entry.model_dump(exclude={"documents", "google_scholar_id", "github", "openreview_ids"})
    return Person(**given, more=tuple((scheme, value) for scheme, value in more if value))


def _document(entry: _DocumentEntry, person_id: str, path: Path) -> Document:
    captured_at = entry.captured_at
    return Document(
        path=str(path.parent / entry.file),
        kind=entry.kind,
        person_id=person_id,
        captured_at=captured_at if captured_at.tzinfo else captured_at.replace(tzinfo=UTC),
        own=entry.own,
    )


def _decision(entry: _DecisionEntry, path: Path) -> Decision:
    left, right = (entry.person, entry.work) if entry.verdict.endswith("theirs") else (entry.left, entry.right)
    if not left or not right:
        needs = "person and work" if entry.verdict.endswith("theirs") else "left and right"
        raise InputProblem(f"{path}: a decision {entry.verdict!r} needs {needs}")
    for reference in (left, right)[entry.verdict.endswith("theirs") :]:
        if not re.match(r"(?:arxiv|doi|dblp|work|title):.", reference):
            raise InputProblem(
                f"{path}: {reference!r} is no reference: write arxiv:…, doi:…, dblp:…, work:… or title:…"
            )
    return Decision(verdict=entry.verdict, left=left, right=right, reason=entry.reason)


def _validated(model: type[_File], path: Path) -> _File:
    try:
        return model.model_validate(_toml(path))
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise InputProblem(f"{path}: {place or 'the file'}: {first['msg'].lower()}") from problem


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise InputProblem(f"there is no {path}: write one, or name it with HARVEST_PEOPLE") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputProblem(f"{path} is not valid TOML: {problem}") from problem
    except OSError as problem:
        raise InputProblem(f"{path} cannot be read: {problem.strerror}") from problem
