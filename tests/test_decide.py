"""What a human settles: written down whole, in force after the next run, over every rule, until it is taken back."""

import tomllib

import pytest

from harvest import pipeline
from harvest.decide import decide
from harvest.errors import InputProblem
from harvest.model import Stage
from harvest.plan import Plan
from harvest.seeds import read_decisions
from harvest.settings import Settings, read_settings
from test_warehouse import ADA, day, record, rows, run, said

PEOPLE = '[[person]]\nid = "ada"\nname = "Ada Lovelace"\n'

# Two works, each of two records that hold together by their DOI.
NOTES = [record("Notes on the Engine", key=key, doi="10.1000/notes", year=2020) for key in ("a1", "a2")]
LOOMS = [record("Weaving by Punched Cards", key=key, doi="10.1000/looms", year=2022) for key in ("b1", "b2")]


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A warehouse with both works, and files of one's own."""
    (tmp_path / "people.toml").write_text(PEOPLE)
    run(tmp_path, day(1), said(day(1), *NOTES, *LOOMS))
    return read_settings(home=tmp_path, people=tmp_path / "people.toml", decisions=tmp_path / "decisions.toml")


def again(settings: Settings, number: int, *records, **given):
    """The next run, with the decisions of the file."""
    answers = said(day(number), *(records or (*NOTES, *LOOMS)))
    return run(settings.home, day(number), answers, decisions=read_decisions(settings.decisions), **given)


def works(settings: Settings) -> int:
    """How many works there are."""
    return int(rows(settings.home, "select count(*) from works")[0][0])


def test_a_decision_is_appended_and_the_humans_own_words_stay(settings):
    """The file is theirs: comments, order and spacing are not ours to change."""
    before = (
        "# mine\n\n[[decision]]  # of old\nverdict = 'different'\nleft = 'arxiv:2101.00001'\nright = 'arxiv:2101.2'\n"
    )
    settings.decisions.write_text(before)
    told = decide(settings, ["same", "10.1000/notes", "https://doi.org/10.1000/looms"], "I asked\nher")
    text = settings.decisions.read_text()
    assert text.startswith(before.rstrip())
    assert "Notes on the Engine" in text  # as a comment, for who reads the file later
    assert "after the next run" in told
    assert tomllib.loads(text)["decision"][1] == {
        "verdict": "same", "left": "doi:10.1000/notes", "right": "doi:10.1000/looms", "reason": "I asked her",
    }  # fmt: skip
    assert [path.name for path in settings.home.iterdir() if path.name.startswith(".")] == []


def test_a_file_in_another_form_is_left_as_it_is(settings):
    """Nothing can be added to a list in brackets; and line ends are the human's own."""
    settings.decisions.write_text("decision = []\n")
    with pytest.raises(InputProblem, match=r"under its own \[\[decision\]\]"):
        decide(settings, ["same", "10.1000/notes", "10.1000/looms"])
    assert settings.decisions.read_text() == "decision = []\n"
    settings.decisions.write_bytes(b"# mine\r\n# and hers\r\n")
    decide(settings, ["same", "10.1000/notes", "10.1000/looms"])
    assert settings.decisions.read_bytes().startswith(b"# mine\r\n# and hers\n\n[[decision]]")


def test_what_is_decided_already_is_not_written_twice(settings):
    """The last word stands; its opposite is a new word."""
    for left, right in (("10.1000/notes", "10.1000/looms"), ("10.1000/looms", "10.1000/notes")):
        decide(settings, ["same", left, right])
    decide(settings, ["different", "10.1000/notes", "10.1000/looms"])
    assert [one.verdict for one in read_decisions(settings.decisions)] == ["same", "different"]


@pytest.mark.parametrize(
    ("words", "said_back"),
    [
        (["same", "10.1000/notez", "10.1000/looms"], "near are doi:10.1000/notes “Notes on the Engine”"),
        (["same", "Notes on an Engine", "10.1000/looms"], "near are “Notes on the Engine”"),
        (["same", "wffffffffffff", "10.1000/looms"], "harvest sql"),
        (["same", "arxiv:poem", "10.1000/looms"], "no such identifier"),
        (["different", "10.1000/notes", "Notes on the Engine"], "name the two sides"),
        (["theirs", "adda", "10.1000/notes"], "do you mean ada?"),
        (["value", "10.1000/notes", "pages", "3"], "known are title, authors, venue, year, stage"),
        (["value", "10.1000/notes", "stage", "famous"], "known are in_preparation"),
        (["value", "10.1000/notes", "year", "soon"], "no year"),
        (["perhaps", "10.1000/notes", "10.1000/looms"], "decide what?"),
        (["q00000000", "yes"], "no open question"),
    ],
)
def test_what_means_nothing_is_refused_with_what_is_near(settings, words, said_back):
    """A typing error must not become a decision that nobody ever misses."""
    with pytest.raises(InputProblem) as refused:
        decide(settings, words)
    assert said_back in str(refused.value)
    assert "decisions.toml" not in str(refused.value), "nothing is wrong with the file"
    assert not settings.decisions.exists()


def test_joining_two_works_takes_all_that_is_in_them(settings):
    """Also where records of the two contradict each other: the human has seen more."""
    one = [record("Notes on the Engine, Part I", key=key, doi="10.1000/one", year=2020) for key in ("a1", "a2")]
    two = [record("Notes on the Engine, Part II", key=key, doi="10.1000/two", year=2021) for key in ("b1", "b2")]
    fitting = record("Notes on the Engine, Part II", key="b3", doi=None, year=2021)
    run(settings.home / "x", day(1), said(day(1), *one, *two, fitting))
    mine = settings.model_copy(update={"home": settings.home / "x"})
    assert works(mine) == 2
    decide(mine, ["same", "10.1000/one", "10.1000/two"], "one book, bound twice")
    run(mine.home, day(2), said(day(2), *one, *two, fitting), decisions=read_decisions(mine.decisions))
    assert works(mine) == 1
    assert rows(mine.home, "select kind, evidence from changes where kind like 'works_%'") == [
        ("works_merged", "decided: one book, bound twice")
    ]
    assert rows(mine.home, "from unmet_decisions") == []


def test_a_decision_between_works_by_their_ids_outlives_the_merge_that_it_orders(settings):
    """The id of the one that was merged means nothing afterwards; the decision goes on meaning its records."""
    (one,), (two,) = rows(settings.home, "select work_id from works order by year")
    settings.decisions.write_text(
        f'[[decision]]\nverdict = "same"\nleft = "work:{one}"\nright = "work:{two}"\nreason = "hers"\n'
    )
    for number in (2, 3):
        again(settings, number)
        assert works(settings) == 1
    assert len(rows(settings.home, "from changes where kind like 'works_%'")) == 1


def test_telling_apart_splits_where_the_records_part(settings):
    """What bears neither name goes with the side that it is like."""
    first = record("Notes on the Engine", key="a3", arxiv_id="2301.00001")
    second = record("Notes on the Engine", key="b3", arxiv_id="2301.00002")
    near = record("Notes on the Engine", key="c3", doi="10.1000/2", arxiv_id="2301.00002")
    follower = record("Notes on the Engine", key="d3", doi="10.1000/2")
    again(settings, 2, first, second, near, follower)
    assert rows(settings.home, "select count(distinct work_id) from witnesses where arxiv_id is not null") == [(1,)]
    decide(settings, ["different", "2301.00001", "2301.00002"], "an erratum")
    again(settings, 3, first, second, near, follower)
    parts = rows(
        settings.home,
        "select list(key order by key) from witnesses where key[2:] = '3' group by work_id order by 1",
    )
    assert parts == [(["a3"],), (["b3", "c3", "d3"],)]
    assert ("works_split", "decided: an erratum") in rows(settings.home, "select kind, evidence from changes")


def test_a_decision_deleted_from_the_file_is_no_longer_in_force_and_stays_known(settings):
    """Taking back is a fact as well."""
    decide(settings, ["same", "10.1000/notes", "10.1000/looms"])
    again(settings, 2)
    assert works(settings) == 1
    settings.decisions.write_text("")
    again(settings, 3)
    assert works(settings) == 2
    assert rows(settings.home, "from current_decisions") == []
    assert len(rows(settings.home, "from decisions")) == 1
    ((evidence,),) = rows(settings.home, "select evidence from changes where kind = 'works_split'")
    assert evidence == "decided: that they are one work was taken back"
    decide(settings, ["same", "10.1000/notes", "10.1000/looms"])
    again(settings, 4)
    assert works(settings) == 1
    assert again(settings, 5)[1] == 0


@pytest.mark.parametrize(
    ("field", "value", "column", "shown"),
    [
        ("title", "Notes", "title", "Notes"),
        ("authors", "Ada Lovelace; Luigi Menabrea", "authors", ["Ada Lovelace", "Luigi Menabrea"]),
        ("venue", "Scientific Memoirs", "venue", "Scientific Memoirs"),
        ("year", "1843", "year", 1843),
        ("stage", "withdrawn", "stage", "withdrawn"),
    ],
)
def test_a_value_that_a_human_gives_outranks_every_witness(settings, field, value, column, shown):
    """And says that it is a decision."""
    decide(settings, ["value", "10.1000/notes", field, value])
    again(settings, 2)
    evidence = {"title": "title_evidence", "authors": "authors_evidence"}.get(field, "stage_evidence")
    assert rows(settings.home, f"select {column}, {evidence} from works where doi = '10.1000/notes'") == [
        (shown, "decision")
    ]
    assert rows(settings.home, f"select {column} from works where doi = '10.1000/looms'") != [(shown,)]
    assert again(settings, 3)[1] == 0


def test_a_human_takes_a_work_away_and_the_later_word_counts(settings):
    """Theirs or not, decided twice under two names of one work."""
    decide(settings, ["not-theirs", "ada", "10.1000/notes"], "her cousin's")
    again(settings, 2)
    assert rows(settings.home, "select title from publications") == [("Weaving by Punched Cards",)]
    decide(settings, ["theirs", "ada", "Notes on the Engine"], "no, hers")
    again(settings, 3)
    assert len(rows(settings.home, "from publications")) == 2


def test_a_decision_that_means_nothing_any_more_is_a_finding(settings):
    """Never a crash: the source may have dropped what it names."""
    settings.decisions.write_text(
        '[[decision]]\nverdict = "not_theirs"\nperson = "ada"\nwork = "doi:10.1000/gone"\n'
        '[[decision]]\nverdict = "theirs"\nperson = "bob"\nwork = "doi:10.1000/notes"\n'
    )
    again(settings, 2)
    said_so = rows(settings.home, "select explanation from findings where kind = 'unmet_decision' order by all")
    assert len(said_so) == 2
    assert "doi:10.1000/gone" in said_so[0][0]
    settings.decisions.unlink()
    again(settings, 3)
    assert rows(settings.home, "from findings where kind = 'unmet_decision' and status = 'open'") == []


def test_an_open_question_is_answered_by_its_id_and_closes(settings):
    """Is the work of a stranger of her name hers? A human knows."""
    stranger = record("Crops", key="c1", authors=("Ada Lovelace", "Max Mustermann"), source="openalex", doi="10.1000/c")
    answer = said(day(2), stranger, source="arxiv", url="https://arxiv.example", person_id=None)
    run(settings.home, day(2), answer)
    ((question, text, ask_next, opened),) = rows(
        settings.home, "select question_id, question, ask_next, opened_at::date::varchar from open_questions"
    )
    assert (text, opened) == ("Is “Crops” by Ada Lovelace?", "2024-01-02")
    assert "DBLP" in ask_next
    decide(settings, [question, "no"])
    again(settings, 3)
    assert rows(settings.home, "from open_questions") == []
    assert rows(settings.home, "select verdict from current_attributions where verdict = 'not_theirs'") == [
        ("not_theirs",)
    ]
    assert "Is “Crops”" in read_decisions(settings.decisions)[0].reason


def test_what_became_of_a_submission_is_asked_until_it_is_decided(settings):
    """ "Submitted to" with no later word is neither accepted nor rejected."""
    sent = record("Sketch", source="cv", key="s", stage=Stage.SUBMITTED, venue="ICLR 2023 Workshop")
    own = said(day(2), sent, source="cv", url="cv.txt", own=True)
    run(settings.home, day(2), own)
    ((question, text),) = rows(settings.home, "select question_id, question from open_questions")
    assert "submitted to ICLR 2023 Workshop" in text
    decide(settings, [question, "yes"])
    again(settings, 3)
    assert rows(settings.home, "select stage from works where title = 'Sketch'") == [("workshop",)]
    assert rows(settings.home, "from open_questions") == []


def test_a_person_taken_out_of_the_file_leaves_the_views_and_stays_in_the_facts(settings):
    """Nobody's history is lost, and nobody is followed against the file."""
    run(settings.home, day(2), said(day(2), record("Notes", source="cv"), source="cv", url="cv.txt", own=True))
    assert len(rows(settings.home, "from publications")) == 2
    for number, people in ((2, ()), (3, ()), (4, (ADA,))):
        plan = Plan(people=people, sources=(), everybody=tuple(one.id for one in people))
        pipeline.harvest(settings=settings, plan=plan, now=day(number))
        assert len(rows(settings.home, "from publications")) == 2 * len(people)
        assert {of for (of,) in rows(settings.home, "select person_id from document_lines")} == {
            one.id for one in people
        }
    assert len(rows(settings.home, "from departures")) == 1
    assert len(rows(settings.home, "from people")) == 2
