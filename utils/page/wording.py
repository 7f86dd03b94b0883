"""The words for codes, and how counts and lists become words."""

from collections.abc import Iterable

VERDICT_WORDS = {
    "more": "more frequent",
    "less": "less frequent",
    "one article": "due to one article",
    "uneven": "in fewer articles than chance gives",
    "even": "more even than chance gives",
    "chance": "as chance could give",
    "alike": "about as frequent",
    "weak": "barely beyond counting error",
    "no difference": "no clear difference",
    "description": "one article on a side: described only",
    "size only": "size of the difference only",
    "stable": "more stable than shuffled text",
    "unstable": "no more stable than shuffled text",
    "holds": "holds",
    "fails": "does not follow",
    "untested": "cannot be tested",
    "too few": "too few to tell",
}
CODE_WORDS = {
    "verdict": VERDICT_WORDS,
    "query": {"search term": "search term", "name": "part of a name"},
    "voice": {"speaks": "quoted or reported", "silent": "not quoted"},
    "found": {"both": "found by both", "missed": "missed", "extra": "extracted only"},
    "remark": {"unmatched": "matches nothing", "shared": "shares matches with another theme"},
    "measure": {
        "growth": "% a year",
        "sum": "sum of the values",
        "part": "sum of the parts",
        "list": "parts named",
        "order": "days after the release",
        "other": "",
    },
    "precision": {
        "day": "to the day",
        "month": "to the month",
        "year": "to the year",
        "day, no year": "a day without a year",
        "month, no year": "a month without a year",
    },
}
"""The words of each kind of code; a code without words is shown as it is."""

CAUTIONED = ("more", "less", "one article")  # verdicts that a confounded grouping puts in doubt
CONFOUNDED = "not to be told apart from {columns}"
QUANTITY_KINDS = {
    "count": ("count",),
    "date": ("date",),
    "money": ("sum of money", "sums of money"),
    "percent": ("percentage",),
}
LAST_SPELT = 12
REASONS = {
    "unknown": "the metadata do not give {columns} for every article",
    "no overlap": "the groups have no {columns} in common",
    "one value": "all articles of one group have the same {columns}",
}
_SPELT = "none, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve"


def count(number: int, noun: str, plural: str = "") -> str:
    """Number in digits and noun, the noun in the plural where it should be.

    >>> count(1, "article"), count(1200, "article"), count(2, "body", "bodies")
    ('1 article', '1,200 articles', '2 bodies')
    """
    return f"{number:,} {_inflect(number, noun, plural)}"


def count_word(number: int, noun: str, plural: str = "") -> str:
    """The same with numbers up to twelve in words.

    >>> count_word(0, "article"), count_word(3, "article"), count_word(13, "article")
    ('no articles', 'three articles', '13 articles')
    """
    return f"{words_of(number) if number else 'no'} {_inflect(number, noun, plural)}"


def words_of(number: int) -> str:
    """A number up to twelve in words, a larger one in digits.

    >>> words_of(0), words_of(12), words_of(1300)
    ('none', 'twelve', '1,300')
    """
    return _SPELT.split(", ")[number] if number <= LAST_SPELT else f"{number:,}"


def is_or_are(number: int) -> str:
    """The verb for so many things.

    >>> is_or_are(1), is_or_are(2)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"


def _inflect(number: int, noun: str, plural: str) -> str:
    return noun if number == 1 else plural or f"{noun}s"


def join_words(
    words: Iterable[str], most: int = 0, last: str = " and ", between: str = ", "
) -> str:
    """Words as a list in a sentence; with ``most``, no more than that many are named.

    >>> join_words(["a", "b", "c"]), join_words(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    named = list(words)
    if most and len(named) > most:
        named = [*named[:most], f"{len(named) - most:,} more"]
    return last.join(filter(None, [between.join(named[:-1]), *named[-1:]]))


def quoted(words: str) -> str:
    """Words of a text in quotation marks.

    >>> quoted("held")
    '“held”'
    """
    return f"“{words}”"


def percent(share: float) -> str:
    """A share as a percentage, to one decimal within one per cent of none or all.

    >>> percent(0.273), percent(0.004), percent(1)
    ('27%', '0.4%', '100%')
    """
    decimals = 1 if 0 < min(share, 1 - share) < 0.01 else 0
    return f"{share:.{decimals}%}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end.

    >>> sentence("no word differs"), sentence("He said “yes.”")
    ('No word differs.', 'He said “yes.”')
    """
    ended = text.rstrip("”’\"'").endswith((".", "!", "?", "…"))
    return text[:1].upper() + text[1:] + ("" if ended else ".")
