"""`harvest attribute`: which records of a file are these persons', and why. Files in, one JSON object per line out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from harvest.errors import InputProblem
from harvest.identify.attribute import attribute
from harvest.identify.candidates import agrees, called, meeting_words

_COLUMNS: dict[str, Any] = {
    "id": pl.String, "title": pl.String, "authors": pl.List(pl.String), "venue": pl.String, "year": pl.Int64,
    "abstract": pl.String, "affiliation": pl.String, "truncated": pl.Boolean, "categories": pl.List(pl.String),
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
        raise InputProblem(f"{out} cannot be written ({problem}): choose another --out") from problem
    return answer.height


def _read_persons(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    persons, known = [], []
    for place, line in _lines(path):
        if not isinstance(line.get("id"), str) or not isinstance(line.get("name"), str):
            raise InputProblem(f"{path}, line {place}: a person needs the texts id and name")
        aliases = line.get("aliases") or []
        if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
            raise InputProblem(f"{path}, line {place}: aliases must be a list of names")
        persons.append({"id": line["id"], "name": line["name"], "aliases": aliases})
        for work in line.get("known") or []:
            if not isinstance(work, dict) or "id" not in work:
                raise InputProblem(f"{path}, line {place}: each of known must be a record with an id and a title")
            known.append({"person_id": line["id"], **work})
    if not persons:
        raise InputProblem(f"{path} names no person: write one JSON object per line, with id, name and known")
    shape: dict[str, Any] = {"id": pl.String, "name": pl.String, "aliases": pl.List(pl.String)}
    return pl.DataFrame(persons, schema=shape), _shaped(known, {"person_id": pl.String, **_COLUMNS}, path)


def _read_records(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
        elif path.suffix == ".csv":
            table = pl.read_csv(path, infer_schema=False)
        else:
            return _shaped([line for _, line in _lines(path)], _COLUMNS, path)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise InputProblem(f"{path} cannot be read: {problem}") from problem
    return _typed(table, _COLUMNS, path)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file with their line numbers."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputProblem(f"{path} cannot be read: {problem}") from problem
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


def _shaped(rows: list[dict[str, Any]], shape: dict[str, Any], path: Path) -> pl.DataFrame:
    """Rows as columns; what is of another type than expected becomes text, or null."""
    columns = {name: [row.get(name) for row in rows] for name in shape}
    try:
        table = pl.DataFrame({name: pl.Series(name, values, strict=False) for name, values in columns.items()})
    except (TypeError, ValueError, pl.exceptions.PolarsError) as problem:
        raise InputProblem(f"{path}: a column mixes texts and lists ({problem})") from problem
    return _typed(table, shape, path)


def _typed(table: pl.DataFrame, shape: dict[str, Any], path: Path) -> pl.DataFrame:
    if "id" not in table.columns or "title" not in table.columns:
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
    return table.filter(pl.col("id").is_not_null())


def _candidates(persons: pl.DataFrame, known: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Known records, and every record of the file that bears a name compatible with a person's."""
    records = records.unique("id", keep="first", maintain_order=True)
    written = records.select("id", "authors").explode("authors").drop_nulls()
    asked, seen = called(persons), written["authors"].unique()
    met = asked.join(meeting_words(asked["name"]), on="name").join(
        meeting_words(seen).rename({"name": "authors"}), on="word"
    )
    met = met.select("person_id", "name", "authors").unique()
    able = [agrees(name, author) for name, author in met.select("name", "authors").rows()]
    bearing = met.filter(pl.Series(able, dtype=pl.Boolean)).select("person_id", "authors").unique()
    found = written.join(bearing, on="authors").select("person_id", "id").unique().join(records, on="id")
    theirs = known.with_columns(trust=pl.lit("own"))
    rows = pl.concat([theirs, found.with_columns(trust=pl.lit("named")).select(theirs.columns)])
    return rows.rename({"id": "work_id"}).unique(["person_id", "work_id"], keep="first", maintain_order=True)
