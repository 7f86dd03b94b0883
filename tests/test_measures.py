"""Measures: published values to the stated tolerance, and laws that hold for any counts."""

import numpy as np
import pytest
from conftest import REFERENCE
from hypothesis import given
from hypothesis import strategies as st

from utils import measures as m

TOY, ROWS = REFERENCE["dis-01"], REFERENCE["dis-03"]


@pytest.mark.parametrize("name", ["dp", "dp_norm", "juilland_d", "carroll_d2", "rosengren_s"])
def test_dispersion_of_the_toy_corpus(name):
    value = getattr(m, name)(TOY["inputs"]["v"], TOY["inputs"]["part_sizes"])
    assert value == pytest.approx(TOY["expected"][name], abs=TOY["tolerance"])


@pytest.mark.parametrize("name", ["dp", "dp_norm", "juilland_d", "rosengren_s"])
def test_dispersion_of_rows_at_once(name):
    """The words b, i, q and x of the same corpus, as one table."""
    inputs = ROWS["inputs"]
    values = getattr(m, name)([inputs[word] for word in "biqx"], inputs["part_sizes"])
    assert values == pytest.approx(ROWS["expected"][name], abs=ROWS["tolerance"])


def test_juilland_d_takes_the_population_standard_deviation():
    case = REFERENCE["dis-02"]["expected"]
    value = m.juilland_d(TOY["inputs"]["v"], TOY["inputs"]["part_sizes"])
    assert value == pytest.approx(case["correct"], abs=1e-6)
    assert value != pytest.approx(case["wrong_sample_sd"], abs=1e-3)


def test_dp_of_equal_parts():
    first, second = REFERENCE["dis-07"]["inputs"]["cases"]
    assert m.dp(first, [1, 1, 1]) == pytest.approx(0, abs=1e-12)
    assert m.dp_norm(second, [1, 1, 1]) == pytest.approx(0.5, abs=1e-12)


PARTS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=2, max_size=8).filter(
    lambda parts: any(count for count, _ in parts)
)


@given(PARTS)
def test_dp_is_half_the_summed_distance_of_shares(parts):
    v, sizes = np.array(parts, float).T
    assert m.dp(v, sizes) == pytest.approx(np.abs(v / v.sum() - sizes / sizes.sum()).sum() / 2, abs=1e-12)
    assert 0 <= m.dp(v, sizes) <= 1


@given(PARTS)
def test_a_term_spread_as_the_text_has_dp_0(parts):
    sizes = np.array(parts, float)[:, 1]
    assert m.dp(3 * sizes, sizes) == pytest.approx(0, abs=1e-12)
    assert m.rosengren_s(3 * sizes, sizes) == pytest.approx(1)
    assert m.juilland_d(3 * sizes, sizes) == pytest.approx(1)


def test_expected_dp_by_writing_out_every_outcome():
    """Two tokens on parts of 1/4 and 3/4: DP 3/4 (p 1/16), 1/4 (p 6/16), 1/4 (p 9/16)."""
    assert m.dp_expected(2, [1, 3]) == pytest.approx(0.75 / 16 + 0.25 * 6 / 16 + 0.25 * 9 / 16)


def test_expected_dp_is_the_mean_of_random_scatterings():
    sizes, random = np.array([375, 495, 500, 588, 491]), np.random.default_rng(1)
    for frequency in (1, 3, 10, 49):
        scattered = m.dp(random.multinomial(frequency, sizes / sizes.sum(), 40_000), sizes).mean()
        assert m.dp_expected(frequency, sizes) == pytest.approx(scattered, abs=0.004)


def test_expected_dp_of_few_tokens_on_articles_of_these_lengths():
    """The figures that the method names: 0.50 at 3 tokens, 0.25 at 10."""
    assert m.dp_expected([3, 10], [375, 495, 500, 588, 491]) == pytest.approx([0.506, 0.249], abs=0.001)


@pytest.mark.parametrize("case", ["strict_lt"])
def test_mtld_is_strict(case):
    inputs = REFERENCE["lex-04"]["inputs"]
    values = [m.mtld(inputs["tokens"], threshold) for threshold in inputs["thresholds"]]
    assert values == pytest.approx(REFERENCE["lex-04"]["expected"][case], abs=1e-9)


def test_diversity_battery():
    case = REFERENCE["lex-01"]
    assert m.mtld(case["inputs"]["tokens"]) == pytest.approx(case["expected"]["mtld_072"], abs=1e-9)
    assert m.mattr(case["inputs"]["tokens"], 5) == pytest.approx(case["expected"]["mattr_5"], abs=1e-9)


def test_mtld_of_a_text_without_repetition_is_no_number_and_never_0():
    assert np.isnan(m.mtld(REFERENCE["lex-07"]["inputs"]["tokens"]))


def test_mtld_factor_arithmetic():
    """McCarthy and Jarvis: 340 tokens in 4.404 factors make 77.203. By hand: aa|bb|abb|a has three whole factors
    and a rest that never falls, read forwards, and abb|abb|aa three read backwards: 8/3 both ways."""
    case = REFERENCE["lex-05"]
    assert case["inputs"]["tokens"] / case["inputs"]["factors"] == pytest.approx(
        case["expected"], abs=case["tolerance"]
    )
    assert m.mtld("a a b b a b b a".split()) == pytest.approx(8 / 3)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=60), st.integers(1, 60))
def test_mattr_is_the_mean_over_every_window(terms, window):
    windows = [terms[i : i + window] for i in range(len(terms) - window + 1)]
    if windows:
        assert m.mattr(terms, window) == pytest.approx(np.mean([len(set(w)) / window for w in windows]))
    else:
        assert np.isnan(m.mattr(terms, window))
