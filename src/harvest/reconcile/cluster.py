"""From pairs to works: sure links first, contradictions kept apart, likely links only where no other work fits.

Plain transitive closure would let one weak link chain two works. So works grow in rounds: sure links join records,
in the order of their bits and never across a contradiction; then each likely link is read as one between works, and
joins two of them only if each is the other's best and leads the next by a margin. A record that matches any known
title of a work thereby matches the work.
"""

import math
from collections.abc import Iterable

import polars as pl

from harvest.reconcile.decide import CONTRADICTIONS, LEAD, MARGIN

_ROUNDS = 4
PROOFS = [rule.name for rule in CONTRADICTIONS if rule.proof] + ["better_match"]
DOUBTS = [rule.name for rule in CONTRADICTIONS if not rule.proof]


class Forest:
    """Which rows are one work so far, and which works must not become one (union by smallest row)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
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
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
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

    def roots(self) -> pl.Series:
        """The work of every row."""
        return pl.Series("work", [self.root(row) for row in range(len(self._parent))], dtype=pl.UInt32)


def grow(
    judged: pl.DataFrame, plans: pl.Series, must: list[tuple[int, int]], cannot: list[tuple[int, int]], lead: float
) -> pl.Series:
    """The work (its smallest row) of every row; `judged` has left, right, bits, against, sure, unfinished.

    `plans` says of every row whether it speaks of a work in preparation.
    """
    links = judged.filter(pl.col("against").is_null() & (pl.col("bits") + lead >= 0))
    links = links.sort("bits", "left", "right", descending=[True, False, False])
    linked = pl.concat([links["left"], links["right"]]).unique().implode()
    against = judged.filter(pl.col("left").is_in(linked) & pl.col("right").is_in(linked))
    proofs, doubts = (
        against.filter(pl.col("against").is_in(names)).select("left", "right") for names in (PROOFS, DOUBTS)
    )
    forest = Forest(plans.len())
    for left, right in must:
        forest.join(left, right, force=True)
    forest.keep_apart([*cannot, *proofs.iter_rows()])
    for left, right in links.filter("sure").select("left", "right").iter_rows():
        forest.join(left, right)
    forest.keep_apart(doubts.iter_rows())
    likely = links.filter(~pl.col("sure")).select("left", "right", "bits", "unfinished", "repetitive")
    for _ in range(_ROUNDS):
        works = forest.roots()
        best = _best(_waiting(likely, works, plans), works)
        joined = [forest.join(left, right) for left, right in best.iter_rows()]
        if not any(joined):
            break
    return forest.roots()


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
    sizes = works.value_counts(name="size")
    for end in ("a", "b"):
        lone = sizes.select(pl.col("work").alias(end), (pl.col("size") == 1).alias(f"lone_{end}"))
        between = between.join(lone, on=end)
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
    links = judged.filter(~pl.col("opposed"))
    ends = pl.concat([links.select(end="left", bits="bits"), links.select(end="right", bits="bits")])
    best = ends.group_by("end").agg(best=pl.col("bits").max())
    for end in ("left", "right"):
        judged = judged.join(best.rename({"end": end, "best": f"best_{end}"}), on=end, how="left")
    leader = pl.max_horizontal("best_left", "best_right")
    return judged.with_columns(beaten=leader - pl.col("bits") > MARGIN).drop("best_left", "best_right")


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
