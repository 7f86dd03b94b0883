"""What every peer is measured with: one step a process, its result (seconds) and memory as JSON.

The seconds are those of the wall clock, or of the processor where ``CLOCK`` in the environment is
``cpu``. The memory is that of the process alone, without the pages of files that it has mapped, for
the system takes these back when it needs them; where nothing tells them apart, it is all.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

WORDS = ["method", "innovation", "university", "science", "example", "memory"]
PHRASES = ["this method", "default value", "the input data", "new area", "for example"]
PREFIX = "innovat"
LINES_OF = "innovation"
LINES = 100
NODE = "data"
GROUPS = ["numbers", "tools"]
"""What every peer is asked; the first of several is asked before, and its time is not taken."""

STATM = Path("/proc/self/statm")
PAUSE = 0.02  # seconds between two looks at the memory
CLOCK = time.process_time if os.environ.get("CLOCK") == "cpu" else time.perf_counter


def seconds(function: Callable, *arguments: Any) -> float:
    """Seconds that a call takes."""
    start = CLOCK()
    function(*arguments)
    return CLOCK() - start


def each(function: Callable, questions: Iterable[str]) -> float:
    """Seconds that a question takes that was not asked before: the median of all but the first."""
    return median([seconds(function, question) for question in questions][1:])


def rows(file: Path) -> list[dict]:
    """The articles of a file."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def own_memory() -> int:
    """Bytes of this process, without those of mapped files."""
    resident, shared = map(int, STATM.read_text().split()[1:3])
    return (resident - shared) * resource.getpagesize()


def watch(peak: list[int]) -> None:
    """Keep the most memory that was seen."""
    while True:
        peak[0] = max(peak[0], own_memory())
        time.sleep(PAUSE)


def answer(steps: dict[str, Callable[[Path], Any]]) -> None:
    """Do the step that the command line names with the file that it names, and print the result."""
    peak = [0]
    if STATM.exists():
        Thread(target=watch, args=[peak], daemon=True).start()
    result = steps[sys.argv[1]](Path(sys.argv[2]))
    most = peak[0] or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"result": result, "megabytes": most / 1e6}))
