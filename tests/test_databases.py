"""Exports of news databases: parted, with what they state of each article, and nothing guessed."""

import io
from email.message import EmailMessage
from pathlib import Path

import docx
import pandas as pd
import pytest

from utils.corpus.files import Mistake
from utils.corpus.formats.databases import articles_of
from utils.corpus.formats.record import File, Record
from utils.corpus.formats.registry import read_records

SAMPLES = Path(__file__).parent / "samples"
HELD_OUT = pd.read_csv(SAMPLES / "held_out/expected.csv", dtype=str, keep_default_na=False)
TEXTS = sorted(SAMPLES.glob("*.txt")) + sorted(SAMPLES.glob("held_out/*.txt"))
each_text = pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)


def records_of(file: Path, name: str = "", data: bytes = b"") -> list[Record]:
    return contents(file, name, data).records


def contents(file: Path, name: str = "", data: bytes = b""):
    return read_records(File(name or file.name, data or file.read_bytes()))


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def as_rtf(text: str) -> bytes:
    units = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    coded = "".join(c if c.isascii() else f"\\u{ord(c) - 65536 * (ord(c) > 32767)}?" for c in units)
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0 " + coded.replace("\n", "\\par\n") + "}").encode()


def as_message(page: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Your ProQuest documents"
    message.set_content(page, subtype="html")
    return bytes(message)


def with_end(text: str) -> str:
    return f"A title\nThe Paper\nMay 4, 2023\n\nLength: 3 words\nBody\n\n{text}\nEnd of Document\n"


@pytest.mark.parametrize("name", sorted(set(HELD_OUT.file)))
def test_what_an_export_states_of_its_articles_is_found(name):
    expected = HELD_OUT[HELD_OUT.file == name]
    records = records_of(SAMPLES / "held_out" / name)
    found = [
        {
            "file": name,
            "place": record.place,
            "begins": record.text[:12],
            "ends": record.text.rstrip()[-12:],
        }
        | {column: record.metadata.get(column, "") for column in expected.columns[2:-2]}
        for record in records
    ]
    assert found == expected.to_dict("records")


@each_text
@pytest.mark.parametrize("write", [as_docx, as_rtf], ids=["docx", "rtf"])
def test_an_export_reads_alike_in_every_kind_of_document(file, write):
    name = f"{file.stem}.{write.__name__.removeprefix('as_')}"
    expected = records_of(file)
    found = records_of(file, name, write(file.read_text("utf-8")))
    assert found == expected


def test_an_export_sent_by_mail_reads_like_the_page():
    page = SAMPLES / "held_out/proquest.html"
    found = records_of(page, "a.eml", as_message(page.read_text("utf-8")))
    assert found == records_of(page)


def test_the_text_is_the_article_and_nothing_else():
    first, *_ = records_of(SAMPLES / "nexis_uni.txt")
    paragraphs = first.text.split("\n\n")
    assert [len(paragraph.split()) for paragraph in paragraphs] == [22, 30, 13]
    assert paragraphs[-1].startswith("Length: it is two miles long")


def test_lines_that_an_export_has_wrapped_are_joined():
    first, *_ = records_of(SAMPLES / "nexis.txt")
    assert first.metadata["title"].endswith("and this time with a date")
    assert first.metadata["author"] == "Ann Lee and Tom Hart, transport correspondents"
    assert first.text.count("\n") == 2


def test_another_length_than_stated_is_noted_with_the_article():
    [note] = contents(SAMPLES / "nexis_uni.txt").notes
    assert "nexis_uni.txt, article 2: 300 words are stated and 22 found" in note


def test_articles_missing_from_an_export_are_counted():
    notes = contents(SAMPLES / "held_out/nexis_old.txt").notes
    assert any("it has 5 articles; 4 were found" in note for note in notes)


def test_an_article_without_text_is_named_and_left_out():
    records, notes, _ = contents(SAMPLES / "held_out/nexis_uni_us.txt")
    assert any("article 4: no text" in note for note in notes)
    assert "article 4" not in [record.place for record in records]


@pytest.mark.parametrize("printed", ["Spring 2018", "No. 4, 2023", "04/05/2023"])
def test_a_date_that_is_not_sure_stays_as_printed(printed):
    text = with_end("One two three.").replace("May 4, 2023\n", f"{printed}\n\nCopyright 2023\n")
    note, record = articles_of(text, "a.txt")
    assert record.metadata["published (as printed)"] == printed
    assert "published" not in record.metadata
    assert "cannot be read" in note


def test_articles_that_no_line_divides_are_no_article():
    text = with_end("One two three.").replace("End of Document\n", "") + with_end("Four five six.")
    mistake, record = articles_of(text + with_end("Seven."), "a.txt")
    assert isinstance(mistake, Mistake)
    assert "a.txt, article 1: two articles" in str(mistake)
    assert record.text == "Seven."


def test_an_export_of_nothing_is_a_mistake():
    with pytest.raises(Mistake, match="a.txt, article 1: no text"):
        articles_of(with_end(""), "a.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Body\n\nThe body of the bridge.\n\nLength: two miles, or 300 words in the guide.",
        "Length: 300 words\n\nThat is what the form asks for.\n\nEnd of Document",
        "1 of 3 DOCUMENTS\n\nThe first of three documents that the court has seen.",
        "HD is a code, and so is WC.\n\nLP  means long-playing record.",
        "Title: My day\n\nDate: 4 May 2023\n\nText: It rained.",
        "标题：我的一天\n\n今天下雨。日期：不记得。",
        "Full text: see below.\n\nThe Publication title: was never found.",
        "____________________\n\n623 words\n\nThat is all he wrote on 4 May 2023.",
    ],
)
def test_ordinary_text_is_no_export(text):
    assert articles_of(text, "a.txt") == []
    [record] = read_records(File("a.txt", text.encode())).records
    assert record.text == text


@each_text
def test_an_export_cut_anywhere_is_read_or_refused_plainly(file):
    text = file.read_text("utf-8")
    for end in range(0, len(text), len(text) // 40):
        try:
            found = articles_of(text[:end], file.name)
        except Mistake:
            found = []
        assert all(item.text for item in found if isinstance(item, Record))


def test_paragraphs_that_begin_like_labels_do_not_close_the_text():
    text = (SAMPLES / "proquest.txt").read_text("utf-8")
    road = "The road will follow, the council said."
    body = f"Location: the old pier, he said.\n\nSection: two of three. It is done.\n\n{road}"
    first, *_ = articles_of(text.replace(road, body, 1), "a.txt")
    assert first.text.endswith(body)
    assert first.metadata["section"] == "News"


def test_an_rtf_whose_fields_stand_in_a_table():
    fields = {
        "SE": "Business",
        "HD": "Port fees rise",
        "BY": "By Ann Lee",
        "WC": "6 words",
        "PD": "4 May 2021",
        "SN": "Western Echo",
        "LA": "English",
        "LP": "Fees rise.\\par They were low.",
        "TD": "He said.",
        "AN": "Document ECHO000020210504eh5400001",
    }
    rows = "".join(f"\\trowd {code}\\cell {value}\\cell\\row\n" for code, value in fields.items())
    [record] = records_of(SAMPLES, "a.rtf", f"{{\\rtf1\\ansi {rows}}}".encode())
    assert record.text == "Fees rise.\n\nThey were low.\n\nHe said."
    assert record.metadata == {
        "section": "Business",
        "title": "Port fees rise",
        "author": "Ann Lee",
        "words": "6",
        "published": "2021-05-04",
        "outlet": "Western Echo",
        "language": "English",
    }
