create or replace view record_works as
select record_id, work_id
from memberships
qualify row_number() over (partition by record_id order by run_id desc) = 1;

comment on view record_works is 'The work each record belongs to now.';
comment on column record_works.record_id is 'The record';
comment on column record_works.work_id is 'Its work';
