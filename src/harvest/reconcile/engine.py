"""Which records are one work, and why: prepare, block, compare, decide, cluster.

One engine for three authors and for millions of records: every step but the last is columns in, columns out, and the
last walks over accepted links only. The result does not depend on the order of the rows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from harvest.errors import InputProblem
from harvest.reconcile.block import candidates, packed, unpacked
from harvest.reconcile.cluster import CLAIMS, DOUBTS, beaten, best_matches, grow, lead_across
from harvest.reconcile.compare import compare
from harvest.reconcile.decide import FLOOR, LEAD, judge
from harvest.reconcile.prepare import prepare

_WHOLE = 64  # records of a work up to which all its pairs are told; of a larger one those with its smallest id are
_IMPLIED = 0.64  # score of two records that only others link: of two links of the score that makes one sure (0.8 * 0.8)
_PAIR_COLUMNS = ("left_id", "right_id", "score", "rule", "reason", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What was found: pairs that are worth telling, and the work of every record."""

    pairs: pl.DataFrame  # left_id, right_id, score (0 to 1), rule, reason, verdict: same | different | undecided
    clusters: pl.DataFrame  # id, cluster: the smallest id of the work


def link(
    records: pl.DataFrame,
    *,
    within: bool = True,
    side: str | None = None,
    must: Sequence[tuple[str, str]] = (),
    cannot: Sequence[tuple[str, str]] = (),
) -> Linked:
    """Links records (see `prepare.COLUMNS`); with `side` and not `within` only across the values of that column.

    `must` and `cannot` are human decisions as pairs of ids; they outrank every rule.
    """
    if records.height and records["id"].n_unique() != records.height:
        raise InputProblem("the ids of the records are not unique: give every record an id of its own")
    prepared = prepare(records, side)
    ids = prepared.records["id"]
    judged = judge(compare(prepared, candidates(prepared, within=within)))
    judged = judged if within else best_matches(judged)
    lead = LEAD if within else lead_across(judged, prepared.records["side"])
    together, apart = (_known(ids, decided) for decided in (must, cannot))
    plans = (prepared.records["stage"] == "in_preparation").fill_null(value=False)
    works = grow(judged, plans, together, apart, lead)
    implied = _implied(prepared.records["side"], works, judged, within=within)
    told = pl.concat([_verdicts(judged, works, lead), implied]).sort("left", "right")
    named = told.with_columns(left_id=ids[told["left"]], right_id=ids[told["right"]]).select(_PAIR_COLUMNS)
    pairs = _decided(named, ids, together, apart)
    return Linked(pairs=pairs, clusters=pl.DataFrame({"id": ids, "cluster": ids[works]}))


def _known(ids: pl.Series, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """Decisions as row numbers, in a settled order; one about a record that is not here says nothing here."""
    rows = {name: row for row, name in enumerate(ids)} if pairs else {}
    known = ((rows[left], rows[right]) for left, right in pairs if left in rows and right in rows)
    return sorted({(min(pair), max(pair)) for pair in known if pair[0] != pair[1]})


def _verdicts(judged: pl.DataFrame, works: pl.Series, lead: float) -> pl.DataFrame:
    """What became of every pair: `beaten` is one of whose records another fits better."""
    opposed = pl.col("against").is_not_null() & ~(pl.col("one_work") & pl.col("against").is_in(CLAIMS + DOUBTS))
    judged = judged.with_columns(one_work=works[judged["left"]] == works[judged["right"]])
    judged = beaten(judged.with_columns(opposed=opposed, plausible=pl.col("bits") + lead >= 0))
    same = pl.col("one_work") & ~pl.col("opposed")
    likely = pl.col("plausible") & pl.col("against").is_null()
    led = pl.when(same & ~pl.col("sure")).then(lead).otherwise(0.0)
    verdict = (
        pl.when(same).then(pl.lit("same"))
        .when(pl.col("plausible") & ~pl.col("opposed") & ~pl.col("beaten")).then(pl.lit("undecided"))
        .otherwise(pl.lit("different"))
    )  # fmt: skip
    told_bits = pl.when("opposed").then(pl.min_horizontal("bits", pl.lit(FLOOR))).otherwise(pl.col("bits") + led)
    judged = judged.with_columns(verdict=verdict, bits=told_bits)
    doubt = (
        pl.when(pl.col("opposed")).then(pl.format(". {}.", "objection"))
        .when(pl.col("verdict") == "undecided").then(pl.lit("; another work fits about as well."))
        .when((pl.col("verdict") == "different") & pl.col("beaten")).then(pl.lit("; another record fits better."))
        .when(pl.col("verdict") == "different").then(pl.lit("; that is too little for one work."))
        .when(~likely).then(pl.lit("; other records of the work link them."))
        .otherwise(pl.lit("."))
    )  # fmt: skip
    score = 1 / (1 + (-pl.col("bits").cast(pl.Float64) * math.log(2)).exp())
    told = judged.with_columns(
        score=pl.when(same & ~likely).then(pl.max_horizontal(score, pl.lit(_IMPLIED))).otherwise(score),
        rule=pl.when("opposed").then("against").otherwise("rule"),
    )
    return told.with_columns(reason=pl.col("reason") + doubt).select("left", "right", *_PAIR_COLUMNS[2:])


def _implied(side: pl.Series, works: pl.Series, judged: pl.DataFrame, *, within: bool) -> pl.DataFrame:
    """Pairs of one work that were not compared, so that pairs say what clusters say; at most _WHOLE a record."""
    sizes = np.bincount(works, minlength=works.len())
    rows = np.flatnonzero(sizes[works] > 1).astype(np.uint32)
    members = pl.DataFrame({"row": rows, "work": works[rows], "side": side[rows]})
    centre = (sizes[members["work"]] <= _WHOLE) | (rows == members["work"].to_numpy())
    both = members.filter(centre).join(members, on="work", suffix="_right").filter(pl.col("row") < pl.col("row_right"))
    both = both if within else both.filter(pl.col("side") != pl.col("side_right"))
    pairs = both.select(left="row", right="row_right")
    known, said = (np.sort(packed(some["left"].to_numpy(), some["right"].to_numpy())) for some in (judged, pairs))
    missing = unpacked(said[~np.isin(said, known, assume_unique=True)])
    return missing.with_columns(
        score=pl.lit(_IMPLIED), rule=pl.lit("same_work"),
        reason=pl.lit("Alone they tell too little, but other records of the work link them."), verdict=pl.lit("same"),
    )  # fmt: skip


def _decided(
    pairs: pl.DataFrame, ids: pl.Series, together: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> pl.DataFrame:
    """Human decisions in place of what the rules said."""
    said = [(ids[left], ids[right], 1.0, "same") for left, right in together]
    said += [(ids[left], ids[right], 0.0, "different") for left, right in apart if (left, right) not in together]
    if not said:
        return pairs
    told = pl.DataFrame(said, schema=["left_id", "right_id", "score", "verdict"], orient="row")
    told = told.with_columns(rule=pl.lit("decided"), reason=pl.lit("A person decided so.")).select(*_PAIR_COLUMNS)
    return pl.concat([pairs.join(told, on=["left_id", "right_id"], how="anti"), told]).sort("left_id", "right_id")
