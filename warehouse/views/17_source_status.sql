create or replace view source_status as
select
    person_id,
    source,
    arg_max(outcome, (run_id, received_at, outcome <> 'answered'))                 as state,
    max(received_at) filter (outcome = 'answered')                                 as last_good_at,
    arg_max(reason, (run_id, received_at, outcome <> 'answered'))                  as reason,
    max(received_at)                                                               as last_asked_at
from answers
where not document and (person_id is null or person_id in (select person_id from current_people))
group by person_id, source;

comment on view source_status is 'What each source last said of each person, and when it last gave a good answer.';
comment on column source_status.person_id is 'The person; null for questions about several at once';
comment on column source_status.state is 'answered, suspiciously_empty, not_answered or blocked';
comment on column source_status.last_good_at is 'When it last answered; what it said then still stands';
comment on column source_status.reason is 'Why it did not answer, in one sentence';
