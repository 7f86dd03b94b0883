"""What is missing or odd in the sources: checks that run on any corpus, each with where to look.

Every check takes ``articles`` and yields findings; nothing is mended. ``source_checks`` runs them all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex
from scipy.sparse import coo_array, triu

from utils.corpus.articles import title_span
from utils.facts.dates import date_table, datelines
from utils.corpus.furniture import is_broken
from utils.corpus.files import read_table
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import LISTS, function_words

RETOLD = 0.6  # share of the shorter paragraph's types that the other has too, within an article
SHARED = 0.5  # share of the shorter paragraph's five-word sequences that the other has too, between articles
FEWEST_TYPES = 20  # of a paragraph that is compared


class Finding(NamedTuple):
    """One odd thing: its article, what was checked, what was found, and the span to look at."""

    doc_id: str
    check: str
    finding: str
    start: int | None = None
    end: int | None = None


def source_checks(articles: pd.DataFrame) -> pd.DataFrame:
    """One row per odd thing found: ``doc_id, check, finding, quote, sentence, start, end``.

    ``quote`` is the text at that span, as collected; the last four are blank where there is no span.
    """
    table = pd.DataFrame([finding for check in CHECKS for finding in check(articles)], columns=Finding._fields)
    table = table.astype({"start": "Int64", "end": "Int64"})
    spans = zip(table.doc_id, table.start, table.end, strict=True)
    table.insert(3, "quote", ["" if pd.isna(s) else articles.raw[doc_id][s:e] for doc_id, s, e in spans])
    table.insert(4, "sentence", sentence_at(articles, table))
    return table


def sentence_at(articles: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Number of the body sentence in which each row's ``doc_id, start`` lies; blank outside the body."""
    sentences = dict(iter(sentence_table(articles).groupby("doc_id", observed=True)))
    found = []
    for doc_id, start in zip(table.doc_id, table.start, strict=True):
        rows = sentences.get(doc_id)
        hit = rows[(rows.start <= start) & (start < rows.end)] if rows is not None and pd.notna(start) else ()
        found.append(hit.sentence.iloc[0] if len(hit) else pd.NA)
    return pd.Series(found, dtype="Int64", index=table.index)


def dates_missing(articles: pd.DataFrame) -> Iterator[Finding]:
    """Articles without a date of publication, or whose dateline prints another than the metadata."""
    lines = datelines(articles).set_index("doc_id")
    for doc_id, published in articles.published.items():
        printed = lines.date.get(doc_id, "")
        if not published:
            yield Finding(doc_id, "no publication date", "the metadata give no date of publication")
        elif isinstance(printed, str) and printed and not printed.startswith(published):
            line = lines.loc[doc_id]
            yield Finding(
                doc_id,
                "dates disagree",
                f"the dateline says {printed}, the metadata {published}",
                *line[["start", "end"]],
            )


def dates_without_year(articles: pd.DataFrame) -> Iterator[Finding]:
    """Dates that name a day or a month of no year."""
    for date in date_table(articles).query("year.isna()").itertuples():
        yield Finding(date.doc_id, "date without a year", f"“{date.printed}” names no year", date.start, date.end)


def dated_after_release(articles: pd.DataFrame) -> Iterator[Finding]:
    """Dates in the text that fall after the page's release, in the release's own year where none is printed."""
    for date in date_table(articles).itertuples():
        released = articles.published[date.doc_id]
        if not released or (pd.isna(date.month) and pd.isna(date.year)):
            continue
        year = released[:4] if pd.isna(date.year) else f"{date.year:04}"
        in_text = "-".join([year] + [f"{part:02}" for part in (date.month, date.day) if pd.notna(part)])
        if in_text[: len(released)] > released[: len(in_text)]:  # as far as both are precise
            unless = "" if pd.notna(date.year) else ", unless another year is meant"
            yield Finding(date.doc_id, "dated after its release", f"“{date.printed}” comes after the release on {released}{unless}", date.start, date.end)  # fmt: skip


def ends_in_mid_sentence(articles: pd.DataFrame) -> Iterator[Finding]:
    """Articles whose last paragraph ends without a full stop."""
    for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True):
        if body and not regex.search(r"[.!?…。！？][\"”'’)\]]*$", raw[slice(*body[-1])]):
            last = raw[slice(*body[-1])].split()[-8:]
            start = body[-1][1] - len(
                regex.search(r"\s+".join(map(regex.escape, last)) + "$", raw[slice(*body[-1])])[0]
            )
            yield Finding(doc_id, "ends in mid-sentence", "the text ends without a full stop", start, body[-1][1])


def unbalanced_quotes(articles: pd.DataFrame) -> Iterator[Finding]:
    """Paragraphs in which quotation marks do not pair up."""
    for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True):
        for start, end in body:
            marks = Counter(raw[start:end])
            opened, closed, straight = marks["“"], marks["”"], marks['"']
            if straight % 2 or opened != closed:
                counts = [f"{n} {name}" for n, name in ((opened, "“"), (closed, "”"), (straight, "straight")) if n]
                yield Finding(doc_id, "unbalanced quotation mark", "quotation marks in the paragraph: " + ", ".join(counts), *_first_mark(raw, start, end))  # fmt: skip


def broken_paragraphs(articles: pd.DataFrame) -> Iterator[Finding]:
    """Lines that break off in mid-sentence; they are counted as one paragraph with the next."""
    for doc_id, raw, lines in zip(articles.index, articles.raw, articles.lines, strict=True):
        body = [line for line in lines if line.label == "body"]
        for line, after in zip(body, body[1:], strict=False):
            if is_broken(raw[line.start : line.end], raw[after.start : after.end]):
                yield Finding(
                    doc_id,
                    "paragraph broken in mid-sentence",
                    "joined with the next line",
                    line.end - 24,
                    after.start + 24,
                )


def retold_paragraphs(articles: pd.DataFrame) -> Iterator[Finding]:
    """Pairs of paragraphs of one article that share most of their types: a second telling."""
    paragraphs = _paragraph_types(tokenize(articles))
    for doc_id, group in paragraphs.groupby("doc_id", observed=True):
        for one, two in combinations(group.itertuples(), 2):
            share = len(one.types & two.types) / min(len(one.types), len(two.types))
            if share >= RETOLD:
                text = f"paragraph {two.paragraph} shares {share:.0%} of its types with paragraph {one.paragraph}"
                yield Finding(doc_id, "retold within the article", text, two.start, two.end)


def shared_paragraphs(articles: pd.DataFrame) -> Iterator[Finding]:
    """Paragraphs of different articles that share half their sequences of five words or more."""
    tokens = tokenize(articles)
    paragraphs = _paragraph_types(tokens).reset_index(drop=True)
    shingles = _shingles(tokens, paragraphs)
    sizes = shingles.sum(axis=1)
    overlaps = triu(shingles @ shingles.T, k=1).tocoo()
    for i, j, shared in zip(*overlaps.coords, overlaps.data, strict=True):
        one, two, share = paragraphs.loc[i], paragraphs.loc[j], shared / min(sizes[i], sizes[j])
        if one.doc_id != two.doc_id and share >= SHARED:
            text = f"shares {share:.0%} of its five-word sequences with {one.doc_id}, paragraph {one.paragraph}"
            yield Finding(two.doc_id, "shared with another article", text, two.start, two.end)


def repeated_lines(articles: pd.DataFrame) -> Iterator[Finding]:
    """Body lines that stand in several articles word for word: page furniture, perhaps, without a rule yet."""
    places = defaultdict(list)
    for doc_id, raw, lines in zip(articles.index, articles.raw, articles.lines, strict=True):
        for line in lines:
            if line.label == "body":
                places[raw[line.start : line.end]].append((doc_id, line.start, line.end))
    for found in places.values():
        if len({doc_id for doc_id, *_ in found}) > 1:
            doc_id, *span = found[0]
            yield Finding(
                doc_id, "line in several articles", f"stands in {len(found)} places: furniture without a rule?", *span
            )


def mixed_names(articles: pd.DataFrame) -> Iterator[Finding]:
    """Names of several words that one article writes in several ways."""
    links, variants = (
        function_words(),
        read_table(LISTS / "variants.csv", ["variant", "term"]).set_index("variant").term,
    )
    for doc_id in articles.index:
        names = defaultdict(dict)
        for name, start, end in _names(articles.loc[doc_id], links):
            names[_name_words(name, variants.to_dict()) - links].setdefault(name, (start, end))
        for spellings in names.values():
            if len(spellings) > 1:
                found = " / ".join(f"“{name}”" for name in spellings)
                yield Finding(doc_id, "one name, several spellings", found, *list(spellings.values())[-1])


def interested_outlets(articles: pd.DataFrame) -> Iterator[Finding]:
    """Outlets whose own name stands in what they report."""
    for doc_id, article in articles.iterrows():
        for outlet in filter(None, article.outlet.split(" / ")):
            for start, end in article.body:
                at = article.raw.find(outlet, start, end)
                if at >= 0:
                    yield Finding(
                        doc_id, "outlet is a party", f"the outlet, {outlet}, reports on itself", at, at + len(outlet)
                    )
                    break


def titles_missing(articles: pd.DataFrame) -> Iterator[Finding]:
    """Articles whose title in the metadata is no line of the file."""
    for doc_id, lines in articles.lines.items():
        if not title_span(lines):
            yield Finding(doc_id, "no title line", "no line of the text is the title")


def identical_texts(articles: pd.DataFrame) -> Iterator[Finding]:
    """Articles whose files are the same, byte for byte."""
    for _, group in articles.groupby("sha256", sort=False):
        for doc_id in group.index[1:]:
            yield Finding(
                doc_id, "same text as another article", f"the file is that of {group.index[0]}; count it once"
            )


def unsegmented_texts(articles: pd.DataFrame) -> Iterator[Finding]:
    """Articles mostly in Chinese or Japanese characters, whose words no white space parts."""
    for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True):
        text = "".join(raw[slice(*span)] for span in body)
        if len(regex.findall(r"[\p{Han}\p{Hiragana}\p{Katakana}]", text)) > len(text) / 3:
            yield Finding(
                doc_id, "words are not parted", "mostly Chinese or Japanese: a token is a run of characters and no word"
            )


CHECKS = (
    identical_texts, unsegmented_texts, dates_missing, dates_without_year, dated_after_release, titles_missing, ends_in_mid_sentence, unbalanced_quotes,
    broken_paragraphs, retold_paragraphs, shared_paragraphs, repeated_lines, mixed_names, interested_outlets,
)  # fmt: skip


def _first_mark(raw: str, start: int, end: int) -> tuple[int, int]:
    """The span about the last quotation mark of a paragraph, where a reader can begin to look."""
    last = max(raw.rfind(mark, start, end) for mark in '“”"')
    return max(start, last - 24), min(end, last + 24)


def _paragraph_types(tokens: pd.DataFrame) -> pd.DataFrame:
    """Paragraphs with enough types to compare: ``doc_id, paragraph, types, start, end``."""
    groups = tokens.groupby(["doc_id", "paragraph"], observed=True)
    table = groups.agg(
        types=("term", lambda terms: set(terms)), start=("start", "min"), end=("end", "max")
    ).reset_index()
    return table[table.types.map(len) >= FEWEST_TYPES]


def _shingles(tokens: pd.DataFrame, paragraphs: pd.DataFrame, n: int = 5) -> coo_array:
    """Which five-word sequences stand in which paragraph: a row per paragraph, a column per sequence."""
    number = {(p.doc_id, p.paragraph): i for i, p in enumerate(paragraphs.itertuples())}
    column = defaultdict()
    column.default_factory = column.__len__
    cells = {
        (number[place], column[tuple(codes[i : i + n])])
        for place, codes in tokens.term.cat.codes.groupby([tokens.doc_id, tokens.paragraph], observed=True)
        if place in number
        for codes in [codes.to_list()]
        for i in range(len(codes) - n + 1)
    }
    rows, columns = np.array(sorted(cells), dtype=int).reshape(-1, 2).T
    return coo_array((np.ones(len(rows), int), (rows, columns)), shape=(len(paragraphs), len(column))).tocsr()


_CAPITAL = r"\p{Lu}[\w&]*(?:-\p{Lu}?\w+)*"
_NAME = regex.compile(rf"{_CAPITAL}(?:(?:['’]s)?\s+(?:(?:of|and|for|the|in|&|-|–)\s+){{0,2}}\(?{_CAPITAL}\)?)+")


def _names(article: pd.Series, links: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Names of several capitalised words in title and body, as printed but for a leading function word."""
    title = title_span(article.lines)
    for start, end in ([title] if title else []) + list(article.body):
        for match in _NAME.finditer(article.raw, start, end):
            words, first = match.group().split(), match.start()
            while words and words[0].lower() in links:
                first += len(words[0]) + 1
                words = words[1:]
            if len(words) > 1:
                yield " ".join(words), first, match.end()


def _name_words(name: str, variants: dict[str, str]) -> frozenset[str]:
    """What stays the same when a name is written in another order or spelling."""
    words = regex.findall(r"[\w&]+", regex.sub(r"['’]s\b", "", name).lower())
    return frozenset(variants.get(word, word) for word in words)


def without_retold(tokens: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Tokens outside the paragraphs that ``source_checks`` found to be retold or shared."""
    again = found[found.check.isin(["retold within the article", "shared with another article"])]
    inside = np.zeros(len(tokens), bool)
    for row in again.itertuples():
        inside |= (tokens.doc_id == row.doc_id) & tokens.start.between(row.start, row.end - 1)
    return tokens[~inside]


def with_and_without(tokens: pd.DataFrame, once: pd.DataFrame) -> pd.DataFrame:
    """Size of a corpus with and without its retold paragraphs: ``paragraphs_counted, tokens, types``."""
    rows = [("all", len(tokens), tokens.term.nunique()), ("without retold", len(once), once.term.nunique())]
    return pd.DataFrame(rows, columns=["paragraphs_counted", "tokens", "types"])
