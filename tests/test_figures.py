"""Figures carry data and alternative text, colour by code, and draw any text as it is."""

import re
import sys
from base64 import b64decode
from unittest.mock import patch
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest

from utils.page import canvas, figures, house
from utils.page.heat import heat_of, shade_of
from utils.page.names import remember_names
from utils.page.pictures import pictures_of
from utils.page.show import MIME, render, show_heat
from utils.page.vector import inline_svg, plain_svg
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
        "where": ["1 4 7", "", "2", "0 3"],
    }
)
STATEMENTS = pd.DataFrame(
    {
        "centre": ["Rain", "Rain", HOSTILE, HOSTILE],
        "stage": ["done", "hoped for"] * 2,
        "statements": [1, 2, 0, 3],
        "of": [3, 3, 3, 3],
    }
)
TOPICS = pd.DataFrame(
    {
        "k": [2, 3],
        "agreement": [0.43, 0.5],
        "shuffled": [0.3, 0.2],
        "shuffled_high": [0.6, 0.4],
        "coherence": [0.3, 0.2],
        "chosen": [True, False],
    }
)
DATES = pd.DataFrame(
    {
        "doc_id": ["rain"] * 4 + ["snow"],
        "year": pd.array([2019, 2018, 2015, 1998, None], "Int64"),
    }
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
        "units": figures.draw_units(STATEMENTS, "centre", "stage", *texts),
        "stability": figures.draw_stability(TOPICS, *texts),
        "timeline": figures.draw_timeline(DATES, PUBLISHED, *texts, {"snow": HOSTILE}),
    }


@pytest.fixture(autouse=True)
def names():
    remember_names(ARTICLES)
    yield
    remember_names(ARTICLES.iloc[:0])


@pytest.fixture(scope="module")
def pictures() -> dict:
    """Each figure as pictures."""
    remember_names(ARTICLES)
    return {name: pictures_of(figure) for name, figure in draw_every_figure().items()}


def texts_in(svg: str) -> list[str]:
    return [
        text.text for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_text_is_drawn_as_it_is_and_never_as_mathematics(pictures):
    for name, drawn in pictures.items():
        for width in ("svg", "narrow"):
            assert " ".join(texts_in(drawn[width])).count(HOSTILE) >= 2, name
            assert "mathdefault" not in drawn[width], name


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
        "keywords": f"Dots with intervals. {finding} Log ratio (doublings): "
        f"sea +4.10 (+1.40 to no bound); {HOSTILE} -4.10 (no bound to -1.20); rain +4.50 (+1.20 to "
        "no bound); hill +0.70 (-1.00 to +2.40); fog +3.00 (+0.50 to +9.00).",
        "occurrences": f"Dispersion plot. {finding} Occurrences: "
        f"sea in Rain at sea 1; sea in {HOSTILE} 1; {HOSTILE} in {HOSTILE} 1.",
        "units": f"Squares, one for each statement. {finding} Statements: done in Rain 1; hoped "
        f"for in Rain 2; done in {HOSTILE} 0; hoped for in {HOSTILE} 3.",
        "stability": f"Line charts. {finding} Agreement (0 to 1): 2 topics 0.43; 3 topics 0.50. "
        "Agreement in shuffled text, mean: 2 topics 0.30; 3 topics 0.20. "
        "Coherence (NPMI): 2 topics 0.30; 3 topics 0.20.",
        "timeline": f"Timeline. {finding} Years printed: Rain at sea 1998, 2015, 2018 and 2019. "
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
    pd.testing.assert_frame_equal(drawn["timeline"].data, DATES)


def test_colour_is_decided_by_codes_and_never_by_words(monkeypatch):
    found = {"sea": "target", HOSTILE: "reference"}
    for words in (CODE_WORDS["verdict"]["more"], "carried by one article"):
        monkeypatch.setitem(CODE_WORDS["verdict"], "more", words)
        axes = figures.draw_keywords(KEYWORDS, ("a", "b"), "T", "S").axes[0]
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        by_place = {
            place: (line.get_markerfacecolor(), line.get_color())
            for line in dots
            for place in line.get_ydata()
        }
        for place, term in enumerate(KEYWORDS.sort_values("log_ratio", ascending=False).term):
            face, edge = by_place[place]
            hue = house.COLOURS[found.get(term, "context")]
            assert edge == hue, term
            assert face == (hue if term in found else house.COLOURS["white"]), term


def test_an_interval_beyond_the_axis_ends_openly_at_its_edge():
    axes = figures.draw_keywords(KEYWORDS, ("a", "b"), "T", "S").axes[0]
    rows = KEYWORDS.sort_values("log_ratio", ascending=False, ignore_index=True)
    ends = {
        (rows.term[place], line.get_marker())
        for line in axes.lines
        if line.get_marker() in ("<", ">")
        for place in line.get_ydata()
    }
    assert ends == {("sea", ">"), ("rain", ">"), ("fog", ">"), (HOSTILE, "<")}
    low, high = axes.get_xlim()
    assert -low == high < 1.4 * KEYWORDS.log_ratio.abs().max()


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


def test_every_mark_and_text_has_contrast_on_a_light_and_on_a_dark_page():
    both = (house.COLOURS, house.COLOURS | house.DARK_COLOURS)
    texts = "target reference_text mark_text label ink soft link".split()
    for colours in both:
        for name in texts:
            assert contrast(colours[name], colours["paper"]) >= 4.5, name
        for name in ("target", "reference", "context", "axis", "range"):
            assert contrast(colours[name], colours["paper"]) >= 3, name


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2)."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    curved = [((part + 0.055) / 1.055) ** 2.4 for part in parts]  # near enough for dark parts too
    return float(np.dot(curved, [0.2126, 0.7152, 0.0722]))


def test_a_figure_is_drawn_for_a_wide_and_for_a_narrow_place(pictures):
    for name, drawn in pictures.items():
        sizes = set(re.findall(r'font-size="([\d.]+)px"', drawn["svg"] + drawn["narrow"]))
        assert sizes <= {f"{size:g}" for size in house.SIZES.values()}, name
        assert min(map(float, sizes)) * 96 / 72 >= 11, name
        for key, width in (("svg", 672), ("narrow", 336)):
            assert f'viewBox="0 0 {width * 72 // 96} ' in drawn[key], name


def test_long_names_are_above_their_rows_and_short_ones_beside_them():
    long = pd.DataFrame({"term": ["a name that is rather long", "b"], "tokens": [1, 2]})
    wide = figures.draw_bars(long, "T", "S")
    assert [label.get_text() for label in wide.axes[0].get_yticklabels()] == ["b", long.term[0]]
    assert [label.get_text() for label in wide.narrow.axes[0].get_yticklabels()] == ["", ""]
    short = figures.draw_bars(long.assign(term=["a", "b"]), "T", "S")
    assert [label.get_text() for label in short.narrow.axes[0].get_yticklabels()] == ["b", "a"]


def test_of_many_rows_the_first_and_the_last_are_drawn():
    many = pd.DataFrame({"term": [f"t{n:02}" for n in range(60)], "tokens": range(60)})
    figure = figures.draw_bars(many, "From 0 to 59", "S", rows=5)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["t59", "t58", "t57", "… 55 between …", "t01", "t00"]
    assert len(figure.data) == 60
    panels = figures.draw_dot_panels(many, {"tokens": "Tokens"}, "T", "S", rows=5)
    assert [label.get_text() for label in panels.axes[0].get_yticklabels()] == names


def test_an_article_without_the_word_keeps_its_row_and_many_are_counted():
    figure = figures.draw_occurrences(PLACES, ["rain", "hail", "snow"], "T", "S")
    assert len(figure.axes[0].get_yticklabels()) == 3
    few = figures.draw_occurrences(PLACES, ["hail", "rain", "snow"], "T", "S", rows=1)
    assert [label.get_text() for label in few.axes[0].get_yticklabels()] == [HOSTILE]
    assert few.texts[1].get_text() == "S; the 1 of 3 articles that have most"
    assert few.data.equals(PLACES)


def test_only_the_numbers_tried_are_marked_and_the_one_chosen_is_filled():
    figure = figures.draw_stability(TOPICS, "T", "S")
    for axes in figure.axes:
        assert list(axes.get_xticks()) == [2, 3]
        assert [line.get_xdata().tolist() for line in axes.lines][-1] == [2]
    assert figures.draw_stability(TOPICS.head(1), "T", "S").axes == []
    assert "agreement of topics from half" in figure.axes[0].get_title(loc="left")


def test_few_years_are_a_table_and_many_articles_bars():
    few = figures.draw_timeline(DATES.head(2), PUBLISHED, "T", "S", {"snow": "recently"})
    assert few.axes == []
    assert few.headline == "T"
    assert few.data.to_dict("list") == {
        "doc_id": ["rain", "snow"],
        "years_printed": ["2018 and 2019", ""],
        "released": ["2018-10-05", ""],
        "event": ["", "recently"],
    }
    names = [f"a{n}" for n in range(60)]
    dates = pd.DataFrame({"doc_id": names, "year": pd.array(range(1900, 1960), "Int64")})
    released = pd.Series([f"{1950 + n}-01-02" for n in range(60)], index=names)
    many = figures.draw_timeline(dates, released, "T", "S")
    assert many.data.printing.sum() == many.data.releases.sum() == 60
    assert many.data.period.is_monotonic_increasing
    assert "Articles that print a year of it: from 1900 10" in many.alt
    twice = pd.concat([dates, dates.assign(year=dates.year // 10 * 10)])
    assert figures.draw_timeline(twice, released, "T", "S").data.equals(many.data)


def test_a_name_in_capitals_has_room():
    names = ["WWWWWW NON-COMMUNIST WORLD", *(f"{'il' * 13}{n}" for n in range(5))]
    table = pd.DataFrame({"term": names, "tokens": range(6)})
    figure = figures.draw_bars(table, "T", "S", 10)
    labels = figure.axes[0].get_yticklabels()
    assert min(label.get_window_extent().x0 for label in labels) >= 0


def test_a_square_is_drawn_for_each_statement():
    figure = figures.draw_units(STATEMENTS, "centre", "stage", "T", "S")
    assert len(figure.axes[0].patches) == STATEMENTS.statements.sum()
    opacities = [patch.get_facecolor()[3] for patch in figure.axes[0].patches]
    assert opacities == [1, 0, 0, 0, 0, 0]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["Rain\n1 done · 2 hoped for", f"{HOSTILE}\n0 done · 3 hoped for"]


def test_a_heat_table_has_k_of_n_in_each_cell_and_the_way_to_its_sentences():
    heat = heat_of(SHARES, "theme", "doc_id")
    assert [head["text"] for head in heat["heads"]] == ["Rain at sea", HOSTILE]
    talent, other = heat["rows"]
    assert talent["cells"][0] == {
        "text": "3 of 11",
        "step": 3,
        "places": [["rain", 1], ["rain", 4], ["rain", 7]],
        "more": 0,
    }
    assert [cell["step"] for cell in other["cells"]] == [0, 5]
    many = SHARES.assign(where=" ".join(map(str, range(1, 31))))
    cell = heat_of(many, "theme", "doc_id")["rows"][0]["cells"][0]
    assert len(cell["places"]) + cell["more"] == 30
    holes = heat_of(SHARES.head(3), "theme", "doc_id")
    assert holes["rows"][1]["cells"][1] is None


def test_a_heat_table_is_shaded_in_a_notebook_and_by_classes_on_a_page():
    hostile = SHARES.replace(HOSTILE, "<script>run()</script>")
    with patch.object(sys.modules["utils.page.show"], "display") as display:
        show_heat(hostile, name="h", title="t", caption="c", by=("theme", "doc_id"))
    data = display.call_args.args[0]
    assert data["text/html"].count(f"background:{shade_of(3)};") == 2
    page = render(data[MIME], links={"rain": "rain.html"})
    assert "style=" not in page
    assert page.count('class="h3"') == 2
    assert 'href="rain.html#s4"' in page
    assert "<script>" not in data["text/html"] + page
    assert data[MIME]["rows"][0][:3] == ["talent", "rain", 3]


def test_pictures_have_titles_descriptions_and_letters(pictures):
    for name, figure in draw_every_figure().items():
        drawn = pictures[name]
        for key in ("svg", "narrow"):
            root = ElementTree.fromstring(drawn[key])
            title, description = root[0], root[1]
            assert title.text == f"A finding about {HOSTILE}.", name
            assert description.text == figure.alt, name
            assert len(drawn[key]) < 25_000, name
        pdf = b64decode(drawn["pdf"])
        assert b"/FontFile2" in pdf, name
        assert b"/Type3" not in pdf, name
        assert b"/CreationDate" not in pdf, name
        png = b64decode(drawn["png"])
        pixels = [int.from_bytes(png[place : place + 4], "big") for place in (16, 20)]
        assert pixels[0] == 1344, name
        assert pixels == drawn["pixels"], name


def test_an_svg_in_a_page_has_no_style_nor_colour_of_its_own_and_runs_nothing(pictures):
    for name, drawn in pictures.items():
        inline = inline_svg(drawn["svg"], f"{name}-wide")
        assert "style=" not in inline
        assert not re.search(r'="#[0-9A-Fa-f]{6}"', inline), name
        assert not re.search(r"<rect[^>]*100%", inline), name
        ids = re.findall(r' id="([^"]+)"', inline)
        assert len(ids) == len(set(ids))
        assert all(own.startswith(f"{name}-wide-") for own in ids)
        assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', inline)) <= {
            pair for own in ids for pair in ((own, ""), ("", own))
        }
    hostile = plain_svg(
        '<svg xmlns="http://www.w3.org/2000/svg" onload="run()"><script>run()</script>'
        '<foreignObject/><text onclick="run()" style="font-size: 9px">a</text></svg>',
        "</title><script>",
        "d",
    )
    raw = hostile.replace("<rect", '<script>run()</script><a href="javascript:run()">b</a><rect')
    for svg in (hostile, raw):
        inline = inline_svg(svg, "n")
        assert "run()" not in inline
        assert '<text fill="currentColor" font-size="9px">a</text>' in inline


def test_a_table_without_rows_has_no_axes():
    texts = ("T", "S")
    drawn = [
        figures.draw_bars(SIZES.head(0), *texts),
        figures.draw_dot_panels(SIZES.head(0), {"mattr": "MATTR"}, *texts),
        figures.draw_dispersion(TERMS.head(0), *texts),
        figures.draw_rank_frequency(TERMS.head(0), *texts),
        figures.draw_growth(GROWTH.head(0), ENDS.head(0), *texts),
        figures.draw_keywords(KEYWORDS.head(0), ("a", "b"), *texts),
        figures.draw_occurrences(PLACES.head(0), ["rain"], *texts),
        figures.draw_units(STATEMENTS.head(0), "centre", "stage", *texts),
        figures.draw_stability(TOPICS.head(0), *texts),
        figures.draw_timeline(DATES.head(0), PUBLISHED.head(0), *texts),
    ]
    assert [len(figure.axes) for figure in drawn] == [0] * 10
    assert all(figure.data.empty for figure in drawn)


def test_a_long_name_leaves_room_to_draw():
    table = pd.DataFrame({"term": ["x" * 5000, "sea"], "tokens": [3, 2]})
    figure = figures.draw_bars(table, "T", "S")
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert max(map(len, texts)) == canvas.LONGEST_NAME
    assert figure.axes[0].get_position().width > 0.9
    endless = "x" * 200_000
    drawn = [
        figures.draw_bars(table, endless, endless),
        figures.draw_occurrences(PLACES.assign(query=endless), ["rain"], "T", "S"),
        figures.draw_keywords(KEYWORDS, (endless, endless), "T", "S"),
    ]
    assert max(figure.get_figheight() for figure in drawn) < 12


def test_chinese_headlines_are_wrapped_by_their_width():
    table = pd.DataFrame({"term": ["a"], "value": [1]})
    figure = figures.draw_bars(table, "宁波港口" * 20, "S")
    lines = figure.texts[0].get_text().splitlines()
    assert max(map(len, lines)) <= 32
    assert "".join(lines) == "宁波港口" * 20
