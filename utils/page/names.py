"""The names by which articles appear in tables, figures and sentences."""

from collections.abc import Iterable

from pandas import DataFrame

_NAMES = {}


def remember_names(articles: DataFrame) -> None:
    """Take the display names of these articles from ``short_title``; forget all others."""
    _NAMES.clear()
    _NAMES.update(articles.get("short_title", {}))


def name_of(doc_id: str) -> str:
    """The display name of an article; the ``doc_id`` itself where no name is known.

    >>> remember_names(DataFrame({"short_title": ["A day of rain"]}, index=["rain"]))
    >>> name_of("rain"), name_of("snow")
    ('A day of rain', 'snow')
    >>> remember_names(DataFrame())
    """
    return _NAMES.get(doc_id) or doc_id


def is_article(text: str) -> bool:
    """Whether a text is the ``doc_id`` of an article whose name is known.

    >>> is_article("snow")
    False
    """
    return text in _NAMES


def names_among(doc_ids: Iterable[str]) -> dict[str, str]:
    """The display names that are known of these articles.

    >>> names_among(["snow"])
    {}
    """
    there = set(doc_ids)
    return {doc_id: name for doc_id, name in _NAMES.items() if doc_id in there}
