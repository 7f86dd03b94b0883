"""What an executed notebook holds: headings, parameters, and what ``show`` put into cells."""

from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from utils.page.show import MIME


def bundles(cells: Iterable[NotebookNode], *kinds: str) -> Iterator[dict]:
    """What cells show, of these kinds or of any kind, in order."""
    for cell in cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME)
            if bundle and (not kinds or bundle["kind"] in kinds):
                yield bundle


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
    """The parameters that the run was given, except the corpus, which the index names anyway."""
    sources = [cell.source for cell in notebook.cells if is_injected(cell)]
    lines = "\n".join(sources).splitlines()
    return ", ".join(line for line in lines if line and not line.startswith(("#", "CORPUS")))
