"""What a person's own pages say of each work, as one word per field: of pages that differ, the newest news.

Pages differ for months, and one catches up late. A word is therefore as old as the page that said it first, and
what a page says of a work when it first lists it is no news, unless no page of theirs knew the work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

_ENTRIES = """
select
    work_id, person_id, own_entries.source, page, record_id, first_said_at, last_said_at,
    last_said_at = newest_at as present,
    title_key(title) as title, case when len(authors) > 0 then authors_key(authors) end as authors, truncated,
    stage || coalesce(' ' || venue_short, '') as stage, stage_rank(stage) as rank, arxiv_id, doi,
    venue_short, award(comment) as award
from own_entries
join records using (record_id)
join (select person_id, page, max(received_at) as newest_at from own_captures group by all) using (person_id, page)
order by work_id, person_id, own_entries.source, page, record_id
"""

_LOGGED = """
select work_id, person_id, source, record_id, authors_id, stage_id, arxiv_id, doi, award
from words
qualify row_number() over (partition by work_id, person_id, source order by run_id desc) = 1
"""

_NEVER = datetime.min  # noqa: DTZ901 - moments of the warehouse are UTC without a zone


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on one page, with when that page first and last said it."""

    work_id: str
    person_id: str
    source: str
    page: str
    record_id: str
    first_said_at: datetime
    last_said_at: datetime
    present: bool  # in the newest good capture of the page
    title: str  # this and the next: as compared, not as written
    authors: str | None
    truncated: bool
    stage: str | None  # with the venue: they are said together
    rank: int  # of the stage
    arxiv_id: str | None
    doi: str | None
    venue: str | None
    award: str | None


@dataclass(frozen=True, slots=True)
class Word:
    """What the pages of one kind say of a work: the records that say title, authors and stage, and identifiers."""

    work_id: str
    person_id: str
    source: str
    record_id: str
    authors_id: str
    stage_id: str
    arxiv_id: str | None
    doi: str | None
    award: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about, and whose word it is."""
        return self.work_id, self.person_id, self.source


def keep_words(db: DuckDBPyConnection, run_id: int) -> bool:
    """Log the words of their own pages that are not as they were logged last; whether any says something else now."""
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for row in db.execute(_ENTRIES).fetchall():
        entry = Entry(*row)
        groups[entry.work_id, entry.person_id, entry.source].append(entry)
    logged = {row[:3]: Word(*row) for row in db.execute(_LOGGED).fetchall()}
    said = {entry.record_id: entry for entries in groups.values() for entry in entries}
    moved = [word for key, entries in groups.items() if (word := word_of(entries)) != logged.get(key)]
    if moved:
        db.executemany(
            "insert into words values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(run_id, *astuple(w)) for w in moved]
        )
    return any(
        _compared(word, said) != _compared(before, said) if (before := logged.get(word.key)) else True for word in moved
    )


def word_of(entries: list[Entry]) -> Word:
    """The word of the pages of one kind on one work; once no page lists it, their last words stand."""
    said = [entry for entry in entries if entry.present] or _last(entries)
    titled = _newest(entries, said, lambda entry: entry.title)
    whole = [entry for entry in said if entry.authors and not entry.truncated]
    written = _newest(entries, whole or [one for one in said if one.authors] or said, lambda entry: entry.authors)
    staged = _newest(entries, [entry for entry in said if entry.stage] or said, lambda entry: entry.stage)
    awards = sorted({entry.award for entry in entries if entry.award and entry.venue == staged.venue})
    # A page that stops printing an identifier takes nothing back.
    named = [_newest(entries, known, of) for of in (_arxiv, _doi) if (known := [e for e in entries if of(e)])]
    return Word(
        work_id=titled.work_id, person_id=titled.person_id, source=titled.source,
        record_id=titled.record_id, authors_id=written.record_id, stage_id=staged.record_id,
        arxiv_id=next((one.arxiv_id for one in named if one.arxiv_id), None),
        doi=next((one.doi for one in reversed(named) if one.doi), None),
        award=", ".join(awards) or None,
    )  # fmt: skip


def _newest(entries: Iterable[Entry], said: Iterable[Entry], value: Callable[[Entry], str | None]) -> Entry:
    """Of what is said, the entry whose value of a field was born last."""
    listed: dict[str, datetime] = {}
    began: dict[tuple[str, str], datetime] = {}
    for entry in entries:
        listed[entry.page] = min(listed.get(entry.page, entry.first_said_at), entry.first_said_at)
        if word := value(entry):
            began[entry.page, word] = min(began.get((entry.page, word), entry.first_said_at), entry.first_said_at)
    known = min(listed.values())
    born: dict[str | None, datetime] = {}
    for (page, word), at in began.items():
        if at > listed[page] or at == known:
            born[word] = min(born.get(word, at), at)
    return max(
        said, key=lambda one: (born.get(value(one), _NEVER), one.rank, one.page, one.last_said_at, one.record_id)
    )


def _last(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of each page in the last capture that listed the work."""
    last: dict[str, datetime] = {}
    for entry in entries:
        last[entry.page] = max(last.get(entry.page, entry.last_said_at), entry.last_said_at)
    return [entry for entry in entries if entry.last_said_at == last[entry.page]]


def _arxiv(entry: Entry) -> str | None:
    return entry.arxiv_id


def _doi(entry: Entry) -> str | None:
    return entry.doi


def _compared(word: Word, said: Mapping[str, Entry]) -> tuple[object, ...]:
    """What of a word can be a change; None for a record that belongs to another work now."""
    titled, written, staged = (said.get(record) for record in (word.record_id, word.authors_id, word.stage_id))
    known = titled and titled.title, written and (written.authors, written.truncated), staged and staged.stage
    return *known, word.arxiv_id, word.doi, word.award
