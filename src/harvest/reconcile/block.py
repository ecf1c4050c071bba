"""Which pairs of records are worth comparing: several keys that miss different things, each within a budget.

A pair that no title key finds, because the work was renamed, is found by its authors; a pair whose authors
are missing or mangled is found by its title's rare words. A key that many records share says little and would
cost the square of their number, so the smaller blocks come first until the budget is spent; in a block that is
left over each record still meets its nearest neighbours in the order of their titles (Hernández and Stolfo
1995, sorted neighbourhood). The cost is therefore linear in the number of records.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.reconcile.prepare import IDENTIFIERS, Prepared

_BUDGET_SMALL = 300_000  # pairs that every key may have, so that small files are compared whole
_BUDGET = 2  # pairs per record that a key may have beyond that
_NEIGHBOURS = 3
_HALF = np.uint64(32)  # bits, for two numbers in one
_Numbers = NDArray[Any]
_Keyed = tuple[_Numbers, _Numbers]  # rows, and a key for each
_Slot = tuple[_Numbers, _Numbers]  # of every row whether it has a key, and the key


def candidates(prepared: Prepared, *, within: bool = True) -> pl.DataFrame:
    """Distinct pairs of row numbers `left` < `right`; across sides only unless `within`."""
    rows = prepared.records
    side = rows["row" if within else "side"].to_numpy()
    by_side = np.argsort(side, kind="stable").astype(np.uint32)
    found = [_pairs(row, key, side, by_side, rows["plain"] if near else None) for row, key, near in _keys(rows)]
    pairs = np.concatenate(found)
    found.clear()
    pairs.sort()
    return unpacked(pairs[_starts(pairs)])


def packed(one: _Numbers, two: _Numbers) -> _Numbers:
    """Pairs of rows as the smaller * 2^32 + the larger."""
    pairs = np.minimum(one, two).astype(np.uint64)
    pairs <<= _HALF
    pairs |= np.maximum(one, two)
    return pairs


def unpacked(pairs: _Numbers) -> pl.DataFrame:
    """The pairs of `packed` as columns `left` and `right`."""
    return pl.DataFrame({"left": (pairs >> _HALF).astype(np.uint32), "right": pairs.astype(np.uint32)})


def _keys(rows: pl.DataFrame) -> Iterator[tuple[_Numbers, _Numbers, bool]]:
    """Rows and their keys, one kind at a time, and whether neighbours in a crowded block are worth comparing."""
    for name in IDENTIFIERS:
        yield *_listed([_plain(rows[name])]), True
    parts = [rows.select("row", key=name).drop_nulls() for name in ("compact", "head", "tail", "coined")]
    pieces = pl.concat(parts).unique()
    yield pieces["row"].to_numpy(), pieces["key"].to_numpy(), True
    words, authors = _slots(rows["words"], 4), _slots(rows["authors"], 8)
    yield *_listed(_both(combinations(words, 2))), True
    each = rows.select("row", key=pl.col("authors").list.head(64)).explode("key").drop_nulls()
    yield each["row"].to_numpy(), each["key"].to_numpy(), False  # names that many bear: the keys below say more
    yield *_listed(_both(combinations(authors[:5], 2))), True
    yield *_listed(_both(product(authors[:3], words))), False
    yield *_listed(_both(product(authors, [_plain(rows["day"])]))), False
    yield *_listed(_slots(rows["sketch"], 6)), False


def _plain(keys: pl.Series) -> _Slot:
    """A column of numbers as a slot."""
    return keys.is_not_null().to_numpy(), keys.fill_null(0).to_numpy()


def _slots(lists: pl.Series, most: int) -> list[_Slot]:
    """The first (rarest) of every list, its second, and so on."""
    counts, flat = lists.list.len().fill_null(0).to_numpy(), lists.filter(lists.list.len() > 0).explode().to_numpy()
    starts = np.cumsum(counts, dtype=np.int64) - counts
    slots = [(counts > place, np.zeros(counts.size, dtype=flat.dtype)) for place in range(most)]
    for place, (told, keys) in enumerate(slots):
        keys[told] = flat[starts[told] + place]
    return slots


def _listed(slots: Iterable[_Slot]) -> _Keyed:
    """Rows and keys of all slots."""
    found = [(np.flatnonzero(told).astype(np.uint32), keys[told]) for told, keys in slots]
    return np.concatenate([rows for rows, _ in found]), np.concatenate([keys for _, keys in found])


def _both(pairs: Iterable[tuple[_Slot, _Slot]]) -> Iterator[_Slot]:
    """Two keys of a record as one."""
    for (told, keys), (others, more) in pairs:
        yield told & others, keys.astype(np.uint64) << _HALF | more.astype(np.uint32)


def _pairs(rows: _Numbers, keys: _Numbers, side: _Numbers, by_side: _Numbers, titles: pl.Series | None) -> _Numbers:
    """Pairs of one key, packed: all of the small blocks, and neighbours (by title) in the others."""
    block, row = _blocks(keys, rows, by_side)
    if not row.size:
        return np.empty(0, dtype=np.uint64)
    # In this order the partners of a record stand between the end of its side and the end of its block.
    changes = block[1:] != block[:-1]
    ends, side_ends = _ends(changes), _ends(changes | (side[row[1:]] != side[row[:-1]]))
    partners = ends - side_ends
    cost = np.bincount(block, weights=partners).astype(np.int64)
    cheapest = np.argsort(cost, kind="stable")
    affordable = np.empty(cost.size, dtype=bool)
    affordable[cheapest] = np.cumsum(cost[cheapest]) <= max(_BUDGET_SMALL, _BUDGET * side.size)
    near = ~affordable[block]
    partners[near] = 0
    one = np.repeat(row, partners)
    two = np.arange(one.size)
    two -= np.repeat(np.cumsum(partners) - partners - side_ends, partners)
    whole = packed(one, row[two])
    if titles is None or not near.any():
        return whole
    return np.concatenate([whole, *_neighbours(block[near], row[near], side, titles)])


def _blocks(keys: _Numbers, rows: _Numbers, order: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Rows that share a key, block by block and inside in `order` (rows), and the numbers of their blocks.

    Key and place go into one number, whose sort is several times faster than that of a table: two keys whose first
    bits are equal by chance cost a comparison and nothing else. Keys are spread over 64 bits, so that their first bits
    tell them apart (Fibonacci hashing, Knuth 6.4).
    """
    places = np.empty(order.size, dtype=np.uint64)
    places[order] = np.arange(order.size, dtype=np.uint64)
    bits = np.uint64(order.size.bit_length())
    line = keys.astype(np.uint64)
    line *= np.uint64(0x9E3779B97F4A7C15)
    line >>= bits
    line <<= bits
    line |= places[rows]
    line.sort()
    first = _starts(line >> bits)
    shared = ~first
    shared[:-1] |= shared[1:]  # the first of several
    block = np.cumsum(first[shared]) - 1
    line = line[shared]
    line &= (np.uint64(1) << bits) - np.uint64(1)
    return block, order[line]


def _starts(line: _Numbers) -> _Numbers:
    """Of every place whether another number stands before it."""
    starts = np.ones(line.size, dtype=bool)
    np.not_equal(line[1:], line[:-1], out=starts[1:])
    return starts


def _ends(changes: _Numbers) -> _Numbers:
    """For every place the end of its run; `changes` says after which places a run ends."""
    after = np.append(np.flatnonzero(changes) + 1, changes.size + 1)
    return np.repeat(after, np.diff(after, prepend=0))


def _neighbours(block: _Numbers, row: _Numbers, side: _Numbers, titles: pl.Series) -> Iterator[_Numbers]:
    some, which = np.unique(row, return_inverse=True)
    place = titles.gather(some).rank("ordinal").to_numpy()[which]
    line = np.lexsort((place, block))
    block, row = block[line], row[line]
    for step in range(1, _NEIGHBOURS + 1):
        one, two = row[:-step], row[step:]
        near = (block[:-step] == block[step:]) & (side[one] != side[two])
        yield packed(one[near], two[near])
