"""Makes and checks corpora: ``python -m utils.corpus --help``."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    The code is 0 when all is well, 2 when there is something for the user to mend, 130 after Ctrl-C
    and 143 after SIGTERM.
    """
    options = _parser().parse_args(arguments)
    from utils.corpus.files import Mistake  # after the options, so that --help is quick
    from utils.report.new_corpus import check_corpus, make_corpus
    from utils.report.terminal import cleaning_up, say, stopped

    try:
        with cleaning_up():
            if options.command == "check":
                lines = check_corpus(options.source, options.skip_bad)
            else:
                lines = make_corpus(options.folder, options.sources, options.skip_bad)
    except Mistake as mistake:
        say(*mistake.problems, error=True)
        return 2
    except KeyboardInterrupt as stop:
        return stopped(stop)
    say(*lines)
    return 0


def _parser():
    from utils.report.options import speak_plainly

    source = "a folder, a file or a ZIP: texts, pages, documents, tables, exports of news databases"
    parser = argparse.ArgumentParser(
        prog="python -m utils.corpus", description="Make a corpus of your own, or check one."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser(
        "new", help="make a folder with texts/, metadata.csv and a codebook from any sources"
    )
    new.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    new.add_argument("sources", type=Path, nargs="+", metavar="SOURCE", help=source)
    check = commands.add_parser("check", help="say what is wrong, or what the corpus can support")
    check.add_argument("source", type=Path, metavar="SOURCE", help=source)
    for command in (new, check):
        command.add_argument("--skip-bad", action="store_true", help="leave out what is bad")
    for each in (parser, new, check):
        speak_plainly(each)
    return parser


if __name__ == "__main__":
    from utils.report.terminal import catch_signals

    catch_signals()
    sys.exit(main())
