"""Which articles are compared with which, and what else sets the two groups apart."""

import csv
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from pandas import DataFrame, Series

from utils.corpus.files import Mistake, nearest
from utils.corpus.tables import TABLES

FEWEST = 5  # articles of each group that is chosen unasked
FEWEST_OF_FEW = 2  # the same where there are too few articles for that
BROUGHT = ["place", "language_from", "collected_at"]
"""Columns that say how an article was brought or read, and are no grouping unless asked for."""
_ADDRESS = r"://|^\d{4}-\d\d-\d\d"  # also of a date

CONFOUNDED = ("city", "outlet", "year", "language", "role")
"""Columns that may go with any grouping; the year is that of ``published``."""


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
) -> Groups | None:
    """Target and reference, each written ``column=value`` or ``column=one|other``.

    A value that holds ``|`` is written in quotation marks, unless it is the only one. Without a
    target it is the first value of ``role``, or of another column, that divides the articles into
    two groups of five or more, or of two or more where there are fewer than ten; ``None`` if none
    does. Without a reference, it is all other articles. Raises ``Mistake`` naming the columns or
    values that there are, an empty group, or the articles in both.

    >>> from utils.corpus.articles import read_corpus
    >>> choose_groups(read_corpus()).names
    ('centre articles', 'policy articles')
    """
    metadata = articles.drop(columns=["raw", "lines", "body"]).assign(doc_id=articles.index)
    target = _first_division(metadata) if target in (None, "") else target
    if target is None:
        return None
    column, values, inside = _choose_group(metadata, str(target))
    if reference in (None, ""):
        outside = ~inside
        others = metadata[column][outside].unique()
    else:
        _, others, outside = _choose_group(metadata, str(reference))
    for name, side in (("target", inside), ("reference", outside)):
        if not side.any():
            raise Mistake(
                f"{name}: no article is left; the target is {target!r}; choose fewer articles"
            )
    shared = ", ".join(articles.index[inside & outside])
    if shared:
        both = f"target {target!r} and reference {reference!r} share {shared}"
        raise Mistake(f"{both}; an article belongs to one of them")
    return Groups(column, (_join_values(values), _join_values(others)), inside, outside)


def tokens_of_groups(tokens: DataFrame, articles: DataFrame, groups: Groups) -> list[DataFrame]:
    """The tokens of the target and of the reference, as far as their articles are among these."""
    ids = articles.index
    sides = (groups.target, groups.reference)
    return [tokens[tokens.doc_id.isin(ids[side[ids]])] for side in sides]


def inseparable(articles: DataFrame, groups: Groups) -> dict[str, str]:
    """Columns that go with the grouping, so that a difference may be theirs: column -> reason.

    ``unknown``: not every article has a value. ``no overlap``: the groups share no value.
    ``one value``: all articles of one group have the same. A column without any value, or with the
    same single value in both groups, is passed over, and the date where the year goes with them.
    Beside the columns of ``CONFOUNDED`` these are the date, the centre and those of the user's own
    where most articles do not have a value of their own. A year and a date of the user's own stand
    for those of ``published``.
    """
    metadata = articles.drop(columns=["raw", "lines", "body"])
    dates = DataFrame({"year": articles.published.str[:4], "date": articles.published})
    table = metadata.join(dates[dates.columns.difference(metadata.columns)])
    further = ["date", "centre", *_further(metadata)]
    shared = [name for name in further if not _is_own(table[name])]
    reasons = {}
    for column in dict.fromkeys([*CONFOUNDED, *shared]):
        reason = _reason(table[column][groups.target], table[column][groups.reference])
        if reason and column != groups.column:
            reasons[column] = reason
    if "year" in reasons:
        reasons.pop("date", None)
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


def _choose_group(metadata, group):
    """The column and the values of ``column=one|other``, and True for the articles with one."""
    column, _, values = map(str.strip, group.partition("="))
    if column not in metadata:
        filled = metadata.columns[(metadata != "").any()]
        how = f"write column=value, {nearest(column, filled)}"
        raise Mistake(f"group {group!r}: no column {column!r}; {how}")
    known = [value or "(blank)" for value in metadata[column].unique()]
    wanted = [values] if values in known else _split_values(values)
    for value in filter(None, wanted):
        if value not in known:
            near = nearest(value, known)
            raise Mistake(f"group {group!r}: no article has {value!r}; of {column}, {near}")
    return column, wanted, metadata[column].isin(wanted)


def _split_values(values):
    """The values between ``|``; one in quotation marks may hold ``|`` itself."""
    parts = next(csv.reader([values], delimiter="|", skipinitialspace=True), []) or [""]
    return [part.strip() for part in parts]


def _join_values(values):
    """The values as they are written in a group."""
    quoted = ['"{}"'.format(value.replace('"', '""')) for value in values]
    return "|".join(np.where([_split_values(value) == [value] for value in values], values, quoted))


def _group_name(values):
    parts = _split_values(values)
    return f"{parts[0]} articles" if parts[0] and len(parts) == 1 else "other articles"


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


def _first_division(metadata):
    """``column=value`` of the first column with a value that divides the articles; else nothing.

    A column is no grouping where most articles have a value of their own, or an address or a date.
    """
    articles = len(metadata)
    fewest = FEWEST if articles >= 2 * FEWEST else FEWEST_OF_FEW
    for column in ("role", *_further(metadata), "centre", "city", "outlet"):
        values = metadata[column]
        sizes = values.groupby(values, sort=False).size().drop("", errors="ignore")
        large = sizes[sizes.between(fewest, articles - fewest)]
        if len(large) and not (_is_own(values) or _is_address(values)):
            return f"{column}={large.index[0]}"
    return None


def _further(metadata):
    """Columns of the user's own, but for those that divide the articles as the outlet does."""
    known = [*TABLES["metadata"].names(), *BROUGHT]
    outlets = metadata.outlet.factorize()[0].tolist()
    return [
        column
        for column in metadata.columns.difference(known, sort=False)
        if metadata[column].factorize()[0].tolist() != outlets
    ]


def _is_own(values):
    """Whether most articles have a value of their own."""
    return 2 * values.nunique() > len(values)


def _is_address(values):
    return values.str.contains(_ADDRESS).any()
