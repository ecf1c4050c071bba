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
_SHIFT = 2**32  # two numbers in one
_PAIR = pl.min_horizontal("row", "row_next").cast(pl.UInt64) * _SHIFT + pl.max_horizontal("row", "row_next")


def candidates(prepared: Prepared, *, within: bool = True) -> pl.DataFrame:
    """Distinct pairs of row numbers `left` < `right`; across sides only unless `within`."""
    rows = prepared.records
    about = rows.select("row", side=pl.col("row") if within else "side", place=pl.col("plain").rank("ordinal"))
    found = pl.concat([_pairs(about, keyed, crowded=crowded) for keyed, crowded in _keys(rows)]).unique().sort()
    return found.to_frame("pair").select(
        left=(pl.col("pair") // _SHIFT).cast(pl.UInt32), right=(pl.col("pair") % _SHIFT).cast(pl.UInt32)
    )


def _keys(rows: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Frames of (row, key), one at a time, and whether neighbours in a crowded block are worth comparing."""
    for name in IDENTIFIERS:
        yield rows.select("row", key=name).drop_nulls(), True
    parts = [rows.select("row", key=name).drop_nulls() for name in ("compact", "head", "tail", "coined")]
    yield pl.concat(parts).unique(), True
    yield _two(_first(rows, "words", 4)), True
    yield _first(rows, "authors", 64), False  # names that many bear: the keys below say more
    yield _two(_first(rows, "authors", 5)), True
    yield _both(_first(rows, "authors", 3), _first(rows, "words", 4)), False
    yield _both(_first(rows, "authors", 8), rows.select("row", key="day").drop_nulls()), False
    yield _first(rows, "sketch", 6), False


def _first(rows: pl.DataFrame, name: str, most: int) -> pl.DataFrame:
    """The first (rarest) of a list, one row each."""
    return rows.select("row", key=pl.col(name).list.head(most)).explode("key").drop_nulls()


def _two(each: pl.DataFrame) -> pl.DataFrame:
    """Every two keys of a record as one key."""
    both = each.join(each, on="row", suffix="_two").filter(pl.col("key") < pl.col("key_two"))
    return both.select("row", key=pl.col("key").cast(pl.UInt64) * _SHIFT + pl.col("key_two"))


def _both(one: pl.DataFrame, two: pl.DataFrame) -> pl.DataFrame:
    """Every key of the one kind with every key of the other."""
    both = one.join(two.with_columns(pl.col("key").cast(pl.UInt32, strict=False)), on="row", suffix="_two")
    return both.select("row", key=pl.col("key").cast(pl.UInt64) * _SHIFT + pl.col("key_two"))


def _pairs(about: pl.DataFrame, keyed: pl.DataFrame, *, crowded: bool) -> pl.Series:
    """Pairs of one key, as left * 2^32 + right: all of the small blocks, and neighbours in the others."""
    shared = keyed.group_by("key").len().filter(pl.col("len") > 1)
    sided = keyed.join(shared.select("key"), on="key", how="semi").join(about, on="row")
    sizes = sided.group_by("key", "side").agg(size=pl.len().cast(pl.UInt64)).group_by("key").agg(
        cost=(pl.col("size").sum() ** 2 - (pl.col("size") ** 2).sum()) // 2
    )  # fmt: skip
    sizes = sizes.filter(pl.col("cost") > 0).sort("cost", "key")
    budget = max(_BUDGET_SMALL, _BUDGET * about.height)
    inside = sided.join(sizes.select("key", affordable=pl.col("cost").cum_sum() <= budget), on="key")
    whole = inside.filter("affordable").select("key", "row", "side").lazy()
    pairs = whole.join(whole, on="key", suffix="_next").filter(
        (pl.col("row") < pl.col("row_next")) & (pl.col("side") != pl.col("side_next"))
    )
    found = pairs.select(pair=_PAIR).unique().collect().to_series()
    near = _neighbours(inside.filter(~pl.col("affordable"))) if crowded else ()
    together: list[pl.Series] = [found, *near]
    return pl.concat(together)


def _neighbours(crowded: pl.DataFrame) -> Iterator[pl.Series]:
    line = crowded.sort("key", "place").select("key", "row", "side")
    for step in range(1, _NEIGHBOURS + 1):
        after = line.select(pl.all().shift(-step).name.suffix("_next"))
        both = pl.concat([line, after], how="horizontal").filter(
            (pl.col("key") == pl.col("key_next")) & (pl.col("side") != pl.col("side_next"))
        )
        yield both.select(pair=_PAIR).unique()["pair"]
