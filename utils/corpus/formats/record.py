"""What a format is given and what it gives: a file, and a record for each article in it."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from utils.corpus.files import Mistake, decode_any, whole_characters, wide_encoding
from utils.corpus.formats.dates import iso_date

MOST_HELD = 2**24
"""Bytes of a file that is held in memory; a larger one is read from the disk."""
_HEAD = 4096  # bytes by which a format is told
_BLOCK = 2**18  # bytes
AS_PRINTED = "published (as printed)"
"""The further column of dates that cannot be read."""


class File(NamedTuple):
    """A file, with its path as the user sees it, divided by ``/``.

    ``content`` is its bytes, or the file on the disk where they are many. ``column`` is the column
    of a table that the user says has the texts.
    """

    name: str
    content: bytes | BinaryIO
    column: str = ""

    def open(self) -> BinaryIO:
        """Its bytes as a stream from the first on; a large file is read by the latest one only.

        >>> File("a.txt", b"Rain.").open().read()
        b'Rain.'
        """
        if isinstance(self.content, bytes):
            return BytesIO(self.content)
        stream = os.fdopen(os.dup(self.content.fileno()), "rb")
        stream.seek(0)
        return stream

    def close(self) -> None:
        """Let go of a file on the disk.

        >>> File("a.txt", b"Rain.").close()
        """
        if not isinstance(self.content, bytes):
            self.content.close()

    @property
    def data(self) -> bytes:
        """All bytes of it, also of a large file."""
        with self.open() as stream:
            return stream.read()

    @property
    def head(self) -> bytes:
        """The first bytes, by which its format is told."""
        with self.open() as stream:
            return stream.read(_HEAD)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        if isinstance(self.content, bytes):
            return len(self.content)
        return os.fstat(self.content.fileno()).st_size


def content_of(path: Path) -> bytes | BinaryIO:
    """What a file on the disk gives to a ``File``: its bytes, or where they are many, itself.

    >>> len(content_of(Path(__file__))) == Path(__file__).stat().st_size
    True
    """
    return path.open("rb") if path.stat().st_size > MOST_HELD else path.read_bytes()


def unpacked(packed: BinaryIO, most: int) -> bytes | BinaryIO | None:
    """What a stream gives to a ``File``: its bytes, or where they are many, a file with them.

    That is one without a name, in the folder for temporary files. ``None`` where there are more
    bytes than ``most``.

    >>> unpacked(BytesIO(b"Rain."), 5), unpacked(BytesIO(b"Rain."), 4)
    (b'Rain.', None)
    """
    block = packed.read(MOST_HELD + 1)
    if len(block) <= MOST_HELD:
        return block if len(block) <= most else None
    file = TemporaryFile()  # noqa: SIM115 - the File closes it
    while block and file.tell() + len(block) <= most:
        file.write(block)
        block = packed.read(_BLOCK)
    file.flush()
    return None if block else file


class Record(NamedTuple):
    """An article as its source has it.

    ``metadata`` has only what the source states: ``title``, ``outlet``, ``published`` (ISO),
    ``author``, ``url``, ``language``, ``section``, ``words`` (the stated length), ``doc_id``, and
    further columns by their own names. ``place`` says where in the file it stands: "row 12",
    "article 3", or nothing. A record without text has the metadata of the file that its
    ``metadata["file"]`` names.
    """

    text: str
    metadata: dict[str, str]
    place: str = ""


Found = Record | Mistake | str
"""An article; what is wrong with one that cannot be read; or a line for the reader.

A line names the file and, after a colon, says what there is to say.
"""
Format = Callable[[File], Iterable[Found]]
"""Reads a file; raises ``Mistake`` where the whole file cannot be read."""


def make_record(text: str, stated: Mapping[str, str | None], place: str = "") -> Record:
    """A record of what a source states, as printed there.

    White space is tidied, what is blank left out, and the date brought into ISO form. A date that
    cannot be read stays as printed in ``published (as printed)``.

    >>> make_record("Rain.", {"title": " Rain  falls", "published": "May 4, 2023", "url": None})[1]
    {'title': 'Rain falls', 'published': '2023-05-04'}
    """
    tidy = {
        whole_characters(name): " ".join(whole_characters(value or "").split())
        for name, value in stated.items()
    }
    printed = tidy.get("published", "")
    if printed:
        tidy["published"] = iso_date(printed)
        tidy[AS_PRINTED] = "" if tidy["published"] else printed
    metadata = {name: value for name, value in tidy.items() if value}
    return Record(whole_characters(text), metadata, place)


def text_of(file: File) -> tuple[str, list[str]]:
    """The text of a file, and a line for the reader where its encoding had to be guessed.

    >>> text_of(File("a.txt", "Rain.".encode("utf-16")))
    ('Rain.', [])
    """
    text, encoding = decode_any(file.data, file.name)
    usual = encoding in ("utf_8", "utf_16")
    return text, [] if usual else [f"{file.name}: not UTF-8; read as {encoding}"]


def lines_of(
    file: File, newline: str, filled: int | None = None
) -> tuple[Callable[[], Iterator[str]], list[str]]:
    r"""What gives the lines of a text each time anew, and a line for the reader as ``text_of`` has.

    ``newline`` is as for ``open``. A file in UTF-8 or UTF-16 is never in memory as a whole; one in
    another encoding is, since it takes all of it to tell which. ``filled`` is how many lines that
    are not blank will be asked for, if not all.

    >>> lines, notes = lines_of(File("a.csv", b"title,text\nRain,It fell."), "")
    >>> list(lines()), notes
    (['title,text\n', 'Rain,It fell.'], [])
    """
    encoding = wide_encoding(file.head) or "utf-8-sig"
    lines = partial(_lines, file, encoding, newline)
    try:
        for _ in islice(filter(str.strip, lines()), filled):
            pass
    except UnicodeDecodeError:
        text, notes = text_of(file)
        return partial(StringIO, text, newline), notes
    return lines, []


def _lines(file, encoding, newline):
    with TextIOWrapper(file.open(), encoding, "surrogatepass", newline) as lines:
        yield from map(whole_characters, lines)
