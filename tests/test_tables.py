"""Side tables: one description, one reader, and every problem named with its place and mend."""

import csv
import os
from pathlib import Path

import pytest

from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tables import LISTS, TABLES, read_side_table


def problems(file, *checks) -> list[str]:
    with pytest.raises(Mistake) as caught:
        read_side_table(file.stem, file.parent, *checks)
    return caught.value.problems


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("folder", [CORPUS, LISTS], ids=["corpus", "lists"])
def test_every_shipped_table_fits_its_description(name, folder):
    assert read_side_table(name, folder).columns[: len(TABLES[name].columns)].tolist() == (
        TABLES[name].names()
    )


def test_every_shipped_table_is_described():
    described = {table.file for table in TABLES.values()} | {
        "README.md",
        "side_tables.csv",
        "forms.csv",
        "languages.csv",
    }
    files = {path.name for folder in (CORPUS, LISTS) for path in folder.iterdir() if path.is_file()}
    assert files <= described


def test_the_description_has_no_unknown_words():
    with (LISTS / "side_tables.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["presence"] for row in rows} == {"filled", "needed", "optional"}
    kinds = "text id name word date number pattern query quotation value".split()
    assert {row["holds"] for row in rows} == {*kinds, "whole number"}


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    file = tmp_path / "themes.csv"
    file.write_text('theme,pattern\n\n,\n1,"two\nlines"\n', "utf-8")
    assert read_side_table("themes", tmp_path).pattern.to_dict() == {4: "two\nlines"}


@pytest.mark.parametrize(
    "unseen", list("\x1c\x1f\x85\u2028\u2029\x0b\x0c\xa0\u3000\u200b\u2066\ufeff\t")
)
def test_what_is_not_seen_at_the_ends_of_a_cell_is_no_part_of_it(tmp_path, unseen):
    text = f'theme,pattern{unseen}\n"{unseen}a{unseen}b","c{unseen * 3}"\n{unseen},{unseen}\n'
    (tmp_path / "themes.csv").write_text(text, "utf-8")
    assert read_side_table("themes", tmp_path).to_dict("index") == {
        2: {"theme": f"a{unseen}b", "pattern": "c", "note": ""}
    }
    (tmp_path / "nodes.txt").write_text(f"{unseen}talent{unseen}\n{unseen}\nport\n", "utf-8")
    assert read_side_table("nodes", tmp_path).node.to_dict() == {1: "talent", 3: "port"}
    (tmp_path / "themes.csv").write_text(f"theme,pattern\na,{unseen}\n", "utf-8")
    assert problems(tmp_path / "themes.csv") == [
        "themes.csv, row 2, column pattern: empty; every row needs a value here"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_usual_way(tmp_path, end):
    (tmp_path / "themes.csv").write_bytes(f"theme,pattern{end}a,b{end}c,d".encode())
    (tmp_path / "nodes.txt").write_bytes(f"# {end}a{end}c".encode())
    assert read_side_table("themes", tmp_path).theme.to_dict() == {2: "a", 3: "c"}
    assert read_side_table("nodes", tmp_path).node.to_dict() == {2: "a", 3: "c"}


@pytest.mark.parametrize("name", ["themes", "nodes"])
def test_what_is_no_file_that_can_be_read_is_named(tmp_path, monkeypatch, name):
    file = tmp_path / TABLES[name].file
    file.symlink_to("nowhere")
    assert problems(file)[0].startswith(f"{file.name}: No such file")
    file.unlink()
    os.mkfifo(file)
    assert problems(file) == [f"{file.name}: is no file; put the table there or take it away"]
    file.unlink()
    file.mkdir()
    assert problems(file) == [f"{file.name}: is no file; put the table there or take it away"]
    file.rmdir()
    file.write_text("theme,pattern\n")
    monkeypatch.setattr(Path, "read_bytes", _refuse)
    assert problems(file) == [f"{file.name}: Permission denied; make it a file that can be read"]


def _refuse(path):
    raise PermissionError(13, "Permission denied", str(path))


def test_only_line_ends_end_a_row(tmp_path):
    file = tmp_path / "themes.csv"
    file.write_bytes("theme,pattern\r\na\u2028b,c\x0bd\r\ne,f\r\n".encode())
    assert read_side_table("themes", tmp_path).theme.to_dict() == {2: "a\u2028b", 3: "e"}


def test_columns_that_are_not_there_are_blank_and_further_ones_are_kept(tmp_path):
    file = tmp_path / "themes.csv"
    file.write_text("\ufeffmood, pattern ,theme\ncalm, x ,y\nshort\n", "utf-8")
    assert problems(file) == [
        "themes.csv, row 3, column theme: empty; every row needs a value here",
        "themes.csv, row 3, column pattern: empty; every row needs a value here",
    ]
    file.write_text("\ufeffmood, pattern ,theme\ncalm, x ,y\n", "utf-8")
    assert read_side_table("themes", tmp_path).to_dict("records") == [
        {"theme": "y", "pattern": "x", "note": "", "mood": "calm"}
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('theme,pattern\n1,"open\n', "themes.csv, row 2 (line 2): a quotation mark does not"),
        ('theme,pattern\n"1\n1",2\n3,"4\n5,6\n', "themes.csv, row 3 (line 4): a quotation mark"),
        ('theme,pattern\n1,2\n"3"4,5\n6,7\n', "themes.csv, row 3 (line 3): a quotation mark"),
        ("theme;pattern\n1;2\n", "themes.csv, row 1: semicolons divide the columns"),
        ("theme,patern\n1,2\n", "themes.csv, row 1: no column 'patern' is known; did you mean pat"),
        ("theme,words\n1,2\n", "themes.csv, row 1: no column pattern; it has theme, words"),
        ("", "themes.csv, row 1: no column theme, pattern; it has nothing"),
        ("\n\ntheme,pattern\n1,2\n", "themes.csv, row 1: no column theme, pattern; it has nothing"),
        ("theme,\n1,2\n", "themes.csv, row 1: no column pattern; it has theme, column 2"),
        ("theme,pattern\n1,2,3\n", "themes.csv, row 2: more fields than columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, text, line):
    file = tmp_path / "themes.csv"
    file.write_text(text, "utf-8")
    assert problems(file)[0].startswith(line)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("theme,pattern,,", ["theme", "pattern", "note"]),
        ("theme,pattern,,mood", ["theme", "pattern", "note", "mood"]),
        ("theme,pattern,theme,theme", ["theme", "pattern", "note", "theme 2", "theme 3"]),
        ("theme,pattern,mood,mood", ["theme", "pattern", "note", "mood", "mood 2"]),
        ("pattern,theme,Theme,PATTERN", ["theme", "pattern", "note", "Theme 2", "PATTERN 2"]),
    ],
)
def test_names_of_columns_may_be_empty_or_repeated(tmp_path, header, names):
    cells = ["x" if name else "" for name in header.split(",")]
    (tmp_path / "themes.csv").write_text(f"{header}\n{','.join(cells)}\n", "utf-8")
    assert read_side_table("themes", tmp_path).columns.tolist() == names


def test_a_column_without_a_name_is_kept_where_it_is_filled(tmp_path):
    (tmp_path / "themes.csv").write_text(",theme,pattern,\n0,a,b,\n", "utf-8")
    assert read_side_table("themes", tmp_path)["column 1"].tolist() == ["0"]


@pytest.mark.parametrize("name", ["notes", "noted"])
def test_an_optional_column_that_may_be_misspelt_is_kept_and_said(tmp_path, name):
    (tmp_path / "themes.csv").write_text(f"theme,pattern,{name}\na,b,c\n", "utf-8")
    table = read_side_table("themes", tmp_path)
    assert table[name].tolist() == ["c"]
    (note,) = table.attrs["notes"]
    assert note.startswith(f"themes.csv: the column {name!r} is kept as a further one; if 'note'")


def test_a_cell_may_be_as_long_as_a_text(tmp_path):
    (tmp_path / "themes.csv").write_text(f"theme,pattern,note\na,b,{'long ' * 100_000}\n", "utf-8")
    assert len(read_side_table("themes", tmp_path).note.iloc[0]) == 499_999


@pytest.mark.parametrize("file", ["themes.csv", "nodes.txt"])
@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "cp1252"])
def test_another_encoding_is_named_with_the_file(tmp_path, file, encoding):
    words = {"gb18030": "大学创新中心", "utf-16": "café", "cp1252": "café naïve"}[encoding]
    (tmp_path / file).write_bytes(f"theme,pattern\n{words},{words}\n".encode(encoding))
    (problem,) = problems(tmp_path / file)
    assert problem.startswith(f"{file}: not UTF-8 at byte ")
    assert "save it as UTF-8" in problem


def test_a_byte_order_mark_is_no_part_of_a_list(tmp_path):
    (tmp_path / "nodes.txt").write_bytes(b"\xef\xbb\xbfriver\n")
    assert read_side_table("nodes", tmp_path).node.tolist() == ["river"]


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("quantities", "sentence", "-1", "is not a whole number"),
        ("quantities", "sentence", "2.5", "is not a whole number"),
        ("quantities", "sentence", "7" * 6000, f"'{'7' * 60}…' is not a whole number"),
        ("quantities", "number", "7" * 6000, f"'{'7' * 60}…' is not a number"),
        ("quantities", "year", "8" * 6000, f"'{'8' * 60}…' is not a whole number"),
        ("quantities", "year", "last", "is not a whole number"),
        ("claims", "from", "8" * 6000, f"'{'8' * 60}…' is not a whole number"),
        ("metadata", "doc_id", "b" * 201, "cannot be used as a name; write at most 200"),
        ("metadata", "doc_id", "港" * 201, "cannot be used as a name; write at most 200"),
        ("aliases", "alias", "—", "cannot be looked for as a name"),
        ("aliases", "alias", "“”", "cannot be looked for as a name"),
        ("aliases", "alias", 'the "Port"', "cannot be looked for as a name"),
        ("quantities", "number", "1,000", "is not a number"),
        ("quantities", "number", "1" * 400, "is not a number"),
        ("claims", "kind", "grwth", "'grwth' is not known; did you mean growth?"),
        ("furniture", "pattern", "(", "not a regular expression"),
        ("furniture", "pattern", "(" * 5000 + ")" * 5000, "not a regular expression"),
        ("furniture", "pattern", "(?a)(?u)x", "not a regular expression"),
        ("metadata", "published", "2021-02-30", "is not a date"),
        ("metadata", "doc_id", "a b", "cannot be used as a name"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(tmp_path, table, column, value, said):
    file = tmp_path / TABLES[table].file
    names = TABLES[table].names()
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, names)
        writer.writeheader()
        writer.writerow(dict.fromkeys(names, "1") | {column: value})
    wanted = f"{file.name}, row 2, column {column}: "
    assert any(said in line for line in problems(file) if line.startswith(wanted))


def test_checks_of_later_rooms_are_made_in_the_same_go(tmp_path):
    file = tmp_path / "themes.csv"
    file.write_text("theme,pattern\n,x\nb,y\n", "utf-8")

    def check(table, record):
        yield "pattern", f"{record.pattern!r} is not liked"

    assert [line.split(": ")[0] for line in problems(file, check)] == [
        "themes.csv, row 2, column theme",
        "themes.csv, row 2, column pattern",
        "themes.csv, row 3, column pattern",
    ]


def test_a_list_has_a_value_a_line(tmp_path):
    file = tmp_path / "nodes.txt"
    file.write_text("\ufeff# a comment\n\n talent* \n", "utf-8")
    assert read_side_table("nodes", tmp_path).node.to_dict() == {3: "talent*"}


def test_a_file_that_is_not_there(tmp_path):
    assert read_side_table("themes", tmp_path).empty
    with pytest.raises(Mistake, match="no articles in it"):
        read_corpus(tmp_path)
