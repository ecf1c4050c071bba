-- One row per appearance and witness. Claimed: an author says so; confirmed: proceedings or an index do.
create or replace view releases as
with spoken as materialized (from witnesses),
said as (
    select
        work_id, stage, source in ('cv', 'homepage') as claimed, venue, venue_short,
        coalesce(venue_year, year) as year, published_on as released_on, source,
        evidence, arxiv_version as version, award
    from spoken
    where stage is not null
),
accepted_by_own_word as (  -- an arXiv comment or journal reference
    select
        work_id, case when regexp_matches(venue, '(?i)workshop') then 'workshop' else 'accepted' end as stage,
        true as claimed, venue, venue_short, venue_year as year, null::date as released_on, source,
        evidence, arxiv_version as version, award
    from spoken
    where source = 'arxiv' and stage = 'preprint' and venue is not null
),
preprint_beside as (  -- a published item that names its arXiv id as well
    select
        work_id, 'preprint' as stage, source in ('cv', 'homepage') as claimed, 'arXiv' as venue,
        'arXiv' as venue_short, null::integer as year, first_on as released_on, source,
        'https://arxiv.org/abs/' || arxiv_id as evidence, arxiv_version as version
    from spoken
    where arxiv_id is not null and source <> 'arxiv' and coalesce(stage, '') <> 'preprint'
)
select * from said
union all by name select * from accepted_by_own_word
union all by name select * from preprint_beside;

comment on view releases is 'Appearances of works: preprint versions, workshop, accepted, published …, each with its witness. Not a ladder.';
comment on column releases.work_id is 'The work';
comment on column releases.stage is 'in_preparation, preprint, submitted, workshop, accepted, published or withdrawn';
comment on column releases.claimed is 'True: an author''s page or arXiv comment says so. False: an index of the venue does';
comment on column releases.venue is 'The venue in the witness''s words';
comment on column releases.venue_short is 'The venue in one spelling';
comment on column releases.year is 'Year of this appearance, when said';
comment on column releases.released_on is 'Day of this appearance, when said';
comment on column releases.source is 'Which source says so';
comment on column releases.evidence is 'Where it says so';
comment on column releases.award is 'Spotlight, oral, best paper …, when the witness says so';
comment on column releases.version is 'arXiv version, for preprints';
