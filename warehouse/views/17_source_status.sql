-- As it was known at a moment. A source that only stands in for another rests once that one has answered again.
create or replace macro source_status_as_of(moment) as table
with asked as (
    select person_id, source, outcome, reason, run_id, received_at
    from answers
    where not document and received_at <= moment
        and (person_id is null or person_id in (select person_id from current_people))
),
heard as (select source, max(run_id) filter (outcome = 'answered') as run_id from asked group by source),
newest as (
    select
        person_id,
        source,
        max(run_id)                                                    as run_id,
        arg_max(outcome, (run_id, received_at, outcome <> 'answered')) as state,
        arg_max(reason, (run_id, received_at, outcome <> 'answered'))  as reason,
        max(received_at) filter (outcome = 'answered')                 as last_good_at,
        max(received_at)                                               as last_asked_at
    from asked
    group by person_id, source
)
select
    person_id,
    newest.source,
    case when heard.run_id > newest.run_id then 'at_rest' else state end as state,
    last_good_at,
    case when heard.run_id > newest.run_id then concat(
        'asked only when ', heard.source, ' does not answer, the last time on ', strftime(last_asked_at, '%Y-%m-%d'),
        ': ', replace(state, '_', ' '), case when reason <> '' then ', ' || reason else '' end
    ) else reason end as reason,
    last_asked_at
from newest
left join heard on heard.source = stands_in_for(newest.source);

create or replace view source_status as from source_status_as_of(timestamp 'infinity');

comment on view source_status is 'What each source last said of each person, and when it last gave a good answer.';
comment on column source_status.person_id is 'The person; null for questions about several at once';
comment on column source_status.state is
    'answered, suspiciously_empty, not_answered, blocked, switched_off; at_rest where another one need not be replaced';
comment on column source_status.last_good_at is 'When it last answered; what it said then still stands';
comment on column source_status.reason is 'Why it did not answer, or is not asked now, in one sentence';
