"""Loading: what is read is what was collected, and every mistake is named with its place."""

import hashlib

import pandas as pd
import pytest

from utils.corpus.articles import CORPUS, fingerprint, metadata_table, read_corpus
from utils.corpus.files import Mistake, decode
from utils.corpus.tables import folder_of


def problems(folder) -> list[str]:
    with pytest.raises(Mistake) as caught:
        read_corpus(folder)
    return caught.value.problems


def test_texts_are_kept_byte_for_byte(articles):
    for article in articles.itertuples():
        data = (CORPUS / "texts" / article.file).read_bytes()
        assert article.raw.encode() == data
        assert hashlib.sha256(data).hexdigest() == article.sha256


def test_metadata_say_only_what_the_texts_show(articles):
    assert articles.published.to_dict() == {
        "nottingham-ningbo": "",
        "cambridge-nanjing": "2018-10-05",
        "ningbo-city": "",
        "ukiic-taizhou": "2021-05-17",
        "ningbo-industries": "",
    }
    for article in articles.itertuples():
        for outlet in filter(None, article.outlet.split(" / ")):
            assert outlet in article.raw
        assert article.title in article.raw


def test_missing_columns_are_blank_and_further_columns_are_kept(make_corpus):
    articles = read_corpus(make_corpus({"a": "A text."}, {"a": {"mood": "calm"}}))
    assert articles.loc["a", ["outlet", "published", "mood"]].tolist() == ["", "", "calm"]


def test_windows_line_ends_and_byte_order_mark_stay(make_corpus):
    raw = "\ufeffA title\r\n\r\nThe first line.\r\nThe second."
    articles = read_corpus(make_corpus({"a": raw}))
    assert articles.raw["a"] == raw
    assert articles.title["a"] == "A title"
    assert [raw[start:end] for start, end in articles.body["a"]] == [
        "The first line.",
        "The second.",
    ]


def test_fingerprint_changes_with_a_letter_and_with_metadata(make_corpus):
    prints = [
        fingerprint(read_corpus(make_corpus({"a": text}, {"a": {"city": city}}, name)))
        for name, text, city in (
            ("1", "One.", "X"),
            ("2", "One.", "X"),
            ("3", "One!", "X"),
            ("4", "One.", "Y"),
        )
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


MISTAKES = {
    "a file that is missing": (
        lambda f: (f / "texts/a.txt").unlink(),
        "row 2, column file: texts/a.txt is missing",
    ),
    "an empty file": (
        lambda f: (f / "texts/a.txt").write_text(" \n"),
        "row 2, column file: a.txt is empty",
    ),
    "a file nobody listed": (
        lambda f: (f / "texts/c.txt").write_text("x"),
        "texts/c.txt: not listed in metadata.csv",
    ),
    "a hash that differs": (
        lambda f: (f / "texts/a.txt").write_text("Changed."),
        "row 2, column sha256: a.txt has",
    ),
    "no UTF-8": (
        lambda f: (f / "texts/a.txt").write_bytes("Café de la Gare".encode("latin-1")),
        "not UTF-8 at byte 3; it may be",
    ),
    "a NUL": (lambda f: (f / "texts/a.txt").write_bytes(b"ab\0cd"), "binary content at byte 2"),
    "a PDF": (
        lambda f: (f / "texts/a.txt").write_bytes(b"%PDF-1.4 text"),
        "binary content at byte 0",
    ),
    "UTF-16": (
        lambda f: (f / "texts/a.txt").write_bytes("A text of some length.".encode("utf-16")),
        "not UTF-8 at byte 0; it may be utf_16",
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_mistakes_in_texts_are_named(make_corpus, what):
    damage, line = MISTAKES[what]
    folder = make_corpus({"a": "The first.", "b": "The second."})
    damage(folder)
    assert any(line in problem for problem in problems(folder)), problems(folder)


ROWS = {
    "duplicate doc_id": ("a,a.txt\na,b.txt", "row 3, column doc_id: 'a' is in row 2 too"),
    "doc_id that differs in capitals only": (
        "a,a.txt\nA,b.txt",
        "row 3, column doc_id: 'A' is in row 2 too",
    ),
    "a file listed twice": (
        "a,a.txt\nb,./a.txt",
        "row 3, column file: './a.txt' is listed in row 2 too",
    ),
    "a path that leaves the folder": (
        "a,../metadata.csv\nb,b.txt",
        "row 2, column file: '../metadata.csv' is outside the folder texts/",
    ),
    "an absolute path": ("a,/etc/passwd\nb,b.txt", "is outside the folder texts/"),
    "no doc_id": (",a.txt\nb,b.txt", "row 2, column doc_id: empty"),
    "no file name": ("a,\nb,b.txt", "row 2, column file: empty"),
    "a row too long": ("a,a.txt,2020,x\nb,b.txt", "metadata.csv, row 2: more fields than columns"),
    "no rows": ("", "metadata.csv: no articles listed"),
}


@pytest.mark.parametrize("what", ROWS)
def test_mistakes_in_rows_are_named(make_corpus, what):
    rows, line = ROWS[what]
    folder = make_corpus({"a": "The first.", "b": "The second."})
    (folder / "metadata.csv").write_text(f"doc_id,file,published\n{rows}\n")
    assert any(line in problem for problem in problems(folder)), problems(folder)


@pytest.mark.parametrize("date", ["2018-13-45", "2021-02-30", "May 17", "18-10-05", "2018/10/05"])
def test_a_date_that_is_none_is_named(make_corpus, date):
    folder = make_corpus({"a": "Text."}, {"a": {"published": date}})
    assert problems(folder) == [
        f"metadata.csv, row 2, column published: {date!r} is not a date; "
        "write YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty"
    ]


@pytest.mark.parametrize("date", ["2018", "2018-10", "2018-10-05", ""])
def test_dates_of_any_precision_are_kept_as_given(make_corpus, date):
    assert (
        read_corpus(make_corpus({"a": "Text."}, {"a": {"published": date}})).published["a"] == date
    )


def test_all_problems_come_in_one_go(make_corpus):
    folder = make_corpus({"a": "One.", "b": "Two.", "c": "Three."}, {"c": {"published": "never"}})
    (folder / "texts/a.txt").write_bytes(b"\xff\xfe\xff")
    (folder / "texts/b.txt").unlink()
    (folder / "texts/stray.txt").write_text("x")
    found = problems(folder)
    assert len(found) == 5  # no date; missing; unlisted; the hash and the bytes of a.txt
    assert all("\n" not in line for line in found)


def test_a_folder_or_a_column_that_is_not_there(tmp_path):
    assert "no such folder" in problems(tmp_path / "none")[0]
    (tmp_path / "metadata.csv").write_text("id;file\n1;a.txt\n")
    assert "semicolons divide the columns" in problems(tmp_path)[0]


def test_a_mistake_shows_no_traceback_in_a_notebook():
    assert Mistake(["one", "two"])._render_traceback_() == ["one", "two"]


def test_decode_keeps_newlines_and_offsets():
    assert decode("é\r\nx".encode(), "f") == "é\r\nx"


def test_a_spreadsheet_with_byte_order_mark_and_spaces_is_read(make_corpus):
    folder = make_corpus({"a": "One."})
    (folder / "metadata.csv").write_text("\ufeffdoc_id, file ,city\na, a.txt , Ningbo \n", "utf-8")
    assert read_corpus(folder).city.to_dict() == {"a": "Ningbo"}


def test_articles_is_a_table_with_the_columns_promised(articles):
    promised = {
        "title",
        "outlet",
        "published",
        "city",
        "centre",
        "language",
        "file",
        "sha256",
        "raw",
    }
    assert promised <= set(articles.columns)
    assert articles.index.name == "doc_id"
    assert isinstance(articles, pd.DataFrame)


def test_short_titles_are_given_or_made_from_the_title(articles, make_corpus):
    assert articles.short_title["cambridge-nanjing"] == "Cambridge–Nanjing"
    long = "A title that goes on and on, to more than forty characters\n\nText."
    chinese = "一" * 60 + "\n\n正文。"
    texts = {
        "a": long,
        "b": long,
        "c": "Text.",
        "d": "My title\n\nText.",
        "e": chinese,
        "f": "Text.",
    }
    given = {"c": {"short_title": "Given"}}
    assert read_corpus(make_corpus(texts, given)).short_title.to_dict() == {
        "a": "A title that goes on and on, to more…",
        "b": "A title that goes on and on, to more… 2",
        "c": "Given",
        "d": "My title",
        "e": "一" * 39 + "…",
        "f": "f",
    }


def test_titles_that_begin_alike_are_told_apart_by_their_ends(make_corpus):
    start = "Waiting lists fall as the wards stay full in "
    texts = {name: f"{start}{name}\n\nText." for name in ("Leeds", "Southampton")}
    texts |= {"zh": "一" * 50 + "甲\n\n正文。", "zh2": "一" * 50 + "乙\n\n正文。"}
    leeds, southampton, first, second = read_corpus(make_corpus(texts)).short_title
    assert (leeds, southampton) == (
        "Waiting lists fall… stay full in Leeds",
        "Waiting lists fall… full in Southampton",
    )
    assert first.endswith("甲")
    assert second.endswith("乙")
    assert max(map(len, (leeds, southampton, first, second))) <= 40


def test_the_folder_goes_with_the_articles(make_corpus, articles):
    folder = make_corpus({"a": "Text.", "b": "More."})
    read = read_corpus(folder)
    assert read.attrs["folder"] == str(folder)
    assert folder_of(read[read.title == ""]) == folder
    assert read_corpus(None).index.tolist() == articles.index.tolist()


def test_rows_and_files_and_rules_are_checked_together(make_corpus):
    folder = make_corpus({"a": "One.", "b": "Two."}, {"a": {"published": "never"}})
    (folder / "texts/b.txt").unlink()
    assert len(problems(folder)) == 2


def test_columns_with_our_names_are_kept_beside_ours(make_corpus):
    mine = dict.fromkeys(["raw", "lines", "body", "sentence", "where", "index", "name"], "mine")
    articles = read_corpus(make_corpus({"a": "T\n\nRain fell."}, {"a": mine}))
    assert articles.raw["a"] == "T\n\nRain fell."
    kept = metadata_table(articles).iloc[0]
    names = ["raw (metadata)", "lines (metadata)", "body (metadata)", "sentence", "where"]
    assert kept[[*names, "index", "name"]].tolist() == ["mine"] * 7


def test_a_second_doc_id_is_a_further_column(make_corpus):
    folder = make_corpus({"a": "Rain fell."})
    (folder / "metadata.csv").write_text("doc_id,file,doc_id\na,a.txt,b\n")
    assert read_corpus(folder)["doc_id 2"].to_dict() == {"a": "b"}


@pytest.mark.parametrize(
    ("column", "meant"), [("publisher", "published"), ("notes", "note"), ("Outlet", "outlet")]
)
def test_a_column_like_ours_is_kept_and_said(make_corpus, column, meant):
    articles = read_corpus(make_corpus({"a": "Rain fell."}, {"a": {column: "x"}}))
    assert articles[column].to_dict() == {"a": "x"}
    assert f"if {meant!r} is meant" in articles.attrs["notes"][0]


def test_a_misspelt_column_that_is_needed_is_refused(tmp_path):
    (tmp_path / "metadata.csv").write_text("docid,file\na,a.txt\n")
    assert problems(tmp_path) == [
        "metadata.csv, row 1: no column 'docid' is known; did you mean doc_id?"
    ]


def test_a_file_is_found_however_its_name_is_composed(make_corpus):
    folder = make_corpus({"a": "Rain fell."})
    (folder / "texts/a.txt").rename(folder / "texts/cafe\u0301.txt")
    (folder / "metadata.csv").write_text("doc_id,file\na,caf\u00e9.txt\n", "utf-8")
    assert read_corpus(folder).raw["a"] == "Rain fell."


PAGE = """<!doctype html><html><head><meta charset="{}"><title>Ferry | Site</title>
<style>p {{ margin: 0 }}</style><script>track("x")</script></head><body><nav><a href="/">Home</a>
<a href="/n">News</a></nav><article><h1>Ferry sails</h1><p>The ferry to Gårdsjö sailed on Friday
with 20 people, and the café &amp; bar on board was open.</p><p>It will sail each week until the
autumn, said the captain, who has crossed the lake for thirty years.</p></article>
<footer>Cookie settings</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_saved_page_is_the_article_in_it(make_corpus, encoding):
    folder = make_corpus({"a": "x"})
    (folder / "texts/a.txt").unlink()
    (folder / "texts/a.HTML").write_bytes(PAGE.format(encoding).encode(encoding))
    (folder / "texts/a_files").mkdir()
    (folder / "texts/a_files/site.css").write_text("p {}")
    (folder / "metadata.csv").write_text("doc_id,file\na,a.HTML\n")
    articles = read_corpus(folder)
    raw = articles.raw["a"]
    assert articles.title["a"] == "Ferry sails"
    assert "Gårdsjö" in raw
    assert "café & bar" in raw
    assert "thirty years." in raw
    assert not any(word in raw for word in ("margin", "track", "Home", "Cookie", "<"))
    data = (folder / "texts/a.HTML").read_bytes()
    assert articles.sha256["a"] == hashlib.sha256(data).hexdigest()
    assert len(articles.body["a"]) == 2


def test_a_page_without_an_article_is_named(make_corpus):
    folder = make_corpus({"a": "x"})
    (folder / "texts/a.txt").rename(folder / "texts/a.htm")
    (folder / "texts/a.htm").write_text("<html><body><script>x()</script></body></html>")
    (folder / "metadata.csv").write_text("doc_id,file\na,a.htm\n")
    assert problems(folder) == [
        "metadata.csv, row 2, column file: a.htm: no article was found in the page; "
        "save its text as a .txt file"
    ]
