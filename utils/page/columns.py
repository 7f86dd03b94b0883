"""Heading and format of every column that a reader sees, and the one formatter of cells.

The table is ``columns.csv``: a row for each column that is not a measure of ``utils.stats``. A key
``table.column`` is for that column in the table shown under that name, where it means something
else than in the others.
"""

from collections.abc import Mapping
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
    """A column: its heading in plain words, and the name of the format of its cells."""

    heading: str
    format: str = ""


_LISTED = read_csv(Path(__file__).with_name("columns.csv"), index_col="key")
COLUMNS = {measure: Column(name, "rate") for measure, name in MEASURES[["measure", "name"]].values}
COLUMNS |= {row.Index: Column(row.heading, row.format) for row in _LISTED.itertuples()}
ARTICLE = "article"  # the format of a column of ``doc_id``
LANGUAGE = "language"  # the format of a column of languages' codes
_OF_USER = "articles"  # the table whose further columns are the user's, whatever their names


def column_of(key: str) -> Column:
    """The column of a key, which may have the name of a table before it.

    >>> [column_of(key).heading for key in ("stages.of", "themes.of", "tea_cups")]
    ['of all statements', 'of sentences', 'tea cups']
    >>> column_of("articles.published"), column_of("articles.where")
    (Column(heading='published', format='text'), Column(heading='where', format=''))
    """
    table, _, name = key.partition(".") if "." in key else ("", "", key)
    if table == _OF_USER and name not in TABLES["metadata"].names():
        return Column(name)
    return COLUMNS.get(key) or COLUMNS.get(name) or Column(name.replace("_", " "))


def heading_of(key: str) -> str:
    """The heading of a column, in plain words.

    >>> heading_of("tea_cups")
    'tea cups'
    """
    return column_of(key).heading


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
    if isna(value):
        return ""
    format_name = column_of(key).format
    if not isinstance(value, str):
        return _NUMBER_FORMATS.get(format_name, _number_text)(value)
    if format_name == ARTICLE:
        return names.get(value) or name_of(value)
    if format_name == LANGUAGE:
        return name_of_language(value)
    return CODE_WORDS.get(format_name, {}).get(value, value)


def _fact_text(text, doc_id, sentence):
    place = f"{doc_id or ''} {sentence or ''}".strip()
    return f"{text} [{place}]" if place else text


def _number_text(number):
    if isinstance(number, bool):
        return "yes" if number else "no"
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"


def _p_text(p):
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _sentence_text(number):
    return f"{number:.0f}" if number else "title"


def _points_text(difference):
    return f"{100 * difference:+.0f}"


_NUMBER_FORMATS = {
    "rate": "{:,.2f}".format,
    "share": percent,
    "p": _p_text,
    "signed": "{:+,.2f}".format,
    "small": "{:.3f}".format,
    "points": _points_text,
    "plain": "{:.0f}".format,
    "sentence": _sentence_text,
    "full": "{:,.15g}".format,
    "estimate": "{:,.4g}".format,
}
"""How the numbers of a format are written; a number of any other format is written as a count."""
