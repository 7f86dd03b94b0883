"""Kernels forked from one process that has imported what notebooks import, which takes longest.

This file is run as a process of its own. For each line that it reads, with the folder, environment
and arguments of a kernel, it forks one and writes the number of its process. It ends with the run.
"""

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from uuid import uuid4

import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from pyarrow import default_memory_pool

from utils.report.keeper import keeper, marked

_COMMAND = [sys.executable, "-m", "ipykernel_launcher"]
_IMPORTED = ("ipykernel.ipkernel", "matplotlib_inline.backend_inline", "utils.search")
_EXAMPLE = Path(__file__).with_name("example")  # a small corpus
_FEWEST = 2_000  # new objects before a kernel looks for garbage; with 700 much of its time is that


class Kernels:
    """Forks the kernels of a run, of which so many ``jobs`` go on at a time in threads.

    All that a run starts belongs to its ``folder``.
    """

    def __init__(self, folder: Path, jobs: int | None, waiting: subprocess.Popen | None):
        self.folder = folder
        self.jobs = jobs or 2
        self._waiting = waiting
        self._lock = Lock()

    def provide(self, manager: AsyncKernelManager) -> None:
        """Let the kernel of a manager be forked."""
        manager.provisioner = _Provisioner(
            kernel_id=uuid4().hex, kernel_spec=manager.kernel_spec, parent=manager
        )
        manager.provisioner.kernels = self

    def fork(self, working: str, environment: dict, arguments: list[str]) -> int | None:
        """The number of a new kernel's process; None where there is nothing to fork it from."""
        if self._waiting is None:
            return None
        with self._lock:
            try:
                line = json.dumps([working, environment, arguments])
                print(line, file=self._waiting.stdin, flush=True)
            except BrokenPipeError:
                return None
            return int(self._waiting.stdout.readline() or 0) or None


@contextmanager
def kernels_of_run(jobs: int | None = None) -> Iterator[Kernels]:
    """The kernels of a run, which end after the block, also when this process is killed in it."""
    with keeper() as folder, _forking(folder) as waiting:
        yield Kernels(folder, jobs, waiting)


@contextmanager
def _forking(folder):
    """The process to fork from, where that is safe; it is not on macOS, and Windows has no fork."""
    if sys.platform != "linux":
        yield None
        return
    waiting = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C does not reach it
        text=True,
        env=environment_of(folder),
    )
    try:
        yield waiting
    finally:
        waiting.kill()  # it may be importing still
        waiting.wait()  # and not for the end of its output, which a kernel that it forked may hold
        waiting.stdout.close()
        with suppress(OSError):
            waiting.stdin.close()


def environment_of(folder: Path) -> dict[str, str]:
    """The environment of the kernels of a run.

    Sets have the same order in every run, and the user's settings of IPython do not matter. Arrow
    takes its memory from the system, which gets it back sooner than from Arrow's own store.
    """
    ours = {"PYTHONHASHSEED": "0", "IPYTHONDIR": str(folder / "ipython")}
    return {"ARROW_DEFAULT_MEMORY_POOL": "system"} | marked(folder) | ours


def give_back() -> None:
    """Give the system what is free of its memory; Arrow and glibc keep it for the next time.

    >>> give_back()
    """
    default_memory_pool().release_unused()
    with suppress(AttributeError, TypeError):  # another library of C has no such function
        ctypes.CDLL(None).malloc_trim(0)


class _Provisioner(LocalProvisioner):
    """Launches a kernel by forking, or else as ever."""

    async def launch_kernel(self, cmd, **options):
        ours = cmd[: len(_COMMAND)] == _COMMAND  # a notebook may be for another Python
        asked = [str(options["cwd"]), options["env"], cmd[len(_COMMAND) :]]
        number = ours and self.kernels.fork(*asked)
        if not number:
            return await super().launch_kernel(cmd, **options)
        self.process = _Forked(number)
        self.pid = number
        self.pgid = number
        self.cwd = options["cwd"]
        return self.connection_info


class _Forked(psutil.Process):
    """A process that is no child of ours, as a provisioner has it."""

    stdin = None
    stdout = None
    stderr = None

    def poll(self):
        return None if self.is_running() else 0


def _serve():
    gc.disable()  # of what is imported hardly anything is garbage
    for name in _IMPORTED:
        import_module(name)
    with redirect_stdout(sys.stderr):  # stdout is for the numbers of kernels
        _use_once()
    gc.freeze()  # what is shared is not copied by a kernel that collects its garbage
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel that ends
    for line in sys.stdin:
        number = os.fork()
        if not number:
            _become_kernel(*json.loads(line))
            return
        print(number, flush=True)


def _use_once():
    """Do what takes longest the first time, so that no kernel does it for the first time.

    It imports what it needs, and that is nearly all that notebooks need.
    """
    from utils.corpus.articles import read_corpus
    from utils.corpus.tokens import tokenize
    from utils.facts.dates import date_table
    from utils.page.figures import draw_bars
    from utils.page.pictures import pictures_of
    from utils.page.show import render
    from utils.stats.keywords import against_english

    articles = read_corpus(_EXAMPLE)
    date_table(articles)
    table = against_english(tokenize(articles))
    pictures_of(draw_bars(table[["term", "frequency"]], "Words", "of the example"))
    render({"kind": "text", "text": ""})


def _become_kernel(working, environment, arguments):
    from ipykernel.kernelapp import IPKernelApp

    gc.set_threshold(_FEWEST)
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.chdir(working)
    os.environ.update(environment)
    kernel = IPKernelApp.instance()
    kernel.initialize(arguments)
    kernel.shell.events.register("post_run_cell", lambda _: give_back())
    kernel.start()


if __name__ == "__main__":
    _serve()
