"""Sentences in parts, some of which lead to a sentence of an article or to a table.

A part is a dict: its ``text``; where it leads, ``doc_id`` and ``sentence``, or ``table`` by the
name it has in its notebook; ``look`` where it is ``soft`` (in grey) or ``silent`` (nothing is
stated); and ``lang`` where it is not in English.
"""

from collections.abc import Iterable
from typing import Any

from pandas import isna

from utils.page.languages import lang_of, language_of
from utils.page.wording import quoted

Part = dict[str, Any]
_LONGEST = 90  # characters of a value that is shown; its link leads to the whole


def plain(text: str, look: str = "") -> Part:
    """A part that leads nowhere.

    >>> plain("and "), plain("not stated", "silent")
    ({'text': 'and '}, {'text': 'not stated', 'look': 'silent'})
    """
    return {"text": text, "look": look} if look else {"text": text}


def to_table(text: str, table: str) -> Part:
    """A part that leads to a table of the notebook.

    >>> to_table("and 2 more", "matrix")
    {'text': 'and 2 more', 'table': 'matrix'}
    """
    return {"text": text, "table": table}


def to_sentence(fact: Any, quote: bool = False) -> Part:
    """The value of a fact, a row of ``read_facts``, that leads to its sentence.

    >>> from collections import namedtuple
    >>> fact = namedtuple("Fact", "value doc_id sentence")("held in June", "rain", 3)
    >>> to_sentence(fact, quote=True)
    {'text': '“held in June”', 'doc_id': 'rain', 'sentence': 3}
    """
    text = _cut(fact.value)
    number = None if isna(fact.sentence) else int(fact.sentence)
    part = {"text": quoted(text) if quote else text, "doc_id": fact.doc_id, "sentence": number}
    lang = lang_of(text, "quote", language_of(fact.doc_id))
    return part | ({"lang": lang} if lang else {})


def in_a_row(parts: Iterable[Part], between: str = ", ", last: str = " and ") -> list[Part]:
    """Parts as a list in a sentence.

    >>> [part["text"] for part in in_a_row([plain("a"), plain("b"), plain("c")])]
    ['a', ', ', 'b', ' and ', 'c']
    """
    listed = list(parts)
    marks = [plain(between)] * (len(listed) - 2) + [plain(last)]
    pairs = zip(marks, listed[1:], strict=False)
    return [*listed[:1], *(part for pair in pairs for part in pair)]


def _cut(text):
    if len(text) <= _LONGEST:
        return text
    whole, _, _ = text[:_LONGEST].rpartition(" ")
    return f"{whole or text[:_LONGEST]}…"
