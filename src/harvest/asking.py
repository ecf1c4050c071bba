"""Asking: what documents and sources say, and how much of it is believed.

A list that shrinks, empties or breaks off is held: what was known stands until the source says it again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import structlog

from harvest.acquire.by_hand import answers_by_hand
from harvest.acquire.channel import Asker, Channel, public
from harvest.disk import read_named
from harvest.errors import InputProblem, SourceBlocked, SourceError
from harvest.model import Answer, Contents, Document, Outcome, Person, Query
from harvest.plan import Plan
from harvest.runs import Said, Visit
from harvest.settings import Settings
from harvest.sources import CONCERNING, ONWARD, READERS, SPARES
from harvest.sources.source import Known, Source
from harvest.store.recall import Memory

log = structlog.get_logger()

SHRUNK = 0.5  # a list that loses half of what it had is held, and asked about
FEW = 5  # below this many records, losing some is no sign of anything
ACCEPTED = "accepted as it is"  # a human saw how much is gone; warehouse/views/09_listings.sql looks for it
COMPLETE = 0.95  # of the entries a list says it has; fewer is a fault, a few may move between two pages
MOST_PAGES = 1000  # of one answer: a list without an end is a fault of the service


def read_documents(documents: Iterable[Document], now: datetime) -> list[Said]:
    """What the documents say that were captured by `now`; raises InputProblem for a missing or empty one."""
    return [read_document(one) for one in documents if one.captured_at <= now]


def read_document(document: Document) -> Said:
    """What one document says; raises InputProblem when it is missing, empty or unreadable."""
    path = Path(document.path)
    body, _ = read_named(path)
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
    *,
    settings: Settings,
    plan: Plan,
    given: Sequence[str],
    now: datetime,
    captured_at: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Answer, ...]:
    """Files as answers, each given as SOURCE=FILE or SOURCE:PERSON=FILE; raises InputProblem for one that is none.

    A whole dump gives an answer for each person in it; `tell` is told how far it is read.
    """
    answers: list[Answer] = []
    for one in given:
        place, _, file = one.partition("=")
        name, _, whose = place.partition(":")
        source = next((source for source in plan.sources if source.name == name), None)
        if not (file and source):
            known = ", ".join(source.name for source in plan.sources)
            raise InputProblem(f"--from-file {one!r}: write SOURCE=FILE, with a source among {known}")
        queries = list(source.ask(plan.people, Known()))
        said = answers_by_hand(
            settings, source, queries, Path(file), people=plan.people, whose=whose, captured_at=captured_at, tell=tell
        )
        if said[0].received_at > now:
            raise InputProblem(f"{file} was captured at {said[0].received_at:%Y-%m-%d %H:%M}, after this run's moment")
        for answer in said:
            try:
                source.read(answer)
            except SourceError as problem:
                about = f" about {answer.person_id}" if len(said) > 1 else ""
                reason = f"as an answer of {name}{about}: {problem.reason}"
                raise InputProblem(f"{file} cannot be understood {reason}") from problem
        answers += said
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
    known = Known(
        arxiv_versions=memory.arxiv_versions, arxiv_ids=memory.arxiv_ids, listed_until=memory.listed_until,
        counts=memory.counts, arxiv_listed=memory.arxiv_listed, our_arxiv_ids=memory.our_arxiv_ids,
        arxiv_resting=memory.arxiv_resting, arxiv_searches=memory.arxiv_searches,
        unconfirmed_dois=memory.unconfirmed_dois, lately=_lately(source, memory, now),
    )  # fmt: skip
    asker = channel.asker(settings, off=settings.switched_off(source.name))
    ask = partial(
        _pages, source, asker=asker, people=people, known=known, settings=settings, now=now,
        accept_shrink=accept_shrink,
    )  # fmt: skip
    lists = [ask(query) for query in _due(source, people, known, settings, channel)]
    first = [contents for said, _ in lists for _, contents in said]
    lists += [ask(query) for query in source.follow(first, known)]
    said = tuple(one for said, _ in lists for one in said)
    return Visit(source=source.name, said=said, held=sum(held for _, held in lists), requests=asker.requests)


def visit_all(
    call: Callable[[Any], Any], sources: Sequence[Source], each: Callable[[Any, Any], Iterable[Any]]
) -> list[Visit]:
    """Visit the sources, and then the spares of those that did not answer, or were not to be asked at all."""
    visits: list[Visit] = list(each(call, [one for one in sources if one.name not in SPARES]))
    silent = (Outcome.UNANSWERED, Outcome.BLOCKED)
    well = {one.source for one in visits if one.state.state not in silent}
    spares = [one for one in sources if one.name in SPARES and SPARES[one.name] not in well]
    return visits + (list(each(call, spares)) if spares else [])


def _due(
    source: Source, people: Sequence[Person], known: Known, settings: Settings, channel: Channel
) -> Iterator[Query]:
    """The questions that are to be asked now, and those that somebody gives a file for, due or not."""
    address = partial(public, settings, source.name, settings.base_urls(source.name))
    given = {one.url for one in channel.by_hand if one.source == source.name}
    not_now = known.lately | given
    yield from (query for query in source.ask(people, known) if address(query) not in not_now)
    if given:
        yield from (query for query in source.ask(people, Known()) if address(query) in given)


def _lately(source: Source, memory: Memory, now: datetime) -> frozenset[str]:
    """The addresses that need not be asked again yet."""
    every = getattr(source, "every", 0)
    today = now.astimezone(UTC).date()
    return frozenset(url for url, day in memory.answered_on.items() if (today - day).days < every)


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
        if answer.outcome is Outcome.ANSWERED and accept_shrink:
            answer = replace(answer, reason=ACCEPTED)
        elif answer.outcome is Outcome.ANSWERED:
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
    if waiting:
        said = _doubted(said, f"has more than {MOST_PAGES} pages: those after them were not asked for")
    if source.name in CONCERNING:
        return [(answer, CONCERNING[source.name](contents, people, known)) for answer, contents in said], held
    return said if left or waiting else _whole(said), held


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
