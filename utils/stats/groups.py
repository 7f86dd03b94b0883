"""Which articles are compared with which, and what else sets the two groups apart."""

from collections.abc import Iterable
from typing import NamedTuple

from pandas import DataFrame, Series

from utils.corpus.files import Mistake, nearest
from utils.corpus.tables import TABLES

CONFOUNDED = ("city", "outlet", "year", "language", "role")
"""Columns that may go with a grouping; the year is that of ``published``."""


class Groups(NamedTuple):
    """Two groups: the column that divides them, its values in each, True for their articles."""

    column: str
    values: tuple[str, str]
    target: Series
    reference: Series

    @property
    def names(self) -> tuple[str, str]:
        """What a reader may call the two groups: "centre articles", "other articles"."""
        return tuple(map(_group_name, self.values))


def choose_groups(
    articles: DataFrame, target: str | None = None, reference: str | None = None
) -> Groups:
    """Target and reference, each written ``column=value`` or ``column=one|other``.

    Without a target it is the articles that share the first article's ``role`` (or of the first
    column that divides the corpus into groups); without a reference, all others. Raises ``Mistake``
    naming the columns or values that there are, an empty group, or the articles in both.

    >>> from utils.corpus.articles import read_corpus
    >>> choose_groups(read_corpus()).names
    ('centre articles', 'policy articles')
    """
    target = target or _first_division(articles)
    metadata = _with_id(articles)
    column, value, inside = _choose_group(metadata, target)
    if reference:
        _, other, outside = _choose_group(metadata, reference)
    else:
        outside = ~inside
        other = "|".join(metadata[column][outside].unique())
    for name, side in (("target", inside), ("reference", outside)):
        if not side.any():
            raise Mistake(
                f"{name}: no article is left; the target is {target!r}; choose fewer articles"
            )
    shared = ", ".join(articles.index[inside & outside])
    if shared:
        both = f"target {target!r} and reference {reference!r} share {shared}"
        raise Mistake(f"{both}; an article belongs to one of them")
    return Groups(column, (value, other), inside, outside)


def tokens_of_groups(tokens: DataFrame, articles: DataFrame, groups: Groups) -> list[DataFrame]:
    """The tokens of the target and of the reference, as far as their articles are among these."""
    ids = articles.index
    sides = (groups.target, groups.reference)
    return [tokens[tokens.doc_id.isin(ids[side[ids]])] for side in sides]


def inseparable(articles: DataFrame, groups: Groups) -> dict[str, str]:
    """Columns that go with the grouping, so that a difference may be theirs: column -> reason.

    ``unknown``: not every article has a value. ``no overlap``: the groups share no value.
    ``one value``: all articles of one group have the same. A column without any value, or with the
    same single value in both groups, is passed over.
    """
    table = articles.assign(year=articles.published.str[:4])
    reasons = {}
    for column in CONFOUNDED:
        reason = _reason(table[column][groups.target], table[column][groups.reference])
        if reason and column != groups.column:
            reasons[column] = reason
    return reasons


def within(articles: DataFrame, groups: Groups, columns: Iterable[str]) -> tuple[str, Series]:
    """The first of these columns in which both groups share a value, for a narrower comparison.

    Returns the column with the shared value that most articles have, and True for the articles that
    have it; an empty text where there is none.
    """
    for column in filter(articles.__contains__, columns):
        values = articles[column]
        numbers = values[groups.target].value_counts() + values[groups.reference].value_counts()
        shared = numbers.dropna().drop("", errors="ignore").sort_index()
        if len(shared):
            value = shared.idxmax()
            return f"{column} {value}", values == value
    return "", Series(False, index=articles.index)


def _with_id(articles):
    """The metadata of the articles, with ``doc_id`` as a column."""
    metadata = articles.drop(columns=["raw", "lines", "body"])
    return metadata.assign(doc_id=articles.index)


def _choose_group(metadata, group):
    """The column and the values of ``column=one|other``, and True for the articles with one."""
    column, _, values = map(str.strip, group.partition("="))
    if column not in metadata:
        filled = metadata.columns[(metadata != "").any()]
        how = f"write column=value, {nearest(column, filled)}"
        raise Mistake(f"group {group!r}: no column {column!r}; {how}")
    wanted = [value.strip() for value in values.split("|")]
    known = [value or "(blank)" for value in metadata[column].unique()]
    for value in filter(None, wanted):
        if value not in known:
            near = nearest(value, known)
            raise Mistake(f"group {group!r}: no article has {value!r}; of {column}, {near}")
    return column, values, metadata[column].isin(wanted)


def _group_name(values):
    return f"{values} articles" if values and "|" not in values else "other articles"


def _reason(target, reference):
    """Why the values of a column go with the grouping; nothing where they do not."""
    one = set(target)
    two = set(reference)
    if len(one | two) == 1:
        return ""
    if "" in one | two:
        return "unknown"
    if not one & two:
        return "no overlap"
    if len(one) == 1 < len(target) or len(two) == 1 < len(reference):
        return "one value"
    return ""


def _first_division(articles):
    """The group of the first article by the first column that makes groups of several articles."""
    if len(articles) < 2:
        raise Mistake(
            "keywords: the corpus has one article; a comparison needs two groups of articles"
        )
    metadata = _with_id(articles)
    further = metadata.columns.difference(TABLES["metadata"].names(), sort=False)
    for column in ("role", *further, "centre", "city", "outlet"):
        if 1 < metadata[column].nunique() < len(metadata):
            value = next(filter(None, metadata[column]))
            return f"{column}={value}"
    return f"doc_id={articles.index[0]}"
