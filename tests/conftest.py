"""Corpora for the tests: the project's own, and small ones written on the spot."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from utils.corpus import read_corpus
from utils.tokens import tokenize

REFERENCE = {
    case["id"]: case for case in json.loads(Path(__file__).with_name("reference_values.json").read_text("utf-8"))
}


@pytest.fixture(scope="session")
def articles():
    return read_corpus()


@pytest.fixture(scope="session")
def tokens(articles):
    return tokenize(articles)


@pytest.fixture
def make_corpus(tmp_path):
    """Write a corpus of {doc_id: text}; further columns as {doc_id: {column: value}}."""

    def make(texts: dict[str, str], columns: dict | None = None, name: str = "corpus") -> Path:
        folder = tmp_path / name
        (folder / "texts").mkdir(parents=True)
        columns = columns or {}
        header = ["doc_id", "file", "sha256", *dict.fromkeys(key for row in columns.values() for key in row)]
        with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            for doc_id, text in texts.items():
                data = text.encode()
                (folder / "texts" / f"{doc_id}.txt").write_bytes(data)
                row = {"doc_id": doc_id, "file": f"{doc_id}.txt", "sha256": hashlib.sha256(data).hexdigest()}
                writer.writerow(row | columns.get(doc_id, {}))
        return folder

    return make


@pytest.fixture
def tokens_of(make_corpus):
    """Tokens of texts written on the spot."""
    numbers = iter(range(1000))

    def make(*texts: str):
        named = {f"d{n}": text for n, text in enumerate(texts)}
        return tokenize(read_corpus(make_corpus(named, name=f"c{next(numbers)}")))

    return make
