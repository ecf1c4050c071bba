"""One request at a time per service, and a pause between two, over all processes on one disk.

A lock on a file is let go when its process dies, however it dies. The file holds the moment of the last
request in real time: the pause is owed to the service, whatever the date of the run. A library's token
bucket would keep the pause, but not the one connection at a time that arXiv asks for.
"""

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harvest.acquire.archive import disk
from harvest.acquire.failed import Deadline, Failed

_JITTER = 0.1  # of the pause, on top of it: machines that start on the hour must not stay in step
_WIDTH = 32  # bytes of that moment in the file
_LOOK = 0.02  # seconds between two looks at a lock that another process holds


@contextmanager
def turn(folder: Path, service: str, pause: float, deadline: Deadline) -> Iterator[None]:
    """The service is ours alone inside this block. Raises Failed when our turn does not come in time."""
    path = folder / f"{service}.lock"
    with disk(path):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(handle, service, deadline)
        _rest(handle, pause, service, deadline)
        before, asked = os.pread(handle, _WIDTH, 0), True
        _stamp(handle)  # also now: a process that is killed while it asks has asked
        try:
            yield
        except Failed as problem:
            asked = not problem.unreached
            raise
        finally:
            if asked:
                _stamp(handle)
            else:  # nobody was asked, so no pause is owed
                os.pwrite(handle, before.ljust(_WIDTH), 0)
    finally:
        os.close(handle)


def _lock(handle: int, service: str, deadline: Deadline) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if deadline.left <= _LOOK:
                reason = f"another run was asking {service} for all of {deadline.seconds:g} seconds"
                raise Failed(reason) from taken
        time.sleep(_LOOK)


def _rest(handle: int, pause: float, service: str, deadline: Deadline) -> None:
    try:
        last = float(os.pread(handle, _WIDTH, 0))
    except ValueError:
        last = 0.0  # a new file, or one written by something else
    pause *= 1 + _JITTER * random.random()  # noqa: S311 - no secret
    wait = min(pause, last + pause - time.time())  # never longer than the pause, whatever the clock did
    if wait > deadline.left:
        raise Failed(f"the pause that {service} asks for is longer than the time that was left")
    time.sleep(max(0.0, wait))


def _stamp(handle: int) -> None:
    os.pwrite(handle, f"{time.time():.6f}".ljust(_WIDTH).encode(), 0)
