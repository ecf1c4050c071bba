"""Rows for people and programs: table, JSON, CSV, Parquet. Results on stdout, everything else on stderr."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvest.errors import InputProblem

FORMATS = ("table", "json", "csv", "parquet")
_FEW = 25  # records that are shown one below the other when they are too wide for a table
_READABLE = 24  # cells of a long text that a column needs so that it can be read
# Paths, titles and reasons may hold brackets, which are no markup of ours.
messages = Console(stderr=True, highlight=False, markup=False)
results = Console(highlight=False, markup=False)


def show(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, title: str | None = None) -> None:
    """Write rows to stdout in one of FORMATS; raises InputProblem for another."""
    if form == "table":
        _show_table(columns, rows, title)
    elif form == "json":
        objects = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
        sys.stdout.write(json.dumps(objects, ensure_ascii=False, indent=1) + "\n")
    elif form == "csv":
        sys.stdout.write(_csv(columns, rows))
    elif form == "parquet":
        _parquet(columns, rows)
    else:
        raise InputProblem(f"no format {form!r}: known are {', '.join(FORMATS)}")


def _show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None) -> None:
    """A table where it fits the terminal; else few records one below the other, or the columns there is room for."""
    if _fits(columns, rows):
        results.print(_table(columns, rows, title))
        return
    if len(rows) <= _FEW:
        results.print(*([title] if title else []), end="\n" if title else "", style="italic")
        for number, row in enumerate(rows, start=1):
            results.print(Text(f"— {number} of {len(rows)}"), style="bold")
            results.print(_upright(columns, row))
        return
    kept = next(count for count in range(len(columns), 0, -1) if count == 1 or _fits(columns[:count], rows))
    results.print(_table(columns[:kept], [row[:kept] for row in rows], title))
    left_out = ", ".join(columns[kept:])
    messages.print(f"no room for {left_out}: name the columns you want, or use --format json or csv", soft_wrap=True)


def _fits(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether every column gets as much as it needs to be read: all of a short one, a good part of a long one."""
    needs = [
        max([len(name), *(min(_length(row[number]), _READABLE) for row in rows)]) for number, name in enumerate(columns)
    ]
    return sum(needs) + 2 * (len(columns) - 1) <= results.width


def _length(value: Any) -> int:
    """Of its longest line, in cells."""
    return max(map(cell_len, _cell(value).split("\n")))


def _upright(columns: Sequence[str], row: Sequence[Any]) -> Table:
    """One record, a line for each column."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in zip(columns, row, strict=True):
        table.add_row(name, Text(_cell(value)))
    return table


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
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)  # no terminal escapes


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
    packed = io.BytesIO()  # what Polars writes itself, it fails to write in words of its own
    pl.DataFrame(list(map(tuple, rows)), schema=list(columns), orient="row").write_parquet(packed)
    sys.stdout.buffer.write(packed.getvalue())


def iso(value: date) -> str:
    """ISO 8601; a moment with its zone, which is UTC where none is said: 2026-01-31T06:00:00+00:00."""
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.isoformat()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)
