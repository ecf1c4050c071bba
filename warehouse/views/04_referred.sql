-- What a human may call a record in decisions.toml.
create or replace macro reference_key(reference) as
    case when starts_with(reference, 'title:') then 'title:' || title_key(reference[7:]) else reference end;

create or replace view referred as
select 'arxiv:' || arxiv_id as reference, record_id from records where arxiv_id is not null
union all
select 'doi:' || doi, record_id from records where doi is not null
union all
select 'dblp:' || dblp_key, record_id from records where dblp_key is not null
union all
select 'work:' || work_id, record_id from record_works
union all
select 'title:' || title_key(title), record_id from records;

comment on view referred is 'The references that decisions use, and the records they mean.';
comment on column referred.reference is 'arxiv:ID, doi:DOI, dblp:KEY, work:ID or title:TITLE';
comment on column referred.record_id is 'A record it means';

create or replace view current_decisions as
select decision_id, verdict, left_ref, right_ref, reason, run_id
from decisions
qualify row_number() over (
    partition by least(left_ref, right_ref), greatest(left_ref, right_ref) order by run_id desc, place desc
) = 1;

comment on view current_decisions is 'What humans settled: the newest word on each pair.';
