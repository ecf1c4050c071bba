"""How well, how fast and with how much memory the matching engine links: on labelled sets, and on records made up here.

    python benchmarks/link.py --sets FOLDER      folders with gold.csv and two record files, or one
    python benchmarks/link.py --size 1000000     invented records with known truth, the same for the same --seed

Each measurement runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import polars as pl

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
_VENUES = ("", "", "arXiv", "Conference on Things", "Journal of Things", "Workshop on Things")


def invented(size: int, seed: int) -> Iterator[dict[str, object]]:
    """Records of made-up works: renamed, misspelt, cut short, with homonyms and with look-alikes that differ."""
    chance = random.Random(seed)  # noqa: S311  # made-up titles are no secret
    words = _lexicon(chance, 20_000, 2, 4)
    families, given = _lexicon(chance, 8_000, 1, 3), _lexicon(chance, 1_500, 1, 3)
    groups = [
        [_person(chance, given, families) for _ in range(chance.randint(3, 9))] for _ in range(max(size // 12, 2))
    ]
    made = work = 0
    while made < size:
        group = chance.choice(groups)
        people = chance.sample(group, min(len(group), chance.choice((1, 2, 2, 3, 3, 4, 5))))
        title, year, venue = _title(chance, words), chance.randint(1995, 2026), chance.choice(_VENUES)
        for part in (" Part I", " Part II") if chance.random() < 0.01 else ("",):
            work += 1
            for copy in range(chance.choices((1, 2, 3), (60, 30, 10))[0]):
                yield _record(chance, words, f"r{made}", work, title + part, people, year, venue, copy)
                made += 1


def _lexicon(chance: random.Random, size: int, least: int, most: int) -> tuple[list[str], list[float]]:
    """Made-up words and the cumulative weights by which they are drawn (Zipf's law)."""
    words: dict[str, None] = {}
    while len(words) < size:
        syllables = range(chance.randint(least, most))
        words["".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in syllables)] = (
            None
        )
    return list(words), list(accumulate(1 / (rank + 20) for rank in range(size)))


def _draw(chance: random.Random, lexicon: tuple[list[str], list[float]], count: int = 1) -> list[str]:
    return chance.choices(lexicon[0], cum_weights=lexicon[1], k=count)


def _person(
    chance: random.Random, given: tuple[list[str], list[float]], families: tuple[list[str], list[float]]
) -> str:
    return f"{_draw(chance, given)[0].title()} {_draw(chance, families)[0].title()}"


def _title(chance: random.Random, words: tuple[list[str], list[float]]) -> str:
    said = _draw(chance, words, chance.randint(4, 9))
    said.insert(chance.randint(1, len(said) - 1), chance.choice(_LINKING))
    return " ".join(said).capitalize()


def _record(
    chance: random.Random, words: tuple[list[str], list[float]], name: str, work: int, title: str, people: list[str],
    year: int, venue: str, copy: int,
) -> dict[str, object]:  # fmt: skip
    authors, cut = list(people), False
    if copy:
        title = _changed(chance, words, title)
        year += chance.choice((0, 0, 1, 1, 2))
        if chance.random() < 0.1:
            authors.reverse()
        if chance.random() < 0.2:
            authors = [f"{author[0]}. {author.split()[1]}" for author in authors]
        if len(authors) > 3 and chance.random() < 0.2:
            authors, cut = authors[:3], True
    return {
        "id": name, "work_id": work, "title": title, "authors": authors, "truncated": cut, "year": year,
        "venue": chance.choice((venue, venue, "", "arXiv")),
    }  # fmt: skip


def _changed(chance: random.Random, words: tuple[list[str], list[float]], title: str) -> str:
    said, kind = title.split(), chance.random()
    if kind < 0.15:  # renamed: about half of the words are others
        return " ".join(
            word if chance.random() < 0.5 or word in ("Part", "I", "II") else _draw(chance, words)[0] for word in said
        )
    if kind < 0.25:  # a subtitle more
        return f"{title}: {' '.join(_draw(chance, words, 3))}"
    if kind < 0.55:  # a letter lost
        place = chance.randrange(len(title) - 8)
        return title[:place] + title[place + 1 :]
    return title


def measure_invented(size: int, seed: int) -> tuple[str, float, float, float]:
    """What was measured, seconds, precision and recall over all pairs of one work."""
    records = pl.DataFrame(list(invented(size, seed)))
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
    """The same for a labelled set: pairs by `left_id,right_id`, or clusters by `id,work_id`."""
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
    found = gold.join(both, on=["left_id", "right_id"])["left_id"].n_unique()
    asked = both.filter(~pl.col("left_id").is_in(gold["right_id"].implode()))
    named = asked.join(
        records.filter(pl.col("file") == records.filter(pl.col("id") == gold["left_id"][0])["file"][0]),
        left_on="left_id",
        right_on="id",
    )
    return folder.name, seconds, found / max(named["left_id"].n_unique(), 1), found / gold["left_id"].n_unique()


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
