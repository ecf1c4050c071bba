"""What becomes of one attempt: a whole reply, or a failure with its reason."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from harvest.model import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply to one request. Header names are in small letters; the body is unpacked."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters; "" when not said."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


class Failed(Exception):
    """One attempt failed. Never leaves this stage: it becomes the reason of an answer."""

    def __init__(
        self,
        reason: str,
        *,
        outcome: Outcome = Outcome.UNANSWERED,
        passing: bool = False,
        throttled: bool = False,
        unreached: bool = False,
        wait: float | None = None,
        reply: Reply | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
        self.passing = passing  # may be over in a moment: worth another try
        self.throttled = throttled  # we ask too much: asking more, here or elsewhere, is no remedy
        self.unreached = unreached  # nobody was asked: no host of that name, or nobody there who answers
        self.wait = wait  # seconds that the service asks us to wait
        self.reply = reply  # what it said, when it said anything

    @property
    def down(self) -> bool:
        """Whether it is the host's trouble, not the question's: a mirror may be asked."""
        return not self.throttled and (self.passing or self.unreached or self.outcome is Outcome.BLOCKED)


class Deadline:
    """The end of one call, in real time: retries, waiting and slow bodies included."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds; never below zero."""
        return max(0.0, self._end - time.monotonic())
