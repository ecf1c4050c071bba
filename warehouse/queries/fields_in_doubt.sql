-- Single fields of documents that a witness contradicts, or that nobody can decide yet.
select document, line, item, field, said, verdict, explanation
from line_fields
where is_seed and verdict in ('contradicted', 'ambiguous', 'unresolved')
order by document, line, field;
