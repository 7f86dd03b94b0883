"""Node -> collocates: which terms are near it more often than elsewhere, from one 2×2 table."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy import ndarray
from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.search.queries import find, read_queries, sentence_key
from utils.stats import measures as m
from utils.stats.frequency import frequency_table
from utils.stats.measure_list import find_measure
from utils.stats.verdicts import as_verdicts

FEWEST = 3  # joint positions; with fewer nothing is said
COLUMNS = (
    "term observed expected log_dice mi t g2 delta_p_node delta_p_collocate verdict frequency"
).split()


def collocates(
    tokens: DataFrame,
    node: str,
    window: int = 5,
    articles: DataFrame | None = None,
    measures: Iterable[str] = (),
) -> DataFrame:
    """One row per term within ``window`` tokens of the node in its sentence, by log-Dice.

    The columns are ``term, observed, expected, log_dice, mi, t, g2, delta_p_node,
    delta_p_collocate, verdict, frequency``, then ``L5`` to ``R5``, ``documents`` (articles with the
    pair) and one for each further association measure in ``measures``.

    ``observed`` counts positions, each once however many nodes it is near; ``expected`` is what the
    term's frequency gives if it is independent of the node. The 2×2 table is of positions that are
    not nodes: f1 of them are inside windows, f2 are the term. ``log_dice`` alone uses the node's
    own frequency. ``L5`` to ``R5`` split ``observed`` by the distance to the nearest node (L where
    one on each side is as near). ``verdict`` is ``more``, ``less``, ``one article``,
    ``no difference`` or ``too few``.

    ``articles`` are needed for a node that begins with ``case:``. Raises ``Mistake`` for a window
    below 1, a node that never occurs, or an unknown measure.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> collocates(tokenize(read_corpus()), "innovation").attrs["window_positions"]
    398
    """
    if window < 1:
        raise Mistake(f"window {window}: give 1 token or more to each side")
    first, last = find(tokens, node, articles)
    if not len(first):
        raise Mistake(f"node {node!r} never occurs; {_nearest_terms(tokens, node)}")
    place = _places(tokens, first, last, window)
    outside = ~_covered(len(tokens), first, last)
    rows = np.flatnonzero((place != 0) & outside)
    codes = tokens.term.array.codes
    docs = tokens.doc_id.array.codes
    near = DataFrame({"code": codes[rows], "doc": docs[rows], "place": place[rows]})
    table = _count_positions(near, window)
    terms = tokens.term.array.categories
    table["term"] = terms[table.index].astype(object)
    table["frequency"] = np.bincount(codes[outside], minlength=len(terms))[table.index]
    f1 = len(near)
    n = int(outside.sum())
    table = _measure_pairs(table, f1, n, measures)
    table["log_dice"] = m.log_dice(table.observed, len(first), table.frequency)
    table["verdict"] = _verdicts(table, f1, n, several=len(np.unique(docs)) > 1)
    table = table.sort_values(["log_dice", "term"], ascending=[False, True], ignore_index=True)
    table.attrs = {"node_frequency": len(first), "window_positions": f1, "n": n}
    return table[list(dict.fromkeys([*COLUMNS, *table.columns]))]


def read_nodes(articles: DataFrame, tokens: DataFrame) -> list[str]:
    """The queries of the corpus's ``nodes.txt``, else its three most frequent content words.

    Raises ``Mistake`` naming the line of a query that cannot be read.
    """
    nodes = read_queries("nodes", articles).node.tolist()
    if nodes:
        return nodes
    terms = frequency_table(tokens).term
    return terms[is_content(terms, function_words(articles))].head(3).tolist()


def _places(tokens: DataFrame, first: ndarray, last: ndarray, window: int) -> ndarray:
    """For every row its distance to the nearest node.

    The distance is negative to the left of the node, and 0 outside all windows.
    """
    place = np.zeros(len(tokens), np.int32)
    sentence = sentence_key(tokens, first)
    for distance in range(window, 0, -1):  # the nearest comes last and stays
        for side, rows in ((distance, last + distance), (-distance, first - distance)):
            exists = (rows >= 0) & (rows < len(tokens))
            rows = rows[exists]
            same = sentence_key(tokens, rows) == sentence[exists]
            place[rows[same]] = side
    return place


def _covered(size: int, first: ndarray, last: ndarray) -> ndarray:
    """True for the rows of the nodes, all tokens of a phrase among them."""
    edges = np.bincount(first, minlength=size + 1) - np.bincount(last + 1, minlength=size + 1)
    return np.cumsum(edges)[:size] > 0


def _count_positions(near: DataFrame, window: int) -> DataFrame:
    """Positions near the node by term code: all, at each distance, and how many articles."""
    by_term = near.groupby("code")
    table = DataFrame({"observed": by_term.size()})
    places = near.groupby(["code", "place"]).size().unstack(fill_value=0)
    for distance in [*range(-window, 0), *range(1, window + 1)]:
        side = "L" if distance < 0 else "R"
        table[f"{side}{abs(distance)}"] = places.get(distance, 0)
    return table.assign(documents=by_term.doc.nunique())


def _measure_pairs(table: DataFrame, f1: int, n: int, measures: Iterable[str]) -> DataFrame:
    counts = (table.observed, f1, table.frequency, n)
    delta_p_node, delta_p_collocate = m.delta_p(*counts)
    table = table.assign(
        expected=f1 * table.frequency / n,
        mi=m.mutual_information(*counts),
        t=m.t_score(*counts),
        g2=m.association_g2(*counts),
        delta_p_node=delta_p_node,
        delta_p_collocate=delta_p_collocate,
    )
    for name in measures:
        measure = find_measure(name, "association")
        if name not in COLUMNS:
            table[name] = measure(*counts)
    return table


def _verdicts(table: DataFrame, f1: int, n: int, several: bool) -> pd.Categorical:
    """Whether the shares inside and outside windows differ by more than their counting error."""
    low_near, high_near = m.wilson_interval(table.observed, f1)
    low_far, high_far = m.wilson_interval(table.frequency - table.observed, n - f1)
    more = low_near > high_far
    cases = {
        "too few": table.observed < FEWEST,
        "one article": more & (table.documents == 1) & several,
        "more": more,
        "less": high_near < low_far,
    }
    return as_verdicts(np.select(list(cases.values()), list(cases), "no difference"))


def _nearest_terms(tokens: DataFrame, node: str) -> str:
    near = get_close_matches(node.lower(), tokens.term.array.categories, 3)
    return f"near it in spelling: {', '.join(near)}" if near else "no term is near it in spelling"
