"""Paragraphs -> topics by NMF on TF-IDF, with how stable they are, or the verdict that none is stable.

A topic model always returns topics. What tells a finding from noise is whether the same topics come back from
half of the articles, more than they do when the words are dealt out to the paragraphs at random. Whole articles
are drawn, since paragraphs of one article share its names and would bring back the article as a topic.
"""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from sklearn import config_context
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from utils.stats import measures as m
from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content

TERMS = 10  # top terms of a topic that are compared and shown
RESAMPLES = 50  # of half of the articles
SHUFFLES, SHUFFLED_RESAMPLES = 10, 3  # of shuffled text, for the baseline
FEWEST_ARTICLES = 4  # to draw articles; of fewer, paragraphs are drawn
FEWEST_PARAGRAPHS = 2  # that a term must occur in
UNSTABLE = "no stable topics can be found at this size"
OWN = 0.6  # share of a topic's weight in one article, from which on the topic is that article's


class Topics(NamedTuple):
    """Topics (a row each), weights (a row per paragraph), stability (a row per number of topics), and the verdict."""

    topics: pd.DataFrame
    weights: pd.DataFrame
    stability: pd.DataFrame
    verdict: str


def fit_topics(
    tokens: pd.DataFrame, k: int | None = None, seed: int = 0, words: frozenset[str] | None = None
) -> Topics:
    """Topics of the paragraphs, their number chosen by stability unless ``k`` is given.

    ``topics``: ``topic, terms, agreement, coherence, paragraphs, carried_by``. ``weights``: ``doc_id, paragraph, sentence``
    and a column per topic, each row adding up to 1. ``stability``: ``k, agreement, shuffled, shuffled_high,
    coherence, verdict``. A topic most of whose weight lies in one article is ``carried_by`` it. The verdict says
    that there are no stable topics when no number of them beats shuffled text, or when most of them are single
    articles; they are returned all the same, to be looked at. The same corpus and seed give the same numbers on any number of cores.

    Raises ``Mistake`` for k below 2 or above the paragraphs, or when no term is left after filtering.
    """
    counts, terms, places = paragraph_counts(tokens, function_words() if words is None else words)
    most = min(counts.shape) - 1
    if k is not None and not 2 <= k <= most:
        raise Mistake(f"k {k}: give 2 to {most} topics; {counts.shape[0]} paragraphs share {counts.shape[1]} terms")
    if most < 2:
        raise Mistake(
            f"topics: {counts.shape[0]} paragraphs share {counts.shape[1]} content terms; at least 3 of each are needed"
        )
    with threadpool_limits(1):
        rows = [_stability(counts, _units(places), number, seed) for number in ([k] if k else _numbers(most))]
        stability = pd.DataFrame(rows).drop(columns="by_topic")
        chosen, verdict = _choose(stability, k)
        by_topic = next(row["by_topic"] for row in rows if row["k"] == chosen)
        topics, weights = _fitted(counts, terms, places, by_topic)
    own = (topics.carried_by != "").sum()
    if verdict != UNSTABLE and own > len(topics) / 2:
        verdict = (
            f"{UNSTABLE}: {own} of {chosen} lie mostly in one article each, so they tell articles apart and no more"
        )
    return Topics(topics, weights, stability, verdict)


def paragraph_counts(tokens: pd.DataFrame, words: frozenset[str]) -> tuple[csr_array, np.ndarray, pd.DataFrame]:
    """Counts of content terms (columns) by paragraph (rows), the terms, and ``doc_id, paragraph, sentence`` of each row."""
    content = tokens[is_content(tokens.term.cat.categories, words)[tokens.term.cat.codes]]
    places = content.groupby(["doc_id", "paragraph"], observed=True).sentence.first().reset_index()
    row = content.groupby(["doc_id", "paragraph"], observed=True).ngroup().to_numpy()
    shape = (len(places), len(tokens.term.cat.categories))
    counts = coo_array((np.ones(len(content)), (row, content.term.cat.codes)), shape=shape).tocsr()
    keep = np.flatnonzero(np.bincount(counts.indices, minlength=shape[1]) >= FEWEST_PARAGRAPHS)
    counts = counts[:, keep]
    filled = np.flatnonzero(counts.sum(axis=1))
    return counts[filled], tokens.term.cat.categories.to_numpy(object)[keep], places.iloc[filled].reset_index(drop=True)


def top_terms(weights: np.ndarray, number: int = TERMS) -> np.ndarray:
    """Columns of the largest weights of each row, largest first; equal weights in the order of the columns."""
    return np.argsort(-weights, axis=1, kind="stable")[:, :number]


def average_jaccard(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Agreement of each ranked list of ``one`` (rows) with each of ``two`` (columns): the mean Jaccard index of
    their first 1, 2, … terms (Greene, O'Callaghan and Cunningham 2014).

    >>> one, two = "album music best award win".split(), "sport best win medal award".split()
    >>> average_jaccard(np.array([one]), np.array([two])).round(3).tolist()
    [[0.154]]
    """
    same = one[:, None, :, None] == two[None, :, None, :]
    shared = np.diagonal(same.cumsum(axis=2).cumsum(axis=3), axis1=2, axis2=3)
    depth = np.arange(1, one.shape[1] + 1)
    return (shared / (2 * depth - shared)).mean(axis=-1)


def agreement(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Agreement of each topic of ``one`` with its match in ``two``, matched so that the sum is largest."""
    scores = average_jaccard(one, two)
    rows, columns = linear_sum_assignment(-scores)
    return scores[rows, columns]


def coherence(counts: csr_array, tops: np.ndarray) -> np.ndarray:
    """Mean NPMI of the pairs of top terms of each topic, over paragraphs: -1 never together, 1 always; never blank."""
    there = (counts > 0).astype(float)
    frequency, n = there.sum(axis=0), there.shape[0]
    means = []
    for top in tops:
        part = there[:, top]
        joint, (i, j) = (part.T @ part).toarray(), np.triu_indices(len(top), 1)
        occurs = (frequency[top][i] > 0) & (frequency[top][j] > 0)
        values = m.npmi(joint[i, j], np.maximum(frequency[top][i], 1), np.maximum(frequency[top][j], 1), n)
        means.append(float(np.where(occurs, values, -1.0).mean()) if len(i) else 0.0)
    return np.array(means)


def article_shares(weights: pd.DataFrame) -> pd.DataFrame:
    """Mean weight of each topic in the paragraphs of each article: a row per article, rows add up to 1."""
    return weights.drop(columns=["paragraph", "sentence"]).groupby("doc_id", observed=True).mean()


def typical_paragraphs(weights: pd.DataFrame, articles: pd.DataFrame, each: int = 2) -> pd.DataFrame:
    """The paragraphs with the largest share of each topic: ``topic, share, doc_id, sentence, quote``, quoted in full."""
    rows = []
    for topic in weights.columns.drop(["doc_id", "paragraph", "sentence"]):
        for row in weights.nlargest(each, topic).rename(columns={topic: "share"}).itertuples():
            start, end = articles.body[row.doc_id][row.paragraph - 1]
            rows.append((topic, row.share, row.doc_id, row.sentence, articles.raw[row.doc_id][start:end]))
    return pd.DataFrame(rows, columns=["topic", "share", "doc_id", "sentence", "quote"])


def topics_and_themes(weights: pd.DataFrame, hits: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """How topics and themes agree: the share of each topic's weight in paragraphs that touch each theme, a row per
    topic and theme, ``topic, theme, share, everywhere``; ``everywhere`` is the share of all paragraphs that touch it.
    """
    outside = hits[~hits.in_name]
    touched = (
        tokens.iloc[outside["first"]][["doc_id", "paragraph"]].assign(theme=outside.theme.to_numpy()).drop_duplicates()
    )
    names, rows = weights.columns.drop(["doc_id", "paragraph", "sentence"]), []
    for theme, part in touched.groupby("theme", sort=False):
        inside = weights.merge(part, how="left", on=["doc_id", "paragraph"]).theme.notna().to_numpy()
        shares = weights[names][inside].sum() / weights[names].sum()
        rows += [(topic, theme, share, inside.mean()) for topic, share in shares.items()]
    return pd.DataFrame(rows, columns=["topic", "theme", "share", "everywhere"])


def _numbers(most: int) -> list[int]:
    """Numbers of topics to try: each topic should have three paragraphs or more to itself."""
    return [number for number in (2, 3, 4, 5, 6, 8, 10, 15, 20) if number <= max(most // 3, 2)]


def _model(counts: csr_array, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights of paragraphs and of terms."""
    start = "nndsvda" if k <= min(counts.shape) else "random"  # half of a corpus may have fewer paragraphs than k
    model = NMF(k, init=start, random_state=seed, max_iter=300, tol=1e-2)
    tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(counts.astype(np.float32))
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        warnings.simplefilter("ignore", ConvergenceWarning)  # top terms settle long before the last digit
        return model.fit_transform(tfidf), model.components_


def _units(places: pd.DataFrame) -> np.ndarray:
    """What is drawn: the article of each paragraph, or the paragraph itself where articles are few."""
    articles = places.doc_id.cat.remove_unused_categories().cat
    return articles.codes.to_numpy() if len(articles.categories) >= FEWEST_ARTICLES else np.arange(len(places))


def _resampled(
    counts: csr_array, units: np.ndarray, k: int, random: np.random.Generator, repeats: int = RESAMPLES
) -> np.ndarray:
    """Agreement of each topic (columns) with its match in each resample (rows)."""
    reference, scores = top_terms(_model(counts, k, 0)[1]), []
    for _ in range(repeats):
        drawn = random.permutation(units.max() + 1)[: (units.max() + 2) // 2]
        scores.append(agreement(reference, top_terms(_model(counts[np.isin(units, drawn)], k, 0)[1])))
    return np.array(scores)


def _shuffled(counts: csr_array, random: np.random.Generator) -> csr_array:
    """The same tokens dealt out to paragraphs of the same lengths at random."""
    lengths = counts.sum(axis=1).astype(int)
    terms = np.repeat(counts.indices, counts.data.astype(int))
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return coo_array((np.ones(len(terms)), (rows, random.permutation(terms))), shape=counts.shape).tocsr()


def _stability(counts: csr_array, units: np.ndarray, k: int, seed: int) -> dict:
    """Agreement of the text's topics and of shuffled text's, and coherence, for one number of topics."""
    random = np.random.default_rng([seed, k])
    by_topic = _resampled(counts, units, k, random).mean(axis=0)
    found = by_topic.mean()
    shuffles = (_shuffled(counts, random) for _ in range(SHUFFLES))
    baseline = [_resampled(shuffled, units, k, random, SHUFFLED_RESAMPLES).mean() for shuffled in shuffles]
    coherent = coherence(counts, top_terms(_model(counts, k, 0)[1])).mean()
    high = float(np.mean(baseline) + 3 * np.std(baseline, ddof=1))  # three: several numbers are tried
    verdict = "more stable than shuffled text" if found > high else "no more stable than shuffled text"
    return {
        "k": k, "agreement": float(found), "shuffled": float(np.mean(baseline)), "shuffled_high": high,
        "coherence": float(coherent), "verdict": verdict, "by_topic": by_topic,
    }  # fmt: skip


def _choose(stability: pd.DataFrame, k: int | None) -> tuple[int, str]:
    """Of the numbers that beat shuffled text the one furthest above its mean; where none does, the nearest to it."""
    margin = stability.agreement - stability.shuffled
    beats = stability.agreement > stability.shuffled_high
    best = stability.loc[margin.where(beats | ~beats.any()).idxmax()]
    if not beats.any():
        return int(best.k), UNSTABLE
    told = "as asked" if k else "the number furthest above shuffled text"
    return int(best.k), f"{int(best.k)} topics, {told}: agreement {best.agreement:.2f} against {best.shuffled:.2f}"


def _fitted(
    counts: csr_array, terms: np.ndarray, places: pd.DataFrame, by_topic: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Topics and weights of the model with as many topics as there are agreements in ``by_topic``."""
    k = len(by_topic)
    document, components = _model(counts, k, 0)
    tops = top_terms(components)
    document = document / np.maximum(document.sum(axis=1, keepdims=True), 1e-12)
    names = [f"topic {n}" for n in range(1, k + 1)]
    topics = pd.DataFrame(
        {
            "topic": names,
            "terms": [", ".join(terms[top]) for top in tops],
            "agreement": by_topic,
            "coherence": coherence(counts, tops),
            "paragraphs": np.bincount(document.argmax(axis=1), minlength=k),
        }
    )
    weights = pd.concat([places, pd.DataFrame(document, columns=names)], axis=1)
    by_article = weights.groupby("doc_id", observed=True)[names].sum() / np.maximum(document.sum(axis=0), 1e-12)
    several = len(by_article) > 1
    topics["carried_by"] = np.where(several & (by_article.max() >= OWN), by_article.idxmax().astype(str), "")
    return topics, weights
