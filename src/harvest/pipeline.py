"""The one place where the stages meet: ask, keep, read, reconcile, judge, notice, publish, tell.

Silence from a source is a fact, not a change. Composed once and run three ways: `each` says how the sources
are visited — one after the other (``map``), in threads, or as Prefect tasks.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from duckdb import DuckDBPyConnection

from harvest.acquire.archive import Archive
from harvest.acquire.channel import Channel
from harvest.asking import read_documents, visit, visit_all
from harvest.detect.news import is_gone, is_news, is_renewed, is_waiting, only_own
from harvest.detect.notice import notice_changes, notice_findings
from harvest.detect.words import keep_words
from harvest.errors import SourceError
from harvest.failpoints import failpoint
from harvest.identify.judge import judge
from harvest.model import Answer, Decision, fingerprint
from harvest.plan import Plan
from harvest.reconcile.works import reconcile
from harvest.runs import RunSummary, Said, SourceState, Visit
from harvest.settings import Settings
from harvest.sources import READERS
from harvest.store.append import append, append_answers, append_people, append_standing, next_run_id
from harvest.store.hold import BELIEFS, LINES, Hold, held
from harvest.store.recall import recall
from harvest.store.warehouse import looked_through, publish, transaction, utc, writing

log = structlog.get_logger()

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


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
        visits = visit_all(call, plan.sources, each)
        failpoint("visited")
        with held(db) as hold:
            with transaction(db):
                summary = take(db, plan, documents, visits, now, hold=hold)
            failpoint("committed")
            publish(db, settings.home, hold)
    return summary


def reread(*, settings: Settings, now: datetime) -> RunSummary:
    """Read all kept answers again with today's readers: what they say now is added to the facts."""
    archive = Archive(settings.home / "archive")
    with writing(settings.home) as db, held(db) as hold:
        with transaction(db):
            run_id = next_run_id(db)
            rows = db.execute(
                "select source, url, status, person_id, own, received_at, sha256, document from answers"
                " where outcome = 'answered' order by received_at, answer_id"
            ).fetchall()
            records = sum(_reread_one(db, archive, run_id, row) for row in rows)
            summary = _conclude(db, hold, run_id, now, (), records, 0)
        publish(db, settings.home, hold)
    return summary


def take(
    db: DuckDBPyConnection,
    plan: Plan,
    documents: Sequence[Said],
    visits: Sequence[Visit],
    now: datetime,
    *,
    last: bool = True,
    hold: Hold | None = None,
) -> RunSummary:
    """A run as of `now`: what these documents and visits say, and all that follows from it.

    Findings are about now: only the `last` of several runs needs them. What is computed is left in `hold`.
    """
    run_id = next_run_id(db)
    append_people(db, run_id, plan.people, everybody=plan.everybody)
    _append_decisions(db, run_id, plan.decisions)
    records = append_answers(db, run_id, documents, document=True)
    for one in visits:
        records += append_answers(db, run_id, one.said)
    held_back = sum(one.held for one in visits)
    states = tuple(one.state for one in visits)
    with nullcontext(hold) if hold else held(db) as kept:
        return _conclude(db, kept, run_id, now, states, records, held_back, last=last)


def _conclude(
    db: DuckDBPyConnection,
    hold: Hold,
    run_id: int,
    now: datetime,
    states: tuple[SourceState, ...],
    records: int,
    held_back: int,
    *,
    last: bool = True,
) -> RunSummary:
    """From facts to works, persons, changes and the ledger."""
    moment = utc(now)
    changes, findings, told, renewed = 0, 0, False, is_renewed(db)
    own = not renewed and only_own(db, run_id)
    if is_news(db, run_id):
        reconcile(db, run_id, moment)
        failpoint("reconciled")
        told = keep_words(db, run_id) or not own
    hold.keep("record_works")
    told = told or renewed
    moving = told or is_waiting(db)
    if moving or last:
        hold.keep("listings")
        moving = told or (moving and is_gone(db))
    if moving or last:
        hold.keep("witnesses", "releases", "works")
    if moving and not (own and _all_theirs(db, run_id)):
        judge(db, run_id, everybody=renewed)
    if moving:
        hold.keep("current_attributions")
        changes = notice_changes(db, run_id, moment, numbers=not own)
    if renewed:
        looked_through(db)
    if last:
        hold.keep(*BELIEFS, *LINES)
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
