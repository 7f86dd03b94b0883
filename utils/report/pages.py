"""Executed notebooks become HTML pages, by nbconvert and our templates, from nothing else."""

import hashlib
from functools import partial
from pathlib import Path

import nbformat
import regex
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from utils.page.characters import visible
from utils.page.show import MIME, render
from utils.report.dictionary import tables_of
from utils.report.executed import (
    bundles,
    cells_of_page,
    check_bundles,
    codes_of,
    figures_of_findings,
    has_evidence,
    headings,
)
from utils.report.exports import FORMATS, write_exports
from utils.report.first_page import INDEX, make_first_page
from utils.report.frame import TEMPLATES, Study, frame_of, make_page, parts_beside
from utils.report.markdown import anchor_of, markdown_to_html
from utils.report.methods import PAGE as METHODS
from utils.report.methods import make_methods_page
from utils.report.places import is_device, is_run_of
from utils.report.reading import reading_pages
from utils.report.search_page import SEARCH, names_of_search, search_pages
from utils.report.take_along import TAKEN_ALONG, write_take_along

_LONGEST_NAME = 100  # bytes of a file's name that are taken from a name in the corpus


def write_pages(folder: Path, failures: dict, excel: bool = False) -> list[str]:
    """Write the pages of ``folder/notebooks``, and the files to download, into ``folder``.

    The index says which notebooks failed this time, and whether what an earlier run made of them
    is here. For ``excel`` CSV files have a byte-order mark. Returns the names of all files, the
    notebooks among them. Raises ``Mistake`` where a cell shows what no page can be made from.
    """
    files = sorted((folder / "notebooks").glob("*.ipynb"), key=lambda file: file.stem)
    study = _read_study(files)
    pages = {INDEX: make_first_page(study, failures)}
    exporter = TemplateExporter(
        template_file="notebook.html.j2",
        extra_template_paths=[str(TEMPLATES)],
        default_preprocessors=[],
    )
    for stem in study.notebooks:
        files += write_exports(study.notebooks[stem].cells, folder / "data" / stem, excel)
        pages[f"{stem}.html"] = _notebook_page(stem, study, exporter)
    for link, values in reading_pages(study):
        pages[link] = make_page("article", link, study, **values)
    pages |= dict(search_pages(study))
    tables = tables_of(study.notebooks)
    pages[METHODS], references = make_methods_page(study, tables, TAKEN_ALONG)
    for name, html in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(visible(html), "utf-8", "replace", "\n")
    names = [*(file.relative_to(folder).as_posix() for file in files), *pages]
    return names + write_take_along(folder, study, names, tables, references)


def _read_study(files):
    """The study in files of executed notebooks."""
    notebooks = {file.stem: nbformat.read(file, as_version=4) for file in files}
    cells = []
    for stem, notebook in notebooks.items():
        check_bundles(stem, notebook.cells)
        cells += notebook.cells
    languages = _languages_of_several(notebooks)
    titles = {stem: _title(stem, notebooks[stem], languages) for stem in notebooks}
    corpora = {bundle["fingerprint"]: bundle for bundle in bundles(cells, "corpus")}
    articles = _articles_in(cells)
    links = {doc_id: f"articles/{_file_name(doc_id)}.html" for doc_id in articles}
    names = {link: articles[doc_id]["short_title"] for doc_id, link in links.items()}
    return Study(
        notebooks,
        titles,
        languages,
        list(corpora.values()),
        articles,
        links,
        _around(titles, languages) | _neighbours(names),
        further=names_of_search(notebooks) | {METHODS: "Method and data"},
        collected=next((bundle["collected"] for bundle in bundles(cells, "articles")), None),
    )


def _articles_in(cells):
    """The articles that cells pass on, by ``doc_id``, each with the codebook of its corpus."""
    return {
        article["doc_id"]: article | {"codebook": bundle.get("codebook")}
        for bundle in bundles(cells, "articles")
        for article in bundle["articles"]
    }


def _around(titles, languages):
    """The pages before and after each notebook's, of those in its language, and after the index."""
    around = {}
    for language in reversed([*languages.values()] or [None]):
        names = {"index.html": "First page of the report"}
        for stem, title in titles.items():
            if languages.get(stem, language) == language:
                names[f"{stem}.html"] = title
        around |= _neighbours(names)
    return around


def _neighbours(names):
    """What is before and after each of some pages, from their names by their files."""
    row = [None, *names.items(), None]
    return {file: (row[place], row[place + 2]) for place, file in enumerate(names)}


def _languages_of_several(notebooks):
    """The language of each notebook that ran in more than one, by name."""
    return {
        stem: bundle["language"]
        for stem, notebook in notebooks.items()
        for bundle in bundles(notebook.cells, "corpus")
        if "language" in bundle and len(_versions(stem, notebooks)) > 1
    }


def _versions(stem, stems):
    """The names of a notebook in all languages."""
    return [
        other
        for other in stems
        if is_run_of(other, stem) or is_run_of(other, stem.rpartition(".")[0])
    ]


def _title(stem, notebook, languages):
    title = next(iter(headings(notebook.cells, "# ")), stem)
    return f"{title} ({languages[stem]})" if stem in languages else title


def _file_name(doc_id):
    """A name that every file system takes; one that is changed for it ends in a hash of the whole.

    >>> _file_name("rain.1"), _file_name("港" * 90), _file_name("../a:b"), _file_name("NUL")
    ('rain.1', '港港港港港港港港港港港港港港港港-0440ba84', 'a-b-7b26657f', 'NUL-ae6de182')
    """
    plain = regex.sub(r"[^\w.-]+", "-", doc_id).strip(".-")
    if plain == doc_id and len(doc_id.encode()) <= _LONGEST_NAME and not is_device(doc_id):
        return doc_id
    digest = hashlib.sha256(doc_id.encode("utf-8", "replace")).hexdigest()
    return f"{plain[:16].split('.')[0]}-{digest[:8]}"


def _notebook_page(stem, study, exporter):
    notebook = study.notebooks[stem]
    cells = cells_of_page(notebook)
    pages = {_notebook_of(other, study): f"{other}.html" for other in study.notebooks}
    name = f"{stem}.html"
    pages |= {
        _notebook_of(file.removesuffix(".html"), study): file for file in parts_beside(name, study)
    }
    page = {
        "titles": study.titles,
        "stem": stem,
        "versions": _versions(stem, study.languages),
        "languages": study.languages,
        "findings": list(bundles(notebook.cells, "findings")),
        "corpora": list(bundles(notebook.cells, "corpus")),
        "contents": [(anchor_of(heading), heading) for heading in headings(cells, "## ")],
        "codes": codes_of(notebook),
        "has_evidence": has_evidence(cells),
        "support": _shown_in("support", study),
        "mime": MIME,
        "frame": frame_of("notebook", name, study),
    }
    show = partial(
        render,
        links=study.links,
        files=f"data/{stem}",
        formats=FORMATS,
        search=SEARCH in study.further,
        figures=figures_of_findings(notebook.cells),
    )
    exporter.register_filter("show", show)
    exporter.register_filter("html", partial(markdown_to_html, pages=pages))
    shown = NotebookNode({**notebook, "cells": cells})
    return exporter.from_notebook_node(shown, {"page": page})[0]


def _shown_in(name, study):
    """Where a table is, as a link; nothing where no notebook shows it."""
    for stem, notebook in study.notebooks.items():
        if any(table["name"] == name for table in bundles(notebook.cells, "table")):
            return f"{stem}.html#{name}"
    return ""


def _notebook_of(stem, study):
    """The notebook that a run was of."""
    before = stem.rpartition(".")[0]
    return before if before in study.notebooks else stem
