"""Numbers with a unit in Chinese: 2.8万亿元, 百分之三, 10%, 300余家, 三百人, 两个, 三分之一.

A number counts where a unit of ``chinese_units.csv`` follows, or 百分之 is before it. What is not
clear is left out: ordinals (第三), 一 alone, numbers side by side (三四百), 数十, 几百, magnitudes
without a number (千万, 百年). The unit is the word printed; of money its English name.
"""

from decimal import Decimal
from math import prod
from pathlib import Path
from typing import NamedTuple

import regex
from pandas import read_csv

_LISTED = read_csv(Path(__file__).with_name("chinese_units.csv"), keep_default_na=False)
_UNITS = _LISTED.set_index("word").T.to_dict()
_ONES = {
    char: n for n, same in enumerate("〇零 一 二两兩 三 四 五 六 七 八 九".split()) for char in same
}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ONE = "".join(_ONES)
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,9}|\d{1,15})(?:\.\d{1,9})?"
_BELOW_10_000 = rf"(?:{_DIGITS}[百千]?|[{_ONE}十百千]{{1,9}}(?:[点點][{_ONE}]{{1,9}})?)"
_NUMBER = rf"{_BELOW_10_000}(?:[万萬亿億]{{1,2}}{_BELOW_10_000}){{0,3}}[万萬亿億]{{0,2}}"
_UNIT = "|".join(sorted(map(regex.escape, _UNITS), key=len, reverse=True))
_OTHER_WORD = (  # 三年级, 60年代, 两个人; 5元素 counts no yuan
    r"(?!(?<=年)[级級代初底末度中_]|(?<=天)[津然下空]|(?<=元)[素旦宵]|(?<=人)[大民工]|(?<=名)[单單]"
    r"|(?<=家)[庭乡鄉]|(?<=位)[置于於]|(?<=周)[边邊]|(?<=米)[兰蘭])"
)
_QUANTITY = regex.compile(
    rf"""(?<![\w&&[{_ONE}十百千万萬亿億几幾数數第\da-zA-Z]]|[\d][.,:/]|[-+−–])
    (?P<sign>[$£€¥])?(?P<percent>[百千]分之)?
    (?:(?P<low>{_NUMBER})%?\s?(?:[-–—~至到]|——)\s?)?
    (?P<number>{_NUMBER})(?:(?P<more>[多余餘])(?P<scale>[万萬亿億]{{0,2}}))?
    (?:分之(?P<part>{_NUMBER})|\s?(?P<unit>{_UNIT}){_OTHER_WORD}|(?=[^{_ONE}十百千万萬亿億\d]|$))
    """,
    regex.VERBOSE | regex.VERSION1,
)
_HEDGE = regex.compile(  # read backwards from the number
    "(?r)(不到|不足|超过|超過|超|逾|近|约|約|大约|大約|至少|至多|多达|多達|高达|高達|将近|將近|接近)[为為合有]?"
)
_PART = regex.compile(r"([^万萬亿億]*)((?<=.)[万萬亿億]*)(?<=.)")
_SOME = f"[{_ONE[2:]}]"
_NUMERAL = regex.compile(
    rf"(?:(?P<thousands>{_SOME})千)?(?:[零〇]?(?P<hundreds>{_SOME})百)?"
    rf"(?:[零〇]?(?P<tens>{_SOME})十(?P<ones>{_SOME})?|[零〇](?P<ones>{_SOME})"
    rf"|(?<![千百])(?P<ones>{_SOME}))?"
)
_PLACES = {"thousands": 1000, "hundreds": 100, "tens": 10, "ones": 1}
_IN_DIGITS = regex.compile(rf"({_DIGITS})([百千]?)")
_ENDING = regex.compile("[万萬亿億]*$")
_POINT = regex.compile(rf"([{_ONE}])[点點]([{_ONE}]+)")


class Counted(NamedTuple):
    """What a number with its unit says, and its span."""

    kind: str
    number: float
    unit: str
    hedge: str
    start: int
    end: int


def find_counted(text: str) -> list[Counted]:
    """Every number with a unit in a Chinese text of half-width forms; a range has two.

    >>> [found[:4] for found in find_counted("超过2.8万元,有300余家")]
    [('money', 28000.0, 'yuan', '超过'), ('count', 300.0, '家', '余')]
    """
    return [found for match in _QUANTITY.finditer(text) for found in _read(match)]


def chinese_number(printed: str) -> float | None:
    """What a number in digits or Chinese numerals amounts to; nothing where that is not clear.

    >>> chinese_number("3万5千"), chinese_number("一百零五"), chinese_number("三四百")
    (35000.0, 105.0, None)
    """
    total = Decimal(0)
    for below, large in _PART.findall(_POINT.sub(_decimal, printed)):
        value = _below_10_000(below, alone=not total)
        if value is None:
            return None
        factor = prod(_LARGE[char] for char in large)
        total = (total + value) * factor if factor > total > 0 else total + value * factor
    return float(total) or None


def _decimal(match):
    """三点五 in digits."""
    return f"{_ONES[match[1]]}.{''.join(str(_ONES[char]) for char in match[2])}"


def _below_10_000(printed, alone):
    """The amount before 万 or 亿; 一百五 and 三万五 are not clear: 150 and 35,000, or not?"""
    digits = _IN_DIGITS.fullmatch(printed)
    if digits:
        return Decimal(digits[1].replace(",", "")) * _SMALL.get(digits[2], 1)
    numeral = _NUMERAL.fullmatch(regex.sub(rf"(?<!{_SOME})十", "一十", printed))
    if not numeral or (len(printed) == 1 and not alone):
        return None
    return Decimal(sum(_ONES.get(numeral[place], 0) * size for place, size in _PLACES.items()))


def _read(match):
    """The quantities of a match; none of a number that counts nothing or is not clear."""
    kind = _kind(match)
    number = chinese_number(match["number"] + (match["scale"] or ""))
    if not (kind and number):
        return []
    hedge = _HEDGE.match(match.string, 0, match.start())
    said = hedge[1] if hedge else match["more"] or ""
    return [
        Counted(kind, amount, _unit(match), said, *span)
        for amount, span in _amounts(match, number)
        if amount
    ]


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
        return "" if kind == "count" and match["number"] == "一" else kind
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
    scale = _ENDING.search(match["number"])[0]
    base = chinese_number(match["number"].removesuffix(scale))
    shares = low and base and low <= base
    return low * prod(_LARGE[char] for char in scale) if shares else low
