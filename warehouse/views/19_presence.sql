-- What stands in a document and not in its person's public record, and the reverse, each with the cause.
create or replace view presence as
with pages as (
    select
        document, person_id, any_value(source) as source, any_value(is_seed) as is_seed, any_value(own) as own,
        any_value(captured_at) as captured_at, min(public_on) as oldest
    from line_verdicts
    where person_id is not null
    group by document, person_id
),
covered as (  -- the venues that a page lists, and since when
    select document, split_part(venue_short, ' ', 1) as venue, min(coalesce(venue_year, year)) as since_year
    from document_lines
    where source = 'arrow' and venue_short is not null
    group by all
),
lives as (  -- when a work became public, and where it can be found
    select
        work_id,
        min(coalesce(first_on, published_on))                                            as public_on,
        min(coalesce(year(first_on), year(published_on), year, venue_year))              as since_year,
        bool_or(arxiv_id is not null or source in ('arxiv', 'aitopics', 'scholar_feed')) as on_arxiv,
        list(distinct {venue: split_part(venue_short, ' ', 1), year: coalesce(venue_year, year)}) filter (stage = 'published') as venues,
        bool_and(coalesce(stage, '') = 'in_preparation')                                 as unborn
    from records
    join record_works using (record_id)
    group by work_id
),
theirs as (  -- and what their pages list, though it is undecided whether it is theirs
    select person_id, work_id, title, false as doubtful from publications
    union all
    select distinct person_id, work_id, works.title, true
    from document_lines
    join works using (work_id)
    where is_seed and verdict = 'undecided'
),
absent as (
    select
        pages.*, theirs.work_id, theirs.title, doubtful, lives.public_on, since_year,
        case
            when coalesce(lives.public_on > pages.captured_at::date, since_year > year(pages.captured_at)) then 'newer than the document'
            when doubtful then 'undecided'
            when lives.public_on is null and since_year is null then 'nobody says since when it is public'
            when source in ('scholar_feed', 'aitopics') and not on_arxiv then 'outside its coverage: not on arXiv'
            when source = 'arrow' and not exists (
                select 1 from covered, unnest(lives.venues) as place(said)
                where covered.document = pages.document and covered.venue = said.venue and covered.since_year <= said.year
            ) then 'outside its coverage: at no venue that it lists for that year'
            when not own and coalesce(lives.public_on < oldest, false) then 'outside its coverage: older than all its rows'
            else 'omitted'
        end as cause
    from pages
    join theirs using (person_id)
    join lives using (work_id)
    where not unborn  -- what was only announced is in no public record
        and not exists (select 1 from document_lines where document_lines.document = pages.document and document_lines.work_id = theirs.work_id)
)
select
    document, person_id, is_seed, 'document' as only_in, line, item, work_id, title,
    case
        when whose = 'not_theirs' then 'homonym'
        when whose = 'undecided' and reason like '%cut off where the name%' then 'name not visible'
        when whose = 'undecided' then 'undecided'
        when verdict = 'no public record' then 'no public record'
        else 'only this document'
    end as cause,
    reason as explanation
from line_verdicts
where person_id is not null
    and (whose in ('not_theirs', 'undecided') or verdict = 'no public record' or (verdict = 'unverifiable' and beside = 0))
union all by name
select
    document, person_id, is_seed, 'record' as only_in, work_id, title, cause,
    case cause
        when 'newer than the document' then format('public since {}, the document is of {}', coalesce(strftime(public_on, '%Y-%m-%d'), since_year::varchar), strftime(captured_at, '%Y-%m-%d'))
        when 'omitted' then format('public since {}: the {} leaves it out', coalesce(strftime(public_on, '%Y-%m-%d'), since_year::varchar), case when own then 'document' else 'page' end)
        when 'undecided' then 'whether it is theirs is undecided'
        else cause
    end || case when doubtful and cause <> 'undecided' then '; whether it is theirs is undecided' else '' end as explanation
from absent;

comment on view presence is 'Per document: works in it that are not in its person''s record, and the reverse, each with the cause.';
comment on column presence.only_in is 'document or record: where the work is found';
comment on column presence.cause is 'homonym, name not visible, undecided, no public record, only this document; newer than the document, outside its coverage …, omitted';
comment on column presence.explanation is 'One sentence';
