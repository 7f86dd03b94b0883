"""The gate: which rows of a coding stand, whoever made it, and why each of the others is refused.

A coding is a CSV or XLSX file of a person, or the JSON that a language model gave. A row stands
where its article, attribute and coder are known, its quotation is in the article, within one
sentence, and its value is in the words of the quotation. The rule of the last: the runs of letters
and digits of the value, capitals aside, and the Chinese characters are in the quotation, in this
order and no negation between them; where the note says that words are "left out", they are in the
sentence around the quotation. Numbers must always be in the quotation. What is settled does not
come through the gate: a person decides it in ``centres.csv``.
"""

import json
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import regex
from pandas import DataFrame

from utils.corpus.files import Mistake, decode_any, nearest
from utils.corpus.formats.archives import check_size
from utils.corpus.formats.record import File
from utils.corpus.tables import (
    ABOUT,
    NOT_STATED,
    TABLES,
    as_described,
    bytes_of,
    csv_rows,
    cut_short,
    examine_rows,
    folder_of,
    read_side_table,
    under_header,
)
from utils.facts.coding import (
    SETTLED,
    SHARED_SIDES,
    check_of_coders,
    check_of_facts,
    is_model,
    known_attributes,
    listed_attributes,
    read_codings,
    split_attributes,
)
from utils.facts.quotations import Quotations, is_torn

COLUMNS = [name for name in TABLES["centres"].names() if name != "why"]
"""Columns of a coder's row, everywhere."""
MOST_ROWS = 100_000  # that a sheet may have
_LEFT_OUT = regex.compile(r"(?i)(?<!\bno )\bwords\b[\w ]*\b(?:are|is) left out\b")
_NEGATIONS = set("not no nor never neither none without cannot t 不 没 未 无 非 別 别 勿".split())
_TABLE = TABLES["centres"]
_WORD = regex.compile(r"(?V1)\p{Han}|[[\p{L}\p{N}&]--\p{Han}]+")
_OBJECTS = regex.compile(r'\[\s*\{|\{\s*"')  # where a list of objects begins, or an object
_KEY = regex.compile(r'"attribute"\s*:')
_WIDEST = 100  # columns of a sheet that are looked at
_HEAD = 10  # rows of a sheet among which the names of the columns are looked for


class Checked(NamedTuple):
    """A coding at the gate: its rows that stand, a line for each fault, and how many rows it has.

    ``notes`` has lines on what is only odd.
    """

    rows: DataFrame
    problems: list[str]
    total: int
    notes: list[str]


def check_coding(articles: DataFrame, file: Path, coder: str = "") -> Checked:
    """Hold a coding against the articles; ``coder`` made the rows that name nobody.

    Raises ``Mistake`` for a file that cannot be read as a coding, or has no rows.
    """
    rows = read_coding(file)
    if rows.empty:
        raise Mistake(f"{file.name}: has no rows; write a row for each thing that is stated")
    of_model = bool(rows.attrs.get("is_json"))
    checked = check_rows(articles, rows, file.name, coder)
    names = checked.rows.coder
    unlike = names[~is_model(names)].unique() if of_model else []
    what = "is taken for a person; write 'model: NAME' if it is a language model"
    return checked._replace(notes=[*checked.notes, *(f"{name} {what}" for name in unlike)])


def check_rows(articles: DataFrame, rows: DataFrame, name: str, coder: str = "") -> Checked:
    """The same for rows of text whose index is their number in ``name``, as import gives them."""
    rows = as_described(rows, name, _TABLE)
    rows["coder"] = rows.coder.where(rows.coder != "", coder).str.normalize("NFKC")
    before = read_codings(articles)
    found = examine_rows(rows, _TABLE, *_checks(articles, before))
    problems = [
        f"row {row}, {column}: {problem}" for row in found for column, problem in found[row]
    ]
    stand = rows.drop(index=list(found))[COLUMNS]
    odd = [*_met(stand, before), *_odd(stand, articles, before)]
    return Checked(stand, problems, len(rows), [*rows.attrs["notes"], *odd])


def read_coding(file: Path) -> DataFrame:
    """The rows of a file as text: CSV, XLSX, JSON or JSON Lines, the last two amid prose or not.

    The index is the row of the spreadsheet, or the number of the object. Raises ``Mistake`` for
    what cannot be read.
    """
    if not file.exists():
        raise Mistake(f"{file}: there is no such file; name a CSV, XLSX or JSON file")
    data = bytes_of(file)
    if data.startswith(b"PK\x03\x04"):
        return _sheet_rows(File(file.name, data))
    text = decode_any(data, file.name)[0].removeprefix("\ufeff").strip()
    if text.startswith(("[", "{")) or _KEY.search(text):
        return _rows_of_items(_items(text, file.name), file.name)
    return csv_rows(text, file.name)


def describe_checked(checked: Checked) -> list[str]:
    """How many rows stand, and why each of the others does not, a line each."""
    total = checked.total
    stand = len(checked.rows)
    if stand == total:
        return [f"{stand} of {total} rows stand", *checked.notes]
    verb = "is" if total - stand == 1 else "are"
    head = f"{stand} of {total} rows stand; {total - stand} {verb} refused:"
    return [head, *checked.problems, *checked.notes]


def _checks(articles, before):
    quotations = Quotations(articles)
    return [
        quotations.check,
        _check_of_names(articles, before),
        _check_of_silence(articles, before),
        check_of_facts(known_attributes(articles)),
        _check_of_words(quotations),
        _check_of_edges(quotations),
        check_of_coders(before, f"{_TABLE.file}, row"),
        _check_of_coder,
    ]


def _check_of_coder(table, record):
    if not record.coder:
        yield "coder", "empty; name who coded it, or give --coder NAME"
    if record.coder.casefold().startswith(SETTLED):
        yield "coder", f"a person settles in {_TABLE.file} itself; give the name of the coder"


def _check_of_names(articles, before):
    """A check that centre and attribute are known, where it is known what may be coded."""
    listed = listed_attributes(articles).attribute
    attributes = {*listed, *split_attributes(listed).family}
    centres = set(before.centre)

    def problems(table, record):
        family = record.attribute.partition(":")[0].strip()
        for column, name, known in (
            ("attribute", family, attributes),
            ("centre", record.centre, centres),
        ):
            if name and known and name not in known:
                yield column, f"{cut_short(name)!r} is not known; {nearest(name, known)}"

    return problems


def _check_of_silence(articles, before):
    """A check that a coder does not call stated what the same coder calls not stated."""
    listed = set(listed_attributes(articles).attribute)

    def cell(record):
        whole = record.attribute in listed
        attribute = record.attribute if whole else record.attribute.partition(":")[0].strip()
        return record.coder.casefold(), record.centre, record.doc_id, attribute, record.about

    seen = {(cell(record), record.value == NOT_STATED) for record in before.itertuples()}

    def problems(table, record):
        silent = record.value == NOT_STATED
        seen.add((cell(record), silent))
        if (cell(record), not silent) in seen:
            what = f"{record.coder} has it as stated and as {NOT_STATED!r}"
            yield "value", f"{what}; take one out"

    return problems


def _check_of_words(quotations):
    """A check that the words of value and hedge are those of the quotation, in its order."""

    def problems(table, record):
        if record.quote and record.value != NOT_STATED:
            around = quotations.around(record.doc_id, record.quote)
            allowed = around if _LEFT_OUT.search(record.note) else record.quote
            problem = _problem_of_words(record.value, _words(allowed))
            if problem:
                yield "value", problem
            if record.hedge.casefold() not in around.casefold():
                what = f"{cut_short(record.hedge)!r} is not in the sentence"
                yield "hedge", f"{what}; copy it from there"

    return problems


def _problem_of_words(value, allowed):
    """What is wrong with a value beside the words that it may have; nothing if it is well."""
    words = _words(value)
    lacking = sorted(set(words).difference(allowed))
    if value and not _WORD.search(value):
        return "has no letter or digit; use the words of the text"
    if lacking:
        what = cut_short(", ".join(map(repr, lacking)))
        return f"the quotation has no {what}; use the words of the text"
    if not _in_order(words, allowed):
        return "its words stand in another order in the text; keep to that of the text"
    if not _in_order(words, allowed, _NEGATIONS):
        return "leaves out a negation that the text has between its words; put it in"
    return ""


def _check_of_edges(quotations):
    """A check that a quotation begins and ends where words do."""

    def problems(table, record):
        raw = quotations.articles.raw.get(record.doc_id, "")
        places = quotations.find(record.doc_id, record.quote) if raw else []
        edges = [place[1:] for place in places if place]
        if edges and all(is_torn(raw, start) or is_torn(raw, end) for start, end in edges):
            yield "quote", "begins or ends inside a word or a number; quote whole words"

    return problems


def _words(text):
    """The words of a text in order, but its numbers, which are looked at as numbers."""
    return [word for word in _WORD.findall(text.casefold()) if not word.isdecimal()]


def _in_order(words, text, barred=()):
    """Whether words stand in a text in this order, and none that is barred between them.

    >>> text = "it is not only a link".split()
    >>> _in_order(["is", "a"], text), _in_order(["a", "is"], text)
    (True, False)
    >>> _in_order(["is", "a"], text, {"not"})
    False
    """
    reached = {-1}
    between = set()
    for word in words:
        following = set()
        is_open = False
        for place, other in enumerate(text):
            is_open = place - 1 in reached or (is_open and text[place - 1] not in between)
            if is_open and other == word:
                following.add(place)
        reached = following
        between = barred
    return bool(reached)


def words_of(text: str) -> set[str]:
    """The words of a text but its numbers, which are looked at as numbers."""
    return set(_words(text))


def _met(rows, before):
    """Coders who have already coded one of the articles: the same again, or a second of that name.

    A reader may code an article in several goes, so this is no fault.
    """
    met = rows.merge(before[["doc_id", "coder"]].drop_duplicates()).groupby("coder").doc_id.unique()
    for coder, doc_ids in met.items():
        what = f"{coder} has coded {', '.join(doc_ids)} in {_TABLE.file} before"
        yield f"{what}; if this is somebody else, give another name"


def _odd(rows, articles, before):
    """A line on each row that stands and is odd: its about, side or centre, words left out."""
    parts = before.about.str.split(" or ").explode()
    known = {*ABOUT, *parts, *read_side_table("aliases", folder_of(articles)).body}
    sides = {"", *SHARED_SIDES, *(before if before.side.any() else rows).side}
    named = articles.centre[articles.centre != ""]
    links = {*named.items(), *zip(before.doc_id, before.centre, strict=True)}
    linked = dict(links)
    for number, row in rows.iterrows():
        if not known.issuperset(row.about.split(" or ")):
            yield f"row {number}, about: {cut_short(row.about)!r} is neither listed nor a body"
        if row.side not in sides:
            yield f"row {number}, side: nobody has coded {cut_short(row.side)!r} so far"
        if row.doc_id in linked and (row.doc_id, row.centre) not in links:
            yield f"row {number}, centre: {row.doc_id} was of {linked[row.doc_id]} so far"
        if _skips_words(row):
            yield f"row {number}, value: skips words; say in the note that words are left out"


def _skips_words(row):
    """Whether a value leaves out words of its quotation, and the note does not say so."""
    quoted = _words(row.quote)
    told = not quoted or _LEFT_OUT.search(row.note)
    return not told and not _in_order(_words(row.value), quoted, quoted)


def _sheet_rows(file):
    """The rows of the sheet that has the columns, under the row that names them."""
    heads = [
        (len({*COLUMNS}.intersection(row)), -place, start, cells)
        for place, cells in enumerate(_sheets(file))
        for start, row in enumerate(cells[:_HEAD])
        if "attribute" in row
    ]
    if not heads:
        raise Mistake(f"{file.name}: no sheet has the columns {', '.join(COLUMNS)}")
    *_, start, cells = max(heads, key=lambda head: head[:3])
    header = [*map(_text, cells[start])]
    rows = {number: row for number, row in enumerate(cells[start + 1 :], start + 2) if any(row)}
    dates = [*_dates(file.name, header, rows)]
    if dates:
        raise Mistake(dates)
    return under_header(header, {number: [*map(_text, row)] for number, row in rows.items()})[0]


def _dates(name, header, rows):
    """A line for each cell of a coding that the spreadsheet has taken for a date."""
    for number, row in rows.items():
        for column, cell in zip(header, row, strict=False):
            if isinstance(cell, date) and column in COLUMNS:
                what = f"the spreadsheet made the date {cell:%Y-%m-%d} of it"
                mend = "format the column as text and write it anew"
                yield f"{name}, row {number}, column {column}: {what}; {mend}"


def _sheets(file):
    """The cells of each sheet, row by row."""
    from openpyxl import load_workbook  # loaded here, since few files need it

    try:
        check_size(file)
        book = load_workbook(BytesIO(file.data), read_only=True, data_only=True)
        return [_cells_of(sheet, file.name) for sheet in book.worksheets]
    except Mistake:  # a ValueError, which has its line already
        raise
    except (EOFError, KeyError, SyntaxError, ValueError, BadZipFile, zlib.error):
        raise Mistake(f"{file.name}: cannot be read as a workbook; save it as XLSX anew") from None


def _cells_of(sheet, name):
    sheet.reset_dimensions()
    rows = []
    for row in sheet.iter_rows(max_col=_WIDEST, values_only=True):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise Mistake(f"{name}: a sheet has more than {MOST_ROWS:,} rows; take empty ones away")
    return rows


def _rows_of_items(items, name):
    """Objects as rows of text; raises ``Mistake`` for what is no object."""
    odd = [number for number, item in enumerate(items, 1) if not isinstance(item, dict)]
    if odd or not items:
        where = f"row {odd[0]}" if odd else "the list"
        raise Mistake(f"{name}: {where} has no object with {', '.join(COLUMNS)}")
    cells = [{key: _text(value) for key, value in item.items()} for item in items]
    table = DataFrame(cells, range(1, len(items) + 1), dtype=str).fillna("")
    table.attrs["is_json"] = True
    return table


def _text(value):
    return "" if value is None else str(value).strip()


def _items(text, name):
    """The objects in a text: those of all its lists in one, whatever stands around them."""
    try:
        return _listed(json.loads(text))
    except (ValueError, RecursionError) as error:
        what = f"{name}: no JSON ({error}); is it cut short, or has it a comma too many?"
    items = []
    found = _OBJECTS.search(text)
    try:
        while found:
            value, end = json.JSONDecoder().raw_decode(text, found.start())
            items += _listed(value)
            found = _OBJECTS.search(text, end)
    except (ValueError, RecursionError):
        items = []
    if not items:
        raise Mistake(what)
    return items


def _listed(value):
    """The rows in a value of JSON: a list, that in an object, or the value itself."""
    if isinstance(value, list):
        return value
    lists = value.values() if isinstance(value, dict) else []
    return next((inner for inner in lists if isinstance(inner, list) and _has_rows(inner)), [value])


def _has_rows(values):
    return any(isinstance(value, dict) and "attribute" in value for value in values)
