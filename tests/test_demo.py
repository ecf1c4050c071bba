"""The main job on the model world, once, and everything it must have got right at the end."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvest import pipeline, telling
from harvest.audit import audited
from harvest.demo import bound, play
from harvest.plan import read_plan
from harvest.reconcile.audit.corrections import corrected
from harvest.settings import read_settings
from harvest.store.warehouse import ask
from harvest.world import bindings, demo_dates, seeds
from harvest.world.server import WorldServer

SEEDS = Path(__file__).parents[1] / "seeds"

# Titles of one work, as the seeds have them (any of them means the work).
ONE_WORK = [
    {
        "How Transformers Get Rich: Approximation and Dynamics Analysis",
        "How Transformers Implement Induction Heads: Approximation and Optimization Analysis",
    },
    {
        "A Theoretical Analysis of Noise Geometry in Stochastic Gradient Descent",
        "The Noise Geometry of Stochastic Gradient Descent: A Quantitative and Analytical Characterization",
    },
    {
        "Loss Symmetry and Noise Equilibrium of Stochastic Gradient Descent",
        "Parameter Symmetry and Noise Equilibrium of Stochastic Gradient Descent",
        "The Implicit Bias of Gradient Noise: A Symmetry Perspective",
    },
    {
        "Mixture-of-Experts are Provably Efficient for Sparse or Low-dimensional Tasks",
        "On the Expressive Power of Mixture-of-Experts for Structured Complex Tasks",
    },
    {
        "GradPower: An Algorithmic Framework for Efficient Language Model Pre-Training",
        "GradPower: Powering Gradients for Faster Language Model Pre-Training",
    },
    {
        "A Single Global Merging Suffices: Recovering Centralized Learning Performance in Decentralized Learning",
        "On the Surprising Effectiveness of a Single Global Merging in Decentralized Learning",
    },
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The demo's warehouse, played once."""
    folder = tmp_path_factory.mktemp("demo")
    play(folder)
    return folder


@pytest.fixture
def rows(home):
    """Ask the demo's warehouse."""
    return lambda query: ask(home, query)[1]


def test_the_seeds_rows_are_exactly_the_works_they_speak_of(rows):
    """88 rows, 60 titles, 53 works: every merge and every separation is right."""
    lines = rows("select title_key(title), work_id from seed_comparison")
    works: dict[str, set[str]] = {}
    for title, work in lines:
        works.setdefault(work, set()).add(title)
    key = dict(rows("select distinct title, title_key(title) from titles"))
    merged = [{key[title] for title in titles} for titles in ONE_WORK]
    assert len(lines) == 88
    assert len(works) == 53
    assert sorted(map(sorted, (titles for titles in works.values() if len(titles) > 1))) == sorted(map(sorted, merged))
    assert len({title for title, _ in lines}) == 60


def test_two_arxiv_ids_of_one_work_are_one_work(rows):
    """Different identifiers of one scheme are evidence against, not proof."""
    query = "select count(distinct work_id) from witnesses where arxiv_id in ('2103.07364', '2111.03536')"
    assert rows(query) == [(1,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stochastic Modified Equations and Dynamics%I: Math%", "Stochastic Modified Equations and Adaptive%"),
        ("Approximation and Optimization Theory for Linear%", "On the Curse of Memory%"),
        ("On the Cone Effect%", "New Evidence of the Two-Phase%"),
        ("Conserved Quantities%", "GradPower%"),
    ],
)
def test_look_alikes_stay_apart(rows, one, other):
    """Same authors and similar words are not one work."""
    works = f"select distinct work_id from titles where title ilike '{one}' intersect"
    assert rows(f"{works} select work_id from titles where title ilike '{other}'") == []
    assert rows(f"from titles where title ilike '{one}'")
    assert rows(f"from titles where title ilike '{other}'")


def test_four_rows_of_one_page_are_other_peoples_and_none_of_the_other(rows):
    """A profile page mixes people of one name; a name that is cut off is no homonym."""
    query = "select document, count(*) from seed_comparison where verdict = 'foreign' group by document"
    assert rows(query) == [("001_8b734c93a603e0fd.txt", 4)]
    assert rows("from seed_comparison where verdict = 'unresolved'") == []


def test_a_homonyms_paper_at_the_same_venue_and_year_is_not_theirs(rows):
    """The exact name at ICML 2024 is two people."""
    query = "select verdict from current_attributions join works using (work_id) where title ilike '%tiny object det%'"
    assert all(verdict == "not_theirs" for (verdict,) in rows(query))


def test_a_rename_is_noticed_once_on_its_date(rows):
    """arXiv's second version has the new title; it appeared between the sixth date and the CV's."""
    query = (
        "select noticed_at::date::varchar, before from changes where kind = 'title_changed' and after like 'How Tr%'"
    )
    assert rows(query) == [
        ("2025-05-01", "How Transformers Implement Induction Heads: Approximation and Optimization Analysis")
    ]


def test_every_change_is_noticed_once(rows):
    """No step from one value to the same, no step twice."""
    twice = "select work_id from changes where kind = 'work_added' group by work_id having count(*) > 1"
    assert rows(twice) == []
    assert rows("from changes where before = after") == []


def test_at_least_ten_preprints_became_published_with_venue_and_evidence(rows):
    """The change every reader waits for."""
    published = rows(
        "select distinct work_id from changes where kind = 'status_changed' and after = 'published'"
        " and evidence like '%—%:%'"
    )
    assert len(published) >= 10


def test_works_that_were_in_preparation_appear_under_their_new_titles(rows):
    """The CV's working titles become the preprints'."""
    query = "select title from changes where kind = 'status_changed' and before = 'in_preparation' order by title"
    assert [title.split(":")[0] for (title,) in rows(query)] == [
        "GradPower",
        "On the Expressive Power of Mixture-of-Experts for Structured Complex Tasks",
    ]


def test_numbers_move_per_source_and_the_impossible_one_is_quarantined(rows):
    """31 of 21 papers and 226 citations can be nobody's h-index."""
    moved = dict(rows("select source, count(*) from changes where kind = 'h_index_changed' group by source"))
    assert set(moved) == {"openalex", "scholar_feed"}
    ((reason,),) = rows("select distinct reason from metric_history where sanity = 'impossible'")
    assert "21 papers" in reason
    assert "961 > 226" in reason
    assert rows("from changes where kind = 'h_index_changed' and after = '31'") == []


@pytest.mark.parametrize(
    ("item", "verdict"),
    [("13", "contradicted"), ("6", "confirmed"), ("11", "confirmed"), ("15", "stale"), ("18", "stale"),
     ("16", "no public record"), ("17", "no public record"), ("1", "stale")],
)  # fmt: skip
def test_the_cv_is_compared_item_by_item(rows, item, verdict):
    """Contradictions are found and preprint years are none."""
    query = f"select verdict from seed_comparison where document like '000_%' and item = '{item}'"
    assert rows(query) == [(verdict,)]


def test_running_the_last_date_again_adds_nothing(home, rows):
    """No change, no record, no e-mail."""
    count = "select (select count(*) from changes), (select count(*) from records), (select count(*) from answers)"
    before, mails = rows(count), sorted((home / "outbox").iterdir())
    with WorldServer(demo_dates()[-1]) as world:
        settings = read_settings(home=home, pace=0, **world.settings(), **seeds())
        plan = read_plan(settings)
        plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
        summary = pipeline.harvest(settings=settings, plan=plan, now=demo_dates()[-1])
        telling.report(settings=settings, people=plan.people)
    assert (summary.changes, summary.records, summary.exit_code) == (0, 0, 0)
    assert rows(count) == before
    assert sorted((home / "outbox").iterdir()) == mails


def test_the_page_the_text_and_the_mail_say_the_news(home):
    """The last date's report is about the last date."""
    date = f"{demo_dates()[-1]:%Y-%m-%dT%H%M}"
    page = (home / "reports" / f"{date}.html").read_text()
    assert "IGU-LoRA" in page
    assert "IGU-LoRA" in (home / "reports" / f"{date}.txt").read_text()
    assert len(list((home / "outbox").glob("*.eml"))) >= 3


def test_what_was_known_on_the_day_of_the_cv_can_still_be_asked(rows):
    """The title of that day, not today's."""
    day = datetime(2024, 12, 1, tzinfo=UTC).replace(tzinfo=None)
    known = rows(f"select title from works_as_of(timestamp '{day}') where title like 'How Transformers%'")
    assert known == [("How Transformers Implement Induction Heads: Approximation and Optimization Analysis",)]


@pytest.fixture(scope="module")
def pages(home):
    """Document → its audit against the demo's warehouse."""
    return {page.document[:3]: page for page in audited(read_settings(home=home), now=demo_dates()[-1]).pages}


def test_the_audit_resolves_what_the_documents_alone_cannot(pages):
    """Author orders by arXiv's versions, venues by their indexes, names that are cut off by homepages."""
    fields = {(entry.item, one.field): one for entry in pages["000"].entries for one in entry.fields}
    assert fields["10", "authors"].verdict == "confirmed"
    assert {fields[item, "venue"].reason for item in ("2", "3", "4", "6", "7", "8", "9", "10", "11")} == {"indexed"}
    assert fields["14", "status"].verdict == "ambiguous"
    assert [entry.title for page in pages.values() for entry in page.entries if entry.verdict == "unresolved"] == []


def test_the_corrected_cv_audits_clean(pages, home, tmp_path):
    """What the audit proposes satisfies the audit."""
    path = tmp_path / pages["000"].document
    path.write_text("\n".join(corrected(pages["000"])))
    (again,) = audited(read_settings(home=home), str(path), now=demo_dates()[-1]).pages
    assert {entry.verdict for entry in again.entries} == {"confirmed", "no public record"}
