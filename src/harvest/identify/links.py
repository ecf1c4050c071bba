"""Who is linked to whom by co-authors: groups of works, and the steps from the works that are certain."""

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
FAR = np.iinfo(np.int64).max // 2  # no chain of co-authors leads there


def groups(size: int, rows: Numbers, names: Numbers) -> Numbers:
    """For each of ``size`` works the smallest work it is linked to, itself included; (rows, names) are the bylines."""
    label = np.arange(size, dtype=np.int64)
    while True:
        least = np.full(names.max(initial=-1) + 1, FAR, dtype=np.int64)
        np.minimum.at(least, names, label[rows])
        spread = label.copy()
        np.minimum.at(spread, rows, least[names])
        spread = spread[spread]  # a label's own label: long chains are walked in few rounds
        if np.array_equal(spread, label):
            return label
        label = spread


def steps(start: Flags, open_to: Flags, rows: Numbers, names: Numbers) -> Numbers:
    """Co-author steps from the works in ``start`` (0) to each work in ``open_to``; FAR when none leads there."""
    distance = np.where(start, 0, FAR).astype(np.int64)
    usable = (start | open_to)[rows]
    rows, names = rows[usable], names[usable]
    while True:
        least = np.full(names.max(initial=-1) + 1, FAR, dtype=np.int64)
        np.minimum.at(least, names, distance[rows])
        spread = distance.copy()
        np.minimum.at(spread, rows, np.minimum(least[names] + 1, FAR))
        if np.array_equal(spread, distance):
            return distance
        distance = spread
