"""Figure, table or sentence + name, caption, alt text -> one rich output in the notebook.

Each output is one MIME bundle: the HTML that JupyterLab shows and, under ``MIME``, the data, name and
caption as JSON. The report is made from these bundles and from nothing else. Whatever comes from a
corpus is escaped, so that it is read and never run.
"""

import base64
import io
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import display
from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure

from utils.corpus.articles import fingerprint
from utils.page.figures import house_style
from utils.corpus.tokens import sentence_table

PROJECT = "Sino-British innovation centres"
MIME = "application/vnd.corpus-study+json"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
HEADINGS = {
    "doc_id": "article",
    "per_10k": "per 10,000 tokens",
    "document_frequency": "articles with it",
    "dispersion": "dispersion (DP)",
    "dispersion_expected": "DP by chance, mean",
    "chance_low": "DP by chance, from",
    "chance_high": "DP by chance, to",
    "mattr": "MATTR",
    "mtld": "MTLD",
    "verdict": "what it says",
    "target": "tokens in target",
    "reference": "tokens in reference",
    "per_10k_target": "per 10,000, target",
    "per_10k_reference": "per 10,000, reference",
    "per_10k_english": "per 10,000, English",
    "log_ratio": "log ratio",
    "low": "from",
    "high": "to",
    "g2": "G² (four-term)",
    "p": "p (permutation)",
    "p_adjusted": "p adjusted",
    "documents": "articles",
    "driven_by": "driven by",
    "query": "name or query",
    "where": "in sentences",
    "number": "number, in full",
    "hits": "found",
    "with_article": "with",
    "given_words": "given words",
    "names_only": "more in names only",
    "of": "of sentences",
    "share": "share",
    "log_dice": "log-Dice",
    "mi": "MI",
    "delta_p_node": "ΔP, term given node",
    "delta_p_collocate": "ΔP, node given term",
    "start": "from character",
    "end": "to character",
}
_UNSEEN = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: "␡"}
_UNSEEN |= {code: f"⟨U+{code:04X}⟩" for code in [*range(0x80, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]}  # fmt: skip
_PLAIN_NUMBERS = ("year", "month", "day", "start", "end", "sentence", "paragraph")


def show(thing: Figure | pd.DataFrame, *, name: str, caption: str, alt: str = "", **options: Any) -> None:
    """Show a figure with its data, or a table, under a name that is unique in its notebook.

    A figure needs ``alt``, the finding in words, and ``data``, the table it was drawn from. A table
    shows its first ``rows`` rows (all when not given) without the columns of ``hide``; the bundle holds
    all. With ``folded`` the reader unfolds it.
    """
    if isinstance(thing, Figure):
        if not alt or "data" not in options:
            raise TypeError(f"show: the figure {name!r} needs alt= (the finding in words) and data= (its table)")
        _emit(
            {
                "kind": "figure",
                "name": name,
                "caption": caption,
                "alt": alt,
                **_pictures(thing),
                **_cells(options["data"]),
            }
        )
    else:
        chosen = {
            "shown": options.get("rows"),
            "hidden": options.get("hide", []),
            "folded": options.get("folded", False),
        }
        _emit({"kind": "table", "name": name, "caption": caption, **_cells(thing), **chosen})


def say(*sentences: str) -> None:
    """Show computed sentences as a paragraph."""
    _emit({"kind": "text", "text": " ".join(sentences)})


def show_findings(*sentences: str | tuple[str, pd.DataFrame]) -> None:
    """Show the notebook's findings as a list, each alone or with rows whose ``doc_id, sentence`` it rests on; the
    report's index repeats them."""
    pairs = [finding if isinstance(finding, tuple) else (finding, pd.DataFrame()) for finding in sentences]
    _emit(
        {
            "kind": "findings",
            "findings": [{"text": text.rstrip(".") + ".", "evidence": _evidence(rows)} for text, rows in pairs],
        }
    )


def _evidence(rows: pd.DataFrame) -> list:
    """Each article with the sentences that rows rest on, in order."""
    found: dict[str, set[int]] = {}
    for link in _links(rows):
        if link and link[1] is not None:
            found.setdefault(link[0], set()).add(link[1])
    return [[doc_id, sorted(sentences)] for doc_id, sentences in found.items()]


def show_corpus(articles: pd.DataFrame, tokens: pd.DataFrame, folder: Path | str | None = None) -> None:
    """Show which corpus this is and how large; the report's index repeats it."""
    name = Path(folder).resolve().name if folder else PROJECT
    size = {"articles": len(articles), "tokens": len(tokens), "types": int(tokens.term.nunique())}
    _emit({"kind": "corpus", "corpus": name, "fingerprint": fingerprint(articles), **size})


def show_articles(articles: pd.DataFrame) -> None:
    """Pass on the articles as collected, for the report's reading pages; a notebook shows only their number."""
    sentences = dict(iter(sentence_table(articles).groupby("doc_id", observed=False)))
    pages = [
        {"doc_id": doc_id, "meta": _metadata(article), "lines": list(_segments(article, sentences[doc_id]))}
        for doc_id, article in articles.iterrows()
    ]
    _emit({"kind": "articles", "articles": pages})


def show_run(articles: pd.DataFrame, parameters: dict[str, Any]) -> None:
    """Show what would be needed to run this again: parameters, versions, corpus fingerprint."""
    packages = ("nltk", "numpy", "pandas", "scipy", "matplotlib")
    told = {name: Path(value).name if name == "CORPUS" and value else value for name, value in parameters.items()}
    rows = [(f"parameter {name}", str(value)) for name, value in told.items()]
    rows += [("corpus fingerprint", fingerprint(articles)), ("Python", platform.python_version())]
    rows += [(package, version(package)) for package in packages]
    show(
        pd.DataFrame(rows, columns=["what", "value"]),
        name="run",
        caption="Parameters, corpus and versions of this run.",
    )


def render(bundle: dict, **page: Any) -> str:
    """HTML of a bundle, by the one template that notebooks and pages share."""
    return visible(TEMPLATES.get_template("bundle.html.j2").render(b=bundle, page=page))


def visible(text: str) -> str:
    """The text with every character that is not seen, or turns the direction of what follows, as a visible one.

    >>> visible("a\\x07b\\u202e")
    'a␇b⟨U+202E⟩'
    """
    return text.translate(_UNSEEN)


def _emit(bundle: dict) -> None:
    display({"text/html": render(bundle), "text/plain": bundle.get("caption", bundle["kind"]), MIME: bundle}, raw=True)


def _pictures(figure: Figure) -> dict[str, str]:
    """The figure as SVG text and as PNG in base64, the same bytes on every run."""
    svg, png = io.StringIO(), io.BytesIO()
    with house_style():
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    # Verdana has the widths of DejaVu Sans and stands on the machines that lack it.
    text = visible(svg.getvalue()).replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
    return {"svg": text, "png": base64.b64encode(png.getvalue()).decode()}


def _cells(table: pd.DataFrame) -> dict[str, list]:
    """Columns with headings, rows of plain values (None where blank), and what each row links to."""
    columns = [
        {
            "key": key,
            "label": HEADINGS.get(key, key.replace("_", " ")),
            "numeric": bool(pd.api.types.is_numeric_dtype(column)),
            "plain": key in _PLAIN_NUMBERS,
        }
        for key, column in table.items()
    ]
    rows = [[_plain(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return {"columns": columns, "rows": rows, "links": _links(table)}


def _links(table: pd.DataFrame) -> list:
    """The article of each row and the sentence in it, where the table names them."""
    if "doc_id" not in table:
        return [None] * len(table)
    sentences = table.get("sentence", pd.Series(pd.NA, index=table.index))
    return [[str(d), None if pd.isna(n) else int(n)] for d, n in zip(table.doc_id, sentences, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [list(part) for part in value]
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and np.isinf(value):
        return "no bound"
    return (
        value.item() if isinstance(value, np.generic) else value if isinstance(value, int | float | str) else str(value)
    )


def _metadata(article: pd.Series) -> dict[str, str]:
    keys = [key for key in article.index if key not in ("raw", "lines", "body", "title")]
    return {"title": article.title} | {key: str(article[key]) for key in keys if article[key]}


def _segments(article: pd.Series, sentences: pd.DataFrame) -> Iterable[dict]:
    """The raw text cut into lines, and body lines into sentences; put together again, they are the file."""
    at = 0
    for line in article.lines:
        yield {"label": "", "parts": [[None, article.raw[at : line.start]]]}
        yield {"label": line.label, "rule": line.rule, "parts": _parts(article.raw, line, sentences)}
        at = line.end
    yield {"label": "", "parts": [[None, article.raw[at:]]]}


def _parts(raw: str, line: tuple, sentences: pd.DataFrame) -> list[list]:
    """Pairs of sentence number and text; a number stands once, where its sentence starts."""
    if line.label != "body":
        return [[0 if line.label == "title" else None, raw[line.start : line.end]]]
    inside = sentences[(sentences.start >= line.start) & (sentences.start < line.end)]
    edges = [line.start, *inside.start[inside.start > line.start], line.end]
    numbers = dict(zip(inside.start, inside.sentence, strict=True))
    return [
        [int(numbers[start]) if start in numbers else None, raw[start:end]]
        for start, end in zip(edges, edges[1:], strict=False)
    ]


def cell_text(cell: Any, column: dict) -> str:
    """A value as a reader sees it in a table."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "; ".join(
            f"{text} [{doc_id} {sentence or ''}]".replace(" ]", "]") if doc_id else text
            for text, doc_id, sentence in cell
        )
    if column.get("key") == "sentence" and cell == 0:
        return "title"
    if column["key"] in ("number", "recomputed") and isinstance(cell, int | float):
        return f"{cell:,.15g}" if column["key"] == "number" else f"{cell:,.4g}"
    if column.get("key") in ("p", "p_adjusted") and isinstance(cell, float):
        return "<0.001" if cell < 0.001 else f"{cell:.3f}"
    if column["key"].startswith("delta_p") and isinstance(cell, float):
        return f"{cell:.3f}"
    if column["numeric"] and isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell) if column["plain"] else f"{cell:,}" if isinstance(cell, int) else f"{cell:,.2f}"
    return str(cell)


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


TEMPLATES.globals.update(cell=cell_text, data_uri=_data_uri)
