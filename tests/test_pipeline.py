"""One run from question to report, over real HTTP, on good days and on the services' worst ones."""

from dataclasses import replace

import pytest

from harvest import asking, pipeline, telling
from harvest.demo import bound
from harvest.errors import InputProblem
from harvest.model import Answer, Contents, Outcome, Record
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.store.warehouse import ask
from harvest.world import bindings, demo_dates, seeds
from harvest.world.server import WorldServer

EARLY, LATER, LAST = demo_dates()[1], demo_dates()[2], demo_dates()[3]


@pytest.fixture
def world():
    """The model world on an early date."""
    with WorldServer(EARLY, drip=0.02) as server:
        yield server


def harvest(home, world, now, **given):
    """A run at `now`, patient for a few seconds only."""
    world.as_of = now
    settings = read_settings(home=home, pace=0, deadline_seconds=6, **world.settings(), **seeds())
    plan = read_plan(settings)
    plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
    return pipeline.harvest(settings=settings, plan=plan, now=now, each=asking.side_by_side, **given)


def facts(home, query="select title from works order by title"):
    """Rows of the published copy."""
    return ask(home, query)[1]


def states(summary):
    """Source → how it answered."""
    return {one.source: one.state for one in summary.states}


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("unavailable", Outcome.UNANSWERED),
        ("throttled", Outcome.UNANSWERED),
        ("blocked", Outcome.BLOCKED),
        ("empty", Outcome.SUSPICIOUS),
        ("cut", Outcome.UNANSWERED),
        ("error_feed", Outcome.UNANSWERED),
        ("not_found", Outcome.UNANSWERED),
    ],
)
def test_a_bad_day_of_a_source_is_named_and_costs_nothing(tmp_path, world, fault, state):
    """Blocked, broken or empty: what was known stands, and the next run catches up."""
    good = harvest(tmp_path, world, EARLY)
    assert good.exit_code == 0
    before = facts(tmp_path)
    world.faults["dblp"] = fault
    bad = harvest(tmp_path, world, LATER)
    assert bad.exit_code == 3
    assert states(bad)["dblp"] is state
    assert states(bad)["openalex"] is Outcome.ANSWERED
    assert set(before) <= set(facts(tmp_path, "select title from titles"))
    assert facts(tmp_path, "from changes where kind = 'work_removed'") == []
    ((told, last_good),) = facts(
        tmp_path,
        "select any_value(state), max(last_good_at)::date::varchar from source_status where source = 'dblp'",
    )
    assert told == state.value
    assert last_good == f"{EARLY:%Y-%m-%d}"
    world.faults.clear()
    assert harvest(tmp_path, world, LAST).exit_code == 0
    assert facts(tmp_path, "select distinct state from source_status where source = 'dblp'") == [("answered",)]


def test_a_world_that_stops_half_way_loses_nothing_and_the_next_run_catches_up(tmp_path, world):
    """The network goes away in the middle of a run."""
    harvest(tmp_path, world, EARLY)
    before = facts(tmp_path)
    for service in ("dblp", "openalex", "homepage"):
        world.faults[service] = "unavailable"
    half = harvest(tmp_path, world, LATER)
    assert half.exit_code == 3
    assert {one.source for one in half.silent} == {"dblp", "openalex", "homepage"}
    assert len(facts(tmp_path)) >= len(before)
    world.faults.clear()
    assert harvest(tmp_path, world, LAST).exit_code == 0
    with WorldServer(LAST) as twin:
        for date in (EARLY, LAST):
            harvest(tmp_path / "twin", twin, date)
    assert facts(tmp_path) == facts(tmp_path / "twin")


def test_a_host_that_is_not_there_is_a_sentence_not_a_traceback(tmp_path, world):
    """Exit code 3, and the source is named with the reason."""
    settings = read_settings(
        home=tmp_path, pace=0, deadline_seconds=3, **(world.settings() | seeds() | {"dblp_url": "http://127.0.0.1:9"})
    )
    plan = read_plan(settings)
    plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
    summary = pipeline.harvest(settings=settings, plan=plan, now=EARLY)
    assert summary.exit_code == 3
    (silent,) = summary.silent
    assert silent.source == "dblp"
    assert silent.reason


def test_dates_out_of_order_end_in_the_same_works_and_older_answers_change_nothing_newer(tmp_path, world):
    """A late run that fills in the past neither overwrites nor invents."""
    with WorldServer(EARLY) as twin:
        for date in (EARLY, LAST):
            harvest(tmp_path / "twin", twin, date)
    harvest(tmp_path, world, LAST)
    before = facts(tmp_path, "select count(*) from changes")
    late = harvest(tmp_path, world, EARLY)
    assert late.exit_code == 0
    assert facts(tmp_path, "select title, stage from works order by all") == facts(
        tmp_path / "twin", "select title, stage from works order by all"
    )
    assert facts(tmp_path, "select count(*) from changes") == before


def test_a_list_that_shrinks_is_held_until_it_is_accepted(tmp_path, world):
    """A guard asks before a source makes half of what it said disappear."""
    from harvest.store.recall import Memory

    records = tuple(Record(source="dblp", key=str(n), title=f"Paper {n}") for n in range(3))
    answer = Answer(source="dblp", url="https://dblp.example/1", body=b"", received_at=EARLY)
    memory = Memory(arxiv_versions=frozenset(), arxiv_ids=frozenset(), counts={answer.url: 10})
    held, contents, was_held = asking._guarded(answer, Contents(records=records), memory)
    assert (held.outcome, contents.records, was_held) == (Outcome.SUSPICIOUS, (), 1)
    assert "--accept-shrink" in held.reason


def test_keys_missing_switch_a_source_off_with_a_sentence(tmp_path):
    """OpenAlex wants a key; the run goes on without it."""
    settings = read_settings(home=tmp_path, openalex_url="https://openalex.example")
    off = settings.switched_off("openalex")
    assert "HARVEST_OPENALEX_KEY" in off
    assert settings.switched_off("arxiv") == ""


def test_reading_kept_answers_again_with_the_same_readers_says_nothing_new(tmp_path, world):
    """Any answer can be read again without the network."""
    first = harvest(tmp_path, world, EARLY)
    settings = read_settings(home=tmp_path)
    again = pipeline.reread(settings=settings, now=LATER)
    assert (again.records, again.changes) == (0, 0)
    assert again.works == first.works


def test_an_unknown_person_or_source_is_told_before_anything_is_asked(tmp_path):
    """A typing error must not cost a run."""
    settings = read_settings(home=tmp_path)
    with pytest.raises(InputProblem, match="no person 'nobody'"):
        read_plan(settings, ["nobody"])
    with pytest.raises(InputProblem, match="no source 'scopus'"):
        read_plan(settings, (), ["scopus"])


@pytest.mark.parametrize("step", ["visited", "reconciled", "committed"])
def test_a_run_that_breaks_off_is_made_good_by_the_next(tmp_path, world, step, monkeypatch):
    """Everything of a run is kept, or nothing."""
    from harvest import failpoints

    failpoints._passed.clear()
    monkeypatch.setenv("HARVEST_FAILPOINT", f"{step}:raise")
    with pytest.raises(RuntimeError, match=step):
        harvest(tmp_path, world, EARLY)
    monkeypatch.delenv("HARVEST_FAILPOINT")
    harvest(tmp_path, world, EARLY)
    assert facts(tmp_path, "select count(*) from changes group by change_id having count(*) > 1") == []
    harvest(tmp_path / "twin", world, EARLY)
    query = "select kind, title, before, after from changes order by all"
    assert facts(tmp_path, query) == facts(tmp_path / "twin", query)


def test_news_of_a_run_that_never_came_to_its_report_is_in_the_next(tmp_path, world):
    """A full disk or a kill between the run and its report costs a researcher nothing."""
    for date in (EARLY, LATER, LAST):
        harvest(tmp_path, world, date)
        if date is not LATER:
            reported = telling.report(settings=read_settings(home=tmp_path), people=())
    text = reported.page.with_suffix(".txt").read_text()
    assert "5 Oct 2023" in text  # what LATER noticed
    again = telling.report(settings=read_settings(home=tmp_path), people=())
    assert again.page.with_suffix(".txt").read_text() == text


def test_a_list_in_order_of_change_is_left_where_nothing_is_new(tmp_path, world, monkeypatch):
    """The second run asks arXiv for the first page only, and what stands on the others is not doubted."""
    monkeypatch.setattr("harvest.sources.arxiv._PAGE", 5)

    def pages() -> int:
        return sum("search_query" in one.params for one in world.log if one.service == "arxiv")

    first = harvest(tmp_path, world, EARLY)
    asked = pages()
    again = harvest(tmp_path, world, EARLY)
    assert asked > 2
    assert pages() == asked + 1
    assert states(again)["arxiv"] is states(first)["arxiv"] is Outcome.ANSWERED
    assert again.changes == 0
