"""The command line of the report.

What is slow to import is imported only where a notebook has to be run, and hardly anything before
``main`` begins, so that a run can be stopped from its first moment.
"""

import os
import sys

from utils.report.terminal import cleaning_up, say, stopped

_MOST_JOBS = 4  # where nobody says how many
_OF_NOTEBOOK = 250_000_000  # bytes of memory that a notebook takes, and so many times the corpus
_OF_CORPUS = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    The code is 0 when every page was written, 1 when a notebook failed, 2 when the user made a
    mistake, 130 after Ctrl-C and 143 after SIGTERM.
    """
    from utils.report.options import read_options

    try:
        options = read_options(arguments)
        if options.force or not _is_up_to_date(options):
            return _make_report(options)
    except SystemExit as end:  # after --help, or a mistake in the options
        return int(end.code or 0)
    except KeyboardInterrupt as stop:
        return stopped(stop)
    say(f"Nothing has changed; read {options.output / 'index.html'} (--force runs it all)")
    return 0


def _is_up_to_date(options):
    """Whether the report holds every notebook asked for, made from the inputs there are now.

    What is wrong with the request counts as out of date; the run will then say it.
    """
    from utils.report.manifest import inputs_of, unchanged
    from utils.report.needs import able
    from utils.report.places import notebooks_named

    named = notebooks_named(options.notebooks)
    known = all(notebooks_named([name]) for name in options.notebooks)
    try:
        chosen = able(named, options.corpus, named=bool(options.notebooks))
        there = options.corpus.exists() and (options.output / "index.html").is_file()
        if not (known and chosen and there):
            return False
        inputs = inputs_of(chosen, options.corpus, options.given)
        return unchanged(options.output, inputs) == set(inputs)
    except (OSError, ValueError):
        return False


def _make_report(options):
    # jsonschema would build a grammar of web addresses in any alphabet, which takes a second and
    # which no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)
    import tempfile

    from utils.corpus.files import Mistake
    from utils.corpus.parts import share_out
    from utils.report.forked import kernels_of_run

    try:
        share_out(options.workers, options.scheduler)
        with kernels_of_run(options.jobs) as kernels:
            return _run(options, kernels)
    except Mistake as mistake:
        say(*mistake.problems, error=True)
    except OSError as error:  # a disk that is full, a folder that cannot be read or written
        place = error.filename or tempfile.tempdir or options.output
        say(f"{place}: {error.strerror or error}", error=True)
    return 2


def _run(options, kernels):
    import gc

    from psutil import virtual_memory

    from utils.report.forked import give_back
    from utils.report.manifest import corpus_files, inputs_of, unchanged
    from utils.report.produce import check_request, write_report

    gc.freeze()
    gc.enable()
    notebooks, parameters = check_request(
        options.notebooks, options.given, options.corpus, options.output
    )
    give_back()  # the index may have been made
    inputs = inputs_of(notebooks, options.corpus, options.given)
    free = virtual_memory().available
    kernels.jobs = options.jobs or jobs_for(corpus_files(options.corpus), free)
    kept = set() if options.force else unchanged(options.output, inputs)
    outdated = [file for file in notebooks if file.stem not in kept]
    with cleaning_up():
        failures = write_report(outdated, parameters, options.output, kernels, inputs)
    say(*(failure.text for failure in failures.values()), error=True)
    index = options.output / "index.html"
    read = f"; read {index}" if index.is_file() else ""
    unchanged_ones = f", {len(kept)} had not changed" if kept else ""
    say(f"{len(outdated) - len(failures)} of {len(outdated)} notebooks ran{unchanged_ones}{read}")
    return min((failure.exit_code for failure in failures.values()), default=0)


def jobs_for(files: list[tuple[str, str]], free: int) -> int:
    """How many notebooks run at a time on a corpus of these files, in so many bytes of memory.

    >>> jobs_for([("", __file__)], 16 * 10**9) > jobs_for([("", __file__)], 10**8)
    True
    """
    from utils.corpus.index import LARGE

    size = sum(os.path.getsize(path) for _, path in files if path)
    most = 2 if size >= LARGE else min((os.cpu_count() or 1) + 1, _MOST_JOBS)
    return max(1, min(most, free // (_OF_NOTEBOOK + _OF_CORPUS * size)))
