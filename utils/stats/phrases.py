"""Word sequences that recur: compared between two groups, or shared by articles."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from pandas import DataFrame

from utils.corpus.words import is_content
from utils.search.queries import sentence_edges
from utils.stats.counted import keep_counted
from utils.stats.frequency import counts_by_article
from utils.stats.keywords import compare_terms, conclude, join_tokens, two_sides
from utils.stats.resampling import DEFAULT, Resampling

FEWEST_REPEATS = 3  # of a phrase
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
    table already covers it. There are no rows where the sentences of a group have one word each.
    Raises ``Mistake`` as ``keyword_table`` does.
    """
    sides = two_sides(target_tokens, reference_tokens)
    tokens = join_tokens(target_tokens, reference_tokens)
    phrases = _recurring(tokens, words, KEY_LENGTHS, "size", FEWEST_REPEATS)
    options = options.for_family(phrases.term.nunique())
    room = _room(tokens)
    tables = []
    for length in KEY_LENGTHS:
        starts = tokens.doc_id.array.codes[room >= length]
        sizes = np.bincount(starts, minlength=len(sides.docs))
        of_length = phrases[phrases.length == length].astype({"term": "category"})
        counts, _ = counts_by_article(of_length)
        terms = of_length.term.cat.categories
        compared = sides._replace(terms=terms, counts=counts, sizes=sizes)
        if all(compared.add_up(sizes)):
            tables.append(compare_terms(compared, measures, options))
    if not tables:
        nothing = sides._replace(terms=sides.terms[:0], counts=sides.counts[:0])
        tables.append(compare_terms(nothing, measures, options))
    table = pd.concat(tables, ignore_index=True).assign(query="")
    table = conclude(table, sides, options.adjustment)
    return keep_counted(table, "phrases", target=target_tokens, reference=reference_tokens)


def shared_phrases(tokens: DataFrame, words: frozenset[str]) -> DataFrame:
    """Phrases of 3 to 12 tokens that are in several articles, the longest first.

    The columns are ``phrase, articles, doc_id, sentence``, a row for the first place in each
    article. Phrases begin and end with a content word, which is none of ``words``. A phrase inside
    a longer one is not listed.
    """
    phrases = _recurring(tokens, words, SHARED_LENGTHS, "nunique", 2)
    phrases = phrases.rename(columns={"term": "phrase"}).drop_duplicates(["phrase", "doc_id"])
    phrases["articles"] = phrases.groupby("phrase").doc_id.transform("size")
    phrases["sentence"] = tokens.sentence.to_numpy()[phrases.start]
    by = ["length", "articles", "phrase"]
    ascending = [False, False, True]
    phrases = phrases.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)
    return phrases[["phrase", "articles", "doc_id", "sentence"]]


def _recurring(tokens, words, lengths, count, fewest):
    """One row per place of each recurring phrase: ``term, length, start, doc_id``.

    A phrase recurs with ``fewest`` places (``count`` is ``size``) or articles (``nunique``). Longer
    phrases come first, and a place inside one is left out.
    """
    codes = tokens.term.array.codes
    content = is_content(tokens.term.array.categories, words)[codes]
    terms = tokens.term.to_numpy(object)
    room = _room(tokens)
    end_of_phrase = np.full(len(tokens), -1)  # the last row of a phrase that begins at this row
    tables = []
    for length in lengths:
        start = np.flatnonzero(room >= length)
        last = start + length - 1
        inside = np.maximum.accumulate(end_of_phrase)[start] >= last
        start = start[content[start] & content[last] & ~inside]
        places = DataFrame({"start": start, "doc_id": tokens.doc_id.array[start], "length": length})
        sequences = DataFrame(codes[start[:, None] + np.arange(length)])
        number = sequences.groupby([*sequences], sort=False).ngroup()
        places = places[places.groupby(number).doc_id.transform(count) >= fewest]
        end_of_phrase[places.start] = places.start + length - 1
        names = [" ".join(terms[first : first + length]) for first in places.start]
        tables.append(places.assign(term=names))
    return pd.concat(tables, ignore_index=True)


def _room(tokens):
    """Tokens from each row to the end of its sentence."""
    rows = np.arange(len(tokens))
    return sentence_edges(tokens, rows)[1] + 1 - rows
