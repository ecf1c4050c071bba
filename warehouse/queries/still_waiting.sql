-- Works that are still only preprints, the longest waiting first.
select person_id, title, min(released_on) as since, arxiv_id
from publications
join releases using (work_id)
where publications.stage in ('preprint', 'submitted') and releases.stage = 'preprint'
group by all
order by since;
