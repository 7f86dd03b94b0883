"""Node -> collocates: which terms are near it more often than elsewhere, from one 2×2 table.

Words are judged by the exact probability of the table, adjusted over every word that is frequent
enough, near the node or not: words that were picked because they are near it would seem to be near
it in shuffled text too.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd
from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.search.queries import find, read_queries, sentence_edges
from utils.stats import measures as m
from utils.stats.counted import keep_counted
from utils.stats.frequency import counts_by_article, frequency_table
from utils.stats.measure_list import MEASURES, add_measures, find_measure
from utils.stats.verdicts import first_case

FEWEST = 3  # joint positions; with fewer nothing is said
FEWEST_TOKENS = 5  # of a term, outside nodes; with fewer it is not judged
ALPHA = 0.05
NODE = "node"
ADJUSTMENTS = MEASURES.measure[MEASURES.kind == "adjustment"].tolist()
COLUMNS = (
    "term observed expected log_dice mi t g2 delta_p_node delta_p_collocate p_exact "
    "p_exact_adjusted verdict frequency"
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
    delta_p_collocate, p_exact, p_exact_adjusted, verdict, frequency``, then ``L5`` to ``R5``,
    ``documents`` (articles with the pair) and one for each further association measure in
    ``measures``.

    ``observed`` counts positions, each once however many nodes it is near; ``expected`` is what the
    term's frequency gives if it is independent of the node. The 2×2 table is of positions that are
    not nodes: f1 of them are inside windows, f2 are the term. ``log_dice`` alone uses the node's
    own frequency. ``L5`` to ``R5`` split ``observed`` by the distance to the nearest node (L where
    one on each side is as near).

    ``p_exact`` is Fisher's, adjusted over all terms with 5 tokens or more outside nodes, near a
    node or not, by Benjamini and Hochberg or by an adjustment named in ``measures``. ``verdict`` is
    ``more``, ``less``, ``one article`` (the pair is in one, or less than half of the log ratio is
    left without one), ``no difference`` or ``too few``. ``attrs`` hold ``node_frequency``,
    ``window_positions`` (f1), ``n`` and ``family`` (terms judged).

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
    frequency = positions.term.value_counts()
    table = _count_positions(positions, window)
    table["frequency"] = frequency[table.term].to_numpy()
    f1 = int(table.observed.sum())
    n = len(positions)
    table = _measure_pairs(table, (f1, n, len(first)), measures)
    judged = frequency[frequency >= FEWEST_TOKENS]
    table["p_exact_adjusted"] = _adjusted(table, judged, (f1, n), measures)
    table["verdict"] = _verdicts(table, positions)
    table = table.sort_values(["log_dice", "term"], ascending=[False, True], ignore_index=True)
    table.attrs = {
        "node_frequency": len(first),
        "window_positions": f1,
        "n": n,
        "family": len(judged),
    }
    table = table[list(dict.fromkeys([*COLUMNS, *table.columns]))]
    return keep_counted(table, "collocates", tokens=tokens, node=node, window=window)


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
    """By term: positions near the node, at each place and in all, and the articles with them."""
    left = [f"L{distance}" for distance in range(window, 0, -1)]
    right = [f"R{distance}" for distance in range(1, window + 1)]
    near = positions[positions.place != ""]
    places = pd.get_dummies(near.place).groupby(near.term, observed=True).sum()
    table = places.reindex(columns=[*left, *right], fill_value=0)
    table["observed"] = table.sum(axis=1)
    table["documents"] = near.groupby("term", observed=True).doc_id.nunique()
    return table.reset_index().astype({"term": object})


def _measure_pairs(table, sizes, measures):
    f1, n, nodes = sizes
    counts = (table.observed, f1, table.frequency, n)
    delta_p_node, delta_p_collocate = m.delta_p(*counts)
    table = table.assign(
        expected=f1 * table.frequency / n,
        log_dice=m.log_dice(table.observed, nodes, table.frequency),
        mi=m.mutual_information(*counts),
        t=m.t_score(*counts),
        g2=m.association_g2(*counts),
        delta_p_node=delta_p_node,
        delta_p_collocate=delta_p_collocate,
        p_exact=m.fisher_exact(*counts),
    )
    numbers = {"o11": counts[0], "f1": f1, "f2": counts[2], "n": n, "nodes": nodes}
    names = [name for name in measures if name not in ADJUSTMENTS]
    return add_measures(table, names, "association", numbers)


def _adjusted(table, judged, sizes, measures):
    """The adjusted p of each row; blank for a term that is not judged.

    The terms that are not near the node take part with 0 joint positions.
    """
    f1, n = sizes
    observed = table.set_index("term").observed.reindex(judged.index, fill_value=0)
    p = m.fisher_exact(observed, f1, judged, n)
    named = [name for name in measures if name in ADJUSTMENTS]
    adjust = find_measure([*named, "benjamini_hochberg"][0], "adjustment")
    return pd.Series(adjust(p), judged.index.astype(object)).reindex(table.term).to_numpy()


def _verdicts(table, positions):
    several = positions.doc_id.nunique() > 1
    evident = table.p_exact_adjusted <= ALPHA
    hangs = evident.copy()
    hangs[evident] = (table.documents[evident] == 1) | _hangs_on_one(table[evident], positions)
    cases = {
        "too few": (table.observed < FEWEST) | (table.frequency < FEWEST_TOKENS),
        "one article": hangs & several,
        "more": evident & (table.observed > table.expected),
        "less": evident,
    }
    return first_case(cases, "no difference")


def _hangs_on_one(table, positions):
    """Whether less than half of each term's log ratio, or its opposite, is left without an article.

    The log ratio is that of the term's rates inside and outside windows.
    """
    near = positions.place != ""
    rows = positions.term.cat.categories.get_indexer(table.term)
    inside, size_inside = counts_by_article(positions[near])
    outside, size_outside = counts_by_article(positions[~near])
    numbers = (inside[rows].toarray(), outside[rows].toarray(), size_inside, size_outside)
    whole = m.log_ratio(*[number.sum(axis=-1) for number in numbers])
    without = m.log_ratio(*[number.sum(axis=-1, keepdims=True) - number for number in numbers])
    return (without * np.sign(whole)[:, None]).min(axis=1) < np.abs(whole) / 2


def _nearest_terms(tokens, node):
    near = get_close_matches(node.lower(), tokens.term.array.categories, 3)
    return f"near it in spelling: {', '.join(near)}" if near else "no term is near it in spelling"
