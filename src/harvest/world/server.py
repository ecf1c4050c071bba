"""The model served over real HTTP on loopback: one path prefix per service, any day, with faults on request."""

import threading
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from harvest.world import arxiv, dblp, homepage, openalex, scholar_feed
from harvest.world.faults import BEFORE_EVERYTHING, INSTEAD, NAMES, Fault
from harvest.world.record import Reply

SERVICES: Mapping[str, Callable[[str, Mapping[str, str], datetime], Reply]] = {
    "arxiv": arxiv.render,
    "dblp": dblp.render,
    "openalex": openalex.render,
    "scholar_feed": scholar_feed.render,
    "homepage": homepage.render,
}
# Not modelled, but asked here all the same, so that no run on the model reaches the live service.
ABSENT = ("semantic_scholar", "datacite")
_PIECE = 256  # bytes of a slow answer sent at once


class Request(NamedTuple):
    """One request as the server saw it; `at` is the wall clock."""

    service: str
    path: str
    params: Mapping[str, str]
    at: datetime


class WorldServer:
    """Serves while in its `with` block. `as_of` and `faults` may be changed at any time from any thread."""

    def __init__(self, as_of: datetime, *, port: int = 0, drip: float = 0.2) -> None:
        self.as_of = as_of
        self.faults: MutableMapping[str, Fault | str] = {}
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
        return {f"{service}_url": f"{self.url}/{service}" for service in (*SERVICES, *ABSENT)}

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, target: str) -> tuple[Reply, str | None]:
        """The reply to a request target, and the fault that applies while it is sent; logs the request."""
        split = urlsplit(target)
        service, _, rest = split.path.lstrip("/").partition("/")
        params = dict(parse_qsl(split.query, keep_blank_values=True))
        with self._lock:
            self.log.append(Request(service, f"/{unquote(rest)}", params, datetime.now(UTC)))
            fault = self._take_fault(service)
        if fault in INSTEAD:
            return INSTEAD[fault](self.as_of), fault
        if split.path.endswith("/robots.txt"):
            return Reply(200, "text/plain", b"User-agent: *\nAllow: /\n"), fault
        if service not in SERVICES:
            return Reply(404, "text/plain", b"This world has no such service."), fault
        as_of = BEFORE_EVERYTHING if fault == "empty" else self.as_of
        return SERVICES[service](f"/{unquote(rest)}", params, as_of), fault

    def _take_fault(self, service: str) -> str | None:
        """The fault of a service, counted down when it has a number of times."""
        given = self.faults.get(service)
        if given is None:
            return None
        fault = given if isinstance(given, Fault) else Fault(given)
        if fault.name not in NAMES:
            raise ValueError(f"no fault is called {fault.name!r}; there are {', '.join(sorted(NAMES))}")
        if fault.times is not None:
            if fault.times < 1:
                return None
            self.faults[service] = fault._replace(times=fault.times - 1)
        return fault.name


def _handler(world: WorldServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes

        def do_GET(self) -> None:
            try:
                reply, fault = world.answer(self.path)
            except ValueError as problem:  # the test's own mistake is told to the test
                reply, fault = Reply(500, "text/plain", str(problem).encode()), None
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.location:
                service = self.path.lstrip("/").partition("/")[0]
                self.send_header("Location", f"{world.url}/{service}{reply.location}")
            self.end_headers()
            try:
                self._send(reply.body, fault)
            except ConnectionError:
                self.close_connection = True  # the client gave up, as clients may

        def _send(self, body: bytes, fault: str | None) -> None:
            if fault == "cut":
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
                return
            step = _PIECE if fault == "slow" else max(1, len(body))
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                if fault == "slow" and world.closing.wait(world.drip):
                    self.close_connection = True
                    return

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the log is for tests to read."""

    return Handler
