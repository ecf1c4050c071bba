-- Why the list of a source lacks what it had. Of two entries that became one there is no row: their work is still on it.
create or replace view listing_causes as
with gone as (
    select listings.*, identifiers->>keeper as identifier
    from listings
    join current_people using (person_id)
    where removed and keeper <> 'own'
),
named as (  -- whom the newest entry of the work names, by the source's own identifiers
    select work_id, source as keeper, arg_max(author_keys, (records.run_id, record_id)) as author_keys
    from records
    join record_works using (record_id)
    where work_id in (select work_id from gone)
    group by all
),
elsewhere as (
    select gone.person_id, gone.work_id, gone.keeper, string_agg(distinct other.page, ', ' order by other.page) as places
    from gone
    join list_entries as other
        on other.work_id = gone.work_id and other.keeper = gone.keeper and other.person_id <> gone.person_id
        and other.last_said_at >= gone.absent_since
    group by all
)
select
    person_id, work_id, keeper,
    case
        when places is null then 'dropped: no list there has it'
        when not list_contains(author_keys, identifier) then 'moved: its entry names another person of the name now'
        else 'left out: it is still on ' || places
    end as cause
from gone
left join named using (work_id, keeper)
left join elsewhere using (person_id, work_id, keeper);

comment on view listing_causes is 'Of works that the list of a source lacks again and again: why, as far as its other lists tell.';
comment on column listing_causes.cause is 'dropped, moved or left out, with what shows it';
