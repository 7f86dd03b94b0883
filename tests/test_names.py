"""Names of bodies and renderings of one concept, as counted by hand."""

import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tokens import tokenize
from utils.facts import names

HEADER = "body,alias,doc_id,quote\n"
TEXT = "The Alpha Institute opened. Alpha of Beta City met the Institute."


@pytest.fixture
def listed(make_corpus):
    """Articles of a corpus with these rows of aliases.csv."""

    def make(*rows: str) -> pd.DataFrame:
        folder = make_corpus({"a": TEXT, "b": "Beta City has the Institute."})
        (folder / "aliases.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        return read_corpus(folder)

    return make


def test_mentions_are_counted_by_body(articles, tokens):
    """By hand in cambridge-nanjing.

    University of Cambridge is in sentences 1 and 5 (twice), Cambridge University in 6 and 14.
    """
    aliases = names.read_aliases(articles)
    table = names.body_table(names.mentions(tokens, aliases), aliases)
    table = table.set_index(["body", "doc_id"])
    cambridge = table.loc[("University of Cambridge", "cambridge-nanjing")]
    assert cambridge[["mentions", "where"]].tolist() == [5, "1 5 6 14"]
    assert table.loc[("Zhang Jinghua", "cambridge-nanjing"), "mentions"] == 2
    assert table.loc[("UKIIC", "ukiic-taizhou"), "mentions"] == 4  # in sentences 1, 12, 13, 14
    assert ("Ningbo science bureau", "nottingham-ningbo") in table.index
    assert ("Taizhou science bureau", "ukiic-taizhou") in table.index
    assert "泰州" in table.loc[("Taizhou", "ukiic-taizhou"), "caution"]


def test_the_longest_name_counts_and_an_alias_means_the_body_of_its_article(listed):
    articles = listed(
        "Alpha,Alpha Institute,a,Alpha Institute",
        "Alpha,Alpha,a,Alpha of",
        "Alpha,Institute,a,the Institute",
        "Beta,Institute,b,the Institute",
    )
    tokens = tokenize(articles)
    hits = names.mentions(tokens, names.read_aliases(articles))
    lines = names.mention_lines(articles, tokens, hits)
    assert lines.node.tolist() == ["Alpha Institute", "Alpha", "Institute", "Institute"]
    assert hits[["body", "alias", "doc_id"]].values.tolist() == [
        ["Alpha", "Alpha Institute", "a"],
        ["Alpha", "Alpha", "a"],
        ["Alpha", "Institute", "a"],
        ["Beta", "Institute", "b"],
    ]


def test_names_and_sentences_of_a_body_come_in_their_order(listed):
    articles = listed(
        "Alpha,Institute,a,the Institute",
        "Beta,Institute,a,the Institute",  # the last row of an alias and article counts
        "Beta,Beta City,b,Beta City",
        "Beta,Alpha,a,Alpha of",
    )
    aliases = names.read_aliases(articles)
    tokens = tokenize(articles)
    table = names.body_table(names.mentions(tokens, aliases), aliases)
    assert table[["body", "doc_id", "mentions", "names", "where"]].values.tolist() == [
        ["Beta", "a", 5, "Alpha 2 / Institute 2 / Beta City 1", "1 2"],
        ["Beta", "b", 1, "Beta City 1", "1"],
        ["Alpha", "b", 1, "Institute 1", "1"],
    ]
    of_b = tokens[tokens.doc_id == "b"]
    of_b = of_b.assign(doc_id=of_b.doc_id.cat.remove_unused_categories())
    assert names.mentions(of_b, aliases).body.tolist() == ["Beta", "Alpha"]


def test_an_alias_must_be_in_its_quotation(listed):
    articles = listed("Alpha,Alpha Ltd,a,Alpha Institute", "Alpha,Alpha,b,Alpha Institute")
    with pytest.raises(Mistake) as caught:
        names.read_aliases(articles)
    first, second = caught.value.problems
    wrong = "aliases.csv, row 2, column quote: does not show the alias 'Alpha Ltd'"
    assert first.startswith(wrong)
    assert second.startswith("aliases.csv, row 3, column quote: ")


def test_every_alias_of_the_corpus_is_in_its_article(articles):
    for alias in names.read_aliases(articles).itertuples():
        assert alias.quote in articles.raw[alias.doc_id]
        assert alias.alias in articles.raw[alias.doc_id]


def test_of_renderings_that_overlap_the_longest_counts(articles, tokens):
    table = names.renderings(tokens, articles).set_index(["rendering", "doc_id"]).found
    assert table['"achievement transformation"', "nottingham-ningbo"] == 1
    # In cambridge-nanjing it is only inside “scientific and technological innovation”.
    assert ('"technological innovation"', "cambridge-nanjing") not in table.index


def test_a_corpus_without_lists_has_no_names(make_corpus):
    articles = read_corpus(make_corpus({"a": TEXT}))
    tokens = tokenize(articles)
    aliases = names.read_aliases(articles)
    hits = names.mentions(tokens, aliases)
    assert hits.empty
    assert names.body_table(hits, aliases).empty
    assert names.renderings(tokens, articles).empty
