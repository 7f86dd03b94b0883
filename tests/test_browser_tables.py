"""Tables in a real browser: search and order over all rows, concordances, small screens."""

import csv
import re

import nbformat
import pandas as pd
import pytest
from conftest import HOSTILE, wait_until
from test_show import MIME, bundle_of

from utils.report.pages import write_pages

ROWS_OF = "async name => await rowsOf(document.querySelector(`table[data-name=${name}]`))"
BOXES = """elements => elements.map(element => {
    const {left, right, top, width, height} = element.getBoundingClientRect();
    return {left, right, top, width, height};
})"""
TARGETS = ".grid a, .grid button, .grid input, .files a"
STRANGE = f"{HOSTILE}</script><!--</td></tr></table> שלום\u202etxt"


def page_of(bundle, folder):
    """The page of a notebook that shows a table."""
    (folder / "notebooks").mkdir()
    outputs = [nbformat.v4.new_output("display_data", {MIME: bundle})]
    cell = nbformat.v4.new_code_cell("show()", id="a", outputs=outputs)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "notebooks" / "01_odd.ipynb")
    write_pages(folder, {})
    return folder / "01_odd.html"


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """A page with a table of 2,000 rows, hostile text in all of them."""
    folder = tmp_path_factory.mktemp("strange")
    numbers = range(1, 2001)
    table = pd.DataFrame(
        {
            "title": [f"row {n} {STRANGE}" for n in numbers],
            "doc_id": [f"a{n % 3}" for n in numbers],
            "low": [None if n % 5 == 0 else n % 7 - 3.5 for n in numbers],
            "high": float("inf"),
            "note": "",
            "verdict": ["more" if n % 2 else "alike" for n in numbers],
        }
    )
    bundle, _ = bundle_of(table, name="odd", caption=STRANGE, rows=10, caution="a caution")
    bundle["beside"] = ["title"]
    return page_of(bundle, folder)


def csv_rows(report, stem, name):
    with (report / "data" / stem / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_search_covers_the_rows_that_are_not_shown(visit, report):
    page, _, errors = visit(report / "02_keywords.html")
    terms = [row["term"] for row in csv_rows(report, "02_keywords", "keywords")]
    rare = terms[-1]
    table = page.locator("#keywords")
    count = table.locator("[role=status]")
    assert count.inner_text() == f"Rows 1 to 45 of {len(terms)}"
    assert rare not in table.locator("tbody th").all_inner_texts()
    table.get_by_label(f"Search {len(terms)} rows").focus()
    page.keyboard.type(rare)
    wait_until(page, "document.querySelector('#keywords .count').innerText.includes('“')")
    assert rare in table.locator("tbody th").all_inner_texts()
    found = int(re.match(rf"(\d+) of {len(terms)} rows ha(s|ve) “", count.inner_text())[1])
    assert found == table.locator("tbody tr").count() == sum(rare in term for term in terms)
    assert errors == []


def test_all_rows_are_shown_and_fewer_again(visit, report):
    page, _, _ = visit(report / "01_corpus_overview.html")
    table = page.locator("#frequencies")
    table.get_by_role("button", name="Show all 705 rows").click()
    wait_until(page, "document.querySelectorAll('#frequencies tbody tr').length === 705")
    assert table.locator("[role=status]").inner_text() == "All 705 rows"
    table.get_by_role("button", name="Show fewer rows").click()
    assert table.locator("tbody tr").count() == 15
    assert table.locator("[role=status]").inner_text() == "Rows 1 to 15 of 705"


def test_a_table_of_one_row_says_so(visit, tmp_path):
    bundle, _ = bundle_of(pd.DataFrame({"n": [7]}), name="one", caption="One row.")
    page, _, _ = visit(page_of(bundle, tmp_path))
    assert page.locator("#one [role=status]").inner_text() == "1 row"


def test_keyboard_sorts_all_rows_and_restores_their_order(visit, report):
    page, _, _ = visit(report / "01_corpus_overview.html")
    terms = [row["term"] for row in csv_rows(report, "01_corpus_overview", "frequencies")]
    table = page.locator("#frequencies table")
    head = table.locator("th[data-key=term]")
    cells = table.locator("tbody th")
    head.locator("button").focus()
    seen = []
    for order in ("ascending", "descending", "in the original order"):
        page.keyboard.press("Enter")
        wait_until(
            page,
            "said => document.querySelector('#frequencies .count').innerText.includes(said)",
            order,
        )
        seen.append((head.get_attribute("aria-sort"), cells.all_inner_texts()))
    assert [order for order, _ in seen] == ["ascending", "descending", None]
    assert {*seen[0][1]}.isdisjoint(terms[:15])
    assert not seen[0][1][0][0].isalpha()
    assert seen[1][1][0] == max(filter(str.isalpha, terms))
    assert seen[2][1] == terms[:15]
    head.locator("button").press("Enter")
    page.get_by_role("button", name="Original order").first.press("Enter")
    assert cells.all_inner_texts() == terms[:15]


def test_numbers_sort_as_numbers_and_blanks_come_last(visit, strange):
    page, _, _ = visit(strange)
    page.locator("th[data-key=low] button").click()
    page.get_by_role("button", name="Show all 2,000 rows").click()
    wait_until(page, "document.querySelectorAll('tbody tr').length === 2000")
    texts = page.evaluate("[...document.querySelectorAll('td.n')].map(cell => cell.textContent)")
    lows = [text for text in texts if text != "no bound"]
    filled = [float(text) for text in lows if text]
    assert filled == sorted(filled)
    assert lows[len(filled) :] == [""] * 400


def test_hostile_text_in_rows_that_are_not_shown_is_read_and_does_nothing(visit, strange):
    page, requests, errors = visit(strange)
    rows = page.evaluate(ROWS_OF, "odd")
    page.get_by_role("button", name="Show all 2,000 rows").click()
    wait_until(page, "document.querySelectorAll('tbody tr').length === 2000")
    seen = STRANGE.replace("\x07", "␇").replace("\u202e", "⟨U+202E⟩")
    assert [row[0] for row in rows] == [f"row {n} {seen}" for n in range(1, 2001)]
    assert [row[-1] for row in rows[:2]] == ["more frequent*", "about as frequent"]
    assert page.locator(".note").all_inner_texts() == ["* a caution."]
    assert page.evaluate("document.images.length + document.querySelectorAll('b').length") == 0
    assert page.title() != "run"
    assert errors == []
    assert all(url.startswith(("file:", "data:")) for url in requests)


def test_an_end_without_bound_sorts_as_infinite_and_a_title_before_its_sentences(visit, strange):
    page, _, _ = visit(strange)
    keys = page.evaluate(
        """() => [["no bound", "high"], ["no bound", "chance_low"], ["title", "sentence"],
        ["1,200", "n"]].map(([text, column]) => {
            const cell = document.createElement("td");
            cell.className = "n";
            cell.textContent = text;
            return String(keyOf(cell, column));
        })"""
    )
    assert keys == ["Infinity", "-Infinity", "0", "1200"]
    page.locator("th[data-key=high] button").click()
    page.wait_for_selector("th[data-key=high][aria-sort=ascending]")
    assert page.locator("tbody th").first.inner_text().startswith("row 1 ")


def test_search_finds_what_is_read_across_the_node(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    lines = [
        " ".join(f"{row['left']}{row['node']}{row['right']}".lower().split())
        for row in csv_rows(report, "02_keywords", "lines_1")
    ]
    wanted = "technology innovation"
    found = sum(wanted in line for line in lines)
    assert found > sum(
        wanted in row["left"].lower() for row in csv_rows(report, "02_keywords", "lines_1")
    )
    page.locator("#lines_1 input").fill(wanted)
    wait_until(page, "document.querySelector('#lines_1 .count').innerText.includes('“')")
    count = page.locator("#lines_1 .count").inner_text()
    assert count == f"{found} of {len(lines)} rows have “{wanted}”"


def test_search_of_many_rows_is_answered_at_once(visit, strange):
    page, _, _ = visit(strange)
    field = page.locator("input[type=search]")
    field.fill("row")
    wait_until(page, "document.querySelector('.count').innerText.includes('2,000 of 2,000')")
    assert page.locator("tbody tr").count() == 100
    assert "the first 100 are shown" in page.locator(".count").inner_text()
    field.fill("ROW 1999 <script>")
    wait_until(page, "document.querySelectorAll('tbody tr').length === 1")
    field.fill("no such row")
    wait_until(page, "document.querySelector('.count').innerText.startsWith('0 of')")


def test_an_address_leads_to_a_row_that_is_not_shown(visit, strange):
    page, _, _ = visit(strange, after="#odd-1500")
    page.wait_for_selector("tr.arrived")
    assert page.locator("tr.arrived").inner_text().startswith("row 1500 ")
    assert page.evaluate("document.activeElement.id") == "odd-1500"
    page.evaluate("location.hash = '#odd-3'")
    page.wait_for_selector("#odd-3.arrived")
    page.evaluate("location.hash = '#odd-99999'")
    assert page.locator("tr.arrived").count() == 1
    page, _, errors = visit(strange, after="#100%")
    assert page.locator("tbody tr").count() == 10
    assert errors == []


def test_without_the_script_an_address_leads_to_the_table_of_its_row(visit, strange):
    page, _, _ = visit(strange, after="#odd-1500", java_script_enabled=False)
    assert page.locator("#odd-1500").count() == 1
    assert page.locator(":target").evaluate("one => one.nextElementSibling.id") == "odd-1501"
    page, _, _ = visit(strange)
    assert page.locator("[id|=odd]").count() == 1 + 1 + 10  # the table, its caption, its rows


def test_a_script_reads_what_the_csv_has(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    rows = page.evaluate(ROWS_OF, "keywords")
    keys = page.evaluate(
        "headsOf(document.querySelector('[data-name=keywords]')).map(head => head.dataset.key)"
    )
    seen = [dict(zip(keys, row, strict=True)) for row in rows]
    stated = csv_rows(report, "02_keywords", "keywords")
    for key in ("term", "target", "reference"):
        assert [row[key] for row in seen] == [row[key] for row in stated]
    assert keys[:6] == ["term", "target", "reference", "log_ratio", "low", "high"]


def test_heads_are_grouped_and_rows_have_heads(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    table = page.locator("#keywords table")
    group = table.locator("th[scope=colgroup]", has_text="95 % interval")
    columns = [table.locator(f"th[data-key={key}]").evaluate_all(BOXES) for key in ("low", "high")]
    box = group.evaluate_all(BOXES)[0]
    assert box["left"] == columns[0][0]["left"]
    assert box["right"] == columns[1][0]["right"]
    assert table.locator("th[data-key=log_ratio] .unit").inner_text() == "doublings"
    assert table.locator("tbody th[scope=row]").count() == table.locator("tbody tr").count()
    assert table.locator("th[data-key=p]").count() == 0  # blank in every row


def test_a_concordance_has_one_line_each_and_opens_by_keyboard(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    lines = page.locator("#lines_1 tbody tr")
    nodes = page.locator("#lines_1 th.node").evaluate_all(BOXES)
    heights = [box["height"] for box in lines.evaluate_all(BOXES)]
    assert len({(box["left"], box["right"]) for box in nodes}) == 1
    assert max(heights) < 45
    opener = lines.nth(3).locator("th.node button")
    opener.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    assert lines.nth(3).evaluate_all(BOXES)[0]["height"] > 45
    opener.press("Enter")
    assert lines.nth(3).evaluate_all(BOXES)[0]["height"] == heights[3]
    page.locator("#lines_1").get_by_role("button", name="Show whole sentences").click()
    assert lines.nth(3).evaluate_all(BOXES)[0]["height"] > 45
    left = lines.nth(1).locator("td.left")
    assert left.evaluate("cell => getComputedStyle(cell.firstChild).direction") == "ltr"


def test_on_a_small_screen_a_line_is_a_sentence_and_the_first_few_rows_are_shown(visit, report):
    page, _, _ = visit(report / "02_keywords.html", "390 px")
    line = page.locator("#lines_1 tbody tr").nth(1)
    row = csv_rows(report, "02_keywords", "lines_1")[1]
    assert line.inner_text().startswith(f"{row['left']}{row['node']}{row['right']}")
    assert line.evaluate("row => row.scrollWidth <= row.clientWidth")
    page, _, _ = visit(report / "04_innovation_centres.html", "390 px")
    cards = page.locator("#quantities tbody tr")
    assert cards.count() == 5
    page.locator("#quantities").get_by_role("button", name="Show all 50 rows").click()
    wait_until(page, "document.querySelectorAll('#quantities tbody tr').length === 50")
    page.locator("#quantities").get_by_role("button", name="Show fewer rows").click()
    assert cards.count() == 5


def test_many_columns_under_one_head_are_folded(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    table = page.locator("#collocates_1")
    region = table.locator(".scroll")
    assert region.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert not table.locator("[data-key=L5]").is_visible()
    table.get_by_role("button", name="Show all columns").click()
    assert table.locator("[data-key=L5]").is_visible()
    cells = page.evaluate(ROWS_OF, "collocates_1")
    assert len(cells[0]) == table.locator("tbody tr").first.locator("th, td").count()


def test_a_line_leads_to_its_sentence(visit, report):
    page, _, _ = visit(report / "02_keywords.html")
    row = page.locator("#keyword_lines tbody tr").first
    node = row.locator(".node").inner_text()
    row.locator("a[href*='#s']").click()
    page.wait_for_load_state()
    assert node in page.locator(":target").inner_text()
    assert "articles/" in page.url


def test_on_a_small_screen_text_is_on_cards_and_numbers_keep_their_first_column(visit, report):
    page, _, _ = visit(report / "04_innovation_centres.html", "390 px")
    labels = (
        page.locator("#quantities tbody tr")
        .first.locator("td")
        .evaluate_all("cells => cells.map(cell => getComputedStyle(cell, '::before').content)")
    )
    assert '"as printed: "' in labels
    wide = page.locator(".scroll").evaluate_all(
        """all => all.filter(one => one.scrollWidth > one.clientWidth)
        .map(({firstElementChild: table}) => [table.dataset.name, table.className])"""
    )
    assert all("numbers" in kinds for _, kinds in wide), wide
    page, _, _ = visit(report / "02_keywords.html", "390 px")
    region = page.locator("#keywords .scroll")
    first = region.locator("tbody th").first
    before = first.evaluate_all(BOXES)[0]["left"]
    region.evaluate("region => { region.scrollLeft = 300; }")
    assert first.evaluate_all(BOXES)[0]["left"] == before


@pytest.mark.parametrize("mode", ["light", "390 px"])
def test_what_is_pressed_is_large_enough_and_links_make_sense_alone(visit, report, mode):
    for stem in ("02_keywords", "03_topics", "04_innovation_centres"):
        page, _, _ = visit(report / f"{stem}.html", mode)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        boxes = page.locator(TARGETS).evaluate_all(BOXES)
        small = [box for box in boxes if box["width"] and min(box["width"], box["height"]) < 24]
        assert small == [], stem
        names = page.locator(".grid a").evaluate_all(
            "links => links.map(link => link.ariaLabel ?? link.textContent)"
        )
        assert [name for name in names if not re.search(r"[^\W\d]", name)] == []


def test_tables_are_there_without_the_script(visit, report):
    page, _, _ = visit(report / "02_keywords.html", java_script_enabled=False)
    assert page.locator("#keywords tbody tr").count() == 45
    assert page.locator("#keywords .count").inner_text() == "Rows 1 to 45 of 705; the CSV has all"
    assert page.locator("th button").count() == 0
