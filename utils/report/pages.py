"""Executed notebooks -> HTML pages, by nbconvert and our templates. Reads the notebooks and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from latex2mathml.converter import convert
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from utils.show import MIME, TEMPLATES, render

_TEMPLATES = Path(__file__).parent / "templates"


def write_pages(new: Path, old: Path) -> list[str]:
    """Write the pages of ``new/notebooks`` into ``new``; names of all files made there.

    Notebooks executed by an earlier run in ``old`` keep their pages; the index leads to all of them.
    """
    run = sorted((new / "notebooks").glob("*.ipynb"))
    every = {file.stem: file for file in [*sorted((old / "notebooks").glob("*.ipynb")), *run]}
    notebooks = {stem: nbformat.read(every[stem], as_version=4) for stem in sorted(every)}
    titles = {stem: _title(notebook) for stem, notebook in notebooks.items()}
    articles = {a["doc_id"]: a for nb in notebooks.values() for b in bundles(nb, "articles") for a in b["articles"]}
    links = {doc_id: f"articles/{doc_id}.html" for doc_id in articles}
    pages = {f"{file.stem}.html": _notebook_page(file.stem, notebooks[file.stem], titles, links) for file in run}
    pages |= {links[doc_id]: _page("article.html.j2", article=article) for doc_id, article in articles.items()}
    pages["index.html"] = _index(notebooks, titles, articles, links)
    for name, html in pages.items():
        (new / name).parent.mkdir(exist_ok=True)
        (new / name).write_text(html, "utf-8", newline="\n")
    return [*(file.relative_to(new).as_posix() for file in run), *pages]


def bundles(notebook: nbformat.NotebookNode, kind: str) -> Iterator[dict]:
    """What a notebook showed of one kind, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME, {})
            if bundle.get("kind") == kind:
                yield bundle


def markdown(source: str) -> str:
    """Markdown of a notebook as HTML: formulas as MathML, links to notebooks as links to their pages.

    >>> markdown("[on](02_keywords.ipynb)").strip()
    '<p><a href="02_keywords.html">on</a></p>'
    """
    return MarkdownWithMath(renderer=_PageRenderer(escape=False, anchor_link_text="")).render(source)


class _PageRenderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return convert(body, display="block")

    def inline_math(self, body: str) -> str:
        return convert(body)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url.removesuffix(".ipynb") + ".html" if url.endswith(".ipynb") else url, title)


def _notebook_page(stem: str, notebook: nbformat.NotebookNode, titles: dict[str, str], links: dict[str, str]) -> str:
    exporter = TemplateExporter(
        template_file="notebook.html.j2",
        extra_template_paths=[str(_TEMPLATES)],
        filters={"page_markdown": markdown, "show": lambda bundle: render(bundle, links=links), "MIME": lambda _: MIME},
    )
    stems = list(titles)
    at = stems.index(stem)
    around = {"before": stems[at - 1] if at else None, "after": stems[at + 1] if at + 1 < len(stems) else None}
    resources = {"titles": titles, "contents": _contents(notebook), "mime": MIME, "style": _style(), **around}
    return exporter.from_notebook_node(notebook, {"page": {"stem": stem, **resources}})[0]


def _index(notebooks: dict, titles: dict[str, str], articles: dict, links: dict[str, str]) -> str:
    findings = {stem: [f for b in bundles(nb, "findings") for f in b["findings"]] for stem, nb in notebooks.items()}
    corpora = {b["fingerprint"]: b for nb in notebooks.values() for b in bundles(nb, "corpus")}
    corpus = [render(bundle) for bundle in corpora.values()]
    # The comparison of the centres is what a reader came for: the last notebook leads.
    order = sorted(findings, reverse=True)
    return _page("index.html.j2", titles=titles, findings=findings, order=order, corpus=corpus, articles=articles, links=links)


def _page(template: str, **values: Any) -> str:
    environment = TEMPLATES.overlay()
    environment.loader = type(TEMPLATES.loader)([_TEMPLATES, *TEMPLATES.loader.searchpath])
    return environment.get_template(template).render(style=_style(), **values)


def _title(notebook: nbformat.NotebookNode) -> str:
    headings = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line[2:].strip() for line in headings if line.startswith("# ")), "Untitled")


def _contents(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Anchors and texts of the second-level headings."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return [(line[3:].strip().replace(" ", "-"), line[3:].strip()) for line in lines if line.startswith("## ")]


def _style() -> str:
    return (_TEMPLATES / "page.css").read_text("utf-8")
