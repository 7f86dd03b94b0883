"""Whole articles shuffled, drawn again, or left out: numbers -> numbers.

``counts``, dense or sparse, has a row per term and a column per article, ``sizes`` the articles' lengths in tokens, and
``target`` is True for the articles of the target. Articles are the units throughout: words within an
article come together, so shuffling words would find differences everywhere.
"""

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

from utils.stats import measures as m

ENUMERATED = 10_000  # splits; more are sampled
FEWEST_ARTICLES = 10  # in each group, for a bootstrap of articles
_BATCH = 500  # random splits at a time
_BLOCK = 2_000_000  # numbers held at a time


def smallest_p(target: np.ndarray) -> float:
    """The smallest p that a permutation of so many articles can give, however large the difference.

    Three articles against two can be split in ten ways, so nothing can be rarer than one in ten:

    >>> smallest_p(np.array([True, True, True, False, False]))
    0.1
    """
    mirrored = 2 if 2 * np.sum(target) == len(target) else 1  # a split and its mirror image have the same |log ratio|
    return mirrored / _ways(target)


def permutation_p(
    counts: np.ndarray, sizes: np.ndarray, target: np.ndarray, repeats: int = 9999, seed: int = 0
) -> np.ndarray:
    """p of each term's |log ratio| among splits of the articles into groups of the same numbers of articles.

    Up to 10,000 splits are enumerated and p is the share that reaches the observed value, the observed
    split included; beyond that ``repeats`` splits are drawn and p = (b + 1) / (repeats + 1).
    """
    observed, reached, drawn = _abs_log_ratio(counts, sizes, target[None]), np.zeros(counts.shape[0], np.int64), 0
    for splits in _splits(target, repeats, seed):
        drawn += len(splits)
        for rows in _blocks(counts, len(splits)):
            every = _abs_log_ratio(counts[rows], sizes, splits)
            reached[rows] += (every >= observed[rows] - 1e-9).sum(axis=1)
    if _ways(target) <= ENUMERATED:
        return reached / drawn
    return (reached + 1) / (drawn + 1)


def bootstrap_interval(
    counts: np.ndarray, sizes: np.ndarray, target: np.ndarray, repeats: int = 2000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Middle 95 % of each term's log ratio when whole articles are drawn again within each group."""
    random = np.random.default_rng(seed)
    weights = np.zeros((repeats, len(target)))
    for group in (target, ~target):
        size = int(group.sum())
        weights[:, group] = random.multinomial(size, np.full(size, 1 / size), repeats)
    low, high = np.empty((2, counts.shape[0]))
    inside, outside = weights * target, weights * ~target
    for rows in _blocks(counts, repeats):
        a, b = counts[rows] @ inside.T, counts[rows] @ outside.T
        low[rows], high[rows] = np.quantile(m.log_ratio(a, b, inside @ sizes, outside @ sizes), [0.025, 0.975], axis=1)
    return low, high


def leave_one_out(counts: np.ndarray, sizes: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Log ratio of each term (rows) without each article (columns); blank where a group would be empty."""
    inside, outside = counts * target, counts * ~target
    a, b = inside.sum(axis=1)[:, None] - inside, outside.sum(axis=1)[:, None] - outside
    n_target, n_reference = sizes @ target - sizes * target, sizes @ ~target - sizes * ~target
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = m.log_ratio(a, b, n_target, n_reference)
    return np.where((n_target > 0) & (n_reference > 0), ratios, np.nan)


def _ways(target: np.ndarray) -> int:
    return comb(len(target), int(np.sum(target)))


def _splits(target: np.ndarray, repeats: int, seed: int) -> Iterator[np.ndarray]:
    """Splits in batches, a row of ones and zeros each: every one there is, or ``repeats`` drawn at random."""
    n, k = len(target), int(np.sum(target))
    random, every = np.random.default_rng(seed), combinations(range(n), k)
    for low in range(0, repeats, _BATCH) if _ways(target) > ENUMERATED else [0]:
        drawn = np.argsort(random.random((min(_BATCH, repeats - low), n)), axis=1)[:, :k]
        chosen = np.array(list(every)) if _ways(target) <= ENUMERATED else drawn
        splits = np.zeros((len(chosen), n))
        np.put_along_axis(splits, chosen, 1, axis=1)
        yield splits


def _abs_log_ratio(counts: np.ndarray, sizes: np.ndarray, splits: np.ndarray) -> np.ndarray:
    a, n_target = counts @ splits.T.astype(float), splits @ sizes
    return np.abs(m.log_ratio(a, counts.sum(axis=1)[:, None] - a, n_target, sizes.sum() - n_target))


def _blocks(counts: np.ndarray, width: int) -> list[slice]:
    step = max(_BLOCK // max(width, 1), 1)
    return [slice(low, low + step) for low in range(0, counts.shape[0], step)]
