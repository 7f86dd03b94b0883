"""The first page: what leads, entities of any kind side by side, and nothing said unlooked."""

import csv
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pandas import DataFrame, concat
from pypdf import PdfReader

from tests.test_report import Page
from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.facts.centres import compare_centres
from utils.facts.names import read_aliases
from utils.facts.support import support_table
from utils.page.findings_summary import (
    describe_limits,
    describe_texts,
    describe_unquoted,
    title_of,
)
from utils.page.show import MIME, render
from utils.page.summary import summarise_facts, summarise_texts
from utils.report.first_page import make_first_page
from utils.report.frame import Study
from utils.report.pages import write_pages
from utils.report.run import Failure
from utils.stats.frequency import article_table
from utils.stats.themes import read_themes

CLIFTON = "Bridge at Clifton opens\n\nMary Stone built it of steel. It will carry trains.\n"
HUMBER = "Bridge at Humber\n\nArup will build it of concrete by 3 March 2021.\n"
IN_TITLE = "status in the title"
IN_BODY = "status in the body"
BRIDGES = [
    ("Clifton", "engineer", "Mary Stone", "clifton", "Mary Stone built it of steel.", ""),
    ("Clifton", "material", "steel", "clifton", "Mary Stone built it of steel.", ""),
    ("Clifton", f"{IN_TITLE}: launched", "opens", "clifton", "Bridge at Clifton opens", ""),
    (
        "Clifton",
        "status in the body: intended",
        "will carry",
        "clifton",
        "It will carry trains.",
        "",
    ),
    ("Clifton", "owner", "not stated", "clifton", "", ""),
    ("Humber", "engineer", "Arup", "humber", "Arup will build it of concrete", ""),
    ("Humber", "owner", "not stated", "humber", "", ""),
]
HEADER = "centre attribute value doc_id quote note about side".split()


def code(folder: Path, rows: list, attributes: str = "") -> Path:
    """Add coded facts, about the centre and of no side unless a row says more, to a corpus."""
    with (folder / "centres.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([*row, *("centre", "")[len(row) - 6 :]] for row in rows)
    if attributes:
        (folder / "attributes.csv").write_text(attributes, "utf-8")
    return folder


def summary_of(folder: Path | None = None) -> dict:
    articles = read_corpus(folder)
    tokens = tokenize(articles)
    centres = compare_centres(articles, tokens, read_themes(articles))
    return summarise_facts(centres, articles, read_aliases(articles))


def text_of(parts: list[dict]) -> str:
    return "".join(part["text"] for part in parts)


def cells_of(summary: dict) -> dict[str, list[str]]:
    """The text of each cell by the label of its row; lines are divided by a bar."""
    return {
        row["label"]: [" | ".join(text_of(line["parts"]) for line in cell) for cell in row["cells"]]
        for row in summary["attributes"]
    }


@pytest.fixture(scope="module")
def ours():
    return summary_of()


def test_the_overclaimed_the_unquoted_the_undone_and_the_unsaid_lead(ours):
    headline, voices, statements, unsaid = map(text_of, ours["lead"])
    assert headline.startswith("The headline on UKIIC–Taizhou Bay says “has established”")
    assert voices == (
        "No one British is quoted on any of the three; Liu Xian, director of the UKIIC "
        "Accelerator, is quoted on something else (partner)."
    )
    assert statements.startswith("Of 34 statements, only 4 report something done")
    assert unsaid == (
        "No article states the number of staff, budget, duration, head or risks of any of the "
        "three."
    )
    quotations = [part for part in ours["lead"][0] if "doc_id" in part]
    assert [part["sentence"] for part in quotations] == [0, 1]


def test_every_entry_leads_to_a_sentence_unless_nothing_is_stated(ours):
    for row in ours["attributes"]:
        for cell in row["cells"]:
            links = [part for line in cell for part in line["parts"] if part.get("doc_id")]
            silent = [part for line in cell for part in line["parts"] if part.get("look")]
            assert links or any(part["look"] == "silent" for part in silent), row["label"]


def test_rows_are_those_that_attributes_csv_labels_in_its_order(ours):
    first = ["British partner", "Chinese partner", "Other partner", "Where", "When", "How far"]
    others = ["British voice", "Fields", "Statements", "Published by"]
    assert list(cells_of(ours)) == first + others


def test_values_that_name_one_body_are_shown_once_and_dates_as_printed(ours):
    cells = cells_of(ours)
    assert cells["British partner"][2] == "British international innovation center (UKIIC)"
    assert cells["When"] == [
        "May 17; no year printed; page undated",
        "November 5th; no year printed; page dated 5 October 2018, before that day",
        "recently; no date printed; page dated 17 May 2021",
    ]


def test_a_mark_for_each_statement_of_the_figure(ours, articles, tokens):
    counted = compare_centres(articles, tokens, read_themes(articles)).statements
    (statements,) = [row for row in ours["attributes"] if row["label"] == "Statements"]
    marks = [cell[0]["marks"] for cell in statements["cells"]]
    numbers = counted.groupby("centre", sort=False).statements.sum().tolist()
    assert [len(cell) for cell in marks] == numbers
    assert f"Of {sum(numbers)} statements" in text_of(ours["lead"][2])
    assert all("doc_id" in mark for cell in marks for mark in cell)


def test_entities_of_another_kind_without_a_table_of_attributes(make_corpus):
    folder = code(make_corpus({"clifton": CLIFTON, "humber": HUMBER}), BRIDGES)
    summary = summary_of(folder)
    assert cells_of(summary) == {
        "Engineer": ["Mary Stone", "Arup"],
        "Material": ["steel", "not coded"],
        "How far": ["launched “opens” more than the text | intended “will carry”", "not coded"],
    }
    said = [text_of(parts) for parts in summary["lead"]]
    assert "No article states the owner of either of the two." in said
    assert not any("British" in text or "Chinese" in text for text in said)


def test_a_side_is_whatever_the_coder_calls_it(make_corpus):
    rows = [
        ("Clifton", "person", "Mary Stone", "clifton", "Mary Stone built it of steel.", ""),
        ("Clifton", "speaker", "not stated", "clifton", "", ""),
    ]
    rows[0] = (*rows[0], "centre", "Welsh")
    summary = summary_of(code(make_corpus({"clifton": CLIFTON, "humber": HUMBER}), rows))
    assert text_of(summary["lead"][0]) == "No one Welsh is quoted on Clifton."


def test_of_what_nobody_looked_for_nothing_is_said_to_be_missing(make_corpus):
    rows = [row for row in BRIDGES if row[:2] != ("Humber", "owner")]
    summary = summary_of(code(make_corpus({"clifton": CLIFTON, "humber": HUMBER}), rows))
    said = " ".join(text_of(parts) for parts in summary["lead"])
    assert "owner" not in said
    assert "quoted" not in said


def test_labels_make_the_rows_and_the_names_of_what_is_missing(make_corpus):
    attributes = (
        "attribute,meaning,check,use,kinds,summary\nowner,,,,,Owner\nengineer,,,,,Built by\n"
        "material,,,,,Built by\n"
    )
    folder = make_corpus({"clifton": CLIFTON, "humber": HUMBER})
    summary = summary_of(code(folder, BRIDGES, attributes))
    assert cells_of(summary) == {"Built by": ["Mary Stone, steel", "Arup"]}
    assert "the owner of" in text_of(summary["lead"][-1])


def test_many_entities_are_in_tables_of_four_at_most(make_corpus):
    texts = {f"d{n}": f"Title\n\nBridge {n} is of stone.\n" for n in range(7)}
    rows = [
        (f"Bridge {n}", "material", "stone", f"d{n}", f"Bridge {n} is of stone.", "")
        for n in range(7)
    ]
    summary = summary_of(code(make_corpus(texts), rows))
    html = render({"kind": "summary", **summary}, links={doc: f"{doc}.html" for doc in texts})
    assert html.count("<table") == 2
    assert html.count('role="columnheader"') == 7


def test_text_of_a_corpus_is_read_and_never_run(make_corpus):
    hostile = '<script>x</script> {{ 7 * 7 }} "quoted"'
    rows = [(hostile, hostile, "of steel", "clifton", "Mary Stone built it of steel.", "")]
    summary = summary_of(code(make_corpus({"clifton": CLIFTON, "humber": HUMBER}), rows))
    html = render({"kind": "summary", **summary}, links={"clifton": "c.html"})
    assert "<script" not in html
    assert "49" not in html
    assert "&lt;script&gt;" in html


def test_a_notebook_shows_it_without_links_and_marks(ours):
    html = render({"kind": "summary", **ours})
    assert "href" not in html
    assert 'class="marks"' not in html
    assert "University of Cambridge" in html


def test_titles_name_what_is_compared():
    assert title_of("rivers", 3, ["Humber"]) == "Humber: what three articles say"
    assert title_of("rivers", 30, list("abcde")) == "a, b, c and 2 more: what 30 articles say"
    assert title_of("rivers", 30, []) == "rivers: what 30 articles are about"
    assert title_of("Sino-British innovation centres", 5, list("abc")) == (
        "Three Sino-British innovation centres: what five articles say"
    )


def test_texts_that_nobody_coded_say_what_they_are_and_cannot_show(make_corpus):
    columns = {"clifton": {"outlet": "Bridge News", "published": "2019-05-01"}}
    articles = read_corpus(make_corpus({"clifton": CLIFTON, "humber": HUMBER}, columns))
    tokens = tokenize(articles)
    table = support_table(articles, tokens)
    summary = summarise_texts(articles, article_table(articles, tokens), table)
    said = " ".join(text_of(parts) for parts in summary["lead"])
    assert "Each of the two articles has 10 words." in said
    assert "The metadata name one outlet: Bridge News." in said
    assert "The one article with a date was published on 1 May 2019." in said
    limits = " ".join(summary["cannot"])
    assert "that does not mean that the articles say nothing" in limits
    assert not summary["entities"]


def test_the_only_article_lacks_one_thing_and_is_said_to_lack_it_once(make_corpus):
    """There are no groups, and a topic is that of the article, since there is nothing else."""
    articles = read_corpus(make_corpus({"clifton": f"{CLIFTON}\n" + "Rain fell on ships.\n\n" * 9}))
    limits = describe_limits(support_table(articles, tokenize(articles)))
    assert limits[0] == "with one article nothing can be compared"
    assert not [limit for limit in limits if "metadata.csv" in limit or "fewer than" in limit]


def test_a_limit_spells_the_numbers_that_it_has():
    """Others of the row do not count: a paragraph has more words in common than twelve."""
    rows = [("en", "topics", "topics of paragraphs", 9, 40, 4, "")]
    columns = "language analysis support have other need what".split()
    (limit,) = describe_limits(DataFrame(rows, columns=columns))
    assert limit.startswith("with fewer than four articles, ")


def test_a_sentence_on_texts_does_not_begin_with_a_digit(make_corpus):
    dated = {name: {"published": "2019-05-01"} for name in map(str, range(13))}
    texts = {name: f"{HUMBER}\n{name} ships.\n" for name in [*dated, "undated"]}
    articles = read_corpus(make_corpus(texts, dated))
    tokens = tokenize(articles)
    *_, said = describe_texts(articles, article_table(articles, tokens))
    assert said == "the 13 articles with a date were published on 1 May 2019"


def test_a_limit_of_several_languages_names_its_own():
    rows = [
        ("zh", "topics", "no topics", 1, 2, 3, ""),
        ("en", "topics", "topics", 9, None, None, ""),
    ]
    columns = "language analysis support have other need what".split()
    table = DataFrame(rows, columns=columns).astype({"other": "Int64", "need": "Int64"})
    assert describe_limits(table) == ["the text is too short to look for topics (Chinese)"]
    left = table.head(1).assign(analysis="dates", support="left out", what="no rules are here")
    said = describe_limits(concat([left, table.tail(1)]))
    assert said == ["left out: dates, since no rules are here (Chinese)"]
    both = table.assign(support="no topics")
    both_said = ["the text is too short to look for topics (Chinese and English)"]
    assert describe_limits(both) == both_said
    assert describe_limits(concat([both, both.assign(analysis="keywords")])) == both_said


def test_the_first_page_has_title_lead_and_table_before_tokens_and_fingerprint(report):
    html = (report / "index.html").read_text("utf-8")
    places = [
        html.index(text)
        for text in ("<h1>Three Sino-British", "only 4 report", "<table", "tokens</strong>")
    ]
    assert places == sorted(places)
    assert html.count("only 4 report") == 1
    assert html.count("It has 5 articles") == 1
    page = Page(html)
    assert "04_innovation_centres.html#silences" in page.links
    assert "not coded" not in html.split("</table>")[0]


def test_an_uncoded_corpus_leads_with_its_texts(other_report):
    html = (other_report / "index.html").read_text("utf-8")
    assert "what six articles are about</h1>" in html
    assert 'class="summary"' not in html
    assert "What the articles cannot show" in html
    assert html.index('class="lead"') < html.index('id="notebooks"')
    *_, (last, said) = re.findall(r'<li><a href="(0\d)_\w+\.html">.*?</a>(.*?)</li>', html)
    assert last == "04"
    assert "No person has coded what the articles state; the page shows" in said
    assert "To cite: The maintainers" not in html
    assert "Made with <cite>" in html


def test_an_entry_without_a_finding_says_why_and_comes_after_those_with_one():
    def notebook(*main):
        bundle = {"kind": "findings", "findings": [{"text": "Rain fell."}], "main": list(main)}
        output = new_output("display_data", {MIME: bundle})
        return new_notebook(cells=[new_code_cell(outputs=[output])])

    notebooks = {"02_keywords": notebook("No groups."), "03_topics": notebook("Rain fell.")}
    titles = {stem: stem for stem in notebooks}
    html = make_first_page(Study(notebooks, titles, {}, [], {}, {}, {}, {}), {})
    assert html.index("Rain fell.") < html.index("No groups.")


def test_the_first_page_says_what_is_said_of_two_languages_once():
    """It says that it is said of both, and takes nothing away from what is said of one only."""
    found = {
        "03_topics": ["Rain fell.", "Fog came."],
        "03_topics.de": ["Rain fell.", "Ice broke."],
        "03_topics.zh": ["Rain fell.", "Fog came."],
        "04_fog": ["Rain fell.", "Fog came."],
    }
    notebooks = {}
    for stem, texts in found.items():
        listed = [{"text": text} for text in texts]
        bundle = {"kind": "findings", "findings": listed, "main": texts}
        cell = new_code_cell(outputs=[new_output("display_data", {MIME: bundle})])
        notebooks[stem] = new_notebook(cells=[cell])
    titles = {stem: stem for stem in notebooks}
    languages = {"03_topics": "English", "03_topics.de": "German", "03_topics.zh": "Chinese"}
    html = make_first_page(Study(notebooks, titles, languages, [], {}, {}, {}, {}), {})
    entries = re.findall(r'<li><a href="(\S+)\.html">.*?</a>(.*?)</li>', html)
    said = {stem: re.sub("</?span>", "", rest).strip() for stem, rest in entries if stem in found}
    assert said == {
        "03_topics": "Rain fell. Fog came.",
        "03_topics.de": "Rain fell. Ice broke.",
        "03_topics.zh": "The page on the articles in English says the same.",
        "04_fog": "Rain fell. Fog came.",
    }


def test_a_failed_notebook_is_named_at_the_top_and_its_findings_are_not_there(report, tmp_path):
    shutil.copytree(report, tmp_path / "again")
    failures = {"04_innovation_centres": Failure("04_innovation_centres, cell 3: it stopped")}
    write_pages(tmp_path / "again", failures)
    html = (tmp_path / "again" / "index.html").read_text("utf-8")
    assert html.index("A notebook stopped before its end") < html.index('class="lead"')
    assert "Its page comes from an earlier run." in html
    assert 'class="summary"' not in html
    assert "claims 6 can be checked" not in html


WORDS_SEEN = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = [];
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = range.getBoundingClientRect();
        const shown = !walker.currentNode.parentElement.closest("script, style") && box.height;
        if (shown && box.right > 0 && box.bottom > 0 && box.top < innerHeight) {
            seen.push(...walker.currentNode.textContent.split(/\\s+/));
        }
    }
    return seen.filter(word => /[\\p{L}\\p{N}]/u.test(word)).length;
}"""


def test_the_first_screen_is_read_at_a_glance_and_the_page_fits_on_one_sheet(visit, report):
    page = visit(report / "index.html")[0]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert 150 < page.evaluate(WORDS_SEEN) <= 300
    assert page.locator("table.summary").bounding_box()["y"] < 340
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_on_a_phone_there_is_a_card_for_each_entity(visit, report):
    page = visit(report / "index.html")[0]
    page.set_viewport_size({"width": 390, "height": 844})
    heads = page.locator("table.summary [role=columnheader]")
    tops = [head.bounding_box()["y"] for head in heads.all()]
    cells = page.locator("table.summary tbody .c1").all()
    assert all(tops[0] < cell.bounding_box()["y"] < tops[1] for cell in cells)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_is_joint_is_no_side_of_which_nobody_is_quoted():
    row = {"about": "centre", "value": "a", "attribute": "x", "kind": ""}
    facts = DataFrame(
        [
            row | {"centre": "Tyne", "use": "person", "side": "joint"},
            row | {"centre": "Tyne", "use": "speaker", "side": "Dutch"},
            row | {"centre": "Tees", "use": "speaker", "side": "Dutch"},
        ]
    )
    assert describe_unquoted(facts, ["Tyne", "Tees"]) == []
