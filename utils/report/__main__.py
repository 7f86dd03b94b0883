"""Runs the report: ``python -m utils.report --help``."""

import sys

from utils.report.command import main

if __name__ == "__main__":
    sys.exit(main(fork=True))
