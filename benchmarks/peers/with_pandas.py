"""Document frequency and dispersion by pandas alone, from the same tokens."""

from pathlib import Path

from pandas import DataFrame
from timing import answer, seconds

from utils.corpus import read_corpus, tokenize


def spread(tokens: DataFrame) -> DataFrame:
    """Frequency, document frequency and Gries's DP of every term."""
    cells = tokens.groupby(["term", "doc_id"], observed=True).size().rename("n").reset_index()
    shares = tokens.groupby("doc_id", observed=True).size() / len(tokens)
    cells["share"] = shares.reindex(cells.doc_id).to_numpy()
    cells["frequency"] = cells.groupby("term", observed=True).n.transform("sum")
    # An article without the term has a smaller share of 0.
    cells["smaller"] = (cells.n / cells.frequency).clip(upper=cells.share)
    by_term = cells.groupby("term", observed=True)
    table = by_term.agg(frequency=("n", "sum"), documents=("n", "size"), smaller=("smaller", "sum"))
    return table.assign(dp=1 - table.smaller).sort_values("frequency", ascending=False)


def dispersion(file: Path) -> float:
    """The table of all terms."""
    tokens = tokenize(read_corpus(file))
    return seconds(spread, tokens)


if __name__ == "__main__":
    answer({"dispersion": dispersion})
