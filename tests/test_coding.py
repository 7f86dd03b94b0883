"""Coded facts with their evidence, and the attributes that say what they are used for."""

import re

import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tokens import sentence_table
from utils.facts.coding import (
    OWN,
    coded_as,
    kinds_of,
    known_attributes,
    read_attributes,
    read_facts,
)
from utils.facts.quotations import find_quotation

CENTRES = ["Nottingham–Ningbo", "Cambridge–Nanjing", "UKIIC–Taizhou Bay"]
HEADER = "centre,attribute,value,about,doc_id,quote,note\n"
TEXT = (
    "Title of it\n\nThe city signed a deal with  “Alpha”. It brings 30 people. "
    "Beta was there. Beta was silent.\n"
)


@pytest.fixture(scope="module")
def facts(articles):
    return read_facts(articles)


@pytest.fixture
def coded(make_corpus):
    """Articles of a corpus with these facts, and its folder."""

    def make(*rows: str):
        folder = make_corpus({"a": TEXT}, {"a": {"title": "Title of it"}})
        (folder / "centres.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        return read_corpus(folder), folder

    return make


def test_every_quotation_is_in_its_article_within_one_sentence(articles, facts):
    spans = sentence_table(articles).set_index(["doc_id", "sentence"])[["start", "end"]]
    coded = facts[facts.value != "not stated"]
    assert coded.centre.value_counts()[CENTRES].tolist() == [59, 64, 79]
    for fact in coded.itertuples():
        raw = articles.raw[fact.doc_id][fact.start : fact.end]
        assert raw.split() == fact.quote.split() or find_quotation(raw, fact.quote)
        if pd.notna(fact.sentence) and fact.sentence:
            low, high = spans.loc[(fact.doc_id, fact.sentence)]
            assert low <= fact.start < fact.end <= high


def test_a_value_is_in_the_words_of_its_quotation(facts):
    """Unless the note says that words are left out."""
    whole = facts[(facts.value != "not stated") & ~facts.note.str.contains("left out")]
    for fact in whole.itertuples():
        value = set(re.findall(r"[\w&]+", fact.value.lower()))
        quote = set(re.findall(r"[\w&]+", fact.quote.lower()))
        assert value <= quote, f"row {fact.Index}: {value - quote}"


def test_what_the_text_leaves_open_is_not_counted_for_the_centre(facts):
    open_ = facts[facts.about == "centre or UKIIC"]
    assert set(open_.sentence) == {15}  # "The Innovation Center", which UKIIC's own name is too
    assert not set(open_.about) & set(OWN)


def test_what_was_also_held_is_kept_apart(facts):
    people = coded_as(facts, "person")
    side = people[people.about == "side event"].value.str.split(",").str[0]
    assert set(side) == {"Zhao Haibin", "Wang Xianyi", "Ke Wanying", "Lu Hongju"}
    in_taizhou = (facts.centre == "UKIIC–Taizhou Bay") & (facts.value != "not stated")
    assert set(facts.about[in_taizhou & (facts.attribute == "figure")]) == {"district"}


def test_use_and_kind_follow_from_the_attribute(facts):
    by_attribute = facts.drop_duplicates("attribute").set_index("attribute")[["use", "kind"]]
    assert by_attribute.loc["statement: hoped for"].tolist() == ["statement", "hoped for"]
    assert by_attribute.loc["status in the title: launched"].tolist() == ["status", "launched"]
    assert by_attribute.loc["speaker: document"].tolist() == ["speaker", "document"]
    assert by_attribute.loc["focus field"].tolist() == ["field", ""]
    assert by_attribute.loc["venue"].tolist() == ["", ""]


def test_shipped_uses_are_those_of_the_corpus(articles, coded):
    """A corpus without attributes.csv counts its facts as this one does."""
    bare, _ = coded()
    ours = kinds_of(known_attributes(articles))
    shipped = kinds_of(known_attributes(bare))
    assert ours.to_numpy().tolist() == shipped.to_numpy().tolist()


def test_uses_are_data_and_names_are_free(coded):
    articles, folder = coded(
        "c,promise:kept,signed a deal,centre,a,signed a deal,",
        "c,guest,Beta,centre,a,Beta was there,",
        "c,statement: some day,Beta,centre,a,Beta was silent,",
    )
    (folder / "attributes.csv").write_text(
        "attribute,meaning,check,use,kinds\n"
        "promise: open,,,statement,\npromise: kept,,,statement,\nguest,,,person,\n",
        "utf-8",
    )
    facts = read_facts(articles)
    assert facts.attribute.iloc[0] == "promise: kept"
    assert facts.use.tolist() == ["statement", "person", ""]
    assert kinds_of(known_attributes(articles)).kind.tolist() == ["open", "kept"]
    rows = read_attributes(articles, facts).attribute.tolist()
    assert rows == ["promise: open", "promise: kept", "guest", "statement"]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("c,event,a pact,centre,a,a pact,", "row 2, column quote: not in a: “a pact”; copy it"),
        ("c,event,x,centre,b,x,", "row 2, column doc_id: no article 'b'; there are: a"),
        (
            "c,event,x,centre,a,It brings 30 people. Beta was there,",
            "row 2, column quote: longer than its sentence",
        ),
        ("c,event,was,centre,a,Beta was,", "row 2, column quote: in several sentences"),
        ("c,figure,40 people,centre,a,30 people,", "column value: the quotation has no 40"),
        ("c,figure,30 people,centre,a,,", "row 2, column quote: empty; copy the words"),
        ("c,figure,not stated,centre,a,30 people,", "column quote: 'not stated' goes without"),
        ("c,figure,30 people,,a,30 people,", "row 2, column about: empty"),
        ("c,statement: soon,x,event,a,signed a deal,", "'statement: soon' is not known; did"),
        ("c,statement,x,event,a,signed a deal,", "'statement' is not known; did you mean"),
        ("c,status in the body: done,x,event,a,a deal,", "'status in the body: done' is not known"),
        ("c,figure,30 people,center,a,30 people,", "'center' is not known; did you mean centre"),
    ],
)
def test_a_fact_without_its_evidence_names_its_row(coded, row, wrong):
    articles, _ = coded(row)
    with pytest.raises(Mistake, match=wrong):
        read_facts(articles)


def test_all_problems_come_in_one_go(coded):
    articles, _ = coded(
        "c,statement: soon,40 people,center,a,30 people,", ",event,x,centre,b,signed a deal,"
    )
    with pytest.raises(Mistake) as mistake:
        read_facts(articles)
    columns = [problem.split(":")[0] for problem in mistake.value.problems]
    assert columns == [
        "centres.csv, row 2, column value",
        "centres.csv, row 2, column attribute",
        "centres.csv, row 2, column about",
        "centres.csv, row 3, column centre",
        "centres.csv, row 3, column doc_id",
    ]


def test_a_misspelt_column_is_named_with_the_right_one(coded):
    articles, folder = coded("c,figure,30 people,centre,a,30 people,")
    text = (folder / "centres.csv").read_text("utf-8")
    (folder / "centres.csv").write_text(text.replace("quote", "qoute"), "utf-8")
    wrong = "centres.csv, row 1: no column 'qoute' is known; did you mean quote"
    with pytest.raises(Mistake, match=wrong):
        read_facts(articles)


def test_white_space_and_quotation_marks_may_differ(coded):
    articles, _ = coded(
        'c,UK partner,Alpha,centre,a,"signed a deal with ""Alpha""",',
        "c,figure,30 people,centre,a,30 people,",
    )
    assert read_facts(articles).sentence.tolist() == [1, 2]
