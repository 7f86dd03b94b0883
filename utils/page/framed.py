"""Articles to code in JupyterLab, without a report: reading pages in a frame."""

from base64 import b64encode
from hashlib import sha256

from IPython.display import display
from pandas import DataFrame

from utils.page.characters import visible
from utils.page.codebook import codebook_of
from utils.page.house import css_colours
from utils.page.reading import pages_of, units_of
from utils.page.show import TEMPLATES

_HEIGHT = 720  # pixels of the frame


def show_coding(articles: DataFrame) -> None:
    """Show articles as pages to code in: chosen words become rows of ``centres.csv``.

    The rows are downloaded as CSV; nothing is written and nothing leaves the page. The page holds
    all articles that it is given: of a large corpus give a few, ``articles.loc[["doc_id"]]``.
    Raises ``Mistake`` for side tables that cannot be read.
    """
    page = _page_of(articles)
    frame = TEMPLATES.get_template("coding_frame.html.j2").render(page=page, height=_HEIGHT)
    display({"text/html": frame, "text/plain": "Articles to code, in JupyterLab."}, raw=True)


def policy_hash(text: str) -> str:
    """The hash of a style's or a script's text as a content security policy has it.

    >>> policy_hash("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _page_of(articles):
    pages = pages_of(articles)
    names = {"style": "framed.css article.css coding.css", "script": "article.js coding.js"}
    joined = {key: "".join(map(_source_of, files.split())) for key, files in names.items()}
    style = css_colours() + joined["style"]
    html = TEMPLATES.get_template("coding_page.html.j2").render(
        articles=[(page, [(unit, []) for unit in units_of(page["lines"])]) for page in pages],
        book=codebook_of(articles),
        style=style,
        script=joined["script"],
        style_hash=policy_hash(style),
        script_hash=policy_hash(joined["script"]),
    )
    return visible(html)


def _source_of(name):
    return TEMPLATES.loader.get_source(TEMPLATES, name)[0]
