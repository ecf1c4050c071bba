-- Facts that were written twice.
select 'record' as fact, record_id as id from records group by record_id having count(*) > 1
union all
select 'answer', answer_id from answers group by answer_id having count(*) > 1
union all
select 'state', subject_id || ' ' || field from states group by subject_id, field, run_id having count(*) > 1;
