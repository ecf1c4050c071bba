"""Reaching a host in bounded time: the C library looks a name up for as long as its own settings say, or for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from harvest.acquire.failed import Failed
from harvest.errors import UNREACHED

_LONGEST = 4.0  # seconds: name servers answer in milliseconds, or soon after they are asked a second time
_MEANWHILE = 0.5  # while a lookup that was given up still waits: the name server is silent for everybody
_given_up: set[Future[Any]] = set()

T = TypeVar("T")


def looked_up(work: Callable[[], T], seconds: float) -> T:
    """What work that looks a name up gives or raises. Raises Failed when that takes longer than a lookup may."""
    problem = Failed(f"{UNREACHED}: the name server keeps silent", unreached=True)
    return within(work, min(seconds, _MEANWHILE if _given_up else _LONGEST), problem, _given_up)


def within(work: Callable[[], T], seconds: float, problem: Failed, given_up: set[Future[Any]] | None = None) -> T:
    """What `work` gives or raises; raises `problem` when that takes longer than `seconds`.

    The work goes on then, heard by nobody, and is among `given_up` until it ends.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as raised:  # again where it is waited for
            done.set_exception(raised)

    threading.Thread(target=run, daemon=True).start()
    try:
        return done.result(seconds)
    except TimeoutError:
        if done.done():  # at the last moment, or the timeout is the work's own
            return done.result()
    if given_up is not None:
        given_up.add(done)
        done.add_done_callback(given_up.discard)
    raise problem
