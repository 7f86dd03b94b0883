"""Links of a page: to an article, to one of its sentences, to all lines of a word."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

import regex
from markupsafe import Markup, escape

from utils.search.queries import query_of

_NONE = MappingProxyType({})
_BETWEEN = {"words": ", ", "names": " / "}  # what divides words, and names with their counts
_PLAIN = regex.compile("[a-z]+(?: [a-z]+)*")  # words that are their own query


def link_to(
    page: Mapping, doc_id: str | None, sentence: int | str | None, text: object, names: Mapping
) -> Markup:
    """The text as a link to a sentence of an article, or to the article where there is no sentence.

    A page that is no part of a report has no ``links``, so there it is text. A link that shows a
    number alone has a name that says whose sentence it is.

    >>> page = {"links": {"rain": "rain.html"}}
    >>> print(link_to(page, "rain", None, "A day of rain", {}))
    <a href="rain.html">A day of rain</a>
    >>> print(link_to(page, "rain", 3, 3, {"rain": "Rain"}))
    <a href="rain.html#s3" aria-label="sentence 3 of Rain">3</a>
    """
    shown = escape(text)
    links = page.get("links", _NONE)
    if doc_id not in links:
        return shown
    name = _name_of(str(shown), names.get(doc_id) or doc_id)
    place = "" if sentence is None else f"#s{int(sentence)}"
    return Markup(f'<a href="{escape(links[doc_id])}{place}"{name}>{shown}</a>')  # noqa: S704


def link_to_search(page: Mapping, words: str, language: str = "", by: str = "") -> Markup:
    """The words as a link to all lines that have them, on the report's page for that.

    They are text where there is no such page, or no query that finds them. The language is
    named where it is not English; ``by`` is a column by whose groups the lines are counted.

    >>> print(link_to_search({"search": True}, "new area", "zh"))
    <a href="search.html#q=new%20area&amp;l=zh">new area</a>
    """
    if not page.get("search"):
        return escape(words)
    return _search_link(words if _PLAIN.fullmatch(words) else query_of(words), words, language, by)


def link_each(page: Mapping, kind: str, text: str, language: str = "") -> Markup:
    """A cell of queries as links to their lines: one query, words, or names with their counts.

    >>> print(link_each({"search": True}, "asked", "health*"))
    <a href="search.html#q=health%2A">health*</a>
    >>> print(link_each({}, "words", "tea, rain"))
    tea, rain
    """
    if not page.get("search"):
        return escape(text)
    if kind == "asked":
        return _search_link(text, text, language)
    parts = text.split(_BETWEEN[kind])
    return Markup(_BETWEEN[kind]).join(_link_part(page, kind, part, language) for part in parts)


def _link_part(page, kind, part, language):
    """The words of a part as a link; of a name, what counts it stays behind."""
    words, space, count = part.rpartition(" ") if kind == "names" else (part, "", "")
    return link_to_search(page, words, language) + escape(space + count)


def _search_link(query, text, language, by=""):
    if not query:
        return escape(text)
    place = quote(query, safe="")
    place += f"&by={quote(by, safe='')}" if by else ""
    place += f"&l={language}" if language else ""
    return Markup(f'<a href="search.html#q={escape(place)}">{escape(text)}</a>')  # noqa: S704


def _name_of(shown, article):
    """The attribute that says what a link is to, where its text has no word that does."""
    if shown == "title":
        return Markup(' aria-label="title of {}"').format(article)
    if shown.isdigit():
        return Markup(' aria-label="sentence {} of {}"').format(shown, article)
    if not any(map(str.isalpha, shown)):
        return Markup(' aria-label="{} in {}"').format(Markup(shown), article)
    return ""
