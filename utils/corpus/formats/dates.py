"""Dates as sources print them become ISO, as far as the print goes; nothing is completed."""

from datetime import date
from functools import cache
from importlib import import_module

import regex

_LANGUAGES = "en de fr es it nl pt".split()
_MONTHS = (
    *"january february march april may june".split(),
    *"july august september october november december".split(),
)
_WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_DATE = r"""(?:
  (?P<year>\d{4}) (?: - (?P<month>\d\d?) (?: - (?P<day>\d\d?) )?
    | / (?P<month>\d\d?) (?: / (?P<day>\d\d?) )? | \. (?P<month>\d\d?) (?: \. (?P<day>\d\d?) )? )
| (?P<year>(?:19|20)\d\d) (?P<month>\d\d) (?P<day>\d\d)
| (?P<year>\d{4}) \s* 年 (?: \s* (?P<month>\d\d?) \s* 月 (?: \s* (?P<day>\d\d?) \s* [日号號] )? )?
| (?P<day>\d\d?) (?: \. | er | º | ° | st | nd | rd | th )? [-\s]+ (?: de \s+ )?
    (?P<name>NAME) \.? ,? [-\s]+ (?: del? \s+ )? (?P<year>\d{4})
| (?P<name>NAME) \.? \s+ (?P<day>\d\d?) (?: st | nd | rd | th )? ,? \s+ (?P<year>\d{4})
| (?P<name>NAME) \.? ,? \s+ (?: del? \s+ )? (?P<year>\d{4})
| (?P<day>\d\d?) \. \s? (?P<month>\d\d?) \. \s? (?P<year>\d{4})
| (?P<one>\d\d?) [/-] (?P<other>\d\d?) [/-] (?P<year>\d{4})
)"""
_LINE = r"""(?xi:
  (?: (?: WEEKDAY ) \.? ,? \s+ )?
  DATE
  (?: ,? \s* \(? (?: (?: WEEKDAY ) \.?
    | (?: 星期 | [周週] | 礼拜 | 禮拜 ) [一二三四五六日天] ) \)? )?
  (?: (?: T | ,? \s+ (?: (?: at | um | à ) \s )? ) \d\d? (?: [:.h]? \d\d ) .* )?
)"""
PARTS = frozenset("year month day name one other".split())
"""The names of the groups in ``date_line()``."""


def iso_date(printed: str) -> str:
    """A printed date as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; "" for what cannot be read surely.

    Months and days of the week are known in English, German, French, Spanish, Italian, Dutch and
    Portuguese, by the names that ``dateparser`` has; Chinese dates are read too. Times are cut
    off. A date such as 04/05/2023, which may be in April or in May, is not read.

    >>> [iso_date(day) for day in ("May 4, 2023 Thursday", "5. Mai 2023", "2023年5月", "4/5/23")]
    ['2023-05-04', '2023-05-05', '2023-05', '']
    """
    text = " ".join(printed.split())
    if regex.fullmatch(r"[12][0-9]{3}", text):
        return text
    found = _whole_line().fullmatch(text)
    return _iso(found.groupdict()) if found else ""


@cache
def date_line() -> str:
    """The pattern of a line that holds a date and nothing else, to be put in other patterns."""
    pattern = _LINE.replace("DATE", _DATE).replace("WEEKDAY", "|".join(_numbers(_WEEKDAYS)))
    return pattern.replace("NAME", "|".join(_numbers(_MONTHS)))


def _iso(parts):
    month = _numbers(_MONTHS).get((parts["name"] or "").casefold(), parts["month"])
    day = parts["day"]
    if parts["one"]:
        day, month = _day_and_month(int(parts["one"]), int(parts["other"]))
    numbers = [int(part) for part in (parts["year"], month, day) if part is not None]
    try:
        date(*numbers, *[1] * (3 - len(numbers)))
    except ValueError:
        return ""
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])


def _day_and_month(one, other):
    """Which of two numbers is the day; no day and no month where both may be."""
    if one == other or one > 12:
        return one, other
    return (other, one) if other > 12 else (0, 0)


@cache
def _whole_line():
    return regex.compile(date_line())


@cache
def _numbers(names):
    """The number of each month or day of the week, by every name that a language has for it."""
    numbers = {}
    for language in _LANGUAGES:
        known = import_module(f"dateparser.data.date_translation_data.{language}").info
        for number, name in enumerate(names, start=1):
            numbers |= {regex.sub(r"\.$", "", form).casefold(): number for form in known[name]}
    return dict(sorted(numbers.items(), key=lambda item: -len(item[0])))
