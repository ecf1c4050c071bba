"""What a source is: it says what to ask and how to read the answer, and never touches the network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from harvest.model import Answer, Contents, Person, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the warehouse already holds, so that a source need not ask again."""

    arxiv_versions: frozenset[tuple[str, int]] = frozenset()  # (id, version) whose metadata we have
    arxiv_ids: frozenset[str] = frozenset()  # every arXiv id any record names
    arxiv_listed: frozenset[str] = frozenset()  # those that a search by author lists
    arxiv_resting: frozenset[str] = frozenset()  # those seen so lately that they need not be asked about
    listed_until: date | None = None  # the day up to which all changes at arXiv were listed, and listed twice since
    arxiv_searches: frozenset[str] = frozenset()  # addresses of searches by name that were read to their end
    counts: Mapping[str, int] = field(default_factory=dict)  # address → records in its last good answer
    our_arxiv_ids: frozenset[str] = frozenset()  # those of works that are, or may be, of the people we follow
    unconfirmed_dois: frozenset[str] = frozenset()  # of such works, where no index says that they appeared
    lately: frozenset[str] = frozenset()  # addresses that gave a good answer less than the source's `every` ago


class Reader(Protocol):
    """Reads one kind of answer or document."""

    name: str

    def read(self, answer: Answer) -> Contents:
        """All that the answer says; raises UnreadableAnswer or SourceBlocked."""
        ...


class Source(Reader, Protocol):
    """A service on the network.

    With ``every``, a number of days, a question that was answered well is not asked again before they have passed.
    """

    pause: timedelta  # between two requests, as its terms of use ask

    def ask(self, people: Sequence[Person], known: Known) -> Iterable[Query]:
        """The questions of a run, the fewest that the service's contract allows."""
        ...

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterable[Query]:
        """The questions that the answers raise, asked once all first answers are read."""
        ...


def next_page(answer: Answer, path: str, name: str, value: object) -> tuple[Query, ...]:
    """The question of an answer again, with another cursor, offset or token; nothing where there is no other."""
    address = urlsplit(answer.url)
    asked = dict(parse_qsl(address.query, keep_blank_values=True))
    if not (address.netloc and isinstance(value, str) and value) or asked.get(name) == value:
        return ()
    params = tuple((asked | {name: value}).items())
    return (Query(path=path, params=params, person_id=answer.person_id, purpose="next page"),)
