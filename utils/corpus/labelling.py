"""Rows with texts become articles: their language, labelled lines, paragraphs and titles."""

from pandas import DataFrame

from utils.corpus.furniture import label_lines, paragraph_spans, read_patterns, title_span
from utils.corpus.languages import identify_languages

NESTED = ["lines", "body"]
"""The columns that have a list for each article."""


def label_rows(rows: DataFrame, rules: DataFrame) -> DataFrame:
    """What is found in the texts of these rows by the rules of furniture, a row for each.

    The columns are ``language``, ``language_from`` and the ``probability`` of one that was
    detected; ``title``, as given or as printed; and the ``lines`` and the ``body``.
    """
    labels = identify_languages(rows.language, rows.raw)
    patterns = read_patterns(rules)
    texts = zip(rows.raw, rows.title, strict=True)
    lines = [label_lines(raw, patterns, title) for raw, title in texts]
    spans = [title_span(found) or (0, 0) for found in lines]
    printed = [raw[slice(*span)] for raw, span in zip(rows.raw, spans, strict=True)]
    labels["title"] = rows.title.where(rows.title != "", printed)
    labels["lines"] = lines
    labels["body"] = list(map(paragraph_spans, rows.raw, lines))
    return labels


def with_labels(rows: DataFrame, labels: DataFrame) -> DataFrame:
    """The rows with what was found in their texts; the texts and what is in them go last."""
    nested = [name for name in NESTED if name in labels]
    rest = rows.drop(columns="raw").assign(**labels.drop(columns=nested))
    return rest.assign(raw=rows.raw, **labels[nested])
