"""The files of a source: a folder, a file, or what a ZIP holds; each is opened only once."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import regex

from utils.corpus.files import Mistake, decode, in_order, printable
from utils.corpus.formats.archives import gunzip, unzip
from utils.corpus.formats.record import File
from utils.corpus.formats.registry import FORMATS, PLAIN, kind_of, read_records
from utils.corpus.tables import TABLES

_PASSED_OVER = regex.compile(
    r"(?i)(.*/)?(\.|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$|[^/]+_files/).*"
)
"""Files that systems and browsers make: hidden ones, and those that belong to a saved page."""
_ABOUT = regex.compile(r"(?i)(.*/)?(README|LICEN[CS]E|CHANGELOG)(\.\w+)?")
_SIDE_TABLES = {table.file for table in TABLES.values()}
_DEEPEST = 2  # a ZIP may stand in a ZIP
_MANY = 500  # files of which the progress is shown
_STEP = 100


class Source(NamedTuple):
    """The bytes of a file, the text in them that is labelled, counted and quoted, and its title."""

    data: bytes
    text: str
    title: str = ""


def read_source(file: Path) -> Source:
    """A file with one article, and its text: of a plain text the file itself, decoded as UTF-8.

    Raises ``Mistake`` for a file without text, in another encoding, or with several articles.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.html"
    >>> _ = file.write_text("<title>T</title><p>Rain &amp; sun.</p><script>x()</script>")
    >>> read_source(file).text
    'Rain & sun.\\n'
    """
    data = file.read_bytes()
    name = printable(file.name)
    if not data.strip():
        raise Mistake(f"{name} is empty; put the text in it or take the row out")
    if file.suffix.lower() in PLAIN or file.suffix.lower() not in FORMATS:
        return Source(data, decode(data, name))
    records = read_records(File(name, data))
    mistakes = [record for record in records if isinstance(record, Mistake)]
    if mistakes:
        raise mistakes[0]
    if len(records) != 1:
        how = "make a corpus of it with python -m utils.corpus new FOLDER SOURCE"
        raise Mistake(f"{name}: has {len(records)} articles, and a row is one article; {how}")
    return Source(data, records[0].text, records[0].metadata.get("title", ""))


def files_of(source: Path) -> Iterator[File]:
    """The files of a source that can be read, in the order of their names; numbers as numbers."""
    return (file for file in contents_of(source) if isinstance(file, File))


def contents_of(source: Path, column: str = "") -> Iterator[File | Mistake | str]:
    """What a source holds, in order: its files, and those in archives.

    A ``Mistake`` stands for a file that cannot be had, and a line for one that is passed over.
    ``column`` is the column of a table that has the texts. Links are not followed, pipes and
    devices not opened, and hidden files not mentioned. Raises ``Mistake`` for a source that is
    neither a file nor a folder.
    """
    if os.path.isdir(source):
        found, lines = _walk(source)
        yield from lines
    elif os.path.isfile(source):
        found = [(printable(source.name), source)]
    else:
        what = (
            "is neither a file nor a folder" if os.path.exists(source) else "no such folder or file"
        )
        raise Mistake(f"{printable(str(source))}: {what}; name a folder, a table or a ZIP")
    for number, (name, path) in enumerate(found):
        _show_progress(number, len(found))
        try:
            yield from _opened(File(name, Path(path).read_bytes(), column), 0)
        except Mistake as mistake:
            yield mistake
        except OSError as error:
            yield Mistake(f"{name}: cannot be opened ({error.strerror}); allow it, or take it out")
    _show_progress(len(found), len(found))


def _walk(folder):
    """The files under a folder, by the names they are shown under; and a line for what is none."""
    found = []
    lines = []
    closed = []
    for top, folders, names in os.walk(folder, onerror=closed.append):
        for entry in [*folders, *names]:
            path = os.path.join(top, entry)
            name = printable(os.path.relpath(path, folder).replace(os.sep, "/"))
            line = _why_not(name, os.lstat(path).st_mode)
            if line:
                lines.append(f"{name}: {line}")
            elif entry in names and line is None:
                found.append((name, path))
    lines += [Mistake(f"{printable(error.filename)}: {error.strerror}") for error in closed]
    return sorted(found, key=lambda pair: in_order(pair[0])), lines


def _why_not(name, mode):
    """Why a file is not read; empty where that needs no word, ``None`` where it is read."""
    if _PASSED_OVER.fullmatch(name) or name in _SIDE_TABLES:
        return ""
    if stat.S_ISLNK(mode):
        return "a link, which is not followed; put the file or the folder itself here"
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "no file but a pipe or a device, which is not opened"
    return "not taken for an article, because of its name" if _ABOUT.fullmatch(name) else None


def _opened(file, depth):
    """The file, or the files that it packs."""
    if not file.data:
        yield file
        return
    kind = kind_of(file)
    if kind == ".gz":
        yield from _opened(gunzip(file), depth)
    elif kind == ".zip" and depth == _DEEPEST:
        yield Mistake(f"{file.name}: a ZIP in a ZIP in a ZIP; unpack it, and give the folder")
    elif kind == ".zip":
        for part in unzip(file):
            yield from _packed(part, depth)
    else:
        yield file


def _packed(part, depth):
    if isinstance(part, Mistake):
        yield part
    elif PurePosixPath(part.name).name in _SIDE_TABLES - {"metadata.csv"}:
        yield f"{part.name}: a side table, which is read in a folder only; unpack the ZIP"
    elif not _PASSED_OVER.fullmatch(part.name):
        yield from _opened(part, depth + 1)


def _show_progress(number, total):
    """One line on a terminal that counts the files of a large source."""
    if total > _MANY and (number % _STEP == 0 or number == total) and sys.stderr.isatty():
        end = "\n" if number == total else ""
        print(f"\r{number:,} of {total:,} files read", end=end, file=sys.stderr, flush=True)
