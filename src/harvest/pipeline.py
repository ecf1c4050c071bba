"""The one place where the stages meet: ask, keep, read, reconcile, judge, notice, publish, tell.

Silence from a source is a fact, not a change. Composed once and run three ways: `each` says how the sources
are visited — one after the other (``map``), in threads, or as Prefect tasks.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from duckdb import DuckDBPyConnection

from harvest.acquire.archive import Archive
from harvest.acquire.fetch import Fetcher
from harvest.detect.notice import notice
from harvest.errors import InputProblem, SourceBlocked, SourceError
from harvest.failpoints import failpoint
from harvest.identify.judge import judge
from harvest.model import Answer, Contents, Decision, Document, Outcome, Person, Query, fingerprint
from harvest.reconcile.works import reconcile
from harvest.report import outbox
from harvest.report.digest import digest
from harvest.report.mail import message
from harvest.report.outbox import Delivery
from harvest.report.page import render_page, render_text
from harvest.runs import RunSummary, Said, SourceState, Visit
from harvest.seeds import read_decisions, read_people
from harvest.settings import Settings
from harvest.sources import READERS, SOURCES
from harvest.sources.source import Known, Source
from harvest.store.append import append, append_answers, append_people, next_run_id
from harvest.store.recall import Memory, recall
from harvest.store.warehouse import publish, reading, transaction, utc, writing

log = structlog.get_logger()

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

EVERYBODY = "*"  # who the page is for
SHRUNK = 0.5  # a list that loses half of what it had is held, and asked about
FEW = 5  # below this many records, losing some is no sign of anything
MOST_PAGES = 1000  # of one source in one run: a list without an end is a fault of the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about: whom to follow, what to read, whom to ask."""

    people: tuple[Person, ...]
    documents: tuple[Document, ...] = ()
    decisions: tuple[Decision, ...] = ()
    sources: tuple[Source, ...] = SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSummary:
    """What a report wrote and sent."""

    page: Path
    mails: tuple[Path, ...] = ()
    quiet: tuple[str, ...] = ()  # people for whom nothing changed: no e-mail
    sent: tuple[Delivery, ...] = ()
    empty: bool = False

    @property
    def exit_code(self) -> int:
        """0 when all that was to be sent was accepted, else 1."""
        return 0 if all(one.accepted for one in self.sent) else 1

    def as_markdown(self) -> str:
        """A short account for people."""
        said = [f"{'nothing changed' if self.empty else 'report'}: {self.page}"]
        said += [f"e-mail: {mail}" for mail in self.mails]
        said += [f"no e-mail for {name}: nothing changed" for name in self.quiet]
        said += [
            f"{'sent' if one.accepted else 'not sent'}: {one.recipient} {one.reason}".rstrip() for one in self.sent
        ]
        return "\n".join(said)


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
    )


def side_by_side(visit: Callable[[Any], Any], sources: Iterable[Any]) -> Iterable[Any]:
    """Visit every source in a thread of its own: each has its own pauses to keep."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(visit, sources))


def harvest(
    *, settings: Settings, plan: Plan, now: datetime, each: Each = map, accept_shrink: bool = False
) -> RunSummary:
    """One run as of `now`: everything is kept, or nothing; publishes when all checks hold."""
    documents = read_documents(plan.documents, now)  # wrong input is told before anything is asked
    with writing(settings.home) as db:
        memory = recall(db, utc(now))
        archive = Archive(settings.home / "archive")
        for answer, _ in documents:
            archive.keep(answer)
        call = partial(
            visit, people=plan.people, memory=memory, settings=settings, now=now, accept_shrink=accept_shrink
        )
        visits: list[Visit] = list(each(call, plan.sources))
        failpoint("visited")
        with transaction(db):
            summary = _write(db, plan, documents, visits, now)
        failpoint("committed")
        publish(db, settings.home)
    return summary


def reread(*, settings: Settings, now: datetime) -> RunSummary:
    """Read all kept answers again with today's readers: what they say now is added to the facts."""
    archive = Archive(settings.home / "archive")
    with writing(settings.home) as db:
        with transaction(db):
            run_id = next_run_id(db)
            rows = db.execute(
                "select source, url, status, person_id, own, received_at, sha256, document from answers"
                " where outcome = 'answered' order by received_at, answer_id"
            ).fetchall()
            records = sum(_reread_one(db, archive, run_id, row) for row in rows)
            summary = _conclude(db, run_id, now, (), records, 0)
        publish(db, settings.home)
    return summary


def report(
    *,
    settings: Settings,
    people: Sequence[Person],
    since: datetime | None = None,
    person_id: str | None = None,
    out: Path | None = None,
    send: bool = False,
) -> ReportSummary:
    """Page, text and e-mail of what was noticed since the last report, or of everything after `since`.

    Each recipient's last report is remembered, so a run that broke off before its report is told by the next.
    An e-mail that was written before, with the same news, is not written again. Sends only when asked to.
    """
    folder = settings.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    told = {} if since else _told(folder)
    mails, quiet = [], []
    with reading(settings.home) as db:
        until = _newest_run(db)
        asked = f"-since-{since:%Y-%m-%d}" if since else ""
        whole = digest(db, person_id=person_id, until=until, since=since or _last_told(told, EVERYBODY, until))
        page = out or folder / f"{until:%Y-%m-%dT%H%M}{asked}.html"
        page.write_text(render_page(whole), encoding="utf-8")
        page.with_suffix(".txt").write_text(render_text(whole), encoding="utf-8")
        for person in people:
            if person.email and person_id in (None, person.id):
                mine = digest(db, person_id=person.id, until=until, since=since or _last_told(told, person.id, until))
                if mine.is_empty:
                    quiet.append(person.name)
                    continue
                letter = message(mine, sender=settings.mail_from, recipient=person.email)
                mails.append(outbox.put(settings.home / "outbox", letter))
    if not since:
        reached = [one.id for one in people if person_id in (None, one.id)]
        _remember(folder, told, reached if person_id else [EVERYBODY, *reached], until)
    sent = outbox.deliver(settings.home / "outbox", settings) if send else []
    return ReportSummary(page=page, mails=tuple(mails), quiet=tuple(quiet), sent=tuple(sent), empty=whole.is_empty)


def read_documents(documents: Iterable[Document], now: datetime) -> list[Said]:
    """What the documents say that were captured by `now`; raises InputProblem for a missing or empty one."""
    return [read_document(one) for one in documents if one.captured_at <= now]


def read_document(document: Document) -> Said:
    """What one document says; raises InputProblem when it is missing, empty or unreadable."""
    path = Path(document.path)
    try:
        body = path.read_bytes()
    except OSError as problem:
        raise InputProblem(f"the document {path} cannot be read: {problem.strerror}") from problem
    if not body.strip():
        raise InputProblem(f"the document {path} is empty: put it back, or take it out of people.toml")
    answer = Answer(
        source=document.kind, url=path.name, body=body, received_at=document.captured_at,
        person_id=document.person_id, own=document.own,
    )  # fmt: skip
    reader = READERS.get(document.kind)
    if reader is None:
        raise InputProblem(f"no reader for the kind {document.kind!r}: known are {', '.join(sorted(READERS))}")
    try:
        return answer, reader.read(answer)
    except SourceError as problem:
        raise InputProblem(f"the document {path} cannot be understood: {problem.reason}") from problem


def visit(
    source: Source,
    *,
    people: Sequence[Person],
    memory: Memory,
    settings: Settings,
    now: datetime,
    accept_shrink: bool = False,
) -> Visit:
    """Ask one source all its questions; every answer is archived before it is read. Raises nothing of the network."""
    base = settings.base_url(source.name)
    if reason := settings.switched_off(source.name):
        return Visit(source=source.name, said=((_off(source.name, now, reason), Contents()),))
    known = Known(arxiv_versions=memory.arxiv_versions, arxiv_ids=memory.arxiv_ids)
    fetcher = Fetcher(settings, Archive(settings.home / "archive"))
    said: list[Said] = []
    held = 0

    def ask_all(queries: Iterable[Query]) -> None:
        nonlocal held
        waiting = list(queries)
        while waiting and len(said) < MOST_PAGES:
            answer = fetcher.fetch(source, base, waiting.pop(0), received_at=now)
            answer = replace(answer, url=settings.public_url(source.name, answer.url))
            answer, contents = _understood(source, answer)
            if answer.outcome is Outcome.ANSWERED and not accept_shrink:
                answer, contents, was_held = _guarded(answer, contents, memory)
                held += was_held
            said.append((answer, contents))
            waiting += contents.next

    ask_all(source.ask(people, known))
    ask_all(source.follow([contents for _, contents in said], known))
    return Visit(source=source.name, said=tuple(said), held=held)


def _understood(source: Source, answer: Answer) -> Said:
    """The contents of an answer, or the answer marked with why nothing of it is believed."""
    if answer.outcome is not Outcome.ANSWERED:
        return answer, Contents()
    try:
        return answer, source.read(answer)
    except SourceError as problem:
        outcome = Outcome.BLOCKED if isinstance(problem, SourceBlocked) else Outcome.UNANSWERED
        log.warning("unreadable", source=source.name, url=answer.url, reason=problem.reason)
        return replace(answer, outcome=outcome, reason=problem.reason), Contents()


def _guarded(answer: Answer, contents: Contents, memory: Memory) -> tuple[Answer, Contents, int]:
    """Hold back a list that emptied or shrank: what was known stands until the source says it again."""
    before, after = memory.counts.get(answer.url, 0), len(contents.records)
    if before and not after:
        reason = f"said nothing, where it had {before} entries before: what is known stands"
        return replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents(), 0
    if before >= FEW and after < before * SHRUNK:
        reason = f"shrank from {before} entries to {after}: held back until run with --accept-shrink"
        return replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents(), 1
    return answer, contents, 0


def _write(
    db: DuckDBPyConnection, plan: Plan, documents: Sequence[Said], visits: Sequence[Visit], now: datetime
) -> RunSummary:
    run_id = next_run_id(db)
    append_people(db, run_id, plan.people)
    _append_decisions(db, run_id, plan.decisions)
    records = append_answers(db, run_id, documents, document=True)
    for one in visits:
        records += append_answers(db, run_id, one.said)
    held = sum(one.held for one in visits)
    return _conclude(db, run_id, now, tuple(one.state for one in visits), records, held)


def _conclude(
    db: DuckDBPyConnection,
    run_id: int,
    now: datetime,
    states: tuple[SourceState, ...],
    records: int,
    held: int,
) -> RunSummary:
    """From facts to works, persons, changes and the ledger."""
    moment = utc(now)
    works = reconcile(db, run_id, moment)
    failpoint("reconciled")
    judge(db, run_id)
    changes, findings = notice(db, run_id, moment)
    summary = RunSummary(
        run_id=run_id, harvested_at=now, states=states, records=records, works=works,
        changes=changes, findings=findings, held=held,
    )  # fmt: skip
    row = {"run_id": run_id, "harvested_at": moment, "summary": json.dumps(summary.as_json())}
    append(db, "runs", [row])
    return summary


def _append_decisions(db: DuckDBPyConnection, run_id: int, decisions: Sequence[Decision]) -> None:
    rows = [
        {
            "place": number,
            "decision_id": fingerprint(number, one.verdict, one.left, one.right, one.reason),
            "verdict": one.verdict, "left_ref": one.left, "right_ref": one.right, "reason": one.reason,
            "run_id": run_id,
        }
        for number, one in enumerate(decisions)
    ]  # fmt: skip
    append(db, "decisions", rows, ["decision_id"])


def _reread_one(db: DuckDBPyConnection, archive: Archive, run_id: int, row: tuple[Any, ...]) -> int:
    source, url, status, person_id, own, received_at, sha256, document = row
    answer = Answer(
        source=source, url=url, body=archive.read(sha256), received_at=received_at.replace(tzinfo=UTC),
        status=status, person_id=person_id, own=own,
    )  # fmt: skip
    try:
        contents = READERS[source].read(answer)
    except SourceError as problem:
        log.warning("no longer readable", source=source, url=url, reason=problem.reason)
        return 0
    return append_answers(db, run_id, [(answer, contents)], document=document)


def _newest_run(db: DuckDBPyConnection) -> datetime:
    """The moment of the newest run."""
    newest = db.execute("select max(harvested_at) from runs").fetchall()[0][0]
    moment: datetime = newest.replace(tzinfo=UTC)
    return moment


def _told(folder: Path) -> dict[str, list[str]]:
    """Recipient → the moments up to which they were told, from reports/told.json."""
    path = folder / "told.json"
    told: dict[str, list[str]] = json.loads(path.read_text()) if path.exists() else {}
    return told


def _last_told(told: dict[str, list[str]], recipient: str, until: datetime) -> datetime | None:
    """Up to when a recipient was told before; a report that is written again covers what it covered first."""
    return max(
        (moment for moment in map(datetime.fromisoformat, told.get(recipient, ())) if moment < until), default=None
    )


def _remember(folder: Path, told: dict[str, list[str]], recipients: Sequence[str], until: datetime) -> None:
    """Note who was told; written whole and renamed, so that a crash leaves the old note."""
    for recipient in recipients:
        told[recipient] = sorted({*told.get(recipient, ()), until.isoformat()})
    fresh = folder / "told.json.new"
    fresh.write_text(json.dumps(told, indent=1))
    fresh.replace(folder / "told.json")


def _off(source: str, now: datetime, reason: str) -> Answer:
    return Answer(source=source, url="", body=b"", status=0, received_at=now, outcome=Outcome.OFF, reason=reason)


def _all_known(asked: Sequence[str], known: Sequence[str], what: str, where: str) -> None:
    for name in asked:
        if name not in known:
            raise InputProblem(f"no {what} {name!r} in {where}: known are {', '.join(known)}")
