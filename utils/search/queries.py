"""One small query language for everything that is searched, and where in the tokens a query is.

======================  ========================================================================
query                   finds
======================  ========================================================================
``innovation``          the word, in capitals or not
``innovat*``            ``*`` is any letters or none, ``?`` is one
``"science and tech*"`` words next to each other in a sentence; quotation marks may be left out
``talent|talents``      one or the other; inside quotation marks ``|`` divides single words
``/in.*tion/``          a regular expression that must match a whole token
``case:UK``             capitals as written, for the whole query
``'s``                  the token *'s*, with whatever apostrophe
``科技创新``            these characters, whether they are one token of the text or several
======================  ========================================================================

Words are searched in their plain form, as the terms of the tokens are.
"""

from functools import cache, reduce
from itertools import takewhile
from time import process_time

import numpy as np
import regex
from numpy import ndarray
from pandas import DataFrame, Series

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, RowProblems, SideTable, folder_of, read_side_table
from utils.corpus.token_pattern import HAN, spans_of_tokens
from utils.corpus.words import plain_form
from utils.search.positions import positions_of

_PART = regex.compile(
    r'(?P<bar>\|)|"(?P<phrase>[^"]*)"|/(?P<regex>(?:\\.|[^/\\])+)/'
    r'|(?P<word>[^\s|"/]+)|(?P<open>["/])'
)
_WILD = {"*": ".*", "?": ".", "|": "|"}
_CASE = "case:"
_CASED = TABLES["nodes"].file  # the queries that are looked for in the texts as collected
FEW = 50  # times fewer rows than tokens, whose sentences are found one by one
_SECONDS = 2  # for one pattern, beside what each term may take
_ESCAPED = regex.compile(r"\\(.)")
_HAN_WORD = regex.compile(rf"\w*[{HAN}]\w*")
_EACH = 1e-4  # seconds for one term, a hundred times what an ordinary pattern takes


def parse(query: str) -> list[list[str]]:
    """The alternatives of a query, each a sequence of patterns, one a token.

    Raises ``Mistake`` that says what is wrong at which character.

    >>> parse('innovat*|"new area"')
    [['innovat.*'], ['new', 'area']]
    """
    case = query.startswith(_CASE)
    alternatives = [[]]
    for match in _PART.finditer(query, len(_CASE) if case else 0):
        if match["open"]:
            raise _wrong(query, match.start(), "has no second mark to close it")
        if not match["bar"]:
            alternatives[-1] += _patterns(query, match, case)
        elif alternatives[-1]:
            alternatives.append([])
        else:
            raise _wrong(query, match.start(), "has nothing before it")
    if not alternatives[-1]:
        raise _wrong(query, len(query), "a word is missing here")
    return alternatives


def query_of(text: str) -> str | None:
    """The query that finds the tokens of this text next to each other; ``None`` if there is none.

    >>> query_of("new area"), query_of("'s"), query_of("12 and * more")
    ('new area', "'s", None)
    """
    try:
        parsed = parse(text)
    except Mistake:
        return None
    return text if parsed == [[regex.escape(term) for term in text.split()]] else None


def query_problems(table: SideTable, record: Series) -> RowProblems:
    """Which columns of a row have a query that cannot be read, and why; empty cells pass."""
    for column in table.holding("query"):
        query = record[column]
        if query.startswith(_CASE) and table.file != _CASED:
            yield column, f"{_CASE} is understood in {_CASED} alone; leave it out"
        try:
            if query:
                parse(query)
        except Mistake as mistake:
            yield column, str(mistake)


def read_queries(name: str, articles: DataFrame) -> DataFrame:
    """A side table of the articles' corpus, its queries checked too; ``attrs["file"]`` names it.

    Raises ``Mistake`` with a line for every problem.

    >>> read_queries("themes", DataFrame()).columns.tolist()
    ['theme', 'pattern', 'note']
    """
    table = read_side_table(name, folder_of(articles), query_problems)
    table.attrs["file"] = TABLES[name].file
    return table


def find(
    tokens: DataFrame, query: str, articles: DataFrame | None = None, where: str = ""
) -> tuple[ndarray, ndarray]:
    """First and last row number of every match, in order.

    Of matches that overlap, the one that begins first is kept, then the longest.
    ``articles`` is needed only for a query that begins with ``case:``. Raises ``Mistake`` for a
    query that cannot be read, or whose regular expression does not end; ``where`` says in which
    table it stands.
    """
    if not query.startswith(_CASE):
        articles = None
    elif articles is None:
        raise Mistake("case: capitals are read from the articles; pass articles= too")
    try:
        spans = [_sequence_spans(tokens, patterns, articles) for patterns in parse(query)]
    except (TimeoutError, MemoryError):
        what = "its regular expression does not end; write a simpler one"
        raise Mistake(f"{where}query {query!r}: {what}") from None
    first, last = spans[0] if len(spans) == 1 else np.hstack(spans)
    if (first[1:] > last[:-1]).all():
        return first, last
    kept = _matches_apart(first, last, -last, first)
    kept = kept[np.argsort(first[kept], kind="stable")]
    return first[kept], last[kept]


def longest_matches(first: ndarray, last: ndarray) -> ndarray:
    """Indices, in order, of the matches to keep where some overlap: the longest, then the earlier.

    ``first`` and ``last`` are the first and the last row of each match.

    >>> longest_matches(np.array([0, 1, 4]), np.array([1, 3, 4])).tolist()
    [1, 2]
    """
    return _matches_apart(first, last, first - last)


def covered_by_names(tokens: DataFrame, names: list[str]) -> ndarray:
    """True for the rows of ``tokens`` that are in one of these names."""
    covered = np.zeros(len(tokens), bool)
    for name in dict.fromkeys(names):
        for patterns in parse(f'"{name}"'):
            first, last = _sequence_spans(tokens, patterns, None)
            for step in range(max(last - first, default=-1) + 1):
                covered[np.minimum(first + step, last)] = True
    return covered


def sentence_key(tokens: DataFrame, rows: ndarray | slice) -> ndarray:
    """A number that two rows share only when they are in one sentence of one article."""
    articles = tokens.doc_id.array.codes[rows].astype(np.int64)
    return articles << 32 | tokens.sentence.to_numpy()[rows]


def sentence_edges(tokens: DataFrame, rows: ndarray) -> tuple[ndarray, ndarray]:
    """First and last row of the sentence in which each of these rows is.

    The articles may be in any order, as in two groups of tokens joined.
    """
    rows = np.asarray(rows, int)
    if len(rows) < len(tokens) // FEW:
        return _edges_one_by_one(tokens, rows)
    starts = sentence_starts(tokens)
    sentence = np.searchsorted(starts, rows, "right")
    return starts[sentence - 1], np.append(starts, len(tokens))[sentence] - 1


def article_starts(tokens: DataFrame) -> ndarray:
    """The first row of each article, or of each piece of one where the articles are mixed."""
    return run_starts(tokens.doc_id.array.codes)


def article_extents(tokens: DataFrame) -> tuple[ndarray, ndarray]:
    """First row of each article, or of its last piece, and its number of rows."""
    docs = tokens.doc_id.array
    starts = article_starts(tokens)
    articles = docs.codes[starts]
    size = np.zeros(len(docs.categories), int)
    first = size.astype(np.int32)
    first[articles] = starts
    np.add.at(size, articles, np.diff(starts, append=len(docs)))
    return first, size


def run_starts(*numbers: ndarray) -> ndarray:
    """The first row of each run of rows that have the same numbers.

    >>> run_starts(np.array([3, 3, 3, 1]), np.array([1, 2, 2, 2])).tolist()
    [0, 1, 3]
    """
    new = reduce(np.logical_or, (each[1:] != each[:-1] for each in numbers))
    return np.flatnonzero(np.append(len(numbers[0]) > 0, new))


def sentence_starts(tokens: DataFrame) -> ndarray:
    """The first row of each sentence."""
    return run_starts(tokens.doc_id.array.codes, tokens.sentence.to_numpy())


def _edges_one_by_one(tokens, rows):
    """The same for a few rows, which go as far as they can by steps that are halved."""
    docs = tokens.doc_id.array.codes
    sentences = tokens.sentence.to_numpy()
    ways = np.repeat([-1, 1], len(rows))
    rows = np.tile(rows, 2)
    own = (docs[rows], sentences[rows])
    for power in reversed(range(len(tokens).bit_length())):
        further = rows + (ways << power)
        inside = docs.take(further, mode="clip") == own[0]
        inside &= sentences.take(further, mode="clip") == own[1]
        rows = np.where(inside, further, rows)
    return np.split(np.clip(rows, 0, len(tokens) - 1), 2)


def _patterns(query, match, case):
    """Regular expressions of the tokens that a word, phrase or /regex/ is."""
    kind = match.lastgroup
    text = plain_form(match[kind])
    if kind == "regex":
        try:
            regex.compile(text)
        except (regex.error, ValueError, RecursionError) as error:
            what = f"is not a regular expression ({error})"
            raise _wrong(query, match.start(kind), what) from None
        return [text]
    words = text.split()
    patterns = [part for word in words for part in _word_patterns(word, case) if part]
    if not patterns:
        raise _wrong(query, match.start(kind), "has no word in it")
    return patterns


def _word_patterns(word, case):
    """A word is cut into tokens as the texts are (*Ningbo's* is two), unless it has a wildcard."""
    if "*" in word or "?" in word:
        return ["".join(_WILD.get(char) or regex.escape(char) for char in word)]
    tokens = _tokens_of(word)
    patterns = [regex.escape(token if case else token.lower()) for token in tokens]
    return ["|".join(patterns)] if "|" in word else patterns


@cache  # the same words come again and again, when tables are checked and when they are used
def _tokens_of(word):
    """The tokens of a word; those that touch each other are one if they have Chinese characters."""
    if word.isascii() and word.isalpha():
        return [word]
    stopped = "." + word.replace("|", "|.")  # after a stop, 's is the token that it is in texts
    tokens = []
    end = 0
    for start, next_end in spans_of_tokens(stopped):
        token = stopped[start:next_end]
        if tokens and start == end and _HAN_WORD.fullmatch(tokens[-1] + token):
            tokens[-1] += token
        else:
            tokens.append(token)
        end = next_end
    return tokens


def _sequence_spans(tokens, patterns, articles):
    """First and last rows where the patterns match one token after another within a sentence.

    With ``articles``, they must match the tokens as collected too.
    """
    first, certain = _possible_starts(tokens, patterns)
    if articles is not None:
        certain = None
    if len(patterns) == 1 and certain == 0:
        return first, first
    following = first
    for number, pattern in enumerate(patterns):
        if number == certain:
            following = following + 1
        elif _HAN_WORD.fullmatch(pattern):
            spelt, following = _spelling_rows(tokens, pattern.lower(), following)
            first = first[spelt]
        else:
            matched = _matching_rows(tokens, pattern, following, articles)
            first = first[matched]
            following = following[matched] + 1
    if not len(first):
        return first, first
    last = following - 1
    sentences = tokens.sentence.to_numpy()
    docs = tokens.doc_id.array.codes
    inside = (sentences[first] == sentences[last]) & (docs[first] == docs[last])
    return first[inside], last[inside]


def _possible_starts(tokens, patterns):
    """The rows at which these patterns may begin, and which of them is there for certain.

    They are those of the rarest pattern, less its place. What comes after Chinese characters has no
    fixed place, since these may be several tokens, and they are never certain.
    """
    positions = positions_of(tokens)
    fixed = list(takewhile(lambda pattern: not _HAN_WORD.fullmatch(pattern), patterns))
    listed = [_matching_codes(positions, pattern) for pattern in fixed]
    if len(fixed) < len(patterns):
        word = patterns[len(fixed)].lower()
        parts = [positions.codes_of(word[:end]) for end in range(1, len(word) + 1)]
        listed.append(np.concatenate(parts))
    place = 0
    if len(listed) > 1:
        place = int(np.argmin([positions.count(codes) for codes in listed]))
    rows = positions.rows(listed[place])
    rows = rows[np.searchsorted(rows, place) :] - place if place else rows
    return rows, place if place < len(fixed) else None


def _matching_codes(positions, pattern):
    """The codes of the terms that a pattern matches; a word or a beginning is looked up."""
    if pattern not in positions.matched:
        plain = _plain_term(pattern)
        beginning = pattern.removesuffix(".*")
        if regex.escape(plain) == pattern.lower():
            codes = positions.codes_of(plain)
        elif beginning.isascii() and beginning.isalnum():
            codes = positions.codes_from(beginning.lower())
        else:
            codes = np.flatnonzero(_full_matches(positions.terms, pattern, regex.IGNORECASE))
        positions.matched[pattern] = codes
    return positions.matched[pattern]


def _matching_rows(tokens, pattern, rows, articles):
    """Indices of the rows that are tokens which the pattern matches."""
    positions = positions_of(tokens)
    there = np.flatnonzero(rows < len(tokens))
    codes = _matching_codes(positions, pattern)
    here = positions.codes[rows[there]]
    if len(codes) == 1:
        matched = there[here == codes[0]]
    else:
        is_match = np.zeros(len(positions.terms), bool)
        is_match[codes] = True
        matched = there[is_match[here]]
    if articles is None:
        return matched
    return matched[_full_matches(_words(tokens.iloc[rows[matched]], articles), pattern)]


def _spelling_rows(tokens, word, rows):
    """Indices of the rows from which on tokens that touch spell the word; the rows after it."""
    terms = tokens.term.cat.categories
    codes = tokens.term.array.codes
    starts = tokens.start.to_numpy()
    ends = tokens.end.to_numpy()
    reached = {0: [(np.arange(len(rows)), rows)]}
    for begin in range(len(word)):
        for index, row in reached.get(begin, []):
            there = row < len(codes)
            if begin:
                there[there] = starts[row[there]] == ends[row[there] - 1]
            for end in range(begin + 1, len(word) + 1):
                if word[begin:end] in terms:
                    code = terms.get_loc(word[begin:end])
                    spelt = there.copy()
                    spelt[there] = codes[row[there]] == code
                    reached.setdefault(end, []).append((index[spelt], row[spelt] + 1))
    found = reached.get(len(word), [])
    none = np.zeros(0, int)
    index = np.concatenate([none, *(index for index, _ in found)])
    following = np.concatenate([none, *(row for _, row in found)])
    order = np.argsort(index)
    return index[order], following[order]


def _words(tokens, articles):
    """The plain form of the tokens as collected, capitals and all."""
    raws = articles.raw[tokens.doc_id.unique()].to_dict()
    places = zip(tokens.doc_id, tokens.start, tokens.end, strict=True)
    return [plain_form(raws[doc_id][start:end]) for doc_id, start, end in places]


def _plain_term(pattern):
    """The term that a pattern is, if it has only letters and signs that stand for themselves."""
    return _ESCAPED.sub(r"\1", pattern).lower()


def _full_matches(words, pattern, flags=0):
    """Whether each word matches; raises ``TimeoutError`` where they take too long together."""
    match = regex.compile(pattern, flags).fullmatch
    end = process_time() + _SECONDS + _EACH * len(words)
    found = (match(word, timeout=max(end - process_time(), 0.001)) for word in words)
    return np.fromiter((match is not None for match in found), bool, len(words))


def _matches_apart(first, last, *keys):
    """Indices, in order, of the matches kept: in the order of the last key, then of the one before,
    each is taken if its rows are free.
    """
    kept = _are_alone(first, last)
    others = np.flatnonzero(~kept)
    taken = np.zeros(last[others].max(initial=0) + 1, bool)
    order = np.lexsort([key[others] for key in keys])
    for match in others[order].tolist():
        rows = taken[first[match] : last[match] + 1]
        if not rows.any():
            rows[:] = True
            kept[match] = True
    return np.flatnonzero(kept)


def _are_alone(first, last):
    """Whether each match has rows that no other has."""
    order = np.argsort(first, kind="stable")
    reached = np.maximum.accumulate(last[order])
    apart = np.append(True, first[order][1:] > reached[:-1])
    alone = np.zeros(len(first), bool)
    alone[order] = apart & np.append(apart[1:], True)
    return alone


def _wrong(query, place, what):
    sign = f"{query[place]!r} " if place < len(query) else ""
    return Mistake(f"query {query!r}, character {place + 1}: {sign}{what}")
