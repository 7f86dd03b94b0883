"""Topics: what is there is found, what is not is said, and the same numbers come out every time."""

import numpy as np
import pandas as pd
import pytest
from conftest import REFERENCE
from scipy.sparse import csr_array

from utils.corpus.files import Mistake
from utils.page.findings_topics import describe_sample
from utils.stats import themes as th
from utils.stats import topics as t


def generated(labels: list[int], seed: int = 0, own: float = 0.6) -> pd.DataFrame:
    """One-paragraph articles of 60 words, a share ``own`` of them from the topic's vocabulary.

    It has 40 words with Zipfian frequencies; the other words come from all vocabularies.
    """
    random = np.random.default_rng(seed)
    rows = []
    k = max(labels) + 1
    zipf = 1 / np.arange(1, 41)
    for number, label in enumerate(labels):
        mine = random.choice(40, 60, p=zipf / zipf.sum()) + 40 * label
        words = np.where(random.random(60) < own, mine, random.integers(0, 40 * k, 60))
        rows += [(f"d{number:03}", 1, 1, f"w{word // 40}_{word % 40:02}") for word in words]
    table = pd.DataFrame(rows, columns=["doc_id", "paragraph", "sentence", "term"])
    return table.astype({"doc_id": "category", "term": "category"})


@pytest.fixture(scope="module")
def found():
    return t.fit_topics(generated([n % 4 for n in range(80)]))


def test_on_labelled_text_the_number_and_the_topics_are_recovered(found):
    assert found.verdict == t.STABLE
    assert found.stability.k[found.stability.chosen].tolist() == [4]
    assert found.stability.verdict[found.stability.chosen].tolist() == ["stable"]
    for terms in found.topics.terms:
        assert len({term[:2] for term in terms.split(", ")}) == 1  # all ten from one vocabulary
    assert {terms[:2] for terms in found.topics.terms} == {"w0", "w1", "w2", "w3"}
    names = list(found.topics.topic)
    assigned = found.weights[names].to_numpy().argmax(axis=1)
    labels = found.weights.doc_id.astype(str).str[1:].astype(int) % 4
    purity = pd.crosstab(assigned, labels).max(axis=1).sum() / len(labels)
    assert purity > 0.95
    assert (found.topics.agreement > 0.7).all()
    assert (found.topics.carried_by == "").all()


def test_weights_of_a_paragraph_add_up_to_one(found):
    names = list(found.topics.topic)
    assert found.weights[names].sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-6)
    shares = t.topic_shares(found.weights).groupby("doc_id", observed=True).share.sum()
    assert shares.to_numpy() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_in_text_without_topics_none_is_found(seed):
    tokens = generated([0] * 40, seed=seed)
    found = t.fit_topics(tokens)
    assert found.verdict == t.UNSTABLE
    assert set(found.stability.verdict) == {"unstable"}


def test_topics_of_five_articles_are_single_articles(articles, tokens):
    found = t.fit_topics(tokens)
    assert found.verdict == t.ONE_ARTICLE
    carried = ["ukiic-taizhou", "ningbo-industries", "cambridge-nanjing", "nottingham-ningbo"]
    assert found.topics.carried_by.tolist() == ["", *carried]
    assert len(found.weights) == 29
    quotes = t.typical_paragraphs(found.weights, articles)
    assert all(row.quote in articles.raw[row.doc_id] for row in quotes.itertuples())
    themes = th.read_themes(articles)
    table = t.topics_and_themes(found.weights, th.theme_hits(tokens, themes, []), tokens)
    assert len(table) == 5 * themes.theme.nunique()
    assert table.share.between(0, 1 + 1e-9).all()
    assert table.more.is_monotonic_decreasing
    assert t.topics_and_themes(found.weights, th.theme_hits(tokens, themes[:0], []), tokens).empty


def test_the_same_corpus_and_seed_give_the_same_numbers(tokens):
    one, two = (t.fit_topics(tokens, k=3, seed=5) for _ in range(2))
    for first, second in zip(one[:3], two[:3], strict=True):
        pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_average_jaccard_as_published():
    case = REFERENCE["top-05"]
    one, two = (np.array([case["inputs"][name]]) for name in ("r1", "r2"))
    published = pytest.approx(case["expected"]["AJ"], abs=case["tolerance"])
    assert t.average_jaccard(one, two)[0, 0] == published
    assert t.average_jaccard(one, one)[0, 0] == 1


def test_coherence_orders_topics_as_published_and_is_never_blank():
    case = REFERENCE["top-04"]["inputs"]
    terms = sorted({term for text in case["texts"] for term in text}) + ["absent"]
    rows = [[text.count(term) for term in terms] for text in case["texts"]]
    counts = csr_array(np.array(rows, float))
    one, two = (
        np.array([[terms.index(term) for term in topic] for topic in case[name]])
        for name in ("topics1", "topics2")
    )
    assert t.coherence(counts, one).mean() > t.coherence(counts, two).mean()
    absent = t.coherence(counts, np.array([[terms.index("human"), terms.index("absent")]]))
    assert absent.tolist() == [-1.0]


def test_shuffling_keeps_lengths_and_frequencies():
    tokens = generated([0, 1] * 10)
    shuffled = t._shuffled(tokens, np.random.default_rng(0))
    assert shuffled.term.value_counts().equals(tokens.term.value_counts())
    assert shuffled.drop(columns="term").equals(tokens.drop(columns="term"))
    assert not shuffled.term.equals(tokens.term)


def test_the_bar_is_passed_once_in_twenty_times():
    """Twenty texts alike, six numbers of topics, each of its own mean and spread."""
    random = np.random.default_rng(3)
    mean = [0.4, 0.3, 0.3, 0.2, 0.2, 0.2]
    spread = [0.1, 0.05, 0.05, 0.03, 0.02, 0.02]
    passed = []
    for _ in range(1000):
        scores = random.normal(mean, spread, (20, 6))
        passed.append((scores[19] > t._bar(scores[:19])[1]).any())
    assert 0.02 <= np.mean(passed) <= 0.06


def test_the_same_half_is_not_drawn_twice(monkeypatch):
    """Four articles have six halves."""
    content = t._count_by_paragraph(generated([0, 1, 0, 1]))
    drawn = []
    monkeypatch.setattr(t, "agreement", lambda one, two: drawn.append(1) or np.ones(2))
    t._resampled(content, [2], 10, np.random.default_rng(0))
    assert len(drawn) == 6


@pytest.mark.parametrize(
    ("k", "said"),
    [(1, "k 1: give 2 to"), (99, "k 99: give 2 to 28 topics; 29 paragraphs")],
)
def test_a_number_of_topics_that_cannot_be(tokens, k, said):
    with pytest.raises(Mistake, match=said):
        t.fit_topics(tokens, k)


def test_too_little_text_gives_no_topics(tokens_of):
    topics, weights, stability, verdict = t.fit_topics(tokens_of("Rain fell."))
    assert (len(topics), len(weights), len(stability), verdict) == (0, 0, 0, "too few")


def test_of_many_paragraphs_some_are_drawn_and_the_page_says_so(tokens_of, monkeypatch):
    """Which are drawn hangs on the seed alone; where all are taken nothing is said."""
    text = "\n\n".join(
        f"Boats carry tea and rice past mill {n % 7} and bridge {n}." for n in range(40)
    )
    tokens = tokens_of(text, text.replace("tea", "coal"))
    everything = t.fit_topics(tokens, k=2)
    assert describe_sample(everything.weights, 0) == []
    monkeypatch.setattr(t, "MOST_PARAGRAPHS", 30)
    drawn = [t.fit_topics(tokens, k=2, seed=seed).weights for seed in (5, 5, 6)]
    assert [len(weights) for weights in drawn] == [30] * 3
    places = [weights[["doc_id", "paragraph"]].astype(str).to_numpy().tolist() for weights in drawn]
    assert places[0] == places[1] != places[2]
    assert describe_sample(drawn[0], 5) == [
        "Topics were looked for in 30 of the 80 paragraphs, drawn at random with the seed 5"
    ]


def test_enough_paragraphs_are_drawn_to_see_what_few_do_not_show(monkeypatch):
    """One word in twenty is of the paragraph's own subject, which 400 paragraphs cannot tell."""
    tokens = generated([n % 4 for n in range(1600)], own=0.05)
    assert t.fit_topics(tokens, k=4).verdict == "stable"
    monkeypatch.setattr(t, "MOST_PARAGRAPHS", 400)
    assert t.fit_topics(tokens, k=4).verdict == "unstable"


def test_of_many_terms_those_of_the_most_paragraphs_are_taken(tokens_of, monkeypatch):
    rare = " ".join(f"word{n} word{n}" for n in range(5))
    tokens = tokens_of("\n\n".join(["River bridge harbour boat."] * 6 + [rare] * 2))
    monkeypatch.setattr(t, "MOST_TERMS", 4)
    found = t.fit_topics(tokens, k=2).topics.terms.str.split(", ").explode()
    assert set(found) == {"river", "bridge", "harbour", "boat"}
