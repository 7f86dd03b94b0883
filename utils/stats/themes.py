"""Word lists chosen beforehand -> how many sentences touch each theme, by article and by group.

A theme is touched by a sentence that has a match of one of its patterns (``themes.csv``: ``theme, pattern,
note``, in the query language). Of matches that overlap the longest wins. Matches inside the name of a body
(``aliases.csv``) are counted apart, since a venue called *Health City* is no word on health.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from utils.stats import measures as m
from utils.stats import resampling as r
from utils.corpus.articles import CORPUS
from utils.stats.frequency import frequency_table
from utils.search.queries import covered_by_names, find, sentence_key, unreadable
from utils.corpus.files import Mistake, read_table
from utils.corpus.words import is_content

NONE = "no theme"


def read_themes(folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """``theme, pattern, note`` of ``folder/themes.csv``; no rows where there is no such file.

    Raises ``Mistake`` naming the row of an empty theme or a pattern that cannot be read, or a missing column.
    """
    file = Path(folder or CORPUS) / "themes.csv"
    if not file.exists():
        return pd.DataFrame(columns=["theme", "pattern", "note"], dtype=str)
    themes, at = read_table(file, ["theme", "pattern"]), f"{file.name}, row"
    blank = [f"{at} {row}, column {name}: empty; give a name and a pattern" for name in ("theme", "pattern") for row in themes.index[themes[name] == ""]]  # fmt: skip
    if problems := [*unreadable(themes, "pattern", file.name), *blank]:
        raise Mistake(problems)
    return themes


def read_names(folder: Path | str | None = CORPUS) -> list[str]:
    """Names of bodies in ``folder/aliases.csv``, places and offices aside (its column ``kind``); none where there is no such file."""
    file = Path(folder or CORPUS) / "aliases.csv"
    if not file.exists():
        return []
    table = read_table(file, ["body", "alias"])
    kind = table.get("kind", pd.Series("", table.index))
    return table.alias[~kind.isin(["place", "office"])].tolist()


def theme_hits(tokens: pd.DataFrame, themes: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """One row per match: ``theme, pattern, doc_id, sentence, first, last, in_name``; the longest of those that overlap.

    ``first`` and ``last`` are rows of ``tokens``; ``in_name`` is True where all of it lies in a body's name.
    """
    inside, tables = covered_by_names(tokens, names), []
    for theme in themes.itertuples():
        first, last = find(tokens, theme.pattern)
        tables.append(pd.DataFrame({"theme": theme.theme, "pattern": theme.pattern, "first": first, "last": last}))
    text, rows = np.zeros(0, object), np.zeros(0, int)
    empty = pd.DataFrame({"theme": text, "pattern": text, "first": rows, "last": rows})
    hits = _longest(pd.concat([empty, *tables], ignore_index=True))
    part = tokens.iloc[hits["first"]]
    hits["doc_id"], hits["sentence"] = part.doc_id.array, part.sentence.to_numpy()
    covered = np.concatenate([[0], np.cumsum(inside)])
    hits["in_name"] = covered[hits["last"] + 1] - covered[hits["first"]] == hits["last"] - hits["first"] + 1
    return hits[["theme", "pattern", "doc_id", "sentence", "first", "last", "in_name"]]


def theme_table(
    articles: pd.DataFrame, tokens: pd.DataFrame, themes: pd.DataFrame, names: list[str] | None = None
) -> pd.DataFrame:
    """One row per theme and article: ``theme, doc_id, sentences, of, share, names_only, where``.

    ``where`` numbers the sentences. ``sentences`` of the article's ``of`` sentences touch the theme outside names of bodies; ``names_only`` more
    do so inside names alone. The rows of "no theme" count the sentences that nothing touches. An article is one
    text and its share carries no interval.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> table = theme_table(articles, tokenize(articles), read_themes())
    >>> table[table.theme == "talent"].sentences.tolist()
    [3, 2, 3, 7, 1]
    """
    hits = theme_hits(tokens, themes, read_names() if names is None else names)
    sentences = tokens[["doc_id", "sentence"]].drop_duplicates()
    outside = hits[~hits.in_name][["theme", "doc_id", "sentence"]].drop_duplicates()
    touched = outside[["doc_id", "sentence"]].drop_duplicates()
    rest = sentences.merge(touched, how="left", indicator=True).query("_merge == 'left_only'").assign(theme=NONE)
    counted = pd.concat([outside, rest[["theme", "doc_id", "sentence"]]]).sort_values("sentence")
    index = pd.MultiIndex.from_product(
        [[*dict.fromkeys(themes.theme), NONE], articles.index], names=["theme", "doc_id"]
    )
    by = ["theme", "doc_id"]
    where = counted.astype({"doc_id": str}).groupby(by).sentence.agg(lambda numbers: " ".join(map(str, numbers)))
    everywhere = hits.drop_duplicates([*by, "sentence"]).astype({"doc_id": str}).groupby(by).size()
    table = pd.DataFrame({"where": where.reindex(index, fill_value="")}, index=index)
    table["sentences"] = table["where"].str.split().str.len()
    table["names_only"] = (everywhere.reindex(index, fill_value=0) - table.sentences).where(
        index.get_level_values(0) != NONE, 0
    )
    table = table.reset_index()
    table["of"] = sentences.groupby("doc_id", observed=False).size().reindex(table.doc_id).to_numpy()
    table["share"] = table.sentences / table.of
    return table[["theme", "doc_id", "sentences", "of", "share", "names_only", "where"]]


def compare_themes(table: pd.DataFrame, target: pd.Series, seed: int = 0) -> pd.DataFrame:
    """One row per theme: k of n sentences in target and reference, interval of each share, p, and a verdict.

    ``p`` splits whole articles in every other way and is blank where none could be small. The interval is
    counting error within these texts (Wilson), blank for a group of one article.
    """
    wide = table.pivot_table("sentences", "theme", "doc_id", sort=False, observed=False).reindex(columns=target.index)
    sizes = table.drop_duplicates("doc_id").set_index("doc_id").of.reindex(target.index).to_numpy()
    counts, chosen = wide.to_numpy(float), target.to_numpy()
    found = pd.DataFrame({"theme": wide.index})
    for name, side in (("target", chosen), ("reference", ~chosen)):
        k, n = counts @ side, sizes @ side
        low, high = m.wilson_interval(k, n) if side.sum() > 1 else (np.full(len(k), np.nan),) * 2
        found = found.assign(**{f"sentences_{name}": k.astype(int), f"of_{name}": int(n), f"share_{name}": k / n})
        found = found.assign(**{f"low_{name}": low, f"high_{name}": high})
    possible = 0 < chosen.sum() < len(chosen) and r.smallest_p(chosen) <= 0.05
    found["p"] = r.permutation_p(counts, sizes, chosen, seed=seed) if possible else np.nan
    found["p_adjusted"] = m.benjamini_hochberg(found.p)
    found["verdict"] = _verdicts(found)
    return found


def overlap(hits: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of themes: the sentences that touch both outside names, ``theme, with_theme, sentences``."""
    touched = hits[~hits.in_name][["theme", "doc_id", "sentence"]].drop_duplicates()
    pairs = touched.merge(touched, on=["doc_id", "sentence"], suffixes=("", "_with"))
    pairs = pairs[pairs.theme < pairs.theme_with].rename(columns={"theme_with": "with_theme"})
    table = pairs.groupby(["theme", "with_theme"]).size().reset_index(name="sentences")
    return table.sort_values(["sentences", "theme"], ascending=[False, True], ignore_index=True)


def pattern_report(themes: pd.DataFrame, tokens: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """One row per pattern: ``theme, pattern, matches, kept, remark``; what matches nothing or stands in two themes."""
    kept = hits.groupby(["theme", "pattern"]).size()
    shared = hits_in_two(themes, tokens)
    rows = []
    for theme in themes.itertuples():
        matches = len(find(tokens, theme.pattern)[0])
        remark = "matches nothing" if not matches else shared.get(theme.Index, "")
        rows.append((theme.theme, theme.pattern, matches, int(kept.get((theme.theme, theme.pattern), 0)), remark))
    return pd.DataFrame(rows, columns=["theme", "pattern", "matches", "kept", "remark"])


def hits_in_two(themes: pd.DataFrame, tokens: pd.DataFrame) -> dict[int, str]:
    """Rows of ``themes`` some of whose matches are exactly those of another theme: the other's name."""
    owner: dict[tuple[int, int], str] = {}
    shared: dict[int, str] = {}
    for theme in themes.itertuples():
        for match in zip(*map(np.ndarray.tolist, find(tokens, theme.pattern)), strict=True):
            if owner.setdefault(match, theme.theme) != theme.theme:
                shared[theme.Index] = f"same words as in {owner[match]}, which keeps them"
    return shared


def untouched_words(tokens: pd.DataFrame, hits: pd.DataFrame, words: frozenset[str]) -> pd.DataFrame:
    """Frequency table of the content words in sentences that no theme touches: candidates for a pattern."""
    keys = sentence_key(tokens, np.arange(len(tokens)))
    touched = sentence_key(tokens, hits["first"][~hits.in_name].to_numpy())
    rest = tokens[~np.isin(keys, touched)]
    table = frequency_table(rest)
    return table[is_content(table.term, words)][["term", "frequency", "document_frequency"]].reset_index(drop=True)


def _longest(hits: pd.DataFrame) -> pd.DataFrame:
    """Of matches that overlap the longest, then the first in the list of themes."""
    length = hits["last"] - hits["first"]
    taken, keep = set(), []
    for i in np.lexsort((hits.index, -length)):
        rows = range(hits["first"][i], hits["last"][i] + 1)
        if taken.isdisjoint(rows):
            taken.update(rows)
            keep.append(i)
    return hits.loc[sorted(keep, key=lambda i: (hits["first"][i], i))].reset_index(drop=True)


def _verdicts(found: pd.DataFrame) -> np.ndarray:
    apart = (found.low_target > found.high_reference) | (found.high_target < found.low_reference)
    more = np.where(found.share_target > found.share_reference, "more in the target", "more in the reference")
    tested = found.p_adjusted.notna()
    cases = [tested & (found.p_adjusted <= 0.05), tested, found.low_target.isna() | found.low_reference.isna(), apart]
    words = [
        more,
        "no difference shown",
        "one article on a side: description only",
        np.char.add(more, " in these texts"),
    ]
    return np.select(cases, words, "no difference beyond counting error")
