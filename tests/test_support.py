"""What a corpus can support follows the rules of the analyses, and is said in plain lines."""

import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.facts.names import read_aliases
from utils.facts.support import language_table, support_table
from utils.facts.tables import check_side_tables
from utils.page.findings_corpus import describe_languages, describe_skipped, word_support
from utils.stats import resampling, topics

TEXT = (
    "Headline {0}\n\nThe old harbour of town {0} had ships, rain and fog.\n\nRain fell on ships.\n"
)
DEUTSCH = (
    "Der Hafen {0}\n\nDas Schiff hat den alten Hafen der Stadt {0} im Regen verlassen.\n\n"
    "Die Stadt und der Hafen haben sich darüber sehr gefreut, sagte die Leitung.\n"
)


@pytest.fixture
def make(make_corpus):
    """Articles of which so many are in the north and so many in the south."""

    def read(north, south, **tables):
        total = north + south
        texts = {f"a{n:02}": TEXT.format(n) * 3 for n in range(total)}
        columns = {name: {"region": "north"} for name in list(texts)[:north]}
        columns |= {name: {"region": "south"} for name in list(texts)[north:]}
        folder = make_corpus(texts, columns, f"{north}-{south}")
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, "utf-8")
        return read_corpus(folder)

    return read


def supported(articles):
    """What is said of each analysis."""
    worded = word_support(support_table(articles, tokenize(articles)))
    return dict(worded.to_numpy())


@pytest.mark.parametrize(
    ("north", "south", "said"),
    [
        (3, 2, "3 against 2 articles (by region), description only"),
        (12, 11, "12 against 11 articles (by region), tested"),
        (1, 1, "no column of the metadata divides 2 articles into two groups"),
    ],
)
def test_keywords_are_tested_described_or_not_possible(make, north, south, said):
    assert supported(make(north, south))["keywords between groups"].startswith(said)


def test_a_test_that_many_words_must_share_is_said(make):
    said = supported(make(4, 4))["keywords between groups"]
    assert "tested only if" in said


def test_the_limits_are_those_of_the_rules(make, monkeypatch):
    articles = make(6, 6)
    assert "counting error" in supported(articles)["ranges of the differences"]
    monkeypatch.setattr(resampling, "FEWEST_ARTICLES", 6)
    assert "drawn again" in supported(articles)["ranges of the differences"]
    monkeypatch.setattr(topics, "FEWEST_TO_FIT", 500)
    assert "500 of each are needed" in supported(articles)["topics"]


def test_tables_that_are_there_and_those_that_are_not(make):
    said = supported(make(2, 2, themes="theme,pattern\nsea,ship*\nsea,harbour\nsky,rain\n"))
    assert said["themes"] == "2 in themes.csv"
    assert said["comparison of centres"] == "no centres.csv"


def test_one_article_is_compared_with_nothing(make_corpus):
    said = supported(read_corpus(make_corpus({"a": "Rain\n\nRain fell.\n"})))
    assert said["dispersion"] == "nothing to compare, since there is one article"
    assert said["diversity"] == "no article is long enough"
    assert said["dates of publication"] == "the metadata give no dates"


def test_each_language_has_its_own_lines(make_corpus):
    texts = {f"e{n}": TEXT.format(n) for n in range(3)}
    texts |= {f"d{n}": DEUTSCH.format(n) for n in range(2)}
    columns = {name: {"language": "de" if name < "e" else "en"} for name in texts}
    articles = read_corpus(make_corpus(texts, columns))
    said = supported(articles)
    assert said["dispersion, English"] == "over 3 articles"
    assert said["dispersion, German"] == "over 2 articles"
    assert said["quantities, German"].startswith("left out, since")
    assert "quantities, English" not in said
    assert language_table(articles, tokenize(articles))[
        ["language", "articles"]
    ].to_numpy().tolist() == [
        ["en", 3],
        ["de", 2],
    ]
    tokens = tokenize(articles)
    english = articles[articles.language == "en"]
    own = tokens[tokens.doc_id.isin(english.index)]
    numbers = [["en", 3, len(own), own.term.nunique()]]
    assert language_table(english, tokens).to_numpy().tolist() == numbers
    sentence = describe_languages(articles, english)
    assert sentence == (
        "The 5 articles are in English (3) and German (2). This page shows those in English; the "
        "notebooks show others when they are run with the parameter LANGUAGE (de)"
    )


def test_what_was_left_out_is_named_with_the_reason(make_corpus):
    folder = make_corpus({"a": TEXT.format(1), "b": " "})
    articles = read_corpus(folder, skip_bad=True)
    assert articles.index.tolist() == ["a"]
    assert describe_skipped(articles).startswith(
        "What could not be read was left out: metadata.csv"
    )
    assert "b.txt is empty" in describe_skipped(articles)


def test_rows_about_an_article_that_was_left_out_are_no_mistake(make_corpus):
    folder = make_corpus({"a": TEXT.format(1), "b": " "})
    (folder / "aliases.csv").write_text(
        "body,alias,doc_id,quote\nB,B,b,B\nT,town,a,town\n", "utf-8"
    )
    articles = read_corpus(folder, skip_bad=True)
    assert check_side_tables(articles) == []
    assert read_aliases(articles).body.tolist() == ["T"]
