"""Node -> collocates: which terms are near it more often than elsewhere, from one 2×2 table.

Words are judged by the exact probability of the table, adjusted over every word that is frequent
enough, near the node or not: words that were picked because they are near it would seem to be near
it in shuffled text too.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
from pandas import DataFrame, Series

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.search.positions import positions_of
from utils.search.queries import find, read_queries, sentence_key
from utils.stats import measures as m
from utils.stats.counted import keep_counted
from utils.stats.frequency import counts_by_article, frequency_table, sizes_of_articles
from utils.stats.measure_list import MEASURES, add_measures, find_measure
from utils.stats.verdicts import first_case

FEWEST = 3  # joint positions; with fewer nothing is said
FEWEST_TOKENS = 5  # of a term, outside nodes; with fewer it is not judged
ALPHA = 0.05
NODE = 1 << 20  # in the place of a place
EXTREME = 10  # articles without a term, on either side, that are left out too
_OF_COUNTS = ["term", "doc_id"]
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
    places = _places(tokens, first, last, window)
    table = _count_positions(tokens, places, window)
    judged = table.frequency >= FEWEST_TOKENS
    f1 = int(table.observed.sum())
    n = int(table.frequency.sum())
    table["p_exact"] = m.fisher_exact(table.observed, f1, table.frequency, n)
    table["p_exact_adjusted"] = _adjust(table.p_exact.where(judged), measures)
    table = _measure_pairs(table[table.observed > 0], (f1, n, len(first)), measures)
    table["verdict"] = _verdicts(table, tokens, places)
    order = np.argsort(-table.log_dice, kind="stable")  # equal ones stay in the order of terms
    table = table.iloc[order].reset_index(drop=True)
    table.attrs = {
        "node_frequency": len(first),
        "window_positions": f1,
        "n": n,
        "family": int(judged.sum()),
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
    """For every row its place beside the nearest node: 2 is the second to the right of one.

    It is ``NODE`` for the tokens of nodes, and 0 outside all windows.
    """
    sentence = sentence_key(tokens, first)
    places = np.zeros(len(tokens), np.int32)
    for distance in range(window, 0, -1):  # the nearest comes last and stays
        for rows, place in ((last + distance, distance), (first - distance, -distance)):
            inside = (rows >= 0) & (rows < len(tokens))
            inside[inside] = sentence_key(tokens, rows[inside]) == sentence[inside]
            places[rows[inside]] = place
    for step in range(max(last - first) + 1):
        places[np.minimum(first + step, last)] = NODE
    return places


def _count_positions(tokens, places, window):
    """By term that is not only nodes: positions at each place and near the node, articles, all."""
    positions = positions_of(tokens)
    near = np.flatnonzero((places != 0) & (places != NODE))
    shape = (len(positions.terms), 2 * window + 1)
    cells = positions.codes[near].astype(int) * shape[1] + places[near] + window
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    inside = counts_by_article(tokens[_OF_COUNTS].iloc[near])[0]
    nodes = np.bincount(positions.codes[places == NODE], minlength=shape[0])
    frequency = np.diff(positions.ends) - nodes
    kept = np.flatnonzero(frequency)
    by_place = {
        f"{'L' if place < 0 else 'R'}{abs(place)}": counts[kept, place + window]
        for place in range(-window, window + 1)
        if place
    }
    return DataFrame(
        {
            "term": positions.terms[kept],
            **by_place,
            "observed": counts.sum(axis=1)[kept],
            "documents": np.diff(inside.indptr)[kept],
            "frequency": frequency[kept],
        },
        kept,
    )


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
    )
    numbers = {"o11": counts[0], "f1": f1, "f2": counts[2], "n": n, "nodes": nodes}
    names = [name for name in measures if name not in ADJUSTMENTS]
    return add_measures(table, names, "association", numbers)


def _adjust(p, measures):
    """The p of the terms that are judged, near the node or not, adjusted as ``measures`` say."""
    named = [name for name in measures if name in ADJUSTMENTS]
    return find_measure([*named, "benjamini_hochberg"][0], "adjustment")(p)


def _verdicts(table, tokens, places):
    docs = tokens.doc_id.array.codes[places != NODE]
    several = bool((docs != docs[:1]).any())
    evident = table.p_exact_adjusted <= ALPHA
    hangs = evident & (table.documents == 1)
    if several:
        others = evident & ~hangs
        hangs[others] = _hangs_on_one(table[others], tokens, places)
    cases = {
        "too few": (table.observed < FEWEST) | (table.frequency < FEWEST_TOKENS),
        "one article": hangs & several,
        "more": evident & (table.observed > table.expected),
        "less": evident,
    }
    return first_case(cases, "no difference")


def _hangs_on_one(table, tokens, places):
    """Whether less than half of each term's log ratio, or its opposite, is left without an article.

    The log ratio is that of the term's rates inside and outside windows. The articles that have
    most of a term could at most take away so much; only where that would do is each one left out.
    """
    columns = tokens[_OF_COUNTS]
    inside, size_inside = counts_by_article(columns[(places != 0) & (places != NODE)])
    docs = columns.doc_id.array.codes
    nodes = np.bincount(docs[places == NODE], minlength=len(size_inside))
    size_outside = sizes_of_articles(tokens) - size_inside - nodes
    sizes = (size_inside, size_outside)
    most = inside[table.index.to_numpy()].max(axis=1).toarray()
    suspects = table[_could_hang(table, most, sizes)]
    codes = suspects.index.to_numpy()
    rows = positions_of(tokens).rows(codes)
    outside, _ = counts_by_article(columns.iloc[rows[places[rows] == 0]])
    hangs = Series(False, table.index)
    hangs[codes] = _hang(suspects, (inside[codes], outside[codes]), sizes)
    return hangs


def _could_hang(table, most, sizes):
    """Whether what one article could at most take away would be enough."""
    one, two = [size.sum() for size in sizes]
    longest_one, longest_two = [size.max() for size in sizes]
    outside = table.frequency - table.observed
    least = m.log_ratio(table.observed - most, outside, one, two - longest_two)
    fewer = np.maximum(outside - longest_two, 0)
    least_less = m.log_ratio(fewer, table.observed, two, one - longest_one)
    whole = m.log_ratio(table.observed, outside, one, two)
    return ~(np.where(whole > 0, least, least_less) >= np.abs(whole) / 2)


def _hang(table, counts, sizes):
    """Whether too little of the log ratio is left without one of the articles."""
    one, two = [size.sum() - size for size in sizes]
    # Of the articles without a term only those that move the sizes most matter.
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(two / one)
    extreme = np.unique(np.append(order[:EXTREME], order[-EXTREME:]))
    cells = (counts[0] + counts[1]).tocoo()
    terms = np.arange(len(table))
    row = np.append(cells.row, np.repeat(terms, len(extreme)))
    article = np.append(cells.col, np.tile(extreme, len(terms)))
    inside = table.observed.to_numpy()
    outside = (table.frequency - table.observed).to_numpy()
    left_inside = inside[row] - counts[0][row, article]
    left_outside = outside[row] - counts[1][row, article]
    left = m.log_ratio(left_inside, left_outside, one[article], two[article])
    whole = m.log_ratio(inside, outside, sizes[0].sum(), sizes[1].sum())
    least = np.full(len(table), np.inf)
    np.minimum.at(least, row, left * np.sign(whole)[row])
    return least < np.abs(whole) / 2


def _nearest_terms(tokens, node):
    near = get_close_matches(node.lower(), tokens.term.array.categories, 3)
    return f"near it in spelling: {', '.join(near)}" if near else "no term is near it in spelling"
