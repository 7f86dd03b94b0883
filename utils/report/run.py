"""Notebooks are executed by papermill, several at a time; a run counts as a whole or not at all."""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from utils.corpus.files import Mistake, nearest
from utils.page.parameters import check_parameters, read_parameter
from utils.report.engine import NAME
from utils.report.executed import is_injected
from utils.report.forked import Kernels
from utils.report.keeper import end_marked
from utils.report.places import notebooks_named, run_name
from utils.report.terminal import visible

_LONGEST = 500  # characters of a failure
_SIGNALS_WAIT = 0.3  # seconds; another thread may get a signal, which does not wake this one


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
    ``SKIP_BAD`` is for the reading of the corpus too, ``EXCEL`` for the writing of CSV files, and a
    notebook need not have them.
    """
    defaults = {"SKIP_BAD": False, "EXCEL": False}
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
    notebooks: list[Path], parameters: dict, output: Path, kernels: Kernels
) -> dict[str, Failure]:
    """Run each notebook into the folder ``output``, several at a time; what failed, by name.

    Where the parameter ``LANGUAGE`` is a list, there is a run for each language, and the name of
    all but the first ends in the language. The notebooks that do not fail run to their end. Raises
    ``OSError`` where the folder takes no more.
    """
    output.mkdir(parents=True, exist_ok=True)
    planned = _plan(notebooks, parameters)
    most = max(1, min(kernels.jobs, len(planned)))
    with ThreadPoolExecutor(most) as pool:
        runs = {
            name: pool.submit(_run_into, output / f"{name}.ipynb", planned[name], kernels, position)
            for position, name in enumerate(planned)
        }
        try:
            while wait(runs.values(), _SIGNALS_WAIT).not_done:
                pass
            done = {name: runs[name].result() for name in planned}
        except BaseException:
            _stop(pool, runs.values(), kernels.folder)
            raise
    return {name: failure for name, failure in done.items() if failure}


def _plan(notebooks, parameters):
    """The notebook and the parameters of each run, by its name."""
    languages = parameters.get("LANGUAGE")
    if not isinstance(languages, list):
        return {run_name(notebook): (notebook, parameters) for notebook in notebooks}
    planned = {}
    for notebook in notebooks:
        own = languages if "LANGUAGE" in known_parameters(notebook) else languages[:1]
        for language in own:
            name = run_name(notebook, language if language != languages[0] else "")
            planned[name] = (notebook, {**parameters, "LANGUAGE": language})
    return planned


def _problem_of_parameter(name, value, defaults):
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


def _run_into(file, planned, kernels, position):
    """Write the executed notebook to a file while others still run; or why there is none."""
    executed = _run(*planned, kernels, position)
    if isinstance(executed, Failure):
        return executed
    nbformat.write(_without_run_metadata(executed), file)
    return None


def _run(notebook, parameters, kernels, position):
    """The executed notebook, or why there is none."""
    try:
        executed = _execute(notebook, parameters, kernels, position)
    except PapermillExecutionError as error:
        return _failure_of_cell(notebook, error)
    except DeadKernelError as error:
        return Failure(f"{notebook.stem}, {error}")
    except Exception as error:  # the kernel did not start; the other notebooks go on
        return Failure(_line(f"{notebook.stem}, cell not known: {type(error).__name__}: {error}"))
    stopped = _stopped_at(executed)
    if stopped:
        what = "the kernel stopped here and the cells after it did not run (sys.exit?)"
        return Failure(f"{notebook.stem}, cell {stopped}: {what}")
    return executed


def _execute(notebook, parameters, kernels, position):
    known = known_parameters(notebook)
    return papermill.execute_notebook(
        notebook,
        None,
        engine_name=NAME,
        parameters={name: value for name, value in parameters.items() if name in known},
        progress_bar={"desc": visible(notebook.stem), "position": position, "disable": None},
        autosave_cell_every=0,
        working=notebook.parent,  # cwd= is not safe with threads
        kernels=kernels,
    )


def _stop(pool, runs, folder):
    """Wait until no run goes on, ending kernels, also those that are just about to start."""
    pool.shutdown(wait=False, cancel_futures=True)
    while not all(run.done() for run in runs):
        end_marked(folder)
        time.sleep(0.1)


def _failure_of_cell(notebook, error):
    """The failure, with the number of the cell as the notebook's author sees it."""
    if error.ename == Mistake.__name__:
        return Failure(_line(f"{notebook.stem}: {error.evalue}"), exit_code=2)
    sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
    # A notebook that was changed during the run may have the cell no longer.
    number = sources.index(error.source) + 1 if error.source in sources else "not known"
    what = error.evalue or "run the cell in JupyterLab to see why"
    return Failure(_line(f"{notebook.stem}, cell {number}: {error.ename}: {what}"))


def _line(text):
    """One line, and not a long one."""
    line = "; ".join(text.splitlines())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _stopped_at(executed):
    """Number of the first code cell that did not run to its end; 0 when all did."""
    cells = [cell for cell in executed.cells if not is_injected(cell)]
    for number, cell in enumerate(cells, 1):
        has_code = cell.cell_type == "code" and cell.source.strip()
        if has_code and cell.metadata.papermill.status != "completed":
            return number
    return 0


def _without_run_metadata(executed):
    """The notebook without times, paths and random ids, so that equal runs give equal bytes."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if is_injected(cell):
            cell["id"] = f"injected-{number}"
    return executed
