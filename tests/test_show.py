"""One rich output: what is shown and passed on, and that text of a corpus is never run."""

import base64
import json
import re
import sys
import zlib
from unittest.mock import patch

import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.page import figures
from utils.page.cells import MOST_ROWS
from utils.page.findings_words import describe_keywords
from utils.page.grid import once_each
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


LONG = pd.DataFrame({"term": [f"word{n}" for n in range(100)], "n": range(100)})


def test_a_table_carries_every_row_and_says_how_many_are_shown():
    bundle, html = bundle_of(TABLE, name="t", caption="A caption.")
    assert bundle["rows"] == [["a", 3, 1234, 0.5], ["b", None, 2, None]]
    page = render(bundle, links={"a": "a.html"})
    assert '<a href="a.html#s3" aria-label="sentence 3 of a">3</a>' in page
    assert "2 rows</p>" in page
    assert "1,234" in html
    bundle, html = bundle_of(LONG, name="t", caption="A caption.", rows=15)
    assert len(bundle["rows"]) == 100
    assert "Rows 1 to 15 of 100 are shown." in html
    assert "<script" not in html
    assert "Rows 1 to 15 of 100; the CSV has all" in render(
        bundle, files="d", formats={"table": ()}
    )
    json.dumps(bundle)


def test_a_page_carries_the_rows_that_it_does_not_show_up_to_a_size(monkeypatch):
    bundle, _ = bundle_of(LONG, name="t", caption="c", rows=15)
    packed = re.search(
        r'<script type="application/[^"]+">([^<]+)</script>', render(bundle, links={})
    )
    further = zlib.decompress(base64.b64decode(packed[1])).decode()
    assert re.findall(r"word\d+", further) == [f"word{n}" for n in range(15, 100)]
    monkeypatch.setattr("utils.page.grid.MOST_PACKED", len(packed[1]) // 2)
    page = render(bundle, links={})
    here = int(re.search(r'data-rows="100" data-here="(\d+)"', page)[1])
    assert 15 < here < 100
    assert f"Search and order cover the first {here} rows." in page


def test_nothing_is_cut_for_the_sake_of_a_few_rows():
    for rows, shown in ((90, 100), (81, 100), (80, 80), (40, 40)):
        html = bundle_of(LONG, name="t", caption="c", rows=rows)[1]
        assert html.count("<tr>") == 1 + shown


def test_lines_with_the_same_words_are_shown_once():
    """The CSV has them all, and so has the bundle; other rows stay as often as a few times."""
    lines = pd.DataFrame({"doc_id": list("abc"), "left": "", "node": ["Rain", "Sun", "Rain"]})
    bundle, html = bundle_of(lines.assign(right=" fell."), name="t", caption="Lines.")
    assert len(bundle["rows"]) == 3
    assert html.count("Rain") == html.count("Rows with the same words are shown once") == 1
    page = render(bundle, links={"a": "a.html"})
    assert "2 rows</p>" in page
    assert re.search("the same words.*>a</a></td><td[^>]*>and 1 more</td>", page, re.S)
    phrases = pd.DataFrame({"phrase": ["old wall"] * 8 + ["red sea"] * 2, "doc_id": "a"})
    bundle, html = bundle_of(phrases, name="t", caption="Phrases.")
    assert (html.count("old wall"), html.count("red sea")) == (5, 2)
    assert [row[-1] for row in once_each(bundle)["rows"]] == [None] * 4 + [3, None, None]


def test_rows_are_alike_only_where_all_but_their_place_is():
    """Neither a label that differs nor a row without words is left out, and no row is moved."""
    rows = [(doc, label, text) for doc in "abcdefg" for label, text in (("by", doc), ("cut", "Go"))]
    rows[-1] = ("g", "title", "Go")
    table = pd.DataFrame(rows, columns=["doc_id", "label", "text"])
    bundle, _ = bundle_of(table, name="t", caption="c")
    assert [tuple(row[:3]) for row in once_each(bundle)["rows"]] == rows[:11] + rows[12:]
    assert [row[-1] for row in once_each(bundle)["rows"] if row[-1]] == [1]
    blank, _ = bundle_of(table.assign(text=["", None] * 7, label="cut"), name="t", caption="c")
    assert once_each(blank) is blank


def test_rows_are_counted_before_some_are_left_out():
    table = pd.DataFrame({"doc_id": list("abcdefg"), "text": "Share"})
    bundle, html = bundle_of(table, name="t", caption="c")
    assert "All 7 rows: text “Share”." in html
    assert "or a few times.<" in html
    assert "the CSV" not in html
    assert "or a few times; the CSV has all.<" in render(bundle, files="d", formats={"table": ()})


def test_of_a_table_that_is_not_all_here_no_rows_are_left_out():
    """How many more there are would be counted in its first rows alone; addresses would shift."""
    phrases = pd.DataFrame({"phrase": ["of the city"] * (MOST_ROWS + 1), "doc_id": "a"})
    bundle, _ = bundle_of(phrases, name="t", caption="c")
    assert once_each(bundle) is bundle
    beside, _ = bundle_of(phrases.head(9), name="t", caption="c", beside=["phrase"])
    assert once_each(beside) is beside


def test_articles_without_a_page_are_said_to_have_none():
    bundle, html = bundle_of(TABLE, name="t", caption="A caption.")
    bundle["names"] = {"a": "Rain", "b": "Snow"}
    said = "An article whose name is no link has no page to read in this report."
    assert render(bundle, links={"a": "a.html"}).count(said) == 1
    assert said not in render(bundle, links={"a": "a.html", "b": "b.html"})
    assert said not in render(bundle) + html


def test_columns_of_a_group_have_a_head_above_theirs():
    table = pd.DataFrame({"term": ["sea"], "log_ratio": [1.0], "low": [0.5], "high": [2.0]})
    html = bundle_of(table, name="t", caption="c")[1]
    heads = re.findall(r'<th scope="(col\w*)"[^>]*>([^<]*)', html)
    assert heads == [
        ("col", "word"),
        ("col", "log ratio "),
        ("colgroup", "95 % interval"),
        ("col", "from"),
        ("col", "to"),
    ]
    assert '<th scope="colgroup" colspan="2"' in html
    assert '<th scope="row" style="text-align:left">sea</th>' in html
    assert '<th scope="col" data-key="low" class="n" style="text-align:right">from</th>' in html
    alone = bundle_of(table.drop(columns="high"), name="t", caption="c")[1]
    assert ">95 % interval, from</th>" in alone
    assert "colgroup" not in alone


def test_a_column_that_is_blank_in_every_row_is_not_shown():
    html = bundle_of(TABLE.assign(note="", p=None, year=[2020, None]), name="t", caption="c")[1]
    assert re.findall(r'data-key="(\w+)"', html) == ["doc_id", "sentence", "n", "x", "year"]


def test_of_many_long_phrases_three_are_shown_and_the_others_folded():
    phrases = [f"{'rain fell on the town ' * 3}{n}" for n in range(10)]
    few = phrases[:3]
    cells = ["rain", "; ".join(few), "; ".join(phrases)]
    table = pd.DataFrame({"doc_id": ["a", "b", "c"], "phrases": cells})
    page = render(bundle_of(table, name="t", caption="c")[0])
    folded = f"<details><summary>and 7 more phrases</summary>{'; '.join(phrases[3:])}</details>"
    assert f">{'; '.join(few)}{folded}</td>" in page
    assert page.count("<details") == 1


def test_what_all_rows_share_is_said_once():
    table = LONG.head(3).assign(verdict="size only", group="old", year=1900)
    html = bundle_of(table, name="t", caption="c")[1]
    assert html.count("size of the difference only") == html.count("group “old”") == 1
    assert "All 3 rows: size of the difference only; group “old”." in html
    assert 'data-key="year"' in html
    assert "All 2 rows" not in bundle_of(table.head(2), name="u", caption="c")[1]
    table.attrs["counted"] = {"by": "groups"}  # what is counted again needs its columns
    assert 'data-key="group"' in bundle_of(table, name="v", caption="c")[1]


def test_columns_that_are_hidden_are_named_where_there_is_a_csv():
    bundle, html = bundle_of(TABLE, name="t", caption="c", hide=["n", "x"])
    assert "The CSV has more columns" not in html
    page = render(bundle, files="d", formats={"table": ["csv"]})
    assert "The CSV has more columns: n; x." in page
    assert 'href="d/t.csv" aria-label="t as CSV"' in page


def test_words_lead_to_the_page_that_is_asked():
    terms = ["innovation", "new area", "a|b", "<i>", "'s"]
    bundle, html = bundle_of(pd.DataFrame({"term": terms}), name="t", caption="c")
    assert "<a" not in html + render(bundle, links={})
    page = render(bundle, search=True)
    assert '<a href="search.html#q=innovation">innovation</a>' in page
    assert '<a href="search.html#q=new%20area">new area</a>' in page
    assert '<a href="search.html#q=%27s">&#39;s</a>' in page
    assert ">a|b</th>" in page


def test_rows_that_are_shown_beside_sentences_have_an_address():
    bundle, html = bundle_of(TABLE, name="t", caption="c", beside=["n"])
    assert " id=" not in html.replace('<div id="t">', "")
    assert '<tr id="t-2">' in render(bundle, links={})


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
    assert f"{words}*" in listed[1]
    assert listed[1].count("* not to be told apart from city and year.") == 1
    assert listed[1].replace(words, "oftener by far") == listed_again[1]


def test_a_column_of_the_users_is_text_whatever_its_name():
    table = pd.DataFrame({"doc_id": ["a"], "where": ["1 x"], "sentence": ["5"], "p": ["0.001"]})
    html = render(bundle_of(table, name="articles", caption="c")[0], links={"a": "a.html"})
    for value in ("1 x", "5", "0.001"):
        assert f">{value}</td>" in html
    assert '<th scope="col" data-key="where">where</th>' in html
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
    assert f"To get them, install {font} and run this again." in bundle["unseen"]
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
    assert ' lang="fr" style="text-align:left">ville</th>' in html
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
