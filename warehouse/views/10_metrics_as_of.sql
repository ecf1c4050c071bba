-- The newest reading of each series, where it is sane: an older one is no longer true. A work that has two
-- records in one source counts the larger number, never both.
create or replace macro metrics_as_of(moment) as table
with newest as (
    select *
    from metric_history
    where observed_at <= moment
    qualify row_number() over (
        partition by subject_id, metric, source, key order by observed_at desc, value desc, url
    ) = 1
)
select subject_id, metric, source, max(value) as value, max(observed_at) as observed_at, min(url) as url
from newest
where sane
group by subject_id, metric, source;
