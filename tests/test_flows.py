"""The flows on a real Prefect server on loopback, asking the model world: real HTTP, real schedules."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvest.store.warehouse import ask
from harvest.world import WorldServer, bindings
from harvest.world.catalogue import people

ROOT = Path(__file__).parents[1]
THAT_DAY = datetime(2025, 5, 1, tzinfo=UTC)

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(400)]  # a server takes half a minute when the machine is busy


def post(url: str, **body):
    """The JSON answer of Prefect's API."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def until(found, seconds: float, what: str):
    """The first true value of `found()`, asked once a second; fails the test when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if value := found():
                return value
        time.sleep(1)
    pytest.fail(f"no {what} in {seconds:.0f} seconds")


@contextmanager
def process(arguments: list[str], environment: dict[str, str], log: Path):
    """A process of its own session, with everything it started; all of it is gone afterwards."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGINT)  # lets it stop its own children
        with suppress(subprocess.TimeoutExpired):
            started.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait(10)


def end_orphans(home: Path) -> None:
    """End what still lives on this Prefect home: runs may start processes in sessions of their own."""
    for found in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"PREFECT_HOME={home}".encode() in found.read_bytes().split(b"\0"):
                os.kill(int(found.parent.name), signal.SIGKILL)


@pytest.fixture(scope="module")
def prefect(tmp_path_factory):
    """The environment of a Prefect that has a server on a free port, and a home for this module only."""
    folder = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "HARVEST_"))},
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    try:
        with process(command, environment, folder / "server.log"):
            until(lambda: urllib.request.urlopen(f"{api}/health", timeout=5), 180, "Prefect server")
            yield environment
    finally:
        end_orphans(folder / "home")


@pytest.fixture
def world():
    """The model of the public record on one day."""
    with WorldServer(THAT_DAY) as served:
        yield served


@pytest.fixture
def environment(prefect, world, tmp_path):
    """Prefect as above, and Harvest pointed at the model world, following one person without documents."""
    person, known = next(iter(bindings().items()))
    name = next(one["name"] for id, one in people().items() if id == person)
    (tmp_path / "people.toml").write_text(
        f'[[person]]\nid = "{person}"\nname = "{name}"\n'
        f'dblp_pid = "{known["dblp_pid"]}"\nopenalex_id = "{known["openalex_id"]}"\n'
    )
    return {
        **prefect,
        **{f"HARVEST_{key.upper()}": value for key, value in world.settings().items()},
        "HARVEST_HOME": str(tmp_path / "warehouse"),
        "HARVEST_PEOPLE": str(tmp_path / "people.toml"),
        "HARVEST_DECISIONS": str(tmp_path / "decisions.toml"),
        "HARVEST_PACE": "0",
    }


def runs(environment: dict[str, str], flow: str) -> list[dict]:
    """The runs of a flow that have ended, oldest first."""
    wanted = {"name": {"any_": [flow]}}
    found = post(f"{environment['PREFECT_API_URL']}/flow_runs/filter", flows=wanted, sort="START_TIME_ASC")
    return [one for one in found if one["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")]


def call(environment: dict[str, str], statement: str) -> str:
    """Run a statement in a fresh interpreter at the project's root, as a scheduler would; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", statement], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_the_flow_harvests_and_says_how_it_went(environment, world, tmp_path):
    """A source that fails leaves the run completed, under another name; the same answers again are no change."""
    statement = f"from flows.harvest import harvest_flow; harvest_flow(now={THAT_DAY.isoformat()!r})"
    log = call(environment, statement)
    world.faults["openalex"] = "unavailable"
    log += call(environment, statement.replace("2025-05-01", "2025-05-02"))
    states = [(run["state_type"], run["state"]["name"]) for run in runs(environment, "harvest")[-2:]]
    assert states == [("COMPLETED", "Completed"), ("COMPLETED", "Done in part")], log
    known = ask(tmp_path / "warehouse", "select (select count(*) from works), count(*) from runs")[1]
    assert known[0][0] > 0
    assert known[0][1] == 2
    late = "select count(*) from changes where noticed_at > (select min(harvested_at) from runs)"
    assert ask(tmp_path / "warehouse", late)[1] == [(0,)]
    log = call(environment, "from flows.report import report_flow; report_flow(since='2025-01-01')")
    assert [run["state"]["name"] for run in runs(environment, "report")] == ["Completed"], log
    assert list(tmp_path.glob("warehouse/reports/*.html"))
    log = call(environment, "from flows.replay import replay_flow; replay_flow(now='2025-05-03')")
    assert [run["state"]["name"] for run in runs(environment, "replay")] == ["Completed"], log
    artifacts = post(f"{environment['PREFECT_API_URL']}/artifacts/latest/filter")
    assert [one["description"] for one in artifacts if one["key"] == "harvest"] == ["exit code 3"]


def test_a_dump_is_taken_instead_of_asking(environment, world, tmp_path):
    """The same pipeline as for answers: who is in the dump is not asked about."""
    pid = next(iter(bindings().values()))["dblp_pid"]
    work = '<article key="journals/ce/Ada24"><author>Ada</author><title>Engines.</title><year>2024</year></article>'
    home = f'<www key="homepages/{pid}"><author>Ada</author><title>Home Page</title></www>'
    (tmp_path / "dblp.xml").write_text(f"<dblp>{work}{home}</dblp>")
    given = f"files=['dblp={tmp_path / 'dblp.xml'}'], now='2025-05-01', captured_at='2025-04-01'"
    log = call(environment, f"from flows.bulk import bulk_flow; bulk_flow({given})")
    assert [run["state"]["name"] for run in runs(environment, "bulk")] == ["Completed"], log
    assert world.log == []
    assert ask(tmp_path / "warehouse", "select title from works")[1] == [("Engines",)]


def test_a_served_schedule_really_fires(environment, tmp_path):
    """A server can be healthy and its scheduler dead: only a scheduled run that completes shows the difference."""
    (tmp_path / "prefect.yaml").write_text(f"""\
deployments:
  - name: every-minute
    entrypoint: flows.harvest.harvest_flow
    parameters: {{now: "{THAT_DAY.isoformat()}"}}
    schedules: [{{cron: "* * * * *", timezone: UTC, slug: every-minute, active: true}}]
    concurrency_limit: {{limit: 1, collision_strategy: CANCEL_NEW}}
""")
    before = len(runs(environment, "harvest"))
    command = [sys.executable, "-m", "flows.serve", str(tmp_path / "prefect.yaml")]
    log = tmp_path / "serve.log"
    with process(command, environment, log):
        until(lambda: len(runs(environment, "harvest")) > before, 180, "scheduled run that ended")
    ended = runs(environment, "harvest")[before]
    assert ended["auto_scheduled"], ended
    assert ended["state"]["name"] == "Completed", log.read_text()
    assert ask(tmp_path / "warehouse", "select count(*) from works")[1][0][0] > 0


def test_prefect_accepts_every_deployment_of_ours(prefect):
    """Prefect skips a deployment it does not like with a word and a zero exit: look at what it really holds."""
    command = [sys.executable, "-m", "prefect", "--no-prompt"]
    logs = [
        subprocess.run([*command, *rest], cwd=ROOT, env=prefect, check=False, capture_output=True, text=True).stdout
        for rest in (["work-pool", "create", "harvest", "--type", "process"], ["deploy", "--all"])
    ]
    held = post(f"{prefect['PREFECT_API_URL']}/deployments/filter", work_pools={"name": {"any_": ["harvest"]}})
    crons = {one["name"]: [schedule["schedule"]["cron"] for schedule in one["schedules"]] for one in held}
    assert crons == {"daily": ["0 5 * * *"], "weekly": ["0 8 * * 1"], "by-hand": [], "dump": []}, logs
    assert {one["concurrency_options"]["collision_strategy"] for one in held} == {"CANCEL_NEW"}
    assert {one["global_concurrency_limit"]["limit"] for one in held} == {1}
    (dump,) = [one for one in held if one["name"] == "dump"]
    asked = dump["parameter_openapi_schema"]
    assert asked["required"] == ["files"]
    assert all(f"`{name}`" in dump["description"] for name in asked["properties"]), "a parameter that is not explained"
    with pytest.raises(urllib.error.HTTPError, match=r"422|409"):  # without a dump there is nothing to take
        post(f"{prefect['PREFECT_API_URL']}/deployments/{dump['id']}/create_flow_run", parameters={})
