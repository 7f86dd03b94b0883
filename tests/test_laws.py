"""What holds of any text, table, query or cell, tried on odd ones that Hypothesis makes up."""

import csv
import unicodedata
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer
from pandas import DataFrame

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake, decode, decode_any
from utils.corpus.furniture import (
    label_lines,
    line_table,
    paragraph_spans,
    read_patterns,
    read_rules,
)
from utils.corpus.sentences import sentence_spans
from utils.corpus.tables import TABLES, read_side_table
from utils.corpus.token_pattern import TOKEN_PATTERN
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import plain_form
from utils.facts.dates import find_dates
from utils.facts.quantities import find_quantities, numbers
from utils.facts.quotations import find_quotation
from utils.page.parameters import check_parameters, read_parameter
from utils.report.exports import csv_of
from utils.search.lines import concordance
from utils.search.queries import find, parse

settings.register_profile(
    "laws",
    max_examples=60,
    derandomize=True,  # the same examples in every run
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("laws")

RULES = read_patterns(read_rules(None))
HIDDEN = list("\u200b\u00ad\u202e\u2066\ufeff\u200d\U000e0041")
SPACE = list(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2003\u2028\u2029\u3000") + ["\r\n", "\n\n"]
MARKS = list("\"'“”‘’«»「」()[]—–-…。！？，.,;:!?%$£|*/#=_\\`´\x07\x1b\x7f") + ["...", ". . ."]
WORDS = (
    "The city of Mr. U.K. p.m. No. e.g. Inc. Li’s isn't R&D high-tech TALENT talent ﬁrm ＵＫ "
    "cafe\u0301 \u0301 Straße İstanbul ſ naïve مرحبا بالعالم שלום 中文 文章。 大学 हिन्दी 😀 "
    "👨\u200d👩\u200d👧 Rain rain raining"
).split()
NUMBERS = (
    "5 1,000.5 18,000 $5m £1.06 2.8% 3/4 ½ ² Ⅷ ３００ ٣٤ 1/0 million three hundred dozen "
    "yuan people firms 2019 1899 9999 0000 17 31 32 99999999999999999999 2018–19 10:30 2.0"
).split() + ["May 17", "May 17, 2019", "5th of October", "in 2018", "2018-10-05", "2018年11月5日"]

any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
piece = st.sampled_from([*WORDS, *NUMBERS, *MARKS, *SPACE, *HIDDEN]) | any_text
odd_text = st.builds(str.join, st.sampled_from(["", " ", " "]), st.lists(piece, max_size=40))
language = st.sampled_from(["en", "zh", "de", "fr", "ar", "xx"])


def articles_of(*raws: str, language: str = "en") -> DataFrame:
    lines = [label_lines(raw, RULES) for raw in raws]
    body = [paragraph_spans(raw, labelled) for raw, labelled in zip(raws, lines, strict=True)]
    ids = [f"d{number}" for number in range(len(raws))]
    columns = {"raw": raws, "lines": lines, "body": body, "language": language}
    return DataFrame(columns, index=ids).rename_axis("doc_id")


def in_order(spans: list, length: int) -> bool:
    """Whether spans are not empty, in order, apart from each other, and inside."""
    inside = all(0 <= start < end <= length for start, end in spans)
    return inside and all(before[1] <= after[0] for before, after in pairwise(spans))


def outside(text: str, spans: list) -> str:
    cuts = [0, *(place for span in spans for place in span), len(text)]
    return "".join(text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True))


def is_seen(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) != "Cf"


@given(
    st.binary(max_size=60) | odd_text.map(str.encode) | odd_text.map(lambda t: t.encode("utf-16"))
)
def test_bytes_become_their_text_or_a_mistake_that_names_the_file(data):
    text, problems = outcome(decode, data, "a.txt")
    assert problems or text.encode() == data
    found, more = outcome(decode_any, data, "a.txt")
    assert more or "\0" not in found[0]
    assert more or found[0].encode().decode() == found[0]  # it has no half of a character
    assert all(problem.startswith("a.txt: ") for problem in problems + more)


@settings(max_examples=15)
@given(st.lists(odd_text, min_size=1, max_size=3))
def test_a_corpus_keeps_its_texts_as_they_are(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("laws")
    (folder / "texts").mkdir()
    rows = [["doc_id", "file"]]
    for number, text in enumerate(texts):
        (folder / "texts" / f"{number}.txt").write_bytes(text.encode())
        rows.append([f"d{number}", f"{number}.txt"])
    write_table(folder / "metadata.csv", rows)
    articles, problems = outcome(read_corpus, folder)
    assert all(regex.match(r"metadata\.csv, row \d+, column file: ", line) for line in problems)
    assert problems or [text.removeprefix("\ufeff") for text in articles.raw] == [
        text.removeprefix("\ufeff") for text in texts
    ]


def outcome(read, *arguments):
    """What a call returns, and the lines of the mistake that it raises instead."""
    try:
        return read(*arguments), []
    except Mistake as mistake:
        return None, mistake.problems


def write_table(file, rows):
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows(rows)


def trimmed(cell: str) -> str:
    """A cell without what is not seen at its ends."""
    seen = [place for place, char in enumerate(cell) if is_seen(char)]
    return cell[seen[0] : seen[-1] + 1] if seen else ""


@given(st.lists(st.tuples(odd_text, odd_text, odd_text), max_size=5))
def test_a_side_table_gives_back_its_cells(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("laws")
    write_table(folder / "variants.csv", [["variant", "term", "mood"], *rows])
    cells = [[trimmed(cell) for cell in row] for row in rows]
    filled = {number: row for number, row in enumerate(cells, 2) if any(row)}
    lacking = [
        f"variants.csv, row {number}, column {column}: empty; every row needs a value here"
        for number, row in filled.items()
        for column, cell in zip(["variant", "term"], row, strict=False)
        if not cell
    ]
    table, problems = outcome(read_side_table, "variants", folder)
    assert problems == lacking
    assert problems or dict(zip(table.index, table.to_numpy().tolist(), strict=True)) == filled


@given(st.sampled_from(list(TABLES)), st.binary(max_size=80) | odd_text.map(str.encode))
def test_any_bytes_are_a_side_table_or_a_mistake_that_names_it(tmp_path_factory, name, data):
    folder = tmp_path_factory.mktemp("laws")
    file = TABLES[name].file
    (folder / file).write_bytes(data)
    _, problems = outcome(read_side_table, name, folder)
    assert all(problem.startswith(file) for problem in problems)


@given(odd_text)
def test_every_line_is_labelled_once_and_nothing_is_lost(raw):
    lines = label_lines(raw, RULES)
    spans = [line[:2] for line in lines]
    assert in_order(spans, len(raw))
    assert not any(map(is_seen, outside(raw, spans)))
    assert {line.label for line in lines} <= {"title", "dateline", "body", "furniture"}
    assert sum(line.label == "title" for line in lines) <= 1
    body = paragraph_spans(raw, lines)
    assert in_order(body, len(raw))
    assert {start for start, _ in body} <= {line.start for line in lines if line.label == "body"}
    assert {end for _, end in body} <= {line.end for line in lines if line.label == "body"}


@given(odd_text, language)
def test_sentences_cover_a_paragraph_in_order(text, language):
    spans = sentence_spans(text, language)
    assert in_order(spans, len(text))
    assert outside(text, spans).strip() == ""
    assert not any(text[start].isspace() for start, _ in spans)


@given(odd_text, odd_text, language)
def test_tokens_are_where_they_say_and_those_of_nltk(first, second, language):
    articles = articles_of(first, second, language=language)
    tokens = tokenize(articles, titles=True)
    sentences = sentence_table(articles, titles=True).set_index(["doc_id", "sentence"])
    for token in tokens.itertuples():
        raw = articles.raw[token.doc_id]
        assert plain_form(raw[token.start : token.end]).lower() == token.term
        around = sentences.loc[(token.doc_id, token.sentence)]
        assert around.start <= token.start < token.end <= around.end
        assert around.paragraph == token.paragraph
    if language == "en":
        split = RegexpTokenizer(TOKEN_PATTERN).span_tokenize
        of_nltk = [
            (doc_id, begin + start, begin + end)
            for doc_id, raw, spans in articles[["raw", "body"]].itertuples()
            for begin, stop in spans
            for start, end in split(raw[begin:stop])
        ]
        body = tokens[tokens.paragraph > 0]
        assert list(body[["doc_id", "start", "end"]].itertuples(index=False, name=None)) == of_nltk


@given(odd_text | st.text("ab*?|\"/\\()[]+{}^$'’:. 1", max_size=12))
def test_any_query_is_read_or_refused(query):
    alternatives, problems = outcome(parse, query)
    assert all("query" in problem for problem in problems)
    assert problems or all(alternatives)
    assert problems or all(regex.compile(part) for words in alternatives for part in words)


long_number = st.builds(str.__add__, st.sampled_from(["", "-", "0x", "0x-"]), st.just("7" * 5000))


@given(st.sampled_from(["TOP", "SEED", "K", "TARGET", "LEMMAS"]), odd_text | long_number)
def test_any_parameter_is_read_or_refused_in_a_short_line(name, text):
    _, problems = outcome(check_parameters, {name: read_parameter(name, text)})
    assert all(len(problem) < 150 and problem.startswith(name) for problem in problems)


VOCABULARY = ["rain", "rains", "train", "sea", "r"]
word = st.sampled_from([*VOCABULARY, "r*", "*ain", "?", "s?a", "*", "rai?*", "RAIN"])


@given(
    st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6), min_size=1, max_size=4),
    st.lists(st.lists(word, min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_find_agrees_with_looking_at_every_place(sentences, alternatives):
    raw = "".join(f"{' '.join(words).capitalize()}.\n\nX.\n\n" for words in sentences)
    articles = articles_of(f"A title\n\n{raw}")
    tokens = tokenize(articles)
    query = "|".join(f'"{" ".join(words)}"' for words in alternatives)
    first, last = find(tokens, query)
    terms = tokens.term.tolist()
    keys = tokens.sentence.tolist()
    expected = []
    place = 0
    while place < len(terms):
        reach = max((_reach(words, terms, keys, place) for words in alternatives), default=0)
        if reach:
            expected.append((place, place + reach - 1))
        place += max(reach, 1)
    assert list(zip(first, last, strict=True)) == expected
    lines = concordance(articles, tokens, query).itertuples()
    for line, (start, end) in zip(lines, expected, strict=True):
        assert line.node == articles.raw.iloc[0][tokens.start[start] : tokens.end[end]]
        assert line.left + line.node + line.right in articles.raw.iloc[0]


def _reach(words, terms, keys, place):
    """How many tokens match from here on within one sentence; 0 where they do not."""
    found = list(zip(words, terms[place:], keys[place:], strict=False))
    whole = len(found) == len(words) and len({key for _, _, key in found}) == 1
    return len(words) if whole and all(_is_like(word, term) for word, term, _ in found) else 0


def _is_like(word, term):
    """Whether a word with wildcards is this term, worked out letter by letter."""
    word = word.lower()
    if not word or not term:
        return not term and not word.strip("*")
    if word[0] == "*":
        return _is_like(word[1:], term) or _is_like(word, term[1:])
    return word[0] in ("?", term[0]) and _is_like(word[1:], term[1:])


@given(odd_text, st.integers(0, 200), st.integers(1, 80))
def test_what_is_copied_from_a_text_is_found_there(raw, start, length):
    quote = raw[start : start + length]
    letters = [char for char in quote if char.isalnum()]
    spans = find_quotation(raw, quote)
    assert in_order(spans, len(raw))
    for begin, end in spans:
        assert [char for char in raw[begin:end] if char.isalnum()] == letters
    if letters:
        assert spans


@given(odd_text)
def test_dates_are_as_printed_and_never_completed(text):
    dates = find_dates(text)
    assert [found.start for found in dates] == sorted(found.start for found in dates)
    for found in dates:
        assert found.printed == text[found.start : found.end]
        digits = [int(digits) for digits in regex.findall(r"\d+", found.printed)]
        assert found.year is None or found.year in digits or found.year % 100 in digits
        assert found.day is None or found.day in digits
        assert found.day is None or found.month
        if found.year and found.month and found.day:
            date(found.year, found.month, found.day)


@given(odd_text)
def test_quantities_are_as_printed(text):
    found = find_quantities(text)
    years = {date.year for date in find_dates(text)}
    for quantity in found:
        assert quantity.printed == text[quantity.start : quantity.end]
        assert quantity.kind in ("date", "money", "percent", "count")
        assert quantity.year is None or quantity.year in years
        assert quantity.kind == "date" or abs(quantity.number) < float("inf")
        assert not quantity.hedge or quantity.hedge in text.lower()
    assert all(abs(number) <= float("inf") for number in numbers(text))


cell = odd_text | st.integers() | st.floats(allow_nan=False) | st.none() | st.booleans()


@given(st.lists(st.tuples(cell, cell), max_size=6), odd_text)
def test_an_exported_table_is_the_table_and_runs_nothing(rows, name):
    columns = [{"key": "first", "numeric": False}, {"key": name, "numeric": False}]
    data = csv_of({"columns": columns, "rows": [list(row) for row in rows]})
    read = list(csv.reader(StringIO(data.decode(), newline="")))
    assert len(read) == len(rows) + 1
    for before, after in zip([("first", name), *rows], read, strict=True):
        for value, text in zip(before, after, strict=True):
            if isinstance(value, str):
                assert text.removeprefix("'") == value.removeprefix("'")
                assert not regex.match(r"[\s\p{C}]*[=+@＝＋＠-]", text)


@pytest.mark.parametrize("seed", range(3))
def test_lines_of_a_table_are_those_of_the_articles(seed):
    articles = articles_of("A title\n\nIt rained. " * (seed + 1), "\ufeff\n\nNo.\x1c\n")
    table = line_table(articles)
    assert [
        articles.raw[line.doc_id][line.start : line.end] for line in table.itertuples()
    ] == table.text.tolist()
