-- What every other document and source says of each field of each entry: the witnesses of the audit, in rows.
create or replace macro title_words(text) as '“' || text || '”';

-- Names at one place of two lists of one work: spelled in either order, "Wang M." is "Mingze Wang".
create or replace macro turned_key(name) as
    lower(strip_accents(split_part(trim(name), ' ', 1) || ' ' || left(split_part(trim(name), ' ', -1), 1)));

create or replace macro misplaced(one, other) as  -- places at which two lists name different people
    len(list_filter(
        range(1, least(len(one), len(other)) + 1),
        lambda place: person_key(one[place]) <> person_key(other[place])
            and turned_key(one[place]) <> person_key(other[place])
    ));

create or replace macro unknown_among(one, other) as  -- names of one that the other lacks
    len(list_filter(one, lambda name: not list_contains(list_transform(other, lambda its: person_key(its)), person_key(name))));

create or replace macro authors_stance(one, cut, other, other_cut) as
    case
        when misplaced(one, other) = 0 and (len(one) = len(other) or (cut and other_cut)) then 'same'
        when misplaced(one, other) = 0 and case when len(one) < len(other) then cut else other_cut end then 'same'
        when misplaced(one, other) = 0 and len(other) < len(one) then 'shorter'
        when misplaced(one, other) = 0 then 'longer'
        when unknown_among(one, other) = 0 and (len(one) = len(other) or cut) then 'reordered'
        when unknown_among(other, one) = 0 and other_cut then 'reordered'
        else 'others'
    end;

-- Venues that 'one spelling per venue' knows: only of them can it be said that two words mean two venues.
create or replace macro known_venue(venue) as
    regexp_matches(venue, '^[A-Z][A-Za-z]+ (19|20)\d\d( Workshop)?$');

create or replace macro venue_stance(one, other) as
    case
        when one = other then 'same'
        when not known_venue(one) or not known_venue(other) then 'other words'
        when (one like '% Workshop') <> (other like '% Workshop') then 'other kind'
        when split_part(one, ' ', 1) = split_part(other, ' ', 1) then 'other year'
        else 'other venue'
    end;

create or replace macro source_name(source) as
    case source
        when 'arxiv' then 'arXiv' when 'dblp' then 'DBLP' when 'openalex' then 'OpenAlex'
        when 'scholar_feed' then 'Scholar Feed' when 'arrow' then 'Arrow' when 'aitopics' then 'AITopics'
        when 'cv' then 'the CV' when 'homepage' then 'the homepage' else source
    end;

create or replace view line_statements as
with newest as (
    select url, max(received_at) as received_at from answers where outcome = 'answered' group by url
),
heard as (  -- every record at every place that says it, also those that the place no longer shows
    select
        record_id,
        coalesce('https://openalex.org/' || openalex_id, records.url, answers.url) as place,
        max(answers.received_at)                                                 as captured_at,
        bool_or(answers.received_at = newest.received_at)                        as shown
    from sightings
    join answers using (answer_id)
    join records using (record_id)
    join newest on newest.url = answers.url
    where outcome = 'answered'
    group by all
),
beside as (
    select
        lines.line_id,
        lines.source                                                                     as line_source,
        lines.title                                                                      as line_title,
        lines.authors                                                                    as line_authors,
        lines.truncated                                                                  as line_truncated,
        lines.venue_short                                                                as line_venue,
        lines.year                                                                       as line_year,
        lines.stage                                                                      as line_stage,
        lines.first_on                                                                   as line_first_on,
        lines.arxiv_id                                                                   as line_arxiv_id,
        lines.doi                                                                        as line_doi,
        records.record_id, records.source, records.title, records.authors, records.truncated, records.venue_short,
        records.venue_year, records.year, records.published_on, records.first_on, records.arxiv_id, records.arxiv_version,
        records.doi, records.comment,
        coalesce(records.venue_year, records.year, year(records.published_on), year(records.first_on)) as since_year,
        heard.captured_at,
        heard.shown,
        heard.place,
        says_published(records.source, records.stage) as confirms,
        witness_rank(records.source, records.stage)                                      as rank,
        -- a list of their own that calls it unfinished too makes nothing public
        records.source not in ('cv', 'homepage') or records.arxiv_id is not null or records.doi is not null
            or coalesce(records.stage not in ('in_preparation', 'submitted'), true)     as makes_public,
        case when records.source = 'arxiv' and records.venue is not null
             then case when records.venue_short like '% Workshop' then 'workshop' else 'accepted' end
             else records.stage end                                                      as said_stage
    from document_lines as lines
    join record_works using (work_id)
    join records on records.record_id = record_works.record_id
    join heard on heard.record_id = records.record_id and heard.place <> lines.document
    where lines.source in ('cv', 'homepage', 'bibtex', 'scholar_feed', 'arrow', 'aitopics')
),
stated as (
    select
        * exclude (line_title, line_authors, line_truncated, line_venue, line_year, line_stage, line_first_on,
            line_arxiv_id, line_doi, line_source),
        unnest([
            {field: 'title', says: title, stance: case when title_key(title) = title_key(line_title) then 'same' else 'other' end},
            {field: 'authors',
                says: case when len(authors) > 0 and len(line_authors) > 0
                    then array_to_string(authors, ', ') || case when truncated then ' et al.' else '' end end,
                stance: authors_stance(line_authors, line_truncated, authors, truncated)},
            {field: 'venue', says: case when line_venue <> 'arXiv' then nullif(venue_short, 'arXiv') end,
                stance: venue_stance(line_venue, venue_short)},
            {field: 'year', says: case when line_year is not null then since_year::varchar end,
                stance: case when line_year in (venue_year, year, year(published_on), year(first_on)) then 'same' else 'other' end},
            {field: 'status', says: said_stage,
                stance: case when said_stage = line_stage then 'same'
                    when said_stage <> 'submitted' and stage_rank(said_stage) > stage_rank(line_stage) then 'further' else 'other' end},
            {field: 'date', says: case when line_first_on is not null and line_source <> source then first_on::varchar end,
                stance: case when first_on = line_first_on then 'same' else 'other' end},
            {field: 'arxiv_id', says: case when line_arxiv_id is not null then arxiv_id end,
                stance: case when arxiv_id = line_arxiv_id then 'same' else 'other' end},
            {field: 'doi', says: case when line_doi is not null then doi end,
                stance: case when doi = line_doi then 'same' else 'other' end}
        ], recursive := true)
    from beside
)
select
    line_id, field, stance, says, source,
    source_name(source) || ' (' || strftime(captured_at, '%Y-%m-%d') || ')' as who,
    place, captured_at, shown, confirms, rank, record_id, makes_public,
    coalesce(published_on, first_on)                               as said_on,
    first_on,
    coalesce(year(first_on), year(published_on), year, venue_year) as since_year,
    arxiv_version,
    comment
from stated
where says is not null;

comment on view line_statements is 'For each field of each entry, what every other document and source says of it, and how that compares.';
comment on column line_statements.line_id is 'The entry, as in document_lines';
comment on column line_statements.field is 'title, authors, venue, year, status, date, arxiv_id or doi';
comment on column line_statements.stance is 'same, or how it differs: other, reordered, shorter, longer, others, other year, other venue, other kind, other words, further';
comment on column line_statements.says is 'The witness''s words';
comment on column line_statements.who is 'The witness by name, and when it was last heard';
comment on column line_statements.place is 'Where a person can see it said';
comment on column line_statements.captured_at is 'When it was last seen there';
comment on column line_statements.shown is 'The newest capture of that place still shows it';
comment on column line_statements.confirms is 'An index of proceedings or journals says published';
comment on column line_statements.makes_public is 'Anything but a list of their own that calls the work unfinished as well';
comment on column line_statements.rank is 'Lower is believed first';
