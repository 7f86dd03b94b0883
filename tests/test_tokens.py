"""Tokens: what counts as one, where it stands, and that NLTK agrees on any text."""

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer

from utils.corpus import token_pattern
from utils.corpus.articles import read_corpus
from utils.corpus.chunks import split_texts, terms_of
from utils.corpus.token_pattern import TOKEN_PATTERN
from utils.corpus.tokens import tokenize
from utils.corpus.words import plain_form

NLTK = RegexpTokenizer(TOKEN_PATTERN)
EXAMPLES = [
    (text, terms.split(" · "))
    for text, terms in regex.findall(
        r"(?m)^``(.+?)``\s+(.+?)\s{2,}", token_pattern.__doc__.partition("====")[2]
    )
]


@pytest.mark.parametrize(("text", "terms"), EXAMPLES)
def test_the_documented_examples_hold(text, terms):
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("the 'small' firms’ share", ["the", "small", "firms", "share"]),
        ("O'Neill's co., LTD., Xi'an", ["o'neill", "'s", "co", "ltd", "xi'an"]),
        ("Cambridge–Nanjing 2015–2022", ["cambridge", "nanjing", "2015", "2022"]),
        ("1,2,3 and 18,000,5", ["1", "2", "3", "and", "18,000", "5"]),
        ("U.K.-based 1.5-fold COVID-19", ["u.k.-based", "1.5-fold", "covid-19"]),
        ("!!! … — 👩\u200d🚀", []),
        # one term whatever the code points: composed or not, ligatures, full and half width
        ("caf\u00e9 cafe\u0301 CAFE\u0301", ["café"] * 3),
        ("Nguye\u0302\u0303n Nguyễn", ["nguyễn"] * 2),
        (
            "of\ufb01ce \ufb02oor e\ufb00ort a\ufb03liate",
            ["office", "floor", "effort", "affiliate"],
        ),
        ("ＵＫ ＢＢＣ２ ５０％ ＄５ Ｒ＆Ｄ", ["uk", "bbc2", "50%", "$5", "r&d"]),
        ("ﾎﾟｰﾄ ポート", ["ポート"] * 2),
        ("\U0001d40f\U0001d428\U0001d42b\U0001d42d", ["port"]),
        ("2½ km² Ⅷ H₂O", ["2", "km", "ⅷ", "h", "o"]),  # no 21/2, km2, viii, h2o
        # soft hyphens and what has no width: in words, at joints, at edges, before a clitic
        ("in\u00adno\u00adva\u00adtion", ["innovation"]),
        ("\ufeffThe\u200b port\u200e", ["the", "port"]),
        ("Ning\u200cbo Ning\u2060bo Ning\u200dbo Ning\ufeffbo", ["ningbo"] * 4),
        ("high\u00ad-tech high-\u200btech high\u2010tech high\u2011tech", ["high-tech"] * 4),
        ("China\u200b’s China’\u200bs", ["china", "'s", "china", "'s"]),
        ("中\u200b国 U\u200b.K.", ["中国", "u", "k"]),
        # apostrophes
        ("UK's UK’s UK‘s UKʼs UK´s UK`s UK′s UK＇s UK‛s", ["uk", "'s"] * 9),
        ("don't don’t don‘t donʼt don´t don`t don′t", ["don't"] * 7),
        ("U.K.ʼs the 1990´s Xiʼan", ["u.k.", "'s", "the", "1990", "'s", "xi'an"]),
        ("6′2″ `code` ‘small’ firmsʼ", ["6", "2", "code", "small", "firms"]),
        ("the ‘s’ and 's Gravenhage", ["the", "s", "and", "s", "gravenhage"]),
    ],
)
def test_hard_cases(text, terms):
    assert terms_of(text) == terms


# Letters, digits, marks and separators of the pattern come up far more often than by chance alone.
TEXT = st.text(
    st.one_of(
        st.sampled_from("aZé9.,-&'’‘`s%$£\u00ad\u200bﬁ \n\t\x1c\x1f\u2028中\u0301\u2011\u200d_"),
        st.characters(codec="utf-8"),
    )
)


@given(st.lists(TEXT, max_size=4))
def test_spans_are_exactly_those_of_nltk(texts):
    _, tokens, codes, terms = split_texts(texts)
    ours = np.column_stack(tokens).tolist()
    assert ours == [[n, *span] for n, text in enumerate(texts) for span in NLTK.span_tokenize(text)]
    assert [terms[code] for code in codes] == [
        plain_form(texts[n][s:e]).lower() for n, s, e in ours
    ]


def test_traditional_characters_are_parted_as_simplified_ones_are():
    words = "這個 港口 將 於 週二 開放 ， 中 英 兩國 的 專家 參觀 了 實驗室"
    simplified = "这个 港口 将 于 周二 开放 ， 中 英 两国 的 专家 参观 了 实验室"
    found = terms_of(words.replace(" ", ""), "zh")
    assert list(map(len, found)) == list(map(len, terms_of(simplified.replace(" ", ""), "zh")))
    assert {"週二", "開放", "專家", "參觀", "實驗室"} <= set(found)


def test_a_word_that_a_corpus_lists_keeps_its_signs():
    assert terms_of("(C++)", "zh", ["C++"]) == ["c++"]
    assert terms_of("(C++)", "zh") == ["c"]


def test_offsets_give_back_the_token(articles):
    tokens = tokenize(articles, titles=True)
    for token in tokens.itertuples():
        collected = articles.raw[token.doc_id][token.start : token.end]
        assert plain_form(collected).lower() == token.term


def test_offsets_give_back_the_token_as_collected(make_corpus):
    text = "The of\ufb01ce of Ning\u00adbo\u200b’s cafe\u0301 in the ＵＫ."
    articles = read_corpus(make_corpus({"a": text}))
    found = tokenize(articles)
    collected = [text[a:b] for a, b in zip(found.start, found.end, strict=True)]
    assert collected == "The of\ufb01ce of Ning\u00adbo ’s cafe\u0301 in the ＵＫ".split()
    assert found.term.tolist() == "the office of ningbo 's café in the uk".split()


@given(TEXT)
def test_the_plain_form_of_a_plain_form_is_itself(text):
    assert plain_form(plain_form(text)) == plain_form(text)


def test_nothing_of_the_body_is_lost(articles, tokens):
    """What stands between the tokens of a paragraph is white space and punctuation only."""
    for doc_id, rows in tokens.groupby("doc_id", observed=True):
        raw = articles.raw[doc_id]
        edges = [(0, rows.start.iloc[0]), *zip(rows.end[:-1], rows.start[1:], strict=True)]
        gaps = "".join(raw[end:start] for end, start in edges[1:] if end < start)
        furniture = [line for line in articles.lines[doc_id] if line.label != "body"]
        assert not any(char.isalnum() for char in gaps) or any(
            line.start > rows.start.iloc[0] for line in furniture
        )


def test_a_paragraph_counted_by_hand(tokens):
    """The second paragraph of nottingham-ningbo: 20 tokens in its first sentence, 21 in its second.

    The University of Nottingham 's Excellence in Lighthouse program aims | to explore key issues
    around the world and find solutions || To date it has organized more than 300 research teams |
    and has built close relationships with leading companies in the | industry
    """
    paragraph = tokens[(tokens.doc_id == "nottingham-ningbo") & (tokens.paragraph == 2)]
    assert paragraph.groupby("sentence").size().tolist() == [20, 21]
    assert paragraph.term.tolist()[:6] == [
        "the",
        "university",
        "of",
        "nottingham",
        "'s",
        "excellence",
    ]


def test_sizes_of_the_five_articles(tokens):
    assert tokens.groupby("doc_id", observed=True).size().to_dict() == {
        "nottingham-ningbo": 375,
        "cambridge-nanjing": 495,
        "ningbo-city": 500,
        "ukiic-taizhou": 588,
        "ningbo-industries": 491,
    }
    assert tokens.term.nunique() == 705


def test_the_table_has_the_columns_promised(tokens):
    assert list(tokens.columns) == ["doc_id", "paragraph", "sentence", "start", "end", "term"]
    assert tokens.dtypes[["doc_id", "term"]].astype(str).tolist() == ["category", "category"]
    assert tokens.start.dtype == tokens.end.dtype == "int32"


def test_titles_are_paragraph_0_and_left_out_unless_asked_for(articles, tokens):
    assert tokens.paragraph.min() == 1
    titles = tokenize(articles, titles=True).query("paragraph == 0")
    assert titles.groupby("doc_id", observed=True).size().to_dict()["nottingham-ningbo"] == 10
    assert (titles.sentence == 0).all()


def test_the_sentence_runs_on_over_a_broken_paragraph(articles, tokens):
    sentence = tokens[(tokens.doc_id == "nottingham-ningbo") & (tokens.sentence == 5)]
    assert {"social", "economic", "accelerator"} <= set(sentence.term)


def test_a_body_without_words_gives_an_empty_table(make_corpus):
    assert tokenize(read_corpus(make_corpus({"a": "— … !"}))).empty


def test_a_part_of_the_articles_gives_its_part_of_the_tokens(articles, tokens):
    part = tokenize(articles[articles.role == "policy"])
    whole = tokens[tokens.doc_id.isin(part.doc_id.cat.categories)]
    assert part.term.astype(str).tolist() == whole.term.astype(str).tolist()
