"""Notice what moved: append to the logs where the facts now say something else than the log does.

The change log is a view of the steps in ``states`` (warehouse/views/12_changes.sql), so every change is
noticed once by construction; the check ``change_log_is_complete`` proves it before each publication.
"""

from datetime import datetime

from duckdb import DuckDBPyConnection

from harvest.detect.grounds import keep_grounds, keep_moments
from harvest.detect.moves import keep_moves

# In two steps, for the rules by which a spelling is no change are long, and mostly nothing needs them.
_UNLIKE = """
create or replace temporary table unlike as
with logged as (
    select subject_id, field, key, value
    from states
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select
    subject_id, field, logged.key as logged_key, logged.value as logged_value,
    current_states.key, current_states.value, current_states.evidence
from {view} as current_states
left join logged using (subject_id, field)
where logged.key is distinct from current_states.key
"""

_MOVED = """
insert into states
select $run_id, $now, subject_id, field, key, value, coalesce(evidence, '')
from unlike
where moved(field, logged_key, logged_value, key, value)
"""

# That a page lists a work no more is noticed when it has been so for some time.
_BEFORE = """
insert into happenings
select states.run_id, subject_id, states.field, absent_since
from states
join listings on work_id = subject_id and listings.field = states.field
where states.run_id = $run_id and states.key = 'removed'
"""

_FINDINGS = """
insert into finding_log
with logged as (
    select * exclude (run_id, noticed_at)
    from finding_log
    qualify row_number() over (partition by finding_id order by run_id desc) = 1
)
select
    $run_id, $now, coalesce(now.finding_id, logged.finding_id),
    case when now.finding_id is null then 'settled' else 'open' end,
    coalesce(now.kind, logged.kind), coalesce(now.severity, logged.severity),
    coalesce(now.subject_id, logged.subject_id), coalesce(now.document, logged.document),
    coalesce(now.line, logged.line), coalesce(now.quote, logged.quote),
    coalesce(now.explanation, logged.explanation)
from current_findings as now
full join logged using (finding_id)
where (now.finding_id is null and logged.status = 'open')
    or (now.finding_id is not null
        and (logged.status is distinct from 'open' or logged.explanation <> now.explanation))
"""


def notice_changes(db: DuckDBPyConnection, run_id: int, now: datetime, *, numbers: bool = True) -> int:
    """Log what moved in this run; returns the number of changes. Without `numbers` only of works and whose they are."""
    run = {"run_id": run_id}
    view = "current_states" if numbers else "current_fields"
    unlike = db.execute(_UNLIKE.format(view=view)).fetchall()[0][0]
    stepped = bool(unlike and db.execute(_MOVED, {**run, "now": now}).fetchall()[0][0])
    if stepped:
        db.execute(_BEFORE, run)
        keep_moments(db, run_id, now)
    found = "select (select count(*) from steps where run_id = $run_id), count(*) from redirects where run_id = $run_id"
    ((steps, redirects),) = db.execute(found, run).fetchall()
    keep_grounds(db, run_id, stepped=stepped, reshaped=redirects > 0)
    if numbers:
        keep_moves(db, run_id, reshaped=redirects > 0)
    return int(steps + redirects)


def notice_findings(db: DuckDBPyConnection, run_id: int, now: datetime) -> int:
    """Log the findings that opened or were settled in this run; returns how many are open now."""
    db.execute(_FINDINGS, {"run_id": run_id, "now": now})
    still_open = db.execute("select count(*) from findings where status = 'open'").fetchall()
    return int(still_open[0][0])
