"""Which article a source of a tool is, and quotations that stand in one sentence only."""

from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote

import regex
from pandas import DataFrame

from utils.corpus.tokens import sentence_table
from utils.facts.exchange.offsets import plain
from utils.facts.exchange.rows import folded
from utils.facts.quotations import Quotations, find_quotation

_ENDING = regex.compile(r"(?i)\.(txt|text|md|docx?|odt|rtf|pdf|html?)$")


class Places:
    """The articles of a corpus as tools name them, and the places of quotations in them."""

    def __init__(self, articles: DataFrame):
        self.articles = articles
        self._quotations = Quotations(articles)

    @cached_property
    def _by_text(self):
        texts = {}
        for doc_id, raw in self.articles.raw.items():
            texts.setdefault(plain(raw).rstrip(), []).append(doc_id)
        return texts

    @cached_property
    def _by_name(self):
        """Articles by what a tool may call them: ``doc_id``, file or title, without an ending."""
        columns = [self.articles.index, self.articles.file, self.articles.title]
        return {
            _stem(name): doc_id
            for column in reversed(columns)
            for name, doc_id in zip(column, self.articles.index, strict=True)
            if name
        }

    @cached_property
    def _sentences(self):
        table = sentence_table(self.articles).astype({"doc_id": object})
        return {
            doc_id: [*zip(part.start, part.end, strict=True)]
            for doc_id, part in table.groupby("doc_id")
        }

    def named(self, name: str) -> str:
        """The article of a name, path or address; nothing where there is none."""
        return self._by_name.get(_stem(name), "")

    def with_text(self, text: str, name: str) -> str:
        """The article of a text, line ends aside; of several that have it the one of that name."""
        same = self._by_text.get(plain(text).rstrip(), [])
        return self.named(name) if self.named(name) in same else next(iter(same), "")

    def has(self, doc_id: str, quote: str) -> bool:
        """Whether a quotation is in an article, at most a sentence long."""
        return bool(quote) and any(self._quotations.find(doc_id, quote))

    def widened(self, doc_id: str, quote: str, text: str, start: int) -> str:
        """A quotation, or its sentence where the quotation stands in several.

        ``start`` is where it begins in ``text``, the tool's copy of the article.
        """
        places = self._quotations.find(doc_id, quote)
        if len({place and place[0] for place in places}) < 2:
            return quote
        number = len(find_quotation(text[:start], quote))
        _, begin, _ = places[min(number, len(places) - 1)] or (0, -1, 0)
        spans = self._sentences.get(doc_id, [])
        around = [span for span in spans if span[0] <= begin < span[1]]
        raw = self.articles.raw[doc_id]
        return folded(raw[slice(*around[0])]) if around else quote


def _stem(name):
    """The last part of a name without the ending of a text, capitals aside."""
    last = PurePosixPath(unquote(str(name)).replace("\\", "/")).name
    return _ENDING.sub("", last).casefold()
