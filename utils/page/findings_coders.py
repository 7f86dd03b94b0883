"""Sentences of notebook 05, and of the agreement in notebook 04, each made from one table."""

from itertools import zip_longest

from pandas import DataFrame

from utils.facts.coders import (
    ALL,
    FEWEST,
    MODEL,
    OF_PAIRS,
    ONE,
    PEOPLE,
    PLACE,
    SIDE_NAMED,
    SPLIT,
    STATED,
    UNJUDGED,
    WITH_MODEL,
    WORDS,
    partly_coded,
)
from utils.facts.coding import is_settled
from utils.page.names import name_of
from utils.page.wording import count, count_word, inflect, join_words, quoted, words_of

TENTATIVE = 2 / 3  # the least from which he would draw tentative conclusions, which he rounds
_NEARLY = 1e-9
_MOST = 4  # attributes that a sentence names
_WHO = {
    "person": ("a person or a team", "people or teams"),
    WITH_MODEL: (
        "a person or a team working with a language model",
        "people or teams working with a language model",
    ),
    MODEL: ("a language model", "language models"),
}
_WHAT = {"kind": "on its kind", "about": "on what it is about", "side": "on the side"}


def describe_coders(coders: DataFrame) -> str:
    """Who coded how much, from ``coder_table``."""
    readers = coders[coders.coded_by != "settled"]
    parts = [
        f"{_reader(row)} coded {count(row.facts, 'fact')} in "
        f"{count_word(row.articles, 'article')}, and {count(row.silences, 'time')} found that "
        "something is not stated"
        for row in readers.itertuples()
    ]
    return "; ".join(parts) or "Nobody has coded these articles"


def _reader(row):
    name = quoted(row.coder) if row.coder else "an unnamed reader"
    return f"{name} ({_number_of(row.coded_by, 1)})"


def describe_uncompared(codings: DataFrame, agreement: DataFrame) -> str:
    """Which articles count since two have coded them, and what of them only one has judged."""
    read = codings[~is_settled(codings.coder)]
    coders = read.groupby("doc_id").coder.nunique()
    alone = (coders == 1).sum()
    if agreement.empty:
        return ""
    parts = [
        f"{quoted(row.coder)} has coded {row.coded} of {count(row.of, 'attribute')} of "
        f"{name_of(row.doc_id)}; what is missing counts as not coded"
        for row in partly_coded(codings).itertuples()
    ]
    if alone:
        shared = count_word(len(coders) - alone, "article")
        were = inflect(alone, "was", "were")
        parts.insert(
            0,
            f"Agreement is over the {shared} that two coders or more have coded; "
            f"{count_word(alone, 'article')} {were} coded by one only",
        )
    return ". ".join(parts)


def describe_agreement(agreement: DataFrame, coders: DataFrame) -> str:
    """How far the coders agree where something is stated, from ``agreement_table``."""
    if agreement.empty:
        return "No article has two coders, so how far readers would agree is not known"
    places = _over_all(agreement, PLACE)
    shared = count_word(places.articles, "article")
    kinds = _kinds_compared(places.among, coders)
    by = "both" if len(kinds) == 2 else "two of them or more"
    return (
        f"{_whom(kinds)}; {shared} {inflect(places.articles, 'has', 'have')} been coded by {by}. "
        f"In {places.agreed:,} of {count(places.coded, 'place')} where any of them found something "
        "(an attribute in a sentence), all who judged that attribute in the article found it"
        f"{_with_alpha(places)}"
    )


def describe_with_models(agreement: DataFrame) -> str:
    """The same with the models' codings, where people alone were compared before."""
    rows = agreement[(agreement.among != PEOPLE) & (agreement.attribute == ALL)]
    if rows.empty or _main(agreement).among.iloc[0] != PEOPLE:
        return ""
    places = next(rows[rows.measure == PLACE].itertuples())
    return (
        f"With the coding of language models beside that of people, it is {places.agreed:,} of "
        f"{count(places.coded, 'place')}{_with_alpha(places)}"
    )


def _kinds_compared(among, coders):
    """Of which kind each of the coders is that are compared."""
    kinds = coders.coded_by[(coders.coded_by != "settled") & (coders.shared > 0)]
    return kinds[kinds != MODEL] if among == PEOPLE else kinds


def _whom(kinds):
    """The coders that are compared, how many of which kind."""
    who = join_words(
        [_number_of(kind, times) for kind, times in kinds.value_counts(sort=False).items()],
        last=", and ",
    )
    return f"{count_word(len(kinds), 'coder').capitalize()} are compared, {who}"


def _number_of(kind, times):
    one, several = _WHO[kind]
    return one if times == 1 else f"{words_of(times)} {several}"


def describe_stated(agreement: DataFrame) -> str:
    """How far the coders agree on what is stated at all, from ``agreement_table``."""
    stated = _over_all(agreement, STATED)
    return (
        f"For {stated.agreed:,} of {count(stated.coded, 'pair')} of a centre and an attribute that "
        "two of them judged, they say alike whether anything is stated of the centre"
        f"{_with_alpha(stated)}"
    )


def describe_pairs(agreement: DataFrame) -> str:
    """How far coders agree on kind, ``about`` and side, on condition of the same words."""
    rows = [_over_all(agreement, measure) for measure in OF_PAIRS]
    parts = [
        f"{_WHAT[row.measure]} in {row.agreed:,} of {row.coded:,}{_with_alpha(row)}"
        for row in rows
        if row.coded
    ]
    if not parts:
        return "No two coders coded the same words under one attribute"
    agree = join_words(parts, between="; ", last="; and ")
    sides = _over_all(agreement, "side")
    named = _over_all(agreement, SIDE_NAMED)
    differ = sides.coded - sides.agreed
    blank = differ - (named.coded - named.agreed)
    text = (
        "On condition that two coders coded the same words under one attribute (pairs of rows that "
        f"match), they agree {agree}"
    )
    if not blank:
        return text
    return (
        f"{text}. Of the {count(differ, 'pair')} whose sides differ, one coder left the side blank "
        f"in {words_of(blank)}; where both name a side, they agree in {named.agreed:,} of "
        f"{named.coded:,}{_with_alpha(named)}"
    )


def describe_attributes(agreement: DataFrame) -> str:
    """The attributes on which coders agree most and least about the place."""
    rows = _by_attribute(agreement)
    known = rows[rows.alpha.notna()].sort_values("alpha", ascending=False)
    few = len(rows) - len(known)
    parts = []
    if len(known):
        reached = _reached(known.alpha)
        firm = known[reached]
        weak = known[~reached][::-1]
        parts.append(f"Alpha reaches two thirds for {_listed(firm)}")
        parts.append(f"It is lower for {_listed(weak)}")
    if few:
        parts.append(
            f"For {count_word(few, 'attribute')} fewer than {words_of(FEWEST)} places were coded, "
            "too few to tell"
        )
    return ". ".join(parts)


def describe_reach(agreement: DataFrame) -> str:
    """For how many attributes alpha is high enough to conclude anything, in a few words."""
    rows = _by_attribute(agreement)
    known = rows.alpha[rows.alpha.notna()]
    firm = _reached(known).sum()
    return f"Alpha reaches two thirds for {words_of(firm)} of {count_word(len(known), 'attribute')}"


def _reached(alphas):
    """Whether alphas reach what allows tentative conclusions, however two thirds are rounded."""
    return alphas >= TENTATIVE - _NEARLY


def _by_attribute(agreement):
    rows = _main(agreement)
    return rows[(rows.measure == PLACE) & (rows.attribute != ALL)]


def _listed(rows):
    names = [f"{row.attribute} ({row.alpha:.2f})" for row in rows.itertuples()]
    return join_words(names, most=_MOST) or "none"


def describe_disagreements(table: DataFrame) -> str:
    """How many disagreements there are of which kind, from ``disagreements``."""
    if table.empty:
        return "The coders disagree nowhere"
    numbers = table.difference.value_counts().reindex([ONE, SPLIT, UNJUDGED, WORDS], fill_value=0)
    one, split, unjudged, words = numbers
    ways = {
        "only one of two coders has the attribute in the sentence": one,
        "one has a further row where the other has fewer": split,
        "they code other words of the same sentence": words,
        "they name another kind, subject or side": len(table) - numbers.sum(),
    }
    parts = [f"{n:,} times {way}" if n > 1 else f"once {way}" for way, n in ways.items() if n]
    times = f"{count(len(table) - unjudged, 'time')}: {join_words(parts)}" if parts else "nowhere"
    have = inflect(unjudged, "has", "have")
    rows = f"Besides, {count(unjudged, 'row')} {have} an attribute that the other did not judge. "
    settled = words_of((table.why != "").sum())
    return (
        f"The coders disagree {times}. {rows if unjudged else ''}What was settled takes up or "
        f"changes a row of {settled} of these"
    )


def describe_settled(settled: DataFrame) -> str:
    """How much was settled and by whom, from ``settled_table``."""
    if settled.empty:
        return "Nothing has been settled, so the first person's coding counts throughout"
    number = count_word(len(settled), "attribute").capitalize()
    added = int(settled.added.str.len().sum())
    dropped = int(settled.dropped.str.len().sum())
    return (
        f"{number} of the centres {inflect(len(settled), 'was', 'were')} settled: against the "
        f"first person's coding, {count_word(added, 'row')} {inflect(added, 'is', 'are')} added "
        f"and {words_of(dropped)} taken out"
    )


def describe_changes(changes: DataFrame) -> str:
    """How many findings read otherwise by what is settled, from ``changed_findings``."""
    if changes.empty:
        return "No finding reads otherwise by what was settled than by the first coding"
    number = count_word(len(changes), "finding").capitalize()
    verb = inflect(len(changes), "reads", "read")
    return f"{number} {verb} otherwise by what was settled than by the first coding"


def changed_findings(before: list, after: list) -> DataFrame:
    """Findings that differ between two codings, side by side: ``before, after``.

    Each list is one of ``describe_comparison``.
    """
    texts = [list(map(_text_of, findings)) for findings in (before, after)]
    only = [[text for text in own if text not in others] for own, others in (texts, texts[::-1])]
    return DataFrame(zip_longest(*only, fillvalue=""), columns=["before", "after"])


def _text_of(finding):
    return finding if isinstance(finding, str) else finding[0]


def describe_trust(coders: DataFrame, agreement: DataFrame) -> str:
    """What the agreement can and cannot be taken for, as a limit."""
    kinds = coders[coders.coded_by != "settled"].coded_by
    parts = [_trust(kinds, agreement)]
    if len(kinds) and (kinds != "person").all():
        parts.append(
            "A language model had a part in every coding, so the coders may share what such models "
            "have in common"
            if len(kinds) > 1
            else "A language model had a part in the coding"
        )
    return ". ".join(parts)


def _trust(kinds, agreement):
    models = (kinds == MODEL).sum()
    people = len(kinds) - models
    if agreement.empty:
        return "No article has two coders, so how far readers would agree on the facts is not known"
    if not models:
        return "The coders are people; how far others would agree with them is not known"
    which = _number_of(MODEL, models)
    are = inflect(models, "is", "are")
    if _main(agreement).among.iloc[0] == PEOPLE:
        return (
            f"The agreement is that of {words_of(people)} people or teams; the coding of {which} "
            "is compared with theirs apart"
        )
    return (
        f"Among those compared {are} {which}, and no two people or teams have coded one article; "
        "they may agree less than a person and a model, or in other places"
    )


def describe_notes(coders: DataFrame) -> str:
    """What ``coders.csv`` says of each coder; nothing where it says nothing."""
    noted = coders[coders.note != ""]
    return ". ".join(f"{quoted(row.coder)}: {row.note}" for row in noted.itertuples())


def _main(agreement):
    """The rows that count: those of people alone where there are any."""
    return agreement[agreement.among == agreement.among.iloc[0]]


def _over_all(agreement, measure):
    rows = _main(agreement)
    rows = rows[(rows.measure == measure) & (rows.attribute == ALL)]
    return next(rows.itertuples())


def _with_alpha(row):
    if row.alpha != row.alpha:
        return ""
    interval = f", 95% interval {row.low:.2f} to {row.high:.2f}" if row.low == row.low else ""
    return f" (alpha {row.alpha:.2f}{interval})"
