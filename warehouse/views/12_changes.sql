-- The steps in states, named. A work's first state is one change ("added"), however many fields it has.
create or replace view steps as
with history as (
    select
        states.*,
        coalesce(happenings.happened_at, noticed_at)                                           as happened_at,
        case when field like 'whose:%' or field like 'listed:%' then split_part(field, ':', 2) end as whose,
        lag(value) over (partition by subject_id, field order by run_id)  as before,
        min(run_id) filter (field = 'work') over (partition by subject_id) as first_run_id,
        bool_or(field = 'stage') over (partition by subject_id, run_id)    as stage_too
    from states
    left join happenings using (run_id, subject_id, field)
)
select
    *,
    case
        when field = 'work' and before is null then 'work_added'
        when field = 'title' and before is not null then 'title_changed'
        when field = 'authors' and before is not null then 'authors_changed'
        when field = 'stage' and run_id > first_run_id then 'status_changed'
        when field = 'venue' and run_id > first_run_id and not stage_too then 'venue_changed'
        when field = 'confirmed' and run_id > first_run_id and not stage_too then 'release_confirmed'
        when field = 'arxiv_id' and run_id > first_run_id
            then case when before is null then 'arxiv_id_added' else 'arxiv_id_changed' end
        when field = 'doi' and run_id > first_run_id
            then case when before is null then 'doi_added' else 'doi_changed' end
        when field like 'listed:%' and value = 'removed' then 'work_removed'
        when field like 'listed:%' and before = 'removed' then 'work_reappeared'
        when field like 'whose:%' and before is not null then 'attribution_changed'
        when field like 'citations:%' and before is not null then 'citations_changed'
        when field like 'h_index:%' and before is not null then 'h_index_changed'
    end as kind
from history
where kind is not null;

comment on view steps is 'The steps between what was known and what is known, field by field; changes says whose they are.';
comment on column steps.happened_at is 'When it happened, as far as we can see: the capture that showed it first';
comment on column steps.before is 'What was known';
comment on column steps.kind is 'As in changes';

create or replace view changes as
with recursive led as (  -- where a merged work's id points, however often it was merged
    select work_id, other_id from redirects where kind = 'merged'
    union
    select led.work_id, redirects.other_id
    from led
    join redirects on redirects.work_id = led.other_id and redirects.kind = 'merged'
),
survivors as (
    select work_id, other_id from led where other_id in (select work_id from record_works)
),
owners as (
    select work_id, list(person_id order by position nulls last, person_id) as people
    from publications
    group by work_id
),
reshaped as (
    select
        run_id, noticed_at, other_id as subject_id, kind, null as before,
        work_id as after, reason as evidence, 'works_' || kind as change_kind, confidence, grounds.witnesses
    from redirects
    left join (
        select run_id, subject_id as other_id, split_part(field, ':', 1) as kind, split_part(field, ':', 2) as work_id,
            confidence, witnesses
        from grounds
    ) as grounds using (run_id, other_id, kind, work_id)
)
select
    md5(concat_ws('|', subject_id, field, run_id)) as change_id,
    noticed_at,
    happened_at,
    kind,
    coalesce(whose, owners.people[1], current_people.person_id)                                as person_id,
    works.work_id,
    coalesce(works.title, current_people.name)                                                 as title,
    before,
    value                                                                                      as after,
    evidence,
    case when whose is not null then nullif(split_part(field, ':', 3), '')
        when field like '%:%' then split_part(field, ':', 2) end                                as source,
    coalesce(case when whose is not null then [whose] end, owners.people, [current_people.person_id])                               as people,
    steps.run_id,
    -- a source is sure of its own count, a page of what it lists; that something is missing is inferred
    case kind when 'work_removed' then 'likely' when 'work_reappeared' then 'certain'
        when 'citations_changed' then 'certain' when 'h_index_changed' then 'certain' else confidence end as confidence,
    case when kind in ('citations_changed', 'h_index_changed') then [split_part(field, ':', 2)]
        when field like 'listed:%' then string_split(regexp_replace(split_part(evidence, '; ', 1), '^(no longer )?on ', ''), ', ')
        else grounds.witnesses end                                                                     as witnesses,
    case when kind = 'citations_changed' and because is null and works.work_id is not null
        then format('{:+d} {}', value::bigint - before::bigint,
            case when value::bigint > before::bigint then 'newly cited' else 'by a recount' end)
        else because end                                                                                as because
from steps
left join grounds using (run_id, subject_id, field)
left join survivors on survivors.work_id = steps.subject_id
left join works on works.work_id = coalesce(survivors.other_id, steps.subject_id)
left join owners on owners.work_id = works.work_id
left join current_people on current_people.person_id = steps.subject_id
union all by name
select
    md5(concat_ws('|', change_kind, subject_id, after, run_id)) as change_id,
    noticed_at,
    noticed_at        as happened_at,
    change_kind       as kind,
    owners.people[1]  as person_id,
    subject_id        as work_id,
    works.title,
    before,
    after,
    evidence,
    owners.people,
    reshaped.run_id,
    confidence,
    reshaped.witnesses
from reshaped
left join works on works.work_id = reshaped.subject_id
left join owners on owners.work_id = reshaped.subject_id;

comment on view changes is 'Everything noticed, each change once: the steps between what was known and what is known.';
comment on column changes.change_id is 'Stable: the same change has the same id in every copy';
comment on column changes.noticed_at is 'The run that noticed it';
comment on column changes.happened_at is 'When it happened, as far as we can see: the first capture that shows it';
comment on column changes.kind is 'work_added, title_changed, status_changed, release_confirmed, citations_changed …';
comment on column changes.person_id is 'The person it concerns; for a work of several, the first in its author list';
comment on column changes.title is 'The work''s title now; for a person''s numbers, the name';
comment on column changes.before is 'What was known';
comment on column changes.after is 'What is known now';
comment on column changes.evidence is 'Which witness says so, and where';
comment on column changes.source is 'For numbers: whose series it is; for a work removed or back: whose list, when not their own';
comment on column changes.people is 'All followed people it concerns';
comment on column changes.confidence is 'How sure it was when noticed. certain: an index, a registry or a human says so, or the source speaks of itself; likely: joined by likeness, copied, or inferred from absence; claimed: only its author says so; open: undecided. Null: of before this was kept';
comment on column changes.witnesses is 'Who said so when it was noticed: sources; of absence the pages; of merges and bindings the rule';
comment on column changes.because is 'For numbers: what moved them, in parts that add up to the difference';
