"""Whole dumps instead of single questions: for when a service blocks programs, or there are many people to follow."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas import State

from flows.told import moment, told
from harvest import pipeline
from harvest.acquire.channel import Channel
from harvest.asking import by_hand
from harvest.plan import read_plan
from harvest.runs import RunSummary
from harvest.settings import read_settings


@flow(name="bulk")
def bulk_flow(
    files: list[str],
    now: datetime | None = None,
    captured_at: datetime | None = None,
    accept_shrink: bool = False,
) -> State[Any]:
    """Take dumps, each as SOURCE=FILE, and ask these sources only for those who are not in them.

    `captured_at` says when the dumps were fetched; each file's own time when not given. Moments are UTC without a zone.
    """

    def work() -> RunSummary:
        settings, at = read_settings(), moment(now)
        plan = read_plan(settings, source_names=[one.partition("=")[0].partition(":")[0] for one in files])
        when = moment(captured_at) if captured_at else None
        given = by_hand(settings=settings, plan=plan, given=files, now=at, captured_at=when)
        channel = Channel(by_hand=given)
        return pipeline.harvest(settings=settings, plan=plan, now=at, accept_shrink=accept_shrink, channel=channel)

    return told("bulk", work)
