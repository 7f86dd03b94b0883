"""Pages in a real browser, chromium driven by playwright; skipped where none is installed."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MODES
from pypdf import PdfReader

MOST_PAGES = 20  # of A4, that a notebook prints
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = """[...document.body.querySelectorAll("*")].map(element => {
    const {x, y, width, height} = element.getBoundingClientRect();
    const {color, backgroundColor, font} = getComputedStyle(element);
    return [x, y, width, height, color, backgroundColor, font];
})"""


def test_every_coded_fact_and_quantity_leads_to_its_sentence(visit, report):
    page, _, _ = visit(report / "04_innovation_centres.html")
    cells_of = {"matrix": "ul.cell li:not(:has(em))", "quantities": "tbody tr", "facts": "tbody tr"}
    for table, cells in cells_of.items():
        rows = page.locator(f"#{table} {cells}")
        linked = page.locator(f"#{table} {cells}:has(a[href*='#s'])")
        # A fact in a dateline or a footer leads to the page of its article.
        pages = page.locator(f"#{table} {cells}:has(a[href$='.html'])")
        silent = rows.filter(has_text="not stated").count() if table == "facts" else 0
        assert linked.count() + pages.count() + silent >= rows.count() > 0, table


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_any_page(visit, report, mode):
    for file in [*sorted(report.glob("*.html")), sorted((report / "articles").glob("*.html"))[0]]:
        page, _, _ = visit(file, mode, bypass_csp=True)
        page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
        rules = {"type": "tag", "values": RULES}
        if mode == "dark":  # other colours, and all else as in the light
            rules = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
        options = {"runOnly": rules}
        violations = Axe().run(page, options=options).response["violations"]
        places = {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in violations}
        assert places == {}, f"{file.name} in {mode}"


def place_of(page, selector):
    return page.locator(selector).first.bounding_box()


def test_what_was_found_is_beside_the_contents_where_there_is_room(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    short = place_of(page, ".short")
    contents = place_of(page, ".contents")
    assert short["y"] < contents["y"] + contents["height"] < 900
    assert short["x"] + short["width"] < contents["x"]
    assert contents["x"] + contents["width"] > 1200  # no empty half
    page.evaluate("scrollTo(0, 3000)")
    assert 0 <= place_of(page, ".contents")["y"] < 100
    page, _, _ = visit(report / "02_keywords.html", "390 px")
    short = place_of(page, ".short")
    assert place_of(page, ".contents")["y"] >= short["y"] + short["height"]


def test_code_is_in_one_place_and_needs_no_script(visit, report):
    for file in sorted(report.glob("0*.html")):
        page, _, _ = visit(file, java_script_enabled=False)
        codes = page.locator("main pre:has(code)")
        assert codes.count() > 5
        assert page.locator("section.code details pre").count() == codes.count()
        assert not codes.first.is_visible()
        page.locator("section.code summary").focus()
        page.keyboard.press("Enter")
        assert codes.last.is_visible()


def test_links_to_evidence_are_large_enough_and_named(visit, report):
    page, _, _ = visit(report / "04_innovation_centres.html", "390 px")
    links = page.locator(".evidence a")
    boxes = links.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(boxes) > 20
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)
    names = links.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert all(" of " in name for name in names)


def test_every_link_to_a_part_of_the_page_finds_it(visit, report):
    for file in sorted(report.glob("*.html")):
        page, _, _ = visit(file)
        lost = page.evaluate("""[...document.querySelectorAll('a[href^="#"]')]
            .map(link => decodeURIComponent(link.hash.slice(1)))
            .filter(name => name && !document.getElementById(name))""")
        assert lost == [], file.name


def test_on_paper_a_notebook_is_short_and_heads_repeat(visit, report):
    for file in sorted(report.glob("0*.html")):
        page, _, _ = visit(file)
        printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
        assert 3 < len(printed) <= MOST_PAGES, file.name
        texts = [sheet.extract_text() for sheet in printed]
        assert not any("from utils import" in text for text in texts)
        assert not any("Data behind this figure" in text for text in texts)
        assert page.locator("details[open]").count() == 0  # closed again
        if file.stem.startswith("04"):
            head = "attribute Nottingham–Ningbo Cambridge–Nanjing UKIIC–Taizhou Bay"
            assert sum(head in " ".join(text.split()) for text in texts) >= 2


def test_a_table_of_many_shaded_columns_is_no_wider_than_paper(visit, report):
    """A page that is wider is printed smaller, with all its text: here are 20 topics."""
    page, _, _ = visit(report / "03_topics.html")
    page.set_viewport_size({"width": 680, "height": 900})  # A4 between its margins
    page.emulate_media(media="print")
    page.evaluate(
        """() => {
            const table = document.querySelector("#topics_by_article table");
            table.classList.remove("few");
            for (const row of table.rows) {
                while (row.cells.length < 21) row.append(row.cells[1].cloneNode(true));
            }
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    cells = page.locator("#topics_by_article tbody td")
    assert cells.evaluate_all("cells => cells.every(cell => cell.scrollWidth <= cell.clientWidth)")


def test_nothing_on_paper_is_wider_than_it_or_leads_where_paper_cannot(visit, report):
    for file in sorted(report.glob("*.html")):
        page, _, _ = visit(file)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 1000})  # A4 without its margins
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 680, file.name
        for one in page.locator("a.to-figure, body > footer a").all():
            assert not one.is_visible(), file.name
        if file.stem == "methods":
            assert not page.locator("details").first.is_visible()


NOT_MARKED = r"""() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        if (parent.closest("script, style, pre, desc, title")) continue;
        const language = parent.closest("[lang]").getAttribute("lang");
        const chinese = /\p{Script=Han}/u.test(texts.currentNode.data);
        if (chinese && language !== "zh") found.push(texts.currentNode.data);
    }
    return found;
}"""


def test_chinese_is_marked_wherever_it_is(visit, other_report):
    seen = 0
    for file in sorted(other_report.rglob("*.html")):
        page, _, _ = visit(file)
        assert page.evaluate(NOT_MARKED) == [], file.name
        seen += page.locator("[lang=zh]").count()
    assert seen > 3


STOP_IS_LEFT = """cell => {
    const element = cell.querySelector("a") ?? cell;
    element.textContent = "نزل المطر.";
    const left = (start, range = new Range()) => {
        range.setStart(element.firstChild, start);
        range.setEnd(element.firstChild, start + 1);
        return range.getBoundingClientRect().left;
    };
    return left(9) < left(0);
}"""


@pytest.mark.parametrize("mode", ["light", "390 px"])
@pytest.mark.parametrize(
    ("file", "element"),
    [
        ("articles/storm.0.html", "[data-unit]"),
        ("articles/storm.0.html", "h1"),
        ("01_corpus_overview.html", "#articles tbody th"),
        ("01_corpus_overview.html", "#articles tbody td"),
        ("index.html", "ul.articles li"),
    ],
)
def test_arabic_ends_with_its_stop(visit, other_report, file, element, mode):
    page, _, _ = visit(other_report / file, mode)
    assert page.locator(element).first.evaluate(STOP_IS_LEFT)


def test_no_request_leaves_and_nothing_goes_wrong(visit, report):
    for file in sorted(report.rglob("*.html")):
        page, requests, errors = visit(file)
        assert all(url.startswith(("file:", "data:")) for url in requests), file.name
        assert errors == []


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_the_policy_changes_nothing_that_is_seen(visit, which, request):
    for file in sorted(request.getfixturevalue(which).glob("*.html")):
        seen = []
        for bypass in (False, True):
            page, _, errors = visit(file, bypass_csp=bypass)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert errors == [], file.name
            assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
            seen.append(page.evaluate(LOOKS))
        assert seen[0] == seen[1], file.name
        assert len(seen[0]) > 20


def test_a_style_or_script_that_is_not_ours_does_nothing(visit, report, tmp_path):
    html = (report / "index.html").read_text("utf-8")
    hostile = """<h1 id="x" style="position:fixed" onclick="document.title='run'">x</h1>
        <style>h1 { position: fixed }</style><script>document.title = 'run'</script>
        <a id="y" href="javascript:document.title='run'">y</a><base href="https://example.org/">
        <form id="z" action="https://example.org/"></form>
        <svg onload="document.title='run'"></svg>"""
    (tmp_path / "index.html").write_text(html.replace("<h1", f"{hostile}<h1", 1), "utf-8")
    page, requests, errors = visit(tmp_path / "index.html")
    page.locator("#x").click()
    page.locator("#y").click()
    page.evaluate("document.querySelector('#z').submit()")
    assert page.evaluate("getComputedStyle(document.querySelector('#x')).position") == "static"
    assert page.evaluate("document.baseURI").startswith("file:")
    assert page.title() != "run"
    assert all(url.startswith(("file:", "data:")) for url in requests)
    assert len(errors) >= 6  # the browser says what it did not do


def test_pages_do_not_scroll_sideways_at_390_px(visit, report):
    for file in sorted(report.glob("*.html")):
        page, _, _ = visit(file, "390 px")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, file.name


def test_hostile_text_is_read_and_does_nothing(visit, other_report):
    for file in sorted(other_report.rglob("*.html")):
        page, requests, errors = visit(file)
        assert errors == []
        assert page.title() != "run"
        assert all(url.startswith(("file:", "data:")) for url in requests)
    page, _, _ = visit(other_report / "articles" / "storm.0.html")
    raw = page.locator(".raw").inner_text()
    assert '<script>document.title="run"</script><img src=x onerror=alert(1)> **b** $E=mc^2$' in raw
    assert "␇" in raw  # a control character is made visible


def test_pages_are_whole_without_the_script(visit, report):
    page, _, _ = visit(report / "02_keywords.html", java_script_enabled=False)
    assert page.locator("#keywords tbody tr").count() == 45
    assert page.locator("th button").count() == 0
