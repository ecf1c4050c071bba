"""A reply on its way: whole, or as a bad wire carries it."""

import gzip
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler

from harvest.world.record import Reply

_PIECE = 256  # bytes of a slow answer sent at once


# What the head announces as the body's length (None: nothing) and in headers, and the bytes that follow.
Sent = tuple[int | None, Mapping[str, str], bytes]
Wait = Callable[[], bool]  # a pause; true when the server closes


def send(handler: BaseHTTPRequestHandler, reply: Reply, fault: str, drip: float, closing: threading.Event) -> None:
    """Send a reply, spoilt by one of WIRE or whole. `drip` is the seconds between two pieces of a slow one."""
    if fault in _SPOILT:
        handler.close_connection = True
        length, headers, sent = _SPOILT[fault](reply.body)
        _head(handler, reply._replace(headers={**reply.headers, **headers}), length)
        handler.wfile.write(sent)
    elif fault in _PLAYED:
        handler.close_connection = True
        _PLAYED[fault](handler, reply, lambda: closing.wait(drip))
    else:
        _whole(handler, reply)


def _whole(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    _head(handler, reply, len(reply.body))
    handler.wfile.write(reply.body)


def _head(handler: BaseHTTPRequestHandler, reply: Reply, length: int | None) -> None:
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.end_headers()


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _cut_packed(body: bytes) -> Sent:
    half = _half(gzip.compress(body))
    return len(half), _GZIP, half


_GZIP = {"Content-Encoding": "gzip"}
_CHUNKED = {"Transfer-Encoding": "chunked"}
_SPOILT: dict[str, Callable[[bytes], Sent]] = {
    "cut": lambda body: (len(body), {}, _half(body)),  # half of what was announced, then the connection closes
    "cut_unannounced": lambda body: (None, {"Connection": "close"}, _half(body)),
    "cut_packed": _cut_packed,
    "cut_chunks": lambda body: (None, _CHUNKED, b"%x\r\n%s\r\n" % (len(body) // 2, _half(body))),
    "broken_chunks": lambda body: (None, _CHUNKED, b"no number\r\n" + body),
    "many_headers": lambda body: (len(body), {f"X-{number}": "y" for number in range(10_000)}, body),
    "odd_packing": lambda body: (len(body), {"Content-Encoding": "br"}, body),
    "not_packed": lambda body: (len(body), _GZIP, body),  # but called so
}


def _reset(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    """The connection is torn down in the middle of the body."""
    _head(handler, reply, len(reply.body))
    handler.wfile.write(_half(reply.body))
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _slow(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, len(reply.body))
    for start in range(0, len(reply.body), _PIECE):
        handler.wfile.write(reply.body[start : start + _PIECE])
        if wait():
            return


def _slow_head(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not wait():
        handler.wfile.write(b"X-More: 1\r\n")


def _endless(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply._replace(headers={**reply.headers, "Connection": "close"}), None)
    while not wait():
        handler.wfile.write(b" " * 4_000_000)


def _stall(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    while not wait():
        pass


def _late(instead: Reply, handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    """A refusal that takes its time."""
    if not wait():
        _whole(handler, instead)


def _words(words: bytes, handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    handler.wfile.write(words)


_PLAYED: dict[str, Callable[[BaseHTTPRequestHandler, Reply, Wait], None]] = {
    "reset": _reset,
    "slow": _slow,  # the body in small pieces
    "slow_head": _slow_head,
    "endless": _endless,
    "stall": _stall,
    # arXiv's OAI in April 2026, after three minutes; its query API in September 2026, after up to two
    "late": partial(_late, Reply(503, "text/html", b"<html>first byte timeout</html>", headers={"Retry-After": "0"})),
    "late_throttled": partial(_late, Reply(429, "text/plain", b"Rate exceeded.")),
    "mute": partial(_words, b""),  # the connection closes without a word
    "no_http": partial(_words, b"SSH-2.0-OpenSSH_9.2\r\n"),
}

WIRE = frozenset({*_SPOILT, *_PLAYED})
