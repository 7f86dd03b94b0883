"""The gate: a coding from anywhere, each row held against the text, and each refusal named."""

import json
import subprocess
import sys
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.__main__ import main
from utils.facts.coding import read_codings
from utils.facts.gate import COLUMNS, check_coding, describe_checked
from utils.facts.prompt import coding_prompt

TEXT = (
    "Title of it\n\nThe city signed a deal with “Alpha” in May. It brings 30 people. "
    "Beta was there. Beta was silent. It is not only a tie.\n"
)
ATTRIBUTES = "attribute,meaning,check,use,kinds\nUK partner,the British party,,,\nfigure,,,,\n"
ATTRIBUTES += "status in the body,,,status,agreed|launched\nperson: signed,,,person,\n"
ROW = {
    "centre": "c",
    "attribute": "UK partner",
    "value": "Alpha",
    "about": "centre",
    "doc_id": "a",
    "quote": "signed a deal with Alpha",
    "coder": "Bo",
}
SILENT = {"value": "not stated", "quote": ""}


@pytest.fixture
def folder(make_corpus):
    folder = make_corpus({"a": TEXT}, {"a": {"title": "Title of it", "centre": "c"}})
    (folder / "attributes.csv").write_text(ATTRIBUTES, "utf-8")
    return folder


@pytest.fixture
def check(folder, tmp_path):
    """The gate's lines on rows, given as changes to a row that stands."""

    def checked(*changes: dict, name: str = "coding.json", coder: str = ""):
        file = tmp_path / name
        file.write_text(json.dumps([ROW | change for change in changes]), "utf-8")
        return check_coding(read_corpus(folder), file, coder)

    return checked


def test_what_is_not_stated_is_not_looked_for_in_a_quotation(check):
    assert check({"value": "not stated"}).problems == [
        "row 1, quote: 'not stated' goes without a quotation; empty one of the two"
    ]


def test_a_coding_without_fault_stands_with_its_coder(check):
    silent = SILENT | {"attribute": "status in the body", "coder": "model: any"}
    checked = check({}, silent)
    assert describe_checked(checked) == [
        "2 of 2 rows stand",
        "Bo is taken for a person; write 'model: NAME' if it is a language model",
    ]
    assert checked.rows.columns.tolist() == COLUMNS
    assert checked.rows.coder.tolist() == ["Bo", "model: any"]


def test_three_invented_quotations_are_refused_by_name(check):
    invented = ["Alpha will build a tower", "the mayor of Alpha said so", "a deal with Gamma"]
    checked = check({}, *({"quote": quote, "value": quote} for quote in invented))
    lines = describe_checked(checked)
    assert lines[0] == "1 of 4 rows stand; 3 are refused:"
    for number, quote in enumerate(invented, 2):
        line = f"row {number}, quote: not in a: “{quote}”; copy it from the text as collected"
        assert line in lines
    assert checked.rows.quote.tolist() == [ROW["quote"]]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"value": "Alpha Limited"}, "row 1, value: the quotation has no 'limited'"),
        ({"value": "40 people", "quote": "30 people"}, "row 1, value: the quotation has no 40"),
        ({"attribute": "Uk partners"}, "attribute: 'Uk partners' is not known; did you mean UK"),
        (
            {"attribute": "status in the body: done"},
            "attribute: 'status in the body: done' is not known; did you mean status in the",
        ),
        ({"attribute": "status in the body"}, "row 1, attribute: 'status in the body' is not"),
        ({"doc_id": "b"}, "row 1, doc_id: no article 'b'; there are: a"),
        ({"about": "centr"}, "row 1, about: 'centr' is not known; did you mean centre?"),
        ({"coder": ""}, "row 1, coder: empty; name who coded it, or give --coder NAME"),
        ({"centre": ""}, "row 1, centre: empty"),
        ({"quote": ""}, "row 1, quote: empty; copy the words that state it"),
        ({"value": "Beta", "quote": "Beta was"}, "row 1, quote: in several sentences"),
        ({"coder": "settled", "why": "so"}, "row 1, coder: a person settles in centres.csv"),
        ({"coder": "ｓettled: Bo"}, "row 1, coder: a person settles in centres.csv itself"),
        ({"coder": "settled: model x", "why": "so"}, "row 1, coder: a model settles nothing"),
        ({"coder": "GPT-4"}, "row 1, coder: 'GPT-4' is like the name of a language model; write"),
        ({"coder": "language model x"}, "write 'model: language model x', or 'person: language"),
        ({"value": "Alpha a deal"}, "row 1, value: its words stand in another order"),
        ({"value": "!"}, "row 1, value: has no letter or digit"),
        (
            {"value": "It is a tie", "quote": "It is not only a tie"},
            "row 1, value: leaves out a negation that the text has between its words",
        ),
        ({"hedge": "nearly"}, "row 1, hedge: 'nearly' is not in the sentence; copy it"),
        ({"quote": "igned a deal with Alph", "value": "deal"}, "inside a word or a number; quote"),
        ({"quote": "brings 3", "value": "3"}, "inside a word or a number; quote whole words"),
    ],
)
def test_a_row_is_refused_with_its_column_and_mend(check, change, problem):
    checked = check(change)
    assert len(checked.rows) == 0
    assert any(problem in line for line in checked.problems), checked.problems


def test_a_value_may_leave_out_words_of_its_sentence_if_the_note_says_so(check):
    short = {"value": "The city signed a deal", "quote": "a deal with Alpha"}
    assert "no 'city', 'signed', 'the'" in check(short).problems[0]
    assert check(short | {"note": "words are left out"}).problems == []
    other = short | {"value": "Beta signed a deal", "note": "words are left out"}
    assert "no 'beta'" in check(other).problems[0]
    assert check(short | {"note": "nothing left out"}).problems
    assert check(short | {"note": "no words are left out"}).problems


def test_every_row_of_this_corpus_passes_the_rule_of_words(articles):
    checked = check_coding(articles, folder_file(articles), "x")
    wrong = [line for line in checked.problems if ", value:" in line or ", hedge:" in line]
    assert [line for line in wrong if not line.startswith(TURNED)] == []


TURNED = "row 109, value: its words stand in another order"  # the name before the office


def folder_file(articles):
    from utils.corpus.tables import folder_of

    return folder_of(articles) / "centres.csv"


def test_the_same_row_twice_is_one_row_or_two_coders(check, folder):
    assert check({}, {}).problems == [
        "row 2, quote: Bo has it in row 1 too; take one out, or give two coders two names"
    ]
    assert check({}, {"coder": "Cy"}).problems == []
    pd.DataFrame([ROW]).to_csv(folder / "centres.csv", index=False)
    again = check({}, {"attribute": "figure", "value": "30 people", "quote": "30 people"})
    assert "Bo has it in centres.csv, row 2 too" in again.problems[0]
    met = "Bo has coded a in centres.csv before; if this is somebody else, give another name"
    assert again.notes[0] == met


def test_what_is_odd_and_no_fault_is_a_note(check):
    other = {"about": "moon", "centre": "d", "value": "signed deal", "coder": "model: any"}
    assert check(other).notes == [
        "row 1, about: 'moon' is neither listed nor a body",
        "row 1, centre: a was of c so far",
        "row 1, value: skips words; say in the note that words are left out",
    ]


def test_a_side_that_nobody_has_coded_is_odd_once_somebody_has_coded_one(check, folder):
    assert "side:" not in " ".join(check({"side": "Martian"}).notes)
    pd.DataFrame([ROW | {"side": "Dutch"}]).to_csv(folder / "centres.csv", index=False)
    odd = check({"side": "Martian", "coder": "Cy"})
    assert odd.problems == []
    assert "side: nobody has coded 'Martian' so far" in " ".join(odd.notes)
    for side in ("Dutch", "joint", ""):
        assert "side:" not in " ".join(check({"side": side, "coder": "Cy"}).notes)


def test_one_coder_cannot_find_something_and_nothing(check):
    problem = "row 2, value: Bo has it as stated and as 'not stated'; take one out"
    assert check({}, SILENT).problems == [problem]
    assert check({}, SILENT | {"about": "event"}).problems == []
    assert check({}, SILENT | {"coder": "Cy"}).problems == []


def test_a_centre_by_another_name_is_refused_once_there_are_names(check, folder):
    pd.DataFrame([ROW]).to_csv(folder / "centres.csv", index=False)
    other = {"centre": "Centre c", "coder": "Cy"}
    assert "'Centre c' is not known; there are: c" in check(other).problems[0]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ROW]),
        json.dumps({"facts": [ROW]}),
        json.dumps(ROW),
        f"{json.dumps(ROW)}\n\n{json.dumps(ROW | {'coder': 'Cy'})}\n",
        f"Here it is:\n```json\n{json.dumps([ROW])}\n```\nI hope that helps.",
        f"```json\n{json.dumps([ROW])}\n```\n```\n{json.dumps([ROW | {'coder': 'Cy'}])}\n```",
        f"As in [1], the rows: {json.dumps([ROW])}, and no more.",
        json.dumps({"notes": [], "rows": [ROW]}),
        "\ufeff" + pd.DataFrame([ROW]).to_csv(index=False),
    ],
    ids=[
        "list",
        "object of a list",
        "one object",
        "lines",
        "fenced",
        "two fences",
        "prose",
        "two lists",
        "CSV",
    ],
)
def test_codings_come_in_many_dresses(folder, tmp_path, text):
    file = tmp_path / "coding.txt"
    file.write_text(text, "utf-8")
    checked = check_coding(read_corpus(folder), file)
    assert checked.problems == []
    assert checked.rows.quote.unique().tolist() == [ROW["quote"]]
    assert len(checked.rows) == text.count(ROW["quote"])


def test_a_workbook_is_read_below_the_names_of_its_columns(folder, tmp_path):
    file = tmp_path / "coding.xlsx"
    pd.DataFrame([ROW, ROW | {"quote": "no such words"}]).to_excel(file, index=False, startrow=1)
    checked = check_coding(read_corpus(folder), file)
    assert len(checked.rows) == 1
    assert checked.problems[0].startswith("row 4, quote: not in a")


def test_a_broken_workbook_is_named(folder, tmp_path):
    file = tmp_path / "coding.xlsx"
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Mistake, match="coding.xlsx: is damaged"):
        check_coding(read_corpus(folder), file)


def test_the_sheet_with_the_columns_is_found_whatever_the_file_is_called(folder, tmp_path):
    file = tmp_path / "coding.csv"
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame({"attribute": ["x"], "meaning": "y"}).to_excel(
            book, sheet_name="book", index=False
        )
        pd.DataFrame([ROW]).to_excel(book, sheet_name="rows", index=False)
    (tmp_path / "a.xlsx").rename(file)
    assert check_coding(read_corpus(folder), file).rows.quote.tolist() == [ROW["quote"]]


def test_a_date_of_the_spreadsheet_is_named(folder, tmp_path):
    file = tmp_path / "coding.xlsx"
    pd.DataFrame([ROW | {"value": pd.Timestamp("2026-05-17")}]).to_excel(file, index=False)
    with pytest.raises(Mistake, match="row 2, column value: the spreadsheet made the date 2026-05"):
        check_coding(read_corpus(folder), file)


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(folder, tmp_path):
    file = tmp_path / "coding.xlsx"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 60_000_000)
    with pytest.raises(Mistake, match="unpacks to more than"):
        check_coding(read_corpus(folder), file)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[{"centre": "c", ', "no JSON .*; is it cut short?"),
        ("[1, 2]", "row 1 has no object with centre, attribute"),
        ("[]", "the list has no object"),
        (f"[{json.dumps(ROW)},]", "a comma too many"),
        (f"[{json.dumps(ROW)}, {{", "is it cut short"),
        (",".join(COLUMNS), "has no rows"),
        ("centre,attribute\nc,UK partner\n", "row 1: no column value, about, doc_id, quote"),
        ('[{"centre": "c", "quotation": "x"}]', "no column"),
    ],
)
def test_a_file_that_is_no_coding_is_named(folder, tmp_path, text, wrong):
    file = tmp_path / "coding.json"
    file.write_text(text, "utf-8")
    with pytest.raises(Mistake, match=wrong):
        check_coding(read_corpus(folder), file)


def test_the_command_says_it_and_writes_what_stands(folder, tmp_path, capsys):
    file = tmp_path / "coding.json"
    output = tmp_path / "stand.csv"
    asked = ["check", str(file), "--corpus", str(folder)]
    assert main(asked) == 2
    assert "there is no such file" in capsys.readouterr().err
    file.write_text(json.dumps([ROW, ROW | {"quote": "invented words"}]), "utf-8")
    assert main([*asked, "--output", str(output)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("1 of 2 rows stand; 1 is refused:\nrow 2, quote: not in a: “invented")
    assert output.read_text("utf-8").splitlines()[0] == ",".join(COLUMNS)
    output.rename(folder / "centres.csv")
    assert read_codings(read_corpus(folder)).coder.tolist() == ["Bo"]
    file.write_text(json.dumps([ROW | {"coder": ""}]), "utf-8")
    assert main([*asked, "--coder", "Cy"]) == 0


def test_the_prompt_has_the_codebook_and_nothing_that_was_coded(articles):
    prompt = coding_prompt(articles)
    codebook = prompt[prompt.index("## What a row has") :]
    for name in ("person: presided", "risk, cost or criticism", "intended, agreed, launched"):
        assert name in codebook
    codings = read_codings(articles)
    values = codings.value[codings.value.str.len() > 20]
    assert [value for value in values if value.casefold() in codebook.casefold()] == []
    assert all(f"| {centre} |" in prompt for centre in codings.centre.unique())


def test_a_corpus_may_have_rules_of_its_own(folder):
    assert "Status follows a ladder" in coding_prompt(read_corpus(folder))
    (folder / "coding_rules.txt").write_text("Count no ships.\n", "utf-8")
    prompt = coding_prompt(read_corpus(folder))
    assert "- Count no ships." in prompt
    assert "Status follows a ladder" not in prompt


def test_help_is_quick_and_the_prompt_is_written(folder, tmp_path):
    command = [sys.executable, "-m", "utils.facts", "prompt", "--corpus", folder]
    done = subprocess.run([*command, "--output", tmp_path / "p.md"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "p.md").read_text("utf-8").startswith("# Code what this article states")
