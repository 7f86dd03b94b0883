"""Dates are found as printed, and never completed."""

import pytest

from utils.facts.dates import date_table, find_dates, is_after

DATES_OF_TEXTS = {
    # months, short and in full
    "It opened on Sept. 9, 2020.": [(2020, 9, 9)],
    "Signed 3 Sep 2019, renewed on 14 Oct. 2021.": [(2019, 9, 3), (2021, 10, 14)],
    "LONDON, FEB 19 - Exports rose.": [(None, 2, 19)],
    "It ran from Jan. to Mar. 2016.": [(2016, 1, None), (2016, 3, None)],
    "In late Aug the port shut; in mid-May it opened.": [(None, 8, None), (None, 5, None)],
    "It was posted on 5-Oct-2018.": [(2018, 10, 5)],
    # letters after a month's
    "The 7 Marchers and 30 Octopus cards, 11 Augusta homes, 4 Decent rooms.": [],
    "By Jan Smuts; with Theresa May and 20 Maybe songs; the Long March on 3 roads.": [],
    # numbers after a month are themselves
    "In March 12 firms signed.": [(None, 3, None)],
    "In May 2.5 million people came.": [(None, 5, None)],
    "In July 40% of them left; by August 7,500 had.": [(None, 7, None), (None, 8, None)],
    "On March 12 firms signed.": [(None, 3, 12)],
    "In June 1500 people marched.": [(None, 6, None)],
    # spans of days
    "On May 17–18, 2021 they met.": [(2021, 5, 17), (2021, 5, 18)],
    "From 3 to 14 July it is open.": [(None, 7, 3), (None, 7, 14)],
    "Held on the 2nd, 3rd and 4th of June 1953.": [(1953, 6, 2), (1953, 6, 3), (1953, 6, 4)],
    "From 30 April to 2 May 2021.": [(2021, 4, 30), (2021, 5, 2)],
    "From 30 December to 2 January 2021.": [(None, 12, 30), (2021, 1, 2)],
    "On May 17, 20 firms signed.": [(None, 5, 17)],
    "The score was 2-1 May 5, 2019.": [(2019, 5, 5)],
    "On September the 11th and on the 4th day of March, 1861.": [(None, 9, 11), (1861, 3, 4)],
    # years
    "It was sealed on 15 June 1215.": [(1215, 6, 15)],
    "Since 1066; until 1887; the War of 1812.": [
        (1066, None, None),
        (1887, None, None),
        (1812, None, None),
    ],
    "The war of 1914–18 and the season of 2021/22.": [
        (1914, None, None),
        (1918, None, None),
        (2021, None, None),
        (2022, None, None),
    ],
    "The 2008 crisis; in summer 2018; 2019 was calm.": [
        (2008, None, None),
        (2018, None, None),
        (2019, None, None),
    ],
    "In 1500 villages, of 1234 votes, by 2000 metres, a 2000-seat hall, £2015, No. 1999.": [],
    "About 2000 left; 2015 firms; between 1200 and 1500 people; 2000-2050 jobs.": [],
    "In the 1850s, the '90s, the 1990's and the mid-1980s.": [],
    "In 1200 BC; 2,018.5 tonnes; Horizon 2020; call 0115 2018 3000.": [],
    # days that are none
    "April 31, 2020 and 30 Feb 2019 and 29 February 2019.": [],
    "On 29 February it was late; on 29 Feb. 2020 too.": [(None, 2, 29), (2020, 2, 29)],
    "2019-02-30, 31/04/2019, 2018年13月5日": [],
    # years of accounts, quarters and courses
    "FY2019, in FY 2018-19, in Q3 2020 and by H1 2021.": [
        (2019, None, None),
        (2018, None, None),
        (2019, None, None),
        (2020, None, None),
        (2021, None, None),
    ],
    "In 2019/2020 fees rose; by end-2025; the class of 2016 graduates.": [
        (2019, None, None),
        (2020, None, None),
        (2025, None, None),
        (2016, None, None),
    ],
    "In the third quarter of 2020 exports fell; at the end of 2021 jobs came.": [
        (2020, None, None),
        (2021, None, None),
    ],
    "In the end 1853 went home.": [],
    "A quarter of 2020 exports, half of 1950 votes.": [],
    # days listed
    "On October 5, 6 and 7, 2018.": [(2018, 10, 5), (2018, 10, 6), (2018, 10, 7)],
    "On May 17, 20 and 30 firms signed.": [(None, 5, 17)],
    "The May Day march, the October Revolution, the May Fourth Movement.": [],
    # order of day and month
    "On 25/12/2018 and 12/25/2019 and 6/6/2020.": [(2018, 12, 25), (2019, 12, 25), (2020, 6, 6)],
    "On 5/10/2018.": [(2018, None, None)],
    "Up 5/10/18; 24/7; 1/2/3.": [],
    # Chinese
    "会议于2021年5月17日至18日举行。": [(2021, 5, 17), (2021, 5, 18)],
    "11月5日启动，2019年完成，20世纪90年代。": [(None, 11, 5), (2019, None, None)],
    "2020年3月": [(2020, 3, None)],
    # exports
    "2018-10-05T12:30:00Z and 2018-10-06 12:30:00+08:00": [(2018, 10, 5), (2018, 10, 6)],
    "20181005123000 but not 20181399123000 and not 20181005": [(2018, 10, 5)],
    "Date: 2018/3/7": [(2018, 3, 7)],
    "May 17,2021": [(2021, 5, 17)],
    "May 30-June 2, 2021, then 5 May 2022–6 June 2023.": [
        (2021, 5, 30),
        (2021, 6, 2),
        (2022, 5, 5),
        (2023, 6, 6),
    ],
    "April–June 2019; in AD 1066; in May Ningbo signed.": [
        (2019, 4, None),
        (2019, 6, None),
        (1066, None, None),
        (None, 5, None),
    ],
}


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


@pytest.mark.parametrize("text", DATES_OF_TEXTS)
def test_years_months_and_days_of_many_kinds(text):
    dates = find_dates(text)
    assert [date[1:4] for date in dates] == DATES_OF_TEXTS[text]
    assert all(text[date.start : date.end] == date.printed for date in dates)


DATES_OF_LANGUAGES = {
    ("zh", "２０１８年５月１７日开幕，5月18日闭幕，昨日下雨。"): [(2018, 5, 17), (None, 5, 18)],
    ("zh", "二〇一八年五月二十一日，二零一九年，十二月"): [
        (2018, 5, 21),
        (2019, None, None),
        (None, 12, None),
    ],
    ("zh", "5月17日至6月2日，2018至2020年，2019年底"): [
        (None, 5, 17),
        (None, 6, 2),
        (2018, None, None),
        (2020, None, None),
        (2019, None, None),
    ],
    ("zh", "2020年3至5月，3-4月，11、12月，五月廿五日，五月初五，第3、4个月"): [
        (2020, 3, None),
        (2020, 5, None),
        (None, 3, None),
        (None, 4, None),
        (None, 11, None),
        (None, 12, None),
        (None, 5, 25),
    ],
    ("zh", "2018—2019学年，2017财年，2021年5月17日至6月2日，2019年11月至2月"): [
        (2018, None, None),
        (2019, None, None),
        (2017, None, None),
        (2021, 5, 17),
        (2021, 6, 2),
        (2019, 11, None),
        (None, 2, None),
    ],
    ("zh", "3至6月龄，五月龄"): [],
    ("zh", "上世纪90年代，2000年历史，3个月，第三月，农历五月初五，2月30日"): [],
    ("de", "Am 5. Mai, vom 17. bis 18. Juni 2021, gestern, im März, seit 2015, 1.234 Boote"): [
        (None, 5, 5),
        (2021, 6, 17),
        (2021, 6, 18),
        (None, 3, None),
        (2015, None, None),
    ],
    ("de", "Am 5.10.2018; Sept. 2019; vom 30. April bis zum 2. Mai 2021; 31. Februar 2020"): [
        (2018, 10, 5),
        (2019, 9, None),
        (2021, 4, 30),
        (2021, 5, 2),
    ],
    ("fr", "Le 1er mai et le 3 août 2018 ; hier ; en mars ; fin 2019 ; 2018 habitants"): [
        (2018, 5, 1),
        (2018, 8, 3),
        (None, 3, None),
        (2019, None, None),
    ],
    ("es", "El 5 de mayo, del 17 al 18 de junio del 2021, en 2019; mañana; mayo de 2020"): [
        (None, 5, 5),
        (2021, 6, 17),
        (2021, 6, 18),
        (2019, None, None),
        (2020, 5, None),
    ],
    ("ru", "3 июня 2019"): [],
}


@pytest.mark.parametrize(("language", "text"), DATES_OF_LANGUAGES)
def test_dates_of_other_languages(language, text):
    dates = find_dates(text, language)
    assert [date[1:4] for date in dates] == DATES_OF_LANGUAGES[language, text]
    assert all(text[date.start : date.end] == date.printed for date in dates)


@pytest.mark.parametrize("text", ["In 2018 5,000 ", "May 5, ", "12, 13, 2018, ", "5/10/", "1-2-"])
def test_a_sentence_of_100_000_characters_is_read_to_its_end(text):
    long = text * (100_000 // len(text))
    found = find_dates(long)
    assert all(long[date.start : date.end] == date.printed for date in found)
    assert not found or found[-1].end > len(long) - 100


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("30 April or 2 May 2021", "en"),
        ("30. April oder 2. Mai 2021", "de"),
        ("le 30 avril et le 2 mai 2021", "fr"),
        ("el 30 de abril y el 2 de mayo de 2021", "es"),
        ("30 de abril a 2 de mayo de 2021", "es"),
    ],
)
def test_any_word_that_joins_dates_in_a_language_shares_their_year(text, language):
    dates = [date[1:4] for date in find_dates(text, language)]
    assert dates == [(2021, 4, 30), (2021, 5, 2)]
