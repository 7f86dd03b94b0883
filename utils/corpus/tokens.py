"""``articles`` become ``tokens``: one row per running word, with offsets into the raw file."""

from pandas import Categorical, DataFrame

from utils.corpus.arrays import join_words, renumbered, sentence_rows, token_table, words_of
from utils.corpus.index import kept_words
from utils.corpus.parts import each_part


def tokenize(articles: DataFrame, titles: bool = False) -> DataFrame:
    """One row per token of the bodies: ``doc_id, paragraph, sentence, start, end, term``.

    Paragraphs and sentences are counted from 1 within an article; with ``titles``, the title is
    paragraph 0 and sentence 0. ``start`` and ``end`` are code points of ``raw``, so that
    ``raw[start:end]`` is the token as collected. ``doc_id`` and ``term`` are categorical.

    >>> from utils.corpus.articles import read_corpus
    >>> tokens = tokenize(read_corpus())
    >>> tokens.term[:8].tolist()
    ['on', 'may', '17', 'ningbo', 'signed', 'a', 'strategic', 'cooperation']
    """
    words = None if titles else kept_words(articles)
    if words is None:
        words = join_words(each_part(words_of, articles, titles))
    return token_table(words, articles.index)


def sentence_table(articles: DataFrame, titles: bool = False) -> DataFrame:
    """One row per sentence: ``doc_id, paragraph, sentence, start, end``.

    A title is one sentence. Paragraphs are split by ``sentence_spans``.

    >>> from utils.corpus.articles import read_corpus
    >>> sentence_table(read_corpus(), titles=True).sentence[:3].tolist()
    [0, 1, 2]
    """
    words = None if titles else kept_words(articles)
    if words is None:
        rows = renumbered(*zip(*each_part(sentence_rows, articles, titles), strict=True))
    else:
        rows = words.sentences
    table = DataFrame(rows[:, 1:5], columns=["paragraph", "sentence", "start", "end"])
    table.insert(0, "doc_id", Categorical.from_codes(rows[:, 0], articles.index))
    return table
