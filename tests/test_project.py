"""Lists that must agree, links that must lead somewhere, and habits that must be kept."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "corpus" / "README.md",
    *NOTEBOOKS,
]


def requirements(file: str) -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines())
    parsed = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name: str(requirement.specifier) for requirement in parsed}


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.partition(" ;")[0].split("==") for line in lines)


def test_conda_and_pip_lists_agree():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, pip = environment["dependencies"]
    names = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert"}
    listed = [Requirement(line) for line in [*conda, *pip["pip"]] if not line.startswith("-e")]
    ranges = {names.get(item.name, item.name): str(item.specifier) for item in listed}
    assert ranges.pop("python") == ">=3.11"
    assert ranges.pop("pip") == ""
    assert ranges == requirements("requirements.txt")
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_constraints_pin_every_requirement_and_name_no_host():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in lines)
    wanted = {**requirements("requirements.txt"), **requirements("requirements-dev.txt")}
    assert set(map(canonicalize_name, wanted)) <= set(map(canonicalize_name, pinned()))


def test_no_file_names_a_path_of_a_machine():
    folders = ("utils", "notebooks", "benchmarks", "corpus", "docs", ".github")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.*")]
    for file in [*files, *ROOT.glob("*.*")]:
        if file.is_file() and "__pycache__" not in file.parts and "texts" not in file.parts:
            assert not re.search(r"/(?:root|home|work|Users)/", file.read_text("utf-8")), file


def test_notebooks_are_numbered_without_gaps():
    assert [file.stem[:2] for file in NOTEBOOKS] == [f"{n + 1:02}" for n in range(len(NOTEBOOKS))]
    assert all(re.fullmatch(r"\d\d_[a-z_]+", file.stem) for file in NOTEBOOKS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_in_markdown_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_readme_lists_every_notebook():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"notebooks/{file.name}" in readme for file in NOTEBOOKS)


def test_files_named_in_contributing_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:utils|corpus|notebooks|tests|docs|benchmarks)/[\w./]*\w)`", text)
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_colours_of_pages_come_from_the_house_style():
    templates = (ROOT / "utils" / "report" / "templates").glob("*")
    for file in [*templates, *(ROOT / "utils" / "page" / "templates").glob("*")]:
        assert not re.search(r":[^;{]*#[0-9a-fA-F]{3,8}\b", file.read_text("utf-8")), file.name


def test_continuous_integration_runs_the_commands_of_the_readme():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "report.yml").read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in ("make test", "make report"):
        assert command in commands
        assert command in readme
    assert any("deploy-pages" in step.get("uses", "") for step in steps)


def test_hooks_use_the_versions_that_the_gate_uses():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]
    needed = [package for hook in hooks["hooks"] for package in hook["additional_dependencies"]]
    assert f"ruff=={pinned()['ruff']}" in needed
    assert all("==" in package for package in needed)


FAKE_PYTHON = """#!/bin/sh
# Stands for Python, pip and the report, and writes down what it is asked for.
echo "$*" >> "$HERE/calls"
case "$*" in
  -c*) exec "$REAL" "$@" ;;
  "-m venv"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *"-m pip"*) if test -e "$HERE/$FAULT"; then rm "$HERE/$FAULT"; $THEN; fi ;;
esac
"""


@pytest.fixture
def make(tmp_path):
    """Runs make in a folder with blanks, on a Python that only writes down its arguments."""
    folder = tmp_path / "a folder"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    python = folder / "tools" / "python3"
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)

    def run(*arguments: str, **variables: str) -> tuple[subprocess.CompletedProcess, list[str]]:
        """What make did, and the calls of Python but for the check of its version."""
        calls = folder / "calls"
        calls.unlink(missing_ok=True)
        place = {"HERE": str(folder), "REAL": sys.executable, "FAULT": "no fault", **variables}
        done = subprocess.run(
            ["make", "PYTHON=tools/python3", *arguments],
            cwd=folder,
            env=os.environ | place,
            capture_output=True,
            text=True,
            start_new_session=True,  # so that a kill hits make and all that it started
        )
        lines = calls.read_text().splitlines() if calls.exists() else []
        return done, [line for line in lines if line.startswith(("-m venv", "-m pip", "-m utils"))]

    run.folder = folder
    return run


def commands(calls):
    return [call.split()[1] for call in calls]


def test_make_sets_up_once(make):
    assert commands(make("report")[1]) == ["venv", "pip", "utils.report"]
    assert commands(make("report")[1]) == ["utils.report"]
    os.utime(make.folder / "requirements.txt")
    assert commands(make("report")[1])[-2:] == ["pip", "utils.report"]


@pytest.mark.parametrize("then", ["kill -9 0", "exit 1"])
@pytest.mark.parametrize("fault", ["first", "second"])
def test_a_half_made_environment_mends_itself(make, then, fault):
    if fault == "second":  # the tests' packages, on top of a report that ran
        assert make("report")[0].returncode == 0
    (make.folder / fault).touch()
    target = "report" if fault == "first" else ".venv/ready-to-test"
    done, calls = make(target, FAULT=fault, THEN=then)
    assert done.returncode != 0
    assert commands(calls)[-1] == "pip"
    done, calls = make("report")
    assert done.returncode == 0
    whole = fault == "second" and then == "exit 1"  # pip said why it put nothing in
    assert commands(calls) == (["utils.report"] if whole else ["venv", "pip", "utils.report"])


def test_a_python_without_pip_is_named_each_time(make):
    (make.folder / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None\n")
    for _ in range(2):
        done, calls = make("report", PYTHONPATH=str(make.folder))
        assert done.returncode == 2
        assert calls == []
        assert done.stderr.splitlines()[0] == (
            "This Python cannot set up an environment: apt install python3-venv, "
            "or make PYTHON=another one"
        )
    assert commands(make("report")[1]) == ["venv", "pip", "utils.report"]


def test_make_takes_a_corpus_whatever_its_name(make):
    _, calls = make("report", "CORPUS=two  words/it's.zip", "ARGS=--notebooks 01")
    assert calls[-1] == "-m utils.report two  words/it's.zip --notebooks 01"


@pytest.mark.parametrize("room", ["report", "corpus"])
def test_a_copy_without_the_notebooks_says_that_a_clone_is_needed(tmp_path, room):
    shutil.copytree(ROOT / "utils", tmp_path / "utils")
    done = subprocess.run(
        [sys.executable, "-m", f"utils.{room}"], cwd=tmp_path, capture_output=True, text=True
    )
    (line,) = done.stderr.splitlines()
    assert done.returncode != 0
    assert "a clone of the project is needed" in line
