"""Ends what a run has started, also when the run itself was killed.

This file is run as a process of its own, the keeper. It waits until the run has let go of it or is
gone. Then it kills every process that has the run's folder in its environment, and removes that
folder.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import psutil

_MARK = "CORPUS_REPORT_RUN"


@contextmanager
def keeper() -> Iterator[Path]:
    """A temporary folder; it goes, and processes with ``marked(folder)`` end, after the block.

    They do so too when this process is killed in the block.
    """
    folder = Path(mkdtemp(prefix="corpus-report-"))
    waiting = subprocess.Popen(
        [sys.executable, "-P", __file__, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C does not reach it
    )
    try:
        yield folder
    finally:
        waiting.communicate()


def marked(folder: Path) -> dict[str, str]:
    """The environment for a process that must not outlive the run of this folder."""
    return {**os.environ, _MARK: str(folder)}


def end_marked(folder: Path) -> bool:
    """Kill the processes of this folder's run; whether there were any."""
    found = [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get(_MARK) == str(folder)
    ]
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return bool(found)


def _keep(folder):
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    sys.stdin.read()
    time.sleep(0.05)  # a process that was about to start carries its mark by now
    while end_marked(folder):
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
