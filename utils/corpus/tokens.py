"""``articles`` -> ``tokens``: one row per running word, with offsets into the raw file.

The token pattern stands here and nowhere else. It is a pattern for NLTK's ``RegexpTokenizer`` that
never looks at white space or at the edge of a text, so each distinct chunk between white space is
tokenised once and the result is remembered. What it does, by example:

=====================  ============================  ==================================================
in the text            terms                         why
=====================  ============================  ==================================================
``R&D, Q&A``           r&d · q&a                     ``&`` joins
``China-UK high-tech`` china-uk · high-tech          hyphens join; dashes (–, —) and `` - `` do not
``U.K. p.m. U.K.'s``   u.k. · p.m. · u.k. · 's       single letters with full stops are one token
``2.8% 42.8 18,000``   2.8% · 42.8 · 18,000          decimal points, thousands commas, per cent signs
``$1.06 £5 2.0``       $1.06 · £5 · 2.0              a currency sign belongs to its number
``5th 2018-10-05``     5th · 2018-10-05              letters and digits run together
``Ningbo’s isn’t``     ningbo · 's · isn't           the clitic ``'s`` is a token; other apostrophes join
``AioT UKIIC``         aiot · ukiic                  terms are lower case
``“246” (UK) 。``      246 · uk                      quotation marks and punctuation are no tokens
``英国中心(UKIIC)``    英国中心 · ukiic              a run of Chinese characters is kept as one token
=====================  ============================  ==================================================
"""

from collections import defaultdict
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import regex
from nltk.tokenize import RegexpTokenizer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from utils.corpus.articles import title_span

_HAN = r"\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_ALNUM = rf"[^\W_{_HAN}\u200c\u200d\ufe00-\ufe0f]"
_LETTER = rf"[^\W\d_{_HAN}\u200c\u200d\ufe00-\ufe0f]"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)+)"
_ATOM = rf"(?:(?:{_LETTER}\.){{2,}}|{_NUMBER}{_ALNUM}*|{_ALNUM}+)"
_JOIN = rf"(?:[-\u2011&]|['’](?![sS](?!{_ALNUM})))"
TOKEN_PATTERN = (
    rf"(?:[$£€¥](?=\d))?{_ATOM}(?:{_JOIN}{_ATOM})*(?:(?<=\d)[%‰])?"
    rf"|(?<={_ALNUM}|\.)['’][sS](?!{_ALNUM})"
    rf"|[{_HAN}]+"
)
_TOKENIZER = RegexpTokenizer(TOKEN_PATTERN)
# Where the pattern engine's \s splits; str.split would split at U+001C to U+001F too.
_WHITE_SPACE = [char for char in map(chr, range(0x3001)) if char != " " and regex.match(r"\s", char)]
_BATCH = 20_000  # chunks a call: NLTK stops any call after five seconds
_ABBREVIATIONS = Path(__file__).parent / "lists" / "abbreviations.txt"


def tokenize(articles: pd.DataFrame, titles: bool = False) -> pd.DataFrame:
    """One row per token of the articles' bodies: ``doc_id, paragraph, sentence, start, end, term``.

    Paragraphs and sentences are counted from 1 within an article; with ``titles``, the title is
    paragraph 0 and sentence 0. ``start`` and ``end`` are code points of ``raw``, so that
    ``raw[start:end]`` is the token as collected. ``doc_id`` and ``term`` are categorical.

    >>> from utils.corpus.articles import read_corpus
    >>> tokens = tokenize(read_corpus())
    >>> tokens.term[:8].tolist()
    ['on', 'may', '17', 'ningbo', 'signed', 'a', 'strategic', 'cooperation']
    """
    sentences = sentence_table(articles, titles)
    paragraphs = sentences.groupby(["doc_id", "paragraph"], observed=True)[["start", "end"]]
    paragraphs = paragraphs.agg({"start": "min", "end": "max"}).reset_index()
    raws = articles.raw.to_dict()
    texts = [raws[p.doc_id][p.start : p.end] for p in paragraphs.itertuples()]
    row, start, end, codes, terms = token_spans(texts)
    start, end = (offset + paragraphs.start.to_numpy()[row] for offset in (start, end))
    doc = paragraphs.doc_id.cat.codes.to_numpy()[row]
    return pd.DataFrame(
        {
            "doc_id": pd.Categorical.from_codes(doc, articles.index),
            "paragraph": paragraphs.paragraph.to_numpy()[row],
            "sentence": _sentence_of(doc, start, sentences),
            "start": start.astype(np.int32),
            "end": end.astype(np.int32),
            "term": pd.Categorical.from_codes(codes, terms),
        }
    )


def sentence_table(articles: pd.DataFrame, titles: bool = False) -> pd.DataFrame:
    """One row per sentence: ``doc_id, paragraph, sentence, start, end``, split by NLTK's Punkt.

    Punkt is given the abbreviations of ``lists/abbreviations.txt`` and nothing is downloaded.
    """
    rows, splitter = [], _splitter()
    for code, (raw, lines, body) in enumerate(zip(articles.raw, articles.lines, articles.body, strict=True)):
        if titles and (title := title_span(lines)):
            rows.append((code, 0, 0, *title))
        spans = [
            (code, paragraph, start + first, start + last)
            for paragraph, (start, end) in enumerate(body, 1)
            for first, last in splitter.span_tokenize(raw[start:end])
        ]
        rows += [(code, paragraph, n, start, end) for n, (code, paragraph, start, end) in enumerate(spans, 1)]
    table = pd.DataFrame(rows, columns=["doc_id", "paragraph", "sentence", "start", "end"], dtype=np.int32)
    return table.assign(doc_id=pd.Categorical.from_codes(table.doc_id, articles.index))


def token_spans(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For every token: its text's number, start, end and term code; and the sorted terms.

    The spans are exactly those of NLTK's ``span_tokenize``, at the cost of the distinct chunks alone.

    >>> [found.tolist() for found in token_spans(["R&D in the U.K."])[1:]]
    [[0, 4, 7, 11], [3, 6, 10, 15], [1, 0, 2, 3], ['in', 'r&d', 'the', 'u.k.']]
    """
    distinct: defaultdict[str, int] = defaultdict()
    distinct.default_factory = distinct.__len__
    found = [np.fromiter(map(distinct.__getitem__, _chunks(text)), np.int32) for text in texts]
    chunks = np.concatenate([np.zeros(0, np.int32), *found])
    steps = np.fromiter(map(len, distinct), np.int64, len(distinct))[chunks] + 1
    text = np.repeat(np.arange(len(texts), dtype=np.int32), [len(codes) for codes in found])
    origin = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])])[text]
    starts = np.cumsum(steps) - steps - origin
    first, count, start, end, codes, terms = _distinct_tokens(list(distinct))
    repeats = count[chunks]
    at = np.repeat(first[chunks] - np.cumsum(repeats) + repeats, repeats) + np.arange(repeats.sum())
    offset = np.repeat(starts, repeats)
    return np.repeat(text, repeats), start[at] + offset, end[at] + offset, codes[at], terms


def _chunks(text: str) -> list[str]:
    """What stands between single characters of white space, empty strings between two of them."""
    for char in _WHITE_SPACE:
        if char in text:
            text = text.replace(char, " ")
    return text.split(" ")


def _distinct_tokens(chunks: list[str]) -> tuple[np.ndarray, ...]:
    """Tokens of each chunk: first token and count per chunk; start, end, term code per token; terms."""
    spans, terms = [np.zeros((0, 3), np.int64)], []
    for low in range(0, len(chunks), _BATCH):
        batch = chunks[low : low + _BATCH]
        joined, begins = "\n".join(batch), np.cumsum([0, *(len(chunk) + 1 for chunk in batch)])
        found = np.fromiter(chain.from_iterable(_TOKENIZER.span_tokenize(joined)), np.int64).reshape(-1, 2)
        chunk = np.searchsorted(begins, found[:, 0], side="right") - 1
        spans.append(np.column_stack([chunk + low, found - begins[chunk, None]]))
        edges = zip(found[:, 0].tolist(), found[:, 1].tolist(), strict=True)
        terms += [joined[start:end].lower().replace("’", "'") for start, end in edges]
    chunk, start, end = np.concatenate(spans).T
    names = {name: code for code, name in enumerate(sorted(set(terms)))}
    codes = np.fromiter(map(names.__getitem__, terms), np.int32, len(terms))
    count = np.bincount(chunk, minlength=len(chunks))
    return np.cumsum(count) - count, count, start, end, codes, np.array(list(names), dtype=object)


def _sentence_of(doc: np.ndarray, start: np.ndarray, sentences: pd.DataFrame) -> np.ndarray:
    """The number of the sentence in which each token starts."""
    width = int(sentences.end.max() if len(sentences) else 0) + 1
    begins = sentences.doc_id.cat.codes.to_numpy(np.int64) * width + sentences.start.to_numpy()
    return sentences.sentence.to_numpy()[np.searchsorted(begins, doc.astype(np.int64) * width + start, "right") - 1]


def _splitter() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    lines = _ABBREVIATIONS.read_text("utf-8").splitlines()
    parameters.abbrev_types = {line for line in lines if line and not line.startswith("#")}
    return PunktSentenceTokenizer(parameters)
