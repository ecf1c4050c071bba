"""The daily harvest: a task per source, side by side, each tried once more after a crash."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from prefect import flow, task, unmapped
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.client.schemas.objects import TaskRun
from prefect.tasks import Task

from flows.told import moment, told
from harvest import pipeline
from harvest.errors import HarvestError
from harvest.plan import read_plan
from harvest.runs import Visit
from harvest.settings import read_settings
from harvest.sources.source import Source


def crashed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether it failed as nobody expected. What can be expected has been tried again, or cannot be helped by it."""
    return not isinstance(state.data, HarvestError)


# No cache: tomorrow's visit would be yesterday's. No persisted result: the archive keeps every answer.
@task(
    task_run_name="{source.name}",
    retries=1,
    retry_delay_seconds=10,
    retry_condition_fn=crashed,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def visit(call: Callable[[Source], Visit], source: Source) -> Visit:
    """Ask one source all its questions."""
    return call(source)


def side_by_side(call: Callable[[Any], Any], sources: Iterable[Any]) -> Iterable[Any]:
    """Every source in a task of its own, in the sources' order: an `Each` for the pipeline."""
    return visit.map(unmapped(call), list(sources)).result()


@flow(name="harvest")
def harvest_flow(now: datetime | None = None, accept_shrink: bool = False) -> State[Any]:
    """Ask all sources about the people in people.toml; `now` is the clock's when not given, UTC without a zone."""
    settings = read_settings()
    plan = read_plan(settings)
    run = partial(pipeline.harvest, settings=settings, plan=plan, each=side_by_side, accept_shrink=accept_shrink)
    return told("harvest", partial(run, now=moment(now)))
