"""Concordance: every occurrence in its sentence, with the offsets that lead back to the text."""

from collections.abc import Iterable

import numpy as np
import regex
from numpy import ndarray
from pandas import DataFrame, Series, concat

from utils.corpus.files import Mistake, nearest
from utils.search.queries import find, sentence_edges

_OPENING = regex.compile(r"(?r)[(\[{«“‘\"'¿¡【]*")  # (?r) matches backwards from the end
_CLOSING = regex.compile(r"[.!?…。！？,;:)\]}»”’\"'】]*")
COLUMNS = ["line_id", "doc_id", "sentence", "left", "node", "right", "start", "end"]


def concordance(
    articles: DataFrame,
    tokens: DataFrame,
    query: str,
    sort: str = "",
    sample: int | dict[str, int] | None = None,
) -> DataFrame:
    """One row per match: ``line_id, doc_id, sentence, left, node, right, start, end``.

    ``left`` and ``right`` are the rest of the sentence as collected, never cut. ``line_id`` is the
    article and the offset, the same on every run. ``sort`` names positions, as in ``"L1 R2"``;
    empty means the order of the articles. ``sample`` is how many lines to draw, or how many of each
    group of a column of ``articles``, as in ``{"doc_id": 2}``. ``{"lines": 20, "seed": 3}`` draws
    20 of all lines with a seed of your own, otherwise 0. Raises ``Mistake`` for a query, position
    or column that cannot be read.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> concordance(articles, tokenize(articles), '"life and health"').line_id.tolist()
    ['nottingham-ningbo:529']
    """
    first, last = find(tokens, query, articles)
    if sample is not None:
        drawn = _draw(tokens.doc_id.iloc[first], articles, sample)
        first, last = first[drawn], last[drawn]
    if sort.strip():
        order = _order(tokens, first, last, sort)
        first, last = first[order], last[order]
    return lines_at(articles, tokens, first, last)


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
    tables = [DataFrame(columns=COLUMNS)]
    for query in queries:
        lines = concordance(articles, tokens, f'"{query}"', sample=each)
        tables.append(lines.assign(term=query))
    return concat(tables, ignore_index=True).reindex(columns=["term", *COLUMNS])


def occurrences(tokens: DataFrame, queries: Iterable[str]) -> DataFrame:
    """One row per match: ``query, doc_id, sentence, share``, the share of the article before it."""
    articles = tokens.groupby("doc_id", observed=True).start
    share = articles.cumcount() / articles.transform("size")
    places = tokens[["doc_id", "sentence"]].assign(share=share)
    tables = [places.iloc[find(tokens, query)[0]].assign(query=query) for query in queries]
    table = concat([places.iloc[:0], *tables], ignore_index=True)
    return table.reindex(columns=["query", "doc_id", "sentence", "share"])


def lines_at(articles: DataFrame, tokens: DataFrame, first: ndarray, last: ndarray) -> DataFrame:
    """The concordance of matches that are already found, from row ``first`` to row ``last``."""
    low, high = sentence_edges(tokens, first)
    table = tokens.iloc[first][["doc_id", "sentence", "start"]].reset_index(drop=True)
    table = table.assign(doc_id=table.doc_id.astype(str), end=tokens.end.to_numpy()[last])
    edges = (tokens.start.iloc[low], table.start, table.end, tokens.end.iloc[high])
    raws = table.doc_id.map(articles.raw)
    texts = [_cut(*place) for place in zip(raws, *edges, strict=True)]
    table[["left", "node", "right"]] = DataFrame(
        texts, columns=["left", "node", "right"], dtype=str
    )
    return table.assign(line_id=table.doc_id + ":" + table.start.astype(str))[COLUMNS]


def _cut(raw: str, low: int, start: int, end: int, high: int) -> tuple[str, str, str]:
    """Left, node and right; punctuation that touches the sentence belongs to it."""
    low = _OPENING.match(raw, endpos=low).start()
    high = _CLOSING.match(raw, high).end()
    return raw[low:start], raw[start:end], raw[end:high]


def _draw(doc_ids: Series, articles: DataFrame, sample: int | dict[str, int]) -> ndarray:
    """Which matches are drawn, in their order; ``doc_ids`` has the article of each match."""
    wanted = {"lines": sample} if isinstance(sample, int) else dict(sample)
    random = np.random.default_rng(wanted.pop("seed", 0))
    ((column, size),) = wanted.items()
    table = articles.assign(doc_id=articles.index, lines="")
    if column not in table:
        raise Mistake(f"sample: no column {column!r}; {nearest(column, table.columns)}")
    groups = table[column].reindex(doc_ids).to_numpy()
    matches = Series(range(len(groups)), dtype=int).groupby(groups, sort=False)
    drawn = [random.permutation(numbers)[:size] for _, numbers in matches]
    return np.sort(np.concatenate([np.zeros(0, int), *drawn]))


def _order(tokens: DataFrame, first: ndarray, last: ndarray, sort: str) -> ndarray:
    """Order of the matches by the terms at the positions named, an empty position first."""
    codes = tokens.term.array.codes
    low, high = sentence_edges(tokens, first)
    keys = []
    for name in reversed(sort.upper().split()):
        rows = _position(name, first, last)
        inside = (low <= rows) & (rows <= high)
        keys.append(np.where(inside, codes.take(rows, mode="clip"), -1))
    return np.lexsort(keys)


def _position(name: str, first: ndarray, last: ndarray) -> ndarray:
    """The rows at a position: ``L1`` is the token before each match, ``R1`` the one after it."""
    if not regex.fullmatch(r"[LR][1-9]\d?|NODE", name):
        raise Mistake(f"sort: {name!r} is not a position; write L1, R2 and so on, or node")
    if name == "NODE":
        return first
    distance = int(name[1:])
    return first - distance if name[0] == "L" else last + distance
