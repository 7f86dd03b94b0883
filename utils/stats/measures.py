"""Measures: numbers in, numbers out. Nothing here knows of files, articles or tables.

Each measure is vectorised, names its variant and its source, and shows its published worked
example. ``measures.csv`` lists them all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import wraps

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaln, ndtri, xlog1py, xlogy
from scipy.stats import false_discovery_control, hypergeom, mannwhitneyu


def vectorised(measure: Callable) -> Callable:
    """The measure with its arguments as arrays of floats, and without division warnings."""

    @wraps(measure)
    def on_arrays(*numbers, **options):
        arrays = [np.asarray(number, float) for number in numbers]
        named = {name: np.asarray(option, float) for name, option in options.items()}
        with np.errstate(divide="ignore", invalid="ignore"):
            return measure(*arrays, **named)

    return on_arrays


# Dispersion: ``v`` holds a term's counts, one for each part along the last axis, and ``sizes`` the
# sizes of the parts in tokens. A term that does not occur gives "not a number". Parts without the
# term may be left out of both, if ``text`` has the sizes of all.


def _of_parts(measure):
    """The measure, which takes the parts that it is given for all where it is not told of more."""

    @vectorised
    @wraps(measure)
    def of_parts(v, sizes, text=None):
        return measure(v, sizes, sizes if text is None else text)

    of_parts.takes_parts = True
    return of_parts


@_of_parts
def dp(v, sizes, text=None) -> ndarray:
    """Gries's deviation of proportions: 0 for an even spread, near 1 for one small part.

    Half the summed distance between the shares of the term and of the text, which is 1 less the
    sum of the smaller share of each part. Gries (2008), the word *a* of his toy corpus:

    >>> round(float(dp([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 2)
    0.18
    """
    return 1 - np.minimum(_shares(v), sizes / text.sum()).sum(axis=-1)


@_of_parts
def dp_norm(v, sizes, text=None) -> ndarray:
    """DP divided by the largest value it can take for these parts. Lijffijt and Gries (2012).

    >>> float(dp_norm([2, 1, 0], [1, 1, 1]))
    0.5
    """
    return dp(v, sizes, text) / (1 - _shares(text[text > 0]).min())


@vectorised
def dp_expected(frequency, sizes) -> ndarray:
    """Mean DP of a term whose tokens fall at random over parts of these sizes, for each frequency.

    Each part's count is binomial, and half the mean absolute deviation of its share, summed over
    the parts, is the mean DP (de Moivre's formula; Diaconis and Zabell 1991). A single token in two
    equal halves is always half a share away:

    >>> float(dp_expected(1, [10, 10]))
    0.5
    """
    n = frequency[..., None]
    _, first, number = np.unique(sizes, return_index=True, return_counts=True)
    order = np.argsort(first)
    p = (sizes[first] / sizes.sum())[order]
    m = np.minimum(np.floor(n * p) + 1, n)
    log_ways = gammaln(n + 1) - gammaln(m + 1) - gammaln(n - m + 1)
    deviation = 2 * m * np.exp(log_ways + xlogy(m, p) + xlog1py(n - m + 1, -p))
    return (np.where(p < 1, deviation, 0) * number[order]).sum(axis=-1) / (2 * frequency)


@_of_parts
def juilland_d(v, sizes, text=None) -> ndarray:
    """Juilland's D of the parts' rates, with the population standard deviation.

    It is 1 for an even spread and 0 for one part.

    >>> round(float(juilland_d([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 3)
    0.785
    """
    rates = v / sizes
    parts = np.count_nonzero(text)
    mean = rates.sum(axis=-1) / parts
    others = (parts - rates.shape[-1]) * mean**2
    variance = (((rates - mean[..., None]) ** 2).sum(axis=-1) + others) / parts
    return 1 - np.sqrt(variance) / mean / np.sqrt(parts - 1)


@_of_parts
def carroll_d2(v, sizes, text=None) -> ndarray:
    """Carroll's D2 (1970): entropy of the parts' rates over its maximum; 1 even, 0 in one part.

    >>> round(float(carroll_d2([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 3)
    0.938
    """
    rates = _shares(v / sizes)
    return -xlogy(rates, rates).sum(axis=-1) / np.log(np.count_nonzero(text))


@_of_parts
def rosengren_s(v, sizes, text=None) -> ndarray:
    """Rosengren's S, for parts of unequal size: 1 even, down to the smallest part's share.

    >>> round(float(rosengren_s([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 2)
    0.95
    """
    return np.sqrt(v * (sizes / text.sum())).sum(axis=-1) ** 2 / v.sum(axis=-1)


@_of_parts
def kl_divergence(v, sizes, text=None) -> ndarray:
    """Divergence of the term's shares in the parts from the text's, in bits: 0 for an even spread.

    Kullback and Leibler's; Gries (2020) takes it as a measure of dispersion.

    >>> round(float(kl_divergence([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 3)
    0.137
    """
    shares = _shares(v)
    return xlogy(shares, shares / (sizes / text.sum())).sum(axis=-1) / np.log(2)


def average_reduced_frequency(places: ArrayLike, size: int) -> float:
    """Frequency with tokens that come close together counted as less than one each.

    ``places`` are the rows of a term's tokens, in order, in a text of ``size`` tokens; the text is
    taken as a circle. A term that is spread evenly keeps its frequency, and one whose tokens all
    come together has 1. Savický and Hlaváčová (2002).

    >>> round(average_reduced_frequency([0, 1, 5], 10), 3)
    2.3
    """
    reach = size / len(places)
    distances = np.diff(places, append=places[0] + size)
    return float(np.minimum(distances, reach).sum() / reach)


def _shares(counts):
    return counts / counts.sum(axis=-1, keepdims=True)


# Diversity of a sequence of terms.


def mattr(terms: Sequence, window: int) -> float:
    """Mean share of distinct terms in every window of so many tokens; NaN for a shorter text.

    Covington and McFall (2010), moving-average type-token ratio. Raises ``ValueError`` for a window
    below 1.

    >>> mattr("test text with some text numbers hyphenhere and text punctuations".split(), 5)
    0.9
    """
    if window < 1:
        raise ValueError(f"window: {window} tokens; give 1 or more")
    windows = len(terms) - window + 1
    if windows < 1:
        return float("nan")
    # A token is new to the windows that start after its term's last occurrence: count those.
    last_seen = {}
    new = 0
    for row, term in enumerate(terms):
        first_window = max(last_seen.get(term, -1) + 1, row - window + 1)
        new += max(min(row, windows - 1) - first_window + 1, 0)
        last_seen[term] = row
    return new / window / windows


def mtld(terms: Sequence, threshold: float = 0.72) -> float:
    """Mean tokens until the type-token ratio falls below ``threshold``, read in both directions.

    McCarthy and Jarvis (2010), measure of textual lexical diversity. A stretch ends when the ratio
    is strictly below the threshold; what is left at the end counts as part of a stretch. NaN where
    the ratio never falls, as in a text without a repeated term.

    >>> round(mtld("test text with some text numbers hyphenhere and text punctuations".split()), 1)
    14.0
    """
    forwards = list(terms)
    return (_mtld_one_way(forwards, threshold) + _mtld_one_way(forwards[::-1], threshold)) / 2


def hdd(terms: Sequence, sample: int = 42) -> float:
    """Mean share of distinct terms in random samples of so many tokens; NaN for a shorter text.

    McCarthy and Jarvis (2010), HD-D, on the scale of a type-token ratio. It is exact: the
    hypergeometric chance of each term to be in a sample, added up.

    >>> text = "test text with some text numbers hyphenhere and text punctuations"
    >>> round(hdd(text.split(), 5), 3)
    0.883
    """
    if len(terms) < sample:
        return float("nan")
    frequencies = list(Counter(terms).values())
    return float((1 - hypergeom.pmf(0, len(terms), frequencies, sample)).sum() / sample)


def lexical_density(terms: Sequence, words: Collection) -> float:
    """Share of running words that are none of the function words. Ure (1971); NaN for no text.

    >>> lexical_density("the cat is on the mat now too".split(), {"the", "is", "on", "too", "now"})
    0.25
    """
    return float(np.mean([term not in words for term in terms])) if terms else float("nan")


def _mtld_one_way(terms, threshold):
    stretches = 0.0
    tokens = 0
    types = set()
    for term in terms:
        tokens += 1
        types.add(term)
        if len(types) / tokens < threshold:
            stretches += 1
            tokens = 0
            types = set()
    if tokens:
        stretches += (1 - len(types) / tokens) / (1 - threshold)
    return len(terms) / stretches if stretches else float("nan")


# Keyness: ``a`` and ``b`` are a term's counts in target and reference, ``n_target`` and
# ``n_reference`` the sizes of the two in tokens. Numbers or arrays; the shapes broadcast.

ZERO = 0.5
"""Replaces a count of 0 in ratios, so that a term of one corpus only stays finite (Hardie 2014)."""


@vectorised
def log_likelihood(a, b, n_target, n_reference) -> ndarray:
    """G², four-term (Dunning 1993): evidence of any difference, unsigned; 0 for equal rates.

    The word *war* in American (AmE06) and British English (BE06), Brezina (2018), ch. 3:

    >>> round(float(log_likelihood(620, 267, 1_017_879, 1_007_532)), 3)
    140.925
    """
    return association_g2(a, n_target, a + b, n_target + n_reference)


@vectorised
def log_likelihood_two_term(a, b, n_target, n_reference) -> ndarray:
    """G², two-term (Rayson and Garside 2000): the terms of the word alone, as in the UCREL wizard.

    >>> round(float(log_likelihood_two_term(620, 267, 1_017_879, 1_007_532)), 2)
    140.87
    """
    rate = (a + b) / (n_target + n_reference)
    return _g2([a, b], [rate * n_target, rate * n_reference])


@vectorised
def bic(a, b, n_target, n_reference) -> ndarray:
    """Bayesian information criterion: two-term G² less ln of both sizes; above 10 is strong.

    As in the UCREL wizard.

    >>> round(float(bic(620, 267, 1_017_879, 1_007_532)), 2)
    126.34
    """
    g2 = log_likelihood_two_term(a, b, n_target, n_reference)
    return g2 - np.log(n_target + n_reference)


@vectorised
def log_ratio(a, b, n_target, n_reference) -> ndarray:
    """Doublings from the rate in the reference to that in the target (Hardie 2014).

    >>> round(float(log_ratio(620, 267, 1_017_879, 1_007_532)), 1)
    1.2
    """
    return np.log2(np.maximum(a, ZERO) / n_target) - np.log2(np.maximum(b, ZERO) / n_reference)


@vectorised
def log_ratio_interval(a, b, n_target, n_reference, level=0.95) -> tuple[ndarray, ndarray]:
    """Low and high end of the log ratio: counting error within these texts only.

    Given a + b tokens, a is binomial, as if tokens fell singly. Its exact interval (Clopper and
    Pearson 1934) is turned into a ratio of rates, as Evert (2022) does. A count of 0 gives a
    one-sided bound at this level, the other end infinite.

    >>> [round(float(end), 2) for end in log_ratio_interval(620, 267, 1_017_879, 1_007_532)]
    [0.99, 1.41]
    """
    tail = np.where((a == 0) | (b == 0), 1 - level, (1 - level) / 2)
    low = betaincinv(a, b + 1, tail)
    high = betaincinv(a + 1, b, 1 - tail)
    low_ratio = np.log2(low / (1 - low) * n_reference / n_target)
    high_ratio = np.log2(high / (1 - high) * n_reference / n_target)
    return np.where(a == 0, -np.inf, low_ratio), np.where(b == 0, np.inf, high_ratio)


@vectorised
def conservative_log_ratio(a, b, n_target, n_reference, family=1) -> ndarray:
    """Evert's LRC (2022): the end of the 95 % interval that is nearer to 0; 0 where it spans 0.

    ``family`` is the number of terms looked at; the interval is widened by it (Bonferroni).

    >>> round(float(conservative_log_ratio(620, 267, 1_017_879, 1_007_532)), 4)
    0.9914
    """
    # Evert halves the tail for a count of 0 too, so the level asked for is that of two sides.
    level = np.where((a == 0) | (b == 0), 1 - 0.025 / family, 1 - 0.05 / family)
    low, high = log_ratio_interval(a, b, n_target, n_reference, level)
    return np.where(low > 0, low, np.minimum(high, 0))


@vectorised
def percent_difference(a, b, n_target, n_reference) -> ndarray:
    """%DIFF: the difference of the rates in per cent of the reference's; NaN where b is 0.

    Gabrielatos and Marchi (2011).

    >>> round(float(percent_difference(620, 267, 1_017_879, 1_007_532)), 2)
    129.85
    """
    return np.where(b == 0, np.nan, 100 * (a / n_target * n_reference / b - 1))


@vectorised
def odds_ratio(a, b, n_target, n_reference) -> ndarray:
    """Odds of the word in the target over its odds in the reference; 0.5 replaces a count of 0.

    >>> round(float(odds_ratio(620, 267, 1_017_879, 1_007_532)), 4)
    2.2993
    """
    in_target = np.maximum(a, ZERO)
    in_reference = np.maximum(b, ZERO)
    return in_target / (n_target - in_target) / (in_reference / (n_reference - in_reference))


@vectorised
def simple_maths(a, b, n_target, n_reference, k=1) -> ndarray:
    """Ratio of the rates per million with ``k`` added to both; a larger k favours frequent words.

    Kilgarriff (2009). The word *shard* in the BNC and in ukWaC, from the Sketch Engine's
    documentation:

    >>> round(float(simple_maths(35, 263, 112_289_776, 1_559_716_979)), 4)
    1.1224
    """
    return (a / n_target * 1e6 + k) / (b / n_reference * 1e6 + k)


@vectorised
def kl_contribution(a, b, n_target, n_reference) -> ndarray:
    """What the term adds to the divergence of the target from the reference, in bits.

    Kullback and Leibler's divergence is the sum over all terms (Fankhauser, Knappen and Teich
    2014). 0.5 replaces a count of 0 in the reference.

    >>> float(kl_contribution(1, 1, 2, 4))
    0.5
    """
    rate = a / n_target
    return xlogy(rate, rate / (np.maximum(b, ZERO) / n_reference)) / np.log(2)


@vectorised
def log_odds(a, b, n_target, n_reference, prior=None) -> ndarray:
    """Log odds ratio with an informative Dirichlet prior, in standard errors (z).

    Monroe, Colaresi and Quinn (2008). ``prior`` holds a count for each term of the arrays; without
    one it is what both groups together have.

    >>> round(float(log_odds(3, 1, 10, 10)), 4)
    0.717
    """
    size = n_target + n_reference
    if prior is None:
        prior = a + b
    else:
        size = prior.sum()
    a = a + prior
    b = b + prior
    odds = np.log(a / (n_target + size - a)) - np.log(b / (n_reference + size - b))
    return odds / np.sqrt(1 / a + 1 / b)


@vectorised
def mann_whitney(v, sizes, target) -> ndarray:
    """p of the Wilcoxon rank-sum test of a term's rates in the articles, both directions.

    ``v`` has counts by article along its last axis, and ``target`` is 1 for those of the target.
    Mann and Whitney (1947), by SciPy: normal approximation corrected for ties and continuity.

    >>> round(float(mann_whitney([12, 15, 18, 24, 88, 3, 3, 13], [100] * 8, [1] * 5 + [0] * 3)), 3)
    0.072
    """
    rates = v / np.maximum(sizes, 1)  # an article may be empty
    groups = (rates[..., target == 1], rates[..., target == 0])
    p = mannwhitneyu(*groups, axis=-1, method="asymptotic").pvalue
    return np.where(np.isnan(p), 1, p)  # all rates are equal


# Association of two words: ``o11`` is the count of both, ``f1`` and ``f2`` are those of each, and
# ``n`` is the size.


@vectorised
def association_g2(o11, f1, f2, n) -> ndarray:
    """G², four-term, of a 2×2 table, unsigned. Dunning (1993), the pair of his table:

    >>> round(float(association_g2(110, 2552, 221, 31777)), 2)
    270.72
    """
    return _g2(*_cells(o11, f1, f2, n))


@vectorised
def chi_square(o11, f1, f2, n) -> ndarray:
    """Pearson's chi-square of a 2×2 table, without correction.

    Manning and Schütze (1999), *new companies*:

    >>> round(float(chi_square(8, 15828, 4675, 14307668)), 2)
    1.55
    """
    cells = zip(*_cells(o11, f1, f2, n), strict=True)
    return sum(np.where(e > 0, (o - e) ** 2 / e, 0) for o, e in cells)


@vectorised
def fisher_exact(o11, f1, f2, n) -> ndarray:
    """Fisher's exact p of a 2×2 table, both directions.

    It is the hypergeometric probability of all tables that are no more probable than this one, as
    SciPy and R have it. Pedersen (1996):

    >>> round(float(fisher_exact(1, 4, 4, 8)), 3)
    0.486
    """
    tables = np.stack(np.broadcast_arrays(o11, f1, f2, n), axis=-1)
    # Few tables are different, and SciPy is slow where n is below 100,000.
    different, which = _different_rows(tables.reshape(-1, 4))
    o11, f1, f2, n = different.T
    bar = _log_probability(o11, f1, f2, n) + 1e-7  # equal ones may differ in the last digit
    middle = np.floor((f1 + 1) * (f2 + 1) / (n + 2))
    low = _first_below(bar, middle + 1, np.maximum(f1 + f2 - n, 0) - 1, (f1, f2, n))
    high = _first_below(bar, middle - 1, np.minimum(f1, f2) + 1, (f1, f2, n))
    p = hypergeom.cdf(low, n, f1, f2) + hypergeom.sf(high - 1, n, f1, f2)
    return np.minimum(p, 1)[which].reshape(tables.shape[:-1])


def _different_rows(tables):
    """The rows without repetition, and which of these each row is; ten times as fast as NumPy's."""
    order = np.lexsort(tables.T)
    new = np.ones(len(tables), bool)
    new[1:] = (tables[order[1:]] != tables[order[:-1]]).any(axis=1)
    which = np.zeros(len(tables), int)
    which[order] = np.cumsum(new) - 1
    return tables[order[new]], which


def _log_probability(o11, f1, f2, n):
    """Log of a table's hypergeometric probability, but for what tables of equal sums share."""
    cells = (o11, f1 - o11, f2 - o11, n - f1 - f2 + o11)
    return -sum(gammaln(cell + 1) for cell in cells)


def _first_below(bar, start, end, sums):
    """The first count after ``start``, towards ``end``, whose probability is ``bar`` or less."""
    while (np.abs(start - end) > 1).any():
        between = np.trunc((start + end) / 2)
        below = _log_probability(between, *sums) <= bar
        start = np.where(below, start, between)
        end = np.where(below, between, end)
    return end


@vectorised
def mutual_information(o11, f1, f2, n) -> ndarray:
    """Pointwise mutual information in bits: log2 of observed over expected; minus infinity at 0.

    >>> round(float(mutual_information(20, 42, 20, 14307668)), 2)
    18.38
    """
    return np.log2(o11) - np.log2(f1) - np.log2(f2) + np.log2(n)


@vectorised
def mutual_information_cubed(o11, f1, f2, n) -> ndarray:
    """MI3 (Daille 1994): MI with the observed count cubed, which favours frequent pairs.

    >>> float(mutual_information_cubed(4, 8, 8, 64))
    6.0
    """
    return mutual_information(o11, f1, f2, n) + 2 * np.log2(o11)


@vectorised
def npmi(o11, f1, f2, n) -> ndarray:
    """MI divided by its maximum, from -1 (never together) to 1 (only together). Bouma (2009).

    >>> [float(npmi(o11, 10, 10, 100)) for o11 in (10, 1, 0)]
    [1.0, 0.0, -1.0]
    """
    value = mutual_information(o11, f1, f2, n) / (np.log2(n) - np.log2(o11))
    return np.where(o11 == 0, -1.0, np.where(o11 == n, 1.0, value))


@vectorised
def t_score(o11, f1, f2, n) -> ndarray:
    """Observed less expected, over the root of observed (Church et al. 1991). *New companies*:

    >>> round(float(t_score(8, 15828, 4675, 14307668)), 6)
    0.999932
    """
    return (o11 - f1 * f2 / n) / np.sqrt(o11)


@vectorised
def log_dice(o11, f1, f2) -> ndarray:
    """14 + log2 of the Dice coefficient (Rychlý 2008): at most 14, whatever the size of the corpus.

    >>> float(log_dice(10, 10, 10)), float(log_dice(10, 20, 20))
    (14.0, 13.0)
    """
    return 14 + np.log2(2 * o11 / (f1 + f2))


@vectorised
def delta_p(o11, f1, f2, n) -> tuple[ndarray, ndarray]:
    """ΔP of word 2 given word 1, and of word 1 given word 2 (Gries 2013).

    It is what one word adds to the probability of the other.

    >>> [round(float(value), 3) for value in delta_p(5, 10, 20, 100)]
    [0.333, 0.188]
    """
    return o11 / f1 - (f2 - o11) / (n - f1), o11 / f2 - (f1 - o11) / (n - f2)


def _cells(o11, f1, f2, n):
    """Observed and expected counts of the four cells."""
    observed = [o11, f1 - o11, f2 - o11, n - f1 - f2 + o11]
    expected = [f1 * f2 / n, f1 * (n - f2) / n, (n - f1) * f2 / n, (n - f1) * (n - f2) / n]
    return observed, expected


def _g2(observed, expected):
    cells = zip(observed, expected, strict=True)
    return np.maximum(2 * sum(xlogy(o, np.where(e > 0, o / e, 1)) for o, e in cells), 0)


# Proportions, and many tests at once.


@vectorised
def wilson_interval(k, n, level=0.95) -> tuple[ndarray, ndarray]:
    """Low and high end of the share k of n (Wilson 1927), never outside 0 to 1; NaN for n = 0.

    >>> [round(float(end), 4) for end in wilson_interval(19, 100)]
    [0.1251, 0.2778]
    """
    z = ndtri((1 + level) / 2)
    middle = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def benjamini_hochberg(p: ArrayLike) -> ndarray:
    """p adjusted so that of the terms called different the stated share is false; NaN stays NaN.

    Benjamini and Hochberg (1995).

    >>> benjamini_hochberg([0.01, 0.02, float("nan"), 0.5]).round(3).tolist()
    [0.03, 0.03, nan, 0.5]
    """
    return _adjust_tested(p, false_discovery_control)


def holm(p: ArrayLike) -> ndarray:
    """p adjusted so that at the stated level no term is called different falsely; NaN stays NaN.

    Holm (1979).

    >>> holm([0.01, 0.02, float("nan"), 0.5]).round(3).tolist()
    [0.03, 0.04, nan, 0.5]
    """
    return _adjust_tested(p, _step_down)


def _step_down(p):
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(steps, 1)[np.argsort(order)]


def _adjust_tested(p, adjust):
    adjusted = np.array(p, float)
    tested = ~np.isnan(adjusted)
    if tested.any():
        adjusted[tested] = adjust(adjusted[tested])
    return adjusted
