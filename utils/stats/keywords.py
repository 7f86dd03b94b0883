"""Two groups of articles -> keyword table: all terms, both directions, what may be concluded.

The articles are the units. Where there are enough of them, p comes from splitting whole articles in
other ways and the interval from drawing whole articles again; where there are not, p is blank and
the interval is counting error within these texts only. What G² says is used as a filter and no p is
read off it.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy import ndarray
from pandas import Categorical, DataFrame, Index, Series
from pandas.api.types import union_categoricals
from scipy.sparse import csr_array

from utils.corpus.chunks import terms_of
from utils.corpus.files import Mistake
from utils.corpus.parts import is_shared
from utils.search.queries import covered_by_names
from utils.stats import measures as m
from utils.stats import resampling as r
from utils.stats.counted import keep_counted
from utils.stats.frequency import counts_by_article, frequency_table
from utils.stats.measure_list import add_measures, find_measure
from utils.stats.verdicts import first_case

FEWEST_TOKENS = 5  # in both groups together; with fewer nothing is said
STRONG_G2 = 6.63  # a filter where no test is possible, beside the interval
WAYS = 200  # of dividing the same articles that are compared with the way that was chosen
FEWEST_WAYS = 20  # of a large corpus
MOST_COUNTS = 200_000_000  # of a term in an article, in all ways together
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
    """The target and the reference, whose counts are those of ``parts`` together.

    A part has a row per term and a column per article, of which ``target`` marks those of the
    target. ``tokens`` and ``documents`` are how often each term is in the target (first row) and in
    the reference, and in how many articles; ``most`` is how often it is in one article at most.
    """

    terms: Index
    parts: list[csr_array]
    tokens: ndarray
    documents: ndarray
    most: ndarray
    sizes: ndarray
    target: ndarray
    docs: Index

    @property
    def counts(self) -> csr_array:
        """The counts in one table; to add parts takes nearly as long as to count."""
        return reduce(add, self.parts)

    def take(self, rows: ndarray) -> "Sides":
        """The same of some of the terms."""
        return self._replace(
            terms=self.terms[rows],
            parts=[part[rows] for part in self.parts],
            tokens=self.tokens[:, rows],
            documents=self.documents[:, rows],
            most=self.most[rows],
        )


def divide(terms: Index, counts: csr_array, sizes: ndarray, target: ndarray, docs: Index) -> Sides:
    """The two groups of these counts.

    >>> sides = divide(Index(["tea"]), csr_array([[2, 1, 4]]), np.ones(3), np.arange(3) < 1, None)
    >>> sides.tokens.tolist()
    [[2], [5]]
    """
    tokens, documents = [r.add_up(numbers, target) for numbers in (counts, counts.sign())]
    most = counts.max(axis=1).toarray()
    return Sides(terms, [counts], tokens, documents, most, sizes, target, docs)


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
    terms tested; it is blank where no p could pass, and the terms are then described as those of
    fewer articles are. ``driven_by`` names the article without which the log ratio falls below half
    or turns round, or hardly a token is left, of terms whose counts differ. ``verdict`` is
    ``more``, ``less``, ``one article``, ``few articles`` (fewer than three of the favoured group),
    ``weak``, ``alike``, ``no difference`` or ``too few``. ``query`` marks the terms in ``queries``,
    by which articles were found, as ``search term``.

    ``attrs`` hold ``family`` (terms looked at), ``n_target`` and ``n_reference`` (tokens),
    ``articles_target`` and ``articles_reference``, and the facts of ``keep_conclusive``: whether p
    is given (``tested``), ``smallest_p``, ``needed``, ``sharing``, and the ``level`` of intervals.
    Raises ``Mistake`` for a group without tokens, an article in both groups, or an unknown measure
    or adjustment.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> tokens = tokenize(read_corpus())
    >>> nanjing = tokens.doc_id == "cambridge-nanjing"
    >>> table = keyword_table(tokens[nanjing], tokens[~nanjing]).set_index("term")
    >>> table.loc["cambridge", ["target", "reference"]].tolist(), table.driven_by["cambridge"]
    ([7, 0], 'cambridge-nanjing')
    """
    sides = two_sides(target_tokens, reference_tokens)
    terms = np.count_nonzero(sides.tokens.sum(axis=0) >= FEWEST_TOKENS)
    options = options.for_family(terms, len(sides.docs))
    table = compare_terms(sides, measures, options)
    table["query"] = _mark_queries(table, queries)
    table = conclude(table, sides, options)
    simple = bool((table.interval == COUNTING).all())
    groups = {"target": target_tokens, "reference": reference_tokens}
    return keep_counted(table, "groups", **groups, level=r.LEVEL if simple else None)


def two_sides(target_tokens: DataFrame, reference_tokens: DataFrame) -> Sides:
    """Counts of the two groups by article. Raises ``Mistake`` as ``keyword_table`` does."""
    for name, tokens in (("target", target_tokens), ("reference", reference_tokens)):
        if tokens.empty:
            raise Mistake(f"{name}: the group has no tokens; choose articles with a body")
    target, reference = _same_categories(target_tokens, reference_tokens)
    with ThreadPoolExecutor(1 if is_shared() else 2) as pool:  # SciPy lets both count at once
        counted = list(pool.map(_count_group, (target, reference)))
    parts, (sizes_target, sizes_reference), *numbers = zip(*counted, strict=True)
    tokens, documents, most = map(np.array, numbers)
    docs = target.doc_id.array.categories
    shared = ", ".join(docs[(sizes_target > 0) & (sizes_reference > 0)])
    if shared:
        raise Mistake(f"target and reference share {shared}; an article belongs to one of them")
    sizes = sizes_target + sizes_reference
    here = sizes > 0
    if not here.all():
        parts = [part[:, here] for part in parts]
    terms = target.term.array.categories
    articles = (sizes[here], (sizes_target > 0)[here], docs[here])
    sides = Sides(terms, parts, tokens, documents, most.max(axis=0), *articles)
    used = tokens.any(axis=0)
    return sides if used.all() else sides.take(used)


def _count_group(tokens):
    """Counts, sizes of articles, and of each term the tokens, articles, and most in an article."""
    counts, sizes = counts_by_article(tokens)
    documents = np.diff(counts.indptr).astype(int)
    return counts, sizes, counts.sum(axis=1), documents, counts.max(axis=1).toarray()


def join_tokens(target_tokens: DataFrame, reference_tokens: DataFrame) -> DataFrame:
    """The tokens of the target, then those of the reference, with categories for both."""
    return pd.concat(_same_categories(target_tokens, reference_tokens), ignore_index=True)


def _same_categories(*tables):
    """Tables of tokens with the same categories of terms and articles."""
    for name in ("term", "doc_id"):
        columns = [table[name].cat for table in tables]
        first = columns[0].categories
        if not all(column.categories.equals(first) for column in columns):
            joined = union_categoricals([table[name] for table in tables], sort_categories=True)
            # astype would leave those alone that have the same categories in another order
            columns = [column.set_categories(joined.categories) for column in columns]
            tables = [
                table.assign(**{name: column})
                for table, column in zip(tables, columns, strict=True)
            ]
    return tables


def compare_terms(sides: Sides, measures: Iterable[str], options: r.Resampling) -> DataFrame:
    """Counts and measures with interval, p and the article that drives each term."""
    find_measure(options.adjustment, "adjustment")
    table = describe_terms(sides)
    names = list(measures)
    if names:
        table = add_measures(table, names, "keyness", _numbers(sides, table))
    judged = has_enough(table)
    numbers = (sides.counts[judged.to_numpy()], sides.sizes, sides.target)
    if np.bincount(sides.target).min() >= r.FEWEST_ARTICLES:
        table.loc[judged, ["low", "high"]] = r.bootstrap_interval(*numbers, seed=options.seed)
        table.loc[judged, "interval"] = BOOTSTRAP
    if r.smallest_p(sides.target) <= r.ALPHA:
        table.loc[judged, "p"] = r.permutation_p(*numbers, options)
    return table


def describe_terms(sides: Sides) -> DataFrame:
    """Counts and measures with counting error, and the article that drives each difference."""
    a, b = sides.tokens
    n_target, n_reference = r.add_up(sides.sizes, sides.target)
    # Many terms have the same two counts.
    step = b.max(initial=0) + 1
    which, pairs = pd.factorize(a * step + b)
    numbers = (*divmod(pairs, step), n_target, n_reference)
    low, high = m.log_ratio_interval(*numbers, level=r.LEVEL)
    table = DataFrame(
        {
            "term": sides.terms,
            "target": a,
            "reference": b,
            "per_10k_target": a / n_target * 10_000,
            "per_10k_reference": b / n_reference * 10_000,
            "log_ratio": m.log_ratio(*numbers)[which],
            "g2": m.log_likelihood(*numbers)[which],
            "documents": sides.documents.sum(axis=0),
            "documents_target": sides.documents[0],
            "documents_reference": sides.documents[1],
            "low": low[which],
            "high": high[which],
            "interval": COUNTING,
            "p": np.nan,
            "p_adjusted": np.nan,
        },
        copy=False,
    )
    articles = (sides.sizes, sides.target)
    beyond = np.flatnonzero(has_enough(table) & ~_spans_0(table))
    tokens = sides.tokens[:, beyond]
    beyond = beyond[r.could_be_driven(tokens, sides.most[beyond], *articles)]
    driver = np.full(len(table), -1)
    driver[beyond] = r.find_driver(sides.take(beyond).counts, *articles)
    return table.assign(driven_by=sides.docs.insert(len(sides.docs), "")[driver])


def conclude(table: DataFrame, sides: Sides, options: r.Resampling) -> DataFrame:
    """The compared terms with adjusted p, verdict, order and ``attrs``."""
    adjust = find_measure(options.adjustment, "adjustment")
    p = table.p.to_numpy()
    table["p"], facts = r.keep_conclusive(p, sides.target, adjust, options.repeats)
    table["p_adjusted"] = adjust(table.p)
    table["verdict"] = judge_terms(table, sides.target)
    columns = list(dict.fromkeys([*COLUMNS, *table.columns]))
    place = table.verdict.cat.codes.clip(lower=1)  # ``more`` and ``less`` are in one place
    order = np.lexsort((-table.log_ratio.abs(), place))  # equal ones stay in the order of terms
    table = table.iloc[order].reset_index(drop=True)[columns]
    n_target, n_reference = r.add_up(sides.sizes, sides.target).tolist()
    table.attrs = {
        "family": int(has_enough(table).sum()),
        "n_target": n_target,
        "n_reference": n_reference,
        "articles_target": int(sides.target.sum()),
        "articles_reference": int((~sides.target).sum()),
        **facts,
    }
    return table


def judge_terms(table: DataFrame, target: ndarray) -> Categorical:
    """What a reader may conclude of each term: the first case that holds."""
    untested = table.p_adjusted.isna()
    significant = table.p_adjusted <= r.ALPHA
    strong = table.g2 >= STRONG_G2
    spans_0 = _spans_0(table)
    evident = np.where(untested, strong, significant) & ~spans_0
    more = table.log_ratio > 0
    favoured = np.where(more, table.documents_target, table.documents_reference)
    cases = {
        "too few": ~has_enough(table),
        "one article": (table.driven_by != "") & (strong | significant),
        "few articles": evident & (favoured < r.enough_articles(more, target)),
        "more": evident & more,
        "less": evident,
        "alike": (table.low > -1) & (table.high < 1),
        "weak": untested & ~spans_0,
    }
    return first_case(cases, "no difference")


def other_groupings(
    table: DataFrame, target_tokens: DataFrame, reference_tokens: DataFrame, seed: int = 0
) -> DataFrame:
    """How many words each way of dividing these articles into groups of these sizes calls.

    One row per way: ``target``, its articles, and ``words``, those that the description without p
    calls ``more`` or ``less``. ``table`` is the keyword table of the groups; what it marks in
    ``query``, names and search terms, is left out of every way. There are all ways up to 200, the
    one that was chosen among them, or else 200 drawn with the seed; of a large corpus they are
    fewer, 20 at least. ``attrs`` hold ``ways``, the ``mean`` of the words and ``any``, the number
    of ways that call a word.
    """
    sides = two_sides(target_tokens, reference_tokens)
    left_out = table.term[table["query"] != ""]
    kept = (sides.tokens.sum(axis=0) >= FEWEST_TOKENS) & ~sides.terms.isin(left_out)
    sides = sides.take(kept)
    counts = sides.counts
    number = max(min(WAYS, MOST_COUNTS // max(counts.nnz, 1)), FEWEST_WAYS)
    rows = []
    for way in r.some_splits(sides.target, number, seed):
        divided = divide(sides.terms, counts, sides.sizes, way, sides.docs)
        found = judge_terms(describe_terms(divided), way)
        rows.append((" ".join(sides.docs[way]), int(found.isin(["more", "less"]).sum())))
    ways = DataFrame(rows, columns=["target", "words"])
    called = int((ways.words > 0).sum())
    ways.attrs = {"ways": len(ways), "mean": float(ways.words.mean()), "any": called}
    return ways


def against_english(tokens: DataFrame, queries: Iterable[str] = ()) -> DataFrame:
    """Each term's rate against general English, the most unusual first.

    The columns are ``term, frequency, per_10k, per_10k_english, log_ratio, documents, verdict,
    query``. General English is wordfreq's list of single words (books, subtitles, news and the web
    until 2021). The list has no size in tokens, so there is a size of the difference and no test:
    ``verdict`` is ``size only`` or ``too few``. Hyphenated terms, numbers, clitics and terms that
    the list lacks are left out and counted in ``attrs["left_out"]``.
    """
    import wordfreq  # loaded here, since only this function needs its lists

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
    table.attrs["left_out"] = {"terms": len(left_out), "tokens": int(left_out.frequency.sum())}
    return table[ENGLISH_COLUMNS]


def changed_verdicts(table: DataFrame, other: DataFrame) -> DataFrame:
    """The words that another keyword table, such as that of fewer articles, judges otherwise.

    The columns are ``term, target, reference, verdict`` of ``table``, and the last three of
    ``other``, ending in ``_once``. A word that ``other`` lacks has the count 0 and no verdict.

    >>> table = DataFrame({"term": ["rain"], "target": 6, "reference": 0, "verdict": "more"})
    >>> other = table.assign(target=2, verdict="too few")
    >>> changed_verdicts(table, other)[["verdict", "verdict_once"]].values.tolist()
    [['more', 'too few']]
    """
    columns = ["term", "target", "reference", "verdict"]
    both = table[columns].merge(other[columns], "left", on="term", suffixes=("", "_once"))
    both = both.fillna({"target_once": 0, "reference_once": 0})
    changed = both.verdict.astype(str) != both.verdict_once.astype(str)
    counts = {"target_once": int, "reference_once": int}
    return both[changed].astype(counts).reset_index(drop=True)


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
    return frozenset(terms_of(names.replace("-", " ")))


def has_enough(table: DataFrame) -> Series:
    """True for the terms with so many tokens that something can be said."""
    return table.target + table.reference >= FEWEST_TOKENS


def _mark_queries(table, queries):
    return np.where(table.term.isin(set(queries)), SEARCH_TERM, "")


def _numbers(sides, table):
    """What measures of keyness may need, by the names in their list."""
    n_target, n_reference = r.add_up(sides.sizes, sides.target)
    return {
        "a": table.target,
        "b": table.reference,
        "a_and_b": table.target + table.reference,
        "n_target": n_target,
        "n_reference": n_reference,
        "n": sides.sizes.sum(),
        "documents_target": table.documents_target,
        "documents_reference": table.documents_reference,
        "articles_target": sides.target.sum(),
        "articles_reference": (~sides.target).sum(),
        "counts": sides.counts,
        "sizes": sides.sizes,
        "target": sides.target,
    }


def _spans_0(table):
    return (table.low <= 0) & (table.high >= 0)
