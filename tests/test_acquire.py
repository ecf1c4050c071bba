"""The acquire stage against real HTTP on loopback: polite, patient, bounded, and it names what came instead."""

import gzip
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections import deque
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from harvest.acquire import lookup, wire
from harvest.acquire.address import _private, address, may_move
from harvest.acquire.archive import Archive
from harvest.acquire.blocked import blocked
from harvest.acquire.failed import Reply
from harvest.acquire.fetch import Fetcher
from harvest.acquire.patience import retry_after
from harvest.errors import InputProblem, WarehouseProblem
from harvest.model import Answer, Outcome, Query
from harvest.settings import Settings

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FEED = b"<?xml version='1.0'?><feed>" + b"one paper " * 400 + b"</feed>"
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body><script>_cf_chl_opt={}</script></body></html>"


@dataclass(frozen=True)
class Service:
    """What a test asks: an API unless said otherwise."""

    name: str = "arxiv"
    pause: timedelta = timedelta(0)
    pages: bool = False
    hosts: tuple[str, ...] = ()


@contextmanager
def serving(play):
    """An HTTP server whose every reply is played by `play(handler, number of the request)`."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            try:
                play(self, len(asked))
            except OSError:
                self.close_connection = True  # the client gave up

        def log_message(self, format, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    server.asked, server.url = asked, f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def say(handler, body=FEED, status=200, length=None, **headers):
    """A whole reply, or one that lies about its length; length "" leaves it out."""
    handler.send_response(status)
    given = {"Content-Type": "application/atom+xml", "Content-Length": len(body) if length is None else length}
    for name, value in {**given, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        if value != "":
            handler.send_header(name, str(value))
    handler.close_connection = True
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def fetcher(tmp_path):
    """A maker of fetchers with one home, so that a second one is the next run."""

    def make(**given):
        settings = Settings(**{"home": tmp_path, "pace": 0, "deadline_seconds": 20, **given})
        return Fetcher(settings, Archive(tmp_path / "archive"))

    return make


def ask(fetcher, server, service=None, path="/api/query", now=NOW):
    return fetcher.fetch(service or Service(), server.url, Query(path=path, person_id="ada"), received_at=now)


def test_an_answer_is_kept_before_anybody_reads_it(fetcher, tmp_path):
    """What was said, by whom, when and to whom is in the archive, byte for byte."""
    with serving(lambda handler, n: say(handler, Set_Cookie="a=b")) as server:
        answer = ask(fetcher(), server)
    assert (answer.outcome, answer.status, answer.body, answer.person_id) == (Outcome.ANSWERED, 200, FEED, "ada")
    assert answer.media_type == "application/atom+xml"
    assert "set-cookie" not in dict(answer.headers)
    assert list(Archive(tmp_path / "archive").answers()) == [answer]


def test_a_busy_service_is_asked_again(fetcher):
    """A 429 without Retry-After, as arXiv gives it, is no answer; the next try is."""
    busy = lambda handler, n: say(handler, b"Rate exceeded.", 429) if n == 1 else say(handler)  # noqa: E731
    with serving(busy) as server:
        assert ask(fetcher(), server).outcome is Outcome.ANSWERED
    assert len(server.asked) == 2


@pytest.mark.parametrize("reply", [b"", b" \n"])
def test_an_empty_body_is_no_answer(fetcher, reply):
    """Silence with status 200 must never read as "no papers"."""
    with serving(lambda handler, n: say(handler, reply)) as server:
        answer = ask(fetcher(), server)
    assert (answer.outcome, answer.reason) == (Outcome.UNANSWERED, "an empty answer")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", None),  # as arXiv has sent it with a 503: our own minimum holds
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
        ("9" * 30, 86_400),
        ("Fri, 01 May 2026 12:00:30 GMT", 30),
        ("Fri, 01 May 2026 11:00:00 GMT", None),
        ("Fri, 01 May 2099 12:00:30 GMT", 86_400),
        ("Fri, 99 May 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_understood_in_both_forms(said, expected):
    """Seconds, or a date counted from the reply's own; what is of no use leaves us our own minimum."""
    assert retry_after({"retry-after": said, "date": format_datetime(NOW)}) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_retry_after_is_a_crash(said, date):
    """The header is hostile text like any other."""
    assert (retry_after({"retry-after": said, "date": date}) or 1) > 0


def test_the_wait_that_a_service_asks_for_is_kept(fetcher):
    """Retry-After outranks our own short pauses."""
    times = []

    def play(handler, n):
        times.append(time.monotonic())
        say(handler, b"busy", 503, Retry_After="1") if n == 1 else say(handler)

    with serving(play) as server:
        assert ask(fetcher(), server).outcome is Outcome.ANSWERED
    assert times[1] - times[0] >= 1


def test_a_wait_beyond_the_deadline_is_not_begun(fetcher):
    """Who says "tomorrow" is asked tomorrow: no try is wasted, and the endpoint rests until then."""
    with serving(lambda handler, n: say(handler, b"busy", 429, Retry_After="3600")) as server:
        first = ask(fetcher(), server)
        second = ask(fetcher(), server, now=NOW + timedelta(minutes=59))
        assert len(server.asked) == 1
        ask(fetcher(), server, now=NOW + timedelta(minutes=61))
        assert len(server.asked) == 2
    assert first.reason == "busy or down (HTTP 429)"
    assert (second.outcome, second.status) == (Outcome.UNANSWERED, 0)
    assert second.reason.startswith("resting until 2026-05-01 13:00")


def test_a_service_that_is_down_for_ever_costs_four_requests(fetcher):
    """Few tries: the next run asks again."""
    with serving(lambda handler, n: say(handler, b"down", 503)) as server:
        answer = ask(fetcher(), server)
    assert len(server.asked) == 4
    assert (answer.outcome, answer.status, answer.body) == (Outcome.UNANSWERED, 503, b"down")


@pytest.mark.parametrize("status", [400, 404, 410, 418])
def test_a_refused_question_is_asked_once(fetcher, status):
    """It is the question that is wrong; the reason is in the service's own words."""
    body = b'{"error": "Invalid filter", "message": "Unknown filter\\u0020field"}'
    with serving(lambda handler, n: say(handler, body, status, Content_Type="application/json")) as server:
        answer = ask(fetcher(), server)
    assert len(server.asked) == 1
    assert answer.outcome is Outcome.UNANSWERED
    assert answer.reason.startswith(f"HTTP {status}: Unknown filter")


def drip(handler, n):
    """A body of one byte every 50 milliseconds, without end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_headers(handler, n):
    """Headers that never end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: 1\r\nX")
        time.sleep(0.05)


@pytest.mark.parametrize("play", [drip, drip_headers, lambda handler, n: time.sleep(30)])
def test_no_call_outlives_its_deadline(fetcher, play):
    """A drip of bytes passes every timeout of the socket; the deadline shuts it."""
    began = time.monotonic()
    with serving(play) as server:
        answer = ask(fetcher(deadline_seconds=1), server)
    assert answer.outcome is Outcome.UNANSWERED
    assert time.monotonic() - began < 5


PACKED = gzip.compress(FEED)


@pytest.mark.parametrize(
    "reply",
    [
        {"body": FEED[:1000], "length": len(FEED)},
        {"body": PACKED[:40], "length": "", "Content_Encoding": "gzip"},
        {"body": PACKED[:-4], "Content_Encoding": "gzip"},
        {"body": FEED, "Content_Encoding": "gzip"},
        {"body": PACKED + b"more", "Content_Encoding": "gzip"},
        {"body": b"5\r\n<feed\r\n4\r\n", "length": "", "Transfer_Encoding": "chunked"},
        {"body": zlib.compress(FEED), "Content_Encoding": "br"},
    ],
)
def test_a_cut_or_broken_body_is_no_answer(fetcher, reply):
    """Half a list must never pass for a whole one, however it was packed."""
    with serving(lambda handler, n: say(handler, **reply)) as server:
        answer = ask(fetcher(), server)
    assert (answer.outcome, answer.body) == (Outcome.UNANSWERED, b"")


PAGE = b"<!doctype html><html><body><ul><li>one paper<li>another</ul></body></html>"


@pytest.mark.parametrize(
    ("body", "length", "outcome"),
    [
        (PAGE, "", Outcome.ANSWERED),
        (PAGE[:-14], None, Outcome.ANSWERED),  # many pages do not close everything
        (PAGE[:-14], "", Outcome.UNANSWERED),
        (PAGE[:-20], None, Outcome.UNANSWERED),
        (PAGE[:-20], "", Outcome.UNANSWERED),
    ],
)
def test_a_page_that_was_cut_where_no_length_shows_it_is_no_answer(fetcher, body, length, outcome):
    """Half a homepage parses well, and would lose the other half's papers."""

    def play(handler, n):
        robots = handler.path == "/robots.txt"
        say(
            handler,
            b"none" if robots else body,
            404 if robots else 200,
            None if robots else length,
            Content_Type="text/html",
        )

    with serving(play) as server:
        answer = ask(fetcher(), server, Service(pages=True), path="/page")
    assert (answer.outcome, answer.reason) == (outcome, "" if outcome is Outcome.ANSWERED else "its answer was cut")


def test_a_body_cut_once_is_asked_again(fetcher):
    """A lost connection is a passing trouble."""
    with serving(lambda handler, n: say(handler, FEED[:99], length=len(FEED)) if n == 1 else say(handler)) as server:
        assert ask(fetcher(), server).body == FEED


def test_packed_answers_are_unpacked(fetcher):
    """The archive and the readers see what the service meant."""
    with serving(lambda handler, n: say(handler, PACKED, Content_Encoding="gzip")) as server:
        assert ask(fetcher(), server).body == FEED


def test_a_bomb_is_refused_with_little_memory(fetcher):
    """300 MB in 300 kB: nothing of it is kept, and unpacking stops at the limit."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"<feed>" + bytes(1_000_000)) for _ in range(300)) + packer.flush()
    tracemalloc.start()
    with serving(lambda handler, n: say(handler, bomb, Content_Encoding="gzip")) as server:
        answer = ask(fetcher(max_answer_bytes=1_000_000), server)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.reason.startswith("its answer is larger than 1,000,000 bytes")
    assert len(server.asked) == 1
    assert most < 20_000_000


def test_a_bomb_beside_a_redirect_is_refused(fetcher):
    """The body of a redirect counts like any other; requests itself would unpack it without a limit."""
    bomb = gzip.compress(bytes(30_000_000))
    with serving(lambda handler, n: say(handler, bomb, 302, Location="/moved", Content_Encoding="gzip")) as server:
        assert "larger than 1,000,000" in ask(fetcher(max_answer_bytes=1_000_000), server).reason
    assert len(server.asked) == 1


def test_a_body_without_end_is_refused(fetcher):
    """The limit counts what is received, not what was announced."""
    with serving(lambda handler, n: say(handler, bytes(3_000_000), length="")) as server:
        assert "larger than 1,000,000" in ask(fetcher(max_answer_bytes=1_000_000), server).reason


def test_redirects_within_the_service_are_followed(fetcher):
    """DBLP and OpenAlex send us on when two persons become one: the answer says from where it came."""
    moved = lambda handler, n: say(handler, b"", 301, Location="/pid/2.xml") if n == 1 else say(handler)  # noqa: E731
    with serving(moved) as server:
        answer = ask(fetcher(), server, path="/pid/1.xml")
        assert (answer.outcome, answer.url) == (Outcome.ANSWERED, f"{server.url}/pid/1.xml")
        assert dict(answer.headers)["content-location"] == f"{server.url}/pid/2.xml"


def test_redirects_do_not_go_round_for_ever(fetcher):
    """Five hops, then no more."""
    with serving(lambda handler, n: say(handler, b"", 302, Location="/again")) as server:
        assert "more than 5 times" in ask(fetcher(), server).reason
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("http://localhost:{other}/", Outcome.UNANSWERED),
        ("http://127.0.0.1:{other}/", Outcome.UNANSWERED),
        ("http://169.254.169.254/latest/meta-data", Outcome.UNANSWERED),
        ("http://127.1/", Outcome.UNANSWERED),
        ("file:///etc/passwd", Outcome.UNANSWERED),
        ("https://elsewhere.example/papers", Outcome.UNANSWERED),
        ("https://accounts.example/signin?next=/", Outcome.BLOCKED),
        ("http://[broken", Outcome.UNANSWERED),
    ],
)
def test_redirects_to_other_places_are_refused(fetcher, target, outcome):
    """An answer must not send us into the local network, nor to somebody else's host."""
    with serving(lambda handler, n: say(handler)) as other:
        port = other.server_port
        with serving(lambda handler, n: say(handler, b"", 302, Location=target.format(other=port))) as server:
            answer = ask(fetcher(), server)
        assert other.asked == []
    assert answer.outcome is outcome
    assert answer.reason


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_a_homepage_on_the_local_network_is_not_asked(fetcher, host):
    """A homepage's address comes from people; only a base URL in the settings may name our own machine."""
    with serving(lambda handler, n: say(handler)) as server:
        page = Query(path=f"http://{host}:{server.server_port}/secret")
        answer = fetcher().fetch(Service("homepage", pages=True), "", page, received_at=NOW)
    assert server.asked == []
    assert answer.outcome is Outcome.UNANSWERED
    assert "not a public one" in answer.reason or "cannot be found" in answer.reason


@pytest.mark.parametrize(
    ("start", "target", "hosts", "expected"),
    [
        ("https://dblp.org/a", "https://dblp.org/b", (), True),
        ("http://arxiv.org/a", "https://arxiv.org/a", (), True),
        ("https://arxiv.org/a", "http://arxiv.org/a", (), False),
        ("https://export.arxiv.org/a", "https://arxiv.org/a", (), True),
        ("https://scholarfeed.org/", "https://www.scholarfeed.org/", (), True),
        ("https://a.github.io/", "https://b.github.io/", (), False),
        ("https://example.org/", "https://notexample.org/", (), False),
        ("https://dblp.org/", "https://dblp.uni-trier.de/", ("dblp.uni-trier.de",), True),
        ("https://dblp.org/", "https://dblp.org:8443/", (), False),
        ("https://dblp.org/", "https://me@dblp.org/", (), False),
        ("https://one.org/", "https://org/", (), False),
        ("https://dblp.org/", "https://dblp.org:port/", (), False),
    ],
)
def test_a_redirect_stays_with_the_same_keepers(start, target, hosts, expected):
    """One host, one above or below it, or one the source lists; never to something less safe."""
    assert may_move(start, target, hosts) is expected


def test_a_certificate_that_is_not_trusted_is_not_believed(fetcher, tmp_path):
    """TLS fails closed, and is not tried four times."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=127.0.0.1", "-days", "2"]  # fmt: skip
    try:
        subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("openssl is not there to make a certificate")
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with serving(lambda handler, n: say(handler)) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.url = server.url.replace("http:", "https:")
        answer = ask(fetcher(), server)
    assert answer.reason == "its certificate cannot be trusted: nothing was asked"
    assert server.asked == []


def test_a_refused_connection_has_its_reason(fetcher):
    """Nobody there is a state of the world, not a crash."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    one = fetcher()
    answer = one.fetch(Service(), url, Query(path="/"), received_at=NOW)
    assert (answer.outcome, answer.status, one.requests) == (Outcome.UNANSWERED, 0, 0)
    assert answer.reason == "it could not be reached: the connection was refused, or there is no way to it"


def no_such_name(host, *args, **given):
    """What the resolver does on a machine without a network."""
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def silence(host, *args, **given):
    """A resolver that waits for a name server that never answers."""
    threading.Event().wait(30)


@pytest.mark.parametrize(
    ("resolver", "words", "lookups"),
    [(no_such_name, "its name cannot be found", 4), (silence, "the name server keeps silent", 3)],
)
def test_a_host_that_cannot_be_found_ends_the_visit_quickly(fetcher, monkeypatch, resolver, words, lookups):
    """The first of its hosts is tried twice, the others and later questions not again; no pause is owed to anybody."""
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **given: asked.append(host) or resolver(host))
    monkeypatch.setattr(lookup, "_LONGEST", 0.3)
    monkeypatch.setattr(lookup, "_MEANWHILE", 0.1)
    monkeypatch.setattr(lookup, "_given_up", set())
    _private.cache_clear()
    one, began = fetcher(pace=1), time.monotonic()
    hosts = [f"https://{name}.example" for name in ("main", "mirror", "third")]
    service = Service(name="dblp", pause=timedelta(seconds=5))
    for path in ("/pid/1/2.xml", "/pid/3/4.xml", "/pid/5/6.xml"):
        answer = one.fetch(service, hosts, Query(path=path), received_at=NOW)
        assert answer.outcome is Outcome.UNANSWERED
        assert answer.reason.count(f"it could not be reached: {words}") == 3
    names = [urlsplit(host).hostname for host in hosts]
    assert sorted(asked) == sorted(names + names[: lookups - 3] + names)  # once each: is it on this network?
    assert one.requests == 0
    assert time.monotonic() - began < 5


def test_an_endpoint_that_cannot_be_reached_rests_in_the_end(fetcher, monkeypatch):
    """As one that answers badly, once for every run."""
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    for _ in range(6):
        answer = fetcher().fetch(Service(), "https://nobody.example", Query(path="/"), received_at=NOW)
    assert answer.reason.startswith("resting until")


def test_a_connection_that_nobody_takes_up_is_tried_once(fetcher, monkeypatch):
    """A firewall that says nothing: four tries would take a minute."""
    from urllib3.util import connection

    tried = []

    def nobody(*args, **given):
        tried.append(args)
        raise TimeoutError("timed out")

    monkeypatch.setattr(connection, "create_connection", nobody)
    answer = fetcher().fetch(Service(), "http://127.0.0.1:9", Query(path="/"), received_at=NOW)
    assert (answer.reason, len(tried)) == ("it could not be reached: nobody answers at its address", 1)


@contextmanager
def dropping():
    """A host that drops every further packet: its queue of connections is full, and nobody takes them up."""
    with ExitStack() as opened:
        host, *others = (opened.enter_context(socket.socket()) for _ in range(4))
        host.bind(("127.0.0.1", 0))
        host.listen(0)
        for one in others:
            one.setblocking(False)
            one.connect_ex(host.getsockname())
        yield f"http://127.0.0.1:{host.getsockname()[1]}"


def test_only_the_first_host_that_drops_packets_is_waited_for_at_length(fetcher, monkeypatch):
    """A firewall that says nothing drops them for all mirrors and services alike; in a while it may be gone."""
    from urllib3.util import connection

    monkeypatch.setattr(wire, "_CONNECT", 0.4)
    monkeypatch.setattr(wire, "_SOON", 0.1)
    monkeypatch.setattr(wire, "_unheard", deque([-wire._A_WHILE], maxlen=1))
    waited, connect = [], connection.create_connection
    monkeypatch.setattr(
        connection, "create_connection",
        lambda place, timeout, *rest, **given: waited.append(timeout) or connect(place, timeout, *rest, **given),
    )  # fmt: skip
    with dropping() as main, dropping() as mirror, dropping() as other, serving(lambda handler, n: say(handler)) as up:
        one = fetcher()
        for _ in range(2):
            answer = one.fetch(Service(name="dblp"), [main, mirror], Query(path="/"), received_at=NOW)
            assert answer.reason.count("it could not be reached: nobody answers at its address") == 2
        fetcher().fetch(Service(), other, Query(path="/"), received_at=NOW)
        assert waited == [0.4, 0.1, 0.1]
        assert ask(one, up).outcome is Outcome.ANSWERED
        monkeypatch.setattr(wire, "_A_WHILE", 0.0)
        fetcher().fetch(Service(), other, Query(path="/"), received_at=NOW)
    assert waited == [0.4, 0.1, 0.1, 0.1, 0.4]


def test_a_host_that_takes_a_connection_up_and_says_nothing_to_tls_is_tried_once(fetcher, monkeypatch):
    """Where a firewall reads along, only the first packets pass."""
    monkeypatch.setattr(wire, "_CONNECT", 0.3)
    monkeypatch.setattr(wire, "_unheard", deque([-wire._A_WHILE], maxlen=1))
    with socket.socket() as host:
        host.bind(("127.0.0.1", 0))
        host.listen(8)
        url = f"https://127.0.0.1:{host.getsockname()[1]}"
        one = fetcher()
        answer = one.fetch(Service(), url, Query(path="/"), received_at=NOW)
        host.accept()[0].close()
        host.setblocking(False)
        with pytest.raises(BlockingIOError):
            host.accept()
    assert (answer.reason, one.requests) == ("it could not be reached: nobody answers at its address", 0)


@pytest.mark.parametrize(
    ("status", "body", "pages"),
    [
        (200, CHALLENGE, False),
        (503, CHALLENGE, False),
        (200, CHALLENGE, True),
        (200, b"<!doctype html><title>Making sure you&#39;re not a bot!</title>", True),
        (200, b"<html><script src='/.within.website/x/cmd/anubis/static/js/main.mjs'></script></html>", True),
        (200, b"<html><title>Sign in - University</title><form><input type=password></form></html>", True),
        (200, b"<html><body>Our systems have detected unusual traffic from your computer network</body></html>", True),
        (429, b"<html><body>unusual traffic <div class='g-recaptcha'></div></body></html>", False),
        (403, b"<html><body>Access Denied</body></html>", False),
        (403, b'{"error": "ChallengeRequired"}', False),
    ],
)
def test_a_bot_check_is_named_and_not_asked_again(fetcher, status, body, pages):
    """Blocked is not empty: with any status, the reason is named and nothing is circumvented."""
    service = Service(pages=pages)
    html = "application/json" if body[:1] == b"{" else "text/html; charset=utf-8"

    def play(handler, n):
        robots = "robots" in handler.path
        say(handler, b"none" if robots else body, 404 if robots else status, Content_Type=html)

    with serving(play) as server:
        answer = ask(fetcher(), server, service)
    assert answer.outcome is Outcome.BLOCKED
    assert answer.reason
    assert sum("robots" not in path for path, _ in server.asked) == 1


def page(body, media_type="text/html"):
    return Reply(url="", status=200, headers={"content-type": media_type}, body=body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Ada Lovelace</title><p>Detecting unusual traffic in networks</p>" + b"<p>paper</p>" * 3000,
        b"<html><title>Ada Lovelace</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        b"<html><title>Signing protocols</title><p>Papers</p></html>",
    ],
)
def test_a_page_about_such_things_is_not_blocked(body):
    """People write papers about traffic and bots, and Cloudflare puts scripts into ordinary pages."""
    assert blocked(page(body), pages=True) == ""


def test_a_web_page_is_no_data(fetcher):
    """An apology with status 200 would parse as an empty list."""
    with serving(lambda handler, n: say(handler, b"<html><body>Maintenance</body></html>")) as server:
        answer = ask(fetcher(), server)
    assert (answer.outcome, answer.reason) == (Outcome.UNANSWERED, "a web page came where data were expected")


def test_data_called_a_page_are_data(fetcher):
    """Some servers name the type wrong; what it is decides."""
    with serving(lambda handler, n: say(handler, Content_Type="text/html")) as server:
        assert ask(fetcher(), server).outcome is Outcome.ANSWERED


def test_an_endpoint_rests_after_failures_in_a_row_also_in_the_next_run(fetcher):
    """Five calls that fail, then nothing is asked; the memory is on the disk; one good answer clears it."""
    state = {"status": 500}
    with serving(lambda handler, n: say(handler, status=state["status"])) as server:
        for _ in range(5):
            ask(fetcher(), server)
        asked = len(server.asked)
        rested = ask(fetcher(), server, now=NOW + timedelta(minutes=4))
        assert (rested.outcome, len(server.asked)) == (Outcome.UNANSWERED, asked)
        assert rested.reason.startswith("resting until 2026-05-01 12:05")
        state["status"] = 200
        assert ask(fetcher(), server, path="/other/endpoint").outcome is Outcome.ANSWERED
        assert ask(fetcher(), server, now=NOW + timedelta(minutes=6)).outcome is Outcome.ANSWERED
        state["status"] = 500
        ask(fetcher(), server)
        assert "resting" not in ask(fetcher(), server).reason


def test_the_rest_grows_and_has_an_end(fetcher):
    """A service that is down for weeks is asked at least once a day, and hardly more often."""
    with serving(lambda handler, n: say(handler, status=500)) as server:
        now = NOW
        for _ in range(20):
            asked = len(server.asked)
            ask(fetcher(), server, now=now)
            now += timedelta(hours=7)
            assert len(server.asked) > asked
        asked = len(server.asked)
        ask(fetcher(), server, now=now - timedelta(hours=2))
        assert len(server.asked) == asked


def test_a_damaged_memory_of_a_breaker_is_forgotten(fetcher, tmp_path):
    """It is a courtesy, not a fact: no crash, ask again."""
    with serving(lambda handler, n: say(handler, status=500)) as server:
        for _ in range(5):
            ask(fetcher(), server)
        for text in ("{", "[]", '{"until": "x", "failures": 9}', '{"until": "2026-05-01T13:00:00"}'):
            next((tmp_path / "breakers").glob("*.json")).write_text(text)
            asked = len(server.asked)
            ask(fetcher(), server)
            assert len(server.asked) > asked


ASK = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from harvest.acquire.archive import Archive
from harvest.acquire.fetch import Fetcher
from harvest.model import Query
from harvest.settings import Settings
class Service:
    name = "arxiv"
    pause = timedelta(seconds=0.15)
home, url = Path(sys.argv[1]), sys.argv[2]
fetcher = Fetcher(Settings(home=home), Archive(home / "archive"))
for number in range(3):
    fetcher.fetch(Service(), url, Query(path=f"/{number}"), received_at=datetime.now(UTC))
"""


def test_two_processes_share_one_line_to_a_service(tmp_path):
    """arXiv asks for one connection at a time and a pause between two, over everything one runs."""
    times = []

    def play(handler, n):
        began = time.monotonic()
        time.sleep(0.05)
        say(handler)
        times.append((began, time.monotonic()))

    with serving(play) as server:
        runs = [subprocess.Popen([sys.executable, "-c", ASK, tmp_path, server.url]) for _ in range(2)]
        assert [run.wait(60) for run in runs] == [0, 0]
    assert len(times) == 6
    times.sort()
    assert all(after[0] - before[1] >= 0.14 for before, after in pairwise(times))


def test_a_line_that_is_taken_is_waited_for_only_until_the_deadline(fetcher, tmp_path):
    """Another run that hangs must not hang this one."""
    with serving(lambda handler, n: time.sleep(2) or say(handler)) as server:
        slow = threading.Thread(target=ask, args=(fetcher(), server))
        slow.start()
        while not server.asked:
            time.sleep(0.01)
        answer = ask(fetcher(deadline_seconds=0.3), server)
        slow.join()
    assert answer.reason == "another run was asking arxiv for all of 0.3 seconds"
    assert len(server.asked) == 1


def test_the_pause_is_not_waited_for_when_the_clock_was_wrong(fetcher, tmp_path):
    """A moment in the future, or rubbish, in the lock's file costs one pause at most."""
    with serving(lambda handler, n: say(handler)) as server:
        for text in ("99999999999", "rubbish", ""):
            (tmp_path / "locks").mkdir(exist_ok=True)
            (tmp_path / "locks" / "arxiv.lock").write_text(text)
            assert ask(fetcher(pace=1, deadline_seconds=3), server).outcome is Outcome.ANSWERED


def test_the_key_is_in_one_header_and_nowhere_else(fetcher, tmp_path):
    """Not in the address, the log, the archive or a reason; and not sent to where a redirect leads."""
    key = "sk-very-secret"

    def play(handler, n):
        if handler.path.startswith("/works"):
            say(handler, b'{"error": "bad key sk-very-secret"}', 400)
        elif n == 1:
            say(handler, b"", 302, Location="/moved")
        else:
            say(handler, b'{"meta": {}}', Content_Type="application/json", X_Echo=key)

    with serving(play) as server, capture_logs() as logs:
        one = fetcher(openalex_key=key)
        good = ask(one, server, Service("openalex"), path="/authors/A1")
        echo = ask(one, server, Service("openalex"), path="/works")
        ask(one, server, Service("arxiv"))
    assert good.outcome is Outcome.ANSWERED
    assert echo.reason == "its answer repeats our key: nothing of it was kept"
    assert server.asked[0][1]["Authorization"] == f"Bearer {key}"
    assert "Authorization" not in server.asked[-1][1]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said = repr(logs) + repr(good) + repr(echo) + "".join(path for path, _ in server.asked)
    assert key.encode() not in kept + said.encode()
    assert {"asked"} <= {line["event"] for line in logs}


def test_we_say_who_we_are(fetcher):
    """Services throttle the names of libraries, and want an address to write to."""
    with serving(lambda handler, n: say(handler)) as server:
        ask(fetcher(contact="ada@example.org\r\nX-Evil: 1"), server)
    agent = server.asked[0][1]["User-Agent"]
    assert agent.startswith("harvest/")
    assert agent.endswith("(ada@example.org X-Evil: 1)")
    assert "X-Evil" not in server.asked[0][1]


ROBOTS = b"User-agent: *\nDisallow: /private\n"


@pytest.mark.parametrize(
    ("rules", "path", "outcome"),
    [
        ((200, ROBOTS), "/author/7", Outcome.ANSWERED),
        ((200, ROBOTS), "/private/7", Outcome.BLOCKED),
        ((404, b"none"), "/private/7", Outcome.ANSWERED),
        ((500, b"down"), "/author/7", Outcome.UNANSWERED),
        ((200, b"\xff\x00<<<"), "/author/7", Outcome.ANSWERED),
    ],
)
def test_robots_txt_speaks_for_websites(fetcher, rules, path, outcome):
    """None allows everything; one that cannot be read allows nothing today."""

    def play(handler, n):
        status, body = rules if handler.path == "/robots.txt" else (200, b"<html>Ada</html>")
        say(handler, body, status, Content_Type="text/html" if status == 200 and b"Ada" in body else "text/plain")

    with serving(play) as server:
        answer = ask(fetcher(), server, Service("scholar_feed", pages=True), path=path)
        asked = [path for path, _ in server.asked if path != "/robots.txt"]
    assert answer.outcome is outcome
    assert asked == ([path] if outcome is Outcome.ANSWERED else [])


def test_robots_txt_is_asked_once_a_run_for_every_homepage(fetcher):
    """Stood in for by a base URL, every homepage keeps its own rules."""
    with serving(lambda handler, n: say(handler, b"<html>Ada</html>", Content_Type="text/html")) as server:
        one, service = fetcher(), Service("homepage", pages=True)
        for site in ("https://ada.example/", "https://ada.example/papers.html", "https://bob.example/"):
            assert one.fetch(service, server.url, Query(path=site), received_at=NOW).outcome is Outcome.ANSWERED
    paths = [path for path, _ in server.asked]
    assert paths == [
        "/ada.example/robots.txt", "/ada.example/", "/ada.example/papers.html",
        "/bob.example/robots.txt", "/bob.example/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "path", "params", "expected"),
    [
        ("https://dblp.org", "/pid/1.xml", (), "https://dblp.org/pid/1.xml"),
        ("http://127.0.0.1:8/dblp/", "pid/1.xml", (), "http://127.0.0.1:8/dblp/pid/1.xml"),
        ("", "https://ada.example/", (), "https://ada.example/"),
        ("http://127.0.0.1:8/homepage", "https://ada.example/a", (), "http://127.0.0.1:8/homepage/ada.example/a"),
        ("https://a.org", "/q", (("x", 'au:"A B"'), ("n", "1")), "https://a.org/q?x=au%3A%22A+B%22&n=1"),
    ],
)
def test_the_address_of_a_question(base, path, params, expected):
    """A prefix in the base URL stays; a homepage is its own address unless something stands in for it."""
    assert address(base, Query(path=path, params=params)) == expected


@pytest.mark.parametrize("base", ["export.arxiv.org", "ftp://a.org", "https://", "https://u:p@a.org", "http://a:b:c/"])
def test_a_wrong_base_url_is_the_users_to_mend(base):
    """Wrong input is said at once, without the password in it."""
    with pytest.raises(InputProblem) as told:
        address(base, Query(path="/"))
    assert "u:p" not in str(told.value)


@pytest.mark.parametrize(
    "page", ["not an address", "javascript:alert(1)", "http://[::1", "http://a:99999/", "http://é\u0000/"]
)
def test_a_wrong_homepage_is_one_source_that_does_not_answer(fetcher, page):
    """One bad line in people.toml must not stop the run."""
    answer = fetcher().fetch(Service("homepage", pages=True), "", Query(path=page), received_at=NOW)
    assert answer.outcome is Outcome.UNANSWERED
    assert answer.reason.endswith("its address is not one that can be asked")


# The archive by itself.


def said(body=b"one", **given):
    return replace(Answer(source="dblp", url="https://dblp.org/1", body=body, received_at=NOW), **given)


def test_the_same_words_are_kept_once(tmp_path):
    """Addressed by content; every saying is still in the ledger, the same saying once."""
    archive = Archive(tmp_path)
    later = said(received_at=NOW + timedelta(days=1), headers=(("etag", "x"),), outcome=Outcome.BLOCKED, own=True)
    paths = {archive.keep(answer) for answer in (said(), said(), later)}
    assert len(paths) == 1
    assert [path for path in tmp_path.rglob("*") if path.suffix != ".jsonl" and path.is_file()] == list(paths)
    assert list(archive.answers()) == [said(), later]
    assert archive.read(said().sha256) == b"one"


@pytest.mark.parametrize(
    "damage", [lambda packed: packed[:-6], lambda packed: b"", lambda packed: gzip.compress(b"two")]
)
def test_a_damaged_file_is_noticed_and_healed(tmp_path, damage):
    """Bits rot: what is read is what was said, or a clear error; the same words said again mend it."""
    archive = Archive(tmp_path)
    path = archive.keep(said())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(WarehouseProblem, match="damaged"):
        archive.read(said().sha256)
    archive.keep(said())
    assert archive.read(said().sha256) == b"one"


def test_a_line_cut_by_a_crash_costs_itself_only(tmp_path):
    """The ledger goes on after a power cut in the middle of a line."""
    archive = Archive(tmp_path)
    archive.keep(said(b"one"))
    ledger = tmp_path / "answers.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-30])
    archive.keep(said(b"two"))
    assert [answer.body for answer in archive.answers()] == [b"two"]


def test_a_disk_that_refuses_is_one_sentence(tmp_path):
    """A full or read-only disk is told as such, not as a traceback."""
    (tmp_path / "archive").write_text("a file where a folder should be")
    with pytest.raises(WarehouseProblem, match="cannot use"):
        Archive(tmp_path / "archive").keep(said())
    with pytest.raises(WarehouseProblem, match="cannot use"):
        Archive(tmp_path).read("0" * 64)


CRASH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from harvest.acquire.archive import Archive
from harvest.model import Answer
Archive(Path(sys.argv[1])).keep(Answer(source="a", url="u", body=b"x", received_at=datetime(2026, 1, 1, tzinfo=UTC)))
"""


def test_a_kill_between_body_and_ledger_loses_nothing_that_was_promised(tmp_path, monkeypatch):
    """Killed before `keep` returned: kept again, the answer is there, once."""
    monkeypatch.setenv("HARVEST_FAILPOINT", "archived:kill")
    assert subprocess.run([sys.executable, "-c", CRASH, tmp_path], check=False).returncode == -9
    assert list(Archive(tmp_path).answers()) == []
    monkeypatch.delenv("HARVEST_FAILPOINT")
    assert subprocess.run([sys.executable, "-c", CRASH, tmp_path], check=False).returncode == 0
    assert [answer.body for answer in Archive(tmp_path).answers()] == [b"x"]


def test_several_processes_keep_answers_at_once(tmp_path):
    """Threads and workers share one archive: no line is torn."""
    archives = [Archive(tmp_path) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda a=archive, k=k: [a.keep(said(f"{k} {n}".encode())) for n in range(10)])
        for k, archive in enumerate(archives)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(Archive(tmp_path).answers())) == 40
    lines = (tmp_path / "answers.jsonl").read_text().splitlines()
    assert all(json.loads(line)["source"] == "dblp" for line in lines)


def test_the_folder_for_locks_may_be_anywhere(fetcher, tmp_path):
    """A home that does not exist yet is made."""
    with serving(lambda handler, n: say(handler)) as server:
        settings = Settings(home=tmp_path / "new" / "home", pace=0)
        one = Fetcher(settings, Archive(settings.home / "archive"))
        assert ask(one, server).outcome is Outcome.ANSWERED
    assert Path(tmp_path / "new" / "home" / "locks" / "arxiv.lock").exists()
