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
from itertools import count

import numpy as np
import regex
from numpy import ndarray
from pandas import Categorical, DataFrame, Index, factorize
from pandas.api.types import union_categoricals

from utils.corpus.articles import title_span
from utils.corpus.chinese import word_spans
from utils.corpus.languages import language_column, rules_of
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
    sentences = _sentences(paragraphs, articles)
    row, start, end, terms = _spans_of_languages(paragraphs, articles)
    begin = paragraphs.start.to_numpy()[row]
    numbers = sentences.groupby(_PARAGRAPH, sort=False, observed=True).ngroup().to_numpy()
    sentence_starts = numbers << 32 | sentences.start.to_numpy()
    sentence = np.searchsorted(sentence_starts, row << 32 | begin + start, "right") - 1
    table = sentences.iloc[sentence].reset_index(drop=True)
    table["start"] = (begin + start).astype(np.int32)
    table["end"] = (begin + end).astype(np.int32)
    return table.assign(term=terms)


def sentence_table(articles: DataFrame, titles: bool = False) -> DataFrame:
    """One row per sentence: ``doc_id, paragraph, sentence, start, end``.

    A title is one sentence. Paragraphs are split by ``sentence_spans``.

    >>> from utils.corpus.articles import read_corpus
    >>> sentence_table(read_corpus(), titles=True).sentence[:3].tolist()
    [0, 1, 2]
    """
    return _sentences(_paragraphs(articles, titles), articles)


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
    numbers = defaultdict(count().__next__)
    chunk = np.fromiter((numbers[part] for text in texts for part in _chunks(text)), np.int32)
    widths = np.fromiter(map(len, numbers), np.int64)[chunk] + 1
    distinct, terms = _distinct_tokens(list(numbers), language, whole)
    chunks = DataFrame({"chunk": chunk, "begin": np.cumsum(widths) - widths})
    found = chunks.merge(distinct, on="chunk")
    text_begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    text = np.searchsorted(text_begins, found.begin, "right") - 1
    begin = found.begin - text_begins[text]
    start = (found.start + begin).to_numpy()
    end = (found.end + begin).to_numpy()
    return text, start, end, found.code.to_numpy(), terms


def _paragraphs(articles, titles):
    """``doc_id`` (a number), ``language``, ``paragraph``, ``start`` and ``text`` of each."""
    languages = language_column(articles)
    rows = []
    for number, article in enumerate(articles.itertuples()):
        spans = list(enumerate(article.body, 1))
        title = title_span(article.lines)
        if titles and title:
            spans.insert(0, (0, title))
        rows += [
            (number, n, span[0], article.raw[slice(*span)], languages.iloc[number])
            for n, span in spans
        ]
    return DataFrame(rows, columns=[*_PARAGRAPH, "start", "text", "language"])


def _sentences(paragraphs, articles):
    """The sentences of these paragraphs, numbered within each article."""
    rows = [
        (doc_id, number, begin + start, begin + end)
        for doc_id, number, begin, text, language in paragraphs.itertuples(index=False)
        for start, end in (sentence_spans(text, language) if number else [(0, len(text))])
    ]
    table = DataFrame(rows, columns=[*_PARAGRAPH, "start", "end"], dtype=np.int32)
    numbers = (table.paragraph > 0).groupby(table.doc_id).cumsum()
    table.insert(2, "sentence", numbers.astype(np.int32))
    return table.assign(doc_id=Categorical.from_codes(table.doc_id, articles.index))


def _spans_of_languages(paragraphs, articles):
    """Row, start and end of each token of the paragraphs, and the terms, as a categorical."""
    parts = [
        (part.index.to_numpy(), token_spans(part.text, language, _whole_words(articles, language)))
        for language, part in paragraphs.groupby("language", sort=False)
        if not rules_of(language).words
    ] or [(np.zeros(0, int), token_spans([]))]
    rows = np.concatenate([rows[spans[0]] for rows, spans in parts])
    starts = np.concatenate([spans[1] for _, spans in parts])
    ends = np.concatenate([spans[2] for _, spans in parts])
    # Without the type the names of a part without words would be of another one.
    terms = [
        Categorical.from_codes(codes, Index(names, dtype=str)) for _, (*_, codes, names) in parts
    ]
    order = np.argsort(rows, kind="stable")
    joined = union_categoricals(terms, sort_categories=True)
    return rows[order], starts[order], ends[order], joined[order]


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


def _distinct_tokens(chunks, language, whole):
    """One row per token of each chunk: ``chunk, start, end, code``; and the sorted terms."""
    joined = " ".join(chunks)
    widths = np.fromiter(map(len, chunks), np.int64) + 1
    begins = np.cumsum(widths) - widths
    spans = _spans(joined, language, whole)
    table = DataFrame(spans, columns=["start", "end"], dtype=np.int64)
    table.insert(0, "chunk", np.searchsorted(begins, table.start, "right") - 1)
    terms = np.array([plain_form(joined[a:b]).lower() for a, b in spans], dtype=object)
    table["code"], names = factorize(terms, sort=True)
    table[["start", "end"]] -= begins[table.chunk, None]
    return table, names
