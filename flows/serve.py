"""Run the deployments of prefect.yaml on their schedules, in this process: python -m flows.serve [FILE].

Wants a server beside it (`prefect server start`, PREFECT_API_URL). Without one Prefect would serve all the same, and no
schedule would ever fire. Stopping it pauses the schedules, starting it again wakes them.
"""

import sys
from pathlib import Path
from typing import Any

import yaml
from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Schedule
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object


def deployment(entry: dict[str, Any]) -> RunnerDeployment:
    """One deployment of prefect.yaml as this process serves it."""
    return RunnerDeployment.from_flow(
        import_object(entry["entrypoint"]),
        name=entry["name"],
        description=entry.get("description"),
        parameters=entry.get("parameters"),
        schedules=[Schedule(**schedule) for schedule in entry.get("schedules", ())],
        concurrency_limit=ConcurrencyLimitConfig(**entry["concurrency_limit"]),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def main() -> None:
    """Serve until interrupted."""
    if not PREFECT_API_URL.value():
        sys.exit(
            "no schedule fires without a Prefect server: run `prefect server start`, then set PREFECT_API_URL"
            " (http://127.0.0.1:4200/api unless told otherwise)"
        )
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "prefect.yaml")
    serve(*map(deployment, yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]))


if __name__ == "__main__":
    main()
