"""Concordance: every occurrence in its sentence, with the offsets that lead back to the text."""

from collections.abc import Iterable

import numpy as np
import regex
from numpy import ndarray
from pandas import DataFrame, Series, array, concat

from utils.corpus.files import Mistake, nearest
from utils.search.queries import article_extents, find, sentence_edges

_OPENING = "([{«“‘\"'¿¡【"
_CLOSING = ".!?…。！？,;:)]}»”’\"'】"
_MARKS = 50  # that may touch a sentence
_AT_A_TIME = 50_000  # lines, since Python's strings take far more memory than a table's
LONGEST = 2000  # characters on each side of a match, far more than a sentence has
COLUMNS = "line_id doc_id sentence left node right start end".split()


def concordance(
    articles: DataFrame,
    tokens: DataFrame,
    query: str,
    sort: str = "",
    sample: int | dict[str, int] | None = None,
) -> DataFrame:
    """One row per match: ``line_id, doc_id, sentence, left, node, right, start, end``.

    ``left`` and ``right`` are the rest of the sentence as collected. A text without stops is one
    sentence: what is further than 2,000 characters from the match is cut, with “…” in its place.
    ``line_id`` is the article and the offset, the same on every run. ``sort`` names positions, as
    in ``"L1 R2"``; empty means the order of the articles. ``sample`` is how many lines to draw, or
    how many of each group of a column of ``articles``, as in ``{"doc_id": 2}``.
    ``{"lines": 20, "seed": 3}`` draws 20 of all lines with a seed of your own, otherwise 0.
    Raises ``Mistake`` for a query, position or column that cannot be read.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> concordance(articles, tokenize(articles), '"life and health"').line_id.tolist()
    ['nottingham-ningbo:529']
    """
    spans = np.array(find(tokens, query, articles))
    if sample is not None:
        spans = spans[:, _draw(tokens.doc_id.array, spans[0], articles, sample)]
    spans = np.vstack([spans, *sentence_edges(tokens, spans[0])])
    if sort.strip():
        spans = spans[:, _order(tokens, spans, sort)]
    return _lines(articles, tokens, spans)


def evidence(
    articles: DataFrame, tokens: DataFrame, queries: Iterable[str], each: int = 3
) -> DataFrame:
    """The concordance of several terms or phrases, at most ``each`` lines of each; ``term`` first.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> evidence(articles, tokenize(articles), ["talent", "new area"], 2).term.tolist()
    ['talent', 'talent', 'new area', 'new area']
    """
    tables = [DataFrame(columns=["term", *COLUMNS])]
    for query in queries:
        lines = concordance(articles, tokens, f'"{query}"', sample=each)
        tables.append(lines.assign(term=query))
    return concat(tables, ignore_index=True)


def occurrences(tokens: DataFrame, queries: Iterable[str]) -> DataFrame:
    """One row per match: ``query, doc_id, sentence, share``, the share of the article before it."""
    docs = tokens.doc_id.array.codes
    begin, size = article_extents(tokens)
    tables = [tokens[["doc_id", "sentence"]].iloc[:0].assign(share=0.0)]
    for query in queries:
        rows = find(tokens, query)[0]
        share = (rows - begin[docs[rows]]) / size[docs[rows]]
        tables.append(tokens[["doc_id", "sentence"]].iloc[rows].assign(share=share, query=query))
    return concat(tables, ignore_index=True)[["query", "doc_id", "sentence", "share"]]


def lines_at(articles: DataFrame, tokens: DataFrame, first: ndarray, last: ndarray) -> DataFrame:
    """The concordance of matches that are already found, from row ``first`` to row ``last``."""
    return _lines(articles, tokens, np.vstack([first, last, *sentence_edges(tokens, first)]))


def sentence_extent(raw: str, low: int, high: int) -> tuple[int, int]:
    """Where a sentence begins and ends with the punctuation that touches its tokens.

    Its first token begins at ``low``, and its last one ends at ``high``.

    >>> sentence_extent("It said: “Rain!” Then", 10, 14)
    (9, 16)
    """
    before = raw[max(low - _MARKS, 0) : low]
    after = raw[high : high + _MARKS]
    low -= len(before) - len(before.rstrip(_OPENING))
    return low, high + len(after) - len(after.lstrip(_CLOSING))


def _lines(articles, tokens, spans):
    """The concordance of matches, each with the first and the last row of its sentence too."""
    docs = tokens.doc_id.array
    doc_ids = docs.categories[np.unique(docs.codes[spans[0]])]
    raws = articles.raw.array
    texts = {doc_id: raws[articles.index.get_loc(doc_id)] for doc_id in doc_ids}
    steps = range(_AT_A_TIME, spans.shape[1], _AT_A_TIME)
    parts = [_some_lines(texts, tokens, part) for part in np.split(spans, steps, axis=1)]
    return concat(parts, ignore_index=True)


def _some_lines(texts, tokens, spans):
    first, last, low, high = spans
    docs = tokens.doc_id.array
    doc_ids = docs.categories[docs.codes[first]].tolist()
    starts = tokens.start.to_numpy()
    ends = tokens.end.to_numpy()
    edges = [starts[low], starts[first], ends[last], ends[high]]
    places = zip(map(texts.get, doc_ids), *map(ndarray.tolist, edges), strict=True)
    left, node, right = np.array([_cut(*place) for place in places], object).reshape(-1, 3).T
    line_ids = [f"{doc_id}:{start}" for doc_id, start in zip(doc_ids, edges[1], strict=True)]
    return DataFrame(
        {
            "line_id": array(line_ids, "str"),
            "doc_id": array(doc_ids, "str"),
            "sentence": tokens.sentence.to_numpy()[first],
            "left": array(left, "str"),
            "node": array(node, "str"),
            "right": array(right, "str"),
            "start": edges[1],
            "end": edges[2],
        }
    )


def _cut(raw, low, start, end, high):
    """Left, node and right of a match in its sentence."""
    low, high = sentence_extent(raw, low, high)
    left = raw[max(low, start - LONGEST) : start]
    right = raw[end : min(high, end + LONGEST)]
    if start - low > LONGEST:
        left = "…" + left
    return left, raw[start:end], right + "…" * (high - end > LONGEST)


def _draw(docs, rows, articles, sample):
    """Which matches are drawn, in their order; ``docs`` has the article of each row."""
    wanted = {"lines": sample} if isinstance(sample, int) else dict(sample)
    random = np.random.default_rng(wanted.pop("seed", 0))
    ((column, size),) = wanted.items()
    if column == "lines":
        matches = [np.arange(len(rows))]
    else:
        table = articles.assign(doc_id=articles.index)
        if column not in table:
            raise Mistake(f"sample: no column {column!r}; {nearest(column, table.columns)}")
        group = table[column].reindex(docs.categories).factorize()[0][docs.codes[rows]]
        known = np.flatnonzero(group >= 0)
        matches = [numbers for _, numbers in Series(known).groupby(group[known], sort=False)]
    drawn = [random.permutation(numbers)[:size] for numbers in matches]
    return np.sort(np.concatenate([np.zeros(0, int), *drawn]))


def _order(tokens, spans, sort):
    """Order of the matches by the terms at the positions named, an empty position first."""
    codes = tokens.term.array.codes
    first, last, low, high = spans
    keys = []
    for name in reversed(sort.upper().split()):
        rows = _position(name, first, last)
        inside = (low <= rows) & (rows <= high)
        keys.append(np.where(inside, codes.take(rows, mode="clip"), -1))
    return np.lexsort(keys)


def _position(name, first, last):
    """The rows at a position: ``L1`` is the token before each match, ``R1`` the one after it."""
    if not regex.fullmatch(r"[LR][1-9]\d?|NODE", name):
        raise Mistake(f"sort: {name!r} is not a position; write L1, R2 and so on, or node")
    if name == "NODE":
        return first
    distance = int(name[1:])
    return first - distance if name[0] == "L" else last + distance
