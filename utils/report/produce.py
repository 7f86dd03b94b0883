"""From a request to a report: check it, run notebooks, write pages, move them into place."""

import os
import shutil
from pathlib import Path

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.index import is_beside
from utils.corpus.languages import in_language, language_column, languages_of, name_of_language
from utils.facts.tables import check_side_tables
from utils.report.forked import Kernels
from utils.report.manifest import corpus_files, read_manifest, write_manifest
from utils.report.needs import able
from utils.report.pages import write_pages
from utils.report.places import (
    CORPUS,
    MANIFEST,
    NOTEBOOKS,
    UNDO,
    UTILS,
    is_run_of,
    notebooks_named,
    path_of,
)
from utils.report.run import choose_notebooks, choose_parameters, run_notebooks
from utils.report.swap import check_free, clear, in_place, swap
from utils.report.terminal import say
from utils.stats.groups import choose_groups

FEWEST_OF_A_LANGUAGE = 3  # articles, for it to get pages of its own
_NOBODYS = {"lost+found", ".DS_Store", "desktop.ini"}
"""What may be in a folder that counts as empty, since systems put it there."""


def check_request(
    names: list[str], given: dict[str, str], corpus: Path, output: Path
) -> tuple[list[Path], dict]:
    """The notebooks and the parameters that were asked for.

    Reads everything that the notebooks will read, so that a ``Mistake`` is raised before any runs,
    and prints what is only odd in it.
    """
    notebooks = able(choose_notebooks(names), corpus, named=bool(names))
    parameters = choose_parameters(notebooks, given)
    check_output(output, corpus, notebooks)
    corpus_files(corpus)
    articles = read_corpus(corpus, skip_bad=parameters.get("SKIP_BAD", False))
    for note in [*articles.attrs["notes"], *check_side_tables(articles)]:
        say(note, error=True)
    index = articles.attrs.get("index")
    if index and not is_beside(corpus, Path(index).parent):
        say(f"The corpus cannot be written, so its index is in {Path(index).parent}", error=True)
    languages = _languages(articles, parameters)
    return notebooks, parameters | ({"LANGUAGE": languages} if len(languages) > 1 else {})


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
    notebooks: list[Path], parameters: dict, output: Path, kernels: Kernels, inputs: dict
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
            failures = run_notebooks(notebooks, parameters, new / "notebooks", kernels)
            ran = _whole_runs(notebooks, inputs, failures, new / "notebooks")
            if ran:
                _finish(folder, new, ran, failures, parameters)
        return failures
    except OSError as error:
        torn = (folder / UNDO).exists()
        state = "run this again: it puts right" if torn else "nothing has changed in"
        raise Mistake(f"--output {output}: {_reason(error)}; {state} the report there") from None


def _finish(output, new, ran, failures, parameters):
    """Write the pages of notebooks that ran now or, where they have not changed, earlier."""
    last = read_manifest(output)
    check_free(output, [], last["files"])
    corpus = Path(parameters.get("CORPUS") or CORPUS)
    others = [file.stem for file in able(notebooks_named([]), corpus) if file.stem not in ran]
    notebooks = ran | _keep_notebooks(output, new, last, others)
    files = write_pages(new, failures, parameters.get("EXCEL", False))
    write_manifest(new, notebooks, files)
    check_free(output, files, last["files"])
    swap(output, [*files, MANIFEST], set(last["files"]) - set(files))


def _languages(articles, parameters):
    """The languages to show: those of several articles, or the one that is asked for.

    Raises ``Mistake`` where no article is in that, and where the groups that are asked for are none
    of the first language; in others they need not be there.
    """
    asked = parameters.get("LANGUAGE", "")
    if asked:
        in_language(articles, asked)
    numbers = language_column(articles).value_counts()
    common = numbers.index[numbers >= FEWEST_OF_A_LANGUAGE].tolist()
    first, *others = [asked] if asked else common or languages_of(articles)[:1]
    groups = [parameters.get("TARGET"), parameters.get("REFERENCE")]
    if not any(groups):
        return [first, *others]
    choose_groups(in_language(articles, first), *groups)
    return [first, *(other for other in others if _has_groups(articles, other, groups))]


def _has_groups(articles, language, groups):
    try:
        choose_groups(in_language(articles, language), *groups)
    except Mistake as mistake:
        say(f"{name_of_language(language)} is not shown: {mistake}", error=True)
        return False
    return True


def _whole_runs(notebooks, inputs, failures, folder):
    """Inputs of the notebooks that ran in every language; what others made is removed."""
    ran = {}
    for notebook in notebooks:
        if not any(is_run_of(name, notebook.stem) for name in failures):
            ran[notebook.stem] = inputs[notebook.stem]
            continue
        for file in folder.glob("*.ipynb"):
            if is_run_of(file.stem, notebook.stem):
                file.unlink()
    return ran


def _keep_notebooks(output, new, last, others):
    """Copy what other notebooks of the project did in an earlier run; their inputs, by name."""
    kept = {}
    for stem in others:
        if stem in last["notebooks"]:
            for name in _executed(output, last["files"], stem):
                shutil.copyfile(output / name, new / name)
                kept[stem] = last["notebooks"][stem]
    return kept


def _executed(output, files, stem):
    """Names of the files of a report that have what a notebook showed, one for each language."""
    executed = [name for name in files if name.startswith("notebooks/")]
    return [
        name for name in executed if is_run_of(Path(name).stem, stem) and (output / name).exists()
    ]


def _problem_of_place(output, corpus):
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


def _is_within(inner, outer):
    """Whether a path leads into another or is it, however the two are spelt."""
    around = [inner, *inner.parents]
    there = [path for path in around if os.path.exists(path)]
    return os.path.exists(outer) and any(path.samefile(outer) for path in there)


def _problem_of_folder(output):
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


def _others_in(output):
    names = {file.name for file in output.iterdir()} if output.exists() else set()
    return sorted(names - _NOBODYS)


def _reason(error):
    """Why a file could not be read or written, and which one, in a few words."""
    said = getattr(error, "strerror", None) or str(error)
    file = getattr(error, "filename", None)
    return f"{said} ({file})" if file else said
