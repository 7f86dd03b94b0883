"""``python -m utils.report``: exit code 0 when every page is there, 1 when a notebook failed, 2 for a mistake.

What is slow to import is imported only when something has to be run.
"""

import argparse
import sys
from pathlib import Path

from utils.report.manifest import inputs_of, unchanged

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; its exit code."""
    options = _parser().parse_args(arguments)
    corpus = (options.corpus or ROOT / "corpus").resolve()
    given = dict(options.parameter) | ({"CORPUS": str(corpus)} if options.corpus else {})
    if not options.force and corpus.is_dir() and _is_there(options, corpus, given):
        print(f"Nothing has changed (--force runs all the same); read {options.output / 'index.html'}")
        return 0
    try:
        return _produce(options, corpus, given)
    except KeyboardInterrupt:
        print("Stopped; the report is as it was before.", file=sys.stderr)
        return 130


def _is_there(options: argparse.Namespace, corpus: Path, given: dict[str, str]) -> bool:
    """Whether every notebook asked for was run before on the same inputs. Names are checked only when it was not."""
    every = {file.stem: file for file in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))}
    chosen = {
        stem: file for stem, file in every.items() if not options.notebooks or {stem, stem[:2]} & set(options.notebooks)
    }
    inputs = {stem: inputs_of(file, corpus, given) for stem, file in chosen.items()}
    known = set(options.notebooks) <= {*every, *(stem[:2] for stem in every)}
    return known and bool(chosen) and unchanged(options.output, inputs) == set(chosen)


def _produce(options: argparse.Namespace, corpus: Path, given: dict[str, str]) -> int:
    if __name__ == "__main__":  # a program that calls main() may not stand a fork
        from utils.report.fork import warm_up

        warm_up()
    from utils.corpus.files import Mistake
    from utils.report import produce

    try:
        notebooks, parameters = produce.check(options.notebooks, given, corpus, options.output)
        inputs = {file.stem: inputs_of(file, corpus, given) for file in notebooks}
        again = set() if options.force else unchanged(options.output, inputs)
        todo = [file for file in notebooks if file.stem not in again]
        failures = produce.produce(todo, parameters, options.output, options.jobs, inputs)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    for failure in failures.values():
        print(failure, file=sys.stderr)
    kept = f", {len(again)} had not changed" if again else ""
    print(f"{len(todo) - len(failures)} of {len(todo)} notebooks ran{kept}; read {options.output / 'index.html'}")
    # A notebook that stopped at the user's mistake says so without naming a cell.
    return 0 if not failures else 1 if any(", cell " in line for line in failures.values()) else 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m utils.report", description="Run the notebooks and write the report."
    )
    parser.add_argument("--corpus", type=Path, help="folder with metadata.csv and texts/ (default: corpus/)")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "reports", help="folder of the report (default: reports/)"
    )
    parser.add_argument("--notebooks", nargs="+", metavar="NAME", default=[], help="names or numbers (default: all)")
    parser.add_argument("--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="as in the notebooks' parameters cells, for instance TARGET region=north")  # fmt: skip
    parser.add_argument("--jobs", type=int, default=2, help="notebooks that run at a time (default: 2)")
    parser.add_argument("--force", action="store_true", help="run notebooks whose inputs have not changed, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
