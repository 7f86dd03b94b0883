"""The page that is asked: it carries the tokens, finds what is typed, and counts again."""

import json
from collections.abc import Iterator

import regex

from utils.corpus.token_pattern import HAN, TOKEN_PATTERN
from utils.corpus.words import APOSTROPHE, HIDDEN, LIKE_APOSTROPHE, SHAPES
from utils.report.executed import bundles
from utils.report.frame import Study, make_page

SEARCH = "search.html"
CHECK = "check.html"
FEW = range(2, 13)  # values of a column by which matches are counted
_NAMES = ("title", "sha256", "file", "note")  # columns that name an article and group none
_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d"  # what \w is in the patterns of Python


def names_of_search(notebooks: dict) -> dict[str, str]:
    """What the pages that carry the tokens are called, by their files; none without tokens."""
    return {SEARCH: "Search", CHECK: "Count again"} if _indexes(notebooks) else {}


def search_pages(study: Study) -> Iterator[tuple[str, str]]:
    """The files and the HTML of the pages that carry the tokens; none where they are too many."""
    values = {
        "indexes": _indexes(study.notebooks),
        "rules": _data(pattern_rules()),
        "articles": _data(_articles(study)),
    }
    for file in names_of_search(study.notebooks):
        yield file, make_page(file.removesuffix(".html"), file, study, **values)


def _indexes(notebooks):
    """The indexes of tokens that the notebooks passed on, one for each language."""
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells]
    found = {bundle["language"]: bundle for bundle in bundles(cells, "tokens") if bundle["index"]}
    return list(found.values())


def pattern_rules() -> dict[str, str]:
    """The patterns by which a query is cut into tokens, as JavaScript has them.

    What recurs in the pattern of tokens is named in it, so that it stays short: ``@han;``.
    """
    sets = {"word": _WORD, "han": in_javascript(HAN), "hidden": HIDDEN}
    token = in_javascript(TOKEN_PATTERN)
    for name, characters in sets.items():
        token = token.replace(characters, f"@{name};")
    apostrophes = APOSTROPHE + LIKE_APOSTROPHE
    shapes = in_javascript(SHAPES.pattern)
    return {**sets, "token": token, "shapes": shapes, "apostrophes": apostrophes}


def in_javascript(pattern: str) -> str:
    """A pattern of Python's ``regex`` as JavaScript has it.

    Possessive quantifiers become greedy ones. In our patterns nothing depends on the difference,
    since what follows them never begins with what they take.

    >>> in_javascript(r"[^\\W\\da]++") == rf"(?:(?![\\p{{Nd}}a])[{_WORD}])+"
    True
    """
    pattern = regex.sub(r"\\U000([0-9a-f]{5})", r"\\u{\1}", pattern)
    pattern = regex.sub(r"\[\^\\W(.*?)\]", _word_without, pattern)
    return regex.sub(r"([*+}])\+", r"\1", pattern).replace(r"\d", r"\p{Nd}")


def _word_without(match):
    return f"(?:(?![{match[1]}])[{_WORD}])"


def _articles(study):
    """Names, links and groups of the articles by ``doc_id``; the link is none without a page."""
    articles = [one for bundle in _indexes(study.notebooks) for one in bundle["articles"]]
    columns = _grouping_columns(articles)
    return {
        article["doc_id"]: {
            "name": article["short_title"],
            "link": study.links.get(article["doc_id"]),
            "groups": {column: article["meta"].get(column, "") for column in columns},
        }
        for article in articles
    }


def _grouping_columns(articles):
    """The columns of the metadata with few values, by which matches can be counted."""
    columns = dict.fromkeys(column for article in articles for column in article["meta"])
    values = {
        column: {article["meta"].get(column, "") for article in articles}
        for column in columns
        if column not in _NAMES
    }
    return [column for column, known in values.items() if len(known) in FEW]


def _data(value):
    """JSON that can stand in an element of a page."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
