-- What a human may call a record in decisions.toml.
create or replace macro reference_key(reference) as
    case when starts_with(reference, 'title:') then 'title:' || title_key(reference[7:]) else reference end;

create or replace view referred as
select 'arxiv:' || arxiv_id as reference, record_id from records where arxiv_id is not null
union all
select 'doi:' || doi, record_id from records where doi is not null
union all
select 'dblp:' || dblp_key, record_id from records where dblp_key is not null
union all
select 'work:' || work_id, record_id from record_works
union all
select 'title:' || title_key(title), record_id from records;

comment on view referred is 'The references that decisions use, and the records they mean.';
comment on column referred.reference is 'arxiv:ID, doi:DOI, dblp:KEY, work:ID or title:TITLE';
comment on column referred.record_id is 'A record it means';

create or replace view current_decisions as
with standing as (
    select decisions.*, min(run_id) over (partition by decision_id) as since_run_id
    from decisions
    where run_id > coalesce(
        (select max(run_id) from withdrawals where withdrawals.decision_id = decisions.decision_id), 0
    )
    qualify row_number() over (partition by decision_id order by run_id desc) = 1
)
select decision_id, place, verdict, left_ref, right_ref, reason, since_run_id, run_id
from standing
qualify row_number() over (
    partition by case
        when verdict in ('same', 'different') then least(left_ref, right_ref) || ' ' || greatest(left_ref, right_ref)
        when verdict in ('theirs', 'not_theirs') then left_ref || ' ' || right_ref
        else verdict || ' ' || left_ref
    end
    order by place desc
) = 1;

comment on view current_decisions is 'What humans settled and did not take back: the last word on each pair, and on each value.';
comment on column current_decisions.place is 'In decisions.toml, from 0: of two that meet, the later counts';
comment on column current_decisions.verdict is 'same, different, theirs, not_theirs; or title, authors, venue, year, stage: the value is right_ref';
comment on column current_decisions.left_ref is 'A reference; for theirs and not_theirs a person';
comment on column current_decisions.right_ref is 'A reference; for a value, the value';
comment on column current_decisions.since_run_id is 'The run from which on it has been in force';

-- A work is meant as it was when it was decided about: later its id may stand for more, or lead to another.
create or replace view decided_records as
with sides as (
    select decision_id, since_run_id, 'left' as side, left_ref as reference
    from current_decisions
    where verdict not in ('theirs', 'not_theirs')
    union all
    select decision_id, since_run_id, 'right', right_ref
    from current_decisions
    where verdict in ('same', 'different', 'theirs', 'not_theirs')
),
members as (
    select decision_id, side, reference, record_id, work_id
    from sides
    join memberships on memberships.run_id < since_run_id
    where starts_with(reference, 'work:')
    qualify row_number() over (partition by decision_id, side, record_id order by memberships.run_id desc) = 1
)
select decision_id, side, record_id from members where reference = 'work:' || work_id
union
select decision_id, side, record_id
from sides
join referred on referred.reference = reference_key(sides.reference)
where not starts_with(sides.reference, 'work:');

comment on view decided_records is 'The records that each decision in force is about.';
comment on column decided_records.side is 'left or right: of which of its two references';

create or replace view decided_values as
select work_id, verdict as field, right_ref as value, reason
from current_decisions
join decided_records using (decision_id)
join record_works using (record_id)
where verdict in ('title', 'authors', 'venue', 'year', 'stage')
qualify row_number() over (partition by work_id, verdict order by place desc, record_id) = 1;

comment on view decided_values is 'What humans say of a field of a work, whatever its witnesses say.';
comment on column decided_values.field is 'title, authors (parted by ;), venue, year or stage';

-- Decisions that mean nothing here, or that others stand in the way of.
create or replace view unmet_decisions as
with sides as (
    select
        decision_id,
        list(distinct work_id) filter (side = 'left')  as left_works,
        list(distinct work_id) filter (side = 'right') as right_works
    from decided_records
    join record_works using (record_id)
    group by decision_id
),
judged as (
    select
        *,
        verdict in ('theirs', 'not_theirs') as personal,
        verdict in ('same', 'different')    as paired,
        verdict in ('same', 'different', 'theirs', 'not_theirs') as has_right
    from current_decisions
    left join sides using (decision_id)
)
select
    decision_id, verdict, left_ref, right_ref,
    case
        when not personal and left_works is null
            then 'nothing in the warehouse bears “' || left_ref || '”: it decides nothing'
        when has_right and right_works is null
            then 'nothing in the warehouse bears “' || right_ref || '”: it decides nothing'
        when personal and left_ref not in (select person_id from current_people)
            then 'nobody whom we follow has the id “' || left_ref || '”: it decides nothing'
        when verdict = 'same' then 'other decisions, or what a source says, keep some of them apart'
        else 'other decisions, or one name of one source, hold some of them together'
    end as why
from judged
where not personal and left_works is null
    or has_right and right_works is null
    or personal and left_ref not in (select person_id from current_people)
    or verdict = 'same' and len(list_distinct(list_concat(left_works, right_works))) > 1
    or verdict = 'different' and list_has_any(left_works, right_works);

comment on view unmet_decisions is 'Decisions in force that do not have their way, and why.';
comment on column unmet_decisions.why is 'One sentence';

create or replace view decided_apart as
with sides as (
    select distinct decision_id, side, work_id
    from current_decisions
    join decided_records using (decision_id)
    join record_works using (record_id)
    where verdict = 'different'
)
select one.work_id as left_id, two.work_id as right_id
from sides as one
join sides as two on two.decision_id = one.decision_id and two.side <> one.side and two.work_id <> one.work_id
group by all;

comment on view decided_apart is 'Works that a human told apart, in both orders.';
