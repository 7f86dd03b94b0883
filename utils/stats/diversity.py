"""Lexical diversity of many articles at once: the same numbers as ``measures`` gives for each."""

import numpy as np
from numpy import ndarray
from pandas import DataFrame

from utils.search.positions import positions_of
from utils.search.queries import article_extents
from utils.stats import measures as m

LONG = 20_000  # tokens of an article that is read on its own, since all others would wait for it
THRESHOLD = 0.72


def diversity_of_articles(tokens: DataFrame, window: int) -> tuple[ndarray, ndarray]:
    """The measures ``mattr`` and ``mtld`` of each article, in the order of their categories.

    >>> tokens = DataFrame({"doc_id": list("xxxxy"), "term": list("abaab")}, dtype="category")
    >>> [measure.round(3).tolist() for measure in diversity_of_articles(tokens, 2)]
    [[0.833, nan], [4.0, nan]]
    """
    docs = tokens.doc_id.array.codes
    first, size = article_extents(tokens)
    before = np.full(len(tokens), -1, np.int32)  # where in its article each term was met last
    after = before.copy()  # the same, read from the end
    here, met, article = _repeats(tokens)
    before[here] = met - first[article]
    after[met] = (first + size - 1)[article] - here
    place = np.arange(len(tokens), dtype=np.int32) - first[docs]
    forwards = _one_way(before, first, size, 1)
    backwards = _one_way(after, first + size - 1, size, -1)
    mtld = (forwards + backwards) / 2
    codes = tokens.term.array.codes
    for article in np.flatnonzero(size > LONG):
        mtld[article] = m.mtld(codes[first[article] :][: size[article]].tolist(), THRESHOLD)
    return _mattr(docs, size, before, place, window), mtld


def _mattr(docs, size, before, place, window):
    windows = np.maximum(size - window + 1, 0).astype(np.int32)
    # A token is new to the windows that start after its term's last occurrence: count those.
    start = np.maximum(before + 1, place - window + 1)
    new = np.maximum(np.minimum(place, windows[docs] - 1) - start + 1, 0)
    with np.errstate(invalid="ignore"):
        return np.bincount(docs, new, len(size)) / window / windows


def _repeats(tokens):
    """The tokens whose term was met in their article: row, row where it was, and the article."""
    positions = positions_of(tokens)
    rows = positions.order
    article = tokens.doc_id.array.codes[rows]
    same = article[1:] == article[:-1]
    last = positions.ends[1:-1] - 1  # of each term; what follows is of another
    same[last[(last >= 0) & (last < len(same))]] = False
    return rows[1:][same], rows[:-1][same], article[1:][same]


def _one_way(earlier, first, size, step):
    """Mean length of the stretches of each article, all read side by side, a token at a time."""
    length = np.where(size > LONG, 0, size)
    order = np.argsort(-length, kind="stable")
    going_on = np.searchsorted(-length[order], -np.arange(length.max(initial=0)))
    start = np.zeros(len(size), int)
    types = np.zeros(len(size), int)
    stretches = np.zeros(len(size))
    for place, number in enumerate(going_on):
        these = order[:number]
        types[these] += earlier[first[these] + step * place] < start[these]
        ended = these[types[these] / (place + 1 - start[these]) < THRESHOLD]
        stretches[ended] += 1
        start[ended] = place + 1
        types[ended] = 0
    left = np.maximum(length - start, 1)
    stretches += np.where(start < length, (1 - types / left) / (1 - THRESHOLD), 0)
    return np.divide(size, stretches, out=np.full(len(size), np.nan), where=stretches > 0)
