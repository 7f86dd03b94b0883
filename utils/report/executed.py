"""What an executed notebook holds: headings, parameters, and what ``show`` put into cells."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import fastjsonschema
import regex
from nbformat import NotebookNode

from utils.corpus.files import Mistake
from utils.page.show import MIME
from utils.report.places import is_device

_SCHEMA = tomllib.loads(Path(__file__).with_name("bundles.toml").read_text("utf-8"))
_NAME = regex.compile(r"\w[\w-]{0,79}")  # of files, and of the place that links lead to


def bundles(cells: Iterable[NotebookNode], *kinds: str) -> Iterator[dict]:
    """What cells show, of these kinds or of any kind, in order."""
    for cell in cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME)
            if bundle and (not kinds or bundle["kind"] in kinds):
                yield bundle


def check_bundles(stem: str, cells: Iterable[NotebookNode]) -> None:
    """Raise ``Mistake`` for what cells show and no page can be made from, a line each.

    ``bundles.toml`` says what a bundle of each kind has. A name is one that every file system
    takes, and it is given once in a notebook.
    """
    problems = []
    names: set[str] = set()
    own = [cell for cell in cells if not is_injected(cell)]
    for number, cell in enumerate(own, 1):
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME, {"kind": "text", "text": ""})
            problem = _problem_of_bundle(bundle) or _problem_of_name(bundle.get("name"), names)
            if problem:
                problems.append(f"{stem}, cell {number}: {problem}")
    if problems:
        raise Mistake(problems)


def cells_without_findings(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells except those that show findings, which a page has at its head.

    A heading goes too where such a cell is all that is below it.
    """
    cells = []
    for cell in notebook.cells:
        if not any(bundles([cell], "findings")):
            cells.append(cell)
        elif cells[-1].source.startswith("## ") and "\n" not in cells[-1].source.strip():
            cells.pop()
    return cells


def headings(cells: Iterable[NotebookNode], mark: str) -> list[str]:
    """The headings of one level, given its mark in Markdown, such as ``"## "``."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    lines = "\n".join(texts).splitlines()
    return [line.removeprefix(mark).strip() for line in lines if line.startswith(mark)]


def is_injected(cell: NotebookNode) -> bool:
    """Whether papermill added this cell, to set the parameters that the run was given."""
    return "injected-parameters" in cell.metadata.get("tags", [])


def given_parameters(notebook: NotebookNode) -> str:
    """The parameters that the run was given, except those of the corpus.

    The index says anyway which articles there are, and which are left out.
    """
    sources = [cell.source for cell in notebook.cells if is_injected(cell)]
    lines = "\n".join(sources).splitlines()
    said = ("#", "CORPUS", "LANGUAGE", "SKIP_BAD")
    return ", ".join(line for line in lines if line and not line.startswith(said))


def _problem_of_bundle(bundle):
    kind = bundle.get("kind") if isinstance(bundle, dict) else None
    if kind not in _SCHEMA["definitions"]:
        return f"it shows {kind!r} as a kind of output, which no page has; use show() and its like"
    try:
        _check_of(kind)(bundle)
    except fastjsonschema.JsonSchemaValueException as error:
        return f"the {kind} it shows is not as show() makes it: {error.message}"
    columns = len(bundle.get("columns", []))
    if any(len(row) != columns for row in bundle.get("rows", [])):
        return f"the {kind} it shows has a row that does not have {columns} values"
    return ""


def _problem_of_name(name, names):
    if name is None:
        return ""
    if not _NAME.fullmatch(name) or is_device(name):
        return f"name {name!r}: write letters, digits, '-' and '_', at most 80 of them"
    if name.casefold() in names:
        return f"name {name!r} is given twice in this notebook; give each output its own"
    names.add(name.casefold())
    return ""


@cache
def _check_of(kind):
    return fastjsonschema.compile({"$ref": f"#/definitions/{kind}", **_SCHEMA})
