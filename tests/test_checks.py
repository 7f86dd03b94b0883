"""Checks find what is odd in the five articles, nothing in a clean one, and run on any corpus."""

import pytest

from utils.corpus.articles import read_corpus
from utils.facts import checks
from utils.facts.checks import Finding, source_checks, with_and_without, without_retold

CLEAN = (
    "A plain report\n\n"
    "The centre opened on 5 May 2021. Ten people came, and “all” were glad.\n\n"
    "It will stay open."
)


def found(folder, check) -> list[tuple]:
    """The details ``what, other, share, number`` of each finding of a check; None where blank."""
    table = source_checks(read_corpus(folder))
    details = table.loc[table.check == check, ["what", "other", "share", "number"]]
    return list(
        details.astype(object).where(details.notna(), None).itertuples(index=False, name=None)
    )


def test_what_is_odd_in_the_five_articles(articles):
    table = source_checks(articles)
    assert table.groupby("check").doc_id.apply(sorted).to_dict() == {
        "no publication date": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "date without a year": [
            "cambridge-nanjing",
            "ningbo-city",
            "ningbo-city",
            "ningbo-industries",
            "nottingham-ningbo",
        ],
        "dated after its release": ["cambridge-nanjing"],
        "ends in mid-sentence": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "unbalanced quotation mark": ["ningbo-city", "ningbo-city", "nottingham-ningbo"],
        "paragraph broken in mid-sentence": ["ningbo-city", "nottingham-ningbo"],
        "retold within the article": ["ukiic-taizhou"],
        "one name, several spellings": [
            "cambridge-nanjing",
            "cambridge-nanjing",
            "nottingham-ningbo",
        ],
        "outlet is a party": ["ukiic-taizhou"],
    }
    retold = table[table.check == "retold within the article"].iloc[0]
    assert (retold.what, retold.other, retold.number) == ("6", "ukiic-taizhou", 1)
    assert round(retold.share, 2) == 0.71
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


@pytest.mark.parametrize(
    ("check", "text", "details"),
    [
        ("dates disagree", "Published: 2021-05-04\n" + CLEAN, ("2021-05-04", "2021-05-06")),
        (
            "dated after its release",
            CLEAN.replace("2021", "2022"),
            ("5 May 2022", "2021-05-06", 2022),
        ),
        ("dated after its release", CLEAN.replace("5 May 2021", "7 May"), ("7 May", "2021-05-06")),
        ("date without a year", CLEAN.replace(" 2021", ""), ("5 May",)),
        ("unbalanced quotation mark", CLEAN.replace("”", ""), ("1 “",)),
        ("outlet is a party", CLEAN.replace("Ten people", "The Times"), ("The Times",)),
    ],
)
def test_a_finding_has_the_values_that_its_sentence_needs(make_corpus, check, text, details):
    folder = make_corpus({"a": text}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    values = [value for value in found(folder, check)[0] if value not in ("", None)]
    assert values == list(details)


def test_paragraphs_and_lines_shared_between_articles_are_found(make_corpus):
    shared = (
        "The city and the university signed an agreement on Monday to build a joint institute for "
        "green chemistry, smart factories and life sciences in the new district."
    )
    texts = {"a": f"T1\n\n{shared}\n\nIt rains.", "b": f"T2\n\nOn that day: {shared}\n\nIt rains."}
    folder = make_corpus(texts)
    assert found(folder, "shared with another article") == [("1", "a", 1.0, 1)]
    assert found(folder, "line in several articles") == [("", "", None, 2)]


def test_identical_files_and_unparted_words_are_found(make_corpus):
    chinese = "双方将共同建设创新中心，并在智能制造领域开展合作。"
    folder = make_corpus({"a": "Rain fell.", "b": "Rain fell.", "c": chinese})
    assert found(folder, "same text as another article") == [("", "a", None, None)]
    assert len(found(folder, "words are not parted")) == 1


def test_a_break_between_short_lines_shows_no_more_than_them(make_corpus):
    table = source_checks(read_corpus(make_corpus({"a": "T\n\nIt was,\n\nso."})))
    broken = table[table.check == "paragraph broken in mid-sentence"]
    assert broken.quote.tolist() == ["It was,\n\nso."]
    assert broken[["start", "end"]].values.tolist() == [[3, 15]]


def test_a_long_text_without_white_space_is_checked_at_once(make_corpus):
    folder = make_corpus({"a": "T\n\n" + "x" * 200_000})
    assert len(found(folder, "ends in mid-sentence")) == 1


def test_a_new_check_is_one_function_and_tokens_are_made_once(articles, monkeypatch):
    calls = []
    tokenize = checks.tokenize
    monkeypatch.setattr(checks, "tokenize", lambda *of: calls.append(of) or tokenize(*of))
    monkeypatch.setattr(checks, "CHECKS", dict(checks.CHECKS))

    @checks.source_check("long")
    def long_texts(sources):
        for article in sources.articles.itertuples():
            if len(article.raw) > 3_800:
                yield Finding(article.Index, number=len(article.raw))

    table = source_checks(articles)
    assert table.check.iloc[-1] == "long"
    assert table.number.iloc[-1] == len(articles.raw[table.doc_id.iloc[-1]])
    assert len(calls) == 1


def test_counts_without_what_is_retold(articles, tokens):
    once = without_retold(tokens, source_checks(articles))
    assert (
        len(tokens) - len(once)
        == ((tokens.doc_id == "ukiic-taizhou") & (tokens.paragraph == 6)).sum()
        == 77
    )
    assert with_and_without(tokens, once).tokens.tolist() == [2449, 2372]


def test_checks_run_on_a_single_line_and_on_no_words(make_corpus):
    assert not source_checks(read_corpus(make_corpus({"a": "中文。", "b": "— —"}))).empty
