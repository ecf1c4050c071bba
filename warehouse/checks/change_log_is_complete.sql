-- Fields whose last logged state is not what the facts say now.
with logged as (
    select subject_id, field, key, value
    from states
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select current_states.subject_id, current_states.field, logged.key as logged, current_states.key as now
from current_states
left join logged using (subject_id, field)
where moved(field, logged.key, logged.value, current_states.key, current_states.value);
