"""What humans write down: ``people.toml`` (whom to follow, their documents) and ``decisions.toml``."""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harvest.disk import write_whole
from harvest.errors import InputProblem
from harvest.identifiers import parse_openalex_id, parse_orcid, parse_pid
from harvest.model import Decision, Document, Person, Stage

_Decided = Literal["title", "authors", "venue", "year", "stage"]
FIELDS = get_args(_Decided)  # of a work, that a human may decide
_REFERENCE = re.compile(r"(?:arxiv|doi|dblp|work|title):.")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\\x00-\x1f]{1,64}@(?!-)[\w-]+(?:\.[\w-]+)*")
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
    arxiv_author_id: str | None = Field(default=None, pattern=r"^[\w'-]{1,80}_[a-z]_\d{1,4}$")
    semantic_scholar_id: str | None = Field(default=None, pattern=r"^\d{1,12}$")
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
    verdict: Literal["same", "different", "theirs", "not_theirs", "value"]
    left: str | None = None
    right: str | None = None
    person: str | None = None
    work: str | None = None
    field: _Decided | None = None
    value: str | int | None = None
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
    owners: dict[tuple[str, str], str] = {}
    for person in people:
        for bound in _bound(person):
            if owners.setdefault(bound, person.id) != person.id:
                raise InputProblem(
                    f"{path}: {' '.join(bound)} is given for {owners[bound]} and for {person.id}: what it lists can be"
                    " one person's only; leave it with whose it is"
                )
    return people, tuple(
        _document(document, entry.id, path) for entry in entries.person for document in entry.documents
    )


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """What humans decided, in the file's order; no file means nothing is decided yet."""
    if not path.exists():
        return ()
    return tuple(_decision(entry, path) for entry in _validated(_DecisionsFile, path).decision)


def add_decision(path: Path, entry: Mapping[str, str], notes: Mapping[str, str]) -> bool:
    """Append a decision, its `notes` as comments behind the fields; False when the file's last word says it already.

    Nothing else in the file changes, and it is written whole or not at all.
    """
    import tomlkit

    said = _decision(_DecisionEntry.model_validate(dict(entry)), path)
    about = [one for one in read_decisions(path) if _subject(one) == _subject(said)]
    if about and _said(about[-1]) == _said(said):
        return False
    table = tomlkit.table()
    for name, value in entry.items():
        item = tomlkit.item(value)
        if notes.get(name):
            item.comment("".join(letter for letter in " ".join(notes[name].split()) if letter.isprintable()))
        table.add(name, item)
    before = path.read_bytes().decode() if path.exists() else ""
    whole = f"{before.rstrip()}\n\n[[decision]]\n{table.as_string().strip()}\n".lstrip("\n")
    try:
        _DecisionsFile.model_validate(tomllib.loads(whole))
    except tomllib.TOMLDecodeError as problem:
        raise InputProblem(f"{path} cannot be added to: write each decision under its own [[decision]]") from problem
    write_whole(path, whole.encode())
    return True


def _subject(decision: Decision) -> tuple[str, ...]:
    """What a decision is about: of two on one subject, the later counts."""
    if decision.verdict in ("same", "different"):
        return ("pair", *sorted((decision.left, decision.right)))
    if decision.verdict in FIELDS:
        return (decision.verdict, decision.left)
    return ("whose", decision.left, decision.right)


def _said(decision: Decision) -> str:
    """What it says of its subject."""
    return decision.right if decision.verdict in FIELDS else decision.verdict


_SPELLED = {"orcid": parse_orcid, "dblp_pid": parse_pid, "openalex_id": parse_openalex_id}  # people paste addresses
_MORE = {"google_scholar_id": "google_scholar", "github": "github", "semantic_scholar_id": "semantic_scholar",
         "arxiv_author_id": "arxiv_author"}  # fmt: skip


def _person(entry: _PersonEntry, path: Path) -> Person:
    given = entry.model_dump(exclude={"documents", "openreview_ids", *_MORE})
    for name, parse in _SPELLED.items():
        value = given[name]
        given[name] = parse(value) if value else None
        if value and not given[name]:
            raise InputProblem(f"{path}: {name} {value!r} of {entry.id} is not such an identifier: check it")
    if entry.email is not None and not _ADDRESS.fullmatch(entry.email):
        raise InputProblem(f"{path}: email {entry.email!r} of {entry.id} is no address such as ada@example.org")
    more = [(scheme, getattr(entry, name)) for name, scheme in _MORE.items()]
    more += [("openreview", profile) for profile in entry.openreview_ids]
    return Person(**given, more=tuple((scheme, value) for scheme, value in more if value))


def _bound(person: Person) -> list[tuple[str, str]]:
    """(scheme, identifier) of everything of which a person must be the only owner."""
    given = [("orcid", person.orcid), ("DBLP pid", person.dblp_pid), ("OpenAlex id", person.openalex_id),
             ("Scholar Feed id", person.scholar_feed_id)]  # fmt: skip
    pages = [("homepage", page) for page in person.homepages]
    return [*((scheme, id) for scheme, id in given if id), *pages, *person.more]


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
    personal, valued = entry.verdict.endswith("theirs"), entry.verdict == "value"
    needs = ("work", "field", "value") if valued else ("person", "work") if personal else ("left", "right")
    if missing := [name for name in needs if getattr(entry, name) in (None, "")]:
        raise InputProblem(
            f"{path}: a decision {entry.verdict!r} needs {' and '.join(needs)}, and {missing[0]} is not there"
        )
    for reference in (entry.left, entry.right, entry.work):
        if reference and not _REFERENCE.match(reference):
            raise InputProblem(
                f"{path}: {reference!r} is no reference: write arxiv:…, doi:…, dblp:…, work:… or title:…"
            )
    if valued:
        try:
            value = decided_value(str(entry.field), str(entry.value))
        except InputProblem as problem:
            raise InputProblem(f"{path}: {problem}") from problem
        return Decision(verdict=str(entry.field), left=str(entry.work), right=value, reason=entry.reason)
    left, right = (str(getattr(entry, name)) for name in needs)
    return Decision(verdict=entry.verdict, left=left, right=right, reason=entry.reason)


def decided_value(field: str, value: str) -> str:
    """A value that the field can have, as it is kept; raises InputProblem."""
    text = " ".join(value.split())
    stages = [stage.value for stage in Stage]
    if field == "stage" and text not in stages:
        raise InputProblem(f"{text!r} is no stage: known are {', '.join(stages)}")
    if field == "year" and not re.fullmatch(r"1[5-9]\d\d|20\d\d", text):
        raise InputProblem(f"{text!r} is no year such as 2024")
    if not text:
        raise InputProblem(f"the {field} of a decision is empty")
    return text


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
