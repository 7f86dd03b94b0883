"""Node -> collocates: which terms stand near it more often than elsewhere, from one table of positions."""

from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from utils.stats import measures as m
from utils.corpus.articles import CORPUS
from utils.stats.frequency import frequency_table
from utils.search.queries import find, parse, sentence_key
from utils.corpus.files import Mistake, decode
from utils.corpus.words import function_words, is_content

FEWEST = 3  # joint positions; with fewer nothing is said
MORE = "more often near it than elsewhere"


def collocates(tokens: pd.DataFrame, node: str, window: int = 5, articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per term within ``window`` tokens of the node in its sentence, by log-Dice.

    ``observed`` counts positions, each once however many nodes it is near; ``expected`` is what the term's
    frequency gives if it does not care for the node. The 2×2 table is of positions that are no nodes: f1 of
    them lie inside windows, f2 are the term. ``log_dice`` alone uses the node's own frequency. ``L5`` to
    ``R5`` split ``observed`` by the distance to the nearest node (L where one on each side is as near); ``documents``
    counts articles with the pair. Raises ``Mistake`` for a window below 1 or a node that never occurs.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.corpus.tokens import tokenize
    >>> collocates(tokenize(read_corpus()), "innovation").attrs["window_positions"]
    398
    """
    if window < 1:
        raise Mistake(f"window {window}: give 1 token or more to each side")
    first, last = find(tokens, node, articles)
    if not len(first):
        raise Mistake(f"node {node!r} never occurs; {_nearest(tokens, node)}")
    place = _places(tokens, first, last, window)
    is_node = _covered(len(tokens), first, last)
    near = np.flatnonzero((place != 0) & ~is_node)
    table = _pairs(tokens, near, is_node, len(first)).join(_by_position(tokens, near, place, window))
    table = table.assign(documents=_documents(tokens, near, table.code)).drop(columns="code")
    alone = (table.documents == 1) & (table.verdict == MORE) & (tokens.doc_id.nunique() > 1)
    table["verdict"] = table.verdict.mask(alone, f"{MORE}, but in one article only")
    table = table.sort_values(["log_dice", "term"], ascending=[False, True], ignore_index=True)
    table.attrs |= {"node_frequency": len(first), "window_positions": len(near), "n": int((~is_node).sum())}
    return table


def read_nodes(folder: Path | str | None, tokens: pd.DataFrame) -> list[str]:
    """Queries of ``folder/nodes.txt``, one a line; without the file, the three most frequent content words.

    Raises ``Mistake`` naming the line of a query that cannot be read.
    """
    file = Path(folder or CORPUS) / "nodes.txt"
    if file.exists():
        lines = decode(file.read_bytes(), file.name).splitlines()
        nodes = {n: line.strip() for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")}
        for number, node in nodes.items():
            try:
                parse(node)
            except Mistake as mistake:
                raise Mistake(f"nodes.txt, line {number}: {mistake}") from None
        return list(nodes.values())
    table = frequency_table(tokens)
    return table.term[is_content(table.term, function_words(folder))].head(3).tolist()


def _pairs(tokens: pd.DataFrame, near: np.ndarray, is_node: np.ndarray, nodes: int) -> pd.DataFrame:
    """Counts and measures of the terms that occur near the node."""
    codes, terms = tokens.term.array.codes, tokens.term.cat.categories
    f2 = np.bincount(codes, minlength=len(terms)) - np.bincount(codes[is_node], minlength=len(terms))
    o11, f1, n = np.bincount(codes[near], minlength=len(terms)), len(near), int((~is_node).sum())
    code = np.flatnonzero(o11)
    o11, f2 = o11[code], f2[code]
    delta_p_node, delta_p_collocate = m.delta_p(o11, f1, f2, n)
    table = {
        "code": code, "term": terms[code].astype(object), "observed": o11, "expected": f1 * f2 / n,
        "log_dice": m.log_dice(o11, nodes, f2), "mi": m.mutual_information(o11, f1, f2, n),
        "t": m.t_score(o11, f1, f2, n), "g2": m.association_g2(o11, f1, f2, n),
        "delta_p_node": delta_p_node, "delta_p_collocate": delta_p_collocate,
        "verdict": _verdict(o11, f1, f2, n), "frequency": f2,
    }  # fmt: skip
    return pd.DataFrame(table)


def _verdict(o11: np.ndarray, f1: int, f2: np.ndarray, n: int) -> np.ndarray:
    """In words: whether the shares inside and outside windows differ by more than their counting error."""
    (low_in, high_in), (low_out, high_out) = m.wilson_interval(o11, f1), m.wilson_interval(f2 - o11, n - f1)
    return np.select(
        [o11 < FEWEST, low_in > high_out, high_in < low_out],
        ["too few to tell", MORE, "less often near it than elsewhere"],
        "no more near it than elsewhere, as far as these counts tell",
    )


def _places(tokens: pd.DataFrame, first: np.ndarray, last: np.ndarray, window: int) -> np.ndarray:
    """For every row its distance to the nearest node, negative to the left of it, 0 outside all windows."""
    place, key = np.zeros(len(tokens), np.int32), sentence_key(tokens, first)
    for distance in range(window, 0, -1):  # the nearest comes last and stays
        for side, rows in ((distance, last + distance), (-distance, first - distance)):
            inside = (rows >= 0) & (rows < len(tokens))
            rows, keys = rows[inside], key[inside]
            place[rows[sentence_key(tokens, rows) == keys]] = side
    return place


def _covered(size: int, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """True for the rows of the nodes, all tokens of a phrase among them."""
    edges = np.bincount(first, minlength=size + 1) - np.bincount(last + 1, minlength=size + 1)
    return np.cumsum(edges)[:size] > 0


def _by_position(tokens: pd.DataFrame, near: np.ndarray, place: np.ndarray, window: int) -> pd.DataFrame:
    codes = tokens.term.array.codes[near]
    present = np.unique(codes)
    names = {p: f"L{-p}" if p < 0 else f"R{p}" for p in range(-window, window + 1) if p}
    counts = {
        name: np.bincount(codes[place[near] == p], minlength=codes.max(initial=0) + 1)[present]
        for p, name in names.items()
    }
    return pd.DataFrame(counts)


def _documents(tokens: pd.DataFrame, near: np.ndarray, code: pd.Series) -> np.ndarray:
    """In how many articles each term stands near the node."""
    width = len(tokens.doc_id.array.categories)
    pairs = np.unique(tokens.term.array.codes[near].astype(np.int64) * width + tokens.doc_id.array.codes[near])
    return np.bincount(pairs // width, minlength=code.max() + 1 if len(code) else 0)[code]


def _nearest(tokens: pd.DataFrame, node: str) -> str:
    near = get_close_matches(node.lower(), tokens.term.cat.categories, 3)
    return f"near it in spelling: {', '.join(near)}" if near else "no term is near it in spelling"
