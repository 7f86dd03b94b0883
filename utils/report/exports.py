"""Files to download: what a notebook showed, in each format of ``FORMATS``."""

import csv
import io
from base64 import b64decode
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import regex

from utils.page.cells import NO_BOUND, all_rows
from utils.page.columns import cell_text, format_of
from utils.report.executed import bundles

# What is not seen goes before the sign in some spreadsheets; full-width signs are signs too.
_FORMULA = regex.compile(r"[\s\p{C}]*[=+@-]|[\t\r\n]")
_PLAIN = regex.compile("[0-9A-Za-z]")  # what most values begin with


def svg_of(bundle: dict) -> bytes:
    """A figure as SVG."""
    return bundle["svg"].encode()


def png_of(bundle: dict) -> bytes:
    """A figure as PNG."""
    return b64decode(bundle["png"])


def pdf_of(bundle: dict) -> bytes:
    """A figure as PDF, with the letters of its fonts."""
    return b64decode(bundle["pdf"])


def csv_of(bundle: dict) -> bytes:
    """All rows of a table, or of the table that a figure was drawn from, as CSV with raw values."""
    lines = io.StringIO()
    writer = csv.writer(lines)  # lines end in CR LF, else a CR in a cell would not be quoted
    header, rows = rows_of(bundle)
    writer.writerow(map(_csv_value, header))
    writer.writerows(map(_csv_value, row) for row in rows)
    return lines.getvalue().encode()


def rows_of(bundle: dict) -> tuple[list[str], Iterator[list]]:
    """The columns and rows of the CSV file of a table.

    A column of numbers has nothing but numbers: where one has no bound its cell is empty, and a
    column ``NAME_note`` beside it says so.

    >>> low = {"key": "low", "numeric": True}
    >>> header, rows = rows_of({"columns": [low], "rows": [[1.5], ["no bound"]]})
    >>> header, list(rows)
    (['low', 'low_note'], [[1.5, ''], [None, 'no bound']])
    """
    columns = []
    for place, column in enumerate(bundle["columns"]):
        name = str(column["key"])
        is_places = format_of(f"{bundle.get('name', '')}.{name}") == "places"
        columns.append((name, place, _sentences if is_places else _READERS[column["numeric"]]))
        if column["numeric"] and _is_unbounded(bundle, place):
            columns.append((f"{name}_note", place, _note))
    rows = ([read(row[place]) for _, place, read in columns] for row in all_rows(bundle))
    return [name for name, *_ in columns], rows


_NEED_FONTS = ("png", "pdf")


def _is_unbounded(bundle, place):
    """Whether a column has a number without a bound; of a large table the bundle says it."""
    seen = any(row[place] == NO_BOUND for row in bundle["rows"])
    return seen or place in bundle.get("unbounded", ())


def _sentences(numbers):
    """Numbers of sentences as a text that no program takes for a number.

    >>> _sentences("0 12")
    's0 s12'
    """
    return " ".join(f"s{number}" for number in (numbers or "").split())


def _number(value):
    return None if value == NO_BOUND else value


def _note(value):
    return NO_BOUND if value == NO_BOUND else ""


def _as_it_is(value):
    return value


_READERS = {True: _number, False: _as_it_is}
"""What a CSV file has of a value, by whether its column is one of numbers."""


FORMATS = {
    "figure": {"svg": svg_of, "png": png_of, "pdf": pdf_of, "csv": csv_of},
    "heat": {"csv": csv_of},
    "table": {"csv": csv_of},
}
"""What writes a bundle of each kind, by the ending of the file; pages link to them in order."""


def write_exports(cells: list, folder: Path, excel: bool = False) -> list[Path]:
    """Write all that cells show into a folder, in every format; the files.

    For ``excel`` a CSV file begins with a byte-order mark, by which Excel knows UTF-8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for bundle in bundles(cells, *FORMATS):
        for ending, write in FORMATS[bundle["kind"]].items():
            if ending in _NEED_FONTS and not bundle.get(ending):
                continue  # no font of the machine could draw it
            file = folder / f"{bundle['name']}.{ending}"
            mark = BOM_UTF8 if excel and ending == "csv" else b""
            file.write_bytes(mark + write(bundle))
            files.append(file)
    return files


def _csv_value(value):
    """The value in a CSV file; a text that a spreadsheet would run gets an apostrophe in front."""
    if isinstance(value, list):
        value = cell_text(value)
    if not isinstance(value, str) or _PLAIN.match(value):
        return value
    return f"'{value}" if _FORMULA.match(normalize("NFKC", value)) else value
