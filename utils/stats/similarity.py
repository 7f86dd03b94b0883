"""Articles side by side without any coding: how alike they are, and the words of each centre."""

import numpy as np
import pandas as pd
from pandas import DataFrame, Series
from scipy.sparse import csr_array

from utils.corpus.words import is_content
from utils.search.queries import covered_by_names
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import keyword_table, mark_names

APART = [
    "term",
    "target",
    "reference",
    "per_10k_target",
    "per_10k_reference",
    "log_ratio",
    "low",
    "high",
    "g2",
    "query",
    "verdict",
]
_BLOCK = 4_000_000  # pairs of articles compared at a time


def similarity(
    tokens: DataFrame,
    names: list[str],
    words: frozenset[str],
    phrases: DataFrame,
    top: int = 1000,
) -> DataFrame:
    """One row per pair of articles: ``doc_id, with_article, cosine, shared_types, phrases``.

    The most alike come first. The cosine is between the counts of content words outside ``names``
    of bodies: 0 nothing in common, 1 the same shares. ``phrases`` are those of the table of shared
    phrases that both articles have. Of many pairs only the ``top`` most alike and the ``top``
    least alike are kept; ``attrs["pairs"]`` says how many were compared.
    """
    content = is_content(tokens.term.cat.categories, words)[tokens.term.cat.codes]
    counts, _ = counts_by_article(tokens[content & ~covered_by_names(tokens, names)])
    by_article = counts.T.tocsr()
    docs = tokens.doc_id.cat.categories
    pairs = _compare_pairs(by_article, top)
    both = by_article[pairs.one].multiply(by_article[pairs.two])
    table = DataFrame(
        {
            "doc_id": docs[pairs.one],
            "with_article": docs[pairs.two],
            "cosine": pairs.cosine,
            "shared_types": (both > 0).sum(axis=1),
        }
    )
    table = _add_phrases(table, phrases[["doc_id", "phrase"]].astype(object))
    table.attrs["pairs"] = len(docs) * (len(docs) - 1) // 2
    return table


def words_apart(
    tokens: DataFrame, of_centre: Series, queries: frozenset[str], names: list[str]
) -> DataFrame:
    """The words more frequent in the articles of each centre than in those of the others.

    Rows and columns are those of the keyword table, ``centre`` first; ``of_centre`` names the
    centre of an article. With one article a centre, every word depends on that article.
    """
    coded = tokens.assign(centre=tokens.doc_id.map(of_centre)).dropna(subset="centre")
    tables = [DataFrame(columns=["centre", *APART])]
    for centre in of_centre.dropna().unique():
        inside = coded.centre == centre
        if inside.any() and not inside.all():
            table = keyword_table(coded[inside], coded[~inside], queries)
            more = table[table.verdict.isin(["more", "one article"]) & (table.log_ratio > 0)]
            named = mark_names(more, tokens, names).assign(centre=centre)
            tables.append(named[tables[0].columns])
    return pd.concat(tables[1:] or tables, ignore_index=True)


def _compare_pairs(by_article: csr_array, top: int) -> DataFrame:
    """``one, two, cosine`` of pairs of rows, the largest cosine first, a block at a time."""
    number = by_article.shape[0]
    step = max(_BLOCK // number, 1)
    length = np.sqrt(np.maximum(by_article.power(2).sum(axis=1), 1))
    pairs = DataFrame()
    for start in range(0, number, step):
        products = (by_article[start : start + step] @ by_article.T).toarray()
        row, two = np.triu_indices(len(products), start + 1, number)
        one = row + start
        cosine = products[row, two] / (length[one] * length[two])
        pairs = pd.concat([pairs, DataFrame({"one": one, "two": two, "cosine": cosine})])
        pairs = pairs.sort_values("cosine", ascending=False, kind="stable", ignore_index=True)
        if len(pairs) > 2 * top:
            pairs = pd.concat([pairs.head(top), pairs.tail(top)], ignore_index=True)
    return pairs


def _add_phrases(table: DataFrame, phrases: DataFrame) -> DataFrame:
    """The pairs of articles with ``phrases``, those that both of them have."""
    pair = ["doc_id", "with_article"]
    of_other = phrases.rename(columns={"doc_id": "with_article"})
    both = table.merge(phrases, on="doc_id").merge(of_other, on=["with_article", "phrase"])
    listed = both.sort_values("phrase").groupby(pair).phrase.agg("; ".join)
    return table.join(listed.rename("phrases"), on=pair).fillna({"phrases": ""})
