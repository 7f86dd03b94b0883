"""Tokens: what counts as one, where it stands, and that NLTK agrees on any text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer

from utils.corpus import tokens as module
from utils.corpus.articles import read_corpus
from utils.corpus.tokens import TOKEN_PATTERN, sentence_table, token_spans, tokenize

NLTK = RegexpTokenizer(TOKEN_PATTERN)
EXAMPLES = [
    (text, terms.split(" · "))
    for text, terms in regex.findall(
        r"(?m)^``(.+?)``\s+(.+?)\s{2,}", module.__doc__.partition("====")[2]
    )
]


def terms_of(text: str) -> list[str]:
    _, _, _, codes, terms = token_spans([text])
    return terms[codes].tolist()


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
    ],
)
def test_hard_cases(text, terms):
    assert terms_of(text) == terms


# Letters, digits, marks and separators of the pattern come up far more often than by chance alone.
TEXT = st.text(
    st.one_of(
        st.sampled_from("aZé9.,-&'’s%$£ \n\t\x1c\x1f\u2028中\u0301\u2011\u200d_"),
        st.characters(codec="utf-8"),
    )
)


@given(st.lists(TEXT, max_size=4))
def test_spans_are_exactly_those_of_nltk(texts):
    numbers, starts, ends, codes, terms = token_spans(texts)
    ours = list(zip(numbers.tolist(), starts.tolist(), ends.tolist(), strict=True))
    assert ours == [(n, *span) for n, text in enumerate(texts) for span in NLTK.span_tokenize(text)]
    assert terms[codes].tolist() == [texts[n][s:e].lower().replace("’", "'") for n, s, e in ours]


def test_offsets_give_back_the_token(articles):
    tokens = tokenize(articles, titles=True)
    for token in tokens.itertuples():
        assert (
            articles.raw[token.doc_id][token.start : token.end].lower().replace("’", "'")
            == token.term
        )


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


def test_sentences_go_on_after_abbreviations(make_corpus):
    text = (
        "He met Prof. Li of the U.K. delegation on Nov. 5 at 3 p.m. in Ningbo. It ended. "
        "Co. Ltd. and Mr. Wu left."
    )
    table = sentence_table(read_corpus(make_corpus({"a": text})))
    assert [text[s:e].split()[0] for s, e in zip(table.start, table.end, strict=True)] == [
        "He",
        "It",
        "Co.",
    ]


def test_the_sentence_runs_on_over_a_broken_paragraph(articles, tokens):
    sentence = tokens[(tokens.doc_id == "nottingham-ningbo") & (tokens.sentence == 5)]
    assert {"social", "economic", "accelerator"} <= set(sentence.term)


def test_a_body_without_words_gives_an_empty_table(make_corpus):
    assert tokenize(read_corpus(make_corpus({"a": "— … !"}))).empty


def test_a_part_of_the_articles_gives_its_part_of_the_tokens(articles, tokens):
    part = tokenize(articles[articles.role == "policy"])
    whole = tokens[tokens.doc_id.isin(part.doc_id.cat.categories)]
    assert part.term.astype(str).tolist() == whole.term.astype(str).tolist()
