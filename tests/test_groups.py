"""Groups: which articles are compared, and what else sets them apart."""

import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.stats.groups import choose_groups, inseparable, tokens_of_groups, within


@pytest.fixture(scope="module")
def groups(articles):
    return choose_groups(articles, "role=centre", "role=policy")


def test_groups_are_chosen_by_any_column(articles):
    assert choose_groups(articles, "city=Nanjing|Taizhou").target.sum() == 2
    assert choose_groups(articles, "doc_id=ukiic-taizhou", "city=Ningbo").reference.sum() == 3
    assert choose_groups(articles).names == ("centre articles", "policy articles")


def test_what_cannot_be_told_apart(articles, groups):
    assert inseparable(articles, groups) == {
        "city": "one value",
        "outlet": "unknown",
        "year": "unknown",
    }
    shared, here = within(articles, groups, ["city"])
    assert shared == "city Ningbo"
    assert articles.index[here].tolist() == [
        "nottingham-ningbo",
        "ningbo-city",
        "ningbo-industries",
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("rolle=centre", "no column 'rolle'; write column=value, did you mean role"),
        ("role=center", "no article has 'center'; of role, did you mean centre"),
    ],
)
def test_an_unknown_group_is_named_with_what_exists(articles, target, said):
    with pytest.raises(Mistake, match=said):
        choose_groups(articles, target)


def test_groups_that_share_an_article_are_named(articles):
    with pytest.raises(
        Mistake,
        match="'city=Ningbo' and reference 'role=policy' share ningbo-city, ningbo-industries",
    ):
        choose_groups(articles, "city=Ningbo", "role=policy")


def test_one_article_cannot_be_compared(make_corpus):
    with pytest.raises(Mistake, match="the corpus has one article"):
        choose_groups(read_corpus(make_corpus({"a": "Text."})))


def test_groups_know_their_values_and_names(articles):
    groups = choose_groups(articles)
    assert (groups.column, groups.values) == ("role", ("centre", "policy"))
    assert choose_groups(articles, "city=Ningbo").names == ("Ningbo articles", "other articles")


def test_the_tokens_of_the_groups_within_some_articles(articles, tokens, groups):
    target, reference = tokens_of_groups(tokens, articles[articles.city == "Ningbo"], groups)
    assert target.doc_id.unique().tolist() == ["nottingham-ningbo"]
    assert reference.doc_id.unique().tolist() == ["ningbo-city", "ningbo-industries"]


def test_a_group_without_articles_is_named(articles):
    everything = "|".join(articles.index)
    with pytest.raises(Mistake, match="reference: no article is left"):
        choose_groups(articles, f"doc_id={everything}")


def test_reasons_why_columns_cannot_be_told_apart(make_corpus):
    """The outlets differ between the groups, one year is blank, one city covers a whole group."""
    rows = [
        ("x", "A", "2020", "P"),
        ("x", "A", "", "Q"),
        ("y", "B", "2020", "P"),
        ("y", "B", "2020", "P"),
    ]
    columns = ("role", "outlet", "published", "city")
    metadata = {f"d{n}": dict(zip(columns, row, strict=True)) for n, row in enumerate(rows)}
    articles = read_corpus(make_corpus({name: f"Text {name}." for name in metadata}, metadata))
    assert inseparable(articles, choose_groups(articles)) == {
        "city": "one value",
        "outlet": "no overlap",
        "year": "unknown",
    }
