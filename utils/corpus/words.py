"""Which terms are function words, and visible steps that rename terms: spelling variants, lemmas.

The steps are off unless a notebook calls them. They return new tokens in which only ``term``
differs; offsets still give back the word as collected.
"""

from collections.abc import Iterable

import numpy as np
from numpy import ndarray
from pandas import Categorical, DataFrame

from utils.corpus.tables import LISTS, folder_of, read_side_table


def function_words(articles: DataFrame | None = None) -> frozenset[str]:
    """The shipped English function words, as changed by the corpus's ``function_words.txt``.

    In that file a word is added, ``-word`` is taken out, and ``-*`` empties the list so far.

    >>> {"the", "'s"} <= function_words(), "innovation" in function_words()
    (True, False)
    """
    words = set()
    general = read_side_table("function_words", LISTS).words
    own = read_side_table("function_words", None if articles is None else folder_of(articles)).words
    for word in " ".join([*general, *own]).lower().split():
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
