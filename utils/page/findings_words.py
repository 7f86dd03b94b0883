"""Sentences of notebook 02, each made from one table and true of whatever corpus ran."""

from pandas import DataFrame, Series, isna

from utils.facts.labels import EVERYWHERE, UNLABELLED
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
from utils.stats.groups import Groups
from utils.stats.keywords import clear_keywords
from utils.stats.resampling import ALPHA

_MOST_COLUMNS = 5  # that are named


def describe_groups(names: tuple[str, str], target: DataFrame, reference: DataFrame) -> str:
    """Which groups are compared and how large they are, from the tokens of each."""
    sides = zip(names, (target, reference), strict=True)
    described = [
        f"the {name} ({count_word(tokens.doc_id.nunique(), 'article')}, "
        f"{count(len(tokens), 'word')})"
        for name, tokens in sides
    ]
    return f"This page compares {' with '.join(described)}"


def name_no_groups(articles: DataFrame) -> str:
    """What the first page says where ``describe_no_groups`` has the rest.

    >>> name_no_groups(DataFrame({"region": ["north"]}))
    'Only one article is counted, so no groups are compared'
    """
    if len(articles) == 1:
        return "Only one article is counted, so no groups are compared"
    return (
        "No column of the metadata divides the articles into two groups that are large enough, so "
        "none are compared"
    )


def describe_no_groups(articles: DataFrame) -> str:
    """What to do where no column of the metadata divides the articles into groups."""
    if len(articles) == 1:
        return name_no_groups(articles)
    return (
        f"No column of the metadata divides the {count_word(len(articles), 'article')} into two "
        "groups that are large enough, so nothing is compared; to compare groups of your own, "
        "fill in a column of metadata.csv and give the parameter TARGET as column=value"
    )


def describe_confounders(reasons: dict[str, str]) -> str:
    """What else differs between the groups, from ``inseparable``."""
    translator = "what the metadata do not say, such as who translated, may differ too"
    if not reasons:
        return (
            "The groups have values in common in every column of the metadata that is not blank or "
            f"mostly one for each article, though perhaps not equally often; {translator}"
        )
    given = Series(reasons)
    parts = [
        CODE_WORDS["reason"][reason].format(columns=join_words(same.index, _MOST_COLUMNS))
        for reason, same in given.groupby(given, sort=False)
    ]
    these = inflect(len(given), "this", "any of these")
    return f"{'; '.join(parts)}. A difference in words may come from {these}; {translator}"


def describe_tests(table: DataFrame) -> str:
    """How many words were compared, and why there are no p-values if so, from ``keyword_table``."""
    facts = table.attrs
    compared = count(facts["family"], "word")
    if facts["tested"]:
        splits = facts.get("splits")
        drawn = f" and rest on at most {splits:,} random divisions of the articles"
        adjusted = f"The p-values are adjusted for the {compared} that were compared"
        return adjusted + (drawn if splits else "") + _describe_needed(facts["needed"])
    sides = [facts["articles_target"], facts["articles_reference"]]
    told = [facts["needed"], facts["sharing"]] if facts["smallest_p"] <= ALPHA else []
    word = words_of_all(*sides, *told)
    least = f"{facts['smallest_p']:.2g}"
    reason = f"no test can give a p below {least}"
    if told:
        reason = (
            f"{word[facts['needed']]} words would have to reach the smallest possible p ({least}) "
            f"for any to pass, and {word[facts['sharing']]} "
            f"{inflect(facts['sharing'], 'does', 'do')}"
        )
    against = " against ".join(map(word.get, sides))
    return f"With {against} articles {reason}, so no p-values are given ({compared} compared)"


def _describe_needed(number):
    smallest = "the smallest p that so many divisions can give"
    return f", so none passes unless {number:,} words have {smallest}" * (number > 1)


def describe_other_groupings(ways: DataFrame, table: DataFrame) -> str:
    """What other ways of dividing the same articles give, from ``other_groupings``."""
    here = len(clear_keywords(table))
    total = ways.attrs["ways"]
    calling = ways.attrs["any"]
    word = words_of_all(total, calling, here)
    start = "Any grouping may give words: of" if calling else "Of"
    call = f"{inflect(calling, 'calls', 'call')} at least one" if calling else "calls any word"
    return (
        f"{start} {word[total]} {inflect(total, 'way')} to divide these articles into groups of "
        f"these sizes {word[calling]} {call}, "
        f"{ways.attrs['mean']:.1f} on average, and this one calls {word[here]}"
    )


def describe_keywords(table: DataFrame, names: tuple[str, str]) -> str:
    """Which words set the groups apart, from ``keyword_table``.

    Words by which the articles were found and parts of names are left out: that they are frequent
    says nothing of the texts.
    """
    apart = clear_keywords(table)
    if apart.empty:
        return f"No word can be said to set the {names[0]} apart from the {names[1]}"
    sides = []
    for code, name in (("more", names[0]), ("less", names[1])):
        terms = apart.term[apart.verdict == code]
        if len(terms):
            listed = join_words(map(quoted, terms), most=4)
            sides.append(f"{listed} {inflect(len(terms), 'is', 'are')} more frequent in the {name}")
    aside = "Leaving listed names aside, " if table["query"].any() else ""
    return f"{aside}{', and '.join(sides)}, and not in one article alone"


def describe_one_article(table: DataFrame) -> str:
    """Which words look like keywords only because of one article, from ``keyword_table``."""
    single = table[table.verdict == "one article"]
    if single.empty:
        return "No word looks like a keyword because of a single article"
    words = [f"{quoted(row.term)} ({name_of(row.driven_by)})" for row in single.itertuples()]
    verb = inflect(len(words), "looks like a keyword", "look like keywords")
    number = count_word(len(words), "word").capitalize()
    return f"{number} {verb} only because of one article: {join_words(words, most=12)}"


def describe_copies(changed: DataFrame, copies: int) -> str:
    """How many verdicts change when copied articles count once, from ``changed_verdicts``.

    >>> describe_copies(DataFrame({"term": []}), 2)
    'Two articles are copies of others; without them no word is judged otherwise'
    """
    number = count_word(copies, "article").capitalize()
    subject = f"{number} {inflect(copies, 'is a copy of another', 'are copies of others')}"
    without = inflect(copies, "it", "them")
    if changed.empty:
        return f"{subject}; without {without} no word is judged otherwise"
    words = join_words(map(quoted, changed.term), most=8)
    judged = f"{count_word(len(changed), 'word')} {inflect(len(changed), 'is', 'are')}"
    return f"{subject}; without {without} {judged} judged otherwise: {words}"


def describe_within(shared: str, articles: DataFrame, groups: Groups) -> str:
    """How many articles of both groups share a value of another column, from ``within``."""
    if not shared:
        return "The groups share no value of such a column, so nothing can be compared here"
    target, reference = (
        count_word(side[articles.index].sum(), "article")
        for side in (groups.target, groups.reference)
    )
    return (
        f"Within {shared}, {target} of the target can be compared with {reference} of the reference"
    )


def describe_occurrences(places: DataFrame, articles: DataFrame) -> str:
    """In how many articles each word is, from ``occurrences``."""
    found = places.groupby("query", sort=False).doc_id.nunique()
    parts = [f"{quoted(term)} is in {words_of(n)}" for term, n in found.items()]
    return f"Of {count_word(len(articles), 'article')}, {join_words(parts)}"


def describe_phrases(table: DataFrame) -> str:
    """How many phrases recur and which differ between the groups, from ``key_phrases``."""
    apart = table[table.verdict.isin(["more", "less"])]
    recurring = (
        f"{count_word(len(table), 'phrase').capitalize()} {inflect(len(table), 'recurs', 'recur')}"
    )
    if apart.empty:
        return f"{recurring}; none differs between the groups in more than one article"
    examples = [
        f"{quoted(row.term)} ({count(row.target, 'time')} against {row.reference:,})"
        for row in apart.itertuples()
    ]
    return f"{recurring}; these differ between the groups: {join_words(examples, most=3)}"


def describe_english(table: DataFrame, words: frozenset[str]) -> str:
    """Which words are furthest above general English, from ``against_english``."""
    clear = table[(table.verdict == "size only") & (table["query"] == "") & (table.log_ratio > 1)]
    clear = clear[~clear.term.isin(words)].head(5)
    if clear.empty:
        return "No word is frequent enough to be compared with general English"
    examples = [
        f"{quoted(row.term)} (about {float(f'{2**row.log_ratio:.2g}'):,.0f} times as frequent)"
        for row in clear.itertuples()
    ]
    return f"Furthest above general English are {join_words(examples)}"


def describe_node(node: str) -> str:
    """A query as a reader says it.

    >>> describe_node("talent|talents")
    '“talent” or “talents”'
    """
    return " or ".join(quoted(part.strip('" ')) for part in node.split("|"))


def describe_collocates(table: DataFrame, node: str) -> str:
    """What is near a node more often than elsewhere, from ``collocates``."""
    near = table[table.verdict == "more"]
    times = count(table.attrs["node_frequency"], "time")
    if near.empty:
        near_it = f"near {describe_node(node)} ({times}) more often than elsewhere"
        if not table.verdict.eq("one article").any():
            return f"No word can be said to be {near_it}"
        return f"No word is {near_it} in more than one article"
    examples = [
        f"{quoted(row.term)} ({row.observed:,} of its {count(row.frequency, 'use')})"
        for row in near.itertuples()
    ]
    verb = inflect(len(near), "is", "are")
    return f"Near {describe_node(node)} ({times}) {verb} {join_words(examples, most=5)}"


def describe_labels(table: DataFrame) -> list[str]:
    """How many lines of each query have each label, and the first label by group: ``label_table``.

    >>> rows = [["port", EVERYWHERE, "a place", 3, 5], ["port", EVERYWHERE, UNLABELLED, 2, 5]]
    >>> describe_labels(DataFrame(rows, columns="query group label lines of".split()))
    ['Of 5 uses of “port”, 3 are labelled “a place”, and 2 are not']
    """
    said = []
    for query, rows in table.groupby("query", sort=False):
        everywhere = rows[rows.group == EVERYWHERE]
        given = everywhere[(everywhere.lines > 0) & (everywhere.label != UNLABELLED)]
        parts = [f"{row.lines:,} {quoted(row.label)}" for row in given.itertuples()]
        uses = f"Of {count(everywhere.of.iloc[0], 'use')} of {describe_node(query)}"
        verb = inflect(given.lines.iloc[0], "is", "are")
        rest = everywhere.of.iloc[0] - given.lines.sum()
        left = f", and {rest:,} {inflect(rest, 'is', 'are')} not" if rest else ""
        said.append(f"{uses}, {join_words(parts).replace(' ', f' {verb} labelled ', 1)}{left}")
        first = rows[(rows.label == rows.label.iloc[0]) & (rows.group != EVERYWHERE)]
        sides = [f"{row.lines:,} of {row.of:,} in the {row.group}" for row in first.itertuples()]
        if sides:
            said.append(f"Labelled {quoted(first.label.iloc[0])} are {join_words(sides)}")
    return said


def describe_label_agreement(table: DataFrame) -> list[str]:
    """How far coders agree on the labels of lines, a sentence for each row of the table.

    >>> row = ["port", 2, 4, 5, 0.6, ""]
    >>> table = DataFrame([row], columns="query coders agreed coded alpha verdict".split())
    >>> describe_label_agreement(table)
    ['Of 5 lines of “port” with two labels or more, 4 have one and the same (alpha 0.60)']
    """
    return [
        f"Of {count(row.coded, 'line')} of {describe_node(row.query)} with two labels or more, "
        f"{row.agreed:,} {inflect(row.agreed, 'has', 'have')} one and the same"
        + ("" if isna(row.alpha) else f" (alpha {row.alpha:.2f})")
        for row in table.itertuples()
    ]
