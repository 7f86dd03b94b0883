"""What is told twice: articles that are copies, and paragraphs that repeat an earlier one.

Texts are compared by their sequences of terms. Each is compared with the first that has most of its
sequences, so the work and the findings grow with the text and never with the pairs of texts.
"""

from collections import deque
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import pandas as pd
from numpy import ndarray
from pandas import DataFrame

from utils.corpus.parts import each_part

LEAST_RETOLD = 0.6  # share of the shorter paragraph's types that the other has too, in an article
LEAST_SHARED = 0.5  # share of its sequences that the other has too, between articles
LEAST_COPIED = 0.8  # share of the longer article's sequences that the other has too
SEQUENCE = 5  # terms
FEWEST_TYPES = 20  # of a paragraph that is compared
BEFORE = 200  # paragraphs before it that a paragraph is compared with, in an article
_AT_A_TIME = 2_000_000  # sequences
_SEED = 0  # of the numbers by which sequences are told apart
_PARAGRAPH = ["doc_id", "paragraph", "start", "end", "row", "last", "other", "share"]


class Sequences(NamedTuple):
    """The rows of tokens, sorted by the sequence that begins there, and the number of each.

    A sequence that is there once is left out.
    """

    rows: ndarray
    numbers: ndarray


def find_copies(articles: DataFrame, tokens: DataFrame, sequences: Sequences) -> DataFrame:
    """Articles that repeat another: ``doc_id, other, share``, blank where it is the same.

    ``other`` is the first of the cluster, which repeats none.
    """
    exact = _same_texts(articles)
    docs = tokens.doc_id.array
    names = docs.categories.to_numpy(object)
    left_out = np.isin(names, exact.doc_id)
    items = np.where(left_out[docs.codes], -1, docs.codes)
    links = _links(sequences, items, np.arange(len(names)), LEAST_COPIED, np.maximum)
    near = DataFrame(
        {"doc_id": names[links.second], "other": names[links["first"]], "share": links.share}
    )
    copies = pd.concat([near, exact], ignore_index=True)
    return copies.assign(other=first_links(copies.doc_id, copies.other))


def find_paragraphs(tokens: DataFrame) -> DataFrame:
    """The paragraphs with enough types to be compared, and what each retells of its article.

    The columns are ``doc_id, paragraph, start, end, row, last, other, share``. ``row`` and ``last``
    are the first and the last row of ``tokens``. ``share`` is of the types of the shorter one of a
    paragraph and the earlier one that it is most like, ``other``, a row of this table.
    """
    coded = tokens.assign(term=tokens.term.array.codes)
    rows = 0
    tables = []
    paragraphs = 0
    for size, table in each_part(_paragraphs_of, coded):
        table[["row", "last"]] += rows
        table["other"] += paragraphs
        rows += size
        paragraphs += len(table)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def find_shared(
    tokens: DataFrame, sequences: Sequences, paragraphs: DataFrame, copies: DataFrame
) -> DataFrame:
    """Paragraphs that repeat another article's: ``second, first, share``.

    The first two are rows of ``paragraphs``. Articles that are copies are passed over.
    """
    items = np.full(len(tokens), -1, np.int32)
    own = ~paragraphs.doc_id.isin(copies.doc_id).to_numpy()
    for place, row, last in paragraphs[own][["row", "last"]].itertuples():
        items[row : last + 1] = place
    groups = pd.factorize(paragraphs.doc_id)[0]
    return _links(sequences, items, groups, LEAST_SHARED, np.minimum)


def number_sequences(tokens: DataFrame) -> Sequences:
    """The sequences of terms, by the sum of a random number for each term and place.

    Two sequences have one sum of 64 bits by an accident of which there are 1 in 10,000 for 100
    million tokens.
    """
    terms = tokens.term.array
    random = np.random.default_rng(_SEED)
    sums = np.zeros(max(0, len(tokens) - SEQUENCE + 1), np.uint64)
    for step in range(SEQUENCE):
        values = random.integers(2**64, size=len(terms.categories), dtype=np.uint64)
        for low in range(0, len(sums), _AT_A_TIME):
            part = sums[low : low + _AT_A_TIME]
            part += values[terms.codes[low + step :][: len(part)]]
    # Sorted by how they begin, they are no longer mixed all over the memory when sorted whole.
    rows = np.argsort((sums >> np.uint64(48)).astype(np.uint16), kind="stable").astype(np.int32)
    rows = rows[np.argsort(sums[rows], kind="stable")]
    sums = sums[rows]
    again = np.append(False, sums[1:] == sums[:-1])[: len(sums)]
    several = again | np.append(again[1:], False)[: len(sums)]
    return Sequences(rows[several], np.cumsum(~again[several], dtype=np.int32))


def first_links(seconds: pd.Series, firsts: pd.Series) -> list:
    """The first of each cluster, where every item is linked to one that is settled before it.

    >>> first_links(pd.Series(["b", "c"]), pd.Series(["a", "b"]))
    ['a', 'a']
    """
    first = dict(zip(seconds, firsts, strict=True))
    for item in first:
        first[item] = first.get(first[item], first[item])
    return [first[item] for item in seconds]


def _same_texts(articles):
    """Articles whose text is that of an earlier one but for white space and forms of letters."""
    seen = {}
    same = []
    for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True):
        text = normalize("NFKC", " ".join(raw[slice(*span)] for span in body))
        mark = blake2b(" ".join(text.split()).encode("utf-8", "surrogatepass")).digest()
        first = seen.setdefault(mark, doc_id) if body else doc_id
        if first != doc_id:
            same.append((doc_id, first, np.nan))
    return DataFrame(same, columns=["doc_id", "other", "share"]).astype({"share": float})


def _paragraphs_of(tokens):
    """How many tokens there are, and ``find_paragraphs`` of these articles."""
    docs = tokens.doc_id.array.codes
    terms = tokens.term.to_numpy()
    new = (np.diff(docs, prepend=-1) != 0) | (np.diff(tokens.paragraph.to_numpy(), prepend=-1) != 0)
    edges = np.append(np.flatnonzero(new), len(tokens)).tolist()
    rows = []
    before = deque(maxlen=BEFORE)  # of the article: the place among the rows, and the types
    doc = None
    for row, end in pairwise(edges):
        types = set(terms[row:end].tolist())
        if len(types) < FEWEST_TYPES:
            continue
        if docs[row] != doc:
            doc = docs[row]
            before.clear()
        rows.append((row, end - 1, *_most_like(types, before)))
        before.append((len(rows) - 1, types))
    table = DataFrame(rows, columns=["row", "last", "other", "share"]).astype({"share": float})
    table[["row", "last", "other"]] = table[["row", "last", "other"]].astype(int)
    first = tokens[["doc_id", "paragraph", "start"]].iloc[table["row"]].reset_index(drop=True)
    first["doc_id"] = first.doc_id.astype(object)
    first["end"] = tokens.end.to_numpy()[table["last"]]
    return len(tokens), first.join(table)[_PARAGRAPH]


def _most_like(types, before):
    """The place of the paragraph before that is most like one of these types, and the share."""
    shares = [len(types & others) / min(len(types), len(others)) for _, others in before]
    share = max(shares, default=0.0)
    return (before[shares.index(share)][0] if shares else 0), share


def _links(sequences, items, groups, least, longer):
    """Items that share sequences with an earlier item of another group: ``second, first, share``.

    ``items`` has the item of each token, -1 for none, and ``groups`` the group of each item. An
    item is compared with the one earlier item that was the first to have most of its sequences. The
    share is of the sequences of the shorter or of the longer (``minimum`` or ``maximum``).
    """
    owners = items[: 1 - SEQUENCE]
    once = (owners >= 0) & (owners == items[SEQUENCE - 1 :])
    once[sequences.rows] = False
    sizes = np.bincount(owners[once], minlength=len(groups))
    found = []
    for table in _distinct(sequences, items):
        sizes += np.bincount(table["item"], minlength=len(groups))
        found.append(_pairs_of(table, groups))
    pairs = pd.concat(found).groupby("pair", as_index=False).agg({"size": "sum", "min": "min"})
    pair = pairs.pair.to_numpy()
    pairs = pairs.assign(item=pair >> 32, first=pair & 0xFFFFFFFF)
    pairs = pairs.sort_values(["item", "size", "min"], ascending=[True, False, True])
    pairs = pairs.drop_duplicates("item")[["item", "first"]]
    common = sum(_common(table, pairs, len(groups)) for table in _distinct(sequences, items))
    of = longer(sizes[pairs["item"]], sizes[pairs["first"]])
    links = pairs.rename(columns={"item": "second"}).assign(share=common / of)
    return links[links.share >= least].reset_index(drop=True)


def _distinct(sequences, items):
    """One row per sequence and item that has it, in this order: ``number, item``, first ``row``.

    They come in tables of some sequences each, since all would take much memory.
    """
    starts = np.searchsorted(sequences.numbers, sequences.numbers[::_AT_A_TIME])
    for start, end in pairwise([*np.unique([0, *starts]), len(sequences.numbers)]):
        rows = sequences.rows[start:end]
        owners = items[rows]
        table = DataFrame({"number": sequences.numbers[start:end], "item": owners, "row": rows})
        table = table[(owners >= 0) & (owners == items[rows + SEQUENCE - 1])]
        keys = table.number.to_numpy(np.int64) << 32 | table["item"]
        yield table[np.diff(keys, prepend=-1) != 0]


def _pairs_of(table, groups):
    """How many sequences an item has of each item that was the first to have one of them."""
    items = table["item"].to_numpy(np.int64)
    new = np.diff(table.number, prepend=0) != 0
    first = items[new][np.cumsum(new) - 1]
    apart = groups[items] != groups[first]
    pairs = DataFrame({"pair": items << 32 | first, "row": table.row})[apart]
    return pairs.groupby("pair", as_index=False).row.agg(["size", "min"])


def _common(table, pairs, number):
    """How many sequences the items of each pair have in common, of those of ``_distinct``."""
    other = np.full(number, -1)
    other[pairs["item"]] = pairs["first"]
    numbers = table.number.to_numpy(np.int64) * number
    items = table["item"].to_numpy()
    there = numbers + items  # in order
    linked = other[items] >= 0
    asked = (numbers + other[items])[linked]
    found = there.take(np.searchsorted(there, asked), mode="clip") == asked
    return np.bincount(items[linked][found], minlength=number)[pairs["item"]]
