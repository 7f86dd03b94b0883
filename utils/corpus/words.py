"""Which terms are function words, and visible steps that rename terms: spelling variants, lemmas.

The steps are off unless a notebook calls them. They return new tokens in which only ``term`` differs;
offsets still give back the word as collected.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import simplemma

from utils.corpus.articles import CORPUS
from utils.corpus.files import read_table

LISTS = Path(__file__).parent / "lists"


def function_words(folder: Path | str | None = CORPUS) -> frozenset[str]:
    """The shipped function words, as changed by ``folder/function_words.txt`` where there is one.

    There a word is added, ``-word`` is taken out, and ``-*`` empties the list so far.

    >>> {"the", "'s"} <= function_words(), "innovation" in function_words()
    (True, False)
    """
    own = Path(folder or CORPUS) / "function_words.txt"
    words: set[str] = set()
    for file in (LISTS / "function_words.txt", own):
        for word in _words(file):
            if word == "-*":
                words.clear()
            elif word.startswith("-"):
                words.discard(word[1:])
            else:
                words.add(word)
    return frozenset(words)


def is_content(terms: Iterable[str], words: frozenset[str]) -> np.ndarray:
    """True for terms that hold a letter and are no function word: one Boolean a term.

    >>> is_content(["the", "talent", "2.8%"], function_words()).tolist()
    [False, True, False]
    """
    return np.array([term not in words and any(map(str.isalpha, term)) for term in terms], dtype=bool)


def unify_variants(tokens: pd.DataFrame, file: Path = LISTS / "variants.csv") -> pd.DataFrame:
    """Tokens whose spelling variants (*center*) stand under one term (*centre*); offsets unchanged."""
    table = read_table(file, ["variant", "term"])
    variants = dict(zip(table.variant, table.term, strict=True))
    return rename_terms(tokens, lambda term: "-".join(variants.get(part, part) for part in term.split("-")))


def lemmatize(tokens: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Tokens under their dictionary forms by simplemma, but for the exceptions in ``lists/lemmas.csv``."""
    table = read_table(LISTS / "lemmas.csv", ["term", "lemma"])
    exceptions = dict(zip(table.term, table.lemma, strict=True))
    return rename_terms(tokens, lambda term: exceptions.get(term) or simplemma.lemmatize(term, lang=language).lower())


def rename_terms(tokens: pd.DataFrame, rename: Callable[[str], str]) -> pd.DataFrame:
    """Tokens with ``rename`` applied to each distinct term once."""
    renamed = pd.Categorical([rename(term) for term in tokens.term.cat.categories])
    codes = renamed.codes[tokens.term.cat.codes]
    return tokens.assign(term=pd.Categorical.from_codes(codes, renamed.categories))


def _words(file: Path) -> list[str]:
    if not file.exists():
        return []
    lines = file.read_text("utf-8-sig").splitlines()
    return [word.lower() for line in lines if not line.startswith("#") for word in line.split()]
