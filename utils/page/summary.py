"""What the report's first page shows of a corpus, from the notebooks: a bundle ``summary``.

Of entities that were coded: sentences that lead, and a table with a row for each label that the
column ``summary`` of ``attributes.csv`` gives and a column for each entity. Of texts: what they
are, and what they cannot show. No attribute and no side is named in code.
"""

from functools import partial
from itertools import chain
from math import ceil
from types import SimpleNamespace

from pandas import DataFrame

from utils.corpus.tables import LISTS, NOT_STATED, read_side_table
from utils.facts.centres import NOT_CODED, read_date, with_rows
from utils.facts.coding import kinds_of, known_attributes, own_facts
from utils.facts.dates import is_after
from utils.page.findings_summary import (
    describe_lead,
    describe_limits,
    describe_texts,
    highest,
    split_by_place,
    unsaid_of_all,
)
from utils.page.languages import remember_languages
from utils.page.parts import in_a_row, plain, to_sentence, to_table
from utils.page.wording import date_in_words, join_words, sentence, words_of, words_of_all

MOST_VALUES = 3  # of a cell; the others are in the matrix
MOST_ROWS = 8  # where no attribute has a label of its own
_MOST_DATES = 2
_MOST_MARKS = 60  # of an entity; of more the numbers will do
_WIDEST = 4  # columns of a table

Lines = list[dict]
"""A cell: each line has ``parts``; some a ``name``, ``steps`` of a ladder, or ``marks``."""


def summarise_facts(centres: SimpleNamespace, articles: DataFrame, aliases: DataFrame) -> dict:
    """The coded entities side by side, from ``compare_centres``.

    An entity has the ``doc_id`` of its article where it has one. Of ``attributes`` each has a
    ``label`` and a cell for each entity; ``steps`` and ``stages`` are those that cells refer to.
    Values that name one body of ``aliases`` are shown once.
    """
    remember_languages(articles, articles)
    entities = [name for name in centres.matrix if name != "attribute"]
    facts = with_rows(centres.facts[centres.facts.centre.isin(entities)], centres.attributes)
    kinds = kinds_of(known_attributes(articles))
    labels = _labels(facts, centres.attributes)
    facts = facts.assign(label=facts.row.map(labels).fillna(""))
    shown = [name for name in labels.unique() if _is_stated(facts[facts.label == name])]
    forms = _forms(kinds, aliases)
    unsaid = _unsaid(facts, centres.attributes, labels[labels.isin(shown)])
    rows = [_row(facts[facts.label == name], entities, forms) for name in shown]
    return {
        "caption": f"What the articles state of {join_words(entities)}",
        "entities": [_entity(name, facts) for name in entities],
        "across": _across(len(entities)),
        "lead": describe_lead(facts, kinds, unsaid),
        "attributes": rows,
        "steps": _of_use(kinds, "status") if _has(rows, "steps") else [],
        "stages": _of_use(kinds, "statement") if _has(rows, "marks") else [],
    }


def summarise_texts(articles: DataFrame, sizes: DataFrame, support: DataFrame) -> dict:
    """What the texts are and what they cannot show: ``lead, cannot``, from ``support_table``.

    No entities are in it, so that nothing is said of what the texts state.
    """
    lead = [[plain(sentence(text))] for text in describe_texts(articles, sizes)]
    cannot = [sentence(text) for text in describe_limits(support)]
    caption = "What the texts are"
    return {"caption": caption, "entities": [], "attributes": [], "lead": lead, "cannot": cannot}


def _across(number):
    """How many columns of entities a table has, of tables that are as alike as can be.

    >>> _across(4), _across(5), _across(12)
    (4, 3, 4)
    """
    return ceil(number / ceil(number / _WIDEST))


def _is_stated(facts):
    return (facts.value != NOT_STATED).any()


def _has(rows, what):
    """Whether a line of any cell has steps, or marks."""
    return any(line.get(what) for row in rows for cell in row["cells"] for line in cell)


def _of_use(kinds, use):
    return kinds.kind[kinds.use == use].drop_duplicates().tolist()


def _entity(name, facts):
    doc_ids = facts.doc_id[facts.centre == name].unique()
    return {"name": name, "doc_id": doc_ids[0] if len(doc_ids) == 1 else None}


def _labels(facts, attributes):
    """The label of the row of each attribute that is shown, in the order of the attributes.

    Where the corpus gives none, a use has the label that is shipped for it, and any other attribute
    that is stated of an entity its own name.
    """
    given = attributes.set_index("attribute").summary
    if given.any():
        return given[given != ""]
    shipped = read_side_table("attributes", LISTS)
    shipped = shipped[shipped.summary != ""].drop_duplicates("use").set_index("use").summary
    rows = facts[facts.value != NOT_STATED].groupby("row").use.first()
    names = given.index[given.index.isin(rows.index)].to_series()
    labels = names.map(rows).map(shipped).fillna(names.str[:1].str.upper() + names.str[1:])
    return labels[labels.isin(labels.unique()[:MOST_ROWS])]


def _unsaid(facts, attributes, shown):
    """The names of what is stated of none of the entities; not of what has a row of its own."""
    missing = unsaid_of_all(facts, attributes)
    given = attributes.summary.any()
    asked = missing.summary if given else missing.check
    asked = asked if given or attributes.check.any() else missing.attribute
    missing = missing[(asked != "") & ~missing.attribute.isin(shown.index)]
    names = missing.summary if given else missing.attribute
    return [name[:1].lower() + name[1:] for name in names.unique()]


def _forms(kinds, aliases):
    """What makes a cell of facts, by their use; by no use for any other."""
    bodies = aliases.drop_duplicates("alias").set_index("alias").body
    bodies = bodies.iloc[bodies.index.str.len().argsort()[::-1]].rename(index=str.casefold)
    values = partial(_values, bodies=bodies)
    stages = _of_use(kinds, "statement")
    return {
        "status": partial(_ladder, rungs=_of_use(kinds, "status")),
        "statement": partial(_statements, stages=stages) if stages else values,
        "event date": _dates,
        "page date": _dates,
        "": values,
    }


def _row(facts, entities, forms):
    form = next((forms[use] for use in facts.use if use and use in forms), forms[""])
    cells = [form(facts[facts.centre == name]) for name in entities]
    return {"label": facts.label.iloc[0], "cells": cells}


def _silence(facts):
    looked = facts.value.eq(NOT_STATED).any()
    return plain(NOT_STATED if looked else NOT_CODED, "silent")


def _stated(facts, *uses):
    own = own_facts(facts)
    own = own[own.use.isin(uses)] if uses else own
    return own[own.value != NOT_STATED]


def _values(facts, bodies):
    own = _stated(facts)
    if own.empty:
        return [{"parts": [_silence(facts), *_elsewhere(facts)]}]
    chosen = _without_repeats(own, bodies)
    parts = [to_sentence(fact) for fact in chosen[:MOST_VALUES]]
    more = len(chosen) - MOST_VALUES
    if more > 0:
        parts.append(to_table(f"{words_of(more)} more", "matrix"))
    return [{"parts": in_a_row(parts, last=", " if more <= 0 else " and ")}]


def _without_repeats(own, bodies):
    """One fact for each value, or body that values name: the shortest that names it in full.

    A value names the body of the longest alias that is in it.
    """
    chosen = {}
    for fact in own.itertuples():
        value = fact.value.casefold()
        body = next((body for alias, body in bodies.items() if alias in value), value)
        chosen.setdefault(body, []).append(fact)
    return [min(facts, key=_length_of_name) for facts in chosen.values()]


def _length_of_name(fact):
    """What is shorter comes first; abbreviations, and names without a capital, come last."""
    return (fact.value.isupper(), fact.value[:1].islower(), len(fact.value))


def _elsewhere(facts):
    """The first fact that is about something else than the entity itself, or may be."""
    others = facts[facts.value != NOT_STATED]
    if others.empty:
        return []
    other = next(others.itertuples())
    return [plain(f" of it; of {other.about}: ", "soft"), to_sentence(other)]


def _dates(facts):
    pages = _stated(facts, "page date")
    page = next(pages.itertuples(), None)
    events = list(_stated(facts, "event date").itertuples())
    dated = [event for event in events if read_date(event.value)]
    shown = (dated or events)[:_MOST_DATES]
    parts = in_a_row(map(to_sentence, shown)) or [_silence(facts[facts.use == "event date"])]
    notes = [[plain(note, "soft")] for note in _notes_on_dates(shown, dated)]
    if page:
        link = to_sentence(page) | {"look": "whole", "text": date_in_words(page.value)}
        notes.append([plain("page dated ", "soft"), link, *_earlier(page, dated)])
    elif facts.value[facts.use == "page date"].eq(NOT_STATED).any():
        notes.append([plain("page undated", "soft")])
    said = chain.from_iterable([plain("; ", "soft"), *note] for note in notes)
    return [{"parts": [*parts, *said]}]


def _notes_on_dates(shown, dated):
    if shown and not dated:
        return ["no date printed"]
    without_year = [event for event in dated if not read_date(event.value).year]
    return ["no year printed"] if without_year else []


def _earlier(page, dated):
    later = [event for event in dated if is_after(read_date(event.value), page.value)]
    return [plain(", before that day", "soft")] if later else []


def _ladder(facts, rungs):
    """A line for the headline and for the text: the rungs claimed, the highest in its words."""
    statuses = _stated(facts, "status")
    if statuses.empty:
        return [{"parts": [_silence(facts)]}]
    headline, text = split_by_place(statuses)
    top = highest(text, rungs)
    reached = rungs.index(top.kind) if top else None
    lines = [_claims("headline", headline, rungs), _claims("text", text, rungs)]
    if lines[0] and top and any(lines[0].get("steps", [])[reached + 1 :]):
        lines[0]["parts"].append(plain(" more than the text", "beyond"))
    return [line for line in lines if line]


def _claims(name, statuses, rungs):
    if statuses.empty:
        return {}
    top = highest(statuses, rungs)
    if not top:
        quotes = [to_sentence(fact, quote=True) for fact in statuses.itertuples()]
        return {"name": name, "parts": in_a_row(quotes[:MOST_VALUES])}
    return {
        "name": name,
        "steps": [rung in set(statuses.kind) for rung in rungs],
        "parts": [plain(f"{top.kind} "), to_sentence(top, quote=True)],
    }


def _statements(facts, stages):
    """A mark for each statement, their numbers, and what is at the first stage in its words."""
    own = _stated(facts, "statement")
    if own.empty:
        return [{"parts": [_silence(facts)]}]
    numbers = own.kind.value_counts().reindex(stages, fill_value=0)
    first, *others = _counted(numbers[(numbers > 0) | (numbers.index == stages[0])])
    parts = [plain(first), *_quotations(own[own.kind == stages[0]])]
    if others:
        parts.append(plain(f"; {', '.join(others)}"))
    in_order = own.sort_values("kind", key=lambda kind: kind.map(stages.index), kind="stable")
    marks = [_mark(fact, stages) for fact in in_order.itertuples()]
    return [{"marks": marks if len(marks) <= _MOST_MARKS else [], "parts": parts}]


def _counted(numbers):
    word = words_of_all(*numbers)
    return [f"{word[n]} {stage}" for stage, n in numbers.items()]


def _quotations(statements):
    quotes = [to_sentence(fact, quote=True) for fact in statements.itertuples()][:MOST_VALUES]
    return [plain(": "), *in_a_row(quotes, last=", ")] if quotes else []


def _mark(fact, stages):
    stage = stages.index(fact.kind)
    return to_sentence(fact) | {"text": f"{fact.kind}: {fact.value}", "stage": stage}
