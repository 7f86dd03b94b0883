"""Ours against NLTK's own, side by side in one run. ``make benchmark``; figures are ratios, not promises of seconds."""

import argparse
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
from nltk.tokenize import RegexpTokenizer
from text import docstring_articles

from utils.tokens import TOKEN_PATTERN, sentence_table, token_spans, tokenize


def timed(function: Callable, repeats: int = 3) -> tuple[float, object]:
    """Median seconds of a call, and what it returned."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), result


def line(what: str, ours: float, theirs: float, wanted: str) -> None:
    print(f"{what:58} {ours:9.3f} s {theirs:9.3f} s   {theirs / ours:7.1f} times   (wanted: {wanted})")


def tokenising(texts: list[str]) -> None:
    """The same token spans and the same counts, by NLTK text by text and by chunks remembered."""
    nltk = RegexpTokenizer(TOKEN_PATTERN)

    def by_nltk() -> tuple[list, Counter]:
        spans = [list(nltk.span_tokenize(text)) for text in texts]
        counts = Counter(
            text[start:end].lower().replace("’", "'")
            for text, found in zip(texts, spans, strict=True)
            for start, end in found
        )
        return spans, counts

    def by_chunks() -> tuple:
        row, start, end, codes, terms = token_spans(texts)
        return row, start, end, dict(zip(terms, np.bincount(codes, minlength=len(terms)).tolist(), strict=True))

    ours, (_, start, _, counts) = timed(by_chunks)
    theirs, (spans, expected) = timed(by_nltk, repeats=1)
    assert counts == expected
    assert start.tolist() == [s for found in spans for s, _ in found]
    line("tokenise and count (spans and counts equal)", ours, theirs, "3")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=10)
    articles = docstring_articles(parser.parse_args().megabytes)
    size = sum(len(raw.encode()) for raw in articles.raw) / 1e6
    repeated = (
        "; the installed text was too little and stands twice" if articles.index.str.endswith(".again").any() else ""
    )
    print(f"{len(articles):,} articles, {size:.1f} MB of docstrings{repeated}\n{'':58}      ours       NLTK")
    tokenising(articles.raw.tolist())
    seconds, sentences = timed(lambda: sentence_table(articles), repeats=1)
    print(f"{'sentences by NLTK Punkt alone':58} {seconds:9.3f} s   {len(sentences):,} sentences")
    seconds, tokens = timed(lambda: tokenize(articles), repeats=1)
    print(f"{'tokenize(articles), sentences and table with it':58} {seconds:9.3f} s   {len(tokens):,} tokens")


if __name__ == "__main__":
    main()
