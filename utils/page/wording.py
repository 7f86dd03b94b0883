"""The words for codes, and how counts and lists become words.

The words of codes are in ``codes.csv``: a row for each code of a kind, such as a verdict.
"""

from collections.abc import Iterable
from datetime import datetime
from math import ceil, log10
from pathlib import Path

from babel.dates import format_date
from pandas import read_csv

_CODES = read_csv(Path(__file__).with_name("codes.csv"), keep_default_na=False)
CODE_WORDS = {kind: rows.set_index("code").words.to_dict() for kind, rows in _CODES.groupby("kind")}
"""The words of each kind of code; a code without words is shown as it is."""

CAUTIONED = ("more", "less", "one article")  # verdicts that a confounded grouping puts in doubt
CONFOUNDED = "not to be told apart from {columns}"
_DATES = {4: ("%Y", "y"), 7: ("%Y-%m", "MMMM y"), 10: ("%Y-%m-%d", "d MMMM y")}
"""How a date of so many characters is read, and how it is written."""
_SPELT = "none one two three four five six seven eight nine ten eleven twelve".split()


def count(number: int, noun: str, plural: str = "") -> str:
    """Number in digits and noun, the noun in the plural where it should be.

    >>> count(1, "article"), count(1200, "article"), count(2, "body", "bodies")
    ('1 article', '1,200 articles', '2 bodies')
    """
    return f"{number:,} {inflect(number, noun, plural)}"


def count_word(number: int, noun: str, plural: str = "") -> str:
    """The same with numbers up to twelve in words.

    >>> count_word(0, "article"), count_word(3, "article"), count_word(13, "article")
    ('no articles', 'three articles', '13 articles')
    """
    return f"{words_of(number) if number else 'no'} {inflect(number, noun, plural)}"


def words_of(number: int) -> str:
    """A number up to twelve in words, a larger one in digits.

    >>> words_of(0), words_of(12), words_of(1300)
    ('none', 'twelve', '1,300')
    """
    return _SPELT[number] if number < len(_SPELT) else f"{number:,}"


def words_of_all(*numbers: int) -> dict[int, str]:
    """Each number of one sentence, in words where all are at most twelve; none is a word always.

    >>> words_of_all(3, 12), words_of_all(0, 14)
    ({3: 'three', 12: 'twelve'}, {0: 'none', 14: '14'})
    """
    spelt = max(numbers, default=0) < len(_SPELT)
    return {n: words_of(n) if spelt or not n else f"{n:,}" for n in numbers}


def inflect(number: int, one: str, several: str = "") -> str:
    """The form of a noun or a verb for so many things, with an "s" where no other is given.

    >>> inflect(1, "article"), inflect(2, "article"), inflect(2, "is", "are")
    ('article', 'articles', 'are')
    """
    return one if number == 1 else several or f"{one}s"


def each_of_first(shown: int, every: int, noun: str) -> str:
    """Of which things something is shown: of each, or of the first of so many.

    >>> each_of_first(2, 2, "word"), each_of_first(7, 232, "word")
    ('each word', 'each of the first 7 of 232 words')
    """
    return (
        f"each of the first {shown:,} of {count(every, noun)}" if shown < every else f"each {noun}"
    )


def join_words(
    words: Iterable[str], most: int = 0, last: str = " and ", between: str = ", "
) -> str:
    """Words as a list in a sentence; with ``most``, of more than one beyond that many the number.

    >>> join_words(["a", "b", "c"], most=2), join_words(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    named = list(words)
    if most and len(named) > most + 1:
        named = [*named[:most], f"{len(named) - most:,} more"]
    return last.join(filter(None, [between.join(named[:-1]), *named[-1:]]))


def quoted(words: str) -> str:
    """Words of a text in quotation marks.

    >>> quoted("held")
    '“held”'
    """
    return f"“{words}”"


def date_in_words(date: str) -> str:
    """A date as a reader has it; what is no date of the metadata stays as it is.

    >>> date_in_words("2018-06-01"), date_in_words("May")
    ('1 June 2018', 'May')
    """
    read, written = _DATES.get(len(date), ("", ""))
    try:
        return format_date(datetime.strptime(date, read), written, "en_GB")
    except ValueError:
        return date


def percent(share: float, decimals: int = 0) -> str:
    """A share as a percentage, with up to two decimals near none and near all to tell it from them.

    >>> percent(0.273), percent(0.004), percent(0.99994), percent(1), percent(0.0000007)
    ('27%', '0.4%', '>99.99%', '100%', '<0.01%')
    """
    rest = round(min(share, 1 - share), 9)  # a bound of an interval may be the least bit off
    if 0 < rest < 0.0001:
        return "<0.01%" if share < 0.5 else ">99.99%"
    needed = ceil(-log10(rest)) - 2 if 0 < rest < 0.01 else 0
    return f"{share:.{max(decimals, needed)}%}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end.

    >>> sentence("no word differs"), sentence("He said “yes.”")
    ('No word differs.', 'He said “yes.”')
    """
    ended = text.rstrip("”’\"'").endswith((".", "!", "?", "…"))
    return text[:1].upper() + text[1:] + ("" if ended else ".")
