"""From a request to a report: check it, run notebooks, write pages, move them into place."""

import os
import shutil
from pathlib import Path

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.tables import check_side_tables
from utils.report.manifest import corpus_files, read_manifest, write_manifest
from utils.report.pages import write_pages
from utils.report.places import CORPUS, MANIFEST, NOTEBOOKS, UNDO, UTILS, notebooks_named, path_of
from utils.report.run import choose_notebooks, choose_parameters, run_notebooks
from utils.report.swap import check_free, clear, in_place, swap
from utils.report.terminal import say
from utils.stats.groups import choose_groups

_NOBODYS = {"lost+found", ".DS_Store", "desktop.ini"}
"""What may be in a folder that counts as empty, since systems put it there."""


def check_request(
    names: list[str], given: dict[str, str], corpus: Path, output: Path
) -> tuple[list[Path], dict]:
    """The notebooks and the parameters that were asked for.

    Reads everything that the notebooks will read, so that a ``Mistake`` is raised before any runs,
    and prints what is only odd in it.
    """
    notebooks = choose_notebooks(names)
    parameters = choose_parameters(notebooks, given)
    check_output(output, corpus, notebooks)
    corpus_files(corpus)
    articles = read_corpus(corpus, skip_bad=parameters.get("SKIP_BAD", False))
    for note in [*articles.attrs["notes"], *check_side_tables(articles)]:
        say(note, error=True)
    if parameters.get("TARGET") or parameters.get("REFERENCE"):
        choose_groups(articles, parameters.get("TARGET"), parameters.get("REFERENCE"))
    return notebooks, parameters


def check_output(output: Path, corpus: Path, notebooks: list[Path]) -> None:
    """Raise ``Mistake`` unless a report may be written to a folder.

    That is a new or an empty folder, or one that our manifest describes, whose files are as the
    last run left them. It is not the corpus, not the code, and not inside or around these.
    """
    try:
        folder = output.resolve()
        problem = _problem_of_place(folder, corpus) or _problem_of_folder(folder)
        if not problem:
            files = [f"notebooks/{file.name}" for file in notebooks]
            pages = [f"{file.stem}.html" for file in notebooks]
            check_free(folder, ["index.html", *files, *pages], read_manifest(folder)["files"])
    except (OSError, RuntimeError) as error:
        problem = f"{_reason(error)}; name a folder that can be written"
    if problem:
        raise Mistake(f"--output {output}: {problem}")


def write_report(
    notebooks: list[Path], parameters: dict, output: Path, jobs: int, inputs: dict
) -> dict:
    """Run the notebooks, move the report into ``output``, and return what failed, by name.

    ``inputs`` are those of each notebook, for the manifest. Raises ``Mistake`` while another run
    is writing to the same folder, and where the report cannot be written.
    """
    if not notebooks:
        return {}
    folder = output.resolve()
    try:
        with in_place(folder) as new:
            failures = run_notebooks(notebooks, parameters, new / "notebooks", jobs)
            ran = {file.stem: inputs[file.stem] for file in notebooks if file.stem not in failures}
            if ran:
                _finish(folder, new, ran, failures)
        return failures
    except OSError as error:
        torn = (folder / UNDO).exists()
        state = "run this again: it puts right" if torn else "nothing has changed in"
        raise Mistake(f"--output {output}: {_reason(error)}; {state} the report there") from None


def _finish(output: Path, new: Path, ran: dict, failures: dict) -> None:
    """Write the pages of notebooks that ran now or, where they have not changed, earlier."""
    last = read_manifest(output)
    check_free(output, [], last["files"])
    notebooks = ran | _keep_notebooks(output, new, last, set(ran))
    files = write_pages(new, failures)
    write_manifest(new, notebooks, files)
    check_free(output, files, last["files"])
    swap(output, [*files, MANIFEST], set(last["files"]) - set(files))


def _keep_notebooks(output: Path, new: Path, last: dict, ran: set[str]) -> dict:
    """Copy what other notebooks of the project did in an earlier run; their inputs, by name."""
    kept = {}
    for notebook in notebooks_named([]):
        name = f"notebooks/{notebook.name}"
        known = notebook.stem in last["notebooks"] and name in last["files"]
        if known and notebook.stem not in ran and (output / name).exists():
            shutil.copyfile(output / name, new / name)
            kept[notebook.stem] = last["notebooks"][notebook.stem]
    return kept


def _problem_of_place(output: Path, corpus: Path) -> str:
    places = {
        path_of(corpus): "corpus",
        CORPUS: "corpus",
        NOTEBOOKS: "folder of notebooks",
        UTILS: "code",
    }
    for place, name in places.items():
        if _is_within(output, place):
            return f"is inside the {name}; name a folder outside it"
        if _is_within(place, output):
            return f"holds the {name}; name a folder for the report alone"
    return ""


def _is_within(inner: Path, outer: Path) -> bool:
    """Whether a path leads into another or is it, however the two are spelt."""
    around = [inner, *inner.parents]
    return any(path.exists() and outer.exists() and path.samefile(outer) for path in around)


def _problem_of_folder(output: Path) -> str:
    if output.exists() and not output.is_dir():
        return "is a file; name a folder"
    existing = next(path for path in (output, *output.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return "cannot be written; name a folder that can"
    clear(output)
    others = _others_in(output)
    if not others or read_manifest(output)["files"]:
        return ""
    what = f"has other files ({others[0]}) and no report of this program"
    return f"{what}; name a new or an empty folder"


def _others_in(output: Path) -> list[str]:
    names = {file.name for file in output.iterdir()} if output.exists() else set()
    return sorted(names - _NOBODYS)


def _reason(error: Exception) -> str:
    """Why a file could not be read or written, and which one, in a few words."""
    said = getattr(error, "strerror", None) or str(error)
    file = getattr(error, "filename", None)
    return f"{said} ({file})" if file else said
