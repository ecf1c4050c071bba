"""Whose is each work: gather the candidates from the warehouse, judge them, log what changed.

Above `FEW` works only those are judged again of whom something new was said, and the namesakes they compete with; of
the works of all others a sample stands for the whole, to tell rare words from common ones.
"""

import polars as pl
from duckdb import DuckDBPyConnection

from harvest.identify.attribute import attribute, rivals

FEW = 2000  # so many works are judged together in about a second

_PERSONS = """
select
    person_id as id, name, names[2:] as aliases, affiliations,
    identifiers->>'orcid' as orcid, identifiers->>'dblp' as dblp_pid, identifiers->>'openalex' as openalex_id
from current_people
order by person_id
"""

_DECISIONS = """
create or replace temp table orders as
select left_ref as person_id, work_id, verdict
from current_decisions
join decided_records using (decision_id)
join record_works using (record_id)
where verdict in ('theirs', 'not_theirs')
qualify row_number() over (partition by left_ref, work_id order by place desc, record_id) = 1
"""

# A candidate: the person's own page or a page about them lists it, or its authors bear the name.
_CANDIDATES = """
create or replace temp table candidates as
with named as (
    select distinct person_id, work_id
    from (select person_id, person_key(unnest(names)) as key from current_people)
    join (select work_id, person_key(unnest(authors)) as key from works) using (key)
),
said as (  -- what was ever said of the person by name or by page
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
        select person_id, work_id, false, 'name' from named
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
    case when own then false when covered.lists > 0 then true end     as absent_from_own,
    bool_or(own or coalesce(orders.verdict = 'theirs', false)) over (partition by said.work_id) as beside
from said
join works using (work_id)
join facts using (work_id)
left join covered on covered.person_id = said.person_id and covered.work_id = said.work_id
left join orders on orders.person_id = said.person_id and orders.work_id = said.work_id
"""

# What each person would be judged from now, where it is not what they were last judged from. Here and below `persons`,
# `fresh` and `asked` are the frames of judge().
_INPUTS = """
select person_id, bit_xor(part) as inputs
from (
    select person_id, hash(candidates) as part from candidates
    union all
    select id, hash(persons) from persons where id in (select person_id from candidates)
    union all
    select person_id, hash(orders) from orders where person_id in (select person_id from candidates)
)
group by person_id
except
select person_id, max_by(inputs, run_id) from judged group by person_id
"""

_KEEP_INPUTS = "insert into judged select person_id, inputs, $run_id from fresh order by person_id"

_ASKED = "select * from candidates semi join asked using (person_id) order by person_id, work_id"

# Work ids are fingerprints: the smallest are a sample, and mostly the same one from run to run.
_OTHERS = """
with others as (
    select distinct on (work_id) *
    from candidates
    where work_id not in (select work_id from candidates semi join asked using (person_id))
    order by work_id, person_id
)
select *, greatest(1, count(*) over () / $few) as stands_for from others order by work_id limit $few
"""

_CHANGED = """
insert into attributions
select
    told.person_id, told.work_id, told.verdict, told.score, told.reasons,
    case when told.verdict = 'not_theirs' then told."group" end, $run_id
from judged_now as told
left join current_attributions as before using (person_id, work_id)
where before.verdict is distinct from told.verdict or before.reasons is distinct from told.reasons
"""


def judge(db: DuckDBPyConnection, run_id: int, *, everybody: bool = False) -> None:
    """Judge the candidates of all who have something new, or of `everybody`; log verdicts and reasons that are new."""
    db.execute(_DECISIONS)
    db.execute(_CANDIDATES)
    persons, decided = db.sql(_PERSONS).pl(), db.table("orders").order("person_id, work_id").pl()
    fresh = db.sql(_INPUTS).pl()
    few = db.execute("select count(distinct work_id) <= $few from candidates", {"few": FEW}).fetchall()[0][0]
    if fresh.is_empty() and not everybody:
        return
    db.execute(_KEEP_INPUTS, {"run_id": run_id})
    asked = rivals(persons)
    if not (few or everybody):
        asked = asked.filter(pl.col("rivals").is_in(asked.join(fresh, on="person_id", how="semi")["rivals"].implode()))
    others = db.sql(_OTHERS, params={"few": FEW}).pl()
    verdicts = attribute(persons, db.sql(_ASKED).pl(), decided, others)
    if not verdicts.is_empty():
        db.register("judged_now", verdicts.with_columns(pl.col("reasons").cast(pl.List(pl.String))))
        db.execute(_CHANGED, {"run_id": run_id})
        db.unregister("judged_now")
