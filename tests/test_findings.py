"""Sentences made from tables: true of an empty table, of one article, and of one or many things."""

import pandas as pd
import pytest
from pandas import DataFrame

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.facts.centres import compare_centres
from utils.facts.checks import CHECKS
from utils.page import findings_centres as centres
from utils.page import findings_overview as overview
from utils.page import findings_topics as topics
from utils.page import findings_words as words
from utils.page.wording import CODE_WORDS
from utils.stats.themes import read_themes

SIDES = ("new articles", "old articles")
ONE = DataFrame({"published": ["2019-01-01"], "language": "en"}, index=["a"])
TWO = DataFrame({"published": ["2019-01-01", ""], "language": "en"}, index=["a", "b"])
KEYWORDS = DataFrame(
    {
        "term": ["sea", "rain", "hill", "Dover", "fog"],
        "verdict": ["more", "more", "less", "more", "one article"],
        "query": ["", "", "", "name", ""],
        "driven_by": ["", "", "", "", "a"],
        "target": [5, 4, 1, 9, 3],
        "reference": [0, 1, 6, 0, 0],
    }
)
FACTS = DataFrame(
    [
        ("Dover", "status", "agreed", "was signed", "centre", 0),
        ("Dover", "status", "launched", "opened", "centre", 3),
        ("Dover", "statement", "done", "built", "centre", 2),
        ("Wells", "status", "intended", "will open", "centre", 1),
        ("Wells", "statement", "done", "not stated", "centre", None),
    ],
    columns=["centre", "use", "kind", "value", "about", "sentence"],
).astype({"sentence": "Int64"})
FACTS["attribute"] = FACTS.use + ": " + FACTS.kind
STATEMENTS = DataFrame(
    {"centre": ["Dover"] * 3, "stage": ["done", "planned", "hoped for"], "statements": [1, 2, 0]}
)


def themes(touched: dict[str, int], of: int) -> DataFrame:
    table = DataFrame({"theme": list(touched), "sentences": list(touched.values())})
    return table.assign(doc_id="a", of=of)


def odd(*doc_ids: str) -> DataFrame:
    rows = {"doc_id": doc_ids, "check": "no title line", "what": "", "other": "", "quote": ""}
    return DataFrame(rows).assign(share=None, number=None, sentence=None, sharers=None)


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        ([1], "The article has 1 word"),
        ([1200], "The article has 1,200 words"),
        ([90, 90], "Each of the two articles has 90 words"),
        ([0, 0], "No word of the articles is counted"),
        ([1200, 90], "The articles run from 90 to 1,200 words"),
    ],
)
def test_lengths(tokens, sentence):
    assert overview.describe_lengths(DataFrame({"tokens": tokens})) == sentence


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([], "The checks found nothing odd in the two articles"),
        (["a"], "The checks found one place to look at in one of two articles: {} (one article)"),
        (["a", "b"], "The checks found two places to look at in both articles: {} (two articles)"),
    ],
)
def test_oddities(places, sentence):
    assert overview.describe_oddities(odd(*places), TWO) == sentence.format(
        "no line with the title"
    )


def test_oddities_are_counted_all_in_digits_or_all_in_words():
    """And each kind is named as something that is found, not by the name of its check."""
    table = odd(*"ab" * 10).assign(check=["ends without a full stop"] * 3 + ["hard-wrapped"] * 17)
    assert overview.describe_oddities(table, pd.concat([TWO] * 7)) == (
        "The checks found 20 places to look at in 2 of 14 articles: "
        "no full stop at the end (2 articles) and lines broken to a width (2 articles)"
    )


def test_every_check_has_words_for_a_sentence():
    assert set(CHECKS) == set(CODE_WORDS["place to look"])


def test_words_of_the_only_article_are_in_no_fewer_than_chance_would_give():
    top = DataFrame({"term": ["sea", "port"], "frequency": [9, 4], "verdict": "even"})
    said = "“sea” is the most frequent content word (9 times)"
    assert overview.describe_spread(top.assign(document_frequency=1)) == said
    assert overview.describe_spread(top.assign(document_frequency=2)).startswith(f"{said}; none")


def test_oddities_of_the_only_article():
    said = overview.describe_oddities(odd("a"), TWO.head(1))
    assert said == "The checks found one place to look at in the article: no line with the title"


def test_the_only_article_is_not_measured_twice():
    frequencies = DataFrame({"term": ["sea", "port"], "frequency": [3, 1]})
    said = overview.describe_size(frequencies, ONE)
    assert said == "The corpus has one article with 2 different words"
    two = "The corpus has two articles with 4 words, 2 of them different"
    assert overview.describe_size(frequencies, TWO) == two


def test_oddities_of_several_languages_say_so():
    articles = TWO.assign(language=["en", "zh"])
    assert "in one of two articles of the corpus: no" in overview.describe_oddities(
        odd("a"), articles
    )


def test_oddities_of_more_kinds_than_are_named():
    table = pd.concat([odd("a")] * 4).assign(check=["u", "v", "w", "x"])
    said = overview.describe_oddities(table, TWO)
    assert "four places to look at in one of two articles, such as u (one article)" in said


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["body"], "The counts leave out nothing; no line was recognised as page furniture"),
        (["dateline", "body"], "The counts leave out one dateline; no line was"),
        (["title", "title", "dateline"], "The counts leave out titles and one dateline; no line"),
        (["body", "furniture"], "The counts leave out one line of web-page text (50.0% of"),
        (
            ["title", "furniture"],
            "The counts leave out one title and one line of web-page text (50",
        ),
    ],
)
def test_only_what_was_left_out_is_named(labels, sentence):
    lines = DataFrame({"label": labels, "text": "some words"})
    assert overview.describe_furniture(lines).startswith(sentence)


def test_every_oddity_is_told_in_words():
    table = overview.oddity_table(odd("a"))
    assert table.finding.tolist() == ["no line of the text is the title"]
    assert list(table) == ["doc_id", "check", "finding", "quote", "sentence"]


@pytest.mark.parametrize(
    ("articles", "years", "sentence"),
    [
        (ONE, [], "The article has a publication date; no text prints a year"),
        (TWO, [2018], "Of two articles one has a publication date; the only year printed is 2018"),
        (
            pd.concat([ONE, TWO]),
            [2018, 2020],
            "Of three articles two have a publication date; "
            "the years printed run from 2018 to 2020",
        ),
    ],
)
def test_dates(articles, years, sentence):
    dates = DataFrame({"year": pd.array(years, "Int64")})
    assert overview.describe_dates(dates, articles) == sentence


@pytest.mark.parametrize(
    ("mattr", "sentence"),
    [
        ([None], "No article has the 50 words that the measure needs"),
        ([0.7], "In a 70% of 50 running words are different"),
        (
            [0.7, 0.6],
            "Of the articles, b repeats its words most (60% of 50 running words are different), "
            "a least (70%)",
        ),
    ],
)
def test_diversity(mattr, sentence):
    sizes = DataFrame({"doc_id": ["a", "b"][: len(mattr)], "mattr": mattr})
    assert overview.describe_diversity(sizes, 50) == sentence


def test_growth_without_new_words_promises_none():
    curve = DataFrame({"tokens": [1, 80, 100], "types": [1, 40, 40]})
    assert overview.describe_growth(curve).endswith("brought 0 of the 40 different words")
    more = overview.describe_growth(curve.assign(types=[1, 40, 45]))
    assert "brought 5 of the 45 different words, so more articles" in more
    assert "brought 1 of the 1 different words" in overview.describe_growth(curve.head(1))


def test_keywords_leave_out_names_and_words_of_one_article():
    assert words.describe_keywords(KEYWORDS, SIDES) == (
        "Leaving listed names aside, “sea” and “rain” are more frequent in the new articles, and "
        "“hill” is more frequent in the old articles, and not in one article alone"
    )
    nothing = "No word can be said to set the new articles apart from the old articles"
    assert words.describe_keywords(KEYWORDS[3:], SIDES) == nothing
    unlisted = words.describe_keywords(KEYWORDS.assign(query=""), SIDES)
    assert unlisted.startswith("“sea”, “rain” and “Dover” are more frequent in the new articles")


def test_words_of_one_article():
    one = "One word looks like a keyword only because of one article: “fog” (a)"
    assert words.describe_one_article(KEYWORDS) == one
    two = words.describe_one_article(pd.concat([KEYWORDS, KEYWORDS]))
    assert two.startswith("Two words look like keywords only because of one article: ")
    nothing = "No word looks like a keyword because of a single article"
    assert words.describe_one_article(KEYWORDS.head(0)) == nothing


def test_confounders_with_one_reason_are_named_together():
    reasons = {"city": "no overlap", "year": "unknown", "role": "unknown"}
    said = words.describe_confounders(reasons)
    assert said.startswith(
        "the groups have no city in common; "
        "the metadata do not give year and role for every article. A difference in words"
    )
    many = words.describe_confounders({f"c{n}": "no overlap" for n in range(40)})
    assert "c3, c4 and 35 more in common" in many
    only = words.describe_confounders({"city": "no overlap"})
    assert "in common. A difference in words may come from this; what" in only
    assert "in every column of the metadata" in words.describe_confounders({})


def test_phrases():
    assert words.describe_phrases(KEYWORDS[4:]) == (
        "One phrase recurs; none differs between the groups in more than one article"
    )
    assert "“sea” (5 times against 0), “rain” (4 times against 1), “hill” (1 time against 6" in (
        words.describe_phrases(KEYWORDS)
    )


@pytest.mark.parametrize(
    ("touched", "sentence"),
    [
        ({}, "No theme is listed for this corpus"),
        (
            {"sea": 3, "hill": 1, "no theme": 1},
            "More than half of the sentences are about sea (3 of 5); next comes hill "
            "(1 of 5); one is about none of the themes, and a sentence may be about "
            "several",
        ),
        (
            {"sea": 3, "hill": 3, "rain": 3, "no theme": 0},
            "More than half of the sentences are about sea, and as many about hill and about rain "
            "(3 of 5 each); every sentence is about at least one theme, and a sentence may be "
            "about several",
        ),
        (
            {"sea": 3, "no theme": 2},
            "More than half of the sentences are about sea (3 of 5); two are about none "
            "of the themes",
        ),
        (
            {"hill": 1, "sea": 2, "no theme": 2},
            "No theme is in most sentences; the most frequent are sea (2 of 5) and hill "
            "(1 of 5); two are about none of the themes, and a sentence may be about "
            "several",
        ),
    ],
)
def test_themes(touched, sentence):
    assert topics.describe_themes(themes(touched, 5)) == sentence


def test_topics_of_one_article():
    table = DataFrame({"topic": ["T1", "T2"], "carried_by": ["", "a"]})
    one = "One of two topics is mostly in one article: T2 in a"
    assert topics.describe_topic_owners(table) == one
    none = "No topic is mostly in one article"
    assert topics.describe_topic_owners(table.head(1)) == none
    table.attrs["articles"] = 1
    assert topics.describe_topic_owners(table) == "All topics are those of one article"


def test_topics_by_article_say_of_which_articles():
    shares = DataFrame({"doc_id": list("abc")})
    weights = DataFrame(index=range(400))
    assert "of each of the 2 longest of 3 articles that have paragraphs belongs" in (
        topics.describe_topic_shares(shares, weights, 2)
    )
    weights.attrs["paragraphs"] = 9000
    said = topics.describe_topic_shares(shares, weights, 2)
    assert "each of the 2 longest of 3 articles that have drawn paragraphs belongs" in said
    assert said.endswith("n = 400 drawn paragraphs.")
    whole = topics.describe_topic_shares(shares, weights, 3)
    assert whole.startswith("How much of each of 3 articles that have drawn paragraphs belongs")
    one = topics.describe_topic_shares(shares.head(1), weights, 1)
    assert one.startswith("How much of the article that has drawn paragraphs belongs")


def test_coding_says_how_to_begin_where_nobody_coded():
    assert centres.describe_coding(FACTS.head(0)).startswith("Nobody has coded what is stated here")
    uncoded = "No person has coded what the articles state"
    assert centres.describe_uncoded({}, TWO) == uncoded
    assert centres.describe_uncoded({}, ONE) == "No person has coded what the article states"
    coded = "A reader coded 4 facts (Dover 3 and Wells 1), and the words"
    assert centres.describe_coding(FACTS).startswith(coded)
    assert "; 1 time the reader found" in centres.describe_coding(FACTS)


def test_statuses_divide_headline_and_text():
    assert centres.describe_statuses(FACTS) == [
        "On Dover, the headline says “was signed” (agreed); the text says “opened” (launched)",
        "On Wells, no status is coded of the headline; the text says “will open” (intended)",
    ]


def test_what_is_said_of_an_overclaim_is_not_said_again():
    attributes = DataFrame({"use": ["status"], "kinds": ["intended|agreed|launched"]})
    facts = FACTS.assign(kind=["launched", "agreed", *FACTS.kind[2:]], doc_id="a")
    beyond, others = centres._status_findings(facts, attributes)
    assert "of Dover “was signed” (launched), while the text reports “opened” (agreed)" in beyond[0]
    assert beyond[1].centre.unique().tolist() == ["Dover"]
    assert "Dover" not in others[0]
    assert others[1].centre.tolist() == ["Wells"]


def test_statements():
    assert centres.describe_statements(STATEMENTS) == (
        "The articles make three statements of what the centre did or will do: "
        "one is done and two are planned; none is hoped for"
    )
    many = STATEMENTS.assign(statements=[1, 20, 0], centre=["Dover", "Wells", "Wells"])
    assert centres.describe_statements(many) == (
        "The articles make 21 statements of what the two centres did or will do: "
        "1 is done and 20 are planned; none is hoped for"
    )
    assert centres.describe_first_stage(FACTS, STATEMENTS) == "What is done: “built” (Dover)"


def test_fields():
    fields = DataFrame(
        {
            "theme": ["sea", "no theme"],
            "Dover": [["x"], ["y"]],
            "Wells": [["z"], []],
            "Ely": [[]] * 2,
        }
    )
    shared = "Dover and Wells name fields of sea; no field is named for Ely"
    assert centres.describe_fields(fields) == shared
    apart = "No two centres name fields of the same theme; no field is named for Wells and Ely"
    assert centres.describe_fields(fields[1:]) == apart


def test_event_dates_count_centres_and_not_dates():
    dated = DataFrame(
        {
            "centre": ["Dover", "Dover", "Wells"],
            "use": ["event date", "event date", "page date"],
            "has_year": [True, True, False],
        }
    )
    said = "A date with a year is given for one of two events and none of two pages"
    assert centres.describe_event_dates(dated) == said


def test_claims_and_quantities():
    verdicts = {"claim": ["x", "y", "z"], "verdict": ["holds", "fails", "untested"]}
    assert centres.describe_claims(DataFrame(verdicts)) == (
        "Of three claims two can be checked: one holds and one does not: “y”"
    )
    assert centres.describe_claims(DataFrame(verdicts).head(1)) == (
        "Of one claim one can be checked, and it holds"
    )
    fails = DataFrame(verdicts).tail(2)
    said = "Of two claims one can be checked, and it does not hold: “y”"
    assert centres.describe_claims(fails) == said
    said = "Of four claims two can be checked, and they do not hold: “y” and “y”"
    assert centres.describe_claims(pd.concat([fails, fails])) == said
    untested = "Of one claim none can be checked"
    assert centres.describe_claims(DataFrame(verdicts).tail(1)) == untested
    assert centres.describe_claims(DataFrame()).startswith("No table claims.csv")
    kinds = DataFrame({"kind": ["money", "money", "date"]})
    said = "The articles print three quantities: two sums of money and one date"
    assert centres.describe_quantities(kinds, TWO) == said
    assert centres.describe_quantities(kinds.head(0), TWO) == "The articles print no quantities"
    many = pd.concat([kinds] * 5)
    digits = "The article prints 15 quantities: 10 sums of money and 5 dates"
    assert centres.describe_quantities(many, ONE) == digits


def test_similarity_needs_two_pairs():
    pairs = DataFrame({"doc_id": list("aab"), "with_article": list("bcc"), "cosine": [0.9, 0.5, 0]})
    said = "Most alike in their content words are a and b (cosine 0.90), least alike b and c (0.00)"
    assert centres.describe_similarity(pairs) == said
    same = "All pairs are about equally alike in their content words (cosine 1.00)"
    assert centres.describe_similarity(pairs.assign(cosine=[1, 0.999, 0.998])) == same
    one = "The cosine between the content words of a and b is 0.90; there is no other pair to say"
    assert centres.describe_similarity(pairs.head(1)).startswith(one)
    none = "Fewer than two articles have words, so none are compared"
    assert centres.describe_similarity(pairs.head(0)) == none


def test_sides_are_shares_of_what_was_coded():
    people = DataFrame({"side": ["British", "Chinese", ""]})
    facts = FACTS.assign(side=["", "", "British", "", ""])
    assert centres.describe_sides(facts, people) == (
        "About the centres, one of one statement is British alone; "
        "none of one statement is Chinese alone"
    )
    quoted = facts.assign(use="speaker").head(3)
    said = centres.describe_sides(pd.concat([facts, quoted]), people.head(1))
    share = "one of one statement and one of three voices are British alone"
    assert said == f"About the centres, {share}"
    nothing = "No statement and no voice is coded of the centres"
    assert centres.describe_sides(facts[facts.use == "status"], people) == nothing
    assert centres.describe_sides(facts, people.tail(1)) == "The coding names no side"


def test_attributes_of_a_corpus_of_its_own_are_findings(make_corpus):
    """Nothing is said of headlines, statements or silences that nobody coded."""
    folder = make_corpus({"a": "Title\n\nDover has a deep port.\n"}, {"a": {"title": "Title"}})
    header = "centre,attribute,value,about,doc_id,quote\n"
    row = "Dover,harbour,a deep port,centre,a,Dover has a deep port\n"
    (folder / "centres.csv").write_text(header + row, "utf-8")
    articles = read_corpus(folder)
    tokens = tokenize(articles)
    compared = compare_centres(articles, tokens, read_themes(articles))
    ((sentence, facts),) = centres.describe_comparison(compared)
    assert sentence == "The articles state harbour “a deep port” (Dover)"
    assert facts.doc_id.tolist() == ["a"]


def test_a_headline_claims_more_only_on_a_ladder_that_is_listed():
    columns = ["centre", "use", "kind", "value", "sentence"]
    rows = [["Dover", "status", "open", "opens", 0], ["Dover", "status", "planned", "will open", 1]]
    facts = DataFrame(rows, columns=columns)
    ladder = DataFrame({"use": ["status"], "kinds": ["planned|open"]})
    assert centres.describe_overclaims(facts, ladder) == (
        "A headline claims more than its text: it says of Dover “opens” (open), while the text "
        "reports “will open” (planned)"
    )
    fallen = ladder.assign(kinds="open|planned")
    assert centres.describe_overclaims(facts, fallen) == "No headline claims more than its text"
    unlisted = ladder.assign(kinds="")
    assert centres.describe_overclaims(facts, unlisted) == "No headline claims more than its text"


@pytest.mark.parametrize(
    ("near", "said"), [(["rain"], "is “rain” (2"), (["rain", "fog"], "are “rain” (2 of")]
)
def test_one_collocate_is_near_and_two_are(near, said):
    table = DataFrame({"term": near, "verdict": "more", "observed": 2, "frequency": 3})
    table.attrs["node_frequency"] = 9
    assert words.describe_collocates(table, "sea").startswith(f"Near “sea” (9 times) {said}")


def test_other_groupings_are_counted_all_in_digits_or_all_in_words():
    ways = DataFrame()
    ways.attrs = {"ways": 15, "any": 6, "mean": 0.4}
    said = words.describe_other_groupings(ways, KEYWORDS.head(0))
    assert "of 15 ways to divide" in said
    assert "of these sizes 6 call at least one, 0.4 on average, and this one calls none" in said
    ways.attrs = {"ways": 10, "any": 1, "mean": 2.0}
    said = words.describe_other_groupings(ways, KEYWORDS.head(3))
    assert "of ten ways" in said
    assert "one calls at least one, 2.0 on average, and this one calls three" in said
    ways.attrs = {"ways": 20, "any": 0, "mean": 0.0}
    assert words.describe_other_groupings(ways, KEYWORDS.head(0)) == (
        "Of 20 ways to divide these articles into groups of these sizes none calls any word, 0.0 "
        "on average, and this one calls none"
    )


def test_only_where_a_word_is_near_in_one_article_is_that_said():
    table = DataFrame({"term": ["fog"], "verdict": "too few"})
    table.attrs["node_frequency"] = 3
    said = words.describe_collocates(table, "sea")
    assert said == "No word can be said to be near “sea” (3 times) more often than elsewhere"
    one = words.describe_collocates(table.assign(verdict="one article"), "sea")
    assert one.endswith("more often than elsewhere in more than one article")


def test_the_only_article_has_no_groups():
    only = "Only one article is counted, so no groups are compared"
    assert words.describe_no_groups(ONE) == words.name_no_groups(ONE) == only
    assert words.describe_no_groups(TWO).startswith("No column of the metadata divides the two")


def test_a_column_may_divide_articles_into_groups_that_are_too_small():
    small = TWO.assign(region=["north", "south"])
    assert "into two groups that are large enough" in words.name_no_groups(small)


def test_what_a_test_would_need_is_counted_all_in_digits_or_all_in_words():
    table = DataFrame()
    few = {"family": 56, "tested": False, "articles_target": 6, "articles_reference": 6}
    table.attrs = few | {"smallest_p": 0.0022, "needed": 3, "sharing": 0}
    assert words.describe_tests(table) == (
        "With six against six articles three words would have to reach the smallest possible p "
        "(0.0022) for any to pass, and none do, so no p-values are given (56 words compared)"
    )
    table.attrs |= {"needed": 1300, "sharing": 2}
    said = words.describe_tests(table)
    assert said.startswith("With 6 against 6 articles 1,300 words would have to reach")
    assert "and 2 do, so" in said
    table.attrs |= {"smallest_p": 0.1}
    none = "With six against six articles no test can give a p below 0.1, so"
    assert words.describe_tests(table).startswith(none)


def test_a_difference_from_general_english_is_rounded_as_its_list_is():
    table = DataFrame({"term": ["tram"], "log_ratio": 11.513, "verdict": "size only", "query": ""})
    said = words.describe_english(table, frozenset())
    assert said == "Furthest above general English are “tram” (about 2,900 times as frequent)"


def test_no_more_than_six_topics_are_named():
    found = DataFrame({"terms": [f"word{n}, other" for n in range(9)], "carried_by": ""})
    fits = DataFrame({"k": [9], "agreement": [0.5], "shuffled": [0.1]})
    assert topics.describe_topics(found, fits, "stable").endswith("word5, other; 3 more")


def test_halves_of_few_articles_are_halves_of_their_paragraphs():
    found = DataFrame({"terms": ["rain, fog"], "carried_by": ""})
    assert " half of the articles more than" in topics.describe_topics(found, found, "unstable")
    found.attrs["articles"] = 3
    assert " half of the paragraphs more than" in topics.describe_topics(found, found, "unstable")


def test_one_article_shares_no_topic_with_others():
    found = DataFrame({"terms": ["rain, fog", "sun, heat"], "carried_by": ""})
    fits = DataFrame({"k": [2], "agreement": [0.5], "shuffled": [0.1]})
    found.attrs["articles"] = 1
    said = topics.describe_topics(found, fits, "stable")
    assert said.endswith("in shuffled text): rain, fog; sun, heat")
