"""Raw text as labelled lines: title, dateline, body, or furniture of the web page.

Nothing is deleted. The general rules are in ``lists/furniture.csv`` and serve any news page; a
corpus adds its own in ``furniture.csv`` beside its metadata, in the same columns: ``rule, label,
pattern, example, counterexample``. A pattern is a regular expression that must match the whole
line, capitals or not. A rule of the same name in the corpus replaces the general one; an empty
pattern switches it off.
"""

from pathlib import Path
from typing import NamedTuple

import regex
from pandas import DataFrame, concat

from utils.corpus.tables import LISTS, read_side_table

_INK = r"[^\s\ufeff\x1c-\x1f]"  # neither white space nor a byte-order mark
_LINE = regex.compile(rf"{_INK}(?:[^\r\n\u2028\u2029]*{_INK})?")
LONGEST_TITLE = 200  # characters, where the metadata gives no title


class Line(NamedTuple):
    """A line that is not blank: its span in the raw text, its label, and the rule that gave it."""

    start: int
    end: int
    label: str
    rule: str


def read_rules(folder: Path | None) -> DataFrame:
    """The general rules and those of ``folder/furniture.csv``, the corpus's own first."""
    own = read_side_table("furniture", folder)
    rules = concat([own, read_side_table("furniture", LISTS)]).drop_duplicates("rule")
    return rules[rules.pattern != ""].reset_index(drop=True)


def label_lines(raw: str, rules: DataFrame, title: str = "") -> list[Line]:
    """Every line of ``raw`` that is not blank, labelled by the first rule that matches all of it.

    The title is the line equal to ``title``; where none is given, the first line that no rule
    matches, if it is short and not a sentence.

    >>> lines = label_lines("f t g m\\nA title\\n\\nThe body.", read_rules(None))
    >>> [line.label for line in lines]
    ['furniture', 'title', 'body']
    """
    patterns = [
        (rule.label, rule.rule, regex.compile(rule.pattern, regex.IGNORECASE))
        for rule in rules.itertuples()
    ]
    lines = [Line(*match.span(), *_label(match.group(), patterns)) for match in _LINE.finditer(raw)]
    texts = [" ".join(raw[line.start : line.end].split()) for line in lines]
    wanted = " ".join(title.split()) or _likely_title(lines, texts)
    if wanted in texts:
        place = texts.index(wanted)
        rule = "title-in-metadata" if title.strip() else "first-line"
        lines[place] = lines[place]._replace(label="title", rule=rule)
    return lines


def paragraph_spans(raw: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of the body's paragraphs; lines of a paragraph broken in mid-sentence make one span."""
    spans = []
    for line in lines:
        if line.label == "body":
            start = line.start
            if spans and is_broken(raw[slice(*spans[-1])], raw[start : line.end]):
                start = spans.pop()[0]
            spans.append((start, line.end))
    return spans


def is_broken(before: str, after: str) -> bool:
    """Whether a sentence runs on into the next line: no stop before, a small letter after.

    >>> is_broken("local social and", "economic development."), is_broken("New parks", "The city")
    (True, False)
    """
    return bool(
        regex.search(r"[\w,–—-][\"”'’)]?$", before) and regex.match(r"[\"“'‘(]?\p{Ll}", after)
    )


def line_table(articles: DataFrame) -> DataFrame:
    """One row per line that is not blank: ``doc_id, label, rule, text, start, end``."""
    rows = [
        (article.Index, line.label, line.rule, article.raw[line.start : line.end], *line[:2])
        for article in articles.itertuples()
        for line in article.lines
    ]
    return DataFrame(rows, columns=["doc_id", "label", "rule", "text", "start", "end"])


def _label(text, patterns):
    for label, rule, pattern in patterns:
        if pattern.fullmatch(text):
            return label, rule
    return "body", "text"


def _likely_title(lines, texts):
    """The first line that could be the title: short, not a sentence, with a body after it."""
    body = [text for line, text in zip(lines, texts, strict=True) if line.label == "body"]
    for text in body[:-1]:
        if len(text) <= LONGEST_TITLE and not text.endswith((".", "!", "?", "。")):
            return text
    return ""
