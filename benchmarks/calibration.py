"""How often a verdict is false, and how often an interval covers, over simulated corpora.

``python benchmarks/calibration.py`` runs every simulation of this folder's ``calibration*.py`` with
fixed seeds (some minutes), prints the table and writes ``calibration.csv`` beside it. Words after
the command choose simulations by a part of their names; then nothing is written.

A simulation is a function with ``@simulation(name, wanted, settings)``: ``settings`` are rows of
keyword arguments by the name of the setting, and it returns True for each run that went wrong (or,
of intervals, for each that covers).
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from utils.stats import measures as m
from utils.stats import resampling as r
from utils.stats.groups import Groups
from utils.stats.keywords import Sides, compare_terms, conclude, divide
from utils.stats.themes import compare_themes

FOLDER = Path(__file__).parent
RUNS = 200
SIMULATIONS: list[tuple] = []


def simulation(name: str, wanted: str, settings: dict[str, dict]) -> Callable:
    """Register a function that makes a share of runs for each of its settings."""

    def register(function: Callable) -> Callable:
        SIMULATIONS.append((name, wanted, settings, function))
        return function

    return register


def run_all(chosen: list[str]) -> pd.DataFrame:
    """One row per simulation and setting: ``simulation, setting, runs, share, wanted, seconds``."""
    rows = []
    for name, wanted, settings, function in SIMULATIONS:
        if chosen and not any(part in name for part in chosen):
            continue
        for setting, options in settings.items():
            start = perf_counter()
            outcomes = np.asarray(function(**options))
            seconds = round(perf_counter() - start)
            row = (name, setting, len(outcomes), round(outcomes.mean(), 3), wanted, seconds)
            print(*row, sep=" | ", flush=True)
            rows.append(row)
    return pd.DataFrame(rows, columns="simulation setting runs share wanted seconds".split())


def made_up_sides(random: np.random.Generator, articles: tuple, tokens: tuple, burst: float):
    """Two groups of articles whose words follow Zipf's law, in bursts or singly, and no difference.

    ``burst`` is the shape of a gamma distribution of a word's rate over articles; 0 is none.
    """
    target = np.arange(sum(articles)) < articles[0]
    sizes = np.where(target, *tokens) * random.lognormal(0, 0.2, len(target))
    shares = 1 / np.arange(1, 801)
    rates = np.outer(shares / shares.sum(), np.ones(len(target)))
    if burst:
        rates = rates * random.gamma(burst, 1 / burst, rates.shape)
    columns = [random.multinomial(n, p / p.sum()) for n, p in zip(sizes, rates.T, strict=True)]
    counts = np.column_stack(columns)
    terms = pd.Index([f"t{row:03}" for row in range(len(counts))])
    docs = pd.Index([f"d{column:03}" for column in range(len(target))])
    return divide(terms, csr_array(counts), counts.sum(axis=0), target, docs)


def keywords_of(sides: Sides) -> pd.DataFrame:
    """The keyword table of counts."""
    terms = np.count_nonzero(sides.tokens.sum(axis=0) >= 5)
    options = r.DEFAULT.for_family(terms)
    table = compare_terms(sides, [], options).assign(query="")
    return conclude(table, sides, options)


def calls_any(table: pd.DataFrame) -> bool:
    """Whether a verdict says that anything differs."""
    return table.verdict.isin(["more", "less"]).any()


SHAPES = {
    "20 + 20 articles, 300 and 1,500 tokens, singly": {
        "articles": (20, 20),
        "tokens": (300, 1500),
        "burst": 0,
    },
    "20 + 20, 600 tokens, in bursts": {"articles": (20, 20), "tokens": (600, 600), "burst": 0.5},
    "20 + 20, 300 and 1,500, in bursts": {
        "articles": (20, 20),
        "tokens": (300, 1500),
        "burst": 0.5,
    },
    "12 + 40, 300 and 900, singly": {"articles": (12, 40), "tokens": (300, 900), "burst": 0},
    "40 + 12, 900 and 300, in bursts": {"articles": (40, 12), "tokens": (900, 300), "burst": 0.5},
    "10 + 10, 2,000 and 400, in bursts": {
        "articles": (10, 10),
        "tokens": (2000, 400),
        "burst": 1,
    },
}


@simulation("a keyword where nothing differs", "0.05 at most", SHAPES)
def false_keywords(runs: int = RUNS, **shape: object) -> list[bool]:
    """Whether a corpus without any difference has a word that is called different."""
    seeds = np.random.default_rng(11).spawn(runs)
    return [calls_any(keywords_of(made_up_sides(random, **shape))) for random in seeds]


@simulation(
    "a keyword after shuffling labels",
    "0.05 at most",
    {"20 + 20 articles of two kinds": {}},
)
def shuffled_keywords(runs: int = RUNS) -> list[bool]:
    """Half of the articles are long and bursty, whichever group they are dealt to."""
    outcomes = []
    for random in np.random.default_rng(12).spawn(runs):
        sides = made_up_sides(random, (20, 20), (300, 1500), 0.3)
        shuffled = random.permutation(sides.target)
        shuffled = divide(sides.terms, sides.counts, sides.sizes, shuffled, sides.docs)
        outcomes.append(calls_any(keywords_of(shuffled)))
    return outcomes


@simulation(
    "a theme where nothing differs",
    "0.05 at most",
    {
        "20 + 20 articles, 15 sentences": {"sentences": (15, 15)},
        "20 + 20 articles, 8 and 40 sentences": {"sentences": (8, 40)},
    },
)
def false_themes(sentences: tuple[int, int], runs: int = RUNS) -> list[bool]:
    """Twelve themes that come in bursts."""
    docs = [f"d{number}" for number in range(40)]
    target = pd.Series(np.arange(40) < 20, docs)
    of = np.where(target, *sentences)
    outcomes = []
    for random in np.random.default_rng(13).spawn(runs):
        counts = random.binomial(of[:, None], random.beta(0.6, 1.4, (40, 12)))
        rows = [
            (f"t{t}", docs[d], counts[d, t], of[d]) for t in range(12) for d in range(len(docs))
        ]
        table = pd.DataFrame(rows, columns=["theme", "doc_id", "sentences", "of"])
        compared = compare_themes(table, Groups("role", ("a", "b"), target, ~target))
        outcomes.append(calls_any(compared))
    return outcomes


def interval_settings() -> dict[str, dict]:
    """Articles and tokens of the two groups, rates, bursts, and how unequal the lengths are."""
    rows = [
        ((10, 10), (500, 500), (40, 40), 0, 0.3),
        ((10, 10), (500, 500), (20, 20), 0.3, 0.3),
        ((10, 10), (500, 500), (10, 30), 0.5, 0.3),
        ((12, 20), (800, 800), (200, 100), 1, 0.3),
        ((20, 20), (300, 1500), (30, 30), 0.5, 0.3),
        ((20, 20), (500, 500), (40, 40), 0.5, 1),
        ((10, 40), (500, 500), (20, 20), 0.5, 0.3),
        ((40, 40), (500, 500), (40, 20), 1, 0.3),
        ((40, 40), (500, 500), (40, 20), 1, 1),
    ]
    names = ("articles", "tokens", "per_10k", "burst", "spread")
    settings = {}
    for row in rows:
        articles, tokens, per_10k, burst, spread = row
        how = "in bursts" if burst else "singly"
        lengths = ", very unequal lengths" if spread == 1 else ""
        name = "{} + {} articles, {} and {} tokens, ".format(*articles, *tokens)
        name += "{} and {} per 10,000, ".format(*per_10k) + how + lengths
        settings[name] = {"options": dict(zip(names, row, strict=True))}
    return settings


COVERAGE = interval_settings()


@simulation("an interval of the log ratio covers", "0.93 to 0.97", COVERAGE)
def interval_covers(options: dict, runs: int = 2000) -> np.ndarray:
    """Whether the true log ratio is inside, for words with five tokens or more."""
    articles, tokens, per_10k, burst, spread = options.values()
    random = np.random.default_rng(14)
    target = np.arange(sum(articles)) < articles[0]
    outcomes = []
    for _ in range(runs // 20):  # twenty words share the lengths of their articles
        lengths = np.where(target, *tokens) * random.lognormal(0, spread, len(target))
        sizes = np.maximum(lengths, 30).astype(int)
        rates = np.where(target, *per_10k) / 10_000 * np.ones((20, 1))
        if burst:
            rates = rates * random.gamma(burst, 1 / burst, rates.shape)
        counts = random.poisson(rates * sizes)
        counts = counts[counts.sum(axis=1) >= 5]
        ends = r.bootstrap_interval(
            csr_array(counts), sizes, target, seed=int(random.integers(1e9))
        )
        true = m.log_ratio(*per_10k, 10_000, 10_000)
        outcomes.append((ends[:, 0] <= true) & (true <= ends[:, 1]))
    return np.concatenate(outcomes)


def main() -> None:
    for file in sorted(FOLDER.glob("calibration_*.py")):
        import_module(file.stem)
    table = run_all(sys.argv[1:])
    if not sys.argv[1:]:
        table.drop(columns="seconds").to_csv(FOLDER / "calibration.csv", index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    sys.modules["calibration"] = sys.modules["__main__"]  # so that all register in one list
    main()
