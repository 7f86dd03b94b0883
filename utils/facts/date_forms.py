"""How dates are printed: the patterns of ``date_patterns.toml``, language by language.

The names of months are dateparser's; no date is parsed by it, so none is completed. The small words
around months and years are in ``date_words.csv``.
"""

from functools import cache
from importlib import import_module
from typing import NamedTuple

import regex
from pandas import read_csv
from regex import Pattern

from utils.facts.patterns import HERE, QUANTITY_WORDS, one_of, read_patterns

_MONTHS = "january february march april may june july august september october november december"
_OWN_SECTIONS = {"zh": ["zh"], "en": ["zh", "en"]}
_ARABIC = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")


class Forms(NamedTuple):
    """Dates of a language: what each has in it, what joins two, their pattern, months by name."""

    sign: Pattern
    joint: Pattern
    pattern: Pattern
    months: dict[str, int]


@cache
def forms_of(language: str) -> Forms | None:
    """The forms of dates in a language; nothing where there are no rules.

    >>> forms_of("fr").months["mai"], forms_of("xx")
    (5, None)
    """
    table = read_csv(HERE / "date_words.csv")
    small = table[table.language == language].groupby("kind").word.agg(one_of).to_dict()
    if not small and language != "zh":
        return None
    months = {} if language == "zh" else _months(language)
    words = QUANTITY_WORDS.groupby("kind").word.agg(one_of).to_dict()
    words |= {"of": "(?!)", "and": "(?!)", "months": one_of(months)} | small
    own = _OWN_SECTIONS.get(language, ["european"])
    patterns = read_patterns("date_patterns.toml", words, "parts", "exported", *own)
    sign = regex.compile(patterns.pop("sign"))
    groups = r"\d(?!)(?P<until>)(?P<either>)"  # not every language has them; \d keeps it quick
    pattern = regex.compile("|".join([*patterns.values(), groups]))
    joint = regex.compile(rf"\s?(?:[-–—~～至到]|{words['and']})\s?")
    return Forms(sign, joint, pattern, months)


def arabic(printed: str) -> str:
    """The numbers of a Chinese date in digits.

    >>> arabic("二〇一八"), arabic("十七"), arabic("二十"), arabic("17日至18")
    ('2018', '17', '20', '17日至18')
    """
    return regex.sub("[〇零○Ｏ一二三四五六七八九十]+", _digits, printed)


def _digits(match):
    tens, ten, ones = match[0].translate(_ARABIC).partition("十")
    return str(10 * int(tens or 1) + int(ones or 0)) if ten else tens


def _months(language):
    data = import_module(f"dateparser.data.date_translation_data.{language}").info
    english = enumerate(_MONTHS.split(), 1)
    return {name.lower(): number for number, key in english for name in data[key]}
