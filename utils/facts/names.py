"""Names of bodies, people and places in the articles, and the renderings of one concept."""

from itertools import pairwise

import numpy as np
from pandas import DataFrame, Index, Series

from utils.corpus.tables import TABLES
from utils.facts.quotations import read_quoted
from utils.search.lines import lines_at
from utils.search.queries import read_queries
from utils.stats.counted import keep_counted
from utils.stats.themes import body_names, theme_hits


def read_aliases(articles: DataFrame) -> DataFrame:
    """The corpus's aliases.csv with the place of each quotation: ``sentence, start, end``.

    Its columns are ``body, alias, doc_id, quote, kind, ambiguous, note``. Raises ``Mistake`` naming
    each row whose quotation is not in the article or does not show the alias.
    """
    return read_quoted("aliases", articles, _alias_problems)


def mentions(tokens: DataFrame, aliases: DataFrame) -> DataFrame:
    """One row per mention of a body: ``body, alias, doc_id, sentence, first, last``.

    Of names that overlap the longest counts. An alias of several bodies means the one that is
    listed with that article, else the first.
    """
    patterns = DataFrame({"theme": aliases.body, "pattern": '"' + aliases.alias + '"'})
    patterns.attrs["file"] = TABLES["aliases"].file
    hits = theme_hits(tokens, patterns.drop_duplicates("pattern"), [])
    listed = aliases[["body", "alias"]].astype("category").iloc[_rows_meant(hits, aliases)]
    hits = listed.reset_index(drop=True).join(hits.loc[:, ["doc_id", "sentence", "first", "last"]])
    if aliases.groupby("alias").body.nunique().gt(1).any():
        return hits
    listed = patterns.drop_duplicates().to_numpy().tolist()
    return keep_counted(hits, "places", tokens=tokens, patterns=listed, names=[])


def mention_lines(articles: DataFrame, tokens: DataFrame, hits: DataFrame) -> DataFrame:
    """Every mention in its sentence: ``body, doc_id, sentence, left, node, right``."""
    lines = lines_at(articles, tokens, hits["first"], hits["last"])
    return hits[["body"]].astype("str").join(lines.loc[:, "doc_id":"right"])


def body_table(hits: DataFrame, aliases: DataFrame) -> DataFrame:
    """One row per body and article: ``body, doc_id, mentions, names, where, caution``.

    ``hits`` are those of ``mentions``. The most mentioned come first; ``names`` counts each name
    used, and ``caution`` has the notes on ambiguous ones.
    """
    cells = hits.groupby(["body", "doc_id"], sort=False, observed=True)
    cell = cells.ngroup()
    table = cells.size().rename("mentions").reset_index().astype({"body": "str", "doc_id": "str"})
    table["names"] = _count_names(cell, hits.alias)
    table["where"] = list_each_once(cell, hits.sentence)
    unclear = aliases[aliases.ambiguous != ""].groupby("body").note.agg("; ".join)
    table["caution"] = table.body.map(unclear).fillna("")
    table.attrs = dict(hits.attrs)
    return table.sort_values("mentions", ascending=False, kind="stable", ignore_index=True)


def renderings(tokens: DataFrame, articles: DataFrame) -> DataFrame:
    """One row per rendering and article: ``concept, rendering, doc_id, found, where, note``.

    The corpus's renderings.csv lists the renderings (queries) of each concept. ``found`` counts
    those outside names of bodies. Raises ``Mistake`` naming each row that cannot be read.
    """
    listed = read_queries("renderings", articles)
    patterns = listed.rename(columns={"concept": "theme", "rendering": "pattern"})
    hits = theme_hits(tokens, patterns, body_names(articles))
    hits = hits[~hits.in_name]
    by_name = hits.doc_id.cat.reorder_categories(sorted(hits.doc_id.cat.categories))
    cells = hits.groupby(["row", by_name], observed=True)
    found = cells.size().rename("found").reset_index("doc_id").astype({"doc_id": "str"})
    found["where"] = list_each_once(cells.ngroup(), hits.sentence)
    table = listed.join(found, how="inner").reset_index(drop=True)
    table = table[["concept", "rendering", "doc_id", "found", "where", "note"]]
    asked = patterns[["theme", "pattern"]].to_numpy().tolist()
    names = list(body_names(articles))
    return keep_counted(table, "places", tokens=tokens, patterns=asked, names=names)


def list_each_once(cell: Series, numbers: Series) -> list[str]:
    """The numbers of each cell in one string, each once; cells are counted from 0.

    >>> list_each_once(Series([1, 0, 1, 1]), Series([4, 1, 4, 7]))
    ['1', '4 7']
    """
    pairs = DataFrame({"cell": cell, "number": numbers}).drop_duplicates()
    return _join(pairs.cell, pairs.number.astype(str), " ")


def _alias_problems(_, record):
    if record.quote and record.alias.casefold() not in record.quote.casefold():
        yield "quote", f"does not show the alias {record.alias!r}; quote the words with it"


def _rows_meant(hits, aliases):
    """The row of ``aliases`` that each hit means: that listed with its article, else its first."""
    docs = hits.doc_id.array
    codes = aliases.alias.factorize()[0].astype(np.int64)
    first = aliases.index.get_indexer(hits["row"])
    listed = Series(codes << 32 | docs.categories.get_indexer(aliases.doc_id))
    listed = listed[~listed.duplicated(keep="last")]
    place = Index(listed).get_indexer(codes[first] << 32 | docs.codes)
    return np.where(place < 0, first, listed.index.to_numpy()[place])


def _count_names(cell, names):
    """The names of each cell, the most frequent first, each with its number."""
    counts = names.groupby([cell, names], sort=False, observed=True).size()
    counts = counts.sort_values(ascending=False, kind="stable")
    texts = [f"{name} {number}" for (_, name), number in counts.items()]
    return _join(counts.index.get_level_values(0), texts, " / ")


def _join(cell, texts, sign):
    """The texts of each cell, from 0, in one string."""
    texts = np.array(texts, object)[np.argsort(cell, kind="stable")]
    ends = np.cumsum(np.bincount(cell)).tolist()
    return [sign.join(texts[start:end]) for start, end in pairwise([0, *ends])]
