"""Who gets which works: persons of one name compete, and what is accepted widens their profiles until nothing moves."""

from dataclasses import dataclass

import numpy as np

from harvest.identify.evidence import Corpus, Values, compare, odds
from harvest.identify.links import FAR, Flags, Numbers, groups, steps

ACCEPT = 0.65  # below it a group of works without a co-author link stays undecided
UNDECIDED = 0.99 * ACCEPT / (1 - ACCEPT)  # the highest odds that are not accepted
# A group larger than all that is known of the person is a large claim: it must be near in subject, too.
LARGE, NEAR = np.log(10), 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Persons whose names could be one person's (rows), and all works that could be theirs (columns)."""

    at: Numbers  # the works' places in the corpus
    asked: Flags  # persons × works: a candidate of the person
    certain: Flags  # persons × works: accepted beforehand
    barred: Flags  # persons × works: never the person's: a human said so, or the name is not there
    absent: Values  # persons × works: 1 where their own complete list lacks it, or a human refused it
    rows: Numbers  # bylines with telling names: work …
    names: Numbers  # … and name
    common_rows: Numbers  # bylines with common names
    common_names: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Persons × works: what was accepted, how sure, over how many co-author steps, and what it was compared by."""

    accepted: Flags
    score: Values
    distance: Numbers
    group: Numbers  # per work: the first work of its group
    facts: list[dict[str, Values]]  # per person, per work: the evidence of its group when last weighed


def settle(all_of: Corpus, rivals: Rivals) -> Settled:
    """Links by co-authors first; then the groups without a link, the surest first, each to one person at most."""
    people, size = rivals.asked.shape
    open_to = rivals.asked & ~rivals.barred
    distance = np.array([
        steps(rivals.certain[person], open_to[person], rivals.rows, rivals.names) for person in range(people)
    ]).reshape(people, size)  # fmt: skip
    nearest = distance.min(0, initial=FAR)
    tied = (distance == nearest).sum(0) > 1
    accepted = rivals.certain | ((distance == nearest) & (nearest < FAR) & ~tied & ~rivals.certain.any(0))
    free = np.flatnonzero(nearest == FAR)
    label = groups(size, rivals.rows, rivals.names)
    score = np.where(accepted, np.where(distance > 1, 0.95, 0.98), np.where(nearest < FAR, 0.02, 0.0))
    score = np.where(tied & (distance == nearest) & (nearest < FAR) & ~rivals.certain, 0.5, score)
    facts: list[dict[str, Values]] = [{} for _ in range(people)]
    while free.size:
        chance, weighed = _weigh(all_of, rivals, accepted, free, label[free])
        score[:, free] = chance
        for person, seen in enumerate(weighed):
            for name, values in seen.items():
                facts[person].setdefault(name, np.zeros(size))[free] = values
        taken = _surest(np.where(open_to[:, free], chance, 0.0), label[free])
        if not taken.any():
            break
        accepted[:, free] |= taken
        free = free[~taken.any(0)]
    return Settled(accepted=accepted, score=score, distance=distance, group=label, facts=facts)


def _weigh(
    all_of: Corpus, rivals: Rivals, accepted: Flags, free: Numbers, label: Numbers
) -> tuple[Values, list[dict[str, Values]]]:
    """Persons × free works: the chance that the work's group is the person's, and the evidence behind it."""
    group = np.unique(label, return_inverse=True)[1]
    chance = np.zeros((len(accepted), len(free)))
    weighed: list[dict[str, Values]] = []
    for person, mine in enumerate(accepted):
        if not mine.any():
            weighed.append({})
            continue
        facts = _facts(all_of, rivals, mine, free, group)
        facts["absent"] = np.bincount(group, rivals.absent[person, free]) / np.bincount(group)
        large = facts["size"] > np.maximum(facts["known"], LARGE)
        facts["leap"] = (large & (facts["centre"] < NEAR)).astype(float)
        claim = np.where(facts["leap"] > 0, np.minimum(odds(facts), UNDECIDED), odds(facts))
        chance[person] = np.where(rivals.asked[person, free], claim[group], 0.0)
        weighed.append({name: values[group] for name, values in facts.items()})
    return chance / (1 + chance.sum(0)), weighed


def _facts(all_of: Corpus, rivals: Rivals, mine: Flags, free: Numbers, group: Numbers) -> dict[str, Values]:
    """The free works against the accepted ones."""
    held = np.unique(rivals.common_names[mine[rivals.common_rows]])
    shared = np.isin(rivals.common_names, held)
    common = np.bincount(rivals.common_rows[shared], minlength=len(mine)).astype(float)
    both = np.concatenate([free, np.flatnonzero(mine)])
    tail = np.full(int(mine.sum()), group.max(initial=-1) + 1)  # the accepted works, as one more group
    facts = compare(
        all_of, rivals.at[both], np.concatenate([group, tail]), np.arange(len(both)) >= len(free), common[both]
    )
    return {name: values[:-1] for name, values in facts.items()}


def _surest(chance: Values, label: Numbers) -> Flags:
    """Persons × works taken in this round: whole groups, the best twentieth of those that are sure enough."""
    best = chance.max(0)
    order = np.lexsort((label, -best))
    ranked = label[order][np.sort(np.unique(label[order], return_index=True)[1])]
    chosen = np.isin(label, ranked[: max(1, len(ranked) // 20)]) & (best >= ACCEPT)
    return np.asarray((chance == best) & chosen, dtype=bool)
