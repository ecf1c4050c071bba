"""What a digest asks of the warehouse. $until, $since and $person (null: everybody) are given by name."""

PEOPLE = (
    "select person_id, name from current_people where $person is null or person_id = $person order by name, person_id"
)

VISITS = """
select count(distinct harvested_at) as visits from runs where harvested_at > $since and harvested_at <= $until
"""

# A change of whose work it is concerns that person only; any other concerns all who share the work.
CHANGES = """
with began as (
    select work_id, run_id, bool_or(kind = 'works_split') as split_off
    from changes
    group by work_id, run_id
    having bool_or(kind = 'work_added')
),
followed as (
    select person_id, min(run_id) as run_id from people group by person_id
),
documents as (
    select url, min(source) as source from answers where document group by url
)
select
    changes.*, works.stage, works.venue, works.authors, works.arxiv_id, works.doi, works.dblp_key,
    current_people.name                                as person,
    documents.source                                   as document_source,
    began.run_id is not null                           as with_first_sight,
    coalesce(began.split_off, false)                   as split_off,
    coalesce(changes.run_id <= followed.run_id, false) as at_first_visit
from changes
left join works on works.work_id = changes.work_id
left join current_people on current_people.person_id = changes.person_id
left join began on began.work_id = changes.work_id and began.run_id = changes.run_id
left join followed on followed.person_id = changes.person_id
left join documents on documents.url = changes.evidence
where noticed_at > $since and noticed_at <= $until
    and ($person is null or changes.person_id = $person
        or (kind <> 'attribution_changed' and list_contains(people, $person)))
order by noticed_at desc, works.year desc nulls last, changes.title, change_id
"""

# A finding on somebody's page is theirs to know; one about a work, its authors'. What is wrong with works of
# other people of the name is nobody's concern, except that they stand on the page.
FINDINGS = """
with pages as (
    select url as document, min(source) as source,
        case when count(distinct person_id) = 1 then min(person_id) end as person_id
    from answers
    group by url
),
subjects as (
    select person_id as subject_id, person_id, 'theirs' as verdict from current_people
    union all
    select work_id, person_id, verdict from current_attributions
),
concerned as (
    select finding_id, pages.source, coalesce(pages.person_id, subjects.person_id) as person_id
    from findings
    left join pages on pages.document = findings.document
    left join subjects on subjects.subject_id = findings.subject_id
    where pages.person_id is not null
        or case
            when verdict is null then findings.subject_id not in (select work_id from works)
            when kind = 'undecided_work' then verdict = 'undecided'
            else verdict <> 'not_theirs' or kind = 'foreign_row'
        end
)
select findings.*, min(concerned.source) as source, list(distinct concerned.person_id order by concerned.person_id)
    filter (concerned.person_id is not null) as people
from findings
join concerned using (finding_id)
where opened_at <= $until
group by all
having $person is null or list_contains(people, $person)
order by opened_at desc, explanation, finding_id
"""

NUMBERS = """
select subject_id as person_id, metric, source, observed_at, value, coalesce(sane, false) as sane
from metric_history
where observed_at <= $until and subject_id in (select person_id from current_people)
    and ($person is null or subject_id = $person)
order by subject_id, metric not in ('citations'), metric not in ('h_index'), metric, source, observed_at, value
"""

# Of several people's questions, the oldest good answer counts.
SOURCES = """
select
    source, state, case when state = 'answered' then '' else reason end as why,
    case when count(last_good_at) = count(*) then min(last_good_at) end as last_good_at,
    list(distinct person_id order by person_id) filter (person_id is not null) as people
from source_status_as_of($until::timestamp)
where state <> 'at_rest' and ($person is null or person_id is null or person_id = $person)
group by source, state, why
order by state = 'answered', state = 'switched_off', last_good_at desc, source, why
"""
