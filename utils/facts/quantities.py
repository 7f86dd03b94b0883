"""Numbers in the text -> quantities: number, unit, year, hedge, and the sentence each is in.

A quantity is a cardinal, in digits or words, that counts or measures: money, a share, things
counted, a length of time; and a printed date. These are not quantities: ordinals ("8th"), labels
and versions ("246", "Ningbo 2.0", "four-in-one"), *one* without a magnitude, clock times, and
magnitudes without a number ("tens of billions"). Money and large counts are written out in full:
42.8 billion yuan is 42,800,000,000 yuan.
"""

from bisect import bisect_left
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex
from pandas import DataFrame

from utils.corpus.tables import folder_of, read_side_table
from utils.corpus.words import function_words
from utils.facts.dates import find_dates, find_in_sentences

_LISTED = pd.read_csv(Path(__file__).with_name("quantity_words.csv"), keep_default_na=False)
_WORDS = _LISTED.groupby("kind").word.agg(list)
_VALUES = _LISTED.set_index("word").value.to_dict()
_MAGNITUDES = _WORDS["magnitude"]
_WORD = "(?:" + "|".join(_WORDS["number"] + _MAGNITUDES) + ")"  # "sixteen" is before "six"
_NUMBER = (
    rf"(?>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_WORD}(?:(?:[\s-]|\sand\s){_WORD})*)"
)
_MEASURE = (
    "(?:year|month|week|day|hour|minute|(?:nano|kilo)?met(?:er|re)|acre|hectare|tonne|point"
    "|storey)s?"
)
_QUANTITY = regex.compile(
    rf"""(?i)(?<![\w.,:/&+-]|\d\s?[-–]|\d\s)
    (?P<before>\b[a-z]{{1,2}}\$|[$£€¥]|\b(?:rmb|cny|usd|gbp)\s?)?
    (?:(?P<low>{_NUMBER})
      (?:\s?[-–]\s?|\s(?:to|or)\s|(?<=\bbetween\s\S+)\sand\s)
      (?=[a-z]{{0,2}}[\d$£€¥]|{_WORD}\b)(?:[a-z]{{0,2}}[$£€¥])?)?
    (?P<number>{_NUMBER})
    (?:\s?(?P<scale>hundred|thousand|million|billion|trillion|[mbt]n)\b|(?P<scale>[mk])\b)?
    (?:\s?(?P<percent>%|per\s?cent\b|percentage\spoints?\b)
      |\s(?P<after>yuan|rmb|renminbi|(?:u\.?s\.?\s)?dollars?|pounds?|euros?)\b
      |-(?P<measure>{_MEASURE})\b
      |\s?(?P<unit>km|kg|mw|gw|kwh|hectares?)\b)?
    (?![\w/:-]|[.,]\d|\s\d|\s?(?:[ap]\.?m\b|gmt\b|o’clock)|\sin\s(?:\d|{_WORD}\b))""",
    regex.VERBOSE,
)
_HEDGE = regex.compile(
    r"(?i)\b(?:(?:more|less|fewer|no more) than|nearly|almost|about|around|approximately|roughly"
    r"|over|under|some|up to|at (?:least|most)|as (?:many|much) as|close to|above|below"
    r"|more than an estimated|an estimated)\s$"
)
_COUNTED_BEFORE = regex.compile(r"(?i)\b(\w+)\s(?:of|is|was|reached|stood at)\s$")
_LABEL = regex.compile(  # with brackets round the number
    r"(?i:\b(?:no\.?|number|article|fortune|top|page|room|phase|type|tier|section|chapter|grade"
    r"|version|release|model|line|route|junction|gate|platform|levels?|floors?|building"
    r"|(?:one|two|three) in)\s⟨)"  # Phase 2
    r"|[\"“'‘]⟨[^⟩]*⟩[\"”'’]"  # the “246” clusters
    r"|(?s:\S.*)⟨\p{Lu}[^⟩]*⟩\s[A-Z]"  # the Four Top enterprises
    rf"|-(?=\p{{Lu}})(?i:{_MEASURE})⟩"  # the Five-Year Plan
)
_YEARS = regex.compile(r"(19|20)\d\d([-–](19|20)?\d\d)?")
_BEFORE_ITS_YEAR = regex.compile(
    r"(?:\s*(?:and|respectively|in|by|[$£€¥]?[\d.,]+|million|billion|trillion|yuan|%)\b%?)*\s*"
)
_CLAUSE_EDGE = regex.compile(r"[,;:](?!\d)|\s(?:while|compared with|and in)\s")
_FUNCTION_WORDS = function_words()
_NOT_IN_NOUNS = _FUNCTION_WORDS.difference(_WORDS["within nouns"])
_NEAR = 100  # characters before a number that are looked at, so that long sentences stay quick
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


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity of a sentence, dates among them, in the order of the text.

    ``kind`` is ``date``, ``money``, ``percent`` or ``count``; the ``number`` of a date is its
    year. ``year`` is one printed in the sentence, if it is clear that the quantity belongs to it.

    >>> found = find_quantities("In 2019 nearly 2.8% went to more than 300 research teams.")
    >>> [quantity[1:6] for quantity in found]
    [('date', 2019, 'year', 2019, ''), ('percent', 2.8, '%', 2019, 'nearly'),
     ('count', 300, 'research teams', 2019, 'more than')]
    """
    found = []
    rest = text
    for date in find_dates(text):
        unit = "date" if date.month else "year"
        found.append(Quantity(date.printed, "date", date.year, unit, None, "", *date[-2:]))
        # A number inside a date counts nothing.
        rest = rest[: date.start] + "_" * len(date.printed) + rest[date.end :]
    for match in _QUANTITY.finditer(rest):
        if not _is_label(match):
            found += _read_match(match)
    found.sort(key=attrgetter("start"))
    years = [quantity for quantity in found if quantity.kind == "date" and quantity.number]
    return [quantity._replace(year=_year_of(text, quantity, years)) for quantity in found]


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
    words = set(regex.findall(rf"\b{_WORD}\b", text.lower())).difference(_MAGNITUDES)
    return {float(_VALUES.get(number) or number.replace(",", "")) for number in [*digits, *words]}


def accuracy(articles: DataFrame) -> DataFrame:
    """The quantities found beside those of the corpus's own ``quantities.csv``, a row for each.

    The columns are ``doc_id, sentence, number, unit, year, unit_found, year_found, found, right``.
    ``found`` is ``both``, ``missed`` (only in the list) or ``extra`` (not in it); ``right`` says of
    those in both whether the last word of the unit and the year agree: ``yes`` or ``no``. No rows
    for a corpus without such a list. Raises ``Mistake`` if the list cannot be read.
    """
    listed = read_side_table("quantities", folder_of(articles)).astype({"sentence": int})
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


def _comparable(table):
    """A list of quantities with ``noun``, the unit's last word, and ``nth`` of equal numbers."""
    values = table[["number", "year"]].apply(pd.to_numeric).astype(float)
    table = table[["doc_id", "sentence", "unit"]].assign(
        number=values.number.fillna(values.year).fillna(0),
        year=values.year.fillna(0),
        noun=table.unit.str.split().str[-1].str.lower(),
    )
    return table.assign(nth=table.groupby(_KEYS[:3]).cumcount())


def _year_of(text, quantity, years):
    """A date's own year; a year that follows at once; else the only one of the clause."""
    if quantity.kind == "date":
        return quantity.number
    for year in years:
        between = text[quantity.end : year.start]
        if quantity.end <= year.start and _BEFORE_ITS_YEAR.fullmatch(between):
            return year.number
    different = {year.number for year in _years_of_clause(text, quantity, years)}
    return different.pop() if len(different) == 1 else None


def _years_of_clause(text, quantity, years):
    """The years in the quantity's clause; if none is, all of the sentence, if one is before it."""
    edges = [match.start() for match in _CLAUSE_EDGE.finditer(text)]
    clause = bisect_left(edges, quantity.start)
    near = [year for year in years if bisect_left(edges, year.start) == clause]
    earlier = [year for year in years if year.start < quantity.start]
    return years if earlier and not near else near


def _left(match):
    return match.string[max(match.start() - _NEAR, 0) : match.start()]


def _right(match):
    return match.string[match.end() :]


def _is_label(match):
    """Whether the number names a thing and counts nothing."""
    if match["before"] or match["percent"] or match["after"]:
        return False
    if match["number"].lower() in ("one", *_MAGNITUDES):
        return not match["scale"] and not regex.search(r"(?i)\ba\s$", _left(match))
    printed = match.string[match.start("number") : match.end()]
    return _LABEL.search(f"{_left(match)}⟨{printed}⟩{_right(match)}") or _follows_name(match)


def _follows_name(match):
    """Nottingham Ningbo 2.0; but "In Ningbo 15 firms" counts firms."""
    name = regex.search(r"([A-Z]\w*)\s$", _left(match))
    if not name or name[1].lower() in _FUNCTION_WORDS or _HEDGE.search(_left(match)):
        return False
    return not (regex.match(r"[\s\"“]+[a-z]", _right(match)) and _noun(_right(match)))


def _read_match(match):
    """One quantity, or the two ends of a range, which share their unit and magnitude."""
    spans = {"number": match.span()}
    if match["low"]:
        spans = {
            "low": (match.start(), match.end("low")),
            "number": (match.start("number"), match.end()),
        }
    hedge = _HEDGE.search(_left(match))
    hedged = hedge.group().strip().lower() if hedge else ""
    unit, kind = _year_unit(match) or _printed_unit(match) or _counted_unit(match)
    read_number = _year if kind == "date" else _amount
    return [
        Quantity(
            match.string[start:end], kind, read_number(match, name), unit, None, hedged, start, end
        )
        for name, (start, end) in spans.items()
    ]


def _amount(match, name):
    """What a number amounts to with its magnitude: 800,000 is itself in "800,000 to 1 million"."""
    value = _value(match[name])
    if value < 1000 and match["scale"]:
        value *= int(_VALUES[match["scale"].lower()])
    return round(value, 6)


def _value(number):
    """What a number in digits or words amounts to."""
    if number[0].isdigit():
        plain = number.replace(",", "")
        return float(plain) if "." in plain else int(plain)
    total = 0
    current = 0
    for word in regex.findall(_WORD, number.lower()):
        value = int(_VALUES[word])
        if word not in _MAGNITUDES:
            current += value
            continue
        current = max(current, 1) * value
        if value >= 1000:
            total += current
            current = 0
    return total + current


def _year(match, name):
    """The year of one end of a span: the 16 of 2015-16 is 2016."""
    century = match["low"][:2] if len(match[name]) == 2 else ""
    return int(century + match[name])


def _year_unit(match):
    """A bare year, or a span such as 2015-16; but "2000 students" counts students."""
    if _HEDGE.search(_left(match)) or not _YEARS.fullmatch(match.group()):
        return None
    counted = not match["low"] and regex.match(r"\s[a-z]\w*s\b", _right(match))
    return None if counted else ("year", "date")


def _printed_unit(match):
    """16 billion yuan, $1.06 billion, 2.8%, 3.5 percentage points, a five-year plan, 20 km.

    A dollar that is not in the table keeps its sign: S$.
    """
    money = match["before"] or match["after"]
    if money:
        return _VALUES.get(money.lower().split()[-1], money), "money"
    if match["percent"]:
        return "percentage points" if "point" in match["percent"] else "%", "percent"
    if match["measure"]:
        return match["measure"].lower().removesuffix("s") + "s", "count"
    return (match["unit"].lower(), "count") if match["unit"] else None


def _counted_unit(match):
    """17 firms, a population of about 140,000, or the age in "Li Wei, 45, said"."""
    if regex.search(r"[A-Z]\w+, $", _left(match)) and regex.match("[,.]", _right(match)):
        return "years", "count"
    before = _COUNTED_BEFORE.search(_HEDGE.sub("", _left(match)))
    return _noun(_right(match)) or (before[1] if before else ""), "count"


def _noun(right):
    """The noun counted, with its adjectives: to the first plural, or up to a function word."""
    words = []
    for word in regex.match(r"(?:[\s\"“”]+[\w&'’-]+[\"”]?){0,9}", right)[0].split():
        plain = word.strip('"“”').lower()
        digit = plain[:1].isdigit()
        if not words and (digit or plain in _WORDS["not a noun"]):
            continue
        if digit or plain in _NOT_IN_NOUNS:
            break
        words.append(word)
        if _is_plural(plain):
            break
    return regex.sub(r"(\s(and|or))+$", "", " ".join(words))


def _is_plural(word):
    ending = regex.fullmatch(r"[\w-]{2,}(?<![sui])s", word)
    return word in _WORDS["plural"] or (ending and word not in _WORDS["not a plural"])
