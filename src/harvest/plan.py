"""What a run is about, as people.toml and decisions.toml say it."""

from collections.abc import Sequence
from dataclasses import dataclass

from harvest.errors import InputProblem
from harvest.model import Decision, Document, Person
from harvest.seeds import read_decisions, read_people
from harvest.settings import Settings
from harvest.sources import SOURCES
from harvest.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about: whom to follow, what to read, whom to ask."""

    people: tuple[Person, ...]
    documents: tuple[Document, ...] = ()
    decisions: tuple[Decision, ...] = ()
    sources: tuple[Source, ...] = SOURCES
    everybody: tuple[str, ...] | None = None  # the ids of people.toml; who is no longer there is followed no more


def read_plan(settings: Settings, person_ids: Sequence[str] = (), source_names: Sequence[str] = ()) -> Plan:
    """The plan of people.toml and decisions.toml, or the part of it that is asked for."""
    people, documents = read_people(settings.people)
    _all_known(person_ids, [person.id for person in people], "person", str(settings.people))
    decisions = read_decisions(settings.decisions)
    whose = [one.left for one in decisions if one.verdict in ("theirs", "not_theirs")]
    _all_known(whose, [person.id for person in people], "person", f"{settings.people}, of {settings.decisions}")
    _all_known(source_names, [source.name for source in SOURCES], "source", "the list of sources")
    return Plan(
        people=tuple(person for person in people if not person_ids or person.id in person_ids),
        documents=tuple(one for one in documents if not person_ids or one.person_id in person_ids),
        decisions=decisions,
        sources=tuple(source for source in SOURCES if not source_names or source.name in source_names),
        everybody=tuple(person.id for person in people),
    )


def _all_known(asked: Sequence[str], known: Sequence[str], what: str, where: str) -> None:
    for name in asked:
        if name not in known:
            raise InputProblem(f"no {what} {name!r} in {where}: known are {', '.join(known)}")
