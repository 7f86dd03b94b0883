"""Kernels forked from one process that has loaded the libraries, so that each starts at once.

Loading the libraries takes longer than most notebooks run. ``ForkedProvisioner`` is registered with
jupyter_client in pyproject.toml. This module is for Linux; elsewhere forking is not safe, and
kernels start in the ordinary way.
"""

import os
import signal
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

_PRELOADED = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib_inline.backend_inline",
    "utils.facts",
    "utils.page",
    "utils.stats",
]


def warm_up() -> None:
    """Begin to load the libraries in a second process, from which kernels will be forked."""
    os.environ["PYTHONHASHSEED"] = "0"  # inherited: sets have the same order in every run
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "forked"
    forkserver.set_forkserver_preload(_PRELOADED)
    # The second process inherits the mask, so that Ctrl-C reaches this process only.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    forkserver.ensure_running()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by forking."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Fork a process that runs the kernel of ``cmd``, and return its connection."""
        self.cwd = str(kwargs["cwd"])
        arguments = (cmd[cmd.index("-f") :], self.cwd, dict(kwargs["env"]))
        self.process = _ForkedKernel(target=_run_kernel, args=arguments, daemon=True)
        self.process.start()
        self.pid = self.process.pid
        self.pgid = self.process.pid
        return self.connection_info


class _ForkedKernel(ForkServerProcess):
    """A forked process with the other methods that a provisioner expects of a subprocess."""

    stdin = stdout = stderr = None

    def poll(self):
        return self.exitcode

    def wait(self):
        self.join()
        return self.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)


def _run_kernel(arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.setsid()
    os.chdir(cwd)
    os.environ.update(env)
    IPKernelApp.launch_instance(argv=arguments)
