"""What one run did: how each source answered, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from harvest.errors import UNREACHED
from harvest.model import Answer, Contents, Outcome

Said = tuple[Answer, Contents]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How one source answered in one run."""

    source: str
    state: Outcome
    requests: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one run did: for the terminal, the ledger and the scheduler."""

    run_id: int
    harvested_at: datetime
    states: tuple[SourceState, ...]
    records: int  # never said before
    works: int  # known now
    changes: int  # noticed in this run
    findings: int  # open now
    held: int = 0  # answers that a guard held back

    @property
    def requests(self) -> int:
        """How many requests all sources got."""
        return sum(one.requests for one in self.states)

    @property
    def silent(self) -> tuple[SourceState, ...]:
        """The sources that did not answer as they should."""
        return tuple(one for one in self.states if one.state not in (Outcome.ANSWERED, Outcome.OFF))

    @property
    def unreached(self) -> int:
        """How many sources there were to ask, when none could be reached: there is no network. 0 when some was."""
        return len(self.silent) if not self.requests and any(UNREACHED in one.reason for one in self.silent) else 0

    @property
    def exit_code(self) -> int:
        """0 done, 3 some source did not answer, 4 a guard held something back."""
        return 4 if self.held else 3 if self.silent else 0

    def as_json(self) -> dict[str, object]:
        """The same for the ledger."""
        numbers = ("exit_code", "records", "works", "changes", "findings", "held", "requests")
        sources = {one.source: [one.state.value, one.requests, one.reason] for one in self.states}
        return {name: getattr(self, name) for name in numbers} | {"sources": sources}

    def as_markdown(self) -> str:
        """A short account for people."""
        lines = [
            f"# Harvest of {self.harvested_at:%Y-%m-%d %H:%M} UTC",
            "",
            f"{self.changes} changes · {self.records} new records · {self.works} works · {self.findings} open findings"
            f" · {self.requests} requests",
            "",
            "| source | state | requests | |",
            "|---|---|--:|---|",
        ]
        return "\n".join([
            *lines,
            *(f"| {one.source} | {one.state.value} | {one.requests} | {one.reason} |" for one in self.states),
        ])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that one source said in one run."""

    source: str
    said: tuple[Said, ...]
    held: int = 0
    requests: int = 0  # really sent, with retries, redirects and robots.txt

    @property
    def state(self) -> SourceState:
        """The worst outcome of the visit, with its reason."""
        order = (Outcome.BLOCKED, Outcome.UNANSWERED, Outcome.SUSPICIOUS, Outcome.OFF, Outcome.ANSWERED)
        worst = min((answer for answer, _ in self.said), key=lambda answer: order.index(answer.outcome), default=None)
        return SourceState(
            source=self.source,
            state=worst.outcome if worst else Outcome.ANSWERED,
            requests=self.requests,
            reason=worst.reason if worst else "nothing to ask",
        )
