"""What an audit says of a document's own text, how it tells it, and the command itself, on invented CVs and pages."""

import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from harvest import audit as audit_module
from harvest.cli import app
from harvest.errors import InputProblem
from harvest.reconcile.audit.corrections import corrected
from harvest.reconcile.audit.cross_references import cross_references
from harvest.reconcile.audit.dating import dating
from harvest.reconcile.audit.markup import read, rewritten
from harvest.reconcile.audit.nouns import Audit, Dating, Entry, Ledger, Page
from harvest.references import contradictions, numbered, numbers_of
from harvest.report.audit_page import Block, proposals
from harvest.settings import read_settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def entry(number: int, title: str, **given) -> Entry:
    """An item of a list, on the line of its number plus one hundred."""
    usual = {
        "line": 100 + number, "item": str(number), "quote": f"{number}. {title}.", "title": title,
        "work_id": f"w{number}", "whose": "theirs", "verdict": "confirmed", "explanation": "", "fields": (),
        "stage": "published",
    }  # fmt: skip
    return Entry(**(usual | given))


def lines(*texts: str) -> list[tuple[int, str]]:
    """A document's lines, from 1."""
    return list(enumerate(texts, 1))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("[1]~[4]", [1, 2, 3, 4]), ("[1], [3]", [1, 3]), ("[2]-[3] and [7]", [2, 3, 7]), ("[5][9]", [5, 9])],
)
def test_references_are_counted(text, numbers):
    """A sign between two of them means all between."""
    assert numbers_of(text) == numbers


WORKS = (
    entry(1, "Spectral Bounds for Brass Wheels"),
    entry(2, "Expressive Power of Punched Cards", stage="submitted", comment="Submitted."),
    entry(3, "Carry Propagation in Long Columns", stage="in_preparation", comment="(In preparation)"),
    entry(4, "Orchids and Their Fevers", stage="submitted", arxiv_id="2401.00001", comment="Under review."),
    entry(5, "Untold Looms", stage=None),
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Works [1] ~ [2] have been published.", {102}),
        ("[1], [4] were preprinted", set()),
        ("[3] are in preparation", set()),
        ("[2]~[3] are in preparation", {102}),
        ("[5] has been published", set()),
        ("My work [1] is about wheels; [3] is not.", set()),
    ],
)
def test_a_summary_is_held_against_its_items(text, wrong):
    """Only what a summary really says is compared."""
    found = list(contradictions(lines(text), numbered(WORKS)))
    assert {one.line for one, _ in found} == wrong


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The expressive power of cards [2].", []),
        ("The expressive power of punched cards [1].", ["[2] shares"]),
        ("What wheels can do [1][9].", ["no item has this number"]),
        ("All of theory [1][2][3][4].", []),
        ("Something else altogether [4].", []),
    ],
)
def test_references_that_lead_astray_are_asked_about(text, told):
    """A phrase whose rare words stand in one other title; a topic's long list says nothing."""
    found = list(cross_references(lines(text), WORKS))
    assert len(found) == len(told)
    assert all(words in one.explanation for words, one in zip(told, found, strict=True))


def test_numbers_that_are_no_references_are_left_alone():
    """Footnotes and years in brackets."""
    assert list(cross_references(lines("see [101], [102] and [103]", "[104]", "and [1]"), WORKS)) == []


@pytest.mark.parametrize(
    ("texts", "start", "end"),
    [
        (["arXiv preprint: 2410.11474."], date(2024, 10, 1), None),
        (["I am a third-year Ph.D. student.", "2021.09 - Present"], date(2023, 9, 1), date(2024, 8, 31)),
        (["A 2nd-year PhD candidate", "2022 - now"], date(2023, 1, 1), date(2024, 12, 31)),
        (["Award 2024.12", "Graduation expected 2026.06"], date(2024, 12, 1), None),
        (["Nothing of the kind"], None, None),
    ],
)
def test_a_document_dates_itself(texts, start, end):
    """By its newest arXiv id, by how long it says something has lasted, by the months it speaks of."""
    found = dating(lines(*texts), (), own=True, given=None)
    assert (found.not_before, found.not_after) == (start, end)
    assert all(clue.line and clue.quote and clue.explanation for clue in found.clues)


def test_what_it_calls_in_preparation_was_not_public_yet():
    """And a date that it was given is held against that."""
    waiting = (entry(1, "Soon", stage="in_preparation", public_on=date(2024, 5, 30)),)
    found = dating((), waiting, own=True, given=date(2024, 6, 15))
    assert (found.not_after, found.agrees) == (date(2024, 5, 30), False)


def test_a_page_is_as_old_as_its_newest_row():
    """A list of others cannot show what was not public."""
    rows = (entry(1, "Old", public_on=date(2023, 1, 1)), entry(2, "New", public_on=date(2024, 2, 2)))
    assert dating((), rows, own=False, given=date(2024, 3, 1)).not_before == date(2024, 2, 2)


def test_an_entry_whose_words_are_not_found_is_left_as_it_is():
    """A wrong correction is worse than none."""
    odd = entry(1, "A Title", verdict="stale", known_as="Another", quote="1. something else", comment="gone")
    page = Page(
        document="cv.txt", kind="cv", person_id=None, person=None, own=True, captured_at=NOW, entries=(odd,),
        findings=(), presence=(), outcomes=(), numbers=(), lines=((101, "1. something else"),),
        ledger=Ledger(rows=1, works=1, theirs=1, foreign=(), undecided=(), duplicates=(), missing=(), precision=1,
                      recall=1),
        dating=Dating(not_before=None, not_after=None, clues=(), given=None, agrees=None),
    )  # fmt: skip
    assert corrected(page) == ["1. something else"]


CV = """# ADA LOVELACE

I am a third-year Ph.D. student of <script>alert(1)</script> analytical engines. 2021.09 - Present

- Works [1]~[3] have been published or preprinted.

### PUBLICATIONS

- 4. Ada Lovelace, Charles Babbage. Operations on Sorted Cards. (In preparation)
- 3. Ada Lovelace, Mary Somerville. Gears That Learn Slowly. ICLR 2024 Workshop on Gears submitted to (ICLR 2024 Workshop). 2024.
- 2. Ada Lovelace, Charles Babbage. Loops Without End. International Conference on Machine Learning (ICML 2023), 1-20. 2024.
- 1. Ada Lovelace, Charles Babbage. Bernoulli Numbers by Machine. International Conference on Machine Learning (ICML 2022), 1-30. 2022.

### EDUCATION

Engine House
"""  # noqa: E501 - a document has lines as long as it likes
ARROW = """Author name cluster

Ada Lovelace

2 papers

ICML Conference 2024 Conference Paper

Loops Without End

  • Ada Lovelace
  • Charles Babbage

Looms may be programmed to weave without end, and we say when they should stop.

ICML Conference 2022 Conference Paper

Bernoulli Numbers by Machine

  • Ada Lovelace
  • Charles Babbage

We compute them on the analytical engine in one long afternoon of turning.
"""
PEOPLE = """
[[person]]
id = "ada"
name = "Ada Lovelace"
affiliations = ["Engine House"]

[[person.documents]]
file = "cv.txt"
kind = "cv"
captured_at = 2024-04-01T00:00:00Z
own = true

[[person.documents]]
file = "arrow.txt"
kind = "arrow"
captured_at = 2025-01-01T00:00:00Z
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Ada's two documents, and no warehouse."""
    folder = tmp_path_factory.mktemp("seeds")
    for name, text in (("cv.txt", CV), ("arrow.txt", ARROW), ("people.toml", PEOPLE)):
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def found(seeds) -> Audit:
    """The audit of the documents alone."""
    return audit_module.audited(settings(seeds), now=NOW)


def settings(seeds):
    """Without a warehouse."""
    return read_settings(home=seeds / "none", people=seeds / "people.toml", decisions=seeds / "decisions.toml")


def verdicts(page: Page) -> dict[str | None, str]:
    """Item → verdict."""
    return {one.item: one.verdict for one in page.entries}


def test_without_a_warehouse_the_documents_witness_each_other(found, seeds):
    """And nothing is written anywhere."""
    arrow, cv = found.pages
    assert verdicts(cv) == {"4": "no public record", "3": "ambiguous", "2": "contradicted", "1": "confirmed"}
    assert [one.verdict for one in arrow.entries] == ["confirmed", "confirmed"]
    assert not found.network
    assert not (seeds / "none").exists()


def test_the_corrected_document_audits_clean(found, seeds, tmp_path):
    """What the audit proposes must satisfy the audit."""
    cv = found.pages[1]
    (tmp_path / "cv.txt").write_text("\n".join(corrected(cv)))
    again = audit_module.audited(settings(seeds), str(tmp_path / "cv.txt"), now=NOW)
    assert not {"contradicted", "stale"} & set(verdicts(again.pages[0]).values())
    assert verdicts(again.pages[0])["2"] == "confirmed"


def test_a_document_that_nobody_knows_is_read_and_compared(seeds, tmp_path):
    """Its kind and its person are found by themselves; it dates itself."""
    other = tmp_path / "vita.md"
    other.write_text(CV.replace("1. Ada", "1. A."))
    (page,) = audit_module.audited(settings(seeds), str(other), now=NOW).pages
    assert (page.document, page.kind, page.person_id, page.own) == ("vita.md", "cv", "ada", True)
    assert page.captured_at.date() == date(2024, 1, 1), "its newest item; a third-year student is no longer one"
    assert verdicts(page)["2"] == "contradicted"


def test_a_list_of_somebody_whom_nobody_follows_is_audited_too(seeds, tmp_path):
    """Its entries are told; it is nobody's of people.toml."""
    other = tmp_path / "vita.md"
    other.write_text(
        "# Mary Somerville\n\n## Publications\n\n1. **Mary Somerville**. *On Tides.* NeurIPS 2023. 2023.\n"
    )
    (page,) = audit_module.audited(settings(seeds), str(other), kind="cv", now=NOW).pages
    assert (page.person_id, page.own, len(page.entries)) == (None, True, 1)


def test_a_document_without_a_word_and_a_person_nobody_knows_are_named(seeds, tmp_path):
    """One sentence each, instead of an audit of nothing."""
    empty = tmp_path / "vita.md"
    empty.write_text(" \n")
    with pytest.raises(InputProblem, match="is empty"):
        audit_module.audited(settings(seeds), str(empty), now=NOW)
    with pytest.raises(InputProblem, match="no person 'babbage'"):
        audit_module.audited(settings(seeds), str(empty), person_id="babbage", now=NOW)


def test_lines_that_change_together_are_told_together():
    """What they could say stands below the last of them; a line that goes leaves no empty arrow."""
    block = Block(lines=((1, ()), (2, ()), (3, ()), (4, ())))
    assert proposals(block, {1: "new", 2: "", 4: ""}) == {2: ["new"], 4: ["(nothing)"]}


def test_a_document_that_is_not_there_is_named(seeds):
    """One sentence, and exit code 2."""
    with pytest.raises(InputProblem, match=r"nowhere\.txt"):
        audit_module.audited(settings(seeds), "nowhere.txt", now=NOW)


@pytest.fixture
def command(seeds, monkeypatch):
    """Runs the command on Ada's documents."""
    monkeypatch.setenv("HARVEST_PEOPLE", str(seeds / "people.toml"))
    return lambda *arguments: CliRunner().invoke(app, ["audit", *arguments, "--home", str(seeds / "none")])


def test_the_table_fits_a_terminal(command):
    """Eighty columns, the contradiction with its witness, the rest summed up."""
    result = command("cv.txt")
    assert result.exit_code == 0
    assert max(len(line) for line in result.stdout.splitlines()) <= 78
    assert "CONTRADICTED" in result.stdout
    assert "ICML 2024" in result.stdout


def test_json_is_printed_whole(command):
    """For programs."""
    pages = json.loads(command("--format", "json").stdout)["pages"]
    assert [page["document"] for page in pages] == ["arrow.txt", "cv.txt"]
    assert {one["verdict"] for one in pages[1]["entries"]} >= {"contradicted", "ambiguous"}


def test_the_page_shows_the_document_and_is_harmless(command):
    """Marks in the lines, nothing fetched, no script, whatever the document contains."""
    page = command("cv.txt", "--format", "html").stdout
    assert '<mark class="contradicted">International Conference on Machine Learning (ICML 2023)</mark>' in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")


def test_corrections_are_written_where_they_are_asked_for(command, tmp_path):
    """And told on stderr."""
    result = command("--corrections", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "(ICML 2024), 1-20. 2024." in (tmp_path / "out" / "cv.corrected.txt").read_text()
    assert (tmp_path / "out" / "cv.diff").read_text().startswith("--- cv.txt")


def test_an_unknown_format_is_refused(command):
    """With what is known."""
    assert isinstance(command("--format", "xml").exception, InputProblem)


SOURCE = "<li class=x>On <b>Tides</b>,\n <i>ICML&nbsp;2023</i>, R&amp;D track.<br>Code<!-- ICML 2023 --></li>"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ICML 2023", "ICML 2024", SOURCE.replace("&nbsp;2023", "&nbsp;2024")),
        ("On Tides", "On Slow Tides", SOURCE.replace("On <b>", "On Slow <b>")),
        ("R&D track.", "R&D track. 2024.", SOURCE.replace("track.", "track. 2024.")),
        ("R&D track.", "A < B track.", SOURCE.replace("R&amp;D", "A &lt; B")),
        ("ICML 2023, R&D track.", "ICML 2023, track.", SOURCE.replace(" R&amp;D", "")),
        ("On Tides, ICML", "ICML", None),
        ("track. Code", "Code", None),
        ("not there", "there", None),
    ],
)
def test_words_are_replaced_between_the_tags_of_a_page(old, new, expected):
    """A reader sees the new words; no tag is lost, and what is in a comment is not seen."""
    seen = read(SOURCE)
    found = seen.find(old, 0)
    edits = seen.change(found, new) if found else None
    assert (edits is None) == (expected is None)
    assert rewritten(SOURCE, edits or []) == (expected or SOURCE)


PAGE = """<html><head><meta charset="gbk"><title>Ada</title></head><body>
<h1>ADA LOVELACE 夏</h1>
<h2>Publications</h2>
<ol>
<li><b>Ada Lovelace</b>, Charles Babbage.
  <a href="loops.pdf"><i>Loops Without End</i></a>.
  International Conference on Machine Learning (ICML 2023), 1-20. 2024.</li>
<li><b>Ada Lovelace</b>, Charles Babbage. <i>Bernoulli Numbers by Machine</i>.
  International Conference on Machine Learning (ICML 2022), 1-30. 2022.</li>
</ol></body></html>
"""


def test_a_page_of_their_own_is_corrected_with_its_markup_untouched(seeds, tmp_path, monkeypatch):
    """Only the wrong words differ, in the page's own encoding; what a reader would see instead is told."""
    page = tmp_path / "ada.html"
    page.write_bytes(PAGE.encode("gbk"))
    monkeypatch.setenv("HARVEST_PEOPLE", str(seeds / "people.toml"))
    given = ["audit", str(page), "--as", "homepage", "--person", "ada", "--home", str(seeds / "none")]
    told = CliRunner().invoke(app, [*given, "--format", "json", "--corrections", str(tmp_path / "out")])
    assert told.exit_code == 0
    expected = PAGE.replace("(ICML 2023)", "(ICML 2024)")
    assert (tmp_path / "out" / "ada.corrected.html").read_bytes() == expected.encode("gbk")
    (change,) = json.loads(told.stdout)["pages"][0]["corrections"]
    assert "(ICML 2023)" in change["says"]
    assert "(ICML 2024)" in change["could_say"]
    assert "<" not in change["could_say"]
    assert not (tmp_path / "out" / "ada.note.md").exists()


def test_what_markup_does_not_let_be_put_in_place_is_left_to_the_human(seeds, tmp_path, monkeypatch):
    """A tag among the words that must go: the note says what to change."""
    page = tmp_path / "ada.html"
    page.write_text(PAGE.replace("(ICML 2023)", "(ICML 20<sup>23</sup>)").replace("gbk", "utf-8"))
    monkeypatch.setenv("HARVEST_PEOPLE", str(seeds / "people.toml"))
    given = ["audit", str(page), "--as", "homepage", "--person", "ada", "--home", str(seeds / "none")]
    assert CliRunner().invoke(app, [*given, "--corrections", str(tmp_path / "out")]).exit_code == 0
    assert not (tmp_path / "out" / "ada.corrected.html").exists()
    note = (tmp_path / "out" / "ada.note.md").read_text()
    assert "Loops Without End" in note
    assert "(ICML 2024)" in note
