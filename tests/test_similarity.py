"""Articles compared with one another: by hand, against scikit-learn, and when there are many."""

import sys
from string import ascii_lowercase

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from utils.corpus.words import is_content
from utils.page.findings_centres import describe_pairs, describe_similarity
from utils.stats import resampling
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import query_terms
from utils.stats.phrases import shared_phrases
from utils.stats.similarity import similarity, words_apart

NONE = frozenset()
NO_PHRASES = pd.DataFrame(columns=["phrase", "doc_id"])


def test_similarity_by_hand(tokens_of):
    tokens = tokens_of(
        "Green energy research begins now. Old dogs sleep.",
        "They fund green energy research begins slowly.",
        "Cats purr.",
    )
    phrases = shared_phrases(tokens, frozenset({"now", "they"}))
    alike = similarity(tokens, [], NONE, phrases)
    assert alike.cosine.tolist() == sorted(alike.cosine, reverse=True)
    # 4 shared words of 8 and of 7, each once.
    assert alike.cosine[0] == pytest.approx(4 / (8 * 7) ** 0.5)
    assert alike.shared_types.tolist() == [4, 0, 0]
    assert alike.phrases.tolist() == ["green energy research begins", "", ""]
    assert alike.cosine[2] == 0


def test_similarity_against_scikit_learn(tokens):
    ours = similarity(tokens, [], NONE, NO_PHRASES)
    counts, _ = counts_by_article(tokens[is_content(tokens.term, NONE)])
    theirs = cosine_similarity(counts.T)
    docs = tokens.doc_id.cat.categories
    rows = docs.get_indexer(ours.doc_id), docs.get_indexer(ours.with_article)
    np.testing.assert_allclose(ours.cosine, theirs[rows])
    assert len(ours) == 10


def test_of_many_pairs_the_most_and_least_alike_are_kept(tokens, monkeypatch):
    everything = similarity(tokens, [], NONE, NO_PHRASES)
    monkeypatch.setattr(resampling, "_BLOCK", 10)  # two articles at a time
    monkeypatch.setattr(sys.modules[similarity.__module__], "ENDS", 3)
    assert describe_pairs(everything).endswith("the longest phrases they share.")
    kept = similarity(tokens, [], NONE, NO_PHRASES)
    said = "Of 10 pairs the 3 most and the 3 least alike are listed."
    assert describe_pairs(kept).endswith(said)
    ends = everything.iloc[[0, 1, 2, 7, 8, 9]].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, ends)


def test_the_longest_phrases_of_a_copied_article_are_listed(tokens_of):
    """Two copies share 26 phrases; 10 are listed, and attrs say so."""
    text = " ".join(
        f"Old {letter * 3} {letter * (n + 4)}." for n, letter in enumerate(ascii_lowercase)
    )
    tokens = tokens_of(text, text)
    alike = similarity(tokens, [], NONE, shared_phrases(tokens, NONE))
    caps = {"pairs": 1, "ends": 1000, "phrases": 10}
    assert alike.attrs == {"articles": 2, "compared": 2, **caps}
    listed = alike.phrases[0].split("; ")
    assert [phrase[4] for phrase in listed] == list("qrstuvwxyz")


def test_words_of_names_are_left_out_of_similarity(tokens_of):
    tokens = tokens_of("Health City grows.", "Health City sleeps.")
    assert similarity(tokens, ["Health City"], NONE, NO_PHRASES).cosine.tolist() == [0]


def test_a_single_article_has_no_pairs(tokens_of):
    alike = similarity(tokens_of("One article."), [], NONE, NO_PHRASES)
    assert alike.empty
    assert alike.columns.tolist() == ["doc_id", "with_article", "cosine", "shared_types", "phrases"]


def test_words_of_each_centre_are_more_frequent_there(articles, tokens):
    of_centre = articles.centre[articles.centre != ""]
    apart = words_apart(tokens, of_centre, query_terms(articles), [])
    assert set(apart.centre) == {"Nottingham–Ningbo", "Cambridge–Nanjing", "UKIIC–Taizhou Bay"}
    assert (apart.per_10k_target > apart.per_10k_reference).all()
    assert set(apart.verdict) == {"one article"}  # each centre has one article
    assert apart["query"][apart.term == "cambridge"].tolist() == ["search term"]


def test_words_of_articles_without_a_centre_are_not_gone_through(tokens_of, monkeypatch):
    module = sys.modules[similarity.__module__]
    compare = module.keyword_table
    terms = []

    def keyword_table(target, reference, queries):
        terms.append(set(target.term.cat.categories))
        return compare(target, reference, queries)

    monkeypatch.setattr(module, "keyword_table", keyword_table)
    tokens = tokens_of("Rain fell.", "Snow fell.", "Nobody saw hail or sleet.")
    one, two, _ = tokens.doc_id.cat.categories
    words_apart(tokens, pd.Series({one: "A", two: "B"}), NONE, [])
    assert terms == [{"rain", "snow", "fell"}] * 2


def test_one_centre_has_nothing_to_be_compared_with(articles, tokens):
    of_centre = pd.Series("A", articles.index)
    assert words_apart(tokens, of_centre, NONE, []).empty


def test_of_very_many_articles_some_are_drawn_and_that_is_said(tokens_of, monkeypatch):
    monkeypatch.setattr(sys.modules[similarity.__module__], "MOST_COMPARED", 3)
    tokens = tokens_of("Rain fell.", "Rain fell here.", "Snow fell.", "Snow lay.", "Ice lay.")
    alike = similarity(tokens, [], NONE, NO_PHRASES)
    assert len(alike) == alike.attrs["pairs"] == 3
    assert alike.equals(similarity(tokens, [], NONE, NO_PHRASES))
    assert describe_similarity(alike).endswith("; 3 of 5 articles were drawn and compared")


def test_many_articles_without_a_phrase_in_common(tokens_of):
    tokens = tokens_of(*[f"Rain fell on hill {number}." for number in range(130)])
    phrases = shared_phrases(tokens, NONE).iloc[:0]
    assert set(similarity(tokens, [], NONE, phrases).phrases) == {""}
