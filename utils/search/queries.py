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

from functools import cache
from time import process_time

import numpy as np
import regex
from numpy import ndarray
from pandas import DataFrame, Series

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, RowProblems, SideTable, folder_of, read_side_table
from utils.corpus.tokens import HAN, token_spans
from utils.corpus.words import plain_form

_PART = regex.compile(
    r'(?P<bar>\|)|"(?P<phrase>[^"]*)"|/(?P<regex>(?:\\.|[^/\\])+)/'
    r'|(?P<word>[^\s|"/]+)|(?P<open>["/])'
)
_WILD = {"*": ".*", "?": ".", "|": "|"}
_CASE = "case:"
_CASED = TABLES["nodes"].file  # the queries that are looked for in the texts as collected
_SECONDS = 2  # for one pattern, beside what each term may take
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
    first, last = np.hstack(spans)
    order = np.lexsort((-last, first))
    kept = order[_matches_apart(first[order], last[order], range(len(order)))]
    return first[kept], last[kept]


def longest_matches(first: ndarray, last: ndarray) -> ndarray:
    """Indices, in order, of the matches to keep where some overlap: the longest, then the earlier.

    ``first`` and ``last`` are the first and the last row of each match.

    >>> longest_matches(np.array([0, 1, 4]), np.array([1, 3, 4])).tolist()
    [1, 2]
    """
    return _matches_apart(first, last, np.argsort(first - last, kind="stable").tolist())


def covered_by_names(tokens: DataFrame, names: list[str]) -> ndarray:
    """True for the rows of ``tokens`` that are in one of these names.

    Each name is looked for only where its first token is, since there may be many names.
    """
    rows_of = tokens.groupby("term", observed=True).indices
    changes = np.zeros(len(tokens) + 1, int)
    for name in names:
        for patterns in parse(f'"{name}"'):
            term = _plain_term(patterns[0])
            is_word = regex.escape(term) == patterns[0].lower() and not _HAN_WORD.fullmatch(term)
            if is_word and term not in rows_of:
                continue
            rows = rows_of[term] if is_word else None
            first, last = _sequence_spans(tokens, patterns, None, rows)
            np.add.at(changes, first, 1)
            np.add.at(changes, last + 1, -1)
    return np.cumsum(changes[:-1]) > 0


def sentence_key(tokens: DataFrame, rows: ndarray | slice) -> ndarray:
    """A number that two rows share only when they are in one sentence of one article."""
    articles = tokens.doc_id.array.codes[rows].astype(np.int64)
    return articles << 32 | tokens.sentence.to_numpy()[rows]


def sentence_edges(tokens: DataFrame, rows: ndarray) -> tuple[ndarray, ndarray]:
    """First and last row of the sentence in which each of these rows is.

    The articles may be in any order, as in two groups of tokens joined.
    """
    breaks = np.flatnonzero(np.diff(sentence_key(tokens, slice(None)))) + 1
    sentence = np.searchsorted(breaks, rows, "right")
    edges = np.concatenate([[0], breaks, [len(tokens)]])
    return edges[sentence], edges[sentence + 1] - 1


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
    if regex.search(r"[*?]", word):
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
    for start, next_end in zip(*token_spans([stopped])[1:3], strict=True):
        token = stopped[start:next_end]
        if tokens and start == end and _HAN_WORD.fullmatch(tokens[-1] + token):
            tokens[-1] += token
        else:
            tokens.append(token)
        end = next_end
    return tokens


def _sequence_spans(tokens, patterns, articles, rows=None):
    """First and last rows where the patterns match one token after another within a sentence.

    With ``articles``, they must match the tokens as collected too; with ``rows``, begin there.
    """
    first = np.arange(len(tokens)) if rows is None else rows
    following = first
    for pattern in patterns:
        if _HAN_WORD.fullmatch(pattern):
            spelt, following = _spelling_rows(tokens, pattern.lower(), following)
            first = first[spelt]
        else:
            matched = _matching_rows(tokens, pattern, following, articles)
            first = first[matched]
            following = following[matched] + 1
    if not len(first):
        return first, first
    inside = sentence_key(tokens, first) == sentence_key(tokens, following - 1)
    return first[inside], following[inside] - 1


def _matching_rows(tokens, pattern, rows, articles):
    """Indices of the rows that are tokens which the pattern matches."""
    codes = tokens.term.array.codes
    there = np.flatnonzero(rows < len(codes))
    matched = there[_is_match(codes[rows[there]], tokens.term.cat.categories, pattern)]
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


def _is_match(codes, terms, pattern):
    """Which codes are of terms that a pattern matches; a plain word is not searched for."""
    plain = _plain_term(pattern)
    if regex.escape(plain) != pattern.lower():
        return _full_matches(terms, pattern, regex.IGNORECASE)[codes]
    return codes == (terms.get_loc(plain) if plain in terms else -1)


def _plain_term(pattern):
    """The term that a pattern is, if it has only letters and signs that stand for themselves."""
    return regex.sub(r"\\(.)", r"\1", pattern).lower()


def _full_matches(words, pattern, flags=0):
    """Whether each word matches; raises ``TimeoutError`` where they take too long together."""
    match = regex.compile(pattern, flags).fullmatch
    end = process_time() + _SECONDS + _EACH * len(words)
    found = (match(word, timeout=max(end - process_time(), 0.001)) for word in words)
    return np.fromiter((match is not None for match in found), bool, len(words))


def _matches_apart(first, last, order):
    """Indices, sorted, of the matches kept; each is taken in this order if its rows are free."""
    if (first[1:] > last[:-1]).all():
        return np.arange(len(first))
    taken = np.zeros(last.max() + 1, bool)
    kept = []
    for match in order:
        rows = taken[first[match] : last[match] + 1]
        if not rows.any():
            rows[:] = True
            kept.append(match)
    return np.sort(kept)


def _wrong(query, place, what):
    sign = f"{query[place]!r} " if place < len(query) else ""
    return Mistake(f"query {query!r}, character {place + 1}: {sign}{what}")
