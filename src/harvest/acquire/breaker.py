"""After several failures in a row an endpoint rests; the next run, in another process, knows.

One small file per host and endpoint. The moments are those of the runs, so that a replay behaves as its
original did.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from harvest.acquire.archive import disk, write_whole

_PATIENCE = 5  # calls that fail in a row, each with its own retries, before the first rest
_FIRST, _LONGEST = timedelta(minutes=5), timedelta(hours=6)  # a daily run always finds it rested


@dataclass(frozen=True, slots=True)
class _State:
    failures: int = 0
    until: str = ""


class Breaker:
    """The memory of one endpoint: the host and the first part of the path, such as "dblp.org/pid"."""

    def __init__(self, folder: Path, url: str) -> None:
        split = urlsplit(url)
        self.endpoint = f"{split.netloc}/{split.path.lstrip('/').partition('/')[0]}"
        self._path = folder / f"{sha256(self.endpoint.encode()).hexdigest()[:24]}.json"

    def resting(self, now: datetime) -> datetime | None:
        """Until when not to ask; None when it may be asked."""
        state = self._read()
        if not state.until:
            return None
        until = datetime.fromisoformat(state.until)
        return until if now < until <= now + _LONGEST else None  # further off: the runs' dates went backwards

    def failed(self, now: datetime, asked: float = 0) -> None:
        """One more call failed; the service may have asked for a rest, in seconds."""
        failures = self._read().failures + 1
        rest = timedelta(seconds=min(asked, _LONGEST.total_seconds()))
        if failures >= _PATIENCE:
            rest = max(rest, min(_LONGEST, _FIRST * 2 ** min(failures - _PATIENCE, 10)))
        self._write(_State(failures, (now + rest).isoformat() if rest else ""))

    def succeeded(self) -> None:
        """It answered: what was before is forgotten."""
        if self._read() != _State():
            self._write(_State())

    def _read(self) -> _State:
        with disk(self._path):
            text = self._path.read_text("utf-8") if self._path.exists() else "{}"
        try:
            said = json.loads(text)
            state = _State(int(said.get("failures", 0)), str(said.get("until", "")))
            return state if not state.until or datetime.fromisoformat(state.until).tzinfo else _State()
        except (ValueError, TypeError, AttributeError):
            return _State()  # a damaged memory is no memory: it may be asked

    def _write(self, state: _State) -> None:
        with disk(self._path):
            write_whole(self._path, json.dumps({"endpoint": self.endpoint, **asdict(state)}).encode())
