"""Query -> concordance: every occurrence in its sentence, with the offsets that lead back to the text."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import regex

from utils.search.queries import find, sentence_edges, sentence_key
from utils.corpus.files import Mistake

_OPENING = frozenset("([{«“‘\"'¿¡【")
_CLOSING = frozenset(".!?…。！？,;:)]}»”’\"'】")
COLUMNS = ["line_id", "doc_id", "sentence", "left", "node", "right", "start", "end"]


def concordance(
    articles: pd.DataFrame,
    tokens: pd.DataFrame,
    query: str,
    sort: str = "",
    sample: int | dict[str, int] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """One row per occurrence: ``line_id, doc_id, sentence, left, node, right, start, end``.

    ``left`` and ``right`` are the rest of the sentence as collected, never cut. ``line_id`` is the article and
    the offset, the same on every run. ``sort`` names positions as in ``"L1 R2"``; empty means the order of the
    articles. ``sample`` draws that many lines with ``seed``, or so many from each group of a column, as in
    ``{"doc_id": 2}``. Raises ``Mistake`` for a query, position or column that cannot be read.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> concordance(articles, tokenize(articles), '"life and health"').line_id.tolist()
    ['nottingham-ningbo:529']
    """
    first, last = find(tokens, query, articles)
    chosen = _sample(tokens, articles, first, sample, seed)
    first, last = first[chosen], last[chosen]
    order = _order(tokens, first, last, sort)
    return lines_at(articles, tokens, first[order], last[order])


def evidence(articles: pd.DataFrame, tokens: pd.DataFrame, queries: Iterable[str], each: int = 3) -> pd.DataFrame:
    """The concordance of several terms or phrases, ``each`` lines of each drawn with a seed, ``term`` first.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> evidence(articles, tokenize(articles), ["talent", "new area"], 2).term.tolist()
    ['talent', 'talent', 'new area', 'new area']
    """
    tables = [concordance(articles, tokens, f'"{query}"', sample=each).assign(term=query) for query in queries]
    table = (
        pd.concat([pd.DataFrame(columns=COLUMNS), *tables], ignore_index=True)
        if tables
        else pd.DataFrame(columns=COLUMNS)
    )
    return table.reindex(columns=["term", *COLUMNS])


def occurrences(tokens: pd.DataFrame, queries: Iterable[str]) -> pd.DataFrame:
    """Where each query is found: ``query, doc_id, sentence, share``, the share of the article read before it."""
    tables = []
    length = tokens.groupby("doc_id", observed=True).size()
    before = tokens.groupby("doc_id", observed=True).cumcount().to_numpy()
    for query in queries:
        first, _ = find(tokens, query)
        part = tokens.iloc[first][["doc_id", "sentence"]].assign(query=query)
        tables.append(part.assign(share=before[first] / length.reindex(part.doc_id).to_numpy()))
    return pd.concat(tables, ignore_index=True)[["query", "doc_id", "sentence", "share"]]


def lines_at(articles: pd.DataFrame, tokens: pd.DataFrame, first: np.ndarray, last: np.ndarray) -> pd.DataFrame:
    """Concordance of matches that are already found: the sentence of each, cut at its node."""
    starts, ends = tokens.start.array.to_numpy(), tokens.end.array.to_numpy()
    low, high = sentence_edges(tokens, first)
    docs, raws = tokens.doc_id.array.categories[tokens.doc_id.array.codes[first]].tolist(), articles.raw.to_dict()
    spans = (starts[low], starts[first], ends[last], ends[high])
    lines = [
        _cut(raws[doc], *span) for doc, span in zip(docs, zip(*map(np.ndarray.tolist, spans), strict=True), strict=True)
    ]
    left, node, right = zip(*lines, strict=True) if lines else ([], [], [])
    ids = [f"{doc}:{start}" for doc, start in zip(docs, starts[first].tolist(), strict=True)]
    columns = (ids, docs, tokens.sentence.array.to_numpy()[first], left, node, right, starts[first], ends[last])
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _cut(raw: str, low: int, start: int, end: int, high: int) -> tuple[str, str, str]:
    """Left, node and right; punctuation that touches the first and the last word belongs to the sentence."""
    while low and raw[low - 1] in _OPENING:
        low -= 1
    size = len(raw)
    while high < size and raw[high] in _CLOSING:
        high += 1
    return raw[low:start], raw[start:end], raw[end:high]


def _sample(tokens, articles, first: np.ndarray, sample: int | dict[str, int] | None, seed: int) -> np.ndarray:
    """Which matches are drawn, in their order."""
    everything, random = np.arange(len(first)), np.random.default_rng(seed)
    if sample is None:
        return everything
    if isinstance(sample, int):
        return np.sort(random.permutation(everything)[:sample])
    ((column, size),) = sample.items()
    docs = tokens.doc_id.iloc[first]
    if column != "doc_id" and column not in articles:
        raise Mistake(f"sample: no column {column!r}; there are: doc_id, {', '.join(articles.columns)}")
    groups = docs.to_numpy() if column == "doc_id" else articles[column].reindex(docs).to_numpy()
    drawn = [random.permutation(everything[groups == group])[:size] for group in pd.unique(groups)]
    return np.sort(np.concatenate([*drawn, np.zeros(0, int)]))


def _order(tokens: pd.DataFrame, first: np.ndarray, last: np.ndarray, sort: str) -> np.ndarray:
    """Order of the matches by the terms at the positions named; nothing in the sentence there sorts first."""
    wrong = [name for name in sort.split() if not regex.fullmatch(r"[LlRr][1-9]\d?|[Nn]ode", name)]
    if wrong:
        raise Mistake(f"sort {sort!r}: {wrong[0]!r} is no position; write L1, R2 and so on, or node")
    codes = tokens.term.cat.codes.to_numpy()
    keys = []
    for name in sort.upper().split():
        row = first if name == "NODE" else first - int(name[1:]) if name[0] == "L" else last + int(name[1:])
        inside = (row >= 0) & (row < len(tokens))
        row = np.clip(row, 0, len(tokens) - 1)
        same = sentence_key(tokens, row) == sentence_key(tokens, first)
        keys.append(np.where(inside & same, codes[row], -1))
    return np.lexsort(keys[::-1]) if keys else np.arange(len(first))
