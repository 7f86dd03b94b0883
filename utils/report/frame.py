"""The frame of every page: style, script and policy, the way to the other pages, and the foot."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import regex
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from utils.page.framed import policy_hash
from utils.page.house import css_colours
from utils.page.languages import mark_chinese
from utils.page.show import PROJECT, render
from utils.page.show import TEMPLATES as SHARED
from utils.page.wording import count, date_in_words
from utils.report.executed import bundles, given_parameters
from utils.report.places import ROOT

TEMPLATES = Path(__file__).parent / "templates"
PAGES = Environment(
    loader=ChoiceLoader([FileSystemLoader(TEMPLATES), SHARED.loader]),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.globals.update(
    SHARED.globals, show=render, bundles=bundles, given_parameters=given_parameters
)
STYLES = {
    "index": "page.css table.css figure.css index.css print.css",
    "notebook": "page.css table.css figure.css print.css",
    "article": "page.css article.css coding.css print.css",
    "search": "page.css table.css search.css print.css",
    "check": "page.css table.css search.css print.css",
    "methods": "page.css table.css print.css",
}
SCRIPTS = {
    "index": "page.js",
    "notebook": "page.js table.js stated.js",
    "article": "page.js article.js coding.js",
    "search": "page.js query.js search.js",
    "check": "page.js query.js stated.js recount.js",
    "methods": "page.js",
}
"""What goes into the pages of each kind."""


class Study(NamedTuple):
    """What the pages are made of.

    Executed notebooks, their titles, and the language of those that are there in several, by name;
    the corpora they ran on, one if all is well; articles and the pages that they are on by
    ``doc_id``; the pages before and after a page, by its file; what ``further`` pages of the whole
    study are called, by their files; how many articles were ``collected``, and when they were
    published, if that is known.
    """

    notebooks: dict
    titles: dict
    languages: dict
    corpora: list
    articles: dict
    links: dict
    around: dict
    further: dict
    collected: dict | None = None


def make_page(kind: str, name: str, study: Study, **values: Any) -> str:
    """HTML of a page of a kind, which goes to the file ``name`` in the folder of the report."""
    template = PAGES.get_template(f"{kind}.html.j2")
    return template.render(frame=frame_of(kind, name, study), study=study, **values)


def frame_of(kind: str, name: str, study: Study) -> dict:
    """What the template of the frame needs for the page of a kind that goes to the file ``name``.

    Links begin with ``root``. Style and script come with the hashes that let these work and no
    others.
    """
    style = css_colours() + regex.sub(_CSS_SPACE, "", _joined(STYLES[kind]))
    script = _joined(SCRIPTS[kind])
    before, after = study.around.get(name, (None, None))
    corpora = [bundle["corpus"] for bundle in study.corpora]
    return {
        "kind": kind,
        "name": name,
        "root": "../" * name.count("/"),
        "style": style,
        "script": script,
        "style_hash": policy_hash(style),
        "script_hash": policy_hash(script),
        "pages": {"index.html": "First page", **parts_beside(name, study), **study.further},
        "beside": [
            (word, page[0], mark_chinese(page[1]))
            for word, page in [("Previous", before), ("Next", after)]
            if page
        ],
        "corpora": corpora,
        "own": PROJECT in corpora,
        "articles": describe_articles(study.collected),
        "citation": citation(),
    }


def parts_beside(name: str, study: Study) -> dict[str, str]:
    """Short names of the notebooks in the language of a page, by the files they are in."""
    first = next(iter(study.languages.values()), None)
    language = study.languages.get(name.removesuffix(".html"), first)
    return {
        f"{other}.html": short_name(other)
        for other in study.notebooks
        if study.languages.get(other, language) == language
    }


def short_name(stem: str) -> str:
    """The number and the name of a notebook, from that of its run.

    >>> short_name("02_keywords.zh"), short_name("notes")
    ('2 Keywords', 'Notes')
    """
    number, name = regex.fullmatch(r"0*(\d*)_?(.*)", stem.partition(".")[0]).groups()
    return f"{number} {name[:1].upper()}{name[1:]}".replace("_", " ").strip()


def describe_articles(collected: dict | None) -> str:
    """How many articles there are, and from when to when they were published; nothing of none.

    >>> describe_articles({"articles": 2, "dated": 2, "published": ["2018-06", "2024"]})
    '2 articles, published June 2018 to 2024'
    >>> describe_articles({"articles": 1, "dated": 0, "published": []})
    '1 article, without a date of publication'
    >>> describe_articles({"articles": 2, "dated": 1, "published": ["2018-06-01", "2018-06-01"]})
    '2 articles, 1 of them with a date of publication, 1 June 2018'
    """
    if collected is None:
        return ""
    dated = collected["dated"]
    ends = " to ".join(map(date_in_words, dict.fromkeys(collected["published"])))
    number = count(collected["articles"], "article")
    if not dated:
        return f"{number}, without a date of publication"
    if dated == collected["articles"]:
        return f"{number}, published {ends}"
    return f"{number}, {dated:,} of them with a date of publication, {ends}"


@cache
def citation() -> dict[str, str]:
    """Title, version, licence and authors as ``CITATION.cff`` has them; none where it is missing.

    >>> citation()["license"]
    'MIT'
    """
    file = ROOT / "CITATION.cff"
    text = file.read_text("utf-8") if file.exists() else ""
    fields = dict(regex.findall(r'(?m)^(\w[\w-]*): "?(.+?)"?$', text))
    names = regex.findall(r'(?m)^\s+- name: "?(.+?)"?$', text)
    return fields | {"authors": ", ".join(names)}


_CSS_SPACE = r"(?<=[:;,{}])\s+(?!\x22)|;?\s+(?=[{}])"  # and stops, that a browser does not need


def _joined(names):
    """The files one after another, without comments and the space by which lines are set in."""
    text = "".join(PAGES.loader.get_source(PAGES, name)[0] for name in names.split())
    return regex.sub(r"(?m)^ *(?://.*\n)?", "", text)
