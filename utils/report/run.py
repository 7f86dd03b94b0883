"""Notebooks are executed by papermill, several at a time; a run counts as a whole or not at all."""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
import papermill
import psutil
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from utils.corpus.files import Mistake, nearest
from utils.page.parameters import check_parameters, read_parameter
from utils.report.executed import is_injected
from utils.report.places import notebooks_named

_QUIET = Config({"KernelManager": {"transport_encryption": "auto"}})  # no warning of TCP by each


class Failure(NamedTuple):
    """Why a notebook did not run to its end, in a line, and the exit code that this calls for."""

    text: str
    exit_code: int = 1


def choose_notebooks(names: list[str]) -> list[Path]:
    """The numbered notebooks, or those of them that are named by name or number.

    Raises ``Mistake`` with the nearest name for a name that no notebook has.
    """
    stems = [file.stem for file in notebooks_named([])]
    unknown = [name for name in names if not notebooks_named([name])]
    if unknown:
        raise Mistake(
            f"--notebooks {name}: there is no such notebook; {nearest(name, stems)}"
            for name in unknown
        )
    return notebooks_named(names)


def choose_parameters(notebooks: list[Path], given: dict[str, str]) -> dict:
    """Values of the given parameters, read as ``read_parameter`` does.

    Raises ``Mistake`` for a parameter that no notebook has and for a value that does not fit it.
    """
    defaults: dict = {}
    for notebook in notebooks:
        defaults |= known_parameters(notebook)
    values = {name: read_parameter(name, text) for name, text in given.items()}
    problems = [_problem_of_parameter(name, value, defaults) for name, value in values.items()]
    if any(problems):
        raise Mistake(f"--parameter {problem}" for problem in problems if problem)
    return values


def known_parameters(notebook: Path) -> dict:
    """Names and defaults in the notebook's parameters cell."""
    parameters = papermill.inspect_notebook(notebook)
    return {
        name: read_parameter("", parameter["default"]) for name, parameter in parameters.items()
    }


def run_notebooks(
    notebooks: list[Path], parameters: dict, output: Path, jobs: int = 2
) -> dict[str, Failure]:
    """Run each notebook into the folder ``output``, ``jobs`` at a time; what failed, by name.

    The notebooks that do not fail run to their end.
    """
    output.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONHASHSEED"] = "0"  # kernels inherit it
    with ThreadPoolExecutor(max(jobs, 1)) as pool:
        runs = {
            notebook.stem: pool.submit(_run, notebook, parameters, output, position)
            for position, notebook in enumerate(reversed(notebooks))  # the last take longest
        }
        try:
            failures = {stem: run.result() for stem, run in runs.items()}
        except KeyboardInterrupt:
            _stop_runs(pool)
            raise
    return {stem: failure for stem, failure in failures.items() if failure}


@contextmanager
def in_place(output: Path) -> Iterator[tuple[Path, list[str]]]:
    """A new folder beside ``output``, and a list for the names of files to move from it there.

    They are moved when the block ends. Nothing in ``output`` changes when it fails.
    """
    prefix = f".{output.name}-"
    with TemporaryDirectory(prefix=prefix, dir=output.parent, ignore_cleanup_errors=True) as folder:
        names: list[str] = []
        yield Path(folder), names
        for name in names:
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(Path(folder) / name, output / name)


def _problem_of_parameter(name: str, value: Any, defaults: dict) -> str:
    if name not in defaults:
        return f"{name}: none of the notebooks to run has it; {nearest(name, defaults)}"
    try:
        check_parameters({name: value})
    except Mistake as mistake:
        return str(mistake)
    default = defaults[name]
    if default is not None and type(value) is not type(default):
        return f"{name} {value}: give a value like {default!r}"
    return ""


def _run(notebook: Path, parameters: dict, output: Path, position: int) -> Failure | None:
    """Execute one notebook; the failure, if there is one. A failed run leaves no file."""
    try:
        executed = _execute(notebook, parameters, position)
    except PapermillExecutionError as error:
        return _failure_of_cell(notebook, error)
    except Exception as error:  # the kernel died or did not start; the other notebooks go on
        return Failure(f"{notebook.stem}, cell not known: {type(error).__name__}: {error}")
    stopped = _stopped_at(executed)
    if stopped:
        what = "the kernel stopped here and the cells after it did not run (sys.exit?)"
        return Failure(f"{notebook.stem}, cell {stopped}: {what}")
    nbformat.write(_without_run_metadata(executed), output / notebook.name)
    return None


def _execute(notebook: Path, parameters: dict, position: int) -> NotebookNode:
    known = known_parameters(notebook)
    return papermill.execute_notebook(
        notebook,
        None,
        parameters={name: value for name, value in parameters.items() if name in known},
        progress_bar={"desc": notebook.stem, "position": position, "disable": None},
        resources={"metadata": {"path": str(notebook.parent)}},  # cwd= is not safe with threads
        config=_QUIET,
        extra_arguments=["--log-level=50"],  # else a kernel reports the interrupt that ends it
        record_timing=False,
        request_save_on_cell_execute=False,
        autosave_cell_every=0,
    )


def _stop_runs(pool: ThreadPoolExecutor) -> None:
    logging.disable()  # the kernels' last words are of no use to the user
    pool.shutdown(wait=False, cancel_futures=True)
    for kernel in psutil.Process().children(recursive=True):
        kernel.kill()


def _failure_of_cell(notebook: Path, error: PapermillExecutionError) -> Failure:
    """The failure, with the number of the cell as the notebook's author sees it."""
    if error.ename == Mistake.__name__:
        return Failure(f"{notebook.stem}: {error.evalue}", exit_code=2)
    sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
    number = sources.index(error.source) + 1
    what = error.evalue or "run the cell in JupyterLab to see why"
    return Failure(f"{notebook.stem}, cell {number}: {error.ename}: {what}")


def _stopped_at(executed: NotebookNode) -> int:
    """Number of the first code cell that did not run to its end; 0 when all did."""
    cells = [cell for cell in executed.cells if not is_injected(cell)]
    for number, cell in enumerate(cells, 1):
        has_code = cell.cell_type == "code" and cell.source.strip()
        if has_code and cell.metadata.papermill.status != "completed":
            return number
    return 0


def _without_run_metadata(executed: NotebookNode) -> NotebookNode:
    """The notebook without times, paths and random ids, so that equal runs give equal bytes."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if is_injected(cell):
            cell["id"] = f"injected-{number}"
    return executed
