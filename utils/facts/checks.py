"""What is missing or odd in the sources: checks that run on any corpus and say where to look.

A check is one function under ``@source_check``, which names its kind. It returns findings and mends
nothing. ``source_checks`` runs all of them, in the order of this file.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import regex
from pandas import DataFrame
from scipy.sparse import csr_array, triu

from utils.corpus.articles import title_span
from utils.corpus.furniture import is_broken, line_table
from utils.corpus.tables import LISTS, read_side_table
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import function_words
from utils.facts.dates import date_table, datelines, is_after

LEAST_RETOLD = 0.6  # share of the shorter paragraph's types that the other has too, in an article
LEAST_SHARED = 0.5  # share of its sequences that the other has too, between articles
SEQUENCE = 5  # terms
FEWEST_TYPES = 20  # of a paragraph that is compared
AROUND = 24  # characters shown on each side of a place
RETOLD = "retold within the article"
SHARED = "shared with another article"

_PLACE = ["doc_id", "paragraph"]
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


class Sources(NamedTuple):
    """The articles, and what several checks need of them."""

    articles: DataFrame
    dates: DataFrame
    tokens: DataFrame
    paragraphs: DataFrame


Findings = Iterable[Finding] | DataFrame
"""Findings one by one, or a table with columns of the same names."""

CHECKS: dict[str, Callable[[Sources], Findings]] = {}


def source_check(kind: str) -> Callable:
    """Makes a function one of the checks, under the ``kind`` of oddity that it finds."""

    def register(check: Callable) -> Callable:
        CHECKS[kind] = check
        return check

    return register


def source_checks(articles: DataFrame) -> DataFrame:
    """One row per odd thing: ``doc_id, check, quote, sentence, start, end`` and its details.

    ``check`` is the kind. ``quote`` is the text of the span as collected, ``sentence`` the number
    of the body sentence in which it starts; both are blank where there is none. The details are
    ``what, other, share, number``, as in ``Finding``.
    """
    tokens = tokenize(articles)
    sources = Sources(articles, date_table(articles), tokens, _long_paragraphs(tokens))
    fields = list(Finding._fields)
    rows = []
    for kind, check in CHECKS.items():
        found = DataFrame(check(sources), columns=fields)
        rows += found.assign(check=kind).itertuples(index=False)
    table = DataFrame(rows, columns=[*fields, "check"], dtype=object)
    table = table.fillna({"what": "", "other": ""})
    table = table.astype({"start": "Int64", "end": "Int64", "share": float, "number": "Int64"})
    spans = zip(table.doc_id, table.start.fillna(0), table.end.fillna(0), strict=True)
    table["quote"] = [articles.raw[doc_id][start:end] for doc_id, start, end in spans]
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
    inside = np.zeros(len(tokens), bool)
    for row in found[found.check.isin([RETOLD, SHARED])].itertuples():
        inside |= (tokens.doc_id == row.doc_id) & tokens.start.between(row.start, row.end - 1)
    return tokens[~inside]


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
def identical_texts(sources: Sources) -> Findings:
    """Articles whose files are the same, byte for byte. ``other``: the first of them."""
    for _, same in sources.articles.groupby("sha256", sort=False):
        for doc_id in same.index[1:]:
            yield Finding(doc_id, other=same.index[0])


@source_check("words are not parted")
def unsegmented_texts(sources: Sources) -> Findings:
    """Articles with many Chinese or Japanese characters. ``share``: that of the text."""
    for article in sources.articles.itertuples():
        text = "".join(article.raw[slice(*span)] for span in article.body)
        share = len(regex.findall(r"[\p{Han}\p{Hiragana}\p{Katakana}]", text)) / max(len(text), 1)
        if share > 1 / 3:
            yield Finding(article.Index, share=share)


@source_check("no publication date")
def missing_publication_dates(sources: Sources) -> Findings:
    """Articles whose metadata give no date of publication."""
    published = sources.articles.published
    return DataFrame({"doc_id": published.index[published == ""]})


@source_check("dates disagree")
def disagreeing_dates(sources: Sources) -> Findings:
    """Datelines (``what``: their date) that disagree with the metadata (``other``)."""
    dated = datelines(sources.articles).query("date != ''").drop_duplicates("doc_id")
    for line in dated.itertuples():
        published = sources.articles.published[line.doc_id]
        if not line.date.startswith(published):
            yield Finding(line.doc_id, line.start, line.end, line.date, published)


@source_check("date without a year")
def dates_without_year(sources: Sources) -> Findings:
    """Dates that name a day or a month but no year. ``what``: the date as printed."""
    return sources.dates.query("year.isna()").rename(columns={"printed": "what"})


@source_check("dated after its release")
def dated_after_release(sources: Sources) -> Findings:
    """Dates after the release of the page, in the release's own year where none is printed.

    ``what``: the date as printed; ``other``: the release; ``number``: the year, if it is printed.
    """
    dates = sources.dates
    released = dates.doc_id.map(sources.articles.published)
    late = [is_after(*pair) for pair in zip(dates.itertuples(), released, strict=True)]
    return dates.assign(what=dates.printed, other=released, number=dates.year)[late]


@source_check("no title line")
def missing_titles(sources: Sources) -> Findings:
    """Articles of which no line is the title."""
    titles = sources.articles.lines.map(title_span)
    return DataFrame({"doc_id": titles.index[titles.isna()]})


@source_check("ends in mid-sentence")
def unfinished_texts(sources: Sources) -> Findings:
    """Articles whose last paragraph ends without a full stop."""
    for article in sources.articles.itertuples():
        for start, end in article.body[-1:]:
            text = article.raw[start:end]
            if not text.rstrip("\"”'’)]").endswith(tuple(".!?…。！？")):
                last_words = regex.search(r"(?r)(?:\S+\s+){0,7}\S+$", text)
                yield Finding(article.Index, start + last_words.start(), end)


@source_check("unbalanced quotation mark")
def unbalanced_quotes(sources: Sources) -> Findings:
    """Paragraphs whose quotation marks do not pair up. ``what``: how many of each there are."""
    for article in sources.articles.itertuples():
        for start, end in article.body:
            counts = {mark: article.raw.count(mark, start, end) for mark in '“”"'}
            if counts['"'] % 2 or counts["“"] != counts["”"]:
                last = max(article.raw.rfind(mark, start, end) for mark in counts)
                span = (max(start, last - AROUND), min(end, last + AROUND))
                what = ", ".join(f"{count} {mark}" for mark, count in counts.items() if count)
                yield Finding(article.Index, *span, what)


@source_check("paragraph broken in mid-sentence")
def broken_paragraphs(sources: Sources) -> Findings:
    """Lines that break off in mid-sentence; each is counted as one paragraph with the next."""
    for article in sources.articles.itertuples():
        spans = [(line.start, line.end) for line in article.lines if line.label == "body"]
        for before, after in pairwise(spans):
            if is_broken(article.raw[slice(*before)], article.raw[slice(*after)]):
                end = min(after[0] + AROUND, len(article.raw))
                yield Finding(article.Index, max(before[1] - AROUND, 0), end)


@source_check(RETOLD)
def retold_paragraphs(sources: Sources) -> Findings:
    """Paragraphs that share most of their types with an earlier one of the article."""
    for _, paragraphs in sources.paragraphs.groupby("doc_id", observed=True):
        for one, two in combinations(paragraphs.itertuples(), 2):
            share = len(one.types & two.types) / min(len(one.types), len(two.types))
            if share >= LEAST_RETOLD:
                yield _told_again(one, two, share)


@source_check(SHARED)
def shared_paragraphs(sources: Sources) -> Findings:
    """Paragraphs that share at least half of their sequences of five terms with another article."""
    paragraphs = sources.paragraphs
    sequences = _sequences(sources.tokens, paragraphs)
    sizes = sequences.sum(axis=1)
    overlap = triu(sequences @ sequences.T, k=1).tocoo()
    for i, j, shared in sorted(zip(*overlap.coords, overlap.data, strict=True)):
        share = shared / min(sizes[i], sizes[j])
        if share >= LEAST_SHARED and paragraphs.doc_id[i] != paragraphs.doc_id[j]:
            yield _told_again(paragraphs.loc[i], paragraphs.loc[j], share)


@source_check("line in several articles")
def repeated_lines(sources: Sources) -> Findings:
    """Body lines that several articles have word for word. ``number``: of places."""
    lines = line_table(sources.articles).query("label == 'body'")
    same = lines.groupby("text").doc_id
    lines = lines.assign(number=same.transform("size"), articles=same.transform("nunique"))
    return lines.query("articles > 1").drop_duplicates("text")


@source_check("one name, several spellings")
def mixed_names(sources: Sources) -> Findings:
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
def interested_outlets(sources: Sources) -> Findings:
    """Outlets (``what``) whose own name is in what they report."""
    for article in sources.articles.itertuples():
        for outlet in filter(None, article.outlet.split(" / ")):
            places = [article.raw.find(outlet, *span) for span in article.body]
            start = next((place for place in places if place >= 0), None)
            if start is not None:
                yield Finding(article.Index, start, start + len(outlet), outlet)


def _long_paragraphs(tokens: DataFrame) -> DataFrame:
    """Paragraphs with enough types to compare: ``doc_id, paragraph, types, start, end``."""
    paragraphs = tokens.groupby(_PLACE, observed=True, as_index=False)
    table = paragraphs.agg(types=("term", set), start=("start", "min"), end=("end", "max"))
    return table[table.types.map(len) >= FEWEST_TYPES].reset_index(drop=True)


def _told_again(one, two, share: float) -> Finding:
    """Paragraph ``what`` has that share of paragraph ``number`` of the article ``other``."""
    what = str(two.paragraph)
    return Finding(two.doc_id, two.start, two.end, what, one.doc_id, share, one.paragraph)


def _sequences(tokens: DataFrame, paragraphs: DataFrame) -> csr_array:
    """1 where a paragraph to compare (row) has a sequence of terms (column)."""
    tokens = tokens.merge(paragraphs[_PLACE].reset_index(names="row"), on=_PLACE)
    codes = tokens.term.cat.codes
    terms = DataFrame({step: codes.shift(-step) for step in range(SEQUENCE)})
    within = tokens.row == tokens.row.shift(1 - SEQUENCE)
    columns = terms[within].groupby(list(terms)).ngroup()
    cells = (np.ones(len(columns)), (tokens.row[within], columns))
    return csr_array(cells, shape=(len(paragraphs), len(tokens))).sign()


def _words_of_name(name: str, variants: dict[str, str]) -> frozenset[str]:
    """What stays the same when a name is written in another order or spelling."""
    words = regex.findall(r"[\w&]+", regex.sub(r"['’]s\b", "", name).lower())
    return frozenset(variants.get(word, word) for word in words)
