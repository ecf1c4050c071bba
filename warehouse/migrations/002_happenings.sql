-- A page that lists a work no more is believed only when it does so again and again: noticed later than it happened.

create table happenings (
    run_id      bigint    not null,  -- the run that noticed it
    subject_id  varchar   not null,
    field       varchar   not null,
    happened_at timestamp not null
);
comment on table happenings is 'When a step in states happened, where that is before the run that noticed it.';

create table words (
    run_id     bigint  not null,
    work_id    varchar not null,
    person_id  varchar not null,
    source     varchar not null,  -- homepage or cv: all pages of that kind speak with one voice
    record_id  varchar not null,  -- the record that says the title
    authors_id varchar not null,  -- the record that says the authors
    stage_id   varchar not null,  -- the record that says stage and venue
    arxiv_id   varchar,
    doi        varchar,
    award      varchar
);
comment on table words is 'What a person''s own pages say of each work, whenever it changed; the newest row counts.';
