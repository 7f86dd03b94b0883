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


def corpus_with(make_corpus, **columns: list):
    """Articles with these values in further columns."""
    values = zip(*columns.values(), strict=True)
    rows = {f"d{n:02}": dict(zip(columns, row, strict=True)) for n, row in enumerate(values)}
    return read_corpus(make_corpus({name: f"Text of {name}." for name in rows}, rows))


@pytest.mark.parametrize(
    "columns",
    [
        {"desk": ["a"]},
        {"desk": ["a", "b"]},
        {"desk": ["a", "b", "b"]},
        {"role": ["a"] + ["b"] * 19},  # the first article against all others
        {"desk": ["a"] * 4 + ["b"] * 16},  # four are no group where five could be
        {"author": [f"p{n}" for n in range(12)] + ["q"] * 8},  # most have their own
        {"link": ["https://a.org/1"] * 6 + ["https://a.org/2"] * 6},
        {"posted": ["2020-01-01T08:00"] * 6 + ["2020-01-02T08:00"] * 6},
    ],
)
def test_no_groups_are_chosen_where_no_column_divides(make_corpus, columns):
    assert choose_groups(corpus_with(make_corpus, **columns)) is None


@pytest.mark.parametrize(
    ("columns", "column", "names"),
    [
        ({"desk": ["a", "b"] * 2}, "desk", ("a articles", "b articles")),
        (  # the role is too uneven, the desk is not
            {"role": ["x"] * 2 + ["y"] * 18, "desk": ["a"] * 7 + ["b"] * 13},
            "desk",
            ("a articles", "b articles"),
        ),
        (  # of three values the first that is in five
            {"desk": ["a"] * 2 + ["b"] * 6 + ["c"] * 8},
            "desk",
            ("b articles", "other articles"),
        ),
        ({"city": ["York"] * 6 + [""] * 6, "desk": ["a"] * 12}, "city", ("York articles",)),
        ({"role": [""] * 6 + ["x"] * 6, "city": ["a"] * 12}, "role", ("x articles",)),
    ],
)
def test_the_first_column_that_divides_into_groups_is_chosen(make_corpus, columns, column, names):
    groups = choose_groups(corpus_with(make_corpus, **columns))
    assert groups.column == column
    assert groups.names[: len(names)] == names


@pytest.mark.parametrize(
    ("target", "reference", "sizes", "names"),
    [
        ("section=World | Asia", None, (1, 3), ("World | Asia articles", "other articles")),
        ('section="World | Asia"|Arts', None, (2, 2), ("other articles", "other articles")),
        ("section=a=b", "section=Arts", (1, 1), ("a=b articles", "Arts articles")),
        ('section = Arts | "World | Asia"', "section=a=b", (2, 1), ("other articles",)),
        ('section="Both" | sides', "section=Arts", (1, 1), ('"Both" | sides articles',)),
    ],
)
def test_values_that_hold_bars_and_equals_signs(make_corpus, target, reference, sizes, names):
    section = ["World | Asia", "Arts", "a=b", '"Both" | sides']
    groups = choose_groups(corpus_with(make_corpus, section=section), target, reference)
    assert (groups.target.sum(), groups.reference.sum()) == sizes
    assert groups.names[: len(names)] == names


@pytest.mark.parametrize("target", [2018, 0, True, "2018", "Arts"])
def test_a_target_that_names_no_column_is_one_plain_line(make_corpus, target):
    articles = corpus_with(make_corpus, desk=["2018", "Arts", "2018"])
    with pytest.raises(
        Mistake, match="write column=value, (there are: |did you mean ).*desk"
    ) as caught:
        choose_groups(articles, target)
    assert len(caught.value.problems) == 1


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


def test_every_column_of_the_metadata_may_go_with_the_groups(make_corpus):
    """The days go with the roles and the years do not; translators go with them, a desk not."""
    articles = corpus_with(
        make_corpus,
        role=["x", "y"] * 6,
        outlet=["A", "A", "B", "B"] * 3,
        published=["2020-01-01", "2020-01-02"] * 6,
        translator=["Li", "Wu"] * 6,
        desk=["a", "a", "b", "b"] * 3,
        link=[f"https://a.org/{n % 2}" for n in range(12)],
        author=[f"p{n}" for n in range(12)],
    )
    groups = choose_groups(articles, "role=x")
    reasons = dict.fromkeys(["date", "translator", "link"], "no overlap")
    assert inseparable(articles, groups) == reasons


def test_a_year_of_the_users_own_may_go_with_the_groups(make_corpus):
    articles = corpus_with(make_corpus, role=["x", "y"] * 6, year=["1990", "2000"] * 6)
    reasons = inseparable(articles, choose_groups(articles, "role=x"))
    assert reasons["year"] == "no overlap"
