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
from pandas import DataFrame

from utils.corpus.files import Mistake, decode_any, distinct, nearest, whole_characters
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.record import AS_PRINTED, File, Record

_FIELDS = Path(__file__).with_name("fields.csv")
_ELSE = "text (where no other is)"
_HEAD = 10  # rows among which the one with the names of the columns is looked for
_START = 2**16  # characters by which the divider of columns is told
_LONGEST_CELL = 500  # characters; a column with longer ones can form no groups and is left out
_BLANK = {"nan", "nat", "none", "null", "n/a", "<na>"}
_NUMERIC_DATE = r"^(?P<first_number>\d\d?)[/-](?P<second_number>\d\d?)[/-](?P<year>\d{4})\b"
_MARKUP = regex.compile(r"(?i)</?(?:p|br|div|span)\b[^>]*>")
_BLOCK_END = regex.compile(r"(?i)<br\b[^>]*>|</(?:p|div|li|h\d|blockquote)>")
_LONGEST_PART = 200  # characters of a part of a list that is no paragraph
_CUT = regex.compile(r"\[\+\d+ chars\]\s*$")
_CUT_REMARK = "the source has cut the text short, as its end “[+… chars]” says"
_EITHER_REMARK = "day and month of the date cannot be told apart; it stays as printed"
_DECIDED_REMARK = "the date is read as {}, as other rows of the table show"


def read_delimited(file: File) -> Iterator[Record | Mistake]:
    r"""The articles of a CSV or TSV file, whatever divides its columns.

    >>> [record] = read_delimited(File("a.csv", b"Headline;Full text\nRain;It fell.\n"))
    >>> record.text, record.metadata, record.place
    ('It fell.', {'title': 'Rain'}, 'row 2')
    """
    text, note = _text_of(file)
    records = _grid_records(*_header_and_rows(_delimited_rows(text, file.name)), file)
    yield from _with_note(records, note)


def read_workbook(file: File) -> Iterator[Record | Mistake]:
    """The articles of an XLSX file: of the first sheet that has a column of texts."""
    import openpyxl  # loaded here, since few corpora need it

    book = openpyxl.load_workbook(BytesIO(file.data), read_only=True, data_only=True)
    sheets = [_header_and_rows(_sheet_rows(sheet)) for sheet in book.worksheets]
    with_text = [sheet for sheet in sheets if _text_columns(sheet[0], file.column)]
    yield from _grid_records(*[*with_text, *sheets, ([], [])][0], file)


def read_json(file: File) -> Iterator[Record | Mistake]:
    """The articles of JSON: an object on each line, the only object, or the longest list of them.

    >>> data = b'{"articles": [{"title": "Rain", "content": "It fell."}]}'
    >>> [record.text for record in read_json(File("a.json", data))]
    ['It fell.']
    """
    text, note = _text_of(file)
    items = []
    for place, item in _json_items(text.strip(), file.name):
        if isinstance(item, Mistake):
            yield item
        else:
            items.append((place, item))
    yield from _with_note(_item_records(items, file), note)


def read_parquet(file: File) -> Iterator[Record | Mistake]:
    """The articles of a Parquet file. Raises ``Mistake`` where pyarrow is not installed."""
    try:
        from pyarrow.parquet import read_table
    except ImportError:
        command = "pip install '.[formats]'"
        raise Mistake(f"{file.name}: Parquet needs pyarrow; install it with {command}") from None
    rows = read_table(BytesIO(file.data)).to_pylist()
    yield from _item_records([(f"row {number}", row) for number, row in enumerate(rows, 1)], file)


def is_table(head: str) -> bool:
    r"""Whether the beginning of a text is that of a table with a column of texts.

    >>> is_table("title\ttext\tdate\nRain\tIt fell.\t2020"), is_table("Text, title and more")
    (True, False)
    """
    row = next(_loose_rows(head, _divider(head)), [])
    fields = {_field_of(cell) for cell in row} - {""}
    return "text" in fields and len(fields) > max(1, len(row) / 2)


def _is_of_texts(column):
    return _field_of(column) in ("text", _ELSE)


def _rank_of(column):
    return FIELDS.get(_normal(column), ("", 0))[1]


def _text_of(file):
    """The text of a file, and a note where its encoding had to be guessed."""
    text, encoding = decode_any(file.data, file.name)
    usual = encoding in ("utf_8", "utf_16")
    note = () if usual else (f"{file.name}: not UTF-8; read as {encoding}",)
    return text.removeprefix("\ufeff"), note


def _with_note(records, note):
    """The records, the first of which has the note on their file."""
    for record in records:
        if note and isinstance(record, Record):
            record = record._replace(notes=record.notes + note)
            note = ()
        yield record


def _normal(name):
    return regex.sub(r"[^\p{L}\p{N}]", "", name.casefold())


def _read_fields():
    with _FIELDS.open(encoding="utf-8", newline="") as lines:
        rows = [(row["field"], row["names"].split("|")) for row in csv.DictReader(lines)]
    return {
        _normal(name): (field, rank) for field, names in rows for rank, name in enumerate(names)
    }


FIELDS = _read_fields()
"""The field that the name of a column stands for, and its rank among the names of the field."""


def _field_of(column):
    return FIELDS.get(_normal(column), ("", 0))[0]


def _delimited_rows(text, name):
    csv.field_size_limit(2**31 - 1)  # a cell may hold a whole text
    divider = _divider(text[:_START])
    reader = csv.reader(StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        return [(f"row {number}", cells) for number, cells in enumerate(reader, 1)]
    except csv.Error as error:
        if divider == "\t":  # few programs quote there
            return [(f"row {n}", line.split("\t")) for n, line in enumerate(text.splitlines(), 1)]
        what = f"a quotation mark does not close, or closes in the middle ({error})"
        line = reader.line_num
        raise Mistake(f"{name}, line {line}: {what}; save the table anew") from None


def _loose_rows(text, divider):
    return csv.reader(StringIO(text, newline=""), delimiter=divider)


def _divider(head):
    """The sign that gives a row of the head the most known names, or else the most cells."""
    return max(",;\t|", key=lambda sign: _fitness(head, sign))


def _fitness(head, sign):
    rows = list(islice(_loose_rows(head, sign), _HEAD))
    known = [sum(bool(_field_of(cell)) for cell in row) for row in rows]
    return max(known, default=0), max(map(len, rows), default=0)


def _sheet_rows(sheet):
    sheet.reset_dimensions()  # some programs write wrong ones
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield f"row {number}", [_cell(value) for value in row]


def _header_and_rows(grid):
    """The names of columns and the rows below, blank ones left out.

    The names stand in the first of ten rows with two known ones, best with one for texts; above it
    may be the title of the table, or names that several columns share.
    """
    stripped = ((place, [cell.strip() for cell in cells]) for place, cells in grid)
    rows = [(place, cells) for place, cells in stripped if any(cells)]
    start = _header_place([set(map(_field_of, cells)) for _, cells in rows[:_HEAD]])
    header = rows[start][1] if rows else []
    columns = [cell or f"column {number}" for number, cell in enumerate(header, 1)]
    return distinct(columns, " "), rows[start + 1 :]


def _header_place(fields):
    with_two = [place for place, known in enumerate(fields) if len(known - {""}) > 1]
    with_text = [place for place in with_two if "text" in fields[place]]
    return [*with_text, *with_two, 0][0]


def _grid_records(columns, rows, file):
    width = len(columns)
    fitting = {place: cells for place, cells in rows if not any(cells[width:])}
    padded = [(cells + [""] * width)[:width] for cells in fitting.values()]
    if fitting or not rows:
        yield from _records(DataFrame(padded, list(fitting), columns, dtype=str), file)
    for place, _ in rows:
        if place not in fitting:
            what = "more fields than columns; put quotes round a value with a comma"
            yield Mistake(f"{file.name}, {place}: {what}")


def _item_records(items, file):
    places = [place for place, _ in items]
    table = DataFrame([_flattened(item) for _, item in items], places, dtype=str)
    yield from _records(table.fillna(""), file)


def _flattened(item):
    """The values of an object by key; those of an object in it have both keys."""
    if not isinstance(item, dict):
        item = {"text": item if isinstance(item, str) else ""}
    pairs = [
        (f"{key}.{inner}" if inner else key, part)
        for key, value in item.items()
        for inner, part in (value.items() if isinstance(value, dict) else [("", value)])
    ]
    return {key: whole_characters(_cell(value)).strip() for key, value in pairs}


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
    return str(value)


def _json_items(text, name):
    """The articles of JSON, each with its place; a ``Mistake`` for a line that is no JSON."""
    lines = text.split("\n")
    if len(lines) > 1 and isinstance(_parsed_or_mistake(lines[0], ""), dict):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"line {number}", _parsed_or_mistake(line, f"{name}, line {number}")
        return
    whole = _parsed_or_mistake(text, name)
    if isinstance(whole, Mistake):
        raise whole
    for number, item in enumerate(_items_in(whole), 1):
        yield f"article {number}", item


def _parsed_or_mistake(text, where):
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


def _without_markup(text):
    """The text of a cell that holds a piece of a web page; other texts as they are."""
    if not _MARKUP.search(text):
        return text
    from lxml.html import fromstring  # loaded here, since few tables need it

    lines = _BLOCK_END.sub(lambda end: end[0] + "\n\n", text)
    return fromstring(f"<div>{lines}</div>").text_content().strip()


def _records(table, file):
    """The records of a table; raises ``Mistake`` where no column can be told to hold the texts."""
    table = table.apply(lambda column: column.mask(column.str.casefold().isin(_BLANK), ""))
    filled = table.loc[(table != "").any(axis=1), (table != "").any()]
    if filled.empty:
        raise Mistake(f"{file.name}: no rows with articles; put one in each row")
    empty = _text_columns(table, file.column)
    if empty and not filled.columns.isin(empty).any():
        raise Mistake(f"{file.name}: no row has a text in the column {empty[0]}; fill it")
    yield from _records_of(filled, file)


def _records_of(table, file):
    text = _text_column(table, file)
    raws = table[text].map(_without_markup) if text else [""] * len(table)
    metadata, remarks = _with_dates(_metadata(table, text))
    rows = zip(table.index, raws, metadata.to_dict("records"), remarks, strict=True)
    for place, raw, values, remark in rows:
        stated = {key: value for key, value in values.items() if value}
        cut = _CUT_REMARK if _CUT.search(raw[-40:]) else ""
        notes = [f"{file.name}, {place}: {said}" for said in (remark, cut) if said]
        yield Record(raw, stated, place, tuple(notes))


def _text_columns(columns, wanted):
    """The columns that may hold the texts: the one that the user names, or those of usual names."""
    if wanted:
        return [column for column in columns if _normal(column) == _normal(wanted)]
    usual = [column for column in columns if _field_of(column) == "text"]
    return usual or [column for column in columns if _field_of(column) == _ELSE]


def _text_column(table, file):
    columns = sorted(
        _text_columns(table, file.column), key=lambda column: -table[column].str.len().sum()
    )
    if len(columns) > 1 and not _is_clear(table[columns]):
        named = " and ".join(columns)
        how = f"say which, as in {file.name}#{columns[0]}, or rename the other"
        raise Mistake(f"{file.name}: the columns {named} may both hold the texts; {how}")
    if not columns and "file" not in map(_field_of, table):
        raise Mistake(f"{file.name}: {_why_no_text(table, file)}")
    return columns[0] if columns else ""


def _is_clear(candidates):
    """Whether the first column has a text in as many rows as any other, and twice as much of it."""
    size = candidates.apply(lambda column: column.str.len().sum())
    filled = (candidates != "").sum()
    return size.iloc[0] >= 2 * size.iloc[1] and filled.iloc[0] == filled.max()


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


def _metadata(table, text):
    """The columns of the fields, each from its first usual name, and further columns as they are.

    Columns with long cells are left out, and so are other columns that may hold texts.
    """
    fields = {}
    for column in sorted(table, key=_rank_of):
        if column != text and _is_used(_field_of(column), table[column], text):
            fields.setdefault(_field_of(column), column)
    metadata = DataFrame({field: table[column] for field, column in fields.items()}, table.index)
    longest = table.apply(lambda column: column.str.len().max())
    others = table.columns[(longest > _LONGEST_CELL) | table.columns.map(_is_of_texts)]
    left_out = {text, *fields.values(), *others}
    for column in table.columns.difference(left_out, sort=False):
        metadata[f"{column} (table)" if column in metadata else column] = table[column]
    if "file" in fields:
        metadata["file"] = metadata.file.str.replace(r".*[/\\]", "", regex=True)
    return metadata


def _is_used(field, column, text):
    """Whether a column can be what its name says: files where texts are not, ids that are ids."""
    if field == "file":
        return not text
    if field == "doc_id":
        return column.is_unique and (column != "").all()
    return field not in ("", "text", _ELSE)


def _with_dates(metadata):
    """Dates in ISO form, and what is to be said of each.

    01/05/2023 is read where other rows show whether the day stands first.
    """
    if "published" not in metadata:
        return metadata, [""] * len(metadata)
    parts = metadata.published.str.extract(_NUMERIC_DATE)
    first = parts.first_number.astype(float)
    second = parts.second_number.astype(float)
    either = (first <= 12) & (second <= 12) & (first != second)
    day_first = (first > 12).any()
    decided = day_first != (second > 12).any()
    order = "day/month" if day_first else "month/day"
    remark = _DECIDED_REMARK.format(order) if decided else _EITHER_REMARK
    numbers = [parts.second_number, parts.first_number][:: 1 if day_first else -1]
    iso = parts.year.str.cat(numbers, "-")
    published = metadata.published.mask(either & decided, iso).map(iso_date)
    as_printed = metadata.published.mask(published != "", "")
    dated = metadata.assign(**{"published": published, AS_PRINTED: as_printed})
    return dated, [remark if open_ else "" for open_ in either]
