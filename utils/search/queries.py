"""One small query language -> positions in the token table. Concordance, collocates, themes and aliases use it.

======================  ==========================================================================
query                   finds
======================  ==========================================================================
``innovation``          the word, in capitals or not
``innovat*``            ``*`` stands for any letters or none, ``?`` for one
``"science and tech*"`` words next to each other in one sentence; the quotation marks may be left out
``talent|talents``      one or the other; inside quotation marks ``|`` divides single words
``/in.*tion/``          a regular expression that must match a whole token
``case:UK``             capitals as written, for the whole query
======================  ==========================================================================
"""

from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from utils.corpus.files import Mistake
from utils.corpus.tokens import token_spans

_PART = regex.compile(r'\s*(?:(?P<bar>\|)|"(?P<phrase>[^"]*)"|/(?P<regex>(?:\\.|[^/\\])+)/|(?P<word>[^\s|"/]+))')
_WILD = regex.compile(r"[*?]")


class Query(NamedTuple):
    """Alternatives, each a sequence of patterns, one a token; and whether capitals count."""

    alternatives: tuple[tuple[str, ...], ...]
    case: bool


def parse(query: str) -> Query:
    """The query in pieces. Raises ``Mistake`` that says what is wrong at which character.

    >>> parse('innovat*|"new area"').alternatives
    (('innovat.*',), ('new', 'area'))
    """
    case = query.startswith("case:")
    at, alternatives = len("case:") if case else 0, [[]]
    while query[at:].strip():
        match = _PART.match(query, at)
        if not match:
            raise _wrong(query, at + len(query[at:]) - len(query[at:].lstrip()), "has no second mark to close it")
        if match["bar"] and not alternatives[-1]:
            raise _wrong(query, match.start("bar"), "nothing stands before it")
        alternatives += [[]] if match["bar"] else []
        alternatives[-1] += _patterns(query, match, case)
        at = match.end()
    if not alternatives[-1]:
        raise _wrong(query, len(query), "a word is wanted here")
    return Query(tuple(map(tuple, alternatives)), case)


def unreadable(table: pd.DataFrame, column: str, file: str) -> list[str]:
    """A line for each row whose query in ``column`` cannot be read; empty cells are passed over."""
    problems = []
    for row, query in table[column].items():
        try:
            parse(query) if query else None
        except Mistake as mistake:
            problems.append(f"{file}, row {row}, column {column}: {mistake}")
    return problems


def find(tokens: pd.DataFrame, query: str, articles: pd.DataFrame | None = None) -> tuple[np.ndarray, np.ndarray]:
    """First and last row number of every match, in order; of matches that overlap, the first and longest.

    ``articles`` is needed only for a query that begins with ``case:``.
    """
    parsed = parse(query)
    found = [_sequence(tokens, patterns) for patterns in parsed.alternatives]
    first, last = (np.concatenate(ends) for ends in zip(*found, strict=True))
    if parsed.case:
        keep = _as_written(tokens, parsed, first, last, articles)
        first, last = first[keep], last[keep]
    if len(parsed.alternatives) == 1 and len(parsed.alternatives[0]) == 1:
        return first, last
    return _without_overlap(first, last)


def surface(tokens: pd.DataFrame, rows: np.ndarray, articles: pd.DataFrame) -> list[str]:
    """The tokens of these rows as collected, capitals and all."""
    part = tokens.iloc[rows]
    return [articles.raw[d][s:e] for d, s, e in zip(part.doc_id, part.start, part.end, strict=True)]


def covered_by_names(tokens: pd.DataFrame, names: list[str]) -> np.ndarray:
    """True for the rows of ``tokens`` that lie in one of these names."""
    inside = np.zeros(len(tokens), bool)
    for name in names:
        for first, last in zip(*find(tokens, f'"{name}"'), strict=True):
            inside[first : last + 1] = True
    return inside


def sentence_key(tokens: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """A number that two rows share only when they lie in one sentence of one article."""
    return tokens.doc_id.array.codes[rows].astype(np.int64) << 32 | tokens.sentence.array.to_numpy()[rows]


def sentence_edges(tokens: pd.DataFrame, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last row of the sentence in which each of these rows lies."""
    places = tokens.doc_id.array.codes, tokens.sentence.to_numpy()
    return _reach(places, rows, -1), _reach(places, rows, 1)


def _reach(places: tuple[np.ndarray, np.ndarray], rows: np.ndarray, side: int) -> np.ndarray:
    """The furthest row on one side in the same sentence, by leaps of 64, 32 … 1; again where all of them succeed."""
    (doc, sentence), edge, moving = places, rows.copy(), np.arange(len(rows))
    while len(moving):
        here, start = edge[moving], edge[moving]
        for leap in 64, 32, 16, 8, 4, 2, 1:
            there = np.clip(here + side * leap, 0, len(doc) - 1)
            here = np.where((sentence[there] == sentence[start]) & (doc[there] == doc[start]), there, here)
        edge[moving] = here
        moving = moving[np.abs(here - start) == 127]
    return edge


def _patterns(query: str, match: regex.Match, case: bool) -> list[str]:
    """Regular expressions of the tokens that a word, phrase or /regex/ stands for."""
    if match["bar"]:
        return []
    if match["regex"] is not None:
        try:
            regex.compile(match["regex"])
        except regex.error as error:
            raise _wrong(query, match.start("regex"), f"is no regular expression ({error})") from None
        return [match["regex"]]
    name = "phrase" if match["phrase"] is not None else "word"
    found = [pattern for word in match[name].split() for pattern in _word_patterns(word, case)]
    if not found:
        raise _wrong(query, match.start(name), "holds no word")
    return found


def _word_patterns(word: str, case: bool) -> list[str]:
    alternatives = [_token_patterns(part, case) for part in word.split("|")]
    if len(alternatives) == 1:
        return alternatives[0]
    return ["|".join(part for patterns in alternatives for part in patterns)]


def _token_patterns(word: str, case: bool) -> list[str]:
    """A word is cut into tokens as the texts are (*Ningbo's* is two), unless it holds a wildcard."""
    if _WILD.search(word):
        return ["".join({"*": ".*", "?": "."}.get(char, regex.escape(char)) for char in word.replace("’", "'"))]
    starts, ends = token_spans([word])[1:3]
    parts = [word[start:end].replace("’", "'") for start, end in zip(starts, ends, strict=True)]
    return [regex.escape(part if case else part.lower()) for part in parts]


def _sequence(tokens: pd.DataFrame, patterns: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Rows where the patterns match one token after another within a sentence."""
    codes, length = tokens.term.array.codes, len(patterns)
    masks = [_matching(tokens.term.cat.categories, pattern) for pattern in patterns]
    first = _where(codes[: max(len(codes) - length + 1, 0)], masks[0])
    for step, mask in enumerate(masks[1:], 1):
        first = first[mask[codes[first + step]]]
    last = first + length - 1
    if length > 1:
        same = sentence_key(tokens, first) == sentence_key(tokens, last)
        first, last = first[same], last[same]
    return first, last


def _where(codes: np.ndarray, mask: np.ndarray) -> np.ndarray:
    wanted = np.flatnonzero(mask)
    if len(wanted) and wanted[-1] - wanted[0] + 1 == len(wanted):  # one term, or neighbours as terms are sorted
        return np.flatnonzero((codes >= wanted[0]) & (codes <= wanted[-1]))
    return np.flatnonzero(mask[codes])


def _matching(categories: pd.Index, pattern: str) -> np.ndarray:
    """Which terms a pattern matches; a plain word is looked up and not searched for."""
    mask = np.zeros(len(categories), bool)
    plain = regex.sub(r"\\(.)", r"\1", pattern).lower()
    if regex.escape(plain) == pattern.lower():
        if plain in categories:
            mask[categories.get_loc(plain)] = True
        return mask
    match = regex.compile(pattern, regex.IGNORECASE).fullmatch
    return np.fromiter((match(term) is not None for term in categories), bool, len(categories))


def _as_written(tokens, parsed: Query, first: np.ndarray, last: np.ndarray, articles) -> np.ndarray:
    """Which matches have the capitals of the query too."""
    if articles is None:
        raise Mistake("case: capitals are read from the articles; pass articles= too")
    patterns = [[regex.compile(p) for p in alternative] for alternative in parsed.alternatives]
    keep = np.zeros(len(first), bool)
    for i, (start, end) in enumerate(zip(first, last, strict=True)):
        words = [word.replace("’", "'") for word in surface(tokens, np.arange(start, end + 1), articles)]
        fits = [p for p in patterns if len(p) == len(words)]
        keep[i] = any(all(one.fullmatch(word) for one, word in zip(p, words, strict=True)) for p in fits)
    return keep


def _without_overlap(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((-last, first))

    def add(kept: list, i: int) -> list:
        if not kept or first[i] > last[kept[-1]]:
            kept.append(i)
        return kept

    kept = np.array(reduce(add, order, []), dtype=int)
    return first[kept], last[kept]


def _wrong(query: str, at: int, what: str) -> Mistake:
    sign = f"{query[at]!r} " if at < len(query) else ""
    return Mistake(f"query {query!r}, character {at + 1}: {sign}{what}")
