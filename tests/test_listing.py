"""One publication entry in all the orders people write it, and where the lists that hold entries begin and end."""

from datetime import date

import pytest

from harvest.model import Stage
from harvest.sources.authors import as_authors
from harvest.sources.listing import read_entry
from harvest.sources.sections import kind_of
from harvest.sources.text import day_of, join_lines, plain, unmarked
from harvest.sources.venue import read_tail

TWO = ("Ada Byron", "Charles Babbage")


@pytest.mark.parametrize(
    ("text", "names", "roles"),
    [
        ("Ada Byron, Charles Babbage", TWO, ("", "")),
        ("Ada Byron and Charles Babbage.", TWO, ("", "")),
        ("Ada Byron, and Charles Babbage", TWO, ("", "")),
        ("Ada Byron*,†, Charles Babbage‡", TWO, ("*†", "‡")),
        ("Ada Byron1,2, Charles Babbage2", TWO, ("", "")),
        ("Ada Byron* (艾达), Charles Babbage (查尔斯)*", TWO, ("*", "*")),
        ("(α-β) Ada Byron, Charles Babbage", TWO, ("", "")),
        ("Byron, A. K., Babbage, C.", ("A. K. Byron", "C. Babbage"), ("", "")),
        ("Byron, Ada, Luc Gool, and Charles Babbage", ("Ada Byron", "Luc Gool", "Charles Babbage"), ("", "", "")),
        ("Gool, Luc van, Ada Byron, and Bo Li", ("Luc van Gool", "Ada Byron", "Bo Li"), ("", "", "")),
        ("Byron, Ada; Babbage, C. K.", ("Ada Byron", "C. K. Babbage"), ("", "")),
        ("A.Byron, AMC. So ⓡ Bo Li", ("A. Byron", "AMC. So", "Bo Li"), ("", "", "")),
        ("Weinan E, J.-P. Serre, Luc van Gool", ("Weinan E", "J.-P. Serre", "Luc van Gool"), ("", "", "")),
        ("María-José Núñez; Łukasz Kaiser", ("María-José Núñez", "Łukasz Kaiser"), ("", "")),
        ("王铭, 吴磊", ("王铭", "吴磊"), ("", "")),
    ],
)
def test_names_are_read_without_their_marks(text, names, roles):
    """A mark is a role, not a part of the name; a name in another script stands in brackets."""
    found = as_authors(text)
    assert found is not None
    assert (found.names, found.roles) == (names, roles)


@pytest.mark.parametrize(
    "text",
    [
        "Learning to Weave, Card by Card",
        "Neural Networks",
        "Neural Information Processing Systems, 2021",
        "Statistics and Computing",
        "Looms",
        "* indicates equal contribution",
        "Best Paper Award, Royal Society",
    ],
)
def test_what_is_no_list_of_names_is_none(text):
    """Titles and venues are lists of capital words too."""
    assert as_authors(text) is None


@pytest.mark.parametrize(
    "cut", ["Ada Byron et al.", "Ada Byron, et al", "Ada Byron and 3 more authors", "Ada Byron, …"]
)
def test_a_cut_list_says_so(cut):
    """ "et al." is a list that was cut, never a missing author."""
    found = as_authors(cut)
    assert found is not None
    assert found.truncated
    assert found.names == ("Ada Byron",)


def test_homonym_numbers_leave_the_name_and_are_kept():
    """DBLP's number is evidence of who it is, and no part of the name."""
    found = as_authors("Ada Byron 0003, Charles Babbage")
    assert found is not None
    assert (found.names, found.numbers) == (TWO, ("0003", ""))


@pytest.mark.parametrize(
    ("text", "title", "count", "tail"),
    [
        ("[3] Ada Byron, Charles Babbage. On Looms. NeurIPS 2021.", "On Looms", 2, "NeurIPS 2021."),
        ("3. Ada Byron, Weinan E. Do Looms Think? ICML 2022.", "Do Looms Think?", 2, "ICML 2022."),
        ("(3) Ada Byron, Bo Li, Loom: A Study of Looms. arXiv:2101.00001", "Loom: A Study of Looms", 2,
         "arXiv:2101.00001"),
        ("Ada Byron et al., Looms and How They Weave. (In preparation)", "Looms and How They Weave", 1,
         "(In preparation)"),
        ("Ada E. Byron, Bo J. Li. When do looms weave? An answer by cards. Preprint, 2022.",
         "When do looms weave? An answer by cards", 2, "Preprint, 2022."),
        ("Ada Byron and Bo Li. More Looms: Part I. Cards and Threads. ICML 2026.",
         "More Looms: Part I. Cards and Threads", 2, "ICML 2026."),
        ("Byron, A., & Li, B. (2024). Of looms and cards. Journal of Looms, 3(2), 12–19.", "Of looms and cards", 2,
         "Journal of Looms, 3(2), 12–19. 2024"),
        ("A. Byron, “What is a loom?”, in Proc. of the Royal Society, 2020.", "What is a loom?", 1,
         "in Proc. of the Royal Society, 2020."),
        ("A. Byron, B. Li: Alone in the engine room. CoRR abs/2001.00001 (2020)", "Alone in the engine room", 2,
         "CoRR abs/2001.00001 (2020)"),
        ("Ada Byron, Bo Li. The Tip of the Loom, Constructive Approximation, 2021.", "The Tip of the Loom", 2,
         "Constructive Approximation, 2021."),
        ("Ada Byron, Bo Li. Theory of looms. Commun. Math. Stat. 5, 1–11 (2017).", "Theory of looms", 2,
         "Commun. Math. Stat. 5, 1–11 (2017)."),
        ("On Looms and Cards. Ada Byron, Bo Li. ICML 2020.", "On Looms and Cards.", 2, "ICML 2020."),
        ("Ada Byron, Bo Li (2018). Looms of the north. Loom Letters.", "Looms of the north", 2, "Loom Letters. 2018"),
        ("A. Byron, & B. Li. (in press). Looms of the north. Loom Letters.", "Looms of the north", 2,
         "Loom Letters. in press"),
        ("Byron, A., and B. Li, 2020, Cards in a warm climate, Loom Research (In revision).", "Cards in a warm climate",
         2, "Loom Research (In revision). 2020"),
    ],
)  # fmt: skip
def test_running_text_is_told_apart(text, title, count, tail):
    """Full stops end initials, names, questions and titles; only what follows tells which."""
    entry = read_entry([text])
    assert entry is not None
    assert (entry.title, len(entry.authors.names), entry.tail) == (title.removesuffix("."), count, tail)


@pytest.mark.parametrize(
    ("parts", "marked", "title", "tail"),
    [
        (["[2] On Looms", "Ada Byron, Bo Li.", "ICML 2020, 1-9."], [], "On Looms", "ICML 2020, 1-9."),
        (["ICML", "On Looms [pdf]", "Ada Byron, Bo Li", "arXiv / Code", "We weave."], [], "On Looms", "ICML"),
        (["Ada Byron, Bo Li", "On Looms", "ICML 2020"], [], "On Looms", "ICML 2020"),
        (["Ada Byron, Bo Li", "On Looms,", "LLRC TR24-072"], [], "On Looms", "LLRC TR24-072"),
        (["On Looms", "Ada Byron", "Preprint, 2020"], [], "On Looms", "Preprint, 2020"),
        (["On Looms and Cards, Ada Byron, Bo Li, ICML 2020"], ["On Looms and Cards"], "On Looms and Cards",
         "ICML 2020"),
        (["A. Byron. On Looms and Cards. Memoirs, 3:1-2. [bib]"], ["On Looms and Cards"], "On Looms and Cards",
         "Memoirs, 3:1-2."),
        (["ICML 2020 On Looms and Cards, Ada Byron, Bo Li"], ["On Looms and Cards"], "On Looms and Cards", "ICML 2020"),
        (["On Looms", "Ada Byron, Bo Li", "ICML 2020 (Oral) | paper | code"], [], "On Looms", "ICML 2020 (Oral)"),
    ],
)  # fmt: skip
def test_parts_are_told_apart_by_what_they_are(parts, marked, title, tail):
    """Pages put title, authors and venue in any order, and buttons and badges between them."""
    entry = read_entry(parts, marked)
    assert entry is not None
    assert (entry.title, entry.tail) == (title, tail)


@pytest.mark.parametrize(
    "text", ["See my Google Scholar page.", "Ada Byron, Charles Babbage", "2024", "", "Reviewer for ICML 2020"]
)
def test_what_is_no_entry_is_none(text):
    """A list of publications holds other lines too."""
    assert read_entry([text]) is None


@pytest.mark.parametrize(
    ("tail", "stage", "venue", "venue_year", "year"),
    [
        ("arXiv preprint arXiv:2206.02139, 2022.", Stage.PREPRINT, None, None, 2022),
        ("Under review. arXiv preprint: 2206.03299, 1-32. 2022.", Stage.SUBMITTED, None, None, 2022),
        ("(In preparation)", Stage.IN_PREPARATION, None, None, None),
        ("arXiv: 2206.02139 · math.AT, math.AG", Stage.PREPRINT, None, None, None),
        ("On the preparation. 2023.", Stage.IN_PREPARATION, None, None, 2023),
        ("Conference on Looms (LOOM 2024, Spotlight (Top 5.1%)), 1-31. 2023.", Stage.PUBLISHED,
         "Conference on Looms (LOOM 2024)", 2024, 2023),
        ("2022 Conference on Looms (LOOM 2022) (Oral, top 1%), 1-23.", Stage.PUBLISHED,
         "2022 Conference on Looms (LOOM 2022)", 2022, 2022),
        ("NeurIPS 2023 Workshop on Looms (NeurIPS 2023 Workshop L). arXiv preprint: 2310.00692, 1-30. 2023.",
         Stage.WORKSHOP, "NeurIPS 2023 Workshop on Looms (NeurIPS 2023 Workshop L)", 2023, 2023),
        ("ICLR 2025 Workshop Looms submitted to (ICLR 2025 Workshop L). 2025.", Stage.SUBMITTED,
         "ICLR 2025 Workshop Looms (ICLR 2025 Workshop L)", 2025, 2025),
        ("arXiv preprint: 2505.24275, 1-22. (submitted to NeurIPS 2025). 2025.", Stage.SUBMITTED, "NeurIPS 2025",
         2025, 2025),
        ("Annals of Looms (to appear), 2025.", Stage.ACCEPTED, "Annals of Looms", None, 2025),
        ("Looms and Cards (LAC), 2021.", Stage.PUBLISHED, "Looms and Cards (LAC)", None, 2021),
        ("ICML, 2023", Stage.PUBLISHED, "ICML", None, 2023),
        ("In Submission", Stage.SUBMITTED, None, None, None),
        ("under review. May 2025", Stage.SUBMITTED, None, None, 2025),
        ("Technical Report", Stage.PREPRINT, None, None, None),
        ("NeurIPS'23, oral", Stage.PUBLISHED, "NeurIPS'23", 2023, 2023),
        ("bioRxiv, 2025", Stage.PREPRINT, None, None, 2025),
        ("available on SSRN", Stage.PREPRINT, None, None, None),
        ("arXiv. https://arxiv.org/abs/2401.12345", Stage.PREPRINT, None, None, None),
        ("Under second-round review at Loom Letters", Stage.SUBMITTED, "Loom Letters", None, None),
        ("R&R, Loom Letters", Stage.SUBMITTED, "Loom Letters", None, None),
        ("Loom Research, 2022 (article in advance)", Stage.PUBLISHED, "Loom Research", None, 2022),
        ("2023 (accepted in Annals of Looms) (hal-04306123)", Stage.ACCEPTED, "Annals of Looms", None, 2023),
        ("Loom Research (FirstView), 2025.", Stage.PUBLISHED, "Loom Research", None, 2025),
        ("Loom Research (2024), published online 7 May 2024.", Stage.PUBLISHED, "Loom Research", None, 2024),
        ("LOOM 2023. (A previous version accepted by the Cards Workshop)", Stage.PUBLISHED, "LOOM 2023", 2023, 2023),
        ("arXiv preprint 2018 (LOOM 2018 extended version)", Stage.PREPRINT, None, None, 2018),
        ("(* indicates equal contribution) in Loom Letters, 2020", Stage.PUBLISHED, "Loom Letters", None, 2020),
        ("LOOM 2019. (Weavers Committee Best Paper Award)", Stage.PUBLISHED, "LOOM 2019", 2019, 2019),
        ("Loom Letters, 2022. (中科院二区)", Stage.PUBLISHED, "Loom Letters", None, 2022),
        ("provisionally accepted in Loom Letters", Stage.ACCEPTED, "Loom Letters", None, None),
        ("(Job Market Paper)", Stage.PREPRINT, None, None, None),
        ("Preprints", Stage.PREPRINT, None, None, None),  # a heading
        ("2024.", None, None, None, 2024),
        ("", None, None, None, None),
    ],
)  # fmt: skip
def test_the_tail_says_stage_venue_and_years(tail, stage, venue, venue_year, year):
    """What a paper was submitted to is no place where it appeared; lengths and awards are no venue."""
    said = read_tail(tail)
    assert (said.stage, said.venue, said.venue_year, said.year) == (stage, venue, venue_year, year)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Publications & Preprints", "publications"),
        ("Recent Publications (* equal contribution)", "publications"),
        ("Journal Articles", "publications"),
        ("Under Review", "publications"),
        ("发表论文", "publications"),
        ("Publications and Talks", "publications"),
        ("Invited Talks and Papers", "other"),
        ("Best Paper Awards", "other"),
        ("Selected Experience", "other"),
        ("研究兴趣", "other"),
        ("Blogs", "other"),
        ("Ada Byron", "unknown"),
        ("2024", "unknown"),
    ],
)
def test_headings_announce_publications_or_something_else(heading, kind):
    """Blogs, news, talks and services are no publications."""
    assert kind_of(heading) == kind


@pytest.mark.parametrize(
    ("lines", "words", "text"),
    [
        (["Training Mildly Parame-", "terized Looms"], (), "Training Mildly Parameterized Looms"),
        (["state-of-", "the-art looms"], (), "state-of-the-art looms"),
        (["Mixture-", "of-Experts"], (), "Mixture-of-Experts"),
        (["Model Pre-", "Training"], (), "Model Pre-Training"),
        (["Bo Li, Loom-", "Power: Powering Looms"], (), "Bo Li, LoomPower: Powering Looms"),
        (["a non-", "convex loom"], ("non-convex",), "a non-convex loom"),
        (["a non-", "linear loom"], ("nonlinear",), "a nonlinear loom"),
        (["pages 1-", "2"], (), "pages 1-2"),
    ],
)
def test_wrapped_lines_are_joined_as_the_document_writes_elsewhere(lines, words, text):
    """A hyphen at a line's end may be the typesetter's or the word's own."""
    assert join_lines(lines, frozenset(words)) == text


@pytest.mark.parametrize(
    ("marked", "bare"),
    [
        (r"an {\em exponential} rate, \emph{i.e.} $\cO(L)$", "an exponential rate, i.e. O(L)"),
        (r"$\mathcal{O}(L)$ and $2\times$ \textbf{speed}", "O(L) and 2× speed"),
        (r"G\"odel, Erd\H{o}s and {\'E}variste", "Gödel, Erdős and Évariste"),
        (r"``rich'' 27\% of $\theta^*$", '"rich" 27% of θ^*'),
        ("costs $5 a loom", "costs $5 a loom"),
    ],
)
def test_tex_compares_equal_to_its_plain_form(marked, bare):
    """Titles and abstracts of one paper carry more or less TeX from page to page."""
    assert plain(marked) == bare


@pytest.mark.parametrize(
    ("marked", "bare"),
    [
        (r"**Ada Byron**\*,<sup>†</sup>", "Ada Byron*,†"),
        ("Ada Byron*, Bo Li*, *On Looms*", "Ada Byron*, Bo Li*, On Looms"),
        ("[On Looms](https://example.org/x) [[pdf]](a.pdf)", "On Looms [pdf]"),
        ("<b>On</b> <i>Looms</i>", "On Looms"),
    ],
)
def test_markdown_goes_and_marks_stay(marked, bare):
    """The star after a name is a role; the stars around a title are markup."""
    assert unmarked(marked) == bare


@pytest.mark.parametrize(
    ("text", "captured", "day"),
    [
        ("Mar 11", date(2026, 5, 27), date(2026, 3, 11)),
        ("May 27", date(2026, 5, 27), date(2026, 5, 27)),
        ("May 28", date(2026, 5, 27), date(2025, 5, 28)),
        ("Feb 29", date(2026, 5, 27), date(2024, 2, 29)),
        ("Jul 1, 2023", date(2026, 5, 27), date(2023, 7, 1)),
        ("Feb 30, 2023", date(2026, 5, 27), None),
        ("Foo 3", date(2026, 5, 27), None),
    ],
)
def test_a_day_without_a_year_is_the_last_before_the_capture(text, captured, day):
    """It belongs to the capture's year, whenever it is read, and is never in the capture's future."""
    assert day_of(text, captured) == day
