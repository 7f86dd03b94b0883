"""Executed notebooks -> HTML pages, by nbconvert and our templates. Reads the notebooks and nothing else."""

import csv
import hashlib
import io
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import regex
from latex2mathml.converter import convert
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from utils.page.show import MIME, TEMPLATES, cell_text, render, visible

_TEMPLATES = Path(__file__).parent / "templates"


def write_pages(new: Path, old: Path, failures: dict[str, str]) -> list[str]:
    """Write the pages of ``new/notebooks`` into ``new``; names of all files made there.

    Notebooks executed by an earlier run in ``old`` keep their pages, and the index says which of them failed now.
    Where none ran, nothing is written.
    """
    files = _write_exports(new)
    run = sorted((new / "notebooks").glob("*.ipynb"))
    if not run:
        return []
    every = {file.stem: file for file in [*sorted((old / "notebooks").glob("*.ipynb")), *run]}
    notebooks = {stem: nbformat.read(every[stem], as_version=4) for stem in sorted(every)}
    titles = {stem: _title(notebook) for stem, notebook in notebooks.items()}
    articles = {a["doc_id"]: a for nb in notebooks.values() for b in bundles(nb, "articles") for a in b["articles"]}
    links = {doc_id: f"articles/{doc_id}.html" for doc_id in articles}
    pages = {f"{file.stem}.html": _notebook_page(file.stem, notebooks[file.stem], titles, links) for file in run}
    pages |= {links[doc_id]: _page("article.html.j2", article=article) for doc_id, article in articles.items()}
    pages["index.html"] = _index(notebooks, articles, links, failures)
    for name, html in pages.items():
        (new / name).parent.mkdir(exist_ok=True)
        (new / name).write_text(visible(html), "utf-8", newline="\n")
    return [*(file.relative_to(new).as_posix() for file in run), *files, *pages]


def _write_exports(new: Path) -> list[str]:
    """Every table as CSV, every figure as SVG, PNG and CSV, in ``new/data``; the names of the files."""
    for file in sorted((new / "notebooks").glob("*.ipynb")):
        notebook, folder = nbformat.read(file, as_version=4), new / "data" / file.stem
        folder.mkdir(parents=True, exist_ok=True)
        for bundle in [*bundles(notebook, "table"), *bundles(notebook, "figure")]:
            (folder / f"{bundle['name']}.csv").write_text(_csv(bundle), "utf-8", newline="\n")
            if bundle["kind"] == "figure":
                (folder / f"{bundle['name']}.svg").write_text(bundle["svg"], "utf-8", newline="\n")
                (folder / f"{bundle['name']}.png").write_bytes(b64decode(bundle["png"]))
    return sorted(file.relative_to(new).as_posix() for file in (new / "data").rglob("*.*") if file.is_file())


def _csv(bundle: dict) -> str:
    """The table as CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    lines = io.StringIO()
    rows = [
        ["" if cell is None else _harmless(cell_text(cell, {}) if isinstance(cell, list) else cell) for cell in row]
        for row in bundle["rows"]
    ]
    csv.writer(lines, lineterminator="\n").writerows([[column["key"] for column in bundle["columns"]], *rows])
    return lines.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def bundles(notebook: nbformat.NotebookNode, kind: str) -> Iterator[dict]:
    """What a notebook showed of one kind, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME, {})
            if bundle.get("kind") == kind:
                yield bundle


def _kinds(cell: nbformat.NotebookNode) -> list[str]:
    told = [output.get("data", {}).get(MIME, {}).get("kind") for output in cell.get("outputs", [])]
    return [kind for kind in told if kind in ("findings", "figure", "table")]


def markdown(source: str, pages: Iterable[str] = ()) -> str:
    """Markdown of a notebook as HTML: formulas as MathML, links to notebooks as links to their ``pages``, if there.

    >>> markdown("[on](02_keywords.ipynb)", ["02_keywords"]).strip()
    '<p><a href="02_keywords.html">on</a></p>'
    """
    renderer = _PageRenderer(escape=False)
    renderer.pages = set(pages)
    return MarkdownWithMath(renderer=renderer).render(source)


class _PageRenderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return convert(body, display="block")

    def inline_math(self, body: str) -> str:
        return convert(body)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{_anchor(unescape(text))}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not url.endswith(".ipynb"):
            return super().link(text, url, title)
        stem = url.removesuffix(".ipynb")
        return super().link(text, f"{stem}.html", title) if stem in self.pages else text


def _notebook_page(stem: str, notebook: nbformat.NotebookNode, titles: dict[str, str], links: dict[str, str]) -> str:
    exporter = TemplateExporter(
        template_file="notebook.html.j2",
        extra_template_paths=[str(_TEMPLATES)],
        filters={
            "page_markdown": lambda source: markdown(source, titles),
            "show": lambda b: render(b, links=links, files=f"data/{stem}", sortable=True),
        },
    )
    stems = list(titles)
    at = stems.index(stem)
    around = {"before": stems[at - 1] if at else None, "after": stems[at + 1] if at + 1 < len(stems) else None}
    kinds = [kind for cell in notebook.cells for kind in _kinds(cell)]
    opens = kinds[:1] == ["findings"]  # the notebook has its findings ahead of everything else
    findings = [] if opens else list(bundles(notebook, "findings"))
    resources = {
        "titles": titles,
        "findings": findings,
        "contents": _contents(notebook),
        "mime": MIME,
        **_frame(),
        **around,
    }
    return exporter.from_notebook_node(notebook, {"page": {"stem": stem, **resources}})[0]


def _index(notebooks: dict, articles: dict, links: dict[str, str], failures: dict[str, str]) -> str:
    told = {
        stem: {
            "title": _title(notebook),
            "findings": list(bundles(notebook, "findings")),
            "parameters": _injected(notebook),
        }
        for stem, notebook in notebooks.items()
    }
    corpora = {b["fingerprint"]: b for nb in notebooks.values() for b in bundles(nb, "corpus")}
    # The comparison of the centres is what a reader came for, so it leads.
    order = sorted(told, key=lambda stem: ("centres" not in stem, stem))
    values = {"told": told, "order": order, "articles": articles, "links": links, "failures": failures}
    return _page("index.html.j2", corpora=list(corpora.values()), show=render, **values)


def _injected(notebook: nbformat.NotebookNode) -> str:
    """The parameters that the run was given, as papermill wrote them, but for the corpus, which is named above."""
    cells = (cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    return ", ".join(
        line for cell in cells for line in cell.source.splitlines() if not line.startswith(("#", "CORPUS"))
    )


def _page(template: str, **values: Any) -> str:
    environment = TEMPLATES.overlay()
    environment.loader = type(TEMPLATES.loader)([_TEMPLATES, *TEMPLATES.loader.searchpath])
    return environment.get_template(template).render(**_frame(), **values)


def _title(notebook: nbformat.NotebookNode) -> str:
    headings = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line[2:].strip() for line in headings if line.startswith("# ")), "Untitled")


def _contents(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Anchors and texts of the second-level headings."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return [(_anchor(line[3:]), line[3:].strip()) for line in lines if line.startswith("## ")]


def _anchor(heading: str) -> str:
    return regex.sub(r"\W+", "-", heading).strip("-").lower()


def _frame() -> dict[str, str]:
    """Style and script of every page, and the hash that lets this script run and no other."""
    style, script = ((_TEMPLATES / name).read_text("utf-8") for name in ("page.css", "page.js"))
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"style": style, "script": script, "script_hash": f"sha256-{digest}"}
