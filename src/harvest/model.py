"""The nouns. Frozen, named, compared by value, so that two visits can be compared with ``==``."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far one appearance of a work has come. Not a ladder: a work may have several at once."""

    IN_PREPARATION = "in_preparation"
    PREPRINT = "preprint"
    SUBMITTED = "submitted"
    WORKSHOP = "workshop"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of one call. Only ANSWERED may say "nothing new" or make anything disappear."""

    ANSWERED = "answered"
    SUSPICIOUS = "suspiciously_empty"
    UNANSWERED = "not_answered"
    BLOCKED = "blocked"
    OFF = "switched_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A named author we follow."""

    id: str  # ours, from people.toml
    name: str
    aliases: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None
    dblp_pid: str | None = None
    openalex_id: str | None = None
    scholar_feed_id: str | None = None
    homepages: tuple[str, ...] = ()
    email: str | None = None  # where change reports go, when the person subscribed
    more: tuple[tuple[str, str], ...] = ()  # (scheme, identifier) of further services

    @property
    def names(self) -> tuple[str, ...]:
        """Every form of the name, the main one first."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One seed document: a file, who it is about, and when it was captured."""

    path: str
    kind: str  # as for `harvest read --as`
    person_id: str | None
    captured_at: datetime
    own: bool = False  # written by the person: their CV or homepage


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a human settled. Outranks every rule; a later decision on the same pair takes its place."""

    verdict: str  # same, different, theirs, not_theirs
    left: str  # a reference ("arxiv:2401.01234"), or for theirs and not_theirs a person's id
    right: str  # a reference
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a source wants asked. The path is joined to the service's base URL."""

    path: str
    params: tuple[tuple[str, str], ...] = ()
    person_id: str | None = None  # whose question it is, if one person's
    purpose: str = ""  # "author search", "versions", … : shown in status, part of no key


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One reply of one source, kept byte for byte — or one seed document."""

    source: str
    url: str
    body: bytes
    received_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    person_id: str | None = None
    outcome: Outcome = Outcome.ANSWERED
    reason: str = ""  # one sentence when the outcome is not ANSWERED
    own: bool = False  # the person's own CV or homepage

    @property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def id(self) -> str:
        """Same source, address, bytes and moment: same answer. One that was held is another when it is believed."""
        doubt = () if self.outcome is Outcome.ANSWERED else (self.outcome.value,)
        return fingerprint(self.source, self.url, self.sha256, self.received_at.isoformat(), *doubt)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, lower case; "" when not said."""
        found = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return found.split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one source says about one work. Sources may disagree; we keep every word."""

    source: str
    key: str  # the source's own name for it ("journals/jmlr/Lovelace26"); for a document, the title's key
    title: str
    authors: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # one per author, "" for none: "*", "†", "corresponding"
    author_keys: tuple[str, ...] = ()  # one per author, "" for none: pid, OpenAlex id, homonym number
    truncated: bool = False  # the list ends in "et al."
    stage: Stage | None = None  # None: the source does not say
    venue: str | None = None  # as said
    venue_year: int | None = None  # a year that belongs to the venue
    year: int | None = None
    published_on: date | None = None  # of this appearance; for arXiv, of this version
    first_on: date | None = None  # first submission, when the source tells
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    doi: str | None = None  # never an arXiv DOI
    dblp_key: str | None = None
    openalex_id: str | None = None
    openreview_id: str | None = None
    url: str | None = None
    abstract: str | None = None
    categories: tuple[str, ...] = ()
    comment: str | None = None  # arXiv comment, "In preparation", "Spotlight (Top 5.1%)" …
    item: str | None = field(default=None, compare=False)  # position in the document ("13"): never a key
    line: int | None = field(default=None, compare=False)  # first line in the document
    quote: str = field(default="", compare=False)  # the lines verbatim

    @property
    def id(self) -> str:
        """The same words from the same source are the same record, however often they are said."""
        return fingerprint(
            self.source, self.key, self.title, self.authors, self.roles, self.author_keys, self.truncated,
            self.stage, self.venue, self.venue_year, self.year, self.published_on, self.first_on,
            self.arxiv_id, self.arxiv_version, self.doi, self.dblp_key, self.openalex_id,
            self.openreview_id, self.url, self.abstract, self.categories, self.comment,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number a source told us. Series of different sources never mix."""

    source: str
    metric: str  # citations, h_index, papers; a vendor's own: novelty, ai_score, impact
    value: float
    key: str | None = None  # the record it is about (Record.key); None: the person of the answer
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something a reader noticed: what was lost, not understood, or contradicts itself."""

    kind: str  # lost, not_understood, self_contradiction, name_cluster, …
    explanation: str
    line: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that one answer says."""

    records: tuple[Record, ...] = ()
    readings: tuple[Reading, ...] = ()
    remarks: tuple[Remark, ...] = ()
    total: int | None = None  # how many records the source says it has, when it says
    next: tuple[Query, ...] = ()  # further pages of the same answer


def fingerprint(*parts: object) -> str:
    """A short stable id for a tuple of plain values (128 bits of SHA-256, hex)."""
    text = json.dumps(parts, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"no stable form for {type(value).__name__}")
