"""The gate: which rows of a coding stand, whoever made it, and why each of the others is refused.

A coding is a CSV or XLSX file of a person, or the JSON that a language model gave. A row stands
where its article, attribute and coder are known, its quotation is in the article, within one
sentence, and its value is in the words of the quotation. The rule of the last: every run of letters
and digits of the value, capitals aside, and every Chinese character is in the quotation; where the
note says that words are "left out", it is in the sentence around the quotation. Numbers must always
be in the quotation.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import regex
from pandas import DataFrame

from utils.corpus.files import Mistake, decode_any, nearest
from utils.corpus.tables import (
    TABLES,
    RowCheck,
    as_described,
    bytes_of,
    csv_rows,
    cut_short,
    examine_rows,
    under_header,
)
from utils.facts.coding import (
    check_of_coders,
    check_of_facts,
    known_attributes,
    listed_attributes,
    read_codings,
    split_attributes,
)
from utils.facts.quotations import Quotations

COLUMNS = [name for name in TABLES["centres"].names() if name != "why"]
"""Columns of a coder's row, everywhere."""
LEFT_OUT = "left out"  # said in a note where a value leaves out words of its sentence
_TABLE = TABLES["centres"]
_WORD = regex.compile(r"(?V1)\p{Han}|[[\p{L}\p{N}&]--\p{Han}]+")
_FENCED = regex.compile(r"```\w*[^\S\n]*\n(.*?)```", regex.DOTALL)
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

    Raises ``Mistake`` for a file that cannot be read as a coding.
    """
    return check_rows(articles, read_coding(file), file.name, coder)


def check_rows(articles: DataFrame, rows: DataFrame, name: str, coder: str = "") -> Checked:
    """The same for rows of text whose index is their number in ``name``, as import gives them."""
    rows = as_described(rows, name, _TABLE)
    rows["coder"] = rows.coder.where(rows.coder != "", coder)
    before = read_codings(articles)
    found = examine_rows(rows, _TABLE, *_checks(articles, before))
    problems = [
        f"row {row}, {column}: {problem}" for row in found for column, problem in found[row]
    ]
    stand = rows.drop(index=list(found))
    columns = [*COLUMNS, "why"] if (stand.why != "").any() else COLUMNS
    return Checked(
        stand[columns], problems, len(rows), [*rows.attrs["notes"], *_met(stand, before)]
    )


def read_coding(file: Path) -> DataFrame:
    """The rows of a file as text: CSV, XLSX, JSON or JSON Lines, the last two in a fence or not.

    The index is the row of the spreadsheet, or the number of the object. Raises ``Mistake`` for
    what cannot be read.
    """
    if not file.exists():
        raise Mistake(f"{file}: there is no such file; name a CSV, XLSX or JSON file")
    data = bytes_of(file)
    if data.startswith(b"PK\x03\x04"):
        return _sheet_rows(file)
    text = decode_any(data, file.name)[0].removeprefix("\ufeff").strip()
    if text.startswith(("[", "{")) or _FENCED.search(text):
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


def _checks(articles: DataFrame, before: DataFrame) -> list[RowCheck]:
    quotations = Quotations(articles)
    return [
        quotations.check,
        _check_of_names(articles, before),
        check_of_facts(known_attributes(articles)),
        _check_of_words(quotations),
        check_of_coders(before, f"{_TABLE.file}, row"),
        _check_of_coder,
    ]


def _check_of_coder(table, record):
    if not record.coder:
        yield "coder", "empty; name who coded it, or give --coder NAME"


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


def _check_of_words(quotations):
    """A check that the words of the value are those of the quotation."""

    def problems(table, record):
        allowed = record.quote
        if LEFT_OUT in record.note:
            allowed = quotations.around(record.doc_id, record.quote)
        lacking = sorted(words_of(record.value) - words_of(allowed))
        if lacking and record.quote:
            words = ", ".join(map(repr, lacking))
            yield "value", f"the quotation has no {cut_short(words)}; use the words of the text"

    return problems


def words_of(text: str) -> set[str]:
    """The words of a text but its numbers, which are looked at as numbers."""
    return {word for word in _WORD.findall(text.casefold()) if not word.isdecimal()}


def _met(rows, before):
    """Coders who have already coded one of the articles: the same again, or a second of that name.

    A reader may code an article in several goes, so this is no fault.
    """
    met = rows.merge(before[["doc_id", "coder"]].drop_duplicates()).groupby("coder").doc_id.unique()
    for coder, doc_ids in met.items():
        what = f"{coder} has coded {', '.join(doc_ids)} in {_TABLE.file} before"
        yield f"{what}; if this is somebody else, give another name"


def _sheet_rows(file):
    """The rows of the first sheet, under the row that names the columns."""
    filled = {number: row for number, row in enumerate(_cells_of(file), 1) if any(row)}
    start = next((number for number in filled if "attribute" in filled[number]), None)
    if start is None or start > _HEAD:
        raise Mistake(f"{file.name}: the first sheet has no columns {', '.join(COLUMNS)}")
    rows = {number: row for number, row in filled.items() if number > start}
    return under_header(filled[start], rows)[0]


def _cells_of(file):
    """The cells of the first sheet as text, row by row."""
    from openpyxl import load_workbook  # loaded here, since few files need it

    try:
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, KeyError, ValueError):
        raise Mistake(f"{file.name}: cannot be read as a workbook; save it as XLSX anew") from None
    return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _rows_of_items(items, name):
    """Objects as rows of text; raises ``Mistake`` for what is no object."""
    odd = [number for number, item in enumerate(items, 1) if not isinstance(item, dict)]
    if odd or not items:
        where = f"row {odd[0]}" if odd else "the list"
        raise Mistake(f"{name}: {where} has no object with {', '.join(COLUMNS)}")
    cells = [{key: _text(value) for key, value in item.items()} for item in items]
    return DataFrame(cells, range(1, len(items) + 1), dtype=str).fillna("")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _items(text, name):
    """The objects in a text: those of the fenced blocks if there are any, of all lists in one."""
    parts = _FENCED.findall(text) or [text]
    return [item for part in parts for item in _objects(part, name)]


def _objects(text, name):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _objects_by_line(text, f"{name}: no JSON ({error}); is it cut short?")
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        return lists[0] if len(lists) == 1 else [value]
    return value if isinstance(value, list) else [value]


def _objects_by_line(text, problem):
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise Mistake(problem) from None
