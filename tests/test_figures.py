"""Figures carry data and alternative text, colour by code, and draw any text as it is."""

import io

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from utils.page import figures, house
from utils.page.names import remember_names
from utils.page.wording import CODE_WORDS

HOSTILE = r"$a$ _b^ \frac"
ARTICLES = pd.DataFrame({"short_title": ["Rain at sea", HOSTILE]}, index=["rain", "snow"])
SIZES = pd.DataFrame(
    {"doc_id": ["rain", "snow"], "tokens": [1234, 2], "mattr": [0.5, None], "mtld": [60.1, 50.0]}
)
TERMS = pd.DataFrame(
    {
        "term": ["sea", HOSTILE, "hill"],
        "frequency": [30, 20, 7],
        "document_frequency": [2, 1, 1],
        "dispersion": [0.1, 0.8, 0.3],
        "dispersion_expected": [0.1, 0.2, 0.2],
        "chance_low": [0.0, 0.1, 0.1],
        "chance_high": [0.2, 0.3, 0.4],
        "verdict": ["chance", "uneven", "chance"],
    }
)
KEYWORDS = pd.DataFrame(
    {
        "term": ["sea", HOSTILE, "rain", "hill", "fog"],
        "target": [13, 0, 17, 5, 4],
        "reference": [0, 6, 0, 3, 0],
        "log_ratio": [4.1, -4.1, 4.5, 0.7, 3.0],
        "low": [1.4, -np.inf, 1.2, -1.0, 0.5],
        "high": [np.inf, -1.2, np.inf, 2.4, 9.0],
        "query": ["", "", "search term", "", ""],
        "verdict": ["more", "less", "more", "weak", "one article"],
    }
)
PLACES = pd.DataFrame(
    {
        "query": ["sea", "sea", HOSTILE],
        "doc_id": ["rain", "snow", "snow"],
        "sentence": [1, 2, 3],
        "share": [0.1, 0.5, 0.9],
    }
)
SHARES = pd.DataFrame(
    {
        "theme": ["talent", HOSTILE] * 2,
        "doc_id": ["rain", "rain", "snow", "snow"],
        "sentences": [3, 0, 1, 2],
        "of": [11, 11, 4, 4],
        "share": [3 / 11, 0.0, 0.25, 0.5],
    }
)
TOPICS = pd.DataFrame(
    {
        "k": [2, 3],
        "agreement": [0.43, 0.5],
        "shuffled": [0.3, 0.2],
        "shuffled_high": [0.6, 0.4],
        "coherence": [0.3, 0.2],
    }
)
DATES = pd.DataFrame(
    {"doc_id": ["rain", "rain", "snow"], "year": pd.array([2019, 2018, None], "Int64")}
)
PUBLISHED = pd.Series({"rain": "2018-10-05", "snow": ""})
GROWTH = pd.DataFrame({"tokens": [1, 500, 1236], "types": [1, 200, 300]})
ENDS = pd.Series({"rain": 1234, "snow": 1236})


def draw_every_figure() -> dict:
    title = f"A finding about {HOSTILE}"
    texts = (title, f"Measure, n = 2, {HOSTILE}")
    measures = {"mattr": "MATTR", "mtld": f"MTLD {HOSTILE}"}
    return {
        "bars": figures.draw_bars(SIZES, *texts),
        "panels": figures.draw_dot_panels(SIZES, measures, *texts),
        "dispersion": figures.draw_dispersion(TERMS, *texts),
        "ranks": figures.draw_rank_frequency(TERMS, *texts),
        "growth": figures.draw_growth(GROWTH, ENDS, *texts),
        "keywords": figures.draw_keywords(KEYWORDS, ("new", HOSTILE), *texts),
        "occurrences": figures.draw_occurrences(PLACES, ["rain", "snow"], *texts),
        "shares": figures.draw_shares(SHARES, "theme", "doc_id", *texts),
        "stability": figures.draw_stability(TOPICS, *texts),
        "timeline": figures.draw_timeline(DATES, PUBLISHED, *texts, {"snow": HOSTILE}),
    }


@pytest.fixture(autouse=True)
def names():
    remember_names(ARTICLES)
    yield
    remember_names(ARTICLES.iloc[:0])


def svg_of(figure) -> str:
    with house.house_style():
        file = io.StringIO()
        figure.savefig(file, format="svg")
    return file.getvalue()


def test_text_is_drawn_as_it_is_and_never_as_mathematics():
    for name, figure in draw_every_figure().items():
        svg = svg_of(figure)
        assert svg.count(HOSTILE) >= 2, name
        assert "mathdefault" not in svg, name


def test_alternative_text_names_kind_finding_things_and_measures():
    alts = {name: figure.alt for name, figure in draw_every_figure().items()}
    finding = rf"A finding about {HOSTILE}."
    assert alts == {
        "bars": rf"Bar chart. {finding} Tokens: Rain at sea 1,234; {HOSTILE} 2.",
        "panels": f"Dot plots, one for each measure. {finding} MATTR (0 to 1): Rain at sea 0.50. "
        f"MTLD (tokens): Rain at sea 60.10; {HOSTILE} 50.00.",
        "dispersion": f"Dot plot. {finding} Dispersion (DP): sea 0.10; {HOSTILE} 0.80; hill 0.30.",
        "ranks": f"Line on logarithmic scales. {finding} Tokens: sea 30; {HOSTILE} 20; hill 7.",
        "growth": f"Line chart. {finding} "
        "Types: after 1 token 1; after 500 tokens 200; after 1,236 tokens 300.",
        "keywords": f"Diverging bars. {finding} Log ratio (doublings): "
        f"sea +4.10; {HOSTILE} -4.10; rain +4.50; hill +0.70; fog +3.00.",
        "occurrences": f"Dispersion plot. {finding} Occurrences: "
        f"sea in Rain at sea 1; sea in {HOSTILE} 1; {HOSTILE} in {HOSTILE} 1.",
        "shares": f"Dot plots, one for each article. {finding} Share: talent in Rain at sea 3/11; "
        f"{HOSTILE} in Rain at sea 0/11; talent in {HOSTILE} 1/4; {HOSTILE} in {HOSTILE} 2/4.",
        "stability": f"Line charts. {finding} Agreement (0 to 1): 2 topics 0.43; 3 topics 0.50. "
        "Agreement in shuffled text, mean: 2 topics 0.30; 3 topics 0.20.",
        "timeline": f"Timeline. {finding} Years printed: Rain at sea 2018 and 2019. "
        "Released: Rain at sea 2018-10-05.",
    }


def test_a_long_table_is_cut_in_the_alternative_text():
    long = pd.DataFrame({"doc_id": list("abcdefgh"), "tokens": range(8)})
    alt = figures.draw_bars(long, "T", "S").alt
    assert alt == "Bar chart. T. Tokens: a 0; b 1; c 2; d 3; e 4; f 5 …"


def test_data_are_the_table_drawn():
    drawn = draw_every_figure()
    pd.testing.assert_frame_equal(drawn["bars"].data, SIZES)
    pd.testing.assert_frame_equal(drawn["keywords"].data, KEYWORDS[figures.KEYWORD_COLUMNS])
    assert drawn["shares"].data.label.tolist() == ["3/11", "0/11", "1/4", "2/4"]


def test_colour_is_decided_by_codes_and_never_by_words(monkeypatch):
    hues = {"sea": "target", HOSTILE: "reference", "rain": "muted", "hill": "muted", "fog": "muted"}
    for words in (CODE_WORDS["verdict"]["more"], "carried by one article"):
        monkeypatch.setitem(CODE_WORDS["verdict"], "more", words)
        axes = figures.draw_keywords(KEYWORDS, ("a", "b"), "T", "S").axes[0]
        terms = KEYWORDS.sort_values("log_ratio").term
        drawn = {
            term: to_hex(bar.get_facecolor()).upper()
            for term, bar in zip(terms, axes.patches, strict=True)
        }
        assert drawn == {term: house.COLOURS[hue] for term, hue in hues.items()}


def test_settings_stay_as_they_were():
    before = dict(matplotlib.rcParams)
    figure = figures.draw_bars(SIZES, "The finding", "Measure, n = 2")
    assert [text.get_text() for text in figure.texts] == ["The finding", "Measure, n = 2"]
    assert dict(matplotlib.rcParams) == before


def test_a_colour_is_in_one_place():
    style = house._STYLE.read_text("utf-8")
    assert "color" not in style
    sheet = house.css_colours()
    for name, value in house.COLOURS.items():
        assert f"--{name.replace('_', '-')}:{value};" in sheet
    assert house.DARK_COLOURS.keys() <= house.COLOURS.keys()


def test_a_table_without_rows_has_no_axes_but_a_line_of_time_has_releases():
    texts = ("T", "S")
    drawn = [
        figures.draw_bars(SIZES.head(0), *texts),
        figures.draw_dot_panels(SIZES.head(0), {"mattr": "MATTR"}, *texts),
        figures.draw_dispersion(TERMS.head(0), *texts),
        figures.draw_rank_frequency(TERMS.head(0), *texts),
        figures.draw_growth(GROWTH.head(0), ENDS.head(0), *texts),
        figures.draw_keywords(KEYWORDS.head(0), ("a", "b"), *texts),
        figures.draw_occurrences(PLACES.head(0), ["rain"], *texts),
        figures.draw_shares(SHARES.head(0), "theme", "doc_id", *texts),
        figures.draw_stability(TOPICS.head(0), *texts),
        figures.draw_timeline(DATES.head(0), PUBLISHED.head(0), *texts),
    ]
    assert [len(figure.axes) for figure in drawn] == [0] * 9 + [1]
    assert all(figure.data.empty for figure in drawn)
    undated = figures.draw_timeline(DATES.head(0), PUBLISHED, *texts)
    assert "none." in drawn[-1].alt
    assert "released" in svg_of(undated)


def test_a_long_name_leaves_room_to_draw():
    table = pd.DataFrame({"theme": ["x" * 5000, "sea"], "region": ["a" * 5000, "b"], "share": 0.5})
    figure = figures.draw_shares(table, "theme", "region", "T", "S")
    figure.draw_without_rendering()
    names = [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
    assert max(map(len, names)) == figures.LONGEST_NAME


def test_chinese_headlines_are_wrapped_by_their_width():
    table = pd.DataFrame({"term": ["a"], "value": [1]})
    figure = figures.draw_bars(table, "宁波港口" * 20, "S")
    lines = figure.texts[0].get_text().splitlines()
    assert max(map(len, lines)) <= 33
    assert "".join(lines) == "宁波港口" * 20
