"""Documents, saved pages, mail and references: their text, and what they state of it."""

import io
import json

import docx
import pytest
from odf import text as odt
from odf.opendocument import OpenDocumentText
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from utils.corpus.files import Mistake
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.record import File, Record
from utils.corpus.formats.references import find_reference, index_references, is_csl
from utils.corpus.formats.registry import read_records

PARAGRAPH = "The council met on Monday to speak of the road, which many people had asked for again."


def read(name: str, data: bytes | str) -> Record:
    [record] = contents(name, data).records
    return record


def contents(name: str, data: bytes | str):
    return read_records(File(name, data.encode() if isinstance(data, str) else data))


def refused(name: str, data: bytes) -> str:
    with pytest.raises(Mistake) as caught:
        read_records(File(name, data))
    return str(caught.value)


def saved(document) -> bytes:
    data = io.BytesIO()
    document.save(data) if hasattr(document, "save") else document.write(data)
    return data.getvalue()


def a_docx(title="", author="") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    document.add_heading("Rain in March")
    document.add_paragraph("By Ann Lee")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "rain"
    table.cell(0, 1).text = "90 mm"
    document.add_paragraph("It rained.\nThen it stopped.")
    return saved(document)


def a_pdf(words: str = "", password: str = "") -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 10 100 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return saved(writer)


def a_page(head: str = "", body: str = "", lang: str = "en") -> str:
    article = f"<article><h1>Road asked for</h1>{body}<p>{PARAGRAPH}</p><p>{PARAGRAPH[:60]}</p>"
    return f'<html lang="{lang}"><head>{head}</head><body>{article}</article></body></html>'


def published(head: str = "", body: str = "") -> str:
    return read("a.html", a_page(head, body)).metadata.get("published", "")


def test_a_docx_has_its_paragraphs_and_rows_in_order():
    text = read("a.docx", a_docx()).text
    assert text.split("\n\n") == [
        "Rain in March",
        "By Ann Lee",
        "rain\t90 mm",
        "It rained.",
        "Then it stopped.",
    ]


@pytest.mark.parametrize(
    ("title", "author", "metadata"),
    [
        ("Rain in March", "Ann Lee", {"title": "Rain in March", "author": "Ann Lee"}),
        ("Microsoft Word - rain.doc", "python-docx", {}),
        ("Rain", "Ann", {"author": "Ann"}),
        ("", "", {}),
    ],
)
def test_properties_count_where_the_text_says_the_same(title, author, metadata):
    assert read("a.docx", a_docx(title, author)).metadata == metadata


def test_an_odt_has_its_headings_tabs_and_line_breaks():
    document = OpenDocumentText()
    document.text.addElement(odt.H(outlinelevel=1, text="Rain in March"))
    paragraph = odt.P(text="It")
    for element in (odt.S(c=2), odt.Tab(), odt.LineBreak()):
        paragraph.addElement(element)
    paragraph.addText("rained.")
    document.text.addElement(paragraph)
    assert read("a.odt", saved(document)).text == "Rain in March\n\nIt  \t\n\nrained."


@pytest.mark.parametrize(
    ("coded", "text"),
    [
        (rb"\ansi\ansicpg1252 Caf\'e9 \'93q\'94", "Café “q”"),
        (rb"\ansi\ansicpg1251 \'cf\'ee\'f0\'f2", "Порт"),
        (rb"\ansi\ansicpg936 \'c4\'e3\'ba\'c3", "你好"),
        (rb"\ansi \u-10179?\u-8694? \u8220 ?q", "😊 “q"),
        (rb'{\field{\*\fldinst{HYPERLINK "https://x.example"}}{\fldrslt Link}} end', "Link end"),
        (rb"{\header Page 1}{\info{\title T}}One\par\par Two", "One\n\nTwo"),
    ],
)
def test_rtf_in_its_code_page_without_what_is_no_text(coded, text):
    assert read("a.rtf", rb"{\rtf1" + coded + b"}").text.strip() == text
    assert read("a.doc", rb"{\rtf1" + coded + b"}").text.strip() == text


def test_a_pdf_with_text_says_what_stays_in_it():
    [record], notes, _ = contents("a.pdf", a_pdf("It rained on the har- bour."))
    assert record.text == "It rained on the har- bour."
    assert notes == ["a.pdf: divided words, running heads and page numbers stand as in the PDF"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", a_pdf(), "a.pdf: no text inside: it is a scan"),
        ("a.pdf", a_pdf("x", "secret"), "a.pdf: encrypted"),
        ("a.pdf", b"%PDF-1.4 broken", "a.pdf: cannot be read as a PDF"),
        ("a.docx", b"PK\x03\x04 broken", "a.docx: "),
        ("a.docx", b"\xd0\xcf\x11\xe0 old", "a.docx: encrypted, or a DOC of before 2007"),
        ("a.odt", b"PK\x03\x04 broken", "a.odt: "),
        ("a.rtf", b"no RTF", "a.rtf: no RTF"),
        ("a.rtf", rb"{\rtf1 }", "a.rtf: no text in it"),
        ("a.mht", b"Subject: x\n\nno page", "a.mht: no page of HTML inside"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(name, data, said):
    line = refused(name, data)
    assert line.startswith(said)
    assert "\n" not in line


def test_a_text_that_is_no_utf_8_is_read_and_said():
    text = "L’été, le café du port était fermé, et la mairie aussi."
    [record], notes, _ = contents("a.txt", text.encode("cp1252"))
    assert record.text == text
    assert notes == ["a.txt: not UTF-8; read as cp1252"]
    assert read("a.txt", text.encode("utf-16")) == Record(text, {})


def test_a_page_gives_its_article_and_what_it_states():
    head = (
        "<title>Road asked for | The Sample Post</title>"
        '<meta property="og:site_name" content="The Sample Post">'
        '<meta name="author" content="Ann Lee">'
        '<link rel="canonical" href="https://post.example/2019/12/31/road">'
    )
    page = a_page(head)
    [record], [note], _ = contents("a.html", page)
    assert record.text == f"Road asked for\n\n{PARAGRAPH}\n\n{PARAGRAPH[:60]}\n"
    assert "trafilatura took the article out of the page" in note
    assert record.metadata == {
        "title": "Road asked for",
        "outlet": "The Sample Post",
        "author": "Ann Lee",
        "url": record.metadata["url"],
        "language": "en",
    }


LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta property="article:published_time" content="2023-05-04T22:00Z">', "", "2023-05-04"),
        ('<meta name="DC.date" content="4 May 2023">', "", "2023-05-04"),
        (LD.format('{"headline": "R", "datePublished": "2023-05-04"}'), "", "2023-05-04"),
        (LD.format('{"@graph": [{"headline": "R", "datePublished": "2023-05"}]}'), "", "2023-05"),
        ("", '<time datetime="2023-05-04">yesterday</time>', "2023-05-04"),
        ("", '<span itemprop="datePublished" content="2023-05-04">x</span>', "2023-05-04"),
        ('<meta property="article:modified_time" content="2023-05-04">', "", ""),
        (LD.format('{"headline": "R", "dateModified": "2023-05-04"}'), "", ""),
        ('<meta property="og:image" content="https://x.example/2023/05/04/a.jpg">', "", ""),
        ("", "<p>The mill closed on 4 May 2023.</p>", ""),
        ("", '<time datetime="2023-05-04">a</time><time datetime="2019-01-02">b</time>', ""),
        ('<meta name="date" content="04/05/2023">', "", ""),
        (LD.format("{broken"), "", ""),
    ],
)
def test_a_date_is_one_that_the_page_states(head, body, day):
    assert published(head, body) == day


def test_a_date_of_a_page_that_is_not_sure_stays_as_printed():
    record = read("a.html", a_page('<meta name="date" content="04/05/2023">'))
    assert record.metadata["published (as printed)"] == "04/05/2023"


def test_a_page_saved_in_one_file():
    mhtml = (
        "Snapshot-Content-Location: https://post.example/road\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="B"\n\n--B\n'
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{a_page()}\n--B\nContent-Type: image/png\n\nx\n--B--\n"
    )
    record = read("a.mhtml", mhtml)
    assert PARAGRAPH in record.text
    assert record.metadata["url"] == "https://post.example/road"


MESSAGE = """From: =?utf-8?q?Zo=C3=AB?= <zoe@post.example>
Subject: =?utf-8?b?5riv5Y+j?=
Date: Thu, 4 May 2023 23:30:00 -0500
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<style>p {color: red}</style><p>Le caf=E9<br>est</p><p>ouvert.</p>
--B
Content-Type: application/pdf
Content-Disposition: attachment; filename="menu.pdf"

x
--B--
"""


def test_a_message_has_its_text_subject_sender_and_date():
    [record], notes, _ = contents("a.eml", MESSAGE)
    assert record.text == "Le café\nest\n\nouvert.\n"
    assert record.metadata == {
        "title": "港口",
        "author": "Zoë <zoe@post.example>",
        "published": "2023-05-04",
    }
    assert notes == ["a.eml: what is attached is not read: menu.pdf"]


def test_a_date_of_a_message_that_cannot_be_read_stays_as_printed():
    record = read("a.eml", "Subject: Rain\nDate: some day in May\n\nIt rains.")
    assert record.metadata["published (as printed)"] == "some day in May"


@pytest.mark.parametrize("data", [b"\0" * 500, b"It rained on Monday.\n\nThen it stopped."])
def test_what_is_no_message_is_refused(data):
    assert "a.eml: no message" in refused("a.eml", data)


RIS = """TY  - NEWS
TI  - Harbour opens
AU  - Lee, Ann
AU  - Hart, Tom
T2  - The Sample Post
PY  - 2023
DA  - 2023/05/04/
L1  - files/12/Harbour.TXT
N2  - An abstract.
ER  -

TY  - NEWS
T1  - No ferry
JO  - Western Echo
Y1  - 2023/05//
ER  -
"""
BIB = r"""@article{lee2023, title={Harbour {Opens} \& more}, author={L{\"u}e, Ann and Hart, Tom},
  journal={The Sample Post}, year=2023, month=may, day=4, url={https://post.example/a_b~c},
  file={Full Text:/home/a/storage/harbour.txt:text/plain;Snapshot:b.html:text/html}}
@misc{broken, title="""
CSL = [
    {
        "id": "lee",
        "type": "article-newspaper",
        "title": "Harbour opens",
        "container-title": "The Sample Post",
        "author": [{"family": "Lee", "given": "Ann"}],
        "issued": {"date-parts": [["2023", 5]]},
    }
]


def test_ris_has_metadata_and_the_names_of_files():
    (first, second), notes, _ = contents("a.ris", RIS)
    assert first.metadata == {
        "title": "Harbour opens",
        "outlet": "The Sample Post",
        "published": "2023-05-04",
        "author": "Lee, Ann; Hart, Tom",
        "file": "Harbour.TXT",
    }
    assert first.text == ""
    assert "abstract" in notes[0]
    assert second.metadata["published"] == "2023-05"


def test_bibtex_is_read_without_its_marks_and_what_is_broken_is_said():
    [record], notes, _ = contents("a.bib", BIB)
    assert record.metadata == {
        "title": "Harbour Opens & more",
        "outlet": "The Sample Post",
        "published": "2023-05-04",
        "author": "Lüe, Ann; Hart, Tom",
        "url": "https://post.example/a_b~c",
        "file": "harbour.txt; b.html",
        "doc_id": "lee2023",
    }
    assert notes == ["a.bib: line 4: no entry can be read"]


def test_references_are_found_by_file_key_or_title_and_never_when_two_fit():
    references = [
        *contents("a.ris", RIS).records,
        *contents("a.bib", BIB).records,
        *contents("a.json", json.dumps(CSL)).records,
    ]
    index = index_references(references)
    assert find_reference(index, "texts/B.html")["url"] == "https://post.example/a_b~c"
    assert find_reference(index, "lee.txt")["published"] == "2023-05"
    assert find_reference(index, "x.txt", "No Ferry!")["outlet"] == "Western Echo"
    assert find_reference(index, "harbour.txt") == {}
    assert find_reference(index, "x.txt") == {}


def test_a_table_in_json_is_no_list_of_references():
    assert is_csl(json.dumps(CSL))
    assert not is_csl(json.dumps([{"id": 1, "type": "news", "title": "T", "text": "It rained."}]))
    assert not is_csl('{"id": 1}')


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("Thursday, May 4, 2023 10:15 AM EST", "2023-05-04"),
        ("1er mars 2021", "2021-03-01"),
        ("Viernes 5 de mayo de 2023", "2023-05-05"),
        ("31. Dezember 1999", "1999-12-31"),
        ("Wed Mar  1 08:00:00 +0000 2023", "2023-03-01"),
        ("Wed Mar 01 08:00:00 2023", "2023-03-01"),
        ("Mar 1, 2023 · 8:00 AM UTC", "2023-03-01"),
        ("2 maggio 2016", "2016-05-02"),
        ("2023 年 5 月 1 日 星期一", "2023-05-01"),
        ("20230501T101500Z", "2023-05-01"),
        ("13/05/2023", "2023-05-13"),
        ("Sept 2019", "2019-09"),
        ("1898", "1898"),
        ("31 February 2020", ""),
        ("May 4", ""),
        ("Davos 2023", ""),
        ("May 4, 2023 and later", ""),
        ("yesterday", ""),
        ("二〇二三年五月四日", "2023-05-04"),
        ("一九九八年十二月三十一日 星期四", "1998-12-31"),
        ("二零二〇年十月二十日", "2020-10-20"),
        ("二〇二三年十三月四日", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_is_printed(printed, iso):
    assert iso_date(printed) == iso
