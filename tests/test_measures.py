"""Measures: published values to the stated tolerance, and laws that hold for any counts."""

import inspect
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from conftest import REFERENCE
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from utils.corpus.files import Mistake
from utils.stats import measures as m
from utils.stats.measure_list import MEASURES, add_measures, find_measure, measures_table

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


def test_kl_divergence_as_published():
    value = m.kl_divergence(TOY["inputs"]["v"], TOY["inputs"]["part_sizes"])
    assert value == pytest.approx(TOY["expected"]["kld_bits"], abs=TOY["tolerance"])
    inputs = ROWS["inputs"]
    values = m.kl_divergence([inputs[word] for word in "biqx"], inputs["part_sizes"])
    assert values == pytest.approx(ROWS["expected"]["kld"], abs=ROWS["tolerance"])


def test_average_reduced_frequency_as_published():
    """Gries (2008), the word a of the toy corpus; a term that is evenly spread keeps its count."""
    case = REFERENCE["dis-08"]
    terms = case["inputs"]["tokens"].split()
    places = [row for row, term in enumerate(terms) if term == "a"]
    value = m.average_reduced_frequency(places, len(terms))
    assert value == pytest.approx(case["expected"]["ARF"], abs=case["tolerance"])
    assert m.average_reduced_frequency(range(0, 100, 10), 100) == pytest.approx(10)


def test_juilland_d_takes_the_population_standard_deviation():
    case = REFERENCE["dis-02"]["expected"]
    value = m.juilland_d(TOY["inputs"]["v"], TOY["inputs"]["part_sizes"])
    assert value == pytest.approx(case["correct"], abs=1e-6)
    assert value != pytest.approx(case["wrong_sample_sd"], abs=1e-3)


def test_dp_of_equal_parts():
    first, second = REFERENCE["dis-07"]["inputs"]["cases"]
    assert m.dp(first, [1, 1, 1]) == pytest.approx(0, abs=1e-12)
    assert m.dp_norm(second, [1, 1, 1]) == pytest.approx(0.5, abs=1e-12)
    assert m.dp_norm([4, 0, 0], [10, 10, 0]) == 1  # a part without tokens is none


PARTS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=2, max_size=8).filter(
    lambda parts: any(count for count, _ in parts)
)


@given(PARTS)
def test_dp_is_half_the_summed_distance_of_shares(parts):
    v, sizes = np.array(parts, float).T
    assert m.dp(v, sizes) == pytest.approx(
        np.abs(v / v.sum() - sizes / sizes.sum()).sum() / 2, abs=1e-12
    )
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
    assert m.dp_expected([3, 10], [375, 495, 500, 588, 491]) == pytest.approx(
        [0.506, 0.249], abs=0.001
    )


@pytest.mark.parametrize("case", ["strict_lt"])
def test_mtld_is_strict(case):
    inputs = REFERENCE["lex-04"]["inputs"]
    values = [m.mtld(inputs["tokens"], threshold) for threshold in inputs["thresholds"]]
    assert values == pytest.approx(REFERENCE["lex-04"]["expected"][case], abs=1e-9)


def test_diversity_battery():
    case = REFERENCE["lex-01"]
    assert m.mtld(case["inputs"]["tokens"]) == pytest.approx(case["expected"]["mtld_072"], abs=1e-9)
    assert m.mattr(case["inputs"]["tokens"], 5) == pytest.approx(
        case["expected"]["mattr_5"], abs=1e-9
    )


def test_hdd_as_published_and_as_the_mean_of_all_samples():
    case = REFERENCE["lex-01"]
    terms = case["inputs"]["tokens"]
    assert m.hdd(terms, 5) == pytest.approx(case["expected"]["hdd_5"], abs=1e-9)
    samples = [len(set(sample)) / 3 for sample in combinations(terms, 3)]
    assert m.hdd(terms, 3) == pytest.approx(np.mean(samples))
    assert np.isnan(m.hdd(terms))


def test_lexical_density_by_hand():
    """Four content words of seven; nothing is no number."""
    terms = "the port of ningbo grew and grew".split()
    assert m.lexical_density(terms, {"the", "of", "and"}) == pytest.approx(4 / 7)
    assert np.isnan(m.lexical_density([], set()))


def test_mtld_of_a_text_without_repetition_is_no_number_and_never_0():
    assert np.isnan(m.mtld(REFERENCE["lex-07"]["inputs"]["tokens"]))


def test_mtld_factor_arithmetic():
    """McCarthy and Jarvis: 340 tokens in 4.404 factors make 77.203.

    By hand: aa|bb|abb|a has three whole factors and a rest that never falls, read forwards, and
    abb|abb|aa three read backwards: 8/3 both ways.
    """
    case = REFERENCE["lex-05"]
    assert case["inputs"]["tokens"] / case["inputs"]["factors"] == pytest.approx(
        case["expected"], abs=case["tolerance"]
    )
    assert m.mtld("a a b b a b b a".split()) == pytest.approx(8 / 3)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=60), st.integers(1, 60))
def test_mattr_is_the_mean_over_every_window(terms, window):
    windows = [terms[i : i + window] for i in range(len(terms) - window + 1)]
    if windows:
        assert m.mattr(terms, window) == pytest.approx(
            np.mean([len(set(w)) / window for w in windows])
        )
    else:
        assert np.isnan(m.mattr(terms, window))


WAR = [REFERENCE["key-02"]["inputs"][name] for name in ("f_target", "f_ref", "n_target", "n_ref")]


@pytest.mark.parametrize(
    ("case", "value"),
    [
        ("key-02", m.log_likelihood_two_term(*WAR)),
        ("key-03", m.log_likelihood(*WAR)),
        ("key-04", m.log_ratio(*WAR)),
        ("key-05", m.percent_difference(*WAR)),
        ("key-07", m.simple_maths(*WAR, k=100)),
        ("key-08", m.bic(*WAR)),
        ("key-09", m.odds_ratio(*WAR)),
        ("key-11", m.conservative_log_ratio(*WAR)),
        ("key-15", m.simple_maths(35, 263, 112_289_776, 1_559_716_979)),
        ("key-25", m.log_ratio(1, 1, 1_000_000, 1_000_000)),
    ],
)
def test_keyness_as_published(case, value):
    assert float(value) == pytest.approx(
        REFERENCE[case]["expected"], abs=max(REFERENCE[case]["tolerance"], 1e-12)
    )


def test_keyness_chi_square_and_expected_counts_of_the_same_table():
    a, b, n_target, n_reference = WAR
    assert m.chi_square(a, n_target, a + b, n_target + n_reference) == pytest.approx(
        REFERENCE["key-06"]["expected"], abs=0.05
    )
    _, expected = m._cells(a, n_target, a + b, n_target + n_reference)
    assert float(expected[0]) == pytest.approx(
        REFERENCE["key-01"]["expected"]["E_target"], abs=0.01
    )
    assert float(expected[2]) == pytest.approx(REFERENCE["key-01"]["expected"]["E_ref"], abs=0.01)


@pytest.mark.parametrize("case", [name for name in REFERENCE if name.startswith("key-mrsa")])
def test_evert_2022(case):
    inputs, expected = REFERENCE[case]["inputs"], REFERENCE[case]["expected"]
    counts = [inputs[name] for name in ("f1", "f2", "n1", "n2")]
    assert m.log_likelihood(*counts) == pytest.approx(expected["G2"], abs=1e-7)
    assert m.conservative_log_ratio(*counts, family=inputs["family_size"]) == pytest.approx(
        expected["LRC"], abs=1e-7
    )
    assert m.simple_maths(*counts, k=100) == pytest.approx(expected["SimpleMaths100"], abs=1e-7)


def test_log_ratio_takes_a_half_for_a_count_of_0_only():
    case = REFERENCE["key-14"]
    value = m.log_ratio(*[case["inputs"][name] for name in ("f1", "f2", "n1", "n2")])
    assert value == pytest.approx(
        case["expected"]["Hardie_half_for_zero_cell"], abs=case["tolerance"]
    )


def test_signed_g2_ranks_as_quanteda():
    case = REFERENCE["key-21"]
    target, reference = case["inputs"]["target"].split(), case["inputs"]["reference"].split()
    for term, expected in case["expected"]["values"].items():
        a, b = target.count(term), reference.count(term)
        sign = np.sign(a / len(target) - b / len(reference))
        assert sign * m.log_likelihood(a, b, len(target), len(reference)) == pytest.approx(
            expected, abs=1e-9
        )


@pytest.mark.parametrize(
    ("case", "measure"),
    [
        ("col-01", m.association_g2),
        ("col-04", m.t_score),
        ("col-06", m.chi_square),
        ("col-07", m.chi_square),
        ("col-08", m.mutual_information),
        ("col-09", m.mutual_information),
    ],
)
def test_association_as_published(case, measure):
    value = measure(*[REFERENCE[case]["inputs"][name] for name in ("f_xy", "f_x", "f_y", "N")])
    assert float(value) == pytest.approx(
        REFERENCE[case]["expected"], abs=REFERENCE[case]["tolerance"]
    )


def test_fisher_exact_as_published():
    case = REFERENCE["col-18"]
    (o11, o12), (o21, o22) = case["inputs"]["table"]
    value = m.fisher_exact(o11, o11 + o12, o11 + o21, o11 + o12 + o21 + o22)
    assert value == pytest.approx(case["expected"]["two_sided"], abs=case["tolerance"])


def test_fisher_exact_against_scipy():
    random = np.random.default_rng(4)
    tables = random.integers(0, [3, 9, 30, 200], (300, 4))
    tables[-1] = [0, 0, 0, 5]
    o11, o12, o21, o22 = tables.T
    ours = m.fisher_exact(o11, o11 + o12, o11 + o21, tables.sum(axis=1))
    theirs = [stats.fisher_exact(table.reshape(2, 2)).pvalue for table in tables]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


def test_mann_whitney_against_scipy_and_as_published():
    """SciPy's own example; the rank sum of Kilgarriff (2001); rates and not counts are ranked."""
    counts = [19, 22, 16, 29, 24, 20, 11, 17, 12]
    target = np.arange(9) < 5
    published = pytest.approx(0.11134688653314041)
    assert m.mann_whitney(counts, [100] * 9, target) == published
    case = REFERENCE["key-19"]
    x, y = case["inputs"]["x"], case["inputs"]["y"]
    assert stats.mannwhitneyu(x, y).statistic + 5 * 6 / 2 == case["expected"]
    values = m.mann_whitney([x + y, [2] * 10], [100] * 10, np.arange(10) < 5)
    assert values[0] == pytest.approx(stats.mannwhitneyu(x, y, method="asymptotic").pvalue)
    assert values[1] == 1
    lengths = np.arange(1, 10)
    assert m.mann_whitney(counts * lengths, lengths, target) == published


def test_log_odds_as_published():
    """Hessel's FightingWords, its own test: a prior of 0.05 for each of eleven words."""
    one = "the quick brown fox jumps over the lazy pig".split()
    two = "the lazy purple pig jumps over the lazier donkey".split()
    terms = sorted({*one, *two})
    a = np.array([one.count(term) for term in terms])
    b = np.array([two.count(term) for term in terms])
    values = m.log_odds(a, b, 9, 9, prior=np.full(11, 0.05))
    expected = np.sign(a - b) * 0.6894227886807968
    np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(m.log_odds(a, b, 9, 9), m.log_odds(a, b, 9, 9, prior=a + b))


def test_kl_contributions_add_up_to_the_divergence():
    a, b = np.array([5, 3, 2, 0]), np.array([1, 4, 4, 11])
    total = m.kl_contribution(a, b, 10, 20).sum()
    assert total == pytest.approx(stats.entropy(a / 10, b / 20, base=2))
    assert m.kl_contribution(4, 0, 16, 16) == pytest.approx(0.25 * 3)


def test_text_dispersion_is_the_likelihood_of_numbers_of_articles():
    """Evert's table counts documents, as Egbert and Biber do: MRSA in 411 of 1,177 and 13."""
    case = REFERENCE["key-mrsa-MRSA"]
    f1, n1, f2, n2 = (case["inputs"][name] for name in ("f1", "n1", "f2", "n2"))
    numbers = {
        "documents_target": np.array([f1]),
        "documents_reference": np.array([f2]),
        "articles_target": n1,
        "articles_reference": n2,
    }
    table = add_measures(pd.DataFrame({"term": ["MRSA"]}), ["text_dispersion"], "keyness", numbers)
    assert table.text_dispersion[0] == pytest.approx(case["expected"]["G2"], abs=1e-6)


def test_association_g2_with_an_empty_cell():
    o11, o12, o21, o22 = (
        REFERENCE["col-03"]["inputs"][name] for name in ("o11", "o12", "o21", "o22")
    )
    value = m.association_g2(o11, o11 + o12, o11 + o21, o11 + o12 + o21 + o22)
    assert value == pytest.approx(
        REFERENCE["col-03"]["expected"], abs=REFERENCE["col-03"]["tolerance"]
    )


def test_npmi_of_bouma():
    for cells, expected in zip(
        REFERENCE["col-11"]["inputs"]["cases"], REFERENCE["col-11"]["expected"], strict=True
    ):
        o11, o12, o21, o22 = (cells[name] for name in ("o11", "o12", "o21", "o22"))
        assert m.npmi(o11, o11 + o12, o11 + o21, o11 + o12 + o21 + o22) == pytest.approx(
            expected, abs=1e-10
        )


def test_log_dice_is_the_dice_coefficient_on_a_scale():
    inputs = REFERENCE["col-13"]["inputs"]
    value = 2 ** (m.log_dice(inputs["f_xy"], inputs["f_x"], inputs["f_y"]) - 14)
    assert value == pytest.approx(
        REFERENCE["col-13"]["expected"], abs=REFERENCE["col-13"]["tolerance"]
    )


def test_many_tests_at_once():
    case = REFERENCE["inf-01"]
    adjusted = m.benjamini_hochberg(case["inputs"]["p"])
    assert adjusted == pytest.approx(case["expected"]["adjusted"], abs=1e-12)
    assert (adjusted <= 0.05).sum() == case["expected"]["rejected_at_05"]
    assert m.holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx(
        [0.03, 0.06, 0.06, 0.02]
    )  # R: p.adjust


def test_wilson_interval_as_r_prints_it():
    case = REFERENCE["inf-03"]
    assert m.wilson_interval(19, 100) == pytest.approx(
        case["expected"]["wilson"], abs=case["tolerance"]
    )
    assert m.wilson_interval(0, 10)[0] == 0
    assert m.wilson_interval(10, 10)[1] == 1


COUNTS = st.tuples(
    st.integers(0, 500), st.integers(0, 500), st.integers(501, 10**6), st.integers(501, 10**6)
)


@given(COUNTS)
def test_laws_of_keyness(counts):
    a, b, n_target, n_reference = counts
    swapped = (b, a, n_reference, n_target)
    assert m.log_ratio(*counts) == pytest.approx(-m.log_ratio(*swapped), abs=1e-9)
    for measure in (m.log_likelihood, m.log_likelihood_two_term):
        assert measure(*counts) == pytest.approx(measure(*swapped), rel=1e-6, abs=1e-6)
        assert measure(*counts) >= 0
    for measure in (
        m.log_ratio,
        m.log_likelihood,
        m.odds_ratio,
        m.simple_maths,
        m.conservative_log_ratio,
        m.bic,
    ):
        assert np.isfinite(measure(*counts))
    low, high = m.log_ratio_interval(*counts)
    assert low <= m.log_ratio(*counts) + 1e-9 or a == 0
    assert high >= m.log_ratio(*counts) - 1e-9 or b == 0
    assert np.isnan(m.percent_difference(*counts)) == (b == 0)


@given(st.integers(0, 500), st.integers(501, 10**6))
def test_equal_rates_are_no_difference(a, n):
    assert m.log_ratio(a, a, n, n) == 0
    assert m.log_likelihood(a, a, n, n) == pytest.approx(0, abs=1e-6)
    assert m.conservative_log_ratio(a, a, n, n) == 0


TABLES = st.tuples(*[st.integers(0, 300)] * 4).filter(
    lambda cells: cells[0] + cells[1] and cells[0] + cells[2] and sum(cells[1:])
)


@given(TABLES)
def test_laws_of_association(cells):
    o11, o12, o21, o22 = cells
    f1, f2, n = o11 + o12, o11 + o21, sum(cells)
    _, expected = m._cells(o11, f1, f2, n)
    assert min(map(float, expected)) >= 0
    assert sum(map(float, expected)) == pytest.approx(n)
    for measure in (m.association_g2, m.chi_square, m.npmi):
        assert measure(o11, f1, f2, n) == pytest.approx(measure(o11, f2, f1, n), abs=1e-6)
        assert np.isfinite(measure(o11, f1, f2, n))
    forward, backward = m.delta_p(o11, f1, f2, n)
    assert m.delta_p(o11, f2, f1, n)[::-1] == pytest.approx((forward, backward), nan_ok=True)


def test_vectors_and_scalars_agree():
    a, b = np.array([620, 0, 5]), np.array([267, 3, 0])
    for measure in (m.log_likelihood, m.log_ratio, m.odds_ratio, m.percent_difference):
        each = [float(measure(x, y, 1000_000, 900_000)) for x, y in zip(a, b, strict=True)]
        assert measure(a, b, 1000_000, 900_000) == pytest.approx(each, nan_ok=True)


def test_every_measure_is_in_the_list_and_every_row_is_a_measure():
    public = {name for name in vars(m) if not name.startswith("_")}
    own = {name for name in public if getattr(vars(m)[name], "__module__", "") == m.__name__}
    assert set(MEASURES.function) == own - {"vectorised"}
    assert MEASURES.measure.is_unique
    assert MEASURES.measure.str.fullmatch("[a-z0-9_]+").all()


def test_the_list_says_how_many_numbers_each_measure_needs():
    for row in MEASURES.itertuples():
        named = inspect.signature(getattr(m, row.function)).parameters.values()
        required = [parameter for parameter in named if parameter.default is parameter.empty]
        assert len(required) <= len(row.needs.split()) <= len(named), row.measure


def test_the_list_says_how_to_read_each_measure():
    table = measures_table()
    described = ["name", "kind", "variant", "range", "reading", "source"]
    assert (table[described] != "").all().all()
    assert table.reading.str.fullmatch(r"[^.]+(\d\.\d+[^.]*)*\.").all()
    assert table.doi.str.fullmatch(r"(10\.\d{4,}/\S+)?").all()


def test_a_measure_is_found_among_those_of_its_kind():
    assert find_measure("holm", "adjustment") is m.holm
    with pytest.raises(Mistake, match="keyness measure 'holm' is not known"):
        find_measure("holm", "keyness")
    with pytest.raises(Mistake, match="did you mean juilland_d?"):
        find_measure("Juilland D", "dispersion")
