"""Where each term stands in the tokens, so that a word is looked up and never searched for."""

from bisect import bisect_left
from functools import cached_property

import numpy as np
from numpy import ndarray
from pandas import DataFrame, Index

from utils.corpus.store import kept_positions

_KEPT = {}
_MOST_KEPT = 2  # tables of tokens whose positions are kept, at 8 bytes a token


class Positions:
    """The rows of each term of some tokens.

    ``order`` has the rows of the first term, then those of the second, and so on. ``matched`` keeps
    the codes of the terms that a pattern matches, for whoever has worked them out.
    """

    def __init__(self, codes: ndarray, terms: Index):
        self.codes = codes
        self.terms = terms
        self.order = kept_positions(codes)
        if self.order is None:
            self.order = _sort_by_term(codes, len(terms))
        self.order.flags.writeable = False
        ends = np.zeros(len(terms) + 1, int)
        np.add.at(ends[1:], codes, 1)  # bincount would copy the codes
        self.ends = np.cumsum(ends, dtype=np.int32)
        self.matched: dict[str, ndarray] = {}

    def codes_of(self, term: str) -> ndarray:
        """The code of a term, or none."""
        return np.array([self.terms.get_loc(term)] if term in self.terms else [], int)

    def codes_from(self, prefix: str) -> ndarray:
        """The codes of the terms that begin with these letters of ASCII."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        low, high = [bisect_left(self._sorted, (end,)) for end in (prefix, after)]
        return np.sort(np.array([code for _, code in self._sorted[low:high]], int))

    def count(self, codes: ndarray) -> int:
        """How many rows have one of these codes."""
        return int((self.ends[codes + 1] - self.ends[codes]).sum())

    def rows(self, codes: ndarray) -> ndarray:
        """The rows with one of these codes, in order; they are not to be written to."""
        parts = [self.order[self.ends[code] : self.ends[code + 1]] for code in codes.tolist()]
        return parts[0] if len(parts) == 1 else np.sort(np.concatenate([self.order[:0], *parts]))

    @cached_property
    def _sorted(self):
        return sorted((term, code) for code, term in enumerate(self.terms))


def _sort_by_term(codes, terms):
    """A sparse table that is turned round is sorted by counting, ten times as fast as by codes."""
    from scipy.sparse import csr_array  # loaded here so that opening the room stays quick

    rows = np.arange(len(codes), dtype=np.int32)
    one_row = (rows, codes, np.array([0, len(codes)], np.int32))
    return csr_array(one_row, shape=(1, terms)).tocsc().data


def positions_of(tokens: DataFrame) -> Positions:
    """The positions of these tokens; those of the tables asked for last are kept.

    A table of tokens is never changed in place, so its codes in memory tell it from any other.

    >>> tokens = DataFrame({"term": list("abab")}, dtype="category")
    >>> positions = positions_of(tokens)
    >>> positions.rows(positions.codes_of("b")).tolist()
    [1, 3]
    """
    terms = tokens["term"].array
    codes = terms.codes
    key = (codes.__array_interface__["data"][0], codes.strides, len(codes), id(terms.categories))
    kept = _KEPT.pop(key, None) or Positions(codes, terms.categories)
    _KEPT[key] = kept
    if len(_KEPT) > _MOST_KEPT:
        del _KEPT[next(iter(_KEPT))]
    return kept
