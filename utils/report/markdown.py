"""Markdown of a notebook as HTML: formulas become MathML, links to notebooks lead to pages."""

from collections.abc import Mapping
from html import escape, unescape

import regex
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


def markdown_to_html(source: str, pages: Mapping[str, str]) -> str:
    """HTML of a cell; a link to a notebook that none of the ``pages`` is of becomes plain text.

    >>> markdown_to_html("[on](02_keywords.ipynb)", {"02_keywords": "02_keywords.html"}).strip()
    '<p><a href="02_keywords.html">on</a></p>'
    """
    renderer = _PageRenderer(escape=False)
    renderer.pages = pages
    return MarkdownWithMath(renderer=renderer).render(source)


def anchor_of(heading: str) -> str:
    """The name by which a link finds a heading.

    >>> anchor_of("How sure, and of what?")
    'how-sure-and-of-what'
    """
    return regex.sub(r"\W+", "-", heading).strip("-").lower()


class _PageRenderer(IPythonRenderer):
    def block_math(self, body):
        return _mathml(body, "block")

    def inline_math(self, body):
        return _mathml(body, "inline")

    def table_cell(self, text, align=None, head=False):
        # The policy of the pages lets no element have a style of its own.
        tag = "th" if head else "td"
        aligned = f' class="to-{align}"' if align else ""
        return f"<{tag}{aligned}>{text}</{tag}>\n"

    def heading(self, text, level, **attributes):
        return f'<h{level} id="{anchor_of(unescape(text))}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        if not url.endswith(".ipynb"):
            return super().link(text, url, title)
        stem = url.removesuffix(".ipynb")
        return super().link(text, self.pages[stem], title) if stem in self.pages else text


def _mathml(formula, display):
    """A formula as MathML; the text between dollar signs that is no formula stays as it is."""
    try:
        return convert(formula, display=display)
    except Exception:  # latex2mathml has many ways to say so
        return f"<code>{escape(formula)}</code>"
