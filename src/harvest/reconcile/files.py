"""Record files in, pairs and clusters out: CSV, JSON lines and Parquet, with every fault said as one sentence.

A sentence names the file, the line or the column, and what to do. Files are read fast; only one that cannot be read is
gone through again, line by line, to find the place.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from harvest.errors import InputProblem
from harvest.reconcile.engine import Linked
from harvest.reconcile.prepare import COLUMNS

Read = Callable[[Path], pl.DataFrame]

_READERS: dict[str, Read] = {
    ".csv": partial(pl.read_csv, infer_schema=False),
    ".jsonl": partial(pl.read_ndjson, infer_schema_length=None),
    ".ndjson": partial(pl.read_ndjson, infer_schema_length=None),
    ".parquet": pl.read_parquet,
}
_KNOWN = (*COLUMNS, "status")  # others are nothing to the engine, and may be large
_YEAR = r"(?:^|\D)((?:1[5-9]|20)\d\d)(?:\D|$)"  # of print; 0 and 99999 are no years
_LONGEST_FIELD = 2**30  # letters; the csv module stops at 128 Ki otherwise


def read_records(paths: Sequence[Path], others: Mapping[str, Read] | None = None) -> pl.DataFrame:
    """All records of the files in one frame, with a column `file` that says which; raises InputProblem.

    `others` reads further kinds of files, by how their names end.
    """
    readers = _READERS | dict(others or {})
    frames = [_records(path, readers).with_columns(file=pl.lit(str(path))) for path in paths]
    if not frames:
        raise InputProblem("no record file was given: name one or more")
    records = pl.concat(frames, how="diagonal")
    twice = records.filter(pl.col("id").is_duplicated()).head(1)
    if not twice.is_empty():
        files = records.filter(pl.col("id") == twice["id"][0])["file"].unique().sort()
        raise InputProblem(
            f"the id {twice['id'][0]!r} stands twice in the record files ({', '.join(files)}): "
            "give every record an id of its own"
        )
    return records


def write_pairs(linked: Linked, path: Path) -> int:
    """The pairs that are one work, as CSV left_id,right_id,score,reason; returns how many."""
    said = linked.pairs.filter(pl.col("verdict") == "same").select(
        "left_id", "right_id", pl.col("score").round(4), "reason"
    )
    _write(said, path)
    return said.height


def write_clusters(linked: Linked, path: Path) -> int:
    """The work of every record, as CSV id,work_id; returns how many works there are."""
    _write(linked.clusters.select("id", work_id="cluster"), path)
    return linked.clusters["cluster"].n_unique()


def _write(frame: pl.DataFrame, path: Path) -> None:
    try:
        frame.write_csv(path)
    except OSError as problem:
        raise InputProblem(f"{path} cannot be written ({problem.strerror or problem}): name another file") from problem


def _records(path: Path, readers: Mapping[str, Read]) -> pl.DataFrame:
    reader = readers.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(readers)
        raise InputProblem(f"{path} is no record file by its name: it must end in one of {known}")
    if not path.is_file():
        raise InputProblem(f"there is no file {path}: check its name")
    try:
        frame = reader(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as problem:
        told = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise InputProblem(
            _fault(path) or f"{path} cannot be read as {path.suffix[1:]} records ({told[:200]}): mend the file"
        ) from problem
    return _typed(path, frame)


def _fault(path: Path) -> str:
    """Where a file that cannot be read is wrong, as a sentence; "" when it cannot be told."""
    if path.stat().st_size == 0:
        return f"{path} is empty: it holds no records"
    if path.suffix.lower() not in (".csv", ".jsonl", ".ndjson"):
        return ""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                text = line.decode("utf-8-sig")
            except UnicodeDecodeError:
                return f"line {number} of {path} is not UTF-8: save the file in that encoding"
            if path.suffix.lower() != ".csv" and text.strip() and not _is_object(text):
                return f"line {number} of {path} is no JSON object: write one record per line, as {{...}}"
    return _torn_row(path) if path.suffix.lower() == ".csv" else ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _torn_row(path: Path) -> str:
    """The first row of a CSV file with more fields than the header, or with a quote that is never closed."""
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        number = 2
        try:
            most = len(next(rows))
            for row in rows:
                if len(row) > most:
                    many = f"has {len(row)} fields, the header {most}"
                    return f"line {rows.line_num} of {path} {many}: put fields with commas in quotes"
                number = rows.line_num + 1
        except csv.Error:
            return f"line {number} of {path} has a quote that is not closed: close it, or double it inside a field"
    return ""


def _typed(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [name for name in ("id", "title") if name not in frame.columns]
    if lacking:
        found = ", ".join(repr(name[:40]) for name in frame.columns[:12])
        raise InputProblem(
            f"{path} has no column {' and no column '.join(lacking)} but {found}: every record needs id and title, "
            "in small letters, and a CSV file parts its fields by commas and is UTF-8"
        )
    twice = [name for name in _KNOWN if f"{name}_duplicated_0" in frame.columns]
    if twice:
        raise InputProblem(f"{path} has two columns {twice[0]}: leave one")
    if frame.is_empty():
        raise InputProblem(f"{path} holds no records")
    records = pl.DataFrame([_cast(path, frame[name]) for name in frame.columns if name in _KNOWN])
    nameless = records["id"].is_null() | (records["id"].str.strip_chars() == "")
    if nameless.any():
        raise InputProblem(f"record {nameless.arg_true()[0] + 1} of {path} is without an id: give every record one")
    return records


def _cast(path: Path, column: pl.Series) -> pl.Series:
    try:
        return column.to_frame().select(_column(column.name, column.dtype)).to_series()
    except pl.exceptions.PolarsError as problem:
        wanted = "a list of names" if column.name == "authors" else "text"
        raise InputProblem(
            f"the column {column.name} of {path} holds {column.dtype} where {wanted} is wanted: convert it"
        ) from problem


def _column(name: str, kind: pl.DataType) -> pl.Expr:
    if name == "authors" and kind == pl.String:
        names = pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars())
        return names.list.eval(pl.element().filter(pl.element() != ""))
    if name == "authors":
        nested = isinstance(kind, pl.List) and isinstance(kind.inner, (pl.Struct, pl.List))
        return pl.col(name).cast(pl.List(pl.Int8 if nested else pl.String))
    if name == "truncated":
        return pl.col(name).cast(pl.String).str.to_lowercase().is_in(["true", "1", "yes"])
    if name == "year":
        return pl.col(name).cast(pl.String).str.extract(_YEAR).cast(pl.Int32)
    return pl.col(name).cast(pl.String)
