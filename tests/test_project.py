"""Lists that must agree, links that must lead somewhere, and habits that must be kept."""

import re
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

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
    assert {name.lower() for name in wanted} <= {name.lower() for name in pinned()}


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
