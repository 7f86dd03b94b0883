"""A coding to coders' tools and back: REFI-QDA projects, Web Annotations, workbooks, highlights."""

import csv
import json
from collections import Counter
from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import HOSTILE
from lxml import etree

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.formats.record import File
from utils.facts.__main__ import main
from utils.facts.coding import read_codings
from utils.facts.exchange.annotations import CONTEXT, read_annotations, write_annotations
from utils.facts.exchange.highlights import read_highlights
from utils.facts.exchange.project_reader import read_project
from utils.facts.exchange.project_writer import NAMESPACE, write_project
from utils.facts.exchange.registry import import_coding
from utils.facts.exchange.rows import coding_of, describe, folded, pack, read_descriptions
from utils.facts.exchange.template import write_template
from utils.facts.gate import COLUMNS, check_coding, check_rows

# QDA-XML 1.0 of 18 March 2019 (REFI-QDA standard 1.5), www.qdasoftware.org; its licence (MIT)
# stands at its head
SCHEMA = Path(__file__).with_name("refi_qda") / "Project.xsd"
TEXTS = {
    "plain": "Rain fell on Hull. The port signed an agreement.\n\nThe port closed on Monday.\n",
    "windows": "Rain fell on Hull.\r\n\r\nThe port\r\nsigned an agreement. It closed.\r\n",
    "emoji": "🌧🌧 Rain fell on Hull. The 🚢 port signed an agreement 🎉 today.\n\nIt closed 🙂.\n",
    "chinese": "宁波市与诺丁汉大学签署协议。\r\n𠮷林大学参加了会议。中心已经成立。\n",
    "marked": "\ufeffRain fell on Hull.\r\nThe port signed “an agreement”. It closed.\n",
    "hostile": f"Rain {HOSTILE} fell. ]]> &amp; <b>It</b> \x0b closed.\n\n=1+1 said the port.\n",
}
ATTRIBUTES = """attribute,meaning,check,use,kinds
UK partner,the British party,,,
city,,,,
status in the body,how far it is,,status,intended|agreed
statement: planned,acts told as intended,,statement,
"""


def rows_of(table) -> Counter:
    return Counter(map(tuple, table[COLUMNS].to_numpy().tolist()))


def project(root: str, **texts: str | bytes) -> File:
    """A ``.qdpx`` with this XML inside its Project, and these sources."""
    xml = f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{NAMESPACE}" {root}</Project>'
    files = {"project.qde": xml.encode()}
    for name, text in texts.items():
        files[f"Sources/{name}.txt"] = text if isinstance(text, bytes) else text.encode()
    return File("tool.qdpx", pack(files))


CODES = (
    '<Users><User guid="U1" name="Ada"/><User guid="U2" name="Ben"/></Users><CodeBook><Codes>'
    '<Code guid="C0" name="status in the body" isCodable="false">'
    '<Code guid="C1" name="agreed" isCodable="true"/></Code>'
    '<Code guid="C2" name="UK partner" isCodable="true"/></Codes></CodeBook>'
)


def selected(start: object, end: object, name: str = "", inside: str = "") -> str:
    coding = '<Coding guid="X" creatingUser="U1"><CodeRef targetGUID="C2"/></Coding>'
    return (
        f'<PlainTextSelection guid="S" name="{name}" startPosition="{start}" endPosition="{end}">'
        f"{inside or coding}</PlainTextSelection>"
    )


def source(name: str, selections: str, path: str = "internal://a.txt") -> str:
    return (
        f'<Sources><TextSource guid="T" name="{name}" plainTextPath="{path}">{selections}'
        "</TextSource></Sources>"
    )


@pytest.fixture
def port(make_corpus):
    return read_corpus(make_corpus({"port": TEXTS["plain"], "windows": TEXTS["windows"]}))


@pytest.fixture
def coded(make_corpus):
    """Every sentence of texts of every kind, coded with odd values and notes by two coders."""
    columns = {doc_id: {"centre": f"Centre {doc_id}"} for doc_id in TEXTS}
    folder = make_corpus(TEXTS, columns)
    articles = read_corpus(folder)
    quotes = {
        "plain": ["Rain fell on Hull.", "The port signed an agreement."],
        "windows": ["The port signed an agreement.", "It closed."],
        "emoji": ["🌧🌧 Rain fell", "port signed an agreement 🎉", "closed 🙂"],
        "chinese": ["诺丁汉大学", "𠮷林大学参加了会议", "中心已经成立"],
        "marked": ["Rain fell on Hull", "signed “an agreement”"],
        "hostile": ['<script>document.title="run"</script>', "]]> &amp; <b>It</b>", "=1+1 said"],
    }
    rows = [
        [f"Centre {doc_id}", "UK partner", quote, "centre", doc_id, quote, note, "British", "", who]
        for doc_id, found in quotes.items()
        for quote, note, who in zip(
            found,
            ["", "value: no\nside: note", HOSTILE.rstrip("\x07")],
            ["Ada", "Ben", "Ben"],
            strict=False,
        )
    ]
    rows += [["Centre plain", "city", "not stated", "centre", "plain", "", "looked\n\ntwice"]]
    rows[-1] += ["", "", "Ben"]
    (folder / "attributes.csv").write_text(ATTRIBUTES, "utf-8")
    with (folder / "centres.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return articles


def validate(data: bytes) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    with ZipFile(BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    schema.assertValid(root)
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {element.get("targetGUID") for element in root.iter() if element.get("targetGUID")}
    makers = {element.get("creatingUser") for element in root.iter() if element.get("creatingUser")}
    assert targets | makers <= set(guids)


def test_a_project_of_this_corpus_is_valid_and_gives_every_row_back(articles):
    rows = coding_of(articles)
    data = write_project(articles, rows)
    validate(data)
    coding = read_project(File("a.qdpx", data), articles)
    assert (coding.problems, coding.notes) == ([], [])
    assert rows_of(coding.rows) == rows_of(rows) == rows_of(read_codings(articles))
    assert (rows.quote == "").sum() > 50


def test_a_project_has_what_tools_need_beyond_the_schema(articles):
    """QualCoder reads no project without an origin, no note without a date, a code name once."""
    rows = coding_of(articles)
    with ZipFile(BytesIO(write_project(articles, rows))) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    assert root.get("origin")
    names = [code.get("name") for code in root.iter("{*}Code")]
    assert len(names) == len(set(names))
    assert all(note.get("creationDateTime") for note in root.iter("{*}Note"))
    coded = [
        (
            selection.getparent().get("guid"),
            selection.get("startPosition"),
            selection.get("endPosition"),
            selection.find("{*}Coding/{*}CodeRef").get("targetGUID"),
            selection.get("creatingUser"),
        )
        for selection in root.iter("{*}PlainTextSelection")
    ]
    assert len(coded) == len(set(coded)) < (rows.quote != "").sum()


def test_annotations_of_this_corpus_give_every_row_back(articles):
    rows = coding_of(articles)
    coding = read_annotations(File("a.jsonld", write_annotations(articles, rows)), articles)
    assert coding.problems == []
    assert rows_of(coding.rows) == rows_of(rows)


def test_odd_texts_values_and_coders_come_back(coded):
    rows = coding_of(coded)
    data = write_project(coded, rows)
    validate(data)
    for coding in (
        read_project(File("a.qdpx", data), coded),
        read_annotations(File("a.jsonld", write_annotations(coded, rows)), coded),
    ):
        assert coding.problems == []
        assert rows_of(coding.rows) == rows_of(rows)
    assert check_rows(coded, coding.rows.assign(coder="Cy"), "a.csv").problems == []


def test_a_project_to_code_in_has_texts_and_codes_and_no_coding(coded):
    data = write_project(coded, coding_of(coded).head(0))
    validate(data)
    with ZipFile(BytesIO(data)) as archive:
        xml = archive.read("project.qde").decode()
        texts = [archive.read(name).decode() for name in archive.namelist()[1:]]
    assert "Selection" not in xml
    assert '"UK partner"' in xml
    assert len(texts) == len(TEXTS)
    assert not any("\r" in text or "\ufeff" in text for text in texts)


def test_bytes_are_the_same_on_every_run(coded):
    rows = coding_of(coded)
    for write in (write_project, write_annotations):
        assert write(coded, rows) == write(coded, rows)
    assert write_template(coded) == write_template(coded)


WAYS = [*product(("\n", "\r\n"), (1, 2), (1, 2), ("", "\ufeff"), ("whole", "cut", "no"))]


@pytest.mark.parametrize("way", WAYS)
def test_positions_are_read_as_each_tool_counts_them(port, way):
    """Line ends as one or two characters, emoji as one or two, with and without a mark."""
    end, of_return, of_emoji, mark, names = way
    wanted = ["The 🚢 port signed an agreement 🎉 today", "It closed 🙂", "Rain fell on Hull"]
    text = (
        mark + "🌧🌧 Rain fell on Hull. The 🚢 port\nsigned an agreement 🎉 today.\n\nIt closed 🙂."
    )
    text = text.replace("\n", end)
    origin = "ATLAS.ti" if of_return == 1 else "NVivo"

    def position(place):
        before = text[:place].removeprefix("\ufeff")
        before = before.replace("\r\n", "\n") if of_return == 1 else before
        return sum(of_emoji if ord(letter) > 0xFFFF else 1 for letter in before)

    spans = []
    for quote in wanted:
        start = text.index(quote[:4])
        spans.append((start, text.index(quote[-5:]) + 5))
    name = {"whole": lambda words: words, "cut": lambda words: f"{words[:9]}...", "no": str.strip}
    selections = "".join(
        selected(position(a), position(b), name[names](folded(text[a:b])) if names != "no" else "")
        for a, b in spans
    )
    port.loc["port", "raw"] = text
    file = project(f'origin="{origin}">{CODES}{source("port", selections)}', a=text)
    coding = read_project(file, port)
    assert coding.problems == []
    assert coding.rows.quote.tolist() == wanted


def test_the_name_of_a_selection_goes_before_a_count_that_does_not_fit(port):
    file = project(
        f">{CODES}{source('port', selected(1, 16, 'Rain fell on Hull'))}", a=TEXTS["plain"]
    )
    assert read_project(file, port).rows.quote.tolist() == ["Rain fell on Hull"]


def test_who_coded_what_is_known_from_users_codes_and_cases(port):
    selections = selected(
        0,
        17,
        "",
        '<Description>unsure\nside: British</Description><Coding guid="X" '
        'creatingUser="U2"><CodeRef targetGUID="C1"/></Coding>',
    ) + selected(
        19,
        27,
        "",
        '<Coding guid="Y" creatingUser="{u1}"><CodeRef targetGUID="c2"/>'
        '<NoteRef targetGUID="N"/></Coding><Coding guid="Z"><CodeRef targetGUID="K"/>'
        "</Coding>",
    )
    cases = '<Cases><Case guid="K" name="Hull"/></Cases>'
    notes = '<Notes><Note guid="N"><PlainTextContent>a note</PlainTextContent></Note></Notes>'
    file = project(f">{CODES}{cases}{source('other', selections)}{notes}", a=TEXTS["plain"])
    first, second = read_project(file, port).rows.to_dict("records")
    assert (first["attribute"], first["coder"]) == ("status in the body: agreed", "Ben")
    assert (first["note"], first["side"], first["value"]) == ("unsure", "British", first["quote"])
    assert (second["centre"], second["coder"], second["note"]) == ("Hull", "Ada", "a note")


def test_words_that_stand_in_several_sentences_are_quoted_with_theirs(port):
    again = TEXTS["plain"].rindex("The port")
    file = project(f">{CODES}{source('port', selected(again, again + 8))}", a=TEXTS["plain"])
    [row] = read_project(file, port).rows.to_dict("records")
    assert (row["value"], row["quote"]) == ("The port", "The port closed on Monday.")


@pytest.mark.parametrize(
    ("inside", "text", "said"),
    [
        (source("x", selected(0, 4)), "Fog.", "'x': is no article of this corpus, and is left out"),
        (source("port.txt", selected(0, 4)), "Rainy", "not that of port as collected, from charac"),
        (source("port", selected(60, 900)), None, "from 60 to 900 is not within the text of 77 "),
        (source("port", selected("x", 9)), None, "from x to 9 is not within the text"),
        (source("port", selected(9, 9)), None, "from 9 to 9 is not within the text"),
        (source("port", selected(0, 4).replace("C2", "C9")), None, "the codebook of the file does"),
        (source("p", "", "relative:///b.txt"), None, "its text is not in the file (relative:///b"),
        ('<Users><User guid="V" name="Ada"/></Users>', None, "2 users are called 'Ada'"),
    ],
)
def test_what_cannot_be_taken_of_a_project_is_said(port, inside, text, said):
    root = f">{CODES}{inside}".replace("</Users><CodeBook>", "</Users><CodeBook>")
    if "<Users>" in inside:
        root = f">{CODES.replace('</Users>', inside.removeprefix('<Users>'))}"
    coding = read_project(project(root, a=text or TEXTS["plain"]), port)
    assert len(coding.problems) == 1
    assert said in coding.problems[0]
    assert "\n" not in coding.problems[0]
    assert ";" in coding.problems[0] or "export" in coding.problems[0]


def test_what_is_no_text_is_told_and_left_out(port):
    inside = (
        '<Sources><PictureSource guid="P" name="map.png"><PictureSelection guid="Q" firstX="0" '
        'firstY="0" secondX="1" secondY="1"><Coding guid="R"><CodeRef targetGUID="C2"/></Coding>'
        '</PictureSelection></PictureSource><PDFSource guid="O" name="a.pdf"/></Sources>'
    )
    coding = read_project(project(f">{CODES}{inside}"), port)
    assert coding.problems == []
    assert [note.split(": ")[1].split(";")[0] for note in coding.notes] == [
        "is a picture and is left out with its 1 codings",
        "is a PDF and is left out with its 0 codings",
    ]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;">]><Project>&c;</Project>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no zip", "is damaged"),
        (pack({"readme.txt": b"a"}), "has no project.qde"),
        (pack({"project.qde": b"<Project><Users>"}), "no XML"),
        (pack({"project.qde": b""}), "no XML"),
        (pack({"project.qde": BOMB.encode()}), "has a DOCTYPE"),
        (pack({"../project.qde": b"<Project/>"}), "lies outside its archive"),
        (pack({"project.qde": b" " * 60_000_000}), "unpacks to more than"),
    ],
)
def test_a_file_that_is_no_project_is_one_plain_line(port, data, said):
    with pytest.raises(Mistake, match=said) as raised:
        read_project(File("tool.qdpx", data), port)
    assert len(raised.value.problems) == 1
    assert "\n" not in str(raised.value)


def test_an_entity_is_never_read_from_another_file(port, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    xml = f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]><Project name="">&s;</Project>'
    with pytest.raises(Mistake) as raised:
        read_project(File("a.qdpx", pack({"project.qde": xml.encode()})), port)
    assert "secret" not in str(raised.value)


def test_annotations_have_what_the_recommendation_asks_for(coded):
    collection = json.loads(write_annotations(coded, coding_of(coded)))
    items = collection["first"]["items"]
    assert collection["@context"] == CONTEXT
    assert collection["total"] == len(items)
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert item["type"] == "Annotation"
        assert item["creator"]["type"] == "Person"
        assert {body["purpose"] for body in item["body"]} == {
            "tagging",
            "identifying",
            "describing",
        }
    quoted, place = items[2]["target"]["selector"]
    raw = coded.raw[Path(items[2]["target"]["source"]).stem]
    assert raw[place["start"] : place["end"]] == quoted["exact"]
    assert raw.index(quoted["prefix"] + quoted["exact"]) + len(quoted["prefix"]) == place["start"]


def test_annotations_of_others_are_read_by_their_quotation(port):
    items = [
        {
            "target": {
                "source": {"id": "https://example.org/texts/port.txt"},
                "selector": {
                    "type": "TextQuoteSelector",
                    "exact": "The port",
                    "prefix": "agreement.\n\n",
                },
            },
            "body": {"purpose": "tagging", "value": "city"},
            "creator": "Ada",
        },
        {"target": "else.txt", "body": []},
        {"target": "port", "body": "a note"},
    ]
    coding = read_annotations(File("a.json", json.dumps(items).encode()), port)
    [row] = coding.rows.to_dict("records")
    assert (row["quote"], row["coder"]) == ("The port closed on Monday.", "Ada")
    assert [problem.split(": ", 1)[1][:12] for problem in coding.problems] == [
        "its source '",
        "has no tag; ",
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', "[" * 100_000])
def test_what_has_no_annotations_is_one_plain_line(port, text):
    with pytest.raises(Mistake, match=r"no JSON|has no annotations"):
        read_annotations(File("a.json", text.encode()), port)


def test_highlights_of_taguette_are_read(port):
    text = 'id,document,tag,content\r\n1,port.txt,city,"Rain fell on\n Hull"\r\n2,else,city,Fog\r\n'
    text += "3,port.txt,,Rain\r\n"
    coding = read_highlights(File("h.csv", text.encode()), port)
    assert coding.rows[["attribute", "doc_id", "quote"]].to_numpy().tolist() == [
        ["city", "port", "Rain fell on Hull"]
    ]
    assert coding.problems == [
        "h.csv, row 3, column document: no article is called 'else'; import it under its doc_id"
    ]
    assert coding.notes == ["h.csv, row 4: has no tag and is left out"]
    with pytest.raises(Mistake, match="has no columns document, tag, content"):
        read_highlights(File("h.csv", b"a,b\n1,2\n"), port)


def test_a_comment_is_read_as_it_was_written():
    for value in ("a", "a\nb", "value: a\nnote: b", "a\n\n  b\nside: c", "a: b", "  a"):
        row = {"value": value, "note": value}
        assert read_descriptions(describe([row, row], ["value", "note"])) == [row, row]
    assert read_descriptions("") == [{}]


def test_a_workbook_offers_what_may_be_coded_and_goes_through_the_gate(coded, tmp_path):
    file = tmp_path / "coding.xlsx"
    file.write_bytes(write_template(coded))
    book = openpyxl.load_workbook(file)
    sheet = book["coding"]
    assert [cell.value for cell in sheet[1]] == COLUMNS
    offered = {}
    for choice in sheet.data_validations.dataValidation:
        column = COLUMNS[openpyxl.utils.range_boundaries(str(choice.sqref))[0] - 1]
        cells = book["values"][choice.formula1.split("!")[1].replace("$", "")]
        offered[column] = [cell[0].value for cell in cells]
    assert offered["doc_id"] == list(TEXTS)
    assert offered["side"] == ["British"]
    assert {"UK partner", "status in the body: agreed"} <= set(offered["attribute"])
    assert "statement" not in offered["attribute"]
    texts = [row[2] for row in book["sentences"].iter_rows(values_only=True)]
    assert "=1+1 said the port." in texts
    assert all(cell.data_type != "f" for row in book["sentences"] for cell in row)
    filled = ["Centre plain", "city", "Hull", "centre", "plain", "Rain fell on Hull.", "", "", ""]
    invented = ["Centre plain", "city", "Hull", "centre", "plain", "Fog fell on Hull.", "", "", ""]
    for row in (filled, invented):
        sheet.append([*row, "Cy"])
    book.save(file)
    checked = check_coding(coded, file)
    assert checked.rows.quote.tolist() == ["Rain fell on Hull."]
    assert len(checked.problems) == 1
    assert checked.problems[0].startswith("row 3, quote: not in plain")


def test_the_commands_take_a_coding_out_and_bring_it_back(coded, tmp_path, capsys):
    corpus = ["--corpus", coded.attrs["folder"]]
    for name in ("a.qdpx", "a.jsonld"):
        file = tmp_path / name
        assert main(["export", str(file), *corpus]) == 0
        (tmp_path / "a.csv").unlink(missing_ok=True)
        assert main(["import", str(file), "--output", str(tmp_path / "a.csv"), *corpus]) == 1
        said = capsys.readouterr().out
        assert f"a.csv has {len(coding_of(coded))} rows" in said
        assert "has it in centres.csv" in said
        assert rows_of(check_coding(coded, tmp_path / "a.csv").rows) == Counter()
    blank = tmp_path / "blank.qdpx"
    assert main(["export", str(blank), "--blank", *corpus]) == 0
    assert import_coding(coded, blank).rows.empty
    assert main(["template", str(tmp_path / "t.xlsx"), *corpus]) == 0
    assert main(["template", str(tmp_path / "t.csv"), *corpus]) == 2
    assert "end its name in .xlsx" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "a.docx"), *corpus]) == 2
    assert "ends in none of .qdpx, .jsonld" in capsys.readouterr().err
    assert main(["import", str(blank), *corpus]) == 0
    assert main(["import", str(blank), *corpus]) == 2
    assert "is already there" in capsys.readouterr().err


def test_no_command_writes_over_a_file(coded, tmp_path, capsys):
    corpus = ["--corpus", coded.attrs["folder"]]
    table = Path(coded.attrs["folder"]) / "centres.csv"
    before = table.read_bytes()
    other = tmp_path / "a.xlsx"
    other.write_text("of somebody else")
    for asked in (
        ["check", str(table), "--output", str(table)],
        ["prompt", "--output", str(table)],
        ["export", str(other)],
        ["template", str(other)],
        ["import", "a.qdpx", "--output", str(table)],
    ):
        assert main([*asked, *corpus]) == 2
        assert "is already there; take it away, or name another file" in capsys.readouterr().err
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (lambda text, a: a + text[:a].count("\n"), lambda text, b: b + text[:b].count("\n")),
        (lambda text, a: a, lambda text, b: b - 1),
        (lambda text, a: a + 1, lambda text, b: b),
        (lambda text, a: a + 1, lambda text, b: b + 1),
    ],
    ids=["CRLF counted in LF", "end included", "from 1, end included", "from 1"],
)
def test_places_without_names_are_read_by_the_edges_of_words(port, start, end):
    text = TEXTS["plain"]
    wanted = ["Rain fell", "fell on Hull", "signed an agreement", "closed on Monday"]
    places = [(text.index(words), text.index(words) + len(words)) for words in wanted]
    selections = "".join(selected(start(text, a), end(text, b)) for a, b in places)
    file = project(f">{CODES}{source('port', selections)}", a=text)
    assert read_project(file, port).rows.quote.tolist() == wanted


def test_places_that_fit_no_count_are_refused(port):
    selections = "".join(selected(a, a + 7) for a in (2, 13, 22, 33, 40))
    coding = read_project(project(f">{CODES}{source('port', selections)}", a=TEXTS["plain"]), port)
    assert coding.rows.empty
    assert "of 5 selections begin or end inside a word" in coding.problems[0]


def test_software_that_annotates_is_a_model_and_a_further_target_is_told(port):
    target = {"source": "port", "selector": {"type": "TextQuoteSelector", "exact": "Rain fell"}}
    item = {
        "target": [target, target],
        "body": {"purpose": "tagging", "value": "city"},
        "creator": {"type": "Software", "name": "any"},
    }
    coding = read_annotations(File("a.json", json.dumps(item).encode()), port)
    assert coding.rows.coder.tolist() == ["model: any"]
    assert coding.notes == [
        "a.json, annotation 1: 1 more targets are left out; annotate each apart"
    ]
