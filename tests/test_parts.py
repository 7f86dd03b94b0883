"""The same tables wherever the parts are worked through, and however many there are."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame
from pandas.testing import assert_frame_equal

from utils.corpus import index, parts
from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.parts import SCHEDULER, WORKERS, each_of, each_part, each_shared, parts_of
from utils.corpus.tokens import sentence_table, tokenize
from utils.facts import date_table, quantity_table, source_checks
from utils.report.command import main
from utils.stats import (
    article_table,
    collocates,
    frequency_table,
    key_phrases,
    keyword_table,
    shared_phrases,
    similarity,
)

TEXT = "Title {n}\n\nOn 5 May 201{n} the centre was given {n},000 pounds. Rain fell on R&D.\n\n"
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Thirty articles in a table."""
    source = tmp_path_factory.mktemp("parts") / "news.csv"
    texts = [TEXT.format(n=n % 10) + f"Number {n} says so. " * (n % 4 + 1) for n in range(30)]
    rows = DataFrame({"title": "", "text": texts, "role": ["one", "two"] * 15})
    rows.to_csv(source, index=False)
    return source


@pytest.fixture
def cluster():
    """The address of a Dask scheduler with two workers on this machine."""
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])  # where workers find the functions
    options = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.PIPE,
        "text": True,
        "env": {**os.environ, "PYTHONPATH": paths},
    }
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    dask += ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(dask, **options)
    address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
    worker += ["--no-dashboard", "--no-nanny"]
    options["stderr"] = subprocess.DEVNULL
    workers = [subprocess.Popen(worker, **options) for _ in range(2)]
    yield address, workers
    parts.connect(address).close()
    parts.connect.cache_clear()
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def tables_of(source):
    """Tables of every room, made from nothing."""
    articles = read_corpus(source)
    tokens = tokenize(articles)
    first = tokens.doc_id.cat.codes < 15
    none = frozenset()
    return [
        articles,
        tokens,
        sentence_table(articles),
        frequency_table(tokens, ["juilland_d", "average_reduced_frequency"]),
        article_table(articles, tokens),
        keyword_table(tokens[first], tokens[~first]),
        key_phrases(tokens[first], tokens[~first], none),
        collocates(tokens, "rain"),
        similarity(tokens, [], none, shared_phrases(tokens, none)),
        source_checks(articles),
        date_table(articles),
        quantity_table(articles),
    ]


def assert_equal(tables, others):
    for table, other in zip(tables, others, strict=True):
        assert_frame_equal(table, other)
        assert table.to_csv() == other.to_csv()


@pytest.mark.parametrize("size", [200, 1000, 10**6])
def test_processes_give_the_same_for_any_number_of_parts(folder, monkeypatch, size):
    alone = tables_of(folder)
    monkeypatch.setattr(parts, "PART", size)
    assert_equal(tables_of(folder), alone)
    monkeypatch.setenv(WORKERS, "2")
    assert_equal(tables_of(folder), alone)


def test_a_cluster_gives_the_same_and_survives_a_worker_that_is_killed(
    folder, monkeypatch, cluster
):
    alone = tables_of(folder)
    address, workers = cluster
    monkeypatch.setenv(SCHEDULER, address)
    monkeypatch.setattr(parts, "PART", 500)
    assert_equal(tables_of(folder), alone)
    assert len(set(each_of(os.urandom, [16] * 4))) == 4  # not kept by what each was made of
    coming = each_of(_slowly, range(12))
    assert next(coming) == 0
    workers[0].kill()
    assert list(coming) == list(range(1, 12))
    assert_equal(tables_of(folder), alone)


def test_an_index_is_the_same_whoever_made_its_parts(folder, monkeypatch):
    monkeypatch.setattr(index, "LARGE", 0)
    monkeypatch.setattr(index, "PART", 300)
    place = index.place_of_index(folder)
    made = []
    for workers in ("", "2"):
        monkeypatch.setenv(WORKERS, workers)
        articles = read_corpus(folder)
        files = sorted((place / articles.attrs["index"]).iterdir())
        made.append({file.name: file.read_bytes() for file in files})
        index._clear(place, "")
    assert made[0] == made[1]


def test_a_process_that_is_killed_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setenv(WORKERS, "2")
    assert list(each_of(_die_once, [(tmp_path / "died", n) for n in range(6)])) == list(range(6))
    assert (tmp_path / "died").exists()


def test_what_always_kills_its_process_ends(monkeypatch):
    monkeypatch.setenv(WORKERS, "2")
    with pytest.raises(parts.BrokenExecutor):
        list(each_of(_die, [1]))


def test_a_mistake_of_a_part_is_that_of_the_first_part(monkeypatch):
    table = DataFrame({"doc_id": list("aabbc")})
    monkeypatch.setattr(parts, "PART", 1)
    for workers in ("", "2"):
        monkeypatch.setenv(WORKERS, workers)
        with pytest.raises(Mistake, match=r"^a: is wrong\nand so on$"):
            each_part(_refuse, table)


def test_what_is_counted_here_is_one_part_and_elsewhere_many(monkeypatch):
    table = DataFrame({"doc_id": list("aabbc")})
    monkeypatch.setattr(parts, "PART", 1)
    assert each_shared(len, table) == [5]
    monkeypatch.setenv(WORKERS, "2")
    assert each_shared(len, table) == [2, 2, 1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=20), st.integers(1, 60))
def test_parts_hold_whole_articles_in_order(sizes, size):
    table = DataFrame({"doc_id": np.repeat(np.arange(len(sizes)), sizes)})
    table.attrs = {"folder": "here"}
    cut = list(parts_of(table, size))
    assert [row for part in cut for row in part.index] == list(table.index)
    assert all(part.attrs == table.attrs for part in cut)
    owners = [set(part.doc_id) for part in cut]
    assert sum(map(len, owners)) == len(set(table.doc_id))


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(parts, "_ANSWER", 1)
    monkeypatch.setenv(SCHEDULER, "")
    address = "tcp://127.0.0.1:9"
    start = time.monotonic()
    assert main(["--scheduler", address, "--output", str(tmp_path / "report"), "--force"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith(f"--scheduler {address}: no Dask scheduler answers there")
    assert "\n" not in said
    assert time.monotonic() - start < 30


def _slowly(number):
    time.sleep(0.3)
    return number


def _die_once(item):
    file, number = item
    if number == 3 and not file.exists():
        file.touch()
        os._exit(1)
    return number


def _die(_):
    os._exit(1)


def _refuse(part):
    raise Mistake([f"{part.doc_id.iloc[0]}: is wrong", "and so on"])
