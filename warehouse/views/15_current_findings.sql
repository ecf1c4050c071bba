-- What is wrong or undecided now. detect/ logs when a finding opens and when it is settled.
create or replace view current_findings as
with numbers as (
    select
        sanity || '_metric' as kind,
        case sanity when 'impossible' then 'error' else 'warning' end as severity,
        subject_id, url as document, line, metric as quote,
        source || ' says ' || metric || ' ' || value::bigint || ' — ' || reason as explanation,
        source || '|' || metric as what
    from metric_history
    where sanity <> 'sane'
    qualify row_number() over (partition by subject_id, metric, source, url order by observed_at desc) = 1
),
rows_of_others as (
    select
        case verdict when 'not_theirs' then 'foreign_row' else 'undecided_row' end as kind,
        case verdict when 'not_theirs' then 'warning' else 'question' end          as severity,
        work_id as subject_id, document, line, coalesce(nullif(quote, ''), title) as quote,
        '“' || title || '” on the page of ' || current_people.name || ': '
            || case verdict when 'not_theirs' then 'another person of this name'
                    else 'theirs or not is undecided' end
            || ' — ' || array_to_string(reasons, '; ') as explanation,
        person_id as what
    from document_lines
    join current_people using (person_id)
    where verdict in ('not_theirs', 'undecided') and source in ('cv', 'homepage', 'scholar_feed', 'arrow', 'aitopics')
),
undecided_works as (  -- found by name only, on no page of theirs
    select
        'undecided_work' as kind, 'question' as severity, work_id as subject_id, null as document, null::integer as line,
        works.title as quote,
        'Is “' || works.title || '” by ' || current_people.name || '? ' || array_to_string(reasons, '; ') as explanation,
        person_id as what
    from current_attributions
    join works using (work_id)
    join current_people using (person_id)
    where verdict = 'undecided'
        and work_id not in (select subject_id from rows_of_others where what = person_id)
),
contradicted as (  -- of the person's own pages; the day a witness was asked is no part of what is wrong
    select
        'contradiction' as kind, 'error' as severity, work_id as subject_id, document, line,
        coalesce(nullif(quote, ''), title) as quote,
        format('“{}”: {}', title, regexp_replace(explanation, ' \(\d{4}-\d\d-\d\d\)', '', 'g')) as explanation,
        field as what
    from line_fields
    where verdict = 'contradicted' and source in ('cv', 'homepage')
),
two_arxiv_ids as (
    select
        'two_arxiv_ids' as kind, 'warning' as severity, work_id as subject_id, null as document, null::integer as line,
        string_agg(distinct arxiv_id, ', ' order by arxiv_id) as quote,
        'One work under several arXiv ids: ' || string_agg(distinct arxiv_id, ', ' order by arxiv_id)
            || '; citations may be split between them' as explanation,
        '' as what
    from witnesses
    where arxiv_id is not null
    group by work_id
    having count(distinct arxiv_id) > 1
),
same_or_not as (
    select
        'undecided_link' as kind, 'question' as severity, left_works.work_id as subject_id, null as document, null::integer as line,
        left_records.title as quote,
        'Are “' || left_records.title || '” and “' || right_records.title || '” one work? ' || reason as explanation,
        right_works.work_id as what
    from (select * from links qualify row_number() over (partition by left_record_id, right_record_id order by run_id desc) = 1) as links
    join record_works as left_works on left_works.record_id = left_record_id
    join record_works as right_works on right_works.record_id = right_record_id
    join records as left_records on left_records.record_id = left_record_id
    join records as right_records on right_records.record_id = right_record_id
    where links.verdict = 'undecided' and left_works.work_id <> right_works.work_id
        and (left_works.work_id, right_works.work_id) not in (select (left_id, right_id) from decided_apart)
    qualify row_number() over (
        partition by least(left_works.work_id, right_works.work_id), greatest(left_works.work_id, right_works.work_id)
        order by score desc, left_record_id, right_record_id
    ) = 1
),
newest_remarks as (  -- of the newest capture of each document or page
    select remarks.*, url, coalesce(person_id, source) as subject_id
    from remarks
    join answers using (answer_id)
    qualify received_at = max(received_at) over (partition by url)
),
noticed_in_reading as (
    select
        kind, case when kind = 'self_contradiction' then 'error' else 'warning' end as severity,
        subject_id, url as document, line, quote, explanation,
        row_number() over (partition by url, kind order by line, explanation)::varchar as what
    from newest_remarks
    where kind in ('lost', 'not_understood', 'self_contradiction', 'count_mismatch', 'name_cluster', 'moved')
)
-- Much that is gone at once is asked about, not believed.
, hidden as (
    select
        'mass_removal' as kind, 'question' as severity, person_id as subject_id, pages as document, null::integer as line,
        format('{:d} works', count(*)) as quote,
        format('{:d} works are gone together from {} since {}: a hidden section or a cut page looks just so, so none of'
            || ' them counts as removed', count(*), pages, strftime(min(absent_since), '%Y-%m-%d')) as explanation,
        keeper as what
    from listings
    where held
    group by person_id, pages, keeper
),
shrunk as (  -- the newest answer was held back
    select
        'mass_removal' as kind, 'question' as severity, coalesce(person_id, source) as subject_id, url as document,
        null::integer as line, '' as quote, source_name(source) || ' ' || reason as explanation, 'answer' as what
    from (
        select * from answers
        qualify row_number() over (partition by source, url, person_id order by run_id desc, received_at desc, answer_id) = 1
    )
    where outcome = 'suspiciously_empty' and (reason like 'shrank from %' or reason like 'said nothing, where it had %')
)
-- A decision that does not have its way.
, unmet as (
    select
        'unmet_decision' as kind, 'warning' as severity, left_ref as subject_id, 'decisions.toml' as document,
        null::integer as line, replace(verdict, '_', ' ') || ' ' || left_ref || ' ' || right_ref as quote,
        '“' || replace(verdict, '_', ' ') || ' ' || left_ref || ' ' || right_ref || '” in decisions.toml: ' || why
            as explanation,
        decision_id as what
    from unmet_decisions
)
select
    md5(concat_ws('|', kind, subject_id, coalesce(document, ''), what)) as finding_id,
    * exclude (what)
from (
    select * from numbers
    union all by name select * from hidden
    union all by name select * from shrunk
    union all by name select * from rows_of_others
    union all by name select * from undecided_works
    union all by name select * from contradicted
    union all by name select * from two_arxiv_ids
    union all by name select * from same_or_not
    union all by name select * from noticed_in_reading
    union all by name select * from unmet
)
qualify row_number() over (partition by finding_id order by line nulls last, explanation) = 1;

comment on view current_findings is 'What is wrong or undecided, derived from all facts as they are now.';
