"""Sentences of notebook 01, each made from one table and true of whatever corpus ran."""

from math import inf

from pandas import DataFrame, isna

from utils.corpus.languages import left_out
from utils.corpus.tables import excluded
from utils.facts.checks import articles_concerned, count_checks
from utils.page.names import name_of
from utils.page.wording import (
    CODE_WORDS,
    count,
    count_word,
    inflect,
    join_words,
    percent,
    quoted,
    words_of,
    words_of_all,
)

MUCH_RETOLD = 0.05  # of the words


def describe_lengths(sizes: DataFrame) -> str:
    """How long the articles are, from ``article_table``.

    >>> describe_lengths(DataFrame({"doc_id": ["a", "b"], "tokens": [100, 150]}))
    'The articles run from 100 to 150 words'
    """
    shortest = sizes.tokens.min()
    longest = sizes.tokens.max()
    if longest == 0:
        return f"No word of the {inflect(len(sizes), 'article')} is counted"
    if len(sizes) == 1:
        return f"The article has {count(longest, 'word')}"
    if shortest == longest:
        return f"Each of the {count_word(len(sizes), 'article')} has {count(longest, 'word')}"
    return f"The articles run from {shortest:,} to {count(longest, 'word')}"


def describe_size(frequencies: DataFrame, articles: DataFrame) -> str:
    """How large the corpus is, from ``frequency_table``."""
    tokens = frequencies.frequency.sum()
    words = "no words that are counted"
    if tokens and len(articles) == 1:  # which has its number of words in a sentence of its own
        words = count(len(frequencies), "different word")
    elif tokens:
        words = f"{count(tokens, 'word')}, {len(frequencies):,} of them different"
    subject = "This page counts" if excluded(articles) else "The corpus has"
    return f"{subject} {count_word(len(articles), 'article')} with {words}"


def describe_retold(tokens: DataFrame, once: DataFrame) -> list[str]:
    """How much is told again, where that is a twentieth of the words or more."""
    share = 1 - len(once) / len(tokens) if len(tokens) else 0
    if share < MUCH_RETOLD:
        return []
    return [f"{share:.0%} of the words are in paragraphs that tell again what was told before them"]


def describe_furniture(lines: DataFrame) -> str:
    """What the counts leave out, and how much is furniture, from ``line_table``."""
    furniture = lines[lines.label == "furniture"]
    numbers = lines.label.value_counts()
    parts = [
        inflect(numbers[label], f"one {label}", f"{label}s")
        for label in ("title", "dateline")
        if label in numbers
    ]
    if furniture.empty:
        left = join_words(parts) or "nothing"
        return f"The counts leave out {left}; no line was recognised as page furniture"
    share = furniture.text.str.len().sum() / lines.text.str.len().sum()
    removed = count_word(len(furniture), "line of web-page text", "lines of web-page text")
    named = join_words([*parts, removed])
    return f"The counts leave out {named} ({percent(share, 1)} of the characters)"


def describe_oddities(odd: DataFrame, articles: DataFrame) -> str:
    """What the checks found, from ``source_checks``."""
    if odd.empty:
        return f"The checks found nothing odd in the {count_word(len(articles), 'article')}"
    touched = articles_concerned(odd).doc_id.nunique()
    kinds = count_checks(odd).nlargest(3, "articles")
    word = words_of_all(len(odd), touched, len(articles), *kinds.articles)
    kinds = kinds.replace({"check": CODE_WORDS["place to look"]})
    examples = [
        f"{row.check} ({word[row.articles]} {inflect(row.articles, 'article')})"
        for row in kinds.itertuples()
    ]
    if len(articles) == 1:
        examples = list(kinds.check)
    whole = f"{word[len(articles)]} {inflect(len(articles), 'article')}"
    every = {1: "the article", 2: "both articles"}.get(len(articles), f"all {whole}")
    part = f"{word[touched]} of {whole}" if touched < len(articles) else every
    where = " of the corpus" if articles.language.nunique() > 1 else ""
    such = ":" if odd.check.nunique() == len(examples) else ", such as"
    found = f"{word[len(odd)]} {inflect(len(odd), 'place')} to look at in {part}{where}"
    return f"The checks found {found}{such} {join_words(examples)}"


def oddity_table(odd: DataFrame, shown: float = inf) -> DataFrame:
    """Each odd thing with what was found as a sentence, from ``source_checks``.

    Where a page shows fewer (``shown``), some of each kind come first, and ``found`` is how many
    there are of the kind.
    """
    table = odd.assign(finding=_oddities_in_words(odd))
    table = table["doc_id check finding quote sentence".split()]
    if len(table) > shown:
        kinds = table.groupby("check", sort=False).doc_id
        later = kinds.cumcount() >= max(1, shown // kinds.ngroups)
        table.insert(2, "found", kinds.transform("size"))
        table = table.loc[later.sort_values(kind="stable").index].reset_index(drop=True)
    return table


def _oddities_in_words(odd):
    known = odd.number.astype(float) > 0
    unless = known.map({True: "", False: ", unless another year is meant"})
    further = odd.number.fillna(0).map(_further)
    places = odd.number.fillna(0).map(lambda number: count(int(number), "place"))
    rows = odd.assign(other=odd.other.map(name_of), unless=unless, further=further, places=places)
    words = CODE_WORDS["oddity"]
    return [words.get(row["check"], "{what}").format(**row) for row in rows.to_dict("records")]


def _further(number):
    return f", and so are those of {count_word(int(number), 'more article')}" if number else ""


def describe_diversity(sizes: DataFrame, window: int) -> str:
    """Which article repeats its words most, from ``article_table``."""
    measured = sizes.dropna(subset=["mattr"])
    if measured.empty:
        return f"No article has the {count(window, 'word')} that the measure needs"
    least = measured.loc[measured.mattr.idxmin()]
    most = measured.loc[measured.mattr.idxmax()]
    low = f"{least.mattr:.0%} of {count(window, 'running word')} are different"
    if len(measured) == 1:
        return f"In {name_of(least.doc_id)} {low}"
    other = f"{name_of(most.doc_id)} least ({most.mattr:.0%})"
    return f"Of the articles, {name_of(least.doc_id)} repeats its words most ({low}), {other}"


def describe_ranks(frequencies: DataFrame) -> str:
    """How few terms make up the text, and how many occur once, from ``frequency_table``."""
    if frequencies.empty:
        return "There is no text to count"
    once = (frequencies.frequency == 1).mean()
    top = frequencies.frequency.head(10)
    share = top.sum() / frequencies.frequency.sum()
    first = count_word(len(top), "most frequent word")
    return f"The {first} make up {share:.0%} of the text; {once:.0%} of the words occur only once"


def describe_growth(curve: DataFrame) -> str:
    """How many new terms the last fifth of the text brought, from ``vocabulary_growth``."""
    if curve.empty:
        return "There is no text to count"
    types = curve.types.iloc[-1]
    before = curve.types[curve.tokens <= curve.tokens.iloc[-1] * 0.8].max()
    new = types if isna(before) else int(types - before)
    more = ", so more articles would bring more" if new else ""
    return f"The last fifth of the text brought {new:,} of the {types:,} different words{more}"


def describe_spread(top: DataFrame) -> str:
    """Which frequent terms are in few articles, from ``compare_dispersion``."""
    if top.empty:
        return "No content word is left to count"
    first = top.iloc[0]
    uneven = top.term[top.verdict == "uneven"]
    start = (
        f"{quoted(first.term)} is the most frequent content word ({count(first.frequency, 'time')})"
    )
    if top.document_frequency.max() == 1:  # as where there is only one article
        return start
    frequent = count_word(len(top), "most frequent word")
    if uneven.empty:
        return (
            f"{start}; none of the {frequent} is in clearly fewer articles than chance would give"
        )
    names = join_words(map(quoted, uneven), most=5)
    return f"{start}; of the {frequent} these are in fewer articles than chance would give: {names}"


def describe_dates(dates: DataFrame, articles: DataFrame) -> str:
    """How many articles have a publication date and which years are printed."""
    start = _dated(articles.published.ne("").sum(), len(articles))
    years = dates.year.dropna()
    if years.empty:
        is_read = "dates" not in left_out(articles).what.tolist()
        return f"{start}; no text prints a year" if is_read else start
    if years.nunique() == 1:
        return f"{start}; the only year printed is {years.min()}"
    return f"{start}; the years printed run from {years.min()} to {years.max()}"


def _dated(dated, number):
    if number == 1:
        return f"The article has {'a' if dated else 'no'} publication date"
    if dated == number:
        every = "Both" if number == 2 else f"All {words_of(number)}"
        return f"{every} articles have a publication date"
    have = "have" if dated > 1 else "has"
    return f"Of {words_of(number)} articles {words_of(dated)} {have} a publication date"
