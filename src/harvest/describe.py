"""What ``harvest read`` and ``harvest status`` say, from files and from the published copy."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from rich.padding import Padding
from rich.text import Text

from harvest.disk import read_named
from harvest.errors import InputProblem, SourceError
from harvest.model import Answer, Contents, Record
from harvest.report.digest import digest
from harvest.report.feed import render_feed
from harvest.report.wording import count
from harvest.settings import Settings
from harvest.show import FORMATS, messages, results, show
from harvest.sources import READERS, recognise
from harvest.sources.bibtex import records_of
from harvest.store.warehouse import ask, utc
from harvest.store.warehouse import reading as published

# The documented columns of a record file; a line may have more.
_RECORD_FILE = [
    "id",
    "source",
    "title",
    "authors",
    "year",
    "date",
    "venue",
    "kind",
    "status",
    "doi",
    "arxiv_id",
    "abstract",
    "url",
]


_SOURCES = """
select source, state, last_good_at, reason, list(person_id order by person_id) filter (person_id is not null) as people
from source_status
group by source, state, last_good_at, reason
order by source, state, people
"""
CHANGE_KINDS = (
    "work_added", "work_removed", "work_reappeared", "title_changed", "authors_changed", "status_changed",
    "venue_changed", "release_confirmed", "arxiv_id_added", "arxiv_id_changed", "doi_added", "doi_changed",
    "attribution_changed", "works_merged", "works_split", "citations_changed", "h_index_changed",
)  # fmt: skip
_SHOWN = 20  # questions and decisions
_CHANGES = """
select change_id, noticed_at, kind, title, before, after, evidence, confidence, witnesses, because, * exclude (
    change_id, noticed_at, kind, title, before, after, evidence, confidence, witnesses, because)
from changes
where noticed_at <= $until and noticed_at > coalesce($since, timestamp '0001-01-01')
    and ($person is null or list_contains(people, $person)) and ($kind is null or kind = $kind)
order by noticed_at, kind, title, change_id
"""
_DECISIONS = """
select
    replace(verdict, '_', '-') || ' ' || left_ref || ' ' || right_ref
        || case when reason <> '' then chr(10) || reason else '' end
        || coalesce(chr(10) || 'has no effect: ' || why, '') as decision,
    coalesce(harvested_at::date::varchar, 'from the next run') as since
from current_decisions
left join unmet_decisions using (decision_id, verdict, left_ref, right_ref)
left join runs on runs.run_id = since_run_id
order by place
"""
_QUESTIONS = """
select
    question_id as id,
    concat_ws(chr(10), question, evidence, 'would settle it: ' || would_settle, 'ask next: ' || ask_next) as question
from open_questions
order by opened_at desc, question_id
"""
_OPEN = "select severity, kind, count(*) as open from findings where status = 'open' group by all order by all"
_RUNS = """
select run_id as run, harvested_at as moment, summary->>'changes' as changes, summary->>'exit_code' as exit_code
from runs
order by run_id desc
limit 5
"""


def tell_changes(
    settings: Settings, since: datetime | None, until: datetime, person: str | None, kind: str | None, form: str
) -> None:
    """What was noticed in a period, oldest first; raises InputProblem for a person or kind that there is not."""
    _known("person", person, [one for (one,) in ask(settings.home, "select distinct person_id from people")[1]])
    seen = [one for (one,) in ask(settings.home, "select distinct kind from changes")[1]]
    _known("kind", kind, {*CHANGE_KINDS, *seen})
    given = {"since": since and utc(since), "until": utc(until), "person": person, "kind": kind}
    if form not in (*FORMATS, "atom"):
        raise InputProblem(f"no format {form!r}: known are {', '.join(FORMATS)}, atom")
    if form == "atom":
        with published(settings.home) as db:
            whole = digest(db, since=since, until=until, person_id=person)
        wanted = tuple(one for one in whole.changes if kind in (None, one.kind))
        sys.stdout.buffer.write(render_feed(replace(whole, changes=wanted), "urn:harvest:changes"))
        return
    columns, rows = ask(settings.home, _CHANGES, given)
    if form == "table":
        rows = [(at, what, _step(*said)) for _, at, what, *said in (row[:10] for row in rows)]
        columns = ["noticed", "kind", "change"]
    show(columns, rows, form)


def _known(what: str, asked: str | None, known: Iterable[str]) -> None:
    if asked is not None and asked not in known:
        raise InputProblem(f"no {what} {asked!r} here: known are {', '.join(sorted(known)) or 'none yet'}")


def _step(
    title: str | None,
    before: str | None,
    after: str | None,
    evidence: str | None,
    confidence: str | None,
    witnesses: list[str] | None,
    because: str | None,
) -> str:
    """A change in a few lines: what, from what to what, what moved it, says who, how sure."""
    step = f"was: {before}" if before and after == title else " → ".join(filter(None, (before, after)))
    step = "" if step == title else step
    sure = f"{confidence}: {', '.join(witnesses or ())}" if confidence else ""
    return "\n".join(line for line in (title, step, because, evidence, sure) if line)


def tell_file(path: Path, kind: str | None, captured_at: datetime | None, form: str) -> None:
    """Read one file and say what it says; raises InputProblem when it cannot be."""
    if form not in ("table", "json"):
        raise InputProblem(f"no format {form!r} for records: table or json")
    answer, contents = _read(path, kind, captured_at)
    if form == "json":
        for record in contents.records:
            results.print(json.dumps(record_line(record), ensure_ascii=False), soft_wrap=True)
    else:
        rows = [
            [record.item or number, record.title, _authors(record), record.stage and record.stage.value, _when(record)]
            for number, record in enumerate(contents.records, start=1)
        ]
        show(["no", "title", "authors", "stage", "date"], rows, "table")
    _tell_rest(path, answer.source, contents)


def record_line(record: Record) -> dict[str, Any]:
    """A record as one object of a record file: the documented columns first, then all else that is said."""
    moment = record.published_on or record.first_on
    known: dict[str, Any] = {
        "id": record.id, "source": record.source, "title": record.title, "authors": record.authors,
        "year": record.year or record.venue_year or (moment.year if moment else None), "date": moment,
        "venue": record.venue, "kind": None, "status": record.stage, "doi": record.doi,
        "arxiv_id": record.arxiv_id, "abstract": record.abstract, "url": record.url,
    }  # fmt: skip
    known |= {field.name: getattr(record, field.name) for field in fields(record) if field.name not in known}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in known.items()
        if value not in (None, "", ()) or name in _RECORD_FILE
    }


def bibtex_lines(path: Path) -> pl.DataFrame:
    """A BibTeX file as a record file, by citation keys; one that stands again is numbered."""
    records, remarks = records_of(path.read_text(encoding="utf-8", errors="replace"))
    for remark in remarks:
        messages.print(f"{path}: {remark.explanation}", style="yellow")
    seen: Counter[str] = Counter(record.key for record in records)
    lines = [record_line(record) | {"id": record.key} for record in records]
    for key in [key for key, times in seen.items() if times > 1]:
        for number, line in enumerate([line for line in lines if line["id"] == key], 1):
            line["id"] = f"{key}#{number}"
    if not lines:
        raise InputProblem(f"{path} holds no entry of BibTeX: check that it is such a file")
    columns = ("id", "title", "authors", "year", "date", "venue", "status", "doi", "arxiv_id", "abstract")
    return pl.DataFrame([{name: line[name] for name in columns} for line in lines], infer_schema_length=None)


def tell_status(settings: Settings, form: str) -> None:
    """Sources with their last good answer, open findings by kind, last runs, mail that waits."""
    if form != "table":
        show(*ask(settings.home, "select * from source_status order by source, person_id"), form)
        return
    for source, state, last_good, reason, people in ask(settings.home, _SOURCES)[1]:
        good = f"last good answer {last_good:%Y-%m-%d}{_age(last_good)}" if last_good else "no good answer yet"
        results.print(f"{source:<13} {state.replace('_', ' ')}; {good}")
        said = ": ".join(part for part in (", ".join(people or ()), reason) if part)
        if said:
            results.print(Padding(Text(said, style="dim"), (0, 0, 0, 14)))
    show(*ask(settings.home, _OPEN), form, title="\nopen findings")
    for query, what, hint in (
        (_QUESTIONS, "open questions", "harvest decide ID yes|no"),
        (_DECISIONS, "decisions in force", f"to take one back, delete it from {settings.decisions}"),
    ):
        columns, rows = ask(settings.home, query)
        if rows:
            show(columns, rows[:_SHOWN], form, title=f"\n{len(rows)} {what} ({hint})")
        if len(rows) > _SHOWN:
            results.print(f'… and {len(rows) - _SHOWN} more: harvest sql "from open_questions"')
    show(*ask(settings.home, _RUNS), form, title="\nlast runs")
    waiting = len(list((settings.home / "outbox").glob("*.eml")))
    mail = f"{count(waiting, 'e-mail')} {'waits' if waiting == 1 else 'wait'} to be sent"
    results.print(f"\n{mail}; {_size(settings.home):,.0f} MB in {settings.home}")


def _read(path: Path, kind: str | None, captured_at: datetime | None) -> tuple[Answer, Contents]:
    body, changed = read_named(path)
    answer = Answer(source=kind or "", url=path.name, body=body, received_at=captured_at or changed)
    kind = kind or recognise(answer)
    if kind not in READERS:
        known = ", ".join(sorted(READERS))
        trouble = f"no reader for {kind!r}" if kind else "its kind is not recognised"
        raise InputProblem(f"{path}: {trouble}; say --as one of {known}")
    try:
        return answer, READERS[kind].read(answer)
    except SourceError as problem:
        raise InputProblem(f"{path} cannot be understood as {kind}: {problem.reason}") from problem


def _tell_rest(path: Path, kind: str, contents: Contents) -> None:
    """Readings and remarks, for people: they go beside the records, to stderr."""
    messages.print(f"{path.name}: {count(len(contents.records), 'record')}{f', read as {kind}' if kind else ''}")
    for reading in contents.readings:
        if reading.key is None:
            messages.print(f"  {reading.metric} {reading.value:g}")
    for remark in contents.remarks:
        place = f"line {remark.line}: " if remark.line else ""
        messages.print(f"  {remark.kind}: {place}{remark.explanation}", style="yellow")


def _authors(record: Record) -> str:
    """The list as a person would write it, with roles."""
    roles = record.roles or ("",) * len(record.authors)
    names = ", ".join(name + role for name, role in zip(record.authors, roles, strict=True))
    return names + (" et al." if record.truncated else "")


def _when(record: Record) -> str:
    moment = record.published_on or record.first_on
    return str(moment or " ".join(str(part) for part in (record.venue, record.year) if part))


def _age(moment: datetime) -> str:
    days = (utc(datetime.now(UTC)) - moment).days
    return f", {days} day{'s' * (days != 1)} ago" if days > 0 else ""


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
