-- Every number ever told, with whether it can be. An impossible one is kept, and never plotted or averaged.
create or replace view metric_history as
with told as (
    select
        readings.*, answers.received_at, answers.url, answers.person_id,
        coalesce(record_works.work_id, answers.person_id) as subject_id
    from readings
    join answers using (answer_id)
    left join (
        select distinct sightings.answer_id, records.key, record_works.work_id
        from sightings
        join records using (record_id)
        join record_works using (record_id)
    ) as record_works using (answer_id, key)
),
person_numbers as (
    select
        answer_id,
        max(value) filter (metric = 'h_index')   as h_index,
        max(value) filter (metric = 'papers')    as papers,
        max(value) filter (metric = 'citations') as citations
    from told
    where key is null
    group by answer_id
),
foreign_rows as (
    select sightings.answer_id, count(*) as homonyms
    from sightings
    join answers using (answer_id)
    join record_works using (record_id)
    join current_attributions
        on current_attributions.person_id = answers.person_id
        and current_attributions.work_id = record_works.work_id
        and current_attributions.verdict = 'not_theirs'
    group by sightings.answer_id
),
judged as (
    select
        told.*,
        case
            when key is not null or metric not in ('h_index', 'papers', 'citations') then null
            when metric = 'h_index' and h_index > papers
                then format('h-index {:d} with {:d} papers: it cannot exceed the number of papers', h_index::bigint, papers::bigint)
                    || case when h_index * h_index > citations
                        then format('; and {:d}² = {:d} > {:d} citations, so at most {:d}',
                            h_index::bigint, (h_index * h_index)::bigint, citations::bigint, floor(sqrt(citations))::bigint)
                        else '' end
            when metric = 'h_index' and h_index * h_index > citations
                then format('h-index {:d} needs {:d} citations, and there are {:d}: at most {:d}',
                    h_index::bigint, (h_index * h_index)::bigint, citations::bigint, floor(sqrt(citations))::bigint)
        end as impossible,
        case when key is null and metric in ('h_index', 'papers', 'citations') and homonyms > 0
            then format('the page lists {:d} works of other people of this name, so its totals are not this person''s', homonyms)
        end as contaminated,
        case when key is null and metric = 'h_index' and h_index >= 5 and h_index = floor(sqrt(citations))
            then format('h-index {:d} is exactly the largest that {:d} citations allow', h_index::bigint, citations::bigint)
        end as implausible
    from told
    left join person_numbers using (answer_id)
    left join foreign_rows using (answer_id)
)
select
    subject_id,
    metric,
    source,
    received_at                                                    as observed_at,
    value,
    case when coalesce(impossible, contaminated) is not null then false
         when implausible is not null then null
         else true end                                             as sane,
    coalesce(concat_ws('. ', impossible, contaminated, case when impossible is null then implausible end), '') as reason,
    case when impossible is not null then 'impossible'
         when contaminated is not null then 'contaminated'
         when implausible is not null then 'implausible'
         else 'sane' end                                           as sanity,
    key,
    url,
    line
from judged
where subject_id is not null;

comment on view metric_history is 'Every number told, per subject, metric and source; series of different sources never mix.';
comment on column metric_history.subject_id is 'A person or a work';
comment on column metric_history.metric is 'citations, h_index, papers; a vendor''s own: novelty, ai_score, impact';
comment on column metric_history.sane is 'False: impossible, or a page that mixes people. Null: possible, but not likely. Plot only where true';
comment on column metric_history.reason is 'Why not, in one sentence; empty when sane';
comment on column metric_history.sanity is 'sane, implausible, contaminated or impossible';
comment on column metric_history.key is 'The source''s record it is about; a work may have several in one source';
comment on column metric_history.line is 'Line in the document, for seed documents and pages';
