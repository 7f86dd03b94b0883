"""What is told twice is what a plain comparison finds, however the text is cut into parts."""

import random
from collections import Counter

import pytest
from ftfy.badness import BADNESS_RE
from pandas.testing import assert_frame_equal

from utils.corpus import parts
from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.facts import checks, copies


def texts_with_repeats(seed):
    """Articles of paragraphs that come again in part, in other articles and in their own."""
    deal = random.Random(seed)
    paragraphs = [
        [f"w{deal.randrange(60)}" for _ in range(deal.randrange(4, 50))] for _ in range(20)
    ]
    texts = {}
    for number in range(30):
        chosen = [list(deal.choice(paragraphs)) for _ in range(deal.randrange(1, 7))]
        for words in chosen:
            for _ in range(deal.randrange(4)):
                words[deal.randrange(len(words))] = f"n{deal.randrange(9)}"
        texts[f"a{number:02}"] = "A title\n\n" + "\n\n".join(f"{' '.join(p)}." for p in chosen)
    texts["b"] = texts["a03"].replace(" ", "\u00a0")
    texts["c"] = texts["a04"] + "\n\nOne line more."
    return texts


def sequences_of(terms):
    ends = range(copies.SEQUENCE, len(terms) + 1)
    return list(dict.fromkeys(tuple(terms[end - copies.SEQUENCE : end]) for end in ends))


def plain_links(items, least, longer):
    """``items`` are groups and terms, in order; the links by sets and dictionaries."""
    sequences = [sequences_of(terms) for _, terms in items]
    first = {}
    for place, own in enumerate(sequences):
        for sequence in own:
            first.setdefault(sequence, place)
    links = []
    for place, own in enumerate(sequences):
        others = Counter(first[sequence] for sequence in own)
        others = {o: n for o, n in others.items() if items[o][0] != items[place][0]}
        if others:
            other = max(others, key=others.get)
            common = len(set(own) & set(sequences[other]))
            share = common / longer(len(own), len(sequences[other]))
            if share >= least:
                links.append((place, other, share))
    return links


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_twice_is_what_sets_say(make_corpus, seed, monkeypatch):
    monkeypatch.setattr(copies, "_AT_A_TIME", 50 * seed + 7)  # so that there are many tables
    articles = read_corpus(make_corpus(texts_with_repeats(seed)))
    tokens = tokenize(articles)
    sequences = copies.number_sequences(tokens)
    found = copies.find_copies(articles, tokens, sequences)
    assert found[found.doc_id == "b"].to_numpy().tolist()[0][:2] == ["b", "a03"]
    same = found.doc_id[found.share.isna()]
    terms = tokens[~tokens.doc_id.isin(same)].astype({"doc_id": str, "term": str})
    terms = terms.groupby("doc_id", sort=False).term.agg(list)
    links = plain_links(list(terms.items()), copies.LEAST_COPIED, max)
    names = terms.index
    near = [(names[second], share) for second, _, share in links]
    assert list(zip(found.doc_id, found.share, strict=True))[: len(near)] == near

    paragraphs = copies.find_paragraphs(tokens)
    shared = copies.find_shared(tokens, sequences, paragraphs, found)
    own = [
        (row.doc_id, tokens.term.iloc[row.row : row.last + 1].tolist())
        for row in paragraphs[~paragraphs.doc_id.isin(found.doc_id)].itertuples()
    ]
    places = paragraphs.index[~paragraphs.doc_id.isin(found.doc_id)]
    links = plain_links(own, copies.LEAST_SHARED, min)
    assert shared.to_numpy().tolist() == [[places[a], places[b], share] for a, b, share in links]
    assert shared.share.max() >= copies.LEAST_SHARED


def test_a_paragraph_retells_the_one_before_it_that_it_is_most_like(make_corpus):
    tokens = tokenize(read_corpus(make_corpus(texts_with_repeats(7))))
    paragraphs = copies.find_paragraphs(tokens)
    whole = tokens.groupby(["doc_id", "paragraph"], sort=False, observed=True).term.agg(set)
    whole = whole[whole.map(len) >= copies.FEWEST_TYPES]
    assert list(zip(paragraphs.doc_id, paragraphs.paragraph, strict=True)) == whole.index.tolist()
    for place, row in enumerate(paragraphs.itertuples()):
        before = [p for p in range(place) if paragraphs.doc_id[p] == row.doc_id]
        types = whole.iloc[place]
        shares = {
            p: len(types & whole.iloc[p]) / min(len(types), len(whole.iloc[p])) for p in before
        }
        assert row.share == max(shares.values(), default=0)
        assert not shares or row.other == max(shares, key=shares.get)


def test_the_checks_are_the_same_for_any_parts(make_corpus, monkeypatch):
    articles = read_corpus(make_corpus(texts_with_repeats(8)))
    whole = checks.source_checks(articles)
    for size in (1, 700):
        monkeypatch.setattr(parts, "PART", size)
        assert_frame_equal(checks.source_checks(articles, tokenize(articles)), whole)
    assert whole.attrs["copies"]


def test_every_mark_of_a_wrong_encoding_has_what_is_looked_for_first():
    letters = sorted(set(BADNESS_RE.pattern) - {"\n"}) + list("\x85\ufffdb ’")
    deal = random.Random(0)
    for _ in range(20_000):
        text = "".join(deal.choices(letters, k=6))
        for match in checks._WRONG.finditer(text):
            assert checks._PERHAPS_WRONG.search(match[0])
