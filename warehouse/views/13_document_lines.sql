-- Each entry of each document or listed page, newest capture only, with the work it speaks of.
create or replace view document_lines as
with newest as (
    select url, person_id, max(received_at) as received_at
    from answers
    where outcome = 'answered'
    group by url, person_id
)
select
    md5(concat_ws('|', answers.url, coalesce(answers.person_id, ''), record_id, coalesce(line, 0))) as line_id,
    answers.url                                                                as document,
    answers.source,
    answers.person_id,
    answers.document                                                           as is_seed,
    answers.own,
    answers.received_at                                                        as captured_at,
    sightings.line,
    sightings.item,
    sightings.quote,
    records.* exclude (source, run_id),
    record_works.work_id,
    current_attributions.verdict,
    current_attributions.reasons
from answers
join newest
    on newest.url = answers.url and newest.received_at = answers.received_at
    and newest.person_id is not distinct from answers.person_id
join sightings using (answer_id)
join records using (record_id)
join record_works using (record_id)
left join current_people on current_people.person_id = answers.person_id
left join current_attributions
    on current_attributions.person_id = answers.person_id and current_attributions.work_id = record_works.work_id
where answers.person_id is null or current_people.person_id is not null;  -- not of those whom we follow no more

comment on view document_lines is 'Entries of documents and pages, newest capture of each, with work and verdict; not those of people we follow no more.';
comment on column document_lines.line_id is 'One entry at one place of one document';
comment on column document_lines.document is 'File or address';
comment on column document_lines.is_seed is 'A seed document, not a page from the network';
comment on column document_lines.own is 'The person''s own CV or homepage';
