"""JSON answers: whole or refused, and nothing in them believed to be of the type that it should be."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any

from harvest.model import Answer, Contents, Reading, Record, Remark
from harvest.sources.refusal import refused
from harvest.sources.text import fold

Plain = Mapping[str, Any]

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # JSON may carry what no database takes
# A tag, and not the "<b and c>" of a formula: its attributes have values.
_TAG = re.compile(
    r"</?([A-Za-z][\w:-]{0,30})(?:\s{1,9}[\w:-]{1,40}\s?=\s?(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'))*\s?/?>"
)
_NAMES = (("given", "givenName"), ("family", "familyName"), ("suffix",))
_BLOCKS = frozenset(("p", "title", "sec", "br", "div", "li", "list", "list-item", "disp-formula"))


def documents(answer: Answer, service: str) -> list[Any]:
    """The JSON of an answer, or of its lines, one document each. Raises UnreadableAnswer or SourceBlocked."""
    try:
        return [json.loads(answer.body)]
    except (ValueError, RecursionError) as problem:
        lines = [line for line in answer.body.splitlines() if line.strip()]
        reason = f"this is no whole JSON: {service}'s answer was cut or is something else"
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
            raise refused(answer, reason) from problem
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as problem:
        raise refused(answer, reason) from problem


def inside(said: object, *names: str) -> Plain:
    """The object under these names; empty when there is none."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said if isinstance(said, dict) else {}


def items(said: object, name: str) -> list[Any]:
    """The list under a name; empty when there is none."""
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, list) else []


def objects(said: object, name: str) -> list[Plain]:
    """The objects of the list under a name, without what is none."""
    return [one for one in items(said, name) if isinstance(one, dict)]


def text(said: object) -> str:
    """One line of what every database takes; "" for what is no text."""
    return fold(_CONTROL.sub(" ", said)) if isinstance(said, str) else ""


def words(said: object) -> str:
    """A text without its mark-up (JATS, MathML, HTML) and with its entities resolved."""
    found = text(said)
    if "<" in found:
        found = _TAG.sub(lambda tag: " " if tag[1].lower().rpartition(":")[2] in _BLOCKS else "", found)
    if "&" in found:
        found = text(unescape(unescape(found)))  # some depositors escape twice
        found = _TAG.sub("", found) if "<" in found else found  # and mark-up with it
    return fold(found)


def strings(said: object) -> Iterator[str]:
    """The texts of a list, or the one text that stands where a list should, without mark-up and empty ones."""
    return filter(None, map(words, said if isinstance(said, list) else [said]))


def day(said: object) -> date | None:
    """A date, also of a moment; None for a month, a year, or anything else."""
    try:
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except ValueError:
        return None


def year(said: object) -> int | None:
    """A year of four digits, also at the head of a date; None for anything else."""
    found = (
        re.match(r"[12]\d{3}(?!\d)", str(said)) if isinstance(said, int | str) and not isinstance(said, bool) else None
    )
    return int(found[0]) if found else None


def count(said: object) -> int | None:
    """A whole number of things; None for anything else."""
    whole = isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 10**12
    return said if whole else None  # type: ignore[return-value]


def person_name(person: Plain) -> str:
    """A person's names in order, or a group under its one name."""
    names = ((words(person.get(name)) for name in pair) for pair in _NAMES)
    given, family, suffix = (next(filter(None, said), "") for said in names)
    whole = words(person.get("name")) or words(person.get("literal"))
    return " ".join(filter(None, (given, family, suffix))) if family or not whole else whole


def if_any(said: Iterable[str]) -> tuple[str, ...]:
    """One for each author; nothing when all are empty."""
    found = tuple(said)
    return found if any(found) else ()


def contents(
    works: Iterable[Plain],
    record: Callable[[Plain], Record],
    metrics: Mapping[str, str],
    remarks: Callable[[Plain, str], Iterable[Remark]] = lambda work, key: (),
) -> Contents:
    """The records of these works, with their numbers and what else is said; one that has no title is remarked."""
    records: list[Record] = []
    numbers: list[Reading] = []
    told: list[Remark] = []
    for work in works:
        one = record(work)
        if not (one.title and one.key):
            lacking = f"{one.key} has no title" if one.key else "an entry without an identifier"
            told.append(Remark(kind="not_understood", explanation=lacking))
            continue
        records.append(one)
        told += remarks(work, one.key)
        numbers += readings(one.source, work, metrics, one.key)
    return Contents(records=tuple(records), readings=tuple(numbers), remarks=tuple(told))


def readings(source: str, said: Plain, metrics: Mapping[str, str], key: str | None = None) -> Iterator[Reading]:
    """The numbers under the names that `metrics` gives: numbers only, for null is no zero."""
    for metric, name in metrics.items():
        value = said.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
            yield Reading(source=source, metric=metric, value=float(value), key=key)
