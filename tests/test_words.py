"""Function words and the visible steps that rename terms."""

import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.tables import LISTS
from utils.corpus.words import function_words, is_content, lemmatize, unify_variants


def test_the_list_holds_function_words_and_no_content_word_of_this_corpus():
    words = function_words()
    assert 150 <= len(words) <= 350
    assert {"the", "of", "will", "'s", "because", "isn't"} <= words
    content = (
        "work research new world year uk great group order interest million billion system party "
        "university"
    )
    assert not words & set(content.split())


@pytest.mark.parametrize(
    ("own", "inside", "outside"),
    [
        ("said xinhua", "said", "innovation"),
        ("-will -must", "the", "will"),
        ("-* only these", "only", "the"),
        ("ain’t o\ufb03ce cafe\u0301", "ain't", "ain’t"),
        ("-isnʼt -don‘t", "the", "don't"),
    ],
)
def test_a_corpus_adds_takes_out_or_replaces(make_corpus, own, inside, outside):
    folder = make_corpus({"a": "Text."})
    (folder / "function_words.txt").write_text(f"# a comment\n{own}\n", "utf-8")
    words = function_words(read_corpus(folder))
    assert inside in words
    assert outside not in words


def test_numbers_are_no_content_but_words_with_digits_are():
    assert is_content(["2.8%", "5th", "中心", "the", "$1.06"], function_words()).tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_variants_change_terms_and_never_offsets(tokens):
    changed = unify_variants(tokens)
    assert changed.drop(columns="term").equals(tokens.drop(columns="term"))
    assert (changed.term == "centre").sum() == tokens.term.isin(["center", "centre"]).sum() > 0
    assert not (changed.term == "center").any()


def test_lemmas_change_terms_and_never_offsets(tokens):
    changed = lemmatize(tokens)
    assert changed.drop(columns="term").equals(tokens.drop(columns="term"))
    together = tokens.term.isin(["enterprise", "enterprises"]).sum()
    assert (changed.term == "enterprise").sum() == together > 0


def test_lemmas_that_the_library_gets_wrong_are_kept(tokens_of):
    assert lemmatize(tokens_of("Media data on leading goods.")).term.tolist() == [
        "media",
        "data",
        "on",
        "leading",
        "goods",
    ]


def test_every_variant_leads_to_another_spelling():
    rows = (LISTS / "variants.csv").read_text().splitlines()[1:]
    assert all(variant != term for variant, term in (row.split(",") for row in rows))
