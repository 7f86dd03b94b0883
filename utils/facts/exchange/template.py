"""A workbook to code in: drop-down values from the codebook, and the articles sentence by sentence.

What is filled in is read at the gate, like any other coding in a spreadsheet.
"""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import regex
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from pandas import DataFrame

from utils.corpus.tables import ABOUT
from utils.corpus.tokens import sentence_table
from utils.facts.coding import read_codings
from utils.facts.exchange.rows import codebook_of, folded, pack
from utils.facts.gate import COLUMNS

ROWS = 1000  # of the sheet of the coding that have drop-down values
_WIDTHS = {"value": 40, "quote": 60, "note": 30, "attribute": 28, "meaning": 60, "text": 100}
_LONGEST = 32_000  # characters of a cell; XLSX holds 32,767
_WHEN = datetime.fromisoformat("2000-01-01")
_MODIFIED = regex.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_template(articles: DataFrame) -> bytes:
    """An XLSX with the sheets coding (to fill in), codebook, sentences and values.

    Nobody's coding is in it, but for the names of the centres. The bytes are the same on every run.
    """
    codings = read_codings(articles)
    codebook = codebook_of(articles, codings.head(0)).query("codable")[["attribute", "meaning"]]
    sides = [side for side in dict.fromkeys(codings.side) if side]
    centres = dict.fromkeys([*codings.centre, *filter(None, articles.centre)])
    values = {
        "centre": list(centres),
        "attribute": codebook.attribute.tolist(),
        "about": ABOUT,
        "doc_id": articles.index.tolist(),
        "side": sides,
    }
    book = Workbook()
    book.remove(book.active)
    coding = _add_sheet(book, "coding", COLUMNS, [])
    _add_sheet(book, "codebook", codebook.columns, codebook.to_numpy().tolist())
    _add_sheet(book, "sentences", ["doc_id", "sentence", "text"], _sentences(articles))
    _add_values(book, coding, values)
    return _same_bytes(book)


def _sentences(articles):
    titles = sentence_table(articles, titles=True)
    for row in titles.itertuples():
        text = articles.raw[row.doc_id][row.start : row.end]
        yield row.doc_id, int(row.sentence), folded(text)


def _add_sheet(book, title, header, rows):
    sheet = book.create_sheet(title)
    for number, cells in enumerate([list(header), *rows], 1):
        for column, value in enumerate(cells, 1):
            _fill(sheet.cell(number, column), value)
    for column, name in enumerate(header, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 18)
    sheet.freeze_panes = "A2"
    return sheet


def _fill(cell, value):
    """Text is never read as a formula, whatever it begins with."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LONGEST]
    cell.value = value
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, str):
        cell.data_type = "s"


def _add_values(book, coding, values):
    """Drop-down values of the columns of the coding, from a sheet that lists them."""
    sheet = book.create_sheet("values")
    sheet.sheet_state = "hidden"
    filled = {column: names for column, names in values.items() if names}
    for number, (column, names) in enumerate(filled.items(), 1):
        letter = get_column_letter(number)
        for row, name in enumerate([column, *names], 1):
            _fill(sheet.cell(row, number), name)
        known = f"values!${letter}$2:${letter}${len(names) + 1}"
        choice = DataValidation("list", formula1=known, allow_blank=True, errorStyle="warning")
        choice.error = f"This {column} is not in the list. Keep it all the same?"
        choice.showErrorMessage = True
        target = get_column_letter(COLUMNS.index(column) + 1)
        choice.add(f"{target}2:{target}{ROWS + 1}")
        coding.add_data_validation(choice)


def _same_bytes(book):
    """The workbook without the time of its making."""
    book.properties.created = _WHEN
    written = BytesIO()
    book.save(written)
    with ZipFile(written) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    when = _WHEN.isoformat().encode() + b"Z"
    core = "docProps/core.xml"
    return pack(files | {core: _MODIFIED.sub(rb"\g<1>" + when, files[core])})
