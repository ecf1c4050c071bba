-- The citations of all works of all followed people, each work once: shared works are not counted twice.
create or replace view group_citations as
select source, count(*) as works, sum(value)::bigint as citations, max(observed_at) as observed_at
from metrics_as_of(timestamp '9999-01-01')
where metric = 'citations' and subject_id in (select work_id from publications)
group by source;

comment on view group_citations is 'Citations of the works of all followed people, per source; each work once.';
comment on column group_citations.works is 'Works of theirs that the source counts citations of';
comment on column group_citations.citations is 'Their sum; of two records of one work the larger';
