"""From a checked request to the files of a report: run, write pages and manifest, move into place."""

from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from utils.facts.centres import read_attributes, read_facts
from utils.facts.claims import claim_table
from utils.stats.collocation import read_nodes
from utils.stats.similarity import read_aliases, renderings
from utils.corpus.articles import read_corpus
from utils.stats.keywords import choose_groups
from utils.facts.quantities import accuracy
from utils.corpus.files import Mistake
from utils.report.manifest import stale, write_manifest
from utils.report.pages import write_pages
from utils.report.run import choose_notebooks, choose_parameters, in_place, run_notebooks
from utils.stats.themes import read_themes
from utils.corpus.tokens import tokenize


def check(names: list[str], given: dict[str, str], corpus: Path, output: Path) -> tuple[list[Path], dict[str, Any]]:
    """The notebooks and parameters asked for. Reads what the notebooks will read, so that a ``Mistake`` comes first."""
    notebooks = choose_notebooks(names)
    parameters = choose_parameters(notebooks, given)
    articles = read_corpus(corpus)
    few = tokenize(articles.head(1))
    read_themes(corpus), read_nodes(corpus, few), renderings(few, corpus), read_aliases(articles, corpus)
    read_attributes(read_facts(articles, corpus), corpus), claim_table(articles, corpus), accuracy(articles, corpus)
    if parameters.get("TARGET") or parameters.get("REFERENCE"):
        choose_groups(articles, parameters.get("TARGET"), parameters.get("REFERENCE"))
    if output.resolve().is_relative_to(corpus):
        raise Mistake(f"--output {output}: lies inside the corpus; name a folder outside it")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--output {output}: {error.strerror}; name a folder that can be written") from None
    return notebooks, parameters


def produce(
    notebooks: list[Path], parameters: dict[str, Any], output: Path, jobs: int, inputs: dict[str, dict]
) -> dict[str, str]:
    """Run the notebooks and move the report into ``output``; what failed, by name. One run at a time in a folder."""
    try:
        with FileLock(output.parent / f".{output.name}.lock", timeout=0), in_place(output) as (folder, keep):
            failures = run_notebooks(notebooks, parameters, folder / "notebooks", jobs)
            files = write_pages(folder, output, failures)
            if files:
                ran = {file.stem: inputs[file.stem] for file in notebooks if file.stem not in failures}
                write_manifest(folder, output, ran, files)
                gone = stale(output, ran, files)
                keep([*files, "manifest.json"])
                for name in gone:
                    (output / name).unlink(missing_ok=True)
            return failures
    except Timeout:
        raise Mistake(f"--output {output}: another run is writing there; wait for it or name another folder") from None
