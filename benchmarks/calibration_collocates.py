"""Collocates and topics in shuffled text: how often anything is called different.

``python benchmarks/calibration.py`` runs these with the others.
"""

import numpy as np
import pandas as pd
from calibration import simulation

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.stats.collocation import collocates
from utils.stats.frequency import frequency_table
from utils.stats.topics import STABLE, fit_topics

NODES = 20  # of each shuffled text, from the most frequent term to one of 5 tokens


def five_articles() -> pd.DataFrame:
    """The tokens of the project's own corpus."""
    return tokenize(read_corpus())


def by_chance(articles: int, sentences: int, words: int = 2000, seed: int = 21) -> pd.DataFrame:
    """Articles of sentences of 16 words that fall singly, by Zipf's law, from so many words."""
    chances = 1 / np.arange(1, words + 1)
    size = articles * sentences * 16
    drawn = np.random.default_rng(seed).choice(words, size, p=chances / chances.sum())
    rows = np.arange(size)
    return pd.DataFrame(
        {
            "doc_id": pd.Categorical([f"d{row // (sentences * 16):03}" for row in rows]),
            "paragraph": rows // 80 + 1,
            "sentence": rows // 16 + 1,
            "term": pd.Categorical([f"w{word:04}" for word in drawn]),
        }
    )


def shuffle(tokens: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """All tokens dealt out again at random; articles and sentences keep their lengths."""
    terms = tokens.term.cat
    dealt = pd.Categorical.from_codes(random.permutation(terms.codes), terms.categories)
    return tokens.assign(term=dealt)


def calls_any(tokens: pd.DataFrame, node: str) -> bool:
    """Whether any word is called more or less frequent near the node."""
    return collocates(tokens, node).verdict.isin(["more", "less"]).any()


@simulation(
    "a collocate in shuffled text",
    "0.05 at most",
    {
        "the five articles": {"make": five_articles, "texts": 25},
        "60 articles, 60,000 tokens": {"make": lambda: by_chance(60, 63), "texts": 10},
    },
)
def false_collocates(make, texts: int) -> list[bool]:
    """One outcome for each node."""
    tokens = make()
    frequencies = frequency_table(tokens)
    terms = frequencies.term[frequencies.frequency >= 5]
    nodes = terms.iloc[np.geomspace(1, len(terms), NODES).astype(int) - 1]
    outcomes = []
    for random in np.random.default_rng(22).spawn(texts):
        shuffled = shuffle(tokens, random)
        outcomes += [calls_any(shuffled, node) for node in nodes]
    return outcomes


@simulation(
    "stable topics in shuffled text",
    "0.05 at most",
    {
        "the five articles": {"make": five_articles},
        "8 articles, 2,000 tokens": {"make": lambda: by_chance(8, 16)},
    },
)
def false_topics(make, runs: int = 60) -> list[bool]:
    """Whether any number of topics is stable, be they single articles or not."""
    tokens = make()
    randoms = np.random.default_rng(23).spawn(runs)
    return [
        fit_topics(shuffle(tokens, random), seed=seed).stability.verdict.eq(STABLE).any()
        for seed, random in enumerate(randoms)
    ]
