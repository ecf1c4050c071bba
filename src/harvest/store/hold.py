"""Views computed once for many questions: a temporary table of the same name stands before each view."""

from collections.abc import Iterator
from contextlib import contextmanager

from duckdb import DuckDBPyConnection

# What nearly every other view rests on, each after those it rests on itself.
BELIEFS = (
    "record_works", "listings", "witnesses", "releases", "works", "current_attributions", "publications",
    "metric_history",
)  # fmt: skip
LINES = ("document_lines", "line_statements", "line_fields")  # what findings rest on besides


@contextmanager
def held(db: DuckDBPyConnection, *views: str) -> Iterator[None]:
    """What these views say now, computed once: inside, each is a temporary table. Needs no write access."""
    for view in views:
        db.execute(f"create or replace temporary table {view} as from {view}")
    try:
        yield
    finally:
        for view in views:
            db.execute(f"drop table if exists temp.{view}")
