"""Topics of the paragraphs, by NMF on TF-IDF, and how stable they are.

A topic model always returns topics. What tells a finding from noise is whether the same topics come
back from half of the articles, more than they do when the words are dealt out to the paragraphs at
random. Whole articles are drawn, since paragraphs of one article share its names and would bring
back the article as a topic.

Several numbers of topics are tried, and one of them may do well by chance. So the bar is the same
for all, counted in standard deviations above the mean of shuffled text: as far as any of 19
shuffled texts gets with its best number. A 20th would pass it once in 20 times.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from pandas import Categorical, DataFrame, Series, factorize
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from sklearn import config_context
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from utils.corpus.files import Mistake
from utils.corpus.words import function_words, is_content
from utils.search.queries import run_starts
from utils.stats import measures as m
from utils.stats.verdicts import as_verdicts

STABLE = "stable"
UNSTABLE = "unstable"  # no number of topics beats shuffled text
TOO_FEW = "too few"  # paragraphs or terms
ONE_ARTICLE = "one article"  # half of the topics or more are single articles
TERMS = 10  # top terms of a topic that are compared and shown
NUMBERS = (2, 3, 4, 5, 6, 8, 10, 15, 20)  # of topics, which are tried
RESAMPLES = 10  # halves of the articles
SHUFFLED_RESAMPLES = 6  # halves of the articles of each shuffled text
SHUFFLES = 19  # shuffled texts: to be above all of them has a chance of 1 in 20
DENSE = 100_000  # cells of a matrix
MOST_PARAGRAPHS = 2000  # of more, so many are drawn: each is fitted a thousand times
MOST_TERMS = 1000  # of more, those of the most paragraphs are taken
FEWEST_ARTICLES = 4  # to draw articles; of fewer, paragraphs are drawn
FEWEST_PARAGRAPHS = 2  # that a term must occur in
FEWEST_TO_FIT = 3  # paragraphs, and terms
OWN = 0.6  # share of a topic's weight in one article, from which on the topic is that article's
_PLACE = ["doc_id", "paragraph", "sentence"]


class Topics(NamedTuple):
    """``topics`` has a row each, ``weights`` one per paragraph, ``stability`` one per number tried.

    ``verdict`` is ``stable``, ``unstable``, ``one article``, or ``too few`` (paragraphs or terms).
    """

    topics: DataFrame
    weights: DataFrame
    stability: DataFrame
    verdict: str


def fit_topics(
    tokens: DataFrame, k: int | None = None, seed: int = 0, words: frozenset[str] | None = None
) -> Topics:
    """Topics of the paragraphs, their number chosen by stability unless ``k`` is given.

    ``topics``: ``topic, terms, agreement, coherence, paragraphs, carried_by``; a topic that has
    most of its weight in one article is ``carried_by`` it, and ``attrs["articles"]`` is how many
    there are. ``weights``: ``doc_id, paragraph, sentence`` and a column per topic; each row adds up
    to 1. ``stability``: ``k, agreement, shuffled`` (the mean of shuffled texts), ``shuffled_high``
    (the bar), ``coherence, verdict, chosen``. The verdict is ``unstable`` when no number of topics
    is above the bar, which shuffled text is once in 20 times, and ``one article`` when half of the
    topics or more are carried by one; the topics are returned all the same. The same corpus and
    seed give the same numbers on any number of cores.

    Of more than 2,000 paragraphs so many are drawn with the seed, and the tables are of these;
    ``weights.attrs["paragraphs"]`` says of how many. Of more than 1,000 terms those of the most
    paragraphs are taken. ``words`` are left out; None means the shipped function words. Where fewer
    than three paragraphs or terms are left, the tables are empty. Raises ``Mistake`` for a ``k``
    below 2 or above what the paragraphs allow.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> fit_topics(tokenize(read_corpus()), k=3).verdict
    'one article'
    """
    content, paragraphs = _draw_paragraphs(_content(tokens, words), seed)
    counts, terms, places = _count_by_paragraph(content)
    if k is None and min(counts.shape) < FEWEST_TO_FIT:
        return _no_topics()
    with threadpool_limits(1), config_context(assume_finite=True, skip_parameter_validation=True):
        stability = _stability(content, _numbers(k, *counts.shape), seed)
        by_topic = stability.pop("by_topic")
        stable = stability.agreement > stability.shuffled_high
        margin = stability.agreement - stability.shuffled
        best = margin.where(stable | ~stable.any()).idxmax()
        topics, weights = _fit(counts, terms, places, by_topic[best])
    stability["verdict"] = as_verdicts(np.where(stable, STABLE, UNSTABLE))
    stability["chosen"] = stability.index == best
    if paragraphs > MOST_PARAGRAPHS:
        weights.attrs["paragraphs"] = paragraphs
    verdict = ONE_ARTICLE if (topics.carried_by != "").mean() >= 0.5 else STABLE
    return Topics(topics, weights, stability, verdict if stable.any() else UNSTABLE)


def paragraphs_and_terms(tokens: DataFrame, words: frozenset[str] | None = None) -> tuple[int, int]:
    """How many paragraphs and how many of their terms topics would be fitted to."""
    return _count_by_paragraph(_content(tokens, words))[0].shape


def _content(tokens, words):
    """The tokens that are no function words; of the shipped ones where ``words`` is None."""
    words = function_words() if words is None else words
    return tokens[is_content(tokens.term.cat.categories, words)[tokens.term.cat.codes]]


def _draw_paragraphs(content, seed):
    """The content words of at most so many paragraphs, drawn, and the number of all paragraphs."""
    starts = run_starts(content.doc_id.array.codes, content.paragraph.to_numpy())
    paragraphs = len(starts)
    if paragraphs <= MOST_PARAGRAPHS:
        return content, paragraphs
    drawn = np.zeros(paragraphs, bool)
    drawn[np.random.default_rng(seed).permutation(paragraphs)[:MOST_PARAGRAPHS]] = True
    return content[np.repeat(drawn, np.diff(starts, append=len(content)))], paragraphs


def _no_topics():
    topics = "topic terms agreement coherence paragraphs carried_by"
    stability = "k agreement shuffled shuffled_high coherence verdict chosen"
    tables = [DataFrame(columns=names) for names in (topics.split(), _PLACE, stability.split())]
    return Topics(*tables, TOO_FEW)


def _count_by_paragraph(content):
    """Counts of the terms that occur in two paragraphs or more, the terms, and places.

    Of many terms those of the most paragraphs are taken.

    The counts have a row per paragraph and a column per term. The places are ``doc_id, paragraph,
    sentence`` of each row, the sentence being that of the first such term.
    """
    place = ["doc_id", "paragraph"]
    spread = content.drop_duplicates([*place, "term"]).term.value_counts()
    kept = spread.index[spread >= FEWEST_PARAGRAPHS][:MOST_TERMS]
    content = content[content.term.isin(kept)]
    by_paragraph = content.groupby(place, observed=True)
    term = content.term.cat.remove_unused_categories().cat
    places = by_paragraph.sentence.first().reset_index()
    shape = (len(places), len(term.categories))
    counts = csr_array((np.ones(len(content)), (by_paragraph.ngroup(), term.codes)), shape)
    return counts, term.categories.to_numpy(object), places


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
    return scores[linear_sum_assignment(scores, maximize=True)]


def coherence(counts: csr_array, tops: ndarray) -> ndarray:
    """Mean NPMI of the pairs of top terms of each topic: -1 never together, 1 always; never blank.

    ``counts`` has a row per paragraph; a row of ``tops`` has the columns of a topic's terms,
    two or more.
    """
    present = (counts[:, tops.ravel()] > 0).astype(int)
    together = (present.T @ present).toarray()
    place = np.arange(tops.size).reshape(tops.shape)
    one, two = (place.take(ends, axis=1) for ends in np.triu_indices(tops.shape[1], 1))
    pairs = m.npmi(together[one, two], together[one, one], together[two, two], counts.shape[0])
    return pairs.mean(axis=1)


def topic_shares(weights: DataFrame) -> DataFrame:
    """One row per topic and article: ``doc_id, topic, share``.

    ``share`` is the mean weight of the topic in the article's paragraphs; those of an article add
    up to 1.
    """
    by_article = _list_weights(weights).groupby(["doc_id", "topic"], sort=False, observed=True)
    return by_article.share.mean().reset_index()


def typical_paragraphs(weights: DataFrame, articles: DataFrame, each: int = 2) -> DataFrame:
    """The paragraphs with the largest share of each topic, ``each`` of them, quoted in full.

    Columns ``topic, share, doc_id, sentence, quote``.
    """
    table = _list_weights(weights)
    largest = table.groupby("topic", sort=False).share.nlargest(each)
    table = table.loc[largest.index.get_level_values(1)].reset_index(drop=True)
    quotes = []
    raws = articles.raw.to_dict()
    for row in table.itertuples():
        start, end = articles.body[row.doc_id][row.paragraph - 1]
        quotes.append(raws[row.doc_id][start:end])
    return table.assign(quote=quotes)[["topic", "share", "doc_id", "sentence", "quote"]]


def topics_and_themes(weights: DataFrame, hits: DataFrame, tokens: DataFrame) -> DataFrame:
    """One row per topic and theme: ``topic, theme, share, everywhere, more``.

    ``share`` is the share of the topic's weight in paragraphs that touch the theme outside names,
    ``everywhere`` the share of all paragraphs that touch it, and ``more`` the difference, the
    largest first.
    """
    touched = hits[~hits.in_name & hits.doc_id.isin(weights.doc_id)]
    touched = touched.assign(paragraph=tokens.paragraph.to_numpy()[touched["first"]])
    touched = touched[["theme", "doc_id", "paragraph"]].drop_duplicates().astype({"theme": "str"})
    listed = _list_weights(weights)
    inside = listed.merge(touched).groupby(["topic", "theme"], sort=False).share
    share = inside.agg(Series.sum) / listed.groupby("topic").share.agg(Series.sum)
    table = DataFrame({"share": share, "everywhere": inside.size() / len(weights)}).reset_index()
    table["more"] = table.share - table.everywhere
    return table.sort_values("more", ascending=False, ignore_index=True)


def _list_weights(weights):
    """One row per topic and paragraph: its place, ``topic`` and ``share``."""
    return weights.melt(_PLACE, var_name="topic", value_name="share")


def _numbers(k, paragraphs, terms):
    """Numbers of topics to try: each topic should have three paragraphs or more to itself."""
    most = min(paragraphs, terms) - 1
    share = f"{paragraphs} paragraphs share {terms}"
    if k is not None and not 2 <= k <= most:
        raise Mistake(f"k {k}: give 2 to {most} topics; {share} terms")
    return [k] if k else [number for number in NUMBERS if number <= max(most // 3, 2)]


def _weigh(counts):
    """TF-IDF of the counts, dense where they are few, which is twice as fast."""
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(counts.astype(np.float32))
    return weighed.toarray() if np.prod(counts.shape) <= DENSE else weighed


def _model(weighed, k):
    """Weights of topics (columns) in paragraphs, and the top terms of topics (rows).

    The top terms are columns of ``weighed``, the largest weight first, equal ones in their order.
    """
    same = np.random.RandomState(0)  # a number would be made into one three times
    model = NMF(k, random_state=same, max_iter=300, tol=1e-2)
    # The top terms settle long before the last digit of a weight does.
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        weights = model.fit_transform(weighed)
    return weights, np.argsort(-model.components_, axis=1, kind="stable")[:, :TERMS]


def _units(places):
    """What is drawn: the article of each paragraph, or the paragraph where articles are few."""
    articles, distinct = factorize(places.doc_id)
    return articles if len(distinct) >= FEWEST_ARTICLES else np.arange(len(places))


def _resampled(content, numbers, repeats, random):
    """For each number of topics the agreement of each topic with its match in halves of the units.

    Up to ``repeats`` halves are drawn, all of them different.
    """
    counts, _, places = content
    units = _units(places)
    number = units.max() + 1
    half = (number + 1) // 2
    draws = [tuple(np.sort(random.permutation(number)[:half])) for _ in range(4 * repeats)]
    halves = [counts[np.isin(units, drawn)] for drawn in list(dict.fromkeys(draws))[:repeats]]
    weighed = [_weigh(part) for part in halves]
    whole = _weigh(counts)
    scores = []
    for k in numbers:
        reference = _model(whole, k)[1]
        by_half = [agreement(reference, _model(part, k)[1]) for part in weighed]
        scores.append(np.mean(by_half, axis=0))
    return scores


def _shuffled(content, random):
    """The same tokens dealt out to paragraphs of the same lengths at random."""
    terms = content.term.cat
    dealt = Categorical.from_codes(random.permutation(terms.codes), terms.categories)
    return content.assign(term=dealt)


def _stability(content, numbers, seed):
    """A row for each number of topics, with the agreement of each topic in ``by_topic``."""
    random = np.random.default_rng(seed)
    observed = _count_by_paragraph(content)
    by_topic = _resampled(observed, numbers, RESAMPLES, random)
    shuffled = []
    for _ in range(SHUFFLES):
        text = _count_by_paragraph(_shuffled(content, random))
        scores = _resampled(text, numbers, SHUFFLED_RESAMPLES, random)
        shuffled.append([score.mean() for score in scores])
    mean, bar = _bar(np.array(shuffled))
    counts = observed[0]
    weighed = _weigh(counts)
    return DataFrame(
        {
            "k": numbers,
            "agreement": [score.mean() for score in by_topic],
            "shuffled": mean,
            "shuffled_high": bar,
            "coherence": [coherence(counts, _model(weighed, k)[1]).mean() for k in numbers],
            "by_topic": by_topic,
        }
    )


def _bar(shuffled):
    """Mean of the shuffled texts (rows) for each number of topics (columns), and the bar.

    The bar is so many standard deviations above the mean as the text that is farthest from the
    others, with its best number, is above those.
    """
    farthest = []
    for text, scores in enumerate(shuffled):
        others = np.delete(shuffled, text, axis=0)
        spread = np.maximum(others.std(axis=0, ddof=1), 1e-9)
        farthest.append(((scores - others.mean(axis=0)) / spread).max())
    mean = shuffled.mean(axis=0)
    return mean, mean + max(farthest) * shuffled.std(axis=0, ddof=1)


def _fit(counts, terms, places, by_topic):
    """Topics and weights of the model with as many topics as there are agreements."""
    weights, tops = _model(_weigh(counts), len(by_topic))
    weights = normalize(weights.astype(float), "l1")
    names = [f"topic {number}" for number in range(1, len(tops) + 1)]
    topics = DataFrame(
        {
            "topic": names,
            "terms": [", ".join(terms[top]) for top in tops],
            "agreement": by_topic,
            "coherence": coherence(counts, tops),
            "paragraphs": np.bincount(weights.argmax(axis=1), minlength=len(tops)),
        }
    )
    table = places.join(DataFrame(weights, columns=names))
    by_article = table.groupby("doc_id", observed=True)[names].sum()
    carried = (by_article.max() / by_article.sum() >= OWN) & (len(by_article) > 1)
    topics["carried_by"] = np.where(carried, by_article.idxmax().astype(str), "")
    topics.attrs["articles"] = len(by_article)
    return topics, table
