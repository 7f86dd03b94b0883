"""Two groups of articles -> keyword table: whole vocabulary, both directions, and what may be concluded.

The articles are the units. Where there are enough of them, p comes from splitting whole articles in other
ways and the interval from drawing whole articles again; where there are not, p is blank and the interval
is counting error within these texts only. What G² says is used as a filter and no p is read off it.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import wordfreq
from pandas.api.types import union_categoricals
from scipy.sparse import csr_array

from utils.stats import measures as m
from utils.stats import resampling as r
from utils.corpus.articles import COLUMNS as METADATA
from utils.stats.frequency import counts_by_article
from utils.search.queries import covered_by_names, sentence_key
from utils.corpus.files import Mistake, nearest
from utils.corpus.tokens import token_spans
from utils.corpus.words import is_content

FEWEST_TOKENS = 5  # in both groups together; with fewer nothing is said
STRONG_G2 = 6.63  # a filter where no test is possible, beside the interval
ALPHA = 0.05
COUNTING = "counting error within these texts only"
BOOTSTRAP = "bootstrap of whole articles"
FEWEST_REPEATS = 3  # of a phrase; of a term, without the article that has most of it
COLUMNS = [
    "term", "target", "reference", "per_10k_target", "per_10k_reference", "log_ratio", "low", "high", "interval", "g2",
    "p", "p_adjusted", "documents", "driven_by", "verdict", "documents_target", "documents_reference", "query",
]  # fmt: skip


class Sides(NamedTuple):
    """Counts of two groups: a row per term, a column per article; True in ``target`` for its articles."""

    terms: np.ndarray
    counts: csr_array
    sizes: np.ndarray
    target: np.ndarray
    docs: np.ndarray


def keyword_table(
    target_tokens: pd.DataFrame,
    reference_tokens: pd.DataFrame,
    queries: Iterable[str] = (),
    caution: str = "",
    repeats: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """One row per term of both groups, the clearest differences first: ``term, target, reference,
    per_10k_target, per_10k_reference, log_ratio, low, high, interval, g2, p, p_adjusted, documents,
    driven_by, verdict`` and ``documents_target, documents_reference, query``.

    ``g2`` is the four-term G². ``p`` is that of a permutation of whole articles, adjusted by Benjamini and
    Hochberg over the terms tested (``attrs["family"]``); blank where no p could be small
    (``attrs["why_no_p"]``). ``driven_by`` names the article without which the log ratio falls below half
    or turns round, or hardly a token is left. ``query`` marks terms by which articles were found. ``caution`` ends each verdict that
    names a difference. Raises ``Mistake`` for a group without tokens, or an article in both groups.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> tokens = tokenize(read_corpus())
    >>> nanjing = tokens.doc_id == "cambridge-nanjing"
    >>> table = keyword_table(tokens[nanjing], tokens[~nanjing]).set_index("term")
    >>> table.loc["cambridge", ["target", "reference"]].map(int).tolist(), table.driven_by["cambridge"]
    ([7, 0], 'cambridge-nanjing')
    """
    sides = two_sides(target_tokens, reference_tokens)
    return _concluded(_keyness(sides, repeats, seed), sides, frozenset(queries), caution)


def key_phrases(
    target_tokens: pd.DataFrame, reference_tokens: pd.DataFrame, words: frozenset[str], caution: str = ""
) -> pd.DataFrame:
    """The keyword table of phrases of 2 to 4 words that recur and neither begin nor end with one of ``words``.

    A rate is per 10,000 positions at which a phrase of that length could stand in a sentence. A phrase is not
    counted where a longer one of the table already covers it.
    """
    sides = two_sides(target_tokens, reference_tokens)
    both = pd.concat(_aligned(target_tokens, reference_tokens), ignore_index=True)
    both["doc_id"] = both.doc_id.cat.set_categories(sides.docs)
    edge, covered, tables = is_content(both.term.cat.categories, words), np.full(len(both), -1), []
    for n in (4, 3, 2):
        phrases, sizes, covered = _phrases(both, n, edge, covered)
        if not (sizes @ sides.target and sizes @ ~sides.target):
            continue  # no sentence of one group is as long
        counts, _ = counts_by_article(phrases)
        names = phrases.term.cat.categories.to_numpy(object)
        tables.append(_keyness(sides._replace(terms=names, counts=counts, sizes=sizes), 9999, 0))
    if not tables:
        raise Mistake("key phrases: no sentence of one group has two words; choose longer articles")
    return _concluded(pd.concat(tables, ignore_index=True), sides, frozenset(), caution)


def two_sides(target_tokens: pd.DataFrame, reference_tokens: pd.DataFrame) -> Sides:
    """Counts of the two groups by article. Raises ``Mistake`` for an empty group or an article in both."""
    for name, tokens in (("target", target_tokens), ("reference", reference_tokens)):
        if tokens.empty:
            raise Mistake(f"{name}: the group has no tokens; choose articles with a body")
    parts = _aligned(target_tokens, reference_tokens)
    (one, one_sizes), (two, two_sizes) = (counts_by_article(part) for part in parts)
    counts, sizes, there = one + two, one_sizes + two_sizes, (one_sizes > 0, two_sizes > 0)
    docs = parts[0].doc_id.array.categories.to_numpy(object)
    if (there[0] & there[1]).any():
        raise Mistake(
            f"target and reference share {', '.join(docs[there[0] & there[1]])}; an article belongs to one of them"
        )
    present = there[0] | there[1]
    counts = counts[:, present] if not present.all() else counts
    return Sides(
        parts[0].term.array.categories.to_numpy(object), counts, sizes[present], there[0][present], docs[present]
    )


def _aligned(target_tokens: pd.DataFrame, reference_tokens: pd.DataFrame) -> list[pd.DataFrame]:
    """Both tables with the same categories of terms and articles; parts of one table have them already."""
    parts = [target_tokens, reference_tokens]
    for name in ("term", "doc_id"):
        if parts[0][name].dtype != parts[1][name].dtype:
            both = union_categoricals([part[name] for part in parts])
            halves = both[: len(target_tokens)], both[len(target_tokens) :]
            parts = [part.assign(**{name: half}) for part, half in zip(parts, halves, strict=True)]
    return parts


def count_and_measure(sides: Sides) -> pd.DataFrame:
    """Counts, rates, log ratio and G² of every term that occurs in either group."""
    a, b = sides.counts @ sides.target.astype(int), sides.counts @ (~sides.target).astype(int)
    n_target, n_reference = sides.sizes @ sides.target, sides.sizes @ ~sides.target
    there = (sides.counts > 0).astype(int)
    table = {
        "term": sides.terms, "target": a, "reference": b,
        "per_10k_target": a / n_target * 10_000, "per_10k_reference": b / n_reference * 10_000,
        "log_ratio": m.log_ratio(a, b, n_target, n_reference), "g2": m.log_likelihood(a, b, n_target, n_reference),
        "documents_target": there @ sides.target.astype(int), "documents_reference": there @ (~sides.target).astype(int),
    }  # fmt: skip
    return pd.DataFrame(table)[a + b > 0]


def _keyness(sides: Sides, repeats: int, seed: int) -> pd.DataFrame:
    """Counts and measures with interval, p and the article that drives each term with enough tokens."""
    table = count_and_measure(sides)
    n_target, n_reference = sides.sizes @ sides.target, sides.sizes @ ~sides.target
    table["documents"] = table.documents_target + table.documents_reference
    table["low"], table["high"] = m.log_ratio_interval(table.target, table.reference, n_target, n_reference)
    table["interval"], table["p"], table["driven_by"] = COUNTING, np.nan, ""
    tested = table.index[table.target + table.reference >= FEWEST_TOKENS]
    counts = sides.counts[tested]
    if min(sides.target.sum(), (~sides.target).sum()) >= r.FEWEST_ARTICLES:
        ends = r.bootstrap_interval(counts, sides.sizes, sides.target, seed=seed)
        table.loc[tested, ["low", "high"]] = np.column_stack(ends)
        table.loc[tested, "interval"] = BOOTSTRAP
    if r.smallest_p(sides.target) <= ALPHA:
        table.loc[tested, "p"] = r.permutation_p(counts, sides.sizes, sides.target, repeats, seed)
    table.loc[tested, "driven_by"] = _driven_by(counts, sides, table.log_ratio[tested].to_numpy())
    return table


def _driven_by(counts: csr_array, sides: Sides, log_ratio: np.ndarray) -> np.ndarray:
    """The article without which less than half of the log ratio, or fewer than three tokens, are left; of a group
    of one, that article."""
    without = r.leave_one_out(counts.toarray(), sides.sizes, sides.target) * np.sign(log_ratio)[:, None]
    favoured = np.where(log_ratio[:, None] > 0, sides.target, ~sides.target)
    alone = favoured & (favoured.sum(axis=1, keepdims=True) == 1)
    left = np.where(alone, -np.inf, np.nan_to_num(without, nan=np.inf))
    least = left.argmin(axis=1)
    remaining = counts.toarray().sum(axis=1) - counts.toarray()[np.arange(len(least)), least]
    driven = (left.min(axis=1) < np.abs(log_ratio) / 2) | (remaining < FEWEST_REPEATS)
    return np.where(driven & (log_ratio != 0), np.asarray(sides.docs, object)[least], "")


def _concluded(table: pd.DataFrame, sides: Sides, queries: frozenset[str], caution: str) -> pd.DataFrame:
    """The table with adjusted p, verdict and order."""
    table["p_adjusted"] = m.benjamini_hochberg(table.p)
    table["query"] = np.where(table.term.isin(queries), "found by it", "")
    tested = table.target + table.reference >= FEWEST_TOKENS
    spans_0 = (table.low <= 0) & (table.high >= 0)
    table.loc[spans_0 | ~tested, "driven_by"] = ""
    table["verdict"], order = _verdicts(table, tested, caution)
    table = table.assign(order=order, size=-table.log_ratio.abs()).sort_values(
        ["order", "size", "term"], ignore_index=True
    )
    why = "" if r.smallest_p(sides.target) <= ALPHA else _why_no_p(sides.target)
    n = {"n_target": int(sides.sizes @ sides.target), "n_reference": int(sides.sizes @ ~sides.target)}
    table = table[COLUMNS]
    table.attrs = {"family": int(tested.sum()), "why_no_p": why, **n}
    return table


def _verdicts(table: pd.DataFrame, tested: pd.Series, caution: str) -> tuple[np.ndarray, np.ndarray]:
    """What a reader may conclude of each term, and the place of that verdict in the order of the table."""
    evident = np.where(table.p_adjusted.notna(), table.p_adjusted <= ALPHA, table.g2 >= STRONG_G2)
    evident &= ((table.low > 0) | (table.high < 0)).to_numpy()
    alike = (table.low > -1) & (table.high < 1)
    side = np.where(table.log_ratio > 0, "target", "reference")
    limit = np.where(table.p.notna(), "", " in these texts")
    cases = {
        "too few to tell": ~tested,
        "carried": evident & (table.driven_by != "") & table.p.isna(),
        "differs": evident,
        "about as frequent in both": alike,
        "hardly beyond counting error": table.p.isna() & ((table.low > 0) | (table.high < 0)),
        "no difference beyond counting error": table.p.isna(),
    }
    words = {"carried": "more frequent in the " + side + ", carried by one article" + f"{caution}",
             "differs": "more frequent in the " + side + limit + f"{caution}"}  # fmt: skip
    verdict = np.select(list(cases.values()), [words.get(case, case) for case in cases], "no difference shown")
    order = np.select(list(cases.values()), [6, 1, 0, 3, 2, 4], 5)
    return verdict, order


def _why_no_p(target: np.ndarray) -> str:
    one, two = int(target.sum()), int((~target).sum())
    least = f"{np.floor(r.smallest_p(target) * 1000) / 1000:.3f}".removesuffix("0")
    return f"{one} against {two} articles: no p could be below {least}, so none is given"


def _phrases(
    tokens: pd.DataFrame, n: int, edge: np.ndarray, covered: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Phrases of ``n`` words that recur, the positions they could take in each article, and where phrases that
    begin at each row end (-1: none begins)."""
    codes, start = tokens.term.cat.codes.to_numpy(np.int64), np.arange(len(tokens) - n + 1)
    start = start[sentence_key(tokens, start) == sentence_key(tokens, start + n - 1)]
    sizes = np.bincount(tokens.doc_id.cat.codes.iloc[start], minlength=len(tokens.doc_id.cat.categories))
    inside = np.maximum.accumulate(covered)[start] >= start + n - 1  # a longer phrase that began before ends after it
    start = start[edge[codes[start]] & edge[codes[start + n - 1]] & ~inside]
    which = np.zeros(len(start), np.int64)
    for step in range(n):
        which = pd.factorize(which * len(edge) + codes[start + step])[0]
    start, which = (
        values[np.bincount(which)[which] >= FEWEST_REPEATS] if len(which) else values for values in (start, which)
    )
    words = [tokens.term.cat.categories[codes[start + step]] for step in range(n)]
    names = pd.Categorical([" ".join(parts) for parts in zip(*words, strict=True)])
    covered = covered.copy()
    covered[start] = np.maximum(covered[start], start + n - 1)
    return pd.DataFrame({"term": names, "doc_id": tokens.doc_id.array[start]}), sizes, covered


def against_english(tokens: pd.DataFrame, queries: Iterable[str] = ()) -> pd.DataFrame:
    """One row per term: ``term, frequency, per_10k, per_10k_english, log_ratio, documents, verdict, query``.

    General English is wordfreq's list of single words (books, subtitles, news and the web until 2021). The
    list has no size in tokens, so there is a size of the difference and no test. Hyphenated terms, numbers,
    clitics and terms that the list lacks are left out and counted in ``attrs["left_out"]``.
    """
    counts, sizes = counts_by_article(tokens)
    terms = tokens.term.cat.categories.to_numpy(object)
    english = [wordfreq.word_frequency(term, "en", "large") if term.isalpha() else 0.0 for term in terms]
    table = pd.DataFrame({"term": terms, "frequency": counts.sum(axis=1)})
    table["per_10k"], table["per_10k_english"] = table.frequency / sizes.sum() * 10_000, np.array(english) * 10_000
    occurs, known = table.frequency > 0, table.per_10k_english > 0
    table["log_ratio"] = np.log2(table.per_10k.where(occurs & known) / table.per_10k_english.where(known))
    table["documents"] = np.diff(counts.indptr)
    few = (table.frequency < FEWEST_TOKENS) | (table.documents < min(2, len(sizes)))
    table["verdict"] = np.where(few, "too few to tell", "size of the difference only")
    table["query"] = np.where(table.term.isin(set(queries)), "found by it", "")
    left_out = table[occurs & ~known]
    table = (
        table[occurs & known]
        .assign(few=few)
        .sort_values(["few", "log_ratio"], ascending=[True, False], ignore_index=True)
    )
    table.attrs = {"left_out": {"terms": len(left_out), "tokens": int(left_out.frequency.sum())}}
    return table.drop(columns="few")


def mark_names(table: pd.DataFrame, tokens: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The keyword table with ``query`` "part of a name" where half of a term's tokens or more lie in names of bodies."""
    inside = np.bincount(
        tokens.term.array.codes[covered_by_names(tokens, names)], minlength=len(tokens.term.array.categories)
    )
    inside = pd.Series(inside, tokens.term.array.categories).reindex(table.term, fill_value=0).to_numpy()
    part = (inside * 2 >= table.target + table.reference) & (inside > 0) & (table["query"] == "")
    marked = table.assign(query=table["query"].mask(part, "part of a name"))
    marked.attrs = table.attrs
    return marked


def query_terms(articles: pd.DataFrame) -> frozenset[str]:
    """Terms of the cities' and centres' names: the articles were found by them."""
    names = " ".join([*articles.city, *articles.centre])
    return frozenset(token_spans([names.replace("-", " ")])[4])


class Groups(NamedTuple):
    """Names of target and reference as a reader says them, True for their articles, and the column that divides them."""

    names: tuple[str, str]
    target: pd.Series
    reference: pd.Series
    column: str


def choose_groups(articles: pd.DataFrame, target: str | None = None, reference: str | None = None) -> Groups:
    """Target and reference, each written ``column=value`` or ``column=one|other``.

    Without a target it is the articles that share the first article's ``role`` (or of the first column that divides
    the corpus into groups); without a reference, all others. Raises ``Mistake`` naming the columns or values that there are.
    """
    target = target or _first_division(articles)
    inside = choose_group(articles, target)
    outside = choose_group(articles, reference) if reference else ~inside
    column = target.partition("=")[0].strip()
    for name, side in (("target", inside), ("reference", outside)):
        if not side.any():
            raise Mistake(f"{name}: no article is left; target is {target!r}, and an article belongs to one group")
    if (inside & outside).any():
        shared = ", ".join(articles.index[inside & outside])
        raise Mistake(
            f"target {target!r} and reference {reference!r} share {shared}; an article belongs to one of them"
        )
    rest = articles.get(column, pd.Series(articles.index, articles.index))[outside].unique()
    names = [target.partition("=")[2], reference.partition("=")[2] if reference else "|".join(rest)]
    told = [f"{name} articles" if name and "|" not in name else "other articles" for name in names]
    return Groups((told[0], told[1]), inside, outside, column)


def choose_group(articles: pd.DataFrame, group: str) -> pd.Series:
    """True for the articles of the group ``column=value`` or ``column=one|other``. Raises ``Mistake``."""
    column, _, values = (part.strip() for part in group.partition("="))
    table = articles.assign(doc_id=articles.index).drop(columns=["raw", "lines", "body"])
    if column not in table:
        filled = [name for name in table.columns if (table[name] != "").any()]
        raise Mistake(f"group {group!r}: no column {column!r}; write column=value, {nearest(column, filled)}")
    wanted, there = (
        [value.strip() for value in values.split("|")],
        [value or "(blank)" for value in table[column].unique()],
    )
    if lacking := [value for value in wanted if value and value not in there]:
        raise Mistake(f"group {group!r}: no article has {lacking[0]!r}; of {column}, {nearest(lacking[0], there)}")
    return table[column].isin(wanted)


def inseparable(articles: pd.DataFrame, groups: Groups) -> dict[str, str]:
    """Columns that go with the grouping, so that a difference may be theirs, and why: column -> reason.

    A column without any value is passed over; one that has the same single value in both groups differs in nothing.
    """
    table, found = articles.assign(year=articles.published.str[:4]), {}
    for column in ("city", "outlet", "year", "language", "role"):
        sides = table[column][groups.target], table[column][groups.reference]
        values = [set(side) - {""} for side in sides]
        single = [name for name, side in zip(groups.names, sides, strict=True) if side.nunique() == 1 < len(side)]
        if (
            column == groups.column
            or not values[0] | values[1]
            or set(sides[0]) == set(sides[1]) == values[0]
            and single
        ):
            continue
        if any((side == "").any() for side in sides):
            found[column] = "not known for every article"
        elif not values[0] & values[1]:
            found[column] = "no value in common"
        elif single:
            found[column] = f"one value in all {single[0]}"
    return found


def within(articles: pd.DataFrame, groups: Groups, columns: Iterable[str]) -> tuple[str, pd.Series]:
    """The column and value that most articles of both groups share, and True for the articles that have it."""
    for column in columns:
        if column in articles and (
            shared := set(articles[column][groups.target]) & set(articles[column][groups.reference]) - {""}
        ):
            values = articles[column][groups.target | groups.reference]
            value = values[values.isin(shared)].mode().iloc[0]
            return f"{column} {value}", articles[column] == value
    return "", pd.Series(False, index=articles.index)


def _first_division(articles: pd.DataFrame) -> str:
    known = ("title", "file", "sha256", "note", "published", "raw", "lines", "body", "language")
    order = [
        "role",
        *(name for name in articles.columns if name not in (*METADATA, *known)),
        "centre",
        "city",
        "outlet",
    ]
    for column in order:
        if 1 < articles[column].nunique() < len(articles):
            return f"{column}={next(filter(None, articles[column]))}"
    if len(articles) < 2:
        raise Mistake("keywords: the corpus has one article; a comparison needs two groups of articles")
    return f"doc_id={articles.index[0]}"
