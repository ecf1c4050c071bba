-- What humans took back. Rows are added, never changed: what stood in a file once stays known.

create table withdrawals (
    decision_id varchar not null,
    run_id      bigint  not null  -- the first run whose decisions.toml lacks it
);
comment on table withdrawals is 'Decisions that were deleted from decisions.toml, and when: they are no longer in force.';

create table departures (
    person_id varchar not null,
    run_id    bigint  not null  -- the first run whose people.toml lacks them
);
comment on table departures is 'People who were taken out of people.toml, and when: they are no longer followed.';
