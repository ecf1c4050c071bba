"""Words and authors as numbers, the rarest lowest, so that a list of them sorts by how much it tells.

Records are read some at a time, each time with a small lexicon of what they say; only the lexicons are put together. So
a word is looked up where it is near, and the cost of a record is the same in a file of any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.name_columns import keys
from harvest.reconcile import text

# A common word is as common in a file of any size as it is in titles at large: about one title in thirty.
_COMMON_SHARE = 30
_SUPPOSED = 1000  # titles that a file is supposed to have beside its own, so that small files have rare words too
_Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Said:
    """The words, or the authors, of some records: `row` and `place`, the line of the lexicon that tells of it."""

    each: pl.DataFrame
    lexicon: pl.DataFrame  # one line for each word or name, with how often these records say it: `count`


def words_of(records: pl.DataFrame) -> Said:
    """The words of `plain`; the lexicon has key, word, count."""
    each = records.select("row", word=pl.col("plain").str.split(" ")).explode("word").filter(pl.col("word") != "")
    each = each.select("row", "word", key=pl.col("word").hash(2))
    lexicon = each.group_by("key").agg(pl.col("word").first(), count=pl.len())
    return _placed(each, lexicon)


def authors_of(records: pl.DataFrame) -> Said:
    """The authors of `byline`, in their order; the lexicon has key, family, author, count."""
    each = _rejoined(records.select("row", name="byline").explode("name").drop_nulls())
    each = each.select("row", key=pl.col("name").hash(3), name="name")
    lexicon = each.group_by("key").agg(pl.col("name").first(), count=pl.len())
    read = keys(lexicon["name"]).select("family", "initial").hstack(lexicon).filter(pl.col("family") != "")
    whole = (pl.col("family") + " " + pl.col("initial")).hash(4)
    return _placed(each, read.select("key", "count", family=pl.col("family").hash(4), author=whole))


def _placed(each: pl.DataFrame, lexicon: pl.DataFrame) -> Said:
    places = lexicon.select("key").with_row_index("place")
    each = each.select("row", "key").join(places, on="key", maintain_order="left").select("row", "place")
    return Said(each, lexicon)


def numbered_words(said: Sequence[Said], titles: int) -> tuple[list[pl.DataFrame], _Numbers]:
    """For every lexicon the number of each word, by its stem, and whether it is a numeral; each number's bits."""
    known = pl.concat([one.lexicon for one in said]).group_by("key").agg(pl.col("word").first(), pl.col("count").sum())
    known = known.select(
        "key", "count", numeral=pl.col("word").str.contains(r"^\d+$"), common=pl.col("word").is_in(list(text.COMMON)),
        stem=text.stem(pl.col("word")).hash(2),
    )  # fmt: skip
    stems = known.group_by("stem").agg(pl.col("count").sum(), pl.col("common").any()).sort("count", "stem")
    known = known.join(stems.with_row_index("number").select("stem", "number"), on="stem")
    seen = stems["count"].to_numpy() + np.where(stems["common"].to_numpy(), _SUPPOSED / _COMMON_SHARE, 0.0)
    return _looked_up(said, known, "key", "number", "numeral"), _bits((titles + _SUPPOSED) / seen)


def numbered_authors(said: Sequence[Said], records: int) -> tuple[list[pl.DataFrame], _Numbers]:
    """For every lexicon the number of each author, and of the family; each author's bits."""
    known = pl.concat([one.lexicon for one in said]).group_by("author").agg(
        pl.col("count").sum(), pl.col("family").first()
    )  # fmt: skip
    known = known.sort("count", "author").with_row_index("number")
    families = known.select("family").unique().sort("family").with_row_index("families")
    numbers = _looked_up(said, known.join(families, on="family"), "author", "number", "families")
    return numbers, _bits((records + 1) / known["count"].to_numpy())


def _looked_up(said: Sequence[Said], known: pl.DataFrame, key: str, *wanted: str) -> list[pl.DataFrame]:
    known = known.select(key, *wanted)
    return [one.lexicon.select(key).join(known, on=key, how="left", maintain_order="left").drop(key) for one in said]


def _bits(rarity: _Numbers) -> _Numbers:
    return np.log2(rarity).clip(0).astype(np.float32)


def word_lists(said: Said, numbers: pl.DataFrame) -> pl.DataFrame:
    """Per row the numbers of its words, rarest first, and of those that are numerals."""
    each = said.each.hstack(numbers[said.each["place"]])
    numerals = _lists(each.filter("numeral").select("row", numbers="number"))
    return _lists(each.select("row", words="number")).join(numerals, on="row", how="left")


def author_lists(said: Said, numbers: pl.DataFrame) -> pl.DataFrame:
    """Per row the numbers of its authors, rarest first, of their families, how many they are, and who is first."""
    each = said.each.hstack(numbers[said.each["place"]])
    lists = each.group_by("row", maintain_order=True).agg(
        people=pl.len().cast(pl.UInt16), first=pl.col("number").first()
    )
    for listed in (each.select("row", authors="number"), each.select("row", "families")):
        lists = lists.join(_lists(listed), on="row", maintain_order="left")
    return lists


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
