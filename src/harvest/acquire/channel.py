"""How the answers of a run come: from the network, from a recorded run, or from files that people fetched by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from harvest.acquire.address import address
from harvest.acquire.archive import Archive, Heading
from harvest.acquire.fetch import Fetcher, Service
from harvest.errors import InputProblem
from harvest.model import Answer, Outcome, Query
from harvest.settings import Settings


class Asker(Protocol):
    """Whoever answers the questions of one source in one run; see Fetcher."""

    @property
    def requests(self) -> int:
        """How many were really sent."""
        ...

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        """The answer to a question, kept in the archive."""
        ...

    def believe(self, answer: Answer) -> None:
        """An answer was read and found good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The choice for one run: record every answer in a folder, replay a folder, and files given by hand."""

    record: Path | None = None
    replay: Path | None = None
    by_hand: tuple[Answer, ...] = ()

    def asker(self, settings: Settings, off: str = "") -> Asker:
        """One for each source. Raises InputProblem when there is nothing to replay.

        With `off`, why a source is not to be asked, nobody is: what is not here already is not answered.
        """
        archive = Archive(settings.home / "archive")
        asker: Asker = _Nobody(settings, off) if off else Fetcher(settings, archive)
        if self.replay:
            asker = Replayed(settings, archive, self.replay)
        if self.by_hand:
            asker = _ByHand(settings, archive, self.by_hand, asker)
        return _Recorder(Archive(self.record), asker) if self.record else asker


class Replayed:
    """Gives the answers of a recorded run; asks nobody. A question that was not recorded is not answered."""

    def __init__(self, settings: Settings, archive: Archive, folder: Path) -> None:
        self._settings, self._archive, self._recorded = settings, archive, Archive(folder)
        self._headings: dict[tuple[str, str], list[Heading]] = {}
        for one in _headings(folder):
            self._headings.setdefault((one.answer.source, one.answer.url), []).append(one)
        self.requests = 0

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        """What was said last by `received_at`, failures included."""
        url = public(self._settings, service.name, base_urls, query)
        said = [one for one in self._headings.get((service.name, url), ()) if one.answer.received_at <= received_at]
        if not said:
            return Answer(
                source=service.name, url=url, body=b"", status=0, received_at=received_at, person_id=query.person_id,
                outcome=Outcome.UNANSWERED, reason="not recorded: this question was not asked in the replayed run",
            )  # fmt: skip
        newest = max(reversed(said), key=lambda one: one.answer.received_at)
        answer = replace(self._recorded.whole(newest), person_id=query.person_id)
        if answer.status:
            self._archive.keep(answer)
        return answer

    def believe(self, answer: Answer) -> None:
        """Nothing: nobody will be asked whether it still holds."""


def recorded_until(folder: Path) -> datetime:
    """The moment of the newest answer in a recorded folder; raises InputProblem when it holds none."""
    return max(one.answer.received_at for one in _headings(folder))


def public(settings: Settings, service: str, base_urls: str | Sequence[str], query: Query) -> str:
    """The address of a question as the world knows it."""
    first = base_urls if isinstance(base_urls, str) else base_urls[0]
    return settings.public_url(service, address(first, query))


class _Nobody:
    """Asks nothing: the source is switched off, and there is only what was given by hand."""

    requests = 0

    def __init__(self, settings: Settings, reason: str) -> None:
        self._settings, self._reason = settings, reason

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        url = public(self._settings, service.name, base_urls, query)
        return Answer(
            source=service.name, url=url, body=b"", status=0, received_at=received_at, person_id=query.person_id,
            outcome=Outcome.OFF, reason=self._reason,
        )  # fmt: skip

    def believe(self, answer: Answer) -> None:
        """Nothing: nobody was asked."""


class _ByHand:
    """Takes the files that answer a question for its answer, and asks somebody else the other questions."""

    def __init__(self, settings: Settings, archive: Archive, files: Sequence[Answer], others: Asker) -> None:
        self._settings, self._archive, self._others = settings, archive, others
        self._files = {(one.source, one.url): one for one in files}

    @property
    def requests(self) -> int:
        return self._others.requests

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        found = self._files.get((service.name, public(self._settings, service.name, base_urls, query)))
        if not found:
            return self._others.fetch(service, base_urls, query, received_at=received_at)
        self._archive.keep(found)
        return found

    def believe(self, answer: Answer) -> None:
        self._others.believe(answer)


class _Recorder:
    """Keeps every answer in a folder of its own as well, also when nobody answered."""

    def __init__(self, folder: Archive, others: Asker) -> None:
        self._folder, self._others = folder, others

    @property
    def requests(self) -> int:
        return self._others.requests

    def fetch(self, service: Service, base_urls: str | Sequence[str], query: Query, *, received_at: datetime) -> Answer:
        answer = self._others.fetch(service, base_urls, query, received_at=received_at)
        self._folder.keep(answer)
        return answer

    def believe(self, answer: Answer) -> None:
        self._others.believe(answer)


def _headings(folder: Path) -> list[Heading]:
    found = list(Archive(folder).headings())
    if not found:
        raise InputProblem(f"{folder} holds no recorded run: make one with harvest run --record {folder}")
    return found
