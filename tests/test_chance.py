"""What is called different where nothing is: small runs of ``benchmarks/calibration.py``."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import calibration as c

from utils.stats import keywords as k
from utils.stats import resampling as r
from utils.stats.groups import Groups
from utils.stats.keywords import Sides, divide
from utils.stats.themes import compare_themes


def sides_of(counts: np.ndarray, target: np.ndarray, sizes: np.ndarray | None = None) -> Sides:
    """Counts with a row per term; without sizes, the articles consist of these terms."""
    terms = pd.Index([f"t{row:03}" for row in range(len(counts))])
    docs = pd.Index([f"d{column:02}" for column in range(len(target))])
    sizes = counts.sum(axis=0) if sizes is None else sizes
    return divide(terms, csr_array(counts), sizes, target, docs)


def called(table: pd.DataFrame) -> int:
    return int(table.verdict.isin(["more", "less"]).sum())


@pytest.mark.parametrize(
    ("articles", "tokens", "burst"),
    [
        ((20, 20), (200, 1000), 0),  # words fall singly, the reference five times as long
        ((20, 20), (400, 400), 0.4),
        ((14, 30), (250, 750), 0.5),
    ],
)
def test_words_that_do_not_differ_are_not_called_different(articles, tokens, burst):
    """Of 12 corpora without any difference at most one has a word that is called different."""
    false = c.false_keywords(12, articles=articles, tokens=tokens, burst=burst)
    assert sum(false) <= 1


def test_words_that_do_not_differ_are_not_called_where_splits_are_few(monkeypatch):
    """So few splits are drawn, as of very many articles, that no word alone could pass."""
    draw = r.Resampling.for_family
    monkeypatch.setattr(r, "MOST_DRAWN", 1)
    monkeypatch.setattr(
        r.Resampling, "for_family", lambda own, terms, *_: draw(own._replace(repeats=99), terms)
    )
    false = c.false_keywords(12, articles=(20, 20), tokens=(400, 400), burst=0.4)
    assert sum(false) <= 1


def test_shuffled_labels_call_nothing():
    assert sum(c.shuffled_keywords(12)) <= 1


def test_themes_that_do_not_differ_are_not_called_different():
    assert np.mean(c.false_themes((8, 40), 60)) <= 0.1


def test_p_of_a_word_does_not_move_with_the_lengths_of_the_articles():
    """Words fall singly: a tenth of the p of the commoner ones is below 0.1, whatever the lengths.

    With |log ratio| it was more than half of the rarer words for articles five times as long.
    """
    random = np.random.default_rng(3)
    target = np.arange(40) < 20
    sizes = np.where(target, 300, 1500)
    counts = csr_array(random.poisson(sizes * 0.004, (600, 40)))
    p = r.permutation_p(counts, sizes, target, r.Resampling(499))
    assert np.mean(p <= 0.1) == pytest.approx(0.1, abs=0.035)
    assert np.mean(p <= 0.02) == pytest.approx(0.02, abs=0.015)


def test_intervals_cover_as_stated():
    """A 95 % interval of 10 to 40 articles covers the truth in 93 to 97 %, give or take chance."""
    for setting in list(c.COVERAGE.values())[1::3]:
        assert 0.925 <= np.mean(c.interval_covers(**setting, runs=600)) <= 0.98


def test_an_interval_with_a_count_of_0_is_a_bound():
    """Ten of twenty articles have a word twice, the others never: the ratio has no upper end."""
    target = np.arange(40) < 20
    counts = csr_array(np.where(np.arange(40) < 10, 2, 0)[None])
    ends = r.bootstrap_interval(counts, np.full(40, 100), target)
    assert ends[0, 1] == np.inf
    assert 0 < ends[0, 0] < np.log2(20 / 0.5)
    mirrored = r.bootstrap_interval(counts, np.full(40, 100), ~target)
    assert mirrored[0, 0] == -np.inf
    assert mirrored[0, 1] == pytest.approx(-ends[0, 0], abs=0.2)


@pytest.mark.parametrize("seed", range(3))
def test_a_larger_corpus_never_says_less(seed):
    """Forty words differ among 300: three articles against three up to seven against seven."""
    random = np.random.default_rng(seed)
    rates = np.full((300, 2), 4.0)
    rates[:40, 0] = 16
    numbers = []
    for each in (3, 4, 5, 6, 7):
        target = np.arange(2 * each) < each
        counts = random.poisson(rates[:, np.where(target, 0, 1)])
        numbers.append(called(c.keywords_of(sides_of(counts, target))))
    assert min(numbers) >= 30
    assert numbers[-1] >= 38


def test_p_that_could_conclude_nothing_is_blank_and_says_why():
    """Four against four: the smallest p is 2 of 70, and more words would have to share it."""
    random = np.random.default_rng(0)
    target = np.arange(8) < 4
    counts = random.poisson(6, (100, 8))
    counts[:3, :4] += 25
    table = c.keywords_of(sides_of(counts, target))
    assert table.p.isna().all()
    facts = {name: table.attrs[name] for name in ("tested", "needed", "level")}
    assert facts == {"tested": False, "needed": 58, "level": 0.95}
    assert table.attrs["sharing"] < 58
    assert set(table.interval) == {k.COUNTING}
    assert set(table.term[table.verdict == "more"]) >= {"t000", "t001", "t002"}


def test_p_is_given_where_enough_words_share_the_smallest():
    """Sixty of a hundred words are all in the same four of eight articles."""
    target = np.arange(8) < 4
    counts = np.random.default_rng(0).poisson(6, (100, 8))
    counts[:60] = np.where(target, 12, 2)
    table = c.keywords_of(sides_of(counts, target, np.full(8, 1000)))
    assert table.attrs["tested"]
    assert called(table) >= 60


def test_a_word_of_one_article_is_that_whatever_p_says():
    """Seven tokens in one of twenty articles, none elsewhere, the reference three times as long."""
    random = np.random.default_rng(4)
    target = np.arange(40) < 20
    counts = random.poisson(np.where(target, 3, 9), (60, 40))
    counts[0] = 0
    counts[0, 5] = 7
    counts[1] = np.where(np.arange(40) == 30, 400, 1)  # and one that the reference seems to have
    table = c.keywords_of(sides_of(counts, target)).set_index("term")
    assert table.attrs["tested"]
    assert table.loc["t000", ["verdict", "driven_by"]].tolist() == ["one article", "d05"]
    assert table.loc["t001", ["verdict", "driven_by"]].tolist() == ["one article", "d30"]


def test_a_group_has_a_word_when_three_of_its_articles_do():
    """Ten tokens in two articles each of four are not said of the group; of two against two are."""
    sizes = np.full(8, 500)
    target = np.arange(8) < 4
    counts = np.array([[10, 10, 0, 0] + [0] * 4, [7, 7, 7, 0] + [0] * 4, [0] * 4 + [6, 6, 6, 6]])
    table = c.keywords_of(sides_of(counts, target, sizes)).set_index("term")
    assert table.verdict.to_dict() == {"t000": "few articles", "t001": "more", "t002": "less"}
    small = c.keywords_of(sides_of(counts[:1, [0, 1, 4, 5]], target[::2], sizes[:4]))
    assert small.verdict.tolist() == ["more"]


def test_themes_of_four_against_four_are_described():
    """72 of 80 sentences against none, beside a theme of one article and one of two articles."""
    docs = [f"d{number}" for number in range(8)]
    counts = {
        "clear": [18] * 4 + [0] * 4,
        "one": [19, 0, 0, 0, 0, 0, 0, 0],
        "two": [15, 15, 0, 0, 0, 0, 0, 0],
        "same": [9] * 8,
        "less": [1] * 4 + [12] * 4,
    }
    rows = [(theme, *row, 20) for theme, of in counts.items() for row in zip(docs, of, strict=True)]
    table = pd.DataFrame(rows, columns=["theme", "doc_id", "sentences", "of"])
    target = pd.Series(np.arange(8) < 4, docs)
    compared = compare_themes(table, Groups("role", ("a", "b"), target, ~target))
    assert compared.set_index("theme").verdict.to_dict() == {
        "clear": "more",
        "one": "one article",
        "two": "few articles",
        "same": "no difference",
        "less": "less",
    }
    assert compared.driven_by.tolist() == ["", "d0", "", "", ""]
    assert not compared.attrs["tested"]
