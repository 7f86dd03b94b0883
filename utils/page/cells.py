"""A table as columns and rows of plain values, that JSON can hold."""

import json
import math
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from itertools import chain

import numpy as np
from pandas import DataFrame, isna
from pandas.api.types import is_float_dtype, is_numeric_dtype

from utils.page.columns import ARTICLE, format_of
from utils.page.languages import languages_among
from utils.page.names import names_among
from utils.stats.counted import counted_of

NO_BOUND = "no bound"  # an end of an interval that is infinite
MOST_ROWS = 5_000
"""Of a table that a page can show; further ones are in its CSV file alone."""
_PACKED = 20_000  # rows that are packed together


def cells_of(table: DataFrame) -> dict:
    """Columns, rows of plain values (None where blank), and the names of the articles in them.

    Of a large table ``further`` has the rows after the first, packed, ``total`` is how many there
    are in all, and ``unbounded`` has the places of columns in which an end of an interval is open.
    """
    columns = [{"key": key, "numeric": is_numeric_dtype(table[key])} for key in table]
    first = table.head(MOST_ROWS)
    doc_ids = [first[key] for key in table if format_of(key) == ARTICLE]
    cells = {"columns": columns, "rows": _rows_of(first), "names": names_among(chain(*doc_ids))}
    return cells | _further(table) | languages_among(chain(*doc_ids)) | counted_of(table)


def all_rows(cells: dict) -> Iterator[list]:
    """The rows of a table, also those that are packed.

    >>> cells = cells_of(DataFrame({"n": range(MOST_ROWS + 2)}))
    >>> len(cells["rows"]), cells["total"], len(list(all_rows(cells)))
    (5000, 5002, 5002)
    """
    yield from cells["rows"]
    for packed in cells.get("further", []):
        yield from json.loads(zlib.decompress(b64decode(packed)))


def number_of_rows(cells: dict) -> int:
    """How many rows a table has, those included that are packed.

    >>> number_of_rows({"rows": [[1], [2]]})
    2
    """
    return cells.get("total", len(cells["rows"]))


def _further(table):
    if len(table) <= MOST_ROWS:
        return {}
    starts = range(MOST_ROWS, len(table), _PACKED)
    parts = (_rows_of(table.iloc[start : start + _PACKED]) for start in starts)
    unbounded = [place for place, key in enumerate(table) if _is_unbounded(table[key])]
    return {"total": len(table), "unbounded": unbounded, "further": list(map(_pack, parts))}


def _is_unbounded(values):
    return is_float_dtype(values) and bool(np.isinf(values.to_numpy(float, na_value=0)).any())


def _pack(rows):
    return b64encode(zlib.compress(json.dumps(rows, separators=(",", ":")).encode())).decode()


def _rows_of(table):
    return [list(map(_plain, row)) for row in table.itertuples(index=False, name=None)]


def _plain(value):
    """A value that JSON can hold."""
    if isinstance(value, list):
        return value
    if isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return NO_BOUND if value in (math.inf, -math.inf) else value
