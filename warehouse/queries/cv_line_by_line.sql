-- The seed documents against the record.
select document, line, item, verdict, reason from seed_comparison order by document, line;
