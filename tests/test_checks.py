"""Checks find what is odd in the five articles, stay silent on a clean one, and work on any corpus."""

import pytest

from utils.facts.checks import source_checks, with_and_without, without_retold
from utils.corpus.articles import read_corpus

CLEAN = "A plain report\n\nThe centre opened on 5 May 2021. Ten people came, and “all” were glad.\n\nIt will stay open."


def found(folder, check) -> list[str]:
    table = source_checks(read_corpus(folder))
    return table[table.check == check].finding.tolist()


def test_what_is_odd_in_the_five_articles(articles):
    table = source_checks(articles)
    assert table.groupby("check").doc_id.apply(sorted).to_dict() == {
        "no publication date": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "date without a year": ["cambridge-nanjing", "ningbo-city", "ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "dated after its release": ["cambridge-nanjing"],
        "ends in mid-sentence": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "unbalanced quotation mark": ["ningbo-city", "ningbo-city", "nottingham-ningbo"],
        "paragraph broken in mid-sentence": ["ningbo-city", "nottingham-ningbo"],
        "retold within the article": ["ukiic-taizhou"],
        "one name, several spellings": ["cambridge-nanjing", "cambridge-nanjing", "nottingham-ningbo"],
        "outlet is a party": ["ukiic-taizhou"],
    }  # fmt: skip
    retold = table[table.check == "retold within the article"].iloc[0]
    assert retold.finding == "paragraph 6 shares 71% of its types with paragraph 1"
    assert retold.quote.startswith("British international innovation center (UKIIC)")


def test_a_clean_article_has_nothing_odd(make_corpus):
    folder = make_corpus({"a": CLEAN}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    assert source_checks(read_corpus(folder)).empty


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("ends in mid-sentence", CLEAN[:-1]),
        ("unbalanced quotation mark", CLEAN.replace("”", "")),
        ("paragraph broken in mid-sentence", CLEAN.replace("came, and", "came,\n\nand")),
        ("dated after its release", CLEAN.replace("2021", "2022")),
        ("date without a year", CLEAN.replace(" 2021", "")),
        ("outlet is a party", CLEAN.replace("Ten people", "The Times")),
        ("dates disagree", "Published: 2021-05-04\n" + CLEAN),
        (
            "one name, several spellings",
            CLEAN.replace("Ten people", "York University, and many of the University of York"),
        ),
    ],
)
def test_each_check_fires_on_the_one_thing_that_is_odd(make_corpus, check, text):
    folder = make_corpus({"a": text}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    assert source_checks(read_corpus(folder)).check.tolist() == [check]


def test_a_release_known_by_its_year_says_nothing_of_the_day(make_corpus):
    folder = make_corpus({"a": CLEAN}, {"a": {"published": "2021"}})
    assert source_checks(read_corpus(folder)).empty


def test_paragraphs_and_lines_shared_between_articles_are_found(make_corpus):
    told = "The city and the university signed an agreement on Monday to build a joint institute for green chemistry, smart factories and life sciences in the new district."  # fmt: skip
    folder = make_corpus({"a": f"T1\n\n{told}\n\nIt rains.", "b": f"T2\n\nOn that day: {told}\n\nIt rains."})
    assert found(folder, "shared with another article") == [
        "shares 100% of its five-word sequences with a, paragraph 1"
    ]
    assert found(folder, "line in several articles") == ["stands in 2 places: furniture without a rule?"]


def test_identical_files_and_unparted_words_are_found(make_corpus):
    chinese = "双方将共同建设创新中心，并在智能制造领域开展合作。"
    folder = make_corpus({"a": "Rain fell.", "b": "Rain fell.", "c": chinese})
    assert found(folder, "same text as another article") == ["the file is that of a; count it once"]
    assert len(found(folder, "words are not parted")) == 1


def test_counts_without_what_is_retold(articles, tokens):
    once = without_retold(tokens, source_checks(articles))
    assert len(tokens) - len(once) == ((tokens.doc_id == "ukiic-taizhou") & (tokens.paragraph == 6)).sum() == 77
    assert with_and_without(tokens, once).tokens.tolist() == [2449, 2372]


def test_checks_run_on_a_single_line_and_on_no_words(make_corpus):
    assert not source_checks(read_corpus(make_corpus({"a": "中文。", "b": "— —"}))).empty
