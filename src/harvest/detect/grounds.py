"""How sure each step is, and who says so, from the witnesses of the moment at which it was noticed.

``certain``: a human decided it, or an index or registry says it that an identifier or an equal title joins to the work.
``likely``: an index joined by likeness only, a service that copies others, or the own pages of two people.
``claimed``: nobody but the author says so, on own pages or in what authors tell arXiv beside the paper itself.
``open``: whose a work is, while that is undecided.
"""

from datetime import datetime

from duckdb import DuckDBPyConnection

FIRM = 0.99  # a record that joined its work by a likeness below this speaks of what is likely the same work

# The steps of a run, and the witnesses that say what each leads to.
_SAID = """
with fresh as (
    select subject_id, field, key as after, evidence
    from states
    where run_id = $run_id and (field in ('work', 'title', 'authors', 'stage', 'venue', 'arxiv_id', 'doi', 'confirmed')
        or field like 'whose:%')
),
news as (  -- the first state of a work is one change, however many fields it has
    select
        *, evidence = 'decision' or ends_with(evidence, ' decision') or starts_with(evidence, 'a human decided')
            as decided
    from fresh
    where field = 'work' or subject_id not in (select subject_id from fresh where field = 'work')
),
spoken as materialized (
    select *, title_key(coalesce(venue_short, venue)) as place
    from witnesses
    where work_id in (select subject_id from news)
),
said as (
    select
        subject_id, field, record_id, source, person_id, own,
        -- comment, journal reference and DOI at arXiv, which DataCite copies, are what its authors entered there
        own or (source = 'arxiv' or source = 'datacite' and arxiv_id is not null) and (
            field = 'venue' or field = 'doi' and not starts_with(after, '10.48550/')
            or field = 'stage' and after in ('accepted', 'workshop')
        ) as claim
    from news
    join spoken on work_id = subject_id
    where case field
        when 'work' then true
        when 'title' then title_key(title) = after
        when 'authors' then not truncated and authors_key(authors) = after
        when 'stage' then stage = after or after = 'preprint' and arxiv_id is not null
            or source = 'arxiv' and venue is not null and after in ('accepted', 'workshop')
        when 'venue' then after in (place, 'submitted to ' || place, place || ' ' || title_key(award))
        when 'arxiv_id' then arxiv_id = after
        when 'doi' then doi = after
        when 'confirmed' then confirms and title_key(venue_short) = after
    end
)
"""

_STEPS = f"""
insert into grounds
{_SAID},
joined as (  -- how surely each record speaks of the work it belongs to
    select record_id, max(case when rule in ('same_identifier', 'same_title') then 1 else score end) as score
    from (
        select left_record_id as record_id, right_record_id as other_id, score, rule from links where verdict = 'same'
        union all
        select right_record_id, left_record_id, score, rule from links where verdict = 'same'
    )
    where record_id in (select record_id from said where not claim)
        and other_id in (select record_id from spoken)
    group by record_id
),
weighed as (
    select
        subject_id, field,
        bool_or(not claim and index_of_record(source) and coalesce(score, 1) >= $firm) as sure,
        bool_or(not claim) or count(distinct person_id) filter (own) > 1                as more,
        list_sort(list(distinct source))                                                as witnesses
    from said
    left join joined using (record_id)
    group by subject_id, field
)
select
    $run_id, subject_id, field,
    case when decided or sure then 'certain' when more then 'likely' else 'claimed' end,
    case when decided then ['decision'] else coalesce(witnesses, []) end,
    null
from news
left join weighed using (subject_id, field)
where field not like 'whose:%'
union all
select
    $run_id, subject_id, field,
    case when after = 'undecided' then 'open' when decided or score >= 0.99 then 'certain' else 'likely' end,
    case when decided then ['decision'] else ['rules'] end,
    null
from news
join current_attributions on field = 'whose:' || person_id and work_id = subject_id
"""

# What is learned from an answer of an earlier day happened by then.
_LATE = "select count(*) from answers where run_id = $run_id and outcome = 'answered' and received_at < $now"
_EARLIER = f"""
insert into happenings
{_SAID}
select $run_id, subject_id, field, min(received_at)
from said
join sightings using (record_id)
join answers using (answer_id)
where answers.run_id = $run_id and answers.outcome = 'answered'
group by subject_id, field
having min(received_at) < $now
"""

# A number is of the moment at which its source told it.
_COUNTED = (
    "select count(*) from states where run_id = $run_id and regexp_matches(field, '^(citations|h_index|papers):')"
)
_EARLIER_NUMBERS = """
insert into happenings
select $run_id, states.subject_id, field, max(observed_at)
from states
join metric_history as told
    on told.subject_id = states.subject_id and field = metric || ':' || told.source
        and told.value::bigint::varchar = states.key
join answers
    on answers.source = told.source and answers.url = told.url and received_at = observed_at
where states.run_id = $run_id and answers.run_id = $run_id and outcome = 'answered' and sane
group by states.subject_id, field
having max(observed_at) < $now
"""

# Works that became one, or two: as sure as the best judgement that joins what moved to what was there.
_RESHAPED = """
insert into grounds
with moved as (select record_id, work_id from memberships where run_id = $run_id),
judged as (
    select moved.work_id, arg_max(rule, score) as rule, max(score) as score
    from moved
    join (
        select left_record_id as record_id, right_record_id as other_id, rule, score from links where verdict = 'same'
        union all
        select right_record_id, left_record_id, rule, score from links where verdict = 'same'
    ) using (record_id)
    join record_works on record_works.record_id = other_id and record_works.work_id = moved.work_id
    where other_id not in (select record_id from moved)
    group by moved.work_id
)
select
    $run_id, redirects.other_id, kind || ':' || redirects.work_id,
    case when starts_with(reason, 'decided: ') or kind = 'merged' and score >= $firm then 'certain' else 'likely' end,
    case when starts_with(reason, 'decided: ') then ['decision']
        when kind = 'merged' and rule is not null then [replace(rule, '_', ' ')] else ['rules'] end,
    null
from redirects
left join judged on judged.work_id = redirects.other_id
where redirects.run_id = $run_id
"""


def keep_grounds(db: DuckDBPyConnection, run_id: int, *, stepped: bool, reshaped: bool) -> None:
    """Log how sure the steps of this run are, and its merges and splits, and who says so."""
    for query in [_STEPS] * stepped + [_RESHAPED] * reshaped:
        db.execute(query, {"run_id": run_id, "firm": FIRM})


def keep_moments(db: DuckDBPyConnection, run_id: int, now: datetime) -> None:
    """Log when the steps of this run happened, of which answers of earlier days tell; nothing for answers of `now`."""
    run = {"run_id": run_id, "now": now}
    if db.execute(_LATE, run).fetchall()[0][0]:
        db.execute(_EARLIER, run)
        if db.execute(_COUNTED, {"run_id": run_id}).fetchall()[0][0]:
            db.execute(_EARLIER_NUMBERS, run)
