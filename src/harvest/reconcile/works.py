"""Works keep their ids. Clusters of records are given the ids their records had: resolve before minting.

A merge leaves a redirect, a split leaves a note, and both are changes. A run without new records and
without new decisions reconciles nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl
from duckdb import DuckDBPyConnection

from harvest.model import fingerprint
from harvest.reconcile.decisions import Decided, Pairs, orders, read_decided, together
from harvest.reconcile.engine import Linked, link
from harvest.reconcile.fresh import scope
from harvest.reconcile.succession import successions, telling_words

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

# Two entries of one list of the person's own are two works, unless they bear one title.
_LISTED_APART = """
with lists as (  -- each list once, however often it was captured
    select any_value(answer_id) as answer_id
    from (
        select answer_id, list(record_id order by record_id) as said
        from sightings
        join answers using (answer_id)
        where source in ('cv', 'homepage')
        group by answer_id
    )
    group by said
)
select distinct one.record_id, two.record_id  -- the smaller id first, as the engine has them
from lists
join sightings as one using (answer_id)
join sightings as two on two.answer_id = one.answer_id and two.record_id > one.record_id
join records as left_record on left_record.record_id = one.record_id
join records as right_record on right_record.record_id = two.record_id
where title_key(left_record.title) <> title_key(right_record.title)
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


# New records that tell nothing of which work they are: a name that is known, with no title, author or identifier that
# is new or that another work bears.
_TOLD_BEFORE = """
with said as (
    select distinct record_id, case when own or document then person_id end as whose
    from sightings
    join answers using (answer_id)
),
named as (
    select
        record_id, work_id, source, key, whose,
        title_key(title) as title, authors_key(authors) as authors, arxiv_id, doi, dblp_key
    from said
    join records using (record_id)
    left join record_works using (record_id)
)
select fresh.record_id, min(placed.work_id)
from named as fresh
join named as placed
    on placed.source = fresh.source and placed.key = fresh.key and placed.whose is not distinct from fresh.whose
    and placed.title = fresh.title and placed.authors is not distinct from fresh.authors
where fresh.work_id is null and placed.work_id is not null
group by fresh.record_id
having count(distinct placed.work_id) = 1 and not bool_or(exists (
    select 1
    from named as other
    where other.work_id <> placed.work_id
        and (other.arxiv_id = fresh.arxiv_id or other.doi = fresh.doi or other.dblp_key = fresh.dblp_key)
))
"""

# Records that belong to no work yet, and whether only lists of their own say them; a decision is no such record.
_FRESH = """
select records.record_id, bool_and(own)
from records
join sightings using (record_id)
join answers using (answer_id)
where record_id not in (select record_id from memberships)
group by records.record_id
union all
select decision_id, false from decisions where run_id = $run
union all
select decision_id, false from withdrawals where run_id = $run
"""

_UNDECIDED = Decided(same=[], different=[], reasons={}, taken_back=frozenset())
_NO_PAIRS = {
    "left_id": pl.String, "right_id": pl.String, "score": pl.Float64, "rule": pl.String, "reason": pl.String,
    "verdict": pl.String,
}  # fmt: skip

_KEEP_RENAME = """
insert into links
select one, two, 'same', 'renamed', 1.0, reason, run_id
from (values (?, ?, ?, ?)) as told (one, two, reason, run_id)
where not exists (select 1 from links where left_record_id = one and right_record_id = two and rule = 'renamed')
"""


@dataclass(slots=True)
class Moves:
    """What a reconciliation did to the works: rows for memberships and redirects."""

    memberships: list[tuple[str, str]] = field(default_factory=list)
    redirects: list[tuple[str, str, str]] = field(default_factory=list)  # work, merged|split, other


def reconcile(db: DuckDBPyConnection, run_id: int, now: datetime) -> None:
    """Give every record its work. `now` is UTC without a zone."""
    fresh = dict(db.execute(_FRESH, {"run": run_id}).fetchall())
    if fresh:
        known = db.execute(_TOLD_BEFORE).fetchall()
        _keep_moves(db, Moves(memberships=known), {}, run_id, now)
        fresh = {record: own for record, own in fresh.items() if record not in dict(known)}
    if fresh:
        any_decided = db.execute("select 1 from decisions limit 1").fetchall()
        decided = read_decided(db, run_id) if any_decided else _UNDECIDED
        keyed, listed = _obvious(db, {*decided.same, *decided.different})
        must = [*keyed, *_renames(db, run_id, decided, listed)]
        before = dict(db.execute("select record_id, work_id from record_works").fetchall())
        minted = db.execute("select work_id, min(run_id) from memberships group by work_id").fetchall()
        linked = _linked_fresh(db, fresh, before, must, listed) or _linked(_records(db), decided, must, listed)
        _keep_links(db, linked, must + listed, run_id)
        moves = settle(linked.clusters.rows(), before, dict(minted), run_id)
        after = before | dict(moves.memberships)
        _keep_moves(db, moves, orders(moves.redirects, before, after, decided), run_id, now)


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


def _records(db: DuckDBPyConnection) -> pl.DataFrame:
    records: pl.DataFrame = db.sql(_RECORDS).pl()
    return records


def _linked_fresh(
    db: DuckDBPyConnection, fresh: Mapping[str, bool], before: dict[str, str], must: Pairs, apart: Pairs
) -> Linked | None:
    """Links of `fresh` records that only lists of their own say; None when other records or decisions are new too."""
    if not all(fresh.values()):
        return None
    rows = db.execute("select record_id, title_key(title), arxiv_id, doi, dblp_key from records").fetchall()
    tokens = {record: {*telling_words(title), *filter(None, known)} for record, title, *known in rows}
    around = scope(fresh.keys(), before, tokens, must=must, apart=apart)
    if around is None:
        return None
    if around.compare:
        records = _records(db).filter(pl.col("id").is_in(sorted(around.compare)))
        return link(records, must=[*must, *around.must], cannot=apart)
    clusters = pl.DataFrame(around.clusters, schema=["id", "cluster"], orient="row")
    return Linked(pairs=pl.DataFrame(schema=_NO_PAIRS), clusters=clusters)


def _linked(records: pl.DataFrame, decided: Decided, keyed: Pairs, listed: Pairs) -> Linked:
    """Links by the rules and, where humans joined works, again with the whole of these works as one."""
    apart = decided.different + listed
    alone = link(records, must=together(replace(decided, same=[]), keyed), cannot=apart)
    if not decided.same:
        return alone
    must = together(decided, keyed, alone.clusters.rows())
    linked = link(records, must=must, cannot=apart)
    named = {tuple(sorted(pair)) for pair in [*decided.same, *decided.different]}
    told = [(left, right) in named for left, right in linked.pairs.select("left_id", "right_id").iter_rows()]
    by_order = pl.Series(told, dtype=pl.Boolean) | (pl.Series(linked.pairs["rule"]) != "decided")
    carried = linked.pairs.filter(~by_order).select("left_id", "right_id")  # along, by no judgement of its own
    judged = alone.pairs.join(carried, on=["left_id", "right_id"], how="semi")
    return replace(linked, pairs=pl.concat([linked.pairs.filter(by_order), judged]))


def _renames(db: DuckDBPyConnection, run_id: int, decided: Decided, listed: Pairs) -> Pairs:
    """Pairs that took each other's place in a list of their own, in this run or before, if nothing says otherwise."""
    titles = dict(db.execute("select record_id, title_key(title) from records").fetchall())
    apart = {frozenset((titles[one], titles[two])) for one, two in listed}
    seen = successions(db, run_id, apart)
    if seen:
        rows = [(*sorted((one.before, one.after)), one.reason, run_id) for one in seen]
        db.executemany(_KEEP_RENAME, rows)
    known = db.execute(
        "select left_record_id, right_record_id from links where rule = 'renamed' order by all"
    ).fetchall()
    told = {frozenset(pair) for pair in [*decided.same, *decided.different]}
    return [
        (one, two) for one, two in known
        if frozenset((one, two)) not in told and frozenset((titles[one], titles[two])) not in apart
    ]  # fmt: skip


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


def _keep_moves(
    db: DuckDBPyConnection, moves: Moves, ordered: Mapping[tuple[str, str], str], run_id: int, now: datetime
) -> None:
    if moves.memberships:
        db.executemany("insert into memberships values (?, ?, ?)", [(*move, run_id) for move in moves.memberships])
    reasons = {
        "merged": "new evidence says both are one work",
        "split": "new evidence says they are two works",
    }
    if moves.redirects:
        db.executemany(
            "insert into redirects values (?, ?, ?, ?, ?, ?)",
            [
                (work, kind, other, ordered.get((work, other), reasons[kind]), now, run_id)
                for work, kind, other in moves.redirects
            ],
        )
