"""Coded facts with their evidence, the matrix, silences and voices."""

import re
import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.facts import centres
from utils.stats import similarity as comparison
from utils.corpus.articles import CORPUS, read_corpus
from utils.facts.quotations import find_quotation
from utils.corpus.files import Mistake
from utils.stats.themes import read_themes
from utils.corpus.tokens import sentence_table, tokenize

HEADER = "centre,attribute,value,about,doc_id,quote,note\n"
TEXT = "Title of it\n\nThe city signed a deal with  “Alpha”. It brings 30 people. Beta was there. Beta was silent.\n"


@pytest.fixture(scope="module")
def facts(articles):
    return centres.read_facts(articles)


@pytest.fixture
def coded(make_corpus):
    def make(*rows: str):
        folder = make_corpus({"a": TEXT}, {"a": {"title": "Title of it"}})
        (folder / "centres.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        return read_corpus(folder), folder

    return make


def test_every_quotation_stands_in_its_article_within_one_sentence(articles, facts):
    spans = {
        key: (row.start, row.end)
        for row in sentence_table(articles).itertuples()
        for key in [(row.doc_id, row.sentence)]
    }
    stated = facts[facts.value != "not stated"]
    assert stated.centre.value_counts().to_dict() == {
        "Nottingham-Ningbo": 58,
        "Cambridge-Nanjing": 63,
        "UKIIC-Taizhou Bay": 73,
    }
    for fact in stated.itertuples():
        raw = articles.raw[fact.doc_id][fact.start : fact.end]
        assert list(raw.split()) == list(fact.quote.split()) or find_quotation(raw, fact.quote)
        if pd.notna(fact.sentence) and fact.sentence:
            low, high = spans[fact.doc_id, fact.sentence]
            assert low <= fact.start < fact.end <= high


def test_a_value_is_in_the_words_of_its_quotation(facts):
    """Unless the note says that words are left out."""
    for fact in facts[(facts.value != "not stated") & ~facts.note.str.contains("left out")].itertuples():
        value, quote = (set(re.findall(r"[\w&]+", text.lower())) for text in (fact.value, fact.quote))
        assert value <= quote, f"row {fact.Index}: {value - quote}"


def test_what_the_text_leaves_open_is_not_counted_for_the_centre(facts):
    open_ = facts[facts.about == "centre or UKIIC"]
    assert set(open_.sentence) == {15}  # "The Innovation Center", which UKIIC's own name is too
    assert not set(open_.about) & set(centres.OWN)


def test_each_attribute_is_coded_or_called_silent_for_each_centre(facts):
    attributes = centres.read_attributes(facts)
    whole = centres.matrix(facts, attributes)
    assert list(whole.columns[1:]) == ["Nottingham-Ningbo", "Cambridge-Nanjing", "UKIIC-Taizhou Bay"]
    assert all(cell for row in whole.itertuples(index=False, name=None) for cell in row[1:])
    listed = [
        entry for row in whole.itertuples(index=False, name=None) for cell in row[1:] for entry in cell if entry[1]
    ]
    assert not any(
        ("not coded", None, None) in cell for row in whole.itertuples(index=False, name=None) for cell in row[1:]
    )
    assert len(listed) == (facts.value != "not stated").sum()


def test_what_was_also_held_is_kept_apart(facts):
    side = facts[facts.about == "side event"]
    assert {"Zhao Haibin", "Wang Xianyi", "Ke Wanying", "Lu Hongju"} == set(
        side[side.attribute.str.startswith("person")].value.str.split(",").str[0]
    )
    figures = facts[
        (facts.centre == "UKIIC-Taizhou Bay") & (facts.attribute == "figure") & (facts.value != "not stated")
    ]
    assert set(figures.about) == {"district"}


def test_a_silence_with_hits_is_explained(tokens, facts):
    silent = centres.silences(tokens, facts, centres.read_attributes(facts))
    assert (silent.note[silent.hits.fillna(0) > 0] != "").all()
    budget = silent[silent.attribute == "budget of the centre"].set_index("centre").hits.to_dict()
    assert budget == {
        "Nottingham-Ningbo": 0,
        "Cambridge-Nanjing": 0,
        "UKIIC-Taizhou Bay": 3,
    }  # investment, yuan, capital


def test_secretary_zhang_speaks_and_the_british_guest_is_silent(articles, facts):
    aliases = comparison.read_aliases(articles)
    people = centres.people(facts, dict(zip(aliases.alias, aliases.body, strict=True))).set_index("person")
    assert people.voice[["Zhang Jinghua", "Zhang Shuji", "Eilis Ferran", "Liu Xian"]].tolist() == [
        "given words",
        "given words",
        "silent",
        "given words",
    ]
    assert people.side[["Eilis Ferran", "Liu Xian", "Luo Qun"]].tolist() == ["British", "British", "Chinese"]


def test_stages_add_up(facts):
    table = centres.commitments(facts)
    assert table.groupby("centre").commitments.sum().tolist() == table.groupby("centre").of.first().tolist()
    assert dict(zip(table.stage[:4], table.commitments[:4], strict=True)) == {
        "done": 1,
        "under way": 0,
        "planned": 5,
        "hoped for": 2,
    }


def test_fields_stand_by_the_theme_of_their_own_words(articles, tokens, facts):
    fields = centres.fields_by_theme(articles, tokens, facts, read_themes()).set_index("theme")
    health = fields.loc["health and life sciences"]
    assert [text for text, _, _ in health["Nottingham-Ningbo"]] == ["life and health", "future medical technology"]
    assert [text for text, _, _ in health["Cambridge-Nanjing"]] == ["life health technologies", "health care"]
    assert health["UKIIC-Taizhou Bay"] == []


def test_no_date_is_completed(articles, facts):
    dated = centres.dated(articles, facts)
    certainty = dict(zip(dated.printed, dated.certainty, strict=True))
    assert certainty["May 17"] == "day, no year: cannot be placed"
    assert certainty["recently"] == "no date printed"
    assert "comes after the release on 2018-10-05" in " ".join(dated.certainty)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("c,event,signed,centre,a,signed a pact,", "row 2, column quote: not in a: “signed a pact”; copy it"),
        ("c,event,signed,centre,b,signed a deal,", "row 2, column doc_id: no article 'b'; there are: a"),
        (
            "c,event,signed,centre,a,It brings 30 people. Beta was there,",
            "row 2, column quote: longer than its sentence",
        ),
        ("c,event,was,centre,a,Beta was,", "row 2, column quote: stands in 2 sentences"),
        ("c,figure,40 people,centre,a,30 people,", "row 2, column value: the quotation has no 40"),
        ("c,figure,30 people,centre,a,,", "row 2, column quote: empty; copy the words"),
        ("c,figure,30 people,,a,30 people,", "row 2, column about: empty"),
        ("c,commitment: soon,signed,event,a,signed a deal,", "column attribute: 'commitment: soon': did you mean done"),
        ("c,figure,30 people,center,a,30 people,", "row 2, column about: 'center' is not known; did you mean centre"),
    ],
)
def test_a_fact_without_its_evidence_names_its_row(coded, row, wrong):
    with pytest.raises(Mistake, match=wrong):
        centres.read_facts(*coded(row))


def test_a_misspelt_column_is_named_with_the_right_one(coded):
    articles, folder = coded("c,figure,30 people,centre,a,30 people,")
    text = (folder / "centres.csv").read_text("utf-8")
    (folder / "centres.csv").write_text(text.replace("quote", "qoute"), "utf-8")
    with pytest.raises(Mistake, match="centres.csv, row 1: no column 'qoute' is known; did you mean quote"):
        centres.read_facts(articles, folder)


def test_white_space_and_quotation_marks_apart(coded):
    facts = centres.read_facts(
        *coded('c,UK partner,Alpha,centre,a,"signed a deal with ""Alpha""",', "c,figure,30 people,centre,a,30 people,")
    )
    assert facts.sentence.tolist() == [1, 2]


def test_any_entities_in_the_same_columns_are_compared(coded):
    articles, folder = coded(
        "Alpha,event,signed a deal,event,a,signed a deal,",
        "Beta,person: attended,Beta,event,a,Beta was there,",
        "Beta,event,not stated,event,a,,",
    )
    facts = centres.read_facts(articles, folder)
    whole = centres.matrix(facts, centres.read_attributes(facts, folder)).set_index("attribute")
    assert whole.loc["event", "Alpha"] == [("signed a deal", "a", 1)]
    assert whole.loc["event", "Beta"] == [("not stated", None, None)]
    assert whole.loc["person", "Alpha"] == [("not coded", None, None)]
    assert whole.loc["person", "Beta"] == [("attended: Beta", "a", 3)]


@given(
    st.lists(
        st.text(alphabet="abcé.", min_size=1, max_size=6),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([" ", "\n", "  ", " “", "”\n"]),
)
def test_a_quotation_is_found_whatever_parts_its_words(words, gap):
    raw = "x " + gap.join(words) + " x"
    start, end = find_quotation(raw, " ".join(words))[0]
    assert re.split(r"[\s“”]+", raw[start:end]) == words


def test_mentions_are_counted_by_body(articles, tokens):
    """By hand in cambridge-nanjing: University of Cambridge in sentences 1, 5 twice; Cambridge University in 6 and 14."""
    aliases = comparison.read_aliases(articles)
    table = comparison.body_table(comparison.mentions(tokens, aliases), aliases).set_index(["body", "doc_id"])
    assert table.loc[("University of Cambridge", "cambridge-nanjing"), ["mentions", "where"]].tolist() == [
        5,
        "1 5 6 14",
    ]
    assert table.loc[("Zhang Jinghua", "cambridge-nanjing"), "mentions"] == 2
    assert table.loc[("UKIIC", "ukiic-taizhou"), "mentions"] == 4  # in sentences 1, 12, 13, 14
    assert ("Ningbo science bureau", "nottingham-ningbo") in table.index
    assert ("Taizhou science bureau", "ukiic-taizhou") in table.index
    assert "泰州" in table.loc[("Taizhou", "ukiic-taizhou"), "caution"]


def test_an_alias_must_stand_in_its_quotation(articles, tmp_path):
    (tmp_path / "aliases.csv").write_text(
        "body,alias,doc_id,quote\nUKIIC,UKIIC Ltd,ukiic-taizhou,director of the UKIIC Accelerator\n"
    )
    with pytest.raises(Mistake, match="aliases.csv, row 2, column quote: does not show the alias 'UKIIC Ltd'"):
        comparison.read_aliases(articles, tmp_path)


def test_shared_phrases_and_similarity(tokens_of):
    tokens = tokens_of(
        "Green energy research begins now. Old dogs sleep.",
        "They fund green energy research begins slowly.",
        "Cats purr.",
    )
    phrases = comparison.shared_phrases(tokens, frozenset({"now", "they"}))
    assert phrases.phrase.tolist() == ["green energy research begins"] * 2
    alike = comparison.similarity(tokens, [], frozenset(), phrases)
    assert alike.cosine.tolist() == sorted(alike.cosine, reverse=True)
    # By hand: 4 shared words of 8 and of 7, each once: 4 / √(8 × 7).
    assert alike.cosine[0] == pytest.approx(4 / (8 * 7) ** 0.5)
    assert alike.cosine[2] == 0


def test_similarity_against_scikit_learn(tokens):
    from sklearn.metrics.pairwise import cosine_similarity

    from utils.stats.frequency import counts_by_article
    from utils.corpus.words import is_content

    ours = comparison.similarity(tokens, [], frozenset(), comparison.shared_phrases(tokens, frozenset()))
    theirs = cosine_similarity(counts_by_article(tokens[is_content(tokens.term, frozenset())])[0].T)
    assert max(ours.cosine) == pytest.approx(max(theirs[i, j] for i in range(5) for j in range(i)))


def test_of_renderings_that_overlap_the_longest_counts(tokens):
    table = comparison.renderings(tokens).set_index(["rendering", "doc_id"]).found
    assert table['"achievement transformation"', "nottingham-ningbo"] == 1
    assert (
        '"technological innovation"',
        "cambridge-nanjing",
    ) not in table.index  # inside “scientific and technological innovation”


def test_a_corpus_without_coding_still_compares(tmp_path):
    folder = tmp_path / "corpus"
    shutil.copytree(CORPUS, folder)
    for name in ("centres.csv", "attributes.csv", "aliases.csv", "renderings.csv", "claims.csv", "quantities.csv"):
        (folder / name).unlink()
    articles = read_corpus(folder)
    tokens, facts = tokenize(articles), centres.read_facts(articles, folder)
    assert facts.empty
    of_centre = centres.entities(articles, facts)
    assert set(of_centre) == {"Nottingham-Ningbo", "Cambridge-Nanjing", "UKIIC-Taizhou Bay"}
    assert not comparison.words_apart(tokens, of_centre, frozenset(), []).empty
    assert centres.people(facts, {}).empty
    assert comparison.renderings(tokens, folder).empty
