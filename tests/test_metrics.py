"""Numbers that cannot be: each rule on invented numbers, and that what is in doubt goes nowhere but the history."""

from datetime import UTC, datetime, timedelta

import pytest

from harvest.model import Decision, Person, Reading
from harvest.store.append import append_answers, append_people
from harvest.store.warehouse import writing
from test_warehouse import record, rows, run, said

START = datetime(2024, 1, 1, tzinfo=UTC)
Visits = list[tuple[int, dict[str, float], dict[str, int]]]  # days after the start, totals by metric, citations by key


def visit(days: int, totals: dict[str, float], keyed: dict[str, int], person: str):
    """One page of one source about one person."""
    readings = tuple(Reading(source="scholar_feed", metric=name, value=value) for name, value in totals.items())
    readings += tuple(Reading(source="scholar_feed", metric="citations", value=n, key=key) for key, n in keyed.items())
    url, body = f"https://feed.example/{person}", repr((days, totals, keyed)).encode()
    at = START + timedelta(days=days)
    return said(at, readings=readings, source="scholar_feed", url=url, person_id=person, body=body)


def history(home, visits: dict[str, Visits], metric: dict[str, str]):
    """Person → the classes and reasons of their total in time; each case is a person, so that one warehouse serves."""
    with writing(home) as db:
        for run_id in range(1, 1 + max(map(len, visits.values()))):
            append_people(db, run_id, [Person(id=one, name=one) for one in visits])
            mine = [(one, pages[run_id - 1]) for one, pages in visits.items() if len(pages) >= run_id]
            append_answers(db, run_id, [visit(*page, one) for one, page in mine])
        found = db.execute(
            "select subject_id, metric, sanity, reason from metric_history where key is null order by observed_at"
        ).fetchall()
    return {
        one: [(sanity, reason) for subject, name, sanity, reason in found if (subject, name) == (one, metric[one])]
        for one in visits
    }


AT_ONCE = [
    ("h within papers and citations", {"h_index": 4, "papers": 9, "citations": 60}, "h_index", "sane", ""),
    ("h above the papers", {"h_index": 10, "papers": 9, "citations": 900}, "h_index", "impossible", "9 papers"),
    ("h² above the citations", {"h_index": 8, "papers": 20, "citations": 63}, "h_index", "impossible", "at most 7"),
    ("both", {"h_index": 31, "papers": 21, "citations": 226}, "h_index", "impossible", "31² = 961 > 226"),
    ("exactly the largest", {"h_index": 8, "papers": 20, "citations": 70}, "h_index", "implausible", "largest"),
    ("a small one often is the largest", {"h_index": 2, "papers": 9, "citations": 5}, "h_index", "sane", ""),
    ("papers unknown", {"h_index": 31, "citations": 5000}, "h_index", "sane", ""),
    ("nothing else known", {"h_index": 31}, "h_index", "sane", ""),
    ("i10 above the papers", {"i10_index": 7, "papers": 6, "citations": 900}, "i10_index", "impossible", "6 papers"),
    ("i10 without the citations", {"i10_index": 7, "papers": 9, "citations": 60}, "i10_index", "impossible", "70"),
    ("negative", {"citations": -1}, "citations", "impossible", "whole number"),
    ("not whole", {"papers": 2.5}, "papers", "impossible", "whole number"),
    ("a vendor's own score may be anything", {"novelty": 56.5}, "novelty", "sane", ""),
]


SUMS = [
    ("rows below the total: the page shows only some", [60, 30], 8, 300, "sane"),
    ("rows above the total", [200, 150], 8, 300, "impossible"),
    ("counted a moment apart", [160, 150], 2, 305, "sane"),
    ("all rows, and the total is far above", [60, 30], 2, 300, "doubtful"),
]


MOVES = [
    ("slow growth", "citations", [(0, 100), (30, 104)], "sane"),
    ("a young researcher's year", "citations", [(0, 6), (270, 24), (400, 71)], "sane"),
    ("the first citations", "citations", [(0, 0), (7, 12)], "sane"),
    ("a recount of a few", "citations", [(0, 100), (30, 97)], "sane"),
    ("a drop", "citations", [(0, 100), (30, 60)], "doubtful"),
    ("a drop that stays is a recount", "citations", [(0, 100), (30, 60), (60, 61)], "sane"),
    ("back after a drop", "citations", [(0, 100), (7, 20), (14, 101)], "sane"),
    ("a jump", "citations", [(0, 353), (30, 13492)], "doubtful"),
    ("back after a jump", "citations", [(0, 353), (30, 13492), (60, 355)], "sane"),
    ("papers that drop", "papers", [(0, 25), (30, 14)], "doubtful"),
    ("papers that jump", "papers", [(0, 25), (30, 200)], "doubtful"),
    ("one paper less", "papers", [(0, 25), (30, 24)], "sane"),
    ("an h-index grows slowly", "h_index", [(0, 9), (200, 11)], "sane"),
    ("an h-index that doubles in a month", "h_index", [(0, 9), (30, 20)], "doubtful"),
    ("a vendor's own score moves as it likes", "ai_score", [(0, 90), (1, 10)], "sane"),
]


CASES: dict[str, tuple[Visits, str, str, str]] = {
    **{why: ([(0, numbers, {})], metric, sanity, reason) for why, numbers, metric, sanity, reason in AT_ONCE},
    **{
        why: ([(0, {"citations": total, "papers": papers}, {f"p{n}": c for n, c in enumerate(counts)})],
              "citations", sanity, "")
        for why, counts, papers, total, sanity in SUMS
    },
    **{
        why: ([(days, {metric: value}, {}) for days, value in series], metric, sanity, "")
        for why, metric, series, sanity in MOVES
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The classes of all cases."""
    visits = {why: case[0] for why, case in CASES.items()}
    return history(tmp_path_factory.mktemp("metrics"), visits, {why: case[1] for why, case in CASES.items()})


@pytest.mark.parametrize("why", CASES)
def test_each_rule_gives_its_class_and_its_reason(judged, why):
    """The tables are the specification; a reading out of line with both before it is in doubt until it stays."""
    _, _, sanity, reason = CASES[why]
    assert judged[why][-1][0] == sanity
    assert reason in judged[why][-1][1]
    assert (judged[why][-1][1] == "") == (sanity == "sane")


def test_a_number_has_every_class_that_holds_of_it(tmp_path):
    """A page with a homonym's work on it, and the largest h-index that its citations allow: neither hides the other."""
    listed = record("Counting Crops", key="crops", source="scholar_feed")
    readings = tuple(Reading(source="scholar_feed", metric=name, value=n)
                     for name, n in (("h_index", 8), ("papers", 20), ("citations", 70)))  # fmt: skip
    page = said(START, listed, readings=readings, source="scholar_feed", url="https://feed.example", body=b"crops")
    hers = Decision(verdict="not_theirs", left="ada", right="title:Counting Crops", reason="another Ada")
    run(tmp_path, START, page, decisions=[hers])
    told = "select sane, sanity, classes, reason from metric_history where metric = 'h_index'"
    ((sane, sanity, classes, reason),) = rows(tmp_path, told)
    assert (sane, sanity, classes) == (False, "contaminated", ["contaminated", "implausible"])
    assert "1 work of other people" in reason
    assert "8² = 64 ≤ 70 < 81 = 9²" in reason


def test_an_impossible_reading_is_no_measure_for_the_next(tmp_path):
    """After 31 of 21 papers, 10 is no drop."""
    series = [(days, {"h_index": h_index, "papers": 21, "citations": 226}, {})
              for days, h_index in ((0, 9), (30, 31), (60, 31), (90, 10))]  # fmt: skip
    found = history(tmp_path, {"ada": series}, {"ada": "h_index"})
    assert [sanity for sanity, _ in found["ada"]] == ["sane", "impossible", "impossible", "sane"]


def told(home, days: int, **totals):
    """A whole run with one visit."""
    run(home, START + timedelta(days=days), visit(days, totals, {}, "ada"))


def test_what_is_in_doubt_is_no_change_no_state_and_in_no_sum(tmp_path):
    """It stays in the history, with its reason, and is a finding."""
    told(tmp_path, 0, citations=353)
    told(tmp_path, 30, citations=13492)
    assert rows(tmp_path, "from changes where kind = 'citations_changed'") == []
    assert rows(tmp_path, "select value from metrics_as_of(timestamp '2025-01-01')") == []
    assert len(rows(tmp_path, "from metric_history where metric = 'citations'")) == 2
    ((reason,),) = rows(tmp_path, "select explanation from findings where kind = 'doubtful_metric' and status = 'open'")
    assert "jumped from 353 to 13492 in 30 days" in reason
    told(tmp_path, 60, citations=13500)
    assert rows(tmp_path, "select before, after from changes where kind = 'citations_changed'") == [("353", "13500")]


def test_a_total_of_a_group_counts_each_work_once(tmp_path):
    """Two of us wrote it, and two records of one source have it."""
    both = [record("Notes", key=key, source="openalex", doi="10.1000/n", openalex_id=key) for key in ("W1001", "W1002")]
    other = record("Sketch", key="W1003", source="openalex", openalex_id="W1003")
    counts = {"W1001": 7, "W1002": 5, "W1003": 2}
    readings = tuple(Reading(source="openalex", metric="citations", value=n, key=key) for key, n in counts.items())
    run(tmp_path, START, said(START, *both, other, readings=readings, source="openalex", url="https://a.example"))
    assert rows(tmp_path, "select source, works, citations from group_citations") == [("openalex", 2, 9)]


def test_what_moved_a_total_is_told_in_parts_that_add_up(tmp_path):
    """New citations, a recount, a work in, a work out, a namesake's work, and the rest that nothing explains."""
    titles = {"W1001": "Notes on the Engine", "W1002": "Weaving by Cards", "W1003": "Tides of the Moon",
              "W1004": "Sketch of a Loom", "W1005": "Counting Crops"}  # fmt: skip

    def page(days: int, total: int, counts: dict[str, int]):
        listed = [record(titles[key], key=key, source="openalex", openalex_id=key) for key in counts]
        readings = [Reading(source="openalex", metric="citations", value=n, key=key) for key, n in counts.items()]
        readings.append(Reading(source="openalex", metric="citations", value=total))
        given = {"source": "openalex", "url": "https://openalex.example", "body": repr(counts).encode()}
        return said(START + timedelta(days=days), *listed, readings=tuple(readings), **given)

    hers = Decision(verdict="not_theirs", left="ada", right="title:Counting Crops", reason="another Ada")
    run(tmp_path, START, page(0, 18, {"W1001": 10, "W1002": 5, "W1003": 3}))
    later = page(30, 27, {"W1001": 14, "W1002": 4, "W1004": 2, "W1005": 6})
    run(tmp_path, START + timedelta(days=30), later, decisions=[hers])
    parts = "before, after, moved, newly_cited, recounted, works_in, works_out, homonyms, unexplained"
    assert rows(tmp_path, f"select {parts} from metric_moves") == [(18, 27, 9, 4, -1, 2, -3, 6, 1)]
    assert "+6 with works of other people" in rows(tmp_path, "select explanation from metric_moves")[0][0]
