"""Files of reference managers: the metadata of texts that stand in other files."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from logging import ERROR, getLogger
from pathlib import PurePosixPath

import regex

from utils.corpus.files import letters_of
from utils.corpus.formats.record import File, Found, Record, make_record, text_of

_FIELDS = {
    "title": "title primary_title TI",
    "outlet": "journal_name secondary_title alternate_title3 newspaper journal journaltitle "
    "container-title howpublished publisher",
    "published": "date publication_year year issued",
    "author": "authors first_authors author",
    "url": "urls url URL",
    "language": "language langid",
    "section": "section",
    "page": "start_page pages page",
    "file": "file file_attachments1 file_attachments2 file_attachments link",
    "doc_id": "key id citation-key",
}
"""Our columns, and the names that RIS, BibTeX and CSL-JSON have for them, the best first."""
_ABSTRACTS = ("abstract", "notes_abstract", "notes")
_NO_LATEX = {"file", "url"}  # fields that stand as they are
_FILE_NAME = regex.compile(r"[^:;/\\]+\.\w{2,5}(?=[:;]|\Z)")


def read_references(file: File) -> Iterator[Found]:
    """A record without text for each entry of a RIS, BibTeX or CSL-JSON file.

    ``metadata["file"]`` has the names of the files that the entry names, divided by "; ". An
    abstract is no article: a note counts the entries that have one.

    >>> ris = b"TY  - NEWS\\nTI  - Rain\\nDA  - 2023/05/04/\\nL1  - files/rain.pdf\\nER  -\\n"
    >>> [record.metadata for record in read_references(File("a.ris", ris))]
    [{'title': 'Rain', 'published': '2023-05-04', 'file': 'rain.pdf'}]
    """
    text, notes = text_of(file)
    yield from notes
    entries = _READERS[PurePosixPath(file.name).suffix.lower()](text.removeprefix("\ufeff"))
    abstracts = 0
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str):
            yield f"{file.name}: {entry}"
        else:
            abstracts += any(entry.get(name) for name in _ABSTRACTS)
            yield make_record("", _metadata(entry), f"entry {number}")
    if abstracts:
        what = f"{abstracts} entries have an abstract, which is no article and is left out"
        yield f"{file.name}: {what}"


def is_csl(text: str) -> bool:
    """Whether JSON is a list of references (CSL-JSON), and no table of articles.

    >>> is_csl('[{"id": 1, "type": "article-newspaper", "title": "Rain"}]'), is_csl('[{"id": 1}]')
    (True, False)
    """
    try:
        entries = json.loads(text)
    except ValueError:
        return False
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and {"id", "type", "title"} <= entry.keys() and "text" not in entry
        for entry in entries
    )


def index_references(references: Iterable[Record]) -> dict[str, dict[str, str]]:
    """The metadata of references by the names of their files, by their keys and by their titles.

    What two references share leads to neither.

    >>> rain = Record("", {"title": "Rain", "doc_id": "lee"})
    >>> list(index_references([rain, Record("", {"title": "RAIN!"})]))
    ['doc_id lee']
    """
    index = {}
    for reference in references:
        for key in set(_keys(reference.metadata)):
            index[key] = {} if key in index else reference.metadata
    return {key: metadata for key, metadata in index.items() if metadata}


def find_reference(index: dict[str, dict[str, str]], name: str, title: str = "") -> dict[str, str]:
    """The metadata that references have for the file of this name, or for a text of this title.

    >>> rain = Record("", {"title": "Rain", "file": "rain.pdf", "outlet": "Echo"})
    >>> find_reference(index_references([rain]), "texts/Rain.PDF")
    {'title': 'Rain', 'outlet': 'Echo'}
    """
    if not index:  # as most often
        return {}
    for key in _keys({"file": name, "doc_id": PurePosixPath(name).stem, "title": title}):
        if key in index:
            return {column: value for column, value in index[key].items() if column != "file"}
    return {}


def _keys(metadata):
    """What a reference may be found by."""
    for name in metadata.get("file", "").split("; "):
        yield "file " + regex.split(r"[/\\]", name)[-1].casefold()
    for column in ("doc_id", "title"):
        letters = letters_of(metadata.get(column, ""))
        if letters:
            yield f"{column} {letters}"


def _read_ris(text):
    import rispy

    return rispy.loads(text, skip_unknown_tags=True)


def _read_bibtex(text):
    """The entries, and a line for each that cannot be read."""
    from bibtexparser import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware

    getLogger("bibtexparser").setLevel(ERROR)
    library = parse_string(text)
    decoded = LatexDecodingMiddleware(allow_inplace_modification=False).transform(library)
    for plain, entry in zip(decoded.entries, library.entries, strict=True):
        fields = {field.key.lower(): str(field.value) for field in plain.fields}
        fields |= {field.key: field.value for field in entry.fields if field.key in _NO_LATEX}
        author = fields.get("author", "").replace(" and ", "; ")
        yield {"date": _bibtex_date(fields), **fields, "author": author, "key": entry.key}
    for block in library.failed_blocks:
        yield f"line {block.start_line + 1}: no entry can be read"


def _bibtex_date(fields):
    """The date in year, month and day, where there is a month: its number or its name."""
    day, month, year = (fields.get(part, "") for part in ("day", "month", "year"))
    if month.isdecimal():
        return "-".join(filter(None, (year, month, day)))
    return f"{day} {month} {year}".strip() if month else ""


_READERS = {".ris": _read_ris, ".bib": _read_bibtex, ".json": json.loads}


def _metadata(entry):
    """The metadata of an entry under our names."""
    stated = {}
    for column, names in _FIELDS.items():
        values = (_printed(column, entry[name]) for name in names.split() if entry.get(name))
        stated[column] = next(filter(None, values), "")
    stated["file"] = "; ".join(dict.fromkeys(_FILE_NAME.findall(stated["file"])))
    return stated


def _printed(column, value):
    """A value of an entry as one line: dates and names in the forms of CSL-JSON too."""
    if isinstance(value, dict):
        value = _csl_date(value)
    if isinstance(value, list):
        return "; ".join(map(partial(_printed, column), value))
    if column == "published":
        found = regex.match(r"(\d{4}(?:/\d\d?(?:/\d\d?)?)?)/", str(value))
        return found[1] if found else str(value)
    return " ".join(regex.sub("[{}]", "", str(value)).split())


def _csl_date(value):
    """A date of CSL-JSON, or a name of it."""
    if "family" in value:
        return ", ".join(filter(None, (value["family"], value.get("given"))))
    parts = value.get("date-parts", [[]])[0]
    return "-".join(map(str, parts)) or value.get("literal") or value.get("raw") or ""
