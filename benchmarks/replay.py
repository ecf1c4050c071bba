"""How well `harvest replay` tells what happened on real pages over the years.

    python benchmarks/replay.py FOLDER

FOLDER holds captures/SITE/MOMENT/ and gold/SITE.jsonl for the pages, gold/SITE_cv.jsonl for the CVs, each with
SITE….cosmetic.jsonl, and scripts/score_events.py, which compares. Prints precision, recall and F1 per kind, the false
alarms per 100 captures that show no change, and the seconds.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harvest.replay import replay


def measure(folder: Path, site: str, kind: str, gold: str) -> str:
    """One table; the scorer is run as it is."""
    with tempfile.TemporaryDirectory() as room:
        events = Path(room) / "events.jsonl"
        started = time.perf_counter()
        done = replay(folder / "captures" / site, events, kind=kind)
        seconds = time.perf_counter() - started
        scorer = [sys.executable, str(folder / "scripts" / "score_events.py"), str(folder / "gold" / f"{gold}.jsonl")]
        cosmetic = ["--cosmetic", str(folder / "gold" / f"{gold}.cosmetic.jsonl")]
        told = subprocess.run([*scorer, str(events), *cosmetic, "--json"], capture_output=True, text=True, check=True)  # noqa: S603
    score = json.loads(told.stdout)
    rows = [*score["per_kind"].items(), ("all", score["overall"])]
    lines = [f"{'kind':18}{'right':>6}{'false':>6}{'missed':>7}{'P':>7}{'R':>7}{'F1':>7}"]
    lines += [
        f"{name:18}{one['tp']:6}{one['fp']:6}{one['fn']:7}{_told(one['precision'])}{_told(one['recall'])}{_told(one['f1'])}"
        for name, one in rows
    ]
    rate = (score["cosmetic"]["cosmetic_false_alarm_rate"] or 0) * 100
    lines.append(f"{rate:.1f} of 100 cosmetic captures with a false alarm; {done.captures} captures in {seconds:.1f} s")
    return "\n".join(lines)


def _told(value: float | None) -> str:
    return f"{value:7.3f}" if value is not None else f"{'-':>7}"


def main() -> None:
    """All sites of the folder that have a gold log."""
    folder = Path(sys.argv[1])
    for site in sorted(one.name for one in (folder / "captures").iterdir() if one.is_dir()):
        for kind, gold in (("homepage", site), ("cv", f"{site}_cv")):
            if (folder / "gold" / f"{gold}.jsonl").exists():
                sys.stdout.write(f"{site}, {kind}\n{measure(folder, site, kind, gold)}\n\n")


if __name__ == "__main__":
    main()
