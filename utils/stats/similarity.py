"""Articles side by side without any coding: how alike they are, and the words of each centre."""

from heapq import nlargest
from math import comb

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.words import is_content
from utils.search.queries import covered_by_names
from utils.stats.counted import counted_of, keep_counted
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import keyword_table, mark_names
from utils.stats.resampling import blocks

APART = (
    "centre term target reference per_10k_target per_10k_reference log_ratio low high g2 query "
    "verdict"
).split()
MOST_COMPARED = 3000  # articles, since the pairs grow with their square
ENDS = 1000  # pairs that are kept at either end, where there are many
PHRASES = 10  # shared phrases that are listed for a pair, the longest


def similarity(
    tokens: DataFrame, names: list[str], words: frozenset[str], phrases: DataFrame
) -> DataFrame:
    """One row per pair of articles: ``doc_id, with_article, cosine, shared_types, phrases``.

    The most alike come first. The cosine is between the counts of content words outside ``names``
    of bodies: 0 nothing in common, 1 the same shares. ``phrases`` are those of the table of shared
    phrases that both articles have, the 10 longest. Of many pairs only the 1,000 most alike and the
    1,000 least alike are kept. An article without such words is left out. Of more than 3,000
    articles so many are compared, drawn with a fixed seed. ``attrs`` hold ``articles`` (all that
    have such words), ``compared`` (of these), ``pairs``, ``ends`` (how many are kept at either end)
    and ``phrases`` (how many are listed).
    """
    counts, _ = counts_by_article(tokens[["doc_id", "term"]][~covered_by_names(tokens, names)])
    content = is_content(tokens.term.cat.categories, words)
    docs = tokens.doc_id.cat.categories
    by_article = counts[content].T.tocsr()
    with_words = np.flatnonzero(np.diff(by_article.indptr))
    drawn = with_words[_draw(len(with_words))]
    by_article = by_article[drawn]
    pairs = _compare_pairs(by_article)
    both = by_article[pairs.one].multiply(by_article[pairs.two])
    phrases = phrases[phrases.doc_id.isin(docs[drawn][np.unique(pairs[["one", "two"]])])]
    listed = phrases.groupby("doc_id", observed=True).phrase.agg(set).to_dict()
    listed = [listed.get(doc_id, frozenset()) for doc_id in docs[drawn]]
    table = DataFrame(
        {
            "doc_id": docs[drawn][pairs.one],
            "with_article": docs[drawn][pairs.two],
            "cosine": pairs.cosine,
            "shared_types": (both > 0).sum(axis=1),
            "phrases": [
                _list_longest(listed[one] & listed[two])
                for one, two in zip(pairs.one, pairs.two, strict=True)
            ],
        }
    )
    compared = {"articles": len(with_words), "compared": len(drawn), "pairs": comb(len(drawn), 2)}
    table.attrs = {**compared, "ends": ENDS, "phrases": PHRASES}
    return table


def words_apart(
    tokens: DataFrame, of_centre: Series, queries: frozenset[str], names: list[str]
) -> DataFrame:
    """The words more frequent in the articles of each centre than in those of the others.

    Rows and columns are those of the keyword table, ``centre`` first; ``of_centre`` names the
    centre of an article. With one article a centre, every word depends on that article.
    """
    coded = tokens.assign(centre=tokens.doc_id.map(of_centre)).dropna(subset="centre")
    coded = coded.assign(term=coded.term.cat.remove_unused_categories())  # each table takes all
    tables = [DataFrame(columns=APART)]
    groups = {}
    for centre in coded.centre.unique():
        inside = coded.centre == centre
        if not inside.all():
            table = keyword_table(coded[inside], coded[~inside], queries)
            more = table[table.verdict.isin(["more", "one article"]) & (table.log_ratio > 0)]
            tables.append(more.assign(centre=centre)[APART])
            groups[centre] = counted_of(table)["counted"]
    table = mark_names(pd.concat(tables, ignore_index=True), tokens, names)
    return keep_counted(table, "groups by centre", groups=groups)


def _list_longest(phrases):
    return "; ".join(sorted(nlargest(PHRASES, sorted(phrases), key=len)))


def _draw(number):
    """The numbers of the articles to compare, in order."""
    if number <= MOST_COMPARED:
        return np.arange(number)
    return np.sort(np.random.default_rng(0).choice(number, MOST_COMPARED, replace=False))


def _compare_pairs(by_article):
    """``one, two, cosine`` of pairs of rows, the largest cosine first, a block at a time."""
    number = by_article.shape[0]
    length = np.sqrt(np.maximum(by_article.power(2).sum(axis=1), 1))
    pairs = DataFrame()
    for rows in blocks(np.arange(number), number):
        products = (by_article[rows] @ by_article.T).toarray()
        row, two = np.triu_indices(len(rows), min(rows, default=0) + 1, number)
        one = rows[row]
        cosine = products[row, two] / (length[one] * length[two])
        pairs = pd.concat([pairs, DataFrame({"one": one, "two": two, "cosine": cosine})])
        pairs = pairs.sort_values("cosine", ascending=False, kind="stable", ignore_index=True)
        if len(pairs) > 2 * ENDS:
            pairs = pd.concat([pairs.head(ENDS), pairs.tail(ENDS)], ignore_index=True)
    return pairs
