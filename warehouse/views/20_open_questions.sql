-- The name of a work to write down: one that outlives this warehouse, where such a name means this work only.
create or replace view named_works as
with alone as (
    select reference, any_value(work_id) as work_id
    from referred
    join record_works using (record_id)
    where reference not like 'work:%' and reference <> 'title:'
    group by reference
    having count(distinct work_id) = 1
)
select
    works.work_id,
    coalesce(
        min(reference) filter (starts_with(reference, 'arxiv:')),
        min(reference) filter (starts_with(reference, 'doi:')),
        min(reference) filter (starts_with(reference, 'dblp:')),
        case when bool_or(reference = 'title:' || title_key(title)) then 'title:' || any_value(title) end,
        min(reference) filter (starts_with(reference, 'title:')),
        'work:' || works.work_id
    ) as reference
from works
left join alone using (work_id)
group by works.work_id;

comment on view named_works is 'How decisions.toml names each work: by the first of arXiv id, DOI, DBLP key, title that means it alone, else by id.';
comment on column named_works.reference is 'arxiv:ID, doi:DOI, dblp:KEY, title:TITLE or work:ID';

-- All that is undecided, as questions a human or a source can settle.
create or replace view open_questions as
with asked_of as (  -- whom the record asks first about a person
    select
        person_id, name, names,
        coalesce(
            'homepage of ' || name || ': ' || (identifiers->>'$.homepage[0]'),
            'DBLP: page of ' || (identifiers->>'dblp'),
            'OpenAlex: works of ' || (identifiers->>'openalex'),
            'DBLP: author search for ' || name || ', then bind the pid in people.toml'
        ) as ask_next
    from current_people
),
owners as (
    select work_id, min(person_id) as person_id from publications group by work_id
),
latest as (
    select left_record_id, right_record_id, verdict, score, reason, run_id
    from links
    qualify row_number() over (partition by left_record_id, right_record_id order by run_id desc) = 1
),
pairs as (
    select
        left_works.work_id as left_id, right_works.work_id as right_id, left_record.title as left_title,
        right_record.title as right_title, latest.reason, latest.run_id,
        coalesce(left_record.arxiv_id, right_record.arxiv_id) as arxiv_id,
        'in_preparation' in (left_record.stage, right_record.stage) as in_preparation
    from latest
    join record_works as left_works on left_works.record_id = left_record_id
    join record_works as right_works on right_works.record_id = right_record_id
    join records as left_record on left_record.record_id = left_record_id
    join records as right_record on right_record.record_id = right_record_id
    left join decided_apart
        on decided_apart.left_id = left_works.work_id and decided_apart.right_id = right_works.work_id
    where latest.verdict = 'undecided' and left_works.work_id <> right_works.work_id and decided_apart.left_id is null
    qualify row_number() over (
        partition by least(left_works.work_id, right_works.work_id), greatest(left_works.work_id, right_works.work_id)
        order by score desc, left_record_id, right_record_id
    ) = 1
),
one_work_or_two as (
    select
        'link' as kind,
        least(left_id, right_id) || ' ' || greatest(left_id, right_id) as about,
        case when title_key(left_title) = title_key(right_title)
            then format('Are two works of the title “{}” one?', left_title)
            else format('Are “{}” and “{}” one work under two titles?', left_title, right_title) end as question,
        case when in_preparation then 'A later list of theirs that has the one and no longer the other, or a paper that names its working title'
            else 'A version, list or page that shows both titles for one identifier' end as would_settle,
        case when arxiv_id is not null then 'arXiv: versions of ' || arxiv_id
            else coalesce(asked_of.ask_next, 'arXiv: title search for “' || right_title || '”') end as ask_next,
        left_id as subject_id, reason as evidence, run_id,
        ['same', left_name.reference, right_name.reference]      as yes,
        ['different', left_name.reference, right_name.reference] as no
    from pairs
    join named_works as left_name on left_name.work_id = left_id
    join named_works as right_name on right_name.work_id = right_id
    left join owners on owners.work_id = left_id
    left join asked_of on asked_of.person_id = owners.person_id
),
undecided as (
    select
        person_id, work_id, title, works.arxiv_id, reference, authors_incomplete,
        array_to_string(reasons, '; ') as evidence, asked_of.name, asked_of.ask_next,
        not list_has_any(
            list_transform(coalesce(authors, []::varchar[]), lambda author: person_key(author)),
            list_transform(names, lambda name: person_key(name))
        ) as hidden,
        (select min(run_id) from attributions
         where attributions.person_id = asked_of.person_id and attributions.work_id = works.work_id) as run_id
    from current_attributions
    join works using (work_id)
    join named_works using (work_id)
    join asked_of using (person_id)
    where verdict = 'undecided'
),
whose as (
    select
        case when hidden and authors_incomplete then 'name_not_visible' else 'attribution' end as kind,
        person_id || ' ' || work_id as about,
        case when hidden and authors_incomplete
            then format('Is {} one of the authors of “{}”, whose list is cut off?', name, title)
            else format('Is “{}” by {}?', title, name) end as question,
        case when hidden and authors_incomplete then 'The whole list of its authors'
            else 'A list of their own that covers its time, or a co-author of it on a work that is surely theirs' end as would_settle,
        case when hidden and authors_incomplete
            then coalesce('arXiv: authors of ' || arxiv_id, 'arXiv: title search for “' || title || '”')
            else ask_next end as ask_next,
        work_id as subject_id, evidence, run_id,
        ['theirs', person_id, reference]     as yes,
        ['not-theirs', person_id, reference] as no
    from undecided
),
fate as (  -- submitted somewhere, and nobody has said what became of it
    select
        'status' as kind, works.work_id as about,
        case when submitted.venue is null then format('Has “{}”, which is under review, been accepted?', works.title)
            else format('Was “{}”, submitted to {}, accepted there?', works.title, submitted.venue) end as question,
        'The programme or the proceedings of the venue, or a later list of the authors' as would_settle,
        coalesce(asked_of.ask_next, 'DBLP: title search for “' || works.title || '”') as ask_next,
        works.work_id as subject_id, concat_ws(' ', submitted.source || ':', submitted.evidence) as evidence,
        null::bigint as run_id,
        ['value', reference, 'stage',
            case when regexp_matches(coalesce(submitted.venue, ''), '(?i)workshop') then 'workshop' else 'accepted' end] as yes,
        ['value', reference, 'stage', case when works.arxiv_id is null then 'in_preparation' else 'preprint' end]        as no
    from works
    join (
        select work_id, any_value(venue order by evidence) as venue, min(source) as source, min(evidence) as evidence
        from releases
        where stage = 'submitted'
        group by work_id
    ) as submitted using (work_id)
    join named_works using (work_id)
    join owners using (work_id)
    left join asked_of using (person_id)
    where works.stage in ('submitted', 'preprint')
        and works.work_id not in (select work_id from decided_values where field = 'stage')
),
gone_at_once as (
    select
        'mass_removal' as kind, finding_id as about,
        format('Has so much really gone from {}?', document) as question,
        'The list with these works again, or a human who looked: harvest run --accept-shrink believes what it says then' as would_settle,
        document as ask_next, subject_id, explanation as evidence, null::bigint as run_id,
        null::varchar[] as yes, null::varchar[] as no, opened_at
    from findings
    where kind = 'mass_removal' and status = 'open'
),
every as (
    select *, null::timestamp as opened_at from one_work_or_two
    union all by name select * from gone_at_once
    union all by name select * from whose
    union all by name select * from fate
)
select
    'q' || left(md5(kind || ' ' || about), 8)    as question_id,
    question,
    would_settle,
    ask_next,
    subject_id,
    evidence,
    coalesce(every.opened_at, runs.harvested_at, (
        select min(received_at) from sightings join answers using (answer_id)
        where record_id in (select record_id from record_works where work_id = subject_id)
    ))                                           as opened_at,
    kind,
    yes,
    no
from every
left join runs using (run_id);

comment on view open_questions is 'Everything undecided: what would settle it, the cheapest next question to a source, and what a yes or no decides.';
comment on column open_questions.question_id is 'Answer it with: harvest decide QUESTION_ID yes|no';
comment on column open_questions.question is 'One sentence';
comment on column open_questions.would_settle is 'What evidence would settle it';
comment on column open_questions.ask_next is 'The cheapest next question to a source';
comment on column open_questions.subject_id is 'The work it is about';
comment on column open_questions.evidence is 'What is known of it, and is not enough';
comment on column open_questions.opened_at is 'When it came up';
comment on column open_questions.kind is 'link, attribution, name_not_visible, status or mass_removal';
comment on column open_questions.yes is 'What a yes decides, as arguments of harvest decide; null where that does not settle it';
comment on column open_questions.no is 'What a no decides';
