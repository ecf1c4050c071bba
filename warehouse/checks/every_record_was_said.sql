-- Records that no kept answer says.
select record_id, title
from records
where record_id not in (select record_id from sightings);
