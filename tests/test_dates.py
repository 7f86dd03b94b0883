"""Dates are found as printed, and never completed."""

import pytest

from utils.facts.dates import date_table, find_dates, is_after


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("On May 17, Ningbo signed", [("May 17", None, 5, 17)]),
        ("On November 5th, Zhang", [("November 5th", None, 11, 5)]),
        ("on 17 May 2021.", [("17 May 2021", 2021, 5, 17)]),
        ("On May 17, 2021, it", [("May 17, 2021", 2021, 5, 17)]),
        ("Nov. 5th", [("Nov. 5th", None, 11, 5)]),
        ("Release Time:2018-10-05Pageviews:691", [("2018-10-05", 2018, 10, 5)]),
        ("In August of this year, the first", [("August of this year", None, 8, None)]),
        ("in August 2023", [("August 2023", 2023, 8, None)]),
        (
            "From January to May, investment",
            [("January", None, 1, None), ("May", None, 5, None)],
        ),
        (
            "billion yuan in 2015 to 641.1 billion in 2022",
            [("2015", 2015, None, None), ("2022", 2022, None, None)],
        ),
        ("It may march on. 2015 firms, 2,015 yuan, $2015, in 20.15", []),
        ("2018-13-45", []),
    ],
)
def test_dates_as_printed(text, dates):
    assert [date[:4] for date in find_dates(text)] == dates
    assert all(text[date.start : date.end] == date.printed for date in find_dates(text))


@pytest.mark.parametrize(
    ("text", "released", "after"),
    [
        ("on 6 May 2021", "2021-05-05", True),
        ("on 5 May 2021", "2021-05-05", False),
        ("on 6 May", "2021-05-05", True),
        ("in June 2021", "2021-05-05", True),
        ("in May 2021", "2021-05-05", False),
        ("on 6 May 2021", "2021", False),
        ("in 2022", "2021", True),
        ("on 6 May 2021", "", False),
    ],
)
def test_a_date_is_after_a_release_as_far_as_both_say(text, released, after):
    assert is_after(find_dates(text)[0], released) is after


def test_rows_of_the_table_lead_to_their_text(articles):
    table = date_table(articles)
    assert len(table) == 11
    assert all(
        articles.raw[row.doc_id][row.start : row.end] == row.printed for row in table.itertuples()
    )
    assert {"day, no year", "year"} <= set(table.precision)
