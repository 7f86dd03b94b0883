"""Tables and archives: the texts and what is stated of them are found, whoever made the table."""

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import openpyxl
import pandas as pd
import pytest
import regex

from utils.corpus.collection import stated_in_name
from utils.corpus.files import Mistake, letters_of
from utils.corpus.formats import fields
from utils.corpus.formats.archives import check_size, gunzip, read_warc, unzip
from utils.corpus.formats.record import File
from utils.corpus.formats.registry import kind_of, read_records

FERRY = "The ferry left the harbour at noon with ninety people and two goats on board"
KITE = "A red kite was seen over the moor on Sunday and stayed until dark"


def read(name: str, data: str | bytes, column: str = ""):
    return contents(name, data, column).records


def contents(name: str, data: str | bytes, column: str = ""):
    return read_records(File(name, data if isinstance(data, bytes) else data.encode(), column))


def problem(name: str, data: str | bytes, column: str = "") -> str:
    with pytest.raises(Mistake) as caught:
        read(name, data, column)
    [line] = caught.value.problems
    assert "\n" not in line
    assert line.startswith(name)
    return line


SOURCES = {
    "NewsAPI": {
        "source": {"id": None, "name": "The Echo"},
        "author": "Ida Moor",
        "title": "Ferry",
        "publishedAt": "2022-03-04T05:06:07Z",
        "content": FERRY,
    },
    "newspaper4k": {
        "title": "Ferry",
        "authors": ["Ida Moor"],
        "publish_date": "2022-03-04T00:00:00",
        "text": FERRY,
        "source": "The Echo",
        "article_html": "<p>" * 900,
    },
    "trafilatura": {
        "title": "Ferry",
        "author": "Ida Moor",
        "date": "2022-03-04",
        "raw_text": FERRY,
        "text": FERRY,
        "source": "https://echo.example/ferry",
        "source-hostname": "The Echo",
    },
    "news-please": {
        "authors": ["Ida Moor"],
        "date_publish": "2022-03-04 05:06:07",
        "date_download": "2022-05-05 00:00:00",
        "maintext": FERRY,
        "title": "Ferry",
        "filename": "ferry.html",
        "source_domain": "The Echo",
    },
    "a spreadsheet": {
        "HEADLINE": "Ferry",
        "By Line": "Ida Moor",
        "Publication": "The Echo",
        "Date": "March 4, 2022",
        "Full_Text": FERRY,
    },
    "WordPress": {
        "title": {"rendered": "Ferry"},
        "author": "Ida Moor",
        "site_name": "The Echo",
        "date": "2022-03-04T05:06:07",
        "content": {"rendered": f"<p>{FERRY}</p>", "protected": False},
    },
    "Chinese": {
        "标题": "Ferry",
        "作者": "Ida Moor",
        "来源": "The Echo",
        "日期": "2022年3月4日",
        "正文": FERRY,
    },
}


@pytest.mark.parametrize("source", SOURCES)
def test_columns_of_usual_sources_are_known(source):
    [record] = read("a.json", json.dumps([SOURCES[source]]))
    assert record.text == FERRY
    stated = {"title": "Ferry", "outlet": "The Echo", "published": "2022-03-04"}
    assert stated.items() <= record.metadata.items()
    assert record.metadata["author"] == "Ida Moor"
    assert not any("<p>" in value for value in record.metadata.values())


ROWS = [
    {"title": "Ferry", "text": FERRY, "topic": "sea"},
    {"title": "Kite", "text": KITE + ', "they" said', "topic": "air"},
]


def written(ending: str) -> bytes:
    table = pd.DataFrame(ROWS)
    file = io.BytesIO()
    if ending == "xlsx":
        table.to_excel(file, index=False)
    elif ending == "parquet":
        table.to_parquet(file)
    elif ending == "jsonl":
        return "\n".join(map(json.dumps, ROWS)).encode()
    elif ending == "json":
        return json.dumps({"status": "ok", "found": {"articles": ROWS}}).encode()
    elif ending == "columns.json":
        return table.to_json().encode()
    else:
        return table.to_csv(index=False, sep={"csv": ",", "tsv": "\t"}[ending]).encode()
    return file.getvalue()


@pytest.mark.parametrize("ending", "csv tsv jsonl json columns.json xlsx parquet".split())
def test_every_kind_of_table_gives_the_same_articles(ending):
    records = read(f"a.{ending}", written(ending))
    assert [record.text for record in records] == [row["text"] for row in ROWS]
    assert [record.metadata for record in records] == [
        {"title": "Ferry", "topic": "sea"},
        {"title": "Kite", "topic": "air"},
    ]
    assert len({record.place for record in records}) == 2


@pytest.mark.parametrize("divider", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dividers_and_encodings_are_told(divider, encoding):
    lines = [["Title", "Text"], [], ["Café", f"“{FERRY}”, he said; for £3 | more"]]
    file = io.StringIO()
    csv.writer(file, delimiter=divider).writerows(lines)
    [record], notes, _ = contents("a.csv", file.getvalue().encode(encoding))
    assert record.metadata == {"title": "Café"}
    assert record.text == lines[2][1]
    assert record.place == "row 3"
    assert [f"read as {encoding}" in note for note in notes] == [True] * (encoding == "cp1252")


def test_a_workbook_is_read_from_the_sheet_and_row_that_have_the_texts():
    book = openpyxl.Workbook()
    book.active.append(["Only a note"])
    sheet = book.create_sheet("Data")
    sheet["A1"] = "Export of May"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    for row in (
        ["ID", "Title", "Article", "Date"],
        [1207.0, "Ferry", FERRY, datetime(2022, 3, 4)],
        [1208, "Kite", KITE, datetime(2022, 3, 4, 5, 6)],
        [1209, "Formula", "=B1", None],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    records = read("a.xlsx", file.getvalue())
    assert [record.text for record in records] == [FERRY, KITE, ""]
    assert [record.metadata["doc_id"] for record in records] == ["1207", "1208", "1209"]
    assert [record.metadata.get("published") for record in records[:2]] == ["2022-03-04"] * 2
    assert records[2].place == "sheet Data, row 6"


def test_every_sheet_with_texts_is_read_and_others_are_named():
    file = io.BytesIO()
    with pd.ExcelWriter(file) as book:
        for year, row in zip((2021, 2022), ROWS, strict=True):
            pd.DataFrame([row]).to_excel(book, sheet_name=f"Of {year}", index=False)
        pd.DataFrame({"count": [1, 2]}).to_excel(book, sheet_name="Pivot", index=False)
    records, [note], _ = contents("a.xlsx", file.getvalue())
    assert [record.text for record in records] == [row["text"] for row in ROWS]
    assert [record.place for record in records] == ["sheet Of 2021, row 2", "sheet Of 2022, row 2"]
    assert note == "a.xlsx: sheets without a column of texts are left out: Pivot"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (["Fog", FERRY, "", "stray"], "a.xlsx, sheet Old, row 2: more fields than columns"),
        (["Fog", ""], "a.xlsx: no row has a text in the column text"),
    ],
)
def test_a_bad_sheet_leaves_the_others_in(row, line):
    book = openpyxl.Workbook()
    book.active.title = "Old"
    new = book.create_sheet("New")
    for sheet, below in ((book.active, row), (new, ["Kite", KITE])):
        sheet.append(["title", "text"])
        sheet.append(below)
    file = io.BytesIO()
    book.save(file)
    [record], _, [bad] = contents("a.xlsx", file.getvalue())
    assert record.text == KITE
    assert bad.startswith(line)


def test_further_columns_with_long_texts_are_named():
    table = pd.DataFrame({"title": ["T"], "text": [KITE * 20], "comments": [FERRY * 9]})
    [record], [note], _ = contents("a.csv", table.to_csv(index=False))
    assert record.metadata == {"title": "T"}
    assert note == "a.csv: further columns with long texts are left out: comments"


def dates_of(*printed: str):
    lines = ["title\ttext\tdate\n", *(f"T\t{KITE}\t{date}\n" for date in printed)]
    return contents("a.tsv", "".join(lines))


def test_dates_are_read_where_they_are_plain_and_kept_where_they_are_not():
    plain = ["20220304T050607Z", "4 Mar 2022", "2022-03-04 05:06", "25/03/2022", "04.03.2022"]
    assert [record.metadata["published"] for record in dates_of(*plain).records] == [
        "2022-03-04",
        "2022-03-04",
        "2022-03-04",
        "2022-03-25",
        "2022-03-04",
    ]
    for odd in ("1646370000", "last Friday", "2022-13-45", "4/3/22"):
        [record] = dates_of(odd).records
        assert record.metadata["published (as printed)"] == odd
        assert "published" not in record.metadata


def test_day_and_month_are_told_apart_by_the_whole_column_or_not_at_all():
    [unclear], notes, _ = dates_of("04/03/2022")
    assert unclear.metadata["published (as printed)"] == "04/03/2022"
    assert "cannot be told apart" in notes[0]
    decided = dates_of("04/03/2022", "25/03/2022")
    assert decided.records[0].metadata["published"] == "2022-03-04"
    assert "day/month" in decided.notes[0]
    decided = dates_of("04/03/2022", "03/25/2022")
    assert decided.records[0].metadata["published"] == "2022-04-03"
    torn = dates_of("04/03/2022", "25/03/2022", "03/25/2022").records
    assert "published" not in torn[0].metadata
    assert torn[1].metadata["published"] == "2022-03-25"


def test_two_columns_of_texts_are_told_apart_if_one_is_much_longer():
    lines = f"text,content\n{FERRY},{FERRY} {KITE} {KITE}\n"
    [record] = read("a.csv", lines)
    assert record.text.endswith(KITE)
    same = f"title,text,content\nT,{FERRY},{KITE}\n"
    assert regex.search("(text and content|content and text) may both", problem("a.csv", same))
    assert read("a.csv", same, "Content")[0].text == KITE
    assert read("a.csv", same, "title")[0].text == "T"


MISTAKES = {
    "addresses alone": ("title,url,media_name\nFerry,http://x,Echo\n", "without their texts"),
    "no known column": ("name,colour\nFerry,red\n", "there are: name, colour"),
    "texts that are blank": ("title,text\nFerry,\nKite,nan\n", "no row has a text in the column"),
    "a header alone": ("title,text\n", "no rows with articles"),
    "a quotation mark": (f'title,text\nFerry,"{FERRY}\nKite,x\n', "line 3: a quotation mark"),
    "prose": ("Ferry sails\nIt sailed on Friday.\n", "call the file .txt if it is no table"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_what_is_wrong_with_a_table_is_one_plain_line(what):
    data, line = MISTAKES[what]
    assert line in problem("a.csv", data)


def test_a_column_that_is_named_must_be_there():
    assert "did you mean colour?" in problem("a.csv", "name,colour\nFerry,red\n", "color")


def test_a_bad_row_leaves_the_others_in():
    [first], _, problems = contents("a.csv", f"title,text\nKite,{KITE}\nFerry,a,b,c\n")
    assert first.text == KITE
    assert problems == [
        "a.csv, row 3: more fields than columns; put quotes round a value with a comma"
    ]
    lines = [json.dumps({"text": KITE}), "{torn", json.dumps({"text": FERRY})]
    records, _, [torn] = contents("a.jsonl", "\n".join(lines))
    assert [record.text for record in records] == [KITE, FERRY]
    assert torn.startswith("a.jsonl, line 2: no JSON")


def test_a_bad_first_line_leaves_the_others_in():
    good = [json.dumps({"text": KITE}), json.dumps({"text": FERRY})]
    for first in ("{torn", "# export", '"stray'):
        records, _, [bad] = contents("a.jsonl", "\n".join(["", first, *good]))
        assert [record.text for record in records] == [KITE, FERRY]
        assert bad.startswith("a.jsonl, line 2: no JSON")
    assert [record.text for record in read("a.ndjson", f"[\r\n{good[0]}\r\n]\r\n")] == [KITE]
    assert "no JSON" in problem("a.json", "\n".join(["{torn", *good]))


def test_json_lines_whose_first_lines_are_bad_are_read_and_these_named():
    good = [json.dumps({"text": KITE}), json.dumps({"text": FERRY})]
    records, _, bad = contents("a.jsonl", "\n".join(["{torn", "# export", *good]))
    assert [record.text for record in records] == [KITE, FERRY]
    assert [line.partition(": ")[0] for line in bad] == ["a.jsonl, line 1", "a.jsonl, line 2"]
    whole = json.dumps({"articles": [{"text": KITE}]}, indent=1)
    assert [record.text for record in read("a.jsonl", whole)] == [KITE]
    by_line = f'{{"articles": [\n{good[0]},\n{good[1]}\n]}}'
    assert [record.text for record in read("a.jsonl", by_line)] == [KITE, FERRY]


SITTINGS = [
    {
        "id": "s1",
        "date": "2022-03-04",
        "chamber": "Lower",
        "speeches": [
            {"id": "a", "speaker": "Moor", "text": KITE, "title": "Kites"},
            {"id": "b", "speaker": "Lane", "text": FERRY},
        ],
    },
    {"id": "s2", "date": "2022-03-05", "chamber": "Upper", "speeches": []},
]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.parquet"])
def test_each_text_in_a_list_of_a_record_is_an_article_with_what_the_record_states(name):
    data = json.dumps(SITTINGS)
    if name == "a.jsonl":
        data = "\n".join(map(json.dumps, SITTINGS))
    if name == "a.parquet":
        file = io.BytesIO()
        pd.DataFrame(SITTINGS).to_parquet(file)
        data = file.getvalue()
    records, notes, problems = contents(name, data)
    assert problems == []
    assert [record.text for record in records] == [KITE, FERRY, ""]
    common = {"published": "2022-03-04", "chamber": "Lower", "id (outer record)": "s1"}
    assert records[0].metadata == common | {"doc_id": "a", "speaker": "Moor", "title": "Kites"}
    assert records[1].metadata == common | {"doc_id": "b", "speaker": "Lane"}
    assert records[1].place.endswith("1, item 2")
    [note] = notes
    assert (
        note
        == f"{name}: each text of a record with several is an article, with what the record states"
    )


ONE = {"title": "Kite", "text": KITE}
OTHER = {"title": "Ferry", "text": FERRY}
NESTED = {
    "lists by name": ({"echo": [ONE], "times": [OTHER]}, "", ["echo", "times"]),
    "objects by name": ({"1": ONE, "2": OTHER}, "", ["1", "2"]),
    "a list in a wrapper": ({"status": "ok", "content": [ONE, OTHER]}, "", [None, None]),
    "a list in wrappers": (
        {"list": {"article": [ONE, OTHER]}, "tags": list("abc")},
        "",
        [None] * 2,
    ),
    "an answer of Elasticsearch": (
        {"took": 5, "hits": {"max": 1, "hits": [{"_source": ONE}, {"_source": OTHER}]}},
        "",
        [None, None],
    ),
    "a list in a list": ([{"by": [{"in": [ONE]}]}, {"by": [{"in": [OTHER]}]}], "", [None, None]),
    "a name that the user gives": (
        [{"turns": [{"title": "Kite", "said": KITE}, {"title": "Ferry", "said": FERRY}]}],
        "said",
        [None, None],
    ),
}


@pytest.mark.parametrize("what", NESTED)
def test_articles_are_found_wherever_they_lie_in_json(what):
    value, column, keys = NESTED[what]
    records = read("a.json", json.dumps(value), column)
    assert [(record.metadata["title"], record.text) for record in records] == [
        ("Kite", KITE),
        ("Ferry", FERRY),
    ]
    assert [record.metadata.get("key") for record in records] == keys
    assert not {"status", "took"} & set().union(*(record.metadata for record in records))


def test_what_a_record_states_stands_beside_what_its_articles_state():
    value = {"title": "Issue 5", "items": [{"headline": "Kite", "text": KITE}, {"text": FERRY}]}
    stated = [record.metadata for record in read("a.json", json.dumps(value))]
    issue = {"title (outer record)": "Issue 5"}
    assert stated == [{"title": "Kite"} | issue, issue]


def test_what_is_stated_of_the_only_record_goes_to_its_articles():
    value = {
        "date": "2022-03-04",
        "chamber": "Lower",
        "speeches": [{"text": KITE}, {"text": FERRY}],
    }
    stated = [record.metadata for record in read("a.json", json.dumps(value))]
    assert stated == [{"published": "2022-03-04", "chamber": "Lower"}] * 2


@pytest.mark.parametrize("key", ["text", "body", "paragraphs", "Segments"])
@pytest.mark.parametrize(
    "pieces", [[KITE, FERRY], [{"n": 1, "text": KITE}, {"n": 2, "text": FERRY}]]
)
def test_pieces_of_a_text_are_its_paragraphs_and_no_articles(key, pieces):
    [record] = read("a.json", json.dumps([{"title": "T", "url": "u", key: pieces}]))
    assert record.text == f"{KITE}\n\n{FERRY}"


@pytest.mark.parametrize("key", ["entities", "Annotations", "hashtags"])
def test_what_is_said_of_an_article_is_none(key):
    said = [{"text": "Hull", "type": "place"}]
    [record] = read("a.json", json.dumps([{"data": ONE, key: said}]))
    assert record.text == KITE
    assert "usual name of texts" in problem("a.json", json.dumps([{"title": "Kite", key: said}]))


def test_pages_of_an_issue_hold_articles_and_numbers_are_no_pieces():
    issue = {"meta": {"content": "json"}, "pages": [{"articles": [ONE]}, {"articles": [OTHER]}]}
    assert [record.text for record in read("a.json", json.dumps(issue))] == [KITE, FERRY]
    assert "usual name" in problem("a.json", json.dumps([{"title": "Kite", "pages": [1, 2]}]))


def test_it_is_said_once_that_each_text_is_an_article():
    posts = [ONE | {"date": "05/04/2022"}, OTHER | {"date": "06/04/2022"}]
    _, notes, _ = contents("a.json", json.dumps([{"posts": posts}] * 2))
    assert len(notes) == 5


def test_lists_by_column_are_the_rows_of_a_table():
    table = {"title": ["Kite", "Ferry"], "text": [KITE, FERRY]}
    records = read("a.json", json.dumps(table))
    assert [(record.metadata["title"], record.text) for record in records] == [
        ("Kite", KITE),
        ("Ferry", FERRY),
    ]
    [record] = read("a.json", json.dumps({"title": "Kite", "text": [KITE, FERRY]}))
    assert record.text == f"{KITE}\n\n{FERRY}"


def test_strings_in_lists_of_lists_are_no_articles():
    assert "no rows" in problem("a.json", json.dumps([["title", "text"], ["Kite", KITE]]))
    [record] = read("a.json", json.dumps([f" {KITE}\ud800\n"]))
    assert record.text == f"{KITE}�"


def test_an_article_with_comments_is_one_and_names_of_authors_are_shown():
    value = [ONE | {"authors": [{"name": "Ida Moor"}, "Bo"], "comments": [{"text": FERRY}]}]
    [record] = read("a.json", json.dumps(value))
    assert record.text == KITE
    assert record.metadata["author"] == "Ida Moor; Bo"


def test_ids_that_are_none_are_further_columns():
    lines = f"id,title,text\n7,Kite,{KITE}\n7,Ferry,{FERRY}\n"
    assert [record.metadata["id"] for record in read("a.csv", lines)] == ["7", "7"]


def test_a_cell_with_a_piece_of_a_page_is_its_text():
    [record] = read(
        "a.json", json.dumps([{"title": "T", "content": "<p>Sun &amp; rain.</p><p>Fog.</p>"}])
    )
    assert regex.split(r"\n+", record.text) == ["Sun & rain.", "Fog."]
    [kept] = read("a.json", json.dumps([{"text": "5 < 6 and 7 > 3, R&amp;D"}]))
    assert kept.text == "5 < 6 and 7 > 3, R&amp;D"


def test_what_is_no_article_in_json_is_none():
    assert [record.text for record in read("a.json", json.dumps([FERRY, 5, [1], None]))] == [FERRY]
    for data in ("{}", "5", "[" * 100_000):
        problem("a.json", data)


def test_a_text_cut_by_its_source_is_said():
    cut = json.dumps([{"title": "T", "content": KITE + "… [+1234 chars]"}])
    assert "cut the text short" in contents("a.json", cut).notes[0]


def test_halves_of_characters_are_replaced():
    [record] = read("a.jsonl", '{"text": "Fog \\ud800 and \\ud83d\\ude00 sun"}')
    assert record.text == "Fog \ufffd and 😀 sun"


def test_every_name_of_a_column_stands_for_one_field():
    with Path(fields.__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [letters_of(name) for row in rows for name in row["names"].split("|")]
    assert len(names) == len(set(names))


DAMAGED = ["a.xlsx", "a.parquet", "a.json", "a.pdf", "a.docx", "a.odt", "a.rtf", "a.doc"]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_one_plain_line(name):
    problem(name, b"neither {one nor the other")


CONTENTS = {
    "a page": (b"\n<!-- saved --><!DOCTYPE html><html>", ".html"),
    "RTF": (b"{\\rtf1 Fog", ".rtf"),
    "PDF": (b"%PDF-1.7", ".pdf"),
    "Parquet": (b"PAR1...", ".parquet"),
    "gzip": (gzip.compress(b"Fog"), ".gz"),
    "a table": (b"title;full text\nFog;It was thick.", ".csv"),
    "JSON": (b'[{"text": "Fog"}]', ".json"),
    "prose": (b"Title, text and date: what a table needs.\n", ".txt"),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_a_file_with_a_wrong_ending_is_read_as_what_it_is(what):
    data, kind = CONTENTS[what]
    assert kind_of(File("a.txt", data)) == kind


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.txt"])
def test_a_zip_is_told_from_documents_that_are_zips(name):
    assert kind_of(File(name, zipped({"b.txt": "Fog"}))) == ".zip"
    assert kind_of(File(name, written("xlsx"))) == ".xlsx"


def zipped(members: dict[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_what_a_zip_holds_is_named_after_it_in_order():
    data = zipped(
        {"b/t10.txt": "ten", "b/t9.txt": "nine", "宁波.txt": "Ningbo", "/etc/x": "x", "../y": "y"}
    )
    found = list(unzip(File("z.zip", data)))
    names = [file.name for file in found if isinstance(file, File)]
    assert names == ["z.zip/b/t9.txt", "z.zip/b/t10.txt", "z.zip/宁波.txt"]
    outside = [line for file in found if isinstance(file, Mistake) for line in file.problems]
    assert len(outside) == 2
    assert all("lies outside its archive" in line for line in outside)


def test_a_member_without_a_name_is_not_read():
    with ZipFile(file := io.BytesIO(), "w") as archive:
        nameless = ZipInfo("a")
        nameless.filename = ""
        archive.writestr(nameless, "Fog")
    [mistake] = unzip(File("z.zip", file.getvalue()))
    assert str(mistake).startswith("z.zip/: ")


def test_members_with_a_password_are_named():
    data = bytearray(zipped({"a.txt": "Fog"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    [locked] = unzip(File("z.zip", bytes(data)))
    assert "z.zip/a.txt: needs a password" in str(locked)


def torn(members: bytes, at: int, width: int = 2) -> bytes:
    data = bytearray(members)
    data[at : at + width] = (byte ^ 0xFF for byte in data[at : at + width])
    return bytes(data)


TWO = {"a.txt": FERRY * 99, "b.txt": "Fog"}
TORN = {
    "deflate": torn(zipped(TWO), 50),
    "bzip2": torn(zipped(TWO, ZIP_BZIP2), 50),
    "lzma": torn(zipped(TWO, ZIP_LZMA), 50),
    "a name": torn(zipped({"ä.txt": "Kite", "b.txt": "Fog"}), 30, 1),
}


@pytest.mark.parametrize("what", TORN)
def test_a_torn_member_leaves_the_others_in(what):
    bad, fog = sorted(unzip(File("z.zip", TORN[what])), key=lambda file: isinstance(file, File))
    assert regex.fullmatch(r"z.zip/.+: cannot be unpacked \(.+\); pack it anew", str(bad))
    assert fog.content == b"Fog"


def test_what_the_system_refuses_while_unpacking_is_no_torn_member(monkeypatch):
    def is_full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("utils.corpus.formats.archives.unpacked", is_full)
    with pytest.raises(OSError, match="No space left"):
        list(unzip(File("z.zip", zipped({"a.txt": "Fog"}))))


def test_what_unpacks_to_far_more_than_its_size_is_refused(monkeypatch):
    monkeypatch.setattr("utils.corpus.formats.archives._ANYWAY", 1000)
    data = b"a" * 100_000
    with pytest.raises(Mistake, match="times its size"):
        check_size(File("z.zip", zipped({"a.txt": data})))
    with pytest.raises(Mistake, match="times its size"):
        gunzip(File("a.txt.gz", gzip.compress(data)))
    assert gunzip(File("a.txt.gz", gzip.compress(b"Fog")))[:2] == ("a.txt", b"Fog")
    with pytest.raises(Mistake, match="damaged"):
        gunzip(File("a.gz", gzip.compress(b"Fog" * 100)[:-9]))
    with pytest.raises(Mistake, match="damaged"):
        list(unzip(File("z.zip", zipped({"a.txt": "Fog"})[:-9])))


def test_the_pages_of_a_web_archive_are_articles_with_their_addresses():
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    page = (
        f"<html><body><article><h1>Kite</h1><p>{KITE}.</p><p>{FERRY}.</p></article></body></html>"
    )
    for url, kind, data in (
        ("http://a/kite", "text/html", page),
        ("http://a/i.png", "image/png", "x"),
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
        payload = io.BytesIO(data.encode())
        writer.write_record(
            writer.create_warc_record(url, "response", payload=payload, http_headers=headers)
        )
    _, record = read_warc(gunzip(File("a.warc.gz", file.getvalue())))
    assert KITE in record.text
    assert record.metadata["url"] == record.place == "http://a/kite"


NAMES = {
    "2021-06-07_Echo-of-Leeds_Ferry sails.txt": {
        "published": "2021-06-07",
        "outlet": "Echo of Leeds",
    },
    "Echo_20210607_ferry.txt": {"published": "2021-06-07", "outlet": "Echo"},
    "leeds echo 2021-06-07.txt": {"published": "2021-06-07", "outlet": "leeds echo"},
    "2021-06-07 Ferry sails.txt": {"published": "2021-06-07"},
    "2021.06.07.txt": {"published": "2021-06-07"},
    "Ferry sails.txt": {},
    "Budget 2021.txt": {},
    "2021-13-45_Echo_x.txt": {},
    "kite was seen 2021-06-07.txt": {"published": "2021-06-07"},
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_say_what_a_pattern_finds_and_no_more(name):
    assert stated_in_name(name, "Kite was seen\n\nOn the moor.") == NAMES[name]


def test_chinese_names_in_a_zip_of_a_chinese_system_are_read():
    names = {"宁波.txt": "gbk", "café.txt": "cp437", "München.txt": "cp437"}
    for name, encoding in names.items():
        shown = name.encode(encoding)
        data = zipped({"x" * len(shown): "Fog"}).replace(b"x" * len(shown), shown)
        assert [file.name for file in unzip(File("z.zip", data))] == [f"z.zip/{name}"]
