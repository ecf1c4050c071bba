"""What can be wrong with an answer. Each fault turns the right reply, or the lack of one, into what a bad day gives.

There are four kinds: another reply instead of the service's, the service's reply changed, the service of another day,
and a reply that the wire does not carry whole. The last are played by `wire`.
"""

import gzip
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from harvest.world import arxiv, arxiv_oai
from harvest.world.record import Reply
from harvest.world.wire import WIRE

HTML = "text/html; charset=utf-8"
BEFORE_EVERYTHING = datetime(1900, 1, 1, tzinfo=UTC)  # the day on which every list is empty
_CHALLENGE = """<!doctype html>
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


def _page(status: int, words: str, **headers: str) -> Reply:
    """A web page, well-formed as XML, that says these words."""
    html = f"<html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
    return Reply.html(status, html)._replace(headers=headers)


def _sent_to(target: str, status: int = 302) -> Reply:
    return Reply.html(status, "")._replace(headers={"Location": target})


@cache
def _bomb() -> bytes:
    """60 MB in 60 kB: more than any answer may have."""
    return gzip.compress(bytes(60_000_000), mtime=0)


def _entities() -> bytes:
    """Twenty-five entities, each twenty times the one before."""
    steps = [f"<!ENTITY {chr(code)} '{f'&{chr(code - 1)};' * 20}'>" for code in range(ord("b"), ord("z") + 1)]
    return f"<!DOCTYPE x [<!ENTITY a 'ha'>{''.join(steps)}]><dblpperson>&z;</dblpperson>".encode()


# These answer instead of the service.
INSTEAD: dict[str, Reply | Callable[[datetime], Reply]] = {
    "unavailable": _page(503, "503 Service Unavailable"),
    "bad_gateway": _page(502, "502 Bad Gateway"),
    "later_at_once": _page(503, "first byte timeout", **{"Retry-After": "0"}),  # as arXiv's OAI did
    "throttled": Reply(429, "text/plain", b"Rate exceeded."),  # and no Retry-After, as arXiv gives it
    "throttled_until": _page(429, "Too Many Requests", **{"Retry-After": "3600"}),  # as DBLP gives it
    "throttled_until_date": _page(429, "Slow down", **{"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    "throttled_oddly": _page(429, "Slow down", **{"Retry-After": "-5 soon"}),
    "budget_spent": Reply.json(429, {"error": "Budget exceeded"})._replace(
        headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "7200"}
    ),
    "shared_pool": Reply.json(429, {"message": "Too Many Requests. Please wait.", "code": "429"}),
    "key_wanted": Reply.json(401, {"error": "Unauthorized", "message": "An API key is required"}),
    "challenge_wanted": Reply.json(403, {"name": "ChallengeRequiredError", "message": "Challenge required"}),
    "denied": _page(403, "Access Denied"),
    "blocked": Reply.html(200, _CHALLENGE),
    "blocked_as_error": Reply.html(500, _CHALLENGE),  # DBLP's search since September 2026
    "maintenance": _page(200, "Down for maintenance"),
    "error_feed": lambda as_of: Reply(200, arxiv.ATOM, arxiv.error_feed("internal error", as_of)),
    "bad_request": lambda as_of: Reply(400, arxiv.ATOM, arxiv.error_feed("incorrect id format for abc", as_of)),
    "not_found": _page(404, "404 Not Found"),
    "not_found_words": Reply(404, "text/plain", b"Resource not found."),  # as Crossref gives it
    "gone": _page(410, "410 Gone"),
    "not_modified": Reply.html(304, ""),  # though nobody asked whether it was
    "nothing": Reply(200, "text/plain", b""),
    "error_with_200": Reply.json(200, {"error": "Internal error", "message": "Please try again"}),
    "sign_in": _sent_to("https://accounts.example/signin?next=/"),
    "elsewhere": _sent_to("https://elsewhere.example/papers", 301),
    "local_network": _sent_to("http://169.254.169.254/latest/meta-data"),
    "file": _sent_to("file:///etc/passwd"),
    "round": _sent_to(""),
    "bomb": lambda as_of: Reply(200, "text/xml", _bomb(), headers={"Content-Encoding": "gzip"}),
    "entities": Reply(200, "text/xml", _entities()),
}


def _by_regex(pattern: str, instead: str) -> Callable[[Reply, Mapping[str, str]], Reply]:
    found = re.compile(pattern.encode(), re.DOTALL)
    return lambda reply, params: reply._replace(body=found.sub(instead.encode(), reply.body))


def _some(reply: Reply, keep: Callable[[int], int]) -> Reply:
    """As many of a feed's entries as `keep` says of their number; the feed still announces all of them."""
    entries = re.findall(rb"<entry>.*?</entry>\s*", reply.body, re.DOTALL)
    body = reply.body
    for entry in entries[keep(len(entries)) :]:
        body = body.replace(entry, b"", 1)
    return reply._replace(body=body)


def _legacy(reply: Reply, params: Mapping[str, str]) -> Reply:
    """arXiv's dialect until 2026: http, a link with rel, a scheme for the primary category, titles on two lines."""
    body = re.sub(rb'(<link href=")https(://arxiv.org/api[^>]*?)/>', rb'\1http\2 rel="self"/>', reply.body)
    body = body.replace(b"https://arxiv.org/", b"http://arxiv.org/").replace(b"https://doi.org/", b"http://dx.doi.org/")
    body = body.replace(b"<arxiv:primary_category ", b'<arxiv:primary_category scheme="http://arxiv.org/schemas/atom" ')
    return reply._replace(body=re.sub(rb"(<title>[^<]{20}[^ <]*) ", rb"\1\n  ", body))


def _counted(change: Callable[[int], int | None]) -> Callable[[Reply, Mapping[str, str]], Reply]:
    """OpenAlex's counts, each changed."""

    def walk(said: Any) -> Any:
        if isinstance(said, list):
            return [walk(one) for one in said]
        if not isinstance(said, dict):
            return said
        names = ("cited_by_count", "h_index", "i10_index", "works_count")
        return {name: change(one) if name in names else walk(one) for name, one in said.items()}

    return lambda reply, params: reply._replace(body=json.dumps(walk(json.loads(reply.body))).encode())


def _authors_cut(reply: Reply, params: Mapping[str, str]) -> Reply:
    """OpenAlex's lists, which end after the first authors: a hundred there, one here."""
    said = json.loads(reply.body)
    for work in said.get("results", ()):
        work |= {"authorships": work["authorships"][:1], "is_authors_truncated": len(work["authorships"]) > 1}
    return reply._replace(body=json.dumps(said).encode())


# These change what the service says; the second argument is what was asked.
CHANGED: dict[str, Callable[[Reply, Mapping[str, str]], Reply]] = {
    "legacy": _legacy,
    "short_pages": lambda reply, params: _some(reply, lambda number: (number + 1) // 2),
    "empty_later_pages": lambda reply, params: _some(
        reply, lambda number: (number + 1) // 2 if params.get("start", "0") == "0" else 0
    ),
    "one_missing": lambda reply, params: _some(reply, lambda number: number - 1),
    "nameless_entry": _by_regex(r"<id>http://arxiv.org/abs[^<]*</id>", ""),
    "nameless": _by_regex(r"<id>https://arxiv.org/abs[^<]*</id>", ""),
    "bin": _by_regex(r"(<dblpperson[^>]*>\s*<person )", r'\1publtype="disambiguation" '),
    # arXiv's OAI-PMH: what its records say at times, and what its lists and those of others do with their tokens.
    "token_expired": arxiv_oai.expired,
    "token_empty": _by_regex(r"(</record>\s*)(</ListRecords>)", r"\1<resumptionToken/>\2"),
    "deleted_records": _by_regex(
        r"<ListRecords>",
        '<ListRecords><record><header status="deleted"><identifier>oai:arXiv.org:2401.99999</identifier>'
        "<datestamp>2024-01-02</datestamp></header></record>",
    ),
    "withdrawn_unflagged": _by_regex(
        r"<size>700kb(</size>\s*</version>\s*<title>.*?</categories>)(?:\s*<comments>[^<]*</comments>)?",
        r"<size>0kb\1<comments>This paper has been withdrawn by the authors due to an error</comments>",
    ),
    "acm_none": _by_regex(r"</categories>", "</categories><acm-class>None</acm-class>"),
    "two_dois": _by_regex(r"</categories>", "</categories><doi>10.1000/one.1 10.1000/two.2</doi>"),
    "authors_cut": _authors_cut,
    "halved": _counted(lambda count: count // 2),
    "null_counts": _counted(lambda count: None),
    "wrong_types": _counted(lambda count: "many"),  # type: ignore[return-value,arg-type]
    "called_text": lambda reply, params: reply._replace(content_type="text/plain"),
    "called_html": lambda reply, params: reply._replace(content_type=HTML),
    "packed_twice": lambda reply, params: reply._replace(
        body=gzip.compress(gzip.compress(reply.body)), headers={"Content-Encoding": "gzip"}
    ),
}

# "empty": the service as of a day before everything. "drift": what is asked for after the first page is of a later
# day, when lists have grown and papers were revised. "unsorted": lists come oldest first, whatever was asked.
NAMES = frozenset({*INSTEAD, *CHANGED, *WIRE, "empty", "drift", "unsorted"})
