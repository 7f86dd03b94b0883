"""Our report against the plain commands on the same notebooks, one after the other in one run; topics at size."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from text import docstring_articles

from utils.report.pages import write_pages
from utils.corpus.tokens import tokenize
from utils.stats.topics import fit_topics

ROOT = Path(__file__).parents[1]


def seconds(*commands: list) -> float:
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - start


def report(folder: Path) -> None:
    ours = [sys.executable, "-m", "utils.report", "--output", folder / "ours"]
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    plain = []
    for notebook in notebooks:
        done = folder / notebook.name
        plain.append([sys.executable, "-m", "papermill", notebook, done])
        plain.append([sys.executable, "-m", "nbconvert", "--to", "html", done])
    seconds(ours)
    times = [(seconds([*ours, "--force"]), seconds(*plain)) for _ in range(3)]
    for mine, theirs in times:
        print(
            f"{len(notebooks)} notebooks to pages: {mine:.1f} s, papermill and nbconvert {theirs:.1f} s, ratio {mine / theirs:.2f} (wanted: 0.35)"
        )
    print(f"unchanged: {seconds(ours):.2f} s (wanted: 2)")
    start = time.perf_counter()
    (folder / "again").mkdir()
    pages = [name for name in write_pages(folder / "ours", folder / "again", {}) if name.endswith(".html")]
    spent = time.perf_counter() - start
    print(
        f"pages and exports from executed notebooks: {spent / len(notebooks):.2f} s a notebook, {len(pages)} pages (wanted: 0.5)"
    )


def topics() -> None:
    tokens = tokenize(docstring_articles(2))
    paragraph = tokens.groupby(["doc_id", "paragraph"], observed=True).ngroup().to_numpy()
    long = np.flatnonzero(np.bincount(paragraph) >= 40)[:2000]
    tokens = tokens[np.isin(paragraph, long)]
    start = time.perf_counter()
    found = fit_topics(tokens)
    spent, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"topics with stability on {len(found.weights):,} paragraphs: {spent:.0f} s (wanted: 120), peak {peak:.2f} GB (wanted: 1)"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        report(Path(name))
    topics()
