"""How many sentences touch each theme, a list of words chosen beforehand, by article and by group.

A sentence touches a theme when it has a match of one of the theme's patterns (``themes.csv``, in
the query language). Of matches that overlap the longest counts. Matches inside the name of a body
(``aliases.csv``) are counted apart: a venue called *Health City* says nothing about health.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from pandas import DataFrame, Index, Series, factorize
from scipy.sparse import csr_array

from utils.corpus.tables import folder_of, read_side_table
from utils.corpus.words import is_content
from utils.search.lines import lines_at
from utils.search.queries import (
    article_starts,
    covered_by_names,
    find,
    longest_matches,
    read_queries,
    sentence_key,
    sentence_starts,
)
from utils.stats import measures as m
from utils.stats import resampling as r
from utils.stats.counted import counted_of, keep_counted
from utils.stats.frequency import frequency_table
from utils.stats.groups import Groups
from utils.stats.verdicts import first_case

NONE = "no theme"
MOST_LINES = 5_000  # of more matches, so many are drawn
_BLOCK = 200_000  # tokens whose matches are compared at a time
NOT_BODIES = ("place", "office")  # kinds of names that are not names of bodies


def read_themes(articles: DataFrame) -> DataFrame:
    """``theme, pattern, note`` of the corpus's themes.csv; no rows where it has no such file.

    Raises ``Mistake`` naming each row with an empty theme or a pattern that cannot be read.
    """
    return read_queries("themes", articles)


def body_names(articles: DataFrame) -> list[str]:
    """The names of bodies in the corpus's aliases.csv, without those of places and offices."""
    table = read_side_table("aliases", folder_of(articles))
    return table.alias[~table.kind.isin(NOT_BODIES)].tolist()


def theme_hits(tokens: DataFrame, themes: DataFrame, names: Iterable[str]) -> DataFrame:
    """One row per match: ``row, theme, pattern, first, last, doc_id, sentence, in_name``.

    Of matches that overlap the longest is kept. ``row`` is the pattern's in ``themes``, ``first``
    and ``last`` are rows of ``tokens``, and ``in_name`` is True where the whole match is in the
    name of a body.
    """
    none = np.zeros((3, 0), np.int32)
    row, first, last = np.concatenate([none, *_kept_matches(tokens, themes)], axis=1)
    outside = _count_outside(tokens, names)
    columns = {
        "row": themes.index.to_numpy()[row],
        **{name: themes[name].astype("category").array[row] for name in ("theme", "pattern")},
        "first": first,
        "last": last,
        "doc_id": tokens.doc_id.array[first],
        "sentence": tokens.sentence.to_numpy()[first],
        "in_name": outside[first] == outside[last + 1],
    }
    return DataFrame(columns, copy=False)


def theme_table(
    articles: DataFrame, tokens: DataFrame, themes: DataFrame, names: Iterable[str] = ()
) -> DataFrame:
    """One row per theme and article: ``theme, doc_id, sentences, of, share, names_only, where``.

    ``sentences`` of the article's ``of`` sentences touch the theme outside names of bodies, and
    ``where`` lists their numbers; ``names_only`` further ones touch it only inside names. The
    rows of "no theme" count the sentences that no theme touches. A share has no interval, since an
    article is one text.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> articles = read_corpus()
    >>> themes = read_themes(articles)
    >>> table = theme_table(articles, tokenize(articles), themes, body_names(articles))
    >>> table[table.theme == "talent"].sentences.tolist()
    [3, 2, 3, 7, 1]
    """
    names = list(names)
    listed = [*themes.theme.unique(), NONE]
    known = tokens.doc_id.array.categories.isin(articles.index)
    own = tokens if known.all() else tokens[known[tokens.doc_id.array.codes]]
    touched, in_names, first = _touched_sentences(own, themes, names, listed)
    docs = articles.index.get_indexer(own.doc_id.array.categories)
    docs = docs[own.doc_id.array.codes[first]]
    sizes = np.bincount(docs, minlength=len(articles))
    numbers = own.sentence.to_numpy()[first]
    table = DataFrame(
        {
            "theme": np.repeat(np.array(listed, object), len(articles)),
            "doc_id": np.tile(articles.index.to_numpy(object), len(listed)),
            "sentences": _count_in_articles(touched, docs, len(articles)),
            "of": np.tile(sizes, len(listed)),
        }
    )
    table["share"] = table.sentences / table.of
    table["names_only"] = _count_in_articles(in_names, docs, len(articles))
    table["where"] = _list_sentences(touched, docs, numbers, len(articles))
    patterns = themes[["theme", "pattern"]].to_numpy().tolist()
    return keep_counted(table, "themes", tokens=tokens, patterns=patterns, names=names)


def theme_lines(articles: DataFrame, tokens: DataFrame, hits: DataFrame) -> DataFrame:
    """Every match in its sentence: ``theme, in_name, doc_id, sentence, left, node, right``.

    ``in_name`` is ``in a name`` for a match inside the name of a body, else empty. Of more than
    5,000 matches so many are drawn with a fixed seed; ``attrs["matches"]`` is their number in all.
    """
    matches = len(hits)
    if matches > MOST_LINES:
        drawn = np.random.default_rng(0).permutation(matches)[:MOST_LINES]
        hits = hits.iloc[np.sort(drawn)].reset_index(drop=True)
    marked = hits[["theme"]].astype("str").assign(in_name=np.where(hits.in_name, "in a name", ""))
    lines = lines_at(articles, tokens, hits["first"], hits["last"])
    table = marked.join(lines.loc[:, "doc_id":"right"])
    table.attrs["matches"] = matches
    return table


def compare_themes(table: DataFrame, groups: Groups, seed: int = 0) -> DataFrame:
    """One row per theme: sentences in target and reference, shares with intervals, p and verdict.

    ``table`` is that of ``theme_table``; its articles outside both groups are passed over. ``p``
    divides whole articles in other ways, and is blank where none could pass. ``low`` and ``high``
    are counting error within these texts (Wilson 1927), blank for a group of one article.
    ``driven_by`` names the article without which a difference is gone. ``verdict`` is ``more``,
    ``less``, ``one article``, ``few articles``, ``no difference`` or, with one article on a side,
    ``description``. ``attrs`` hold the facts of ``keep_conclusive``.
    """
    target = groups.target[groups.target | groups.reference]
    row, themes = table.theme.factorize()
    column = target.index.get_indexer(table.doc_id)
    inside = column >= 0
    counts = np.zeros((len(themes), len(target)), int)
    counts[row[inside], column[inside]] = table.sentences[inside]
    sizes = np.zeros(len(target), int)
    sizes[column[inside]] = table.of[inside]
    chosen = target.to_numpy()
    compared = DataFrame({"theme": themes})
    for name, side in (("target", chosen), ("reference", ~chosen)):
        k = counts @ side
        n = sizes @ side
        compared[f"sentences_{name}"] = k.astype(int)
        compared[f"of_{name}"] = int(n)
        compared[f"share_{name}"] = k / n
        ends = m.wilson_interval(k, n, r.LEVEL) if side.sum() > 1 else (np.nan, np.nan)
        compared[f"low_{name}"], compared[f"high_{name}"] = ends
    p = r.permutation_p(csr_array(counts), sizes, chosen, r.Resampling(seed=seed))
    compared["p"], compared.attrs = r.keep_conclusive(p, chosen, m.benjamini_hochberg)
    compared["p_adjusted"] = m.benjamini_hochberg(compared.p)
    driver = r.find_driver(csr_array(counts), sizes, chosen)
    compared["driven_by"] = np.append(target.index, "")[driver]
    compared["verdict"] = _conclude(compared, counts > 0, chosen)
    compared["driven_by"] = compared.driven_by.where(compared.verdict == "one article", "")
    return _counted_by_groups(compared, table, target)


def _counted_by_groups(compared, table, target):
    """The comparison with what counted its themes by article, and the articles of each group."""
    counted = counted_of(table).get("counted")
    if not counted:
        return compared
    docs = {"target": target.index[target].tolist(), "reference": target.index[~target].tolist()}
    return keep_counted(compared, **{**counted, "by": "theme groups", **docs})


def overlap(hits: DataFrame) -> DataFrame:
    """One row per pair of themes: ``theme, with_theme, sentences``, the sentences that touch both.

    Matches inside names are left out.
    """
    touched = hits[~hits.in_name]
    names = touched.theme.array.categories
    sentence, keys = factorize(sentence_key(touched, slice(None)))
    cells = (np.ones(len(touched), np.int32), (touched.theme.array.codes, sentence))
    touches = csr_array(cells, shape=(len(names), len(keys))).sign()
    both = np.triu((touches @ touches.T).toarray(), 1)
    one, two = both.nonzero()
    table = DataFrame({"theme": names[one], "with_theme": names[two], "sentences": both[one, two]})
    return table.sort_values("sentences", ascending=False, kind="stable", ignore_index=True)


def pattern_report(themes: DataFrame, tokens: DataFrame, hits: DataFrame) -> DataFrame:
    """One row per pattern, remarks first: ``theme, pattern, matches, kept, remark, shared_with``.

    ``kept`` counts the matches that are left in ``hits``, where a longer or an earlier one goes
    first. ``remark`` is ``unmatched``, or ``shared`` where some matches are those of an earlier
    theme too, which is named in ``shared_with``; else empty.
    """
    theme, names = themes.theme.factorize()
    matches = np.zeros(len(themes), int)
    shared = {}
    for row, first, last in _matches(tokens, themes):
        matches += np.bincount(row, minlength=len(themes))
        own = Series(theme[row], row)
        owner = own.groupby(first.astype(int) * len(tokens) + last).transform("first")
        for number, other in owner[owner != own].groupby(level=0).first().items():
            shared.setdefault(themes.index[number], names[other])
    report = themes[["theme", "pattern"]].assign(
        matches=matches,
        kept=hits.row.value_counts(),
        shared_with=Series(shared, dtype="str"),
    )
    report = report.fillna({"kept": 0, "shared_with": ""})
    cases = [report.matches == 0, report.shared_with != ""]
    report.insert(4, "remark", np.select(cases, ["unmatched", "shared"], ""))
    report = report.astype({"matches": int, "kept": int})
    report = report.sort_values("remark", ascending=False, kind="stable", ignore_index=True)
    patterns = themes[["theme", "pattern"]].to_numpy().tolist()
    return keep_counted(report, "patterns", tokens=tokens, patterns=patterns)


def untouched_words(tokens: DataFrame, hits: DataFrame, words: frozenset[str]) -> DataFrame:
    """The content words of sentences that no theme touches: candidates for a pattern.

    Columns ``term, frequency, document_frequency``, the most frequent first.
    """
    table = frequency_table(_untouched(tokens, hits))[["term", "frequency", "document_frequency"]]
    return table[is_content(table.term, words)].reset_index(drop=True)


def _matches(tokens, themes):
    """Of every match, overlapping or not: which row its pattern is, and its first and last row.

    They come as the rows of a table for some whole articles, those of the first pattern first.
    """
    file = themes.attrs.get("file", "patterns")
    found = [
        np.array(find(tokens, pattern, where=f"{file}, row {row}: "), np.int32)
        for row, pattern in themes.pattern.items()
    ]
    starts = article_starts(tokens)
    edges = starts[np.unique(starts // _BLOCK, return_index=True)[1][1:]]
    found = [np.split(ends, np.searchsorted(ends[0], edges), axis=1) for ends in found]
    for parts in zip(*found, strict=True):
        row = np.repeat(np.arange(len(parts), dtype=np.int32), [part.shape[1] for part in parts])
        yield np.vstack([row, np.hstack(parts)])


def _kept_matches(tokens, themes):
    """The matches that are left where some overlap, in order, for some articles at a time."""
    for matches in _matches(tokens, themes):
        first = matches[1]
        kept = longest_matches(*matches[1:])
        yield matches[:, kept[np.argsort(first[kept], kind="stable")]]


def _count_outside(tokens, names):
    """How many of the tokens before each row, and before the end, are in none of these names."""
    outside = np.zeros(len(tokens) + 1, np.int32)
    np.cumsum(~covered_by_names(tokens, names), out=outside[1:])
    return outside


def _untouched(tokens, hits):
    """The tokens of sentences that no theme touches outside names."""
    starts = sentence_starts(tokens)
    sentence = np.searchsorted(starts, hits["first"][~hits.in_name], "right") - 1
    rest = np.full(len(starts), True)
    rest[sentence] = False
    return tokens[np.repeat(rest, np.diff(starts, append=len(tokens)))]


def _touched_sentences(tokens, themes, names, listed):
    """Whether each theme touches each sentence outside names, and only in names; first rows.

    The last of the ``listed`` themes has the sentences that none touches.
    """
    starts = sentence_starts(tokens)
    outside = _count_outside(tokens, names)
    theme = Index(listed).get_indexer(themes.theme)
    touched, in_names = np.zeros((2, len(listed), len(starts)), bool)
    for row, first, last in _kept_matches(tokens, themes):
        sentence = np.searchsorted(starts, first, "right") - 1
        inside = outside[first] == outside[last + 1]
        in_names[theme[row[inside]], sentence[inside]] = True
        touched[theme[row[~inside]], sentence[~inside]] = True
    in_names &= ~touched
    touched[-1] = ~touched.any(axis=0)
    return touched, in_names, starts


def _count_in_articles(touched, docs, articles):
    """In how many sentences of each article each theme is; ``docs`` has a sentence's article."""
    return np.concatenate([np.bincount(docs[each], minlength=articles) for each in touched])


def _list_sentences(touched, docs, numbers, articles):
    """The numbers of those sentences, in one string for each theme and article."""
    texts = []
    for each in touched:
        rows = np.flatnonzero(each)
        rows = rows[np.argsort(docs[rows], kind="stable")]
        listed = list(map(str, numbers[rows].tolist()))
        ends = np.cumsum(np.bincount(docs[rows], minlength=articles)).tolist()
        texts += [" ".join(listed[start:end]) for start, end in pairwise([0, *ends])]
    return texts


def _conclude(compared, has_theme, target):
    """The verdict of each theme: by p where there is one, else by intervals that do not overlap.

    ``shared`` is what two intervals share, below 0 where they do not overlap, and blank where a
    group of one article has none.
    """
    low = np.maximum(compared.low_target, compared.low_reference)
    shared = np.minimum(compared.high_target, compared.high_reference) - low
    apart = shared < 0
    tested = compared.p_adjusted.notna()
    significant = compared.p_adjusted <= r.ALPHA
    differs = np.where(tested, significant, apart)
    more = compared.share_target > compared.share_reference
    favoured = np.where(more, *[has_theme[:, side].sum(axis=1) for side in (target, ~target)])
    cases = {
        "description": shared.isna() & ~tested,
        "one article": (compared.driven_by != "") & (apart | significant),
        "few articles": differs & (favoured < r.enough_articles(more, target)),
        "more": differs & more,
        "less": differs,
    }
    return first_case(cases, "no difference")
