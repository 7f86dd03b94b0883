"""Texts are split into sentences and tokens, a chunk between white space at a time.

The tokens of a chunk depend on nothing else, and where sentences end depends as a rule on two
chunks alone. So each distinct chunk is read once and remembered, and all texts are put together
from what is known of their chunks. The few texts that need to be read as a whole are.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, compress, count
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy import ndarray

from utils.corpus.sentences import (
    ASK,
    MEETINGS,
    YES,
    End,
    end_and_begin,
    spans_between,
    with_plain_stops,
)
from utils.corpus.token_pattern import spans_of_tokens
from utils.corpus.words import WHITE_SPACE, plain_form

_ONE_AT_A_TIME = Lock()
_MOST_TOKENS = 200_000  # that are remembered; a chunk is a word, or in Chinese a paragraph


class Spans(NamedTuple):
    """Spans in texts, in order: the number of its text, start and end of each."""

    text: ndarray
    start: ndarray
    end: ndarray


class _Split(NamedTuple):
    """The chunks of texts: what is known of them, their numbers, and the spans, space included."""

    known: "_Chunks"
    number: ndarray
    spans: Spans


def split_texts(
    texts: list[str], language: str = "en", whole: Iterable[str] = ()
) -> tuple[Spans, Spans, ndarray, list[str]]:
    """The sentences and the tokens of texts, the code of each token, and the terms.

    The sentences are those of ``sentence_spans``, and the tokens those of ``spans_of_tokens``.

    >>> sentences, tokens, codes, terms = split_texts(["R&D in the U.K. It grew."])
    >>> sentences.start.tolist(), tokens.start.tolist()
    ([0, 16], [0, 4, 7, 11, 16, 19])
    >>> [terms[code] for code in codes]
    ['r&d', 'in', 'the', 'u.k.', 'it', 'grew']
    """
    texts = [with_plain_stops(text, language) for text in texts]
    with _ONE_AT_A_TIME:
        try:
            known = _known_chunks(language, tuple(whole))
            if len(known.term) > _MOST_TOKENS:
                _known_chunks.cache_clear()
                known = _known_chunks(language, tuple(whole))
            split = _Split(known, *_chunks_of(texts, known))
            return _sentences(texts, split), *_tokens(split)
        except BaseException:
            _known_chunks.cache_clear()  # what was cut off in the midst is not remembered
            raise


def terms_of(text: str, language: str = "en", whole: Iterable[str] = ()) -> list[str]:
    """The terms of a text, in order.

    >>> terms_of("It's R&D.")
    ['it', "'s", 'r&d']
    """
    *_, codes, terms = split_texts([text], language, whole)
    return [terms[code] for code in codes]


class _Chunks:
    """What is known of every distinct chunk met so far.

    A chunk has ``width`` characters with the space after it, an ``end`` and a ``begin`` (see
    ``end_and_begin``), and ``size`` tokens, from the ``first`` of all tokens on. These have
    ``token_start``, ``token_end`` and the number of their ``term`` in ``names``.
    """

    def __init__(self, language, whole):
        self.language = language
        self.whole = whole
        self.numbers = defaultdict(count().__next__)
        self.terms = defaultdict(count().__next__)
        self.names = []
        self.width = self.size = self.first = np.zeros(0, np.int32)
        self.token_start = self.token_end = self.term = np.zeros(0, np.int32)
        self.end = self.begin = np.zeros(0, np.int8)

    def numbers_of(self, text):
        """The number of each chunk of a text that ends with a space."""
        data = text.encode("utf-8", "surrogatepass")
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(" ")) + 1
        buffers = [None, pa.py_buffer(np.append(0, ends)), pa.py_buffer(data)]
        chunks = pa.Array.from_buffers(pa.large_binary(), len(ends), buffers).dictionary_encode()
        distinct = chunks.dictionary.to_pylist()
        known = len(self.numbers)
        numbers = np.fromiter(map(self.numbers.__getitem__, distinct), np.int64, len(distinct))
        if len(self.numbers) > known:
            new = compress(distinct, numbers >= known)
            self._add([chunk[:-1].decode("utf-8", "surrogatepass") for chunk in new])
        return numbers[chunks.indices.to_numpy()]

    def _add(self, chunks):
        found = [spans_of_tokens(chunk, self.language, self.whole) for chunk in chunks]
        words = (
            plain_form(chunk[start:end]).lower()
            for chunk, spans in zip(chunks, found, strict=True)
            for start, end in spans
        )
        term = np.fromiter(map(self.terms.__getitem__, words), np.int32)
        self.names = list(self.terms)
        spans = np.array(list(chain.from_iterable(found)), np.int32).reshape(-1, 2)
        size = np.fromiter(map(len, found), np.int32, len(chunks))
        first = len(self.term) + np.cumsum(size, dtype=np.int32) - size
        kinds = chain.from_iterable(end_and_begin(chunk, self.language) for chunk in chunks)
        end, begin = np.fromiter(kinds, np.int8).reshape(-1, 2).T
        width = np.fromiter(map(len, chunks), np.int32, len(chunks))
        self.width = np.append(self.width, width + 1)
        self.size = np.append(self.size, size)
        self.first = np.append(self.first, first)
        self.end = np.append(self.end, end)
        self.begin = np.append(self.begin, begin)
        self.token_start = np.append(self.token_start, spans[:, 0])
        self.token_end = np.append(self.token_end, spans[:, 1])
        self.term = np.append(self.term, term)


@lru_cache(4)
def _known_chunks(language, whole):
    return _Chunks(language, whole)


def _chunks_of(texts, known):
    """The numbers of the chunks of all texts, and where they are."""
    joined = " ".join([*texts, ""])
    for char in WHITE_SPACE:
        joined = joined.replace(char, " ")
    number = known.numbers_of(joined)
    width = known.width[number]
    end = np.cumsum(width)
    lengths = np.array([len(text) + 1 for text in texts], np.int64)
    text_ends = np.cumsum(lengths)
    chunks = np.diff(np.searchsorted(end, text_ends, "right"), prepend=0)
    text = np.repeat(np.arange(len(texts), dtype=np.int32), chunks)
    start = (end - width - np.repeat(text_ends - lengths, chunks)).astype(np.int32)
    return number, Spans(text, start, start + width)


def _tokens(split):
    """The tokens of the chunks, the code of each, and the terms."""
    known, number, chunks = split
    size = known.size[number]
    before = np.cumsum(size, dtype=np.int32) - size
    token = np.arange(size.sum(), dtype=np.int32) + np.repeat(known.first[number] - before, size)
    begin = np.repeat(chunks.start, size)
    start = begin + known.token_start[token]
    end = begin + known.token_end[token]
    spans = Spans(np.repeat(chunks.text, size), start, end)
    return spans, *_codes_in_use(known.term[token], known.names)


def _codes_in_use(numbers, names):
    """The numbers as codes of the terms that are there, and these terms."""
    used = np.flatnonzero(np.bincount(numbers, minlength=len(names)))
    code = np.zeros(len(names), np.int32)
    code[used] = np.arange(len(used))
    return code[numbers], [names[number] for number in used]


def _sentences(texts, split):
    """The sentences of all texts, by what their chunks end and begin with.

    Where these do not say it, the text from the last sure end to the next is read; so is all of a
    text without capitals.
    """
    known, _, chunks = split
    seen = np.flatnonzero(chunks.end - chunks.start > 1)  # the others are a space alone
    is_last, unsure = _ends_of_sentences(split, seen)
    last = np.flatnonzero(is_last)
    first = np.append(0, last[:-1] + 1)[: len(last)]
    text = chunks.text[seen[last]]
    spans = np.column_stack([text, chunks.start[seen[first]], chunks.end[seen[last]] - 1])
    is_small = np.array([one[:1] == one[:1].lower() and one == one.lower() for one in texts], bool)
    is_read = is_small[text]
    is_read[np.searchsorted(last, unsure)] = True
    read = [
        (place, *span)
        for place, *part in spans[is_read].tolist()
        for span in spans_between(texts[place], part, known.language, is_small[place])
    ]
    spans = np.concatenate([spans[~is_read], np.array(read, np.int64).reshape(-1, 3)])
    return Spans(*spans[np.lexsort(spans.T[1::-1])].T)


def _ends_of_sentences(split, seen):
    """Whether each of the chunks seen surely ends a sentence; and the places where none can say."""
    known, number, chunks = split
    text = chunks.text[seen]
    is_last = np.append(text[1:] != text[:-1], True)[: len(text)]
    end = known.end[number[seen]]
    stop = np.flatnonzero(end)
    after = seen[np.minimum(stop + 1, len(seen) - 1)]
    meeting = MEETINGS[end[stop], known.begin[number[after]]]
    unsure = stop[(meeting == ASK) & ~is_last[stop] | (end[stop] == End.WITHIN)]
    is_last[stop[meeting == YES]] = True
    return is_last, unsure
