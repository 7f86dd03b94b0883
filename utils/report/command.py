"""The command line of the report.

Modules that are slow to import are imported only where a notebook has to be run.
"""

import argparse
import sys
from pathlib import Path

from utils.report.manifest import inputs_of, unchanged
from utils.report.places import ROOT, notebooks_named


def main(arguments: list[str] | None = None, fork: bool = False) -> int:
    """Run the command line and return its exit code.

    The code is 0 when every page was written, 1 when a notebook failed, 2 when the user made a
    mistake and 130 after Ctrl-C. With ``fork``, kernels are forked from a process that has loaded
    the libraries; a program that has threads of its own must not ask for that.
    """
    options = _read_options(arguments)
    if not options.force and _is_up_to_date(options):
        print(f"Nothing has changed; read {options.output / 'index.html'} (--force runs it all)")
        return 0
    try:
        if fork and sys.platform == "linux":
            from utils.report.fork import warm_up

            warm_up()
        return _make_report(options)
    except KeyboardInterrupt:
        print("Stopped; the report is as it was before.", file=sys.stderr)
        return 130


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    """The options, with the folder of the corpus resolved and the parameters as a dictionary."""
    options = _parser().parse_args(arguments)
    options.given = dict(options.parameter)
    if options.corpus:
        options.given["CORPUS"] = str(options.corpus.resolve())
    options.corpus = (options.corpus or ROOT / "corpus").resolve()
    return options


def _is_up_to_date(options: argparse.Namespace) -> bool:
    """Whether the report holds every notebook asked for, made from the inputs there are now.

    A name that no notebook has counts as out of date; the run will then say what is wrong.
    """
    chosen = notebooks_named(options.notebooks)
    known = all(notebooks_named([name]) for name in options.notebooks)
    if not (known and chosen and options.corpus.is_dir()):
        return False
    inputs = inputs_of(chosen, options.corpus, options.given)
    return unchanged(options.output, inputs) == set(inputs)


def _make_report(options: argparse.Namespace) -> int:
    # jsonschema would build a grammar of web addresses in any alphabet, which takes a second and
    # which no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)
    from utils.corpus.files import Mistake
    from utils.report.produce import check_request, write_report

    try:
        notebooks, parameters = check_request(
            options.notebooks, options.given, options.corpus, options.output
        )
        inputs = inputs_of(notebooks, options.corpus, options.given)
        kept = set() if options.force else unchanged(options.output, inputs)
        outdated = [file for file in notebooks if file.stem not in kept]
        failures = write_report(outdated, parameters, options.output, options.jobs, inputs)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    for failure in failures.values():
        print(failure.text, file=sys.stderr)
    ran = f"{len(outdated) - len(failures)} of {len(outdated)} notebooks ran"
    unchanged_ones = f", {len(kept)} had not changed" if kept else ""
    print(f"{ran}{unchanged_ones}; read {options.output / 'index.html'}")
    return min((failure.exit_code for failure in failures.values()), default=0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m utils.report", description="Run the notebooks and write the report."
    )
    add = parser.add_argument
    add("--corpus", type=Path, help="folder with metadata.csv and texts/ (default: corpus/)")
    add(
        "--output",
        type=Path,
        default=ROOT / "reports",
        help="folder of the report (default: reports/)",
    )
    add(
        "--notebooks",
        nargs="+",
        metavar="NAME",
        default=[],
        help="names or numbers (default: all)",
    )
    add(
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="as in the notebooks' parameters cells, for instance TARGET region=north",
    )
    add("--jobs", type=int, default=2, help="notebooks that run at the same time (default: 2)")
    add("--force", action="store_true", help="also run notebooks whose inputs have not changed")
    return parser
