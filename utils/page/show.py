"""Figure, table or sentences -> one rich output in the notebook.

Each output is one MIME bundle: the HTML that JupyterLab shows and, under ``MIME``, the data, name
and caption as JSON. The report is made from these bundles and from nothing else. A bundle holds
codes and raw values; the template puts them into words. Whatever comes from a corpus is escaped, so
that it is read and never run.
"""

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from IPython.display import display
from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure
from pandas import DataFrame

from utils.corpus.articles import CORPUS, fingerprint
from utils.corpus.files import printable
from utils.corpus.languages import languages_of, name_of_language
from utils.corpus.tables import folder_of
from utils.page.cells import cells_of
from utils.page.characters import visible
from utils.page.columns import cell_text, format_of, heading_of
from utils.page.findings_corpus import describe_languages
from utils.page.languages import lang_of, remember_languages
from utils.page.names import names_among, remember_names
from utils.page.pictures import base64_of, pictures_of
from utils.page.reading import pages_of
from utils.page.wording import CAUTIONED, CONFOUNDED, join_words, sentence

PROJECT = "Sino-British innovation centres"
MIME = "application/vnd.corpus-study+json"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PACKAGES = ("nltk", "numpy", "pandas", "scipy", "matplotlib")
_NO_ROWS = DataFrame(columns=["doc_id", "sentence"])
_NO_FORMULAS = "tex2jax_ignore mathjax_ignore"  # JupyterLab leaves dollar signs as they are


def show(thing: Figure | DataFrame, *, name: str, caption: str, **options: Any) -> None:
    """Show a table, or a figure with its data, under a name that is unique in its notebook.

    A table shows its first ``rows`` rows (all when not given) without the columns of ``hide``; the
    bundle holds all. Of a figure without axes only its data are shown. With ``folded`` the reader
    unfolds the table. ``caution`` is said after verdicts of a
    difference: words, or the columns of the metadata that change with the groups. Raises
    ``TypeError`` for another option, and for a figure that has no ``data`` and ``alt``.
    """
    bundle = {"kind": "table", "name": name, "caption": caption} | _options(**options)
    if isinstance(thing, Figure):
        if not hasattr(thing, "alt"):
            raise TypeError(
                f"show: the figure {name!r} needs .data (its table) and .alt (its text)"
            )
        if thing.axes:
            bundle |= {"kind": "figure", "alt": thing.alt} | pictures_of(thing)
        thing = thing.data
    _emit(bundle | cells_of(thing))


def say(*sentences: str) -> None:
    """Show computed sentences as a paragraph."""
    _emit({"kind": "text", "text": " ".join(map(sentence, sentences))})


def show_findings(*findings: str | tuple[str, DataFrame]) -> None:
    """Show the findings of the notebook as a list; the report's index repeats them.

    A finding is a sentence, or a sentence with the rows (``doc_id, sentence``) that it rests on.
    """
    listed = []
    doc_ids = []
    for finding in findings:
        text, rows = (finding, _NO_ROWS) if isinstance(finding, str) else finding
        evidence = _evidence(rows)
        listed.append({"text": sentence(text), "evidence": evidence})
        doc_ids += [doc_id for doc_id, _ in evidence]
    _emit({"kind": "findings", "findings": listed, "names": names_among(doc_ids)})


def show_corpus(articles: DataFrame, tokens: DataFrame, collected: DataFrame | None = None) -> None:
    """Show which corpus this is, how large and in which languages, and take its articles' names.

    ``collected`` is the whole corpus, where the articles are those of one language.
    """
    whole = articles if collected is None else collected
    remember_names(whole)
    remember_languages(whole, articles)
    folder = folder_of(articles)
    name = printable(folder.resolve().name) if folder else _file_of(articles)
    if folder and folder.resolve() == CORPUS.resolve():
        name = PROJECT
    _emit(
        {
            "kind": "corpus",
            "corpus": name,
            "fingerprint": fingerprint(whole),
            "articles": len(articles),
            "tokens": len(tokens),
            "types": int(tokens.term.nunique()),
            "collected": len(whole),
            "languages": sentence(describe_languages(whole, articles)),
            "overall": sentence(describe_languages(whole, whole)),
            "language": join_words(map(name_of_language, languages_of(articles))),
        }
    )


def _file_of(articles):
    """The name of the one file that all articles are from."""
    names = {name.partition("/")[0] for name in articles.get("file", [])}
    return names.pop() if len(names) == 1 else "texts without a folder"


def show_articles(articles: DataFrame) -> None:
    """Pass on the articles as collected, for the report's pages; a notebook shows their number."""
    _emit(
        {
            "kind": "articles",
            "articles": pages_of(articles),
            "notes": articles.attrs.get("notes", []),
        }
    )


def show_run(articles: DataFrame, parameters: dict[str, Any]) -> None:
    """Show what is needed to run this again: parameters, versions, fingerprint of the corpus."""
    rows = {f"parameter {name}": str(value) for name, value in parameters.items()}
    if parameters.get("CORPUS"):
        rows["parameter CORPUS"] = printable(Path(parameters["CORPUS"]).name)
    rows |= {"corpus fingerprint": fingerprint(articles), "Python": platform.python_version()}
    rows |= {package: version(package) for package in _PACKAGES}
    table = DataFrame(rows.items(), columns=["what", "value"])
    show(table, name="run", caption="Parameters, corpus and versions of this run.")


def render(bundle: dict, **page: Any) -> str:
    """HTML of a bundle, by the one template that notebooks and pages share."""
    return visible(TEMPLATES.get_template("bundle.html.j2").render(b=bundle, page=page))


def _emit(bundle):
    plain = bundle.get("caption", bundle["kind"])
    html = f'<div class="{_NO_FORMULAS}">{render(bundle)}</div>'
    display({"text/html": html, "text/plain": plain, MIME: bundle}, raw=True)


def _options(rows=None, hide=(), folded=False, caution=""):
    if not isinstance(caution, str):
        caution = CONFOUNDED.format(columns=join_words(caution)) if len(caution) else ""
    return {"shown": rows, "hidden": list(hide), "folded": folded, "caution": caution}


def _evidence(rows):
    """Each article with the sentences that rows rest on, in order."""
    places = rows.dropna(subset="sentence").groupby("doc_id", sort=False, observed=True).sentence
    return [[doc_id, sorted({*map(int, numbers)})] for doc_id, numbers in places]


TEMPLATES.globals.update(
    cell_text=cell_text,
    format_of=format_of,
    heading_of=heading_of,
    base64=base64_of,
    zip=zip,
    lang_of=lang_of,
    CAUTIONED=CAUTIONED,
)
