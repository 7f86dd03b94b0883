"""From a request to a report: check it, run notebooks, write pages, move them into place."""

import sys
from pathlib import Path

from filelock import FileLock, Timeout

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.tables import check_side_tables
from utils.report.manifest import write_manifest
from utils.report.pages import write_pages
from utils.report.run import (
    choose_notebooks,
    choose_parameters,
    in_place,
    run_notebooks,
)
from utils.stats.groups import choose_groups


def check_request(
    names: list[str], given: dict[str, str], corpus: Path, output: Path
) -> tuple[list[Path], dict]:
    """The notebooks and the parameters that were asked for.

    Reads everything that the notebooks will read, so that a ``Mistake`` is raised before any runs,
    and prints what is only odd in it.
    """
    notebooks = choose_notebooks(names)
    parameters = choose_parameters(notebooks, given)
    articles = read_corpus(corpus)
    for note in [*articles.attrs["notes"], *check_side_tables(articles)]:
        print(note, file=sys.stderr)
    if parameters.get("TARGET") or parameters.get("REFERENCE"):
        choose_groups(articles, parameters.get("TARGET"), parameters.get("REFERENCE"))
    if output.resolve().is_relative_to(corpus):
        raise Mistake(f"--output {output}: is inside the corpus; name a folder outside it")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"--output {output}: {error.strerror}; name a folder that can be written"
        raise Mistake(problem) from None
    return notebooks, parameters


def write_report(
    notebooks: list[Path], parameters: dict, output: Path, jobs: int, inputs: dict
) -> dict:
    """Run the notebooks, move the report into ``output``, and return what failed, by name.

    ``inputs`` are those of each notebook, for the manifest. Raises ``Mistake`` while another run
    is writing to the same folder.
    """
    lock = FileLock(output.parent / f".{output.name}.lock", timeout=0)
    try:
        with lock, in_place(output) as (folder, files):
            failures = run_notebooks(notebooks, parameters, folder / "notebooks", jobs)
            files += write_pages(folder, output, failures)
            if files:
                stems = {file.stem for file in notebooks} - failures.keys()
                ran = {stem: inputs[stem] for stem in stems}
                for outdated in write_manifest(folder, output, ran, files):
                    (output / outdated).unlink(missing_ok=True)
                files.append("manifest.json")
        return failures
    except Timeout:
        mend = "wait for it or name another folder"
        raise Mistake(f"--output {output}: another run is writing there; {mend}") from None
