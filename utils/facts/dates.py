"""Dates as printed in the texts. None is ever completed: "May 17" gets no year.

"17–18 May 2021" prints two dates, which share what stands once. A day that no calendar has, a
decade ("the 1990s") and a number that counts ("in 1500 villages") are no dates. Of "5/10/2018" the
year alone is certain; of "25/12/2018" the day is.
"""

from calendar import monthrange
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
import regex
from pandas import DataFrame

from utils.corpus.formats.dates import arabic
from utils.facts.date_forms import forms_of
from utils.facts.sentences import find_in_sentences, rows_of_part

HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0xFFE1: "£"}
"""Forms of full width (２０１８年, １０％) and the plain ones, for ``str.translate``."""


class PrintedDate(NamedTuple):
    """A date as printed, its parts where they are printed, how precise it is, and its span."""

    printed: str
    year: int | None
    month: int | None
    day: int | None
    precision: str
    start: int
    end: int


def find_dates(text: str, language: str = "en") -> list[PrintedDate]:
    """Every date printed in ``text``, with only the parts that are printed.

    None in a language without rules for dates.

    >>> [date[:4] for date in find_dates("On May 17, and in 2019, it may open.")]
    [('May 17', None, 5, 17), ('2019', 2019, None, None)]
    """
    forms = forms_of(language)
    if not (forms and forms.sign.search(text)):  # most sentences have no date
        return []
    dates = list(_printed_dates(text, language, forms))
    for place in _joined(dates, text, language, forms):
        dated = dates[place if language == "zh" else place + 1]  # where the year is printed
        both = dates[place : place + 2]
        dates[place : place + 2] = [_with_year(date, dated, text) for date in both]
    return dates


def is_after(date: PrintedDate, released: str) -> bool:
    """Whether a date, also a row of ``date_table``, is after a release, as far as both say.

    A date without a year is read in the year of the release, and is never after an unknown one.

    >>> is_after(find_dates("On November 5")[0], "2018-10-05")
    True
    """
    printed = released[:4] if pd.isna(date.year) else f"{date.year:04}"
    printed += "".join(f"-{part:02}" for part in (date.month, date.day) if pd.notna(part))
    return bool(released) and printed[: len(released)] > released[: len(printed)]


def date_table(articles: DataFrame) -> DataFrame:
    """The dates of the bodies, a row each, blank where the text prints no year, month or day.

    The columns are ``doc_id, sentence, printed, year, month, day, precision, start, end``.
    """
    return _as_dates(find_in_sentences(articles, find_dates, PrintedDate))


def dates_in(part: tuple[DataFrame, DataFrame]) -> DataFrame:
    """The ``date_table`` of a part with its sentences."""
    rows = rows_of_part(find_dates, part)
    return _as_dates(DataFrame(rows, columns=["doc_id", "sentence", *PrintedDate._fields]))


def full_date(text: str) -> str:
    """The first date that ``text`` prints with year, month and day, as YYYY-MM-DD; or nothing.

    >>> full_date("In May 2021, on 5 October 2018")
    '2018-10-05'
    """
    full = [date for date in find_dates(text) if date.precision == "day"]
    return "{:04}-{:02}-{:02}".format(*full[0][1:4]) if full else ""


def _as_dates(table):
    return table.astype(dict.fromkeys(["year", "month", "day"], "Int64"))


def _printed_dates(text, language, forms):
    """Every date as it stands; of a span that prints its year once, the first has none."""
    for match in forms.pattern.finditer(text.translate(HALF_WIDTH) if language == "zh" else text):
        for parts in filter(_exists, _parts(match, forms.months)):
            printed = text[match.start() : match.end()]
            yield PrintedDate(printed, *parts, _precision(*parts), *match.span())


def _parts(match, months):
    """Year, month and day of each date of one expression: a range has two."""
    if match["until"]:
        return [(year, None, None) for year in _span_of_years(match["year"], match["until"])]
    year = int(arabic(match["year"])) if match["year"] else None
    *earlier, month = _months(match["month"], months)
    parts = [(month, None) for month in earlier] + _days(match, month)
    return [(year, *rest) for rest in parts]


def _days(match, month):
    """Month and day of each day printed; without both where their order could be either."""
    days = [int(day) for day in regex.findall(r"\d+", arabic(match["day"] or ""))]
    if match["either"]:
        return _either_order(*days, month)
    if days != sorted(set(days)):  # "2-1 May": of these one belongs to the month
        days = days[-1:] if match.start("day") < match.start("month") else days[:1]
    return [(month, day) for day in days or [None]]


def _months(printed, months):
    """The number of each month, in digits or by its name; ``None`` if none is printed."""
    name = (printed or "").lower().rstrip(".")
    named = months.get(name) or months.get(name[:3])
    return [named] if named or not name else [*map(int, regex.findall(r"\d+", arabic(name)))]


def _either_order(day, month):
    """25/12 and 12/25 are one day; 5/10 could be two."""
    earlier = min(day, month)
    later = max(day, month)
    return [(earlier, later) if later > 12 or later == earlier else (None, None)]


def _span_of_years(first, last):
    """The ends of 2018–19, 1999–2000 or 1999-00, if they are in order."""
    until = int(first[: -len(last)] + last)
    if last == "00":
        until += 100
    return [int(first), until] if until > int(first) else []


def _exists(parts):
    """Whether some calendar has it; a year that is not printed may be a leap year."""
    year, month, day = parts
    if month is None:
        return True
    day = 1 if day is None else day
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2000, month)[1]


def _joined(dates, text, language, forms):
    """The places of dates that are joined with the next one, from where the year is printed on."""
    places = [
        place
        for place, (date, later) in enumerate(pairwise(dates))
        if _in_order(date, later) and forms.joint.fullmatch(text[date.end : later.start])
    ]
    return places if language == "zh" else places[::-1]


def _with_year(date, dated, text):
    """The date with the year of another, in the words of both, if that is where it is printed."""
    if date.year or not dated.year:
        return date
    start = min(date.start, dated.start)
    end = max(date.end, dated.end)
    words = {"printed": text[start:end], "start": start, "end": end}
    return date._replace(year=dated.year, precision=dated.precision, **words)


def _in_order(date, later):
    """Whether the year of both may be printed once: "30 April to 2 May 2021"."""
    alike = date.month and bool(date.day) == bool(later.day)
    return alike and (date.month, date.day or 0) < (later.month or 0, later.day or 0)


def _precision(year, month, day):
    """How precise a printed date is, in words: "day", "day, no year", "month" and so on."""
    unit = "month" if month else "year"
    if day:
        unit = "day"
    return unit if year else f"{unit}, no year"
