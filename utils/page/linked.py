"""The articles that the outputs of a notebook lead to; of a large corpus these alone have pages."""

from pandas import DataFrame, Index

from utils.page.grid import first_rows, once_each
from utils.page.names import is_article

MOST_PAGES = 500
"""Articles up to which a corpus has a page of each; of a larger one, pages that a notebook adds."""
_LINKED = {}
_NAMED_BESIDE = ("names", "languages", "further")  # parts of a bundle that lead nowhere


def note_linked(bundle: dict) -> None:
    """Take the articles that a bundle leads to; of a table those in the rows shown at first."""
    shown = {key: value for key, value in bundle.items() if key not in _NAMED_BESIDE}
    if "rows" in shown:
        once = once_each(bundle)
        shown["rows"] = once["rows"][: first_rows(once)]
    _LINKED.update(dict.fromkeys(_articles_in(shown)))


def linked_among(articles: DataFrame) -> Index:
    """The articles that this notebook has led to so far, the first up to the most there may be.

    >>> linked_among(DataFrame(index=["to which nothing leads"])).tolist()
    []
    """
    there = [doc_id for doc_id in _LINKED if doc_id in articles.index]
    return Index(there[:MOST_PAGES], dtype=articles.index.dtype)


def _articles_in(value):
    if isinstance(value, str) and is_article(value):
        yield value
    elif isinstance(value, dict):
        yield from _articles_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _articles_in(one)
