"""Collocates and topics under chance: in shuffled text hardly anything is called different."""

import numpy as np
import pandas as pd

from utils.stats.collocation import collocates
from utils.stats.topics import fit_topics


def text_by_chance(seed: int, articles: int = 10, sentences: int = 25) -> pd.DataFrame:
    """Articles of sentences of 16 words that fall singly, by Zipf's law, from 600."""
    random = np.random.default_rng(seed)
    chances = 1 / np.arange(1, 601)
    size = articles * sentences * 16
    words = random.choice(600, size, p=chances / chances.sum())
    rows = np.arange(size)
    return pd.DataFrame(
        {
            "doc_id": pd.Categorical([f"d{row // (sentences * 16):02}" for row in rows]),
            "paragraph": rows // 80 + 1,
            "sentence": rows // 16 + 1,
            "term": pd.Categorical([f"w{word:03}" for word in words]),
        }
    )


def calls_any(tokens: pd.DataFrame, node: str) -> bool:
    return collocates(tokens, node).verdict.isin(["more", "less"]).any()


def test_nodes_in_text_by_chance_have_no_collocates():
    """At most one node in twenty; frequent and rare nodes."""
    called = []
    for seed in range(5):
        tokens = text_by_chance(seed)
        called += [calls_any(tokens, f"w{node:03}") for node in range(0, 100, 8)]
    assert np.mean(called) <= 0.05


def test_nodes_in_the_five_articles_shuffled_have_no_collocates(tokens):
    random = np.random.default_rng(8)
    called = []
    for _ in range(12):
        codes = random.permutation(tokens.term.cat.codes)
        shuffled = tokens.assign(term=pd.Categorical.from_codes(codes, tokens.term.cat.categories))
        called += [
            calls_any(shuffled, node) for node in ("innovation", "talent", "the", "of", "and")
        ]
    assert np.mean(called) <= 0.05


def test_a_pair_that_is_there_is_found_among_chance():
    """Twenty of the 50 or so tokens of w020 are put behind w010, in many articles."""
    tokens = text_by_chance(1, articles=20)
    terms = tokens.term.astype(str).to_numpy()
    moved = np.flatnonzero(terms == "w020")[:20]
    places = np.flatnonzero((terms[:-1] == "w010") & (tokens.sentence.diff(-1)[:-1] == 0))[::3][:20]
    terms[moved], terms[places + 1] = terms[places + 1], "w020"
    table = collocates(tokens.assign(term=pd.Categorical(terms)), "w010").set_index("term")
    assert table.index[table.verdict == "more"].tolist() == ["w020"]


def test_topics_of_text_by_chance_are_not_stable():
    """Of eight texts at most one: each has a chance of 1 in 20."""
    verdicts = [fit_topics(text_by_chance(seed, 8, 4)).verdict for seed in range(50, 58)]
    assert sum(verdict != "unstable" for verdict in verdicts) <= 1
