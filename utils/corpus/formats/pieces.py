"""A large file that holds many articles is read in pieces, each like a file of its own.

So it is never in memory as a whole. What is decided from the rows of a table, such as which of two
numbers of a date is the month, is decided in each piece.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from utils.corpus.formats.documents import library_errors
from utils.corpus.formats.record import File

PIECE = 2**24
"""Bytes of a piece; a file that has no more is read as a whole."""


def pieces_of(name: str, path: Path, column: str = "") -> Iterator[File]:
    """The file, or its pieces where it is large and of a kind that can be cut.

    Raises ``OSError`` where it cannot be read, and ``Mistake`` where it is damaged.

    >>> [file.name for file in pieces_of("a.jsonl", Path(__file__))]
    ['a.jsonl']
    """
    cut = next((cut for ending, cut in _CUTS.items() if name.lower().endswith(ending)), None)
    pieces = cut(path) if cut and path.stat().st_size > PIECE else iter([])
    first = _first_of(pieces)
    if first is None:
        yield File(name, path.read_bytes(), column)
        return
    with library_errors(File(name, b""), "a file of its kind"):
        for data, before in chain([first], pieces):
            yield File(name, data, column, True, before)


def _first_of(pieces):
    """The first piece; none of a file that cannot be cut, whatever its name says that it is."""
    try:
        return next(pieces, None)
    except Exception:
        return None


def _lines(path):
    """Pieces that end with a line, and the lines before each."""
    before = 0
    with path.open("rb") as file:
        if not file.readline().rstrip().endswith(b"}"):  # another encoding, or JSON on many lines
            return
        file.seek(0)
        while data := file.read(PIECE) + file.readline():
            if data.strip():
                yield data, before
            before += data.count(b"\n")


def _rows(path):
    """Parquet files of some rows each, and the rows before them."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile, write_table

    before = 0
    with ParquetFile(path) as file:
        groups = (file.metadata.row_group(n) for n in range(file.num_row_groups))
        size = sum(group.total_byte_size for group in groups)
        number = max(1, file.metadata.num_rows * PIECE // max(size, 1))
        for batch in file.iter_batches(number):
            sink = pa.BufferOutputStream()
            write_table(pa.Table.from_batches([batch]), sink, compression="none")
            yield sink.getvalue().to_pybytes(), before
            before += len(batch)


def _pages(path):
    """Pieces of a WARC that end with an entry."""
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file, path.open("rb") as again:
        start = 0
        entries = ArchiveIterator(file)
        for _ in entries:
            offset = entries.get_record_offset()
            if offset - start >= PIECE:
                yield again.read(offset - start), 0
                start = offset
        yield again.read(), 0


_CUTS: dict[str, Callable[[Path], Iterator[tuple[bytes, int]]]] = {
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".parquet": _rows,
    ".warc": _pages,
    ".warc.gz": _pages,
}
