"""What can be wrong with an answer. Each fault turns the right reply, or the lack of one, into what a bad day gives."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from harvest.world import arxiv
from harvest.world.record import Reply

HTML = "text/html; charset=utf-8"
BEFORE_EVERYTHING = datetime(1900, 1, 1, tzinfo=UTC)  # the day on which every list is empty
_CHALLENGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Making sure that you are not a bot</title>
<script async src="/.within.website/x/challenge.js"></script></head>
<body><main><h1>One moment: your browser is being checked</h1>
<p>This site has been flooded by automated visitors. A short computation proves that yours is an ordinary browser.
Please enable JavaScript and cookies to pass this check; you will then be taken to the page.</p>
<noscript><p>Without JavaScript this challenge cannot be completed.</p></noscript>
</main></body></html>
"""


class Fault(NamedTuple):
    """A fault by name, for the next `times` requests, or until it is taken away."""

    name: str
    times: int | None = None


# These answer instead of the service.
INSTEAD: dict[str, Callable[[datetime], Reply]] = {
    "unavailable": lambda as_of: Reply(503, HTML, b"<html><body><h1>503 Service Unavailable</h1></body></html>"),
    "throttled": lambda as_of: Reply(429, "text/plain", b"Rate exceeded."),  # and no Retry-After
    "blocked": lambda as_of: Reply(200, HTML, _CHALLENGE),
    "error_feed": lambda as_of: Reply(200, arxiv.ATOM, arxiv.error_feed("internal error", as_of)),
    "not_found": lambda as_of: Reply(404, HTML, b"<html><body><h1>404 Not Found</h1></body></html>"),
}

# "empty": the service as of a day before everything. "cut": half of the body, then the connection closes.
# "slow": the body in small pieces. The server plays these three.
NAMES = frozenset({*INSTEAD, "empty", "cut", "slow"})
