"""Figure, table or sentences -> one rich output in the notebook.

Each output is one MIME bundle: the HTML that JupyterLab shows and, under ``MIME``, the data, name
and caption as JSON. The report is made from these bundles and from nothing else. A bundle holds
codes and raw values; the template puts them into words. Whatever comes from a corpus is escaped, so
that it is read and never run.
"""

import platform
from collections.abc import Iterable
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
from utils.page import linked
from utils.page.cells import cells_of
from utils.page.characters import visible
from utils.page.codebook import codebook_of
from utils.page.findings_corpus import describe_languages
from utils.page.grid import grid_of
from utils.page.heat import heat_of, shade_of
from utils.page.languages import lang_of, mark_chinese, remember_languages
from utils.page.links import link_to
from utils.page.names import names_among, remember_names
from utils.page.pictures import base64_of, pictures_of
from utils.page.reading import describe_collected, name_of_unit, named, pages_of
from utils.page.rows import CONTEXTS, side_of
from utils.page.token_index import MOST_TOKENS, pack_index
from utils.page.vector import inline_svg
from utils.page.wording import CONFOUNDED, count, join_words, sentence

PROJECT = "Sino-British innovation centres"
MIME = "application/vnd.corpus-study+json"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PACKAGES = "nltk numpy pandas scipy matplotlib".split()
_MOST_EVIDENCE = 30  # articles that a finding names; a table has all
_NO_ROWS = DataFrame(columns=["doc_id", "sentence"])
_NO_FORMULAS = "tex2jax_ignore mathjax_ignore"  # JupyterLab leaves dollar signs as they are


def show(thing: Figure | DataFrame, *, name: str, caption: str, **options: Any) -> None:
    """Show a table, or a figure with its data, under a name that is unique in its notebook.

    A table shows its first ``rows`` rows (all when not given) without the columns of ``hide``; the
    bundle holds all. Of a figure without axes only its data are shown, below its headline. With
    ``folded`` the reader unfolds the table. ``caution`` is said after verdicts of a difference:
    words, or the columns of the metadata that change with the groups. The columns
    ``beside`` of each row are shown beside its sentence on the page of its article. Raises
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
        elif thing.headline:
            bundle["caption"] = f"{sentence(thing.headline)} {caption}"
        thing = thing.data
    unknown = [key for key in bundle.get("beside", []) if key not in thing]
    if unknown:
        raise TypeError(f"show: the table {name!r} has no column {join_words(unknown)} for beside")
    _emit(bundle | cells_of(thing))


def show_heat(table: DataFrame, *, name: str, title: str, caption: str, by: tuple) -> None:
    """Show a table as shaded cells that lead to their sentences, for the two columns ``by``.

    The first names the rows and the second the columns; ``heat_of`` says what the table has. The
    title is the finding.
    """
    shades = {"title": sentence(title), "heat": heat_of(table, *by)}
    options = _options()
    _emit({"kind": "heat", "name": name, "caption": caption} | options | shades | cells_of(table))


def say(*sentences: str) -> None:
    """Show computed sentences as a paragraph."""
    _emit({"kind": "text", "text": " ".join(map(sentence, sentences))})


def show_findings(
    *findings: str | tuple[str, DataFrame], main: Iterable[str] | None = None
) -> None:
    """Show the findings of the notebook as a list.

    A finding is a sentence, or a sentence with the rows (``doc_id, sentence``) that it rests on.
    The report's first page repeats the sentences of ``main``: the first, where none are named.
    """
    listed = []
    doc_ids = []
    for finding in findings:
        text, rows = (finding, _NO_ROWS) if isinstance(finding, str) else finding
        evidence = _evidence(rows)
        more = len(evidence) - _MOST_EVIDENCE
        evidence = evidence[:_MOST_EVIDENCE]
        listed.append({"text": sentence(text), "evidence": evidence})
        if more > 0:
            listed[-1]["more"] = more
        doc_ids += [doc_id for doc_id, _ in evidence]
    texts = [finding["text"] for finding in listed[:1]]
    repeated = texts if main is None else list(map(sentence, main))
    names = names_among(doc_ids)
    _emit({"kind": "findings", "findings": listed, "names": names, "main": repeated})


def show_summary(summary: dict) -> None:
    """Show what ``summarise_facts`` or ``summarise_texts`` gives, for the report's first page."""
    _emit({"kind": "summary", **summary})


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
    """Pass on the articles as collected, for the report's pages; a notebook shows their number.

    Of a large corpus none are passed on here: ``show_run`` passes on those that the notebook has
    led to.
    """
    own = articles if len(articles) <= linked.MOST_PAGES else articles.iloc[:0]
    _emit_articles(articles, own, articles.attrs.get("notes", []))


def show_tokens(articles: DataFrame, tokens: DataFrame) -> None:
    """Pass on the tokens and titles of articles in one language, for the page that is asked."""
    code = next(iter(languages_of(articles)), "")
    index = pack_index(articles, tokens)
    _emit(
        {
            "kind": "tokens",
            "language": code,
            "name": name_of_language(code),
            "tokens": len(tokens),
            "index": index,
            "articles": named(articles) if index else [],
        }
    )


def show_run(articles: DataFrame, parameters: dict[str, Any]) -> None:
    """Show what is needed to run this again: parameters, versions, fingerprint of the corpus.

    It comes last: of a large corpus the articles that the notebook has led to are passed on.
    """
    rows = {f"parameter {name}": str(value) for name, value in parameters.items()}
    if parameters.get("CORPUS"):
        rows["parameter CORPUS"] = printable(Path(parameters["CORPUS"]).name)
    rows |= {"corpus fingerprint": fingerprint(articles), "Python": platform.python_version()}
    rows |= {package: version(package) for package in _PACKAGES}
    table = DataFrame(rows.items(), columns=["what", "value"])
    show(table, name="run", caption="Parameters, corpus and versions of this run.")
    if len(articles) > linked.MOST_PAGES:
        _emit_articles(articles, articles.loc[linked.linked_among(articles)], [])


def render(bundle: dict, **page: Any) -> str:
    """HTML of a bundle, by the one template that notebooks and pages share."""
    return visible(TEMPLATES.get_template("bundle.html.j2").render(b=bundle, page=page))


def _emit_articles(collected, own, notes):
    """Pass on some of the articles collected, and what there is of all."""
    _emit(
        {
            "kind": "articles",
            "articles": pages_of(own),
            "collected": describe_collected(collected),
            "codebook": codebook_of(collected),
            "notes": notes,
        }
    )


def _emit(bundle):
    linked.note_linked(bundle)
    plain = bundle.get("caption", bundle["kind"])
    html = f'<div class="{_NO_FORMULAS}">{render(bundle)}</div>'
    display({"text/html": html, "text/plain": plain, MIME: bundle}, raw=True)


def _options(rows=None, hide=(), folded=False, caution="", beside=()):
    if not isinstance(caution, str):
        caution = CONFOUNDED.format(columns=join_words(caution)) if len(caution) else ""
    options = {"shown": rows, "hidden": list(hide), "folded": folded, "caution": caution}
    return options | ({"beside": list(beside)} if beside else {})


def _evidence(rows):
    """Each article with the sentences that rows rest on, in order."""
    places = rows.dropna(subset="sentence").groupby("doc_id", sort=False, observed=True).sentence
    return [[doc_id, sorted({*map(int, numbers)})] for doc_id, numbers in places]


TEMPLATES.globals.update(
    base64=base64_of,
    count=count,
    inline_svg=inline_svg,
    shade_of=shade_of,
    lang_of=lang_of,
    grid_of=grid_of,
    link_to=link_to,
    mark_chinese=mark_chinese,
    side_of=side_of,
    CONTEXTS=CONTEXTS,
    visible=visible,
    MOST_TOKENS=MOST_TOKENS,
    MOST_PAGES=linked.MOST_PAGES,
    name_of_unit=name_of_unit,
)
