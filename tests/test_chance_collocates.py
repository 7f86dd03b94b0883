"""Collocates and topics under chance: in shuffled text hardly anything is called different."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from calibration_collocates import by_chance

from utils.stats.collocation import collocates
from utils.stats.topics import fit_topics


def calls_any(tokens: pd.DataFrame, node: str) -> bool:
    return collocates(tokens, node).verdict.isin(["more", "less"]).any()


def test_nodes_in_text_by_chance_have_no_collocates():
    """At most one node in twenty; frequent and rare nodes."""
    called = []
    for seed in range(5):
        tokens = by_chance(10, 25, 600, seed)
        called += [calls_any(tokens, f"w{node:04}") for node in range(0, 100, 8)]
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
    """Twenty of the 50 or so tokens of w0020 are put behind w0010, in many articles."""
    tokens = by_chance(20, 25, 600, 1)
    terms = tokens.term.astype(str).to_numpy()
    moved = np.flatnonzero(terms == "w0020")[:20]
    places = np.flatnonzero((terms[:-1] == "w0010") & (tokens.sentence.diff(-1)[:-1] == 0))[::3][
        :20
    ]
    terms[moved], terms[places + 1] = terms[places + 1], "w0020"
    table = collocates(tokens.assign(term=pd.Categorical(terms)), "w0010").set_index("term")
    assert table.index[table.verdict == "more"].tolist() == ["w0020"]


def test_topics_of_text_by_chance_are_not_stable():
    """Of eight texts at most one: each has a chance of 1 in 20."""
    verdicts = [fit_topics(by_chance(8, 4, 600, seed)).verdict for seed in range(50, 58)]
    assert sum(verdict != "unstable" for verdict in verdicts) <= 1
