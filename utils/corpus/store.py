"""The files of an index: one table of articles, and an array for each column of tokens.

========================  ========================================================================
``articles.arrow``        metadata and texts, a row an article
``lines.arrow``           the labelled lines and the paragraphs of each article
``digests.bin``           16 bytes an article, by which its text and its paragraphs are known
``terms.txt``             the terms in order, a line each
``sentences.i32``         article, paragraph, sentence, start, end and tokens of each sentence
``start.i32 length.i32``  where a token begins, and its characters
``code.i32``              the place of its term in ``terms.txt``
``positions.i32``         the tokens of the first term, then those of the second, and so on
``index.json``            what the index was made from, and the sizes of its parts; written last
========================  ========================================================================
"""

import json
import mmap
import os
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from itertools import count, pairwise
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy import ndarray
from pandas import DataFrame, Series

from utils.corpus.arrays import Words, sort_terms
from utils.corpus.furniture import Line
from utils.corpus.spill import STRING

WIDTHS = {"sentences": 6, "start": 1, "length": 1, "code": 1, "positions": 1}
"""How many numbers a row of each array has."""
HEADER = "index.json"
PROBABILITY = " probability"
"""The column for that of a detected language; no source has a name that begins with a space."""
DIGEST = 16  # bytes
_BLOCK = 2_000_000  # tokens that are worked on at a time

_SPAN = pa.struct({"start": "int32", "end": "int32"})
_LINE = pa.struct({"start": "int32", "end": "int32", "label": "string", "rule": "string"})
_LISTS = pa.schema({"lines": pa.large_list(_LINE), "body": pa.large_list(_SPAN)})
_MAKE = {
    "lines": lambda start, end, *names: Line(start, end, *map(intern, names)),
    "body": lambda *span: span,
}


class Part(NamedTuple):
    """A part of an index: what it was made from, and how much it has."""

    key: str
    articles: int
    sentences: int
    tokens: int


def packed_lists(labels: DataFrame) -> pa.RecordBatch:
    """The lists of these labels as they are written.

    >>> packed_lists(DataFrame({"lines": [[]], "body": [[(0, 5)]]})).num_rows
    1
    """
    arrays = [pa.array(labels[field.name].tolist(), field.type) for field in _LISTS]
    return pa.record_batch(arrays, _LISTS)


class Writer:
    """Writes one part after another into a folder, and then what is known of all of them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.parts: list[Part] = []
        self.numbers = defaultdict(count().__next__)
        self.file = (folder / "lines.arrow").open("wb")
        self.lines = pa.ipc.new_file(self.file, _LISTS)

    def add(self, key: str, lists: pa.RecordBatch, digests: Iterable[bytes], words: Words) -> None:
        """Write the lists and the words of the next part, with terms numbered as they come."""
        own = np.fromiter(map(self.numbers.__getitem__, words.terms), np.int32, len(words.terms))
        sentences = words.sentences.copy()
        sentences[:, 0] += sum(part.articles for part in self.parts)
        self._append("sentences", sentences)
        self._append("start", words.start)
        self._append("length", words.length)
        self._append("code", own[words.code])
        self.lines.write(lists)
        with (self.folder / "digests.bin").open("ab") as file:
            file.writelines(digests)
        self.parts.append(Part(key, words.articles, len(sentences), len(words.start)))

    def finish(self, articles: DataFrame, header: dict) -> None:
        """Sort the terms, write where each stands, the articles, and at last the header."""
        self.lines.close()
        self.file.close()
        terms, place = sort_terms(self.numbers)
        self._rewrite_codes(place)
        self._write_positions(len(terms))
        (self.folder / "terms.txt").write_text("\n".join(terms), "utf-8", newline="\n")
        _write_articles(self.folder / "articles.arrow", articles)
        sizes = {file.name: file.stat().st_size for file in sorted(self.folder.iterdir())}
        text = json.dumps({**header, "parts": self.parts, "sizes": sizes})
        (self.folder / HEADER).write_text(text, "utf-8", newline="\n")
        for file in self.folder.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())

    def _append(self, name, array):
        with (self.folder / f"{name}.i32").open("ab") as file:
            np.ascontiguousarray(array, np.int32).tofile(file)

    def _rewrite_codes(self, rank):
        codes = _array(self.folder, "code", "r+")
        for start in range(0, len(codes), _BLOCK):
            codes[start : start + _BLOCK] = rank[codes[start : start + _BLOCK]]

    def _write_positions(self, terms):
        """The rows of each term: how many go before it is known, so each block finds its place."""
        from scipy.sparse import csr_array  # loaded here, since only a new index needs it

        codes = _array(self.folder, "code")
        (self.folder / "positions.i32").write_bytes(b"")
        if not len(codes):
            return
        frequency = np.zeros(terms, np.int64)
        for start in range(0, len(codes), _BLOCK):  # a full disk is seen here, and not when mapped
            block = codes[start : start + _BLOCK]
            frequency += np.bincount(block, minlength=terms)
            self._append("positions", np.zeros(len(block)))
        positions = _array(self.folder, "positions", "r+")
        free = np.cumsum(frequency) - frequency
        for start in range(0, len(codes), _BLOCK):
            block = codes[start : start + _BLOCK]
            rows = np.arange(start, start + len(block), dtype=np.int32)
            by_term = csr_array((rows, block, [0, len(block)]), shape=(1, terms)).tocsc()
            here = np.diff(by_term.indptr)
            places = np.arange(len(block)) + np.repeat(free - by_term.indptr[:-1], here)
            positions[places] = by_term.data
            free += here


class Store:
    """An index on disk, as its writer has left it.

    Raises ``OSError`` or ``ValueError`` where a file is gone or is not as long as it was.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.header: dict[str, Any] = json.loads((folder / HEADER).read_text("utf-8"))
        self.parts = [Part(*part) for part in self.header["parts"]]
        for name, size in self.header["sizes"].items():
            if (folder / name).stat().st_size != size:
                raise ValueError(f"{folder / name}: is torn")
        for name in WIDTHS:
            setattr(self, name, _array(folder, name))

    @cached_property
    def terms(self) -> list[str]:
        """The terms, sorted."""
        text = (self.folder / "terms.txt").read_text("utf-8")
        return text.split("\n") if text else []

    @cached_property
    def articles(self) -> DataFrame:
        """The articles, whose texts stay on disk until they are asked for."""
        table = _mapped(self.folder / "articles.arrow")
        columns = {name: _column(table[name]) for name in table.column_names}
        return DataFrame(columns).set_index("doc_id").assign(**self.lists)

    @cached_property
    def lists(self) -> dict[str, list]:
        """The lines and the paragraphs of each article."""
        table = _mapped(self.folder / "lines.arrow")
        return {name: _lists(table[name], make) for name, make in _MAKE.items()}

    def digests(self) -> list[bytes]:
        """What each article is known by."""
        data = (self.folder / "digests.bin").read_bytes()
        return [data[start : start + DIGEST] for start in range(0, len(data), DIGEST)]

    def words(self) -> Words:
        """The words of all articles, mapped into memory."""
        number = sum(part.articles for part in self.parts)
        return Words(number, self.sentences, self.start, self.length, self.code, self.terms)

    def part(self, number: int) -> tuple[slice, Words]:
        """The rows of the articles of a part, and its words."""
        before = np.sum([(0, 0, 0), *(part[1:] for part in self.parts[:number])], axis=0)
        articles, sentences, tokens = map(slice, before, before + self.parts[number][1:])
        rows = self.sentences[sentences].copy()
        rows[:, 0] -= before[0]
        used, code = np.unique(self.code[tokens], return_inverse=True)
        own = [self.terms[place] for place in used]
        spans = (self.start[tokens], self.length[tokens])
        return articles, Words(self.parts[number].articles, rows, *spans, code, own)


def kept_positions(codes: ndarray) -> ndarray | None:
    """The tokens by term, where these codes are all those of an index in their file; else ``None``.

    A part of them or a copy lies elsewhere in memory than the file as mapped.
    """
    file = codes
    while not isinstance(file, np.memmap | None):
        file = getattr(file, "base", None)
    if file is None or (codes.ctypes.data, len(codes)) != (file.ctypes.data, len(file)):
        return None
    with suppress(OSError):  # another run may have made a new index
        return _array(Path(file.filename).parent, "positions")
    return None


def _array(folder, name, mode="r"):
    """An array of a file; one without rows cannot be mapped."""
    file = folder / f"{name}.i32"
    width = WIDTHS[name]
    mapped = np.memmap(file, np.int32, mode) if file.stat().st_size else np.zeros(0, np.int32)
    flat = np.asarray(mapped)
    return flat.reshape(-1, width) if width > 1 else flat


def _write_articles(file, articles):
    """All columns are text but for probabilities."""
    table = articles.reset_index()
    kinds = {name: pa.float64() if name == PROBABILITY else pa.large_string() for name in table}
    written = pa.table({name: pa.array(table[name], kind) for name, kind in kinds.items()})
    with file.open("wb") as sink, pa.ipc.new_file(sink, written.schema) as writer:
        writer.write(written)


def _mapped(file):
    with file.open("rb") as source:
        data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_file(pa.py_buffer(data)).read_all()


def _column(column):
    if pa.types.is_floating(column.type):
        return column.to_numpy()
    return Series(STRING.__from_arrow__(column))


def _lists(column, make):
    """A list of what is made of the values, for each article."""
    lists = []
    for chunk in column.chunks:
        fields = [field.to_pylist() for field in chunk.values.flatten()]
        values = list(map(make, *fields))
        lists += [values[start:end] for start, end in pairwise(chunk.offsets.to_pylist())]
    return lists
