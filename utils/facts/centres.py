"""Centres side by side: what is stated and left unsaid of each, who acts, who speaks, and when.

The parts that need no coding take their centres from the metadata, so that a corpus without coded
facts has them too.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.tables import NOT_STATED
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
from utils.facts.names import read_aliases
from utils.facts.quotations import find_quotation
from utils.search.queries import find
from utils.stats.themes import NONE, list_numbers, theme_hits

NOT_CODED = "not coded"  # nobody looked; NOT_STATED: somebody looked and found nothing
NO_DATE = "no date printed"
IN_TEXT = "date in the text"
NO_SIDE = "side not said"
MOST = 12  # centres that are compared side by side


class Comparison(NamedTuple):
    """The tables that set the centres of a corpus side by side."""

    facts: DataFrame
    attributes: DataFrame
    of_centre: Series
    matrix: DataFrame
    silences: DataFrame
    people: DataFrame
    statements: DataFrame
    voices: DataFrame
    fields: DataFrame
    dated: DataFrame
    printed_dates: DataFrame
    events: dict[str, str]


def compare_centres(articles: DataFrame, tokens: DataFrame, themes: DataFrame) -> Comparison:
    """Everything that ``centres.csv`` and the dates printed in the articles say of each centre.

    ``printed_dates`` is the ``date_table`` of the centres' articles; ``events`` has the dates
    coded of the events, by article. Without coded facts only ``of_centre``, ``dated`` and
    ``printed_dates`` have rows.
    """
    facts = read_facts(articles)
    attributes = read_attributes(articles, facts)
    of_centre = entities(articles, facts)
    printed = date_table(articles.loc[of_centre.index])
    events = coded_as(facts, "event date").groupby("doc_id").value.agg(", ".join)
    return Comparison(
        facts=facts,
        attributes=attributes,
        of_centre=of_centre,
        matrix=matrix(facts, attributes),
        silences=silences(tokens, facts, attributes),
        people=people(facts, read_aliases(articles)),
        statements=statements(facts, known_attributes(articles)),
        voices=acts_and_voices(facts),
        fields=fields_by_theme(articles, tokens, facts, themes),
        dated=dated(facts, printed, of_centre, articles.published),
        printed_dates=printed,
        events=("event: " + events).to_dict(),
    )


def entities(articles: DataFrame, facts: DataFrame) -> Series:
    """The centre of each article that has one; of the first twelve centres only.

    It is the one coded (of several, the one that the metadata name). Without coded facts it is the
    one that the metadata name, and where these name one or none, each article is its own.
    """
    named = articles.centre[articles.centre != ""]
    as_named = facts[facts.doc_id.map(named) == facts.centre]
    chosen = pd.concat([as_named, facts]).drop_duplicates("doc_id").set_index("doc_id").centre
    chosen = chosen.reindex(articles.index).dropna()
    if chosen.empty:
        chosen = named if named.nunique() > 1 else articles.index.to_series()
    return chosen[chosen.isin(chosen.unique()[:MOST])]


def matrix(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """One row per attribute, one column per centre; a cell lists ``(text, doc_id, sentence)``.

    A value that is about something else than the centre and its event says so in brackets. Where
    nothing is coded about the centre itself, the first entry is ``NOT_STATED`` or ``NOT_CODED``.
    """
    facts = _with_rows(facts, attributes)
    return _side_by_side(attributes.attribute, facts, _compared(facts), _cell_or_silence)


def silences(tokens: DataFrame, facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """One row per attribute and centre's article of which nothing is stated about the centre.

    Columns: ``attribute, centre, doc_id, looked_for, hits, where, note``. ``hits`` of the query
    ``looked_for`` are in the sentences ``where``, for the reader to judge. ``note`` is the coder's,
    or ``NOT_CODED``.
    """
    facts = _with_rows(facts, attributes)
    articles = facts.groupby("centre", sort=False).doc_id.unique().explode()
    silent = []
    for attribute, check in attributes.set_index("attribute").check.items():
        hits = tokens.iloc[find(tokens, check)[0]] if check else tokens.head(0)
        for centre, doc_id in articles.items():
            coded = facts[(facts.centre == centre) & (facts.row == attribute)]
            if _is_silent(coded):
                where = hits.sentence[hits.doc_id == doc_id]
                count = len(where) if check else pd.NA
                judged = coded.note[coded.value == NOT_STATED]
                note = NOT_CODED if judged.empty else "; ".join(filter(None, judged))
                silent.append((attribute, centre, doc_id, check, count, list_numbers(where), note))
    columns = ["attribute", "centre", "doc_id", "looked_for", "hits", "where", "note"]
    return DataFrame(silent, columns=columns).astype({"hits": "Int64"})


def people(facts: DataFrame, aliases: DataFrame) -> DataFrame:
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
    table["known_as"] = table.person.replace(dict(zip(aliases.alias, aliases.body, strict=True)))
    spoken = speaks.groupby([table.centre, table.known_as]).transform("any")
    table["voice"] = spoken.map({True: "speaks", False: "silent"})
    who = ["centre", "person", "known_as", "office", "role", "side", "about", "voice"]
    return table[[*who, "doc_id", "sentence", "use"]]


def statements(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """One row per centre and stage: ``centre, stage, commitments, of, share``.

    Counted are statements about the centre and its event. The stages are in the order of
    ``attributes``, which is that of ``known_attributes``.
    """
    kinds = kinds_of(attributes)
    stages = kinds.kind[kinds.use == "statement"].unique()
    index = pd.MultiIndex.from_product([_compared(facts), stages], names=["centre", "stage"])
    counts = coded_as(own_facts(facts), "statement").value_counts(["centre", "kind"])
    table = counts.reindex(index, fill_value=0).rename("commitments").reset_index()
    table["of"] = table.groupby("centre").commitments.transform("sum")
    return table.assign(share=table.commitments / table.of.where(table.of > 0))


def acts_and_voices(facts: DataFrame) -> DataFrame:
    """One row per centre and side: ``centre, side, commitments, present, given_words``.

    Counted are statements about the centre and its event, and people at any event. Sides are by
    affiliation, as coded, or ``NO_SIDE``.
    """
    counted = {"statement": "commitments", "person": "present", "speaker": "given_words"}
    people_of = coded_as(facts, "person", "speaker")
    coded = pd.concat([coded_as(own_facts(facts), "statement"), people_of])
    sides = [coded.centre, coded.side.replace("", NO_SIDE)]
    table = pd.crosstab(sides, coded.use.map(counted))
    table = table.reindex(columns=counted.values(), fill_value=0)
    return table.reindex(facts.centre.unique(), level=0).reset_index()


def fields_by_theme(
    articles: DataFrame, tokens: DataFrame, facts: DataFrame, themes: DataFrame
) -> DataFrame:
    """One row per theme, one column per centre; cells list the centre's fields as in ``matrix``.

    A field is under each theme that its own words touch, else under ``NONE``.
    """
    fields = coded_as(own_facts(facts), "field")
    hits = theme_hits(tokens, themes, [])
    hits["start"] = tokens.start.to_numpy()[hits["first"]]
    hits["end"] = tokens.end.to_numpy()[hits["last"]]
    names = [_themes_of(field, hits, articles.raw) or [NONE] for field in fields.itertuples()]
    fields = fields.assign(row=names).explode("row")
    order = [name for name in [*themes.theme.unique(), NONE] if name in set(fields.row)]
    order = Series(order, name="theme", dtype=object)
    return _side_by_side(order, fields, _compared(facts), _cell)


def _themes_of(field: NamedTuple, hits: DataFrame, raws: Series) -> list[str]:
    """The themes touched by the words of a field's value, inside its quotation."""
    spans = find_quotation(raws[field.doc_id][field.start : field.end], field.value)
    if not spans:
        return []
    start, end = spans[0]
    inside = (hits.start >= field.start + start) & (hits.end <= field.start + end)
    return hits.theme[inside & (hits.doc_id == field.doc_id)].unique().tolist()


def dated(facts: DataFrame, printed: DataFrame, of_centre: Series, published: Series) -> DataFrame:
    """What is dated in the centres' articles, and how certainly.

    Columns: ``centre, what, printed, certainty, has_year, after_release, doc_id, sentence, use``.
    ``what`` is an attribute, or ``IN_TEXT`` for the rows of ``printed``, which is a ``date_table``.
    ``certainty`` is a precision as there, or ``NO_DATE``. ``after_release`` is true of a date in
    the text that ``is_after`` the release of its page.
    """
    coded = coded_as(facts, "event date", "page date").assign(after_release=False)
    coded = coded.rename(columns={"attribute": "what", "value": "printed"})
    late = [is_after(date, published[date.doc_id]) for date in printed.itertuples()]
    centres = printed.doc_id.map(of_centre)
    in_text = printed.assign(what=IN_TEXT, use="", centre=centres, after_release=late)
    table = pd.concat([coded, in_text]).sort_values(["centre", "what"], ignore_index=True)
    dates = table.printed.map(_read_date)
    table["certainty"] = [date.precision if date else NO_DATE for date in dates]
    table["has_year"] = [bool(date and date.year) for date in dates]
    columns = ["centre", "what", "printed", "certainty", "has_year", "after_release"]
    return table[[*columns, "doc_id", "sentence", "use"]]


def _read_date(printed: str) -> PrintedDate | None:
    dates = find_dates(printed) or find_dates(f"in {printed}")  # a bare year needs its "in"
    return dates[0] if dates else None


def _compared(facts: DataFrame) -> Iterable[str]:
    return facts.centre.unique()[:MOST]


def _with_rows(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """Facts with the attribute that lists them: their own, or what is before its colon."""
    listed = facts.attribute.isin(attributes.attribute)
    family = split_attributes(facts.attribute).family
    return facts.assign(row=facts.attribute.where(listed, family))


def _side_by_side(
    names: Series, facts: DataFrame, centres: Iterable[str], cell: Callable[[DataFrame], list]
) -> DataFrame:
    """One row per name, one column per centre; a cell is made of the facts with this ``row``."""
    table = names.to_frame()
    for centre in centres:
        of_centre = facts[facts.centre == centre]
        table[centre] = [cell(of_centre[of_centre.row == name]) for name in names]
    return table


def _is_silent(facts: DataFrame) -> bool:
    """Whether nothing is stated about the centre itself."""
    return not (facts.about.isin(OWN) & (facts.value != NOT_STATED)).any()


def _cell_or_silence(facts: DataFrame) -> list[tuple]:
    if not _is_silent(facts):
        return _cell(facts)
    looked = (facts.value == NOT_STATED).any()
    return [(NOT_STATED if looked else NOT_CODED, None, None), *_cell(facts)]


def _cell(facts: DataFrame) -> list[tuple]:
    """What facts state as ``(text, doc_id, sentence)``, those about the centre itself first."""
    told = facts[facts.value != NOT_STATED].itertuples()
    return [
        (_text_of(fact), fact.doc_id, None if pd.isna(fact.sentence) else int(fact.sentence))
        for fact in sorted(told, key=lambda fact: fact.about not in OWN)
    ]


def _text_of(fact: NamedTuple) -> str:
    narrower = f"{fact.kind}: " if fact.kind and fact.attribute != fact.row else ""
    about = "" if fact.about in OWN else f" ({fact.about})"
    return narrower + fact.value + about
