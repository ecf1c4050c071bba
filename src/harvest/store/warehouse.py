"""Open, migrate and publish the warehouse. The writer is alone; readers get a copy.

DuckDB locks its file per process, so a run writes ``harvest.writing.duckdb`` under a lock of its own and
publishes ``harvest.duckdb`` by copy, check and atomic replace: ad hoc SQL never blocks a run, nor sees half
of one. Both files are in storage v1.x, which every client since DuckDB 1.2 opens.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from harvest.disk import sync_folder
from harvest.errors import InputProblem, RunInProgress, WarehouseProblem
from harvest.failpoints import failpoint
from harvest.store.hold import BELIEFS, LINES, Hold

STORAGE: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": "v1.2.0"}
SQL = Path(__file__).parents[3] / "warehouse"  # the checkout's folder of plain SQL files


def published_path(home: Path) -> Path:
    """Where readers find the newest published copy."""
    return home / "harvest.duckdb"


@contextmanager
def writing(home: Path) -> Iterator[DuckDBPyConnection]:
    """The working warehouse, migrated and with today's views, under the lock; raises RunInProgress."""
    with _lock(home):
        working = home / "harvest.writing.duckdb"
        try:
            if not working.exists() and published_path(home).exists():
                shutil.copyfile(published_path(home), working)
            db = duckdb.connect(str(working), config=STORAGE)
        except (OSError, duckdb.Error) as problem:
            raise _unopened(
                working, problem, "starts from the published copy; the archive keeps every answer"
            ) from problem
        try:
            _migrate(db)
            _define_views(db)
            yield db
        finally:
            db.close()


@contextmanager
def transaction(db: DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: what is written inside is kept only when the block ends well."""
    db.execute("begin transaction")
    try:
        yield
    except BaseException:
        # After a fatal error (a full disk) the connection is gone, and its transaction with it.
        with suppress(duckdb.Error):
            db.execute("rollback")
        raise
    db.execute("commit")


def publish(db: DuckDBPyConnection, home: Path, hold: Hold | None = None) -> Path:
    """Check, copy, replace. Raises WarehouseProblem and leaves the old copy when a check finds rows.

    What is in `hold` is not computed again.
    """
    _check(db, hold or Hold(db))
    target, copy = published_path(home), home / "harvest.publishing.duckdb"
    db.execute("checkpoint")
    failpoint("publish-copy")
    try:
        shutil.copyfile(home / "harvest.writing.duckdb", copy)
        duckdb.connect(str(copy), read_only=True).close()
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        failpoint("publish-replace")
        copy.replace(target)
        sync_folder(home)
    finally:
        copy.unlink(missing_ok=True)
    return target


@contextmanager
def reading(home: Path) -> Iterator[DuckDBPyConnection]:
    """The published copy, read-only, shut off from files and network; raises InputProblem when there is none."""
    path = published_path(home)
    if not path.exists():
        raise InputProblem(f"no published warehouse at {path}: run `harvest run` or `harvest demo` first")
    try:
        db = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as problem:
        raise _unopened(path, problem, "publishes it again") from problem
    try:
        # A query pasted from anywhere can read no file and reach no host from here.
        db.execute("set enable_external_access = false")
        db.execute("set lock_configuration = true")
        yield db
    finally:
        db.close()


def ask(home: Path, query: str, values: Mapping[str, object] | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of one query on the published copy; raises InputProblem with DuckDB's own words."""
    with reading(home) as db:
        try:
            result = db.execute(query, dict(values) if values else None)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.Error as problem:
            raise InputProblem(f"the query cannot be answered: {problem}") from problem


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "harvest.lock").open("a")
    except OSError as problem:
        raise WarehouseProblem(
            f"{home} cannot be written ({problem.strerror}): choose another folder with --home, or mend its rights"
        ) from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise RunInProgress(
                f"another run is writing {home}: wait for it to end, or choose another --home"
            ) from problem
        yield


def _migrate(db: DuckDBPyConnection) -> None:
    db.execute(
        "create table if not exists schema_migrations"
        " (version varchar not null, sha256 varchar not null, applied_as varchar not null)"
    )
    applied = dict(db.execute("select version, sha256 from schema_migrations").fetchall())
    files = sorted((SQL / "migrations").glob("*.sql"))
    if unknown := applied.keys() - {file.stem for file in files} - {"views"}:
        raise WarehouseProblem(
            f"the warehouse was written by a newer Harvest (migration {min(unknown)}): update this one"
        )
    for file in files:
        if file.stem in applied and applied[file.stem] != hashlib.sha256(file.read_bytes()).hexdigest():
            raise WarehouseProblem(
                f"the warehouse was made by another version of migration {file.stem}: move it aside (the archive"
                " beside it keeps every answer) and run again"
            )
    pending = [file for file in files if file.stem not in applied]
    for file in pending:
        text = file.read_text()
        with transaction(db):
            db.execute(text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            db.execute("insert into schema_migrations values (?, ?, ?)", [file.stem, digest, file.name])
    if pending:
        db.execute("checkpoint")  # so that no schema change has to be replayed after a crash


def _define_views(db: DuckDBPyConnection) -> None:
    """Redefine every view when any of their files changed, and say so until a run has looked through all facts."""
    text = "\n".join(file.read_text() for file in sorted((SQL / "views").glob("*.sql")))
    digest = hashlib.sha256(text.encode()).hexdigest()
    defined = db.execute("select sha256, applied_as from schema_migrations where version = 'views'").fetchall()
    state = "renewed" if defined else "views"
    if [one for one, _ in defined] == [digest]:
        state = defined[0][1]
    else:
        with transaction(db):
            db.execute(text)
            db.execute("delete from schema_migrations where version = 'views'")
            db.execute("insert into schema_migrations values ('views', ?, ?)", [digest, state])
        db.execute("checkpoint")
    if state == "renewed":
        db.execute("set variable views_renewed = true")  # for detect/news.py, as long as this connection lasts


def looked_through(db: DuckDBPyConnection) -> None:
    """A run has noticed all that these views see: if it is kept, they are no news to the next one."""
    db.execute("update schema_migrations set applied_as = 'views' where version = 'views'")
    db.execute("reset variable views_renewed")


def _check(db: DuckDBPyConnection, hold: Hold) -> None:
    try:
        hold.keep(*BELIEFS, *LINES)
        for file in sorted((SQL / "checks").glob("*.sql")):
            wrong = db.execute(file.read_text()).fetchall()
            if wrong:
                raise WarehouseProblem(
                    f"check {file.stem} found {len(wrong)} rows that should not exist, such as {wrong[0]}:"
                    " nothing was published, the copy before stands"
                )
    finally:
        hold.release()


def _unopened(path: Path, problem: Exception, next_run: str) -> WarehouseProblem:
    said = _first_line(problem)
    remedy = f"If the file is damaged, delete it: the next run {next_run}"
    if "Conflicting lock" in said:
        remedy = "Close the program that has it open, and run again"
    return WarehouseProblem(f"{path} cannot be opened: {said}. {remedy}")


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0]


def utc(moment: datetime) -> datetime:
    """An aware moment as the warehouse keeps it: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
