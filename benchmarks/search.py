"""Milliseconds from a query to the laid out page, in a real browser, on a million random words.

Usage: python benchmarks/search.py reports/search.html [--tokens 1000000]
"""

import argparse
import json
import re
import shutil
import tempfile
import zlib
from base64 import b64encode
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

PER_SENTENCE = 25
PER_ARTICLE = 500
TERMS = 60_000
FREQUENT = "the of and to in a for innovation technology science".split()
QUERIES = [
    "innovation",
    "the",
    '"of the"',
    '"in the * of"',
    "innov*",
    "*tion",
    "t?e",
    "the|of|and",
    "innovation|technology|science of",
    "/in.*/",
    "case:the",
]
LETTERS = list("etaoinshrdlucmfwypvbgkqjxz")
ASK = """async ([query, times]) => {
    const took = [];
    for (let time = 0; time < times; time += 1) {
        state.index?.found.clear();
        byId("sort").value = "left";
        field.value = query;
        const start = performance.now();
        await answer();
        document.body.offsetHeight;
        took.push(performance.now() - start);
    }
    return [state.matches.first.length, took];
}"""


def random_index(tokens: int, seed: int = 0) -> dict:
    """An index as pages have it, of random words whose frequencies follow Zipf's law."""
    random = np.random.default_rng(seed)
    lengths = random.integers(3, 11, TERMS - len(FREQUENT))
    words = FREQUENT + ["".join(random.choice(LETTERS, length)) for length in lengths]
    shares = 1 / np.arange(1, TERMS + 1) ** 1.02
    drawn = random.choice(TERMS, tokens, p=shares / shares.sum())
    texts = []
    sentences = []
    for number, start in enumerate(range(0, tokens, PER_SENTENCE)):
        chosen = [words[code] for code in drawn[start : start + PER_SENTENCE]]
        texts.append(" ".join(chosen) + ".")
        doc, place = divmod(number, PER_ARTICLE // PER_SENTENCE)
        sentences.append([doc, place + 1, 0, len(texts[-1]), len(chosen)])
    gap = [int(row % PER_SENTENCE > 0) for row in range(tokens)]
    return {
        "docs": [f"d{doc}" for doc in range(sentences[-1][0] + 1)],
        "sentences": sentences,
        "text": "".join(texts),
        "gap": gap,
        "width": [len(words[code]) for code in drawn],
        "forms": {},
    }


def page_of(file: Path, index: dict) -> str:
    """The page of a report with another index in the place of its own."""
    articles = {doc: {"name": doc, "link": f"{doc}.html", "groups": {}} for doc in index["docs"]}
    packed = b64encode(zlib.compress(json.dumps(index).encode())).decode()
    html = re.sub('(id="articles">)[^<]*', rf"\g<1>{json.dumps(articles)}", file.read_text("utf-8"))
    return re.sub('(data-language="[^"]*">)[^<]*', rf"\g<1>{packed}", html, count=1)


def main() -> None:
    """Ask each query several times, and print the least and the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--tokens", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "search.html"
        file.write_text(page_of(given.page, random_index(given.tokens)), "utf-8")
        options = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}
        page = playwright.chromium.launch(**options).new_page()
        page.goto(file.as_uri())
        page.evaluate("indexOf(byId('language').value).then(() => null)")
        for query in QUERIES:
            matches, took = page.evaluate(ASK, [query, given.times])
            print(f"{query:34}{matches:9,}{min(took):8.1f}{np.median(took):8.1f}")


if __name__ == "__main__":
    main()
