-- What is believed of each work, field by field, each from its best witness.
create or replace view works as
with believed as (
    select
        work_id,
        arg_min(title, order_by)                                                       as title,
        arg_min(evidence, order_by)                                      as title_evidence,
        arg_min(authors, order_by) filter (len(authors) > 0 and not truncated)         as full_authors,
        arg_min(authors, order_by)                                                     as some_authors,
        arg_min(arxiv_id, (rank, arxiv_id)) filter (arxiv_id is not null)              as arxiv_id,
        arg_min(doi, (rank, doi)) filter (doi is not null)                             as doi,
        arg_min(dblp_key, (stage <> 'published', dblp_key)) filter (dblp_key is not null) as dblp_key,
        min(coalesce(year, year(first_on), year(published_on)))                        as first_year,
        min(first_seen_at)                                                             as first_seen_at,
        count(*)                                                                       as witnesses
    from (select *, (rank, -coalesce(arxiv_version, 0), -epoch(last_seen_at), key) as order_by from witnesses)
    group by work_id
),
stages as (
    select
        work_id, stage, claimed, source, evidence, year,
        case when stage in ('published', 'accepted', 'workshop', 'preprint') then venue end       as venue,
        case when stage in ('published', 'accepted', 'workshop', 'preprint') then venue_short end as venue_short,
        case when stage = 'submitted' then coalesce(venue_short, venue) end                      as submitted_to,
        max(award) over (partition by work_id, venue_short)                                      as award
    from releases
    qualify row_number() over (  -- one witness for all of it
        partition by work_id
        order by stage_rank(stage) desc, claimed, witness_rank(source, stage), year desc nulls last,
            venue_short nulls last, evidence, version desc nulls last
    ) = 1
),
decided as (  -- by a human: outranks every witness
    select
        work_id,
        max(value) filter (field = 'title')                     as title,
        max(value) filter (field = 'authors')                   as authors,
        max(try_cast(value as bigint)) filter (field = 'year')  as year,
        max(value) filter (field = 'stage')                     as stage,
        max(value) filter (field = 'venue')                     as venue,
        bool_or(field in ('stage', 'venue', 'year'))            as appearance
    from decided_values
    group by work_id
)
select
    believed.work_id,
    coalesce(decided.title, believed.title)                   as title,
    coalesce(decided.year, stages.year, believed.first_year)  as year,
    coalesce(decided.stage, stages.stage)                     as stage,
    coalesce(decided.venue, stages.venue_short, stages.venue) as venue,
    case when decided.appearance is distinct from true then stages.submitted_to end as submitted_to,
    case when decided.appearance is distinct from true then stages.award end        as award,
    believed.first_seen_at,
    coalesce(string_split_regex(decided.authors, '\s*;\s*'), believed.full_authors, believed.some_authors) as authors,
    decided.authors is null and believed.full_authors is null as authors_incomplete,
    case when decided.stage is null then stages.claimed else false end                  as claimed,
    case when decided.appearance then 'decision' else stages.source end                 as stage_source,
    case when decided.appearance then 'decision' else stages.evidence end               as stage_evidence,
    case when decided.title is null then believed.title_evidence else 'decision' end    as title_evidence,
    case when decided.authors is null then believed.title_evidence else 'decision' end  as authors_evidence,
    believed.arxiv_id,
    believed.doi,
    believed.dblp_key,
    believed.witnesses
from believed
left join stages using (work_id)
left join decided using (work_id);

comment on view works is 'Every work any source speaks of (also homonyms'' works; publications has only theirs), with what is believed of it.';
comment on column works.work_id is 'Ours, for ever';
comment on column works.title is 'From the best witness: proceedings, then the newest arXiv version, then own pages';
comment on column works.year is 'Year of the appearance that stage names, else of the first one';
comment on column works.stage is 'How far it has come';
comment on column works.venue is 'One spelling per venue';
comment on column works.submitted_to is 'For a submission: where to, when said';
comment on column works.award is 'Spotlight, oral, best paper … at that venue, when any witness says so';
comment on column works.first_seen_at is 'When any source first spoke of it to us';
comment on column works.authors is 'In order, from the best witness with a complete list';
comment on column works.authors_incomplete is 'Only lists cut by "et al." are known';
comment on column works.claimed is 'Only an author says that it has come so far';
comment on column works.stage_source is 'Which source the stage, its venue and year rest on; decision: a human said so';
comment on column works.stage_evidence is 'Where that source says so; decision: in decisions.toml';
comment on column works.title_evidence is 'Where the title is from; decision: decisions.toml';
comment on column works.authors_evidence is 'Where the authors are from; decision: decisions.toml';
comment on column works.witnesses is 'How many sources'' entries speak of it';
