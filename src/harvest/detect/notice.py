"""Notice what moved: append to the logs where the facts now say something else than the log does.

The change log is a view of the steps in ``states`` (warehouse/views/12_changes.sql), so every change is
noticed once by construction; the check ``change_log_is_complete`` proves it before each publication.
"""

from datetime import datetime

from duckdb import DuckDBPyConnection

_MOVED = """
insert into states
with logged as (
    select subject_id, field, key
    from states
    qualify row_number() over (partition by subject_id, field order by run_id desc) = 1
)
select $run_id, $now, subject_id, field, current_states.key, value, coalesce(evidence, '')
from current_states
left join logged using (subject_id, field)
where logged.key is distinct from current_states.key
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


def notice(db: DuckDBPyConnection, run_id: int, now: datetime) -> tuple[int, int]:
    """Log what moved in this run; returns the number of changes and of findings that are open now.

    `now` is UTC without a zone, as the warehouse keeps moments.
    """
    moment = {"run_id": run_id, "now": now}
    db.execute(_MOVED, moment)
    db.execute(_FINDINGS, moment)
    changes = db.execute("select count(*) from changes where run_id = $run_id", {"run_id": run_id})
    found = changes.fetchall()[0][0]
    still_open = db.execute("select count(*) from findings where status = 'open'").fetchall()[0][0]
    return int(found), int(still_open)
