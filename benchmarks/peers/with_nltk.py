"""The steps that NLTK can do; it runs where this project is installed, with the same tokens."""

import json
from collections import Counter
from pathlib import Path

from nltk import FreqDist
from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder
from nltk.tokenize import RegexpTokenizer
from timing import NODE, answer, seconds

from utils.corpus import read_corpus, tokenize
from utils.corpus.token_pattern import TOKEN_PATTERN


def count(file: Path) -> Counter:
    """The tokens of a file, in small letters, counted."""
    tokenizer = RegexpTokenizer(TOKEN_PATTERN)
    counts = Counter()
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            counts.update(tokenizer.tokenize(json.loads(line)["text"].lower()))
    return counts


def terms(file: Path) -> list[str]:
    """The terms as strings."""
    return tokenize(read_corpus(file)).term.astype(object).tolist()


def frequency(file: Path) -> float:
    """A FreqDist of the terms, in order."""
    words = terms(file)
    return seconds(lambda: FreqDist(words).most_common())


def company(file: Path) -> float:
    """Scores of all pairs, among which are those of the node."""
    words = terms(file)
    return seconds(score, words)


def score(words: list[str]) -> list:
    """The pairs with the node, by the likelihood ratio."""
    finder = BigramCollocationFinder.from_words(words, window_size=5)
    scored = finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
    return [pair for pair in scored if NODE in pair[0]]


if __name__ == "__main__":
    answer(
        {
            "build": lambda file: seconds(count, file),
            "frequency": frequency,
            "collocates": company,
        }
    )
