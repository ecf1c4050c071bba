"""Named steps at which a test can stop a run: ``HARVEST_FAILPOINT=publish:kill@1`` (or raise, enospc).

``@n`` means at the n-th passage, the first when left out. Unset, a step costs one dictionary look-up.
"""

import errno
import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Do here what HARVEST_FAILPOINT asks, if it names this step."""
    wanted = os.environ.get("HARVEST_FAILPOINT")
    if not wanted or not wanted.startswith(f"{name}:"):
        return
    action, _, turn = wanted.partition(":")[2].partition("@")
    _passed[name] += 1
    if _passed[name] != int(turn or 1):
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "enospc":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
    raise RuntimeError(f"failpoint {name}")
