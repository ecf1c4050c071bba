"""Markdown and BibTeX sources of researchers' sites, in the shapes that the usual generators take."""

from datetime import UTC, datetime

import pytest

from harvest.model import Answer, Record, Stage
from harvest.sources import READERS, recognise
from harvest.sources.markdown import source_of_page

WHEN = datetime(2026, 2, 28, tzinfo=UTC)
FRONT = '---\nlayout: page\ntitle: "Publications"\npermalink: /publications/\n---\n'
SCALE = ("Weaving Threads at Scale", ("Ada Byron", "Bo Li"), "ICML 2024", "2401.00001")


def read(text: str, kind: str = "homepage") -> tuple[Record, ...]:
    """The records of a document, which is of this kind."""
    answer = Answer(source=kind, url="publications", body=text.encode(), received_at=WHEN)
    assert recognise(answer) == kind
    return READERS[kind].read(answer).records


def said(record: Record) -> tuple[object, ...]:
    """What a reader of the page would note."""
    return record.title, record.authors, record.venue, record.arxiv_id


ENTRIES = {
    "button after the venue": "- Ada Byron, **Bo Li**. *Weaving Threads at Scale*. ICML 2024. "
    "[paper](https://arxiv.org/abs/2401.00001)",
    "brackets in a link": "- Ada Byron, Bo Li. Weaving Threads at Scale. ICML 2024. "
    "[[pdf]](https://arxiv.org/pdf/2401.00001) [[code]](x)",
    "links in brackets": "- **Weaving Threads at Scale** "
    "\\[[PAPER](https://arxiv.org/abs/2401.00001)\\] <br>ICML 2024. <br>Ada Byron, Bo Li.",
    "a row of buttons": "1. [Weaving Threads at Scale](t.pdf) <br>\nAda Byron\\*, **Bo Li**\\* <br>\nICML 2024\n"
    "[PDF](https://arxiv.org/pdf/2401.00001v2) | [Code](https://x.y/z) | [Slides](/s.pdf){: .btn}",
    "a list in the list": "* **Weaving Threads at Scale** :trophy:\n  * Ada Byron, Bo Li[^1]\n  * ICML 2024 ~~Oral~~\n"
    "  * [arXiv](https://arxiv.org/abs/2401.00001)\n\n[^1]: by alphabet",
    "spaces at the ends": "**Weaving Threads at Scale**  \n*Ada Byron, Bo Li*  \nICML 2024\\\n"
    "[link](https://arxiv.org/abs/2401.00001)",
    "lines as they are": "[Weaving Threads at Scale](https://arxiv.org/abs/2401.00001)\nAda Byron, Bo Li\nICML 2024",
    "a reference": '- Ada Byron, Bo Li. "[Weaving Threads at Scale][w]." ICML 2024.\n{: .pub}\n\n'
    '[w]: https://arxiv.org/abs/2401.00001 "x"',
    "a table": "| Year | Paper | Links |\n|---|:-:|---|\n"
    "| 2024 | **Weaving Threads at Scale**, Ada Byron, Bo Li. ICML 2024 | [PDF](https://arxiv.org/abs/2401.00001) |",
    "a picture for a button": "- [Weaving Threads at Scale](t.pdf), Ada Byron, Bo Li, **ICML 2024** "
    "[![arXiv](https://img.example.org/b.svg)](https://arxiv.org/abs/2401.00001)",
    "a fold": "- **Weaving Threads at Scale**<br>Ada Byron, Bo Li<br>ICML 2024. "
    "[arXiv](https://arxiv.org/abs/2401.00001)\n  <details><summary>Abstract</summary>We weave.</details>",
    "a title over two lines": "- Ada Byron, **Bo Li**. [Weaving Threads\nat Scale]"
    "(https://arxiv.org/abs/2401.00001), *ICML 2024*",
}


@pytest.mark.parametrize("front", [FRONT, "+++\ntitle = 'Publications'\n+++\n"])
@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_of_a_source_says_what_the_page_would(name, front):
    """Buttons tell no venue, but their addresses tell the number; and front matter is no entry."""
    (record,) = read(f"{front}\n{{% include top.html %}}\n\n{ENTRIES[name]}\n")
    assert said(record) == SCALE
    assert record.year == 2024


CARDS = """# Bo Li

## Publications

<div class='box'><div><div class="badge">ICML 2024</div><img src='a.png' alt="b"></div>
<div class='text' markdown="1">

[Weaving Threads at Scale](https://arxiv.org/abs/2401.00001)

**Ada Byron**, Bo Li

[**Project**](https://example.org/p) [**Code**](https://example.org/c)
</div>
</div>

<div class='box'><div><div class="badge">COLT 2023</div><img src='b.png' alt="b"></div>
<div class='text' markdown="1">

[Looms of Steel and Silk](https://arxiv.org/abs/2302.00002)

Bo Li, **Ada Byron**
</div>
</div>

<!--
- **A Title that is Hidden**, Ada Byron, Bo Li, ICML 2020
-->
"""


def test_pieces_of_a_page_in_a_source_are_as_in_a_page():
    """A theme's cards are HTML around Markdown, and a comment is not seen; without front matter the links tell."""
    first, second = read(CARDS)
    assert said(first) == SCALE
    assert said(second) == ("Looms of Steel and Silk", ("Bo Li", "Ada Byron"), "COLT 2023", "2302.00002")


def test_a_page_with_front_matter_is_the_page():
    """Jekyll fills HTML in as it is."""
    entry = "<li>\n <b>Weaving Threads\n at Scale</b><br>\n Ada Byron, Bo Li<br>\n ICML 2024\n"
    (record,) = read(f'{FRONT}<ul>\n{entry} [<a href="https://arxiv.org/abs/2401.00001">pdf</a>]</li>\n</ul>')
    assert said(record) == SCALE


@pytest.mark.parametrize("heading", ["## Education", "Education", "**Work Experience**"])
def test_a_cv_in_markdown_is_a_cv_and_has_buttons_too(heading):
    """A converter's Markdown is wrapped like the paper it was, and is read as text."""
    venue, number = "ICML 2024", "https://arxiv.org/abs/2401.00001"
    entries = "".join(
        f"{place}. Ada Byron, **Bo Li**. {title}. {venue}. {buttons}\n"
        for place, (title, buttons) in enumerate(
            (
                (SCALE[0], f"[paper]({number})"),
                ("Looms of Steel and Silk", f"[[pdf]]({number}) [[code]](x)"),
                ("Knots that Hold under Load", f"[PDF]({number}) | [Code](https://x.y/z)"),
            ),
            1,
        )
    )
    records = read(f"# Bo Li\n\n{heading}\n\n- PhD, Nowhere, 2020\n\n## Publications\n\n{entries}", "cv")
    assert [record.comment for record in records] == ["ICML 2024."] * 3
    assert [record.arxiv_id for record in records] == ["2401.00001"] * 3


def test_headings_and_lines_in_bold_that_are_years_date_what_is_below():
    """Many lists tell the year nowhere else."""
    entry = "- **{}**  \n  Ada Byron, Bo Li  \n  *Journal of Looms*\n\n"
    text = f"{FRONT}\n**2023**\n\n{entry.format(SCALE[0])}## 2021\n\n{entry.format('Looms of Steel and Silk')}"
    assert [record.year for record in read(text)] == [2023, 2021]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Byron\n\nPUBLICATIONS\n\nAda Byron. Notes [1](a) on Looms. ICML 2024.\n",
        "<!DOCTYPE html><p>[a](b) [c](d) [e](f)</p>",
        "---\n" * 3 + "[a](b)" * 100_000,
    ],
)
def test_what_is_no_source_of_a_page_is_left(text):
    """A text with a bracket or two, a page, and what is too long for either."""
    assert source_of_page(text) is None


def test_the_lines_of_a_source_keep_their_numbers():
    """A record says on which line of the file it stands."""
    text = (
        FRONT
        + "\n<!-- a\nb -->\n\n# One\n\n- two\n- three\n\n| a | b |\n|---|---|\n| four | c |\n\n```\nx\n```\nfive\n"
    )
    page = (source_of_page(text) or "").split("\n")
    for word in ("One", "two", "three", "four", "five"):
        (place,) = (number for number, line in enumerate(page) if word in line)
        assert word in text.split("\n")[place]


FIELDS = {
    "arxiv={2401.00001}, journal={JMLR}": ("JMLR", "2401.00001", Stage.PUBLISHED),
    "html={https://arxiv.org/abs/2401.00001}, abbr={Preprint}": (None, "2401.00001", Stage.PREPRINT),
    "pdf={https://arxiv.org/pdf/2401.00001v2}, journal={arXiv Jan.}": (None, "2401.00001", Stage.PREPRINT),
    "abbr={ICML 2024}": ("ICML 2024", None, Stage.PUBLISHED),
    "abbr={Vision}": (None, None, Stage.PUBLISHED),
    "journal={Under review at a journal}": (None, None, Stage.SUBMITTED),
    "journal={<em>JMLR</em>}, arxiv={}": ("JMLR", None, Stage.PUBLISHED),
}


@pytest.mark.parametrize("fields", FIELDS)
def test_the_bibliography_of_a_site_is_read_with_its_own_fields(fields):
    """Themes have fields for buttons and badges, and show marks and HTML at names and titles as they are."""
    who = r"Byron*, Ada and {Li}$^\\dagger$, Bo, and Chen Hu\\textsuperscript{\\dag}".replace("\\\\", "\\")
    entry = f"@article{{byron24, title={{Warp &amp; <i>Weft</i>}}, author={{{who}}}, selected={{true}}, {fields}}}"
    (record,) = read(f"\n---\n---\n@string{{x = {{y}}}}\n\n{entry}\n", "bibtex")
    assert (record.title, record.authors) == ("Warp & Weft", ("Ada Byron", "Bo Li", "Chen Hu"))
    assert (record.venue, record.arxiv_id, record.stage) == FIELDS[fields]
