"""Several coders of one article: how far they agree, where they do not, and what was settled."""

import json
import shutil

import krippendorff
import numpy as np
import pandas as pd
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tables import folder_of
from utils.facts import coders as c
from utils.facts.coding import first_coding, read_codings, read_facts
from utils.page import findings_coders as findings
from utils.page.figures import draw_intervals
from utils.report.__main__ import main
from utils.report.needs import why_not
from utils.report.places import NOTEBOOKS

TEXT = (
    "Title of it\n\nThe city signed a deal with “Alpha” in May. It brings 30 people. "
    "Beta was there. Beta was silent. Nobody spoke.\n"
)
COLUMNS = "centre attribute value about doc_id quote note side hedge coder why".split()
FOUR_CODERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: nominal 0.743."""
TWO_CODERS = "0 1 0 0 0 0 0 0 1 0\n1 1 1 0 0 1 0 0 0 0"
"""The same, section A: two observers, ten units, binary: 0.095."""
NOTEBOOK = NOTEBOOKS / "05_coding.ipynb"


def counted(data: str) -> np.ndarray:
    """How many coders gave each unit each value, from a line for each coder."""
    rows = [line.split() for line in data.strip().splitlines()]
    values = sorted({value for row in rows for value in row} - {"."})
    return np.array([[unit.count(value) for value in values] for unit in zip(*rows, strict=True)])


def fact(value: str, quote: str = "", coder: str = "Bo", **columns) -> dict:
    row = dict.fromkeys(COLUMNS, "") | {"centre": "c", "attribute": "event", "about": "centre"}
    quote = "" if value == "not stated" else quote or value
    return row | {"doc_id": "a", "value": value, "quote": quote, "coder": coder} | columns


DEAL = ("signed a deal", "The city signed a deal")
OTHER = ("a deal", "signed a deal with Alpha")


@pytest.fixture
def coded(make_corpus):
    """Articles of a corpus of two articles with these rows, and their codings."""

    def make(*rows: dict, attributes: str = ""):
        texts = {"a": TEXT, "b": TEXT}
        folder = make_corpus(texts, {name: {"title": "Title of it"} for name in texts})
        pd.DataFrame(list(rows), columns=COLUMNS).to_csv(folder / "centres.csv", index=False)
        if attributes:
            (folder / "attributes.csv").write_text(attributes, "utf-8")
        articles = read_corpus(folder)
        return articles, read_codings(articles)

    return make


def test_alpha_is_that_of_krippendorffs_own_examples():
    assert c.alpha_of(counted(FOUR_CODERS)) == pytest.approx(0.743, abs=0.0005)
    assert c.alpha_of(counted(TWO_CODERS)) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_nothing_that_varies_is_blank():
    assert np.isnan(c.alpha_of(np.array([[2, 0], [2, 0]])))
    assert np.isnan(c.alpha_of(np.array([[1, 0], [0, 1]])))  # each unit has one coder
    assert np.isnan(c.alpha_of(np.zeros((0, 1), dtype=int)))


def test_alphas_of_draws_are_those_of_the_units_drawn():
    counts = counted(FOUR_CODERS)
    draws = np.random.default_rng(1).integers(0, 3, (20, len(counts)))
    drawn = c.drawn_alphas(counts, np.arange(len(counts)), draws)
    for times, alpha in zip(draws, drawn, strict=True):
        units = np.repeat(counts, times, axis=0)
        expected = krippendorff.alpha(value_counts=units, level_of_measurement="nominal")
        assert alpha == pytest.approx(expected)


def test_alpha_over_attributes_is_nothing_where_values_fell_at_random():
    """Attributes of unequal frequency, their values paired at random; unpooled, alpha is high."""
    random = np.random.default_rng(1)
    attributes = np.repeat(np.arange(20), 30)
    pooled, plain = [], []
    for _ in range(40):
        values = [random.permutation(np.arange(60) < 2 * a).reshape(-1, 2) for a in range(20)]
        found = np.vstack(values).sum(axis=1)
        counts = np.stack([2 - found, found], axis=1)
        pooled.append(c.pooled_alpha(counts, attributes))
        plain.append(c.alpha_of(counts))
    assert abs(np.mean(pooled)) < 0.05
    assert np.mean(plain) > 0.1


def test_alpha_over_one_attribute_is_that_of_the_package():
    counts = counted(FOUR_CODERS)
    assert c.pooled_alpha(counts, np.zeros(len(counts))) == pytest.approx(c.alpha_of(counts))


def test_what_is_stated_has_an_interval_over_attributes(articles):
    table = c.agreement_table(articles, read_codings(articles)).set_index(["measure", "attribute"])
    stated = table.loc[("stated", "all")]
    assert 0 < stated.low < stated.alpha < stated.high < 1
    assert stated.alpha < 0.8  # without regard to the rows it was 0.86


def test_coders_who_agree_fully_have_an_alpha_of_one(coded):
    rows = [fact(*DEAL), fact("30 people", attribute="figure"), fact("Beta was there")]
    rows += [fact("Beta was silent", attribute="venue"), fact("Nobody spoke", attribute="venue")]
    articles, codings = coded(*rows, *(row | {"coder": "Cy"} for row in rows))
    table = c.agreement_table(articles, codings).set_index(["measure", "attribute"])
    assert table.loc[("place", "all"), ["agreed", "coded", "alpha"]].tolist() == [5, 5, 1]
    assert table.loc[("place", "all"), "units"] == 3 * (5 + 2)  # sentences, title, other lines
    assert table.loc[("about", "all"), ["agreed", "coded"]].tolist() == [5, 5]
    assert table.loc[("place", "venue"), "verdict"] == "too few"
    assert c.disagreements(codings).empty


def test_the_units_are_sentences_and_attributes(coded):
    articles, codings = coded(
        fact(*DEAL),
        fact("30 people", attribute="figure"),
        fact("Beta was there", attribute="statement: done"),
        fact(*OTHER, coder="Cy"),  # the same sentence, other words: the same unit
        fact("not stated", coder="Cy", attribute="figure"),
        fact("Beta was there", coder="Cy", attribute="statement: planned"),
    )
    table = c.agreement_table(articles, codings).set_index(["measure", "attribute"])
    assert table.loc[("place", "all"), ["agreed", "coded"]].tolist() == [2, 3]
    assert table.loc[("place", "statement"), ["agreed", "coded"]].tolist() == [1, 1]
    assert table.loc[("kind", "statement"), ["agreed", "coded"]].tolist() == [0, 1]
    assert table.loc[("stated", "all"), ["agreed", "coded"]].tolist() == [2, 3]


def test_the_interval_is_of_sentences_drawn_again_with_a_seed(articles):
    codings = read_codings(articles)
    codings = codings[codings.coder == codings.coder.iloc[0]].assign(coder="Bo")
    other = codings[codings.index % 3 > 0].assign(coder="Cy")
    other.index += 10_000
    both = pd.concat([codings, other])
    table = c.agreement_table(articles, both)
    first = table.iloc[0]
    assert first.low < first.alpha < first.high < 1
    assert table.equals(c.agreement_table(articles, both))
    known = table[table.low.notna()]
    assert (known.low <= known.alpha).all()
    assert (known.alpha <= known.high).all()


def test_rows_match_by_words_and_overlap_and_only_once(coded):
    _, codings = coded(
        fact("deal", "signed a deal with Alpha"),
        fact("Alpha", "signed a deal with Alpha", about="partner"),
        fact("Alpha", "with Alpha in May", coder="Cy", about="partner"),
        fact("Beta was there", side="British"),
        fact("Beta was there", coder="Cy", side="Chinese", about="event"),
    )
    table = c.disagreements(codings)
    assert table.difference.tolist() == ["split", "about, side"]
    assert table.coder.tolist() == ["Bo", "Bo"]
    assert table.quote[0] == "signed a deal with Alpha"
    assert table.with_coded_as[0] == "Cy: event, about partner"
    assert table.with_quote[1] == "Beta was there"


def test_a_disagreement_says_what_the_other_made_of_it(coded):
    _, codings = coded(
        fact("30 people", attribute="figure"),
        fact("not stated", attribute="venue"),
        fact("brings 30 people", coder="Cy"),
        fact("Beta was there", coder="Cy", attribute="venue"),
        fact("The city signed", attribute="name"),
        fact("Alpha", coder="Cy", attribute="name"),
    )
    table = c.disagreements(codings).set_index("quote")
    assert table.difference["The city signed"] == "words"
    assert table.with_quote["The city signed"] == "Alpha"
    assert table.with_coded_as["30 people"] == "Cy: event, about centre"
    assert table.with_coded_as["Beta was there"] == "Bo: not stated"
    assert table.with_coder["Beta was there"] == "Bo"


def test_without_a_coder_or_with_one_all_is_as_before(coded):
    rows = [fact(*DEAL, coder=""), fact("Beta was there", coder="")]
    articles, codings = coded(*rows)
    assert read_facts(articles).value.tolist() == ["signed a deal", "Beta was there"]
    assert c.agreement_table(articles, codings).empty
    assert c.disagreements(codings).empty
    assert "how far readers would agree is not known" in findings.describe_agreement(
        c.agreement_table(articles, codings), c.coder_table(codings)
    )


def test_the_first_person_counts_and_a_model_never_by_itself(coded):
    articles, _ = coded(
        fact("30 people", coder="model: any"),
        fact(*DEAL),
        fact("Beta was there", coder="Cy"),
        fact("Beta was silent", coder="Cy", doc_id="b"),
        fact("Nobody spoke", coder="model: any", doc_id="b"),
    )
    assert read_facts(articles).value.tolist() == ["signed a deal", "Beta was silent"]


def test_what_a_model_alone_has_coded_does_not_count(coded):
    articles, codings = coded(fact(*DEAL, coder="Model x"))
    assert read_facts(articles).empty
    assert c.coder_table(codings).coded_by.tolist() == ["model"]
    from utils.page.findings_centres import describe_coding

    coders = c.coder_table(codings)
    alone = "The coding is by “Model x” alone, a language model, and counts only once a person"
    assert describe_coding(read_facts(articles), coders).startswith(alone)
    two = pd.concat([coders, coders.assign(coder="Model y")])
    alone = "The coding is by “Model x” and “Model y” alone, language models, and counts"
    assert describe_coding(read_facts(articles), two).startswith(alone)


def test_what_is_settled_replaces_a_cell_and_keeps_both_codings(coded):
    rows = [
        fact(*DEAL),
        fact("30 people", attribute="figure"),
        fact("Nobody spoke"),
        fact("Beta was there", coder="model: any"),
        fact("Beta was there", coder="settled: Bo", why="the model found what was missed"),
        fact("Beta was there", doc_id="b"),
    ]
    articles, codings = coded(*rows)
    facts = read_facts(articles)
    assert facts.value.tolist() == ["Beta was there", "30 people", "Beta was there"]
    assert facts.doc_id.tolist() == ["a", "a", "b"]
    assert len(codings) == len(rows)
    settled = c.settled_table(codings)
    assert settled.why.tolist() == ["the model found what was missed"]
    row = settled.iloc[0]
    assert [text for text, _, _ in row.added] == ["Beta was there"]
    assert [text for text, _, _ in row.dropped] == ["signed a deal", "Nobody spoke"]
    assert row.kept == 0
    assert first_coding(codings).value.tolist()[:2] == ["signed a deal", "30 people"]
    table = c.disagreements(codings)
    assert set(table.why[table.attribute == "event"]) == {"the model found what was missed"}


def test_a_coder_of_half_the_articles_is_compared_there_and_it_is_said(coded):
    articles, codings = coded(
        fact(*DEAL), fact("Beta was there", doc_id="b"), fact(*DEAL, coder="Cy")
    )
    table = c.agreement_table(articles, codings)
    assert table[["agreed", "coded", "units"]].iloc[0].tolist() == [1, 1, 7]
    assert findings.describe_uncompared(codings, table) == (
        "Agreement is over the one article that two coders or more have coded; one article was "
        "coded by one only"
    )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [fact(*DEAL), fact(*DEAL)],
            "row 3, column quote: Bo has it in row 2 too; take one out, or give two coders two",
        ),
        ([fact(*DEAL, coder=""), fact(*DEAL)], "row 2, column coder: empty, while other rows name"),
        (
            [fact(*DEAL), fact("Nobody spoke", coder="bo")],
            "row 3, column coder: 'bo' and 'Bo' differ in capitals only; give one coder one name",
        ),
        ([fact(*DEAL), fact(*DEAL, coder="settled")], "row 3, column why: empty; say what was"),
        (
            [fact(*DEAL, coder="settled: Model 1", why="so")],
            "row 2, column coder: a model settles nothing",
        ),
        (
            [fact(*DEAL), fact(*DEAL, coder="Cy"), fact("Beta was there", attribute="events")],
            "row 4, column attribute: only Bo has 'events', and attributes.csv does not list it; "
            "did you mean event?",
        ),
    ],
)
def test_bad_codings_are_named_with_row_and_mend(coded, rows, problem):
    with pytest.raises(Mistake, match="centres.csv") as mistake:
        coded(*rows)
    assert any(problem in line for line in mistake.value.problems), mistake.value.problems


def test_three_coders_are_compared_two_and_two(coded):
    rows = [fact(*DEAL, coder=name) for name in ("Bo", "Cy", "Di")]
    articles, codings = coded(*rows, fact("Beta was there", coder="Di"))
    table = c.agreement_table(articles, codings)
    assert table[["agreed", "coded"]].iloc[0].tolist() == [1, 2]
    assert table.coded[table.measure == "about"].tolist() == [3]
    assert len(c.disagreements(codings)) == 2  # Bo and Di, Cy and Di


def test_people_are_compared_apart_from_models(coded):
    people = [fact(*DEAL, coder=name) for name in ("Bo", "Cy")]
    articles, codings = coded(*people, fact("Beta was there", coder="model: any"))
    table = c.agreement_table(articles, codings)
    places = table[(table.measure == "place") & (table.attribute == "all")]
    assert places.among.tolist() == ["people", "with models"]
    assert places[["agreed", "coded"]].to_numpy().tolist() == [[1, 1], [0, 2]]
    coders = c.coder_table(codings)
    said = findings.describe_agreement(table, coders)
    assert said.startswith("Two coders are compared, two people or teams; one article has been co")
    assert "coded by both. In" in said
    assert "it is 0 of 2 places" in findings.describe_with_models(table)
    assert "two people or teams; the coding of a language model is compared with theirs apart" in (
        findings.describe_trust(coders, table)
    )


@pytest.mark.parametrize(
    ("names", "who", "trust"),
    [
        ("Bo,model: x", "a person or a team, and a language model", "no two people or teams"),
        ("Bo,Cy", "two people or teams", "how far others would agree"),
        ("Bo,Cy,Di", "three people or teams", "how far others would agree"),
        ("model: x,Model y", "two language models", "A language model had a part in every coding"),
    ],
)
def test_sentences_say_who_is_compared(coded, names, who, trust):
    articles, codings = coded(*(fact(*DEAL, coder=name) for name in names.split(",")))
    table, coders = c.agreement_table(articles, codings), c.coder_table(codings)
    assert f"compared, {who};" in findings.describe_agreement(table, coders)
    assert findings.describe_with_models(table) == ""
    assert trust in findings.describe_trust(coders, table)


def test_what_a_coder_left_out_counts_as_not_coded_and_is_named(coded):
    rows = [
        fact(*DEAL),
        fact("30 people", attribute="figure"),
        fact("Beta was there", attribute="d"),
    ]
    articles, codings = coded(*rows, fact(*DEAL, coder="Cy"))
    table = c.agreement_table(articles, codings).set_index(["measure", "attribute"])
    assert table.loc[("place", "all"), ["agreed", "coded"]].tolist() == [1, 1]
    assert table.loc[("stated", "all"), ["agreed", "coded"]].tolist() == [1, 1]
    assert c.partly_coded(codings).to_numpy().tolist() == [["Cy", "a", 1, 3]]
    assert "“Cy” has coded 1 of 3 attributes of " in findings.describe_uncompared(
        codings, table.reset_index()
    )
    notes = c.read_coders(articles).attrs["notes"]
    assert notes == [
        "centres.csv: Cy has coded 1 of 3 attributes of a; what is missing counts as not coded"
    ]
    unjudged = c.disagreements(codings)
    assert unjudged.difference.tolist() == ["unjudged", "unjudged"]
    assert findings.describe_disagreements(unjudged) == (
        "The coders disagree nowhere. Besides, 2 rows have an attribute that the other did not "
        "judge. What was settled takes up or changes a row of none of these"
    )


def test_the_kinds_of_disagreement_are_told_in_a_sentence():
    """A kind that there is none of is not told."""
    table = pd.DataFrame({"difference": ["one", "one", "words", ""], "why": ["", "so", "", ""]})
    assert findings.describe_disagreements(table) == (
        "The coders disagree 4 times: 2 times only one of two coders has the attribute in the "
        "sentence, once they code other words of the same sentence and once they name another "
        "kind, subject or side. What was settled takes up or changes a row of one of these"
    )


def test_a_reason_stands_only_beside_what_settling_has_changed(coded):
    rows = [fact(*DEAL), fact("Beta was there", side="British")]
    others = [fact("Nobody spoke", coder="Cy"), fact("Beta was there", coder="Cy", side="Chinese")]
    settled = [row | {"coder": "settled", "why": "so"} for row in (*rows, others[0])]
    _, codings = coded(*rows, *others, *settled)
    table = c.disagreements(codings).set_index("quote")
    assert table.why["Nobody spoke"] == "so"
    assert table.why["Beta was there"] == ""


def test_sides_that_one_coder_left_blank_are_told_apart(coded):
    quotes = ["signed a deal", "30 people", "Beta was there", "Beta was silent", "Nobody spoke"]
    rows = [fact(quote, side="British") for quote in quotes]
    others = [row | {"coder": "Cy", "side": ""} for row in rows]
    others[0]["side"] = "British"
    articles, codings = coded(*rows, *others)
    said = findings.describe_pairs(c.agreement_table(articles, codings))
    assert "Of the 4 pairs whose sides differ, one coder left the side blank in four;" in said
    assert said.endswith("they agree in 1 of 1")


def test_coders_are_as_the_table_of_coders_says(coded):
    articles, codings = coded(fact(*DEAL), fact(*DEAL, coder="model: x"))
    file = folder_of(articles) / "coders.csv"
    file.write_text("coder,kind,note\nBo,person with a model,wrote the codebook\nEx,,\n", "utf-8")
    listed = c.read_coders(articles)
    assert listed.attrs["notes"] == ["coders.csv: 'Ex' has coded nothing"]
    coders = c.coder_table(codings, listed)
    assert coders.coded_by.tolist() == ["person with a model", "model"]
    assert findings.describe_notes(coders) == "“Bo”: wrote the codebook"
    file.write_text("coder,kind\nBo,model\n", "utf-8")
    with pytest.raises(Mistake, match="coders.csv, row 2, column kind: a model's name begins with"):
        c.read_coders(articles)


def test_two_thirds_are_reached_by_two_thirds():
    table = pd.DataFrame([["people", "place", "event", 2 / 3 - 1e-12]])
    table.columns = ["among", "measure", "attribute", "alpha"]
    assert findings.describe_reach(table) == "Alpha reaches two thirds for one of one attribute"


def test_findings_that_read_otherwise_are_listed_side_by_side():
    changes = findings.changed_findings(["one", ("two", None), "three"], ["one", "2", "three"])
    assert changes.to_numpy().tolist() == [["two", "2"]]
    assert findings.describe_changes(changes).startswith("One finding reads otherwise")


@pytest.fixture(scope="module")
def two_coders(articles, tmp_path_factory):
    """The corpus with a second coder, made of the first: two thirds of the rows, some changed."""
    folder = tmp_path_factory.mktemp("two") / "corpus"
    shutil.copytree(folder_of(articles), folder)
    codings = pd.read_csv(folder / "centres.csv", dtype=str, keep_default_na=False)
    first = codings[codings.coder == codings.coder[0]] if "coder" in codings else codings
    first = first.reset_index(drop=True).assign(coder="<b>Bo</b>", why="")
    second = first[first.index % 3 > 0].assign(coder="model: <i>any</i>")
    second.loc[second.index % 5 == 0, "about"] = "district"
    third = first.iloc[[3]].assign(coder="settled: Bo", why="the title is =1+1 of it")
    pd.concat([first, second, third]).to_csv(folder / "centres.csv", index=False)
    return folder


def test_the_notebook_appears_where_there_are_two_coders(two_coders, make_corpus):
    assert why_not(NOTEBOOK, two_coders) == ""
    assert "two coders" in why_not(NOTEBOOK, make_corpus({"a": TEXT}))
    assert (
        why_not(NOTEBOOKS / "04_innovation_centres.ipynb", make_corpus({"a": TEXT}, name="b")) == ""
    )


def test_the_notebook_is_left_out_where_there_are_not(make_corpus, tmp_path, capsys):
    folder = make_corpus({"a": TEXT})
    asked = ["--corpus", str(folder), "--output", str(tmp_path / "reports"), "--notebooks", "05"]
    assert main(asked) == 2
    said = capsys.readouterr().err
    assert said.startswith("--notebooks 05_coding: no article has two coders in centres.csv; add")
    assert len(said.splitlines()) == 1


def test_the_page_says_who_agreed_and_shows_every_disagreement(two_coders, tmp_path):
    output = tmp_path / "reports"
    asked = ["--corpus", str(two_coders), "--output", str(output), "--notebooks", "04", "05"]
    assert main(asked) == 0
    cells = json.loads((output / "notebooks/05_coding.ipynb").read_text("utf-8"))["cells"]
    said = json.dumps(cells)
    assert "pairs of a centre and an attribute that two of them judged, they say alike" in said
    page = (output / "05_coding.html").read_text("utf-8")
    assert "<b>Bo</b>" not in page
    data = output / "data" / "05_coding"
    codings = read_codings(read_corpus(two_coders))
    listed = pd.read_csv(data / "disagreements.csv")
    assert len(listed) == len(c.disagreements(codings))
    assert len(pd.read_csv(data / "by_models.csv")) == (codings.coder == "model: <i>any</i>").sum()
    facts = pd.read_csv(output / "data/04_innovation_centres/facts.csv")
    assert len(facts) == len(read_facts(read_corpus(two_coders)))
    codings = pd.read_csv(two_coders / "centres.csv", dtype=str, keep_default_na=False)
    first = codings[codings.coder == codings.coder[0]]
    first.to_csv(two_coders / "centres.csv", index=False)
    assert main([*asked[:4], "--notebooks", "04"]) == 0
    assert (output / "04_innovation_centres.html").exists()
    assert not (output / "05_coding.html").exists()


def test_a_figure_of_intervals_has_its_numbers_and_its_text():
    table = pd.DataFrame(
        {"attribute": ["a", "b"], "alpha": [0.5, 1.0], "low": [0.1, np.nan], "high": [0.8, np.nan]}
    )
    figure = draw_intervals(table, "Alpha reaches 0.667 for one of two", "alpha")
    assert figure.data.equals(table)
    assert "0.5" in figure.alt
