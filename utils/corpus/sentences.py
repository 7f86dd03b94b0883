"""Where sentences end: at a stop with a capital after it, unless the stop is an abbreviation's.

The abbreviations are in ``lists/abbreviations.csv``; an entry with a capital holds only as written
(*Mass.*). What an abbreviation stands ``before`` says whether it can end a sentence:

===========  =============  =======================================================================
before       example        ends a sentence
===========  =============  =======================================================================
``name``     *Mr.*          never
``number``   *No.*          unless a digit follows
``any``      *Oct.*         before a function word with a capital (*The*), or *Mr*, *Mrs*, *Ms*; so
                            do initials, letters with stops (*U.S.*), and capitals without a vowel
``company``  *Inc.*         there, and before a capitalised word and a small one (*Terms were*)
===========  =============  =======================================================================

On the 150 sentences of ``tests/sentences_*.txt``, written before these rules, F1 of the boundaries
was 0.99 at the first try; sentencex and pysbd have 0.95, syntok 0.93, Punkt with a list 0.85.
"""

from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import regex

from utils.corpus.languages import rules_of
from utils.corpus.tables import LISTS, read_side_table
from utils.corpus.words import general_function_words

_STOP = regex.compile(
    r"""(?<![.!?…]|[.…]\s)
    (?P<stop>(?:[.!?…\p{STerm}--[。！？｡]]++)(?:\s[.…]++)*+)
    (?P<close>(?:["”“’‘'«»›)\]}]|\s»(?!\S))*+)
    (?=\s++["“„‚‘'«»‹(\[{¿¡–—-]*+\s?(?P<next>\p{L}++\.?|[^\s\p{L}])(?P<small>\s\p{Ll})?)
    |(?<![。！？｡…])(?:[。！？｡]|……|[!?](?=["”’」』）》)]*+\p{Han}))[。！？｡…]*+
    (?P<quoted>["”’」』）》)]*+)(?!(?<=…)等)(?=\s*+[^\s，、；：,;])""",
    regex.VERBOSE | regex.VERSION1,
)
_MARK = regex.compile(r"(?V1)[\p{STerm}--.]")
_ANY_STOP = regex.compile(r"[.!?…\p{STerm}\x1c-\x1f]")
_STOP_WITHIN = regex.compile(  # one that needs no space after it, or a character that splits lines
    r"[。！？｡\x1c-\x1f]|……|[!?][\"”’」』）》)]*+\p{Han}"
)
_STOP_AT_END = regex.compile(
    r"""(?V1)(?<![.!?…])(?P<stop>[.!?…\p{STerm}--[。！？｡]]++)(?P<close>["”“’‘'«»›)\]}]*+)\Z"""
)
_FIRST = regex.compile(r"""["“„‚‘'«»‹(\[{¿¡–—-]*+(?P<next>\p{L}++\.?|[^\s\p{L}])""")
_CHINESE_SAYS = regex.compile(  # “好。”他说。 is one sentence
    r"\p{Han}{1,8}?(?:[说說道问問称稱答喊叫]|表示|指出|认为|認為|介绍|介紹|强调|強調|回答|透露)[道着]?[，,。]"
)
_SPACE = regex.compile(r"\s*+")
_TITLES = {"mr", "mr.", "mrs", "mrs.", "ms", "ms."}
_LONGEST = 12  # characters of an abbreviation
_WORD_BEFORE = regex.compile(r"(?r)[\p{L}\p{N}.'’]*")  # (?r) matches backwards from the end
_LETTERS = regex.compile(r"(?:\p{L}\.)*\p{L}|[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]+")  # U.S, J, Sgt
_ORDINAL = regex.compile(r"\d{1,2}")  # am 5. Mai
_NUMBER = r"[(\s]*(?:\d{1,3}|\p{L}|[ivxIVX]{1,4})"
_NUMBERING = regex.compile(_NUMBER)  # 1. The first item
_AFTER_COLON = regex.compile(rf"(?r)[:;]\s+{_NUMBER}")
_SOMEONE_SAYS = regex.compile(
    r"\s(?:\p{Lu}[\w.’'-]*\s){1,4}(?:said|says|ask(?:s|ed)|wonder(?:s|ed))\b"
)


class End(IntEnum):
    """What a word ends with: no stop, the stop of a sentence or of an abbreviation, or dots."""

    NO_STOP = 0
    STOP = 1
    BEFORE_NUMBER = 2
    ABBREVIATION = 3
    DOTS = 4
    UNSURE = 5  # the sentence must be read
    WITHIN = 6  # a sentence may end inside the word


class Begin(IntEnum):
    """What a word begins with; the words of ``STARTER`` begin sentences more than names."""

    SMALL = 0
    STARTER = 1
    CAPITAL = 2
    DIGIT = 3
    OTHER = 4
    UNSURE = 5


NO = 0
YES = 1
ASK = 2
MEETINGS = np.array(
    [  # small, starter, capital, digit, other, unsure
        [NO, NO, NO, NO, NO, NO],
        [NO, YES, YES, YES, YES, ASK],
        [NO, YES, YES, NO, YES, ASK],
        [NO, YES, NO, NO, NO, ASK],
        [NO, YES, YES, NO, NO, ASK],
        [NO, ASK, ASK, ASK, ASK, ASK],
        [ASK, ASK, ASK, ASK, ASK, ASK],
    ],
    np.int8,
)
"""Whether a sentence ends where such an ``End``, in rows, meets such a ``Begin``."""
_ENDS = {
    "": End.STOP,
    "name": End.NO_STOP,
    "number": End.BEFORE_NUMBER,
    "any": End.ABBREVIATION,
    "company": End.ABBREVIATION,
}


class _Rules(NamedTuple):
    """What a language says of stops: abbreviations, words that begin a sentence, "5. Mai"."""

    abbreviations: dict[str, str]
    starters: frozenset[str]
    ordinals: bool
    questions: dict[int, str]


def sentence_spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Start and end of every sentence of a paragraph, white space between them left out.

    >>> [text[slice(*span)] for text in ["At 5 p.m. Dr. Li left. It rained."]
    ...  for span in sentence_spans(text)]
    ['At 5 p.m. Dr. Li left.', 'It rained.']
    """
    text = with_plain_stops(text, language)
    return spans_between(text, (0, len(text)), language, text == text.lower())


def with_plain_stops(text: str, language: str) -> str:
    """A text with "?" for what its language has as a question mark.

    >>> with_plain_stops("Ποιος ήρθε; Η Άννα.", "el")
    'Ποιος ήρθε? Η Άννα.'
    """
    questions = _rules(language).questions
    return text.translate(questions) if questions else text


def spans_between(
    text: str, part: tuple[int, int], language: str, small: bool
) -> list[tuple[int, int]]:
    """The same of a part of a paragraph, before and after which sentences end.

    ``small`` says that the paragraph is one without capitals.

    >>> spans_between("At 5 p.m. Dr. Li left. It rained.", (0, 22), "en", False)
    [(0, 22)]
    """
    start, stop = part
    begin = _start(text, start)
    spans = []
    rules = _rules(language)
    for match in _STOP.finditer(text, begin):
        at, end = match.span()
        if at >= stop:
            break
        if at > begin and _ends(match, begin, small, rules):
            spans.append((begin, end))
            begin = _start(text, end)
    end = start + len(text[start:stop].rstrip())
    return [*spans, (begin, end)] if begin < end else spans


def end_and_begin(word: str, language: str = "en") -> tuple[int, int]:
    """With what a word between white space ends and begins, which says where sentences end.

    >>> left, it, small = map(end_and_begin, ("left.", "It", "it"))
    >>> int(MEETINGS[left[0], it[1]]), int(MEETINGS[left[0], small[1]])
    (1, 0)
    """
    rules = _rules(language)
    plain = word.rstrip(",;:")
    if plain.isalpha():  # as most are
        return End.NO_STOP, _begin(plain, False, rules)
    return _end_of(word, rules), _begin_of(word, rules)


def _end_of(word, rules):
    if not _ANY_STOP.search(word):
        return End.NO_STOP
    if _STOP_WITHIN.search(word):
        return End.WITHIN
    match = _STOP_AT_END.search(word)
    if not match:
        return End.NO_STOP
    stop, close = match.group("stop", "close")
    kind = _kind(_word_before(match), rules)
    needs_context = [
        match.start() == 0,
        close and _MARK.search(stop),
        _NUMBERING.fullmatch(word, 0, match.start()),
        kind == "company",
    ]
    return End.UNSURE if any(needs_context) else _end(stop, kind)


def _begin_of(word, rules):
    if word[:1].islower():
        return Begin.SMALL
    match = _FIRST.match(word)
    return Begin.UNSURE if not match or word[0] in ".…" else _begin(match["next"], False, rules)


def _start(text, place):
    return _SPACE.match(text, place).end()


def _ends(match, begin, small, rules):
    """Whether a sentence that began there ends here; ``small`` is a text without capitals."""
    stop, following = match.group("stop", "next")
    if _is_quoted_by_someone(match) or _is_numbering(match, begin):
        return False
    if not stop:
        return True
    kind = _kind(_word_before(match), rules)
    if kind == "company" and match["small"] and not _kind(following.rstrip("."), rules):
        kind = ""  # as in "Inc. Terms were not given"
    return MEETINGS[_end(stop, kind), _begin(following, small, rules)] == YES


def _end(stop, kind):
    """What a stop after an abbreviation of this kind is, or after another word."""
    if stop == ".":
        return _ENDS[kind]
    return End.STOP if _MARK.search(stop) else End.DOTS


def _begin(following, small, rules):
    """What a word after a stop begins with; no letter of a text without capitals is small."""
    first = following[0]
    if first.islower() and not small:
        return Begin.SMALL
    if following.istitle() and following.lower() in rules.starters:
        return Begin.STARTER
    if first.isalpha():
        return Begin.CAPITAL
    return Begin.DIGIT if first.isdigit() else Begin.OTHER


def _is_quoted_by_someone(match):
    """Whether a quotation ends there and who says it follows: “Who came?” Mr. Li asked."""
    stop, close, quoted = match.group("stop", "close", "quoted")
    if not stop:
        return quoted and _CHINESE_SAYS.match(match.string, match.end())
    return close and _MARK.search(stop) and _SOMEONE_SAYS.match(match.string, match.end())


def _is_numbering(match, begin):
    if match["stop"] != ".":
        return False
    text = match.string
    at = match.start()
    near = max(at - _LONGEST, begin)
    of_sentence = near == begin and _NUMBERING.fullmatch(text, begin, at)
    return of_sentence or _AFTER_COLON.match(text, near, at)


def _word_before(match):
    at = match.start()
    near = max(at - _LONGEST, 0)
    word = match.string[near:at].rpartition(" ")[2]
    if word.isalpha():  # as most are
        return word
    return _WORD_BEFORE.match(match.string, near, at)[0].lstrip("'’.")


def _kind(word, rules):
    """What an abbreviation stands before; empty for any other word."""
    kind = rules.abbreviations.get(word) or rules.abbreviations.get(word.lower())
    if kind is None and (_LETTERS.fullmatch(word) or (rules.ordinals and _ORDINAL.fullmatch(word))):
        kind = "any"
    return kind or ""


@cache
def _rules(language):
    """The rules of a language; what begins a sentence is no word that may be a month or a name."""
    table = read_side_table("abbreviations", LISTS)
    table = table[table.language == language]
    words = general_function_words(language)
    rules = rules_of(language)
    return _Rules(
        dict(zip(table.abbreviation, table.before, strict=True)),
        frozenset(words) - {"may", "will"} | _TITLES,
        bool(rules.ordinals),
        str.maketrans(dict.fromkeys(rules.questions and f"{rules.questions}\u037e", "?")),
    )
