"""Concordance: every line leads back to its place, whole sentences, any order, seeded samples."""

import re
import tracemalloc

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tokens import tokenize
from utils.search.lines import COLUMNS, concordance, evidence, lines_at, occurrences


@pytest.fixture(scope="module")
def lines(articles, tokens):
    return concordance(articles, tokens, "innovation")


def test_every_line_leads_back_to_its_place(articles, lines):
    assert list(lines.columns) == COLUMNS
    for line in lines.itertuples():
        raw = articles.raw[line.doc_id]
        assert raw[line.start : line.end] == line.node
        assert line.left + line.node + line.right in raw
        assert line.line_id == f"{line.doc_id}:{line.start}"


def test_the_lines_are_all_there(articles, lines):
    """An independent count in the raw bodies: the word as a whole, hyphenated compounds apart."""
    bodies = " ".join(
        raw[s:e] for raw, body in zip(articles.raw, articles.body, strict=True) for s, e in body
    )
    assert (
        len(lines) == len(re.findall(r"(?<![\w-])innovation(?![\w-])", bodies, re.IGNORECASE)) == 49
    )


def test_the_context_is_the_whole_sentence(articles, tokens):
    line = concordance(articles, tokens, "accelerator").iloc[0]
    assert line.left.startswith("According to reports")
    assert "\n\n" in line.left  # the paragraph that the source broke
    assert line.right.endswith("Ningbo 2.0.")


def test_lines_sort_by_any_positions(articles, tokens):
    rights = concordance(articles, tokens, "innovation", sort="R1").right.str.lower()
    words = [(re.findall(r"[\w&-]+", text) or [""])[0] for text in rights]
    assert words == sorted(words)
    lefts = concordance(articles, tokens, "innovation", sort="l1 L2").left.str.lower()
    words = [re.findall(r"[\w&-]+", text)[::-1][:2] for text in lefts]
    assert words == sorted(words)


def test_article_order_without_a_sort(lines, tokens):
    order = list(tokens.doc_id.cat.categories)
    places = [
        (order.index(doc_id), start)
        for doc_id, start in zip(lines.doc_id, lines.start, strict=True)
    ]
    assert places == sorted(places)


def test_samples_are_seeded_and_drawn_from_the_lines(articles, tokens, lines):
    first, again, other = (
        concordance(articles, tokens, "innovation", sample={"lines": 7, "seed": seed})
        for seed in (3, 3, 4)
    )
    assert first.equals(again)
    assert not first.equals(other)
    unseeded = concordance(articles, tokens, "innovation", sample=7)
    seeded = concordance(articles, tokens, "innovation", sample={"lines": 7, "seed": 0})
    assert unseeded.equals(seeded)
    assert set(first.line_id) < set(lines.line_id)
    each = concordance(articles, tokens, "innovation", sample={"role": 3})
    assert each.doc_id.map(articles.role).value_counts().to_dict() == {"centre": 3, "policy": 3}


def test_titles_are_searched_when_they_are_tokens(articles, tokens):
    titled = tokenize(articles, titles=True)
    assert len(concordance(articles, titled, "settles")) == 1
    assert concordance(articles, tokens, "settles").empty


@pytest.mark.parametrize(
    ("options", "said"),
    [({"sort": "X1"}, "'X1' is not a position"), ({"sample": {"colour": 1}}, "no column 'colour'")],
)
def test_mistakes_are_named(articles, tokens, options, said):
    with pytest.raises(Mistake, match=said):
        concordance(articles, tokens, "innovation", **options)


def test_evidence_of_no_terms_is_an_empty_table(articles, tokens):
    assert evidence(articles, tokens, []).empty


def test_shares_of_the_article_run_from_start_to_end(tokens):
    places = occurrences(tokens, ["innovation", "taizhou"])
    assert places.groupby("query").size().to_dict() == {"innovation": 49, "taizhou": 17}
    assert places.share.between(0, 1, inclusive="left").all()


def test_the_clitic_is_a_node_of_its_own(articles, tokens):
    lines = concordance(articles, tokens, "'s")
    assert len(lines) == (tokens.term == "'s").sum() == 18
    assert set(lines.node) <= {"'s", "’s"}


def test_a_line_of_a_text_without_stops_is_cut_far_from_its_word(make_corpus):
    """The cut is marked, and the offsets are those of the word as ever."""
    text = "rain " * 1000 + "harbour " + "wind " * 1000
    articles = read_corpus(make_corpus({"a": text, "b": "The harbour froze."}))
    lines = concordance(articles, tokenize(articles), "harbour")
    assert lines.left.str.len().tolist() == [2001, 4]
    assert lines.left[0].startswith("…")
    assert lines.left[0].endswith("rain rain ")
    assert lines.right[0].startswith(" wind wind")
    assert lines.right[0].endswith("…")
    assert lines.right.str.len().tolist() == [2001, 7]
    assert (lines.end - lines.start).tolist() == [7, 7]
    assert lines.start[0] == text.index("harbour")


def test_lines_of_a_long_text_take_no_copy_of_it(make_corpus):
    articles = read_corpus(make_corpus({"a": "Tea came in. " * 20_000}))
    tokens = tokenize(articles)
    tracemalloc.start()
    lines = concordance(articles, tokens, "tea")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(lines) == 20_000
    assert peak < 100 * len(articles.raw["a"])


@pytest.mark.parametrize("size", [7, 20, 49, 50])
def test_lines_made_some_at_a_time_are_those_made_at_once(articles, tokens, monkeypatch, size):
    whole = concordance(articles, tokens, "innovation", sort="L1 R1")
    monkeypatch.setattr("utils.search.lines._AT_A_TIME", size)
    some = concordance(articles, tokens, "innovation", sort="L1 R1")
    assert_frame_equal(some, whole)


def test_the_strings_of_all_lines_are_never_there_at_once(articles, tokens, monkeypatch):
    rows = np.arange(len(tokens))
    peaks = []
    for size in (len(rows), 100):
        monkeypatch.setattr("utils.search.lines._AT_A_TIME", size)
        tracemalloc.start()
        lines_at(articles, tokens, rows, rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] / 2
