"""A large file is read in pieces: the same articles, and never the whole file at once."""

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from pyarrow.parquet import write_table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from utils.corpus import spill
from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.formats import pieces
from utils.corpus.formats.pieces import pieces_of

ROWS = [
    {
        "title": f"Title {n}",
        "outlet": "Echo",
        "text": f"Rain fell on day {n}. " * (n % 5 + 1) + "“Ω”",
    }
    for n in range(60)
]


def json_lines(rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def parquet(rows):
    sink = pa.BufferOutputStream()
    write_table(pa.Table.from_pylist(rows), sink, row_group_size=7)
    return sink.getvalue().to_pybytes()


def warc(rows, packed=False):
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    for number, row in enumerate(rows):
        page = f"<html><title>{row['title']}</title><body><p>{row['text'] * 8}</p></body></html>"
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"http://example.org/{number}",
            "response",
            io.BytesIO(page.encode()),
            http_headers=headers,
        )
        writer.write_record(record)
    return file.getvalue()


FILES = {
    "news.jsonl": json_lines(ROWS),
    "news.ndjson": json_lines(ROWS) + b"\n\n",
    "news.parquet": parquet(ROWS),
    "news.warc": warc(ROWS),
    "news.warc.gz": warc(ROWS, packed=True),
}


@pytest.mark.parametrize("name", FILES)
def test_the_articles_are_those_of_the_whole_file(tmp_path, monkeypatch, name):
    source = tmp_path / name
    source.write_bytes(FILES[name])
    whole = read_corpus(source)
    monkeypatch.setattr(pieces, "PIECE", 1500)
    monkeypatch.setattr(spill, "IN_MEMORY", 0)
    cut = list(pieces_of(name, source))
    assert len(cut) > 3
    assert max(len(piece.data) for piece in cut) < len(FILES[name]) / 2 + 2000
    in_pieces = read_corpus(source)
    assert_frame_equal(in_pieces, whole)
    assert in_pieces.attrs == whole.attrs
    assert in_pieces.place.is_unique or "warc" in name


def test_a_line_that_is_no_json_is_named_by_its_number(tmp_path, monkeypatch):
    source = tmp_path / "news.jsonl"
    lines = json_lines(ROWS).split(b"\n")
    lines[41] = b"{torn"
    source.write_bytes(b"\n".join(lines))
    monkeypatch.setattr(pieces, "PIECE", 1500)
    with pytest.raises(Mistake, match=r"^news\.jsonl, line 42: no JSON"):
        read_corpus(source)


def test_lines_in_utf_16_are_read_as_a_whole(tmp_path, monkeypatch):
    source = tmp_path / "news.jsonl"
    source.write_bytes(json_lines(ROWS).decode().encode("utf-16"))
    whole = read_corpus(source)
    monkeypatch.setattr(pieces, "PIECE", 1500)
    assert_frame_equal(read_corpus(source), whole)
    assert len(whole) == len(ROWS)


@pytest.mark.parametrize("name", ["news.parquet", "news.warc.gz"])
def test_a_large_file_that_is_damaged_is_one_line(tmp_path, monkeypatch, name):
    source = tmp_path / name
    source.write_bytes(FILES[name][:200] + b"\0" * 3000)
    monkeypatch.setattr(pieces, "PIECE", 1500)
    with pytest.raises(Mistake) as mistake:
        read_corpus(source)
    assert str(mistake.value).startswith(name)
    assert "\n" not in str(mistake.value)


def test_blank_lines_and_files_that_cannot_be_cut_are_read_as_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 1500)
    contents = {
        "blank.jsonl": json_lines(ROWS) + b"\n" * 3000,
        "lines.jsonl": json.dumps(ROWS, indent=1).encode(),
        "whole.warc.gz": gzip.compress(warc(ROWS)),
        "long.jsonl": json_lines([{"title": "Long", "text": "So it is. " * 500}, *ROWS]),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
        articles = read_corpus(tmp_path / name)
        assert len(articles) == len(ROWS) + (name == "long.jsonl")
    assert articles.place.iloc[0] == "line 1"
    assert articles.index[0].endswith("-0001")


def test_small_files_are_one_piece(tmp_path):
    source = tmp_path / "news.jsonl"
    source.write_bytes(FILES[source.name])
    (piece,) = pieces_of(source.name, Path(source))
    assert piece.data == FILES[source.name]
