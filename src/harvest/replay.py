"""Dated captures of somebody's pages, run through the pipeline one after the other, and the changes they show.

The same readers, the same matching and the same detection as in a live run: a capture is a run at its own moment.
"""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from harvest import pipeline
from harvest.captures import MOMENT, OWNER, File, files_of, said_by, sites_in
from harvest.detect.doubt import Doubts
from harvest.model import Person
from harvest.plan import Plan
from harvest.rows import rows
from harvest.runs import Said
from harvest.store.recall import recall
from harvest.store.warehouse import publish, reading, transaction, utc, writing

_CORES = 2
_FRESH = get_context("spawn")  # a copy of this process would have its locks, but not the threads that hold them

_EVENTS = """
select
    happened_at, kind, title, before, after, evidence
from changes
where kind in (
    'work_added', 'work_removed', 'work_reappeared', 'title_changed', 'authors_changed', 'venue_changed',
    'status_changed', 'arxiv_id_added', 'arxiv_id_changed'
) and not (kind = 'work_added' and work_id in (select work_id from first_listed))
order by happened_at, title, kind, change_id
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did."""

    sites: int
    captures: int
    events: int


def replay(captures: Path, out: Path, home: Path | None = None, kind: str | None = None) -> Replayed:
    """Write the changes that the captures of one site, or of each of several, show, as JSON lines.

    A capture is a folder named like 20260228T110000Z. With `home`, facts are kept there and a later replay goes on.
    """
    sites = sites_in(captures)
    work = partial(_site, home=home, kind=kind, alone=len(sites) == 1)
    if len(sites) == 1:
        told = [work(sites[0])]
    else:
        with ProcessPoolExecutor(_CORES, mp_context=_FRESH) as pool:
            told = list(pool.map(work, sites))
    events = [one for _, found in told for one in found]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events), encoding="utf-8")
    return Replayed(len(sites), sum(seen for seen, _ in told), len(events))


def _site(site: Path, home: Path | None, kind: str | None, *, alone: bool) -> tuple[int, list[dict[str, object]]]:
    """How many moments a site was captured at, and its events; `alone` it has the other core to read ahead."""
    files = [file for file in files_of(site) if kind in (None, file.kind)]
    with ExitStack() as stack:
        room = home / site.name if home else Path(stack.enter_context(TemporaryDirectory()))
        if alone:
            pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=_FRESH))
            said: Iterable[Said] = pool.map(said_by, files, chunksize=8)
        else:
            said = map(said_by, files)
        events = [{"site": site.name, **one} for one in _told(room, files, said)]
    return len({file.at for file in files}), events


def _told(home: Path, files: Sequence[File], said: Iterable[Said]) -> list[dict[str, object]]:
    """One run for each moment; what changed, in all that is kept there."""
    plan = Plan(people=(Person(id=OWNER, name=OWNER),), sources=())
    with writing(home) as db:
        db.execute("set threads = 1")  # the other core reads, or has a site of its own
        doubts = Doubts(counts=recall(db, utc(files[0].at)).counts if files else {})
        newest = files[-1].at if files else None
        for at, read in groupby(zip(files, doubts.weigh(said), strict=True), lambda pair: pair[0].at):
            together = [told for _, told in read]
            with transaction(db):
                pipeline.take(db, plan, together, (), at, last=at == newest)
            plan = replace(plan, people=())  # they are known now
        publish(db, home)
    with reading(home) as db:
        return [_event(row) for row in rows(db, _EVENTS)]


def _event(row: dict[str, object]) -> dict[str, object]:
    at = row.pop("happened_at")
    kind = str(row.pop("kind")).replace("arxiv_id_changed", "arxiv_id_added")
    return {"at": f"{at:{MOMENT}}", "kind": kind, **row}
