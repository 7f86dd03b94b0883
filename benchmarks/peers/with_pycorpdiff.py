"""The keyword table with permutation and bootstrap, by pycorpdiff."""

from pathlib import Path

import pandas
import pycorpdiff
from timing import GROUPS, answer, rows, seconds

REPEATS = 999


def resampling(file: Path) -> float:
    """The table of both groups, with p of a permutation and intervals of a bootstrap."""
    table = pandas.DataFrame(rows(file))
    corpus = pycorpdiff.from_dataframe(table, text_col="text", meta_cols=("role",))
    groups = [corpus.slice(role=role) for role in GROUPS]
    for group in groups:
        group.tokens()
    compare = pycorpdiff.compare(*groups).keyness
    given = {"permutation_n": REPEATS, "ci": "bootstrap", "n_boot": REPEATS}
    return seconds(lambda: compare(**given, permutation_seed=0, bootstrap_seed=0))


if __name__ == "__main__":
    answer({"resampling": resampling})
