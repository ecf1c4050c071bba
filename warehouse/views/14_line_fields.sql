-- The verdict on each field of each entry, with its reason and its witnesses. seed_comparison is derived from it.
create or replace macro stage_words(stage) as
    case stage when 'in_preparation' then 'in preparation' when 'workshop' then 'a workshop paper'
        when 'submitted' then 'under review' when 'preprint' then 'a preprint' else stage end;

create or replace macro and_more(many) as
    case many when 0 then '' when 1 then ', and one more source' else format(', and {:d} more sources', many) end;

-- "ICML 2024 … submitted to (ICML 2024)": the entry stands as if it had appeared there, and says where it was sent.
create or replace macro two_ways(comment, venue) as
    contains(regexp_extract(comment, '(?i)^(.*?)\b(?:submitted|submission) to\b', 1), split_part(venue, ' ', 1))
    and regexp_matches(regexp_extract(comment, '(?i)^(.*?)\b(?:submitted|submission) to\b', 1), '(?:^|[^\d.])(?:19|20)\d\d(?:[^\d.]|$)');

create or replace view line_fields as
with heard as (
    select
        line_id,
        field,
        count(distinct source) filter (stance = 'same')                              as agreeing,
        count(distinct source)                                                       as heard,
        count(distinct source) filter (makes_public)                                 as public_in,
        coalesce(bool_or(confirms) filter (stance = 'same'), false)                  as indexed,
        min(first_on)                                                                as first_on,
        min(coalesce(first_on, said_on))                                             as public_on,
        min(since_year)                                                              as first_year,
        max(try_cast(says as integer))                                               as last_year,
        any_value(comment) filter (regexp_matches(comment, '(?i)\b(spotlight|oral|outstanding|best paper)\b')) as award_comment,
        list(distinct try_cast(regexp_extract(comment, '(\d{1,4}) pages', 1) as integer)) filter (comment is not null) as page_counts,
        list({source: source, who: who, says: says, url: place, captured_at: captured_at, stance: stance, confirms: confirms, shown: shown}
            order by not shown, rank, arxiv_version desc nulls last, captured_at desc, place) as witnesses
    from line_statements
    group by line_id, field
),
weighed as (  -- the best witness of each stance
    select
        *,
        list_filter(witnesses, lambda one: one.stance = 'same')[1]                    as same,
        list_filter(witnesses, lambda one: one.stance <> 'same')[1]                   as other,
        list_filter(witnesses, lambda one: one.stance = 'other year' and (one.confirms or one.source not in ('cv', 'homepage', 'arxiv')))[1] as other_year,
        list_filter(witnesses, lambda one: one.stance = 'other venue' and one.confirms)[1] as other_venue,
        list_filter(witnesses, lambda one: one.stance = 'reordered')[1]               as reordered,
        list_filter(witnesses, lambda one: one.stance = 'shorter')[1]                 as shorter,
        list_filter(witnesses, lambda one: one.stance = 'longer')[1]                  as longer,
        list_filter(witnesses, lambda one: one.stance = 'others' and one.shown)[1]    as others,
        coalesce(
            list_filter(witnesses, lambda one: one.stance = 'further' and one.says = 'published')[1],
            list_filter(witnesses, lambda one: one.stance = 'further')[1])            as further
    from heard
),
entries as (
    select
        lines.* exclude (roles, author_keys, abstract, categories),
        works.title                     as record_title,
        works.title_evidence,
        works.stage_evidence,
        works.stage                     as record_stage,
        works.venue                     as record_venue,
        lines.source in ('cv', 'homepage', 'bibtex') as authors_own,
        count(*) filter (venue_year < lines.year) over (partition by document, person_id) as slips,
        titles.public_on,
        titles.first_on                 as first_public_on,
        titles.first_year,
        coalesce(titles.heard, 0)       as beside,
        coalesce(titles.public_in, 0)   as public_in,
        titles.page_counts,
        titles.award_comment
    from document_lines as lines
    join works using (work_id)
    left join weighed as titles on titles.line_id = lines.line_id and titles.field = 'title'
    where lines.source in ('cv', 'homepage', 'bibtex', 'scholar_feed', 'arrow', 'aitopics')
),
said as (
    select
        * rename (verdict as whose),
        unnest([
            {field: 'title', said: title},
            {field: 'authors', said: nullif(array_to_string(authors, ', '), '') || case when truncated then ' et al.' else '' end},
            {field: 'venue', said: case when venue_short <> 'arXiv' then venue end},
            {field: 'year', said: case when first_on is null then year::varchar end},
            {field: 'status', said: stage},
            {field: 'date', said: first_on::varchar},
            {field: 'arxiv_id', said: arxiv_id},
            {field: 'doi', said: doi},
            {field: 'pages', said: case when authors_own then nullif(regexp_extract(comment,
                '(?:^|[\s,:(])(\d{1,5}\s?[-–—]{1,2}\s?\d{1,5})(?:$|[\s,.;)])', 1), '') end},
            {field: 'award', said: case when authors_own then nullif(regexp_extract(comment,
                '(?i)\b((?:spotlight|oral|best paper|outstanding|notable|highlight)\b[^().,;]{0,30}(?:\(top [\d.]+\s?%\))?)', 1), '') end}
        ], recursive := true)
    from entries
),
compared as (
    select said.*, weighed.* exclude (line_id, field, agreeing, public_in, first_on, public_on, first_year, page_counts, award_comment),
        coalesce(weighed.agreeing, 0) as agreeing,
        title_key(title) <> title_key(record_title) as retitled,
        case
            when venue_year >= year or venue_year is null or not known_venue(venue_short) then null
            when other_year is not null then 'elsewhere'
            when coalesce(weighed.agreeing, 0) > 0 then null
            when year(first_public_on) > venue_year then 'too early'
            when slips = 1 then 'alone'
        end as slip
    from said
    left join weighed on weighed.line_id = said.line_id and weighed.field = said.field
    where said is not null
),
reasoned as (
    select
        *,
        case field
            when 'title' then case
                when beside = 0 then 'only_here'
                when stage = 'in_preparation' and agreeing = 0 then 'retitled_since'
                when retitled then 'retitled'
                when agreeing = 0 then 'retitled'
                else 'same' end
            when 'authors' then case
                when heard is null then 'only_here'
                when agreeing > 0 then 'same'
                when reordered is not null then 'reordered'
                when shorter is not null then 'shorter_elsewhere'
                when longer is not null then 'shorter_here'
                when others is null then 'changed_since'
                else 'other_people' end
            when 'venue' then case
                when stage = 'submitted' then 'only_submitted'
                when slip is not null then 'year_slip'
                when agreeing > 0 and indexed then 'indexed'
                when agreeing > 0 then 'claimed_elsewhere'
                when other_year is not null then 'other_year'
                when other_venue is not null and stage in ('published', 'accepted') then 'other_venue'
                else 'not_confirmed' end
            when 'year' then case
                when slip is not null and agreeing > 0 then 'year_of_the_record'
                when year < venue_year and (agreeing > 0 or year = first_year) then 'preprint_year'
                when agreeing > 0 then 'same'
                when heard is null then 'only_here'
                when (year < first_year - 1 or year > greatest(last_year, first_year) + 1) and heard > 1 then 'outside_its_life'
                else 'no_witness' end
            when 'status' then case
                when stage = 'in_preparation' and public_in = 0 then 'nothing_public'
                when stage = 'in_preparation' then 'appeared'
                when stage = 'submitted' and authors_own and two_ways(comment, venue) then 'two_ways'
                when authors_own and stage in ('submitted', 'preprint') and further is not null then 'went_further'
                when stage = 'submitted' and make_date(coalesce(year, first_year), 12, 31) < captured_at - interval 2 year then 'waiting'
                when stage = 'submitted' then 'only_submitted'
                when agreeing > 0 and indexed then 'indexed'
                when agreeing > 0 then 'claimed_elsewhere'
                else 'not_confirmed' end
            when 'date' then case
                when heard is null then 'two_facts'
                when agreeing > 0 then 'first_submission'
                else 'other_date' end
            when 'pages' then case
                when regexp_matches(said, '^1\D') and list_contains(page_counts, try_cast(regexp_extract(said, '(\d+)$', 1) as integer)) then 'length_confirmed'
                when regexp_matches(said, '^1\D') then 'length'
                else 'not_confirmed' end
            when 'award' then 'not_confirmed'
            else case when agreeing > 0 then 'same' when heard is null then 'only_here' else 'other_identifier' end
        end as reason
    from compared
)
select
    line_id, document, source, person_id, is_seed, own, captured_at, line, item, quote, record_id, work_id, title, stage,
    arxiv_id, doi, whose, reasons, record_title, record_stage, record_venue, stage_evidence, beside, public_in, public_on, field, said,
    case
        when reason in ('same', 'indexed', 'claimed_elsewhere', 'first_submission', 'preprint_year', 'year_of_the_record', 'length_confirmed', 'shorter_elsewhere')
            then 'confirmed'
        when reason in ('retitled', 'changed_since') then 'confirmed as a later version'
        when reason in ('year_slip', 'other_year', 'other_venue', 'outside_its_life', 'other_identifier') then 'contradicted'
        when reason in ('retitled_since', 'appeared', 'went_further', 'waiting') then 'stale'
        when reason = 'two_ways' then 'ambiguous'
        when reason = 'nothing_public' then 'no public record'
        when reason in ('reordered', 'shorter_here', 'other_people', 'other_date') then 'unresolved'
        else 'unverifiable'
    end as verdict,
    reason,
    coalesce(case reason
        when 'only_here' then format('only this document says it: no other source that was read knows the {}',
            case field when 'title' then 'work' when 'arxiv_id' then 'arXiv id' else field end)
        when 'same' then format('{} says the same', same.who) || and_more(agreeing - 1)
            || case when field <> 'authors' then '' else coalesce(format('; another entry, of {}, has them otherwise: the list changed between versions', coalesce(reordered, others).who), '')
                || coalesce(format('; that of {} ends earlier: it may be cut, and nobody is removed', shorter.who), '') end
        when 'retitled_since' then format('it appeared under another title: {}, says {}', title_words(case when retitled then record_title else other.says end), other.who)
        when 'retitled' then case
            when retitled then format('the record knows it as {}, says {}', title_words(record_title), coalesce(other.who, title_evidence))
            else format('{} knows it as {}', other.who, title_words(other.says)) end
        when 'reordered' then format('{} has the same people in another order: {}; the order changed between versions, or one of them is wrong. The versions of the preprint would settle it',
            reordered.who, reordered.says)
            || case when shorter is null then '' else format('. {} lacks the last: its list may be cut; nobody is removed', shorter.who) end
        when 'shorter_elsewhere' then format('{} has fewer names, the same as far as it goes: its list may be cut; nobody is removed', shorter.who)
        when 'shorter_here' then format('the same as far as it goes, but {} has more names: {}. This list may be cut', longer.who, longer.says)
        when 'changed_since' then format('earlier versions had other authors: {} has {}', other.who, other.says)
        when 'other_people' then format('{} has other people: {}; the list changed between versions, or one of them is wrong. The versions of the preprint would settle it', others.who, others.says)
        when 'only_submitted' then 'where a paper was submitted is known to its authors only'
        when 'year_slip' then format('the venue is of {:d}, but the same entry is dated {:d}', venue_year, year)
            || case slip
                when 'elsewhere' then format('; {} says {}', other_year.who, other_year.says)
                when 'too early' then format('; it was first made public on {}, after that year', strftime(first_public_on, '%Y-%m-%d'))
                else '; no other entry here does that, and no other witness decides' end
        when 'indexed' then format('{} lists it{}', same.who, case field when 'venue' then ' there' else ' as ' || same.says end)
        when 'claimed_elsewhere' then format('{} says so, too{}', same.who, case when same.source in ('cv', 'homepage', 'arxiv') and stage <> 'preprint' then ', which is also the authors'' word' else '' end)
        when 'other_year' then format('{} says {}', other_year.who, other_year.says)
        when 'other_venue' then format('{} says {}', other_venue.who, other_venue.says)
        when 'not_confirmed' then case field
            when 'pages' then 'no source that was read tells the pages'
            when 'award' then 'no source that knows what was accepted, and how, was read'
                || case when award_comment is not null then format('; a comment of the authors elsewhere: “{}”', award_comment) else '' end
            else 'no index of proceedings or journals that was read lists it; the venue''s proceedings would settle it' end
        when 'preprint_year' then format('the year of the first public version, {}; the venue''s is {:d}: no contradiction', coalesce(strftime(first_public_on, '%Y-%m-%d'), year::varchar), venue_year)
        when 'year_of_the_record' then format('{} says {}', same.who, same.says)
        when 'outside_its_life' then format('the record has it ' || case when last_year > first_year then 'from {:d} to {:d}' else 'in {:d} only' end, first_year, greatest(last_year, first_year))
        when 'no_witness' then format('no witness names this year: {} says {}', other.who, other.says)
        when 'nothing_public' then 'no other source that was read speaks of such a work by these authors'
        when 'appeared' then format('it has appeared since{}: {}{}', coalesce(' (' || strftime(public_on, '%Y-%m-%d') || ')', ''),
            case record_stage when 'submitted' then 'a preprint, under review' else stage_words(coalesce(nullif(record_stage, stage), 'preprint')) end, coalesce(' at ' || nullif(record_venue, 'arXiv'), ''))
        when 'two_ways' then 'it names the venue as if it had appeared there, and says that it was submitted: either may be meant'
            || case when further is not null then format('. By now it is {}{}', stage_words(record_stage), coalesce(' at ' || nullif(record_venue, 'arXiv'), '')) else '' end
        when 'went_further' then format('it says {}; by now it is {}{}, says {}', stage_words(stage), stage_words(record_stage), coalesce(' at ' || nullif(record_venue, 'arXiv'), ''), further.who)
        when 'waiting' then format('under review since {:d}: years later, nobody else says so', coalesce(year, first_year))
        when 'two_facts' then 'the day of the first submission, and the title as of the capture: the title need not have existed on that day'
        when 'first_submission' then format('the day of the first submission, as {} says', same.who)
            || case when retitled or other is not null then '; the title is that of the capture' else '' end
        when 'other_date' then format('{} says {}', other.who, other.says)
        when 'length_confirmed' then 'the length of the paper, written as a page range: arXiv tells the same number of pages'
        when 'length' then 'begins at 1: the length of the paper, not its pages in the proceedings; no contradiction'
        when 'other_identifier' then format('{} says {}', other.who, other.says)
    end, 'the witnesses differ') as explanation,
    case
        when reason in ('retitled_since', 'retitled') then case when retitled then record_title else other.says end
        when reason in ('year_slip', 'other_year') then other_year.says
        when reason = 'other_venue' then other_venue.says
        when reason in ('appeared', 'went_further', 'two_ways') then case when public_in > 0 then coalesce(nullif(record_stage, stage), 'preprint') end
        when reason in ('reordered', 'shorter_here', 'other_people', 'changed_since') then coalesce(reordered, longer, others, other).says
        when reason in ('other_date', 'other_identifier', 'no_witness') then other.says
    end as record_says,
    coalesce(witnesses, []) as witnesses
from reasoned;

comment on view line_fields is 'Each field of each entry of each document or page: verdict, reason and witnesses.';
comment on column line_fields.line_id is 'The entry, as in document_lines';
comment on column line_fields.field is 'title, authors, venue, year, status, date, arxiv_id, doi, pages or award';
comment on column line_fields.said is 'What the document says';
comment on column line_fields.verdict is 'confirmed, confirmed as a later version, contradicted, stale, ambiguous, unresolved, unverifiable or no public record';
comment on column line_fields.reason is 'The class of the reason, such as year_slip or went_further';
comment on column line_fields.explanation is 'One plain sentence';
comment on column line_fields.record_says is 'What the record says instead; null where it says nothing else';
comment on column line_fields.witnesses is 'Every other document and source that speaks of the field: source, says, url, captured_at, stance, confirms, shown';
