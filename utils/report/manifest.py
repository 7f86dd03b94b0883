"""What a report was made from, so that nothing is made twice: ``reports/manifest.json``, without a time in it."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

UTILS = Path(__file__).parents[1]
PACKAGES = ("ipykernel", "matplotlib", "nbconvert", "nltk", "numpy", "pandas", "papermill", "scikit-learn", "scipy")


def inputs_of(notebook: Path, corpus: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """Hashes of all that a notebook's output depends on: itself, the corpus, the code, parameters and versions."""
    return {
        "notebook": _digest([notebook]),
        "corpus": _digest(sorted(file for file in corpus.rglob("*") if file.is_file())),
        "code": _digest(
            sorted(file for file in UTILS.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        ),
        "parameters": {name: str(value) for name, value in sorted(parameters.items()) if name != "CORPUS"},
        "packages": {package: version(package) for package in PACKAGES},
    }


def unchanged(output: Path, inputs: dict[str, dict]) -> set[str]:
    """Names of the notebooks whose inputs are those of the last run and whose files are all as it left them."""
    told = read_manifest(output)
    intact = all(
        (output / name).is_file() and _digest([output / name]) == found for name, found in told["files"].items()
    )
    return {stem for stem, found in inputs.items() if intact and told["notebooks"].get(stem) == found}


def read_manifest(output: Path) -> dict[str, dict]:
    """The manifest of ``output``, empty where there is none that can be read."""
    try:
        return json.loads((output / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {"notebooks": {}, "files": {}}


def stale(output: Path, ran: Iterable[str], files: list[str]) -> set[str]:
    """Files of the last run that this one would have made again and did not: of articles or outputs that are no more."""
    told, ran = read_manifest(output), set(ran)
    whole = ("articles/",) if set(told["notebooks"]) <= ran else ()  # else pages of an earlier run still lead there
    again = (*whole, *(f"data/{stem}/" for stem in ran))
    return {name for name in told["files"] if name.startswith(again)} - set(files)


def write_manifest(new: Path, old: Path, inputs: dict[str, dict], files: list[str]) -> None:
    """Write ``new/manifest.json``: inputs of each notebook, and hashes of every file of the report."""
    told = read_manifest(old)
    notebooks, gone = told["notebooks"] | inputs, stale(old, inputs, files)
    kept = {name: found for name, found in told["files"].items() if name not in gone}
    hashes = kept | {name: _digest([new / name]) for name in files}
    text = json.dumps({"notebooks": notebooks, "files": hashes}, indent=1, sort_keys=True)
    (new / "manifest.json").write_text(text + "\n", "utf-8", newline="\n")


def _digest(files: list[Path]) -> str:
    """One hash of the names and bytes of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]
