"""Whole articles shuffled, drawn again, or left out: numbers -> numbers.

``counts``, dense or sparse, has a row per term and a column per article, ``sizes`` the articles'
lengths in tokens, and ``target`` is True for the articles of the target. Articles are the units
throughout: words within an article come together, so shuffling words would find differences
everywhere.
"""

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
    as_large = 2 if 2 * target.sum() == len(target) else 1
    return as_large / comb(len(target), target.sum())


def permutation_p(
    counts: ndarray, sizes: ndarray, target: ndarray, repeats: int = 9999, seed: int = 0
) -> ndarray:
    """p of each term's absolute log ratio among other splits of the articles.

    The splits keep the number of articles in each group. Up to 10,000 are enumerated, and p is the
    share that reaches the observed value, the observed split included. Of more, ``repeats`` are
    drawn, and p = (b + 1) / (repeats + 1).
    """
    articles = len(target)
    size = target.sum()
    ways = comb(articles, size)
    if ways <= ENUMERATED:
        every = np.array(list(combinations(range(articles), size)))
        return _count_reached(counts, sizes, target, every) / ways
    random = np.random.default_rng(seed)
    reached = 1
    for low in range(0, repeats, _BATCH):
        shuffled = np.argsort(random.random((min(_BATCH, repeats - low), articles)), axis=1)
        reached = reached + _count_reached(counts, sizes, target, shuffled[:, :size])
    return reached / (repeats + 1)


def bootstrap_interval(
    counts: ndarray, sizes: ndarray, target: ndarray, repeats: int = 2000, seed: int = 0
) -> ndarray:
    """Middle 95 % of each term's log ratio when articles are drawn again within each group.

    A row per term with its low and its high end.
    """
    random = np.random.default_rng(seed)
    drawn = np.zeros((repeats, len(target)))
    for group in (target, ~target):
        size = group.sum()
        drawn[:, group] = random.multinomial(size, np.full(size, 1 / size), repeats)
    inside = drawn * target
    outside = drawn * ~target
    ends = []
    for part in blocks(counts, repeats):
        ratios = m.log_ratio(part @ inside.T, part @ outside.T, inside @ sizes, outside @ sizes)
        ends.append(np.quantile(ratios, [0.025, 0.975], axis=1).T)
    return np.concatenate(ends)


def leave_one_out(counts: ndarray, sizes: ndarray, target: ndarray) -> ndarray:
    """Log ratio of each term (rows) without each article (columns); ``counts`` are dense.

    It is minus infinity where the target would be empty, and infinity where the reference would.
    """
    groups = (target, ~target)
    n_target, n_reference = [_without_each(sizes * group) for group in groups]
    a, b = [_without_each(counts * group) for group in groups]
    ratios = m.log_ratio(a, b, n_target, n_reference)
    return np.select([n_target == 0, n_reference == 0], [-np.inf, np.inf], ratios)


def blocks(counts: ndarray, width: int) -> list[ndarray]:
    """``counts`` cut into a few rows each, so that ``width`` numbers for each row fit in memory."""
    step = _BLOCK // (width + 1) + 1
    return [counts[low : low + step] for low in range(0, max(counts.shape[0], 1), step)]


def _without_each(numbers):
    return numbers.sum(axis=-1, keepdims=True) - numbers


def _count_reached(counts, sizes, target, chosen):
    """How many splits, a row of chosen articles each, reach what is observed, for each term."""
    splits = np.zeros((len(chosen), len(target)))
    np.put_along_axis(splits, chosen, 1, axis=1)
    reached = []
    for part in blocks(counts, len(splits)):
        observed = _statistic(part, sizes, target[None])
        reached.append((_statistic(part, sizes, splits) >= observed - 1e-9).sum(axis=1))
    return np.concatenate(reached)


def _statistic(counts, sizes, splits):
    """The absolute log ratio of each term (rows) in each split (columns)."""
    a = counts @ splits.T
    b = counts.sum(axis=1)[:, None] - a
    n_target = splits @ sizes
    return np.abs(m.log_ratio(a, b, n_target, sizes.sum() - n_target))
