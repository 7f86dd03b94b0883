"""What is missing or odd in the sources: checks that run on any corpus and say where to look.

A check is one function under ``@source_check``, which names its kind. It returns findings and mends
nothing. ``source_checks`` runs all of them, in the order of this file.
"""

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex
from pandas import DataFrame
from scipy.sparse import csr_array, triu

from utils.corpus.articles import title_span
from utils.corpus.furniture import is_broken, line_table
from utils.corpus.tables import LISTS, read_side_table
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import function_words
from utils.facts.dates import date_table, full_date, is_after

LEAST_RETOLD = 0.6  # share of the shorter paragraph's types that the other has too, in an article
LEAST_SHARED = 0.5  # share of its sequences that the other has too, between articles
SEQUENCE = 5  # terms
FEWEST_TYPES = 20  # of a paragraph that is compared
AROUND = 24  # characters shown on each side of a place
RETOLD = "retold within the article"
SHARED = "shared with another article"

_CAPITALISED = r"\p{Lu}[\w&]*(?:-\p{Lu}?\w+)*"
_LINK = r"(?:['’]s)?\s+(?:(?:of|and|for|the|in|&|-|–)\s+){0,2}"
_NAME = rf"{_CAPITALISED}(?:{_LINK}\(?{_CAPITALISED}\)?)+"


class Finding(NamedTuple):
    """One odd thing: its article, the span to look at, and the values that its sentence needs.

    What a value means depends on the check: ``what`` is a text, ``other`` another article or a date
    to compare with, ``share`` a share from 0 to 1, ``number`` a count, year or paragraph.
    """

    doc_id: str
    start: int | None = None
    end: int | None = None
    what: str = ""
    other: str = ""
    share: float | None = None
    number: int | None = None


_TYPES = {"start": "Int64", "end": "Int64", "share": float, "number": "Int64"}


class Sources(NamedTuple):
    """The articles, and what several checks need of them.

    ``bodies`` has the paragraphs as collected: ``doc_id, text, start, end``; ``paragraphs`` those
    with enough types to be compared: ``doc_id, paragraph, terms, types, start, end``.
    """

    articles: DataFrame
    dates: DataFrame
    bodies: DataFrame
    paragraphs: DataFrame


CHECKS = {}
"""The checks by kind: each maps ``Sources`` to findings, or to a table with columns as theirs."""


def source_check(kind: str) -> Callable:
    """Makes a function one of the checks, under the ``kind`` of oddity that it finds."""

    def register(check):
        CHECKS[kind] = check
        return check

    return register


def source_checks(articles: DataFrame) -> DataFrame:
    """One row per odd thing: ``doc_id, check, quote, sentence, start, end`` and its details.

    ``check`` is the kind. ``quote`` is the text of the span as collected, ``sentence`` the number
    of the body sentence in which it starts; both are blank where there is none. The details are
    ``what, other, share, number``, as in ``Finding``.
    """
    sources = Sources(
        articles, date_table(articles), _bodies(articles), _long_paragraphs(tokenize(articles))
    )
    fields = list(Finding._fields)
    tables = [
        DataFrame(check(sources), columns=fields).astype(_TYPES).assign(check=kind)
        for kind, check in CHECKS.items()
    ]
    table = pd.concat(tables, ignore_index=True).fillna({"what": "", "other": ""})
    table["quote"] = [
        articles.raw[row.doc_id][row.start : row.end]
        for row in table.fillna({"start": 0, "end": 0}).itertuples()
    ]
    sentences = sentence_table(articles).rename(columns={"start": "first", "end": "last"})
    places = table[["doc_id", "start"]].reset_index().merge(sentences, on="doc_id")
    table["sentence"] = places.query("first <= start < last").set_index("index").sentence
    table["sentence"] = table.sentence.astype("Int64")
    return table[["doc_id", "check", "quote", "sentence", *fields[1:]]]


def count_checks(found: DataFrame) -> DataFrame:
    """One row per kind of odd thing: ``check, found, articles``, from ``source_checks``."""
    kinds = found.groupby("check", sort=False).doc_id
    return kinds.agg(found="size", articles="nunique").reset_index()


def without_retold(tokens: DataFrame, found: DataFrame) -> DataFrame:
    """Tokens outside the paragraphs that ``source_checks`` found to be retold or shared."""
    retold = found[found.check.isin([RETOLD, SHARED])]
    paragraphs = pd.MultiIndex.from_arrays([retold.doc_id, retold.what.astype(int)])
    return tokens[~pd.MultiIndex.from_frame(tokens[["doc_id", "paragraph"]]).isin(paragraphs)]


def with_and_without(tokens: DataFrame, once: DataFrame) -> DataFrame:
    """Sizes with and without the retold paragraphs: ``paragraphs_counted, tokens, types``."""
    return DataFrame(
        {
            "paragraphs_counted": ["all", "without retold"],
            "tokens": [len(tokens), len(once)],
            "types": [tokens.term.nunique(), once.term.nunique()],
        }
    )


@source_check("same text as another article")
def _identical_texts(sources):
    """Articles whose files are the same, byte for byte. ``other``: the first of them."""
    for _, same in sources.articles.groupby("sha256", sort=False):
        for doc_id in same.index[1:]:
            yield Finding(doc_id, other=same.index[0])


@source_check("words are not parted")
def _unsegmented_texts(sources):
    """Articles with many Chinese or Japanese characters. ``share``: that of the text."""
    texts = sources.bodies.groupby("doc_id", sort=False).text.sum()
    for doc_id, text in texts.items():
        share = len(regex.findall(r"[\p{Han}\p{Hiragana}\p{Katakana}]", text)) / len(text)
        if share > 1 / 3:
            yield Finding(doc_id, share=share)


@source_check("no publication date")
def _missing_publication_dates(sources):
    """Articles whose metadata give no date of publication."""
    published = sources.articles.published
    return DataFrame({"doc_id": published.index[published == ""]})


@source_check("dates disagree")
def _disagreeing_dates(sources):
    """Datelines (``what``: their date) that disagree with the metadata (``other``)."""
    lines = line_table(sources.articles).query("label == 'dateline'")
    lines = lines.assign(date=lines.text.map(full_date)).query("date != ''")
    for line in lines.drop_duplicates("doc_id").itertuples():
        published = sources.articles.published[line.doc_id]
        if not line.date.startswith(published):
            yield Finding(line.doc_id, line.start, line.end, line.date, published)


@source_check("date without a year")
def _dates_without_year(sources):
    """Dates that name a day or a month but no year. ``what``: the date as printed."""
    return sources.dates.query("year.isna()").rename(columns={"printed": "what"})


@source_check("dated after its release")
def _dated_after_release(sources):
    """Dates after the release of the page, in the release's own year where none is printed.

    ``what``: the date as printed; ``other``: the release; ``number``: the year, if it is printed.
    """
    dates = sources.dates
    published = sources.articles.published
    late = [is_after(date, published[date.doc_id]) for date in dates.itertuples()]
    return dates.assign(what=dates.printed, other=dates.doc_id.map(published), number=dates.year)[
        late
    ]


@source_check("no title line")
def _missing_titles(sources):
    """Articles of which no line is the title."""
    titles = sources.articles.lines.map(title_span)
    return DataFrame({"doc_id": titles.index[titles.isna()]})


@source_check("ends in mid-sentence")
def _unfinished_texts(sources):
    """Articles whose last paragraph ends without a full stop."""
    for last in sources.bodies.drop_duplicates("doc_id", keep="last").itertuples():
        if not last.text.rstrip("\"”'’)]").endswith(tuple(".!?…。！？")):
            words = regex.search(r"(?r)(?:\S+\s+){0,7}\S+$", last.text)
            yield Finding(last.doc_id, last.start + words.start(), last.end)


@source_check("unbalanced quotation mark")
def _unbalanced_quotes(sources):
    """Paragraphs whose quotation marks do not pair up. ``what``: how many of each there are."""
    for doc_id, text, start, end in sources.bodies.itertuples(index=False):
        counts = {mark: text.count(mark) for mark in '“”"'}
        if counts['"'] % 2 or counts["“"] != counts["”"]:
            last = start + max(map(text.rfind, counts))
            what = ", ".join(f"{count} {mark}" for mark, count in counts.items() if count)
            yield Finding(doc_id, max(start, last - AROUND), min(end, last + AROUND), what)


@source_check("paragraph broken in mid-sentence")
def _broken_paragraphs(sources):
    """Lines that break off in mid-sentence; each is counted as one paragraph with the next."""
    lines = line_table(sources.articles).query("label == 'body'")
    for one, two in pairwise(lines.itertuples()):
        if one.doc_id == two.doc_id and is_broken(one.text, two.text):
            start = max(one.start, one.end - AROUND)
            yield Finding(one.doc_id, start, min(two.end, two.start + AROUND))


@source_check(RETOLD)
def _retold_paragraphs(sources):
    """Paragraphs that share most of their types with an earlier one of the article."""
    for _, paragraphs in sources.paragraphs.groupby("doc_id", observed=True):
        for one, two in combinations(paragraphs.itertuples(), 2):
            share = len(one.types & two.types) / min(len(one.types), len(two.types))
            if share >= LEAST_RETOLD:
                yield _told_again(one, two, share)


@source_check(SHARED)
def _shared_paragraphs(sources):
    """Paragraphs that share at least half of their sequences of five terms with another article."""
    paragraphs = list(sources.paragraphs.itertuples())
    sequences = _sequences(sources.paragraphs.terms)
    sizes = sequences.sum(axis=1)
    overlap = triu(sequences @ sequences.T, k=1).tocoo()
    for row, column, shared in sorted(zip(*overlap.coords, overlap.data, strict=True)):
        one = paragraphs[row]
        two = paragraphs[column]
        share = shared / min(sizes[row], sizes[column])
        if share >= LEAST_SHARED and one.doc_id != two.doc_id:
            yield _told_again(one, two, share)


@source_check("line in several articles")
def _repeated_lines(sources):
    """Body lines that several articles have word for word. ``number``: of places."""
    lines = line_table(sources.articles).query("label == 'body'")
    same = lines.groupby("text").doc_id
    lines = lines.assign(number=same.transform("size"), articles=same.transform("nunique"))
    return lines.query("articles > 1").drop_duplicates("text")


@source_check("one name, several spellings")
def _mixed_names(sources):
    """Names of several words that one article writes in several ways. ``what``: those names."""
    words = function_words()
    start = rf"(?<!\p{{Lu}})(?!(?i:{'|'.join(map(regex.escape, words))})\s)"
    pattern = regex.compile(start + _NAME)
    variants = read_side_table("variants", LISTS).set_index("variant").term.to_dict()
    for article in sources.articles.itertuples():
        names = defaultdict(dict)
        for span in filter(None, [title_span(article.lines), *article.body]):
            for match in pattern.finditer(article.raw, *span):
                name = " ".join(match.group().split())
                names[_words_of_name(name, variants) - words].setdefault(name, match.span())
        for spellings in names.values():
            if len(spellings) > 1:
                *_, span = spellings.values()
                yield Finding(article.Index, *span, "” / “".join(spellings))


@source_check("outlet is a party")
def _interested_outlets(sources):
    """Outlets (``what``) whose own name is in what they report."""
    for article in sources.articles.itertuples():
        for outlet in filter(None, article.outlet.split(" / ")):
            places = [article.raw.find(outlet, *span) for span in article.body]
            start = next((place for place in places if place >= 0), None)
            if start is not None:
                yield Finding(article.Index, start, start + len(outlet), outlet)


def _bodies(articles):
    rows = [
        (article.Index, article.raw[start:end], start, end)
        for article in articles.itertuples()
        for start, end in article.body
    ]
    return DataFrame(rows, columns=["doc_id", "text", "start", "end"])


def _long_paragraphs(tokens):
    paragraphs = tokens.groupby(["doc_id", "paragraph"], observed=True, as_index=False)
    table = paragraphs.agg(terms=("term", list), start=("start", "min"), end=("end", "max"))
    table["types"] = table.terms.map(set)
    return table[table.types.map(len) >= FEWEST_TYPES].reset_index(drop=True)


def _told_again(one, two, share):
    """Paragraph ``what`` has that share of paragraph ``number`` of the article ``other``."""
    what = str(two.paragraph)
    return Finding(two.doc_id, two.start, two.end, what, one.doc_id, share, one.paragraph)


def _sequences(terms):
    """1 where a paragraph (row) has a sequence of terms (column)."""
    codes = terms.explode().astype("category").cat.codes
    following = {step: codes.groupby(level=0).shift(-step) for step in range(SEQUENCE)}
    columns = DataFrame(following).dropna().groupby(list(following)).ngroup()
    cells = (np.ones(len(columns)), (columns.index, columns))
    return csr_array(cells, shape=(len(terms), len(columns))).sign()


def _words_of_name(name, variants):
    """What stays the same when a name is written in another order or spelling."""
    words = regex.findall(r"[\w&]+", regex.sub(r"['’]s\b", "", name).lower())
    return frozenset(variants.get(word, word) for word in words)
