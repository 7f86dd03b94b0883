"""Runs the report: ``python -m utils.report --help``."""

import sys

from utils.report.command import main
from utils.report.terminal import catch_signals, ignore_signals


def _run():
    catch_signals()
    import gc

    gc.disable()  # of what is imported hardly anything is garbage
    import logging  # only now, so that a signal is caught before
    import warnings

    logging.disable()  # what libraries have to say is in our own messages
    warnings.simplefilter("ignore")
    exit_code = main()
    ignore_signals()
    return exit_code


if __name__ == "__main__":
    sys.exit(_run())
