create or replace view publications as
select
    current_attributions.person_id,
    works.work_id,
    works.title,
    works.authors,
    list_position(
        list_transform(works.authors, lambda author: title_key(author)),
        list_filter(
            list_transform(current_people.names, lambda name: title_key(name)),
            lambda name: list_contains(list_transform(works.authors, lambda author: title_key(author)), name)
        )[1]
    )                                                            as position,
    works.stage,
    works.venue,
    works.year,
    works.arxiv_id,
    works.doi,
    works.dblp_key,
    current_attributions.score,
    current_attributions.reasons
from current_attributions
join works using (work_id)
join current_people using (person_id)
where current_attributions.verdict = 'theirs';

comment on view publications is 'The works of the people we follow, one row per person and work.';
comment on column publications.position is 'Place in the author list, from 1; null when the name is not visible';
comment on column publications.score is 'How likely it is theirs, 0 to 1';
comment on column publications.reasons is 'Why it is theirs';
