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
import warnings
from importlib.metadata import version
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from unicodedata import category, east_asian_width
from unicodedata import name as name_of_character

import matplotlib
import numpy as np
import regex
from IPython.display import display
from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure
from pandas import DataFrame, isna
from pandas.api.types import is_numeric_dtype

from utils.corpus.articles import CORPUS, fingerprint
from utils.corpus.files import printable
from utils.corpus.languages import language_column, languages_of, name_of_language
from utils.corpus.tables import folder_of
from utils.corpus.tokens import sentence_table
from utils.page.columns import ARTICLE, cell_text, format_of, heading_of
from utils.page.findings_corpus import describe_languages
from utils.page.house import house_style
from utils.page.languages import lang_of, languages_among, remember_languages
from utils.page.names import names_among, remember_names
from utils.page.wording import CAUTIONED, CONFOUNDED, inflect, join_words, sentence

PROJECT = "Sino-British innovation centres"
MIME = "application/vnd.corpus-study+json"
UNSEEN = 12  # characters without a font that a sentence names
NO_BOUND = "no bound"  # an end of an interval that is infinite
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PACKAGES = ("nltk", "numpy", "pandas", "scipy", "matplotlib")
_NO_ROWS = DataFrame(columns=["doc_id", "sentence"])
_NO_FORMULAS = "tex2jax_ignore mathjax_ignore"  # JupyterLab leaves dollar signs as they are
_FONTS = "'DejaVu Sans', Verdana, sans-serif"  # Verdana has its widths, for those who lack it
_GLYPH = regex.compile(r"Glyph (\d+)")
_CJK = "Noto Sans CJK SC"
_WIDE = ("W", "F")  # characters of Chinese, Japanese and Korean, and their brackets and stops
# Control characters, and those that turn the direction of what follows.
_UNSEEN = regex.compile(r"(?V1)[\p{Cc}\p{Bidi_Control}--\t\n\r]")


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
    sentences = dict(list(sentence_table(articles).groupby("doc_id", observed=False)))
    languages = language_column(articles)
    pages = [
        {
            "doc_id": doc_id,
            "short_title": article.short_title,
            "language": languages[doc_id],
            "meta": _metadata(article),
            "lines": list(_lines(article, sentences[doc_id])),
        }
        for doc_id, article in articles.iterrows()
    ]
    _emit({"kind": "articles", "articles": pages, "notes": articles.attrs.get("notes", [])})


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


def visible(text: str) -> str:
    """The text with marks for characters that are not seen or turn the direction of reading.

    >>> visible("a\\x07b\\u202e")
    'a␇b⟨U+202E⟩'
    """
    return _UNSEEN.sub(_mark_of, text)


def _mark_of(unseen):
    code = ord(unseen[0])
    return chr(0x2400 + code) if code < 32 else f"⟨U+{code:04X}⟩"


def _emit(bundle):
    plain = bundle.get("caption", bundle["kind"])
    html = f'<div class="{_NO_FORMULAS}">{render(bundle)}</div>'
    display({"text/html": html, "text/plain": plain, MIME: bundle}, raw=True)


def _options(rows=None, hide=(), folded=False, caution=""):
    if not isinstance(caution, str):
        caution = CONFOUNDED.format(columns=join_words(caution)) if len(caution) else ""
    return {"shown": rows, "hidden": list(hide), "folded": folded, "caution": caution}


def _pictures(figure):
    """The figure as SVG text and as PNG in base64, the same bytes on every run.

    An SVG is drawn with the fonts of whoever reads it and names none of this machine. Where this
    machine has no font for some characters there is no PNG, and ``unseen`` says which they are and
    what to install.
    """
    svg = io.StringIO()
    png = io.BytesIO()
    with warnings.catch_warnings(record=True) as said, house_style():
        warnings.simplefilter("always")
        installed = ", ".join(f"'{name}'" for name in matplotlib.rcParams["font.family"])
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    text = visible(svg.getvalue()).replace(f"font-family: {installed}", f"font-family: {_FONTS}")
    numbers = [_GLYPH.match(str(warning.message)) for warning in said]
    unseen = _describe_unseen(sorted({chr(int(number[1])) for number in numbers if number}))
    png_file = {} if unseen else {"png": _base64(png.getvalue())}
    return {"svg": text, "unseen": unseen} | png_file


def _describe_unseen(characters):
    """What to install so that there is a picture as PNG too.

    >>> _describe_unseen(["中"])[:64]
    'There is no PNG file, since no font here has 中. To get one, inst'
    """
    if not characters:
        return ""
    fonts = list(dict.fromkeys(map(_font_for, characters)))
    command = " On Debian and Ubuntu: apt install fonts-noto-cjk." if _CJK in fonts else ""
    return (
        f"There is no PNG file, since no font here has {' '.join(characters[:UNSEEN])}. "
        f"To get one, install the {inflect(len(fonts), 'font')} {join_words(fonts)} "
        f"and run this again.{command}"
    )


def _font_for(character):
    """A free font that has the character: Noto has one for every script, named after it."""
    if category(character) in ("So", "Sk"):
        return "Noto Emoji"
    if east_asian_width(character) in _WIDE:
        return _CJK
    script = name_of_character(character, "").partition(" ")[0].partition("-")[0].title()
    return f"Noto Sans {script}".strip()


def _base64(data):
    return base64.b64encode(data).decode()


def _cells(table):
    """Columns, rows of plain values (None where blank), and the names of the articles in them."""
    columns = [{"key": key, "numeric": is_numeric_dtype(table[key])} for key in table]
    rows = [list(map(_plain, row)) for row in table.itertuples(index=False, name=None)]
    doc_ids = [table[key] for key in table if format_of(key) == ARTICLE]
    cells = {"columns": columns, "rows": rows, "names": names_among(chain(*doc_ids))}
    return cells | languages_among(chain(*doc_ids))


def _plain(value):
    """A value that JSON can hold."""
    if isinstance(value, list):
        return value
    if isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return NO_BOUND if value in (math.inf, -math.inf) else value


def _evidence(rows):
    """Each article with the sentences that rows rest on, in order."""
    places = rows.dropna(subset="sentence").groupby("doc_id", sort=False, observed=True).sentence
    return [[doc_id, sorted({*map(int, numbers)})] for doc_id, numbers in places]


def _metadata(article):
    given = article.drop(["raw", "lines", "body", "short_title"])
    return given[given.astype(bool)].map(str).to_dict()


def _lines(article, sentences):
    """The raw text in lines, body lines in sentences; joined again, they are the file."""
    numbers = sentences.set_index("start").sentence.to_dict()
    numbers |= {line.start: 0 for line in article.lines if line.label == "title"}
    done = 0
    for line in article.lines:
        yield {"label": "", "parts": [[None, article.raw[done : line.start]]]}
        starts = [start for start in numbers if line.start < start < line.end]
        edges = pairwise([line.start, *starts, line.end])
        # A number is given once, where its sentence starts.
        parts = [[numbers.get(start), article.raw[start:end]] for start, end in edges]
        yield {"label": line.label, "rule": line.rule, "parts": parts}
        done = line.end
    yield {"label": "", "parts": [[None, article.raw[done:]]]}


TEMPLATES.globals.update(
    cell_text=cell_text,
    format_of=format_of,
    heading_of=heading_of,
    base64=_base64,
    zip=zip,
    lang_of=lang_of,
    CAUTIONED=CAUTIONED,
)
