"""Harvest's matching engine beside what else can be installed: time, memory and quality, on the same records.

    python benchmarks/peers.py                       100,000 invented records (see link.py)
    python benchmarks/peers.py --size 20000 1000000  others; the same for the same --seed

The peers live in .venv-bench, made here from peers.lock when it is missing. Every tool is a process of its own,
measured from start to end: it reads one Parquet file, never sees the truth, and writes the pairs that it holds to be
one work. Precision and recall are of these pairs as written, not closed to clusters, over all pairs of one work.
The join and rapidfuzz are set up plainly. Splink learns without labels; its comparisons are the best by F1 of six
set-ups tried on 20,000 records of seed 1, which favours it; it is shown at three thresholds, none of them chosen.
A tool that would not come to an end is not run, and the table says so.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
LOCK, ROOM = HERE.with_name("peers.lock"), HERE.parents[1] / ".venv-bench"
OURS = "harvest link"
THRESHOLDS = (0.9, 0.95, 0.99)  # of Splink's probability
ALIKE = 85  # per cent, of two titles for rapidfuzz
MOST_COMPARISONS = 1_000_000_000  # of two titles, by rapidfuzz: minutes on one core

# The title in small letters and plain words, the first author's family name, and all family names.
_READ = r"""
create table records as
select
    id as unique_id, title, year, trim(regexp_replace(lower(strip_accents(title)), '[^a-z0-9]+', ' ', 'g')) as plain,
    list_transform(authors, lambda author: lower(split_part(author, ' ', -1))) as families, families[1] as family
from read_parquet($file)
"""
# The three rarest words of a title that another title has too: what titles can be blocked on when a word was misspelt.
_RARE = """
create table prepared as
with words as (select unique_id, unnest(list_distinct(split(plain, ' '))) as word from records),
counted as (select *, count(*) over (partition by word) as titles from words),
rare as (
    select unique_id, list(word order by titles, word)[:3] as rare from counted where titles > 1 group by unique_id
)
select records.*, rare.rare from records left join rare using (unique_id)
"""
_SAME_TITLE = """
copy (
    select one.unique_id as left_id, other.unique_id as right_id
    from records as one join records as other on one.plain = other.plain and one.unique_id < other.unique_id
) to $out (header)
"""


def by_join(records: Path, out: Path) -> None:
    """Pairs of one normalised title, by a join in DuckDB."""
    _opened(records).execute(_SAME_TITLE, {"out": str(out)})


def by_rapidfuzz(records: Path, out: Path, *, blocks: tuple[str, ...]) -> None:
    """Pairs whose titles are alike, compared with rapidfuzz inside each block of one first author or year."""
    import numpy
    from rapidfuzz import fuzz, process

    db = _opened(records)
    count = "select sum(size * (size - 1) // 2) from (select count(*) as size from records group by {})"
    needed = sum(db.sql(count.format(block)).fetchall()[0][0] for block in blocks)
    if needed > MOST_COMPARISONS:
        sys.exit(f"not run: {needed / 1e9:.1f} billion comparisons of titles would take too long")
    with out.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(("left_id", "right_id"))
        for block in blocks:
            together = f"select list(unique_id), list(plain) from records group by {block} having count(*) > 1"
            for ids, titles in db.sql(together).fetchall():
                workers = -1 if len(ids) > 500 else 1  # starting threads costs more than a small block
                likeness = process.cdist(
                    titles, titles, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=numpy.uint8, workers=workers
                )
                found = numpy.argwhere(numpy.triu(likeness, 1))
                lines.writerows((ids[left], ids[right]) for left, right in found)


def by_splink(records: Path, out: Path) -> None:
    """Splink's probabilistic model on DuckDB: u by random sampling, m by expectation maximisation, no labels."""
    import splink.comparison_level_library as level  # type: ignore[import-not-found]
    import splink.comparison_library as compare  # type: ignore[import-not-found]
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI  # type: ignore[import-not-found]

    db = _opened(records)
    db.execute(_RARE)
    same_title, same_author = block_on("plain"), block_on("family", "year")
    years = [level.ExactMatchLevel("year"), *(level.AbsoluteDifferenceLevel("year", apart) for apart in (1, 3))]
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[same_title, same_author, block_on("rare", arrays_to_explode=["rare"])],
        comparisons=[
            compare.JaroWinklerAtThresholds("plain", [0.95, 0.88, 0.8]),
            compare.ArrayIntersectAtSizes("rare", [3, 2, 1]),
            compare.ArrayIntersectAtSizes("families", [3, 2, 1]),
            compare.ExactMatch("family").configure(term_frequency_adjustments=True),
            compare.CustomComparison([level.NullLevel("year"), *years, level.ElseLevel()], output_column_name="year"),
        ],
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(db).register("prepared"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("plain", "family")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (same_title, same_author):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    said = linker.inference.predict(threshold_match_probability=min(THRESHOLDS)).as_duckdbpyrelation()
    said.select("unique_id_l as left_id, unique_id_r as right_id, match_probability as score").write_csv(str(out))


def _opened(records: Path) -> Any:
    """A database in memory with the table `records`."""
    import duckdb

    db = duckdb.connect()
    db.execute(_READ, {"file": str(records)})
    return db


PEERS: dict[str, Callable[[Path, Path], None]] = {
    "normalised title, SQL join": by_join,
    "rapidfuzz, family and year": partial(by_rapidfuzz, blocks=("family, year",)),
    "rapidfuzz, family or year": partial(by_rapidfuzz, blocks=("family", "year")),
    "Splink": by_splink,
}


def invent(folder: Path, size: int, seed: int) -> None:
    """Writes records.parquet, and the truth apart from it."""
    from link import invented

    records = invented(size, seed)
    records.drop("work_id").write_parquet(folder / "records.parquet")
    records.select("id", "work_id").write_parquet(folder / "truth.parquet")


def score(folder: Path, least: float) -> dict[str, float]:
    """Precision, recall and F1 of pairs.csv (left_id,right_id and maybe score), of its pairs that reach `least`."""
    import polars as pl

    works = pl.read_parquet(folder / "truth.parquet").select("id", work="work_id")
    said = pl.read_csv(folder / "pairs.csv").filter(pl.col("score") >= least if least else True)
    ends = {"left": pl.min_horizontal("left_id", "right_id"), "right": pl.max_horizontal("left_id", "right_id")}
    told = (
        said.select(**ends)
        .unique()
        .join(works, left_on="left", right_on="id")
        .join(works, left_on="right", right_on="id")
    )
    right = told.filter(pl.col("work") == pl.col("work_right")).height
    sizes = works.group_by("work").len()["len"].cast(pl.Int64)
    true = int((sizes * (sizes - 1)).sum()) // 2
    precision, recall = right / max(told.height, 1), right / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * right / max(told.height + true, 1)}


def measured(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak MB, and why it failed ("": it did not), of one process."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told)  # noqa: S603  # ourselves
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        last = (told.read().strip() or "nothing was said").splitlines()[-1]
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes there, in KiB elsewhere
    return seconds, used.ru_maxrss / unit, f"no result (exit {child.returncode}): {last}" if child.returncode else ""


def make_room() -> None:
    """The environment of the peers, made anew when peers.lock has changed; git and ruff overlook it."""
    stamp = ROOM / "installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == LOCK.read_text(encoding="utf-8"):
        return
    sys.stderr.write(f"Setting up {ROOM.name} with the peers, once …\n")
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "-r", str(LOCK)]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ROOM)], check=True)  # noqa: S603  # ourselves
        (ROOM / ".gitignore").write_text("*\n", encoding="utf-8")
        subprocess.run([str(ROOM / "bin" / "python"), *install], check=True)  # noqa: S603  # what is pinned in peers.lock
    except subprocess.CalledProcessError as problem:
        sys.exit(f"the peers of {LOCK.name} could not be installed ({problem}): is there a package index?")
    stamp.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")


def table(size: int, seed: int) -> Iterator[str]:
    """Its lines: every tool on the same records. This process stays small: a child starts with its parent's peak."""
    with tempfile.TemporaryDirectory() as place:
        folder, ours = Path(place), 0.0
        records, pairs = folder / "records.parquet", folder / "pairs.csv"
        _part(sys.executable, place, "invent", f"--size={size}", f"--seed={seed}")
        yield f"{size:,} invented records, seed {seed}"
        yield f"{'tool':28} {'seconds':>8} {'peak MB':>8} {'precision':>9} {'recall':>7} {'F1':>7} {'time / ours':>11}"
        harvest = [str(Path(sys.executable).with_name("harvest")), "link", str(records), "--out", str(pairs)]
        peers = {name: _command(ROOM / "bin" / "python", place, name) for name in PEERS}
        for name, command in {OURS: harvest, **peers}.items():
            seconds, peak, failed = measured(command)
            ours = ours or seconds
            if failed and name == OURS:
                sys.exit(f"{OURS}: {failed}")  # there is nothing to compare with
            if failed:
                yield f"{name:28} {failed}"
                continue
            for least in THRESHOLDS if name == "Splink" else (0.0,):
                told = json.loads(_part(sys.executable, place, "score", f"--least={least}"))
                label = f"{name}, {least:.0%} or more" if least else name
                quality = f"{told['precision']:9.4f} {told['recall']:7.4f} {told['f1']:7.4f}"
                yield f"{label:28} {seconds:8.1f} {peak:8.0f} {quality} {seconds / ours:11.2f}"


def _command(python: str | Path, place: str, part: str, *more: str) -> list[str]:
    return [str(python), str(HERE), "--part", part, "--folder", place, *more]


def _part(python: str, place: str, part: str, *more: str) -> str:
    command = _command(python, place, part, *more)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  # ourselves


def machine() -> str:
    """Versions, and what they ran on."""
    ours = ", ".join(f"{name} {version(name)}" for name in ("harvest", "polars", "rapidfuzz"))
    peers = ", ".join(line for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line)
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"Ours: {ours}. Peers: {peers}. Python {platform.python_version()}, {platform.platform(terse=True)}, {load}."


def main() -> None:
    """Print one table per size; with --part, be one of its children."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--size", type=int, nargs="+", default=[100_000], help="how many records")
    ask.add_argument("--seed", type=int, default=1)
    for hidden, kind in {"--part": str, "--folder": Path, "--least": float}.items():
        ask.add_argument(hidden, type=kind, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.part == "invent":
        invent(asked.folder, asked.size[0], asked.seed)
    elif asked.part == "score":
        sys.stdout.write(json.dumps(score(asked.folder, asked.least)))
    elif asked.part:
        PEERS[asked.part](asked.folder / "records.parquet", asked.folder / "pairs.csv")
    else:
        make_room()
        for line in [machine(), *(line for size in asked.size for line in table(size, asked.seed))]:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
