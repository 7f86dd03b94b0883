"""Measures: numbers in, numbers out. Nothing here knows of files, articles or tables.

Each is vectorised, names its variant and its source, and shows its published worked example.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlog1py, xlogy

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
