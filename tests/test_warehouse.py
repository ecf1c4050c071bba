"""The warehouse on real DuckDB: facts grow, views derive, each change is noticed once, readers get a copy."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from harvest.errors import InputProblem, RunInProgress, WarehouseProblem
from harvest.identify import judge
from harvest.model import Answer, Contents, Decision, Person, Reading, Record, Remark, Stage
from harvest.pipeline import take
from harvest.plan import Plan
from harvest.runs import Visit
from harvest.store.append import append_answers
from harvest.store.recall import recall
from harvest.store.warehouse import ask, publish, published_path, reading, transaction, utc, writing

ADA = Person(id="ada", name="Ada Lovelace", dblp_pid="1/1")
QUERIES = Path(__file__).parents[1] / "warehouse" / "queries"


def day(number: int) -> datetime:
    """The n-th of January 2024."""
    return datetime(2024, 1, number, tzinfo=UTC)


def record(title: str, **given) -> Record:
    """A DBLP record by Ada and Charles, unless said otherwise."""
    usual = {"source": "dblp", "key": title, "authors": ("Ada Lovelace", "Charles Babbage"), "year": 2023}
    return Record(title=title, **(usual | given))


def said(at: datetime, *records: Record, readings: tuple[Reading, ...] = (), **given):
    """One answer of DBLP about Ada."""
    usual = {"source": "dblp", "url": "https://dblp.example/1", "body": repr(records).encode(), "person_id": "ada"}
    return Answer(received_at=at, **(usual | given)), Contents(records=records, readings=readings)


def run(home: Path, at: datetime, *answers, people=(ADA,), decisions=()):
    """Everything a run does once the answers are there."""
    with writing(home) as db:
        with transaction(db):
            plan = Plan(people=people, decisions=decisions)
            summary = take(db, plan, (), [Visit(source="dblp", said=answers)], at)
        publish(db, home)
    return summary.records, summary.changes


def rows(home: Path, query: str):
    """The rows of a query on the published copy."""
    return ask(home, query)[1]


def test_the_same_words_twice_are_one_record_and_no_change(tmp_path):
    """A run that learns nothing adds nothing."""
    assert run(tmp_path, day(1), said(day(1), record("Notes on the Engine"))) == (1, 1)
    assert run(tmp_path, day(1), said(day(1), record("Notes on the Engine"))) == (0, 0)
    assert run(tmp_path, day(2), said(day(2), record("Notes on the Engine"))) == (0, 0)
    assert rows(tmp_path, "select kind from changes") == [("work_added",)]


def test_a_preprint_that_appears_in_proceedings_is_one_change_with_its_venue(tmp_path):
    """The change every reader waits for."""
    preprint = record("Notes on the Engine", stage=Stage.PREPRINT, arxiv_id="2301.00001", key="corr")
    published = record(
        "Notes on the Engine", stage=Stage.PUBLISHED, venue="NeurIPS", venue_year=2023, key="conf/nips/L23"
    )
    run(tmp_path, day(1), said(day(1), preprint))
    run(tmp_path, day(2), said(day(2), preprint, published))
    ((kind, before, after, evidence),) = rows(
        tmp_path, "select kind, before, after, evidence from changes where kind <> 'work_added'"
    )
    assert (kind, before, after) == ("status_changed", "preprint", "published")
    assert "NeurIPS 2023" in evidence


def test_a_new_arxiv_version_with_another_title_is_a_rename_and_both_titles_stay(tmp_path):
    """Titles change; a work that is renamed is the same work."""
    one = record("Engines and their Poetry", source="arxiv", key="2301.00001v1", arxiv_id="2301.00001", arxiv_version=1)
    two = record("A Poetical Science", source="arxiv", key="2301.00001v2", arxiv_id="2301.00001", arxiv_version=2)
    listed = record("Engines and their Poetry", key="corr", arxiv_id="2301.00001", stage=Stage.PREPRINT)
    run(tmp_path, day(1), said(day(1), one, listed))
    run(tmp_path, day(2), said(day(2), one, two, listed))
    assert rows(tmp_path, "select before, after from changes where kind = 'title_changed'") == [
        ("Engines and their Poetry", "A Poetical Science")
    ]
    assert len(rows(tmp_path, "from works")) == 1
    assert {title for (title,) in rows(tmp_path, "select title from titles")} == {one.title, two.title}


def test_only_those_of_whom_something_new_is_said_are_judged_again(tmp_path, monkeypatch):
    """In a large warehouse the works of all others are no reason to judge once more; the verdicts are the same."""
    bodo = Person(id="bodo", name="Bodo Quirin", dblp_pid="2/2")
    looms = [record(f"Looms of Brass {n}", authors=("Bodo Quirin", "Tove Ahlgren")) for n in (1, 2)]
    notes = [record(f"Notes on Engines {n}") for n in (1, 2)]
    for few, home in ((1, tmp_path / "large"), (2000, tmp_path / "small")):
        monkeypatch.setattr(judge, "FEW", few)
        his = said(day(1), *looms, person_id="bodo", url="https://dblp.example/2")
        run(home, day(1), said(day(1), *notes), his, people=(ADA, bodo))
        news = said(day(2), *notes, record("Notes on Engines 3"), record("Poems", authors=("A. Lovelace",)))
        run(home, day(2), news, his, people=(ADA, bodo))
        told = "select person_id, run_id from judged order by run_id, person_id"
        assert rows(home, told) == [("ada", 1), ("bodo", 1), ("ada", 2)], few
    verdicts = "select person_id, work_id, verdict, score, reasons from current_attributions order by all"
    assert len(rows(tmp_path / "large", verdicts)) == 6
    assert rows(tmp_path / "large", verdicts) == rows(tmp_path / "small", verdicts)


def test_case_and_punctuation_of_a_title_are_no_change(tmp_path):
    """Every index has its own capitals."""
    run(tmp_path, day(1), said(day(1), record("Notes on the Engine", key="one")))
    assert run(tmp_path, day(2), said(day(2), record("Notes on the engine.", key="one")))[1] == 0


def test_only_numbers_that_moved_are_changes(tmp_path):
    """Three visits, one rise: one row."""
    for number, value in ((1, 3), (2, 3), (3, 5)):
        readings = (Reading(source="openalex", metric="citations", value=value),)
        run(tmp_path, day(number), said(day(number), record("Notes"), readings=readings, body=str(value).encode()))
    assert rows(tmp_path, "select before, after from changes where kind = 'citations_changed'") == [("3", "5")]


def test_a_work_with_two_records_in_one_source_has_one_number_and_no_change_by_chance(tmp_path):
    """A preprint and its published twin are counted apart there; the larger number stands."""
    twins = [
        record("Notes", source="openalex", key=key, openalex_id=key, arxiv_id="2301.00001")
        for key in ("W1000", "W2000")
    ]
    readings = tuple(
        Reading(source="openalex", metric="citations", value=value, key=key)
        for key, value in (("W1000", 24), ("W2000", 3))
    )
    for number in range(1, 7):
        run(tmp_path, day(number), said(day(number), *twins, source="openalex", readings=readings))
    assert rows(tmp_path, "from changes where kind = 'citations_changed'") == []
    now = "select value from metrics_as_of(timestamp '2025-01-01') where metric = 'citations'"
    assert rows(tmp_path, now) == [(24,)]


def test_an_older_number_is_not_todays_once_the_newest_cannot_be_used(tmp_path):
    """A number that became impossible leaves no current number, not last year's."""
    sane = tuple(Reading(source="page", metric=name, value=value) for name, value in (("h_index", 2), ("papers", 9)))
    wrong = tuple(Reading(source="page", metric=name, value=value) for name, value in (("h_index", 12), ("papers", 9)))
    run(tmp_path, day(1), said(day(1), record("Notes"), readings=sane, body=b"1"))
    run(tmp_path, day(2), said(day(2), record("Notes"), readings=wrong, body=b"2"))
    assert rows(tmp_path, "from metrics_as_of(timestamp '2025-01-01') where metric = 'h_index'") == []
    assert len(rows(tmp_path, "from metrics_as_of(timestamp '2024-01-01 12:00') where metric = 'h_index'")) == 1


@pytest.mark.parametrize(
    ("h_index", "papers", "citations", "sanity"),
    [(31, 21, 226, "impossible"), (16, 40, 255, "impossible"), (15, 40, 353, "sane"), (18, 25, 353, "implausible")],
)
def test_an_impossible_h_index_is_kept_and_never_counts(tmp_path, h_index, papers, citations, sanity):
    """h papers with h citations each: h ≤ papers and h² ≤ citations (Hirsch 2005)."""
    numbers = {"h_index": h_index, "papers": papers, "citations": citations}
    readings = tuple(Reading(source="page", metric=name, value=value) for name, value in numbers.items())
    run(tmp_path, day(1), said(day(1), record("Notes"), readings=readings))
    assert rows(tmp_path, "select sanity from metric_history where metric = 'h_index'") == [(sanity,)]
    assert bool(rows(tmp_path, "from findings where kind like '%_metric'")) == (sanity != "sane")
    assert bool(rows(tmp_path, "from metrics_as_of(now()::timestamp) where metric = 'h_index'")) == (sanity == "sane")


def test_a_venue_older_than_its_own_entry_is_a_finding_and_a_preprint_year_is_none(tmp_path):
    """ "(ICML 2024) … 2025" is a slip; "(ICML 2024) … 2023" names the preprint's year."""
    slip = record("Notes", source="cv", venue="ICML 2024", venue_year=2024, year=2025, stage=Stage.PUBLISHED, line=7)
    fine = record("Sketch", source="cv", venue="ICML 2024", venue_year=2024, year=2023, stage=Stage.PUBLISHED, line=9)
    run(tmp_path, day(1), said(day(1), slip, fine, source="cv", own=True))
    assert rows(tmp_path, "select line from findings where kind = 'contradiction'") == [(7,)]


def test_a_decision_outranks_the_rules_and_outlives_the_runs(tmp_path):
    """One title under two keys is one work, until a human says that it is two; and the last word counts."""
    one = record("Notes on the Engine", key="conf/a/L23", dblp_key="conf/a/L23")
    two = record("Notes on the Engine", key="conf/b/L23", dblp_key="conf/b/L23")
    apart = Decision(verdict="different", left="dblp:conf/a/L23", right="dblp:conf/b/L23", reason="I asked her")
    together = Decision(verdict="same", left="dblp:conf/a/L23", right="dblp:conf/b/L23", reason="she remembered")
    works = "select count(*) from works"
    run(tmp_path, day(1), said(day(1), one, two))
    assert rows(tmp_path, works) == [(1,)]
    run(tmp_path, day(2), said(day(2), one, two), decisions=[apart])
    run(tmp_path, day(3), said(day(3), one, two, record("Sketch")), decisions=[apart])
    assert rows(tmp_path, works) == [(3,)]
    assert [kind for (kind,) in rows(tmp_path, "select kind from changes where kind like 'works_%'")] == ["works_split"]
    run(tmp_path, day(4), said(day(4), one, two), decisions=[apart, together])
    assert rows(tmp_path, works) == [(2,)]


def test_a_human_says_whose_it_is(tmp_path):
    """Not theirs, however sure the source; and it leaves the publications, not the record."""
    decision = Decision(verdict="not_theirs", left="ada", right="dblp:conf/a/L23", reason="her cousin's")
    run(tmp_path, day(1), said(day(1), record("Notes", dblp_key="conf/a/L23")))
    assert len(rows(tmp_path, "from publications")) == 1
    run(tmp_path, day(2), said(day(2), record("Notes", dblp_key="conf/a/L23")), decisions=[decision])
    assert rows(tmp_path, "from publications") == []
    assert len(rows(tmp_path, "from works")) == 1
    assert rows(tmp_path, "select before, after from changes where kind = 'attribution_changed'") == [
        ("theirs", "not_theirs")
    ]


def test_a_list_of_nobody_we_follow_is_in_every_view_that_needs_no_owner(tmp_path):
    """It witnesses works like any other list; two such lists are of two people, as far as we know."""
    lists = [
        said(day(1), record(title, source="cv", authors=("Mary Somerville",), stage=stage), source="cv", url=url,
             own=True, person_id=None, body=url.encode())
        for url, title, stage in (("a.txt", "On Tides", Stage.SUBMITTED), ("b.txt", "On tides", Stage.PUBLISHED))
    ]  # fmt: skip
    run(tmp_path, day(1), *lists)
    assert rows(tmp_path, "select stage, witnesses from works") == [("published", 2)]
    for view in ("own_words", "witnesses", "document_lines", "line_verdicts", "releases"):
        assert rows(tmp_path, f"select count(*) from {view}") == [(2,)], view
    assert rows(tmp_path, "select distinct person_id from witnesses") == [(None,)]
    run(tmp_path, day(2), *lists)
    assert rows(tmp_path, "select count(*) from own_words") == [(2,)]


def test_a_finding_that_is_mended_is_settled_not_deleted(tmp_path):
    """What was wrong once stays in the record."""
    wrong = record("Notes", source="cv", venue="ICML 2024", venue_year=2024, year=2025, key="notes")
    right = record("Notes", source="cv", venue="ICML 2025", venue_year=2025, year=2025, key="notes")
    run(tmp_path, day(1), said(day(1), wrong, source="cv", own=True))
    run(tmp_path, day(2), said(day(2), right, source="cv", own=True))
    assert rows(tmp_path, "select status from findings where kind = 'contradiction'") == [("settled",)]


def test_what_was_known_on_a_day_can_be_asked_later(tmp_path):
    """Facts only grow, so no answer about the past is lost."""
    run(tmp_path, day(1), said(day(1), record("Notes", key="one", stage=Stage.PREPRINT)))
    run(tmp_path, day(3), said(day(3), record("Notes", key="one", stage=Stage.PUBLISHED, venue="JMLR")))
    known = "select stage from works_as_of(timestamp '2024-01-02')"
    assert rows(tmp_path, known) == [("preprint",)]
    assert rows(tmp_path, "select stage from works") == [("published",)]


def test_a_silent_source_changes_nothing(tmp_path):
    """Not answered is not empty."""
    from harvest.model import Outcome

    run(tmp_path, day(1), said(day(1), record("Notes")))
    silent = said(day(2), body=b"", outcome=Outcome.UNANSWERED, reason="it is down", status=0)
    assert run(tmp_path, day(2), silent) == (0, 0)
    assert len(rows(tmp_path, "from works")) == 1
    ((state, good, reason),) = rows(tmp_path, "select state, last_good_at, reason from source_status")
    assert (state, good, reason) == ("not_answered", utc(day(1)), "it is down")


def test_remarks_of_a_reader_are_findings(tmp_path):
    """What was lost in reading is said, never guessed."""
    answer, contents = said(day(1), record("Notes"))
    lost = Contents(records=contents.records, remarks=(Remark(kind="lost", explanation="three employers, two dates"),))
    run(tmp_path, day(1), (answer, lost))
    assert rows(tmp_path, "select explanation from findings where kind = 'lost'") == [("three employers, two dates",)]


def test_memory_of_a_past_day_does_not_know_the_days_after(tmp_path):
    """A run that fills in the past must not take the later, longer list for the normal one."""
    run(tmp_path, day(1), said(day(1), record("Notes")))
    run(tmp_path, day(5), said(day(5), record("Notes"), record("Sketch")))
    with writing(tmp_path) as db:
        assert recall(db, utc(day(2))).counts == {"https://dblp.example/1": 1}
        assert recall(db, utc(day(5))).counts == {"https://dblp.example/1": 2}


def test_a_second_writer_is_told_to_wait(tmp_path):
    """Two schedules may fire at once."""
    with writing(tmp_path), pytest.raises(RunInProgress, match="another run"), writing(tmp_path):
        pass


def test_readers_see_the_last_published_copy_while_a_run_writes(tmp_path):
    """Ad hoc SQL never blocks a run, nor sees half of one."""
    run(tmp_path, day(1), said(day(1), record("Notes")))
    with writing(tmp_path) as db, transaction(db):
        append_answers(db, 2, [said(day(2), record("Sketch"))])
        code = "import sys; from pathlib import Path; from harvest.store.warehouse import ask;"
        code += "print(ask(Path(sys.argv[1]), 'select count(*) from records')[1][0][0])"
        seen = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "1"


def test_nothing_is_published_when_a_check_finds_rows(tmp_path):
    """The copy before stands."""
    run(tmp_path, day(1), said(day(1), record("Notes")))
    before = published_path(tmp_path).read_bytes()
    with writing(tmp_path) as db:
        db.execute("delete from states")
        with pytest.raises(WarehouseProblem, match="change_log_is_complete"):
            publish(db, tmp_path)
    assert published_path(tmp_path).read_bytes() == before


@pytest.mark.parametrize("step", ["append-records", "append-sightings", "publish-copy", "publish-replace"])
def test_a_run_killed_at_any_step_is_made_good_by_the_next(tmp_path, step):
    """Killed or not, the same inputs end in the same warehouse."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; import test_warehouse as t; from pathlib import Path;"
    code += "t.run(Path(sys.argv[1]), t.day(1), t.said(t.day(1), t.record('Notes')))"
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"HARVEST_FAILPOINT": f"{step}:kill", "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -9
    run(tmp_path, day(1), said(day(1), record("Notes")))
    assert rows(tmp_path, "select kind, title from changes") == [("work_added", "Notes")]
    assert len(rows(tmp_path, "from records")) == 1


@pytest.mark.parametrize("own", [False, True])  # with news, at most, of a page of their own
def test_new_views_look_through_all_facts_even_when_the_first_run_with_them_breaks_off(tmp_path, own):
    """Killed or stopped after it defined them: the next run knows that nobody has looked yet."""
    engine, numbers = record("Notes on the Engine"), (Reading(source="dblp", metric="citations", value=7),)
    run(tmp_path, day(1), said(day(1), engine, readings=numbers))
    with writing(tmp_path) as db:  # as a Harvest left it that had other views
        db.execute("delete from states")
        db.execute("update schema_migrations set sha256 = 'of others' where version = 'views'")
    with pytest.raises(KeyboardInterrupt), writing(tmp_path):
        raise KeyboardInterrupt
    page = {"source": "homepage", "url": "https://ada.example/", "own": True} if own else {}
    assert run(tmp_path, day(2), said(day(2), engine, **page))[1] > 0
    assert rows(tmp_path, "select count(*) from states where field = 'citations:dblp'") == [(1,)]
    assert run(tmp_path, day(3), said(day(3), engine, **page))[1] == 0


def test_a_query_can_neither_write_nor_read_files(tmp_path):
    """Queries are pasted from anywhere."""
    run(tmp_path, day(1), said(day(1), record("Notes")))
    for query in ("delete from records", "from read_text('/etc/hostname')", "set enable_external_access = true", "sel"):
        with pytest.raises(InputProblem):
            ask(tmp_path, query)


def test_a_missing_warehouse_says_what_to_do(tmp_path):
    """The first question of a new user."""
    with pytest.raises(InputProblem, match="harvest run"), reading(tmp_path):
        pass


def test_every_view_and_column_others_rely_on_is_commented_and_there(tmp_path):
    """The names are a contract; the comments are the data dictionary."""
    promised = {
        "works": "work_id title year stage venue first_seen_at",
        "publications": "person_id work_id title authors position stage venue year arxiv_id doi dblp_key",
        "releases": "work_id stage claimed venue released_on source evidence",
        "titles": "work_id title source first_seen_at last_seen_at",
        "metric_history": "subject_id metric source observed_at value sane reason",
        "changes": "change_id noticed_at kind person_id work_id title before after evidence",
        "findings": "finding_id kind severity subject_id document line quote explanation status",
        "seed_comparison": "document line item work_id verdict reason",
        "source_status": "person_id source state last_good_at reason",
    }
    run(tmp_path, day(1), said(day(1), record("Notes")))
    for view, columns in promised.items():
        there = {name for (name,) in rows(tmp_path, f"select column_name from (describe {view})")}
        assert set(columns.split()) <= there, view
    uncommented = rows(tmp_path, "select view_name from duckdb_views() where not internal and comment is null")
    assert uncommented == []


@pytest.mark.parametrize("query", sorted(QUERIES.glob("*.sql")), ids=lambda path: path.stem)
def test_every_example_query_runs(tmp_path, query):
    """An example that fails teaches nothing."""
    run(tmp_path, day(1), said(day(1), record("Notes", stage=Stage.PREPRINT, arxiv_id="2301.00001")))
    rows(tmp_path, query.read_text())


def test_the_published_copy_is_in_the_storage_format_of_duckdb_1(tmp_path):
    """Every client opens it (version number 64 to 67 in the header, at byte 12)."""
    run(tmp_path, day(1), said(day(1), record("Notes")))
    assert int.from_bytes(published_path(tmp_path).read_bytes()[12:20], "little") < 68
    with duckdb.connect(str(published_path(tmp_path)), read_only=True) as db:
        assert db.execute("select count(*) from works").fetchall() == [(1,)]
