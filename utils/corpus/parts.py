"""A table is worked through in parts: here, in processes, or on a Dask cluster.

A part holds whole articles, and what a function makes of the parts is put together in their order.
So the result is the same wherever the parts are worked through, and however many there are.

``CORPUS_WORKERS`` in the environment is the number of processes, and ``DASK_SCHEDULER_ADDRESS`` the
address of a scheduler; ``python -m utils.report --workers`` and ``--scheduler`` set them. A process
that dies is replaced, and what it had is done again.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from functools import cache, partial
from itertools import islice
from typing import Any

import numpy as np
from pandas import DataFrame

from utils.corpus.files import Mistake

WORKERS = "CORPUS_WORKERS"
SCHEDULER = "DASK_SCHEDULER_ADDRESS"
PART = 2_000_000
"""Characters of the articles, or eight times the tokens, of a part."""
_TOKEN = 8  # characters that a token counts for
_AHEAD = 8  # parts that are given out before their results are taken
_TRIES = 5  # times that processes may die
_IDLE = 600  # seconds after which a process without work ends
_ANSWER = 10  # seconds in which a scheduler must answer


def share_out(workers: int | None = None, scheduler: str | None = None) -> None:
    """Let this process and those it starts share parts out: to so many processes, or to a cluster.

    Raises ``Mistake`` where no scheduler answers at the address, also one of the environment.
    """
    if workers:
        os.environ[WORKERS] = str(workers)
    if scheduler:
        os.environ[SCHEDULER] = scheduler
    if os.environ.get(SCHEDULER):
        connect(os.environ[SCHEDULER])


def each_part(function: Callable, table: DataFrame, *arguments: Any) -> list:
    """What the function makes of each part of a table, in order: ``function(part, *arguments)``.

    The table is one of articles or of tokens, and the tokens of an article stand together. The
    function must be one of a module, since it is sent to where the part is. Of an empty table there
    is one part, which is empty. Raises ``Mistake`` where no scheduler answers.

    >>> tokens = DataFrame({"doc_id": list("aab"), "term": list("xyx")})
    >>> each_part(len, tokens)
    [3]
    """
    return list(each_of(partial(_call, function, arguments), parts_of(table)))


def each_shared(function: Callable, table: DataFrame, *arguments: Any) -> list:
    """What the function makes of each part where others do the work, or here of the whole table.

    >>> each_shared(len, DataFrame({"doc_id": list("aab")}))
    [3]
    """
    if is_shared():
        return each_part(function, table, *arguments)
    return [function(table, *arguments)]


def each_of(function: Callable, items: Iterable) -> Iterator:
    """What the function makes of each item, in order, here or wherever it is asked for."""
    if is_shared():
        return _each_elsewhere(function, iter(items))
    return map(function, items)


def _each_elsewhere(function, coming):
    """The same where others do the work, of which some may die."""
    tries = 0
    waiting = deque(_send(function, item) for item in islice(coming, _AHEAD))
    while waiting:
        try:
            result = waiting[0][1].result()
        except BrokenExecutor:
            tries += 1
            if tries == _TRIES:
                raise
            waiting = deque(_send(function, item) for item, _ in waiting)
            continue
        waiting.popleft()
        waiting.extend(_send(function, item) for item in islice(coming, 1))
        yield result


def parts_of(table: DataFrame, size: int | None = None) -> Iterator[DataFrame]:
    """The table in parts of about ``size`` characters, each with whole articles.

    >>> tokens = DataFrame({"doc_id": list("aabcc")})
    >>> [len(part) for part in parts_of(tokens, 16)]
    [2, 3]
    """
    ends = _ends(table, size or PART)
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        part = table.iloc[start:end]
        part.attrs = table.attrs
        yield part


def _ends(table, size):
    """The rows at which the parts end."""
    if "raw" in table:
        lengths = table.raw.str.len().to_numpy(int)
        rows = np.arange(1, len(table) + 1)
    else:
        docs = table.doc_id.array
        codes = docs.codes if hasattr(docs, "codes") else table.doc_id.factorize()[0]
        rows = np.append(np.flatnonzero(np.diff(codes)) + 1, len(table))
        lengths = _TOKEN * np.diff(rows, prepend=0)
    return rows[_last_of_parts(lengths, size)].tolist() if len(table) else [0]


def _last_of_parts(lengths, size):
    """Whether an article is the last of its part."""
    part = (np.cumsum(lengths) - lengths) // size
    return np.append(np.diff(part) > 0, True)


def _call(function, arguments, part):
    return function(part, *arguments)


def _send(function, item):
    return item, _executor(_workers(), os.environ.get(SCHEDULER)).submit(function, item)


def is_shared() -> bool:
    """Whether others than this process work parts through.

    >>> is_shared()
    False
    """
    return bool(_workers() or os.environ.get(SCHEDULER))


def _workers():
    text = os.environ.get(WORKERS) or "0"
    if not text.isascii() or not text.isdigit():
        raise Mistake(f"{WORKERS} {text[:20]}: give a whole number")
    return int(text)


def _executor(workers, scheduler):
    """The cluster, or else a pool of processes, with which parts are worked through.

    A pool that is broken is made anew here.
    """
    if scheduler:
        return connect(scheduler).get_executor(pure=False)
    from loky import get_reusable_executor  # loaded here, since few runs need it

    return get_reusable_executor(workers, timeout=_IDLE)


@cache
def connect(scheduler: str) -> Any:
    """A client of the Dask scheduler at this address.

    Raises ``Mistake`` where Dask is not installed or nothing answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        mend = "install it with pip install '.[dask]'"
        raise Mistake(f"--scheduler {scheduler}: needs dask[distributed]; {mend}") from None
    try:
        return Client(scheduler, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        start = "start one with dask scheduler, and give the address that it shows"
        raise Mistake(
            f"--scheduler {scheduler}: no Dask scheduler answers there; {start}"
        ) from error
