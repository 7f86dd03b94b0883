"""What the parameters of the notebooks may be; ``parameters.csv`` has a row for each."""

import ast
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from pandas import read_csv

from utils.corpus.files import Mistake
from utils.corpus.tables import cut_short

LARGEST = 2**32 - 1  # the largest seed of scikit-learn
_TABLE = read_csv(Path(__file__).with_name("parameters.csv"), index_col="name")


def check_parameters(values: Mapping[str, Any]) -> None:
    """Raise ``Mistake`` with a line for each value that its parameter cannot have.

    ``None`` stands for no value. Names that are no parameters are passed over, so that a notebook
    may give all it has: ``check_parameters(globals())``.

    >>> check_parameters({"TOP": 0, "WINDOW": 5, "rain": "fell"})
    Traceback (most recent call last):
        ...
    utils.corpus.files.Mistake: TOP 0: give a whole number of 1 or more
    """
    given = {name: values.get(name) for name in _TABLE.index}
    problems = [
        f"{name} {_as_written(value)}: give {_TABLE.form[name]}"
        for name, value in given.items()
        if not (value is None or _fits(value, *_TABLE.loc[name, ["kind", "least"]]))
    ]
    if problems:
        raise Mistake(problems)


def read_parameter(name: str, text: str) -> Any:
    """The value that a text gives to a parameter: text where it takes text, else Python's.

    >>> read_parameter("TOP", "7"), read_parameter("TARGET", "2018"), read_parameter("TOP", "many")
    (7, '2018', 'many')
    """
    if _TABLE.kind.get(name) == "text":
        return text
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _as_written(value):
    try:
        return cut_short(str(value))
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "of thousands of digits"


def _fits(value, kind, least):
    if kind == "text":
        return isinstance(value, str | PathLike)
    if kind == "truth":
        return isinstance(value, bool)
    return type(value) is int and int(least) <= value <= LARGEST
