"""The query language: what each form finds, and what is said of a query that cannot be read."""

import re
import shutil
import sys
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Categorical, DataFrame

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.index import place_of_index
from utils.corpus.store import kept_positions
from utils.corpus.tokens import tokenize
from utils.facts.centres import compare_centres
from utils.facts.names import renderings
from utils.search.positions import Positions, positions_of
from utils.search.queries import (
    covered_by_names,
    find,
    longest_matches,
    parse,
    read_queries,
    sentence_edges,
)
from utils.stats.themes import body_names, read_themes, theme_hits

TEXT = (
    "The UK and Ningbo's centre. "
    "Science and technology: R&D talent, talents and high-tech parks.\n\n"
    "A uk centre and Technology."
)


@pytest.fixture
def tokens(tokens_of):
    return tokens_of(TEXT)


def found(tokens, query: str) -> list[str]:
    first, last = find(tokens, query)
    return [" ".join(tokens.term[a : b + 1]) for a, b in zip(first, last, strict=True)]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("uk", ["uk", "uk"]),
        ("UK", ["uk", "uk"]),
        ("talent*", ["talent", "talents"]),
        ("talent?", ["talents"]),
        ("*-tech", ["high-tech"]),
        ("r&d", ["r&d"]),
        ("Ningbo’s", ["ningbo 's"]),
        ('"science and technology"', ["science and technology"]),
        ("science and tech*", ["science and technology"]),
        ("science|technology", ["science", "technology", "technology"]),
        ('"uk|science and"', ["uk and", "science and"]),
        ('"uk|sci* and"', ["uk and", "science and"]),
        ("/t.l.*ts?/", ["talent", "talents"]),
        ("/(UK|centre)/", ["uk", "centre", "uk", "centre"]),
        ('"centre science"', []),  # never over the end of a sentence
        ("parks a", []),
        ("and|and technology", ["and", "and technology", "and", "and technology"]),
        ("zebra", []),
    ],
)
def test_what_each_form_finds(tokens, query, matches):
    assert found(tokens, query) == matches


def test_a_star_alone_is_any_token(tokens):
    assert len(found(tokens, "*")) == len(tokens)
    assert found(tokens, '"the * and"') == ["the uk and"]


def test_capitals_count_on_request(make_corpus):
    articles = read_corpus(make_corpus({"a": TEXT}))
    tokens = tokenize(articles)
    assert len(find(tokens, "case:UK", articles)[0]) == 1
    assert len(find(tokens, "case:uk", articles)[0]) == 1
    assert len(find(tokens, "case:Techn*|technology", articles)[0]) == 2
    with pytest.raises(Mistake, match="pass articles="):
        find(tokens, "case:UK")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('"open', "character 1: '\"' has no second mark"),
        ("a||b", "character 3: '|' has nothing before it"),
        ("a|", "character 3: a word is missing here"),
        ("", "character 1: a word is missing here"),
        ("talent /(/", "character 9: '(' is not a regular expression"),
        ("/(?a)(?u)x/", "character 2: '(' is not a regular expression"),
        (f"/{'(' * 5000}{')' * 5000}/", "is not a regular expression"),
        ("talent ...", "character 8: '.' has no word in it"),
        ('"|"', "character 2: '|' has no word in it"),
        ('""', "character 2: '\"' has no word in it"),
    ],
)
def test_a_query_that_cannot_be_read_is_named_with_its_character(query, said):
    with pytest.raises(Mistake) as caught:
        parse(query)
    assert said in str(caught.value)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=25),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
)
def test_a_phrase_is_found_where_a_plain_search_finds_it(terms, phrase):
    tokens = pd.DataFrame(
        {"doc_id": pd.Categorical(["d"] * len(terms)), "sentence": 1, "term": pd.Categorical(terms)}
    )
    expected, at = [], 0
    while at <= len(terms) - len(phrase):
        hit = terms[at : at + len(phrase)] == phrase
        expected += [at] if hit else []
        at += len(phrase) if hit else 1
    assert find(tokens, " ".join(phrase))[0].tolist() == expected


def test_of_matches_that_overlap_the_first_is_found_then_the_longest(tokens):
    assert found(tokens, '"uk and"|"uk"|"and Ningbo’s centre"|"science and"') == [
        "uk and",
        "science and",
        "uk",
    ]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=20))
def test_the_longest_match_wins_then_the_earlier(spans):
    taken, expected = set(), []
    for index in sorted(range(len(spans)), key=lambda index: (-spans[index][1], index)):
        rows = range(spans[index][0], sum(spans[index]) + 1)
        if taken.isdisjoint(rows):
            taken.update(rows)
            expected.append(index)
    ends = np.array(spans, int).reshape(-1, 2)
    kept = longest_matches(ends[:, 0], ends.sum(axis=1)).tolist()
    assert kept == sorted(expected)


def test_queries_of_a_side_table_are_checked_with_their_rows(make_corpus):
    folder = make_corpus({"a": "Text."})
    (folder / "themes.csv").write_text('theme,pattern\none,fine\ntwo,a||b\n,"""x"\n', "utf-8")
    with pytest.raises(Mistake) as caught:
        read_queries("themes", read_corpus(folder))
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "themes.csv, row 3, column pattern",
        "themes.csv, row 4, column theme",
        "themes.csv, row 4, column pattern",
    ]
    assert read_queries("renderings", read_corpus(folder)).empty


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("'s", ["'s"] * 4),
        ("’s", ["'s"] * 4),
        ("´s", ["'s"] * 4),
        ("s", ["s"]),
        ('"china \'s"', ["china 's"]),
        ('"leeds|china \'s"', ["leeds 's", "china 's"]),
        ('"uk|\'s port"', ["'s port"]),
        ("/'S/", ["'s"] * 4),
        ("/.*’s/", ["'s"] * 4),
        ("china‘s", ["china 's"]),
        ("cafe\u0301", ["café"]),
        ("of\ufb01ce", ["office"]),
        ("in\u00adnovation", ["innovation"]),
        ("ＵＫ", ["uk"]),
        ("don`t", ["don't"]),
    ],
)
def test_words_are_found_in_any_of_their_forms(tokens_of, query, matches):
    text = (
        "Leedsʼs and China’s café, Bo´s port: no s, don’t. The of\ufb01ce of UK‘s in\u00adnovation."
    )
    assert found(tokens_of(text), query) == matches


def test_capitals_count_in_the_plain_form_too(make_corpus):
    articles = read_corpus(make_corpus({"a": "The O\ufb03ce and the o\ufb03ce of Bo´s."}))
    tokens = tokenize(articles)
    assert len(find(tokens, "case:Office", articles)[0]) == 1
    assert len(find(tokens, "case:Bo's", articles)[0]) == 1


def test_a_regular_expression_that_never_ends_is_named(tokens_of):
    with pytest.raises(
        Mistake, match=r"query '/\(a\|aa\)\+b/': its regular expression does not end"
    ):
        find(tokens_of("a" * 60 + "c"), "/(a|aa)+b/")


@pytest.mark.parametrize(
    ("file", "header", "row", "named"),
    [
        ("themes.csv", "theme,pattern", "water,rain\nsnow,/(x|xx)+y/", "themes.csv, row 3"),
        ("renderings.csv", "concept,rendering", "water,/(x|xx)+y/", "renderings.csv, row 2"),
        ("attributes.csv", "attribute,meaning,check", "depth,,/(x|xx)+y/", "attributes.csv, depth"),
    ],
)
def test_a_pattern_that_never_ends_is_named_by_its_row(make_corpus, file, header, row, named):
    folder = make_corpus({"a": f"The {'x' * 60} rose."})
    (folder / file).write_text(f"{header}\n{row}\n", "utf-8")
    (folder / "centres.csv").write_text(
        "centre,attribute,value,about,doc_id,quote,note\nMill,depth,not stated,centre,a,,\n"
    )
    articles = read_corpus(folder)
    tokens = tokenize(articles)
    with pytest.raises(Mistake, match=f"{named}: query .* does not end"):
        theme_hits(tokens, read_themes(articles), [])
        renderings(tokens, articles)
        compare_centres(articles, tokens, read_themes(articles))


@pytest.mark.parametrize("file", ["themes.csv", "renderings.csv"])
def test_case_is_refused_where_it_is_not_understood(make_corpus, file):
    folder = make_corpus({"a": "May came."})
    (folder / file).write_text("theme,pattern,concept,rendering\nx,case:May,x,case:May\n", "utf-8")
    with pytest.raises(
        Mistake, match=f"{file}, row 2, column .*: case: is understood in nodes.txt"
    ):
        read_queries(file.removesuffix(".csv"), read_corpus(folder))


def test_chinese_characters_are_found_however_the_text_parts_them(tmp_path):
    (tmp_path / "a.txt").write_text(
        "标题\n\n宁波大力推进科技创新，5G网络发展很快。科技，创新都重要。\n", "utf-8"
    )
    articles = read_corpus(tmp_path)
    tokens = tokenize(articles)
    raw = articles.raw.iloc[0]

    def nodes(query):
        first, last = find(tokens, query)
        return [raw[tokens.start[i] : tokens.end[j]] for i, j in zip(first, last, strict=True)]

    assert nodes("科技创新") == ["科技创新"]  # not across the comma
    assert nodes("推进科技创新|5G网络") == ["推进科技创新", "5G网络"]
    assert nodes('"科技创新 5G网络"') == ["科技创新，5G网络"]
    assert nodes("创新") == ["创新", "创新"]
    assert nodes("技创") == []  # no words of the text


def test_rows_inside_names_are_those_that_a_search_for_each_finds():
    articles = read_corpus()
    tokens = tokenize(articles)
    names = [*body_names(articles), "R&D", "high-tech", "的"]
    inside = np.zeros(len(tokens), bool)
    for name in names:
        for first, last in zip(*find(tokens, f'"{name}"'), strict=True):
            inside[first : last + 1] = True
    assert inside.any()
    assert (covered_by_names(tokens, names) == inside).all()


QUERIES = ("a", "a b", "a|b c", "a*", "*a|b", "/[ab]c?/ a", "a b a", "c|a b|b a c", "no", '"a|b c"')


@pytest.mark.parametrize("seed", range(5))
def test_what_is_looked_up_is_what_a_plain_search_finds(seed):
    """Random tokens of sentences; of matches that overlap the first is kept, then the longest."""
    random = np.random.default_rng(seed)
    size = 120
    tokens = DataFrame(
        {
            "doc_id": Categorical(np.sort(random.choice(["x", "y", "z"], size))),
            "sentence": np.cumsum(random.random(size) < 0.2),
            "term": Categorical(random.choice(["a", "b", "c", "ab", "ac", "ba"], size)),
        }
    )
    places = list(zip(tokens.term, tokens.doc_id, tokens.sentence, strict=True))
    for query in QUERIES:
        matches = []
        for patterns, start in product(parse(query), range(size)):
            found = places[start : start + len(patterns)]
            pairs = zip(patterns, found, strict=False)
            fits = all(re.fullmatch(pattern, place[0]) for pattern, place in pairs)
            if fits and len(found) == len(patterns) and len({place[1:] for place in found}) == 1:
                matches.append((start, start + len(patterns) - 1))
        kept = []
        for first, last in sorted(matches, key=lambda match: (match[0], -match[1])):
            if not kept or first > kept[-1][1]:
                kept.append((first, last))
        assert list(zip(*find(tokens, query), strict=True)) == kept


def test_positions_are_kept_for_one_table_and_not_for_another(tokens_of):
    one = tokens_of("Tea and rain.")
    assert positions_of(one) is positions_of(one[["doc_id", "term"]])
    other = tokens_of("Rain and tea.")
    assert [find(table, "rain")[0].tolist() for table in (one, other, one)] == [[2], [0], [2]]
    assert find(one.iloc[1:], "rain")[0].tolist() == [1]


def test_positions_of_an_index_are_those_of_its_own_tokens_alone(tmp_path, monkeypatch):
    """Of so many terms as here the codes stay in the file, since they are as wide as there."""
    monkeypatch.setattr("utils.corpus.index.LARGE", 0)
    numbers = np.random.default_rng(0).permutation(np.arange(80_000) % 40_000)
    source = tmp_path / "numbers.txt"
    source.write_text("Title\n\n" + " ".join(map(str, numbers)), "utf-8")
    tokens = tokenize(read_corpus(source))
    assert kept_positions(tokens.term.array.codes) is not None
    renamed = tokens.term.cat.rename_categories(lambda term: term + "x")
    parts = [tokens.iloc[1:], tokens.iloc[:-1], tokens.iloc[::-1], tokens[tokens.index > 0]]
    for table in [tokens, tokens.copy(), tokens.assign(term=renamed), *parts]:
        positions = positions_of(table)
        codes = table.term.array.codes
        order = np.argsort(codes, kind="stable")
        assert positions.order.tolist() == order.tolist()
        assert np.diff(positions.ends).tolist() == np.bincount(codes, minlength=40_000).tolist()
    monkeypatch.setattr("utils.search.positions._sort_by_term", None)  # nothing is sorted again
    terms = tokens.term.array
    assert (Positions(terms.codes, terms.categories).order == positions_of(tokens).order).all()
    assert all(kept_positions(part.term.array.codes) is None for part in parts)
    shutil.rmtree(place_of_index(source))
    assert kept_positions(tokens.term.array.codes) is None


@pytest.mark.parametrize("few", [1, 10**9])
def test_edges_of_sentences_one_by_one_or_all_together(few, monkeypatch):
    tokens = tokenize(read_corpus())
    monkeypatch.setattr(sys.modules[find.__module__], "FEW", few)
    rows = np.arange(0, len(tokens), 7)
    low, high = sentence_edges(tokens, rows)
    sentences = tokens.reset_index(names="row").groupby(["doc_id", "sentence"], observed=True).row
    assert low.tolist() == sentences.transform("first")[rows].tolist()
    assert high.tolist() == sentences.transform("last")[rows].tolist()


def test_edges_of_a_few_words_in_a_text_that_is_one_sentence(tokens_of):
    tokens = tokens_of("Tea" + " and rain" * 100)
    assert [edge.tolist() for edge in sentence_edges(tokens, np.array([0, 150]))] == [
        [0, 0],
        [200, 200],
    ]
