"""The nouns of an audit. Frozen; ``dataclasses.asdict`` of an Audit is the stable JSON of ``harvest audit``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

Lines = Sequence[tuple[int, str]]  # of a document: number, from 1, and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Another document or source that speaks of a field."""

    source: str
    who: str  # the source by name, and when it was last heard
    says: str
    url: str  # where a person can see it said; a file name for a document
    captured_at: datetime
    stance: str  # same, or how it differs
    confirms: bool  # an index of proceedings or journals
    shown: bool  # the place still shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What the document says of one field, and what is to be thought of it."""

    field: str
    said: str
    verdict: str
    reason: str  # its class, such as year_slip
    explanation: str  # one plain sentence
    record_says: str | None  # where the record says something else
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a document."""

    line: int | None  # first line, from 1
    item: str | None  # its number in the document: a position, not a key
    quote: str  # the lines verbatim
    title: str
    work_id: str
    whose: str | None  # theirs, not_theirs, undecided
    verdict: str
    explanation: str
    fields: tuple[Field, ...]
    known_as: str | None = None  # the record's title, where it is another
    stage: str | None = None  # as the document says
    comment: str | None = None  # all it says after authors and title
    venue_short: str | None = None
    venue_year: int | None = None
    year: int | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    record_stage: str | None = None
    record_venue: str | None = None
    record_year: int | None = None
    record_arxiv_id: str | None = None
    record_venue_said: str | None = None  # the venue in the words of the best witness beside the document
    record_authors: tuple[str, ...] = ()
    record_authors_cut: bool = False
    public_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a document as a whole, or about a line that is no entry."""

    kind: str
    severity: str  # error: contradicted. warning: lost or doubtful. question: undecided. note: nothing is wrong
    line: int | None
    quote: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A work that is in the document and not in the record, or the reverse."""

    only_in: str  # document, record
    line: int | None
    item: str | None
    title: str
    work_id: str
    cause: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an announced work."""

    line: int | None
    item: str | None
    title: str
    stage: str
    outcome: str  # appeared, appeared under another title, published, disappeared, still nothing
    months: int  # from the document to the newest answer
    now_titled: str | None
    public_on: date | None
    record_stage: str | None
    record_venue: str | None
    confidence: float | None  # that it is the same work
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that the page tells of its person."""

    metric: str
    value: float
    line: int | None
    sanity: str  # sane, doubtful, implausible, contaminated, impossible: the gravest of its classes
    classes: tuple[str, ...]  # all of them, empty when sane
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One piece of evidence for when a document was written."""

    bound: str  # "not before", "not after"
    day: date
    line: int | None
    quote: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """When a document was written, by what it says itself."""

    not_before: date | None
    not_after: date | None
    clues: tuple[Clue, ...]  # the deciding ones first
    given: date | None  # what people.toml says
    agrees: bool | None  # None: nothing to compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """How a page compares with the reconciled record. Rows are named by their lines."""

    rows: int
    works: int
    theirs: int  # rows
    foreign: tuple[int, ...]  # lines of rows that are other people's
    undecided: tuple[int, ...]
    duplicates: tuple[tuple[int, ...], ...]  # lines of rows that are one work
    missing: tuple[str, ...]  # titles the page should have and leaves out
    precision: float | None  # theirs of the rows that are decided
    recall: float | None  # listed of what it should list


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The audit of one document."""

    document: str
    kind: str
    person_id: str | None
    person: str | None
    own: bool
    captured_at: datetime
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    presence: tuple[Presence, ...]
    outcomes: tuple[Outcome, ...]
    numbers: tuple[Number, ...]
    ledger: Ledger
    dating: Dating
    lines: tuple[tuple[int, str], ...] = ()  # of the document, as a reader sees them
    markup: str = ""  # the source of a page of their own; a text has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All documents that were asked for."""

    known_until: datetime  # the newest answer of any source
    network: bool  # False: nothing but documents was read
    pages: tuple[Page, ...]
