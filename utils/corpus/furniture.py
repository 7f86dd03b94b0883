"""Raw text -> labelled lines: title, dateline, body, or furniture of the web page.

Nothing is deleted. The general rules stand in ``lists/furniture.csv`` and serve any news page; a
corpus adds its own in ``furniture.csv`` beside its metadata, in the same columns: ``rule, label,
pattern, example, counterexample``. A pattern is a regular expression that must match the whole line,
capitals or not. A rule of the same name in the corpus replaces the general one; an empty pattern
switches it off.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

from utils.corpus.files import Mistake, read_table

GENERAL_RULES = Path(__file__).parent / "lists" / "furniture.csv"
LABELS = ("title", "dateline", "body", "furniture")
LONGEST_TITLE = 200  # characters, where the metadata gives no title


class Line(NamedTuple):
    """A line that is not blank: its span in the raw text, its label, and the rule that gave it."""

    start: int
    end: int
    label: str
    rule: str


def read_rules(folder: Path) -> pd.DataFrame:
    """The general rules and those of ``folder/furniture.csv``, the corpus's own first.

    Raises ``Mistake`` naming the row of an unknown label or a pattern that is no regular expression.
    """
    own = Path(folder) / "furniture.csv"
    files = ([own] if own.exists() else []) + [GENERAL_RULES]
    tables = [_checked(file) for file in files]
    rules = pd.concat(tables, ignore_index=True).drop_duplicates("rule")
    return rules[rules.pattern != ""].reset_index(drop=True)


def label_lines(raw: str, rules: pd.DataFrame, title: str = "") -> list[Line]:
    """Every line of ``raw`` that is not blank, labelled by the first rule that matches all of it.

    The title is the line equal to ``title``; where none is given, the first line that no rule
    matches, if it is short and no sentence.

    >>> [line.label for line in label_lines("f t g m\\nA title\\n\\nThe body.", read_rules(Path()))]
    ['furniture', 'title', 'body']
    """
    patterns = [(rule.rule, rule.label, _compiled(rule.pattern)) for rule in rules.itertuples()]
    lines = [Line(start, end, *_label(raw[start:end], patterns)) for start, end in _line_spans(raw)]
    wanted = " ".join(title.split())
    at = next((i for i, line in enumerate(lines) if _is_title(raw, line, wanted)), None)
    if at is None or (not wanted and not any(line.label == "body" for line in lines[at + 1 :])):
        return lines
    rule = "title-in-metadata" if wanted else "first-line"
    return [*lines[:at], lines[at]._replace(label="title", rule=rule), *lines[at + 1 :]]


def paragraph_spans(raw: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of the body's paragraphs; lines of a paragraph broken in mid-sentence make one span."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if line.label != "body":
            continue
        if spans and is_broken(raw[slice(*spans[-1])], raw[line.start : line.end]):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
    return spans


def is_broken(before: str, after: str) -> bool:
    """Whether a sentence runs on from one line into the next: no stop before, a small letter after.

    >>> is_broken("local social and", "economic development."), is_broken("New parks", "The city")
    (True, False)
    """
    return bool(regex.search(r"[\w,–—-][\"”'’)]?$", before) and regex.match(r"[\"“'‘(]?\p{Ll}", after))


def line_table(articles: pd.DataFrame) -> pd.DataFrame:
    """One row per line of each article that is not blank: ``doc_id, label, rule, text, start, end``."""
    rows = [
        (doc_id, line.label, line.rule, raw[line.start : line.end], line.start, line.end)
        for doc_id, raw, lines in zip(articles.index, articles.raw, articles.lines, strict=True)
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["doc_id", "label", "rule", "text", "start", "end"])


@cache
def _compiled(pattern: str) -> regex.Pattern:
    return regex.compile(pattern, regex.IGNORECASE)


def _checked(file: Path) -> pd.DataFrame:
    rules = read_table(file, ["rule", "label", "pattern"])
    problems = []
    for row, rule in rules.iterrows():
        if rule.label not in LABELS:
            problems.append(f"{file.name}, row {row}, column label: {rule.label!r} is none of {', '.join(LABELS)}")
        try:
            _compiled(rule.pattern)
        except regex.error as error:
            problems.append(f"{file.name}, row {row}, column pattern: {error}; mend the regular expression")
    if problems:
        raise Mistake(problems)
    return rules


def _label(text: str, patterns: list) -> tuple[str, str]:
    for rule, label, pattern in patterns:
        if pattern.fullmatch(text):
            return label, rule
    return "body", "text"


def _line_spans(raw: str) -> list[tuple[int, int]]:
    spans = []
    for match in regex.finditer(r"[^\r\n\u2028\u2029]+", raw):
        text = match.group()
        inner = text.strip().strip("\ufeff").strip()
        if inner:
            start = match.start() + text.index(inner)
            spans.append((start, start + len(inner)))
    return spans


def _is_title(raw: str, line: Line, wanted: str) -> bool:
    text = " ".join(raw[line.start : line.end].split())
    if wanted:
        return text == wanted
    return line.label == "body" and len(text) <= LONGEST_TITLE and not text.endswith((".", "!", "?", "。"))
