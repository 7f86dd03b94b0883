"""Whole articles shuffled, drawn again, or left out: numbers -> numbers.

``counts`` is a sparse table with a row per term and a column per article, ``sizes`` are the
articles' lengths in tokens, and ``target`` is True for the articles of the target. Articles are the
units throughout: words within an article come together, so shuffling words would find differences
everywhere.
"""

from collections.abc import Callable
from copy import copy
from functools import lru_cache, partial
from itertools import combinations, tee
from math import ceil, comb
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from scipy.sparse import csr_array
from scipy.special import bdtr, bdtrc, stdtrit

from utils.corpus.parts import each_of
from utils.stats import measures as m

ALPHA = 0.05
LEVEL = 0.95  # of every interval
ENUMERATED = 10_000  # splits; more are sampled
ENOUGH = 100  # sampled splits that reach what is observed; with so many no more are drawn
SURE = ALPHA / 5  # adjusted p with which no more are drawn, after a thousand at least
FEWEST_DRAWN = 1000
FEW_DRAWN = 10_000_000  # articles, each counted in every sampled split, until a term may be sure
MOST_DRAWN = 100_000_000  # the same, until no more splits are sampled
MANY = 100  # equal articles that a term's tokens are worth: no bootstrap is needed
FEWEST_ARTICLES = 10  # in each group, for a bootstrap of articles
FEWEST_FAVOURED = 3  # articles with the term in the group that has more of it
FEWEST_REPEATS = 3  # tokens that are left without the article that has most of them
_LONGEST = 10  # articles of each group that are left out of every term, with the term or without
_BATCH = 250  # random splits until it is seen which terms need more
_BLOCK = 1_000_000  # numbers held at a time
_MOST_KEPT = 100_000_000  # bytes of what is drawn, which is kept for whoever asks for it next
_EQUAL = {np.dtype(np.float32): 1e-4, np.dtype(float): 1e-9}  # what rounding may change


class Resampling(NamedTuple):
    """How p is found: random splits where not all can be made, their seed, and p's adjustment."""

    repeats: int = 9999
    seed: int = 0
    adjustment: str = "benjamini_hochberg"

    def for_family(self, terms: int, articles: int = 1) -> "Resampling":
        """The same with so many repeats that the smallest p of one of so many terms can pass.

        Of many articles they are no more than can be drawn in a minute; ``keep_conclusive`` says
        what can then be concluded.
        """
        most = MOST_DRAWN // max(articles, 1)
        return self._replace(repeats=max(self.repeats, min(ceil(terms / ALPHA), most)))


DEFAULT = Resampling()


def smallest_p(target: ndarray, repeats: int | None = None) -> float:
    """The smallest p that a permutation of so many articles can give, however large the difference.

    Where splits are sampled, so many ``repeats`` can give no p below one in as many. Three articles
    against two can be split in ten ways, so nothing can be rarer than one in ten:

    >>> smallest_p(np.array([True, True, True, False, False]))
    0.1
    """
    # A split into halves and its mirror image have the same statistic.
    as_large = 2 if 2 * target.sum() == len(target) else 1
    ways = comb(len(target), target.sum())
    return as_large / ways if ways <= ENUMERATED or not repeats else 1 / (repeats + 1)


def terms_needed(target: ndarray, terms: int, repeats: int | None = None) -> int:
    """How many of so many terms must reach the smallest possible p for any to pass the adjustment.

    >>> terms_needed(np.arange(8) < 4, 100)
    58
    """
    return ceil(round(smallest_p(target, repeats) * terms / ALPHA, 6))


def keep_conclusive(
    p: ndarray, target: ndarray, adjust: Callable, repeats: int | None = None
) -> tuple[ndarray, dict]:
    """These p, or blanks where they can conclude nothing; and what a reader is told of it.

    They can where the smallest p that so many articles can give would pass alone, however few of
    their splits are drawn, or where one of those that there are passes. The facts are ``tested``,
    ``splits`` (how many are drawn at most; 0 where all are tried), ``smallest_p``, the number of
    terms that would have to share it for any to pass (``needed``) and that do (``sharing``), and
    the ``level`` of intervals. Four articles against four give 0.029 at least, which 58 of 100
    terms would have to share:

    >>> halves = np.arange(8) < 4
    >>> few, many = [np.where(np.arange(100) < n, smallest_p(halves), 1) for n in (57, 58)]
    >>> [keep_conclusive(p, halves, m.benjamini_hochberg)[1]["tested"] for p in (few, many)]
    [False, True]
    """
    smallest = smallest_p(target, repeats)
    terms = np.count_nonzero(~np.isnan(p))
    needed = terms_needed(target, terms, repeats)
    enough = terms_needed(target, terms) <= 1
    tested = smallest <= ALPHA and bool(enough or (adjust(p) <= ALPHA).any())
    sampled = repeats and comb(len(target), target.sum()) > ENUMERATED
    facts = {
        "tested": tested,
        "splits": repeats if sampled else 0,
        "smallest_p": smallest,
        "needed": needed,
        "sharing": int((p <= smallest + 1e-9).sum()),
        "level": LEVEL,
    }
    return np.where(tested, p, np.nan), facts


def permutation_p(
    counts: csr_array, sizes: ndarray, target: ndarray, options: Resampling = DEFAULT
) -> ndarray:
    """p of each term's difference in rates among other splits of the articles.

    The splits keep the number of articles in each group. The difference is divided by the standard
    error of a ratio estimator (Cochran 1977) with one rate for both groups, never below counting
    error, so that long and short articles can be exchanged (Janssen 1997). Up to 10,000 splits are
    enumerated, and p is the share that reaches the observed value, the observed split included. Of
    more, ``options.repeats`` are drawn, and p = (b + 1) / (m + 1). A term is drawn no further when
    a hundred have reached its value (Besag and Clifford 1991), or when its adjusted p is a fifth of
    the level (Sandve, Ferkingstad and Nygård 2011) after ten thousand draws, or a thousand of very
    many articles. Where one group's articles are longer than chance could make them, hardly a split
    is as unequal as the groups; a sampled p is then never below the exact one of the counts, as if
    tokens fell singly.
    """
    ways = comb(len(target), target.sum())
    if ways <= ENUMERATED:
        counts = csr_array(counts, dtype=float)
        every = list(_in_bits(_every_split(target)))
        return _count_reached(counts, sizes, target, every) / ways
    counts = csr_array(counts, dtype=np.float32)
    adjust = getattr(m, options.adjustment)
    enough = max(min(DEFAULT.repeats, FEW_DRAWN // len(target)), FEWEST_DRAWN)
    reached = np.zeros(counts.shape[0])
    drawn = np.zeros(counts.shape[0])
    going_on = np.arange(counts.shape[0])
    for splits in _splits_of(options.seed, options.repeats, target):
        reached[going_on] += _count_reached(counts[going_on], sizes, target, splits)
        drawn[going_on] += sum(number for _, number in splits)
        p = (reached + 1) / (drawn + 1)
        sure = (drawn >= enough) & (adjust(p) <= SURE)
        going_on = going_on[~sure[going_on] & (reached[going_on] < ENOUGH)]
        if not len(going_on):
            break
    return np.maximum(p, _counting_p(counts, sizes, target)) if _differ(sizes, target) else p


def bootstrap_interval(
    counts: csr_array, sizes: ndarray, target: ndarray, repeats: int = 2000, seed: int = 0
) -> ndarray:
    """Low and high end, a row per term, of a 95 % interval of the log ratio.

    It is the log ratio and so many standard errors to each side as t with Welch's degrees of
    freedom has it. The standard error is that of whole articles drawn again within each group
    (Efron and Tibshirani 1993, ch. 12); unequal articles are worth fewer equal ones (Kish 1965).
    For a term whose tokens are worth a hundred equal articles or more, the standard error is worked
    out to the first order (the infinitesimal jackknife, ibid. ch. 21) in place of drawing.
    Where a group lacks the term there is nothing to draw: one end is the one-sided exact bound for
    as many tokens, fallen singly, as vary as much as the other group's do.
    """
    counts = csr_array(counts)
    groups = (target, ~target)
    is_kept = repeats * len(target) <= _MOST_KEPT
    draw = _drawn_again if is_kept else _draw_again
    drawn = draw(seed, repeats, *map(np.count_nonzero, groups))
    a, b = [counts[:, group].sum(axis=1) for group in groups]
    n = [sizes[group].sum() for group in groups]
    v, w = [
        _variance(counts[:, group], sizes[group], batches)
        for group, batches in zip(groups, drawn, strict=True)
    ]
    worth = [_worth(sizes[group]) for group in groups]
    freedom = (v + w) ** 2 / (v**2 / (worth[0] - 1) + w**2 / (worth[1] - 1))
    half = stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(v + w) / np.log(2)
    middle = m.log_ratio(a, b, *n)
    bounds = m.log_ratio_interval(np.minimum(a, 1 / v), np.minimum(b, 1 / w), *n, level=LEVEL)
    one_sided = ((a == 0) | (b == 0))[:, None]
    return np.where(one_sided, np.column_stack(bounds), middle[:, None] + half[:, None] * [-1, 1])


def find_driver(counts: csr_array, sizes: ndarray, target: ndarray) -> ndarray:
    """The column of the article without which each term's difference is gone; -1 for none.

    It is gone where less than half of the log ratio, fewer than three tokens, or no article of one
    group are left.

    >>> counts = csr_array([[8, 1, 1, 1], [5, 5, 1, 1]])
    >>> find_driver(counts, np.full(4, 10), np.arange(4) < 2).tolist()
    [0, -1]
    """
    most = counts.max(axis=1).toarray()
    suspects = np.flatnonzero(could_be_driven(add_up(counts, target), most, sizes, target))
    driver = np.full(counts.shape[0], -1)
    driver[suspects] = _driver(counts[suspects], sizes, target)
    return driver


def could_be_driven(totals: ndarray, most: ndarray, sizes: ndarray, target: ndarray) -> ndarray:
    """Whether what one article could at most take away of each term would be enough.

    It is the ``most`` tokens of an article, from the side that has more, with the length of none;
    and the longest article, from the other side, with none of the term. ``totals`` are the tokens
    of the target and of the reference.

    >>> totals = np.array([[9, 9], [2, 2]])
    >>> could_be_driven(totals, np.array([3, 8]), np.full(40, 10), np.arange(40) < 20).tolist()
    [False, True]
    """
    if np.bincount(target, minlength=2).min() < 2:
        return np.full(len(most), True)
    a, b = totals
    n, k = add_up(sizes, target)
    whole = m.log_ratio(a, b, n, k)
    longest = [sizes[side].max() for side in (target, ~target)]
    more = m.log_ratio(np.maximum(a - most, 0), b, n, k - longest[1])
    less = m.log_ratio(np.maximum(b - most, 0), a, k, n - longest[0])
    least = np.where(whole < 0, less, more)
    return ~(least >= np.abs(whole) / 2) | (a + b - most < FEWEST_REPEATS)


def _driver(counts, sizes, target):
    # Of the articles without a term only long ones matter, so its own and the longest are tried.
    cells = counts.tocoo()
    longest = [np.argsort(np.where(side, -sizes, 0))[:_LONGEST] for side in (target, ~target)]
    longest = np.unique(longest)
    rows = np.arange(counts.shape[0])
    row = np.append(cells.row, np.repeat(rows, len(longest)))
    article = np.append(cells.col, np.tile(longest, len(rows)))
    tokens = np.append(cells.data, counts[:, longest].toarray())
    log_ratio = _log_ratio_without(counts, sizes, target, (row, article, tokens))
    total = counts.sum(axis=1)
    whole = m.log_ratio(*add_up(counts, target), *add_up(sizes, target))
    left = np.where(whole[row] < 0, -log_ratio, log_ratio)
    left = np.where(np.isfinite(log_ratio), left, -np.inf)
    least = np.full(len(rows), np.inf)
    np.minimum.at(least, row, left)
    worst = left == least[row]
    first = np.full(len(rows), counts.shape[1])
    np.minimum.at(first, row[worst], article[worst])
    driven = (least < np.abs(whole) / 2) | (total - counts[rows, first] < FEWEST_REPEATS)
    return np.where(driven, first, -1)


def enough_articles(more: ndarray, target: ndarray) -> ndarray:
    """In how many articles a term must be, in the group that has more, to be said of the group.

    Three, or all where the group has fewer. ``more`` is True where the target has more.
    """
    return np.minimum(np.where(more, target.sum(), (~target).sum()), FEWEST_FAVOURED)


def some_splits(target: ndarray, most: int, seed: int = 0) -> ndarray:
    """Ways of dividing the articles, a row each, True for the target's: all, or ``most`` drawn."""
    if comb(len(target), target.sum()) <= most:
        return _every_split(target).T
    drawn = _random_splits(np.random.default_rng(seed), most, target)
    return np.concatenate([splits.T for splits in drawn])


def add_up(numbers: ndarray | csr_array, target: ndarray) -> ndarray:
    """Sums over the articles (the last axis) of the target and of the reference."""
    return np.array([numbers @ side.astype(int) for side in (target, ~target)])


def blocks(counts: ndarray, width: int) -> list[ndarray]:
    """``counts`` cut into a few rows each, so that ``width`` numbers for each row fit in memory."""
    step = _BLOCK // (width + 1) + 1
    return [counts[low : low + step] for low in range(0, max(counts.shape[0], 1), step)]


def _parts(number, step):
    """So many, in parts of ``step`` or fewer."""
    return (min(step, number - low) for low in range(0, number, step))


def _rounds(number):
    """So many, in parts that become larger."""
    done = 0
    while done < number:
        part = min(max(_BATCH, done // 4), number - done)
        yield part
        done += part


def _log_ratio_without(counts, sizes, target, cells):
    """Log ratio of a row's term without one article, for each of the cells ``row, column, count``.

    It is infinite where no article of a group is left.
    """
    row, article, tokens = cells
    sides = zip((target, ~target), add_up(counts, target), strict=True)
    a, b = [total[row] - tokens * side[article] for side, total in sides]
    n = [sizes[side].sum() - sizes[article] * side[article] for side in (target, ~target)]
    return m.log_ratio(a, b, *n)


@lru_cache(maxsize=1)
def _drawn_again(seed, repeats, *groups):
    """The same, kept: what is drawn for words serves phrases too."""
    return [list(batches) for batches in _draw_again(seed, repeats, *groups)]


def _draw_again(seed, repeats, *groups):
    """How often each article is drawn, in batches for each group of so many articles in turn."""
    random = np.random.default_rng(seed)
    return [_draw_batches(random, repeats, number) for number in groups]


def _draw_batches(random, repeats, number):
    for drawn in _parts(repeats, min(_BATCH, 2 * _BLOCK // number + 1)):
        yield random.multinomial(number, np.full(number, 1 / number), drawn).T.astype(np.uint8, "C")


def _variance(counts, sizes, batches):
    """Variance of the natural logarithm of each term's rate, of articles drawn again."""
    total = counts.sum(axis=1)
    few = total**2 < MANY * counts.power(2).sum(axis=1)
    variance = _first_order(counts, sizes)
    variance[few] = _bootstrap_variance(counts[few], sizes, batches)
    worth = _worth(sizes)
    return np.maximum(variance, 1e-12) * worth / (worth - 1)


def _first_order(counts, sizes):
    """The sum of the squared differences between the articles' shares of the term and the text."""
    total = np.maximum(counts.sum(axis=1), m.ZERO)
    shares = sizes / sizes.sum()
    squares = counts.power(2).sum(axis=1) / total**2
    return squares - 2 * (counts @ shares) / total + (shares**2).sum()


def _bootstrap_variance(counts, sizes, batches):
    total = counts.sum(axis=1)
    rate = np.maximum(total, m.ZERO) / sizes.sum()
    # What has 32 bits is multiplied in half the time, and no article is drawn 32 times.
    dtype = np.int32 if total.max(initial=0) < 2**26 else np.int64
    counts = counts.astype(dtype)
    deviation = np.zeros(counts.shape[0])
    squares = np.zeros(counts.shape[0])
    repeats = 0
    for batch in batches:
        repeats += batch.shape[1]
        drawn = batch.astype(dtype)
        tokens = np.maximum(sizes @ drawn, 1)
        for rows in blocks(np.arange(counts.shape[0]), batch.shape[1]):
            drawn_rate = np.maximum(counts[rows] @ drawn, m.ZERO) / tokens
            change = np.log(drawn_rate / rate[rows, None])
            deviation[rows] += change.sum(axis=1)
            squares[rows] += (change**2).sum(axis=1)
    return squares / repeats - (deviation / repeats) ** 2


def _worth(sizes):
    """How many articles of equal length these are worth (Kish 1965), two at least."""
    return max(sizes.sum() ** 2 / (sizes**2).sum(), 2)


def _differ(sizes, target):
    """Whether the groups' articles differ in length by more than 95 % of splits would have it."""
    number = target.sum()
    expected = number * sizes.mean()
    variance = number * (~target).sum() / len(sizes) * sizes.var(ddof=1)
    return (sizes[target].sum() - expected) ** 2 > 1.96**2 * variance


def _counting_p(counts, sizes, target):
    """Exact p of each term's counts, both directions, as if tokens fell singly."""
    a, b = add_up(counts, target).astype(int)
    share = sizes[target].sum() / sizes.sum()
    tail = np.minimum(bdtr(a, a + b, share), bdtrc(a - 1, a + b, share))
    return np.minimum(2 * tail, 1)


def _every_split(target):
    """A row per article and a column per split, True for the articles of the target."""
    chosen = np.array(list(combinations(range(len(target)), target.sum())))
    splits = np.zeros((len(target), len(chosen)), bool)
    np.put_along_axis(splits, chosen.T, True, axis=0)
    return splits


def _random_splits(random, number, target):
    """So many of them, drawn, in a few arrays that fit in memory."""
    size = target.sum()
    for drawn in _parts(number, min(_BATCH, _BLOCK // len(target) + 1)):
        order = random.random((drawn, len(target)), np.float32)
        last = np.partition(order, size - 1, axis=1)[:, size - 1 : size]
        yield (order <= last).T


def _splits_of(seed, repeats, target):
    """Random splits, a list for each round, kept where they take little memory."""
    if repeats * len(target) > 8 * _MOST_KEPT:
        return _draw_rounds(seed, repeats, target)
    as_large = np.arange(len(target)) < target.sum()  # splits are the same whoever is in a group
    return copy(_drawn_splits(seed, repeats, as_large.tobytes()))


@lru_cache(maxsize=1)
def _drawn_splits(seed, repeats, target):
    """The same as they are asked for again: those of words serve phrases too."""
    return tee(_draw_rounds(seed, repeats, np.frombuffer(target, bool)), 1)[0]


def _draw_rounds(seed, repeats, target):
    random = np.random.default_rng(seed)
    try:
        for number in _rounds(repeats):
            drawn = _random_splits(random, number, target)
            yield [bits for splits in drawn for bits in _in_bits(splits)]
    except (Exception, KeyboardInterrupt):
        _drawn_splits.cache_clear()  # what is kept would end here
        raise


def _in_bits(splits):
    """The columns as bits, a few at a time, and how many these are."""
    for low in range(0, splits.shape[1], _BATCH):
        part = splits[:, low : low + _BATCH]
        yield np.ascontiguousarray(np.packbits(part, axis=1)), part.shape[1]


def _count_reached(counts, sizes, target, splits):
    """How many of these splits reach what is observed, for each term; they are counted in parts."""
    count = partial(_count_block, sizes, target, splits)
    return np.concatenate(list(each_of(count, blocks(counts, _BATCH))))


def _count_block(sizes, target, splits, counts):
    statistic = _statistic(counts, sizes)
    observed = statistic(target[:, None].astype(counts.dtype)) - _EQUAL[counts.dtype]
    reached = np.zeros(counts.shape[0], int)
    for bits, number in splits:
        columns = np.unpackbits(bits, axis=1, count=number).astype(counts.dtype)
        # What cannot be worked out, in a split with an empty group, counts as reached.
        reached += (~(statistic(columns) < observed)).sum(axis=1)
    return reached


def _statistic(counts, sizes):
    """What gives the studentised difference of each term's rates (rows) in splits (columns)."""
    dtype = counts.dtype
    total = counts.sum(axis=1)[:, None]
    rate = (total / sizes.sum()).astype(dtype)
    # The squared residual (c - rate n)² is rate² n² where the term is not: what is above is sparse.
    row = np.repeat(np.arange(len(rate)), np.diff(counts.indptr))
    above = counts.data * (counts.data - 2 * rate[row, 0] * sizes[counts.indices])
    above = csr_array((above.astype(dtype), counts.indices, counts.indptr), counts.shape)
    all_above = above.sum(axis=1)[:, None]
    # NumPy multiplies whole numbers slowly, and others in threads that wait for each other.
    lengths = csr_array(np.stack([sizes, sizes**2]), dtype=float)

    def statistic(splits):
        n_target, squares = lengths @ splits
        n_reference = sizes.sum() - n_target
        others = (sizes**2).sum() - squares
        with np.errstate(divide="ignore", invalid="ignore"):
            one = (1 / n_target).astype(dtype)
            two = (1 / n_reference).astype(dtype)
            even = (squares / n_target**2 + others / n_reference**2).astype(dtype)
            difference = (counts @ splits) * (one + two) - total * two
            variance = (above @ splits) * (one**2 - two**2) + rate**2 * even + all_above * two**2
            return np.abs(difference) / np.sqrt(np.maximum(variance, rate * (one + two)))

    return statistic
