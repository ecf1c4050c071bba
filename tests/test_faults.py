"""Every bad day of every source, played over real HTTP: what Harvest makes of it, and what it never does.

A visit is a whole visit of the pipeline — asking, archiving, reading, guarding — without the warehouse.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, pairwise
from types import SimpleNamespace

import pytest

from harvest import asking
from harvest.acquire.archive import Archive
from harvest.acquire.channel import Channel
from harvest.acquire.fetch import Fetcher
from harvest.demo import bound
from harvest.model import Contents, Outcome, Person, Query, Stage
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.sources import READERS, SOURCES
from harvest.store.recall import Memory
from harvest.world import World, WorldServer, bindings, demo_dates
from harvest.world.catalogue import people as modelled
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
    found = bound(plan.people[0], bindings())
    return replace(found, orcid=modelled()[found.id]["orcid"])


CROWD = [Person(id=f"n{number}", name=f"Nobody{number} Nowhere") for number in range(100)]
LISTED = replace(NOTHING, listed_until=demo_dates()[0].date())


def visit(home, world, person, source, *, memory=NOTHING, channel=None, **given):
    """All that one source says of one person in one run."""
    (found,) = [one for one in SOURCES if one.name == source]
    urls = world.settings() | {name: given.pop(name) for name in list(given) if name.endswith("_url")}
    settings = read_settings(
        home=home, **{"pace": 0, "deadline_seconds": 3, "max_answer_bytes": 5_000_000, **given}, **urls
    )
    people = [person, *CROWD] if source == "arxiv_oai" else [person]  # which is asked about many people only
    memory = LISTED if source == "arxiv_oai" and memory is NOTHING else memory
    return asking.visit(found, people=people, memory=memory, settings=settings, now=NOW, channel=channel or Channel())


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
    ("late_throttled", "arxiv", SILENT, "HTTP 429", 2),
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
    ("not_found", "openalex", SILENT, "HTTP 404: 404 Not Found", 2),
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
    # arXiv's other interfaces: changes of everybody's papers, and lists of single authors.
    ("late", "arxiv_oai", SILENT, "busy or down (HTTP 503)", 4),
    ("later_at_once", "arxiv_oai", SILENT, "busy or down (HTTP 503)", 4),
    ("throttled", "arxiv_oai", SILENT, "HTTP 429", 2),
    ("stall", "arxiv_oai", SILENT, "", 1),
    ("maintenance", "arxiv_oai", SILENT, "a web page came", 1),
    ("cut_unannounced", "arxiv_oai", SILENT, "no whole XML", 1),
    ("token_expired", "arxiv_oai", SILENT, "badResumptionToken", 2),
    ("throttled", "arxiv_author", SILENT, "HTTP 429", 2),
    ("denied", "arxiv_author", BLOCKED, "refuses us (HTTP 403)", 1),
    ("error_feed", "arxiv_author", SILENT, "arXiv says: internal error", 1),
    ("maintenance", "arxiv_author", SILENT, "a web page came", 1),
    ("nothing", "arxiv_author", SILENT, "an empty answer", 4),
    ("cut_unannounced", "arxiv_author", SILENT, "no whole XML", 1),
    ("nameless", "arxiv_author", SILENT, "an entry without 'id'", 1),
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
    assert records(bad) == set() or outcome is DOUBTED or fault == "token_expired"  # its first page was good
    kept = list(Archive(tmp_path / "bad" / "archive").answers())
    assert {answer.outcome for answer in kept} <= {outcome, GOOD}  # kept as what it is


# fault, source: the service is well, only different; everything is understood
HARMLESS = [
    ("legacy", "arxiv"),
    ("short_pages", "arxiv"),
    ("called_text", "arxiv"),
    ("called_html", "dblp"),
    ("slow", "homepage"),
    ("called_text", "arxiv_author"),
    ("called_html", "arxiv_author"),
    ("token_empty", "arxiv_oai"),
    ("deleted_records", "arxiv_oai"),
    ("acm_none", "arxiv_oai"),
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


@pytest.mark.parametrize("source", ["arxiv", "dblp", "openalex"])
def test_a_first_page_that_turns_empty_is_held(tmp_path, world, person, source):
    """Status 200, a valid list, nothing in it, though there were papers yesterday: what is known stands."""
    good = visit(tmp_path, world, person, source)
    known = replace(NOTHING, counts={answer.url: len(said.records) for answer, said in good.said if said.records})
    world.faults[source] = "empty"
    held = visit(tmp_path, world, person, source, memory=known)
    assert held.state.state is DOUBTED
    assert "what is known stands" in held.state.reason
    assert records(held) == set()
    world.faults.clear()
    assert records(visit(tmp_path, world, person, source, memory=known)) == records(good) != set()


def test_a_list_whose_order_is_not_kept_is_read_to_its_end(tmp_path, world, person, monkeypatch):
    """In order of change a page without news is the last that is needed; not when the oldest come first."""
    monkeypatch.setattr("harvest.sources.arxiv._PAGE", 5)
    revised = max(version.at for work in World(NOW).works_of(person.id) for version in work.versions[1:])
    world.as_of = revised  # one paper has a new version, and nothing else is new
    before = visit(tmp_path / "before", world, person, "arxiv").said
    listed = [one for answer, said in before if "search_query" in answer.url for one in said.records]
    newest = listed[0]
    assert newest.arxiv_version > 1
    memory = replace(
        NOTHING,
        arxiv_versions=frozenset({(one.arxiv_id, one.arxiv_version) for one in listed[1:]} | {(newest.arxiv_id, 1)}),
        counts={answer.url: len(said.records) for answer, said in before},
    )
    pages = {}
    for fault in ("called_text", "unsorted"):  # the first does nothing to the order
        world.log.clear()
        world.faults["arxiv"] = fault
        assert newest.id in records(visit(tmp_path / fault, world, person, "arxiv", memory=memory))
        pages[fault] = sum("search_query" in one.params for one in world.log)
    assert pages == {"called_text": 2, "unsorted": -(-len(listed) // 5)}


def test_papers_that_arxiv_does_not_know_are_left_out_and_said(tmp_path, world, person):
    """It leaves an unknown id out in silence, and one that is no id fails the whole list: such is never asked."""
    memory = replace(NOTHING, arxiv_ids=frozenset({"2410.11474", "2401.99999", "5678.9012/x", "paper 7"}))
    world.as_of = demo_dates()[0]  # nothing of it is found by name
    told = visit(tmp_path, world, person, "arxiv", memory=memory)
    assert told.state.state is GOOD
    missing = [remark.explanation for _, said in told.said for remark in said.remarks if remark.kind == "missing"]
    assert [one.partition(" ")[0] for one in missing] == ["2401.99999", "2410.11474"]
    asked = [one.params["id_list"] for one in world.log if "id_list" in one.params]
    assert asked[-1] == "2401.99999,2410.11474"


def test_one_paper_that_is_missing_from_a_page_is_asked_for_again(tmp_path, world, person):
    """A page with one entry less than was announced: the next page begins where this one ended."""
    truth = keys(visit(tmp_path / "good", world, person, "arxiv"))
    world.faults["arxiv"] = Fault("one_missing", times=1)
    short = visit(tmp_path / "short", world, person, "arxiv")
    assert (short.state.state, keys(short)) == (GOOD, truth)


def test_a_merged_author_of_openalex_is_followed_and_said(tmp_path, world, person):
    """The old id answers 301: the numbers are read, and the new id is told."""
    (old,) = [one["openalex_id_before"] for one in modelled().values() if one.get("openalex_id_before")]
    (answer, said), *_ = visit(tmp_path, world, replace(person, openalex_id=old), "openalex").said
    assert answer.outcome is GOOD
    assert said.readings
    assert [remark.explanation.partition(":")[0] for remark in said.remarks if remark.kind == "moved"] == [
        f"OpenAlex has {old} as {old.replace('9000902', '9000002')} now"
    ]


def test_a_list_of_authors_that_was_cut_says_so(tmp_path, world, person):
    """OpenAlex gives the first hundred: whoever comes after them is not missing, only unseen."""
    world.faults["openalex"] = "authors_cut"
    told = [one for _, said in visit(tmp_path, world, person, "openalex").said for one in said.records]
    assert told
    assert all(one.truncated and len(one.authors) == 1 for one in told)


def test_nobody_asks_openreview_or_google_scholar():
    """The one asks for a login or a challenge since 2026, the other forbids it: neither is a source or has a reader."""
    assert {"openreview", "google_scholar"} & (READERS.keys() | {source.name for source in SOURCES}) == set()


def test_papers_that_move_between_two_pages_are_not_lost(tmp_path, world, person):
    """New versions push others over the edge of a page: everything that was there is there."""
    world.as_of = demo_dates()[3]
    truth = {record.key for _, said in visit(tmp_path / "a", world, person, "arxiv").said for record in said.records}
    world.faults["arxiv"] = "drift"
    moved = visit(tmp_path / "b", world, person, "arxiv")
    found = {record.arxiv_id for _, said in moved.said for record in said.records}
    assert moved.state.state is DOUBTED or {key.partition("v")[0] for key in truth} <= found


def keys(visited):
    """The papers that a visit names, whichever version."""
    return {record.arxiv_id for _, contents in visited.said for record in contents.records}


@pytest.fixture
def mine():
    """The papers of the person that arXiv has."""
    return {work.arxiv_id for work in World(NOW).works_of("mingze-wang") if World(NOW).versions(work)}


@pytest.fixture
def changed():
    """The papers under the person's name, namesakes' too, that changed in the days that are asked about."""
    newest = {work.arxiv_id: World(NOW).current(work) for work in World(NOW).works}
    since = LISTED.listed_until - timedelta(days=3)
    return {id for id, one in newest.items() if one and one.at.date() >= since and "Mingze Wang" in one.authors}


def test_a_list_of_changes_is_read_to_its_end(tmp_path, world, person, changed):
    """Page after page by their tokens; the last one has none, and one without news is an error that is none."""
    told = visit(tmp_path, world, person, "arxiv_oai")
    assert told.state.state is GOOD
    assert keys(told) == changed
    assert told.requests == len(world.log) > 2
    assert [len(contents.records) for _, contents in told.said] != [len(changed)]  # of everybody's, theirs are kept
    quiet = visit(tmp_path, world, person, "arxiv_oai", memory=replace(LISTED, listed_until=date(2030, 1, 1)))
    assert (quiet.state.state, keys(quiet), quiet.requests) == (GOOD, set(), 1)


def test_after_a_token_that_expired_the_next_run_begins_again(tmp_path, world, person, changed):
    """What the first page said stands, and the days are not taken for listed."""
    world.faults["arxiv_oai"] = "token_expired"
    half = visit(tmp_path, world, person, "arxiv_oai")
    assert [answer.outcome for answer, _ in half.said] == [GOOD, SILENT]
    assert keys(half) < changed
    world.faults.clear()
    assert keys(visit(tmp_path, world, person, "arxiv_oai")) == changed


def test_records_that_move_while_they_are_listed_are_found_by_the_next_run(tmp_path, world, person):
    """Papers revised between two pages push others over the edge in silence: so every day is listed by two runs."""
    world.as_of = demo_dates()[5]
    there = keys(visit(tmp_path / "calm", world, person, "arxiv_oai"))
    world.faults["arxiv_oai"] = "drift"
    moved = visit(tmp_path / "moved", world, person, "arxiv_oai")
    assert moved.state.state is GOOD  # nothing tells
    assert there - keys(moved), "nothing was lost"
    world.faults.clear()
    world.as_of = demo_dates()[6]
    again = visit(tmp_path / "moved", world, person, "arxiv_oai")
    assert keys(moved) | keys(again) >= there


@pytest.mark.parametrize("fault", ["late", "later_at_once"])
def test_a_service_that_says_come_back_at_once_is_not_taken_at_its_word(tmp_path, world, person, fault):
    """After three minutes it says 503 and "Retry-After: 0": its pause is kept all the same, and it is left soon."""
    world.faults["arxiv_oai"], world.drip = fault, 0.05
    visit(tmp_path, world, person, "arxiv_oai", pace=0.1, deadline_seconds=20)
    opened = sorted(one.opened for one in world.log)
    assert len(opened) == 4
    assert all((after - before).total_seconds() >= 0.3 for before, after in pairwise(opened))


@pytest.mark.parametrize("fault", ["late", "stall"])
def test_three_minutes_of_silence_are_not_waited_for(tmp_path, world, person, fault):
    """The call ends at its own deadline, and the pages so far stand."""
    world.faults["arxiv_oai"], world.drip = fault, 30
    told = visit(tmp_path, world, person, "arxiv_oai", deadline_seconds=0.5)
    assert (told.state.state, len(world.log)) == (SILENT, 1)


def test_what_arxivs_records_say_oddly_is_understood(tmp_path, world, person):
    """Withdrawn without the mark of it, two DOIs in one field, and "None" for a class that is not given."""
    world.faults["arxiv_oai"] = "withdrawn_unflagged"
    stages = {
        record.stage for _, said in visit(tmp_path / "a", world, person, "arxiv_oai").said for record in said.records
    }
    assert stages == {Stage.WITHDRAWN}
    world.faults["arxiv_oai"] = "two_dois"
    told = visit(tmp_path / "b", world, person, "arxiv_oai").said
    assert {record.doi for _, said in told for record in said.records} == {"10.1000/one.1"}
    assert any("10.1000/two.2" in remark.explanation for _, said in told for remark in said.remarks)
    world.faults["arxiv_oai"] = "acm_none"
    told = visit(tmp_path / "c", world, person, "arxiv_oai").said
    assert "None" not in {term for _, said in told for record in said.records for term in record.categories}


def test_deleted_records_are_remarked_and_are_no_papers(tmp_path, world, person, changed):
    """arXiv never sends them, others do."""
    world.faults["arxiv_oai"] = "deleted_records"
    told = visit(tmp_path, world, person, "arxiv_oai")
    assert keys(told) == changed
    assert "deleted" in {remark.kind for _, said in told.said for remark in said.remarks}


def test_an_authors_own_list_is_asked_once_a_day(tmp_path, world, person, mine):
    """One request for a person with an ORCID; none for who has no identifier, nor twice on a day."""
    told = visit(tmp_path, world, person, "arxiv_author")
    assert (told.state.state, told.requests, keys(told)) == (GOOD, 1, mine)
    assert {answer.person_id for answer, _ in told.said} == {person.id}
    (url,) = {answer.url for answer, _ in told.said}
    assert url == f"https://arxiv.org/a/{person.orcid}.atom"
    today = replace(NOTHING, answered_on={url: NOW.date()})
    assert visit(tmp_path, world, person, "arxiv_author", memory=today).requests == 0
    assert visit(tmp_path, world, replace(person, orcid=None), "arxiv_author").requests == 0
    first, second = told.said[0][1].records, visit(tmp_path, world, person, "arxiv").said
    same = {record.id for _, said in second for record in said.records}
    assert {record.id for record in first} <= same  # the search says the same words of them


def test_most_people_have_no_list_of_their_own_and_that_is_no_failure(tmp_path, world, person):
    """arXiv says 400 for them: nothing is there, which is an answer; but not where there was a list before."""
    other = replace(person, orcid="0000-0002-1825-0097")
    told = visit(tmp_path, world, other, "arxiv_author")
    assert (told.state.state, told.requests, keys(told)) == (GOOD, 1, set())
    assert [remark.kind for _, said in told.said for remark in said.remarks] == ["no_list"]
    before = replace(NOTHING, counts={told.said[0][0].url: 7})
    held = visit(tmp_path, world, other, "arxiv_author", memory=before)
    assert (held.state.state, "what is known stands" in held.state.reason) == (DOUBTED, True)
    named = replace(person, more=(("arxiv_author", "wang_m_1"),))
    wrong = visit(tmp_path, world, named, "arxiv_author")
    assert (wrong.state.state, "mend arxiv_author_id" in wrong.state.reason) == (SILENT, True)


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
    ("semantic_scholar", said('{"message": "Endpoint request timed out"}', 504), SILENT, "HTTP 504"),
    ("semantic_scholar", said('{"message": "Too Many Requests", "code": "429"}'), SILENT, "Too Many Requests"),
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
    elsewhere = {"empty", "drift", "unsorted", "halved", "null_counts", "wrong_types", "one_missing", "short_pages",
                 "authors_cut", "withdrawn_unflagged", "two_dois"}  # fmt: skip
    assert played | elsewhere >= NAMES
