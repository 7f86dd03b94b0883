"""Lines of a concordance that readers labelled: how many have each label, and how far they agree.

``labels.csv`` has a row for each label that a coder gave to a line. A line is known by the
``line_id`` of its concordance, the article and the place of its first character, which sorting and
sampling leave as it is. ``query`` is what the concordance was made of; where it is empty, the word
that begins there.
"""

from functools import cache

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, excluded, folder_of, read_side_table
from utils.corpus.tokens import tokenize
from utils.facts.coders import FEWEST, TOO_FEW, alpha_of
from utils.facts.coding import is_model, is_settled, odd_names, problem_of_coder
from utils.search.lines import COLUMNS, concordance
from utils.search.queries import find, query_problems
from utils.stats import measures as m
from utils.stats.groups import Groups

UNLABELLED = "not labelled"
EVERYWHERE = "all articles"
_LINE = ["query", "line_id"]


def read_labels(articles: DataFrame, tokens: DataFrame | None = None) -> DataFrame:
    """The labels of the corpus's labels.csv: ``query, line_id, label, coder``; none without it.

    Rows of articles that were left out on purpose are left out. Raises ``Mistake`` with a line for
    every row whose line is none, is no match of its query, or which has a second label of a coder,
    and for coders and labels whose names are missing or differ in capitals only.
    """
    checks = (query_problems, _check_of_lines(articles, tokens), _check_of_coders())
    table = read_side_table("labels", folder_of(articles), *checks)
    file = TABLES["labels"].file
    odd = [problem for name in ("coder", "label") for problem in odd_names(table, name, file)]
    if odd:
        raise Mistake(odd)
    table = table[~table.line_id.map(_article_of).isin(excluded(articles))]
    if table.empty:
        return table[[*_LINE, "label", "coder"]]
    words = _words_at(articles, tokens)
    given = [row.query or _as_query(words(row.line_id)) for row in table.itertuples()]
    return table.assign(query=given)[[*_LINE, "label", "coder"]]


def labelled_lines(articles: DataFrame, tokens: DataFrame, labels: DataFrame) -> DataFrame:
    """Every line of the queries of ``labels``: ``query, label``, then as ``concordance`` has them.

    The label of a line is what was settled, else the first person's. Where there is none, as where
    a language model alone has labelled it, it is ``not labelled``. Lines with one label stand
    together, in the order in which labels.csv first has the labels.
    """
    tables = []
    for query, given in _deciding(labels).groupby("query", sort=False):
        lines = concordance(articles, tokens, query)
        label = lines.line_id.map(given.set_index("line_id").label).fillna(UNLABELLED)
        order = [*given.label.unique(), UNLABELLED]
        lines.insert(0, "label", label)
        lines.insert(0, "query", query)
        place = label.map(order.index).sort_values(kind="stable").index
        tables.append(lines.loc[place])
    empty = DataFrame(columns=["query", "label", *COLUMNS])
    return pd.concat(tables, ignore_index=True) if tables else empty


def label_table(lines: DataFrame, groups: Groups | None = None) -> DataFrame:
    """One row per query, group and label: ``query, group, label, lines, of, share, low, high``.

    ``lines`` is that of ``labelled_lines``. The groups are all articles and, where there are some,
    the two that are compared. ``low`` and ``high`` are counting error within these texts (Wilson
    1927); they are blank for a group with lines of one article alone.
    """
    within = {EVERYWHERE: Series(True, lines.doc_id.unique())}
    if groups:
        within |= dict(zip(groups.names, (groups.target, groups.reference), strict=True))
    rows = []
    for query, found in lines.groupby("query", sort=False):
        for group, inside in within.items():
            here = found[found.doc_id.map(inside).fillna(False).astype(bool)]
            few = here.doc_id.nunique() < 2
            for label in found.label.unique():
                number = int((here.label == label).sum())
                ends = (np.nan, np.nan) if few else m.wilson_interval(number, len(here))
                share = number / len(here) if len(here) else np.nan
                rows.append([query, group, label, number, len(here), share, *map(float, ends)])
    return DataFrame(rows, columns="query group label lines of share low high".split())


def label_agreement(labels: DataFrame) -> DataFrame:
    """How far coders agree on lines that two or more labelled, a row per query; none without such.

    Columns: ``query, coders, agreed, coded, alpha, verdict``. All coders of a line gave one label
    to ``agreed`` of ``coded`` lines. What was settled is no coding of its own. ``alpha`` is
    Krippendorff's of nominal data, blank where nothing varies, or where the verdict is ``too few``.
    """
    rows = []
    for query, given in labels[~is_settled(labels.coder)].groupby("query", sort=False):
        counts = pd.crosstab(given.line_id, given.label).to_numpy()
        several = counts[counts.sum(axis=1) > 1]
        if len(several):
            agreed = int(((several > 0).sum(axis=1) == 1).sum())
            enough = len(several) >= FEWEST
            alpha = alpha_of(several) if enough else np.nan
            verdict = "" if enough else TOO_FEW
            rows.append([query, given.coder.nunique(), agreed, len(several), alpha, verdict])
    return DataFrame(rows, columns="query coders agreed coded alpha verdict".split())


def _deciding(labels):
    """The row of each line that counts: what was settled, else the first person's."""
    own = labels[~is_model(labels.coder)]
    order = (~is_settled(own.coder)).sort_values(kind="stable").index
    return own.loc[order].drop_duplicates(_LINE)


def _article_of(line_id):
    return line_id.rpartition(":")[0]


def _as_query(term):
    return term if term.isalnum() else f'"{term}"'


def _words_at(articles, tokens):
    """A function that gives the word which begins where a line does, or nothing."""

    @cache
    def starts(doc_id):
        own = tokenize(articles.loc[[doc_id]]) if tokens is None else tokens
        own = own[own.doc_id == doc_id]
        return dict(zip(own.start.astype(str), own.term.astype(str), strict=True))

    def word(line_id):
        doc_id, _, start = line_id.rpartition(":")
        return starts(doc_id).get(start, "") if doc_id in articles.index else ""

    return word


def _check_of_lines(articles, tokens):
    """A check that a word of an article begins where a line does, and that the query finds it."""
    words = _words_at(articles, tokens)

    @cache
    def found(query):
        own = tokenize(articles) if tokens is None else tokens
        try:
            at = own.iloc[find(own, query)[0]]
        except Mistake:  # another check says so
            return None
        return set(at.doc_id.astype(str) + ":" + at.start.astype(str))

    def problems(_, record):
        if _article_of(record.line_id) in excluded(articles):
            return
        if not words(record.line_id):
            what = f"no word begins at {record.line_id!r}"
            yield "line_id", f"{what}; copy it from the CSV of a concordance of these texts"
            return
        lines = found(record.query) if record.query else None
        if lines is not None and record.line_id not in lines:
            what = f"{record.query!r} does not find {record.line_id!r}"
            yield "query", f"{what}; correct one of the two"

    return problems


def _check_of_coders():
    """A check that no coder has labelled a line twice, and that no model passes for a person."""
    seen = {}

    def problems(_, record):
        known = (record.query, record.line_id, record.coder)
        row = seen.setdefault(known, record.name)
        if row != record.name:
            who = record.coder or "somebody without a name"
            mend = "take one out, or give two coders two names"
            yield "line_id", f"{who} has labelled it in row {row} too; {mend}"
        if problem_of_coder(record.coder):
            yield "coder", problem_of_coder(record.coder)

    return problems
