"""The public record as of a moment: pure queries over the catalogue, the same for every service."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from harvest.world import catalogue
from harvest.world.catalogue import Appearance, Author, Version, Work, moment


class Reply(NamedTuple):
    """What a service answers. `location` is a path of the same service, for redirects."""

    status: int
    content_type: str
    body: bytes
    location: str | None = None
    headers: Mapping[str, str] = {}

    @classmethod
    def json(cls, status: int, said: object, kind: str = "application/json") -> "Reply":
        """An answer of an API."""
        return cls(status, kind, json.dumps(said).encode())

    @classmethod
    def html(cls, status: int, page: str) -> "Reply":
        """A page to look at."""
        return cls(status, "text/html; charset=utf-8", page.encode())


class World:
    """All that was public at one moment. Nothing in it is later than `as_of`."""

    def __init__(self, as_of: datetime) -> None:
        if as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        self.as_of = as_of

    @property
    def works(self) -> tuple[Work, ...]:
        """Every work with a version or an appearance by now."""
        return tuple(work for work in catalogue.works() if self.versions(work) or self.appearances(work))

    def works_of(self, person_id: str) -> tuple[Work, ...]:
        """The visible works that belong to one of the modelled people."""
        return tuple(work for work in self.works if person_id in work.people)

    def versions(self, work: Work, late: timedelta = timedelta()) -> tuple[Version, ...]:
        """The arXiv versions that exist; with `late`, those a service that lags so far has seen."""
        return tuple(version for version in work.versions if version.at <= self.as_of - late)

    def current(self, work: Work, late: timedelta = timedelta()) -> Version | None:
        """The newest version, if there is one."""
        return next(reversed(self.versions(work, late)), None)

    def appeared(self, work: Work, late: timedelta = timedelta()) -> Appearance | None:
        """Where it appeared last, if it has."""
        return next(reversed(self.appearances(work, late)), None)

    def appearances(self, work: Work, late: timedelta = timedelta()) -> tuple[Appearance, ...]:
        """The workshops, proceedings and journals it has appeared in."""
        return tuple(one for one in work.appearances if one.at <= self.as_of - late)

    def citations(self, work: Work) -> int:
        """The cumulative count, on a straight line between the days the data give."""
        for (start, low), (end, high) in pairwise(work.citations):
            if start <= self.as_of < end:
                return low + int((high - low) * ((self.as_of - start) / (end - start)))
        return work.citations[-1][1] if work.citations and self.as_of >= work.citations[-1][0] else 0


def authors(work: Work, names: Sequence[str]) -> tuple[Author, ...]:
    """Who the printed names of a work are."""
    return tuple(catalogue.author(name, work.people) for name in names)


def demo_dates() -> tuple[datetime, ...]:
    """The ten days the demo plays: between any two of them something was renamed, published or joined."""
    return tuple(moment(day).replace(hour=20) for day in catalogue.read("people.toml")["demo_dates"])
