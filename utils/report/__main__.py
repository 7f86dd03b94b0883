"""``python -m utils.report``: exit code 0 when every page was written, 1 when a notebook failed, 2 for a mistake."""

import argparse
import sys
from pathlib import Path

from utils.collocation import read_nodes
from utils.corpus import CORPUS, read_corpus
from utils.keywords import choose_groups
from utils.reading import Mistake
from utils.report.pages import write_pages
from utils.report.run import NOTEBOOKS, choose_notebooks, choose_parameters, in_place, run_notebooks
from utils.themes import read_names, read_themes
from utils.tokens import tokenize


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; its exit code."""
    options = _parser().parse_args(arguments)
    try:
        notebooks = choose_notebooks(options.notebooks)
        parameters = choose_parameters(notebooks, dict(options.parameter))
        if options.corpus:
            parameters["CORPUS"] = str(options.corpus.resolve())
        _check(parameters)
        _make_folder(options.output, Path(parameters.get("CORPUS") or CORPUS))
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    with in_place(options.output) as (folder, keep):
        failures = run_notebooks(notebooks, parameters, folder / "notebooks", options.jobs)
        keep(write_pages(folder, options.output, failures))
    for failure in failures.values():
        print(failure, file=sys.stderr)
    written = len(notebooks) - len(failures)
    print(f"{written} of {len(notebooks)} notebooks ran; read {options.output / 'index.html'}")
    # A notebook that stopped at the user's mistake says so without naming a cell.
    return 0 if not failures else 1 if any(", cell " in line for line in failures.values()) else 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m utils.report", description="Run the notebooks and write the report."
    )
    parser.add_argument("--corpus", type=Path, help=f"folder with metadata.csv and texts/ (default: {CORPUS.name}/)")
    parser.add_argument(
        "--output", type=Path, default=NOTEBOOKS.parent / "reports", help="folder of the report (default: reports/)"
    )
    parser.add_argument("--notebooks", nargs="+", metavar="NAME", default=[], help="names or numbers (default: all)")
    parser.add_argument("--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="as in the notebooks' parameters cell")  # fmt: skip
    parser.add_argument("--jobs", type=int, default=2, help="notebooks that run at a time (default: 2)")
    return parser


def _check(parameters: dict) -> None:
    """Read what the notebooks will read, so that a mistake is told before anything runs."""
    folder = parameters.get("CORPUS")
    articles = read_corpus(folder)
    read_themes(folder), read_names(folder)
    read_nodes(folder, tokenize(articles.head(1)))
    if parameters.get("TARGET") or parameters.get("REFERENCE"):
        choose_groups(articles, parameters.get("TARGET"), parameters.get("REFERENCE"))


def _make_folder(output: Path, corpus: Path) -> None:
    if output.resolve().is_relative_to(corpus.resolve()):
        raise Mistake(f"--output {output}: lies inside the corpus; name a folder outside it")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--output {output}: {error.strerror}; name a folder that can be written") from None


if __name__ == "__main__":
    sys.exit(main())
