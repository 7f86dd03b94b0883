"""Centres side by side: the matrix, silences, people, statements, fields and dates."""

import shutil

import pytest

from utils.corpus.articles import CORPUS, read_corpus
from utils.corpus.tokens import tokenize
from utils.facts.centres import compare_centres, matrix
from utils.facts.coding import OWN, read_attributes, read_facts
from utils.stats.themes import read_themes

CENTRES = ["Nottingham–Ningbo", "Cambridge–Nanjing", "UKIIC–Taizhou Bay"]


@pytest.fixture(scope="module")
def compared(articles, tokens):
    return compare_centres(articles, tokens, read_themes(articles))


def test_each_attribute_is_coded_or_called_silent_for_each_centre(compared):
    assert list(compared.matrix.columns[1:]) == CENTRES
    cells = compared.matrix[CENTRES].stack()
    assert cells.map(len).min() == 1
    entries = cells.explode()
    assert ("not coded", None, None) not in entries.tolist()
    quoted = entries.map(lambda entry: entry[1] is not None)
    assert quoted.sum() == (compared.facts.value != "not stated").sum()


def test_a_silence_with_hits_is_explained(compared):
    silent = compared.silences
    assert (silent.note[silent.hits.fillna(0) > 0] != "").all()
    budget = silent[silent.attribute == "budget of the centre"].set_index("centre").hits
    assert budget[CENTRES].tolist() == [0, 0, 3]  # investment, yuan, capital


def test_secretary_zhang_speaks_and_the_british_guest_is_silent(compared):
    people = compared.people.set_index("person")
    names = ["Zhang Jinghua", "Zhang Shuji", "Eilis Ferran", "Liu Xian"]
    assert people.voice[names].tolist() == ["speaks", "speaks", "silent", "speaks"]
    assert people.known_as["Zhang Shuji"] == "Zhang Jinghua"
    sides = people.side[["Eilis Ferran", "Liu Xian", "Luo Qun"]]
    assert sides.tolist() == ["British", "British", "Chinese"]


def test_stages_add_up(compared):
    table = compared.statements
    by_centre = table.groupby("centre")
    assert by_centre.statements.sum().tolist() == by_centre.of.first().tolist()
    assert table.stage[:4].tolist() == ["done", "under way", "planned", "hoped for"]
    assert table.statements[:4].tolist() == [1, 0, 5, 2]
    assert compared.voices.statements.sum() == table.statements.sum()


def test_fields_are_under_the_themes_of_their_own_words(compared):
    health = compared.fields.set_index("theme").loc["health and life sciences"]
    texts = health.map(lambda cell: [text for text, _, _ in cell])
    assert texts["Nottingham–Ningbo"] == ["life and health", "future medical technology"]
    assert texts["Cambridge–Nanjing"] == ["life health technologies", "health care"]
    assert texts["UKIIC–Taizhou Bay"] == []


def test_no_date_is_completed(compared):
    dated = compared.dated
    by_print = dated.drop_duplicates("printed").set_index("printed")
    assert by_print.certainty["May 17"] == "day, no year"
    assert by_print.certainty["recently"] == "no date printed"
    assert by_print.certainty["2018"] == "year"
    assert dated.printed[dated.has_year].tolist() == ["2018-10-05", "2018", "2019", "2021-05-17"]
    assert compared.printed_dates.year.notna().sum() == 2
    assert compared.events["cambridge-nanjing"] == "event: November 5th, the same day"
    assert dated.printed[dated.after_release].tolist() == ["November 5th"]


def test_any_entities_in_the_same_columns_are_compared(make_corpus):
    folder = make_corpus({"a": "Title of it\n\nThe city signed a deal. Beta was there.\n"})
    (folder / "centres.csv").write_text(
        "centre,attribute,value,about,doc_id,quote\n"
        "Alpha,event,signed a deal,event,a,signed a deal\n"
        "Beta,person: attended,Beta,event,a,Beta was there\n"
        "Beta,event,not stated,event,a,\n",
        "utf-8",
    )
    articles = read_corpus(folder)
    facts = read_facts(articles)
    whole = matrix(facts, read_attributes(articles, facts)).set_index("attribute")
    assert whole.loc["event", "Alpha"] == [("signed a deal", "a", 1)]
    assert whole.loc["event", "Beta"] == [("not stated", None, None)]
    assert whole.loc["person", "Alpha"] == [("not coded", None, None)]
    assert whole.loc["person", "Beta"] == [("attended: Beta", "a", 2)]


def test_a_corpus_without_coding_still_compares(tmp_path):
    folder = tmp_path / "corpus"
    shutil.copytree(CORPUS, folder)
    for name in ("centres", "attributes", "aliases", "renderings", "claims", "quantities"):
        (folder / f"{name}.csv").unlink()
    articles = read_corpus(folder)
    compared = compare_centres(articles, tokenize(articles), read_themes(articles))
    assert set(compared.of_centre) == set(CENTRES)
    assert compared.dated.what.unique().tolist() == ["date in the text"]
    filled = ("of_centre", "dated", "printed_dates")
    uncoded = [table for name, table in vars(compared).items() if name not in filled]
    assert not any(map(len, uncoded))


def test_people_of_a_side_event_are_not_counted_as_present(compared):
    people = compared.people[compared.people.centre == "UKIIC–Taizhou Bay"]
    there = people[people.use == "person"]
    assert (there.about == "side event").sum() == 4
    present = compared.voices.set_index("centre").present["UKIIC–Taizhou Bay"].sum()
    assert present == there.about.isin(OWN).sum() < len(there)


def test_without_facts_only_a_named_centre_is_one(make_corpus):
    texts = {name: f"T\n\nRain fell on {name}. It fell." for name in "abc"}
    for name, columns, centres in (
        ("one", {"b": {"centre": "Dover"}}, {"b": "Dover"}),
        ("none", {}, {}),
    ):
        articles = read_corpus(make_corpus(texts, columns, name))
        compared = compare_centres(articles, tokenize(articles), read_themes(articles))
        assert compared.of_centre.to_dict() == centres
        assert set(compared.printed_dates.doc_id) <= set(centres)
