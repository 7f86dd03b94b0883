"""Dates as sources print them become ISO, as far as the print goes; nothing is completed."""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib import import_module

import regex

_LANGUAGES = "en de fr es it nl pt".split()
MONTHS = (
    *"january february march april may june".split(),
    *"july august september october november december".split(),
)
_WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_DATE = r"""(?:
  (?P<year>\d{4}) (?: - (?P<month>\d\d?) (?: - (?P<day>\d\d?) )?
    | / (?P<month>\d\d?) (?: / (?P<day>\d\d?) )? | \. (?P<month>\d\d?) (?: \. (?P<day>\d\d?) )? )
| (?P<year>(?:19|20)\d\d) (?P<month>\d\d) (?P<day>\d\d)
| (?P<year>\d{4}) \s* 年 (?: \s* (?P<month>\d\d?) \s* 月 (?: \s* (?P<day>\d\d?) \s* [日号號] )? )?
| (?P<day>\d\d?) (?: \. | er | º | ° | st | nd | rd | th )? [-\s]+ (?: (?: de | of ) \s+ )?
    (?P<name>NAME) \.? ,? [-\s]+ (?: del? \s+ )? (?P<year>\d{4})
| (?P<name>NAME) \.? \s+ (?P<day>\d\d?) (?: st | nd | rd | th )? ,? \s+ (?P<year>\d{4})
| (?P<name>NAME) \.? ,? \s+ (?: del? \s+ )? (?P<year>\d{4})
| (?P<name>NAME) \s+ (?P<day>\d\d?) \s+ \d\d:\d\d:\d\d (?: \s+ [A-Z+\-\d]+ )? \s+ (?P<year>\d{4})
| (?P<day>\d\d?) \. \s? (?P<month>\d\d?) \. \s? (?P<year>\d{4})
| (?P<one>\d\d?) [/-] (?P<other>\d\d?) [/-] (?P<year>\d{4})
)"""
_LINE = r"""(?xi:
  (?: (?: WEEKDAY ) \.? ,? \s+ )?
  DATE
  (?: ,? \s* \(? (?: (?: WEEKDAY ) \.?
    | (?: 星期 | [周週] | 礼拜 | 禮拜 ) [一二三四五六日天1-6] ) \)? )?
  (?: (?: T | ,? \s+ (?: (?: at | um | à | · ) \s )? ) \d\d? (?: [:.h]? \d\d ) .* )?
)"""
_NUMERIC = regex.compile(r"(\d\d?)[/-](\d\d?)[/-]\d{4}\b")
_NUMERAL = regex.compile(r"[〇零○Ｏ一二三四五六七八九十廿]+")
_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")


@lru_cache(10_000)
def iso_date(printed: str, day_first: bool | None = None) -> str:
    """A printed date as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; "" for what cannot be read surely.

    Months and days of the week are known in English, German, French, Spanish, Italian, Dutch and
    Portuguese, by the names that ``dateparser`` has; Chinese dates are read too. Times are cut
    off. A date such as 04/05/2023, which may be in April or in May, is read only where
    ``day_first`` says which.

    >>> [iso_date(day) for day in ("May 4, 2023 Thursday", "5. Mai 2023", "2023年5月", "4/5/23")]
    ['2023-05-04', '2023-05-05', '2023-05', '']
    """
    text = arabic(" ".join(printed.split()))
    if regex.fullmatch(r"[12][0-9]{3}", text):
        return text
    found = _whole_line().fullmatch(text)
    return _iso(found.groupdict(), day_first) if found else ""


def days_shown(printed: str) -> set[bool]:
    """Whether a date such as 25/05/2023 shows that the day stands first; nothing of other dates.

    >>> days_shown("25/05/2023"), days_shown("05/25/2023"), days_shown("04/05/2023")
    ({True}, {False}, set())
    """
    found = _NUMERIC.match(printed)
    one, other = map(int, found.groups()) if found else (0, 0)
    return {one > 12} if max(one, other) > 12 else set()


def arabic(printed: str) -> str:
    """The numbers of a Chinese date in digits.

    >>> arabic("二〇一八"), arabic("十七"), arabic("二十"), arabic("17日至18")
    ('2018', '17', '20', '17日至18')
    """
    return _NUMERAL.sub(_in_digits, printed)


def numbers_of(names: Iterable[str], language: str) -> dict[str, int]:
    """The number of each month or day of the week, by every name that a language has for it.

    ``names`` are the English ones in their order, by which ``dateparser`` has the others.

    >>> numbers_of(MONTHS, "fr")["mai"]
    5
    """
    known = import_module(f"dateparser.data.date_translation_data.{language}").info
    return {form.lower(): number for number, name in enumerate(names, 1) for form in known[name]}


def date_line() -> str:
    """The pattern of a line that holds a date and nothing else, to be put in other patterns.

    >>> bool(regex.fullmatch(date_line(), "4 May 2023")), bool(regex.fullmatch(date_line(), "May"))
    (True, False)
    """
    return regex.sub(r"\?P<\w+>", "?:", _whole_line().pattern)


def _in_digits(numeral):
    """A Chinese numeral in digits: 二〇二三 and 二十三, as dates have them."""
    tens, ten, ones = numeral[0].replace("廿", "二十").translate(_DIGITS).rpartition("十")
    return f"{tens or 1}{ones or 0}" if ten else ones


def _iso(parts, day_first):
    month = _numbers(MONTHS).get((parts["name"] or "").casefold(), parts["month"])
    day = parts["day"]
    if parts["one"]:
        day, month = _day_and_month(int(parts["one"]), int(parts["other"]), day_first)
    numbers = [int(part) for part in (parts["year"], month, day) if part is not None]
    try:
        date(*numbers, *[1] * (3 - len(numbers)))
    except ValueError:
        return ""
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])


def _day_and_month(one, other, day_first):
    """Which of two numbers is the day; no day and no month where both may be."""
    if max(one, other) > 12 or one == other:
        day_first = one > 12 or one == other
    if day_first is None:
        return 0, 0
    return (one, other) if day_first else (other, one)


@cache
def _whole_line():
    pattern = _LINE.replace("DATE", _DATE).replace("WEEKDAY", "|".join(_numbers(_WEEKDAYS)))
    return regex.compile(pattern.replace("NAME", "|".join(_numbers(MONTHS))))


@cache
def _numbers(names):
    """The number of each month or day of the week, by its names in all languages known here."""
    numbers = {}
    for language in _LANGUAGES:
        for form, number in numbers_of(names, language).items():
            numbers[regex.sub(r"\.$", "", form)] = number
    return dict(sorted(numbers.items(), key=lambda item: -len(item[0])))
