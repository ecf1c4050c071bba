-- Every number ever told, with whether it can be. One that cannot be is kept, and never plotted, summed or reported.
create or replace view metric_history as
with told as (
    select
        readings.*, answers.received_at, answers.url, answers.person_id, answers.run_id,
        coalesce(record_works.work_id, answers.person_id)               as subject_id,
        metric not in ('citations', 'h_index', 'i10_index', 'papers')    as vendor,
        -- one visit of one source for one person, on however many pages
        concat_ws('|', answers.run_id, answers.source, answers.person_id, answers.received_at) as visit
    from readings
    join answers using (answer_id)
    left join (
        select distinct sightings.answer_id, records.key, record_works.work_id
        from sightings
        join records using (record_id)
        join record_works using (record_id)
    ) as record_works using (answer_id, key)
    where readings.key is not null or answers.person_id is null
        or answers.person_id in (select person_id from current_people)
),
totals as (
    select
        answer_id,
        max(value) filter (metric = 'h_index')   as h_index,
        max(value) filter (metric = 'papers')    as papers,
        max(value) filter (metric = 'citations') as citations
    from told
    where key is null
    group by answer_id
),
rows_of_visit as (
    select visit, count(*) as listed, sum(value) as row_citations
    from (select visit, key, max(value) as value from told where key is not null and metric = 'citations' group by all)
    group by visit
),
homonyms_of_visit as (
    select
        concat_ws('|', answers.run_id, answers.source, answers.person_id, answers.received_at) as visit,
        count(distinct record_works.work_id)                                                 as homonyms
    from sightings
    join answers using (answer_id)
    join record_works using (record_id)
    join current_attributions
        on current_attributions.person_id = answers.person_id
        and current_attributions.work_id = record_works.work_id
        and current_attributions.verdict = 'not_theirs'
    group by all
),
checked as (
    select
        told.*,
        case
            when vendor or key is not null and metric <> 'citations' then null
            when value < 0 or value <> floor(value)
                then format('{} {:g}: a count is a whole number from 0', replace(metric, '_', '-'), value)
            when key is not null then null
            when metric = 'h_index' and h_index > papers
                then format('h-index {:d} with {:d} papers: it cannot exceed the number of papers', h_index::bigint, papers::bigint)
                    || case when h_index * h_index > citations
                        then format('; and {:d}² = {:d} > {:d} citations, so at most {:d}',
                            h_index::bigint, (h_index * h_index)::bigint, citations::bigint, floor(sqrt(citations))::bigint)
                        else '' end
            when metric = 'h_index' and h_index * h_index > citations
                then format('h-index {:d} needs {:d} citations, and there are {:d}: at most {:d}',
                    h_index::bigint, (h_index * h_index)::bigint, citations::bigint, floor(sqrt(citations))::bigint)
            when metric = 'i10_index' and value > papers
                then format('i10-index {:d} with {:d} papers: it cannot exceed the number of papers', value::bigint, papers::bigint)
            when metric = 'i10_index' and value * 10 > citations
                then format('i10-index {:d} needs {:d} citations, and there are {:d}',
                    value::bigint, (value * 10)::bigint, citations::bigint)
            when metric = 'citations' and row_citations > value * 1.1 + 10  -- rows and total are not counted at one moment
                then format('the {:d} rows alone have {:d} citations, and the total says {:d}',
                    listed, row_citations::bigint, value::bigint)
        end as impossible,
        case when key is null and not vendor and homonyms > 0
            then format('the page lists {:d} {} of other people of this name, so its totals are not this person''s',
                homonyms, case homonyms when 1 then 'work' else 'works' end)
        end as contaminated,
        case
            when key is null and metric = 'h_index' and h_index >= 5 and h_index = floor(sqrt(citations))
                then format('h-index {:d} is exactly the largest that {:d} citations allow: {:d}² = {:d} ≤ {:d} < {:d} = {:d}²',
                    h_index::bigint, citations::bigint, h_index::bigint, (h_index * h_index)::bigint, citations::bigint,
                    ((h_index + 1) * (h_index + 1))::bigint, (h_index + 1)::bigint)
        end as implausible,
        case
            when key is null and metric = 'citations' and listed >= papers and row_citations < value * 0.9 - 10
                then format('all {:d} papers are listed with {:d} citations in sum, and the total says {:d}',
                    papers::bigint, row_citations::bigint, value::bigint)
        end as short_sum
    from told
    left join totals using (answer_id)
    left join rows_of_visit using (visit)
    left join homonyms_of_visit using (visit)
),
beside as (  -- the two readings before it that can be
    select
        *,
        lag(case when can_be then value end, 1 ignore nulls) over series       as last_value,
        lag(case when can_be then value end, 2 ignore nulls) over series       as value_before,
        lag(case when can_be then received_at end, 1 ignore nulls) over series as last_at,
        lag(case when can_be then received_at end, 2 ignore nulls) over series as before_at
    from (select *, coalesce(impossible, contaminated) is null as can_be from checked)
    window series as (partition by subject_id, metric, source, key order by received_at, url, line)
),
bounds as (  -- what lets a number pass: growth by a factor a year and a start that may be slow; a recount of a few
    select
        *,
        case metric when 'citations' then 4 else 2 end        as factor,
        case metric when 'citations' then 20 when 'papers' then 10 else 4 end as start,
        greatest(case metric when 'citations' then 2 else 1 end, coalesce(last_value, 0) * 0.05)   as slack,
        greatest(date_diff('day', last_at, received_at) / 365.25, 0.25)                            as years,
        greatest(date_diff('day', coalesce(before_at, last_at), received_at) / 365.25, 0.25)       as years_before
    from beside
),
moved as (
    select
        *,
        case
            when vendor or last_value is null then null
            when value < last_value - slack and value < coalesce(value_before, last_value) - slack
                then format('{} dropped from {:d} to {:d}: such counts rarely lose so much',
                    replace(metric, '_', '-'), last_value::bigint, value::bigint)
            when value > (last_value + start) * power(factor, years)
                and value > (coalesce(value_before, last_value) + start) * power(factor, years_before)
                then format('{} jumped from {:d} to {:d} in {:d} days: more than such counts grow',
                    replace(metric, '_', '-'), last_value::bigint, value::bigint, date_diff('day', last_at, received_at))
        end as odd_move
    from bounds
),
judged as (
    select
        *,
        list_filter([
            case when impossible is not null then 'impossible' end,
            case when contaminated is not null then 'contaminated' end,
            case when impossible is null and implausible is not null then 'implausible' end,
            case when impossible is null and coalesce(short_sum, odd_move) is not null then 'doubtful' end
        ], lambda class: class is not null) as classes
    from moved
)
select
    subject_id,
    metric,
    source,
    received_at                                                    as observed_at,
    value,
    case when coalesce(impossible, contaminated) is not null then false
         when coalesce(implausible, short_sum, odd_move) is not null then null
         else true end                                             as sane,
    concat_ws('. ', impossible, contaminated,
        case when impossible is null then nullif(concat_ws('. ', implausible, short_sum, odd_move), '') end) as reason,
    coalesce(classes[1], 'sane')                                   as sanity,
    key,
    url,
    line,
    vendor,
    classes
from judged
where subject_id is not null;

comment on view metric_history is 'Every number told, per subject, metric and source; series of different sources never mix.';
comment on column metric_history.subject_id is 'A person or a work';
comment on column metric_history.metric is 'citations, h_index, i10_index, papers; a vendor''s own: novelty, ai_score, impact';
comment on column metric_history.sane is 'False: impossible, or a page that mixes people. Null: possible, but not likely. Plot only where true';
comment on column metric_history.reason is 'Why not, in one sentence; empty when sane';
comment on column metric_history.sanity is 'sane; doubtful: it moved or adds up as such numbers rarely do; implausible: exactly the largest possible; contaminated: of several people; impossible. The gravest of its classes';
comment on column metric_history.classes is 'All that holds of it, the gravest first: a number can be implausible and of several people. Empty when sane';
comment on column metric_history.key is 'The source''s record it is about; a work may have several in one source';
comment on column metric_history.line is 'Line in the document, for seed documents and pages';
comment on column metric_history.vendor is 'A measure of the source''s own making: never beside citations';
