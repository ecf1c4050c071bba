"""Whose is each work: gather the candidates from the warehouse, judge them, log what changed."""

import polars as pl
from duckdb import DuckDBPyConnection

from harvest.identify.attribute import attribute

_PERSONS = """
select
    person_id as id, name, names[2:] as aliases, affiliations,
    identifiers->>'orcid' as orcid, identifiers->>'dblp' as dblp_pid, identifiers->>'openalex' as openalex_id
from current_people
order by person_id
"""

# A candidate: the person's own page or a page about them lists it, or its authors bear the name.
_CANDIDATES = """
with said as (  -- what was ever said of the person by name or by page
    select
        person_id, work_id,
        bool_or(own)                                             as own,
        bool_or(source in ('dblp', 'openalex', 'orcid', 'arxiv_author')) as bound
    from (
        select answers.person_id, record_works.work_id, answers.own, answers.source
        from sightings
        join answers using (answer_id)
        join record_works using (record_id)
        where answers.person_id in (select person_id from current_people)
        union all
        select current_people.person_id, works.work_id, false, 'name'
        from works, current_people
        where list_has_any(
            list_transform(works.authors, lambda author: person_key(author)),
            list_transform(current_people.names, lambda name: person_key(name))
        )
    )
    group by person_id, work_id
),
facts as (
    select
        work_id,
        min(coalesce(first_on, published_on, make_date(coalesce(year, venue_year), 12, 31))) as first_on,
        flatten(list(categories))                                                            as categories,
        arg_max(abstract, length(abstract)) filter (abstract is not null)                    as abstract,
        arg_min(author_keys, (rank, key)) filter (not truncated and len(author_keys) > 0)    as author_keys,
        bool_and(truncated)                                                                  as truncated
    from witnesses
    group by work_id
),
own_lists as (  -- the person's own complete lists: when captured, and how far back they reach
    select
        answers.person_id, answers.answer_id, answers.received_at,
        min(coalesce(first_on, make_date(coalesce(year, venue_year), 1, 1))) as reaches
    from answers
    join sightings using (answer_id)
    join records using (record_id)
    where answers.own and answers.outcome = 'answered'
    group by all
),
covered as (
    select said.person_id, said.work_id, count(*) as lists
    from said
    join facts using (work_id)
    join own_lists
        on own_lists.person_id = said.person_id
        and own_lists.received_at > facts.first_on + interval 60 day  -- time to be entered
        and own_lists.reaches <= facts.first_on
    group by all
)
select
    said.person_id, said.work_id, works.title, works.authors, facts.author_keys, facts.truncated,
    works.year, facts.first_on, works.venue, list_sort(list_distinct(facts.categories)) as categories, facts.abstract,
    case when own then 'own' when bound then 'bound' else 'named' end as trust,
    case when own then false when covered.lists > 0 then true end     as absent_from_own
from said
join works using (work_id)
join facts using (work_id)
left join covered on covered.person_id = said.person_id and covered.work_id = said.work_id
order by said.person_id, said.work_id
"""

_DECISIONS = """
select left_ref as person_id, work_id, verdict
from current_decisions
join decided_records using (decision_id)
join record_works using (record_id)
where verdict in ('theirs', 'not_theirs')
qualify row_number() over (partition by left_ref, work_id order by place desc, record_id) = 1
order by all
"""

_CHANGED = """
insert into attributions
select
    judged.person_id, judged.work_id, judged.verdict, judged.score, judged.reasons,
    case when judged.verdict = 'not_theirs' then judged."group" end, $run_id
from judged
left join current_attributions as before using (person_id, work_id)
where before.verdict is distinct from judged.verdict or before.reasons is distinct from judged.reasons
"""


def judge(db: DuckDBPyConnection, run_id: int) -> None:
    """Judge every candidate and log the verdicts and reasons that are new."""
    candidates = db.sql(_CANDIDATES).pl()
    if candidates.is_empty():
        return
    verdicts = attribute(db.sql(_PERSONS).pl(), candidates, db.sql(_DECISIONS).pl())
    db.register("judged", verdicts.with_columns(pl.col("reasons").cast(pl.List(pl.String))))
    db.execute(_CHANGED, {"run_id": run_id})
    db.unregister("judged")
