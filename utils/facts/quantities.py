"""Numbers in the text -> quantities: number, unit, year, hedge, and the sentence each is in.

A quantity is a cardinal, in digits or words, that counts or measures: money, a share, things
counted, a length of time; and a printed date. These are not quantities: ordinals ("8th"), labels
and versions ("246", "Ningbo 2.0", "four-in-one"), *one* without a magnitude, clock times, and
magnitudes without a number ("tens of billions"), results ("9-2"). Money and large counts are
written out in full: 42.8 billion yuan is 42,800,000,000 yuan, half a million 500,000. The letters
*m* and *k* are magnitudes with money or where people or things are counted: no 100m final.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from decimal import Decimal
from functools import partial
from math import prod
from operator import attrgetter
from types import SimpleNamespace
from typing import NamedTuple

import pandas as pd
import regex
from pandas import DataFrame

from utils.corpus.tables import excluded, folder_of, read_side_table
from utils.corpus.words import function_words
from utils.facts.chinese_quantities import find_counted
from utils.facts.dates import HALF_WIDTH, find_dates
from utils.facts.patterns import QUANTITY_WORDS, one_of, read_patterns
from utils.facts.sentences import find_in_sentences

_WORDS = QUANTITY_WORDS.groupby("kind").word.agg(list)
_VALUE_OF = QUANTITY_WORDS.set_index("word").value
_CURRENCIES = _VALUE_OF[QUANTITY_WORDS.kind.isin(["sign", "code", "money"]).tolist()].to_dict()
_VALUES = _VALUE_OF[_VALUE_OF.str.match(r"\d")].map(Decimal).to_dict()
_MAGNITUDES = _WORDS["magnitude"]
_PLURALS = _VALUE_OF[_WORDS["measure"]]
_LISTED = read_patterns("quantity_patterns.toml", _WORDS.map(one_of).to_dict(), "patterns")
_PATTERNS = SimpleNamespace(**{name: regex.compile(text) for name, text in _LISTED.items()})
_SIGN = re.compile(_LISTED["sign"])  # here re is twice as quick as regex
_FUNCTION_WORDS = function_words()
_NOT_IN_NOUNS = _FUNCTION_WORDS.difference(_WORDS["within nouns"])
_NEAR = 200  # characters after a number that are looked at, so that long sentences stay quick
_KEYS = ["doc_id", "sentence", "number", "nth"]  # what makes two quantities the same


class Quantity(NamedTuple):
    """A quantity as printed, what it amounts to, and its span."""

    printed: str
    kind: str
    number: float | None
    unit: str
    year: int | None
    hedge: str
    start: int
    end: int


def find_quantities(text: str, language: str = "en") -> list[Quantity]:
    """Every quantity of a sentence, dates among them, in the order of the text.

    There are rules for English and Chinese, and none are found in other languages.

    ``kind`` is ``date``, ``money``, ``percent`` or ``count``; the ``number`` of a date is its
    year. ``year`` is one printed in the sentence, if it is clear that the quantity belongs to it.

    >>> found = find_quantities("In 2019 nearly 2.8% went to more than 300 research teams.")
    >>> [quantity[1:6] for quantity in found]
    [('date', 2019, 'year', 2019, ''), ('percent', 2.8, '%', 2019, 'nearly'),
     ('count', 300.0, 'research teams', 2019, 'more than')]
    """
    if language not in _FINDERS:
        return []
    dates = find_dates(text, language)
    rest = list(text) if dates else text
    for date in dates:
        rest[date.start : date.end] = "_" * len(date.printed)  # no number inside a date counts
    found = _FINDERS[language]("".join(rest), partial(_year_finder, text, dates))
    for date in dates:
        unit = "date" if date.month else "year"
        found.append(Quantity(date.printed, "date", date.year, unit, date.year, "", *date[-2:]))
    return sorted(found, key=attrgetter("start"))


def quantity_table(articles: DataFrame) -> DataFrame:
    """The quantities of the bodies, a row each, by ``find_quantities``.

    The columns are ``doc_id, sentence, printed, kind, number, unit, year, hedge, start, end``.
    ``number`` is written out in full, blank for a date; ``year`` is blank where none is clear.
    """
    table = find_in_sentences(articles, find_quantities, Quantity)
    table["number"] = table.number.where(table.kind != "date")
    return table.astype({"number": float, "year": "Int64"})


def numbers(text: str) -> set[float]:
    """Every number in ``text``, in digits or words, labels too, to check a value by its quotation.

    >>> sorted(numbers("three areas, 42.8 billion yuan, 2.0"))
    [2.0, 3.0, 42.8]
    """
    digits = regex.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    words = set(_PATTERNS.word.findall(text.lower())).difference(_MAGNITUDES)
    return {float(_VALUES.get(number) or number.replace(",", "")) for number in [*digits, *words]}


def accuracy(articles: DataFrame) -> DataFrame:
    """The quantities found beside those of the corpus's own ``quantities.csv``, a row for each.

    The columns are ``doc_id, sentence, number, unit, year, unit_found, year_found, found, right``.
    ``found`` is ``both``, ``missed`` (only in the list) or ``extra`` (not in it); ``right`` says of
    those in both whether the last word of the unit and the year agree: ``yes`` or ``no``. No rows
    for a corpus without such a list. Raises ``Mistake`` if the list cannot be read.
    """
    listed = read_side_table("quantities", folder_of(articles)).astype({"sentence": int})
    listed = listed[~listed.doc_id.isin(excluded(articles))]
    table = quantity_table(articles if len(listed) else articles.head(0))
    sides = [_comparable(side) for side in (listed, table)]
    both = sides[0].merge(sides[1], "outer", _KEYS, suffixes=("", "_found"), indicator="found")
    codes = {"left_only": "missed", "right_only": "extra"}
    both["found"] = both.found.cat.rename_categories(codes).astype(str)
    right = (both.noun == both.noun_found) & (both.year == both.year_found)
    both["right"] = right.map({True: "yes", False: "no"}).where(both.found == "both", "")
    return both.drop(columns=["nth", "noun", "noun_found"])


def precision_and_recall(compared: DataFrame) -> dict[str, tuple[int, int]]:
    """Of ``accuracy``: ``precision``, ``recall``, and ``unit and year`` right, each as k of n."""
    found = compared.found.tolist()
    both = found.count("both")
    return {
        "precision": (both, both + found.count("extra")),
        "recall": (both, both + found.count("missed")),
        "unit and year": (compared.right.tolist().count("yes"), both),
    }


def _find_english(text, year_finder):
    if not _SIGN.search(text.casefold()):  # most sentences have no number
        return []
    year_of = year_finder()
    return [
        quantity
        for match in _PATTERNS.quantity.finditer(text)
        if not _is_label(match)
        for quantity in _read_match(match, year_of)
    ]


def _find_chinese(text, year_finder):
    year_of = year_finder()
    return [
        Quantity(text[start:end], kind, number, unit, year_of(start, end), hedge, start, end)
        for kind, number, unit, hedge, start, end in find_counted(text.translate(HALF_WIDTH))
    ]


_FINDERS = {"en": _find_english, "zh": _find_chinese}
"""What finds the quantities of a sentence, in the languages that have rules."""


def _comparable(table):
    """A list of quantities with ``noun``, the unit's last word, and ``nth`` of equal numbers."""
    values = table[["number", "year"]].apply(pd.to_numeric).astype(float)
    table = table[["doc_id", "sentence", "unit"]].assign(
        number=values.number.fillna(values.year).fillna(0),
        year=values.year.fillna(0),
        noun=table.unit.str.split().str[-1].str.lower(),
    )
    return table.assign(nth=table.groupby(_KEYS[:3]).cumcount())


def _year_finder(text, dates):
    """What says which year of a sentence a quantity from ``start`` to ``end`` belongs to.

    It is the year that follows at once, else the only one of the clause; where the clause has none
    and one is before it, it is the only one of the sentence.
    """
    dates = [date for date in dates if date.year]
    starts = list(map(attrgetter("start"), dates))
    edges = [match.start() for match in _PATTERNS.clause_edge.finditer(text)]
    of_clause = defaultdict(set)
    for date in dates:
        of_clause[bisect_left(edges, date.start)].add(date.year)
    all_years = set().union(*of_clause.values())

    def year_of(start, end):
        following = bisect_left(starts, end)
        if _follows_at_once(text, end, starts[following : following + 1]):
            return dates[following].year
        years = of_clause.get(bisect_left(edges, start)) or (all_years if following else ())
        return min(years) if len(years) == 1 else None

    return year_of


def _follows_at_once(text, end, starts):
    return any(
        start - end < _NEAR and _PATTERNS.before_its_year.fullmatch(text, end, start)
        for start in starts
    )


def _before(pattern, match):
    """What a pattern that is read backwards finds at once before the quantity."""
    return pattern.match(match.string, 0, match.start())


def _is_label(match):
    """Whether the number names a thing and counts nothing, or is a magnitude without a number."""
    number = match["number"].lower()
    if number == "a score" or number.startswith(tuple(_MAGNITUDES)):
        return True
    if any(match.group("before", "percent", "after")):
        return False
    if match["scale"]:
        return match["scale"] != "m" and not _is_magnitude(match, match["scale"])
    return number == "one" or _is_score(match) or _names_a_thing(match)


def _is_score(match):
    """9-2 is a result, and no range."""
    if not match["low"] or match["to"].strip() not in ("-", "–"):
        return False
    return _value(match["low"]) >= _value(match["number"])


def _is_magnitude(match, scale):
    """Whether what follows a number is one: 5m people, but no 100m final."""
    if len(scale) > 1 or any(match.group("before", "after")):
        return True
    if _PATTERNS.measured.match(match.string, match.end()) or _before(_PATTERNS.one_thing, match):
        return False
    *_, noun = _noun(match).lower().rpartition(" ")
    before = _before(_PATTERNS.amounts, match) or _before(_PATTERNS.hedge, match)
    return _is_plural(noun) or bool(before)


def _names_a_thing(match):
    """Phase 2, the “246” clusters, the Four Top enterprises, the Five-Year Plan."""
    start, end = match.span()
    quoted = match.string[max(start - 1, 0) : start] + match.string[end : end + 1]
    if _before(_PATTERNS.label, match) or quoted in ("“”", '""', "''", "‘’"):
        return True
    if _PATTERNS.name_after.match(match.string, start):
        return True
    if match["number"][0].isupper() and not _before(_PATTERNS.begun, match):
        name = _PATTERNS.named.match(match.string, match.end("number"))
        return bool(name or _before(_PATTERNS.name_before, match))
    return _follows_name(match)


def _follows_name(match):
    """Whether the number is part of a name: Nottingham Ningbo 2.0, the FTSE 100 fell."""
    name = _before(_PATTERNS.name_before, match)
    if not name or name[1].lower() in _FUNCTION_WORDS or _before(_PATTERNS.hedge, match):
        return False
    noun = _noun(match).lower()
    if not (noun and _PATTERNS.lower.match(match.string, match.end())):
        return True
    return not (_is_no_code(match) or any(map(_is_plural, noun.split())))


def _is_no_code(match):
    """Whether a number is none that names have: in Leeds 40 left, of Tesco 4,000."""
    number = match["number"]
    in_code = number[0].isdecimal() and "," not in number
    return not in_code or _before(_PATTERNS.place_before, match)


def _read_match(match, year_of):
    """One quantity, or the two ends of a range, which share their unit and magnitude."""
    spans = {"number": match.span()}
    if match["low"]:
        low = (match.start(), match.start("to"))
        spans = {"low": low, "number": (match.end("to"), match.end())}
    hedge = _before(_PATTERNS.hedge, match)
    hedged = hedge[1].lower() if hedge else ""
    unit, kind = _printed_unit(match) or _counted_unit(match)
    return [
        Quantity(
            match.string[start:end],
            kind,
            _amount(match, name, start),
            unit,
            year_of(start, end),
            hedged,
            start,
            end,
        )
        for name, (start, end) in spans.items()
    ]


def _amount(match, name, start):
    """What a number amounts to with its magnitude: 800,000 is itself in "800,000 to 1 million"."""
    value = _value(match[name])
    scale = match["scale"]
    if name == "low":
        shared = value <= _value(match["number"])
        scale = match["low_scale"] or (shared and scale)
    if scale and _is_magnitude(match, scale):
        value *= prod(_VALUES[word.removesuffix("s")] for word in scale.lower().split())
    if _PATTERNS.negative.match(match.string, start):
        value = -value
    return round(float(value), 6)


def _value(number):
    """What a number in digits or words amounts to, exactly."""
    total = Decimal(0)
    current = Decimal(0)
    magnitude = 1
    for item in _PATTERNS.item.findall(number.lower()):
        value = _item(item)
        if item in _MAGNITUDES:
            magnitude = value
            value *= current or 1
            current = Decimal(0)
        elif total and value < 1:  # a million and a half
            value *= magnitude
        current += value
        if item in _MAGNITUDES and magnitude >= 1000:
            total += current
            current = Decimal(0)
    return total + current


def _item(item):
    """What digits, a word or three quarters amount to."""
    if item[0].isdecimal():
        top, _, bottom = regex.sub(r"[,\s]", "", item).partition("/")
        return Decimal(top) / Decimal(bottom or 1)
    return prod(_VALUES.get(word.removesuffix("s"), 1) for word in item.replace("-", " ").split())


def _printed_unit(match):
    """16 billion yuan, $1.06 billion, 2.8%, 3.5 percentage points, a five-year plan, 20 km.

    A dollar that is not in the table keeps its sign: S$.
    """
    money = match["before"] or match["after"]
    if money:
        return _CURRENCIES.get(money.lower().strip(" .").split()[-1], money), "money"
    if match["percent"]:
        return "percentage points" if "point" in match["percent"] else "%", "percent"
    if match["measure"]:
        return _PLURALS[match["measure"].lower().removesuffix("s")], "count"
    unit = match["unit"] or _metres(match)
    return (unit.lower(), "count") if unit else None


def _metres(match):
    return "m" if match["scale"] == "m" and not _is_magnitude(match, "m") else ""


def _counted_unit(match):
    """17 firms, a population of about 140,000, or the age in "Li Wei, 45, said"."""
    if match.string[match.end() : match.end() + 1] in (",", ".") and _before(_PATTERNS.aged, match):
        return "years", "count"
    noun = _noun(match)
    if not noun:
        hedge = _before(_PATTERNS.hedge, match)
        before = _PATTERNS.counted_before.match(match.string, 0, (hedge or match).start())
        noun = before[1] if before and before[1].lower() not in _FUNCTION_WORDS else ""
    return noun, "count"


def _noun(match):
    """The noun counted, with its adjectives: to the first plural, or up to a function word."""
    words = []
    end = match.end()
    for word in _PATTERNS.noun_phrase.match(match.string, end, end + _NEAR)[0].split():
        plain = word.strip('"“”').lower()
        digit = plain[:1].isdigit()
        if not words and (digit or plain in _WORDS["not a noun"]):
            continue
        if digit or plain in _NOT_IN_NOUNS:
            break
        words.append(word)
        if _is_plural(plain):
            break
    return _PATTERNS.last_and.sub("", " ".join(words))


def _is_plural(word):
    ending = _PATTERNS.ends_as_plural.fullmatch(word)
    return word in _WORDS["plural"] or (ending and word not in _WORDS["not a plural"])
