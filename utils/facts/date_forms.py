"""How dates are printed: the patterns of ``date_patterns.toml``, language by language.

The names of months are dateparser's; no date is parsed by it, so none is completed. The small words
around months and years are in ``date_words.csv``.
"""

from functools import cache
from typing import NamedTuple

import regex
from pandas import read_csv
from regex import Pattern

from utils.corpus.formats.dates import MONTHS, numbers_of
from utils.facts.patterns import HERE, QUANTITY_WORDS, one_of, read_patterns

_OWN_SECTIONS = {"zh": ["zh"], "en": ["zh", "en"]}


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
    months = {} if language == "zh" else numbers_of(MONTHS, language)
    words = QUANTITY_WORDS.groupby("kind").word.agg(one_of).to_dict()
    words |= {"of": "(?!)", "and": "(?!)", "months": one_of(months)} | small
    own = _OWN_SECTIONS.get(language, ["european"])
    patterns = read_patterns("date_patterns.toml", words, "parts", "exported", *own)
    sign = regex.compile(patterns.pop("sign"))
    groups = r"\d(?!)(?P<until>)(?P<either>)"  # not every language has them; \d keeps it quick
    pattern = regex.compile("|".join([*patterns.values(), groups]))
    joint = regex.compile(rf"\s?(?:[-–—~～至到]|{words['and']})\s?")
    return Forms(sign, joint, pattern, months)
