"""Numbers with a unit in Chinese: 2.8万亿元, 百分之三, 三成, 300余家, 廿人, 两年半, 三分之一.

A number counts where a unit of ``chinese_units.csv`` follows, or 百分之 is before it. What is not
clear is left out: ordinals (第三), 一 alone, numbers side by side (三四百), 数十, 几百, magnitudes
without a number (千万, 百年), slogans (“三个代表”). The unit is the word printed; of money its
English name.
"""

from decimal import Decimal
from math import prod
from types import SimpleNamespace
from unicodedata import numeric

import regex
from pandas import read_csv

from utils.facts.patterns import HERE, one_of, read_patterns

_LISTED = read_csv(HERE / "chinese_units.csv", keep_default_na=False)
_UNITS = _LISTED.set_index("word").T.to_dict()
_WORDS = {"unit": one_of(map(regex.escape, _UNITS))}
_TEXTS = read_patterns("chinese_patterns.toml", _WORDS, "patterns")
_PATTERNS = SimpleNamespace(**{name: regex.compile(text) for name, text in _TEXTS.items()})
_PLACES = {"thousands": 1000, "hundreds": 100, "tens": 10, "ones": 1}


def find_counted(text: str) -> list[tuple[str, float, str, str, int, int]]:
    """Every number with a unit in a Chinese text of half-width forms; a range has two.

    Each is ``(kind, number, unit, hedge, start, end)``.

    >>> [found[:4] for found in find_counted("超过2.8万元,有300余家")]
    [('money', 28000.0, 'yuan', '超过'), ('count', 300.0, '家', '余')]
    """
    return [found for match in _PATTERNS.quantity.finditer(text) for found in _read(match)]


def chinese_number(printed: str) -> float | None:
    """What a number in digits or Chinese numerals amounts to; nothing where that is not clear.

    >>> chinese_number("3万5千"), chinese_number("一百零五"), chinese_number("三四百")
    (35000.0, 105.0, None)
    """
    total = Decimal(0)
    printed = printed.replace("廿", "二十").replace("卅", "三十")
    for below, large in _PATTERNS.part.findall(_PATTERNS.point.sub(_decimal, printed)):
        value = _below_10_000(below, alone=not total)
        if value is None:
            return None
        factor = _product(large)
        total = (total + value) * factor if factor > total > 0 else total + value * factor
    return float(total) or None


def _decimal(match):
    """三点五 in digits."""
    return f"{_product(match[1])}.{''.join(str(_product(char)) for char in match[2])}"


def _product(numerals):
    """What numerals such as 万亿 amount to, multiplied; 1 where there is none."""
    return prod(int(numeric(char, 2)) for char in numerals)  # Unicode 14 gives 两 no number


def _below_10_000(printed, alone):
    """The amount before 万 or 亿; 一百五 and 三万五 are not clear: 150 and 35,000, or not?"""
    digits = _PATTERNS.in_digits.fullmatch(printed)
    if digits:
        return Decimal(digits[1].replace(",", "")) * _product(digits[2])
    numeral = _PATTERNS.numeral.fullmatch(_PATTERNS.bare_ten.sub("一十", printed))
    if not numeral or (len(printed) == 1 and not alone):
        return None
    return Decimal(sum(_product(numeral[place] or "〇") * size for place, size in _PLACES.items()))


def _read(match):
    """The quantities of a match; none of a number that counts nothing or is not clear."""
    kind = _kind(match)
    number = _number(match)
    if not (kind and number):
        return []
    hedge = _PATTERNS.hedge.match(match.string, 0, match.start())
    said = hedge[1] if hedge else match["more"] or ""
    return [
        (kind, amount * _factor(match), _unit(match), said, *span)
        for amount, span in _amounts(match, number)
        if amount
    ]


def _number(match):
    """The number with its magnitude, and the half of 两年半."""
    number = chinese_number(match["number"] + (match["scale"] or ""))
    return number + 0.5 if number and match["half"] else number


def _factor(match):
    """What makes per cent of 三成 and less than nothing of 零下5度."""
    tenths = 10 if match["unit"] == "成" else 1
    return -tenths if match["minus"] else tenths


def _amounts(match, number):
    """What is counted, with its span: of a range both ends, of 三分之一 a third."""
    if match["part"]:
        return [((chinese_number(match["part"]) or 0) / number, match.span())]
    if not match["low"]:
        return [(number, match.span())]
    low = (match.start(), match.end("low"))
    return [(_low(match), low), (number, (match.start("number"), match.end()))]


def _kind(match):
    """What the number counts; nothing of a bare number, and of 一 before what is no money."""
    if match["unit"]:
        kind = _UNITS[match["unit"]]["kind"]
        alone = match["number"] == "一" and not match["half"]
        return "" if kind == "count" and alone else kind
    kinds = {"part": "count", "percent": "percent", "sign": "money"}
    return next((kind for group, kind in kinds.items() if match[group]), "")


def _unit(match):
    """The unit as it is called."""
    if match["percent"]:
        return "%" if match["percent"][0] == "百" else "‰"
    printed = match["unit"] or match["sign"]
    return (_UNITS[printed]["unit"] or printed) if printed else ""


def _low(match):
    """The lower end of a range, which shares the 万 of the upper one if it is smaller: 5至10万."""
    low = chinese_number(match["low"])
    scale = _PATTERNS.ending.search(match["number"])[0]
    base = chinese_number(match["number"].removesuffix(scale))
    shares = low and base and low <= base
    return low * _product(scale) if shares else low
