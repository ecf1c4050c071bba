"""The sources that are asked seldom: Semantic Scholar, ORCID, Crossref, and DataCite where arXiv is silent.

Whole runs over real HTTP on loopback: what was asked is what the model world's server saw.
"""

import gzip
import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from harvest import asking, pipeline
from harvest.acquire.channel import Channel
from harvest.demo import bound
from harvest.describe import tell_status
from harvest.model import Answer, Contents, Outcome, Person
from harvest.plan import Plan, read_plan
from harvest.report.digest import digest
from harvest.report.page import render_page, render_text
from harvest.runs import Visit
from harvest.seeds import read_people
from harvest.settings import read_settings
from harvest.sources import SOURCES, SPARES
from harvest.sources.crossref import Crossref
from harvest.sources.datacite import DataCite
from harvest.sources.semantic_scholar import SemanticScholar
from harvest.sources.source import Known
from harvest.store.recall import Memory, recall
from harvest.store.warehouse import ask, reading, utc, writing
from harvest.world import WorldServer, bindings, catalogue, openalex
from harvest.world.record import Reply

RENEWED = "2410.11474"  # has a second version ten days after NOW
NOW = next(one.versions[1].at for one in catalogue.works() if one.arxiv_id == RENEWED) - timedelta(days=10)
NOTHING = Memory(arxiv_versions=frozenset(), arxiv_ids=frozenset(), counts={})
KEY = "sentinel-of-a-key-27182"


@pytest.fixture
def world():
    """The model world on some day."""
    with WorldServer(NOW) as server:
        yield server


@pytest.fixture(scope="module")
def _known(tmp_path_factory):
    home = tmp_path_factory.mktemp("known")
    with WorldServer(NOW) as server:
        harvest(home, server, "arxiv", "datacite")
    return home


@pytest.fixture
def home(_known, tmp_path):
    """A warehouse after a run in which arXiv, and nobody else, said what it has."""
    return shutil.copytree(_known, tmp_path / "home")


def person(id="mingze-wang", **given):
    """Somebody whom every service of the model knows."""
    (seed,) = [one for one in read_plan(read_settings()).people if one.id == id]
    known = catalogue.people()[id]
    more = (("semantic_scholar", known["semantic_scholar_id"]),)
    return replace(bound(seed, bindings()), **{"orcid": known["orcid"], "more": more, **given})


def harvest(home, world, *names, days=0, people=None, channel=None, **given):
    """A run that asks these sources so many days later; what it did, and the requests that were made."""
    moment = NOW + timedelta(days=days)
    world.as_of = moment
    world.log.clear()
    settings = read_settings(home=home, pace=0, **{"deadline_seconds": 5, **world.settings(), **given})
    sources = tuple(one for one in SOURCES if one.name in names)
    plan = Plan(people=tuple(people or [person()]), sources=sources)
    run = pipeline.harvest(settings=settings, plan=plan, now=moment, channel=channel or Channel())
    return run, [one for one in world.log if one.service in names]


def asked_on(home, world, name, days):
    """What one source would be asked in a run so many days later, and its state; the warehouse stays as it is."""
    moment = NOW + timedelta(days=days)
    world.as_of = moment
    world.log.clear()
    with writing(home) as db:
        memory = recall(db, utc(moment))
    (source,) = [one for one in SOURCES if one.name == name]
    settings = read_settings(home=home, pace=0, **world.settings())
    seen = asking.visit(source, people=[person()], memory=memory, settings=settings, now=moment)
    return seen.state.state, list(world.log)


def state(run, name):
    """How a source answered in a run, if it was asked."""
    return next((one.state for one in run.states if one.source == name), None)


def said(content, status=200):
    """A reply in JSON."""
    return Reply(status, "application/json", json.dumps(content).encode())


def test_semantic_scholar_tells_all_of_a_person_in_one_request_a_week(tmp_path, world):
    """Numbers and papers together, with the key in a header; nothing for whom it has no id."""
    people = [person(), person("zhanpeng-zhou", more=())]
    run, asked = harvest(tmp_path, world, "semantic_scholar", people=people, semantic_scholar_key=KEY)
    (request,) = asked
    assert (run.exit_code, request.path) == (0, "/graph/v1/author/9999001")
    assert request.headers["x-api-key"] == KEY
    assert "papers.externalIds" in request.params["fields"]
    numbers = "select metric, value > 0 from metric_history where subject_id = 'mingze-wang' order by all"
    assert ask(tmp_path, numbers)[1] == [("citations", True), ("h_index", True), ("papers", True)]
    assert ask(tmp_path, "select distinct source from metric_history")[1] == [("semantic_scholar",)]
    assert ask(tmp_path, "select count(*) > 10 from witnesses where source = 'semantic_scholar'")[1] == [(True,)]
    assert KEY.encode() not in held(tmp_path)
    with reading(tmp_path) as db:
        told = digest(db, since=None, until=NOW)
    credit = "https://www.semanticscholar.org/product/api"  # its licence wants to be named, with a link
    assert f'href="{credit}"' in render_page(told)
    assert credit in render_text(told)
    assert [len(asked_on(tmp_path, world, "semantic_scholar", day)[1]) for day in (0, 6, 7)] == [0, 0, 1]


def test_semantic_scholar_is_off_without_a_key(tmp_path):
    """One sentence in the status; nobody is asked, and the run is whole."""
    settings = read_settings(home=tmp_path, semantic_scholar_url="https://semanticscholar.invalid")
    seen = asking.visit(SemanticScholar(), people=[person()], memory=NOTHING, settings=settings, now=NOW)
    assert (seen.state.state, seen.requests) == (Outcome.OFF, 0)
    assert "HARVEST_SEMANTIC_SCHOLAR_KEY" in seen.state.reason
    on = read_settings(semantic_scholar_key=KEY, semantic_scholar_url="https://semanticscholar.invalid")
    assert on.switched_off("semantic_scholar") == ""


@pytest.mark.parametrize(
    ("reply", "outcome", "words", "requests"),
    [
        ("shared_pool", Outcome.UNANSWERED, "HTTP 429", 2),
        ("bad_gateway", Outcome.UNANSWERED, "HTTP 502", 4),
        (said({"message": "Endpoint request timed out"}, 504), Outcome.UNANSWERED, "HTTP 504", 4),
        (said({"error": "Author with id 9999001 not found"}, 404), Outcome.UNANSWERED, "not found", 1),
        (said({"message": "Forbidden"}, 403), Outcome.BLOCKED, "HTTP 403", 1),
        (said({"error": "Internal"}), Outcome.UNANSWERED, "Internal", 1),
        (said({"message": f"no such key: {KEY}"}, 403), Outcome.UNANSWERED, "repeats our key", 1),
        (said({"authorId": "9999001", "paperCount": 18, "papers": None}), Outcome.SUSPICIOUS, "gave 0 of the 18", 1),
        (said({"authorId": "9999001", "paperCount": 18}), Outcome.SUSPICIOUS, "gave 0 of the 18", 1),
    ],
)  # fmt: skip
def test_a_bad_day_of_semantic_scholar_is_named_and_the_key_stays_ours(
    tmp_path, world, reply, outcome, words, requests
):
    """Nothing of it is believed, and no file or line holds the key."""
    world.faults["semantic_scholar"] = reply
    settings = read_settings(home=tmp_path, pace=0, semantic_scholar_key=KEY, **world.settings())
    with capture_logs() as logs:
        seen = asking.visit(SemanticScholar(), people=[person()], memory=NOTHING, settings=settings, now=NOW)
    assert (seen.state.state, len(world.log)) == (outcome, requests)
    assert words in seen.state.reason
    assert not any(contents.records for _, contents in seen.said)
    assert {one.headers["x-api-key"] for one in world.log} == {KEY}
    assert KEY.encode() not in held(tmp_path) + repr((logs, seen)).encode()


def held(home):
    """All bytes that lie there, unpacked."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return b"".join(gzip.decompress(one.read_bytes()) if one.suffix == ".gz" else one.read_bytes() for one in files)


def test_semantic_scholar_that_throttles_us_is_asked_again_the_next_day(tmp_path, world):
    """No answer is no reason to wait a week."""
    world.faults["semantic_scholar"] = "shared_pool"
    first, _ = asked_on(tmp_path, world, "semantic_scholar", 0)
    world.faults.clear()
    again, asked = asked_on(tmp_path, world, "semantic_scholar", 1)
    assert (first, again, len(asked)) == (Outcome.UNANSWERED, Outcome.ANSWERED, 1)


def test_what_semantic_scholar_leaves_null_is_unknown(tmp_path, world):
    """A null paper is passed over, a null number is no zero."""
    paper = {"paperId": "ab12", "title": "On engines", "authors": [None, {"authorId": None, "name": "Mingze Wang"}],
             "externalIds": None, "venue": None, "year": None, "citationCount": None}  # fmt: skip
    author = {"authorId": "9999001", "name": "Mingze Wang", "hIndex": None, "citationCount": 3, "paperCount": 2}
    world.faults["semantic_scholar"] = said(author | {"papers": [None, paper]})
    settings = read_settings(home=tmp_path, pace=0, **world.settings())
    seen = asking.visit(SemanticScholar(), people=[person()], memory=NOTHING, settings=settings, now=NOW)
    ((answer, told),) = seen.said
    assert answer.outcome is Outcome.ANSWERED
    assert [(one.title, one.authors, one.year) for one in told.records] == [("On engines", ("Mingze Wang",), None)]
    assert {(one.metric, one.value) for one in told.readings} == {("citations", 3), ("papers", 2)}


def test_an_author_whom_semantic_scholar_moved_is_named():
    """Authors merge: the id to put into people.toml is said."""
    body = json.dumps({"authorId": "88", "name": "Ada", "paperCount": 0, "papers": []}).encode()
    url = "https://api.semanticscholar.org/graph/v1/author/77?fields=name%2Cpapers.title"
    read = SemanticScholar().read(Answer(source="semantic_scholar", url=url, body=body, received_at=NOW))
    assert [one.explanation for one in read.remarks if one.kind == "moved"] == [
        "Semantic Scholar has 77 as 88 now: put that in people.toml"
    ]


def test_people_toml_has_a_place_for_the_author_id(tmp_path):
    """Digits, as in the address of the author's page."""
    file = tmp_path / "people.toml"
    file.write_text('[[person]]\nid = "ada"\nname = "Ada"\nsemantic_scholar_id = "1741101"\n')
    ((ada,), _) = read_people(file)
    (query,) = SemanticScholar().ask([ada, Person(id="bob", name="Bob")], Known())
    assert query.path == "/graph/v1/author/1741101"


def test_orcid_is_asked_once_a_week_whether_anything_is_new(tmp_path, world):
    """One request for a whole record, conditional from the second on; its works join those of others."""
    run, asked = harvest(tmp_path, world, "orcid", "dblp")
    (first,) = [one for one in asked if one.service == "orcid"]
    assert (run.exit_code, first.path) == (0, "/v3.0/0000-0000-0000-001X/record")
    shared = "select count(*) > 5 from (select work_id from witnesses group by all having count(distinct source) = 2)"
    assert ask(tmp_path, shared)[1] == [(True,)]
    assert asked_on(tmp_path, world, "orcid", 6) == (Outcome.ANSWERED, [])
    again, (second,) = asked_on(tmp_path, world, "orcid", 7)
    assert (again, "If-None-Match" in second.headers) == (Outcome.ANSWERED, True)
    world.faults["orcid"] = "maintenance"
    assert asked_on(tmp_path, world, "orcid", 14)[0] is Outcome.UNANSWERED


def test_crossref_is_asked_for_what_no_index_has_confirmed(home, world):
    """DOIs that only authors gave, all in one question; once Crossref says that they appeared, never again."""
    given = {doi for (doi,) in ask(home, "select distinct doi from records where doi is not null")[1]}
    run, (request,) = harvest(home, world, "crossref", days=1, contact="ada@example.org")
    assert given
    assert set(request.params["filter"].split(",")) == {f"doi:{doi}" for doi in given}
    assert "(mailto:ada@example.org)" in request.headers["User-Agent"]
    assert run.exit_code == 0
    told = ask(home, "select doi, stage, venue is not null from witnesses where source = 'crossref'")[1]
    assert {(doi, stage, named) for doi, stage, named in told} == {(doi, "published", True) for doi in given}
    assert asked_on(home, world, "crossref", 60) == (Outcome.ANSWERED, [])


def test_a_doi_that_crossref_lacks_is_asked_for_again_a_month_later(home, world):
    """Missing from the list is an answer; "not found" for the whole question is none."""
    world.faults["crossref"] = "not_found_words"
    found, asked = asked_on(home, world, "crossref", 2)
    assert (found, len(asked)) == (Outcome.UNANSWERED, 1)
    message = {"total-results": 0, "items": [], "items-per-page": 40, "facets": {}}
    world.faults["crossref"] = said({"status": "ok", "message-type": "work-list", "message": message})
    run, asked = harvest(home, world, "crossref", days=3)
    assert (run.exit_code, run.records, len(asked)) == (0, 0, 1)
    assert [len(asked_on(home, world, "crossref", day)[1]) for day in (4, 32, 33)] == [0, 0, 1]


def test_crossref_is_asked_in_batches_for_new_dois_only():
    """Those asked for lately, in whatever company, are left out; so is what its filter could not hold."""
    lately = frozenset({"https://api.crossref.org/works?filter=doi%3A10.1%2Fa%2Cdoi%3A10.1%2Fb&rows=2"})
    dois = frozenset({"10.1/a", "10.1/b", "10.1/c,d", *(f"10.2/{n}" for n in range(41))})
    queries = list(Crossref().ask([], Known(unconfirmed_dois=dois, lately=lately)))
    assert [dict(one.params)["rows"] for one in queries] == ["40", "1"]
    assert not any("10.1/" in dict(one.params)["filter"] for one in queries)


def test_datacite_stands_in_for_arxiv_and_never_says_that_nothing_is_new(home, world):
    """Known papers only, all in one request, once a day; arXiv is still what did not answer.

    A new version that only DataCite tells of is one more witness's word.
    """
    assert ask(home, "select distinct source from answers")[1] == [("arxiv",)]
    with writing(home) as db:
        known = recall(db, utc(NOW))
    world.faults["arxiv"] = "throttled"
    run, asked = harvest(home, world, "arxiv", "datacite", days=20)
    assert (run.exit_code, state(run, "arxiv"), state(run, "datacite")) == (3, Outcome.UNANSWERED, Outcome.ANSWERED)
    (request,) = [one for one in asked if one.service == "datacite"]
    assert set(request.params["ids"].split(",")) == {f"10.48550/arxiv.{id}" for id in known.our_arxiv_ids}
    assert int(request.params["page[size]"]) > len(known.our_arxiv_ids)  # or a next page without the ids would follow
    rows = ask(home, f"select source, max(arxiv_version) from records where arxiv_id = '{RENEWED}' group by source")[1]
    assert dict(rows) == {"arxiv": 1, "datacite": 2}
    with writing(home) as db:
        assert recall(db, utc(NOW + timedelta(days=20))).listed_until == known.listed_until
    assert [len(asked_on(home, world, "datacite", day)[1]) for day in (20, 21)] == [0, 1]


def test_the_last_failure_of_a_spare_is_no_failure_once_its_source_answers_again(tmp_path, world, capsys):
    """While nobody needs it, status says what it is, when it was last asked, and what came of that."""
    harvest(tmp_path, world, "arxiv")
    world.faults.update(arxiv="unavailable", datacite="unavailable")
    harvest(tmp_path, world, "arxiv", "datacite", days=1)
    settings = read_settings(home=tmp_path)
    states = "select source, max(state) from source_status group by source order by source"
    failed = [("arxiv", "not_answered"), ("datacite", "not_answered")]
    assert ask(tmp_path, states)[1] == failed
    world.faults.clear()
    harvest(tmp_path, world, "arxiv", "datacite", days=2)
    assert ask(tmp_path, states)[1] == [("arxiv", "answered"), ("datacite", "at_rest")]
    capsys.readouterr()
    tell_status(settings, "table")
    said = " ".join(capsys.readouterr().out.split())
    day = f"{NOW + timedelta(days=1):%Y-%m-%d}"
    assert "datacite at rest; no good answer yet" in said
    assert f"asked only when arxiv does not answer, the last time on {day}: not answered, busy or down" in said
    world.faults["arxiv"] = "unavailable"
    harvest(tmp_path, world, "arxiv", "datacite", days=3)
    assert ask(tmp_path, states)[1] == [("arxiv", "not_answered"), ("datacite", "answered")]
    with reading(tmp_path) as db:
        assert "DataCite" not in str(digest(db, until=NOW + timedelta(days=2)).sources), "a report of the day before"
        assert "DataCite" in str(digest(db, until=NOW + timedelta(days=3)).sources)
    assert {one: ask(tmp_path, f"select stands_in_for('{one}')")[1][0][0] for one in SPARES} == SPARES


@pytest.mark.parametrize(
    ("asked", "outcome", "spare"),
    [
        (True, Outcome.ANSWERED, False),
        (True, Outcome.SUSPICIOUS, False),  # it answered, if oddly: its list is asked about again
        (True, Outcome.OFF, False),
        (True, Outcome.UNANSWERED, True),
        (True, Outcome.BLOCKED, True),
        (False, Outcome.ANSWERED, True),  # whoever asks for the spare alone means it
    ],
)
def test_a_spare_is_asked_when_its_source_did_not_answer(asked, outcome, spare):
    """And after all others: until then nobody knows."""
    visited = []

    def call(source):
        visited.append(source.name)
        answer = Answer(source=source.name, url="", body=b"", received_at=NOW, outcome=outcome)
        return Visit(source=source.name, said=((answer, Contents()),))

    sources = [one for one in SOURCES if one.name == "datacite" or (asked and one.name == "arxiv")]
    visits = asking.visit_all(call, list(reversed(sources)), map)
    assert visited == [one.source for one in visits] == ["arxiv"] * asked + ["datacite"] * spare
    assert {*SPARES, *SPARES.values()} <= {one.name for one in SOURCES}


def test_datacite_is_asked_for_the_newest_papers_first_and_for_so_many_only():
    """A bad day of arXiv's is no reason to ask for all there ever was; ids of both kinds are known there."""
    ids = frozenset({f"2401.{n:05d}" for n in range(1200)} | {"0704.0374", "math.AG/0601001"})
    asked = [dict(one.params)["ids"].split(",") for one in DataCite().ask([], Known(our_arxiv_ids=ids))]
    assert [len(some) for some in asked] == [50] * 20
    assert asked[0][0] == "10.48550/arxiv.2401.01199"
    few = frozenset({"0704.0374", "math.AG/0601001", "9912.00001"})
    (query,) = DataCite().ask([], Known(our_arxiv_ids=few))
    assert dict(query.params)["ids"].endswith("0704.0374,10.48550/arxiv.math.ag/0601001")


def test_a_file_given_by_hand_is_read_though_nothing_is_due(tmp_path, world):
    """Somebody fetched it for a reason."""
    url = "https://pub.orcid.org/v3.0/0000-0000-0000-001X/record"
    (orcid,) = [one for one in SOURCES if one.name == "orcid"]
    body = b'<record xmlns="http://www.orcid.org/ns/record"/>'
    file = Answer(source="orcid", url=url, body=body, received_at=NOW, person_id="mingze-wang")
    settings = read_settings(home=tmp_path, pace=0, **world.settings())
    memory = replace(NOTHING, answered_on={url: NOW.date()})
    for given, answers in (((), 0), ((file,), 1)):
        seen = asking.visit(
            orcid, people=[person()], memory=memory, settings=settings, now=NOW, channel=Channel(by_hand=given)
        )
        assert (len(seen.said), seen.requests) == (answers, 0)


def test_a_file_of_what_many_people_are_not_asked_about_any_more_is_read(tmp_path, world):
    """Above a hundred people, a list that was asked for once is not again: but somebody fetched it."""
    url = "https://arxiv.org/a/0000-0000-0000-001X.atom"
    (source,) = [one for one in SOURCES if one.name == "arxiv_author"]
    people = [person(), *(Person(id=f"n{number}", name=f"Nobody{number} Nowhere") for number in range(100))]
    memory = replace(NOTHING, counts={url: 1}, listed_until=NOW.date())
    settings = read_settings(home=tmp_path, pace=0, **world.settings())
    file = Answer(source="arxiv_author", url=url, body=b"no feed", received_at=NOW, person_id="mingze-wang")
    for given, outcomes in (((), []), ((file,), [Outcome.UNANSWERED])):
        channel = Channel(by_hand=given)
        seen = asking.visit(source, people=people, memory=memory, settings=settings, now=NOW, channel=channel)
        assert ([answer.outcome for answer, _ in seen.said], seen.requests) == (outcomes, 0)


def off(home, world, channel=None):
    """A run without any key: its exit code, the states of its sources, and which were asked."""
    urls = {"openalex_url": "https://openalex.invalid", "semantic_scholar_url": "https://scholar.invalid"}
    run, asked = harvest(home, world, "dblp", "openalex", "semantic_scholar", channel=channel, **urls)
    return run.exit_code, {one.source: one.state for one in run.states}, [one.service for one in asked]


BOTH_OFF = {"openalex": Outcome.OFF, "semantic_scholar": Outcome.OFF}


def test_a_run_without_a_key_replays_as_it_was(tmp_path, world):
    """A source that nobody asked then is no source that failed."""
    recorded = off(tmp_path / "one", world, Channel(record=tmp_path / "kept"))
    assert recorded == (0, BOTH_OFF | {"dblp": Outcome.ANSWERED}, ["dblp"])
    replayed = off(tmp_path / "two", world, Channel(replay=tmp_path / "kept"))
    assert replayed == (*recorded[:2], [])


def test_a_file_is_an_answer_of_a_source_that_is_switched_off(tmp_path, world):
    """Without a key nobody is asked, but what somebody fetched is read."""
    asked = person()
    body = openalex.render(f"/authors/{asked.openalex_id}", {}, NOW).body
    url = f"https://api.openalex.org/authors/{asked.openalex_id}"
    file = Answer(source="openalex", url=url, body=body, received_at=NOW, person_id=asked.id)
    assert off(tmp_path, world, Channel(by_hand=(file,)))[1:] == (BOTH_OFF | {"dblp": Outcome.ANSWERED}, ["dblp"])
    numbers = "select distinct metric from metric_history where source = 'openalex' order by all"
    assert [one for (one,) in ask(tmp_path, numbers)[1]] == ["citations", "h_index", "i10_index", "papers"]


def test_a_source_that_got_its_key_is_no_longer_called_switched_off(tmp_path, world):
    """The status says what is so now."""
    states = "select distinct source, state from source_status where source <> 'dblp' order by all"
    off(tmp_path, world)
    assert ask(tmp_path, states)[1] == [("openalex", "switched_off"), ("semantic_scholar", "switched_off")]
    harvest(tmp_path, world, "openalex", days=1)
    assert ask(tmp_path, states)[1] == [("openalex", "answered"), ("semantic_scholar", "switched_off")]
