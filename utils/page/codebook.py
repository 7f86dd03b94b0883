"""What a reading page offers to one who codes in it: attributes, and names that are in use."""

import pandas as pd
from pandas import DataFrame

from utils.corpus.tables import ABOUT, folder_of, read_side_table
from utils.facts.coding import known_attributes, listed_attributes, split_attributes


def codebook_of(articles: DataFrame) -> dict[str, list]:
    """``attributes`` with their meanings, then ``about``, ``sides`` and ``centres`` to choose from.

    The attributes are those of the corpus, each with its kinds after a colon, then any others that
    are coded; of a corpus without such a list they are those shipped. Raises ``Mistake`` for side
    tables that cannot be read.

    >>> from utils.corpus.articles import read_corpus
    >>> book = codebook_of(read_corpus())
    >>> [name for name, _ in book["attributes"] if name.startswith("status in the title")][:2]
    ['status in the title: intended', 'status in the title: agreed']
    """
    coded = read_side_table("centres", folder_of(articles))
    listed = listed_attributes(articles)
    known = listed if len(listed) else known_attributes(articles)
    return {
        "attributes": _with_kinds(known) + _only_coded(coded.attribute, known),
        "about": ABOUT,
        "sides": _distinct(coded.side),
        "centres": _distinct(pd.concat([coded.centre, articles.centre])),
    }


def _with_kinds(known):
    """Each attribute, or each of its kinds after a colon, with its meaning."""
    kinds = known.kinds.str.split(r"\s*\|\s*", regex=True)
    rows = known.assign(kind=kinds).explode("kind")
    names = rows.attribute.where(rows.kind == "", rows.attribute + ": " + rows.kind)
    return list(map(list, zip(names, rows.meaning, strict=True)))


def _only_coded(attributes, known):
    """The attributes that are coded and not listed, with the meaning of what precedes the colon."""
    names = attributes.str.replace(r"\s*:\s*", ": ", regex=True).drop_duplicates()
    listed = [name for name, _ in _with_kinds(known)]
    other = names[~names.isin([*listed, *known.attribute])]
    meanings = split_attributes(other).family.map(known.set_index("attribute").meaning).fillna("")
    return list(map(list, zip(other, meanings, strict=True)))


def _distinct(names):
    return sorted({*names} - {""})
