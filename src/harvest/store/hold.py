"""Views computed once for many questions: a temporary table of the same name stands before each view."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
from duckdb import DuckDBPyConnection

# What nearly every other view rests on, each after those it rests on itself.
BELIEFS = (
    "record_works", "listings", "witnesses", "releases", "works", "current_attributions", "publications",
    "metric_history",
)  # fmt: skip
LINES = ("document_lines", "line_statements", "line_fields")  # what findings rest on besides


class Hold:
    """The views that are computed already, each a temporary table in front of the view. Needs no write access."""

    def __init__(self, db: DuckDBPyConnection) -> None:
        self._db = db
        self._views: list[str] = []

    def keep(self, *views: str) -> None:
        """Compute these, as they are now; those that are held stay as they were."""
        for view in views:
            if view not in self._views:
                self._db.execute(f"create or replace temporary table {view} as from {view}")
                self._views.append(view)

    def release(self) -> None:
        """Every view speaks for itself again."""
        with suppress(duckdb.Error):  # after a full disk the connection is gone, and what it held with it
            for view in self._views:
                self._db.execute(f"drop table if exists temp.{view}")
        self._views.clear()


@contextmanager
def held(db: DuckDBPyConnection, *views: str) -> Iterator[Hold]:
    """What these views say now, and whatever is kept besides, until the end of the block."""
    hold = Hold(db)
    try:
        hold.keep(*views)
        yield hold
    finally:
        hold.release()
