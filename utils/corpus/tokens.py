"""``articles`` become ``tokens``: one row per running word, with offsets into the raw file.

The token pattern is here and nowhere else. It is a pattern for NLTK's ``RegexpTokenizer`` that
never looks at white space or at the edge of a text, so each distinct chunk between white space is
tokenised once and the result is remembered. What it does, by example:

======================  =======================  =================================================
in the text             terms                    why
======================  =======================  =================================================
``R&D, Q&A``            r&d · q&a                ``&`` joins
``China-UK high-tech``  china-uk · high-tech     hyphens join; dashes (–, —) and `` - `` do not
``U.K. p.m. U.K.'s``    u.k. · p.m. · u.k. · 's  single letters with full stops are one token
``2.8% 42.8 18,000``    2.8% · 42.8 · 18,000     decimal points, thousands commas, per cent signs
``$1.06 £5 2.0``        $1.06 · £5 · 2.0         a currency sign belongs to its number
``5th 2018-10-05``      5th · 2018-10-05         letters and digits run together
``Ningbo’s isn’t``      ningbo · 's · isn't      ``'s`` is a token; other apostrophes join
``AioT UKIIC``          aiot · ukiic             terms are lower case
``ﬁrm ＵＫ China´s``    firm · uk · china · 's    ligatures, wide letters, all apostrophes: plain
``“246” (UK) 。``       246 · uk                 quotation marks and punctuation are left out
``英国中心(UKIIC)``     英国中心 · ukiic         a run of Chinese characters is kept as one token
======================  =======================  =================================================

In an article in Chinese such a run is parted into words by rjieba; the words of the corpus's
``words.txt`` are kept whole. In French *l'* and the like are tokens. Where a language is written
without spaces and nothing here parts its words, there are no tokens.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import NamedTuple

import numpy as np
import regex
from numpy import ndarray
from pandas import Categorical, DataFrame, Index

from utils.corpus.articles import title_span
from utils.corpus.chinese import word_spans
from utils.corpus.languages import language_column, rules_of
from utils.corpus.parts import each_part
from utils.corpus.sentences import sentence_spans
from utils.corpus.tables import folder_of, read_side_table
from utils.corpus.words import APOSTROPHE, HIDDEN, LIKE_APOSTROPHE, plain_form

HAN = (
    r"\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003134f"
)
_RUN = rf"[{HAN}]++"
_ALNUM = rf"[^\W_{HAN}{HIDDEN}ʼʻ]"
_LETTER = rf"[^\W\d_{HAN}{HIDDEN}ʼʻ]"
_GAP = rf"[{HIDDEN}]*+"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)+)"
_ATOM = rf"(?:(?:{_LETTER}\.){{2,}}|{_NUMBER}{_ALNUM}*|{_ALNUM}+)(?:[{HIDDEN}]++{_ALNUM}++)*+"
_CLITIC = rf"{_GAP}[sS](?!{_GAP}{_ALNUM})"
_MARK = rf"(?:[{APOSTROPHE}]|(?<={_ALNUM}|[{HIDDEN}])[{LIKE_APOSTROPHE}](?={_GAP}{_LETTER}))"
_JOIN = rf"{_GAP}(?:[-\u2010\u2011&＆]|{_MARK}(?!{_CLITIC})){_GAP}"
TOKEN_PATTERN = (
    rf"(?:[$£€¥＄￡￥](?=\d))?{_ATOM}(?:{_JOIN}{_ATOM})*(?:(?<=\d)[%‰％])?"
    rf"|(?<={_ALNUM}|[.{HIDDEN}]){_MARK}{_CLITIC}"
    rf"|{_RUN}(?:[{HIDDEN}]++{_RUN})*+"
)
# Where the pattern engine's \s splits; str.split would split at U+001C to U+001F too.
_WHITE_SPACE = regex.findall(r"(?! )\s", "".join(map(chr, range(0x3001))))
_LISTED = rf"(?<!{_ALNUM}(?={_ALNUM}))\L<whole>(?!(?<={_ALNUM}){_ALNUM})"
_MOST_CHUNKS = 400_000  # that are remembered


class Words(NamedTuple):
    """The sentences and the tokens of some articles as arrays, one article after another.

    ``articles`` is their number. ``sentences`` has a row for each: the number of its article from
    0, paragraph, sentence, start, end, and how many tokens it has. The tokens have ``start``,
    ``length`` and ``code``, the place of their term in the sorted ``terms``.
    """

    articles: int
    sentences: ndarray
    start: ndarray
    length: ndarray
    code: ndarray
    terms: list[str]


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
    return token_table(join_words(each_part(words_of, articles, titles)), articles.index)


def sentence_table(articles: DataFrame, titles: bool = False) -> DataFrame:
    """One row per sentence: ``doc_id, paragraph, sentence, start, end``.

    A title is one sentence. Paragraphs are split by ``sentence_spans``.

    >>> from utils.corpus.articles import read_corpus
    >>> sentence_table(read_corpus(), titles=True).sentence[:3].tolist()
    [0, 1, 2]
    """
    parts = each_part(_numbered_sentences, articles, titles)
    rows = _renumbered(*zip(*parts, strict=True))
    table = DataFrame(rows[:, 1:5], columns=["paragraph", "sentence", "start", "end"])
    table.insert(0, "doc_id", Categorical.from_codes(rows[:, 0], articles.index))
    return table


def words_of(articles: DataFrame, titles: bool = False) -> Words:
    """The sentences and tokens of the bodies, and of the titles where they are asked for."""
    paragraphs = _paragraphs(articles, titles)
    sentences = _sentences(paragraphs)
    row, start, end, code, terms = _spans_of_languages(paragraphs, articles)
    start += paragraphs.start.to_numpy()[row]
    end += paragraphs.start.to_numpy()[row]
    places = _place(sentences[:, 5], sentences[:, 3])
    number = np.searchsorted(places, _place(row, start), "right") - 1
    sentences[:, 5] = np.bincount(number, minlength=len(sentences))
    spans = np.column_stack([start, end - start]).astype(np.int32)
    return Words(len(articles), sentences.astype(np.int32), *spans.T, code, terms)


def join_words(parts: Iterable[Words]) -> Words:
    """The words of several parts of a corpus as those of one, with the terms of all."""
    parts = list(parts)
    code, terms = _join_codes([part.code for part in parts], [part.terms for part in parts])
    return Words(
        sum(part.articles for part in parts),
        _renumbered([part.articles for part in parts], [part.sentences for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.length for part in parts]),
        code,
        terms,
    )


def token_table(words: Words, doc_ids: Index) -> DataFrame:
    """The table of tokens that ``tokenize`` gives, of the articles with these ``doc_id``."""
    rows = np.repeat(np.arange(len(words.sentences)), words.sentences[:, 5])
    return DataFrame(
        {
            "doc_id": Categorical.from_codes(words.sentences[rows, 0], doc_ids),
            "paragraph": words.sentences[rows, 1],
            "sentence": words.sentences[rows, 2],
            "start": words.start,
            "end": words.start + words.length,
            "term": Categorical.from_codes(words.code, Index(words.terms, dtype=str)),
        },
        copy=False,
    )


def token_spans(
    texts: Iterable[str], language: str = "en", whole: Iterable[str] = ()
) -> tuple[ndarray, ...]:
    """For every token: its text's number, start, end and term code; and the sorted terms.

    The spans are exactly those of NLTK's ``span_tokenize``, which reads each distinct chunk once.
    In Chinese the runs of characters are parted into words, of which those of ``whole`` are one
    each.

    >>> [found.tolist() for found in token_spans(["R&D in the U.K."])[1:]]
    [[0, 4, 7, 11], [3, 6, 10, 15], [1, 0, 2, 3], ['in', 'r&d', 'the', 'u.k.']]
    """
    known = _known_chunks(language, tuple(whole))
    chunk = known.numbers_of([part for text in texts for part in _chunks(text)])
    widths = known.width[chunk] + 1
    sizes = known.size[chunk]
    row = np.repeat(np.arange(len(chunk)), sizes)
    within = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    token = known.first[chunk[row]] + within
    begin = (np.cumsum(widths) - widths)[row]
    text_begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    text = np.searchsorted(text_begins, begin, "right") - 1
    begin -= text_begins[text]
    code, terms = _sorted_codes(known.term[token], list(known.terms))
    names = np.array(terms, object)
    return text, begin + known.start[token], begin + known.end[token], code, names


class _Chunks:
    """The tokens of every distinct chunk met so far.

    A chunk has ``width`` characters and ``size`` tokens, from the ``first`` of all tokens on, which
    have ``start``, ``end`` and the number of their ``term``.
    """

    def __init__(self, language, whole):
        self.language = language
        self.whole = whole
        self.numbers = defaultdict(count().__next__)
        self.terms = defaultdict(count().__next__)
        self.width = self.size = self.first = np.zeros(0, np.int64)
        self.start = self.end = self.term = np.zeros(0, np.int64)

    def numbers_of(self, chunks):
        """The number of each chunk."""
        if len(self.numbers) > _MOST_CHUNKS:
            self.__init__(self.language, self.whole)
        known = len(self.numbers)
        numbers = np.fromiter(map(self.numbers.__getitem__, chunks), np.int64, len(chunks))
        if len(self.numbers) > known:
            self._add(list(self.numbers)[known:])
        return numbers

    def _add(self, chunks):
        joined = " ".join(chunks)
        width = np.fromiter(map(len, chunks), np.int64, len(chunks))
        begins = np.cumsum(width + 1) - width - 1
        spans = np.array(_spans(joined, self.language, self.whole), np.int64).reshape(-1, 2)
        words = (plain_form(joined[start:end]).lower() for start, end in spans)
        term = np.fromiter(map(self.terms.__getitem__, words), np.int64, len(spans))
        chunk = np.searchsorted(begins, spans[:, 0], "right") - 1
        size = np.bincount(chunk, minlength=len(chunks))
        spans -= begins[chunk, None]
        first = len(self.term) + np.cumsum(size) - size
        self.width = np.append(self.width, width)
        self.size = np.append(self.size, size)
        self.first = np.append(self.first, first)
        self.start = np.append(self.start, spans[:, 0])
        self.end = np.append(self.end, spans[:, 1])
        self.term = np.append(self.term, term)


@lru_cache(4)
def _known_chunks(language, whole):
    return _Chunks(language, whole)


def _sorted_codes(numbers, names):
    """Codes of the terms that are there, and these terms, sorted."""
    used = np.flatnonzero(np.bincount(numbers, minlength=len(names)))
    terms = sorted(names[number] for number in used)
    places = {term: place for place, term in enumerate(terms)}
    code = np.zeros(len(names), np.int32)
    code[used] = [places[names[number]] for number in used]
    return code[numbers], terms


def _paragraphs(articles, titles):
    """``article`` (its number), ``paragraph``, ``start``, ``text`` and ``language`` of each."""
    languages = language_column(articles).tolist()
    rows = []
    for number, article in enumerate(articles.itertuples()):
        spans = list(enumerate(article.body, 1))
        title = title_span(article.lines)
        if titles and title:
            spans.insert(0, (0, title))
        rows += [
            (number, n, span[0], article.raw[slice(*span)], languages[number]) for n, span in spans
        ]
    return DataFrame(rows, columns=["article", "paragraph", "start", "text", "language"])


def _sentences(paragraphs):
    """A row for each sentence: article, paragraph, sentence, start, end, row of the paragraph."""
    found = []
    article = None
    for row, (number, paragraph, begin, text, language) in enumerate(
        paragraphs.itertuples(index=False)
    ):
        if number != article:
            sentence = 0
            article = number
        for start, end in sentence_spans(text, language) if paragraph else [(0, len(text))]:
            sentence += paragraph > 0
            found.append((number, paragraph, sentence, begin + start, begin + end, row))
    return np.array(found, np.int64).reshape(-1, 6)


def _numbered_sentences(articles, titles):
    """How many articles there are, and a row for each of their sentences."""
    return len(articles), _sentences(_paragraphs(articles, titles))[:, :5].astype(np.int32)


def _renumbered(sizes, parts):
    """The sentences of parts with so many articles, in which the articles are numbered anew."""
    rows = np.concatenate(parts)
    first = np.cumsum([0, *sizes[:-1]])
    rows[:, 0] += np.repeat(first, list(map(len, parts))).astype(np.int32)
    return rows


def _place(row, start):
    """Row and start as one number, in whose order both are."""
    return row.astype(np.int64) << 32 | start


def _spans_of_languages(paragraphs, articles):
    """Row, start, end and code of each token of the paragraphs, by row; and the sorted terms."""
    parts = [
        (part.index.to_numpy(), token_spans(part.text, language, _whole_words(articles, language)))
        for language, part in paragraphs.groupby("language", sort=False)
        if not rules_of(language).words
    ] or [(np.zeros(0, int), token_spans([]))]
    row = np.concatenate([rows[spans[0]] for rows, spans in parts])
    start = np.concatenate([spans[1] for _, spans in parts])
    end = np.concatenate([spans[2] for _, spans in parts])
    code, terms = _join_codes([spans[3] for _, spans in parts], [spans[4] for _, spans in parts])
    order = np.argsort(row, kind="stable")
    return row[order], start[order], end[order], code[order], terms


def _join_codes(codes, vocabularies):
    """Codes of several vocabularies as those of one, which has the terms of all and is sorted."""
    numbers = defaultdict(count().__next__)
    new = [np.array([numbers[term] for term in terms], np.int32) for terms in vocabularies]
    terms = sorted(numbers)
    rank = np.zeros(len(terms), np.int32)
    rank[[numbers[term] for term in terms]] = np.arange(len(terms))
    joined = [rank[numbered][code] for numbered, code in zip(new, codes, strict=True)]
    return np.concatenate(joined), terms


def _whole_words(articles, language):
    """The words that a corpus lists to be kept whole."""
    if language != "zh":
        return []
    return read_side_table("words", folder_of(articles)).word.unique().tolist()


def _chunks(text):
    """What is between single characters of white space, empty between two of them."""
    for char in _WHITE_SPACE:
        if char in text:
            text = text.replace(char, " ")
    return text.split(" ")


def _spans(text, language, whole):
    """Start and end of every token of a text in this language."""
    if language == "zh":
        return _chinese_spans(text, whole)
    from nltk import redos  # loaded here, since NLTK loads SciPy

    elided = "|".join(rules_of(language).elided.split())
    first = rf"(?i:{elided})[{APOSTROPHE}{LIKE_APOSTROPHE}](?={_LETTER})|" if elided else ""
    # RegexpTokenizer stops any call after five seconds; this is what it calls.
    found = redos.compile(first + TOKEN_PATTERN, timeout=None).finditer(text)
    return [match.span() for match in found]


def _chinese_spans(text, whole):
    """The tokens of a Chinese text: the words of ``whole``, and of other runs what rjieba finds."""
    run = f"(?:(?!{_LISTED})[{HAN}])++" if whole else _RUN
    first = f"{_LISTED}|" if whole else ""
    pattern = first + TOKEN_PATTERN.replace(_RUN, f"(?P<run>{run})")
    spans = []
    for match in regex.finditer(pattern, text, whole=whole, ignore_unused=True):
        parts = word_spans(match[0]) if match["run"] else [(0, len(match[0]))]
        spans += [(match.start() + start, match.start() + end) for start, end in parts]
    return spans
