"""Topics of the paragraphs, by NMF on TF-IDF, and how stable they are.

A topic model always returns topics. What tells a finding from noise is whether the same topics come
back from half of the articles, more than they do when the words are dealt out to the paragraphs at
random. Whole articles are drawn, since paragraphs of one article share its names and would bring
back the article as a topic.
"""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy import ndarray
from numpy.random import Generator
from pandas import DataFrame
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.stats import measures as m
from utils.stats.verdicts import as_verdicts

STABLE = "stable"
UNSTABLE = "unstable"  # no number of topics beats shuffled text
ONE_ARTICLE = "one article"  # most topics are single articles
TERMS = 10  # top terms of a topic that are compared and shown
NUMBERS = (2, 3, 4, 5, 6, 8, 10, 15, 20)  # of topics, which are tried
RESAMPLES = 50  # of half of the articles
SHUFFLES = 10  # shuffled texts for the baseline
SHUFFLED_RESAMPLES = 3  # of each shuffled text
FEWEST_ARTICLES = 4  # to draw articles; of fewer, paragraphs are drawn
FEWEST_PARAGRAPHS = 2  # that a term must occur in
OWN = 0.6  # share of a topic's weight in one article, from which on the topic is that article's
_TINY = 1e-12
_PLACE = ["doc_id", "paragraph", "sentence"]


class Topics(NamedTuple):
    """``topics`` has a row each, ``weights`` one per paragraph, ``stability`` one per number tried.

    ``verdict`` is ``stable``, ``unstable`` or ``one article``.
    """

    topics: DataFrame
    weights: DataFrame
    stability: DataFrame
    verdict: str


class Paragraphs(NamedTuple):
    """Counts of content terms (columns) by paragraph (rows), the terms, and the rows' places."""

    counts: csr_array
    terms: ndarray
    places: DataFrame


def fit_topics(
    tokens: DataFrame, k: int | None = None, seed: int = 0, words: frozenset[str] | None = None
) -> Topics:
    """Topics of the paragraphs, their number chosen by stability unless ``k`` is given.

    ``topics``: ``topic, terms, agreement, coherence, paragraphs, carried_by``; a topic that has
    most of its weight in one article is ``carried_by`` it. ``weights``: ``doc_id, paragraph,
    sentence`` and a column per topic; each row adds up to 1. ``stability``: ``k, agreement,
    shuffled, shuffled_high, coherence, verdict, chosen``. The verdict is ``unstable`` when no
    number of topics beats shuffled text, and ``one article`` when most topics are carried by one;
    the topics are returned all the same. The same corpus and seed give the same numbers on any
    number of cores.

    ``words`` are left out; None means the shipped function words. Raises ``Mistake`` for a ``k``
    below 2 or above what the paragraphs allow, and for too few paragraphs or terms.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> fit_topics(tokenize(read_corpus()), k=3).verdict
    'one article'
    """
    paragraphs = paragraph_counts(tokens, function_words() if words is None else words)
    counts, _, places = paragraphs
    with threadpool_limits(1):
        numbers = _numbers(k, *counts.shape)
        stability = DataFrame([_stability(counts, _units(places), n, seed) for n in numbers])
        by_topic = stability.pop("by_topic")
        stable = stability.verdict == STABLE
        margin = stability.agreement - stability.shuffled
        best = margin.where(stable | ~stable.any()).idxmax()
        topics, weights = _fit(paragraphs, by_topic[best])
    stability["verdict"] = as_verdicts(stability.verdict)
    stability["chosen"] = stability.index == best
    verdict = ONE_ARTICLE if (topics.carried_by != "").mean() > 0.5 else STABLE
    return Topics(topics, weights, stability, verdict if stable.any() else UNSTABLE)


def paragraph_counts(tokens: DataFrame, words: frozenset[str]) -> Paragraphs:
    """Counts of the content terms that occur in two paragraphs or more.

    ``places`` has ``doc_id, paragraph, sentence`` of each row, the sentence being that of the first
    such term.
    """
    place = ["doc_id", "paragraph"]
    content = tokens[is_content(tokens.term.cat.categories, words)[tokens.term.cat.codes]]
    spread = content[[*place, "term"]].drop_duplicates().term.value_counts()
    content = content[spread.reindex(content.term).to_numpy() >= FEWEST_PARAGRAPHS]
    by_paragraph = content.groupby(place, observed=True)
    term = content.term.cat.remove_unused_categories().cat
    cells = (by_paragraph.ngroup(), term.codes)
    places = by_paragraph.sentence.first().reset_index()
    shape = (len(places), len(term.categories))
    counts = coo_array((np.ones(len(content)), cells), shape).tocsr()
    return Paragraphs(counts, term.categories.to_numpy(object), places)


def top_terms(weights: ndarray) -> ndarray:
    """Columns of the ten largest weights of each row, largest first, equal ones in column order.

    >>> top_terms(np.array([[0.1, 0.5, 0.5]])).tolist()
    [[1, 2, 0]]
    """
    return np.argsort(-weights, axis=1, kind="stable")[:, :TERMS]


def average_jaccard(one: ndarray, two: ndarray) -> ndarray:
    """Agreement of each ranked list of ``one`` (rows) with each of ``two`` (columns), 0 to 1.

    It is the mean Jaccard index of their first 1, 2, … terms (Greene, O'Callaghan and Cunningham
    2014).

    >>> one = "album music best award win".split()
    >>> two = "sport best win medal award".split()
    >>> average_jaccard(np.array([one]), np.array([two])).round(3).tolist()
    [[0.154]]
    """
    same = one[:, None, :, None] == two[None, :, None, :]
    shared = np.diagonal(same.cumsum(axis=2).cumsum(axis=3), axis1=2, axis2=3)
    depth = np.arange(1, one.shape[1] + 1)
    return (shared / (2 * depth - shared)).mean(axis=-1)


def agreement(one: ndarray, two: ndarray) -> ndarray:
    """Agreement of each topic of ``one`` with its match in ``two``.

    Topics are matched so that the sum of agreements is largest.

    >>> agreement(np.array([["a"], ["b"]]), np.array([["b"], ["a"]])).tolist()
    [1.0, 1.0]
    """
    scores = average_jaccard(one, two)
    rows, columns = linear_sum_assignment(-scores)
    return scores[rows, columns]


def coherence(counts: csr_array, tops: ndarray) -> ndarray:
    """Mean NPMI of the pairs of top terms of each topic: -1 never together, 1 always; never blank.

    ``counts`` has a row per paragraph; a row of ``tops`` has the columns of a topic's terms,
    two or more.
    """
    present = (counts > 0).astype(float)
    frequency = np.maximum(present.sum(axis=0), 1)  # an absent term has no pairs either
    one, two = (tops[:, ends] for ends in np.triu_indices(tops.shape[1], 1))
    together = present[:, one.ravel()].multiply(present[:, two.ravel()]).sum(axis=0)
    pairs = m.npmi(together.reshape(one.shape), frequency[one], frequency[two], counts.shape[0])
    return pairs.mean(axis=1)


def article_shares(weights: DataFrame) -> DataFrame:
    """Mean weight of each topic in the paragraphs of each article.

    A row per article; each adds up to 1.
    """
    return weights.groupby("doc_id", observed=True)[_names(weights)].mean()


def topic_shares(weights: DataFrame) -> DataFrame:
    """The same, one row per topic and article: ``doc_id, topic, share``."""
    shares = article_shares(weights).reset_index()
    return shares.melt("doc_id", var_name="topic", value_name="share")


def typical_paragraphs(weights: DataFrame, articles: DataFrame, each: int = 2) -> DataFrame:
    """The paragraphs with the largest share of each topic, ``each`` of them, quoted in full.

    Columns ``topic, share, doc_id, sentence, quote``.
    """
    rows = []
    for topic in _names(weights):
        for _, row in weights.nlargest(each, topic).iterrows():
            start, end = articles.body[row.doc_id][row.paragraph - 1]
            quote = articles.raw[row.doc_id][start:end]
            rows.append((topic, row[topic], row.doc_id, row.sentence, quote))
    return DataFrame(rows, columns=["topic", "share", "doc_id", "sentence", "quote"])


def topics_and_themes(weights: DataFrame, hits: DataFrame, tokens: DataFrame) -> DataFrame:
    """One row per topic and theme: ``topic, theme, share, everywhere, more``.

    ``share`` is the share of the topic's weight in paragraphs that touch the theme outside names,
    ``everywhere`` the share of all paragraphs that touch it, and ``more`` the difference, the
    largest first.
    """
    outside = hits[~hits.in_name]
    touched = tokens[["doc_id", "paragraph"]].iloc[outside["first"]]
    touched = touched.assign(theme=outside.theme.to_numpy()).drop_duplicates()
    names = _names(weights)
    both = weights.merge(touched, on=["doc_id", "paragraph"]).groupby("theme", sort=False)
    share = (both[names].apply(DataFrame.sum) / weights[names].sum()).astype(float)
    table = share.melt(var_name="topic", value_name="share", ignore_index=False).reset_index()
    table["everywhere"] = table.theme.map(both.size() / len(weights))
    table["more"] = table.share - table.everywhere
    table = table[["topic", "theme", "share", "everywhere", "more"]]
    return table.sort_values("more", ascending=False, ignore_index=True)


def _names(weights: DataFrame) -> pd.Index:
    return weights.columns.drop(_PLACE)


def _numbers(k: int | None, paragraphs: int, terms: int) -> list[int]:
    """Numbers of topics to try: each topic should have three paragraphs or more to itself."""
    most = min(paragraphs, terms) - 1
    share = f"{paragraphs} paragraphs share {terms}"
    if k is not None and not 2 <= k <= most:
        raise Mistake(f"k {k}: give 2 to {most} topics; {share} terms")
    if most < 2:
        raise Mistake(f"topics: {share} content terms; at least 3 of each are needed")
    return [k] if k else [number for number in NUMBERS if number <= max(most // 3, 2)]


def _model(counts: csr_array, k: int) -> tuple[ndarray, ndarray]:
    """Weights of paragraphs and of terms."""
    model = NMF(k, random_state=0, max_iter=300, tol=1e-2)
    tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(counts.astype(np.float32))
    with warnings.catch_warnings():
        # The top terms settle long before the last digit of a weight does.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit_transform(tfidf), model.components_


def _units(places: DataFrame) -> ndarray:
    """What is drawn: the article of each paragraph, or the paragraph where articles are few."""
    articles, distinct = pd.factorize(places.doc_id)
    return articles if len(distinct) >= FEWEST_ARTICLES else np.arange(len(places))


def _resampled(
    counts: csr_array, units: ndarray, k: int, random: Generator, repeats: int
) -> ndarray:
    """Agreement of each topic (columns) with its match in so many halves of the units (rows)."""
    reference = top_terms(_model(counts, k)[1])
    number = units.max() + 1
    scores = []
    for _ in range(repeats):
        drawn = random.permutation(number)[: (number + 1) // 2]
        half = counts[np.isin(units, drawn)]
        scores.append(agreement(reference, top_terms(_model(half, k)[1])))
    return np.array(scores)


def _shuffled(counts: csr_array, random: Generator) -> csr_array:
    """The same tokens dealt out to paragraphs of the same lengths at random."""
    cells = counts.tocoo()
    rows, terms = (np.repeat(place, cells.data.astype(int)) for place in cells.coords)
    places = (rows, random.permutation(terms))
    return coo_array((np.ones(len(terms)), places), counts.shape).tocsr()


def _stability(counts: csr_array, units: ndarray, k: int, seed: int) -> dict:
    """The row of one number of topics, with the agreement of each topic in ``by_topic``."""
    random = np.random.default_rng([seed, k])
    by_topic = _resampled(counts, units, k, random, RESAMPLES).mean(axis=0)
    baseline = [
        _resampled(_shuffled(counts, random), units, k, random, SHUFFLED_RESAMPLES).mean()
        for _ in range(SHUFFLES)
    ]
    # Three standard deviations, since several numbers are tried.
    high = np.mean(baseline) + 3 * np.std(baseline, ddof=1)
    return {
        "k": k,
        "agreement": by_topic.mean(),
        "shuffled": np.mean(baseline),
        "shuffled_high": high,
        "coherence": coherence(counts, top_terms(_model(counts, k)[1])).mean(),
        "verdict": STABLE if by_topic.mean() > high else UNSTABLE,
        "by_topic": by_topic,
    }


def _fit(paragraphs: Paragraphs, by_topic: ndarray) -> tuple[DataFrame, DataFrame]:
    """Topics and weights of the model with as many topics as there are agreements."""
    counts, terms, places = paragraphs
    weights, components = _model(counts, len(by_topic))
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
    tops = top_terms(components)
    topics = DataFrame(
        {
            "topic": [f"topic {number + 1}" for number in range(len(tops))],
            "terms": [", ".join(terms[top]) for top in tops],
            "agreement": by_topic,
            "coherence": coherence(counts, tops),
            "paragraphs": np.bincount(weights.argmax(axis=1), minlength=len(tops)),
        }
    )
    table = places.join(DataFrame(weights, columns=topics.topic.tolist()))
    by_article = table.groupby("doc_id", observed=True)[_names(table)].sum()
    share = by_article / by_article.sum().clip(lower=_TINY)
    carried = (share.max() >= OWN) & (len(share) > 1)
    topics["carried_by"] = np.where(carried, share.idxmax().astype(str), "")
    return topics, table
