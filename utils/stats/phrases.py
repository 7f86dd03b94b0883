"""Word sequences that recur: compared between two groups, or shared by articles."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy import ndarray
from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.words import is_content
from utils.search.queries import sentence_key
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import FEWEST_REPEATS, compare_terms, conclude, join_tokens, two_sides
from utils.stats.resampling import DEFAULT, Resampling

KEY_LENGTHS = range(4, 1, -1)  # tokens of a key phrase, the longest first
SHARED_LENGTHS = range(12, 2, -1)  # tokens of a shared phrase


def key_phrases(
    target_tokens: DataFrame,
    reference_tokens: DataFrame,
    words: frozenset[str],
    measures: Iterable[str] = (),
    options: Resampling = DEFAULT,
) -> DataFrame:
    """The keyword table of phrases of 2 to 4 words that recur.

    They neither begin nor end with one of ``words``. A rate is per 10,000 positions at which a
    phrase of that length could be in a sentence. A phrase is not counted where a longer one of the
    table already covers it. Raises ``Mistake`` as ``keyword_table`` does, and for a group whose
    sentences have one word each.
    """
    sides = two_sides(target_tokens, reference_tokens)
    tokens = join_tokens(target_tokens, reference_tokens)
    tokens["doc_id"] = tokens.doc_id.cat.set_categories(sides.docs)
    phrases = _recurring(tokens, words, KEY_LENGTHS, "size", FEWEST_REPEATS)
    tables = []
    for length in KEY_LENGTHS:
        starts = tokens.doc_id.array.codes[_starts(tokens, length)]
        sizes = np.bincount(starts, minlength=len(sides.docs))
        named = phrases[phrases.length == length].rename(columns={"phrase": "term"})
        counts, _ = counts_by_article(named.astype({"term": "category"}))
        terms = np.unique(named.term)
        of_length = sides._replace(terms=terms, counts=counts, sizes=sizes)
        if all(of_length.group_sizes()):
            tables.append(compare_terms(of_length, measures, options))
    if not tables:
        raise Mistake("key phrases: no sentence of one group has two words; choose longer articles")
    table = pd.concat(tables, ignore_index=True).assign(query="")
    return conclude(table, sides, options.adjustment)


def shared_phrases(tokens: DataFrame, words: frozenset[str]) -> DataFrame:
    """Phrases of 3 to 12 tokens that are in several articles, the longest first.

    The columns are ``phrase, articles, doc_id, sentence``, a row for the first place in each
    article. Phrases begin and end with a content word, which is none of ``words``. A phrase inside
    a longer one is not listed.
    """
    phrases = _recurring(tokens, words, SHARED_LENGTHS, "nunique", 2)
    phrases = phrases.drop_duplicates(["phrase", "length", "doc_id"])
    phrases["articles"] = phrases.groupby(["phrase", "length"]).doc_id.transform("size")
    phrases["sentence"] = tokens.sentence.to_numpy()[phrases.start]
    by = ["length", "articles", "phrase"]
    ascending = [False, False, True]
    phrases = phrases.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)
    return phrases[["phrase", "articles", "doc_id", "sentence"]]


def _recurring(
    tokens: DataFrame, words: frozenset[str], lengths: Iterable[int], count: str, fewest: int
) -> DataFrame:
    """One row per place of each recurring phrase: ``phrase, length, start, doc_id``.

    A phrase recurs with ``fewest`` places (``count`` is ``size``) or articles (``nunique``). Longer
    phrases come first, and a place inside one is left out.
    """
    codes = tokens.term.array.codes.astype(np.int64)
    content = is_content(tokens.term.array.categories, words)[codes]
    terms = tokens.term.to_numpy(object)
    end_of_phrase = np.full(len(tokens), -1)  # the last row of a phrase that begins at this row
    tables = []
    for length in lengths:
        start = _starts(tokens, length)
        last = start + length - 1
        inside = np.maximum.accumulate(end_of_phrase)[start] >= last
        start = start[content[start] & content[last] & ~inside]
        places = DataFrame({"start": start, "doc_id": tokens.doc_id.array[start]})
        places["number"] = _number_sequences(codes, start, length)
        places = places[places.groupby("number").doc_id.transform(count) >= fewest]
        end_of_phrase[places.start] = places.start + length - 1
        names = [" ".join(terms[first : first + length]) for first in places.start]
        tables.append(places.assign(phrase=names, length=length))
    return pd.concat(tables, ignore_index=True)


def _starts(tokens: DataFrame, length: int) -> ndarray:
    """Rows at which a sequence of so many tokens begins within a sentence."""
    start = np.arange(max(len(tokens) - length + 1, 0))
    return start[sentence_key(tokens, start) == sentence_key(tokens, start + length - 1)]


def _number_sequences(codes: ndarray, start: ndarray, length: int) -> ndarray:
    """A number for the sequence of terms at each start; the same terms have the same number."""
    numbers = np.zeros(len(start), np.int64)
    for step in range(length):
        numbers = pd.factorize(numbers * (codes.max() + 1) + codes[start + step])[0]
    return numbers
