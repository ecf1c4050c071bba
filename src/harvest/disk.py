"""Files that people name, and files that are there whole or not at all, also after a power cut."""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from harvest.errors import InputProblem
from harvest.failpoints import failpoint


def read_named(path: Path) -> tuple[bytes, datetime]:
    """What a file says that somebody named, and when it was changed; raises InputProblem when that is nothing."""
    try:
        body, changed = path.read_bytes(), path.stat().st_mtime
    except OSError as problem:
        raise InputProblem(f"{path} cannot be read: {problem.strerror}. Check its name and its rights") from problem
    if not body.strip():
        raise InputProblem(f"{path} is empty: save it again, or name another file")
    return body, datetime.fromtimestamp(changed, UTC)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it; what was there keeps its rights. Raises OSError."""
    new_folder = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}.new")  # a name that no other process writes
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        failpoint("file_written")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
    if new_folder:
        sync_folder(path.parent.parent)


def sync_folder(folder: Path) -> None:
    """A rename in a folder is on the disk only when the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
