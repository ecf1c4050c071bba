create or replace view titles as
select
    record_works.work_id,
    arg_min(records.title, answers.received_at)  as title,
    records.source,
    min(answers.received_at)                     as first_seen_at,
    max(answers.received_at)                     as last_seen_at
from records
join record_works using (record_id)
join sightings using (record_id)
join answers using (answer_id)
group by record_works.work_id, records.source, title_key(records.title);

comment on view titles is 'Every title a work was ever seen under, per source.';
comment on column titles.title is 'As first seen in this spelling';
comment on column titles.first_seen_at is 'First capture that shows it: the title is known for that day, not for earlier ones';
comment on column titles.last_seen_at is 'Last capture that shows it';
