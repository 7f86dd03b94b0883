"""``tokens`` -> one row per term: how often, in how many articles, how evenly; and how vocabulary grows."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from utils.stats import measures as m

FEWEST = 5  # tokens of a term whose spread is judged


def frequency_table(tokens: pd.DataFrame) -> pd.DataFrame:
    """One row per term, most frequent first: ``term, frequency, per_10k, document_frequency, dispersion,
    dispersion_expected``.

    ``per_10k`` is per 10,000 of these tokens; ``document_frequency`` counts articles; ``dispersion`` is
    Gries's DP over articles, and ``dispersion_expected`` the DP that as many tokens would have on
    average if they fell at random over articles of these lengths.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> table = frequency_table(tokenize(read_corpus()))
    >>> table.loc[table.term == "innovation", ["frequency", "document_frequency"]].values.tolist()
    [[49, 5]]
    """
    counts, sizes = counts_by_article(tokens)
    frequency = np.asarray(counts.sum(axis=1)).ravel()
    row = np.repeat(np.arange(len(frequency)), np.diff(counts.indptr))
    smaller_share = np.minimum(counts.data / frequency[row], sizes[counts.indices] / sizes.sum())
    distinct, which = np.unique(frequency, return_inverse=True)
    table = pd.DataFrame(
        {
            "term": tokens.term.cat.categories.astype(object),
            "frequency": frequency,
            "per_10k": frequency / max(len(tokens), 1) * 10_000,
            "document_frequency": np.diff(counts.indptr),
            "dispersion": 1 - np.bincount(row, smaller_share, len(frequency)),
            "dispersion_expected": m.dp_expected(np.maximum(distinct, 1), sizes)[which],
        }
    )
    table = table[table.frequency > 0]
    return table.sort_values(["frequency", "term"], ascending=[False, True], ignore_index=True)


def counts_by_article(tokens: pd.DataFrame) -> tuple[csr_array, np.ndarray]:
    """Counts, a row per term and a column per article, and the articles' sizes in tokens."""
    terms, docs = tokens.term.array, tokens.doc_id.array
    shape = (len(terms.categories), len(docs.categories))
    counts = coo_array((np.ones(len(tokens), np.int64), (terms.codes, docs.codes)), shape=shape).tocsr()
    return counts, np.bincount(docs.codes, minlength=shape[1])


def compare_dispersion(table: pd.DataFrame, tokens: pd.DataFrame, repeats: int = 2000, seed: int = 0) -> pd.DataFrame:
    """``table`` with the middle 95 % of DP under chance, ``chance_low, chance_high``, and a ``verdict``.

    For each frequency its tokens are thrown ``repeats`` times at random over articles of these lengths.
    """
    sizes = np.bincount(tokens.doc_id.cat.codes, minlength=len(tokens.doc_id.cat.categories))
    random = np.random.default_rng(seed)
    ranges = {
        frequency: np.quantile(m.dp(random.multinomial(frequency, sizes / sizes.sum(), repeats), sizes), [0.025, 0.975])
        for frequency in sorted(set(table.frequency))
    }
    low, high = np.array([ranges[frequency] for frequency in table.frequency]).reshape(-1, 2).T
    # A hair of tolerance: equal DPs that are summed in another order may differ in the last digit.
    verdict = np.select(
        [table.frequency < FEWEST, table.dispersion > high + 1e-9, table.dispersion < low - 1e-9],
        [
            "too few to tell",
            "spread less evenly than by chance",
            "spread more evenly than by chance",
        ],
        "no less even than chance could make it",
    )
    return table.assign(chance_low=low, chance_high=high, verdict=verdict)


def vocabulary_growth(tokens: pd.DataFrame, points: int = 400) -> pd.DataFrame:
    """Distinct terms met after so many running tokens, in the order of the articles: ``tokens, types``.

    >>> letters = pd.DataFrame({"term": pd.Categorical(list("aabac"))})
    >>> vocabulary_growth(letters).types.tolist()
    [1, 1, 2, 2, 3]
    """
    first = np.zeros(len(tokens), bool)
    first[np.unique(tokens.term.cat.codes, return_index=True)[1]] = True
    at = np.unique(np.linspace(0, len(tokens) - 1, min(points, len(tokens))).astype(int))
    return pd.DataFrame({"tokens": at + 1, "types": np.cumsum(first)[at]})


def article_table(articles: pd.DataFrame, tokens: pd.DataFrame, window: int = 100) -> pd.DataFrame:
    """One row per article: ``doc_id, title, tokens, types, sentences, paragraphs, mattr, mtld``.

    ``mattr`` has this window in tokens and is blank for a shorter article; ``mtld`` is blank where the
    type-token ratio never falls below 0.72.
    """
    by_article = tokens.groupby("doc_id", observed=False)
    terms = by_article.term.apply(list)
    table = pd.DataFrame(
        {
            "title": articles.title,
            "tokens": by_article.size(),
            "types": by_article.term.nunique(),
            "sentences": by_article.sentence.nunique(),
            "paragraphs": by_article.paragraph.nunique(),
            "mattr": terms.map(lambda sequence: m.mattr(sequence, window)),
            "mtld": terms.map(m.mtld),
        }
    )
    return table.rename_axis("doc_id").reset_index()
