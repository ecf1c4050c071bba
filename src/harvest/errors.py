"""What can go wrong, as a tree. Every message is a sentence that says what to do next.

HarvestError
├── InputProblem         wrong usage or input: mend it and call again            (exit 2)
├── SourceError          one source, one answer; the run goes on without it      (exit 3)
│   ├── SourceBlocked       a bot check or login page answered: fetch by hand, never circumvent
│   └── UnreadableAnswer    an answer, but not of the form the service promises
├── RunInProgress        another run holds the lock                              (exit 75)
└── WarehouseProblem     the disk or the database refused                        (exit 1)
"""

UNREACHED = "it could not be reached"  # how a reason begins when not even a connection came about


class HarvestError(Exception):
    """Base of all errors that are told to the user as one sentence."""

    exit_code = 1


class InputProblem(HarvestError):
    """Wrong usage or input. The message says which, and how to mend it."""

    exit_code = 2


class SourceError(HarvestError):
    """One source failed on one question. The run goes on, and says so at the end."""

    exit_code = 3

    def __init__(self, source: str, url: str, reason: str) -> None:
        super().__init__(source, url, reason)  # all arguments go up, so that it pickles
        self.source, self.url, self.reason = source, url, reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason} ({self.url})"


class SourceBlocked(SourceError):
    """A bot check, login page or apology answered instead of the service. Never circumvented."""


class UnreadableAnswer(SourceError):
    """An answer that is not of the form the service promises. Nothing of it is believed."""


class RunInProgress(HarvestError):
    """Another run is writing this warehouse. Wait for it, or choose another --home."""

    exit_code = 75


class WarehouseProblem(HarvestError):
    """The disk or the database refused. The published copy stands as it was."""
