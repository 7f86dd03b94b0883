"""What is missing or odd in the sources: checks that run on any corpus and say where to look.

A check is one function under ``@source_check``, which names its kind. It returns findings and mends
nothing. ``source_checks`` runs all of them: those of single articles part by part, and those of
what is told twice (``of_corpus``) on the whole. Their findings come in the order of this file.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from html import unescape
from io import StringIO
from itertools import chain, groupby, pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd
import regex
from ftfy.badness import BADNESS_RE
from pandas import DataFrame, Series

from utils.corpus.files import list_first
from utils.corpus.furniture import STOP, is_broken, is_hard_wrapped, title_span
from utils.corpus.languages import language_column, rules_of
from utils.corpus.parts import each_of
from utils.corpus.tables import LISTS, read_side_table, subset
from utils.corpus.tokens import tokenize
from utils.corpus.words import function_words
from utils.facts.copies import (
    LEAST_RETOLD,
    find_copies,
    find_paragraphs,
    find_shared,
    first_links,
    number_sequences,
)
from utils.facts.dates import dates_in, full_date, is_after
from utils.facts.sentences import parts_with_sentences

FEWEST_ARTICLES = 3  # that have a line, for it to look like a part of the web page
MOST_NAMED = 20  # copies of one article
SPACELESS = ("zh", "ja")  # languages that are parted into words, or of which no words are counted
AROUND = 24  # characters shown on each side of a place
RETOLD = "retold within the article"

_CAPITALISED = r"\p{Lu}[\w&]*+(?:-\p{Lu}?\w++)*+"
_LINK = r"(?:['’]s)?\s+(?:(?:of|and|for|the|in|&|-|–)\s+){0,2}"
_NAME = rf"{_CAPITALISED}(?:{_LINK}\(?{_CAPITALISED}\)?)+"
_NAME_WORD = regex.compile(r"[\w&]+")
_POSSESSIVE = regex.compile(r"['’]s\b")
_TAG = (
    r"</?(?:a|b|body|br|div|em|font|h[1-6]|head|html|i|iframe|img|li|link|meta|ol|p|script|span|"
    r"strong|style|table|td|th|tr|u|ul)\b[^<>]*>"
)
_WRONG = re.compile(rf"(?:{BADNESS_RE.pattern})|\ufffd", re.VERBOSE)
_PERHAPS_WRONG = re.compile("[\x80-\x9f\ufffdŒœÃÂ]|[^\x00-\x7f]{2}")  # some of it is in each
_UNPARTED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_LAST_WORDS = regex.compile(r"(?r)(?:\S+\s+){0,7}\S+$")
_HTML = regex.compile(rf"(?i){_TAG}|<!--|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]+);")
_MORE = (
    r"(?:(?:continue|keep) reading|"
    r"(?:read|see|show|view) (?:more|(?:the )?(?:full|rest|whole)\b.{0,30}))"
)
_DOTS = r"(?:…|\.(?:\s?\.){2})"
_ENDED = regex.compile(rf"(?r){STOP}[\"”’'»」』)\] ]*")  # (?r) matches backwards
_CUT = regex.compile(
    rf"(?i)\[\+[\d,]+ \w+\]|{_DOTS}[\s\])]*$|{_DOTS}[\s\])]*more\W*$|(?:^|[^\w\s,]\s*){_MORE}\W*$"
)

_OF_ANOTHER_TIME = {  # what says so of a date, which a NUL stands for: a plan, or another year
    "en": regex.compile(
        r"(?i)\b(?:by|until|till|before|to|from|towards) (?:the )?(?:(?:early|late|end of) )?\0"
        r"|['’]ll\b|\b(?:will|shall|would|could|should|(?-i:may)|won['’]t|going to|to be"
        r"|(?:set|due|scheduled|likely) to|aim(?:s|ed|ing)?|plan(?:s|ned|ning)?|target\w*|goals?"
        r"|hop(?:e|es|ed|ing)|inten[dt]\w*|expect\w*|forecast\w*|predict\w*|propos\w+|projections?"
        r"|deadline|roadmap|(?:that|same|following|previous) year)\b"
    ),
    "zh": regex.compile(
        r"[到至]\0|\0[^。；，]{0,2}前|[将將拟擬]|[计計][划劃]|[规規][划劃]|[预預][计計]|力[争爭]|目[标標]|未[来來]|届时|屆時"
        r"|[同次翌当當那]年"
    ),
}

_ADDRESS = regex.compile(  # ASCII alone, since Chinese may follow without a space
    r"(?i)(?<![a-z\d])(?:https?://|www\.[a-z\d])[!-~]*(?<=[a-z\d/])"
    r"|(?<![a-z\d._+-])[a-z\d._+-]++@[a-z\d-]++(?:\.[a-z\d-]++)+"
)


class Finding(NamedTuple):
    """One odd thing: its article, the span to look at, and the values that its sentence needs.

    What a value means depends on the check: ``what`` is a text, ``other`` another article or a date
    to compare with, ``share`` a share from 0 to 1, ``number`` a count, year or paragraph.
    ``sharers`` are the other articles that have it too.
    """

    doc_id: str
    start: int | None = None
    end: int | None = None
    what: str = ""
    other: str = ""
    share: float | None = None
    number: int | None = None
    sharers: list[str] | None = None


_TYPES = {"start": "Int64", "end": "Int64", "share": float, "number": "Int64"}


class Passage(NamedTuple):
    """A line or paragraph, and the articles that have it, where they are asked for."""

    doc_id: str
    text: str
    start: int
    end: int
    articles: tuple[str, ...] = ()


class Sources(NamedTuple):
    """The articles of a part, and what several checks need of them.

    ``sentences`` and ``dates`` are their ``sentence_table`` and ``date_table``; ``paragraphs`` are
    those of the bodies.
    """

    articles: DataFrame
    sentences: DataFrame
    dates: DataFrame
    paragraphs: list[Passage]


class Repeats(NamedTuple):
    """All articles, and what is told twice in them.

    ``copies``, ``paragraphs`` and ``shared`` are those of ``copies.py``; ``lines`` are body lines
    that several articles have, copies left out.
    """

    articles: DataFrame
    copies: DataFrame
    paragraphs: DataFrame
    shared: DataFrame
    lines: list[Passage]


CHECKS = {}
"""The checks by kind: each maps ``Sources``, or ``Repeats``, to findings or a table of such."""
OF_CORPUS = set()
"""The kinds of the checks that take ``Repeats``, since they need the whole corpus."""


def source_check(kind: str, of_corpus: bool = False) -> Callable:
    """Makes a function one of the checks, under the ``kind`` of oddity that it finds."""

    def register(check):
        CHECKS[kind] = check
        if of_corpus:
            OF_CORPUS.add(kind)
        return check

    return register


def source_checks(articles: DataFrame, tokens: DataFrame | None = None) -> DataFrame:
    """One row per odd thing: ``doc_id, check, quote, sentence, start, end`` and its details.

    ``tokens`` are those of ``tokenize``, where they are there already. ``check`` is the kind.
    ``quote`` is the text of the span as collected, ``sentence`` the number of the body sentence in
    which it starts; both are blank where there is none. The details are ``what, other, share,
    number, sharers``, as in ``Finding``. ``attrs["repeated"]`` has article and number of each
    paragraph that repeats another article's, ``attrs["copies"]`` each article that repeats another,
    with the first of its cluster and the share, as ``copy_table`` has them.
    """
    repeats = _find_repeats(articles, tokenize(articles) if tokens is None else tokens)
    of_corpus = _run(repeats)
    of_corpus["place"] = range(len(of_corpus))
    parts = parts_with_sentences(articles)
    table = pd.concat(each_of(partial(_check_part, of_corpus), parts), ignore_index=True)
    table["check"] = pd.Categorical(table.check, list(CHECKS))
    table = table.sort_values(["check", "place"], kind="stable", ignore_index=True)
    repeated = repeats.paragraphs.loc[repeats.shared.second, ["doc_id", "paragraph"]]
    table["check"] = table.check.astype(str)
    table = table[["doc_id", "check", "quote", "sentence", *Finding._fields[1:]]]
    table.attrs["repeated"] = list(repeated.itertuples(index=False, name=None))
    table.attrs["copies"] = list(repeats.copies.itertuples(index=False, name=None))
    return table


def count_checks(found: DataFrame) -> DataFrame:
    """One row per kind of odd thing: ``check, found, articles``, from ``source_checks``.

    ``articles`` is of all ``articles_concerned``.
    """
    table = found.groupby("check", sort=False).size().rename("found").reset_index()
    return table.assign(articles=table.check.map(articles_concerned(found).check.value_counts()))


def articles_concerned(found: DataFrame) -> DataFrame:
    """The articles that have or share odd things of each kind, once each: ``check, doc_id``.

    >>> rows = [["copied", "b", ["a"]], ["copied", "c", ["a"]], ["cut", "a", None]]
    >>> found = DataFrame(rows, columns=["check", "doc_id", "sharers"])
    >>> articles_concerned(found).doc_id.tolist()
    ['b', 'c', 'a', 'a']
    """
    shared = found[["check", "sharers"]].explode("sharers").dropna()
    shared = shared.rename(columns={"sharers": "doc_id"})
    return pd.concat([found[["check", "doc_id"]], shared]).drop_duplicates()


def copy_table(found: DataFrame) -> DataFrame:
    """One row per cluster of articles that are copies: ``doc_id, articles, share, copies``.

    ``doc_id`` is the first of them, which is counted where copies are counted once; ``articles`` is
    the number of all; ``share`` is that of the five-word sequences that the least alike has in
    common with the first, 1 where only white space differs; ``copies`` names up to 20 of the
    others. ``found`` is from ``source_checks``.
    """
    table = DataFrame(found.attrs["copies"], columns=["copy", "doc_id", "share"])
    clusters = table.fillna({"share": 1.0}).groupby("doc_id", sort=False)
    return clusters.agg(
        articles=("copy", lambda copies: len(copies) + 1),
        share=("share", "min"),
        copies=("copy", lambda copies: list_first(copies.tolist(), MOST_NAMED)),
    ).reset_index()


def without_copies(articles: DataFrame, tokens: DataFrame | None = None) -> DataFrame:
    """The articles without those whose text is, or nearly is, that of an earlier one.

    ``tokens`` are those of ``tokenize``, where they are there already.
    """
    tokens = tokenize(articles) if tokens is None else tokens
    copies = find_copies(articles, tokens, number_sequences(tokens))
    return subset(articles, ~articles.index.isin(copies.doc_id))


def without_retold(tokens: DataFrame, found: DataFrame) -> DataFrame:
    """Tokens outside what ``source_checks`` found to repeat another article or paragraph."""
    copies = [copy for copy, _, _ in found.attrs["copies"]]
    retold = found[found.check == RETOLD]
    repeated = {*zip(retold.doc_id, retold.what.astype(int), strict=True), *found.attrs["repeated"]}
    docs = tokens.doc_id.array
    doc = {name: number for number, name in enumerate(docs.categories)}
    keys = [doc[name] << 32 | paragraph for name, paragraph in repeated if name in doc]
    paragraphs = docs.codes.astype(int) << 32 | tokens.paragraph.to_numpy()
    first = np.flatnonzero(np.diff(paragraphs, prepend=-1))
    left_out = np.isin(paragraphs[first], keys)
    left_out |= docs.categories.isin(copies)[docs.codes[first]]
    return tokens[np.repeat(~left_out, np.diff(first, append=len(tokens)))]


def with_and_without(tokens: DataFrame, once: DataFrame) -> DataFrame:
    """Sizes with and without the retold paragraphs: ``paragraphs_counted, tokens, types``."""
    return DataFrame(
        {
            "paragraphs_counted": ["all", "without retold"],
            "tokens": [len(tokens), len(once)],
            "types": [tokens.term.nunique(), once.term.nunique()],
        }
    )


@source_check("same text as another article", of_corpus=True)
def _copied_texts(repeats):
    """Articles whose words are those of another (``other``), white space aside; a line a cluster.

    ``number``: of further articles with these words, blank where there is none.
    """
    return _first_of_clusters(repeats.copies[repeats.copies.share.isna()])


@source_check("nearly the same text as another article", of_corpus=True)
def _nearly_copied_texts(repeats):
    """Articles with most of their sequences (``share``) in another (``other``); a line a cluster.

    ``number``: of further articles that are as alike to it at least, blank where there is none.
    """
    return _first_of_clusters(repeats.copies[repeats.copies.share.notna()])


@source_check("no body")
def _texts_without_body(sources):
    """Articles of which nothing is counted."""
    empty = sources.articles.body.map(len) == 0
    return DataFrame({"doc_id": sources.articles.index[empty]})


@source_check("wrong encoding")
def _wrongly_decoded_texts(sources):
    """Texts with the marks of a wrong encoding. ``what``: the first; ``number``: of places."""
    raws = sources.articles.raw
    perhaps = [not raw.isascii() and bool(_PERHAPS_WRONG.search(raw)) for raw in raws]
    return _first_of_each(raws[perhaps], _WRONG)


@source_check("HTML in the text")
def _texts_with_html(sources):
    """Texts with tags or codes of HTML. ``what``: the first; ``number``: of places."""
    return _first_of_each(
        sources.articles.raw, _HTML, lambda code: unescape(code) != code or "<" in code
    )


@source_check("web address in the text")
def _texts_with_addresses(sources):
    """Articles whose words are in part those of addresses. ``what``: the first; ``number``: all."""
    for doc_id, paragraphs in groupby(sources.paragraphs, attrgetter("doc_id")):
        found = [
            (paragraph.start + match.start(), match[0])
            for paragraph in paragraphs
            for match in _ADDRESS.finditer(paragraph.text)
        ]
        if found:
            start, first = found[0]
            yield Finding(doc_id, start, start + len(first), first, number=len(found))


@source_check("cut short")
def _cut_texts(sources):
    """Articles of which only the beginning was collected."""
    for last in _last_paragraphs(sources):
        cut = _CUT.search(last.text)
        if cut:
            yield Finding(last.doc_id, last.start + max(0, cut.start() - AROUND), last.end)


@source_check("hard-wrapped")
def _wrapped_texts(sources):
    """Texts whose lines were broken to a width."""
    wrapped = sources.articles.raw.map(is_hard_wrapped)
    return DataFrame({"doc_id": wrapped.index[wrapped.astype(bool)]})


@source_check("words are not parted")
def _unsegmented_texts(sources):
    """Articles with many Chinese or Japanese characters in another language. ``share``: of them."""
    language = language_column(sources.articles)
    others = language.index[~language.isin(SPACELESS)]
    for doc_id, paragraphs in groupby(sources.paragraphs, attrgetter("doc_id")):
        text = "".join(paragraph.text for paragraph in paragraphs)
        share = 0 if text.isascii() else len(_UNPARTED.findall(text)) / len(text)
        if share > 1 / 3 and doc_id in others:
            yield Finding(doc_id, share=share)


@source_check("no publication date")
def _missing_publication_dates(sources):
    """Articles whose metadata give no date of publication."""
    published = sources.articles.published
    return DataFrame({"doc_id": published.index[published == ""]})


@source_check("dates disagree")
def _disagreeing_dates(sources):
    """Datelines (``what``: their date) that disagree with the metadata (``other``)."""
    published = sources.articles.published
    for lines in _lines_of(sources.articles, "dateline"):
        dated = ((line, full_date(line.text)) for line in lines)
        line, date = next(filter(itemgetter(1), dated), (None, ""))
        if line and not date.startswith(published[line.doc_id]):
            yield Finding(line.doc_id, line.start, line.end, date, published[line.doc_id])


@source_check("date without a year")
def _dates_without_year(sources):
    """Dates that name a day or a month but no year. ``what``: the date as printed."""
    return sources.dates.query("year.isna()").rename(columns={"printed": "what"})


@source_check("dated after its release")
def _dated_after_release(sources):
    """Dates after the release of the page, in its own year where their sentence prints none.

    Those of what is told as planned are no oddity. ``what``: the date as printed; ``other``: the
    release; ``number``: the year, if it is printed.
    """
    published = sources.articles.published
    dates = sources.dates
    years = dates.groupby(["doc_id", "sentence"], observed=True).year.transform("count")
    dates = dates[dates.year.notna() | (years == 0)]
    is_late = [is_after(date, published[date.doc_id]) for date in dates.itertuples()]
    late = dates[np.array(is_late, bool)]
    late = late[~np.array(_are_of_another_time(late, sources), bool)]
    return late.assign(what=late.printed, other=late.doc_id.map(published), number=late.year)


def _are_of_another_time(dates, sources):
    """Whether the words of its sentence say of each date that it is planned, or of another year."""
    languages = language_column(sources.articles)
    spans = sources.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = []
    for date in dates.itertuples():
        start, end = spans.loc[(date.doc_id, date.sentence)]
        raw = sources.articles.raw[date.doc_id]
        told = f"{raw[start : date.start]}\0{raw[date.end : end]}"
        words = _OF_ANOTHER_TIME.get(languages[date.doc_id])
        found.append(bool(words and words.search(told)))
    return found


@source_check("no title line")
def _missing_titles(sources):
    """Articles of which no line is the title, but for those whose source has the title apart."""
    articles = sources.articles
    blank = Series("", index=articles.index)
    apart = articles.get("place", blank) + articles.get("collected_at", blank) != ""
    untitled = articles.lines.map(title_span).isna() & ~(apart & (articles.title != ""))
    return DataFrame({"doc_id": articles.index[untitled]})


@source_check("ends without a full stop")
def _unfinished_texts(sources):
    """Articles whose last paragraph ends without a full stop, though it is not cut short.

    Those in a language that is written without stops, such as Thai, are left out.
    """
    languages = language_column(sources.articles)
    for last in _last_paragraphs(sources):
        has_no_stops = rules_of(languages[last.doc_id]).sentences
        if not (has_no_stops or _ENDED.match(last.text) or _CUT.search(last.text)):
            words = _LAST_WORDS.search(last.text)
            yield Finding(last.doc_id, last.start + words.start(), last.end)


@source_check("unbalanced quotation mark")
def _unbalanced_quotes(sources):
    """Paragraphs whose quotation marks do not pair up. ``what``: how many of each there are.

    A quotation that goes on is opened again in the next paragraph, and closed only there.
    """
    for (doc_id, text, start, end, _), again in _with_next(sources.paragraphs):
        counts = {mark: text.count(mark) for mark in '„“”"'}
        opened = counts["„"] or counts["“"]  # in German “ closes what „ opened
        closed = counts["”"] + (counts["“"] if counts["„"] else 0)
        goes_on = again in ("“", "„")
        if counts['"'] % 2 > (again == '"') or opened - closed not in (0, goes_on):
            last = start + max(map(text.rfind, counts))
            what = ", ".join(f"{count} {mark}" for mark, count in counts.items() if count)
            yield Finding(doc_id, max(start, last - AROUND), min(end, last + AROUND), what)


@source_check("paragraph broken in mid-sentence")
def _broken_paragraphs(sources):
    """Lines that break off in mid-sentence.

    Each is counted as one paragraph with the next, unless a line that is no body stands between.
    """
    for one, two in chain.from_iterable(map(pairwise, _lines_of(sources.articles, "body"))):
        if is_broken(one.text, two.text):
            start = max(one.start, one.end - AROUND)
            yield Finding(one.doc_id, start, min(two.end, two.start + AROUND))


@source_check(RETOLD, of_corpus=True)
def _retold_paragraphs(repeats):
    """Paragraphs that share most of their types with an earlier one of the article, once each."""
    paragraphs = repeats.paragraphs
    for two in paragraphs[paragraphs.share >= LEAST_RETOLD].itertuples():
        yield _told_again(paragraphs.loc[two.other], two, two.share)


@source_check("shared with another article", of_corpus=True)
def _shared_paragraphs(repeats):
    """Paragraphs that share at least half of their sequences with one other article."""
    for link in _clusters(repeats).itertuples():
        if link.articles == 2:
            one = repeats.paragraphs.loc[link.first]
            again = _told_again(one, repeats.paragraphs.loc[link.second], link.share)
            yield again._replace(sharers=[one.doc_id])


@source_check("shared by several articles", of_corpus=True)
def _paragraphs_of_several(repeats):
    """Paragraphs that several articles have in most (``share``). ``number``: of articles."""
    several = _clusters(repeats).query("articles > 2")
    sharers = several.groupby("first").doc_id.agg(list)
    lines = {line.text for line in repeats.lines}
    raws = repeats.articles.raw
    for link in several.drop_duplicates("first").itertuples():
        first = repeats.paragraphs.loc[link.first]
        text = raws[first.doc_id][first.start : first.end]
        if text not in lines:
            what = str(first.paragraph)
            facts = (what, "", link.least, link.articles, sharers[link.first])
            yield Finding(first.doc_id, first.start, first.end, *facts)


@source_check("line in several articles", of_corpus=True)
def _lines_of_several(repeats):
    """Body lines of several articles. ``what``: a row of furniture.csv; ``number``: of articles."""
    for line in repeats.lines:
        row = StringIO()
        name = f"line-{crc32(line.text.encode()):08x}"
        pattern = regex.escape(line.text, literal_spaces=True)
        csv.writer(row, lineterminator="").writerow([name, "furniture", pattern, line.text, ""])
        articles = {"number": len(line.articles), "sharers": list(line.articles)}
        yield Finding(line.doc_id, line.start, line.end, row.getvalue(), **articles)


@source_check("one name, several spellings")
def _mixed_names(sources):
    """Names of several words that one article writes in several ways. ``what``: those names."""
    words = function_words()
    start = rf"(?=\p{{Lu}})(?<!\p{{Lu}})(?!\S{{200}})(?={_CAPITALISED}{_LINK}\(?\p{{Lu}})"
    no_word = rf"(?!(?i:{'|'.join(map(regex.escape, words))})\s)"  # last, since it takes longest
    pattern = regex.compile(start + no_word + _NAME)
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


def _first_of_clusters(copies):
    """The first copy in each cluster, the least share, the number of the other copies, and all."""
    clusters = copies.groupby("other", sort=False)
    others = clusters.share.transform("size") - 1
    table = copies.assign(share=clusters.share.transform("min"), number=others.where(others > 0))
    table = table.drop_duplicates("other")
    sharers = clusters.doc_id.agg(list).to_dict()
    return table.assign(sharers=[[first, *sharers[first]] for first in table.other])


def _find_repeats(articles, tokens):
    sequences = number_sequences(tokens)
    copies = find_copies(articles, tokens, sequences)
    paragraphs = find_paragraphs(tokens)
    shared = find_shared(tokens, sequences, paragraphs, copies)
    lines = list(_repeated_lines(articles[~articles.index.isin(copies.doc_id)]))
    return Repeats(articles, copies, paragraphs, shared, lines)


def _check_part(of_corpus, part):
    """What the checks find in a part of the articles, with what is told twice in it."""
    articles, sentences = part
    sources = Sources(articles, sentences, dates_in(part), _paragraphs(articles))
    here = of_corpus[of_corpus.doc_id.isin(articles.index)]
    table = pd.concat([_run(sources), here], ignore_index=True)
    raws = articles.raw.to_dict()
    spans = table[["doc_id", "start", "end"]].fillna({"start": 0, "end": 0})
    table["quote"] = [raws[row.doc_id][row.start : row.end] for row in spans.itertuples()]
    table["sentence"] = _sentences_at(table, sentences)
    return table


def _run(sources):
    """A row for each finding of the checks that take these sources."""
    of_corpus = isinstance(sources, Repeats)
    tables = [
        DataFrame(check(sources), columns=list(Finding._fields)).astype(_TYPES).assign(check=kind)
        for kind, check in CHECKS.items()
        if of_corpus == (kind in OF_CORPUS)
    ]
    return pd.concat(tables, ignore_index=True).fillna({"what": "", "other": ""})


def _paragraphs(articles):
    return [
        Passage(doc_id, raw[slice(*span)], *span)
        for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True)
        for span in body
    ]


def _with_next(paragraphs):
    """Each paragraph, and the character with which the next one of its article begins."""
    for one, two in pairwise([*paragraphs, Passage("", "", 0, 0)]):
        yield one, two.text[:1] if one.doc_id == two.doc_id else ""


def _last_paragraphs(sources):
    return {paragraph.doc_id: paragraph for paragraph in sources.paragraphs}.values()


def _first_of_each(raws, pattern, wanted=bool):
    """A finding for each text with matches that are wanted: the first one, and how many."""
    for doc_id, raw in raws.items():
        matches = [match for match in pattern.finditer(raw) if wanted(match[0])]
        if matches:
            start, end = matches[0].span()
            yield Finding(
                doc_id, max(0, start - AROUND), end + AROUND, matches[0][0], number=len(matches)
            )


def _repeated_lines(articles):
    """Body lines that several of the articles have, each where it is first."""
    number = Counter()
    for lines in _lines_of(articles, "body"):
        number.update({hash(line.text) for line in lines})
    several = defaultdict(list)
    for line in chain.from_iterable(_lines_of(articles, "body")):
        if number[hash(line.text)] >= FEWEST_ARTICLES:
            several[line.text].append(line)
    for lines in several.values():
        doc_ids = dict.fromkeys(line.doc_id for line in lines)
        yield lines[0]._replace(articles=tuple(doc_ids))


def _lines_of(articles, label):
    """The lines with this label of each article."""
    for doc_id, raw, lines in zip(articles.index, articles.raw, articles.lines, strict=True):
        spans = [line[:2] for line in lines if line.label == label]
        yield [Passage(doc_id, raw[slice(*span)], *span) for span in spans]


def _sentences_at(table, sentences):
    """The number of the sentence in which the span of each row starts; blank where none does."""
    docs = sentences.doc_id.array
    place = docs.categories.get_indexer(table.doc_id) << 32
    place += table.start.fillna(-1).to_numpy(int)
    starts = docs.codes.astype(int) << 32
    found = np.searchsorted(starts + sentences.start, place, "right") - 1
    ends = np.append(starts + sentences.end, 0)  # found is -1 before the first sentence
    numbers = np.append(sentences.sentence, 0)[found]
    return Series(numbers, table.index, "Int64").where((found >= 0) & (place < ends[found]))


def _told_again(one, two, share):
    """Paragraph ``what`` has that share of paragraph ``number`` of the article ``other``."""
    what = str(two.paragraph)
    return Finding(two.doc_id, two.start, two.end, what, one.doc_id, share, one.paragraph)


def _clusters(repeats):
    """The links of ``shared``: also the article, the ``first`` of their cluster, and facts of it.

    These are its number of articles and its ``least`` share.
    """
    links = repeats.shared
    doc_ids = repeats.paragraphs.doc_id[links.second].astype(str).to_numpy()
    links = links.assign(first=first_links(links.second, links["first"]), doc_id=doc_ids)
    cluster = links.groupby("first")
    return links.assign(
        articles=cluster.doc_id.transform("nunique") + 1, least=cluster.share.transform("min")
    )


def _words_of_name(name, variants):
    """What stays the same when a name is written in another order or spelling."""
    words = _NAME_WORD.findall(_POSSESSIVE.sub("", name).lower())
    return frozenset(variants.get(word, word) for word in words)
