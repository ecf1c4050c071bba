"""The one place where the stages meet: ask, keep, read, reconcile, judge, notice, publish, tell.

Silence from a source is a fact, not a change. Composed once and run three ways: `each` says how the sources
are visited — one after the other (``map``), in threads, or as Prefect tasks.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import structlog
from duckdb import DuckDBPyConnection

from harvest.acquire.archive import Archive
from harvest.acquire.by_hand import answer_by_hand
from harvest.acquire.channel import Asker, Channel
from harvest.detect.news import is_gone, is_news, only_own
from harvest.detect.notice import notice_changes, notice_findings
from harvest.detect.words import keep_words
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
from harvest.sources import CONCERNING, ONWARD, READERS, SOURCES
from harvest.sources.source import Known, Source
from harvest.store.append import append, append_answers, append_people, append_standing, next_run_id
from harvest.store.hold import BELIEFS, LINES, held
from harvest.store.recall import Memory, recall
from harvest.store.warehouse import publish, reading, transaction, utc, writing

log = structlog.get_logger()

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

EVERYBODY = "*"  # who the page is for
SHRUNK = 0.5  # a list that loses half of what it had is held, and asked about
FEW = 5  # below this many records, losing some is no sign of anything
COMPLETE = 0.95  # of the entries a list says it has; fewer is a fault, a few may move between two pages
MOST_PAGES = 1000  # of one answer: a list without an end is a fault of the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about: whom to follow, what to read, whom to ask."""

    people: tuple[Person, ...]
    documents: tuple[Document, ...] = ()
    decisions: tuple[Decision, ...] = ()
    sources: tuple[Source, ...] = SOURCES
    everybody: tuple[str, ...] | None = None  # the ids of people.toml; who is no longer there is followed no more


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
        everybody=tuple(person.id for person in people),
    )


def side_by_side(visit: Callable[[Any], Any], sources: Iterable[Any]) -> Iterable[Any]:
    """Visit every source in a thread of its own: each has its own pauses to keep.

    The threads die with the process, so that Ctrl-C need not wait for an answer; a pool would wait.
    """
    visits = [(source, Future[Any]()) for source in sources]

    def work(source: Any, done: Future[Any]) -> None:
        try:
            done.set_result(visit(source))
        except BaseException as problem:  # raised again where the visit is waited for
            done.set_exception(problem)

    for one in visits:
        Thread(target=work, args=one, daemon=True).start()
    while wait([done for _, done in visits], timeout=0.2).not_done:  # a wait without an end may not hear the signal
        continue
    return [done.result() for _, done in visits]


def harvest(
    *,
    settings: Settings,
    plan: Plan,
    now: datetime,
    each: Each = map,
    accept_shrink: bool = False,
    channel: Channel = Channel(),  # noqa: B008 - frozen
) -> RunSummary:
    """One run as of `now`: everything is kept, or nothing; publishes when all checks hold."""
    documents = read_documents(plan.documents, now)  # wrong input is told before anything is asked
    with writing(settings.home) as db:
        memory = recall(db, utc(now))
        archive = Archive(settings.home / "archive")
        for answer, _ in documents:
            archive.keep(answer)
        call = partial(
            visit, people=plan.people, memory=memory, settings=settings, now=now, accept_shrink=accept_shrink,
            channel=channel,
        )  # fmt: skip
        visits: list[Visit] = list(each(call, plan.sources))
        failpoint("visited")
        with transaction(db):
            summary = take(db, plan, documents, visits, now)
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
    with reading(settings.home) as db, held(db, *BELIEFS, "changes"):
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


def by_hand(
    *, settings: Settings, plan: Plan, given: Sequence[str], now: datetime, captured_at: datetime | None = None
) -> tuple[Answer, ...]:
    """Files as answers, each given as SOURCE=FILE or SOURCE:PERSON=FILE; raises InputProblem for one that is none."""
    answers = []
    for one in given:
        place, _, file = one.partition("=")
        name, _, whose = place.partition(":")
        source = next((source for source in plan.sources if source.name == name), None)
        if not (file and source):
            known = ", ".join(source.name for source in plan.sources)
            raise InputProblem(f"--from-file {one!r}: write SOURCE=FILE, with a source among {known}")
        queries = list(source.ask(plan.people, Known()))
        answer = answer_by_hand(settings, source, queries, Path(file), whose=whose, captured_at=captured_at)
        if answer.received_at > now:
            raise InputProblem(f"{file} was captured at {answer.received_at:%Y-%m-%d %H:%M}, after this run's moment")
        try:
            source.read(answer)
        except SourceError as problem:
            raise InputProblem(f"{file} cannot be understood as an answer of {name}: {problem.reason}") from problem
        answers.append(answer)
    return tuple(answers)


def visit(
    source: Source,
    *,
    people: Sequence[Person],
    memory: Memory,
    settings: Settings,
    now: datetime,
    accept_shrink: bool = False,
    channel: Channel = Channel(),  # noqa: B008 - frozen
) -> Visit:
    """Ask one source all its questions; every answer is archived before it is read. Raises nothing of the network."""
    reason = settings.switched_off(source.name)
    if reason and not channel.replay:
        return Visit(source=source.name, said=((_off(source.name, now, reason), Contents()),))
    known = Known(
        arxiv_versions=memory.arxiv_versions, arxiv_ids=memory.arxiv_ids, listed_until=memory.listed_until,
        counts=memory.counts, arxiv_listed=memory.arxiv_listed,
    )  # fmt: skip
    asker = channel.asker(settings)
    ask = partial(
        _pages, source, asker=asker, people=people, known=known, settings=settings, now=now,
        accept_shrink=accept_shrink,
    )  # fmt: skip
    lists = [ask(query) for query in source.ask(people, known)]
    first = [contents for said, _ in lists for _, contents in said]
    lists += [ask(query) for query in source.follow(first, known)]
    said = tuple(one for said, _ in lists for one in said)
    return Visit(source=source.name, said=said, held=sum(held for _, held in lists), requests=asker.requests)


def _pages(
    source: Source,
    query: Query,
    *,
    asker: Asker,
    people: Sequence[Person],
    known: Known,
    settings: Settings,
    now: datetime,
    accept_shrink: bool,
) -> tuple[list[Said], int]:
    """All pages of the answer to one question, those that were believed remembered as such; how many were held.

    A list in order of change is left where it says nothing new any more.
    """
    said: list[Said] = []
    held, waiting, left = 0, [query], False
    while waiting and len(said) < MOST_PAGES:
        answer = asker.fetch(source, settings.base_urls(source.name), waiting.pop(0), received_at=now)
        answer, contents = _understood(source, answer)
        if answer.outcome is Outcome.ANSWERED and not accept_shrink:
            answer, contents, was_held = _guarded(answer, contents, known)
            held += was_held
        if answer.outcome is Outcome.ANSWERED:
            asker.believe(answer)
        said.append((answer, contents))
        further = contents.next
        if further and source.name in ONWARD:
            further = ONWARD[source.name](answer, [contents for _, contents in said], known)
            left = left or not further
        waiting += further
    if source.name in CONCERNING:
        return [(answer, CONCERNING[source.name](contents, people, known)) for answer, contents in said], held
    if waiting:
        return _doubted(said, f"has more than {MOST_PAGES} pages: those after them were not asked for"), held
    return said if left else _whole(said), held


def _whole(said: list[Said]) -> list[Said]:
    """The pages of one list; doubted when they hold far fewer entries than the service says it has.

    A single page may be a selection on purpose, as a profile is, but not when it is empty.
    """
    total = max((contents.total or 0 for _, contents in said), default=0)
    given = len({record.key for _, contents in said for record in contents.records})
    few = given < total * COMPLETE if len(said) > 1 else total and not given
    if few and all(answer.outcome is Outcome.ANSWERED for answer, _ in said):
        return _doubted(said, f"gave {given} of the {total} entries that it says it has: what is known stands")
    return said


def _doubted(said: list[Said], reason: str) -> list[Said]:
    """What was said stands; that it was all is not believed."""
    *before, (answer, contents) = said
    return [*before, (replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), contents)]


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


def _guarded(answer: Answer, contents: Contents, known: Known) -> tuple[Answer, Contents, int]:
    """Hold back a list that emptied or shrank: what was known stands until the source says it again."""
    before, after = known.counts.get(answer.url, 0), len(contents.records)
    if before and not after:
        reason = f"said nothing, where it had {before} entries before: what is known stands"
        return replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents(), 0
    if before >= FEW and after < before * SHRUNK:
        reason = f"shrank from {before} entries to {after}: held back until run with --accept-shrink"
        return replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents(), 1
    return answer, contents, 0


def take(
    db: DuckDBPyConnection,
    plan: Plan,
    documents: Sequence[Said],
    visits: Sequence[Visit],
    now: datetime,
    *,
    last: bool = True,
) -> RunSummary:
    """A run as of `now`: what these documents and visits say, and all that follows from it."""
    run_id = next_run_id(db)
    append_people(db, run_id, plan.people, everybody=plan.everybody)
    _append_decisions(db, run_id, plan.decisions)
    records = append_answers(db, run_id, documents, document=True)
    for one in visits:
        records += append_answers(db, run_id, one.said)
    held_back = sum(one.held for one in visits)
    return _conclude(db, run_id, now, tuple(one.state for one in visits), records, held_back, last=last)


def _conclude(
    db: DuckDBPyConnection,
    run_id: int,
    now: datetime,
    states: tuple[SourceState, ...],
    records: int,
    held_back: int,
    *,
    last: bool = True,
) -> RunSummary:
    """From facts to works, persons, changes and the ledger. Findings are about now: only the `last` run needs them."""
    moment = utc(now)
    changes, told, own = 0, False, only_own(db, run_id)
    if is_news(db, run_id):
        reconcile(db, run_id, moment)
        failpoint("reconciled")
        told = keep_words(db, run_id) or not own
    with held(db, "record_works", "listings"):
        if told or is_gone(db):
            with held(db, "witnesses", "releases", "works"):
                if not (own and _all_theirs(db, run_id)):
                    judge(db, run_id)
                with held(db, "current_attributions"):
                    changes = notice_changes(db, run_id, moment, numbers=not own)
    findings = 0
    if last:
        with held(db, *BELIEFS, *LINES):
            findings = notice_findings(db, run_id, moment)
    works = db.execute("select count(distinct work_id) from record_works").fetchall()[0][0]
    summary = RunSummary(
        run_id=run_id, harvested_at=now, states=states, records=records, works=works,
        changes=changes, findings=findings, held=held_back,
    )  # fmt: skip
    row = {"run_id": run_id, "harvested_at": moment, "summary": json.dumps(summary.as_json())}
    append(db, "runs", [row])
    return summary


def _all_theirs(db: DuckDBPyConnection, run_id: int) -> bool:
    """Whether all works that got a record in this run are known to be theirs: nothing is left to judge."""
    asked = db.execute(
        "select count(*) from memberships, current_people where run_id = $run_id and (person_id, work_id) not in ("
        "   select (person_id, work_id) from current_attributions where verdict = 'theirs')",
        {"run_id": run_id},
    ).fetchall()
    return not asked[0][0]


def _append_decisions(db: DuckDBPyConnection, run_id: int, decisions: Sequence[Decision]) -> None:
    """Keep what decisions.toml says that is new, and that it does not say any more what it did."""
    rows = [
        {
            "place": number, "decision_id": fingerprint(one.verdict, one.left, one.right, one.reason),
            "verdict": one.verdict, "left_ref": one.left, "right_ref": one.right, "reason": one.reason,
            "run_id": run_id,
        }
        for number, one in enumerate(decisions)
    ]  # fmt: skip
    stated = {row["decision_id"]: row for row in rows}  # said twice, the later counts
    append_standing(db, "decisions", "withdrawals", list(stated.values()), ("decision_id", "place"), run_id=run_id)


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
