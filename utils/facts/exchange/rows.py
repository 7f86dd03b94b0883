"""What the files of coders' tools share: rows of a coding, their description, identifiers, a ZIP.

Tools know a code, a selection and its comment, and no value, side or hedge. These stand in the
comment as lines "value: …", which a coder can read and mend in any tool.
"""

import json
import uuid
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import regex
from pandas import DataFrame

from utils.facts.coding import kinds_of, known_attributes, listed_attributes, read_codings
from utils.facts.gate import COLUMNS

DESCRIBED = ["value", "about", "side", "hedge", "note"]
"""Columns that tools have no place for, which stand in the comment of a selection."""
OWN_ABOUT = "centre"  # what a fact is about where a coder does not say so
_MARKS = "\"“”„'‘’«»"
_FIELD = regex.compile(rf"({'|'.join(COLUMNS)}): ?(.*)")
_NEXT_ROW = regex.compile(r"\n\n(?=(?:centre|value): )")
_NAMESPACE = uuid.UUID("6f0f7b1e-5a34-5d0e-9a53-6d0b8f1a2c77")  # any constant will do
_NO_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can hold, so that bytes are the same
Row = dict[str, str]


class Coding(NamedTuple):
    """Rows that a file holds, in the columns of a coding; lines for the reader; what is wrong."""

    rows: DataFrame
    notes: list[str]
    problems: list[str]


def coding_of(articles: DataFrame) -> DataFrame:
    """The rows of ``centres.csv`` of all coders, with ``start`` and ``end`` of each quotation.

    A quotation mark with which a quotation begins or ends is part of its place. Raises ``Mistake``
    for a table that cannot be read.
    """
    rows = read_codings(articles)
    for row in rows[rows.start.notna()].itertuples():
        raw = articles.raw[row.doc_id]
        before = len(row.quote) - len(row.quote.lstrip(_MARKS))
        after = len(row.quote) - len(row.quote.rstrip(_MARKS))
        start = row.start - before
        if before and start >= 0 and not raw[start : row.start].strip(_MARKS):
            rows.loc[row.Index, "start"] = start
        if after and not raw[row.end : row.end + after].strip(_MARKS):
            rows.loc[row.Index, "end"] = min(row.end + after, len(raw))
    return rows


def codebook_of(articles: DataFrame, rows: DataFrame) -> DataFrame:
    """Attributes that may be coded or were, by family: ``family, attribute, meaning, codable``.

    A family that is only coded more narrowly heads its attributes and is not ``codable`` itself.

    >>> from utils.corpus.articles import read_corpus
    >>> articles = read_corpus()
    >>> codebook = codebook_of(articles, coding_of(articles))
    >>> codebook.attribute[codebook.family == "status in the body"].head(3).tolist()
    ['status in the body', 'status in the body: intended', 'status in the body: agreed']
    """
    listed = listed_attributes(articles)
    listed = listed if len(listed) else known_attributes(articles)
    meanings = dict(zip(listed.attribute, listed.meaning, strict=True))
    kinds = kinds_of(listed)
    names = dict.fromkeys([*listed.attribute, *(kinds.family + ": " + kinds.kind)])
    names |= dict.fromkeys(regex.sub(r"\s*:\s*", ": ", name) for name in rows.attribute)
    families = dict.fromkeys(name.partition(":")[0] for name in names)
    ordered = [
        (family, name, meanings.get(name, ""), name in names)
        for family in families
        for name in dict.fromkeys([family, *(name for name in names if name != family)])
        if name.partition(":")[0] == family
    ]
    return DataFrame(ordered, columns=["family", "attribute", "meaning", "codable"])


def describe(rows: list[Row], columns: list[str]) -> str:
    r"""The filled columns of rows, a line each, with a blank line between rows.

    Further lines of one value are indented.

    >>> describe([{"value": "a\nb", "side": "", "note": "c"}], DESCRIBED)
    'value: a\n  b\nnote: c'
    """
    filled = [[f"{column}: {row[column]}" for column in columns if row.get(column)] for row in rows]
    return "\n\n".join("\n".join(text.replace("\n", "\n  ") for text in row) for row in filled)


def read_descriptions(text: str) -> list[Row]:
    r"""The columns that ``describe`` wrote, or a coder; any other words before them are a note.

    >>> read_descriptions("unsure\nside: British\nvalue: a\n  b\n\nvalue: c")
    [{'note': 'unsure', 'side': 'British', 'value': 'a\nb'}, {'value': 'c'}]
    """
    return [_read_description(part) for part in _NEXT_ROW.split(text)]


def _read_description(text):
    row = {}
    column = "note"
    for line in text.strip("\n").split("\n"):
        field = _FIELD.fullmatch(line)
        if field:
            column = field[1]
        words = field[2] if field else line.removeprefix("  ")
        row[column] = f"{row[column]}\n{words}" if row.get(column) else words
    return {column: words for column, words in row.items() if words}


def folded(text: str) -> str:
    """A text with each run of white space as one space, as quotations are written.

    >>> folded(" so\\n it  is")
    'so it is'
    """
    return " ".join(text.split())


def for_xml(text: str) -> str:
    """A text without characters that XML cannot hold: "�" stands for each."""
    return _NO_XML.sub("\ufffd", text)


def guid(*parts: object) -> str:
    """The identifier of something that is told by its parts, the same on every run.

    >>> guid("code", "venue") == guid("code", "venue")
    True
    """
    return str(uuid.uuid5(_NAMESPACE, json.dumps(list(map(str, parts)))))


def pack(files: dict[str, bytes]) -> bytes:
    """A ZIP of files by name, the same bytes on every run."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = ZipInfo(name, _DATE)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data)
    return packed.getvalue()


def table_of(rows: list[Row]) -> DataFrame:
    """Rows in the columns of a coding, numbered as in the CSV file that they become."""
    table = DataFrame(rows, columns=COLUMNS, dtype=str).fillna("")
    table.index += 2
    return table
