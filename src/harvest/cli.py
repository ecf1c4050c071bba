"""The ``harvest`` command. Results go to stdout, everything else to stderr; the exit codes are in --help."""

import os
import signal
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.text import Text

from harvest.errors import HarvestError, InputProblem
from harvest.report.wording import count
from harvest.runs import RunSummary
from harvest.settings import Settings, read_settings
from harvest.show import messages, show

_INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Keeps the public record of named researchers true and current, and tells what changed.

Start with `harvest demo`: the whole job on a model world, without a network. Then write `seeds/people.toml` and
`harvest run`. Results go to stdout, everything else to stderr.

Exit codes: 0 done · 1 failed · 2 wrong usage or input · 3 done in part, some source did not answer ·
4 a guard held something back · 75 another run holds the lock · 130 stopped (Ctrl-C, SIGTERM).""",
)

Home = Annotated[
    Path | None,
    typer.Option(help="Where warehouse, archive and reports live (HARVEST_HOME; warehouse/ if unset)."),
]
Form = Annotated[
    str, typer.Option("--format", help="table, json (moments in UTC: 2026-01-31T06:00:00+00:00), csv or parquet.")
]
Person = Annotated[str | None, typer.Option(help="Only this person: an id of people.toml.")]
Since = Annotated[str | None, typer.Option(help="After this moment: 2025-05-01, or with a time (UTC).")]
Until = Annotated[str | None, typer.Option(help="Up to this moment.")]


def main() -> None:
    """Run the command; every expected problem is one sentence and an exit code, never a traceback."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(os.environ.get("HARVEST_LOG", "warning")),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may know fewer letters than there are
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a system that shuts down is as good as Ctrl-C
    try:
        app()
    except SystemExit as ended:
        if ended.code != _INTERRUPTED:
            raise
        _stopped()
    except HarvestError as problem:
        _fail(str(problem), problem.exit_code)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        _fail(f"{place}{problem.strerror or problem}. {_remedy(problem)}", 1)
    except Exception as problem:
        if isinstance(problem, RuntimeError) and str(problem) == "Query interrupted":  # Ctrl-C while DuckDB works
            _stopped()
        if not type(problem).__module__.startswith(("duckdb", "_duckdb")):
            raise
        _fail(f"the database refused: {str(problem).splitlines()[0]}. {_remedy(problem)}", 1)


@app.command()
def run(
    person: Annotated[list[str] | None, typer.Option(help="Only these people (ids of people.toml).")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only these sources.")] = None,
    now: Annotated[str | None, typer.Option(help="Run as of this moment instead of the clock's.")] = None,
    accept_shrink: Annotated[bool, typer.Option(help="Believe lists that shrank.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.")] = False,
    from_file: Annotated[
        list[str] | None,
        typer.Option(
            help="A page fetched by hand, as SOURCE=FILE or SOURCE:PERSON=FILE, instead of asking for it; or a whole"
            " dump (dblp=dblp.xml.gz), instead of asking for anybody in it."
        ),
    ] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When those files were fetched; each file's own time if unset.")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Also keep every answer in this folder.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Ask nobody: answer from such a folder, at its moment.")] = None,
    home: Home = None,
) -> None:
    """Ask all sources about the people in people.toml, and keep, reconcile, publish and report what they say.

    For example: `harvest run`, `harvest run --person ada-lovelace --source arxiv`,
    `harvest run --from-file dblp=95-7448-1.xml`, `harvest run --source dblp --from-file dblp=dblp.xml.gz`.
    """
    from harvest import asking, pipeline, telling
    from harvest.acquire.channel import Channel, recorded_until
    from harvest.plan import read_plan

    if record and replay:
        raise InputProblem("--record and --replay do not go together: a replayed run is recorded already")
    if record and record.exists() and not record.is_dir():
        raise InputProblem(f"{record} is no folder: name another one to record in")
    settings = _settings(home)
    plan = read_plan(settings, person or (), source or ())
    moment = _moment(now) or (recorded_until(replay) if replay else datetime.now(UTC))
    with messages.status("reading files …") as reading:
        files = asking.by_hand(
            settings=settings, plan=plan, given=from_file or (), now=moment, captured_at=_moment(captured_at),
            tell=lambda words: reading.update(Text(words)),
        )  # fmt: skip
    channel = Channel(record=record, replay=replay, by_hand=files)
    with messages.status(f"asking {', '.join(one.name for one in plan.sources)} …"):
        summary = pipeline.harvest(
            settings=settings, plan=plan, now=moment, each=asking.side_by_side, accept_shrink=accept_shrink,
            channel=channel,
        )  # fmt: skip
    _tell_run(summary)
    if not no_report:
        reported = telling.report(settings=settings, people=plan.people)
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
def audit(
    document: Annotated[
        str | None, typer.Argument(help="A file, or the name of a seed document; all of them if unset.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, json or html.")] = "table",
    kind: Annotated[str | None, typer.Option("--as", help="The kind, when it is not recognised.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose document it is: an id of people.toml.")] = None,
    captured_at: Annotated[str | None, typer.Option(help="When it was made or saved.")] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="Also write corrected documents, a BibTeX file and notes into this folder.")
    ] = None,
    home: Home = None,
) -> None:
    """Compare documents with the record, line by line: verdicts, witnesses, and what would correct them.

    Asks no source: with a warehouse its published copy, without one the seed documents alone.
    For example: `harvest audit`, `harvest audit cv.pdf --format html > audit.html`.
    """
    from harvest.audit import tell_audit

    tell_audit(
        _settings(home), document, form, kind=kind, person_id=person, captured_at=_moment(captured_at),
        corrections=corrections, now=datetime.now(UTC),
    )  # fmt: skip


@app.command()
def replay(
    captures: Annotated[Path, typer.Argument(help="A folder of captures named like 20260228T110000Z, or of several.")],
    out: Annotated[Path, typer.Option(help="Where to write the changes (JSONL).")],
    kind: Annotated[str | None, typer.Option(help="Only pages (homepage) or only CVs (cv).")] = None,
    home: Annotated[Path | None, typer.Option(help="Keep the facts here, and go on from those there.")] = None,
) -> None:
    """Say what dated captures of somebody's pages show to have changed: read, matched and noticed as in a live run.

    A capture holds pages (.html, or the .md and .bib behind them) and CVs (.pdf, .docx, .txt), in folders or not.

    For example: `harvest replay captures/ada --out changes.jsonl`.
    """
    from harvest.replay import replay as replay_captures

    if kind not in (None, "homepage", "cv"):
        raise InputProblem(f"no kind {kind!r} of capture: known are homepage, cv")
    done = replay_captures(captures, out, home, kind)
    told = [count(done.captures, "capture") + " of " + count(done.sites, "site"), count(done.events, "change")]
    messages.print(f"{', '.join(told)}: {out}", soft_wrap=True)


@app.command()
def link(
    files: Annotated[list[Path], typer.Argument(help="Record files: CSV, JSONL, Parquet or BibTeX.")],
    out: Annotated[Path, typer.Option(help="Where to write the pairs (CSV left_id,right_id,score,reason).")],
    clusters: Annotated[Path | None, typer.Option(help="Where to write the works (CSV id,work_id).")] = None,
    within: Annotated[bool, typer.Option(help="With several files, also link inside each.")] = False,
) -> None:
    """Find which records are one work, in any record files, and say why.

    One file is searched inside itself; several are linked across only, unless --within.
    For example: `harvest link ours.csv theirs.parquet --out pairs.csv`.
    """
    from harvest.describe import bibtex_lines
    from harvest.reconcile import engine
    from harvest.reconcile import files as record_files

    records = record_files.read_records(files, {".bib": bibtex_lines})
    linked = engine.link(records, within=within or len(files) == 1, side="file")
    pairs = record_files.write_pairs(linked, out)
    works = record_files.write_clusters(linked, clusters) if clusters else 0
    told = f", {count(works, 'work')}: {clusters}" if clusters else ""
    messages.print(f"{count(records.height, 'record')}, {count(pairs, 'pair')}: {out}{told}", soft_wrap=True)


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
    messages.print(f"{count(judged, 'verdict')}: {out}", soft_wrap=True)


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
    from harvest.describe import tell_changes

    tell_changes(_settings(home), _moment(since), _moment(until) or datetime.now(UTC), person, kind, form)


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
    from harvest import telling
    from harvest.plan import read_plan

    settings = _settings(home)
    people = read_plan(settings, [person] if person else ()).people
    reported = telling.report(
        settings=settings, people=people, since=_moment(since), person_id=person, out=out, send=send
    )
    messages.print(reported.as_markdown(), soft_wrap=True)
    raise typer.Exit(reported.exit_code)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help='Such as "from works". Without it: stdin, or a prompt.')] = None,
    form: Form = "table",
    home: Home = None,
) -> None:
    """Ask the published copy, read-only; a harvest that is running is neither disturbed nor seen half-way.

    For example: `harvest sql "from changes"`, `harvest sql "describe"` for the tables and views,
    `harvest sql < warehouse/queries/why_absent.sql`.
    """
    from harvest.store.warehouse import ask

    settings = _settings(home)
    if query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
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
            messages.print(f"harvest: {problem}", style="red")


@app.command()
def status(form: Form = "table", home: Home = None) -> None:
    """Say what each source last said, what is resting, what waits to be sent, and what is undecided."""
    from harvest.describe import tell_status

    tell_status(_settings(home), form)


@app.command()
def decide(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="DECISION",
            help="same LEFT RIGHT · different LEFT RIGHT · theirs PERSON WORK · not-theirs PERSON WORK ·"
            " value WORK title|authors|venue|year|stage VALUE · QUESTION_ID yes|no",
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why, in your own words.")] = "",
    home: Home = None,
) -> None:
    """Settle what the evidence cannot: appended to decisions.toml, in force after the next run, above every rule.

    A work is named by arXiv id, DOI, DBLP key, their addresses, work:ID, or its title in quotes.
    For example: `harvest decide same 2401.01234 "The first title it had"`, `harvest decide q1a2b3c4d no`.
    To take a decision back, delete it from decisions.toml.
    """
    from harvest.decide import decide as settle

    messages.print(settle(_settings(home), words, reason), soft_wrap=True)


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The file; a folder for parquet and csv.")],
    form: Annotated[str, typer.Option("--format", help="bibtex, csl-json, parquet or csv.")] = "bibtex",
    person: Person = None,
    home: Home = None,
) -> None:
    """Write publications as BibTeX or CSL-JSON, or the views as Parquet or CSV; whole or not at all.

    For example: `harvest export --format bibtex --out ada.bib --person ada-lovelace`.
    """
    from harvest.store.export import export as write

    told = write(_settings(home).home, form, out, person)
    messages.print(told, soft_wrap=True)


people = typer.Typer(no_args_is_help=True, help="Whom we follow: list them, find their identifiers, check them.")
app.add_typer(people, name="people")


@people.command("list")
def list_people(form: Form = "table", home: Home = None) -> None:
    """Say whom people.toml names, by which identifiers they are bound, and how many works are theirs."""
    from harvest.people import tell_people

    tell_people(_settings(home), form)


@people.command("find")
def find_person(
    name: Annotated[str, typer.Argument(help="As papers print it.")],
    affiliation: Annotated[list[str] | None, typer.Option(help="Where they are or were.")] = None,
    homepage: Annotated[list[str] | None, typer.Option(help="Their own page, when you know it.")] = None,
    now: Annotated[str | None, typer.Option(help="Ask as of this moment instead of the clock's.")] = None,
    home: Home = None,
) -> None:
    """Ask the sources who bears a name, and show what speaks for each; ends in lines for people.toml. Binds nobody.

    For example: `harvest people find "Ada Lovelace" --affiliation "University of London"`.
    """
    from harvest.people import find

    moment = _moment(now) or datetime.now(UTC)
    raise typer.Exit(find(_settings(home), name, affiliation or (), homepage or (), moment))


@people.command("check")
def check_people(
    person: Annotated[list[str] | None, typer.Option(help="Only these people (ids of people.toml).")] = None,
    now: Annotated[str | None, typer.Option(help="Ask as of this moment instead of the clock's.")] = None,
    home: Home = None,
) -> None:
    """Ask whether every identifier in people.toml still is that person's: it resolves, is no bin of people not told
    apart, bears their name, and shares works with their record.
    """
    from harvest.people import check

    raise typer.Exit(check(_settings(home), person or (), _moment(now) or datetime.now(UTC)))


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
        f"{count(summary.changes, 'change')}, {count(summary.records, 'new record')}, {count(summary.works, 'work')},"
        f" {count(summary.findings, 'open finding')}, {count(summary.requests, 'request')}"
    )
    if summary.unreached:
        messages.print(
            f"no network: none of {summary.unreached} sources could be reached; what is known stands",
            style="yellow", soft_wrap=True,
        )  # fmt: skip
        return
    for one in summary.silent:
        messages.print(f"{one.source}: {one.state.value.replace('_', ' ')} — {one.reason}", style="yellow")


def _remedy(problem: Exception) -> str:
    """What to do about what the disk or the database refused."""
    if any(words in str(problem) for words in ("No space left", "File too large", "quota exceeded")):
        return "Free some space and run again: nothing was lost"
    if isinstance(problem, OSError):
        return "Name another place, or mend its rights"
    if type(problem).__name__ in ("CatalogException", "BinderException"):
        return "If another Harvest made it, `harvest run` renews it"
    return "What was published before stands"


def _stopped() -> None:
    messages.print("harvest: stopped; what was published before stands, and the next run asks again", style="red")
    sys.stderr.flush()
    os._exit(_INTERRUPTED)  # threads that wait for answers are not waited for


def _fail(sentence: str, code: int) -> None:
    messages.print(f"harvest: {sentence}", style="red", soft_wrap=True)
    sys.exit(code)
