"""Executed notebooks become HTML pages, by nbconvert and our templates, from nothing else."""

import hashlib
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import NamedTuple

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from utils.page.house import css_colours
from utils.page.show import MIME, render, visible
from utils.report.executed import bundles, cells_without_findings, given_parameters, headings
from utils.report.exports import FORMATS, write_exports
from utils.report.markdown import anchor_of, markdown_to_html

_TEMPLATES = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_PAGES.globals.update(show=render, bundles=bundles, given_parameters=given_parameters)
_LONGEST_NAME = 100  # bytes of a file's name that are taken from a name in the corpus
_FIRST = "centres"  # the notebook with this word in its name leads the index


class Study(NamedTuple):
    """What the pages are made of.

    Executed notebooks and their titles by name; the corpora they ran on, one if all is well;
    articles and the pages that they are on by ``doc_id``.
    """

    notebooks: dict
    titles: dict
    corpora: list
    articles: dict
    links: dict


def write_pages(new: Path, old: Path, failures: dict) -> list[str]:
    """Write the pages of ``new/notebooks``, and the files to download, into ``new``.

    Notebooks that an earlier run executed into ``old`` keep their pages, and the index says which
    of them failed this time. Returns the names of all files of this run, the notebooks among them;
    none are written where no notebook ran.
    """
    executed = sorted((new / "notebooks").glob("*.ipynb"))
    if not executed:
        return []
    study = _read_study([*(old / "notebooks").glob("*.ipynb"), *executed])
    files = list(executed)
    order = sorted(study.notebooks, key=lambda stem: (_FIRST not in stem, stem))
    index = _page("index.html.j2", study=study, order=order, failures=failures)
    pages = {"index.html": index}
    for stem in [file.stem for file in executed]:
        files += write_exports(study.notebooks[stem].cells, new / "data" / stem)
        pages[f"{stem}.html"] = _notebook_page(stem, study)
    for doc_id, link in study.links.items():
        pages[link] = _page("article.html.j2", article=study.articles[doc_id])
    for name, html in pages.items():
        (new / name).parent.mkdir(exist_ok=True)
        (new / name).write_text(visible(html), "utf-8", newline="\n")
    return [*(file.relative_to(new).as_posix() for file in files), *pages]


def _read_study(files: list[Path]) -> Study:
    """The study in files of executed notebooks; the last file of a name counts."""
    last = {file.stem: file for file in files}
    notebooks = {stem: nbformat.read(last[stem], as_version=4) for stem in sorted(last)}
    titles = {}
    cells = []
    for stem, notebook in notebooks.items():
        titles[stem] = next(iter(headings(notebook.cells, "# ")), stem)
        cells += notebook.cells
    corpora = {bundle["fingerprint"]: bundle for bundle in bundles(cells, "corpus")}
    articles = {
        article["doc_id"]: article
        for bundle in bundles(cells, "articles")
        for article in bundle["articles"]
    }
    links = {doc_id: f"articles/{_file_name(doc_id)}.html" for doc_id in articles}
    return Study(notebooks, titles, list(corpora.values()), articles, links)


def _file_name(doc_id: str) -> str:
    """A name that every file system takes: a long one is cut, and ends in a hash of the whole.

    >>> _file_name("rain"), _file_name("港" * 90)
    ('rain', '港港港港港港港港港港港港港港港港-0440ba84')
    """
    if len(doc_id.encode()) <= _LONGEST_NAME:
        return doc_id
    return f"{doc_id[:16]}-{hashlib.sha256(doc_id.encode()).hexdigest()[:8]}"


def _notebook_page(stem: str, study: Study) -> str:
    notebook = study.notebooks[stem]
    cells = cells_without_findings(notebook)
    stems = [None, *study.notebooks, None]
    place = stems.index(stem)
    page = {
        "titles": study.titles,
        "stem": stem,
        "before": stems[place - 1],
        "after": stems[place + 1],
        "findings": list(bundles(notebook.cells, "findings")),
        "contents": [(anchor_of(heading), heading) for heading in headings(cells, "## ")],
        "mime": MIME,
        **_frame(),
    }
    show = partial(render, links=study.links, files=f"data/{stem}", formats=FORMATS, sortable=True)
    exporter = TemplateExporter(
        template_file="notebook.html.j2",
        extra_template_paths=[str(_TEMPLATES)],
        filters={"show": show, "html": partial(markdown_to_html, pages=study.titles)},
    )
    shown = NotebookNode({**notebook, "cells": cells})
    return exporter.from_notebook_node(shown, {"page": page})[0]


def _page(template: str, **values) -> str:
    return _PAGES.get_template(template).render(**_frame(), **values)


def _frame() -> dict[str, str]:
    """Style and script of every page, and the hash that lets this script run and no other."""
    style = css_colours() + (_TEMPLATES / "page.css").read_text("utf-8")
    script = (_TEMPLATES / "page.js").read_text("utf-8")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"style": style, "script": script, "script_hash": f"sha256-{digest}"}
