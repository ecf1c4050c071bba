"""The house rules that no tool knows: who imports whom, what is pinned, what no file may name."""

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
STAGES = {"acquire", "sources", "identify", "reconcile", "store", "detect", "report", "world"}
WORDS = {
    "model", "identifiers", "errors", "settings", "names", "name_columns", "venues", "failpoints", "references",
    "disk", "rows", "bibliography",
}  # fmt: skip
HELPERS = {"runs", "seeds", "show"}  # not for stages
PARTS = {"asking", "plan", "telling"}  # of the pipeline
FACE = {"audit", "captures", "cli", "decide", "demo", "describe", "people", "replay"}
ONLY_IN = {
    "prefect": {"flows"},
    "requests": {"acquire"},
    "requests_hardened": {"acquire"},
    "urllib3": {"acquire"},
    "tenacity": {"acquire"},
    "duckdb": {"store", "reconcile", "identify"},
}
CONNECTION = "duckdb.DuckDBPyConnection"  # the type of what is passed on may be named anywhere


def room(file: Path) -> str:
    """The stage or file a module belongs to: "acquire", "model", "flows"."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[2] if parts[0] == "src" else parts[0]


def imports() -> list[tuple[str, str]]:
    """(room, full name of what it imports), once each, over all the code."""
    files = [*(ROOT / "src" / "harvest").rglob("*.py"), *(ROOT / "flows").glob("*.py")]
    found = set()
    for file in files:
        for node in ast.walk(_running(ast.parse(file.read_text(encoding="utf-8")))):
            if isinstance(node, ast.Import):
                found |= {(room(file), alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{file}: imports are absolute here"
                found |= {(room(file), f"{node.module}.{alias.name}") for alias in node.names}
    return sorted(found)


def _running(tree: ast.Module) -> ast.Module:
    """Without what is imported for types only: that ties nothing together."""
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
    ]
    return tree


def may_enter(importer: str, imported: str) -> bool:
    """Who may import whom among our own modules."""
    if importer in STAGES:
        return imported in {importer, *WORDS}
    if importer in WORDS:
        return imported in WORDS
    if importer in HELPERS:
        return imported in WORDS
    if imported == "world":
        return importer in {"cli", "demo"}
    if importer in {*PARTS, "pipeline"}:
        return imported in {*STAGES, *WORDS, *PARTS, "runs", "seeds"}
    return imported in {*STAGES, *WORDS, *HELPERS, *PARTS, *FACE, "pipeline"}


def test_the_stages_meet_only_in_the_pipeline():
    """A stage that imports another can be neither replaced nor tested alone."""
    ours = [(who, name.split(".")[1]) for who, name in imports() if name.startswith("harvest.")]
    ours = [(who, whom) for who, whom in ours if who != "__init__" and whom != "__version__"]
    assert ("pipeline", "store") in ours, "nothing was read"
    assert [pair for pair in ours if not may_enter(*pair)] == []


def test_nobody_imports_the_flows():
    """The job must run where there is no Prefect."""
    assert [pair for pair in imports() if pair[1].startswith("flows") and pair[0] != "flows"] == []


def test_prefect_the_network_and_the_database_stay_in_their_rooms():
    """One place to look when one of them changes."""
    strays = [
        (who, name)
        for who, name in imports()
        if who not in ONLY_IN.get(name.split(".")[0], {who}) and name != CONNECTION
    ]
    assert strays == []


def pins() -> dict[str, list[tuple[str, list[str]]]]:
    """Per distribution of the lock, its requirements (twice with extras), each with its hashes."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    said = [line for line in lock.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for line in said:
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        found.setdefault(canonicalize_name(Requirement(requirement).name), []).append((requirement, hashes))
    return found


def test_every_distribution_is_pinned_with_its_hashes():
    """What was tested is what is installed, and nothing else that bears its name."""
    for lines in pins().values():
        for requirement, hashes in lines:
            assert re.fullmatch(r"==[\w.]+", str(Requirement(requirement).specifier)), requirement
            assert hashes, requirement
            assert "@" not in requirement, "named by its address"
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


def test_the_lock_holds_what_the_project_asks_for():
    """A dependency that was added without make lock would be missing on the next machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    asked += project["project"]["optional-dependencies"]["test"]
    locked = pins()
    for requirement in map(Requirement, asked):
        lines = locked.get(canonicalize_name(requirement.name), [])
        versions = {spec.version for line, _ in lines for spec in Requirement(line).specifier}
        assert versions, f"{requirement}: not in the lock"
        assert all(requirement.specifier.contains(version, prereleases=True) for version in versions), requirement


def texts() -> list[tuple[Path, str]]:
    """Every text file that belongs to the project."""
    made_here = {"__pycache__", "demo", "archive", "reports", "outbox", "build", "dist"}
    folders = [".ci", "benchmarks", "flows", "seeds", "src", "tests", "warehouse"]
    files = [file for file in ROOT.iterdir() if file.is_file() and file.name != "harvest.toml"]
    files += [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    known = {"", ".py", ".toml", ".md", ".sql", ".yaml", ".lock", ".j2", ".txt", ".css", ".html", ".json", ".xml"}
    return [
        (file.relative_to(ROOT), file.read_text(encoding="utf-8", errors="replace"))
        for file in files
        if file.suffix in known
        and not made_here & set(file.relative_to(ROOT).parts)
        and not any(part.startswith(".") and part != ".ci" for part in file.relative_to(ROOT).parts[:-1])
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w.:/~-])/(?:home|root|Users|opt|mnt|work)/\w",
        r"(?:py[p]i|pytho[n]hosted|np[m]js|anacond[a]|crate[s])\.(?:org|com|io)",
        r"--?(?:extra-)?index-[u]rl|--find-link[s]|--trusted-hos[t]",
    ],
)
def test_no_file_names_a_machine_or_a_package_index(pattern):
    """The project runs on any machine, against any index."""
    named = [(str(path), found[0]) for path, text in texts() if (found := re.search(pattern, text))]
    assert named == []


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_an_old_python_is_refused_with_a_sentence(tmp_path):
    """The first command a newcomer types must not end in a traceback of pip."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.10.13 || exit 1\n')
    old.chmod(0o755)
    tried = subprocess.run(["make", "run", f"PYTHON={old}"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert tried.returncode
    assert "needs Python 3.11 or later" in tried.stderr
    assert "3.10.13" in tried.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_alone_explains_every_target():
    """What is not in the help does not exist for a newcomer."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [one for one in targets if not re.search(rf"make {one} +\w", said)] == []
