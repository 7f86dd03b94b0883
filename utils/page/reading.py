"""Articles as they are read: every line of the text as collected, in sentences with numbers."""

from itertools import pairwise

from pandas import DataFrame

from utils.corpus.languages import language_column
from utils.corpus.tokens import sentence_table


def pages_of(articles: DataFrame) -> list[dict]:
    """What the page of each article shows: its name, language, metadata, and lines with labels."""
    sentences = dict(list(sentence_table(articles).groupby("doc_id", observed=False)))
    languages = language_column(articles)
    return [
        {
            "doc_id": doc_id,
            "short_title": article.short_title,
            "language": languages[doc_id],
            "meta": _metadata(article),
            "lines": list(_lines(article, sentences[doc_id])),
        }
        for doc_id, article in articles.iterrows()
    ]


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
