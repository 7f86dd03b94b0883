"""Themes: sentences counted by hand, the longest match, and names counted apart."""

import numpy as np
import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tokens import tokenize
from utils.page.findings_topics import describe_theme_lines
from utils.stats import themes as th
from utils.stats.groups import Groups

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
TEXT = (
    "Health City opened. Health matters to the city. Rain fell. Talents and medics came. They left."
)


@pytest.fixture
def small(make_corpus):
    articles = read_corpus(make_corpus({"a": TEXT, "b": "No word of it. Medical talent."}))
    return articles, tokenize(articles)


def two_groups(target: pd.Series) -> Groups:
    return Groups("role", ("one", "other"), target, ~target)


def by_theme(articles, tokens, names=()) -> dict:
    table = th.theme_table(articles, tokens, LISTS, names)
    rows = table.itertuples()
    return {(row.theme, row.doc_id): (row.sentences, row.of, row.where) for row in rows}


def test_sentences_counted_by_hand(small):
    found = by_theme(*small)
    assert found["health", "a"] == (2, 5, "2 4")  # "Health City" is the city's, being longer
    assert found["city", "a"] == (2, 5, "1 2")
    assert found["work", "a"] == (1, 5, "4")
    assert found["other", "a"] == (0, 5, "")  # the first theme in the list keeps words of two
    assert found["no theme", "a"] == (2, 5, "3 5")
    assert found["health", "b"] == (1, 2, "2")
    assert found["no theme", "b"] == (1, 2, "1")


def test_it_is_the_same_however_many_articles_are_looked_at_at_a_time(small, monkeypatch):
    articles, tokens = small

    def tables():
        hits = th.theme_hits(tokens, LISTS, ["Health City"])
        table = th.theme_table(articles, tokens, LISTS, ["Health City"])
        return [hits, table, th.pattern_report(LISTS, tokens, hits), th.overlap(hits)]

    whole = tables()
    found = []
    longest = th.longest_matches
    monkeypatch.setattr(th, "longest_matches", lambda *ends: found.append(ends) or longest(*ends))
    monkeypatch.setattr(th, "_BLOCK", 1)
    for table, other in zip(tables(), whole, strict=True):
        pd.testing.assert_frame_equal(table, other)
    assert len(found) == 2 * len(articles)


def test_hits_inside_names_are_counted_apart(small):
    articles, tokens = small
    table = th.theme_table(articles, tokens, LISTS, ["Health City"]).set_index(["theme", "doc_id"])
    assert table.sentences["city", "a"] == 1
    assert table.names_only["city", "a"] == 1
    assert table["where"]["no theme", "a"] == "1 3 5"


def test_names_in_the_five_articles_take_half_of_health_in_one(articles, tokens):
    """The method's example: half of one article's *health* is its venue."""
    hits = th.theme_hits(tokens, th.read_themes(articles), th.body_names(articles))
    nanjing = hits[hits.doc_id == "cambridge-nanjing"]
    health = nanjing[nanjing.theme == "health and life sciences"]
    words = [tokens.term[a] for a in health["first"]]
    inside = health.in_name[[word == "health" for word in words]]
    assert inside.sum() == 2
    assert hits[hits.theme == "talent"].in_name.sum() == 0


def test_the_sentences_named_hold_a_match(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes(articles), th.body_names(articles))
    row = table[(table.theme == "talent") & (table.doc_id == "ukiic-taizhou")].iloc[0]
    article = tokens[tokens.doc_id == "ukiic-taizhou"].astype({"term": str})
    text = article.groupby("sentence").term.agg(" ".join)
    expected = text[text.str.contains(r"\b(?:talent|personnel|recruit)|college graduates")]
    assert row["where"].split() == [str(number) for number in expected.index]
    assert (table.sentences <= table.of).all()
    per_article = table[table.theme == th.NONE].set_index("doc_id")
    touched = {doc: set() for doc in articles.index}
    for other in table[table.theme != th.NONE].itertuples():
        touched[other.doc_id] |= set(other.where.split())
    untouched = {doc: per_article.of[doc] - len(seen) for doc, seen in touched.items()}
    assert untouched == per_article.sentences.to_dict()


def test_a_pattern_that_matches_nothing_and_words_in_two_themes_are_reported(small):
    _, tokens = small
    report = th.pattern_report(LISTS, tokens, th.theme_hits(tokens, LISTS, []))
    report = report.set_index("pattern")
    assert report.remark[["zebra", "talents", "talent*"]].tolist() == ["unmatched", "shared", ""]
    assert report.shared_with["talents"] == "work"
    assert report.matches[["health|medic*", "zebra"]].tolist() == [4, 0]
    assert report.kept[["health|medic*", "talents"]].tolist() == [3, 0]


def test_groups_of_few_articles_have_counting_error_and_no_p(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes(articles), th.body_names(articles))
    compared = th.compare_themes(table, two_groups(articles.role == "centre")).set_index("theme")
    assert compared.p.isna().all()
    row = compared.loc["international cooperation"]
    assert row[["sentences_target", "of_target"]].tolist() == [21, 40]
    assert row[["sentences_reference", "of_reference"]].tolist() == [2, 29]
    assert row.verdict == "more"


def test_articles_outside_both_groups_are_passed_over(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes(articles))
    one = articles.index == "cambridge-nanjing"
    groups = two_groups(pd.Series(one, articles.index))
    others = pd.Series(articles.role == "policy", articles.index)
    compared = th.compare_themes(table, groups._replace(reference=others))
    assert set(compared.of_target) == {14}
    assert set(compared.of_reference) == {29}


def test_every_match_is_shown_in_its_sentence(small):
    articles, tokens = small
    hits = th.theme_hits(tokens, LISTS, ["Health City"])
    lines = th.theme_lines(articles, tokens, hits)
    assert len(lines) == len(hits)
    first = lines.iloc[0]
    assert first[["theme", "in_name", "node"]].tolist() == ["city", "in a name", "Health City"]
    assert lines.in_name[1:].tolist() == [""] * (len(lines) - 1)


def test_a_single_article_has_no_interval(articles, tokens):
    table = th.theme_table(articles, tokens, th.read_themes(articles), th.body_names(articles))
    target = pd.Series(articles.index == "cambridge-nanjing", articles.index)
    compared = th.compare_themes(table, two_groups(target))
    assert compared.low_target.isna().all()
    assert set(compared.verdict) == {"description"}


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
        p += th.compare_themes(table, two_groups(target), seed).p.tolist()
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
    articles = read_corpus(folder)
    with pytest.raises(Mistake) as caught:
        th.read_themes(articles)
    first, second = caught.value.problems
    assert first.startswith("themes.csv, row 2, column pattern: query 'health|', character 8")
    assert second.startswith("themes.csv, row 3, column theme: empty")
    (folder / "themes.csv").write_text("topic,words\nx,y\n")
    with pytest.raises(Mistake, match="no column theme, pattern; it has topic, words"):
        th.read_themes(articles)


def test_a_corpus_without_lists_has_no_themes(make_corpus):
    articles = read_corpus(make_corpus({"a": "Text."}))
    tokens = tokenize(articles)
    themes = th.read_themes(articles)
    assert themes.empty
    assert th.body_names(articles) == []
    hits = th.theme_hits(tokens, themes, [])
    assert hits.empty
    assert th.overlap(hits).empty
    assert th.pattern_report(themes, tokens, hits).empty
    table = th.theme_table(articles, tokens, themes)
    assert table[["theme", "sentences", "where"]].values.tolist() == [[th.NONE, 1, "1"]]


def test_an_article_without_a_body_has_no_sentences(make_corpus):
    articles = read_corpus(make_corpus({"a": TEXT, "b": "。"}))
    found = by_theme(articles, tokenize(articles))
    assert found["health", "b"] == (0, 0, "")


def test_words_of_untouched_sentences(small):
    _, tokens = small
    hits = th.theme_hits(tokens, LISTS, ["Health City"])
    words = th.untouched_words(tokens, hits, frozenset({"of", "it", "no"}))
    assert words.term.tolist() == [
        "city",
        "fell",
        "health",
        "left",
        "opened",
        "rain",
        "they",
        "word",
    ]
    assert words.document_frequency.tolist() == [1] * 8


def test_articles_that_are_left_out_are_not_counted(articles, tokens):
    themes = th.read_themes(articles)
    whole = th.theme_table(articles, tokens, themes)
    two = th.theme_table(articles.iloc[[3, 1]], tokens, themes)
    kept = whole[whole.doc_id.isin(articles.index[[3, 1]])]
    columns = ["theme", "doc_id", "sentences", "of", "where"]
    sides = [table[columns].sort_values(columns, ignore_index=True) for table in (two, kept)]
    assert sides[0].equals(sides[1])


def test_of_many_matches_some_lines_are_drawn(articles, tokens, monkeypatch):
    table = th.read_themes(articles)
    hits = th.theme_hits(tokens, table, [])
    everything = th.theme_lines(articles, tokens, hits)
    assert describe_theme_lines(everything) == "Every match in its sentence."
    monkeypatch.setattr(th, "MOST_LINES", 20)
    drawn = th.theme_lines(articles, tokens, hits)
    said = f"20 of {len(hits)} matches, drawn with a fixed seed, in their sentences."
    assert describe_theme_lines(drawn) == said
    assert len(drawn.merge(everything.drop_duplicates())) == 20


def test_a_theme_table_is_counted_sentence_by_sentence(articles, tokens):
    """Of each theme and article, the sentences that touch it outside names, and only in names."""
    names = th.body_names(articles)
    hits = th.theme_hits(tokens, th.read_themes(articles), names)
    for row in th.theme_table(articles, tokens, th.read_themes(articles), names).itertuples():
        here = hits[hits.doc_id == row.doc_id]
        own = here if row.theme == th.NONE else here[here.theme == row.theme]
        outside = set(own.sentence[~own.in_name])
        every = set(tokens.sentence[tokens.doc_id == row.doc_id])
        numbers = sorted(every - outside if row.theme == th.NONE else outside)
        assert row.where == " ".join(map(str, numbers))
        only = 0 if row.theme == th.NONE else len(set(own.sentence) - outside)
        assert (row.sentences, row.of, row.names_only) == (len(numbers), len(every), only)
