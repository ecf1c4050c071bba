"""Asking whether anything is new: with the marks (ETag, Last-Modified) that came with the last good answer.

RFC 9110, section 13. Only an answer that was read well is remembered: one that was not must come whole again.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from harvest.acquire.archive import Archive
from harvest.acquire.memo import Memo
from harvest.errors import WarehouseProblem
from harvest.model import Answer


@dataclass(frozen=True, slots=True)
class Last:
    """The last good answer of one address: its marks, and the hash of its body in the archive."""

    etag: str
    modified: str
    media_type: str
    sha256: str
    received_at: str

    @property
    def headers(self) -> dict[str, str]:
        """The condition, as headers of a request."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}


class Conditions:
    """The memory of all addresses that gave marks."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self._folder = folder
        self._archive = archive

    def last(self, url: str, now: datetime) -> tuple[Last, bytes] | None:
        """What `url` said last, before `now`, with its body; None when it must be asked without a condition."""
        try:
            last = Last(**{name: str(value) for name, value in Memo(self._folder, url).read().items()})
            if last.headers and datetime.fromisoformat(last.received_at) <= now:
                return last, self._archive.read(last.sha256)
        except (TypeError, ValueError, WarehouseProblem):
            return None  # nothing remembered, or its body is gone or damaged: the whole answer mends it
        return None

    def note(self, url: str, answer: Answer) -> None:
        """Remember a good answer of `url` that carries marks; written only when something changed."""
        said = dict(answer.headers)
        fresh = Last(
            etag=said.get("etag", ""), modified=said.get("last-modified", ""), media_type=said.get("content-type", ""),
            sha256=answer.sha256, received_at=answer.received_at.isoformat(),
        )  # fmt: skip
        memo = Memo(self._folder, url)
        known = memo.read()
        if (fresh.headers or known) and asdict(fresh) | {"received_at": ""} != known | {"received_at": ""}:
            memo.write(asdict(fresh))
