"""Collocates: the table of positions as the method says, by hand and against a plain recount."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, fisher_exact

from utils.corpus.articles import read_corpus
from utils.corpus.files import Mistake
from utils.search.queries import find
from utils.stats import collocation
from utils.stats import measures as m
from utils.stats.collocation import collocates, read_nodes
from utils.stats.frequency import counts_by_article
from utils.stats.measure_list import MEASURES


def test_counts_by_hand(tokens_of):
    """'a X b X c. d e' with window 1: 2 nodes; positions a b c (b once, near both); n = 5."""
    table = collocates(tokens_of("A x b x c. D e."), "x", window=1)
    facts = {"node_frequency": 2, "window_positions": 3, "n": 5, "family": 0}
    assert {key: table.attrs[key] for key in facts} == facts
    assert dict(zip(table.term, table.observed, strict=True)) == {"a": 1, "b": 1, "c": 1}
    assert table.expected.tolist() == [3 / 5] * 3
    assert table.set_index("term")[["L1", "R1"]].sum(axis=1).tolist() == [1, 1, 1]


def test_innovation_in_the_five_articles(tokens):
    """The method's figures: 49 nodes, 398 positions; MI of 1.8 and not the 4.8 of a wrong f1."""
    table = collocates(tokens, "innovation").set_index("term")
    assert table.attrs["node_frequency"] == 49
    assert table.attrs["window_positions"] == 398
    assert table.mi["technological"] == pytest.approx(1.78, abs=0.01)


def test_a_plain_recount_gives_the_same_table(tokens):
    node, window = "talent", 4
    near, nodes = set(), {i for i, term in enumerate(tokens.term) if term == node}
    keys = list(zip(tokens.doc_id, tokens.sentence, strict=True))
    for i in nodes:
        around = range(max(i - window, 0), min(i + window + 1, len(tokens)))
        near |= {j for j in around if keys[j] == keys[i]}
    near -= nodes
    table = collocates(tokens, node, window)
    for row in table.itertuples():
        inside = sum(tokens.term[j] == row.term for j in near)
        elsewhere = sum(term == row.term for term in tokens.term)
        assert row.observed == inside
        n = len(tokens) - len(nodes)
        assert row.g2 == pytest.approx(m.association_g2(inside, len(near), elsewhere, n))
        assert row.delta_p_node == pytest.approx(
            inside / len(near) - (elsewhere - inside) / (n - len(near))
        )
    assert table.observed.sum() == len(near)


def test_positions_add_up_to_what_is_observed(tokens):
    table = collocates(tokens, "innovat*", window=3)
    sides = table[["L3", "L2", "L1", "R1", "R2", "R3"]]
    assert (sides.sum(axis=1) == table.observed).all()


def test_windows_stay_inside_sentences_and_documents(tokens_of):
    assert set(collocates(tokens_of("One cat. Two three.", "Four."), "cat").term) == {"one"}


def test_a_node_without_words_near_it_has_no_collocates(tokens_of):
    table = collocates(tokens_of("Alone. Others are here."), "alone")
    assert table.empty
    assert {"verdict", "L5", "R5", "documents"} <= set(table.columns)


def test_phrases_and_wildcards_are_nodes(tokens):
    phrase = collocates(tokens, '"science and technology"')
    assert phrase.attrs["node_frequency"] == 16
    sizes = [collocates(tokens, node).attrs["node_frequency"] for node in ("talent*", "talent")]
    assert sizes[0] > sizes[1]


def test_few_joint_positions_are_too_few_to_tell(tokens):
    table = collocates(tokens, "innovation")
    assert (table.verdict[table.observed < 3] == "too few").all()
    assert (table.verdict[table.frequency < 5] == "too few").all()
    assert table.set_index("term").verdict["technological"] == "more"
    assert np.isfinite(table[["mi", "log_dice", "t", "g2"]]).all().all()


@pytest.mark.parametrize(
    ("node", "window", "said"),
    [
        ("inovation", 5, "never occurs; near it in spelling: innovation"),
        ("innovation", 0, "give 1 token or more"),
        ("qqqqq", 5, "no term is near"),
    ],
)
def test_mistakes_are_named(tokens, node, window, said):
    with pytest.raises(Mistake, match=said):
        collocates(tokens, node, window)


def test_what_stays_near_innovation_in_the_five_articles(tokens):
    """As the method has it; integrates, 3 of 3 near it, is not judged, and nanjing is no more."""
    table = collocates(tokens, "innovation").set_index("term")
    near = ["technological", "scientific", "international", "center"]
    assert set(table.index[table.verdict == "more"]) == set(near)
    assert table.verdict["integrates"] == "too few"
    assert table.verdict["nanjing"] == "no difference"
    assert (table.documents[near] > 1).all()


def test_p_is_adjusted_over_all_frequent_words_near_the_node_or_not(tokens):
    """Against SciPy: one exact test for each word with five tokens outside nodes."""
    table = collocates(tokens, "innovation").set_index("term")
    f1, n = table.attrs["window_positions"], table.attrs["n"]
    outside = tokens.term[tokens.term != "innovation"].astype(str).value_counts()
    judged = outside[outside >= 5]
    observed = table.observed.reindex(judged.index, fill_value=0)
    p = [
        fisher_exact([[o, f1 - o], [f2 - o, n - f1 - f2 + o]]).pvalue
        for o, f2 in zip(observed, judged, strict=True)
    ]
    for name, adjusted in (("", false_discovery_control(p)), ("holm", m.holm(p))):
        ours = collocates(tokens, "innovation", measures=name.split()).set_index("term")
        expected = pd.Series(adjusted, judged.index).reindex(ours.index)
        np.testing.assert_allclose(ours.p_exact_adjusted, expected, rtol=1e-9)
        assert name not in ours
    assert table.attrs["family"] == len(judged)


def test_a_pair_that_hangs_on_one_article(tokens_of):
    """Rain is near the node in both articles; snow hardly without the second."""
    filler = " ".join(f"w{n} x{n} y{n} z{n}." for n in range(60))
    one = "Node rain. " * 6 + "Snow fell here. " * 4 + filler
    two = "Node rain. " * 6 + "Node snow. " * 12 + filler
    table = collocates(tokens_of(one, two), "node", window=1).set_index("term")
    assert table.verdict[["rain", "snow"]].tolist() == ["more", "one article"]
    alone = collocates(tokens_of(two), "node", window=1).set_index("term")
    assert alone.verdict[["rain", "snow"]].tolist() == ["more", "more"]


def test_a_word_that_keeps_away_from_the_node(tokens_of):
    text = "Node a b. " * 30 + "Node c a. " + "Node b c. " * 2 + "C c c c. " * 60
    table = collocates(tokens_of(text, text), "node").set_index("term")
    assert table.verdict["c"] == "less"


@pytest.mark.parametrize("node", ["'s", "’s"])
def test_a_clitic_is_a_node_and_a_collocate(tokens_of, node):
    tokens = tokens_of("The city’s port grew. Ningbo's port shrank. Letter s is here.")
    table = collocates(tokens, node, window=1).set_index("term")
    assert table.attrs["node_frequency"] == 2
    assert table.observed.to_dict() == {"port": 2, "city": 1, "ningbo": 1}
    assert collocates(tokens, "port", window=1).set_index("term").observed["'s"] == 2


def test_every_association_measure_can_be_asked_for(tokens):
    names = MEASURES.measure[MEASURES.kind == "association"].tolist()
    table = collocates(tokens, "innovation", measures=names)
    assert set(names) <= set(table.columns)
    assert table.columns.is_unique
    n = table.attrs["n"], table.attrs["window_positions"]
    assert table.npmi.to_numpy() == pytest.approx(
        m.npmi(table.observed, n[1], table.frequency, n[0])
    )
    with pytest.raises(Mistake, match="'nmpi' is not known; did you mean npmi?"):
        collocates(tokens, "innovation", measures=["nmpi"])


def test_nodes_come_from_the_corpus_or_from_its_words(make_corpus, articles, tokens):
    assert read_nodes(articles, tokens) == ["innovation", "talent|talents", "cooperation"]
    other = read_corpus(make_corpus({"a": "x"}))
    assert read_nodes(other, tokens) == ["innovation", "ningbo", "technology"]


def test_a_node_that_cannot_be_read_is_named_with_its_line(make_corpus, tokens):
    folder = make_corpus({"a": "x"})
    (folder / "nodes.txt").write_text('# nodes\ntalent\n"open\n')
    with pytest.raises(Mistake, match="nodes.txt, row 3, column node: query"):
        read_nodes(read_corpus(folder), tokens)


@pytest.mark.parametrize("seed", range(4))
def test_what_hangs_on_one_article_is_what_leaving_out_each_one_shows(seed):
    """Random counts; suspects are found by a bound, and here each article is left out."""
    random = np.random.default_rng(seed)
    size = 4000
    codes = random.choice(30, size, p=random.dirichlet(np.ones(30)))
    docs = np.sort(random.choice(12, size, p=random.dirichlet(np.ones(12))))
    bursts = (docs == 3) & (random.random(size) < 0.3)
    tokens = pd.DataFrame(
        {
            "doc_id": pd.Categorical([f"d{number:02}" for number in docs]),
            "sentence": np.arange(size) // 9,
            "term": pd.Categorical([f"t{code:02}" for code in np.where(bursts, 1, codes)]),
        }
    )
    first, last = find(tokens, "t00|t02")
    places = collocation._places(tokens, first, last, 4)
    table = collocation._count_positions(tokens, places, 4)
    table = table[(table.observed > 0) & (table.observed < table.frequency)]
    near = (places != 0) & (places != collocation.NODE)
    numbers = [counts_by_article(tokens[side]) for side in (near, places == 0)]
    inside, outside = (counts.toarray()[table.index] for counts, _ in numbers)
    sums = [inside.sum(axis=1), outside.sum(axis=1), numbers[0][1].sum(), numbers[1][1].sum()]
    whole = m.log_ratio(*sums)
    left = [
        m.log_ratio(
            sums[0] - inside[:, article],
            sums[1] - outside[:, article],
            sums[2] - numbers[0][1][article],
            sums[3] - numbers[1][1][article],
        )
        for article in range(12)
    ]
    hangs = (np.array(left) * np.sign(whole)).min(axis=0) < np.abs(whole) / 2
    assert collocation._hangs_on_one(table, tokens, places).tolist() == hangs.tolist()
    assert 0 < hangs.sum() < len(hangs)
