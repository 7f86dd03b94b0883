"""The sentences and tokens of articles as arrays, which parts of a corpus are put together from."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from pandas import Categorical, DataFrame, Index

from utils.corpus.chunks import Spans, split_texts
from utils.corpus.files import Mistake
from utils.corpus.furniture import title_span
from utils.corpus.languages import language_column
from utils.corpus.tables import folder_of, read_side_table


class Words(NamedTuple):
    """The sentences and the tokens of some articles as arrays, one article after another.

    ``articles`` is their number. ``sentences`` has a row for each: the number of its article from
    0, paragraph, sentence, start, end, and how many tokens it has. The tokens have ``start``,
    ``length`` and ``code``, the place of their term in ``terms``.
    """

    articles: int
    sentences: ndarray
    start: ndarray
    length: ndarray
    code: ndarray
    terms: list[str]


class _Paragraph(NamedTuple):
    article: int  # its number
    number: int  # of the paragraph in the article; 0 for a title
    start: int
    text: str
    language: str


def words_of(articles: DataFrame, titles: bool = False) -> Words:
    """The sentences and tokens of the bodies, and of the titles where they are asked for."""
    paragraphs = _paragraphs(articles, titles)
    begin = np.array([paragraph.start for paragraph in paragraphs], np.int32)
    found, tokens, code, terms = _split(paragraphs, articles)
    sentences = _sentence_rows(found, paragraphs)
    start = begin[tokens.text] + tokens.start
    places = _place(tokens.text, tokens.start)
    first = np.searchsorted(places, _place(found.text, found.start))
    sentences[:, 5] = np.diff(first, append=len(places))
    spans = np.array([start, tokens.end - tokens.start], np.int32)
    return Words(len(articles), sentences, *spans, code, terms)


def join_words(parts: Iterable[Words]) -> Words:
    """The words of several parts of a corpus as those of one, with the terms of all, sorted."""
    parts = list(parts)
    code, terms = _join_codes([part.code for part in parts], [part.terms for part in parts])
    return Words(
        sum(part.articles for part in parts),
        renumbered([part.articles for part in parts], [part.sentences for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.length for part in parts]),
        code,
        terms,
    )


def token_table(words: Words, doc_ids: Index) -> DataFrame:
    """The table of tokens that ``tokenize`` gives, of the articles with these ``doc_id``."""
    article, paragraph, sentence = (
        np.repeat(column, words.sentences[:, 5]) for column in words.sentences.T[:3]
    )
    return DataFrame(
        {
            "doc_id": Categorical.from_codes(article, doc_ids),
            "paragraph": paragraph,
            "sentence": sentence,
            "start": words.start,
            "end": words.start + words.length,
            "term": Categorical.from_codes(words.code, Index(words.terms, dtype=str)),
        },
        copy=False,
    )


def _paragraphs(articles, titles):
    """The paragraphs of the bodies, and the titles as paragraph 0 where they are asked for."""
    columns = (articles.raw, articles.body, articles.lines, language_column(articles))
    paragraphs = []
    for article, (raw, body, lines, language) in enumerate(zip(*columns, strict=True)):
        spans = list(enumerate(body, 1))
        title = titles and title_span(lines)
        if title:
            spans.insert(0, (0, title))
        paragraphs += [
            _Paragraph(article, number, start, raw[start:end], language)
            for number, (start, end) in spans
        ]
    return paragraphs


def _sentence_rows(found, paragraphs):
    """A row for each sentence: article, paragraph, sentence, start and end, and a 0."""
    of_paragraphs = np.array([paragraph[:3] for paragraph in paragraphs], np.int64).reshape(-1, 3)
    article, number, begin = of_paragraphs[found.text].T
    counted = np.cumsum(number > 0)
    first = np.searchsorted(article, article)
    sentence = counted - (counted - (number > 0))[first]
    columns = [article, number, sentence * (number > 0), begin + found.start, begin + found.end]
    return np.column_stack([*columns, 0 * article]).astype(np.int32)


def sentence_rows(articles: DataFrame, titles: bool) -> tuple[int, ndarray]:
    """How many articles there are, and a row for each of their sentences."""
    return len(articles), words_of(articles, titles).sentences[:, :5]


def renumbered(sizes: list[int], parts: list[ndarray]) -> ndarray:
    """The sentences of parts with so many articles, in which the articles are numbered anew."""
    rows = np.concatenate(parts)
    first = np.cumsum([0, *sizes[:-1]])
    rows[:, 0] += np.repeat(first, list(map(len, parts))).astype(np.int32)
    return rows


def _place(row, start):
    """Row and start as one number, in whose order both are."""
    return row.astype(np.int64) << 32 | start


def _split(paragraphs, articles):
    """The sentences and tokens of the paragraphs, the codes of the tokens, and the terms."""
    rows = defaultdict(list)
    for row, paragraph in enumerate(paragraphs):
        rows[paragraph.language].append(row)
    found = []
    for language, own in rows.items() or [("en", [])]:
        texts = [paragraphs[row].text for row in own]
        sentences, tokens, *terms = split_texts(texts, language, _whole_words(articles, language))
        own = np.array(own, np.int32)
        sentences = sentences._replace(text=own[sentences.text])
        found.append((sentences, tokens._replace(text=own[tokens.text]), *terms))
    sentences, tokens, codes, vocabularies = zip(*found, strict=True)
    one = len(found) == 1
    code, terms = (codes[0], vocabularies[0]) if one else _join_codes(codes, vocabularies)
    tokens, order = _in_order(tokens)
    return _with_titles(_in_order(sentences)[0], paragraphs), tokens, code[order], terms


def _in_order(spans):
    """The spans of several languages in the order of their texts, and this order."""
    if len(spans) == 1:
        return spans[0], slice(None)
    joined = Spans(*map(np.concatenate, zip(*spans, strict=True)))
    order = np.argsort(joined.text, kind="stable")
    return Spans(*(values[order] for values in joined)), order


def _with_titles(sentences, paragraphs):
    """The sentences of paragraphs, of which a title is one."""
    titles = [row for row, paragraph in enumerate(paragraphs) if not paragraph.number]
    if not titles:
        return sentences
    lengths = [len(paragraphs[row].text) for row in titles]
    of_titles = Spans(np.array(titles), np.zeros(len(titles), np.int64), np.array(lengths))
    kept = ~np.isin(sentences.text, titles)
    return _in_order([of_titles, Spans(*(values[kept] for values in sentences))])[0]


def _join_codes(codes, vocabularies):
    """Codes of several vocabularies as those of one, which has the terms of all and is sorted."""
    numbers = defaultdict(count().__next__)
    new = [np.array([numbers[term] for term in terms], np.int32) for terms in vocabularies]
    terms, rank = sort_terms(numbers)
    joined = [rank[numbered][code] for numbered, code in zip(new, codes, strict=True)]
    return np.concatenate(joined), terms


def sort_terms(numbers: dict[str, int]) -> tuple[list[str], ndarray]:
    """The terms, sorted, and the place of each by the number that it had before.

    >>> terms, place = sort_terms({"sea": 0, "rain": 1})
    >>> terms, place.tolist()
    (['rain', 'sea'], [1, 0])
    """
    terms = sorted(numbers)
    place = np.zeros(len(terms), np.int32)
    place[[numbers[term] for term in terms]] = np.arange(len(terms))
    return terms, place


def _whole_words(articles, language):
    """The words that a corpus lists to be kept whole."""
    if language != "zh":
        return []
    folder = folder_of(articles)
    if folder and not folder.is_dir():
        raise Mistake(f"{folder}: not here, where words.txt is looked for; let workers see it")
    return read_side_table("words", folder).word.unique().tolist()
