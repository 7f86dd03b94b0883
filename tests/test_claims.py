"""Claims worked out again: against compounding forward, and sums by hand."""

import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.claims import claim_table

HEADER = "claim,kind,doc_id,quote,stated,values,from,to,untestable,explanation\n"


@pytest.fixture
def table(make_corpus):
    def make(text: str, row: str, published: str = ""):
        metadata = {"a": {"published": published, "title": "Title"}}
        folder = make_corpus({"a": f"Title\n\n{text}\n"}, metadata)
        (folder / "claims.csv").write_text(HEADER + row + "\n", "utf-8")
        return claim_table(read_corpus(folder))

    return make


def test_growth_rates_of_the_five_articles(articles):
    """641.1 = 222.4 × 1.16328⁷ and 137.4 = 43.7 × 1.17780⁷, multiplied out.

    43.7 × 1.1785⁷ would be 138.0.
    """
    growth = claim_table(articles).query("measure == 'growth'")
    for row, (one, two) in zip(growth.itertuples(), [(222.4, 641.1), (43.7, 137.4)], strict=True):
        assert one * (1 + row.recomputed / 100) ** 7 == pytest.approx(two)
        assert row.low < row.recomputed < row.high
    assert growth.verdict.tolist() == ["holds", "fails"]
    assert growth.high.iloc[1] < 17.85  # the least that 17.9 can stand for
    assert 43.75 * 1.1785**7 > 137.45


def test_every_claim_of_the_five_articles_has_its_sentence_and_verdict(articles):
    claims = claim_table(articles)
    assert claims.sentence.notna().all()
    counts = claims.verdict.value_counts()
    assert counts[["holds", "fails", "untested"]].tolist() == [4, 2, 9]
    assert (claims.why[claims.verdict != "holds"] != "").all()
    launch = claims[claims.doc_id == "cambridge-nanjing"].iloc[0]
    assert (launch.recomputed, launch.verdict) == (31, "fails")  # 5 October to 5 November
    assert (launch.measure, launch.yearless) == ("order", True)
    assert claims.measure[claims.yearless].unique().tolist() == ["order"]


@pytest.mark.parametrize(
    ("kind", "quote", "rest", "verdict"),
    [
        ("sum", "10 firms, 4 old and 6 new", "10,4 | 6,,,,", "holds"),
        ("sum", "11 firms, 4 old and 6 new", "11,4 | 6,,,,slip", "fails"),
        ("sum", "1.1 bn, 0.5 here and 0.5 there", "1.1,0.5 | 0.5,,,,", "holds"),
        ("part", "10 firms and 4 new", "10,4,,,,", "holds"),
        ("part", "3 firms and 4 new", "3,4,,,,", "fails"),
        ("sum", "10 firms, 4 of them new", "10,4,,,kinds overlap,", "untested"),
        ("list", "2 firms, old and new", "2,old | new,,,,", "holds"),
        ("growth", "5% a year from 20 to 24.2", "5,20 | 24.2,2001,2003,,", "fails"),
        ("growth", "10% a year from 20 to 24.2", "10,20 | 24.2,2001,2003,,", "holds"),
    ],
)
def test_kinds_of_claims(table, kind, quote, rest, verdict):
    assert table(f"There are {quote}.", f's,{kind},a,"{quote}",{rest}').verdict.tolist() == [
        verdict
    ]


def test_an_order_needs_a_release(table):
    row = "s,order,a,On May 17 it opened,May 17,,,,,"
    claims = table("On May 17 it opened.", row)
    assert claims.verdict.tolist() == ["untested"]
    assert claims.why.tolist() == [""]


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("May 17", "holds"),
        ("May 19", "fails"),
        ("in May 2019", "untested"),
        ("February 30", "untested"),
        ("recently", "untested"),
    ],
)
def test_a_date_that_cannot_be_read_is_not_tested(table, date, verdict):
    row = f"s,order,a,It opened {date},{date},,,,,"
    assert table(f"It opened {date}.", row, "2020-05-18").verdict.tolist() == [verdict]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (
            "s,guess,a,10 firms,10,,,,,",
            "row 2, column kind: 'guess' is not known; there are: growth",
        ),
        ("s,sum,a,10 firms,10,7,,,,", "row 2, column values: the quotation has no “7”"),
        ("s,sum,a,10 firms,10,firms,,,,", "row 2, column values: 'firms' cannot be worked with"),
        ("s,sum,a,10 firms,firms,10,,,,", "row 2, column stated: 'firms' cannot be worked with"),
        ("s,sum,a,10 firms,10,,,,,", "row 2, column values: empty"),
        ("s,other,a,10 firms,10,,,,,", "row 2, column values: empty; .* why it is untestable"),
        ("s,growth,a,10 firms,10,10,,,,", "row 2, column from: '' cannot be worked with"),
        ("s,growth,a,10 firms,10,10,now,2016,,", "row 2, column from: 'now' is not a whole number"),
        ("s,growth,a,10 firms,10,10,2015,2016,,", "row 2, column values: .*growth needs two"),
        ("s,growth,a,10 firms,10,10|10,2015,2015,,", "row 2, column values: .*different years"),
        ("s,sum,a,12 firms,12,,,,,", "row 2, column quote: not in a: “12 firms”"),
    ],
)
def test_a_claim_that_cannot_be_worked_out_names_its_row(table, row, wrong):
    with pytest.raises(Mistake, match=wrong):
        table("There are 10 firms.", row)


def test_without_a_file_there_are_no_claims(make_corpus):
    assert claim_table(read_corpus(make_corpus({"a": "Title\n\nText.\n"}))).empty
