"""The formats by the ending of a file's name, and the records of a file."""

import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

import regex

from utils.corpus.files import Mistake, wide_encoding
from utils.corpus.formats.archives import check_size, read_warc
from utils.corpus.formats.databases import articles_of, read_page_or_export
from utils.corpus.formats.documents import (
    library_errors,
    read_docx,
    read_odt,
    read_pdf,
    read_rtf,
    read_text,
)
from utils.corpus.formats.mail import read_eml, read_mbox
from utils.corpus.formats.record import File, Format, Found, Record, text_of
from utils.corpus.formats.references import is_csl, read_references
from utils.corpus.formats.tables import (
    is_json_lines,
    is_table,
    read_delimited,
    read_json,
    read_parquet,
    read_workbook,
)
from utils.corpus.formats.web import read_mhtml


class Contents(NamedTuple):
    """The articles of a file, lines for the reader, and what cannot be read, a line each."""

    records: list[Record]
    notes: list[str]
    problems: list[str]

    def add(self, item: Found) -> None:
        """Put what was found to what is of its kind.

        >>> contents = Contents([], [], [])
        >>> contents.add(Mistake("a.txt: torn"))
        >>> contents.problems
        ['a.txt: torn']
        """
        if isinstance(item, str):
            self.notes.append(item)
        elif isinstance(item, Mistake):
            self.problems.extend(item.problems)
        else:
            self.records.append(item)


def _read_json_or_references(file):
    is_list = not is_json_lines(file) and is_csl(text_of(file)[0])
    return read_references(file) if is_list else read_json(file)


PLAIN = {".txt", ".text", ".md"}
"""Endings of a file whose bytes are its text."""
_BY_LINE = {".docx": read_docx, ".odt": read_odt, ".rtf": read_rtf}
"""Documents in whose text each line is a paragraph."""
_DOCUMENTS = {**dict.fromkeys(PLAIN, read_text), **_BY_LINE, ".pdf": read_pdf, ".eml": read_eml}
"""Documents that hold one article, if they are no export of a news database."""
FORMATS: dict[str, Format] = {
    **_DOCUMENTS,
    **dict.fromkeys((".html", ".htm", ".xhtml"), read_page_or_export),
    **dict.fromkeys((".mhtml", ".mht"), read_mhtml),
    **dict.fromkeys((".ris", ".bib"), read_references),
    **dict.fromkeys((".csv", ".tsv", ".tab"), read_delimited),
    **dict.fromkeys((".jsonl", ".ndjson"), read_json),
    ".json": _read_json_or_references,
    **dict.fromkeys((".xlsx", ".xlsm"), read_workbook),
    ".parquet": read_parquet,
    ".mbox": read_mbox,
    ".warc": read_warc,
}
"""What reads a file, by the ending of its name in small letters."""
NOT_READ = {
    ".xls": "a workbook of before 2007, or one with a password; save it as an XLSX without one",
    ".doc": "encrypted, or a DOC of before 2007; save it as a DOCX without password",
    "": "not read, since its kind of file is not known here; save it as text, or take it out",
}
"""Why a file is not read, by the ending that it should have."""
_BEGINNINGS = {
    b"%PDF-": ".pdf",
    b"{\\rtf": ".rtf",
    b"PAR1": ".parquet",
    b"\x1f\x8b": ".gz",
    b"WARC/": ".warc",
}
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "content.xml": ".odt"}
_PAGE = regex.compile(
    rb"(?is)(<\?xml.{0,200}?\?>\s*)?(<!--.{0,500}?-->\s*)*<(!doctype html|html)\b"
)
_ENDING = regex.compile(r"\.[a-z][a-z\d]{0,9}")


def read_records(file: File) -> Contents:
    """The articles of a file, by what its first bytes or else its name say that it is.

    Raises ``Mistake`` for a file that is empty, damaged or of no known format.

    >>> read_records(File("a.txt", b"title;text\\nRain;It fell.")).records[0].text
    'It fell.'
    """
    contents = Contents([], [], [])
    for item in records_in(file):
        contents.add(item)
    return contents


def records_in(file: File) -> Iterator[Found]:
    """The same one after another, so that the texts of a large file need not be held.

    >>> [record.text for record in records_in(File("a.txt", b"Rain."))]
    ['Rain.']
    """
    kind = kind_of(file)
    _check(file, kind)
    records = 0
    for item in _read(file, kind):
        yield item
        records += isinstance(item, Record)
    named = _ending_of(file.name)
    if records and kind != named and not {kind, named} <= PLAIN:
        yield f"{file.name}: its content is that of a {kind} file, as which it is read"


def _check(file, kind):
    if not (file.head.strip() or file.data.strip()):
        raise Mistake(f"{file.name} is empty; put the text in it or take it out")
    if kind not in FORMATS:
        raise Mistake(f"{file.name}: {NOT_READ.get(kind, NOT_READ[''])}")
    if file.head.startswith(b"PK\x03\x04"):
        check_size(file)


def _read(file, kind):
    with library_errors(file, f"a {kind[1:].upper()}"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries, which the reader of a report cannot mend
        found = iter(FORMATS[kind](file))
        if kind not in _DOCUMENTS:
            yield from found
            return
        *notes, record = found
    yield from notes
    yield from articles_of(record.text, file.name) or [_whole(record, file, kind)]


def _whole(record, file, kind):
    """The record of a document that holds one article, a blank line between its paragraphs."""
    if not record.text.strip():
        raise Mistake(f"{file.name}: no text in it; take it out or put its text in")
    if kind not in _BY_LINE:
        return record
    lines = filter(str.strip, record.text.split("\n"))
    return record._replace(text="\n\n".join(lines))


@lru_cache(maxsize=1)  # it is asked for on the way to a file and again there
def kind_of(file: File) -> str:
    """The ending that the name of a file should have: told by its first bytes, else its own.

    >>> kind_of(File("a.txt", b"<!DOCTYPE html><p>Rain")), kind_of(File("notes", b"Rain"))
    ('.html', '.txt')
    """
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    named = _ending_of(file.name)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file, named)
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # Office of before 2007, or with a password
        return ".xls" if named.startswith(".xls") else ".doc"
    begun = [kind for start, kind in _BEGINNINGS.items() if head.startswith(start)]
    return begun[0] if begun else _kind_of_text(head, named)


def _ending_of(name):
    """The ending of a name, in small letters; that of a text where it has none."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if _ENDING.fullmatch(ending) else ".txt"


def _kind_of_zip(file, named):
    try:
        with file.open() as stream, ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return named if named in FORMATS else ".zip"
    told = next((kind for part, kind in _PARTS.items() if part in names), ".zip")
    return named if (told, named) == (".xlsx", ".xlsm") else told


def _kind_of_text(head, named):
    """What text is: a page of HTML, or, where it is called a plain text, perhaps a table."""
    if _PAGE.match(head):
        return named if named in (".htm", ".xhtml") else ".html"
    if named not in PLAIN:
        return named
    text = head.decode(wide_encoding(head) or "utf-8", "ignore")
    if regex.match(r"\s*(\[\s*)?\{\s*\"[^\"\n]+\"\s*:", text):
        return ".json"
    return ".csv" if is_table(text) else named
