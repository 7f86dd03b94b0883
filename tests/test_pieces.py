"""A large file is never in memory as a whole, and gives the articles that a small one gives."""

import errno
import gzip
import io
import json
import os
import tracemalloc
from contextlib import closing
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from pyarrow.parquet import write_table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from utils.corpus import spill
from utils.corpus.articles import read_corpus
from utils.corpus.collection import read_collection
from utils.corpus.files import Mistake
from utils.corpus.formats import record
from utils.corpus.formats.record import File, content_of, unpacked
from utils.corpus.formats.tables import is_json_lines
from utils.corpus.sources import files_of

ROWS = [
    {
        "title": f"Title {n}",
        "outlet": "Echo",
        "text": f"Rain fell on day {n}.\n\nIt was, they said, “Ω”. " * (n % 5 + 1),
    }
    for n in range(60)
]
LATE = [  # what only late rows show
    {
        "id": str(n % 50),
        "date": f"04/{n % 12 + 1:02}/2023" if n < 59 else "25/04/2023",
        "source": "Echo",
        "media name": "" if n < 58 else "Gazette",
        "content": "Snow." if n > 55 else "",
        "text": ""
        if n < 20
        else f"Rain fell, then “hail”;\n\nso it was on day {n}. " * (n % 4 + 1),
        "comments": "So it is. " * 60 if n == 57 else "None",
        "uuid": f"u{n}",
        **({"mood": "brisk", "place": {"name": "Ningbo"}} if n > 50 else {}),
    }
    for n in range(60)
]


def json_lines(rows, encoding="utf-8"):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding)


def delimited(rows, sign=",", encoding="utf-8"):
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    quoted = (['"' + cell.replace('"', '""') + '"' for cell in line] for line in lines)
    return "\r\n".join(sign.join(line) for line in quoted).encode(encoding)


def parquet(rows, group=7):
    names = dict.fromkeys(name for row in rows for name in row)
    sink = pa.BufferOutputStream()
    whole = [{name: row.get(name) for name in names} for row in rows]
    pages = {"row_group_size": group, "write_batch_size": 9, "compression": None}
    write_table(pa.Table.from_pylist(whole), sink, **pages)
    return sink.getvalue().to_pybytes()


def warc(rows, packed=False):
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    for number, row in enumerate(rows):
        page = f"<html><title>{row['title']}</title><body><p>{row['text'] * 8}</p></body></html>"
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        entry = writer.create_warc_record(
            f"http://example.org/{number}",
            "response",
            io.BytesIO(page.encode()),
            http_headers=headers,
        )
        writer.write_record(entry)
    return file.getvalue()


def zipped(members, how=ZIP_DEFLATED):
    file = io.BytesIO()
    with ZipFile(file, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


NEWS = {"deep/a.jsonl": json_lines(ROWS), "b.parquet": parquet(LATE), "c.csv": delimited(LATE)}
FILES = {
    "news.jsonl": json_lines(ROWS),
    "blank.ndjson": b"\n" * 9 + json_lines(ROWS) + b"\n" * 3000,
    "utf16.jsonl": json_lines(ROWS, "utf-16"),
    "mark.jsonl": json_lines(LATE, "utf-8-sig"),
    "lines.json": json_lines(LATE),
    "list.json": json.dumps(ROWS, indent=1).encode(),
    "late.jsonl": json_lines(LATE),
    "late.parquet": parquet(LATE),
    "late.csv": delimited(LATE),
    "late.tsv": delimited(LATE, "\t"),
    "torn.tsv": b'title\ttext\nA "b\t"Rain" fell\n' + b'"C"\tSnow "fell.\n' * 99,
    "utf16.csv": delimited(LATE, ";", "utf-16"),
    "old.csv": delimited(LATE, ";", "cp1253"),
    "mark.csv": delimited(LATE, ",", "utf-8-sig"),
    "like a table.txt": delimited(ROWS),
    "news.warc": warc(ROWS),
    "news.warc.gz": warc(ROWS, packed=True),
    "whole.warc.gz": gzip.compress(warc(ROWS)),
    "late.csv.gz": gzip.compress(delimited(LATE)),
    "news.jsonl.gz": gzip.compress(json_lines(ROWS)),
    "news.zip": zipped(NEWS),
    "zips.zip": zipped({"news.zip": zipped(NEWS), "d.jsonl.gz": gzip.compress(json_lines(ROWS))}),
}


@pytest.fixture(params=[1, 1500])
def large(request, monkeypatch):
    """Call it, and what is no larger than so many bytes is large."""

    def make_large():
        monkeypatch.setattr(record, "MOST_HELD", request.param)
        monkeypatch.setattr(spill, "IN_MEMORY", 0)

    return make_large


@pytest.mark.parametrize("name", FILES)
def test_the_articles_are_those_of_a_small_file(tmp_path, large, name):
    source = tmp_path / name
    source.write_bytes(FILES[name])
    small = read_corpus(source)
    large()
    with closing(File(name, content_of(source))) as file:
        assert isinstance(file.content, bytes) == (len(FILES[name]) <= record.MOST_HELD)
    articles = read_corpus(source)
    assert_frame_equal(articles, small)
    assert articles.attrs == small.attrs
    assert len(articles) >= 40


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("late.")])
def test_what_only_late_rows_show_is_known_in_the_first(tmp_path, large, name):
    source = tmp_path / name
    source.write_bytes(FILES[name])
    large()
    articles = read_corpus(source)
    assert articles.index[0] == "u20"
    assert articles.outlet.tolist() == [""] * 38 + ["Gazette"] * 2
    assert articles.published.iloc[0] == "2023-09-04"
    assert articles.mood.tolist() == [""] * 31 + ["brisk"] * 9
    assert "comments" not in articles
    assert articles.place.iloc[0] in ("line 21", "row 21", "row 22")
    assert articles.raw.iloc[0] == LATE[20]["text"].strip()


def test_a_line_that_is_no_json_is_named_by_its_number(tmp_path, large):
    lines = json_lines(ROWS).split(b"\n")
    lines[41] = b"{torn"
    (tmp_path / "news.jsonl").write_bytes(b"\n\n" + b"\n".join(lines))
    large()
    with pytest.raises(Mistake, match=r"^news\.jsonl, line 44: no JSON"):
        read_corpus(tmp_path / "news.jsonl")


DAMAGED = {
    "news.parquet": parquet(ROWS)[:200] + b"\0" * 3000,
    "news.warc.gz": warc(ROWS, packed=True)[:2000] + b"\0" * 3000,
    "news.jsonl.gz": gzip.compress(json_lines(ROWS))[:-9],
    "news.zip": zipped(NEWS)[:-9],
    "member.zip": zipped(NEWS, ZIP_STORED).replace(b"PAR1", b"PAR2"),
    "moved.zip": zipped({"a.txt": "Fog", "b.csv": delimited(ROWS)})[9:],
    "open.csv": delimited(ROWS) + b'\n"open' + b"\nx" * 2000,
    "no text.csv": delimited(ROWS).replace(b"text", b"when"),
    "blank.txt": b" \n" * 9000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_wrong_with_a_large_file_is_the_same_line(tmp_path, large, name):
    source = tmp_path / name
    source.write_bytes(DAMAGED[name])
    small = read_collection(source)
    large()
    found = read_collection(source)
    assert found.problems == small.problems
    assert_frame_equal(found.rows, small.rows)
    [line] = found.problems
    assert line.startswith(name)
    assert "\n" not in line


def test_what_unpacks_to_far_more_than_its_size_is_refused_on_the_way(large):
    large()
    assert unpacked(io.BytesIO(b"a" * 9000), 8999) is None
    with unpacked(io.BytesIO(b"a" * 9000), 9000) as file:
        assert File("a.txt", file).data == b"a" * 9000


def test_a_file_is_let_go_when_the_next_one_is_asked_for(tmp_path, large):
    (tmp_path / "news.zip").write_bytes(FILES["news.zip"])
    large()
    files = list(files_of(tmp_path / "news.zip"))
    assert len(files) == 3
    assert all(file.content.closed for file in files)


def test_a_file_of_which_one_text_can_be_read_is_one_article(tmp_path, large):
    data = json_lines([*({"title": f"T{n}", "text": "null"} for n in range(99)), ROWS[0]])
    (tmp_path / "news.jsonl").write_bytes(data)
    large()
    assert read_corpus(tmp_path / "news.jsonl").index.tolist() == ["news"]


def test_no_room_for_texts_is_one_line(tmp_path, monkeypatch, make_corpus):
    def is_full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "news.jsonl").write_bytes(json_lines(ROWS))
    folder = make_corpus({"a": "Rain\n\nIt fell on Monday.\n"})
    monkeypatch.setattr(spill.Texts, "add", is_full)
    for source in (tmp_path / "news.jsonl", folder):
        with pytest.raises(Mistake, match="No space left on device; make room there, or name"):
            read_corpus(source)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("name", ["news.jsonl.gz", "news.zip"])
def test_no_room_to_unpack_is_one_line_and_no_bad_file(tmp_path, large, monkeypatch, name, number):
    def is_full():
        raise OSError(number, os.strerror(number))

    (tmp_path / name).write_bytes(FILES[name])
    (tmp_path / "a.txt").write_text("Rain\n\nIt fell on Monday.\n")
    large()
    monkeypatch.setattr(record, "TemporaryFile", is_full)
    with pytest.raises(Mistake, match=f"{os.strerror(number)}; make room there, or name"):
        read_corpus(tmp_path, skip_bad=True)


def test_whether_json_has_lines_is_told_by_the_first_ones(monkeypatch):
    data = b"\n\n" + json_lines(ROWS * 9)
    monkeypatch.setattr(record, "text_of", None)  # it reads a file to the end
    assert is_json_lines(File("a.json", data + b"\xff"))


def test_a_text_that_was_read_but_is_left_out_moves_no_other(make_corpus):
    texts = {name: f"Day {name}\n\nIt rained on day {name}.\n" for name in "abcd"}
    folder = make_corpus(texts)
    (folder / "texts" / "a.txt").write_bytes(b"caf\xe9 \xff")
    (folder / "texts" / "b.txt").write_text("Changed\n\nIt has another SHA-256.\n")
    articles = read_corpus(folder, skip_bad=True)
    assert articles.raw.to_dict() == {name: texts[name] for name in "cd"}
    assert articles.title.tolist() == ["Day c", "Day d"]


SENTENCE = "The ferry left the harbour at noon, and “nobody” saw it again before the evening. "
MANY = [{"title": f"Title {n}", "text": f"{n} {SENTENCE * 400}"} for n in range(600)]
LARGE = {
    "news.jsonl": json_lines(MANY),
    "news.csv": delimited(MANY),
    "news.parquet": parquet(MANY, group=len(MANY)),
    "news.jsonl.gz": gzip.compress(json_lines(MANY)),
    "news.zip": zipped({"news.csv": delimited(MANY)}),
    "texts.zip": zipped({f"{n}.txt": row["text"] for n, row in enumerate(MANY)}),
}


@pytest.mark.parametrize("name", LARGE)
def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch, name):
    source = tmp_path / name
    source.write_bytes(LARGE[name])
    monkeypatch.setattr(record, "MOST_HELD", 2**16)
    monkeypatch.setattr(spill, "IN_MEMORY", 2**16)
    read_collection(source)  # with what it imports
    tracemalloc.start()
    rows = read_collection(source).rows
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows.raw.str.len().sum() > 19_000_000
    assert peak < 6_000_000
