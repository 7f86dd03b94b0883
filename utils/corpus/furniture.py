"""Raw text as labelled lines: title, dateline, body, or furniture of the web page.

Nothing is deleted. The general rules are in ``lists/furniture.csv`` and serve any news page; a
corpus adds its own in ``furniture.csv`` beside its metadata, in the same columns: ``rule, label,
pattern, example, counterexample``. A pattern is a regular expression that must match the whole
line, capitals or not. A rule of the same name in the corpus replaces the general one; an empty
pattern switches it off. The first rule that matches gives the label: those of the corpus, then the
general ones in their order, among them ``text``, so that what reads as a sentence is body whatever
words it begins with. A line of more than 1,000 characters is none of the web page's by the general
rules.
"""

from bisect import bisect_right
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import regex
from pandas import DataFrame, concat

from utils.corpus.files import Mistake
from utils.corpus.formats.fields import TEXT_FIELDS, field_of
from utils.corpus.sentences import sentence_spans
from utils.corpus.tables import LISTS, read_side_table
from utils.corpus.words import WHITE_SPACE, plain_form

_BLANK = WHITE_SPACE + "\ufeff\x1c\x1d\x1e\x1f"  # and a byte-order mark
_NEWLINES = "\r\u2028\u2029"  # beside the usual one
_NEWLINE = regex.compile(rf"\r\n|[\n{_NEWLINES}]")
STOP = r"(?:[\p{STerm}…།\u037e]|(?<=\p{Greek});)"
"""The pattern of what a sentence may end with, in any language."""
_STOP = regex.compile(STOP)
_SENTENCE_END = regex.compile(rf"(?r){STOP}[\"”’'»)\]」』）》]*")  # (?r) matches backwards
_FRONT_MATTER = regex.compile(
    r"\ufeff?(?:(---|\+\+\+)[^\S\n]*\n(?=\w[\w -]*[:=])"
    r"(?:(?:\w[\w -]*[:=]|[ \t]+\S|- |#).*\n|[^\S\n]*\n)+?\1[^\S\n]*(?:\n|\Z)"
    r"|(?:\w[\w -]*[:：].*\n){2,}(?=[^\S\n]*\n))?"
)
_NAME = regex.compile(r"(?m)^\w[\w -]*?(?=\s*[:：=])")
_STATED = {"title", "published", "url"}
"""What front matter has one of; speakers and years before colons may stand between dashes too."""
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff01-\uff60]")
_WORD = regex.compile(rf"{_WIDE.pattern}|\S*+")
_NO_STOP = regex.compile(r"(?r)[\w,–—-][\"”'’)]?")
_GOES_ON = regex.compile(r"([:,：，；]|(?<!\p{Greek});)\Z")
_SMALL = regex.compile(r"[\"“'‘(]?\p{Ll}")
_END = attrgetter("end")
LONGEST_TITLE = 200  # characters, where the metadata gives no title
LONGEST_SENTENCE = 80  # characters of a title that ends with a stop
_WRAPPED = (50, 110)  # columns of the longest lines of a hard-wrapped text
_HARDLY = 0.85  # of the width
_SECONDS = 2  # for one pattern of the corpus on one line
_LONGEST_LINE = 100_000  # characters of a line that the corpus's own rules are tried on
_LONGEST_FURNITURE = 1000  # characters of a line that the general rules are tried on


class Line(NamedTuple):
    """A line that is not blank: its span in the raw text, its label, and the rule that gave it."""

    start: int
    end: int
    label: str
    rule: str


def read_rules(folder: Path | None) -> DataFrame:
    """The general rules and those of ``folder/furniture.csv``, the corpus's own first."""
    own = read_side_table("furniture", folder).assign(general=False)
    general = read_side_table("furniture", LISTS).assign(general=True)
    rules = concat([own, general]).drop_duplicates("rule")
    return rules[rules.pattern != ""]


def read_patterns(rules: DataFrame) -> list[tuple]:
    """Each rule with its pattern, which takes capitals and small letters for the same."""
    return [(rule, regex.compile(rule.pattern, regex.IGNORECASE)) for rule in rules.itertuples()]


def label_lines(raw: str, patterns: list[tuple], title: str = "") -> list[Line]:
    """Every line of ``raw`` that is not blank, labelled by the first rule that matches all of it.

    The title is a line above the body proper: the one equal to ``title``; where none is given, the
    first line that no rule takes for furniture, if it is short. The lines of a hard-wrapped text
    are joined first. Raises ``Mistake`` for a pattern of the corpus that takes too long.

    >>> patterns = read_patterns(read_rules(None))
    >>> lines = label_lines("f t g m\\nA title\\n\\nThe body.", patterns)
    >>> [line.label for line in lines]
    ['furniture', 'title', 'body']
    """
    spans = _line_spans(raw)
    texts = [raw[start:end] for start, end in spans]
    if _are_hard_wrapped(raw, spans):
        spans = _joined(raw, spans)
        texts = [_NEWLINE.sub(" ", raw[start:end]) for start, end in spans]
    lines = [Line(*span, *_label(text, patterns)) for span, text in zip(spans, texts, strict=True)]
    above = bisect_right(lines, len(front_matter(raw)), key=_END)
    lines[:above] = [
        line._replace(label="furniture", rule="front-matter") for line in lines[:above]
    ]
    rule = "title-in-metadata" if title.strip() else "first-line"
    place = _title_place(lines, texts, title)
    if place is not None:
        lines[place] = lines[place]._replace(label="title", rule=rule)
    return lines


def is_hard_wrapped(raw: str) -> bool:
    """Whether the lines of a text were broken to a width, as in e-mail and typescripts.

    In such a text lines follow each other without a blank line, the first word of a line would not
    have fitted on the line before, and many lines begin in mid-sentence. A Chinese character takes
    two columns.

    >>> text = "the port is open to ships of any size and flag, the council said on Monday; " * 3
    >>> import textwrap
    >>> is_hard_wrapped(textwrap.fill(text, 70)), is_hard_wrapped(text)
    (True, False)
    """
    return _are_hard_wrapped(raw, _line_spans(raw))


def _are_hard_wrapped(raw, spans):
    width = _width(raw, spans)
    if not _WRAPPED[0] <= width <= _WRAPPED[1]:
        return False
    pairs = [pair for pair in pairwise(spans) if _adjoin(raw, *pair)]
    full = [pair for pair in pairs if _is_full(raw, *pair, width)]
    running = sum(_runs_on(raw, *pair) for pair in full)
    return len(full) > 0.6 * len(pairs) and running > len(full) / 5


def front_matter(raw: str) -> str:
    """What a text states of itself above it, and of that a title, a date or an address at least.

    It stands between two lines of signs, as in Markdown; or in two lines or more that each name
    what metadata have, before an empty one. Empty where there is none.

    >>> front_matter("---\\ntitle: Rain\\n---\\nIt fell."), front_matter("---\\nAnn: Why?\\n---\\n")
    ('---\\ntitle: Rain\\n---\\n', '')
    >>> front_matter("Title: Rain\\nSource: The Echo\\n\\nIt fell.")
    'Title: Rain\\nSource: The Echo\\n'
    """
    found = _FRONT_MATTER.match(raw)
    fields = set(map(field_of, _NAME.findall(found[0])))
    is_named = found[1] or fields.isdisjoint({"", *TEXT_FIELDS})
    return found[0] if is_named and not fields.isdisjoint(_STATED) else ""


def title_span(lines: list[Line]) -> tuple[int, int] | None:
    """Span of the line labelled title; ``None`` where there is none.

    >>> title_span([Line(0, 4, "title", "first-line"), Line(6, 20, "body", "text")])
    (0, 4)
    """
    return next(((line.start, line.end) for line in lines if line.label == "title"), None)


def paragraph_spans(raw: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of the body's paragraphs; lines of a paragraph broken in mid-sentence make one span.

    Lines with another one between them that is not of the body do not, for it would be in the span.
    """
    spans = []
    may_join = False
    for line in lines:
        is_body = line.label == "body"
        if is_body:
            start = line.start
            before, end = spans[-1] if spans else (start, start)
            # of the lines no more than is looked at, for they may be long
            if may_join and is_broken(raw[max(before, end - 2) : end], raw[start : start + 2]):
                start = before
                spans.pop()
            spans.append((start, line.end))
        may_join = is_body
    return spans


def is_broken(before: str, after: str) -> bool:
    """Whether a sentence runs on into the next line: no stop before, a small letter after.

    >>> is_broken("local social and", "economic development."), is_broken("New parks", "The city")
    (True, False)
    """
    return bool(_SMALL.match(after) and _NO_STOP.match(before))


def line_table(articles: DataFrame) -> DataFrame:
    """One row per line that is not blank: ``doc_id, label, rule, text, start, end``."""
    rows = [
        (article.Index, line.label, line.rule, article.raw[line.start : line.end], *line[:2])
        for article in articles.itertuples()
        for line in article.lines
    ]
    return DataFrame(rows, columns=["doc_id", "label", "rule", "text", "start", "end"])


def _line_spans(raw):
    """The lines that are not blank, without the blanks around them."""
    for newline in _NEWLINES:
        raw = raw.replace(newline, "\n")
    spans = []
    start = 0
    for line in raw.split("\n"):
        end = start + len(line)
        begun = line.lstrip(_BLANK)
        if begun:
            spans.append((end - len(begun), start + len(line.rstrip(_BLANK))))
        start = end + 1
    return spans


def _width(raw, spans):
    """The columns of the longest lines, but for one in twenty."""
    lengths = sorted(_columns(raw[start:end]) for start, end in spans)
    return lengths[len(lengths) * 19 // 20] if lengths else 0


def _columns(text):
    """The columns that a line takes; those of one that is too long anyway are not counted."""
    wide = 0 if text.isascii() or len(text) > _WRAPPED[1] else len(_WIDE.findall(text))
    return len(text) + wide


def _runs_on(raw, before, after):
    """Whether a line begins in mid-sentence: with a small letter; or, where that has no capital
    form, if the line before has no stop at its end and this one has a stop.
    """
    first = raw[after[0]]
    if first.islower() or first.isupper():
        return first.islower()
    return not _SENTENCE_END.match(raw, *before) and bool(_STOP.search(raw, *after))


def _adjoin(raw, before, after):
    """Whether no blank line is between two lines."""
    return len(_NEWLINE.findall(raw, before[1], after[0])) == 1


def _is_full(raw, before, after, width):
    """Whether the next line's first word would not have fitted, or hardly, on this line."""
    word = _WORD.match(raw, after[0])[0]
    ended = _SENTENCE_END.match(raw, before[0], before[1])
    needed = _columns(raw[slice(*before)]) + 1 + _columns(word)
    return needed > (width if ended else _HARDLY * width)


def _joined(raw, spans):
    """Spans of the lines of a hard-wrapped text as they were before it was wrapped."""
    width = _width(raw, spans)
    joined = spans[:1]
    for before, after in pairwise(spans):
        runs_on = _is_full(raw, before, after, width) or raw[after[0]].islower()
        if runs_on and _adjoin(raw, before, after):
            joined[-1] = (joined[-1][0], after[1])
        else:
            joined.append(after)
    return joined


def _label(text, patterns):
    """The label of a line and the rule that gave it; a whole article on one line is body."""
    may_be_furniture = len(text) <= _LONGEST_FURNITURE
    for rule, pattern in patterns:
        if rule.general:
            matches = may_be_furniture and pattern.fullmatch(text)
        else:
            matches = _matches_own(text, rule, pattern)
        if matches:
            return rule.label, rule.rule
    return "body", "text"


def _matches_own(text, rule, pattern):
    try:
        return len(text) <= _LONGEST_LINE and pattern.fullmatch(text, timeout=_SECONDS)
    except (TimeoutError, MemoryError):
        what = f"rule {rule.rule!r} does not end on {text[:30]!r}; write a simpler pattern"
        raise Mistake(f"furniture.csv, row {rule.Index}, column pattern: {what}") from None


def _title_place(lines, texts, title):
    """Number of the line that is the title, above the first long line of the body; else None."""
    body = [number for number, line in enumerate(lines) if line.label == "body"]
    top = next((number for number in body if len(texts[number]) > LONGEST_TITLE), len(lines) - 1)
    if title.strip():
        key = _key(title)
        same = (number for number in range(top + 1) if _has_key(texts[number], key))
        return next(same, None)
    return body[0] if _begins_with_title(body, top, texts) else None


def _begins_with_title(body, top, texts):
    """Whether the first line of the body is short, no salutation and no beginning of the text.

    With a stop it is a title only if it is one sentence, and short beside the next line.
    """
    if len(body) < 2 or body[0] == top:
        return False
    first, second = (texts[number] for number in body[:2])
    if _GOES_ON.search(first):
        return False
    if not first.endswith((".", "。")):
        return True
    short = len(first) < min(len(second), LONGEST_SENTENCE)
    return short and len(sentence_spans(first)) == 1


def _has_key(text, key):
    """Whether a line has this key; one of more words, which may be long, is not read."""
    words = key.count(" ") + 1
    return len(text.split(None, words)) <= words and _key(text) == key


def _key(text):
    return plain_form(" ".join(text.split())).casefold()
