"""How sure each change is and what moved it, absences with their cause, and answers that come late."""

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest

from harvest.detect.grounds import FIRM
from harvest.model import Answer, Contents, Decision, Outcome, Person, Reading, Stage
from harvest.pipeline import take
from harvest.plan import Plan
from harvest.runs import Visit
from harvest.sources.arxiv import Arxiv
from harvest.sources.source import Known
from harvest.store.append import append_answers
from harvest.store.recall import recall
from harvest.store.warehouse import transaction, utc, writing
from test_warehouse import ADA, record

START = datetime(2024, 1, 1, tzinfo=UTC)
ADA = replace(ADA, name="Ada Lovelace")
PAGE = "https://ada.example/"
TITLES = ("Notes on the Engine", "Weaving by Cards", "Tides of the Moon", "Sketch of a Loom", "Counting of Crops")


def at(days: float) -> datetime:
    """Days after the start."""
    return START + timedelta(days=days)


def said(days: float, *records, readings=(), reason="", **given):
    """An answer of a source about Ada, or her own page."""
    usual = {"source": records[0].source if records else "homepage", "url": PAGE, "person_id": "ada"}
    usual |= {"own": (given.get("source") or usual["source"]) == "homepage", "body": repr((records, readings)).encode()}
    answer = Answer(received_at=at(days), reason=reason, **(usual | given))
    return answer, Contents(records=tuple(records), readings=tuple(readings))


def own(title: str, **given):
    """An entry of her page."""
    return record(title, **({"source": "homepage"} | given))


@cache
def template() -> Path:
    """A warehouse without facts, made once."""
    home = Path(mkdtemp())
    with writing(home):
        pass
    return home / "harvest.writing.duckdb"


@contextmanager
def working(home: Path):
    """The warehouse of a test."""
    if not (home / "working.duckdb").exists():
        shutil.copy(template(), home / "working.duckdb")
    with duckdb.connect(str(home / "working.duckdb")) as db:
        yield db


def runs(home, *moments, decisions=(), people=(ADA,), now=None):
    """One run for each list of answers, at the moment of its newest answer."""
    with working(home) as db:
        for answers in moments:
            with transaction(db):
                moment = now or max(answer.received_at for answer, _ in answers)
                visit = Visit(source=answers[0][0].source, said=tuple(answers))
                take(db, Plan(people=people, decisions=decisions), (), [visit], moment)


def rows(home, query: str):
    """The rows of a query."""
    with working(home) as db:
        return db.execute(query).fetchall()


def changes(home, kind: str, columns: str = "confidence, witnesses"):
    """All changes of a kind, in order of time."""
    return rows(home, f"select {columns} from changes where kind = '{kind}' order by happened_at, title")


ARXIV = {"source": "arxiv", "arxiv_id": "2401.00001", "arxiv_version": 1, "stage": Stage.PREPRINT}
INDEXED = {"source": "dblp", "stage": Stage.PUBLISHED, "venue": "ICML", "venue_year": 2024, "dblp_key": "conf/icml/1"}
SURENESS = [
    ("an index says so", [{**INDEXED, "year": 2024}], "published", "certain", ["dblp"]),
    ("only her page", [{"source": "homepage", "stage": Stage.ACCEPTED}], "accepted", "claimed", ["homepage"]),
    ("her comment at arXiv", [{**ARXIV, "venue": "ICML", "venue_year": 2024}], "accepted", "claimed", ["arxiv"]),
    ("it copies", [{"source": "scholar_feed", "stage": Stage.PUBLISHED}], "published", "likely", ["scholar_feed"]),
    (
        "her page and an index",
        [{"source": "homepage", "stage": Stage.PUBLISHED}, {**INDEXED, "year": 2024}],
        "published", "certain", ["dblp", "homepage"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "then", "stage", "confidence", "witnesses"), SURENESS, ids=[one[0] for one in SURENESS]
)
def test_a_change_is_as_sure_as_who_says_it(tmp_path, why, then, stage, confidence, witnesses):
    """The rule of detect/grounds.py, case by case."""
    before = said(0, own("Notes on the Engine", stage=Stage.SUBMITTED))
    places = {"homepage": PAGE}
    after = [
        said(9, record("Notes on the Engine", **one), url=places.get(one["source"], f"https://{one['source']}.example"))
        for one in then
    ]
    runs(tmp_path, [before], after)
    assert rows(tmp_path, "select after, confidence, witnesses from changes where kind = 'status_changed'") == [
        (stage, confidence, witnesses)
    ]
    assert changes(tmp_path, "work_added") == [("claimed", ["homepage"])]


def test_a_change_stays_as_sure_as_it_was_when_it_was_noticed(tmp_path):
    """That an index confirms it later is a change of its own."""
    claimed = own("Notes on the Engine", stage=Stage.PUBLISHED, venue="ICML", venue_year=2024)
    index = said(18, record("Notes on the Engine", **INDEXED, year=2024), url="https://dblp.example")
    runs(tmp_path, [said(0, own("Notes on the Engine", stage=Stage.SUBMITTED))], [said(9, claimed)], [index])
    assert changes(tmp_path, "status_changed") == [("claimed", ["homepage"])]
    assert changes(tmp_path, "release_confirmed") == [("certain", ["dblp"])]


def test_what_a_human_decides_is_certain_and_what_the_rules_leave_open_is_open(tmp_path):
    """The binding of a person, and a value."""
    index = said(0, record("Notes on the Engine", stage=Stage.PREPRINT), url="https://dblp.example")
    runs(tmp_path, [index])
    hers = Decision(verdict="not_theirs", left="ada", right="title:Notes on the Engine", reason="another Ada")
    runs(tmp_path, [said(5, own("Weaving by Cards"))], decisions=[hers])
    assert changes(tmp_path, "attribution_changed", "after, confidence, witnesses") == [
        ("not_theirs", "certain", ["decision"])
    ]


def test_an_index_joined_by_likeness_only_is_likely(tmp_path):
    """It may speak of another work."""
    runs(tmp_path, [said(0, own("Notes on the Engine", stage=Stage.SUBMITTED))])
    with working(tmp_path) as db:
        assert db.execute("select count(*) from grounds").fetchall() == [(1,)]
    index = record("Notes on an Engine and Its Cards", **INDEXED, year=2024)
    runs(tmp_path, [said(9, index, url="https://dblp.example")])
    assert rows(tmp_path, f"select 1 from links where verdict = 'same' and score < {FIRM}") == [(1,)]
    assert changes(tmp_path, "status_changed", "confidence") == [("likely",)]


def test_an_award_that_only_an_author_tells_is_claimed_though_an_index_has_the_venue(tmp_path):
    """The step is the award; who says so is its evidence."""
    there = {"stage": Stage.PUBLISHED, "venue": "ICML", "venue_year": 2024}
    index = said(0, record("Notes on the Engine", **INDEXED, year=2024), url="https://dblp.example")
    first, then = (
        said(0, own("Notes on the Engine", **there)),
        said(9, own("Notes on the Engine", **there, comment="Oral")),
    )
    runs(tmp_path, [first, index], [then])
    assert changes(tmp_path, "venue_changed", "after, confidence, witnesses, evidence") == [
        ("ICML 2024 (oral)", "claimed", ["homepage"], f"homepage: {PAGE}")
    ]


ENTERED = [("10.5555/12345", "claimed"), ("10.48550/arxiv.2401.00001", "certain")]


@pytest.mark.parametrize(("doi", "confidence"), ENTERED)
def test_a_doi_that_authors_entered_at_arxiv_is_claimed(tmp_path, doi, confidence):
    """That of arXiv itself is not."""
    arxiv = said(9, record("Notes on the Engine", **ARXIV, doi=doi), url="https://arxiv.example")
    runs(tmp_path, [said(0, own("Notes on the Engine"))], [arxiv])
    assert changes(tmp_path, "doi_added", "confidence") == [(confidence,)]


def test_a_page_and_a_comment_at_arxiv_are_not_two_people(tmp_path):
    """The answer about Mary has a comment that Ada may have written."""
    arxiv = said(0, record("Notes on the Engine", **ARXIV), url="https://arxiv.example", person_id="mary")
    accepted = {"venue": "ICML", "venue_year": 2024}
    then = [
        said(9, own("Notes on the Engine", stage=Stage.ACCEPTED, **accepted)),
        said(9, record("Notes on the Engine", **ARXIV, **accepted), url="https://arxiv.example", person_id="mary"),
    ]
    runs(tmp_path, [said(0, own("Notes on the Engine", stage=Stage.SUBMITTED)), arxiv], then)
    assert changes(tmp_path, "status_changed") == [("claimed", ["arxiv", "homepage"])]


def numbers(days: float, total: int, counts: dict[str, int], h_index: int | None = None):
    """A page of OpenAlex with rows."""
    listed = [record(TITLES[int(key[-1])], key=key, source="openalex", openalex_id=key) for key in counts]
    told = [Reading(source="openalex", metric="citations", value=n, key=key) for key, n in counts.items()]
    told.append(Reading(source="openalex", metric="citations", value=total))
    told += [Reading(source="openalex", metric="h_index", value=h_index)] if h_index else []
    return said(days, *listed, readings=told, url="https://openalex.example", source="openalex")


def test_a_number_that_moved_says_what_moved_it(tmp_path):
    """The parts add up, over every visit since the last change; the works that moved most are named."""
    first = numbers(0, 18, {"W0": 10, "W1": 5, "W2": 3}, h_index=3)
    runs(tmp_path, [first], [numbers(30, 29, {"W0": 14, "W1": 4, "W2": 5, "W3": 4}, h_index=4)])
    ((person,),) = rows(tmp_path, "select because from changes where kind = 'citations_changed' and work_id is null")
    assert person == (
        "+6 citations of known works, -1 by a recount, +4 with works that came in, +2 unexplained: "
        "most by +4 “Notes on the Engine”, +4 “Sketch of a Loom”, +2 “Tides of the Moon”"
    )
    ((h_index,),) = changes(tmp_path, "h_index_changed", "because")
    assert h_index == "“Sketch of a Loom”, “Tides of the Moon” now with 4 citations or more"
    works = rows(
        tmp_path, "select title, because from changes where kind = 'citations_changed' and work_id is not null"
    )
    assert sorted(works) == [
        ("Notes on the Engine", "+4 newly cited"),
        ("Tides of the Moon", "+2 newly cited"),
        ("Weaving by Cards", "-1 by a recount"),
    ]


def test_an_h_index_that_fell_names_the_works_that_are_gone_or_fell_since_the_last_visit(tmp_path):
    """Between its steps there were visits at which it stood still."""
    counts = {"W0": 10, "W1": 5, "W2": 3}
    runs(tmp_path, [numbers(0, 18, counts, 3)], [numbers(30, 18, counts, 3)], [numbers(60, 11, {"W1": 9, "W2": 2}, 2)])
    ((gone,),) = changes(tmp_path, "h_index_changed", "because")
    assert gone == "“Tides of the Moon” now with fewer than 3 citations, “Notes on the Engine” listed no more"


def test_a_number_of_a_late_answer_moved_at_its_day_and_the_next_step_begins_there(tmp_path):
    """Files of January and February, given in March: both steps have their parts."""
    runs(tmp_path, [numbers(0, 18, {"W0": 10, "W1": 8})])
    runs(tmp_path, [numbers(30, 24, {"W0": 14, "W1": 10})], now=at(90))
    runs(tmp_path, [numbers(60, 27, {"W0": 16, "W1": 11})], now=at(91))
    found = changes(tmp_path, "citations_changed", "happened_at, noticed_at, after, split_part(because, ':', 1), title")
    assert [one[:-1] for one in found if one[-1] == "Ada Lovelace"] == [
        (at(30).replace(tzinfo=None), at(90).replace(tzinfo=None), "24", "+6 citations of known works"),
        (at(60).replace(tzinfo=None), at(91).replace(tzinfo=None), "27", "+3 citations of known works"),
    ]


def test_a_number_in_doubt_is_believed_when_it_is_said_again(tmp_path):
    """An answer like the one before it says nothing new, but it settles the doubt."""
    steps = ((0, 18), (7, 18), (30, 10))
    runs(tmp_path, *[[numbers(days, total, {})] for days, total in steps])
    assert changes(tmp_path, "citations_changed") == []
    for days in (37, 44):
        runs(tmp_path, [numbers(days, 10, {})])
    assert changes(tmp_path, "citations_changed", "before, after, happened_at") == [
        ("18", "10", at(37).replace(tzinfo=None))
    ]


def test_a_merge_of_works_is_named_as_what_moved_their_number(tmp_path):
    """It is no new citation."""
    one, two = numbers(0, 12, {"W0": 4, "W1": 7}), numbers(30, 13, {"W0": 5, "W1": 8})
    runs(tmp_path, [one])
    same = Decision(verdict="same", left="title:Notes on the Engine", right="title:Weaving by Cards", reason="one")
    runs(tmp_path, [two], decisions=[same])
    moved = rows(
        tmp_path, "select before, after, because from changes where kind = 'citations_changed' and work_id is not null"
    )
    assert moved == [("4", "8", "+1 newly cited, +3 with what was merged into it")]
    assert changes(tmp_path, "works_merged") == [("certain", ["decision"])]


def pages(*days_and_titles, reason=""):
    """A run for each day on which her page lists these titles."""
    return [[said(days, *map(own, titles), reason=reason)] for days, titles in days_and_titles]


MASS = "select status, kind, document from findings where kind = 'mass_removal'"


def test_much_that_is_gone_at_once_is_held_and_asked_about_until_it_is_back(tmp_path):
    """A hidden section."""
    runs(tmp_path, *pages((0, TITLES), *[(days, TITLES[:2]) for days in (10, 20, 30)]))
    assert changes(tmp_path, "work_removed") == []
    assert rows(tmp_path, MASS) == [("open", "mass_removal", PAGE)]
    ((question, yes),) = rows(tmp_path, "select question, yes from open_questions where kind = 'mass_removal'")
    assert (PAGE in question, yes) == (True, None)
    runs(tmp_path, *pages((40, TITLES)))
    assert rows(tmp_path, MASS) == [("settled", "mass_removal", PAGE)]
    assert rows(tmp_path, "from open_questions where kind = 'mass_removal'") == []


def test_much_that_is_gone_at_once_is_removed_when_a_human_accepts_it(tmp_path):
    """With the day on which it went."""
    runs(tmp_path, *pages((0, TITLES), *[(days, TITLES[:2]) for days in (10, 20, 30)]))
    runs(tmp_path, *pages((40, TITLES[:2]), reason="accepted as it is"))
    assert [moment.day for (moment,) in changes(tmp_path, "work_removed", "happened_at")] == [11, 11, 11]
    assert rows(tmp_path, MASS) == [("settled", "mass_removal", PAGE)]


def test_an_answer_that_was_held_back_is_asked_about(tmp_path):
    """Until the source says again what it said."""
    runs(tmp_path, *pages((0, TITLES)))
    answer, _ = said(10, source="homepage")
    reason = "shrank from 5 entries to 1: held back until run with --accept-shrink"
    runs(tmp_path, [(replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents())])
    assert rows(tmp_path, MASS) == [("open", "mass_removal", PAGE)]
    runs(tmp_path, *pages((20, TITLES)))
    assert rows(tmp_path, MASS) == [("settled", "mass_removal", PAGE)]


def test_the_very_answer_that_was_held_back_can_be_accepted(tmp_path):
    """A file given by hand is the same file, of the same moment, when a human has looked at it."""
    runs(tmp_path, *pages((0, TITLES)))
    ((accepted,),) = pages((10, TITLES[:2]), reason="accepted as it is")
    held = replace(accepted[0], outcome=Outcome.SUSPICIOUS, reason="shrank from 5 entries to 2: held back")
    runs(tmp_path, [(held, Contents())], now=at(11))
    runs(tmp_path, [accepted], now=at(12))
    assert rows(tmp_path, "select outcome, reason from answers order by run_id")[1:] == [
        ("suspiciously_empty", held.reason), ("answered", "accepted as it is")
    ]  # fmt: skip
    assert rows(tmp_path, MASS)[-1][0] == "settled"


MARY = Person(id="mary", name="Mary Somerville", dblp_pid="2/2")
LISTS = {"ada": "https://dblp.example/pid/1/1.xml", "mary": "https://dblp.example/pid/2/2.xml"}


def dblp(days: float, whose: str, *titles: str, pids=("1/1", "2/2")):
    """DBLP's list of one person's works, all by Ada and Mary."""
    both = {"authors": ("Ada Lovelace", "Mary Somerville"), "author_keys": pids}
    return said(days, *(record(one, **both) for one in titles), url=LISTS[whose], person_id=whose, source="dblp")


CAUSES = [
    ("dropped", ["1/1", "2/2"], TITLES[1:], "dropped: no list there has it"),
    ("moved", ["7/7", "2/2"], TITLES, "moved: its entry names another person of the name now"),
    ("left out", ["1/1", "2/2"], TITLES, f"left out: it is still on {LISTS['mary']}"),
]


@pytest.mark.parametrize(("why", "pids", "marys", "cause"), CAUSES, ids=[one[0] for one in CAUSES])
def test_what_a_complete_list_lacks_again_and_again_is_removed_with_its_cause(tmp_path, why, pids, marys, cause):
    """One answer without it is nothing yet."""
    whole = [dblp(0, "ada", *TITLES), dblp(0, "mary", *TITLES)]
    later = [[dblp(days, "ada", *TITLES[1:]), dblp(days, "mary", *marys, pids=tuple(pids))] for days in (7, 14, 21)]
    runs(tmp_path, whole, *later[:2], people=(ADA, MARY))
    assert changes(tmp_path, "work_removed") == []
    runs(tmp_path, *later[2:], people=(ADA, MARY))
    found = changes(tmp_path, "work_removed", "title, person_id, source, happened_at, split_part(evidence, '; ', 2)")
    mine = [one for one in found if one[1] == "ada"]
    assert mine == [(TITLES[0], "ada", "dblp", at(7).replace(tzinfo=None), cause)]


def test_a_list_that_moves_to_another_address_is_the_same_list(tmp_path):
    """DBLP told two people of the name apart, and people.toml has the new pid."""
    new = {"url": "https://dblp.example/pid/1/1-2.xml"}
    at_first = [dblp(days, "ada", *TITLES) for days in (0, 7)]
    then = [dblp(days, "ada", *TITLES[1:], pids=("1/1-2", "2/2")) for days in (14, 21, 28)]
    runs(tmp_path, *[[one] for one in at_first])
    moved = replace(ADA, dblp_pid="1/1-2")
    runs(tmp_path, *[[(replace(answer, **new), contents)] for answer, contents in then], people=(moved,))
    assert changes(tmp_path, "work_removed", "title, happened_at, source") == [
        (TITLES[0], at(14).replace(tzinfo=None), "dblp")
    ]


def test_a_complete_list_that_has_it_again_says_so(tmp_path):
    """And says nothing of their own page."""
    lists = [[dblp(days, "ada", *titles)] for days, titles in
             ((0, TITLES), (7, TITLES[1:]), (14, TITLES[1:]), (21, TITLES[1:]), (28, TITLES))]  # fmt: skip
    runs(tmp_path, *lists)
    assert changes(tmp_path, "work_reappeared", "title, source, confidence") == [(TITLES[0], "dblp", "certain")]


def test_a_work_that_a_late_capture_shows_is_told_once_with_its_own_day(tmp_path):
    """It came and went between two captures, and nobody noticed."""
    runs(tmp_path, *pages((0, TITLES[:3]), (60, TITLES[:3])))
    late = [said(30, *map(own, TITLES[:4]))]
    for _ in range(2):
        runs(tmp_path, late, now=at(61))
    found = changes(tmp_path, "work_added", "title, happened_at, noticed_at")
    assert found[-1] == (TITLES[3], at(30).replace(tzinfo=None), at(61).replace(tzinfo=None))
    assert [title for title, *_ in found].count(TITLES[3]) == 1


def test_late_answers_fill_history_and_change_nothing_that_is_known(tmp_path):
    """An old title, an old status, an old number."""
    waiting, done = (own("Notes on the Engine", stage=one) for one in (Stage.SUBMITTED, Stage.ACCEPTED))
    revised = own("Notes on the Engine, Revised", stage=Stage.PUBLISHED, venue="ICML", venue_year=2024)
    runs(tmp_path, [said(0, waiting)], [said(60, revised)])
    before = rows(tmp_path, "select kind, title, after from changes order by all")
    for entry, days in ((waiting, -30), (done, 30)):
        runs(tmp_path, [said(days, entry)], now=at(61))
    assert rows(tmp_path, "select kind, title, after from changes order by all") == before
    ((first,),) = rows(tmp_path, "select first_seen_at from titles where title = 'Notes on the Engine'")
    assert first == at(-30).replace(tzinfo=None)


def test_what_an_index_said_before_it_was_asked_by_hand_happened_then(tmp_path):
    """The file is of May, the run of July."""
    runs(tmp_path, [said(0, own("Notes on the Engine", stage=Stage.SUBMITTED))])
    file = [said(30, record("Notes on the Engine", **INDEXED, year=2024), url="https://dblp.example")]
    runs(tmp_path, file, now=at(90))
    assert changes(tmp_path, "status_changed", "happened_at, noticed_at") == [
        (at(30).replace(tzinfo=None), at(90).replace(tzinfo=None))
    ]


WAITING = [  # days since it appeared, since it was last seen at arXiv, an index says it appeared, it rests
    (200, 6, False, True), (200, 7, False, False),
    (700, 20, False, True), (700, 30, False, False),
    (2500, 80, False, True), (2500, 91, False, False),
    (200, 80, True, True), (200, 91, True, False),
]  # fmt: skip


def test_preprints_that_wait_are_asked_about_for_years_the_older_the_more_rarely(tmp_path):
    """Weekly, monthly, quarterly; what has appeared, quarterly from the start."""
    now = at(5000)
    with working(tmp_path) as db:
        for number, (age, since, appeared, _) in enumerate(WAITING):
            id = f"2001.0000{number}"
            first = (now - timedelta(days=age)).date()
            one = record(f"Paper {number}", source="arxiv", key=id, arxiv_id=id, arxiv_version=1, first_on=first)
            append_answers(db, 1, [said(5000 - since, one, url=f"https://arxiv.example/{number}")])
            if appeared:
                append_answers(db, 1, [said(5000, record(f"Paper {number}", **INDEXED), url="https://dblp.example")])
            for source in ("arxiv", "dblp"):
                db.execute(f"insert into memberships select record_id, 'w{number}', 1 from records"
                           f" where source = '{source}' and title = 'Paper {number}'")  # fmt: skip
        resting = recall(db, utc(now)).arxiv_resting
    assert [f"2001.0000{number}" in resting for number in range(len(WAITING))] == [one[-1] for one in WAITING]


def test_a_preprint_that_rests_is_not_asked_about():
    """By its id; a search by name may still list it."""
    known = Known(arxiv_ids=frozenset({"2001.00001", "2001.00002"}), arxiv_resting=frozenset({"2001.00001"}))
    (query,) = Arxiv().follow([Contents(total=0)], known)
    assert dict(query.params)["id_list"] == "2001.00002"
