"""Figures and heat tables of a report in a real browser: one width at a time, in every mode."""

import pytest

NOTEBOOKS = (
    "01_corpus_overview",
    "02_keywords",
    "03_topics",
    "04_innovation_centres",
)
SHOWN = """[...document.querySelectorAll("figure svg")]
    .filter(svg => svg.getClientRects().length > 0)
    .map(svg => svg.parentElement.className)"""
SIZES = """[...document.querySelectorAll("figure .narrow text")].map(text => {
    const box = text.ownerSVGElement;
    const scale = box.getBoundingClientRect().width / box.viewBox.baseVal.width;
    return parseFloat(getComputedStyle(text).fontSize) * scale;
})"""
WITHIN = """[...document.querySelectorAll("figure svg")]
    .filter(svg => svg.getClientRects().length > 0)
    .flatMap(svg => [...svg.querySelectorAll("text")].filter(text => {
        const inner = text.getBoundingClientRect();
        const outer = svg.getBoundingClientRect();
        return inner.left < outer.left - 2 || inner.right > outer.right + 2;
    }))
    .map(text => text.textContent)"""
COLOURS = """[...document.querySelectorAll("figure .wide :is(path, use, text):not(defs *)")]
    .map(mark => {
        const {fill, stroke, color} = getComputedStyle(mark);
        return [mark.tagName, mark.hasAttribute("fill") ? fill : "none", stroke, color];
    })"""
NAMED = """[...document.querySelectorAll("figure svg")].map(svg => {
    const [title, description] = svg.getAttribute("aria-labelledby").split(" ")
        .map(id => document.getElementById(id));
    return [svg.getAttribute("role"), title.tagName, title.textContent, description.textContent];
})"""
REPEATED = """[...document.querySelectorAll("[id]")].map(element => element.id)
    .filter((id, place, ids) => ids.indexOf(id) !== place)"""


@pytest.fixture(params=NOTEBOOKS)
def file(report, request):
    return report / f"{request.param}.html"


def test_one_variant_is_shown_and_a_narrow_one_can_be_read(visit, file):
    page, _, _ = visit(file)
    assert set(page.evaluate(SHOWN)) <= {"wide"}
    assert page.evaluate(WITHIN) == []
    page, _, errors = visit(file, "390 px")
    assert set(page.evaluate(SHOWN)) == {"narrow"}
    assert min(page.evaluate(SIZES)) >= 11
    assert page.evaluate(WITHIN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert errors == []


def test_each_figure_has_a_title_a_description_and_ids_of_its_own(visit, file):
    page, _, _ = visit(file)
    for role, tag, title, description in page.evaluate(NAMED):
        assert (role, tag) == ("img", "title")
        assert title in description
        assert len(description) > len(title)
    assert page.evaluate(REPEATED) == []


def test_in_the_dark_texts_are_light_and_marks_have_the_dark_colours(visit, file):
    light = visit(file)[0].evaluate(COLOURS)
    dark = visit(file, "dark")[0].evaluate(COLOURS)
    assert len(light) == len(dark) > 0
    black = {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}
    for before, after in zip(light, dark, strict=True):
        tag, fill, stroke, colour = after
        assert {fill, stroke}.isdisjoint(black), after
        assert after[1:] != before[1:]
        if tag == "text":
            assert sum(map(int, fill[4:-1].split(","))) > 3 * 140, "a light text"
    page, _, _ = visit(file, "dark")
    assert page.evaluate("getComputedStyle(document.querySelector('figure')).backgroundColor") == (
        "rgba(0, 0, 0, 0)"
    )


def test_a_cell_of_a_heat_table_opens_its_sentences(visit, report):
    page, _, _ = visit(report / "03_topics.html")
    cell = page.locator("#themes_figure td details").first
    assert not cell.locator("a").first.is_visible()
    number = int(cell.locator("summary").inner_text().split(" of ")[0])
    cell.locator("summary").press("Enter")
    assert cell.locator("a").count() == number
    cell.locator("a").first.click()
    assert "/articles/" in page.url
    assert page.evaluate("document.querySelector(location.hash) !== null")


def test_heat_tables_of_five_articles_fit_a_phone(visit, report):
    page, _, _ = visit(report / "03_topics.html", "390 px")
    for name in ("themes_figure", "topics_by_article"):
        wide = page.evaluate(
            f"document.querySelector('#{name} table').getBoundingClientRect().right"
        )
        assert wide <= 390


def test_a_number_in_a_heat_table_stays_in_its_cell_on_a_phone(visit, report):
    page, _, _ = visit(report / "03_topics.html", "390 px")
    beyond = page.evaluate(
        """[...document.querySelectorAll("#themes_figure td summary")].map(summary => {
            const range = document.createRange();
            range.selectNodeContents(summary);
            const cell = summary.closest("td").getBoundingClientRect();
            return range.getBoundingClientRect().right - cell.right;
        })"""
    )
    assert max(beyond) <= 0


def test_shades_leave_their_texts_readable(visit, report):
    page, _, _ = visit(report / "03_topics.html", "dark")
    shades = page.evaluate(
        """[...document.querySelectorAll(".heat td[class]")]
            .map(cell => [cell.className, getComputedStyle(cell).backgroundColor])"""
    )
    by_class = dict(map(tuple, shades))
    assert len(set(by_class.values())) == len(by_class) >= 4
