-- From what each person's works were last judged: who has nothing new need not be judged again.

create table judged (
    person_id varchar not null,
    inputs    ubigint not null,  -- a fingerprint of the person, the candidate works and the decisions about them
    run_id    bigint  not null
);
comment on table judged is 'What each judgement of a person was made from, as a fingerprint; the newest row counts.';
