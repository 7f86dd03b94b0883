"""Figure, table or sentences -> one rich output in the notebook.

Each output is one MIME bundle: the HTML that JupyterLab shows and, under ``MIME``, the data, name
and caption as JSON. The report is made from these bundles and from nothing else. A bundle holds
codes and raw values; the template puts them into words. Whatever comes from a corpus is escaped, so
that it is read and never run.
"""

import base64
import io
import math
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import regex
from IPython.display import display
from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure
from pandas import DataFrame, Series

from utils.corpus.articles import CORPUS, fingerprint
from utils.corpus.tables import folder_of
from utils.corpus.tokens import sentence_table
from utils.page.columns import ARTICLE, cell_text, column_of, heading_of
from utils.page.house import house_style
from utils.page.names import name_of, remember_names
from utils.page.wording import CAUTIONED, CONFOUNDED, join_words, sentence

PROJECT = "Sino-British innovation centres"
MIME = "application/vnd.corpus-study+json"
NO_BOUND = "no bound"  # an end of an interval that is infinite
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PACKAGES = ("nltk", "numpy", "pandas", "scipy", "matplotlib")
# Control characters, and those that turn the direction of what follows.
_UNSEEN = regex.compile(r"(?V1)[\p{Cc}\p{Bidi_Control}--\t\n\r]")


def show(thing: Figure | DataFrame, *, name: str, caption: str, **options: Any) -> None:
    """Show a table, or a figure with its data, under a name that is unique in its notebook.

    A table shows its first ``rows`` rows (all when not given) without the columns of ``hide``; the
    bundle holds all. With ``folded`` the reader unfolds it. ``caution`` is said after verdicts of a
    difference: words, or the columns of the metadata that change with the groups. Raises
    ``TypeError`` for another option, and for a figure that has no ``data`` and ``alt``.
    """
    bundle = {"kind": "table", "name": name, "caption": caption} | _options(**options)
    if isinstance(thing, Figure):
        if not hasattr(thing, "alt"):
            raise TypeError(
                f"show: the figure {name!r} needs .data (its table) and .alt (its text)"
            )
        bundle |= {"kind": "figure", "alt": thing.alt} | _pictures(thing)
        thing = thing.data
    _emit(bundle | _cells(thing))


def say(*sentences: str) -> None:
    """Show computed sentences as a paragraph."""
    _emit({"kind": "text", "text": " ".join(map(sentence, sentences))})


def show_findings(*findings: str | tuple[str, DataFrame]) -> None:
    """Show the findings of the notebook as a list; the report's index repeats them.

    A finding is a sentence, or a sentence with the rows (``doc_id, sentence``) that it rests on.
    """
    pairs = [
        (finding, DataFrame()) if isinstance(finding, str) else finding for finding in findings
    ]
    evidence = [_evidence(rows) for _, rows in pairs]
    listed = [
        {"text": sentence(text), "evidence": places}
        for (text, _), places in zip(pairs, evidence, strict=True)
    ]
    doc_ids = [doc_id for places in evidence for doc_id, _ in places]
    _emit({"kind": "findings", "findings": listed, "names": _names(doc_ids)})


def show_corpus(articles: DataFrame, tokens: DataFrame) -> None:
    """Show which corpus this is and how large, and take the names of its articles for display."""
    remember_names(articles)
    folder = folder_of(articles)
    name = folder.resolve().name if folder else "texts without a folder"
    if folder and folder.resolve() == CORPUS.resolve():
        name = PROJECT
    size = {"articles": len(articles), "tokens": len(tokens), "types": int(tokens.term.nunique())}
    _emit({"kind": "corpus", "corpus": name, "fingerprint": fingerprint(articles)} | size)


def show_articles(articles: DataFrame) -> None:
    """Pass on the articles as collected, for the report's pages; a notebook shows their number."""
    sentences = dict(list(sentence_table(articles).groupby("doc_id", observed=False)))
    pages = [
        {
            "doc_id": doc_id,
            "short_title": article.get("short_title") or doc_id,
            "meta": _metadata(article),
            "lines": list(_lines(article, sentences[doc_id])),
        }
        for doc_id, article in articles.iterrows()
    ]
    _emit({"kind": "articles", "articles": pages})


def show_run(articles: DataFrame, parameters: dict[str, Any]) -> None:
    """Show what is needed to run this again: parameters, versions, fingerprint of the corpus."""
    rows = {f"parameter {name}": str(value) for name, value in parameters.items()}
    if parameters.get("CORPUS"):
        rows["parameter CORPUS"] = Path(parameters["CORPUS"]).name
    rows |= {"corpus fingerprint": fingerprint(articles), "Python": platform.python_version()}
    rows |= {package: version(package) for package in _PACKAGES}
    table = DataFrame(rows.items(), columns=["what", "value"])
    show(table, name="run", caption="Parameters, corpus and versions of this run.")


def render(bundle: dict, **page: Any) -> str:
    """HTML of a bundle, by the one template that notebooks and pages share."""
    return visible(TEMPLATES.get_template("bundle.html.j2").render(b=bundle, page=page))


def visible(text: str) -> str:
    """The text with marks for characters that are not seen or turn the direction of reading.

    >>> visible("a\\x07b\\u202e")
    'a␇b⟨U+202E⟩'
    """
    return _UNSEEN.sub(_mark_of, text)


def _mark_of(unseen: regex.Match) -> str:
    code = ord(unseen[0])
    return chr(0x2400 + code) if code < 32 else f"⟨U+{code:04X}⟩"


def _emit(bundle: dict) -> None:
    plain = bundle.get("caption", bundle["kind"])
    display({"text/html": render(bundle), "text/plain": plain, MIME: bundle}, raw=True)


def _options(
    rows: int | None = None,
    hide: Iterable[str] = (),
    folded: bool = False,
    caution: str | Iterable[str] = "",
) -> dict[str, Any]:
    if caution and not isinstance(caution, str):
        caution = CONFOUNDED.format(columns=join_words(caution))
    return {"shown": rows, "hidden": list(hide), "folded": folded, "caution": caution or ""}


def _pictures(figure: Figure) -> dict[str, str]:
    """The figure as SVG text and as PNG in base64, the same bytes on every run."""
    svg = io.StringIO()
    png = io.BytesIO()
    with house_style():
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    # Verdana has the widths of DejaVu Sans, for machines that lack it.
    fonts = "'DejaVu Sans', Verdana, sans-serif"
    text = visible(svg.getvalue()).replace("'DejaVu Sans'", fonts)
    return {"svg": text, "png": base64.b64encode(png.getvalue()).decode()}


def _cells(table: DataFrame) -> dict[str, Any]:
    """Columns, rows of plain values (None where blank), their links and the names of articles."""
    columns = [
        {"key": key, "numeric": bool(pd.api.types.is_numeric_dtype(values))}
        for key, values in table.items()
    ]
    rows = [[_plain(value) for value in row] for row in table.itertuples(index=False, name=None)]
    keys = [key for key in table if column_of(key).format == ARTICLE]
    doc_ids = table[keys].astype(object).to_numpy().ravel()
    return {"columns": columns, "rows": rows, "links": _links(table), "names": _names(doc_ids)}


def _names(doc_ids: Iterable[str]) -> dict[str, str]:
    return {doc_id: name_of(doc_id) for doc_id in doc_ids if isinstance(doc_id, str) and doc_id}


def _links(table: DataFrame) -> list:
    """The article of each row and the sentence in it, where the table names them."""
    if "doc_id" not in table:
        return [None] * len(table)
    sentences = table.get("sentence", Series(pd.NA, index=table.index))
    return [
        [str(doc_id), None if pd.isna(number) else int(number)]
        for doc_id, number in zip(table.doc_id, sentences, strict=True)
    ]


def _evidence(rows: DataFrame) -> list:
    """Each article with the sentences that rows rest on, in order."""
    places: dict[str, set[int]] = {}
    for doc_id, number in filter(None, _links(rows)):
        if number is not None:
            places.setdefault(doc_id, set()).add(number)
    return [[doc_id, sorted(numbers)] for doc_id, numbers in places.items()]


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, list):
        return [list(fact) for fact in value]
    if pd.isna(value):
        return None
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and math.isinf(value):
        return NO_BOUND
    return value if isinstance(value, int | float | str) else str(value)


def _metadata(article: Series) -> dict[str, str]:
    left_out = ["raw", "lines", "body", "title", "short_title"]
    given = article.drop(left_out, errors="ignore")
    return {"title": article.title} | given[given.astype(bool)].map(str).to_dict()


def _lines(article: Series, sentences: DataFrame) -> Iterator[dict]:
    """The raw text in lines, body lines in sentences; joined again, they are the file."""
    done = 0
    for line in article.lines:
        yield {"label": "", "parts": [[None, article.raw[done : line.start]]]}
        parts = _parts(article.raw, line, sentences)
        yield {"label": line.label, "rule": line.rule, "parts": parts}
        done = line.end
    yield {"label": "", "parts": [[None, article.raw[done:]]]}


def _parts(raw: str, line: tuple, sentences: DataFrame) -> list[list]:
    """Pairs of sentence number and text; a number is given once, where its sentence starts."""
    if line.label != "body":
        return [[0 if line.label == "title" else None, raw[line.start : line.end]]]
    inside = sentences[(sentences.start >= line.start) & (sentences.start < line.end)]
    numbers = dict(zip(inside.start.tolist(), inside.sentence.tolist(), strict=True))
    starts = sorted({line.start, *numbers})
    ends = [*starts[1:], line.end]
    return [[numbers.get(start), raw[start:end]] for start, end in zip(starts, ends, strict=True)]


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


TEMPLATES.globals.update(
    cell_text=cell_text, heading_of=heading_of, data_uri=_data_uri, CAUTIONED=CAUTIONED
)
