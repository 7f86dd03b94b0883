"""Quotations are found in the texts as collected, and those that are not there are named."""

import re
import shutil
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.corpus import index
from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.tables import TABLES
from utils.facts import quotations
from utils.facts.quotations import Quotations, find_quotation, read_quoted


@given(
    st.lists(st.text(alphabet="abcé.", min_size=1, max_size=6), min_size=1, max_size=5),
    st.sampled_from([" ", "\n", "  ", " “", "”\n"]),
)
def test_a_quotation_is_found_whatever_separates_its_words(words, gap):
    raw = "x " + gap.join(words) + " x"
    start, end = find_quotation(raw, " ".join(words))[0]
    assert re.split(r"[\s“”]+", raw[start:end]) == words


def test_every_place_is_found_and_an_empty_quotation_nowhere():
    assert find_quotation("a b. A b. a  b.", "a b") == [(0, 3), (10, 14)]
    assert find_quotation("a b", " ") == []
    assert find_quotation("1.5 (a)", "1.5 (a)") == [(0, 7)]
    assert find_quotation("115", "1.5") == []


@pytest.mark.parametrize(
    ("raw", "quote", "found"),
    [
        ("签署战略合作框\n架协议。", "战略合作框架协议", "战略合作框\n架协议"),
        ("签署战略合作框架协议。", "战略合作框 架协议", "战略合作框架协议"),
        ("标志着“卓越”启动。", "着「卓越」启动", "着“卓越”启动"),
        ("a high\u2011end lab", "high-end lab", "high\u2011end lab"),
        ("a high-end lab", "high\u2010end", "high-end"),
        ("\ufeffRain fe\u200bll\u200b on Hull", "Rain fell on", "Rain fe\u200bll\u200b on"),
        ("Rain fell", "Ra\u200bin\ufeff fell", "Rain fell"),
    ],
)
def test_what_a_reader_does_not_see_is_no_difference(raw, quote, found):
    [(start, end)] = find_quotation(raw, quote)
    assert raw[start:end] == found


def test_a_place_is_in_a_sentence_or_a_line_outside_the_body(articles):
    found = Quotations(articles)
    title = articles.title["nottingham-ningbo"]
    assert [place[0] for place in found.find("nottingham-ningbo", title)] == [0]
    ((sentence, start, end),) = found.find("cambridge-nanjing", "2018-10-05")
    assert pd.isna(sentence)
    assert articles.raw["cambridge-nanjing"][start:end] == "2018-10-05"


def test_a_quotation_beyond_its_sentence_has_no_place(articles):
    raw = articles.raw["ningbo-city"]
    start, end = articles.body["ningbo-city"][1]
    assert Quotations(articles).find("ningbo-city", raw[start:end]) == [None]


def test_articles_without_a_folder_have_no_side_tables(articles):
    alone = articles.copy()
    alone.attrs = {}
    for name in ("aliases", "centres", "claims"):
        assert read_quoted(name, alone).empty


@pytest.mark.parametrize("name", ["aliases", "centres", "claims"])
def test_every_row_of_the_corpus_passes(articles, name):
    table = read_quoted(name, articles)
    stated = table[table.quote != ""]
    assert stated.start.notna().all()
    assert set(table) > set(TABLES[name].names())


def test_a_quotation_is_looked_for_once_and_its_sentence_taken_from_an_index(
    articles, tmp_path, monkeypatch
):
    table = read_quoted("centres", articles)
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus)
    monkeypatch.setattr(index, "LARGE", 1)
    indexed = read_corpus(corpus)
    assert "index" in indexed.attrs
    asked = Counter()

    def counted(raw, quote):
        asked[raw, quote] += 1
        return find_quotation(raw, quote)

    def split(*_):
        raise AssertionError

    monkeypatch.setattr(quotations, "find_quotation", counted)
    monkeypatch.setattr(quotations, "sentence_rows", split)
    pd.testing.assert_frame_equal(read_quoted("centres", indexed), table)
    assert set(asked.values()) == {1}
