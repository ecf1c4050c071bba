-- What was known on a day.
select title, stage, venue from works_as_of(timestamp '2025-05-01') order by title;
