"""Articles as they are read: every line of the text as collected, in sentences with numbers."""

from itertools import pairwise
from typing import NamedTuple

from pandas import DataFrame, Series

from utils.corpus.languages import language_column
from utils.corpus.tokens import sentence_table


class Unit(NamedTuple):
    """What a reading page sets as one block: a sentence of the body, or a line outside it.

    ``number`` is that of the sentence, 0 for the title, ``None`` for another line outside the body.
    ``before`` is the white space between this unit and the one before it, and ``start`` the place
    of its text in the raw file. ``opens`` is true of the first sentence of a paragraph.
    """

    number: int | None
    label: str
    rule: str
    opens: bool
    before: str
    start: int
    text: str


def pages_of(articles: DataFrame) -> list[dict]:
    """What the page of each article shows: its name, language, metadata, and lines with labels."""
    sentences = dict(list(sentence_table(articles).groupby("doc_id", observed=False)))
    languages = language_column(articles)
    return [
        {
            "doc_id": doc_id,
            "short_title": article.short_title,
            "language": languages[doc_id],
            "meta": metadata_of(article),
            "lines": list(_lines(article, sentences[doc_id])),
        }
        for doc_id, article in articles.iterrows()
    ]


def named(articles: DataFrame) -> list[dict]:
    """Name and metadata of each article."""
    return [
        {"doc_id": doc_id, "short_title": article.short_title, "meta": metadata_of(article)}
        for doc_id, article in articles.iterrows()
    ]


def units_of(lines: list[dict]) -> list[Unit]:
    """The lines of ``pages_of`` as units; joined again with what is before each, they are the file.

    A sentence that runs on over several lines is one unit. The last unit is what follows the text.
    Where furniture stands in the midst of a sentence, what is after it is a unit without a number.

    >>> lines = [{"label": "title", "rule": "first-line", "parts": [[0, "Rain"]]},
    ...          {"label": "", "parts": [[None, "\\n"]]}]
    >>> [(unit.number, unit.before, unit.text) for unit in units_of(lines)]
    [(0, '', 'Rain'), (None, '\\n', '')]
    """
    units = []
    before = ""
    place = 0
    for line, opens, number, text in _parts(lines):
        if not line["label"]:
            before += text
        elif number is None and line["label"] == "body" and _is_in_body(units):
            units[-1] = units[-1]._replace(text=units[-1].text + before + text)
            before = ""
        else:
            units.append(Unit(number, line["label"], line["rule"], opens, before, place, text))
            before = ""
        place += len(text)
    return [*units, Unit(None, "", "", False, before, place, "")]


def name_of_unit(unit: Unit) -> str:
    """What a unit is called.

    >>> name_of_unit(Unit(3, "body", "text", True, "", 0, "Rain fell."))
    'sentence 3'
    """
    if unit.number:
        return f"sentence {unit.number}"
    return "the title" if unit.number == 0 else "a line of the page"


def _is_in_body(units):
    return bool(units) and units[-1].label == "body"


def _parts(lines):
    """Every part of the lines: its line, whether it is the first there, its number, its text."""
    for line in lines:
        for place, (number, text) in enumerate(line["parts"]):
            yield line, not place, number, text


def metadata_of(article: Series) -> dict[str, str]:
    """What is known about an article besides its text.

    >>> metadata_of(Series({"title": "Rain", "city": "", "raw": "Rain."}))
    {'title': 'Rain'}
    """
    given = article.drop(["raw", "lines", "body", "short_title"], errors="ignore")
    return given[given.astype(bool)].map(str).to_dict()


def describe_collected(articles: DataFrame) -> dict:
    """How many articles there are, how many with a date, and the first and the last date.

    >>> describe_collected(DataFrame({"published": ["2018", "", "2024-05"]}))
    {'articles': 3, 'dated': 2, 'published': ['2018', '2024-05']}
    """
    dates = [date for date in articles.published if date]
    ends = [min(dates), max(dates)] if dates else []
    return {"articles": len(articles), "dated": len(dates), "published": ends}


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
