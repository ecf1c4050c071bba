-- A source that gives all works of one person in one answer: what is no longer in it was taken out.
create or replace macro complete_list(source, url) as source = 'dblp' and contains(url, '/pid/');

-- Who gets another address at a source, because it told people of the name apart, has the same list there still.
create or replace view source_lists as
select
    answer_id, person_id, source, received_at, arg_max(url, received_at) over (partition by person_id, source) as page
from answers
where complete_list(source, url) and outcome = 'answered' and person_id is not null and not own;

comment on view source_lists is 'Each good capture of the complete list that a source keeps of a person.';
comment on column source_lists.page is 'Where the list is now';

-- Whoever keeps a list that has everything: the person, on any of their pages, or a source.
create or replace view list_captures as
select person_id, 'own' as keeper, source, page, received_at from own_captures
union all
select distinct person_id, source, source, page, received_at from source_lists;

comment on view list_captures is 'Each good capture of each complete list: pages of their own, and pages of sources that have everything.';
comment on column list_captures.keeper is 'own: the person; else the source';

create or replace view list_entries as
select person_id, 'own' as keeper, source, page, work_id, min(first_said_at) as first_said_at, max(last_said_at) as last_said_at
from own_entries
group by all
union all
select
    person_id, source, source, page, work_id, min(received_at), max(received_at)
from source_lists
join sightings using (answer_id)
join record_works using (record_id)
group by all;

comment on view list_entries is 'Each work of each complete list, with when it first and last stood there.';

-- The field in states that says whether a keeper lists a work.
create or replace macro listed_by(person_id, keeper) as
    'listed:' || person_id || case when keeper <> 'own' then ':' || keeper else '' end;

-- Whether the lists of one keeper still have a work. One page that drops it says nothing while another lists it; several
-- that vanish at once are a section that was hidden or a page that was cut, until somebody says otherwise.
create or replace view listings as
with looks as materialized (  -- each visit to their pages; one that did not change may not be there
    select person_id, source, received_at, max(received_at) over (partition by person_id, source) as newest_at
    from (select distinct person_id, source, received_at from list_captures)
),
pages as (
    select person_id, source, page, max(received_at) as newest_at from list_captures group by all
),
accepted as (  -- a human saw that it lost much, and believes it
    select list_owner(person_id, url) as person_id, url as page, max(received_at) as accepted_at
    from answers
    where outcome = 'answered' and reason = 'accepted as it is'
    group by all
),
entries as materialized (
    select list_entries.*, last_said_at = newest_at as present
    from list_entries
    join pages using (person_id, source, page)
),
gone as materialized (
    select person_id, source, page, last_said_at, count(*) as vanished
    from entries
    where not present
    group by all
),
since as (  -- the first capture of that page without them, and what was on it just before
    select gone.*, absent_since, were_there
    from gone
    join (
        select gone.person_id, gone.page, gone.last_said_at, min(received_at) as absent_since
        from gone
        join list_captures
            on list_captures.person_id = gone.person_id and list_captures.page = gone.page and received_at > gone.last_said_at
        group by all
    ) using (person_id, page, last_said_at)
    join (
        select gone.person_id, gone.page, gone.last_said_at, count(*) as were_there
        from gone
        join entries
            on entries.person_id = gone.person_id and entries.page = gone.page
            and entries.first_said_at <= gone.last_said_at and entries.last_said_at >= gone.last_said_at
        group by all
    ) using (person_id, page, last_said_at)
),
looked as (  -- a visit at which that very page did not answer is no look at it
    select since.person_id, since.page, since.last_said_at, count(*) as looks, any_value(newest_at) as newest_at
    from since
    join looks
        on looks.person_id = since.person_id and looks.source = since.source and received_at >= absent_since
    where (since.person_id, since.page, received_at) not in (
        select (person_id, url, received_at) from answers
        where (own or complete_list(source, url)) and outcome <> 'answered' and person_id is not null
    )
    group by all
),
judged as (
    select
        entries.*,
        absent_since,
        looks >= 3 and newest_at >= absent_since + interval 3 day
            or looks >= 2 and newest_at >= absent_since + interval 14 day as repeated,
        vanished >= 3 and vanished * 3 >= were_there
            and coalesce(accepted_at < absent_since, true)                as in_mass
    from entries
    left join since using (person_id, page, last_said_at)
    left join looked using (person_id, page, last_said_at)
    left join accepted using (person_id, page)
)
select
    person_id,
    work_id,
    keeper,
    listed_by(person_id, keeper)                                         as field,
    bool_or(present)                                                     as listed,
    not bool_or(present) and bool_and(repeated) and not bool_or(in_mass) as removed,
    not bool_or(present) and bool_and(repeated) and bool_or(in_mass)     as held,
    max(absent_since)                                                   as absent_since,
    max(last_said_at)                                                   as last_said_at,
    string_agg(distinct page, ', ' order by page)                         as pages
from judged
group by person_id, work_id, keeper;

comment on view listings is 'Whether the pages of a person, or the complete list of a source, have a work: listed, removed from all of them, or neither is sure yet.';
comment on column listings.keeper is 'own: pages of their own; else the source whose list it is';
comment on column listings.field is 'Its field in states';
comment on column listings.removed is 'On none of the pages that listed it, again and again';
comment on column listings.held is 'The same, but together with so many others that it looks like a hidden section or a cut page';
comment on column listings.absent_since is 'The first capture of the last page that lacks it';
comment on column listings.pages is 'Every page that ever listed it';

-- What the first capture of a list has was there before anybody looked; so is most of what a page has that is new to us.
create or replace view first_listed as
with known as (
    select person_id, source, work_id, page, first_said_at, min(first_said_at) over (partition by person_id, source, work_id) as known_at
    from own_entries
),
begun as (
    select distinct
        person_id, source, page,
        min(received_at) over (partition by person_id, source, page) as begun_at,
        min(received_at) over (partition by person_id, source)       as site_begun_at
    from own_captures
),
fresh as (
    select
        known.person_id, known.work_id, site_begun_at, begun_at, known_at, first_said_at,
        avg((known_at >= begun_at)::int) filter (first_said_at = begun_at)
            over (partition by known.person_id, known.source, known.page) as share
    from known
    join begun using (person_id, source, page)
)
select person_id, work_id
from fresh
where first_said_at = known_at  -- the pages that had it first
group by person_id, work_id
having bool_and(begun_at = known_at) and bool_or(begun_at = site_begun_at or share > 0.5);

comment on view first_listed is 'Works that their own pages had when we first saw these: found, but nothing that happened then.';
