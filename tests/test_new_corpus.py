"""A corpus folder is made from any sources, whole or not at all, and a corpus can be checked."""

import csv
import hashlib
import shutil
import subprocess
import sys

import pytest

from utils.corpus.__main__ import main
from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, read_side_table
from utils.corpus.tokens import tokenize
from utils.facts.tables import check_side_tables
from utils.report.new_corpus import DRAFTS, EXAMPLE, check_corpus, make_corpus
from utils.report.places import UTILS

STORY = (
    "Ferry to {0} is late\n\nFollow us on the web\n\nThe Harbour Board of {0} said that the ferry "
    "would be late. Passengers waited for the ferry in the rain.\n\nThe Harbour Board of {0} did "
    "not say why. The ferry to {0} was late in May 2021 as well.\n"
)
TOWNS = ("Oban", "Largs", "Ayr", "Troon")
GENERAL = {"metadata", "variants", "lemmas", "abbreviations"}  # not for a corpus to add


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "my texts"
    (folder / "west").mkdir(parents=True)
    for number, town in enumerate(TOWNS):
        place = folder / "west" if number else folder
        (place / f"{town}.txt").write_text(STORY.format(town), "utf-8")
    return folder


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "export.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["title", "media_name", "publish_date", "text"])
        for day, town in enumerate(TOWNS, 1):
            body = STORY.format(town).partition("\n\n")[2]
            writer.writerow([f"Late in {town}", "The Buoy", f"2021-05-0{day}", body])
    return file


def _files_of(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _terms(articles):
    return tokenize(articles).term.value_counts().to_dict()


def test_files_of_one_article_are_kept_as_they_are(texts, tmp_path):
    make_corpus(tmp_path / "new", [texts])
    articles = read_corpus(tmp_path / "new")
    before = {hashlib.sha256(data).hexdigest() for data in _files_of(texts).values()}
    assert set(articles.sha256) == before
    assert set(articles.title) == {f"Ferry to {town} is late" for town in TOWNS}
    assert _terms(articles) == _terms(read_corpus(texts))


def test_articles_of_a_table_get_a_text_each_and_all_that_is_known(table, tmp_path):
    make_corpus(tmp_path / "new", [table])
    articles = read_corpus(tmp_path / "new")
    assert len(_files_of(tmp_path / "new" / "texts")) == len(TOWNS)
    assert articles.published.tolist() == [f"2021-05-0{day}" for day in range(1, 5)]
    assert set(articles.outlet) == {"The Buoy"}
    assert articles.collected_from.unique().tolist() == ["export.csv"]
    assert articles.collected_at.tolist() == ["row 2", "row 3", "row 4", "row 5"]
    assert _terms(articles) == _terms(read_corpus(table))


def test_several_sources_and_names_that_are_there_twice(texts, table, tmp_path):
    other = tmp_path / "more"
    other.mkdir()
    (other / "OBAN.txt").write_text("Snow\n\nSnow fell on the hills of Oban all day.\n", "utf-8")
    make_corpus(tmp_path / "new", [texts, other, table])
    articles = read_corpus(tmp_path / "new")
    assert len(articles) == 2 * len(TOWNS) + 1
    assert len({doc_id.casefold() for doc_id in articles.index}) == len(articles)


def test_a_new_corpus_passes_its_check_and_counts_no_example(texts, tmp_path):
    make_corpus(tmp_path / "new", [texts])
    lines = check_corpus(tmp_path / "new")
    assert lines[0].startswith("4 articles, ")
    assert "themes: no themes.csv" in lines
    assert read_side_table("themes", tmp_path / "new").empty


def test_drafts_are_read_once_they_are_moved(texts, tmp_path):
    new = tmp_path / "new"
    make_corpus(new, [texts])
    names = {file.name for file in (new / DRAFTS).iterdir()}
    assert names == {"aliases.csv", "themes.csv", "furniture.csv"}
    for name in names:
        shutil.move(new / DRAFTS / name, new / name)
    articles = read_corpus(new)
    assert check_side_tables(articles) == []
    assert "Follow us on the web" in read_side_table("furniture", new).example.tolist()
    assert "follow" not in _terms(articles)
    assert "ferry" in read_side_table("themes", new).theme.tolist()
    assert set(read_side_table("aliases", new).alias) >= {f"Harbour Board of {t}" for t in TOWNS}
    assert read_side_table("aliases", new).note.str.startswith("draft").all()


def test_the_example_has_every_table_with_two_rows_and_is_a_corpus_itself(texts, tmp_path):
    make_corpus(tmp_path / "new", [texts])
    example = tmp_path / "new" / EXAMPLE
    check_corpus(example)
    for name, table in TABLES.items():
        if name not in GENERAL:
            assert len(read_side_table(name, example)) == 2, name
            header = (example / table.file).read_text("utf-8").splitlines()[0]
            assert table.file.endswith(".txt") or set(header.split(",")) == set(table.names())
    assert (UTILS / "report" / EXAMPLE / "metadata.csv").is_file()


def test_the_codebook_names_every_column_and_what_is_to_be_filled_in(table, tmp_path):
    make_corpus(tmp_path / "new", [table])
    codebook = (tmp_path / "new" / "README.md").read_text("utf-8")
    header = (tmp_path / "new" / "metadata.csv").read_text("utf-8").splitlines()[0]
    assert all(f"| `{column}` | " in codebook for column in header.split(","))
    assert "| `published` | 4 of 4 |" in codebook
    assert "| `city` | 0 of 4 |" in codebook
    assert "export.csv" in codebook


def test_side_tables_of_a_source_come_along(texts, tmp_path):
    (texts / "nodes.txt").write_text("ferry\n", "utf-8")
    make_corpus(tmp_path / "new", [texts])
    assert read_side_table("nodes", tmp_path / "new").node.tolist() == ["ferry"]


@pytest.mark.parametrize("name", ["there", "file.txt", "my texts/inside"])
def test_nothing_is_written_over_or_into_a_source(texts, tmp_path, name):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").write_text("mine")
    (tmp_path / "file.txt").write_text("mine")
    before = _files_of(tmp_path)
    with pytest.raises(Mistake, match="name a"):
        make_corpus(tmp_path / name, [texts])
    assert _files_of(tmp_path) == before


def test_an_empty_folder_is_used(texts, tmp_path):
    (tmp_path / "new").mkdir()
    make_corpus(tmp_path / "new", [texts])
    assert len(read_corpus(tmp_path / "new")) == len(TOWNS)


def test_all_or_nothing_where_a_file_cannot_be_read(texts, tmp_path):
    (texts / "empty.txt").write_bytes(b"")
    (texts / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    before = set(tmp_path.iterdir())
    with pytest.raises(Mistake) as mistake:
        make_corpus(tmp_path / "new", [texts])
    for part in ("empty.txt", "broken.pdf", "--skip-bad"):
        assert part in str(mistake.value)
    assert set(tmp_path.iterdir()) == before
    lines = make_corpus(tmp_path / "new", [texts], skip_bad=True)
    assert len(read_corpus(tmp_path / "new")) == len(TOWNS)
    assert sum(line.startswith("Left out: ") for line in lines) == 2
    assert "broken.pdf" in (tmp_path / "new" / "README.md").read_text("utf-8")


def test_a_failure_while_writing_leaves_nothing(texts, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("utils.report.new_corpus._write_drafts", fail)
    before = set(tmp_path.iterdir())
    with pytest.raises(Mistake, match="No space left on device"):
        make_corpus(tmp_path / "new", [texts])
    assert set(tmp_path.iterdir()) == before


def test_the_commands_say_what_they_did_and_what_comes_next(texts, tmp_path, capsys):
    new = str(tmp_path / "a corpus")
    assert main(["new", new, str(texts)]) == 0
    assert f"python -m utils.report '{new}'" in capsys.readouterr().out
    assert main(["check", new]) == 0
    assert "keywords between groups: " in capsys.readouterr().out


def test_check_says_every_problem_in_one_go(texts, tmp_path, capsys):
    new = tmp_path / "new"
    make_corpus(new, [texts])
    (new / "themes.csv").write_text('theme,pattern\nsea,"""ferry"\n', "utf-8")
    (new / "aliases.csv").write_text("body,alias,doc_id,quote\nB,Board,Oban,no such\n", "utf-8")
    (new / "texts" / "Ayr.txt").write_bytes(b"")
    assert main(["check", str(new)]) == 2
    shown = capsys.readouterr()
    for part in ("themes.csv, row 2, column pattern", "aliases.csv, row 2, column quote", "Ayr"):
        assert part in shown.err
    assert shown.out == ""


def test_a_folder_that_is_no_corpus_is_refused_before_it_is_read(tmp_path, capsys):
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(10**12)
    for arguments in (["check", tmp_path], ["new", tmp_path.parent / "other", tmp_path]):
        assert main(list(map(str, arguments))) == 2
        assert "has more than" in capsys.readouterr().err


def test_a_wrong_argument_gives_a_plain_line(capsys):
    with pytest.raises(SystemExit) as end:
        main(["check", "corpus", "--\x1b[2Kbogus"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert r"unrecognized arguments: --\x1b[2Kbogus" in said
    assert said.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_stop_says_one_line_and_leaves_nothing(tmp_path):
    code = """
import os, runpy, signal, sys, utils.report.new_corpus as new_corpus
draft = lambda *_: os.kill(os.getpid(), signal.SIGTERM)
new_corpus._write_drafts = draft
runpy.run_module("utils.corpus", run_name="__main__", alter_sys=True)
"""
    (tmp_path / "a.txt").write_text("Rain\n\nIt rained.")
    command = [sys.executable, "-c", code, "new", tmp_path / "new", tmp_path / "a.txt"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (143, "Stopped; all is as it was before.\n")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
