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
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import count, pairwise

import numpy as np
import regex
from numpy import ndarray
from pandas import Categorical, DataFrame, factorize

from utils.corpus.articles import title_span
from utils.corpus.sentences import sentence_spans
from utils.corpus.words import APOSTROPHE, HIDDEN, LIKE_APOSTROPHE, plain_form

_HAN = (
    r"\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003134f"
)
_ALNUM = rf"[^\W_{_HAN}{HIDDEN}ʼʻ]"
_LETTER = rf"[^\W\d_{_HAN}{HIDDEN}ʼʻ]"
_GAP = rf"[{HIDDEN}]*+"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)+)"
_ATOM = rf"(?:(?:{_LETTER}\.){{2,}}|{_NUMBER}{_ALNUM}*|{_ALNUM}+)(?:[{HIDDEN}]++{_ALNUM}++)*+"
_CLITIC = rf"{_GAP}[sS](?!{_GAP}{_ALNUM})"
_MARK = rf"(?:[{APOSTROPHE}]|(?<={_ALNUM}|[{HIDDEN}])[{LIKE_APOSTROPHE}](?={_GAP}{_LETTER}))"
_JOIN = rf"{_GAP}(?:[-\u2010\u2011&＆]|{_MARK}(?!{_CLITIC})){_GAP}"
TOKEN_PATTERN = (
    rf"(?:[$£€¥＄￡￥](?=\d))?{_ATOM}(?:{_JOIN}{_ATOM})*(?:(?<=\d)[%‰％])?"
    rf"|(?<={_ALNUM}|[.{HIDDEN}]){_MARK}{_CLITIC}"
    rf"|[{_HAN}]++(?:[{HIDDEN}]++[{_HAN}]++)*+"
)
# Where the pattern engine's \s splits; str.split would split at U+001C to U+001F too.
_WHITE_SPACE = regex.findall(r"(?! )\s", "".join(map(chr, range(0x3001))))
_BATCH = 10_000  # characters that NLTK gets at once, so that no call takes its five seconds
_PARAGRAPH = ["doc_id", "paragraph"]


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
    paragraphs = _paragraphs(articles, titles)
    sentences = sentence_table(articles, titles)
    row, start, end, codes, terms = token_spans(paragraphs.text)
    begin = paragraphs.start.to_numpy()[row]
    numbers = sentences.groupby(_PARAGRAPH, sort=False, observed=True).ngroup().to_numpy()
    sentence_starts = numbers << 32 | sentences.start.to_numpy()
    sentence = np.searchsorted(sentence_starts, row << 32 | begin + start, "right") - 1
    table = sentences.iloc[sentence].reset_index(drop=True)
    table["start"] = (begin + start).astype(np.int32)
    table["end"] = (begin + end).astype(np.int32)
    return table.assign(term=Categorical.from_codes(codes, terms))


def sentence_table(articles: DataFrame, titles: bool = False) -> DataFrame:
    """One row per sentence: ``doc_id, paragraph, sentence, start, end``.

    A title is one sentence. Paragraphs are split by ``sentence_spans``.
    """
    rows = [
        (doc_id, number, begin + start, begin + end)
        for doc_id, number, begin, text in _paragraphs(articles, titles).itertuples(index=False)
        for start, end in (sentence_spans(text) if number else [(0, len(text))])
    ]
    table = DataFrame(rows, columns=[*_PARAGRAPH, "start", "end"], dtype=np.int32)
    numbers = (table.paragraph > 0).groupby(table.doc_id).cumsum()
    table.insert(2, "sentence", numbers.astype(np.int32))
    return table.assign(doc_id=Categorical.from_codes(table.doc_id, articles.index))


def token_spans(texts: Iterable[str]) -> tuple[ndarray, ...]:
    """For every token: its text's number, start, end and term code; and the sorted terms.

    The spans are exactly those of NLTK's ``span_tokenize``, which reads each distinct chunk once.

    >>> [found.tolist() for found in token_spans(["R&D in the U.K."])[1:]]
    [[0, 4, 7, 11], [3, 6, 10, 15], [1, 0, 2, 3], ['in', 'r&d', 'the', 'u.k.']]
    """
    numbers = defaultdict(count().__next__)
    chunk = np.fromiter((numbers[part] for text in texts for part in _chunks(text)), np.int32)
    widths = np.fromiter(map(len, numbers), np.int64)[chunk] + 1
    distinct, terms = _distinct_tokens(list(numbers))
    chunks = DataFrame({"chunk": chunk, "begin": np.cumsum(widths) - widths})
    found = chunks.merge(distinct, on="chunk")
    text_begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    text = np.searchsorted(text_begins, found.begin, "right") - 1
    begin = found.begin - text_begins[text]
    start = (found.start + begin).to_numpy()
    end = (found.end + begin).to_numpy()
    return text, start, end, found.code.to_numpy(), terms


def _paragraphs(articles, titles):
    """``doc_id`` (a number), ``paragraph``, ``start`` and ``text`` of the paragraphs."""
    rows = []
    for number, article in enumerate(articles.itertuples()):
        spans = list(enumerate(article.body, 1))
        title = title_span(article.lines)
        if titles and title:
            spans.insert(0, (0, title))
        rows += [(number, n, span[0], article.raw[slice(*span)]) for n, span in spans]
    return DataFrame(rows, columns=[*_PARAGRAPH, "start", "text"])


def _chunks(text):
    """What is between single characters of white space, empty between two of them."""
    for char in _WHITE_SPACE:
        if char in text:
            text = text.replace(char, " ")
    return text.split(" ")


def _distinct_tokens(chunks):
    """One row per token of each chunk: ``chunk, start, end, code``; and the sorted terms."""
    from nltk.tokenize import RegexpTokenizer  # loaded here, since NLTK loads SciPy

    split = RegexpTokenizer(TOKEN_PATTERN).span_tokenize
    joined = " ".join(chunks)
    widths = np.fromiter(map(len, chunks), np.int64) + 1
    begins = np.cumsum(widths) - widths
    cuts = [*begins[np.diff(begins // _BATCH, prepend=-1) > 0].tolist(), len(joined) + 1]
    batches = ((cut, joined[cut : end - 1]) for cut, end in pairwise(cuts))
    spans = [(cut + start, cut + end) for cut, text in batches for start, end in split(text)]
    table = DataFrame(spans, columns=["start", "end"], dtype=np.int64)
    table.insert(0, "chunk", np.searchsorted(begins, table.start, "right") - 1)
    terms = np.array([plain_form(joined[a:b]).lower() for a, b in spans], dtype=object)
    table["code"], names = factorize(terms, sort=True)
    table[["start", "end"]] -= begins[table.chunk, None]
    return table, names
