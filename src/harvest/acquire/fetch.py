"""The one place that talks to the network: polite, patient, bounded, and it names what came instead of an answer.

One call is one question with all its retries and redirects, under one deadline. Nothing the network does is
raised: it becomes the outcome of an answer and the reason for it, and the run goes on.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Protocol
from urllib.parse import urljoin

import structlog
from tenacity import Retrying, retry_if_exception

from harvest.acquire.address import address, is_address, is_near, may_move, origin, robots_address
from harvest.acquire.archive import Archive
from harvest.acquire.blocked import blocked, is_page, is_sign_in, own_words
from harvest.acquire.breaker import Breaker
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


class Service(Protocol):
    """What is asked. A website (not an API) also has ``pages = True``: HTML is right, and robots.txt speaks.

    ``hosts`` may name other hosts of the service, and ``own = True`` says that a person's own words are read.
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

    def fetch(self, service: Service, base_url: str, query: Query, *, received_at: datetime) -> Answer:
        """Ask one question. The answer, whatever it is, is in the archive when this returns.

        Outcome ANSWERED means a whole body of the kind the service gives, status 200; anything else has its reason.
        `received_at` is the moment of the run. Raises InputProblem for an unusable base URL, WarehouseProblem when
        the disk refuses.
        """
        url = address(base_url, query)
        said = Answer(
            source=service.name, url=url, body=b"", status=0, received_at=received_at, person_id=query.person_id,
            own=getattr(service, "own", False),
        )  # fmt: skip
        answer = self._asked(service, base_url, query, said)
        if answer.status:
            self._archive.keep(answer)
        log.debug("asked", source=service.name, url=url, status=answer.status, bytes=len(answer.body),
                  outcome=answer.outcome.value, reason=answer.reason)  # fmt: skip
        return answer

    def _asked(self, service: Service, base_url: str, query: Query, said: Answer) -> Answer:
        """One call under its deadline, and what the breaker of its endpoint learns from it."""
        if not is_address(said.url):
            return replace(said, outcome=Outcome.UNANSWERED, reason="its address is not one that can be asked")
        breaker = Breaker(self._settings.home / "breakers", said.url)
        if until := breaker.resting(said.received_at):
            reason = f"resting until {until:%Y-%m-%d %H:%M} after failures in a row: {breaker.endpoint} was not asked"
            return replace(said, outcome=Outcome.UNANSWERED, reason=reason)
        pace = self._settings.pace if is_local(said.url) else max(1.0, self._settings.pace)
        deadline = Deadline(self._settings.deadline_seconds)
        call = _Call(service=service, base_url=base_url, deadline=deadline, pace=pace)
        try:
            pause = self._robots_pause(call, query) if call.pages else 0.0
            reply = self._patiently(call, said.url, pause)
        except Failed as problem:
            if problem.passing or problem.outcome is Outcome.BLOCKED:
                breaker.failed(said.received_at, problem.wait or 0)
            told = _told(said, problem.reply) if problem.reply else said
            return replace(told, outcome=problem.outcome, reason=problem.reason)
        breaker.succeeded()
        return _told(said, reply)

    def _robots_pause(self, call: _Call, query: Query) -> float:
        robots = self._robots.setdefault(call.service.name, Robots(lambda url: self._patiently(call, url, 0.0)))
        return robots.allow(query.path, robots_address(call.base_url, query))

    def _patiently(self, call: _Call, url: str, pause: float) -> Reply:
        """The reply to a question after as many tries as patience and the deadline allow."""
        tries = Retrying(
            retry=retry_if_exception(lambda problem: isinstance(problem, Failed) and problem.passing),
            wait=Patience(call.pace),
            stop=lambda state: state.attempt_number >= _TRIES or state.upcoming_sleep >= call.deadline.left,
            reraise=True,
        )
        return tries(self._followed, call, url, pause)

    def _followed(self, call: _Call, url: str, pause: float) -> Reply:
        """One try: a request, and those it is sent on to. Raises Failed when what came is no answer."""
        pause = max(call.service.pause.total_seconds(), pause) * call.pace
        hosts = getattr(call.service, "hosts", ())
        for _ in range(_HOPS + 1):
            with turn(self._settings.home / "locks", call.service.name, pause, call.deadline):
                reply = self._once(call, url)
            if reply.status not in _MOVED or "location" not in reply.headers:
                return self._judged(call, reply)
            target = urljoin(url, reply.headers["location"])
            if not may_move(url, target, hosts):
                raise _elsewhere(target)
            url = target
        raise Failed(f"it sent us on more than {_HOPS} times")

    def _once(self, call: _Call, url: str) -> Reply:
        home = bool(call.base_url) and origin(url) == origin(call.base_url)
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip"}
        key = self._settings.openalex_key if call.service.name == "openalex" else None
        if key and home:
            headers["Authorization"] = f"Bearer {key.get_secret_value()}"
        reply = get(url, headers, deadline=call.deadline, most=self._settings.max_answer_bytes,
                    local=home and is_near(call.base_url))  # fmt: skip
        if key and key.get_secret_value() in f"{reply.body.decode('latin-1')} {reply.headers}":
            raise Failed("its answer repeats our key: nothing of it was kept")
        return reply

    def _judged(self, call: _Call, reply: Reply) -> Reply:
        """The reply if it is an answer, else Failed."""
        if reason := blocked(reply, pages=call.pages):
            raise Failed(reason, outcome=Outcome.BLOCKED, reply=reply)
        if reply.status in (408, 425, 429) or reply.status >= 500:
            wait = retry_after(reply.headers)
            raise Failed(f"busy or down (HTTP {reply.status})", passing=True, wait=wait, reply=reply)
        if reply.status != 200:
            words = own_words(reply)
            raise Failed(f"HTTP {reply.status}" + (f": {words}" if words else ""), reply=reply)
        if not reply.body.strip():
            raise Failed("an empty answer", passing=True, reply=reply)
        if is_page(reply) and not call.pages:
            raise Failed("a web page came where data were expected", reply=reply)
        return reply


def _told(said: Answer, reply: Reply) -> Answer:
    """The answer with what was really said; where it came from, when that was not where it was asked."""
    headers = tuple(reply.headers.items())
    moved = (("content-location", reply.url),) if reply.url != said.url else ()
    return replace(said, body=reply.body, status=reply.status, headers=headers + moved)


def _elsewhere(target: str) -> Failed:
    outcome = Outcome.BLOCKED if is_sign_in(target) else Outcome.UNANSWERED
    return Failed(f"it sends us to another place, {target[:200]!r}: if that is right, ask there", outcome=outcome)
