"""The list of all measures, and each of them by its name."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from utils.corpus.files import Mistake, nearest
from utils.stats import measures

MEASURES = pd.read_csv(Path(__file__).with_name("measures.csv"), keep_default_na=False)
"""The rows of ``measures_table``. A new measure is a function in ``measures.py`` and a row."""


def measures_table(*kinds: str) -> DataFrame:
    """One row per measure, of these kinds or of all, for reading.

    ``measure`` is the name to ask for and the column it becomes, ``name`` is as printed,
    ``function`` is in ``utils.stats.measures``, and ``kind`` says what it measures: dispersion,
    expected dispersion, keyness, association, adjustment, interval or diversity. Then come
    ``variant``, ``range``, ``reading`` (how to read a value), ``source`` and ``doi`` (blank where
    there is none).

    >>> measures_table("adjustment").measure.tolist()
    ['benjamini_hochberg', 'holm']
    """
    return MEASURES[MEASURES.kind.isin(kinds or MEASURES.kind)].reset_index(drop=True)


def find_measure(measure: str, kind: str) -> Callable:
    """The function of a measure of this kind. Raises ``Mistake`` with the nearest name.

    >>> find_measure("juilland_d", "dispersion").__name__
    'juilland_d'
    """
    functions = MEASURES[MEASURES.kind == kind].set_index("measure").function
    if measure not in functions:
        raise Mistake(
            f"{kind} measure {measure!r} is not known; {nearest(measure, functions.index)}"
        )
    return getattr(measures, functions[measure])
