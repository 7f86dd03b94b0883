"""Labels: every line has one, the rules match what they say, and nothing is deleted."""

import textwrap

import pytest
import regex

from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.files import Mistake
from utils.corpus.furniture import (
    STOP,
    is_broken,
    is_hard_wrapped,
    label_lines,
    line_table,
    paragraph_spans,
    read_patterns,
    read_rules,
)
from utils.corpus.sentences import sentence_spans
from utils.corpus.tables import LISTS, read_side_table
from utils.corpus.tokens import tokenize

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
        ("Is the port open?\n\nIt is.", "", ["title", "body"]),
        ("The port opens.\n\nIt is open to ships of any flag.", "", ["title", "body"]),
        ("Fellow citizens:\n\nThe port is open.", "", ["body", "body"]),
        ("Dear readers,\n\nThe port is open.", "", ["body", "body"]),
        ("Thank you. Thank you all.\n\nThe port is open to ships.", "", ["body", "body"]),
        ("Ming Inc. opens the port.\n\nThe port is open to ships.", "", ["title", "body"]),
        ("感谢大家。非常感谢。\n\n港口开放了，很多船来。", "", ["body", "body"]),
        ("The port… at last!\n\nIt is.\n\nShips come.", "", ["title", "body", "body"]),
        ("Body is a sentence.\n\nMore of it.", "", ["body", "body"]),
        ("One line", "", ["body"]),
        ("Long " * 50 + "\n\nShort line\n\nMore of it.", "", ["body", "body", "body"]),
        ("First\n\nSecond\n\nThird.", "Not in the text", ["body", "body", "body"]),
        ("Long " * 50 + "\n\nThe title\n\nMore.", "The title", ["body", "body", "body"]),
        ("China’s port\n\nIt is open.", "China's Port", ["title", "body"]),
        ("Kicker\nThe title\n\nBody.", "The   title", ["body", "title", "body"]),
        ("Published: 17 May 2021\nA title\n\nBody.", "", ["dateline", "title", "body"]),
    ],
)
def test_how_a_title_is_found(tmp_path, text, title, labels):
    assert [
        line.label for line in label_lines(text, read_patterns(read_rules(tmp_path)), title)
    ] == labels


SENTENCES = [
    "Published 12 March 2019, the strategy names ten cities.",
    "Updated 5 May 2020, it lists ten firms.",
    "Posted on 3 June 2020, the notice drew forty replies.",
    "Release of the report on 5 May 2020 was put off, the ministry said.",
    "Related news came from Leeds on Monday, where two firms closed.",
    "Related stories were told.",
    "Read more books, the minister told the children of Ningbo.",
    "Recommended for you to read is the report of the council.",
    "Register early, the council told the firms on Monday.",
    "Register offices are now closed.",
    "Subscribe to the plan now, the mayor urged the firms of the city.",
    "Sign up to ten projects was what the two sides did on Tuesday.",
    "Log in to the market and you will see stalls, she said, of every kind here.",
    "Follow us, the guide said, and we did so until the evening.",
    "Share prices fell on Monday.",
    "Like this one, the park has no roof.",
    "Next: the committee will vote on the plan for the port on Monday.",
    "Previous: three attempts to build a bridge had failed by then.",
    "Copyright 2019 was the year in which the law changed.",
    "Copyright law in 2019 was weak and the courts did not help.",
    "Home > School was the name of the path that the pupils took to town.",
    "Advertisement of the posts begins in May.",
    "Views: 300 people gave theirs to the council on Monday evening.",
    "Page 1 of 3 was missing from the copy that the court received.",
    "Date 5 May 2020 was named in the treaty as the last day for payment.",
    "Font sizes big and small are used in the book, the printer said.",
    "Published 12 March 2019, the strategy names ten",
    "Next year our own programmes account for nearly sixty percent of the whole budget.",
    "Previous studies gave our own account of the war and of what came after it.",
    "You may know our town from what the newsletters of its port said about it in the spring.",
]
FURNITURE = [
    "Related articles",
    "Related articles:",
    "Related news: Port reopens after storm",
    "Read more",
    "Read more: Ningbo opens a second institute",
    "Read more about the deal",
    "Recommended for you",
    "Sign up for our newsletter",
    "Sign up for our newsletter.",
    "Subscribe now",
    "Subscribe to our newsletter to get the news of the week first.",
    "Subscribe to our free weekly e-mail newsletter. It comes out on every Friday.",
    "Register now to have the news of the day delivered to your inbox every morning!",
    "Log in to comment",
    "Register your account for free and read all of our news from the port and the city.",
    "Register",
    "Follow us on Twitter",
    "Copyright 2024 - Ningbo Life",
    "Copyright © 2024 Ningbo Life. All rights reserved.",
    "© 2019 AP. This material may not be published, broadcast or rewritten.",
    "Copyright 2024 AP. This material may not be published, broadcast or rewritten.",
    "All rights reserved.",
    "Home > News > Local",
    "Next: Bridge opens in May",
    "Share this on Facebook",
    "Page 2 of 4",
    "Advertisement",
]
DATELINES = [
    "Published: 12 March 2019",
    "Published 12 March 2019",
    "Updated 5 May 2020 10:30",
    "Posted on May 5, 2020 at 9:00 a.m.",
    "Posted on May 5, 2020 by Anna Smith",
    "Last updated: 2020-05-05",
    "Release Time:2018-10-05Pageviews:691",
    "Published: 12 March 2019, by our own staff writers",
    "Date: 5 May 2020",
]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        *((line, "body") for line in SENTENCES),
        *((line, "furniture") for line in FURNITURE),
        *((line, "dateline") for line in DATELINES),
    ],
)
def test_first_words_make_no_furniture_of_a_sentence(line, label):
    text = f"A title\n\n{line}\n\nThe council met on Monday."
    assert label_lines(text, read_patterns(read_rules(None)), "A title")[1].label == label


def test_the_own_rules_of_a_corpus_hold_for_sentences_too(make_corpus):
    own = "Visit our pages to learn more about the port and the city."
    folder = make_corpus({"a": f"A title\n\n{own}\n\nThe council met on Monday."})
    (folder / "furniture.csv").write_text(f"rule,label,pattern\nmine,furniture,{own}\n")
    assert line_table(read_corpus(folder)).label.tolist() == ["title", "furniture", "body"]


def test_a_pattern_that_never_ends_is_named_with_its_row(make_corpus):
    folder = make_corpus({"a": "A title\n\n" + "a" * 60 + "b\n\nThe end."})
    (folder / "furniture.csv").write_text(
        "rule,label,pattern\none,furniture,x\ntwo,furniture,(a|aa)+$\n"
    )
    with pytest.raises(Mistake) as caught:
        read_corpus(folder)
    assert caught.value.problems[0].startswith("furniture.csv, row 3, column pattern: rule 'two'")


CITIES = ["宁波", "南京", "台州", "剑桥", "杭州", "上海"]


def _shape(raw):
    """The paragraphs and the sentences of a text, however its lines are broken."""
    paragraphs = [
        raw[slice(*span)]
        for span in paragraph_spans(raw, label_lines(raw, read_patterns(read_rules(None))))
    ]
    sentences = [text[slice(*span)] for text in paragraphs for span in sentence_spans(text)]
    return [[" ".join(text.split()) for text in texts] for texts in (paragraphs, sentences)]


@pytest.mark.parametrize("width", [58, 64, 72, 80])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_wrapped_lines_make_the_paragraphs_and_sentences_of_unwrapped_ones(
    articles, width, newline
):
    for raw, lines in zip(articles.raw, articles.lines, strict=True):
        texts = [raw[line.start : line.end] for line in lines if line.label in ("title", "body")]
        plain = "\n\n".join(" ".join(text.split()) for text in texts)
        wrapped = [textwrap.fill(text, width, break_on_hyphens=False) for text in texts]
        broken = "\n\n".join(wrapped).replace("\n", newline)
        assert is_hard_wrapped(broken)
        assert not is_hard_wrapped(plain)
        assert _shape(broken) == _shape(plain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line",
        "The port opens in the north of the city\nThe mayor of the city leaves for London",
        "roses are red\nviolets are blue\nsugar is sweet\nand so are you",
        "A long line of an article that goes on and on and on, " * 5 + "\nand on.",
        "\n".join(
            f"{place}与诺丁汉大学签署了战略合作协议，专家表示前景广阔。" * 2 for place in CITIES
        ),
        "\n".join(f"{place}市与英国诺丁汉大学签署合作协议共同建设创新研究院" for place in CITIES),
        "\n".join(
            f"{n}、{place}，英国诺丁汉大学，合作协议，创新研究院，签署仪式"
            for n, place in enumerate(CITIES)
        ),
        "\n".join(
            f"افتتح المركز الجديد للابتكار في مدينة {place} يوم الاثنين الماضي." for place in CITIES
        ),
    ],
)
def test_lists_verses_and_long_lines_are_not_hard_wrapped(text):
    assert not is_hard_wrapped(text)


@pytest.mark.parametrize("width", [26, 38, 52])
def test_chinese_lines_of_one_width_are_joined_to_paragraphs(width):
    sentences = [
        f"{place}市政府与英国诺丁汉大学签署了战略合作协议，" + "双方将共同培养人才。" * number
        for number, place in enumerate(CITIES, 1)
    ]
    texts = ["".join(sentences), "".join(reversed(sentences))]
    wrapped = [regex.sub(rf"(.{{{width}}})(?=.)", r"\1\n", text) for text in texts]
    broken = "\n\n".join(wrapped)
    assert is_hard_wrapped(broken)
    assert [len(found) for found in _shape(broken)] == [2, 2 * sum(range(1, len(CITIES) + 1))]


@pytest.mark.parametrize("mark", [";", "\u037e"])
def test_a_question_in_greek_may_be_a_title_and_ends_a_paragraph(mark):
    text = f"Πού πάει το λιμάνι{mark}\n\nΤο λιμάνι άνοιξε τη Δευτέρα. Θα κλείσει{mark}"
    assert [line.label for line in label_lines(text, [])] == ["title", "body"]
    assert regex.compile(f"(?r){STOP}").match(text)
    assert label_lines("Rain fell;\n\nthe port shut.", [])[0].label == "body"


def test_no_furniture_is_in_a_sentence_that_goes_on_below_it(make_corpus):
    text = "A title\n\nThe city opened the\n\nAdvertisement\n\nport on\n\nMonday.\n\nIt\nrained."
    articles = read_corpus(make_corpus({"a": text}))
    assert "advertisement" not in set(tokenize(articles).term)
    assert [text[slice(*span)] for span in articles.body["a"]][:2] == [
        "The city opened the",
        "port on",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "matter",
    [
        "---\ntitle: Port\ntags:\n  - sea\n- ships\n# note\n---\n",
        '+++\ntitle = "Port"\n\ndate = 2020-05-04\n+++\n',
    ],
)
def test_front_matter_is_no_text(matter, newline):
    text = (matter + "\nPort\n\nIt opened.\n\n---\n\nIt: rained.").replace("\n", newline)
    lines = label_lines(text, read_patterns(read_rules(None)), "Port")
    assert {line.rule for line in lines[:-4]} == {"front-matter"}
    assert [line.label for line in lines[-4:]] == ["title", "body", "furniture", "body"]
    for prose in (
        "---\nIt rained on the\nport.\n---\nIt shone.",
        "---\n\nIt rained.\n\n---\nIt shone.",
        "---\nAnn: Where is it?\nReporter: In the port.\n---\nIt shone.",
        "---\n1850: The port opened.\nThe mayor said: go.\n---\nIt shone.",
    ):
        assert "front-matter" not in {line.rule for line in label_lines(prose, [])}
    long = "---\na: b\n" + " \n\n\t\n" * 50_000
    assert "front-matter" not in {line.rule for line in label_lines(long, [])}
