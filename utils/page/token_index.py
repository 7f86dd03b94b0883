"""The tokens of a corpus with their sentences, small enough to travel in a page that is asked.

The page needs no rules for words and sentences: the index says where each token is in the text of
its sentence. A term is the token in small letters; where that takes more than ASCII, the index has
its forms. Places within a sentence are in UTF-16 units, which is what a browser counts.
"""

import json
import zlib
from base64 import b64encode
from itertools import pairwise

import numpy as np
import pandas as pd
from pandas import DataFrame

from utils.corpus.tokens import tokenize
from utils.corpus.words import plain_form
from utils.search.lines import sentence_extent
from utils.search.queries import sentence_key

MOST_TOKENS = 450_000
"""Of a corpus in one language that a page still carries, about 2 MB; a larger one has no page."""


def pack_index(articles: DataFrame, tokens: DataFrame) -> str:
    """The index of these tokens and of the titles, compressed, in base64; empty if too large.

    >>> from utils.corpus.articles import read_corpus
    >>> articles = read_corpus()
    >>> len(pack_index(articles, tokenize(articles))) < 20_000
    True
    """
    if len(tokens) > MOST_TOKENS:
        return ""
    index = json.dumps(index_of(articles, tokens), ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(index.encode("utf-8", "replace"))).decode()


def index_of(articles: DataFrame, tokens: DataFrame) -> dict:
    """The index as plain lists.

    ``docs`` are the articles. ``sentences`` has a row for each sentence with a token: its article,
    number, first character in the file, length and tokens. ``gap`` and ``width`` are of the tokens:
    the room before each in its sentence, and its length; a length of 0 is that of all letters and
    digits of ASCII from there on, which most words are and which takes less room. ``forms`` has
    the plain form and the term of what is not plain ASCII and differs from its term.
    """
    titles = tokenize(articles.assign(body=[[] for _ in articles.index]), titles=True)
    places = pd.concat([titles, tokens])[["doc_id", "sentence", "start", "end"]]
    docs = places.doc_id.array.codes
    places = places.iloc[np.argsort(docs, kind="stable")]
    new = np.flatnonzero(np.diff(sentence_key(places, slice(None)))) + 1
    edges = [0, *new.tolist(), len(places)] if len(places) else []
    parts = _Parts(articles, places)
    for first, last in pairwise(edges):
        parts.add(first, last)
    return {
        "docs": articles.index.tolist(),
        "sentences": parts.sentences,
        "text": "".join(parts.texts),
        "gap": parts.gap,
        "width": parts.width,
        "forms": parts.forms(),
    }


class _Parts:
    """What the sentences put into the index, one after another."""

    def __init__(self, articles, places):
        self.raws = articles.raw.tolist()
        self.docs = places.doc_id.array.codes.tolist()
        self.numbers = places.sentence.tolist()
        self.starts = places.start.tolist()
        self.ends = places.end.tolist()
        self.sentences = []
        self.texts = []
        self.gap = []
        self.width = []
        self.words = set()

    def add(self, first, last):
        """Add the sentence of the tokens from row ``first`` to the one before ``last``."""
        doc = self.docs[first]
        raw = self.raws[doc]
        low, high = sentence_extent(raw, self.starts[first], self.ends[last - 1])
        text = raw[low:high]
        units = _units(text)
        done = 0
        for row in range(first, last):
            start = units[self.starts[row] - low]
            end = units[self.ends[row] - low]
            self.gap.append(start - done)
            word = raw[self.starts[row] : self.ends[row]]
            is_run = _is_letters(word) and not _is_letters(raw[self.ends[row] : high][:1])
            self.width.append(0 if is_run else end - start)
            self.words.add(word)
            done = end
        self.sentences.append([doc, self.numbers[first], low, units[len(text)], last - first])
        self.texts.append(text)

    def forms(self):
        """The plain form and the term of each word that a browser could not tell by itself."""
        forms = {word: plain_form(word) for word in sorted(self.words) if not word.isascii()}
        pairs = {word: [plain, plain.lower()] for word, plain in forms.items()}
        return {word: pair for word, pair in pairs.items() if pair != [word, word]}


def _is_letters(text):
    return text.isascii() and text.isalnum()


def _units(text):
    """How many UTF-16 units are before each character of a text, and before its end."""
    if text.isascii():
        return range(len(text) + 1)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.cumsum([0, *np.where(points > 0xFFFF, 2, 1)]).tolist()
