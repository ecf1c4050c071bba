"""The weekly report: tells subscribers what changed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas import State
from prefect.runtime import flow_run

from flows.told import moment, told
from harvest import pipeline
from harvest.settings import read_settings


@flow(name="report")
def report_flow(since: datetime | None = None, days: float = 7, send: bool | None = None) -> State[Any]:
    """Page and e-mails of what changed after `since`, or in the `days` before the run was due.

    Sends when told to, or, not told, when a mail server is set. Fails when a mail was not taken; it waits for
    the next run.
    """
    settings = read_settings()
    # When it was due, not when it ran: a run that is late leaves no gap.
    start = moment(since) if since else moment(flow_run.scheduled_start_time) - timedelta(days=days)
    people = pipeline.read_plan(settings).people
    sending = bool(settings.smtp_host) if send is None else send
    return told("report", partial(pipeline.report, settings=settings, people=people, since=start, send=sending))
