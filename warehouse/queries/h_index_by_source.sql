-- The h-index of each person, per source: series of different sources never mix. Impossible ones are left out.
select subject_id, source, observed_at, value
from metric_history
where metric = 'h_index' and sane
order by subject_id, source, observed_at;
