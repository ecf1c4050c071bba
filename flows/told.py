"""What a run did, told to Prefect: as log, artifact and state. The truth is the ledger in the warehouse."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas import State
from prefect.states import Cancelled, Completed, Failed

from harvest.errors import RunInProgress
from harvest.runs import RunSummary
from harvest.telling import ReportSummary

_NAMES = {0: "Completed", 3: "Done in part", 4: "Held back"}  # by exit code, as of the command


def told(kind: str, work: Callable[[], RunSummary | ReportSummary]) -> State[Any]:
    """Do the work and say how it went: completed for every exit code but 1, cancelled while another run writes.

    What the work raises goes on to Prefect, which marks the run as failed with that sentence.
    """
    try:
        summary = work()
    except RunInProgress as problem:
        return Cancelled(message=str(problem))
    code = summary.exit_code
    get_run_logger().info("exit code %d\n%s", code, summary.as_markdown())
    create_markdown_artifact(key=kind, markdown=summary.as_markdown(), description=f"exit code {code}")
    message = f"exit code {code}; the artifact {kind!r} has the rest"
    return Failed(message=message) if code == 1 else Completed(name=_NAMES[code], message=message, data=summary)


def moment(given: datetime | None) -> datetime:
    """The moment of a run: the clock's when none is given, UTC when it names no zone."""
    given = given or datetime.now(UTC)
    return given if given.tzinfo else given.replace(tzinfo=UTC)
