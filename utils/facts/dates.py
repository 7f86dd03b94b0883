"""Dates as printed in the texts. None is ever completed: "May 17" gets no year."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
import regex
from pandas import DataFrame

from utils.corpus.tokens import sentence_table

MONTHS = "January February March April May June July August September October November December"
_NUMBER_OF_MONTH = {name[:3]: number for number, name in enumerate(MONTHS.split(), 1)}
_MONTH = "(?P<month>" + "|".join(rf"{name}|{name[:3]}\b\.?" for name in MONTHS.split()) + ")"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WHOLE_YEAR = rf"{_YEAR}(?![\d%]|[.,]\d|-\d)"  # not the 2015 of 2,015.5 or of 2015-16
_BEFORE = (
    r"(?<=\b(?i:in|since|of|from|to|by|until|till|during|and|between|before|after|through"
    r"|last|this|early|late|mid|year)\s)"
)
_FORMS = (
    rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)",  # 2018-10-05
    rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_WHOLE_YEAR})?",  # 5th of October, 2018
    rf"\b{_MONTH}\s+{_DAY}(?![\w%])(?:,?\s+{_WHOLE_YEAR})?",  # October 5, 2018
    rf"\b{_MONTH},?\s+(?:of\s+)?{_WHOLE_YEAR}",  # October 2018
    rf"{_BEFORE}{_MONTH}\b(?:\s+of\s+this\s+year)?",  # in October
    rf"{_BEFORE}{_WHOLE_YEAR}",  # in 2018
)
_PRINTED = regex.compile("|".join(_FORMS))


class PrintedDate(NamedTuple):
    """A date as printed, its parts where they are printed, how precise it is, and its span."""

    printed: str
    year: int | None
    month: int | None
    day: int | None
    precision: str
    start: int
    end: int


def find_dates(text: str) -> list[PrintedDate]:
    """Every date printed in ``text``, with only the parts that are printed.

    >>> [date[:4] for date in find_dates("On May 17, and in 2019, it may open.")]
    [('May 17', None, 5, 17), ('2019', 2019, None, None)]
    """
    dates = map(_read_date, _PRINTED.finditer(text))
    return [date for date in dates if (date.month or 1) <= 12 and (date.day or 1) <= 31]


def is_after(date: PrintedDate, released: str) -> bool:
    """Whether a date, also a row of ``date_table``, is after a release, as far as both say.

    A date without a year is read in the year of the release, and is never after an unknown one.

    >>> is_after(find_dates("On November 5")[0], "2018-10-05")
    True
    """
    printed = released[:4] if pd.isna(date.year) else f"{date.year:04}"
    printed += "".join(f"-{part:02}" for part in (date.month, date.day) if pd.notna(part))
    return bool(released) and printed[: len(released)] > released[: len(printed)]


def find_in_sentences(articles: DataFrame, find: Callable, kind: type) -> DataFrame:
    """What ``find`` returns for each sentence of the bodies, a row each.

    ``find`` maps a text to tuples of the ``kind``, whose last fields are ``start`` and ``end``. The
    columns are ``doc_id, sentence`` and those fields, with offsets into the article's ``raw``.
    """
    raws = articles.raw.to_dict()
    rows = [
        (place.doc_id, place.sentence, *fields, place.start + start, place.start + end)
        for place in sentence_table(articles).itertuples()
        for *fields, start, end in find(raws[place.doc_id][place.start : place.end])
    ]
    return DataFrame(rows, columns=["doc_id", "sentence", *kind._fields])


def date_table(articles: DataFrame) -> DataFrame:
    """The dates of the bodies, a row each, blank where the text prints no year, month or day.

    The columns are ``doc_id, sentence, printed, year, month, day, precision, start, end``.
    """
    table = find_in_sentences(articles, find_dates, PrintedDate)
    return table.astype(dict.fromkeys(["year", "month", "day"], "Int64"))


def full_date(text: str) -> str:
    """The first date that ``text`` prints with year, month and day, as YYYY-MM-DD; or nothing.

    >>> full_date("In May 2021, on 5 October 2018")
    '2018-10-05'
    """
    full = [date for date in find_dates(text) if date.precision == "day"]
    return "{:04}-{:02}-{:02}".format(*full[0][1:4]) if full else ""


def _read_date(match):
    year, month, day = match.group("year", "month", "day")
    if month:
        month = _NUMBER_OF_MONTH.get(month[:3], month)
    parts = [int(part) if part else None for part in (year, month, day)]
    return PrintedDate(match.group(), *parts, _precision(*parts), *match.span())


def _precision(year, month, day):
    """How precise a printed date is, in words: "day", "day, no year", "month" and so on."""
    unit = "month" if month else "year"
    if day:
        unit = "day"
    return unit if year else f"{unit}, no year"
