"""The data dictionary of a report: what every CSV file has in a row, and every column in a cell."""

import csv
import io
from collections.abc import Iterable
from itertools import islice

from utils.page.cells import number_of_rows
from utils.page.columns import column_of, label_of
from utils.report.executed import bundles
from utils.report.exports import FORMATS, rows_of

COLUMNS = "file table column heading unit type meaning".split()
FILE = "data/dictionary.csv"
_NO_BOUND_MEANING = "why there is no number: an interval that has no bound at this end"


def tables_of(notebooks: dict) -> list[dict]:
    """Every table of some executed notebooks, by the order in which they are shown.

    A table has its ``file`` in the report, its ``caption``, the ``rows`` that the file has, and its
    ``columns``: ``column, heading, unit, type, meaning``. The type is ``integer``, ``number``,
    ``boolean`` or ``string``.
    """
    return [
        {
            "file": f"data/{stem}/{bundle['name']}.csv",
            "name": bundle["name"],
            "caption": bundle["caption"],
            "rows": number_of_rows(bundle),
            "columns": list(_columns_of(bundle)),
        }
        for stem, notebook in notebooks.items()
        for bundle in bundles(notebook.cells, *FORMATS)
        if bundle["columns"]
    ]


def dictionary_itself() -> dict:
    """The data dictionary described as a table, as ``tables_of`` does.

    >>> [column["column"] for column in dictionary_itself()["columns"]][:2]
    ['file', 'table']
    """
    columns = [
        {"column": name, "heading": name, "unit": "", "type": "string", "meaning": f"its {name}"}
        for name in COLUMNS
    ]
    return {"file": FILE, "caption": "What every column of every table has.", "columns": columns}


def dictionary_csv(tables: Iterable[dict]) -> bytes:
    """The data dictionary as CSV: a row for each column of each table."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for table in tables:
        shared = {"file": table["file"], "table": table["caption"]}
        writer.writerows(shared | column for column in table["columns"])
    return lines.getvalue().encode()


def _columns_of(bundle):
    header, rows = rows_of(bundle)
    types = [set() for _ in header]
    for row in islice(rows, len(bundle["rows"])):  # in a column later ones are like the first
        for known, value in zip(types, row, strict=True):
            known.add(type(value))
    for number, key in enumerate(header):
        column = column_of(f"{bundle['name']}.{key}")
        note = key.removesuffix("_note")
        meaning = _NO_BOUND_MEANING if key != note and note in header else column.meaning
        yield {
            "column": key,
            "heading": label_of(column),
            "unit": column.unit,
            "type": _type_of(types[number]),
            "meaning": meaning or f"what the row has of {column.heading}",
        }


def _type_of(types):
    """The narrowest type that holds values of these types; what is blank has none.

    >>> none = type(None)
    >>> [_type_of(types) for types in ({int, none}, {int, float}, {bool, none}, {int, str})]
    ['integer', 'number', 'boolean', 'string']
    """
    types = types - {type(None)}
    if types and types <= {bool}:
        return "boolean"
    if types and types <= {int}:
        return "integer"
    return "number" if types and types <= {int, float} else "string"
