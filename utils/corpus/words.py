"""The plain form of a word, which terms are function words, and visible steps that rename terms.

The steps (spelling variants, lemmas) are off unless a notebook calls them. They return new tokens
in which only ``term`` differs; offsets still give back the word as collected.
"""

from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

import numpy as np
import regex
from numpy import ndarray
from pandas import Categorical, DataFrame

from utils.corpus.languages import languages_of, rules_of
from utils.corpus.tables import LISTS, folder_of, read_side_table

HIDDEN = (  # soft hyphens, joiners, directions: no width, whatever they stand in
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    r"\ufe00-\ufe0f\ufeff"
)
WHITE_SPACE = "".join(regex.findall(r"\s", "".join(map(chr, range(0x3001)))))
"""What the pattern engine's ``\\s`` is; ``str.split`` would split at U+001C to U+001F too."""
APOSTROPHE = "'’‘‛ʼʻ＇"
LIKE_APOSTROPHE = "´`′"  # an apostrophe only before a letter
_HIDDEN_RUN = regex.compile(f"[{HIDDEN}]+")
_APOSTROPHES = str.maketrans(
    dict.fromkeys(APOSTROPHE + LIKE_APOSTROPHE, "'") | {"\u2010": "-", "\u2011": "-"}
)
# Ligatures, letters of full and half width, of Arabic shapes and of mathematical alphabets; not
# ½ or ² or Ⅷ, whose plain form would be another number.
SHAPES = regex.compile(
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
    shaped = SHAPES.sub(lambda match: normalize("NFKC", match[0]), seen)
    return normalize("NFC", shaped.translate(_APOSTROPHES))


def function_words(articles: DataFrame | None = None) -> frozenset[str]:
    """The function words of the articles' languages, as changed by their ``function_words.txt``.

    Words of several languages are put together, so a corpus of several is analysed by
    ``in_language``. In that file a word is added, ``-word`` is taken out, and ``-*`` empties the
    list so far. ``None`` means English.

    >>> {"the", "'s"} <= function_words(), "innovation" in function_words()
    (True, False)
    """
    languages = ["en"] if articles is None else languages_of(articles)
    own = read_side_table("function_words", None if articles is None else folder_of(articles)).words
    words = {word for language in languages for word in general_function_words(language)}
    for word in plain_form(" ".join(own)).lower().split():
        if word == "-*":
            words.clear()
        elif word.startswith("-"):
            words.discard(word[1:])
        else:
            words.add(word)
    return frozenset(words)


@cache
def general_function_words(language: str) -> frozenset[str]:
    """The function words of a language: of our own lists, or of stopwordsiso for other languages.

    Those of French that lose a vowel are there too: *l'*. Empty for a language without a list.

    >>> "我们" in general_function_words("zh"), "l'" in general_function_words("fr")
    (True, True)
    """
    rules = rules_of(language)
    if rules["function words"]:
        return frozenset()
    if rules.listed:
        words = read_side_table("function_words", LISTS / rules.listed).words
        return frozenset(plain_form(" ".join(words)).lower().split())
    import stopwordsiso  # loaded here, since English needs none of it

    elided = {f"{word}'" for word in rules.elided.split()}
    known = stopwordsiso.has_lang(language)
    return frozenset(stopwordsiso.stopwords(language)) | elided if known else frozenset()


def is_content(terms: Iterable[str], words: frozenset[str]) -> ndarray:
    """True for terms that hold a letter and are not function words: one Boolean a term.

    >>> is_content(["the", "talent", "2.8%"], function_words()).tolist()
    [False, True, False]
    """
    content = [term not in words and any(map(str.isalpha, term)) for term in terms]
    return np.array(content, dtype=bool)


def unify_variants(tokens: DataFrame, language: str = "en") -> DataFrame:
    """English tokens with spelling variants (*center*) under one term (*centre*).

    Offsets are unchanged, and so are tokens of any other language.
    """
    if language != "en":
        return tokens
    variants = read_side_table("variants", LISTS).set_index("variant").term.to_dict()

    def rename(term: str) -> str:
        return "-".join(variants.get(part, part) for part in term.split("-"))

    return _rename_terms(tokens, rename)


def lemmatize(tokens: DataFrame, language: str = "en") -> DataFrame:
    """Tokens under their dictionary forms by simplemma, but for those in ``lists/lemmas.csv``.

    Tokens of a language that simplemma does not know, such as Chinese, stay as they are.
    """
    import simplemma  # loaded here so that opening the room stays quick
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if language not in SUPPORTED_LANGUAGES:
        return tokens
    listed = read_side_table("lemmas", LISTS if language == "en" else None)
    lemmas = listed.set_index("term").lemma.to_dict()

    def rename(term: str) -> str:
        return lemmas.get(term) or simplemma.lemmatize(term, lang=language).lower()

    return _rename_terms(tokens, rename)


def _rename_terms(tokens, rename):
    """Tokens with ``rename`` applied to each distinct term once."""
    renamed = Categorical([rename(term) for term in tokens.term.cat.categories])
    codes = renamed.codes[tokens.term.cat.codes]
    return tokens.assign(term=Categorical.from_codes(codes, renamed.categories))
