"""The list of all measures, and each of them by its name."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from pandas import DataFrame
from scipy.sparse import issparse

from utils.corpus.files import Mistake, nearest
from utils.stats import measures
from utils.stats.resampling import blocks

MEASURES = pd.read_csv(Path(__file__).with_name("measures.csv"), keep_default_na=False)
"""The rows of ``measures_table``. A new measure is a function in ``measures.py`` and a row."""


def measures_table(*kinds: str) -> DataFrame:
    """One row per measure, of these kinds or of all, for reading.

    ``measure`` is the name to ask for and the column it becomes, ``name`` is as printed,
    ``function`` is in ``utils.stats.measures``, and ``kind`` says what it measures: dispersion,
    expected dispersion, keyness, association, adjustment, interval or diversity. ``needs`` names
    the numbers that the function takes. Then come ``variant``, ``range``, ``reading`` (how to read
    a value), ``source`` and ``doi`` (blank where there is none).

    >>> measures_table("adjustment").measure.tolist()
    ['benjamini_hochberg', 'holm']
    """
    return MEASURES[MEASURES.kind.isin(kinds or MEASURES.kind)].reset_index(drop=True)


def find_measure(measure: str, kind: str) -> Callable:
    """The function of a measure of this kind. Raises ``Mistake`` with the nearest name.

    >>> find_measure("juilland_d", "dispersion").__name__
    'juilland_d'
    """
    return getattr(measures, _row(measure, kind).function)


def add_measures(table: DataFrame, names: Iterable[str], kind: str, numbers: dict) -> DataFrame:
    """The table with a column for each of these measures of a kind, unless it is there already.

    ``numbers`` hold what measures of the kind may need, under the names in the column ``needs`` of
    the list. What comes first is an array with a value for each row of the table, sparse counts
    with a row for each, or a list with what belongs to each. Raises ``Mistake`` for an unknown
    measure, with the nearest name.
    """
    columns = {}
    for name in names:
        row = _row(name, kind)
        if name not in table:
            needed = [numbers[need] for need in row.needs.split()]
            columns[name] = _measure_rows(getattr(measures, row.function), *needed)
    return table.assign(**columns)


def _row(measure, kind):
    rows = MEASURES[MEASURES.kind == kind].set_index("measure")
    if measure not in rows.index:
        raise Mistake(f"{kind} measure {measure!r} is not known; {nearest(measure, rows.index)}")
    return rows.loc[measure]


def _measure_rows(measure, first, *others):
    if isinstance(first, list):
        return [measure(each, *others) for each in first]
    if not issparse(first):
        return measure(first, *others)
    if hasattr(measure, "takes_parts"):
        return _measure_cells(measure, first, *others)
    parts = blocks(first, first.shape[1])
    return np.concatenate([measure(part.toarray(), *others) for part in parts])


def _measure_cells(measure, counts, sizes):
    """A measure of dispersion from the counts above 0: terms in as many articles go together."""
    articles = np.diff(counts.indptr)
    order = np.argsort(articles, kind="stable")
    values = np.full(len(articles), np.nan)
    for rows in np.split(order, np.flatnonzero(np.diff(articles[order])) + 1):
        cells = counts.indptr[rows][:, None] + np.arange(articles[rows].max(initial=0))
        if cells.size:
            values[rows] = measure(counts.data[cells], sizes[counts.indices[cells]], sizes)
    return values
