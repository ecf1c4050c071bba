-- What moved a person's citations between two visits of a source: parts that add up, and the rest that nothing explains.
create or replace macro parts_in_words(newly_cited, recounted, works_in, works_out, homonyms, unexplained) as concat_ws(', ',
    case when newly_cited > 0 then format('{:+d} citations of known works', newly_cited::bigint) end,
    case when recounted < 0 then format('{:+d} by a recount', recounted::bigint) end,
    case when works_in > 0 then format('{:+d} with works that came in', works_in::bigint) end,
    case when works_out < 0 then format('{:+d} with works that went out', works_out::bigint) end,
    case when homonyms <> 0 then format('{:+d} with works of other people of the name', homonyms::bigint) end,
    case when unexplained <> 0 then format('{:+d} unexplained', unexplained::bigint) end);

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
ends as (  -- both visits of a step, a row a work and end
    select person_id, source, steps.observed_at, work_id, is_foreign, counted_works.value as now, null as was
    from steps join counted_works using (person_id, source, observed_at)
    union all
    select steps.person_id, steps.source, steps.observed_at, work_id, is_foreign, null, counted_works.value
    from steps
    join counted_works
        on counted_works.person_id = steps.person_id and counted_works.source = steps.source and counted_works.observed_at = since
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
        count(*)                                                          as works,
        list({work_id: work_id, moved: (coalesce(now, 0) - coalesce(was, 0))::bigint} order by abs(coalesce(now, 0) - coalesce(was, 0)) desc, work_id)
            filter (now is distinct from was)                             as by_work
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
        else parts_in_words(newly_cited, recounted, works_in, works_out, homonyms, unexplained)
    end as explanation,
    coalesce(by_work, []) as by_work
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
comment on column metric_moves.by_work is 'How far each work moved it, the farthest first: with the unexplained rest they add up as well';
