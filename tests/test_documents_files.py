"""PDF, Word and BibTeX files, and damaged documents of every kind: what is lost is said, and nothing else happens."""

import io
import json
import random
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Contents, Stage
from harvest.sources import READERS, recognise
from harvest.sources.bibtex import records_of

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
REPLAY = Path(__file__).resolve().parents[2] / "shared" / "replay"
CV = [
    "Ada Byron", "", "EDUCATION", "PhD, 1840", "", "PUBLICATIONS", "",
    "[2] Ada Byron, Bo Li. On Looms and How They Parame-", "      terize Cards. ICML 2020.",
    "[1] Bo Li, Ada Byron. On Cards. arXiv:2101.00001, 2021.", "", "TEACHING", "Looms, with Bo Li, 2020",
]  # fmt: skip
SAID = [("On Looms and How They Parameterize Cards", ("Ada Byron", "Bo Li")), ("On Cards", ("Bo Li", "Ada Byron"))]
KINDS = ("cv", "homepage", "scholar_feed", "arrow", "aitopics", "bibtex")


def read(body: bytes, kind: str = "cv") -> Contents:
    """What a document of this kind says."""
    return READERS[kind].read(Answer(source=kind, url="document", body=body, received_at=WHEN))


def pdf(lines: list[str]) -> bytes:
    """A page of text in a fixed font, each line where a typesetter would put it."""
    with pypdfium2.PdfDocument.new() as document:
        page = document.new_page(595, 842)
        font = pdfium.FPDFText_LoadStandardFont(document, b"Courier")
        for place, line in enumerate(lines):
            if line:
                words = pdfium.FPDFPageObj_CreateTextObj(document, font, 10)
                text = (line + "\0").encode("utf-16-le")
                pdfium.FPDFText_SetText(words, (pdfium.FPDF_WCHAR * (len(text) // 2)).from_buffer_copy(text))
                pdfium.FPDFPageObj_Transform(words, 1, 0, 0, 1, 40, 800 - 12 * place)
                pdfium.FPDFPage_InsertObject(page, words)
        page.gen_content()
        held = io.BytesIO()
        document.save(held)
    return held.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    space += ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            packed.writestr(f"word/{name}.xml", text.replace("<w:numbering>", f"<w:numbering {space}>"))
    return held.getvalue()


def paragraph(text: str, style: str = "", number: str = "") -> str:
    """One paragraph, perhaps a heading or an item of a list."""
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    said += f'<w:numPr><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{said}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_pdf_is_read_as_its_text_is():
    """Columns, indents and hyphens at a line's end survive; talks stay outside."""
    contents = read(pdf(CV))
    assert [(one.title, one.authors) for one in contents.records] == SAID
    assert [one.arxiv_id for one in contents.records] == [None, "2101.00001"]
    assert not contents.remarks


def test_a_pdf_is_a_cv_unless_it_says_otherwise():
    """`harvest read cv.pdf` needs no `--as`."""
    assert recognise(Answer(source="", url="cv.pdf", body=pdf(CV), received_at=WHEN)) == "cv"


NUMBERING = """<w:numbering><w:abstractNum w:abstractNumId="7">
<w:lvl><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def test_a_word_file_is_read_with_its_headings_lists_and_numbers():
    """Word keeps a list's numbers apart from its text: they are counted."""
    body = paragraph("Ada Byron") + paragraph("Education", "Heading1") + paragraph("PhD, 1840")
    body += paragraph("Publications", "Heading1")
    body += paragraph("Ada Byron, Bo Li. On Looms and How They Parameterize Cards. ICML 2020.", number="3")
    body += paragraph("Bo Li, Ada Byron. On Cards. arXiv:2101.00001, 2021.", number="3")
    body += paragraph("Talks", "Heading1") + paragraph("Ada Byron, Bo Li. On Looms. London, 2020.", number="4")
    contents = read(docx(body, numbering=NUMBERING))
    assert [(one.title, one.authors) for one in contents.records] == SAID
    assert [one.item for one in contents.records] == ["1", "2"]


BIB = r"""% kept by hand
@string{icml = "International Conference on Looms"}
@inproceedings{a, author = {Byron, Ada and M{\"u}ller, J. and others}, title = {{On} {Looms} \& $\ell$},
  booktitle = icml # " ({ICL})", year = 2020}
@article{torn, title = {On Tea, author = {Ada Byron}
@article{DBLP:journals/x/ByronL21, author = {Bo Li 0003 and {The Loom Team}}, title = {On Cards.},
  journal = {J. Looms}, year = {2021}, doi = {10.1000/XYZ}}
@misc{c, author = {S{\o}ren Li}, title = {On Ink}, eprint = {2101.00001v2}, archiveprefix = {arXiv},
  note = {Under review}}
@article{c, author = {Ada Byron}, title = {On Ink again}, journal = {CoRR}, volume = {abs/2101.00002}, year = 2021}
"""


def test_a_torn_entry_does_not_cost_the_others():
    """Abbreviations, TeX, DBLP's keys and numbers, eprints, a key used twice; and the line of what was lost."""
    records, remarks = records_of(BIB)
    assert [(one.key, one.title, one.authors, one.stage) for one in records] == [
        ("a", "On Looms & ell", ("Ada Byron", "J. Müller"), Stage.PUBLISHED),
        ("DBLP:journals/x/ByronL21", "On Cards", ("Bo Li", "The Loom Team"), Stage.PUBLISHED),
        ("c", "On Ink", ("Søren Li",), Stage.SUBMITTED),
        ("c", "On Ink again", ("Ada Byron",), Stage.PREPRINT),
    ]
    first, second, third, fourth = records
    assert (first.truncated, first.venue, first.year) == (True, "International Conference on Looms (ICL)", 2020)
    assert (second.dblp_key, second.author_keys, second.doi) == ("journals/x/ByronL21", ("0003", ""), "10.1000/xyz")
    assert (third.arxiv_id, third.arxiv_version, fourth.arxiv_id) == ("2101.00001", 2, "2101.00002")
    assert [(remark.kind, remark.line) for remark in remarks] == [("not_understood", 5)]
    assert read(BIB.encode(), "bibtex").records[0].key == "onloomsell"


def test_what_a_list_holds_besides_entries_is_said_by_line():
    """A line that could be an entry and is none is never dropped in silence."""
    text = "PUBLICATIONS\n\nAda Byron, Bo Li. On Looms. ICML 2020.\n\nBo Li, Ada Byron. On Cards. ICML 2021.\n\n"
    contents = read((text + "several reports on weaving for the royal society, 1839 and later\n").encode())
    assert [remark.line for remark in contents.remarks] == [7]


PAGE = b"<html><body><h2>Publications</h2><ul><li>On Looms<br>Ada Byron, Bo Li<br>ICML 2020</li></ul></body></html>"
WORD = docx("".join(paragraph(line) for line in CV))
WHOLE = ("\n".join(CV).encode(), pdf(CV), WORD, BIB.encode(), PAGE)


def bomb() -> bytes:
    """A small file that unpacks to forty million bytes."""
    return docx("<w:p>" + " " * 40_000_000 + "</w:p>")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [pdf(CV)[:400], WORD[: len(WORD) // 2], b"PK\x03\x04" + b"\0" * 99, b"%PDF-1.7\n" + b"1 0 obj " * 9000, bomb(),
     b"<div>" * 100_000 + b"x", b"word " * 1_000_000, "\n".join(CV).encode("utf-16")[:-1][::-1], b"@a{" * 20_000],
    ids=["cut PDF", "cut Word", "zip", "no PDF", "bomb", "deep HTML", "5 MB line", "backwards", "open entries"],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_a_sentence_or_read_in_part(kind, body):
    """It must neither crash nor hang a run."""
    try:
        contents = read(body, kind)
    except UnreadableAnswer as refused:
        assert " " in refused.reason
    else:
        assert contents.records or contents.remarks


def damaged(body: bytes, way: str, dice: random.Random) -> bytes:
    """A document after an accident."""
    cut = dice.randrange(len(body))
    lines = body.split(b"\n")
    ways = {
        "cut": lambda: body[:cut], "tail": lambda: body[cut:], "doubled": lambda: body + body[cut:] + body,
        "shuffled": lambda: b"\n".join(dice.sample(lines, len(lines))),
        "utf-16": lambda: body.decode("utf-8", "replace").encode("utf-16"),
        "latin-1": lambda: body.decode("utf-8", "replace").encode("latin-1", "replace"),
        "bom": lambda: b"\xef\xbb\xbf" + body, "mixed": lambda: b"\r".join(lines[:9]) + b"\r\n".join(lines[9:]),
        "null": lambda: body[:cut] + b"\0" * dice.randrange(9) + body[cut:],
        "long": lambda: body[:cut] + body[cut : cut + 60] * 20_000 + body[cut:],
        "noise": lambda: bytes(dice.randrange(256) if dice.random() < 0.02 else byte for byte in body),
    }  # fmt: skip
    return ways[way]()


WAYS = ("cut", "tail", "doubled", "shuffled", "utf-16", "latin-1", "bom", "mixed", "null", "long", "noise")


@settings(max_examples=100, deadline=5000, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(WHOLE), st.sampled_from(KINDS), st.lists(st.sampled_from(WAYS), max_size=3), st.integers(0, 999))
def test_a_damaged_document_gives_what_is_left_or_is_refused(body, kind, ways, number):
    """Never another error, whatever happened to it and whatever it was taken for."""
    dice = random.Random(number)
    for way in ways:
        body = damaged(body, way, dice) or b"x"
    try:
        contents = read(body, kind)
    except UnreadableAnswer as refused:
        assert " " in refused.reason
    else:
        assert isinstance(contents, Contents)


@pytest.mark.skipif(not REPLAY.is_dir(), reason="no dated captures beside this checkout")
def test_dated_captures_say_the_same_as_pdf():
    """Title, authors in order, arXiv id and venue text over every revision of one CV, from the PDF itself."""
    rows = [json.loads(line) for line in (REPLAY / "entries" / "wmz9_cv.jsonl").read_text().splitlines()]
    right = 0
    for path in REPLAY.glob("captures/*/*/cv.pdf"):
        own = [row for row in rows if row["captured_at"] == path.parent.name]
        wanted = Counter(
            (row["title"], tuple(row["authors"]), row["arxiv_id"], "".join((row["venue_text"] or "").split()))
            for row in own
        )
        found = Counter(
            (one.title, one.authors, one.arxiv_id, "".join((one.comment or "").split()))
            for one in read(path.read_bytes()).records
        )
        right += (wanted & found).total()
    assert right >= 0.97 * len(rows)
