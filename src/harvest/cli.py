"""The ``harvest`` command. Results go to stdout, everything else to stderr; the exit codes are in --help."""

import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import structlog
import typer

from harvest.errors import HarvestError, InputProblem
from harvest.runs import RunSummary
from harvest.settings import Settings, read_settings
from harvest.show import messages, show

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Keeps the public record of named researchers true and current, and tells what changed.

Start with `harvest demo`: the whole job on a model world, without a network. Then write `seeds/people.toml` and
`harvest run`. Results go to stdout, everything else to stderr.

Exit codes: 0 done · 1 failed · 2 wrong usage or input · 3 done in part, some source did not answer ·
4 a guard held something back · 75 another run holds the lock.""",
)

Home = Annotated[
    Path | None,
    typer.Option(help="Where warehouse, archive and reports live (HARVEST_HOME; warehouse/ if unset)."),
]
Form = Annotated[str, typer.Option("--format", help="table, json, csv or parquet.")]
Person = Annotated[str | None, typer.Option(help="Only this person: an id of people.toml.")]
Since = Annotated[str | None, typer.Option(help="After this moment: 2025-05-01, or with a time (UTC).")]
Until = Annotated[str | None, typer.Option(help="Up to this moment.")]


def main() -> None:
    """Run the command; every expected problem is one sentence and an exit code, never a traceback."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(os.environ.get("HARVEST_LOG", "warning")),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        app()
    except HarvestError as problem:
        _fail(str(problem), problem.exit_code)
    except OSError as problem:
        hint = " Free some space and run again: nothing was lost." if problem.errno == errno.ENOSPC else ""
        _fail(f"{problem.strerror or problem}{f': {problem.filename}' if problem.filename else ''}.{hint}", 1)
    except Exception as problem:
        if not type(problem).__module__.startswith(("duckdb", "_duckdb")):
            raise
        _fail(f"the database refused: {str(problem).splitlines()[0]}. What was published before stands", 1)
    except KeyboardInterrupt:
        _fail("stopped; what was published before stands", 1)


@app.command()
def run(
    person: Annotated[list[str] | None, typer.Option(help="Only these people (ids of people.toml).")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only these sources.")] = None,
    now: Annotated[str | None, typer.Option(help="Run as of this moment instead of the clock's.")] = None,
    accept_shrink: Annotated[bool, typer.Option(help="Believe lists that shrank.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.")] = False,
    home: Home = None,
) -> None:
    """Ask all sources about the people in people.toml, and keep, reconcile, publish and report what they say.

    For example: `harvest run`, `harvest run --person ada-lovelace --source arxiv`.
    """
    from harvest import pipeline

    settings = _settings(home)
    plan = pipeline.read_plan(settings, person or (), source or ())
    moment = _moment(now) or datetime.now(UTC)
    with messages.status(f"asking {', '.join(one.name for one in plan.sources)} …"):
        summary = pipeline.harvest(
            settings=settings, plan=plan, now=moment, each=pipeline.side_by_side, accept_shrink=accept_shrink
        )
    _tell_run(summary)
    if not no_report:
        reported = pipeline.report(settings=settings, people=plan.people)
        messages.print(f"report: {reported.page}", soft_wrap=True)
    raise typer.Exit(summary.exit_code)


@app.command()
def demo(
    home: Annotated[Path, typer.Option(help="Where the demo's warehouse lives.")] = Path("warehouse/demo"),
) -> None:
    """Play the whole job on a model of the public record: several dates, real HTTP on this machine, no network."""
    from harvest.demo import play

    play(home)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Documents or answers of a service.")],
    kind: Annotated[str | None, typer.Option("--as", help="The kind, when it is not recognised.")] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(help="When it was captured; dates without a year follow it. The file's own time if unset."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table or json (one record a line).")] = "table",
) -> None:
    """Say what a document or an answer says: records, readings, and what was lost.

    For example: `harvest read cv.txt`, `harvest read --as arxiv --format json answer.xml`.
    """
    from harvest.describe import tell_file

    for file in files:
        tell_file(file, kind, _moment(captured_at), form)


@app.command()
def link(
    files: Annotated[list[Path], typer.Argument(help="Record files: CSV, JSONL or Parquet.")],
    out: Annotated[Path, typer.Option(help="Where to write the pairs (CSV left_id,right_id,score,reason).")],
    clusters: Annotated[Path | None, typer.Option(help="Where to write the works (CSV id,work_id).")] = None,
    within: Annotated[bool, typer.Option(help="With several files, also link inside each.")] = False,
) -> None:
    """Find which records are one work, in any record files, and say why.

    One file is searched inside itself; several are linked across only, unless --within.
    For example: `harvest link ours.csv theirs.parquet --out pairs.csv`.
    """
    from harvest.reconcile import engine
    from harvest.reconcile import files as record_files

    records = record_files.read_records(files)
    linked = engine.link(records, within=within or len(files) == 1, side="file")
    pairs = record_files.write_pairs(linked, out)
    works = record_files.write_clusters(linked, clusters) if clusters else 0
    told = f", {works} works: {clusters}" if clusters else ""
    messages.print(f"{records.height} records, {pairs} pairs: {out}{told}", soft_wrap=True)


@app.command()
def attribute(
    person: Annotated[Path, typer.Option(help="JSONL: {id, name, aliases, affiliations, known: [records]}.")],
    records: Annotated[Path, typer.Option(help="Record file: CSV, JSONL or Parquet.")],
    out: Annotated[Path, typer.Option(help="Where to write the verdicts (JSONL).")],
) -> None:
    """Say which records are these persons': theirs, not theirs, or undecided, each with reasons.

    For example: `harvest attribute --person people.jsonl --records pool.jsonl --out verdicts.jsonl`.
    """
    from harvest.identify.files import attribute_files

    judged = attribute_files(person, records, out)
    messages.print(f"{judged} verdicts: {out}", soft_wrap=True)


@app.command()
def changes(
    since: Since = None,
    until: Until = None,
    person: Person = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as title_changed.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or atom.")] = "table",
    home: Home = None,
) -> None:
    """List what was noticed, newest last, each change once with its evidence.

    For example: `harvest changes --since 2026-01-01 --kind status_changed`.
    """
    from harvest.store.warehouse import ask, reading

    settings = _settings(home)
    if form == "atom":
        from harvest.report.digest import digest
        from harvest.report.feed import render_feed

        with reading(settings.home) as db:
            whole = digest(db, since=_moment(since), until=_moment(until) or datetime.now(UTC), person_id=person)
        sys.stdout.buffer.write(render_feed(whole, "urn:harvest:changes"))
        return
    conditions = {
        "noticed_at > $since": ("since", _moment(since)),
        "noticed_at <= $until": ("until", _moment(until)),
        "list_contains(people, $person)": ("person", person),
        "kind = $kind": ("kind", kind),
    }
    used = {text: pair for text, pair in conditions.items() if pair[1] is not None}
    where = f" where {' and '.join(used)}" if used else ""
    columns = "noticed_at, kind, title, before, after, evidence" if form == "table" else "*"
    query = f"select {columns} from changes{where} order by noticed_at, kind, title, change_id"
    show(*ask(settings.home, query, dict(used.values())), form)


@app.command()
def report(
    since: Since = None,
    person: Person = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here instead of in reports/.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Also send the waiting e-mails (HARVEST_SMTP_HOST).")] = False,
    home: Home = None,
) -> None:
    """Write the change report: a page, a text and an e-mail for every person who has an address.

    Without --since, it covers what was noticed since the last report. Nothing is sent without --send.
    """
    from harvest import pipeline

    settings = _settings(home)
    people = pipeline.read_plan(settings, [person] if person else ()).people
    reported = pipeline.report(
        settings=settings, people=people, since=_moment(since), person_id=person, out=out, send=send
    )
    messages.print(reported.as_markdown(), soft_wrap=True)
    raise typer.Exit(reported.exit_code)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help='SQL, such as "from works". Without it: a prompt.')] = None,
    form: Form = "table",
    home: Home = None,
) -> None:
    """Ask the published copy, read-only; a harvest that is running is neither disturbed nor seen half-way.

    For example: `harvest sql "from changes"`, `harvest sql "describe"` for the tables and views.
    """
    from harvest.store.warehouse import ask

    settings = _settings(home)
    if query is not None:
        if not query.strip():
            raise InputProblem('the query is empty: try harvest sql "from works"')
        show(*ask(settings.home, query), form)
        return
    messages.print("SQL on the published copy; an empty line or Ctrl-D ends.")
    while line := _prompt():
        try:
            show(*ask(settings.home, line), form)
        except InputProblem as problem:
            messages.print(f"harvest: {problem}", style="red", markup=False)


@app.command()
def status(form: Form = "table", home: Home = None) -> None:
    """Say what each source last said, what is resting, what waits to be sent, and what is undecided."""
    from harvest.describe import tell_status

    tell_status(_settings(home), form)


def _settings(home: Path | None) -> Settings:
    return read_settings(**({"home": home} if home else {}))


def _moment(text: str | None) -> datetime | None:
    """A moment given by the user, UTC when no zone is said."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InputProblem(f"{text!r} is no moment: write 2025-05-01 or 2025-05-01T12:00") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _prompt() -> str:
    try:
        return input("harvest> ").strip()
    except EOFError:
        return ""


def _tell_run(summary: RunSummary) -> None:
    messages.print(
        f"{summary.changes} changes, {summary.records} new records, {summary.works} works,"
        f" {summary.findings} open findings"
    )
    for one in summary.silent:
        messages.print(f"{one.source}: {one.state.value} — {one.reason}", style="yellow", markup=False)


def _fail(sentence: str, code: int) -> None:
    messages.print(f"harvest: {sentence}", style="red", markup=False, soft_wrap=True)
    sys.exit(code)
