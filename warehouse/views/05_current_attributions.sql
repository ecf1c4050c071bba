create or replace view current_attributions as
select person_id, work_id, verdict, score, reasons, namesake
from attributions
where work_id in (select work_id from record_works) and person_id in (select person_id from current_people)
qualify row_number() over (partition by person_id, work_id order by run_id desc) = 1;

comment on view current_attributions is 'Whose work it is as judged now: theirs, not_theirs or undecided, with reasons.';
comment on column current_attributions.person_id is 'The person';
comment on column current_attributions.work_id is 'The work';
comment on column current_attributions.verdict is 'theirs, not_theirs or undecided';
comment on column current_attributions.score is 'How likely it is theirs, 0 to 1';
comment on column current_attributions.reasons is 'Plain sentences';
comment on column current_attributions.namesake is 'For works of others: works with one label are one other person''s; two labels may be one person or two';
