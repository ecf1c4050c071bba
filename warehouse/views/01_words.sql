-- How values are compared: spelling, case and marks never make a difference.
create or replace macro title_key(title) as
    trim(regexp_replace(lower(strip_accents(title)), '[^\p{L}\p{N}]+', ' ', 'g'));

-- Family name and first initial: "Weijie J. Su", "Weijie Su" and "W. Su" share one.
create or replace macro person_key(name) as
    lower(strip_accents(split_part(trim(name), ' ', -1) || ' ' || left(trim(name), 1)));

create or replace macro authors_key(authors) as
    list_aggregate(list_transform(authors, lambda name: person_key(name)), 'string_agg', ', ');

-- How far a stage has come. A withdrawn preprint says nothing against a publication.
create or replace macro stage_rank(stage) as
    case stage
        when 'published' then 7 when 'accepted' then 6 when 'workshop' then 5 when 'withdrawn' then 4
        when 'submitted' then 3 when 'preprint' then 2 when 'in_preparation' then 1 else 0
    end;

-- Who is believed first for titles and authors: proceedings and indexes of them, then arXiv, then the
-- authors' own pages, then listings that copy arXiv's first version and never refresh it.
create or replace macro witness_rank(source, stage) as
    case
        when source = 'dblp' and stage = 'published' then 1
        when source = 'openalex' and stage = 'published' then 2
        when source = 'arxiv' then 3
        when source in ('dblp', 'openalex', 'crossref') then 4
        when source = 'arrow' then 5
        when source = 'homepage' then 6
        when source = 'cv' then 7
        when source = 'scholar_feed' then 8
        else 9
    end;

-- Whose word it takes that a work has appeared: the publisher's, or that of an index of proceedings and journals.
create or replace macro says_published(source, stage) as
    coalesce(stage = 'published' and source in ('dblp', 'openalex', 'crossref', 'arrow'), false);

-- The source that one is asked in the place of, when that one does not answer; SPARES of harvest.sources.
create or replace macro stands_in_for(source) as case source when 'datacite' then 'arxiv' end;

-- Who keeps a record of what has appeared, or gives out identifiers; the others copy from these, or from authors.
create or replace macro index_of_record(source) as
    source in ('arxiv', 'arxiv_oai', 'arxiv_abs', 'dblp', 'openalex', 'arrow', 'crossref', 'datacite');
