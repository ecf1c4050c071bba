-- Works that were ever known under more than one title.
select work_id, list(distinct title order by title) as known_as
from titles
group by work_id
having count(distinct title_key(title)) > 1
order by work_id;
