"""A collection of files becomes rows: one for each article in them, with what its source states."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import regex
from pandas import DataFrame, Index, read_csv

from utils.corpus.files import Mistake, decode, distinct, first_of, letters_of, list_first
from utils.corpus.formats.record import File, Record, make_record
from utils.corpus.formats.references import find_reference, index_references
from utils.corpus.formats.registry import (
    FORMATS,
    NOT_READ,
    PLAIN,
    Contents,
    kind_of,
    read_records,
    records_in,
)
from utils.corpus.sources import files_of, refusals
from utils.corpus.spill import Texts
from utils.corpus.tables import TABLES

TEXT_COLUMNS = ["raw", "lines", "body"]
"""The columns of ``articles`` that hold its text; a column of the metadata may not replace them."""
_OWN_COLUMNS = {*TEXT_COLUMNS, "file", "place", "sha256"}
_DATE = r"(?:1[5-9]|20)\d\d(?:[-.]\d\d[-.]\d\d|\d\d\d\d)"
_FILE_NAMES = read_csv(Path(__file__).parent / "formats" / "file_names.csv")
_PATTERNS = _FILE_NAMES.pattern.str.replace("DATE", _DATE, regex=False).map(regex.compile)
_FIRST_WORDS = regex.compile(r".{20,45}(?![^-])|.{1,45}")
_BEGINNING = 200  # characters of a text, by which its file is known
_NAMED = 3  # articles that a note names; the others are counted


class Collection(NamedTuple):
    """The rows of articles with their texts, what to tell the reader, and what cannot be read."""

    rows: DataFrame
    notes: list[str]
    problems: list[str]


class _Article(NamedTuple):
    file: str
    record: Record  # with the beginning of the text
    number: int  # among those of its file, from 1; 0 where it is the only one
    digest: str  # of the file, or of the text where it is one of many


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits.

    >>> digest_of(b"Rain.")[:8]
    '389be629'
    """
    return hashlib.sha256(data).hexdigest()


def read_collection(
    source: Path, column: str = "", through: Callable[[Iterator], Iterable] = iter
) -> Collection:
    """The articles in a folder, a file or a ZIP: a row for each record that has a text.

    References to files, and rows of a table that name files, give these their metadata. ``column``
    is the column of a table that has the texts. Language, title and text of each article, as its
    own source has them, go ``through`` a function while the next ones are not yet read.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "2023-05-04_Echo_rain.txt"
    >>> _ = file.write_text("Rain falls\\n\\nIt fell on Monday.")
    >>> read_collection(file).notes
    ['2023-05-04_Echo_rain.txt: outlet and published taken from the name of the file']
    """
    found = []

    def reading():
        with refusals(source):
            found.append((yield from _reading(source, column)))

    deque(through(reading()), 0)
    return found[0]


def _reading(source, column):
    """Gives language, title and text of each article, and returns the collection."""
    articles = []
    references = []
    notes = []
    problems = []
    numbers = Counter()
    texts = Texts()
    for file in files_of(source, column):
        contents = yield from _contents(file, source.name, texts)
        new = [article for article in contents.records if article.record.text]
        without = [article.record for article in contents.records if not article.record.text]
        notes += contents.notes
        problems += contents.problems
        if new:
            notes += [f"{file.name}, {record.place}: no text, and left out" for record in without]
            articles += _numbered(new, file, numbers)
        else:
            references += without
    rows, row_notes = _rows_of(articles, references)
    rows["raw"] = texts.column().array
    return Collection(rows, first_of(_grouped(notes + row_notes)), problems)


def _contents(file, whole, texts):
    """Gives the same of a file, and returns its contents: articles, whose texts go to the others.

    A file of unknown kind is a note, if others are there.
    """
    contents = Contents([], [], [])
    before = len(texts)
    try:
        for item in _found(file, whole):
            contents.add(_article(file, item) if isinstance(item, Record) else item)
            if isinstance(item, Record) and item.text.strip():
                texts.add(item.text)
                yield *(item.metadata.get(name, "") for name in ("language", "title")), item.text
    except Mistake as mistake:
        texts.cut(before)
        return Contents([], [], mistake.problems)
    return contents


def _found(file, whole):
    if isinstance(file, Mistake):
        raise file
    if isinstance(file, str):
        return [file]
    if kind_of(file) not in {*FORMATS, *NOT_READ} and file.name != whole:
        return [f"{file.name}: {NOT_READ['']}"]
    return records_in(file)


def _article(file, record):
    """The article of a record, of whose text it keeps the beginning."""
    start = record.text.lstrip()[:_BEGINNING]
    return _Article(file.name, record._replace(text=start), 0, digest_of(record.text.encode()))


def _numbered(articles, file, numbers):
    """The articles of a file with their numbers; the only one has the digest of the file."""
    first = numbers[file.name] + 1
    numbers[file.name] += len(articles)
    if len(articles) == 1:
        return [articles[0]._replace(digest=digest_of(file.data))]
    return [article._replace(number=n) for n, article in enumerate(articles, first)]


def _rows_of(articles, references):
    index = index_references(references)
    rows = []
    notes = []
    found = 0
    for article in articles:
        name = article.file
        stated = article.record.metadata
        first_line = article.record.text.partition("\n")[0]
        reference = find_reference(index, name, stated.get("title", first_line))
        found += bool(reference)
        named = {} if article.number else stated_in_name(name, article.record.text)
        new = [column for column in named if column not in {**stated, **reference}]
        if new:
            notes.append(f"{name}: {' and '.join(new)} taken from the name of the file")
        rows.append(_row(article, {**named, **stated, **reference}))
    if found < len(references):
        there = f"{len(references) - found} of {len(references)}"
        notes.append(f"references: {there} belong to no text that is here")
    doc_ids = distinct(map(_doc_id, rows, articles))
    columns = dict.fromkeys([*TABLES["metadata"].names(), *(name for row in rows for name in row)])
    table = DataFrame(rows, Index(doc_ids, name="doc_id"), list(columns), dtype=str).fillna("")
    return table.drop(columns="doc_id"), notes


def _row(article, metadata):
    """The metadata of an article, and where it was found."""
    renamed = {name: f"{name} (metadata)" for name in _OWN_COLUMNS}
    return {renamed.get(name, name): value for name, value in metadata.items()} | {
        "file": article.file,
        "place": article.record.place,
        "sha256": article.digest,
    }


def _doc_id(row, article):
    """The id that the source gives, else the name of the file, with a number for one of many.

    It is cut after a word.
    """
    number = f"-{article.number:04}" if article.number and "doc_id" not in row else ""
    name = row.get("doc_id") or PurePosixPath(article.file).stem
    safe = regex.sub(r"[^\w.-]+", "-", name).strip("-.") or "article"
    return _FIRST_WORDS.match(safe)[0].rstrip("-.") + number


def stated_in_name(file: str, text: str) -> dict[str, str]:
    """The date and the outlet in the name of a file, where ``file_names.csv`` has such a pattern.

    No outlet is what the text begins with, for that is its title.

    >>> stated_in_name("texts/2023-05-01_China-Daily_port.txt", "Port opens")
    {'outlet': 'China Daily', 'published': '2023-05-01'}
    """
    stem = PurePosixPath(file).stem.strip()
    found = next(filter(None, (pattern.fullmatch(stem) for pattern in _PATTERNS)), None)
    parts = found.groupdict() if found else {}
    outlet = regex.sub(r"[\s_-]+", " ", parts.get("outlet") or "")
    if letters_of(text[: 4 * len(outlet)]).startswith(letters_of(outlet)):
        outlet = ""
    published = parts.get("published", "").replace(".", "-")
    stated = make_record("", {"outlet": outlet, "published": published}).metadata
    return stated if "published" in stated else {}


def _grouped(notes):
    """The notes, a line for all that say the same of several files or rows.

    >>> _grouped(["a.txt: blurred", "b.txt: blurred", "c.txt: torn"])
    ['a.txt, b.txt: blurred', 'c.txt: torn']
    """
    names = {}
    for note in dict.fromkeys(notes):
        name, _, what = note.partition(": ")
        file, _, place = name.rpartition(", ")
        known = names.setdefault(what, [])
        known.append(place if any(other.startswith(f"{file}, ") for other in known[:1]) else name)
    return [f"{list_first(places, _NAMED)}: {what}" for what, places in names.items()]


def read_article(file: File) -> Record:
    """The one article of a file in our layout; of a plain text the file itself, decoded as UTF-8.

    Raises ``Mistake`` for a file without text, in another encoding, or with several articles.

    >>> read_article(File("a.html", b"<title>T</title><p>Rain &amp; sun.</p><script>x()</script>"))
    Record(text='Rain & sun.\\n', metadata={'title': 'T'}, place='')
    """
    if not file.data.strip():
        raise Mistake(f"{file.name} is empty; put the text in it or take the row out")
    ending = PurePosixPath(file.name).suffix.lower()
    if ending in PLAIN or ending not in {*FORMATS, *NOT_READ}:
        return Record(decode(file.data, file.name), {})
    records, _, problems = read_records(file)
    if problems:
        raise Mistake(problems)
    if len(records) != 1:
        how = "make a corpus of it with python -m utils.corpus new FOLDER SOURCE"
        raise Mistake(f"{file.name}: has {len(records)} articles, and a row is one article; {how}")
    return records[0]
