"""How well `harvest attribute` does on labelled homonyms.

    python benchmarks/attribute.py FOLDER      (or HARVEST_BENCH_ATTRIBUTE=FOLDER)

FOLDER holds records.jsonl (id, title, authors, …), tasks.jsonl (task, name, known: record ids) and gold.csv
(task, id, theirs). Prints one JSON line: precision, recall, F1 over all judgements, the share undecided, seconds.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from harvest.identify.files import attribute_files


def persons(folder: Path) -> str:
    """The person file: one line per task, with its known records written out."""
    records = {line["id"]: line for line in map(json.loads, (folder / "records.jsonl").open(encoding="utf-8"))}
    tasks = map(json.loads, (folder / "tasks.jsonl").open(encoding="utf-8"))
    return "".join(
        json.dumps({"id": task["task"], "name": task["name"], "known": [records[known] for known in task["known"]]})
        + "\n"
        for task in tasks
    )


def measure(folder: Path) -> dict[str, float]:
    """Runs the command on the folder and compares with gold; undecided counts as not said."""
    with tempfile.TemporaryDirectory() as room:
        asked, answer = Path(room) / "persons.jsonl", Path(room) / "verdicts.jsonl"
        asked.write_text(persons(folder), encoding="utf-8")
        started = time.perf_counter()
        attribute_files(asked, folder / "records.jsonl", answer)
        seconds = time.perf_counter() - started
        told = pl.read_ndjson(answer).select(task="person", id="id", verdict="verdict")
    judged = pl.read_csv(folder / "gold.csv").join(told, on=["task", "id"], how="left")
    right, said = pl.col("theirs") == 1, (pl.col("verdict") == "theirs").fill_null(False)
    counts = judged.select(
        found=(right & said).sum(),
        said=said.sum(),
        right=right.sum(),
        undecided=(pl.col("verdict") == "undecided").fill_null(False).mean(),
    ).row(0, named=True)
    return {
        "precision": round(counts["found"] / max(counts["said"], 1), 4),
        "recall": round(counts["found"] / max(counts["right"], 1), 4),
        "f1": round(2 * counts["found"] / max(counts["said"] + counts["right"], 1), 4),
        "undecided": round(counts["undecided"], 4),
        "seconds": round(seconds, 2),
    }


if __name__ == "__main__":
    place = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HARVEST_BENCH_ATTRIBUTE")
    if not place:
        sys.exit(__doc__)
    sys.stdout.write(json.dumps(measure(Path(place))) + "\n")
