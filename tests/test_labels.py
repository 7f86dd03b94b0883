"""Labels that readers gave to lines of a concordance: counts, groups, agreement, bad rows."""

import numpy as np
import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.corpus.tables import subset
from utils.corpus.tokens import tokenize
from utils.facts.labels import (
    EVERYWHERE,
    UNLABELLED,
    label_agreement,
    label_table,
    labelled_lines,
    read_labels,
)
from utils.facts.tables import check_side_tables
from utils.page.findings_words import describe_labels
from utils.search.lines import concordance
from utils.search.queries import covered_by_names, find
from utils.stats.groups import choose_groups
from utils.stats.measures import wilson_interval
from utils.stats.themes import body_names

TEXTS = {
    "a": "The port closed. A port of call. The port, the port; no port.\n",
    "b": "Port wine at port side. The port’s U.K. port. Porters port.\n",
}


@pytest.fixture
def labelled(make_corpus):
    """Articles of a corpus with these rows of labels.csv, and its tokens."""

    def make(*rows: str, header: str = "line_id,label,coder"):
        folder = make_corpus(TEXTS)
        (folder / "labels.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
        articles = read_corpus(folder)
        return articles, tokenize(articles)

    return make


def lines_of(articles, tokens):
    return concordance(articles, tokens, "port").line_id.tolist()


def test_lines_keep_their_names_in_any_order_and_for_any_query(articles, tokens):
    lines = concordance(articles, tokens, "innovation").line_id
    for again in (
        concordance(articles, tokens, "innovation", sort="L1 R2"),
        concordance(articles, tokens, "innovation", sample=20),
        concordance(articles, tokens, 'innovation|"innovation center"'),
    ):
        assert set(again.line_id) <= set(lines)
    assert len(lines) == lines.nunique() == 49


def test_the_labels_of_this_corpus_follow_the_rule_that_is_stated(articles, tokens):
    first, _ = find(tokens, "innovation")
    in_name = covered_by_names(tokens, body_names(articles))[first]
    lines = concordance(articles, tokens, "innovation").line_id
    named = dict(zip(lines, np.where(in_name, "name of a body", "other use"), strict=True))
    labels = read_labels(articles, tokens)
    assert dict(zip(labels.line_id, labels.label, strict=True)) == named
    counted = label_table(labelled_lines(articles, tokens, labels), choose_groups(articles))
    assert describe_labels(counted) == [
        "Of 49 uses of “innovation”, 12 are labelled “name of a body” and 37 “other use”",
        "Labelled “name of a body” are 10 of 36 in the centre articles and 2 of 13 in the policy "
        "articles",
    ]


def test_counts_are_of_all_lines_and_shares_have_intervals_where_articles_are_several(labelled):
    articles, tokens = labelled("a:4,harbour,Ada", "b:0,wine,Ada", "b:13,harbour,Ada")
    lines = labelled_lines(articles, tokens, read_labels(articles, tokens))
    assert lines.label.tolist()[:3] == ["harbour", "harbour", "wine"]
    assert set(lines.label[3:]) == {UNLABELLED}
    assert sorted(lines.line_id) == sorted(lines_of(articles, tokens))
    table = label_table(lines)
    assert table[["label", "lines", "of"]].to_numpy().tolist() == [
        ["harbour", 2, len(lines)],
        ["wine", 1, len(lines)],
        [UNLABELLED, len(lines) - 3, len(lines)],
    ]
    low, high = wilson_interval(2, len(lines))
    assert table.loc[0, ["low", "high"]].tolist() == [low, high]
    groups = choose_groups(articles.assign(kind=["x", "y"]), "kind=x")
    by_group = label_table(lines, groups)
    one = by_group[by_group.group != EVERYWHERE]
    assert one.lines.sum() == len(lines)
    assert one[["low", "high"]].isna().all(axis=None)


def test_what_was_settled_counts_then_the_first_person_and_never_a_model(labelled):
    articles, tokens = labelled(
        "a:4,one,model: any",
        "a:4,two,Ada",
        "a:4,three,Ben",
        "a:19,four,model: any",
        "a:37,five,Ada",
        "a:37,six,settled",
    )
    lines = labelled_lines(articles, tokens, read_labels(articles, tokens)).set_index("line_id")
    assert lines.label[["a:4", "a:19", "a:37"]].tolist() == ["two", UNLABELLED, "six"]


def test_a_query_tells_which_lines_were_looked_at(labelled):
    articles, tokens = labelled(
        "a:4,x,Ada,port|porters", "b:46,y,Ada,", header="line_id,label,coder,query"
    )
    labels = read_labels(articles, tokens)
    assert labels["query"].tolist() == ["port|porters", "porters"]
    lines = labelled_lines(articles, tokens, labels)
    assert lines["query"].value_counts().to_dict() == {"port|porters": 11, "porters": 1}


def test_agreement_is_of_lines_that_several_labelled(labelled):
    """Five units, one disagreement: worked by hand after Krippendorff (2011), section B."""
    spots = ["a:4", "a:19", "a:37", "a:47", "a:56"]
    rows = [f"{line},x,Ada" for line in spots] + [f"{line},x,Ben" for line in spots[1:]]
    articles, tokens = labelled(*rows, "a:4,y,Ben", "b:0,x,Ada", "a:4,y,settled")
    [row] = label_agreement(read_labels(articles, tokens)).to_dict("records")
    assert (row["agreed"], row["coded"], row["coders"]) == (4, 5, 2)
    disagreement = 2 / 10
    by_chance = 2 * 9 * 1 / (10 * 9)
    assert row["alpha"] == pytest.approx(1 - disagreement / by_chance)
    few = label_agreement(read_labels(*labelled_again(articles, tokens, spots[:2])))
    assert few.verdict.tolist() == ["too few"]
    assert few.alpha.isna().all()


def labelled_again(articles, tokens, spots):
    rows = [f"{line},x,{coder}" for line in spots for coder in ("Ada", "Ben")]
    file = f"{articles.attrs['folder']}/labels.csv"
    with open(file, "w", encoding="utf-8") as table:
        table.write("\n".join(["line_id,label,coder", *rows, ""]))
    return articles, tokens


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a:5,x,Ada", "column line_id: no word begins at 'a:5'; copy it from the CSV"),
        ("c:4,x,Ada", "no word begins at 'c:4'"),
        ("a,x,Ada", "no word begins at 'a'"),
        ("a:4,,Ada", "column label: empty"),
        ("a:4,x,GPT-4", "column coder: 'GPT-4' is like the name of a language model"),
        ("a:4,x,settled: model any", "column coder: a model settles nothing"),
        ("a:4,x,", "column coder: empty, while other rows name a coder"),
        ("a:4,x,ada", "column coder: 'ada' and 'Ada' differ in capitals only"),
        ("a:4,X,Ben", "column label: 'X' and 'x' differ in capitals only"),
        ("a:19,y,Ada", "column line_id: Ada has labelled it in row 2 too; take one out"),
        ("a:4,x,Ada,wine", "column query: 'wine' does not find 'a:4'; correct one of the two"),
        ('a:4,x,Ada,"""port"', "column query:"),
    ],
)
def test_a_bad_row_is_named_with_its_mend(labelled, row, said):
    articles, tokens = labelled("a:19,x,Ada", row, header="line_id,label,coder,query")
    for read in (lambda: read_labels(articles, tokens), lambda: check_side_tables(articles)):
        with pytest.raises(Mistake) as raised:
            read()
        assert len(raised.value.problems) == 1
        assert raised.value.problems[0].startswith("labels.csv, row 3, column ")
        assert said in raised.value.problems[0]


def test_articles_left_out_on_purpose_are_no_mistake(labelled):
    articles, _ = labelled("a:4,x,Ada", "b:0,y,Ada")
    part = subset(articles, articles.index == "a")
    assert read_labels(part, tokenize(part)).line_id.tolist() == ["a:4"]


def test_without_labels_there_is_nothing_to_show(make_corpus):
    articles = read_corpus(make_corpus(TEXTS))
    labels = read_labels(articles)
    lines = labelled_lines(articles, tokenize(articles), labels)
    assert labels.empty
    assert lines.empty
    assert describe_labels(label_table(lines)) == []
    assert label_agreement(labels).empty
