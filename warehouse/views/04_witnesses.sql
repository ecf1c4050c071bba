-- The newest word of each source on each of its own keys, and when it was first and last heard.
create or replace view witnesses as
with heard as (
    select
        record_id,
        min(received_at)                as first_seen_at,
        max(received_at)                as last_seen_at,
        arg_max(answer_id, received_at) as answer_id
    from sightings
    join answers using (answer_id)
    group by record_id
)
select
    record_works.work_id,
    records.* exclude (run_id),
    heard.first_seen_at,
    heard.last_seen_at,
    heard.answer_id,
    answers.url                                                                                     as said_at,
    coalesce('https://openalex.org/' || records.openalex_id, records.url, answers.url)              as evidence,
    answers.own,
    answers.document,
    answers.person_id,
    coalesce(records.stage = 'published' and records.source in ('dblp', 'openalex', 'arrow'), false) as confirms,
    witness_rank(records.source, records.stage)                                                     as rank
from records
join record_works using (record_id)
join heard using (record_id)
join answers using (answer_id)
qualify row_number() over (
    partition by records.source, records.key
    order by heard.last_seen_at desc, records.run_id desc, records.record_id
) = 1;

comment on view witnesses is 'What each source says now about each work, with when it was heard and how far it is believed.';
comment on column witnesses.confirms is 'An index of proceedings or journals says published, not only the author';
comment on column witnesses.rank is 'Lower is believed first for titles and authors';
comment on column witnesses.own is 'The person''s own CV or homepage says it';
comment on column witnesses.said_at is 'Address of the newest answer that says it';
comment on column witnesses.evidence is 'Where a person can see it said';
