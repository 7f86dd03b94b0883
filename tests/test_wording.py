"""Words for codes, headings and cells: each in one place, and every code has its words."""

import re
from pathlib import Path

import pandas as pd
import pytest

from utils.page import columns, wording
from utils.page.columns import COLUMNS, cell_text, heading_of
from utils.page.findings_corpus import word_support
from utils.page.findings_overview import oddity_table
from utils.page.names import name_of, remember_names
from utils.page.wording import CODE_WORDS
from utils.stats.verdicts import CODES


def test_every_verdict_has_words():
    assert set(wording.CODE_WORDS["verdict"]) == set(CODES)
    assert cell_text("no difference", "verdict") == "no clear difference"


def test_every_column_has_a_heading_and_a_format_that_exists():
    plain = {columns.ARTICLE, columns.LANGUAGE, "count", "text", "places", "phrases"}
    formats = {
        *columns._NUMBER_FORMATS,
        *wording.CODE_WORDS,
        *columns.WORDS,
        *columns.ASKED,
        *plain,
    }
    for key, column in COLUMNS.items():
        assert column.heading.strip(), key
        assert "_" not in column.heading, key
        assert column.format in formats, key


def test_no_column_is_described_twice():
    keys = pd.read_csv(columns.__file__.replace(".py", ".csv")).key
    assert keys.is_unique


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [
        (None, "p", ""),
        (float("nan"), "year", ""),
        (2018.0, "year", "2018"),
        (1234, "tokens", "1,234"),
        (2.0, "log_dice", "2.00"),
        (0.0001, "p", "<0.001"),
        (0.25, "p_adjusted", "0.250"),
        (0.02565, "delta_p_node", "0.026"),
        (-0.0000201, "delta_p_node", "-0.00002"),
        (-1e-9, "delta_p_node", "0.000"),
        (0.002134, "per_10k_reference", "0.0021"),
        (0.0, "per_10k_reference", "0.00"),
        (1234.5, "per_10k", "1,234.50"),
        (-0.001, "log_ratio", "-0.001"),
        (0.00012, "share", "0.01%"),
        (4.14, "log_ratio", "+4.14"),
        (-0.5, "log_ratio", "-0.50"),
        ("no bound", "high", "no bound"),
        (641100000000.0, "number", "641,100,000,000"),
        (17.78017, "recomputed", "17.78"),
        (0, "sentence", "title"),
        (12, "sentence", "12"),
        (0.3, "share", "30%"),
        (0.389, "more", "+39"),
        ("name", "query", "part of a name"),
        ("name", "occurrences.query", "name"),
        ("silent", "voice", "not quoted"),
        ("missed", "found", "missed"),
        (3, "found", "3"),
        ("unmatched", "remark", "matches nothing"),
        ("day, no year", "precision", "a day without a year"),
        (True, "has_year", "yes"),
        (3, "a_column_of_the_user", "3"),
        ([["held", "rain", 3], ["sung", "rain", 0]], "value", "held [rain 3]; sung [rain 0]"),
        ([["not stated", None, None]], "value", "not stated"),
    ],
)
def test_cells(value, key, text):
    assert cell_text(value, key) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1 - 1e-16, "100%"),
        (1 + 1e-15, "100%"),
        (1e-17, "0%"),
        (0.000001, "<0.01%"),
        (0.9995, "99.95%"),
        (0.999999, ">99.99%"),
        (1.2, "120%"),
    ],
)
def test_a_share_is_all_or_none_only_where_it_is(share, text):
    assert wording.percent(share) == text


def test_templates_leave_plurals_to_the_one_function():
    for file in Path(wording.__file__).parents[1].glob("*/templates/*.j2"):
        assert '"s" if' not in file.read_text("utf-8"), file.name


def test_a_heading_may_differ_in_one_table():
    assert heading_of("of") == heading_of("themes.of") == "of sentences"
    assert heading_of("stages.of") == "of all statements"


def test_names_of_articles(articles):
    remember_names(articles)
    assert name_of("nottingham-ningbo") == "Nottingham–Ningbo"
    assert cell_text("nottingham-ningbo", "driven_by") == "Nottingham–Ningbo"
    assert cell_text("nottingham-ningbo", "doc_id", {"nottingham-ningbo": "N"}) == "N"
    assert name_of("nowhere") == "nowhere"
    remember_names(articles.iloc[:0])
    assert name_of("nottingham-ningbo") == "nottingham-ningbo"


def test_one_thing_is_in_the_singular():
    """In every sentence for a code, where each of its numbers is 1; some are always of several."""
    kinds = pd.DataFrame({"support": [*CODE_WORDS["support"]], "what": "them", "language": ""})
    support = word_support(kinds.assign(analysis="", have=1, other=1, need=5)).supported
    odd = pd.DataFrame({"check": [*CODE_WORDS["oddity"]], "what": "it", "other": "", "share": 1.0})
    findings = oddity_table(odd.assign(doc_id="a", number=1, quote="", sentence=None)).finding
    several = r"1 (?:coders|articles have)|fewer than"
    said = [text for text in [*support, *findings] if not re.match(several, text)]
    assert not [text for text in said if re.search(r"\b1 \w+s\b", text)]


def test_a_page_has_no_several_of_one(other_report):
    things = "article row token type word sentence paragraph place time line term phrase use table"
    plural = re.compile(rf"\b1 (?:{'|'.join(things.split())})s\b")
    for file in other_report.glob("*.html"):
        assert not plural.findall(file.read_text("utf-8")), file.name
