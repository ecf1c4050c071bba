"""What the warehouse already knows, so that a run asks only for what is new."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from duckdb import DuckDBPyConnection

_VERSIONS = "select distinct arxiv_id, arxiv_version from records where source = 'arxiv' and arxiv_version is not null"
_IDS = "select distinct arxiv_id from records where arxiv_id is not null"
_FOUND_BY_SEARCH = """
select distinct arxiv_id
from records
join sightings using (record_id)
join answers using (answer_id)
where answers.source = 'arxiv' and arxiv_id is not null and answers.url like '%search_query=%'
"""
_LAST_GOOD = """
with last_good as (
    select url, arg_max(answer_id, received_at) as answer_id, max(received_at)::date as day
    from answers
    where outcome = 'answered' and received_at <= $now
    group by url
)
select url, count(distinct record_id), any_value(day)
from last_good
left join sightings using (answer_id)
group by url
"""

_OURS = """
select distinct
    arxiv_id, doi,
    bool_or(says_published(source, stage)) over (partition by work_id) as confirmed
from records
join record_works using (record_id)
where work_id in (select work_id from current_attributions where verdict <> 'not_theirs')
qualify arxiv_id is not null or doi is not null
"""

# Preprints that were seen at arXiv lately: in their first year a week, until their fifth a month, then a quarter of a
# year is lately; so it is from the start for what an index says has appeared.
_RESTING = """
with seen as (
    select arxiv_id, min(coalesce(first_on, published_on)) as since, max(received_at) as seen_at
    from records
    join sightings using (record_id)
    join answers using (answer_id)
    where starts_with(records.source, 'arxiv') and outcome = 'answered' and not document and received_at <= $now
        and arxiv_id is not null
    group by arxiv_id
),
appeared as (
    select distinct records.arxiv_id
    from records
    join record_works using (record_id)
    where arxiv_id is not null and work_id in (
        select work_id
        from records
        join record_works using (record_id)
        where says_published(source, stage)
    )
)
select arxiv_id
from seen
where date_diff('day', seen_at, $now) < case
    when arxiv_id in (from appeared) or since <= $now - interval 5 year then 91
    when since <= $now - interval 1 year then 30
    else 7
end
"""

# All changes at arXiv are listed by a run that asks for its list of changes; until the first such run, by one that
# searches by everybody's names, which a question about one person does not. The last but one of these days.
_LISTED = """
with days as (
    select
        run_id, max(received_at) as day, bool_and(outcome = 'answered') as whole, bool_or(source = 'arxiv_oai') as net,
        bool_or(person_id is not null) as personal
    from answers
    where source in ('arxiv', 'arxiv_oai') and not document and received_at <= $now
    group by run_id
)
select (list(day order by day desc)[1:2])[-1]::date
from days
where whole and (net or not personal and run_id < coalesce((select min(run_id) from days where net), run_id + 1))
"""

# Searches by name, whichever page, that one run has read to their end.
_SEARCHED = """
select any_value(url)
from answers
where source = 'arxiv' and contains(url, 'search_query=') and not document and received_at <= $now
group by run_id, regexp_replace(url, '([?&])start=[0-9]+', '\\1')
having bool_and(outcome = 'answered')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier runs have learned."""

    arxiv_versions: frozenset[tuple[str, int]]  # (id, version) whose own metadata we hold
    arxiv_ids: frozenset[str]  # every arXiv id that any record names
    arxiv_listed: frozenset[str] = frozenset()  # of these, those that a search by author has listed
    arxiv_resting: frozenset[str] = frozenset()  # those seen at arXiv so lately that they need not be asked about
    counts: dict[str, int]  # url → records in its last good answer
    answered_on: dict[str, date] = field(default_factory=dict)  # url → day of its last good answer
    listed_until: date | None = None  # of the last run but one that listed all changes at arXiv for everybody
    arxiv_searches: frozenset[str] = frozenset()  # searches by name that were read to their end, one page of each
    our_arxiv_ids: frozenset[str] = frozenset()  # of works that are, or may be, of the people we follow
    unconfirmed_dois: frozenset[str] = frozenset()  # of such works, where no index says that they appeared


def recall(db: DuckDBPyConnection, now: datetime) -> Memory:
    """Memory of all facts so far; counts as of `now` (UTC without a zone), for runs that fill in the past."""

    def said(query: str) -> list[tuple[Any, ...]]:
        return db.execute(query, {"now": now} if "$now" in query else None).fetchall()

    last_good, ours = said(_LAST_GOOD), said(_OURS)
    return Memory(
        arxiv_versions=frozenset((id, version) for id, version in said(_VERSIONS)),
        arxiv_ids=frozenset(id for (id,) in said(_IDS)),
        arxiv_listed=frozenset(id for (id,) in said(_FOUND_BY_SEARCH)),
        arxiv_resting=frozenset(id for (id,) in said(_RESTING)),
        counts={url: number for url, number, _ in last_good},
        answered_on={url: day for url, _, day in last_good},
        listed_until=said(_LISTED)[0][0],
        arxiv_searches=frozenset(url for (url,) in said(_SEARCHED)),
        our_arxiv_ids=frozenset(id for id, _, _ in ours if id),
        unconfirmed_dois=frozenset(doi for _, doi, confirmed in ours if doi and not confirmed),
    )
