"""Runs the report: ``python -m utils.report --help``."""

import logging
import sys

from utils.report.command import main
from utils.report.terminal import catch_signals, ignore_signals

if __name__ == "__main__":
    catch_signals()
    logging.disable()  # libraries' words on what our own messages say
    exit_code = main()
    ignore_signals()
    sys.exit(exit_code)
