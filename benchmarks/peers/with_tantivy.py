"""The steps that tantivy can do: it counts the articles that a query is in."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import tantivy
from timing import PHRASES, PREFIX, WORDS, answer, each, rows, seconds

FIELD = "text"
MEMORY = 256_000_000  # bytes that the one thread may take before it writes


def folder_of(file: Path) -> Path:
    """The folder of the index of a file."""
    return file.with_suffix(".tantivy")


def write(file: Path) -> None:
    """An index with positions, made in one thread."""
    folder_of(file).mkdir()
    schema = tantivy.SchemaBuilder().add_text_field(FIELD, index_option="position").build()
    writer = tantivy.Index(schema, str(folder_of(file))).writer(MEMORY, 1)
    for row in rows(file):
        writer.add_document(tantivy.Document(text=row["text"]))
    writer.commit()
    writer.wait_merging_threads()


def build(file: Path) -> float:
    """The index of a file that has none."""
    shutil.rmtree(folder_of(file), ignore_errors=True)
    return seconds(write, file)


def count(file: Path, questions: list[str], query: Callable) -> float:
    """One query counted, when the index is open and another was asked before."""
    if not folder_of(file).exists():
        build(file)
    index = tantivy.Index.open(str(folder_of(file)))
    searcher = index.searcher()
    return each(lambda text: searcher.search(query(index, text), 1).count, questions)


def words(index: tantivy.Index, text: str) -> tantivy.Query:
    """The query of a word or a phrase."""
    return index.parse_query(f'"{text}"', [FIELD])


def prefix(index: tantivy.Index, text: str) -> tantivy.Query:
    """The query of what begins with these letters."""
    return tantivy.Query.regex_query(index.schema, FIELD, f"{text}.*")


if __name__ == "__main__":
    answer(
        {
            "build": build,
            "word": partial(count, questions=WORDS, query=words),
            "phrase": partial(count, questions=PHRASES, query=words),
            "prefix": partial(count, questions=["comput", PREFIX], query=prefix),
        }
    )
