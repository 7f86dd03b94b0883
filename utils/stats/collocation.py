"""Node -> collocates: which terms are near it more often than elsewhere, from one 2×2 table."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd
from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.search.queries import find, read_queries, sentence_edges
from utils.stats import measures as m
from utils.stats.frequency import frequency_table
from utils.stats.measure_list import find_measure
from utils.stats.verdicts import first_case

FEWEST = 3  # joint positions; with fewer nothing is said
NODE = "node"
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
    positions = tokens[["term", "doc_id"]].assign(place=_places(tokens, first, last, window))
    positions = positions[positions.place != NODE]
    table = _count_positions(positions, window)
    f1 = int(table.observed.sum())
    n = len(positions)
    table["log_dice"] = m.log_dice(table.observed, len(first), table.frequency)
    table = _measure_pairs(table, f1, n, measures)
    table["verdict"] = _verdicts(table, f1, n, articles=tokens.doc_id.nunique())
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


def _places(tokens, first, last, window):
    """For every row its place beside the nearest node, as ``L2``.

    It is ``NODE`` for the tokens of nodes, and blank outside all windows.
    """
    start, end = sentence_edges(tokens, first)
    place = np.full(len(tokens), "", object)
    for distance in range(window, 0, -1):  # the nearest comes last and stays
        after = last + distance
        before = first - distance
        place[after[after <= end]] = f"R{distance}"
        place[before[before >= start]] = f"L{distance}"
    for step in range(max(last - first) + 1):
        place[np.minimum(first + step, last)] = NODE
    return place


def _count_positions(positions, window):
    """By term: positions near the node, at each place and in all; articles; and all positions."""
    left = [f"L{distance}" for distance in range(window, 0, -1)]
    right = [f"R{distance}" for distance in range(1, window + 1)]
    near = positions[positions.place != ""]
    places = pd.get_dummies(near.place).groupby(near.term, observed=True).sum()
    table = places.reindex(columns=[*left, *right], fill_value=0)
    table["observed"] = table.sum(axis=1)
    table["documents"] = near.groupby("term", observed=True).doc_id.nunique()
    table["frequency"] = positions.term.value_counts().reindex(table.index)
    return table.reset_index().astype({"term": object})


def _measure_pairs(table, f1, n, measures):
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
        if name not in table:
            table[name] = measure(*counts)
    return table


def _verdicts(table, f1, n, articles):
    """Whether the shares inside and outside windows differ by more than their counting error."""
    low_near, high_near = m.wilson_interval(table.observed, f1)
    low_far, high_far = m.wilson_interval(table.frequency - table.observed, n - f1)
    more = low_near > high_far
    cases = {
        "too few": table.observed < FEWEST,
        "one article": more & (table.documents < min(2, articles)),
        "more": more,
        "less": high_near < low_far,
    }
    return first_case(cases, "no difference")


def _nearest_terms(tokens, node):
    near = get_close_matches(node.lower(), tokens.term.array.categories, 3)
    return f"near it in spelling: {', '.join(near)}" if near else "no term is near it in spelling"
