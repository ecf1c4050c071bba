-- Names of one list in one order are the same people, whichever of their names stands first.
create or replace macro same_people(one, other) as
    len(one) = len(other) and len(list_filter(
        range(1, len(one) + 1),
        lambda place: person_key(one[place]) <> person_key(other[place])
            and regexp_matches(person_key(one[place]), '[a-z]') = regexp_matches(person_key(other[place]), '[a-z]')
            and lower(strip_accents(split_part(trim(one[place]), ' ', 1) || ' ' || left(split_part(trim(one[place]), ' ', -1), 1)))
                <> person_key(other[place])
    )) = 0;

create or replace macro initials(key) as
    array_to_string(list_transform(string_split(key, ' '), lambda word: left(word, 1)), '');

-- One venue in other words: with its year or without, with volume and pages or without, with its own short name.
create or replace macro venue_words(key) as
    list_sort(list_distinct(list_filter(
        string_split(regexp_replace(regexp_replace(key, '\b(19|20)\d\d\b', '', 'g'), '\bj\b', 'journal'), ' '),
        lambda word: regexp_matches(word, '^\p{L}{2,}$') and word not in (
            'the', 'of', 'on', 'in', 'for', 'and', 'proceedings', 'proc', 'vol', 'volume', 'issue', 'no', 'pp', 'pages',
            'annual', 'international', 'conference', 'meeting', 'appear', 'to', 'für', 'die', 'und', 'de', 'la', 'et'
        ) and not (length(word) > 2 and contains(initials(key), word))  -- "J. Eur. Math. Soc. (JEMS)"
    )));

-- The short name stands in place of the full one, of a part of it or beside it: "UAI", "IEEE TAC", "Conference on Uncertainty in Artificial Intelligence (UAI)".
create or replace macro shortened_venue(words, other_words, other_initials) as
    len(list_filter(
        words,
        lambda short: regexp_matches(short, '^[a-z]{2,7}$')
            and list_has_all(other_words, list_filter(words, lambda word: word <> short))
            and regexp_matches(other_initials, array_to_string(string_split(short, ''), '.*'))
    )) > 0;

-- "J. Eur. Math. Soc." is the journal written out, and a letter may have been mended.
create or replace macro spelled_alike(word, other) as
    greatest(length(word), length(other)) > 5 and damerau_levenshtein(word, other) < 2
    or length(word) - length(other) > 1 and length(word) > 5 and starts_with(word, other)
    or length(other) - length(word) > 1 and length(other) > 5 and starts_with(other, word);

create or replace macro abbreviated_venue(words, others) as
    len(list_filter(
        words,
        lambda word: len(list_filter(others, lambda other: word = other or spelled_alike(word, other))) = 0
    )) = 0;

create or replace macro same_venue(one, other) as  -- a list of one, so that the words are cut once
    list_transform(
        [{'words': venue_words(one), 'others': venue_words(other)}],
        lambda said: len(said.words) > 0 and (
            said.words = said.others
            or shortened_venue(said.words, said.others, initials(other))
            or shortened_venue(said.others, said.words, initials(one))
            or abbreviated_venue(said.words, said.others) and abbreviated_venue(said.others, said.words)
        )
    )[1]
    and (regexp_extract(one, '\b(19|20)\d\d\b') in (regexp_extract(other, '\b(19|20)\d\d\b'), '')
        or regexp_extract(other, '\b(19|20)\d\d\b') = '');

-- Whether a field moved, given what was logged of it and what is known now.
create or replace macro moved(field, logged_key, logged_value, now_key, now_value) as
    logged_key is distinct from now_key
    and not coalesce(case field
        when 'authors' then same_people(string_split(logged_value, ', '), string_split(now_value, ', '))
        when 'title' then replace(logged_key, ' ', '') = replace(now_key, ' ', '')
        when 'venue' then same_venue(logged_key, now_key)
    end, false);

-- What is known of each field of the works we follow. detect/ appends to states where this differs from the last state.
create or replace view current_fields as
with followed as (  -- works that are somebody's whom we follow
    select distinct work_id from current_attributions where verdict = 'theirs'
),
mine as materialized (
    select works.* from works join followed using (work_id)
),
confirmed as (
    select
        work_id,
        arg_min(venue_short, (rank, key)) as venue,
        arg_min(source || ': ' || coalesce(dblp_key, evidence), (rank, key)) as evidence
    from witnesses
    where confirms and venue_short is not null
    group by work_id
),
awarded as (  -- who says of an award; the appearance may rest on another witness
    select work_id, venue_short as venue, award, min(source || ': ' || evidence) as evidence
    from releases
    where award is not null
    group by all
)
select work_id as subject_id, 'work' as field, '' as key, title as value, title_evidence as evidence from mine
union all
select work_id, 'title', title_key(title), title, title_evidence from mine
union all
select work_id, 'authors', authors_key(authors), array_to_string(authors, ', '), authors_evidence
from mine where not authors_incomplete and len(authors) > 0
union all
select work_id, 'stage', stage, stage, concat_ws(' ', venue, '—', stage_source || ':', stage_evidence) from mine where stage is not null
union all
select work_id, 'venue', title_key(concat_ws(' ', venue, award)), concat(venue, ' (' || award || ')'), coalesce(evidence, stage_source || ': ' || stage_evidence)
from mine left join awarded using (work_id, venue, award) where venue is not null
union all
select work_id, 'venue', title_key('submitted to ' || submitted_to), 'submitted to ' || submitted_to, stage_source || ': ' || stage_evidence
from mine where submitted_to is not null
union all
select work_id, field, case when listed then 'listed' else 'removed' end, case when listed then 'listed' else 'removed' end,
    case when listed then 'on ' || pages else concat_ws('; ', 'no longer on ' || pages, cause) end
from listings
left join listing_causes using (person_id, work_id, keeper)
where (listed or removed) and (person_id, work_id) in (
    select (person_id, work_id) from current_attributions where verdict = 'theirs'
)
union all
select work_id, 'arxiv_id', arxiv_id, arxiv_id, 'https://arxiv.org/abs/' || arxiv_id from mine where arxiv_id is not null
union all
select work_id, 'doi', doi, doi, 'https://doi.org/' || doi from mine where doi is not null
union all
select work_id, 'confirmed', title_key(venue), venue, evidence from confirmed join followed using (work_id)
union all
select work_id, 'whose:' || person_id, verdict, verdict, array_to_string(reasons, '; ') from current_attributions;

comment on view current_fields is 'What is known now of works and whose they are; with the numbers, current_states.';

create or replace view current_states as
select * from current_fields
union all
select subject_id, metric || ':' || source, value::bigint::varchar, value::bigint::varchar, url
from metrics_as_of(timestamp '9999-01-01')
where metric in ('citations', 'h_index', 'papers') and (
    subject_id in (select work_id from current_attributions where verdict = 'theirs')
    or subject_id in (select person_id from current_people)
);

comment on view current_states is 'What is known of each field now, derived from all facts.';
comment on column current_states.subject_id is 'A work or a person';
comment on column current_states.field is 'title, authors, stage … ; citations:SOURCE and the like for numbers';
comment on column current_states.key is 'What is compared';
comment on column current_states.value is 'What is shown';
comment on column current_states.evidence is 'Which witness says so';
