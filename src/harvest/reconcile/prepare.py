"""Records as columns that can be compared: done once for each record, never once for each pair.

Words and authors become numbers, the rarest lowest, so that a list of them sorts by how much it tells, and
what two records share is an intersection of short sorted lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from harvest.reconcile import text
from harvest.reconcile.lexicon import author_lists, authors_of, numbered_authors, numbered_words, word_lists, words_of
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
_CHUNK = 100_000  # records read at once: what fits into the processor's cache is fast, in files of any size
SKETCH = 48  # smallest hashes kept of an abstract's word triples (Broder 1997, bottom-k sketch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The records as columns, and how much a word or an author tells when two records share it."""

    records: pl.DataFrame  # one row each, in the order of their ids
    venues: pl.DataFrame  # one row each, as numbered by venue_number
    word_bits: np.ndarray  # by word number: log2(titles / titles with the word)
    author_bits: np.ndarray  # by author number: the same for records


def prepare(records: pl.DataFrame, side: str | None = None) -> Prepared:
    """Columns for comparison. Rows are put in the order of their ids, so that nothing depends on the order given."""
    told = _told(records, side)
    order, venues = told["id"].arg_sort(), _venues(told)
    starts = range(0, max(told.height, 1), _CHUNK)
    parts = [_read(told[order.slice(start, _CHUNK)], venues, start) for start in starts]
    words, authors = ([words_of(part) for part in parts], [authors_of(part) for part in parts])
    word_numbers, word_bits = numbered_words(words, told.height)
    author_numbers, author_bits = numbered_authors(authors, told.height)
    said = (map(word_lists, words, word_numbers), map(author_lists, authors, author_numbers))
    listed = [_with(part.drop("authors"), lists) for part, *lists in zip(parts, *said, strict=True)]
    frame = pl.concat(listed, rechunk=True).with_columns(tidy=_tidy())  # in one piece, for rows are taken out at random
    return Prepared(records=frame, venues=venues, word_bits=word_bits, author_bits=author_bits)


def _read(told: pl.DataFrame, venues: pl.DataFrame, start: int) -> pl.DataFrame:
    """The columns of some records that say nothing of other records."""
    frame = told.with_columns(
        year=pl.coalesce("year", text.cited_year(pl.col("title"))),
        title=text.cleaned(pl.col("title").str.slice(0, _LONGEST)).fill_null(""),
    )
    kinds = venues.select("venue", "venue_number", "venue_kind")
    frame = frame.join(kinds, on="venue", how="left", maintain_order="left")
    frame = frame.with_columns(**_title_columns(), **_other_columns(), **_identifiers(), sketch=_sketch())
    frame = frame.with_columns(compact=_key(pl.col("plain")), byline="authors").with_row_index("row", start)
    return frame.drop("title", "venue", "kind", "date", "abstract", "source")


def _with(frame: pl.DataFrame, lists: Iterable[pl.DataFrame]) -> pl.DataFrame:
    for listed in lists:
        frame = frame.join(listed, on="row", how="left", maintain_order="left")
    return frame.with_columns(pl.col("words", "numbers", "authors", "families").fill_null([]))


def _told(records: pl.DataFrame, side: str | None) -> pl.DataFrame:
    """The columns of COLUMNS, empty where they are missing, `side` and `list`; `status` is another word for stage."""
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
    lists = pl.struct("side", pl.coalesce("list", "source")).rank("dense")
    return records.select(*told, whose).with_columns(**cut, list=lists)


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
        "appeared": (pl.col("venue").fill_null("") != "")
        & ~pl.col("venue_kind").is_in(["draft", "thesis"]).fill_null(value=False),
    }


def _tidy() -> pl.Expr:
    """How far a list names each work once, 0 to 1: less, the more of its titles stand in it more than once."""
    again = pl.struct("list", "compact").is_duplicated() & pl.col("compact").is_not_null()
    share = again.sum().over("list") / (pl.len().over("list") + _FEW)
    return (1 - (share - _SLIPS) / _SLIPS).clip(0, 1).cast(pl.Float32)


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
    return said.select("venue", venue_kind=kind, venue_words=words).with_row_index("venue_number")


def _sketch() -> pl.Expr:
    """The smallest hashes of the abstract's word triples, over as much of it as excerpts show."""
    words = text.folded(pl.col("abstract").str.slice(0, 700)).str.extract_all(r"[\p{L}\p{N}]+")
    triples = words.list.eval(
        pl.concat_str(pl.element(), pl.element().shift(-1), pl.element().shift(-2)).drop_nulls().hash(5)
    )
    return triples.list.unique().list.sort().list.head(SKETCH)
