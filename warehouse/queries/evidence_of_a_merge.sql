-- Why records are held to be one work: the reasons, most doubtful first.
select links.score, links.reason, one.title as one_title, other.title as other_title
from links
join records as one on one.record_id = left_record_id
join records as other on other.record_id = right_record_id
where links.verdict = 'same' and title_key(one.title) <> title_key(other.title)
order by links.score, one_title, other_title;
