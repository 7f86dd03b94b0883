"""The plain form of a word, which terms are function words, and visible steps that rename terms.

The steps (spelling variants, lemmas) are off unless a notebook calls them. They return new tokens
in which only ``term`` differs; offsets still give back the word as collected.
"""

from collections.abc import Iterable
from unicodedata import normalize

import numpy as np
import regex
from numpy import ndarray
from pandas import Categorical, DataFrame

from utils.corpus.tables import LISTS, folder_of, read_side_table

HIDDEN = (  # soft hyphens, joiners, directions: no width, whatever they stand in
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    r"\ufe00-\ufe0f\ufeff"
)
APOSTROPHE = "'’‘‛ʼʻ＇"
LIKE_APOSTROPHE = "´`′"  # an apostrophe only before a letter
_HIDDEN_RUN = regex.compile(f"[{HIDDEN}]+")
_APOSTROPHES = str.maketrans(
    dict.fromkeys(APOSTROPHE + LIKE_APOSTROPHE, "'") | {"\u2010": "-", "\u2011": "-"}
)
# Ligatures, letters of full and half width, of Arabic shapes and of mathematical alphabets; not
# ½ or ² or Ⅷ, whose plain form would be another number.
_SHAPES = regex.compile(
    r"[ĲĳĿŀſǄ-ǌǱ-ǳ\ufb00-\ufdff\ufe70-\ufefe\uff01-\uffee\U0001d400-\U0001d7ff]+"
)


def plain_form(word: str) -> str:
    """A word in the one form under which it is counted, but for its capitals.

    Unicode is composed (NFC); ligatures and forms of full or half width become plain letters
    (NFKC), hyphens and apostrophes the plain ones; soft hyphens and what has no width are left out.

    >>> plain_form("ﬁrm’s"), plain_form("ＵＫ‑in\u00adno\u200bvation")
    ("firm's", 'UK-innovation')
    """
    if word.isascii():  # most are, and this is quick
        return word.replace("`", "'")
    seen = _HIDDEN_RUN.sub("", word)
    shaped = _SHAPES.sub(lambda match: normalize("NFKC", match[0]), seen)
    return normalize("NFC", shaped.translate(_APOSTROPHES))


def function_words(articles: DataFrame | None = None) -> frozenset[str]:
    """The shipped English function words, as changed by the corpus's ``function_words.txt``.

    In that file a word is added, ``-word`` is taken out, and ``-*`` empties the list so far.

    >>> {"the", "'s"} <= function_words(), "innovation" in function_words()
    (True, False)
    """
    words = set()
    general = read_side_table("function_words", LISTS).words
    own = read_side_table("function_words", None if articles is None else folder_of(articles)).words
    for word in plain_form(" ".join([*general, *own])).lower().split():
        if word == "-*":
            words.clear()
        elif word.startswith("-"):
            words.discard(word[1:])
        else:
            words.add(word)
    return frozenset(words)


def is_content(terms: Iterable[str], words: frozenset[str]) -> ndarray:
    """True for terms that hold a letter and are not function words: one Boolean a term.

    >>> is_content(["the", "talent", "2.8%"], function_words()).tolist()
    [False, True, False]
    """
    content = [term not in words and any(map(str.isalpha, term)) for term in terms]
    return np.array(content, dtype=bool)


def unify_variants(tokens: DataFrame) -> DataFrame:
    """Tokens with spelling variants (*center*) under one term (*centre*); offsets unchanged."""
    variants = read_side_table("variants", LISTS).set_index("variant").term.to_dict()

    def rename(term: str) -> str:
        return "-".join(variants.get(part, part) for part in term.split("-"))

    return _rename_terms(tokens, rename)


def lemmatize(tokens: DataFrame, language: str = "en") -> DataFrame:
    """Tokens under their dictionary forms by simplemma, but for those in ``lists/lemmas.csv``."""
    import simplemma  # loaded here so that opening the room stays quick

    lemmas = read_side_table("lemmas", LISTS).set_index("term").lemma.to_dict()

    def rename(term: str) -> str:
        return lemmas.get(term) or simplemma.lemmatize(term, lang=language).lower()

    return _rename_terms(tokens, rename)


def _rename_terms(tokens, rename):
    """Tokens with ``rename`` applied to each distinct term once."""
    renamed = Categorical([rename(term) for term in tokens.term.cat.categories])
    codes = renamed.codes[tokens.term.cat.codes]
    return tokens.assign(term=Categorical.from_codes(codes, renamed.categories))
