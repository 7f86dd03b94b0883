"""Names of bodies, people and places in the articles, and the renderings of one concept."""

from collections.abc import Iterator

from pandas import DataFrame, Series

from utils.corpus.tables import SideTable
from utils.facts.quotations import read_quoted
from utils.search.lines import lines_at
from utils.search.queries import read_queries
from utils.stats.themes import body_names, list_numbers, theme_hits


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
    hits = theme_hits(tokens, patterns, [])
    hits["alias"] = hits.pattern.str[1:-1]
    meant = aliases.set_index(["alias", "doc_id"]).body.to_dict()
    places = zip(hits.alias, hits.doc_id, hits.theme, strict=True)
    hits["body"] = [meant.get((alias, doc_id), first) for alias, doc_id, first in places]
    return hits[["body", "alias", "doc_id", "sentence", "first", "last"]]


def mention_lines(articles: DataFrame, tokens: DataFrame, hits: DataFrame) -> DataFrame:
    """Every mention in its sentence: ``body, doc_id, sentence, left, node, right``."""
    lines = lines_at(articles, tokens, hits["first"].to_numpy(), hits["last"].to_numpy())
    lines["body"] = hits.body
    return lines[["body", "doc_id", "sentence", "left", "node", "right"]]


def body_table(hits: DataFrame, aliases: DataFrame) -> DataFrame:
    """One row per body and article: ``body, doc_id, mentions, names, where, caution``.

    ``hits`` are those of ``mentions``. The most mentioned come first; ``names`` counts each name
    used, and ``caution`` has the notes on ambiguous ones.
    """
    by_article = hits.groupby(["body", "doc_id"], sort=False, observed=True)
    table = by_article.agg(
        mentions=("alias", "size"),
        names=("alias", _count_names),
        where=("sentence", list_numbers),
    ).reset_index()
    unclear = aliases[aliases.ambiguous != ""].groupby("body").note.agg("; ".join)
    table["caution"] = table.body.map(unclear).fillna("")
    return table.sort_values("mentions", ascending=False, kind="stable", ignore_index=True)


def renderings(tokens: DataFrame, articles: DataFrame) -> DataFrame:
    """One row per rendering and article: ``concept, rendering, doc_id, found, where, note``.

    The corpus's renderings.csv lists the renderings (queries) of each concept. ``found`` counts
    those outside names of bodies. Raises ``Mistake`` naming each row that cannot be read.
    """
    listed = read_queries("renderings", articles)
    columns = ["concept", "rendering", "doc_id", "found", "where", "note"]
    patterns = listed.rename(columns={"concept": "theme", "rendering": "pattern"})
    hits = theme_hits(tokens, patterns, body_names(articles)).astype({"doc_id": object})
    by_article = hits[~hits.in_name].groupby(["theme", "pattern", "doc_id"])
    found = by_article.sentence.agg(found="size", where=list_numbers)
    return listed.merge(found.rename_axis(columns[:3]).reset_index(), on=columns[:2])[columns]


def _alias_problems(table: SideTable, record: Series) -> Iterator[tuple[str, str]]:
    if record.quote and record.alias.casefold() not in record.quote.casefold():
        yield "quote", f"does not show the alias {record.alias!r}; quote the words with it"


def _count_names(names: Series) -> str:
    return " / ".join(f"{name} {count}" for name, count in names.value_counts().items())
