"""The answers of the warehouse as rows that know their columns' names."""

from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

Row = dict[str, Any]


def rows(db: DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None) -> list[Row]:
    """The rows of a query, each as column → value."""
    result = db.execute(query, dict(values) if values else None)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
