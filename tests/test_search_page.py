"""The page that is asked, and the page that counts again, against Python; in a real browser."""

import csv
import json
import random
import re
import zlib
from base64 import b64decode, b64encode

import pytest
from playwright.sync_api import expect

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tokens import tokenize
from utils.page.token_index import index_of, pack_index
from utils.report.frame import TEMPLATES
from utils.report.search_page import pattern_rules
from utils.search.lines import concordance
from utils.search.queries import find, query_of

QUERIES = {"five": 200, "chinese": 100, "hostile": 100}
PLACES = {"": [], "L1 L2 L3": ["L1", "L2", "L3"], "R1 R2 R3": ["R1", "R2", "R3"]}
CHINESE = {
    "a": "宁波创新中心\n\n5月17日，宁波市与中国科学院签署了合作协议。"
    "这个科技创新中心位于鄞州区。他说：“科技创新很重要！”英国UKIIC中心（宁波）将于2020年成立。",
    "b": "科技新闻\n\n科技，创新；科技 创新。科技创新创新科技。我们在一个中心。",
}
HOSTILE = {
    "x": "“Straße” & ﬁrm’s İstanbul ısı IX Iıi sun\n\nThe ﬁrm’s R&D—$5.2m (“A-B”) is 2.8%! "
    "U.K.’s isn´t ok` s. ΣΊΣΥΦΟΣ σίσυφος. 𝒳𝒴 𠀀𠀁科技 a\u00adb zero\u200bwidth \u202eabc "
    "emoji😀here 科技😀创新. [brackets] *star* ?what? /slash/ pipe|pipe a\\b {x} ^y $z +w. "
    "É e\u0301 Ａ１. <script>alert(1)</script> İ I ı i. naïve_under ABC\x07bell \x1cfs."
    "\n\nsecond’s end",
    "y": "a\n\n" + "neverending " * 170 + "long sentence " + " 𝒳𝒴𝒵neverending" * 130 + " end here",
    "z": "l'eau L'homme\n\nl'eau, d'or — '90s rock'n'roll O'Neil's ʼn ‘quoted’ it's' ''s\"",
}
ANSWER = """([query, places]) => {
    try {
        const found = index.find(query);
        return [...index.order(found, places)].map(match => {
            const line = index.line(found.first[match], found.last[match]);
            const {id, doc, sentence, left, node, right, start, end} = line;
            return [id, index.docs[doc], sentence, left, node, right, start, end];
        });
    } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        return error.message;
    }
}"""
LOAD = "async packed => { window.index = new TokenIndex(await unpacked(packed)); }"
REGEXES = (
    "/[a-f][^x]*/",
    r"/\d+(?:\.\d+)?%?/",
    r"/\w{3,4}/",
    "/(?!the).*e/",
    "/[A-Z]+/",
    r"/\W?s/",
    "/科技/",
    "/r&d/",
    "/(science|Technology)/",
    "case:/[A-Z].*/",
)
REFUSED = ("/a++b/", "/(?>a)b/", r"/(a)\1/", "/(.|a)*x/", "/x{e<=1}/", "/[[:alpha:]]/", r"/[a-\d]/")
ORDINARY = (
    r"/\d+(?:,\d{3})*/",
    "/(in|co)*.*n/",
    "/(a|e|i)+.*/",
    r"/[\w]+/",
    r"/[^\W\d]+/",
    r"/\p{L}+/",
    r"/\p{Lu}+/",
    r"case:/\p{Lu}\P{Ll}*/",
    r"/\p{Han}+/",
    "/(?i)UK/",
    "case:/(?i)uk/",
    r"/\bin/",
    r"/.*\Bin/",
    "/[]a]/",
    "/[^]a]/",
    "/a{/",
    "/a{,3}/",
    "/[[]/",
    "/(?P<x>a)/",
    "/^*in/",
    "/(?=in)*i.*/",
    r"/\w+(-\w+)*/",
    r"/\x41.*/",
    "/(a+)+/",
    " case:UK",
)
MALFORMED = (
    "/[^]/",
    "/[]/",
    '"open',
    "a||b",
    "a|",
    "talent /(/",
    "talent ...",
    '"|"',
    '""',
    "case:",
    "/(z/",
)


class Queries:
    """Queries of every form made from the words of a corpus, some of them malformed."""

    def __init__(self, seed, terms, words):
        self.draw = random.Random(seed)
        self.terms = terms
        self.words = words

    def word(self):
        term = self.draw.choice(self.terms)
        return self.draw.choice([term, term.upper(), term.title(), self.draw.choice(self.words)])

    def wildcard(self):
        word = self.word()
        start, end = sorted(self.draw.randrange(len(word) + 1) for _ in range(2))
        return word[:start] + self.draw.choice(["*", "?", "?*"]) + word[end:]

    def phrase(self):
        start = self.draw.randrange(len(self.words) - 3)
        words = self.words[start : start + self.draw.randrange(2, 4)]
        others = ["*", f"{words[0][:2]}*", f"{words[0]}|the"]
        phrase = " ".join(
            self.draw.choice([word, word, self.draw.choice(others)]) for word in words
        )
        return self.draw.choice([phrase, f'"{phrase}"', phrase.upper()])

    def regex(self):
        return self.draw.choice(REGEXES)

    def query(self):
        forms = [self.word, self.wildcard, self.phrase, self.regex]
        query = self.draw.choice(forms)()
        if self.draw.random() < 0.3:
            query += "|" + self.draw.choice(forms)()
        if self.draw.random() < 0.15 and not query.startswith("case:"):
            query = f"case:{query}"
        if self.draw.random() < 0.08:
            place = self.draw.randrange(len(query) + 1)
            query = query[:place] + self.draw.choice('"|/*?\\(') + query[place:]
        return query


def asked(articles, tokens, query, sort):
    """What Python answers: the lines, or the character at which the query goes wrong."""
    try:
        table = concordance(articles, tokens, query, sort=sort)
    except Mistake as mistake:
        return int(re.search(r"character (\d+)", str(mistake))[1])
    return [list(row) for row in table.astype(object).itertuples(index=False)]


@pytest.fixture(scope="module")
def engine(browser, tmp_path_factory):
    """A page that has the query language alone."""
    rules = json.dumps(pattern_rules()).replace("<", "\\u003c")
    script = (TEMPLATES / "query.js").read_text("utf-8")
    file = tmp_path_factory.mktemp("engine") / "engine.html"
    data = f'<script type="application/json" id="rules">{rules}</script>'
    html = f'<!DOCTYPE html><meta charset="utf-8">{data}<script>{script}</script>'
    file.write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("name", QUERIES)
def test_200_queries_have_the_answers_of_python_line_by_line(engine, make_corpus, name, articles):
    texts = {"chinese": CHINESE, "hostile": HOSTILE}
    if name != "five":
        articles = read_corpus(make_corpus(texts[name]))
    tokens = tokenize(articles, titles=True)
    engine.evaluate(LOAD, pack_index(articles, tokenize(articles)))
    assert engine.evaluate("[...index.code].map(code => index.terms[code])") == tokens.term.tolist()
    raws = zip(tokens.doc_id, tokens.start, tokens.end, strict=True)
    words = [articles.raw[doc_id][start:end] for doc_id, start, end in raws]
    queries = Queries(name, sorted(set(tokens.term)), words)
    answered = 0
    for _ in range(QUERIES[name]):
        query = queries.query()
        sort = queries.draw.choice(list(PLACES))
        answer = engine.evaluate(ANSWER, [query, PLACES[sort]])
        expected = asked(articles, tokens, query, sort)
        if isinstance(answer, str):
            place = int(re.match(r"Character (\d+)", answer)[1])
            assert "cannot run" in answer or "may not end" in answer or place == expected, query
        else:
            assert answer == expected, (query, sort)
            answered += 1
    assert answered > 0.85 * QUERIES[name]


@pytest.mark.parametrize("query", MALFORMED)
def test_a_query_that_cannot_be_read_is_named_at_the_same_character(engine, articles, query):
    engine.evaluate(LOAD, pack_index(articles, tokenize(articles)))
    with pytest.raises(Mistake) as caught:
        find(tokenize(articles), query, articles)
    said = re.search(r"character (\d+): (?:'.' |'\"' )?([\w ]+)", str(caught.value))
    answer = engine.evaluate(ANSWER, [query, []])
    assert answer.startswith(f"Character {said[1]}: ")
    assert said[2].strip() in answer


@pytest.mark.parametrize("query", ORDINARY)
def test_an_ordinary_regular_expression_has_the_answer_of_python(engine, articles, query):
    engine.evaluate(LOAD, pack_index(articles, tokenize(articles)))
    expected = asked(articles, tokenize(articles, titles=True), query, "")
    assert engine.evaluate(ANSWER, [query, []]) == expected


@pytest.mark.parametrize("query", REFUSED)
def test_what_a_browser_would_answer_otherwise_is_refused_in_words(engine, articles, query):
    engine.evaluate(LOAD, pack_index(articles, tokenize(articles)))
    answer = engine.evaluate(ANSWER, [query, []])
    assert re.search("cannot run as Python does|may not end", answer)


def test_the_index_of_five_articles_is_small(articles, tokens):
    index = index_of(articles, tokens)
    assert len(index["width"]) == len(tokenize(articles, titles=True))
    assert len(pack_index(articles, tokens)) < 15_000


def test_a_corpus_beyond_the_stated_size_has_no_index(articles, tokens, monkeypatch):
    monkeypatch.setattr("utils.page.token_index.MOST_TOKENS", 10)
    assert pack_index(articles, tokens) == ""


@pytest.mark.parametrize("term", ["new area", "'s", "r&d", "2.8%", "china-uk", "科技创新"])
def test_the_query_of_a_term_finds_it(term):
    assert query_of(term) == term


@pytest.mark.parametrize(
    "text", ["a*", "what?", '"', "a|b", "/x/", "case:UK", "Capital", "", "..."]
)
def test_what_no_query_finds_exactly_has_none(text):
    assert query_of(text) is None


def test_the_page_answers_and_is_small(visit, report):
    page, requests, errors = visit(report / "search.html", after="#q=innovation&sort=left")
    page.wait_for_selector("#lines tbody tr")
    assert page.locator("#said").inner_text().startswith("Found 49 times in 5 of 5 articles")
    assert page.locator("#lines tbody tr").count() == 50
    page.get_by_role("button", name="Show more lines").click()
    assert page.locator("#lines tbody tr").count() == 52
    assert page.locator("#counts tbody td:nth-child(2)").all_inner_texts() == "8 16 8 12 5".split()
    assert errors == []
    assert len(requests) == 1
    assert (report / "search.html").stat().st_size < 61_000


def test_the_keyboard_asks_and_an_address_leads_back(visit, report):
    page, _, _ = visit(report / "search.html", after="#q=talent")
    expect(page.locator("#said")).to_contain_text("Found")
    first = page.locator("#said").inner_text()
    page.locator("#query").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type('"new area"|city')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("%22new.area%22%7Ccity"))
    expect(page.locator("#said")).not_to_have_text(first)
    page.go_back()
    expect(page.locator("#said")).to_have_text(first)
    expect(page.locator("#query")).to_have_value("talent")
    page.go_forward()
    expect(page.locator("#query")).to_have_value('"new area"|city')


def test_a_line_of_the_page_leads_to_its_sentence(visit, report):
    page, _, _ = visit(report / "search.html", after="#q=four-in-one")
    page.locator("#lines tbody a").first.click()
    page.wait_for_url("**/articles/*.html#s*")
    assert "four-in-one" in page.locator(":target").first.inner_text().lower()


def test_lines_are_counted_by_a_column_and_saved(visit, report):
    page, _, errors = visit(report / "search.html", after="#q=innovat*&by=role")
    page.wait_for_selector("#lines tbody tr")
    groups = page.locator("#counts tbody th").all_inner_texts()
    assert sorted(groups) == ["centre", "policy"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all lines as CSV").click()
    articles = read_corpus()
    table = concordance(articles, tokenize(articles, titles=True), "innovat*")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        head, *saved = csv.reader(file)
    assert head == list(table)
    assert saved == table.astype(str).to_numpy().tolist()
    assert errors == []


def test_hostile_text_is_shown_and_does_nothing(visit, other_report):
    page, _, errors = visit(other_report / "search.html", after="#q=*")
    page.wait_for_selector("#lines tbody tr")
    assert page.locator("#lines tbody tr").count() == 50
    page.get_by_role("button", name="Show more lines").click()
    assert page.locator("#lines tbody tr").count() > 50
    assert page.title() != "run"
    assert errors == []


def check(page, files):
    """Give pages to the page that counts again: what it says, and the rows that differ."""
    page.set_input_files("#files", files)
    expect(page.locator("#said")).to_contain_text("agree")
    wrong = page.locator("#wrong tbody tr").all()
    said = page.locator("#said").inner_text()
    return said, [row.locator("th, td").all_inner_texts() for row in wrong]


@pytest.mark.parametrize(("which", "fewest"), [("report", 15_000), ("other_report", 100)])
def test_the_numbers_of_a_report_hold(visit, request, which, fewest):
    folder = request.getfixturevalue(which)
    page, requests, errors = visit(folder / "check.html")
    said, wrong = check(page, sorted(folder.glob("0*.html")))
    numbers, of, quotations, all_quotations = re.findall(r"[\d,]*\d", said)[:4]
    assert "columns of numbers" in said
    assert "Numbers in sentences, captions and pictures are not counted again" in said
    assert wrong == []
    assert numbers == of
    assert quotations == all_quotations
    assert int(of.replace(",", "")) > fewest
    assert errors == []
    assert len(requests) == 1


def test_the_button_of_a_page_counts_it_again(visit, report):
    page, _, errors = visit(report / "02_keywords.html")
    page.get_by_role("button", name="Count the numbers of this page again").click()
    page.wait_for_url("**/check.html#page=*")
    expect(page.locator("#said")).to_contain_text("agree")
    numbers, of, *_ = re.findall(r"[\d,]+", page.locator("#said").inner_text())
    assert numbers == of
    assert errors == []


def keys_of(head):
    """The columns of a table in order, those below a heading of several among them."""
    above, *below = re.findall(r"<tr>(.*?)</tr>", head, re.S)
    members = re.findall(r'data-key="(\w+)"', "".join(below))
    keys = []
    for cell in re.findall(r"<th[^>]*>", above):
        key = re.search(r'data-key="(\w+)"', cell)
        span = re.search(r'colspan="(\d+)"', cell)
        keys += [key[1]] if key else [members.pop(0) for _ in range(int(span[1]))]
    return keys


def tampered(html, table, column):
    """The page with another digit in a cell of the first row of a table that is shown."""
    place = html.index(f'data-name="{table}"')
    keys = keys_of(html[place : html.index("</thead>", place)])
    row = html.index("<tr", html.index("<tbody>", place))
    cells = list(re.finditer(r"<t[hd][^>]*>([^<]*)<", html[row : html.index("</tr>", row)]))
    cell = cells[keys.index(column)]
    old = cell[1]
    new = old[:-1] + str((int(old[-1]) + 1) % 10)
    return html[: row + cell.start(1)] + new + html[row + cell.end(1) :], old, new


@pytest.mark.parametrize(
    ("table", "column"), [("keywords", "log_ratio"), ("collocates_1", "observed")]
)
def test_a_digit_that_was_changed_is_found(visit, report, tmp_path, table, column):
    html, old, new = tampered((report / "02_keywords.html").read_text("utf-8"), table, column)
    (tmp_path / "sent.html").write_text(html, "utf-8")
    page, _, _ = visit(report / "check.html")
    _, wrong = check(page, [tmp_path / "sent.html"])
    assert [[row[2], *row[4:]] for row in wrong] == [[new, table, "sent.html"]]
    assert float(wrong[0][3]) == pytest.approx(float(old), abs=0.005)


def test_a_changed_digit_in_the_rows_not_shown_is_found(visit, report, tmp_path):
    html = (report / "01_corpus_overview.html").read_text("utf-8")
    place = html.index('data-name="frequencies"')
    block = re.compile(r'corpus-study.rows">([^<]+)<').search(html, place)
    rows = zlib.decompress(b64decode(block[1])).decode()
    changed = re.sub(r'(class="n">)1(<)', r"\g<1>2\g<2>", rows, count=1)
    assert changed != rows
    packed = b64encode(zlib.compress(changed.encode())).decode()
    sent = html[: block.start(1)] + packed + html[block.end(1) :]
    (tmp_path / "sent.html").write_text(sent, "utf-8")
    page, _, _ = visit(report / "check.html")
    _, wrong = check(page, [tmp_path / "sent.html"])
    assert len(wrong) == 1
    assert wrong[0][2:] == ["2", "1", "frequencies", "sent.html"]


@pytest.mark.parametrize(
    ("case", "counted"),
    [
        (
            ("04_innovation_centres", r"(#s\d+\"[^>]*>)\d+(</a></td></tr>)", r"\g<1>77\2"),
            "sentence",
        ),
        (("03_topics", r"(articles/[\w-]+\.html\">)UKIIC", r"\1Oxford"), "article"),
    ],
)
def test_a_row_of_what_there_is_not(visit, report, tmp_path, case, counted):
    name, *change = case
    html = (report / f"{name}.html").read_text("utf-8")
    sent = re.sub(*change, html)
    assert sent != html
    (tmp_path / "sent.html").write_text(sent, "utf-8")
    page, _, _ = visit(report / "check.html")
    _, wrong = check(page, [tmp_path / "sent.html"])
    assert f"no such {counted}" in {row[3] for row in wrong}


@pytest.mark.parametrize(("quote", "there"), [("17.9%", 1), ("179%", 0), ("7.9%", 0), ("1.79%", 0)])
def test_the_stop_of_a_number_and_its_sign_count(visit, report, quote, there):
    page, _, _ = visit(report / "check.html")
    found = "quote => isThere(new Map([['a 1', 'It grew by 17.9% then.']]), 'a', 1, quote)"
    assert page.evaluate(found, quote) == bool(there)


@pytest.mark.parametrize(
    ("stated", "counted", "agreed"),
    [
        ("27%", 0.273, 1),
        ("<0.01%", 0.00003, 1),
        ("<0.01%", 0, 0),
        ("<0.01%", 0.0002, 0),
        (">99.99%", 0.99995, 1),
        (">99.99%", 1, 0),
    ],
)
def test_a_share_near_none_or_all_agrees_with_what_is_counted(
    visit, report, stated, counted, agreed
):
    page, _, _ = visit(report / "check.html")
    assert page.evaluate("pair => agrees(...pair)", [stated, counted]) == bool(agreed)


def test_a_page_without_a_table_that_can_be_counted_says_so(visit, report):
    page, _, _ = visit(report / "check.html")
    page.set_input_files("#files", [report / "index.html"])
    expect(page.locator("#said")).to_have_text("This page has no table that can be counted again.")


def test_a_changed_quotation_is_found_and_other_tokens_give_no_alarm(visit, report, tmp_path):
    html = (report / "04_innovation_centres.html").read_text("utf-8")
    sent = html.replace("life and health", "life and wealth")
    assert sent != html
    sent = re.sub(r'("mark":\s*)(\d+)', r"\g<1>1", sent)
    (tmp_path / "sent.html").write_text(sent, "utf-8")
    page, _, _ = visit(report / "check.html")
    said, wrong = check(page, [tmp_path / "sent.html"])
    assert said.startswith("0 of 0 numbers")
    assert {row[3] for row in wrong} == {"not in this sentence"}
    assert any(
        "rests on other tokens" in text for text in page.locator("#tables td").all_inner_texts()
    )
