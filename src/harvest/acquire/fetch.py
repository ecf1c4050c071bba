"""The one place that talks to the network: polite, patient, bounded, and it names what came instead of an answer.

One call is one question with all its retries and redirects, under one deadline. Nothing the network does is
raised: it becomes the outcome of an answer and the reason for it, and the run goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception

from harvest.acquire.address import address, is_address, is_near, may_move, origin, robots_address
from harvest.acquire.archive import Archive
from harvest.acquire.blocked import blocked, is_page, is_sign_in, own_words
from harvest.acquire.breaker import breakers
from harvest.acquire.condition import Conditions
from harvest.acquire.failed import Deadline, Failed, Reply
from harvest.acquire.limiter import turn
from harvest.acquire.patience import Patience, retry_after
from harvest.acquire.robots import Robots
from harvest.acquire.wire import get
from harvest.model import Answer, Outcome, Query
from harvest.settings import Settings, is_local

log = structlog.get_logger()

_TRIES = 4
_HOPS = 5
_MOVED = (301, 302, 303, 307, 308)
_CALM = 10  # pauses before a service that throttles us without a word is asked once more
_KEY_HEADERS = {"openalex": ("Authorization", "Bearer {}"), "semantic_scholar": ("x-api-key", "{}")}
NOT_MODIFIED = 304


class Service(Protocol):
    """What is asked. A website (not an API) also has ``pages = True``: HTML is right, and robots.txt speaks.

    ``hosts`` may name other hosts of the service, ``line`` the service whose turn and pause it shares, ``none`` the
    statuses by which it says that it has nothing of the kind, which is an answer, and ``own = True`` says that a
    person's own words are read.
    """

    name: str
    pause: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One question, while it is asked."""

    service: Service
    base_url: str
    deadline: Deadline
    pace: float  # multiplies all waiting of our own choice
    condition: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> bool:
        return getattr(self.service, "pages", False)


class Fetcher:
    """Asks services on behalf of one run. State that outlives it is under `settings.home`."""

    def __init__(self, settings: Settings, archive: Archive) -> None:
        self._settings = settings
        self._archive = archive
        contact = " ".join((settings.contact or "").split())
        self._agent = f"harvest/{version('harvest')}" + (f" ({contact})" if contact else "")
        self._robots: dict[str, Robots] = {}
        self._conditions = Conditions(settings.home / "conditions", archive)
        self._asked_at: dict[str, str] = {}  # public address → where it was really asked
        self._unreached: dict[str, Failed] = {}  # host → why; no other question of this visit tries again
        self.requests = 0  # really sent, with all retries, redirects and robots.txt

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        """Ask one question. The answer, whatever it is, is in the archive when this returns.

        Of several base URLs, the next is asked only when the one before is down or blocked: not when it throttles us.
        Outcome ANSWERED means a whole body of the kind the service gives, status 200, or 304 with the body of the last
        good answer; anything else has its reason. `received_at` is the moment of the run. Raises InputProblem for an
        unusable base URL, WarehouseProblem when the disk refuses.
        """
        failures: list[tuple[str, Answer]] = []
        for base_url in (base_urls,) if isinstance(base_urls, str) else base_urls:
            answer, problem = self._at(service, base_url, query, received_at, down=[one for one, _ in failures])
            if not problem or not problem.down:
                return answer
            failures.append((base_url, answer))
        return _worst(failures)

    def believe(self, answer: Answer) -> None:
        """An answer was read and found good: the next run may ask on condition that something is new."""
        if answer.status in (200, NOT_MODIFIED):
            self._conditions.note(self._asked_at.get(answer.url, answer.url), answer)

    def _at(
        self, service: Service, base_url: str, query: Query, received_at: datetime, down: Sequence[str]
    ) -> tuple[Answer, Failed | None]:
        """What came of asking at one of the addresses of a service, after those that were down; what was wrong."""
        url = address(base_url, query)
        public = self._settings.public_url(service.name, url)
        problem = None
        answer = Answer(
            source=service.name, url=public, body=b"", status=0, received_at=received_at,
            person_id=query.person_id, own=getattr(service, "own", False),
        )  # fmt: skip
        try:
            reply = self._asked(service, base_url, query, url, received_at)
            answer = _told(answer, reply, "" if down else url)
            self._asked_at[public] = url
            if down:
                silent = ", ".join(map(_host, down))
                answer = replace(answer, reason=f"from {_host(base_url)}: {silent} did not answer")
        except Failed as failed:
            problem = failed
            told = _told(answer, problem.reply, url) if problem.reply else answer
            answer = replace(told, outcome=problem.outcome, reason=problem.reason)
        if answer.status:
            self._archive.keep(answer)
        log.debug("asked", source=service.name, url=url, status=answer.status, bytes=len(answer.body),
                  outcome=answer.outcome.value, reason=answer.reason)  # fmt: skip
        return answer, problem

    def _asked(self, service: Service, base_url: str, query: Query, url: str, now: datetime) -> Reply:
        """One call under its deadline, and what the breakers of its host and endpoint learn from it."""
        if not is_address(url):
            raise Failed("its address is not one that can be asked")
        if before := self._unreached.get(_host(url)):
            raise Failed(before.reason, unreached=True)
        host, endpoint = breakers(self._settings.home / "breakers", service.name, url)
        for breaker in (host, endpoint):
            if rest := breaker.resting(now):
                reason = f"resting until {rest.until:%Y-%m-%d %H:%M} after failures in a row: {breaker.name}"
                raise Failed(f"{reason} was not asked", passing=True, throttled=rest.throttled)
        pace = self._settings.pace if is_local(url) else max(1.0, self._settings.pace)
        deadline = Deadline(self._settings.deadline_seconds)
        call = _Call(service=service, base_url=base_url, deadline=deadline, pace=pace)
        try:
            pause = self._robots_pause(call, query) if call.pages else 0.0
            known = self._conditions.last(url, now)
            reply = self._patiently(replace(call, condition=known[0].headers if known else {}), url, pause)
        except Failed as problem:
            if problem.down or problem.throttled:
                breaker = host if problem.throttled else endpoint
                breaker.failed(now, problem.wait or 0, throttled=problem.throttled)
            raise
        for breaker in (host, endpoint):
            breaker.succeeded()
        if known and reply.status == NOT_MODIFIED:
            unchanged = {"content-type": known[0].media_type, **reply.headers}
            reply = replace(reply, headers=unchanged, body=known[1])
        return reply

    def _robots_pause(self, call: _Call, query: Query) -> float:
        robots = self._robots.setdefault(call.service.name, Robots(lambda url: self._patiently(call, url, 0.0)))
        return robots.allow(query.path, robots_address(call.base_url, query))

    def _patiently(self, call: _Call, url: str, pause: float) -> Reply:
        """The reply to a question after as many tries as patience and the deadline allow."""
        tries = Retrying(
            retry=retry_if_exception(lambda problem: isinstance(problem, Failed) and problem.passing),
            wait=Patience(call.pace),
            stop=lambda state: state.attempt_number >= self._tries(state) or state.upcoming_sleep >= call.deadline.left,
            reraise=True,
        )
        return tries(self._followed, call, url, pause)

    def _tries(self, state: RetryCallState) -> int:
        """Who says that we ask too much is asked once more; so is the first host out of reach."""
        problem = state.outcome.exception() if state.outcome else None
        if isinstance(problem, Failed) and problem.unreached:
            return 2 if len(self._unreached) == 1 else 1
        return 2 if isinstance(problem, Failed) and problem.throttled else _TRIES

    def _followed(self, call: _Call, url: str, pause: float) -> Reply:
        """One try: a request, and those it is sent on to. Raises Failed when what came is no answer."""
        pause = max(call.service.pause.total_seconds(), pause) * call.pace
        line, hosts = getattr(call.service, "line", call.service.name), getattr(call.service, "hosts", ())
        start, turns = url, self._settings.home / "locks" if is_local(url) else self._settings.turns
        for _ in range(_HOPS + 1):
            with turn(turns, line, pause, call.deadline):
                reply = self._once(call, url)
            if reply.status not in _MOVED or "location" not in reply.headers:
                return self._judged(call, reply)
            target = _joined(url, reply.headers["location"])
            if not (may_move(url, target, hosts) and may_move(start, target, hosts)):
                raise _elsewhere(target)
            url = target
        raise Failed(f"it sent us on more than {_HOPS} times")

    def _once(self, call: _Call, url: str) -> Reply:
        home = bool(call.base_url) and origin(url) == origin(call.base_url)
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip", **call.condition}
        key = self._settings.key(call.service.name)
        if key and home:
            name, value = _KEY_HEADERS[call.service.name]
            headers[name] = value.format(key)
        try:
            reply = get(url, headers, deadline=call.deadline, most=self._settings.max_answer_bytes,
                        local=home and is_near(call.base_url))  # fmt: skip
        except Failed as problem:
            self.requests += not problem.unreached
            if problem.unreached:
                self._unreached[_host(url)] = problem
            raise
        self._unreached.pop(_host(url), None)
        self.requests += 1
        if key and key in f"{reply.body.decode('latin-1')} {reply.headers}":
            raise Failed("its answer repeats our key: nothing of it was kept")
        return reply

    def _judged(self, call: _Call, reply: Reply) -> Reply:
        """The reply if it is an answer, else Failed."""
        if reason := blocked(reply, pages=call.pages):
            raise Failed(reason, outcome=Outcome.BLOCKED, reply=reply)
        if reply.status in (408, 425, 429) or reply.status >= 500:
            wait, throttled = retry_after(reply.headers), reply.status == 429
            if throttled and not wait:
                wait = _CALM * call.service.pause.total_seconds() * call.pace
            reason = f"busy or down (HTTP {reply.status})"
            raise Failed(reason, passing=True, throttled=throttled, wait=wait, reply=reply)
        if call.condition and reply.status == NOT_MODIFIED:
            return reply
        if reply.status in getattr(call.service, "none", ()):
            return reply
        if reply.status != 200:
            words = own_words(reply)
            raise Failed(f"HTTP {reply.status}" + (f": {words}" if words else ""), reply=reply)
        if not reply.body.strip():
            raise Failed("an empty answer", passing=True, reply=reply)
        if is_page(reply) and not call.pages:
            raise Failed("a web page came where data were expected", reply=reply)
        return reply


def _worst(failures: Sequence[tuple[str, Answer]]) -> Answer:
    """One answer for all the addresses that failed: blocked rather than down, each with its reason."""
    worst = next((answer for _, answer in failures if answer.outcome is Outcome.BLOCKED), failures[0][1])
    if len(failures) == 1:
        return worst
    return replace(worst, reason="; ".join(f"{_host(base_url)}: {answer.reason}" for base_url, answer in failures))


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc


def _told(said: Answer, reply: Reply, asked: str) -> Answer:
    """The answer with what was really said; where it came from, when that was not where it was asked first."""
    headers = tuple(reply.headers.items())
    moved = (("content-location", reply.url),) if reply.url != asked else ()
    return replace(said, body=reply.body, status=reply.status, headers=headers + moved)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as problem:
        raise _elsewhere(location) from problem


def _elsewhere(target: str) -> Failed:
    outcome = Outcome.BLOCKED if is_sign_in(target) else Outcome.UNANSWERED
    return Failed(f"it sends us to another place, {target[:200]!r}: if that is right, ask there", outcome=outcome)
