"""The model served over real HTTP on loopback: one path prefix per service, any day, with faults on request."""

import hashlib
import threading
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from harvest.world import (
    arxiv,
    arxiv_author,
    arxiv_oai,
    crossref,
    datacite,
    dblp,
    homepage,
    openalex,
    orcid,
    scholar_feed,
    semantic_scholar,
)
from harvest.world.faults import BEFORE_EVERYTHING, CHANGED, INSTEAD, NAMES, Fault
from harvest.world.record import Reply
from harvest.world.wire import send

SERVICES: Mapping[str, Callable[[str, Mapping[str, str], datetime], Reply]] = {
    "arxiv": arxiv.render,
    "arxiv_author": arxiv_author.render,
    "arxiv_oai": arxiv_oai.render,
    "dblp": dblp.render,
    "dblp_mirror": dblp.render,  # a second host of DBLP's, with faults of its own
    "openalex": openalex.render,
    "scholar_feed": scholar_feed.render,
    "homepage": homepage.render,
    "semantic_scholar": semantic_scholar.render,
    "orcid": orcid.render,
    "crossref": crossref.render,
    "datacite": datacite.render,
}
MIRROR = "dblp_mirror"  # no service of its own, so no setting
_LATER = timedelta(days=365)  # how far the record moves between two pages when it drifts


@dataclass(slots=True)
class Request:
    """One request as the server saw it; moments are by the wall clock."""

    service: str
    path: str
    params: Mapping[str, str]
    at: datetime
    headers: Mapping[str, str]
    opened: datetime  # its connection
    closed: datetime | None = None


class WorldServer:
    """Serves while in its `with` block. `as_of` and `faults` may be changed at any time from any thread."""

    def __init__(self, as_of: datetime, *, port: int = 0, drip: float = 0.2) -> None:
        self.as_of = as_of
        self.faults: MutableMapping[str, Fault | Reply | str] = {}  # a Reply is said instead, as it is
        self.drip = drip  # seconds between the pieces of a slow answer
        self.log: list[Request] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False

    @property
    def url(self) -> str:
        """The address without a final slash."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def settings(self) -> dict[str, str]:
        """The settings that point the pipeline at this world."""
        return {f"{service}_url": f"{self.url}/{service}" for service in SERVICES if service != MIRROR}

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, target: str, headers: Mapping[str, str], opened: datetime) -> tuple[Reply, str, Request]:
        """The reply to a request target, the fault that applies while it is sent, and the line of the log."""
        split = urlsplit(target)
        service, _, rest = split.path.lstrip("/").partition("/")
        params = dict(parse_qsl(split.query, keep_blank_values=True))
        request = Request(service, f"/{unquote(rest)}", params, datetime.now(UTC), headers, opened)
        with self._lock:
            self.log.append(request)
            fault = self._take_fault(service)
        return self._reply(request, fault), fault, request

    def _reply(self, request: Request, fault: str) -> Reply:
        if isinstance(given := self.faults.get(request.service), Reply):
            return given
        if request.path.endswith("/robots.txt") and fault not in INSTEAD:
            return Reply(200, "text/plain", b"User-agent: *\nAllow: /\n")
        if fault in INSTEAD:
            said = INSTEAD[fault]
            return said if isinstance(said, Reply) else said(self.as_of)
        if request.service not in SERVICES:
            return Reply(404, "text/plain", b"This world has no such service.")
        later = fault == "drift" and (request.params.get("start", "0") != "0" or "resumptionToken" in request.params)
        as_of = BEFORE_EVERYTHING if fault == "empty" else self.as_of + _LATER if later else self.as_of
        params = {**request.params, "sortOrder": "ascending"} if fault == "unsorted" else request.params
        reply = SERVICES[request.service](request.path, params, as_of)
        changed = "short_pages" if fault == "drift" else fault
        reply = CHANGED[changed](reply, request.params) if changed in CHANGED and reply.status == 200 else reply
        return _marked(reply, request) if request.service in ("homepage", "orcid") else reply

    def _take_fault(self, service: str) -> str:
        """The fault of a service, counted down when it has a number of times; "" for none."""
        given = self.faults.get(service)
        if given is None or isinstance(given, Reply):
            return ""
        fault = given if isinstance(given, Fault) else Fault(given)
        if fault.name not in NAMES:
            raise ValueError(f"no fault is called {fault.name!r}; there are {', '.join(sorted(NAMES))}")
        if fault.times is not None:
            if fault.times < 1:
                return ""
            self.faults[service] = fault._replace(times=fault.times - 1)
        return fault.name


def _marked(reply: Reply, request: Request) -> Reply:
    """As most web servers do it: a page carries an ETag, and who has it already gets 304."""
    etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    if reply.status == 200 and request.headers.get("If-None-Match") == etag:
        return Reply(304, reply.content_type, b"", headers={"ETag": etag})
    return reply._replace(headers={**reply.headers, "ETag": etag}) if reply.status == 200 else reply


def _handler(world: WorldServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes

        def setup(self) -> None:
            super().setup()
            self.opened, self.asked = datetime.now(UTC), list[Request]()

        def finish(self) -> None:
            for request in self.asked:
                request.closed = datetime.now(UTC)
            with suppress(OSError):  # the client gave up
                super().finish()

        def do_GET(self) -> None:
            try:
                reply, fault, request = world.answer(self.path, dict(self.headers), self.opened)
                self.asked.append(request)
            except ValueError as problem:  # the test's own mistake is told to the test
                reply, fault = Reply(500, "text/plain", str(problem).encode()), ""
            if reply.location:
                service = self.path.lstrip("/").partition("/")[0]
                reply = reply._replace(headers={"Location": f"{world.url}/{service}{reply.location}"})
            try:
                send(self, reply, fault, world.drip, world.closing)
            except OSError:
                self.close_connection = True  # the client gave up, as clients may

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the log is for tests to read."""

    return Handler
