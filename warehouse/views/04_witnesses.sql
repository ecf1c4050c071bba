-- The newest word of each source on each of its own keys, and when it was first and last heard.
create or replace view witnesses as
with heard as (  -- what is no list of their own: a key that is not said again still stands
    select
        record_id,
        min(received_at)                as first_seen_at,
        max(received_at)                as last_seen_at,
        arg_max(answer_id, received_at) as answer_id
    from sightings
    join answers using (answer_id)
    where not own
    group by record_id
),
said as (
    select
        record_works.work_id, records.* exclude (run_id), heard.* exclude (record_id),
        answers.url as said_at, false as own, answers.document, answers.person_id, award(records.comment) as award
    from heard
    join records using (record_id)
    join record_works using (record_id)
    join answers using (answer_id)
    qualify row_number() over (
        partition by records.source, records.key
        order by heard.last_seen_at desc, records.run_id desc, records.record_id
    ) = 1
    union all by name
    select
        own_words.work_id,
        records.* exclude (run_id) replace (
            listed.authors as authors, listed.roles as roles, listed.author_keys as author_keys,
            listed.truncated as truncated,
            staged.stage as stage, staged.venue as venue, staged.venue_short as venue_short,
            staged.venue_year as venue_year, staged.year as year, staged.comment as comment,
            own_words.arxiv_id as arxiv_id, own_words.doi as doi
        ),
        first_seen_at, last_seen_at, answer_id, said_at, true as own, document, nullif(person_id, said_at) as person_id, own_words.award
    from own_words
    join records using (record_id)
    join records as listed on listed.record_id = own_words.authors_id
    join records as staged on staged.record_id = own_words.stage_id
)
select
    *,
    coalesce('https://openalex.org/' || openalex_id, url, said_at)                   as evidence,
    says_published(source, stage) as confirms,
    witness_rank(source, stage)                                                      as rank
from said;

comment on view witnesses is 'What each source says now about each work, with when it was heard and how far it is believed.';
comment on column witnesses.confirms is 'An index of proceedings or journals says published, not only the author';
comment on column witnesses.rank is 'Lower is believed first for titles and authors';
comment on column witnesses.own is 'The person''s own CV or homepage says it';
comment on column witnesses.award is 'Spotlight, oral, best paper …, when the comment says so';
comment on column witnesses.said_at is 'Address of the newest answer that says it';
comment on column witnesses.evidence is 'Where a person can see it said';
