"""Files to download: what a notebook showed, in each format of ``FORMATS``."""

import csv
import io
from base64 import b64decode
from pathlib import Path
from typing import Any
from unicodedata import normalize

import regex

from utils.page.columns import cell_text
from utils.report.executed import bundles

# What is not seen goes before the sign in some spreadsheets; full-width signs are signs too.
_FORMULA = regex.compile(r"[\s\p{C}]*[=+@-]|[\t\r\n]")


def svg_of(bundle: dict) -> bytes:
    """A figure as SVG."""
    return bundle["svg"].encode()


def png_of(bundle: dict) -> bytes:
    """A figure as PNG."""
    return b64decode(bundle["png"])


def csv_of(bundle: dict) -> bytes:
    """All rows of a table, or of the table that a figure was drawn from, as CSV with raw values."""
    lines = io.StringIO()
    writer = csv.writer(lines)  # lines end in CR LF, else a CR in a cell would not be quoted
    writer.writerow(_csv_value(column["key"]) for column in bundle["columns"])
    writer.writerows(map(_csv_value, row) for row in bundle["rows"])
    return lines.getvalue().encode()


FORMATS = {
    "figure": {"svg": svg_of, "png": png_of, "csv": csv_of},
    "table": {"csv": csv_of},
}
"""What writes a bundle of each kind, by the ending of the file; pages link to them in order."""


def write_exports(cells: list, folder: Path) -> list[Path]:
    """Write all that cells show into a folder, in every format; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for bundle in bundles(cells, *FORMATS):
        for ending, write in FORMATS[bundle["kind"]].items():
            if ending == "png" and not bundle.get("png"):
                continue  # no font of the machine could draw it
            file = folder / f"{bundle['name']}.{ending}"
            file.write_bytes(write(bundle))
            files.append(file)
    return files


def _csv_value(value: Any) -> Any:
    """The value in a CSV file; a text that a spreadsheet would run gets an apostrophe in front."""
    if isinstance(value, list):
        value = cell_text(value)
    if isinstance(value, str) and _FORMULA.match(normalize("NFKC", value)):
        return f"'{value}"
    return value
