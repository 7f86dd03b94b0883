"""The index of a large corpus: the same articles and tokens, and never those of another state."""

import gc
import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from utils.corpus import articles, chunks, collection, index, store
from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.languages import in_language
from utils.corpus.tokens import sentence_table, tokenize
from utils.report.command import main
from utils.report.places import INDEX

TEXTS = {
    "a": "A title of a page\n\nThe first sentence is here. A second one (U.K.) follows it.",
    "b": "Another title\n\nCopyright 2020 - Custom text here\n\nRain fell on R&D, and it’s over.",
    "c": "中心\n\n甬江实验室与英国大学合作建设创新中心。产业园区在宁波。",
    "d": "No more\n\nIt said: “Rain!” Then 18,000 people left Xi’an at 5 p.m. on Monday.",
    "e": "An empty one",
}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Every corpus is large here, and a part has an article or two."""
    monkeypatch.setattr(index, "LARGE", 0)
    monkeypatch.setattr(index, "PART", 100)


@pytest.fixture
def read_anew(monkeypatch):
    """The articles of a source without an index."""

    def read(source):
        with monkeypatch.context() as patched:
            patched.setattr(index, "LARGE", np.inf)
            return read_corpus(source)

    return read


def made(monkeypatch):
    """The rows of every part that is made from now on."""
    rows = []
    words = index.words_of
    monkeypatch.setattr(index, "words_of", lambda part: rows.extend(part.raw) or words(part))
    return rows


def write_text(folder, doc_id, text):
    """Another text of an article, with the hash that the metadata then have."""
    file = folder / "texts" / f"{doc_id}.txt"
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_text(text, "utf-8")
    new = hashlib.sha256(file.read_bytes()).hexdigest()
    metadata = folder / "metadata.csv"
    metadata.write_text(metadata.read_text("utf-8").replace(old, new), "utf-8")


def assert_same(source, anew):
    articles = read_corpus(source)
    assert articles.attrs["index"]
    assert_frame_equal(articles, anew)
    assert {**articles.attrs, "index": None} == {**anew.attrs, "index": None}
    for function in (tokenize, sentence_table):
        assert_frame_equal(function(articles), function(anew))
    return articles


def test_articles_and_tokens_are_those_without_an_index(make_corpus, read_anew):
    folder = make_corpus(TEXTS)
    anew = read_anew(folder)
    for _ in range(2):
        articles = assert_same(folder, anew)
    chosen = articles.iloc[[3, 1]]
    chosen.attrs = articles.attrs
    assert_frame_equal(tokenize(chosen), tokenize(anew.iloc[[3, 1]]))
    assert_frame_equal(tokenize(in_language(articles)), tokenize(in_language(anew)))


def test_positions_are_the_rows_of_each_term(make_corpus, monkeypatch):
    monkeypatch.setattr(store, "_BLOCK", 7)  # so that there are many blocks
    articles = read_corpus(make_corpus(TEXTS))
    words = index.kept_words(articles)
    kept = index._open(Path(articles.attrs["index"]))
    assert len(words.code) > 20
    assert kept.positions.tolist() == np.argsort(words.code, kind="stable").tolist()


def test_a_file_has_its_index_beside_it(tmp_path, read_anew):
    speeches = [f"Sea{n} " * 30 + f"Land{n}. Sky." for n in range(3)]
    source = tmp_path / "speeches.jsonl"
    rows = [{"title": f"Speech {n}", "text": speeches[n % 3] * (n + 1)} for n in range(30)]
    source.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert_same(source, read_anew(source))
    assert (tmp_path / ".speeches.jsonl.index").is_dir()


@pytest.mark.parametrize(
    ("change", "remade"),
    [
        (lambda folder: write_text(folder, "a", "New\n\nA new text came."), 1),
        (lambda folder: (folder / "furniture.csv").write_text(RULE), 5),
        (lambda folder: (folder / "words.txt").write_text("甬江\n"), 5),
        (lambda folder: (folder / "notes.txt").write_text("nothing"), 0),
    ],
    ids=["a text", "a rule", "a list of words", "another file"],
)
def test_what_changes_is_made_anew_and_nothing_else(
    make_corpus, monkeypatch, read_anew, change, remade
):
    monkeypatch.setattr(index, "PART", 1)
    folder = make_corpus(TEXTS)
    read_corpus(folder)
    change(folder)
    rows = made(monkeypatch)
    assert_same(folder, read_anew(folder))
    assert len(rows) == remade


RULE = "rule,label,pattern,example,counterexample\nrain,furniture,Rain.*,Rain now,Sun\n"


def test_articles_that_are_added_change_only_their_part(tmp_path, monkeypatch, read_anew):
    source = tmp_path / "news.jsonl"
    lines = [json.dumps({"title": f"T {n}", "text": f"Text {n} of a day. " * 3}) for n in range(40)]
    source.write_text("\n".join(lines[:30]), "utf-8")
    read_corpus(source)
    source.write_text("\n".join([*lines[:10], lines[35], *lines[10:30], lines[36]]), "utf-8")
    rows = made(monkeypatch)
    assert_same(source, read_anew(source))
    assert 2 <= len(rows) < 15


def test_another_column_of_texts_is_another_text(tmp_path):
    source = tmp_path / "news.csv"
    source.write_text("title,one,other\nA title,Rain fell.,Snow lay on hills.\n", "utf-8")
    found = [tokenize(read_corpus(f"{source}#{name}")).term.tolist() for name in ("one", "other")]
    assert found == [["rain", "fell"], ["snow", "lay", "on", "hills"]]


@pytest.mark.parametrize("title", ["A day of rain", "Nothing of this"])
def test_a_title_that_is_changed_changes_the_labels(tmp_path, read_anew, title):
    source = tmp_path / "news.jsonl"
    for stated in ("Rain fell on Monday", title):
        text = "A day of rain\n\nRain fell on Monday\n\nThe council met on Tuesday."
        source.write_text(json.dumps({"title": stated, "text": text}) + "\n", "utf-8")
        assert_same(source, read_anew(source))


@pytest.mark.parametrize("kind", ["<html><body><p>{}</p></body></html>", "title;text\nA;{}\n"])
def test_a_folder_that_becomes_a_corpus_in_our_layout_is_read_as_one(tmp_path, read_anew, kind):
    """A file of one article is read by its content, and in our layout as it is."""
    names = [f"{n}.txt" for n in range(3)]
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in names:
        (texts / name).write_text(kind.format(f"Port {name} opens. " * 9), "utf-8")
    read_corpus(tmp_path)
    rows = [f"{name},{name},A" for name in names]
    (tmp_path / "metadata.csv").write_text("\n".join(["doc_id,file,title", *rows]), "utf-8")
    assert_same(tmp_path, read_anew(tmp_path))


def test_a_text_that_was_changed_in_the_table_is_tokenised_anew(make_corpus):
    articles = read_corpus(make_corpus(TEXTS))
    changed = articles.assign(raw=articles.raw.str.replace("Rain", "Snow"))
    changed.attrs = articles.attrs
    assert "snow" in tokenize(changed).term.tolist()


@pytest.mark.parametrize("file", ["index.json", "code.i32", "terms.txt", "articles.arrow"])
@pytest.mark.parametrize("harm", ["gone", "cut", "empty"])
def test_a_torn_index_is_made_anew(make_corpus, read_anew, file, harm):
    folder = make_corpus(TEXTS)
    torn = Path(read_corpus(folder).attrs["index"]) / file
    data = torn.read_bytes()
    torn.unlink()
    if harm != "gone":
        torn.write_bytes(data[: len(data) // 2 if harm == "cut" else 0])
    assert_same(folder, read_anew(folder))


def test_an_index_of_another_version_is_not_used(make_corpus, monkeypatch):
    folder = make_corpus(TEXTS)
    first = read_corpus(folder).attrs["index"]
    monkeypatch.setattr(index, "python_version", lambda: "another")
    index._code_key.cache_clear()
    rows = made(monkeypatch)
    assert read_corpus(folder).attrs["index"] != first
    assert len(rows) == len(TEXTS)
    assert not Path(first).exists()
    index._code_key.cache_clear()


def test_a_corpus_that_is_edited_while_it_is_read_is_not_kept(make_corpus, monkeypatch):
    folder = make_corpus(TEXTS)
    words = index.words_of

    def edit(part):
        write_text(folder, "a", "Edited\n\nIt was edited meanwhile.")
        return words(part)

    monkeypatch.setattr(index, "words_of", edit)
    assert "index" not in read_corpus(folder).attrs
    monkeypatch.setattr(index, "words_of", words)
    assert "edited" in tokenize(read_corpus(folder)).term.tolist()


@pytest.mark.parametrize("inner", ["", "texts"], ids=["our layout", "a folder of texts"])
def test_a_full_disk_leaves_the_articles_and_no_index(make_corpus, monkeypatch, read_anew, inner):
    monkeypatch.setattr(index, "is_shared", lambda: True)
    folder = make_corpus(TEXTS) / inner

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index.Writer, "add", full)
    articles = read_corpus(folder)
    assert_frame_equal(articles, read_anew(folder))
    assert [file.name for file in (folder / ".index").iterdir()] == ["lock"]


def test_where_the_corpus_cannot_be_written_the_users_cache_has_the_index(
    make_corpus, monkeypatch, tmp_path, read_anew
):
    folder = make_corpus(TEXTS)
    monkeypatch.setattr(index, "user_cache_path", lambda name: tmp_path / name)
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: folder not in Path(path).parents and allowed(path, mode)
    )
    articles = assert_same(folder, read_anew(folder))
    assert Path(articles.attrs["index"]).is_relative_to(tmp_path / "corpus-index")
    assert not index.is_beside(folder, index.place_of_index(folder))


def test_where_nothing_can_be_written_there_is_no_index(make_corpus, monkeypatch, read_anew):
    folder = make_corpus(TEXTS)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    articles = read_corpus(folder)
    assert "index" not in articles.attrs
    assert_frame_equal(articles, read_anew(folder))


def test_texts_in_a_linked_folder_are_known_by_what_they_say(make_corpus, tmp_path, read_anew):
    folder = make_corpus(TEXTS)
    (folder / "texts").rename(tmp_path / "elsewhere")
    (folder / "texts").symlink_to(tmp_path / "elsewhere")
    read_corpus(folder)
    write_text(folder, "a", "New\n\nA new text came.")
    assert_same(folder, read_anew(folder))


def test_a_mistake_in_the_corpus_leaves_the_index(make_corpus, monkeypatch):
    folder = make_corpus(TEXTS)
    read_corpus(folder)
    (folder / "texts" / "unlisted.txt").write_text("not listed")
    with pytest.raises(Mistake):
        read_corpus(folder)
    (folder / "texts" / "unlisted.txt").unlink()
    rows = made(monkeypatch)
    read_corpus(folder)
    assert rows == []


def test_a_hidden_text_and_a_column_of_our_name_are_as_without_an_index(make_corpus, read_anew):
    folder = make_corpus(TEXTS, {doc_id: {"probability": f"p {doc_id}"} for doc_id in TEXTS})
    texts = folder / "texts"
    metadata = folder / "metadata.csv"
    metadata.write_text(metadata.read_text("utf-8").replace("a.txt", ".a.txt"), "utf-8")
    (texts / "a.txt").rename(texts / ".a.txt")
    assert assert_same(folder, read_anew(folder)).probability["a"] == "p a"
    (texts / ".a.txt").rename(texts / "a.txt")
    write_text(folder, "a", "New\n\nA new text came.")
    (texts / "a.txt").rename(texts / ".a.txt")
    assert_same(folder, read_anew(folder))


def test_a_link_that_becomes_a_file_is_read(tmp_path, read_anew):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("A title\n\nThe text of it.")
    (tmp_path / "b.txt").write_text("Another\n\nIts text.")
    (folder / "b.txt").symlink_to(tmp_path / "b.txt")
    assert len(read_corpus(folder)) == 1
    (folder / "b.txt").unlink()
    (tmp_path / "b.txt").rename(folder / "b.txt")
    assert len(assert_same(folder, read_anew(folder))) == 2


def test_a_tokenisation_that_is_cut_off_is_forgotten(monkeypatch):
    expected = chunks.terms_of("one two")
    with monkeypatch.context() as patched:
        patched.setattr(chunks, "spans_of_tokens", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            chunks.terms_of("never seen before")
    assert chunks.terms_of("one two") == expected


def test_chunks_are_forgotten_where_their_tokens_are_many(monkeypatch):
    monkeypatch.setattr(chunks, "_MOST_TOKENS", 10)
    for word in ("甬江", "港口", "大学"):
        assert chunks.terms_of(word * 20, "zh") == [word] * 20
    assert len(chunks._known_chunks("zh", ()).term) == 20


def test_texts_are_labelled_while_the_next_ones_are_read(tmp_path, monkeypatch, read_anew):
    source = tmp_path / "news.jsonl"
    lines = [json.dumps({"title": f"T {n}", "text": f"Text {n} of a day. " * 3}) for n in range(40)]
    source.write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(index, "is_shared", lambda: True)
    steps = []
    add = collection.Texts.add
    words = index.words_of
    with monkeypatch.context() as patched:
        patched.setattr(
            collection.Texts, "add", lambda self, text: steps.append("read") or add(self, text)
        )
        patched.setattr(index, "words_of", lambda part: steps.append("made") or words(part))
        read_corpus(source)
    assert steps.count("read") == 40
    assert steps.index("made") < 30
    assert_same(source, read_anew(source))


def test_a_title_that_another_file_states_is_that_of_the_index(tmp_path, monkeypatch, read_anew):
    """It is known only when all files have been read, and by then the texts have been labelled."""
    monkeypatch.setattr(index, "is_shared", lambda: True)
    for n in range(9):
        text = f"Rain fell on day {n}\n\nThe council met on day {n}."
        (tmp_path / f"a{n}.txt").write_text(text, "utf-8")
    rows = made(monkeypatch)
    read_corpus(tmp_path)
    assert len(rows) == 9
    stated = "TY  - NEWS\nTI  - The council met on day 3.\nL1  - a3.txt\nER  - \n"
    (tmp_path / "z.ris").write_text(stated, "utf-8")
    articles = assert_same(tmp_path, read_anew(tmp_path))
    assert articles.title["a3"] == "The council met on day 3."
    assert [line.label for line in articles.lines["a3"]] == ["body", "title"]


def test_what_can_go_is_looked_for_while_files_are_read(make_corpus, monkeypatch):
    """Readers of documents leave much behind that only the collector of garbage finds."""
    was_on = []
    read = articles.read_collection
    monkeypatch.setattr(
        articles, "read_collection", lambda *args: was_on.append(gc.isenabled()) or read(*args)
    )
    folder = make_corpus(TEXTS)
    read_corpus(folder / "texts")
    assert was_on
    assert all(was_on)


def test_threads_do_not_disturb_each_other():
    texts = [" ".join(f"w{number}x{n}" for n in range(2000)) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(chunks.terms_of, texts))
    for text, terms in zip(texts, found, strict=True):
        assert terms == text.split()


SLOW_BUILD = """
import sys, time
from utils.corpus import index, read_corpus
index.LARGE = 0
index.PART = 1
make = index._make
def slowly(rules, part):
    print("made", flush=True)
    time.sleep(0.3)
    return make(rules, part)
index._make = slowly
read_corpus(sys.argv[1])
"""


def test_a_build_that_is_killed_leaves_the_old_index_or_none(make_corpus, read_anew):
    folder = make_corpus(TEXTS)
    command = [sys.executable, "-c", SLOW_BUILD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.kill()
    assert not [path for path in (folder / ".index").iterdir() if index._is_index(path)]
    assert_same(folder, read_anew(folder))
    assert len(list((folder / ".index").iterdir())) == 2


def test_two_processes_build_one_index(make_corpus):
    folder = make_corpus(TEXTS)
    command = [sys.executable, "-c", SLOW_BUILD, str(folder)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(text.count("made") for text in said) == len(TEXTS)


def test_a_token_takes_at_most_24_bytes(tmp_path):
    source = tmp_path / "news.jsonl"
    text = "The centre in Ningbo was opened by the mayor of the city on Monday. " * 20
    rows = [json.dumps({"title": f"T {n}", "text": f"{text} Number {n}."}) for n in range(200)]
    source.write_text("\n".join(rows), "utf-8")
    articles = read_corpus(source)
    folder = Path(articles.attrs["index"])
    size = sum(file.stat().st_size for file in folder.iterdir() if file.name != "articles.arrow")
    assert size <= 24 * len(tokenize(articles))


def test_a_report_of_a_corpus_with_an_index_is_not_made_twice(make_corpus, tmp_path, capsys):
    folder = make_corpus(TEXTS)
    read_corpus(folder)
    command = [str(folder), "--output", str(tmp_path / "report"), "--notebooks", "03"]
    assert main(command) == 0
    assert (folder / INDEX).is_dir()
    shutil.rmtree(folder / INDEX)
    capsys.readouterr()
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("Nothing has changed")
