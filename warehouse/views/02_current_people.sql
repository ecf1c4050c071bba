create or replace view current_people as
select person_id, name, names, affiliations, identifiers
from people
where run_id > coalesce((select max(run_id) from departures where departures.person_id = people.person_id), 0)
qualify row_number() over (partition by person_id order by run_id desc) = 1;

comment on view current_people is 'The people we follow, as people.toml last said; those taken out of it are not here.';
comment on column current_people.person_id is 'Our id of the person, from people.toml';
comment on column current_people.name is 'The main form of the name';
comment on column current_people.names is 'Every form of the name, the main one first';
comment on column current_people.affiliations is 'Affiliations, as people.toml says';
comment on column current_people.identifiers is 'JSON: scheme to identifier';
