-- Facts only: what was asked, answered, said, decided and noticed. Rows are added, never changed.
-- Moments are UTC. No foreign keys and no indexes: both make recovery after a crash harder.

create table runs (
    run_id       bigint    not null,  -- 1, 2, 3 …
    harvested_at timestamp not null,  -- the run's own "now"
    summary      json      not null
);
comment on table runs is 'One row per finished run: this ledger is the truth about what was done.';

create table people (
    person_id    varchar   not null,
    name         varchar   not null,
    names        varchar[] not null,  -- every form, the main one first
    affiliations varchar[] not null,
    identifiers  json      not null,  -- scheme → identifier
    run_id       bigint    not null
);
comment on table people is 'Whom we follow, one row whenever the entry in people.toml changed.';

create table answers (
    answer_id   varchar   not null,
    run_id      bigint    not null,
    source      varchar   not null,
    person_id   varchar,             -- whose question it was, if one person's
    url         varchar   not null,
    status      integer   not null,
    outcome     varchar   not null,  -- answered, suspiciously_empty, not_answered, blocked
    reason      varchar   not null,
    own         boolean   not null,  -- the person's own CV or homepage
    document    boolean   not null,  -- a seed document, not an answer from the network
    received_at timestamp not null,
    sha256      varchar   not null   -- of the body, kept in the archive
);
comment on table answers is 'Every reply of every source; the bytes are in the archive under their hash.';

create table records (
    record_id     varchar   not null,
    source        varchar   not null,
    key           varchar   not null,  -- the source''s own name for it
    title         varchar   not null,
    authors       varchar[] not null,
    roles         varchar[] not null,
    author_keys   varchar[] not null,
    truncated     boolean   not null,
    stage         varchar,
    venue         varchar,             -- as said
    venue_short   varchar,             -- one spelling per venue, for comparing
    venue_year    integer,
    year          integer,
    published_on  date,
    first_on      date,
    arxiv_id      varchar,
    arxiv_version integer,
    doi           varchar,
    dblp_key      varchar,
    openalex_id   varchar,
    openreview_id varchar,
    url           varchar,
    abstract      varchar,
    categories    varchar[] not null,
    comment       varchar,
    run_id        bigint    not null
);
comment on table records is 'What one source says about one work, word for word; said again is the same row.';

create table sightings (
    record_id varchar not null,
    answer_id varchar not null,
    item      varchar,  -- its number in the document: a position, never a key
    line      integer,
    quote     varchar
);
comment on table sightings is 'Which answer said which record, and where in it.';

create table readings (
    answer_id varchar not null,
    source    varchar not null,
    metric    varchar not null,
    key       varchar,          -- the record it is about; null: the person of the answer
    value     double  not null,
    line      integer
);
comment on table readings is 'Numbers that sources told us. Series of different sources never mix.';

create table remarks (
    answer_id   varchar not null,
    kind        varchar not null,
    explanation varchar not null,
    line        integer,
    quote       varchar not null
);
comment on table remarks is 'What a reader noticed in an answer: lost, not understood, contradicting itself.';

create table links (
    left_record_id  varchar not null,
    right_record_id varchar not null,
    verdict         varchar not null,  -- same, different, undecided
    rule            varchar not null,
    score           double  not null,
    reason          varchar not null,
    run_id          bigint  not null
);
comment on table links is 'Judgements on pairs of records, each with its reason; the newest row counts.';

create table memberships (
    record_id varchar not null,
    work_id   varchar not null,
    run_id    bigint  not null
);
comment on table memberships is 'Which work a record belongs to; the newest row counts.';

create table redirects (
    work_id     varchar   not null,
    kind        varchar   not null,  -- merged: all of work_id went to other_id; split: part of it did
    other_id    varchar   not null,
    reason      varchar   not null,
    noticed_at  timestamp not null,
    run_id      bigint    not null
);
comment on table redirects is 'Merges and splits of works. Ids are kept for ever; a merged one points on.';

create table attributions (
    person_id varchar   not null,
    work_id   varchar   not null,
    verdict   varchar   not null,  -- theirs, not_theirs, undecided
    score     double    not null,
    reasons   varchar[] not null,
    namesake  varchar,             -- whose it is instead, as far as co-authors tell: one label per other person
    run_id    bigint    not null
);
comment on table attributions is 'Whose work it is, and why; the newest row counts.';

create table states (
    run_id     bigint    not null,
    noticed_at timestamp not null,
    subject_id varchar   not null,  -- a work or a person
    field      varchar   not null,
    key        varchar   not null,  -- what is compared: two spellings of one value share it
    value      varchar   not null,  -- what is shown
    evidence   varchar   not null   -- which witness says so
);
comment on table states is 'What was known of each field when it last changed: the change log is the step from row to row.';

create table finding_log (
    run_id      bigint    not null,
    noticed_at  timestamp not null,
    finding_id  varchar   not null,
    status      varchar   not null,  -- open, settled
    kind        varchar   not null,
    severity    varchar   not null,  -- error, warning, question
    subject_id  varchar   not null,
    document    varchar,
    line        integer,
    quote       varchar,
    explanation varchar   not null
);
comment on table finding_log is 'When each finding was opened and settled; the newest row counts.';

create table decisions (
    decision_id varchar not null,
    place       integer not null,  -- in decisions.toml: of two on one pair, the later counts
    verdict     varchar not null,  -- same, different, theirs, not_theirs
    left_ref    varchar not null,
    right_ref   varchar not null,
    reason      varchar not null,
    run_id      bigint  not null
);
comment on table decisions is 'What a human settled in decisions.toml. Outranks every rule.';
