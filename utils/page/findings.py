"""Tables -> the finding as a sentence: titles of figures and lines of "What we found".

Each is true of whatever corpus ran, down to a corpus of one article.
"""

import numpy as np
import pandas as pd

from utils.corpus.words import function_words


def lengths(sizes: pd.DataFrame) -> str:
    """From ``article_table``: how unequal the articles are in length.

    >>> lengths(pd.DataFrame({"doc_id": ["a", "b"], "tokens": [100, 150]}))
    'The longest article, b, has 1.5 times the tokens of the shortest, a'
    """
    if len(sizes) == 1:
        return f"One article of {sizes.tokens.iloc[0]:,} tokens"
    longest, shortest = sizes.loc[sizes.tokens.idxmax()], sizes.loc[sizes.tokens.idxmin()]
    if longest.tokens == shortest.tokens:
        return f"All {len(sizes)} articles have {count(int(longest.tokens), 'token')}"
    ratio = f"{longest.tokens / shortest.tokens:.1f} times" if shortest.tokens else f"{longest.tokens:,} more than"
    return f"The longest article, {longest.doc_id}, has {ratio} the tokens of the shortest, {shortest.doc_id}"


def left_out(lines: pd.DataFrame) -> str:
    """From ``line_table``: how much of the texts is page furniture."""
    characters = lines.text.str.len().groupby(lines.label).sum()
    share = characters.get("furniture", 0) / characters.sum()
    furniture = lines[lines.label == "furniture"]
    return (
        f"{count(len(furniture), 'line')} of page furniture, {share:.1%} of the characters, "
        f"in {furniture.doc_id.nunique()} of {count(lines.doc_id.nunique(), 'article')}, beside titles and datelines"
    )


def oddities(checks: pd.DataFrame, articles: pd.DataFrame) -> str:
    """From ``source_checks``: how many odd things of how many kinds, in how many articles."""
    if checks.empty:
        return f"No check found anything odd in the {count(len(articles), 'article')}"
    return (
        f"The checks found {count(len(checks), 'odd thing')} of {count(checks.check.nunique(), 'kind')} "
        f"in {checks.doc_id.nunique()} of {count(len(articles), 'article')}"
    )


def diversity(sizes: pd.DataFrame, window: int) -> str:
    """From ``article_table``: which article repeats itself most."""
    measured = sizes.dropna(subset=["mattr"])
    if measured.empty:
        return f"No article has the {window} tokens that the measure needs"
    least = measured.loc[measured.mattr.idxmin()]
    if len(measured) == 1:
        return f"In {least.doc_id} {least.mattr:.0%} of the terms in {window} running tokens are distinct"
    most = measured.loc[measured.mattr.idxmax()]
    return (
        f"{least.doc_id} repeats itself most: of {window} running tokens {least.mattr:.0%} are distinct terms; "
        f"{most.doc_id} least, with {most.mattr:.0%}"
    )


def rank(frequencies: pd.DataFrame, top: int = 10) -> str:
    """From ``frequency_table``: how few terms make up the text, and how many occur once."""
    once, total = (frequencies.frequency == 1).sum(), frequencies.frequency.sum()
    return (
        f"The {min(top, len(frequencies))} most frequent terms make up {frequencies.frequency.head(top).sum() / total:.0%} "
        f"of the tokens; {once / len(frequencies):.0%} of the {len(frequencies):,} types occur once"
    )


def growth(curve: pd.DataFrame) -> str:
    """From ``vocabulary_growth``: how many new terms the last fifth of the text brought."""
    total, types = curve.tokens.iloc[-1], curve.types.iloc[-1]
    before = curve.types[curve.tokens <= total * 0.8]
    new = types - (before.iloc[-1] if len(before) else 0)
    more = ": more articles would bring more" if new else ""
    return f"The last fifth of the text brought {new:,} of the {types:,} types{more}"


def spread(top: pd.DataFrame) -> str:
    """From ``compare_dispersion``: the most frequent term, and how many of those shown are spread unevenly."""
    if top.empty:
        return "No content word is left to count"
    first, uneven = top.iloc[0], top[top.dispersion > top.chance_high + 1e-9]
    names = ", ".join(f"“{term}”" for term in uneven.term.head(5)) + (" …" if len(uneven) > 5 else "")
    rest = f": {names}" if len(uneven) else ""
    return (
        f"“{first.term}” is the most frequent content word ({first.frequency:,} times); {len(uneven)} of the "
        f"{len(top)} most frequent are spread less evenly over the articles than by chance{rest}"
    )


def dated(dates: pd.DataFrame, articles: pd.DataFrame) -> str:
    """From ``date_table``: how many articles have a release date, and which years the texts print."""
    released = (articles.published != "").sum()
    years = dates.year.dropna()
    printed = (
        f"the years printed run from {years.min()} to {years.max()}"
        if years.nunique() > 1
        else f"the only year printed is {years.min()}"
        if len(years)
        else "no text prints a year"
    )
    return f"Release dates: {released} of {count(len(articles), 'article')}; {printed}"


def two_groups(names: tuple[str, str], target: pd.DataFrame, reference: pd.DataFrame) -> str:
    """The sizes of target and reference, from their tokens."""
    sides = [
        f"{role}: {name}, {len(part.doc_id.unique())} with {len(part):,} tokens"
        for role, name, part in zip(("Target", "Reference"), names, (target, reference), strict=True)
    ]
    return "; ".join(sides) + "."


def confounded(reasons: dict[str, str]) -> str:
    """From ``inseparable``: what a difference may be due to as well."""
    if not reasons:
        return "No column of the metadata goes with the grouping; what is not in the metadata, such as a translator, still may."
    told = "; ".join(f"{column}, {reason}" for column, reason in reasons.items())
    return f"A difference cannot be told apart from what goes with the grouping ({told}), nor from what is not in the metadata, such as a translator."


def tested(table: pd.DataFrame) -> str:
    """From ``keyword_table``: how many words were looked at together, and why there is no p, if so."""
    why = table.attrs["why_no_p"]
    return f"Looked at together: {count(table.attrs['family'], 'word')}. " + (
        f"{why}." if why else "p is adjusted for all of them."
    )


def narrowed(shared: str, target: pd.DataFrame, reference: pd.DataFrame) -> str:
    """From ``within``: which articles of both groups share a value of another column."""
    if not shared:
        return "No such column has a value that articles of both groups share, so there is nothing to compare here."
    return f"Within {shared}: {count(len(target), 'article')} of the target against {len(reference)} of the reference."


def scattered(places: pd.DataFrame, articles: pd.DataFrame) -> str:
    """From ``occurrences``: in how many articles each word stands."""
    found = places.groupby("query", sort=False).doc_id.nunique()
    return "; ".join(f"“{term}” stands in {n} of {count(len(articles), 'article')}" for term, n in found.items())


def keyness(table: pd.DataFrame, names: tuple[str, str], most: int = 4) -> str:
    """From ``keyword_table``: how many terms set the groups apart, and the clearest to each side.

    Terms by which the articles were found and parts of names are left out: that they are frequent is no finding.
    """
    differing = table[table.verdict.str.startswith("more frequent") & ~table.verdict.str.contains("carried")]
    differing = differing[differing["query"] == ""]
    if differing.empty:
        return f"No word can be said to set the {names[0]} apart from the {names[1]}"
    sides = [
        f"{', '.join(f'“{term}”' for term in part.term.head(most))}{' …' * (len(part) > most)} in the {name}"
        for sign, name in zip((1, -1), names, strict=True)
        if len(part := differing[np.sign(differing.log_ratio) == sign])
    ]
    verb = "word is" if len(differing) == 1 else "words are"
    return f"Names aside, {len(differing)} {verb} more frequent on one side without hanging on one article: {'; '.join(sides)}"


def carried(table: pd.DataFrame) -> str:
    """From ``keyword_table``: keywords that one article carries."""
    one = table[table.verdict.str.contains("carried")]
    if one.empty:
        return "No keyword is carried by a single article"
    names = ", ".join(f"“{row.term}” ({row.driven_by})" for row in one.head(5).itertuples()) + " …" * (len(one) > 5)
    return f"{count(len(one), 'keyword')}, names among them, would not stand without one article: {names}"


def phrases(table: pd.DataFrame) -> str:
    """From ``key_phrases``: how many phrases recur, and what can be said of them."""
    differing = table[table.verdict.str.startswith("more frequent") & ~table.verdict.str.contains("carried")]
    named = "; ".join(f"“{row.term}” ({row.target} to {row.reference})" for row in differing.head(3).itertuples())
    recur = f"{count(len(table), 'phrase')} {'recurs' if len(table) == 1 else 'recur'}; "
    none = "of none can a difference be said to hold beyond one article"
    return recur + (f"more frequent on one side: {named}" if named else none)


def english(table: pd.DataFrame) -> str:
    """From ``against_english``: the terms furthest above general English that are no names of the search."""
    clear = table[(table.verdict != "too few to tell") & (table["query"] == "") & (table.log_ratio > 1)]
    clear = clear[~clear.term.isin(function_words())].head(5)
    names = ", ".join(f"“{row.term}” {2**row.log_ratio:,.0f}" for row in clear.itertuples())
    return (
        f"Furthest above general English, by how many times as frequent: {names}"
        if len(clear)
        else "No term is frequent enough to compare with English"
    )


def company(table: pd.DataFrame, node: str) -> str:
    """From ``collocates``: what stands near the node more often than elsewhere."""
    near = table[table.verdict == "more often near it than elsewhere"]
    names = ", ".join(
        f"“{row.term}” ({row.observed} of its {row.frequency} tokens)" for row in near.head(5).itertuples()
    )
    found = (
        f"keeps company with {names}"
        if len(near)
        else "has no collocate that these counts can show in more than one article"
    )
    return f"“{node}” ({table.attrs['node_frequency']:,} times) {found}"


def themes(table: pd.DataFrame, none: str) -> str:
    """From ``theme_table``: the themes most sentences touch, and how many sentences none does."""
    total = table.drop_duplicates("doc_id").of.sum()
    touched = (
        table[table.theme != none]
        .groupby("theme", sort=False)
        .sentences.sum()
        .sort_values(ascending=False, kind="stable")
    )
    most = ", ".join(f"{theme} ({k} of {total} sentences)" for theme, k in touched.head(3).items())
    rest = table[table.theme == none].sentences.sum()
    return f"Most touched: {most}; {rest} of {total} sentences touch no theme"


def theme_differences(table: pd.DataFrame, names: tuple[str, str]) -> str:
    """From ``compare_themes``: the themes that differ between the groups."""
    table = table[table.theme != "no theme"]
    apart = table[table.verdict.str.startswith("more in")]
    if apart.empty:
        return f"No theme can be said to differ between the {names[0]} and the {names[1]}"
    told = "; ".join(
        f"{row.theme}, {row.sentences_target} of {row.of_target} sentences in the {names[0]} against {row.sentences_reference} of {row.of_reference}"
        for row in apart.itertuples()
    )
    return f"{len(apart)} of {count(len(table), 'theme')} {'differs' if len(apart) == 1 else 'differ'} by more than counting error: {told}"


def topics(found: pd.DataFrame, verdict: str) -> str:
    """From ``fit_topics``: the verdict, and the topics that several articles share."""
    shared = found[found.carried_by == ""]
    if verdict.startswith("no stable"):
        return verdict.capitalize()
    named = "; ".join(", ".join(terms.split(", ")[:4]) for terms in shared.terms)
    return verdict + (f". Shared by several articles: {named}" if named else "")


def carriers(found: pd.DataFrame) -> str:
    """From ``fit_topics``: how many topics are one article's."""
    own = found[found.carried_by != ""]
    if own.empty:
        return f"None of the {count(len(found), 'topic')} lies mostly in one article"
    named = "; ".join(f"{row.topic}: {row.carried_by}" for row in own.head(6).itertuples())
    return f"{len(own)} of {count(len(found), 'topic')} lie mostly in one article each ({named})"


def coded(facts: pd.DataFrame) -> str:
    """From ``read_facts``: how many facts of which centres were coded, or how to begin."""
    if facts.empty:
        return (
            "This corpus has no centres.csv, so the parts that rest on coding are empty. To add it, make a table beside the metadata with the "
            "columns centre, attribute, value, about, doc_id, quote, note: a row for each thing that an article states, with the words that state it."
        )
    stated = facts[facts.value != "not stated"]
    told = ", ".join(f"{centre} {n}" for centre, n in stated.centre.value_counts(sort=False).items())
    return f"{count(len(stated), 'fact')} were coded ({told}), and the quotation of each was found in its article; {count(len(facts) - len(stated), 'time')} the coding says that something is not stated."


def statuses(facts: pd.DataFrame) -> str:
    """From facts about the centres: how far each is, by its article's title and by its body, in the article's words."""
    told = []
    for centre in facts.centre.unique():
        sides = []
        for name, part in (("the title says", "status in the title"), ("the text", "status in the body")):
            rungs = facts[
                (facts.centre == centre) & facts.attribute.str.startswith(part) & (facts.value != "not stated")
            ]
            words = [f"“{row.value}” ({row.attribute.split(': ')[-1]})" for row in rungs.itertuples()]
            sides.append(f"{name} {' and '.join(words) or 'nothing of it'}")
        told.append(f"{centre}: {', '.join(sides)}")
    return "How far the centres are. " + "; ".join(told)


def side_by_side(table: pd.DataFrame) -> str:
    """From ``fields_by_theme``: the themes that the fields of several centres touch, in the articles' words."""
    centres, told = list(table.columns[1:]), []
    for theme, *cells in table.itertuples(index=False, name=None):
        words = [
            f"{centre} ({', '.join(text for text, _, _ in cell)})"
            for centre, cell in zip(centres, cells, strict=True)
            if cell
        ]
        told += [f"{theme}: {', '.join(words)}"] if len(words) > 1 and theme != "no theme" else []
    silent = [centre for centre in centres if not table[centre].map(bool).any()]
    none = f". No field is named of {', '.join(silent)}" if silent else ""
    return f"Fields of several centres, by theme. {'; '.join(told) or 'None'}{none}"


def events_dated(dated: pd.DataFrame) -> str:
    """From ``centres.dated``: how many events have a date with a year, and how many pages one of release."""
    told = []
    for what, noun in (("event date", "event"), ("page date", "page")):
        part = dated[dated.what == what]
        whole = part.centre[part.certainty.isin(["day", "month", "year"])].nunique()
        told.append(f"{whole} of {dated.centre.nunique()} {noun}s {'is' if whole == 1 else 'are'} dated with a year")
    return "; ".join(told).capitalize()


def stages(table: pd.DataFrame) -> str:
    """From ``commitments``: how many are told as done, under way, planned or hoped for."""
    parts = table.groupby("stage", sort=False).commitments.sum()
    told = ", ".join(f"{n} {'is' if n == 1 else 'are'} {stage}" for stage, n in parts.items())
    return f"Of {count(int(parts.sum()), 'commitment')} told of the centres and their events, {told}"


def done(facts: pd.DataFrame) -> str:
    """From facts about the centres: what is told as done."""
    values = facts.value[(facts.attribute == "commitment: done") & (facts.value != "not stated")]
    return f"Told as done: {'; '.join(f'“{value}”' for value in values) or 'nothing'}"


def voices(people: pd.DataFrame) -> str:
    """From ``people``: who is given words, who was at a centre's event without, who is named at another event only."""
    speaks = people.role.str.startswith("speaks")
    sources = people.role.isin(["speaks: reports", "speaks: document", "speaks: unattributed"])
    sides = people[speaks & ~sources].groupby("side", sort=False)
    words = [
        f"{f'{side} side' if side else 'side not said'}: {', '.join(part.known_as.unique())}" for side, part in sides
    ]
    silent = people[~speaks & (people.voice == "silent")]
    own = silent.about.isin(["centre", "event", "page"])
    there, elsewhere = (
        ", ".join(f"{row.known_as} ({row.side or 'side not said'})" for row in part.itertuples())
        for part in (silent[own], silent[~own])
    )
    parts = [f"Given words: {'; '.join(words) or 'nobody'}", f"sources without a person: {sources.sum()}"]
    parts += [
        f"present at a centre's event without words: {there or 'nobody'}",
        f"named at another event only: {elsewhere or 'nobody'}",
    ]
    return "; ".join(parts)


def unstated(facts: pd.DataFrame, attributes: pd.DataFrame) -> str:
    """From ``read_facts`` and ``read_attributes``: what a reader looked for and found of no centre."""
    looked = facts[facts.value == "not stated"].groupby("attribute").centre.nunique()
    meant = dict(zip(attributes.attribute, attributes.meaning, strict=True))
    names = [meant[name] or name for name in attributes.attribute if looked.get(name, 0) == facts.centre.nunique()]
    if not names:
        return "Nothing that was looked for is missing of every centre"
    return f"Of none of the {count(facts.centre.nunique(), 'centre')} do the articles say: {'; '.join(names)}"


def claims(table: pd.DataFrame) -> str:
    """From ``claim_table``: how many claims hold, do not follow, cannot be tested."""
    if table.empty:
        return "No claims.csv lists claims that could be worked out again"
    several = {"holds within rounding": "hold within rounding", "does not follow": "do not follow"}
    parts = table[table.verdict != "cannot be tested"].groupby(["measure", "verdict"], sort=False).size()
    told = [f"{n} {several[verdict] if n > 1 else verdict} ({measure})" for (measure, verdict), n in parts.items()]
    failed = "; ".join(row.claim for row in table[table.verdict == "does not follow"].itertuples())
    untested = (table.verdict == "cannot be tested").sum()
    return f"Of {count(len(table), 'claim')}, {', '.join([*told, f'{untested} cannot be tested'])}" + (
        f". What does not follow: {failed}" if failed else ""
    )


def quantities(table: pd.DataFrame) -> str:
    """From ``quantity_table``: how many quantities of which kind."""
    names = {"count": "counts", "date": "dates", "money": "sums of money", "percent": "per cent"}
    parts = ", ".join(f"{n} {names[kind]}" for kind, n in table.kind.value_counts().items())
    return f"Quantities in the bodies: {len(table)}" + (f" ({parts})" if parts else "")


def agreement(told: dict[str, tuple[int, int]]) -> str:
    """From ``precision_and_recall``: against the list made by hand."""
    return "Against the list made by hand: " + "; ".join(f"{name} {k} of {n}" for name, (k, n) in told.items())


def own_words(table: pd.DataFrame, most: int = 4) -> str:
    """From keyword tables of each centre against the others: the clearest words of each."""
    apart = table[(table["query"] == "") & ~table.term.isin(function_words())]
    told = "; ".join(
        f"{centre}: {', '.join(part.term.head(most))}" for centre, part in apart.groupby("centre", sort=False)
    )
    alone = "; each hangs on one article" if len(apart) and apart.verdict.str.contains("carried").all() else ""
    return f"Names aside, words more frequent in one centre's articles than in the others': {told or 'none that can be told'}{alone}"


def alike(table: pd.DataFrame) -> str:
    """From ``similarity``: the most and the least alike of the articles."""
    if len(table) < 2:
        return "There is no second pair of articles to compare"
    ends = [f"{row.doc_id} and {row.with_article} (cosine {row.cosine:.2f})" for row in (table.iloc[0], table.iloc[-1])]
    return f"Most alike in their content words, names aside: {ends[0]}; least: {ends[1]}"


def alt(kind: str, finding: str, table: pd.DataFrame, label: str, value: str, first: int = 6) -> str:
    """Alternative text: the kind of figure, the finding, and the first values for those who cannot see it.

    >>> alt("Bar chart", "One is longest", pd.DataFrame({"doc_id": ["a", "b"], "tokens": [3, 2]}), "doc_id", "tokens")
    'Bar chart. One is longest. From the data: a 3; b 2.'
    """
    rows = table[[label, value]].dropna().head(first).itertuples(index=False)
    plain = "{}" if value == "year" else "{:,}"
    pairs = [
        f"{name} {f'{number:.2f}' if isinstance(number, float) else plain.format(number)}" for name, number in rows
    ]
    return f"{kind}. {finding}. From the data: {'; '.join(pairs) or 'no values'}{' …' if len(table) > first else '.'}"


def count(number: int, noun: str) -> str:
    """Number and noun, the noun in the plural where it should be.

    >>> count(1, "article"), count(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
