"""Facts in. Rows are added once and never changed: what is there already stays as it was."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl
from duckdb import DuckDBPyConnection

from harvest.failpoints import failpoint
from harvest.model import Answer, Contents, Person, Record
from harvest.store.warehouse import utc
from harvest.venues import short_venue

Row = Mapping[str, Any]

_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "VARCHAR": pl.String,
    "JSON": pl.String,
    "VARCHAR[]": pl.List(pl.String),
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int32,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "TIMESTAMP": pl.Datetime("us"),
    "DATE": pl.Date,
}
_COLUMNS: dict[str, dict[str, str]] = {}  # table → column → type


def append(db: DuckDBPyConnection, table: str, rows: Sequence[Row], unless_same: Sequence[str] = ()) -> int:
    """Add rows (column → value) to a table of facts, in one statement; returns how many were new.

    A row whose `unless_same` columns equal those of a row that is there already is not new.
    """
    if not rows:
        return 0
    if table not in _COLUMNS:  # the migrations are the same for every warehouse that this process opens
        said = db.execute(f"select column_name, column_type from (describe {table})").fetchall()
        _COLUMNS[table] = dict(said)
    columns = _COLUMNS[table]
    schema = {name: _TYPES[kind] for name, kind in columns.items() if name in rows[0]}
    incoming = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    if unless_same:
        incoming = incoming.unique(unless_same, keep="first", maintain_order=True)
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in unless_same)
    only_new = f" where not exists (select 1 from {table} as old where {same})" if unless_same else ""
    names = ", ".join(schema)
    db.register("incoming_rows", incoming)
    try:
        failpoint(f"append-{table}")
        added = db.execute(
            f"insert into {table} ({names}) select {names} from incoming_rows as new{only_new}"
        ).fetchall()
    finally:
        db.unregister("incoming_rows")
    return int(added[0][0])


def append_answers(
    db: DuckDBPyConnection, run_id: int, said: Iterable[tuple[Answer, Contents]], document: bool = False
) -> int:
    """Keep answers and all they say; returns the number of records never said before."""
    said = list(said)
    append(db, "answers", [_answer_row(answer, run_id, document) for answer, _ in said], ["answer_id"])
    records = [(answer, record) for answer, contents in said for record in contents.records]
    new = append(db, "records", [_record_row(record, run_id) for _, record in records], ["record_id"])
    append(db, "sightings", [_sighting_row(*pair) for pair in records], ["record_id", "answer_id", "line"])
    readings = [{"answer_id": answer.id, **asdict(one)} for answer, contents in said for one in contents.readings]
    append(db, "readings", readings, ["answer_id", "metric", "key"])
    remarks = [{"answer_id": answer.id, **asdict(one)} for answer, contents in said for one in contents.remarks]
    append(db, "remarks", remarks, ["answer_id", "kind", "explanation", "line"])
    return new


def append_people(
    db: DuckDBPyConnection, run_id: int, people: Iterable[Person], everybody: Iterable[str] | None = None
) -> None:
    """Keep the entries of people.toml, a new row only where one changed; `everybody` are the ids it has in all."""
    rows = [
        {
            "person_id": person.id, "name": person.name, "names": list(person.names),
            "affiliations": list(person.affiliations),
            "identifiers": json.dumps(_identifiers(person), ensure_ascii=False), "run_id": run_id,
        }
        for person in people
    ]  # fmt: skip
    names = ("person_id", "names", "affiliations", "identifiers")
    append_standing(
        db, "people", "departures", rows, names, run_id=run_id, still=everybody, whole=everybody is not None
    )


def append_standing(
    db: DuckDBPyConnection,
    table: str,
    gone: str,
    rows: Sequence[Row],
    names: Sequence[str],
    *,
    run_id: int,
    still: Iterable[str] | None = None,
    whole: bool = True,
) -> None:
    """Keep the entries of a file that humans edit: a row in `table` where one is new or another in one of `names`, the
    first of which identifies it; a row in the table `gone` for each that is there no more.

    `still` are the ids that the file has, when `rows` are only some of them; without `whole` nothing is gone.
    """
    key = names[0]
    if not (rows or (whole and db.execute(f"select 1 from {table} limit 1").fetchall())):
        return
    known = db.execute(
        f"select {', '.join(names)} from {table}"
        f" where run_id > coalesce((select max(run_id) from {gone} where {gone}.{key} = {table}.{key}), 0)"
        f" qualify row_number() over (partition by {key} order by run_id desc) = 1"
    ).fetchall()
    append(db, table, [row for row in rows if tuple(row[name] for name in names) not in known])
    left = {row[0] for row in known} - {row[key] for row in rows} - set(still or ())
    append(db, gone, [{key: one, "run_id": run_id} for one in sorted(left) if whole])


def next_run_id(db: DuckDBPyConnection) -> int:
    """1 for the first run, then one more than the last."""
    return int(db.execute("select coalesce(max(run_id), 0) + 1 from runs").fetchall()[0][0])


def _identifiers(person: Person) -> dict[str, object]:
    schemes = {
        "orcid": person.orcid,
        "dblp": person.dblp_pid,
        "openalex": person.openalex_id,
        "scholar_feed": person.scholar_feed_id,
        "homepage": list(person.homepages) or None,
    }
    return {scheme: value for scheme, value in schemes.items() if value}


def _answer_row(answer: Answer, run_id: int, document: bool) -> Row:
    return {
        "answer_id": answer.id, "run_id": run_id, "source": answer.source, "person_id": answer.person_id,
        "url": answer.url, "status": answer.status, "outcome": answer.outcome.value,
        "reason": answer.reason, "own": answer.own, "document": document,
        "received_at": utc(answer.received_at), "sha256": answer.sha256,
    }  # fmt: skip


def _record_row(record: Record, run_id: int) -> Row:
    return {
        "record_id": record.id, "source": record.source, "key": record.key, "title": record.title,
        "authors": list(record.authors), "roles": list(record.roles),
        "author_keys": list(record.author_keys), "truncated": record.truncated,
        "stage": record.stage.value if record.stage else None, "venue": record.venue,
        "venue_short": short_venue(record.venue, record.venue_year or record.year), "venue_year": record.venue_year,
        "year": record.year, "published_on": record.published_on, "first_on": record.first_on,
        "arxiv_id": record.arxiv_id, "arxiv_version": record.arxiv_version, "doi": record.doi,
        "dblp_key": record.dblp_key, "openalex_id": record.openalex_id,
        "openreview_id": record.openreview_id, "url": record.url, "abstract": record.abstract,
        "categories": list(record.categories), "comment": record.comment, "run_id": run_id,
    }  # fmt: skip


def _sighting_row(answer: Answer, record: Record) -> Row:
    return {
        "record_id": record.id, "answer_id": answer.id, "item": record.item,
        "line": record.line, "quote": record.quote,
    }  # fmt: skip
