"""Every answer, byte for byte, under the hash of its body, before anybody reads it.

``ab/cdef….gz`` holds a body once, however often it is said; ``answers.jsonl`` holds one line per answer with
its address, headers and moment, so that the archive alone can be replayed.
"""

import fcntl
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from harvest.disk import write_whole
from harvest.errors import WarehouseProblem
from harvest.failpoints import failpoint
from harvest.model import Answer, Outcome

log = structlog.get_logger()


class Heading(NamedTuple):
    """A line of the ledger: an answer whose body is not read yet, and the hash of that body."""

    answer: Answer
    sha256: str


class Archive:
    """A content-addressed store. Several processes may keep answers in one folder at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ledger = folder / "answers.jsonl"

    def keep(self, answer: Answer) -> Path:
        """Keep an answer for good: when this returns, a power cut cannot take it. Heals a damaged file."""
        path = self._path(answer.sha256)
        with disk(path):
            if not (path.exists() and _unpacked(path, answer.sha256) is not None):
                write_whole(path, gzip.compress(answer.body, mtime=0))
            failpoint("archived")
            self._note(answer)
        return path

    def read(self, sha256: str) -> bytes:
        """The body with this hash. Raises WarehouseProblem when it is missing or damaged."""
        path = self._path(sha256)
        with disk(path):
            body = _unpacked(path, sha256)
        if body is None:
            raise WarehouseProblem(
                f"the kept answer {path} is damaged: restore it from a copy, or ask the source again"
            )
        return body

    def answers(self) -> Iterator[Answer]:
        """Every answer ever kept, each once, in the order of keeping. A line cut by a crash is passed over."""
        seen = set()
        for answer in map(self.whole, self.headings()):
            if answer.id not in seen:
                seen.add(answer.id)
                yield answer

    def headings(self) -> Iterator[Heading]:
        """What the ledger says of every answer, in the order of keeping; its body is not read."""
        for line in self._lines():
            try:
                said = json.loads(line)
                yield Heading(_answer(said), said["sha256"])
            except (ValueError, KeyError, TypeError):
                log.warning("a line of the archive's ledger was cut", ledger=str(self._ledger))

    def whole(self, heading: Heading) -> Answer:
        """The answer with its body. Raises WarehouseProblem when that is missing or damaged."""
        return replace(heading.answer, body=self.read(heading.sha256))

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256[2:]}.gz"

    def _lines(self) -> list[bytes]:
        with disk(self._ledger):
            return self._ledger.read_bytes().splitlines() if self._ledger.exists() else []

    def _note(self, answer: Answer) -> None:
        """One more line, on the disk when this returns; after a line that a crash cut, on a line of its own."""
        with self._ledger.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                file.write(b"" if file.read(1) == b"\n" else b"\n")
            file.write(json.dumps(_plain(answer)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Whatever the disk refuses becomes one sentence."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise WarehouseProblem(f"cannot use {path}: {reason}. Free or repair the disk, then run again") from problem


def _unpacked(path: Path, sha256: str) -> bytes | None:
    """The body, or None when the file does not hold what its name says."""
    try:
        body = gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return None
    return body if hashlib.sha256(body).hexdigest() == sha256 else None


def _plain(answer: Answer) -> dict[str, Any]:
    said = {field.name: getattr(answer, field.name) for field in fields(answer) if field.name != "body"}
    return said | {"received_at": answer.received_at.isoformat(), "sha256": answer.sha256}


def _answer(said: dict[str, Any]) -> Answer:
    return Answer(**{
        **{name: value for name, value in said.items() if name != "sha256"},
        "body": b"",
        "received_at": datetime.fromisoformat(said["received_at"]),
        "headers": tuple((name, value) for name, value in said["headers"]),
        "outcome": Outcome(said["outcome"]),
    })  # fmt: skip
