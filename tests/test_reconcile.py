"""The matching engine: what is one work, what is not, what stays undecided, and why."""

from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from harvest.errors import InputProblem
from harvest.reconcile import compare, prepare, text
from harvest.reconcile.cluster import Forest, connected
from harvest.reconcile.engine import link
from harvest.reconcile.files import read_records, write_clusters, write_pairs

SHARED = Path(__file__).resolve().parents[2] / "shared"
BERG_AND_LUO = ["Greta Berg", "Hanwen Luo"]
ABSTRACT = (
    "We study how heat flows through thin copper lattices when their edges are cooled at random. A new bound on the "
    "rate of equalisation is proved, and measurements on forty lattices agree with it to within two per cent, even "
    "where earlier theory predicts that no equalisation should take place at all."
)


def record(id, title, authors=BERG_AND_LUO, **more):
    """One record; lists named `source` tell apart where two records come from."""
    return {"id": id, "title": title, "authors": authors, "source": f"list of {id}", **more}


def frame(*records):
    return pl.DataFrame(records, infer_schema_length=None)


def works(*records, **how):
    """The members of every work, as a set of frozensets."""
    clusters = link(frame(*records), **how).clusters
    return {frozenset(group["id"]) for _, group in clusters.group_by("cluster")}


def verdict(one, two, *others):
    """Verdict, rule and reason for a pair of records among others."""
    ids = sorted([one["id"], two["id"]])
    said = link(frame(one, two, *others)).pairs.filter((pl.col("left_id") == ids[0]) & (pl.col("right_id") == ids[1]))
    return said.select("verdict", "rule", "reason").rows()[0] if said.height else ("different", "", "")


SAME = [
    ("plain title", "Heat Flow in Copper Lattices", "Heat flow in copper lattices.", {}),
    ("TeX", r"Heat Flow in $\mathcal{O}(n)$ \emph{Copper} Lattices", "Heat flow in O(n) copper lattices", {}),
    ("entities", "Heat flow &amp; <i>copper</i> lattices", "Heat Flow & Copper Lattices", {}),
    ("torn words", "Heat flow in cop-per lattices", "Heat Flow in Copper Lattices", {}),
    ("a slip", "Heat flow in coper lattices at random edges", "Heat Flow in Copper Lattices at Random Edges", {}),
    ("a subtitle", "Heat Flow in Copper Lattices", "Heat Flow in Copper Lattices: Bounds and Measurements", {}),
    ("the occasion", "Heat Flow in Copper Lattices (Extended Abstract)", "Heat Flow in Copper Lattices", {}),
    (
        "a venue run into the title",
        "Heat Flow in Copper Lattices. Annals of Heat 5, 197-227.",
        "Heat flow in copper lattices",
        {},
    ),
    ("a coined word", "LatticeHeat: Equalising at Speed", "LatticeHeat: A Study of Random Cooling", {}),
]


@pytest.mark.parametrize(("why", "left", "right", "more"), SAME, ids=[case[0] for case in SAME])
def test_one_title_in_two_spellings_is_one_work(why, left, right, more):
    """Sources differ in case, markup, hyphens, subtitles and care."""
    assert works(record("a", left, **more), record("b", right, **more)) == {frozenset("ab")}


def test_a_renamed_work_is_known_by_its_abstract():
    """No title key finds it; the reason says what did."""
    one = record("a", "On Copper", year=2023, abstract=ABSTRACT)
    two = record("b", "Why Lattices Cool Evenly", year=2024, abstract=ABSTRACT.replace("A new bound", "A bound"))
    said, rule, reason = verdict(one, two)
    assert (said, rule) == ("same", "same_abstract")
    assert "abstracts are" in reason
    assert reason.endswith(".")


def test_what_was_in_preparation_becomes_the_one_work_that_fits():
    """Same two authors, same subject, soon after, and nothing else fits: likely, and scored lower than a sure match."""
    plan = record("a", "Copper Lattices are Provably Even for Cold Edges", stage="in_preparation", year=2024)
    done = record("b", "On the Evenness of Copper Lattices for Cold Random Edges", year=2025)
    other = record("c", "Sound in Wooden Instruments", year=2024)
    linked = link(frame(plan, done, other))
    assert linked.clusters["cluster"].to_list() == ["a", "a", "c"]
    assert 0.5 < linked.pairs.filter(verdict="same")["score"][0] < 0.99


def test_two_works_that_fit_equally_leave_a_question():
    """What the evidence cannot decide is said to be undecided, never guessed."""
    plan = record("a", "Copper lattices, cold edges", stage="in_preparation", year=2024)
    left = record("b", "Wind over Copper Lattices and their Cold Edges", year=2025)
    right = record("c", "Cold Edges, Copper Lattices, Rain", year=2025)
    linked = link(frame(plan, left, right))
    asked = linked.pairs.filter(left_id="a")
    assert set(asked["verdict"]) == {"undecided"}
    assert linked.clusters["cluster"].n_unique() == 3


APART = [
    ("parts", {"title": "Heat in Copper. Part I: Lattices"}, {"title": "Heat in Copper. Part II: Lattices"}, "parts"),
    ("Roman parts", {"title": "Heat in Copper I: Lattices"}, {"title": "Heat in Copper II: Lattices"}, "parts"),
    (
        "an extension",
        {"title": "Equations of Heat and Dynamics of Copper I: Foundations", "venue": "Journal of Heat", "year": 2019},
        {"title": "Equations of Heat and Adaptive Copper", "venue": "Proc. of the Conference on Heat", "year": 2017},
        "journal_version",
    ),
    (
        "an extension without a year",
        {"title": "Heat in Thin Copper Lattices", "venue": "Journal of Heat"},
        {"title": "Heat in Thin Copper Lattices", "venue": "Proc. of the Conference on Heat", "year": 2017},
        "journal_and_meeting",
    ),
    (
        "a thesis",
        {"title": "Heat in Thin Copper Lattices", "venue": "Ph.D. thesis", "year": 2017},
        {"title": "Heat in Thin Copper Lattices", "venue": "Proc. of the Conference on Heat", "year": 2017},
        "thesis",
    ),
    (
        "two publications",
        {"title": "Approximation Theory for Linear Copper", "stage": "published", "venue": "Heat", "year": 2022},
        {"title": "On the Curse of Linear Copper", "stage": "published", "venue": "Copper Days", "year": 2021},
        "both_published",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("why", "left", "right", "rule"), APART, ids=[case[0] for case in APART])
def test_look_alikes_that_contradict_each_other_stay_apart(why, left, right, rule):
    """A part is a work of its own, and so is a journal article that extends a conference paper."""
    said, by, _ = verdict(record("a", **left), record("b", **right))
    assert (said, by) == ("different", rule)


SUBJECTS = ("Heat", "Wind", "Rain", "Frost", "Sound", "Light", "Dust", "Snow", "Hail", "Mist", "Salt", "Rust")


@pytest.mark.parametrize(("copies", "expected"), [(1, 2), (3, 1)])
def test_a_list_that_repeats_itself_may_rename_as_well(copies, expected):
    """In a list that names each work once two titles are two works; in a heap of citations they need not be."""
    others = [
        record(f"{subject} {copy}", f"{subject} over Northern Harbours", [f"Jun {subject}"], source="heap")
        for subject in SUBJECTS
        for copy in range(copies)
    ]
    one = record("a", "Cold Edges of Thin Copper Lattices", year=2020, source="heap")
    two = record("b", "Why Copper Equalises Evenly at Random", year=2020, source="heap")
    said = works(one, two, *others)
    assert len({work for work in said if work & {"a", "b"}}) == expected


def test_pairs_say_what_the_works_say():
    """Every pair of one work is told, with a sentence, also one that only others link."""
    people = [*BERG_AND_LUO, "Ines Pérez"]
    first = record("a", "Cooling at Random", people[:1], arxiv_id="2401.00001", doi="10.1000/one")
    linked = link(frame(
        first, record("b", "Even Equalisation in Metal", people, arxiv_id="2401.00001"),
        record("c", "On Edges", people[:1], doi="10.1000/one"),
    ))  # fmt: skip
    assert linked.clusters["cluster"].to_list() == ["a", "a", "a"]
    assert linked.pairs.filter(verdict="same").select("left_id", "right_id").rows() == [
        ("a", "b"), ("a", "c"), ("b", "c"),
    ]  # fmt: skip
    assert all(reason.endswith(".") for reason in linked.pairs["reason"])


def test_pairs_of_a_giant_work_are_bounded():
    """A heap of one title is told as a star or as pairs of neighbours, never squared."""
    heap = pl.DataFrame({"id": [f"{n:04}" for n in range(2_000)], "title": ["Heat in Thin Copper Lattices"] * 2_000})
    linked = link(heap.with_columns(authors=pl.lit(BERG_AND_LUO), doi=pl.lit("10.1000/one")))
    told = linked.pairs.filter(verdict="same")
    assert linked.clusters["cluster"].n_unique() == 1
    assert told.filter(left_id="0000").height == 1_999
    assert told.height < 20 * 2_000


def test_the_year_before_a_cited_title_is_the_year():
    """A title cut from a citation keeps the year that the record lacks; one that is a year is no year."""
    titles = pl.DataFrame({"title": ["(1989) Heat in Copper", "Berg (1991a). Heat", "1984 and After", "Heat in 1990"]})
    assert titles.select(text.cited_year(pl.col("title"))).to_series().to_list() == [1989, 1991, None, None]


def test_no_chain_of_links_joins_two_parts():
    """A record that names no part fits both; it may join one of them, never make one of the two."""
    parts = [record("a", "Heat in Copper Part I", year=2020), record("c", "Heat in Copper Part II", year=2020)]
    assert not any({"a", "c"} <= work for work in works(*parts, record("b", "Heat in Copper", year=2020)))


def test_all_titles_of_one_identifier_are_titles_of_the_work():
    """Versions of one arXiv id: a record that has only the oldest title matches the work of today."""
    first = record("a", "Cooling at Random", arxiv_id="2401.00001", year=2024)
    last = record("b", "Even Equalisation in Metal", arxiv_id="2401.00001v3", year=2024)
    assert works(first, last, record("c", "Cooling at random", year=2024)) == {frozenset("abc")}


def test_one_work_can_have_two_identifiers_of_one_scheme():
    """Submitted twice under one title by the same people: the difference is evidence, not proof."""
    ids = ({"arxiv_id": "2103.00001", "year": 2021}, {"arxiv_id": "2111.00002", "year": 2021})
    one, two = (
        record(id, "A Unified View of Copper and Random Cooling", **more) for id, more in zip("ab", ids, strict=True)
    )
    assert works(one, two) == {frozenset("ab")}


IDENTIFIERS = [
    ({"doi": "10.1000/ABC"}, {"doi": "https://doi.org/10.1000/abc"}),
    ({"arxiv_id": "2401.00001"}, {"dblp_key": "journals/corr/abs-2401-00001"}),
    ({"arxiv_id": "arXiv:2401.00001v2"}, {"doi": "10.48550/arXiv.2401.00001"}),
    ({"dblp_key": "conf/heat/BergL24"}, {"dblp_key": "conf/heat/BergL24"}),
]


@pytest.mark.parametrize(("left", "right"), IDENTIFIERS)
def test_an_identifier_is_one_in_all_its_spellings(left, right):
    """Identifiers come first, whatever the titles are."""
    said, rule, _ = verdict(record("a", "Old Words", **left), record("b", "Quite Another Name", **right))
    assert (said, rule) == ("same", "same_identifier")


def test_an_identifier_that_strangers_share_proves_nothing():
    """A DOI of a whole volume, or a mistaken one, makes no two works one."""
    one = record("a", "Heat in Copper Lattices", doi="10.1000/volume")
    two = record("b", "Songs of the Northern Whale", ["Ines Pérez"], doi="10.1000/volume")
    assert works(one, two) == {frozenset("a"), frozenset("b")}


AUTHORS = [
    (["Weinan E", "Hanwen Luo"], ["E, Weinan", "Luo, Hanwen"]),
    (["Greta Berg", "Hanwen Luo"], ["G. Berg", "H. Luo"]),
    (["Grèta Berg", "Hanwen Luo"], ["Greta Berg 0002", "Hanwen Luo"]),
    (["berg", "g", "luo", "h. w."], ["Greta Berg", "Hanwen Luo"]),
]


@pytest.mark.parametrize(("left", "right"), AUTHORS)
def test_authors_agree_however_they_are_written(left, right):
    """Order, initials, accents, homonym numbers, and lists torn at their commas."""
    title = "Equalisation of Heat in Thin Copper Lattices"
    _, _, reason = verdict(record("a", title, left), record("b", title, right))
    assert "all 2 authors are the same" in reason


def test_et_al_is_a_prefix_not_a_contradiction():
    """A list that was cut short lacks nobody."""
    people = [*BERG_AND_LUO, "Ines Pérez", "Jun Sato", "Kofi Owusu"]
    title = "Equalisation of Heat in Thin Copper Lattices"
    whole, cut = record("a", title, people), record("b", title, people[:3], truncated=True)
    assert verdict(whole, cut)[2] == "The titles are equal, the first 3 named authors are the same."


def test_one_record_without_a_year_chains_no_two_works():
    """Works join where their records agree on average: one that lacks a year fits both, and decides nothing."""
    title, people = "Equalisation of Heat in Copper Lattices", [*BERG_AND_LUO, "Ines Pérez"]
    first = [record(f"a{n}", title, people, year=2020, venue="Proc. of the Copper Days") for n in range(4)]
    later = [
        record(f"b{n}", title, ["Jun Sato", people[1], "Kofi Owusu"], year=2021, venue="Conference on Tin")
        for n in range(4)
    ]
    undated = record("c", title, people[1:2])
    assert not any({"a0", "b0"} <= work for work in works(*first, *later, undated))


def test_one_wrong_year_does_not_keep_a_work_apart():
    """Most records say that the meeting and the journal are of one year; the citation that errs is outvoted."""
    title = "Equalisation of Heat in Thin Copper Lattices"
    meeting = [record(f"a{n}", title, venue="Proc. of the Copper Conference", year=2020) for n in range(3)]
    journal = [record(f"b{n}", title, venue="Journal of Heat", year=2020) for n in range(5)]
    wrong = record("c", title, venue="Journal of Heat", year=2021)
    assert works(*meeting, *journal, wrong) == {frozenset(["a0", "a1", "a2", "b0", "b1", "b2", "b3", "b4", "c"])}


def test_a_wrong_year_does_not_move_a_journal_article_to_the_conference_paper():
    """No journal prints one work twice: of two records of one title in one journal, one has its year wrong."""
    title = "Heat in Thin Copper Lattices with Random Edges"
    article = record("a", title, venue="Journal of Copper and Heat", year=2021)
    wrong = record("b", title, venue="Journal of Copper and Heat, 55(1)", year=2019)
    paper = record("c", title, venue="Proceedings of the Conference on Lattices", year=2019)
    assert works(article, wrong, paper) == {frozenset("ab"), frozenset("c")}


def test_a_record_that_fits_two_works_goes_to_the_one_named_more_often():
    """Between a conference paper and its journal version a bare citation says nothing: the odds are all there is."""
    title = "Heat in Thin Copper Lattices with Random Edges"
    papers = [record(f"p{copy}", title, venue="Proceedings of the Conference on Lattices", year=2019) for copy in "ab"]
    article = record("j", title, venue="Journal of Copper and Heat", year=2021)
    assert works(*papers, article, record("q", title)) == {frozenset(("pa", "pb", "q")), frozenset("j")}


def test_a_draft_goes_with_the_version_that_came_after_it():
    """A preprint precedes what it became: of two printed versions a year off it is the later one's draft."""
    title = "Equalisation of Heat in Thin Copper Lattices"
    meeting = record("a", title, venue="Proc. of the Copper Conference", year=2020)
    journal = record("b", title, venue="Journal of Heat", year=2022)
    assert works(meeting, journal, record("c", title, year=2021)) == {frozenset("a"), frozenset("bc")}


@pytest.mark.parametrize("others", ["et al.", "...", "…", "and others"])
def test_a_list_that_ends_in_others_was_cut_short(others):
    """Citations and indexes write so; the words are no author, and nobody is missing."""
    people = [*BERG_AND_LUO, "Ines Pérez", "Jun Sato", "Kofi Owusu"]
    title = "Equalisation of Heat in Thin Copper Lattices"
    reason = verdict(record("a", title, people), record("b", title, [*people[:3], others]))[2]
    assert reason == "The titles are equal, the first 3 named authors are the same."


def test_decisions_outrank_every_rule():
    """What a human settled holds, in both directions, and says so."""
    twins = [record("a", "Heat in Copper Lattices"), record("b", "Heat in Copper Lattices")]
    parts = [record("c", "Songs of Whales Part I"), record("d", "Songs of Whales Part II")]
    linked = link(frame(*twins, *parts), must=[("d", "c"), ("c", "gone")], cannot=[("a", "b")])
    assert linked.clusters["cluster"].to_list() == ["a", "b", "c", "c"]
    told = linked.pairs.filter(rule="decided").select("left_id", "verdict").rows()
    assert told == [("a", "different"), ("c", "same")]


def test_across_files_a_record_takes_its_best_match_only():
    """The same words every year: the year decides, and pairs inside one file are not asked for."""
    left = [
        record(f"l{year}", "Report on the Copper Days", year=year, venue="Copper Days", file=1) for year in (2020, 2021)
    ]
    right = [
        record(f"r{year}", "Report on the Copper Days", year=year, venue="Copper Days", file=2) for year in (2020, 2021)
    ]
    said = link(frame(*left, *right), within=False, side="file").pairs.filter(verdict="same")
    assert said.select("left_id", "right_id").rows() == [("l2020", "r2020"), ("l2021", "r2021")]


MIXED = [
    record("a", "Heat in Copper Lattices", year=2020),
    record("b", "Heat in copper lattice", year=2021),
    record("c", "Heat in Copper Lattices Part II", year=2021),
    record("d", "Whale Songs", ["Ines Pérez"], year=2020),
    record("e", "Whale songs: an account", ["I. Pérez"], year=2021),
    record("f", "", []),
    record("g", None, None),
]


@given(some.permutations(MIXED))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_changes_nothing(shuffled):
    """The same facts give the same works, whatever order they come in."""
    assert link(frame(*shuffled)).pairs.equals(link(frame(*MIXED)).pairs)
    assert link(frame(*shuffled)).clusters.equals(link(frame(*MIXED)).clusters)


def test_the_size_of_the_pieces_changes_nothing(monkeypatch):
    """Large files are read and compared some records at a time; what a piece is must not be seen in the works."""
    more = [record(f"{n}", f"Tides of Northern Harbours {n % 3}", [f"Jun Adler {n % 2}"]) for n in range(9)]
    whole = link(frame(*MIXED, *more))
    monkeypatch.setattr(prepare, "_CHUNK", 2)
    monkeypatch.setattr(compare, "_CHUNK", 1)
    monkeypatch.setattr(compare, "_CROWDED", 1)
    pieces = link(frame(*MIXED, *more))
    assert pieces.pairs.equals(whole.pairs)
    assert pieces.clusters.equals(whole.clusters)


@given(some.lists(some.tuples(some.integers(0, 40), some.integers(0, 40)), max_size=60))
def test_what_is_connected_at_once_is_what_joins_would_connect(pairs):
    """Most works are joined all at once: each row must get the smallest row that joining one by one would give it."""
    forest = Forest(41)
    for left, right in pairs:
        forest.join(left, right)
    ends = np.array(pairs, dtype=np.uint32).reshape(-1, 2)
    assert connected(ends[:, 0], ends[:, 1], 41).tolist() == forest.roots().to_list()


@given(some.lists(some.tuples(some.text(max_size=80), some.lists(some.text(max_size=30), max_size=4)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_linked(said):
    """Titles and names come from the network: odd ones must not crash, and every record gets a work."""
    records = [record(str(place), title, authors) for place, (title, authors) in enumerate(said)]
    schema = {"id": pl.String, "title": pl.String, "authors": pl.List(pl.String), "source": pl.String}
    linked = link(pl.DataFrame(records, schema=schema))
    assert linked.clusters["id"].to_list() == sorted(str(place) for place in range(len(said)))


CROWDS = [
    ("nobody", {}),
    ("one person", {"authors": [["Ann Lee"]] * 50_000, "year": [1990 + n % 30 for n in range(50_000)]}),
    ("everybody", {"authors": [[f"A{n} Lee{n}"] for n in range(50_000)]}),
]


@pytest.mark.parametrize(("by", "columns"), CROWDS, ids=[case[0] for case in CROWDS])
def test_a_file_of_one_title_many_times_stays_linear(by, columns):
    """A crowded block is read in order, not squared: 50,000 editorials are no 1.25 billion pairs."""
    records = pl.DataFrame({"id": [f"{n:05}" for n in range(50_000)], "title": ["Editorial"] * 50_000, **columns})
    assert link(records).pairs.height < 600_000


PARTS = [
    ("Heat, Part II: Copper", 2), ("Heat III", 3), ("Heat I: Copper", 1), ("Heat (2)", 2), ("Lecture 4. Heat", 4),
    ("For every v", None), ("Heat in 3D", None), ("I, Robot", None), ("World War II in Colour", None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "number"), PARTS)
def test_a_part_is_told_from_other_numerals(title, number):
    """A numeral in passing is no part; a part keeps works apart."""
    assert pl.DataFrame({"title": [title]}).select(text.part(text.cleaned(pl.col("title")))).item() == number


def test_record_files_are_read_and_answers_written(tmp_path):
    """CSV with authors parted by semicolons, JSON lines with lists; results as CSV."""
    one, two = tmp_path / "one.csv", tmp_path / "two.jsonl"
    one.write_text("id,title,authors,year\na,Heat in Copper Lattices,Greta Berg; Hanwen Luo,(2020).\n")
    two.write_text(
        '{"id": "b", "title": "Heat in copper lattices", "authors": ["Greta Berg", "Hanwen Luo"], "year": 2020}\n'
    )
    linked = link(read_records([one, two]), within=False, side="file")
    assert write_pairs(linked, tmp_path / "pairs.csv") == 1
    assert write_clusters(linked, tmp_path / "clusters.csv") == 1
    assert (tmp_path / "pairs.csv").read_text().startswith("left_id,right_id,score,reason\na,b,")
    assert (tmp_path / "clusters.csv").read_text() == "id,work_id\na,a\nb,a\n"


WRONG = [
    ("gone.csv", None, "there is no file"),
    ("notes.txt", b"hello", "no record file by its name"),
    ("bare.csv", b"key,name\n1,x\n", "has no column id and no column title but 'key', 'name'"),
    ("semicolons.csv", b"id;title\na;x\n", "but 'id;title': .* parts its fields by commas"),
    ("empty.csv", b"", "is empty"),
    ("header.csv", b"id,title\n", "holds no records"),
    ("none.jsonl", b"", "is empty"),
    ("none.parquet", b"", "is empty"),
    ("twice.csv", b"id,title\na,x\na,y\n", "the id 'a' stands twice .*twice.csv"),
    ("nameless.csv", b"id,title\na,x\n,y\n", "record 2 of .* is without an id"),
    ("columns.csv", b"id,title,title\na,x,y\n", "two columns title: leave one"),
    ("long.csv", b'id,title\na,"x,\ny"\nb,y,z\n', "line 4 of .* has 3 fields, the header 2"),
    ("quote.csv", b'id,title\na,"never closed\n', "line 2 of .* has a quote that is not closed"),
    ("latin.csv", b"id,title\na,x\nb,Caf\xe9\n", "line 3 of .* is not UTF-8"),
    ("latin.jsonl", b'{"id": "a", "title": "Caf\xe9"}\n', "line 1 of .* is not UTF-8"),
    ("broken.jsonl", b'{"id": "a", "title": "x"}\n\n{"id": "b", "title"\n', "line 3 of .* is no JSON object"),
    ("array.jsonl", b'[{"id": "a", "title": "x"}]\n', "line 1 of .* is no JSON object"),
    ("listed.jsonl", b'{"id": "a", "title": ["x"]}\n', "the column title of .* holds List"),
    (
        "people.jsonl",
        b'{"id": "a", "title": "x", "authors": [{"name": "y"}]}\n',
        "authors of .* a list of names is wanted",
    ),
    ("fake.parquet", b"not a parquet file at all", "mend the file"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_file_is_named_with_the_place_and_what_to_do(tmp_path, name, content, sentence):
    """Wrong input is told as one sentence, never as a stack trace."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputProblem, match=sentence):
        read_records([tmp_path / name])


TYPES = [
    ("id", [["a"], ["b"]], "text"),
    ("title", [b"x", b"\xff"], "text"),
    ("year", [[2020], [2021]], "text"),
    ("authors", [1, 2], "a list of names"),
    ("authors", [{"name": "x"}, {"name": "y"}], "a list of names"),
]


@pytest.mark.parametrize(("column", "values", "wanted"), TYPES)
def test_a_column_of_a_wrong_type_is_named(tmp_path, column, values, wanted):
    """Parquet files bring types; the sentence says which column is wrong and what it should hold."""
    columns = {"id": ["a", "b"], "title": ["x", "y"], column: values}
    pl.DataFrame(columns).write_parquet(tmp_path / "types.parquet")
    with pytest.raises(
        InputProblem, match=rf"the column {column} of .*types.parquet holds .* where {wanted} is wanted"
    ):
        read_records([tmp_path / "types.parquet"])


def test_answers_that_cannot_be_written_are_told(tmp_path):
    """An output folder that is not there is the user's slip, not a crash."""
    with pytest.raises(InputProblem, match="cannot be written"):
        write_pairs(link(frame(record("a", "Heat"))), tmp_path / "gone" / "pairs.csv")


def test_unknown_columns_and_odd_years_do_no_harm(tmp_path):
    """Columns the engine does not know are left out, numbers may be ids and titles, and 0 is no year."""
    odd = {"id": [1, 2], "title": [1984.0, 1984.0], "year": [0, 99999], "cover": [b"x", b"y"]}
    pl.DataFrame(odd).write_parquet(tmp_path / "odd.parquet")
    records = read_records([tmp_path / "odd.parquet"])
    assert set(records.columns) == {"id", "title", "year", "file"}
    assert records["year"].to_list() == [None, None]
    assert link(records).clusters.height == 2


def test_records_without_titles_are_works_of_their_own():
    """Nothing says that two untitled records by one person are one work."""
    untitled = [record(id, title, ["Greta Berg"]) for id, title in (("a", None), ("b", ""), ("c", " "), ("d", "?!"))]
    assert works(*untitled) == {frozenset(id) for id in "abcd"}


def test_papers_of_thousands_of_authors_are_bounded_and_kept_apart():
    """A collaboration signs everything: its first authors are compared, and a number in the title tells works apart."""
    people = [f"Anna{n % 97} Person{n}" for n in range(10_000)]
    title = "Observation of the particle {} in collisions of protons at the large ring".format
    linked = link(frame(*(record(f"{n:02}", title(n // 2), people) for n in range(12))))
    assert linked.clusters["cluster"].n_unique() == 6
    assert linked.pairs["reason"].str.len_chars().max() < 300


SETS = [("dblp-acm", ("dblp.csv", "acm.csv"), 0.985), ("cora", ("records.csv",), 0.91)]


@pytest.mark.skipif(not (SHARED / "bench").is_dir(), reason="the labelled sets are not on this machine")
@pytest.mark.parametrize(("name", "files", "least"), SETS)
def test_labelled_sets_come_out_right(name, files, least):
    """Quality on data nobody here wrote, with one setting for all."""
    folder = SHARED / "bench" / name
    across = len(files) > 1
    linked = link(read_records([folder / file for file in files]), within=not across, side="file" if across else None)
    gold = pl.read_csv(folder / "gold.csv", infer_schema=False)
    if across:
        said = linked.pairs.filter(verdict="same").select("left_id", "right_id")
        pairs, true = said.rows(), {frozenset(pair) for pair in gold.rows()}
        right, claimed, expected = sum(frozenset(pair) in true for pair in pairs), len(pairs), len(true)
    else:
        told = gold.join(linked.clusters, on="id")
        right, claimed, expected = (
            sum(n * (n - 1) // 2 for n in told.group_by(by).len()["len"])
            for by in (["work_id", "cluster"], ["cluster"], ["work_id"])
        )
    assert 2 * right / (claimed + expected) >= least


def test_small_permutations_of_three_spellings_are_one_work():
    """Every order of three records of one work gives that work."""
    three = [record("a", "Heat in Copper"), record("b", "Heat in copper."), record("c", "HEAT IN COPPER")]
    assert all(works(*order) == {frozenset("abc")} for order in permutations(three))
