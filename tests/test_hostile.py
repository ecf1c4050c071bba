"""Answers spoilt at random, over real sockets, through the whole of asking and reading.

No exception, no call beyond its deadline, no memory beyond its bound, and nothing believed that was not said.
The number of examples is small here; the environment variable EXAMPLES asks for more, SLACK for more time for each.
"""

import gzip
import os
import resource
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harvest import asking
from harvest.acquire.channel import Channel
from harvest.demo import bound
from harvest.model import Outcome
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.sources import SOURCES
from harvest.store.recall import Memory
from harvest.world import arxiv, bindings, dblp, demo_dates, homepage, openalex

NOW = demo_dates()[-1]
EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
SLACK = float(os.environ.get("SLACK", "2.5"))  # seconds beyond the deadline of a call: more on a busy machine
DEADLINE = 0.4  # seconds: the two minutes of a real call, scaled
MOST = 400_000  # bytes: the 50 MB of a real answer, scaled
NOTHING = Memory(arxiv_versions=frozenset(), arxiv_ids=frozenset(), counts={})
WHO = "zhanpeng-zhou"
"""Whose answers are spoilt."""


def truths():
    """Right answers by source, as the services would give them."""
    known = bindings()[WHO]
    page = known["homepages"][0].partition("://")[2]
    query = {"search_query": 'au:"Zhanpeng Zhou"', "max_results": "200"}
    works = {"filter": f"author.id:{known['openalex_id']}", "per-page": "100", "cursor": "*"}
    return {
        "arxiv": arxiv.render("/api/query", query, NOW),
        "dblp": dblp.render(f"/pid/{known['dblp_pid']}.xml", {}, NOW),
        "openalex": openalex.render("/works", works, NOW),
        "homepage": homepage.render(f"/{page}", {}, NOW),
    }


TRUTHS = truths()
TYPES = ("application/atom+xml", "text/html; charset=utf-8", "application/json", "text/plain", "", "a/b; charset=\xff")
STATUSES = (200, 200, 200, 200, 204, 206, 301, 302, 304, 400, 403, 404, 410, 429, 451, 500, 502, 503, 999)
PLACES = (
    "/", "?", "\x00", "http://[", "http://127.0.0.1:1/", "http://0x7f.1/", "//[::1]/", "http://169.254.169.254/",
    "file:///etc/passwd", "gopher://a/", "https://elsewhere.example/", "http://localhost@elsewhere.example/",
)  # fmt: skip
BOMBS = {
    "gzip": gzip.compress(bytes(30_000_000)),
    "gzip in gzip": gzip.compress(gzip.compress(bytes(30_000_000))),
    "entities": b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (code, b"&%c;" % (code - 1) * 10) for code in range(98, 122)
    ) + b"]><a>&y;</a>",
    "deep": b"<a>" * 50_000,
    "deep JSON": b'{"a":' * 100_000,
    "outside": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><feed>&x;</feed>",
}  # fmt: skip


@st.composite
def spoilt(draw):
    """(source, bytes on the wire, seconds between its pieces, what was done, whether the words stayed whole)."""
    source = draw(st.sampled_from(sorted(TRUTHS)))
    body, done, whole = TRUTHS[source].body, [], True
    for _ in range(draw(st.integers(0, 2))):
        what = draw(st.sampled_from(("cut", "flip", "insert", "twice", "other", "bomb", "words", "nothing")))
        done.append(what)
        whole = False
        if what == "cut":
            body = body[: draw(st.integers(0, len(body)))]
        elif what == "flip" and body:
            place = draw(st.integers(0, len(body) - 1))
            body = body[:place] + bytes([body[place] ^ 1 << draw(st.integers(0, 7))]) + body[place + 1 :]
        elif what == "insert":
            place = draw(st.integers(0, len(body)))
            body = body[:place] + draw(st.binary(max_size=20)) + body[place:]
        elif what == "twice":
            body += body
        elif what == "other":
            body = TRUTHS[draw(st.sampled_from(sorted(TRUTHS)))].body
        elif what == "bomb":
            body = BOMBS[draw(st.sampled_from(sorted(BOMBS)))]
        elif what == "words":
            old, new = draw(st.sampled_from(WORDS))
            body = body.replace(old, new)
        else:
            body = b""
    return source, *draw(_wired(body, done)), done, whole


WORDS = (
    (b"200", b"-1"), (b'"count": ', b'"count": -'), (b"<title>", b"<title>\x00"), (b"1", b"99999999999999999999"),
    (b"null", b"[]"), (b"[", b"{"), (b'"', b"'"), (b"</", b"<"), (b":", b":null,"), (b"20", b"\xff\xfe"),
    (b"<author>", b"<author><author>"), (b"utf-8", b"utf-16"), (b"UTF-8", b"EBCDIC"), (b"<li>", b"<li><table>" * 9),
    (b"http", b"javascript"), (b"true", b'"true"'), (b"-", b"\xe2\x80\xae"),
)  # fmt: skip


@st.composite
def _wired(draw, body, done):
    """The bytes of a whole reply, framed rightly or wrongly, and the pause between its pieces."""
    status = draw(st.sampled_from(STATUSES))
    headers = {"Content-Type": draw(st.sampled_from(TYPES)), "Content-Length": str(len(body))}
    frame = draw(st.sampled_from(("right", "right", "right", "more", "less", "none", "chunked", "broken chunks", "gzip",
                                  "cut gzip", "called gzip", "mute", "endless", "drip", "noise")))  # fmt: skip
    done.append(frame)
    if status in (301, 302):
        headers["Location"] = draw(st.sampled_from(PLACES))
    if status in (429, 503):
        headers["Retry-After"] = draw(
            st.sampled_from(("1", "0", "-1", "99999999", "Fri, 01 Jan 2100 00:00:00 GMT", "x"))
        )
    if frame == "more":
        headers["Content-Length"] = str(len(body) + draw(st.integers(1, 10**12)))
    elif frame == "less":
        headers["Content-Length"] = str(draw(st.integers(0, len(body))))
    elif frame in ("none", "endless"):
        del headers["Content-Length"]
    elif frame in ("chunked", "broken chunks"):
        del headers["Content-Length"]
        headers["Transfer-Encoding"] = "chunked"
        size = b"%x" % len(body) if frame == "chunked" else draw(st.binary(max_size=6))
        body = size + b"\r\n" + body + b"\r\n0\r\n\r\n"
    elif "gzip" in frame:
        headers["Content-Encoding"] = "gzip"
        body = body if frame == "called gzip" else gzip.compress(body)
        body = body[: -draw(st.integers(1, 12))] if frame == "cut gzip" else body
        headers["Content-Length"] = str(len(body))
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    wire = head.encode("latin-1") + body
    if frame == "mute":
        wire = b""
    elif frame == "noise":
        wire = draw(st.binary(max_size=200))
    elif frame == "endless":
        wire += b" " * 5_000_000
    return wire, (0.05 if frame == "drip" else 0.0)


class Spoiler:
    """A server on loopback that says the same bytes to everybody, and closes."""

    def __init__(self):
        self.wire, self.pause, self.asked = b"", 0.0, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection = self._socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._say, args=(connection, self.wire, self.pause), daemon=True).start()

    def _say(self, connection, wire, pause):
        self.asked += 1
        with connection:
            connection.settimeout(5)
            try:
                asked = connection.recv(65536)
                if b"/robots.txt" in asked:
                    wire, pause = b"HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\nnone", 0
                step = 200 if pause else len(wire) or 1
                for start in range(0, len(wire), step):
                    connection.sendall(wire[start : start + step])
                    time.sleep(pause)
            except OSError:
                return  # the client gave up, as it may

    def close(self):
        self._socket.close()


@pytest.fixture(scope="module")
def spoiler():
    """One server for all examples."""
    with closing(Spoiler()) as server:
        yield server


def visit(home, spoiler, source, deadline=DEADLINE):
    """One visit of one source for one person, at the spoilt service."""
    urls = {f"{name}_url": spoiler.url for name in ("arxiv", "dblp", "openalex", "homepage", "scholar_feed")}
    chosen = read_settings(home=home, pace=0, deadline_seconds=deadline, max_answer_bytes=MOST, **urls)
    (found,) = [one for one in SOURCES if one.name == source]
    (person,) = [one for one in read_plan(chosen).people if one.id == WHO]
    now = datetime.now(UTC)
    return asking.visit(
        found, people=[bound(person, bindings())], memory=NOTHING, settings=chosen, now=now, channel=Channel()
    )


def records(visit):
    """What was believed."""
    return {record.id for _, contents in visit.said for record in contents.records}


@pytest.fixture(scope="module")
def right(spoiler, tmp_path_factory):
    """What each source says when nothing is spoilt."""
    said = {}
    for source, reply in TRUTHS.items():
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {reply.content_type}\r\nContent-Length: {len(reply.body)}\r\n\r\n"
        spoiler.wire, spoiler.pause = head.encode() + reply.body, 0.0
        said[source] = records(visit(tmp_path_factory.mktemp(source), spoiler, source, deadline=30))
        assert said[source], source
    return said


def test_no_spoilt_answer_breaks_hangs_or_deceives(spoiler, right, tmp_path_factory):
    """Whatever comes: an outcome with a reason, in time, in bounded memory, and no half list taken for a whole one."""
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(spoilt())
    def check(case):
        nonlocal count
        count += 1
        source, spoiler.wire, spoiler.pause, done, whole = case
        started = time.monotonic()
        visited = visit(tmp_path_factory.mktemp("home"), spoiler, source)
        took = time.monotonic() - started
        calls = max(1, len(visited.said))
        assert took < calls * (DEADLINE + SLACK), (done, took, calls)
        for answer, contents in visited.said:
            assert answer.outcome is Outcome.ANSWERED or (answer.reason and contents.records in ((), contents.records))
            assert answer.outcome is not Outcome.UNANSWERED or not contents.records
        believed = records(visited)
        if whole:
            assert believed in (set(), right[source]), done
        if set(done) & {"cut", "cut gzip", "more", "broken chunks", "noise"} and len(done) <= 2 and "bomb" not in done:
            assert len(believed) <= len(right[source])

    check()
    assert count >= EXAMPLES * 0.9
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began
    assert grown < 300 * 1024, f"{grown / 1024:.0f} MiB more than before"
