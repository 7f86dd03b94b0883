"""What the command line of the report asks for."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from utils.report.places import CORPUS, ROOT
from utils.report.terminal import say


def read_options(arguments: list[str] | None) -> Namespace:
    """The options, with the path of the corpus resolved and all parameters ``given``, by name.

    Says what is wrong with them, or the help that is asked for, and raises ``SystemExit``.

    >>> read_options(["--parameter", "TOP", "5", "--skip-bad"]).given
    {'TOP': '5', 'SKIP_BAD': 'True'}
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.given = _given(options)
    except ArgumentTypeError as problem:
        parser.error(str(problem))
    options.output = Path(options.output)
    options.corpus = Path(options.given.get("CORPUS", CORPUS))
    return options


def speak_plainly(parser: ArgumentParser) -> None:
    """Let a parser say what is wrong in one visible line, and help to whoever reads it."""
    parser.error = _refuse
    parser.print_help = lambda: say(*parser.format_help().splitlines())


def _given(options):
    sources = [*options.corpus, *options.source]
    pairs = [*options.parameter, *(("CORPUS", source) for source in sources)]
    pairs += [("SKIP_BAD", "True")] * options.skip_bad + [("EXCEL", "True")] * options.excel
    given = {}
    for name, text in pairs:
        value = os.path.realpath(_path(text)) if name == "CORPUS" else text
        if given.setdefault(name, value) != value:
            raise ArgumentTypeError(f"{name} is both {given[name]} and {value}: give one value")
    return given


def _parser():
    parser = ArgumentParser(
        prog="python -m utils.report", description="Run the notebooks and write the report."
    )
    speak_plainly(parser)
    add = parser.add_argument
    source = "folder or file with the articles (default: corpus/)"
    add("source", nargs="*", metavar="SOURCE", help=source)
    add("--corpus", action="append", default=[], metavar="SOURCE", help="the same")
    add("--skip-bad", action="store_true", help="leave out articles that cannot be read")
    add("--excel", action="store_true", help="CSV files with a byte-order mark, for Excel")
    add(
        "--output",
        type=_path,
        default=str(ROOT / "reports"),
        help="folder of the report (default: reports/)",
    )
    add(
        "--notebooks",
        nargs="+",
        action="extend",
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
    jobs = "notebooks that run at a time (default: 2; of a small corpus up to 4, by the cores; "
    jobs += "fewer where memory is short: each is taken to need 0.25 GB and 20 times the corpus)"
    add("--jobs", type=_jobs, help=jobs)
    workers = "processes beside each notebook that work through parts of a large corpus"
    add("--workers", type=_jobs, help=workers)
    scheduler = "a Dask cluster that works through them, such as tcp://localhost:8786"
    add("--scheduler", metavar="ADDRESS", help=scheduler)
    add("--force", action="store_true", help="also run notebooks whose inputs have not changed")
    return parser


def _path(text):
    if not text:
        raise ArgumentTypeError("a path is empty; name a folder")
    return text


def _jobs(text):
    number = int(text[:9]) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise ArgumentTypeError(f"{text[:20]}: give a whole number of 1 or more")
    return number


def _refuse(problem):
    say(f"{problem} (--help tells more)", error=True)
    raise SystemExit(2)
