"""The rows of a table as HTML: cells with their links, languages, classes and labels."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from utils.page.columns import ARTICLE, ASKED, WORDS, Column, cell_text, label_of
from utils.page.languages import lang_of
from utils.page.links import link_each, link_to, link_to_search
from utils.page.wording import CAUTIONED, count

CONTEXTS = ("left", "node", "right")
"""Columns of a concordance: the words before, the words found, the words after."""
MARK = "*"  # at a verdict that the caution below the table is about
_LONG = 20  # characters from which a text is broken into lines
_BETWEEN = "; "  # what divides phrases
_AT_ONCE = 3  # phrases that are shown of a cell with many
_TALL = 400  # characters from which a cell has many


class Shown(NamedTuple):
    """A column as a page shows it: its place in the bundle's rows, and its description."""

    place: int
    key: str
    numeric: bool
    column: Column

    @property
    def is_to_right(self) -> bool:
        """Whether its cells are set to the right: numbers, and words before a node."""
        return self.numeric or self.key == CONTEXTS[0]


class RowWriter:
    """Writes the rows of a table, for a page or, where ``page`` is empty, for a notebook.

    The first column is the head of the row; that of a concordance is the node. With ``labels``
    each cell has the heading of its column, for screens that are too narrow for heads.
    """

    def __init__(self, bundle: dict, columns: Sequence[Shown], page: dict, labels: bool = False):
        """Keep what all rows need; ``columns`` are those that are shown, in their order."""
        self._bundle = bundle
        self._page = page
        self._columns = columns
        self._head = next((one for one in columns if one.key == "node"), columns[0])
        self._labels = labels
        keys = [column["key"] for column in bundle["columns"]]
        self._doc_id = keys.index("doc_id") if "doc_id" in keys else None
        self._languages = bundle.get("languages", {})
        self._marked = CAUTIONED if bundle.get("caution") else ()

    def write(self, number: int, row: Sequence) -> str:
        """HTML of a row, with its address where it has one."""
        doc_id = None if self._doc_id is None else row[self._doc_id]
        cells = "".join(self._cell(one, row[one.place], doc_id) for one in self._columns)
        address = f' id="{escape(self.address(number))}"'
        return f"<tr{address if self.address(number) else ''}>{cells}</tr>"

    def address(self, number: int) -> str:
        """The address of a row of a page, where the table is shown beside sentences; else none."""
        is_beside = self._page and self._bundle.get("beside")
        return f"{self._bundle['name']}-{number}" if is_beside else ""

    def _cell(self, shown, value, doc_id):
        text = cell_text(value, f"{self._bundle['name']}.{shown.key}", self._bundle["names"])
        attributes = [_class_of(shown, value, text), self._lang(shown, text, doc_id)]
        if not self._page:
            attributes.append(side_of(shown.is_to_right))
        if self._labels and shown is not self._head:
            attributes.append(f' data-label="{escape(label_of(shown.column))}"')
        content = self._content(shown, value, text, doc_id)
        opening, closing = ('th scope="row"', "th") if shown is self._head else ("td", "td")
        return f"<{opening}{''.join(attributes)}>{content}</{closing}>"

    def _content(self, shown, value, text, doc_id):
        if value is None:
            return ""
        if isinstance(value, list):
            return self._facts(value)
        kind = shown.column.format
        if kind in (ARTICLE, "sentence", "places"):
            return self._linked(kind, value, text, doc_id)
        if kind in WORDS:
            by = self._bundle.get("counted", {}).get("column", "")
            return link_to_search(self._page, text, self._languages.get("", ""), by)
        if kind in ASKED:
            return link_each(self._page, kind, text, self._languages.get("", ""))
        if kind == "phrases" and len(text) > _TALL:
            return _folded(text.split(_BETWEEN))
        return self._plain(shown.key, value, text)

    def _linked(self, kind, value, text, doc_id):
        if kind == ARTICLE:
            return self._link(value, None, text)
        if kind == "sentence":
            return self._link(doc_id, value, text)
        return " ".join(self._link(doc_id, number, number) for number in value.split())

    def _plain(self, key, value, text):
        if key == "left":
            return f"<bdi>{escape(text)}</bdi>"
        return escape(text + MARK if key == "verdict" and value in self._marked else text)

    def _link(self, doc_id, sentence, text):
        return link_to(self._page, doc_id, sentence, text, self._bundle["names"])

    def _facts(self, facts):
        """A list of facts, each a link to the sentence that states it."""
        items = [
            self._link(doc_id, sentence, text) if doc_id else Markup("<em>{}</em>").format(text)
            for text, doc_id, sentence in facts
        ]
        return f'<ul class="cell"><li>{"</li><li>".join(items)}</li></ul>' if items else ""

    def _lang(self, shown, text, doc_id):
        if shown.numeric:
            return ""
        other = self._languages.get("", "en") if self._doc_id is None else "en"
        code = lang_of(text, shown.key, self._languages.get(doc_id, other))
        return f' lang="{code}"' if code else ""


def side_of(is_to_right: bool) -> Markup:
    """The side to which a notebook sets a cell; pages have a style sheet for it.

    >>> print(side_of(True))
     style="text-align:right"
    """
    return Markup(' style="text-align:{}"').format("right" if is_to_right else "left")


def _folded(phrases):
    """The first of many phrases, and the others where they are asked for."""
    rest = len(phrases) - _AT_ONCE
    if rest < 1:
        return escape(_BETWEEN.join(phrases))
    first, others = map(_BETWEEN.join, (phrases[:_AT_ONCE], phrases[_AT_ONCE:]))
    form = "{}<details><summary>and {}</summary>{}</details>"
    return Markup(form).format(first, count(rest, "more phrase"), others)


def _class_of(shown, value, text):
    if shown.numeric:
        return ' class="n"'
    if shown.key in CONTEXTS:
        return f' class="{shown.key}"'
    if isinstance(value, list):
        return ' class="l"'
    return ' class="t"' if len(text) >= _LONG else ""
