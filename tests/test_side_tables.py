"""The problems of all side tables come in one go, and a new table needs no list."""

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
