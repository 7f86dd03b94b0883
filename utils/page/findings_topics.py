"""Sentences of notebook 03, each made from one table and true of whatever corpus ran."""

from pandas import DataFrame

from utils.page.names import name_of
from utils.page.wording import count, count_word, inflect, join_words, words_of
from utils.stats.themes import NONE
from utils.stats.topics import FEWEST_ARTICLES

_MOST_THEMES = 3  # in a sentence
_MOST_COLUMNS = 6  # articles beside each other in a table


def count_sentences(table: DataFrame) -> str:
    """The number of sentences that ``theme_table`` counts over its articles, with the noun."""
    return count(table.drop_duplicates("doc_id").of.sum(), "sentence")


def order_of_heat(doc_ids: list[str], other: str) -> tuple[str, str]:
    """What has the rows and what the columns of a table of articles: few articles have columns.

    >>> order_of_heat(["a", "b"], "theme")
    ('theme', 'doc_id')
    """
    return (other, "doc_id") if len(doc_ids) <= _MOST_COLUMNS else ("doc_id", other)


def describe_themes(table: DataFrame) -> str:
    """Which themes most sentences are about, from ``theme_table``."""
    total = table.drop_duplicates("doc_id").of.sum()
    sentences = table.groupby("theme", sort=False).sentences.sum()
    untouched = sentences.get(NONE, 0)
    themes = sentences.drop(NONE, errors="ignore").sort_values(ascending=False, kind="stable")
    if themes.empty:
        return "No theme is listed for this corpus"
    rest = f"{words_of(untouched)} {inflect(untouched, 'is', 'are')} about none of the themes"
    rest = rest if untouched else "every sentence is about at least one theme"
    if len(themes) > 1:
        rest += ", and a sentence may be about several"
    first = themes.head(_MOST_THEMES)
    if first.iloc[0] * 2 > total:
        return f"More than half of the sentences are about {_first_and_next(first, total)}; {rest}"
    named = join_words(_with_numbers(first, total))
    return f"No theme is in most sentences; the most frequent are {named}; {rest}"


def _first_and_next(themes, total):
    """The theme of most sentences, those of as many, and then those that come next."""
    equal = themes[themes == themes.iloc[0]]
    others = _with_numbers(themes[len(equal) :], total)
    first, *rest = equal.index
    as_many = join_words(f"about {theme}" for theme in rest)
    each = f", and as many {as_many} ({equal.iloc[0]:,} of {total:,} each)"
    said = first + each if as_many else _with_numbers(equal, total)[0]
    come = inflect(len(others), "comes", "come")
    return f"{said}; next {come} {join_words(others)}" if others else said


def _with_numbers(themes, total):
    return [f"{theme} ({k:,} of {total:,})" for theme, k in themes.items()]


def describe_theme_differences(table: DataFrame, names: tuple[str, str]) -> str:
    """Which themes differ between the groups, from ``compare_themes``."""
    apart = table[table.verdict.isin(["more", "less"]) & (table.theme != NONE)]
    if apart.empty:
        return f"No theme can be said to differ between the {names[0]} and the {names[1]}"
    parts = [
        f"{row.theme} ({row.sentences_target:,} of {count(row.of_target, 'sentence')} in the "
        f"{names[0]} against {row.sentences_reference:,} of {row.of_reference:,})"
        for row in apart.itertuples()
    ]
    only = "Only " if len(parts) == 1 else ""
    verb = inflect(len(parts), "differs", "differ")
    return f"{only}{join_words(parts)} {verb} between the groups"


def describe_topics(
    topics: DataFrame, stability: DataFrame, verdict: str, weights: DataFrame | None = None
) -> str:
    """Whether the topics are stable, and what they are, from ``fit_topics``.

    With ``weights``, in how many of the paragraphs, where they are drawn.
    """
    said = _describe_topics(topics, stability, verdict)
    if weights is None or "paragraphs" not in weights.attrs:
        return said
    drawn = f"{len(weights):,} of {weights.attrs['paragraphs']:,} paragraphs, drawn at random"
    return f"In {drawn}, {said[0].lower()}{said[1:]}"


def _describe_topics(topics, stability, verdict):
    if verdict == "too few":
        return "Too few paragraphs share words to look for topics"
    if verdict == "unstable":
        drawn = topics.attrs.get("articles", FEWEST_ARTICLES) < FEWEST_ARTICLES
        halves = "paragraphs" if drawn else "articles"
        return (
            f"No number of topics comes back from half of the {halves} more than in shuffled text"
        )
    number = count_word(len(topics), "topic")
    if verdict == "one article":
        single = topics.carried_by.ne("").sum()
        return (
            f"The {number} recur more than chance would give, but {words_of(single)} of them are "
            "single articles: they tell articles apart, not subjects"
        )
    row = stability[stability.k == len(topics)].iloc[0]
    found = f"agreement {row.agreement:.2f} against {row.shuffled:.2f} in shuffled text"
    shared = topics.terms[topics.carried_by == ""].str.split(", ").str[:4].str.join(", ")
    some = join_words(shared, most=6, last="; ", between="; ")
    whose = "" if topics.attrs.get("articles") == 1 else "; several articles share"
    examples = f"{whose}: {some}" if some else ""
    return f"The {number} recur more than chance would give ({found}){examples}"


def describe_sample(weights: DataFrame, seed: int) -> list[str]:
    """Of how many paragraphs the topics are, from ``fit_topics``; nothing where they are of all."""
    if "paragraphs" not in weights.attrs:
        return []
    return [
        f"Topics were looked for in {len(weights):,} of the {weights.attrs['paragraphs']:,} "
        f"paragraphs, drawn at random with the seed {seed}"
    ]


def describe_topic_shares(shares: DataFrame, weights: DataFrame, shown: int) -> str:
    """Of which articles, and of how much of each, the table of ``topic_shares`` is.

    >>> shares = DataFrame({"doc_id": ["a", "a", "b", "b"]})
    >>> describe_topic_shares(shares, DataFrame(index=range(9)), 2).partition(":")[0]
    'How much of each of 2 articles that have paragraphs belongs to each topic'
    """
    number = shares.doc_id.nunique()
    drawn = "drawn " if "paragraphs" in weights.attrs else ""
    which = "each" if shown == number else f"each of the {shown:,} longest"
    several = f"{which} of {number:,} articles that have {drawn}paragraphs"
    those = inflect(number, f"the article that has {drawn}paragraphs", several)
    return (
        f"How much of {those} belongs to each topic: the mean share in its {drawn}paragraphs, "
        f"which adds up to one; n = {count(len(weights), f'{drawn}paragraph')}."
    )


def describe_theme_lines(lines: DataFrame) -> str:
    """Which matches the table of ``theme_lines`` has."""
    matches = lines.attrs["matches"]
    if len(lines) == matches:
        return "Every match in its sentence."
    return f"{len(lines):,} of {matches:,} matches, drawn with a fixed seed, in their sentences."


def describe_topic_owners(topics: DataFrame) -> str:
    """Which topics are one article's, from ``fit_topics``."""
    if topics.attrs.get("articles") == 1:
        return "All topics are those of one article"
    own = topics[topics.carried_by != ""]
    if own.empty:
        return "No topic is mostly in one article"
    parts = [f"{row.topic} in {name_of(row.carried_by)}" for row in own.itertuples()]
    number = f"{words_of(len(own)).capitalize()} of {count_word(len(topics), 'topic')}"
    verb = inflect(len(own), "is", "are")
    return f"{number} {verb} mostly in one article: {join_words(parts, most=6)}"
