"""The problems of all side tables come in one go, and a new table needs no list."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from utils.corpus import tables
from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.facts.tables import check_side_tables

TEXT = "Title of it\n\nThe city signed a deal with Alpha. It brings 30 people in 2019.\n"
BROKEN = {
    "themes.csv": 'theme,pattern\nmoney,"""cash"\n',
    "aliases.csv": "body,alias,doc_id,quote\nAlpha,Alpha Ltd,a,a deal with Alpha\n",
    "attributes.csv": "attribute,meaning,check,use\nevent,,,evnt\n",
    "centres.csv": (
        "centre,attribute,value,about,doc_id,quote\n"
        "c,event,a pact,centre,a,a pact\nc,event,30 people,centr,a,30 people\n"
    ),
    "claims.csv": (
        "claim,kind,doc_id,quote,stated,values,from,to,untestable,explanation\n"
        "people,sum,a,brings 30 people,30,10 | 20,,,,\n"
    ),
    "renderings.csv": "concept,rendering\ndeal,|\n",
    "quantities.csv": "doc_id,sentence,number,unit,year\na,2,thirty,people,\nb,2,30,people,\n",
    "nodes.txt": "deal\n|city\n",
}
ENDLESS = "/(e|ee)+x/"  # it can be read, and takes for ever on a long row of e's


@pytest.fixture
def corpus(make_corpus):
    return make_corpus({"a": TEXT}, {"a": {"title": "Title of it"}})


def _problems(folder):
    with pytest.raises(Mistake) as mistake:
        check_side_tables(read_corpus(folder))
    return mistake.value.problems


def test_the_tables_of_this_corpus_pass(articles):
    check_side_tables(articles)


def test_one_problem_of_each_table_and_none_twice(corpus):
    for name, text in BROKEN.items():
        (corpus / name).write_text(text, "utf-8")
    problems = _problems(corpus)
    assert {problem.split(",")[0] for problem in problems} == set(BROKEN)
    assert len(problems) == len(set(problems))
    for part in (
        "themes.csv, row 2, column pattern",
        "aliases.csv, row 2, column quote: does not show the alias 'Alpha Ltd'",
        "attributes.csv, row 2, column use: 'evnt' is not known; did you mean event date?",
        "centres.csv, row 2, column quote: not in a",
        "claims.csv, row 2, column values: the quotation has no “10”",
        "quantities.csv, row 2, column number: 'thirty' is not a number",
        "quantities.csv, row 3, column doc_id: no article 'b'",
        "nodes.txt, row 2, column node",
    ):
        assert any(problem.startswith(part) for problem in problems), part


def test_facts_are_checked_further_once_the_attributes_can_be_read(corpus):
    for name in ("centres.csv", "claims.csv"):
        (corpus / name).write_text(BROKEN[name], "utf-8")
    problems = _problems(corpus)
    assert (
        "centres.csv, row 3, column about: 'centr' is not known; did you mean centre?" in problems
    )


def test_a_new_table_is_a_new_description(corpus, monkeypatch):
    described = {"doc_id": "text", "quote": "quotation"}
    columns = [
        SimpleNamespace(name=name, presence="needed", holds=holds, values="")
        for name, holds in described.items()
    ]
    monkeypatch.setitem(tables.TABLES, "maps", tables.SideTable("maps.csv", columns))
    (corpus / "maps.csv").write_text("doc_id,quote\na,no such words\n", "utf-8")
    (problem,) = _problems(corpus)
    assert problem.startswith("maps.csv, row 2, column quote: not in a: “no such words”")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("themes.csv", f"theme,pattern\na,deal\nb,{ENDLESS}\n", "row 3, column pattern"),
        ("renderings.csv", f"concept,rendering\nb,deal|{ENDLESS}\n", "row 2, column rendering"),
        ("nodes.txt", f"deal\n{ENDLESS}\n", "row 2, column node"),
        ("attributes.csv", f"attribute,meaning,check\nb,,{ENDLESS}\n", "row 2, column check"),
    ],
)
def test_a_pattern_that_does_not_end_is_named_before_anything_runs(make_corpus, name, text, place):
    folder = make_corpus({"a": f"{TEXT}\nSo he said {'e' * 60}.\n"})
    (folder / name).write_text(text, "utf-8")
    (problem,) = _problems(folder)
    assert problem.startswith(f"{name}, {place}: query ")
    assert "does not end" in problem


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("themes.csv", "theme,pattern\na,case:Alpha\n", "pattern"),
        ("renderings.csv", "concept,rendering\na,case:Alpha\n", "rendering"),
        ("attributes.csv", "attribute,meaning,check\na,,case:Alpha\n", "check"),
    ],
)
def test_capitals_are_refused_where_they_are_not_looked_for(corpus, name, text, column):
    (corpus / name).write_text(text, "utf-8")
    (problem,) = _problems(corpus)
    assert problem.startswith(f"{name}, row 2, column {column}: case: ")


@pytest.mark.parametrize(
    ("texts", "rules"),
    [
        ({"a": "***\n\n— — —\n", "b": "😀\n\n…\n"}, ""),
        ({"a": TEXT, "b": TEXT}, "all,furniture,(?s).*\n"),
        ({"a": TEXT}, "all,dateline,.*\n"),
    ],
)
def test_articles_without_a_word_are_said_to_be_so(make_corpus, texts, rules):
    folder = make_corpus(texts)
    (folder / "furniture.csv").write_text(f"rule,label,pattern\n{rules}", "utf-8")
    (problem,) = _problems(folder)
    assert problem.startswith("no article has a word that is counted")


def test_one_article_without_a_word_stops_nothing(make_corpus):
    check_side_tables(read_corpus(make_corpus({"a": TEXT, "b": "***\n\n— —\n"})))


@pytest.mark.parametrize("name", ["x" * 300, "港" * 100, "x" * 9000])
def test_a_name_that_no_file_can_have_is_a_missing_file(make_corpus, name):
    folder = make_corpus({"a": TEXT}, {"a": {"file": name}})
    with pytest.raises(Mistake) as mistake:
        read_corpus(folder)
    assert mistake.value.problems[0].startswith("metadata.csv, row 2, column file: texts/")
    assert len(mistake.value.problems[0]) < 200


def test_a_text_that_may_not_be_read_is_named(corpus, monkeypatch):
    read = Path.read_bytes

    def refuse(path):
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        Mistake, match=r"metadata\.csv, row 2, column file: a\.txt: Permission denied"
    ):
        read_corpus(corpus)
