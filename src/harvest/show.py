"""Rows for people and programs: table, JSON, CSV, Parquet. Results on stdout, everything else on stderr."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvest.errors import InputProblem

FORMATS = ("table", "json", "csv", "parquet")
messages = Console(stderr=True, highlight=False)
results = Console(highlight=False)


def show(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, title: str | None = None) -> None:
    """Write rows to stdout in one of FORMATS; raises InputProblem for another."""
    if form == "table":
        results.print(_table(columns, rows, title))
    elif form == "json":
        objects = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
        sys.stdout.write(json.dumps(objects, ensure_ascii=False, indent=1) + "\n")
    elif form == "csv":
        sys.stdout.write(_csv(columns, rows))
    elif form == "parquet":
        _parquet(columns, rows)
    else:
        raise InputProblem(f"no format {form!r}: known are {', '.join(FORMATS)}")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for number, name in enumerate(columns):
        numeric = rows and all(isinstance(row[number], int | float | None) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))  # Text: no markup of ours in foreign words
    return table


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if (value.hour, value.minute) == (0, 0) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)  # no terminal escapes


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([[_harmless(value) for value in row] for row in rows])
    return out.getvalue()


def _harmless(value: Any) -> Any:
    """A spreadsheet takes a text that starts with one of these for a formula."""
    plain = _plain(value)
    if isinstance(plain, list):
        plain = "; ".join(map(str, plain))
    return "'" + plain if isinstance(plain, str) and plain[:1] in ("=", "+", "-", "@", "\t", "\r") else plain


def _parquet(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    import polars as pl

    if sys.stdout.isatty():
        raise InputProblem("Parquet is not for a terminal: redirect it to a file, as in … > rows.parquet")
    pl.DataFrame(list(map(tuple, rows)), schema=list(columns), orient="row").write_parquet(sys.stdout.buffer)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)
