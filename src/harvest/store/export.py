"""Publications and views written out of the warehouse: a BibTeX or CSL-JSON file, or a folder of Parquet or CSV files.

Every file is there whole or not at all.
"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from harvest.bibliography import bibtex, citation_keys, csl
from harvest.disk import write_whole
from harvest.errors import InputProblem
from harvest.rows import rows
from harvest.store.warehouse import reading

FORMATS = ("bibtex", "csl-json", "parquet", "csv")
VIEWS = ("works", "publications", "releases", "titles", "metric_history", "changes", "findings", "seed_comparison",
         "open_questions", "source_status")  # fmt: skip

# How a work was first seen names it for ever.
_WORKS = """
with first_seen as (
    select
        record_works.work_id,
        arg_min(records.title, (received_at, record_id))                                  as first_title,
        arg_min(records.authors, (received_at, record_id)) filter (len(records.authors) > 0) as first_authors,
        arg_min(coalesce(year, venue_year, year(first_on), year(received_at)), (received_at, record_id)) as first_year
    from records
    join record_works using (record_id)
    join sightings using (record_id)
    join answers using (answer_id)
    group by record_works.work_id
)
select
    works.*, first_title, first_authors, first_year,
    work_id in (select work_id from publications where $person is null or person_id = $person) as wanted
from works
join first_seen using (work_id)
where work_id in (select work_id from publications)
order by year desc nulls last, title, work_id
"""


def export(home: Path, form: str, out: Path, person: str | None = None) -> str:
    """Write publications, of everybody or one person, in one of FORMATS; returns a sentence. Raises InputProblem."""
    if form not in FORMATS:
        raise InputProblem(f"no format {form!r} to export: known are {', '.join(FORMATS)}")
    with reading(home) as db:
        known = [one for (one,) in db.execute("select person_id from current_people order by all").fetchall()]
        if person is not None and person not in known:
            raise InputProblem(f"no person {person!r} in the warehouse: known are {', '.join(known) or 'none yet'}")
        if form in ("parquet", "csv"):
            return _views(db, form, out, person)
        works = _works(db, person)
    text = bibtex(works) if form == "bibtex" else json.dumps(csl(works), ensure_ascii=False, indent=1) + "\n"
    _write(out, text.encode())
    return f"{len(works)} works: {out}"


def _works(db: DuckDBPyConnection, person: str | None) -> list[dict[str, Any]]:
    """The works with their keys, which do not depend on whose are asked for."""
    works = rows(db, _WORKS, {"person": person})
    keys = citation_keys(works)
    return [work | {"key": keys[work["work_id"]]} for work in works if work["wanted"]]


def _views(db: DuckDBPyConnection, form: str, out: Path, person: str | None) -> str:
    if out.exists() and not out.is_dir():
        raise InputProblem(f"{out} is a file: {form} is written into a folder")
    out.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        frame, content = db.sql(f"from {view} {_of_person(db, view)}", params={"person": person}).pl(), BytesIO()
        frame.write_parquet(content) if form == "parquet" else _flat(frame).write_csv(content)
        _write(out / f"{view}.{form}", content.getvalue())
    return f"{len(VIEWS)} files: {out}"


def _of_person(db: DuckDBPyConnection, view: str) -> str:
    """The rows of a view that concern $person, all when there is none."""
    names = {name for (name,) in db.execute(f"select column_name from (describe {view})").fetchall()}
    theirs = "(select work_id from publications where person_id = $person)"
    if "people" in names:
        whose = "list_contains(people, $person)"
    elif "person_id" in names:
        whose = "person_id is not distinct from $person"
    else:
        subject = "work_id" if "work_id" in names else "subject_id"
        whose = f"({subject} in {theirs} or {subject} = $person)"
    return f"where $person is null or {whose} order by all"


def _flat(frame: Any) -> Any:
    """Lists as one text; a text that a spreadsheet would take for a formula is quoted."""
    import polars as pl
    import polars.selectors as cs

    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    flat = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists)
    text = cs.string()
    return flat.with_columns(pl.when(text.str.contains(r"^[=+\-@\t\r]")).then("'" + text).otherwise(text).name.keep())


def _write(out: Path, content: bytes) -> None:
    try:
        write_whole(out, content)
    except OSError as problem:
        raise InputProblem(f"{out} cannot be written: {problem.strerror}") from problem
