-- What is known of each field now. detect/ appends to states where this differs from the last state.
create or replace view current_states as
with followed as (  -- works that are somebody's whom we follow
    select distinct work_id from current_attributions where verdict = 'theirs'
),
mine as (
    select works.* from works join followed using (work_id)
),
numbers as (
    select subject_id, metric, source, value, url
    from metrics_as_of(timestamp '9999-01-01')
    where metric in ('citations', 'h_index', 'papers')
),
confirmed as (
    select
        work_id,
        arg_min(venue_short, (rank, key)) as venue,
        arg_min(source || ': ' || coalesce(dblp_key, evidence), (rank, key)) as evidence
    from witnesses
    where confirms and venue_short is not null
    group by work_id
)
select work_id as subject_id, 'work' as field, '' as key, title as value, title_evidence as evidence from mine
union all
select work_id, 'title', title_key(title), title, title_evidence from mine
union all
select work_id, 'authors', authors_key(authors), array_to_string(authors, ', '), title_evidence
from mine where not authors_incomplete and len(authors) > 0
union all
select work_id, 'stage', stage, stage, concat_ws(' ', venue, '—', stage_source || ':', stage_evidence) from mine where stage is not null
union all
select work_id, 'venue', title_key(venue), venue, stage_source || ': ' || stage_evidence from mine where venue is not null
union all
select work_id, 'arxiv_id', arxiv_id, arxiv_id, 'https://arxiv.org/abs/' || arxiv_id from mine where arxiv_id is not null
union all
select work_id, 'doi', doi, doi, 'https://doi.org/' || doi from mine where doi is not null
union all
select work_id, 'confirmed', title_key(venue), venue, evidence from confirmed join followed using (work_id)
union all
select work_id, 'whose:' || person_id, verdict, verdict, array_to_string(reasons, '; ') from current_attributions
union all
select subject_id, metric || ':' || source, value::bigint::varchar, value::bigint::varchar, url from numbers
where subject_id in (select work_id from followed) or subject_id in (select person_id from current_people);

comment on view current_states is 'What is known of each field now, derived from all facts.';
comment on column current_states.subject_id is 'A work or a person';
comment on column current_states.field is 'title, authors, stage … ; citations:SOURCE and the like for numbers';
comment on column current_states.key is 'What is compared';
comment on column current_states.value is 'What is shown';
comment on column current_states.evidence is 'Which witness says so';
