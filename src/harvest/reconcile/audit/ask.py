"""From the warehouse's views to the nouns: one query for each kind of row, all documents at once."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from duckdb import DuckDBPyConnection

from harvest.reconcile.audit.cross_references import cross_references
from harvest.reconcile.audit.dating import dating
from harvest.reconcile.audit.nouns import (
    Audit,
    Entry,
    Field,
    Finding,
    Ledger,
    Lines,
    Number,
    Outcome,
    Page,
    Presence,
    Witness,
)
from harvest.rows import Row, rows

# Views that others rest on, worked out once: for this connection a table of the name stands in front of the view.
_SHARED = ("works", "document_lines", "line_statements", "line_verdicts")

_DOCUMENTS = """
select
    url as document, any_value(source) as kind, answers.person_id, any_value(name) as person,
    any_value(own) as own, max(received_at) as captured_at, arg_max(sha256, received_at) as sha256,
    arg_max(answer_id, received_at) as answer_id
from answers
left join current_people using (person_id)
where outcome = 'answered' and (answers.person_id is null or name is not null)
    and case when $document is null then document else url = $document end
group by url, answers.person_id
order by url, answers.person_id
"""

_ENTRIES = """
with venues as (  -- the venue of the record in its witnesses' words; authors name it in full
    select
        record_works.work_id,
        arg_min(records.venue, (source <> 'homepage', source in ('dblp', 'openalex'), records.venue)) as venue_said
    from records
    join record_works using (record_id)
    join works on works.work_id = record_works.work_id and works.venue = records.venue_short
    group by all
)
select
    line_verdicts.* exclude (arxiv_id, doi), records.comment, records.venue_short, records.venue_year, records.year,
    records.arxiv_id, records.doi, works.year as record_year, works.arxiv_id as record_arxiv_id,
    works.authors as record_authors, works.authors_incomplete as record_authors_cut,
    venue_said as record_venue_said
from line_verdicts
join records using (record_id)
join works using (work_id)
left join venues using (work_id)
where list_contains($documents, document)
order by document, person_id, line, title
"""

_REMARKS = """
select answer_id, kind, line, quote, explanation from remarks where list_contains($answers, answer_id)
order by line nulls first, kind
"""

_PRESENCE = "select * from presence where list_contains($documents, document) order by only_in, line, cause, title"
_OUTCOMES = "select * from forthcoming where list_contains($documents, document) order by line, title"
_NUMBERS = """
select url as document, metric, value, line, sanity, classes, reason
from metric_history
where key is null and list_contains($documents, url)
order by line, metric
"""
_HORIZON = """
select coalesce(max(received_at) filter (not document), max(received_at)), bool_or(not document)
from answers where outcome = 'answered'
"""


def audit(
    db: DuckDBPyConnection,
    read_lines: Callable[[Mapping[str, Any]], Lines],
    document: str | None = None,
    read_markup: Callable[[Mapping[str, Any]], str] = lambda row: "",
) -> Audit:
    """The audit of one document, or of all seed documents.

    `read_lines` gives the lines of a row of answers, `read_markup` the source of one that is a page ("" for a text).
    """
    for view in _SHARED:
        db.execute(f"create or replace temp table {view} as select * from main.{view}")
    documents = rows(db, _DOCUMENTS, {"document": document})
    names = [row["document"] for row in documents]
    entries, presence, outcomes, numbers = (
        _apart(rows(db, query, {"documents": names}), "document", "person_id")
        for query in (_ENTRIES, _PRESENCE, _OUTCOMES, _NUMBERS)
    )
    remarks = _apart(rows(db, _REMARKS, {"answers": [row["answer_id"] for row in documents]}), "answer_id")
    pages = []
    for row in documents:
        mine = (row["document"], row["person_id"])
        page = _page(
            row, read_lines(row), entries[mine], remarks[(row["answer_id"],)], presence[mine], outcomes[mine],
            numbers[(row["document"], None)],
        )  # fmt: skip
        pages.append(replace(page, markup=read_markup(row) if page.own else ""))
    ((known_until, network),) = db.execute(_HORIZON).fetchall()
    return Audit(known_until=known_until, network=bool(network), pages=tuple(pages))


def _apart(said: Sequence[Row], *names: str) -> defaultdict[tuple[str | None, ...], list[Row]]:
    """The rows by what they say under these names; None where they do not say it."""
    found: defaultdict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    for row in said:
        found[tuple(row.get(name) for name in names)].append(row)
    return found


def _page(
    row: Row,
    lines: Lines,
    entries: Sequence[Row],
    remarks: Sequence[Row],
    presence: Sequence[Row],
    outcomes: Sequence[Row],
    numbers: Sequence[Row],
) -> Page:
    listed = tuple(_entry(one) for one in entries)
    own = bool(row["own"])
    noticed = [_finding(one) for one in remarks]
    noticed += cross_references(lines, listed) if own else []
    absent = tuple(_kept(Presence, one) for one in presence)
    return Page(
        **{name: row[name] for name in ("document", "kind", "person_id", "person", "captured_at")},
        own=own,
        entries=listed,
        findings=tuple(sorted(noticed, key=lambda one: (_SEVERITIES.index(one.severity), one.line or 0))),
        presence=absent,
        outcomes=tuple(_kept(Outcome, one) for one in outcomes),
        numbers=tuple(_kept(Number, one | {"classes": tuple(one["classes"])}) for one in numbers),
        ledger=_ledger(listed, absent),
        dating=dating(lines, listed, own=own, given=row["captured_at"].date()),
        lines=tuple(lines),
    )


_SEVERITIES = ("error", "warning", "question", "note")
_ERRORS = ("self_contradiction",)


def _finding(row: Row) -> Finding:
    severity = "error" if row["kind"] in _ERRORS else "note" if row["kind"] == "name_cluster" else "warning"
    return Finding(severity=severity, **{name: row[name] for name in ("kind", "line", "quote", "explanation")})


def _entry(row: Row) -> Entry:
    fields = [
        Field(**one | {"witnesses": tuple(Witness(**witness) for witness in one["witnesses"])})
        for one in sorted(row["fields"], key=lambda one: _FIELDS.index(one["field"]))
    ]
    said = {"fields": tuple(fields), "explanation": row["reason"] or "", "record_authors": tuple(row["record_authors"])}
    entry: Entry = _kept(Entry, row | said)
    return entry


_FIELDS = ("title", "authors", "venue", "year", "date", "status", "arxiv_id", "doi", "pages", "award")


def _kept(noun: Any, row: Row) -> Any:
    """The noun of a row that may have more columns."""
    return noun(**{name: row[name] for name in noun.__slots__ if name in row})


def _ledger(entries: Sequence[Entry], absent: Sequence[Presence]) -> Ledger:
    ordered = sorted(entries, key=lambda one: one.work_id)
    groups = [[one.line or 0 for one in own] for _, own in groupby(ordered, key=lambda one: one.work_id)]
    foreign = tuple(one.line or 0 for one in entries if one.whose == "not_theirs")
    undecided = tuple(one.line or 0 for one in entries if one.whose == "undecided")
    theirs = len(entries) - len(foreign) - len(undecided)
    missing = tuple(one.title for one in absent if one.only_in == "record" and one.cause == "omitted")
    listed = len({one.work_id for one in entries if one.whose not in ("not_theirs", "undecided")})
    return Ledger(
        rows=len(entries), works=len(groups), theirs=theirs, foreign=foreign, undecided=undecided,
        duplicates=tuple(tuple(sorted(lines)) for lines in groups if len(lines) > 1), missing=missing,
        precision=theirs / (theirs + len(foreign)) if theirs + len(foreign) else None,
        recall=listed / (listed + len(missing)) if listed + len(missing) else None,
    )  # fmt: skip
