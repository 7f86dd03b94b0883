"""Centres side by side: what is stated and left unsaid of each, who acts, who speaks, and when.

The parts that need no coding take their centres from the metadata, so that a corpus without coded
facts has them too.
"""

from collections import defaultdict
from types import SimpleNamespace

import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.tables import NOT_STATED, TABLES
from utils.facts.coding import (
    OWN,
    coded_as,
    kinds_of,
    known_attributes,
    own_facts,
    read_attributes,
    read_facts,
    split_attributes,
)
from utils.facts.dates import PrintedDate, date_table, find_dates, is_after
from utils.facts.names import list_each_once, read_aliases
from utils.facts.quotations import find_quotation
from utils.search.queries import find
from utils.stats.themes import NONE, theme_hits

NOT_CODED = "not coded"  # nobody looked; NOT_STATED: somebody looked and found nothing
NO_DATE = "no date printed"
IN_TEXT = "date in the text"
NO_SIDE = "side not said"
MOST = 12  # centres that are compared side by side


def compare_centres(
    articles: DataFrame, tokens: DataFrame, themes: DataFrame, facts: DataFrame | None = None
) -> SimpleNamespace:
    """Everything that ``centres.csv`` and the dates printed in the articles say of each centre.

    ``facts`` are those of another coding than the one that is settled.

    The parts are tables, each described at the function that makes it: ``facts, attributes,
    of_centre, matrix, silences, people, statements, voices, fields, dated, printed_dates``. The
    last is the ``date_table`` of the centres' articles; ``events`` has the dates coded of the
    events, by article. Without coded facts only ``of_centre``, ``dated`` and ``printed_dates`` have
    rows.
    """
    facts = read_facts(articles) if facts is None else facts
    attributes = read_attributes(articles, facts)
    of_centre = _entities(articles, facts)
    printed = date_table(articles.loc[of_centre.index])
    events = coded_as(facts, "event date").groupby("doc_id").value.agg(", ".join)
    return SimpleNamespace(
        facts=facts,
        attributes=attributes,
        of_centre=of_centre,
        matrix=matrix(facts, attributes),
        silences=_silences(tokens, facts, attributes),
        people=_people(facts, read_aliases(articles)),
        statements=_statements(facts, known_attributes(articles)),
        voices=_acts_and_voices(facts),
        fields=_fields_by_theme(articles, tokens, facts, themes),
        dated=_dated(facts, printed, of_centre, articles.published),
        printed_dates=printed,
        events=("event: " + events).to_dict(),
    )


def _entities(articles, facts):
    """The centre of each article that has one; of the first twelve centres only.

    It is the one coded (of several, the one that the metadata name). Without coded facts it is the
    one that the metadata name, and an article for which they name none has none.
    """
    named = articles.centre[articles.centre != ""]
    as_named = facts[facts.doc_id.map(named) == facts.centre]
    chosen = pd.concat([as_named, facts]).drop_duplicates("doc_id").set_index("doc_id").centre
    chosen = chosen.reindex(articles.index).dropna() if len(facts) else named
    return chosen[chosen.isin(chosen.unique()[:MOST])]


def matrix(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """One row per attribute, one column per centre; a cell lists ``(text, doc_id, sentence)``.

    A value that is about something else than the centre and its event says so in brackets. Where
    nothing is coded about the centre itself, the first entry is ``NOT_STATED`` or ``NOT_CODED``.
    """
    facts = with_rows(facts, attributes)
    return _side_by_side(attributes.attribute, facts, facts.centre, _cell_or_silence)


def _silences(tokens, facts, attributes):
    """One row per attribute and centre's article of which nothing is stated about the centre.

    Columns: ``attribute, centre, doc_id, looked_for, hits, where, note``. ``hits`` of the query
    ``looked_for`` are in the sentences ``where``, for the reader to judge. ``note`` is the coder's,
    or ``NOT_CODED``.
    """
    facts = with_rows(facts, attributes)
    articles = facts.groupby("centre", sort=False).doc_id.unique().explode()
    cells = _by_centre_and_row(facts)
    silent = []
    for attribute, check in attributes.set_index("attribute").check.items():
        where = _sentences_with(tokens, check, attribute)
        for centre, doc_id in articles.items():
            coded = cells[centre, attribute]
            if _is_silent(coded):
                count, numbers = where.get(doc_id, (0 if check else pd.NA, ""))
                judged = [fact.note for fact in coded if fact.value == NOT_STATED]
                note = "; ".join(filter(None, judged)) if judged else NOT_CODED
                silent.append((attribute, centre, doc_id, check, count, numbers, note))
    columns = "attribute centre doc_id looked_for hits where note"
    return DataFrame(silent, columns=columns.split()).astype({"hits": "Int64"})


def _sentences_with(tokens, check, attribute):
    """How many matches a query has, and in which sentences, by article; none without a query."""
    where = f"{TABLES['attributes'].file}, {attribute}: "
    hits = tokens.iloc[find(tokens, check, where=where)[0]] if check else tokens.head(0)
    by_article = hits.groupby("doc_id", observed=True)
    matches = by_article.size()
    numbers = list_each_once(by_article.ngroup(), hits.sentence)
    return dict(zip(matches.index, zip(matches, numbers, strict=True), strict=True))


def _people(facts, aliases):
    """One row per person, office or source that is present or speaks.

    Columns: ``centre, person, known_as, office, role, side, about, voice, doc_id, sentence, use``.
    ``role`` is the kind of presence, after "speaks: " the kind of speaker. ``voice`` is ``speaks``
    where the centre's article lets the same person speak, else ``silent``. ``known_as`` is the body
    of ``aliases`` of that name. Sides are by affiliation, as coded.
    """
    table = coded_as(facts, "person", "speaker").reset_index(drop=True)
    speaks = table.use == "speaker"
    named = table.value.str.extract(r"^(?P<person>.*?)\s*(?:, (?P<office>.*))?$").fillna("")
    table = table.join(named)
    table["role"] = table.kind.where(~speaks, "speaks: " + table.kind)
    table["known_as"] = table.person.replace(aliases.set_index("alias").body.to_dict())
    spoken = speaks.groupby([table.centre, table.known_as]).transform("any")
    table["voice"] = spoken.map({True: "speaks", False: "silent"})
    columns = "centre person known_as office role side about voice doc_id sentence use"
    return table[columns.split()]


def _statements(facts, attributes):
    """One row per centre and stage: ``centre, stage, statements, of, share``.

    Counted are statements about the centre and its event. The stages are in the order of
    ``attributes``, which is that of ``known_attributes``.
    """
    kinds = kinds_of(attributes)
    stages = kinds.kind[kinds.use == "statement"].unique()
    index = pd.MultiIndex.from_product(
        [facts.centre.unique()[:MOST], stages], names=["centre", "stage"]
    )
    counts = coded_as(own_facts(facts), "statement").value_counts(["centre", "kind"])
    table = counts.reindex(index, fill_value=0).rename("statements").reset_index()
    table["of"] = table.groupby("centre").statements.transform("sum")
    return table.assign(share=table.statements / table.of)


def _acts_and_voices(facts):
    """One row per centre and side: ``centre, side, statements, present, given_words``.

    Counted are statements, people and voices about the centre, its event or its page. Sides are by
    affiliation, as coded, or ``NO_SIDE``.
    """
    counted = {"statement": "statements", "person": "present", "speaker": "given_words"}
    coded = coded_as(own_facts(facts), *counted)
    sides = [coded.centre, coded.side.replace("", NO_SIDE)]
    table = pd.crosstab(sides, coded.use.map(counted))
    table = table.reindex(columns=counted.values(), fill_value=0)
    return table.reindex(facts.centre.unique(), level=0).reset_index()


def _fields_by_theme(articles, tokens, facts, themes):
    """One row per theme, one column per centre; cells list the centre's fields as in ``matrix``.

    A field is under each theme that its own words touch, else under ``NONE``.
    """
    fields = coded_as(own_facts(facts), "field")
    hits = theme_hits(tokens, themes, [])
    hits["start"] = tokens.start.to_numpy()[hits["first"]]
    hits["end"] = tokens.end.to_numpy()[hits["last"]]
    hits = dict(list(hits.groupby("doc_id", observed=True)))
    raws = articles.raw.to_dict()
    names = [_themes_of(field, hits, raws) or [NONE] for field in fields.itertuples()]
    fields = fields.assign(row=names).explode("row")
    order = Series([*themes.theme.unique(), NONE], name="theme", dtype=object)
    order = order[order.isin(fields.row)].reset_index(drop=True)
    return _side_by_side(order, fields, facts.centre, _cell)


def _themes_of(field, hits, raws):
    """The themes touched by the words of a field's value, inside its quotation.

    ``hits`` has those of each article.
    """
    spans = find_quotation(raws[field.doc_id][field.start : field.end], field.value)
    if not spans or field.doc_id not in hits:
        return []
    start, end = spans[0]
    hits = hits[field.doc_id]
    inside = (hits.start >= field.start + start) & (hits.end <= field.start + end)
    return hits.theme[inside].unique().tolist()


def _dated(facts, printed, of_centre, published):
    """What is dated in the centres' articles, and how certainly.

    Columns: ``centre, what, printed, certainty, has_year, after_release, doc_id, sentence, use``.
    ``what`` is an attribute, or ``IN_TEXT`` for the rows of ``printed``, which is a ``date_table``.
    ``certainty`` is a precision as there, or ``NO_DATE``. ``after_release`` is true of a date in
    the text that ``is_after`` the release of its page.
    """
    coded = coded_as(facts, "event date", "page date")
    coded = coded.rename(columns={"attribute": "what", "value": "printed"})
    in_text = printed.assign(what=IN_TEXT, use="", centre=printed.doc_id.map(of_centre))
    table = pd.concat([coded, in_text]).sort_values(["centre", "what"], ignore_index=True)
    table["after_release"] = [
        row.what == IN_TEXT and is_after(row, published[row.doc_id]) for row in table.itertuples()
    ]
    dates = table.printed.map(read_date)
    table["certainty"] = [date.precision if date else NO_DATE for date in dates]
    table["has_year"] = [bool(date and date.year) for date in dates]
    columns = "centre what printed certainty has_year after_release doc_id sentence use"
    return table[columns.split()]


def read_date(printed: str) -> PrintedDate | None:
    """The first date in words that are coded as a date; None where they name none.

    >>> read_date("May 17").day, read_date("recently")
    (17, None)
    """
    dates = find_dates(printed) or find_dates(f"in {printed}")  # a bare year needs its "in"
    return dates[0] if dates else None


def with_rows(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """Facts with the attribute that lists them: their own, or what is before its colon."""
    listed = facts.attribute.isin(attributes.attribute)
    family = split_attributes(facts.attribute).family
    return facts.assign(row=facts.attribute.where(listed, family))


def _by_centre_and_row(facts):
    """The facts of each centre and attribute; an empty list where there are none."""
    cells = defaultdict(list)
    for fact in facts.itertuples():
        cells[fact.centre, fact.row].append(fact)
    return cells


def _side_by_side(names, facts, centres, cell):
    """One row per name, one column per centre; a cell is made of the facts with this ``row``."""
    table = names.to_frame()
    cells = _by_centre_and_row(facts)
    for centre in centres.unique()[:MOST]:
        table[centre] = [cell(cells[centre, name]) for name in names]
    return table


def _is_silent(facts):
    """Whether nothing is stated about the centre itself."""
    return not any(fact.about in OWN and fact.value != NOT_STATED for fact in facts)


def _cell_or_silence(facts):
    if not _is_silent(facts):
        return _cell(facts)
    looked = any(fact.value == NOT_STATED for fact in facts)
    return [(NOT_STATED if looked else NOT_CODED, None, None), *_cell(facts)]


def _cell(facts):
    """What facts state as ``(text, doc_id, sentence)``, those about the centre itself first."""
    told = [fact for fact in facts if fact.value != NOT_STATED]
    return [
        (_text_of(fact), fact.doc_id, None if pd.isna(fact.sentence) else int(fact.sentence))
        for fact in sorted(told, key=lambda fact: fact.about not in OWN)
    ]


def _text_of(fact):
    narrower = f"{fact.kind}: " if fact.kind and fact.attribute != fact.row else ""
    about = "" if fact.about in OWN else f" ({fact.about})"
    return narrower + fact.value + about
