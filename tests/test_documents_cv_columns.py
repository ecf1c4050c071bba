# ruff: noqa: E501 (pages stand here as they are printed)
"""CVs of invented people as PDFs: in two columns, with a sidebar, and with tables that are no columns."""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Answer, Record
from harvest.sources.cv import Cv
from harvest.sources.pdf import pdf_text
from harvest.sources.reading_order import Glyph, in_order

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
Words = tuple[float, float, float, str]  # from the left, from the top, size, text; in points
WORKS = [
    ("Mira Solberg, Bo Li", "Sparse looms converge at the rate of their slowest thread", "Journal of Machine Learning Research", 2021),
    ("Tove Ek, Mira Solberg", "On weaving with a single shuttle under noise", "International Conference on Machine Learning", 2022),
    ("Mira Solberg, Anna Holm", "The geometry of knots that hold", "Biometrika", 2020),
    ("Anna Holm, Bo Li, Mira Solberg", "Many hands and few threads in the large looms", "Annals of Statistics", 2019),
    ("Mira Solberg, Tove Ek", "Frayed edges and how they come about", "International Conference on Machine Learning", 2023),
    ("Bo Li, Mira Solberg", "Looms at rest remember what they wove", "Journal of Machine Learning Research", 2018),
]  # fmt: skip
SAID = [(title, tuple(names.split(", "))) for names, title, _, _ in WORKS]
CONTACT = ["Contact", "mira@example.org", "+1 555 0100", "12 Weaver Street", "Nowhere", "", "Skills", "Spinning, carding",
           "Knots of every kind", "Looms", "", "Languages", "Norse", "English"]  # fmt: skip


def entries(width: int, works: Sequence[tuple[str, str, str, int]] = tuple(WORKS), first: int = 1) -> list[str]:
    """A numbered list, wrapped at so many characters."""
    lines = []
    for number, (names, title, venue, year) in enumerate(works, first):
        line = f"[{number}]"
        for word in f"{names}. {title}. {venue}, {year}.".split():
            if len(line) + len(word) >= width:
                lines.append(line)
                line = "     " + word
            else:
                line += " " + word
        lines.append(line)
    return lines


def column(left: float, top: float, lines: Iterable[str], step: float = 12, size: float = 10) -> list[Words]:
    """Lines one below the other."""
    return [(left, top + step * place, size, line) for place, line in enumerate(lines) if line.strip()]


def pdf(*pages: Iterable[Words], link: tuple[float, float, str] | None = None) -> bytes:
    """Pages of text, perhaps with a link behind the words at one place."""
    with pypdfium2.PdfDocument.new() as document:
        font = pdfium.FPDFText_LoadStandardFont(document, b"Courier")
        for words in pages:
            page = document.new_page(595, 842)
            for left, top, size, text in words:
                printed = pdfium.FPDFPageObj_CreateTextObj(document, font, size)
                held = (text.lstrip() + "\0").encode("utf-16-le")
                indent = 0.6 * size * (len(text) - len(text.lstrip()))
                pdfium.FPDFText_SetText(printed, (pdfium.FPDF_WCHAR * (len(held) // 2)).from_buffer_copy(held))
                pdfium.FPDFPageObj_Transform(printed, 1, 0, 0, 1, left + indent, 842 - top)
                pdfium.FPDFPage_InsertObject(page, printed)
            page.gen_content()
            if link:
                mark = pdfium.FPDFPage_CreateAnnot(page, pdfium.FPDF_ANNOT_LINK)
                x, y = link[0], 842 - link[1]
                pdfium.FPDFAnnot_SetRect(mark, pdfium.FS_RECTF(x, y + 8, x + 40, y))
                pdfium.FPDFAnnot_SetURI(mark, link[2].encode())
                pdfium.FPDFPage_CloseAnnot(mark)
        told = io.BytesIO()
        document.save(told)
    return told.getvalue()


def read(*pages: Iterable[Words], link: tuple[float, float, str] | None = None) -> tuple[Record, ...]:
    """The works that a CV of these pages lists."""
    body = pdf(*pages, link=link)
    return Cv().read(Answer(source="cv", url="cv.pdf", body=body, received_at=WHEN)).records


def said(records: Iterable[Record]) -> list[tuple[str, tuple[str, ...]]]:
    """Titles and authors."""
    return [(record.title, record.authors) for record in records]


HEADER = column(
    40, 60, ["Mira Solberg - Weaver and statistician - Department of Looms, University of Nowhere, Nowhere"], size=9
)
MAIN = ["Education", "PhD in Statistics, University of Nowhere, 2019", "", "Publications", "", *entries(52)]
TABLE = [("2019", "PhD in Statistics"), ("2014", "BSc in Cloth"), ("2020 -", "Weaver of the first rank, which"),
         ("now", "means much to those who weave"), ("2018", "Intern at the mill"), ("2017", "Reader"), ("2016", "Carder")]  # fmt: skip

LAYOUTS = {
    "two columns below a header": [
        HEADER + column(40, 90, ["Education", "PhD in Statistics", "", "Publications", "", *entries(38, WORKS[:3])])
        + column(318, 90, [*entries(38, WORKS[3:], 4), "", "Teaching", "Knots, Looms, and Cloth for all"]),
    ],
    "two columns on lines of one grid": [
        HEADER + column(40, 90, ["Publications", *entries(38, WORKS[:3])]) + column(318, 90, entries(38, WORKS[3:], 4)),
    ],
    "a sidebar at the left": [HEADER + column(40, 90, CONTACT, 10.5, 8.5) + column(200, 90, MAIN)],
    "a sidebar at the right": [HEADER + column(400, 97, CONTACT, 10.5, 8.5) + column(40, 90, MAIN)],
    "a sidebar at the right, and a list that goes on over the page": [
        column(400, 97, CONTACT, 10.5, 8.5) + column(40, 90, ["Publications", "", *entries(52, WORKS[:3])]),
        column(400, 65, ["Hobbies", "Sheep", "Shearing"], 10.5, 8.5) + column(40, 60, entries(52, WORKS[3:], 4)),
    ],
    "a sidebar at the left on the first page alone": [
        column(40, 70, CONTACT, 10.5, 8.5) + column(200, 60, ["Publications", "", *entries(52, WORKS[:3])]),
        column(200, 60, entries(52, WORKS[3:], 4)),
    ],
    "two columns on a part of the page": [
        HEADER + column(40, 90, ["Publications"]) + column(40, 110, entries(38, WORKS[:3])) + column(318, 110, entries(38, WORKS[3:], 4))
        + column(40, 280, ["Talks", "", "Looms at rest, invited by Tove Ek and Bo Li to the Society of Weavers of the North, in 2018"]),
    ],
    "dates in a column at the left": [
        HEADER + column(40, 90, ["Experience"]) + column(40, 105, [one for one, _ in TABLE]) + column(110, 105, [one for _, one in TABLE])
        + column(40, 200, ["Publications", "", *entries(80)]),
    ],
    "dates in a column at the right": [
        HEADER + column(40, 90, ["Experience"]) + column(500, 105, [one for one, _ in TABLE]) + column(40, 105, [one for _, one in TABLE])
        + column(40, 200, ["Publications", "", *entries(80)]),
    ],
    "headings in the margin, larger than the text": [
        HEADER + column(40, 92, ["Education", "Experience", "Publications"], 38, 13)
        + column(170, 90, ["PhD in Statistics", "BSc in Cloth"]) + column(170, 128, ["Weaver", "Intern"])
        + column(170, 166, entries(60)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_works_are_read_in_order_wherever_they_stand(layout):
    """People put contact and skills beside their works; both would be lost if lines ran across."""
    assert said(read(*LAYOUTS[layout])) == SAID


@pytest.mark.parametrize("layout", ["dates in a column at the left", "dates in a column at the right"])
def test_a_date_stays_in_the_row_that_it_dates(layout):
    """Read column by column, nobody could tell which position a date belongs to."""
    lines = [line.split() for line in pdf_text(pdf(*LAYOUTS[layout])).text.splitlines()]
    assert all(any({*date.split(), *what.split()} <= {*line} for line in lines) for date, what in TABLE)


def test_a_link_belongs_to_the_line_that_it_lies_behind():
    """Another column has a line at the same height."""
    page = HEADER + column(40, 90, CONTACT, 10.5, 8.5) + column(200, 90, MAIN)
    left, top = next((left, top) for left, top, _, text in page if text.startswith("[1]"))
    first, *others = read(page, link=(left + 60, top, "https://example.org/looms"))
    assert first.url == "https://example.org/looms"
    assert not any(other.url for other in others)


def test_a_venue_is_told_by_the_column_in_which_it_stands():
    """Names of journals are endless; where most in a column are venues or years, the others are."""
    lines = []
    for (names, title, _, year), venue in zip(WORKS, ["JMLR 2021", "Soft Cloth", "Biometrika 2020"], strict=False):
        cut = title.rindex(" ")
        lines += [title[:cut].ljust(60) + venue.rjust(20), title[cut + 1 :], names.ljust(76) + str(year), ""]
    records = read(HEADER + column(40, 90, ["Publications", "", *lines]))
    assert said(records) == SAID[:3]
    assert [record.comment for record in records][1] == "Soft Cloth, 2022"


def test_a_line_is_no_row_of_a_table_for_being_stretched():
    """A narrow column is filled by wide spaces, all of one width."""
    words = ["Journal", "of", "Machine", "Learning,", "2021."]
    stretched = [(40 + 24 * place + 6 * len("".join(words[:place])), 150, 10, word) for place, word in enumerate(words)]
    lines = [
        (40, 126, 10, "Publications"),
        (40, 138, 10, "Mira Solberg, Bo Li. Sparse looms and other looms of the north. In"),
    ]
    (record,) = read([*HEADER, *lines, *stretched, (40, 162, 10, "[arXiv:2101.00001]")])
    assert record.comment == "In Journal of Machine Learning, 2021. [arXiv:2101.00001]"


def test_what_stands_at_the_foot_of_both_pages_is_no_part_of_the_work_between():
    """On the last page nothing follows it."""
    foot, lines = column(40, 800, ["Mira Solberg, Curriculum Vitae"]), entries(50)
    records = read(column(40, 400, ["Publications", *lines[:7]], 30) + foot, column(40, 60, lines[7:], 30) + foot)
    assert said(records) == SAID
    assert not any("Vitae" in (record.comment or "") for record in records)


def test_entries_of_two_lines_are_apart_where_there_are_as_many_gaps_as_lines():
    """The usual distance of lines is that within entries."""
    lines = [
        (40, 60 + 29 * place + 12 * below, 10, work[below]) for place, work in enumerate(WORKS) for below in (0, 1)
    ]
    text = pdf_text(pdf([(40, 31, 10, "Publications"), *lines])).text
    assert text.split("\n\n")[1:] == ["\n".join(work[:2]) for work in WORKS]


PLACED = st.tuples(st.integers(0, 59), st.integers(0, 60), st.sampled_from([6, 10, 14]))


@given(st.lists(st.lists(PLACED, max_size=120), max_size=3))
def test_no_character_is_lost_or_doubled(places):
    """Whatever a page looks like, everything on it is read once."""
    pages = [
        [Glyph("x", 10.0 * x, 12.0 * y, 10.0 * x + size / 2, 12.0 * y + size) for x, y, size in own] for own in places
    ]
    blocks = in_order(pages)
    assert Counter(id(glyph) for block in blocks for glyph in block.glyphs) == Counter(
        id(one) for own in pages for one in own
    )
    assert all(glyph in pages[block.page] for block in blocks for glyph in block.glyphs)
