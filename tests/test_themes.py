"""Themes: sentences counted by hand, longest match, names apart, and every count leads to its sentences."""

import numpy as np
import pandas as pd
import pytest

from utils.stats import themes as th
from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.files import Mistake, read_table
from utils.corpus.tokens import tokenize

LISTS = pd.DataFrame(
    [
        ("health", "health|medic*"),
        ("city", '"health city"|city'),
        ("work", "talent*"),
        ("work", "zebra"),
        ("other", "talents"),
    ],
    columns=["theme", "pattern"],
)
TEXT = "Health City opened. Health matters to the city. Rain fell. Talents and medics came. They left."


@pytest.fixture
def small(make_corpus):
    articles = read_corpus(make_corpus({"a": TEXT, "b": "No word of it. Medical talent."}))
    return articles, tokenize(articles)


def by_theme(articles, tokens, names=()) -> dict:
    table = th.theme_table(articles, tokens, LISTS, list(names))
    return {(row.theme, row.doc_id): (row.sentences, row.of, row.where) for row in table.itertuples()}


def test_sentences_counted_by_hand(small):
    found = by_theme(*small)
    assert found["health", "a"] == (2, 5, "2 4")  # "Health City" is the city's, being longer
    assert found["city", "a"] == (2, 5, "1 2")
    assert found["work", "a"] == (1, 5, "4")
    assert found["other", "a"] == (0, 5, "")  # the first theme in the list keeps words of two
    assert found["no theme", "a"] == (2, 5, "3 5")
    assert found["health", "b"] == (1, 2, "2")
    assert found["no theme", "b"] == (1, 2, "1")


def test_hits_inside_names_are_counted_apart(small):
    articles, tokens = small
    table = th.theme_table(articles, tokens, LISTS, ["Health City"]).set_index(["theme", "doc_id"])
    assert table.sentences["city", "a"] == 1
    assert table.names_only["city", "a"] == 1
    assert table["where"]["no theme", "a"] == "1 3 5"


def test_names_in_the_five_articles_take_half_of_health_in_one(articles, tokens):
    """The method's example: half of one article's *health* is its venue."""
    hits = th.theme_hits(tokens, th.read_themes(), th.read_names())
    health = hits[(hits.theme == "health and life sciences") & (hits.doc_id == "cambridge-nanjing")]
    words = [tokens.term[a] for a in health["first"]]
    inside = health.in_name[[word == "health" for word in words]]
    assert inside.sum() == 2
    assert hits[hits.theme == "talent"].in_name.sum() == 0


def test_the_sentences_named_hold_a_match(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes())
    row = table[(table.theme == "talent") & (table.doc_id == "ukiic-taizhou")].iloc[0]
    text = tokens[tokens.doc_id == "ukiic-taizhou"].astype({"term": str}).groupby("sentence").term.agg(" ".join)
    expected = [
        n
        for n, sentence in text.items()
        if any(word.startswith(("talent", "personnel", "recruit")) for word in sentence.split())
        or "college graduates" in sentence
    ]
    assert row["where"].split() == [str(n) for n in expected]
    assert (table.sentences <= table.of).all()
    per_article = table[table.theme == th.NONE].set_index("doc_id")
    touched = {doc: set() for doc in articles.index}
    for other in table[table.theme != th.NONE].itertuples():
        touched[other.doc_id] |= set(other.where.split())
    assert {doc: per_article.of[doc] - len(seen) for doc, seen in touched.items()} == per_article.sentences.to_dict()


def test_a_pattern_that_matches_nothing_and_words_in_two_themes_are_reported(small):
    _, tokens = small
    report = th.pattern_report(LISTS, tokens, th.theme_hits(tokens, LISTS, []))
    remarks = dict(zip(report.pattern, report.remark, strict=True))
    assert remarks["zebra"] == "matches nothing"
    assert remarks["talents"] == "same words as in work, which keeps them"


def test_groups_of_few_articles_have_counting_error_and_no_p(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes())
    compared = th.compare_themes(table, articles.role == "centre").set_index("theme")
    assert compared.p.isna().all()
    row = compared.loc["international cooperation"]
    assert (row.sentences_target, row.of_target, row.sentences_reference, row.of_reference) == (21, 40, 2, 29)
    assert row.verdict == "more in the target in these texts"


def test_a_single_article_has_no_interval(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes())
    target = pd.Series(articles.index == "cambridge-nanjing", articles.index)
    compared = th.compare_themes(table, target)
    assert compared.low_target.isna().all()
    assert set(compared.verdict) == {"one article on a side: description only"}


def test_on_shuffled_labels_the_stated_error_rate_holds():
    """20 + 20 articles of 15 sentences whose themes come in bursts: p below 0.05 in about 5 %."""
    p = []
    for seed in range(10):
        random = np.random.default_rng(seed)
        rates = random.beta(0.6, 1.4, (40, 12))
        counts = random.binomial(15, rates)
        docs = [f"d{i}" for i in range(40)]
        rows = [(f"t{t}", docs[d], counts[d, t], 15) for t in range(12) for d in range(40)]
        table = pd.DataFrame(rows, columns=["theme", "doc_id", "sentences", "of"])
        target = pd.Series(random.permutation(np.arange(40) < 20), docs)
        p += th.compare_themes(table, target, seed).p.tolist()
    assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.1


def test_overlap_counts_sentences_once(small):
    articles, tokens = small
    table = th.overlap(th.theme_hits(tokens, LISTS, []))
    assert table.set_index(["theme", "with_theme"]).sentences.to_dict() == {
        ("health", "work"): 2,
        ("city", "health"): 1,
    }


def test_bad_theme_files_are_named_with_row_and_cause(make_corpus):
    folder = make_corpus({"a": "Text."})
    (folder / "themes.csv").write_text("theme,pattern\nhealth,health|\n,talent\n")
    with pytest.raises(Mistake) as caught:
        th.read_themes(folder)
    assert "themes.csv, row 2, column pattern: query 'health|', character 8" in caught.value.problems[0]
    assert "themes.csv, row 3, column theme: empty" in caught.value.problems[1]
    (folder / "themes.csv").write_text("topic,words\nx,y\n")
    with pytest.raises(Mistake, match="no column theme, pattern; it has topic, words"):
        th.read_themes(folder)


def test_a_corpus_without_lists_has_no_themes(make_corpus):
    folder = make_corpus({"a": "Text."})
    assert th.read_themes(folder).empty
    assert th.read_names(folder) == []


def test_every_alias_of_the_corpus_and_its_quotation_stand_in_the_article(articles):
    for alias in read_table(CORPUS / "aliases.csv", ["body", "alias", "doc_id", "quote"]).itertuples():
        assert alias.quote in articles.raw[alias.doc_id]
        assert alias.alias in articles.raw[alias.doc_id]
