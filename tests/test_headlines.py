"""Headlines are true of the tables they are made from, down to one article and no words."""

import pandas as pd
import pytest

from utils.page import findings as headlines
from utils.facts.checks import source_checks
from utils.corpus.articles import read_corpus
from utils.facts.dates import date_table
from utils.stats.frequency import article_table, compare_dispersion, frequency_table, vocabulary_growth
from utils.corpus.furniture import line_table
from utils.corpus.tokens import tokenize


def every_headline(articles) -> list[str]:
    tokens = tokenize(articles)
    sizes, frequencies = article_table(articles, tokens), frequency_table(tokens)
    return [
        headlines.lengths(sizes),
        headlines.left_out(line_table(articles)),
        headlines.oddities(source_checks(articles), articles),
        headlines.diversity(sizes, 100),
        headlines.rank(frequencies),
        headlines.growth(vocabulary_growth(tokens)),
        headlines.spread(compare_dispersion(frequencies.head(3), tokens)),
        headlines.dated(date_table(articles), articles),
    ]


def test_the_five_articles(articles):
    assert every_headline(articles)[:2] == [
        "The longest article, ukiic-taizhou, has 1.6 times the tokens of the shortest, nottingham-ningbo",
        "12 lines of page furniture, 2.6% of the characters, in 4 of 5 articles, beside titles and datelines",
    ]


@pytest.mark.parametrize("text", ["One short text without any date.", "A title\n\nIn 2019 it rained. It rained."])
def test_a_corpus_of_one_article(make_corpus, text):
    for headline in every_headline(read_corpus(make_corpus({"a": text}))):
        assert headline
        assert "nan" not in headline


def test_articles_of_the_same_length():
    sizes = pd.DataFrame({"doc_id": ["a", "b"], "tokens": [7, 7]})
    assert headlines.lengths(sizes) == "All 2 articles have 7 tokens"


def test_sentences_on_centres_are_true_of_little(articles):
    from utils.facts import centres

    facts = centres.read_facts(articles)
    own = facts[facts.about.isin(centres.OWN)]
    one = own[own.centre == "UKIIC-Taizhou Bay"]
    assert "the title says “has established” (launched), the text “has reached a cooperation agreement” (agreed)" in (
        headlines.statuses(one)
    )
    assert headlines.statuses(one.head(1)).endswith("the title says nothing of it, the text nothing of it")
    assert headlines.done(one.head(1)) == "Told as done: nothing"
    people = centres.people(facts.head(1), {})
    assert headlines.voices(people).startswith("Given words: nobody; sources without a person: 0")
    assert "Of none of the 3 centres do the articles say: which body houses it; who signed" in (
        headlines.unstated(facts, centres.read_attributes(facts))
    )
    assert headlines.claims(pd.DataFrame()) == "No claims.csv lists claims that could be worked out again"
    assert headlines.alike(pd.DataFrame()) == "There is no second pair of articles to compare"
