"""What a token is, by one pattern.

The token pattern is here and nowhere else. It is a pattern for NLTK's ``RegexpTokenizer`` that
never looks at white space or at the edge of a text. What it does, by example:

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

from collections.abc import Iterable
from functools import cache
from string import punctuation

import regex

from utils.corpus.chinese import word_spans
from utils.corpus.languages import rules_of
from utils.corpus.words import APOSTROPHE, HIDDEN, LIKE_APOSTROPHE

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
_LISTED = rf"(?<!{_ALNUM}(?={_ALNUM}))\L<whole>(?!(?<={_ALNUM}){_ALNUM})"

_SIGNS = punctuation.replace("'", "").replace("`", "")
"""What no token that is otherwise of letters of ASCII begins or ends with."""


def spans_of_tokens(
    text: str, language: str = "en", whole: Iterable[str] = ()
) -> list[tuple[int, int]]:
    """Start and end of every token of a text; in Chinese each word of ``whole`` is one.

    >>> spans_of_tokens("R&D in")
    [(0, 3), (4, 6)]
    """
    pattern = _pattern(language)
    if not pattern:
        return []
    word = text if whole else text.strip(_SIGNS)
    if word.isascii() and word.isalpha():  # as most are
        start = text.index(word)
        return [(start, start + len(word))]
    if language == "zh":
        return _chinese_spans(text, whole)
    return [match.span() for match in pattern.finditer(text)]


@cache
def _pattern(language):
    """The pattern of a language; ``None`` where nothing parts its words."""
    rules = rules_of(language)
    if rules.words:
        return None
    elided = "|".join(rules.elided.split())
    first = rf"(?i:{elided})[{APOSTROPHE}{LIKE_APOSTROPHE}](?={_LETTER})|" if elided else ""
    return regex.compile(first + TOKEN_PATTERN)


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
