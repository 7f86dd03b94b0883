"""Executed notebooks become HTML pages, by nbconvert and our templates, from nothing else."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import nbformat
import regex
from jinja2 import Environment, FileSystemLoader
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from utils.page.characters import visible
from utils.page.house import css_colours
from utils.page.show import MIME, render
from utils.report.executed import (
    bundles,
    cells_without_findings,
    check_bundles,
    given_parameters,
    headings,
)
from utils.report.exports import FORMATS, write_exports
from utils.report.markdown import anchor_of, markdown_to_html
from utils.report.places import is_device, is_run_of

_TEMPLATES = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_PAGES.globals.update(show=render, bundles=bundles, given_parameters=given_parameters)
STYLES = {
    "index": "page.css table.css figure.css index.css print.css",
    "notebook": "page.css table.css figure.css print.css",
    "article": "page.css article.css print.css",
}
SCRIPTS = {
    "index": "page.js",
    "notebook": "page.js table.js",
    "article": "page.js article.js",
}
"""What goes into the pages of each kind."""
_LONGEST_NAME = 100  # bytes of a file's name that are taken from a name in the corpus
_FIRST = "matrix"  # the notebook that has rows in this table, of coded facts, leads the index


class Study(NamedTuple):
    """What the pages are made of.

    Executed notebooks, their titles, and the language of those that are there in several, by name;
    the corpora they ran on, one if all is well; articles and the pages that they are on by
    ``doc_id``.
    """

    notebooks: dict
    titles: dict
    languages: dict
    corpora: list
    articles: dict
    links: dict


def write_pages(folder: Path, failures: dict) -> list[str]:
    """Write the pages of ``folder/notebooks``, and the files to download, into ``folder``.

    The index says which notebooks failed this time, and whether what an earlier run made of them
    is here. Returns the names of all files, the notebooks among them. Raises ``Mistake`` where a
    cell shows what no page can be made from.
    """
    files = sorted((folder / "notebooks").glob("*.ipynb"), key=lambda file: file.stem)
    study = _read_study(files)
    order = sorted(study.notebooks, key=lambda stem: (not _leads(study.notebooks[stem]), stem))
    index = _page("index", study=study, order=order, failures=failures)
    pages = {"index.html": index}
    for stem in study.notebooks:
        files += write_exports(study.notebooks[stem].cells, folder / "data" / stem)
        pages[f"{stem}.html"] = _notebook_page(stem, study)
    for doc_id, link in study.links.items():
        pages[link] = _page("article", article=study.articles[doc_id])
    for name, html in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(visible(html), "utf-8", "replace", "\n")
    return [*(file.relative_to(folder).as_posix() for file in files), *pages]


def _leads(notebook: NotebookNode) -> bool:
    tables = bundles(notebook.cells, "table")
    return any(table["rows"] for table in tables if table["name"] == _FIRST)


def _read_study(files: list[Path]) -> Study:
    """The study in files of executed notebooks."""
    notebooks = {file.stem: nbformat.read(file, as_version=4) for file in files}
    cells = []
    for stem, notebook in notebooks.items():
        check_bundles(stem, notebook.cells)
        cells += notebook.cells
    languages = _languages_of_several(notebooks)
    titles = {stem: _title(stem, notebooks[stem], languages) for stem in notebooks}
    corpora = {bundle["fingerprint"]: bundle for bundle in bundles(cells, "corpus")}
    articles = {
        article["doc_id"]: article
        for bundle in bundles(cells, "articles")
        for article in bundle["articles"]
    }
    links = {doc_id: f"articles/{_file_name(doc_id)}.html" for doc_id in articles}
    return Study(notebooks, titles, languages, list(corpora.values()), articles, links)


def _languages_of_several(notebooks: dict) -> dict:
    """The language of each notebook that ran in more than one, by name."""
    return {
        stem: bundle["language"]
        for stem, notebook in notebooks.items()
        for bundle in bundles(notebook.cells, "corpus")
        if "language" in bundle and len(_versions(stem, notebooks)) > 1
    }


def _versions(stem: str, stems: Iterable[str]) -> list[str]:
    """The names of a notebook in all languages."""
    return [
        other
        for other in stems
        if is_run_of(other, stem) or is_run_of(other, stem.rpartition(".")[0])
    ]


def _title(stem: str, notebook: NotebookNode, languages: dict) -> str:
    title = next(iter(headings(notebook.cells, "# ")), stem)
    return f"{title} ({languages[stem]})" if stem in languages else title


def _file_name(doc_id: str) -> str:
    """A name that every file system takes; one that is changed for it ends in a hash of the whole.

    >>> _file_name("rain.1"), _file_name("港" * 90), _file_name("../a:b"), _file_name("NUL")
    ('rain.1', '港港港港港港港港港港港港港港港港-0440ba84', 'a-b-7b26657f', 'NUL-ae6de182')
    """
    plain = regex.sub(r"[^\w.-]+", "-", doc_id).strip(".-")
    if plain == doc_id and len(doc_id.encode()) <= _LONGEST_NAME and not is_device(doc_id):
        return doc_id
    digest = hashlib.sha256(doc_id.encode("utf-8", "replace")).hexdigest()
    return f"{plain[:16].split('.')[0]}-{digest[:8]}"


def _notebook_page(stem: str, study: Study) -> str:
    notebook = study.notebooks[stem]
    cells = cells_without_findings(notebook)
    same = [
        other
        for other in study.notebooks
        if study.languages.get(other) in (study.languages.get(stem), None)
    ]
    stems = [None, *same, None]
    place = stems.index(stem)
    pages = {_notebook_of(other, study): f"{other}.html" for other in [*study.notebooks, *same]}
    page = {
        "titles": study.titles,
        "stem": stem,
        "before": stems[place - 1],
        "after": stems[place + 1],
        "versions": _versions(stem, study.languages),
        "languages": study.languages,
        "findings": list(bundles(notebook.cells, "findings")),
        "contents": [(anchor_of(heading), heading) for heading in headings(cells, "## ")],
        "mime": MIME,
        **_frame("notebook"),
    }
    show = partial(render, links=study.links, files=f"data/{stem}", formats=FORMATS, sortable=True)
    exporter = TemplateExporter(
        template_file="notebook.html.j2",
        extra_template_paths=[str(_TEMPLATES)],
        filters={"show": show, "html": partial(markdown_to_html, pages=pages)},
    )
    shown = NotebookNode({**notebook, "cells": cells})
    return exporter.from_notebook_node(shown, {"page": page})[0]


def _notebook_of(stem: str, study: Study) -> str:
    """The notebook that a run was of."""
    before = stem.rpartition(".")[0]
    return before if before in study.notebooks else stem


def _page(kind: str, **values) -> str:
    return _PAGES.get_template(f"{kind}.html.j2").render(**_frame(kind), **values)


def _frame(kind: str) -> dict[str, str]:
    """Style and script of a kind of page, and the hashes that let these work and no others."""
    style = css_colours() + _joined(STYLES[kind])
    script = _joined(SCRIPTS[kind])
    hashes = {"style_hash": _csp_hash(style), "script_hash": _csp_hash(script)}
    return {"style": style, "script": script, **hashes}


def _joined(names: str) -> str:
    return "".join((_TEMPLATES / name).read_text("utf-8") for name in names.split())


def _csp_hash(text: str) -> str:
    """The hash of an element's text as a content security policy has it."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
