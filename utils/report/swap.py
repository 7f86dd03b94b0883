"""A report is swapped in as a whole, or the earlier one stays.

All that a run needs stands in the folder of the report, so that files move within one file system.
``NEW`` has the new report. ``UNDO`` has the files that it replaces, and a journal of those that
come in. While there is a journal, the earlier report counts, and ``heal`` brings it back. The lock
stays as long as these two: what is there without it, no run has left.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from utils.corpus.files import Mistake, list_first
from utils.report.manifest import file_digest, is_file_name, is_ours
from utils.report.places import LOCK, MANIFEST, NEW, UNDO, left_behind
from utils.report.terminal import ignore_signals

_JOURNAL = "journal.json"
_KEPT = "kept"
_NAMED = 3  # files that a message names


@contextmanager
def in_place(output: Path) -> Iterator[Path]:
    """A new folder for the report of one run, which has ``output`` for itself till the block ends.

    What a run that died has left is put right first. Afterwards all that this makes is gone, and
    ``output`` too where it was not there and got no file. Raises ``Mistake`` while another run has
    the folder, and where something that no run left has the name of what this makes.
    """
    _check_names(output)
    made = [folder for folder in (output, *output.parents) if not folder.exists()]
    try:
        output.mkdir(parents=True, exist_ok=True)
        with FileLock(output / LOCK, timeout=0):
            try:
                heal(output)
                (output / NEW).mkdir()
                yield output / NEW
            finally:
                shutil.rmtree(output / NEW, ignore_errors=True)
                _remove_lock(output)
    except Timeout:
        mend = "wait for it or name another folder"
        raise Mistake(f"--output {output}: another run is writing there; {mend}") from None
    finally:
        _remove_empty(made)


def clear(output: Path) -> None:
    """Put right what a run that died has left in a folder; raises ``Mistake`` if one is alive."""
    if left_behind(output):
        with in_place(output):
            pass


def swap(output: Path, names: list[str], outdated: Iterable[str]) -> None:
    """Move files from ``output/NEW`` into ``output`` and delete the outdated: all of it or nothing.

    Raises ``OSError`` where a file cannot be moved; the earlier report is back then.
    """
    new = output / NEW
    undo = output / UNDO
    digests = {name: file_digest(new / name) for name in names}
    coming = {name: now for name, now in digests.items() if not is_ours(output, name, now)}
    replaced = [name for name in {*coming, *outdated} if (output / name).exists()]
    try:
        undo.mkdir()
        (undo / _JOURNAL).write_text(json.dumps(coming), "utf-8")
        for name in replaced:
            _move(output / name, undo / _KEPT / name)
        for name in coming:
            _move(new / name, output / name)
        ignore_signals()
        (undo / _JOURNAL).unlink()  # from here on the new report counts
    except BaseException:
        heal(output)
        raise
    heal(output)
    _remove_empty(_folders_of(output, replaced))


def heal(output: Path) -> None:
    """Bring back the earlier report if a swap did not end, and remove what a run has left.

    A file that somebody has put there since stays.
    """
    undo = output / UNDO
    coming = _read_journal(undo)
    if coming is not None:
        ours = [name for name, digest in coming.items() if is_ours(output, name, digest)]
        for name in ours:
            (output / name).unlink()
        for name in _kept_files(undo / _KEPT):
            if _is_free(output, name, ""):
                (output / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(undo / _KEPT / name, output / name)  # copies where it cannot rename
        _remove_empty(_folders_of(output, ours))
        (undo / _JOURNAL).unlink()
    for folder in (undo, output / NEW):
        shutil.rmtree(folder, ignore_errors=True)


def check_free(output: Path, names: Iterable[str], files: dict) -> None:
    """Raise ``Mistake`` where a run would replace or delete what no run left there.

    ``names`` are those of the files to come; ``files`` are those of the earlier report by their
    hashes.
    """
    listed = sorted({*names, *files} - {MANIFEST})
    in_the_way = [name for name in listed if not _is_free(output, name, files.get(name, ""))]
    if in_the_way:
        named = list_first(in_the_way, _NAMED)
        what = f"{named}: not as a run of this program left it, and would be replaced or deleted"
        raise Mistake(f"--output {output}: {what}; move it away or name another folder")


def _check_names(output):
    """Raise ``Mistake`` where something has the name of what a run makes, and no run left it."""
    for path in (output / NEW, output / UNDO):
        is_folder = path.is_dir() and not path.is_symlink()
        if os.path.lexists(path) and not (is_folder and (output / LOCK).is_file()):
            what = f"has {path.name}, which no run of this program left there"
            raise Mistake(f"--output {output}: {what}; move it away or name another folder")


def _remove_lock(output):
    if not any(os.path.lexists(output / name) for name in (NEW, UNDO)):
        with suppress(OSError):
            (output / LOCK).unlink()


def _is_free(output, name, digest):
    """Whether nothing has this name, or a file that is ours, and no link or file is on the way."""
    for folder in _folders_of(output, [name]):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            return False
    file = output / name
    return not os.path.lexists(file) or is_ours(output, name, digest)


def _read_journal(undo):
    """The files that a swap moves in, with their hashes; ``None`` where none was under way."""
    if undo.is_symlink() or (undo / _KEPT).is_symlink() or not (undo / _JOURNAL).is_file():
        return None
    try:
        coming = json.loads((undo / _JOURNAL).read_text("utf-8"))
    except (ValueError, RecursionError):
        return None  # it was not yet written to its end, so that nothing had moved
    return coming if isinstance(coming, dict) and all(map(is_file_name, coming)) else None


def _kept_files(kept):
    for place, _, names in os.walk(kept):
        yield from (Path(place, name).relative_to(kept).as_posix() for name in names)


def _folders_of(output, names):
    """The folders below ``output`` in which files are, the innermost first."""
    folders = {output / parent for name in names for parent in list(Path(name).parents)[:-1]}
    return sorted(folders, reverse=True)


def _remove_empty(folders):
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _move(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)
