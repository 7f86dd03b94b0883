"""Sentences of notebook 04, each made from one table and true of whatever corpus ran."""

from collections.abc import Iterable

from pandas import DataFrame

from utils.corpus.tables import NOT_STATED
from utils.facts.coding import OWN
from utils.page.names import name_of
from utils.page.wording import (
    QUANTITY_KINDS,
    count,
    count_word,
    is_or_are,
    join_words,
    quoted,
    words_of,
)
from utils.stats.themes import NONE


def describe_coding(facts: DataFrame) -> str:
    """How much was coded of which centre, or how to begin, from ``read_facts``."""
    if facts.empty:
        return (
            "Nobody has coded what these articles state, so the parts that rest on coding are left "
            "out. To add them, make a table centres.csv beside the metadata with the columns "
            "centre, attribute, value, about, doc_id, quote and note: a row for each thing that an "
            "article states, with the words that state it"
        )
    stated = facts[facts.value != NOT_STATED]
    centres = [f"{centre} {n}" for centre, n in stated.centre.value_counts(sort=False).items()]
    silent = len(facts) - len(stated)
    return (
        f"A reader coded {count(len(stated), 'fact')} ({join_words(centres)}), and the words that "
        f"state each were found in its article; {count(silent, 'time')} the reader found that "
        "something is not stated"
    )


def describe_statuses(facts: DataFrame) -> list[str]:
    """How far each centre is by its headline and by its text, a sentence each."""
    statuses = facts[(facts.use == "status") & (facts.value != NOT_STATED)]
    sentences = []
    for centre, own in statuses.groupby("centre", sort=False):
        in_title = own.sentence.fillna(0) == 0
        headline = _claims_of(own[in_title])
        text = _claims_of(own[~in_title])
        sentences.append(f"On {centre}, the headline says {headline}; the text says {text}")
    return sentences


def _claims_of(statuses: DataFrame) -> str:
    claims = [f"{quoted(row.value)} ({row.kind})" for row in statuses.itertuples()]
    return join_words(claims) or "nothing of it"


def describe_fields(fields: DataFrame) -> str:
    """Which themes the fields of several centres share, from ``fields_by_theme``."""
    centres = fields.columns[1:]
    named = [centre for centre in centres if fields[centre].map(bool).any()]
    silent = [centre for centre in centres if centre not in named]
    none = f"no field is named for {join_words(silent)}" if silent else ""
    shared = [
        f"{join_words(_centres_with(row, centres))} name fields of {row.theme}"
        for _, row in fields.iterrows()
        if row.theme != NONE and len(_centres_with(row, centres)) > 1
    ]
    shared = shared or ["No two centres name fields of the same theme"]
    return "; ".join([*shared, none] if none else shared)


def _centres_with(row: object, centres: Iterable[str]) -> list[str]:
    return [centre for centre in centres if row[centre]]


def describe_event_dates(dated: DataFrame) -> str:
    """How many events and pages have a date with a year, from ``dated``."""
    whole = dated[dated.has_year]
    centres = dated.centre.nunique()
    parts = []
    for use, thing in (("event date", "event"), ("page date", "page")):
        number = whole.centre[whole.use == use].nunique()
        parts.append(f"{words_of(number)} of {count_word(centres, thing)}")
    return f"A date with a year is given for {join_words(parts)}"


def describe_statements(statements: DataFrame) -> str:
    """How many statements are done, planned and so on, from ``statements``."""
    stages = statements.groupby("stage", sort=False).commitments.sum()
    articles = count_word(statements.centre.nunique(), "centre")
    there = [f"{words_of(n)} {is_or_are(n)} {stage}" for stage, n in stages.items() if n]
    absent = [stage for stage, n in stages.items() if not n]
    none = f"; none is {join_words(absent, last=' or ')}" if absent else ""
    total = count(int(stages.sum()), "statement")
    did = f"what the {articles} did or will do"
    return f"The articles make {total} of {did}: {join_words(there)}{none}"


def describe_first_stage(facts: DataFrame, statements: DataFrame) -> str:
    """What is at the first stage, such as done, in the articles' words with the centre of each."""
    stage = statements.stage.iloc[0]
    first = facts[(facts.use == "statement") & (facts.kind == stage) & (facts.value != NOT_STATED)]
    values = [f"{quoted(row.value)} ({row.centre})" for row in first.itertuples()]
    return f"What is {stage}: {'; '.join(values) or 'nothing'}"


def describe_voices(people: DataFrame) -> str:
    """Who is quoted, who attended without being quoted, from ``people``."""
    speaking = people[people.use == "speaker"]
    named = speaking[speaking.side != ""]
    sides = [
        f"for the {side} side {join_words(part.known_as.unique(), between='; ')}"
        for side, part in named.groupby("side", sort=False)
    ]
    sentences = [f"The articles quote or report {'; '.join(sides) or 'nobody by name or office'}"]
    unnamed = len(speaking) - len(named)
    if unnamed:
        verb = "has" if unnamed == 1 else "have"
        sentences.append(f"{count_word(unnamed, 'statement').capitalize()} {verb} no named source")
    silent = people[(people.use == "person") & (people.voice == "silent")]
    own = silent.about.isin(OWN)
    sentences.extend(_silent_people(silent[own], "attended, but {are} not quoted"))
    sentences.extend(_silent_people(silent[~own], "{are} named only at a separate meeting"))
    return ". ".join(sentences)


def _silent_people(people: DataFrame, what: str) -> list[str]:
    if people.empty:
        return []
    names = [f"{row.known_as} ({row.side or 'side not said'})" for row in people.itertuples()]
    return [f"{join_words(names)} {what.format(are=is_or_are(len(names)))}"]


def describe_silences(facts: DataFrame, attributes: DataFrame) -> str:
    """What a reader looked for and found of no centre, from ``read_facts``."""
    centres = facts.centre.nunique()
    looked = facts[facts.value == NOT_STATED].groupby("attribute").centre.nunique()
    asked = attributes[attributes.use != "statement"]
    missing = asked[asked.attribute.map(looked).eq(centres)]
    questions = missing.meaning.where(missing.meaning != "", missing.attribute)
    if questions.empty:
        return "Nothing that a reader looked for is missing for every centre"
    return f"No article says of its centre: {'; '.join(questions)}"


def describe_claims(claims: DataFrame) -> str:
    """How many claims hold when they are worked out again, from ``claim_table``."""
    if claims.empty:
        return "No table claims.csv lists claims that could be worked out again"
    holding = int((claims.verdict == "holds").sum())
    failing = claims[claims.verdict == "fails"]
    checked = words_of(holding + len(failing))
    result = f"Of {count(len(claims), 'claim')} {checked} can be checked"
    if failing.empty:
        return f"{result}, and all of them hold"
    return (
        f"{result}: {words_of(holding)} hold, {words_of(len(failing))} do not. "
        f"These do not follow: {'; '.join(failing.claim)}"
    )


def describe_quantities(quantities: DataFrame) -> str:
    """How many quantities of which kind the articles print, from ``quantity_table``."""
    kinds = [
        count_word(n, *QUANTITY_KINDS.get(kind, (kind,)))
        for kind, n in quantities.kind.value_counts().items()
    ]
    if not kinds:
        return "The articles print no quantities"
    printed = count(len(quantities), "quantity", "quantities")
    return f"The articles print {printed}: {join_words(kinds)}"


def describe_accuracy(scores: dict[str, tuple[int, int]]) -> str:
    """How the extraction compares with a list made by hand, from ``precision_and_recall``."""
    precision, recall, unit = (f"{k} of {n}" for k, n in scores.values())
    return (
        f"Of the quantities extracted {precision} are on the list made by hand; of those on the "
        f"list {recall} were extracted, and {unit} have the right unit and year"
    )


def describe_own_words(apart: DataFrame, words: frozenset[str], most: int = 4) -> str:
    """The clearest words of each centre against the others, from ``words_apart``."""
    clear = apart[(apart["query"] == "") & ~apart.term.isin(words)]
    if clear.empty:
        return "Leaving names aside, no word sets one centre's articles apart from the others'"
    parts = [
        f"{join_words(map(quoted, part.term), most=most)} in {centre}"
        for centre, part in clear.groupby("centre", sort=False)
    ]
    single = (clear.verdict == "one article").all()
    alone = "; each of these words comes from one article" if single else ""
    return (
        "Leaving names aside, these words are more frequent than in the other centres' articles: "
        f"{join_words(parts)}{alone}"
    )


def describe_similarity(pairs: DataFrame) -> str:
    """Which articles are most and least alike, from ``similarity``."""
    if len(pairs) < 2:
        return "There are too few articles to say which are alike"
    most, least = (
        f"{name_of(row.doc_id)} and {name_of(row.with_article)}"
        for row in (pairs.iloc[0], pairs.iloc[-1])
    )
    return (
        f"{most} are most alike in their content words (cosine {pairs.cosine.iloc[0]:.2f}), "
        f"{least} least ({pairs.cosine.iloc[-1]:.2f})"
    )
