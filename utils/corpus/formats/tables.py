"""Tables with an article a row: CSV, TSV, JSON, JSON Lines, Parquet and XLSX.

``fields.csv`` has the names that sources give to the columns; capitals, spaces and signs make no
difference. Where a field has several columns, the first name in the list goes before the others.
Of several columns that may hold the texts, one wins if it has twice as much text as any other.

The rows of a table are gone through twice: all of them say which column is what and whether days
stand before months, and then each becomes an article. A row is let go before the next is read, but
for workbooks and for JSON that has no object on each line, which are in memory as a whole.
"""

import csv
import json
from collections.abc import Iterator
from functools import partial
from io import BytesIO, StringIO
from itertools import chain, islice, repeat
from textwrap import shorten

import regex

from utils.corpus.files import Mistake, letters_of, nearest
from utils.corpus.formats.dates import days_shown, iso_date
from utils.corpus.formats.fields import TEXT_ELSE, TEXT_FIELDS, field_and_rank, field_of
from utils.corpus.formats.nested import articles_in, as_cell, unwrapped
from utils.corpus.formats.record import File, Found, lines_of, make_record
from utils.corpus.formats.web import page_lines
from utils.corpus.tables import TOO_LONG, under_header

_HEAD = 10  # rows among which the one with the names of the columns is looked for
_BATCH = 20  # rows of Parquet that are read at once
_BUFFER = 2**20  # bytes of a column that are read at once
_START = 2**16  # characters by which the delimiter is found
_LONGEST_CELL = 500  # characters; a column with longer ones can form no groups and is left out
_BLANK = {"nan", "nat", "none", "null", "n/a", "<na>"}  # of fewer than 5 characters
_MARKUP = regex.compile(r"(?i)</?(?:p|br|div|span)\b[^>]*>")
_CUT = regex.compile(r"\[\+\d+ chars\]\s*$")
_NO_ROWS = "no rows with articles; put one in each row"
_ITEM = ", item "
_ITEM_NOTE = "each text of a record with several is an article, with what the record states"
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
    lines, notes = lines_of(file, "")
    yield from notes
    yield from _grid_records(*_header_and_rows(_grid_of(lines, file.name)), file)


def read_workbook(file: File) -> Iterator[Found]:
    """The articles of an XLSX file: of every sheet that has a column of texts.

    A line names the other sheets. The workbook is in memory as a whole.
    """
    sheets = _sheets(file)
    read = [title for title in sheets if _text_columns(sheets[title][0], file.column)]
    for title in read or list(sheets)[:1]:
        try:
            yield from _grid_records(*sheets[title], file)
        except Mistake as mistake:  # the other sheets can be read all the same
            yield mistake
    others = [title for title in sheets if title not in read]
    if read and others:
        yield f"{file.name}: sheets without a column of texts are left out: {', '.join(others)}"


def read_json(file: File) -> Iterator[Found]:
    """The articles of JSON: an object on each line, the only object, or those in lists of it.

    An object without a text that holds others with one gives them what it states.

    >>> data = b'{"articles": [{"title": "Rain", "content": "It fell."}]}'
    >>> [record.text for record in read_json(File("a.json", data))]
    ['It fell.']
    """
    lines, notes = lines_of(file, "\n")
    yield from notes
    if is_json_lines(file):
        items = partial(_line_items, lines, file)
    else:
        items = partial(iter, _whole_items("".join(lines()).strip(), file))
    yield from _records(items, file)


def is_json_lines(file: File) -> bool:
    """Whether a file has several lines, of which the first is an object of JSON.

    Where the name says that it is such a file, another line may be one instead, unless all lines
    together are one JSON.

    >>> is_json_lines(File("a.json", b'{"text": "Rain"}\\n{"text": "Sun"}'))
    True
    """
    lines, _ = lines_of(file, "\n", 2)
    first = list(islice(filter(str.strip, lines()), 2))
    if len(first) < 2 or _is_object(first[0]):
        return len(first) == 2
    if not file.name.lower().endswith((".jsonl", ".ndjson")):
        return False
    lines, _ = lines_of(file, "\n")
    return any(map(_is_object, lines())) and isinstance(_parsed("".join(lines()), ""), Mistake)


def _is_object(line):
    return isinstance(_parsed(line, ""), dict)


def read_parquet(file: File) -> Iterator[Found]:
    """The articles of a Parquet file, of which some rows are in memory at a time."""
    yield from _records(partial(_parquet_items, file), file)


def is_table(head: str) -> bool:
    r"""Whether the beginning of a text is that of a table with a column of texts.

    >>> is_table("title\ttext\tdate\nRain\tIt fell.\t2020"), is_table("Text, title and more")
    (True, False)
    """
    row = next(_csv_rows(StringIO(head, ""), _delimiter(head), False), [])
    fields = set(map(field_of, row)) - {""}
    return "text" in fields and len(fields) > max(1, len(row) / 2)


def _start_of(lines):
    """The first lines as one text, with as many characters as the delimiter is found by."""
    start = ""
    for line in lines:
        start += line
        if len(start) >= _START:
            break
    return start[:_START]


def _grid_of(lines, name):
    """What gives the rows of a table; raises ``Mistake`` where quotation marks are not in pairs."""
    delimiter = _delimiter(_start_of(lines()))
    reader = _csv_rows(lines(), delimiter)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        if delimiter == "\t":  # few programs quote there
            return lambda: (line.rstrip("\r\n").split("\t") for line in lines())
        what = f"a quotation mark does not close, or closes in the middle ({error})"
        line = reader.line_num
        raise Mistake(f"{name}, line {line}: {what}; save the table anew") from None
    return lambda: _csv_rows(lines(), delimiter)


def _csv_rows(lines, delimiter, strict=True):
    csv.field_size_limit(2**31 - 1)  # a cell may hold a whole text
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _delimiter(head):
    """The sign that gives a row of the head the most known names, or else the most cells."""

    def fitness(sign):
        rows = list(islice(_csv_rows(StringIO(head, ""), sign, False), _HEAD))
        known = [sum(field_of(cell) != "" for cell in row) for row in rows]
        return max(known, default=0), max(map(len, rows), default=0)

    return max(",;\t|", key=fitness)


def _sheets(file):
    """The header and the rows of each sheet that has rows, by its name."""
    import openpyxl  # loaded here, since few corpora need it

    book = openpyxl.load_workbook(BytesIO(file.data), read_only=True, data_only=True)
    where = "sheet {}, row" if len(book.worksheets) > 1 else "row"
    sheets = {}
    for sheet in book.worksheets:
        grid = partial(iter, list(_sheet_rows(sheet)))
        sheets[sheet.title] = _header_and_rows(grid, where.format(sheet.title))
    filled = {title: sheet for title, sheet in sheets.items() if any(sheet[1]())}
    if not filled:
        raise Mistake(f"{file.name}: {_NO_ROWS}")
    return filled


def _sheet_rows(sheet):
    sheet.reset_dimensions()  # some programs write wrong ones
    for row in sheet.iter_rows(values_only=True):
        yield [as_cell(value) for value in row]


def _header_and_rows(grid, where="row"):
    """The names of columns, and what gives the rows below with their places, but for blank ones.

    The names stand in the first of ten rows with two known ones, best with one for texts; above it
    may be the title of the table, or names that several columns share.
    """
    first = list(islice(_filled_rows(grid, where), _HEAD))
    start = max(range(len(first)), key=lambda number: _fitness(first[number][1]), default=0)
    header = first[start][1] if first else []
    return header, partial(_filled_rows, grid, where, start + 1)


def _filled_rows(grid, where, start=0):
    """The rows that are not blank with their places, from one of them on."""
    rows = ((f"{where} {n}", list(map(str.strip, cells))) for n, cells in enumerate(grid(), 1))
    return islice((row for row in rows if any(row[1])), start, None)


def _fitness(cells):
    """How well cells do as names of columns."""
    known = set(map(field_of, cells)) - {""}
    return 0 if len(known) < 2 else 1 + ("text" in known)


def _grid_records(header, rows, file):
    names = under_header(header, {})[0].columns
    return _records(partial(_grid_items, names, rows, file.name), file)


def _grid_items(names, rows, file):
    """The place and the cells of each row; a ``Mistake`` and none where it has too many."""
    for place, cells in rows():
        if any(cells[len(names) :]):
            yield Mistake(f"{file}, {place}: {TOO_LONG}"), {}
        else:
            yield place, dict(zip(names, chain(cells, repeat("")), strict=False))


def _placed(place, value, file):
    """The place and the cells of each article in a value of JSON or Parquet."""
    articles = articles_in(value, file.column)
    if len(articles) == 1:
        return [(place, *articles)]
    return [(f"{place}{_ITEM}{number}", cells) for number, cells in enumerate(articles, 1)]


def _line_items(lines, file):
    """The place and the cells of each line; a ``Mistake`` and no cells where it is no JSON."""
    for number, line in enumerate(lines(), 1):
        if line.strip():
            item = _parsed(line.rstrip("\n"), f"{file.name}, line {number}")
            is_bad = isinstance(item, Mistake)
            yield from [(item, {})] if is_bad else _placed(f"line {number}", item, file)


def _whole_items(text, file):
    """The articles of one JSON."""
    whole = _parsed(text, file.name)
    if isinstance(whole, Mistake):
        raise whole
    items = enumerate(unwrapped(whole, file.column), 1)
    return [pair for n, item in items for pair in _placed(f"article {n}", item, file)]


def _parquet_items(file):
    from pyarrow.parquet import ParquetFile  # loaded here, since few corpora need it

    number = 0
    in_parts = {"buffer_size": _BUFFER, "pre_buffer": False}  # else groups of rows are read whole
    with file.open() as stream, ParquetFile(stream, **in_parts) as table:
        for batch in table.iter_batches(_BATCH):
            for row in batch.to_pylist():
                number += 1
                yield from _placed(f"row {number}", row, file)


def _parsed(text, where):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Mistake(f"{where}: no JSON ({error}); mend it or take it out")


class _Column:
    """What all cells of a column have a say in."""

    def __init__(self, name):
        self.field = field_of(name)
        self.filled = 0
        self.size = 0
        self.longest = 0
        self.ids = set()
        self.day_first = set()

    def add(self, cell):
        """Count a cell that is not blank."""
        self.filled += 1
        self.size += len(cell)
        self.longest = max(self.longest, len(cell))
        if self.field == "doc_id":
            self.ids.add(cell)
        elif self.field == "published":
            self.day_first |= days_shown(cell)

    def may_stand_for(self, other):
        """Whether it is filled more often than another, or has more than half as much text."""
        return self.filled > other.filled or self.size > other.size / 2


def _records(items, file):
    """The records of a table; raises ``Mistake`` where no column can be told to hold the texts.

    ``items`` gives the place and the cells of each row each time anew, or a ``Mistake`` for it.
    """
    items = partial(_without_blanks, items)
    columns, rows, problems = _counted(items())
    if not rows:
        raise Mistake(problems or f"{file.name}: {_NO_ROWS}")
    text = _text_column(columns, file)
    filled = {name: column for name, column in columns.items() if column.filled}
    kept = _kept_columns(filled, text, rows)
    left_out = sorted(filled.keys() - {text, *kept.values()})
    if left_out:
        yield f"{file.name}: further columns with long texts are left out: {', '.join(left_out)}"
    day_first = _day_first(filled.get(kept.get("published")))
    once = iter([f"{file.name}: {_ITEM_NOTE}"])
    for place, cells in items():
        if _ITEM in str(place):
            yield from once
        yield from _row_records(place, cells, {**kept, "text": text}, day_first, file.name)


def _day_first(column):
    """Whether days stand before months in a column; ``None`` where nothing or both is shown."""
    shown = column.day_first if column else ()
    return min(shown) if len(shown) == 1 else None


def _without_blanks(items):
    """The rows, in which a cell that says that there is nothing is blank."""
    for place, cells in items():
        yield place, {n: "" if cell[:5].casefold() in _BLANK else cell for n, cell in cells.items()}


def _counted(items):
    """The columns of a table by their names, the number of its rows, and what is wrong with some.

    A blank row is none.
    """
    columns = {}
    rows = 0
    problems = []
    for place, cells in items:
        if isinstance(place, Mistake):
            problems += place.problems
        rows += any(cells.values())
        for name, cell in cells.items():
            if name not in columns:
                columns[name] = _Column(name)
            if cell:
                columns[name].add(cell)
    return columns, rows, problems


def _row_records(place, cells, kept, day_first, name):
    """The record of a row, after what there is to say of it; none of a row that is blank."""
    if isinstance(place, Mistake):
        yield place
    if not any(cells.values()):
        return
    stated = {field: cells.get(column, "") for field, column in kept.items()}
    text = _without_markup(stated.pop("text"))
    if _CUT.search(text[-40:]):
        yield f"{name}, {place}: {_CUT_NOTE}"
    printed = stated.get("published", "")
    if not iso_date(printed) and iso_date(printed, day_first=True):
        stated["published"] = iso_date(printed, day_first) or printed
        yield f"{name}, {place}: {_DATE_NOTES[day_first]}"
    yield make_record(text, stated, place)


def _without_markup(text):
    """The text of a cell that holds a piece of a web page; other texts as they are."""
    return page_lines(text).strip() if _MARKUP.search(text) else text


def _text_columns(columns, wanted):
    """The columns that may hold the texts: the one that the user names, or those of usual names."""
    if wanted:
        return [column for column in columns if letters_of(column) == letters_of(wanted)]
    usual = [column for column in columns if field_of(column) == "text"]
    return usual or [column for column in columns if field_of(column) == TEXT_ELSE]


def _text_column(columns, file):
    """The column of texts; none where a column names files instead."""
    known = _text_columns(columns, file.column)
    if not known:
        if "file" in map(field_of, columns):
            return None
        raise Mistake(f"{file.name}: {_why_no_text(columns, file)}")
    filled = [name for name in known if columns[name].filled]
    if not filled:
        raise Mistake(f"{file.name}: no row has a text in the column {known[0]}; fill it")
    first, *others = sorted(filled, key=lambda name: -columns[name].size)
    if any(columns[other].may_stand_for(columns[first]) for other in others):
        named = " and ".join([first, *others])
        how = f"say which, as in {file.name}#{first}, or rename the other"
        raise Mistake(f"{file.name}: the columns {named} may both hold the texts; {how}")
    return first


def _why_no_text(table, file):
    if file.column:
        return f"no column {file.column!r} with texts; {nearest(file.column, table)}"
    if {"title", "url"} <= set(map(field_of, table)):
        return (
            "it lists articles without their texts, as exports of Media Cloud and GDELT do; "
            "save the pages that it lists, and read their folder"
        )
    names = shorten(", ".join(table), 200, placeholder=" …")
    how = f"name one, as in {file.name}#column, or call the file .txt if it is no table"
    return f"no column has the usual name of texts; {how}; there are: {names}"


def _kept_columns(columns, text, rows):
    """The columns of the metadata by the names that they get.

    Each field has the column of its first usual name. Further columns keep their names; those with
    long cells and those that may hold texts are left out.
    """
    fields = {}
    for name in sorted(columns, key=lambda name: field_and_rank(name)[1]):
        if name != text and _is_used(columns[name], text, rows):
            fields.setdefault(columns[name].field, name)
    taken = {text, *fields, *fields.values()}
    further = {name: name for name in columns if name not in taken and _is_short(columns[name])}
    return fields | further


def _is_short(column):
    return column.longest <= _LONGEST_CELL and column.field not in TEXT_FIELDS


def _is_used(column, text, rows):
    """Whether a column can be what its name says: files where texts are not, ids that are ids."""
    if column.field == "file":
        return not text
    if column.field == "doc_id":
        return len(column.ids) == rows
    return column.field not in ("", *TEXT_FIELDS)
