"""A coding checked, brought and taken along, and what a coder is asked for.

``python -m utils.facts --help`` says how.
"""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    The code is 0 when all is well, 1 when rows of a coding are refused, 2 when there is something
    for the user to mend, 130 after Ctrl-C and 143 after SIGTERM.
    """
    options = _parser().parse_args(arguments)
    from utils.corpus.files import Mistake  # after the options, so that --help is quick
    from utils.report.terminal import cleaning_up, say, stopped

    try:
        with cleaning_up():
            return options.run(options)
    except Mistake as mistake:
        say(*mistake.problems, error=True)
        return 2
    except KeyboardInterrupt as stop:
        return stopped(stop)


def _refuse_to_overwrite(file):
    """Raise ``Mistake`` where a file is already there, for it may be a table or a coding."""
    from utils.corpus.files import Mistake

    if file is not None and file.is_file():
        raise Mistake(f"{file}: is already there; take it away, or name another file")


def _check(options):
    from utils.corpus.articles import read_corpus
    from utils.corpus.files import write_text
    from utils.facts.gate import check_coding, describe_checked
    from utils.report.terminal import say

    _refuse_to_overwrite(options.output)
    checked = check_coding(read_corpus(options.corpus), options.file, options.coder)
    say(*describe_checked(checked))
    if options.output is not None:
        write_text(options.output, checked.rows.to_csv(index=False, lineterminator="\n"))
        say(f"{options.output} has the rows that stand, ready to be added to centres.csv")
    return 1 if checked.problems else 0


def _prompt(options):
    from utils.corpus.articles import read_corpus
    from utils.corpus.files import write_text
    from utils.facts.prompt import coding_prompt
    from utils.report.terminal import say

    _refuse_to_overwrite(options.output)
    prompt = coding_prompt(read_corpus(options.corpus))
    if options.output is None:
        say(*prompt.splitlines())
    else:
        write_text(options.output, prompt)
        say(f"{options.output} has the codebook and the rules; give a coder the texts with it")
    return 0


def _template(options):
    from utils.corpus.articles import read_corpus
    from utils.corpus.files import Mistake, write_bytes
    from utils.facts.exchange.template import write_template
    from utils.report.terminal import say

    if options.file.suffix.lower() != ".xlsx":
        raise Mistake(f"{options.file}: is to be a workbook; end its name in .xlsx")
    _refuse_to_overwrite(options.file)
    write_bytes(options.file, write_template(read_corpus(options.corpus)))
    say(f"{options.file} is to be filled in; check reads it")
    return 0


def _export(options):
    from utils.corpus.articles import read_corpus
    from utils.corpus.files import write_bytes
    from utils.facts.exchange.registry import export_coding
    from utils.page.wording import count
    from utils.report.terminal import say

    _refuse_to_overwrite(options.file)
    articles = read_corpus(options.corpus)
    write_bytes(options.file, export_coding(articles, options.file, options.blank))
    say(f"{options.file} has {count(len(articles), 'article')}")
    return 0


def _import(options):
    from utils.corpus.articles import read_corpus
    from utils.corpus.files import write_text
    from utils.facts.exchange.registry import import_coding
    from utils.facts.gate import check_rows, describe_checked
    from utils.page.wording import count
    from utils.report.terminal import say

    output = options.output or options.file.with_name(f"{options.file.stem}_coding.csv")
    _refuse_to_overwrite(output)
    articles = read_corpus(options.corpus)
    coding = import_coding(articles, options.file)
    rows = coding.rows.assign(coder=coding.rows.coder.replace("", options.coder))
    write_text(output, rows.to_csv(index=False, lineterminator="\n"))
    checked = check_rows(articles, rows, output.name)
    say(f"{output} has {count(len(rows), 'row')}", *coding.problems, *coding.notes)
    say(*describe_checked(checked))
    return 1 if coding.problems or checked.problems else 0


def _parser():
    from utils.report.options import speak_plainly
    from utils.report.places import CORPUS

    parser = argparse.ArgumentParser(
        prog="python -m utils.facts", description="Check a coding, bring one, take it along."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say which rows of a coding stand, and why not")
    check.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX or JSON")
    check.add_argument("--coder", default="", metavar="NAME", help="who made rows that name nobody")
    check.add_argument("--output", type=Path, metavar="FILE", help="CSV for the rows that stand")
    check.set_defaults(run=_check)
    prompt = commands.add_parser("prompt", help="write the codebook for a person or a model")
    prompt.add_argument("--output", type=Path, metavar="FILE", help="where to (default: print it)")
    prompt.set_defaults(run=_prompt)
    _add_exchange(commands)
    for command in commands.choices.values():
        command.add_argument(
            "--corpus",
            type=Path,
            default=CORPUS,
            metavar="FOLDER",
            help="the corpus that is coded (default: corpus/)",
        )
        speak_plainly(command)
    speak_plainly(parser)
    return parser


def _add_exchange(commands):
    """The commands that bring a coding, and take it along."""
    template = commands.add_parser("template", help="write a workbook to code in")
    template.add_argument("file", type=Path, metavar="FILE.xlsx", help="where to")
    template.set_defaults(run=_template)
    export = commands.add_parser("export", help="write the coding for a tool, or for programs")
    export.add_argument("file", type=Path, metavar="FILE", help="a .qdpx (REFI-QDA) or .jsonld")
    export.add_argument("--blank", action="store_true", help="leave the coding out, to code anew")
    export.set_defaults(run=_export)
    bring = commands.add_parser("import", help="make a CSV of what was coded in a tool")
    bring.add_argument("file", type=Path, metavar="FILE", help=".qdpx, .jsonld, CSV of Taguette")
    bring.add_argument("--coder", default="", metavar="NAME", help="who made rows that name nobody")
    bring.add_argument("--output", type=Path, metavar="FILE.csv", help="default: FILE_coding.csv")
    bring.set_defaults(run=_import)


if __name__ == "__main__":
    from utils.report.terminal import catch_signals

    catch_signals()
    sys.exit(main())
