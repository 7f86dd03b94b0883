"""Markdown of a notebook as HTML: formulas become MathML, links to notebooks lead to pages."""

from collections.abc import Iterable
from html import unescape

import regex
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


def markdown_to_html(source: str, pages: Iterable[str] = ()) -> str:
    """HTML of a cell; a link to a notebook that is not among ``pages`` becomes plain text.

    >>> markdown_to_html("[on](02_keywords.ipynb)", ["02_keywords"]).strip()
    '<p><a href="02_keywords.html">on</a></p>'
    """
    renderer = _PageRenderer(escape=False)
    renderer.pages = set(pages)
    return MarkdownWithMath(renderer=renderer).render(source)


def anchor_of(heading: str) -> str:
    """The name by which a link finds a heading.

    >>> anchor_of("How sure, and of what?")
    'how-sure-and-of-what'
    """
    return regex.sub(r"\W+", "-", heading).strip("-").lower()


class _PageRenderer(IPythonRenderer):
    def block_math(self, body):
        return convert(body, display="block")

    def inline_math(self, body):
        return convert(body)

    def heading(self, text, level, **attributes):
        return f'<h{level} id="{anchor_of(unescape(text))}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        if not url.endswith(".ipynb"):
            return super().link(text, url, title)
        stem = url.removesuffix(".ipynb")
        return super().link(text, f"{stem}.html", title) if stem in self.pages else text
