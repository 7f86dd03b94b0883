"""Labels: every line has one, the rules match what they say, and nothing is deleted."""

import pytest
import regex

from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.files import Mistake
from utils.corpus.furniture import is_broken, label_lines, line_table, read_rules
from utils.corpus.tables import LISTS, read_side_table

RULES = [
    (folder.name, rule.rule, rule.pattern, rule.example, rule.counterexample)
    for folder in (LISTS, CORPUS)
    for rule in read_side_table("furniture", folder).itertuples()
]


@pytest.mark.parametrize(("where", "rule", "pattern", "example", "counterexample"), RULES)
def test_each_rule_matches_its_example_and_not_its_counterexample(
    where, rule, pattern, example, counterexample
):
    compiled = regex.compile(pattern, regex.IGNORECASE)
    assert compiled.fullmatch(example)
    assert not compiled.fullmatch(counterexample)


def test_the_furniture_of_the_five_articles(articles):
    lines = line_table(articles)
    furniture = lines[lines.label == "furniture"]
    assert furniture.groupby("doc_id", sort=False).text.apply(list).to_dict() == {
        "nottingham-ningbo": ["Copyright 2024 - Ningbo Life / Ningbo Expat", "f t g m"],
        "ningbo-city": ["Copyright 2020 - Custom text here", "f t g m", "Visit Charity Shop"],
        "ukiic-taizhou": [
            "News Center",
            "Home > News Center",
            "Previous:Li Fuming, the famous non-hereditary inheritor of silver forging skill, is "
            "employed as the cultural and artistic consultant of UKIIC International Innovation "
            "Center",
            "Next:China and the UK are connected by a bridge, and our two countries are linked by "
            "a bridge",
            "英国国际创新中心(UKIIC Accelerator)",
        ],
        "ningbo-industries": ["Copyright 2024 - Ningbo Life / Ningbo Expat", "f t g m"],
    }
    assert (lines.label == "title").sum() == 5
    assert (lines.label == "dateline").sum() == 2


def test_every_character_that_is_not_white_space_is_in_a_labelled_line(articles):
    for article in articles.itertuples():
        outside = list(article.raw)
        for line in article.lines:
            outside[line.start : line.end] = " " * (line.end - line.start)
        assert not "".join(outside).strip()


def test_two_paragraphs_broken_in_mid_sentence_are_one_each(articles):
    joined = {
        doc_id: sum("\n" in raw[start:end] for start, end in body)
        for doc_id, raw, body in zip(articles.index, articles.raw, articles.body, strict=True)
    }
    assert joined == {
        "nottingham-ningbo": 1,
        "cambridge-nanjing": 0,
        "ningbo-city": 1,
        "ukiic-taizhou": 0,
        "ningbo-industries": 0,
    }


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        ("local social and", "economic development", True),
        ('the "tree planting project",', "accelerated deployment", True),
        ("The end.", "and then", False),
        ("New parks", "The city opened", False),
        ("as follows:", "first", False),
    ],
)
def test_what_counts_as_broken(before, after, broken):
    assert is_broken(before, after) is broken


def test_a_corpus_replaces_and_switches_off_general_rules(make_corpus):
    text = "Heading of mine\n\nf t g m\n\nHome > Local\n\nThe body stands here."
    folder = make_corpus({"a": text})
    (folder / "furniture.csv").write_text(
        "rule,label,pattern\nshare-buttons,furniture,\nmine,furniture,Heading of .*\n"
    )
    lines = line_table(read_corpus(folder))
    assert dict(zip(lines.text, lines.label, strict=True)) == {
        "Heading of mine": "furniture",
        "f t g m": "title",
        "Home > Local": "furniture",
        "The body stands here.": "body",
    }


def test_a_bad_rule_is_named_with_its_row(make_corpus):
    folder = make_corpus({"a": "Text."})
    (folder / "furniture.csv").write_text("rule,label,pattern\none,furniture,(\ntwo,rubbish,x\n")
    with pytest.raises(Mistake) as caught:
        read_corpus(folder)
    assert "furniture.csv, row 2, column pattern:" in caught.value.problems[0]
    assert "furniture.csv, row 3, column label: 'rubbish' is not known" in caught.value.problems[1]


@pytest.mark.parametrize(
    ("text", "title", "labels"),
    [
        ("A title\n\nBody.", "", ["title", "body"]),
        ("Body is a sentence.\n\nMore of it.", "", ["body", "body"]),
        ("One line", "", ["body"]),
        ("Kicker\nThe title\n\nBody.", "The   title", ["body", "title", "body"]),
        ("Published: 17 May 2021\nA title\n\nBody.", "", ["dateline", "title", "body"]),
    ],
)
def test_how_a_title_is_found(tmp_path, text, title, labels):
    assert [line.label for line in label_lines(text, read_rules(tmp_path), title)] == labels
