"""One rich output: what is shown, what is passed on, and that text from a corpus is read and never run."""

import json
from unittest.mock import patch

import pandas as pd
import pytest

from utils.page import figures
from utils.page import show
from utils.page.show import MIME

TABLE = pd.DataFrame({"doc_id": ["a", "b"], "sentence": pd.array([3, None], "Int64"), "n": [1234, 2], "x": [0.5, None]})


def shown(function, *arguments, **options) -> tuple[dict, str]:
    """The bundle and the HTML that a notebook would get."""
    with patch("utils.page.show.display") as display:
        function(*arguments, **options)
    data = display.call_args.args[0]
    return data[MIME], data["text/html"]


def bundle_of(thing, **options) -> tuple[dict, str]:
    return shown(show.show, thing, **options)


def test_a_table_carries_every_row_and_says_how_many_are_shown():
    bundle, html = bundle_of(TABLE, name="t", caption="A caption.", rows=1)
    assert bundle["rows"] == [["a", 3, 1234, 0.5], ["b", None, 2, None]]
    assert bundle["links"] == [["a", 3], ["b", None]]
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


def test_a_figure_needs_alt_text_and_data():
    figure = figures.bars(TABLE, "doc_id", "n", "A title", "A subtitle")
    with pytest.raises(TypeError, match="needs alt"):
        show.show(figure, name="f", caption="c", data=TABLE)
    with pytest.raises(TypeError, match="data="):
        show.show(figure, name="f", caption="c", alt="One is longest")


def test_a_figure_is_the_same_bytes_every_time_and_holds_its_alt_text():
    bundles = [
        bundle_of(figures.bars(TABLE, "doc_id", "n", "T", "S"), name="f", caption="c", alt="a is longest", data=TABLE)
        for _ in range(2)
    ]
    assert bundles[0] == bundles[1]
    assert 'alt="a is longest"' in bundles[0][1]
    assert "<date>" not in bundles[0][0]["svg"].lower()


def test_text_from_a_corpus_is_escaped():
    hostile = "<script>alert(1)</script> | **bold** $x$ =1+1"
    _, html = bundle_of(pd.DataFrame({"title": [hostile]}), name="t", caption=hostile)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in shown(show.say, hostile)[1] + shown(show.show_findings, hostile)[1]


def test_the_pieces_of_a_reading_page_are_the_file(articles):
    for page in shown(show.show_articles, articles)[0]["articles"]:
        text = "".join(part for line in page["lines"] for _, part in line["parts"])
        assert text == articles.raw[page["doc_id"]]
        numbers = [n for line in page["lines"] for n, _ in line["parts"] if n]
        assert numbers == list(range(1, len(numbers) + 1))


def test_figures_are_returned_and_settings_stay_as_they_were():
    import matplotlib

    before = dict(matplotlib.rcParams)
    figure = figures.bars(TABLE, "doc_id", "n", "The finding of the figure", "Measure, n = 2")
    texts = [text.get_text() for text in figure.texts]
    assert texts == ["The finding of the figure", "Measure, n = 2"]
    assert dict(matplotlib.rcParams) == before
