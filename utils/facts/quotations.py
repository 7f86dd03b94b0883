"""Tables that quote the articles -> the same rows with the place of each quotation, or what is wrong with which row."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from utils.facts.quantities import numbers
from utils.corpus.files import Mistake, nearest, read_table
from utils.corpus.tokens import sentence_table

NOT_STATED = "not stated"
_GAP = re.compile(r"[\s\"“”„'‘’«»]+")


def find_quotation(raw: str, quote: str) -> list[tuple[int, int]]:
    """Spans of ``quote`` in ``raw``, white space and quotation marks apart.

    >>> find_quotation("He said “so\\nit  is”.", 'said "so it is"')
    [(3, 18)]
    """
    text, places = _plain(raw)
    wanted = " ".join(_GAP.split(quote)).strip()
    starts = [match.start() for match in re.finditer(re.escape(wanted), text)] if wanted else []
    return [(places[start], places[start + len(wanted) - 1] + 1) for start in starts]


@lru_cache(64)
def _plain(raw: str) -> tuple[str, list[int]]:
    """The text with one space for each gap between words, and where each of its characters stands in ``raw``."""
    parts, places, at = [], [], 0
    for gap in _GAP.finditer(raw):
        parts += [raw[at : gap.start()], " "]
        places += [*range(at, gap.start()), gap.start()]
        at = gap.end()
    return "".join([*parts, raw[at:]]), [*places, *range(at, len(raw))]


def read_quoted(
    file: Path, articles: pd.DataFrame, columns: Iterable[str], value: str = "", optional: Iterable[str] = ()
) -> pd.DataFrame:
    """Rows of a CSV file with ``doc_id`` and ``quote``, and where each quotation stands: ``sentence, start, end``.

    The first place counts. A row whose ``value`` is "not stated" has no quotation. Raises ``Mistake`` with a line
    for each row whose article is unknown, whose quotation is empty, is not there, is longer than a sentence or
    (where a ``value`` column is named) stands in several, or whose value has a number that its quotation lacks.
    """
    table = read_table(file, [*columns, "doc_id", "quote"], optional)
    sentences, places, problems = sentence_table(articles), [], []
    by_article = dict(iter(sentences.groupby("doc_id", observed=True)))
    for row, record in table.iterrows():
        if record.doc_id not in articles.index:
            mend = nearest(record.doc_id, articles.index)
            problems.append(f"{file.name}, row {row}, column doc_id: no article {record.doc_id!r}; {mend}")
            continue
        place, problem = _place(record, articles.loc[record.doc_id], by_article.get(record.doc_id), value)
        places.append(place)
        problems += [f"{file.name}, row {row}, column {problem}"] if problem else []
    if problems:
        raise Mistake(problems)
    found = pd.DataFrame(places, columns=["sentence", "start", "end"], index=table.index, dtype="Int64")
    return table.join(found)


def _place(record: pd.Series, article: pd.Series, sentences: pd.DataFrame | None, value: str) -> tuple[tuple, str]:
    """Sentence and span of a row's quotation; what is wrong with it."""
    said, nowhere = record[value] if value else "", (pd.NA, pd.NA, pd.NA)
    if said == NOT_STATED or not record.quote:
        wrong = f"quote: {NOT_STATED!r} goes without a quotation" if record.quote else ""
        mend = f"quote: empty; copy the words that state it, or write {NOT_STATED!r} as the value"
        return nowhere, wrong if said == NOT_STATED else mend * bool(value)
    spans = find_quotation(article.raw, record.quote)
    if not spans:
        return nowhere, f"quote: not in {article.name}: {_short(record.quote)}; copy it from the text as collected"
    units = [_unit_of(span, article, sentences) for span in spans]
    if None in units:
        return nowhere, f"quote: longer than its sentence: {_short(record.quote)}; quote at most a sentence"
    if value and len(set(units)) > 1:
        return (
            nowhere,
            f"quote: stands in {len(set(units))} sentences: {_short(record.quote)}; quote more of the one meant",
        )
    if lacking := numbers(said) - numbers(record.quote):
        return (
            nowhere,
            f"{value}: the quotation has no {', '.join(f'{n:g}' for n in sorted(lacking))}; correct the value, or quote the words with the number",
        )
    kind, number = units[0]
    return (number if kind == "sentence" else 0 if kind == "title" else pd.NA, *spans[0]), ""


def _unit_of(span: tuple[int, int], article: pd.Series, sentences: pd.DataFrame | None) -> tuple[str, int] | None:
    """The sentence of the body, or the line outside it, that holds a span."""
    start, end = span
    inside = () if sentences is None else sentences[(sentences.start <= start) & (end <= sentences.end)]
    if len(inside):
        return "sentence", int(inside.sentence.iloc[0])
    outside = [line for line in article.lines if line.start <= start and end <= line.end and line.label != "body"]
    return (outside[0].label, outside[0].start) if outside else None


def _short(quote: str) -> str:
    return f"“{quote}”" if len(quote) <= 60 else f"“{quote[:57]}…”"
