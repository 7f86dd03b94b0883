"""Tables with an article a row: CSV, TSV, JSON, JSON Lines, Parquet and XLSX.

``fields.csv`` has the names that sources give to the columns; capitals, spaces and signs make no
difference. Where a field has several columns, the first name in the list goes before the others.
Of several columns that may hold the texts, one wins if it has twice as much text as any other.
"""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path
from textwrap import shorten

import regex
from pandas import DataFrame, Series, read_csv

from utils.corpus.files import Mistake, letters_of, nearest, whole_characters
from utils.corpus.formats.dates import is_day_first, iso_date
from utils.corpus.formats.record import File, Found, make_record, text_of
from utils.corpus.formats.web import page_lines
from utils.corpus.tables import TOO_LONG, under_header

_FIELDS = Path(__file__).with_name("fields.csv")
_ELSE = "text (where no other is)"
_TEXT_FIELDS = ("text", _ELSE)
_HEAD = 10  # rows among which the one with the names of the columns is looked for
_START = 2**16  # characters by which the delimiter is found
_LONGEST_CELL = 500  # characters; a column with longer ones can form no groups and is left out
_BLANK = {"nan", "nat", "none", "null", "n/a", "<na>"}
_MARKUP = regex.compile(r"(?i)</?(?:p|br|div|span)\b[^>]*>")
_LONGEST_PART = 200  # characters of a part of a list that is no paragraph
_CUT = regex.compile(r"\[\+\d+ chars\]\s*$")
_NO_ROWS = "no rows with articles; put one in each row"
_CUT_NOTE = "the source has cut the text short, as its end “[+… chars]” says"
_DATE_NOTES = {
    None: "day and month of the date cannot be told apart; it stays as printed",
    True: "the date is read as day/month, as other rows of the table show",
    False: "the date is read as month/day, as other rows of the table show",
}


def read_delimited(file: File) -> Iterator[Found]:
    r"""The articles of a CSV or TSV file, whatever divides its columns.

    >>> [record] = read_delimited(File("a.csv", b"Headline;Full text\nRain;It fell.\n"))
    >>> record.text, record.metadata, record.place
    ('It fell.', {'title': 'Rain'}, 'row 2')
    """
    text, notes = text_of(file)
    yield from notes
    yield from _grid_records(*_header_and_rows(_delimited_rows(text, file.name)), file)


def read_workbook(file: File) -> Iterator[Found]:
    """The articles of an XLSX file: of every sheet that has a column of texts.

    A line names the other sheets.
    """
    sheets = _sheets(file)
    read = [title for title in sheets if _text_columns(sheets[title][0], file.column)]
    for title in read or list(sheets)[:1]:
        yield from _grid_records(*sheets[title], file)
    others = [title for title in sheets if title not in read]
    if read and others:
        yield f"{file.name}: sheets without a column of texts are left out: {', '.join(others)}"


def read_json(file: File) -> Iterator[Found]:
    """The articles of JSON: an object on each line, the only object, or the longest list of them.

    >>> data = b'{"articles": [{"title": "Rain", "content": "It fell."}]}'
    >>> [record.text for record in read_json(File("a.json", data))]
    ['It fell.']
    """
    text, notes = text_of(file)
    yield from notes
    items = {}
    for place, item in _json_items(text.strip(), file):
        if isinstance(item, Mistake):
            yield item
        else:
            items[place] = item
    yield from _item_records(items, file)


def read_parquet(file: File) -> Iterator[Found]:
    """The articles of a Parquet file."""
    from pyarrow.parquet import read_table  # loaded here, since few corpora need it

    rows = read_table(BytesIO(file.data)).to_pylist()
    items = {f"row {number}": row for number, row in enumerate(rows, file.before + 1)}
    yield from _item_records(items, file)


def is_table(head: str) -> bool:
    r"""Whether the beginning of a text is that of a table with a column of texts.

    >>> is_table("title\ttext\tdate\nRain\tIt fell.\t2020"), is_table("Text, title and more")
    (True, False)
    """
    row = next(_csv_rows(head, _delimiter(head)), [])
    fields = set(map(_field_of, row)) - {""}
    return "text" in fields and len(fields) > max(1, len(row) / 2)


FIELDS = {
    letters_of(name): (row.field, rank)
    for row in read_csv(_FIELDS).itertuples()
    for rank, name in enumerate(row.names.split("|"))
}
"""The field that the name of a column stands for, and its rank among the names of the field."""


def _field_of(column):
    return FIELDS.get(letters_of(column), ("", 0))[0]


def _rank_of(column):
    return FIELDS.get(letters_of(column), ("", 0))[1]


def _delimited_rows(text, name):
    csv.field_size_limit(2**31 - 1)  # a cell may hold a whole text
    delimiter = _delimiter(text[:_START])
    reader = _csv_rows(text, delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        if delimiter == "\t":  # few programs quote there
            return [line.split("\t") for line in text.splitlines()]
        what = f"a quotation mark does not close, or closes in the middle ({error})"
        line = reader.line_num
        raise Mistake(f"{name}, line {line}: {what}; save the table anew") from None


def _csv_rows(text, delimiter, strict=False):
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _delimiter(head):
    """The sign that gives a row of the head the most known names, or else the most cells."""

    def fitness(sign):
        rows = list(islice(_csv_rows(head, sign), _HEAD))
        known = [sum(_field_of(cell) != "" for cell in row) for row in rows]
        return max(known, default=0), max(map(len, rows), default=0)

    return max(",;\t|", key=fitness)


def _sheets(file):
    """The header and the rows of each sheet that has rows, by its name."""
    import openpyxl  # loaded here, since few corpora need it

    book = openpyxl.load_workbook(BytesIO(file.data), read_only=True, data_only=True)
    where = "sheet {}, row" if len(book.worksheets) > 1 else "row"
    sheets = {
        sheet.title: _header_and_rows(_sheet_rows(sheet), where.format(sheet.title))
        for sheet in book.worksheets
    }
    filled = {title: sheet for title, sheet in sheets.items() if sheet[1]}
    if not filled:
        raise Mistake(f"{file.name}: {_NO_ROWS}")
    return filled


def _sheet_rows(sheet):
    sheet.reset_dimensions()  # some programs write wrong ones
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _header_and_rows(grid, where="row"):
    """The names of columns, and the rows below by their places, blank ones left out.

    The names stand in the first of ten rows with two known ones, best with one for texts; above it
    may be the title of the table, or names that several columns share.
    """
    rows = [
        (f"{where} {number}", list(map(str.strip, cells))) for number, cells in enumerate(grid, 1)
    ]
    rows = [row for row in rows if any(row[1])]
    start = max(range(len(rows[:_HEAD])), key=lambda number: _fitness(rows[number][1]), default=0)
    header = rows[start][1] if rows else []
    return header, dict(rows[start + 1 :])


def _fitness(cells):
    """How well cells do as names of columns."""
    known = set(map(_field_of, cells)) - {""}
    return 0 if len(known) < 2 else 1 + ("text" in known)


def _grid_records(header, rows, file):
    table, too_long = under_header(header, rows)
    yield from (Mistake(f"{file.name}, {place}: {TOO_LONG}") for place in too_long)
    if len(table) or not rows:
        yield from _records(table, file)


def _item_records(items, file):
    table = DataFrame(map(_flattened, items.values()), list(items), dtype=str)
    yield from _records(table.fillna(""), file)


def _flattened(item):
    """The values of an object by key; those of an object in it have both keys."""
    if not isinstance(item, dict):
        item = {"text": item if isinstance(item, str) else ""}
    cells = {}
    for key, value in item.items():
        if isinstance(value, dict):
            cells |= {f"{key}.{inner}": _cell(part) for inner, part in value.items()}
        else:
            cells[key] = _cell(value)
    return cells


def _cell(value):
    """A value of JSON, Excel or Parquet as it would stand in a CSV file."""
    if value is None or value != value:  # the only value that is not itself is "not a number"
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        parts = list(filter(None, map(_cell, value)))
        return ("\n\n" if max(map(len, parts), default=0) > _LONGEST_PART else "; ").join(parts)
    return whole_characters(str(value)).strip()


def _json_items(text, file):
    """The articles of JSON, each with its place; a ``Mistake`` for a line that is no JSON."""
    lines = text.split("\n")
    if file.piece or (len(lines) > 1 and isinstance(_parsed(lines[0], ""), dict)):
        for number, line in enumerate(lines, file.before + 1):
            if line.strip():
                yield f"line {number}", _parsed(line, f"{file.name}, line {number}")
        return
    whole = _parsed(text, file.name)
    if isinstance(whole, Mistake):
        raise whole
    for number, item in enumerate(_items_in(whole), 1):
        yield f"article {number}", item


def _parsed(text, where):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Mistake(f"{where}: no JSON ({error}); mend it or take it out")


def _items_in(value):
    """The articles of parsed JSON: the only one, one a row of its columns, or the longest list."""
    if isinstance(value, dict) and any(_field_of(key) == "text" for key in value):
        by_column = all(isinstance(column, dict) for column in value.values())
        return DataFrame(value, dtype=object).to_dict("records") if by_column else [value]
    return max(_lists_in(value), key=len, default=[])


def _lists_in(value):
    if isinstance(value, list):
        yield value
    if isinstance(value, dict):
        yield from chain.from_iterable(map(_lists_in, value.values()))


def _records(table, file):
    """The records of a table; raises ``Mistake`` where no column can be told to hold the texts."""
    table = table.apply(lambda column: column.mask(column.str.casefold().isin(_BLANK), ""))
    rows = table[(table != "").any(axis=1)]
    if rows.empty:
        raise Mistake(f"{file.name}: {_NO_ROWS}")
    text = _text_column(rows, file)
    filled = rows.loc[:, (rows != "").any()]
    kept = _kept_columns(filled, text)
    left_out = filled.columns.difference([text, *kept.values()])
    if len(left_out):
        yield f"{file.name}: further columns with long texts are left out: {', '.join(left_out)}"
    metadata = filled[list(kept.values())].set_axis(list(kept), axis=1)
    texts = filled[text].map(_without_markup) if text else Series("", filled.index)
    yield from _row_records(texts, metadata, file.name)


def _row_records(texts, metadata, name):
    day_first = is_day_first(metadata.get("published", []))
    for place, stated in metadata.to_dict("index").items():
        text = texts[place]
        notes = [_CUT_NOTE] if _CUT.search(text[-40:]) else []
        printed = stated.get("published", "")
        if not iso_date(printed) and iso_date(printed, day_first=True):
            stated["published"] = iso_date(printed, day_first) or printed
            notes.append(_DATE_NOTES[day_first])
        yield from (f"{name}, {place}: {note}" for note in notes)
        yield make_record(text, stated, place)


def _without_markup(text):
    """The text of a cell that holds a piece of a web page; other texts as they are."""
    return page_lines(text).strip() if _MARKUP.search(text) else text


def _text_columns(columns, wanted):
    """The columns that may hold the texts: the one that the user names, or those of usual names."""
    if wanted:
        return [column for column in columns if letters_of(column) == letters_of(wanted)]
    usual = [column for column in columns if _field_of(column) == "text"]
    return usual or [column for column in columns if _field_of(column) == _ELSE]


def _text_column(rows, file):
    """The column of texts; none where a column names files instead."""
    columns = _text_columns(rows, file.column)
    if not columns and "file" in map(_field_of, rows):
        return ""
    if not columns:
        raise Mistake(f"{file.name}: {_why_no_text(rows, file)}")
    sizes = rows[columns].apply(lambda column: column.str.len().sum())
    sizes = sizes[sizes > 0].sort_values(ascending=False)
    if sizes.empty:
        raise Mistake(f"{file.name}: no row has a text in the column {columns[0]}; fill it")
    column = sizes.index[0]
    most_filled = (rows[columns] != "").sum().max() == (rows[column] != "").sum()
    if not most_filled or (sizes.iloc[1:] > sizes.iloc[0] / 2).any():
        named = " and ".join(sizes.index)
        how = f"say which, as in {file.name}#{column}, or rename the other"
        raise Mistake(f"{file.name}: the columns {named} may both hold the texts; {how}")
    return column


def _why_no_text(table, file):
    if file.column:
        return f"no column {file.column!r} with texts; {nearest(file.column, table)}"
    if {"title", "url"} <= set(map(_field_of, table)):
        return (
            "it lists articles without their texts, as exports of Media Cloud and GDELT do; "
            "save the pages that it lists, and read their folder"
        )
    names = shorten(", ".join(table), 200, placeholder=" …")
    how = f"name one, as in {file.name}#column, or call the file .txt if it is no table"
    return f"no column has the usual name of texts; {how}; there are: {names}"


def _kept_columns(table, text):
    """The columns of the metadata by the names that they get.

    Each field has the column of its first usual name. Further columns keep their names; those with
    long cells and those that may hold texts are left out.
    """
    fields = {}
    for column in sorted(table, key=_rank_of):
        field = _field_of(column)
        if column != text and _is_used(field, table[column], text):
            fields.setdefault(field, column)
    further = {
        column: column
        for column in table.columns.difference([text, *fields.values()], sort=False)
        if column not in fields and _is_short(table[column])
    }
    return fields | further


def _is_short(column):
    longest = column.str.len().max()
    return longest <= _LONGEST_CELL and _field_of(column.name) not in _TEXT_FIELDS


def _is_used(field, column, text):
    """Whether a column can be what its name says: files where texts are not, ids that are ids."""
    if field == "file":
        return not text
    if field == "doc_id":
        return column.is_unique and (column != "").all()
    return field not in ("", *_TEXT_FIELDS)
