"""What is missing or odd in the sources: checks that run on any corpus and say where to look.

A check is one function under ``@source_check``, which names its kind. It returns findings and mends
nothing. ``source_checks`` runs all of them, in the order of this file. What is repeated is found by
sequences of terms: each text is compared with the first that has its sequences, so the work and the
findings grow with the text and never with the pairs of texts.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from html import unescape
from io import StringIO
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import pandas as pd
import regex
from ftfy.badness import BADNESS_RE
from pandas import DataFrame, Series

from utils.corpus.articles import title_span
from utils.corpus.files import list_first
from utils.corpus.furniture import is_broken, is_hard_wrapped, line_table
from utils.corpus.languages import language_column
from utils.corpus.tables import LISTS, read_side_table, subset
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import function_words
from utils.facts.dates import date_table, full_date, is_after

LEAST_RETOLD = 0.6  # share of the shorter paragraph's types that the other has too, in an article
LEAST_SHARED = 0.5  # share of its sequences that the other has too, between articles
LEAST_COPIED = 0.8  # share of the longer article's sequences that the other has too
SEQUENCE = 5  # terms
FEWEST_TYPES = 20  # of a paragraph that is compared
BEFORE = 200  # paragraphs before it that a paragraph is compared with, in an article
FEWEST_ARTICLES = 3  # that have a line, for it to look like a part of the web page
MOST_NAMED = 20  # copies of one article
SPACELESS = ("zh", "ja")  # languages that are parted into words, or of which no words are counted
AROUND = 24  # characters shown on each side of a place
RETOLD = "retold within the article"

_CAPITALISED = r"\p{Lu}[\w&]*(?:-\p{Lu}?\w+)*"
_LINK = r"(?:['’]s)?\s+(?:(?:of|and|for|the|in|&|-|–)\s+){0,2}"
_NAME = rf"{_CAPITALISED}(?:{_LINK}\(?{_CAPITALISED}\)?)+"
_STOPS = tuple(".!?…。！？．।؟۔")
_TAG = (
    r"</?(?:a|b|body|br|div|em|font|h[1-6]|head|html|i|iframe|img|li|link|meta|ol|p|script|span|"
    r"strong|style|table|td|th|tr|u|ul)\b[^<>]*>"
)
_HTML = regex.compile(rf"(?i){_TAG}|<!--|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]+);")
_MORE = (
    r"(?:(?:continue|keep) reading|"
    r"(?:read|see|show|view) (?:more|(?:the )?(?:full|rest|whole)\b.{0,30}))"
)
_DOTS = r"(?:…|\.(?:\s?\.){2})"
_CUT = regex.compile(
    rf"(?i)\[\+[\d,]+ \w+\]|{_DOTS}[\s\])]*$|{_DOTS}[\s\])]*more\W*$|(?:^|[^\w\s,]\s*){_MORE}\W*$"
)


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
    with enough types to be compared: ``doc_id, paragraph, terms, types, start, end``. ``copies``
    has the articles that repeat another: ``doc_id, other, share``; ``shared`` the paragraphs that
    repeat another article's: ``second, first, share``, where the first two are their places in
    ``paragraphs``.
    """

    articles: DataFrame
    dates: DataFrame
    bodies: DataFrame
    paragraphs: DataFrame
    copies: DataFrame
    shared: DataFrame


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
    ``what, other, share, number``, as in ``Finding``. ``attrs["repeated"]`` has article and number
    of each paragraph that repeats another article's, ``attrs["copies"]`` each article that repeats
    another, with the first of its cluster and the share, as ``copy_table`` has them.
    """
    sources = _read_sources(articles)
    fields = list(Finding._fields)
    tables = [
        DataFrame(check(sources), columns=fields).astype(_TYPES).assign(check=kind)
        for kind, check in CHECKS.items()
    ]
    table = pd.concat(tables, ignore_index=True).fillna({"what": "", "other": ""})
    raws = articles.raw.to_dict()
    table["quote"] = [
        raws[row.doc_id][row.start : row.end]
        for row in table.fillna({"start": 0, "end": 0}).itertuples()
    ]
    table["sentence"] = _sentences_at(table, sentence_table(articles))
    repeated = sources.paragraphs.loc[sources.shared.second, ["doc_id", "paragraph"]]
    table.attrs["repeated"] = list(repeated.itertuples(index=False, name=None))
    table.attrs["copies"] = list(sources.copies.itertuples(index=False, name=None))
    return table[["doc_id", "check", "quote", "sentence", *fields[1:]]]


def count_checks(found: DataFrame) -> DataFrame:
    """One row per kind of odd thing: ``check, found, articles``, from ``source_checks``."""
    kinds = found.groupby("check", sort=False).doc_id
    return kinds.agg(found="size", articles="nunique").reset_index()


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


def without_copies(articles: DataFrame) -> DataFrame:
    """The articles without those whose text is, or nearly is, that of an earlier one."""
    copies = _copies(_bodies(articles), tokenize(articles))
    return subset(articles, ~articles.index.isin(copies.doc_id))


def without_retold(tokens: DataFrame, found: DataFrame) -> DataFrame:
    """Tokens outside what ``source_checks`` found to repeat another article or paragraph."""
    copies = [copy for copy, _, _ in found.attrs["copies"]]
    retold = found[found.check == RETOLD]
    repeated = [*zip(retold.doc_id, retold.what.astype(int), strict=True), *found.attrs["repeated"]]
    paragraphs = pd.MultiIndex.from_frame(tokens[["doc_id", "paragraph"]])
    return tokens[~(paragraphs.isin(repeated) | tokens.doc_id.isin(copies))]


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
def _copied_texts(sources):
    """Articles whose words are those of another (``other``), white space aside; a line a cluster.

    ``number``: of further articles with these words, blank where there is none.
    """
    return _first_of_clusters(sources.copies[sources.copies.share.isna()])


@source_check("nearly the same text as another article")
def _nearly_copied_texts(sources):
    """Articles with most of their sequences (``share``) in another (``other``); a line a cluster.

    ``number``: of further articles that are as alike to it at least, blank where there is none.
    """
    return _first_of_clusters(sources.copies[sources.copies.share.notna()])


@source_check("no body")
def _texts_without_body(sources):
    """Articles of which nothing is counted."""
    ids = sources.articles.index
    return DataFrame({"doc_id": ids[~ids.isin(sources.bodies.doc_id)]})


@source_check("wrong encoding")
def _wrongly_decoded_texts(sources):
    """Texts with the marks of a wrong encoding. ``what``: the first; ``number``: of places."""
    pattern = regex.compile(rf"(?:{BADNESS_RE.pattern})|\ufffd", regex.VERBOSE)
    return _first_of_each(sources.articles.raw, pattern)


@source_check("HTML in the text")
def _texts_with_html(sources):
    """Texts with tags or codes of HTML. ``what``: the first; ``number``: of places."""
    return _first_of_each(
        sources.articles.raw, _HTML, lambda code: unescape(code) != code or "<" in code
    )


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
    texts = sources.bodies[sources.bodies.doc_id.isin(others)]
    texts = texts.groupby("doc_id", sort=False).text.sum()
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
    """Articles of which no line is the title, but for those whose source has the title apart."""
    articles = sources.articles
    blank = Series("", index=articles.index)
    apart = articles.get("place", blank) + articles.get("collected_at", blank) != ""
    untitled = articles.lines.map(title_span).isna() & ~(apart & (articles.title != ""))
    return DataFrame({"doc_id": articles.index[untitled]})


@source_check("ends without a full stop")
def _unfinished_texts(sources):
    """Articles whose last paragraph ends without a full stop, though it is not cut short."""
    for last in _last_paragraphs(sources):
        ended = last.text.rstrip("\"”'’»」』)] ").endswith(_STOPS)
        if not (ended or _CUT.search(last.text)):
            words = regex.search(r"(?r)(?:\S+\s+){0,7}\S+$", last.text)
            yield Finding(last.doc_id, last.start + words.start(), last.end)


@source_check("unbalanced quotation mark")
def _unbalanced_quotes(sources):
    """Paragraphs whose quotation marks do not pair up. ``what``: how many of each there are."""
    for doc_id, text, start, end in sources.bodies.itertuples(index=False):
        counts = {mark: text.count(mark) for mark in '„“”"'}
        opened = counts["„"] or counts["“"]  # in German “ closes what „ opened
        closed = counts["”"] + (counts["“"] if counts["„"] else 0)
        if counts['"'] % 2 or opened != closed:
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
    """Paragraphs that share most of their types with an earlier one of the article, once each."""
    for _, paragraphs in sources.paragraphs.groupby("doc_id", observed=True):
        rows = list(paragraphs.itertuples())
        for place, two in enumerate(rows[1:], 1):
            before = rows[max(0, place - BEFORE) : place]
            shares = [_overlap(one.types, two.types, min) for one in before]
            if max(shares) >= LEAST_RETOLD:
                yield _told_again(before[shares.index(max(shares))], two, max(shares))


@source_check("shared with another article")
def _shared_paragraphs(sources):
    """Paragraphs that share at least half of their sequences with one other article."""
    for link in _clusters(sources).itertuples():
        if link.articles == 2:
            one, two = (sources.paragraphs.loc[place] for place in (link.first, link.second))
            yield _told_again(one, two, link.share)


@source_check("shared by several articles")
def _paragraphs_of_several(sources):
    """Paragraphs that several articles have in most (``share``). ``number``: of articles."""
    several = _clusters(sources).query("articles > 2").drop_duplicates("first")
    lines = set(_repeated_lines(sources).text)
    raws = sources.articles.raw.to_dict()
    for link in several.itertuples():
        first = sources.paragraphs.loc[link.first]
        text = raws[first.doc_id][first.start : first.end]
        if text not in lines:
            what = str(first.paragraph)
            yield Finding(first.doc_id, first.start, first.end, what, "", link.least, link.articles)


@source_check("line in several articles")
def _lines_of_several(sources):
    """Body lines of several articles. ``what``: a row of furniture.csv; ``number``: of articles."""
    for line in _repeated_lines(sources).itertuples():
        row = StringIO()
        name = f"line-{crc32(line.text.encode()):08x}"
        pattern = regex.escape(line.text, literal_spaces=True)
        csv.writer(row, lineterminator="").writerow([name, "furniture", pattern, line.text, ""])
        yield Finding(line.doc_id, line.start, line.end, row.getvalue(), number=line.articles)


@source_check("one name, several spellings")
def _mixed_names(sources):
    """Names of several words that one article writes in several ways. ``what``: those names."""
    words = function_words()
    start = rf"(?<!\p{{Lu}})(?!\S{{200}}|(?i:{'|'.join(map(regex.escape, words))})\s)"
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


def _first_of_clusters(copies):
    """The first copy in each cluster, the least share and the number of the other copies."""
    clusters = copies.groupby("other", sort=False)
    others = clusters.share.transform("size") - 1
    table = copies.assign(share=clusters.share.transform("min"), number=others.where(others > 0))
    return table.drop_duplicates("other")


def _read_sources(articles):
    tokens = tokenize(articles)
    bodies = _bodies(articles)
    paragraphs = _long_paragraphs(tokens)
    copies = _copies(bodies, tokens)
    own = paragraphs[~paragraphs.doc_id.isin(copies.doc_id)]
    shared = _links(own.terms, own.doc_id.astype(str), LEAST_SHARED, min)
    return Sources(articles, date_table(articles), bodies, paragraphs, copies, shared)


def _bodies(articles):
    rows = [
        (article.Index, article.raw[start:end], start, end)
        for article in articles.itertuples()
        for start, end in article.body
    ]
    return DataFrame(rows, columns=["doc_id", "text", "start", "end"])


def _last_paragraphs(sources):
    return sources.bodies.drop_duplicates("doc_id", keep="last").itertuples()


def _first_of_each(raws, pattern, wanted=bool):
    """A finding for each text with matches that are wanted: the first one, and how many."""
    for doc_id, raw in raws.items():
        matches = [match for match in pattern.finditer(raw) if wanted(match[0])]
        if matches:
            start, end = matches[0].span()
            yield Finding(
                doc_id, max(0, start - AROUND), end + AROUND, matches[0][0], number=len(matches)
            )


def _repeated_lines(sources):
    """Body lines that several articles have: ``doc_id, text, start, end, articles``."""
    lines = line_table(sources.articles).query("label == 'body'")
    lines = lines[~lines.doc_id.isin(sources.copies.doc_id)]
    articles = lines.groupby("text").doc_id.transform("nunique")
    lines = lines.assign(articles=articles.astype(int))
    return lines[lines.articles >= FEWEST_ARTICLES].drop_duplicates("text")


def _sentences_at(table, sentences):
    """The number of the sentence in which the span of each row starts; blank where none does."""
    starts = table.dropna(subset="start").reset_index().astype({"start": int, "doc_id": str})
    sentences = sentences.rename(columns={"end": "last"}).astype({"doc_id": str, "start": int})
    found = pd.merge_asof(
        starts[["index", "doc_id", "start"]].sort_values("start"),
        sentences[["doc_id", "start", "last", "sentence"]].sort_values("start"),
        on="start",
        by="doc_id",
    ).set_index("index")
    return found.sentence.where(found.start < found["last"]).astype("Int64").reindex(table.index)


def _long_paragraphs(tokens):
    tokens = tokens.astype({"doc_id": object, "term": object})  # categories need rows to be grouped
    paragraphs = tokens.groupby(["doc_id", "paragraph"], sort=False, as_index=False)
    table = paragraphs.agg(terms=("term", list), start=("start", "min"), end=("end", "max"))
    table["types"] = table.terms.map(set)
    return table[table.types.map(len) >= FEWEST_TYPES].reset_index(drop=True)


def _told_again(one, two, share):
    """Paragraph ``what`` has that share of paragraph ``number`` of the article ``other``."""
    what = str(two.paragraph)
    return Finding(two.doc_id, two.start, two.end, what, one.doc_id, share, one.paragraph)


def _copies(bodies, tokens):
    """Articles that repeat another: ``doc_id, other, share``, blank where it is the same.

    ``other`` is the first of the cluster, which repeats none.
    """
    texts = bodies.groupby("doc_id", sort=False).text.agg(" ".join)
    same = texts.str.normalize("NFKC").str.split().str.join(" ")
    first = same.map(same.drop_duplicates().reset_index().set_index("text").doc_id)
    exact = DataFrame({"doc_id": first.index, "other": first.to_numpy()})
    exact = exact[exact.doc_id != exact.other]
    own = tokens[~tokens.doc_id.isin(exact.doc_id)]
    terms = own.groupby("doc_id", observed=True, sort=False).term.agg(list)
    links = _links(terms, terms.index.to_series().astype(str), LEAST_COPIED, max)
    near = links.rename(columns={"second": "doc_id", "first": "other"})
    copies = pd.concat([near, exact], ignore_index=True)
    return copies.assign(other=_first_links(copies.doc_id, copies.other))


def _links(terms, groups, least, longer):
    """Items that share sequences with an earlier item of another group: ``second, first, share``.

    An item is compared with the one earlier item that was the first to have most of its sequences.
    The share is of the sequences of the shorter or of the longer (``min`` or ``max``).
    """
    sequences = _sequences(terms)
    first = sequences.drop_duplicates("sequence").set_index("sequence").item
    sequences["first"] = sequences.sequence.map(first)
    apart = sequences.item.map(groups) != sequences["first"].map(groups)
    pairs = sequences[apart].groupby(["item", "first"], sort=False).size().reset_index(name="n")
    pairs = pairs.sort_values("n", ascending=False, kind="stable").drop_duplicates("item")
    of_item = sequences.groupby("item").sequence.agg(set)
    shares = [_overlap(of_item[one], of_item[two], longer) for two, one, _ in pairs.to_numpy()]
    links = DataFrame({"second": pairs["item"], "first": pairs["first"], "share": shares})
    links = links[links.share >= least]
    order = Series(range(len(terms)), index=terms.index)
    return links.sort_values("second", key=lambda item: item.map(order), ignore_index=True)


def _sequences(terms):
    """Each sequence of terms once for each item that has it: ``item, sequence``."""
    codes = terms.explode().astype("category").cat.codes
    codes = codes.rename_axis("item")
    steps = {step: codes.groupby(level=0).shift(-step) for step in range(SEQUENCE)}
    table = DataFrame(steps).dropna()
    numbers = table.groupby(list(steps)).ngroup().rename("sequence")
    return numbers.reset_index().drop_duplicates(ignore_index=True)


def _overlap(one, two, longer):
    return len(one & two) / longer(len(one), len(two))


def _clusters(sources):
    """The links of ``shared`` with the ``first`` of their cluster, its articles and least share."""
    links = sources.shared
    links = links.assign(first=_first_links(links.second, links["first"]))
    doc_ids = sources.paragraphs.doc_id[links.second].astype(str).to_numpy()
    cluster = links.assign(doc_id=doc_ids).groupby("first")
    return links.assign(
        articles=cluster.doc_id.transform("nunique") + 1, least=cluster.share.transform("min")
    )


def _first_links(seconds, firsts):
    """The first of each cluster, where every item is linked to one that is settled before it."""
    first = dict(zip(seconds, firsts, strict=True))
    for item in first:
        first[item] = first.get(first[item], first[item])
    return [first[item] for item in seconds]


def _words_of_name(name, variants):
    """What stays the same when a name is written in another order or spelling."""
    words = regex.findall(r"[\w&]+", regex.sub(r"['’]s\b", "", name).lower())
    return frozenset(variants.get(word, word) for word in words)
