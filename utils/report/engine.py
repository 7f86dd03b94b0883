"""The engine by which papermill runs our notebooks: it ends what has no end, and names the cell."""

from subprocess import DEVNULL
from uuid import uuid4

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from utils.report.executed import is_injected
from utils.report.forked import environment_of

NAME = "report"
MOST_SHOWN = 50_000_000  # characters; no browser opens such a page
_LEAST = 5_000  # what any message counts for


class _Client(PapermillNotebookClient):
    """Runs the cells of a notebook until they have shown too much."""

    shown = 0

    def execute(self, **options):
        """Run them; a kernel that ended before the first of them is started once more.

        That is so where another program took one of its ports while the kernel was starting.
        """
        try:
            return super().execute(**options)
        except RuntimeError:
            if _running(self.nb.cells):
                raise
            return super().execute(**options)

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        self.kernels.provide(manager)
        return manager

    def process_message(self, message, *cell):
        self.shown += max(_LEAST, len(str(message["content"])))
        if self.shown > MOST_SHOWN:
            self.task_poll_for_reply.cancel()  # nbclient ends a cell so whose kernel has died
        return super().process_message(message, *cell)


class _Engine(Engine):
    """Runs a notebook; its kernel and all that the kernel starts belong to the run."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **options):
        kernels = options["kernels"]
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            config=_config(kernels.folder),
            resources={"metadata": {"path": str(options["working"])}},
            extra_arguments=["--log-level=50"],  # else a kernel reports the interrupt that ends it
            record_timing=False,
            shutdown_kernel="immediate",
            log=logger,
        )
        client.kernels = kernels
        try:
            client.execute(env=environment_of(kernels.folder), stdout=DEVNULL, stderr=DEVNULL)
        except DeadKernelError:
            why = f"showed too much ({MOST_SHOWN:,} characters, or {MOST_SHOWN // _LEAST:,} parts)"
            if client.shown <= MOST_SHOWN:
                why = "ended its kernel (was there memory enough?)"
            raise DeadKernelError(f"cell {_running(nb_man.nb.cells)}: {why}") from None


def _config(folder):
    """Connections by TCP without a warning, recorded in the run's folder and not at home."""
    connection = folder / f"{uuid4().hex}.json"
    return Config(
        {"KernelManager": {"transport_encryption": "auto", "connection_file": str(connection)}}
    )


def _running(cells):
    """The number of the cell that ran last, as the notebook's author counts."""
    return sum(
        cell.metadata.papermill["status"] != "pending" for cell in cells if not is_injected(cell)
    )


papermill_engines.register(NAME, _Engine)
