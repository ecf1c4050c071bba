-- The documents against the record, entry by entry: the field that weighs most speaks for the entry.
create or replace view line_verdicts as
with weighed as (
    select
        *,
        case
            when verdict = 'contradicted' then 1
            when verdict = 'ambiguous' then 2
            when verdict = 'stale' then 3
            when verdict = 'no public record' then 4
            when field = 'title' then 5
            else 6
        end as weight
    from line_fields
)
select
    line_id, document, source, person_id, is_seed, own, captured_at, line, item, quote, record_id, work_id, title,
    stage, arxiv_id, doi, whose, record_title, record_stage, record_venue, stage_evidence, beside, public_in, public_on,
    case whose
        when 'not_theirs' then 'foreign'
        when 'undecided' then 'unresolved'
        else arg_min(verdict, weight)
    end as verdict,
    case
        when whose = 'not_theirs' then array_to_string(any_value(reasons), '; ')
        when whose = 'undecided' then concat_ws('; ', nullif(array_to_string(any_value(reasons), '; '), ''),
            'whether it is theirs is undecided: a list of their own would settle it')
        when min(weight) = 3 then string_agg(explanation, '; ' order by field desc) filter (verdict = 'stale')
        else arg_min(explanation, weight)
    end as reason,
    any_value(record_says) filter (field = 'title')                              as known_as,
    list({field: field, said: said, verdict: verdict, reason: reason, explanation: explanation, record_says: record_says, witnesses: witnesses}) as fields
from weighed
group by
    line_id, document, source, person_id, is_seed, own, captured_at, line, item, quote, record_id, work_id, title,
    stage, arxiv_id, doi, whose, record_title, record_stage, record_venue, stage_evidence, beside, public_in, public_on;

comment on view line_verdicts is 'Each entry of each document or page with its verdict and those of its fields.';
comment on column line_verdicts.verdict is 'confirmed, confirmed as a later version, contradicted, ambiguous, stale, foreign, unresolved, no public record, unverifiable';
comment on column line_verdicts.reason is 'One sentence';
comment on column line_verdicts.whose is 'theirs, not_theirs or undecided; null when nobody we follow is meant';
comment on column line_verdicts.beside is 'How many other sources speak of the work';
comment on column line_verdicts.public_in is 'How many of them make it public: not their own lists that call it unfinished, too';
comment on column line_verdicts.public_on is 'When any of them has it first made public';
comment on column line_verdicts.known_as is 'What the record calls it, where that is another title';
comment on column line_verdicts.fields is 'The rows of line_fields';

create or replace view seed_comparison as
select document, line, item, work_id, verdict, reason, person_id, title, stage, record_title, record_stage, record_venue, stage_evidence
from line_verdicts
where is_seed;

comment on view seed_comparison is 'Each entry of each seed document against the record: verdict and reason.';
comment on column seed_comparison.document is 'The seed document';
comment on column seed_comparison.line is 'First line of the entry, from 1';
comment on column seed_comparison.item is 'Its number in the document: a position, not a key';
comment on column seed_comparison.verdict is 'confirmed, confirmed as a later version, contradicted, ambiguous, stale, foreign, unresolved, no public record, unverifiable';
comment on column seed_comparison.reason is 'One sentence';
