"""What a corpus can support: each analysis held against the rules that it goes by.

The limits are those of the analyses themselves and are not repeated here.
"""

from typing import Any

from pandas import DataFrame

from utils.corpus.languages import in_language, languages_of, left_out
from utils.corpus.tables import TABLES, folder_of, read_side_table
from utils.corpus.tokens import tokenize
from utils.corpus.words import function_words
from utils.stats import keywords, topics
from utils.stats import resampling as r
from utils.stats.collocation import FEWEST_TOKENS, read_nodes
from utils.stats.frequency import article_table
from utils.stats.groups import Groups, choose_groups

CODED = {
    "themes": "themes",
    "names of bodies": "aliases",
    "comparison of centres": "centres",
    "claims worked out again": "claims",
    "renderings of one concept": "renderings",
}
"""The analyses that rest on a side table alone, each with its table."""
ENGLISH = "en"
COLUMNS = ["language", "analysis", "support", "have", "other", "need", "what"]


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
    rows = [{"analysis": "dates of publication", **_dates(articles)}]
    for language in languages_of(articles):
        inside = in_language(articles, language)
        own = tokens[tokens.doc_id.isin(inside.index)]
        rows += [{"language": language, **row} for row in _of_language(inside, own)]
    rows += [_of_table(analysis, articles) for analysis in CODED]
    table = DataFrame(rows, columns=COLUMNS).fillna({"language": "", "what": ""})
    return table.astype(dict.fromkeys(["have", "other", "need"], "Int64"))


def language_table(articles: DataFrame) -> DataFrame:
    """One row per language, that of most articles first: ``language, articles, tokens, types``.

    >>> from utils.corpus.articles import read_corpus
    >>> language_table(read_corpus()).to_numpy().tolist()
    [['en', 5, 2449, 705]]
    """
    rows = []
    for language in languages_of(articles):
        inside = in_language(articles, language)
        terms = tokenize(inside).term
        rows.append((language, len(inside), len(terms), terms.nunique()))
    return DataFrame(rows, columns=["language", "articles", "tokens", "types"])


def _of_language(articles, tokens):
    words = function_words(articles)
    groups = choose_groups(articles)
    yield {"analysis": "keywords between groups", **_keywords(groups, len(articles), tokens)}
    if groups:
        yield {"analysis": "ranges of the differences", **_ranges(groups)}
    yield {"analysis": "collocates", **_collocates(articles, tokens)}
    yield {"analysis": "dispersion", **_dispersion(articles)}
    yield {"analysis": "diversity", **_diversity(articles, tokens)}
    yield {"analysis": "topics", **_topics(tokens, words)}
    if languages_of(articles) != [ENGLISH]:
        what = "the list of general words is English"
        yield {"analysis": "comparison with general English", "support": "left out", "what": what}
    for _, what, why in left_out(articles).itertuples(index=False):
        yield {"analysis": what, "support": "left out", "what": why}


def _keywords(groups: Groups | None, articles: int, tokens: DataFrame) -> dict[str, Any]:
    if groups is None:
        return {"support": "no groups", "have": articles}
    facts = {"have": groups.target.sum(), "other": groups.reference.sum(), "what": groups.column}
    target = groups.target[groups.target | groups.reference].to_numpy()
    if r.smallest_p(target) > r.ALPHA:
        return {"support": "description", **facts}
    terms = tokens.term.value_counts()
    needed = r.terms_needed(target, (terms >= keywords.FEWEST_TOKENS).sum())
    return {"support": "tested" if needed <= 1 else "tested if many", "need": needed, **facts}


def _ranges(groups):
    fewest = min(groups.target.sum(), groups.reference.sum())
    enough = fewest >= r.FEWEST_ARTICLES
    support = "of articles" if enough else "counting error"
    return {"support": support, "have": fewest, "need": r.FEWEST_ARTICLES}


def _collocates(articles, tokens):
    frequent = (tokens.term.value_counts() >= FEWEST_TOKENS).sum()
    support = "collocates" if read_nodes(articles, tokens) and frequent else "no collocates"
    return {"support": support, "have": frequent, "need": FEWEST_TOKENS}


def _dispersion(articles):
    return {"support": "several" if len(articles) > 1 else "single", "have": len(articles)}


def _diversity(articles, tokens):
    own = tokens.assign(doc_id=tokens.doc_id.cat.set_categories(articles.index))
    measured = article_table(articles, own).mattr.notna().sum()
    support = "diversity" if measured else "no diversity"
    return {"support": support, "have": measured, "other": len(articles)}


def _topics(tokens, words):
    paragraphs, terms = topics.paragraphs_and_terms(tokens, words)
    facts = {"have": paragraphs, "other": terms, "need": topics.FEWEST_TO_FIT}
    if min(paragraphs, terms) < topics.FEWEST_TO_FIT:
        return {"support": "no topics", **facts}
    number = tokens.doc_id.nunique()
    if number < topics.FEWEST_ARTICLES:
        return {"support": "topics of paragraphs", **facts, "need": topics.FEWEST_ARTICLES}
    return {"support": "topics", **facts, "have": number}


def _dates(articles):
    dated = (articles.published != "").sum()
    return {"support": "dated" if dated else "undated", "have": dated, "other": len(articles)}


def _of_table(analysis, articles):
    table = read_side_table(CODED[analysis], folder_of(articles))
    number = table.iloc[:, 0].nunique()
    support = "table" if number else "no table"
    return {
        "analysis": analysis,
        "support": support,
        "have": number,
        "what": TABLES[CODED[analysis]].file,
    }
