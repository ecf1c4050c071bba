"""What is written out: entries that other programs read back as they were, under keys that stay."""

import csv
import json

import bibtexparser
import polars as pl
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from hypothesis import given
from hypothesis import strategies as st

from harvest.bibliography import bibtex, citation_keys, csl, split_name, tex
from harvest.errors import InputProblem
from harvest.model import Stage
from harvest.store.export import export
from test_warehouse import day, record, run, said

WORK = {
    "work_id": "w1", "key": "lovelace1843notes", "title": "Notes", "authors": ["Ada Lovelace"],
    "authors_incomplete": False, "stage": "published", "venue": "ICML 2024", "year": 2024, "arxiv_id": None,
    "doi": None, "dblp_key": None,
}  # fmt: skip


def parsed(text: str):
    """The entries as bibtexparser reads them, with the TeX decoded and the names taken apart."""
    stack = [LatexDecodingMiddleware(), SeparateCoAuthors(), SplitNameParts()]
    library = bibtexparser.parse_string(text, append_middleware=stack)
    assert library.failed_blocks == []
    return library.entries


HARD = [
    "Müller, Gödel & Erdős: 50% of $O(\\log n)$ is #1_a",
    "Łukasiewicz’s “Straße” – naïve façade in Ångström",
    "LoRA and {Braces} ~ a^b \\ c",
    "Größe ñandú čeština 中文 Ελληνικά",
    "A price of $5 and no more",
]


@pytest.mark.parametrize("title", HARD)
def test_a_title_comes_back_as_it_was(title):
    """Whatever letters it has."""
    (entry,) = parsed(bibtex([WORK | {"title": title}]))
    same = {"’": "'", "“": '"', "”": '"', "``": '"', "''": '"', "–": "-", "--": "-", "$": "", "\\log": "log", "ˆ": "^"}

    def plain(text: str) -> str:
        for one, other in same.items():
            text = text.replace(one, other)
        return "".join(letter for letter in text if not letter.isspace() and letter not in "{}")

    assert plain(entry["title"]) == plain(title)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40))
def test_whatever_the_title_the_file_stays_whole(title):
    """No brace, quote or backslash of a title opens or closes anything, and the next entry is there."""
    works = [WORK | {"title": title}, WORK | {"key": "other2024", "title": "Other"}]
    library = bibtexparser.parse_string(bibtex(works))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == ["lovelace1843notes", "other2024"]


KINDS = [
    ({"venue": "ICML 2024"}, "inproceedings", "paper-conference"),
    ({"venue": "JMLR 2022"}, "article", "article-journal"),
    ({"venue": "Neural Networks", "dblp_key": "journals/nn/X20"}, "article", "article-journal"),
    ({"venue": "M3L workshop", "stage": "workshop"}, "inproceedings", "paper-conference"),
    ({"stage": "preprint", "venue": "arXiv", "arxiv_id": "2401.00001"}, "misc", "article"),
    ({"stage": "submitted", "venue": None}, "misc", "article"),
    ({"stage": "in_preparation", "venue": None, "year": None}, "misc", "manuscript"),
]


@pytest.mark.parametrize(("given", "entry_type", "csl_type"), KINDS)
def test_each_stage_has_its_type(given, entry_type, csl_type):
    """Of BibTeX and of CSL."""
    work = WORK | given
    (entry,) = parsed(bibtex([work]))
    assert entry.entry_type == entry_type
    (item,) = csl([work])
    assert item["type"] == csl_type
    if work["arxiv_id"]:
        assert (entry["eprint"], entry["archiveprefix"]) == ("2401.00001", "arXiv")


def test_names_are_taken_apart_as_they_were_written():
    """A particle is of the family name; a cut list says that there are others; one name is no given name."""
    people = ["Luc van Gool", "Weinan E", "Erdős, Pál", "王铭泽"]
    (entry,) = parsed(bibtex([WORK | {"authors": people, "authors_incomplete": True}]))
    assert [(" ".join(one.von + one.last), " ".join(one.first)) for one in entry["author"]] == [
        ("van Gool", "Luc"), ("E", "Weinan"), ("Erdős", "Pál"), ("王铭泽", ""), ("others", ""),
    ]  # fmt: skip
    (item,) = csl([WORK | {"authors": people}])
    assert item["author"][0] == {"family": "van Gool", "given": "Luc"}
    assert item["author"][3] == {"literal": "王铭泽"}
    assert split_name("Ada") == ("Ada", "")


def test_capitals_that_must_stay_are_protected():
    """Styles make titles small."""
    assert tex("LoRA and DNA in Flat-Direction Dynamics", title=True) == "{LoRA} and {DNA} in Flat-Direction Dynamics"


def test_a_key_stays_when_a_work_is_renamed_published_or_joined_by_a_namesake():
    """It stands in papers that cite it."""
    first = {"work_id": "w2", "first_title": "The Engine", "first_authors": ["Ada Lovelace"], "first_year": 1842,
             "first_seen_at": day(1), "title": "The Engine", "authors": ["Ada Lovelace"]}  # fmt: skip
    later = first | {"work_id": "w1", "first_seen_at": day(2)}
    assert citation_keys([first]) == {"w2": "lovelace1842engine"}
    renamed = first | {"title": "A Poetical Science", "year": 1843}
    assert citation_keys([later, renamed]) == {"w2": "lovelace1842engine", "w1": "lovelace1842enginea"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A warehouse with two works."""
    folder = tmp_path_factory.mktemp("export")
    one = record("=Notes on the Engine", stage=Stage.PUBLISHED, venue="ICML", venue_year=2023, doi="10.1000/n")
    run(folder, day(1), said(day(1), one, record("Sketch", stage=Stage.PREPRINT, arxiv_id="2301.00001")))
    return folder


def test_files_are_written_whole_and_say_the_same(home, tmp_path):
    """BibTeX and CSL-JSON have the same works under the same keys; nothing else is left in the folder."""
    export(home, "bibtex", tmp_path / "all.bib")
    export(home, "csl-json", tmp_path / "all.json", "ada")
    keys = {entry.key for entry in parsed((tmp_path / "all.bib").read_text())}
    assert keys == {item["id"] for item in json.loads((tmp_path / "all.json").read_text())}
    assert len(keys) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.bib", "all.json"]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_views_are_written_as_tables(home, tmp_path, form):
    """Every view a file; a text that looks like a formula is none in CSV."""
    export(home, form, tmp_path / "tables", "ada")
    file = tmp_path / "tables" / f"publications.{form}"
    if form == "parquet":
        assert sorted(pl.read_parquet(file)["title"]) == ["=Notes on the Engine", "Sketch"]
        assert pl.read_parquet(file)["authors"].to_list()[0] == ["Ada Lovelace", "Charles Babbage"]
    else:
        with file.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert sorted(row["title"] for row in rows) == ["'=Notes on the Engine", "Sketch"]
        assert rows[0]["authors"] == "Ada Lovelace; Charles Babbage"
    assert (tmp_path / "tables" / f"changes.{form}").exists()


@pytest.mark.parametrize(
    ("form", "out", "person", "said_back"),
    [
        ("endnote", "x", None, "known are bibtex"),
        ("bibtex", "x", "bob", "known are ada"),
        ("csv", "file", None, "file"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(home, tmp_path, form, out, person, said_back):
    """And nothing is written."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputProblem, match=said_back):
        export(home, form, tmp_path / out, person)
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "x").exists()
