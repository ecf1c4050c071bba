"""What two records have in common and where they differ, for many pairs at once: columns in, columns out."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from harvest.reconcile.prepare import IDENTIFIERS, SKETCH, Prepared

_CHUNK = 400_000  # pairs compared at once, which bounds memory
_USUAL = 8  # authors
_ENDS = ("left", "right")
_SIDES = ("left_", "right_")
_NEEDED = ("compact", "words", "bits", "authors", "families", "people", "truncated", "sketch", *IDENTIFIERS)
_TAKEN = (
    "compact", "head", "tail", "coined", "part", "numbers", "words", "people", "first", "truncated", "day", "year",
    "venue_kind", "venue_number", "appeared", "list", "tidy", "stage",
)  # fmt: skip
_CROWDED = 50_000  # pairs whose crowds are counted at once
_LOTS = np.uint64(2**16)  # more authors than are compared
_Numbers = NDArray[Any]
_PRINTED = ("journal", "meeting")
_OUT = ("published", "accepted")


def compare(prepared: Prepared, pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds to `left`, `right` (row numbers) one column per comparison; pairs without any likeness are left out."""
    bits = _bits(prepared.records["words"], prepared.word_bits)
    prepared = replace(prepared, records=prepared.records.with_columns(bits=bits))
    return _with_crowd(prepared, pl.concat([_compared(prepared, chunk) for chunk in _chunks(prepared, pairs)]))


def _chunks(prepared: Prepared, pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs in pieces that take about the same memory: a pair of long author lists counts for several."""
    weights = 1 + prepared.records["authors"].list.len() // _USUAL
    ends = (weights[pairs["left"]] + weights[pairs["right"]]).cum_sum() // (2 * _CHUNK)
    starts = [0, *ends.ne_missing(ends.shift(1)).arg_true().to_list()[1:], pairs.height]
    return (pairs.slice(start, end - start) for start, end in pairwise(starts))


def _compared(prepared: Prepared, pairs: pl.DataFrame) -> pl.DataFrame:
    near = _near(prepared, pairs)
    both = near.hstack(_both(prepared.records.select(_TAKEN), near))
    words = {f"{side}venue_words": prepared.venues["venue_words"][both[f"{side}venue_number"]] for side in _SIDES}
    both = both.with_columns(**words)
    told = [name for name in near.columns if name != "shared_words"]
    return both.select(*told, *_letters(prepared, both), *_titles(), *_people(), *_times(), *_venues())


def _near(prepared: Prepared, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that could be one work at all: what most pairs fail by is compared first, and only that."""
    both = pairs.hstack(_both(prepared.records.select(_NEEDED), pairs))
    words, authors = _common(both, "words"), _common(both, "authors")
    both = both.with_columns(
        shared_bits=_bits(words, prepared.word_bits), shared_words=words.list.len(),
        author_bits=_bits(authors, prepared.author_bits), shared_authors=authors.list.len().cast(pl.Int16),
        shared_families=_common(both, "families").list.len().cast(pl.Int16),
        same_title=_equal("compact"), abstracts=_abstracts(),
        **{f"same_{name}": _equal(name) for name in IDENTIFIERS},
        **{f"differ_{name}": _unequal(name) for name in IDENTIFIERS},
    )  # fmt: skip
    all_bits = pl.col("left_bits") + pl.col("right_bits") - pl.col("shared_bits")
    torn = {"likeness": all_bits, "cover": pl.min_horizontal("left_bits", "right_bits")}
    both = both.with_columns(  # words torn apart ("learn-ability") are no difference
        pl.when("same_title").then(1.0).otherwise(pl.col("shared_bits") / whole.clip(1)).alias(name)
        for name, whole in torn.items()
    )
    both = both.with_columns(worth=_worth_it().fill_null(value=False))
    told = [name for name in both.columns if not name.startswith(_SIDES)]
    return both.select(told).filter("worth").drop("worth")


def _both(records: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The columns of both records of every pair, as left_… and right_…."""
    sides = [records[pairs[end]].select(pl.all().name.prefix(f"{end}_")) for end in _ENDS]
    return sides[0].hstack(sides[1])


def _equal(name: str) -> pl.Expr:
    return (pl.col(f"left_{name}") == pl.col(f"right_{name}")).fill_null(value=False)


def _unequal(name: str) -> pl.Expr:
    return (pl.col(f"left_{name}") != pl.col(f"right_{name}")).fill_null(value=False)


def _common(both: pl.DataFrame, name: str) -> pl.Series:
    return both.select(pl.col(f"left_{name}").list.set_intersection(f"right_{name}")).to_series()


def _bits(lists: pl.Series, bits: np.ndarray) -> pl.Series:
    """The sum of the bits of the numbers in each list."""
    counts = lists.list.len().to_numpy()
    flat = lists.filter(lists.list.len() > 0).explode().to_numpy()
    owner = np.repeat(np.arange(len(counts)), counts)
    return pl.Series(np.bincount(owner, weights=bits[flat], minlength=len(counts)).astype(np.float32))


def _abstracts() -> pl.Expr:
    """The likeness of two abstracts, 0 to 1, from their sketches; null when one has none."""
    left, right = pl.col("left_sketch"), pl.col("right_sketch")
    smallest = left.list.set_union(right).list.sort().list.head(SKETCH)
    both = smallest.list.set_intersection(left).list.set_intersection(right).list.len()
    return pl.when((left.list.len() > 8) & (right.list.len() > 8)).then(both / smallest.list.len())


def _worth_it() -> pl.Expr:
    """Pairs that could be one work at all: one shared author of many, or one shared word, is not enough."""
    shared, most = pl.col("shared_authors"), pl.max_horizontal("left_people", "right_people")
    return (
        pl.any_horizontal("same_title", *(f"same_{name}" for name in IDENTIFIERS))
        | (pl.col("likeness") > 0.4) | (pl.col("cover") > 0.8) | (pl.col("abstracts") > 0.1)
        | (pl.col("shared_families") > 0) & ((pl.col("likeness") > 0.1) | (pl.col("cover") > 0.25))
        | (shared > 0) & ((shared * 2 >= most) | pl.any_horizontal("left_truncated", "right_truncated"))
    )  # fmt: skip


def _letters(prepared: Prepared, both: pl.DataFrame) -> Iterator[pl.Series]:
    """How alike the titles are by letters (0 to 1), whether they differ by a slip, how alike garbled authors are."""
    titles = [prepared.records["plain"][both[end]] for end in _ENDS]
    edit = process.cpdist(titles[0].to_list(), titles[1].to_list(), scorer=fuzz.ratio, dtype=np.float32, workers=-1)
    yield pl.Series("edit", edit / 100)
    near = np.flatnonzero(edit > 85)
    compact = [title.gather(near).str.replace_all(" ", "", literal=True).to_list() for title in titles]
    distance = np.full(both.height, 99)
    distance[near] = process.cpdist(compact[0], compact[1], scorer=Levenshtein.distance, score_cutoff=3, workers=-1)
    yield pl.Series("slip", (distance > 0) & (distance <= 2))
    known = pl.min_horizontal(pl.col("left_people").fill_null(0), pl.col("right_people").fill_null(0)) > 0
    asked = both.select((pl.col("shared_authors") == 0) & known).to_series().to_numpy() & (edit > 80)
    found = np.full(both.height, np.nan, dtype=np.float32)
    bylines = [prepared.records["byline"][both[end].filter(asked)].list.head(20).list.join(" ") for end in _ENDS]
    names = [byline.str.slice(0, 400).str.to_lowercase().to_list() for byline in bylines]
    found[asked] = process.cpdist(names[0], names[1], scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=-1) / 100
    yield pl.Series("bylines", found, nan_to_null=True)


def _titles() -> Iterator[pl.Expr]:
    """Main parts, coined words, parts and numerals of the titles."""
    pieces = ("compact", "head", "tail")
    equal = {
        (a, b): (pl.col(f"left_{a}") == pl.col(f"right_{b}")).fill_null(value=False) for a in pieces for b in pieces
    }
    yield pl.any_horizontal(equal.values()).alias("same_piece")
    yield pl.any_horizontal(same for pair, same in equal.items() if "compact" in pair).alias("whole_in_other")
    yield _equal("coined").alias("same_coined")
    yield _unequal("part").alias("parts_differ")
    yield (pl.col("left_part").is_null() != pl.col("right_part").is_null()).alias("part_missing")
    numbers = [pl.col(f"{end}_numbers") for end in _ENDS]
    fewer = [one.list.set_difference(two).list.len() for one, two in (numbers, reversed(numbers))]
    lacking = [count > 0 for count in fewer]
    yield (lacking[0] & lacking[1]).alias("numbers_differ")
    named = [pl.col(f"{end}_words").list.len() - found.list.len() for end, found in zip(_ENDS, numbers, strict=True)]
    shared = pl.col("shared_words") - numbers[0].list.len() + fewer[0]
    alone = (named[0] == shared) & (named[1] == shared)
    yield (lacking[0] & lacking[1] & alone).alias("numbers_alone_differ")


def _people() -> Iterator[pl.Expr]:
    """How many authors there are, and who is first."""
    yield _equal("first").alias("same_first")
    yield pl.min_horizontal(pl.col(f"{end}_people").fill_null(0) for end in _ENDS).alias("people_least")
    yield pl.max_horizontal(pl.col(f"{end}_people").fill_null(0) for end in _ENDS).alias("people_most")
    yield pl.any_horizontal("left_truncated", "right_truncated").alias("truncated")


def _times() -> Iterator[pl.Expr]:
    """Days and years apart, and by how many years what has not appeared is the later; null when not known."""
    for name in ("day", "year"):
        yield (pl.col(f"left_{name}") - pl.col(f"right_{name}")).abs().alias(f"{name}s")
    ahead = pl.col("right_appeared").cast(pl.Int16) - pl.col("left_appeared").cast(pl.Int16)
    yield ((pl.col("left_year") - pl.col("right_year")) * ahead).alias("draft_later")


def _venues() -> Iterator[pl.Expr]:
    """Where the records appeared, how far they have come, and whether one list holds both."""
    printed = pl.col("left_venue_kind").is_in(_PRINTED) & pl.col("right_venue_kind").is_in(_PRINTED)
    yield (printed & _unequal("venue_kind")).fill_null(value=False).alias("other_kind")
    kinds = [pl.col(f"{end}_venue_kind") for end in _ENDS]
    told = [kind.is_in([*_PRINTED, "thesis"]).fill_null(value=False) for kind in kinds]
    yield (told[0] & told[1]).alias("kinds_told")
    thesis = [(one == "thesis") & two.is_in(_PRINTED) for one, two in (kinds, reversed(kinds))]
    yield pl.any_horizontal(thesis).fill_null(value=False).alias("one_thesis")
    yield _equal("venue_kind").alias("same_kind")
    words = [pl.col(f"{end}_venue_words") for end in _ENDS]
    fewest = pl.min_horizontal(words[0].list.len(), words[1].list.len())
    alike = words[0].list.set_intersection(words[1]).list.len() / fewest
    yield pl.when(fewest > 0).then(alike).alias("venue_alike")
    yield (_equal("venue_kind") & (kinds[0] == "journal") & (alike == 1)).fill_null(value=False).alias("one_journal")
    yield pl.sum_horizontal(pl.col(f"{end}_appeared").cast(pl.Int8) for end in _ENDS).alias("appeared")
    yield pl.when(_equal("list") & _equal("appeared")).then("left_tidy").otherwise(0.0).alias("same_list")
    yield (pl.max_horizontal("left_tidy", "right_tidy") == 0).alias("repetitive")
    unfinished = [(pl.col(f"{end}_stage") == "in_preparation").fill_null(value=False) for end in _ENDS]
    yield (unfinished[0] ^ unfinished[1]).alias("unfinished")
    out = pl.col("left_stage").is_in(_OUT) & pl.col("right_stage").is_in(_OUT)
    yield out.fill_null(value=False).alias("both_published")


def _with_crowd(prepared: Prepared, compared: pl.DataFrame) -> pl.DataFrame:
    """Adds how many differently titled records share as many authors with the left record, and with the right."""
    title = prepared.records["compact"].fill_null(0).to_numpy().astype(np.uint32)
    some = (compared["shared_authors"] > 0).arg_true().to_numpy()
    left, right, shared = (compared[name].to_numpy()[some] for name in (*_ENDS, "shared_authors"))
    for end, other, name in ((left, right, "crowd_left"), (right, left, "crowd_right")):
        crowd = np.ones(compared.height, dtype=np.uint32)
        crowd[some] = _crowds(end.astype(np.uint64), title[other], shared)
        compared = compared.with_columns(pl.Series(name, crowd))
    return compared


def _crowds(record: _Numbers, title: _Numbers, shared: _Numbers) -> _Numbers:
    """`_crowd` of records that stand together, some at a time: what fits into the processor's cache is fast."""
    line = np.sort(record << np.uint64(32) | np.arange(record.size, dtype=np.uint64))
    order, owner = (line & np.uint64(2**32 - 1)).astype(np.int64), line >> np.uint64(32)
    starts = np.unique(np.searchsorted(owner, owner[::_CROWDED]))
    told = np.empty(record.size, dtype=np.uint32)
    for start, end in pairwise([*starts, record.size]):
        some = order[start:end]
        told[some] = _crowd(record[some], title[some], shared[some])
    return told


def _crowd(record: _Numbers, title: _Numbers, shared: _Numbers) -> _Numbers:
    """For every pair the titles that share as many authors with the record as the pair's own title does, or more."""
    code = record << np.uint64(32) | title
    order = np.argsort(code)
    starts = np.flatnonzero(np.diff(code[order], prepend=~code[order[:1]]))
    fewer = _LOTS - np.maximum.reduceat(shared[order], starts).astype(np.uint64)
    each = record[order[starts]] * _LOTS + fewer
    line = np.sort(each)
    crowd = np.searchsorted(line, each, "right") - np.searchsorted(line, each - fewer)
    told: _Numbers = np.empty_like(crowd, shape=record.shape)
    told[order] = np.repeat(crowd, np.diff(starts, append=record.size))
    return told
