"""Names of bodies, people and places in the articles, and the renderings of one concept."""

from collections import Counter, defaultdict

from pandas import DataFrame

from utils.corpus.tables import TABLES
from utils.facts.quotations import read_quoted
from utils.search.lines import lines_at
from utils.search.queries import read_queries
from utils.stats.counted import keep_counted
from utils.stats.themes import body_names, list_numbers, theme_hits

_MENTION = ["body", "doc_id", "alias", "sentence"]


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
    hits["alias"] = hits.pattern.str[1:-1]
    listed = aliases[["body", "alias", "doc_id"]].drop_duplicates(["alias", "doc_id"], keep="last")
    hits = hits.merge(listed, "left")
    hits["body"] = hits.body.fillna(hits.theme)
    hits = hits[["body", "alias", "doc_id", "sentence", "first", "last"]]
    if aliases.groupby("alias").body.nunique().gt(1).any():
        return hits
    listed = patterns.drop_duplicates().to_numpy().tolist()
    return keep_counted(hits, "places", tokens=tokens, patterns=listed, names=[])


def mention_lines(articles: DataFrame, tokens: DataFrame, hits: DataFrame) -> DataFrame:
    """Every mention in its sentence: ``body, doc_id, sentence, left, node, right``."""
    lines = lines_at(articles, tokens, hits["first"], hits["last"])
    return hits[["body"]].join(lines.loc[:, "doc_id":"right"])


def body_table(hits: DataFrame, aliases: DataFrame) -> DataFrame:
    """One row per body and article: ``body, doc_id, mentions, names, where, caution``.

    ``hits`` are those of ``mentions``. The most mentioned come first; ``names`` counts each name
    used, and ``caution`` has the notes on ambiguous ones.
    """
    cells = defaultdict(lambda: ([], []))
    columns = [hits[column].tolist() for column in _MENTION]
    for body, doc_id, name, sentence in zip(*columns, strict=True):
        names, sentences = cells[body, doc_id]
        names.append(name)
        sentences.append(sentence)
    rows = [
        (*cell, len(names), _count_names(names), " ".join(map(str, dict.fromkeys(sentences))))
        for cell, (names, sentences) in cells.items()
    ]
    table = DataFrame(rows, columns=["body", "doc_id", "mentions", "names", "where"])
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
    hits = theme_hits(tokens, patterns, body_names(articles)).astype({"doc_id": object})
    by_article = hits[~hits.in_name].groupby(["row", "doc_id"]).sentence
    found = by_article.agg(found="size", where=list_numbers).reset_index("doc_id")
    table = listed.join(found, how="inner").reset_index(drop=True)
    table = table[["concept", "rendering", "doc_id", "found", "where", "note"]]
    asked = patterns[["theme", "pattern"]].to_numpy().tolist()
    names = list(body_names(articles))
    return keep_counted(table, "places", tokens=tokens, patterns=asked, names=names)


def _alias_problems(_, record):
    if record.quote and record.alias.casefold() not in record.quote.casefold():
        yield "quote", f"does not show the alias {record.alias!r}; quote the words with it"


def _count_names(names):
    return " / ".join(f"{name} {count}" for name, count in Counter(names).most_common())
