-- How sure a step was when it was noticed: later witnesses make another change of it, not another past.

create table grounds (
    run_id     bigint    not null,  -- the run that noticed it
    subject_id varchar   not null,
    field      varchar   not null,  -- as in states; for merges and splits: merged, split and the other work
    confidence varchar   not null,  -- certain, likely, claimed, open
    witnesses  varchar[] not null,  -- the sources that said so then
    because    varchar              -- of numbers: what moved them, in parts that add up
);
comment on table grounds is 'How sure each step in states is, who says so, and what moved a number; as it was when noticed.';
