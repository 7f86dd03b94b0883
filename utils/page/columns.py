"""Heading and format of every column that a reader sees, and the one formatter of cells.

The table is ``columns.csv``: a row for each column that is not a measure of ``utils.stats``. A key
``table.column`` is for that column in the table shown under that name, where it means something
else than in the others.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pandas import isna, read_csv

from utils.corpus.languages import name_of_language
from utils.corpus.tables import TABLES
from utils.page.names import name_of
from utils.page.wording import CODE_WORDS, percent
from utils.stats.measure_list import MEASURES


class Column(NamedTuple):
    """A column: its heading in plain words, and the name of the format of its cells.

    ``unit`` is what its numbers are counted in; columns of one ``group`` have a heading above
    theirs. ``meaning`` says in a few words what a cell has.
    """

    heading: str
    format: str = ""
    unit: str = ""
    group: str = ""
    meaning: str = ""


_LISTED = read_csv(Path(__file__).with_name("columns.csv"), index_col="key", keep_default_na=False)
COLUMNS = {
    row.measure: Column(row.name, "rate", meaning=row.reading)
    for row in MEASURES[["measure", "name", "reading"]].itertuples(name="Measure", index=False)
}
COLUMNS |= {key: Column(*row) for key, *row in _LISTED.itertuples(name=None)}
ARTICLE = "article"  # the format of a column of ``doc_id``
LANGUAGE = "language"  # the format of a column of languages' codes
WORDS = ("term", "phrase")  # the formats of columns of words that were counted
ASKED = ("asked", "words", "names")  # of columns of a query, of several words, of names with counts
_OF_USER = "articles"  # the table whose further columns are the user's, whatever their names


@cache
def column_of(key: str) -> Column:
    """The column of a key, which may have the name of a table before it.

    >>> [column_of(key).heading for key in ("stages.of", "themes.of", "tea_cups")]
    ['of all statements', 'of sentences', 'tea cups']
    >>> column_of("articles.published").format, column_of("articles.where").format
    ('text', '')
    """
    table, _, name = key.partition(".") if "." in key else ("", "", key)
    if table == _OF_USER and name not in TABLES["metadata"].names():
        return Column(name)
    return COLUMNS.get(key) or COLUMNS.get(name) or Column(name.replace("_", " "))


def label_of(column: Column) -> str:
    """The heading of a column where it stands at a cell, with that of its group.

    >>> label_of(Column("from", group="95 % interval")), label_of(Column("rate", unit="per 10,000"))
    ('95 % interval, from', 'rate')
    """
    return ", ".join(filter(None, [column.group, column.heading]))


def heading_of(key: str) -> str:
    """The heading of a column in plain words, with that of its group, as it is used alone.

    >>> heading_of("tea_cups"), heading_of("low"), heading_of("per_10k")
    ('tea cups', '95 % interval, from', 'rate (per 10,000 tokens)')
    """
    column = column_of(key)
    heading = label_of(column)
    return f"{heading} ({column.unit})" if column.unit else heading


def format_of(key: str) -> str:
    """The name of the format of a column's cells.

    >>> format_of("sizes.doc_id")
    'article'
    """
    return column_of(key).format


def cell_text(value: Any, key: str = "", names: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value as a reader sees it in the column ``key``.

    ``names`` has names of articles by ``doc_id`` that go before those remembered. A list holds
    facts as ``(text, doc_id, sentence)``.

    >>> cell_text(0.0004, "p"), cell_text(0, "sentence")
    ('<0.001', 'title')
    >>> cell_text(1234), cell_text([["held", "rain", 3], ["not stated", "", None]])
    ('1,234', 'held [rain 3]; not stated')
    """
    if isinstance(value, list):
        return "; ".join(_fact_text(*fact) for fact in value)
    format_name = column_of(key).format
    if not isinstance(value, str):
        return "" if isna(value) else _NUMBER_FORMATS.get(format_name, _number_text)(value)
    if format_name == ARTICLE:
        return names.get(value) or name_of(value)
    if format_name == LANGUAGE:
        return name_of_language(value)
    return CODE_WORDS.get(format_name, {}).get(value, value)


def _fact_text(text, doc_id, sentence):
    place = f"{doc_id or ''} {'' if sentence is None else sentence}".strip()
    return f"{text} [{place}]" if place else text


def _number_text(number):
    if isinstance(number, bool):
        return "yes" if number else "no"
    return f"{number:,.0f}" if float(number).is_integer() else _decimal_text(number, 2)


def _decimal_text(number, decimals, sign="-"):
    """A number to so many decimals, or to two digits where it would look like 0; never -0."""
    rounded = round(number, decimals)
    if rounded or not round(number, 6):
        return f"{rounded + 0.0:{sign},.{decimals}f}"
    return f"{Decimal(f'{number:.2g}'):{sign}f}"


def _p_text(p):
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _sentence_text(number):
    return f"{number:.0f}" if number else "title"


def _points_text(difference):
    return f"{100 * difference:+.0f}"


_NUMBER_FORMATS = {
    "rate": partial(_decimal_text, decimals=2),
    "share": percent,
    "p": _p_text,
    "signed": partial(_decimal_text, decimals=2, sign="+"),
    "small": partial(_decimal_text, decimals=3),
    "points": _points_text,
    "plain": "{:.0f}".format,
    "sentence": _sentence_text,
    "full": "{:,.15g}".format,
    "estimate": "{:,.4g}".format,
    "and more": "and {:,} more".format,
}
"""How the numbers of a format are written; a number of any other format is written as a count."""
