"""Finding a person at the sources and checking what is bound: evidence is shown, and a human binds."""

import json
import tomllib
from dataclasses import replace

import pytest

import harvest.people
from harvest import pipeline
from harvest.demo import bound
from harvest.errors import InputProblem
from harvest.identify.find import on_record, weigh
from harvest.model import Record
from harvest.people import bindings, check, find, tell_people
from harvest.plan import read_plan
from harvest.seeds import read_people
from harvest.settings import read_settings
from harvest.store.warehouse import ask
from harvest.world import bindings as modelled
from harvest.world import demo_dates, seeds
from harvest.world.record import Reply
from harvest.world.server import WorldServer

NOW = demo_dates()[5]
NAMES = ("Ada Lovelace",)


def paper(title: str, *others: str, by: str = "Ada Lovelace", **given) -> Record:
    """A record of hers."""
    return Record(source="dblp", key=title, title=title, authors=(by, *others), **given)


KNOWN = on_record(
    [("Notes on the Engine", ["Ada Lovelace", "Charles Babbage"], "2301.00001", None),
     ("Looms", ["Ada Lovelace", "Mary Somerville"], None, "10.1000/1")],
    NAMES,
)  # fmt: skip

WEIGHED = [
    ("two works on record", [paper("Notes on the engine."), paper("LOOMS")], True),
    ("one work and two co-authors", [paper("Looms", "C. Babbage", "Mary Somerville")], True),
    ("one work and nobody known is luck", [paper("Looms")], False),
    ("co-authors alone are no work", [paper("Tides", "Charles Babbage", "Mary Somerville")], False),
    ("the same identifiers under other titles",
     [paper("A", arxiv_id="2301.00001"), paper("B", doi="10.1000/1")], True),
    ("a preprint and its publication count once", [paper("Looms"), paper("Looms", doi="10.1000/1")], False),
    ("a name is no evidence", [paper("Crops"), paper("Tides")], False),
    ("nothing to compare", [], False),
]  # fmt: skip


@pytest.mark.parametrize(("why", "records", "likely"), WEIGHED, ids=[case[0] for case in WEIGHED])
def test_a_name_alone_is_never_enough(why, records, likely):
    """Shared works are, and co-authors beside one."""
    assert weigh(records, NAMES, KNOWN).likely is likely, why


def test_works_under_another_name_are_foreign():
    """The identifier is somebody else's, or was mistyped."""
    assert weigh([paper("Crops", by="Max Mustermann"), paper("Tides", by="Max Mustermann")], NAMES, KNOWN).foreign
    assert not weigh([paper("Crops"), paper("Tides", by="Max Mustermann")], NAMES, KNOWN).foreign


@pytest.fixture(scope="module")
def world():
    """The model world."""
    with WorldServer(NOW) as server:
        yield server


@pytest.fixture(scope="module")
def settings(tmp_path_factory, world):
    """A warehouse after one run with the seed documents and arXiv; nobody is bound at DBLP or OpenAlex."""
    home = tmp_path_factory.mktemp("people")
    given = read_settings(home=home, pace=0, **world.settings(), **seeds())
    plan = read_plan(given)
    arxiv = tuple(source for source in plan.sources if source.name in ("arxiv", "homepage"))
    people = tuple(replace(one, homepages=modelled()[one.id]["homepages"]) for one in plan.people)
    pipeline.harvest(settings=given, plan=replace(plan, people=people, sources=arxiv), now=NOW)
    return given


def test_a_homonym_is_shown_and_the_one_with_shared_works_is_proposed(settings, capsys):
    """Three people bear the name; works and co-authors tell whom the seeds mean."""
    assert find(settings, "Mingze Wang", ["Peking University"], [], NOW) == 3  # ORCID is not modelled
    said = capsys.readouterr()
    mine = modelled()["mingze-wang"]
    assert said.out.count("dblp ") >= 3
    assert f'\ndblp_pid = "{mine["dblp_pid"]}"' in said.out
    assert f'\nopenalex_id = "{mine["openalex_id"]}"' in said.out
    assert "known co-authors" in said.out
    assert "affiliation Peking University" in said.out
    assert "orcid: not answered" in said.err


def test_whoever_is_not_on_record_is_found_but_not_proposed(settings, capsys, tmp_path):
    """Without anything to compare with, a name stays a name; the snippet is valid all the same."""
    empty = settings.model_copy(update={"home": tmp_path})
    find(empty, "Zhanpeng Zhou", ["Shanghai Jiao Tong University"], [], NOW)
    said = capsys.readouterr()
    assert "nothing is on record" in said.err
    snippet = said.out[said.out.index("# for people.toml") :]
    assert tomllib.loads(snippet).get("dblp_pid") is None
    assert "# dblp_pid =" in snippet


def test_a_blocked_source_is_said(settings, world, capsys):
    """Silence is not absence."""
    world.faults["dblp"] = "blocked"
    try:
        assert find(settings, "Weinan E", [], [], NOW) == 3
    finally:
        world.faults.clear()
    assert "dblp: blocked" in capsys.readouterr().err


def test_bindings_are_verified_one_by_one(settings, world, capsys, tmp_path):
    """A good one, one that moved, a homonym's, a page of another name, one that is not there."""
    zhou, wang = modelled()["zhanpeng-zhou"], modelled()["mingze-wang"]
    file = tmp_path / "people.toml"
    entry = '[[person]]\nid = "{}"\nname = "{}"\ndblp_pid = "{}"\nopenalex_id = "{}"\n'
    file.write_text(
        entry.format("zhanpeng-zhou", "Zhanpeng Zhou", "999/2002", wang["openalex_id"])
        + entry.format("mingze-wang", "Mingze Wang", wang["dblp_pid"], "A5999999999")
    )
    here = settings.model_copy(update={"people": file})
    assert check(here, [], NOW) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert f"has 999/2002 as {zhou['dblp_pid']} now" in said
    assert said.count("wrong") == 2
    assert said.count(" ok") == 1
    assert check(here, ["mingze-wang"], NOW) == 1


def test_the_list_says_who_is_bound_to_what(settings, capsys):
    """And who to nothing."""
    tell_people(settings, "json")
    assert '"works": 0' not in capsys.readouterr().out
    person = bound(read_plan(settings).people[0], modelled())
    assert {source for source, _ in bindings(person)} == {"dblp", "openalex", "scholar_feed", "homepage"}


@pytest.mark.parametrize(
    ("written", "field", "meant"),
    [
        ('orcid = "https://orcid.org/0000-0002-1694-233x"', "orcid", "0000-0002-1694-233X"),
        ('dblp_pid = "https://dblp.org/pid/95/7448-1.html"', "dblp_pid", "95/7448-1"),
        ('openalex_id = "https://openalex.org/a5012345678"', "openalex_id", "A5012345678"),
    ],
)
def test_an_identifier_may_be_pasted_as_its_address(tmp_path, written, field, meant):
    """What is asked must be the identifier: a wrong address answers "no such person", and that would be believed."""
    file = tmp_path / "people.toml"
    file.write_text(f'[[person]]\nid = "ada"\nname = "Ada"\n{written}\n')
    ((person,), _) = read_people(file)
    assert getattr(person, field) == meant


@pytest.mark.parametrize("shared", ['orcid = "0000-0002-1825-0097"', 'homepages = ["https://group.example/people"]'])
def test_two_people_cannot_be_bound_to_one_list(tmp_path, shared):
    """One answer is one person's: the other's would be lost without a word."""
    file = tmp_path / "people.toml"
    file.write_text("".join(f'[[person]]\nid = "{id}"\nname = "{id}"\n{shared}\n' for id in ("ada", "bob")))
    with pytest.raises(InputProblem, match="for ada and for bob"):
        read_people(file)


THEIR_LISTS = [
    (
        'semantic_scholar_id = "9999001"\norcid = "0000-0000-0000-001X"',
        {"semantic_scholar": "ok", "arxiv_author": "ok"},
    ),
    ('semantic_scholar_id = "1"\narxiv_author_id = "wang_m_9"', {"semantic_scholar": "wrong", "arxiv_author": "wrong"}),
    ('semantic_scholar_id = "9999002"', {"semantic_scholar": "wrong"}),
    ('orcid = "0000-0000-0000-0028"', {"orcid": "doubtful", "arxiv_author": "wrong"}),
    ('orcid = "0000-0002-1825-0097"', {"orcid": "wrong", "arxiv_author": "none"}),
]


@pytest.mark.parametrize(("written", "verdicts"), THEIR_LISTS, ids=[case[0] for case in THEIR_LISTS])
def test_lists_of_semantic_scholar_and_arxiv_are_verified_as_well(settings, tmp_path, monkeypatch, written, verdicts):
    """Theirs, nobody's, another's; and an ORCID under which nobody made a list at arXiv, as most have not."""
    file = tmp_path / "people.toml"
    file.write_text(f'[[person]]\nid = "mingze-wang"\nname = "Mingze Wang"\n{written}\n')
    told = []
    monkeypatch.setattr(harvest.people, "show", lambda columns, rows, form: told.extend(rows))
    code = check(settings.model_copy(update={"people": file}), [], NOW)
    assert {
        source: verdict for _, source, _, verdict, _ in told if source != "orcid" or "orcid" in verdicts
    } == verdicts
    assert all(why for *_, why in told)
    assert code == ("wrong" in verdicts.values())


def test_an_identifier_that_is_called_otherwise_is_doubtful_though_works_are_shared(settings, world, tmp_path, capsys):
    """A co-author's, bound by mistake: works are on record, and the name is on all of them."""
    titles = ask(settings.home, "select title from publications where person_id = 'mingze-wang' limit 2")[1]
    papers = [{"paperId": title, "title": title, "authors": [{"name": "Mingze Wang"}]} for (title,) in titles]
    said = {"authorId": "7", "name": "Charles Babbage", "papers": papers}
    file = tmp_path / "people.toml"
    file.write_text('[[person]]\nid = "mingze-wang"\nname = "Mingze Wang"\nsemantic_scholar_id = "7"\n')
    world.faults["semantic_scholar"] = Reply(200, "application/json", json.dumps(said).encode())
    try:
        check(settings.model_copy(update={"people": file}), [], NOW)
    finally:
        world.faults.clear()
    told = " ".join(capsys.readouterr().out.split())
    assert "doubtful" in told
    assert "it is called Charles Babbage, not Mingze Wang: 2 works, 2 of them on record" in told
