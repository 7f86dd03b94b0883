"""What an executed notebook holds: headings, parameters, and what ``show`` put into cells.

A page shows of it what is there: no table without rows, no question that nothing answers, no
section with nothing in it, and no sentence twice.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import fastjsonschema
import regex
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from utils.corpus.files import Mistake
from utils.page.show import MIME
from utils.report.places import is_device

_SCHEMA = tomllib.loads(Path(__file__).with_name("bundles.toml").read_text("utf-8"))
_NAME = regex.compile(r"\w[\w-]{0,79}")  # of files, and of the place that links lead to
_SECTION = regex.compile(r"(?m)^(?=## )")
_TITLE = regex.compile(r"(?m)\A# .*$|^Part \d+ · .*$")  # a page has both in its frame
_WITH_ROWS = ("table", "figure", "heat")
_OF_RUN = ("run", "measures")  # tables of how a notebook was run, which are no evidence


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
    names = set()
    own = [cell for cell in cells if not is_injected(cell)]
    for number, cell in enumerate(own, 1):
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME, {"kind": "text", "text": ""})
            problem = _problem_of_bundle(bundle) or _problem_of_name(bundle.get("name"), names)
            if problem:
                problems.append(f"{stem}, cell {number}: {problem}")
    if problems:
        raise Mistake(problems)


def cells_of_page(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells between the title and the foot of a page, in their order.

    The findings are not among them, since a page has them at its head, nor is the summary, which
    the first page has, nor a sentence that is a finding or was said before. A table without rows
    goes, and a question, or a section, whose cells show nothing. What has no cell of code stays.
    """
    said = {
        finding["text"]
        for bundle in bundles(notebook.cells, "findings")
        for finding in bundle["findings"]
    }
    cells = [_as_on_page(cell, said) for cell in _split_at_headings(notebook.cells)]
    introduction, *sections = _cut_before(cells, _is_section)
    kept = [introduction, *(section for section in sections if not _is_vain(section))]
    return [cell for section in kept for cell in _answered(section)]


def figures_of_findings(cells: list[NotebookNode]) -> dict[str, str]:
    """The names of figures, and of heat tables, whose titles are findings, by the finding."""
    figures = list(bundles(cells, "figure", "heat"))
    return {
        finding["text"]: figure["name"]
        for bundle in bundles(cells, "findings")
        for finding in bundle["findings"]
        for figure in figures
        if figure["rows"] and finding["text"] in figure.get("alt", figure.get("title", ""))
    }


def codes_of(notebook: NotebookNode) -> list[str]:
    """The code of a notebook, cell by cell, without what a run put in."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_injected(cell)]
    return [cell.source for cell in cells if cell.source.strip()]


def has_evidence(cells: Iterable[NotebookNode]) -> bool:
    """Whether cells show a table or a figure, other than of how they were run."""
    return any(bundle["name"] not in _OF_RUN for bundle in bundles(cells, *_WITH_ROWS))


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


def _split_at_headings(cells):
    """The cells without the title; a cell of text for each section that begins in one."""
    for place, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            yield cell
            continue
        source = cell.source if place else _TITLE.sub("", cell.source)
        for part in filter(str.strip, _SECTION.split(source)):
            yield new_markdown_cell(part.strip())


def _as_on_page(cell, said):
    """A cell with what a page shows of its outputs; what it says is added to what was said."""
    if cell.cell_type != "code":
        return cell
    outputs = [_output_on_page(output, said) for output in cell.outputs]
    return NotebookNode({**cell, "outputs": [output for output in outputs if output]})


def _output_on_page(output, said):
    """An output as a page shows it; None where that is nothing."""
    bundle = output.get("data", {}).get(MIME)
    if not bundle:
        return output
    if bundle["kind"] == "text":
        text = _without(bundle["text"], said)
        said.add(bundle["text"])
        return _changed(output, text=text) if text else None
    if bundle["kind"] == "table" and bundle["rows"]:
        return _changed(output, caption=_without(bundle["caption"], said))
    shown = {"findings": [], "summary": [], "articles": bundle.get("notes")}
    return _changed(output) if shown.get(bundle["kind"], bundle.get("rows", True)) else None


class _Bundle(NotebookNode):
    """A bundle that is not copied with its notebook, as nbconvert does several times."""

    def __deepcopy__(self, memo):
        return self


def _changed(output, **values):
    """The output with other values in what it shows."""
    bundle = _Bundle({**output["data"][MIME], **values})
    return NotebookNode({**output, "data": NotebookNode({MIME: bundle})})


def _without(text, said):
    """A text without the sentences that were said.

    >>> _without("Rain fell. It was cold. Rain fell. Rain fell.", {"Rain fell."})
    'It was cold.'
    """
    ends = r"(?:(?<=^)|(?<=[.!?…”] )){}(?= |$)"
    there = [sentences for sentences in said if sentences in text]
    for sentences in sorted(there, key=lambda text: (-len(text), text)):
        text = regex.sub(ends.format(regex.escape(sentences)), "", text).strip()
    return " ".join(text.split())


def _cut_before(cells, begins):
    """The cells in runs, the first up to the first cell that begins another."""
    runs = [[]]
    for cell in cells:
        if begins(cell):
            runs.append([])
        runs[-1].append(cell)
    return runs


def _is_section(cell):
    return _is_text(cell) and cell.source.startswith("## ")


def _is_text(cell):
    return cell.cell_type == "markdown"


def _is_vain(cells):
    """Whether there is code in cells, and nothing that it shows."""
    codes = [cell for cell in cells if cell.cell_type == "code"]
    return bool(codes) and not any(cell.outputs for cell in codes)


def _answered(section):
    """The cells of a section without questions that nothing answers; its head stays."""
    head, *questions = _cut_before(section[1:], _is_text)
    kept = [question for question in questions if not _is_vain(question)]
    return [*section[:1], *head, *chain(*kept)]


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
