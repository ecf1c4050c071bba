"""Records as columns that can be compared: done once for each record, never once for each pair.

Words and authors become numbers, the rarest lowest, so that a list of them sorts by how much it tells, and
what two records share is an intersection of short sorted lists.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from harvest import names
from harvest.reconcile import text
from harvest.venues import short_venue

# Polars types of the columns `link` understands; a column that is missing is read as empty.
COLUMNS: dict[str, pl.DataType] = {
    "id": pl.String(), "title": pl.String(), "authors": pl.List(pl.String()), "truncated": pl.Boolean(),
    "year": pl.Int32(), "date": pl.String(), "venue": pl.String(), "kind": pl.String(), "stage": pl.String(),
    "doi": pl.String(), "arxiv_id": pl.String(), "dblp_key": pl.String(), "abstract": pl.String(),
    "source": pl.String(),
    "list": pl.String(),
}  # fmt: skip
_JOURNAL = (
    r"\b(?:journal|jour|transactions|trans|letters|magazine|annals|jmlr|tmlr|review|j|information and computation)\b"
    r"|^\W*(?:machine learning|mach learn|artificial intelligence|artif intell|neural computation|neural networks"
    r"|pattern recognition|theoretical computer science|inform comput|algorithmica)\b(?:\W|\d)*$"
)
_MEETING = (
    r"\b(?:proceedings|proc|conference|conf|symposium|symp|meeting|congress|nips|neurips|icml|iclr|aaai|ijcai|colt|colm"
    r"|aistats|cvpr|iccv|eccv|acl|emnlp|naacl|kdd|icassp|ijcnn)\b"
)
_UNPUBLISHED = r"arxiv|preprint|\bcorr\b|technical report|tech rep|unpublished|manuscript"
_THESIS = r"\bthesis\b|\bdissertation\b"
# "An extended abstract appeared in ...": where another version is, not where this one is.
_ELSEWHERE = r"(?i)\b(?:an? )?(?:(?:extended|preliminary|earlier|short) )?(?:abstract|version) (?:has )?appear.*$"
_VENUE_NOISE = (
    r"\b(?:in|on|the|of|for|and|to|appear|proc|proceedings|annual|annu|ann|conference|conf|international|int|intl"
    r"|symposium|sympos|symp|workshop|work|journal|jour|trans|transactions|pp|vol|volume|number|no|first|second|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    r"|seventeenth|eighteenth|nineteenth|twenty|thirty|forty|fifty|ieee|acm|springer|usa)\b|\d+(?:st|nd|rd|th)?"
)
_OTHERS = r"(?i)^\W*(?:et\W+al|(?:and\s+)?others|\.\.+|…)\W*$"  # what stands for the authors that a list leaves out
_LONGEST = 400  # letters of a title that are compared: nobody writes more, and the cost grows with the square
_SLIPS = 0.1  # share of a list's titles that stand in it twice by oversight; from twice that, it is not tidy at all
_FEW = 20  # records that a list is supposed to have beside its own, so that one oversight in a short list is none
MOST_AUTHORS = 100  # of a record, its first, that are compared: the thousands of a collaboration tell no more
IDENTIFIERS = ("doi", "arxiv_id", "dblp_key")
# A common word is as common in a file of any size as it is in titles at large: about one title in thirty.
_COMMON_SHARE = 30
_SUPPOSED = 1000  # titles that a file is supposed to have beside its own, so that small files have rare words too
SKETCH = 48  # smallest hashes kept of an abstract's word triples (Broder 1997, bottom-k sketch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The records as columns, and how much a word or an author tells when two records share it."""

    records: pl.DataFrame  # one row each, in the order of their ids
    word_bits: np.ndarray  # by word number: log2(titles / titles with the word)
    author_bits: np.ndarray  # by author number: the same for records


def prepare(records: pl.DataFrame, side: str | None = None) -> Prepared:
    """Columns for comparison. Rows are put in the order of their ids, so that nothing depends on the order given."""
    frame = _told(records, side)
    frame = frame.with_columns(
        year=pl.coalesce("year", text.cited_year(pl.col("title"))),
        title=text.cleaned(pl.col("title").str.slice(0, _LONGEST)).fill_null(""),
    )
    frame = frame.join(_venues(frame), on="venue", how="left", maintain_order="left")
    frame = frame.with_columns(**_title_columns(), **_other_columns(), **_identifiers(), sketch=_sketch())
    frame = frame.with_columns(compact=_key(pl.col("plain")), byline="authors")
    frame = frame.with_columns(tidy=_tidy())
    frame = frame.drop("title", "authors", "venue", "kind", "date", "abstract", "source")
    words, word_bits = _words(frame)
    authors, author_bits = _authors(frame)
    for found in (words, authors):
        frame = frame.join(found, on="row", how="left", maintain_order="left")
    lists = pl.col("words", "numbers", "authors", "families").fill_null([])
    return Prepared(records=frame.with_columns(lists), word_bits=word_bits, author_bits=author_bits)


def _told(records: pl.DataFrame, side: str | None) -> pl.DataFrame:
    """The columns of COLUMNS, empty where they are missing, `row` and `side`; `status` is another word for stage."""
    names = {"stage": "status"} if "stage" not in records.columns else {}
    told = [
        (
            pl.col(names.get(name, name)).cast(kind) if names.get(name, name) in records.columns else pl.lit(None, kind)
        ).alias(name)
        for name, kind in COLUMNS.items()
    ]
    whose = (pl.col(side) if side else pl.lit(0)).rank("dense").cast(pl.UInt32).alias("side")
    people = pl.col("authors").list
    others = people.last().str.contains(_OTHERS).fill_null(value=False)
    cut = {
        "authors": people.head(pl.min_horizontal(people.len() - others.cast(pl.UInt32), MOST_AUTHORS)),
        "truncated": pl.col("truncated").fill_null(value=False)
        | others
        | (people.len() > MOST_AUTHORS).fill_null(value=False),
    }
    return records.select(*told, whose).with_columns(**cut).sort("id").with_row_index("row")


def _title_columns() -> dict[str, pl.Expr]:
    title = pl.col("title")
    return {
        "plain": text.plain(title).str.slice(0, _LONGEST),
        "head": _key(text.head(title)),
        "tail": _key(text.tail(title)),
        "coined": _key(text.coined(title)),
        "part": text.part(title),
    }


def _identifiers() -> dict[str, pl.Expr]:
    """Numbers for identifiers in any spelling; CoRR keys of DBLP and DOIs of arXiv are arXiv ids."""
    doi = (
        pl.col("doi")
        .str.to_lowercase()
        .str.replace(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "")
        .str.strip_chars()
    )
    of_doi, corr = doi.str.extract(r"^10\.48550/arxiv\.(.+)$"), r"^journals/corr/abs-(\d{4})-(\d{4,5})$"
    of_key = pl.when(pl.col("dblp_key").str.contains(corr)).then(pl.col("dblp_key").str.replace(corr, "$1.$2"))
    arxiv_id = pl.coalesce(pl.col("arxiv_id").str.to_lowercase(), of_doi, of_key)
    bare = arxiv_id.str.replace(r"^\s*(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", "").str.replace(
        r"v\d+(?:\.pdf)?$", ""
    )
    parsed = {"doi": pl.when(of_doi.is_null()).then(doi), "arxiv_id": bare, "dblp_key": pl.col("dblp_key")}
    return {name: pl.when(value.str.len_chars() > 0).then(value.hash(6)) for name, value in parsed.items()}


def _key(words: pl.Expr) -> pl.Expr:
    """A number for a text without its spaces ("First- To-Spike" = "first-to-spike"); null for none."""
    joined = words.str.replace_all(" ", "", literal=True)
    return pl.when(joined.str.len_chars() > 2).then(joined.hash(1))


def _other_columns() -> dict[str, pl.Expr]:
    day = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    said = pl.col("venue").str.extract(r"\b(19[5-9]\d|20\d\d)\b").cast(pl.Int32)
    return {
        "day": day.cast(pl.Int32),
        "year": pl.coalesce(pl.col("year"), day.dt.year(), said).cast(pl.Int16, strict=False),
        "list": pl.struct("side", pl.coalesce("list", "source")).rank("dense"),
        "appeared": (pl.col("venue").fill_null("") != "")
        & ~pl.col("venue_kind").is_in(["draft", "thesis"]).fill_null(value=False),
    }


def _tidy() -> pl.Expr:
    """How far a list names each work once, 0 to 1: less, the more of its titles stand in it more than once."""
    again = pl.struct("list", "compact").is_duplicated() & pl.col("compact").is_not_null()
    share = again.sum().over("list") / (pl.len().over("list") + _FEW)
    return (1 - (share - _SLIPS) / _SLIPS).clip(0, 1).cast(pl.Float32)


def _words(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    """Per row the numbers of its words, rarest first, and of those that are numerals; and each word's bits."""
    each = frame.select("row", word=pl.col("plain").str.split(" ")).explode("word").filter(pl.col("word") != "")
    each = each.select("row", "word", key=pl.col("word").hash(2))
    lexicon = each.group_by("key").agg(pl.col("word").first(), count=pl.len()).select(
        "key", "count", numeral=pl.col("word").str.contains(r"^\d+$"), common=pl.col("word").is_in(list(text.COMMON)),
        stem=text.stem(pl.col("word")).hash(2),
    )  # fmt: skip
    stems = lexicon.group_by("stem").agg(pl.col("count").sum(), pl.col("common").any()).sort("count", "stem")
    numbers = lexicon.join(stems.with_row_index("number").select("stem", "number"), on="stem").select(
        "key", "number", "numeral"
    )
    each = each.select("row", "key").join(numbers, on="key")
    lists = _lists(each.select("row", words="number")).join(
        _lists(each.filter("numeral").select("row", numbers="number")), on="row", how="left"
    )
    seen = stems["count"].to_numpy() + np.where(stems["common"].to_numpy(), _SUPPOSED / _COMMON_SHARE, 0.0)
    return lists, np.log2((frame.height + _SUPPOSED) / seen).clip(0).astype(np.float32)


def _authors(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    """Per row the numbers of its authors, rarest first, their families, how many, who is first; each author's bits."""
    each = _rejoined(frame.select("row", name="byline").explode("name").drop_nulls()).select(
        "row", key=pl.col("name").hash(3), name="name"
    )
    read = names.keys(each.group_by("key").agg(pl.col("name").first())["name"]).filter(pl.col("family") != "")
    read = read.select(
        key=pl.col("name").hash(3),
        family=pl.col("family").hash(4),
        author=(pl.col("family") + " " + pl.col("initial")).hash(4),
    )
    each = each.select("row", "key").join(read, on="key", maintain_order="left")
    known = each.group_by("author").len("count").sort("count", "author").with_row_index("number")
    each = each.join(known.select("author", "number"), on="author", maintain_order="left")
    lists = each.group_by("row", maintain_order=True).agg(
        people=pl.len().cast(pl.UInt16), first=pl.col("number").first()
    )
    families = each.select("family").unique().sort("family").with_row_index("families")
    named = each.join(families, on="family").select("row", "families")
    for listed in (each.select("row", authors="number"), named):
        lists = lists.join(_lists(listed), on="row", maintain_order="left")
    return lists, np.log2((frame.height + 1) / known["count"].to_numpy()).clip(0).astype(np.float32)


def _lists(each: pl.DataFrame) -> pl.DataFrame:
    """The distinct numbers of every row as a sorted list; two numbers in one sort several times faster than a table."""
    row, name = each.columns
    line = np.sort(each[row].to_numpy().astype(np.uint64) << np.uint64(32) | each[name].to_numpy())
    line = line[np.flatnonzero(np.diff(line, prepend=~line[:1]))]
    said = {row: (line >> np.uint64(32)).astype(np.uint32), name: line.astype(np.uint32)}
    return pl.DataFrame(said).group_by(row, maintain_order=True).agg(name)


def _rejoined(each: pl.DataFrame) -> pl.DataFrame:
    """Lists that were cut at the commas inside names ("blum", "a", "furst", "m. l.") put together again."""
    lone = pl.col("name").str.contains(r"^\s*\p{L}(?:[.\s-]+\p{L})*[.\s:;]*$")
    marked = each.with_columns(lone=lone)
    if not marked["lone"].any():
        return each
    word = pl.col("name").str.contains(r"^\s*[\p{L}'’-]{2,}\s*$")
    cut = word & pl.col("lone").shift(-1).over("row").fill_null(value=False)
    before = cut.shift(1).over("row").fill_null(value=False)
    whole = (
        pl.when(cut).then(pl.concat_str("name", pl.lit(", "), pl.col("name").shift(-1).over("row"))).otherwise("name")
    )
    return marked.with_columns(name=whole, rest=pl.col("lone") & before).filter(~pl.col("rest")).select("row", "name")


def _venues(frame: pl.DataFrame) -> pl.DataFrame:
    """Per distinct venue its kind, and the beginnings of its telling words ("Mach. Learn." = "Machine Learning")."""
    said, here = frame.select("venue").unique().drop_nulls(), pl.col("venue").str.replace(_ELSEWHERE, "")
    short = here.map_elements(lambda venue: short_venue(venue[:500]) or "", return_dtype=pl.String)
    said = said.with_columns(short=text.folded(short))
    folded = text.folded(here).str.replace_all(r"[.\s]+", " ").str.strip_chars()
    kind = (
        pl.when(folded.str.contains(_THESIS)).then(pl.lit("thesis"))
        .when(folded.str.contains(_UNPUBLISHED)).then(pl.lit("draft"))
        .when(folded.str.contains(_MEETING) | pl.col("short").str.contains(_MEETING)).then(pl.lit("meeting"))
        .when(folded.str.contains(_JOURNAL) | pl.col("short").str.contains(_JOURNAL)).then(pl.lit("journal"))
    )  # fmt: skip
    words = pl.col("short").str.replace_all(_VENUE_NOISE, " ").str.extract_all(r"\p{L}{2,}")
    words = words.list.eval(pl.element().str.slice(0, 4).hash(10).unique())
    return said.select("venue", venue_kind=kind, venue_words=words)


def _sketch() -> pl.Expr:
    """The smallest hashes of the abstract's word triples, over as much of it as excerpts show."""
    words = text.folded(pl.col("abstract").str.slice(0, 700)).str.extract_all(r"[\p{L}\p{N}]+")
    triples = words.list.eval(
        pl.concat_str(pl.element(), pl.element().shift(-1), pl.element().shift(-2)).drop_nulls().hash(5)
    )
    return triples.list.unique().list.sort().list.head(SKETCH)
