"""What a careful bibliographer says of the five seed documents when nothing else was read."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harvest import audit as audit_module
from harvest.reconcile.audit.corrections import corrected
from harvest.settings import read_settings

SEEDS = Path(__file__).parents[1] / "seeds"
CV, MINGZE, WEINAN, LISTING, ZHANPENG = sorted(path.name for path in (SEEDS / "documents").iterdir())
NOW = datetime(2026, 6, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """Settings of a home where no warehouse is."""
    folder = tmp_path_factory.mktemp("none")
    return read_settings(home=folder / "none", people=SEEDS / "people.toml", decisions=folder / "decisions.toml")


@pytest.fixture(scope="module")
def pages(without):
    """Document → its audit."""
    return {page.document: page for page in audit_module.audited(without, now=NOW).pages}


def field(page, item, name):
    """One field of one item."""
    (entry,) = (entry for entry in page.entries if entry.item == item)
    return next(one for one in entry.fields if one.field == name)


@pytest.mark.parametrize(
    ("item", "verdict"),
    [("18", "stale"), ("17", "no public record"), ("16", "no public record"), ("15", "stale"), ("14", "ambiguous"),
     ("13", "contradicted"), ("12", "confirmed"), ("11", "confirmed"), ("10", "confirmed"),
     ("9", "confirmed as a later version"), ("8", "confirmed"), ("7", "confirmed"), ("6", "confirmed"),
     ("5", "confirmed"), ("4", "confirmed"), ("3", "confirmed"), ("2", "confirmed"), ("1", "stale")],
)  # fmt: skip
def test_the_cv_item_by_item(pages, item, verdict):
    """Contradictions, and silence."""
    assert next(entry.verdict for entry in pages[CV].entries if entry.item == item) == verdict


@pytest.mark.parametrize(
    ("item", "name", "verdict", "words"),
    [
        ("13", "venue", "contradicted", "ICML 2025"),
        ("6", "year", "confirmed", "no contradiction"),
        ("11", "year", "confirmed", "no contradiction"),
        ("11", "award", "unverifiable", ""),
        ("11", "venue", "unverifiable", "would settle it"),
        ("10", "authors", "unresolved", "another order"),
        ("10", "authors", "unresolved", "nobody is removed"),
        ("10", "pages", "unverifiable", "no contradiction"),
        ("5", "venue", "unverifiable", ""),
        ("18", "authors", "confirmed", ""),
        ("9", "authors", "confirmed", ""),
    ],
)
def test_the_cv_field_by_field(pages, item, name, verdict, words):
    """What needs a source that was not asked is left open, and what would settle it is said."""
    one = field(pages[CV], item, name)
    assert one.verdict == verdict
    assert words in one.explanation


def test_what_the_cv_contradicts_and_has_lost(pages):
    """One item against the summary; three employers and two dates; a reference is only asked about."""
    assert {(one.kind, one.severity) for one in pages[CV].findings} == {
        ("self_contradiction", "error"), ("lost", "warning"), ("cross_reference", "question"),
    }  # fmt: skip
    assert sum(one.kind == "self_contradiction" for one in pages[CV].findings) == 1


def test_the_cv_dates_itself(pages):
    """Not before its newest item, not after what it still calls in preparation became public."""
    dating = pages[CV].dating
    assert (dating.not_before, dating.not_after, dating.agrees) == (date(2025, 1, 1), date(2025, 5, 30), True)


@pytest.mark.parametrize(
    ("document", "start"),
    [(MINGZE, date(2026, 5, 26)), (LISTING, date(2025, 2, 26)), (ZHANPENG, date(2026, 5, 26))],
)
def test_pages_date_themselves(pages, document, start):
    """By their newest row."""
    assert pages[document].dating.not_before == start


def test_homonyms_are_four_rows_of_one_page(pages):
    """A name that is cut off is no homonym."""
    assert pages[MINGZE].ledger.foreign == (20, 83, 90, 111)
    assert all(page.ledger.foreign == () for name, page in pages.items() if name != MINGZE)
    assert {41, 48} <= set(pages[ZHANPENG].ledger.undecided)


def test_one_work_on_two_rows(pages):
    """One title, two dates."""
    assert [page.ledger.duplicates for page in pages.values()] == [(), (), (), (), ((139, 153),)]


def test_counts_that_equal_their_rows_are_no_finding(pages):
    """25papers and 25 rows."""
    assert "count_mismatch" not in {one.kind for page in pages.values() for one in page.findings}


def test_absence_is_told_with_its_cause(pages):
    """One omission of a page; six rows that are newer than the CV; works outside of what a page covers."""
    absent = {name: [one for one in page.presence if one.only_in == "record"] for name, page in pages.items()}
    (omitted,) = (one for one in absent[MINGZE] if one.cause == "omitted")
    assert omitted.work_id == next(entry.work_id for entry in pages[CV].entries if entry.item == "10")
    assert [one.cause for one in absent[CV]] == ["newer than the document"] * 6
    assert all(one.cause.startswith("outside its coverage") for one in absent[WEINAN])


def test_a_date_and_a_title_are_two_facts(pages):
    """The title need not have existed on the day of the first submission."""
    (entry,) = (one for one in pages[MINGZE].entries if one.title.startswith("Parameter Symmetry"))
    (one,) = (one for one in entry.fields if one.field == "date")
    assert "need not have existed" in one.explanation


@pytest.mark.parametrize(("item", "outcome"), [("18", "appeared under another title"), ("15", "published"),
                                               ("16", "still nothing"), ("17", "still nothing")])  # fmt: skip
def test_works_in_preparation_have_outcomes(pages, item, outcome):
    """Each with how sure it is."""
    (one,) = (one for one in pages[CV].outcomes if one.item == item)
    assert one.outcome == outcome
    assert one.months == 12


def test_numbers_are_judged(pages):
    """31 of 21 papers and 226 citations is impossible; 18 of 353 is on a page that mixes people."""
    wrong = {name: {one.sanity for one in page.numbers if one.metric == "h_index"} for name, page in pages.items()}
    assert wrong[ZHANPENG] == {"impossible"}
    (largest,) = (one for one in pages[MINGZE].numbers if one.metric == "h_index")
    assert "implausible" in largest.classes
    assert "18² = 324 ≤ 353 < 361 = 19²" in largest.reason


def test_the_corrected_cv_audits_clean(pages, without, tmp_path):
    """Only what nobody knows in public is left."""
    (tmp_path / CV).write_text("\n".join(corrected(pages[CV])))
    (again,) = audit_module.audited(without, str(tmp_path / CV), now=NOW).pages
    assert {entry.verdict for entry in again.entries} == {"confirmed", "no public record"}
    assert [one.kind for one in again.findings if one.severity == "error"] == []
