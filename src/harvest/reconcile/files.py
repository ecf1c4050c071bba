"""Record files in, pairs and clusters out: CSV, JSON lines and Parquet, with every fault said as one sentence."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from harvest.errors import InputProblem
from harvest.reconcile.engine import Linked

_READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": partial(pl.read_csv, infer_schema=False),
    ".jsonl": partial(pl.read_ndjson, infer_schema_length=None),
    ".ndjson": partial(pl.read_ndjson, infer_schema_length=None),
    ".parquet": pl.read_parquet,
}
_TEXT = (
    "title",
    "date",
    "venue",
    "kind",
    "status",
    "stage",
    "doi",
    "arxiv_id",
    "dblp_key",
    "abstract",
    "source",
    "url",
)


def read_records(paths: Sequence[Path]) -> pl.DataFrame:
    """All records of the files in one frame, with a column `file` that says which; raises InputProblem."""
    frames = [_records(path).with_columns(file=pl.lit(str(path))) for path in paths]
    if not frames:
        raise InputProblem("no record file was given: name one or more")
    records = pl.concat(frames, how="diagonal")
    twice = records.filter(pl.col("id").is_duplicated())["id"]
    if not twice.is_empty():
        raise InputProblem(f"the id {twice[0]!r} stands twice in the record files: give every record an id of its own")
    return records


def write_pairs(linked: Linked, path: Path) -> int:
    """The pairs that are one work, as CSV left_id,right_id,score,reason; returns how many."""
    said = linked.pairs.filter(pl.col("verdict") == "same").select(
        "left_id", "right_id", pl.col("score").round(4), "reason"
    )
    said.write_csv(path)
    return said.height


def write_clusters(linked: Linked, path: Path) -> int:
    """The work of every record, as CSV id,work_id; returns how many works there are."""
    linked.clusters.select("id", work_id="cluster").write_csv(path)
    return linked.clusters["cluster"].n_unique()


def _records(path: Path) -> pl.DataFrame:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise InputProblem(f"{path} is no record file by its name: it must end in one of {known}")
    if not path.is_file():
        raise InputProblem(f"there is no file {path}: check its name")
    try:
        frame = reader(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as problem:
        told = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise InputProblem(
            f"{path} cannot be read as {path.suffix[1:]} records ({told[:200]}): mend the file"
        ) from problem
    return _typed(path, frame)


def _typed(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [name for name in ("id", "title") if name not in frame.columns]
    if lacking:
        raise InputProblem(f"{path} has no column {' and no column '.join(lacking)}: every record needs id and title")
    if frame.is_empty():
        raise InputProblem(f"{path} holds no records")
    if frame["id"].null_count():
        raise InputProblem(f"{path} has a record without an id: give every record one")
    try:
        return frame.select(_column(name, kind) for name, kind in frame.schema.items() if name != "file")
    except pl.exceptions.PolarsError as problem:
        raise InputProblem(
            f"{path} has a column of an unexpected kind ({str(problem).splitlines()[0][:200]})"
        ) from problem


def _column(name: str, kind: pl.DataType) -> pl.Expr:
    if name == "authors" and kind == pl.String:
        names = pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars())
        return names.list.eval(pl.element().filter(pl.element() != ""))
    if name == "authors":
        return pl.col(name).cast(pl.List(pl.String))
    if name == "truncated":
        return pl.col(name).cast(pl.String).str.to_lowercase().is_in(["true", "1", "yes"])
    if name == "year":
        return pl.col(name).cast(pl.String).str.extract(r"(\d{4})").cast(pl.Int32)
    return pl.col(name).cast(pl.String) if name in ("id", *_TEXT) or kind == pl.Null else pl.col(name)
