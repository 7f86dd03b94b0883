"""Kernels forked from one process that has imported the libraries already, so that each starts at once.

A provisioner of jupyter_client, registered in pyproject.toml. Importing the libraries costs more than most notebooks,
and a notebook has a process of its own all the same. Where forking is not safe, kernels start as they always do.
"""

import multiprocessing
import os
import signal
import sys
from multiprocessing import forkserver
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

_PRELOADED = ["ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline", "utils.facts.centres", "utils.page.show", "utils.stats.topics"]  # fmt: skip


def warm_up() -> None:
    """Begin to import the libraries, in a process beside this one, and let kernels be forked from it."""
    if sys.platform == "linux":
        os.environ["PYTHONHASHSEED"] = "0"  # inherited: the order of a set is the same on every run
        os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "forked"
        forkserver.set_forkserver_preload(_PRELOADED)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C is for this process to answer
        forkserver.ensure_running()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Fork a process that runs the kernel of ``cmd``; its connection."""
        arguments = cmd[cmd.index("-f") :]
        self.process = _Forked(arguments, str(kwargs["cwd"]), dict(kwargs["env"]))
        self.pid, self.pgid, self.cwd = self.process.pid, self.process.pid, kwargs["cwd"]
        return self.connection_info


class _Forked:
    """A forked process with the methods that a provisioner asks of a subprocess."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], cwd: str, env: dict[str, str]):
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_run_kernel, args=(arguments, cwd, env), daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _run_kernel(arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.setsid()
    os.chdir(cwd)
    os.environ.update(env)
    IPKernelApp.launch_instance(argv=arguments)
