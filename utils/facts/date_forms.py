"""How dates are printed in languages other than English, as patterns.

A pattern has the groups ``year``, ``month`` and ``day``, ``either`` where nothing says which of two
numbers is the day, and ``until`` for the second year of a span. The names of months are
dateparser's; no date is parsed by it, so none is completed. The small words around months and years
are in ``date_words.csv``.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import regex
from pandas import read_csv
from regex import Pattern

MONTHS = "January February March April May June July August September October November December"
DIGITS = "〇一二三四五六七八九"
_TIME = r"(?:[T\s]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
EXPORTED = (
    # 2018-10-05T12:30:00Z, 2018/10/5
    r"(?<!\d)(?P<year>(?:1\d|20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    rf"(?!\d){_TIME}",
    # 20181005123000
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"T?(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?(?!\d)",
)
NUMERIC = (
    # 25/12/2018, 25.12.2018
    r"(?<![\d/.-])(?P<{order}>(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark))"
    r"(?P<year>(?:1\d|20)\d\d)(?![\d/-]|\.\d)"
)
_NUMERAL = "[〇零○Ｏ一二三四五六七八九]"
_CHINESE_YEAR = rf"(?P<year>(?:1\d|20)\d\d|[一二]{_NUMERAL}{{3}})"
_CHINESE_MONTH = r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])"
_CHINESE_DAY = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
CHINESE = (
    # 2018年11月5日, 5月17日至18日, 二〇一八年五月十七日, 2018年5月
    rf"(?<![\d一二三四五六七八九十第]|农历|農曆|阴历|陰曆)(?:{_CHINESE_YEAR}\s?年\s?)?"
    rf"{_CHINESE_MONTH}\s?月(?!球|亮|饼|餅|薪|租|票|台|刊)(?:\s?(?P<day>{_CHINESE_DAY}"
    rf"(?:\s?[日号號]?\s?[-–—~～至到、和]\s?{_CHINESE_DAY}){{0,9}})\s?[日号號])?",
    # 2018年; not 90年代, and not 2000年历史
    rf"(?<![\d一二三四五六七八九十])(?:{_CHINESE_YEAR})\s?年"
    r"(?!代|(?<=00\s?年)[多余餘]?[的之]?(?:[历歷]史|前|来|來|间|間|以))",
    # 2018至2020年
    rf"(?<!\d){_CHINESE_YEAR}(?=\s?[-–—~～至到、和]\s?(?:(?:1\d|20)\d\d|[一二]{_NUMERAL}{{3}})\s?年)",
)


class Forms(NamedTuple):
    """A pattern of the dates of a language, and the numbers of its months by their first names."""

    pattern: Pattern
    months: dict[str, int]


@cache
def forms_of(language: str) -> Forms | None:
    """The forms of dates in a language other than English; nothing where there are no rules.

    >>> forms_of("fr").months["mai"], forms_of("xx")
    (5, None)
    """
    if language == "zh":
        either = NUMERIC.format(order="either")
        return _compile([*EXPORTED, either, *CHINESE], {})
    words = _words(language)
    if not words:
        return None
    months = _months(language)
    return _compile(_european(words, months), months)


def arabic(printed: str) -> str:
    """The numbers of a Chinese date in digits.

    >>> arabic("二〇一八"), arabic("十七"), arabic("二十"), arabic("17日至18")
    ('2018', '17', '20', '17日至18')
    """
    return regex.sub(rf"[{DIGITS}零○Ｏ十]+", _digits, printed)


def _compile(forms, months):
    """The forms in one pattern, which has all groups."""
    groups = "".join(f"(?P<{group}>)" for group in ("until", "either"))
    return Forms(regex.compile("|".join([*forms, f"(?!){groups}"])), months)


def _digits(match):
    numeral = regex.sub("[零○Ｏ]", "〇", match[0])
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return str(10 * DIGITS.index(tens or "一") + DIGITS.index(ones or "〇"))
    return "".join(str(DIGITS.index(char)) for char in numeral)


def _words(language):
    """The small words of a language by their kind, the longest first."""
    table = read_csv(Path(__file__).with_name("date_words.csv"))
    words = table[table.language == language].sort_values("word", key=lambda w: -w.str.len())
    return words.groupby("kind", sort=False).word.agg("|".join).to_dict()


def _months(language):
    data = import_module(f"dateparser.data.date_translation_data.{language}").info
    english = enumerate(MONTHS.lower().split(), 1)
    return {name.lower(): number for number, key in english for name in data[key]}


def _european(words, months):
    """Patterns for a language that prints the day before the month."""
    names = "|".join(sorted(months, key=len, reverse=True))
    month = rf"(?P<month>(?i:\b(?:{names})\b)\.?)"
    year = r"(?P<year>(?:1\d|20)\d\d)(?![\w%]|[.,/-]\d)"
    day = r"\d{1,2}(?:\.(?:º|°)?|er|º|°|ª)?"
    joint = rf"(?:\s?[-–—/,]\s?|\s(?i:{words['and']})\s)"
    of = rf"(?:(?i:{words['of']})\s+)?" if "of" in words else ""
    return [
        *EXPORTED,
        NUMERIC.format(order="ordered"),
        # 5. Mai 2018, le 1er mai, 17 al 18 de mayo de 2021
        rf"(?<![\w$£€¥]|\d[.,:/])(?P<day>{day}(?:{joint}{day}){{0,4}}+)\s?+{of}{month}"
        rf"(?:,?\s+{of}{year})?(?!\w)",
        rf"{month},?\s+{of}{year}",  # Mai 2018, mayo de 2018
        rf"(?<=\b(?i:{words['before a month']})[\s-]){month}",
        # 2015–2018
        r"(?<![\w.,:/–-])(?P<year>(?:19|20)\d\d)\s?[-–—]\s?(?P<until>(?:19|20)\d\d)"
        r"(?![\w%]|[.,/-]\d)",
        # 2018
        rf"(?<=\b(?i:{words['before a year']})\s)(?=19|20){year}"
        rf"(?!\s(?!{names})\p{{Ll}}|\s?[%€$£])",
    ]
