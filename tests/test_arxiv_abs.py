"""arXiv's pages and files of single papers, and its lists: what a version says about itself, and the whole history."""

from datetime import date

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Stage
from harvest.sources.arxiv_abs import ArxivAbs
from harvest.sources.arxiv_paper import names_in
from service_answers import ABS_FILE, ABS_PAGE, LIST_PAGE, answer


def read(body):
    return ArxivAbs().read(answer("arxiv_abs", body))


def test_a_page_is_about_its_own_version():
    """Its title as the authors typed it; the version after it is withdrawn, this one is not."""
    said = read(ABS_PAGE)
    record = said.records[0]
    assert (record.key, record.title) == ("2401.00001v1", r"On $\alpha$-Engines")
    assert (record.authors, record.categories) == (("Ada Lovelace", "Bob"), ("cs.LG", "stat.ME"))
    assert (record.published_on, record.first_on, record.stage) == (date(2024, 1, 1), date(2024, 1, 1), Stage.PREPRINT)
    assert (record.comment, record.venue) == ("Code at https://example.org/x", "J. Engines 3 (2025) 1")
    assert [one.explanation for one in said.remarks] == [
        "2401.00001v1 of 2024-01-01", "2401.00001v2 of 2024-02-03, withdrawn",
    ]  # fmt: skip
    old = ABS_PAGE.replace("(0 KB) <em>(withdrawn)</em>", "(0kb,I)").replace("arXiv:2401.00001v1", "arXiv:2401.00001v2")
    assert read(old).records[0].stage is Stage.WITHDRAWN
    assert read(ABS_PAGE.replace("arXiv:2401.00001v1", "arXiv:2401.00001v2")).records[0].stage is Stage.WITHDRAWN


def test_a_page_without_links_to_authors_has_them_in_its_head():
    """Family name first there, printed the other way round."""
    bare = ABS_PAGE.replace('<a href="/a">', "<i>").replace('<a href="/b">', "<i>")
    assert read(bare).records[0].authors == ("Ada Lovelace",)


def test_a_list_is_its_papers():
    """One that says that there are none is empty; one with an entry that is nothing is refused."""
    said = read(LIST_PAGE)
    assert [(one.key, one.title, one.authors, one.categories) for one in said.records] == [
        ("2401.00001", "Engines", ("Ada Lovelace",), ("cs.LG",)),
    ]  # fmt: skip
    assert said.total == 2
    empty = "<html><body><dl id='articles'><p>No updates for this time period.</p></dl></body></html>"
    assert read(empty).records == ()
    with pytest.raises(UnreadableAnswer, match="without an arXiv id or a title"):
        read(LIST_PAGE.replace("list-title", "x"))


def test_a_file_of_arxivs_is_the_same_paper():
    """Fields over several lines, dates of all versions; the sender's address is left out."""
    said = read(ABS_FILE)
    record = said.records[0]
    assert (record.key, record.title, record.doi) == ("2401.00001v2", "Engines of all kinds", "10.1000/x.1")
    assert record.authors == ("The Mill Collaboration", "A. Lovelace", "R. Müller", "S. Smith, Jr.", "P. Kønig")
    assert (record.truncated, record.stage, record.comment) == (True, Stage.WITHDRAWN, "5 pages")
    assert (record.first_on, record.published_on) == (date(2024, 1, 1), date(2024, 2, 3))
    assert record.abstract == "We analyse engines."
    assert "example.org" not in repr(said)


def test_the_version_of_a_file_is_the_one_that_its_dates_name():
    """Of many versions a file may list a few only."""
    record = read(ABS_FILE.replace("Date (revised v2)", "Date (revised v9)")).records[0]
    assert (record.key, record.arxiv_version, record.published_on) == ("2401.00001v9", 9, date(2024, 2, 3))
    assert record.first_on == date(2024, 1, 1)


def test_an_old_file_may_have_one_author():
    """The field is called so then."""
    assert read(ABS_FILE.replace("Authors:", "Author:")).records == read(ABS_FILE).records


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("A. B and C. D", ["A. B", "C. D"]),
        ("A. B, C. D, and E. F", ["A. B", "C. D", "E. F"]),
        ("A. B (Mill, England), C. D ((1) Inn, (2) Mill)", ["A. B", "C. D"]),
        ("H1 Collaboration", ["H1 Collaboration"]),
        ("MILL Collaboration: A. B, C. D", ["MILL Collaboration", "A. B", "C. D"]),
        ("A. B, for the ATLAS and CMS Collaborations", ["A. B"]),
        ("A. B, Jr., C. D", ["A. B, Jr.", "C. D"]),
        ("A. B et al.", ["A. B", "et al."]),
        ("A. B, et al", ["A. B", "et al."]),
        ("Weinan E", ["Weinan E"]),
        (r"Fr\'ed\'eric L\o{}w, M. Bj{\o}rn, \L{}ukasz Z", ["Frédéric Løw", "M. Bjørn", "Łukasz Z"]),
        (r"Fr\\'ed\\'eric L", ["Frédéric L"]),
        ("", []),
        (", and ", []),
    ],
)
def test_a_typed_list_is_names(typed, expected):
    """Affiliations, collaborations, suffixes, TeX: as authors type them."""
    assert names_in(typed) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><h1>Article 2401.99999 not found</h1></html>", "not found: arXiv says: Article 2401.99999 not found"),
        ("<html><h1>Article identifier 'x' not recognized</h1></html>", "arXiv says: Article identifier"),
        ("<html><h1>Welcome</h1></html>", "neither a page"),
        (ABS_PAGE[:-20], "no whole page"),
        (ABS_FILE[: ABS_FILE.rindex("\\\\")], "it was cut"),
        (
            ABS_PAGE.replace('content="2401.00001"', 'content="x"').replace("arXiv:2401.00001v1", "arXiv:x"),
            "without an arXiv id",
        ),
    ],
)
def test_errors_and_halves_are_refused(body, reason):
    """Readers of HTML mend what is cut: the end is looked for."""
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason
