"""Notebooks -> executed notebooks, by papermill, several at a time; whole or not at all."""

import ast
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from utils.corpus.files import Mistake, nearest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_QUIET = Config({"KernelManager": {"transport_encryption": "auto"}})  # else each kernel warns of TCP


def choose_notebooks(names: list[str], folder: Path = NOTEBOOKS) -> list[Path]:
    """The numbered notebooks, or those named by name or number. Raises ``Mistake`` with the nearest name."""
    every = {file.stem: file for file in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    numbers = {name: file for stem, file in every.items() for name in (stem[:2], stem[:2].lstrip("0"))}
    by_name = every | numbers | {file.name: file for file in every.values()}
    unknown = [f"--notebooks {name}: no such notebook; {nearest(name, every)}" for name in names if name not in by_name]
    if unknown:
        raise Mistake(unknown)
    return sorted({by_name[name] for name in names}) if names else list(every.values())


def choose_parameters(notebooks: list[Path], given: dict[str, str]) -> dict[str, Any]:
    """Values of the given parameters, read as Python where they are. Raises ``Mistake`` for one no notebook has."""
    defaults: dict[str, Any] = {}
    for notebook in notebooks:
        defaults |= known_parameters(notebook)
    values, problems = {}, []
    for name, text in given.items():
        value = _literal(text)
        if name not in defaults:
            problems.append(f"--parameter {name}: none of the notebooks to run has it; {nearest(name, defaults)}")
        elif defaults[name] is not None and type(value) is not type(defaults[name]):
            problems.append(f"--parameter {name} {text}: give a value like {defaults[name]!r}")
        elif type(value) is int and value < 1 and name != "SEED":
            problems.append(f"--parameter {name} {text}: give 1 or more")
        values[name] = value
    if problems:
        raise Mistake(problems)
    return values


def known_parameters(notebook: Path) -> dict[str, Any]:
    """Names and defaults in the notebook's parameters cell."""
    found = papermill.inspect_notebook(notebook)
    return {name: _literal(parameter["default"]) for name, parameter in found.items()}


def run_notebooks(notebooks: list[Path], parameters: dict[str, Any], output: Path, jobs: int = 2) -> dict[str, str]:
    """Run each notebook into ``output``, ``jobs`` at a time; what failed, a line by name. The others go on."""
    output.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONHASHSEED"] = "0"  # kernels inherit it
    with ThreadPoolExecutor(max(jobs, 1)) as pool:
        runs = {
            notebook.stem: pool.submit(_run, notebook, parameters, output / notebook.name, position)
            for position, notebook in enumerate(reversed(notebooks))  # the last take longest
        }
        try:
            return {stem: failure for stem, run in runs.items() if (failure := run.result())}
        except KeyboardInterrupt:
            logging.disable()  # what ends now has nothing more to tell
            pool.shutdown(wait=False, cancel_futures=True)
            for kernel in psutil.Process().children(recursive=True):
                kernel.kill()
            raise


@contextmanager
def in_place(output: Path) -> Iterator[tuple[Path, Callable[[list[str]], None]]]:
    """A new folder beside ``output``, and a function that moves the named files from it into ``output``.

    Until that is called nothing in ``output`` changes, whatever fails.
    """
    folder = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))

    def keep(names: list[str]) -> None:
        for name in names:
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / name, output / name)

    try:
        yield folder, keep
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(notebook: Path, parameters: dict[str, Any], target: Path, position: int) -> str:
    """Execute one notebook; a line on what failed, or nothing. A failed run leaves no file."""
    known = known_parameters(notebook)
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters={name: value for name, value in parameters.items() if name in known},
            progress_bar={"desc": notebook.stem, "position": position, "disable": None},
            resources={"metadata": {"path": str(notebook.parent)}},  # cwd= is not safe with threads
            config=_QUIET,
            extra_arguments=["--log-level=50"],  # else a kernel tells of the interrupt that ends it
            record_timing=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
        )
    except PapermillExecutionError as error:
        if error.ename == Mistake.__name__:
            return f"{notebook.stem}: {error.evalue}"
        return f"{notebook.stem}, cell {_number(notebook, error.source)}: {error.ename}: {error.evalue or 'run the cell in JupyterLab to see why'}"
    except Exception as error:  # a kernel that dies or does not start: the other notebooks go on
        return f"{notebook.stem}, cell not known: {type(error).__name__}: {error}"
    if stopped := _stopped_at(executed):
        return f"{notebook.stem}, cell {stopped}: the kernel stopped here and the rest never ran (sys.exit?)"
    nbformat.write(_without_run_metadata(executed), target)
    return ""


def _number(notebook: Path, source: str) -> int:
    """Place of a cell in the notebook as its author sees it, without the cell that papermill adds."""
    return [cell.source for cell in nbformat.read(notebook, as_version=4).cells].index(source) + 1


def _stopped_at(executed: nbformat.NotebookNode) -> int:
    """Number of the first code cell that did not run to its end; 0 when all did."""
    cells = [cell for cell in executed.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(cells, 1):
        done = cell.metadata.get("papermill", {}).get("status") == "completed"
        if cell.cell_type == "code" and cell.source.strip() and not done:
            return number
    return 0


def _without_run_metadata(executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, paths and random ids, so that equal runs give equal bytes."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    return executed


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
