-- The seed documents against the record, entry by entry.
create or replace view seed_comparison as
with beside as (  -- witnesses that are not seed documents
    select work_id, count(*) as others
    from witnesses
    where not document
    group by work_id
),
lines as (
    select
        document_lines.*,
        works.title       as record_title,
        works.stage       as record_stage,
        works.venue       as record_venue,
        works.claimed,
        works.stage_evidence,
        coalesce(others, 0) as others,
        document_lines.source in ('cv', 'homepage')  -- a listing of preprints says preprint for ever
            and stage_rank(document_lines.stage) < stage_rank(works.stage)
            and document_lines.stage in ('in_preparation', 'submitted', 'preprint') as outdated
    from document_lines
    join works using (work_id)
    left join beside using (work_id)
    where is_seed
)
select
    document,
    line,
    item,
    work_id,
    case
        when verdict = 'not_theirs' then 'foreign'
        when verdict = 'undecided' then 'unresolved'
        when venue_year < year then 'contradicted'
        when outdated then 'stale'
        when stage = 'submitted' and year < year(captured_at) - 1 then 'stale'
        when stage = 'in_preparation' and others = 0 then 'no public record'
        when title_key(title) <> title_key(record_title) then 'confirmed as a later version'
        when others = 0 then 'unverifiable'
        else 'confirmed'
    end as verdict,
    case
        when verdict in ('not_theirs', 'undecided') then array_to_string(reasons, '; ')
        when venue_year < year
            then format('the venue is of {:d}, yet the entry itself is dated {:d}; the record says {}', venue_year, year,
                coalesce(record_venue, 'nothing of a venue'))
        when outdated
            then format('the document says {}; since then {}{}{}', replace(stage, '_', ' '), replace(record_stage, '_', ' '),
                coalesce(' at ' || record_venue, ''),
                case when title_key(title) <> title_key(record_title) then ', under the title “' || record_title || '”' else '' end)
        when stage = 'submitted' and year < year(captured_at) - 1
            then format('{} since {:d}, with no later sign of it when the document was made', replace(stage, '_', ' '), year)
        when stage = 'in_preparation' and others = 0 then 'no other source speaks of such a work by these authors'
        when title_key(title) <> title_key(record_title) then 'the record knows it as “' || record_title || '”'
        when others = 0 then 'only seed documents speak of it'
        else format('{:d} other entries agree', others)
    end as reason,
    person_id,
    title,
    stage,
    record_title,
    record_stage,
    record_venue,
    stage_evidence
from lines;

comment on view seed_comparison is 'Each entry of each seed document against the record: verdict and reason.';
comment on column seed_comparison.document is 'The seed document';
comment on column seed_comparison.line is 'First line of the entry, from 1';
comment on column seed_comparison.item is 'Its number in the document: a position, not a key';
comment on column seed_comparison.verdict is 'confirmed, confirmed as a later version, contradicted, stale, foreign, unresolved, no public record, unverifiable';
comment on column seed_comparison.reason is 'One sentence';
