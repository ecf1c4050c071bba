"""After several failures in a row an endpoint rests; the next run, in another process, knows.

A service that says that we ask too much rests as a whole, host by host. The moments are those of the runs, so
that a replay behaves as its original did.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from harvest.acquire.memo import Memo

_PATIENCE = 5  # calls that fail in a row, each with its own retries, before the first rest
_FIRST, _LONGEST = timedelta(minutes=5), timedelta(hours=6)  # a daily run always finds it rested


@dataclass(frozen=True, slots=True)
class Rest:
    """How often it failed in a row, until when it rests, and whether it said that we ask too much."""

    failures: int = 0
    until: datetime | None = None
    throttled: bool = False


def breakers(folder: Path, service: str, url: str) -> tuple["Breaker", "Breaker"]:
    """That of the service at its host, and that of the endpoint: the host and the first part of the path."""
    split = urlsplit(url)
    endpoint = f"{split.netloc}/{split.path.lstrip('/').partition('/')[0]}"
    return Breaker(folder, f"{service} at {split.netloc}"), Breaker(folder, endpoint)


class Breaker:
    """The memory of one endpoint, or of a whole service at one host."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._memo = Memo(folder, name)

    def resting(self, now: datetime) -> Rest | None:
        """The rest that `now` falls into; None when it may be asked."""
        rest = self._read()
        # Further off than the longest rest: the runs' dates went backwards.
        return rest if rest.until and now < rest.until <= now + _LONGEST else None

    def failed(self, now: datetime, asked: float = 0, *, throttled: bool = False) -> None:
        """One more call failed; the service may have asked for a rest, in seconds. Who throttles us rests at once."""
        failures = self._read().failures + 1
        rest = timedelta(seconds=min(asked, _LONGEST.total_seconds()))
        if throttled or failures >= _PATIENCE:
            rest = max(rest, min(_LONGEST, _FIRST * 2 ** min(max(0, failures - _PATIENCE), 10)))
        self._write(Rest(failures, now + rest if rest else None, throttled))

    def succeeded(self) -> None:
        """It answered: what was before is forgotten."""
        if self._read() != Rest():
            self._write(Rest())

    def _read(self) -> Rest:
        said = self._memo.read()
        try:
            until = datetime.fromisoformat(said["until"]) if said.get("until") else None
            rest = Rest(int(said.get("failures", 0)), until, bool(said.get("throttled")))
            return rest if not until or until.tzinfo else Rest()
        except (ValueError, TypeError):
            return Rest()  # a damaged memory is no memory: it may be asked

    def _write(self, rest: Rest) -> None:
        until = rest.until.isoformat() if rest.until else ""
        self._memo.write({"name": self.name, **asdict(rest), "until": until})
