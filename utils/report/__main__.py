"""``python -m utils.report``: exit code 0 when every page was written, 1 when a notebook failed, 2 for a mistake."""

import argparse
import sys
from pathlib import Path

from utils.corpus import CORPUS, read_corpus
from utils.reading import Mistake
from utils.report.pages import write_pages
from utils.report.run import NOTEBOOKS, choose_notebooks, choose_parameters, in_place, run_notebooks


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; its exit code."""
    options = _parser().parse_args(arguments)
    try:
        notebooks = choose_notebooks(options.notebooks)
        parameters = choose_parameters(notebooks, dict(options.parameter))
        if options.corpus:
            parameters["CORPUS"] = str(options.corpus.resolve())
        read_corpus(parameters.get("CORPUS"))
        _make_folder(options.output)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    with in_place(options.output) as (folder, keep):
        failures = run_notebooks(notebooks, parameters, folder / "notebooks", options.jobs)
        keep(write_pages(folder, options.output))
    for failure in failures:
        print(failure, file=sys.stderr)
    written = len(notebooks) - len(failures)
    print(f"{written} of {len(notebooks)} notebooks ran; read {options.output / 'index.html'}")
    return 1 if failures else 0


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


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--output {output}: {error.strerror}; name a folder that can be written") from None


if __name__ == "__main__":
    sys.exit(main())
