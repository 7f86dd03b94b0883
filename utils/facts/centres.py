"""What a reader coded of each centre -> facts with their evidence, the matrix, the silences, who acts and who speaks.

A centre is any entity that the rows of ``centres.csv`` name. The parts that need no coding take their entities from
the metadata, so that a corpus without the file has them too.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from utils.facts.checks import dated_after_release
from utils.corpus.articles import CORPUS
from utils.facts.dates import date_table, find_dates, precision
from utils.search.queries import find, unreadable
from utils.facts.quotations import NOT_STATED, find_quotation, read_quoted
from utils.corpus.files import Mistake, misspelt, nearest, read_table
from utils.stats.themes import NONE, theme_hits

FACTS = ["centre", "attribute", "value", "about"]
OWN = ("centre", "event", "page")  # what a fact may be about to count as the centre's
ABOUT = (*OWN, "parent programme", "city", "district", "partner", "side event")
STAGES = ("done", "under way", "planned", "hoped for")
NOT_CODED = "not coded"
RUNGS = ("intended", "agreed", "launched", "operating", "claimed")
MOST = 12  # centres that are compared side by side


def read_facts(articles: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """Rows of ``folder/centres.csv``: ``centre, attribute, value, about, doc_id, quote, note, start, end`` with ``sentence``,
    ``side`` and ``hedge``, blank where not coded.

    A row without a quotation says "not stated". No rows where there is no such file. Raises ``Mistake`` naming the row
    whose quotation is not in its article, is longer than a sentence or stands in several, or lacks a number of the value.

    >>> from utils.corpus.articles import read_corpus
    >>> facts = read_facts(read_corpus())
    >>> facts[facts.attribute == "event date"].value.tolist()
    ['May 17', 'November 5th', 'the same day', 'recently']
    """
    file, columns = Path(folder or CORPUS) / "centres.csv", [*FACTS, "doc_id", "quote", "note", "side", "hedge"]
    if not file.exists():
        return pd.DataFrame(columns=[*columns, "sentence", "start", "end"], dtype=object)
    facts = read_quoted(file, articles, FACTS, "value", ["note", "side", "hedge"])
    empty = [f"{file.name}, row {row}, column {name}: empty; {mend}" for name, mend in
             (("centre", "name the centre"), ("attribute", "name one of attributes.csv"), ("value", f"write {NOT_STATED!r} where the text is silent"), ("about", "say what the fact is about, for instance centre"))
             for row in facts.index[facts[name] == ""]]  # fmt: skip
    facts["attribute"] = facts.attribute.str.replace(r"\s*:\s*", ": ", regex=True)
    narrower = {"commitment": STAGES, "status in the title": RUNGS, "status in the body": RUNGS}
    for row, attribute in facts.attribute.items():
        family, _, kind = attribute.partition(": ")
        if family in narrower and kind not in narrower[family]:
            empty.append(f"{file.name}, row {row}, column attribute: {attribute!r}: {nearest(kind, narrower[family])}")
    unknown = misspelt(facts.about.unique(), ABOUT)
    wrong = [
        f"{file.name}, row {row}, column about: {about!r} is not known; did you mean {unknown[about]}?"
        for row, about in facts.about.items()
        if about in unknown
    ]
    if empty or wrong:
        raise Mistake([*empty, *wrong])
    return facts.reindex(columns=[*columns, "sentence", "start", "end"], fill_value="")


def read_attributes(facts: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """``attribute, meaning, check`` of ``folder/attributes.csv``, and then the attributes that only the facts have.

    An attribute may be narrowed after a colon: "person: signed" is a row of its own where the file lists it, and
    otherwise belongs to "person". ``check`` is a query whose hits a silence is read against.
    """
    file = Path(folder or CORPUS) / "attributes.csv"
    table = (
        read_table(file, ["attribute", "meaning", "check"])
        if file.exists()
        else pd.DataFrame(columns=["attribute", "meaning", "check"])
    )
    if problems := unreadable(table, "check", file.name):
        raise Mistake(problems)
    table = table.drop_duplicates("attribute")
    families = facts.attribute.str.split(":").str[0]
    more = families[~facts.attribute.isin(table.attribute) & ~families.isin(table.attribute)].unique()
    return pd.concat([table, pd.DataFrame({"attribute": more})], ignore_index=True).fillna("")


def about(facts: pd.DataFrame, *families: str) -> pd.DataFrame:
    """The stated facts whose attribute begins with one of ``families``."""
    return facts[facts.attribute.str.startswith(families) & (facts.value != NOT_STATED)]


def entities(articles: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """The centre of each article that has one: as coded (of several, the metadata's), else by the metadata, else each
    article for itself; the first twelve."""
    named = articles.centre[articles.centre != ""]
    told = facts.assign(
        other=[named.get(doc_id) != centre for doc_id, centre in zip(facts.doc_id, facts.centre, strict=True)]
    )
    coded = told.sort_values("other", kind="stable").drop_duplicates("doc_id").set_index("doc_id").centre
    coded = coded.reindex([doc_id for doc_id in articles.index if doc_id in coded.index])
    chosen = coded if len(coded) else named if named.nunique() > 1 else pd.Series(articles.index, articles.index)
    return chosen[chosen.isin(chosen.unique()[:MOST])]


def matrix(facts: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """One row per attribute, one column per centre; a cell lists ``(text, doc_id, sentence)`` for each fact.

    A value that is about something else than the centre and its event says so; "not stated" or
    "not coded" stands where nothing is coded about the centre itself.
    """
    parts = dict(iter(facts.groupby([facts.centre, _rows(facts, attributes)])))
    table = {"attribute": attributes.attribute}
    for centre in facts.centre.unique()[:MOST]:
        table[centre] = [_cell(parts.get((centre, name), facts.head(0)), name) for name in attributes.attribute]
    return pd.DataFrame(table)


def silences(tokens: pd.DataFrame, facts: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """One row per attribute and centre of which nothing is stated: ``attribute, centre, doc_id, looked_for, hits, where, note``.

    ``hits`` of the query ``looked_for`` stand in the sentences ``where`` of the centre's article, for the reader to judge.
    """
    rows, found = _rows(facts, attributes), []
    pairs = facts[["doc_id", "centre"]].drop_duplicates().itertuples(index=False, name=None)
    of_centre = sorted(pairs, key=lambda pair: facts.centre.tolist().index(pair[1]))
    for attribute, check in zip(attributes.attribute, attributes.check, strict=True):
        first = find(tokens, check)[0] if check else np.zeros(0, int)
        for doc_id, centre in of_centre:
            part = facts[(facts.centre == centre) & (rows == attribute)]
            if ((part.value != NOT_STATED) & part.about.isin(OWN)).any():
                continue
            hits = tokens.iloc[first[tokens.doc_id.iloc[first] == doc_id]].sentence
            where = " ".join(map(str, hits.unique()))
            judged = part.value == NOT_STATED
            notes = (
                "; ".join(filter(None, part.note[judged])) if judged.any() else f"{NOT_CODED}: no reader's judgement"
            )
            found.append((attribute, centre, doc_id, check, len(hits) if check else None, where, notes))
    columns = ["attribute", "centre", "doc_id", "looked_for", "hits", "where", "note"]
    return pd.DataFrame(found, columns=columns).astype({"hits": "Int64"})


def people(facts: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """One row per person, office or source: ``centre, person, known_as, office, role, side, about, voice, doc_id, sentence``.

    ``voice`` is "given words" where the centre's article lets them speak, "silent" elsewhere. ``names`` maps a name
    as printed to the name of the same person elsewhere. Sides are by affiliation, as coded.
    """
    table = about(facts, "person", "speaker")
    parts = [
        [part.strip() for part in text.partition(cut)]
        for text, cut in [*((a, ":") for a in table.attribute), *((v, ", ") for v in table.value)]
    ]
    roles, named = parts[: len(table)], parts[len(table) :]
    table = table.assign(person=[name for name, _, _ in named], office=[office for _, _, office in named])
    told = [f"speaks: {role}" if family == "speaker" else role for family, _, role in roles]
    table["role"] = pd.Series(told, table.index, dtype=object)
    table["known_as"] = table.person.replace(names)
    same = list(zip(table.centre, table.known_as, strict=True))
    spoken = {key for key, role in zip(same, table.role, strict=True) if role.startswith("speaks")}
    table["voice"] = ["given words" if key in spoken else "silent" for key in same]
    return table[
        ["centre", "person", "known_as", "office", "role", "side", "about", "voice", "doc_id", "sentence"]
    ].reset_index(drop=True)


def commitments(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per centre and stage: ``centre, stage, commitments, of, share``, those about the centre and its event."""
    own = about(facts[facts.about.isin(OWN)], "commitment:")
    stage = own.attribute.str.split(":").str[1].str.strip()
    index = pd.MultiIndex.from_product([facts.centre.unique()[:MOST], STAGES], names=["centre", "stage"])
    counted = own.groupby([own.centre, stage.rename("stage")]).size().reindex(index, fill_value=0)
    table = counted.rename("commitments").reset_index()
    table["of"] = table.groupby("centre").commitments.transform("sum")
    return table.assign(share=table.commitments / table.of.where(table.of > 0))


def acts_and_voices(facts: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """One row per centre and side: ``centre, side, commitments, present, given_words``; sides by affiliation, as coded."""
    own = about(facts[facts.about.isin(OWN)], "commitment:")
    speaks = persons.role.str.startswith("speaks")
    parts = {"commitments": own, "present": persons[~speaks], "given_words": persons[speaks]}
    counts = {
        name: part.groupby(["centre", part.side.replace("", "side not said")]).size() for name, part in parts.items()
    }
    table = pd.DataFrame(counts).fillna(0).astype(int).rename_axis(["centre", "side"]).reset_index()
    order = {centre: n for n, centre in enumerate(facts.centre.unique())}
    return table.sort_values("centre", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def fields_by_theme(
    articles: pd.DataFrame, tokens: pd.DataFrame, facts: pd.DataFrame, themes: pd.DataFrame
) -> pd.DataFrame:
    """Fields, laboratories and first-phase work side by side: a row per theme, a column per centre, as in ``matrix``."""
    fields = about(facts[facts.about.isin(OWN)], "focus field", "planned laboratory", "first-phase work")
    hits = theme_hits(tokens, themes, [])
    starts, ends = tokens.start.to_numpy()[hits["first"]], tokens.end.to_numpy()[hits["last"]]
    rows = []
    for fact in fields.itertuples():
        at = find_quotation(articles.raw[fact.doc_id][fact.start : fact.end], fact.value)
        low, high = (fact.start + edge for edge in at[0]) if at else (0, 0)
        inside = (hits.doc_id == fact.doc_id) & (starts >= low) & (ends <= high)
        rows += [(theme, fact.Index) for theme in hits.theme[inside].unique()] or [(NONE, fact.Index)]
    order = [theme for theme in [*dict.fromkeys(themes.theme), NONE] if theme in {name for name, _ in rows}]
    table = {"theme": order}
    for centre in facts.centre.unique()[:MOST]:
        table[centre] = [
            _cell(fields.loc[[i for name, i in rows if name == theme and fields.centre[i] == centre]], "field", False)
            for theme in order
        ]
    return pd.DataFrame(table)


def dated(articles: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """What is dated in the centres' articles, and how certain: ``centre, what, printed, certainty, doc_id, sentence``."""
    of_centre = entities(articles, facts)
    doubts = {(d.doc_id, d.start): d.finding for d in dated_after_release(articles)}
    coded = facts[facts.attribute.isin(["event date", "page date"]) & (facts.value != NOT_STATED)]
    rows = [(f.centre, f.attribute, f.value, _certainty(f.value), f.doc_id, f.sentence) for f in coded.itertuples()]
    for date in date_table(articles[articles.index.isin(of_centre.index)]).itertuples():
        doubt = doubts.get((date.doc_id, date.start), "")
        certainty = date.precision if pd.notna(date.year) else f"{date.precision}: cannot be placed"
        rows.append(
            (
                of_centre[date.doc_id],
                "date in the text",
                date.printed,
                "; ".join(filter(None, [certainty, doubt])),
                date.doc_id,
                date.sentence,
            )
        )
    return pd.DataFrame(rows, columns=["centre", "what", "printed", "certainty", "doc_id", "sentence"]).sort_values(
        ["centre", "what"], ignore_index=True
    )


def _rows(facts: pd.DataFrame, attributes: pd.DataFrame) -> pd.Series:
    """The row of the matrix to which each fact belongs: its attribute, or what stands before the colon."""
    return facts.attribute.where(facts.attribute.isin(attributes.attribute), facts.attribute.str.split(":").str[0])


def _cell(facts: pd.DataFrame, row: str, silent: bool = True) -> list[tuple]:
    """The facts of one cell as ``(text, doc_id, sentence)``, those about the centre itself first."""
    told = sorted(
        (fact for fact in facts.itertuples() if fact.value != NOT_STATED), key=lambda fact: fact.about not in OWN
    )
    cell = [(_text(fact, row), fact.doc_id, None if pd.isna(fact.sentence) else int(fact.sentence)) for fact in told]
    alone = silent and (not told or told[0].about not in OWN)
    looked = NOT_STATED if (facts.value == NOT_STATED).any() else NOT_CODED
    return [(looked, None, None), *cell] if alone else cell


def _text(fact, row: str) -> str:
    narrower = fact.attribute.partition(":")[2].strip() if fact.attribute != row and ":" in fact.attribute else ""
    about = "" if fact.about in OWN else f" ({fact.about})"
    return f"{narrower}: {fact.value}{about}" if narrower else f"{fact.value}{about}"


def _certainty(printed: str) -> str:
    dates = find_dates(printed) or find_dates(f"in {printed}")
    if not dates:
        return "no date printed"
    told = precision(*dates[0][1:4])
    return told if dates[0].year else f"{told}: cannot be placed"
