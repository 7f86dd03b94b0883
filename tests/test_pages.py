"""What a page shows of an executed notebook, and what is around it."""

import html
import json
import re

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from utils.page.reading import describe_collected
from utils.page.show import MIME
from utils.report.executed import (
    bundles,
    cells_of_page,
    codes_of,
    figures_of_findings,
    has_evidence,
    headings,
)
from utils.report.frame import Study, describe_articles, frame_of

FINDING = "Rain fell on two days."


def table(name, *rows):
    columns = [{"key": "rain", "numeric": True}]
    listed = [[row] for row in rows]
    return {"kind": "table", "name": name, "caption": "", "columns": columns, "rows": listed}


def text(said):
    return {"kind": "text", "text": said}


def findings(*texts):
    listed = [{"text": one, "evidence": []} for one in texts]
    return {"kind": "findings", "findings": listed, "names": {}}


def code(*shown, source="show(table)"):
    outputs = [new_output("display_data", {MIME: bundle}) for bundle in shown]
    return new_code_cell(source, outputs=outputs)


def page_of(*cells):
    parts = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    return cells_of_page(new_notebook(cells=[new_markdown_cell("# Rain?\n\nIntro."), *parts]))


def sources(cells):
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def test_a_section_in_which_nothing_is_shown_is_not_there():
    cells = page_of("## A\n\nAsked.", code(table("a")), "## B", code(table("b", 1)))
    assert sources(cells) == ["Intro.", "## B"]
    assert headings(cells, "## ") == ["B"]


def test_no_finding_leads_to_a_figure_without_rows():
    figures = [table(name, *rows) | {"alt": FINDING} for name, rows in (("a", ()), ("b", (1,)))]
    cells = [code(findings(FINDING)), *(code(one | {"kind": "figure"}) for one in figures)]
    assert figures_of_findings(cells[:2]) == {}
    assert figures_of_findings(cells) == {FINDING: "b"}


def test_a_section_goes_with_all_its_questions_and_what_is_said_between_them():
    cells = page_of("## A", code(), "More.", "And?", code(table("a"), findings()), "## B\n\nProse.")
    assert sources(cells) == ["Intro.", "## B\n\nProse."]


def test_a_question_that_nothing_answers_goes_and_the_others_stay():
    cells = page_of("## A", code(table("a")), "Why?", code(table("b")), "How?", code(text("So.")))
    assert sources(cells) == ["Intro.", "## A", "How?"]


def test_of_tables_those_without_rows_go():
    cells = page_of("## A", code(table("a"), table("b", 1)))
    assert [bundle["name"] for bundle in bundles(cells)] == ["b"]


def test_what_has_no_code_stays():
    assert sources(page_of("## Limits\n\nFew.\n\n## Made", code(table("run", 1)))) == [
        "Intro.",
        "## Limits\n\nFew.",
        "## Made",
    ]


def test_a_section_in_one_cell_with_an_empty_one_stays():
    assert sources(page_of("## Limits\n\nFew.\n\n## Made", code(table("run")))) == [
        "Intro.",
        "## Limits\n\nFew.",
    ]


def test_findings_are_at_the_head_alone():
    found = code(findings(FINDING))
    cells = page_of("## A", code(text(f"It is wet. {FINDING}")), "## We found", found)
    assert [bundle["text"] for bundle in bundles(cells)] == ["It is wet."]
    assert headings(cells, "## ") == ["A"]


def test_a_section_that_only_repeats_a_finding_goes():
    assert headings(page_of(code(findings(FINDING)), "## A", code(text(FINDING))), "## ") == []


def test_a_part_of_a_sentence_is_no_repetition():
    said = f"They say: {FINDING} {FINDING[:-1]}, and more."
    cells = page_of(code(findings(FINDING)), "## A", code(text(said)))
    assert [bundle["text"] for bundle in bundles(cells)] == [said]


def test_a_caption_does_not_repeat_a_finding():
    listed = table("a", 1) | {"caption": f"{FINDING} Days of rain."}
    cells = page_of(code(findings(FINDING)), "## A", code(listed))
    assert [bundle["caption"] for bundle in bundles(cells)] == ["Days of rain."]


def test_what_was_said_is_not_said_again():
    cells = page_of("## A", code(text("Wet.")), "## B", code(text("Wet."), table("b", 1)))
    assert [bundle["kind"] for bundle in bundles(cells)] == ["text", "table"]


def test_a_title_and_the_way_to_other_notebooks_are_in_the_frame():
    notebook = new_notebook(cells=[new_markdown_cell("# A\n\nB.\n\nPart 2 · [on](3.ipynb)\n")])
    assert [cell.source.strip() for cell in cells_of_page(notebook)] == ["B."]


def test_code_is_listed_without_what_a_run_put_in():
    injected = new_code_cell("TOP = 3", metadata={"tags": ["injected-parameters"]})
    notebook = new_notebook(cells=[new_code_cell("TOP = 1"), injected, new_code_cell(" ")])
    assert codes_of(notebook) == ["TOP = 1"]


def test_how_a_notebook_was_run_is_no_evidence():
    assert not has_evidence(page_of("## Made", code(table("run", 1))))
    assert has_evidence(page_of("## A", code(table("a", 1))))


def test_dates_of_a_corpus_in_words():
    articles = pd.DataFrame({"published": ["2024-05-01", "2018", "2019-07"]})
    collected = describe_collected(articles)
    assert describe_articles(collected) == "3 articles, published 2018 to 1 May 2024"
    collected = describe_collected(pd.DataFrame({"published": [""]}))
    assert describe_articles(collected) == "1 article, without a date of publication"


def pages_in(folder):
    return {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("0*.html"))}


def plain(page):
    """The words of a page, without its code."""
    text = re.sub(r"<style>.*?</style>|<script.*?</script>|<pre>.*?</pre>", "", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_no_finding_is_said_twice_on_a_page(which, request):
    folder = request.getfixturevalue(which)
    for stem, page in pages_in(folder).items():
        notebook = json.loads((folder / "notebooks" / f"{stem}.ipynb").read_text("utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        shown = [output.get("data", {}).get(MIME, {}) for c in cells for output in c["outputs"]]
        listed = [one for bundle in shown for one in bundle.get("findings", [])]
        said = " ".join(re.findall(r"<p\b[^>]*>(.*?)</p>", page, re.S))
        assert listed
        for finding in listed:
            assert finding["text"] not in html.unescape(re.sub(r"<[^>]+>", "", said)), stem
            assert plain(page).count(finding["text"]) >= 1, stem


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_no_page_has_an_empty_table_or_section(which, request):
    for stem, page in pages_in(request.getfixturevalue(which)).items():
        assert "has no rows" not in page
        main = page[page.index("<main") :]
        sections = re.split(r"<h2[^>]*>", main)[1:]
        for section in sections:
            inside = section.partition("</h2>")[2]
            assert re.search(r"<(p|table|figure|ul|ol|pre|dl)\b", inside), (stem, section[:80])


def test_parts_of_which_a_corpus_has_nothing_are_not_there(other_report):
    """It has no coded facts, no themes, no dates of publication."""
    pages = pages_in(other_report)
    assert "Which themes" not in pages["03_topics"]
    assert "What is stated of each centre?" not in pages["04_innovation_centres"]
    assert "Which fields" not in pages["04_innovation_centres"]
    assert "centres.csv" in plain(pages["04_innovation_centres"])
    assert "How alike are the articles?" in pages["04_innovation_centres"]


def test_every_page_has_a_foot_with_dates_rights_and_how_to_cite(report):
    files = sorted(report.rglob("*.html"))
    for file in files:
        foot = plain(file.read_text("utf-8").partition("<footer>")[2])
        assert "5 articles, 2 of them with a date of publication" in foot, file.name
        assert "MIT licence" in foot
        assert "To cite: The maintainers of this project, Sino-British" in foot
    second = plain((report / "02_keywords.html").read_text("utf-8").partition("<footer>")[2])
    assert second.startswith("Previous What is in this corpus")
    assert "Next What are the articles about" in second


def test_the_prose_of_notebooks_names_nothing_of_the_five_articles(report):
    for stem in pages_in(report):
        cells = json.loads((report / "notebooks" / f"{stem}.ipynb").read_text("utf-8"))["cells"]
        prose = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        assert not re.search(r"Ningbo|Nanjing|Taizhou|Nottingham|laborator|first-phase", prose)


def test_a_chinese_title_is_marked_where_it_leads_on():
    around = {"index.html": (None, ("02.html", "创新 & rain"))}
    study = Study({}, {}, {}, [], {}, {}, around, {})
    [(_, file, title)] = frame_of("index", "index.html", study)["beside"]
    assert (file, title) == ("02.html", '<span lang="zh">创新</span> &amp; rain')
