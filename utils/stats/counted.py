"""How the numbers of a table were counted, so that they can be counted again from the tokens.

A table has it in ``attrs["counted"]``: what counted it (``by``), which articles the tokens are of,
and a mark of these tokens. The page that counts again passes over a table whose mark is not that of
its own tokens, such as one of lemmas.
"""

import zlib
from typing import Any

import numpy as np
from pandas import DataFrame, Series

from utils.search.queries import article_starts

_KEY = "counted"
_BLOCK = 100_000  # tokens that are marked at a time


def keep_counted(table: DataFrame, by: str, **details: Any) -> DataFrame:
    """The table with what counted it; tokens among the details are given by articles and mark."""
    facts = {
        key: basis_of(detail) if isinstance(detail, DataFrame) else detail
        for key, detail in details.items()
    }
    table.attrs[_KEY] = {"by": by, **facts}
    return table


def by_groups(table: DataFrame, column: str) -> DataFrame:
    """The table, of which the links to the search page count by the groups of this column."""
    table.attrs[_KEY] = {**table.attrs[_KEY], "column": column}
    return table


def counted_of(table: DataFrame) -> dict:
    """What counted a table, as ``counted``; empty where nothing says it."""
    return {_KEY: table.attrs[_KEY]} if _KEY in table.attrs else {}


def basis_of(tokens: DataFrame) -> dict[str, Any]:
    """The articles of some tokens, by their places among all, and a mark of the tokens.

    The mark changes with any term, its place in its article, and the articles; it is the same for
    articles in another order.

    >>> table = DataFrame({"term": ["tea", "came", "tea"], "doc_id": ["a", "a", "c"]})
    >>> table["doc_id"] = table.doc_id.astype("category").cat.set_categories(["a", "b", "c"])
    >>> basis_of(table.astype({"term": "category"}))
    {'articles': '0 2', 'mark': 787517030}
    """
    docs = tokens.doc_id.array
    terms = tokens.term.array
    starts = article_starts(tokens)
    sizes = np.diff(starts, append=len(docs))
    articles = docs.codes[starts]
    before = Series(sizes).groupby(articles).cumsum().to_numpy() - sizes  # it may be in pieces
    shifts = starts - before
    names = _checksums(docs.categories) | np.uint32(1)
    checksums = _checksums(terms.categories)
    mark = 0
    step = len(starts) * _BLOCK // max(len(docs), 1) + 1
    for low in range(0, len(starts), step):
        own = slice(low, low + step)
        first = starts[low]
        codes = terms.codes[first : first + sizes[own].sum()]
        # All is worked out modulo 2 to the power of 32, as these numbers are.
        places = np.arange(1, len(codes) + 1, dtype=np.uint32)
        places -= np.repeat((shifts[own] - first).astype(np.uint32), sizes[own])
        places *= checksums.take(codes)
        mark += int(np.add.reduceat(places, starts[own] - first) @ names[articles[own]])
    return {"articles": _ranges(np.unique(articles)), "mark": mark % 2**32}


def _checksums(names):
    encoded = map(str.encode, names.astype(str).tolist())
    return np.fromiter(map(zlib.crc32, encoded), np.uint32, len(names))


def _ranges(numbers):
    """Sorted numbers as ranges: ``"0-2 5"``."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return " ".join(
        f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs if run.size
    )
