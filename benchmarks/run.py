"""Ours against its peers in one run (``make benchmark``); prints a Markdown table of medians.

Every measurement is a process of its own, and ours and theirs take turns. What is measured is in
``benchmarks/peers``, a script for each program. The peers go into an environment of their own, and
they and the texts into ``.benchmark``, where they stay for the next run.

``--only NAME ...`` measures some rows, ``--size 3`` a smaller text, ``--large`` the growth to 1 GB
too. ``--cpu`` takes seconds of the processor in place of the clock, for a busy machine, and leaves
out what runs in several processes.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

BENCHMARKS = Path(__file__).parent
PEERS = BENCHMARKS / "peers"
PLACE = BENCHMARKS.parent / ".benchmark"
PYTHON = PLACE / "peers" / "bin" / "python"
SEVERAL = {"workers", "dask", "report"}
"""Rows in which several processes are at work."""
FEW = "few"
MANY = "many"
EACH = "each"
THOUSAND = "thousand"
FIVE = "five"
"""The texts of a row: the smallest, the largest, each, a thousand articles, the project's five."""
LARGE = 1000  # megabytes
GROWTH = 1.2  # times more than the text
MORE_MEMORY = 1.6  # times
WAIT = 60  # seconds in which a cluster must begin


class Goal(NamedTuple):
    """What is wanted, how ours and theirs are compared, and whether it is enough."""

    text: str
    ratio: Callable[[float, float], str]
    holds: Callable[[float, float], bool] | None = None


class Row(NamedTuple):
    """A line of the table: program, step and the processes of a measurement, ours and theirs."""

    name: str
    what: str
    ours: str
    theirs: str
    goal: Goal
    text: str = MANY
    value: str = "result"


class Run(NamedTuple):
    """A measurement: what is measured, and with which text."""

    what: str
    text: str


def times_as_fast(ours: float, theirs: float) -> str:
    return f"{theirs / ours:.{1 if theirs < 20 * ours else 0}f} × as fast"


def times_as_much(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.2f} × as much"


def at_least(times: float) -> Goal:
    wanted = f"at least {times:g} × as fast"
    return Goal(wanted, times_as_fast, lambda ours, theirs: theirs >= times * ours)


def at_most(times: float) -> Goal:
    return Goal(f"at most {times:g} ×", times_as_much, lambda ours, theirs: ours <= times * theirs)


def under(milliseconds: float) -> Goal:
    wanted = f"under {milliseconds:g} ms"
    return Goal(wanted, times_as_fast, lambda ours, theirs: ours * 1000 < milliseconds)


JUST_SHOWN = Goal("", times_as_fast)
MEMORY = Goal("under 600 MB", times_as_much, lambda ours, theirs: ours < 600)

INDEX = "text on disk → token index"
SPREAD = "document frequency and dispersion of all terms; `groupby`"
FREQUENCIES = "frequency table from codes; `FreqDist`"
RESAMPLED = "keyword table with permutation and bootstrap, 1,000 articles"
REPORT = "the report of the five articles; that of as many empty notebooks"
ROWS = [
    Row("build", INDEX, "ours build", "conc build", at_least(10), EACH),
    Row("build", f"{INDEX}, memory", "ours build", "conc build", MEMORY, EACH, "megabytes"),
    Row("build", f"{INDEX}; positions alone", "ours build", "tantivy build", JUST_SHOWN, EACH),
    Row("nltk", f"{INDEX}; counts alone", "ours build", "nltk build", at_least(4), EACH),
    Row(
        "workers", f"{INDEX}, 2 processes", "ours build workers", "ours build", at_least(1.6), EACH
    ),
    Row("dask", f"{INDEX}, 2 workers", "ours build dask", "ours build workers", at_most(1.25)),
    Row("open", "the index opened again", "ours open", "conc open", JUST_SHOWN),
    Row("word", "a word counted", "ours word", "conc word", under(1)),
    Row("word", "a word counted; its articles", "ours word", "tantivy word", at_most(3)),
    Row("phrase", "a phrase counted", "ours phrase", "conc phrase", under(1)),
    Row("phrase", "a phrase counted; its articles", "ours phrase", "tantivy phrase", at_most(3)),
    Row("prefix", "`innovat*` counted; its articles", "ours prefix", "tantivy prefix", under(10)),
    Row("lines", "100 lines written out", "ours lines", "conc lines", at_least(4)),
    Row(
        "frequency",
        FREQUENCIES,
        "ours frequency",
        "nltk frequency",
        at_least(100),
    ),
    Row("dispersion", SPREAD, "ours dispersion", "pandas dispersion", at_least(8)),
    Row("keywords", "full keyword table", "ours keywords", "conc keywords", at_least(4)),
    Row("resampling", RESAMPLED, "ours resampling", "pycorpdiff resampling", at_least(1), THOUSAND),
    Row(
        "resampling",
        f"{RESAMPLED}, memory",
        "ours resampling",
        "pycorpdiff resampling",
        at_most(0.5),
        THOUSAND,
        "megabytes",
    ),
    Row(
        "collocates",
        "collocates of *data*",
        "ours collocates",
        "nltk collocates",
        at_least(100),
        FEW,
    ),
    Row("report", REPORT, "whole_report full", "whole_report empty", at_most(2), FIVE),
]
"""Behind a semicolon is what theirs does instead."""


def comparisons(sizes: list[int]) -> list[tuple[Row, Run, Run]]:
    """Each row with its two measurements, one for each text that it is measured on."""
    texts = {FEW: sizes[:1], MANY: sizes[-1:], EACH: sizes, THOUSAND: [THOUSAND], FIVE: [FIVE]}
    return [
        (row, Run(row.ours, str(text)), Run(row.theirs, str(text)))
        for row in ROWS
        for text in texts[row.text]
    ]


def growth(sizes: list[int]) -> list[tuple[Row, Run, Run]]:
    """The building of the index for each size and the one before it."""
    found = []
    for small, large in zip(sizes[:-1], sizes[1:], strict=True):
        runs = [Run("ours build", str(size)) for size in (large, small)]
        row = Row("growth", f"{INDEX}; of {small} MB", "", "", at_most(GROWTH * large / small))
        memory = Row("growth", f"{row.what}, memory", "", "", at_most(MORE_MEMORY))
        found.append((row, *runs))
        found.append((memory._replace(value="megabytes"), *runs))
    return found


def write_texts(sizes: list[int]) -> None:
    """The texts that are not there yet."""
    script = BENCHMARKS / "large_text.py"
    command = [sys.executable, "-W", "ignore", script, PLACE, *map(str, sizes)]
    subprocess.run(command, check=True)
    with (PLACE / f"{sizes[-1]}.jsonl").open(encoding="utf-8") as lines:
        (PLACE / f"{THOUSAND}.jsonl").write_text("".join(islice(lines, 1000)), "utf-8")


def install_peers() -> dict[str, str]:
    """Which peer is there in which version, after an attempt to install those that are not."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
    requirements = (PEERS / "requirements.txt").read_text().split()
    return {line.split("==")[0]: line for line in requirements if is_installed(line)}


def is_installed(requirement: str) -> bool:
    """Whether a peer is there; it is installed if it is not."""
    done = PYTHON.parents[1] / requirement
    if not done.exists():
        say(f"installing {requirement}")
        command = [PYTHON, "-m", "pip", "install", "--quiet", requirement]
        if subprocess.run(command, stdout=sys.stderr).returncode:
            return False
        done.touch()
    return True


@contextmanager
def cluster(wanted: bool) -> Iterator[str]:
    """The address of a Dask scheduler on this machine with two workers, or nothing."""
    if not wanted:
        yield ""
        return
    file = PLACE / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [[*dask, "scheduler", *local, "--port", "0", "--scheduler-file", file]]
    one = ["--nthreads", "1", "--scheduler-file", file]
    commands += [[*dask, "worker", *local, *one]] * 2
    started = []
    try:
        for command in commands:
            quiet = subprocess.DEVNULL
            started.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=PLACE.parent))
            wait_for(file)
        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def wait_for(file: Path) -> None:
    end = time.monotonic() + WAIT
    while not file.exists() or not file.read_text():
        if time.monotonic() > end:
            raise TimeoutError("the Dask scheduler does not begin")
        time.sleep(0.1)


class Measuring:
    """Where measurements run, and what has come of them."""

    def __init__(self, installed: dict[str, str], scheduler: str, clock: str):
        self.installed = installed
        kept = os.environ.items() - {"CORPUS_WORKERS": "", "DASK_SCHEDULER_ADDRESS": ""}.items()
        self.environment = dict(kept) | {"CLOCK": clock}
        self.of_processes = {
            "workers": {"CORPUS_WORKERS": "2"},
            "dask": {"DASK_SCHEDULER_ADDRESS": scheduler},
        }
        self.taken: dict[Run, list[dict]] = {}
        self.failed: dict[Run, str] = {}

    def measure(self, run: Run) -> None:
        """Take the time and memory of a run, or keep why it failed."""
        program, step, *processes = run.what.split()
        script, python = self.script(program)
        if run in self.failed or not python:
            self.failed.setdefault(run, f"{program} did not install")
            return
        own = self.of_processes.get("".join(processes), {})
        done = subprocess.run(
            [python, script, step, PLACE / f"{run.text}.jsonl"],
            capture_output=True,
            text=True,
            env=self.environment | own,
        )
        if done.returncode:
            self.failed[run] = f"failed: {done.stderr.strip().splitlines()[-1][:80]}"
            return
        self.taken.setdefault(run, []).append(json.loads(done.stdout.splitlines()[-1]))
        say(f"{run.what}, {run.text}: {self.taken[run][-1]}")

    def script(self, program: str) -> tuple[Path, Path | None]:
        """The script of a program, and the Python that runs it, if it is installed."""
        with_it = PEERS / f"with_{program}.py"
        if program in ("ours", "whole_report"):
            return PEERS / f"{program}.py", Path(sys.executable)
        if program in ("nltk", "pandas"):
            return with_it, Path(sys.executable)
        return with_it, PYTHON if program in self.installed else None

    def median(self, run: Run, value: str) -> float | None:
        """The median of what was taken of a run."""
        found = [result[value] for result in self.taken.get(run, [])]
        return median(found) if found else None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    options = read_options()
    sizes = sorted(options.size)
    all_sizes = [*sizes, LARGE] if options.large else sizes
    chosen = [
        comparison
        for comparison in comparisons(sizes) + growth(all_sizes)
        if comparison[0].name in options.only
        and not (options.cpu and comparison[0].name in SEVERAL)
    ]
    PLACE.mkdir(exist_ok=True)
    write_texts(all_sizes)
    runs = dict.fromkeys(run for comparison in chosen for run in comparison[1:])
    with cluster(any("dask" in run.what for run in runs)) as scheduler:
        measuring = Measuring(install_peers(), scheduler, "cpu" if options.cpu else "wall")
        described = [Run("ours describe", str(size)) for size in sizes]
        for run in [*described, *list(runs) * options.rounds]:
            measuring.measure(run)
    print(heading(measuring, described, options))
    print("| what; what theirs does instead | text | ours | theirs | ratio | goal | |")
    print("|---|---|---|---|---|---|---|")
    for comparison in chosen:
        print(line(measuring, *comparison))


def read_options() -> argparse.Namespace:
    names = list(dict.fromkeys([*(row.name for row in ROWS), "growth"]))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", nargs="+", type=int, default=[10, 100], help="megabytes")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help=f"growth to {LARGE} MB too")
    parser.add_argument("--cpu", action="store_true", help="seconds of the processor")
    return parser.parse_args()


def heading(measuring: Measuring, described: list[Run], options: argparse.Namespace) -> str:
    """What the table says of itself: the texts, the machine, and how it was measured."""
    sizes = []
    for run in described:
        found = measuring.taken[run][0]["result"]
        numbers = ", ".join(f"{number:,} {what}" for what, number in found.items())
        sizes.append(f"{run.text} MB ({numbers})")
    clock = "processor" if options.cpu else "wall clock"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[2]
    return "\n".join(
        [
            f"Text: {' and '.join(sizes)}; sentences of docstrings and of `corpus`, repeated in",
            "another order each time with some rare words replaced.",
            f"Machine: {processor()}, {os.cpu_count()} cores, {memory:.0f} GiB,",
            f"{platform.system()}, Python {platform.python_version()}; load {load:.1f};",
            f"{date.today()}. Peers: {', '.join(measuring.installed.values())}.",
            f"Medians of {options.rounds} rounds in turns, {clock}, a process each; imports and",
            "the start of processes do not count.\n",
        ]
    )


def processor() -> str:
    """The model of the processor, where the system tells."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return (names or [platform.machine()])[0]


def line(measuring: Measuring, row: Row, ours: Run, theirs: Run) -> str:
    """A row of the table in Markdown."""
    values = [measuring.median(run, row.value) for run in (ours, theirs)]
    shown = [written(value, row.value) for value in values]
    for place, run in enumerate((ours, theirs)):
        shown[place] = measuring.failed.get(run, shown[place])
    program = theirs.what.split()[0]
    shown[1] = f"{shown[1]} ({program})" if program not in ("ours", "whole_report") else shown[1]
    ratio = row.goal.ratio(*values) if None not in values else ""
    cells = [row.what, text_of(ours), *shown, ratio, row.goal.text, verdict(row.goal, values)]
    return "| " + " | ".join(cells) + " |"


def text_of(run: Run) -> str:
    return {THOUSAND: "3.5 MB", FIVE: "15 kB"}.get(run.text, f"{run.text} MB")


def verdict(goal: Goal, values: list[float | None]) -> str:
    """Whether the goal is reached, as far as that can be told."""
    if goal.holds is None or None in values:
        return ""
    return "reached" if goal.holds(*values) else "**missed**"


def written(value: float | None, kind: str) -> str:
    """Megabytes or seconds as a reader wants them."""
    if value is None:
        return ""
    if kind == "megabytes":
        return f"{value:,.0f} MB"
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.{3 if value < 0.001 else 1}f} ms"


if __name__ == "__main__":
    main()
