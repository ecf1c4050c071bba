-- What was known at a moment: the last state of each field that was noticed by then.
create or replace macro works_as_of(moment) as table
with known as (
    select subject_id, field, value
    from states
    where noticed_at <= moment
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select
    subject_id                               as work_id,
    max(value) filter (field = 'title')      as title,
    max(value) filter (field = 'authors')    as authors,
    max(value) filter (field = 'stage')      as stage,
    max(value) filter (field = 'venue')      as venue,
    max(value) filter (field = 'arxiv_id')   as arxiv_id,
    max(value) filter (field = 'doi')        as doi
from known
group by subject_id
having bool_or(field = 'work');

create or replace macro changes_between(after_moment, until_moment) as table
select * from changes where noticed_at > after_moment and noticed_at <= until_moment;
