"""The command as its users meet it: real processes, real files, one sentence per problem."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from harvest.store.warehouse import publish, writing

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted((ROOT / "seeds" / "documents").glob("*.txt"))


def harvest(*arguments, cwd=ROOT, stdin="", stdout=subprocess.PIPE, first="", **environment):
    """Run the command, after a statement that is `first`; environment variables without their prefix."""
    given = {f"HARVEST_{name.upper()}": str(value) for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, "-c", f"{first}\nfrom harvest.cli import main; main()", *map(str, arguments)],
        cwd=cwd, env=os.environ | given, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, input=stdin,
    )  # fmt: skip


@pytest.mark.parametrize(("document", "count"), zip(DOCUMENTS, (18, 25, 14, 10, 21), strict=True))
def test_read_says_every_record_of_a_document(document, count):
    """One JSON object a line, with the documented columns."""
    done = harvest("read", document, "--format", "json")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == count
    assert {"id", "source", "title", "authors", "year", "date", "venue", "status"} <= set(records[0])
    assert len({record["id"] for record in records}) == count


def test_read_shows_a_table_and_what_was_lost():
    """For people."""
    done = harvest("read", DOCUMENTS[0])
    assert "18 records" in done.stderr
    assert "lost:" in done.stderr
    assert "self_contradiction:" in done.stderr
    assert "Mingze Wang" in done.stdout


def people_file(folder, text):
    """A people.toml of one's own."""
    path = folder / "people.toml"
    path.write_text(text)
    return path


ONE = '[[person]]\nid = "ada"\nname = "Ada Lovelace"\n'
PEOPLE = ONE.replace("ada", "zz").replace("Ada Lovelace", "Zhanpeng Zhou") + 'dblp_pid = "999/1002"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[person]\n", "not valid TOML"),
        ("", "person"),
        (ONE + ONE, "given twice"),
        (ONE + 'orcid = "0000-0001"\n', "not such an identifier"),
        (ONE + 'hobby = "poetry"\n', "hobby"),
        (ONE + 'email = "Ada <ada@example.org>"\n', "is no address"),
        (ONE + 'email = "ada at example.org"\n', "is no address"),
        ('[[person]]\nname = "Ada"\n', "id"),
        (ONE + '[[person.documents]]\nfile = "no.txt"\nkind = "cv"\ncaptured_at = 2024-01-01\n', "cannot be read"),
        (ONE + '[[person.documents]]\nfile = "empty.txt"\nkind = "cv"\ncaptured_at = 2024-01-01\n', "is empty"),
        (
            ONE + '[[person.documents]]\nfile = "zeros.txt"\nkind = "cv"\ncaptured_at = 2024-01-01\n',
            "cannot be understood",
        ),
        (ONE + '[[person.documents]]\nfile = "empty.txt"\nkind = "x"\ncaptured_at = 2024-01-01\n', ""),
    ],
)
def test_wrong_seeds_are_one_sentence_and_exit_2(tmp_path, text, said):
    """And nothing was asked of anybody."""
    (tmp_path / "empty.txt").write_text("  \n")
    (tmp_path / "zeros.txt").write_bytes(b"\0" * 300)
    done = harvest("run", "--home", tmp_path / "home", people=people_file(tmp_path, text))
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("harvest: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "--person", "nobody"), 2, "no person 'nobody'"),
        (("run", "--source", "scopus"), 2, "no source 'scopus'"),
        (("run", "--now", "yesterday"), 2, "no moment"),
        (("sql", "from works", "--home", "/nonexistent"), 2, "harvest run"),
        (("read", "/nonexistent"), 2, "cannot be read"),
        (("read", "pyproject.toml"), 2, "--as"),
        (("read", "pyproject.toml", "--as", "poem"), 2, "no reader"),
        (("changes", "--home", "/nonexistent"), 2, "harvest run"),
        (("decide", "same", "1", "2", "--home", "/nonexistent"), 2, "harvest run"),
        (("export", "--out", "x", "--home", "/nonexistent"), 2, "harvest run"),
        (("people", "check", "--person", "nobody"), 2, "no person 'nobody'"),
        (("people", "find", " "), 2, "whom?"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_wrong_usage_says_what_and_how_to_mend_it(arguments, code, said):
    """Exit 2, one sentence, no traceback."""
    done = harvest(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_names_itself():
    """Settings come from two places; the message says which one to look at."""
    done = harvest("status", pace="fast")
    assert done.returncode == 2
    assert "HARVEST_PACE" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/self/attr").exists(), reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    """A file in the place of a folder refuses root as well."""
    (tmp_path / "file").write_text("")
    done = harvest("run", "--home", tmp_path / "file" / "home", people=people_file(tmp_path, ONE))
    assert done.returncode == 1
    assert "--home" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A folder of files that are not what they should be, and a warehouse that is."""
    folder = tmp_path_factory.mktemp("faulty")
    with writing(folder / "home") as db:
        publish(db, folder / "home")
    (folder / "home" / "harvest.writing.duckdb").unlink()
    for home, damage in (("empty", b""), ("cut", (folder / "home" / "harvest.duckdb").read_bytes()[:200_000])):
        (folder / home).mkdir()
        (folder / home / "harvest.duckdb").write_bytes(damage)
    (folder / "older").mkdir()
    duckdb.connect(str(folder / "older" / "harvest.duckdb")).close()
    (folder / "blank.txt").write_text(" \n")
    for name in ("binary.txt", "binary.bib", "binary.toml", "binary.csv"):
        (folder / name).write_bytes(b"\xff\x00\xfe" * 2000)
    people_file(folder, PEOPLE)
    return folder


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "said"),
    [
        (("read", "blank.txt"), {}, 2, "blank.txt is empty: save it again"),
        (("read", "home"), {}, 2, "home cannot be read: Is a directory. Check its name"),
        (("read", "binary.txt", "--as", "cv"), {}, 2, "this is binary data"),
        (("audit", "blank.txt"), {}, 2, "blank.txt is empty: save it again"),
        (("audit", "nothing.txt"), {}, 2, "neither a file nor a document that is kept: check its name"),
        (("link", "binary.bib", "--out", "o.csv"), {}, 2, "holds no entry of BibTeX"),
        (("link", "binary.csv", "--out", "o.csv"), {}, 2, "and is UTF-8"),
        (("people", "list"), {"people": "binary.toml"}, 2, "not valid TOML"),
        (("people", "list"), {"people": "home"}, 2, "Is a directory"),
        (("run", "--record", "blank.txt"), {}, 2, "blank.txt is no folder: name another one"),
        (("run", "--source", "dblp", "--from-file", "dblp=home"), {}, 2, "Is a directory"),
        (("report", "--home", "nowhere"), {}, 2, "run `harvest run`"),
        (("report", "--home", "older"), {}, 1, "If another Harvest made it, `harvest run` renews it"),
        (("status", "--home", "empty"), {}, 1, "delete it: the next run publishes it again"),
        (("sql", "from works", "--home", "cut"), {}, 1, "delete it: the next run publishes it again"),
        (("run", "--source", "dblp", "--home", "cut"), {}, 1, "the archive keeps every answer"),
    ],
)
def test_what_is_not_what_it_should_be_is_one_sentence_that_says_what_to_do(faulty, arguments, environment, code, said):
    """Missing, blank, binary, a folder, damaged: no traceback, and nothing is written anywhere."""
    environment = {"people": "people.toml", "home": "home", "dblp_url": "http://127.0.0.1:9"} | environment
    before = {path: path.stat().st_size for path in faulty.rglob("*") if path.name.endswith((".duckdb", ".csv"))}
    done = harvest(*arguments, cwd=faulty, **environment)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stderr.count("harvest: ") == 1
    assert "Traceback" not in done.stderr
    assert not (faulty / "nowhere").exists()
    assert before.items() <= {path: path.stat().st_size for path in faulty.rglob("*") if path.is_file()}.items()


@pytest.mark.parametrize("file", [b"\xff\xfe", None], ids=["binary", "a folder"])
def test_settings_that_cannot_be_read_are_never_passed_over(tmp_path, file):
    """Another contact, other addresses, another home would be used instead without a word."""
    path = tmp_path / "harvest.toml"
    path.mkdir() if file is None else path.write_bytes(file)
    done = harvest("status", cwd=tmp_path)
    assert (done.returncode, done.stderr.startswith("harvest: harvest.toml is")) == (2, True), done.stderr


def test_a_copy_that_a_program_has_open_is_not_called_damaged(tmp_path):
    """What is deleted while another program writes it would be lost."""
    with writing(tmp_path) as db:
        publish(db, tmp_path)
    with duckdb.connect(str(tmp_path / "harvest.duckdb")), duckdb.connect(str(tmp_path / "harvest.writing.duckdb")):
        for arguments in (("status",), ("run", "--source", "dblp")):
            done = harvest(*arguments, "--home", tmp_path, people=people_file(tmp_path, PEOPLE))
            assert (done.returncode, "delete" in done.stderr) == (1, False), done.stderr
            assert "Close the program that has it open, and run again" in done.stderr


SMALL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.parametrize(("command", "most"), [("run --source dblp", 100_000), ("report --out page.html", 1000)])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path, small_world, command, most):
    """What was written before stands, to the byte."""
    given = {"home": tmp_path / "home", "people": people_file(tmp_path, PEOPLE), **small_world, "pace": 0}
    assert harvest("run", "--source", "dblp", "--no-report", cwd=tmp_path, **given).returncode == 0
    assert harvest("report", "--out", "page.html", cwd=tmp_path, **given).returncode == 0
    kept = {path: path.read_bytes() for path in (tmp_path / "page.html", tmp_path / "home" / "harvest.duckdb")}
    done = harvest(*command.split(), cwd=tmp_path, first=SMALL_DISK.format(most), **given)
    assert done.returncode == 1, done.stderr
    assert "Free some space and run again: nothing was lost" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in kept} == kept
    assert harvest("run", "--source", "dblp", "--no-report", cwd=tmp_path, **given).returncode == 0


@pytest.mark.parametrize("form", ["table", "json", "csv", "parquet"])
def test_a_full_disk_behind_a_redirection_is_told(faulty, form):
    """Half a table with exit code 0 would be taken for a whole one."""
    with Path("/dev/full").open("w") as full:
        done = harvest("sql", "from range(20000)", "--format", form, "--home", faulty / "home", stdout=full)
    assert (done.returncode, "Free some space" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_terminal_of_few_letters_is_written_to_all_the_same(tmp_path, monkeypatch):
    """What it cannot print is said in signs that it can."""
    (tmp_path / "a.bib").write_text("@misc{a, title={Zur Zähmung}, author={Łukasz Ångström}}", encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = harvest("read", tmp_path / "a.bib", "--format", "json")
    assert (done.returncode, "Z\\xe4hmung" in done.stdout) == (0, True), done.stderr


@pytest.fixture(scope="module")
def small_world(tmp_path_factory):
    """A model world in a process of its own, and the settings to reach it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "harvest.world", "--as-of", "2024-06-12"],
        cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    settings = {}
    assert server.stderr is not None
    while len(settings) < 7:
        line = server.stderr.readline()
        assert line, "the world did not start"
        if "HARVEST_" in line:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            settings[name.removeprefix("HARVEST_").lower()] = value.strip("'\"")
    yield settings
    server.terminate()
    server.wait(10)


def test_the_published_copy_answers_at_once_while_a_run_is_under_way(tmp_path, small_world):
    """Ad hoc SQL is never blocked; and a second run is told to wait with exit 75."""
    people, home = people_file(tmp_path, PEOPLE), tmp_path / "home"
    given = small_world | {"people": people, "pace": 0}
    first = harvest("run", "--home", home, "--now", "2024-06-12", **given)
    assert first.returncode == 0, first.stderr
    code = "from pathlib import Path; import sys, time; from harvest.store.warehouse import writing\n"
    code += "with writing(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"
    running = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "in\n"
        answer = harvest("sql", "--home", home, "--format", "json", "select count(*) as works from works")
        assert answer.returncode == 0, answer.stderr
        assert json.loads(answer.stdout)[0]["works"] > 5
        second = harvest("run", "--home", home, **given)
        assert second.returncode == 75
        assert "another run" in second.stderr
    finally:
        running.kill()
        running.wait()


def test_results_go_to_stdout_in_every_format(tmp_path, small_world):
    """Programs read stdout, people read stderr."""
    home = tmp_path / "home"
    given = small_world | {"people": people_file(tmp_path, PEOPLE), "pace": 0}
    run = harvest("run", "--home", home, "--now", "2024-06-12", **given)
    assert run.stdout == ""
    assert "new records" in run.stderr
    changes = json.loads(harvest("changes", "--home", home, "--format", "json").stdout)
    assert {change["kind"] for change in changes} == {"work_added"}
    assert {change["noticed_at"] for change in changes} == {"2024-06-12T00:00:00+00:00"}
    assert harvest("changes", "--home", home, "--format", "csv").stdout.startswith("change_id,")
    assert b"<feed" in harvest("changes", "--home", home, "--format", "atom").stdout.encode()
    assert harvest("changes", "--home", home, "--since", "2024-07-01", "--format", "json").stdout.strip() == "[]"
    one = json.loads(harvest("changes", "--home", home, "--person", "zz", "--format", "json").stdout)
    assert len(one) == len(changes)
    feed = harvest("changes", "--home", home, "--kind", "title_changed", "--format", "atom").stdout
    assert "<entry" not in feed
    for wrong in (("--person", "nobody"), ("--kind", "nosuch")):
        for form in ("json", "atom"):
            refused = harvest("changes", "--home", home, *wrong, "--format", form)
            assert (refused.returncode, refused.stdout) == (2, "")
            assert "known are" in refused.stderr
    assert "dblp" in harvest("status", "--home", home).stdout
    narrow = {"cwd": ROOT, "env": os.environ | {"COLUMNS": "80"}, "capture_output": True, "text": True}
    ask = [sys.executable, "-c", "from harvest.cli import main; main()", "sql", "--home", str(home)]
    upright = subprocess.run([*ask, "from publications limit 2"], check=True, **narrow)
    assert "— 2 of 2" in upright.stdout
    assert max(map(len, upright.stdout.splitlines())) <= 80
    cut = subprocess.run([*ask, "from witnesses cross join range(9)"], check=True, **narrow)
    assert "no room for" in cut.stderr
    report = harvest("report", "--home", home, "--out", tmp_path / "new" / "page.html", **given)
    assert (tmp_path / "new" / "page.html").exists()
    assert (home / "reports" / "2024-06-12T0000.html").exists()
    assert report.returncode == 0
    parquet = tmp_path / "rows.parquet"
    with parquet.open("wb") as file:
        subprocess.run(
            [sys.executable, "-c", "from harvest.cli import main; main()", "sql", "--home", str(home),
             "--format", "parquet", "select work_id, title, authors, first_seen_at from works"],
            stdout=file, check=True,
        )  # fmt: skip
    assert parquet.read_bytes()[:4] == b"PAR1"


def test_help_teaches_every_command():
    """A new user reads --help before the README."""
    top = harvest("--help")
    for command in ("demo", "run", "read", "changes", "report", "sql", "status", "decide", "export", "people"):
        assert command in top.stdout
        assert "Usage" in harvest(command, "--help").stdout
    assert "Exit codes" in top.stdout


def test_the_command_starts_without_the_heavy_libraries():
    """`harvest sql` must not wait for Prefect or Polars."""
    heavy = ("prefect", "polars", "lxml", "requests")
    code = f"import sys, harvest.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("place", ["pairs[red].csv", "[/bold]/pairs.csv"])
def test_a_path_with_brackets_is_told_as_it_is(tmp_path, place):
    """Brackets are how terminals are told of colours: here they are neither left out nor an error."""
    (tmp_path / "ours.jsonl").write_text('{"id": "1", "title": "Notes on the Engine"}\n')
    out = tmp_path / place
    out.parent.mkdir(parents=True, exist_ok=True)
    said = harvest("link", tmp_path / "ours.jsonl", "--out", out)
    assert (said.returncode, str(out) in said.stderr) == (0, True), said.stderr


def test_sql_is_read_from_stdin(tmp_path):
    """The examples begin with a comment, which as an argument would be an option."""
    with writing(tmp_path) as db:
        publish(db, tmp_path)
    example = (ROOT / "warehouse" / "queries" / "why_absent.sql").read_text()
    said = harvest("sql", "--format", "csv", "--home", tmp_path, stdin=example)
    assert said.stdout.startswith("document,"), said.stderr
    nothing = harvest("sql", "--home", tmp_path)
    assert (nothing.returncode, "the query is empty" in nothing.stderr) == (2, True)


def test_a_bibtex_file_is_a_record_file(tmp_path):
    """Half the world keeps its papers so; two entries may bear one citation key."""
    engine = (
        "@article{lovelace, title={The {Analytical} Engine and its Notes}, author={Lovelace, Ada and Babbage, Charles}}"
    )
    again = "@misc{notes, title={The analytical engine, and its notes}, author={Ada Lovelace and Charles Babbage}}"
    (tmp_path / "a.bib").write_text(f"{engine}\n{again}\n@misc{{notes, title={{Looms}}, author={{Grace Hopper}}}}\n")
    done = harvest("link", tmp_path / "a.bib", "--out", tmp_path / "pairs.csv")
    assert done.returncode == 0, done.stderr
    assert [line.split(",")[:2] for line in (tmp_path / "pairs.csv").read_text().splitlines()[1:]] == [
        ["lovelace", "notes#1"]
    ]
    assert "3 records, 1 pair:" in done.stderr
