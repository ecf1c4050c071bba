-- Numbers that cannot be, with the inequality.
select subject_id, source, metric, value, observed_at, classes, reason
from metric_history
where sanity <> 'sane'
order by subject_id, source, metric, observed_at;
