"""Every side table of a corpus, described in one place and read by one reader.

A side table is a CSV file beside ``metadata.csv``. ``lists/side_tables.csv`` describes each: its
file and its columns, with a column's ``presence`` (``filled`` in every row; ``needed``, though it
may be blank in some; or ``optional``), what its cells hold, and the only values allowed, where they
are given. ``lists/forms.csv`` says what a cell must look like. A new side table is a new
description.
"""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain
from os.path import lexists
from pathlib import Path
from typing import NamedTuple

import regex
from numpy import ndarray
from pandas import DataFrame, Index, Series, read_csv

from utils.corpus.files import Mistake, decode, distinct, misspelt, nearest
from utils.corpus.formats.dates import iso_date

LISTS = Path(__file__).parent / "lists"
_UNSEEN = r"[\s\x1c-\x1f\p{Cf}]++"  # white space of every kind, and what has no width
_ENDS = regex.compile(rf"^{_UNSEEN}|{_UNSEEN}$")
_LONGEST_SHOWN = 60  # characters of a value in a message
_LINE_END = regex.compile(r"\r\n|\r|\n")  # a form feed or U+2028 is white space within a cell
NOT_STATED = "not stated"
ABOUT = "centre|event|page|parent programme|city|district|partner|side event".split("|")


class SideTable(NamedTuple):
    """A side table: its file, and of each column the ``name, presence, holds, values``.

    ``presence`` is ``filled``, ``needed`` or ``optional``. ``holds`` is ``text``, ``id``,
    ``date``, ``number``, ``whole number``, ``pattern`` (a regular expression), ``query``,
    ``quotation`` or ``value`` (its numbers are in the row's quotation). ``values`` are the only
    ones allowed, divided by ``|``; empty where any is.
    """

    file: str
    columns: list

    def names(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    def holding(self, what: str) -> list[str]:
        """The names of the columns whose cells hold queries, quotations and so on."""
        return [column.name for column in self.columns if column.holds == what]


_DESCRIPTIONS = read_csv(LISTS / "side_tables.csv", keep_default_na=False)
TABLES = {
    name: SideTable(rows.file.iloc[0], list(rows.itertuples()))
    for name, rows in _DESCRIPTIONS.groupby("table", sort=False)
}
"""The side tables by name. A ``.txt`` file has one column, a value a line, ``#`` for comments."""

_FORMS = {
    row.holds: (regex.compile(row.form), row.problem)
    for row in read_csv(LISTS / "forms.csv").itertuples()
}
"""What a cell must look like by what its column holds, and what is said where it does not."""
TOO_LONG = "more fields than columns; put quotes round a value with a comma"
"""What is wrong with a row that is longer than the header."""
_EMPTY = {"filled": "empty; every row needs a value here"}

RowProblems = Iterator[tuple[str, str]]
"""Columns of a row, and what is wrong in each."""


class Record(dict):
    """A row of a table: its cells by column, also as attributes; ``name`` is its number."""

    name: int
    __getattr__ = dict.__getitem__


RowCheck = Callable[[SideTable, Record], RowProblems]
"""Finds what is wrong with a row of a table; for what only a later room can judge."""


def folder_of(articles: DataFrame) -> Path | None:
    """The folder that articles were read from, where their side tables are; ``None`` if unknown.

    >>> folder_of(DataFrame()) is None
    True
    """
    folder = articles.attrs.get("folder")
    return Path(folder) if folder else None


def subset(articles: DataFrame, kept: Series | ndarray) -> DataFrame:
    """The articles for which ``kept`` is True, with all that is known of their corpus.

    The others are ``excluded``: rows of side tables that quote them are no mistake.

    >>> excluded(subset(DataFrame(index=["a", "b"]), Series([True, False], ["a", "b"])))
    ['b']
    """
    part = articles[kept]
    left_out = articles.index[~kept].tolist()
    part.attrs = articles.attrs | {"excluded": excluded(articles) + left_out}
    return part


def excluded(articles: DataFrame) -> list[str]:
    """The ``doc_id`` of articles of the corpus that were left out on purpose.

    >>> excluded(DataFrame())
    []
    """
    return articles.attrs.get("excluded", [])


def read_side_table(name: str, folder: Path | None, *checks: RowCheck) -> DataFrame:
    """The rows of a side table as text, with all described columns and any further ones.

    The index is the row number that a spreadsheet shows. A column without a name is called by its
    number, and left out where it is empty; of columns with one name the later ones get a number.
    ``attrs["notes"]`` has a line for each further column that may be a described one misspelt. A
    table that the folder does not have is empty. Raises ``Mistake`` with one line for every problem
    of the table: what is wrong in which row and column, and how to mend it.

    >>> read_side_table("themes", None).columns.tolist()
    ['theme', 'pattern', 'note']
    """
    table = TABLES[name]
    if folder is None or not lexists(folder / table.file):
        return DataFrame(columns=table.names(), dtype=str)
    rows, problems = examine_table(folder / table.file, table, *checks)
    if problems:
        raise Mistake(chain.from_iterable(problems.values()))
    return rows


def under_header(header: list[str], rows: dict) -> tuple[DataFrame, list]:
    """A table of rows under the names of its columns, and the places of rows too long for it.

    A column without a name is called by its number; of columns with one name the later ones get a
    number. Rows that are too short are filled up.

    >>> table, too_long = under_header(["theme", ""], {2: ["sea"], 3: ["air", "kite", "moor"]})
    >>> table.to_dict("index"), too_long
    ({2: {'theme': 'sea', 'column 2': ''}}, [3])
    """
    width = len(header)
    names = distinct((cell or f"column {number}" for number, cell in enumerate(header, 1)), " ")
    too_long = {place: None for place, cells in rows.items() if any(cells[width:])}
    padded = [(cells + [""] * width)[:width] for cells in rows.values()]
    table = DataFrame(padded, list(rows), names, dtype=str)
    return table.drop(index=list(too_long)), list(too_long)


def cut_short(value: str) -> str:
    """A value as a message shows it: its first 60 characters.

    >>> len(cut_short("9" * 5000)), cut_short("port")
    (61, 'port')
    """
    return value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"


def examine_table(
    file: Path, table: SideTable, *checks: RowCheck
) -> tuple[DataFrame, dict[int, list[str]]]:
    """The rows of a file that is like a described table, and what is wrong with each, a line each.

    Raises ``Mistake`` for a file that cannot be read as this table at all.
    """
    rows = as_described(_read_rows(file, table), file.name, table)
    problems = {
        row: [f"{file.name}, row {row}, column {column}: {problem}" for column, problem in found]
        for row, found in examine_rows(rows, table, *checks).items()
    }
    return rows, problems


def examine_rows(
    rows: DataFrame, table: SideTable, *checks: RowCheck
) -> dict[int, list[tuple[str, str]]]:
    """Of each row with a fault the columns, each with what is wrong there."""
    problems = {}
    for row, cells in zip(rows.index, rows.to_dict("records"), strict=True):
        record = Record(cells)
        record.name = row
        found = [pair for check in (_cell_problems, *checks) for pair in check(table, record)]
        if found:
            problems[row] = found
    return problems


def as_described(rows: DataFrame, name: str, table: SideTable) -> DataFrame:
    """Rows with all columns of a described table, and its ``attrs["notes"]`` on those misspelt.

    Raises ``Mistake`` for a column that has to be there.
    """
    missing, notes = _examine_header(list(rows.columns), table)
    if missing:
        raise Mistake(f"{name}, row 1: {problem}" for problem in missing)
    rows.attrs["notes"] = [f"{name}: {note}" for note in notes]
    return rows.reindex(columns=list(dict.fromkeys([*table.names(), *rows])), fill_value="")


def _read_rows(file, table):
    if not lexists(file):
        raise Mistake(f"{file}: there is no such file; make it, with the columns of the codebook")
    text = decode(bytes_of(file), file.name).removeprefix("\ufeff")
    return _list_rows(text, table) if file.suffix == ".txt" else csv_rows(text, file.name)


def bytes_of(file: Path) -> bytes:
    """The bytes of a file, or a ``Mistake`` that says why it cannot be read."""
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise Mistake(f"{file.name}: is no file; put the table there or take it away")
        return file.read_bytes()
    except OSError as error:
        raise Mistake(f"{file.name}: {error.strerror}; make it a file that can be read") from None


def _cell_problems(table, record):
    for column in table.columns:
        value = record[column.name]
        problem = _value_problem(column, value) if value else _EMPTY.get(column.presence)
        if problem:
            yield column.name, problem


def _value_problem(column, value):
    if column.values:
        values = column.values.split("|")
        known = value in values
        return "" if known else f"{cut_short(value)!r} is not known; {nearest(value, values)}"
    if column.holds == "pattern":
        return _pattern_problem(value)
    if column.holds not in _FORMS:
        return ""
    form, problem = _FORMS[column.holds]
    fits = form.fullmatch(value) and (column.holds != "date" or iso_date(value) == value)
    return "" if fits else f"{cut_short(value)!r} {problem}"


def _pattern_problem(value):
    try:
        regex.compile(value)
    except (regex.error, ValueError, RecursionError) as error:  # flags at odds, deep brackets
        return f"not a regular expression ({error}); mend it"
    return ""


def _list_rows(text, table):
    lines = Series([_ENDS.sub("", line) for line in _LINE_END.split(text)], dtype=str)
    lines.index += 1
    kept = lines[(lines != "") & ~lines.str.startswith("#")]
    return kept.to_frame(table.columns[0].name)


def csv_rows(text: str, name: str) -> DataFrame:
    """Rows of a CSV file, empty rows left out; the index is the row number of a spreadsheet.

    Raises ``Mistake`` for a text that is no CSV.
    """
    header, *records = _csv_cells(text, name) or [[]]
    if not any(header):
        return DataFrame()
    filled = {number: cells for number, cells in enumerate(records, 2) if any(cells)}
    rows, too_long = under_header(header, filled)
    if too_long:
        raise Mistake(f"{name}, row {number}: {TOO_LONG}" for number in too_long)
    return rows.loc[:, (rows != "").any() | (Index(header) != "")]


def _csv_cells(text, name):
    csv.field_size_limit(2**31 - 1)  # a cell may hold a whole text
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows = []
    begin = 1
    try:
        for cells in reader:
            rows.append(cells)
            begin = reader.line_num + 1
    except csv.Error as error:
        what = "a quotation mark does not close, or closes in the middle"
        raise Mistake(f"{name}, row {len(rows) + 1} (line {begin}): {what} ({error})") from None
    if rows and len(rows[0]) == 1 and ";" in rows[0][0]:
        raise Mistake(f"{name}, row 1: semicolons divide the columns; save it with commas")
    return [[_ENDS.sub("", cell) for cell in row] for row in rows]


def _examine_header(header, table):
    """What keeps a file from being the table that is described, and what is only odd in it."""
    needed = [column.name for column in table.columns if column.presence != "optional"]
    missing = [name for name in needed if name not in header]
    wrong = misspelt(header, table.names())
    problems = [
        f"no column {name!r} is known; did you mean {likely}?"
        for name, likely in wrong.items()
        if likely in missing
    ]
    unlike = [name for name in missing if name not in wrong.values()]
    if unlike:
        problems.append(f"no column {', '.join(unlike)}; it has {', '.join(header) or 'nothing'}")
    notes = [
        f"the column {name!r} is kept as a further one; if {likely!r} is meant, rename it"
        for name, likely in wrong.items()
    ]
    return problems, notes
