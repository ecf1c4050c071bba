create or replace view findings as
select
    finding_id, kind, severity, subject_id, document, line, quote, explanation, status,
    min(noticed_at) over (partition by finding_id) as opened_at,
    noticed_at                                     as status_since
from finding_log
qualify row_number() over (partition by finding_id order by run_id desc) = 1;

comment on view findings is 'Everything found wrong or undecided, open and settled, with its evidence.';
comment on column findings.finding_id is 'Stable: the same finding keeps its id';
comment on column findings.kind is 'impossible_metric, foreign_row, contradiction, undecided_link, self_contradiction …';
comment on column findings.severity is 'error: contradicted. warning: implausible or lost. question: undecided, a human may settle it';
comment on column findings.subject_id is 'The work or person it is about';
comment on column findings.document is 'The document or page, when it is about one';
comment on column findings.line is 'Line in it';
comment on column findings.quote is 'The words in question';
comment on column findings.explanation is 'One sentence with the evidence';
comment on column findings.status is 'open or settled';
