"""The report room runs the notebooks and makes a folder of pages that opens offline."""

from utils.report.command import main
