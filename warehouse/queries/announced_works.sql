-- What became of the works that people announced, and how sure that is.
select title, outcome, months, now_titled, record_venue, confidence, reason from forthcoming order by document, line;
