"""The weekly report: tells subscribers what changed."""

from datetime import datetime
from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas import State

from flows.told import moment, told
from harvest import telling
from harvest.plan import read_plan
from harvest.settings import read_settings


@flow(name="report")
def report_flow(since: datetime | None = None, send: bool | None = None) -> State[Any]:
    """Page and e-mails of what changed after `since`, or since each recipient's last report.

    Sends when told to, or, not told, when a mail server is set. Fails when a mail was not taken; it waits for
    the next run.
    """
    settings = read_settings()
    start = moment(since) if since else None
    people = read_plan(settings).people
    sending = bool(settings.smtp_host) if send is None else send
    return told("report", partial(telling.report, settings=settings, people=people, since=start, send=sending))
