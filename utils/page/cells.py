"""A table as columns and rows of plain values, that JSON can hold."""

import math
from itertools import chain

import numpy as np
from pandas import DataFrame, isna
from pandas.api.types import is_numeric_dtype

from utils.page.columns import ARTICLE, format_of
from utils.page.languages import languages_among
from utils.page.names import names_among
from utils.stats.counted import counted_of

NO_BOUND = "no bound"  # an end of an interval that is infinite


def cells_of(table: DataFrame) -> dict:
    """Columns, rows of plain values (None where blank), and the names of the articles in them."""
    columns = [{"key": key, "numeric": is_numeric_dtype(table[key])} for key in table]
    rows = [list(map(_plain, row)) for row in table.itertuples(index=False, name=None)]
    doc_ids = [table[key] for key in table if format_of(key) == ARTICLE]
    cells = {"columns": columns, "rows": rows, "names": names_among(chain(*doc_ids))}
    return cells | languages_among(chain(*doc_ids)) | counted_of(table)


def _plain(value):
    """A value that JSON can hold."""
    if isinstance(value, list):
        return value
    if isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return NO_BOUND if value in (math.inf, -math.inf) else value
