"""How far the coders of an article agree: Krippendorff's alpha and k of n, and where they do not.

What is settled is no coding of its own and is left out here. Only articles count that two coders or
more have coded. Who codes an article gives each row of ``attributes.csv`` something or ``not
stated``; of what a coder gave neither, that coder has judged nothing. Where two people or more
share articles, agreement is over the people; with the models it is a table of its own.

**Places.** A unit is a sentence and an attribute (what stands before its colon) that two coders or
more have judged in the article: each of them has coded something of the attribute in the sentence,
or has not. The title is a sentence; the lines of the page outside title and body are one together.
Plain agreement is k of n: of the units that anybody coded, how many all of them coded. Alpha, which
takes chance into account, is over all units, those included that nobody coded.

**Kinds.** Rows of two coders match where they have one attribute and their quotations overlap; a
row matches once, first the rows whose values share the most words, then those whose quotations
overlap the most. A unit is such a pair, and the coders give it one kind, one `about`, one side, or
two. So these agree on condition that the coders have found the same words.

**Stated.** A unit is a centre, an article and a row of ``attributes.csv`` that two coders or more
have judged: each has found something stated about the centre, its event or its page, or nothing.

Alpha is that of nominal data (Krippendorff, *Content Analysis*, 2004, chapter 11; *Computing
Krippendorff's Alpha-Reliability*, 2011), by the package ``krippendorff``. It is blank where nothing
varies. Over all attributes it is 1 - sum of D_o / sum of D_e: observed and expected disagreement
are worked out within each attribute, from how often its own values are given, and then added up.
So nobody earns agreement by knowing which attributes are frequent, and chance gives 0. Its
interval, of 95 %, comes from drawing the sentences of each article again, with a seed, and for what
is stated from drawing the rows of ``attributes.csv`` again; the articles and coders stay as they
are, so it says nothing of other articles or other readers.
"""

from functools import partial
from itertools import combinations
from types import SimpleNamespace

import krippendorff
import numpy as np
import pandas as pd
from numpy import ndarray
from pandas import DataFrame

from utils.corpus.tables import NOT_STATED, folder_of, read_side_table
from utils.corpus.tokens import sentence_table
from utils.facts.coding import (
    OWN,
    is_model,
    is_settled,
    read_codings,
    settle,
    split_attributes,
)
from utils.facts.gate import words_of

PLACE = "place"
ALL = "all"  # attributes together
STATED = "stated"
OF_PAIRS = ("kind", "about", "side")
SIDE_NAMED = "side named"  # the side, of those pairs only where both coders name one
PEOPLE = "people"  # whose agreement it is
WITH_MODELS = "with models"
MODEL = "model"
WITH_MODEL = "person with a model"
PARTLY = 0.8  # of the attributes that the fullest coder of an article has; who has fewer is named
DRAWS = 1000
SEED = 0
FEWEST = 5  # units that anybody coded, or pairs; of fewer an alpha would tell nothing
TOO_FEW = "too few"
OUTSIDE = -1  # the sentence of lines outside title and body
ONE = "one"  # only one of two coders coded the attribute in the sentence
SPLIT = "split"  # both did, and the other has fewer rows of it there
UNJUDGED = "unjudged"  # the other gave the attribute neither something nor "not stated"
WORDS = "words"  # both coded the attribute in the sentence, by words that do not overlap
_LEVEL = (2.5, 97.5)
_DEFINED = 0.9  # of the draws; where alpha is defined in fewer it gets no interval
_UNIT = ["doc_id", "attribute", "sentence"]
_CELL = ["centre", "doc_id", "row"]
_MEASURES = ("among articles measure attribute agreed coded units alpha low high verdict").split()
_DIFFERENCE = (
    "attribute doc_id sentence difference coder coded_as quote with_coder with_coded_as with_quote"
).split()


def read_coders(articles: DataFrame, codings: DataFrame | None = None) -> DataFrame:
    """What ``coders.csv`` says of the coders: ``coder, kind, note``; none without such a file.

    ``codings`` are those of ``read_codings``, where they are read already. ``attrs["notes"]`` says
    who has coded nothing, and who coded an article only in part.
    Raises ``Mistake`` for a model whose name does not begin with "model", which would count.
    """
    listed = read_side_table("coders", folder_of(articles), _kind_problems)
    codings = read_codings(articles) if codings is None else codings
    labels = read_side_table("labels", folder_of(articles))
    strangers = listed.coder[~listed.coder.isin([*codings.coder, *labels.coder])]
    notes = [f"coders.csv: {name!r} has coded nothing" for name in strangers]
    notes += [
        f"centres.csv: {row.coder} has coded {row.coded} of {row.of} attributes of {row.doc_id}; "
        "what is missing counts as not coded"
        for row in partly_coded(codings).itertuples()
    ]
    listed.attrs["notes"] = [*listed.attrs.get("notes", []), *notes]
    return listed


def _kind_problems(table, record):
    """A model is known by its name everywhere, so the table may not say otherwise."""
    called_model = is_model(pd.Series([record.coder]))[0]
    if record.kind and called_model != (record.kind == MODEL):
        yield "kind", "a model's name begins with 'model', here and in centres.csv, and no other's"


def coder_table(codings: DataFrame, listed: DataFrame | None = None) -> DataFrame:
    """One row per coder: ``coder, coded_by, articles, shared, facts, silences, note``.

    ``coded_by`` is ``person``, ``person with a model``, ``model`` or ``settled``; ``listed``, from
    ``read_coders``, says which and adds the note. ``shared`` is how many of the articles another
    coder has coded too. ``codings`` is from ``read_codings``.
    """
    shared = codings.doc_id.where(codings.index.isin(compared(codings).index))
    by_coder = codings.assign(silent=codings.value == NOT_STATED, shared=shared)
    table = by_coder.groupby("coder", sort=False).agg(
        articles=("doc_id", "nunique"),
        shared=("shared", "nunique"),
        rows=("silent", "size"),
        silences=("silent", "sum"),
    )
    table = table.reset_index().assign(kind="", note="")
    if listed is not None:
        said = listed.drop_duplicates("coder").set_index("coder").reindex(table.coder).fillna("")
        table = table.assign(kind=said.kind.to_numpy(), note=said.note.to_numpy())
    by = np.select([is_settled(table.coder), is_model(table.coder)], ["settled", MODEL], "person")
    by = table.kind.where(table.kind != "", by)
    table = table.assign(coded_by=by, facts=table.rows - table.silences)
    return table["coder coded_by articles shared facts silences note".split()]


def partly_coded(codings: DataFrame) -> DataFrame:
    """Who coded far fewer attributes of an article than another: ``coder, doc_id, coded, of``."""
    coded = codings[~is_settled(codings.coder)].drop_duplicates([*_CELL, "coder"])
    sizes = coded.groupby(["coder", "doc_id"], sort=False).size().rename("coded").reset_index()
    sizes["of"] = sizes.groupby("doc_id").coded.transform("max")
    return sizes[sizes.coded < PARTLY * sizes.of].reset_index(drop=True)


def compared(codings: DataFrame) -> DataFrame:
    """The coders' rows on articles that two coders or more have coded, what is settled left out.

    ``attribute`` is what stands before the colon, and ``named`` the whole. ``sentence`` is that of
    the lines outside where it was blank.
    """
    coded = codings[~is_settled(codings.coder)]
    coded = coded[coded.groupby("doc_id").coder.transform("nunique") > 1]
    family = split_attributes(coded.attribute).family
    sentence = coded.sentence.fillna(OUTSIDE).astype(int)
    return coded.assign(named=coded.attribute, attribute=family, sentence=sentence)


def agreement_table(articles: DataFrame, codings: DataFrame) -> DataFrame:
    """How far coders agree, a row for each measure and attribute; none without two coders.

    Columns: ``among, articles, measure, attribute, agreed, coded, units, alpha, low, high,
    verdict``. ``among`` is ``people`` where two people share an article, and those rows come first;
    ``with models`` where a model takes part. ``articles`` is how many are shared. ``measure`` is
    ``place``, ``stated``, ``kind``, ``about``, ``side`` or ``side named``; ``attribute`` is ``all``
    for those together; ``agreed`` of ``coded`` is plain agreement, and alpha is over ``units``.
    Where fewer than five were coded the verdict is ``too few``, and alpha is blank.
    """
    people = compared(codings[~is_model(codings.coder)])
    everybody = compared(codings)
    rows = _rows_of(PEOPLE, articles, people)
    if len(everybody) > len(people):
        rows += _rows_of(WITH_MODELS, articles, everybody)
    return DataFrame(rows, columns=_MEASURES)


def _rows_of(among, articles, coded):
    """The rows of ``agreement_table`` for some coders; none where they share no article."""
    if coded.empty:
        return []
    places = _places(articles, coded)
    draws = _draws(places)
    pairs = _pairs(coded)
    named = pairs[(pairs.side != "") & (pairs.side_2 != "")]
    in_places = _place_units(coded, places)
    rows = [
        _row(PLACE, ALL, in_places, draws),
        _row(STATED, ALL, _stated_units(coded)),
    ]
    rows += [_row(column, ALL, _pair_units(pairs, column, places), draws) for column in OF_PAIRS]
    rows.append(_row(SIDE_NAMED, ALL, _pair_units(named, "side", places), draws))
    stated = coded[coded.value != NOT_STATED].groupby("attribute", sort=False)
    for number, (attribute, own) in enumerate(stated):
        rows.append(_row(PLACE, attribute, _of_attribute(in_places, number), draws))
        if (own.kind != "").any():
            units = _pair_units(pairs[pairs.attribute == attribute], "kind", places)
            rows.append(_row("kind", attribute, units, draws))
    return [[among, coded.doc_id.nunique(), *row] for row in rows]


def alpha_of(counts: ndarray) -> float:
    """Krippendorff's alpha of nominal data, from how many coders gave each unit each value.

    ``counts`` has a row for each unit and a column for each value; units with one coder are left
    out. NaN where fewer than two values are left, since nothing varies. Ten units, two coders
    (Krippendorff 2011, section B):

    >>> both = [[2, 0]] * 5 + [[0, 2]] + [[1, 1]] * 4
    >>> f"{alpha_of(np.array(both)):.3f}"
    '0.095'
    """
    counts = counts[counts.sum(axis=1) > 1]
    counts = counts[:, counts.any(axis=0)]
    if counts.shape[1] < 2:
        return np.nan
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def disagreements(codings: DataFrame) -> DataFrame:
    """Every disagreement of two coders on an article that both coded, with both quotations.

    Columns: ``attribute, doc_id, sentence, difference, coder, coded_as, quote, with_coder,
    with_coded_as, with_quote, why``. ``difference`` is ``one`` (only one coded the attribute in the
    sentence), ``split`` (both did, the other in fewer rows), ``unjudged`` (the other gave the
    attribute neither something nor ``not stated``), ``words`` (both coded it in the sentence, by
    words that do not overlap), or the columns that differ. Where no row of the other is beside it,
    ``with_coded_as`` is what the other made of these words, under the quotation that overlaps the
    most, or that nothing was found. ``why`` is why it was settled, where what is settled takes up
    or changes one of the two rows.
    """
    coded = compared(codings)
    rows = []
    for first, second in _two_coders(coded):
        rows += _differences(first, second)
    reasons = _reasons(codings)
    for row in rows:
        row["why"] = "; ".join(dict.fromkeys(filter(None, map(reasons.get, row["said"]))))
    table = DataFrame(rows, columns=[*_DIFFERENCE, "why"])
    table = table.sort_values(["doc_id", "sentence"], kind="stable", ignore_index=True)
    sentences = table.sentence.astype("Int64")
    return table.assign(sentence=sentences.mask(sentences == OUTSIDE))


def settled_table(codings: DataFrame) -> DataFrame:
    """What was settled, one row per centre, article and attribute.

    Columns: ``centre, attribute, doc_id, added, dropped, kept, coder, why``. ``added`` and
    ``dropped`` list rows as ``(text, doc_id, sentence)``, held against the first person's coding;
    ``kept`` is how many rows are as they were.
    """
    rows = [
        {
            "centre": cell[0],
            "attribute": cell[2],
            "doc_id": cell[1],
            "added": _listed(added),
            "dropped": _listed(dropped),
            "kept": len(now) - len(added),
            "coder": now.coder.iloc[0],
            "why": _reason(now),
        }
        for cell, now, added, dropped in _settled_cells(codings)
    ]
    return DataFrame(rows, columns="centre attribute doc_id added dropped kept coder why".split())


def _settled_cells(codings):
    """What was settled of each cell: the rows now, those added, and those of before taken out."""
    first = settle(codings[~is_settled(codings.coder)])
    before = first.groupby(_CELL).indices
    for cell, now in codings[is_settled(codings.coder)].groupby(_CELL, sort=False):
        earlier = first.iloc[before.get(cell, [])]
        yield cell, now, _rows_without(now, earlier), _rows_without(earlier, now)


def _reason(rows):
    return "; ".join(dict.fromkeys(rows.why))


def _rows_without(rows, others):
    """The rows that the others do not have, by what they say, of what, and by which words."""
    said = ["value", "about", "quote"]
    known = set(others[said].itertuples(index=False, name=None))
    return rows[[row not in known for row in rows[said].itertuples(index=False, name=None)]]


def _listed(rows):
    """The rows as the entries of a cell that lists facts."""
    return [
        (row.value, row.doc_id, None if row.sentence is pd.NA else int(row.sentence))
        for row in rows.itertuples()
    ]


def _row(measure, attribute, units, draws=None):
    """Measure, attribute and the numbers of a row of ``agreement_table``.

    Without draws of sentences the attributes themselves are drawn again for the interval.
    """
    enough = units.coded >= FEWEST
    alpha = np.nan
    if enough and attribute == ALL:
        alpha = pooled_alpha(units.counts, units.attributes)
    elif enough:
        alpha = alpha_of(units.counts)
    low, high = (np.nan, np.nan) if np.isnan(alpha) else _interval(units, draws)
    sizes = [units.agreed, units.coded, len(units.counts)]
    return [measure, attribute, *sizes, alpha, low, high, "" if enough else TOO_FEW]


def _interval(units, draws):
    """The interval of alpha over draws; blank where it is defined in few of them."""
    if draws is None:
        alphas = _alphas_of_attributes(units)
    else:
        alphas = drawn_alphas(units.counts, units.places, draws, units.attributes)
    defined = alphas[~np.isnan(alphas)]
    if len(defined) < _DEFINED * len(alphas):
        return np.nan, np.nan
    return tuple(np.percentile(defined, _LEVEL))


def _alphas_of_attributes(units):
    """Alpha of each draw of attributes, each with all its units."""
    names = np.unique(units.attributes)
    parts = [_disagreement(units.counts[units.attributes == name]) for name in names]
    random = np.random.default_rng(SEED)
    draws = random.multinomial(len(names), [1 / len(names)] * len(names), DRAWS)
    return _alpha(*(draws @ np.array(parts)[:, :, 0]).T)


def pooled_alpha(counts: ndarray, attributes: ndarray) -> float:
    """Alpha over attributes, ``attributes`` being that of each unit: 1 - sum D_o / sum D_e.

    Both are worked out within each attribute. Two attributes, one always coded and one never, tell
    nothing of agreement, though without regard to them alpha would be 1:

    >>> counts = np.array([[2, 0], [2, 0], [0, 2], [0, 2]])
    >>> alpha_of(counts), pooled_alpha(counts, np.array([0, 0, 1, 1]))
    (1.0, nan)
    """
    units = np.arange(len(counts))
    return float(drawn_alphas(counts, units, np.ones((1, len(counts))), attributes)[0])


def drawn_alphas(
    counts: ndarray, places: ndarray, draws: ndarray, attributes: ndarray | None = None
) -> ndarray:
    """Alpha of each draw, of units that are in places, where each place is drawn so many times.

    It is what ``alpha_of`` gives of the units drawn, and over several attributes what
    ``pooled_alpha`` gives. NaN where nothing varies.

    >>> both = np.array([[2, 0]] * 5 + [[0, 2]] + [[1, 1]] * 4)
    >>> drawn_alphas(both, np.arange(10), np.ones((1, 10), dtype=int)).round(3).tolist()
    [0.095]
    """
    if attributes is None:
        attributes = np.zeros(len(counts), dtype=int)
    observed = np.zeros(len(draws))
    expected = np.zeros(len(draws))
    for name in np.unique(attributes):
        own = attributes == name
        parts = _disagreement(counts[own], places[own], draws)
        observed += parts[0]
        expected += parts[1]
    return _alpha(observed, expected)


def _alpha(observed, expected):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _disagreement(counts, places=None, draws=None):
    """Disagreement observed in each draw and expected by chance, in pairs of values.

    It comes from the coincidences of each place (formula in Krippendorff 2011, section B), which
    add up. Without draws every unit counts once.
    """
    if draws is None:
        places = np.arange(len(counts))
        draws = np.ones((1, len(counts)))
    kept = counts.sum(axis=1) > 1
    given = counts[kept][:, counts.any(axis=0)].astype(float)
    pairs = given[:, :, None] * given[:, None, :]
    pairs[:, np.arange(given.shape[1]), np.arange(given.shape[1])] -= given
    pairs /= (given.sum(axis=1) - 1)[:, None, None]
    by_place = np.zeros((draws.shape[1], *pairs.shape[1:]))
    np.add.at(by_place, places[kept], pairs)
    coincidences = np.tensordot(draws, by_place, axes=1)
    of_value = coincidences.sum(axis=2)
    total = of_value.sum(axis=1)
    same = np.trace(coincidences, axis1=1, axis2=2)
    expected = (total**2 - (of_value**2).sum(axis=1)) / np.maximum(total - 1, 1)
    return total - same, expected


def _places(articles, coded):
    """The sentences, title and rest of the page of each article: their number by what they are."""
    own = articles[articles.index.isin(coded.doc_id)]
    sentences = sentence_table(own)[["doc_id", "sentence"]].astype({"doc_id": str})
    named = {*sentences.itertuples(index=False, name=None)}
    named |= {(doc_id, sentence) for doc_id in own.index for sentence in (0, OUTSIDE)}
    return {place: number for number, place in enumerate(sorted(named))}


def _draws(places):
    """How often each place is drawn, when those of each article are drawn again: a row a draw."""
    random = np.random.default_rng(SEED)
    sizes = pd.Series([doc_id for doc_id, _ in places]).value_counts(sort=False)
    drawn = (random.multinomial(size, [1 / size] * size, DRAWS) for size in sizes)
    return np.hstack([counts.astype(np.int16) for counts in drawn])  # of 8 bytes all take gigabytes


def _place_units(coded, places):
    """A unit for each place and attribute that two have judged: how many coded it, or did not."""
    stated = coded[coded.value != NOT_STATED]
    names = stated.attribute.unique()
    judges = coded.groupby(["attribute", "doc_id"]).coder.nunique()
    coders = stated.groupby(_UNIT).coder.nunique()
    units = pd.MultiIndex.from_tuples(
        [(name, *place) for name in names for place in places],
        names=["attribute", "doc_id", "sentence"],
    )
    judged = judges.reindex(units.droplevel("sentence"), fill_value=0).to_numpy()
    found = coders.reorder_levels(units.names).reindex(units, fill_value=0).to_numpy()
    counts = np.stack([judged - found, found], axis=1)
    attribute, place = np.divmod(np.arange(len(units)), len(places))
    kept = judged > 1
    return _units(counts[kept], place[kept], attribute[kept])


def _of_attribute(units, number):
    """Those of the units of places that are of one attribute."""
    own = units.attributes == number
    return _units(units.counts[own], units.places[own], units.attributes[own])


def _units(counts, places, attributes):
    """Units of places, and in how many of them all coders coded something, and any."""
    return SimpleNamespace(
        counts=counts,
        places=places,
        attributes=attributes,
        agreed=int((counts[:, 0] == 0).sum()),
        coded=int((counts[:, 1] > 0).sum()),
    )


def _stated_units(coded):
    """A unit for each centre, article and row that two have judged: how many found it stated."""
    own = coded[coded.about.isin(OWN) & (coded.value != NOT_STATED)]
    judged = coded.groupby(_CELL).coder.nunique()
    judged = judged[judged > 1]
    found = own.groupby(_CELL).coder.nunique().reindex(judged.index, fill_value=0).to_numpy()
    counts = np.stack([judged.to_numpy() - found, found], axis=1)
    return SimpleNamespace(
        counts=counts,
        attributes=pd.factorize(judged.index.get_level_values("row"))[0],
        agreed=int((counts == 0).any(axis=1).sum()),
        coded=len(counts),
    )


def _pairs(coded):
    """The rows of each two coders that match, side by side; the columns of the second end in _2."""
    pairs = [_matched(*both) for both in _two_coders(coded)]
    return pd.concat(pairs, ignore_index=True)


def _pair_units(pairs, column, places):
    """A unit for each pair of rows: which values its two coders gave, of those that gave any."""
    values = pairs[[column, f"{column}_2"]]
    if column == "kind":
        values = values[(values != "").any(axis=1)]
    codes, names = pd.factorize(values.to_numpy(dtype=object).ravel())
    counts = np.zeros((len(values), max(len(names), 1)), dtype=int)
    np.add.at(counts, (np.arange(len(codes)) // 2, codes), 1)
    kept = pairs.loc[values.index]
    where = kept[["doc_id", "sentence"]].itertuples(index=False, name=None)
    return SimpleNamespace(
        counts=counts,
        places=np.array([places[place] for place in where], dtype=int),
        attributes=pd.factorize(kept.attribute)[0],
        agreed=int((counts == 2).any(axis=1).sum()),
        coded=len(counts),
    )


def _two_coders(coded):
    """The rows of each two coders, on the articles that both have coded."""
    by_coder = dict(list(coded.groupby("coder", sort=False)))
    for first, second in combinations(by_coder.values(), 2):
        first_ids = first.doc_id
        yield first[first_ids.isin(second.doc_id)], second[second.doc_id.isin(first_ids)]


def _matched(first, second, overlapping=True):
    """Rows of two coders on one attribute side by side, each once, the likest first.

    They are in one sentence and ``overlapping``, or only in one sentence. ``index`` and ``index_2``
    are their rows of the file.
    """
    sides = [side[side.value != NOT_STATED].reset_index(names="index") for side in (first, second)]
    both = sides[0].merge(sides[1], on=_UNIT, suffixes=("", "_2"))
    shared = both[["end", "end_2"]].min(axis=1) - both[["start", "start_2"]].max(axis=1)
    whole = both[["end", "end_2"]].max(axis=1) - both[["start", "start_2"]].min(axis=1)
    words = [_likeness(*values) for values in zip(both.value, both.value_2, strict=True)]
    both = both.assign(words=words, overlap=shared / whole)
    both = both[shared > 0] if overlapping else both
    taken = set()
    kept = []
    for pair in both.sort_values(["words", "overlap"], ascending=False).itertuples():
        if taken.isdisjoint((pair.index, pair.index_2)):
            taken |= {pair.index, pair.index_2}
            kept.append(pair.Index)
    return both.loc[sorted(kept)]


def _likeness(value, other):
    """The share of the words of two values that both have."""
    words = words_of(value)
    others = words_of(other)
    return len(words & others) / max(len(words | others), 1)


def _differences(first, second):
    """The disagreements of two coders, as rows of ``disagreements``."""
    facts = {fact.Index: fact for fact in pd.concat([first, second]).itertuples()}
    matched = _matched(first, second)
    for one, other in matched[["index", "index_2"]].to_numpy():
        unlike = _unlike(facts[one], facts[other])
        if unlike:
            yield _difference(", ".join(unlike), facts[one], facts[other])
    first_left = first.drop(index=matched["index"])
    second_left = second.drop(index=matched["index_2"])
    nearby = _matched(first_left, second_left, overlapping=False)
    for one, other in nearby[["index", "index_2"]].to_numpy():
        yield _difference(WORDS, facts[one], facts[other])
    first_left = first_left.drop(index=nearby["index"])
    second_left = second_left.drop(index=nearby["index_2"])
    for left, others in ((first_left, second), (second_left, first)):
        beside = {doc_id: [*rows.itertuples()] for doc_id, rows in others.groupby("doc_id")}
        for fact in left[left.value != NOT_STATED].itertuples():
            yield _alone(fact, beside[fact.doc_id])


def _unlike(fact, other):
    return [name for name in OF_PAIRS if getattr(fact, name) != getattr(other, name)]


def _difference(difference, fact, other):
    return _place_of(difference, fact, [_said(fact), _said(other)]) | {
        "with_coder": other.coder,
        "with_coded_as": _coded_as(other),
        "with_quote": other.quote,
    }


def _alone(fact, others):
    """What only one coder coded, and what the other, of these rows, made of these words."""
    nearest = max(others, key=partial(_overlap, fact))
    instead = _overlap(fact, nearest) > 0
    same = [row.value for row in others if (row.centre, row.row) == (fact.centre, fact.row)]
    silent = f"{nearest.coder}: {NOT_STATED}" if NOT_STATED in same else ""
    return _place_of(_kind_of_alone(fact, others), fact, [_said(fact)]) | {
        "with_coder": nearest.coder,
        "with_coded_as": _coded_as(nearest) if instead else silent,
        "with_quote": nearest.quote if instead else "",
    }


def _kind_of_alone(fact, others):
    family = [row for row in others if row.attribute == fact.attribute]
    there = {row.sentence for row in family if row.value != NOT_STATED}
    if fact.sentence in there:
        return SPLIT
    return ONE if family else UNJUDGED


def _overlap(fact, other):
    """The share that two quotations of an article have in common; 0 where one has no place."""
    if fact.start is pd.NA or other.start is pd.NA:
        return 0
    shared = min(fact.end, other.end) - max(fact.start, other.start)
    whole = max(fact.end, other.end) - min(fact.start, other.start)
    return max(shared, 0) / whole


def _place_of(difference, fact, said):
    return {
        "attribute": fact.attribute,
        "doc_id": fact.doc_id,
        "sentence": fact.sentence,
        "difference": difference,
        "coder": fact.coder,
        "coded_as": _coded_as(fact),
        "quote": fact.quote,
        "said": said,
    }


def _coded_as(fact):
    said = ", ".join(filter(None, [fact.named, f"about {fact.about}", fact.side]))
    return f"{fact.coder}: {said}" if fact.coder else said


def _said(fact):
    return fact.centre, fact.doc_id, fact.row, fact.value, fact.quote


def _reasons(codings):
    """Why each row was settled that what is settled adds, changes or takes out."""
    return {
        _said(row): _reason(now)
        for _, now, *changed in _settled_cells(codings)
        for row in pd.concat(changed).itertuples()
    }
