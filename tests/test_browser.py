"""Pages in a real browser, chromium driven by playwright; skipped where none is installed."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no browser: install chromium to test pages")
MODES = {"light": ("light", 1100), "dark": ("dark", 1100), "400 px": ("light", 400)}


LOOKS = """[...document.body.querySelectorAll("*")].map(element => {
    const {x, y, width, height} = element.getBoundingClientRect();
    const {color, backgroundColor, font} = getComputedStyle(element);
    return [x, y, width, height, color, backgroundColor, font];
})"""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


def visit(browser, file, mode="light", bypass=False):
    """The page, its requests and its errors."""
    scheme, width = MODES[mode]
    viewport = {"width": width, "height": 900}
    context = browser.new_context(color_scheme=scheme, viewport=viewport, bypass_csp=bypass)
    page = context.new_page()
    requests = []
    errors = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    return page, requests, errors


def test_every_coded_fact_and_quantity_leads_to_its_sentence(browser, report):
    page, _, _ = visit(browser, report / "04_innovation_centres.html")
    cells_of = {"matrix": "ul.cell li:not(:has(em))", "quantities": "tbody tr", "facts": "tbody tr"}
    for table, cells in cells_of.items():
        rows = page.locator(f"#{table} {cells}")
        linked = page.locator(f"#{table} {cells}:has(a[href*='#s'])")
        # A fact in a dateline or a footer leads to the page of its article.
        pages = page.locator(f"#{table} {cells}:has(a[href$='.html'])")
        silent = rows.filter(has_text="not stated").count() if table == "facts" else 0
        assert linked.count() + pages.count() + silent >= rows.count() > 0, table
    page.context.close()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_any_page(browser, report, mode):
    for file in [*sorted(report.glob("*.html")), sorted((report / "articles").glob("*.html"))[0]]:
        page, _, _ = visit(browser, file, mode, bypass=True)
        page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
        violations = Axe().run(page).response["violations"]
        places = {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in violations}
        assert places == {}, f"{file.name} in {mode}"
        page.context.close()


def test_no_request_leaves_and_nothing_goes_wrong(browser, report):
    for file in sorted(report.rglob("*.html")):
        page, requests, errors = visit(browser, file)
        assert all(url.startswith(("file:", "data:")) for url in requests), file.name
        assert errors == []
        page.context.close()


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_the_policy_changes_nothing_that_is_seen(browser, which, request):
    for file in sorted(request.getfixturevalue(which).glob("*.html")):
        seen = []
        for bypass in (False, True):
            page, _, errors = visit(browser, file, bypass=bypass)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert errors == [], file.name
            assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
            seen.append(page.evaluate(LOOKS))
            page.context.close()
        assert seen[0] == seen[1], file.name
        assert len(seen[0]) > 20


def test_a_style_or_script_that_is_not_ours_does_nothing(browser, report, tmp_path):
    html = (report / "index.html").read_text("utf-8")
    hostile = """<h1 id="x" style="position:fixed" onclick="document.title='run'">x</h1>
        <style>h1 { position: fixed }</style><script>document.title = 'run'</script>
        <a id="y" href="javascript:document.title='run'">y</a><base href="https://example.org/">
        <form id="z" action="https://example.org/"></form>
        <svg onload="document.title='run'"></svg>"""
    (tmp_path / "index.html").write_text(html.replace("<h1", f"{hostile}<h1", 1), "utf-8")
    page, requests, errors = visit(browser, tmp_path / "index.html")
    page.locator("#x").click()
    page.locator("#y").click()
    page.evaluate("document.querySelector('#z').submit()")
    assert page.evaluate("getComputedStyle(document.querySelector('#x')).position") == "static"
    assert page.evaluate("document.baseURI").startswith("file:")
    assert page.title() != "run"
    assert all(url.startswith(("file:", "data:")) for url in requests)
    assert len(errors) >= 6  # the browser says what it did not do
    page.context.close()


def test_pages_do_not_scroll_sideways_at_400_px(browser, report):
    for file in sorted(report.glob("*.html")):
        page, _, _ = visit(browser, file, "400 px")
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, file.name
        page.context.close()


def test_keyboard_sorts_and_filters(browser, report):
    page, _, _ = visit(browser, report / "02_keywords.html")
    table = page.locator("#keywords table")
    first = table.locator("thead th").first
    first.locator("button").focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("aria-sort") == "ascending"
    terms = table.locator("tbody tr td:first-child").all_inner_texts()
    assert terms == sorted(terms)
    page.keyboard.press("Enter")
    assert first.get_attribute("aria-sort") == "descending"
    field = page.locator("#keywords input[type=search]")
    field.focus()
    page.keyboard.type("cambridge")
    shown = table.locator("tbody tr:visible").all_inner_texts()
    assert 0 < len(shown) < len(terms)
    assert all("cambridge" in row.lower() for row in shown)


def test_a_line_leads_to_its_sentence(browser, report):
    page, _, _ = visit(browser, report / "02_keywords.html")
    row = page.locator("#keyword_lines tbody tr").first
    node = row.locator("td.node").inner_text()
    row.locator("a[href*='#s']").click()
    page.wait_for_load_state()
    sentence = page.locator(":target")
    assert node in sentence.inner_text()
    assert "articles/" in page.url


def test_hostile_text_is_read_and_does_nothing(browser, other_report):
    for file in sorted(other_report.rglob("*.html")):
        page, requests, errors = visit(browser, file)
        assert errors == []
        assert page.title() != "run"
        assert all(url.startswith(("file:", "data:")) for url in requests)
        page.context.close()
    page, _, _ = visit(browser, other_report / "articles" / "storm.0.html")
    raw = page.locator(".raw").inner_text()
    assert '<script>document.title="run"</script><img src=x onerror=alert(1)> **b** $E=mc^2$' in raw
    assert "␇" in raw  # a control character is made visible


def test_pages_are_whole_without_the_script(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "02_keywords.html").as_uri())
    assert page.locator("#keywords tbody tr").count() == 45
    assert page.locator("th button").count() == 0
    context.close()
