"""Phrases: each counted once, compared between groups or shared by articles."""

import numpy as np
import pandas as pd
import pytest

from utils.corpus.words import function_words
from utils.stats import phrases
from utils.stats.groups import choose_groups
from utils.stats.phrases import key_phrases, longest_phrases, shared_phrases


@pytest.fixture(scope="module")
def sides(articles, tokens):
    groups = choose_groups(articles, "role=centre", "role=policy")
    return [tokens[tokens.doc_id.isin(articles.index[side])] for side in groups[2:]]


def test_phrases_are_not_counted_again_inside_longer_ones(tokens_of):
    target = tokens_of(
        "Taizhou bay new area grew. The taizhou bay new area. See taizhou bay new area. "
        "A new area. A taizhou bay."
    )
    reference = tokens_of("Nothing here. Rain fell on hills.")
    reference["doc_id"] = reference.doc_id.cat.rename_categories(["other"])
    table = key_phrases(target, reference, function_words()).set_index("term")
    assert table.target.to_dict() == {"taizhou bay new area": 3}


def test_phrase_rates_are_per_position_in_sentences(sides):
    table = key_phrases(*sides, function_words()).set_index("term")
    row = table.loc["strategic emerging industries"]
    target, reference = (
        sum(max(n - 2, 0) for n in side.groupby(["doc_id", "sentence"], observed=True).size())
        for side in sides
    )
    assert row.per_10k_target == pytest.approx(row.target / target * 10_000)
    assert row.per_10k_reference == pytest.approx(row.reference / reference * 10_000)


def test_a_phrase_across_two_longer_ones_is_counted(tokens_of):
    """dog cat is there twice alone and once between two longer phrases that do not hold it."""
    long = "Red big old dog. Cat eats warm fish. Red big old dog. Cat eats warm fish."
    target = tokens_of(f"{long} Red big old dog cat eats warm fish. The dog cat. The dog cat.")
    reference = tokens_of("Nothing much is here to see today.")
    reference["doc_id"] = reference.doc_id.cat.rename_categories(["other"])
    table = key_phrases(target, reference, function_words()).set_index("term")
    assert table.target.to_dict() == {"red big old dog": 3, "cat eats warm fish": 3, "dog cat": 3}


def test_phrases_of_groups_without_sentences_of_two_words(tokens_of):
    target, reference = tokens_of("Rain fell."), tokens_of("Rain. Snow.")
    reference["doc_id"] = reference.doc_id.cat.rename_categories(["other"])
    table = key_phrases(target, reference, function_words())
    assert table.empty
    assert {"term", "log_ratio", "verdict"} <= set(table.columns)


def test_a_keyness_measure_asked_for_by_name_is_a_column(sides):
    table = key_phrases(*sides, function_words(), ["percent_difference"])
    assert table.percent_difference.isna().equals(table.reference == 0)


def test_shared_phrases_are_the_longest_that_several_articles_have(tokens_of):
    tokens = tokens_of(
        "Green energy research begins now. Old dogs sleep.",
        "They fund green energy research begins slowly. Green energy research ends.",
        "Green energy research.",
    )
    table = shared_phrases(tokens, frozenset({"now", "they"}))
    assert (
        table.phrase.tolist()
        == ["green energy research begins"] * 2 + ["green energy research"] * 2
    )
    assert table.doc_id.tolist() == ["d0", "d1", "d1", "d2"]
    assert table.sentence.tolist() == [1, 1, 2, 1]
    assert table.articles.tolist() == [2, 2, 2, 2]


def test_more_terms_than_the_codes_of_categories_can_hold(tokens_of):
    """With 128 terms the largest code is the largest number of its type."""
    rest = " ".join(f"x{n}" for n in range(125))
    table = shared_phrases(tokens_of(f"One two three. {rest}.", "One two three."), frozenset())
    assert table.phrase.tolist() == ["one two three"] * 2


def test_shared_phrases_of_texts_that_share_nothing(tokens_of):
    assert shared_phrases(tokens_of("One cat sat.", "Two dogs ran."), frozenset()).empty


def plainly(tokens, words, lengths, fewest):
    """The places of recurring phrases, longer ones first, counted phrase by phrase."""
    rows = list(zip(tokens.doc_id, tokens.sentence, tokens.term, strict=True))
    taken = []
    found = []
    for length in lengths:
        places = {}
        for start in range(len(rows) - length + 1):
            piece = rows[start : start + length]
            ends = (piece[0][2], piece[-1][2])
            inside = any(first <= start and start + length <= last for first, last in taken)
            if len({row[:2] for row in piece}) == 1 and not words & {*ends} and not inside:
                places.setdefault(" ".join(row[2] for row in piece), []).append(start)
        for phrase, starts in places.items():
            if len(starts if fewest else {rows[start][0] for start in starts}) >= (fewest or 2):
                found += [(start, length, phrase) for start in starts]
        taken += [(start, start + size) for start, size, _ in found if size == length]
    return sorted(found)


@pytest.mark.parametrize("fewest", [3, None])
@pytest.mark.parametrize("seed", range(4))
def test_phrases_are_those_that_are_counted_plainly(seed, fewest):
    random = np.random.default_rng(seed)
    codes = random.choice(list("abcdef"), 150)
    tokens = pd.DataFrame(
        {
            "doc_id": pd.Categorical(np.sort(random.choice(list("xyz"), 150))),
            "sentence": np.cumsum(random.random(150) < 0.15),
            "term": pd.Categorical(codes),
        }
    )
    found = phrases._recurring(tokens, frozenset("a"), range(5, 1, -1), fewest)
    rows = zip(found.start, found.length, found.term, strict=True)
    assert sorted(rows) == plainly(tokens, frozenset("a"), range(5, 1, -1), fewest)


def test_of_a_large_corpus_phrases_must_recur_more_often(sides, monkeypatch):
    monkeypatch.setattr(phrases, "PER_REPEAT", 400)
    table = key_phrases(*sides, function_words())
    fewest = sum(map(len, sides)) // 400
    assert table.attrs["fewest"] == fewest > 3
    assert (table.target + table.reference).min() >= fewest


def test_where_there_are_many_shared_phrases_whole_ones_are_listed(tokens, monkeypatch):
    everything = shared_phrases(tokens, function_words())
    monkeypatch.setattr(phrases, "MOST_PLACES", 11)
    assert shared_phrases(tokens, function_words()).equals(everything)  # whatever is listed of it
    listed = longest_phrases(everything)
    assert listed.attrs["phrases"] == everything.phrase.nunique() > listed.attrs["listed"]
    assert len(listed) in (10, 11)
    assert (listed.groupby("phrase").size() == listed.groupby("phrase").articles.first()).all()
