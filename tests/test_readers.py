"""The readers of documents and pages: the seed documents, the same pages as HTML, other layouts, hostile input."""

import json
import random
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Contents, Record, Stage
from harvest.sources.aitopics import AiTopics
from harvest.sources.arrow import Arrow
from harvest.sources.cv import Cv
from harvest.sources.homepage import Homepage
from harvest.sources.recognise import recognise
from harvest.sources.scholar_feed import ScholarFeed

DOCUMENTS = Path(__file__).parents[1] / "seeds" / "documents"
REPLAY = Path(__file__).resolve().parents[2] / "shared" / "replay"
READERS = {reader.name: reader for reader in (Cv(), Homepage(), ScholarFeed(), Arrow(), AiTopics())}
WHEN = datetime(2026, 5, 27, tzinfo=UTC)


def answer(body: str | bytes, when: datetime = WHEN) -> Answer:
    """A document with this text."""
    return Answer(
        source="test", url="document", body=body.encode() if isinstance(body, str) else body, received_at=when
    )


def seed(number: str, reader: str, when: datetime = WHEN) -> Contents:
    """What a seed document says."""
    [path] = DOCUMENTS.glob(f"{number}_*.txt")
    return READERS[reader].read(answer(path.read_bytes(), when))


def homepage(body: str) -> list[Record]:
    """The records of a page with this body."""
    return list(Homepage().read(answer(f"<!DOCTYPE html><html><body>{body}</body></html>")).records)


def told(records: list[Record]) -> list[tuple[str, int, str | None]]:
    """Title, number of authors and venue text of each record."""
    return [(record.title, len(record.authors), record.comment) for record in records]


def at(contents: Contents, line: int) -> Record:
    """The record that begins on a line."""
    return next(record for record in contents.records if record.line == line)


@pytest.mark.parametrize(
    ("number", "kind", "count", "total"),
    [
        ("000", "cv", 18, None),
        ("001", "scholar_feed", 25, 25),
        ("002", "arrow", 14, 14),
        ("003", "aitopics", 10, None),
        ("004", "scholar_feed", 21, 21),
    ],
)
def test_every_row_of_a_seed_document_is_read_once(number, kind, count, total):
    """Each has a title, authors, a place in the file and a key of its own; counts that agree raise no alarm."""
    contents = seed(number, kind)
    assert (len(contents.records), contents.total) == (count, total)
    assert len({record.key for record in contents.records}) == count
    assert all(record.title and record.authors and record.line and record.quote for record in contents.records)
    assert {len(record.roles) - len(record.authors) for record in contents.records} == {0}
    assert not [remark for remark in contents.remarks if remark.kind in ("count_mismatch", "not_understood")]


def test_the_cv_keeps_numbers_roles_status_and_both_years():
    """A list renumbers, marks are roles, and a venue's year is not the trailing one."""
    contents = seed("000", "cv")
    items = {record.item: record for record in contents.records}
    assert list(items) == [str(number) for number in range(18, 0, -1)]
    assert (items["13"].line, items["13"].roles[:3]) == (76, ("*", "*†", "*"))
    assert (items["13"].venue_year, items["13"].year) == (2024, 2025)
    assert (items["6"].venue_year, items["6"].year) == (2024, 2023)
    assert items["18"].truncated
    assert items["12"].arxiv_id == "2410.11474"
    assert items["7"].title.endswith("Perturbations?")
    stages = [items[number].stage for number in ("1", "5", "11", "12", "14", "16")]
    assert stages == [
        Stage.SUBMITTED, Stage.WORKSHOP, Stage.PUBLISHED, Stage.PREPRINT, Stage.SUBMITTED, Stage.IN_PREPARATION,
    ]  # fmt: skip
    assert "Spotlight (Top 5.1%)" in (items["11"].comment or "")


def test_the_cv_says_what_it_lost_and_where_it_contradicts_itself():
    """Three positions with two dates, and a range "published or preprinted" with one item that is neither."""
    remarks = {remark.kind: remark for remark in seed("000", "cv").remarks}
    assert set(remarks) == {"lost", "self_contradiction"}
    assert remarks["lost"].line == 144
    assert "3 positions" in remarks["lost"].explanation
    assert "only 2 dates" in remarks["lost"].explanation
    assert remarks["self_contradiction"].line == 75
    assert "submitted to" in remarks["self_contradiction"].quote


def test_glued_heads_and_rows_are_taken_apart():
    """ "70.8LGMar 11Code" is a score, a category, a day and a button; the year is the capture's."""
    contents = seed("001", "scholar_feed")
    numbers = {reading.metric: reading.value for reading in contents.readings if reading.key is None}
    assert numbers == {"h_index": 18, "papers": 25, "citations": 353, "novelty": 57, "ai_score": 61}
    first = at(contents, 13)
    assert (first.first_on, first.categories, first.comment) == (date(2026, 3, 11), ("cs.LG",), "· oxford")
    assert first.authors[-1] == "Mingze Wang"
    assert first.truncated
    assert [reading.value for reading in contents.readings if reading.key == first.key] == [70.8]
    assert at(contents, 27).categories == ("stat.ML",)
    assert at(contents, 48).first_on == date(2026, 2, 26)
    assert at(contents, 139).first_on == date(2025, 2, 26)


def test_a_page_read_later_keeps_its_years():
    """The capture's year counts, and a day later in the year than the capture is the year before's."""
    contents = seed("001", "scholar_feed", datetime(2026, 3, 1, tzinfo=UTC))
    assert at(contents, 48).first_on == date(2026, 2, 26)
    assert at(contents, 13).first_on == date(2025, 3, 11)


def test_one_title_twice_on_a_page_is_two_rows():
    """The earlier keeps the bare key, in whatever order the page ranks them."""
    contents = seed("004", "scholar_feed")
    later, earlier = at(contents, 139), at(contents, 153)
    assert later.title == earlier.title
    assert later.key == f"{earlier.key}-2021-11-05"


def test_a_name_cluster_says_that_it_is_none_of_one_person():
    """Homonym numbers leave the names, repairs and page buttons leave the abstracts."""
    contents = seed("002", "arrow")
    assert [remark.line for remark in contents.remarks if remark.kind == "name_cluster"] == [7]
    assert (at(contents, 27).authors[0], at(contents, 27).author_keys[0]) == ("Jinbo Wang", "0003")
    assert (at(contents, 27).venue, at(contents, 27).venue_year, at(contents, 27).stage) == (
        "ICML",
        2025,
        Stage.PUBLISHED,
    )
    abstracts = " ".join(record.abstract or "" for record in contents.records)
    assert "0.12B to 1.1B" in abstracts
    assert "(Zhang et al., 2024)" in abstracts
    assert "i.e., they" in abstracts
    assert not re.search(r"\[abs\]|&copy|edit, beta|\\mathcal", abstracts)


def test_family_names_first_are_paired():
    """ "E, Weinan" is Weinan E."""
    contents = seed("003", "aitopics")
    assert contents.records[0].authors == (
        "Jinbo Wang",
        "Mingze Wang",
        "Zhanpeng Zhou",
        "Junchi Yan",
        "Weinan E",
        "Lei Wu",
    )
    assert [record.line for record in contents.records] == list(range(2, 30, 3))


def test_an_odd_number_of_name_parts_is_said_not_guessed():
    """One-token names break the pairing."""
    contents = AiTopics().read(answer("Byron, Ada\nOn Looms\nByron, Ada, Madonna, E, Weinan\nLooms weave.\n"))
    assert [(record.title, record.authors) for record in contents.records] == [("On Looms", ())]
    assert [(remark.kind, remark.line) for remark in contents.remarks] == [("not_understood", 3)]


def test_a_count_that_differs_from_the_rows_is_said():
    """A page may leave rows out."""
    body = "Ada Byron\nh-index3\n2papers\n9citations\n\n2 Papers\n\nLGMar 11\nOn Looms\n\nAda Byron\n\nLooms weave.\n"
    contents = ScholarFeed().read(answer(body))
    assert [(remark.kind, remark.line) for remark in contents.remarks] == [("count_mismatch", 3), ("count_mismatch", 6)]


FEED = """<html><body><h1>Ada Byron</h1>
<div><span>h-index</span><span>12</span></div><div>2<span>papers</span></div><div>1,353<span>citations</span></div>
<h2>2 Papers</h2>
<article>
  <div><span>70.8</span><span>LG</span><span>Mar 11</span><a href="https://x.org/c">Code</a></div>
  <h3><a href="/paper/2603.10397v2">On Looms</a></h3>
  <p>Ada Byron, Bo Li et al. · mit</p><p>Looms <em>weave</em>.</p>
</article>
<article>
  <div><div>ML</div><div>Jul 6, 2022</div></div>
  <h3><a href="/paper/2207.02628v1">On Cards</a></h3>
  <p>Ada Byron</p><p>Cards.</p>
</article></body></html>"""
ARROW = """<html><body><p>Author name cluster</p><h2>Ada Byron</h2><div>1 papers</div>
<div><p>ICML Conference 2025 Conference Paper</p><h4>On Looms</h4>
<ul><li>Ada Byron 0003</li><li>Weinan E</li></ul><p>We use 0. 12B looms.</p></div></body></html>"""
TOPICS = """<html><body><h2>Byron, Ada</h2>
<div><a href="/doc/arxivorg:AB">On Looms</a></div><div>Byron, Ada, E, Weinan</div>
<div>–arXiv.org Artificial Intelligence</div><div>Jun-24-2025</div><p>Looms weave, and this abstract says so.</p>
<div><a href="/doc/conferences:AC">On Cards</a></div><div>Li, Bo</div>
<p>Cards are punched, and this says so.</p></body></html>"""


def test_the_same_pages_are_read_as_html():
    """A page from the network and its text are one kind; only links are more."""
    feed, arrow, topics = (
        reader.read(answer(body)) for reader, body in ((ScholarFeed(), FEED), (Arrow(), ARROW), (AiTopics(), TOPICS))
    )
    assert [(row.title, row.arxiv_id, row.first_on) for row in feed.records] == [
        ("On Looms", "2603.10397", date(2026, 3, 11)), ("On Cards", "2207.02628", date(2022, 7, 6)),
    ]  # fmt: skip
    assert {reading.metric: reading.value for reading in feed.readings if not reading.key} == {
        "h_index": 12, "papers": 2, "citations": 1353,
    }  # fmt: skip
    assert [(row.authors, row.author_keys, row.abstract) for row in arrow.records] == [
        (("Ada Byron", "Weinan E"), ("0003", ""), "We use 0.12B looms.")
    ]
    assert [(row.authors, row.stage, row.published_on) for row in topics.records] == [
        (("Ada Byron", "Weinan E"), Stage.PREPRINT, date(2025, 6, 24)),
        (("Bo Li",), None, None),
    ]
    assert [recognise(answer(body)) for body in (FEED, ARROW, TOPICS)] == ["scholar_feed", "arrow", "aitopics"]


LAYOUTS = {
    "items": """
<ul><li><p>[2] <a href="https://arxiv.org/abs/2101.00001"><b>On Looms</b></a> <br/>
<b>Ada Byron*</b> (艾达), Bo Li*<br/>
<tt>2021 Conference on Looms</tt> (<b>LOOM 2021</b>).</p></li></ul>
<ul><li><p>[1] <b>On Cards</b><br/>Ada Byron<br/>arXiv preprint, June 2020.</p></li></ul>""",
    "cards": """
<ol><li><div class="row"><div><abbr>LOOM</abbr></div><div id="a">
<div class="title">On Looms</div><div class="author"><em>Ada Byron*</em>, and Bo Li*</div>
<div class="periodical"><em>In 2021 Conference on Looms</em> (LOOM 2021).</div>
<div><a>Abs</a><a href="http://arxiv.org/pdf/2101.00001v2.pdf">PDF</a></div>
<div class="hidden"><p>We weave and weave.</p></div></div></div></li>
<li><div class="row"><div></div><div id="b">
<div class="title">On Cards</div><div class="author">Ada Byron</div>
<div class="periodical">arXiv preprint, June 2020.</div></div></div></li></ol>""",
    "table": """
<table><tr><td><img src="a"></td><td>
<a href="https://arxiv.org/abs/2101.00001"><papertitle>On Looms</papertitle></a> [<a href="x">arXiv</a>]<br>
<strong>Ada Byron*</strong>,
<a href="b">Bo Li*</a><br>
<em>2021 Conference on Looms</em> (LOOM 2021).<br>
<a href="c">code</a> / <a href="s">slides</a><p>We weave in this paper.</p></td></tr>
<tr><td></td><td><papertitle>On Cards</papertitle><br>Ada Byron<br><em>arXiv preprint</em>, June 2020.<br></td></tr>
</table>""",
    "paragraphs": """
<p><b>On Looms</b><br>Ada Byron*, Bo Li*<br>
2021 Conference on Looms (LOOM 2021). | <a href="https://arxiv.org/abs/2101.00001">paper</a></p>
<p><b>On Cards</b><br>Ada Byron<br>arXiv preprint, June 2020.</p>""",
    "one line each": """
<ul><li>Ada Byron*, Bo Li*. <a href="https://arxiv.org/abs/2101.00001">On Looms</a>.
2021 Conference on Looms (LOOM 2021).</li>
<li>Ada Byron. <i>On Cards and Looms</i>. arXiv preprint, June 2020.</li></ul>""",
    "neighbours": """
<h4>On Looms</h4><p>Ada Byron*, Bo Li*</p><p>2021 Conference on Looms (LOOM 2021).</p>
<p><a href="https://arxiv.org/abs/2101.00001">arXiv</a></p>
<h4>On Cards</h4><p>Bo Li, Ada Byron</p><p>arXiv preprint, June 2020.</p>""",
}
PAGE = """<h1>Ada Byron</h1>
<h2>News</h2><ul><li>Talk with Ada Byron, Bo Li, ICML 2020.</li></ul>
<h2>Publications</h2><p>* indicates equal contribution.</p>{}
<h2>Talks</h2><ul><li>On Looms<br>Ada Byron, Bo Li<br>ICML 2020</li></ul>"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_publication_list_is_found_by_its_shape(layout):
    """No rule knows one site's markup; news and talks with names in them are no publications."""
    first, second = homepage(PAGE.format(LAYOUTS[layout]))
    assert (first.title, first.authors, first.roles) == ("On Looms", ("Ada Byron", "Bo Li"), ("*", "*"))
    assert (first.arxiv_id, first.venue_year, first.stage) == ("2101.00001", 2021, Stage.PUBLISHED)
    assert (first.comment or "").removeprefix("In ") == "2021 Conference on Looms (LOOM 2021)."
    assert second.title.startswith("On Cards")
    assert "Ada Byron" in second.authors
    assert (second.stage, second.year) == (Stage.PREPRINT, 2020)


def test_an_entry_without_whole_names_is_read_as_its_neighbours_are():
    """A company or "Li et al." are authors where the page puts authors; an arXiv link without a number is no id."""
    entry = "<li><a href='https://arxiv.org/abs'>{}</a> [<a href='https://arxiv.org/abs'>arXiv</a>]<br>{}<br>{}</li>"
    rows = [
        ("On Looms", "Ada Byron, Bo Li", "ICML 2026"),
        ("The Loom Series", "MiniLoom (<b>Co-author</b>)", "<em>Technical Report</em>"),
        ("Of Many Looms", "Li et al. (Co-author)", "ICML 2026"),
    ]
    records = homepage("<h2>论文</h2><ul>" + "".join(entry.format(*row) for row in rows) + "</ul>")
    assert [(one.authors, one.truncated, one.stage, one.arxiv_id) for one in records] == [
        (("Ada Byron", "Bo Li"), False, Stage.PUBLISHED, None),
        (("MiniLoom",), False, Stage.PREPRINT, None),
        (("Li",), True, Stage.PUBLISHED, None),
    ]


def test_a_heading_speaks_for_entries_that_say_nothing():
    """Under "In preparation" an entry needs no status; under "Publications and preprints" any would be a guess."""
    row = "<ul><li>On Looms<br>Ada Byron, Bo Li</li></ul>"
    assert [one.stage for one in homepage(f"<h2>In Preparation</h2>{row}")] == [Stage.IN_PREPARATION]
    assert [one.stage for one in homepage(f"<h2>Publications and Preprints</h2>{row}")] == [None]


VITA = """ADA BYRON
                         London
EDUCATION
  University of London                                  2015 - 2019

PUBLICATIONS
{}
                                   1
\f ADA BYRON
                                   2
\fAWARDS
  Medal of Looms, with Ada Byron, Bo Li, 2020
"""
LISTS = {
    "ascending": """
 [1] Ada Byron, Bo Li. On Looms and How They Parame-
     terize Cards. ICML 2020.
 [2] Bo Li, Ada Byron. On Cards.
     LOOM Workshop 2021, 1-
     2.
""",
    "descending": """
10. Bo Li, Ada Byron. On Looms and How They Parame-
    terize Cards.
    ICML 2020.
 9. Ada Byron, Bo Li, On Cards: A
    Theory. NeurIPS 2021.
""",
    "bullets, title first": """
  • On Looms and How They Parame-
    terize Cards
    Ada Byron, Bo Li
    ICML 2020
  • On Cards
    Bo Li, Ada Byron
    Under review
""",
    "paragraphs": """
  Ada Byron, Bo Li. “On Looms and How They Parameterize Cards.” ICML 2020.

  Bo Li, Ada Byron. On Cards. Preprint, 2021.
""",
    "years in a column": """
2020   Ada Byron, Bo Li. On Looms and How They Parameterize Cards.
       ICML.
2019   Ada Byron and Bo Li. On Cards.
       Annals of Looms.
""",
    "markdown": """
- \\* indicates equal contribution
- 2. **Ada Byron**\\*, Bo Li\\*. **On Looms and How They Parameterize Cards.**

  - ICML 2020.
- 1. Bo Li<sup>†</sup>, Ada Byron. On Cards. arXiv preprint: 2101.00001, 2021.
""",
}


@pytest.mark.parametrize("style", LISTS)
def test_a_cv_is_read_in_every_usual_style(style):
    """Numbered up, down or not at all; title before or after the authors; wrapped, hyphenated, with page numbers."""
    contents = Cv().read(answer(VITA.format(LISTS[style])))
    assert [len(record.authors) for record in contents.records] == [2, 2]
    first, second = contents.records
    assert (first.title, first.stage, first.year) == ("On Looms and How They Parameterize Cards", Stage.PUBLISHED, 2020)
    assert second.title.startswith("On Cards")
    assert not contents.remarks


def test_what_cannot_be_told_apart_is_said():
    """An item of a list that has no authors is neither guessed nor dropped in silence."""
    contents = Cv().read(answer("PUBLICATIONS\n1. Ada Byron, Bo Li. On Looms. ICML 2020.\n2. something about looms\n"))
    assert len(contents.records) == 1
    assert [(remark.kind, remark.line) for remark in contents.remarks] == [("not_understood", 3)]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "body",
    [b"", b" \n\t ", b"%PDF-1.7 x", b"\x00\x01\x02" * 99, random.Random(7).randbytes(5000), b"word " * 1_000_000,
     b"<p>" * 200_000, b"(" * 100_000, b"Ada Byron, " * 9_000, b"No such thing here.", b'{"a": 1}'],
    ids=["empty", "blank", "pdf", "null", "binary", "5 MB", "open tags", "brackets", "names", "wrong kind", "json"],
)  # fmt: skip
def test_what_is_no_such_document_is_refused_with_a_sentence(name, body):
    """Hostile input must neither crash nor hang a run, nor read as "nothing here"."""
    with pytest.raises(UnreadableAnswer) as refused:
        READERS[name].read(answer(body))
    assert " " in refused.value.reason


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_cut_or_damaged_document_gives_what_is_left_or_is_refused(number):
    """Never any other error, at whatever byte it was cut."""
    [path] = DOCUMENTS.glob(f"{number}_*.txt")
    body, dice = path.read_bytes(), random.Random(number)
    for _ in range(12):
        piece = bytearray(body[: dice.randrange(len(body))].replace(b"\n", dice.choice([b"\n", b"\r\n", b"\r"])))
        for _ in range(9):
            piece[dice.randrange(len(piece))] = dice.randrange(32, 256)
        kind = recognise(answer(bytes(piece)))
        for reader in READERS.values():
            try:
                contents = reader.read(answer(bytes(piece)))
            except UnreadableAnswer:
                continue
            assert isinstance(contents, Contents)
        assert kind is None or isinstance(kind, str)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("@article{a, title={On Looms}}", "bibtex"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id></feed>', "arxiv"),
        ('<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>', "arxiv_oai"),
        ('<?xml version="1.0"?><dblpperson name="Ada Byron" pid="1/2"/>', "dblp"),
        ('{"meta": {"count": 1}, "results": [{"id": "https://openalex.org/W123"}]}', "openalex"),
        ("<html><body><h2>Publications</h2></body></html>", "homepage"),
        ("Education\n\nPhD\n\nPublications\n\nAda Byron, Bo Li. On Looms. ICML 2020.\n", "cv"),
        ("nothing of the kind", None),
        (b"%PDF-1.4", None),
        (b"\x00" * 99, None),
    ],
)  # fmt: skip
def test_documents_and_answers_are_recognised_by_their_shape(body, kind):
    """`harvest read FILE` needs no `--as`."""
    assert recognise(answer(body)) == kind


def _agreed(entries: str, suffix: str, reader: Cv | Homepage) -> tuple[int, int, int]:
    """(entries read as the truth has them, entries, records too many) over all captures."""
    rows = [json.loads(line) for line in (REPLAY / "entries" / entries).read_text().splitlines()]
    wanted = defaultdict(list)
    for row in rows:
        wanted[row["captured_at"], Path(row["file"]).stem].append(row)
    right = extra = 0
    for path in sorted(REPLAY.glob(f"captures/*/*/*{suffix}")):
        try:
            records = reader.read(answer(path.read_bytes())).records
        except UnreadableAnswer:
            records = ()
        truth = Counter(
            _key(row["title"], row["authors"], row["arxiv_id"], row["venue_text"])
            for row in wanted[path.parent.name, path.stem]
        )
        found = Counter(_key(one.title, one.authors, one.arxiv_id, one.comment) for one in records)
        right += (truth & found).total()
        extra += max(0, found.total() - truth.total())
    return right, len(rows), extra


def _key(title, authors, arxiv_id, venue) -> tuple:
    return title, tuple(authors), arxiv_id, re.sub(r"\s+", "", venue or "")


@pytest.mark.skipif(not REPLAY.is_dir(), reason="no dated captures beside this checkout")
@pytest.mark.parametrize(
    ("entries", "suffix", "reader"),
    [("wmz9_cv.jsonl", ".txt", Cv()), ("wmz9.jsonl", ".html", Homepage())],
    ids=["cv", "pages"],
)
def test_dated_captures_are_read_as_people_read_them(entries, suffix, reader):
    """Title, authors in order, arXiv id and venue text, over every revision of one CV and one site."""
    right, count, extra = _agreed(entries, suffix, reader)
    assert right >= 0.97 * count
    assert extra <= 0.01 * count
