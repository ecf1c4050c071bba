-- With whom each person writes most.
select person_id, author, count(*) as works
from publications
join current_people using (person_id), unnest(authors) as list(author)
where not list_contains(list_transform(names, lambda name: person_key(name)), person_key(author))
group by all
order by works desc, person_id, author
limit 20;
