"""Rows with texts become articles: their language, labelled lines, paragraphs and titles."""

from pandas import DataFrame

from utils.corpus.furniture import label_lines, paragraph_spans, read_patterns, title_span
from utils.corpus.languages import identify_languages


def label_rows(rows: DataFrame, rules: DataFrame) -> DataFrame:
    """What is found in the texts of these rows by the rules of furniture, a row for each.

    The columns are ``language``, ``language_from`` and the ``probability`` of one that was
    detected; ``title``, as given or as printed; and the ``lines`` and the ``body``.
    """
    labels = identify_languages(rows.language, rows.raw)
    patterns = read_patterns(rules)
    lines = [label_lines(row.raw, patterns, row.title) for row in rows.itertuples()]
    spans = [title_span(found) or (0, 0) for found in lines]
    printed = [raw[slice(*span)] for raw, span in zip(rows.raw, spans, strict=True)]
    labels["title"] = rows.title.where(rows.title != "", printed)
    labels["lines"] = lines
    labels["body"] = list(map(paragraph_spans, rows.raw, lines))
    return labels


def with_labels(rows: DataFrame, labels: DataFrame) -> DataFrame:
    """The rows with what was found in their texts; these and what is in them go last."""
    return rows.drop(columns="raw").assign(
        **labels.drop(columns=["lines", "body"]), raw=rows.raw, lines=labels.lines, body=labels.body
    )
