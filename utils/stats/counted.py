"""How the numbers of a table were counted, so that they can be counted again from the tokens.

A table has it in ``attrs["counted"]``: what counted it (``by``), which articles the tokens are of,
and a mark of these tokens. The page that counts again passes over a table whose mark is not that of
its own tokens, such as one of lemmas.
"""

import zlib
from itertools import groupby
from typing import Any

import numpy as np
from pandas import DataFrame

_KEY = "counted"


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
    # All is worked out modulo 2 to the power of 32, as these numbers are.
    names = _checksums(docs.categories) | np.uint32(1)
    marks = _checksums(terms.categories)[terms.codes] * _places(docs.codes)
    mark = (marks * names[docs.codes]).sum()
    codes = np.flatnonzero(np.bincount(docs.codes, minlength=1)).tolist()
    return {"articles": _ranges(codes), "mark": int(mark) % 2**32}


def _places(docs):
    """The place of each token in its article, from 1 on; an article may be in several pieces."""
    sizes = np.bincount(docs, minlength=1)
    before = np.repeat((np.cumsum(sizes) - sizes).astype(np.uint32), sizes)
    places = np.arange(1, len(docs) + 1, dtype=np.uint32) - before
    if (docs[1:] < docs[:-1]).any():
        places[np.argsort(docs, kind="stable")] = places.copy()
    return places


def _checksums(names):
    return np.array(
        [zlib.crc32(str(name).encode("utf-8", "replace")) for name in names.tolist()], np.uint32
    )


def _ranges(codes):
    """Numbers as ranges: ``"0-2 5"``."""
    runs = [list(run) for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1], run[-1][1]) for run in runs]
    return " ".join(str(low) if low == high else f"{low}-{high}" for low, high in ends)
