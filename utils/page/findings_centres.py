"""Sentences of notebook 04, each made from one table and true of whatever corpus ran."""

from collections.abc import Mapping
from types import SimpleNamespace

from pandas import DataFrame

from utils.corpus.tables import NOT_STATED
from utils.facts.coding import OWN, coded_as, own_facts
from utils.page.findings_summary import split_by_place
from utils.page.names import name_of
from utils.page.wording import (
    CODE_WORDS,
    count,
    count_word,
    inflect,
    join_words,
    quoted,
    words_of,
    words_of_all,
)
from utils.stats.themes import NONE

_ACTS = {"statement": "statement", "speaker": "voice"}
"""The uses of facts that have a side, each with its noun."""


def describe_coding(facts: DataFrame, coders: DataFrame | None = None) -> str:
    """How much was coded of which centre, or how to begin, from ``read_facts``.

    ``coders`` is a ``coder_table``; without one a single reader coded.
    """
    readers = [] if coders is None else coders.coder[coders.coded_by != "settled"]
    names = join_words(map(quoted, readers))
    if facts.empty and len(readers):
        a_model = inflect(len(readers), "a language model", "language models")
        return (
            f"The coding is by {names} alone, {a_model}, and counts only once a person has settled "
            "it"
        )
    if facts.empty:
        return (
            "Nobody has coded what is stated here, so the parts that rest on coding are left out. "
            "To add them, make a table centres.csv beside the metadata with the columns "
            "centre, attribute, value, about, doc_id, quote and note: a row for each thing that an "
            "article states, with the words that state it"
        )
    stated = facts[facts.value != NOT_STATED]
    centres = [f"{centre} {n}" for centre, n in stated.centre.value_counts(sort=False).items()]
    silent = len(facts) - len(stated)
    numbers = f"{count(len(stated), 'fact')} ({join_words(centres)})"
    who = f"A reader coded {numbers}"
    finder = "the reader found"
    if len(readers) > 1:
        who = (
            f"{words_of(len(readers)).capitalize()} coders coded "
            f"{count_word(facts.doc_id.nunique(), 'article')}: {names}. What was settled counts, "
            f"or else the first person's coding: {numbers}"
        )
        finder = "it says"
    return (
        f"{who}, and the words that state each were found in its article; "
        f"{count(silent, 'time')} {finder} that something is not stated"
    )


def describe_uncoded(parts: Mapping[str, DataFrame], articles: DataFrame) -> str:
    """What there is to see where no person coded: the ``parts`` that have rows, by their names.

    >>> parts = {"shared phrases": DataFrame(), "quantities": DataFrame({"number": [3]})}
    >>> describe_uncoded(parts, DataFrame({"language": ["en"]}))
    'No person has coded what the article states; the page shows quantities'
    """
    state = inflect(len(articles), "the article states", "the articles state")
    shown = join_words(name for name, table in parts.items() if len(table))
    there = f"; the page shows {shown}" if shown else ""
    return f"No person has coded what {state}{there}"


def describe_comparison(centres: SimpleNamespace) -> list[str | tuple[str, DataFrame]]:
    """The findings that the coding allows, each with the facts it rests on, if any.

    ``centres`` is what ``compare_centres`` returns. A corpus whose attributes have no use that is
    known here gets the facts themselves.
    """
    own = own_facts(centres.facts)
    fields = coded_as(own, "field")
    statements = coded_as(own, "statement")
    findings = _status_findings(own, centres.attributes)
    if len(fields):
        findings.append((describe_fields(centres.fields), fields))
    if len(statements):
        findings.append((describe_statements(centres.statements), statements))
        findings.append(describe_first_stage(own, centres.statements))
    if len(centres.people):
        findings.append((describe_voices(centres.people), centres.people))
        findings.append(describe_sides(centres.facts, centres.people))
    stated = own[own.value != NOT_STATED]
    if not findings and len(stated):
        findings.append((describe_facts(stated), stated))
    if (centres.facts.value == NOT_STATED).any():
        findings.append(describe_silences(centres.facts, centres.attributes))
    return findings


def _status_findings(facts, attributes):
    """What is claimed beyond the text, and then how far the other centres are."""
    statuses = coded_as(facts, "status")
    told = statuses.centre.isin(_overclaims(facts, attributes).centre)
    findings = []
    if statuses.kind.isin(_ladder(attributes)).any():
        findings.append((describe_overclaims(facts, attributes), statuses[told]))
    if not told.all():
        others = facts[facts.centre.isin(statuses.centre[~told])]
        findings.append((". ".join(describe_statuses(others)), statuses[~told]))
    return findings


def describe_facts(stated: DataFrame) -> str:
    """What is stated of each centre, attribute by attribute, in the articles' words."""
    parts = [
        f"{attribute} {join_words(_claims_by_centre(facts))}"
        for attribute, facts in stated.groupby("attribute", sort=False)
    ]
    return f"The articles state {join_words(parts, most=6, between='; ', last='; and ')}"


def _claims_by_centre(facts):
    return [f"{quoted(row.value)} ({row.centre})" for row in facts.itertuples()]


def describe_statuses(facts: DataFrame) -> list[str]:
    """How far each centre is by its headline and by its text, a sentence each."""
    headlines, texts = split_by_place(coded_as(facts, "status"))
    return [
        f"On {centre}, {_said('headline', headlines[headlines.centre == centre])}; "
        f"{_said('text', texts[texts.centre == centre])}"
        for centre in coded_as(facts, "status").centre.unique()
    ]


def describe_overclaims(facts: DataFrame, attributes: DataFrame) -> str:
    """Which headlines claim a higher rung of the ladder than their texts do.

    The ladder is the order of the kinds of status in ``attributes``.
    """
    beyond = _overclaims(facts, attributes)
    if beyond.empty:
        return "No headline claims more than its text"
    _, texts = split_by_place(coded_as(facts, "status"))
    parts = [
        f"{row.centre} {quoted(row.value)} ({row.kind}), while the text reports "
        f"{_claims_of(texts[texts.centre == row.centre])}"
        for row in beyond.itertuples()
    ]
    return f"A headline claims more than its text: it says of {'; of '.join(parts)}"


def _overclaims(facts, attributes):
    rungs = {rung: height for height, rung in enumerate(_ladder(attributes))}
    statuses = coded_as(facts, "status")
    headlines, texts = split_by_place(statuses.assign(rung=statuses.kind.map(rungs)))
    highest = texts.groupby("centre").rung.max()
    return headlines[headlines.rung > headlines.centre.map(highest)]


def _ladder(attributes):
    """The kinds of status, the lowest first; none where the attributes do not list them."""
    kinds = attributes.kinds[(attributes.use == "status") & (attributes.kinds != "")]
    return kinds.iloc[0].split("|") if len(kinds) else []


def _said(place, statuses):
    """What is claimed in the headline or in the text; that it is silent only a reader can say."""
    if statuses.empty:
        return f"no status is coded of the {place}"
    return f"the {place} says {_claims_of(statuses)}"


def _claims_of(statuses):
    return join_words(f"{quoted(row.value)} ({row.kind})" for row in statuses.itertuples())


def describe_fields(fields: DataFrame) -> str:
    """Which themes the fields of several centres share, from ``compare_centres``."""
    named = fields.set_index("theme").astype(bool)
    shared = named[(named.sum(axis=1) > 1) & (named.index != NONE)]
    parts = [
        f"{join_words(named.columns[list(pattern)])} name fields of {join_words(rows.index)}"
        for pattern, rows in shared.groupby(list(shared), sort=False)
    ]
    parts = parts or ["No two centres name fields of the same theme"]
    silent = named.columns[~named.any()]
    if len(silent):
        parts.append(f"no field is named for {join_words(silent)}")
    return "; ".join(parts)


def describe_event_dates(dated: DataFrame) -> str:
    """How many events and pages have a date with a year, from ``dated``."""
    with_year = dated[dated.has_year].groupby("use").centre.nunique()
    centres = dated.centre.nunique()
    parts = [
        f"{words_of(with_year.get(f'{thing} date', 0))} of {count_word(centres, thing)}"
        for thing in ("event", "page")
    ]
    return f"A date with a year is given for {join_words(parts)}"


def describe_statements(statements: DataFrame) -> str:
    """How many statements are done, planned and so on, from ``statements``."""
    stages = statements.groupby("stage", sort=False).statements.sum()
    word = words_of_all(stages.sum(), *stages)
    there = [f"{word[n]} {inflect(n, 'is', 'are')} {stage}" for stage, n in stages.items() if n]
    absent = stages.index[stages == 0]
    none = f"; none is {join_words(absent, last=' or ')}" if len(absent) else ""
    total = f"{word[stages.sum()]} {inflect(stages.sum(), 'statement')}"
    centres = statements.centre.nunique()
    who = inflect(centres, "centre", f"{words_of(centres)} centres")
    return f"The articles make {total} of what the {who} did or will do: {join_words(there)}{none}"


def describe_first_stage(facts: DataFrame, statements: DataFrame) -> str:
    """What is at the first stage, such as done, in the articles' words with the centre of each."""
    stage = statements.stage.iloc[0]
    coded = coded_as(facts, "statement")
    values = _claims_by_centre(coded[coded.kind == stage])
    return f"What is {stage}: {'; '.join(values) or 'nothing'}"


def describe_sides(facts: DataFrame, people: DataFrame) -> str:
    """How many statements and voices about the centres each side has, from ``read_facts``.

    The sides are those that people belong to, by the affiliation printed.
    """
    own = own_facts(facts)
    acts = [(coded_as(own, use).side, noun) for use, noun in _ACTS.items()]
    acts = [(whose, noun) for whose, noun in acts if len(whose)]
    sides = people.side[people.side != ""].unique()
    if not len(sides):
        return "The coding names no side"
    word = words_of_all(*(n for whose, _ in acts for n in (0, len(whose), *whose.value_counts())))
    parts = [f"{_shares(side, acts, word)} {side} alone" for side in sides]
    nothing = "No statement and no voice is coded of the centres"
    return f"About the centres, {'; '.join(parts)}" if acts else nothing


def _shares(side, acts, word):
    """How many of the acts of each kind are of a side, with the verb."""
    numbers = [(whose == side).sum() for whose, _ in acts]
    parts = [
        f"{word[n]} of {word[len(whose)]} {inflect(len(whose), noun)}"
        for n, (whose, noun) in zip(numbers, acts, strict=True)
    ]
    return f"{join_words(parts)} {inflect(sum(numbers) or len(numbers), 'is', 'are')}"


def describe_voices(people: DataFrame) -> str:
    """Who is quoted, who attended without being quoted, from ``compare_centres``."""
    speaking = people[people.use == "speaker"]
    named = speaking[speaking.side != ""]
    unnamed = len(speaking) - len(named)
    sentences = [f"The articles quote or report {_speakers(named)}"]
    if unnamed:
        number = count_word(unnamed, "statement").capitalize()
        sentences.append(f"{number} {inflect(unnamed, 'has', 'have')} no named source")
    silent = people[(people.use == "person") & (people.voice == "silent")]
    own = silent.about.isin(OWN)
    for rows, what in (
        (silent[own], "attended a centre's event, but {are} not quoted"),
        (silent[~own], "{are} named only at a separate meeting"),
    ):
        if len(rows):
            sentences.append(f"{_silent(rows)} {what.format(are=inflect(len(rows), 'is', 'are'))}")
    return ". ".join(sentences)


def _speakers(people):
    """People with their side and what they speak about."""
    matters = people.centre.where(people.about.isin(OWN), "a " + people.about)
    names = people.known_as.str.replace(r"^The\b", "the", regex=True)
    told = names + " (" + people.side + ", on " + matters + ")"
    return join_words(told) or "nobody by name or office"


def _silent(people):
    return join_words(people.known_as + " (" + people.side.replace("", "side not said") + ")")


def describe_silences(facts: DataFrame, attributes: DataFrame) -> str:
    """What a reader looked for, with words that would betray it, and found of no centre."""
    centres = facts.centre.nunique()
    looked = facts[facts.value == NOT_STATED].groupby("attribute").centre.nunique()
    asked = attributes[attributes.check != ""]
    missing = asked[asked.attribute.map(looked).eq(centres)]
    questions = missing.meaning.where(missing.meaning != "", missing.attribute)
    if questions.empty:
        return "Nothing that a reader looked for is missing for every centre"
    return f"No article says of its centre: {'; '.join(questions)}"


def describe_claims(claims: DataFrame) -> str:
    """How many claims hold when they are worked out again, from ``claim_table``."""
    if claims.empty:
        return "No table claims.csv lists claims that could be worked out again"
    holding = claims.verdict.eq("holds").sum()
    failing = claims.claim[claims.verdict == "fails"]
    checked = holding + len(failing)
    word = words_of_all(len(claims), checked, holding, len(failing))
    every = f"{word[len(claims)]} {inflect(len(claims), 'claim')}"
    result = f"Of {every} {word[checked]} can be checked"
    if failing.empty:
        hold = inflect(checked, ", and it holds", ", and all of them hold")
        return f"{result}{hold if checked else ''}"
    listed = join_words(map(quoted, failing))
    if not holding:
        return f"{result}, and {inflect(checked, 'it does', 'they do')} not hold: {listed}"
    holds = f"{word[holding]} {inflect(holding, 'holds', 'hold')}"
    fails = f"{word[len(failing)]} {inflect(len(failing), 'does', 'do')} not"
    return f"{result}: {holds} and {fails}: {listed}"


def describe_quantities(quantities: DataFrame, articles: DataFrame) -> str:
    """How many quantities of which kind the articles print, from ``quantity_table``."""
    print_ = inflect(len(articles), "The article prints", "The articles print")
    if quantities.empty:
        return f"{print_} no quantities"
    kinds = quantities.kind.value_counts()
    word = words_of_all(len(quantities), *kinds)
    named = [
        f"{word[n]} {inflect(n, CODE_WORDS['quantity'][kind], CODE_WORDS['quantities'][kind])}"
        for kind, n in kinds.items()
    ]
    printed = f"{word[len(quantities)]} {inflect(len(quantities), 'quantity', 'quantities')}"
    return f"{print_} {printed}: {join_words(named)}"


def describe_accuracy(scores: dict[str, tuple[int, int]]) -> str:
    """How the extraction compares with a list made by hand, from ``precision_and_recall``."""
    precision, recall, unit = (f"{k} of {n}" for k, n in scores.values())
    return (
        f"Of the quantities extracted {precision} are on the list made by hand; of those on the "
        f"list {recall} were extracted, and {unit} have the right unit and year"
    )


def describe_own_words(apart: DataFrame, words: frozenset[str]) -> str:
    """The clearest words of each centre against the others, from ``words_apart``."""
    clear = apart[(apart["query"] == "") & ~apart.term.isin(words)]
    if clear.empty:
        return (
            "Leaving listed names aside, no word sets one centre's articles apart from the others'"
        )
    parts = [
        f"{join_words(map(quoted, part.term), most=4)} in {centre}"
        for centre, part in clear.groupby("centre", sort=False)
    ]
    single = clear.verdict.eq("one article").all()
    alone = "; each of these words comes from one article" if single else ""
    return (
        "Leaving listed names aside, these words are more frequent than in the other centres' "
        f"articles: {join_words(parts)}{alone}"
    )


def describe_listed_phrases(phrases: DataFrame) -> str:
    """How many of the phrases that articles share are in the table."""
    listed, number = (f"{phrases.attrs[name]:,}" for name in ("listed", "phrases"))
    return f"Articles share {number} phrases; the {listed} longest are listed."


def describe_pairs(pairs: DataFrame) -> str:
    """Which pairs of articles and which of their phrases the table of ``similarity`` has."""
    phrases = words_of(pairs.attrs["phrases"])
    text = (
        f"Pairs of articles by similarity, with up to {phrases} of the longest phrases they share."
    )
    if len(pairs) == pairs.attrs["pairs"]:
        return text
    ends = f"{pairs.attrs['ends']:,}"
    every = f"{pairs.attrs['pairs']:,}"
    return f"{text} Of {every} pairs the {ends} most and the {ends} least alike are listed."


def describe_similarity(pairs: DataFrame) -> str:
    """Which articles are most and least alike, from ``similarity``."""
    if pairs.empty:
        return "Fewer than two articles have words, so none are compared"
    most, least = pairs.iloc[[0, -1]].itertuples()
    high, low = (f"{pair.cosine:.2f}" for pair in (most, least))
    sentence = (
        f"Most alike in their content words are {_pair(most)} (cosine {high}), "
        f"least alike {_pair(least)} ({low})"
    )
    if len(pairs) == 1:
        sentence = (
            f"The cosine between the content words of {_pair(most)} is {high}; there is no other "
            "pair to say whether that is much"
        )
    elif high == low:
        sentence = f"All pairs are about equally alike in their content words (cosine {high})"
    compared = pairs.attrs.get("compared", 0)
    if compared < pairs.attrs.get("articles", 0):
        sentence += (
            f"; {compared:,} of {pairs.attrs['articles']:,} articles were drawn and compared"
        )
    return sentence


def _pair(row):
    return f"{name_of(row.doc_id)} and {name_of(row.with_article)}"
