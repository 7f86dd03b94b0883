"""The project's own rules: order of modules, small functions, lists that agree, clean notebooks."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
ORDER = (
    "reading furniture corpus tokens words measures resampling frequency query concordance collocation keywords themes topics "
    "dates checks quantities quotations claims comparison centres figures headlines show report"
).split()
MODULES = sorted((ROOT / "utils").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_modules_import_only_from_their_left():
    for file in MODULES:
        own = "report" if file.parent.name == "report" else file.stem
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("utils"):
                names = [node.module] if node.module != "utils" else [f"utils.{alias.name}" for alias in node.names]
            for name in names:
                imported = name.split(".")[1]
                left = ORDER.index(imported) < ORDER.index(own) or imported == own == "report"
                assert left, f"{file.name} imports {name}"


def test_functions_fit_on_a_screen_and_take_few_arguments():
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = node.end_lineno - body[0].lineno + 1 if body else 0
                assert length <= 25, f"{file.name}: {node.name} has {length} lines"
                assert len(node.args.args + node.args.kwonlyargs) <= 6, f"{file.name}: {node.name}"
                public = not node.name.startswith("_") and node.col_offset == 0
                assert ast.get_docstring(node) or not public, f"{file.name}: {node.name} has no docstring"


def requirements(file: str) -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines())
    parsed = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name: str(requirement.specifier) for requirement in parsed}


def test_conda_and_pip_lists_agree():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, pip = environment["dependencies"]
    names = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert"}
    listed = [Requirement(line) for line in [*conda, *pip["pip"]] if not line.startswith("-e")]
    found = {names.get(item.name, item.name): str(item.specifier) for item in listed}
    assert found.pop("python") == ">=3.11"
    assert found.pop("pip") == ""
    assert found == requirements("requirements.txt")
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_constraints_pin_every_requirement_and_name_no_host():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {re.split("==", line)[0].lower() for line in lines}
    assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in lines)
    wanted = {**requirements("requirements.txt"), **requirements("requirements-dev.txt")}
    assert {name.lower() for name in wanted} <= pinned


def test_no_file_names_a_path_of_a_machine():
    tracked = [
        *ROOT.glob("*.*"),
        *MODULES,
        *NOTEBOOKS,
        *(ROOT / "corpus").glob("*.*"),
        *(ROOT / "benchmarks").glob("*"),
    ]
    for file in tracked:
        if file.is_file() and not file.name.startswith("."):
            assert not re.search(r"/(?:root|home|work|Users)/", file.read_text("utf-8")), file


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_are_clean_and_readable(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    prose = " ".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    lines = [line for source in code for line in source.splitlines() if line.strip()]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
    assert max(len(source.splitlines()) for source in code) <= 12
    assert not any(re.match(r"\s*(def|class) ", line) for line in lines)
    assert len(prose.split()) / len(lines) >= 8
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) == 1
    assert len(re.findall(r"(?m)^# ", prose)) <= 1
    assert "".join(cells[0]["source"]).splitlines()[0].endswith("?")


def test_notebooks_are_numbered_without_gaps():
    assert [file.stem[:2] for file in NOTEBOOKS] == [f"{n:02}" for n in range(1, len(NOTEBOOKS) + 1)]
    assert all(re.fullmatch(r"\d\d_[a-z_]+", file.stem) for file in NOTEBOOKS)


def test_links_in_markdown_lead_to_files():
    pages = [ROOT / "README.md", ROOT / "corpus" / "README.md", *NOTEBOOKS]
    for page in pages:
        text = page.read_text("utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)\)", text):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_lists_every_notebook():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"notebooks/{file.name}" in readme for file in NOTEBOOKS)
