"""``tokens`` -> one row per term: how often, in how many articles, how evenly; and its growth."""

from collections.abc import Iterable

import numpy as np
from numpy import ndarray
from pandas import Categorical, DataFrame, RangeIndex
from scipy.sparse import csr_array, hstack

from utils.corpus.parts import each_shared
from utils.corpus.words import function_words
from utils.search.positions import positions_of
from utils.search.queries import article_extents, run_starts
from utils.stats import measures as m
from utils.stats.counted import keep_counted
from utils.stats.diversity import diversity_of_articles
from utils.stats.measure_list import add_measures
from utils.stats.resampling import blocks
from utils.stats.verdicts import first_case

WINDOW = 100  # tokens, of the diversity of an article
FEWEST = 5  # tokens of a term whose spread is judged
LEAST_UNEVEN = 0.05  # of what the mean DP under chance leaves to 1; many articles tell less too
MOST_THROWN = 4_000_000  # counts of an article, of one frequency
FEWEST_THROWS = 200
_BLOCK = 100_000  # tokens that are counted at a time


def frequency_table(tokens: DataFrame, measures: Iterable[str] = ()) -> DataFrame:
    """One row per term, the most frequent first.

    ``term``, ``frequency``, ``per_10k`` (per 10,000 of these tokens), ``document_frequency``
    (articles with the term), ``dispersion`` (Gries's DP over articles) and ``dispersion_expected``
    (the mean DP of as many tokens that fall at random over articles of these lengths), and a column
    for each further dispersion measure in ``measures``. The average reduced frequency takes the
    articles as one text, in their order. Raises ``Mistake`` for an unknown measure.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> table = frequency_table(tokenize(read_corpus()), ["juilland_d"])
    >>> table.loc[table.term == "innovation", ["frequency", "document_frequency"]].values.tolist()
    [[49, 5]]
    """
    docs, sizes = _sorted_docs(tokens)
    step = docs.shape[0] * _BLOCK // max(len(tokens), 1) + 1
    lows = range(0, max(docs.shape[0], 1), step)
    spread = [_spread(docs[low : low + step], sizes) for low in lows]
    frequency, documents, dispersion = map(np.concatenate, zip(*spread, strict=True))
    used = frequency > 0
    frequency = frequency[used]
    table = DataFrame(
        {
            "term": tokens.term.array.categories[used],
            "frequency": frequency,
            "per_10k": frequency / max(len(tokens), 1) * 10_000,
            "document_frequency": documents[used],
            "dispersion": dispersion[used],
            "dispersion_expected": _expected_dp(frequency, sizes),
        }
    )
    numbers = {"sizes": sizes, "size": len(tokens)}
    if measures:  # few ask for one, and the counts of all terms are as large as the text
        positions = positions_of(tokens)
        places = np.split(positions.order, positions.ends[1:-1])
        numbers["places"] = [rows for rows in places if len(rows)]
        numbers["counts"] = counts_by_article(tokens)[0][used]
    table = add_measures(table, measures, "dispersion", numbers)
    order = np.argsort(-table.frequency, kind="stable")  # equal ones stay in the order of terms
    table = table.iloc[order].reset_index(drop=True)
    return keep_counted(table, "frequency", tokens=tokens)


def counts_by_article(tokens: DataFrame) -> tuple[csr_array, ndarray]:
    """Counts, a row per term and a column per article, and the articles' sizes in tokens."""
    docs, sizes = _sorted_docs(tokens)
    counts = _count(docs)
    counts.data = counts.data.astype(np.int64)
    return counts, sizes


def _count(docs):
    """How often each article is in the rows of ``_sorted_docs``, which are written over."""
    docs.data = np.ones(docs.nnz, np.int32)
    docs.sum_duplicates()
    return docs


def _sorted_docs(tokens):
    """A sparse row per term, with the article of each of its tokens; and the articles' sizes."""
    numbers = {name: _numbered(tokens[name].array) for name in ("doc_id", "term")}
    parts = each_shared(_sort_docs, DataFrame(numbers, copy=False))
    if len(parts) == 1:
        return parts[0]
    docs, sizes = zip(*parts, strict=True)
    joined = hstack(docs, "csr")  # each part has columns of its own for all articles
    columns = joined.indices % docs[0].shape[1]
    return csr_array((joined.data, columns, joined.indptr), docs[0].shape), sum(sizes)


def _numbered(values):
    """Values by number, without their names, which others would have to be sent."""
    return Categorical.from_codes(values.codes, RangeIndex(len(values.categories)), validate=False)


def _sort_docs(tokens):
    """The same of a part: a sparse table that is turned round is sorted by counting."""
    first, sizes = article_extents(tokens)
    codes = tokens.term.array.codes
    ends = np.append(0, np.cumsum(sizes)).astype(np.int32)
    if ((first != ends[:-1]) & (sizes > 0)).any():  # articles are mixed or in another order
        codes = codes[np.argsort(tokens.doc_id.array.codes, kind="stable")]
    shape = (len(sizes), len(tokens.term.array.categories))
    docs = csr_array((np.ones(len(codes), np.int8), codes, ends), shape).tocsc().T
    docs.has_sorted_indices = True
    return docs, sizes


def sizes_of_articles(tokens: DataFrame) -> ndarray:
    """The number of tokens of each article, in the order of the categories."""
    return article_extents(tokens)[1]


def compare_dispersion(
    table: DataFrame, tokens: DataFrame, repeats: int = 2000, seed: int = 0
) -> DataFrame:
    """The frequency table with the middle 95 % of DP under chance and a verdict.

    For each frequency its tokens are thrown ``repeats`` times at random over articles of these
    lengths: ``chance_low``, ``chance_high``. ``verdict`` is ``uneven``, ``even``, ``chance``,
    ``slight`` (outside that range, but by less than a twentieth of what the mean leaves to 1) or
    ``too few``. Over more than 2,000 articles they are thrown less often, 200 times at least;
    ``attrs["repeats"]`` says how often.
    """
    sizes = sizes_of_articles(tokens)
    repeats = min(repeats, max(FEWEST_THROWS, MOST_THROWN // len(sizes)))
    random = np.random.default_rng(seed)
    frequencies, which = np.unique(table.frequency, return_inverse=True)
    thrown = (random.multinomial(n, sizes / sizes.sum(), repeats) for n in frequencies)
    ranges = [np.quantile(m.dp(counts, sizes), [0.025, 0.975]) for counts in thrown]
    low, high = np.reshape(ranges, (-1, 2))[which].T
    # Equal DPs that are summed in another order may differ in the last digit.
    uneven = table.dispersion > high + 1e-9
    even = table.dispersion < low - 1e-9
    beyond = (table.dispersion - table.dispersion_expected).abs()
    near = beyond < LEAST_UNEVEN * (1 - table.dispersion_expected)
    cases = {
        "too few": table.frequency < FEWEST,
        "slight": (uneven | even) & near,
        "uneven": uneven,
        "even": even,
    }
    verdict = first_case(cases, "chance")
    table = table.assign(chance_low=low, chance_high=high, verdict=verdict)
    table.attrs["repeats"] = repeats
    return table


def vocabulary_growth(tokens: DataFrame, points: int = 400) -> DataFrame:
    """Distinct terms met after so many running tokens, in the order of the articles.

    The columns are ``tokens`` and ``types``, in at most ``points`` rows.

    >>> letters = DataFrame({"term": list("aabac"), "doc_id": "x"}).astype("category")
    >>> vocabulary_growth(letters).types.tolist()
    [1, 1, 2, 2, 3]
    """
    positions = positions_of(tokens)
    new = np.sort(positions.order[positions.ends[:-1][np.diff(positions.ends) > 0]])
    rows = np.unique(np.linspace(0, len(tokens) - 1, min(points, len(tokens))).astype(int))
    curve = DataFrame({"tokens": rows + 1, "types": np.searchsorted(new, rows, "right")})
    return keep_counted(curve, "growth", tokens=tokens)


def longest_articles(tokens: DataFrame, number: int) -> list[str]:
    """The ``doc_id`` of the articles with the most tokens, the longest first."""
    return tokens.doc_id.value_counts().head(number).index.tolist()


def article_table(
    articles: DataFrame, tokens: DataFrame, window: int = WINDOW, measures: Iterable[str] = ()
) -> DataFrame:
    """One row per article, its size and diversity.

    The columns are ``doc_id, title, tokens, types, sentences, paragraphs, mattr, mtld`` and one for
    each further diversity measure in ``measures``. ``mattr`` has this window in tokens and is blank
    for a shorter article; ``mtld`` is blank where the type-token ratio never falls below 0.72.
    Raises ``Mistake`` for an unknown measure.
    """
    if window < 1:
        raise ValueError(f"window: {window} tokens; give 1 or more")
    docs = tokens.doc_id.array
    counts, sizes = counts_by_article(tokens)
    table = DataFrame(
        {
            "title": articles.title.reindex(docs.categories),
            "tokens": sizes,
            "types": np.bincount(counts.indices, minlength=len(sizes)),
            "sentences": _pieces(docs.codes, tokens.sentence.to_numpy(), len(sizes)),
            "paragraphs": _pieces(docs.codes, tokens.paragraph.to_numpy(), len(sizes)),
        },
        docs.categories.rename("doc_id"),
    )
    table["mattr"], table["mtld"] = diversity_of_articles(tokens, window)
    if measures := list(measures):
        terms = tokens.groupby("doc_id", observed=False).term.apply(list).tolist()
        numbers = {"terms": terms, "window": window, "words": function_words(articles)}
        table = add_measures(table, measures, "diversity", numbers)
    return keep_counted(table.reset_index(), "articles", tokens=tokens, window=window)


def _pieces(docs, numbers, articles):
    """How many pieces of each article, such as sentences, have a token."""
    return np.bincount(docs[run_starts(docs, numbers)], minlength=articles)


def _expected_dp(frequency, sizes):
    """The mean DP of each frequency; there are fewer frequencies than terms."""
    different, which = np.unique(frequency, return_inverse=True)
    parts = blocks(different, len(np.unique(sizes)))
    return np.concatenate([m.dp_expected(part, sizes) for part in parts])[which]


def _spread(docs, sizes):
    """How often each term is there, in how many articles, and its DP.

    DP needs the counts above 0 alone: an article without the term has a smaller share of 0.
    """
    frequency = np.diff(docs.indptr).astype(int)
    counts = _count(docs)
    documents = np.diff(counts.indptr)
    shares = sizes / max(sizes.sum(), 1)
    own = counts.data / np.repeat(frequency, documents)
    np.minimum(own, shares[counts.indices], out=own)
    smaller = csr_array((own, counts.indices, counts.indptr), counts.shape)
    return frequency, documents, 1 - smaller @ np.ones(len(sizes))
