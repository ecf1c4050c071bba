"""Which pairs of records are worth comparing: several keys that miss different things, each within a budget.

A pair that no title key finds, because the work was renamed, is found by its authors; a pair whose authors
are missing or mangled is found by its title's rare words. A key that many records share says little and would
cost the square of their number, so the smaller blocks come first until the budget is spent; in a block that is
left over each record still meets its nearest neighbours in the order of their titles (Hernández and Stolfo
1995, sorted neighbourhood). The cost is therefore linear in the number of records.
"""

from collections.abc import Iterator

import polars as pl

from harvest.reconcile.prepare import IDENTIFIERS, Prepared

_BUDGET_SMALL = 300_000  # pairs that every key may have, so that small files are compared whole
_BUDGET = 3  # pairs per record that a key may have beyond that
_NEIGHBOURS = 3


def candidates(prepared: Prepared, *, within: bool = True) -> pl.DataFrame:
    """Distinct pairs of row numbers `left` < `right`; across sides only unless `within`."""
    rows = prepared.records
    found = [_pairs(rows, keyed, within=within) for keyed in _keys(rows)]
    return pl.concat(found).unique().sort("left", "right")


def _keys(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Frames of (row, key), one after the other, so that only one is in memory."""
    for name in (*IDENTIFIERS, "compact"):
        yield rows.select("row", key=name).drop_nulls()
    parts = [rows.select("row", key=name) for name in ("compact", "head", "tail", "coined")]
    yield pl.concat(parts).drop_nulls().unique()
    yield _combined(rows, "words", "words", 4, 4)
    yield _each(rows, "authors", 64)
    yield _combined(rows, "authors", "authors", 5, 5)
    yield _combined(rows, "authors", "words", 4, 4)
    yield _with_day(rows)
    yield _each(rows.select("row", sketch=pl.col("sketch").list.head(6)), "sketch", 6)


def _each(rows: pl.DataFrame, name: str, most: int) -> pl.DataFrame:
    one = rows.lazy().select("row", key=pl.col(name).list.head(most)).explode("key").drop_nulls()
    return one.select("row", key=pl.col("key").hash(7)).collect()


def _combined(rows: pl.DataFrame, one: str, two: str, many: int, more: int) -> pl.DataFrame:
    """Every two of the rarest, from one list or from two."""
    left = rows.lazy().select("row", one=pl.col(one).list.head(many)).explode("one").drop_nulls()
    right = left.rename({"one": "two"}) if one == two else None
    if right is None:
        right = rows.lazy().select("row", two=pl.col(two).list.head(more)).explode("two").drop_nulls()
    both = left.join(right, on="row")
    if one == two:
        both = both.filter(pl.col("one") < pl.col("two"))
    return both.select("row", key=pl.struct("one", "two").hash(8)).collect()


def _with_day(rows: pl.DataFrame) -> pl.DataFrame:
    some = (
        rows.lazy()
        .filter(pl.col("day").is_not_null())
        .select("row", "day", one=pl.col("authors").list.head(8))
    )
    return some.explode("one").drop_nulls().select("row", key=pl.struct("one", "day").hash(9)).collect()


def _pairs(rows: pl.DataFrame, keyed: pl.DataFrame, *, within: bool) -> pl.DataFrame:
    sided = keyed.join(rows.select("row", "side", "compact"), on="row")
    if within:
        sided = sided.with_columns(side=pl.col("row"))  # every record is a side of its own
    sizes = sided.group_by("key", "side").agg(size=pl.len().cast(pl.UInt64)).group_by("key").agg(
        cost=(pl.col("size").sum() ** 2 - (pl.col("size") ** 2).sum()) // 2
    )  # fmt: skip
    sizes = sizes.filter(pl.col("cost") > 0).sort("cost", "key")
    budget = max(_BUDGET_SMALL, _BUDGET * rows.height)
    inside = sided.join(sizes.select("key", affordable=pl.col("cost").cum_sum() <= budget), on="key")
    whole = inside.filter("affordable").select("key", "row", "side").lazy()
    pairs = whole.join(whole, on="key", suffix="_right").filter(
        (pl.col("row") < pl.col("row_right")) & (pl.col("side") != pl.col("side_right"))
    )
    found = pairs.select(left="row", right="row_right").unique().collect()
    return pl.concat([found, *_neighbours(inside.filter(~pl.col("affordable")))])


def _neighbours(crowded: pl.DataFrame) -> Iterator[pl.DataFrame]:
    line = crowded.sort("key", "compact", "row")
    for step in range(1, _NEIGHBOURS + 1):
        after = line.select(pl.all().shift(-step).name.suffix("_next"))
        both = pl.concat([line, after], how="horizontal").filter(
            (pl.col("key") == pl.col("key_next")) & (pl.col("side") != pl.col("side_next"))
        )
        yield both.select(
            left=pl.min_horizontal("row", "row_next"), right=pl.max_horizontal("row", "row_next")
        ).unique()
