"""A reply on its way: whole, or as a bad wire carries it."""

import gzip
import socket
import struct
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler

from harvest.world.record import Reply

_PIECE = 256  # bytes of a slow answer sent at once


def send(handler: BaseHTTPRequestHandler, reply: Reply, fault: str, drip: float, closing: threading.Event) -> None:
    """Send a reply, spoilt by one of WIRE or whole. `drip` is the seconds between two pieces of a slow one."""
    if play := WIRE.get(fault):
        handler.close_connection = True
        play(handler, reply, lambda: closing.wait(drip))
        return
    _head(handler, reply, length=len(reply.body))
    handler.wfile.write(reply.body)


Wait = Callable[[], bool]  # a pause; true when the server closes


def _head(handler: BaseHTTPRequestHandler, reply: Reply, length: int | None, **headers: str) -> None:
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    for name, value in {**reply.headers, **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def _cut(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=len(reply.body))
    handler.wfile.write(reply.body[: len(reply.body) // 2])


def _cut_unannounced(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=None, Connection="close")
    handler.wfile.write(reply.body[: len(reply.body) // 2])


def _cut_packed(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    packed = gzip.compress(reply.body)
    _head(handler, reply, length=len(packed) // 2, Content_Encoding="gzip")
    handler.wfile.write(packed[: len(packed) // 2])


def _cut_chunks(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=None, Transfer_Encoding="chunked")
    half = reply.body[: len(reply.body) // 2]
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))


def _broken_chunks(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=None, Transfer_Encoding="chunked")
    handler.wfile.write(b"no number\r\n" + reply.body)


def _reset(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    """The connection is torn down in the middle of the body."""
    _cut(handler, reply, wait)
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _slow(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=len(reply.body))
    for start in range(0, len(reply.body), _PIECE):
        handler.wfile.write(reply.body[start : start + _PIECE])
        if wait():
            return


def _slow_head(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not wait():
        handler.wfile.write(b"X-More: 1\r\n")


def _endless(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, length=None, Connection="close")
    while not wait():
        handler.wfile.write(b" " * 4_000_000)


def _stall(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    while not wait():
        pass


def _late(instead: Reply, handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    """A refusal that takes its time."""
    if not wait():
        _head(handler, instead, length=len(instead.body))
        handler.wfile.write(instead.body)


def _mute(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    handler.wfile.write(b"")


def _no_http(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def _many_headers(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, len(reply.body), **{f"X-{number}": "y" for number in range(10_000)})
    handler.wfile.write(reply.body)


def _odd_packing(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, len(reply.body), Content_Encoding="br")
    handler.wfile.write(reply.body)


def _not_packed(handler: BaseHTTPRequestHandler, reply: Reply, wait: Wait) -> None:
    _head(handler, reply, len(reply.body), Content_Encoding="gzip")
    handler.wfile.write(reply.body)


WIRE: dict[str, Callable[[BaseHTTPRequestHandler, Reply, Wait], None]] = {
    "cut": _cut,  # half of the body that was announced, then the connection closes
    "cut_unannounced": _cut_unannounced,  # the same, and no length was announced
    "cut_packed": _cut_packed,
    "cut_chunks": _cut_chunks,
    "broken_chunks": _broken_chunks,
    "reset": _reset,
    "slow": _slow,  # the body in small pieces
    "slow_head": _slow_head,
    "endless": _endless,
    "stall": _stall,
    # arXiv's OAI in April 2026, after three minutes; its query API in September 2026, after up to two
    "late": partial(_late, Reply(503, "text/html", b"<html>first byte timeout</html>", headers={"Retry-After": "0"})),
    "late_throttled": partial(_late, Reply(429, "text/plain", b"Rate exceeded.")),
    "mute": _mute,  # the connection closes without a word
    "no_http": _no_http,
    "many_headers": _many_headers,
    "odd_packing": _odd_packing,
    "not_packed": _not_packed,  # but called so
}
