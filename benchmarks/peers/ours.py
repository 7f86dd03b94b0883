"""The steps that are measured, by this project."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from pandas import Categorical, DataFrame
from timing import GROUPS, LINES, LINES_OF, NODE, PHRASES, PREFIX, WORDS, answer, each, seconds

from utils.corpus import read_corpus, tokenize
from utils.corpus.arrays import words_of
from utils.corpus.articles import CORPUS
from utils.corpus.parts import each_of
from utils.search import concordance, find
from utils.stats import collocates, frequency_table, keyword_table
from utils.stats.keywords import describe_terms, two_sides


def load(file: Path) -> tuple[DataFrame, DataFrame]:
    """The articles and their tokens, from the index where there is one."""
    articles = read_corpus(file)
    return articles, tokenize(articles)


def describe(file: Path) -> dict[str, int]:
    """How large a text is."""
    articles, tokens = load(file)
    return {"articles": len(articles), "tokens": len(tokens), "types": tokens.term.nunique()}


def build(file: Path) -> float:
    """From a file without an index to its articles and the index of labels, sentences, tokens and
    positions on disk, which is opened but for the table of tokens, as no peer loads what it wrote.
    """
    shutil.rmtree(file.with_name(f".{file.name}.index"), ignore_errors=True)
    return warm(read_corpus, file)


def warm(function: Callable, file: Path) -> float:
    """Seconds that a call takes when all is imported and the processes wait."""
    articles, _ = load(CORPUS)
    list(each_of(words_of, [articles] * 8))
    return seconds(function, file)


def count(file: Path, questions: list[str]) -> float:
    """One query counted, when the tokens are open and another was asked before."""
    _, tokens = load(file)
    return each(lambda query: len(find(tokens, query)[0]), questions)


def lines(file: Path) -> float:
    """A hundred lines of a word written out."""
    articles, tokens = load(file)
    find(tokens, "the")
    write = partial(concordance, articles, tokens, sort="R1 R2 R3", sample=LINES)
    return each(write, [WORDS[0], LINES_OF])


def frequency(file: Path) -> float:
    """How often each term is in the tokens, the most frequent first."""
    _, tokens = load(file)
    return seconds(count_terms, tokens)


def count_terms(tokens: DataFrame) -> DataFrame:
    """Term and frequency, from the codes."""
    terms = tokens.term.array
    frequencies = np.zeros(len(terms.categories), int)
    np.add.at(frequencies, terms.codes, 1)  # bincount would copy the codes
    order = np.argsort(-frequencies, kind="stable")
    term = Categorical.from_codes(order, dtype=terms.dtype)
    return DataFrame({"term": term, "frequency": frequencies[order]})


def dispersion(file: Path) -> float:
    """Frequency, document frequency, DP and its expectation of every term."""
    _, tokens = load(file)
    return seconds(frequency_table, tokens)


def groups(file: Path) -> list[DataFrame]:
    """The tokens of the two groups of articles."""
    articles, tokens = load(file)
    target = (articles.role == GROUPS[0]).to_numpy()[tokens.doc_id.array.codes]
    return [tokens[target], tokens[~target]]


def keywords(file: Path) -> float:
    """Counts, measures, interval and leave-one-out of every term of both groups."""
    two = groups(file)
    return seconds(lambda: describe_terms(two_sides(*two)))


def resampling(file: Path) -> float:
    """The keyword table with permutation and bootstrap."""
    return seconds(keyword_table, *groups(file))


def company(file: Path) -> float:
    """The collocates of a node with all their measures."""
    _, tokens = load(file)
    return seconds(collocates, tokens, NODE)


if __name__ == "__main__":
    answer(
        {
            "describe": describe,
            "build": build,
            "open": partial(warm, load),
            "word": partial(count, questions=WORDS),
            "phrase": partial(count, questions=[f'"{phrase}"' for phrase in PHRASES]),
            "prefix": partial(count, questions=["comput*", f"{PREFIX}*"]),
            "lines": lines,
            "frequency": frequency,
            "dispersion": dispersion,
            "keywords": keywords,
            "resampling": resampling,
            "collocates": company,
        }
    )
