"""Where records of a person's own lists belong, without judging again what is settled.

Two entries of one list are two works. What a list newly says can therefore only be a work that was never listed beside
it; mostly there is none, and nothing needs to be compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from harvest.reconcile.cluster import Forest
from harvest.reconcile.decisions import Pairs


@dataclass(frozen=True, slots=True)
class Scope:
    """What fresh records may be: the records to compare, and what is one work whatever the comparison says."""

    clusters: list[tuple[str, str]]  # (record, cluster) of the fresh ones and of the works they are bound to
    compare: frozenset[str]  # nothing when the clusters are all there is to say
    must: Pairs  # that keep each work whole


def scope(
    fresh: Set[str],
    works: Mapping[str, str],
    tokens: Mapping[str, Set[str]],
    *,
    must: Iterable[tuple[str, str]],
    apart: Pairs,
) -> Scope | None:
    """The scope of `fresh` records, given the works of all others; None when what must be one was listed apart.

    Only works that share an identifier or most words of a title are worth comparing: in a person's own list the same
    year and an author in common say nothing.
    """
    nodes = sorted({*works.values(), *fresh})
    row = {node: number for number, node in enumerate(nodes)}
    forest = Forest(len(nodes))
    place = {record: row[works.get(record, record)] for record in (*works, *fresh)}
    barred = [(place[one], place[two]) for one, two in apart if one in place and two in place]
    forest.keep_apart(barred)
    bound = [(one, two) for one, two in must if one in place and two in place and (one in fresh or two in fresh)]
    if not all(forest.join(place[one], place[two]) for one, two in bound):
        return None
    members: dict[int, list[str]] = defaultdict(list)
    for record in sorted(place):
        members[forest.root(place[record])].append(record)
    roots = {forest.root(place[record]) for record in fresh}
    enemies = {frozenset((forest.root(one), forest.root(two))) for one, two in barred}
    said = {node: {token for record in records for token in tokens[record]} for node, records in members.items()}
    rivals = {
        (root, other)
        for root in roots
        for other in members
        if other != root
        and frozenset((root, other)) not in enemies
        and said[root] & said[other]
        and any(_alike(tokens[one], tokens[two]) for one in members[root] for two in members[other])
    }
    compared = {node for pair in rivals for node in pair}
    return Scope(
        clusters=[(record, members[root][0]) for root in sorted(roots) for record in members[root]],
        compare=frozenset(record for node in compared | (roots if rivals else set()) for record in members[node]),
        must=[
            (one, two) for node in compared | roots for one, two in zip(members[node], members[node][1:], strict=False)
        ],
    )


def _alike(one: Set[str], other: Set[str]) -> bool:
    """Whether two records share an identifier, which is no plain word, or more than half the words of a title."""
    common = one & other
    words, others = (sum(map(str.isalnum, tokens)) for tokens in (one, other))
    shared = sum(map(str.isalnum, common))
    return shared < len(common) or shared * 2 > min(words, others)
