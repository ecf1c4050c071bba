"""From pairs to works: sure links first, contradictions kept apart, likely links only where no other work fits.

Plain transitive closure would let one weak link chain two works. So works grow in rounds: sure links join works, the
likest first, never across a contradiction, and only where their records of one title agree on average (average linkage,
Sokal and Michener 1958: one record without a year chains nothing); then each likely link is read as one between works,
and joins two of them only if each is the other's best and leads the next by a margin. A record that matches any known
title of a work thereby matches the work.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.reconcile.decide import CONTRADICTIONS, LEAD, MARGIN

_ROUNDS = 4
PROOFS = [rule.name for rule in CONTRADICTIONS if rule.weight == "proof"] + ["better_match"]
CLAIMS = [rule.name for rule in CONTRADICTIONS if rule.weight == "claim"]
DOUBTS = [rule.name for rule in CONTRADICTIONS if rule.weight == "doubt"]
_Numbers = NDArray[Any]


class Forest:
    """Which rows are one work so far, and which works must not become one (union by smallest row)."""

    def __init__(self, size: int) -> None:
        self._first = np.arange(size, dtype=np.uint32)
        self._parent: dict[int, int] = {}  # of the rows that joined another; most are a work of their own
        self._apart: dict[int, set[int]] = {}

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """The works of these rows must not become one, unless they are already."""
        for left, right in pairs:
            one, two = self.root(left), self.root(right)
            if one != two:
                self._apart.setdefault(one, set()).add(two)
                self._apart.setdefault(two, set()).add(one)

    def root(self, row: int) -> int:
        """The smallest row of the work."""
        row = self._first.item(row)
        while (above := self._parent.get(row, row)) != row:
            self._parent[row] = self._parent.get(above, above)
            row = above
        return row

    def join(self, left: int, right: int, *, force: bool = False) -> bool:
        """Makes one work of two, unless they must stay apart; whether they are one now."""
        one, two = sorted((self.root(left), self.root(right)))
        if one == two:
            return True
        if not force and two in self._apart.get(one, ()):
            return False
        self._parent[two] = one
        enemies = self._apart.pop(two, set())
        for enemy in enemies:
            self._apart[enemy].discard(two)
            self._apart[enemy].add(one)
        if enemies:
            self._apart.setdefault(one, set()).update(enemies)
        self._apart.get(one, set()).discard(one)
        return True

    def settle(self, left: _Numbers, right: _Numbers) -> None:
        """Joins rows of which nothing was said so far."""
        self._first = connected(left, right, self._first.size)

    def named(self) -> _Numbers:
        """Rows that joined another, were joined, or whose works must stay apart."""
        return np.array([*self._parent, *self._parent.values(), *self._apart], dtype=np.uint32)

    def roots(self) -> pl.Series:
        """The work of every row."""
        roots = np.arange(self._first.size, dtype=np.uint32)
        moved = np.fromiter(self._parent, np.uint32, len(self._parent))
        roots[moved] = np.fromiter(self._parent.values(), np.uint32, len(self._parent))
        while not np.array_equal(above := roots[roots[moved]], roots[moved]):
            roots[moved] = above
        return pl.Series("work", roots[self._first])


def connected(left: _Numbers, right: _Numbers, size: int) -> _Numbers:
    """For every row the smallest that pairs lead to, in rounds that join each group to a smaller one beside it.

    After every round at most half of the groups are left (Shiloach and Vishkin, "An O(log n) Parallel Connectivity
    Algorithm", 1982).
    """
    works = np.arange(size, dtype=np.uint32)
    while left.size:
        np.minimum.at(works, np.maximum(left, right), np.minimum(left, right))
        while not np.array_equal(above := works[works], works):
            works = above
        left, right = works[left], works[right]
        left, right = left[left != right], right[left != right]
    return works


def grow(
    judged: pl.DataFrame, plans: pl.Series, must: list[tuple[int, int]], cannot: list[tuple[int, int]], lead: float
) -> pl.Series:
    """The work (its smallest row) of every row; `judged` has left, right, bits, against, sure, unfinished.

    `plans` says of every row whether it speaks of a work in preparation.
    """
    judged = judged.drop("rule", "reason", "objection", strict=False)
    links = judged.filter(pl.col("against").is_null() & (pl.col("bits") + lead >= 0))
    linked = _rows(links, plans.len())
    against = judged.filter(linked[judged["left"]] & linked[judged["right"]])
    proofs, doubts = (
        against.filter(pl.col("against").is_in(names)).select("left", "right") for names in (PROOFS, DOUBTS)
    )
    forest = Forest(plans.len())
    for left, right in must:
        forest.join(left, right, force=True)
    forest.keep_apart([*cannot, *proofs.iter_rows()])
    _join_sure(forest, judged)
    forest.keep_apart(doubts.iter_rows())
    likely = links.filter(~pl.col("sure")).select("left", "right", "bits", "unfinished", "repetitive")
    for _ in range(_ROUNDS):
        works = forest.roots()
        forest.keep_apart(_disputed(judged, works))
        best = _best(_waiting(likely, works, plans), works)
        joined = [forest.join(left, right) for left, right in best.iter_rows()]
        if not any(joined):
            break
    return forest.roots()


def _rows(pairs: pl.DataFrame, size: int) -> _Numbers:
    """Of every row whether it is in one of the pairs."""
    told = np.zeros(size, dtype=bool)
    told[pairs["left"]] = told[pairs["right"]] = True
    return told


@dataclass(frozen=True, slots=True)
class _Tie:
    """What the compared pairs of records between two works say together."""

    bits: float  # of the pairs of one title, added up
    count: int  # of these pairs
    sure: bool  # whether one of them is a sure link
    claims: int  # pairs of which a claim keeps the works apart
    told: int  # pairs that could make such a claim

    def __add__(self, other: "_Tie") -> "_Tie":
        return _Tie(
            self.bits + other.bits, self.count + other.count, self.sure or other.sure,
            self.claims + other.claims, self.told + other.told,
        )  # fmt: skip

    @property
    def order(self) -> tuple[float, int]:
        """The likest first; of two that are as like, the one that more pairs tell."""
        return -self.bits / max(self.count, 1), -self.count

    @property
    def holds(self) -> bool:
        return self.sure and self.bits >= 0 and (not self.claims or self.claims * 2 < self.told)


def _join_sure(forest: Forest, judged: pl.DataFrame) -> None:
    """Joins works between which a sure link holds; what two works were to a third is added up when they are one."""
    firm = (pl.col("sure") & pl.col("against").is_null()).alias("firm")
    claim = pl.col("against").is_in(CLAIMS).fill_null(value=False)
    counts = firm | pl.col("plain")
    told = judged.filter(counts | claim).select(
        "left", "right", pl.when(counts).then("bits").otherwise(0.0), counts.cast(pl.UInt8).alias("count"), firm,
        claim.cast(pl.UInt8).alias("claims"), pl.col("kinds_told").cast(pl.UInt8),
    )  # fmt: skip
    told = _settled(forest, told).sort("left", "right")
    ties: dict[int, dict[int, _Tie]] = defaultdict(dict)
    for left, right, *said in told.iter_rows():
        one, two = forest.root(left), forest.root(right)
        if one != two:
            _tie(ties, one, two, _Tie(*said))
    line = [(*tie.order, one, two, tie) for one, near in ties.items() for two, tie in near.items() if one < two]
    line = [entry for entry in line if entry[-1].holds]
    heapq.heapify(line)
    while line:
        *_, one, two, tie = heapq.heappop(line)
        if ties.get(one, {}).get(two) is tie and forest.join(one, two):
            for entry in _merge(ties, one, two):
                heapq.heappush(line, entry)


def _settled(forest: Forest, told: pl.DataFrame) -> pl.DataFrame:
    """Joins at once what only sure links connect, which is most; the pairs about the others."""
    left, right = (told[end].to_numpy() for end in ("left", "right"))
    groups = connected(left, right, forest.roots().len())
    doubtful = np.zeros(groups.size, dtype=bool)
    doubtful[groups[left[~told["firm"].to_numpy()]]] = doubtful[groups[forest.named()]] = True
    open_ = doubtful[groups[left]]
    forest.settle(left[~open_], right[~open_])
    return told.filter(open_)


def _tie(ties: dict[int, dict[int, _Tie]], one: int, two: int, more: _Tie) -> _Tie:
    known = ties[one].get(two)
    both = known + more if known else more
    ties[one][two] = ties[two][one] = both
    return both


def _merge(ties: dict[int, dict[int, _Tie]], one: int, two: int) -> Iterator[tuple[float, int, int, int, _Tie]]:
    """Gives the ties of the one with fewer to the other, and tells those that hold now."""
    kept, gone = (one, two) if len(ties[one]) >= len(ties[two]) else (two, one)
    for other, more in ties.pop(gone).items():
        del ties[other][gone]
        if other != kept:
            both = _tie(ties, kept, other, more)
            if both.holds:
                yield (*both.order, min(kept, other), max(kept, other), both)


def _disputed(judged: pl.DataFrame, works: pl.Series) -> Iterator[tuple[int, int]]:
    """Works that a claim keeps apart: most pairs of their records that could make it do."""
    pairs = judged.filter("kinds_told").select(
        claim=pl.col("against").is_in(CLAIMS).fill_null(value=False), left="left", right="right"
    )
    ends = [works[pairs[end]] for end in ("left", "right")]
    pairs = pairs.with_columns(one=ends[0], two=ends[1]).filter(pl.col("one") != pl.col("two"))
    pairs = pairs.group_by(a=pl.min_horizontal("one", "two"), b=pl.max_horizontal("one", "two")).agg(
        pl.col("claim").mean()
    )
    return pairs.filter(pl.col("claim") >= 0.5).select("a", "b").sort("a", "b").iter_rows()


def _waiting(links: pl.DataFrame, works: pl.Series, plans: pl.Series) -> pl.DataFrame:
    """Without the links of a plan that has become a work: it becomes no other, and holds no two works together."""
    became = plans & works.is_in(works.filter(~plans).implode())
    return links.filter(~(pl.col("unfinished") & (became[links["left"]] | became[links["right"]])))


def _best(links: pl.DataFrame, works: pl.Series) -> pl.DataFrame:
    """Links between works that are each other's best by a margin, as pairs of rows."""
    between = links.with_columns(one=works[links["left"]], two=works[links["right"]]).filter(
        pl.col("one") != pl.col("two")
    )
    between = (
        between.select("repetitive", "bits", a=pl.min_horizontal("one", "two"), b=pl.max_horizontal("one", "two"))
        .group_by("a", "b")
        .agg(pl.col("bits").max(), pl.col("repetitive").all())
    )
    lone = np.bincount(works, minlength=works.len()) == 1
    between = between.with_columns(pl.Series(f"lone_{end}", lone[between[end]]) for end in ("a", "b"))
    enough = pl.col("repetitive") & (pl.col("lone_a") & pl.col("leads_a") | pl.col("lone_b") & pl.col("leads_b"))
    led = leads(between).filter(pl.col("leads_a") & pl.col("leads_b") | enough)
    return led.sort("bits", "a", "b", descending=[True, False, False]).select("a", "b")


def best_matches(judged: pl.DataFrame) -> pl.DataFrame:
    """Across files a record has one partner, or several that fit about as well: others are `against` "better_match"."""
    judged = beaten(judged.with_columns(opposed=pl.col("against").is_not_null()))
    other = pl.col("beaten") & ~pl.col("opposed")
    return judged.with_columns(
        against=pl.when(other).then(pl.lit("better_match")).otherwise("against"),
        objection=pl.when(other).then(pl.lit("Another record fits better")).otherwise("objection"),
    ).drop("opposed", "beaten")


def beaten(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds `beaten`: another pair of one of the two records leads this one by the margin."""
    left, right, bits = (judged[name].to_numpy() for name in ("left", "right", "bits"))
    free = ~judged["opposed"].to_numpy()
    best = np.full(max(left.max(initial=0), right.max(initial=0)) + 1, -np.inf, dtype=bits.dtype)
    for end in (left, right):
        np.maximum.at(best, end[free], bits[free])
    return judged.with_columns(beaten=pl.Series(np.maximum(best[left], best[right]) - bits > MARGIN))


def lead_across(judged: pl.DataFrame, side: pl.Series) -> float:
    """Bits for leading: the more of the smallest file have found a sure partner, the likelier the others have one."""
    sure = judged.filter(pl.col("against").is_null() & pl.col("sure"))
    sizes = side.value_counts().sort("count", side.name)
    if sure.is_empty() or sizes.height < 2:
        return LEAD
    found = pl.concat([sure["left"], sure["right"]]).unique()
    share = (side[found] == sizes[side.name][0]).sum() / sizes["count"][0]
    odds = math.log2((share + 0.01) / (1.01 - share))
    return LEAD + max(-1.5, min(odds / 2 + 0.5, 3.0))


def leads(pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds to pairs (a, b, bits) whether one leads every other pair of a by the margin, and of b."""
    ends = pl.concat([pairs.select(end="a", bits="bits"), pairs.select(end="b", bits="bits")])
    top = ends.group_by("end").agg(first=pl.col("bits").max(), second=pl.col("bits").top_k(2).min(), count=pl.len())
    top = top.with_columns(second=pl.when(pl.col("count") > 1).then("second"))
    for end in ("a", "b"):
        pairs = pairs.join(top.select(pl.all().name.suffix(f"_{end}")), left_on=end, right_on=f"end_{end}")
        far = (pl.col("bits") - pl.col(f"second_{end}") >= MARGIN).fill_null(value=True)
        pairs = pairs.with_columns(((pl.col("bits") >= pl.col(f"first_{end}")) & far).alias(f"leads_{end}"))
    return pairs
