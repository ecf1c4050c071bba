-- Preprints that became published, newest first, with who says so.
select noticed_at, title, before, after, evidence
from changes
where kind = 'status_changed' and after = 'published'
order by noticed_at desc, title;
