-- The lists that a person keeps of their own works: CV and homepages. What is no longer in one is no longer said.
-- A list of somebody whom nobody follows speaks for itself: its address stands in for its owner.
create or replace macro list_owner(person_id, page) as coalesce(person_id, page);

-- A prize that a venue gives changes what is said of it; how few get it does not.
create or replace macro award(comment) as
    nullif(regexp_extract(lower(comment),
        '\b(spotlight|oral|best [a-z ]{0,20}paper|outstanding paper|highlight|honou?rable mention|distinguished paper)\b'), '');

create or replace view own_captures as
select distinct list_owner(person_id, url) as person_id, source, url as page, received_at from answers where own and outcome = 'answered';

comment on view own_captures is 'Each good capture of each page of their own.';

create or replace view own_entries as
select
    record_works.work_id, list_owner(answers.person_id, answers.url) as person_id, answers.source, answers.url as page, sightings.record_id,
    min(answers.received_at)                        as first_said_at,
    max(answers.received_at)                        as last_said_at,
    arg_max(answers.answer_id, answers.received_at) as answer_id,
    bool_or(answers.document)                       as document
from answers
join sightings using (answer_id)
join record_works using (record_id)
where answers.own and answers.outcome = 'answered'
group by all;

comment on view own_entries is 'Each record of each page of their own, with when that page first and last said it.';
comment on column own_entries.person_id is 'Whose list it is; the page itself when nobody we follow keeps it';

create or replace view own_words as
with heard as (
    select
        work_id, person_id, source, min(first_said_at) as first_seen_at, max(last_said_at) as last_seen_at,
        arg_max(answer_id, (last_said_at, page)) as answer_id, arg_max(page, (last_said_at, page)) as said_at,
        bool_or(document) as document
    from own_entries
    group by all
)
select words.* exclude (run_id), heard.* exclude (work_id, person_id, source)
from words
join heard using (work_id, person_id, source)
qualify row_number() over (partition by work_id, person_id, source order by run_id desc) = 1;

comment on view own_words is 'What a person''s own pages of one kind say of each work: of pages that differ, the newest news (detect/words.py).';
comment on column own_words.record_id is 'The record that says the title';
comment on column own_words.authors_id is 'The record that says the authors';
comment on column own_words.stage_id is 'The record that says stage and venue';
comment on column own_words.award is 'Spotlight, oral, best paper … at that venue';
