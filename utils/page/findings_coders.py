"""Sentences of notebook 05, and of the agreement in notebook 04, each made from one table."""

from itertools import zip_longest

from pandas import DataFrame

from utils.facts.coders import ALL, FEWEST, OF_PAIRS, ONE, PLACE, STATED, WORDS
from utils.facts.coding import is_settled
from utils.page.wording import count, count_word, inflect, join_words, quoted, words_of

RELIABLE = 0.8  # alpha that Krippendorff asks for
TENTATIVE = 0.667  # the least from which he would draw tentative conclusions
_MOST = 4  # attributes that a sentence names
_WHO = {"person": "a person or a team", "model": "a language model"}
_WHAT = {"kind": "on its kind", "about": "on what it is about", "side": "on the side"}


def describe_coders(coders: DataFrame) -> str:
    """Who coded how much, from ``coder_table``."""
    readers = coders[coders.coded_by != "settled"]
    parts = [
        f"{quoted(row.coder) if row.coder else 'an unnamed reader'} ({_WHO[row.coded_by]}) coded "
        f"{count(row.facts, 'fact')} in {count_word(row.articles, 'article')}, and "
        f"{count(row.silences, 'time')} found that something is not stated"
        for row in readers.itertuples()
    ]
    return "; ".join(parts) or "Nobody has coded these articles"


def describe_uncompared(codings: DataFrame, agreement: DataFrame) -> str:
    """Which articles only one coder has coded, so that they are left out; nothing for none."""
    read = codings[~is_settled(codings.coder)]
    coders = read.groupby("doc_id").coder.nunique()
    alone = int((coders == 1).sum())
    if not alone or agreement.empty:
        return ""
    return (
        f"Agreement is over the {count_word(len(coders) - alone, 'article')} that two coders "
        f"coded; {count_word(alone, 'article')} {inflect(alone, 'was', 'were')} coded by one only"
    )


def describe_agreement(agreement: DataFrame, coders: DataFrame) -> str:
    """How far the coders agree where something is stated, from ``agreement_table``."""
    if agreement.empty:
        return "No article has two coders, so how far readers would agree is not known"
    places = _over_all(agreement, PLACE)
    readers = coders[coders.coded_by != "settled"]
    models = int((readers.coded_by == "model").sum())
    of_them = f", {words_of(models)} of them a language model" if models == 1 else ""
    of_them = f", {words_of(models)} of them language models" if models > 1 else of_them
    return (
        f"{count_word(len(readers), 'coder').capitalize()} read the same articles{of_them}. In "
        f"{places.agreed:,} of {count(places.coded, 'place')} where any coder found something "
        f"(an attribute in a sentence), all coders found it{_with_alpha(places)}"
    )


def describe_stated(agreement: DataFrame) -> str:
    """How far the coders agree on what is stated at all, from ``agreement_table``."""
    stated = _over_all(agreement, STATED)
    return (
        f"For {stated.agreed:,} of {stated.coded:,} pairs of a centre and an attribute, all coders "
        f"say alike whether anything is stated of the centre{_with_alpha(stated)}"
    )


def describe_pairs(agreement: DataFrame) -> str:
    """How far coders of the same words agree on kind, ``about`` and side."""
    rows = [_over_all(agreement, measure) for measure in OF_PAIRS]
    parts = [
        f"{_WHAT[row.measure]} in {row.agreed:,} of {row.coded:,}{_with_alpha(row)}"
        for row in rows
        if row.coded
    ]
    agree = f"they agree {join_words(parts, between='; ', last='; and ')}"
    return (
        f"Where two coders coded the same words under one attribute, {agree}"
        if parts
        else ("No two coders coded the same words under one attribute")
    )


def describe_attributes(agreement: DataFrame) -> str:
    """The attributes on which coders agree most and least about the place."""
    rows = agreement[(agreement.measure == PLACE) & (agreement.attribute != ALL)]
    known = rows[rows.alpha.notna()].sort_values("alpha", ascending=False)
    few = len(rows) - len(known)
    parts = []
    if len(known):
        firm = known[known.alpha >= TENTATIVE]
        weak = known[known.alpha < TENTATIVE][::-1]
        parts.append(f"Alpha reaches {TENTATIVE} for {_listed(firm)}")
        parts.append(f"It is lower for {_listed(weak)}")
    if few:
        parts.append(
            f"For {count_word(few, 'attribute')} fewer than {words_of(FEWEST)} places were coded, "
            "too few to tell"
        )
    return ". ".join(parts)


def describe_reach(agreement: DataFrame) -> str:
    """For how many attributes alpha is high enough to conclude anything, in a few words."""
    rows = agreement[(agreement.measure == PLACE) & (agreement.attribute != ALL)]
    known = rows.alpha[rows.alpha.notna()]
    firm = int((known >= TENTATIVE).sum())
    return (
        f"Alpha reaches {TENTATIVE} for {words_of(firm)} of {count_word(len(known), 'attribute')}"
    )


def _listed(rows):
    names = [f"{row.attribute} ({row.alpha:.2f})" for row in rows.itertuples()]
    return join_words(names, most=_MOST) or "none"


def describe_disagreements(table: DataFrame) -> str:
    """How many disagreements there are of which kind, from ``disagreements``."""
    if table.empty:
        return "The coders disagree nowhere"
    one = int((table.difference == ONE).sum())
    words = int((table.difference == WORDS).sum())
    other = len(table) - one - words
    settled = int((table.why != "").sum())
    return (
        f"The coders disagree {count(len(table), 'time')}. Facts that only one coder coded: "
        f"{one:,}. Other words of the same sentence: {words:,}. Another kind, subject or side: "
        f"{other:,}. Of all these, {words_of(settled)} {inflect(settled, 'belongs', 'belong')} to "
        "what has been settled"
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
    if agreement.empty:
        return "One reader coded the facts, so how far readers would agree on them is not known"
    models = coders.coder[coders.coded_by == "model"]
    if models.empty:
        return "The coders are people; how far others would agree with them is not known"
    are = inflect(len(models), "is a language model", "are language models")
    persons = (coders.coded_by == "person").sum()
    people = "no second person has coded these articles"
    if persons > 1:
        people = f"{words_of(persons)} people have coded these articles"
    return (
        f"{join_words(map(quoted, models))} {are}, and {people}; two people may agree less than "
        "a person and a model, or in other places"
    )


def _over_all(agreement, measure):
    rows = agreement[(agreement.measure == measure) & (agreement.attribute == ALL)]
    return next(rows.itertuples())


def _with_alpha(row):
    if row.alpha != row.alpha:
        return ""
    interval = f", 95% interval {row.low:.2f} to {row.high:.2f}" if row.low == row.low else ""
    return f" (alpha {row.alpha:.2f}{interval})"
