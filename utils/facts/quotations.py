"""Quotations: where each is in its article, and what is wrong with those that are not there."""

import re
from functools import cache, lru_cache, partial

import numpy as np
import pandas as pd
import regex
from pandas import DataFrame

from utils.corpus.arrays import sentence_rows
from utils.corpus.files import nearest
from utils.corpus.index import kept_words
from utils.corpus.tables import (
    NOT_STATED,
    Record,
    RowCheck,
    RowProblems,
    SideTable,
    excluded,
    folder_of,
    read_side_table,
)
from utils.facts.quantities import numbers
from utils.search.queries import query_problems

_MARKS = "\"“”„'‘’«»「」『』"
_WIDTHLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_PLAIN = {ord(char): " " for char in [*_MARKS, *filter(str.isspace, map(chr, range(0x3001)))]}
_PLAIN |= dict.fromkeys(map(ord, "\u2010\u2011"), "-")
"""White space, quotation marks and hyphens, each as one character that stands for all of them."""
_CHINESE = r"[\p{Han}\u3000-\u303F\uFF00-\uFFEF]"
_BETWEEN_CHINESE = regex.compile(rf"(?<={_CHINESE})\s*(?={_CHINESE})")
_TORN = regex.compile(  # in scripts that part words and write endings with them
    r"(?<=[\p{Latin}\p{Greek}\p{Cyrillic}])(?=[[\p{Latin}\p{Greek}\p{Cyrillic}]&&\p{Ll}])"
    r"|(?<=\p{Lu})(?=\p{Lu})|(?<=\p{Nd})(?=[.,]?\p{Nd})|(?<=\p{Nd}[.,])(?=\p{Nd})",
    regex.V1,
)
_PLACE = ["sentence", "start", "end"]


def find_quotation(raw: str, quote: str) -> list[tuple[int, int]]:
    """Spans of ``quote`` in ``raw``; white space, quotation marks and hyphens may differ.

    Between Chinese characters there may be white space or none. What has no width is passed over.

    >>> find_quotation("He said “so\\nit  is”.", 'said "so it is"')
    [(3, 18)]
    """
    pattern = _pattern_of(quote)
    if not pattern:
        return []
    text = _plain(raw)
    spans = [match.span() for match in re.finditer(pattern, text)]
    if len(text) == len(raw):
        return spans
    places = [place for place, letter in enumerate(raw) if not _WIDTHLESS.match(letter)]
    return [(places[start], places[end - 1] + 1) for start, end in spans]


@lru_cache(maxsize=16)  # one article is quoted many times
def _plain(raw):
    return _WIDTHLESS.sub("", raw).translate(_PLAIN)


def _pattern_of(quote):
    quote = _BETWEEN_CHINESE.sub("", _WIDTHLESS.sub("", quote)).translate(_PLAIN)
    words = map(re.escape, quote.split())
    return " +".join(_BETWEEN_CHINESE.sub(" *", word) for word in words)


def is_torn(text: str, place: int) -> bool:
    """Whether a place is inside a word or a number, in a script that divides words.

    >>> is_torn("cooperation", 2), is_torn("2,300 km", 2), is_torn("691ShareHome", 8)
    (True, True, False)
    """
    return bool(_TORN.match(text, pos=place))


def read_quoted(name: str, articles: DataFrame, *checks: RowCheck) -> DataFrame:
    """The rows of a side table that quotes the articles, with ``sentence, start, end`` of each.

    ``sentence`` is 0 for the title and blank elsewhere outside the body. The first place counts. A
    row without a quotation has none of the three. Raises ``Mistake`` with a line for every problem
    of the table, as ``Quotations.check`` and the other checks find them. Rows about articles that
    were left out on purpose are left out too.
    """
    quotations = Quotations(articles)
    table = read_side_table(name, folder_of(articles), quotations.check, query_problems, *checks)
    table = table[~table.doc_id.isin(excluded(articles))]
    found = [quotations.find(row.doc_id, row.quote) for row in table.itertuples()]
    places = [first[0] if first else [pd.NA] * 3 for first in found]
    return table.assign(**DataFrame(places, table.index, _PLACE, dtype="Int64"))


class Quotations:
    """Finds quotations in articles; ``check`` is a check of rows for ``read_side_table``."""

    def __init__(self, articles: DataFrame):
        self.articles = articles
        self._raws = articles.raw
        self._words = cache(partial(kept_words, articles))
        self._units = cache(self._units_of)
        self._places = cache(self._places_of)

    def _units_of(self, doc_id):
        """Spans and numbers of the sentences of a body and of the lines outside it."""
        sentences = self._sentences_of(doc_id)
        outside = [line for line in self.articles.lines[doc_id] if line.label != "body"]
        spans = [*sentences[:, 3:].tolist(), *(line[:2] for line in outside)]
        numbers = [0 if line.label == "title" else pd.NA for line in outside]
        return np.reshape(spans, (-1, 2)), [*sentences[:, 2].tolist(), *numbers]

    def _sentences_of(self, doc_id):
        words = self._words()
        if words is None:
            return sentence_rows(self.articles.loc[[doc_id]], False)[1]
        place = self.articles.index.get_loc(doc_id)
        first, last = np.searchsorted(words.sentences[:, 0], [place, place + 1])
        return words.sentences[first:last, :5]

    def _places_of(self, doc_id, quote):
        """Every place of a quotation: the number of the first unit that holds it, and its span."""
        places = []
        for start, end in find_quotation(self._raws.get(doc_id, ""), quote):
            starts, ends = self._units(doc_id)[0].T
            unit = next(iter(np.flatnonzero((starts <= start) & (end <= ends))), None)
            places.append((unit, start, end))
        return places

    def find(self, doc_id: str, quote: str) -> list[tuple[int, int, int] | None]:
        """``(sentence, start, end)`` of every place; ``None`` where it exceeds a sentence or line.

        The sentence is 0 for the title, and blank for any other line outside the body.
        """
        return [
            None if unit is None else (self._units(doc_id)[1][unit], start, end)
            for unit, start, end in self._places(doc_id, quote)
        ]

    def around(self, doc_id: str, quote: str) -> str:
        """The sentence or line in which a quotation stands; the quotation where it is in none."""
        for unit, _, _ in self._places(doc_id, quote):
            if unit is not None:
                return self._raws[doc_id][slice(*self._units(doc_id)[0][unit])]
        return quote

    def check(self, table: SideTable, record: Record) -> RowProblems:
        """What is wrong with a row: its article is unknown, or its quotation does not bear it out.

        A quotation must be in the article, within one sentence. Where the table has a value, the
        quotation must be in one sentence only and have every number of the value. Nothing is said
        of articles that were left out on purpose.
        """
        doc_id = record.get("doc_id")
        quote = record.get("quote")
        values = {column: record[column] for column in table.holding("value")}
        if doc_id and doc_id not in self.articles.index:
            yield from self._problems_of_article(doc_id)
        elif not quote:
            if values and NOT_STATED not in values.values():
                mend = f"copy the words that state it, or write {NOT_STATED!r} as the value"
                yield "quote", f"empty; {mend}"
        elif doc_id:
            yield from self._problems_of_quote(doc_id, quote, values)
            yield from _problems_of_values(quote, values)

    def _problems_of_article(self, doc_id):
        if doc_id not in excluded(self.articles):
            yield "doc_id", f"no article {doc_id!r}; {nearest(doc_id, self.articles.index)}"

    def _problems_of_quote(self, doc_id, quote, values):
        short = quote if len(quote) <= 60 else f"{quote[:57]}…"
        places = self.find(doc_id, quote)
        if NOT_STATED in values.values():
            yield "quote", f"{NOT_STATED!r} goes without a quotation; empty one of the two"
        elif not places:
            yield "quote", f"not in {doc_id}: “{short}”; copy it from the text as collected"
        elif None in places:
            yield "quote", f"longer than its sentence: “{short}”; quote at most a sentence"
        elif values and len({sentence for sentence, _, _ in places}) > 1:
            yield "quote", f"in several sentences: “{short}”; quote more of the one meant"


def _problems_of_values(quote, values):
    """Values with a number that the quotation lacks."""
    for column, value in values.items():
        lacking = ", ".join(f"{number:g}" for number in sorted(numbers(value) - numbers(quote)))
        if lacking:
            mend = "correct the value, or quote the words with the number"
            yield column, f"the quotation has no {lacking}; {mend}"
