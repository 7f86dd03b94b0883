"""The report of the project's articles, and that of as many empty notebooks run the same way."""

import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import nbformat
from timing import answer, seconds

ROOT = Path(__file__).parents[2]
PARTS = "utils notebooks corpus docs pyproject.toml README.md CITATION.cff LICENSE".split()


def report(empty: bool) -> float:
    """Seconds of the command in a copy of the project, after a first time."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        copy(project)
        if empty:
            for notebook in (project / "notebooks").glob("*.ipynb"):
                make_empty(notebook)
        command = [sys.executable, "-m", "utils.report", "--output", project / "reports", "--force"]
        run = partial(subprocess.run, command, cwd=project, check=True, stdout=subprocess.DEVNULL)
        run()
        return seconds(run)


def copy(project: Path) -> None:
    """What the report needs of the project."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, project / part)
        else:
            shutil.copy2(source, project / part)


def make_empty(notebook: Path) -> None:
    """A notebook of one cell without anything in it."""
    content = nbformat.read(notebook, as_version=4)
    content.cells = [nbformat.v4.new_code_cell("")]
    nbformat.write(content, notebook)


if __name__ == "__main__":
    answer({"full": lambda _: report(False), "empty": lambda _: report(True)})
