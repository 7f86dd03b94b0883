"""Our report against the plain commands on the same notebooks, in one run; and topics at size."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from text import docstring_articles

from utils.corpus import tokenize
from utils.report.pages import write_pages
from utils.stats import fit_topics

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def seconds(*commands: list) -> float:
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - start


def plain_commands(folder: Path) -> list[list]:
    """What runs each notebook and makes a page of it, without this project."""
    commands = []
    for notebook in NOTEBOOKS:
        executed = folder / notebook.name
        commands.append([sys.executable, "-m", "papermill", notebook, executed])
        commands.append([sys.executable, "-m", "nbconvert", "--to", "html", executed])
    return commands


def report(folder: Path) -> None:
    ours = [sys.executable, "-m", "utils.report", "--output", folder / "ours"]
    seconds(ours)
    for _ in range(3):
        mine = seconds([*ours, "--force"])
        theirs = seconds(*plain_commands(folder))
        times = f"{mine:.1f} s, papermill and nbconvert {theirs:.1f} s"
        ratio = f"ratio {mine / theirs:.2f} (wanted: 0.35)"
        print(f"{len(NOTEBOOKS)} notebooks to pages: {times}, {ratio}")
    print(f"unchanged: {seconds(ours):.2f} s (wanted: 0.5)")


def pages(folder: Path) -> None:
    start = time.perf_counter()
    names = write_pages(folder / "ours", {})
    each = (time.perf_counter() - start) / len(NOTEBOOKS)
    made = sum(name.endswith(".html") for name in names)
    print(f"pages and exports: {each:.2f} s a notebook, {made} pages (wanted: 0.5)")


def topics() -> None:
    tokens = tokenize(docstring_articles(2))
    paragraph = tokens.groupby(["doc_id", "paragraph"], observed=True).ngroup().to_numpy()
    long = np.flatnonzero(np.bincount(paragraph) >= 40)[:2000]
    tokens = tokens[np.isin(paragraph, long)]
    start = time.perf_counter()
    model = fit_topics(tokens)
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    size = f"{len(model.weights):,} paragraphs"
    print(
        f"topics with stability on {size}: {spent:.0f} s (wanted: 120), {peak:.2f} GB (wanted: 1)"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        report(Path(name))
        pages(Path(name))
    topics()
