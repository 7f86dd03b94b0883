"""Ours against NLTK's own and plain pandas in one run (``make benchmark``); read the ratios."""

import argparse
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd
from nltk import FreqDist, Text
from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
from nltk.tokenize import RegexpTokenizer
from text import docstring_articles

from utils.corpus import sentence_table, tokenize
from utils.corpus.chunks import TOKEN_PATTERN, token_spans
from utils.corpus.words import plain_form
from utils.search import concordance, find
from utils.stats import collocates, resampling
from utils.stats import measures as m
from utils.stats.keywords import count_and_measure, two_sides


def timed(function: Callable, repeats: int = 5) -> tuple[float, object]:
    """Median seconds of a call, and what it returned."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), result


def line(what: str, ours: float, theirs: float, wanted: int | None = None) -> None:
    hoped = f"   (wanted: {wanted})" if wanted else ""
    print(f"{what:66} {ours:8.3f} s {theirs:8.3f} s {theirs / ours:8.1f} times{hoped}")


def per_10_million(seconds: float, tokens: int) -> str:
    return f"{seconds * 1e7 / tokens * 1000:.0f} ms per 10 million (wanted: 50)"


def tokenising(texts: list[str]) -> None:
    """The same token spans and the same counts, by NLTK text by text and by chunks remembered."""
    nltk = RegexpTokenizer(TOKEN_PATTERN)

    def by_nltk() -> tuple[list, Counter]:
        spans = [list(nltk.span_tokenize(text)) for text in texts]
        counts = Counter(
            plain_form(text[start:end]).lower()
            for text, of_text in zip(texts, spans, strict=True)
            for start, end in of_text
        )
        return spans, counts

    def by_chunks() -> tuple:
        row, start, end, codes, terms = token_spans(texts)
        counts = np.bincount(codes, minlength=len(terms)).tolist()
        return row, start, end, dict(zip(terms, counts, strict=True))

    ours, (_, start, _, counts) = timed(by_chunks)
    theirs, (spans, expected) = timed(by_nltk, repeats=1)
    assert counts == expected
    assert start.tolist() == [first for of_text in spans for first, _ in of_text]
    line("tokenise and count (equal spans, equal counts)", ours, theirs, 3)


def keywords(tokens: pd.DataFrame, target: np.ndarray, words: np.ndarray) -> None:
    """Counts, log ratio and G² of the whole vocabulary."""
    here = words[target].tolist()
    there = words[~target].tolist()

    def by_nltk() -> dict:
        one = FreqDist(here)
        two = FreqDist(there)
        total = one.N() + two.N()
        counts = {term: (one[term], two[term]) for term in one | two}
        g2 = BigramAssocMeasures.likelihood_ratio
        return {term: (a, b, g2(a, (one.N(), a + b), total)) for term, (a, b) in counts.items()}

    def by_pandas() -> pd.DataFrame:
        counts = (
            pd.DataFrame({"term": words, "target": target}).value_counts().unstack(fill_value=0)
        )
        four = (counts[True], counts[False], len(here), len(there))
        return counts.assign(log_ratio=m.log_ratio(*four), g2=m.log_likelihood(*four))

    parts = [tokens[target], tokens[~target]]
    ours, table = timed(lambda: count_and_measure(two_sides(*parts)))
    theirs, expected = timed(by_nltk, repeats=1)
    plain, _ = timed(by_pandas, repeats=1)
    for row in table.iloc[:: len(table) // 500].itertuples():
        a, b, g2 = expected[row.term]
        assert (row.target, row.reference) == (a, b)
        assert abs(row.g2 - g2) < 1e-5 * max(g2, 1)
    line(f"keyword counts and measures, {len(table):,} terms, against FreqDists", ours, theirs, 15)
    line("  against plain pandas", ours, plain)


def company(tokens: pd.DataFrame, words: np.ndarray, node: str) -> None:
    """Collocates of one node with every measure, against NLTK's finder and one measure."""

    def by_nltk() -> list:
        finder = BigramCollocationFinder.from_words(words.tolist(), window_size=6)
        finder.apply_ngram_filter(lambda one, two: node not in (one, two))
        return finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)

    ours, _ = timed(lambda: collocates(tokens, node))
    theirs, _ = timed(by_nltk, repeats=1)
    line(f"collocates of “{node}”, against the collocation finder", ours, theirs, 15)


def lines(articles: pd.DataFrame, tokens: pd.DataFrame, words: np.ndarray, node: str) -> None:
    """Every line of a word; both start from the words as they are loaded."""
    ours, table = timed(lambda: concordance(articles, tokens, node))
    theirs, expected = timed(lambda: Text(words.tolist()).concordance_list(node, lines=10**9), 1)
    assert len(table) == len(expected)
    line(f"concordance of “{node}”, {len(table):,} lines, against Text", ours, theirs, 15)
    if len(table) >= 10_000:
        lines_of_ten_million(articles, tokens, node)


def lines_of_ten_million(articles: pd.DataFrame, tokens: pd.DataFrame, node: str) -> None:
    """The same tokens over and over."""
    large = pd.concat([tokens] * (10_000_000 // len(tokens) + 1), ignore_index=True)
    kinds = {"term": tokens.term.dtype, "doc_id": tokens.doc_id.dtype}
    large = large.astype(kinds)
    for query in (node, f'"{node} of"', f"{node[:-2]}*"):
        seconds, (first, _) = timed(lambda query=query: find(large, query))
        speed = per_10_million(seconds, len(large))
        print(f"  query {query} on {len(large):,} tokens: {speed}, {len(first):,} found")
    seconds, _ = timed(lambda: concordance(articles, large, node, sample=50))
    print(f"  the same with 50 lines written out: {per_10_million(seconds, len(large))}")


def shuffling(tokens: pd.DataFrame, target: np.ndarray) -> None:
    """Resampling apart: its repeats and the family of tested terms."""
    sides = two_sides(tokens[target], tokens[~target])
    family = np.flatnonzero(np.asarray(sides.counts.sum(axis=1)) >= 50)[:2000]
    numbers = (sides.counts[family], sides.sizes, sides.target)
    size = f"{len(sides.sizes):,} articles, 999 repeats, {len(family):,} terms"
    repeats = {resampling.permutation_p: resampling.Resampling(999)}
    for function in (resampling.permutation_p, resampling.bootstrap_interval):
        repeated = repeats.get(function, 999)
        seconds, _ = timed(lambda f=function, n=repeated: f(*numbers, n), repeats=1)
        print(f"{function.__name__} of {size}: {seconds:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=10)
    articles = docstring_articles(parser.parse_args().megabytes)
    size = sum(len(raw.encode()) for raw in articles.raw) / 1e6
    again = articles.index.str.endswith(".again").any()
    twice = "; too little is installed, so all of it is there twice" if again else ""
    print(f"{len(articles):,} articles, {size:.1f} MB of docstrings{twice}")
    print(f"{'':66}     ours      theirs")
    tokenising(articles.raw.tolist())
    seconds, sentences = timed(lambda: sentence_table(articles), repeats=1)
    print(f"  sentences alone: {seconds:.1f} s, {len(sentences):,} sentences")
    seconds, tokens = timed(lambda: tokenize(articles), repeats=1)
    print(f"  tokenize(articles), sentences and table: {seconds:.1f} s, {len(tokens):,} tokens")
    target = tokens.doc_id.map(articles.role).to_numpy() == "a"
    words = np.asarray(tokens.term.astype(object))
    keywords(tokens, target, words)
    company(tokens, words, "array")
    for node in ("array", "random"):
        lines(articles, tokens, words, node)
    shuffling(tokens, target)


if __name__ == "__main__":
    main()
