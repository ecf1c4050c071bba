"""Manners, proven by what the services saw; and how answers come without asking: recorded, by hand, unchanged."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from harvest import asking, pipeline
from harvest.acquire import lookup
from harvest.acquire.archive import Archive
from harvest.acquire.channel import Channel
from harvest.acquire.fetch import Fetcher
from harvest.demo import bound
from harvest.errors import InputProblem
from harvest.model import Outcome, Query
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.sources import SOURCES
from harvest.store.warehouse import ask
from harvest.world import Fault, WorldServer, bindings, demo_dates

ROOT = Path(__file__).parents[1]
EARLY, NOW = demo_dates()[1], demo_dates()[-1]
SCALE = 0.1  # of the clock: arXiv's three seconds are 0.3


@pytest.fixture
def world():
    """The model world on its last day."""
    with WorldServer(NOW, drip=0.05) as server:
        yield server


def people_file(folder):
    """A people.toml whose people the model world knows."""
    lines = []
    for person in read_plan(read_settings()).people:
        given = bound(person, bindings())
        known = {"id": given.id, "name": given.name, "dblp_pid": given.dblp_pid, "openalex_id": given.openalex_id,
                 "homepages": list(given.homepages)}  # fmt: skip
        lines += ["[[person]]", *(f"{name} = {json.dumps(value)}" for name, value in known.items())]
    path = folder / "people.toml"
    path.write_text("\n".join(lines))
    return path


def start(world, folder, *arguments, home="home", **environment):
    """`harvest run` in a process of its own, against the model world."""
    given = {"home": folder / home, "people": people_file(folder), "decisions": folder / "none.toml", "pace": 0}
    given |= world.settings() | environment
    return subprocess.Popen(
        [sys.executable, "-c", "from harvest.cli import main; main()", "run", "--no-report", *map(str, arguments)],
        env=os.environ | {f"HARVEST_{name.upper()}": str(value) for name, value in given.items()},
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(*given, **environment):
    """The same, to its end: exit code and what it said."""
    process = start(*given, **environment)
    said = process.communicate(timeout=100)[1]
    assert "Traceback" not in said, said
    return process.returncode, said


def harvest(home, world, now, channel=None, **given):
    """A run inside this process."""
    world.as_of = now
    settings = read_settings(home=home, pace=0, deadline_seconds=6, **world.settings(), **given)
    plan = read_plan(settings)
    plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
    return pipeline.harvest(settings=settings, plan=plan, now=now, channel=channel or Channel())


VISIT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from harvest.acquire.archive import Archive
from harvest.acquire.fetch import Fetcher
from harvest.model import Query
from harvest.settings import read_settings
from harvest.sources import SOURCES
settings = read_settings(home=Path(sys.argv[1]))
fetcher = Fetcher(settings, Archive(settings.home / "archive"))
for number in range(4):
    for source in (one for one in SOURCES if one.name in ("arxiv", "dblp")):
        query = Query(path="/api/query", params=(("id_list", f"2410.1147{number}"),))
        if source.name == "dblp":
            query = Query(path=f"/pid/999/100{number}.xml")
        fetcher.fetch(source, settings.base_urls(source.name), query, received_at=datetime.now(UTC))
"""


def test_two_processes_never_crowd_a_service(tmp_path, world):
    """arXiv: one connection at a time, three seconds apart; DBLP: its two seconds. By the server's own log."""
    given = world.settings() | {"pace": SCALE}
    environment = os.environ | {f"HARVEST_{name.upper()}": str(value) for name, value in given.items()}
    both = [subprocess.Popen([sys.executable, "-c", VISIT, tmp_path], env=environment) for _ in range(2)]
    assert [one.wait(90) for one in both] == [0, 0]
    for service, pause in (("arxiv", 3.0), ("dblp", 2.0)):
        requests = sorted((one for one in world.log if one.service == service), key=lambda one: one.opened)
        assert len(requests) == 8
        for one, next_one in pairwise(requests):
            assert one.closed < next_one.opened, "two connections at once"
            assert (next_one.opened - one.opened).total_seconds() >= pause * SCALE


HOLD = """
import sys
from pathlib import Path
from harvest.acquire.failed import Deadline
from harvest.acquire.limiter import turn
with turn(Path(sys.argv[1]) / "locks", "arxiv", 0.0, Deadline(10)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_is_killed_gives_its_turn_back(tmp_path, world):
    """Whoever dies while it asks arXiv has asked: the others wait for the pause, and for nothing else."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    asked = time.time()
    settings = read_settings(home=tmp_path, pace=SCALE, deadline_seconds=0.2, **world.settings())
    (arxiv,) = [one for one in SOURCES if one.name == "arxiv"]

    def ask_arxiv(settings):
        fetcher = Fetcher(settings, Archive(tmp_path / "archive"))
        query = Query(path="/api/query", params=(("id_list", "2410.11474"),))
        return fetcher.fetch(arxiv, settings.base_urls("arxiv"), query, received_at=NOW)

    assert "another run was asking" in ask_arxiv(settings).reason
    assert world.log == []
    holder.kill()
    assert holder.wait(10) == -signal.SIGKILL
    assert ask_arxiv(settings.model_copy(update={"deadline_seconds": 10})).outcome is Outcome.ANSWERED
    (request,) = world.log
    assert request.opened.timestamp() - asked >= 3 * SCALE * 0.9


def found_nowhere(*args, **given):
    """A resolver without a network."""
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def silent_resolver(*args, **given):
    """A resolver whose name server never answers."""
    threading.Event().wait(60)


@pytest.mark.parametrize("resolver", [found_nowhere, silent_resolver])
def test_without_a_network_a_run_ends_soon(tmp_path, monkeypatch, resolver):
    """No source is waited for as if it were busy: everything is over in seconds, and what is known stands."""
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(lookup, "_given_up", set())
    settings = read_settings(home=tmp_path, turns=tmp_path / "turns", openalex_key="x", people=people_file(tmp_path))
    took = []

    def timed(call, sources):
        began = time.monotonic()
        visits = list(asking.side_by_side(call, sources))
        took.append(time.monotonic() - began)
        return visits

    summary = pipeline.harvest(settings=settings, plan=read_plan(settings), now=NOW, each=timed)
    assert sum(took) < 10
    assert {one.state for one in summary.silent} == {Outcome.UNANSWERED}
    assert {"arxiv", "dblp", "openalex", "homepage"} <= {one.source for one in summary.silent}
    assert (summary.requests, summary.unreached, summary.exit_code) == (0, len(summary.silent), 3)


def test_without_a_network_one_sentence_says_so(tmp_path, world):
    """Exit code 3, as for any run in which a source did not answer; and none of this where one did."""
    nowhere = dict.fromkeys(world.settings(), "http://127.0.0.1:9")
    code, said = run(world, tmp_path, **nowhere)
    assert code == 3, said
    assert "no network: none of" in said
    assert "sources could be reached; what is known stands" in said
    assert "could not be reached: " not in said
    code, said = run(world, tmp_path, home="other", **nowhere | {"arxiv_url": world.settings()["arxiv_url"]})
    assert code == 3, said
    assert "no network" not in said
    assert "it could not be reached: the connection was refused" in said


def test_who_throttles_us_is_asked_less_not_more(tmp_path, world):
    """A 429 halves the questions, and the next run within minutes asks none at all."""
    harvest(tmp_path / "good", world, NOW)
    good = [one.service for one in world.log]
    for service in ("arxiv", "dblp", "openalex"):
        world.faults[service] = "throttled"
    world.log.clear()
    first = harvest(tmp_path / "bad", world, NOW)
    throttled = [one.service for one in world.log]
    for service in ("dblp", "openalex"):
        assert throttled.count(service) == 2 < good.count(service)
    assert throttled.count("arxiv") <= good.count("arxiv")
    world.log.clear()
    harvest(tmp_path / "bad", world, NOW)
    assert {one.service for one in world.log} <= {"scholar_feed", "homepage", "datacite"}  # which stands in for arXiv
    assert {one.state for one in first.silent} == {Outcome.UNANSWERED}


def test_a_run_says_how_many_requests_it_made(tmp_path, world):
    """The number is the server's own, and stands in the ledger."""
    code, said = run(world, tmp_path)
    assert code == 0, said
    assert f"{len(world.log)} requests" in said
    ((requests,),) = ask(tmp_path / "home", "select (summary->>'requests')::integer from runs")[1]
    assert requests == len(world.log)


def test_what_has_not_changed_is_not_sent_again(tmp_path, world):
    """A page with an ETag is asked for conditionally; 304 means that the last good words stand."""
    harvest(tmp_path, world, EARLY)
    before = ask(tmp_path, "select title from works order by all")[1]
    again = harvest(tmp_path, world, EARLY + timedelta(hours=1))
    pages = [one for one in world.log if one.service == "homepage" and "robots" not in one.path]
    assert [("If-None-Match" in one.headers) for one in pages] == [False] * (len(pages) // 2) + [True] * (
        len(pages) // 2
    )
    assert again.exit_code == 0
    assert ask(tmp_path, "select count(*) > 0 from answers where status = 304 and outcome = 'answered'")[1] == [(True,)]
    assert ask(tmp_path, "select title from works order by all")[1] == before
    harvest(tmp_path, world, NOW)
    assert (
        ask(tmp_path, "select count(*) from answers where source = 'homepage' and status = 200")[1][0][0]
        > len(pages) // 2
    )


def facts(home):
    """What is known and what was noticed, without the names of runs."""
    return [
        ask(home, query)[1]
        for query in (
            "select source, key, title, authors, venue from records order by all",
            "select noticed_at, kind, title, before, after from changes order by all",
            "select source, state, reason from source_status order by all",
        )
    ]


def test_a_recorded_run_is_replayed_in_another_place_without_a_network(tmp_path, world):
    """Bytes, failures and all: the same records, changes and states; a question never asked is not answered."""
    world.faults["dblp"] = "blocked"
    code, said = run(world, tmp_path, "--record", tmp_path / "kept", "--now", NOW.isoformat())
    assert code == 3, said
    asked = len(world.log)
    code, said = run(world, tmp_path, "--replay", tmp_path / "kept", home="elsewhere", arxiv_url="http://127.0.0.1:9")
    assert (code, len(world.log)) == (3, asked), said
    assert "0 requests" in said
    assert facts(tmp_path / "elsewhere") == facts(tmp_path / "home")
    harvest(tmp_path / "third", world, NOW, Channel(replay=tmp_path / "kept"))
    states = ask(tmp_path / "third", "select distinct source, reason from source_status where state = 'not_answered'")
    assert any("not recorded" in reason for _, reason in states[1])  # scholar_feed was not asked then


@pytest.mark.parametrize("folder", ["none", "empty"])
def test_nothing_to_replay_is_wrong_input(tmp_path, world, folder):
    """Exit code 2, and the sentence says how a recording is made."""
    (tmp_path / "empty").mkdir()
    code, said = run(world, tmp_path, "--replay", tmp_path / folder)
    assert code == 2
    assert "holds no recorded run" in said
    assert world.log == []


def test_keys_are_in_no_file_that_a_run_leaves(tmp_path, world):
    """Not in the archive, the recording, the warehouse, the memory of breakers, nor in what is printed."""
    key = "sentinel-of-a-key-31415"
    world.faults["openalex"] = "key_wanted"
    _, said = run(world, tmp_path, "--record", tmp_path / "kept", openalex_key=key + "\n", log="debug")
    assert any(one.headers.get("Authorization") == f"Bearer {key}" for one in world.log)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        held = path.read_bytes()
        assert key.encode() not in (gzip.decompress(held) if path.suffix == ".gz" else held), path
    assert key not in said


def page(world, folder, person, name="saved.xml"):
    """A person's DBLP page as somebody saved it."""
    from harvest.world import dblp

    path = folder / name
    path.write_bytes(dblp.render(f"/pid/{bindings()[person]['dblp_pid']}.xml", {}, NOW).body)
    return path


def test_a_page_fetched_by_hand_does_as_well_as_an_answer(tmp_path, world):
    """DBLP blocks programs: what a person saved is read as its answer, and says where it came from."""
    world.faults["dblp"] = "blocked"
    people = list(bindings())
    given = [
        f"dblp={page(world, tmp_path, people[0])}",
        f"dblp:{people[1]}={page(world, tmp_path, people[1], 'b.xml')}",
    ]
    options = [word for one in given for word in ("--from-file", one)]
    code, said = run(world, tmp_path, *options, "--captured-at", "2025-01-01", "--now", NOW.isoformat())
    assert code == 3, said  # the third person's page is still blocked
    rows = ask(tmp_path / "home", "select person_id, state, reason from source_status where source = 'dblp'")[1]
    told = {person: (state, reason) for person, state, reason in rows}
    assert told[people[0]] == ("answered", "from the file saved.xml, fetched by hand")
    assert told[people[1]][0] == "answered"
    assert told[people[2]][0] == "blocked"
    (answer,) = [one for one in Archive(tmp_path / "home" / "archive").answers() if "saved" in one.reason]
    assert (answer.url, answer.received_at.year) == (
        f"https://dblp.org/pid/{bindings()[people[0]]['dblp_pid']}.xml",
        2025,
    )


@pytest.mark.parametrize(
    ("content", "given", "words"),
    [
        (b"", "dblp={file}", "is empty"),
        (b"<html><title>Making sure you're not a bot!</title></html>", "dblp={file}", "bot check"),
        (b"<dblpperson name='A' pid='1/2'/>", "dblp={file}", "does not tell which question"),
        (b"<dblpperson name='A'", "dblp:{person}={file}", "cannot be understood"),
        (b"\x1f\x8b\x08broken", "dblp={file}", "cannot be read"),
        (b"<x/>", "scopus={file}", "write SOURCE=FILE"),
        (b"<x/>", "dblp", "write SOURCE=FILE"),
        (None, "dblp={file}", "cannot be read"),
    ],
)
def test_a_wrong_file_is_told_before_anything_is_asked(tmp_path, world, content, given, words):
    """A bot check saved by mistake, somebody else's page, a cut file: none may pass for an answer."""
    file = tmp_path / "page.xml"
    if content is not None:
        file.write_bytes(content)
    settings = read_settings(home=tmp_path / "home", **world.settings())
    plan = read_plan(settings)
    plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
    text = given.format(file=file, person=plan.people[0].id)
    with pytest.raises(InputProblem, match=words):
        asking.by_hand(settings=settings, plan=plan, given=[text], now=NOW, captured_at=EARLY)


def test_of_two_runs_at_once_the_second_asks_nobody(tmp_path, world):
    """It says where the other one writes, and the other one goes on as if nothing had been."""
    world.faults["homepage"] = Fault("stall", times=1)
    first = start(world, tmp_path, deadline_seconds=6)
    while not any(one.service == "homepage" for one in world.log):
        time.sleep(0.02)
    code, said = run(world, tmp_path, arxiv_url="http://127.0.0.1:9")
    assert (code, said.startswith("harvest: another run is writing")) == (75, True), said
    said = first.communicate(timeout=60)[1]
    assert (first.returncode, "homepage: not answered" in said, "arxiv" in said) == (3, True, False), said


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_a_stop_is_at_once_and_leaves_nothing_half_written(tmp_path, world, sent):
    """Pauses and slow answers are not waited for; one sentence; the next run is as if nothing had been."""
    for service in ("arxiv", "dblp", "openalex", "homepage"):
        world.faults[service] = "stall"
    process = start(world, tmp_path)
    while not world.log:
        time.sleep(0.02)
    time.sleep(0.2)
    began = time.monotonic()
    process.send_signal(sent)
    said = process.communicate(timeout=30)[1]
    assert time.monotonic() - began < 10
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("harvest: stopped")
    assert "Traceback" not in said
    assert not (tmp_path / "home" / "harvest.duckdb").exists()
    world.faults.clear()  # and no lock is left
    code, said = run(world, tmp_path)
    assert code == 0, said
