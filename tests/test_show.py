"""One rich output: what is shown and passed on, and that text of a corpus is never run."""

import json
import sys
from unittest.mock import patch

import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.page import figures
from utils.page.findings_words import describe_keywords
from utils.page.house import house_style
from utils.page.names import remember_names
from utils.page.show import MIME, render, say, show_articles, show_corpus, show_findings
from utils.page.show import show as show_thing
from utils.page.wording import CODE_WORDS
from utils.stats.groups import choose_groups
from utils.stats.keywords import keyword_table, query_terms

TABLE = pd.DataFrame(
    {
        "doc_id": ["a", "b"],
        "sentence": pd.array([3, None], "Int64"),
        "n": [1234, 2],
        "x": [0.5, None],
    }
)


def shown(function, *arguments, **options) -> tuple[dict, str]:
    """The bundle and the HTML that a notebook would get."""
    with patch.object(sys.modules["utils.page.show"], "display") as display:
        function(*arguments, **options)
    data = display.call_args.args[0]
    return data[MIME], data["text/html"]


def bundle_of(thing, **options) -> tuple[dict, str]:
    return shown(show_thing, thing, **options)


def test_a_table_carries_every_row_and_says_how_many_are_shown():
    bundle, html = bundle_of(TABLE, name="t", caption="A caption.", rows=1)
    assert bundle["rows"] == [["a", 3, 1234, 0.5], ["b", None, 2, None]]
    assert 'href="a.html#s3"' in render(bundle, links={"a": "a.html"})
    assert "The first 1 of 2 rows." in html
    assert "1,234" in html
    json.dumps(bundle)


def test_a_blank_is_blank_and_never_nan():
    _, html = bundle_of(TABLE, name="t", caption="c")
    assert "nan" not in html.lower().replace("<na>", "nan")


def test_showing_never_changes_the_table():
    before = TABLE.copy()
    bundle_of(TABLE, name="t", caption="c")
    pd.testing.assert_frame_equal(TABLE, before)


def draw(title: str = "a is longest"):
    return figures.draw_bars(TABLE[["doc_id", "n"]], title, "A subtitle")


def test_a_figure_needs_alt_text_and_data():
    with pytest.raises(TypeError, match="needs .data"):
        show_thing(Figure(), name="f", caption="c")
    with pytest.raises(TypeError, match="unexpected keyword argument 'alt'"):
        show_thing(draw(), name="f", caption="c", alt="One is longest")


def test_a_figure_is_the_same_bytes_every_time_and_holds_its_alt_text():
    bundles = [bundle_of(draw(), name="f", caption="c") for _ in range(2)]
    assert bundles[0] == bundles[1]
    assert 'alt="Bar chart. A is longest. N: a 1,234; b 2."' in bundles[0][1]
    assert "<date>" not in bundles[0][0]["svg"].lower()


def test_text_from_a_corpus_is_escaped():
    hostile = "<script>alert(1)</script> | **bold** $x$ =1+1"
    _, html = bundle_of(pd.DataFrame({"title": [hostile]}), name="t", caption=hostile)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in shown(say, hostile)[1] + shown(show_findings, hostile)[1]


def test_the_pieces_of_a_reading_page_are_the_file(articles):
    for page in shown(show_articles, articles)[0]["articles"]:
        text = "".join(part for line in page["lines"] for _, part in line["parts"])
        assert text == articles.raw[page["doc_id"]]
        numbers = [n for line in page["lines"] for n, _ in line["parts"] if n]
        assert numbers == list(range(1, len(numbers) + 1))


def test_articles_appear_by_their_names_and_data_keep_their_ids(articles):
    shown(show_corpus, articles, tokenize(articles))
    table = pd.DataFrame({"doc_id": ["cambridge-nanjing"], "driven_by": ["nottingham-ningbo"]})
    bundle, html = bundle_of(table, name="t", caption="c")
    findings, listed = shown(show_findings, ("so it is", table.assign(sentence=3)))
    remember_names(articles.iloc[:0])
    for page in (html, render(bundle), listed, render(findings)):
        assert "Cambridge–Nanjing" in page
        assert "cambridge-nanjing" not in page
    assert "Nottingham–Ningbo" in html
    assert bundle["rows"] == [["cambridge-nanjing", "nottingham-ningbo"]]
    assert findings["findings"] == [
        {"text": "So it is.", "evidence": [["cambridge-nanjing", [3]]]},
    ]


def test_the_corpus_is_named_by_its_folder(articles, make_corpus):
    bundle, html = shown(show_corpus, articles, tokenize(articles))
    assert bundle["corpus"] == "Sino-British innovation centres"
    assert "<strong>5 articles</strong>" in html
    other = read_corpus(make_corpus({"a": "One short text."}, name="storms"))
    assert shown(show_corpus, other, tokenize(other))[0]["corpus"] == "storms"


def test_rewording_a_verdict_changes_words_and_nothing_else(articles, tokens, monkeypatch):
    groups = choose_groups(articles)
    sides = [
        tokens[tokens.doc_id.isin(articles.index[side])]
        for side in (groups.target, groups.reference)
    ]

    def make() -> tuple:
        table = keyword_table(*sides, queries=query_terms(articles))
        figure = figures.draw_keywords(table.head(15), groups.names, "T", "S")
        finding = describe_keywords(table, groups.names)
        drawn = bundle_of(figure, name="f", caption="c")
        listed = bundle_of(table, name="t", caption="c", caution={"city": "unknown", "year": ""})
        return table, finding, drawn, listed

    first, finding, drawn, listed = make()
    words = CODE_WORDS["verdict"]["more"]
    monkeypatch.setitem(CODE_WORDS["verdict"], "more", "oftener by far")
    again, finding_again, drawn_again, listed_again = make()
    pd.testing.assert_frame_equal(first, again)
    assert finding == finding_again
    assert drawn[0] == drawn_again[0]
    assert listed[0] == listed_again[0]
    assert f"{words}; not to be told apart from city and year" in listed[1]
    assert listed[1].replace(words, "oftener by far") == listed_again[1]


def test_a_column_of_the_users_is_text_whatever_its_name():
    table = pd.DataFrame({"doc_id": ["a"], "where": ["1 x"], "sentence": ["5"], "p": ["0.001"]})
    html = render(bundle_of(table, name="articles", caption="c")[0], links={"a": "a.html"})
    for value in ("1 x", "5", "0.001"):
        assert f">{value}</td>" in html
    assert '<th scope="col">where</th>' in html
    assert 'href="a.html"' in html


def test_a_figure_of_nothing_is_a_sentence():
    figure = figures.draw_bars(TABLE.head(0)[["doc_id", "n"]], "Title", "Subtitle")
    bundle, html = bundle_of(figure, name="f", caption="Words of each article.")
    assert bundle["kind"] == "table"
    assert "Words of each article. It has no rows." in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("宁波", "the font Noto Sans CJK SC"),
        ("नमस्ते", "the font Noto Sans Devanagari"),
        ("🎉 宁", "the fonts Noto Sans CJK SC and Noto Emoji"),
    ],
)
def test_characters_without_a_font_are_said_and_never_warned_of(recwarn, monkeypatch, text, font):
    monkeypatch.setattr("utils.page.house.fontManager.get_font_names", lambda: ["DejaVu Sans"])
    table = pd.DataFrame({"doc_id": [text, "plain"], "n": [1, 2]})
    figure = figures.draw_bars(table, f"On {text}", "Subtitle")
    bundle, html = bundle_of(figure, name="f", caption="c")
    assert f"To get one, install {font} and run this again." in bundle["unseen"]
    assert "png" not in bundle
    assert "png" not in render(bundle, files="data", formats={"figure": ["svg", "png"]})
    assert bundle["unseen"] in html
    assert text.split()[0] in bundle["svg"]
    assert not recwarn


def test_a_figure_with_all_its_fonts_says_nothing_of_them():
    table = pd.DataFrame({"doc_id": ["café", "čaj — чай"], "n": [1, 2]})
    bundle, html = bundle_of(figures.draw_bars(table, "T", "S"), name="f", caption="c")
    assert bundle["unseen"] == ""
    assert "install" not in html


@pytest.mark.parametrize("text", ["$5m to $6m", "a_b^c", "\\frac{1}{2}", "$x_1$ 50% {y} #"])
def test_marks_of_formulas_are_printed_as_they_are(text):
    table = pd.DataFrame({"doc_id": [text, "plain"], "n": [1, 2]})
    bundle, html = bundle_of(figures.draw_bars(table, text, text), name="f", caption=text)
    assert bundle["svg"].count(f">{text}</text>") == 3
    assert "mathjax_ignore" in html


def test_text_in_another_language_is_marked_as_such(make_corpus):
    texts = {"ville": "T\n\nLa ville a un port.\n", "town": "T\n\nThe town has a port.\n"}
    stated = {"ville": {"language": "fr"}, "town": {"language": "en"}}
    articles = read_corpus(make_corpus(texts, stated))
    shown(show_corpus, articles, tokenize(articles))
    lines = pd.DataFrame({"doc_id": ["ville", "town"], "node": ["ville", "town"], "note": "n"})
    _, html = bundle_of(lines, name="t", caption="c")
    assert html.count(' lang="fr"') == 1
    assert ' lang="fr" style="text-align:left">ville</td>' in html
    pages = shown(show_articles, articles)[0]["articles"]
    assert [page["language"] for page in pages] == ["fr", "en"]
    _, html = bundle_of(pd.DataFrame({"term": ["宁波", "port"]}), name="t", caption="c")
    assert html.count(' lang="zh"') == html.count(" lang=") == 1
    remember_names(articles.iloc[:0])


def test_chinese_is_drawn_with_a_font_that_is_there(monkeypatch):
    fonts = ["DejaVu Sans", "SimHei", "Noto Sans CJK JP", "Comic Sans"]
    monkeypatch.setattr("utils.page.house.fontManager.get_font_names", lambda: fonts)
    with house_style():
        assert rcParams["font.family"] == ["DejaVu Sans", "Noto Sans CJK JP", "SimHei"]
