"""Articles as people bring them: each record of each file becomes a row, with what it states."""

import csv
import hashlib
import os
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import regex
from pandas import DataFrame, Index

from utils.corpus.files import Mistake, distinct, whole_characters
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.record import Record
from utils.corpus.formats.references import find_reference, index_references
from utils.corpus.formats.registry import FORMATS, NOT_READ, kind_of, read_records
from utils.corpus.sources import contents_of
from utils.corpus.tables import TABLES

OURS = ["raw", "lines", "body"]
"""The columns of ``articles`` that hold its text; a column of the metadata may not replace them."""
_TAKEN = {*OURS, "file", "place", "sha256"}
_FILE_NAMES = Path(__file__).parent / "formats" / "file_names.csv"
_DATE = r"(?:1[5-9]|20)\d\d(?:[-.]\d\d[-.]\d\d|\d\d\d\d)"
_LONGEST_ID = 50  # characters
_NAMED = 3  # articles that a note names; the others are counted


class Brought(NamedTuple):
    """The rows of articles with their texts, what to tell the reader, and what cannot be read."""

    rows: DataFrame
    notes: list[str]
    problems: list[str]


class _Article(NamedTuple):
    file: str
    sha256: str
    record: Record
    number: int  # among those of its file, from 1; 0 where it is the only one


def source_and_column(source: Path | str) -> tuple[Path, str]:
    """The path of a source, and the column of texts named after it: ``news.csv#content``.

    >>> source_and_column(f"{__file__}#content")[1], source_and_column("no such file#content")[1]
    ('content', '')
    """
    path, mark, column = str(source).rpartition("#")
    named = mark and not os.path.exists(source) and os.path.isfile(path)
    return (Path(path), column) if named else (Path(source), "")


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits.

    >>> digest_of(b"Rain.")[:8]
    '389be629'
    """
    return hashlib.sha256(data).hexdigest()


def read_brought(source: Path, column: str = "") -> Brought:
    """The articles in a folder, a file or a ZIP: a row for each record that has a text.

    References to files, and rows of a table that name files, give these their metadata.
    """
    articles = []
    references = []
    notes = []
    problems = []
    for content in contents_of(source, column):
        if isinstance(content, Mistake):
            problems += content.problems
        elif isinstance(content, str):
            notes.append(content)
        elif kind_of(content) not in {*FORMATS, *NOT_READ} and content.name != source.name:
            notes.append(f"{content.name}: {NOT_READ['']}")
        else:
            records, mistakes = _split(content)
            problems += mistakes
            new = _articles_of(content, [record for record in records if record.text.strip()])
            articles += new
            references += [] if new else records
            notes += _notes_of(content, records, new)
    rows, row_notes = _rows_of(articles, references)
    return Brought(rows, _grouped(notes + row_notes), problems)


def _split(file):
    """The records of a file, and its problems as lines."""
    try:
        found = read_records(file)
    except Mistake as mistake:
        return [], mistake.problems
    mistakes = [record for record in found if isinstance(record, Mistake)]
    records = [record for record in found if not isinstance(record, Mistake)]
    return records, [line for mistake in mistakes for line in mistake.problems]


def _articles_of(file, records):
    """The articles of a file; the hash is that of the file, or of one text among many in it."""
    if len(records) == 1:
        return [_Article(file.name, digest_of(file.data), _written(records[0]), 0)]
    return [
        _Article(file.name, digest_of(record.text.encode()), record, number)
        for number, record in enumerate(map(_written, records), 1)
    ]


def _written(record):
    """A record without what cannot be written: halves of characters, and NUL."""
    metadata = {name: whole_characters(value) for name, value in record.metadata.items()}
    return record._replace(text=whole_characters(record.text), metadata=metadata)


def _notes_of(file, records, articles):
    """What the records say, and which rows have no text among others that have one."""
    blank = [record.place for record in records if articles and not record.text.strip()]
    notes = [note for record in records for note in record.notes]
    return notes + [f"{file.name}, {place}: no text in it, and left out" for place in blank]


def _rows_of(articles, references):
    index = index_references(references)
    rows = []
    notes = []
    found = 0
    for article in articles:
        stated = article.record.metadata
        reference = find_reference(index, article.file, stated.get("title", ""))
        found += bool(reference)
        named = {} if article.number else named_in(article.file, article.record.text)
        new = " and ".join(name for name in named if name not in {**stated, **reference})
        notes += [f"{article.file}: {new} taken from the name of the file"] if new else []
        rows.append({**_own_names({**named, **stated, **reference}), **_place_of(article)})
    if found < len(references):
        there = f"{len(references) - found} of {len(references)}"
        notes.append(f"references: {there} belong to no text that is here")
    doc_ids = distinct(map(_doc_id, rows, articles))
    columns = dict.fromkeys([*TABLES["metadata"].names(), *(name for row in rows for name in row)])
    table = DataFrame(rows, Index(doc_ids, name="doc_id"), list(columns), dtype=str).fillna("")
    return table.drop(columns="doc_id"), notes


def _own_names(metadata):
    return {f"{name} (metadata)" if name in _TAKEN else name: metadata[name] for name in metadata}


def _place_of(article):
    return {
        "file": article.file,
        "place": article.record.place,
        "sha256": article.sha256,
        "raw": article.record.text,
    }


def _doc_id(row, article):
    """The id that the source gives, else the name of the file, with a number for one of many."""
    stem = PurePosixPath(article.file).stem[: _LONGEST_ID - 5]
    number = f"-{article.number:04}" if article.number else ""
    safe = regex.sub(r"[^\w.-]+", "-", row.get("doc_id") or stem + number).strip("-.")
    return safe[:_LONGEST_ID] or f"article{number}"


def named_in(file: str, text: str) -> dict[str, str]:
    """The date and the outlet in the name of a file, where ``file_names.csv`` has such a pattern.

    No outlet is what the text begins with, for that is its title.

    >>> named_in("texts/2023-05-01_China-Daily_port.txt", "Port opens")
    {'published': '2023-05-01', 'outlet': 'China Daily'}
    """
    stem = PurePosixPath(file).stem.strip()
    found = next(filter(None, (pattern.fullmatch(stem) for pattern in _patterns())), None)
    parts = found.groupdict() if found else {}
    published = iso_date(parts.get("published", "").replace(".", "-"))
    outlet = " ".join(regex.split(r"[\s_-]+", parts.get("outlet") or "")).strip()
    if _letters(text[: 4 * len(outlet)]).startswith(_letters(outlet)):
        outlet = ""
    stated = {"published": published, "outlet": outlet} if published else {}
    return {name: value for name, value in stated.items() if value}


@cache
def _patterns():
    with _FILE_NAMES.open(encoding="utf-8", newline="") as lines:
        patterns = [row["pattern"].replace("DATE", _DATE) for row in csv.DictReader(lines)]
    return [regex.compile(pattern) for pattern in patterns]


def _letters(text):
    return regex.sub(r"[^\p{L}\p{N}]", "", text.casefold())


def _grouped(notes):
    """The notes, a line for all that say the same of several files or rows.

    >>> _grouped(["a.txt: blurred", "b.txt: blurred", "c.txt: torn"])
    ['a.txt, b.txt: blurred', 'c.txt: torn']
    """
    names = {}
    for note in dict.fromkeys(notes):
        name, _, what = note.partition(": ")
        names.setdefault(what, []).append(name)
    lines = []
    for what, places in names.items():
        more = len(places) - _NAMED
        file = places[0].rpartition(", ")[0]
        shown = [places[0], *(place.removeprefix(f"{file}, ") for place in places[1:_NAMED])]
        listed = ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
        lines.append(f"{listed}: {what}" if what else listed)
    return lines
