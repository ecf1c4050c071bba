"""What the warehouse already knows, so that a run asks only for what is new."""

from dataclasses import dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs have learned."""

    arxiv_versions: frozenset[tuple[str, int]]  # (id, version) whose own metadata we hold
    arxiv_ids: frozenset[str]  # every arXiv id that any record names
    arxiv_listed: frozenset[str] = frozenset()  # of these, those that a search by author has listed
    counts: dict[str, int]  # url → records in its last good answer
    listed_until: date | None = None  # of the last run whose questions to arXiv were all answered


def recall(db: DuckDBPyConnection, now: datetime) -> Memory:
    """Memory of all facts so far; counts as of `now` (UTC without a zone), for runs that fill in the past."""
    versions = db.execute(
        "select distinct arxiv_id, arxiv_version from records where source = 'arxiv' and arxiv_version is not null"
    ).fetchall()
    ids = db.execute("select distinct arxiv_id from records where arxiv_id is not null").fetchall()
    searched = db.execute(
        "select distinct arxiv_id from records join sightings using (record_id) join answers using (answer_id)"
        " where answers.source = 'arxiv' and arxiv_id is not null and answers.url like '%search_query=%'"
    ).fetchall()
    counts = db.execute(
        """
        with last_good as (
            select url, arg_max(answer_id, received_at) as answer_id
            from answers where outcome = 'answered' and received_at <= ? group by url
        )
        select url, count(distinct record_id)
        from last_good left join sightings using (answer_id) group by url
        """,
        [now],
    ).fetchall()
    listed = db.execute(
        """
        with days as (
            select run_id, max(received_at) as day, bool_and(outcome = 'answered') as whole
            from answers where source in ('arxiv', 'arxiv_oai') and not document and received_at <= ? group by run_id
        )
        select max(day)::date from days where whole
        """,
        [now],
    ).fetchall()
    return Memory(
        arxiv_versions=frozenset((one, two) for one, two in versions),
        arxiv_ids=frozenset(one for (one,) in ids),
        arxiv_listed=frozenset(one for (one,) in searched),
        counts=dict(counts),
        listed_until=listed[0][0],
    )
