"""Frequencies counted by hand, and laws: parts add up to the whole, dense and sparse agree."""

import re
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from utils.corpus import parts
from utils.corpus.files import Mistake
from utils.corpus.words import function_words
from utils.stats import counted, diversity, frequency, resampling
from utils.stats import measures as m
from utils.stats.counted import basis_of
from utils.stats.frequency import (
    article_table,
    compare_dispersion,
    counts_by_article,
    frequency_table,
    vocabulary_growth,
)


def test_a_table_counted_by_hand(tokens_of):
    """d0 is 'a b a c' and d1 'a d': a is 3 of 6 tokens, in both; its DP is |2/3 - 4/6| = 0."""
    table = frequency_table(tokens_of("A b a c.", "A d.")).set_index("term")
    assert table.frequency.to_dict() == {"a": 3, "b": 1, "c": 1, "d": 1}
    assert table.per_10k["a"] == 5000
    assert table.document_frequency.to_dict() == {"a": 2, "b": 1, "c": 1, "d": 1}
    assert table.dispersion.to_dict() == pytest.approx({"a": 0, "b": 1 / 3, "c": 1 / 3, "d": 2 / 3})
    assert table.dispersion_expected["b"] == pytest.approx(4 / 6 * (1 / 3) + 2 / 6 * (2 / 3))


def test_tokens_without_a_term_have_an_empty_table(tokens):
    none = tokens[:0].assign(term=tokens.term[:0].cat.remove_unused_categories())
    pd.testing.assert_frame_equal(frequency_table(none), frequency_table(tokens[:0]))
    assert frequency_table(none).empty


def test_columns_and_order(tokens):
    table = frequency_table(tokens)
    assert list(table.columns) == [
        "term",
        "frequency",
        "per_10k",
        "document_frequency",
        "dispersion",
        "dispersion_expected",
    ]
    assert table.frequency.is_monotonic_decreasing
    assert not table.isna().any().any()
    assert table.per_10k.sum() == pytest.approx(10_000)


@pytest.mark.parametrize("workers", ["", "2"])
def test_an_article_in_several_pieces_is_counted_once(tokens, workers, monkeypatch):
    monkeypatch.setattr(parts, "PART", 4000)
    monkeypatch.setenv(parts.WORKERS, workers)
    mixed = tokens.sample(frac=1, random_state=0)
    for table in (tokens, mixed):
        counts, sizes = counts_by_article(table)
        expected = pd.crosstab(tokens.term, tokens.doc_id, dropna=False)
        assert counts.toarray().tolist() == expected.to_numpy().tolist()
        assert sizes.tolist() == expected.sum().tolist()
        assert counts.has_canonical_format


@pytest.mark.parametrize("block", [1, 40, 10**6])
def test_terms_and_marks_are_worked_out_a_block_at_a_time(tokens, block, monkeypatch):
    mixed = tokens.sample(frac=1, random_state=0)
    tables = (tokens, mixed, tokens[:0])
    expected = [(frequency_table(table), basis_of(table)) for table in tables]
    sizes = []
    counting = frequency._count
    monkeypatch.setattr(frequency, "_BLOCK", block)
    monkeypatch.setattr(counted, "_BLOCK", block)
    monkeypatch.setattr(frequency, "_count", lambda docs: sizes.append(docs.nnz) or counting(docs))
    for table, (counts, basis) in zip(tables, expected, strict=True):
        pd.testing.assert_frame_equal(frequency_table(table), counts, check_exact=True)
        assert basis_of(table) == basis
    assert (len(sizes) > 3) == (block < 10**6)


def test_the_sparse_dispersion_is_the_measure(tokens):
    counts, sizes = counts_by_article(tokens)
    table = frequency_table(tokens).set_index("term")
    dense = m.dp(counts.toarray(), sizes)
    assert table.dispersion[tokens.term.cat.categories].to_numpy() == pytest.approx(dense)


@pytest.mark.parametrize(
    "name", ["dp", "dp_norm", "juilland_d", "carroll_d2", "rosengren_s", "kl_divergence"]
)
def test_a_dispersion_measure_asked_for_by_name_is_a_column(tokens, name, monkeypatch):
    monkeypatch.setattr(resampling, "_BLOCK", 100)  # so that terms are counted in many blocks
    table = frequency_table(tokens, [name]).set_index("term")
    counts, sizes = counts_by_article(tokens)
    dense = getattr(m, name)(counts.toarray(), sizes)
    assert table[name][tokens.term.cat.categories].to_numpy() == pytest.approx(dense)


@pytest.mark.parametrize("name", ["dp_norm", "juilland_d", "carroll_d2", "rosengren_s"])
def test_an_article_without_tokens_is_no_part_of_the_text(tokens_of, name):
    tokens = tokens_of("Tea and rain and tea.", "Rain and wind.", "Tea.")
    left = tokens[tokens.doc_id != tokens.doc_id.iloc[-1]]
    expected = left.assign(doc_id=left.doc_id.cat.remove_unused_categories())
    assert frequency_table(left, [name])[name].tolist() == pytest.approx(
        frequency_table(expected, [name])[name].tolist()
    )


def test_dispersion_is_measured_without_a_table_of_terms_and_articles(tokens, monkeypatch):
    """Of as many terms as articles, it would be as large as the square of the text."""
    monkeypatch.setattr(csr_array, "toarray", None)
    names = ["dp", "dp_norm", "juilland_d", "carroll_d2", "rosengren_s", "kl_divergence"]
    assert not frequency_table(tokens, names)[names].isna().any().any()


def test_the_average_reduced_frequency_takes_the_articles_as_one_text(tokens_of):
    """Of ten rows, a at 0, 1 and 5 has 2.3, and what is there once has 1."""
    table = frequency_table(tokens_of("A a b c d.", "A e f g h."), ["average_reduced_frequency"])
    assert table.average_reduced_frequency.tolist() == pytest.approx([2.3] + [1] * 7)


def test_diversity_measures_by_name(articles, tokens):
    plain = article_table(articles, tokens)
    table = article_table(articles, tokens, measures=["hdd", "lexical_density"])
    pd.testing.assert_frame_equal(table[plain.columns], plain)
    assert table.hdd.between(0.7, 1).all()
    first = tokens.term[tokens.doc_id == table.doc_id[0]]
    content = ~first.isin(function_words(articles))
    assert table.lexical_density[0] == pytest.approx(content.mean())
    with pytest.raises(Mistake, match="diversity measure 'hd' is not known"):
        article_table(articles, tokens, measures=["hd"])


def test_an_unknown_measure_is_named_with_the_nearest(tokens):
    with pytest.raises(Mistake, match="'juiland_d' is not known; did you mean juilland_d?"):
        frequency_table(tokens, ["juiland_d"])


def test_frequencies_in_the_raw_text(articles, tokens):
    """An independent count: plain search for 'talent' as a whole word in the raw bodies."""
    both = zip(articles.raw, articles.body, strict=True)
    bodies = " ".join(raw[start:end] for raw, body in both for start, end in body)
    found = re.findall(r"(?<![\w-])talent(?![\w-])", bodies, re.IGNORECASE)
    table = frequency_table(tokens).set_index("term")
    assert table.frequency["talent"] == len(found) > 5


TEXTS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), min_size=2, max_size=4)


@settings(deadline=None, max_examples=25)
@given(TEXTS)
def test_parts_add_up_to_the_whole(texts):
    rows = [(doc, term) for doc, terms in enumerate(texts) for term in terms]
    tokens = pd.DataFrame(rows, columns=["doc_id", "term"]).astype("category")
    whole = frequency_table(tokens).set_index("term").frequency
    by_article = tokens.groupby("doc_id", observed=True)
    parts = [frequency_table(part).set_index("term").frequency for _, part in by_article]
    assert whole.to_dict() == pd.concat(parts).groupby("term").sum().to_dict()


def test_words_of_one_article_are_called_uneven_and_a_single_token_is_not(tokens):
    table = compare_dispersion(frequency_table(tokens), tokens).set_index("term")
    assert table.verdict["taizhou"] == "uneven"
    assert table.verdict["innovation"] == "chance"
    assert (table.verdict[table.frequency < 5] == "too few").all()


def test_a_small_difference_over_many_articles_is_not_called():
    """One term is a little, the other far less even than the text; both are outside the range."""
    sizes = np.full(400, 100)
    slight = np.where(np.arange(400) % 2, 13, 7)
    uneven = np.where(np.arange(400) % 2, 15, 5)
    docs = [np.repeat(range(400), each) for each in (slight, uneven, sizes - slight - uneven)]
    terms = np.repeat(["slight", "uneven", "x"], list(map(len, docs)))
    tokens = pd.DataFrame({"doc_id": np.concatenate(docs), "term": terms}).astype("category")
    tokens = tokens.sort_values("doc_id", kind="stable", ignore_index=True)
    table = compare_dispersion(frequency_table(tokens), tokens).set_index("term")
    assert table.verdict[["slight", "uneven"]].tolist() == ["slight", "uneven"]


def test_a_word_of_one_among_many_short_articles_is_uneven():
    """Chance alone leaves little room to 1 there, and the word takes all of it."""
    docs = np.repeat(range(500), 40)
    terms = np.where(np.arange(20_000) < 30, "storm", "x")
    tokens = pd.DataFrame({"doc_id": docs, "term": terms}).astype("category")
    table = compare_dispersion(frequency_table(tokens), tokens).set_index("term")
    assert table.dispersion_expected["storm"] > 0.93
    assert table.verdict["storm"] == "uneven"


def test_the_range_of_chance_holds_19_times_in_20():
    """Of terms scattered at random over articles of five lengths about 5 % fall outside."""
    random, sizes = np.random.default_rng(7), [375, 495, 500, 588, 491]
    share = np.array(sizes) / sum(sizes)
    scattered = [np.repeat(range(5), random.multinomial(30, share)) for _ in range(400)]
    filler = np.repeat(range(5), np.array(sizes) * 40)
    rows = {
        "doc_id": pd.Categorical(np.concatenate([filler, *scattered])),
        "term": pd.Categorical(["x"] * len(filler) + [f"t{n // 30:03}" for n in range(12_000)]),
    }
    tokens = pd.DataFrame(rows)
    table = compare_dispersion(frequency_table(tokens).query("term != 'x'"), tokens)
    assert 0.02 <= (table.verdict != "chance").mean() <= 0.08


def test_growth_ends_at_the_number_of_types(tokens):
    curve = vocabulary_growth(tokens)
    assert curve.iloc[-1].tolist() == [len(tokens), tokens.term.nunique()]
    assert curve.types.is_monotonic_increasing


def test_article_table_is_blank_where_a_text_is_too_short(articles, tokens):
    table = article_table(articles, tokens, window=500).set_index("doc_id")
    assert np.isnan(table.mattr["nottingham-ningbo"])
    assert table.mattr["ukiic-taizhou"] > 0
    assert table.tokens.sum() == len(tokens)


def by_chance(seed: int, articles: int = 9, longest: int = 60, terms: int = 15) -> pd.DataFrame:
    """Tokens of articles of any length, none among them, in sentences of any length."""
    random = np.random.default_rng(seed)
    sizes = random.integers(0, longest, articles)
    docs = [f"d{number}" for number in range(articles)]
    codes = np.repeat(np.arange(articles), sizes)
    steps = random.random(len(codes)) < 0.2
    return pd.DataFrame(
        {
            "doc_id": pd.Categorical.from_codes(codes, docs),
            "paragraph": np.cumsum(steps & (random.random(len(codes)) < 0.5)),
            "sentence": np.cumsum(steps),
            "term": pd.Categorical(random.choice([f"t{n:02}" for n in range(terms)], len(codes))),
        }
    )


@pytest.mark.parametrize("seed", range(6))
def test_all_articles_at_once_are_as_each_by_itself(seed, monkeypatch):
    """Sizes and diversity of random articles, those read on their own among them."""
    monkeypatch.setattr(diversity, "LONG", 50 if seed % 2 else 10_000)
    tokens = by_chance(seed)
    titles = pd.DataFrame({"title": ""}, index=tokens.doc_id.cat.categories)
    table = article_table(titles, tokens, 7).set_index("doc_id")
    for doc_id in titles.index:
        own = tokens[tokens.doc_id == doc_id]
        row = table.loc[doc_id]
        sizes = [len(own), *(own[name].nunique() for name in ("term", "sentence", "paragraph"))]
        assert row[["tokens", "types", "sentences", "paragraphs"]].tolist() == sizes
        each = [m.mattr(own.term.tolist(), 7), m.mtld(own.term.tolist())]
        np.testing.assert_array_equal(row[["mattr", "mtld"]].to_numpy(float), each)


def test_expected_dp_of_articles_of_equal_length_is_that_of_each():
    sizes = np.array([30, 10, 30, 30, 10, 7])
    random = np.random.default_rng(1)
    thrown = random.multinomial(9, sizes / sizes.sum(), 40_000)
    assert m.dp_expected(9, sizes) == pytest.approx(m.dp(thrown, sizes).mean(), abs=0.002)


def test_of_many_articles_terms_are_thrown_less_often(tokens, monkeypatch):
    monkeypatch.setattr(sys.modules[frequency_table.__module__], "MOST_THROWN", 1500)
    table = compare_dispersion(frequency_table(tokens).head(3), tokens)
    assert table.attrs["repeats"] == 300
    assert compare_dispersion(table, tokens, 50).attrs["repeats"] == 50
