"""What writes and what reads a coding, by the ending of a file's name."""

from pathlib import Path

from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.formats.record import File
from utils.corpus.tables import bytes_of
from utils.facts.exchange.annotations import read_annotations, write_annotations
from utils.facts.exchange.highlights import read_highlights
from utils.facts.exchange.project_reader import read_project
from utils.facts.exchange.project_writer import write_project
from utils.facts.exchange.rows import Coding, coding_of

WRITERS = {".qdpx": write_project, ".jsonld": write_annotations}
"""What writes the coding of articles."""
READERS = {
    ".qdpx": read_project,
    ".jsonld": read_annotations,
    ".json": read_annotations,
    ".csv": read_highlights,
}
"""What reads a coding of articles; spreadsheets in the columns of a coding go to the gate."""


def export_coding(articles: DataFrame, file: Path, blank: bool = False) -> bytes:
    """The coding of a corpus as the ending of a file says; with ``blank`` without any row.

    Raises ``Mistake`` for another ending, and for side tables that cannot be read.
    """
    write = _by_ending(WRITERS, file)
    rows = coding_of(articles)
    return write(articles, rows.head(0) if blank else rows)


def import_coding(articles: DataFrame, file: Path) -> Coding:
    """The rows of a file as the tool wrote it; raises ``Mistake`` for one that cannot be read."""
    read = _by_ending(READERS, file)
    return read(File(file.name, bytes_of(file)), articles)


def _by_ending(known, file):
    if file.suffix.lower() not in known:
        raise Mistake(f"{file.name}: its name ends in none of {', '.join(known)}; rename it")
    return known[file.suffix.lower()]
