"""What the sentences of the bodies hold, found part by part."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

import numpy as np
from pandas import Categorical, DataFrame

from utils.corpus.languages import language_column
from utils.corpus.parts import each_of, parts_of
from utils.corpus.tokens import sentence_table


def find_in_sentences(articles: DataFrame, find: Callable, kind: type) -> DataFrame:
    """What ``find`` returns for each sentence of the bodies, a row each.

    ``find`` maps a text and its language to tuples of the ``kind``, whose last fields are ``start``
    and ``end``. The columns are ``doc_id, sentence`` and those fields, with offsets into the
    article's ``raw``.

    >>> from typing import NamedTuple
    >>> from utils.corpus.articles import read_corpus
    >>> Word = NamedTuple("Word", word=str, start=int, end=int)
    >>> table = find_in_sentences(read_corpus(), lambda text, _: [Word(text[:2], 0, 2)], Word)
    >>> table[["doc_id", "word"]].iloc[0].tolist()
    ['nottingham-ningbo', 'On']
    """
    rows = chain.from_iterable(each_of(partial(rows_of_part, find), parts_with_sentences(articles)))
    return DataFrame(rows, columns=["doc_id", "sentence", *kind._fields])


def parts_with_sentences(articles: DataFrame) -> Iterator[tuple[DataFrame, DataFrame]]:
    """The articles in parts, each with its ``sentence_table``.

    >>> from utils.corpus.articles import read_corpus
    >>> [(len(part), len(sentences)) for part, sentences in parts_with_sentences(read_corpus())]
    [(5, 69)]
    """
    sentences = sentence_table(articles)
    docs = sentences.doc_id.array.codes
    row = 0
    first = 0
    for part in parts_of(articles):
        end = np.searchsorted(docs, first + len(part))
        doc_id = Categorical.from_codes(docs[row:end] - first, part.index)
        yield part, sentences.iloc[row:end].assign(doc_id=doc_id)
        row = end
        first += len(part)


def rows_of_part(find: Callable, part: tuple[DataFrame, DataFrame]) -> list[tuple]:
    """A row for each thing that ``find`` finds in the sentences of a part."""
    articles, sentences = part
    raws = articles.raw.to_dict()
    languages = language_column(articles).to_dict()
    columns = [sentences[name].tolist() for name in ("doc_id", "sentence", "start", "end")]
    return [
        (doc_id, sentence, *fields, start + first, start + last)
        for doc_id, sentence, start, end in zip(*columns, strict=True)
        for *fields, first, last in find(raws[doc_id][start:end], languages[doc_id])
    ]
