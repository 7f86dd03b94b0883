"""What a corpus can support: each analysis held against the rules that it goes by.

The limits are those of the analyses themselves and are not repeated here.
"""

from typing import NamedTuple

import numpy as np
from pandas import DataFrame, Index, Series

from utils.corpus.languages import in_language, language_column, languages_of, left_out
from utils.corpus.tables import TABLES, folder_of, read_side_table
from utils.corpus.words import function_words, is_content
from utils.facts.coding import is_settled
from utils.search.queries import read_queries
from utils.stats import keywords, topics
from utils.stats import resampling as r
from utils.stats.collocation import FEWEST_TOKENS
from utils.stats.frequency import WINDOW, sizes_of_articles
from utils.stats.groups import choose_groups

CODED = {
    "themes": "themes",
    "names of bodies": "aliases",
    "comparison of centres": "centres",
    "claims worked out again": "claims",
    "renderings of one concept": "renderings",
}
"""The analyses that rest on a side table alone, each with its table."""
ENGLISH = "en"
ENOUGH = 100_000  # tokens; where these allow topics, all do
_BLOCK = 100_000  # tokens that are looked at at a time
NUMBERS = ["have", "other", "need"]


class Support(NamedTuple):
    """A row of ``support_table``."""

    analysis: str
    support: str
    have: int | None = None
    other: int | None = None
    need: int | None = None
    what: str = ""
    language: str = ""


def support_table(articles: DataFrame, tokens: DataFrame) -> DataFrame:
    """One row per analysis: ``language, analysis, support, have, other, need, what``.

    Analyses of words have a row for each language, since they compare within one; the others have
    no language. ``support`` is a code, and what the numbers and ``what`` mean depends on it: what
    there is (``have``, ``other``) and what there should be (``need``).

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> table = support_table(articles, tokenize(articles)).set_index("analysis")
    >>> table.support["keywords between groups"], int(table.have["themes"])
    ('description', 10)
    """
    dated = (articles.published != "").sum()
    code = "dated" if dated else "undated"
    rows = [Support("dates of publication", code, dated, len(articles))]
    for language in languages_of(articles):
        inside = in_language(articles, language)
        own = _rows_of(inside.index, tokens)
        rows += [row._replace(language=language) for row in _of_language(inside, tokens, own)]
    rows += [_of_table(analysis, name, folder_of(articles)) for analysis, name in CODED.items()]
    rows.append(_coders(articles))
    table = DataFrame(rows)[["language", "analysis", "support", *NUMBERS, "what"]]
    return table.astype(dict.fromkeys(NUMBERS, "Int64"))


def language_table(articles: DataFrame, tokens: DataFrame) -> DataFrame:
    """One row per language, that of most articles first: ``language, articles, tokens, types``.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> language_table(articles, tokenize(articles)).to_numpy().tolist()
    [['en', 5, 2449, 705]]
    """
    languages = language_column(articles)
    table = languages.value_counts().rename_axis("language").reset_index(name="articles")
    docs = tokens.doc_id.array
    terms = tokens.term.array
    language = Index(table.language).get_indexer(languages.reindex(docs.categories))
    sizes = np.zeros(len(table) + 1, int)  # the last is of articles that are not in the table
    np.add.at(sizes, language, sizes_of_articles(tokens))
    met = np.zeros((len(sizes), len(terms.categories)), bool)
    for low in range(0, len(tokens), _BLOCK):
        rows = slice(low, low + _BLOCK)
        met[language[docs.codes[rows]], terms.codes[rows]] = True
    return table.assign(tokens=sizes[:-1], types=met[:-1].sum(axis=1))


def _rows_of(doc_ids, tokens):
    """The rows of the tokens of these articles, which take far less memory than a copy."""
    docs = tokens.doc_id.array
    return np.flatnonzero(docs.categories.isin(doc_ids)[docs.codes])


def _count_terms(tokens, rows):
    terms = tokens.term.array
    counts = np.zeros(len(terms.categories), int)
    np.add.at(counts, terms.codes[rows], 1)  # bincount would copy the codes
    return Series(counts, terms.categories)


def _of_language(articles, tokens, rows):
    if len(rows):
        yield from _of_words(articles, tokens, rows)
    else:
        yield Support("analyses of words", "no words")
    if languages_of(articles) != [ENGLISH]:
        what = "the list of general words is English"
        yield Support("comparison with general English", "left out", what=what)
    for _, what, why in left_out(articles).itertuples(index=False):
        yield Support(what, "left out", what=why)


def _of_words(articles, tokens, rows):
    counts = _count_terms(tokens, rows)
    groups = choose_groups(articles)
    if groups is None:
        code = "no groups" if len(articles) > 1 else "single"
        yield Support("keywords between groups", code, len(articles))
    else:
        yield _keywords(groups, counts)
        fewest = min(groups.target.sum(), groups.reference.sum())
        code = "of articles" if fewest >= r.FEWEST_ARTICLES else "counting error"
        yield Support("ranges of the differences", code, fewest, need=r.FEWEST_ARTICLES)
    yield _collocates(articles, counts)
    code = "several" if len(articles) > 1 else "single"
    yield Support("dispersion", code, len(articles))
    sizes = np.bincount(tokens.doc_id.array.codes[rows])
    measured = (sizes >= WINDOW).sum()
    code = "diversity" if measured else "no diversity"
    yield Support("diversity", code, measured, len(articles))
    yield _topics(tokens, rows, (sizes > 0).sum(), function_words(articles))


def _keywords(groups, counts):
    analysis = "keywords between groups"
    sizes = (groups.target.sum(), groups.reference.sum())
    target = groups.target[groups.target | groups.reference].to_numpy()
    if r.smallest_p(target) > r.ALPHA:
        return Support(analysis, "description", *sizes, what=groups.column)
    needed = r.terms_needed(target, (counts >= keywords.FEWEST_TOKENS).sum())
    code = "tested" if needed <= 1 else "tested if many"
    return Support(analysis, code, *sizes, needed, groups.column)


def _collocates(articles, counts):
    frequent = (counts >= FEWEST_TOKENS).sum()
    words = counts.index[counts > 0]
    nodes = len(read_queries("nodes", articles))
    nodes = nodes or is_content(words, function_words(articles)).any()
    code = "collocates" if nodes and frequent else "no collocates"
    return Support("collocates", code, frequent, need=FEWEST_TOKENS)


def _topics(tokens, rows, articles, words):
    first = tokens.iloc[rows[:ENOUGH]]
    first = first.assign(term=first.term.cat.remove_unused_categories())
    sizes = topics.paragraphs_and_terms(first, words)
    if min(sizes) < topics.FEWEST_TO_FIT or articles < topics.FEWEST_ARTICLES:
        sizes = topics.paragraphs_and_terms(tokens.iloc[rows], words)
    if min(sizes) < topics.FEWEST_TO_FIT:
        return Support("topics", "no topics", *sizes, topics.FEWEST_TO_FIT)
    if articles < topics.FEWEST_ARTICLES:
        return Support("topics", "topics of paragraphs", *sizes, topics.FEWEST_ARTICLES)
    return Support("topics", "topics", articles)


def _coders(articles):
    codings = read_side_table("centres", folder_of(articles))
    coded = codings[~is_settled(codings.coder)]
    coders = coded.coder.nunique()
    shared = (coded.groupby("doc_id").coder.nunique() > 1).sum()
    code = ("no coder", "one coder", "coders")[min(coders, 2)]
    code = "apart" if coders > 1 and not shared else code
    return Support("agreement of coders", code, coders, shared)


def _of_table(analysis, name, folder):
    number = read_side_table(name, folder).iloc[:, 0].nunique()
    return Support(analysis, "table" if number else "no table", number, what=TABLES[name].file)
