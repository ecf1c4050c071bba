"""Who gets which works: persons of one name compete, and what is accepted widens their profiles until nothing moves."""

from dataclasses import dataclass

import numpy as np

from harvest.identify.evidence import Corpus, Near, Values, compare, odds
from harvest.identify.likeness import ENOUGH_WORKS
from harvest.identify.links import FAR, Flags, Numbers, groups, steps

ACCEPT = 0.55  # below it a group of works without a co-author link stays undecided
UNDECIDED = 0.99 * ACCEPT / (1 - ACCEPT)  # the highest odds that are not accepted
# A group larger than all that is known of the person is a large claim: it must be near in subject, too.
LARGE, NEAR = np.log(10), 0.15
WORDS, SHARED, PLACE = 0.02, 2, 0.3  # without words or a place in common, venue and years do not accept
CROWD = 100  # groups under one name in the largest labelled pools; in a larger crowd the odds are thinner


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
    distance, accepted, score = _link(rivals, open_to)
    label = groups(size, rivals.rows, rivals.names)
    free = np.flatnonzero(distance.min(0, initial=FAR) == FAR)
    facts: list[dict[str, Values]] = [{} for _ in range(people)]
    near = [Near(title=np.zeros(size), place=np.zeros(size), words=np.zeros(size))] * people
    fresh = accepted
    while free.size:
        near = [
            one.widened(all_of, rivals.at, rivals.at[new]) if new.any() else one
            for one, new in zip(near, fresh, strict=True)
        ]
        chance, weighed = _weigh(all_of, rivals, accepted, near, free, label[free])
        score[:, free] = chance
        for person, seen in enumerate(weighed):
            for name, values in seen.items():
                facts[person].setdefault(name, np.zeros(size))[free] = values
        taken = _surest(np.where(open_to[:, free], chance, 0.0), label[free])
        if not taken.any():
            break
        fresh = np.zeros_like(accepted)
        fresh[:, free] = taken
        accepted = accepted | fresh
        free = free[~taken.any(0)]
    return Settled(accepted=accepted, score=score, distance=distance, group=label, facts=facts)


def _link(rivals: Rivals, open_to: Flags) -> tuple[Numbers, Flags, Values]:
    """Persons × works: co-author steps from certain works, what is accepted for them, and how sure that is.

    A work goes to the person it is nearest to; to none when two are equally near.
    """
    far = [
        steps(certain, able, rivals.rows, rivals.names) for certain, able in zip(rivals.certain, open_to, strict=True)
    ]
    distance = np.array(far)
    linked = distance < FAR
    nearest = linked & (distance == distance.min(0))
    alone = nearest & (nearest.sum(0) == 1) & ~rivals.certain.any(0)
    accepted = rivals.certain | alone
    score = np.where(accepted, np.where(distance > 1, 0.95, 0.98), np.where(linked.any(0), 0.02, 0.0))
    return distance, accepted, np.where(nearest & ~accepted, 0.5, score)


def _weigh(
    all_of: Corpus, rivals: Rivals, accepted: Flags, near: list[Near], free: Numbers, label: Numbers
) -> tuple[Values, list[dict[str, Values]]]:
    """Persons × free works: the chance that the work's group is the person's, and the evidence behind it."""
    group = np.unique(label, return_inverse=True)[1]
    chance = np.zeros((len(accepted), len(free)))
    weighed: list[dict[str, Values]] = []
    named = len(np.unique(rivals.rows)) / accepted.shape[1]
    for person, mine in enumerate(accepted):
        if not mine.any():
            weighed.append({})
            continue
        mine_near = near[person]
        like = Near(title=mine_near.title[free], place=mine_near.place[free], words=mine_near.words[free])
        common = _common(rivals, mine)[free]
        facts = compare(all_of, rivals.at[free], group, rivals.at[mine], like, common)
        facts["single"] *= named  # where names group nothing, to stand alone says nothing
        facts["absent"] = np.bincount(group, rivals.absent[person, free]) / np.bincount(group)
        large = facts["size"] > np.maximum(facts["known"], LARGE)
        facts["leap"] = (large & (facts["centre"] < NEAR)).astype(float)
        claim = odds(facts) * min(1, CROWD / len(facts["size"]))
        told = facts["title_best"] >= WORDS
        if len(all_of.ids) < ENOUGH_WORKS:  # too few to know which words are rare: then one is chance
            told &= facts["words_best"] >= SHARED
        bare = ~told & (facts["place_best"] < PLACE)
        claim = np.where((facts["leap"] > 0) | bare, np.minimum(claim, UNDECIDED), claim)
        chance[person] = np.where(rivals.asked[person, free], claim[group], 0.0)
        weighed.append({name: values[group] for name, values in facts.items()})
    return chance / (1 + chance.sum(0)), weighed


def _common(rivals: Rivals, mine: Flags) -> Values:
    """Per work, how many common names it shares with the accepted works."""
    held = np.unique(rivals.common_names[mine[rivals.common_rows]])
    shared = rivals.common_rows[np.isin(rivals.common_names, held)]
    return np.bincount(shared, minlength=len(mine)).astype(float)


def _surest(chance: Values, label: Numbers) -> Flags:
    """Persons × works taken in this round: whole groups, the best twentieth of those that are sure enough."""
    best = chance.max(0)
    order = np.lexsort((label, -best))
    ranked = label[order][np.sort(np.unique(label[order], return_index=True)[1])]
    chosen = np.isin(label, ranked[: max(1, len(ranked) // 20)]) & (best >= ACCEPT)
    return np.asarray((chance == best) & chosen, dtype=bool)
