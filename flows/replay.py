"""Read every kept answer again with today's readers; needs no network."""

from datetime import datetime
from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas import State

from flows.told import moment, told
from harvest import pipeline
from harvest.settings import read_settings


@flow(name="replay")
def replay_flow(now: datetime | None = None) -> State[Any]:
    """What the archive says to today's readers; `now` is the clock's when not given, UTC without a zone."""
    return told("replay", partial(pipeline.reread, settings=read_settings(), now=moment(now)))
