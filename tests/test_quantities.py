"""Quantities against a list made by hand for the five articles and one made blind for ten more."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.quantities import accuracy, find_quantities, precision_and_recall, quantity_table

HELD_OUT = Path(__file__).parent / "held_out"


def found(text: str) -> list[tuple]:
    return [(q.number, q.unit) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nearly 2.8% of GDP", [(2.8, "%")]),
        ("rose 17.6 per cent", [(17.6, "%")]),
        ("3.5 percentage points", [(3.5, "percentage points")]),
        ("16 billion yuan", [(16e9, "yuan")]),
        ("$1.06 billion", [(1.06e9, "dollars")]),
        ("£5m and RMB 2 billion", [(5e6, "pounds"), (2e9, "yuan")]),
        ("S$48 million", [(48e6, "S$")]),
        ("10-15% of firms", [(10, "%"), (15, "%")]),
        ("between 20 and 30 firms", [(20, "firms"), (30, "firms")]),
        ("2 to 3 million tonnes", [(2e6, "tonnes"), (3e6, "tonnes")]),
        ("800,000 to 1 million vehicles", [(800_000, "vehicles"), (1e6, "vehicles")]),
        ("twenty-five universities", [(25, "universities")]),
        ("two hundred and fifty million yuan", [(250e6, "yuan")]),
        ("one hundred thousand positions", [(100_000, "positions")]),
        ("a dozen firms", [(12, "firms")]),
        ("sixteen firms and ninety", [(16, "firms"), (90, "")]),
        ("17 of the 20 firms", [(17, "firms"), (20, "firms")]),
        ("a population of about 140,000.", [(140_000, "population")]),
        ("a five-year plan", [(5, "years")]),
        ("2000 students came", [(2000, "students")]),
        ("the 2024 budget", [(2024, "year")]),
    ],
)
def test_what_is_a_quantity(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the 8th session",
        "the “246” clusters",
        "University of Nottingham Ningbo 2.0.",
        "a four-in-one model",
        "one centre",
        "tens of billions of clusters",
        "the 14th Five-Year Plan",
        "the Four Top enterprises",
        "Phase 2 begins",
        "at 3:30 pm",
        "5G and COVID-19",
        "a first-class platform",
        "one in four children",
        "call +44 115 496 0000",
    ],
)
def test_what_is_none(text):
    assert found(text) == []


def test_hedges_are_kept_apart():
    hedges = {
        q.printed: q.hedge
        for q in find_quantities("More than 300 teams, about 140,000 people and 69 institutes.")
    }
    assert hedges == {"300": "more than", "140,000": "about", "69": ""}


@pytest.mark.parametrize(
    ("text", "years"),
    [
        (
            "It rose from 222.4 billion yuan in 2015 to 641.1 billion in 2022, by 16.3% a year.",
            [2015, 2022, None],
        ),
        ("In 2019, it spent 2.8% on research; 69 institutes came.", [2019, 2019]),
        ("From January to May, it grew by 17.6%.", [None]),
    ],
)
def test_the_year_is_the_clauses_or_none(text, years):
    assert [q.year for q in find_quantities(text) if q.kind != "date"] == years


def test_the_five_articles_against_the_list_made_by_hand(articles):
    compared = accuracy(articles)
    assert set(precision_and_recall(compared).values()) == {(50, 50)}
    table = quantity_table(articles)
    assert all(articles.raw[q.doc_id][q.start : q.end] == q.printed for q in table.itertuples())
    assert table.number[table.printed == "42.8 billion yuan"].tolist() == [42_800_000_000]


def test_ten_articles_written_and_labelled_without_sight_of_the_rules():
    """What is stated in corpus/README.md, no better and no worse."""
    compared = accuracy(read_corpus(HELD_OUT))
    assert compared.found.value_counts().to_dict() == {"both": 221, "missed": 12, "extra": 6}
    assert compared.right.value_counts().to_dict() == {"yes": 192, "no": 29, "": 18}
    assert precision_and_recall(compared) == {
        "precision": (221, 227),
        "recall": (221, 233),
        "unit and year": (192, 221),
    }


def test_a_list_that_cannot_be_read_names_its_row(make_corpus):
    folder = make_corpus({"x": "Two firms came."})
    articles = read_corpus(folder)
    assert accuracy(articles).empty
    assert set(precision_and_recall(accuracy(articles)).values()) == {(0, 0)}
    (folder / "quantities.csv").write_text("doc_id,sentence,number,unit,year\nx,1,many,,\n")
    with pytest.raises(Mistake, match="quantities.csv, row 2, column number: 'many' is not a num"):
        accuracy(articles)


@given(st.integers(2, 10**9), st.sampled_from(["patents", "new firms", "km"]))
def test_digits_with_commas_give_back_the_number(number, unit):
    text = f"There were {number:,} {unit} in all."
    counted = [q for q in find_quantities(text) if q.kind == "count"]
    assert [(q.number, q.unit) for q in counted] == [(number, unit)] or 1900 <= number < 2100
    assert all(text[q.start : q.end] == q.printed for q in counted)


@given(st.text(alphabet='0123456789.,%$£ abcdefone two-hundred“”"', max_size=60))
def test_no_text_breaks_it_and_spans_lie_in_order(text):
    places = [(q.start, q.end) for q in find_quantities(text)]
    assert places == sorted(places)
