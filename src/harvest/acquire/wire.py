"""One request on the wire, bounded in time and size, to public addresses only, and complete or refused.

``requests`` alone gives no total deadline (a drip of one byte a minute passes its timeout), accepts cut
gzip, unpacks bombs, and follows redirects into the local network. So: addresses are checked and pinned by
``requests-hardened`` on every hop, sockets are shut when the deadline comes, and bodies are unpacked here.
"""

import socket
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from harvest.acquire.failed import Deadline, Failed, Reply
from harvest.acquire.lookup import looked_up, within
from harvest.errors import UNREACHED

_SILENCE = 60.0  # seconds: arXiv may be silent for that long before it answers
# A lost packet is sent again after one second, and after three. Where packets are dropped without a word, that is
# waited for once in a while: every other host has the time of one packet lost.
_CONNECT, _SOON, _A_WHILE = 5.0, 2.0, 60.0
_unheard = deque([-_A_WHILE], maxlen=1)  # when a host kept silent last, by the clock of this process
_PIECE = 65_536
_CUT = "its answer was cut"
_GZIP = 31  # zlib's window for gzip, check sums included
# Nothing else of what a service sends along is kept: cookies are no business of ours.
_KEPT = frozenset((
    "content-type", "date", "etag", "last-modified", "location", "retry-after",
    "x-ratelimit-remaining", "x-ratelimit-reset",
))  # fmt: skip


def get(url: str, headers: Mapping[str, str], *, deadline: Deadline, most: int, local: bool) -> Reply:
    """The whole reply to a GET, redirects not followed. Raises Failed for everything the network can do.

    `most` is in bytes, unpacked. `local` allows private addresses: only for those the settings name.
    """
    with _Guard(deadline) as guard, _session(guard, local) as session:
        with _named(guard):
            timeout = (min(_reach(), deadline.left), min(_SILENCE, deadline.left))
            response = session.get(url, headers=dict(headers), stream=True, allow_redirects=False, timeout=timeout)
            body = _whole(response, b"".join(_pieces(response, guard, most)))
        said = {name.lower(): value for name, value in response.headers.items() if name.lower() in _KEPT}
        return Reply(url=url, status=response.status_code, headers=said, body=body)


def _reach() -> float:
    """Seconds for one connection."""
    return _SOON if time.monotonic() - _unheard[0] < _A_WHILE else _CONNECT


def _silent() -> Failed:
    return Failed(f"{UNREACHED}: nobody answers at its address", unreached=True)


class _Guard:
    """Shuts every socket of a request when the deadline comes, so that no read waits any longer."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(deadline.left, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> "_Guard":
        self._timer.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._timer.cancel()

    def watched(self, adapter: Any) -> Any:
        """The adapter, each of its sockets watched from the moment it is connected."""
        find = adapter.get_connection_with_tls_context

        def found(*args: Any, **given: Any) -> Any:
            with _reaching():
                pool = looked_up(lambda: find(*args, **given), self.deadline.left)
            pool.ConnectionCls = partial(self._connection, pool.ConnectionCls)
            return pool

        adapter.get_connection_with_tls_context = found
        return adapter

    def _connection(self, make: Any, *args: Any, **given: Any) -> Any:
        connection = make(*args, **given)
        connect = connection.connect

        def connect_watched() -> None:
            with _reaching():
                within(connect, min(2 * _CONNECT, self.deadline.left), _silent())
            self._sockets.append(connection.sock)
            self.check()

        connection.connect = connect_watched
        return connection

    def check(self) -> None:
        """Raises Failed after the deadline: a body that we cut ourselves must not look like a whole one."""
        if not self.deadline.left:
            raise Failed(f"no whole answer within {self.deadline.seconds:g} seconds", passing=True)

    def _shut(self) -> None:
        for one in self._sockets:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # not the TLS layer's: it is in use by the reader


def _session(guard: _Guard, local: bool) -> requests.Session:
    config = Config(
        ip_filter_enable=not local,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=(_CONNECT, _SILENCE),
    )
    session: requests.Session = HTTPSession(config)
    for scheme in ("http", "https"):
        adapter = HTTPAdapter() if local else IPFilterAdapter(is_https_proto=scheme == "https")
        session.mount(f"{scheme}://", guard.watched(adapter))
    session.trust_env = not local  # a proxy of the environment does not reach our own machine
    session.auth = lambda request: request  # or requests would look for passwords in ~/.netrc
    session.get_redirect_target = _nowhere  # type: ignore[method-assign]
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _nowhere(resp: requests.Response) -> str | None:
    """Or requests would read, and unpack, the whole body of a redirect that nobody asked it to follow."""
    return None


@contextmanager
def _reaching() -> Iterator[None]:
    """A host that cannot be reached, told from one that fails us: nobody was asked, and asking on is of little use."""
    try:
        yield
    except (requests.ConnectionError, NewConnectionError) as problem:
        named = "resol" in f"{problem}".lower()
        reason = "its name cannot be found" if named else "the connection was refused, or there is no way to it"
        raise Failed(f"{UNREACHED}: {reason}", unreached=True, passing=True) from problem
    except (ConnectTimeoutError, TimeoutError) as problem:  # the latter where only the first packets pass
        _unheard.append(time.monotonic())
        raise _silent() from problem


@contextmanager
def _named(guard: _Guard) -> Iterator[None]:
    """Every problem of the network by its name."""
    guard.check()
    try:
        yield
        guard.check()
    except InvalidIPAddress as problem:
        raise Failed(f"its address {problem} is not a public one: refused") from problem
    except requests.exceptions.SSLError as problem:
        raise Failed("its certificate cannot be trusted: nothing was asked") from problem
    except ValueError as problem:
        raise Failed("its address is not one that can be asked") from problem
    except (HTTPError, HTTPException, OSError) as problem:
        guard.check()
        raise Failed(_sentence(problem), passing=True) from problem


def _sentence(problem: Exception) -> str:
    text = f"{type(problem).__name__} {problem}"
    if "imeout" in text or "timed out" in text:
        return "it kept silent for too long"
    if "IncompleteRead" in text or "ChunkedEncoding" in text or "InvalidChunk" in text:
        return _CUT
    return "the connection was lost"


def _pieces(response: requests.Response, guard: _Guard, most: int) -> Iterator[bytes]:
    """The body, unpacked piece by piece; whole, or Failed."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise Failed(f"its answer is packed in a way we did not ask for ({encoding[:40]!r})")
    unpack = _Unpacker() if "gzip" in encoding else None
    length = response.headers.get("content-length", "")
    received = unpacked = 0
    while piece := response.raw.read1(_PIECE, decode_content=False):
        guard.check()
        received += len(piece)
        piece = unpack.feed(piece, most - unpacked + 1) if unpack else piece
        unpacked += len(piece)
        if unpacked > most:
            raise Failed(f"its answer is larger than {most:,} bytes (max_answer_bytes): nothing of it was kept")
        yield piece
    cut = length.isdecimal() and received < int(length)
    if cut or (unpack and received and not unpack.whole):
        raise Failed(_CUT, passing=True)


def _whole(response: requests.Response, body: bytes) -> bytes:
    """The body, unless it is a page that was cut where no length could show it: none was given, or a wrong one.

    Many pages end without </html>; but not within a list, nor with the connection as their only end.
    """
    text = body.lower()
    if b"<html" not in text[:1000] or b"</html" in text[-1000:]:
        return body
    framed = {"content-length", "content-encoding"} & {name.lower() for name in response.headers}
    within = any(text.count(b"<" + tag) > text.count(b"</" + tag) for tag in (b"ul", b"ol", b"table"))
    if within or not (framed or getattr(response.raw, "chunked", False)):
        raise Failed(_CUT, passing=True)
    return body


class _Unpacker:
    """gzip, piece by piece, never more than asked for at once."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)

    @property
    def whole(self) -> bool:
        """Whether the end of the packed stream was seen, its check sum right."""
        return self._inflate.eof

    def feed(self, piece: bytes, most: int) -> bytes:
        """What a piece unpacks to, at most `most` bytes of it."""
        if not self.whole:
            try:
                unpacked = self._inflate.decompress(piece, most)
            except zlib.error as problem:
                raise Failed("its packed answer is broken", passing=True) from problem
            if not self._inflate.unused_data:
                return unpacked
        raise Failed("there is more after the end of its packed answer: nothing of it is believed")
