"""First drafts of side tables, made from what is frequent in a corpus, for a reader to edit."""

import csv

import regex
from pandas import DataFrame, concat

from utils.corpus.languages import in_language, languages_of
from utils.corpus.tables import TABLES
from utils.corpus.words import function_words, is_content
from utils.facts.checks import source_checks
from utils.search.queries import covered_by_names
from utils.stats.frequency import frequency_table

MOST = 50  # rows of a draft
FEWEST = 2  # times that a name is printed
FEWEST_ARTICLES = 2  # that have a word
_WORD = r"\p{Lu}[\w&’'-]*"
_LINK = r"(?:\s(?:of|for|and|the|de|del|des|di|du|la|von|der))"
_NAME = regex.compile(rf"\b{_WORD}(?:{_LINK}{{0,2}}\s{_WORD})+|\b\p{{Lu}}{{3,}}\b")


def draft_tables(articles: DataFrame, tokens: DataFrame) -> dict[str, DataFrame]:
    """Drafts of ``aliases``, ``themes`` and ``furniture``, as the tables of these names.

    Names are printed with capitals; themes are content words; furniture are lines that several
    articles have. The columns ``times`` and ``articles`` say how often. A draft may be empty.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> drafts = draft_tables(articles, tokenize(articles))
    >>> drafts["themes"].pattern.head(3).tolist()
    ['innovation', 'ningbo', 'development']
    """
    aliases = draft_aliases(articles)
    return {
        "aliases": aliases,
        "themes": draft_themes(articles, tokens, aliases),
        "furniture": draft_furniture(articles),
    }


def draft_aliases(articles: DataFrame) -> DataFrame:
    """Rows of ``aliases.csv``: names printed with capitals, twice or more, at most 50."""
    words = function_words(articles)
    places = [
        (_without_ends(match[0], words), article.Index)
        for article in articles.itertuples()
        for span in article.body
        for match in _NAME.finditer(article.raw, *span)
    ]
    names = DataFrame(places, columns=["body", "doc_id"]).query("body != ''")
    by_name = names.groupby("body", sort=False).doc_id
    table = by_name.agg(doc_id="first", times="size", articles="nunique").reset_index()
    table = table[table.times >= FEWEST].assign(alias=table.body, quote=table.body)
    table = table.reindex(columns=[*TABLES["aliases"].names(), "times", "articles"])
    return table.sort_values("times", ascending=False, kind="stable").head(MOST)


def draft_themes(articles: DataFrame, tokens: DataFrame, aliases: DataFrame) -> DataFrame:
    """Rows of ``themes.csv``: content words of two articles or more, at most 50 in a language.

    Words inside the names of ``aliases`` are not counted.
    """
    tokens = tokens[~covered_by_names(tokens, aliases.alias)]
    tables = [DataFrame(columns=["theme", "pattern", "times", "articles"])]
    for language in languages_of(articles):
        inside = in_language(articles, language)
        table = frequency_table(tokens[tokens.doc_id.isin(inside.index)])
        content = is_content(table.term, function_words(inside))
        table = table[content & (table.document_frequency >= FEWEST_ARTICLES)].head(MOST)
        plain = table.term.map(str.isalnum)
        patterns = table.term.where(plain, '"' + table.term + '"')
        names = {"term": "theme", "frequency": "times", "document_frequency": "articles"}
        tables.append(table.rename(columns=names).assign(pattern=patterns)[tables[0].columns])
    return concat(tables, ignore_index=True)


def draft_furniture(articles: DataFrame) -> DataFrame:
    """Rows of ``furniture.csv``: lines that several articles have."""
    odd = source_checks(articles)
    lines = odd[odd.check == "line in several articles"]
    table = DataFrame(csv.reader(lines.what), columns=TABLES["furniture"].names())
    return table.assign(articles=lines.number.to_numpy())


def _without_ends(name, words):
    """The name without function words around it; nothing if one word is left.

    >>> _without_ends("The Harbour Board", {"the"}), _without_ends("Tonight I", {"i"})
    ('Harbour Board', '')
    """
    parts = name.split()
    while parts and parts[0].casefold() in words:
        del parts[0]
    while parts and parts[-1].casefold() in words:
        del parts[-1]
    return " ".join(parts) if len(parts) > 1 or name.isupper() else ""
