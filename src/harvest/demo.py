"""The main job on the model world: several dates in order, a harvest at each, over real HTTP on loopback.

The pipeline is not told that it is a model: it is pointed at other addresses, no more. Only identifiers that
the seeds do not know (DBLP pids and the like, modelled) are added to the people before the first run.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.progress import track
from rich.table import Table
from rich.text import Text

from harvest import asking, pipeline, telling
from harvest.model import Person
from harvest.plan import read_plan
from harvest.rows import rows
from harvest.runs import RunSummary
from harvest.settings import Settings, read_settings
from harvest.show import messages, results
from harvest.store.warehouse import published_path, reading, utc
from harvest.world import bindings, demo_dates, seeds
from harvest.world.server import WorldServer

_SHOWN = 6  # rows of one kind on one date; the report page has them all

_CHANGES = """
select kind, title, before, after, evidence, source from changes where noticed_at = $at order by title, change_id
"""
_COUNTS = """
select
    (select count(*) from works)                           as works,
    (select count(*) from current_people)                  as people,
    (select count(*) from findings where status = 'open') as findings,
    (select count(*) from changes)                         as changes
"""

_KINDS = {
    "work_added": ("new", "{title}"),
    "title_changed": ("renamed", "{before}\n→ {after}"),
    "status_changed": ("status", "{title}\n{before} → {after}{venue}"),
    "release_confirmed": ("confirmed", "{title}\n{after}, says {witness}"),
    "venue_changed": ("venue", "{title}\n{before} → {after}"),
    "authors_changed": ("authors", "{title}"),
    "work_removed": ("gone", "{title}"),
    "work_reappeared": ("back", "{title}"),
    "attribution_changed": ("whose", "{title}\n{before} → {after}"),
    "works_merged": ("merged", "{title}"),
    "works_split": ("split", "{title}"),
    "h_index_changed": ("h-index", "{title}, {source}: {before} → {after}"),
}


def play(home: Path) -> None:
    """Harvest at every date of the model world, say what changed at each, and where the results lie."""
    with WorldServer(demo_dates()[0]) as world:
        settings = read_settings(home=home, pace=0, **world.settings(), **seeds())
        plan = read_plan(settings)
        plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
        steps = track(
            demo_dates(),
            "harvesting the model world",
            console=messages,
            transient=True,
            disable=not messages.is_terminal,
        )
        for date in steps:
            world.as_of = date
            summary = pipeline.harvest(settings=settings, plan=plan, now=date, each=asking.side_by_side)
            results.print(_story(settings, date, summary))
            reported = telling.report(settings=settings, people=plan.people)
    _close(settings, reported)


def bound(person: Person, modelled: Mapping[str, Mapping[str, Any]]) -> Person:
    """The person as the model world knows them: identifiers where the seeds have none, homepages, an address."""
    given = modelled.get(person.id, {})
    missing = {name: value for name, value in given.items() if not getattr(person, name)}
    pages = {"homepages": given.get("homepages", ())}
    return replace(person, **(missing | pages), email=person.email or f"{person.id}@example.org")


def _story(settings: Settings, date: datetime, summary: RunSummary) -> Table:
    """The changes of one date, a few rows of each kind."""
    with reading(settings.home) as db:
        changes = [_words(change) for change in rows(db, _CHANGES, {"at": utc(date)})]
    silent = "".join(f", {one.source} {one.state.value}" for one in summary.silent)
    table = Table(
        title=f"\n{date:%Y-%m-%d} · {len(changes)} changes · {summary.works} works{silent}",
        title_justify="left", title_style="bold", box=None, show_header=False, pad_edge=False, expand=True,
    )  # fmt: skip
    table.add_column(width=10, style="cyan")
    table.add_column(ratio=1, overflow="ellipsis", no_wrap=True)  # one line a row, two for a before and after
    for kind, (label, wording) in _KINDS.items():
        mine = [change for change in changes if change["kind"] == kind]
        for number, change in enumerate(mine[:_SHOWN]):
            table.add_row(label if number == 0 else "", Text(wording.format(**change)))
        if len(mine) > _SHOWN:
            table.add_row("", Text(f"… and {len(mine) - _SHOWN} more", style="dim"))
    if counted := [change for change in changes if change["kind"] == "citations_changed"]:
        table.add_row("citations", Text(f"moved in {len(counted)} series"))
    if not changes:
        table.add_row("", Text("nothing changed", style="dim"))
    return table


def _words(change: dict[str, Any]) -> dict[str, Any]:
    """A change with its evidence ("NeurIPS 2024 — DBLP: …") taken apart."""
    venue, _, witness = str(change["evidence"]).rpartition(" — ")
    said = {name: str(change[name]).replace("_", " ") for name in ("before", "after")}
    return change | said | {"venue": f" · {venue}" if venue else "", "witness": witness.partition(":")[0]}


def _close(settings: Settings, reported: telling.ReportSummary) -> None:
    """What there is now, where it lies, and what to try next."""
    home = settings.home
    with reading(home) as db:
        (counts,) = rows(db, _COUNTS)
    results.print("\n{works} works · {people} people · {findings} open findings · {changes} changes\n".format(**counts))
    results.print(f"warehouse  {published_path(home)}", soft_wrap=True)
    results.print(f"report     {reported.page}", soft_wrap=True)
    for mail in reported.mails:
        results.print(f"e-mail     {mail}", soft_wrap=True)
    results.print("\nTry next:")
    for command in (
        f'harvest sql --home {home} "select title, stage, venue from publications"',
        f"harvest changes --home {home} --kind title_changed",
        f'harvest sql --home {home} "select severity, explanation from findings order by all"',
    ):
        results.print(f"  {command}", soft_wrap=True)
