"""The pipeline on Prefect: schedules, a task per source, retries after a crash. `harvest run` does the same without.

Prefect reads its settings when it is imported, so what we want otherwise is said here first; what the user set stands.
Deployments name flows by module (flows.harvest.harvest_flow), never by file: Prefect would load harvest.py under that
very name, and so hide the package.
"""

import logging
import os

import structlog

_WANTED = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Without a server of its own a flow starts one for itself, which takes longer than the default on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "harvest",
}

for _name, _value in _WANTED.items():
    os.environ.setdefault(_name, _value)

# What the pipeline logs goes to the log of the run.
structlog.configure(
    processors=[structlog.processors.KeyValueRenderer(key_order=["event"])],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
)
