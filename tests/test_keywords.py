"""Keywords: what METHOD asks of a comparison, on the five articles and on made-up corpora."""

from collections import Counter
from math import comb
from threading import Barrier, get_ident
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
import wordfreq
from conftest import REFERENCE
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from utils.corpus.files import Mistake
from utils.corpus.parts import WORKERS
from utils.page.findings_words import describe_tests
from utils.stats import keywords as k
from utils.stats import measures as m
from utils.stats import resampling as r
from utils.stats.counted import basis_of
from utils.stats.groups import choose_groups
from utils.stats.measure_list import MEASURES
from utils.stats.themes import body_names


@pytest.fixture(scope="module")
def groups(articles):
    return choose_groups(articles, "role=centre", "role=policy")


@pytest.fixture(scope="module")
def sides(articles, tokens, groups):
    return [
        tokens[tokens.doc_id.isin(articles.index[side])]
        for side in (groups.target, groups.reference)
    ]


@pytest.fixture(scope="module")
def table(articles, sides):
    return k.keyword_table(*sides, k.query_terms(articles))


def corpus_of(counts: np.ndarray, terms: list[str]) -> pd.DataFrame:
    """Tokens of articles (rows) that hold each term so many times."""
    docs, codes = np.nonzero(counts)
    times = counts[docs, codes]
    return pd.DataFrame(
        {
            "doc_id": pd.Categorical.from_codes(
                np.repeat(docs, times), [f"d{i:02}" for i in range(len(counts))]
            ),
            "term": pd.Categorical.from_codes(np.repeat(codes, times), terms),
        }
    )


def test_columns_are_those_promised(table):
    promised = (
        "term target reference per_10k_target per_10k_reference log_ratio low high interval g2 p "
        "p_adjusted documents driven_by verdict"
    ).split()
    assert list(table.columns)[: len(promised)] == promised


def test_the_whole_vocabulary_is_there_in_both_directions(table, tokens):
    assert set(table.term) == set(tokens.term)
    assert (table.target == 0).any()
    assert (table.reference == 0).any()
    assert (table.verdict == "alike").any()
    assert table.target.sum() == table.attrs["n_target"] == 1458
    assert table.reference.sum() == table.attrs["n_reference"] == 991


def test_parts_of_names_are_marked(table, articles, tokens):
    marked = k.mark_names(table, tokens, body_names(articles)).set_index("term")["query"]
    assert marked["center"] == marked["university"] == marked["yongjiang"] == "name"
    assert marked["international"] == marked["cooperation"] == ""
    assert marked["taizhou"] == "search term"


def test_a_word_of_which_one_article_has_all_but_two_tokens_is_carried(table):
    """major: 4 of its 5 tokens stand in ningbo-city; the half that stands for 0 would hide it."""
    assert table.set_index("term").driven_by["major"] == "ningbo-city"


def test_with_three_against_two_articles_p_is_blank_and_says_why(table):
    assert table[["p", "p_adjusted"]].isna().all().all()
    numbers = {name: table.attrs[name] for name in ("articles_target", "articles_reference")}
    assert numbers == {"articles_target": 3, "articles_reference": 2}
    assert table.attrs["smallest_p"] == 0.1
    assert not table.attrs["tested"]
    assert set(table.interval) == {"counting error within these texts only"}


def test_a_word_that_looks_strong_and_hangs_on_one_article(table):
    """taizhou has the largest G² of all and stands in one article: the table says so."""
    row = table.set_index("term").loc["taizhou"]
    assert row.g2 == table.g2.max()
    assert row.driven_by == "ukiic-taizhou"
    assert row.verdict == "one article"
    assert row["query"] == "search term"


def test_verdicts_say_in_which_group_a_term_is_more_frequent(table):
    assert (table.log_ratio[table.verdict == "more"] > 0).all()
    assert (table.log_ratio[table.verdict == "less"] < 0).all()
    assert (table.driven_by[table.verdict == "one article"] != "").all()
    assert {"more", "less", "one article"} < set(table.verdict)


def test_every_keyness_measure_can_be_asked_for(sides, table):
    names = MEASURES.measure[MEASURES.kind == "keyness"].tolist()
    wide = k.keyword_table(*sides, measures=names)
    assert set(names) <= set(wide.columns)
    assert wide.columns.is_unique
    counts = wide.target, wide.reference, wide.attrs["n_target"], wide.attrs["n_reference"]
    assert wide.simple_maths.to_numpy() == pytest.approx(m.simple_maths(*counts))
    assert wide.term.equals(table.term)
    with pytest.raises(Mistake, match="'odd_ratio' is not known; did you mean odds_ratio?"):
        k.keyword_table(*sides, measures=["odd_ratio"])


def test_p_is_adjusted_as_asked():
    tokens, target = shuffled(0)
    inside = target[tokens.doc_id.cat.codes]
    tables = [
        k.keyword_table(tokens[inside], tokens[~inside], options=r.Resampling(99, 0, adjustment))
        for adjustment in ("benjamini_hochberg", "holm")
    ]
    assert tables[1].p_adjusted.to_numpy() == pytest.approx(m.holm(tables[1].p))
    assert tables[0].p_adjusted.sum() < tables[1].p_adjusted.sum()
    assert tables[0].attrs["tested"]
    with pytest.raises(Mistake, match="adjustment measure 'bonferroni' is not known"):
        k.keyword_table(tokens[inside], tokens[~inside], options=r.Resampling(9, 0, "bonferroni"))


def test_groups_read_from_separate_corpora_are_counted_together(tokens_of):
    """The two tables know different terms, in different orders."""
    target, reference = tokens_of("B a b."), tokens_of("C a.")
    reference["doc_id"] = reference.doc_id.cat.rename_categories(["other"])
    table = k.keyword_table(target, reference).set_index("term")
    assert table.target.to_dict() == {"a": 1, "b": 2, "c": 0}
    assert table.reference.to_dict() == {"a": 1, "b": 0, "c": 1}


@pytest.mark.parametrize("name", ["term", "doc_id"])
def test_categories_in_another_order_change_nothing(table, sides, name):
    target, reference = sides
    other = reference[name].cat
    turned = reference.assign(**{name: other.reorder_categories(other.categories[::-1])})
    assert k.keyword_table(target, turned).equals(k.keyword_table(target, reference))


def test_measures_may_be_a_series(sides):
    assert "bic" in k.keyword_table(*sides, measures=pd.Series(["bic"]))


def test_other_groupings_of_the_five_articles(table, articles, tokens, sides):
    """Two words here; nine of the ten ways call at least one, mean 2.0 (counted apart)."""
    marked = k.mark_names(table, tokens, body_names(articles))
    ways = k.other_groupings(marked, *sides)
    assert len(ways) == 10
    assert ways.attrs == {"ways": 10, "mean": 2.0, "any": 9}
    here = "nottingham-ningbo cambridge-nanjing ukiic-taizhou"
    assert ways.words[ways.target == here].tolist() == [len(k.clear_keywords(marked))] == [2]


def test_of_many_groupings_some_are_drawn():
    random = np.random.default_rng(9)
    tokens = corpus_of(random.poisson(5, (12, 30)) + 1, [f"t{n:02}" for n in range(30)])
    inside = tokens.doc_id.cat.codes < 6
    table = k.keyword_table(tokens[inside], tokens[~inside])
    ways = k.other_groupings(table, tokens[inside], tokens[~inside], seed=1)
    assert len(ways) == 200
    assert set(ways.target.str.split().str.len()) == {6}
    drawn = r.some_splits(np.arange(12) < 6, 200, 1)
    assert np.array_equal(drawn, r.some_splits(np.arange(12) < 6, 200, 1))
    assert not np.array_equal(drawn, r.some_splits(np.arange(12) < 6, 200, 2))


def test_clear_keywords_are_neither_names_nor_search_terms(table, articles, tokens):
    marked = k.mark_names(table, tokens, body_names(articles))
    clear = k.clear_keywords(marked)
    assert set(clear.verdict) <= {"more", "less"}
    assert 0 < len(clear) < marked.verdict.isin(["more", "less"]).sum()
    assert marked.attrs == table.attrs


def test_few_tokens_are_too_few_to_tell(table):
    few = table.target + table.reference < k.FEWEST_TOKENS
    assert (table.verdict[few] == "too few").all()
    assert not (table.verdict[~few] == "too few").any()
    assert table.attrs["family"] == (~few).sum()


def test_the_order_is_by_effect_within_each_verdict(table):
    clear = table[table.verdict.isin(["more", "less"])]
    assert clear.index.tolist() == list(range(len(clear)))
    assert clear.log_ratio.abs().is_monotonic_decreasing


def test_intervals_with_a_count_of_0_have_one_end(table):
    assert np.isinf(table.high[table.reference == 0]).all()
    assert np.isinf(table.low[table.target == 0]).all()
    assert (table.low <= table.log_ratio + 1e-9).all()
    assert (table.log_ratio <= table.high + 1e-9).all()


def test_swapping_the_groups_flips_the_sign(sides, table):
    swapped = k.keyword_table(sides[1], sides[0]).set_index("term")
    there = table.set_index("term").loc[swapped.index]
    assert swapped.log_ratio.to_numpy() == pytest.approx(-there.log_ratio.to_numpy())
    assert swapped.g2.to_numpy() == pytest.approx(there.g2.to_numpy(), abs=1e-9)
    assert swapped.low.to_numpy() == pytest.approx(-there.high.to_numpy())


def test_the_article_without_which_a_difference_is_gone_by_hand():
    """Articles of 10 tokens, two against two.

    x: 8 and 1 against 1 and 1, equal without d0. y: 5 and 5 against 1 and 1, which no article
    makes. z: 4 and 0 against none; without d0 no token is left. w: 1 and 1 against 9 and 1.
    """
    counts = csr_array([[8, 1, 1, 1], [5, 5, 1, 1], [4, 0, 0, 0], [1, 1, 9, 1]])
    target = np.arange(4) < 2
    assert r.find_driver(counts, np.full(4, 10), target).tolist() == [0, -1, 0, 2]
    assert r.find_driver(counts, np.full(4, 10), np.arange(4) < 1).tolist() == [0] * 4


def test_an_article_without_the_word_can_make_a_difference():
    """A long reference article dilutes the word, which is as frequent in the short ones."""
    counts = csr_array([[3, 3, 3, 3, 0]])
    sizes = np.array([100, 100, 100, 100, 2000])
    assert r.find_driver(counts, sizes, np.arange(5) < 2).tolist() == [4]


def test_the_driver_is_that_of_leaving_each_article_out_in_turn():
    """Against a loop over the articles, of groups small enough for every article to be tried."""
    random = np.random.default_rng(8)
    counts = random.negative_binomial(0.4, 0.2, (80, 14))
    counts = counts[counts.sum(axis=1) >= 5]
    sizes = random.integers(100, 900, 14)
    target = np.arange(14) < 6
    whole = m.log_ratio(*r.add_up(counts, target), *r.add_up(sizes, target))
    expected = []
    for row, log_ratio in zip(counts, whole, strict=True):
        left = []
        for out in range(14):
            kept = np.arange(14) != out
            sums = [
                values[kept & side].sum() for values in (row, sizes) for side in (target, ~target)
            ]
            left.append(m.log_ratio(*sums) * np.sign(log_ratio))
        worst = int(np.argmin(left))
        gone = left[worst] < abs(log_ratio) / 2 or row.sum() - row[worst] < 3
        expected.append(worst if gone else -1)
    assert r.find_driver(csr_array(counts), sizes, target).tolist() == expected
    assert {-1} < set(expected)


def test_random_splits_are_drawn_once_for_the_same_articles(monkeypatch):
    draw = r._random_splits
    drawn = []
    monkeypatch.setattr(r, "_random_splits", lambda *how: drawn.append(how) or draw(*how))
    r._drawn_splits.cache_clear()
    counts = csr_array(np.random.default_rng(0).poisson(2, (9, 20)))
    sizes = np.arange(50, 70)
    options = r.Resampling(repeats=999)
    for target, rounds in ((np.arange(20) < 10, 4), (np.arange(20) >= 8, 8)):
        found = [r.permutation_p(counts, sizes, target, options).tolist() for _ in range(2)]
        assert len(drawn) == rounds
        r._drawn_splits.cache_clear()
        found.append(r.permutation_p(counts, sizes, target, options).tolist())
        assert found[0] == found[1] == found[2]
        del drawn[rounds:]


def test_groups_as_large_as_others_are_compared_with_the_same_splits(monkeypatch):
    draw = r._random_splits
    drawn = []
    monkeypatch.setattr(r, "_random_splits", lambda *how: drawn.append(how) or draw(*how))
    counts = csr_array(np.random.default_rng(0).poisson(2, (9, 20)))
    whole = (counts, np.arange(50, 70), np.arange(20) >= 10, r.Resampling(repeats=999))
    r._drawn_splits.cache_clear()
    found = r.permutation_p(*whole).tolist()
    r._drawn_splits.cache_clear()
    r.permutation_p(*whole[:2], np.arange(20) % 2 == 0, whole[3])
    drawn.clear()
    assert r.permutation_p(*whole).tolist() == found
    assert not drawn


def test_what_is_drawn_for_very_many_articles_is_not_kept_and_is_the_same(monkeypatch):
    counts = np.random.default_rng(0).poisson(2, (9, 20))
    whole = (counts, np.arange(50, 70), np.arange(20) < 10)

    def results():
        low, high = r.bootstrap_interval(*whole)[:2]
        return [low.tolist(), high.tolist(), r.permutation_p(*whole).tolist()]

    caches = (r._drawn_splits, r._drawn_again)
    kept = results()
    assert [cache.cache_info().currsize for cache in caches] == [1, 1]
    monkeypatch.setattr(r, "_MOST_KEPT", 0)
    for cache in caches:
        cache.cache_clear()
    assert results() == kept
    assert [cache.cache_info().currsize for cache in caches] == [0, 0]


def test_a_term_of_very_many_tokens_is_not_counted_in_too_few_bits():
    drawn = r._drawn_again(0, 200, 12)[0]
    counts = np.full((1, 12), 2**27)
    counts[0, ::3] += 2**27
    large = r._bootstrap_variance(csr_array(counts), np.full(12, 2**30), drawn)
    small = r._bootstrap_variance(csr_array(counts // 2**20), np.full(12, 2**10), drawn)
    assert large.tolist() == pytest.approx(small.tolist())


def test_splits_whose_drawing_was_cut_off_are_drawn_anew(monkeypatch):
    draw = r._random_splits
    whole = (csr_array(np.random.default_rng(0).poisson(2, (9, 20))), np.arange(50, 70))
    target = np.arange(20) % 2 == 0
    found = r.permutation_p(*whole, target).tolist()
    r._drawn_splits.cache_clear()
    rounds = iter([True, False])
    monkeypatch.setattr(r, "_random_splits", lambda *how: draw(*how) if next(rounds) else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        r.permutation_p(*whole, target)
    monkeypatch.setattr(r, "_random_splits", draw)
    assert r.permutation_p(*whole, target).tolist() == found


def test_permutation_p_by_writing_out_every_split():
    """6 5 against 2 2 2 in articles of 10: the rates differ by 0.35, and so much in no other split.

    The variance is that of the residuals around the common rate 17 in 50, or counting error where
    that is larger, as it is here: the ten splits rank as their differences do.
    """
    counts = np.array([[6, 5, 2, 2, 2]])
    two = np.array([True, True, False, False, False])
    p = r.permutation_p(counts, np.full(5, 10), two)
    assert p.tolist() == [0.1]
    even = r.permutation_p(np.array([[1, 1, 1, 1, 1]]), np.full(5, 10), two)
    assert even.tolist() == [1.0]


def test_the_statistic_by_hand():
    """Counts 9 0 against 1 2 in articles of 10 10 and 20 10; the common rate is 12 in 50.

    Residuals are 6.6, -2.4, -3.8 and -0.4: variances 49.32 / 20² and 14.6 / 30², above the counting
    error 0.24 / 20 + 0.24 / 30.
    """
    sizes = np.array([10, 10, 20, 10])
    split = np.array([[1.0], [1], [0], [0]])
    found = r._statistic(csr_array([[9.0, 0, 1, 2]]), sizes)(split)
    expected = (9 / 20 - 3 / 30) / np.sqrt(49.32 / 400 + 14.6 / 900)
    assert found.item() == pytest.approx(expected)
    counting = r._statistic(csr_array([[4.0, 4, 4, 2]]), sizes)(split).item()
    assert counting == pytest.approx((8 / 20 - 6 / 30) / np.sqrt(0.28 / 20 + 0.28 / 30))


def test_a_term_is_drawn_until_a_hundred_splits_reach_it_or_to_the_end():
    target = np.arange(40) < 20
    counts = np.array([np.where(target, 9, 1), np.full(40, 3), np.arange(40) % 3])
    p = r.permutation_p(counts, np.full(40, 50), target, r.Resampling(30_000))
    assert 1 / 12_500 < p[0] < 1 / 9_999  # or until it is sure
    assert p[1] == 1
    assert 0.1 < p[2] <= 1
    assert r.DEFAULT.for_family(100).repeats == 9999
    assert r.DEFAULT.for_family(2000).repeats == 40_000


def test_sampled_p_is_never_0_and_near_the_enumerated():
    random = np.random.default_rng(5)
    counts, sizes = random.poisson(3, (4, 17)), np.full(17, 100)
    target = np.arange(17) < 8
    assert comb(17, 8) > r.ENUMERATED
    p = r.permutation_p(counts, sizes, target, r.Resampling(999))
    assert (p >= REFERENCE["inf-04"]["expected"]).all()
    strong = np.where(target, 40, 0)[None]
    assert r.permutation_p(strong, sizes, target, r.Resampling(999)).tolist() == [0.001]


def test_smallest_p():
    assert r.smallest_p(np.arange(5) < 3) == 0.1
    assert r.smallest_p(np.arange(6) < 3) == 0.1  # 2 of 20: a split and its mirror image
    assert r.smallest_p(np.arange(3) < 1) == pytest.approx(1 / 3)


def shuffled(seed: int, articles: int = 40, terms: int = 60) -> tuple[pd.DataFrame, np.ndarray]:
    """Articles whose words come in bursts, and group labels that mean nothing: 20 and 20."""
    random = np.random.default_rng(seed)
    rates = random.gamma(0.4, 12, (articles, terms))
    counts = np.column_stack([random.poisson(rates), np.full(articles, 400)])
    target = random.permutation(np.arange(articles) < articles // 2)
    return corpus_of(counts, [f"t{i:02}" for i in range(terms)] + ["z"]), target


def test_on_shuffled_labels_the_stated_error_rate_holds():
    """20 + 20 articles, twelve corpora of 60 bursty words: p is below 0.05 in about 5 %.

    Hardly any is after adjustment.
    """
    p, adjusted, g2, misses = [], [], [], []
    for seed in range(12):
        tokens, target = shuffled(seed)
        inside = tokens.doc_id.cat.codes.map(lambda code, target=target: target[code]).astype(bool)
        table = k.keyword_table(tokens[inside], tokens[~inside], options=r.Resampling(499))
        p += table.p.tolist()
        adjusted.append((table.p_adjusted <= 0.05).any())
        g2 += table.g2.tolist()
        misses += ((table.low > 0) | (table.high < 0)).tolist()
    assert 0.03 <= np.mean(np.array(p) <= 0.05) <= 0.075
    assert np.mean(adjusted) <= 0.17  # at most 2 of 12 corpora with any false finding
    assert np.mean(misses) <= 0.08
    assert np.mean(np.array(g2) > 3.84) > 0.3  # what reading p off G² would have called different


def test_a_real_difference_between_many_articles_is_found():
    random = np.random.default_rng(2)
    counts = random.poisson([[5, 5, 300]] * 40)
    counts[:20, 0] += random.poisson(12, 20)
    tokens = corpus_of(counts, ["new", "same", "z"])
    inside = tokens.doc_id.cat.codes < 20
    table = k.keyword_table(tokens[inside], tokens[~inside]).set_index("term")
    assert table.verdict["new"] == "more"
    assert table.interval["new"] == "bootstrap of whole articles"
    assert table.p["new"] == 1 / 10_000
    assert table.verdict["same"] in ("alike", "no difference")


def test_against_general_english(sides, articles):
    table = k.against_english(sides[0], k.query_terms(articles))
    assert not table.term.str.contains("-|[0-9]").any()
    assert table.attrs["left_out"]["terms"] + len(table) == sides[0].term.nunique()
    assert table.attrs["left_out"]["tokens"] + table.frequency.sum() == len(sides[0])
    row = table.set_index("term").loc["innovation"]
    expected = np.log2(
        row.frequency / len(sides[0]) / wordfreq.word_frequency("innovation", "en", "large")
    )
    assert row.log_ratio == pytest.approx(expected)


def test_the_same_articles_in_both_groups_and_a_group_without_tokens(sides):
    with pytest.raises(Mistake, match="target and reference share nottingham-ningbo"):
        k.keyword_table(sides[0], sides[0])
    with pytest.raises(Mistake, match="target: the group has no tokens"):
        k.keyword_table(sides[0].head(0), sides[1])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=6))
def test_counts_are_those_of_the_articles(rows):
    counts = np.array(rows) + np.array([0, 0, 1])  # no article is empty
    tokens = corpus_of(counts, ["a", "b", "c"])
    inside = tokens.doc_id.cat.codes < 2
    table = k.keyword_table(tokens[inside], tokens[~inside]).set_index("term")
    for i, term in enumerate("abc"):
        if counts[:, i].sum():
            assert table.target[term] == counts[:2, i].sum()
            assert table.reference[term] == counts[2:, i].sum()
            assert table.log_ratio[term] == pytest.approx(
                m.log_ratio(
                    counts[:2, i].sum(), counts[2:, i].sum(), counts[:2].sum(), counts[2:].sum()
                )
            )


def test_sampled_p_is_that_of_all_splits_give_or_take_chance():
    """Eight against nine articles have 24,310 splits, of which 20,000 are drawn."""
    random = np.random.default_rng(11)
    counts = csr_array(random.poisson(random.gamma(0.6, 6, (40, 17))))
    sizes = random.integers(200, 900, 17)
    target = np.arange(17) < 8
    every = list(r._in_bits(r._every_split(target)))
    exact = r._count_reached(csr_array(counts, dtype=float), sizes, target, every) / comb(17, 8)
    sampled = r.permutation_p(counts, sizes, target, r.Resampling(20_000, adjustment="holm"))
    low, high = m.wilson_interval(np.minimum(exact * 500, 100), np.minimum(500, 100 / exact), 0.999)
    assert ((low <= sampled + 0.01) & (sampled - 0.01 <= high)).all()


def test_a_clear_term_of_very_many_articles_is_sure_after_a_thousand(monkeypatch):
    monkeypatch.setattr(r, "FEW_DRAWN", 0)
    target = np.arange(40) < 20
    counts = np.array([np.where(target, 9, 1)] * 9 + [np.arange(40) % 3])
    sizes = np.full(40, 50)
    p = r.permutation_p(counts, sizes, target)
    assert p[:9].tolist() == [1 / 1001] * 9
    assert p[9] > 0.05
    rare = r.permutation_p(np.vstack([counts[:1], np.tile(counts[9], (99, 1))]), sizes, target)
    assert rare[0] < 1 / 9_000  # one of a hundred must be rarer to be sure


def test_few_draws_of_very_many_splits_find_nothing_and_say_why():
    """The articles are enough for a test, so that no draw passes is its answer and no gap."""
    target = np.arange(40) < 20
    p = np.where(np.arange(600) < 2, 0.001, 0.5)
    kept, facts = r.keep_conclusive(p, target, m.benjamini_hochberg, 999)
    assert kept.tolist() == p.tolist()
    assert (facts["tested"], facts["needed"], facts["sharing"]) == (True, 12, 2)
    facts["family"] = 600
    table = pd.DataFrame()
    table.attrs = facts
    said = describe_tests(table)
    assert said.endswith("unless 12 words have the smallest p that so many divisions can give")
    few = np.arange(8) < 4
    assert r.keep_conclusive(p, few, m.benjamini_hochberg, 999)[1]["tested"] is False
    assert r.DEFAULT.for_family(10**6, 27_000).repeats == 9999
    assert r.DEFAULT.for_family(10**6, 2_000).repeats == 50_000


def test_the_first_order_is_what_the_bootstrap_comes_to(monkeypatch):
    random = np.random.default_rng(3)
    target = np.arange(700) < 300
    sizes = random.integers(200, 900, 700)
    counts = csr_array(random.poisson(random.gamma(1, 1, (30, 700)) * sizes / 400))
    first_order = r.bootstrap_interval(counts, sizes, target)
    monkeypatch.setattr(r, "MANY", 10**9)
    drawn = r.bootstrap_interval(counts, sizes, target)
    widths = [np.diff(ends, axis=1) for ends in (first_order, drawn)]
    assert widths[0] == pytest.approx(widths[1], rel=0.08)
    assert np.mean(widths[0] / widths[1]) == pytest.approx(1, abs=0.01)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abcé")), max_size=30))
def test_the_mark_of_tokens_is_that_of_one_after_another(rows):
    tokens = pd.DataFrame(rows, columns=["doc_id", "term"], dtype=str).astype("category")
    seen = Counter()
    mark = 0
    for doc_id, term in rows:
        seen[doc_id] += 1
        mark += crc32(term.encode()) * seen[doc_id] * (crc32(doc_id.encode()) | 1)
    assert basis_of(tokens)["mark"] == mark % 2**32


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("wxyz"), st.sampled_from("abcé")), max_size=30))
def test_groups_are_counted_as_token_after_token_would_be(rows):
    """Articles may be mixed, in pieces, or without tokens, and terms may be in no group."""
    tokens = pd.DataFrame(rows, columns=["doc_id", "term"], dtype=str)
    expected = pd.crosstab(tokens.term, tokens.doc_id)
    kinds = {
        "doc_id": pd.CategoricalDtype(list("wvxyz")),
        "term": pd.CategoricalDtype(list("abcdé")),
    }
    tokens = tokens.astype(kinds)
    in_target = tokens.doc_id.isin(["w", "y"])
    assume(in_target.nunique() == 2)
    sides = k.two_sides(tokens[in_target], tokens[~in_target])
    assert (sides.terms.tolist(), sides.docs.tolist()) == (list(expected.index), list(expected))
    assert sides.counts.toarray().tolist() == expected.to_numpy().tolist()
    assert sides.sizes.tolist() == expected.sum().tolist()
    assert sides.target.tolist() == expected.columns.isin(["w", "y"]).tolist()
    table = k.describe_terms(sides)
    target, reference = expected.loc[:, sides.target], expected.loc[:, ~sides.target]
    assert table.target.tolist() == target.sum(axis=1).tolist()
    assert table.documents_target.tolist() == (target > 0).sum(axis=1).tolist()
    assert table.documents_reference.tolist() == (reference > 0).sum(axis=1).tolist()
    assert sides.most.tolist() == expected.max(axis=1).tolist()
    divided = k.divide(sides.terms, sides.counts, sides.sizes, sides.target, sides.docs)
    pd.testing.assert_frame_equal(k.describe_terms(divided), table, check_exact=True)


def test_both_groups_are_counted_at_once_unless_others_count(sides, monkeypatch):
    """Each waits for the other to begin."""
    counting = k.counts_by_article
    threads = []

    def count(tokens):
        threads.append(get_ident())
        begun.wait()
        return counting(tokens)

    monkeypatch.setattr(k, "counts_by_article", count)
    begun = Barrier(2, timeout=60)
    k.two_sides(*sides)
    assert len(set(threads)) == 2
    begun = Barrier(1)
    threads.clear()
    monkeypatch.setenv(WORKERS, "1")
    k.two_sides(*sides)
    assert len(threads) == 2
    assert len(set(threads)) == 1


def test_measures_are_worked_out_once_for_terms_with_the_same_counts(sides, monkeypatch):
    both = k.two_sides(*sides)
    lengths = []
    for name in ("log_ratio", "log_likelihood", "log_ratio_interval"):
        measure = getattr(m, name)
        monkeypatch.setattr(
            m,
            name,
            lambda a, *n, measure=measure, **o: lengths.append(np.size(a)) or measure(a, *n, **o),
        )
    monkeypatch.setattr(r, "could_be_driven", lambda totals, *_: np.zeros(totals.shape[1], bool))
    monkeypatch.setattr(r, "find_driver", lambda counts, *_: np.zeros(counts.shape[0], int))
    k.describe_terms(both)
    assert set(lengths) == {len(np.unique(both.tokens, axis=1).T)}


@pytest.mark.parametrize("seed", range(8))
def test_no_term_that_hangs_on_an_article_is_passed_over(seed):
    """The bound lets no term pass that leaving out every article would find."""
    random = np.random.default_rng(seed)
    sizes = random.integers(40, 400, 12)
    target = np.arange(12) < random.integers(1, 11)
    counts = csr_array(random.poisson(random.gamma(0.5, 4, (300, 12))))
    expected = r._driver(counts, sizes, target)
    assert r.find_driver(counts, sizes, target).tolist() == expected.tolist()
    assert r.find_driver(counts[:0], sizes, target).tolist() == []
    docs = pd.Index([f"d{column:02}" for column in range(12)])
    table = k.describe_terms(k.divide(pd.RangeIndex(300), counts, sizes, target, docs))
    beyond = k.has_enough(table) & ~((table.low <= 0) & (table.high >= 0))
    driven_by = np.where(beyond & (expected >= 0), docs[expected], "")
    assert table.driven_by.tolist() == driven_by.tolist()
    assert (table.driven_by != "").any()
