"""What a token is: the spans of every text, found by one pattern.

The token pattern is here and nowhere else. It is a pattern for NLTK's ``RegexpTokenizer`` that
never looks at white space or at the edge of a text, so each distinct chunk between white space is
tokenised once and the result is remembered. What it does, by example:

======================  =======================  =================================================
in the text             terms                    why
======================  =======================  =================================================
``R&D, Q&A``            r&d · q&a                ``&`` joins
``China-UK high-tech``  china-uk · high-tech     hyphens join; dashes (–, —) and `` - `` do not
``U.K. p.m. U.K.'s``    u.k. · p.m. · u.k. · 's  single letters with full stops are one token
``2.8% 42.8 18,000``    2.8% · 42.8 · 18,000     decimal points, thousands commas, per cent signs
``$1.06 £5 2.0``        $1.06 · £5 · 2.0         a currency sign belongs to its number
``5th 2018-10-05``      5th · 2018-10-05         letters and digits run together
``Ningbo’s isn’t``      ningbo · 's · isn't      ``'s`` is a token; other apostrophes join
``AioT UKIIC``          aiot · ukiic             terms are lower case
``ﬁrm ＵＫ China´s``    firm · uk · china · 's    ligatures, wide letters, all apostrophes: plain
``“246” (UK) 。``       246 · uk                 quotation marks and punctuation are left out
``英国中心(UKIIC)``     英国中心 · ukiic         a run of Chinese characters is kept as one token
======================  =======================  =================================================

In an article in Chinese such a run is parted into words by rjieba; the words of the corpus's
``words.txt`` are kept whole. In French *l'* and the like are tokens. Where a language is written
without spaces and nothing here parts its words, there are no tokens.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from threading import Lock

import numpy as np
import regex
from numpy import ndarray

from utils.corpus.chinese import word_spans
from utils.corpus.languages import rules_of
from utils.corpus.words import APOSTROPHE, HIDDEN, LIKE_APOSTROPHE, plain_form

HAN = (
    r"\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003134f"
)
_RUN = rf"[{HAN}]++"
_ALNUM = rf"[^\W_{HAN}{HIDDEN}ʼʻ]"
_LETTER = rf"[^\W\d_{HAN}{HIDDEN}ʼʻ]"
_GAP = rf"[{HIDDEN}]*+"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)+)"
_ATOM = rf"(?:(?:{_LETTER}\.){{2,}}|{_NUMBER}{_ALNUM}*|{_ALNUM}+)(?:[{HIDDEN}]++{_ALNUM}++)*+"
_CLITIC = rf"{_GAP}[sS](?!{_GAP}{_ALNUM})"
_MARK = rf"(?:[{APOSTROPHE}]|(?<={_ALNUM}|[{HIDDEN}])[{LIKE_APOSTROPHE}](?={_GAP}{_LETTER}))"
_JOIN = rf"{_GAP}(?:[-\u2010\u2011&＆]|{_MARK}(?!{_CLITIC})){_GAP}"
TOKEN_PATTERN = (
    rf"(?:[$£€¥＄￡￥](?=\d))?{_ATOM}(?:{_JOIN}{_ATOM})*(?:(?<=\d)[%‰％])?"
    rf"|(?<={_ALNUM}|[.{HIDDEN}]){_MARK}{_CLITIC}"
    rf"|{_RUN}(?:[{HIDDEN}]++{_RUN})*+"
)
# Where the pattern engine's \s splits; str.split would split at U+001C to U+001F too.
_WHITE_SPACE = regex.findall(r"(?! )\s", "".join(map(chr, range(0x3001))))
_LISTED = rf"(?<!{_ALNUM}(?={_ALNUM}))\L<whole>(?!(?<={_ALNUM}){_ALNUM})"
_ONE_AT_A_TIME = Lock()
_MOST_CHUNKS = 150_000  # that are remembered


def token_spans(
    texts: Iterable[str], language: str = "en", whole: Iterable[str] = ()
) -> tuple[ndarray, ...]:
    """For every token: its text's number, start, end and term code; and the sorted terms.

    The spans are exactly those of NLTK's ``span_tokenize``, which reads each distinct chunk once.
    In Chinese the runs of characters are parted into words, of which those of ``whole`` are one
    each.

    >>> [found.tolist() for found in token_spans(["R&D in the U.K."])[1:]]
    [[0, 4, 7, 11], [3, 6, 10, 15], [1, 0, 2, 3], ['in', 'r&d', 'the', 'u.k.']]
    """
    with _ONE_AT_A_TIME:
        try:
            return _token_spans(texts, _known_chunks(language, tuple(whole)))
        except BaseException:
            _known_chunks.cache_clear()  # what was cut off in the midst is not remembered
            raise


def _token_spans(texts, known):
    chunk = known.numbers_of([part for text in texts for part in _chunks(text)])
    widths = known.width[chunk] + 1
    sizes = known.size[chunk]
    row = np.repeat(np.arange(len(chunk)), sizes)
    within = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    token = known.first[chunk[row]] + within
    begin = (np.cumsum(widths) - widths)[row]
    text_begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    text = np.searchsorted(text_begins, begin, "right") - 1
    begin -= text_begins[text]
    code, terms = _sorted_codes(known.term[token], list(known.terms))
    names = np.array(terms, object)
    return text, begin + known.start[token], begin + known.end[token], code, names


class _Chunks:
    """The tokens of every distinct chunk met so far.

    A chunk has ``width`` characters and ``size`` tokens, from the ``first`` of all tokens on, which
    have ``start``, ``end`` and the number of their ``term``.
    """

    def __init__(self, language, whole):
        self.language = language
        self.whole = whole
        self.numbers = defaultdict(count().__next__)
        self.terms = defaultdict(count().__next__)
        self.width = self.size = self.first = np.zeros(0, np.int64)
        self.start = self.end = self.term = np.zeros(0, np.int64)

    def numbers_of(self, chunks):
        """The number of each chunk."""
        if len(self.numbers) > _MOST_CHUNKS:
            self.__init__(self.language, self.whole)
        known = len(self.numbers)
        numbers = np.fromiter(map(self.numbers.__getitem__, chunks), np.int64, len(chunks))
        if len(self.numbers) > known:
            self._add(list(self.numbers)[known:])
        return numbers

    def _add(self, chunks):
        joined = " ".join(chunks)
        width = np.fromiter(map(len, chunks), np.int64, len(chunks))
        begins = np.cumsum(width + 1) - width - 1
        spans = np.array(_spans(joined, self.language, self.whole), np.int64).reshape(-1, 2)
        words = (plain_form(joined[start:end]).lower() for start, end in spans)
        term = np.fromiter(map(self.terms.__getitem__, words), np.int64, len(spans))
        chunk = np.searchsorted(begins, spans[:, 0], "right") - 1
        size = np.bincount(chunk, minlength=len(chunks))
        spans -= begins[chunk, None]
        first = len(self.term) + np.cumsum(size) - size
        self.width = np.append(self.width, width)
        self.size = np.append(self.size, size)
        self.first = np.append(self.first, first)
        self.start = np.append(self.start, spans[:, 0])
        self.end = np.append(self.end, spans[:, 1])
        self.term = np.append(self.term, term)


@lru_cache(4)
def _known_chunks(language, whole):
    return _Chunks(language, whole)


def _sorted_codes(numbers, names):
    """Codes of the terms that are there, and these terms, sorted."""
    used = np.flatnonzero(np.bincount(numbers, minlength=len(names)))
    terms = sorted(names[number] for number in used)
    places = {term: place for place, term in enumerate(terms)}
    code = np.zeros(len(names), np.int32)
    code[used] = [places[names[number]] for number in used]
    return code[numbers], terms


def _chunks(text):
    """What is between single characters of white space, empty between two of them."""
    for char in _WHITE_SPACE:
        if char in text:
            text = text.replace(char, " ")
    return text.split(" ")


def _spans(text, language, whole):
    """Start and end of every token of a text in this language."""
    if language == "zh":
        return _chinese_spans(text, whole)
    from nltk import redos  # loaded here, since NLTK loads SciPy

    elided = "|".join(rules_of(language).elided.split())
    first = rf"(?i:{elided})[{APOSTROPHE}{LIKE_APOSTROPHE}](?={_LETTER})|" if elided else ""
    # RegexpTokenizer stops any call after five seconds; this is what it calls.
    found = redos.compile(first + TOKEN_PATTERN, timeout=None).finditer(text)
    return [match.span() for match in found]


def _chinese_spans(text, whole):
    """The tokens of a Chinese text: the words of ``whole``, and of other runs what rjieba finds."""
    run = f"(?:(?!{_LISTED})[{HAN}])++" if whole else _RUN
    first = f"{_LISTED}|" if whole else ""
    pattern = first + TOKEN_PATTERN.replace(_RUN, f"(?P<run>{run})")
    spans = []
    for match in regex.finditer(pattern, text, whole=whole, ignore_unused=True):
        parts = word_spans(match[0]) if match["run"] else [(0, len(match[0]))]
        spans += [(match.start() + start, match.start() + end) for start, end in parts]
    return spans
