"""How long to wait before another try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_exponential_jitter

from harvest.acquire.failed import Failed

_LONGEST = 86_400.0  # seconds: who asks for more is asked again tomorrow all the same
_OURS = wait_exponential_jitter(initial=1, max=30, jitter=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """Longer and longer, with jitter, times `pace`; at least as long as the service asks."""

    pace: float

    def __call__(self, state: RetryCallState) -> float:
        """Seconds before the next try."""
        problem = state.outcome.exception() if state.outcome else None
        asked = problem.wait if isinstance(problem, Failed) else None
        return max(_OURS(state) * self.pace, asked or 0.0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a service asks us to wait, in either form of RFC 9110; None for nothing of use.

    Zero, negative numbers and dates gone by are of no use: arXiv has sent "0" with a 503. A date counts from the
    reply's own date, so that neither clock needs to be right. OpenAlex says when its spent budget is filled again.
    """
    spent = headers.get("x-ratelimit-remaining", "").strip() == "0"
    text = (headers.get("retry-after") or (spent and headers.get("x-ratelimit-reset")) or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), _LONGEST) or None
    until, since = _moment(text), _moment(headers.get("date", "")) or datetime.now(UTC)
    seconds = (until - since).total_seconds() if until else 0.0
    return min(seconds, _LONGEST) if seconds > 0 else None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
