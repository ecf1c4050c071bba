-- Findings of now that are not open in the log, and open ones that are no findings any more.
select finding_id, current_findings.explanation as now, findings.status as logged
from current_findings
full join findings using (finding_id)
where (current_findings.finding_id is null and findings.status = 'open')
    or (current_findings.finding_id is not null and findings.status is distinct from 'open');
