"""Whole articles shuffled, drawn again, or left out: numbers -> numbers.

``counts``, dense or sparse, has a row per term and a column per article, ``sizes`` the articles'
lengths in tokens, and ``target`` is True for the articles of the target. Articles are the units
throughout: words within an article come together, so shuffling words would find differences
everywhere.
"""

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from utils.stats import measures as m

ENUMERATED = 10_000  # splits; more are sampled
FEWEST_ARTICLES = 10  # in each group, for a bootstrap of articles
_BATCH = 500  # random splits at a time
_BLOCK = 2_000_000  # numbers held at a time


class Resampling(NamedTuple):
    """How p is found: random splits where not all can be made, their seed, and p's adjustment."""

    repeats: int = 9999
    seed: int = 0
    adjustment: str = "benjamini_hochberg"


DEFAULT = Resampling()


def smallest_p(target: ndarray) -> float:
    """The smallest p that a permutation of so many articles can give, however large the difference.

    Three articles against two can be split in ten ways, so nothing can be rarer than one in ten:

    >>> smallest_p(np.array([True, True, True, False, False]))
    0.1
    """
    # A split into halves and its mirror image have the same absolute log ratio.
    as_large = 2 if 2 * np.sum(target) == len(target) else 1
    return as_large / _ways(target)


def permutation_p(
    counts: ndarray, sizes: ndarray, target: ndarray, repeats: int = 9999, seed: int = 0
) -> ndarray:
    """p of each term's absolute log ratio among other splits of the articles.

    The splits keep the number of articles in each group. Up to 10,000 are enumerated, and p is the
    share that reaches the observed value, the observed split included. Of more, ``repeats`` are
    drawn, and p = (b + 1) / (repeats + 1).
    """
    observed = _abs_log_ratio(counts, sizes, target[None])
    reached = np.zeros(counts.shape[0], np.int64)
    for chosen in _splits(target, repeats, seed):
        splits = np.zeros((len(chosen), len(target)))
        np.put_along_axis(splits, chosen, 1, axis=1)
        for rows in blocks(counts, len(splits)):
            others = _abs_log_ratio(counts[rows], sizes, splits)
            reached[rows] += (others >= observed[rows] - 1e-9).sum(axis=1)
    if _ways(target) <= ENUMERATED:
        return reached / _ways(target)
    return (reached + 1) / (repeats + 1)


def bootstrap_interval(
    counts: ndarray, sizes: ndarray, target: ndarray, repeats: int = 2000, seed: int = 0
) -> tuple[ndarray, ndarray]:
    """Middle 95 % of each term's log ratio when articles are drawn again within each group."""
    random = np.random.default_rng(seed)
    drawn = np.zeros((repeats, len(target)))
    for group in (target, ~target):
        size = int(group.sum())
        drawn[:, group] = random.multinomial(size, np.full(size, 1 / size), repeats)
    inside = drawn * target
    outside = drawn * ~target
    ends = np.empty((2, counts.shape[0]))
    for rows in blocks(counts, repeats):
        a = counts[rows] @ inside.T
        b = counts[rows] @ outside.T
        ratios = m.log_ratio(a, b, inside @ sizes, outside @ sizes)
        ends[:, rows] = np.quantile(ratios, [0.025, 0.975], axis=1)
    return ends[0], ends[1]


def leave_one_out(counts: ndarray, sizes: ndarray, target: ndarray) -> ndarray:
    """Log ratio of each term (rows) without each article (columns).

    NaN where a group would be empty.
    """
    n_target = _without_each(sizes * target)
    n_reference = _without_each(sizes * ~target)
    a = _without_each(counts * target)
    b = _without_each(counts * ~target)
    ratios = m.log_ratio(a, b, n_target, n_reference)
    return np.where((n_target > 0) & (n_reference > 0), ratios, np.nan)


def blocks(counts: ndarray, width: int) -> list[slice]:
    """Rows of ``counts`` in slices, so that ``width`` numbers for each row fit in memory."""
    step = max(_BLOCK // max(width, 1), 1)
    return [slice(low, low + step) for low in range(0, counts.shape[0], step)]


def _without_each(numbers: ndarray) -> ndarray:
    return numbers.sum(axis=-1, keepdims=True) - numbers


def _ways(target: ndarray) -> int:
    return comb(len(target), int(np.sum(target)))


def _splits(target: ndarray, repeats: int, seed: int) -> Iterator[ndarray]:
    """Splits in batches, a row of chosen articles each: all of them, or ``repeats`` at random."""
    articles = len(target)
    chosen = int(np.sum(target))
    if _ways(target) <= ENUMERATED:
        yield np.array(list(combinations(range(articles), chosen)))
        return
    random = np.random.default_rng(seed)
    for low in range(0, repeats, _BATCH):
        shuffled = np.argsort(random.random((min(_BATCH, repeats - low), articles)), axis=1)
        yield shuffled[:, :chosen]


def _abs_log_ratio(counts: ndarray, sizes: ndarray, splits: ndarray) -> ndarray:
    a = counts @ splits.T.astype(float)
    n_target = splits @ sizes
    b = counts.sum(axis=1)[:, None] - a
    return np.abs(m.log_ratio(a, b, n_target, sizes.sum() - n_target))
