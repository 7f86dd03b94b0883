"""Positions in a text as different tools count them.

A carriage return with a line feed is one character or two, and so is a line feed alone, where the
tool counted in a text with both; an emoji is one (code points) or two (UTF-16), a byte-order mark
none or one. The first character is 0 or 1, the last one of a selection within it or not. No export
says which. Each way is tried, and the one taken under which most selections read as their names
say, then most begin and end where words do.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import regex

from utils.facts.exchange.rows import folded, for_xml
from utils.facts.quotations import is_torn

BOM = "\ufeff"
_CUT = regex.compile(r"(\.\.\.|…)$")
_SHIFTS = [(0, 0), (0, 1), (-1, 0), (-1, -1)]  # of start and end, by what the tool counts from
_LEAST_NAME = 3  # characters by which a name can be told from a number or a place


class Selected(NamedTuple):
    """A selection as its tool wrote it: where it starts and ends, and its name, if any."""

    start: int
    end: int
    name: str


def plain(text: str) -> str:
    r"""A text with line feeds for all line ends and without a byte-order mark.

    >>> plain("\ufeffa\r\nb\rc")
    'a\nb\nc'
    """
    return regex.sub(r"\r\n?", "\n", text).lstrip(BOM)


def read_selections(text: str, selections: list[Selected], origin: str) -> list[tuple | None]:
    r"""``(start, end)`` of each selection in a text in code points; ``None`` where beyond the text.

    ``origin`` is the name of the tool.

    >>> read_selections("a\r\nRain. \r\n🌧 Fog", [Selected(11, 14, "Fog")], "")
    [(13, 16)]
    """
    if not selections:
        return []
    of_feed = (1,) if "\r" in text else (1, 2)
    ways = [_edges(text, *way) for way in product(_of_lines(origin), (1, 2), (0, 1), of_feed)]
    distinct = {edges.tobytes(): edges for edges in ways}.values()
    read = [
        [_span(edges, selection, shift) for selection in selections]
        for shift in _SHIFTS
        for edges in distinct
    ]
    return max(read, key=lambda spans: _fitness(text, spans, selections))


def _of_lines(origin):
    """How many characters a carriage return before a line feed may be; ATLAS.ti says none."""
    return (0, 1) if "atlas" in origin.lower() else (1, 0)


def _edges(text, of_return, of_emoji, of_mark, of_feed):
    """The position at which each character begins, and that of the end."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    widths = np.where(codes > 0xFFFF, of_emoji, 1)
    widths[codes == 10] = of_feed
    pairs = np.flatnonzero((codes[:-1] == 13) & (codes[1:] == 10))
    widths[pairs] = of_return
    widths[: len(text) - len(text.lstrip(BOM))] = of_mark
    return np.concatenate([[0], np.cumsum(widths)])


def _span(edges, selection, shift):
    """Where a selection is; ``None`` where it is empty, beyond the text or within a character."""
    ends = [selection.start + shift[0], selection.end + shift[1]]
    if selection.start == selection.end or not 0 <= ends[0] < ends[1] <= edges[-1]:
        return None
    start, end = np.searchsorted(edges, ends)
    return (int(start), int(end))


def _fitness(text, spans, selections):
    pairs = [pair for pair in zip(spans, selections, strict=True) if pair[0]]
    named = sum(agrees(text[slice(*span)], selection.name) for span, selection in pairs)
    whole = sum(not is_torn(text, edge) for span, _ in pairs for edge in span)
    outer = sum(text[slice(*span)] == text[slice(*span)].strip() for span, _ in pairs)
    return named, whole + outer


def agrees(words: str, name: str) -> bool:
    """Whether the name of a selection has its words, or as many of them as the tool kept.

    >>> agrees("Rain fell\\non Hull", "Rain fell on…"), agrees("Rain", "line:6")
    (True, False)
    """
    words = folded(for_xml(words))
    kept = _CUT.sub("", folded(name)).strip()
    return words == folded(name) or (len(kept) >= _LEAST_NAME and words.startswith(kept))
