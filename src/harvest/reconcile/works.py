"""Works keep their ids. Clusters of records are given the ids their records had: resolve before minting.

A merge leaves a redirect, a split leaves a note, and both are changes. A run without new records and
without new decisions reconciles nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from duckdb import DuckDBPyConnection

from harvest.model import fingerprint
from harvest.reconcile.engine import Linked, link

_RECORDS = """
with first_seen as (
    select record_id, arg_min(answer_id, (received_at, answer_id)) as list
    from sightings
    join answers using (answer_id)
    group by record_id
)
select
    record_id as id, source, title, authors, truncated, coalesce(year, year(first_on), year(published_on)) as year,
    coalesce(first_on, published_on) as date, venue, stage, doi, arxiv_id, dblp_key, abstract, list
from records
join first_seen using (record_id)
order by record_id
"""

_DECIDED = """
select verdict, one.record_id, two.record_id
from current_decisions
join referred as one on one.reference = reference_key(left_ref)
join referred as two on two.reference = reference_key(right_ref)
where verdict in ('same', 'different') and one.record_id <> two.record_id
order by all
"""


# Two entries of one list of the person's own are two works, unless they bear one title.
_LISTED_APART = """
select distinct one.record_id, two.record_id  -- the smaller id first, as the engine has them
from sightings as one
join sightings as two on two.answer_id = one.answer_id and two.record_id > one.record_id
join records as left_record on left_record.record_id = one.record_id
join records as right_record on right_record.record_id = two.record_id
where left_record.source in ('cv', 'homepage') and title_key(left_record.title) <> title_key(right_record.title)
order by all
"""


# What a source calls by one name is one work; a document's names hold for its person only.
_SAME_KEY = """
select lag(record_id) over one_key as one, record_id as two
from (
    select distinct record_id, records.source, key, case when own or document then person_id end as whose
    from records
    join sightings using (record_id)
    join answers using (answer_id)
)
window one_key as (partition by source, key, whose order by record_id)
qualify one is not null and one <> two
order by all
"""

Pairs = list[tuple[str, str]]  # of record ids


@dataclass(slots=True)
class Moves:
    """What a reconciliation did to the works: rows for memberships and redirects."""

    memberships: list[tuple[str, str]] = field(default_factory=list)
    redirects: list[tuple[str, str, str]] = field(default_factory=list)  # work, merged|split, other


def reconcile(db: DuckDBPyConnection, run_id: int, now: datetime) -> int:
    """Give every record its work; returns how many works there are now. `now` is UTC without a zone."""
    if _is_news(db, run_id):
        same, apart = _decided(db)
        keyed, listed = _obvious(db, {*same, *apart})
        linked = link(db.sql(_RECORDS).pl(), must=same + keyed, cannot=apart + listed)
        _keep_links(db, linked, keyed + listed, run_id)
        before = db.execute("select record_id, work_id from record_works").fetchall()
        minted = db.execute("select work_id, min(run_id) from memberships group by work_id").fetchall()
        moves = settle(linked.clusters.rows(), dict(before), dict(minted), run_id)
        _keep_moves(db, moves, run_id, now)
    return int(db.execute("select count(distinct work_id) from record_works").fetchall()[0][0])


def settle(
    clusters: Sequence[tuple[str, object]], before: dict[str, str], minted: dict[str, int], run_id: int
) -> Moves:
    """Which work each record belongs to, given the clusters (record id, cluster) and the works before.

    `minted` is the run in which each work was first seen: of two that merge, the older keeps its id.
    """
    groups: dict[object, list[str]] = defaultdict(list)
    for record, cluster in clusters:
        groups[cluster].append(record)
    heirs = _heirs(groups, before)
    moves = Moves()
    for cluster, records in sorted(groups.items(), key=lambda group: min(group[1])):
        inherited = sorted(heirs[cluster], key=lambda work: (minted[work], work))
        work = inherited[0] if inherited else "w" + fingerprint(min(records), run_id)[:12]
        moves.redirects += [(old, "merged", work) for old in inherited[1:]]
        if not inherited:
            moves.redirects += [(old, "split", work) for old in sorted({before[r] for r in records if r in before})]
        moves.memberships += [(record, work) for record in sorted(records) if before.get(record) != work]
    return moves


def _heirs(groups: dict[object, list[str]], before: dict[str, str]) -> dict[object, list[str]]:
    """The works each cluster inherits: a work goes where most of its records went."""
    shares: dict[str, Counter[object]] = defaultdict(Counter)
    first: dict[object, str] = {cluster: min(records) for cluster, records in groups.items()}
    for cluster, records in groups.items():
        for record in records:
            if record in before:
                shares[before[record]][cluster] += 1
    heirs: dict[object, list[str]] = defaultdict(list)
    for work, counts in shares.items():
        heirs[min(counts, key=lambda cluster: (-counts[cluster], first[cluster]))].append(work)
    return heirs


def _is_news(db: DuckDBPyConnection, run_id: int) -> bool:
    counts = db.execute(
        "select (select count(*) from records where record_id not in (select record_id from memberships))"
        " + (select count(*) from decisions where run_id = ?)",
        [run_id],
    ).fetchall()
    return bool(counts[0][0])


def _decided(db: DuckDBPyConnection) -> tuple[Pairs, Pairs]:
    """Pairs of records that a human says are one work, and those that are two."""
    pairs = db.execute(_DECIDED).fetchall()
    same = [(one, two) for verdict, one, two in pairs if verdict == "same"]
    return same, [(one, two) for verdict, one, two in pairs if verdict == "different"]


def _obvious(db: DuckDBPyConnection, decided: set[tuple[str, str]]) -> tuple[Pairs, Pairs]:
    """Pairs that a source calls by one name, and those that it lists as two, where no human says otherwise."""
    known = decided | {(two, one) for one, two in decided}
    keyed, listed = (db.execute(query).fetchall() for query in (_SAME_KEY, _LISTED_APART))
    return [pair for pair in keyed if pair not in known], [pair for pair in listed if pair not in known]


def _keep_links(db: DuckDBPyConnection, linked: Linked, obvious: Pairs, run_id: int) -> None:
    """Log judgements that are new or have changed; what a source itself says needs no row of its own."""
    told = pl.DataFrame(obvious, schema={"left_id": pl.String, "right_id": pl.String}, orient="row")
    judged = linked.pairs.join(told, on=["left_id", "right_id"], how="anti")
    db.register("judged", judged.with_columns(run_id=pl.lit(run_id)))
    db.execute(
        """
        insert into links
        with latest as (
            select * from links
            qualify row_number() over (partition by left_record_id, right_record_id order by run_id desc) = 1
        )
        select left_id, right_id, judged.verdict, judged.rule, judged.score, judged.reason, judged.run_id
        from judged
        left join latest on left_record_id = left_id and right_record_id = right_id
        where latest.verdict is distinct from judged.verdict or latest.reason is distinct from judged.reason
        """
    )
    db.unregister("judged")


def _keep_moves(db: DuckDBPyConnection, moves: Moves, run_id: int, now: datetime) -> None:
    if moves.memberships:
        db.executemany("insert into memberships values (?, ?, ?)", [(*move, run_id) for move in moves.memberships])
    reasons = {
        "merged": "new evidence says both are one work",
        "split": "new evidence says they are two works",
    }
    if moves.redirects:
        db.executemany(
            "insert into redirects values (?, ?, ?, ?, ?, ?)",
            [(work, kind, other, reasons[kind], now, run_id) for work, kind, other in moves.redirects],
        )
