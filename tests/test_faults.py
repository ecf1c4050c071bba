"""Every bad day of every source, played over real HTTP: what Harvest makes of it, and what it never does.

A visit is a whole visit of the pipeline — asking, archiving, reading, guarding — without the warehouse.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from types import SimpleNamespace

import pytest

from harvest import asking
from harvest.acquire.archive import Archive
from harvest.acquire.channel import Channel
from harvest.acquire.fetch import Fetcher
from harvest.demo import bound
from harvest.model import Contents, Outcome, Query
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.sources import READERS, SOURCES
from harvest.store.recall import Memory
from harvest.world import WorldServer, bindings, demo_dates
from harvest.world.faults import NAMES, Fault
from harvest.world.record import Reply

NOW = demo_dates()[-1]
NOTHING = Memory(arxiv_versions=frozenset(), arxiv_ids=frozenset(), counts={})
GOOD, DOUBTED, SILENT, BLOCKED = Outcome.ANSWERED, Outcome.SUSPICIOUS, Outcome.UNANSWERED, Outcome.BLOCKED


@pytest.fixture
def world():
    """The model world on its last day; slow things take their time."""
    with WorldServer(NOW, drip=0.2) as server:
        yield server


@pytest.fixture
def person(now):
    """One person whom every source knows."""
    plan = read_plan(read_settings())
    return bound(plan.people[0], bindings())


def visit(home, world, person, source, *, memory=NOTHING, channel=None, **given):
    """All that one source says of one person in one run."""
    (found,) = [one for one in SOURCES if one.name == source]
    urls = world.settings() | {name: given.pop(name) for name in list(given) if name.endswith("_url")}
    settings = read_settings(
        home=home, pace=0, **{"deadline_seconds": 3, "max_answer_bytes": 5_000_000, **given}, **urls
    )
    return asking.visit(found, people=[person], memory=memory, settings=settings, now=NOW, channel=channel or Channel())


def records(visit):
    """The works that were said, as they were said."""
    return {record.id for _, contents in visit.said for record in contents.records}


# fault, source, what it is called, words of the reason, requests that it costs
ROWS = [
    # The service is down: asked four times, with longer and longer waits, then left until the next run.
    ("unavailable", "arxiv", SILENT, "busy or down (HTTP 503)", 4),
    ("unavailable", "dblp", SILENT, "busy or down (HTTP 503)", 4),
    ("bad_gateway", "openalex", SILENT, "busy or down (HTTP 502)", 8),
    ("later_at_once", "arxiv", SILENT, "busy or down (HTTP 503)", 4),
    # We ask too much: once more at most, then it rests, whatever else there was to ask.
    ("throttled", "arxiv", SILENT, "HTTP 429", 2),
    ("throttled_oddly", "arxiv", SILENT, "HTTP 429", 2),
    ("throttled_until", "dblp", SILENT, "HTTP 429", 1),
    ("throttled_until_date", "dblp", SILENT, "HTTP 429", 1),
    ("budget_spent", "openalex", SILENT, "HTTP 429", 1),
    ("shared_pool", "openalex", SILENT, "HTTP 429", 2),
    # Somebody stands before the service: named, not asked again, never circumvented.
    ("blocked", "arxiv", BLOCKED, "bot check", 1),
    ("blocked", "dblp", BLOCKED, "bot check", 1),
    ("blocked_as_error", "dblp", BLOCKED, "bot check", 1),
    ("blocked", "homepage", BLOCKED, "bot check", 1),
    ("denied", "arxiv", BLOCKED, "refuses us (HTTP 403)", 1),
    ("challenge_wanted", "openalex", BLOCKED, "HTTP 403", 2),
    ("sign_in", "dblp", BLOCKED, "sends us to another place", 1),
    # The question is refused: that is no "nothing", and asking again is no help.
    ("error_feed", "arxiv", SILENT, "arXiv says: internal error", 1),
    ("bad_request", "arxiv", SILENT, "incorrect id format", 1),
    ("not_found", "dblp", SILENT, "HTTP 404", 1),
    ("not_found_words", "openalex", SILENT, "HTTP 404: Resource not found", 2),
    ("gone", "dblp", SILENT, "HTTP 410", 1),
    ("key_wanted", "openalex", SILENT, "HTTP 401: An API key is required", 2),
    ("error_with_200", "openalex", SILENT, "OpenAlex says: Please try again", 2),
    ("error_with_200", "dblp", SILENT, "no whole search answer", 1),
    ("not_modified", "dblp", SILENT, "HTTP 304", 1),
    # Something else came: a page that is well-formed XML, nothing, a trap.
    ("maintenance", "arxiv", SILENT, "a web page came", 1),
    ("maintenance", "dblp", SILENT, "a web page came", 1),
    ("nothing", "arxiv", SILENT, "an empty answer", 4),
    ("bomb", "dblp", SILENT, "larger than 5,000,000 bytes", 1),
    ("entities", "dblp", SILENT, "", 1),
    ("packed_twice", "dblp", SILENT, "no whole XML", 1),
    ("odd_packing", "dblp", SILENT, "packed in a way", 1),
    ("not_packed", "dblp", SILENT, "packed answer is broken", 4),
    # Sent away: never round and round, never into the local network.
    ("elsewhere", "dblp", SILENT, "another place", 1),
    ("local_network", "dblp", SILENT, "another place", 1),
    ("file", "dblp", SILENT, "another place", 1),
    ("round", "dblp", SILENT, "more than 5 times", 6),
    # The wire: half an answer is none.
    ("cut", "arxiv", SILENT, "cut", 4),
    ("cut", "openalex", SILENT, "cut", 8),
    ("cut", "homepage", SILENT, "cut", 4),
    ("cut_unannounced", "arxiv", SILENT, "no whole XML", 1),
    ("cut_unannounced", "openalex", SILENT, "no whole JSON", 2),
    ("cut_packed", "dblp", SILENT, "cut", 4),
    ("cut_chunks", "dblp", SILENT, "cut", 4),
    ("broken_chunks", "dblp", SILENT, "", 4),
    ("reset", "dblp", SILENT, "lost", 4),
    ("mute", "dblp", SILENT, "lost", 4),
    ("no_http", "dblp", SILENT, "lost", 4),
    ("many_headers", "dblp", SILENT, "lost", 4),
    ("endless", "dblp", SILENT, "larger than", 1),
    ("slow", "dblp", SILENT, "within", 1),
    ("slow_head", "dblp", SILENT, "", 1),
    ("stall", "arxiv", SILENT, "", 1),
    # Empty, or less than was said: the most dangerous ones, for they look like answers.
    ("empty_later_pages", "arxiv", DOUBTED, "entries that it says it has", 4),
    ("nameless_entry", "arxiv", SILENT, "an entry without an arXiv id", 1),
    ("bin", "dblp", SILENT, "not told apart", 1),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "source", "outcome", "words", "requests"), ROWS)
def test_a_bad_answer_is_named_and_nothing_wrong_is_believed(
    tmp_path, world, person, fault, source, outcome, words, requests
):
    """One row of the table of failures: the outcome, its reason, what it costs, and that nothing false is kept."""
    truth = records(visit(tmp_path / "good", world, person, source))
    asked = len(world.log)
    world.faults[source] = fault
    bad = visit(tmp_path / "bad", world, person, source)
    assert bad.state.state is outcome, bad.state
    assert words in bad.state.reason
    assert (len(world.log) - asked, bad.requests) == (requests, requests)
    assert records(bad) <= truth
    assert records(bad) == set() or outcome is DOUBTED
    kept = list(Archive(tmp_path / "bad" / "archive").answers())
    assert {answer.outcome for answer in kept} <= {outcome, GOOD}  # kept as what it is


# fault, source: the service is well, only different; everything is understood
HARMLESS = [
    ("legacy", "arxiv"),
    ("short_pages", "arxiv"),
    ("called_text", "arxiv"),
    ("called_html", "dblp"),
    ("slow", "homepage"),
]


@pytest.mark.parametrize(("fault", "source"), HARMLESS)
def test_another_manner_of_the_same_answer_is_understood(tmp_path, world, person, fault, source):
    """Dialects, short pages and wrong names of types change nothing that is known."""
    truth = records(visit(tmp_path / "good", world, person, source))
    world.faults[source] = fault
    world.drip = 0.001
    odd = visit(tmp_path / "odd", world, person, source)
    assert odd.state.state is GOOD, odd.state
    assert records(odd) == truth != set()


PASSING = ("unavailable", "throttled", "nothing", "cut", "reset", "mute", "cut_chunks", "later_at_once")


@pytest.mark.parametrize("fault", PASSING)
def test_a_trouble_that_passes_costs_one_more_request(tmp_path, world, person, fault):
    """Asked again after a while, the service answers, and nobody notices."""
    truth = visit(tmp_path / "good", world, person, "dblp")
    world.faults["dblp"] = Fault(fault, times=1)
    twice = visit(tmp_path / "bad", world, person, "dblp")
    assert twice.state.state is GOOD
    assert records(twice) == records(truth)
    assert twice.requests == truth.requests + 1


def test_a_first_page_that_turns_empty_is_held(tmp_path, world, person):
    """Status 200, a valid feed, nothing in it, though there were papers yesterday: what is known stands."""
    good = visit(tmp_path, world, person, "arxiv")
    known = {answer.url: len(contents.records) for answer, contents in good.said if contents.records}
    world.faults["arxiv"] = "empty"
    held = visit(tmp_path, world, person, "arxiv", memory=replace(NOTHING, counts=known))
    assert held.state.state is DOUBTED
    assert "what is known stands" in held.state.reason
    assert records(held) == set()


def test_papers_that_move_between_two_pages_are_not_lost(tmp_path, world, person):
    """New versions push others over the edge of a page: everything that was there is there."""
    world.as_of = demo_dates()[3]
    truth = {record.key for _, said in visit(tmp_path / "a", world, person, "arxiv").said for record in said.records}
    world.faults["arxiv"] = "drift"
    moved = visit(tmp_path / "b", world, person, "arxiv")
    found = {record.arxiv_id for _, said in moved.said for record in said.records}
    assert moved.state.state is DOUBTED or {key.partition("v")[0] for key in truth} <= found


def test_a_person_moved_by_a_redirect_is_followed_and_said(tmp_path, world, person):
    """A merged pid answers 301: the page is read, and the new pid is told."""
    old = replace(person, dblp_pid=next(iter(_before())))
    said = visit(tmp_path, world, old, "dblp").said
    assert [answer.outcome for answer, _ in said] == [GOOD]
    assert "content-location" in dict(said[0][0].headers)
    assert "moved" in {remark.kind for remark in said[0][1].remarks}


def _before():
    from harvest.world.catalogue import people

    return [one["dblp_pid_before"] for one in people().values() if one.get("dblp_pid_before")]


@pytest.mark.parametrize(("fault", "factor"), [("halved", 0.5), ("null_counts", None), ("wrong_types", None)])
def test_counts_are_what_was_said_or_nothing(tmp_path, world, person, fault, factor):
    """A count that is missing is unknown, never zero; one that halves overnight is kept as said, and judged later."""

    def counts(visit):
        return {(one.metric, one.key): one.value for _, said in visit.said for one in said.readings}

    truth = counts(visit(tmp_path / "good", world, person, "openalex"))
    world.faults["openalex"] = fault
    odd = counts(visit(tmp_path / "odd", world, person, "openalex"))
    if factor is None:
        assert odd == {}
    else:
        assert odd == {name: value // 2 for name, value in truth.items()}


def test_the_next_host_is_asked_only_when_the_first_is_down_or_blocked(tmp_path, world, person):
    """DBLP has mirrors: with the same manners, in the order of the settings, and named when they answered."""
    both = {"dblp_url": f"{world.url}/dblp {world.url}/dblp_mirror"}

    def asked(fault):
        world.log.clear()
        world.faults["dblp"] = fault
        said = visit(tmp_path / fault, world, person, "dblp", **both)
        return said, [one.service for one in world.log]

    for fault in ("unavailable", "blocked", "mute"):
        said, services = asked(fault)
        assert said.state.state is GOOD
        assert "dblp_mirror" in services
        assert said.said[0][0].url.startswith("https://dblp.org/pid/")
        assert "did not answer" in said.state.reason
    for fault in ("throttled_until", "not_found", "short_pages"):
        said, services = asked(fault)
        assert set(services) == {"dblp"}, fault
    world.faults["dblp_mirror"] = "unavailable"
    said, services = asked("blocked")
    assert said.state.state is BLOCKED
    assert "bot check" in said.state.reason
    assert "503" in said.state.reason


def said(body, status=200, media_type="application/json", **headers):
    """A reply in so many words."""
    return Reply(
        status, media_type, body.encode(), headers={name.replace("_", "-"): one for name, one in headers.items()}
    )


OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'
HIT = (
    '{{"result":{{"hits":{{"@total":"1","hit":{{"info":{{"authors":{{"author":{author}}},"title":"It&apos;s one.",'
    '"venue":"ICML","year":"2024","type":"Conference and Workshop Papers","key":"conf/icml/Lovelace24"}}}}}}}}}}'
)

# kind, reply, outcome (or the titles read), words of the reason
ANSWERS = [
    ("arxiv_oai", said(OAI.format('<error code="noRecordsMatch">none</error>'), media_type="text/xml"), [], ""),
    ("arxiv_oai", said(OAI.format('<error code="badResumptionToken"/>'), media_type="text/xml"), SILENT, "badRes"),
    ("arxiv_oai", said("first byte timeout", 503, "text/html", Retry_After="0"), SILENT, "HTTP 503"),
    ("dblp", said(HIT.format(author='"Ada Lovelace 0001"')), ["It's one"], ""),
    ("dblp", said(HIT.format(author='{"@pid":"1/2-1","text":"Ada Lovelace 0001"}')), ["It's one"], ""),
    ("dblp", said('{"result":{"hits":{"@total":"0"}}}'), [], ""),
    ("dblp", said("<html>busy</html>", 503, "text/html"), SILENT, "HTTP 503"),
    ("semantic_scholar", said('[null, {"paperId": "ab12", "title": "On engines"}]'), ["On engines"], ""),
    ("semantic_scholar", said('{"total": 0, "offset": 0}'), [], ""),
    ("semantic_scholar", said('{"error": "Author with id 0 not found"}', 404), SILENT, "HTTP 404: Author with id 0"),
    ("semantic_scholar", said('{"message": "Too Many Requests", "code": "429"}', 429), SILENT, "HTTP 429"),
    ("semantic_scholar", said("<html>Bad Gateway</html>", 502, "text/html"), SILENT, "HTTP 502"),
    ("semantic_scholar", said('{"error": "Internal"}'), SILENT, "Internal"),
    ("openalex", said('{"error": "per-page must be between 1 and 100"}', 400), SILENT, "HTTP 400: per-page"),
    ("crossref", said("Resource not found.", 404, "text/plain"), SILENT, "HTTP 404: Resource not found."),
    ("crossref", said("<html>slow down</html>", 429, "text/html"), SILENT, "HTTP 429"),
    ("openreview", said('{"name": "ChallengeRequiredError"}', 403), BLOCKED, "HTTP 403"),
    ("openreview", said('{"message": "surpassing the limit of 98 requests"}', 429), SILENT, "HTTP 429"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "reply", "expected", "words"), ANSWERS)
def test_what_other_services_say_on_a_bad_day(tmp_path, world, kind, reply, expected, words):
    """Services that no run asks yet, asked by the same fetcher and read by their readers."""
    world.faults[kind] = reply
    settings = read_settings(home=tmp_path, pace=0, deadline_seconds=3)
    service = SimpleNamespace(name=kind, pause=timedelta(0))
    fetcher = Fetcher(settings, Archive(tmp_path / "archive"))
    answer = fetcher.fetch(service, f"{world.url}/{kind}", Query(path="/x"), received_at=NOW)
    contents = Contents()
    if answer.outcome is GOOD:
        answer, contents = asking._understood(READERS[kind], answer)
    assert words in answer.reason
    assert expected in (answer.outcome, [record.title for record in contents.records])


def test_every_fault_of_the_world_is_in_the_table():
    """A fault that no test plays proves nothing."""
    played = {row[0] for row in chain(ROWS, HARMLESS)} | set(PASSING)
    elsewhere = {"empty", "drift", "halved", "null_counts", "wrong_types", "one_missing", "short_pages"}
    assert played | elsewhere >= NAMES
