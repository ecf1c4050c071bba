"""What moved a number that moved, in parts that add up to the difference."""

from duckdb import DuckDBPyConnection

_MOVED = """
select count(*)
from states
where run_id = $run_id and (field like 'citations:%' or field like 'h_index:%')
    and subject_id in (select person_id from current_people)
"""

# From the reading that was logged before to that of now, over all visits between them.
_TOTALS = """
insert into grounds
with logged as (
    select
        run_id, subject_id, field, split_part(field, ':', 2) as source, key::bigint as after,
        lag(key::bigint) over steps as before,
        coalesce(happened_at, noticed_at) as until, lag(coalesce(happened_at, noticed_at)) over steps as since
    from states
    left join happenings using (run_id, subject_id, field)
    where subject_id in (select person_id from current_people)
        and (field like 'citations:%' or field like 'h_index:%')
    window steps as (partition by subject_id, field order by run_id)
    qualify run_id = $run_id and before is not null
),
parts as (
    select
        logged.subject_id, logged.field,
        sum(newly_cited) as newly_cited, sum(recounted) as recounted, sum(works_in) as works_in,
        sum(works_out) as works_out, sum(homonyms) as homonyms, flatten(list(by_work)) as by_work
    from logged
    join metric_moves as moves
        on moves.person_id = subject_id and moves.source = logged.source
        and observed_at > logged.since and observed_at <= until
    where logged.field like 'citations:%'
    group by all
),
works_moved as (
    select subject_id, field, one.work_id, sum(one.moved) as moved
    from parts, unnest(by_work) as works_of(one)
    group by all
),
foremost as (
    select subject_id, field, string_agg(format('{:+d} “{}”', moved::bigint, title), ', ' order by place) as works
    from (
        select *, row_number() over (partition by subject_id, field order by abs(moved) desc, work_id) as place
        from works_moved
        where moved <> 0
    )
    join works using (work_id)
    where place <= 3
    group by all
),
visits as (
    select
        subject_id, field, work_id, after, before, value, observed_at,
        max(observed_at) over visited                            as until_visit,
        max(observed_at) filter (observed_at <= since) over visited as since_visit
    from logged
    join counted_works on counted_works.person_id = subject_id and counted_works.source = logged.source
        and observed_at <= until
    where field like 'h_index:%'
    window visited as (partition by subject_id, field)
),
ends as (
    select
        subject_id, field, after, before, '“' || title || '”' as quoted,
        max(value) filter (observed_at = until_visit) as now, max(value) filter (observed_at = since_visit) as was
    from visits
    join works using (work_id)
    group by subject_id, field, after, before, work_id, title
),
crossed as (
    select
        subject_id, field,
        string_agg(quoted, ', ' order by quoted) filter (now >= after and coalesce(was, 0) < after) as up,
        string_agg(quoted, ', ' order by quoted) filter (now < before and was >= before)            as down,
        string_agg(quoted, ', ' order by quoted) filter (now is null and was >= before)             as gone
    from ends
    group by all
)
select
    run_id, subject_id, field, 'certain', [source],
    case
        when field like 'citations:%' then concat_ws(': ',
            parts_in_words(newly_cited, recounted, works_in, works_out, homonyms, after - before
                - coalesce(newly_cited + recounted + works_in + works_out + homonyms, 0)),
            'most by ' || works)
        when after > before then up || format(' now with {:d} citations or more', after)
        else nullif(concat_ws(', ',
            down || format(' now with fewer than {:d} citations', before), gone || ' listed no more'), '')
    end
from logged
left join parts using (subject_id, field)
left join foremost using (subject_id, field)
left join crossed using (subject_id, field)
"""

# A work counts its largest record: what it had, what was merged into it, and what was split off.
_WORKS = """
insert into grounds
with logged as (
    select
        run_id, subject_id, field, split_part(field, ':', 2) as source, key::bigint as after,
        lag(key::bigint) over (partition by subject_id, field order by run_id) as before
    from states
    where field like 'citations:%' and subject_id in (
        select work_id from redirects where run_id = $run_id union all
        select other_id from redirects where run_id = $run_id
    )
    qualify run_id = $run_id and before is not null
),
had as (  -- the records of these works before this run
    select record_id, work_id as subject_id
    from memberships
    where run_id < $run_id
    qualify row_number() over (partition by record_id order by run_id desc) = 1
),
newest as (
    select
        subject_id, source, records.key, record_works.work_id = subject_id as stayed,
        arg_max(value, received_at) as value
    from had
    join records using (record_id)
    join record_works using (record_id)
    join readings using (source, key)
    join answers using (answer_id)
    where subject_id in (select subject_id from logged) and metric = 'citations'
    group by all
),
ends as (
    select
        subject_id, source, max(value)::bigint as counted, coalesce(max(value) filter (stayed), 0)::bigint as kept
    from newest
    group by all
)
select
    run_id, subject_id, field, 'certain', [source],
    concat_ws(', ',
        case when counted <> before then format('{:+d} {}', counted - before,
            case when counted > before then 'newly cited' else 'by a recount' end) end,
        case when kept <> counted then format('{:+d} with what was split off', kept - counted) end,
        case when after <> kept then format('{:+d} with what was merged into it', after - kept) end)
from logged
join ends using (subject_id, source)
"""


def keep_moves(db: DuckDBPyConnection, run_id: int, *, reshaped: bool) -> None:
    """Log what moved the numbers of people in this run, and those of works that merged or split in it."""
    run = {"run_id": run_id}
    if db.execute(_MOVED, run).fetchall()[0][0]:
        db.execute(_TOTALS, run)
    if reshaped:
        db.execute(_WORKS, run)
