"""``manifest.json`` records what a report was made from, and every file of it with a hash.

So nothing is made twice, and no file is replaced or deleted that is not as a run left it.
"""

import hashlib
import json
import os
import platform
import re
import stat
from collections.abc import Iterable
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path

from utils.report.places import (
    CORPUS,
    INDEX,
    MANIFEST,
    UTILS,
    left_behind,
    notebooks_named,
    path_of,
)

PROGRAM = "sino-british-centres report"
VERSION = 2
MOST_FILES = 1_000_000
MOST_BYTES = 10**11
LARGEST = 10**8
"""Bytes of a manifest; one of a report with 100,000 articles has a tenth of that."""

_KEYS = {"program", "version", "notebooks", "files"}
_OLD_KEYS = {"notebooks", "files"}  # of the first version, which named no program


def inputs_of(notebooks: Iterable[Path], corpus: Path, parameters: dict) -> dict:
    """What the output of each notebook depends on, by the notebook's name.

    That is the notebook itself, the corpus with its name, the code, the parameters, the versions
    of Python and of all packages that are installed, and the fonts. Raises ``Mistake`` for a corpus
    of more than ``MOST_FILES`` files or ``MOST_BYTES`` bytes.
    """
    name = "" if corpus == CORPUS else corpus.name  # the pages say it
    described = {package.read_text("METADATA") for package in distributions()} - {None}
    shared = {
        "corpus": _digest([(name, ""), *corpus_files(corpus)]),
        "code": _digest(file for file in _files_in(UTILS) if "__pycache__" not in file[0]),
        "parameters": {
            name: str(value) for name, value in sorted(parameters.items()) if name != "CORPUS"
        },
        "packages": hashlib.sha256("".join(sorted(described)).encode()).hexdigest()[:16],
        "python": platform.python_version(),
        "fonts": _digest((name, "") for name in sorted(set(map(os.path.basename, _fonts())))),
    }
    return {
        notebook.stem: {"notebook": _digest([(notebook.name, str(notebook))]), **shared}
        for notebook in notebooks
    }


def corpus_files(source: Path) -> list[tuple[str, str]]:
    """The files of a corpus, each with its path there and where it is.

    Raises ``Mistake`` for what is neither a folder nor a file, and for more than ``MOST_FILES``
    files or ``MOST_BYTES`` bytes: that is another folder than was meant.
    """
    path = path_of(source)
    if path.exists() and not path.is_dir() and not path.is_file():
        raise _mistake(f"{source}: is neither a folder nor a file; name one of them")
    files = []
    total = 0
    for name, file in _files_in(path):
        total += _size(file)
        files.append((name, file))
        if len(files) > MOST_FILES or total > MOST_BYTES:
            limit = f"{MOST_FILES:,} files or {MOST_BYTES:,} bytes"
            mend = "name the folder or the file that has the articles alone"
            raise _mistake(f"{source}: has more than {limit}; {mend}")
    return files


def unchanged(output: Path, inputs: dict) -> set[str]:
    """Names of notebooks that have the inputs of the last run, if its files are as it left them.

    None have, where the report has a page of a notebook that the project no longer has, or where a
    run was stopped in the midst of writing it.
    """
    last = read_manifest(output)
    known = {notebook.stem for notebook in notebooks_named([])} | set(inputs)
    whole = all(is_ours(output, name, digest) for name, digest in last["files"].items())
    if left_behind(output) or not whole or not set(last["notebooks"]) <= known:
        return set()
    return {stem for stem, now in inputs.items() if last["notebooks"].get(stem) == now}


def read_manifest(output: Path) -> dict:
    """The notebooks and the files in the manifest of a report; none where it is not one of ours."""
    file = output / MANIFEST
    try:
        size = os.stat(file).st_size if file.is_file() else LARGEST
        manifest = json.loads(file.read_text("utf-8")) if size < LARGEST else None
    except (OSError, ValueError, RecursionError):
        manifest = None
    if not _is_manifest(manifest):
        return {"notebooks": {}, "files": {}}
    return {"notebooks": manifest["notebooks"], "files": manifest["files"]}


def write_manifest(folder: Path, notebooks: dict, files: list[str]) -> None:
    """Write the manifest of the report in a folder: the inputs of each notebook, and its files."""
    digests = {name: file_digest(folder / name) for name in files}
    manifest = {"program": PROGRAM, "version": VERSION, "notebooks": notebooks, "files": digests}
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8", newline="\n")


def is_ours(output: Path, name: str, digest: str) -> bool:
    """Whether a file of a report is inside its folder, behind no link, and has this hash."""
    file = output / name
    inside = file.parent.resolve().is_relative_to(output.resolve())
    return inside and not file.is_symlink() and file.is_file() and file_digest(file) == digest


def file_digest(file: Path) -> str:
    """The hash of a file and its name that a manifest has."""
    return _digest([(file.name, str(file))])


def is_file_name(name: str) -> bool:
    """Whether a text is a path within a folder, on every system.

    >>> is_file_name("data/01/a.csv"), is_file_name("data/../../a"), is_file_name("C:/a")
    (True, False, False)
    """
    odd = not name.isprintable() or "\\" in name or re.match("[A-Za-z]:", name)
    return not odd and not {"", ".", ".."} & set(name.split("/"))


def _is_manifest(manifest):
    if not isinstance(manifest, dict) or not manifest.keys() >= _OLD_KEYS:
        return False
    if manifest.keys() != _OLD_KEYS:
        ours = manifest.keys() == _KEYS and manifest["program"] == PROGRAM
        if not ours or manifest["version"] != VERSION:
            return False
    return _are_files(manifest["files"]) and _are_notebooks(manifest["notebooks"])


def _are_files(files):
    return isinstance(files, dict) and all(
        is_file_name(name) and isinstance(digest, str) and re.fullmatch("[0-9a-f]{16}", digest)
        for name, digest in files.items()
    )


def _are_notebooks(notebooks):
    return isinstance(notebooks, dict) and all(
        is_file_name(stem) and "/" not in stem and isinstance(inputs, dict)
        for stem, inputs in notebooks.items()
    )


def _files_in(source):
    """The files in a folder, each with its path there, or a file itself; no pipe and no device.

    As in reading, ``texts/`` may be a link. Other links to folders are not followed, and count by
    where they lead.
    """
    if source.is_file():
        yield "", str(source)
    root = os.path.realpath(source)
    texts = source / "texts"
    tops = [source, texts] if texts.is_symlink() else [source]
    for place, folders, names in chain.from_iterable(map(os.walk, tops)):
        folders[:] = sorted(name for name in folders if name != INDEX)
        for name in sorted({*folders, *names}):
            path = os.path.join(place, name)
            inner = os.path.relpath(path, source)
            if _is_regular(path):
                yield inner, path
            elif os.path.islink(path):
                yield f"{inner} {os.path.realpath(path).removeprefix(root)}", ""


def _is_regular(path):
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def _digest(files):
    """One hash of the names and bytes of files; those without a path count by their names."""
    total = hashlib.sha256()
    for name, path in files:
        total.update(os.fsencode(name) + b"\0" + _hash_of(path))
    return total.hexdigest()[:16]


def _fonts():
    from matplotlib.font_manager import findSystemFonts  # loaded here, since it takes a while

    return findSystemFonts()


def _mistake(problem):
    from utils.corpus.files import Mistake  # loaded here, since pandas comes with it

    return Mistake(problem)


def _size(path):
    """Bytes of a file; none for what is no file any more, and for the endless ones of a system."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _hash_of(path):
    if not _size(path):
        return hashlib.sha256().digest()
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b"unreadable"
