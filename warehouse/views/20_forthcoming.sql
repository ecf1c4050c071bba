-- What became of the entries of a person's own documents that name no identifier: in preparation, or under review.
create or replace view forthcoming as
with horizon as (
    select max(received_at) as known_until from answers where outcome = 'answered'
),
announced as (
    select
        *, false as gone,
        list_filter(fields, lambda one: one.field = 'title')[1].verdict = 'confirmed' as same_words
    from line_verdicts
    where source in ('cv', 'homepage') and own and arxiv_id is null and doi is null and stage in ('in_preparation', 'submitted')
    union all by name
    select  -- stood in an earlier capture of the same document, and stands there no more
        answers.url as document, answers.source, answers.person_id, answers.document as is_seed, answers.own,
        answers.received_at as captured_at, sightings.line, sightings.item, sightings.quote, records.record_id,
        record_works.work_id, records.title, records.stage, works.title as record_title, works.stage as record_stage,
        works.venue as record_venue, 0 as public_in, true as gone
    from sightings
    join answers using (answer_id)
    join records using (record_id)
    join record_works using (record_id)
    join works using (work_id)
    where answers.own and answers.outcome = 'answered' and records.stage = 'in_preparation'
        and works.stage = 'in_preparation'
        and not exists (
            select 1 from document_lines
            where document_lines.work_id = record_works.work_id and document_lines.document = answers.url
        )
    qualify row_number() over (partition by answers.url, record_works.work_id order by answers.received_at desc) = 1
),
proofs as (
    select
        announced.record_id, announced.document,
        arg_max(links.reason, links.score) as proof, max(links.score) as confidence,
        bool_or(title_key(other.title) = title_key(announced.title)) as same_title
    from announced
    join links on links.verdict = 'same' and announced.record_id in (left_record_id, right_record_id)
    join records as other
        on other.record_id = case when left_record_id = announced.record_id then right_record_id else left_record_id end
        and coalesce(other.stage, '') <> 'in_preparation'
    group by all
)
select
    document, person_id, is_seed, line, item, work_id, title, stage, captured_at, known_until,
    date_diff('month', captured_at, known_until) as months,
    case
        when gone then 'disappeared'
        when public_in = 0 then 'still nothing'
        when record_stage in ('workshop', 'accepted', 'published') then 'published'
        when known_as is not null and not coalesce(same_title, false) then 'appeared under another title'
        else 'appeared'
    end as outcome,
    case when public_in > 0 then coalesce(known_as, record_title) end as now_titled,
    case when public_in > 0 then public_on end as public_on,
    case when public_in > 0 then coalesce(nullif(record_stage, stage), 'preprint') end as record_stage,
    case when public_in > 0 then record_venue end as record_venue,
    case when public_in > 0 then coalesce(case when same_words then 0.99 end, confidence, 0.5) end as confidence,
    case
        when gone then format('it stood there until {}, and stands there no more; nothing public of it was found', strftime(captured_at, '%Y-%m-%d'))
        when public_in = 0 then format('nothing public of it was found up to {}', strftime(known_until, '%Y-%m-%d'))
        else coalesce(proof, case when same_words then 'The titles are equal.' end, 'other entries of the work link it')
    end as reason
from announced
cross join horizon
left join proofs using (record_id, document);

comment on view forthcoming is 'Announced works of own documents without an identifier, and what became of them.';
comment on column forthcoming.outcome is 'appeared, appeared under another title, published, disappeared or still nothing';
comment on column forthcoming.months is 'From the document to the newest answer of any source';
comment on column forthcoming.now_titled is 'What the record calls it';
comment on column forthcoming.confidence is 'How sure it is the same work, 0 to 1';
comment on column forthcoming.reason is 'Why, or how far was looked';
