"""What changed for a person in a period: asked of the warehouse, grouped, counted and put into sentences.

Each change is told once. Several changes of one work in one group become one item: the newest is its sentence,
the others its details. A change that came with the first sight of a work is part of "new". What the very first
visit found is no news and is told apart. Numbers of different sources never meet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any

from duckdb import DuckDBPyConnection

from harvest.errors import InputProblem
from harvest.report import queries, wording
from harvest.report.nouns import Digest, Item, Movers, Number, Section, SourceState
from harvest.report.wording import Row, clean, web_address
from harvest.rows import rows

_SECTIONS = {  # in reading order: title, how many are shown
    "added": ("New works", 12),
    "published": ("Published or accepted", 12),
    "renamed": ("Renamed", 12),
    "corrected": ("Other changes", 8),
    "settled": ("No longer wrong or open", 3),
    "baseline": ("Put on record by the first visit", 6),
}
_FIRST = ("published", "withdrawn", "works_merged", "works_split", "attribution_changed", "status_changed")
_EVER = datetime(1, 1, 1, tzinfo=UTC)
_PLAIN_METRICS = ("citations", "h_index", "papers")  # any other is a vendor's own, told only when it moves


def digest(
    db: DuckDBPyConnection,
    *,
    until: datetime,
    since: datetime | None = None,
    person_id: str | None = None,
) -> Digest:
    """What was noticed after `since` (None: ever) and by `until`, both aware; for one person or all.

    Raises InputProblem for a person whom nobody follows and for moments without a time zone.
    """
    period = {"until": _naive(until), "since": _naive(since or _EVER), "person": person_id}
    asked = partial(_asked, db, period)
    names = {row["person_id"]: clean(row["name"], 80) for row in asked(queries.PEOPLE)}
    if person_id and not names:
        raise InputProblem(f"nobody with the id {person_id!r} is followed: the ids are in people.toml")
    noticed = asked(queries.CHANGES)
    changes = [_change(row, names) for row in noticed]
    told: dict[str, list[Item]] = defaultdict(list)  # by section
    for section, item in (*changes, *(_finding(row, names, since, until) for row in asked(queries.FINDINGS))):
        told[section].append(item)
    who = wording.listed(list(names.values())) or "nobody yet"
    return Digest(
        title=f"What changed for {who}" if since else f"What is known of {who}",
        since=since,
        until=until,
        people=tuple(names.values()),
        visits=asked(queries.VISITS)[0]["visits"],
        sections=tuple(_sections(told)),
        movers=tuple(_movers(told["numbers"])),
        numbers=tuple(_numbers(asked(queries.NUMBERS), names, since, _reasons(noticed))),
        findings=_urgent("findings", "Wrong or doubtful on the pages", _grouped(told["findings"]), 6),
        questions=_urgent("questions", "Questions you could settle", told["questions"], 5),
        sources=tuple(_sources(asked(queries.SOURCES), names, until)),
        changes=tuple(item for _, item in changes),
    )


def _asked(db: DuckDBPyConnection, period: Mapping[str, object], query: str) -> list[dict[str, Any]]:
    """The rows of a query about one period and person, their moments in UTC."""
    given = {name: value for name, value in period.items() if f"${name}" in query}
    return [{name: _aware(value) for name, value in row.items()} for row in rows(db, query, given)]


def _naive(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InputProblem("a period needs moments with a time zone, such as 2026-11-21T00:00:00Z")
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _change(row: Row, names: dict[str, str]) -> tuple[str, Item]:
    """The section one change belongs to ("" when another tells it) and the change as an item."""
    kind, evidence = row["kind"], clean(row["evidence"] or "", 2400)
    section, said = wording.change_sentence(row)
    source, url = (clean(evidence, 240), None) if kind in wording.REASONED else wording.witness(evidence)
    whose = [row["person_id"]] if kind == "attribution_changed" else row["people"] or ()
    one = f"{row['person_id']} {row['after']}" if kind == "attribution_changed" else row["work_id"]
    return _section(row, section), Item(
        id=row["change_id"],
        kind=kind,
        at=row["noticed_at"],
        sentence=said,
        about=one or row["person_id"] or "",
        title=wording.quoted(row["title"] or row["after"]),
        source=wording.source_name(row["source"] or row["document_source"] or "") or source,
        confidence=wording.sureness(row["confidence"], row["witnesses"] or (), kind),
        url=_home(row) or url if _for_programs(url) else url,
        people=tuple(names[one] for one in whose if one in names),
        before=None if row["before"] is None else clean(row["before"], 4000),
        after=None if row["after"] is None else clean(row["after"], 4000),
    )


def _section(row: Row, usual: str) -> str:
    """Where a change is told; "" when with another one, in the table of numbers, or of nobody's work."""
    if row["person_id"] is None or (usual == "numbers" and not row["work_id"]):
        return ""
    if not row["with_first_sight"]:
        return usual
    if row["split_off"]:
        return usual if row["kind"] == "works_split" else ""
    return ("baseline" if row["at_first_visit"] else usual) if row["kind"] == "work_added" else ""


def _for_programs(url: str | None) -> bool:
    """Whether an address is a service's interface rather than a page to read."""
    return url is None or any(sign in url for sign in ("/api", "//api.", "//export.", "//127.0.0.1", "//localhost"))


def _home(row: Row) -> str | None:
    """Where a work can be read about."""
    prefixes = {"arxiv_id": "https://arxiv.org/abs/", "doi": "https://doi.org/", "dblp_key": "https://dblp.org/rec/"}
    return next((web_address(prefix + row[field]) for field, prefix in prefixes.items() if row[field]), None)


def _sections(told: Mapping[str, Sequence[Item]]) -> Iterator[Section]:
    for key, (title, limit) in _SECTIONS.items():
        if key in told:
            yield Section(key=key, title=title, items=_told_once(told[key]), limit=limit)


def _told_once(items: Sequence[Item]) -> tuple[Item, ...]:
    """One item per work: the weightiest, then newest, change is the sentence, the others its details.

    Works that one person gains or loses for the same reason are one item as well.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=_weight):
        groups[item.about or item.id].append(item)
    return tuple(_one(group) for group in groups.values())


def _one(group: Sequence[Item]) -> Item:
    first, *rest = group
    if rest and first.kind == "attribution_changed":
        said = wording.attributions(len(group), first.after or "", wording.listed(first.people))
        return replace(first, sentence=said, source="", url=None, details=tuple(item.title for item in group))
    return replace(first, details=tuple(item.sentence for item in rest))


def _weight(item: Item) -> int:
    """Lower is told first; equal ones stay newest first."""
    for word in (item.after, item.kind):
        if word in _FIRST:
            return _FIRST.index(word)
    return len(_FIRST)


def _finding(row: Row, names: dict[str, str], since: datetime | None, until: datetime) -> tuple[str, Item]:
    """One finding as it stood at `until`, and the section it belongs to ("" when settled and told before)."""
    settled = row["status"] == "settled" and row["status_since"] <= until
    section = "questions" if row["severity"] == "question" else "findings"
    if settled:
        section = "settled" if not since or row["status_since"] > since else ""
    people = [one for one in row["people"] or () if one in names]
    page = wording.document_name(row["document"], row["source"]) if row["document"] else ""
    place = ", ".join(filter(None, (page, f"line {row['line']}" if row["line"] else "")))
    new = not settled and (not since or row["opened_at"] > since)
    return section, Item(
        id=row["finding_id"],
        kind=row["kind"],
        at=row["status_since"] if settled else row["opened_at"],
        sentence=wording.finding_sentence(row["explanation"]),
        about=row["finding_id"] if settled else page,
        source=place if new else wording.since_when(settled, row["status_since"], row["opened_at"]),
        url=None if _for_programs(row["document"]) else web_address(row["document"]),
        advice="" if settled else wording.advice(row["kind"], row["subject_id"], people[0] if people else None),
        people=tuple(names[one] for one in people),
        new=new,
        severity=row["severity"],
    )


def _grouped(items: Iterable[Item]) -> Iterator[Item]:
    """Findings of one kind on one page become one, which is as new as the newest of them."""
    groups: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.kind, item.about or item.id].append(item)
    for (kind, page), group in groups.items():
        told = tuple(dict.fromkeys(wording.finding_in_group(item.sentence) for item in group))
        new = any(item.new for item in group)
        if len(told) == 1:
            yield replace(group[0], new=new)
        else:
            said = wording.finding_group(kind, page, len(told))
            yield replace(group[0], sentence=said, details=told, source=page if new else group[-1].source, new=new)


def _urgent(key: str, title: str, items: Iterable[Item], limit: int) -> Section:
    """New before old, wrong before doubtful, newest first."""
    ordered = sorted(items, key=lambda item: (not item.new, item.severity != "error"))
    return Section(key=key, title=title, items=tuple(ordered), limit=limit)


def _movers(items: Sequence[Item]) -> Iterator[Movers]:
    """Per source: the works whose citations moved, each from its first to its last value in the period."""
    series: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:  # newest first
        series[item.source][item.about].append(item)
    for source, works in sorted(series.items()):
        moved = [replace(steps[0], before=steps[-1].before) for steps in works.values()]
        moved = sorted((item for item in moved if _step(item)), key=lambda item: (-abs(_step(item)), item.sentence))
        if moved:
            told = tuple(replace(item, sentence=_moved(item)) for item in moved)
            gained, lost = (sum(max(0, sign * _step(item)) for item in moved) for sign in (1, -1))
            said = wording.movers_sentence(source, len(moved), gained, lost)
            top = Section(key="movers", title=said, items=told, limit=5)
            yield Movers(source=source, sentence=said, step=gained - lost, top=top)


def _step(item: Item) -> int:
    return int(item.after or 0) - int(item.before or 0)


def _moved(item: Item) -> str:
    return f"{wording.step(_step(item))}, now {int(item.after or 0):,}: {item.title}"


def _numbers(
    rows: Sequence[Row], names: dict[str, str], since: datetime | None, reasons: Mapping[Any, str]
) -> Iterator[Number]:
    """Each person's numbers per source; what cannot be is counted, never shown."""
    for series, told in groupby(rows, lambda row: (row["person_id"], row["metric"], row["source"])):
        (person_id, metric, source), readings = series, list(told)
        points = tuple((row["observed_at"], row["value"]) for row in readings if row["sane"])
        if not points:
            continue
        known = [value for at, value in points if since and at <= since] or [points[0][1]]
        number = Number(
            person=names[person_id],
            metric=metric,
            source=source,
            before=known[-1],
            after=points[-1][1],
            points=points,
            left_out=len(readings) - len(points),
            why=reasons.get(series, ""),
            current=bool(readings[-1]["sane"]),
        )
        if metric in _PLAIN_METRICS or number.step:
            yield number


def _reasons(changes: Sequence[Row]) -> dict[tuple[str, str, str], str]:
    """(person_id, metric, source) → what moved the number in the period, the newest step first."""
    told: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in changes:
        if row["because"] and not row["work_id"]:
            metric = str(row["kind"]).removesuffix("_changed")
            told[row["person_id"], metric, row["source"]].append(clean(row["because"], 600))
    return {series: "; before that, ".join(steps) for series, steps in told.items()}


def _sources(rows: Sequence[Row], names: dict[str, str], until: datetime) -> Iterator[SourceState]:
    """The silent ones first, each with its reason; those that answered on one day in one line."""
    for row in rows:
        if row["state"] != "answered":
            yield SourceState(
                sources=(row["source"],),
                state=row["state"],
                sentence=wording.silence(row["source"], row["state"], row["why"], _when(row, until)),
                people=tuple(names[one] for one in row["people"] or () if one in names),
            )
    good = (row for row in rows if row["state"] == "answered")
    for when, group in groupby(good, lambda row: _when(row, until)):
        sources = tuple(row["source"] for row in group)
        said = f"Answered on {when}: {wording.listed([wording.source_name(one) for one in sources], 20)}."
        yield SourceState(sources=sources, state="answered", sentence=said)


def _when(row: Row, until: datetime) -> str | None:
    at = row["last_good_at"]
    return wording.day(at) + wording.ago(until - at) if at else None
