"""The files of a source: a folder, a file, or what a ZIP holds; each is opened only once."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import gettempdir

import regex

from utils.corpus.files import Mistake, in_order, printable
from utils.corpus.formats.archives import gunzip, unzip
from utils.corpus.formats.record import File, content_of
from utils.corpus.formats.registry import kind_of
from utils.corpus.tables import TABLES

IGNORED = regex.compile(r"(?i)(.*/)?(\.|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$|[^/]+_files/).*")
"""Names of files that systems and browsers make: hidden ones, and those of a saved page."""
_ABOUT = regex.compile(r"(?i)(.*/)?(README|LICEN[CS]E|CHANGELOG)(\.\w+)?")
_SIDE_TABLES = {table.file for table in TABLES.values()}
_DEEPEST = 2  # a ZIP may stand in a ZIP
_MANY = 500  # files of which the progress is shown
_STEP = 100
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def path_and_column(source: Path | str) -> tuple[Path, str]:
    """The path of a source, and the column of texts named after it: ``news.csv#content``.

    >>> path_and_column(f"{__file__}#content")[1], path_and_column("no such file#content")[1]
    ('content', '')
    """
    path, mark, column = str(source).rpartition("#")
    named = mark and not os.path.exists(source) and os.path.isfile(path)
    return (Path(path), column) if named else (Path(source), "")


def files_of(source: Path, column: str = "") -> Iterator[File | Mistake | str]:
    """The files of a source, in the order of their names, numbers as numbers; and in archives.

    A ``Mistake`` stands for a file that cannot be had, and a line for one that is left out.
    A file is read before the next one is asked for, which closes it.
    ``column`` is the column of a table that has the texts. Links are not followed, pipes and
    devices not opened, and hidden files not mentioned. Raises ``Mistake`` for a source that is
    neither a file nor a folder, and where there is no room to unpack one.

    >>> [file.name for file in files_of(Path(__file__))]
    ['sources.py']
    """
    if os.path.isdir(source):
        found, lines = _walk(source)
        yield from lines
    elif os.path.isfile(source):
        found = [(printable(source.name), source)]
    else:
        there = os.path.exists(source)
        what = "is neither a file nor a folder" if there else "no such folder or file"
        raise Mistake(f"{printable(str(source))}: {what}; name a folder, a table or a ZIP")
    for number, (name, path) in enumerate(found):
        _show_progress(number, len(found))
        try:
            yield from _unpacked(File(name, content_of(Path(path)), column), 0)
        except Mistake as mistake:
            yield mistake
        except OSError as error:
            yield refusal(error, name)
    _show_progress(len(found), len(found))


@contextmanager
def refusals(source: Path) -> Iterator[None]:
    """Makes a ``Mistake`` of what the system refuses meanwhile.

    >>> with refusals(Path("a.txt")):
    ...     raise OSError("torn")
    Traceback (most recent call last):
        ...
    utils.corpus.files.Mistake: a.txt: cannot be opened (torn); allow it, or take it out
    """
    try:
        yield
    except OSError as error:
        raise refusal(error, printable(str(error.filename or source))) from None


def refusal(error: OSError, name: str) -> Mistake:
    """What to say of a file that the system refuses. Raises ``Mistake`` where a disk is full.

    >>> str(refusal(PermissionError(13, "Permission denied"), "a.txt"))
    'a.txt: cannot be opened (Permission denied); allow it, or take it out'
    """
    reason = error.strerror or error
    if error.errno in _NO_ROOM:
        room = "make room there, or name another folder in TMPDIR"
        raise Mistake(f"{gettempdir()}: {reason}; {room}") from None
    return Mistake(f"{name}: cannot be opened ({reason}); allow it, or take it out")


def _walk(folder):
    """The files under a folder, by the names they are shown under; and a line for what is none."""
    found = []
    lines = []

    def refuse(error):
        lines.append(refusal(error, printable(os.path.relpath(error.filename, folder))))

    for top, folders, names in os.walk(folder, onerror=refuse):
        for entry in [*folders, *names]:
            path = os.path.join(top, entry)
            name = printable(os.path.relpath(path, folder).replace(os.sep, "/"))
            if IGNORED.fullmatch(name) or name in _SIDE_TABLES:
                continue
            try:
                reason = _why_not(name, os.lstat(path).st_mode)
            except OSError as error:  # it may go while the folder is listed
                refuse(error)
                continue
            if reason:
                lines.append(f"{name}: {reason}")
            elif entry in names:
                found.append((name, path))
    return sorted(found, key=lambda pair: in_order(pair[0])), lines


def _why_not(name, mode):
    """Why a file is not read; empty where it is."""
    if stat.S_ISLNK(mode):
        return "a link, which is not followed; put the file or the folder itself here"
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "no file but a pipe or a device, which is not opened"
    if stat.S_ISDIR(mode) and name.endswith("_files"):
        return "not read, since browsers save what belongs to a page in folders of such names"
    return "not taken for an article, because of its name" if _ABOUT.fullmatch(name) else ""


def _unpacked(file, depth):
    """The file, or the files that it packs; each is closed when the next one is asked for."""
    with closing(file):
        kind = kind_of(file)
        if kind == ".gz":
            yield from _unpacked(gunzip(file), depth)
        elif kind == ".zip" and depth == _DEEPEST:
            yield Mistake(f"{file.name}: a ZIP in a ZIP in a ZIP; unpack it, and give the folder")
        elif kind == ".zip" and file.head:
            for part in unzip(file):
                yield from [part] if isinstance(part, Mistake) else _packed(part, depth + 1)
        else:
            yield file


def _packed(file, depth):
    """A file of a ZIP, or what it packs; nothing for what systems make."""
    if PurePosixPath(file.name).name in _SIDE_TABLES - {"metadata.csv"}:
        yield f"{file.name}: a side table, which is read in a folder only; unpack the ZIP"
    elif not IGNORED.fullmatch(file.name):
        yield from _unpacked(file, depth)


def _show_progress(number, total):
    """One line on a terminal that counts the files of a large source."""
    if total > _MANY and (number % _STEP == 0 or number == total) and sys.stderr.isatty():
        end = "\n" if number == total else ""
        print(f"\r{number:,} of {total:,} files read", end=end, file=sys.stderr, flush=True)
