"""`harvest attribute`: which records of a file are these persons', and why. Files in, one JSON object per line out."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from harvest.errors import InputProblem
from harvest.identify.attribute import attribute
from harvest.identify.candidates import own_forms

_COLUMNS: dict[str, Any] = {
    "id": pl.String, "title": pl.String, "authors": pl.List(pl.String), "venue": pl.String, "year": pl.Int64,
    "abstract": pl.String, "affiliation": pl.String, "truncated": pl.Boolean, "categories": pl.List(pl.String),
}  # fmt: skip

_PERSON: dict[str, Any] = {
    "id": pl.String, "name": pl.String, "aliases": pl.List(pl.String), "affiliations": pl.List(pl.String),
}  # fmt: skip


def attribute_files(person: Path, records: Path, out: Path) -> int:
    """Writes {person, id, verdict, score, reasons} for every record that bears a compatible name; returns how many.

    Records a person's line calls ``known`` are not judged again. Raises InputProblem for files it cannot read.
    """
    persons, known = _read_persons(person)
    candidates = _candidates(persons, known, _read_records(records))
    judged = attribute(persons, candidates).join(
        known.select(person_id="person_id", work_id="id"), on=["person_id", "work_id"], how="anti"
    )
    answer = judged.select(person="person_id", id="work_id", verdict="verdict", score="score", reasons="reasons")
    try:
        answer.write_ndjson(out)
    except OSError as problem:
        raise InputProblem(f"{out} cannot be written ({_why(problem)}): choose another --out") from problem
    return answer.height


def _read_persons(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    persons, known = [], []
    for place, line in _lines(path):
        if not isinstance(line.get("id"), str) or not isinstance(line.get("name"), str):
            raise InputProblem(f"{path}, line {place}: a person needs the texts id and name")
        persons.append(line)
        for many in ("aliases", "affiliations", "known"):
            if not isinstance(line.get(many) or [], list):
                raise InputProblem(f"{path}, line {place}: {many} must be a list")
        for work in line.get("known") or []:
            if not isinstance(work, dict) or "id" not in work:
                raise InputProblem(f"{path}, line {place}: each of known must be a record with an id and a title")
            known.append({"person_id": line["id"], **work})
    if len({person["id"] for person in persons}) < len(persons):
        raise InputProblem(f"{path} names a person twice: give each person one line")
    if not persons:
        raise InputProblem(f"{path} names no person: write one JSON object per line, with id, name and known")
    return _shaped(persons, _PERSON, path), _shaped(known, {"person_id": pl.String, **_COLUMNS}, path)


def _read_records(path: Path) -> pl.DataFrame:
    readers: dict[str, Callable[[Path], pl.DataFrame]] = {
        ".parquet": pl.read_parquet,
        ".csv": partial(pl.read_csv, infer_schema=False),
    }
    try:
        table = readers.get(path.suffix, _read_json_lines)(path)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise InputProblem(f"{path} cannot be read: {_why(problem)}") from problem
    return _typed(table, _COLUMNS, path)


def _read_json_lines(path: Path) -> pl.DataFrame:
    try:
        table = pl.read_ndjson(path, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        table = pl.DataFrame()
    if table.schema.get("authors") == pl.List(pl.String):
        return table
    # Mixed types, or a broken line: slower, and able to say which.
    return _shaped([line for _, line in _lines(path)], _COLUMNS, path)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file with their line numbers."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputProblem(f"{path} cannot be read: {_why(problem)}") from problem
    for place, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise InputProblem(f"{path}, line {place}: not JSON ({problem})") from problem
        if not isinstance(value, dict):
            raise InputProblem(f"{path}, line {place}: a JSON object is expected")
        yield place, value


def _why(problem: Exception) -> str:
    """What went wrong, without the system's error number."""
    said = (problem.strerror if isinstance(problem, OSError) else "") or str(problem)
    return re.sub(r"\s*\((?:os error|Errno) \d+\).*|\[Errno \d+\] ?", "", said.split("\n")[0])


def _shaped(rows: list[dict[str, Any]], shape: dict[str, Any], path: Path) -> pl.DataFrame:
    """Rows as columns; numbers become text where text is meant, and what cannot be read becomes null."""
    columns = {name: [_plain(row.get(name), kind) for row in rows] for name, kind in shape.items()}
    return _typed(pl.DataFrame(columns, schema=shape, strict=False), shape, path)


def _plain(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if kind == pl.List(pl.String):
        many = value.split("; ") if isinstance(value, str) else value
        return [one for one in many if isinstance(one, str)] if isinstance(many, list) else None
    if kind == pl.Int64:
        return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else None
    if kind == pl.Boolean:
        return value is True
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates are no text


def _typed(table: pl.DataFrame, shape: dict[str, Any], path: Path) -> pl.DataFrame:
    if "id" not in table.columns or not {"title", "name"} & set(table.columns):
        raise InputProblem(f"{path}: every record needs an id and a title")
    if table.schema.get("authors") == pl.String:  # as CSV writes it
        table = table.with_columns(pl.col("authors").str.split("; "))
    if table.schema.get("categories") == pl.String:
        table = table.with_columns(pl.col("categories").str.split("; "))
    try:
        table = table.select(
            pl.col(name).cast(kind, strict=False) if name in table.columns else pl.lit(None, kind).alias(name)
            for name, kind in shape.items()
        )
    except pl.exceptions.PolarsError as problem:
        raise InputProblem(f"{path}: a column is not of the kind it should be ({problem})") from problem
    if table["id"].has_nulls():
        raise InputProblem(f"{path}: record {table['id'].is_null().arg_max() or 0} (from 0) has no id")
    return table


def _candidates(persons: pl.DataFrame, known: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Known records, and every record of the file that bears a name compatible with a person's."""
    records = records.unique("id", keep="first", maintain_order=True)
    written = records.select("id", "authors").explode("authors").drop_nulls()
    found = (
        written.join(own_forms(persons, written.select("authors")), on="authors")
        .select("person_id", "id")
        .unique()
        .join(records, on="id")
    )
    theirs = known.with_columns(trust=pl.lit("own"))
    rows = pl.concat([theirs, found.with_columns(trust=pl.lit("named")).select(theirs.columns)])
    return rows.rename({"id": "work_id"}).unique(["person_id", "work_id"], keep="first", maintain_order=True)
