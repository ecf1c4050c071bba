"""Whether a run learned anything at all: when every answer says what it said before, nothing needs to be derived."""

from duckdb import DuckDBPyConnection

# Answers that say something else than the one before them, or that came late: what they say may be news.
_SAID_ANEW = """
with mine as (
    select answer_id, source, url, person_id, received_at, sha256
    from answers
    where run_id = $run_id and outcome = 'answered'
),
beside as (
    select
        mine.answer_id, mine.sha256,
        arg_max(answers.answer_id, answers.received_at) filter (answers.received_at < mine.received_at)
            as before_id,
        arg_max(answers.sha256, answers.received_at) filter (answers.received_at < mine.received_at)
            as before_sha256,
        coalesce(bool_or(answers.received_at > mine.received_at), false)                                as late
    from mine
    left join answers
        on answers.source = mine.source and answers.url = mine.url and answers.outcome = 'answered'
        and answers.person_id is not distinct from mine.person_id and answers.answer_id <> mine.answer_id
    group by mine.answer_id, mine.sha256
),
other as (select answer_id, before_id, late from beside where late or before_sha256 is distinct from sha256),
involved as (select answer_id as id from other union select before_id from other),
said as (
    select answer_id, list_sort(list_distinct(list(record_id))) as records
    from sightings where answer_id in (select id from involved) group by answer_id
),
told as (
    select answer_id, list_sort(list(concat_ws('|', metric, key, value))) as numbers
    from readings where answer_id in (select id from involved) group by answer_id
),
seen as (
    select answer_id, list_sort(list(concat_ws('|', kind, explanation))) as remarks
    from remarks where answer_id in (select id from involved) group by answer_id
)
select count(*)
from other
left join said on said.answer_id = other.answer_id
left join said as said_before on said_before.answer_id = before_id
left join told on told.answer_id = other.answer_id
left join told as told_before on told_before.answer_id = before_id
left join seen on seen.answer_id = other.answer_id
left join seen as seen_before on seen_before.answer_id = before_id
where late or before_id is null
    or said.records is distinct from said_before.records
    or told.numbers is distinct from told_before.numbers
    or seen.remarks is distinct from seen_before.remarks
"""

# Numbers said again, where they were others before: a step that was doubted is believed when it is said twice.
_SAID_TWICE = """
with newest as (
    select *
    from answers
    where outcome = 'answered' and url in (select url from answers where run_id = $run_id)
    qualify row_number() over (partition by source, url, person_id order by received_at desc) <= 3
),
told as (
    select
        run_id, newest.source, url, person_id, received_at,
        list_sort(list(concat_ws('|', metric, key, value))) as numbers
    from newest
    join readings using (answer_id)
    group by all
),
beside as (
    select run_id, numbers, lag(numbers) over series as before, lag(numbers, 2) over series as earlier
    from told
    window series as (partition by source, url, person_id order by received_at)
)
select count(*) from beside where run_id = $run_id and numbers = before and before <> earlier
"""

# What humans said in this run, and records that belong to no work yet.
_HUMANS = """
    + (select count(*) from people where run_id = $run_id) + (select count(*) from departures where run_id = $run_id)
    + (select count(*) from decisions where run_id = $run_id)
    + (select count(*) from withdrawals where run_id = $run_id)
"""
_ELSE = f"select (select count(*) from records where record_id not in (select record_id from memberships)) {_HUMANS}"

# Views that were written anew see old facts with other eyes.
_RENEWED = "select coalesce(getvariable('views_renewed'), false)"

# Works that no list of one keeper has any more, and that are not known as gone; or that are, and are listed. Without
# them, time alone brings nothing new.
_WAITING = """
with pages as (select person_id, source, page, max(received_at) as newest_at from list_captures group by all),
logged as (
    select subject_id, field, key
    from states
    where starts_with(field, 'listed:')
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select 1
from list_entries
join pages using (person_id, source, page)
left join logged on subject_id = work_id and field = listed_by(person_id, keeper)
group by person_id, work_id, keeper
having bool_or(last_said_at = newest_at) = coalesce(any_value(key) = 'removed', false)
limit 1
"""

# Works that by now are missing from their pages for long enough, or that are back.
_GONE = """
with logged as (
    select subject_id, field, key
    from states
    where field like 'listed:%'
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select count(*)
from listings
left join logged on subject_id = work_id and logged.field = listings.field
where removed and key is distinct from 'removed' or listed and key = 'removed'
"""


def is_news(db: DuckDBPyConnection, run_id: int) -> bool:
    """Whether anything was said in this run that was not said before, or what was doubted was said again."""
    asked = (_ELSE, _SAID_ANEW, _SAID_TWICE)
    return any(db.execute(query, {"run_id": run_id}).fetchall()[0][0] for query in asked)


def is_renewed(db: DuckDBPyConnection) -> bool:
    """Whether the views are not those that the last run saw."""
    return bool(db.execute(_RENEWED).fetchall()[0][0])


def is_waiting(db: DuckDBPyConnection) -> bool:
    """Whether a work may be gone from their pages, or back."""
    return bool(db.execute(_WAITING).fetchall())


def is_gone(db: DuckDBPyConnection) -> bool:
    """Whether a work has been missing from its pages for long enough by now, or is back."""
    return bool(db.execute(_GONE).fetchall()[0][0])


def only_own(db: DuckDBPyConnection, run_id: int) -> bool:
    """Whether nobody but pages of their own spoke in this run."""
    others = "select (select count(*) from answers where run_id = $run_id and not own)" + _HUMANS
    return not db.execute(others, {"run_id": run_id}).fetchall()[0][0]
