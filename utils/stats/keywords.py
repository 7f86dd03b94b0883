"""Two groups of articles -> keyword table: all terms, both directions, what may be concluded.

The articles are the units. Where there are enough of them, p comes from splitting whole articles in
other ways and the interval from drawing whole articles again; where there are not, p is blank and
the interval is counting error within these texts only. What G² says is used as a filter and no p is
read off it.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import wordfreq
from numpy import ndarray
from pandas import DataFrame, Index
from scipy.sparse import csr_array

from utils.corpus.files import Mistake
from utils.corpus.tokens import token_spans
from utils.search.queries import covered_by_names
from utils.stats import measures as m
from utils.stats import resampling as r
from utils.stats.frequency import counts_by_article, frequency_table
from utils.stats.measure_list import find_measure
from utils.stats.verdicts import first_case

FEWEST_TOKENS = 5  # in both groups together; with fewer nothing is said
FEWEST_REPEATS = 3  # of a phrase; of a term, without the article that has most of it
STRONG_G2 = 6.63  # a filter where no test is possible, beside the interval
ALPHA = 0.05
COUNTING = "counting error within these texts only"
BOOTSTRAP = "bootstrap of whole articles"
SEARCH_TERM = "search term"
NAME = "name"
COLUMNS = (
    "term target reference per_10k_target per_10k_reference log_ratio low high interval g2 p "
    "p_adjusted documents driven_by verdict documents_target documents_reference query"
).split()
ENGLISH_COLUMNS = (
    "term frequency per_10k per_10k_english log_ratio documents verdict query"
).split()


class Sides(NamedTuple):
    """Counts of two groups, a row per term and a column per article; ``target`` marks its own."""

    terms: Index
    counts: csr_array
    sizes: ndarray
    target: ndarray
    docs: Index

    def add_up(self, numbers: ndarray) -> ndarray:
        """Sums over the articles (the last axis) of the target and of the reference."""
        return (numbers @ np.column_stack([self.target, ~self.target]).astype(int)).T


def keyword_table(
    target_tokens: DataFrame,
    reference_tokens: DataFrame,
    queries: Iterable[str] = (),
    measures: Iterable[str] = (),
    options: r.Resampling = r.DEFAULT,
) -> DataFrame:
    """One row per term of both groups, the clearest differences first.

    The columns are ``term, target, reference, per_10k_target, per_10k_reference, log_ratio, low,
    high, interval, g2, p, p_adjusted, documents, driven_by, verdict, documents_target,
    documents_reference, query`` and one for each further keyness measure in ``measures``.

    ``g2`` is the four-term G². ``p`` is that of a permutation of whole articles, adjusted over the
    terms tested; it is blank where no p could be small. ``driven_by`` names the article without
    which the log ratio falls below half or turns round, or hardly a token is left. ``verdict`` is
    ``more``, ``less``, ``one article``, ``weak``, ``alike``, ``no difference`` or ``too few``.
    ``query`` marks the terms in ``queries``, by which articles were found, as ``search term``.

    ``attrs`` hold ``family`` (terms looked at), ``n_target`` and ``n_reference`` (tokens),
    ``articles_target`` and ``articles_reference``, ``smallest_p`` (that so many articles can give)
    and ``tested`` (whether p is given). Raises ``Mistake`` for a group without tokens, an article
    in both groups, or an unknown measure or adjustment.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> tokens = tokenize(read_corpus())
    >>> nanjing = tokens.doc_id == "cambridge-nanjing"
    >>> table = keyword_table(tokens[nanjing], tokens[~nanjing]).set_index("term")
    >>> table.loc["cambridge", ["target", "reference"]].tolist(), table.driven_by["cambridge"]
    ([7, 0], 'cambridge-nanjing')
    """
    sides = two_sides(target_tokens, reference_tokens)
    table = compare_terms(sides, measures, options)
    table["query"] = _mark_queries(table, queries)
    return conclude(table, sides, options.adjustment)


def two_sides(target_tokens: DataFrame, reference_tokens: DataFrame) -> Sides:
    """Counts of the two groups by article. Raises ``Mistake`` as ``keyword_table`` does."""
    for name, tokens in (("target", target_tokens), ("reference", reference_tokens)):
        if tokens.empty:
            raise Mistake(f"{name}: the group has no tokens; choose articles with a body")
    tokens = join_tokens(target_tokens, reference_tokens)
    docs = tokens.doc_id.array.categories
    target = docs.isin(target_tokens.doc_id.unique())
    shared = ", ".join(docs[target & docs.isin(reference_tokens.doc_id.unique())])
    if shared:
        raise Mistake(f"target and reference share {shared}; an article belongs to one of them")
    return Sides(tokens.term.array.categories, *counts_by_article(tokens), target, docs)


def join_tokens(target_tokens: DataFrame, reference_tokens: DataFrame) -> DataFrame:
    """The tokens of the target, then those of the reference, with categories for both."""
    tokens = pd.concat([target_tokens, reference_tokens], ignore_index=True)
    for name in ("term", "doc_id"):
        tokens[name] = tokens[name].astype("category").cat.remove_unused_categories()
    return tokens


def count_and_measure(sides: Sides) -> DataFrame:
    """Counts, rates, log ratio and G² of every term."""
    a, b = sides.add_up(sides.counts)
    n_target, n_reference = sides.add_up(sides.sizes)
    documents_target, documents_reference = sides.add_up(sides.counts > 0)
    return DataFrame(
        {
            "term": sides.terms,
            "target": a,
            "reference": b,
            "per_10k_target": a / n_target * 10_000,
            "per_10k_reference": b / n_reference * 10_000,
            "log_ratio": m.log_ratio(a, b, n_target, n_reference),
            "g2": m.log_likelihood(a, b, n_target, n_reference),
            "documents": documents_target + documents_reference,
            "documents_target": documents_target,
            "documents_reference": documents_reference,
        }
    )


def compare_terms(sides: Sides, measures: Iterable[str], options: r.Resampling) -> DataFrame:
    """Counts and measures with interval, p and the article that drives each term."""
    table = count_and_measure(sides)
    four_counts = (table.target, table.reference, *sides.add_up(sides.sizes))
    for name in measures:
        table[name] = find_measure(name, "keyness")(*four_counts)
    table["low"], table["high"] = m.log_ratio_interval(*four_counts)
    table = table.assign(interval=COUNTING, p=np.nan, driven_by="")
    judged = _has_enough(table)
    counts = sides.counts[judged.to_numpy()]
    numbers = (counts, sides.sizes, sides.target)
    if np.bincount(sides.target).min() >= r.FEWEST_ARTICLES:
        table.loc[judged, ["low", "high"]] = r.bootstrap_interval(*numbers, seed=options.seed)
        table.loc[judged, "interval"] = BOOTSTRAP
    if r.smallest_p(sides.target) <= ALPHA:
        table.loc[judged, "p"] = r.permutation_p(*numbers, options.repeats, options.seed)
    driven_by = [_driven_by(part.toarray(), sides) for part in r.blocks(counts, len(sides.docs))]
    table.loc[judged, "driven_by"] = np.concatenate(driven_by)
    return table


def conclude(table: DataFrame, sides: Sides, adjustment: str) -> DataFrame:
    """The compared terms with adjusted p, verdict, order and ``attrs``."""
    spans_0 = (table.low <= 0) & (table.high >= 0)
    table["driven_by"] = table.driven_by.mask(spans_0, "")
    table["p_adjusted"] = find_measure(adjustment, "adjustment")(table.p)
    table["verdict"] = _verdicts(table, spans_0)
    columns = list(dict.fromkeys([*COLUMNS, *table.columns]))
    place = table.verdict.cat.codes.clip(lower=1)  # ``more`` and ``less`` are in one place
    table = table.assign(place=place, size=-table.log_ratio.abs())
    table = table.sort_values(["place", "size", "term"], ignore_index=True)[columns]
    n_target, n_reference = sides.add_up(sides.sizes).tolist()
    smallest_p = r.smallest_p(sides.target)
    table.attrs = {
        "family": int(_has_enough(table).sum()),
        "n_target": n_target,
        "n_reference": n_reference,
        "articles_target": int(sides.target.sum()),
        "articles_reference": int((~sides.target).sum()),
        "smallest_p": smallest_p,
        "tested": smallest_p <= ALPHA,
    }
    return table


def against_english(tokens: DataFrame, queries: Iterable[str] = ()) -> DataFrame:
    """Each term's rate against general English, the most unusual first.

    The columns are ``term, frequency, per_10k, per_10k_english, log_ratio, documents, verdict,
    query``. General English is wordfreq's list of single words (books, subtitles, news and the web
    until 2021). The list has no size in tokens, so there is a size of the difference and no test:
    ``verdict`` is ``size only`` or ``too few``. Hyphenated terms, numbers, clitics and terms that
    the list lacks are left out and counted in ``attrs["left_out"]``.
    """
    table = frequency_table(tokens).rename(columns={"document_frequency": "documents"})
    rates = [wordfreq.word_frequency(term, "en", "large") for term in table.term]
    table["per_10k_english"] = np.where(table.term.str.isalpha(), rates, 0) * 10_000
    left_out = table[table.per_10k_english == 0]
    table = table.drop(left_out.index)
    table["log_ratio"] = np.log2(table.per_10k / table.per_10k_english)
    articles = len(tokens.doc_id.array.categories)
    too_few = (table.frequency < FEWEST_TOKENS) | (table.documents < min(2, articles))
    table["verdict"] = first_case({"too few": too_few}, "size only")
    table["query"] = _mark_queries(table, queries)
    by = ["verdict", "log_ratio", "term"]
    table = table.sort_values(by, ascending=[True, False, True], ignore_index=True)
    table.attrs = {"left_out": {"terms": len(left_out), "tokens": int(left_out.frequency.sum())}}
    return table[ENGLISH_COLUMNS]


def clear_keywords(table: DataFrame) -> DataFrame:
    """The rows of terms that are more frequent in one group, but for names and search terms."""
    return table[table.verdict.isin(["more", "less"]) & (table["query"] == "")]


def mark_names(table: DataFrame, tokens: DataFrame, names: list[str]) -> DataFrame:
    """The keyword table with terms marked in ``query`` as ``name``.

    They are those half of whose tokens or more are inside names of bodies.
    """
    inside = tokens.term[covered_by_names(tokens, names)].value_counts()
    half = table.term.map(inside.to_dict()) * 2 >= table.target + table.reference
    return table.assign(query=table["query"].mask(half & (table["query"] == ""), NAME))


def query_terms(articles: DataFrame) -> frozenset[str]:
    """Terms of the cities' and centres' names: the articles were found by them."""
    names = " ".join([*articles.city, *articles.centre])
    return frozenset(token_spans([names.replace("-", " ")])[-1])


def _mark_queries(table, queries):
    return np.where(table.term.isin(set(queries)), SEARCH_TERM, "")


def _has_enough(table):
    return table.target + table.reference >= FEWEST_TOKENS


def _driven_by(counts, sides):
    """The article that makes each term's difference; of a group of one, that article.

    Without it less than half of the log ratio, or fewer than three tokens, are left.
    """
    log_ratio = m.log_ratio(*sides.add_up(counts), *sides.add_up(sides.sizes))
    without = r.leave_one_out(counts, sides.sizes, sides.target)
    left = np.where(log_ratio[:, None] < 0, -without, without)
    article = left.argmin(axis=1)
    remaining = counts.sum(axis=1) - counts[np.arange(len(article)), article]
    driven = (left.min(axis=1) < np.abs(log_ratio) / 2) | (remaining < FEWEST_REPEATS)
    return np.where(driven, sides.docs[article], "")


def _verdicts(table, spans_0):
    """What a reader may conclude of each term: the first case that holds."""
    strong = np.where(table.p_adjusted.notna(), table.p_adjusted <= ALPHA, table.g2 >= STRONG_G2)
    evident = strong & ~spans_0
    untested = table.p.isna()
    cases = {
        "too few": ~_has_enough(table),
        "one article": evident & (table.driven_by != "") & untested,
        "more": evident & (table.log_ratio > 0),
        "less": evident,
        "alike": (table.low > -1) & (table.high < 1),
        "weak": untested & ~spans_0,
    }
    return first_case(cases, "no difference")
