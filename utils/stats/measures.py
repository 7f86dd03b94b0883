"""Measures: numbers in, numbers out. Nothing here knows of files, articles or tables.

Each is vectorised, names its variant and its source, and shows its published worked example.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaln, ndtri, xlog1py, xlogy
from scipy.stats import false_discovery_control

# Dispersion: ``v`` holds a term's counts, one a part along the last axis; ``sizes`` the parts' sizes in tokens.


def dp(v: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Gries's deviation of proportions: 0 where a term is spread as the parts are, near 1 in one small part.

    Half the summed distance between the shares of the term and of the text, which is 1 less the sum
    of the smaller share of each part. Not a number for a term that does not occur. Gries (2008), the
    word *a* of his toy corpus:

    >>> round(float(dp([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 2)
    0.18
    """
    return 1 - np.minimum(_shares(v), _shares(sizes)).sum(axis=-1)


def dp_norm(v: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """DP divided by the largest value it can take for these parts. Lijffijt and Gries (2012).

    >>> float(dp_norm([2, 1, 0], [1, 1, 1]))
    0.5
    """
    return dp(v, sizes) / (1 - _shares(sizes).min())


def dp_expected(frequency: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Mean DP of a term whose tokens fall at random over parts of these sizes; one value a frequency.

    Each part's count is binomial, and half the mean absolute deviation of its share, summed over the
    parts, is the mean DP (de Moivre's formula, so nothing is simulated; Diaconis and Zabell 1991).
    A single token in two equal halves is always half a share away:

    >>> float(dp_expected(1, [10, 10]))
    0.5
    """
    f, p = np.atleast_1d(np.asarray(frequency, float))[..., None], _shares(sizes)
    m = np.minimum(np.floor(f * p) + 1, f)
    chosen = gammaln(f + 1) - gammaln(m + 1) - gammaln(f - m + 1)
    deviation = 2 * m * np.exp(chosen + xlogy(m, p) + xlog1py(f - m + 1, -p))
    expected = np.where(p < 1, deviation, 0).sum(axis=-1) / (2 * f[..., 0])
    return expected.reshape(np.shape(frequency))


def juilland_d(v: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Juilland's D of the parts' rates, with the population standard deviation: 1 even, 0 in one part.

    >>> round(float(juilland_d([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 3)
    0.785
    """
    rates = np.asarray(v, float) / np.asarray(sizes, float)
    return 1 - rates.std(axis=-1) / rates.mean(axis=-1) / np.sqrt(rates.shape[-1] - 1)


def carroll_d2(v: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Carroll's D2: entropy of the parts' rates over its maximum, 1 even, 0 in one part. Carroll (1970).

    >>> round(float(carroll_d2([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 3)
    0.938
    """
    rates = _shares(np.asarray(v, float) / np.asarray(sizes, float))
    return -xlogy(rates, rates).sum(axis=-1) / np.log(rates.shape[-1])


def rosengren_s(v: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Rosengren's S, for parts of unequal size: 1 even, down to the smallest part's share.

    >>> round(float(rosengren_s([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 2)
    0.95
    """
    v = np.asarray(v, float)
    return np.sqrt(v * _shares(sizes)).sum(axis=-1) ** 2 / v.sum(axis=-1)


def _shares(counts: ArrayLike) -> np.ndarray:
    counts = np.asarray(counts, float)
    with np.errstate(invalid="ignore"):
        return counts / counts.sum(axis=-1, keepdims=True)


# Diversity of a sequence of terms.


def mattr(terms: Sequence, window: int) -> float:
    """Mean share of distinct terms in every window of this many tokens; not a number for a shorter text.

    Covington and McFall (2010), moving-average type-token ratio.

    >>> mattr("test text with some text numbers hyphenhere and text punctuations".split(), 5)
    0.9
    """
    if window < 1:
        raise ValueError(f"window: {window} tokens; give 1 or more")
    codes = np.unique(np.asarray(terms, dtype=object), return_inverse=True)[1]
    if len(codes) < window:
        return float("nan")
    # A token is new to the windows that start after its term's last occurrence: count those windows.
    order = np.argsort(codes, kind="stable")
    same = codes[order][1:] == codes[order][:-1]
    last = np.full(len(codes), -1)
    last[order[1:][same]] = order[:-1][same]
    at = np.arange(len(codes))
    first_window = np.maximum(np.maximum(last + 1, at - window + 1), 0)
    last_window = np.minimum(at, len(codes) - window)
    return float(np.maximum(last_window - first_window + 1, 0).sum() / window / (len(codes) - window + 1))


def mtld(terms: Sequence, threshold: float = 0.72) -> float:
    """Measure of textual lexical diversity: mean tokens until the type-token ratio falls below ``threshold``.

    The mean of the values read forwards and backwards; a stretch ends when the ratio is strictly below
    the threshold, and what is left at the end counts as part of a stretch. McCarthy and Jarvis (2010).
    Not a number where the ratio never falls, as in a text without a repeated term.

    >>> round(mtld("test text with some text numbers hyphenhere and text punctuations".split()), 1)
    14.0
    """
    one_way = [_mtld_one_way(sequence, threshold) for sequence in (list(terms), list(terms)[::-1])]
    return float(np.mean(one_way))


def _mtld_one_way(terms: list, threshold: float) -> float:
    factors, tokens, seen = 0.0, 0, set()
    for term in terms:
        tokens += 1
        seen.add(term)
        if len(seen) / tokens < threshold:
            factors, tokens, seen = factors + 1, 0, set()
    if tokens:
        factors += (1 - len(seen) / tokens) / (1 - threshold)
    return len(terms) / factors if factors else float("nan")


# Keyness: ``a`` and ``b`` are a term's counts in target and reference, ``n_target`` and ``n_reference`` the
# sizes of the two in tokens. Numbers or arrays; the shapes broadcast.

ZERO = 0.5
"""Stands for a count of 0 in ratios, so that a term of one corpus only stays finite (Hardie 2014)."""


def log_likelihood(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """G², four-term (Dunning 1993): evidence of any difference, unsigned; 0 where the rates are equal.

    The word *war* in American (AmE06) and British English (BE06), Brezina (2018), ch. 3:

    >>> round(float(log_likelihood(620, 267, 1_017_879, 1_007_532)), 3)
    140.925
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    return association_g2(a, n_target, a + b, n_target + n_reference)


def log_likelihood_two_term(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """G², two-term (Rayson and Garside 2000): the terms of the word alone, as in the UCREL wizard.

    >>> round(float(log_likelihood_two_term(620, 267, 1_017_879, 1_007_532)), 2)
    140.87
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    rate = (a + b) / (n_target + n_reference)
    return np.maximum(2 * (_o_log_o_e(a, rate * n_target) + _o_log_o_e(b, rate * n_reference)), 0)


def bic(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """Bayesian information criterion: two-term G² less ln of both sizes (UCREL wizard); above 10 is strong.

    >>> round(float(bic(620, 267, 1_017_879, 1_007_532)), 2)
    126.34
    """
    g2 = log_likelihood_two_term(a, b, n_target, n_reference)
    return g2 - np.log(np.asarray(n_target, float) + np.asarray(n_reference, float))


def log_ratio(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """How many times more frequent in the target, in doublings (Hardie 2014); below 0 in the reference.

    >>> round(float(log_ratio(620, 267, 1_017_879, 1_007_532)), 1)
    1.2
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    return np.log2(np.maximum(a, ZERO) / n_target) - np.log2(np.maximum(b, ZERO) / n_reference)


def log_ratio_interval(
    a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Low and high end of the log ratio: counting error within these texts only, as if tokens fell singly.

    Given a + b tokens, a is binomial, and its exact interval (Clopper and Pearson 1934) is turned into
    a ratio of rates, as Evert (2022) does. A count of 0 gives a one-sided bound at this level, the other
    end infinite.

    >>> [round(float(end), 2) for end in log_ratio_interval(620, 267, 1_017_879, 1_007_532)]
    [0.99, 1.41]
    """
    a, b, n_target, n_reference = np.broadcast_arrays(*_floats(a, b, n_target, n_reference))
    tail = np.where((a == 0) | (b == 0), 1 - level, (1 - level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = [share / (1 - share) for share in (betaincinv(a, b + 1, tail), betaincinv(a + 1, b, 1 - tail))]
        low, high = (np.log2(odd * n_reference / n_target) for odd in odds)
    return np.where(a == 0, -np.inf, low), np.where(b == 0, np.inf, high)


def conservative_log_ratio(
    a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike, family: int = 1
) -> np.ndarray:
    """Evert's LRC (2022): the end of the 95 % interval that is nearer to 0; 0 where it spans 0.

    ``family`` is the number of terms looked at; the interval is widened by it (Bonferroni).

    >>> round(float(conservative_log_ratio(620, 267, 1_017_879, 1_007_532)), 4)
    0.9914
    """
    a, b, n_target, n_reference = np.broadcast_arrays(*_floats(a, b, n_target, n_reference))
    # Evert halves the tail for a count of 0 too, so the level asked for is that of two sides.
    level = np.where((a == 0) | (b == 0), 1 - 0.025 / family, 1 - 0.05 / family)
    low, high = log_ratio_interval(a, b, n_target, n_reference, level)
    return np.where(low > 0, low, np.where(high < 0, high, 0))


def percent_difference(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """%DIFF (Gabrielatos and Marchi 2011): difference of the rates in per cent of the reference's; blank at b = 0.

    >>> round(float(percent_difference(620, 267, 1_017_879, 1_007_532)), 2)
    129.85
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b == 0, np.nan, 100 * (a / n_target * n_reference / b - 1))


def odds_ratio(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike) -> np.ndarray:
    """Odds of the word in the target over its odds in the reference; 0.5 stands for a count of 0.

    >>> round(float(odds_ratio(620, 267, 1_017_879, 1_007_532)), 4)
    2.2993
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    a, b = np.maximum(a, ZERO), np.maximum(b, ZERO)
    return (a / (n_target - a)) / (b / (n_reference - b))


def simple_maths(a: ArrayLike, b: ArrayLike, n_target: ArrayLike, n_reference: ArrayLike, k: float = 1) -> np.ndarray:
    """Ratio of the rates per million, ``k`` added to both (Kilgarriff 2009); a larger k favours frequent words.

    The word *shard* in the BNC and in ukWaC, from the Sketch Engine's documentation:

    >>> round(float(simple_maths(35, 263, 112_289_776, 1_559_716_979)), 4)
    1.1224
    """
    a, b, n_target, n_reference = _floats(a, b, n_target, n_reference)
    return (a / n_target * 1e6 + k) / (b / n_reference * 1e6 + k)


# Association of two words: ``o11`` is the count of both, ``f1`` and ``f2`` those of each, ``n`` the size.


def association_g2(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """G², four-term, of a 2×2 table, unsigned. Dunning (1993), the pair of his table:

    >>> round(float(association_g2(110, 2552, 221, 31777)), 2)
    270.72
    """
    observed, expected = _cells(o11, f1, f2, n)
    return np.maximum(2 * sum(_o_log_o_e(o, e) for o, e in zip(observed, expected, strict=True)), 0)


def chi_square(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """Pearson's chi-square of a 2×2 table, without correction. Manning and Schütze (1999), *new companies*:

    >>> round(float(chi_square(8, 15828, 4675, 14307668)), 2)
    1.55
    """
    observed, expected = _cells(o11, f1, f2, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(e > 0, (o - e) ** 2 / e, 0) for o, e in zip(observed, expected, strict=True)]
    return sum(parts)


def mutual_information(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """Pointwise mutual information in bits: log2 of observed over expected; minus infinity at 0.

    >>> round(float(mutual_information(20, 42, 20, 14307668)), 2)
    18.38
    """
    o11, f1, f2, n = _floats(o11, f1, f2, n)
    with np.errstate(divide="ignore"):
        return np.log2(o11) - np.log2(f1) - np.log2(f2) + np.log2(n)


def mutual_information_cubed(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """MI3 (Daille 1994): MI with the observed count cubed, which favours frequent pairs.

    >>> float(mutual_information_cubed(4, 8, 8, 64))
    6.0
    """
    with np.errstate(divide="ignore"):
        return mutual_information(o11, f1, f2, n) + 2 * np.log2(np.asarray(o11, float))


def npmi(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """MI divided by its maximum, from -1 (never together) to 1 (only together). Bouma (2009).

    >>> [float(npmi(o11, 10, 10, 100)) for o11 in (10, 1, 0)]
    [1.0, 0.0, -1.0]
    """
    o11, f1, f2, n = _floats(o11, f1, f2, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = mutual_information(o11, f1, f2, n) / (np.log2(n) - np.log2(o11))
    return np.where(o11 == 0, -1.0, np.where(o11 == n, 1.0, value))


def t_score(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> np.ndarray:
    """Observed less expected, over the root of observed (Church et al. 1991). *New companies*:

    >>> round(float(t_score(8, 15828, 4675, 14307668)), 6)
    0.999932
    """
    o11, f1, f2, n = _floats(o11, f1, f2, n)
    with np.errstate(divide="ignore"):
        return (o11 - f1 * f2 / n) / np.sqrt(o11)


def log_dice(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike) -> np.ndarray:
    """14 + log2 of the Dice coefficient (Rychlý 2008): at most 14, whatever the size of the corpus.

    >>> float(log_dice(10, 10, 10)), float(log_dice(10, 20, 20))
    (14.0, 13.0)
    """
    o11, f1, f2 = _floats(o11, f1, f2)
    with np.errstate(divide="ignore"):
        return 14 + np.log2(2 * o11 / (f1 + f2))


def delta_p(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """ΔP of word 2 given word 1, and of word 1 given word 2: what one adds to the chance of the other (Gries 2013).

    >>> [round(float(value), 3) for value in delta_p(5, 10, 20, 100)]
    [0.333, 0.188]
    """
    o11, f1, f2, n = _floats(o11, f1, f2, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return o11 / f1 - (f2 - o11) / (n - f1), o11 / f2 - (f1 - o11) / (n - f2)


# Proportions, and many tests at once.


def wilson_interval(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Low and high end of the share k of n (Wilson 1927); never outside 0 to 1. Not a number for n = 0.

    >>> [round(float(end), 4) for end in wilson_interval(19, 100)]
    [0.1251, 0.2778]
    """
    k, n = _floats(k, n)
    z = ndtri((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (k + z**2 / 2) / (n + z**2)
        half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def benjamini_hochberg(p: ArrayLike) -> np.ndarray:
    """p adjusted so that of the terms called different the stated share is false (1995). Blanks stay blank.

    >>> benjamini_hochberg([0.01, 0.02, float("nan"), 0.5]).round(3).tolist()
    [0.03, 0.03, nan, 0.5]
    """
    return _adjusted(p, false_discovery_control)


def holm(p: ArrayLike) -> np.ndarray:
    """p adjusted so that at the stated level no term at all is called different falsely (Holm 1979). Blanks stay.

    >>> holm([0.01, 0.02, float("nan"), 0.5]).round(3).tolist()
    [0.03, 0.04, nan, 0.5]
    """

    def stepped(given: np.ndarray) -> np.ndarray:
        order = np.argsort(given)
        steps = np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1))
        return np.minimum(steps, 1)[np.argsort(order)]

    return _adjusted(p, stepped)


def _adjusted(p: ArrayLike, adjust: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    p = np.asarray(p, float).copy()
    tested = ~np.isnan(p)
    if tested.any():
        p[tested] = adjust(p[tested])
    return p


def _floats(*values: ArrayLike) -> list[np.ndarray]:
    return [np.asarray(value, float) for value in values]


def _o_log_o_e(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return xlogy(observed, np.divide(observed, expected, out=np.ones_like(observed * expected), where=expected > 0))


def _cells(o11: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> tuple[list, list]:
    """Observed and expected counts of the four cells."""
    o11, f1, f2, n = _floats(o11, f1, f2, n)
    observed = [o11, f1 - o11, f2 - o11, n - f1 - f2 + o11]
    expected = [f1 * f2 / n, f1 * (n - f2) / n, (n - f1) * f2 / n, (n - f1) * (n - f2) / n]
    return observed, expected
