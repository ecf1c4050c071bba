"""Which pairs of records are worth comparing: several keys that miss different things, each within a budget.

A pair that no title key finds, because the work was renamed, is found by its authors; a pair whose authors
are missing or mangled is found by its title's rare words. A key that many records share says little and would
cost the square of their number, so the smaller blocks come first until the budget is spent; in a block that is
left over each record still meets its nearest neighbours in the order of their titles (Hernández and Stolfo
1995, sorted neighbourhood). The cost is therefore linear in the number of records.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.reconcile.prepare import IDENTIFIERS, Prepared

_BUDGET_SMALL = 300_000  # pairs that every key may have, so that small files are compared whole
_BUDGET = 2  # pairs per record that a key may have beyond that
_NEIGHBOURS = 3
_SHIFT = 2**32  # two numbers in one
_NONE = np.uint64(2**64 - 1)
_Numbers = NDArray[Any]


def candidates(prepared: Prepared, *, within: bool = True) -> pl.DataFrame:
    """Distinct pairs of row numbers `left` < `right`; across sides only unless `within`."""
    rows = prepared.records
    side = rows["row" if within else "side"].to_numpy()
    place = rows["plain"].rank("ordinal").to_numpy() - 1
    by_side = np.argsort(side, kind="stable")
    found = [_pairs(keyed, side, by_side, place if crowded else None) for keyed, crowded in _keys(rows)]
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=_NONE))]
    return pl.DataFrame({"left": (pairs // _SHIFT).astype(np.uint32), "right": (pairs % _SHIFT).astype(np.uint32)})


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


def _pairs(keyed: pl.DataFrame, side: _Numbers, by_side: _Numbers, place: _Numbers | None) -> _Numbers:
    """Pairs of one key, as left * 2^32 + right: all of the small blocks, and neighbours (by place) in the others."""
    block, row = _blocks(_hashed(keyed["key"]), keyed["row"].to_numpy(), by_side)
    if not row.size:
        return np.empty(0, dtype=np.uint64)
    # In this order the partners of a record stand between the end of its side and the end of its block.
    changes = np.diff(block) != 0
    ends, side_ends = _ends(changes), _ends(changes | (np.diff(side[row].astype(np.int64)) != 0))
    partners = ends - side_ends
    cost = np.bincount(block, weights=partners).astype(np.int64)
    cheapest = np.argsort(cost, kind="stable")
    affordable = np.empty(cost.size, dtype=bool)
    affordable[cheapest] = np.cumsum(cost[cheapest]) <= max(_BUDGET_SMALL, _BUDGET * side.size)
    near = ~affordable[block]
    partners[near] = 0
    one = np.repeat(np.arange(row.size), partners)
    two = np.arange(one.size) - np.repeat(np.cumsum(partners) - partners - side_ends, partners)
    whole = _packed(row[one], row[two])
    if place is None or not near.any():
        return whole
    return np.concatenate([whole, *_neighbours(block[near], row[near], side, place)])


def _hashed(keys: pl.Series) -> _Numbers:
    """Keys spread over 64 bits, so that their first bits tell them apart (Fibonacci hashing, Knuth 6.4)."""
    return keys.cast(pl.UInt64).to_numpy() * np.uint64(0x9E3779B97F4A7C15)


def _blocks(keys: _Numbers, rows: _Numbers, order: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Rows that share a key, block by block and inside in `order` (rows), and the numbers of their blocks.

    Key and place go into one number, whose sort is several times faster than that of a table: two keys whose first
    bits are equal by chance cost a comparison and nothing else.
    """
    places = np.empty(order.size, dtype=np.uint64)
    places[order] = np.arange(order.size, dtype=np.uint64)
    bits = np.uint64(order.size.bit_length())
    line = np.sort(keys >> bits << bits | places[rows])
    found = line >> bits
    first, last = np.diff(found, prepend=~found[:1]) != 0, np.diff(found, append=~found[-1:]) != 0
    shared = ~(first & last)
    line, block = line[shared], np.cumsum(first[shared]) - 1
    return block, order[line & (np.uint64(1) << bits) - np.uint64(1)]


def _ends(changes: _Numbers) -> _Numbers:
    """For every place the end of its run; `changes` says after which places a run ends."""
    after = np.append(np.flatnonzero(changes) + 1, changes.size + 1)
    return np.repeat(after, np.diff(after, prepend=0))


def _neighbours(block: _Numbers, row: _Numbers, side: _Numbers, place: _Numbers) -> Iterator[_Numbers]:
    line = np.lexsort((place[row], block))
    block, row = block[line], row[line]
    for step in range(1, _NEIGHBOURS + 1):
        one, two = row[:-step], row[step:]
        near = (block[:-step] == block[step:]) & (side[one] != side[two])
        yield _packed(one[near], two[near])


def _packed(one: _Numbers, two: _Numbers) -> _Numbers:
    return np.minimum(one, two).astype(np.uint64) * np.uint64(_SHIFT) + np.maximum(one, two).astype(np.uint64)
