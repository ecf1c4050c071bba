-- The rows of each visit by work: records of one work that merged add up, so that no merge or split of ours moves a total.
create or replace view counted_works as
select
    answers.person_id, readings.source, answers.received_at as observed_at, record_works.work_id,
    sum(readings.value)                                                   as value,
    coalesce(bool_or(current_attributions.verdict = 'not_theirs'), false) as is_foreign
from readings
join answers using (answer_id)
join (select distinct answer_id, key, record_id from sightings join records using (record_id)) as said
    on said.answer_id = readings.answer_id and said.key = readings.key
join record_works using (record_id)
left join current_attributions
    on current_attributions.person_id = answers.person_id and current_attributions.work_id = record_works.work_id
where readings.metric = 'citations' and answers.person_id is not null
group by all;

comment on view counted_works is 'Citations of single works, as each visit of a source told them of one person.';
comment on column counted_works.observed_at is 'The visit';
comment on column counted_works.value is 'Of all records of the work together';
comment on column counted_works.is_foreign is 'The work is judged to be another person''s';
