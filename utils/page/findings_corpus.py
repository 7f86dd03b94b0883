"""Sentences about the corpus as a whole: its size, its languages, and what it can support."""

from pandas import DataFrame

from utils.corpus.languages import (
    language_column,
    languages_of,
    left_out,
    name_of_language,
)
from utils.page.wording import CODE_WORDS, count, inflect, join_words

_NAMED = 20  # problems that a sentence names; the others are counted


def describe_languages(articles: DataFrame, shown: DataFrame) -> str:
    """The languages of a corpus, how they are known, which is shown, and what is left out of it.

    ``shown`` has the articles that the page is about: all, or those in one language.

    >>> articles = DataFrame({"language": ["de"], "language_from": ["metadata"]})
    >>> describe_languages(articles, articles)
    'The article is in German. Left out for German: quantities (no rules here read the numbers...)'
    """
    parts = [f"{name_languages(articles)}{_describe_detection(articles)}"]
    if len(shown) < len(articles):
        parts.append(_describe_shown(languages_of(articles), shown))
    for language, rows in left_out(shown).groupby("language", sort=False):
        listed = [f"{row.what} ({row.why})" for row in rows.itertuples()]
        parts.append(f"Left out for {language}: {join_words(listed)}")
    return ". ".join(parts)


def describe_skipped(articles: DataFrame) -> str:
    """What could not be read and was left out, and why, from ``read_corpus``."""
    listed = join_words(articles.attrs["skipped"], most=_NAMED, between="; ", last="; and ")
    return f"What could not be read was left out: {listed}"


def describe_corpus(articles: DataFrame, tokens: DataFrame) -> str:
    """How large a corpus is and in which languages, in a line.

    >>> articles = DataFrame({"language": ["en"]})
    >>> describe_corpus(articles, DataFrame({"term": ["rain"]}))
    '1 article, 1 word, in English'
    """
    named = join_words(map(name_of_language, languages_of(articles)))
    return f"{count(len(articles), 'article')}, {count(len(tokens), 'word')}, in {named}"


def describe_no_english(articles: DataFrame) -> str:
    """Why articles are not compared with general English.

    >>> describe_no_english(DataFrame({"language": ["zh", "zh"]}))
    'The articles are in Chinese, so they are not compared with general English'
    """
    named = join_words(map(name_of_language, languages_of(articles)))
    return f"The articles are in {named}, so they are not compared with general English"


def word_support(table: DataFrame) -> DataFrame:
    """What a corpus can support in words, from ``support_table``: ``analysis, supported``.

    An analysis within one language of several is named with it.
    """
    rows = table.fillna({"have": 0, "other": 0, "need": 0}).to_dict("records")
    several = len(set(table.language) - {""}) > 1
    analyses = [
        f"{row['analysis']}, {name_of_language(row['language'])}"
        if several and row["language"]
        else row["analysis"]
        for row in rows
    ]
    words = CODE_WORDS["support"]
    supported = [words[row["support"]].format(**row, **_with_nouns(**row)) for row in rows]
    return DataFrame({"analysis": analyses, "supported": supported})


def _with_nouns(have, other, **_):
    return {
        "articles": count(have, "article"),
        "others": count(other, "article"),
        "words": count(have, "word"),
        "are": inflect(have, "is", "are"),
        "common": f"{count(have, 'paragraph')} with {count(other, 'word')} in common",
    }


def name_languages(articles: DataFrame) -> str:
    """In which language or languages articles are.

    >>> name_languages(DataFrame({"language": ["de", "de"]}))
    'All articles are in German'
    """
    languages = languages_of(articles)
    named = [name_of_language(language) for language in languages]
    if len(languages) == 1:
        subject = "The article is" if len(articles) == 1 else "All articles are"
        return f"{subject} in {named[0]}"
    numbers = language_column(articles).value_counts()
    counted = [f"{name} ({numbers[code]:,})" for name, code in zip(named, languages, strict=True)]
    return f"The {len(articles):,} articles are in {join_words(counted)}"


def _describe_detection(articles):
    if "language_from" not in articles:
        return ""
    detected = (articles.language_from == "detected").sum()
    if not detected:
        return ""
    every = "" if detected == len(articles) else f" in {detected:,} of them"
    return f", as py3langid detected{every}"


def _describe_shown(languages, shown):
    own = languages_of(shown)
    names = join_words(map(name_of_language, own))
    others = join_words(language for language in languages if language not in own)
    return (
        f"This page shows those in {names}; the notebooks show others when they are run with the "
        f"parameter LANGUAGE ({others})"
    )
