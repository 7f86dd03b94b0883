"""What a terminal gets from a run, and what it may ask: plain lines, and an end at any time."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SIGNALS = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
_STOPPED = "Stopped; all is as it was before."


def visible(text: str) -> str:
    r"""The text on one line, with escapes for characters that a terminal obeys or does not show.

    >>> print(visible("a\x1b[2K\nb\u202e"))
    a\x1b[2K\nb\u202e
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def say(*lines: str, error: bool = False) -> None:
    r"""Print each text as one visible line, to stderr for an ``error``; nobody need read it.

    >>> say("one", "forged\nline")
    one
    forged\nline
    """
    stream = sys.stderr if error else sys.stdout
    if stream is None:  # it was closed before we began
        return
    encoding = stream.encoding or "utf-8"
    for line in lines:
        text = visible(line).encode(encoding, "backslashreplace").decode(encoding)
        try:
            print(text, file=stream, flush=True)
        except OSError:  # a reader that has gone, a full disk: what is left must go somewhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def catch_signals() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP end this process with a plain line."""
    _handle(_leave)


def ignore_signals() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP come too late, if they were caught before."""
    if signal.getsignal(signal.SIGTERM) in (_leave, _interrupt):
        _handle(_too_late)


@contextmanager
def cleaning_up() -> Iterator[None]:
    """A block that a caught signal ends by ``KeyboardInterrupt``; after it a signal is too late."""
    if signal.getsignal(signal.SIGTERM) is _leave:
        _handle(_interrupt)
    yield
    ignore_signals()


def stopped(stop: KeyboardInterrupt) -> int:
    """Say that the run was stopped; the exit code, 128 and the number of the signal."""
    say(_STOPPED, error=True)
    return 128 + next(iter(stop.args), signal.SIGINT)


def _handle(how):
    for number in filter(None, _SIGNALS):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
            signal.signal(number, how)


def _leave(number, _frame):
    """End at once: nothing is to be cleaned up, and libraries hide exceptions while they load."""
    with suppress(OSError):
        os.write(2, f"{_STOPPED}\n".encode())
    os._exit(128 + number)


def _too_late(_number, _frame):
    """Do nothing. ``SIG_IGN`` would not do: Python prints a warning if a signal is waiting."""


def _interrupt(number, _frame):
    ignore_signals()  # a second one must not break off the cleaning up
    raise KeyboardInterrupt(number)
