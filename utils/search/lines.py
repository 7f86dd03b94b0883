"""Concordance: every occurrence in its sentence, with the offsets that lead back to the text."""

from collections.abc import Iterable

import numpy as np
import regex
from numpy import ndarray
from pandas import DataFrame, Series, concat

from utils.corpus.files import Mistake, nearest
from utils.search.queries import find, sentence_edges

_OPENING = regex.compile(r"(?r)[(\[{«“‘\"'¿¡【]{0,50}")  # (?r) matches backwards from the end
_CLOSING = regex.compile(r"[.!?…。！？,;:)\]}»”’\"'】]{0,50}")
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
        spans = spans[:, _draw(tokens.doc_id.iloc[spans[0]], articles, sample)]
    if sort.strip():
        spans = spans[:, _order(tokens, *spans, sort)]
    return lines_at(articles, tokens, *spans)


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
    sizes = np.bincount(docs, minlength=1)
    begins = np.flatnonzero(np.diff(docs, prepend=-1))
    begin = np.zeros(len(sizes), int)
    begin[docs[begins]] = begins
    tables = [tokens[["doc_id", "sentence"]].iloc[:0].assign(share=0.0)]
    for query in queries:
        rows = find(tokens, query)[0]
        share = (rows - begin[docs[rows]]) / sizes[docs[rows]]
        tables.append(tokens[["doc_id", "sentence"]].iloc[rows].assign(share=share, query=query))
    return concat(tables, ignore_index=True)[["query", "doc_id", "sentence", "share"]]


def lines_at(articles: DataFrame, tokens: DataFrame, first: ndarray, last: ndarray) -> DataFrame:
    """The concordance of matches that are already found, from row ``first`` to row ``last``."""
    low, high = sentence_edges(tokens, first)
    table = tokens[["doc_id", "sentence", "start"]].iloc[first].reset_index(drop=True)
    table = table.astype({"doc_id": str}).assign(end=tokens.end.to_numpy()[last])
    edges = (tokens.start.iloc[low], table.start, table.end, tokens.end.iloc[high])
    raws = articles.raw[table.doc_id.unique()].to_dict()
    places = zip(map(raws.get, table.doc_id), *edges, strict=True)
    texts = DataFrame([_cut(*place) for place in places], columns=COLUMNS[3:6], dtype=str)
    table["line_id"] = table.doc_id + ":" + table.start.astype(str)
    return table.join(texts)[COLUMNS]


def sentence_extent(raw: str, low: int, high: int) -> tuple[int, int]:
    """Where a sentence begins and ends with the punctuation that touches its tokens.

    Its first token begins at ``low``, and its last one ends at ``high``.

    >>> sentence_extent("It said: “Rain!” Then", 10, 14)
    (9, 16)
    """
    return _OPENING.match(raw, endpos=low).start(), _CLOSING.match(raw, high).end()


def _cut(raw, low, start, end, high):
    """Left, node and right of a match in its sentence."""
    low, high = sentence_extent(raw, low, high)
    left = raw[max(low, start - LONGEST) : start]
    right = raw[end : min(high, end + LONGEST)]
    if start - low > LONGEST:
        left = "…" + left
    return left, raw[start:end], right + "…" * (high - end > LONGEST)


def _draw(doc_ids, articles, sample):
    """Which matches are drawn, in their order; ``doc_ids`` has the article of each match."""
    wanted = {"lines": sample} if isinstance(sample, int) else dict(sample)
    random = np.random.default_rng(wanted.pop("seed", 0))
    ((column, size),) = wanted.items()
    table = articles.assign(doc_id=articles.index)
    if column not in [*table, "lines"]:
        raise Mistake(f"sample: no column {column!r}; {nearest(column, table.columns)}")
    docs = doc_ids.array
    group = np.zeros(len(docs), int)
    if column != "lines":
        group = table[column].reindex(docs.categories).factorize()[0][docs.codes]
    known = np.flatnonzero(group >= 0)
    matches = Series(known).groupby(group[known], sort=False)
    drawn = [random.permutation(numbers)[:size] for _, numbers in matches]
    return np.sort(np.concatenate([np.zeros(0, int), *drawn]))


def _order(tokens, first, last, sort):
    """Order of the matches by the terms at the positions named, an empty position first."""
    codes = tokens.term.array.codes
    low, high = sentence_edges(tokens, first)
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
