"""Collocates: the table of positions as the method says, by hand and against a plain recount."""

import numpy as np
import pytest

from utils.stats import measures as m
from utils.stats.collocation import collocates, read_nodes
from utils.corpus.files import Mistake


def test_counts_by_hand(tokens_of):
    """'a X b X c. d e' with window 1: nodes 2, positions a b c (b once, though near both), n = 5 non-nodes."""
    table = collocates(tokens_of("A x b x c. D e."), "x", window=1)
    assert table.attrs == {"node_frequency": 2, "window_positions": 3, "n": 5}
    assert dict(zip(table.term, table.observed, strict=True)) == {"a": 1, "b": 1, "c": 1}
    assert table.expected.tolist() == [3 / 5] * 3
    assert table.set_index("term")[["L1", "R1"]].sum(axis=1).tolist() == [1, 1, 1]


def test_innovation_in_the_five_articles(tokens):
    """The method's figures: 49 nodes, 398 window positions; MI of 1.8 and not the 4.8 of a wrong f1."""
    table = collocates(tokens, "innovation").set_index("term")
    assert table.attrs["node_frequency"] == 49
    assert table.attrs["window_positions"] == 398
    assert table.mi["technological"] == pytest.approx(1.78, abs=0.01)


def test_a_plain_recount_gives_the_same_table(tokens):
    node, window = "talent", 4
    near, nodes = set(), {i for i, term in enumerate(tokens.term) if term == node}
    keys = list(zip(tokens.doc_id, tokens.sentence, strict=True))
    for i in nodes:
        near |= {j for j in range(max(i - window, 0), min(i + window + 1, len(tokens))) if keys[j] == keys[i]}
    near -= nodes
    table = collocates(tokens, node, window)
    for row in table.itertuples():
        inside = sum(tokens.term[j] == row.term for j in near)
        elsewhere = sum(term == row.term for term in tokens.term)
        assert row.observed == inside
        assert row.g2 == pytest.approx(m.association_g2(inside, len(near), elsewhere, len(tokens) - len(nodes)))
        assert row.delta_p_node == pytest.approx(
            inside / len(near) - (elsewhere - inside) / (len(tokens) - len(nodes) - len(near))
        )
    assert table.observed.sum() == len(near)


def test_positions_add_up_to_what_is_observed(tokens):
    table = collocates(tokens, "innovat*", window=3)
    sides = table[["L3", "L2", "L1", "R1", "R2", "R3"]]
    assert (sides.sum(axis=1) == table.observed).all()


def test_windows_stay_inside_sentences_and_documents(tokens_of):
    assert set(collocates(tokens_of("One cat. Two three.", "Four."), "cat").term) == {"one"}


def test_phrases_and_wildcards_are_nodes(tokens):
    phrase = collocates(tokens, '"science and technology"')
    assert phrase.attrs["node_frequency"] == 16
    assert collocates(tokens, "talent*").attrs["node_frequency"] > collocates(tokens, "talent").attrs["node_frequency"]


def test_few_joint_positions_are_too_few_to_tell(tokens):
    table = collocates(tokens, "innovation")
    assert (table.verdict[table.observed < 3] == "too few to tell").all()
    assert table.set_index("term").verdict["technological"] == "more often near it than elsewhere"
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


def test_nodes_come_from_the_corpus_or_from_its_words(make_corpus, tokens):
    assert read_nodes(None, tokens) == ["innovation", "talent|talents", "cooperation"]
    assert read_nodes(make_corpus({"a": "x"}), tokens) == ["innovation", "ningbo", "technology"]
