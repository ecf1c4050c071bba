"""What two records have in common and where they differ, for many pairs at once: columns in, columns out."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from harvest.reconcile.prepare import IDENTIFIERS, Prepared

_CHUNK = 400_000  # pairs compared at once, which bounds memory
_TAKEN = (
    "compact", "head", "tail", "coined", "part", "numbers", "words", "authors", "families", "people", "first",
    "truncated", "day", "year", "venue_kind", "venue_words", "appeared", "list", "stage", "sketch", *IDENTIFIERS,
)  # fmt: skip


def compare(prepared: Prepared, pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds to `left`, `right` (row numbers) one column per comparison; pairs without any likeness are left out."""
    starts = range(0, max(pairs.height, 1), _CHUNK)
    return _with_crowd(prepared, pl.concat([_compared(prepared, pairs.slice(at, _CHUNK)) for at in starts]))


def _with_crowd(prepared: Prepared, compared: pl.DataFrame) -> pl.DataFrame:
    """Adds how many differently titled records share as many authors with the left record, and with the right."""
    title = prepared.records["compact"].fill_null(0)
    for end, other in (("left", "right"), ("right", "left")):
        compared = compared.with_columns(title=title[compared[other]])
        each = compared.group_by(end, "title").agg(pl.col("shared_authors").max())
        crowd = pl.col("shared_authors").rank("max", descending=True).over(end)
        each = each.select(end, "title", crowd.alias(f"crowd_{end}"))
        compared = compared.join(each, on=[end, "title"]).drop("title")
    return compared


def _compared(prepared: Prepared, pairs: pl.DataFrame) -> pl.DataFrame:
    both = _side(prepared, pairs, "left").hstack(_side(prepared, pairs, "right")).hstack(pairs)
    both = both.with_columns(
        same_title=_eq("compact"),
        shared_bits=_shared_bits(both, "words", prepared.word_bits),
        left_bits=_bits(both["left_words"], prepared.word_bits),
        right_bits=_bits(both["right_words"], prepared.word_bits),
        author_bits=_shared_bits(both, "authors", prepared.author_bits),
        shared_authors=_shared("authors"),
        shared_families=_shared("families"),
        **{f"same_{name}": _eq(name) for name in IDENTIFIERS},
        **{f"differ_{name}": _ne(name) for name in IDENTIFIERS},
    )
    both = both.with_columns(
        likeness=pl.col("shared_bits")
        / (pl.col("left_bits") + pl.col("right_bits") - pl.col("shared_bits")).clip(1),
        cover=pl.col("shared_bits") / pl.min_horizontal("left_bits", "right_bits").clip(1),
        abstracts=_abstracts(),
    )
    both = both.filter(_worth_it().fill_null(value=False)).with_columns(
        pl.when("same_title").then(1.0).otherwise(pl.col(name)).alias(name) for name in ("likeness", "cover")
    )  # words torn apart, "learn-ability", are no difference
    return both.select("left", "right", *_columns(prepared, both))


def _side(prepared: Prepared, pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    return prepared.records.select(_TAKEN)[pairs[name]].select(pl.all().name.prefix(f"{name}_"))


def _eq(name: str) -> pl.Expr:
    return (pl.col(f"left_{name}") == pl.col(f"right_{name}")).fill_null(value=False)


def _ne(name: str) -> pl.Expr:
    return (pl.col(f"left_{name}") != pl.col(f"right_{name}")).fill_null(value=False)


def _shared(name: str) -> pl.Expr:
    return pl.col(f"left_{name}").list.set_intersection(f"right_{name}").list.len().cast(pl.Int16)


def _shared_bits(both: pl.DataFrame, name: str, bits: np.ndarray) -> pl.Series:
    return _bits(both.select(pl.col(f"left_{name}").list.set_intersection(f"right_{name}")).to_series(), bits)


def _bits(lists: pl.Series, bits: np.ndarray) -> pl.Series:
    """The sum of the bits of the numbers in each list."""
    counts = lists.list.len().to_numpy()
    flat = lists.filter(lists.list.len() > 0).explode().to_numpy()
    owner = np.repeat(np.arange(len(counts)), counts)
    return pl.Series(np.bincount(owner, weights=bits[flat], minlength=len(counts)).astype(np.float32))


def _abstracts() -> pl.Expr:
    """The likeness of two abstracts, 0 to 1, from their sketches; null when one has none."""
    left, right = pl.col("left_sketch"), pl.col("right_sketch")
    smallest = left.list.set_union(right).list.sort().list.head(48)
    both = smallest.list.set_intersection(left).list.set_intersection(right).list.len()
    return pl.when((left.list.len() > 8) & (right.list.len() > 8)).then(both / smallest.list.len())


def _worth_it() -> pl.Expr:
    """Pairs that could be one work at all: one shared author of many, or one shared word, is not enough."""
    same = pl.any_horizontal("same_title", *(f"same_{name}" for name in IDENTIFIERS))
    titles = (pl.col("likeness") > 0.1) | (pl.col("cover") > 0.25)
    people = (pl.col("shared_families") > 0) & titles | (pl.col("shared_authors") * 2 >= pl.max_horizontal("left_people", "right_people"))
    alone = (pl.col("likeness") > 0.4) | (pl.col("cover") > 0.8)
    return same | people | alone | (pl.col("abstracts") > 0.1) | pl.any_horizontal("left_truncated", "right_truncated") & (pl.col("shared_authors") > 0)


def _slips(titles: pl.Series, both: pl.DataFrame, edit: np.ndarray) -> pl.Series:
    """Whether titles differ by a slip of the pen: one or two letters, spaces aside."""
    near = np.flatnonzero(edit > 85)
    sides = [titles[both[end][near]].str.replace_all(" ", "", literal=True).to_list() for end in ("left", "right")]
    distance = np.full(both.height, 99)
    distance[near] = process.cpdist(*sides, scorer=Levenshtein.distance, score_cutoff=3, workers=-1)
    return pl.Series("slip", (distance > 0) & (distance <= 2))


def _byline_likeness(prepared: Prepared, both: pl.DataFrame, edit: np.ndarray) -> pl.Series:
    """How alike the authors are by letters (0 to 1), where none is the same but the titles are: a misspelt or garbled name."""
    strangers = both.select((pl.col("shared_authors") == 0) & (pl.col("left_people") > 0) & (pl.col("right_people") > 0)).to_series()
    rows = np.flatnonzero(strangers.fill_null(value=False).to_numpy() & (edit > 80))
    names = prepared.records["byline"]
    sides = [names[both[end][rows]].list.join(" ").str.to_lowercase().to_list() for end in ("left", "right")]
    found = np.full(both.height, np.nan, dtype=np.float32)
    found[rows] = process.cpdist(*sides, scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=-1) / 100
    return pl.Series("bylines", found, nan_to_null=True)


def _columns(prepared: Prepared, both: pl.DataFrame) -> Iterator[pl.Expr | pl.Series]:
    rows = prepared.records["plain"]
    edit = process.cpdist(
        rows[both["left"]].to_list(),
        rows[both["right"]].to_list(),
        scorer=fuzz.ratio,
        dtype=np.float32,
        workers=-1,
    )
    yield pl.Series("edit", edit / 100)
    yield _slips(rows, both, edit)
    yield _byline_likeness(prepared, both, edit)
    yield from (
        pl.col(name)
        for name in (
            "same_title",
            "likeness",
            "cover",
            "shared_bits",
            "author_bits",
            "shared_authors",
            "shared_families",
            "abstracts",
        )
    )
    yield from (pl.col(f"{how}_{name}") for name in IDENTIFIERS for how in ("same", "differ"))
    pieces = [(one, two) for one in ("compact", "head", "tail") for two in ("compact", "head", "tail")]
    equal = {pair: (pl.col(f"left_{pair[0]}") == pl.col(f"right_{pair[1]}")).fill_null(value=False) for pair in pieces}
    yield pl.any_horizontal(equal.values()).alias("same_piece")
    yield pl.any_horizontal(same for pair, same in equal.items() if "compact" in pair).alias("whole_in_other")
    yield _eq("coined").alias("same_coined")
    yield _eq("first").alias("same_first")
    yield _ne("part").alias("parts_differ")
    yield (pl.col("left_part").is_null() != pl.col("right_part").is_null()).alias("part_missing")
    apart = [
        pl.col(f"{a}_numbers").list.set_difference(f"{b}_numbers").list.len() > 0
        for a, b in (("left", "right"), ("right", "left"))
    ]
    yield (apart[0] & apart[1]).alias("numbers_differ")
    yield pl.min_horizontal("left_people", "right_people").fill_null(0).alias("people_least")
    yield pl.max_horizontal("left_people", "right_people").fill_null(0).alias("people_most")
    yield pl.any_horizontal("left_truncated", "right_truncated").alias("truncated")
    yield (pl.col("left_day") - pl.col("right_day")).abs().alias("days")
    yield (pl.col("left_year") - pl.col("right_year")).abs().alias("years")
    yield (
        (
            pl.col("left_venue_kind").is_in(["journal", "meeting"])
            & pl.col("right_venue_kind").is_in(["journal", "meeting"])
            & (pl.col("left_venue_kind") != pl.col("right_venue_kind"))
        )
        .fill_null(value=False)
        .alias("other_kind")
    )
    yield (pl.col("left_venue_kind") == pl.col("right_venue_kind")).fill_null(value=False).alias("same_kind")
    unfinished = [(pl.col(f"{end}_stage") == "in_preparation").fill_null(value=False) for end in ("left", "right")]
    yield (unfinished[0] ^ unfinished[1]).alias("unfinished")
    yield (pl.col("left_appeared").cast(pl.Int8) + pl.col("right_appeared").cast(pl.Int8)).alias("appeared")
    venues = [pl.col(f"{end}_venue_words").list for end in ("left", "right")]
    fewest = pl.min_horizontal(venues[0].len(), venues[1].len())
    shared = venues[0].set_intersection(pl.col("right_venue_words")).list.len()
    yield pl.when(fewest > 0).then(shared / fewest).alias("venue_alike")
    yield (_eq("list") & _eq("appeared")).alias("same_list")
    out = ["published", "accepted"]
    yield (
        (pl.col("left_stage").is_in(out) & pl.col("right_stage").is_in(out))
        .fill_null(value=False)
        .alias("both_published")
    )
