"""How well, how fast and with how much memory the matching engine links: on labelled sets, and on records made up here.

    python benchmarks/link.py --sets FOLDER      folders with gold.csv and two record files, or one
    python benchmarks/link.py --size 1000000     invented records with known truth, the same for the same --seed

Each measurement runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.reconcile.engine import link
from harvest.reconcile.files import read_records

_ONSETS = (
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "w",
    "z",
    "br",
    "ch",
    "cl",
    "dr",
    "fl",
    "gr",
    "pl",
    "pr",
    "sh",
    "st",
    "th",
    "tr",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
_CODAS = ("", "", "n", "r", "s", "l", "m", "t", "ng", "x", "ct", "nd")
_LINKING = ("of", "for", "with", "in", "on", "via", "under", "and", "using", "from")
_GROUP, _AUTHORS, _WORDS = 9, 5, 9  # the most people in a group, authors of a work, and words of a title
_Numbers = NDArray[Any]
_VENUES = ("", "", "arXiv", "Conference on Things", "Journal of Things", "Workshop on Things")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Made-up words and the cumulative weights by which they are drawn (Zipf's law)."""

    words: pl.Series
    weights: _Numbers

    def draw(self, chance: np.random.Generator, *shape: int) -> _Numbers:
        """Numbers of words."""
        numbers: _Numbers = np.searchsorted(self.weights, chance.random(shape) * self.weights[-1])
        return numbers


def invented(size: int, seed: int) -> pl.DataFrame:
    """Records of made-up works: renamed, misspelt, cut short, with homonyms and with look-alikes that differ.

    The more records, the more words and names, by the square root (Heaps, "Information Retrieval", 1978).
    """
    chance, grown = np.random.default_rng(seed), (size / 100_000) ** 0.5
    words = _lexicon(chance, int(20_000 * grown) + 50, 2, 4)
    names, groups = _groups(chance, grown, max(size // 12, 2))
    works = size * 3 // 4 + 50  # a work has one and a half records on average
    in_parts = chance.random(works) < 0.01
    whole = np.repeat(np.arange(works), 1 + in_parts)  # a part is a work of its own
    second = np.diff(whole, prepend=-1) == 0
    part = np.where(second, " Part II", np.where(in_parts[whole], " Part I", ""))
    work = np.repeat(np.arange(whole.size), chance.choice([1, 2, 3], whole.size, p=[0.6, 0.3, 0.1]))[:size]
    again = np.diff(work, prepend=-1) == 0
    year = chance.integers(1995, 2027, works)[whole[work]] + again * chance.choice([0, 0, 1, 1, 2], size)
    venue = np.array(_VENUES)[chance.integers(0, len(_VENUES), works)][whole[work]]
    other = chance.random(size)
    told = {
        "id": "r" + pl.Series(chance.permutation(size)).cast(pl.String), "work_id": work,
        "title": _titles(chance, words, _phrases(chance, words, works)[whole[work]], pl.Series(part[work]), again),
        "year": year, "venue": np.where(other < 0.25, "", np.where(other < 0.5, "arXiv", venue)),
    }  # fmt: skip
    return pl.DataFrame(told).hstack(_bylines(chance, names, _people(chance, groups, works)[whole[work]], again))


def _lexicon(chance: np.random.Generator, size: int, least: int, most: int) -> _Lexicon:
    syllables = np.array([onset + vowel + coda for onset in _ONSETS for vowel in _VOWELS for coda in _CODAS])
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(chance.choice(syllables, chance.integers(least, most + 1)))] = None
    return _Lexicon(pl.Series(list(words)), np.cumsum(1 / (np.arange(size) + 20)))


def _groups(chance: np.random.Generator, grown: float, count: int) -> tuple[pl.Series, _Numbers]:
    """Names, _GROUP for each group, then again with initials; and how many of its people each group has."""
    given, families = _lexicon(chance, int(1_500 * grown) + 50, 1, 3), _lexicon(chance, int(8_000 * grown) + 50, 1, 3)
    first, last = (
        lexicon.words.gather(lexicon.draw(chance, count * _GROUP)).str.to_titlecase() for lexicon in (given, families)
    )
    names = pl.concat([first + " " + last, first.str.slice(0, 1) + ". " + last])
    return names, chance.integers(3, _GROUP + 1, count)


def _people(chance: np.random.Generator, groups: _Numbers, works: int) -> _Numbers:
    """The authors of every work, by the numbers of their names, all of one group; -1 for none."""
    group = chance.integers(0, groups.size, works)
    outside = np.arange(_GROUP) >= groups[group][:, None]
    order = np.argsort(chance.random((works, _GROUP)) + outside, axis=1)[:, :_AUTHORS]
    many = np.minimum(groups[group], chance.choice([1, 2, 2, 3, 3, 4, 5], works))
    return np.where(np.arange(_AUTHORS) < many[:, None], group[:, None] * _GROUP + order, -1)


def _phrases(chance: np.random.Generator, words: _Lexicon, works: int) -> _Numbers:
    """The words of every title by number, a linking word among them; -1 for none."""
    said, count = words.draw(chance, works, _WORDS), chance.integers(4, _WORDS + 1, works)[:, None]
    place, linking = chance.integers(1, count), words.words.len() + chance.integers(0, len(_LINKING), (works, 1))
    at = np.arange(_WORDS + 1)
    moved = np.take_along_axis(said, np.clip(at - (at > place), 0, _WORDS - 1), axis=1)
    return np.where(at > count, -1, np.where(at == place, linking, moved))


def _titles(
    chance: np.random.Generator, words: _Lexicon, said: _Numbers, part: pl.Series, again: _Numbers
) -> pl.Series:
    """Of records that are not the first of their work some are renamed, some longer, and some lack a letter."""
    kind = np.where(again, chance.random(again.size), 1)
    other = (kind < 0.15)[:, None] & (chance.random(said.shape) < 0.5) & (said >= 0)  # about half of the words
    said[other] = words.draw(chance, int(other.sum()))
    text = pl.concat_str(_read(words.words.append(pl.Series(_LINKING)), said), separator=" ", ignore_nulls=True)
    more = pl.concat_str(_read(words.words, words.draw(chance, again.size, 3)), separator=" ")
    titles = pl.DataFrame({"kind": kind, "place": chance.random(again.size), "part": part}).with_columns(
        title=text.str.slice(0, 1).str.to_uppercase() + text.str.slice(1) + pl.col("part"), more=more
    )
    title = pl.col("title")
    place = (pl.col("place") * (title.str.len_chars() - 8)).cast(pl.Int64)
    lost, longer = title.str.slice(0, place) + title.str.slice(place + 1), title + ": " + pl.col("more")
    changed = pl.when(pl.col("kind").is_between(0.25, 0.55)).then(lost)
    return titles.select(changed.when(pl.col("kind").is_between(0.15, 0.25)).then(longer).otherwise(title)).to_series()


def _bylines(chance: np.random.Generator, names: pl.Series, people: _Numbers, again: _Numbers) -> pl.DataFrame:
    """Of records that are not the first of their work some turn the authors round, use initials, or name only three."""
    turned, short, cut = (again & (chance.random(again.size) < share) for share in (0.1, 0.2, 0.2))
    many, at = (people >= 0).sum(axis=1), np.arange(_AUTHORS)
    people = np.take_along_axis(people, np.where(turned[:, None], many[:, None] - 1 - at, at) % _AUTHORS, axis=1)
    cut &= many > 3
    gone = (people < 0) | (at >= np.where(cut, 3, many)[:, None])
    people = np.where(gone, -1, people + short[:, None] * (names.len() // 2))
    return pl.select(authors=pl.concat_list(_read(names, people)).list.drop_nulls(), truncated=pl.Series(cut))


def _read(words: pl.Series, numbers: _Numbers) -> list[pl.Series]:
    """A column of words for each of numbers; null for -1."""
    return [words.gather(pl.Series(column).replace(-1, None)) for column in numbers.T]


def measure_invented(size: int, seed: int) -> tuple[str, float, float, float]:
    """What was measured, seconds, precision and recall over all pairs of one work."""
    records = invented(size, seed)
    started = time.perf_counter()
    said = link(records.drop("work_id")).clusters
    seconds = time.perf_counter() - started
    told = records.select("id", "work_id").join(said, on="id")
    right, claimed, true = (_pairs(told, by) for by in (["work_id", "cluster"], ["cluster"], ["work_id"]))
    return f"invented {size:,}", seconds, right / max(claimed, 1), right / max(true, 1)


def _pairs(told: pl.DataFrame, by: list[str]) -> int:
    sizes = told.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1)).sum()) // 2


def measure_set(folder: Path) -> tuple[str, float, float, float]:
    """The same for a labelled set: clusters by `id,work_id`, or pairs by `left_id,right_id`.

    Of pairs the precision is over all that are told, the recall over the left records: one of several is enough.
    """
    gold = pl.read_csv(folder / "gold.csv", infer_schema=False)
    files = sorted(
        path for path in folder.iterdir() if path.suffix in (".csv", ".jsonl", ".parquet") and path.stem != "gold"
    )
    started = time.perf_counter()
    records = read_records(files)
    across = len(files) > 1
    linked = link(records, within=not across, side="file" if across else None)
    seconds = time.perf_counter() - started
    if not across:
        told = gold.join(linked.clusters, on="id")
        right, claimed, true = (_pairs(told, by) for by in (["work_id", "cluster"], ["cluster"], ["work_id"]))
        return folder.name, seconds, right / max(claimed, 1), right / true
    said = linked.pairs.filter(pl.col("verdict") == "same").select("left_id", "right_id")
    both = pl.concat([said, said.select(left_id="right_id", right_id="left_id")])
    found = gold.join(both, on=["left_id", "right_id"])
    return (
        folder.name,
        seconds,
        found.height / max(said.height, 1),
        found["left_id"].n_unique() / gold["left_id"].n_unique(),
    )


def main() -> None:
    """Measure what is asked for, one process each, and print a table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sets", type=Path, default=os.environ.get("HARVEST_BENCH"), help="a folder of labelled sets")
    ask.add_argument("--size", type=int, nargs="*", default=[])
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", help=argparse.SUPPRESS)  # the measurement that a child process makes
    asked = ask.parse_args()
    if asked.only:
        folder = Path(asked.only)
        name, seconds, precision, recall = (
            measure_invented(int(asked.only), asked.seed) if asked.only.isdigit() else measure_set(folder)
        )
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        sys.stdout.write(f"{name:20} {precision:9.4f} {recall:7.4f} {f1:7.4f} {seconds:8.1f} {peak:7.2f}\n")
        return
    sets = sorted(path.parent for path in Path(asked.sets).glob("*/gold.csv")) if asked.sets else []
    sys.stdout.write(f"{'set':20} {'precision':>9} {'recall':>7} {'F1':>7} {'seconds':>8} {'GiB':>7}\n")
    sys.stdout.flush()
    for one in (*map(str, sets), *map(str, asked.size)):
        command = [sys.executable, __file__, "--only", one, "--seed", str(asked.seed)]
        subprocess.run(command, check=True)  # noqa: S603  # ourselves


if __name__ == "__main__":
    main()
