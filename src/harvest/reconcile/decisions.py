"""What humans say of records: one work, or two. Lifted to whole works, and the reason for what it moves.

Joining two works never splits off a record: what else is in either comes along, unless a human told it apart. Where
decisions meet on one pair of records, the later in the file counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from harvest.reconcile.cluster import Forest

Pairs = list[tuple[str, str]]  # of record ids

_DECIDED = """
with two_sided as (  -- a record that bears both references says nothing about them
    select decision_id, record_id from decided_records group by all having count(distinct side) = 2
)
select verdict, one.record_id, two.record_id, reason
from current_decisions
join decided_records as one on one.decision_id = current_decisions.decision_id and one.side = 'left'
join decided_records as two on two.decision_id = current_decisions.decision_id and two.side = 'right'
where verdict in ('same', 'different') and one.record_id <> two.record_id
    and (verdict = 'same'
        or (current_decisions.decision_id, one.record_id) not in (from two_sided)
        and (current_decisions.decision_id, two.record_id) not in (from two_sided))
qualify row_number() over (
    partition by least(one.record_id, two.record_id), greatest(one.record_id, two.record_id) order by place desc
) = 1
order by all
"""

_TAKEN_BACK = """
select distinct verdict, referred.record_id
from withdrawals
join decisions using (decision_id)
join referred on referred.reference in (reference_key(left_ref), reference_key(right_ref))
where withdrawals.run_id = ? and verdict in ('same', 'different')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Pairs of records that humans say are one work, and those that are two."""

    same: Pairs
    different: Pairs
    reasons: Mapping[frozenset[str], str]  # of each pair, in the human's words; may be empty
    taken_back: frozenset[tuple[str, str]]  # (verdict, record) of decisions withdrawn in this run


def read_decided(db: DuckDBPyConnection, run_id: int) -> Decided:
    """The decisions in force in this run, as pairs of records."""
    rows = db.execute(_DECIDED).fetchall()
    return Decided(
        same=[(one, two) for verdict, one, two, _ in rows if verdict == "same"],
        different=[(one, two) for verdict, one, two, _ in rows if verdict == "different"],
        reasons={frozenset((one, two)): reason for _, one, two, reason in rows},
        taken_back=frozenset(db.execute(_TAKEN_BACK, [run_id]).fetchall()),
    )


def together(decided: Decided, keyed: Pairs, clusters: Sequence[tuple[str, str]] = ()) -> Pairs:
    """Pairs that must be one work: what humans joined, with all of the works (`clusters`, as the rules alone have
    them) that it joins, and what a source calls by one name; never what a human told apart."""
    whole: dict[str, list[str]] = defaultdict(list)
    work = dict(clusters)
    for record, cluster in clusters:
        whole[cluster].append(record)
    met = {tuple(sorted((work[one], work[two]))): one for one, two in decided.same if one in work and two in work}
    rest = [(one, record) for pair, one in met.items() for cluster in dict.fromkeys(pair) for record in whole[cluster]]
    return _joined([*decided.same, *keyed, *rest], decided.different)


def orders(
    redirects: Iterable[tuple[str, str, str]], before: Mapping[str, str], after: Mapping[str, str], decided: Decided
) -> dict[tuple[str, str], str]:
    """(work, other) → "decided: …" for those merges and splits that a human ordered, or by taking an order back."""
    kinds = {"merged": decided.same, "split": decided.different}
    undone = {"merged": "different", "split": "same"}
    said: dict[tuple[str, str], str] = {}
    for work, kind, other in redirects:
        # Merged: records of `work` and of another are one now. Split: records of `work` are in two now.
        for one, two in kinds[kind]:
            touched = work in {before.get(one), before.get(two)}
            if touched and (after[one] == after[two]) == (kind == "merged"):
                why = decided.reasons[frozenset((one, two))] or f"a human says that they are {_WORDS[kind]}"
                said[work, other] = f"decided: {why}"
                break
        else:
            if any(verdict == undone[kind] and before.get(record) == work for verdict, record in decided.taken_back):
                said[work, other] = f"decided: that they are {_WORDS[_OPPOSITE[kind]]} was taken back"
    return said


_WORDS = {"merged": "one work", "split": "two works"}
_OPPOSITE = {"merged": "split", "split": "merged"}


def _joined(pairs: Pairs, apart: Pairs) -> Pairs:
    """Those of the pairs, in their order, that do not join what is apart."""
    rows = {record: row for row, record in enumerate(sorted({one for pair in [*pairs, *apart] for one in pair}))}
    forest = Forest(len(rows))
    forest.keep_apart([(rows[one], rows[two]) for one, two in apart])
    return [(one, two) for one, two in dict.fromkeys(pairs) if one != two and forest.join(rows[one], rows[two])]
