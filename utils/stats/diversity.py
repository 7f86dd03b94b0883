"""Lexical diversity of many articles at once: the same numbers as ``measures`` gives for each."""

import numpy as np
from numpy import ndarray
from pandas import DataFrame

from utils.corpus.parts import each_part
from utils.search.queries import article_starts
from utils.stats import measures as m

LONG = 20_000  # tokens of an article that is read on its own, since all others would wait for it
THRESHOLD = 0.72


def diversity_of_articles(tokens: DataFrame, window: int) -> tuple[ndarray, ndarray]:
    """The measures ``mattr`` and ``mtld`` of each article, in the order of their categories.

    >>> tokens = DataFrame({"doc_id": list("xxxxy"), "term": list("abaab")}, dtype="category")
    >>> [measure.round(3).tolist() for measure in diversity_of_articles(tokens, 2)]
    [[0.833, nan], [4.0, nan]]
    """
    coded = tokens[["doc_id"]].assign(term=tokens.term.array.codes)
    measures = np.full((2, len(tokens.doc_id.array.categories)), np.nan)
    for articles, found in each_part(_of_part, coded, window):
        measures[:, articles] = found
    return tuple(measures)


def _of_part(tokens, window):
    """The codes of the articles, and the measures of each."""
    codes = tokens.term.to_numpy()
    first = article_starts(tokens)
    size = np.diff(first, append=len(codes))
    article = np.repeat(np.arange(len(first)), size)
    terms = article << 32 | codes
    rows = np.argsort(terms, kind="stable")
    again = np.diff(terms[rows]) == 0
    here = rows[1:][again]
    met = rows[:-1][again]
    earlier = np.full((2, len(codes)), -1)  # where in its article each term was met last
    earlier[0, here] = met - first[article[here]]
    earlier[1, met] = (first + size - 1)[article[met]] - here  # the same, read from the end
    ways = np.append(first, 2 * len(codes) - first - size)
    forwards, backwards = _read_all(np.append(earlier[0], earlier[1, ::-1]), ways, np.tile(size, 2))
    mtld = (forwards + backwards) / 2
    for number in np.flatnonzero(size > LONG):
        mtld[number] = m.mtld(codes[first[number] :][: size[number]].tolist(), THRESHOLD)
    mattr = _mattr(article, size, earlier[0], np.arange(len(codes)) - first[article], window)
    return tokens.doc_id.array.codes[first], [mattr, mtld]


def _mattr(docs, size, before, place, window):
    windows = np.maximum(size - window + 1, 0)
    # A token is new to the windows that start after its term's last occurrence: count those.
    start = np.maximum(before + 1, place - window + 1)
    new = np.maximum(np.minimum(place, windows[docs] - 1) - start + 1, 0)
    with np.errstate(invalid="ignore"):
        return np.bincount(docs, new, len(size)) / window / windows


def _read_all(earlier, first, size):
    """Mean length of the stretches of each text, all read side by side, a token at a time."""
    length = np.where(size > LONG, 0, size)
    order = np.argsort(-length, kind="stable")
    length = length[order]
    row = first[order]
    going_on = np.searchsorted(-length, -np.arange(length.max(initial=0)))
    start, types, stretches = np.zeros((3, len(order)), int)
    for place, number in enumerate(going_on.tolist()):
        types[:number] += earlier[row[:number] + place] < start[:number]
        ratio = types[:number] / (place + 1 - start[:number])
        ended = np.flatnonzero(ratio < THRESHOLD)
        stretches[ended] += 1
        start[ended] = place + 1
        types[ended] = 0
    left = np.maximum(length - start, 1)
    number = stretches + np.where(start < length, (1 - types / left) / (1 - THRESHOLD), 0)
    mean = np.full(len(size), np.nan)
    np.divide(length, number, out=mean, where=number > 0)
    return np.split(mean[np.argsort(order)], 2)
