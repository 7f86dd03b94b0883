"""Word sequences that recur: compared between two groups, or shared by articles."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from pandas import Categorical, DataFrame, factorize

from utils.corpus.words import is_content
from utils.search.queries import sentence_starts
from utils.stats.counted import keep_counted
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import (
    FEWEST_TOKENS,
    compare_terms,
    conclude,
    divide,
    join_tokens,
    two_sides,
)
from utils.stats.resampling import DEFAULT, Resampling, add_up

FEWEST_REPEATS = 3  # of a phrase, and one more for so many tokens:
PER_REPEAT = 500_000
MOST_PLACES = 100_000  # of shared phrases that are listed
KEY_LENGTHS = range(4, 1, -1)  # tokens of a key phrase, the longest first
SHARED_LENGTHS = range(12, 2, -1)  # tokens of a shared phrase
_OF_PHRASES = ["doc_id", "sentence", "term"]


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
    table already covers it. ``attrs["fewest"]`` is how often a phrase must be there: three times,
    or in more than 1.5 million tokens as often as there are half millions. There are no rows where
    the sentences of a group have one word each. Raises ``Mistake`` as ``keyword_table`` does.
    """
    sides = two_sides(target_tokens, reference_tokens)
    sides = sides.take(slice(0))
    tokens = join_tokens(target_tokens[_OF_PHRASES], reference_tokens[_OF_PHRASES])
    fewest = max(FEWEST_REPEATS, len(tokens) // PER_REPEAT)
    phrases = _recurring(tokens, words, KEY_LENGTHS, fewest)
    repeats = np.bincount(phrases.term.cat.codes, minlength=1)
    options = options.for_family(np.count_nonzero(repeats >= FEWEST_TOKENS), len(sides.docs))
    here = tokens.doc_id.array.categories.isin(sides.docs)
    room = _room(tokens)
    tables = []
    for length in KEY_LENGTHS:
        starts = tokens.doc_id.array.codes[room >= length]
        sizes = np.bincount(starts, minlength=len(here))[here]
        of_length = phrases[phrases.length == length]
        counts = counts_by_article(of_length)[0]
        used = np.flatnonzero(np.diff(counts.indptr))
        terms = phrases.term.cat.categories[used]
        compared = divide(terms, counts[used][:, here], sizes, sides.target, sides.docs)
        if all(add_up(sizes, sides.target)):
            tables.append(compare_terms(compared, measures, options))
    if not tables:
        tables.append(compare_terms(sides, measures, options))
    table = pd.concat(tables).sort_values("term", ignore_index=True).assign(query="")
    table = conclude(table, sides, options)
    table.attrs["fewest"] = fewest
    return keep_counted(table, "phrases", target=target_tokens, reference=reference_tokens)


def shared_phrases(tokens: DataFrame, words: frozenset[str]) -> DataFrame:
    """Phrases of 3 to 12 tokens that are in several articles, the longest first.

    The columns are ``phrase, articles, doc_id, sentence``, a row for the first place in each
    article. Phrases begin and end with a content word, which is none of ``words``. A place inside
    a longer one is left out.
    """
    phrases = _recurring(tokens, words, SHARED_LENGTHS)
    phrases = phrases.rename(columns={"term": "phrase"}).drop_duplicates(["phrase", "doc_id"])
    phrases["articles"] = phrases.groupby("phrase", observed=True).doc_id.transform("size")
    phrases["sentence"] = tokens.sentence.to_numpy()[phrases.start]
    by = ["length", "articles", "phrase"]
    ascending = [False, False, True]
    phrases = phrases.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)
    return phrases[["phrase", "articles", "doc_id", "sentence"]]


def longest_phrases(phrases: DataFrame) -> DataFrame:
    """The first of the shared phrases with all their places, up to 100,000 rows.

    If the first phrase alone has more, it has that many.

    ``attrs`` hold ``phrases``, their number in all, and ``listed``.
    """
    number = phrases.phrase.nunique()
    if len(phrases) > MOST_PLACES:
        cut = phrases.phrase == phrases.phrase[MOST_PLACES]
        phrases = phrases[: cut.idxmax() or MOST_PLACES]
    phrases = phrases.astype({"phrase": str})
    phrases.attrs = {"phrases": number, "listed": phrases.phrase.nunique()}
    return phrases


def _recurring(tokens, words, lengths, fewest=None):
    """One row per place of each recurring phrase: ``start, doc_id, length, term``.

    A phrase recurs with ``fewest`` places, or without it in two articles. Longer phrases come
    first, and a place inside one is left out.
    """
    codes = tokens.term.array.codes
    docs = tokens.doc_id.array
    content = is_content(tokens.term.array.categories, words)[codes]

    def recurs(phrase, start):
        return _is_often(phrase, docs.codes[start], fewest)

    sequences = _sequences(codes, np.where(content, _room(tokens), 0), max(lengths), recurs)
    end_of_phrase = np.full(len(tokens), -1, np.int32)  # last row of a phrase that begins at a row
    tables = []
    names = []
    for length in lengths:
        start, phrase = sequences.pop(length)
        last = start + length - 1
        free = content[last] & (np.maximum.accumulate(end_of_phrase)[start] < last)
        start = start[free]
        phrase = phrase[free]
        often = recurs(phrase, start)
        start = start[often]
        _, first, number = np.unique(phrase[often], return_index=True, return_inverse=True)
        end_of_phrase[start] = start + length - 1
        table = DataFrame({"start": start, "doc_id": docs[start], "length": length})
        tables.append(table.assign(term=number + len(names)))
        rows = start[first][:, None] + np.arange(length)
        parts = tokens.term.array.categories.to_numpy(object)[codes[rows]]
        names += map(" ".join, parts)
    table = pd.concat(tables, ignore_index=True)
    number, names = factorize(np.array(names, object), sort=True)
    return table.assign(term=Categorical.from_codes(number[table.term], names))


def _sequences(codes, room, longest, recurs):
    """By length: where a recurring sequence of so many tokens begins, and its number.

    What recurs begins with what recurs, so each length is looked for among the one before it.
    """
    start = np.flatnonzero(room).astype(np.int32)
    number = codes[start]
    found = {}
    for length in range(2, longest + 1):
        fits = room[start] >= length
        start = start[fits]
        number = number[fits].astype(np.int64) * (codes.max(initial=0) + 1)
        number += codes[start + length - 1]
        number = factorize(number)[0].astype(np.int32)
        often = recurs(number, start)
        start = start[often]
        number = number[often]
        found[length] = (start, number)
    return found


def _is_often(number, docs, fewest):
    """Whether each of these numbers is there ``fewest`` times, or in two articles."""
    if fewest:
        return (np.bincount(number, minlength=1) >= fewest)[number]
    first = np.full(number.max(initial=-1) + 1, -1, docs.dtype)
    first[number[::-1]] = docs[::-1]
    several = np.zeros(len(first), bool)
    several[number[docs != first[number]]] = True
    return several[number]


def _room(tokens):
    """Tokens from each row to the end of its sentence."""
    starts = sentence_starts(tokens)
    sizes = np.diff(starts, append=len(tokens))
    ends = (starts + sizes).astype(np.int32)
    return np.repeat(ends, sizes) - np.arange(len(tokens), dtype=np.int32)
