"""Corpora, reports and a browser for the tests: the project's own, and small ones."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize

REFERENCE = {
    case["id"]: case
    for case in json.loads(Path(__file__).with_name("reference_values.json").read_text("utf-8"))
}


@pytest.fixture(scope="session")
def articles():
    return read_corpus()


@pytest.fixture(scope="session")
def tokens(articles):
    return tokenize(articles)


@pytest.fixture
def make_corpus(tmp_path):
    """Write a corpus of {doc_id: text}; further columns as {doc_id: {column: value}}."""

    def make(texts: dict[str, str], columns: dict | None = None, name: str = "corpus") -> Path:
        folder = tmp_path / name
        (folder / "texts").mkdir(parents=True)
        columns = columns or {}
        header = [
            "doc_id",
            "file",
            "sha256",
            *dict.fromkeys(key for row in columns.values() for key in row),
        ]
        with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            for doc_id, text in texts.items():
                data = text.encode()
                (folder / "texts" / f"{doc_id}.txt").write_bytes(data)
                row = {
                    "doc_id": doc_id,
                    "file": f"{doc_id}.txt",
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
                writer.writerow(row | columns.get(doc_id, {}))
        return folder

    return make


@pytest.fixture
def tokens_of(make_corpus):
    """Tokens of texts written on the spot."""
    numbers = iter(range(1000))

    def make(*texts: str):
        named = {f"d{n}": text for n, text in enumerate(texts)}
        return tokenize(read_corpus(make_corpus(named, name=f"c{next(numbers)}")))

    return make


HOSTILE = (
    '<script>document.title="run"</script><img src=x onerror=alert(1)> **b** $E=mc^2$ =1+1 \x07'
)


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "reports"
    done = subprocess.run(
        [sys.executable, "-m", "utils.report", "--output", folder], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def other_report(tmp_path_factory):
    """Six short articles of another subject, hostile ones among them, with the fewest columns."""
    from utils.report.__main__ import main

    folder = tmp_path_factory.mktemp("other")
    (folder / "corpus" / "texts").mkdir(parents=True)
    text = (
        "Rain fell on the hills near the sea. "
        "The old bridge at Dover held in 2019, and {0} boats came.\n\n"
    )
    texts = [
        f"Storm number {n}\n\n" + text.format(n) * 4 + f"=cmd{n} {HOSTILE}" for n in range(5)
    ] + ["中文文章。"]
    with (folder / "corpus" / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["doc_id", "file", "outlet"])
        for n, article in enumerate(texts):
            (folder / "corpus" / "texts" / f"{n}.txt").write_text(article, "utf-8")
            writer.writerow([f"storm.{n}", f"{n}.txt", HOSTILE])
    assert (
        main(
            ["--corpus", str(folder / "corpus"), "--output", str(folder / "reports"), "--jobs", "1"]
        )
        == 0
    )
    return folder / "reports"


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
MODES = {"light": ("light", 1280), "dark": ("dark", 1280), "390 px": ("light", 390)}


@pytest.fixture(scope="module")
def browser():
    """Chromium driven by playwright; tests that need it are skipped where none is installed."""
    if not CHROMIUM:
        pytest.skip("no browser: install chromium to test pages")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


def wait_until(page: Any, script: str, argument: Any = None) -> None:
    """Ask the page until the script is true; its policy forbids ``wait_for_function`` to."""
    end = time.monotonic() + 30
    while not page.evaluate(script, argument):
        assert time.monotonic() < end, script
        page.wait_for_timeout(20)


@pytest.fixture
def visit(browser):
    """Open a file in a mode: the page, its requests and its errors; closed after the test."""
    contexts = []

    def open_page(file: Path, mode: str = "light", after: str = "", **options):
        scheme, width = MODES[mode]
        viewport = {"width": width, "height": 900}
        contexts.append(browser.new_context(color_scheme=scheme, viewport=viewport, **options))
        page = contexts[-1].new_page()
        requests = []
        errors = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri() + after)
        return page, requests, errors

    yield open_page
    for context in contexts:
        context.close()
