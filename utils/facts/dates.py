"""Dates as printed in the texts. None is ever completed: "May 17" keeps no year."""

from typing import NamedTuple

import pandas as pd
import regex

from utils.corpus.tokens import sentence_table

MONTHS = ("January February March April May June July August September October November December").split()
_MONTH = "(?P<month>" + "|".join(rf"{name}|{name[:3]}\b\.?" for name in MONTHS) + ")"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\w%])"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d|-\d)"
_BEFORE = r"(?<=\b(?i:in|since|of|from|to|by|until|till|during|and|between|before|after|through|last|this|early|late|mid|year)\s)"
_PRINTED = regex.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)"
    rf"|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"
    rf"|\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?"
    rf"|\b{_MONTH},?\s+(?:of\s+)?{_YEAR}"
    rf"|{_BEFORE}{_MONTH}\b(?:\s+of\s+this\s+year)?"
    rf"|{_BEFORE}{_YEAR}"
)


class PrintedDate(NamedTuple):
    """A date as printed, its parts where the print gives them, and its span."""

    printed: str
    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int


def find_dates(text: str) -> list[PrintedDate]:
    """Every date printed in ``text``, with only the parts that are printed.

    >>> [date[:4] for date in find_dates("On May 17, and in 2019, it may open.")]
    [('May 17', None, 5, 17), ('2019', 2019, None, None)]
    """
    found = [PrintedDate(match.group(), *_parts(match.groupdict()), *match.span()) for match in _PRINTED.finditer(text)]
    return [date for date in found if (date.month or 1) <= 12 and (date.day or 1) <= 31]


def precision(year: int | None, month: int | None, day: int | None) -> str:
    """How precise a printed date is, in words.

    >>> precision(2018, 10, 5), precision(None, 5, 17), precision(2019, None, None)
    ('day', 'day, no year', 'year')
    """
    unit = "day" if day else "month" if month else "year"
    return unit if year else f"{unit}, no year"


def date_table(articles: pd.DataFrame) -> pd.DataFrame:
    """Dates printed in the bodies: ``doc_id, sentence, printed, year, month, day, precision, start, end``.

    ``year``, ``month`` and ``day`` are blank where the text prints none.
    """
    raws = articles.raw
    rows = [
        (row.doc_id, row.sentence, *date[:4], precision(*date[1:4]), row.start + date.start, row.start + date.end)
        for row in sentence_table(articles).itertuples()
        for date in find_dates(raws[row.doc_id][row.start : row.end])
    ]
    columns = ["doc_id", "sentence", "printed", "year", "month", "day", "precision", "start", "end"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"year": "Int64", "month": "Int64", "day": "Int64"})


def datelines(articles: pd.DataFrame) -> pd.DataFrame:
    """What the datelines print: ``doc_id, printed, date, pageviews, start, end``, blank where absent.

    ``date`` is in the form YYYY-MM-DD; a dateline whose date lacks a part keeps it blank.
    """
    rows = []
    for doc_id, raw, lines in zip(articles.index, articles.raw, articles.lines, strict=True):
        for line in lines:
            if line.label == "dateline":
                text = raw[line.start : line.end]
                views = regex.search(r"(?i)\bviews?\s*[:：]?\s*(\d+)|pageviews?\s*[:：]?\s*(\d+)", text)
                views = next(filter(None, views.groups())) if views else ""
                rows.append((doc_id, text, _iso(find_dates(text)), views, line.start, line.end))
    return pd.DataFrame(rows, columns=["doc_id", "printed", "date", "pageviews", "start", "end"])


def _parts(groups: dict) -> tuple[int | None, int | None, int | None]:
    month = groups["month"] or ""
    number = (
        int(month) if month.isdigit() else next((n for n, name in enumerate(MONTHS, 1) if name[:3] == month[:3]), None)
    )
    return (int(groups["year"]) if groups["year"] else None, number, int(groups["day"]) if groups["day"] else None)


def _iso(dates: list[PrintedDate]) -> str:
    return next((f"{d.year:04}-{d.month:02}-{d.day:02}" for d in dates if d.year and d.month and d.day), "")
