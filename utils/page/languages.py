"""In which language a text on a page is, for what reads it aloud and picks its font.

A page is in English; so only text in other languages is marked.
"""

from collections.abc import Iterable

import regex
from markupsafe import Markup, escape
from pandas import DataFrame

from utils.corpus.languages import language_column

OF_CORPUS = "term phrase left node right quote printed text".split()
"""Columns whose cells are words of the articles, whatever their script."""
_HAN = regex.compile(r"\p{Han}")
_PASSAGE = regex.compile(r"(\p{Han}[\p{Han}\d、，。：；·《》（）]*)")
_PAGE = "en"
_LANGUAGES = {}


def remember_languages(articles: DataFrame, shown: DataFrame) -> None:
    """Take the languages of these articles, and of those shown, that are not English.

    Those shown have a language of their own, under the empty name, where it is one.
    """
    _LANGUAGES.clear()
    _LANGUAGES.update(language_column(articles))
    languages = language_column(shown).unique()
    _LANGUAGES[""] = languages[0] if len(languages) == 1 else _PAGE


def languages_among(doc_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The languages other than English of these articles, as ``languages``; empty where none is.

    >>> remember_languages(DataFrame({"language": ["zh", "en"]}, index=["a", "b"]), DataFrame())
    >>> languages_among(["a", "b"]), languages_among(["b"])
    ({'languages': {'a': 'zh'}}, {})
    >>> remember_languages(DataFrame(), DataFrame())
    """
    there = {"", *doc_ids}
    others = {key: code for key, code in _LANGUAGES.items() if key in there and code != _PAGE}
    return {"languages": others} if others else {}


def language_of(doc_id: str) -> str:
    """The language of an article, English where no other is known.

    >>> language_of("rain")
    'en'
    """
    return _LANGUAGES.get(doc_id, _PAGE)


def lang_of(text: str, column: str, language: str) -> str:
    """The language to mark a text with in a column, in a row of an article in this language.

    Chinese characters are marked wherever they are; empty where nothing is to be marked.

    >>> lang_of("ville", "term", "fr"), lang_of("宁波", "title", "en"), lang_of("no", "note", "fr")
    ('fr', 'zh', '')
    """
    if _HAN.search(text):
        return "ja" if language == "ja" else "zh"
    return language if column in OF_CORPUS and language != _PAGE else ""


def mark_chinese(text: str) -> Markup:
    """A text of a page as HTML, with its Chinese passages marked.

    >>> print(mark_chinese("“创新，合作” & more"))
    “<span lang="zh">创新，合作</span>” &amp; more
    """
    marked = Markup('<span lang="zh">{}</span>')
    parts = _PASSAGE.split(text)
    return Markup("").join(
        marked.format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
