-- Records that belong to no work.
select record_id, title
from records
where record_id not in (select record_id from record_works);
