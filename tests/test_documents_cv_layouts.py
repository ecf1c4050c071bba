# ruff: noqa: E501 (documents stand here as they are printed)
"""CVs of invented people as their class files print them: no bullets, no white space, columns, page breaks.

Each document stands with what it says: title | authors | a part of the venue text | arXiv id | stage.
"""

from datetime import UTC, datetime

import pytest

from harvest.model import Answer, Record
from harvest.sources.cv import Cv

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
HEAD = "Mira Solberg\nUniversity of Nowhere\n\nEducation\nPhD, Statistics, 2019\n\n"
TAIL = "\n\nAwards\nBest Paper Award, Workshop on Looms, 2022\n"

LAYOUTS = {
    "entries that follow each other without any mark begin with their names": (
        """
Publications
Mira Solberg, Bo Li, and Tove Ek. Sparse looms converge at the rate of their slowest thread under noise.
Journal of Machine Learning Research, 2021.
Tove Ek and Mira Solberg. On weaving with a single shuttle. ICML 2022.
Mira Solberg. The geometry of knots. Biometrika, 2020.
Bo Li, Anna Q. Holm, Mira Solberg, Tove Ek, Ivo Brandt, Lars Nyman, Carla Stein, and Grant M.
Rosen. Many hands and few threads in the large looms of the north and the south. Under review.
""",
        """
Sparse looms converge at the rate of their slowest thread under noise | Mira Solberg; Bo Li; Tove Ek | Journal of Machine Learning Research | | published
On weaving with a single shuttle | Tove Ek; Mira Solberg | ICML 2022 | | published
The geometry of knots | Mira Solberg | Biometrika | | published
Many hands and few threads in the large looms of the north and the south | Bo Li; Anna Q. Holm; Mira Solberg; Tove Ek; Ivo Brandt; Lars Nyman; Carla Stein; Grant M. Rosen | Under review | | submitted
""",
    ),
    "a line of names, a title and a venue, one below the other": (
        """
Research Papers
Mira Solberg, Bo Li, Anna Holm, Tove Ek, Ivo Brandt, Li-Yi
Nyman, Carla Stein
Weaving patterns from few examples
Adv. Text. Res. 36 (13), 134001
Tove Ek, Mira Solberg
Shuttles in flight
International Conference on Machine Learning (ICML), 2022
Mira Solberg, Bo Li
Threads without end
In preparation
""",
        """
Weaving patterns from few examples | Mira Solberg; Bo Li; Anna Holm; Tove Ek; Ivo Brandt; Li-Yi Nyman; Carla Stein | Adv. Text. Res. 36 (13), 134001 | | published
Shuttles in flight | Tove Ek; Mira Solberg | ICML | | published
Threads without end | Mira Solberg; Bo Li | In preparation | | in_preparation
""",
    ),
    "title and venue in one line, names below": (
        """
Publications
Weaving patterns from few examples                       RSS 2025
Mira Solberg, Bo Li, Anna Holm
Shuttles in flight over long distances                   Paper/Code
Tove Ek, Mira Solberg
Knots of the second kind                                 Phys. Rev. D
Mira Solberg, Carla Stein
""",
        """
Weaving patterns from few examples | Mira Solberg; Bo Li; Anna Holm | RSS 2025 | | published
Shuttles in flight over long distances | Tove Ek; Mira Solberg | | |
Knots of the second kind | Mira Solberg; Carla Stein | Phys. Rev. D | | published
""",
    ),
    "quoted titles without white space, and a list whose owner goes without saying": (
        """
Publications
“A calculus of frayed edges and other troubles of the trade”. Soft Cloth (2018) 14:
8636-8642.
“Looms, revisited”. Annals of Statistics (2020) 101: 44015.
“Is the shuttle provably fast?”. Journal of Weaving (2021) 3: 1-9.
""",
        """
A calculus of frayed edges and other troubles of the trade | | Soft Cloth (2018) | | published
Looms, revisited | | Annals of Statistics | | published
Is the shuttle provably fast? | | Journal of Weaving | | published
""",
    ),
    "the year and the number in the margin, the year only where it changes": (
        """
Publications

2024 P.1      Bo Li*, Mira Solberg*, Tove Ek. Weaving patterns from few
              examples.
              Conference on Robot Learning (CoRL), 2024
        P.2   Mira Solberg, Tove Ek. Shuttles in flight. arXiv:2401.00001
2023 P.3      Tove Ek, Mira Solberg. Knots of the second kind.
              Under review
""",
        """
Weaving patterns from few examples | Bo Li; Mira Solberg; Tove Ek | Conference on Robot Learning (CoRL), 2024 | | published
Shuttles in flight | Mira Solberg; Tove Ek | arXiv:2401.00001 | 2401.00001 | preprint
Knots of the second kind | Tove Ek; Mira Solberg | Under review | | submitted
""",
    ),
    "the year stands before every entry, one space away": (
        """
Publications
   2024 Weaving patterns: a survey of examples, Bo Li, Mira Solberg and Tove
        Ek, International Conference on Machine Learning (ICML), 2024.
   2022 On the regularity of frayed edges, Mira Solberg, Journal of
        Functional Analysis, 283(4):109–141, 2022.
   2021 Knots of the second kind, Tove Ek and Mira Solberg, In preparation.
""",
        """
Weaving patterns: a survey of examples | Bo Li; Mira Solberg; Tove Ek | International Conference on Machine Learning (ICML), 2024 | | published
On the regularity of frayed edges | Mira Solberg | Journal of Functional Analysis | | published
Knots of the second kind | Tove Ek; Mira Solberg | In preparation | | in_preparation
""",
    ),
    "the venue stands before the title, in brackets": (
        """
Publications
 • [ICML 2024] Weaving patterns from few examples. Bo Li, Mira Solberg. arXiv:2406.03504
 • [Sci. Loom. 2023] Shuttles in flight. Tove Ek, Mira
   Solberg, Carla Stein.
 • [Under review] Knots of the second kind. Mira Solberg, Tove Ek.
""",
        """
Weaving patterns from few examples | Bo Li; Mira Solberg | ICML 2024 | 2406.03504 | published
Shuttles in flight | Tove Ek; Mira Solberg; Carla Stein | Sci. Loom. 2023 | | published
Knots of the second kind | Mira Solberg; Tove Ek | Under review | | submitted
""",
    ),
    "the first entry of a page, and one that goes on over it": (
        """
Publications
 • Bo Li, Mira Solberg. Weaving patterns from few examples. ICML 2024.
 • Mira Solberg, Tove Ek. Shuttles in flight over the long dis-

                                  1
\f   tances of the north. ICML 2023.
 • Tove Ek, Mira Solberg. Knots of the second kind. ICML 2022.

                                  2
\f • Mira Solberg, Carla Stein. Threads without end. ICML 2021.
 • Carla Stein, Mira Solberg. Frayed edges. ICML 2020.
""",
        """
Weaving patterns from few examples | Bo Li; Mira Solberg | ICML 2024 | | published
Shuttles in flight over the long distances of the north | Mira Solberg; Tove Ek | ICML 2023 | | published
Knots of the second kind | Tove Ek; Mira Solberg | ICML 2022 | | published
Threads without end | Mira Solberg; Carla Stein | ICML 2021 | | published
Frayed edges | Carla Stein; Mira Solberg | ICML 2020 | | published
""",
    ),
    "initials with accents, a journal before its volume, a paper resubmitted, a rate of acceptance": (
        """
Publications
[1] T. Ek, Ł. Kowal, and M. Solberg, “Weaving patterns,” Soft Cloth, vol. 14, no. 42, pp. 8636–8642, 2018.
[2] M. Solberg, Š. Novák, Shuttles in flight, Science of Cloth, vol. 9, no. 96, 2024.
[3] M. Solberg, T. Ek. Knots of the second kind. Resubmitted to Annals of Statistics.
[4] Mira Solberg and Tove Ek. Threads without end. Published in Conference on Looms (CL), 2020. Acceptance rate: 29.2% (42 of 144)
""",
        """
Weaving patterns | T. Ek; Ł. Kowal; M. Solberg | Soft Cloth | | published
Shuttles in flight | M. Solberg; Š. Novák | Science of Cloth | | published
Knots of the second kind | M. Solberg; T. Ek | Resubmitted to Annals of Statistics | | submitted
Threads without end | Mira Solberg; Tove Ek | Conference on Looms (CL), 2020 | | published
""",
    ),
}


def read(text: str) -> tuple[Record, ...]:
    """The records of a CV with these lines in its middle."""
    body = (HEAD + text.strip("\n") + TAIL).encode()
    return Cv().read(Answer(source="cv", url="cv.txt", body=body, received_at=WHEN)).records


def told(record: Record) -> tuple[str, str, str, str]:
    """A record in the words of the table, without its venue."""
    return record.title, "; ".join(record.authors), record.arxiv_id or "", record.stage.value if record.stage else ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_works_are_found_in_the_layout(layout):
    """What parts the entries of one CV stands inside the entries of another."""
    text, said = LAYOUTS[layout]
    lines = [[part.strip() for part in line.split("|")] for line in said.strip().splitlines()]
    records = read(text)
    assert [told(record) for record in records] == [
        (title, names, arxiv, stage) for title, names, _, arxiv, stage in lines
    ]
    assert all(venue in (record.comment or "") for record, (_, _, venue, _, _) in zip(records, lines, strict=True))


@pytest.mark.parametrize(
    ("venue_text", "venue"),
    [
        ("Published in Conference on Looms, 2020. Acceptance rate: 29.2% (42 of 144)", "Conference on Looms"),
        ("Presented at ICML 2023", "ICML 2023"),
        ("Re-submitted to Annals of Statistics", "Annals of Statistics"),
    ],
)
def test_the_venue_is_told_without_what_stands_around_it(venue_text, venue):
    """How hard it was to get in is no part of a venue's name."""
    (record,) = read(f"Publications\n[1] Mira Solberg, Tove Ek. Threads without end. {venue_text}.\n")
    assert record.venue == venue


def test_headings_in_the_margin_need_not_stand_in_one_column():
    """Characters are not equally wide, so the same column is one or two places off further down."""
    text = """
Interests         Looms and shuttles.

Publications      [1] Mira Solberg, Tove Ek. Threads without end. ICML 2020.
                  [2] Tove Ek, Mira Solberg. Frayed edges. ICML 2021.

Invited Talks      • Threads without end, University of Elsewhere, 2020

Grants             • Seed fund (with Tove Ek), 2021
"""
    records = Cv().read(Answer(source="cv", url="cv.txt", body=text.strip("\n").encode(), received_at=WHEN)).records
    assert [record.title for record in records] == ["Threads without end", "Frayed edges"]


@pytest.mark.parametrize(
    "heading",
    ["Contributed Talks", "Posters", "Poster Presentations", "Program Committees", "Referee for Journals", "Peer Review",
     "Best Paper Awards", "Media Coverage", "Tutorials", "Editorial Boards", "Ph.D. Students", "Public Demonstrations"],
)  # fmt: skip
def test_what_stands_below_another_heading_is_no_work(heading):
    """A talk is printed as a paper is: only its heading tells."""
    text = f"""
Publications

1. Mira Solberg, Tove Ek. Threads without end. ICML 2020.

{heading}

1. Mira Solberg, Bo Li. Looms at rest. Joint Statistical Meetings, 2021.
2. Tove Ek, Mira Solberg. Knots and more knots. ICML Workshop, 2019.
"""
    assert [record.title for record in read(text)] == ["Threads without end"]


@pytest.mark.parametrize(
    "heading", ["National Conference Papers", "Job Market Paper", "International Journals", "Works in Progress"]
)
def test_a_list_may_go_on_below_a_heading_of_its_own(heading):
    """The heading parts the entry above it from the entry below."""
    text = f"""
Publications

Mira Solberg, Tove Ek. Threads without end. ICML 2020.

{heading}

Mira Solberg, Bo Li. Looms at rest. Annals of Statistics, 2021.
"""
    assert [record.title for record in read(text)] == ["Threads without end", "Looms at rest"]


def test_lines_that_go_on_in_small_letters_begin_no_entry():
    """Without marks and indents, every line could be an entry of its own where the owner goes without saying."""
    text = """
Publications

“What the slowest thread of all the threads tells about its loom” (with Bo Li, Anna Holm
and Tove Ek). Conference on Looms and on other Machines, 2020.
“Many hands and few threads in the large looms of the north and of
the south” (with Ivo Brandt and Carla Stein). Journal of Machines,
Looms, and Learning, 2021.
“The geometry of knots that hold” (with Lars Nyman). Annals of
Statistics, 2019.
“Looms at rest remember what they wove”. Journal of Machines,
Looms, and Learning, 2018.
"""
    assert [(record.title, len(record.authors)) for record in read(text)] == [
        ("What the slowest thread of all the threads tells about its loom", 3),
        ("Many hands and few threads in the large looms of the north and of the south", 2),
        ("The geometry of knots that hold", 1),
        ("Looms at rest remember what they wove", 0),
    ]


def test_a_year_that_ends_a_wrapped_entry_is_no_heading():
    """It would date the entries below that say no year."""
    text = """
Publications

Sparse looms converge at the rate of their slowest thread
Mira Solberg, Bo Li
Proceedings of the Conference on Looms and Learning,
2020

Threads without end
Mira Solberg, Tove Ek
Under review
"""
    assert [record.year for record in read(text)] == [2020, None]
