"""Reading pages in a real browser: notes, the way back, and coding that the gate takes."""

import csv
import sys
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MODES
from test_browser import RULES

from utils.corpus.articles import read_corpus
from utils.facts.gate import check_coding
from utils.page.framed import show_coding

SELECT = """([sentence, words, until]) => {
    const text = name => document.getElementById(name).firstChild;
    const range = new Range();
    const start = text(sentence).data.indexOf(words);
    range.setStart(text(sentence), start);
    range.setEnd(until ? text(until) : text(sentence), until ? 9 : start + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""
SAID = "document.querySelector('#coding-said').textContent"


@pytest.fixture
def reading(visit, report):
    """Open the page of an article, in a mode and at a sentence."""

    def open_page(doc_id="nottingham-ningbo", mode="light", after="", **options):
        return visit(report / "articles" / f"{doc_id}.html", mode, after, **options)[0]

    return open_page


def select(page, sentence: str, words: str, until: str = "") -> str:
    """Select words of a sentence; what the page says of it."""
    page.evaluate("document.querySelector('#coding-said').textContent = ''")
    page.evaluate(SELECT, [sentence, words, until])
    page.locator("#coding-said:not(:empty)").wait_for()
    return page.evaluate(SAID)


def add_row(page, **values: str) -> str:
    """Fill in the form and add the row; what the page says of it."""
    for name, value in {"coder": "AB", **values}.items():
        field = page.locator(f"#coding [name={name}]")
        if name == "attribute":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("#coding form button").first.click()
    return page.evaluate(SAID)


def download(page, folder):
    with page.expect_download() as expected:
        page.locator("#coding-download").click()
    file = folder / expected.value.suggested_filename
    expected.value.save_as(file)
    return file


def problems_of(page) -> dict:
    options = {"runOnly": {"type": "tag", "values": RULES}}
    violations = Axe().run(page, options=options).response["violations"]
    return {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in violations}


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_a_reading_page_with_coding_or_without(reading, mode):
    page = reading(mode=mode, after="#s6", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
    assert problems_of(page) == {}
    page.locator("#code").click()
    page.locator(".pen").nth(3).click()
    add_row(page, attribute="venue")
    assert problems_of(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= MODES[mode][1]


def test_a_link_to_a_sentence_marks_it_and_one_key_leads_back(visit, report):
    for mode in MODES:
        page, _, errors = visit(report / "index.html", mode)
        page.goto((report / "articles" / "nottingham-ningbo.html").as_uri() + "#s6")
        look = "getComputedStyle(document.querySelector('#{}')).backgroundColor"
        assert page.evaluate(look.format("s6")) != page.evaluate(look.format("s5"))
        page.wait_for_timeout(300)
        top = page.evaluate("document.querySelector('#s6').getBoundingClientRect().top")
        assert 50 < top < 450, mode
        assert "Escape or Backspace" in page.locator(".back").inner_text()
        page.keyboard.press("Escape" if mode == "light" else "Backspace")
        page.wait_for_url("**/index.html")
        assert errors == []
    page.goto((report / "articles" / "nottingham-ningbo.html").as_uri())
    page.get_by_role("link", name="← Back").click()
    page.wait_for_url("**/index.html")


def test_the_marked_sentence_is_seen_in_forced_colours(reading):
    page = reading(after="#s6", forced_colors="active")
    look = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    assert page.evaluate(look.format("#s6")) != page.evaluate(look.format("#s5"))


def test_no_way_back_is_offered_where_there_is_none(visit, report, tmp_path):
    (tmp_path / "alone.html").write_text(
        f'<a target="_blank" href="{(report / "articles" / "ningbo-city.html").as_uri()}">x</a>'
    )
    page, _, _ = visit(tmp_path / "alone.html")
    with page.expect_popup() as opened:
        page.locator("a").click()
    opened.value.wait_for_load_state()
    assert not opened.value.locator(".back").is_visible()


def test_notes_are_beside_the_sentence_or_folded_below_it(reading):
    box = "document.querySelector('{}').getBoundingClientRect()"
    page = reading()
    assert page.evaluate(f"{box.format('#s6 ~ .notes')}.left > {box.format('#s6')}.right")
    assert page.locator("#s6 ~ .notes li:visible").count() == 3
    assert 560 < page.evaluate(f"{box.format('#s6')}.width") < 640
    page = reading(mode="390 px")
    assert page.evaluate(f"{box.format('#s6 ~ .notes')}.top >= {box.format('#s6')}.bottom - 1")
    assert page.locator("#s6 ~ .notes li:visible").count() == 0
    page.locator("#s6 ~ .notes > summary").click()
    assert page.locator("#s6 ~ .notes li:visible").count() == 3


def test_a_note_marks_its_words_and_leads_to_its_row(reading):
    page = reading()
    note = page.locator("#s2 ~ .notes a", has_text="smart manufacturing")
    note.first.focus()
    words = page.evaluate("[...CSS.highlights.get('said')].map(range => range.toString())")
    assert "smart manufacturing" in words[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**/04_innovation_centres.html#facts-*")
    row = page.locator(f"#{page.url.rpartition('#')[2]}")
    row.wait_for()
    assert "smart manufacturing" in row.inner_text()


def test_a_page_is_whole_without_the_script(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "articles" / "nottingham-ningbo.html").as_uri())
    assert page.locator("[data-unit]:visible").count() == 14
    assert page.locator("#s6 ~ .notes li:visible").count() == 3
    assert page.locator("button:visible, #coding:visible, .back:visible").count() == 0
    context.close()


def test_rows_made_in_the_page_pass_the_gate(reading, articles, tmp_path):
    page = reading()
    page.locator("#code").click()
    assert select(page, "s6", "intelligent manufac") == "The quotation is from sentence 6."
    assert add_row(page, attribute="planned laboratory").startswith("Row 1 is in the list")
    assert "laboratories to be built" in page.locator("#coding-meaning").inner_text()
    page.get_by_label("Code the title").click()
    add_row(page, attribute="status in the title: launched", value="settles in Ningbo")
    page.get_by_role("button", name="Not stated in this article").click()
    add_row(page, attribute="venue")
    page.get_by_label("Code a line of the page").first.click()
    page.locator("#coding summary").click()
    add_row(page, attribute="publisher", note='who says "so", and why')
    file = download(page, tmp_path)
    assert file.name == "coding-nottingham-ningbo.csv"
    text = file.read_bytes().decode("utf-8")
    assert text.startswith("centre,attribute,value,about,doc_id,quote,note,side,hedge,coder\r\n")
    checked = check_coding(articles, file)
    assert checked.problems == []
    values = ["intelligent manufacturing", "settles in Ningbo", "not stated"]
    assert checked.rows.value.tolist()[:3] == values
    assert checked.rows.note.tolist()[3] == 'who says "so", and why'
    assert set(checked.rows.centre) == {"Nottingham–Ningbo"}


def test_what_the_gate_would_refuse_is_refused_in_the_page(reading):
    page = reading()
    assert not page.locator("#coding").is_visible()
    page.locator("#code").click()
    assert not page.locator(".notes").first.is_visible()  # a second coder does not see the first
    assert "There is no quotation" in add_row(page, attribute="slogan", value="x")
    page.get_by_label("Code the title").click()
    assert page.locator("[name=attribute]").evaluate("field => field === document.activeElement")
    said = add_row(page, value="settled, 5 days")
    assert "lacks words of the value: settled 5 days" in said
    assert add_row(page, value="settles in Ningbo") == "Row 1 is in the list."
    assert add_row(page) == "This row is in the list already."
    assert "not in one sentence" in add_row(page, quote="a treaty", value="a")
    assert "goes without a quotation" in add_row(page, value="not stated")
    assert "in several sentences" in add_row(page, quote="Ningbo", value="Ningbo")


@pytest.mark.parametrize("doc_id", ["cambridge-nanjing", "ningbo-city", "ukiic-taizhou"])
def test_every_sentence_of_an_article_can_be_coded(reading, articles, tmp_path, doc_id):
    page = reading(doc_id)
    page.locator("#code").click()
    pens = page.locator(".pen")
    page.locator("[name=attribute]").select_option("slogan")
    page.locator("[name=coder]").fill("AB")
    page.locator("[name=centre]").fill("Cambridge–Nanjing")
    for number in range(pens.count()):
        pens.nth(number).click()
        page.locator("#coding form button").first.click()
        assert page.evaluate(SAID) == f"Row {number + 1} is in the list."
    checked = check_coding(articles, download(page, tmp_path))
    assert (checked.problems, len(checked.rows)) == ([], pens.count())


def test_a_quotation_is_widened_until_it_is_in_one_sentence_only(reading, articles, tmp_path):
    page = reading()
    page.locator("#code").click()
    assert "only sentence 6 has" in select(page, "s6", "agreement")
    quote = page.locator("[name=quote]").input_value()
    assert "agreement" in quote
    assert len(quote.split()) <= 4
    assert page.locator("[name=value]").input_value() == "agreement"
    add_row(page, attribute="event")
    assert check_coding(articles, download(page, tmp_path)).problems == []
    cut = select(page, "s6", "future medical technology.", until="s7")
    assert cut.startswith("A quotation stays within one sentence, so the selection was cut.")
    assert page.locator("[name=quote]").input_value() == "future medical technology."


def test_rows_can_be_changed_and_stay_when_the_page_is_read_again(reading):
    page = reading()
    page.locator("#code").click()
    for words in ("intelligent manufacturing", "green energy and materials"):
        select(page, "s6", words)
        add_row(page, attribute="planned laboratory")
    page.get_by_label("Edit row 1").click()
    assert page.locator("[name=value]").input_value() == "intelligent manufacturing"
    page.locator("#coding summary").click()
    add_row(page, note="first of two")
    page.reload()
    page.locator("#code").click()
    assert page.locator("#coding-rows li").count() == 2
    assert page.locator("[name=coder]").input_value() == "AB"
    page.get_by_label("Remove row 1").click()
    assert "green energy" in page.locator("#coding-rows li").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#coding").is_visible()
    assert page.url.endswith("nottingham-ningbo.html")


def test_a_row_is_copied_and_where_that_is_not_allowed_shown(reading):
    page = reading()
    page.locator("#code").click()
    select(page, "s6", "intelligent manufacturing")
    add_row(page, attribute="planned laboratory")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    page.get_by_label("Copy row 1").click()
    box = page.locator("#coding-by-hand")
    box.wait_for()
    row = list(csv.reader([box.input_value()]))[0]
    assert row[:3] == ["Nottingham–Ningbo", "planned laboratory", "intelligent manufacturing"]


@pytest.mark.parametrize("number", [0, 5])
def test_hostile_and_chinese_articles_of_an_uncoded_corpus_can_be_coded(
    visit, other_report, tmp_path, number
):
    page, _, errors = visit(other_report / "articles" / f"storm.{number}.html")
    page.locator("#code").click()
    repeated = "is in the text more than once"
    page.get_by_label("Code sentence 1", exact=True).click()
    assert (repeated in page.evaluate(SAID)) == (number == 0)
    last = page.locator("p[data-unit]").last
    page.locator(".pen").last.click()
    values = {"centre": "=1+1", "attribute": "event date", "side": "@x", "note": "-1, or 2"}
    page.locator("#coding summary").click()
    assert add_row(page, **values).startswith("Row 1 is in the list")
    file = download(page, tmp_path)
    assert "\ufeff" not in file.read_text("utf-8")
    articles = read_corpus(other_report.parent / "corpus")
    checked = check_coding(articles, file)
    assert checked.problems == []
    row = checked.rows.iloc[0]
    assert (row.centre, row.side, row.note) == ("'=1+1", "'@x", "'-1, or 2")
    assert last.inner_text()[:20] in row.quote.replace("\x07", "␇").lstrip("'")
    assert errors == []


def test_parts_of_a_chinese_sentence_can_be_coded(visit, make_corpus, tmp_path):
    text = "中心成立\n\n中英创新中心五月在宁波成立。它有三百名员工，中心设在宁波。\n"
    articles = read_corpus(make_corpus({"甲": text}, {"甲": {"language": "zh"}}))
    page = visit_coding(visit, articles, tmp_path)
    frame = page.frames[1]
    frame.evaluate(SELECT, ["a1-s1", "宁波", ""])
    frame.locator("#coding-said:not(:empty)").wait_for()
    assert frame.locator("[name=value]").input_value() == "宁波"
    assert frame.locator("[name=quote]").input_value() in ("在宁波", "宁波成")
    add_row(frame, centre="中英创新中心", attribute="event date")
    checked = check_coding(articles, download_of(page, frame, tmp_path))
    assert (checked.problems, checked.rows.value.tolist()) == ([], ["宁波"])


def visit_coding(visit, articles, folder):
    """What ``show_coding`` shows in JupyterLab, in a page of its own."""
    with patch.object(sys.modules["utils.page.framed"], "display") as display:
        show_coding(articles)
    html = display.call_args.args[0]["text/html"]
    (folder / "lab.html").write_text(f"<!DOCTYPE html><title>x</title>{html}", "utf-8")
    page, _, errors = visit(folder / "lab.html")
    assert errors == []
    return page


def download_of(page, frame, folder):
    with page.expect_download() as expected:
        frame.locator("#coding-download").click()
    expected.value.save_as(folder / "coding.csv")
    return folder / "coding.csv"


def test_articles_are_coded_in_the_frame_of_jupyterlab(visit, articles, tmp_path):
    page = visit_coding(visit, articles, tmp_path)
    frame = page.frames[1]
    assert frame.locator("#coding").is_visible()
    frame.get_by_role("link", name="Cambridge–Nanjing").click()
    heading = frame.locator("#a2-s0")
    assert -50 < heading.evaluate("heading => heading.getBoundingClientRect().top") < 300
    frame.get_by_label("Code sentence 2").nth(1).click()
    add_row(frame, attribute="event")
    frame.get_by_label("Code the title").last.click()
    add_row(frame, centre="Nottingham–Ningbo", attribute="slogan")
    checked = check_coding(articles, download_of(page, frame, tmp_path))
    assert checked.problems == []
    assert checked.rows.doc_id.tolist() == [articles.index[1], articles.index[-1]]
