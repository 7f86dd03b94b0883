"""Articles side by side without any coding: bodies mentioned, renderings of one concept, similarity and shared phrases."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from utils.corpus.articles import CORPUS
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import keyword_table, mark_names
from utils.search.queries import covered_by_names, sentence_key, unreadable
from utils.facts.quotations import read_quoted
from utils.corpus.files import Mistake, read_table
from utils.stats.themes import read_names, theme_hits
from utils.corpus.words import is_content

APART = "term target reference per_10k_target per_10k_reference log_ratio low high g2 query verdict".split()
LONGEST, SHORTEST = 12, 3  # tokens of a shared phrase


def read_aliases(articles: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """``body, alias, doc_id, quote, ambiguous, note, sentence`` of ``folder/aliases.csv``; no rows where there is none.

    Raises ``Mistake`` naming the row whose quotation does not show the alias or is not in the article.
    """
    file, columns = (
        Path(folder or CORPUS) / "aliases.csv",
        ["body", "alias", "doc_id", "quote", "kind", "ambiguous", "note"],
    )
    if not file.exists():
        return pd.DataFrame(columns=[*columns, "sentence"], dtype=object)
    table = read_quoted(file, articles, ["body", "alias"], optional=["kind", "ambiguous", "note"])
    wrong = [f"{file.name}, row {row}, column quote: does not show the alias {r.alias!r}; quote the words with it"
             for row, r in table.iterrows() if r.quote and r.alias.casefold() not in r.quote.casefold()]  # fmt: skip
    if wrong:
        raise Mistake(wrong)
    return table.reindex(columns=[*columns, "sentence"], fill_value="")


def mentions(tokens: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """One row per mention of a body: ``body, alias, doc_id, sentence, first, last``; of names that overlap the longest.

    An alias listed for several bodies belongs to the one listed with that article, else to the first.
    """
    named = aliases.drop_duplicates("alias")
    hits = theme_hits(tokens, pd.DataFrame({"theme": named.body, "pattern": '"' + named.alias + '"'}), [])
    hits = hits.rename(columns={"theme": "body", "pattern": "alias"}).assign(
        alias=lambda rows: rows.alias.str.strip('"')
    )
    meant = {(row.alias, row.doc_id): row.body for row in aliases.itertuples()}
    hits["body"] = [meant.get((row.alias, row.doc_id), row.body) for row in hits.itertuples()]
    return hits[["body", "alias", "doc_id", "sentence", "first", "last"]]


def body_table(hits: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """One row per body and article: ``body, doc_id, mentions, names, where, caution``; most mentioned first."""
    by = ["body", "doc_id"]
    groups = hits.astype({"doc_id": str}).groupby(by, sort=False)
    table = groups.agg(
        mentions=("alias", "size"),
        names=("alias", lambda names: " / ".join(f"{name} {n}" for name, n in names.value_counts().items())),
        where=("sentence", lambda numbers: " ".join(map(str, numbers.unique()))),
    ).reset_index()
    unclear = aliases[aliases.ambiguous != ""].groupby("body").note.agg("; ".join)
    table["caution"] = table.body.map(unclear).fillna("")
    return table.sort_values("mentions", ascending=False, kind="stable", ignore_index=True)


def renderings(tokens: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """One row per rendering of a concept and article: ``concept, rendering, doc_id, tokens, where, note``.

    From ``folder/renderings.csv`` (``concept, rendering, note``, a rendering being a query); names of bodies left out.
    """
    file, columns = (
        Path(folder or CORPUS) / "renderings.csv",
        ["concept", "rendering", "doc_id", "found", "where", "note"],
    )
    if not file.exists():
        return pd.DataFrame(columns=columns)
    table = read_table(file, ["concept", "rendering", "note"])
    if problems := unreadable(table, "rendering", file.name):
        raise Mistake(problems)
    by = ["concept", "rendering", "doc_id"]
    named = table.rename(columns={"concept": "theme", "rendering": "pattern"})
    hits = theme_hits(tokens, named, read_names(folder)).query("not in_name")
    groups = hits.rename(columns={"theme": "concept", "pattern": "rendering"}).astype({"doc_id": str}).groupby(by)
    found = groups.agg(
        found=("sentence", "size"), where=("sentence", lambda numbers: " ".join(map(str, numbers.unique())))
    )
    return table.merge(found.reset_index(), on=by[:2])[columns]


def shared_phrases(tokens: pd.DataFrame, words: frozenset[str]) -> pd.DataFrame:
    """Phrases of 3 to 12 tokens that stand in several articles and begin and end with a content word, the longest first:
    ``phrase, articles, doc_id, sentence``, a row for the first place in each article. A phrase inside a longer one is not listed.
    """
    codes, docs = tokens.term.cat.codes.to_numpy(np.int64), tokens.doc_id.cat.codes.to_numpy()
    content, covered, rows = is_content(tokens.term.cat.categories, words)[codes], np.full(len(tokens), -1), []
    for n in range(LONGEST, SHORTEST - 1, -1):
        start = np.arange(max(len(tokens) - n + 1, 0))
        start = start[sentence_key(tokens, start) == sentence_key(tokens, start + n - 1)]
        start = start[content[start] & content[start + n - 1]]
        start = start[np.maximum.accumulate(covered)[start] < start + n - 1]
        which = np.zeros(len(start), np.int64)
        for step in range(n):
            which = pd.factorize(which * (codes.max() + 1) + codes[start + step])[0]
        places = pd.DataFrame({"which": which, "doc": docs[start], "start": start})
        places = places[places.groupby("which").doc.transform("nunique") > 1]
        covered[places.start] = np.maximum(covered[places.start], places.start + n - 1)
        rows.append(places.drop_duplicates(["which", "doc"]).assign(n=n))
    found = pd.concat(rows, ignore_index=True)
    terms = tokens.term.to_numpy(object)
    found["phrase"] = [" ".join(terms[start : start + n]) for start, n in zip(found.start, found.n, strict=True)]
    found["articles"] = found.groupby(["n", "which"]).doc.transform("nunique")
    found = found.assign(doc_id=tokens.doc_id.array[found.start], sentence=tokens.sentence.to_numpy()[found.start])
    order = found.sort_values(
        ["n", "articles", "phrase"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
    return order[["phrase", "articles", "doc_id", "sentence"]]


def similarity(tokens: pd.DataFrame, names: list[str], words: frozenset[str], phrases: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of articles, the most alike first: ``doc_id, with_article, cosine, shared_types, phrases``.

    The cosine is between the counts of content words outside names of bodies: 0 nothing in common, 1 the same shares.
    """
    kept = tokens[is_content(tokens.term, words) & ~covered_by_names(tokens, names)]
    counts, _ = counts_by_article(kept)
    there, docs = (counts > 0).astype(int), tokens.doc_id.cat.categories
    both, products = ((matrix.T @ matrix).toarray() for matrix in (there, counts.astype(float)))
    length = np.sqrt(np.maximum(products.diagonal(), 1))
    alike = products / np.outer(length, length)
    held = phrases.astype({"doc_id": str}).groupby("phrase").doc_id.agg(set)
    rows = [
        (
            docs[i],
            docs[j],
            alike[i, j],
            both[i, j],
            "; ".join(phrase for phrase, where in held.items() if {docs[i], docs[j]} <= where),
        )
        for i, j in combinations(range(len(docs)), 2)
    ]
    table = pd.DataFrame(rows, columns=["doc_id", "with_article", "cosine", "shared_types", "phrases"])
    return table.sort_values("cosine", ascending=False, ignore_index=True)


def words_apart(tokens: pd.DataFrame, of_centre: pd.Series, queries: frozenset[str], names: list[str]) -> pd.DataFrame:
    """The keyword table of each centre's articles against those of the others, ``centre`` first; names marked in ``query``.

    With one article a centre it is description, and every word hangs on that article.
    """
    tables, centre_of = [pd.DataFrame(columns=["centre", *APART])], tokens.doc_id.astype(str).map(of_centre)
    for centre, articles in of_centre.value_counts(sort=False).items():
        target, reference = tokens[centre_of == centre], tokens[centre_of.notna() & (centre_of != centre)]
        if len(target) and len(reference):
            table = keyword_table(target, reference, queries, "; description only" if articles == 1 else "")
            more = table[table.verdict.str.startswith("more frequent in the target")]
            tables.append(mark_names(more, tokens, names)[list(APART)].assign(centre=centre))
    return pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)[["centre", *APART]]
