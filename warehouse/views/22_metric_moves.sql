-- What moved a person's citations between two visits of a source: parts that add up, and the rest that nothing explains.
create or replace view metric_moves as
with totals as (
    select subject_id as person_id, source, observed_at, value
    from metric_history
    where metric = 'citations' and key is null and sanity <> 'impossible'  -- a total in doubt is what one asks about
        and subject_id in (select person_id from current_people)
    qualify row_number() over (partition by subject_id, source, observed_at order by value desc) = 1
),
steps as (
    select *, lag(observed_at) over series as since, lag(value) over series as before
    from totals
    window series as (partition by person_id, source order by observed_at)
    qualify before is not null
),
counted as (  -- the rows of each visit by work: records of one work that merged add up
    select
        answers.person_id, readings.source, answers.received_at as observed_at, record_works.work_id,
        sum(readings.value)                                              as value,
        coalesce(bool_or(current_attributions.verdict = 'not_theirs'), false) as is_foreign
    from readings
    join answers using (answer_id)
    join (select distinct answer_id, key, record_id from sightings join records using (record_id)) as said
        on said.answer_id = readings.answer_id and said.key = readings.key
    join record_works using (record_id)
    left join current_attributions
        on current_attributions.person_id = answers.person_id and current_attributions.work_id = record_works.work_id
    where readings.metric = 'citations' and answers.person_id is not null
    group by all
),
ends as (  -- both visits of a step, a row a work and end
    select person_id, source, steps.observed_at, work_id, is_foreign, counted.value as now, null as was
    from steps join counted using (person_id, source, observed_at)
    union all
    select steps.person_id, steps.source, steps.observed_at, work_id, is_foreign, null, counted.value
    from steps
    join counted
        on counted.person_id = steps.person_id and counted.source = steps.source and counted.observed_at = since
),
works_moved as (
    select
        person_id, source, observed_at, work_id, bool_or(is_foreign) as is_foreign, max(now) as now, max(was) as was
    from ends
    group by all
),
parts as (
    select
        person_id, source, observed_at,
        coalesce(sum(now - was) filter (not is_foreign and now > was), 0) as newly_cited,
        coalesce(sum(now - was) filter (not is_foreign and now < was), 0) as recounted,
        coalesce(sum(now) filter (not is_foreign and was is null), 0)     as works_in,
        coalesce(-sum(was) filter (not is_foreign and now is null), 0)    as works_out,
        coalesce(sum(coalesce(now, 0) - coalesce(was, 0)) filter (is_foreign), 0) as homonyms,
        count(*)                                                          as works
    from works_moved
    group by all
    having count(now) > 0 and count(was) > 0  -- rows at one end only explain nothing
)
select
    person_id,
    source,
    since,
    steps.observed_at,
    before::bigint                                                                       as before,
    value::bigint                                                                        as after,
    (value - before)::bigint                                                             as moved,
    coalesce(newly_cited, 0)::bigint                                                     as newly_cited,
    coalesce(recounted, 0)::bigint                                                       as recounted,
    coalesce(works_in, 0)::bigint                                                        as works_in,
    coalesce(works_out, 0)::bigint                                                       as works_out,
    coalesce(homonyms, 0)::bigint                                                        as homonyms,
    (value - before - coalesce(newly_cited + recounted + works_in + works_out + homonyms, 0))::bigint as unexplained,
    case when parts.works is null then 'the source tells no citations of single works: nothing explains the step'
        else concat_ws(', ',
            case when newly_cited > 0 then format('{:+d} citations of known works', newly_cited::bigint) end,
            case when recounted < 0 then format('{:+d} by a recount', recounted::bigint) end,
            case when works_in > 0 then format('{:+d} with works that came in', works_in::bigint) end,
            case when works_out < 0 then format('{:+d} with works that went out', works_out::bigint) end,
            case when homonyms <> 0 then format('{:+d} with works of other people of the name', homonyms::bigint) end,
            case when unexplained <> 0 then format('{:+d} unexplained', unexplained::bigint) end)
    end as explanation
from steps
left join parts using (person_id, source, observed_at)
where value <> before;

comment on view metric_moves is 'Each step of a person''s citations in one source, taken apart: the parts and the unexplained rest add up to it.';
comment on column metric_moves.since is 'The visit before';
comment on column metric_moves.moved is 'newly_cited + recounted + works_in + works_out + homonyms + unexplained';
comment on column metric_moves.newly_cited is 'More citations of works that were listed at both visits';
comment on column metric_moves.recounted is 'Fewer citations of works that were listed at both visits';
comment on column metric_moves.works_in is 'Citations of works that were not listed before';
comment on column metric_moves.works_out is 'Citations of works that are listed no more, negative';
comment on column metric_moves.homonyms is 'Through works of other people of the name that came, went or moved';
comment on column metric_moves.unexplained is 'What the source''s rows do not explain';
comment on column metric_moves.explanation is 'The parts in words';
