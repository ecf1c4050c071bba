-- Sources that did not answer, and how old their last good answer is.
select source, person_id, state, last_good_at, reason
from source_status
where state not in ('answered', 'at_rest')
order by source, person_id;
