"""``manifest.json`` records what a report was made from, so that nothing is made twice."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from utils.report.places import UTILS

PACKAGES = (
    "ipykernel",
    "matplotlib",
    "nbconvert",
    "nltk",
    "numpy",
    "pandas",
    "papermill",
    "scikit-learn",
    "scipy",
)


def inputs_of(notebooks: Iterable[Path], corpus: Path, parameters: dict) -> dict:
    """What the output of each notebook depends on, by the notebook's name.

    That is the notebook itself, the corpus, the code, the parameters and the versions of packages.
    """
    shared = {
        "corpus": _digest(_files_under(corpus)),
        "code": _digest(_files_under(UTILS)),
        "parameters": {
            name: str(value) for name, value in sorted(parameters.items()) if name != "CORPUS"
        },
        "packages": {package: version(package) for package in PACKAGES},
    }
    return {notebook.stem: {"notebook": _digest([notebook]), **shared} for notebook in notebooks}


def unchanged(output: Path, inputs: dict) -> set[str]:
    """Names of notebooks that have the inputs of the last run, if its files are as it left them."""
    last = read_manifest(output)
    for name, digest in last["files"].items():
        if not (output / name).is_file() or _digest([output / name]) != digest:
            return set()
    return {stem for stem, now in inputs.items() if last["notebooks"].get(stem) == now}


def read_manifest(output: Path) -> dict:
    """The manifest of a report; an empty one where there is none that can be read."""
    try:
        return json.loads((output / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {"notebooks": {}, "files": {}}


def write_manifest(new: Path, old: Path, inputs: dict, files: list[str]) -> set[str]:
    """Write ``new/manifest.json`` and return the names of files in ``old`` that must be deleted.

    The manifest holds the inputs of each notebook and a hash of every file of the report. Files of
    the last run stay in it, except those that this run should have made again and did not.
    """
    last = read_manifest(old)
    notebooks = last["notebooks"] | inputs
    folders = [f"data/{stem}/" for stem in inputs]
    if set(last["notebooks"]) <= set(inputs):
        folders.append("articles/")  # otherwise pages of an earlier run still link to the articles
    outdated = {name for name in last["files"] if name.startswith(tuple(folders))} - set(files)
    digests = last["files"] | {name: _digest([new / name]) for name in files}
    for name in outdated:
        del digests[name]
    text = json.dumps({"notebooks": notebooks, "files": digests}, indent=1, sort_keys=True)
    (new / "manifest.json").write_text(text + "\n", "utf-8", newline="\n")
    return outdated


def _files_under(folder: Path) -> list[Path]:
    return sorted(
        file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    )


def _digest(files: Iterable[Path]) -> str:
    """One hash of the names and bytes of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]
