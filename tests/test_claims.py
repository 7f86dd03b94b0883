"""Claims worked out again: against compounding forward, and sums by hand."""

import pytest

from utils.facts.claims import claim_table
from utils.corpus.files import Mistake

HEADER = "claim,kind,doc_id,quote,stated,values,from,to,untestable,explanation\n"


@pytest.fixture
def table(make_corpus):
    from utils.corpus.articles import read_corpus

    def make(text: str, row: str, published: str = ""):
        folder = make_corpus({"a": f"Title\n\n{text}\n"}, {"a": {"published": published, "title": "Title"}})
        (folder / "claims.csv").write_text(HEADER + row + "\n", "utf-8")
        return claim_table(read_corpus(folder), folder)

    return make


def test_growth_rates_of_the_five_articles(articles):
    """641.1 = 222.4 × 1.16328⁷ and 137.4 = 43.7 × 1.17780⁷, multiplied out; 43.7 × 1.1785⁷ would be 138.0."""
    growth = claim_table(articles).query("measure == '% a year'")
    for row, (one, two) in zip(growth.itertuples(), [(222.4, 641.1), (43.7, 137.4)], strict=True):
        assert one * (1 + row.recomputed / 100) ** 7 == pytest.approx(two)
        assert row.low < row.recomputed < row.high
    assert growth.verdict.tolist() == ["holds within rounding", "does not follow"]
    assert growth.high.iloc[1] < 17.85  # the least that 17.9 can stand for
    assert 43.75 * 1.1785**7 > 137.45


def test_every_claim_of_the_five_articles_has_its_sentence_and_verdict(articles):
    claims = claim_table(articles)
    assert claims.sentence.notna().all()
    assert claims.verdict.value_counts().to_dict() == {
        "holds within rounding": 4,
        "cannot be tested": 8,
        "does not follow": 2,
    }
    assert (claims.why[claims.verdict != "holds within rounding"] != "").all()
    launch = claims[claims.doc_id == "cambridge-nanjing"].iloc[0]
    assert (launch.recomputed, launch.verdict) == (31, "does not follow")  # 5 October to 5 November
    assert launch.measure == "days after the release, if in its year"


@pytest.mark.parametrize(
    ("text", "row", "verdict"),
    [
        ("In all 10 firms, 4 old and 6 new.", 's,sum,a,"10 firms, 4 old and 6 new",10,4 | 6,,,,', "holds within rounding"),
        ("In all 11 firms, 4 old and 6 new.", 's,sum,a,"11 firms, 4 old and 6 new",11,4 | 6,,,,slip', "does not follow"),
        ("A total of 1.1 bn, 0.5 here and 0.5 there.", 's,sum,a,"1.1 bn, 0.5 here and 0.5 there",1.1,0.5 | 0.5,,,,', "holds within rounding"),
        ("Of 10 firms 4 are new.", "s,part,a,Of 10 firms 4 are new,10,4,,,,", "holds within rounding"),
        ("Of 3 firms 4 are new.", "s,part,a,Of 3 firms 4 are new,3,4,,,,", "does not follow"),
        ("Of 10 firms, 4 are new.", 's,sum,a,"Of 10 firms, 4 are new",10,4,,,kinds overlap,', "cannot be tested"),
    ],
)  # fmt: skip
def test_sums_and_parts(table, text, row, verdict):
    assert table(text, row).verdict.tolist() == [verdict]


def test_an_order_needs_a_release(table):
    row = "s,order,a,On May 17 it opened,May 17,,,,,"
    assert table("On May 17 it opened.", row).verdict.tolist() == ["cannot be tested"]


def test_a_date_that_cannot_be_read_is_not_tested(table):
    assert (
        table("It opened recently.", "s,order,a,It opened recently,recently,,,,,", "2020-01-01").verdict[0]
        == "cannot be tested"
    )


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("s,guess,a,10 firms,10,,,,,", "row 2, column kind: 'guess': there are: growth"),
        ("s,sum,a,10 firms,10,7,,,,", "row 2, column values: .*the quotation has no “7”"),
        ("s,growth,a,10 firms,10,10,,,,", "row 2, column from: '' is no year"),
        ("s,growth,a,10 firms,10,10,2015,2016,,", "row 2, column values: .*give two values"),
        ("s,sum,a,12 firms,12,,,,,", "row 2, column quote: not in a: “12 firms”"),
    ],
)
def test_a_claim_that_cannot_be_read_names_its_row(table, row, wrong):
    with pytest.raises(Mistake, match=wrong):
        table("There are 10 firms.", row)


def test_without_a_file_there_are_no_claims(articles, tmp_path):
    assert claim_table(articles, tmp_path).empty
