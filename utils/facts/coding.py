"""What a reader coded of each centre: the facts, and the attributes that were asked for.

A centre is any entity that the rows of ``centres.csv`` name. What an attribute is used for is
said by the columns ``use`` and ``kinds`` of ``attributes.csv``; no attribute is named in code.
"""

import re

import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.files import misspelt, nearest
from utils.corpus.tables import (
    ABOUT,
    LISTS,
    NOT_STATED,
    folder_of,
    read_side_table,
)
from utils.facts.quotations import read_quoted
from utils.search.queries import query_problems

OWN = ("centre", "event", "page")  # what a fact may be about to count as the centre's own
FACTS = (
    "centre attribute value about doc_id quote note start end sentence side hedge use kind"
).split()
_COLON = re.compile(r"\s*:\s*")


def read_facts(articles: DataFrame) -> DataFrame:
    """The facts of ``centres.csv``, one row each; none where the corpus has no such file.

    Columns: ``centre, attribute, value, about, doc_id, quote, note, start, end, sentence, side,
    hedge, use, kind``. ``kind`` is what the attribute says after a colon; ``use`` is that of the
    part before it. Raises ``Mistake`` with a line for every problem of the file.

    >>> from utils.corpus.articles import read_corpus
    >>> facts = read_facts(read_corpus())
    >>> facts[facts.use == "event date"].value.tolist()
    ['May 17', 'November 5th', 'the same day', 'recently']
    """
    known = known_attributes(articles)
    facts = read_quoted("centres", articles, _check_of_facts(known))
    facts["attribute"] = facts.attribute.str.replace(_COLON, ": ", regex=True)
    parts = split_attributes(facts.attribute)
    uses = known.groupby(split_attributes(known.attribute).family).use.first()
    return facts.assign(use=parts.family.map(uses).fillna(""), kind=parts.kind)[FACTS]


def read_attributes(articles: DataFrame, facts: DataFrame) -> DataFrame:
    """``attribute, meaning, check, use, kinds`` of ``attributes.csv``, then those only coded.

    "person: signed" is a row of its own where the file lists it, and otherwise belongs to
    "person". ``check`` is a query for words that would betray what is not stated.
    """
    listed = _listed_attributes(articles)
    family = split_attributes(facts.attribute).family
    known = facts.attribute.isin(listed.attribute) | family.isin(listed.attribute)
    coded = DataFrame({"attribute": family[~known].unique()})
    return pd.concat([listed, coded], ignore_index=True).fillna("")


def known_attributes(articles: DataFrame) -> DataFrame:
    """The attributes with their uses: those of the corpus, or where it gives none those shipped."""
    listed = _listed_attributes(articles)
    return listed if listed.use.any() else read_side_table("attributes", LISTS)


def split_attributes(names: Series) -> DataFrame:
    """What stands before and after the colon of each attribute: ``family, kind``.

    >>> split_attributes(Series(["person: signed", "venue"])).to_numpy().tolist()
    [['person', 'signed'], ['venue', '']]
    """
    return names.str.extract(r"^(?P<family>[^:]*?)\s*(?::\s*(?P<kind>.*))?$").fillna("")


def kinds_of(attributes: DataFrame) -> DataFrame:
    """The only kinds that may be coded of some attributes, in order: ``use, family, kind``.

    They are those of the column ``kinds``, and of statements the rows of the table.
    """
    parts = split_attributes(attributes.attribute)
    rows = parts.kind.where(attributes.use == "statement", "")
    kinds = attributes.kinds.where(attributes.kinds != "", rows).str.split(r"\s*\|\s*", regex=True)
    table = parts.assign(use=attributes.use, kind=kinds).explode("kind")
    return table.loc[table.kind != "", ["use", "family", "kind"]].drop_duplicates()


def coded_as(facts: DataFrame, *uses: str) -> DataFrame:
    """The facts that state something, of attributes with one of these uses."""
    return facts[facts.use.isin(uses) & (facts.value != NOT_STATED)]


def own_facts(facts: DataFrame) -> DataFrame:
    """The facts about the centre itself, its event or the page."""
    return facts[facts.about.isin(OWN)]


def _listed_attributes(articles):
    table = read_side_table("attributes", folder_of(articles), query_problems)
    return table.drop_duplicates("attribute")


def _check_of_facts(attributes):
    """A check of rows of ``centres.csv``: kinds that are not allowed, and ``about`` misspelt."""
    kinds = kinds_of(attributes)
    allowed = (kinds.family + ": " + kinds.kind).groupby(kinds.family).agg(list)

    def problems(table, record):
        name = _COLON.sub(": ", record.attribute)
        names = allowed.get(name.split(":")[0], [name])
        if name not in names:
            yield "attribute", f"{name!r} is not known; {nearest(name, names)}"
        for about, meant in misspelt([record.about], ABOUT).items():
            yield "about", f"{about!r} is not known; did you mean {meant}?"

    return problems
