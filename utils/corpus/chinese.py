"""Chinese, which is written without spaces, parted into words by rjieba.

Some of what its dictionary has as one word is parted further, so that one thing is counted in one
way: 一个 into number and measure word, 北京市 into the name and what it is, and a noun of two nouns
(体育用品) as 科技创新 is anyway. On the development set of UD Chinese GSDSimp, F1 of the words is
0.81, and 0.83 with punctuation; of rjieba alone it is 0.76 and 0.79. Traditional characters are
parted as their simplified ones are, which rjieba's dictionary has.
"""

from functools import cache
from itertools import accumulate, pairwise

import regex

from utils.corpus.words import HIDDEN

_SHOWN = regex.compile(f"[^{HIDDEN}]")
_NUMERAL = "[一二两兩三四五六七八九十百千几幾数數多每各这這那某首半]+|第[一二三四五六七八九十百千]+"
_MEASURE = (
    "[个個种種次位名家座条條部只支项項件张張间間所层層场場段年天月日份本篇期届屆批系列群对對类類级級"
    "队隊辆輛艘架片块塊颗顆台幅首句步处處度倍点點岁歲路楼樓]"
)
_COUNTED = regex.compile(f"({_NUMERAL})({_MEASURE})")
_PLACE = regex.compile(r"(..+)([市省县縣区區镇鎮村州国國])")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each word of a run of Chinese characters, in order.

    Characters without width stand within words and never at an edge. A text that rjieba would
    change is one word.

    >>> [text[slice(*span)] for text in ["這個科技創新中心"] for span in word_spans(text)]
    ['這', '個', '科技', '創新', '中心']
    """
    import rjieba  # loaded here, since only Chinese needs its dictionary

    places = [match.start() for match in _SHOWN.finditer(text)]
    shown = _simplified("".join(text[place] for place in places))
    words = [part for word in rjieba.cut(shown) for part in _parts(word)]
    if "".join(words) != shown:
        return [(0, len(text))]
    edges = pairwise(accumulate(map(len, words), initial=0))
    return [(places[start], places[end - 1] + 1) for start, end in edges]


def _simplified(text):
    """The text in the characters of the dictionary, one for one."""
    simplified = _to_simplified().convert(text)
    return simplified if len(simplified) == len(text) else text


@cache
def _to_simplified():
    from opencc import OpenCC

    return OpenCC("t2s")


@cache  # the same words come again and again
def _parts(word):
    """The words that a word of the dictionary is made of; itself where it is one."""
    import rjieba

    counted = _COUNTED.fullmatch(word)
    if counted:
        return counted.groups()
    if len(word) == 4 and all(map(rjieba.has_word, (word[:2], word[2:]))) and _kind(word) == "n":
        return word[:2], word[2:]
    place = _PLACE.fullmatch(word)
    if place and rjieba.has_word(place[1]) and _kind(word) == "ns":
        return place.groups()
    return (word,)


def _kind(word):
    """What rjieba calls a word: n for a noun, ns for the name of a place."""
    import rjieba

    return rjieba.tag(word)[0][1]
