"""Reading pages: the file and nothing but the file, and beside each sentence what is said of it."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import nbformat
import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.facts.coding import listed_attributes
from utils.facts.quotations import find_quotation
from utils.page.characters import visible
from utils.page.codebook import codebook_of
from utils.page.framed import policy_hash, show_coding
from utils.page.reading import pages_of, units_of
from utils.page.show import show
from utils.report.executed import bundles

BESIDE = {"a.sn", "span.tag", "details.notes", "span.kind"}
"""What a page adds to the text of an article."""


class ReadingPage(HTMLParser):
    """The text of an article on a page, the place of its units, and the links of the notes."""

    def __init__(self, html: str):
        super().__init__()
        self.text = ""
        self.places = {}
        self.notes = []
        self.languages = []
        self._open = []
        self._unit = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._open.append((tag, f"{tag}.{given.get('class', '')}", given))
        if "data-unit" in given:
            self._unit = given.get("id", given["data-unit"])
            self.places[self._unit] = [tag, len(self.text)]
        if "data-doc" in given:
            self.languages.append(given["lang"])
        if tag == "a" and self._inside("details.notes"):
            span = [int(given[key]) for key in ("data-from", "data-to") if key in given]
            self.notes.append((self._unit, given["href"], span))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._inside("div.raw") and not any(map(self._inside, BESIDE)):
            self.text += data

    def _inside(self, name):
        return any(other == name for _, other, _ in self._open)


def reading_page(report: Path, doc_id: str) -> ReadingPage:
    return ReadingPage((report / "articles" / f"{doc_id}.html").read_text("utf-8"))


def tables_beside(report: Path) -> dict[str, tuple[str, dict]]:
    """The tables whose rows are shown beside sentences, by the page and name they are linked by."""
    found = {}
    for file in sorted((report / "notebooks").glob("*.ipynb")):
        for table in bundles(nbformat.read(file, as_version=4).cells, "table"):
            if table.get("beside"):
                found[f"../{file.stem}.html#{table['name']}"] = table
    return found


def test_the_text_of_a_page_is_the_file(report, other_report, articles):
    others = read_corpus(other_report.parent / "corpus")
    for folder, read in ((report, articles), (other_report, others)):
        for doc_id, raw in read.raw.items():
            page = reading_page(folder, doc_id)
            assert page.text == visible(raw).replace("\r\n", "\n"), doc_id
            assert page.places


def test_a_page_has_the_title_as_its_heading_and_the_language_of_its_text(report, other_report):
    page = reading_page(report, "nottingham-ningbo")
    assert page.places["s0"][0] == "h1"
    assert page.languages == ["en"]
    html = (other_report / "articles" / "storm.5.html").read_text("utf-8")
    assert html.count("<h1") == 1
    assert ReadingPage(html).languages == ["zh"]


def test_rows_and_sentences_lead_to_each_other(report):
    tables = tables_beside(report)
    assert {link.rpartition("#")[2] for link in tables} >= {
        "facts",
        "quantities",
        "claims",
        "dates",
    }
    led = {}
    for file in sorted((report / "articles").glob("*.html")):
        page = ReadingPage(file.read_text("utf-8"))
        for unit, link, span in page.notes:
            words = page.text[page.places[unit][1] :][slice(*span or [0, 0])]
            led[link] = (file.stem, unit, words, span)
    for link, table in tables.items():
        for number, row in enumerate(table["rows"], 1):
            cells = dict(zip([column["key"] for column in table["columns"]], row, strict=True))
            place = led.get(f"{link}-{number}")
            if cells["sentence"] is None or (place is None and table["name"] == "dates"):
                continue  # a quantity says the same of the date
            assert place[:2] == (cells["doc_id"], f"s{cells['sentence']}"), (link, number)
            quote = cells.get("quote") or cells.get("printed")
            assert not place[3] or find_quotation(place[2], quote), (link, number)


def test_what_is_about_the_whole_article_is_at_its_foot(report):
    html = (report / "articles" / "nottingham-ningbo.html").read_text("utf-8")
    foot = html[html.index('<details class="whole">') :]
    assert "budget of the centre: not stated" in foot
    assert "budget of the centre: not stated" not in html[: -len(foot)]


def test_of_many_notes_three_are_shown_and_the_others_are_counted(report):
    html = (report / "articles" / "nottingham-ningbo.html").read_text("utf-8")
    row = html[html.index('id="s6"') : html.index('id="s7"')]
    shown, folded = row.split("<details><summary>and ")
    assert shown.count("<li>") == 3
    assert folded.count("<li>") == int(folded.split()[0]) > 3
    assert f"<summary>{3 + folded.count('<li>')} notes" in row


def test_a_date_that_is_a_quantity_too_is_noted_once(report):
    page = reading_page(report, "nottingham-ningbo")
    links = [link for unit, link, _ in page.notes if unit == "s1"]
    assert sum("#dates" in link or "#quantities" in link for link in links) == 1
    assert any("#oddities" in link for link in links)


def test_a_sentence_over_several_lines_is_one_unit(articles):
    for page in pages_of(articles):
        units = units_of(page["lines"])
        assert "".join(unit.before + unit.text for unit in units) == articles.raw[page["doc_id"]]
        numbers = [unit.number for unit in units if unit.label == "body"]
        assert numbers == list(range(1, len(numbers) + 1))
    (broken,) = [unit for unit in units_of(pages_of(articles)[0]["lines"]) if unit.number == 5]
    assert "local social and\n\neconomic development" in broken.text.replace("local\n", "local ")


def test_furniture_in_the_midst_of_a_sentence_stays_where_it_is(make_corpus):
    text = "Title\n\nRain fell on local social and\n\nf t g m\n\neconomic life of the town.\n"
    articles = read_corpus(make_corpus({"a": text}))
    units = units_of(pages_of(articles)[0]["lines"])
    assert [(unit.label, unit.number) for unit in units[1:4]] == [
        ("body", 1),
        ("furniture", None),
        ("body", 2),
    ]
    assert "".join(unit.before + unit.text for unit in units) == text


def test_columns_to_show_beside_a_sentence_must_be_there():
    table = pd.DataFrame({"doc_id": ["a"], "sentence": [1]})
    with pytest.raises(TypeError, match="the table 't' has no column x for beside"):
        show(table, name="t", caption="c", beside=["x"])


def test_the_codebook_offers_what_the_gate_takes(articles, make_corpus):
    book = codebook_of(articles)
    names = [name for name, _ in book["attributes"]]
    assert len(names) == len(set(names))
    assert "status in the body: agreed" in names
    assert "status in the body" not in names
    assert "speaker: document" in names  # coded, though no row lists it
    assert set(listed_attributes(articles).attribute) - set(names) == {
        "status in the title",
        "status in the body",
    }
    assert dict(book["attributes"])["venue"] == "of the event"
    assert book["centres"] == sorted(articles.centre[articles.centre != ""])
    bare = codebook_of(read_corpus(make_corpus({"a": "T\n\nRain fell."})))
    assert "statement: planned" in [name for name, _ in bare["attributes"]]
    assert bare["centres"] == bare["sides"] == []


def html_of_coding(articles) -> str:
    with patch.object(sys.modules["utils.page.framed"], "display") as display:
        show_coding(articles)
    return display.call_args.args[0]["text/html"]


def test_jupyterlab_shows_articles_to_code_in_a_frame(articles, make_corpus):
    html = html_of_coding(articles)
    assert html.startswith('<iframe title="Articles to code" srcdoc="')
    assert "On May 17, Ningbo signed" in html
    assert html.count("data-doc=") == 5
    hostile = read_corpus(make_corpus({"a": 'T\n\n"></iframe><script>alert(1)</script> fell.'}))
    framed = html_of_coding(hostile)
    assert framed.count("<") == 2  # of the frame's own tags
    assert "&amp;lt;script&amp;gt;alert(1)" in framed


def test_the_policy_of_a_frame_lets_its_own_style_and_script_work(articles):
    page = re.search(r'srcdoc="(.*?)"', html_of_coding(articles), re.DOTALL)[1]
    page = page.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    page = page.replace("&#39;", "'").replace("&amp;", "&")
    for tag in ("style", "script"):
        text = page.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        assert f"{tag}-src '{policy_hash(text)}'" in page
