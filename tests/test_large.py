"""A report of a large corpus: what its pages leave out they say, and nothing leads nowhere."""

import csv
import re
import sys
from unittest.mock import patch

import nbformat
import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.page import (
    linked,
    show,
    show_articles,
    show_corpus,
    show_findings,
    show_run,
    show_tokens,
)
from utils.page.cells import MOST_ROWS
from utils.page.grid import MOST_PACKED
from utils.page.names import remember_names
from utils.report.frame import PAGES as PAGES_OF_REPORT
from utils.report.pages import write_pages

ARTICLES = 9
PAGES = 4


@pytest.fixture
def large(make_corpus, monkeypatch):
    """A corpus with more articles than have a page each."""
    monkeypatch.setattr(linked, "MOST_PAGES", PAGES)
    monkeypatch.setattr(linked, "_LINKED", {})
    texts = {f"a{n}": f"Day {n}\n\nRain fell on day {n}. It was cold.\n" for n in range(ARTICLES)}
    dates = {f"a{n}": {"published": f"2024-05-0{n}"} if n else {} for n in range(ARTICLES)}
    yield read_corpus(make_corpus(texts, dates))
    remember_names(pd.DataFrame())


def run(folder, *calls):
    """The names of the files of a report on a notebook with these calls."""
    outputs = []
    for function, arguments, options in calls:
        with patch.object(sys.modules["utils.page.show"], "display") as display:
            function(*arguments, **options)
        shown = [call.args[0] for call in display.call_args_list]
        outputs += [nbformat.v4.new_output("display_data", data) for data in shown]
    cells = [
        nbformat.v4.new_markdown_cell("# Rain"),
        nbformat.v4.new_code_cell("", outputs=outputs),
    ]
    (folder / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / "01_rain.ipynb")
    return write_pages(folder, {})


def call(function, *arguments, **options):
    return function, arguments, options


def test_an_article_of_a_large_corpus_has_a_page_where_something_leads_to_it(large, tmp_path):
    lines = pd.DataFrame(
        {"doc_id": [f"a{n}" for n in range(3)] * 30, "sentence": 1, "n": range(90)}
    )
    lines.loc[50:, "doc_id"] = "a8"
    names = run(
        tmp_path,
        call(show_corpus, large, tokenize(large)),
        call(show_articles, large),
        call(show, lines, name="lines", caption="Lines.", rows=5, beside=["n"]),
        call(show_findings, ("Rain fell.", pd.DataFrame({"doc_id": ["a7"], "sentence": [1]}))),
        call(show_run, large, {}),
    )
    there = {name for name in names if name.startswith("articles/")}
    assert there == {f"articles/a{n}.html" for n in (0, 1, 2, 7)}
    page = (tmp_path / "01_rain.html").read_text("utf-8")
    assert set(re.findall(r'href="(articles/[^"#]+)', page)) <= there
    assert "a8.html" not in page
    index = (tmp_path / "index.html").read_text("utf-8")
    assert f"Of {ARTICLES} articles these have a page to read" in index
    assert "It has 9 articles, 8 of them with a date of publication, 1 May 2024 to 8 May" in index


def test_a_notebook_adds_no_more_pages_than_stated(large, tmp_path):
    table = pd.DataFrame({"doc_id": large.index})
    names = run(
        tmp_path,
        call(show_corpus, large, tokenize(large)),
        call(show, table, name="all", caption="All."),
        call(show_run, large, {}),
    )
    assert sum(name.startswith("articles/") for name in names) == PAGES


def test_a_page_to_search_names_articles_that_have_none_to_read(large, tmp_path):
    tokens = tokenize(large)
    names = run(tmp_path, call(show_corpus, large, tokens), call(show_tokens, large, tokens))
    page = (tmp_path / "search.html").read_text("utf-8")
    assert page.count('"link":null') + page.count('"link": null') == ARTICLES
    assert not [name for name in names if name.startswith("articles/")]


def test_with_too_many_tokens_pages_say_that_none_can_be_searched(large, tmp_path, monkeypatch):
    monkeypatch.setattr("utils.page.token_index.MOST_TOKENS", 10)
    monkeypatch.setitem(PAGES_OF_REPORT.globals, "MOST_TOKENS", 10)
    tokens = tokenize(large)
    names = run(tmp_path, call(show_corpus, large, tokens), call(show_tokens, large, tokens))
    assert {"search.html", "check.html"}.isdisjoint(names)
    index = (tmp_path / "index.html").read_text("utf-8")
    assert "There is no page to search, since one carries at most 10 tokens." in index
    page = (tmp_path / "01_rain.html").read_text("utf-8")
    assert "The report has no page to search, since the corpus has" in page
    assert 'href="search.html' not in index + page


def test_a_long_table_is_whole_in_its_csv_and_a_page_says_what_it_has(tmp_path):
    total = MOST_ROWS + 21_000
    table = pd.DataFrame({"term": [f"word {n * 7919 % total}" for n in range(total)], "n": 1})
    table["low"] = 0.5
    table.loc[total - 1, "low"] = float("-inf")
    run(tmp_path, call(show, table, name="words", caption="Words.", rows=15))
    with (tmp_path / "data" / "01_rain" / "words.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["term", "n", "low", "low_note"]
    assert [row[0] for row in rows] == table.term.tolist()
    assert rows[-1][2:] == ["", "no bound"]
    page = (tmp_path / "01_rain.html").read_text("utf-8")
    assert f"Rows 1 to 15 of {total:,}; the CSV has all" in page
    here = int(re.search(rf'data-rows="{total}" data-here="(\d+)"', page)[1])
    assert 15 < here <= MOST_ROWS
    assert f"Search and order cover the first {here:,} rows." in page
    packed = re.search(r'<script type="application/vnd[^"]+">([^<]+)</script>', page)[1]
    assert len(packed) <= MOST_PACKED


def test_a_finding_names_few_of_many_articles(large, tmp_path):
    rows = pd.DataFrame({"doc_id": [f"x{n}" for n in range(40)], "sentence": 1})
    run(tmp_path, call(show_findings, ("Rain fell.", rows)))
    page = (tmp_path / "01_rain.html").read_text("utf-8")
    assert page.count('class="of-article"') == 30
    assert "and 10 more articles" in page
