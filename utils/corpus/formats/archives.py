"""Files that hold files: ZIP and gzip, unpacked one after another, and WARC with its pages.

What unpacks to a large file is put on the disk, into the folder for temporary files.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from utils.corpus.files import Mistake, in_order, printable
from utils.corpus.formats.record import File, Found, Record, unpacked
from utils.corpus.formats.web import read_page

MOST_TIMES = 200  # its own size that an archive may hold; texts shrink to a third or a tenth
_ANYWAY = 50 * 2**20  # bytes that it may hold in any case
_FLAG_UTF8 = 0x800
_FLAG_ENCRYPTED = 0x1


def unzip(file: File) -> Iterator[File | Mistake]:
    """The files in a ZIP, each named after it; a ``Mistake`` for one that cannot be had.

    Raises ``Mistake`` for what is no ZIP, and for one that unpacks to far more
    than its own size.

    >>> from io import BytesIO
    >>> data = BytesIO()
    >>> with ZipFile(data, "w") as archive:
    ...     archive.writestr("a.txt", "Rain.")
    >>> list(unzip(File("b.zip", data.getvalue())))
    [File(name='b.zip/a.txt', content=b'Rain.', column='')]
    """
    check_size(file)
    with file.open() as stream, ZipFile(stream) as archive:
        for info in sorted(archive.infolist(), key=lambda info: in_order(info.filename)):
            if not info.filename.endswith("/"):
                yield _member(archive, info, file)


def gunzip(file: File) -> File:
    """The file that gzip packed. Raises ``Mistake`` for one that is damaged or far too large.

    >>> gunzip(File("a.txt.gz", gzip.compress(b"Rain.")))[:2]
    ('a.txt', b'Rain.')
    """
    try:
        with file.open() as stream, gzip.open(stream) as packed:
            content = unpacked(packed, _most(file))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Mistake(f"{file.name}: is damaged ({error}); pack or download it anew") from None
    if content is None:
        raise Mistake(f"{file.name}: {_too_large('it')}")
    name = file.name[:-3] if file.name.lower().endswith(".gz") else file.name
    return File(name, content, file.column)


def check_size(file: File) -> None:
    """Raise ``Mistake`` for a ZIP, or a document that is one, that is damaged or far too large."""
    try:
        with file.open() as stream, ZipFile(stream) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise Mistake(f"{file.name}: is damaged ({error}); pack or download it anew") from None
    if size > _most(file):
        raise Mistake(f"{file.name}: {_too_large(f'with {size:,} bytes it')}")


def read_warc(file: File) -> Iterator[Found]:
    """The articles of the pages in a WARC, each with its address; images and the like are left out.

    A page in which no article is found is a ``Mistake``.
    """
    from warcio.archiveiterator import ArchiveIterator  # loaded here, since few corpora need it

    with file.open() as stream:
        for entry in filter(_is_page, ArchiveIterator(stream)):
            url = entry.rec_headers.get_header("WARC-Target-URI") or ""
            try:
                note, record = read_page(File(f"{file.name}, {url}", entry.content_stream().read()))
            except Mistake as mistake:
                yield mistake
            else:
                yield note
                yield Record(record.text, {**record.metadata, "url": url}, url)


def _most(file):
    """Bytes that an archive may unpack to."""
    return max(_ANYWAY, MOST_TIMES * file.size)


def _too_large(what):
    return f"{what} unpacks to more than {MOST_TIMES} times its size; unpack it yourself, if safe"


def _member(archive, info, file):
    name = f"{file.name}/{printable(_name_of(info))}"
    if {"..", ""} & set(PurePosixPath(_name_of(info)).parts) or _name_of(info)[:1] in "/\\":
        return Mistake(f"{name}: lies outside its archive, and is not read; pack it anew")
    if info.flag_bits & _FLAG_ENCRYPTED:
        return Mistake(f"{name}: needs a password; unpack it, and give the folder")
    if info.header_offset < 0:
        return Mistake(f"{name}: cannot be unpacked (it would lie before the ZIP); pack it anew")
    try:
        with archive.open(info) as packed:
            return File(name, unpacked(packed, info.file_size))
    except Exception as error:  # each way of packing has errors of its own
        if getattr(error, "errno", None):
            raise
        return Mistake(f"{name}: cannot be unpacked ({error}); pack it anew")


def _name_of(info):
    """The name in UTF-8 or as Chinese systems write it, though the archive does not say so."""
    if not info.flag_bits & _FLAG_UTF8:
        for encoding in ("utf-8", "gb2312"):
            with suppress(UnicodeError):
                return info.filename.encode("cp437").decode(encoding)
    return info.filename


def _is_page(entry):
    if entry.rec_type != "response" or not entry.http_headers:
        return False
    kind = entry.http_headers.get_header("Content-Type") or ""
    return "html" in kind and entry.http_headers.get_statuscode() == "200"
